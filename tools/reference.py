"""Writes the pages of ``docs/`` that list every command and every Processing algorithm: ``make reference``.

Both come from the descriptions in ``models/jobs`` and from the provider itself, so they are as new as the code; a test compares
them with what this module would write now.
"""

from __future__ import annotations

import os
import re
import sys
from dataclasses import Field
from pathlib import Path
from typing import Any, List, Sequence, Type

from stillpoint.models.jobs import JOBS, REQUIRED, Job

DOCS = Path(__file__).resolve().parents[1] / "docs"
COMMANDS, ALGORITHMS = "commands.md", "algorithms.md"

COMMON = tuple(item.name for item in Job.parameters())
_MADE = "<!-- Written by `make reference` from models/jobs; changes by hand are lost. -->"


def commands() -> str:
    """Return the page of the command line."""
    lines = [
        "# Command line", "", _MADE, "",
        "`stillpoint COMMAND --help` prints the same in a terminal. Values in capitals are yours; what is **bold** must be given.",
        "",
        "Every command also takes:", "", *_table(Job, COMMON),
        "| `--job` `FILE.json` |  | Reads the job from a file; options given beside it win. |",
        "| `--progress` `auto\\|json\\|none` | `auto` | `json` prints the worker's lines. |", "",
        "Exit status: 0 done, 1 the job failed (one line says what to do), 2 wrong arguments, 130 cancelled.", "",
    ]  # fmt: skip
    for task, kind in JOBS.items():
        own = tuple(item.name for item in kind.parameters() if item.name not in COMMON)
        positional = [_shown(item) for item in kind.parameters() if item.metadata["positional"]]
        lines += [f"## {task}", "", kind.help, "", "```sh", " ".join(["stillpoint", task, *positional, "..."]), "```", ""]
        lines += [*_table(kind, own), ""] if own else []
    return "\n".join(lines).rstrip() + "\n"


def _shown(item: Field) -> str:
    return item.name.upper() + ("..." if item.metadata["kind"] == "sources" else "")


def _table(kind: Type[Job], names: Sequence[str]) -> List[str]:
    lines = ["| argument | default | what it does |", "|---|---|---|"]
    for item in kind.parameters():
        if item.name in names:
            lines.append(f"| {_argument(item)} | {_default(item)} | {_cell(item.metadata['help'])}{_bounds(item)} |")
    return lines


def _argument(item: Field) -> str:
    about = item.metadata
    flag = f"--{item.name.replace('_', '-')}"
    if about["positional"]:
        text = f"`{_shown(item)}`"
    elif about["kind"] == "flag":
        text = f"`{flag}`" if item.default is False else f"`--no-{flag[2:]}`"
    else:
        values = "\\|".join(about["choices"]) or item.name.upper()
        text = f"`{flag}` `{values}`"
    return f"**{text}**" if item.default == REQUIRED and isinstance(item.default, str) else text


def _default(item: Field) -> str:
    if item.default in (None, REQUIRED):
        return ""
    if isinstance(item.default, bool):
        return "on" if item.default else "off"
    return f"`{item.default:g}`" if isinstance(item.default, float) else f"`{item.default}`" if item.default != "" else ""


def _bounds(item: Field) -> str:
    about = item.metadata
    least, most, unit = about["minimum"], about["maximum"], about["unit"]
    if least is None and most is None:
        return f" ({unit})" if unit else ""
    ends = [f"from {least:g}"] if least is not None else []
    ends += [f"to {most:g}"] if most is not None else []
    return f" ({' '.join([*ends, unit]).strip()})"


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|").replace("<", "&lt;")


def algorithms() -> str:
    """Return the page of the Processing algorithms; QGIS must be initialised."""
    from stillpoint.plugin.provider import StillpointProvider

    provider = StillpointProvider()
    provider.refreshAlgorithms()
    lines = [
        "# Processing algorithms", "", _MADE, "",
        "In the toolbox under *Stillpoint*, in models, in batch, from Python "
        "(`processing.run(\"stillpoint:classifytrends\", {...})`) and without a window "
        "(`qgis_process run stillpoint:classifytrends -- INPUT=... OUTPUT=...`). **Bold** parameters must be given; those in "
        "italics are under *Advanced*.", "",
    ]  # fmt: skip
    for algorithm in sorted(provider.algorithms(), key=lambda one: (one.group(), one.name())):
        about = f"*{algorithm.displayName()}* ({algorithm.group()}). {_cell(algorithm.shortDescription())}"
        lines += [f"## stillpoint:{algorithm.name()}", "", about, ""]
        lines += ["| parameter | type | default | what it does |", "|---|---|---|---|"]
        lines += [_row(one) for one in algorithm.parameterDefinitions()]
        outputs = [f"`{one.name()}`" for one in algorithm.outputDefinitions() if algorithm.parameterDefinition(one.name()) is None]
        lines += ["", f"Also returned: {', '.join(outputs)}.", ""] if outputs else [""]
    return "\n".join(lines).rstrip() + "\n"


def _row(one: Any) -> str:
    from stillpoint.plugin import compat

    optional = bool(one.flags() & type(one).FlagOptional)
    given = one.defaultValue()
    name = f"`{one.name()}`"
    name = f"*{name}*" if one.flags() & compat.ADVANCED else name
    name = name if optional or given is not None else f"**{name}**"
    options = f": {', '.join(f'`{option}`' for option in one.options())}" if one.type() == "enum" else ""
    if given is None or given == "":
        default = ""
    elif isinstance(given, bool):
        default = "on" if given else "off"
    else:
        default = f"`{given:g}`" if isinstance(given, float) else f"`{given}`"
    unit = re.search(r" (\([^()]+\))$", one.description()) if one.type() == "number" else None
    help_text = (_cell(one.help()) or _cell(one.description())) + (f" {unit[0].strip()}" if unit else "")
    return f"| {name} | {_TYPES.get(one.type(), one.type())}{options} | {default} | {help_text} |"


_TYPES = {
    "source": "point layer", "raster": "raster", "multilayer": "files or layers", "file": "file", "string": "text",
    "boolean": "yes or no", "number": "number", "enum": "one of", "extent": "extent", "crs": "coordinate system",
    "vectorDestination": "points to write", "rasterDestination": "raster to write", "fileDestination": "file to write",
    "folderDestination": "folder to write", "layer": "layer", "vector": "vector layer", "field": "field",
}  # fmt: skip


def main() -> int:
    """Write both pages."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from qgis.core import QgsApplication

    application = QgsApplication([], False)
    QgsApplication.initQgis()
    for name, text in ((COMMANDS, commands()), (ALGORITHMS, algorithms())):
        (DOCS / name).write_text(text, encoding="utf-8")
        sys.stdout.write(f"docs/{name}\n")
    application.exitQgis()
    return 0


if __name__ == "__main__":
    sys.exit(main())
