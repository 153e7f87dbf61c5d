"""What can be reviewed in a project: classified points and probabilities of PS, read in the background.

Points of a file are read in columns where GDAL can (3.6 and later: a million in a second); those of other providers, of
filtered layers and of layers that are being edited one by one, as QGIS shows them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Callable, List, Mapping, Optional, Sequence, Tuple

import numpy as np
from osgeo import gdal, ogr
from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsFeatureRequest,
    QgsMapLayer,
    QgsProject,
    QgsRasterLayer,
    QgsVectorLayer,
    QgsVectorLayerFeatureSource,
    QgsWkbTypes,
)

from stillpoint.models.errors import Cancelled, StillpointError
from stillpoint.models.trends.classes import NAMES
from stillpoint.plugin import facts, scatterers, stacks
from stillpoint.plugin.language import tr
from stillpoint.plugin.review import FEATURE, ID_FIELDS
from stillpoint.plugin.review_queue import CELLS, NONE, PIXELS, POINTS, Items, nearest_pixels, point_items

Report = Callable[[float, str], None]

PROBABILITIES = tuple(f"p_{code}" for code in range(len(NAMES)))

EACH = 40
"""Pixels that every tile of a probability offers, nearest to the threshold."""

DRAWN = 40
"""Pixels that every tile offers where they are drawn at random."""

_STEP = 20_000
"""Features between two reports."""


@dataclass(frozen=True)
class Source:
    """Something to review; made on the main thread.

    Attributes
    ----------
    kind
        Points or pixels.
    name
        For people.
    layer_id
        Of the layer.
    id_field
        Field with the identifiers of points.
    crs
        Of the items.
    read
        Returns the items; takes a report of progress, a question whether to stop, and whether pixels are drawn at random.
        May be called in any thread. Raises StillpointError and Cancelled.
    stack
        Stack that pixels belong to; empty where it is not known.
    threshold
        Of the probability.
    """

    kind: str
    name: str
    layer_id: str
    id_field: str
    crs: QgsCoordinateReferenceSystem
    read: Callable[[Report, Callable[[], bool], bool], Items]
    stack: str = ""
    threshold: float = 0.5
    first_fid: int = 1
    """Feature id of the first point: identifiers of points without any are their numbers, which begin with 1."""

    def key_of(self, fid: int, attributes: Mapping[str, Any]) -> str:
        """Return the key of a point."""
        return str(fid - self.first_fid + 1) if self.id_field == FEATURE else _text(attributes.get(self.id_field))

    @property
    def crs_text(self) -> str:
        """The coordinates as label files name them; empty where there are none."""
        return str(self.crs.authid() or self.crs.toWkt()) if self.crs.isValid() else ""


def reviewable(project: Optional[QgsProject] = None, leaving: Sequence[str] = ()) -> List[QgsMapLayer]:
    """Return the layers that can be reviewed: classified points and probabilities of PS, in the order of the layer tree."""
    project = QgsProject.instance() if project is None else project
    ordered = [node.layer() for node in project.layerTreeRoot().findLayers()]
    ordered += [layer for layer in project.mapLayers().values() if layer not in ordered]
    return [layer for layer in ordered if layer is not None and layer.id() not in leaving and kind_of(layer)]


def kind_of(layer: Any) -> str:
    """Return what a layer's review is of, points or pixels; empty where it cannot be reviewed."""
    if isinstance(layer, QgsVectorLayer) and layer.isValid():
        is_points = layer.geometryType() == QgsWkbTypes.GeometryType.PointGeometry
        names = layer.fields()
        # A file of labels has codes, too, but nothing to be unsure of.
        return POINTS if is_points and names.lookupField("trend_code") >= 0 and names.lookupField("reviewed") < 0 else ""
    if isinstance(layer, QgsRasterLayer) and layer.isValid() and scatterers.role_of(layer) == scatterers.PROBABILITY:
        return PIXELS
    return ""


def source_of(layer: QgsMapLayer) -> Source:
    """Return what there is to review in a layer.

    Raises
    ------
    StillpointError
        There is nothing.
    """
    kind = kind_of(layer)
    if kind == POINTS:
        return _points(layer)
    if kind == PIXELS:
        return _pixels(layer)
    raise StillpointError(
        tr(
            "{name} has nothing to review. Choose points that Classify Trends has classified, or a PS probability."
        ).format(name=layer.name())
    )


# Points


