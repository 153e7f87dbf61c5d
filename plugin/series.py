"""Reads the displacement series of the features of any point layer, quickly.

A series is one binary field (float32 little-endian, one value an epoch, mm, NaN where missing) or one
field a date, in any of the ways that products name such columns. Points are found with the provider's
spatial index in a small rectangle around the click, so a layer of a million points answers at once.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Dict, List, Optional, Sequence, Tuple

import numpy as np
from qgis.core import (
    NULL,
    QgsFeature,
    QgsFeatureRequest,
    QgsGeometry,
    QgsPointXY,
    QgsRectangle,
    QgsVectorLayer,
    QgsWkbTypes,
)
from qgis.PyQt.QtCore import QVariant

from stillpoint.models.errors import StillpointError
from stillpoint.models.points.dates import DateColumns, find_dates
from stillpoint.models.trends.classes import FIELDS
from stillpoint.plugin.facts import LayerFacts, facts_of
from stillpoint.plugin.language import tr

SERIES_FIELD = "series"

TO_MM = {"mm": 1.0, "cm": 10.0, "m": 1000.0}

SEARCHED = 20_000
"""Candidates that a click looks at, at most: where a whole city lies under the cursor any of them will do."""

POLYGON_POINTS = 5_000
"""Series that a polygon reads, at most, evenly taken from those inside."""

POLYGON_SEARCHED = 300_000
"""Points that a polygon looks at, at most."""


@dataclass
class PointSeries:
    """One point and its series.

    Attributes
    ----------
    fid
        Feature id in the layer.
    point
        Position in the layer's CRS.
    displacement
        float32, shape (e,), mm, NaN where missing.
    attributes
        The other attributes by name, NULL as None.
    """

    fid: int
    point: QgsPointXY
    displacement: np.ndarray
    attributes: Dict[str, Any] = field(default_factory=dict)


@dataclass
class AreaSeries:
    """The series of the points inside a polygon.

    Attributes
    ----------
    median, mean
        float32, shape (e,), mm; NaN at epochs where no point has a value.
    low, high
        10th and 90th percentile of the points at each epoch, mm.
    count
        Points inside.
    read
        Points whose series were read; fewer than ``count`` where there are very many.
    complete
        False where even the count is a lower bound.
    """

    median: np.ndarray
    mean: np.ndarray
    low: np.ndarray
    high: np.ndarray
    count: int
    read: int
    complete: bool = True


class SeriesReader:
    """Reads series of one point layer. Cheap to make; keeps nothing but where the series are.

    Parameters
    ----------
    layer
        A point layer of any provider.
    facts
        What its file says, where already read.
    unit
        Unit of date columns that are not Stillpoint's own: ``"mm"``, ``"cm"`` or ``"m"``.

    Raises
    ------
    StillpointError
        The layer is no point layer, or has neither a packed series nor date columns.
    """

    def __init__(self, layer: QgsVectorLayer, facts: Optional[LayerFacts] = None, *, unit: str = "mm") -> None:
        if not isinstance(layer, QgsVectorLayer) or layer.geometryType() != QgsWkbTypes.GeometryType.PointGeometry:
            raise StillpointError(tr("{name} is not a point layer: choose one of points.").format(name=layer.name()))
        self.layer = layer
        self.facts = facts_of(layer) if facts is None else facts
        self._scale = 1.0
        self._columns: Optional[DateColumns] = None
        names = [item.name() for item in layer.fields()]
        packed = layer.fields().lookupField(SERIES_FIELD)
        self._packed = packed if packed >= 0 and self.facts.dates is not None else -1
        if self._packed >= 0:
            self.dates = np.asarray(self.facts.dates)
            self._read = [self._packed]
        else:
            self._columns = _columns_or_why(names, layer, packed)
            self.dates = self._columns.dates
            self._read = [int(index) for index in self._columns.columns]
            self._scale = TO_MM[unit]
        skipped = {*self._read, *(self._columns.others if self._columns else ())}
        self._others = [index for index in range(len(names)) if index not in skipped]
        self._names = names
        self.field_count = len(names)

    @property
    def is_classified(self) -> bool:
        """True where the layer carries trend classes."""
        return self.layer.fields().lookupField("trend_code") >= 0

    @property
    def has_own_unit(self) -> bool:
        """True where the series are Stillpoint's own, in mm; else the unit is the user's choice."""
        return self._packed >= 0 or bool(self.facts.provenance)

    def storage(self) -> Tuple[np.ndarray, int, Optional[DateColumns], float]:
        """Return dates, index of the packed field (-1: none), date columns, and their factor to mm."""
        return self.dates, self._packed, self._columns, self._scale

    def series_fields(self) -> List[int]:
        """Return the indices of the fields that hold the series."""
        return list(self._read)

    def nearest(self, point: QgsPointXY, radius: float) -> Optional[PointSeries]:
        """Return the point nearest to ``point`` (layer CRS) within ``radius`` (layer units), or None.

        A small part of the radius is searched first, so that a click on a dense layer touches few features.
        """
        for part in (0.05, 0.25, 1.0):
            fid = self._nearest_id(point, radius * part)
            if fid is not None:
                found = self.by_ids([fid])
                return found[0] if found else None
        return None

    def _nearest_id(self, point: QgsPointXY, radius: float) -> Optional[int]:
        box = QgsRectangle(point.x() - radius, point.y() - radius, point.x() + radius, point.y() + radius)
        request = QgsFeatureRequest(box)
        request.setNoAttributes()
        request.setLimit(SEARCHED)
        best, nearest = None, radius * radius
        for feature in self.layer.getFeatures(request):
            spot = _spot(feature)
            distance = spot.sqrDist(point)
            if distance <= nearest:
                best, nearest = feature.id(), distance
        return best

    def by_ids(self, ids: Sequence[int]) -> List[PointSeries]:
        """Return the series of features by id, in the order asked for; ids that are gone are left out."""
        request = QgsFeatureRequest()
        request.setFilterFids(list(ids))
        found = {feature.id(): self._series(feature) for feature in self.layer.getFeatures(request)}
        return [found[fid] for fid in ids if fid in found]

    def within(self, polygon: QgsGeometry) -> AreaSeries:
        """Return median, mean and spread of the series of the points inside ``polygon`` (layer CRS).

        Raises
        ------
        StillpointError
            No point lies inside.
        """
        ids, complete = self._ids_within(polygon)
        if not ids:
            raise StillpointError(tr("No point of the layer lies inside the polygon."))
        taken = np.unique(np.linspace(0, len(ids) - 1, min(len(ids), POLYGON_POINTS)).round().astype(int))
        chosen = [ids[index] for index in taken]
        request = QgsFeatureRequest()
        request.setFilterFids(chosen)
        request.setFlags(QgsFeatureRequest.Flag.NoGeometry)
        request.setSubsetOfAttributes(self._read)
        rows = [self._displacement(feature) for feature in self.layer.getFeatures(request)]
        matrix = np.vstack(rows)
        low, median, high = _percentiles(matrix)
        counted = np.isfinite(matrix).sum(axis=0)
        mean = np.where(counted > 0, np.nansum(matrix, axis=0) / np.maximum(counted, 1), np.nan).astype(np.float32)
        return AreaSeries(median, mean, low, high, len(ids), len(rows), complete)

    def _ids_within(self, polygon: QgsGeometry) -> Tuple[List[int], bool]:
        engine = QgsGeometry.createGeometryEngine(polygon.constGet())
        engine.prepareGeometry()
        request = QgsFeatureRequest(polygon.boundingBox())
        request.setNoAttributes()
        request.setLimit(POLYGON_SEARCHED)
        ids, searched = [], 0
        for feature in self.layer.getFeatures(request):
            searched += 1
            if engine.contains(feature.geometry().constGet()):
                ids.append(feature.id())
        return ids, searched < POLYGON_SEARCHED

    def _series(self, feature: QgsFeature) -> PointSeries:
        attributes = {self._names[index]: _plain(feature.attribute(index)) for index in self._others}
        return PointSeries(feature.id(), _spot(feature), self._displacement(feature), attributes)

    def _displacement(self, feature: QgsFeature) -> np.ndarray:
        return read_series(feature, self._packed, self._columns, len(self.dates), scale=self._scale)


def read_series(
    feature: QgsFeature, packed: int, columns: Optional[DateColumns], epochs: int, *, scale: float = 1.0
) -> np.ndarray:
    """Return the series of a feature, float32 of shape (e,), mm: the packed field, else the date columns."""
    if packed >= 0 or columns is None:
        return unpack(feature.attribute(packed), epochs)
    values = np.array([[_number(feature.attribute(int(index))) for index in columns.columns]], np.float32)
    return columns.merge(values)[0].astype(np.float32) * np.float32(scale)


def unpack(value: Any, epochs: int) -> np.ndarray:
    """Return a packed series as float32 of length ``epochs``; all NaN where it is missing.

    Raises
    ------
    StillpointError
        The field holds another number of values than there are dates.
    """
    if value is None or value == NULL:
        return np.full(epochs, np.nan, np.float32)
    data = bytes(value)
    if len(data) != 4 * epochs:
        if not data:
            return np.full(epochs, np.nan, np.float32)
        raise StillpointError(
            tr(
                "The field {series_field} holds {data:g} values, but the layer names {epochs} dates: classify the "
                "points again to make the two agree."
            ).format(series_field=SERIES_FIELD, data=len(data) / 4, epochs=epochs)
        )
    return np.frombuffer(data, dtype="<f4").astype(np.float32)


def date_columns(names: Sequence[str], layer: str) -> DateColumns:
    """Return the date columns among ``names``; the fields that a classification adds are none.

    Raises
    ------
    StillpointError
        No column holds a date, or the dated columns hold something else.
    """
    own = set(result_fields())
    try:
        return find_dates(["" if name in own else name for name in names], tr("the layer {layer}").format(layer=layer))
    except StillpointError as error:
        message = str(error)
        raise StillpointError(message[:1].upper() + message[1:]) from None


def _columns_or_why(names: Sequence[str], layer: QgsVectorLayer, packed: int) -> DateColumns:
    """Return the date columns of a layer; where it has a packed series instead, say that its dates are lost."""
    try:
        return date_columns(names, layer.name())
    except StillpointError:
        if packed < 0 or layer.fields().at(packed).type() != QVariant.ByteArray:
            raise
        raise StillpointError(
            tr(
                "The layer {name} has a field {series_field}, but its file does not say the dates "
                "(STILLPOINT_DATES): open the file that Stillpoint wrote rather than a copy of its table."
            ).format(name=layer.name(), series_field=SERIES_FIELD)
        ) from None


def result_fields() -> Tuple[str, ...]:
    """Return the names of the fields that a classification adds."""
    return tuple(column.name for column in FIELDS)


def _spot(feature: QgsFeature) -> QgsPointXY:
    """Return where a point feature lies; the first part of a multipoint."""
    geometry = feature.geometry()
    if geometry.isNull():
        return QgsPointXY(float("nan"), float("nan"))
    return geometry.asMultiPoint()[0] if geometry.isMultipart() else geometry.asPoint()


def _plain(value: Any) -> Any:
    """Return an attribute as plain Python: NULL as None, QDate as ISO text, bytes left out."""
    if value is None or value == NULL:
        return None
    if hasattr(value, "toString") and hasattr(value, "isValid"):
        from qgis.PyQt.QtCore import Qt

        return value.toString(Qt.DateFormat.ISODate)[:10]
    return value


def _number(value: Any) -> float:
    """Return an attribute as a number; NaN where it is none."""
    try:
        return float(value)
    except (TypeError, ValueError):
        return float("nan")


def _percentiles(matrix: np.ndarray) -> Tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return 10th, 50th and 90th percentile of each column, NaN where a column has no value."""
    result = np.full((3, matrix.shape[1]), np.nan, np.float32)
    some = np.isfinite(matrix).any(axis=0)
    if some.any():
        result[:, some] = np.nanpercentile(matrix[:, some], (10, 50, 90), axis=0)
    return result[0], result[1], result[2]
