"""The environment doctor on QGIS's side: QGIS and the interpreter, then what the engine says of itself, as one list.

:func:`examine` belongs into a background thread; it touches no widget, no layer and no setting.
"""

from __future__ import annotations

import os
import platform
import sys
import time
from pathlib import Path
from typing import Any, Callable, Dict, List, Optional, Tuple

import numpy as np
from osgeo import gdal
from qgis.core import Qgis, QgsApplication
from qgis.PyQt.QtCore import QT_VERSION_STR

from stillpoint.models import __version__, surroundings
from stillpoint.models.errors import Cancelled, StillpointError
from stillpoint.models.findings import GOOD, NOTE, REPAIR, Finding, as_text, in_order, verdict
from stillpoint.models.jobs import CheckEnvironment, Doctor
from stillpoint.models.needs import numbers
from stillpoint.models.privacy import scrubbed
from stillpoint.plugin import environment, installation, runner, settings
from stillpoint.plugin.language import tr

SLOW_START = 25.0
"""Seconds from which on a cold start is worth a note: something looks at every file that is opened."""

LITTLE_DISK = 3e9
"""Free bytes in the profile below which an environment may not be built any more."""

ENGINE_SIDE = ("variables", "path", "proxies")
"""Findings that QGIS's side makes in the engine's place: the engine is started in clean surroundings and sees nothing of them."""

Report = Callable[[float, str], None]


def examine(*, report: Report = lambda fraction, text: None, cancelled: Callable[[], bool] = lambda: False) -> List[Finding]:
    """Look at everything and return what was found, by group.

    Raises
    ------
    Cancelled
        ``cancelled`` returned True.
    """
    found = [qgis()]
    report(0.02, tr("Looking for the interpreter"))
    rows, chosen = interpreter(cancelled=cancelled)
    found += rows
    if chosen is not None:
        found += _of_engine(chosen, report, cancelled)
    report(0.97, tr("Looking at the profile"))
    found += [*profile(), cache()]
    found += surroundings.variables(cleaned=True)
    found += surroundings.path(chosen.path if chosen is not None else sys.executable)
    found.append(surroundings.proxies(more=_proxy_of_qgis()))
    report(1.0, tr("Looked at everything"))
    return in_order(found)


def qgis() -> Finding:
    """Return the versions of QGIS and of what lives in its process."""
    text = tr("QGIS {qgis}, Qt {qt}, Python {python}, numpy {numpy}, GDAL {gdal}; Stillpoint {own}.").format(
        qgis=Qgis.QGIS_VERSION, qt=QT_VERSION_STR, python=platform.python_version(), numpy=np.__version__,
        gdal=gdal.__version__, own=__version__,
    )  # fmt: skip
    return Finding("qgis", "Engine", "QGIS", GOOD, text)


def interpreter(
    *, cancelled: Callable[[], bool] = lambda: False
) -> Tuple[List[Finding], Optional[environment.Interpreter]]:
    """Return what is to be said of the engine's interpreter, and the one to go on with, though it may lack libraries."""
    def say(state: str, text: str, repair: str = "") -> Finding:
        return Finding("interpreter", "Engine", tr("Interpreter"), state, text, repair)

    checked = []
    for candidate in environment.candidates():
        checked.append(environment.check(candidate, cancelled=cancelled))
        if not checked[-1].problem:
            break
    if not checked:
        return [say(REPAIR, tr("No Python was found. Build Stillpoint's own environment, or choose one."), "choose")], None
    served = checked[-1] if not checked[-1].problem else None
    first = served or checked[0]
    if served is not None:
        text = tr("{path}, Python {python}. Rule {number} of {rules} found it: {origin}.").format(
            path=served.path, python=served.python, number=list(environment.ORIGINS).index(served.origin) + 1,
            rules=len(environment.ORIGINS), origin=tr(environment.ORIGINS[served.origin]),
        )  # fmt: skip
        passed = [each for each in checked if each.problem]
        if passed:  # Stillpoint's own environment is broken, and QGIS's Python serves in its place
            text += " " + tr("Before it was tried: {problem}").format(problem=passed[0].problem)
        return [say(NOTE if passed else GOOD, text, "build" if passed else ""), *_like_qgis(served)], served
    repairs = {"setting": "forget", "variable": "choose", "own": "build", "running": "build"}
    repair = repairs[first.origin]
    if first.origin == "own" and first.python and "GDAL" not in first.problem:
        repair = "install"  # it runs and only lacks something
    more = ""
    if first.origin == "variable":
        more = " " + tr("Correct the variable {name} and start QGIS again, or choose an interpreter, which goes before it.").format(
            name=environment.VARIABLE
        )
    elif first.origin == "setting":
        more = " " + tr("You chose it in the set-up; forget that, and Stillpoint looks for one itself.")
    usable = first if first.python and numbers(first.python) >= environment.MINIMUM_PYTHON else None
    return [say(REPAIR, first.problem + more, repair)], usable


