"""Texts that people hand on, such as reports of faults, without what is theirs alone. Standard library only."""

from __future__ import annotations

import getpass
import os
import re
import socket
from contextlib import suppress
from pathlib import Path
from typing import List, Sequence, Tuple

HIDDEN = "<hidden>"
USER = "<user>"
HOST = "<host>"

_COMMON = {"admin", "administrator", "default", "docker", "jovyan", "none", "public", "qgis", "root", "ubuntu", "user", "users"}
"""Names of users that tell nobody who it is, and that are words of their own in paths and sentences."""

_SHORTEST = 3
"""Letters from which on a name is taken out wherever it stands: a shorter one is found inside ordinary words."""

_SECRETS: Sequence[Tuple[str, str]] = (
    # A name and password before the host of an address
    (r"(?i)\b([a-z][a-z0-9+.-]*://)[^/\s:@]*:[^/\s@]*@", rf"\1{HIDDEN}@"),
    (r"(?i)\b(https?://)[^/\s@]+@", rf"\1{HIDDEN}@"),
    (r"(?i)\b(bearer|basic)\s+[A-Za-z0-9._~+/=-]{8,}", rf"\1 {HIDDEN}"),
    (
        r"(?i)((?:[\w-]*(?:token|secret|passw(?:or)?d|passwd|api[_-]?key|access[_-]?key|authcfg|credential)[\w-]*)"
        r"[\"']?\s*[=:]\s*[\"']?)(?!<hidden>)(?!bearer\b)[^\s\"'&;,]+",
        rf"\1{HIDDEN}",
    ),
    (r"\b(?:gh[pousr]_|github_pat_|glpat-|hf_|sk-|xox[abpr]-|pypi-)[A-Za-z0-9_-]{10,}", HIDDEN),
    (r"\bAKIA[0-9A-Z]{16}\b", HIDDEN),
    (r"\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}(?:\.[A-Za-z0-9_-]+)?", HIDDEN),
)


def without_home(text: str) -> str:
    """Return ``text`` with the home folder as ``~``, whichever way its slashes lean."""
    home = str(Path.home())
    forms = {home, home.replace("\\", "/"), home.replace("\\", "\\\\"), os.path.realpath(home)}
    for form in sorted(forms, key=len, reverse=True):
        if len(form) > 1:
            text = re.sub(re.escape(form) + r"(?=[\\/\s'\",;:)]|$)", "~", text, flags=re.IGNORECASE)
    return text


def scrubbed(text: str) -> str:
    """Return ``text`` without home folders, names of users and of this computer, passwords and tokens.

    Folders and files keep their names as far as they lie below the home folder or elsewhere: without them nobody could help.
    """
    for pattern, instead in _SECRETS:
        text = re.sub(pattern, instead, text)
    text = without_home(text)
    # Homes of others: a shared computer, a path in an error of a library that somebody else installed.
    text = re.sub(r"(?i)(\\+users\\+)(?!public\b|<)[^\\/'\",;:()\n]+(?=\\)", rf"\1{USER}", text)  # these may hold spaces
    text = re.sub(r"(?i)([\\/]+(?:home|users)[\\/]+)(?!public\b|shared\b|<)[^\\/\s'\",;:()]+", rf"\1{USER}", text)
    for name, instead in ((name, USER) for name in _users()):
        text = re.sub(rf"(?i)(?<![A-Za-z0-9_]){re.escape(name)}(?![A-Za-z0-9_])", instead, text)
    host = _host()
    if host:
        text = re.sub(rf"(?i)(?<![A-Za-z0-9_.-]){re.escape(host)}(?:\.[a-z0-9-]+)*(?![A-Za-z0-9_-])", HOST, text)
    return text


def without_password(address: str) -> str:
    """Return an address without the name and password in front of its host."""
    return re.sub(r"(://)[^/\s]*@", rf"\1{HIDDEN}@", address) if "://" in address else re.sub(r"^[^/\s]*@", f"{HIDDEN}@", address)


def _users() -> List[str]:
    names = {Path.home().name}
    with suppress(KeyError, OSError, ImportError):  # a container's user need not have a name
        names.add(getpass.getuser())
    return sorted((name for name in names if len(name) >= _SHORTEST and name.lower() not in _COMMON), key=len, reverse=True)


def _host() -> str:
    name = socket.gethostname().partition(".")[0]
    return name if len(name) > _SHORTEST and name.lower() not in ("localhost", *_COMMON) else ""
