"""Horizontal bars with a name, a bar and a figure in each row: probabilities, shares of classes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import List, Optional, Sequence

from qgis.PyQt.QtCore import QRectF, QSize, Qt
from qgis.PyQt.QtGui import QFont, QFontInfo, QFontMetricsF, QPainter, QPaintEvent, QPen
from qgis.PyQt.QtWidgets import QSizePolicy, QWidget

from stillpoint.ui.plot.painter import pixel_font
from stillpoint.ui.plot.theme import Theme, blend, contrast


@dataclass(frozen=True)
class Bar:
    """One row: its name, the share 0..1 that the bar shows, the figure written behind, colour, and emphasis."""

    name: str
    share: float
    figure: str
    colour: str
    strong: bool = False
    hollow: bool = False


def draw_bars(
    painter: QPainter, rect: QRectF, bars: Sequence[Bar], theme: Theme, *, pixels: float, relative: bool = False
) -> None:
    """Paint the bars into ``rect``; ``relative`` lets the longest fill the width instead of 100 %."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
    if not bars:
        return
    plain, bold = pixel_font(pixels), pixel_font(pixels, bold=True)
    names = max(QFontMetricsF(bold).horizontalAdvance(bar.name) for bar in bars)
    names = min(names + 2, 0.55 * rect.width())
    figures = max(QFontMetricsF(bold).horizontalAdvance(bar.figure) for bar in bars)
    left = rect.left() + names + 0.8 * pixels
    width = max(rect.right() - figures - 1.3 * pixels - left, 4.0)
    whole = max((bar.share for bar in bars), default=1.0) if relative else 1.0
    row = rect.height() / len(bars)
    thick = min(0.6 * row, 1.15 * pixels)
    for index, bar in enumerate(bars):
        middle = rect.top() + (index + 0.5) * row
        font = bold if bar.strong else plain
        _text(painter, QRectF(rect.left(), middle - row / 2, names, row), bar.name, font, theme)
        track = QRectF(left, middle - thick / 2, width, thick)
        if not relative:  # a track says where 100 % is
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.grid)
            painter.drawRoundedRect(track, 2, 2)
        length = width * min(max(bar.share / whole if whole > 0 else 0.0, 0.0), 1.0)
        if length > 0:
            fill = theme.visible(bar.colour, 1.35)
            filled = QRectF(left, track.top(), max(length, 2.0), thick)
            if bar.hollow:
                painter.setPen(QPen(fill, 1.2))
                painter.setBrush(theme.background)
            else:
                painter.setBrush(fill)
                painter.setPen(Qt.PenStyle.NoPen)
            if not bar.hollow and contrast(fill, theme.background) < 2:
                painter.setPen(QPen(blend(fill, theme.text, 0.45), 0.8))
            painter.drawRoundedRect(filled, 2, 2)
        box = QRectF(left + width + 0.4 * pixels, middle - row / 2, figures + 0.8 * pixels, row)
        _text(painter, box, bar.figure, font, theme, right=True)


def _text(painter: QPainter, box: QRectF, text: str, font: QFont, theme: Theme, *, right: bool = False) -> None:
    painter.setFont(font)
    painter.setPen(theme.text)
    side = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
    shown = QFontMetricsF(font).elidedText(text, Qt.TextElideMode.ElideRight, box.width() + 1)
    painter.drawText(box, int(side | Qt.AlignmentFlag.AlignVCenter), shown)


class BarChart(QWidget):
    """A widget with one row a bar."""

    def __init__(self, parent: Optional[QWidget] = None, *, relative: bool = False, row: float = 1.75) -> None:
        super().__init__(parent)
        self._bars: List[Bar] = []
        self._relative = relative
        self._row = row
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def bars(self) -> List[Bar]:
        """Return what is shown."""
        return list(self._bars)

    def set_bars(self, bars: Sequence[Bar]) -> None:
        """Show other bars; screen readers get them as text."""
        self._bars = list(bars)
        self.setAccessibleDescription("; ".join(f"{bar.name}: {bar.figure}" for bar in bars))
        self.updateGeometry()
        self.update()

    def _pixels(self) -> float:
        return float(max(QFontInfo(self.font()).pixelSize(), 9))

    def sizeHint(self) -> QSize:
        """Return the room that the rows need."""
        return QSize(round(22 * self._pixels()), round(self._row * self._pixels() * max(len(self._bars), 1)) + 4)

    def minimumSizeHint(self) -> QSize:
        """Return the least room: all rows, but narrow."""
        return QSize(round(14 * self._pixels()), self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the bars on the panel's background."""
        painter = QPainter(self)
        theme = Theme.of_widget(self)
        rect = QRectF(self.rect()).adjusted(0, 2, 0, -2)
        draw_bars(painter, rect, self._bars, theme, pixels=self._pixels(), relative=self._relative)
        painter.end()
