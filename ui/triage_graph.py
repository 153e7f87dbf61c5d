"""The network as a graph: time against perpendicular baseline, or arcs above the time line where baselines are not known."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import List, Optional, Tuple

import numpy as np
from qgis.PyQt.QtCore import QLineF, QPointF, QRectF, QSize, Qt, pyqtSignal
from qgis.PyQt.QtGui import (
    QFontInfo,
    QFontMetricsF,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
    QPolygonF,
    QWheelEvent,
)
from qgis.PyQt.QtWidgets import QSizePolicy, QWidget

from stillpoint.plugin.triage import Triage, date_baselines
from stillpoint.ui.plot.chart import position_of
from stillpoint.ui.plot.painter import draw_message, pixel_font
from stillpoint.ui.plot.theme import Theme, blend, with_alpha
from stillpoint.ui.plot.ticks import date_ticks, number_ticks
from stillpoint.ui.triage_colours import ALERT, LOOP, SCORES, UNKNOWN, ramp_image, score_colour
from stillpoint.ui.triage_words import hover_lines

REACH = 7.0
"""Pixels around an edge or a date in which the cursor finds it."""
STEPS = 32
"""Straight parts of an arc."""
SHORTEST = 30.0
"""Days that are shown at least."""
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
    """

    plot: QRectF
    edges: np.ndarray
    nodes: np.ndarray
    days: Tuple[float, float]
    heights: Tuple[float, float]


