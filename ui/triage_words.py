"""What the triage board says: pairs, counts, evidence and warnings in words."""

from __future__ import annotations

import math
from typing import List, Sequence, Tuple

import numpy as np

from stillpoint.plugin.language import tr
from stillpoint.plugin.triage import Counts, Triage, days_text
from stillpoint.plugin.triage_rasters import Closure
from stillpoint.ui.plot.ticks import number_text

EVIDENCE = {
    "mean_coherence": "Mean coherence",
    "coverage": "Coverage",
    "closure": "Closure",
    "closure_rms": "Closure, RMS (rad)",
    "closure_rms_rad": "Closure, RMS (rad)",
    "residues": "Residues",
    "residue_density": "Residue density",
    "area_ratio": "Area ratio",
    "std": "Phase, std (rad)",
    "phase_std_rad": "Phase, std (rad)",
}
"""Columns of the table in words; others are shown with their dashes turned into blanks."""


SAID = ("days", "loops", "decided")
"""Columns that the board shows otherwise."""


def pair_name(triage: Triage, index: int) -> str:
    """Return the dates of a pair."""
    first, second = triage.table.names[index]
    return f"{first} \N{EN DASH} {second}"


def score_text(score: float) -> str:
    """Return a score with two digits."""
    return f"{score:.2f}" if math.isfinite(score) else tr("unknown")


def baseline_text(metres: float) -> str:
    """Return a perpendicular baseline."""
    return f"{number_text(metres, 0)} m" if math.isfinite(metres) else tr("unknown")


def verdict_text(triage: Triage, index: int) -> str:
    """Return whether a pair is kept, and who said so."""
    kept = bool(triage.keep[index])
    if triage.changed[index]:
        return tr("Kept by you") if kept else tr("Dropped by you")
    if triage.decided[index]:
        return tr("Kept, confirmed by you") if kept else tr("Dropped, confirmed by you")
    return tr("Kept") if kept else tr("Dropped")


def reason_text(triage: Triage, index: int) -> str:
    """Return the method's reason, as a sentence begins."""
    reason = triage.table.reasons[index]
    if reason:
        return reason[0].upper() + reason[1:]
    return tr("The method found nothing wrong") if triage.table.keep[index] else tr("The method gave no reason")


def hover_lines(triage: Triage, index: int) -> List[str]:
    """Return what is said of a pair under the cursor."""
    table = triage.table
    facts = [tr("{n} days").format(n=f"{table.days[index]:.0f}")]
    if math.isfinite(table.baselines[index]):
        facts.append(baseline_text(table.baselines[index]))
    lines = [pair_name(triage, index), ", ".join(facts), tr("Score {score}").format(score=score_text(table.score[index]))]
    lines[-1] += f", {verdict_text(triage, index).lower()}"
    if table.reasons[index]:
        lines.append(table.reasons[index])
    return lines


def counts_parts(counts: Counts) -> List[Tuple[str, bool]]:
    """Return the network in short statements, and which of them are to worry about."""
    parts = [(tr("{kept} of {pairs} kept").format(kept=f"{counts.kept:,}", pairs=f"{counts.pairs:,}"), False)]
    if counts.lost:
        parts.append((tr("{lost} of {dates} dates lost").format(lost=counts.lost, dates=counts.dates), True))
    elif counts.parts > 1:
        parts.append((tr("{dates} dates in {parts} parts from the start").format(dates=counts.dates, parts=counts.parts), False))
    else:
        parts.append((tr("all {dates} dates connected").format(dates=counts.dates), False))
    gone = counts.loops - counts.loops_kept
    if not counts.loops:
        parts.append((tr("no loops"), False))
    elif gone:
        word = tr("1 loop of {all} lost") if gone == 1 else tr("{gone} loops of {all} lost")
        parts.append((word.format(gone=gone, all=counts.loops), False))
    else:
        parts.append((tr("all {all} loops").format(all=counts.loops), False))
    if counts.changed:
        parts.append((tr("{n} changed by you").format(n=counts.changed), False))
    if counts.shown != counts.pairs:
        parts.append((tr("{n} shown").format(n=f"{counts.shown:,}"), False))
    return parts


def split_warning(triage: Triage, indices: Sequence[int], lost: np.ndarray) -> str:
    """Return what dropping pairs would cost."""
    days = ", ".join(days_text(list(lost)))
    which = pair_name(triage, indices[0]) if len(indices) == 1 else tr("these {n} pairs").format(n=len(indices))
    what = tr("The date {days} would be lost") if len(lost) == 1 else tr("{n} dates would be lost ({days})")
    lost_text = what.format(n=len(lost), days=days)
    return tr("Dropping {which} splits the network. {lost}.").format(which=which, lost=lost_text)


def network_text(triage: Triage, index: int) -> str:
    """Return what a pair means for the network."""
    if triage.keep[index]:
        lost = triage.would_lose([index])
        if len(lost):
            days = ", ".join(days_text(list(lost), most=3))
            return tr("It alone connects {days}: dropping it would lose that.").format(days=days)
    its = (triage.loops == index).any(axis=1)
    if not its.any():
        return tr("In no loop of three, so no closure can tell on it.")
    others = triage.keep.copy()
    others[index] = True
    whole, count = int(others[triage.loops[its]].all(axis=1).sum()), int(its.sum())
    if triage.keep[index]:
        text = tr("Its only loop is complete.") if whole == count == 1 else tr("{whole} of its {all} loops are complete.")
    else:
        text = tr("Kept, it would complete {whole} of its {all} loops.")
    return text.format(whole=whole, all=count)


def closure_text(triage: Triage, index: int, closure: Closure, *, wrapped: bool) -> str:
    """Return how badly the worst loop of a pair closes."""
    day = str(triage.third_date(closure.loop, index))
    limit = tr("1 rad") if wrapped else tr("half a cycle")
    text = tr("Worst loop, with {day}: RMS {rms} rad, {off} % of the pixels beyond {limit}.")
    return text.format(day=day, rms=f"{closure.rms:.2f}", off=f"{100 * closure.off:.0f}", limit=limit)


def closure_note(closure: Closure) -> str:
    """Return the same in the few words that fit beside a title."""
    return tr("RMS {rms} rad").format(rms=f"{closure.rms:.2f}")


def evidence_rows(triage: Triage, index: int) -> List[Tuple[str, str]]:
    """Return what the table says of a pair beside score and reason: name and value."""
    rows = []
    known = set(triage.table.evidence)
    for name, texts in triage.table.evidence.items():
        text = texts[index]
        if not text or text.lower() == "nan" or name in SAID or (name == "coherence" and "mean_coherence" in known):
            continue
        try:
            value = float(text)
            shown = f"{value:.3g}" if abs(value) < 1000 else f"{value:,.0f}"
        except ValueError:
            shown = text
        rows.append((tr(EVIDENCE.get(name, name.replace("_", " ").capitalize())), shown.replace("-", "\N{MINUS SIGN}", 1)
                     if shown.startswith("-") else shown))  # fmt: skip
    return rows
