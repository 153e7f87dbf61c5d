"""The demo's QGIS project and its picture: relief below, classified points above, and a page for a slide."""

from __future__ import annotations

from pathlib import Path
from typing import List, Sequence

from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsHillshadeRenderer,
    QgsLayerTree,
    QgsLayerTreeModel,
    QgsLayoutExporter,
    QgsLayoutItemLabel,
    QgsLayoutItemLegend,
    QgsLayoutItemMap,
    QgsLayoutItemScaleBar,
    QgsLayoutItemShape,
    QgsLayoutPoint,
    QgsLayoutSize,
    QgsLegendStyle,
    QgsMapLayer,
    QgsPrintLayout,
    QgsProject,
    QgsRasterLayer,
    QgsRectangle,
    QgsReferencedRectangle,
    QgsUnitTypes,
)
from qgis.PyQt.QtCore import QRectF, Qt
from qgis.PyQt.QtGui import QColor, QFont

from stillpoint.models.errors import StillpointError

PAGE = (320.0, 180.0)
"""Width and height of the page, mm: the shape of a slide."""
PANEL = 78.0
"""Width of the panel on the right, mm."""
DOTS_PER_INCH = 200
INK, GREY, PAPER = "#1f2a33", "#5b6b76", "#ffffff"


def add_relief(project: QgsProject, path: str) -> QgsRasterLayer:
    """Add heights below everything else, as a soft hillshade that leaves the colours to the points.

    Raises
    ------
    StillpointError
        The raster cannot be opened.
    """
    layer = QgsRasterLayer(path, "Relief")
    if not layer.isValid():
        raise StillpointError(f"QGIS cannot open the terrain {path}.")
    renderer = QgsHillshadeRenderer(layer.dataProvider(), 1, 315.0, 45.0)
    renderer.setMultiDirectional(True)
    layer.setRenderer(renderer)
    layer.brightnessFilter().setBrightness(62)
    layer.brightnessFilter().setContrast(-32)
    project.addMapLayer(layer, False)
    project.layerTreeRoot().addLayer(layer)
    return layer


