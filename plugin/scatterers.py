"""Results of a selection of scatterers become map layers that belong together, and follow one threshold."""

from __future__ import annotations

import json
import math
import uuid
from functools import lru_cache
from pathlib import Path
from typing import Any, List, Optional

from osgeo import gdal
from qgis.core import (
    QgsApplication,
    QgsMapLayer,
    QgsProject,
    QgsRasterLayer,
    QgsSingleSymbolRenderer,
    QgsUnitTypes,
    QgsVectorLayer,
)
from qgis.PyQt.QtCore import QThread

from stillpoint.models.errors import StillpointError
from stillpoint.models.jobs import Result, SelectScatterers
from stillpoint.plugin import provenance, raster_styles, stacks
from stillpoint.plugin.breath import breathe
from stillpoint.plugin.language import tr
from stillpoint.plugin.layers import bring_into_view, open_points
from stillpoint.plugin.mean_amplitude import amplitude_layer
from stillpoint.plugin.scatterer_facts import METHODS, facts_of, items_of_points, set_metadata

ROLE, RUN, THRESHOLD, TITLE = "stillpoint/role", "stillpoint/run", "stillpoint/threshold", "stillpoint/title"
STACK, PIXEL = "stillpoint/stack", "stillpoint/pixel"
"""Custom properties of a result's layers: what each is, which of them belong together, the threshold shown, the name of the
selection, the stack that it was made in, the size of its pixels.
"""

PROBABILITY, MASK, NOISE, POINTS, AMPLITUDE = "probability", "mask", "noise", "points", "amplitude"

FIELD = "probabilit"
PREVIEW = "Stillpoint - preview"

WEEDING = ("phase_stability",)
"""Methods that look at more than the threshold."""

ALIASES = {
    FIELD: "Probability of being a PS (0 to 1)",
    "gamma": "Phase stability gamma (0 to 1)",
    "amp_disp": "Amplitude dispersion",
    "noise_rad": "Phase noise (rad)",
    "row": "Row in the stack",
    "col": "Column in the stack",
}

MAP_TIP = """
<div style="font-family:sans-serif;font-size:9pt;min-width:150px">
[% if("probabilit" IS NULL, '', '<b>PS probability ' || round("probabilit", 2) || '</b><br>') %]
[% if("gamma" IS NULL, '', 'Phase stability ' || round("gamma", 2) || '<br>') %]
[% if("amp_disp" IS NULL, '', 'Amplitude dispersion ' || round("amp_disp", 2) || '<br>') %]
[% if("noise_rad" IS NULL, '', 'Phase noise ' || round("noise_rad", 2) || ' rad') %]
</div>
"""


