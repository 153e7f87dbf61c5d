"""The network as a graph: time against perpendicular baseline, or arcs above the time line where baselines are not known."""

from __future__ import annotations

from typing import List, Optional, Tuple

import numpy as np
from qgis.PyQt.QtCore import QPointF, QRectF, QSize, QSizeF, Qt, pyqtSignal
from qgis.PyQt.QtGui import QFontInfo, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QPixmap, QWheelEvent
from qgis.PyQt.QtWidgets import QSizePolicy, QWidget

from stillpoint.plugin.language import tr
from stillpoint.plugin.triage import Triage, date_baselines
from stillpoint.ui.plot.chart import position_of
from stillpoint.ui.plot.painter import draw_message
from stillpoint.ui.plot.theme import Theme
from stillpoint.ui.triage_graph_paint import Drawing, lay_out, paint_axes, paint_box, paint_dates, paint_edges, paint_marks
from stillpoint.ui.triage_words import hover_lines

REACH = 7.0
"""Pixels around an edge or a date in which the cursor finds it."""
SHORTEST = 30.0
"""Days that are shown at least."""


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
        self.setAccessibleName(tr("Network of interferograms"))

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
            self._drawing = lay_out(self._triage, self._baselines, self.window(), QSizeF(self.size()), self._pixels())
        return self._drawing

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
        if drawing is None or not len(drawing.edges) or not drawing.field.contains(spot):
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
            draw_message(painter, QRectF(self.rect()), tr("Open the table of a selection to see its network."), theme, pixels)
            painter.end()
            return
        if self._picture is None:
            ratio = self.devicePixelRatioF()
            self._picture = QPixmap(self.size() * ratio)
            self._picture.setDevicePixelRatio(ratio)
            self._picture.fill(theme.background)
            below = QPainter(self._picture)
            below.setRenderHint(QPainter.RenderHint.Antialiasing, True)
            paint_axes(below, drawing, theme)
            below.setClipRect(drawing.field)
            passing = np.ones(self._triage.table.count, bool) if self._passing is None else self._passing
            paint_edges(below, drawing, theme, self._triage, passing)
            paint_dates(below, drawing, theme, self._triage)
            below.end()
        painter.drawPixmap(0, 0, self._picture)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        paint_marks(
            painter, drawing, theme, self._triage, current=self._current, loop=self._loop, pair=self._hover_pair,
            date=self._hover_date,
        )  # fmt: skip
        lines, spot = self._said(self._triage, drawing)
        if lines:
            paint_box(painter, drawing, lines, spot, theme)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(theme.focus, 1))
            painter.drawRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5))
        painter.end()

    def _said(self, triage: Triage, drawing: Drawing) -> Tuple[List[str], QPointF]:
        """Return what the box beside the cursor says, and where it belongs."""
        if self._hover_date >= 0:
            has = (triage.table.pairs == self._hover_date).any(axis=1)
            text = tr("{kept} of {all} pairs kept").format(kept=int((has & triage.keep).sum()), all=int(has.sum()))
            lines = [str(triage.table.dates[self._hover_date]), text]
            if self._hover_date in triage.lost:
                lines.append(tr("Lost: no longer connected"))
            lines.append(tr("Click shows its pairs alone"))
            return lines, QPointF(*drawing.nodes[self._hover_date].tolist())
        if self._hover_pair >= 0:
            edge = drawing.edges[self._hover_pair]
            return hover_lines(triage, self._hover_pair), QPointF(*edge[len(edge) // 2 if len(edge) > 2 else 1].tolist())
        return [], QPointF()

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
