"""The Python interpreter that the engine runs in: looked for, checked, and described for a bug report.

Building Stillpoint's own environment is in :mod:`stillpoint.plugin.installation`.
"""

from __future__ import annotations

import json
import os
import platform
import re
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Callable, Dict, List, Mapping, Optional

from qgis.core import Qgis, QgsApplication
from qgis.PyQt.QtCore import QT_VERSION_STR

from stillpoint.models import __version__
from stillpoint.models.errors import Cancelled, StillpointError
from stillpoint.models.needs import NEEDS, PYTHON
from stillpoint.models.privacy import scrubbed, without_home
from stillpoint.plugin import processes, settings

VARIABLE = "STILLPOINT_PYTHON"
"""Environment variable that names the engine's interpreter."""

REQUIREMENTS = tuple(need.requirement for need in NEEDS if need.required)
"""What the engine needs, as pyproject.toml has it (a test compares the two)."""

MODULES = (*(need.module for need in NEEDS if need.required), "osgeo")
MINIMUM_PYTHON = PYTHON
PROBE_SECONDS = 120.0
"""A first start on a cold network drive is slow; a healthy one takes a fraction of a second."""

PROBE = """
import sys
sys.path.pop(0)
import importlib.util, json
from importlib import metadata
report = {"python": ".".join(map(str, sys.version_info[:3])), "versions": {}, "missing": [], "broken": ""}
for name in sys.argv[1].split(","):
    if importlib.util.find_spec(name) is None:
        report["missing"].append(name)
        continue
    try:
        report["versions"][name] = metadata.version("gdal" if name == "osgeo" else name)
    except metadata.PackageNotFoundError:
        report["versions"][name] = ""
if "osgeo" not in report["missing"] and "numpy" not in report["missing"]:
    try:
        from osgeo import gdal, gdal_array
    except BaseException as error:
        report["broken"] = "GDAL: " + (str(error).strip().splitlines() or [type(error).__name__])[0]
print("STILLPOINT " + json.dumps(report))
"""
"""Runs in the interpreter under test; torch is looked for, not imported, to stay quick."""


class EngineMissingError(StillpointError):
    """No interpreter serves; the set-up dialog mends that."""


@dataclass(frozen=True)
class Interpreter:
    """A Python interpreter and what the check of it found.

    Attributes
    ----------
    path
        The program.
    origin
        ``"setting"``, ``"variable"``, ``"own"`` (Stillpoint's environment) or ``"running"`` (QGIS's Python).
    python
        Its version; empty before the check.
    versions
        Library -> version.
    problem
        Why it does not serve, as a sentence; empty where it does.
    """

    path: str
    origin: str
    python: str = ""
    versions: Dict[str, str] = field(default_factory=dict)
    problem: str = ""

    @property
    def variables(self) -> Dict[str, str]:
        """Environment variables for a process of this interpreter."""
        return processes.clean_environment(user_site=self.origin != "own")


ORIGINS = {
    "setting": "chosen in the set-up",
    "variable": "from the variable STILLPOINT_PYTHON",
    "own": "Stillpoint's own environment",
    "running": "QGIS's own Python",
}


def own_folder() -> Path:
    """Return the folder of Stillpoint's own virtual environment, in the QGIS profile."""
    return Path(QgsApplication.qgisSettingsDirPath()) / "stillpoint" / "engine"


def python_of(folder: Path) -> Path:
    """Return the interpreter of the virtual environment in ``folder``."""
    return folder / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")


