"""The widget that shows time series: zoom with the wheel, drag to move, hover or arrow keys to read values."""

from __future__ import annotations

import math
from typing import List, Optional, Tuple

import numpy as np
from qgis.PyQt.QtCore import QPointF, QRectF, QSize, Qt, pyqtSignal
from qgis.PyQt.QtGui import QFontInfo, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QWheelEvent
from qgis.PyQt.QtWidgets import QSizePolicy, QWidget

from stillpoint.plugin.language import tr
from stillpoint.ui.plot.content import Content
from stillpoint.ui.plot.painter import Frame, draw_chart, draw_hover, draw_message, frame_of
from stillpoint.ui.plot.theme import Theme
from stillpoint.ui.plot.ticks import number_text


def position_of(event: QMouseEvent) -> QPointF:
    """Return where a mouse event happened, in Qt 5 and Qt 6."""
    return event.position() if hasattr(event, "position") else QPointF(event.pos())


class SeriesChart(QWidget):
    """A chart of :class:`~stillpoint.ui.plot.content.Content`."""

    epochHovered = pyqtSignal(str)  # noqa: N815 - Qt's way of naming signals
    """The date under the cursor as ISO text, "" where there is none."""

    def __init__(self, parent: Optional[QWidget] = None) -> None:
        super().__init__(parent)
        self._content = Content(message="")
        self._x_window: Optional[Tuple[float, float]] = None
        self._cursor: Optional[float] = None
        self._dragged: Optional[Tuple[float, Tuple[float, float]]] = None
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(220, 120)
        self.setAccessibleName(tr("Displacement time series"))
        self.setAccessibleDescription(
            tr("Left and right read the values epoch by epoch, plus and minus zoom, Home shows everything.")
        )

    def sizeHint(self) -> QSize:
        """Return a size that suits a dock at the bottom of the window."""
        return QSize(720, 260)

    def content(self) -> Content:
        """Return what is shown."""
        return self._content

    def set_content(self, content: Content, *, keep_zoom: bool = False) -> None:
        """Show ``content``; all of it, or the dates that were zoomed to."""
        self._content = content
        if not keep_zoom:
            self._x_window = None
        self._cursor = None
        self.update()

    def view(self) -> Tuple[float, float, float, float]:
        """Return first and last day, lowest and highest value that are visible."""
        whole = self._content.x_range() or (0.0, 365.0)
        low, high = self._x_window or whole
        return (low, high, *self._content.y_range(low, high))

    def hovered_day(self) -> Optional[float]:
        """Return the epoch whose values are shown, in days since 1970."""
        return self._cursor

    def reset(self) -> None:
        """Show all dates."""
        self._x_window = None
        self.update()

    def zoom(self, factor: float, centre: Optional[float] = None) -> None:
        """Show ``factor`` times as many days around ``centre``; never more than there are."""
        whole = self._content.x_range()
        if whole is None:
            return
        low, high = self._x_window or whole
        centre = (low + high) / 2 if centre is None else min(max(centre, low), high)
        span = min(max((high - low) * factor, self._content.abscissa.shortest), whole[1] - whole[0])
        share = (centre - low) / (high - low)
        self._move_to(centre - share * span, span, whole)

    def pan(self, days: float) -> None:
        """Move the visible dates by some days, not beyond the ends."""
        whole = self._content.x_range()
        if whole is None or self._x_window is None:
            return
        low, high = self._x_window
        self._move_to(low + days, high - low, whole)

    def _move_to(self, low: float, span: float, whole: Tuple[float, float]) -> None:
        low = min(max(low, whole[0]), whole[1] - span)
        self._x_window = None if span >= whole[1] - whole[0] - 1e-6 else (low, low + span)
        self.update()

    # -- painting

    def _pixels(self) -> float:
        return float(max(QFontInfo(self.font()).pixelSize(), 9))

    def _frame(self) -> Frame:
        return frame_of(QRectF(self.rect()), self._content, self._pixels(), self.view())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the chart, the cross line and the ring of the keyboard focus."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        theme = Theme.of_widget(self)
        rect, pixels = QRectF(self.rect()), self._pixels()
        if self._content.is_empty:
            draw_message(painter, rect, self._content.message, theme, pixels)
        else:
            frame = draw_chart(
                painter, rect, self._content, self.view(), theme, pixels=pixels, family=self.font().family()
            )
            lines, y = self._hover_lines(frame)
            if self._cursor is not None and lines:
                draw_hover(painter, frame, lines, frame.x(self._cursor), y, theme, pixels)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(theme.focus, 1))
            painter.drawRect(rect.adjusted(0.5, 0.5, -0.5, -0.5))
        painter.end()

    def _hover_lines(self, frame: Frame) -> Tuple[List[Tuple[Optional[str], str]], float]:
        """Return the lines of the hover box (colour of a dot or None, text), and where the first value lies."""
        if self._cursor is None:
            return [], 0.0
        lines: List[Tuple[Optional[str], str]] = [(None, self._content.abscissa.text(self._cursor))]
        y = frame.plot.center().y()
        for dots in self._content.dots:
            index = np.flatnonzero(dots.x == self._cursor)
            if len(index) and math.isfinite(dots.y[index[0]]):
                value = float(dots.y[index[0]])
                if len(lines) == 1:
                    y = frame.y(value)
                name = f"{dots.label}: " if dots.label and len(self._content.dots) > 1 else ""
                lines.append((dots.colour, f"{name}{number_text(value, self._content.digits)} {self._content.unit}".rstrip()))
        for line in self._content.lines:
            if line.label and not line.dashed and len(line.x) > 1:
                value = float(np.interp(self._cursor, line.x, line.y))
                if math.isfinite(value):
                    text = f"{line.label}: {number_text(value, self._content.digits)} {self._content.unit}".rstrip()
                    lines.append((line.colour, text))
        return lines, y

    # -- reading values

    def _epochs(self) -> np.ndarray:
        parts = [item.x[np.isfinite(item.y)] for item in self._content.dots]
        return np.unique(np.concatenate(parts)) if parts else np.zeros(0)

    def _set_cursor(self, day: Optional[float]) -> None:
        if day != self._cursor:
            self._cursor = day
            self.epochHovered.emit("" if day is None else self._content.abscissa.text(day))
            self.update()

    def show_values_at(self, day: Optional[float]) -> None:
        """Show the values at an epoch, or none, without telling anybody: for a chart that follows another."""
        if day != self._cursor:
            self._cursor = day
            self.update()

    def step(self, count: int) -> None:
        """Move the cross line by some epochs; it starts at the newest or oldest one."""
        epochs = self._epochs()
        if not len(epochs):
            return
        if self._cursor is None:
            index = 0 if count > 0 else len(epochs) - 1
        else:
            index = int(np.clip(np.searchsorted(epochs, self._cursor) + count, 0, len(epochs) - 1))
        self._set_cursor(float(epochs[index]))
        low, high = self.view()[:2]
        if not low <= float(epochs[index]) <= high:
            self.pan(float(epochs[index]) - (low + high) / 2)

    # -- events

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom the dates around the cursor."""
        turns = event.angleDelta().y() / 120.0
        if turns and not self._content.is_empty:
            self.zoom(0.8**turns, self._frame().day(position_of(event).x()))
            event.accept()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Move the dates while dragging; else read the epoch that is nearest to the cursor."""
        if self._content.is_empty:
            return
        frame = self._frame()
        spot = position_of(event)
        if self._dragged is not None:
            start, window = self._dragged
            shift = (start - spot.x()) / max(frame.plot.width(), 1.0) * (window[1] - window[0])
            whole = self._content.x_range()
            if whole is not None:
                self._move_to(window[0] + shift, window[1] - window[0], whole)
            return
        epochs = self._epochs()
        if not frame.plot.contains(spot) or not len(epochs):
            self._set_cursor(None)
            return
        self._set_cursor(float(epochs[np.argmin(np.abs(epochs - frame.day(spot.x())))]))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Start to drag where the dates are zoomed."""
        if event.button() == Qt.MouseButton.LeftButton and self._x_window is not None:
            self._dragged = (position_of(event).x(), self._x_window)
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
            self._set_cursor(None)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Stop dragging."""
        self._dragged = None
        self.unsetCursor()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Show all dates."""
        self.reset()

    def leaveEvent(self, event: object) -> None:
        """Take the cross line away."""
        self._set_cursor(None)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Read and zoom with the keyboard."""
        key = event.key()
        if key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            self.step(1 if key == Qt.Key.Key_Right else -1)
        elif key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal):
            self.zoom(0.7, self._cursor)
        elif key == Qt.Key.Key_Minus:
            self.zoom(1 / 0.7, self._cursor)
        elif key in (Qt.Key.Key_PageUp, Qt.Key.Key_PageDown):
            low, high = self.view()[:2]
            self.pan((high - low) * (0.5 if key == Qt.Key.Key_PageDown else -0.5))
        elif key == Qt.Key.Key_Home:
            self.reset()
        elif key == Qt.Key.Key_Escape and self._cursor is not None:
            self._set_cursor(None)
        else:
            super().keyPressEvent(event)