def add_scatterer_layers(
    result: Result, job: SelectScatterers, *, project: Optional[QgsProject] = None, iface: Any = None, preview: bool = False
) -> List[QgsMapLayer]:
    """Add the files of a finished selection to the project: points, probability, noise and mask over the mean amplitude.

    Parameters
    ----------
    result
        What the job gave back.
    job
        The job, for names and for the stack whose amplitude lies below.
    project
        Project to add to; None takes the one that is open.
    iface
        QGIS's interface; where given, the probability becomes the active layer and an empty map zooms to it.
    preview
        True shows the probability alone, in a group that the next preview takes the place of.

    Returns
    -------
    list of QgsMapLayer
        The layers that were added, the topmost first.

    Raises
    ------
    StillpointError
        A file that the job wrote cannot be opened as a layer.
    """
    if QThread.currentThread() is not QgsApplication.instance().thread():
        raise RuntimeError("layers are added on the main thread only")
    project = QgsProject.instance() if project is None else project
    was_empty = not project.mapLayers()
    layers = _opened(result, job, preview=preview)
    if not layers:
        return []
    run = uuid.uuid4().hex
    title = f"{Path(job.stack).stem}: {METHODS.get(job.method, job.method)}"
    for layer in layers:
        layer.setCustomProperty(RUN, run)
        layer.setCustomProperty(STACK, job.stack)
        layer.setCustomProperty(TITLE, f"Preview of {title}" if preview else title)
        if layer.customProperty(ROLE) != AMPLITUDE:
            provenance.write(layer, job, result)
    name = PREVIEW if preview else f"Stillpoint - {title}"
    root = project.layerTreeRoot()
    if preview:
        drop_preview(project)
    unique, number = name, 2
    while root.findGroup(unique) is not None:
        unique, number = f"{name} ({number})", number + 1
    group = root.insertGroup(0, unique)
    # Where the method drops pixels above its threshold, the points tell what it selected, and the probability does not.
    weeds = job.method in WEEDING and any(layer.customProperty(ROLE) == POINTS for layer in layers)
    for layer in layers:
        project.addMapLayer(layer, False)
        node = group.addLayer(layer)
        role = layer.customProperty(ROLE)
        node.setItemVisibilityChecked(role in (POINTS, AMPLITUDE) or (role == PROBABILITY and (preview or not weeds)))
        node.setExpanded(role in (POINTS, PROBABILITY))
        breathe()
    shown = next((layer for layer in layers if layer.customProperty(ROLE) == PROBABILITY), layers[0])
    if iface is not None:
        iface.setActiveLayer(shown)
        bring_into_view(shown, iface.mapCanvas(), project, anyway=was_empty)
    return layers


def drop_preview(project: Optional[QgsProject] = None) -> None:
    """Remove the layers of an earlier preview."""
    project = QgsProject.instance() if project is None else project
    root = project.layerTreeRoot()
    group = root.findGroup(PREVIEW)
    if group is None:
        return
    nodes = group.findLayers()
    project.removeMapLayers([node.layerId() for node in nodes if node.layer() and node.layer().customProperty(STACK)])
    for node in group.children():  # what the user saved or put there stays
        root.insertChildNode(0, node.clone())
    root.removeChildNode(group)


def _opened(result: Result, job: SelectScatterers, *, preview: bool) -> List[QgsMapLayer]:
    """Open and style the outputs, the topmost first."""
    outputs = result.outputs
    layers: List[QgsMapLayer] = []
    if outputs.get("points") and not preview:
        layers.append(open_points(outputs["points"], tr("PS points")))
        breathe()
    for role, output, title in (
        (PROBABILITY, "probability", tr("PS probability")), (NOISE, "noise", tr("Phase noise")), (MASK, "output", tr("PS mask")),
    ):  # fmt: skip
        wanted = outputs.get(output) and (not preview or role == PROBABILITY or "probability" not in outputs)
        if wanted:
            layers.append(open_raster(outputs[output], title))
            layers[-1].setCustomProperty(ROLE, role)
    size = next((_pixel_size(layer) for layer in layers if isinstance(layer, QgsRasterLayer)), None)
    for layer in layers:
        if size is not None and isinstance(layer, QgsVectorLayer):
            layer.setCustomProperty(PIXEL, json.dumps([size.side, size.in_metres]))
        style_scatterer_layer(layer)
        breathe()
    background = None if preview else amplitude_layer(job, outputs)
    if background is not None:
        background.setCustomProperty(ROLE, AMPLITUDE)
    return layers if background is None else [*layers, background]


def _pixel_size(layer: QgsRasterLayer) -> raster_styles.PixelSize:
    """Return the side of the pixels: in metres where the coordinates tell it, else in map units."""
    area = pixel_area(layer)
    if area:
        return raster_styles.PixelSize(math.sqrt(area))
    return raster_styles.PixelSize(math.sqrt(abs(layer.rasterUnitsPerPixelX() * layer.rasterUnitsPerPixelY())), False)


