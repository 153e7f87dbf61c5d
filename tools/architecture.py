"""The walls of the house: which part of Stillpoint may import what. ``python tools/architecture.py [ROOT]``.

Imports are read from the syntax tree, so that one inside a function counts too and nothing is run.
The parts of the engine that QGIS's side may use are listed, and these may import the standard
library, numpy and one another only: so nothing heavy can come in by a detour.
"""

from __future__ import annotations

import ast
import importlib
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Dict, Iterator, List, Set, Tuple

PACKAGE = "stillpoint"

JOBS = "models.jobs"
"""Descriptions of what can be asked: all of them are light, and take the standard library only."""

LIGHT = {
    "models",
    "models.analysis_record",
    "models.errors",
    "models.findings",
    "models.interferograms",
    "models.interferograms.exports",
    "models.interferograms.graph",
    "models.interferograms.loops",
    "models.learning",
    "models.learning.archives",
    "models.learning.cards",
    "models.learning.headers",
    "models.learning.inputs",
    "models.learning.shelf",
    "models.learning.epoch_table",
    "models.needs",
    "models.points",
    "models.points.dates",
    "models.points.table",
    "models.privacy",
    "models.progress",
    "models.rasters",
    "models.rasters.bands",
    "models.rasters.names",
    "models.recipe",
    "models.series",
    "models.series.sight_columns",
    "models.styles",
    "models.surroundings",
    "models.trends",
    "models.trends.classes",
    "models.trends.curves",
    "models.trends.designs",
    "models.trends.fit_plans",
    "models.trends.fits",
    "models.trends.gls",
    "models.trends.kinks",
    "models.trends.jumps",
    "models.trends.refine",
}
"""The engine's modules that QGIS's side may import, beside the jobs."""

STANDARD_LIBRARY_ONLY = {
    "models",
    "models.analysis_record",
    "models.errors",
    "models.findings",
    "models.interferograms",
    "models.interferograms.exports",
    "models.learning",
    "models.learning.archives",
    "models.learning.cards",
    "models.learning.headers",
    "models.learning.inputs",
    "models.learning.shelf",
    "models.needs",
    "models.privacy",
    "models.progress",
    "models.rasters",
    "models.rasters.bands",
    "models.rasters.names",
    "models.series",
    "models.series.sight_columns",
    "models.recipe",
    "models.surroundings",
}
"""Modules that must run in any Python, before any environment was made."""

ROOMS = {"interferograms", "scatterers", "series", "trends", "offsets"}
"""The capabilities, which stand side by side."""

OPENERS = ("plugin.plugin", "plugin.dialogs", "plugin.docks")
"""What opens dialogs and docks: the plugin and its two halves."""

INSIDE_QGIS = {"qgis", "osgeo", "numpy", "processing", "console"}
"""What the parts that live in QGIS's process may import beside the standard library."""

WINDOWS = {"qgis", "processing", "console", "PyQt5", "PyQt6", "PySide2", "PySide6", "sip"}
"""What the engine must do without."""


@dataclass(frozen=True)
class Violation:
    """One place where a wall is crossed."""

    path: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.message}"


@dataclass(frozen=True)
class Module:
    """A source file of the package; ``name`` is without the package's own (``models.jobs``)."""

    name: str
    path: str
    tree: ast.Module
    is_package: bool


def modules(root: Path) -> Iterator[Module]:
    """Yield the modules of the package in ``root``."""
    files = [root / "__init__.py"]
    for part in ("models", "plugin", "ui"):
        files += sorted((root / part).rglob("*.py"))
    for file in files:
        relative = file.relative_to(root)
        parts = list(relative.with_suffix("").parts)
        is_package = parts[-1] == "__init__"
        name = ".".join(parts[:-1] if is_package else parts)
        yield Module(name, str(relative), ast.parse(file.read_text(encoding="utf-8")), is_package)


def imports(module: Module, known: Set[str]) -> Iterator[Tuple[str, int]]:
    """Yield (absolute name, line) of everything that ``module`` imports; ``known`` are the package's modules."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name, node.lineno
        elif isinstance(node, ast.ImportFrom):
            base = _base(module, node)
            for alias in node.names:
                full = f"{base}.{alias.name}"
                # ``from a import b``: b is a module only where there is such a file.
                yield (full if _within(full) in known else base), node.lineno
        elif isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if called in ("import_module", "__import__") and isinstance(node.args[0].value, str):
                yield node.args[0].value, node.lineno


def _base(module: Module, node: ast.ImportFrom) -> str:
    if node.level == 0:
        return node.module or ""
    parts = [PACKAGE, *(module.name.split(".") if module.name else [])]
    parts = parts[: len(parts) - node.level + (1 if module.is_package else 0)]
    return ".".join([*parts, *([node.module] if node.module else [])])


def _within(name: str) -> str:
    """Return ``name`` without the package's name; a name with a dash where it lies outside."""
    if name == PACKAGE:
        return ""
    return name[len(PACKAGE) + 1 :] if name.startswith(PACKAGE + ".") else f"-{name}"


