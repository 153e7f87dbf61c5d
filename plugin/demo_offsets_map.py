"""The surge of the demo in its QGIS project, and its picture: true and recovered motion, and a profile across the ice."""

from __future__ import annotations

from pathlib import Path
from typing import Dict, List, Sequence, Tuple

import numpy as np
from qgis.core import (
    QgsBookmark,
    QgsFillSymbol,
    QgsLayerTreeGroup,
    QgsLayoutItemMap,
    QgsLayoutItemPolygon,
    QgsLayoutItemPolyline,
    QgsLayoutItemShape,
    QgsLayoutSize,
    QgsLineSymbol,
    QgsMapLayer,
    QgsPrintLayout,
    QgsProject,
    QgsRasterLayer,
    QgsRectangle,
    QgsReferencedRectangle,
)
from qgis.PyQt.QtCore import QPointF, QRectF, Qt
from qgis.PyQt.QtGui import QColor, QPolygonF

from stillpoint.plugin import demo_map, offsets, offsets_layers, offsets_styles
from stillpoint.plugin.demo_map import GREY, INK, PAGE, add_label, add_map, add_scale_bar
from stillpoint.plugin.demo_offsets import Surge, true_offsets
from stillpoint.plugin.offsets import Pair
from stillpoint.plugin.scatterers import open_raster

GROUP = "A simulated glacier surge: offsets"
TRUE = "True magnitude (px)"
RIGHT = Qt.AlignmentFlag.AlignRight
MEASURED, TRUTH = "#cc4778", "#1f2a33"

MARGIN, SIDE, GAP = 8.0, 58.0, 3.0
"""Millimetres at the edges of the page, of a map's sides, and between maps."""


def add_surge(project: QgsProject, surge: Surge) -> QgsLayerTreeGroup:
    """Add the maps of the first method, the true motion and the images below what the project has, with a bookmark there.

    The group is not shown at first: it lies where the valley is.

    Raises
    ------
    StillpointError
        A file cannot be opened.
    """
    root = project.layerTreeRoot()
    facts = surge.trackings[0].facts
    offsets_layers.add_offset_layers(facts.path, arrows=surge.arrows, project=project)
    made = root.children()[0]
    group = root.addGroup(GROUP)
    for node in made.findLayers():
        # A layer that is out of the tree for a moment leaves the project, so it enters the new place first.
        moved = group.addLayer(node.layer())
        moved.setItemVisibilityChecked(node.itemVisibilityChecked())
        moved.setExpanded(False)
    root.removeChildNode(made)
    true = _true_magnitude(surge, _largest(group))
    image = open_raster(str(surge.images), "Reference image")
    offsets_layers.style_amplitude(image)
    for layer in (true, image):
        project.addMapLayer(layer, False)
        group.addLayer(layer).setItemVisibilityChecked(layer is image)
    group.setItemVisibilityChecked(False)
    group.setExpanded(False)
    bookmark = QgsBookmark()
    bookmark.setName(GROUP)
    bookmark.setExtent(QgsReferencedRectangle(image.extent(), image.crs()))
    project.bookmarkManager().addBookmark(bookmark)
    return group


def _true_magnitude(surge: Surge, largest: float) -> QgsRasterLayer:
    """Return the length of the true offsets as a layer, in the colours of the measured one."""
    told = surge.trackings[0].facts
    source = open_raster(str(surge.truth))
    shape = source.height(), source.width()
    step = told.geotransform[1] / told.spacing, told.geotransform[5] / told.spacing
    place = (told.geotransform[0], step[0], 0.0, told.geotransform[3], 0.0, step[1])
    facts = offsets.OffsetFacts(str(surge.truth), (), "px", "", told.geometry, 1, place, told.projection, shape, {})
    pair = Pair(("x", "y"), (1, 2), (0, 0), 0)
    layer = open_raster(offsets_styles.write_maps(facts, pair, largest)[0], TRUE)
    offsets_styles.style_magnitude(layer, largest, "px")
    return layer


def _by_role(group: QgsLayerTreeGroup) -> Dict[str, List[QgsMapLayer]]:
    found: Dict[str, List[QgsMapLayer]] = {}
    for node in group.findLayers():
        found.setdefault(str(node.layer().customProperty(offsets_layers.ROLE, "") or node.name()), []).append(node.layer())
    return found


def _largest(group: QgsLayerTreeGroup) -> float:
    return float(_by_role(group)[offsets_layers.MAGNITUDE][0].renderer().classificationMax())


# The picture


