"""Reads point layers of any vector format of GDAL, with a field a date."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Callable, Dict, Iterator, List, Optional, Sequence, Tuple

import numpy as np
from osgeo import gdal, ogr

from stillpoint.models.errors import StillpointError
from stillpoint.models.points.formats.delimited import _MISSING_SET, scaled
from stillpoint.models.points.places import crs_text, quiet_gdal
from stillpoint.models.points.plan import SampleColumn, TablePlan, plan_table
from stillpoint.models.points.table import PointBlock, PointSource

_KINDS = {ogr.OFTInteger: "integer", ogr.OFTInteger64: "integer", ogr.OFTReal: "real"}
_POINTS = (ogr.wkbPoint, ogr.wkbMultiPoint, ogr.wkbUnknown, ogr.wkbGeometryCollection)
_NO_DATA = -9999.0
_SAMPLE = 400

_Columns = List[Any]
"""One array a field: float64, int64 (masked where missing) or object."""


class VectorSource(PointSource):
    """A point layer with a field a date."""

    def __init__(self, path: str, dataset: gdal.Dataset, layer: ogr.Layer, fields: Sequence[str], plan: TablePlan) -> None:
        self.layout = plan.layout
        self._path = path
        self._dataset = dataset
        self._layer = layer
        self._fields = list(fields)
        self._plan = plan

    def estimated_count(self) -> Optional[int]:
        """Return the number of points, if known."""
        return self.layout.count

    def close(self) -> None:
        """Close the file."""
        self._layer = None  # type: ignore[assignment]
        self._dataset = None  # type: ignore[assignment]

    def blocks(self, rows: int = 16384) -> Iterator[PointBlock]:
        """Yield the points in order; see :meth:`PointSource.blocks`."""
        start = 0
        for columns, x, y, count in _read(self._layer, self._path, self._fields, rows, self._plan.place is None):
            yield self._block(columns, x, y, count, start)
            start += count
        if start == 0:
            raise StillpointError(f"{self._path} has no points.")

    def _block(self, columns: _Columns, x: np.ndarray, y: np.ndarray, count: int, start: int) -> PointBlock:
        values = np.empty((count, len(self._plan.dates.columns)), dtype=np.float32)
        for to, index in enumerate(self._plan.dates.columns):
            values[:, to] = _numbers(columns[index], self._path, self._fields[index], start)
        values[values == _NO_DATA] = np.nan
        place = self._plan.place
        if place:
            x = _numbers(columns[place.x], self._path, self._fields[place.x], start)
            y = _numbers(columns[place.y], self._path, self._fields[place.y], start)
        attributes: Dict[str, np.ndarray] = {}
        for index, attribute in zip(self._plan.attributes, self.layout.attributes):
            column = columns[index]
            attributes[attribute.name] = _numbers(column, self._path, attribute.name, start) if attribute.kind == "real" else column
        return PointBlock(start, x, y, scaled(self._plan.dates.merge(values), self.layout.unit), attributes)


def open_vector(
    path: str, *, layer: Optional[str] = None, unit: str = "auto", crs: Optional[str] = None
) -> VectorSource:
    """Open a point layer with a field a date.

    Raises
    ------
    StillpointError
        GDAL cannot read it, the layer is missing or one of several, it has no points or no dates.
    """
    with quiet_gdal() as complaints:
        try:
            dataset = gdal.OpenEx(path, gdal.OF_VECTOR | gdal.OF_READONLY)
        except RuntimeError as error:
            dataset, complaints.failures = None, [str(error)]
        if dataset is None:
            why = f" ({complaints.failures[0]})" if complaints.failures else ""
            raise StillpointError(
                f"{path} cannot be read{why}. It is damaged, or no format of points that Stillpoint or GDAL knows."
            )
        source = _choose_layer(path, dataset, layer)
        definition = source.GetLayerDefn()
        fields = [definition.GetFieldDefn(i) for i in range(definition.GetFieldCount())]
        names = [field.GetName() for field in fields]
        geometry = ogr.GT_Flatten(source.GetGeomType())
        if geometry not in (*_POINTS, ogr.wkbNone):
            raise StillpointError(
                f"The layer {source.GetName()!r} of {path} holds {ogr.GeometryTypeToName(geometry).lower()}s, not points."
            )
        layer_crs = None if geometry == ogr.wkbNone else crs_text(source.GetSpatialRef())
        count = source.GetFeatureCount()
        if count == 0:
            raise StillpointError(f"The layer {source.GetName()!r} of {path} has no points.")
        kinds = [_KINDS.get(field.GetType(), "text") if field.GetSubType() != ogr.OFSTBoolean else "integer" for field in fields]
        first = next(_read(source, path, names, _SAMPLE, layer_crs is not None), None)
        if first is None:
            raise StillpointError(f"The layer {source.GetName()!r} of {path} has no points.")
        sample = [_sample(column) for column in first[0]]
    columns = [SampleColumn(name, kind, values) for name, kind, values in zip(names, kinds, sample)]
    plan = plan_table(
        columns, path, format=f"{dataset.GetDriver().GetDescription()} layer", unit=unit, crs=crs, layer_crs=layer_crs,
        count=count if count > 0 else None,
    )
    binary = {i for i, field in enumerate(fields) if field.GetType() == ogr.OFTBinary}
    keep = [k for k, i in enumerate(plan.attributes) if i not in binary]
    layout = replace(plan.layout, attributes=tuple(plan.layout.attributes[k] for k in keep))
    plan = replace(plan, layout=layout, attributes=tuple(plan.attributes[k] for k in keep))
    return VectorSource(path, dataset, source, names, plan)


def _choose_layer(path: str, dataset: gdal.Dataset, wanted: Optional[str]) -> ogr.Layer:
    layers = [dataset.GetLayer(i) for i in range(dataset.GetLayerCount())]
    names = [layer.GetName() for layer in layers]
    if not layers:
        raise StillpointError(f"{path} has no vector layers.")
    if wanted is not None:
        for layer, name in zip(layers, names):
            if name == wanted:
                return layer
        raise StillpointError(f"{path} has no layer {wanted!r}; it has {', '.join(map(repr, names))}.")
    points = [layer for layer in layers if ogr.GT_Flatten(layer.GetGeomType()) in _POINTS]
    candidates = points or layers
    if len(candidates) > 1:
        raise StillpointError(
            f"{path} has several layers ({', '.join(repr(layer.GetName()) for layer in candidates)}): name the one to read."
        )
    return candidates[0]


def _sample(column: Any) -> np.ndarray:
    if getattr(column, "dtype", None) == object:
        return np.array([_text_number(cell)[0] for cell in column], dtype=np.float64)
    return np.ma.filled(np.ma.asarray(column).astype(np.float64), np.nan)


def _text_number(cell: Any) -> Tuple[float, bool]:
    """Return the number that ``cell`` holds (NaN where missing) and whether it is fit to be one."""
    if cell is None or (isinstance(cell, str) and cell.strip() in _MISSING_SET):
        return float("nan"), True
    try:
        return float(cell), True
    except (TypeError, ValueError):
        pass
    try:
        return float(str(cell).replace(",", ".")), True
    except ValueError:
        return float("nan"), False


def _numbers(column: Any, path: str, name: str, start: int) -> np.ndarray:
    """Return ``column`` as float64, NaN where missing."""
    if column.dtype != object:
        return np.ma.filled(np.ma.asarray(column).astype(np.float64), np.nan)
    result = np.empty(len(column), dtype=np.float64)
    for row, cell in enumerate(column):
        result[row], fit = _text_number(cell)
        if not fit:
            raise StillpointError(
                f"{path}, row {start + row + 1}, column {name!r}: {cell!r} is no number. "
                "Correct it, or empty the cell where the value is missing."
            )
    return result


def _read(
    layer: ogr.Layer, path: str, names: Sequence[str], rows: int, geometries: bool
) -> Iterator[Tuple[_Columns, np.ndarray, np.ndarray, int]]:
    """Yield the columns of ``rows`` features at a time, with x and y of their points."""
    layer.ResetReading()
    definition = layer.GetLayerDefn()
    readers = [_field_reader(definition.GetFieldDefn(i).GetType(), i) for i in range(len(names))]
    done = 0
    while True:
        x, y = np.full(rows, np.nan), np.full(rows, np.nan)
        cells: List[List[Any]] = []
        with quiet_gdal() as complaints:
            for row in range(rows):
                feature = layer.GetNextFeature()
                if feature is None:
                    break
                cells.append([read(feature) for read in readers])
                if geometries:
                    x[row], y[row] = _position(feature, path, done + row)
        if complaints.failures:
            raise StillpointError(f"{path} cannot be read after row {done + len(cells)}: {complaints.failures[0]}.")
        if not cells:
            return
        count = len(cells)
        yield [_column(values, reader_kind) for values, reader_kind in zip(zip(*cells), _kinds(definition))], x[:count], y[:count], count
        done += count
        if count < rows:
            return


def _kinds(definition: ogr.FeatureDefn) -> List[str]:
    return [_KINDS.get(definition.GetFieldDefn(i).GetType(), "text") for i in range(definition.GetFieldCount())]


def _column(values: Sequence[Any], kind: str) -> np.ndarray:
    if kind == "text":
        column = np.empty(len(values), dtype=object)
        column[:] = values
        return column
    if kind == "real":
        return np.array([np.nan if value is None else value for value in values], dtype=np.float64)
    if None in values:
        missing = np.array([value is None for value in values])
        return np.ma.MaskedArray(np.array([0 if value is None else value for value in values], dtype=np.int64), mask=missing)
    return np.array(values, dtype=np.int64)


def _field_reader(kind: int, index: int) -> Callable[[ogr.Feature], Any]:
    if kind in (ogr.OFTReal, ogr.OFTInteger, ogr.OFTInteger64):
        return lambda feature: feature.GetField(index)
    if kind == ogr.OFTBinary:
        return lambda feature: None
    if kind == ogr.OFTDate:
        return lambda feature: feature.GetFieldAsString(index).replace("/", "-") if feature.IsFieldSetAndNotNull(index) else None
    return lambda feature: feature.GetFieldAsString(index) if feature.IsFieldSetAndNotNull(index) else None


def _position(feature: ogr.Feature, path: str, row: int) -> Tuple[float, float]:
    geometry = feature.GetGeometryRef()
    if geometry is None or geometry.IsEmpty():
        return float("nan"), float("nan")
    kind = ogr.GT_Flatten(geometry.GetGeometryType())
    if kind == ogr.wkbMultiPoint and geometry.GetGeometryCount() == 1:
        geometry, kind = geometry.GetGeometryRef(0), ogr.wkbPoint
    if kind != ogr.wkbPoint:
        raise StillpointError(
            f"{path}, row {row + 1}: its geometry is a {geometry.GetGeometryName().lower()}, not one point."
        )
    return geometry.GetX(), geometry.GetY()
