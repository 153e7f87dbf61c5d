"""One door for every point product: looks at the content, picks the reader."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Optional, Tuple

from stillpoint.models import remote
from stillpoint.models.errors import StillpointError
from stillpoint.models.points.formats.text import TextFile, zip_member
from stillpoint.models.points.table import PointSource

_UNITS = ("auto", "mm", "cm", "m")
_MARKUP = (b"<", b"{", b"[")


def open_points(
    path: str, *, layer: Optional[str] = None, unit: str = "auto", crs: Optional[str] = None
) -> PointSource:
    """Open a file of points with displacement series, whatever its format.

    Parameters
    ----------
    path
        A file, a folder that GDAL reads as a vector source, or any other vector source of GDAL. QGIS's
        ``file|layername=name`` is understood.
    layer
        Layer of a file that has several; in a text table with several dated quantities the prefix of
        the columns to read (``d_``).
    unit
        ``"auto"``, ``"mm"``, ``"cm"`` or ``"m"``: unit of the displacements in the file.
    crs
        Coordinate reference system where the file names none or a wrong one.

    Raises
    ------
    StillpointError
        The file is missing, empty, damaged, of no known format, or holds no displacement series.
    """
    if unit not in _UNITS:
        raise StillpointError(f"The unit {unit!r} is unknown; it must be one of {', '.join(_UNITS)}.")
    path, layer = _split_source(os.fspath(path), layer)
    options = {"layer": layer, "unit": unit, "crs": crs}
    if remote.is_remote(path) and remote.size_of(path) is not None:
        start = _first_bytes(path)
        return _open_text(TextFile(path, "gdal"), options) if _is_text(start) else _open_vector(path, options)
    if not os.path.exists(path):
        return _open_elsewhere(path, options)
    if os.path.isdir(path):
        return _open_vector(path, options)
    start = _first_bytes(path)
    if start.startswith(b"\x89HDF\r\n\x1a\n"):
        from stillpoint.models.points.formats.hdf5 import open_hdf5

        return open_hdf5(path, **options)  # type: ignore[arg-type]
    if start.startswith(b"PAR1"):
        from stillpoint.models.points.formats.parquet import open_parquet

        return open_parquet(path, **options)  # type: ignore[arg-type]
    if start.startswith(b"PK\x03\x04"):
        member = zip_member(path)
        return _open_text(TextFile(path, "zip", member), options) if member else _open_vector(path, options)
    if start.startswith(b"\x1f\x8b"):
        return _open_text(TextFile(path, "gzip"), options)
    if _is_text(start):
        return _open_text(TextFile(path, size=os.path.getsize(path)), options)
    return _open_vector(path, options)


def check_apart(points: str, output: str) -> None:
    """Refuse an output that would replace the points that are read: their other fields and layers would be lost.

    Raises
    ------
    StillpointError
        ``output`` is the file ``points``, a part of it (a shapefile has several), or lies in the folder ``points``.
    """
    source, target = Path(_split_source(os.fspath(points), None)[0]), Path(output)
    parts = [target]
    if target.suffix.lower() == ".shp":
        parts += [target.with_suffix(suffix) for suffix in (".dbf", ".shx")]
    for part in parts:
        if not os.path.exists(part) or not os.path.exists(source):  # unlike Path's, these never raise
            continue
        if os.path.samefile(part, source) or (source.is_dir() and os.path.samefile(part.parent, source)):
            raise StillpointError(
                f"{output} is the file that is read; it would be lost. Choose another name for the result."
            )


def _split_source(path: str, layer: Optional[str]) -> Tuple[str, Optional[str]]:
    """Split QGIS's ``file|layername=name``."""
    if "|" not in path or os.path.exists(path):
        return path, layer
    file, *parts = path.split("|")
    for part in parts:
        key, _, value = part.partition("=")
        if key.lower() == "layername" and layer is None:
            layer = value
    return file, layer


def _first_bytes(path: str) -> bytes:
    try:
        if remote.size_of(path) == 0:
            raise StillpointError(f"{path} is empty.")
        with remote.open_stream(path) as stream:
            return stream.read(4096)
    except OSError as error:
        raise StillpointError(f"{path} cannot be read: {error.strerror or error}.") from None


def _is_text(start: bytes) -> bool:
    """Whether a file that starts so is a table in text, not GeoJSON, GML or something binary."""
    if start[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return True
    bare = start[3:] if start.startswith(b"\xef\xbb\xbf") else start
    return b"\0" not in start and not bare.lstrip().startswith(_MARKUP)


def _open_text(file: TextFile, options: dict) -> PointSource:
    from stillpoint.models.points.formats.delimited import open_delimited
    from stillpoint.models.points.formats.stamps import looks_like_stamps, open_stamps

    if looks_like_stamps(file):
        return open_stamps(file, **{key: value for key, value in options.items() if key != "layer"})
    return open_delimited(file, **options)


def _open_vector(path: str, options: dict) -> PointSource:
    from stillpoint.models.points.formats.vector import open_vector

    return open_vector(path, **options)


def _open_elsewhere(path: str, options: dict) -> PointSource:
    """Open what is no file: a database, a virtual file. A plain name that does not exist is a mistake."""
    if not path.strip() or (":" not in path and not path.startswith("/vsi")):
        raise StillpointError(f"There is no file {path}.")
    if len(Path(path).drive) == 2:
        raise StillpointError(f"There is no file {path}.")
    return _open_vector(path, options)
