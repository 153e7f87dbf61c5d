"""A map on a page: the map itself, its legend with units, scale bar, north arrow, numbers and attribution."""

from __future__ import annotations

from typing import Any, List, Sequence

from qgis.core import (
    QgsColorRampLegendNode,
    QgsFillSymbol,
    QgsLayerTree,
    QgsLayerTreeLayer,
    QgsLayerTreeModel,
    QgsLayoutItemLegend,
    QgsLayoutItemMap,
    QgsLayoutItemPicture,
    QgsLayoutItemScaleBar,
    QgsLayoutMeasurement,
    QgsLegendRenderer,
    QgsLegendStyle,
    QgsLineSymbol,
    QgsMapLayerLegendUtils,
    QgsMarkerSymbol,
    QgsPointXY,
    QgsPropertyCollection,
    QgsRasterLayer,
    QgsRenderContext,
    QgsUnitTypes,
    QgsVectorLayer,
)
from qgis.PyQt.QtCore import QRectF, QSizeF, Qt
from qgis.PyQt.QtGui import QColor

from stillpoint.plugin.language import tr
from stillpoint.plugin.report import charts
from stillpoint.plugin.report.content import GREY, INK, LINE, Map
from stillpoint.plugin.report.sheets import Sheets, text_format
from stillpoint.plugin.report.svg import POINT, Drawing, elided, font_of, wrapped

LEGEND = 52.0
"""Width of the legend beside a map, mm."""


def put(pages: Sheets, part: Map, x: float, y: float, room: float) -> float:
    """Put a map with all that belongs to it on the present page.

    Parameters
    ----------
    pages
        The pages.
    part
        The map.
    x, y
        Its upper left corner on the page, mm.
    room
        Height that it may take, mm; it takes less where its extent is flat.

    Returns
    -------
    float
        The height that it took, mm.
    """
    caption = pages.label(part.title, x, y, pages.inner, size=9.2, bold=True) + 1.2 if part.title else 0.0
    top, note_height = y + caption, 5.0
    legend = _legend(pages, part)
    size = _size_of(legend) if legend is not None else QSizeF()
    beside = legend is not None and (pages.landscape or size.height() > 0.3 * room)
    column = min(max(size.width(), 30.0), LEGEND) + 4.0 if beside else 0.0
    below = 0.0 if legend is None or beside else size.height() + 2.0
    width = pages.inner - column
    most = max(room - caption - note_height - below, 30.0)
    flat = width * part.extent.height() / max(part.extent.width(), 1e-12)
    high = min(most, max(flat, 0.5 * most, size.height() if beside else 0.0))
    page_map = _map(pages, part, QRectF(x, top, width, high))
    if legend is not None:
        legend.setLinkedMap(page_map)
        offset = pages.layout.pageCollection().page(pages.number).pos()
        left, upper = (x + width + 4.0, top) if beside else (x, top + high + note_height + 0.6)
        legend.attemptSetSceneRect(QRectF(offset.x() + left, offset.y() + upper, size.width(), size.height()))
    _put_badges(pages, part, page_map, QRectF(x, top, width, high))
    if part.crs.isValid():
        _scale(pages, page_map, x + 3.0, top + high - 3.0)
        _north(pages, page_map, x + width - 13.0, top + 3.0)
        whose = tr("Background: {whose}").format(whose=part.attribution) if part.attribution else ""
        note = " · ".join(filter(None, (whose, part.crs.authid() and tr("Coordinates {crs}").format(crs=part.crs.authid()))))
    else:
        note = tr("Rows and columns of the image: there is no scale and no north.")
    pages.label(elided(note, 7.0, width / POINT), x, top + high + 0.8, width, size=7.0, colour=GREY, height=note_height - 0.6)
    taken = caption + high + note_height + below
    pages.maps.append((part, pages.number, QRectF(x, y, pages.inner, taken)))
    return taken


def _map(pages: Sheets, part: Map, place: QRectF) -> QgsLayoutItemMap:
    made = QgsLayoutItemMap(pages.layout)
    pages.place(made, place.left(), place.top(), place.width(), place.height())
    made.setBackgroundColor(QColor("#f3f4f2"))
    if part.crs.isValid():
        made.setCrs(part.crs)
    made.setLayers(list(part.layers))
    made.setKeepLayerSet(True)
    made.zoomToExtent(part.extent)
    made.setFrameEnabled(True)
    made.setFrameStrokeColor(QColor(LINE))
    made.setFrameStrokeWidth(QgsLayoutMeasurement(0.3))
    made.setId(part.title[:60] or tr("Map"))
    return made


# The legend


