"""Reads point layers of any vector format of GDAL: a field a date, or Stillpoint's own packed series."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Callable, Dict, Iterator, List, Optional, Sequence, Tuple

import numpy as np
from osgeo import gdal, ogr

from stillpoint.models.errors import StillpointError
from stillpoint.models.points.dates import DateColumns
from stillpoint.models.points.described import own_wavelength
from stillpoint.models.points.formats.cells import MISSING, scaled, unique_names
from stillpoint.models.points.formats.geopackage import TableRows, open_rows, point_of
from stillpoint.models.points.places import crs_text, quiet_gdal, user_crs
from stillpoint.models.points.plan import SampleColumn, TablePlan, attributes_first, plan_table
from stillpoint.models.points.sensors import sensor_of_wavelength
from stillpoint.models.points.table import PointBlock, PointLayout, PointSource

_KINDS = {ogr.OFTInteger: "integer", ogr.OFTInteger64: "integer", ogr.OFTReal: "real"}
_POINTS = (ogr.wkbPoint, ogr.wkbMultiPoint, ogr.wkbUnknown, ogr.wkbGeometryCollection)
_NO_DATA = -9999.0
_SAMPLE = 400
_SERIES = "series"
"""Field of Stillpoint's own layers that holds a packed series: float32, little-endian, mm."""

_Rows = Tuple[List[Sequence[Any]], np.ndarray, np.ndarray]


class VectorSource(PointSource):
    """A point layer; the series are fields, or packed in one."""

    def __init__(
        self, path: str, dataset: gdal.Dataset, layer: ogr.Layer, fields: Sequence[str], plan: TablePlan,
        rows: Optional[TableRows], packed: Optional[int],
    ) -> None:
        self.layout = plan.layout
        self._path = path
        self._dataset = dataset
        self._layer = layer
        self._fields = list(fields)
        self._plan = plan
        self._rows = rows
        self._packed = packed

    def close(self) -> None:
        """Close the file."""
        if self._rows is not None:
            self._rows.close()
        self._layer = None  # type: ignore[assignment]
        self._dataset = None

    def blocks(self, rows: int = 16384) -> Iterator[PointBlock]:
        """Yield the points in order; see :meth:`PointSource.blocks`."""
        start = 0
        reader = self._rows.read(rows) if self._rows is not None else _features(
            self._layer, self._path, rows, self._plan.place is None, self._packed
        )
        for columns, x, y in reader:
            yield self._block(columns, x, y, start)
            start += len(x)
        if start == 0:
            raise StillpointError(f"{self._path} has no points.")

    def _block(self, columns: List[Sequence[Any]], x: np.ndarray, y: np.ndarray, start: int) -> PointBlock:
        plan = self._plan
        if self._packed is not None:
            values = _unpacked(columns[self._packed], len(plan.layout.dates), self._path, start)
        else:
            values = np.empty((len(x), len(plan.dates.columns)), dtype=np.float32)
            for to, index in enumerate(plan.dates.columns):
                values[:, to] = _numbers(columns[index], self._path, self._fields[index], start)
            values[values == _NO_DATA] = np.nan
            values = plan.dates.merge(values)
        if plan.place:
            x, y = (_numbers(columns[i], self._path, self._fields[i], start) for i in (plan.place.x, plan.place.y))
        attributes: Dict[str, np.ndarray] = {}
        for index, attribute in zip(plan.attributes, self.layout.attributes):
            if attribute.kind == "real":
                attributes[attribute.name] = _numbers(columns[index], self._path, attribute.name, start)
            elif attribute.kind == "integer":
                attributes[attribute.name] = _integers(columns[index], self._path, attribute.name, start)
            else:
                attributes[attribute.name] = _texts(columns[index])
        return PointBlock(start, x, y, scaled(values, self.layout.unit), attributes)