@dataclass(frozen=True)
class _Fields:
    """Which fields say what: indices, -1 or an empty list where there is none."""

    ids: Tuple[int, ...]
    code: int
    confidence: int
    probabilities: Tuple[int, ...]


def _points(layer: QgsVectorLayer) -> Source:
    fields = layer.fields()
    names = [field.name() for field in fields]
    by_lower = {name.lower(): index for index, name in reversed(list(enumerate(names)))}
    ids = tuple(by_lower[name] for name in ID_FIELDS if name in by_lower)
    places = tuple(fields.lookupField(name) for name in PROBABILITIES)
    wanted = _Fields(ids, fields.lookupField("trend_code"), fields.lookupField("confidence"), places if min(places) >= 0 else ())
    path, table = facts.source_of(layer)
    is_plain = layer.providerType() == "ogr" and not layer.isEditable() and not layer.subsetString()
    source = QgsVectorLayerFeatureSource(layer)
    count = max(layer.featureCount(), 1)
    id_field = unique_field(layer, ids)
    first = first_fid(layer)

    def read(report: Report, cancelled: Callable[[], bool], _: bool) -> Items:
        found = None
        if path and is_plain and hasattr(ogr.Layer, "GetArrowStreamAsNumPy"):
            found = _in_columns(path, table, [names[index] for index in _indices(wanted)], wanted, names, id_field, first)
        if found is None:
            found = _one_by_one(source, wanted, names, id_field, first, count, report, cancelled)
        if not len(found):
            raise StillpointError(tr("The layer has no points that could be reviewed; a filter may leave none."))
        return found

    return Source(POINTS, layer.name(), layer.id(), id_field, layer.crs(), read, first_fid=first)


def unique_field(layer: QgsVectorLayer, candidates: Sequence[int]) -> str:
    """Return the first of some fields whose values name the points one by one; ``"feature"`` where none does.

    A sample is looked at: whole layers would take long.
    """
    request = QgsFeatureRequest()
    request.setFlags(QgsFeatureRequest.Flag.NoGeometry)
    request.setSubsetOfAttributes(list(candidates))
    request.setLimit(2000)
    rows = [feature.attributes() for feature in layer.getFeatures(request)] if candidates else []
    for index in candidates:
        values = [row[index] for row in rows]
        texts = [_text(value) for value in values]
        if all(texts) and len(set(texts)) == len(texts):
            return str(layer.fields().at(index).name())
    return FEATURE


def first_fid(layer: QgsVectorLayer) -> int:
    """Return the feature id that the first point of a layer's file has: some formats count from 0, some from 1."""
    known = {"GPKG": 1, "CSV": 1, "SQLite": 1, "ESRI Shapefile": 0, "FlatGeobuf": 0, "GeoJSON": 0}
    if layer.storageType() in known:
        return known[layer.storageType()]
    request = QgsFeatureRequest()
    request.setFlags(QgsFeatureRequest.Flag.NoGeometry)
    request.setNoAttributes()
    request.setLimit(1)
    return next((int(feature.id()) for feature in layer.getFeatures(request)), 1)


def _indices(fields: _Fields) -> List[int]:
    found = [*fields.ids, fields.code, fields.confidence, *fields.probabilities]
    return [index for index in found if index >= 0]


def _in_columns(
    path: str, table: str, columns: Sequence[str], fields: _Fields, names: Sequence[str], id_field: str, first: int
) -> Optional[Items]:
    """Read points through GDAL's columns; None where the file or GDAL does not give them in a plain form."""
    gdal.PushErrorHandler("CPLQuietErrorHandler")
    try:
        source = gdal.OpenEx(path, gdal.OF_VECTOR | gdal.OF_READONLY)
        layer = None if source is None else (source.GetLayerByName(table) if table else source.GetLayer(0))
        if layer is None or ogr.GT_Flatten(layer.GetGeomType()) != ogr.wkbPoint:
            return None
        definition = layer.GetLayerDefn()
        own = [definition.GetFieldDefn(index).GetName() for index in range(definition.GetFieldCount())]
        if not set(columns) - {"fid"} <= set(own):
            return None
        layer.SetIgnoredFields([name for name in own if name not in columns])
        geometry = layer.GetGeometryColumn() or "wkb_geometry"
        fid = layer.GetFIDColumn() or "OGC_FID"
        parts = [dict(batch) for batch in layer.GetArrowStreamAsNumPy()]
    except (RuntimeError, AttributeError, ImportError, TypeError, ValueError):
        return None
    finally:
        gdal.PopErrorHandler()
    if not parts or not {geometry, fid} <= set(parts[0]):
        return None
    places = [_coordinates(part[geometry]) for part in parts]
    if any(place is None for place in places):
        return None
    both = np.concatenate([place for place in places if place is not None])
    fids = np.concatenate([part[fid] for part in parts]).astype(np.int64)

    def column(name: str) -> np.ndarray:
        values = [np.ma.filled(np.ma.asarray(part[name]).astype(np.float32), np.nan) for part in parts]
        return np.concatenate(values)

    try:
        codes = np.nan_to_num(column(names[fields.code]), nan=NONE).astype(np.int8)
        sure = column(names[fields.confidence]) if fields.confidence >= 0 else None
        shares = np.column_stack([column(names[index]) for index in fields.probabilities]) if fields.probabilities else None
        keys = fids - first + 1 if id_field in (FEATURE, fid) else np.concatenate([np.ma.filled(part[id_field]) for part in parts])
    except (ValueError, KeyError, TypeError):  # numbers as text, as in a CSV without types
        return None
    if keys.dtype.kind not in "SOiuU":
        return None
    return point_items(keys, both[:, 0], both[:, 1], codes, probabilities=shares, confidence=sure, fids=fids)  # type: ignore[arg-type]


