"""Layers of displacement series with a velocity: styled by it, with a legend in mm/yr, names with units, map tip and time."""

from __future__ import annotations

from typing import Any, Dict, List, Optional, Tuple

import numpy as np
from qgis.core import (
    Qgis,
    QgsDateTimeRange,
    QgsFeatureRequest,
    QgsLayerMetadata,
    QgsMapLayer,
    QgsProject,
    QgsVectorLayer,
    QgsWkbTypes,
)
from qgis.PyQt.QtCore import QDate, QDateTime, QTime

from stillpoint.models.errors import StillpointError
from stillpoint.models.jobs import CombineGeometries, Job, Result
from stillpoint.models.points.dates import find_dates
from stillpoint.plugin.facts import facts_of
from stillpoint.plugin.styles.velocity import DIRECTIONS, EAST, PROPERTY, SIGHT, UNIT, UP, renderer, step_of

FIELD, ERROR = "velocity", "vel_std"
_SAMPLE = 100_000

ALIASES: Dict[str, str] = {
    ERROR: "Velocity, standard error (mm/yr)",
    "height_err": "Height error (m)",
    "coherence": "Temporal coherence (0 to 1)",
    "rmse": "Departure from a straight line, RMS (mm)",
    "std": "Displacement, standard error (mm)",
    "epochs": "Dates with a value",
    "north": "Brought by 1 mm of motion to the north (mm)",
    "cond": "Condition number of the lines of sight",
    "misfit": "Left by up and east, RMS (mm)",
    "n_1": "Ascending points",
    "n_2": "Descending points",
    "n_3": "Points of the third track",
    "row": "Row in the stack",
    "col": "Column in the stack",
}
"""What a field is called in forms and tables, with its unit."""

MAP_TIP = """
<div style="font-family:sans-serif;font-size:9pt;min-width:150px">
<b style="font-size:10pt">[% if("velocity" IS NULL, 'No velocity', format_number("velocity", 1) || ' mm/yr'
   || if("vel_std" IS NULL, '', ' &plusmn; ' || format_number("vel_std", 1))) %]</b><br>
{title}
{more}
</div>
"""
_TIPS = {
    "height_err": "Height error {value} m", "coherence": "Temporal coherence {value}", "rmse": "Departure from a line {value} mm",
}  # fmt: skip


def is_velocity_layer(layer: QgsMapLayer) -> bool:
    """Tell whether ``layer`` holds points with a velocity and its standard error, and no trend classes."""
    if not isinstance(layer, QgsVectorLayer) or layer.geometryType() != QgsWkbTypes.GeometryType.PointGeometry:
        return False
    fields = layer.fields()
    return (
        fields.lookupField("trend_code") < 0
        and all(fields.lookupField(name) >= 0 and fields.at(fields.lookupField(name)).isNumeric() for name in (FIELD, ERROR))
    )  # fmt: skip


def direction_of(layer: QgsVectorLayer) -> str:
    """Return the direction of a layer's velocity: what was noted in the layer, else what its fields and file tell."""
    known = str(layer.customProperty(PROPERTY) or "")
    if known in DIRECTIONS:
        return known
    told = str(facts_of(layer).provenance.get("direction") or "")
    return told if told in DIRECTIONS else SIGHT


def style_velocity_layer(layer: QgsVectorLayer, *, direction: str = "") -> bool:
    """Give a layer its symbols, legend, names, map tip, time and description; return False where it holds no velocity.

    Parameters
    ----------
    layer
        The layer.
    direction
        ``"sight"``, ``"up"`` or ``"east"``; found out where empty.
    """
    if not is_velocity_layer(layer):
        return False
    direction = direction or direction_of(layer)
    layer.setCustomProperty(PROPERTY, direction)
    layer.setRenderer(renderer(FIELD, step_of(_velocities(layer)), direction))
    _name_fields(layer, direction)
    dates = dates_of(layer)
    _set_time(layer, dates)
    _describe(layer, direction, dates)
    layer.triggerRepaint()
    return True


def _velocities(layer: QgsVectorLayer) -> np.ndarray:
    """Return the velocities of a sample of the layer."""
    index = layer.fields().lookupField(FIELD)
    request = QgsFeatureRequest()
    request.setFlags(QgsFeatureRequest.Flag.NoGeometry)
    request.setSubsetOfAttributes([index])
    request.setLimit(_SAMPLE)
    found = []
    for feature in layer.getFeatures(request):
        value = feature.attribute(index)
        if isinstance(value, (int, float)):
            found.append(float(value))
    return np.asarray(found, np.float64)