def running_python() -> Optional[Path]:
    """Return the interpreter program of the Python that QGIS runs on.

    Inside QGIS ``sys.executable`` may be QGIS itself (Windows, macOS), which must never be started as
    Python, or whatever ``python3`` comes first in PATH (Linux: a shim of pyenv, conda), which has no GDAL.
    So the program is looked for first in the places where QGIS's packages keep it.
    """
    name = Path(sys.executable or "")
    is_python = bool(re.fullmatch(r"python[0-9.]*(\.exe)?", name.name.lower())) and name.is_file()
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    names = ("python.exe", "python3.exe") if sys.platform == "win32" else (f"python{version}", "python3", "python")
    folders: List[Path] = []
    for prefix in (sys.prefix, sys.base_prefix, sys.exec_prefix):
        folders += [Path(prefix), Path(prefix) / "bin", Path(prefix) / "Scripts"]
    if is_python and name.parent in folders:
        return name
    if "OSGEO4W_ROOT" in os.environ:
        root = Path(os.environ["OSGEO4W_ROOT"])
        folders += [root / "apps" / f"Python{sys.version_info.major}{sys.version_info.minor}", root / "bin"]
    if "qgis" in name.name.lower():  # macOS and Windows keep Python beside QGIS
        folders += [name.parent, name.parent / "bin"]
    for candidate in names:
        for folder in folders:
            if (folder / candidate).is_file():
                return folder / candidate
    return name if is_python else None


def candidates(environment: Optional[Mapping[str, str]] = None) -> List[Interpreter]:
    """Return the interpreters to try, in order. One that the user named is the only one: it is an order."""
    variables = os.environ if environment is None else environment
    chosen = settings.interpreter()
    if chosen:
        return [Interpreter(chosen, "setting")]
    if variables.get(VARIABLE):
        return [Interpreter(variables[VARIABLE], "variable")]
    found = []
    own = python_of(own_folder())
    if own.is_file():
        found.append(Interpreter(str(own), "own"))
    running = running_python()
    if running is not None:
        found.append(Interpreter(str(running), "running"))
    return found


def check(candidate: Interpreter, *, cancelled: Optional[Callable[[], bool]] = None) -> Interpreter:
    """Start the interpreter and return it with its versions, or with the ``problem`` that it has.

    Raises
    ------
    Cancelled
        ``cancelled`` returned True.
    """
    def bad(problem: str, **found: Any) -> Interpreter:
        return Interpreter(candidate.path, candidate.origin, problem=problem, **found)

    if not Path(candidate.path).is_file():
        return bad(f"There is no Python interpreter {candidate.path} ({ORIGINS[candidate.origin]}).")
    try:
        output = _output([candidate.path, "-c", PROBE, ",".join(MODULES)], candidate.variables, cancelled)
    except OSError as error:
        return bad(f"{candidate.path} cannot be started ({error.strerror or error}).")
    report = next((line for line in output if line.startswith("STILLPOINT ")), None)
    if report is None:
        last = next((line for line in reversed(output) if line.strip()), "it gave no answer")
        return bad(f"{candidate.path} is no Python interpreter that works: {last.strip()[:200]}")
    found = json.loads(report.partition(" ")[2])
    known = {"python": found["python"], "versions": found["versions"]}
    if tuple(map(int, found["python"].split(".")[:2])) < MINIMUM_PYTHON:
        return bad(f"{candidate.path} is Python {found['python']}; Stillpoint's engine needs 3.9 or newer.", **known)
    if found["missing"]:
        names = ", ".join("GDAL" if name == "osgeo" else name for name in found["missing"])
        return bad(f"{candidate.path} has no {names}, which Stillpoint's engine needs.", **known)
    if found["broken"]:
        return bad(f"{candidate.path} cannot load {found['broken']}.", **known)
    return Interpreter(candidate.path, candidate.origin, **known)


def _output(command: List[str], variables: Dict[str, str], cancelled: Optional[Callable[[], bool]]) -> List[str]:
    """Return the output lines of a short command, which is killed when it takes too long."""
    process = processes.start(command, environment=variables, merge=True)
    lines = processes.Lines(process.stdout)
    end = time.monotonic() + PROBE_SECONDS
    output: List[str] = []
    try:
        while time.monotonic() < end:
            if cancelled is not None and cancelled():
                raise Cancelled
            line = lines.next(0.05)
            if line is None:
                break
            if line:
                output.append(line.rstrip())
    finally:
        processes.kill(process)
        lines.close()
    return output