def _coordinates(geometry: np.ndarray) -> Optional[np.ndarray]:
    """Return x and y of points in well-known binary, float64 (n, 2); None where they are no plain points."""
    if geometry.dtype.kind == "O":
        if not all(isinstance(value, bytes) and len(value) >= 21 for value in geometry):
            return None
        joined = np.frombuffer(b"".join(value[:21] for value in geometry), np.uint8).reshape(-1, 21)
    elif geometry.dtype.itemsize >= 21:
        joined = np.ascontiguousarray(geometry).view(np.uint8).reshape(len(geometry), -1)[:, :21]
    else:
        return None
    kind = np.ascontiguousarray(joined[:, 1:5]).view("<u4")[:, 0]
    if not (joined[:, 0] == 1).all() or not np.isin(kind, (1, 1001, 0x80000001)).all():
        return None
    return np.ascontiguousarray(joined[:, 5:21]).view("<f8").reshape(-1, 2)


def _one_by_one(
    source: Any, fields: _Fields, names: Sequence[str], id_field: str, first: int, count: int, report: Report,
    cancelled: Callable[[], bool],
) -> Items:
    """Read points as QGIS shows them."""
    request = QgsFeatureRequest()
    request.setSubsetOfAttributes(_indices(fields))
    key = names.index(id_field) if id_field in names else -1
    keys: List[str] = []
    numbers: List[Tuple[float, ...]] = []
    fids: List[int] = []
    iterator = source.getFeatures(request)
    for index, feature in enumerate(iterator):
        if index % _STEP == 0:
            if cancelled():
                raise Cancelled(tr("The review was left."))
            report(min(index / count, 1.0), tr("Reading points: {index:,} of {count:,}").format(index=index, count=count))
        geometry = feature.geometry()
        if geometry.isNull():
            continue
        at = geometry.asMultiPoint()[0] if geometry.isMultipart() else geometry.asPoint()
        values = feature.attributes()
        fids.append(feature.id())
        keys.append(str(feature.id() - first + 1) if key < 0 else _text(values[key]))
        numbers.append((
            at.x(), at.y(), _number(values[fields.code]), _number(values[fields.confidence]) if fields.confidence >= 0 else np.nan,
            *(_number(values[place]) for place in fields.probabilities),
        ))  # fmt: skip
    if not numbers:
        return point_items([], np.zeros(0), np.zeros(0), np.zeros(0), fids=np.zeros(0, np.int64))
    table = np.array(numbers, float)
    codes = np.nan_to_num(table[:, 2], nan=NONE).astype(np.int8)
    return point_items(
        keys, table[:, 0], table[:, 1], codes, probabilities=table[:, 4:] if fields.probabilities else None,
        confidence=table[:, 3], fids=np.array(fids, np.int64),
    )  # fmt: skip


def _number(value: Any) -> float:
    try:
        return float(value)
    except (TypeError, ValueError):
        return float("nan")


def _text(value: Any) -> str:
    """Return an identifier as text; empty where there is none. Numbers of a kind without integers lose their ".0"."""
    if value is None or (hasattr(value, "isNull") and value.isNull()):
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


# Pixels