def check_imports(root: Path) -> List[Violation]:
    """Return where the arrows between the parts are broken."""
    found: List[Violation] = []
    house = list(modules(root))
    known = {module.name for module in house}
    for module in house:
        for name, line in sorted(set(imports(module, known)), key=lambda item: item[1]):
            message = _wrong(module.name, name)
            if message:
                found.append(Violation(module.path, line, message))
    return found


def _light(name: str) -> bool:
    """Whether QGIS's side may import a module of the engine."""
    return name in LIGHT or _is_job(name)


def _plain(name: str) -> bool:
    """Whether a module takes the standard library only."""
    return name in STANDARD_LIBRARY_ONLY or _is_job(name)


def _is_job(name: str) -> bool:
    return name == JOBS or name.startswith(f"{JOBS}.")


def _wrong(importer: str, name: str) -> str:
    """Return what is wrong with ``importer`` importing ``name``, or an empty text."""
    top, inside = name.split(".")[0], _within(name)
    part = importer.split(".")[0]
    external = inside.startswith("-")
    standard = top in sys.stdlib_module_names or top == "__future__"
    if top in ("PyQt5", "PyQt6", "PySide2", "PySide6"):
        return f"imports {top}; Qt comes through qgis.PyQt, so that Qt 5 and Qt 6 both work"
    if external and standard:
        return ""
    if _plain(importer) and (external or not _plain(inside)):
        return f"imports {name}; this module is for any Python and takes the standard library only"
    if part == "models":
        return _wrong_in_engine(importer, name, top, inside, external)
    if external:
        safe = ", ".join(sorted(INSIDE_QGIS))
        return "" if top in INSIDE_QGIS else f"imports {top}; inside QGIS's process only {safe} are safe"
    target = inside.split(".")[0]
    if target == "models":
        return "" if _light(inside) else f"imports {name}; QGIS's side asks the engine through a job"
    if target == "ui" and part != "ui" and importer not in OPENERS:
        return f"imports {name}; only plugin/plugin.py and its two halves, dialogs.py and docks.py, open dialogs"
    if inside in OPENERS and importer not in ("", "plugin.plugin"):
        return f"imports {name}, which stands above everything"
    return ""


def _wrong_in_engine(importer: str, name: str, top: str, inside: str, external: bool) -> str:
    if top in WINDOWS:
        return f"imports {top}; the engine runs without QGIS and without windows"
    if not external and inside.split(".")[0] in ("plugin", "ui"):
        return f"imports {name}; the engine knows nothing of QGIS's side"
    if _light(importer) and top != "numpy" and (external or not _light(inside)):
        return f"imports {name}; QGIS's side imports this module, so it takes numpy and light modules only"
    own, other = _room(importer), _room(inside)
    if own and other and own != other:
        return f"imports {name}; the rooms {own} and {other} stand side by side"
    return ""


def _room(inside: str) -> str:
    parts = inside.split(".")
    return parts[1] if len(parts) > 1 and parts[0] == "models" and parts[1] in ROOMS else ""


def check_qt(root: Path) -> List[Violation]:
    """Return where Qt is used in a way that Qt 6 does not know: unscoped enums, ``exec_``. Needs PyQt."""
    found: List[Violation] = []
    for module in modules(root):
        classes = _qt_classes(module.tree)
        for node in ast.walk(module.tree):
            if not isinstance(node, ast.Attribute):
                continue
            if node.attr == "exec_":
                found.append(Violation(module.path, node.lineno, "exec_ is gone in Qt 6; write exec"))
            if isinstance(node.value, ast.Name) and node.value.id in classes:
                scope = _enum_scope(classes[node.value.id], node.attr)
                if scope:
                    text = f"{node.value.id}.{node.attr} is unscoped; write {node.value.id}.{scope}.{node.attr}"
                    found.append(Violation(module.path, node.lineno, text))
    return found


def _qt_classes(tree: ast.Module) -> Dict[str, type]:
    """Return the Qt classes that a module imports through ``qgis.PyQt``, by their name in it."""
    classes: Dict[str, type] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("qgis.PyQt."):
            library = importlib.import_module(node.module or "")
            for alias in node.names:
                value = getattr(library, alias.name, None)
                # QVariant has no scoped types in Qt 6; QGIS puts the old names there.
                if isinstance(value, type) and alias.name != "QVariant":
                    classes[alias.asname or alias.name] = value
    return classes


def _enum_scope(owner: type, name: str) -> str:
    """Return the enum that ``owner.name`` belongs to where it was written without it, else an empty text."""
    if not hasattr(owner, name):
        for base in vars(owner).values():
            if isinstance(base, type) and hasattr(base, name) and hasattr(base, "__members__"):
                return base.__name__  # Qt 6 knows the scoped name only
        return ""
    value = getattr(owner, name)
    kind = type(value)
    if isinstance(value, int) and kind not in (int, bool) and isinstance(getattr(owner, kind.__name__, None), type):
        return kind.__name__
    return ""


def main(argv: List[str]) -> int:
    """Check the tree and print what is wrong; return the exit status."""
    root = Path(argv[0]) if argv else Path(__file__).resolve().parent.parent
    found = check_imports(root) + check_qt(root)
    for violation in found:
        print(violation)
    print(f"Walls of the house: {len(found)} crossed" if found else "Walls of the house: all stand")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