def _legend(pages: Sheets, part: Map) -> Any:
    """Return the legend of a map in the layout, of its own size; None where there is nothing to explain."""
    if not part.explained:
        return None
    legend = QgsLayoutItemLegend(pages.layout)
    pages.place(legend, 0.0, 0.0, LEGEND, 20.0)
    legend.setAutoUpdateModel(False)
    root: QgsLayerTree = legend.model().rootGroup()
    root.clear()
    for layer in part.explained:
        node = root.addLayer(layer)
        node.setCustomProperty("legend/title-label", wrapped(layer.name(), 8.5, LEGEND - 2.0, bold=True))
        if isinstance(layer, QgsVectorLayer) and layer.customProperty("stillpoint/offsets") != "arrows":
            _calm_symbols(layer, node)
        _tidy(legend, node)
        legend.model().refreshLayerLegend(node)
    legend.setWrapString("\n")
    legend.model().setFlag(QgsLayerTreeModel.Flag.ShowLegendAsTree, False)
    style = QgsLegendStyle.Style
    for kind, size, bold in (
        (style.Title, 9.0, True),
        (style.Group, 9.0, True),
        (style.Subgroup, 8.5, True),
        (style.SymbolLabel, 8.0, False),
    ):
        _set_style(legend, kind, size, bold)
    if hasattr(legend, "setFontColor"):
        legend.setFontColor(QColor(INK))
    legend.setSymbolWidth(4.5)
    legend.setSymbolHeight(3.6)
    legend.rstyle(style.Symbol).setMargin(1.2)
    legend.rstyle(style.Subgroup).setMargin(2.4)
    legend.setBoxSpace(0.0)
    legend.setBackgroundEnabled(False)
    if not pages.landscape:
        entries = sum(len(legend.model().layerLegendNodes(node)) for node in root.findLayers())
        legend.setColumnCount(1 if entries <= 3 else 2 if entries <= 6 else 3)
        legend.setSplitLayer(True)
        legend.setColumnSpace(6.0)
    legend.setResizeToContents(True)
    size = _size_of(legend)
    if not pages.landscape and (size.width() > pages.inner or size.height() > 0.3 * (pages.bottom - 16.0)):
        legend.setColumnCount(1)  # it stands beside the map then
    return legend


def _tidy(legend: QgsLayoutItemLegend, node: QgsLayerTreeLayer) -> None:
    """Leave out the names of bands and empty entries, wrap long ones, and make ramps of colours high enough to be read."""
    shown = []
    for index, entry in enumerate(legend.model().layerLegendNodes(node)):
        is_ramp = isinstance(entry, QgsColorRampLegendNode)
        text = str(entry.data(Qt.ItemDataRole.DisplayRole) or "")
        names_band = isinstance(node.layer(), QgsRasterLayer) and index == 0 and text.startswith("Band ")
        if not is_ramp and (names_band or not text.strip()):
            continue
        shown.append(index)
        if is_ramp:
            QgsMapLayerLegendUtils.setLegendNodeSymbolSize(node, index, QSizeF(4.5, 24.0))
        elif wrapped(text, 8.0, LEGEND - 8.0) != text:
            QgsMapLayerLegendUtils.setLegendNodeUserLabel(node, index, wrapped(text, 8.0, LEGEND - 8.0))
    QgsMapLayerLegendUtils.setLegendNodeOrder(node, shown)


def _size_of(legend: QgsLayoutItemLegend) -> QSizeF:
    """Return how large a legend will be, mm; the item itself knows only once it was drawn."""
    return QgsLegendRenderer(legend.model(), legend.legendSettings()).minimumSize()


def _set_style(legend: QgsLayoutItemLegend, kind: Any, size: float, bold: bool) -> None:
    if hasattr(legend, "setStyleFont"):
        legend.setStyleFont(kind, font_of(size, bold=bold))
        return
    made = legend.rstyle(kind).textFormat()
    made.setFont(font_of(size, bold=bold))
    made.setSize(size)
    made.setColor(QColor(INK))
    legend.rstyle(kind).setTextFormat(made)


def _calm_symbols(layer: QgsVectorLayer, node: Any) -> None:
    """Have the legend draw markers in a size of its own: on the map they depend on the scale."""
    if layer.renderer() is None:
        return
    for index, symbol in enumerate(layer.renderer().symbols(QgsRenderContext())):
        if not isinstance(symbol, QgsMarkerSymbol):
            continue
        plain = symbol.clone()
        plain.setDataDefinedProperties(QgsPropertyCollection())
        for part in plain.symbolLayers():
            part.setDataDefinedProperties(QgsPropertyCollection())
        plain.setSizeUnit(QgsUnitTypes.RenderUnit.RenderMillimeters)
        plain.setSize(2.6)
        plain.setOpacity(1.0)
        QgsMapLayerLegendUtils.setLegendNodeCustomSymbol(node, index, plain)


# What lies on the map


