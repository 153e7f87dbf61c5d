"""How the network of the triage board is laid out and painted: axes, lines, dots, marks and the box beside the cursor."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import List, Optional, Sequence, Tuple

import numpy as np
from qgis.PyQt.QtCore import QLineF, QPointF, QRectF, QSizeF, Qt
from qgis.PyQt.QtGui import QFontMetricsF, QPainter, QPen, QPolygonF

from stillpoint.plugin.language import tr
from stillpoint.plugin.triage import Triage
from stillpoint.ui.plot.painter import pixel_font
from stillpoint.ui.plot.theme import Theme, blend, with_alpha
from stillpoint.ui.plot.ticks import date_ticks, number_ticks
from stillpoint.ui.triage_colours import ALERT, LOOP, SCORES, UNKNOWN, ramp_image, score_colour

STEPS = 32
"""Straight parts of an arc."""
BINS = 24
"""Colours that edges are drawn in: a pen each."""


@dataclass(frozen=True)
class Drawing:
    """Where everything is on the paper.

    Attributes
    ----------
    plot
        The rectangle of the data.
    edges
        float64 [pairs, points, 2]: the line of every pair, in pixels.
    nodes
        float64 [dates, 2].
    days, heights
        Lowest and highest of the axes.
    size
        Of the paper.
    has_baselines
        Whether the vertical axis is the perpendicular baseline.
    pixels
        Height of the text.
    """

    plot: QRectF
    edges: np.ndarray
    nodes: np.ndarray
    days: Tuple[float, float]
    heights: Tuple[float, float]
    size: QSizeF
    has_baselines: bool
    pixels: float

    @property
    def field(self) -> QRectF:
        """Return where lines and dots may be: the plot, and the room of a dot around it."""
        return self.plot.adjusted(-6, -6, 6, 6)


def lay_out(
    triage: Triage, baselines: Optional[np.ndarray], days_shown: Tuple[float, float], size: QSizeF, pixels: float
) -> Drawing:
    """Return where everything is.

    Parameters
    ----------
    triage
        The network.
    baselines
        float64 [dates], metres; None draws arcs above the time line.
    days_shown
        First and last day of the time axis, since 1970.
    size
        Of the paper in pixels.
    pixels
        Height of the text.
    """
    table = triage.table
    left = (4.6 if baselines is not None else 1.2) * pixels
    plot = QRectF(left, 2.3 * pixels, max(size.width() - left - 1.2 * pixels, 10.0), max(size.height() - 4.3 * pixels, 10.0))
    days = table.dates.astype("datetime64[D]").astype(np.float64)
    x_low, x_high = days_shown
    x = plot.left() + (days - x_low) / (x_high - x_low) * plot.width()
    ends = table.pairs
    if baselines is not None:
        low, high = float(baselines.min()), float(baselines.max())
        pad = max(0.08 * (high - low), 1.0)
        low, high = low - pad, high + pad
        y = plot.bottom() - (baselines - low) / (high - low) * plot.height()
        nodes = np.stack([x, y], axis=1)
        edges = nodes[ends]
    else:
        low, high = 0.0, max(float(table.days.max()) ** 0.7, 1.0)
        nodes = np.stack([x, np.full(len(x), plot.bottom() - 0.5 * pixels)], axis=1)
        share = np.linspace(0.0, 1.0, STEPS + 1)
        across = nodes[ends[:, 0], 0][:, None] * (1 - share) + nodes[ends[:, 1], 0][:, None] * share
        tall = (table.days**0.7 / high * (plot.height() - 1.2 * pixels))[:, None] * 4 * share * (1 - share)
        edges = np.stack([across, nodes[0, 1] - tall], axis=2)
    return Drawing(plot, edges, nodes, days_shown, (low, high), size, baselines is not None, pixels)


def paint_axes(painter: QPainter, drawing: Drawing, theme: Theme) -> None:
    """Paint grid, axes and legend."""
    plot, pixels = drawing.plot, drawing.pixels
    font = pixel_font(0.92 * pixels)
    painter.setFont(font)
    metrics = QFontMetricsF(font)
    if drawing.has_baselines:
        low, high = drawing.heights
        for value, text in number_ticks(low, high, max(2, int(plot.height() / (2.6 * pixels)))):
            y = plot.bottom() - (value - low) / (high - low) * plot.height()
            painter.setPen(QPen(theme.grid, 1))
            painter.drawLine(QPointF(plot.left(), y), QPointF(plot.right(), y))
            painter.setPen(theme.muted)
            box = QRectF(0, y - pixels, plot.left() - 0.5 * pixels, 2 * pixels)
            painter.drawText(box, int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter), text)
    right = -math.inf
    low, high = drawing.days
    for day, text in date_ticks(low, high, max(2, int(plot.width() / (5.5 * pixels)))):
        x = plot.left() + (day - low) / (high - low) * plot.width()
        painter.setPen(QPen(theme.grid, 1))
        painter.drawLine(QPointF(x, plot.top()), QPointF(x, plot.bottom() + 0.3 * pixels))
        half = metrics.horizontalAdvance(text) / 2
        if x - half < right + 0.6 * pixels or x + half > drawing.size.width():
            continue
        right = x + half
        painter.setPen(theme.muted)
        box = QRectF(x - half - 2, plot.bottom() + 0.4 * pixels, 2 * half + 4, 1.5 * pixels)
        painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter), text)
    painter.setPen(QPen(blend(theme.text, theme.background, 0.55), 1))
    painter.drawLine(plot.bottomLeft(), plot.bottomRight())
    title = tr("Perpendicular baseline (m)") if drawing.has_baselines else tr("Baselines unknown: arcs span the days")
    _paint_legend(painter, title, theme, pixels, drawing.size.width())


def _paint_legend(painter: QPainter, title: str, theme: Theme, pixels: float, width: float) -> None:
    """Paint the axis's title on the left, and on the right what colours and dashes mean, as far as there is room."""
    metrics = QFontMetricsF(painter.font())
    box = QRectF(0.6 * pixels, 0.35 * pixels, width, 1.6 * pixels)
    middle = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
    painter.setPen(theme.muted)
    painter.drawText(box, middle, title)
    words = (tr("dropped"), tr("lost date"))
    strip, sign, gap = 6.5 * pixels, 2.2 * pixels, 0.45 * pixels
    score, worst, best = tr("Score"), "0", "1"
    wide = sum(metrics.horizontalAdvance(word) for word in (*words, score, worst, best)) + strip + 2 * sign + 11 * gap
    x = width - wide - 0.4 * pixels
    if x < metrics.horizontalAdvance(title) + 2 * pixels:
        return

    def say(text: str) -> None:
        nonlocal x
        painter.setPen(theme.muted)
        painter.drawText(QRectF(x, box.top(), 20 * pixels, box.height()), middle, text)
        x += metrics.horizontalAdvance(text) + gap

    say(score)
    x += gap
    say(worst)
    painter.drawImage(QRectF(x, box.center().y() - 0.35 * pixels, strip, 0.7 * pixels), ramp_image(SCORES))
    x += strip + gap
    say(best)
    x += 2 * gap
    y = box.center().y()
    pen = QPen(theme.visible(UNKNOWN), 1.3, Qt.PenStyle.DashLine)
    painter.setPen(pen)
    painter.drawLine(QPointF(x, y), QPointF(x + sign, y))
    x += sign + gap
    say(words[0])
    x += 2 * gap
    painter.setPen(QPen(theme.visible(ALERT), 1.8))
    painter.setBrush(theme.background)
    painter.drawEllipse(QPointF(x + 0.5 * pixels, y), 4.2, 4.2)
    x += 0.5 * sign + gap
    say(words[1])