def open_vector(
    path: str, *, layer: Optional[str] = None, unit: str = "auto", crs: Optional[str] = None
) -> VectorSource:
    """Open a point layer with a field a date, or one that Stillpoint wrote.

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
        about = f"The layer {source.GetName()!r} of {path}"
        definition = source.GetLayerDefn()
        fields = [definition.GetFieldDefn(i) for i in range(definition.GetFieldCount())]
        names = [field.GetName() for field in fields]
        geometry = ogr.GT_Flatten(source.GetGeomType())
        if geometry not in (*_POINTS, ogr.wkbNone):
            raise StillpointError(f"{about} holds {ogr.GeometryTypeToName(geometry).lower()}s, not points.")
        layer_crs = None if geometry == ogr.wkbNone else crs_text(source.GetSpatialRef())
        count = source.GetFeatureCount()
        packed = _packed_series(source, names)
        rows = open_rows(path, source, names) if dataset.GetDriver().ShortName == "GPKG" else None
        reader = rows.read(_SAMPLE) if rows else _features(source, path, _SAMPLE, layer_crs is not None, packed)
        first = next(reader, None)
        if first is None or not len(first[1]):
            raise StillpointError(f"{about} has no points.")
        binary = {i for i, field in enumerate(fields) if field.GetType() == ogr.OFTBinary}
        columns = [
            SampleColumn(name, _KINDS.get(field.GetType(), "text"), _sample(() if i in binary else first[0][i], len(first[1])))
            for i, (name, field) in enumerate(zip(names, fields))
        ]
        kind = f"{dataset.GetDriver().ShortName} layer"
        if packed is not None:
            where = user_crs(crs) if crs else layer_crs or ""
            plan = _plan_packed(source, path, columns, where, max(count, 0) or None)
        else:
            plan = plan_table(
                columns, path, format=kind, unit=unit, crs=crs, layer_crs=layer_crs, count=count if count > 0 else None,
                own_wavelength=own_wavelength(path, names, source.GetMetadata() or {}),
            )
    keep = [k for k, i in enumerate(plan.attributes) if i not in binary]
    # A shapefile may have two fields of one name.
    titles = unique_names([plan.layout.attributes[k].name for k in keep])
    layout = replace(
        plan.layout, attributes=tuple(replace(plan.layout.attributes[k], name=title) for k, title in zip(keep, titles))
    )
    plan = replace(plan, layout=layout, attributes=tuple(plan.attributes[k] for k in keep))
    return VectorSource(path, dataset, source, names, plan, rows, packed)


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
        listed = ", ".join(repr(layer.GetName()) for layer in candidates)
        raise StillpointError(f"{path} has several layers ({listed}): name the one to read.")
    return candidates[0]


def _packed_series(layer: ogr.Layer, names: Sequence[str]) -> Optional[int]:
    """Return the index of the packed series that Stillpoint writes, or None."""
    return names.index(_SERIES) if _SERIES in names and layer.GetMetadataItem("STILLPOINT_DATES") else None


def _plan_packed(
    layer: ogr.Layer, path: str, columns: Sequence[SampleColumn], crs: str, count: Optional[int]
) -> TablePlan:
    """Return the plan of a layer that Stillpoint wrote: its metadata tells the dates."""
    try:
        dates = np.array(layer.GetMetadataItem("STILLPOINT_DATES").split(","), dtype="datetime64[D]")
    except ValueError:
        dates = np.empty(0, dtype="datetime64[D]")
    if len(dates) < 2 or not (np.diff(dates).astype(int) > 0).all():
        raise StillpointError(f"{path} names no valid dates of its series (STILLPOINT_DATES); open its source instead.")
    try:
        wavelength: Optional[float] = float(layer.GetMetadataItem("STILLPOINT_WAVELENGTH") or "")
    except ValueError:
        wavelength = None
    names = [column.name for column in columns]
    order = attributes_first([i for i, name in enumerate(names) if name != _SERIES], names)
    layout = PointLayout(
        path=path, format="Stillpoint layer", dates=dates, unit="mm", unit_reason="format (Stillpoint)", crs=crs, count=count,
        attributes=tuple(columns[i].attribute for i in order), wavelength=wavelength,
        sensor=sensor_of_wavelength(wavelength) if wavelength else "",
    )
    empty = np.empty(0, dtype=np.int64)
    return TablePlan(layout, DateColumns(dates, empty, None, ("", ""), (), ()), None, tuple(order))


def _unpacked(blobs: Sequence[Optional[bytes]], epochs: int, path: str, start: int) -> np.ndarray:
    values = np.full((len(blobs), epochs), np.nan, dtype=np.float32)
    for row, blob in enumerate(blobs):
        if blob is None:
            continue
        if len(blob) != 4 * epochs:
            raise StillpointError(
                f"{path}, row {start + row + 1}: its series has {len(blob) // 4} values for {epochs} dates; the file was changed."
            )
        values[row] = np.frombuffer(blob, dtype="<f4")
    return values


def _sample(cells: Sequence[Any], count: int) -> np.ndarray:
    values = np.full(count, np.nan)
    for row, cell in enumerate(cells):
        values[row] = _number(cell)[0]
    return values


def _number(cell: Any) -> Tuple[float, bool]:
    """Return the number that ``cell`` holds (NaN where missing) and whether it is fit to be one."""
    if cell is None:
        return float("nan"), True
    try:
        return float(cell), True
    except (TypeError, ValueError):
        pass
    text = str(cell).strip()
    if text in MISSING:
        return float("nan"), True
    try:
        return float(text.replace(",", ".")), True
    except ValueError:
        return float("nan"), False


def _numbers(cells: Sequence[Any], path: str, name: str, start: int) -> np.ndarray:
    """Return ``cells`` as float64, NaN where missing."""
    try:
        if not any(isinstance(cell, str) for cell in cells[:1]):
            return np.array(cells, dtype=np.float64)  # None becomes NaN
    except (TypeError, ValueError):
        pass
    result = np.empty(len(cells), dtype=np.float64)
    for row, cell in enumerate(cells):
        result[row], fit = _number(cell)
        if not fit:
            raise StillpointError(
                f"{path}, row {start + row + 1}, column {name!r}: {cell!r} is no number. "
                "Correct it, or empty the cell where the value is missing."
            )
    return result


def _integers(cells: Sequence[Any], path: str, name: str, start: int) -> np.ndarray:
    missing = np.array([cell is None for cell in cells])
    try:
        whole = np.array([0 if cell is None else int(cell) for cell in cells], dtype=np.int64)
    except (TypeError, ValueError, OverflowError):
        row = next(i for i, cell in enumerate(cells) if cell is not None and not isinstance(cell, int))
        raise StillpointError(f"{path}, row {start + row + 1}, column {name!r}: {cells[row]!r} is no whole number.") from None
    return np.ma.MaskedArray(whole, mask=missing) if missing.any() else whole


def _texts(cells: Sequence[Any]) -> np.ndarray:
    texts = np.empty(len(cells), dtype=object)
    texts[:] = [None if cell is None else str(cell) for cell in cells]
    return texts


def _features(layer: ogr.Layer, path: str, rows: int, geometries: bool, packed: Optional[int]) -> Iterator[_Rows]:
    """Yield the values of each field, x and y, ``rows`` features at a time."""
    layer.ResetReading()
    definition = layer.GetLayerDefn()
    readers = [
        _reader(definition.GetFieldDefn(i).GetType(), i, i == packed) for i in range(definition.GetFieldCount())
    ]
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
                    x[row], y[row] = point_of(feature.GetGeometryRef(), path, done + row)
        if complaints.failures:
            raise StillpointError(f"{path} cannot be read after row {done + len(cells)}: {complaints.failures[0]}.")
        count = len(cells)
        if count:
            yield list(zip(*cells)), x[:count], y[:count]
            done += count
        if count < rows:
            return


def _reader(kind: int, index: int, packed: bool) -> Callable[[ogr.Feature], Any]:
    """Return the function that gets one field of a feature."""
    if kind in _KINDS:
        return lambda feature: feature.GetField(index)
    if kind == ogr.OFTBinary:
        return (lambda feature: bytes(feature.GetFieldAsBinary(index))) if packed else (lambda feature: None)
    if kind in (ogr.OFTDate, ogr.OFTDateTime):
        # FlatGeobuf knows no days without a time.
        return lambda feature: (
            feature.GetFieldAsString(index).replace("/", "-").replace(" 00:00:00", "")
            if feature.IsFieldSetAndNotNull(index)
            else None
        )
    return lambda feature: feature.GetFieldAsString(index) if feature.IsFieldSetAndNotNull(index) else None