class NetworkGraph(QWidget):
    """The dates of a network as dots, its pairs as lines coloured by score; dropped ones are grey and dashed.

    The lines are painted once into a picture; hovering and choosing only paint above it.
    """

    pairClicked = pyqtSignal(int)  # noqa: N815 - Qt's way of naming signals
    dateClicked = pyqtSignal(int)  # noqa: N815
    pairToggled = pyqtSignal(int)  # noqa: N815

    def __init__(self, parent: Optional[QWidget] = None) -> None:
        super().__init__(parent)
        self._triage: Optional[Triage] = None
        self._baselines: Optional[np.ndarray] = None
        self._passing: Optional[np.ndarray] = None
        self._current = -1
        self._loop: Tuple[int, ...] = ()
        self._hover_pair = -1
        self._hover_date = -1
        self._drawing: Optional[Drawing] = None
        self._picture: Optional[QPixmap] = None
        self._window: Optional[Tuple[float, float]] = None
        self._dragged: Optional[Tuple[float, Tuple[float, float]]] = None
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(260, 130)
        self.setAccessibleName(self.tr("Network of interferograms"))

    def sizeHint(self) -> QSize:
        """Return a size that leaves room for the pictures below."""
        return QSize(760, 270)

    # Content

    def set_triage(self, triage: Optional[Triage]) -> None:
        """Show another network."""
        self._triage = triage
        self._baselines = None if triage is None else date_baselines(triage.table)
        self._passing = None
        self._current = self._hover_pair = self._hover_date = -1
        self._loop = ()
        self._window = self._drawing = None
        self.refresh()

    @property
    def has_baselines(self) -> bool:
        """True where the vertical axis is the perpendicular baseline."""
        return self._baselines is not None

    def set_passing(self, passing: Optional[np.ndarray]) -> None:
        """Draw pairs faintly that a filter does not show: bool [pairs]."""
        self._passing = passing
        self.refresh()

    def set_current(self, index: int, loop: Tuple[int, ...] = ()) -> None:
        """Mark the pair that is looked at (-1 for none), and the loop whose closure is shown."""
        if (index, loop) != (self._current, self._loop):
            self._current, self._loop = index, loop
            self.update()

    def refresh(self) -> None:
        """Paint the lines anew: a decision or the filter changed."""
        self._picture = None
        self.update()

    # Geometry

    def _pixels(self) -> float:
        return float(max(QFontInfo(self.font()).pixelSize(), 9))

    def drawing(self) -> Optional[Drawing]:
        """Return where everything is; None where there is nothing."""
        if self._triage is None:
            return None
        if self._drawing is None:
            self._drawing = self._laid_out(self._triage)
        return self._drawing

    def _laid_out(self, triage: Triage) -> Drawing:
        pixels, table = self._pixels(), triage.table
        left = (4.6 if self.has_baselines else 1.2) * pixels
        plot = QRectF(left, 2.3 * pixels, max(self.width() - left - 1.2 * pixels, 10.0), max(self.height() - 4.3 * pixels, 10.0))
        days = table.dates.astype("datetime64[D]").astype(np.float64)
        x_low, x_high = self._window or self._whole()
        x = plot.left() + (days - x_low) / (x_high - x_low) * plot.width()
        ends = table.pairs
        if self._baselines is not None:
            low, high = float(self._baselines.min()), float(self._baselines.max())
            pad = max(0.08 * (high - low), 1.0)
            low, high = low - pad, high + pad
            y = plot.bottom() - (self._baselines - low) / (high - low) * plot.height()
            nodes = np.stack([x, y], axis=1)
            edges = nodes[ends]
        else:
            low, high = 0.0, max(float(table.days.max()) ** 0.7, 1.0)
            nodes = np.stack([x, np.full(len(x), plot.bottom() - 0.5 * pixels)], axis=1)
            share = np.linspace(0.0, 1.0, STEPS + 1)
            across = nodes[ends[:, 0], 0][:, None] * (1 - share) + nodes[ends[:, 1], 0][:, None] * share
            tall = (table.days**0.7 / high * (plot.height() - 1.2 * pixels))[:, None] * 4 * share * (1 - share)
            edges = np.stack([across, nodes[0, 1] - tall], axis=2)
        return Drawing(plot, edges, nodes, (x_low, x_high), (low, high))

    def _whole(self) -> Tuple[float, float]:
        """Return the first and last day of the network, with some room at both ends."""
        if self._triage is None:
            return 0.0, 1.0
        days = self._triage.table.dates.astype("datetime64[D]").astype(np.float64)
        room = max(0.02 * (days[-1] - days[0]), 3.0)
        return float(days[0] - room), float(days[-1] + room)

    def window(self) -> Tuple[float, float]:
        """Return the first and last day that are shown, in days since 1970."""
        return self._window or self._whole()

    def show_days(self, low: float, high: float) -> None:
        """Show a part of the time, at least ``SHORTEST`` days of it and nothing beyond its ends; all of it where it is as long."""
        whole = self._whole()
        span = min(max(high - low, SHORTEST), whole[1] - whole[0])
        low = min(max(low, whole[0]), whole[1] - span)
        self._window = None if span >= whole[1] - whole[0] - 1e-6 else (low, low + span)
        self._drawing = None
        self._hover_pair = self._hover_date = -1
        self.refresh()

    def pair_at(self, spot: QPointF) -> int:
        """Return the pair whose line is nearest to a position, -1 where none is near; shown ones come before others."""
        drawing = self.drawing()
        if drawing is None or not len(drawing.edges) or not _field(drawing).contains(spot):
            return -1
        point = np.array([spot.x(), spot.y()])
        first, step = drawing.edges[:, :-1], np.diff(drawing.edges, axis=1)
        length = np.maximum((step**2).sum(axis=2), 1e-9)
        along = np.clip(((point - first) * step).sum(axis=2) / length, 0.0, 1.0)
        distance = np.sqrt((((first + along[..., None] * step) - point) ** 2).sum(axis=2)).min(axis=1)
        if self._passing is not None:
            distance = np.where(self._passing, distance, distance + REACH)
        nearest = int(np.argmin(distance))
        return nearest if distance[nearest] <= REACH else -1

    def date_at(self, spot: QPointF) -> int:
        """Return the date whose dot is under a position, -1 where none is."""
        drawing = self.drawing()
        if drawing is None:
            return -1
        distance = np.hypot(drawing.nodes[:, 0] - spot.x(), drawing.nodes[:, 1] - spot.y())
        nearest = int(np.argmin(distance))
        return nearest if distance[nearest] <= REACH - 1 else -1

    # Painting

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the picture of the lines, and above it what is chosen or hovered over."""
        painter = QPainter(self)
        theme = Theme.of_widget(self)
        pixels = self._pixels()
        drawing = self.drawing()
        if self._triage is None or drawing is None:
            draw_message(painter, QRectF(self.rect()), self.tr("Open the table of a selection to see its network."), theme, pixels)
            painter.end()
            return
        if self._picture is None:
            ratio = self.devicePixelRatioF()
            self._picture = QPixmap(self.size() * ratio)
            self._picture.setDevicePixelRatio(ratio)
            self._picture.fill(theme.background)
            below = QPainter(self._picture)
            below.setRenderHint(QPainter.RenderHint.Antialiasing, True)
            self._paint_axes(below, drawing, theme, pixels)
            below.setClipRect(_field(drawing))
            self._paint_edges(below, drawing, theme, self._triage)
            self._paint_dates(below, drawing, theme, self._triage)
            below.end()
        painter.drawPixmap(0, 0, self._picture)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        self._paint_marks(painter, drawing, theme, self._triage)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(theme.focus, 1))
            painter.drawRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5))
        painter.end()

    def _paint_axes(self, painter: QPainter, drawing: Drawing, theme: Theme, pixels: float) -> None:
        plot = drawing.plot
        font = pixel_font(0.92 * pixels)
        painter.setFont(font)
        metrics = QFontMetricsF(font)
        if self.has_baselines:
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
            if x - half < right + 0.6 * pixels or x + half > self.width():
                continue
            right = x + half
            painter.setPen(theme.muted)
            box = QRectF(x - half - 2, plot.bottom() + 0.4 * pixels, 2 * half + 4, 1.5 * pixels)
            painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter), text)
        painter.setPen(QPen(blend(theme.text, theme.background, 0.55), 1))
        painter.drawLine(plot.bottomLeft(), plot.bottomRight())
        title = self.tr("Perpendicular baseline (m)") if self.has_baselines else self.tr("Baselines unknown: arcs span the days")
        self._paint_legend(painter, title, theme, pixels)

    def _paint_legend(self, painter: QPainter, title: str, theme: Theme, pixels: float) -> None:
        """Paint the axis's title on the left, and on the right what colours and dashes mean, as far as there is room."""
        metrics = QFontMetricsF(painter.font())
        box = QRectF(0.6 * pixels, 0.35 * pixels, self.width(), 1.6 * pixels)
        middle = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        painter.setPen(theme.muted)
        painter.drawText(box, middle, title)
        words = (self.tr("dropped"), self.tr("lost date"))
        strip, sign, gap = 6.5 * pixels, 2.2 * pixels, 0.45 * pixels
        score, worst, best = self.tr("Score"), "0", "1"
        width = sum(metrics.horizontalAdvance(word) for word in (*words, score, worst, best)) + strip + 2 * sign + 11 * gap
        x = self.width() - width - 0.4 * pixels
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

    def _paint_edges(self, painter: QPainter, drawing: Drawing, theme: Theme, triage: Triage) -> None:
        passing = np.ones(triage.table.count, bool) if self._passing is None else self._passing
        faint = with_alpha(theme.text, 0.13)
        for index in np.flatnonzero(~passing):
            self._line(painter, drawing.edges[index], QPen(faint, 1.0))
        grey = QPen(with_alpha(theme.visible(UNKNOWN), 0.85), 1.1, Qt.PenStyle.CustomDashLine)
        grey.setDashPattern([4, 3])
        for index in np.flatnonzero(passing & ~triage.keep):
            self._line(painter, drawing.edges[index], grey)
        kept = np.flatnonzero(passing & triage.keep)
        score = triage.table.score[kept]
        rank = np.where(np.isnan(score), -1, np.clip(np.nan_to_num(score), 0, 1) * BINS).astype(int)
        # The worst are painted last, so that none of them hides below the good.
        for step in sorted(set(rank.tolist()), reverse=True):
            colour = score_colour(float("nan") if step < 0 else step / BINS)
            pen = QPen(theme.visible(colour.name(), 1.7), 1.6)
            chosen = kept[rank == step]
            if self.has_baselines:
                painter.setPen(pen)
                painter.drawLines([QLineF(*edge.ravel().tolist()) for edge in drawing.edges[chosen]])
            else:
                for index in chosen:
                    self._line(painter, drawing.edges[index], pen)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.text)
        for index in np.flatnonzero(triage.changed & passing):
            middle = drawing.edges[index].mean(axis=0) if self.has_baselines else drawing.edges[index][STEPS // 2]
            painter.drawPolygon(_diamond(middle, 3.6))

    def _line(self, painter: QPainter, points: np.ndarray, pen: QPen) -> None:
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPolyline(QPolygonF([QPointF(x, y) for x, y in points.tolist()]))

    def _paint_dates(self, painter: QPainter, drawing: Drawing, theme: Theme, triage: Triage) -> None:
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

    def _paint_marks(self, painter: QPainter, drawing: Drawing, theme: Theme, triage: Triage) -> None:
        painter.setClipRect(_field(drawing))
        for index in self._loop:
            if index != self._current:
                self._line(painter, drawing.edges[index], QPen(with_alpha(theme.visible(LOOP), 0.9), 2.2, Qt.PenStyle.DotLine))
        for index, width in ((self._current, 3.4), (self._hover_pair, 2.6)):
            if index < 0:
                continue
            colour = theme.visible(score_colour(triage.table.score[index]).name(), 1.7)
            self._line(painter, drawing.edges[index], QPen(with_alpha(theme.text, 0.9), width + 2.6))
            dashes = Qt.PenStyle.SolidLine if triage.keep[index] else Qt.PenStyle.DashLine
            self._line(painter, drawing.edges[index], QPen(theme.background, width))
            self._line(painter, drawing.edges[index], QPen(colour, width, dashes))
            for x, y in drawing.nodes[triage.table.pairs[index]].tolist():
                painter.setPen(QPen(theme.background, 1.2))
                painter.setBrush(theme.text)
                painter.drawEllipse(QPointF(x, y), 4.6, 4.6)
        if self._hover_date >= 0:
            x, y = drawing.nodes[self._hover_date].tolist()
            painter.setPen(QPen(theme.focus, 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawEllipse(QPointF(x, y), 6.5, 6.5)
        painter.setClipping(False)
        lines, spot = self._said(triage, drawing)
        if lines:
            self._paint_box(painter, lines, spot, theme)

    def _said(self, triage: Triage, drawing: Drawing) -> Tuple[List[str], QPointF]:
        """Return what the box beside the cursor says, and where it belongs."""
        if self._hover_date >= 0:
            has = (triage.table.pairs == self._hover_date).any(axis=1)
            text = self.tr("{kept} of {all} pairs kept").format(kept=int((has & triage.keep).sum()), all=int(has.sum()))
            lines = [str(triage.table.dates[self._hover_date]), text]
            if self._hover_date in triage.lost:
                lines.append(self.tr("Lost: no longer connected"))
            lines.append(self.tr("Click shows its pairs alone"))
            return lines, QPointF(*drawing.nodes[self._hover_date].tolist())
        if self._hover_pair >= 0:
            edge = drawing.edges[self._hover_pair]
            return hover_lines(triage, self._hover_pair), QPointF(*edge[len(edge) // 2 if len(edge) > 2 else 1].tolist())
        return [], QPointF()

    def _paint_box(self, painter: QPainter, lines: List[str], spot: QPointF, theme: Theme) -> None:
        pixels = self._pixels()
        plain, bold = pixel_font(0.95 * pixels), pixel_font(0.95 * pixels, bold=True)
        height = 1.45 * pixels
        width = max(QFontMetricsF(bold).horizontalAdvance(text) for text in lines) + 1.4 * pixels
        left = spot.x() + pixels if spot.x() + pixels + width < self.width() else spot.x() - pixels - width
        top = min(max(spot.y() - height, 4.0), max(self.height() - height * len(lines) - 10, 4.0))
        box = QRectF(max(left, 2.0), top, width, height * len(lines) + 6)
        painter.setPen(QPen(blend(theme.text, theme.background, 0.6), 1))
        painter.setBrush(with_alpha(theme.background, 0.96))
        painter.drawRoundedRect(box, 4, 4)
        for number, text in enumerate(lines):
            painter.setFont(plain if number else bold)
            painter.setPen(theme.text)
            row = QRectF(box.left() + 0.7 * pixels, box.top() + 3 + number * height, width, height)
            painter.drawText(row, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter), text)

    # Events

    def resizeEvent(self, event: object) -> None:
        """Lay everything out for the new size."""
        self._drawing = None
        self.refresh()

    def changeEvent(self, event: object) -> None:
        """Follow a new font or theme."""
        self._drawing = None
        self.refresh()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Tell of the date or pair under the cursor."""
        if self._triage is None:
            return
        spot = position_of(event)
        if self._dragged is not None:
            start, (low, high) = self._dragged
            drawing = self.drawing()
            if drawing is not None:
                shift = (start - spot.x()) / max(drawing.plot.width(), 1.0) * (high - low)
                self.show_days(low + shift, high + shift)
            return
        date = self.date_at(spot)
        pair = -1 if date >= 0 else self.pair_at(spot)
        if (date, pair) != (self._hover_date, self._hover_pair):
            self._hover_date, self._hover_pair = date, pair
            self.setCursor(Qt.CursorShape.PointingHandCursor if max(date, pair) >= 0 else Qt.CursorShape.ArrowCursor)
            self.update()

    def leaveEvent(self, event: object) -> None:
        """Tell of nothing."""
        self._hover_date = self._hover_pair = -1
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose a pair, or the pairs of a date."""
        if event.button() != Qt.MouseButton.LeftButton or self._triage is None:
            return
        spot = position_of(event)
        date = self.date_at(spot)
        if date >= 0:
            self.dateClicked.emit(date)
            return
        pair = self.pair_at(spot)
        if pair >= 0:
            self.pairClicked.emit(pair)
        elif self._window is not None:
            self._dragged = (spot.x(), self._window)
            self.setCursor(Qt.CursorShape.ClosedHandCursor)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Stop to move the time."""
        self._dragged = None
        self.unsetCursor()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Show less or more time around the cursor."""
        drawing, turns = self.drawing(), event.angleDelta().y() / 120.0
        if drawing is None or not turns:
            return
        low, high = self.window()
        share = (position_of(event).x() - drawing.plot.left()) / max(drawing.plot.width(), 1.0)
        centre, factor = low + share * (high - low), 0.8**turns
        self.show_days(centre - factor * (centre - low), centre + factor * (high - centre))
        event.accept()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Keep or drop a pair; beside all, show the whole time."""
        spot = position_of(event)
        if self._triage is None or self.date_at(spot) >= 0:
            return
        pair = self.pair_at(spot)
        if pair >= 0:
            self.pairToggled.emit(pair)
        else:
            self.show_days(*self._whole())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Leave the keys to the board."""
        event.ignore()


def _field(drawing: Drawing) -> QRectF:
    """Return where lines and dots may be: the plot, and the room of a dot around it."""
    return drawing.plot.adjusted(-6, -6, 6, 6)


def _diamond(middle: np.ndarray, size: float) -> QPolygonF:
    x, y = (float(value) for value in middle)
    return QPolygonF([QPointF(x, y - size), QPointF(x + size, y), QPointF(x, y + size), QPointF(x - size, y)])

