"""Reads GeoParquet and plain Parquet tables with a column a date."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any, Dict, Iterator, List, Optional, Tuple

import numpy as np

from stillpoint.models.errors import StillpointError
from stillpoint.models.points.arrow import load_arrow
from stillpoint.models.points.described import own_wavelength
from stillpoint.models.points.formats.cells import scaled
from stillpoint.models.points.places import user_crs
from stillpoint.models.points.plan import SampleColumn, TablePlan, plan_table
from stillpoint.models.points.table import PointBlock, PointSource

_SAMPLE = 400


class ParquetSource(PointSource):
    """A Parquet table with a column a date, located by WKB points or by coordinate columns."""

    def __init__(self, path: str, table: Any, names: List[str], plan: TablePlan, geometry: Optional[str]) -> None:
        self.layout = plan.layout
        self._path = path
        self._table = table
        self._names = names
        self._plan = plan
        self._geometry = geometry

    def estimated_count(self) -> Optional[int]:
        """Return the number of points."""
        return self.layout.count

    def close(self) -> None:
        """Close the file."""
        self._table.close()

    def blocks(self, rows: int = 16384) -> Iterator[PointBlock]:
        """Yield the points in order; see :meth:`PointSource.blocks`."""
        arrow = load_arrow()
        start = 0
        try:
            for batch in self._table.iter_batches(batch_size=rows):
                if batch.num_rows:
                    yield self._block(batch, start)
                    start += batch.num_rows
        except (OSError, UnicodeError, arrow.ArrowException) as error:
            raise StillpointError(f"{self._path} cannot be read after row {start}: {error}.") from None
        if start == 0:
            raise StillpointError(f"{self._path} has no points.")

    def _block(self, batch: Any, start: int) -> PointBlock:
        plan = self._plan
        series = np.column_stack([_floats(batch.column(self._names[i])) for i in plan.dates.columns]).astype(np.float32)
        if plan.place:
            x, y = (_floats(batch.column(self._names[i])) for i in (plan.place.x, plan.place.y))
        else:
            x, y = _positions(batch.column(self._geometry), self._path, start)
        attributes: Dict[str, np.ndarray] = {}
        for index, attribute in zip(plan.attributes, self.layout.attributes):
            column = batch.column(self._names[index])
            if attribute.kind == "real":
                attributes[attribute.name] = _floats(column)
            elif attribute.kind == "integer":
                missing = column.is_null().to_numpy(zero_copy_only=False)
                whole = column.fill_null(0).to_numpy(zero_copy_only=False).astype(np.int64)
                attributes[attribute.name] = np.ma.MaskedArray(whole, mask=missing) if missing.any() else whole
            else:
                texts = np.empty(len(column), dtype=object)
                texts[:] = [None if value is None else str(value) for value in column.to_pylist()]
                attributes[attribute.name] = texts
        return PointBlock(start, x, y, scaled(plan.dates.merge(series), self.layout.unit), attributes)


def open_parquet(
    path: str, *, layer: Optional[str] = None, unit: str = "auto", crs: Optional[str] = None
) -> ParquetSource:
    """Open a Parquet table; ``layer`` names the prefix of the date columns where there are several kinds.

    Raises
    ------
    StillpointError
        It is damaged, has no dates, no points, or a unit that cannot be right.
    """
    arrow = load_arrow()
    from pyarrow import parquet, types

    try:
        table = parquet.ParquetFile(path)
        schema = table.schema_arrow
        first = next(table.iter_batches(batch_size=_SAMPLE), None)
    except (OSError, UnicodeError, arrow.ArrowException) as error:  # names of columns are decoded by Python
        raise StillpointError(f"{path} cannot be read: {error}. It is damaged or cut off: fetch it again.") from None
    if first is None or not first.num_rows:
        raise StillpointError(f"{path} has no points.")
    geometry, layer_crs = _geometry(schema.metadata or {}, path)
    columns: List[SampleColumn] = []
    names: List[str] = []
    for field in schema:
        binary = types.is_binary(field.type) or types.is_large_binary(field.type)
        if field.name == geometry or binary or types.is_nested(field.type):
            continue
        whole, real = types.is_integer(field.type), types.is_floating(field.type) or types.is_decimal(field.type)
        values = _floats(first.column(field.name)) if whole or real else np.full(first.num_rows, np.nan)
        columns.append(SampleColumn(field.name, "integer" if whole else "real" if real else "text", values))
        names.append(field.name)
    plan = plan_table(
        columns, path, format="Parquet table", family=layer, unit=unit, crs=crs, layer_crs=layer_crs if geometry else None,
        count=table.metadata.num_rows, own_wavelength=own_wavelength(path, names, _texts(table.metadata.metadata or {})),
    )
    text = [names[i] for i in plan.dates.columns if columns[i].kind == "text"]
    if text:
        raise StillpointError(f"The column {text[0]!r} of {path} holds text where numbers are expected.")
    return ParquetSource(path, table, names, replace(plan), geometry)


def _geometry(metadata: Dict[bytes, bytes], path: str) -> Tuple[Optional[str], str]:
    """Return the name of the geometry column, if any, and its CRS."""
    if b"geo" not in metadata:
        return None, ""
    try:
        about = json.loads(metadata[b"geo"])
        name = about["primary_column"]
        column = about["columns"][name]
        encoding = column["encoding"]
    except (ValueError, KeyError, TypeError):
        raise StillpointError(f"{path} is no valid GeoParquet: its metadata 'geo' cannot be read.") from None
    if encoding != "WKB":
        raise StillpointError(f"{path} encodes its geometries as {encoding}; Stillpoint reads WKB.")
    if "crs" not in column:
        return name, "EPSG:4326"  # the standard's default is OGC:CRS84
    return name, user_crs(json.dumps(column["crs"])) if column["crs"] else ""


def _texts(metadata: Dict[bytes, bytes]) -> Dict[str, str]:
    return {key.decode(errors="replace"): value.decode(errors="replace") for key, value in metadata.items()}


def _floats(column: Any) -> np.ndarray:
    arrow = load_arrow()
    return column.cast(arrow.float64(), safe=False).to_numpy(zero_copy_only=False)


def _positions(column: Any, path: str, start: int) -> Tuple[np.ndarray, np.ndarray]:
    """Return x and y of a column of WKB points."""
    x, y = np.full(len(column), np.nan), np.full(len(column), np.nan)
    for row, wkb in enumerate(column.to_pylist()):
        if wkb is None:
            continue
        order = "<" if wkb[:1] == b"\x01" else ">"
        kind = int(np.frombuffer(wkb, dtype=f"{order}u4", count=1, offset=1)[0]) if len(wkb) >= 21 else 0
        if kind % 1000 != 1 or kind > 4000:
            raise StillpointError(f"{path}, row {start + row + 1}: its geometry is no point.")
        x[row], y[row] = np.frombuffer(wkb, dtype=f"{order}f8", count=2, offset=5)
    return x, y
