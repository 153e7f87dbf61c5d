"""The demo's QGIS project and its picture: relief below, classified points above, and a page for a slide."""

from __future__ import annotations

import os
from pathlib import Path
from typing import List, Sequence

from qgis.core import (
    Qgis,
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
    QgsMapLayerLegendUtils,
    QgsMarkerSymbol,
    QgsPrintLayout,
    QgsProject,
    QgsProperty,
    QgsPropertyCollection,
    QgsRasterDataProvider,
    QgsRasterLayer,
    QgsRectangle,
    QgsReferencedRectangle,
    QgsRenderContext,
    QgsSymbolLayer,
    QgsUnitTypes,
    QgsVectorLayer,
)
from qgis.PyQt.QtCore import QRectF, Qt
from qgis.PyQt.QtGui import QColor, QFont, QFontMetricsF

from stillpoint.models.errors import StillpointError

PAGE = (320.0, 180.0)
"""Width and height of the page, mm: the shape of a slide."""
PANEL = 82.0
"""Width of the panel on the right, mm."""
DOTS_PER_INCH = 180
ROOM = 2.9
"""Distance between neighbouring points, mm on the page, from which on markers need not shrink."""
SMALLEST = 0.35
INK, GREY, PAPER = "#1f2a33", "#5b6b76", "#ffffff"


def add_relief(project: QgsProject, path: str) -> QgsRasterLayer:
    """Add heights below everything else; see :func:`open_relief`."""
    layer = open_relief(path)
    project.addMapLayer(layer, False)
    project.layerTreeRoot().addLayer(layer)
    return layer


def open_relief(path: str) -> QgsRasterLayer:
    """Open heights as a soft hillshade that leaves the colours to the points.

    Raises
    ------
    StillpointError
        The raster cannot be opened.
    """
    layer = QgsRasterLayer(path, "Relief")
    if not layer.isValid():
        raise StillpointError(f"QGIS cannot open the terrain {path}.")
    # The heights are interpolated before they are shaded: shading first shows every cell as a terrace.
    source = layer.dataProvider()
    source.enableProviderResampling(True)
    source.setZoomedInResamplingMethod(QgsRasterDataProvider.ResamplingMethod.Cubic)
    source.setZoomedOutResamplingMethod(QgsRasterDataProvider.ResamplingMethod.Bilinear)
    source.setMaxOversampling(4.0)
    layer.setResamplingStage(Qgis.RasterResamplingStage.Provider)
    renderer = QgsHillshadeRenderer(source, 1, 315.0, 42.0)
    renderer.setMultiDirectional(True)
    renderer.setZFactor(0.7)
    layer.setRenderer(renderer)
    layer.brightnessFilter().setBrightness(88)
    layer.brightnessFilter().setContrast(-38)
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


def fit_markers(layer: QgsVectorLayer, extent: QgsRectangle) -> None:
    """Shrink the markers of a dense layer so that its neighbours do not cover one another at full extent."""
    width = PAGE[0] - PANEL
    area = width * width * extent.height() / max(extent.width(), 1e-9)
    factor = min(max((area / max(layer.featureCount(), 1)) ** 0.5 / ROOM, SMALLEST), 1.0)
    renderer = layer.renderer().clone()
    for symbol in renderer.symbols(QgsRenderContext()):
        for part in symbol.symbolLayers():
            size = part.dataDefinedProperties().property(QgsSymbolLayer.Property.PropertySize)
            expression = size.expressionString() or f"{part.size():g}"
            # Legends have no scale and keep the size that they have.
            scaled = QgsProperty.fromExpression(f"if(@map_scale IS NULL, 1, {factor:.2f}) * ({expression})")
            part.setDataDefinedProperty(QgsSymbolLayer.Property.PropertySize, scaled)
            part.setStrokeWidth(part.strokeWidth() * max(factor, 0.5))
    layer.setRenderer(renderer)


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
    points: Sequence[QgsVectorLayer],
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
    page_map = add_map(layout, layers, extent, QRectF(0, 0, left, PAGE[1]))
    panel = QgsLayoutItemShape(layout)
    panel.setShapeType(QgsLayoutItemShape.Shape.Rectangle)
    panel.symbol().setColor(QColor(PAPER))
    panel.symbol().symbolLayer(0).setStrokeStyle(Qt.PenStyle.NoPen)
    layout.addLayoutItem(panel)
    panel.attemptSetSceneRect(QRectF(left, 0, PANEL, PAGE[1]))
    left, width, top = left + 7.0, PANEL - 11.0, 10.0
    size = size_to_fit(title, width)
    top = add_label(layout, title, QRectF(left, top, width, 9.5), size=size, bold=True) + 1.5
    for line in lines:
        top = add_label(layout, line, QRectF(left, top, width, 5.6), size=9, colour=GREY)
    top += 7.0
    _add_legend(layout, page_map, points, left, top)
    bottom = PAGE[1] - 9.0
    if project.crs().isValid():  # pixels of radar geometry have no length
        add_scale_bar(layout, page_map, left, bottom - 13.0)
    if figure:
        add_label(layout, figure, QRectF(left, bottom - 45.0, width, 13.0), size=28, bold=True)
        add_label(layout, figure_text, QRectF(left, bottom - 32.0, width, 14.0), size=9, colour=GREY)
    project.layoutManager().addLayout(layout)
    return layout


