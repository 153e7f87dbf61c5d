"""Writes GeoParquet 1.0: points as WKB, the CRS as PROJJSON in the metadata ``geo``."""

from __future__ import annotations

import contextlib
import json
from typing import Any, Dict, List, Mapping, Optional, Sequence

import numpy as np
from osgeo import osr

from stillpoint.models.points.arrow import as_array, load_arrow
from stillpoint.models.points.table import Column, PointWriter
from stillpoint.models.points.writers.draft import Draft, distinct_names, explain

_WKB_POINT = np.dtype([("order", "u1"), ("type", "<u4"), ("x", "<f8"), ("y", "<f8")])


class ParquetWriter(PointWriter):
    """Writes one GeoParquet file."""

    def __init__(self, path: str, columns: Sequence[Column], *, crs: str, metadata: Mapping[str, str]) -> None:
        self._arrow = load_arrow()
        self.path = path
        self.metadata = metadata
        self._crs = crs
        self._columns = tuple(columns)
        self._names, self.report = distinct_names(columns, ("geometry",))
        self._extent = np.array([np.inf, np.inf, -np.inf, -np.inf])
        self._draft = Draft(path)
        self._writer: Optional[Any] = None

    def write(self, x: np.ndarray, y: np.ndarray, values: Dict[str, np.ndarray]) -> None:
        """Append points; see :meth:`PointWriter.write`."""
        located = np.isfinite(x) & np.isfinite(y)
        if located.any():
            self._extent[:2] = np.minimum(self._extent[:2], (x[located].min(), y[located].min()))
            self._extent[2:] = np.maximum(self._extent[2:], (x[located].max(), y[located].max()))
        arrays = [as_array(values[column.name], column.kind) for column in self._columns]
        batch = self._arrow.record_batch([*arrays, self._points(x, y, located)], names=[*self._names.values(), "geometry"])
        try:
            if self._writer is None:
                self._open(batch.schema)
            self._writer.write_batch(batch)  # type: ignore[union-attr]
        except (OSError, self._arrow.ArrowException) as error:
            raise explain(error, self.path) from None

    def _open(self, schema: Any) -> None:
        from pyarrow import parquet

        schema = schema.with_metadata({b"geo": json.dumps(self._geo()).encode()})
        self._writer = parquet.ParquetWriter(str(self._draft.path()), schema, compression="zstd")

    def _points(self, x: np.ndarray, y: np.ndarray, located: np.ndarray) -> Any:
        wkb = np.empty(len(x), dtype=_WKB_POINT)
        wkb["order"], wkb["type"], wkb["x"], wkb["y"] = 1, 1, x, y
        offsets = np.arange(len(x) + 1, dtype=np.int32) * _WKB_POINT.itemsize
        buffers = [None, self._arrow.py_buffer(offsets), self._arrow.py_buffer(wkb.tobytes())]
        points = self._arrow.Array.from_buffers(self._arrow.binary(), len(x), buffers)
        if located.all():
            return points
        return self._arrow.array([p if there else None for p, there in zip(points.to_pylist(), located)], type=self._arrow.binary())

    def _geo(self) -> Dict[str, Any]:
        """Return the GeoParquet description (https://geoparquet.org/releases/v1.0.0)."""
        crs = None  # JSON null is the standard's "unknown"; without the key it would mean longitude, latitude
        if self._crs:
            reference = osr.SpatialReference()
            reference.SetFromUserInput(self._crs)
            if hasattr(reference, "ExportToPROJJSON"):
                crs = json.loads(reference.ExportToPROJJSON())
        column: Dict[str, Any] = {"encoding": "WKB", "geometry_types": ["Point"], "crs": crs}
        if np.isfinite(self._extent).all() and self._writer is not None:
            column["bbox"] = self._extent.tolist()
        return {"version": "1.0.0", "primary_column": "geometry", "columns": {"geometry": column}}

    def finish(self) -> List[str]:
        """Complete the file, give it its final name, and return it."""
        try:
            if self._writer is None:
                kinds: Dict[str, Any] = {
                    "text": object, "integer": np.int64, "real": np.float64, "date": "datetime64[D]", "binary": object,
                }
                none = {c.name: np.empty(0, dtype=kinds[c.kind]) for c in self._columns}
                self.write(np.empty(0), np.empty(0), none)
            metadata = {key: str(value) for key, value in self.metadata.items()}
            if hasattr(self._writer, "add_key_value_metadata"):  # pyarrow 16 and later
                self._writer.add_key_value_metadata({**metadata, "geo": json.dumps(self._geo())})  # type: ignore[union-attr]
            self._close()
        except (OSError, self._arrow.ArrowException) as error:
            raise explain(error, self.path) from None
        return self._draft.publish()

    def _close(self) -> None:
        writer, self._writer = self._writer, None
        if writer is not None:
            writer.close()

    def discard(self) -> None:
        """Remove what was written so far."""
        with contextlib.suppress(OSError, ValueError, self._arrow.ArrowException):  # what cannot be flushed is thrown away anyway
            self._close()
        self._draft.discard()
