"""From an analysis to the triage board and back: what it shows, and what was decided there as the kept stack of the analysis."""

from __future__ import annotations

from pathlib import Path
from typing import Dict

import numpy as np

from stillpoint.models import analysis_record as records
from stillpoint.models.errors import StillpointError
from stillpoint.models.recipe import INTERFEROGRAMS, RUN
from stillpoint.plugin import stacks, tasks, triage_exports, triage_store
from stillpoint.plugin.analysis import Analysis
from stillpoint.plugin.language import tr
from stillpoint.plugin.triage import Triage
from stillpoint.plugin.triage_store import Sources
from stillpoint.plugin.triage_table import decisions_path, read_decisions, read_table


def sources(analysis: Analysis) -> Sources:
    """Return what the triage board shows of an analysis."""
    entry = analysis.entry(INTERFEROGRAMS)
    given = entry.job.get("parameters", {})
    return Sources(entry.outputs.get("table", ""), str(given.get("stack") or ""), str(given.get("coherence") or ""))


def waiting(analysis: Analysis) -> int:
    """Return how many pairs were decided on the triage board since the kept stack was written."""
    entry = analysis.entry(INTERFEROGRAMS)
    table, kept = entry.outputs.get("table", ""), entry.outputs.get("output", "")
    if analysis.recipe.chain != "series" or analysis.recipe.steps[INTERFEROGRAMS].mode != RUN or not (table and kept):
        return 0
    decided = decisions_path(table)
    if stacks.stamp_of(str(decided)) <= stacks.stamp_of(kept):
        return 0
    try:
        return len(read_decisions(decided))
    except StillpointError:
        return 0


def choices_work(analysis: Analysis) -> tasks.Work:
    """Return the work of writing the kept stack anew as was decided; the record of the step tells the new numbers.

    Raises
    ------
    StillpointError
        Table or decisions cannot be read, or nothing is kept.
    """
    entry, folder = analysis.entry(INTERFEROGRAMS), analysis.folder
    shown = sources(analysis)
    triage = Triage(read_table(shown.table))
    by_hand = triage_store.load(triage)
    if not np.any(triage.keep):
        raise StillpointError(tr("By your choices no interferogram is kept. Keep some on the triage board."))
    facts = stacks.facts_of(shown.stack)
    shown = Sources(shown.table, shown.stack, shown.coherence or facts.companions.get("coherence", ""))
    target = str(Path(entry.outputs["output"]))

    def function(work: tasks.Work) -> Dict[str, str]:
        made = triage_exports.write_stack(triage, shown, target, report=work.report, cancelled=work.isCanceled)
        record = records.read_record(folder)
        noted = record.steps.get(INTERFEROGRAMS)
        if noted is not None:
            noted.details.update(kept=int(triage.keep.sum()), dropped=int((~triage.keep).sum()), by_hand=by_hand)
            records.write_record(record, folder)
        return made

    return tasks.Work(tr("Stillpoint: the kept stack by your choices"), function)
