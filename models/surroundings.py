"""What lies around a Python process and can lead it astray: variables, PATH, proxies. Standard library only.

QGIS's side and the engine both look, since they see different surroundings: QGIS starts the engine in a clean one.
"""

from __future__ import annotations

import os
import re
import shutil
import sys
from pathlib import Path
from typing import List, Mapping, Optional, Sequence

from stillpoint.models.findings import GOOD, NOTE, Finding
from stillpoint.models.privacy import without_password

GROUP = "Surroundings"

PYTHON = ("PYTHONHOME", "PYTHONPATH", "PYTHONSTARTUP", "PYTHONEXECUTABLE", "PYTHONINSPECT")
"""Variables that make a Python import what another one was made for."""

LIBRARIES = ("LD_PRELOAD", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "DYLD_INSERT_LIBRARIES")
"""Variables that put other builds of GDAL, PROJ or CUDA before the right ones."""

FOLDERS = ("GDAL_DATA", "PROJ_DATA", "PROJ_LIB", "GDAL_DRIVER_PATH")
"""Variables that name a folder, which must exist."""

PROXIES = ("HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY", "NO_PROXY")


def variables(environment: Optional[Mapping[str, str]] = None, *, cleaned: bool = False) -> List[Finding]:
    """Return what is to be said of the variables that Python, GDAL and PROJ read.

    Parameters
    ----------
    environment
        The variables; those of this process where None.
    cleaned
        True where the engine is started without ``PYTHON``, as QGIS does: then they are only worth a note.
    """
    known = os.environ if environment is None else environment
    found: List[Finding] = []
    python = [name for name in PYTHON if known.get(name)]
    if python:
        names = _listed(python)
        after = (
            "Stillpoint starts its engine without it." if cleaned and len(python) == 1
            else "Stillpoint starts its engine without them." if cleaned
            else f"It can mix libraries of different Pythons. Try again without: unset {' '.join(python)}."
        )  # fmt: skip
        found.append(Finding("variables-python", GROUP, "Python's variables", NOTE, f"{names} {_are(python)} set. {after}"))
    libraries = [name for name in LIBRARIES if known.get(name)]
    if libraries:
        found.append(
            Finding(
                "variables-libraries", GROUP, "Paths of libraries", NOTE,
                f"{_listed(libraries)} {_are(libraries)} set: other builds of GDAL, PROJ or CUDA may come before the right ones. "
                "Where a library cannot be loaded, look there first.",
            )
        )  # fmt: skip
    for name in FOLDERS:
        gone = [part for part in known.get(name, "").split(os.pathsep) if part and not Path(part).is_dir()]
        if gone:
            found.append(
                Finding(
                    f"variables-{name.lower()}", GROUP, name, NOTE,
                    f"{name} names the folder {gone[0]}, which does not exist. Coordinate systems or formats may be missing; "
                    "remove the variable or correct it.",
                )
            )  # fmt: skip
    if not found:
        found.append(Finding("variables", GROUP, "Variables", GOOD, "No variable leads Python, GDAL or PROJ astray."))
    return found


def path(interpreter: str, environment: Optional[Mapping[str, str]] = None) -> List[Finding]:
    """Return a note where the ``python3`` that comes first in PATH is another one than the engine's, by conda or pyenv."""
    known = os.environ if environment is None else environment
    names = ("python.exe", "python3.exe") if sys.platform == "win32" else ("python3", "python")
    first = next((found for name in names if (found := shutil.which(name, path=known.get("PATH", "")))), None)
    kind = re.search(r"(?i)(ana|mini)?conda|pyenv|mamba|micromamba", first or "")
    if first is None or kind is None or os.path.realpath(first) == os.path.realpath(interpreter or first):
        return []
    return [
        Finding(
            "path", GROUP, "PATH", NOTE,
            f"{first} comes first in PATH. Stillpoint's engine does not use it; what you start by hand in a console does.",
        )
    ]  # fmt: skip


def proxies(environment: Optional[Mapping[str, str]] = None, *, more: Sequence[str] = ()) -> Finding:
    """Return which proxies are set, without the passwords in them; ``more`` are those that another place names."""
    known = os.environ if environment is None else environment
    told = [
        f"{name}={without_password(value)}" for name in PROXIES
        if (value := known.get(name) or known.get(name.lower(), ""))
    ]  # fmt: skip
    told += [without_password(each) for each in more]
    if not told:
        return Finding("proxies", GROUP, "Proxies", GOOD, "No proxy is set; downloads go straight to the network.")
    text = f"Downloads go through {', '.join(told)}. Where one fails, ask whether the proxy lets pypi.org and pytorch.org through."
    return Finding("proxies", GROUP, "Proxies", NOTE, text)


def _listed(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _are(names: Sequence[str]) -> str:
    return "is" if len(names) == 1 else "are"