def _like_qgis(served: environment.Interpreter) -> List[Finding]:
    """Return whether numpy and GDAL of the engine are those of QGIS, whose files and layers they meet."""
    differs = []
    for name, title, own in (("numpy", "numpy", np.__version__), ("osgeo", "GDAL", gdal.__version__)):
        version = served.versions.get(name, "")
        if version and numbers(version)[:2] != numbers(own)[:2]:
            differs.append(f"{title} {version} ({tr('QGIS')}: {own})")
    if not differs:
        return [Finding("versions", "Engine", tr("Same versions"), GOOD, tr("The engine has the numpy and GDAL of QGIS."))]
    text = tr(
        "The engine has {versions}. That works, as both only share files; a format that one of them is too old for is read by the "
        "other alone."
    ).format(versions=", ".join(differs))
    return [Finding("versions", "Engine", tr("Same versions"), NOTE, text)]


def _of_engine(
    chosen: environment.Interpreter, report: Report, cancelled: Callable[[], bool]
) -> List[Finding]:
    """Return how the engine starts and what it says of itself; it gets a process of its own, so that a cold start is one."""
    def share(start: float, stop: float) -> Report:
        return lambda fraction, text: report(start + (stop - start) * fraction, text)

    engine = runner.Engine(idle_seconds=30.0)
    found: List[Finding] = []
    try:
        if not chosen.problem:
            found.append(_start(engine, chosen, share(0.08, 0.5), cancelled))
        job = Doctor(scheduler=settings.scheduler() or None)
        try:
            result = engine.run(job, interpreter=chosen, report=share(0.5, 0.96), cancelled=cancelled)
        except Cancelled:
            raise
        except StillpointError as error:
            text = tr("The engine was started and did not answer: {reason}").format(reason=error)
            return [*found, Finding("answers", "Engine", tr("Engine answers"), REPAIR, text, "build")]
        for row in result.details.get("findings", []):
            finding = Finding.from_dict(row)
            if not finding.id.startswith(ENGINE_SIDE):
                found.append(_mendable(finding, chosen))
    finally:
        engine.close()
    return found


def _mendable(finding: Finding, chosen: environment.Interpreter) -> Finding:
    """Offer to install only into Stillpoint's own environment: that of another is not ours to change."""
    if finding.repair == "install" and chosen.origin != "own":
        return Finding(**{**finding.to_dict(), "repair": "build"})
    return finding


