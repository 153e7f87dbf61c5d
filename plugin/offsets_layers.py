"""Offsets as map layers: a group with arrows, magnitude, components, errors, peak and what was not measured, over the image."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Dict, Iterable, List, Mapping, Optional, Tuple

from qgis.core import (
    Qgis,
    QgsApplication,
    QgsDateTimeRange,
    QgsLayerMetadata,
    QgsLayerTreeGroup,
    QgsMapLayer,
    QgsProject,
    QgsRasterLayer,
    QgsVectorLayer,
)
from qgis.PyQt.QtCore import QDate, QDateTime, Qt, QThread, QTime

from stillpoint.models.errors import StillpointError
from stillpoint.models.jobs import Job, Result
from stillpoint.plugin import offsets_arrows, offsets_styles, provenance, stacks
from stillpoint.plugin.breath import breathe
from stillpoint.plugin.layers import bring_into_view
from stillpoint.plugin.offsets import COMPONENTS, METHODS, POSITIVE, OffsetFacts, Pair, facts_of, limits_of
from stillpoint.plugin.raster_layers import set_times
from stillpoint.plugin.raster_styles import style_amplitude
from stillpoint.plugin.scatterers import open_raster

ROLE = "stillpoint/offsets"
"""Custom property of the layers of a result: what each shows."""

ARROWS, MAGNITUDE, DIRECTION, COMPONENT, ERROR, PEAK, MISSING, IMAGE = (
    "arrows", "magnitude", "direction", "component", "error", "peak", "missing", "image",
)  # fmt: skip

SIGN = "stillpoint/positive"
"""Custom property of the layer of a component: where its positive values point."""

PREVIEW = "Stillpoint - preview of offsets"

_SHOWN = (ARROWS, MAGNITUDE, IMAGE)
_MANY = 6
"""Pairs from which on each gets its arrows and magnitude alone."""


def add_offset_layers(
    path: str, *, arrows: str = "", reference: str = "", project: Optional[QgsProject] = None, iface: Any = None,
    preview: bool = False,
) -> List[QgsMapLayer]:
    """Add a raster of offsets to the project as a group of layers.

    Parameters
    ----------
    path
        What ``track-offsets`` wrote.
    arrows
        What :func:`stillpoint.plugin.offsets_arrows.write_arrows` wrote for it; empty shows no arrows.
    reference
        Image to lie below where the project does not show it yet; empty adds none.
    project
        Project to add to; None takes the one that is open.
    iface
        QGIS's interface; where given, the magnitude becomes the active layer and an empty map zooms to it.
    preview
        True puts it in a group that the next preview takes the place of.

    Returns
    -------
    list of QgsMapLayer
        The layers that were added, the topmost first.

    Raises
    ------
    StillpointError
        The raster holds no offsets, or a file cannot be opened or written beside it.
    """
    if QThread.currentThread() is not QgsApplication.instance().thread():
        raise RuntimeError("layers are added on the main thread only")
    project = QgsProject.instance() if project is None else project
    was_empty = not project.mapLayers()
    facts = facts_of(path)
    limits = [limits_of(facts, pair) for pair in facts.pairs]
    scale = max(limit[0] for limit in limits), max(limit[1] for limit in limits)
    several = len(facts.pairs) > 1
    root = project.layerTreeRoot()
    if preview:
        drop_preview(project)
    group = root.insertGroup(0, PREVIEW if preview else _unique(root, f"Stillpoint - {facts.title}"))
    added: List[QgsMapLayer] = []
    for number, pair in enumerate(facts.pairs, start=1):
        parent = group.addGroup(pair.label) if several else group
        found = _layers_of(facts, number, pair, scale, arrows, few=len(facts.pairs) >= _MANY)
        for layer in found:
            _describe(layer, facts, pair)
            _set_time(layer, pair)
            _add(project, parent, layer, visible=number == 1)
            breathe()
        if several:
            parent.setExpanded(number == 1)
            parent.setItemVisibilityChecked(number == 1)
        added += found
    for layer in added:
        if layer.customProperty(ROLE) == DIRECTION:  # QGIS unfolds its long legend
            node = root.findLayer(layer.id())
            node.setExpanded(True)  # else folding it changes nothing, and the view is not told
            node.setExpanded(False)
    image = _image(reference, project)
    if image is not None:
        _add(project, group, image, visible=True)
        added.append(image)
    if iface is not None:
        shown = next(layer for layer in added if layer.customProperty(ROLE) == MAGNITUDE)
        iface.setActiveLayer(shown)
        bring_into_view(shown, iface.mapCanvas(), project, anyway=was_empty)
    return added


def note_result(layers: Iterable[QgsMapLayer], job: Job, result: Result) -> None:
    """Keep in the layers of a result what was asked and what came out; the image below it is left alone."""
    provenance.write_all((layer for layer in layers if layer.customProperty(ROLE) not in (None, "", IMAGE)), job, result)


def drop_preview(project: Optional[QgsProject] = None) -> None:
    """Remove the layers of an earlier preview."""
    project = QgsProject.instance() if project is None else project
    group = project.layerTreeRoot().findGroup(PREVIEW)
    if group is None:
        return
    nodes = group.findLayers()
    project.removeMapLayers([node.layerId() for node in nodes if node.layer() and node.layer().customProperty(ROLE)])
    for node in group.children():  # what the user put there stays
        project.layerTreeRoot().insertChildNode(0, node.clone())
    project.layerTreeRoot().removeChildNode(group)


def style_result(layer: QgsMapLayer) -> None:
    """Give a raster of offsets that was loaded as a single layer the look of its first component; others are left as they are."""
    if not isinstance(layer, QgsRasterLayer):
        return
    try:
        facts = facts_of(stacks.path_of(layer))
    except StillpointError:
        return
    pair = facts.pairs[0]
    offsets_styles.style_component(layer, pair.offsets[0], limits_of(facts, pair)[1], facts.unit)
    layer.setCustomProperty(ROLE, COMPONENT)
    layer.setCustomProperty(SIGN, POSITIVE[pair.kinds[0]])
    _describe(layer, facts, pair)


def _unique(root: QgsLayerTreeGroup, name: str) -> str:
    unique, number = name, 2
    while root.findGroup(unique) is not None:
        unique, number = f"{name} ({number})", number + 1
    return unique


def _add(project: QgsProject, parent: QgsLayerTreeGroup, layer: QgsMapLayer, *, visible: bool) -> None:
    role = layer.customProperty(ROLE)
    project.addMapLayer(layer, False)
    node = parent.addLayer(layer)
    node.setItemVisibilityChecked(visible and role in _SHOWN)
    node.setExpanded(visible and role in (MAGNITUDE, ARROWS))


def _layers_of(
    facts: OffsetFacts, number: int, pair: Pair, scale: Tuple[float, float], arrows: str, *, few: bool
) -> List[QgsMapLayer]:
    """Return the styled layers of a pair, the topmost first."""
    largest, reach = scale
    unit = facts.unit
    suffix = f" {number}" if len(facts.pairs) > 1 else ""
    found: List[QgsMapLayer] = []
    drawn = offsets_arrows.open_arrows(arrows, number, f"Arrows ({unit})") if arrows else None
    if drawn is not None:
        drawn.setRenderer(offsets_arrows.renderer(facts, pair, largest))
        for name, alias in offsets_arrows.FIELDS:
            drawn.setFieldAlias(drawn.fields().lookupField(name), alias)
        drawn.setDisplayExpression(f"format_number(\"magnitude\", 2) || ' {unit}'")
        found.append(_with_role(drawn, ARROWS))
    breathe()
    files = offsets_styles.write_maps(facts, pair, largest, suffix=suffix)
    breathe()
    magnitude = _open(files[0], f"Magnitude ({unit})", MAGNITUDE)
    offsets_styles.style_magnitude(magnitude, largest, unit)
    found.append(magnitude)
    if few:
        return found
    direction = _open(files[1], "Direction", DIRECTION)
    offsets_styles.style_direction(direction, directions(facts, pair))
    found.append(direction)
    for band, kind in zip(pair.offsets, pair.kinds):
        layer = _open(facts.path, f"{COMPONENTS[kind]} ({unit})", COMPONENT)
        offsets_styles.style_component(layer, band, reach, unit)
        layer.setCustomProperty(SIGN, POSITIVE[kind])
        found.append(layer)
    errors = [(band, kind) for band, kind in zip(pair.errors, pair.kinds) if band]
    most = _error_scale(facts, [band for band, _ in errors])
    for band, kind in errors:
        layer = _open(facts.path, f"Standard error of {COMPONENTS[kind].lower()} ({unit})", ERROR)
        offsets_styles.style_error(layer, band, most, unit)
        found.append(layer)
    if pair.peak:
        layer = _open(facts.path, "Correlation peak (0 to 1)", PEAK)
        offsets_styles.style_peak(layer, pair.peak)
        found.append(layer)
    layer = _open(facts.path, "Not measured", MISSING)
    offsets_styles.style_not_measured(layer, pair.offsets[0])
    return [*found, layer]


def _error_scale(facts: OffsetFacts, bands: List[int]) -> float:
    import numpy as np

    from stillpoint.plugin.offsets import round_up, samples

    values = samples(facts, bands) if bands else np.zeros(0)
    values = values[np.isfinite(values)]
    return round_up(float(np.percentile(values, 98)), least=1e-4) if values.size else 1.0


def _with_role(layer: QgsMapLayer, role: str) -> QgsMapLayer:
    layer.setCustomProperty(ROLE, role)
    return layer


def _open(path: str, name: str, role: str) -> QgsRasterLayer:
    layer = open_raster(path, name)
    layer.setCustomProperty(ROLE, role)
    return layer


def directions(facts: OffsetFacts, pair: Pair) -> Tuple[str, ...]:
    """Return eight directions for people, counterclockwise from the map's x."""
    if facts.geometry == "map":
        return "East", "North-east", "North", "North-west", "West", "South-west", "South", "South-east"
    up, down = ("earlier rows", "later rows") if facts.axes(pair)[1, 1] < 0 else ("later rows", "earlier rows")
    right, left = "later columns", "earlier columns"
    found = (right, f"{right}, {up}", up, f"{left}, {up}", left, f"{left}, {down}", down, f"{right}, {down}")
    return tuple(f"To {name}" for name in found)


