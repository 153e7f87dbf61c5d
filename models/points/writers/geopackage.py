"""Writes GeoPackages fast: GDAL makes the layer, SQLite takes the rows in bulk.

OGR's Python binding needs some 30 us a field and row; a million points with 25 fields would take many minutes.
Inserting by SQLite takes a fortieth of that. What GDAL keeps by triggers (number of features, spatial
index) is written at the end at once.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
from typing import Any, Dict, List, Mapping, Optional, Sequence, Tuple
from urllib.parse import quote

import numpy as np
from osgeo import gdal, ogr, osr

from stillpoint.models.errors import StillpointError
from stillpoint.models.points.places import quiet_gdal
from stillpoint.models.points.table import Column, PointWriter
from stillpoint.models.points.writers.columns import as_list
from stillpoint.models.points.writers.draft import Draft, distinct_names, explain

_TYPES = {
    "text": ogr.OFTString,
    "integer": ogr.OFTInteger64,
    "real": ogr.OFTReal,
    "date": ogr.OFTDate,
    "binary": ogr.OFTBinary,
}
_POINT = np.dtype([("magic", "S2"), ("version", "u1"), ("flags", "u1"), ("srs", "<i4"), ("order", "u1"), ("type", "<u4"),
                   ("x", "<f8"), ("y", "<f8")])
"""A point of the GeoPackage standard: its header without an envelope, then WKB."""


class GeoPackageWriter(PointWriter):
    """Writes one layer of points, named after the file.

    ``metadata`` is read when the writer finishes, so the caller may add to it until then.
    """

    def __init__(
        self, path: str, columns: Sequence[Column], *, crs: str, metadata: Mapping[str, str], layer: Optional[str] = None
    ) -> None:
        self.path = path
        self.metadata = metadata
        self._columns = tuple(columns)
        self._names, self.report = distinct_names(columns, ("fid", "geom"))
        _check_replaceable(path)
        self._draft = Draft(path)
        self._table = layer or self._draft.target.stem
        self._count = 0
        self._extent = np.array([np.inf, np.inf, -np.inf, -np.inf])
        self._database: Optional[sqlite3.Connection] = None
        try:
            self._create(crs)
            self._open()
        except BaseException:
            self.discard()
            raise

    def _create(self, crs: str) -> None:
        reference = None
        if crs:
            reference = osr.SpatialReference()
            reference.SetFromUserInput(crs)
            reference.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
        with quiet_gdal() as complaints:
            try:
                dataset = ogr.GetDriverByName("GPKG").CreateDataSource(str(self._draft.path()))
                if dataset is None:
                    raise RuntimeError(complaints.failures[0] if complaints.failures else "the file cannot be made")
                layer = dataset.CreateLayer(
                    self._table, reference, ogr.wkbPoint, ["FID=fid", "GEOMETRY_NAME=geom", "SPATIAL_INDEX=YES"]
                )
                for column in self._columns:
                    field = ogr.FieldDefn(self._names[column.name], _TYPES[column.kind])
                    if hasattr(field, "SetComment"):  # GDAL 3.7 and later
                        field.SetComment(column.meaning)
                    layer.CreateField(field)
                layer = dataset = None
            except (RuntimeError, AttributeError) as error:
                # A layer or field that was not made is None: what GDAL said before tells why.
                raise explain(RuntimeError(complaints.failures[0]) if complaints.failures else error, self.path) from None
        if complaints.failures:
            raise explain(RuntimeError(complaints.failures[0]), self.path)

    def _open(self) -> None:
        database = sqlite3.connect(str(self._draft.path()), isolation_level=None)
        self._database = database
        # The draft is thrown away when anything fails, so it needs no journal.
        for pragma in ("journal_mode=OFF", "synchronous=OFF", "locking_mode=EXCLUSIVE", "cache_size=-65536", "temp_store=MEMORY"):
            database.execute(f"PRAGMA {pragma}")
        self._triggers = database.execute("SELECT name, sql FROM sqlite_master WHERE type='trigger' AND sql IS NOT NULL").fetchall()
        for name, _ in self._triggers:
            database.execute(f"DROP TRIGGER {_quoted(name)}")
        self._srs = database.execute(
            "SELECT srs_id FROM gpkg_geometry_columns WHERE table_name=?", (self._table,)
        ).fetchone()[0]
        if self._srs == 0:
            # Unknown coordinates need not be degrees: -1 is the standard's undefined Cartesian system.
            self._srs = -1
            for table in ("gpkg_contents", "gpkg_geometry_columns"):
                database.execute(f"UPDATE {table} SET srs_id=-1 WHERE table_name=?", (self._table,))  # nosec B608 - two fixed names
        names = ", ".join(_quoted(name) for name in ("fid", "geom", *self._names.values()))
        marks = ", ".join("?" * (len(self._columns) + 2))
        self._insert = f"INSERT INTO {_quoted(self._table)} ({names}) VALUES ({marks})"  # nosec B608 - names are quoted
        self._index = f"INSERT INTO {_quoted(f'rtree_{self._table}_geom')} VALUES (?, ?, ?, ?, ?)"  # nosec B608 - quoted
        database.execute("BEGIN")

    def write(self, x: np.ndarray, y: np.ndarray, values: Dict[str, np.ndarray]) -> None:
        """Append points; see :meth:`PointWriter.write`."""
        if self._database is None:
            raise ValueError("the writer is closed")
        count = len(x)
        fids = range(self._count + 1, self._count + count + 1)
        located = np.isfinite(x) & np.isfinite(y)
        rows = zip(fids, self._points(x, y, located), *(as_list(values[c.name], c.kind) for c in self._columns))
        try:
            self._database.executemany(self._insert, rows)
            ids, x, y = np.asarray(fids)[located].tolist(), x[located], y[located]
            if len(ids):
                self._extent[:2] = np.minimum(self._extent[:2], (x.min(), y.min()))
                self._extent[2:] = np.maximum(self._extent[2:], (x.max(), y.max()))
                xs, ys = x.tolist(), y.tolist()
                self._database.executemany(self._index, zip(ids, xs, xs, ys, ys))
        except (sqlite3.Error, OSError) as error:
            raise explain(error, self.path) from None
        self._count += count

    def _points(self, x: np.ndarray, y: np.ndarray, located: np.ndarray) -> List[Any]:
        blob = np.empty(len(x), dtype=_POINT)
        blob["magic"], blob["version"], blob["flags"], blob["srs"] = b"GP", 0, 1, self._srs
        blob["order"], blob["type"], blob["x"], blob["y"] = 1, 1, x, y
        raw, size = blob.tobytes(), _POINT.itemsize
        points: List[Any] = [raw[at : at + size] for at in range(0, len(raw), size)]
        for index in np.flatnonzero(~located):
            points[index] = None
        return points

    def finish(self) -> List[str]:
        """Complete the file, give it its final name, and return it."""
        self.complete()
        name = self._draft.target.name
        # A write-ahead log of the file that is replaced would be played into the new one.
        return self._draft.publish(stale=(f"{name}-wal", f"{name}-shm", f"{name}-journal"))

    def complete(self) -> str:
        """Complete the draft and return its path; :meth:`finish` also publishes it."""
        if self._database is None:
            raise ValueError("the writer is closed")
        try:
            self._close_database()
            self._write_metadata()
        except (sqlite3.Error, OSError) as error:
            raise explain(error, self.path) from None
        return str(self._draft.path())

    def _close_database(self) -> None:
        database = self._database
        if database is None:
            return
        if self._count:
            extent: Tuple[Any, ...] = tuple(self._extent.tolist()) if np.isfinite(self._extent).all() else (None,) * 4
            database.execute(
                "UPDATE gpkg_contents SET min_x=?, min_y=?, max_x=?, max_y=?, "
                "last_change=strftime('%Y-%m-%dT%H:%M:%fZ','now') WHERE table_name=?",
                (*extent, self._table),
            )
        database.execute("UPDATE gpkg_ogr_contents SET feature_count=? WHERE table_name=?", (self._count, self._table))
        for _, sql in self._triggers:
            database.execute(sql)
        database.execute("COMMIT")
        database.close()
        self._database = None

    def _write_metadata(self) -> None:
        with quiet_gdal() as complaints:
            dataset = gdal.OpenEx(str(self._draft.path()), gdal.OF_VECTOR | gdal.OF_UPDATE)
            if dataset is None:
                raise StillpointError(f"{self.path} cannot be completed: {'; '.join(complaints.failures[:1])}.")
            dataset.SetMetadata(dict(self.metadata))
            dataset.GetLayer(0).SetMetadata(dict(self.metadata))
            dataset = None
        if complaints.failures:
            raise explain(RuntimeError(complaints.failures[0]), self.path)

    def discard(self) -> None:
        """Remove what was written so far."""
        if self._database is not None:
            with contextlib.suppress(sqlite3.Error):
                self._database.close()
            self._database = None
        self._draft.discard()


def _check_replaceable(path: str) -> None:
    """Refuse to replace a GeoPackage that holds several layers: it may be somebody's whole project.

    Raises
    ------
    StillpointError
        ``path`` holds more than one layer with geometries or tiles.
    """
    if not os.path.isfile(path):
        return
    database = sqlite3.connect(f"file:{quote(os.path.abspath(path))}?mode=ro", uri=True)
    try:
        rows = database.execute("SELECT table_name FROM gpkg_contents WHERE data_type <> 'attributes'").fetchall()
    except sqlite3.Error:  # no GeoPackage, or one that is locked or broken
        return
    finally:
        database.close()
    if len(rows) > 1:
        listed = ", ".join(repr(str(name)) for (name,) in rows[:4]) + (" ..." if len(rows) > 4 else "")
        raise StillpointError(
            f"{path} holds {len(rows)} layers ({listed}), and all of them would be replaced. Choose another file."
        )


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