def draw_surge(project: QgsProject, surge: Surge, group: QgsLayerTreeGroup, picture: Path) -> None:
    """Draw the surge as a page of the project and as a PNG.

    Raises
    ------
    StillpointError
        The picture cannot be written.
    """
    found = _by_role(group)
    image, true = found["Reference image"][0], found[TRUE][0]
    magnitude = found[offsets_layers.MAGNITUDE][0]
    best = surge.trackings[0]
    layout = QgsPrintLayout(project)
    layout.initializeDefaults()
    layout.setName("Stillpoint offsets")
    layout.pageCollection().page(0).setPageSize(QgsLayoutSize(*PAGE))
    width = PAGE[0] - 2 * MARGIN
    top = add_label(layout, "How far did the ice move?", QRectF(MARGIN, 6.0, width, 9.5), size=16, bold=True) + 0.5
    words = f"A simulated glacier surge: offsets between two amplitude images 12 days apart ({best.title})"
    top = add_label(layout, words, QRectF(MARGIN, top, width, 5.6), size=9, colour=GREY) + 3.5
    extent = magnitude.extent()
    rows = (top + 9.5, top + 9.5 + SIDE + 13.0)
    columns = [MARGIN + place * (SIDE + GAP) for place in range(3)]
    scale = f"0 to {_largest(group):g} px"
    looks: Sequence[Tuple[List[QgsMapLayer], str, str]] = (
        ([image], "Reference image", "speckled, as radar sees it"),
        ([true, image], "True motion", scale),
        ([found[offsets_layers.ARROWS][0], magnitude, image], "Measured motion", f"{scale}, and arrows"),
        ([found[offsets_layers.COMPONENT][0], image], "Offset along the columns", "blue to the left, brown to the right"),
        ([found[offsets_layers.DIRECTION][0], image], "Direction", "by a wheel of colours, if it moves"),
        ([found[offsets_layers.ERROR][0]], "Standard error", _error_words(found[offsets_layers.ERROR][0])),
    )
    for index, (layers, head, note) in enumerate(looks):
        made = _look(layout, layers, extent, QRectF(columns[index % 3], rows[index // 3], SIDE, SIDE), head, note)
        if index == 0:
            add_scale_bar(layout, made, columns[0] + 1.0, rows[0] + SIDE - 9.0, colour="#ffffff")
    left = columns[2] + SIDE + 9.0
    bottom = _add_table(layout, surge, QRectF(left, rows[0] - 9.0, PAGE[0] - MARGIN - left, 60.0))
    _add_graph(layout, surge, QRectF(left, bottom + 7.0, PAGE[0] - MARGIN - left, rows[1] + SIDE - bottom - 7.0))
    project.layoutManager().addLayout(layout)
    demo_map.export_png(layout, picture)


def _error_words(layer: QgsRasterLayer) -> str:
    return f"along the columns, dark {layer.renderer().classificationMax():g} px"


def _look(
    layout: QgsPrintLayout, layers: Sequence[QgsMapLayer], extent: QgsRectangle, where: QRectF, head: str, note: str
) -> QgsLayoutItemMap:
    """Add a small map with two lines above it."""
    place = QRectF(where.left(), where.top() - 9.4, where.width(), 9.4)
    top = add_label(layout, head, QRectF(place.left(), place.top(), place.width(), 4.8), size=9, bold=True)
    add_label(layout, note, QRectF(place.left(), top, place.width(), place.bottom() - top), size=8, colour=GREY)
    made = add_map(layout, layers, extent, where)
    made.setCrs(layers[-1].crs())
    made.zoomToExtent(extent)
    made.setKeepLayerStyles(True)
    made.storeCurrentLayerStyles()
    return made


def _add_box(layout: QgsPrintLayout, place: QRectF, colour: QColor) -> None:
    box = QgsLayoutItemShape(layout)
    box.setShapeType(QgsLayoutItemShape.Shape.Rectangle)
    box.symbol().setColor(colour)
    box.symbol().symbolLayer(0).setStrokeStyle(Qt.PenStyle.NoPen)
    layout.addLayoutItem(box)
    box.attemptSetSceneRect(place)


def _add_table(layout: QgsPrintLayout, surge: Surge, place: QRectF) -> float:
    """Add recovered against true motion by zone; return where the next may start, mm."""
    heads, widths = ("True", "Measured", "Off by", "Within 2σ"), (17.0, 20.0, 20.0, 19.0)
    edges = [place.right() - sum(widths[number + 1 :]) for number in range(len(widths))]

    def row(name: str, texts: Sequence[str], top: float, *, bold: bool = False, colour: str = INK, size: float = 8.5) -> None:
        add_label(layout, name, QRectF(place.left(), top, edges[0] - place.left() - 14, 5.0), size=size, bold=bold, colour=colour)
        for text, edge, width in zip(texts, edges, widths):
            add_label(
                layout, text, QRectF(edge - width, top, width, 5.0), size=size, bold=bold, colour=colour, align=RIGHT
            )

    row("", heads, place.top(), colour=GREY, size=8)
    top = place.top() + 4.8
    _add_box(layout, QRectF(place.left(), top, place.width(), 0.25), QColor(GREY))
    top += 1.4
    for zone in surge.trackings[0].rows:
        texts = [f"{zone.true:.2f} px", f"{zone.measured:.2f} px", f"{zone.rms:.3f} px", f"{zone.within:.0%}"]
        row(zone.zone, texts, top, bold=zone.zone == "All")
        top += 5.2
    for other in surge.trackings[1:]:
        row(other.title, ["", "", f"{other.rows[-1].rms:.3f} px", f"{other.rows[-1].within:.0%}"], top, colour=GREY)
        top += 5.2
    return top


def _add_graph(layout: QgsPrintLayout, surge: Surge, place: QRectF) -> None:
    """Add the motion along the line across the ice on which it is fastest: truth, measured, and two standard errors."""
    facts = surge.trackings[0].facts
    pair = facts.pairs[0]
    true = true_offsets(facts, surge.truth)
    bands = offsets.samples(facts, [*pair.offsets, *pair.errors], most=10**9)
    size = np.hypot(*true)
    vertical = np.ptp(size, axis=0).mean() > np.ptp(size, axis=1).mean()  # across the ice is where motion changes
    if vertical:
        true, bands, size = true.transpose(0, 2, 1), bands.transpose(0, 2, 1), size.T
    middle = int(size.max(axis=1).argmax())
    component = int(np.abs(true[:, middle]).max(axis=1).argmax())
    truth, measured, sigma = true[component, middle], bands[component, middle], bands[2 + component, middle]
    words = f"Across the ice: offset along the {'columns' if component == 0 else 'rows'}, px"
    add_label(layout, words, QRectF(place.left(), place.top(), place.width(), 5.0), size=9, bold=True)
    inner = QRectF(place.left() + 8.0, place.top() + 11.0, place.width() - 8.0, place.height() - 17.0)
    parts = [truth, measured - 2 * sigma, measured + 2 * sigma]
    low, high = float(min(np.nanmin(part) for part in parts)), float(max(np.nanmax(part) for part in parts))
    low, high = low - 0.05 * (high - low), high + 0.05 * (high - low)
    far = np.arange(len(truth)) * facts.spacing

    def at(x: np.ndarray, y: np.ndarray) -> QPolygonF:
        across = inner.left() + x / max(float(far[-1]), 1.0) * inner.width()
        down = inner.bottom() - (y - low) / (high - low) * inner.height()
        return QPolygonF([QPointF(a, b) for a, b in zip(across, down)])

    step = next(value for value in (0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0) if (high - low) / value <= 7)
    for tick in np.arange(np.ceil(low / step), np.floor(high / step) + 1) * step + 0.0:
        y = at(far[:1], np.array([tick]))[0].y()
        _add_box(layout, QRectF(inner.left(), y, inner.width(), 0.1), QColor("#c9d0d4"))
        add_label(layout, f"{tick + 0.0:.1f}", QRectF(place.left(), y - 2.2, 7.0, 4.4), size=7.5, colour=GREY, align=RIGHT)
    good = np.isfinite(measured)
    x = far[good]
    upper, lower = at(x, (measured + 2 * sigma)[good]), at(x[::-1], (measured - 2 * sigma)[good][::-1])
    band = QgsLayoutItemPolygon(QPolygonF([*upper, *lower]), layout)
    pale = QColor(MEASURED)
    pale.setAlpha(70)
    band.setSymbol(QgsFillSymbol.createSimple({"color": pale.name(QColor.NameFormat.HexArgb), "outline_style": "no"}))
    layout.addLayoutItem(band)
    for where, values, colour, thick in ((far, truth, TRUTH, "0.35"), (x, measured[good], MEASURED, "0.5")):
        line = QgsLayoutItemPolyline(at(where, values), layout)
        line.setSymbol(QgsLineSymbol.createSimple({"color": colour, "width": thick}))
        layout.addLayoutItem(line)
    add_label(layout, "true", QRectF(place.left(), place.top() + 5.2, 10.0, 4.4), size=8, bold=True, colour=TRUTH)
    measured_words = "measured, with two standard errors"
    add_label(layout, measured_words, QRectF(place.left() + 10.0, place.top() + 5.2, 60.0, 4.4), size=8, bold=True, colour=MEASURED)
    text = f"0 to {far[-1] * 0.01:.1f} km across" if abs(facts.geotransform[1]) == 10.0 * facts.spacing else f"{far[-1]} px across"
    add_label(layout, text, QRectF(inner.left(), inner.bottom() + 1.0, inner.width(), 4.4), size=8, colour=GREY)