def metric_crs(layer: QgsMapLayer, project: QgsProject) -> QgsCoordinateReferenceSystem:
    """Return a CRS in metres for a map of ``layer``: its own, or the UTM zone of its middle."""
    crs = layer.crs()
    if not crs.isValid() or not crs.isGeographic():
        return crs
    middle = QgsCoordinateTransform(crs, QgsCoordinateReferenceSystem("EPSG:4326"), project).transform(
        layer.extent().center()
    )
    zone = int((middle.x() + 180.0) // 6.0) % 60 + 1
    return QgsCoordinateReferenceSystem(f"EPSG:{(32600 if middle.y() >= 0 else 32700) + zone}")


def view_of(layers: Sequence[QgsMapLayer], project: QgsProject, *, margin: float = 1.06) -> QgsRectangle:
    """Return the extent of ``layers`` in the project's CRS, with some air around it."""
    extent = QgsRectangle()
    for layer in layers:
        box = layer.extent()
        if layer.crs().isValid() and project.crs().isValid():
            box = QgsCoordinateTransform(layer.crs(), project.crs(), project).transformBoundingBox(box)
        extent.combineExtentWith(box)
    if extent.width() == 0 or extent.height() == 0:
        extent.grow(max(extent.width(), extent.height(), 1.0))
    extent.scale(margin)
    return extent


def set_view(project: QgsProject, extent: QgsRectangle) -> None:
    """Make ``extent`` what QGIS shows when the project is opened."""
    settings = project.viewSettings()
    settings.setDefaultViewExtent(QgsReferencedRectangle(extent, project.crs()))
    settings.setPresetFullExtent(QgsReferencedRectangle(extent, project.crs()))


def add_page(
    project: QgsProject,
    *,
    title: str,
    lines: Sequence[str],
    figure: str = "",
    figure_text: str = "",
    layers: Sequence[QgsMapLayer],
    points: Sequence[QgsMapLayer],
    extent: QgsRectangle,
) -> QgsPrintLayout:
    """Add a page with map, legend, scale bar and some words to the project.

    Parameters
    ----------
    project
        Gets the page.
    title
        Head of the panel.
    lines
        Sentences below it.
    figure, figure_text
        One number to be read from the last row, and what it is; empty where there is none.
    layers
        What the map shows, from the top down.
    points
        The layers that the legend explains.
    extent
        What the map must show at least, in the project's CRS.
    """
    layout = QgsPrintLayout(project)
    layout.initializeDefaults()
    layout.setName("Stillpoint map")
    layout.pageCollection().page(0).setPageSize(QgsLayoutSize(*PAGE))
    left = PAGE[0] - PANEL
    page_map = _add_map(layout, layers, extent, QRectF(0, 0, left, PAGE[1]))
    panel = QgsLayoutItemShape(layout)
    panel.setShapeType(QgsLayoutItemShape.Shape.Rectangle)
    panel.symbol().setColor(QColor(PAPER))
    panel.symbol().symbolLayer(0).setStrokeStyle(Qt.PenStyle.NoPen)
    layout.addLayoutItem(panel)
    panel.attemptSetSceneRect(QRectF(left, 0, PANEL, PAGE[1]))
    left, width, top = left + 7.0, PANEL - 13.0, 9.0
    top = _add_label(layout, title, QRectF(left, top, width, 18.0), size=19, bold=True) + 1.0
    for line in lines:
        top = _add_label(layout, line, QRectF(left, top, width, 10.5), size=9.5, colour=GREY)
    top += 4.0
    _add_legend(layout, page_map, points, left, top)
    bottom = PAGE[1] - 9.0
    _add_scale_bar(layout, page_map, left, bottom - 13.0)
    if figure:
        _add_label(layout, figure, QRectF(left, bottom - 45.0, width, 13.0), size=28, bold=True)
        _add_label(layout, figure_text, QRectF(left, bottom - 32.0, width, 14.0), size=9, colour=GREY)
    project.layoutManager().addLayout(layout)
    return layout


def _add_map(
    layout: QgsPrintLayout, layers: Sequence[QgsMapLayer], extent: QgsRectangle, place: QRectF
) -> QgsLayoutItemMap:
    page_map = QgsLayoutItemMap(layout)
    layout.addLayoutItem(page_map)
    page_map.attemptSetSceneRect(place)
    page_map.setBackgroundColor(QColor("#f3f4f2"))
    page_map.setLayers(list(layers))
    page_map.setKeepLayerSet(True)
    page_map.zoomToExtent(extent)
    return page_map


def _font(size: float, *, bold: bool = False) -> QFont:
    font = QFont("DejaVu Sans")
    font.setPointSizeF(size)
    font.setBold(bold)
    return font


def _add_label(
    layout: QgsPrintLayout, text: str, place: QRectF, *, size: float, bold: bool = False, colour: str = INK
) -> float:
    """Add a text and return the height at which the next may start, mm."""
    label = QgsLayoutItemLabel(layout)
    label.setText(text)
    label.setFont(_font(size, bold=bold))
    label.setFontColor(QColor(colour))
    label.setMarginX(0.0)
    label.setMarginY(0.0)
    layout.addLayoutItem(label)
    label.attemptSetSceneRect(place)
    return place.bottom()


def _add_legend(
    layout: QgsPrintLayout, page_map: QgsLayoutItemMap, points: Sequence[QgsMapLayer], left: float, top: float
) -> None:
    legend = QgsLayoutItemLegend(layout)
    layout.addLayoutItem(legend)
    legend.setLinkedMap(page_map)
    legend.setAutoUpdateModel(False)
    root: QgsLayerTree = legend.model().rootGroup()
    root.clear()
    for layer in points:
        node = root.addLayer(layer)
        node.setCustomProperty("legend/title-style", "hidden")
    legend.model().setFlag(QgsLayerTreeModel.Flag.ShowLegendAsTree, False)
    legend.setStyleFont(QgsLegendStyle.Style.SymbolLabel, _font(10.5))
    legend.setFontColor(QColor(INK))
    legend.setSymbolWidth(5.0)
    legend.setSymbolHeight(5.0)
    for style, margin in ((QgsLegendStyle.Style.Symbol, 1.6), (QgsLegendStyle.Style.Subgroup, 0.0)):
        legend.rstyle(style).setMargin(margin)
    legend.setBoxSpace(0.0)
    legend.setBackgroundEnabled(False)
    legend.attemptMove(QgsLayoutPoint(left, top))
    legend.adjustBoxSize()


def _add_scale_bar(layout: QgsPrintLayout, page_map: QgsLayoutItemMap, left: float, top: float) -> None:
    bar = QgsLayoutItemScaleBar(layout)
    bar.setStyle("Line Ticks Up")
    bar.setLinkedMap(page_map)
    bar.applyDefaultSize()
    metres = page_map.extent().width() * 38.0 / page_map.rect().width()
    nice = _nice(metres)
    if nice >= 1000:
        bar.setUnits(QgsUnitTypes.DistanceUnit.DistanceKilometers)
        bar.setUnitLabel("km")
        bar.setUnitsPerSegment(nice / 1000)
    else:
        bar.setUnits(QgsUnitTypes.DistanceUnit.DistanceMeters)
        bar.setUnitLabel("m")
        bar.setUnitsPerSegment(nice)
    bar.setNumberOfSegments(1)
    bar.setNumberOfSegmentsLeft(0)
    bar.setHeight(2.0)
    bar.setFont(_font(9))
    bar.setFontColor(QColor(GREY))
    bar.setLineColor(QColor(GREY))
    bar.setBoxContentSpace(0.0)
    layout.addLayoutItem(bar)
    bar.attemptMove(QgsLayoutPoint(left, top))


def _nice(value: float) -> float:
    """Return the largest of 1, 2, 5 times a power of ten that is not above ``value``."""
    power = 1.0
    while power * 10 <= value:
        power *= 10
    while power > value:
        power /= 10
    return max((step * power for step in (1, 2, 5) if step * power <= value), default=power)


def export_png(layout: QgsPrintLayout, path: Path) -> None:
    """Write the page as a PNG of 2520 by 1417 pixels or so.

    Raises
    ------
    StillpointError
        The picture cannot be written.
    """
    settings = QgsLayoutExporter.ImageExportSettings()
    settings.dpi = DOTS_PER_INCH
    settings.generateWorldFile = False
    if QgsLayoutExporter(layout).exportToImage(str(path), settings) != QgsLayoutExporter.ExportResult.Success:
        raise StillpointError(f"The picture {path} cannot be written. Choose a folder that you may write to.")


def layers_from_top(project: QgsProject) -> List[QgsMapLayer]:
    """Return the project's layers in the order in which they are drawn, the top one first."""
    return list(project.layerTreeRoot().layerOrder())