def _size_of_points(layer: QgsVectorLayer) -> Optional[raster_styles.PixelSize]:
    """Return the size of the pixels that points stand for; None where nobody knows."""
    try:
        side, in_metres = json.loads(str(layer.customProperty(PIXEL, "") or ""))
        return raster_styles.PixelSize(float(side), bool(in_metres))
    except (ValueError, TypeError):
        return None


def open_raster(path: str, name: str = "") -> QgsRasterLayer:
    """Open a raster file as a layer; raises StillpointError where that is not possible."""
    if not Path(path).exists():
        raise StillpointError(tr(
            "The result {path} is no longer there; it may have been moved or deleted."
        ).format(path=path))
    options = QgsRasterLayer.LayerOptions()
    options.loadDefaultStyle = False  # its statistics read the whole raster on the main thread; Stillpoint sets a style anyway
    layer = QgsRasterLayer(path, name or Path(path).stem, "gdal", options)
    breathe()
    if not layer.isValid():
        raise StillpointError(tr("QGIS cannot open {path} as a raster layer.").format(path=path))
    return layer


def role_of(layer: QgsMapLayer) -> str:
    """Return what a layer of a selection is; empty where it is none. Files opened by hand are known by their metadata."""
    role = str(layer.customProperty(ROLE, "") or "")
    if role:
        return role
    if isinstance(layer, QgsVectorLayer):
        return POINTS if layer.fields().lookupField(FIELD) >= 0 else ""
    path = stacks.path_of(layer)
    return _role_of_file(path, stacks.stamp_of(path)) if path and layer.bandCount() == 1 else ""


@lru_cache(maxsize=512)
def _role_of_file(path: str, stamp: int) -> str:
    """Return what a raster with one band is, from its metadata; remembered until it is written again."""
    try:
        source = stacks.opened(path)
    except StillpointError:
        return ""
    items = {key.upper() for key in (source.GetMetadata() or {})}
    if not {"METHOD", "THRESHOLD"} <= items:
        return ""
    if source.GetRasterBand(1).DataType == gdal.GDT_Byte:
        return MASK
    return NOISE if "noise" in Path(path).stem.lower() else PROBABILITY


def title_of(layer: QgsMapLayer) -> str:
    """Return the name of the selection that a layer belongs to."""
    return str(layer.customProperty(TITLE, "") or layer.name())


def style_scatterer_layer(layer: QgsMapLayer, threshold: Optional[float] = None) -> None:
    """Give a layer of a selection its symbols, legend and provenance; others are left as they are."""
    role = role_of(layer)
    if not role or role == AMPLITUDE:
        return
    layer.setCustomProperty(ROLE, role)
    if isinstance(layer, QgsVectorLayer):
        layer.setCustomProperty(ROLE, POINTS)
        made = items_of_points(layer)
        value = stacks.number_of(made.get("THRESHOLD")) if threshold is None else threshold
        _style_points(layer, 0.0 if value is None else value, set_filter=False)
    else:
        facts = facts_of(stacks.path_of(layer))
        made = facts.items
        value = facts.threshold if threshold is None else threshold
        source = layer.dataProvider()
        if role == PROBABILITY:
            layer.setRenderer(raster_styles.probability_renderer(source, value))
            layer.setCustomProperty(THRESHOLD, float(value))
        elif role == MASK:
            layer.setRenderer(raster_styles.mask_renderer(source))
        else:
            layer.setRenderer(raster_styles.noise_renderer(source))
    set_metadata(layer, role, made)
    layer.triggerRepaint()


def _style_points(layer: QgsVectorLayer, threshold: float, *, set_filter: bool) -> None:
    fields = layer.fields()
    index = fields.lookupField(FIELD)
    if set_filter and index >= 0 and not layer.isEditable():
        layer.setSubsetString(f'"{FIELD}" >= {threshold:.6g}')
    if index >= 0 and fields.at(index).isNumeric():
        layer.setRenderer(raster_styles.point_renderer(FIELD, threshold, pixel=_size_of_points(layer)))
    else:
        layer.setRenderer(QgsSingleSymbolRenderer(raster_styles.plain_points(_size_of_points(layer))))
    for name, alias in ALIASES.items():
        if fields.lookupField(name) >= 0:
            layer.setFieldAlias(fields.lookupField(name), alias)
    if index >= 0:
        layer.setMapTipTemplate(MAP_TIP)
    layer.setCustomProperty(THRESHOLD, float(threshold))


