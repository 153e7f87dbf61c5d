"""The job ``doctor``: what the engine runs on, what is missing, broken or in its way, and what to do about it.

It works where libraries are missing too: whatever it needs of them is imported inside the check that tells of it.
"""

from __future__ import annotations

import importlib
import importlib.util
import os
import platform
import sys
from importlib import metadata
from pathlib import Path
from typing import Callable, List, Tuple

from stillpoint.models import __version__, doctor_machine, surroundings
from stillpoint.models.errors import Cancelled, StillpointError
from stillpoint.models.findings import GOOD, NOTE, REPAIR, Finding, as_text, in_order, verdict
from stillpoint.models.jobs import Result
from stillpoint.models.jobs.doctor import Doctor
from stillpoint.models.needs import NEEDS, PYTHON, Need, numbers
from stillpoint.models.privacy import scrubbed
from stillpoint.models.progress import SILENT, Progress


def examine(job: Doctor, progress: Progress = SILENT) -> Result:
    """Look at everything and say of each whether it is good; nothing that is found makes the job fail.

    Returns
    -------
    Result
        ``details``: ``findings``, a list of :class:`~stillpoint.models.findings.Finding` as dicts, and ``repairs``, how many of
        them must be repaired.

    Raises
    ------
    StillpointError
        The report cannot be written.
    Cancelled
        Asked to stop.
    """
    found: List[Finding] = []
    steps = _steps(job)
    for number, (message, look) in enumerate(steps):
        progress(number / len(steps), message)
        found += _looked(message, look)
    found = in_order(found)
    summary = f"{as_text(found)}\n\n{verdict(found)}"
    outputs = {}
    if job.output:
        outputs["output"] = job.output
        _write(Path(job.output), scrubbed(f"{heading()}\n\n{summary}\n"))
    progress(1.0, "Looked at everything")
    details = {
        "findings": [finding.to_dict() for finding in found], "repairs": sum(finding.state == REPAIR for finding in found),
    }  # fmt: skip
    return Result(outputs, summary, details)


def heading() -> str:
    """Return the first line of a report: versions and system."""
    return f"Stillpoint {__version__}, Python {platform.python_version()}, {platform.platform()}"


def _steps(job: Doctor) -> List[Tuple[str, Callable[[], List[Finding]]]]:
    return [
        ("Looking at the interpreter", lambda: [interpreter()]),
        *((f"Looking at {need.package}", lambda need=need: library(need)) for need in NEEDS),
        ("Looking at GDAL", lambda: [gdal()]),
        ("Trying the devices", lambda: _devices(job)),
        ("Looking at memory and disk", doctor_machine.machine),
        ("Looking at the folder for temporary files", lambda: [doctor_machine.temporary()]),
        ("Looking at the models", lambda: doctor_machine.models(quick=job.quick)),
        ("Looking at the surroundings", lambda: [*surroundings.variables(), *surroundings.path(sys.executable)]),
        ("Looking at the proxies", lambda: [surroundings.proxies()]),
        ("Looking for the cluster", lambda: doctor_machine.scheduler(job.scheduler)),
    ]  # fmt: skip


def _looked(what: str, look: Callable[[], List[Finding]]) -> List[Finding]:
    """Return what a check finds; one that fails itself is a finding too, so that the others are still heard."""
    try:
        return look()
    except Cancelled:
        raise
    except Exception as error:
        reason = (str(error).strip().splitlines() or [type(error).__name__])[0]
        return [Finding("check", "Engine", what, NOTE, f"This could not be looked at: {type(error).__name__}: {reason}")]


def interpreter() -> Finding:
    """Return which Python this is and whether it is new enough."""
    version = platform.python_version()
    kind = "a virtual environment" if sys.prefix != sys.base_prefix else "a Python of the system"
    text = f"Python {version} ({platform.machine()}), {sys.executable}, {kind}."
    if sys.version_info[:2] < PYTHON:
        wanted = ".".join(map(str, PYTHON))
        return Finding("python", "Engine", "Python", REPAIR, f"{text} Stillpoint needs {wanted} or newer.", "choose")
    return Finding("python", "Engine", "Python", GOOD, text)


def library(need: Need) -> List[Finding]:
    """Return whether a library is there, new enough and can be loaded; none for one that is optional and missing.

    The optional ones are only looked for, as loading them takes seconds.
    """
    def say(state: str, text: str, repair: str = "") -> List[Finding]:
        return [Finding(f"library-{need.package}", "Libraries", need.package, state, text, repair)]

    mend = f"Install it with: {sys.executable} -m pip install \"{need.requirement}\""
    if not _is_there(need.module):
        if not need.required:
            return say(NOTE, f"Not installed. It is only needed for {need.purpose}. {mend}")
        return say(REPAIR, f"Missing. It is needed for {need.purpose}. {mend}", "install")
    try:
        version = metadata.version(need.package)
    except metadata.PackageNotFoundError:
        version = ""
    if need.required:
        try:
            module = importlib.import_module(need.module)
        except Exception as error:  # a broken library raises OSError, AttributeError, RuntimeError ...
            reason = (str(error).strip().splitlines() or [type(error).__name__])[0]
            return say(REPAIR, f"It is there and cannot be loaded ({reason}). It is needed for {need.purpose}.", "build")
        version = str(getattr(module, "__version__", "") or version)
    if not need.fits(version):
        state = REPAIR if need.required else NOTE
        text = f"{version} is not a version that serves: {need.wanted} is needed, for {need.purpose}. {mend}"
        return say(state, text, "install" if need.required else "")
    return say(GOOD, f"{version or 'there'} (needed: {need.wanted}), for {need.purpose}.")


def _is_there(module: str) -> bool:
    try:
        return importlib.util.find_spec(module) is not None
    except (ImportError, ValueError):
        return False


def gdal() -> Finding:
    """Return whether GDAL can be loaded together with this numpy."""
    def say(state: str, text: str, repair: str = "") -> Finding:
        return Finding("library-gdal", "Libraries", "GDAL", state, text, repair)

    if not _is_there("osgeo"):
        return say(
            REPAIR, "Missing. Every raster and vector file is read with it. Use the Python that QGIS uses, or an environment made "
            "from it; 'pip install gdal' only serves where it fits the system's libgdal.", "build",
        )  # fmt: skip
    try:
        from osgeo import gdal, gdal_array  # noqa: F401 - gdal_array fails where numpy does not fit
    except Exception as error:
        reason = (str(error).strip().splitlines() or [type(error).__name__])[0]
        major = numbers(_version("numpy"))[:1]
        why = (
            " This GDAL was built for numpy 1, and numpy 2 is installed." if major == (2,) and "numpy" in reason.lower() else ""
        )
        return say(REPAIR, f"It cannot be loaded ({reason}).{why} Build Stillpoint's own environment.", "build")
    return say(GOOD, f"{gdal.__version__}, and it fits numpy.")


def _version(package: str) -> str:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return ""


def _devices(job: Doctor) -> List[Finding]:
    from stillpoint.models import doctor_devices

    try:
        return doctor_devices.devices(quick=job.quick)
    except ImportError:
        return [Finding("device", "Devices", "Which device computes", NOTE, "Not known: torch is missing or cannot be loaded.")]


def _write(path: Path, text: str) -> None:
    partial = path.with_name(f"{path.name}.{os.getpid()}.partial")
    try:
        partial.write_text(text, encoding="utf-8")
        os.replace(partial, path)
    except OSError as error:
        raise StillpointError(f"The report {path} cannot be written: {error.strerror or error}.") from error
    finally:
        partial.unlink(missing_ok=True)
