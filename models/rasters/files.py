"""The files that a user means by a folder or some names, listed once."""

from __future__ import annotations

import os
from pathlib import Path
from typing import List, Optional, Sequence, Tuple

from stillpoint.models.errors import StillpointError

_MOST = 200_000
_TEXT = 4 << 20


class Files:
    """What lies in the folders that a user named, and beside the files that he named.

    Parameters
    ----------
    sources
        Folders (with everything in them) and files.

    Attributes
    ----------
    paths
        Files that may hold images: those named, and those in the folders named; sorted.
    nearby
        ``paths``, and what lies in the same folders as the files that were named: they may hold metadata.
    rasters
        (file, driver) of those that GDAL knows, once they have been asked for; None before.

    Raises
    ------
    StillpointError
        A source is missing, or there is no file at all.
    """

    def __init__(self, sources: Sequence[str]) -> None:
        self.sources = tuple(os.fspath(source) for source in sources)
        found: List[Path] = []
        around: List[Path] = []
        for source in self.sources:
            path = Path(source)
            if path.is_dir():
                found += _walk(path, _MOST - len(found))
            elif path.is_file():
                found.append(path)
                around += [item for item in path.parent.iterdir() if item.is_file()]
            else:
                raise StillpointError(f"There is no file or folder {source}.")
        self.rasters: Optional[List[Tuple[Path, str]]] = None
        self.paths = _once(found)
        self.nearby = _once([*found, *around])
        if not self.paths:
            raise StillpointError(f"{', '.join(self.sources)} is an empty folder: there are no files to make a stack of.")
        if len(self.paths) >= _MOST:
            raise StillpointError(
                f"{', '.join(self.sources)} holds more than {_MOST:,} files. Name the folder of the product itself."
            )

    @property
    def name(self) -> str:
        """The sources in short, for messages."""
        return self.sources[0] if len(self.sources) == 1 else f"{self.sources[0]} and {len(self.sources) - 1} more"

    def ending(self, *endings: str, nearby: bool = False) -> List[Path]:
        """Return the files whose names end so, whatever the case."""
        wanted = tuple(ending.lower() for ending in endings)
        return [path for path in (self.nearby if nearby else self.paths) if path.name.lower().endswith(wanted)]

    def named(self, *names: str) -> List[Path]:
        """Return the files of one of the ``names``, in the folders or beside the files, whatever the case."""
        wanted = {name.lower() for name in names}
        return [path for path in self.nearby if path.name.lower() in wanted]

    def short(self, path: Path) -> str:
        """Return ``path`` relative to the folder that was named, where it lies in it."""
        for source in self.sources:
            try:
                return path.relative_to(source).as_posix()
            except ValueError:
                continue
        return path.name


def _walk(folder: Path, most: int) -> List[Path]:
    found: List[Path] = []
    for parent, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        found += [Path(parent) / name for name in names if not name.startswith(".")]
        if len(found) >= most:
            break
    return found[:most]


def _once(paths: Sequence[Path]) -> Tuple[Path, ...]:
    return tuple(sorted(dict.fromkeys(path.absolute() for path in paths)))


def text_of(path: Path) -> Optional[str]:
    """Return the text of a small file, or None where it is none or cannot be read."""
    try:
        if path.stat().st_size > _TEXT:
            return None
        data = path.read_bytes()
    except OSError:
        return None
    return None if b"\0" in data else data.decode("utf-8", errors="replace")
