"""The histogram of a probability, with the threshold as a line that can be dragged."""

from __future__ import annotations

from typing import Any, Optional

import numpy as np
from qgis.PyQt.QtCore import QPointF, QRectF, QSize, Qt, pyqtSignal
from qgis.PyQt.QtGui import QFontInfo, QPainter, QPen
from qgis.PyQt.QtWidgets import QSizePolicy, QWidget

from stillpoint.plugin import raster_styles
from stillpoint.plugin.language import tr
from stillpoint.plugin.scatterers_mask import Histogram
from stillpoint.ui.plot.chart import position_of
from stillpoint.ui.plot.painter import pixel_font
from stillpoint.ui.plot.theme import Theme, blend, with_alpha

BARS = 100


class ThresholdHistogram(QWidget):
    """Bars on a logarithmic scale (scatterers are few among many pixels): grey below the threshold, in the map's colours above."""

    moved = pyqtSignal(float)
    """The threshold that the line was dragged to, 0..1."""

    def __init__(self, parent: Optional[QWidget] = None) -> None:
        super().__init__(parent)
        self._bars: Optional[np.ndarray] = None
        self._threshold = 0.5
        self.message = ""
        self.setMinimumSize(200, 84)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setCursor(Qt.CursorShape.SplitHCursor)
        self.setAccessibleName(tr("Histogram of the probability"))
        self.setToolTip(tr("Pixels by probability, on a logarithmic scale. Drag the line to move the threshold."))

    def sizeHint(self) -> QSize:
        """Return a size that suits a dock below the layers."""
        return QSize(300, 88)

    def set_histogram(self, histogram: Optional[Histogram], message: str = "") -> None:
        """Show another histogram, or a sentence in its place."""
        self._bars = None if histogram is None else histogram.bars(BARS)
        self.message = message
        self.update()

    def set_threshold(self, threshold: float) -> None:
        """Move the line."""
        self._threshold = threshold
        self.update()

    def plot(self) -> QRectF:
        """Return where the bars lie."""
        pixels = self._pixels()
        return QRectF(self.rect()).adjusted(0.9 * pixels, 0.5 * pixels, -0.9 * pixels, -2.1 * pixels)

    def _pixels(self) -> float:
        return float(max(QFontInfo(self.font()).pixelSize(), 9))

    def paintEvent(self, event: Any) -> None:
        """Paint bars, scale and line."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        theme, pixels, plot = Theme.of_widget(self), self._pixels(), self.plot()
        painter.fillRect(QRectF(self.rect()), theme.background)
        painter.setFont(pixel_font(0.9 * pixels))
        if self._bars is None:
            painter.setPen(theme.muted)
            flags = int(Qt.AlignmentFlag.AlignCenter) | int(Qt.TextFlag.TextWordWrap)
            painter.drawText(QRectF(self.rect()).adjusted(8, 4, -8, -4), flags, self.message)
            painter.end()
            return
        self._paint_bars(painter, theme, plot)
        painter.setPen(QPen(blend(theme.text, theme.background, 0.55), 1))
        painter.drawLine(plot.bottomLeft(), plot.bottomRight())
        painter.setPen(theme.muted)
        for value in (0.0, 0.25, 0.5, 0.75, 1.0):
            box = QRectF(plot.left() + value * plot.width() - 3 * pixels, plot.bottom() + 0.2 * pixels, 6 * pixels, 1.4 * pixels)
            painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter), f"{value:g}")
        x = plot.left() + self._threshold * plot.width()
        painter.setPen(QPen(theme.text, 1.6))
        painter.drawLine(QPointF(x, plot.top() - 2), QPointF(x, plot.bottom()))
        painter.setBrush(theme.text)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.drawEllipse(QPointF(x, plot.top() + 1), 0.34 * pixels, 0.34 * pixels)
        painter.end()

    def _paint_bars(self, painter: QPainter, theme: Theme, plot: QRectF) -> None:
        if self._bars is None:
            return
        heights = np.log1p(self._bars) / max(float(np.log1p(self._bars.max())), 1e-9)
        width = plot.width() / BARS
        painter.setPen(Qt.PenStyle.NoPen)
        for index, height in enumerate(heights):
            middle = (index + 0.5) / BARS
            if middle < self._threshold:
                painter.setBrush(with_alpha(theme.muted, 0.45))
            else:
                share = (middle - self._threshold) / max(1 - self._threshold, 1e-6)
                painter.setBrush(theme.visible(raster_styles.colour_at(share).name(), 1.25))
            top = plot.bottom() - height * (plot.height() - 4)
            painter.drawRect(QRectF(plot.left() + index * width, top, max(width - 0.6, 0.6), plot.bottom() - top))

    # Dragging

    def _move_to(self, event: Any) -> None:
        plot = self.plot()
        share = (position_of(event).x() - plot.left()) / max(plot.width(), 1.0)
        self.moved.emit(min(max(share, 0.0), 1.0))

    def mousePressEvent(self, event: Any) -> None:
        """Move the line to where the mouse is."""
        if event.button() == Qt.MouseButton.LeftButton and self._bars is not None:
            self._move_to(event)

    def mouseMoveEvent(self, event: Any) -> None:
        """Let the line follow the mouse."""
        if event.buttons() & Qt.MouseButton.LeftButton and self._bars is not None:
            self._move_to(event)