def _pixels(layer: QgsRasterLayer) -> Source:
    path, threshold = stacks.path_of(layer), scatterers.threshold_of(layer)

    def read(report: Report, cancelled: Callable[[], bool], at_random: bool) -> Items:
        return pixel_items(path, threshold, at_random=at_random, report=report, cancelled=cancelled)

    return Source(
        PIXELS, scatterers.title_of(layer), layer.id(), "", layer.crs(), read, stack=stack_of(layer), threshold=threshold
    )


def stack_of(layer: QgsRasterLayer) -> str:
    """Return the stack that a probability was made from: the one that it names, else one of the project on the same grid."""
    from pathlib import Path

    named = str(layer.customProperty(scatterers.STACK, "") or "")
    if named and Path(named).exists():
        return named
    own = _grid(layer)
    for other in QgsProject.instance().mapLayers().values():
        if isinstance(other, QgsRasterLayer) and other.bandCount() > 1 and not stacks.is_view(other) and _grid(other) == own:
            path = stacks.path_of(other)
            try:
                if path and stacks.facts_of(path).is_stack:
                    return path
            except StillpointError:
                continue
    return ""


def _grid(layer: QgsRasterLayer) -> Tuple[int, int, str]:
    return layer.width(), layer.height(), str(layer.extent().toString(3))


def pixel_items(
    path: str,
    threshold: float,
    *,
    at_random: bool = False,
    report: Report = lambda fraction, message: None,
    cancelled: Callable[[], bool] = lambda: False,
    seed: int = 0,
) -> Items:
    """Return pixels of a probability that are worth a look: of every tile those nearest to the threshold, or some at random.

    Memory depends on the tile. Raises StillpointError where the raster cannot be read or has no data.
    """
    source = stacks.opened(path)
    rows, columns = source.RasterYSize, source.RasterXSize
    forward = source.GetGeoTransform(can_return_null=True) or stacks.NOT_PLACED
    band = source.GetRasterBand(1)
    gap = band.GetNoDataValue()
    side = max(16, round((rows * columns / CELLS) ** 0.5))
    generator = np.random.default_rng(seed)
    found: List[Tuple[int, int, float]] = []
    for top in range(0, rows, side):
        if cancelled():
            raise Cancelled(tr("The review was left."))
        report(top / rows, tr("Reading pixels: row {top:,} of {rows:,}").format(top=top, rows=rows))
        height = min(side, rows - top)
        raw = band.ReadRaster(0, top, columns, height, buf_type=gdal.GDT_Float32)
        if raw is None:
            raise StillpointError(tr(
                "{path} cannot be read at row {top}: the file is damaged or truncated."
            ).format(path=path, top=top))
        strip = np.frombuffer(raw, np.float32).reshape(height, columns).copy()
        if gap is not None and np.isfinite(gap):
            strip[strip == np.float32(gap)] = np.nan
        for left in range(0, columns, side):
            tile = strip[:, left : left + side]
            if at_random:
                here = np.flatnonzero(np.isfinite(tile.ravel()))
                for place in generator.permutation(here)[:DRAWN]:
                    down, right = divmod(int(place), tile.shape[1])
                    found.append((down + top, right + left, float(tile[down, right])))
            else:
                found += nearest_pixels(tile, threshold, each=EACH, first_row=top, first_column=left)
    if not found:
        raise StillpointError(tr("{path} has no pixel with a probability, so there is nothing to review.").format(path=path))
    row, column, probability = np.array(found).T
    middle_x, middle_y = column + 0.5, row + 0.5
    x = forward[0] + forward[1] * middle_x + forward[2] * middle_y
    y = forward[3] + forward[4] * middle_x + forward[5] * middle_y
    chosen = probability.astype(np.float32) >= np.float32(threshold)
    away = np.abs(probability - threshold) / np.where(chosen, max(1 - threshold, 1e-6), max(threshold, 1e-6))
    keys = np.array([f"{down},{right}" for down, right, _ in found], object)
    return Items(
        PIXELS, keys, x, y, chosen.astype(np.int8), probability.astype(np.float32), away.astype(np.float32), None
    )


def place_of(key: str) -> Tuple[int, int]:
    """Return row and column of a pixel's key."""
    row, _, column = key.partition(",")
    return int(row), int(column)


def attributes_item(attributes: Mapping[str, Any]) -> Tuple[int, float]:
    """Return the class code (``NONE`` where there is none) and the confidence that a point's attributes say."""
    code = _number(attributes.get("trend_code"))
    return (int(code) if code == code and 0 <= code < len(NAMES) else NONE), _number(attributes.get("confidence"))