def paint_edges(painter: QPainter, drawing: Drawing, theme: Theme, triage: Triage, passing: np.ndarray) -> None:
    """Paint the lines of all pairs; those that a filter does not let pass (bool [pairs]) faintly."""
    faint = with_alpha(theme.text, 0.13)
    for index in np.flatnonzero(~passing):
        draw_line(painter, drawing.edges[index], QPen(faint, 1.0))
    grey = QPen(with_alpha(theme.visible(UNKNOWN), 0.85), 1.1, Qt.PenStyle.CustomDashLine)
    grey.setDashPattern([4, 3])
    for index in np.flatnonzero(passing & ~triage.keep):
        draw_line(painter, drawing.edges[index], grey)
    kept = np.flatnonzero(passing & triage.keep)
    score = triage.table.score[kept]
    rank = np.where(np.isnan(score), -1, np.clip(np.nan_to_num(score), 0, 1) * BINS).astype(int)
    # The worst are painted last, so that none of them hides below the good.
    for step in sorted(set(rank.tolist()), reverse=True):
        colour = score_colour(float("nan") if step < 0 else step / BINS)
        pen = QPen(theme.visible(colour.name(), 1.7), 1.6)
        chosen = kept[rank == step]
        if drawing.has_baselines:
            painter.setPen(pen)
            painter.drawLines([QLineF(*edge.ravel().tolist()) for edge in drawing.edges[chosen]])
        else:
            for index in chosen:
                draw_line(painter, drawing.edges[index], pen)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.text)
    for index in np.flatnonzero(triage.changed & passing):
        middle = drawing.edges[index].mean(axis=0) if drawing.has_baselines else drawing.edges[index][STEPS // 2]
        painter.drawPolygon(_diamond(middle, 3.6))


def draw_line(painter: QPainter, points: np.ndarray, pen: QPen) -> None:
    """Draw a line through points [points, 2]."""
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPolyline(QPolygonF([QPointF(x, y) for x, y in points.tolist()]))


def paint_dates(painter: QPainter, drawing: Drawing, theme: Theme, triage: Triage) -> None:
    """Paint a dot a date, a ring where it is lost."""
    lost = set(triage.lost.tolist())
    for number, (x, y) in enumerate(drawing.nodes.tolist()):
        if number in lost:
            painter.setPen(QPen(theme.visible(ALERT), 1.8))
            painter.setBrush(theme.background)
            painter.drawEllipse(QPointF(x, y), 4.4, 4.4)
        else:
            painter.setPen(QPen(theme.background, 1.2))
            painter.setBrush(theme.text)
            painter.drawEllipse(QPointF(x, y), 3.5, 3.5)


def paint_marks(
    painter: QPainter, drawing: Drawing, theme: Theme, triage: Triage, *, current: int, loop: Sequence[int], pair: int, date: int
) -> None:
    """Mark the current pair, the loop whose closure is shown, and the pair and date under the cursor (-1 for none)."""
    painter.setClipRect(drawing.field)
    for index in loop:
        if index != current:
            draw_line(painter, drawing.edges[index], QPen(with_alpha(theme.visible(LOOP), 0.9), 2.2, Qt.PenStyle.DotLine))
    for index, width in ((current, 3.4), (pair, 2.6)):
        if index < 0:
            continue
        colour = theme.visible(score_colour(triage.table.score[index]).name(), 1.7)
        draw_line(painter, drawing.edges[index], QPen(with_alpha(theme.text, 0.9), width + 2.6))
        dashes = Qt.PenStyle.SolidLine if triage.keep[index] else Qt.PenStyle.DashLine
        draw_line(painter, drawing.edges[index], QPen(theme.background, width))
        draw_line(painter, drawing.edges[index], QPen(colour, width, dashes))
        for x, y in drawing.nodes[triage.table.pairs[index]].tolist():
            painter.setPen(QPen(theme.background, 1.2))
            painter.setBrush(theme.text)
            painter.drawEllipse(QPointF(x, y), 4.6, 4.6)
    if date >= 0:
        x, y = drawing.nodes[date].tolist()
        painter.setPen(QPen(theme.focus, 2))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawEllipse(QPointF(x, y), 6.5, 6.5)
    painter.setClipping(False)


def paint_box(painter: QPainter, drawing: Drawing, lines: List[str], spot: QPointF, theme: Theme) -> None:
    """Paint a box with lines of text beside a place."""
    pixels = drawing.pixels
    plain, bold = pixel_font(0.95 * pixels), pixel_font(0.95 * pixels, bold=True)
    height = 1.45 * pixels
    width = max(QFontMetricsF(bold).horizontalAdvance(text) for text in lines) + 1.4 * pixels
    left = spot.x() + pixels if spot.x() + pixels + width < drawing.size.width() else spot.x() - pixels - width
    top = min(max(spot.y() - height, 4.0), max(drawing.size.height() - height * len(lines) - 10, 4.0))
    box = QRectF(max(left, 2.0), top, width, height * len(lines) + 6)
    painter.setPen(QPen(blend(theme.text, theme.background, 0.6), 1))
    painter.setBrush(with_alpha(theme.background, 0.96))
    painter.drawRoundedRect(box, 4, 4)
    for number, text in enumerate(lines):
        painter.setFont(plain if number else bold)
        painter.setPen(theme.text)
        row = QRectF(box.left() + 0.7 * pixels, box.top() + 3 + number * height, width, height)
        painter.drawText(row, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter), text)


def _diamond(middle: np.ndarray, size: float) -> QPolygonF:
    x, y = (float(value) for value in middle)
    return QPolygonF([QPointF(x, y - size), QPointF(x + size, y), QPointF(x, y + size), QPointF(x - size, y)])

