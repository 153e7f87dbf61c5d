"""Where a triage lives on: decisions beside the table, and with the project what was open."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Dict, List, Optional

from qgis.core import QgsProject, QgsRasterLayer

from stillpoint.models.errors import StillpointError
from stillpoint.plugin import stacks
from stillpoint.plugin.triage import Triage
from stillpoint.plugin.triage_table import Decisions, decisions_path, read_decisions, read_said, write_decisions

SCOPE, ENTRY = "stillpoint", "triage"


@dataclass(frozen=True)
class Sources:
    """What a board shows: the table, the stack of the pictures, and the coherence; the last two may be missing (empty)."""

    table: str
    stack: str = ""
    coherence: str = ""


def save(triage: Triage, sources: Sources) -> str:
    """Write the decisions beside the table, and with the project; return what could not be done, empty where all went well.

    A folder that cannot be written to keeps its decisions in the project alone.
    """
    decisions = triage.decisions()
    path = decisions_path(sources.table)
    problem = ""
    try:
        if decisions or path.exists():
            write_decisions(path, decisions, triage.sayings())
    except StillpointError as error:
        problem = str(error)
    remember(sources, decisions)
    return problem


def load(triage: Triage) -> int:
    """Take over the decisions beside the table, else those of the project; return how many there were.

    Raises
    ------
    StillpointError
        The file with the decisions cannot be read.
    """
    path = decisions_path(triage.table.path)
    if path.exists():
        return triage.set_decisions(read_decisions(path), read_said(path))
    entry = _entry()
    if entry and _same(str(entry.get("table", "")), triage.table.path):
        found = {(str(one), str(other)): bool(keep) for one, other, keep in entry.get("decisions", [])}
        return triage.set_decisions(found)
    return 0


def remember(sources: Sources, decisions: Decisions) -> None:
    """Keep in the project what is open and what was decided; a project that says so already stays unchanged."""
    project = QgsProject.instance()
    write = project.pathResolver().writePath
    entry = {
        "table": write(sources.table), "stack": write(sources.stack) if sources.stack else "",
        "coherence": write(sources.coherence) if sources.coherence else "",
        "decisions": [[*key, int(decisions[key])] for key in sorted(decisions)],
    }  # fmt: skip
    text = json.dumps(entry)
    if project.readEntry(SCOPE, ENTRY, "")[0] != text:
        project.writeEntry(SCOPE, ENTRY, text)


def remembered() -> Optional[Sources]:
    """Return what the project had open; None where it had nothing, or its table is gone."""
    entry = _entry()
    table = str(entry.get("table", ""))
    if not table or not Path(table).is_file():
        return None
    return Sources(table, str(entry.get("stack", "")), str(entry.get("coherence", "")))


def _entry() -> Dict[str, Any]:
    project = QgsProject.instance()
    try:
        entry = json.loads(project.readEntry(SCOPE, ENTRY, "")[0] or "{}")
    except ValueError:
        return {}
    if not isinstance(entry, dict):
        return {}
    read = project.pathResolver().readPath
    for name in ("table", "stack", "coherence"):
        entry[name] = read(str(entry[name])) if entry.get(name) else ""
    if not isinstance(entry.get("decisions"), list):
        entry["decisions"] = []
    return entry


def _same(one: str, other: str) -> bool:
    try:
        return Path(one).resolve() == Path(other).resolve()
    except OSError:
        return one == other


def project_rasters() -> List[str]:
    """Return the paths of the project's rasters with several bands, the candidates for a stack."""
    found = []
    for layer in QgsProject.instance().mapLayers().values():
        if isinstance(layer, QgsRasterLayer) and layer.isValid() and layer.bandCount() > 1 and stacks.path_of(layer):
            found.append(stacks.path_of(layer))
    return list(dict.fromkeys(found))