def _name_fields(layer: QgsVectorLayer, direction: str) -> None:
    fields = layer.fields()
    for name, alias in {**ALIASES, FIELD: f"{DIRECTIONS[direction].title} ({UNIT})"}.items():
        index = fields.lookupField(name)
        if index >= 0:
            layer.setFieldAlias(index, alias)
    tips = [
        f"[% if(\"{name}\" IS NULL, '', '<br>" + text.format(value=f"' || format_number(\"{name}\", 2) || '") + "') %]"
        for name, text in _TIPS.items()
        if fields.lookupField(name) >= 0
    ]
    layer.setMapTipTemplate(MAP_TIP.format(title=DIRECTIONS[direction].title, more="\n".join(tips)))


def dates_of(layer: QgsVectorLayer) -> Tuple[str, ...]:
    """Return the dates of a layer's series as ISO texts; empty where it has none."""
    known = facts_of(layer).dates
    if known is None or not len(known):
        try:
            known = find_dates([field.name() for field in layer.fields()], layer.name()).dates
        except StillpointError:
            return ()
    return tuple(str(day) for day in known)


def _set_time(layer: QgsVectorLayer, dates: Tuple[str, ...]) -> None:
    """Let the temporal controller know the span of the series."""
    if not dates:
        return
    ends = [QDateTime(QDate.fromString(day, "yyyy-MM-dd"), QTime(0, 0)) for day in (dates[0], dates[-1])]
    properties = layer.temporalProperties()
    properties.setMode(Qgis.VectorTemporalMode.FixedTemporalRange)
    properties.setFixedTemporalRange(QgsDateTimeRange(ends[0], ends[1]))
    properties.setIsActive(True)


def _describe(layer: QgsVectorLayer, direction: str, dates: Tuple[str, ...]) -> None:
    """Write what the layer holds into its metadata."""
    about = DIRECTIONS[direction]
    count = f"{layer.featureCount():,}"
    sentences = [f"{about.title} of {count} points in {UNIT}, positive {about.positive}, with displacement series."]
    if dates:
        sentences.append(f"{len(dates)} dates from {dates[0]} to {dates[-1]}; displacements in mm.")
    if direction != SIGHT:
        sentences.append("From several lines of sight, with motion to the north taken for 0.")
    metadata = QgsLayerMetadata(layer.metadata())
    metadata.setTitle(f"{about.title}: {layer.name()}")
    metadata.setType("dataset")
    metadata.setAbstract(" ".join(sentences))
    metadata.setKeywords({"Stillpoint": ["InSAR", "ground motion", "displacement series"]})
    metadata.setCrs(layer.crs())
    layer.setMetadata(metadata)


def add_combined_layers(
    result: Result, job: CombineGeometries, *, project: Optional[QgsProject] = None, iface: Any = None
) -> List[QgsMapLayer]:
    """Add the two files of a combination to the project, vertical above east-west.

    Raises
    ------
    StillpointError
        A file that the job wrote cannot be opened as a layer.
    """
    return _added(result, job, {"output": UP, "east": EAST}, project, iface)


def add_series_layers(result: Result, job: Job, *, project: Optional[QgsProject] = None, iface: Any = None) -> List[QgsMapLayer]:
    """Add the displacement series of a stack to the project.

    Raises
    ------
    StillpointError
        The file that the job wrote cannot be opened as a layer.
    """
    return _added(result, job, {"output": SIGHT}, project, iface)


def _added(
    result: Result, job: Job, directions: Dict[str, str], project: Optional[QgsProject], iface: Any
) -> List[QgsMapLayer]:
    from stillpoint.plugin.layers import add_result_layers

    ordered = Result({name: result.outputs[name] for name in directions}, result.summary, result.details, result.warnings)
    layers = add_result_layers(ordered, job, project=project, iface=iface)
    found = {name: layer for name, layer in zip(directions, layers) if isinstance(layer, QgsVectorLayer)}
    for name, layer in found.items():
        layer.setName(f"{DIRECTIONS[directions[name]].title} ({UNIT})")
        style_velocity_layer(layer, direction=directions[name])
    if len(found) > 1:
        root = (QgsProject.instance() if project is None else project).layerTreeRoot()
        node = root.findLayer(found["east"].id())
        if node is not None:  # it would lie on the same places
            node.setItemVisibilityChecked(False)
    return layers