def _scale(pages: Sheets, page_map: QgsLayoutItemMap, x: float, y: float) -> None:
    """Put a bar of a round length, at most some 40 mm long, on a pale ground; ``y`` is its lower edge."""
    bar = QgsLayoutItemScaleBar(pages.layout)
    bar.setStyle("Single Box")
    bar.setLinkedMap(page_map)
    bar.applyDefaultSize()
    bar.setUnits(QgsUnitTypes.DistanceUnit.DistanceMeters)
    bar.setUnitsPerSegment(100.0)
    per_mm = _metres_per_mm(page_map)
    if per_mm <= 0:
        return
    nice = _nice(per_mm * 36.0)
    if nice >= 1000:
        bar.setUnits(QgsUnitTypes.DistanceUnit.DistanceKilometers)
        bar.setUnitLabel("km")
        bar.setUnitsPerSegment(nice / 2000)
    else:
        bar.setUnitLabel("m")
        bar.setUnitsPerSegment(nice / 2)
    bar.setNumberOfSegments(2)
    bar.setNumberOfSegmentsLeft(0)
    bar.setHeight(1.3)
    bar.setLabelBarSpace(0.9)
    bar.setBoxContentSpace(1.4)
    rim = {"outline_color": INK, "outline_width": "0.2"}
    bar.setLineSymbol(QgsLineSymbol.createSimple({"color": INK, "width": "0.2"}))
    bar.setFillSymbol(QgsFillSymbol.createSimple({"color": INK, **rim}))
    bar.setAlternateFillSymbol(QgsFillSymbol.createSimple({"color": "#ffffff", **rim}))
    bar.setTextFormat(text_format(7.5))
    bar.setBackgroundEnabled(True)
    bar.setBackgroundColor(QColor(255, 255, 255, 205))
    offset = pages.layout.pageCollection().page(pages.number).pos()
    pages.layout.addLayoutItem(bar)
    bar.resizeToMinimumWidth()
    size = bar.minimumSize()
    bar.attemptSetSceneRect(QRectF(offset.x() + x, offset.y() + y - size.height(), size.width(), size.height()))


def _metres_per_mm(page_map: QgsLayoutItemMap) -> float:
    """Return how many metres a millimetre of the page is, in the middle of the map."""
    from qgis.core import QgsDistanceArea

    measure = QgsDistanceArea()
    measure.setSourceCrs(page_map.crs(), page_map.layout().project().transformContext())
    measure.setEllipsoid(page_map.crs().ellipsoidAcronym() or "WGS84")
    extent = page_map.extent()
    y = extent.center().y()
    try:
        metres = measure.measureLine(QgsPointXY(extent.xMinimum(), y), QgsPointXY(extent.xMaximum(), y))
    except Exception:  # QgsCsException, which not every QGIS hands to Python
        return 0.0
    return float(metres) / page_map.rect().width()


def _nice(value: float) -> float:
    """Return the largest of 1, 2, 5 times a power of ten that is not above ``value``."""
    power = 1.0
    while power * 10 <= value:
        power *= 10
    while power > value:
        power /= 10
    return max(step * power for step in (1, 2, 5) if step * power <= value)


def _north(pages: Sheets, page_map: QgsLayoutItemMap, x: float, y: float) -> None:
    """Put an arrow to the north that turns with the map."""
    drawing = Drawing(28.0, 30.0)
    drawing.circle(14.0, 15.0, 13.0, fill="#ffffff", opacity=0.8)
    drawing.path([(14.0, 3.5), (19.5, 19.0), (14.0, 15.6)], fill=INK)
    drawing.path([(14.0, 3.5), (8.5, 19.0), (14.0, 15.6)], fill=GREY)
    drawing.text(14.0, 26.0, "N", size=7.5, anchor="middle", bold=True)
    pages.picture(drawing.to_text("N"), x, y, 10.0, 10.7, name=tr("North"))
    arrow = next(item for item in reversed(pictures(pages.layout.items())) if item.id() == tr("North"))
    arrow.setLinkedMap(page_map)
    arrow.setNorthMode(QgsLayoutItemPicture.NorthMode.TrueNorth)


def pictures(items: Sequence[Any]) -> List[QgsLayoutItemPicture]:
    """Return the pictures among the items of a layout."""
    return [item for item in items if isinstance(item, QgsLayoutItemPicture)]


def _put_badges(pages: Sheets, part: Map, page_map: QgsLayoutItemMap, place: QRectF) -> None:
    """Put the numbers of the points on the map; those outside it are left out."""
    extent = page_map.extent()
    for mark in part.badges:
        if not extent.contains(QgsPointXY(mark.x, mark.y)):
            continue
        x = place.left() + place.width() * (mark.x - extent.xMinimum()) / extent.width()
        y = place.top() + place.height() * (extent.yMaximum() - mark.y) / extent.height()
        x = min(max(x, place.left() + 2.5), place.right() - 2.5)
        y = min(max(y - 3.0, place.top() + 2.5), place.bottom() - 2.5)
        pages.picture(
            charts.badge(mark.number, mark.colour), x - 2.3, y - 2.3, 4.6, 4.6, name=tr("Point {n}").format(n=mark.number)
        )
