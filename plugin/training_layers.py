"""The split of a training as a temporary map layer: which region is learned from, which stops the training, which judges it."""

from __future__ import annotations

from typing import Any, Dict, List, Optional

from qgis.core import (
    QgsCategorizedSymbolRenderer,
    QgsCoordinateReferenceSystem,
    QgsFeature,
    QgsField,
    QgsFields,
    QgsFillSymbol,
    QgsGeometry,
    QgsPalLayerSettings,
    QgsPointXY,
    QgsProject,
    QgsRendererCategory,
    QgsTextBufferSettings,
    QgsTextFormat,
    QgsVectorLayer,
    QgsVectorLayerSimpleLabeling,
)
from qgis.PyQt.QtCore import QVariant
from qgis.PyQt.QtGui import QColor

from stillpoint.plugin.layers import zoom_to
from stillpoint.plugin.training import NAMES, PARTS, Split

ROLE, SPLIT = "stillpoint/role", "training-split"
TITLE = "Split of the training"

COLOURS: Dict[str, str] = {"train": "#1F6FB4", "validation": "#E0A100", "test": "#A64D9C"}
"""Colours of the parts, told apart by colour-blind readers."""

_FIELDS = (("part", QVariant.String), ("name", QVariant.String), ("examples", QVariant.Int), ("classes", QVariant.String))

_TIP = (
    '<b>[% "part" %]</b>[% if("name" = \'\', \'\', \': \' || "name") %]<br>'
    "[% format_number(\"examples\", 0) %] examples[% if(\"classes\" = '', '', '<br>' || \"classes\") %]"
)


def split_layer(split: Split) -> Optional[QgsVectorLayer]:
    """Return the regions of a split as a styled layer in memory; None where no part has a place on the map."""
    placed = [part for part in split.parts if part.ring]
    if not placed:
        return None
    layer = QgsVectorLayer("Polygon", TITLE, "memory")
    crs = QgsCoordinateReferenceSystem()
    if split.crs and crs.createFromUserInput(split.crs):
        layer.setCrs(crs)
    fields = QgsFields()
    for name, kind in _FIELDS:
        fields.append(QgsField(name, kind))
    provider = layer.dataProvider()
    provider.addAttributes(fields.toList())
    layer.updateFields()
    features = []
    for part in placed:
        feature = QgsFeature(layer.fields())
        corners = [QgsPointXY(x, y) for x, y in part.ring or ()]
        feature.setGeometry(QgsGeometry.fromPolygonXY([corners]))
        classes = ", ".join(f"{name} {count:,}" for name, count in part.classes.items())
        feature.setAttributes([NAMES.get(part.part, part.part), part.name, part.examples, classes])
        features.append(feature)
    provider.addFeatures(features)
    layer.updateExtents()
    layer.setRenderer(_renderer(split))
    _label(layer)
    layer.setMapTipTemplate(_TIP)
    for index, alias in enumerate(("Part", "Region or scene", "Examples", "By class")):
        layer.setFieldAlias(index, alias)
    layer.setCustomProperty(ROLE, SPLIT)
    layer.setCustomProperty("skipMemoryLayersCheck", 1)  # QGIS need not ask whether to save it
    return layer


def show_split(split: Split, *, project: Optional[QgsProject] = None, iface: Any = None) -> Optional[QgsVectorLayer]:
    """Show a split on the map in the place of an earlier one, and zoom to it; return its layer, None where it has no place."""
    project = QgsProject.instance() if project is None else project
    drop_split(project)
    layer = split_layer(split)
    if layer is None:
        return None
    project.addMapLayer(layer, False)
    node = project.layerTreeRoot().insertLayer(0, layer)
    node.setExpanded(False)  # else unfolding it changes nothing, and the view is not told
    node.setExpanded(True)
    if iface is not None:
        zoom_to(layer, iface.mapCanvas(), project)
    return layer


def drop_split(project: Optional[QgsProject] = None) -> None:
    """Remove the split that is shown."""
    project = QgsProject.instance() if project is None else project
    shown = [key for key, layer in project.mapLayers().items() if layer.customProperty(ROLE) == SPLIT]
    project.removeMapLayers(shown)


def _renderer(split: Split) -> QgsCategorizedSymbolRenderer:
    """Return the parts in their colours; the legend counts."""
    categories: List[QgsRendererCategory] = []
    for part in PARTS:
        if not any(each.ring for each in split.of_part(part)):
            continue
        colour = QColor(COLOURS[part])
        fill = QColor(colour)
        fill.setAlpha(45)
        symbol = QgsFillSymbol.createSimple(
            {"color": _text(fill), "outline_color": _text(colour), "outline_width": "0.6", "joinstyle": "miter"}
        )
        legend = f"{NAMES[part]} ({split.total(part):,} examples)"
        categories.append(QgsRendererCategory(NAMES[part], symbol, legend))
    return QgsCategorizedSymbolRenderer("part", categories)


def _text(colour: QColor) -> str:
    return f"{colour.red()},{colour.green()},{colour.blue()},{colour.alpha()}"


def _label(layer: QgsVectorLayer) -> None:
    """Write the part into each region that has room for it."""
    settings = QgsPalLayerSettings()
    settings.fieldName = "part"
    style = QgsTextFormat()
    style.setSize(9)
    style.setColor(QColor("#1d2733"))
    halo = QgsTextBufferSettings()
    halo.setEnabled(True)
    halo.setSize(0.9)
    halo.setColor(QColor(255, 255, 255, 200))
    style.setBuffer(halo)
    settings.setFormat(style)
    layer.setLabeling(QgsVectorLayerSimpleLabeling(settings))
    layer.setLabelsEnabled(True)
