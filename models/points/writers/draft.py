"""A place beside the target where files are written until they are complete, and common checks of columns."""

from __future__ import annotations

import errno
import os
import shutil
import sqlite3
import uuid
from pathlib import Path
from typing import Dict, List, Sequence, Tuple

from stillpoint.models import remote
from stillpoint.models.errors import StillpointError
from stillpoint.models.points.table import Column


class Draft:
    """A hidden folder beside ``target`` that holds files under their final names until they are published.

    Raises
    ------
    StillpointError
        The folder of the target does not exist or cannot be written to.
    """

    def __init__(self, target: str) -> None:
        self.target = Path(target)
        self.remote = remote.gdal_path(target) if remote.is_remote(target) else ""
        parent = Path(remote.draft_folder()) if self.remote else self.target.parent
        if os.path.isdir(self.target):  # unlike Path's, this never raises
            raise StillpointError(f"{target} is a folder; name a file to write.")
        if not os.path.isdir(parent):
            raise StillpointError(f"There is no folder {parent} to write {self.target.name} to; make it, or choose another.")
        if os.path.exists(self.target) and not os.access(self.target, os.W_OK):
            raise StillpointError(f"{target} is write-protected; choose another name, or allow writing to it.")
        self.folder = parent / f".{self.target.name}.{uuid.uuid4().hex[:8]}.partial"
        try:
            self.folder.mkdir()
        except (OSError, ValueError) as error:  # ValueError: a null byte in the name
            raise explain(error, target) from None

    def path(self, name: str = "") -> Path:
        """Return the draft of the file ``name`` (the target itself when empty)."""
        return self.folder / (name or self.target.name)

    def publish(self, *, stale: Sequence[str] = ()) -> List[str]:
        """Move every file of the draft to its final name, the target last; return them, the target first.

        ``stale`` are names beside the target that belong to the file that is replaced: they are removed.
        """
        moved: List[str] = []
        try:
            files = sorted((item for item in self.folder.iterdir() if item.is_file()), key=lambda f: f.name == self.target.name)
            for item in files:
                if self.remote:
                    moved.append(f"{self.remote.rsplit('/', 1)[0]}/{item.name}")
                    remote.send(item, moved[-1])
                    continue
                final = self.target.parent / item.name
                os.replace(item, final)
                moved.append(str(final))
            for name in stale:
                if name not in {item.name for item in files}:
                    (self.target.parent / name).unlink(missing_ok=True)
        except PermissionError as error:
            name = Path(error.filename or self.target).name
            raise StillpointError(
                f"{self.target} cannot be replaced ({name} is open in another program or write-protected): "
                "close it there, or choose another name."
            ) from None
        except OSError as error:
            raise explain(error, str(self.target)) from None
        finally:
            self.discard()
        return moved[::-1]

    def discard(self) -> None:
        """Remove the draft and all that it holds."""
        shutil.rmtree(self.folder, ignore_errors=True)


def explain(error: Exception, path: str) -> StillpointError:
    """Return what went wrong while writing ``path`` in the user's words."""
    text = (getattr(error, "strerror", None) if getattr(error, "errno", None) else None) or str(error)
    number = getattr(error, "errno", None)
    path = str(_meant(Path(path)))
    folder = Path(path).parent
    full = number in (errno.ENOSPC, getattr(errno, "EDQUOT", -1)) or any(
        sign in text.lower() for sign in ("disk is full", "no space left", "enospc", "disk quota")
    ) or (number is None and _no_space(folder))  # libtiff and GDAL tell of a full disk as of any error of input and output
    if full:
        return StillpointError(
            f"There is no space left on the disk of {folder}, so {Path(path).name} was not written. "
            "Free some, or choose another folder."
        )
    if isinstance(error, PermissionError) or number in (errno.EACCES, errno.EPERM, errno.EROFS):
        return StillpointError(f"{folder} cannot be written to: no permission. Choose another folder, or change its permissions.")
    if isinstance(error, sqlite3.Error) and "disk i/o" in text.lower():
        return StillpointError(f"{path} cannot be written: the disk reports an error ({text}). It may be full or disconnected.")
    return StillpointError(f"{path} cannot be written: {text or type(error).__name__}.")


def _meant(path: Path) -> Path:
    """Return the file that the user asked for, where ``path`` lies in the draft of it."""
    for part in (path, *path.parents):
        if part.name.startswith(".") and part.name.endswith(".partial"):
            return part.parent / part.name[1:].rsplit(".", 2)[0]
    return path


_NEARLY_NOTHING = 64 << 10


def _no_space(folder: Path) -> bool:
    """Whether the disk of ``folder`` has no room for another block."""
    try:
        return shutil.disk_usage(folder).free < _NEARLY_NOTHING
    except OSError:
        return False


def distinct_names(columns: Sequence[Column], reserved: Sequence[str] = ()) -> Tuple[Dict[str, str], List[str]]:
    """Return the name to write for each column, different in more than case, and sentences on the changed ones."""
    used = {name.lower() for name in reserved}
    names: Dict[str, str] = {}
    report = []
    for column in columns:
        name, number = column.name, 2
        while name.lower() in used:
            name, number = f"{column.name}_{number}", number + 1
        used.add(name.lower())
        names[column.name] = name
        if name != column.name:
            report.append(f"The field {column.name!r} is written as {name!r}, as its name is taken.")
    return names, report
