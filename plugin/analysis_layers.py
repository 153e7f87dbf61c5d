"""The results of an analysis on the map: a group for the analysis, in it one for each step, filled as its capability does."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, List, Optional

from qgis.core import QgsCoordinateTransform, QgsLayerTreeGroup, QgsMapLayer, QgsProject, QgsRectangle

from stillpoint.models.analysis_record import Entry
from stillpoint.models.errors import StillpointError
from stillpoint.models.jobs import Job, Result, from_dict
from stillpoint.models.recipe import CHAINS, INTERFEROGRAMS, OFFSETS, SCATTERERS, SERIES, STACK, TRENDS
from stillpoint.plugin import tasks

PROPERTY = "stillpoint/analysis"
"""Custom property of the layers of an analysis: folder and step, as JSON."""

GROUPS = {
    STACK: "1 Stack", INTERFEROGRAMS: "2 Interferograms", SCATTERERS: "3 Persistent scatterers", SERIES: "4 Displacement series",
    TRENDS: "5 Trends", OFFSETS: "Offsets",
}  # fmt: skip
"""Groups of the steps."""

_ROLE, _BACKDROP = "stillpoint/role", "amplitude"
_GROUP = "group"
_SHOWN = "stillpoint/shown"
"""Custom property of the nodes of the layer tree: drawn, where its step is."""


def add_step_layers(name: str, entry: Entry, *, folder: str, title: str, iface: Any = None, arrows: str = "") -> List[QgsMapLayer]:
    """Add the results of a step to the project, in the place of those of an earlier run of it.

    Parameters
    ----------
    name
        The step.
    entry
        What it wrote.
    folder, title
        Of the analysis.
    iface
        QGIS's interface; where given, the result becomes the active layer and an empty map zooms to it.
    arrows
        For offsets: the file of their arrows.

    Returns
    -------
    list of QgsMapLayer
        The layers, the topmost first.

    Raises
    ------
    StillpointError
        A file is gone, or QGIS cannot open it.
    """
    project = QgsProject.instance()
    remove_step_layers(folder, name)
    root = project.layerTreeRoot()
    before = [child for child in root.children() if isinstance(child, QgsLayerTreeGroup)]
    layers = _added(name, entry.result(), from_dict(entry.job), arrows, iface)
    for layer in layers:
        layer.setCustomProperty(PROPERTY, json.dumps([_key(folder), name, folder]))
    made = [child for child in root.children() if isinstance(child, QgsLayerTreeGroup) and child not in before]
    parent = _group_of(folder, title)
    for group in made:
        if group is parent:
            continue
        moved = group.clone()
        moved.setName(GROUPS[name])
        parent.insertChildNode(_place(parent, name), moved)
        root.removeChildNode(group)
    for layer in layers:
        node = root.findLayer(layer.id())
        if node is not None:
            node.setCustomProperty(_SHOWN, node.itemVisibilityChecked())
    show_step(folder, name)
    _bring_into_view(layers, iface)
    return layers


def _bring_into_view(layers: List[QgsMapLayer], iface: Any) -> None:
    """Zoom to layers that lie outside of the map: the user of an analysis elsewhere would not see that anything came."""
    canvas = iface.mapCanvas() if iface is not None else None
    if canvas is None or canvas.extent().isEmpty():
        return
    whole = _extent_of(layers, canvas)
    if not whole.isEmpty() and not whole.intersects(canvas.extent()):
        go_to(layers, iface)


def _added(name: str, result: Result, job: Job, arrows: str, iface: Any) -> List[QgsMapLayer]:
    """Add the layers of a step in the way of its capability."""
    if name == STACK:
        from stillpoint.plugin.raster_layers import add_stack_layers

        return add_stack_layers(result, job, iface=iface)
    if name == INTERFEROGRAMS:
        from stillpoint.plugin.interferograms import add_interferogram_layers

        return add_interferogram_layers(result, job, iface=iface)  # type: ignore[arg-type]
    if name == SCATTERERS:
        from stillpoint.plugin.scatterers import add_scatterer_layers

        return add_scatterer_layers(result, job, iface=iface)  # type: ignore[arg-type]
    if name == OFFSETS:
        from stillpoint.plugin.offsets_layers import add_offset_layers, note_result

        reference = str(getattr(job, "reference", ""))
        layers = add_offset_layers(result.outputs["output"], arrows=arrows, reference=reference, iface=iface)
        note_result(layers, job, result)  # type: ignore[arg-type]
        return layers
    from stillpoint.plugin.layers import add_result_layers

    return add_result_layers(result, job, iface=iface)


def _key(folder: str) -> str:
    """Return the folder as it is written beside the project, so that a project that was moved knows its layers."""
    return str(QgsProject.instance().pathResolver().writePath(folder))


def _step_of(text: Any, folder: str) -> str:
    """Return the step that the custom property of a layer or group names; empty where it is of another folder."""
    try:
        key, name, whole = json.loads(str(text or "[]"))
    except (ValueError, TypeError):
        return ""
    read = QgsProject.instance().pathResolver().readPath
    return str(name) if folder in (whole, key, read(str(key))) else ""


def layers_of(folder: str, name: str = "") -> List[QgsMapLayer]:
    """Return the layers of an analysis that the project holds, of one step where it is named."""
    if not folder:
        return []
    layers = QgsProject.instance().mapLayers().values()
    found = [(layer, _step_of(layer.customProperty(PROPERTY), folder)) for layer in layers if layer.customProperty(PROPERTY)]
    return [layer for layer, step in found if step and name in ("", step)]


def remove_step_layers(folder: str, name: str) -> int:
    """Take the layers of a step out of the project, and their groups; return how many there were."""
    project = QgsProject.instance()
    layers = layers_of(folder, name)
    root = project.layerTreeRoot()
    groups = []
    for layer in layers:
        node = root.findLayer(layer.id())
        while node is not None and node.parent() is not None and node.parent() is not root:
            node = node.parent()
            if node.name() == GROUPS[name]:
                groups.append(node)
                break
    project.removeMapLayers([layer.id() for layer in layers])
    for group in {id(group): group for group in groups}.values():
        if not group.findLayers() and group.parent() is not None:
            group.parent().removeChildNode(group)
    return len(layers)


def _group_of(folder: str, title: str) -> QgsLayerTreeGroup:
    """Return the group of an analysis; a new one at the top where there is none."""
    root = QgsProject.instance().layerTreeRoot()
    for group in root.findGroups(True):
        if _step_of(group.customProperty(PROPERTY), folder) == _GROUP:
            return group
    name = f"Analysis - {title}"
    unique, number = name, 2
    while root.findGroup(unique) is not None:
        unique, number = f"{name} ({number})", number + 1
    made = root.insertGroup(0, unique)
    made.setCustomProperty(PROPERTY, json.dumps([_key(folder), _GROUP, folder]))
    return made


def _place(parent: QgsLayerTreeGroup, name: str) -> int:
    """Return where the group of a step goes: later steps lie on top."""
    order = [GROUPS[step] for chain in CHAINS.values() for step in chain]
    rank = order.index(GROUPS[name])
    for index, child in enumerate(parent.children()):
        if child.name() in order and order.index(child.name()) < rank:
            return index
    return len(parent.children())


def show_step(folder: str, name: str) -> None:
    """Draw a step, and of the others of its analysis only the image below."""
    root = QgsProject.instance().layerTreeRoot()
    layers = layers_of(folder)
    own = layers_of(folder, name)
    has_backdrop = any(layer.customProperty(_ROLE) == _BACKDROP for layer in own)
    parent = next((group for group in root.findGroups(True) if _step_of(group.customProperty(PROPERTY), folder) == _GROUP), None)
    if parent is not None:
        parent.setExpanded(False)  # else unfolding it changes nothing, and the view is not told
        parent.setExpanded(True)
        for child in parent.children():
            child.setExpanded(child.name() == GROUPS[name])
    for layer in layers:
        node = root.findLayer(layer.id())
        if node is None:
            continue
        is_backdrop = layer.customProperty(_ROLE) == _BACKDROP
        if layer in own:
            visible = bool(node.customProperty(_SHOWN, node.itemVisibilityChecked()))
        else:
            visible = is_backdrop and not has_backdrop
            node.setExpanded(False)
        node.setItemVisibilityChecked(visible)
        if visible:
            _show_parents(node, root)


def _show_parents(node: Any, root: Any) -> None:
    parent = node.parent()
    while parent is not None and parent is not root:
        parent.setItemVisibilityChecked(True)
        parent = parent.parent()


def first_of(layers: List[QgsMapLayer]) -> QgsMapLayer:
    """Return the topmost of some layers in the layer tree, drawn ones first."""
    root = QgsProject.instance().layerTreeRoot()
    order = {node.layerId(): index for index, node in enumerate(root.findLayers())}
    drawn = {node.layerId() for node in root.findLayers() if node.isVisible()}
    return min(layers, key=lambda layer: (layer.id() not in drawn, order.get(layer.id(), len(order))))


def go_to(layers: List[QgsMapLayer], iface: Any) -> None:
    """Make the first of the layers the active one and zoom to all of them."""
    if not layers or iface is None:
        return
    root, canvas = QgsProject.instance().layerTreeRoot(), iface.mapCanvas()
    shown = [layer for layer in layers if root.findLayer(layer.id()) is not None and root.findLayer(layer.id()).isVisible()]
    if not shown:
        root.findLayer(layers[0].id()).setItemVisibilityCheckedParentRecursive(True)
        shown = layers[:1]
    iface.setActiveLayer(first_of(shown))
    whole = _extent_of(shown, canvas)
    if not whole.isEmpty():
        whole.scale(1.08)
        canvas.setExtent(whole)
        canvas.refresh()


def _extent_of(layers: List[QgsMapLayer], canvas: Any) -> QgsRectangle:
    """Return what layers cover, in the coordinates of the map."""
    whole = QgsRectangle()
    whole.setMinimal()
    crs = canvas.mapSettings().destinationCrs()
    for layer in layers:
        extent = layer.extent()
        if crs.isValid() and layer.crs().isValid() and crs != layer.crs():
            extent = QgsCoordinateTransform(layer.crs(), crs, QgsProject.instance()).transformBoundingBox(extent)
        whole.combineExtentWith(extent)
    return whole


def arrows_work(entry: Entry) -> Optional[tasks.Work]:
    """Return the work of writing the arrows of offsets; None where the result holds none."""
    from stillpoint.plugin import offsets_run

    try:
        return offsets_run.maps_work(str(Path(entry.outputs.get("output", ""))))
    except StillpointError:
        return None