def add_map(
    layout: QgsPrintLayout, layers: Sequence[QgsMapLayer], extent: QgsRectangle, place: QRectF
) -> QgsLayoutItemMap:
    """Add a map that goes on showing ``layers``; ``place`` is in mm."""
    page_map = QgsLayoutItemMap(layout)
    layout.addLayoutItem(page_map)
    page_map.attemptSetSceneRect(place)
    page_map.setBackgroundColor(QColor("#f3f4f2"))
    page_map.setLayers(list(layers))
    page_map.setKeepLayerSet(True)
    page_map.zoomToExtent(extent)
    return page_map


def font_of(size: float, *, bold: bool = False) -> QFont:
    """Return the font of the page in a size in points."""
    font = QFont("DejaVu Sans")
    font.setPointSizeF(size)
    font.setBold(bold)
    return font


def size_to_fit(text: str, width: float, *, largest: float = 17.0) -> float:
    """Return the font size, at most ``largest`` points, at which a bold text is no wider than ``width`` mm."""
    wide = QFontMetricsF(font_of(100.0, bold=True)).horizontalAdvance(text)
    dots = QFontMetricsF(font_of(100.0, bold=True)).fontDpi()
    return min(largest, 0.97 * 100.0 * width / max(wide / dots * 25.4, 1e-6))


def add_label(
    layout: QgsPrintLayout,
    text: str,
    place: QRectF,
    *,
    size: float,
    bold: bool = False,
    colour: str = INK,
    align: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft,
) -> float:
    """Add a text and return the height at which the next may start, mm."""
    label = QgsLayoutItemLabel(layout)
    label.setText(text)
    label.setFont(font_of(size, bold=bold))
    label.setFontColor(QColor(colour))
    label.setHAlign(align)
    label.setMarginX(0.0)
    label.setMarginY(0.0)
    layout.addLayoutItem(label)
    label.attemptSetSceneRect(place)
    return place.bottom()


def _add_legend(
    layout: QgsPrintLayout, page_map: QgsLayoutItemMap, points: Sequence[QgsVectorLayer], left: float, top: float
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
        # The page's scale is that of its map, so its legend would show markers as small as there.
        for index, symbol in enumerate(layer.renderer().symbols(QgsRenderContext())):
            QgsMapLayerLegendUtils.setLegendNodeCustomSymbol(node, index, _legend_symbol(symbol))
        legend.model().refreshLayerLegend(node)
    legend.model().setFlag(QgsLayerTreeModel.Flag.ShowLegendAsTree, False)
    legend.setStyleFont(QgsLegendStyle.Style.SymbolLabel, font_of(10))
    legend.setFontColor(QColor(INK))
    legend.setSymbolWidth(5.0)
    legend.setSymbolHeight(5.0)
    for style, margin in ((QgsLegendStyle.Style.Symbol, 1.6), (QgsLegendStyle.Style.Subgroup, 0.0)):
        legend.rstyle(style).setMargin(margin)
    legend.setBoxSpace(0.0)
    legend.setBackgroundEnabled(False)
    legend.attemptMove(QgsLayoutPoint(left, top))
    legend.adjustBoxSize()


def _legend_symbol(symbol: QgsMarkerSymbol) -> QgsMarkerSymbol:
    """Return ``symbol`` in a size and strength that do not depend on scale or confidence."""
    plain = symbol.clone()
    plain.setDataDefinedProperties(QgsPropertyCollection())
    for part in plain.symbolLayers():
        part.setDataDefinedProperties(QgsPropertyCollection())
        part.setSize(1.5 * part.size())
    return plain


def add_scale_bar(layout: QgsPrintLayout, page_map: QgsLayoutItemMap, left: float, top: float, colour: str = GREY) -> None:
    """Add a bar of a round length that is some 38 mm long at most."""
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
    bar.setFont(font_of(9))
    bar.setFontColor(QColor(colour))
    bar.setLineColor(QColor(colour))
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
    """Write the page as a PNG of some 2270 by 1280 pixels.

    Raises
    ------
    StillpointError
        The picture cannot be written.
    """
    # Not exportToImage: it also tries to write coordinates into the file, which PNG has no room for.
    image = QgsLayoutExporter(layout).renderPageToImage(0, dpi=DOTS_PER_INCH)
    temporary = path.with_name(f"{path.stem}.{os.getpid()}.part.png")
    if image.isNull() or not image.save(str(temporary)):
        temporary.unlink(missing_ok=True)
        raise StillpointError(f"The picture {path} cannot be written. Choose a folder that you may write to.")
    os.replace(temporary, path)


def layers_from_top(project: QgsProject) -> List[QgsMapLayer]:
    """Return the project's layers in the order in which they are drawn, the top one first."""
    return list(project.layerTreeRoot().layerOrder())