def _image(path: str, project: QgsProject) -> Optional[QgsRasterLayer]:
    """Return the image as a layer to lie below; None where the project shows it already, or it cannot be opened."""
    if not path or any(stacks.path_of(layer) == path for layer in project.mapLayers().values()):
        return None
    layer = QgsRasterLayer(path, Path(path).stem, "gdal")
    if not layer.isValid():
        return None
    if layer.dataProvider().dataType(1) in _complex_types():
        layer = QgsRasterLayer(f"DERIVED_SUBDATASET:AMPLITUDE:{path}", Path(path).stem, "gdal")
        if not layer.isValid():
            return None
    style_amplitude(layer)
    layer.setCustomProperty(ROLE, IMAGE)
    return layer


def _complex_types() -> Tuple[int, ...]:
    from qgis.core import Qgis

    kinds = Qgis.DataType
    return kinds.CInt16, kinds.CInt32, kinds.CFloat32, kinds.CFloat64


def _set_time(layer: QgsMapLayer, pair: Pair) -> None:
    """Let the layer play from the date of its reference to that of its secondary image, whichever is first."""
    first, second = pair.dates
    if first is None or second is None or first == second:
        return
    begin, end = (
        QDateTime(QDate(day.year, day.month, day.day), QTime(0, 0), Qt.TimeSpec.UTC) for day in sorted((first, second))
    )
    time = QgsDateTimeRange(begin, end, True, False)
    if isinstance(layer, QgsVectorLayer):
        properties = layer.temporalProperties()
        properties.setMode(Qgis.VectorTemporalMode.FixedTemporalRange)
        properties.setFixedTemporalRange(time)
        properties.setIsActive(True)
    else:
        set_times(layer, {1: time})