def _start(engine: runner.Engine, chosen: environment.Interpreter, report: Report, cancelled: Callable[[], bool]) -> Finding:
    """Measure a cold and a warm start: a job that loads every library and computes, in a new and in a running process."""
    seconds: List[float] = []
    report(0.0, tr("Starting the engine"))
    for _ in range(2):
        began = time.monotonic()
        try:
            engine.run(CheckEnvironment(device="cpu"), interpreter=chosen, report=report if not seconds else _silent,
                       cancelled=cancelled)  # fmt: skip
        except Cancelled:
            raise
        except StillpointError as error:
            return Finding("start", "Engine", tr("Engine starts"), REPAIR, str(error), "build")
        seconds.append(time.monotonic() - began)
    text = tr("It starts, computes and answers: {cold:.1f} s when it is cold, {warm:.2f} s when it is warm.").format(
        cold=seconds[0], warm=seconds[1]
    )
    if seconds[0] > SLOW_START:
        text += " " + tr("The cold start is slow: a network drive, or a virus scanner that looks at every file, may be why.")
        return Finding("start", "Engine", tr("Engine starts"), NOTE, text)
    return Finding("start", "Engine", tr("Engine starts"), GOOD, text)


def _silent(_fraction: float, _text: str) -> None:
    """Take progress that nobody looks at."""


def profile() -> List[Finding]:
    """Return whether the QGIS profile can be written and has room for an environment."""
    folder = environment.own_folder().parent
    title = tr("QGIS profile")
    place = folder
    while not place.exists() and place.parent != place:
        place = place.parent
    if not os.access(place, os.W_OK):
        text = tr("{folder} cannot be written: settings and Stillpoint's environment have no place. Change its permissions.")
        return [Finding("profile", "Machine", title, REPAIR, text.format(folder=place))]
    free = installation.free_bytes(place)
    if free is not None and free < LITTLE_DISK:
        text = tr("{folder} can be written; its disk has {free:.1f} GB free, which is too little to build an environment.")
        return [Finding("profile", "Machine", title, NOTE, text.format(folder=folder, free=free / 1e9))]
    text = tr("{folder} can be written, and there is room for an environment.")
    return [Finding("profile", "Machine", title, GOOD, text.format(folder=folder))]


def leftovers() -> List[Path]:
    """Return what builds of the environment that were killed left in the profile."""
    own = environment.own_folder()
    # While another QGIS builds, its draft grows: only one that nobody touched for an hour is left over.
    found = []
    for end in ("-new", "-old"):
        draft = own.with_name(own.name + end)
        try:
            if time.time() - draft.stat().st_mtime > 3600.0:
                found.append(draft)
        except OSError:
            continue
    return found


def cache() -> Finding:
    """Return whether what Stillpoint remembers of the engine is sound, and whether a killed build left anything."""
    title = tr("What is remembered")
    stored = settings.get_values("engine")
    problems = []
    if settings.get("engine") and not (isinstance(stored.get("key"), str) and isinstance(stored.get("versions"), dict)):
        problems.append(tr("What Stillpoint remembers of the engine cannot be read."))
    if settings.get("devices") and not settings.get_values("devices"):
        problems.append(tr("The list of devices that it remembers cannot be read."))
    left = leftovers()
    if left:
        problems.append(tr("A build of the environment that was interrupted left {names}.").format(
            names=", ".join(path.name for path in left)))  # fmt: skip
    if problems:
        return Finding("cache", "Machine", title, NOTE, " ".join(problems), "cache")
    return Finding("cache", "Machine", title, GOOD, tr("What Stillpoint remembers of the engine is sound."))


def _proxy_of_qgis() -> List[str]:
    known: Dict[str, Any] = installation.proxy_variables()
    return [f"{tr('QGIS')}: {known['HTTPS_PROXY']}"] if known else []


def text_of(findings: List[Finding], *, log: str = "") -> str:
    """Return findings as a report to hand on: without home folder, names of user and computer, passwords and tokens."""
    lines = [
        f"Stillpoint {__version__}: {tr('environment doctor')}",
        f"QGIS {Qgis.QGIS_VERSION}, Qt {QT_VERSION_STR}, {platform.platform()}, {QgsApplication.platform()}",
        "", verdict(findings), "", as_text(findings),
    ]  # fmt: skip
    if log:
        lines += ["", "Log", log]
    return scrubbed("\n".join(lines))
