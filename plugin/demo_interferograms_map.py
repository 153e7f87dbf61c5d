"""The selection of the demo in its QGIS project, and its picture: what was dropped, what was kept, and what that is worth."""

from __future__ import annotations

from pathlib import Path
from typing import List, Sequence, Tuple

import numpy as np
from qgis.core import (
    QgsBookmark,
    QgsLayerTreeGroup,
    QgsLayoutItemMap,
    QgsLayoutItemPolyline,
    QgsLayoutItemShape,
    QgsLayoutSize,
    QgsLineSymbol,
    QgsPrintLayout,
    QgsProject,
    QgsRasterLayer,
    QgsRectangle,
    QgsReferencedRectangle,
)
from qgis.PyQt.QtCore import QPointF, QRectF, Qt
from qgis.PyQt.QtGui import QColor, QPolygonF

from stillpoint.plugin import demo_map, interferograms, stacks, triage_store
from stillpoint.plugin.demo_interferograms import Network
from stillpoint.plugin.demo_map import GREY, INK, PAGE, add_label, add_map, add_scale_bar
from stillpoint.plugin.scatterers import open_raster
from stillpoint.plugin.triage import date_baselines
from stillpoint.plugin.triage_store import Sources

GROUP = "A simulated network: interferograms"
RIGHT = Qt.AlignmentFlag.AlignRight
GOOD, BAD = "#1d66b0", "#c8500a"
"""Colours of what is kept and dropped: those of scores 1 and 0 on the triage board."""

MARGIN, SIDE = 8.0, 58.0
"""Millimetres at the edges of the page, and of the width of a map."""

REACH = 6.0
"""Radians at both ends of the phase's colours."""


def add_network(project: QgsProject, network: Network) -> QgsLayerTreeGroup:
    """Add velocities, kept stack and the three telling interferograms below what the project has, with a bookmark there.

    The triage board of the project opens on the selection. The group is not shown at first: it lies where the city is.

    Raises
    ------
    StillpointError
        A file cannot be opened.
    """
    group = project.layerTreeRoot().addGroup(GROUP)
    first = network.selections[0]
    for layer in interferograms.add_interferogram_layers(first.result, first.job, project=project):
        _move(project, layer, group)
    true = open_raster(str(network.velocity), "True velocity (mm/yr)")
    interferograms.style_velocity(true, 1, _reach(group))
    _add(project, true, group, 3)
    for title, number in _telling(network):
        layer = open_raster(str(network.stack), title)
        interferograms.style_diverging(layer, number, REACH, " rad")
        _add(project, layer, group, len(group.children()))
    for place, node in enumerate(group.findLayers()):
        node.setItemVisibilityChecked(place == 0)
        node.setExpanded(False)
    group.setItemVisibilityChecked(False)
    group.setExpanded(False)
    bookmark = QgsBookmark()
    bookmark.setName(GROUP)
    bookmark.setExtent(QgsReferencedRectangle(true.extent(), true.crs()))
    project.bookmarkManager().addBookmark(bookmark)
    triage_store.remember(Sources(first.job.table, str(network.stack), str(network.coherence)), {})
    return group


def _add(project: QgsProject, layer: QgsRasterLayer, group: QgsLayerTreeGroup, place: int) -> None:
    project.addMapLayer(layer, False)
    group.insertLayer(place, layer)


def _move(project: QgsProject, layer: QgsRasterLayer, group: QgsLayerTreeGroup) -> None:
    """Move a layer to the end of a group; the group that it leaves empty goes."""
    root = project.layerTreeRoot()
    node = root.findLayer(layer.id())
    left = node.parent()
    # A layer that is out of the tree for a moment leaves the project, so it enters the new place first.
    group.addLayer(layer)
    left.removeChildNode(node)
    if not left.children():
        left.parent().removeChildNode(left)


def _reach(group: QgsLayerTreeGroup) -> float:
    return float(group.findLayers()[0].layer().renderer().classificationMax())


def _telling(network: Network) -> List[Tuple[str, int]]:
    """Return title and band of an unwrapping error, a decorrelated and a stormy interferogram, as far as there are any."""
    facts = stacks.facts_of(str(network.stack))
    found: List[Tuple[str, int]] = []

    def add(title: str, wanted: Sequence[bool]) -> None:
        for band, is_it in zip(facts.bands, wanted):
            if is_it:
                found.append((f"{title}: {band.label}", band.number))
                return

    truths = [network.truth[str(band.pair[0]), str(band.pair[1])] for band in facts.bands if band.pair]
    add("Unwrapping error", ["unwrap" in one.kind for one in truths])
    add("Decorrelated", ["decorrelated" in one.kind for one in truths])
    add("Strong atmosphere", [one.strong and not one.bad for one in truths])
    return found


# The picture