_TEXTS: Dict[str, str] = {
    ARROWS: "Motion between the two images as arrows. They thin out as the map shows more, and only motion of at least two "
    "standard errors is drawn; the longest arrow is the motion that the legend names.",
    MAGNITUDE: "Length of the offset vectors, whatever their direction.",
    DIRECTION: "Direction in which the ground moved on the map, by the colours of a wheel; pale where it hardly moved.",
    COMPONENT: "One component of the offsets.",
    ERROR: "Standard error of a component: two thirds of the errors lie within one, nineteen in twenty within two.",
    PEAK: "Height of the correlation at the best match, 0 to 1: how much the two images have in common.",
    MISSING: "Where no offset was found, or where it was not trusted: beyond the search range, decorrelated, at odds with its "
    "neighbours, or at the rim of the images.",
}


def _describe(layer: QgsMapLayer, facts: OffsetFacts, pair: Pair) -> None:
    """Write what the layer is and how it was made into QGIS's layer metadata and notes."""
    role = str(layer.customProperty(ROLE, "") or "")
    lines = provenance_lines(facts, pair)
    text = _TEXTS[role]
    if role == COMPONENT:
        text += f" Positive: the feature of the secondary image lies farther {layer.customProperty(SIGN)}."
        text = text.replace("farther to later", "at later")
    metadata = QgsLayerMetadata(layer.metadata())
    metadata.setTitle(f"Offsets: {layer.name()}")
    metadata.setType("dataset")
    metadata.setAbstract(text)
    metadata.setKeywords({"Stillpoint": ["offset tracking", "SAR", "displacement"]})
    metadata.setHistory(lines)
    metadata.setCrs(layer.crs())
    layer.setMetadata(metadata)
    provenance.tell(layer, _told(facts))