# The threshold


def threshold_of(layer: QgsMapLayer) -> float:
    """Return the threshold that a probability layer shows; that of its file where none was chosen."""
    value = layer.customProperty(THRESHOLD)
    try:
        return float(value)
    except (TypeError, ValueError):
        return facts_of(stacks.path_of(layer)).threshold


def pixel_area(layer: QgsRasterLayer) -> float:
    """Return the area of a pixel in square metres; 0 where the coordinates do not tell it."""
    crs = layer.crs()
    if not crs.isValid():
        return 0.0
    if crs.mapUnits() == QgsUnitTypes.DistanceUnit.DistanceDegrees:
        metres = (111_320.0 * math.cos(math.radians(layer.extent().center().y())), 111_320.0)
    else:
        factor = QgsUnitTypes.fromUnitToUnitFactor(crs.mapUnits(), QgsUnitTypes.DistanceUnit.DistanceMeters)
        metres = (factor, factor)
    return abs(layer.rasterUnitsPerPixelX() * metres[0] * layer.rasterUnitsPerPixelY() * metres[1])


def companions(layer: QgsMapLayer, role: str, project: Optional[QgsProject] = None) -> List[QgsMapLayer]:
    """Return the layers of the same selection that play a role."""
    run = layer.customProperty(RUN)
    project = QgsProject.instance() if project is None else project
    if not run:
        return []
    return [
        other for other in project.mapLayers().values()
        if other is not layer and other.customProperty(RUN) == run and other.customProperty(ROLE) == role
    ]  # fmt: skip


def set_threshold(layer: QgsRasterLayer, threshold: float) -> None:
    """Show a probability, and the points of the same selection, at another threshold; nothing is computed or written."""
    layer.setRenderer(raster_styles.probability_renderer(layer.dataProvider(), threshold))
    layer.setCustomProperty(THRESHOLD, float(threshold))
    layer.triggerRepaint()
    layer.emitStyleChanged()
    for points in companions(layer, POINTS):
        if isinstance(points, QgsVectorLayer):
            _style_points(points, threshold, set_filter=True)
            points.triggerRepaint()
            points.emitStyleChanged()


def probability_layers(project: Optional[QgsProject] = None) -> List[QgsRasterLayer]:
    """Return the probability layers of the project."""
    project = QgsProject.instance() if project is None else project
    return [
        layer for layer in project.mapLayers().values() if isinstance(layer, QgsRasterLayer) and role_of(layer) == PROBABILITY
    ]


def add_mask(path: str, layer: Optional[QgsMapLayer], threshold: float) -> QgsRasterLayer:
    """Add a mask that was written at another threshold, beside the probability that it was made from.

    Raises
    ------
    StillpointError
        The mask cannot be opened.
    """
    project = QgsProject.instance()
    made = open_raster(path, tr("PS mask at {threshold:.2f}").format(threshold=threshold))
    made.setCustomProperty(ROLE, MASK)
    made.setCustomProperty(THRESHOLD, float(threshold))  # not the method's own mask
    style_scatterer_layer(made)
    project.addMapLayer(made, False)
    node = project.layerTreeRoot().findLayer(layer.id()) if layer is not None else None
    if layer is None or node is None:
        project.layerTreeRoot().insertLayer(0, made)
        return made
    made.setCustomProperty(RUN, layer.customProperty(RUN))
    made.setCustomProperty(TITLE, layer.customProperty(TITLE))
    group = node.parent()
    group.insertLayer(group.children().index(node) + 1, made).setItemVisibilityChecked(False)
    return made
