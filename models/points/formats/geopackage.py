"""Reads the rows of a GeoPackage straight from SQLite: some ten times as fast as field by field through OGR."""

from __future__ import annotations

import os
import sqlite3
from typing import Any, Iterator, List, Optional, Sequence, Tuple
from urllib.parse import quote

import numpy as np
from osgeo import ogr

from stillpoint.models.errors import StillpointError

_ENVELOPES = {0: 0, 1: 32, 2: 48, 3: 48, 4: 64}
"""Bytes of the envelope by its code in the header's flags (GeoPackage 1.3, clause 2.1.3)."""
_POINT_TYPES = (1, 1001, 2001, 3001)


class TableRows:
    """The rows of one table of a GeoPackage."""

    def __init__(self, database: sqlite3.Connection, path: str, table: str, geometry: str, fields: Sequence[str]) -> None:
        self._database = database
        self._path = path
        wanted = [*fields, *([geometry] if geometry else [])]
        # Without an order SQLite goes by the row's number, as GDAL does.
        self._query = f"SELECT {', '.join(map(_quoted, wanted))} FROM {_quoted(table)}"  # nosec B608 - names are quoted
        self._located = bool(geometry)

    def close(self) -> None:
        """Close the file."""
        self._database.close()

    def read(self, rows: int) -> Iterator[Tuple[List[Sequence[Any]], np.ndarray, np.ndarray]]:
        """Yield the values of each field, x and y, ``rows`` rows at a time."""
        done = 0
        try:
            cursor = self._database.execute(self._query)
            while True:
                batch = cursor.fetchmany(rows)
                if not batch:
                    return
                columns: List[Sequence[Any]] = list(zip(*batch))
                if self._located:
                    x, y = positions(columns.pop(), self._path, done)
                else:
                    x, y = np.full(len(batch), np.nan), np.full(len(batch), np.nan)
                yield columns, x, y
                done += len(batch)
        except sqlite3.Error as error:
            raise StillpointError(f"{self._path} cannot be read after row {done}: {error}. It may be damaged.") from None


def open_rows(path: str, layer: ogr.Layer, fields: Sequence[str]) -> Optional[TableRows]:
    """Open the table of ``layer`` in the GeoPackage ``path``, or return None where SQLite cannot (a view, a locked file)."""
    if not os.path.isfile(path) or len(fields) > 1900:  # SQLite's limit of result columns is 2000
        return None
    try:
        database = sqlite3.connect(f"file:{quote(os.path.abspath(path))}?mode=ro", uri=True, check_same_thread=False)
        database.text_factory = lambda raw: raw.decode("utf-8", errors="replace")
        rows = TableRows(database, path, layer.GetName(), layer.GetGeometryColumn(), fields)
        database.execute(rows._query + " LIMIT 1").fetchone()
    except sqlite3.Error:
        return None
    return rows


def positions(blobs: Sequence[Optional[bytes]], path: str, start: int) -> Tuple[np.ndarray, np.ndarray]:
    """Return x and y of GeoPackage geometries, NaN where missing or empty.

    Raises
    ------
    StillpointError
        One is not a single point.
    """
    count = len(blobs)
    first = next((blob for blob in blobs if blob), b"")
    at = 8 + _ENVELOPES.get((first[3] >> 1) & 7, 0) + 5 if len(first) > 3 else 0
    size = len(first)
    if first and all(blob is not None and len(blob) == size for blob in blobs):
        raw = np.frombuffer(b"".join(blobs), dtype=np.uint8).reshape(count, size)  # type: ignore[arg-type]
        # One kind of blob throughout, little-endian single points, is what all writers make of a point layer.
        if (raw[:, 3] == first[3]).all() and not first[3] & 16 and (raw[:, at - 5 : at] == raw[0, at - 5 : at]).all():
            kind = int.from_bytes(first[at - 4 : at], "little")
            if first[at - 5] == 1 and kind in _POINT_TYPES:
                pairs = np.ascontiguousarray(raw[:, at : at + 16]).view("<f8")
                return pairs[:, 0].copy(), pairs[:, 1].copy()
    x, y = np.full(count, np.nan), np.full(count, np.nan)
    for row, blob in enumerate(blobs):
        if blob and not blob[3] & 16:
            x[row], y[row] = _position(blob, path, start + row)
    return x, y


def _position(blob: bytes, path: str, row: int) -> Tuple[float, float]:
    geometry = ogr.CreateGeometryFromWkb(bytes(blob[8 + _ENVELOPES.get((blob[3] >> 1) & 7, 0) :]))
    return point_of(geometry, path, row)


def point_of(geometry: Optional[ogr.Geometry], path: str, row: int) -> Tuple[float, float]:
    """Return x and y of a point, or of a multipoint of one; NaN where missing.

    Raises
    ------
    StillpointError
        It is something else.
    """
    if geometry is None or geometry.IsEmpty():
        return float("nan"), float("nan")
    kind = ogr.GT_Flatten(geometry.GetGeometryType())
    if kind == ogr.wkbMultiPoint and geometry.GetGeometryCount() == 1:
        geometry, kind = geometry.GetGeometryRef(0), ogr.wkbPoint
    if kind != ogr.wkbPoint:
        raise StillpointError(f"{path}, row {row + 1}: its geometry is a {geometry.GetGeometryName().lower()}, not one point.")
    return geometry.GetX(), geometry.GetY()


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