def _told(facts: OffsetFacts) -> Mapping[str, Any]:
    """Return how the raster was made, as its file says; empty where it does not, or others changed it."""
    try:
        form = json.loads(facts.items.get("STILLPOINT_PROVENANCE") or "{}")
    except ValueError:
        return {}
    return form if isinstance(form, dict) else {}


def provenance_lines(facts: OffsetFacts, pair: Pair) -> List[str]:
    """Return how a result was made, in lines for people."""
    items: Mapping[str, str] = facts.items
    lines = [f"Method: {METHODS.get(facts.method, facts.method)}"]
    first, second = pair.dates
    if first and second and pair.days:
        lines.append(f"Reference {first}, secondary {second}, {abs(pair.days)} days {'later' if pair.days > 0 else 'earlier'}")
    if items.get("SIGNS"):
        lines.append(f"Signs: {items['SIGNS']}")
    lines.append(f"Unit: {facts.unit}; an offset every {facts.spacing} px; search range {items.get('SEARCH', '?')} px")
    try:
        told: Any = json.loads(items.get("STILLPOINT_PROVENANCE") or "{}")
        lines += [f"Image: {image['path']}, band {image['band']}, read as {image['kind']}" for image in told.get("images", [])[:2]]
        asked = told.get("job", {}).get("parameters", {})
        lines += [f"{title}: {asked[name]}" for name, title in (("stable", "Stable ground"), ("prior", "Prior")) if asked.get(name)]
        if told.get("model", {}).get("name"):
            lines.append(f"Model: {told['model']['name']} {told['model'].get('version', '')}".strip())
        if told.get("stillpoint"):
            lines.append(f"Stillpoint {told['stillpoint']}, {told.get('time', '')}")
    except (ValueError, TypeError, AttributeError, KeyError):  # a file that others changed
        return lines
    return lines