_known: Dict[str, Interpreter] = {}


def _key(candidate: Interpreter) -> str:
    """Return what a finished check stays good for: this program at this age, with these libraries beside it."""
    path = Path(candidate.path)
    home = path.parent.parent
    ages = []
    for item in (path, home / "pyvenv.cfg", *sorted(home.glob("[Ll]ib/python3*/site-packages"))):
        try:
            ages.append(str(item.stat().st_mtime_ns))
        except OSError:
            ages.append("-")
    return "|".join([__version__, candidate.origin, candidate.path, *ages])


def remembered() -> Optional[Interpreter]:
    """Return the interpreter that serves as far as an earlier check tells, without starting anything."""
    for candidate in candidates():
        key = _key(candidate)
        if key in _known:
            return _known[key]
        stored = settings.get_values("engine")
        if stored.get("key") == key and isinstance(stored.get("versions"), dict):
            _known[key] = Interpreter(candidate.path, candidate.origin, str(stored.get("python", "")), stored["versions"])
            return _known[key]
    return None


def find(*, refresh: bool = False, cancelled: Optional[Callable[[], bool]] = None) -> Interpreter:
    """Return the interpreter that serves; a check takes a fraction of a second, then it is remembered.

    Raises
    ------
    EngineMissingError
        None serves; the message says why the first of them does not.
    Cancelled
        ``cancelled`` returned True.
    """
    if refresh:
        forget()
    known = remembered()
    if known is not None:
        return known
    problems = []
    for candidate in candidates():
        found = check(candidate, cancelled=cancelled)
        if not found.problem:
            key = _key(found)
            _known[key] = found
            settings.put_values("engine", {"key": key, "python": found.python, "versions": found.versions})
            return found
        problems.append(found.problem)
    reason = problems[0] if problems else "No Python interpreter was found."
    raise EngineMissingError(
        f"Stillpoint's engine is not set up. {reason} Open Stillpoint > Set-up in QGIS to create it."
    )


def forget() -> None:
    """Forget earlier checks, for example after the engine could not load a library."""
    _known.clear()
    settings.put("engine", "")


def without_private_paths(text: str) -> str:
    """Return ``text`` with the home folder as ``~``, whichever way its slashes lean."""
    return without_home(text)


def report(details: Optional[Mapping[str, Any]] = None, *, log: str = "") -> str:
    """Return the environment as text for a bug report, without home folder, names of user and computer, and secrets.

    Parameters
    ----------
    details
        ``details`` of a finished ``check-environment`` job.
    log
        Last lines of a log to append.
    """
    lines = [
        f"Stillpoint {__version__}",
        f"QGIS {Qgis.QGIS_VERSION}, Qt {QT_VERSION_STR}, Python {platform.python_version()}",
        f"System: {platform.platform()}",
        f"QGIS's Python program: {running_python() or 'not found'} (sys.executable: {sys.executable})",
    ]
    for candidate in candidates():
        known = _known.get(_key(candidate))
        state = "works" if known else "not checked"
        lines.append(f"Engine's interpreter, {ORIGINS[candidate.origin]}: {candidate.path} ({state})")
        if known:
            lines.append(f"  Python {known.python}; " + ", ".join(f"{n} {v}" for n, v in known.versions.items()))
    if not candidates():
        lines.append("Engine's interpreter: none found")
    if details:
        lines.append("Engine: " + ", ".join(f"{n} {v}" for n, v in details.get("versions", {}).items()))
        for row in details.get("devices", []):
            memory = f"{row['memory'] / 2**30:.1f} GiB" if row.get("memory") else "memory unknown"
            state = f"works ({row['seconds']} s)" if row.get("ok") else f"fails: {row.get('message')}"
            lines.append(f"  {row['id']}: {row['name']}, {memory}, {state}")
    if log:
        lines += ["", "Log:", log]
    return scrubbed("\n".join(lines))