def draw_network(project: QgsProject, network: Network, group: QgsLayerTreeGroup, picture: Path) -> None:
    """Draw the selection as a page of the project and as a PNG.

    Raises
    ------
    StillpointError
        The picture cannot be written.
    """
    layers = [node.layer() for node in group.findLayers()]
    kept, everything, _, true = layers[:4]
    layout = QgsPrintLayout(project)
    layout.initializeDefaults()
    layout.setName("Stillpoint interferograms")
    layout.pageCollection().page(0).setPageSize(QgsLayoutSize(*PAGE))
    words = (
        f"{len(network.truth)} simulated interferograms of {network.dates} dates: one unwrapped wrongly, one decorrelated, "
        "one date with a strong atmosphere"
    )
    width = PAGE[0] - 2 * MARGIN
    top = add_label(layout, "Which interferograms are good enough?", QRectF(MARGIN, 6.0, width, 9.5), size=16, bold=True) + 0.5
    top = add_label(layout, words, QRectF(MARGIN, top, width, 5.6), size=9, colour=GREY) + 3.5
    extent = kept.extent()
    height = min(SIDE * extent.height() / extent.width(), 54.0)
    rows = (top + 9.5, top + 9.5 + height + 15.0 + 12.5)
    columns = [MARGIN + place * (SIDE + 3.0) for place in range(3)]
    captions = _captions(network)
    for left, layer, (above, below) in zip(columns, layers[-len(captions) :], captions):
        where = QRectF(left, rows[0], SIDE, height)
        _look(layout, layer, extent, where, *above)
        _caption(layout, QRectF(left, where.bottom() + 1.0, SIDE, 14.0), *below)
    error = network.selections[0].velocity_error
    for left, (layer, name, note, colour) in zip(columns, (
        (true, "True velocity", f"{_reach(group):.0f} mm/yr to either side", INK),
        (everything, "Velocity by all", f"off by {network.error_of_all:.1f} mm/yr (root mean square)", BAD),
        (kept, "Velocity by the kept ones", f"off by {error:.1f} mm/yr", GOOD),
    )):  # fmt: skip
        made = _look(layout, layer, extent, QRectF(left, rows[1], SIDE, height), name, note, colour)
    add_scale_bar(layout, made, columns[2] + 1.0, rows[1] + height - 9.0, colour=INK)
    left = columns[2] + SIDE + 9.0
    bottom = _add_table(layout, network, QRectF(left, rows[0] - 9.0, PAGE[0] - MARGIN - left, 60.0))
    _add_graph(layout, network, QRectF(left, bottom + 9.0, PAGE[0] - MARGIN - left, rows[1] + height - bottom - 20.0))
    _add_ramp(layout, QRectF(left, rows[1] + height - 3.0, 34.0, 3.0), layers[-1], f"Phase, {REACH:.0f} rad to either side")
    project.layoutManager().addLayout(layout)
    demo_map.export_png(layout, picture)


Words = Tuple[str, str, str]
"""Head, what stands below it, and colour."""


def _captions(network: Network) -> List[Tuple[Words, Words]]:
    """Return what stands above and below each telling interferogram: truth, and what the first method made of it."""
    table = network.selections[0].table
    facts = stacks.facts_of(str(network.stack))
    found: List[Tuple[Words, Words]] = []
    for title, number in _telling(network):
        pair = facts.bands[number - 1].pair
        days = (str(pair[0]), str(pair[1])) if pair else table.names[0]
        index = table.names.index(days)
        keep = bool(table.keep[index])
        said = table.reasons[index] or ("nothing is wrong with it" if keep else "no reason given")
        verdict = f"Score {table.score[index]:.2f}: {'kept' if keep else 'dropped'}"
        found.append(((title.split(":")[0], " to ".join(days), INK), (verdict, said, GOOD if keep else BAD)))
    return found


def _look(
    layout: QgsPrintLayout, layer: QgsRasterLayer, extent: QgsRectangle, where: QRectF, head: str, note: str, colour: str
) -> QgsLayoutItemMap:
    """Add a small map with two lines above it."""
    _caption(layout, QRectF(where.left(), where.top() - 9.4, where.width(), 9.4), head, note, colour)
    made = add_map(layout, [layer], extent, where)
    made.setCrs(layer.crs())
    made.zoomToExtent(extent)
    made.setKeepLayerStyles(True)
    made.storeCurrentLayerStyles()
    return made


def _caption(layout: QgsPrintLayout, place: QRectF, head: str, note: str, colour: str) -> None:
    """Add a head and, below it, a note that may take more lines."""
    top = add_label(layout, head, QRectF(place.left(), place.top(), place.width(), 4.8), size=9, bold=True, colour=colour)
    add_label(layout, note, QRectF(place.left(), top, place.width(), place.bottom() - top), size=8, colour=GREY)


