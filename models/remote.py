"""Files behind GDAL's paths (/vsizip/, /vsicurl/, /vsis3/, /vsimem/ ...): looked at, read as a stream, and written as a whole."""

from __future__ import annotations

import io
import os
import tempfile
import uuid
from pathlib import Path
from typing import IO, Any, Optional, cast

from osgeo import gdal

PREFIX = "/vsi"

_CHUNK = 8 << 20


def is_remote(path: Any) -> bool:
    """Whether a path is one of GDAL's, which the operating system does not know."""
    return os.fspath(path).replace("\\", "/").startswith(PREFIX)


def gdal_path(path: Any) -> str:
    """Return a path of GDAL's with the slashes that it wants, whatever the system made of them."""
    return os.fspath(path).replace("\\", "/")


def absolute(path: Any) -> str:
    """Return a path that means the same in every folder; one of GDAL's already does, and its ``//`` must stay."""
    return gdal_path(path) if is_remote(path) else os.path.abspath(path)


def size_of(path: str) -> Optional[int]:
    """Return the bytes of a file, a place of GDAL's or an ordinary one; None where there is none."""
    if not is_remote(path):
        return os.path.getsize(path) if os.path.isfile(path) else None
    try:
        found = gdal.VSIStatL(path)
    except RuntimeError:
        return None
    return None if found is None or found.IsDirectory() else int(found.size)


def open_stream(path: str) -> IO[bytes]:
    """Open a file for reading in binary; one of GDAL's through GDAL.

    Raises
    ------
    OSError
        It cannot be opened.
    """
    if not is_remote(path):
        return open(path, "rb")
    return cast("IO[bytes]", io.BufferedReader(_Stream(path), 1 << 20))


def draft_folder() -> str:
    """Return the folder for files that are still to be sent elsewhere: GDAL's ``CPL_TMPDIR``, or the system's."""
    return gdal.GetConfigOption("CPL_TMPDIR") or tempfile.gettempdir()


def draft_name(path: str) -> Path:
    """Return a file here of the same ending, to be written before it is sent to ``path``."""
    name = Path(gdal_path(path).rsplit("/", 1)[-1])
    return Path(draft_folder()) / f".{name.stem}.{uuid.uuid4().hex[:8]}.partial{name.suffix}"


def send(draft: Path, path: str) -> None:
    """Copy a complete file to one of GDAL's places, where it appears as a whole, and remove it here.

    Object stores show a file when its last byte has come; in memory it is renamed.

    Raises
    ------
    OSError
        It cannot be written there.
    """
    path = gdal_path(path)
    renamed = path.startswith("/vsimem/")
    target = f"{path}.{uuid.uuid4().hex[:8]}.partial" if renamed else path
    try:
        written = _copied(draft, target)
        if renamed and written == draft.stat().st_size:
            if size_of(path) is not None:  # GDAL raises where there is nothing to remove
                gdal.Unlink(path)
            if gdal.Rename(target, path) != 0:
                written = -1
    except RuntimeError as error:  # GDAL raises these where it was told to use exceptions
        raise OSError(str(error)) from None
    if written != draft.stat().st_size:
        raise OSError(gdal.GetLastErrorMsg() or f"GDAL cannot write to {path}")
    draft.unlink(missing_ok=True)


def _copied(draft: Path, target: str) -> int:
    """Return the bytes of ``draft`` that reached ``target``."""
    stream = gdal.VSIFOpenL(target, "wb")
    if stream is None:
        return -1
    written = 0
    closed = -1
    try:
        with open(draft, "rb") as source:
            while True:
                chunk = source.read(_CHUNK)
                if not chunk:
                    break
                written += gdal.VSIFWriteL(chunk, 1, len(chunk), stream)
    finally:
        closed = gdal.VSIFCloseL(stream)
    return written if closed == 0 else -1


class _Stream(io.RawIOBase):
    """A file of GDAL's as a raw stream of Python."""

    def __init__(self, path: str) -> None:
        super().__init__()
        try:
            self._handle = gdal.VSIFOpenL(path, "rb")
        except RuntimeError as error:
            raise OSError(str(error)) from None
        if self._handle is None:
            raise OSError(gdal.GetLastErrorMsg() or "no such file")

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        found = gdal.VSIFReadL(1, len(buffer), self._handle) or b""
        buffer[: len(found)] = found
        return len(found)

    def seek(self, offset: int, whence: int = 0) -> int:
        gdal.VSIFSeekL(self._handle, offset, whence)
        return int(gdal.VSIFTellL(self._handle))

    def tell(self) -> int:
        return int(gdal.VSIFTellL(self._handle))

    def close(self) -> None:
        if not self.closed:
            gdal.VSIFCloseL(self._handle)
        super().close()
