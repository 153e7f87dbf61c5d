"""Selections of the demo in its QGIS project, and the picture of the simulated city: map, table by zone, and a close look."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Dict, Iterator, Mapping, Sequence

from osgeo import gdal
from qgis.core import (
    QgsBookmark,
    QgsFillSymbol,
    QgsLayerTreeGroup,
    QgsLayoutItemMap,
    QgsLayoutItemShape,
    QgsLayoutSize,
    QgsMapLayer,
    QgsPalettedRasterRenderer,
    QgsPrintLayout,
    QgsProject,
    QgsRasterLayer,
    QgsRectangle,
    QgsReferencedRectangle,
    QgsVectorLayer,
)
from qgis.PyQt.QtCore import QRectF, Qt
from qgis.PyQt.QtGui import QColor, QPainter

from stillpoint.models.errors import StillpointError
from stillpoint.plugin import demo_map, scatterers, stacks
from stillpoint.plugin.demo_map import GREY, INK, PAGE, add_label, add_map, add_scale_bar
from stillpoint.plugin.demo_scatterers import SHORT, City, Line, Selection
from stillpoint.plugin.mean_amplitude import mean_amplitude_vrt

GROUP = "A simulated city: persistent scatterers"

TRUTH_COLOUR = "#4DD0E1"
"""Colour of the true scatterers: none of the ramp that the selections have."""

DETAIL = (0.21, 0.46, 0.3)
"""Left and top edge and side of the part that is shown closely, in parts of the city: houses, river, fields."""

RIGHT = Qt.AlignmentFlag.AlignRight

VAIN, MISSED = "#FF6A3D", "#0095C2"
"""Colours of what a method takes and what is true: complementary, so that both together are white."""


def add_city(project: QgsProject, city: City) -> QgsLayerTreeGroup:
    """Add the city below what the project has: selections, truth and zones over the mean amplitude, and a bookmark there.

    Raises
    ------
    StillpointError
        A file cannot be opened.
    """
    group = project.layerTreeRoot().addGroup(GROUP)
    amplitude = mean_amplitude(city.stack, city.stack.with_name("city_amplitude.tif"))
    for number, selection in enumerate(city.selections):
        _add_selection(project, group, selection, amplitude, shown=number == 0)
    for path, name in ((city.truth, "True PS"), (city.zones, "Zones")):
        layer = open_classes(str(path), name, truth=path == city.truth)
        project.addMapLayer(layer, False)
        node = group.insertLayer(_above_background(group), layer)
        node.setItemVisibilityChecked(False)
        node.setExpanded(False)
    whole = group.children()[-1].layer()
    bookmark = QgsBookmark()
    bookmark.setName(GROUP)
    bookmark.setExtent(QgsReferencedRectangle(whole.extent(), whole.crs()))
    project.bookmarkManager().addBookmark(bookmark)
    return group


def open_classes(path: str, name: str, *, truth: bool = False) -> QgsRasterLayer:
    """Open a raster of classes in the colours that it names, or the mask of the true scatterers in a colour of its own."""
    layer = scatterers.open_raster(path, name)
    layer.setRenderer(_one_class(layer, TRUTH_COLOUR) if truth else _named_classes(layer))
    return layer


def _above_background(group: QgsLayerTreeGroup) -> int:
    """Return the place just above the mean amplitude, which is the lowest of the group."""
    return max(len(group.children()) - 1, 0)


def _add_selection(
    project: QgsProject, group: QgsLayerTreeGroup, selection: Selection, amplitude: str, *, shown: bool
) -> None:
    """Add the layers of a selection as a group within ``group``, whose lowest layer is one mean amplitude for all."""
    outputs = {**selection.result.outputs, "amplitude": amplitude}
    layers = scatterers.add_scatterer_layers(replace(selection.result, outputs=outputs), selection.job, project=project)
    root = project.layerTreeRoot()
    made = root.findLayer(layers[0].id()).parent()
    background = layers[-1]
    if shown:
        # A layer that is out of the tree for a moment leaves the project, so it enters the new place first.
        group.addLayer(background).setExpanded(False)
        made.removeLayer(background)
    else:
        project.removeMapLayer(background.id())
    moved = made.clone()
    moved.setName(selection.title)
    moved.setItemVisibilityChecked(shown)
    moved.setExpanded(False)
    group.insertChildNode(_above_background(group), moved)
    root.removeChildNode(made)


def mean_amplitude(stack: Path, target: Path) -> str:
    """Write the mean amplitude of a stack of images as a GeoTIFF, which may move with the project; return its path.

    Raises
    ------
    StillpointError
        It cannot be written.
    """
    facts = stacks.facts_of(str(stack))
    part = target.with_name(f"{target.stem}.part.tif")
    gdal.PushErrorHandler("CPLQuietErrorHandler")
    try:
        done = gdal.Translate(str(part), mean_amplitude_vrt(facts), unscale=True, creationOptions=["COMPRESS=DEFLATE"])
        written = done is not None
        done = None  # closes the file
        if written:
            part.replace(target)
    except (RuntimeError, OSError):
        written = False
    finally:
        gdal.PopErrorHandler()
        part.unlink(missing_ok=True)
    if not written:
        raise StillpointError(f"The mean amplitude {target} cannot be written. Choose a folder that you may write to.")
    return str(target)


def _one_class(layer: QgsRasterLayer, colour: str) -> QgsPalettedRasterRenderer:
    """Return the renderer of a mask: the selected pixels in a colour."""
    return QgsPalettedRasterRenderer(layer.dataProvider(), 1, [QgsPalettedRasterRenderer.Class(1, QColor(colour), "PS")])


def _named_classes(layer: QgsRasterLayer) -> QgsPalettedRasterRenderer:
    """Return the renderer of a classified raster: every class that its attribute table names, in its colour."""
    raster = stacks.opened(layer.source())
    band = raster.GetRasterBand(1)
    table, colours = band.GetDefaultRAT(), band.GetColorTable()
    classes = []
    for row in range(table.GetRowCount() if table is not None else 0):
        value = table.GetValueAsInt(row, 0)
        red, green, blue = colours.GetColorEntry(value)[:3]
        classes.append(QgsPalettedRasterRenderer.Class(value, QColor(red, green, blue), table.GetValueAsString(row, 1)))
    return QgsPalettedRasterRenderer(layer.dataProvider(), 1, classes)


def draw_city(project: QgsProject, city: City, group: QgsLayerTreeGroup, picture: Path) -> None:
    """Draw the city as a page of the project and as a PNG.

    Raises
    ------
    StillpointError
        The picture cannot be written.
    """
    layers = [node.layer() for node in group.findLayers()]
    points = next(layer for layer in layers if isinstance(layer, QgsVectorLayer))
    background = layers[-1]
    first = city.selections[0]
    # The probability has every pixel in its place; where the method drops some of them, its points tell which are left.
    shown = points if first.job.method in scatterers.WEEDING else _layer_at(group, Path(first.job.probability or ""))
    layout = QgsPrintLayout(project)
    layout.initializeDefaults()
    layout.setName("Stillpoint city")
    layout.pageCollection().page(0).setPageSize(QgsLayoutSize(*PAGE))
    extent = background.extent()
    page_map = add_map(layout, [shown, background], extent, QRectF(0, 0, PAGE[1], PAGE[1]))
    page_map.setCrs(background.crs())
    page_map.zoomToExtent(extent)
    left, top = PAGE[1] + 7.0, 9.0
    width = PAGE[0] - left - 5.0
    top = add_label(layout, "Persistent scatterers of a simulated city", QRectF(left, top, width, 9.5), size=16, bold=True) + 1.0
    kilometres = f"{extent.width() / 1000:.2g} x {extent.height() / 1000:.2g} km"
    words = f"{city.dates} Sentinel-1 images, {kilometres}, with river, forest and fields"
    top = add_label(layout, words, QRectF(left, top, width, 5.6), size=9, colour=GREY)
    top = _add_ramp(layout, points, f"PS probability: {first.title}", QRectF(left, top + 4.0, width, 9.0))
    top = _add_table(layout, city.lines, QRectF(left, top + 3.0, width, 50.0), _zone_colours(group, city))
    _add_details(layout, page_map, city, group, QRectF(left, top + 4.0, width, PAGE[1] - 8.0 - top - 4.0))
    add_scale_bar(layout, page_map, 5.0, PAGE[1] - 12.0, colour="#ffffff")
    project.layoutManager().addLayout(layout)
    demo_map.export_png(layout, picture)


def _add_ramp(layout: QgsPrintLayout, points: QgsVectorLayer, title: str, place: QRectF) -> float:
    """Add the colours of the points and the probabilities between them; return where the next may start, mm."""
    add_label(layout, title, QRectF(place.left(), place.top(), 75.0, 5.0), size=9)
    ranges = points.renderer().ranges()
    bounds = [ranges[0].label().split(" - ")[0], *(item.label().split(" - ")[-1] for item in ranges)]
    step = 10.0
    start = place.right() - step * len(ranges)
    for number, item in enumerate(ranges):
        _add_box(layout, QRectF(start + number * step, place.top() + 0.6, step, 3.4), item.symbol().color())
    for number, bound in enumerate(bounds):
        under = QRectF(start + number * step - 5.0, place.top() + 4.4, 10.0, 4.0)
        add_label(layout, bound, under, size=7, colour=GREY, align=Qt.AlignmentFlag.AlignHCenter)
    return place.bottom()


def _add_box(layout: QgsPrintLayout, place: QRectF, colour: QColor) -> None:
    box = QgsLayoutItemShape(layout)
    box.setShapeType(QgsLayoutItemShape.Shape.Rectangle)
    box.symbol().setColor(colour)
    box.symbol().symbolLayer(0).setStrokeStyle(Qt.PenStyle.NoPen)
    layout.addLayoutItem(box)
    box.attemptSetSceneRect(place)


def _add_table(layout: QgsPrintLayout, lines: Sequence[Line], place: QRectF, colours: Mapping[str, QColor]) -> float:
    """Add the table by zone; return where the next may start, mm."""
    zones = list(lines[0].shares)
    heads = [*(SHORT.get(zone, zone) for zone in zones), "Precision", "Recall", "F1", "Seconds"]
    widths = [11.0] * len(zones) + [16.0, 11.5, 9.0, 14.5]
    first = place.right() - sum(widths)
    edges = [first + sum(widths[: number + 1]) for number in range(len(widths))]

    def row(texts: Sequence[str], top: float, *, bold: bool = False, colour: str = INK, size: float = 8.5) -> None:
        for text, edge, width in zip(texts, edges, widths):
            where = QRectF(edge - width - 2.0, top, width + 2.0, 5.0)
            add_label(layout, text, where, size=size, bold=bold, colour=colour, align=RIGHT)

    top, last = place.top(), edges[len(zones) - 1]
    add_label(layout, "Share of the PS, %", QRectF(first, top, last - first, 4.4), size=8, colour=GREY, align=RIGHT)
    add_label(layout, "Against the truth", QRectF(last, top, edges[-2] - last, 4.4), size=8, colour=GREY, align=RIGHT)
    row(heads, top + 4.6, colour=GREY, size=8)
    top += 9.4
    _add_box(layout, QRectF(place.left(), top, place.width(), 0.25), QColor(GREY))
    for zone, edge in zip(zones, edges):
        if zone in colours:
            _add_box(layout, QRectF(edge - 7.0, top - 0.45, 7.0, 0.9), colours[zone])
    top += 1.2
    for number, line in enumerate(lines):
        bold = number == 1
        numbers = [f"{line.shares[zone]:.1f}" for zone in zones]
        for value, form in ((line.precision, ".2f"), (line.recall, ".2f"), (line.f1, ".2f"), (line.seconds, ".1f")):
            numbers.append("" if value is None else f"{value:{form}}")
        add_label(layout, line.title, QRectF(place.left(), top, first + 6.0 - place.left(), 5.0), size=8.5, bold=bold)
        row(numbers, top, bold=bold)
        top += 5.4
    return top


def _zone_colours(group: QgsLayerTreeGroup, city: City) -> Dict[str, QColor]:
    return {item.label: item.color for item in _layer_at(group, city.zones).renderer().classes()}


def _add_details(
    layout: QgsPrintLayout, page_map: QgsLayoutItemMap, city: City, group: QgsLayerTreeGroup, place: QRectF
) -> None:
    """Add a close look at a part of the city: its zones, and what each method found there, missed, and took in vain."""
    columns, gap, head = 4, 2.0, 4.8
    side = min((place.width() - (columns - 1) * gap) / columns, place.height() / 2 - head)
    step = min(side + head + 4.0, place.height() - side - head)
    whole = page_map.extent()
    west, north = whole.xMinimum() + DETAIL[0] * whole.width(), whole.yMaximum() - DETAIL[1] * whole.height()
    part = QgsRectangle(west, north - DETAIL[2] * whole.height(), west + DETAIL[2] * whole.width(), north)

    def cell(row: int, column: int) -> QRectF:
        return QRectF(place.left() + column * (side + gap), place.top() + row * step + head, side, side)

    def look(title: str, layers: Sequence[QgsMapLayer], where: QRectF) -> QgsLayoutItemMap:
        add_label(layout, title, QRectF(where.left(), where.top() - head, side + gap, head), size=7.5)
        detail = add_map(layout, layers, part, where)
        detail.setBackgroundColor(QColor("#15181b"))
        detail.setCrs(page_map.crs())
        detail.zoomToExtent(part)
        # What the layers look like here is no business of theirs in the project.
        detail.setKeepLayerStyles(True)
        detail.storeCurrentLayerStyles()
        return detail

    zones, truth = _layer_at(group, city.zones), _layer_at(group, city.truth)
    detail = look("Zones", [zones], cell(0, 0))
    overview = page_map.overview()
    overview.setLinkedMap(detail)
    frame = {"color": "0,0,0,0", "outline_color": "#ffffff", "outline_width": "0.4", "style": "no"}
    overview.setFrameSymbol(QgsFillSymbol.createSimple(frame))
    with _colours_that_add(truth, MISSED):
        for number, selection in enumerate(city.selections):
            found = _layer_at(group, Path(selection.job.output))
            with _colours_that_add(found, VAIN):
                look(selection.title, [truth, found], cell(number // (columns - 1), 1 + number % (columns - 1)))
    corner = cell(1, 0)
    meanings = (("#ffffff", "True PS, found"), (MISSED, "True PS, missed"), (VAIN, "Taken, but no PS"))
    for number, (colour, text) in enumerate(meanings):
        top = corner.top() + 2.0 + 6.0 * number
        _add_box(layout, QRectF(corner.left(), top, 3.6, 3.6), QColor("#15181b"))
        _add_box(layout, QRectF(corner.left() + 0.5, top + 0.5, 2.6, 2.6), QColor(colour))
        add_label(layout, text, QRectF(corner.left() + 5.0, top - 0.3, side, 5.0), size=8)


@contextmanager
def _colours_that_add(layer: QgsRasterLayer, colour: str) -> Iterator[None]:
    """Draw the class 1 of a raster in a colour that adds to those below: where two complementary ones meet, white appears."""
    renderer, blending = layer.renderer().clone(), layer.blendMode()
    layer.setRenderer(_one_class(layer, colour))
    layer.setBlendMode(QPainter.CompositionMode.CompositionMode_Plus)
    try:
        yield
    finally:
        layer.setRenderer(renderer)
        layer.setBlendMode(blending)


def _layer_at(group: QgsLayerTreeGroup, path: Path) -> QgsMapLayer:
    return next(node.layer() for node in group.findLayers() if Path(node.layer().source()) == path)