def _add_box(layout: QgsPrintLayout, place: QRectF, colour: QColor) -> None:
    box = QgsLayoutItemShape(layout)
    box.setShapeType(QgsLayoutItemShape.Shape.Rectangle)
    box.symbol().setColor(colour)
    box.symbol().symbolLayer(0).setStrokeStyle(Qt.PenStyle.NoPen)
    layout.addLayoutItem(box)
    box.attemptSetSceneRect(place)


def _add_ramp(layout: QgsPrintLayout, place: QRectF, layer: QgsRasterLayer, text: str, steps: int = 32) -> None:
    """Add the colours of a layer as a strip with words beside it."""
    shader = layer.renderer().shader().rasterShaderFunction()
    low, high = layer.renderer().classificationMin(), layer.renderer().classificationMax()
    width = place.width() / steps
    for step in range(steps):
        _, red, green, blue, _ = shader.shade(low + (step + 0.5) / steps * (high - low))
        _add_box(layout, QRectF(place.left() + step * width, place.top(), width + 0.05, place.height()), QColor(red, green, blue))
    add_label(layout, text, QRectF(place.right() + 2.0, place.top() - 0.6, 60.0, 4.4), size=8, colour=GREY)


def _add_table(layout: QgsPrintLayout, network: Network, place: QRectF) -> float:
    """Add the table of the methods; return where the next may start, mm."""
    heads, columns, widths = ("Kept", "Bad found", "Good dropped", "Velocity off by"), (1, 2, 3, 5), (10.0, 18.5, 23.5, 27.0)
    edges = [place.right() - sum(widths[number + 1 :]) for number in range(len(widths))]

    def row(name: str, texts: Sequence[str], top: float, *, bold: bool = False, colour: str = INK, size: float = 8.5) -> None:
        add_label(layout, name, QRectF(place.left(), top, edges[0] - place.left(), 5.0), size=size, bold=bold, colour=colour)
        for text, edge, width in zip(texts, edges, widths):
            where = QRectF(edge - width, top, width, 5.0)
            add_label(layout, text, where, size=size, bold=bold, colour=colour, align=RIGHT)

    row("", heads, place.top(), colour=GREY, size=8)
    top = place.top() + 4.8
    _add_box(layout, QRectF(place.left(), top, place.width(), 0.25), QColor(GREY))
    top += 1.4
    for number, texts in enumerate(network.rows()):
        row(texts[0], [texts[column] + (" mm/yr" if column == 5 else "") for column in columns], top, bold=number == 1)
        top += 5.4
    return top


def _add_graph(layout: QgsPrintLayout, network: Network, place: QRectF) -> None:
    """Add the network: time against perpendicular baseline, kept pairs in the colour of their score, dropped ones dashed."""
    table = network.selections[0].table
    metres = date_baselines(table)
    heights = np.zeros(len(table.dates)) if metres is None else metres
    days = (table.dates - table.dates[0]).astype(np.float64)
    inner = place.adjusted(2.0, 6.0, -2.0, -2.0)
    x = inner.left() + days / max(float(days[-1]), 1.0) * inner.width()
    y = inner.bottom() - (heights - heights.min()) / max(float(np.ptp(heights)), 1.0) * inner.height()
    words = f"Time against perpendicular baseline ({np.ptp(heights):.0f} m); dropped ones dashed"
    add_label(layout, words, QRectF(place.left(), place.top(), place.width(), 4.6), size=8, colour=GREY)
    for keep in (True, False):  # the dropped ones above, since they are what is looked for
        for index in np.flatnonzero(table.keep == keep):
            ends = QPolygonF([QPointF(x[date], y[date]) for date in table.pairs[index]])
            line = QgsLayoutItemPolyline(ends, layout)
            colour = blend(table.score[index]) if keep else QColor(BAD)
            look = {"color": colour.name(), "width": "0.35" if keep else "0.6", "line_style": "solid" if keep else "dash"}
            line.setSymbol(QgsLineSymbol.createSimple(look))
            layout.addLayoutItem(line)
    for across, down in zip(x, y):
        dot = QgsLayoutItemShape(layout)
        dot.setShapeType(QgsLayoutItemShape.Shape.Ellipse)
        dot.symbol().setColor(QColor(INK))
        dot.symbol().symbolLayer(0).setStrokeStyle(Qt.PenStyle.NoPen)
        layout.addLayoutItem(dot)
        dot.attemptSetSceneRect(QRectF(across - 0.7, down - 0.7, 1.4, 1.4))


def blend(score: float) -> QColor:
    """Return the colour of a score between those of 0 and 1; grey where it is not known."""
    if not np.isfinite(score):
        return QColor(GREY)
    bad, good = QColor(BAD), QColor(GOOD)
    share = min(max(float(score), 0.0), 1.0)
    parts = zip((bad.red(), bad.green(), bad.blue()), (good.red(), good.green(), good.blue()))
    return QColor(*(round(low + share * (high - low)) for low, high in parts))
