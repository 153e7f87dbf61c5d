"""The labels of a review on the map: rings in the colour of what the reviewer said, around what the model said."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, List, Optional

from qgis.core import (
    QgsCategorizedSymbolRenderer,
    QgsLayerTreeLayer,
    QgsMapLayer,
    QgsMarkerSymbol,
    QgsProcessingUtils,
    QgsProject,
    QgsRendererCategory,
    QgsSimpleMarkerSymbolLayer,
    QgsUnitTypes,
    QgsVectorLayer,
)
from qgis.PyQt import sip
from qgis.PyQt.QtCore import QStandardPaths, QVariant

from stillpoint.models.errors import StillpointError
from stillpoint.plugin import facts, stacks
from stillpoint.plugin.language import tr
from stillpoint.plugin.layers import open_points
from stillpoint.plugin.raster_styles import PS_COLOUR
from stillpoint.plugin.review import PIXELS, POINTS, Counts, Session
from stillpoint.plugin.review_labels import name_of, values_of
from stillpoint.plugin.styles.palette import LOOKS

LABELS = "stillpoint/labels"
"""Custom property of a reviewed layer: the file with its labels."""

NONE_COLOUR, NOT_COLOUR = "#6B6B6B", "#4C5B70"

MAP_TIP = """
<div style="font-family:sans-serif;font-size:9pt;min-width:150px">
<b style="font-size:10pt">{said}</b><br>Model: {model}<br>
<span style="color:#777">[% "reviewer" %], [% left("reviewed", 10) %]</span>
</div>
"""


_SAID = {
    POINTS: ("[% coalesce(nullif(\"label\", ''), 'None of them') %]", '[% "model" %]'),
    PIXELS: ("[% if(\"ps\" = 1, 'PS', 'Not PS') %]", "[% if(\"model\" = 1, 'PS', 'Not PS') %]"),
}


def colour_of(kind: str, value: int) -> str:
    """Return the colour of a label."""
    if kind == POINTS:
        return LOOKS[value].colour if value >= 0 else NONE_COLOUR
    return PS_COLOUR if value == 1 else NOT_COLOUR


def ring(colour: str, *, crossed: bool = False) -> QgsMarkerSymbol:
    """Return a ring on a white halo, large enough to leave a point or pixel inside it visible; or a cross."""
    symbol = QgsMarkerSymbol()
    for index, (shade, width) in enumerate((("#ffffff", 1.5), (colour, 0.8))):
        layer = QgsSimpleMarkerSymbolLayer.create({
            "name": "cross2" if crossed else "circle", "color": "0,0,0,0", "outline_color": shade, "outline_width": f"{width}",
            "outline_width_unit": "MM", "size": "3.2" if crossed else "4.6", "size_unit": "MM",
        })  # fmt: skip
        symbol.appendSymbolLayer(layer) if index else symbol.changeSymbolLayer(0, layer)
    symbol.setOutputUnit(QgsUnitTypes.RenderUnit.RenderMillimeters)
    return symbol


def renderer(kind: str, counts: Optional[Counts] = None) -> QgsCategorizedSymbolRenderer:
    """Return the symbols of labels; the legend counts them where counts are known."""
    categories: List[QgsRendererCategory] = []
    for value in values_of(kind):
        name = name_of(kind, value)
        if counts is not None:
            name = f"{name} ({counts.by_value.get(value, 0):,})"
        # QGIS's category for all other values takes those without a code: none of the classes.
        key = QVariant() if value < 0 else value
        crossed = value < 0 or (kind == PIXELS and value == 0)
        categories.append(QgsRendererCategory(key, ring(colour_of(kind, value), crossed=crossed), name))
    return QgsCategorizedSymbolRenderer("trend_code" if kind == POINTS else "ps", categories)


class LabelLayer:
    """The layer that shows the labels of a session; the user may remove it at any time."""

    def __init__(self) -> None:
        self._layer: Optional[QgsVectorLayer] = None

    def layer(self) -> Optional[QgsVectorLayer]:
        """Return the layer; None where there is none, or it was removed."""
        if self._layer is not None and (sip.isdeleted(self._layer) or self._layer.id() not in QgsProject.instance().mapLayers()):
            self._layer = None
        return self._layer

    def show(self, session: Session, reviewed: Optional[QgsMapLayer] = None) -> Optional[QgsVectorLayer]:
        """Add the labels above the layer that is reviewed, once there are any; return the layer.

        Raises
        ------
        StillpointError
            The file cannot be opened as a layer.
        """
        path = Path(session.path)
        if not path.exists():
            return None
        found = self.layer()
        if found is None or _file_of(found) != path:
            found = next((layer for layer in QgsProject.instance().mapLayers().values()
                          if isinstance(layer, QgsVectorLayer) and layer is not reviewed and _file_of(layer) == path), None)
        if found is None:
            found = self._added(session, reviewed)
        self._layer = found
        self.refresh(session)
        return found

    def _added(self, session: Session, reviewed: Optional[QgsMapLayer]) -> QgsVectorLayer:
        layer = open_points(session.path, Path(session.path).stem)
        if session.kind == POINTS and reviewed is not None and not layer.crs().isValid():
            layer.setCrs(reviewed.crs())
        layer.setReadOnly(True)  # it is written by the review: an edit here would be overwritten
        said, model = _SAID[session.kind]
        layer.setMapTipTemplate(MAP_TIP.format(said=said, model=model))
        project = QgsProject.instance()
        project.addMapLayer(layer, False)
        root = project.layerTreeRoot()
        node = root.findLayer(reviewed.id()) if reviewed is not None else None
        parent = root if node is None or node.parent() is None else node.parent()
        parent.insertChildNode(0 if node is None else parent.children().index(node), QgsLayerTreeLayer(layer))
        return layer

    def refresh(self, session: Session) -> None:
        """Show what was labelled since."""
        layer = self.layer()
        if layer is None:
            return
        layer.dataProvider().reloadData()
        layer.updateExtents()
        layer.setRenderer(renderer(session.kind, session.counts()))
        layer.triggerRepaint()
        layer.emitStyleChanged()
        tree = QgsProject.instance().layerTreeRoot().findLayer(layer.id())
        if tree is not None:
            tree.setName(layer.name())

    def drop(self) -> None:
        """Take the layer off the map; the file stays."""
        layer = self.layer()
        if layer is not None:
            QgsProject.instance().removeMapLayer(layer.id())
        self._layer = None


def default_path(layer: QgsMapLayer) -> str:
    """Return where the labels of a layer are kept: where they were before, else beside the project, the data, or in Documents."""
    project = QgsProject.instance()
    before = str(layer.customProperty(LABELS, "") or "")
    if before:
        return str(project.pathResolver().readPath(before))
    # Several selections have layers of one name: their files tell them apart.
    name = f"{_safe(_file_of(layer).stem or layer.name())} labels.gpkg"
    for folder in _folders(layer, project):
        if folder.is_dir() and _writable(folder):
            return str(folder / name)
    raise StillpointError(tr("There is no folder that labels could be written to. Save the project in one first."))


def remember_path(layer: QgsMapLayer, path: str) -> None:
    """Keep with a layer where its labels are."""
    layer.setCustomProperty(LABELS, QgsProject.instance().pathResolver().writePath(path))


def _folders(layer: QgsMapLayer, project: QgsProject) -> List[Path]:
    found: List[Any] = [project.absolutePath(), _file_of(layer).parent]
    found.append(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation))
    found.append(Path.home())
    temporary = Path(QgsProcessingUtils.tempFolder())  # gone when QGIS is closed
    folders = [Path(folder) for folder in found if str(folder) not in ("", ".")]
    return [folder for folder in folders if folder.is_absolute() and temporary not in (folder, *folder.parents)]


def _file_of(layer: QgsMapLayer) -> Path:
    """Return the file of a layer; an empty path where it has none."""
    return Path(facts.source_of(layer)[0] if isinstance(layer, QgsVectorLayer) else stacks.path_of(layer))


def _writable(folder: Path) -> bool:
    return os.access(folder, os.W_OK)


def _safe(name: str) -> str:
    return "".join(char if char not in '\\/:*?"<>|' else "-" for char in name).strip() or "review"
