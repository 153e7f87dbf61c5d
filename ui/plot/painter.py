"""Paints a chart of time series on anything that takes a QPainter: screen, PNG, SVG, PDF."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, List, Optional, Tuple

import numpy as np
from qgis.PyQt.QtCore import QPointF, QRectF, Qt
from qgis.PyQt.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPainterPath, QPen, QPolygonF

from stillpoint.ui.plot.content import Band, Content, Dots, Line, Mark
from stillpoint.ui.plot.theme import Theme, blend, with_alpha
from stillpoint.ui.plot.ticks import number_ticks

_DOT = 2.7


@dataclass(frozen=True)
class Frame:
    """Where the data lie on the paper: the plot's rectangle and the values at its edges."""

    plot: QRectF
    x_low: float
    x_high: float
    y_low: float
    y_high: float

    def x(self, day: float) -> float:
        """Return the horizontal position of a day."""
        return self.plot.left() + (day - self.x_low) / (self.x_high - self.x_low) * self.plot.width()

    def y(self, value: float) -> float:
        """Return the vertical position of a value."""
        return self.plot.bottom() - (value - self.y_low) / (self.y_high - self.y_low) * self.plot.height()

    def day(self, x: float) -> float:
        """Return the day at a horizontal position."""
        return self.x_low + (x - self.plot.left()) / max(self.plot.width(), 1.0) * (self.x_high - self.x_low)

    def points(self, x: np.ndarray, y: np.ndarray) -> np.ndarray:
        """Return positions, shape (n, 2), of finite values."""
        keep = np.isfinite(x) & np.isfinite(y)
        left = self.plot.left() + (x[keep] - self.x_low) / (self.x_high - self.x_low) * self.plot.width()
        top = self.plot.bottom() - (y[keep] - self.y_low) / (self.y_high - self.y_low) * self.plot.height()
        return np.stack([left, top], axis=1)


def pixel_font(pixels: float, *, bold: bool = False, family: str = "") -> QFont:
    """Return a font whose size does not depend on the device's resolution."""
    font = QFont(family) if family else QFont()
    font.setPixelSize(max(7, round(pixels)))
    font.setBold(bold)
    return font


def frame_of(rect: QRectF, content: Content, pixels: float, window: Tuple[float, float, float, float]) -> Frame:
    """Return where the data of ``content`` lie in ``rect`` when text is ``pixels`` high."""
    metrics = QFontMetricsF(pixel_font(pixels))
    labels = [text for _, text in number_ticks(window[2], window[3], 6)] or ["0"]
    left = max(metrics.horizontalAdvance(text) for text in labels) + 0.9 * pixels
    top = pixels * (3.4 if content.title else 2.1)
    plot = rect.adjusted(left + 0.5 * pixels, top, -1.1 * pixels, -2.0 * pixels)
    return Frame(plot, *window)


def draw_chart(
    painter: QPainter,
    rect: QRectF,
    content: Content,
    window: Tuple[float, float, float, float],
    theme: Theme,
    *,
    pixels: float = 12.0,
    family: str = "",
) -> Frame:
    """Paint ``content`` into ``rect`` and return where the data lie.

    ``window`` is the first and last day, then the lowest and highest value to show; ``pixels`` is the height
    of the text in the painter's units; an empty ``family`` takes the application's font.
    """
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
    painter.fillRect(rect, theme.background)
    frame = frame_of(rect, content, pixels, window)
    font = pixel_font(pixels, family=family)
    painter.setFont(font)
    _axes(painter, frame, content, theme, pixels)
    painter.save()
    painter.setClipRect(frame.plot.adjusted(-1, -1, 1, 1))
    for band in content.bands:
        _band(painter, frame, band, theme)
    for mark in content.marks:
        _interval(painter, frame, mark, theme)
    for line in content.lines:
        _line(painter, frame, line, theme)
    for dots in content.dots:
        _dots(painter, frame, dots, theme)
    painter.restore()
    _marks(painter, frame, content.marks, theme, pixels)
    _header(painter, rect, frame, content, theme, pixels, family)
    return frame


def draw_message(painter: QPainter, rect: QRectF, text: str, theme: Theme, pixels: float) -> None:
    """Paint a sentence in the middle of an empty chart."""
    painter.fillRect(rect, theme.background)
    painter.setFont(pixel_font(pixels * 1.08))
    painter.setPen(theme.muted)
    width = min(rect.width() - 3 * pixels, 36 * pixels)
    box = QRectF(rect.center().x() - width / 2, rect.top(), width, rect.height())
    painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter) | int(Qt.TextFlag.TextWordWrap), text)


def _axes(painter: QPainter, frame: Frame, content: Content, theme: Theme, pixels: float) -> None:
    plot = frame.plot
    grid = QPen(theme.grid, 1)
    metrics = QFontMetricsF(painter.font())
    for value, text in number_ticks(frame.y_low, frame.y_high, max(2, int(plot.height() / (3.2 * pixels)))):
        y = frame.y(value)
        painter.setPen(QPen(blend(theme.text, theme.background, 0.6), 1) if value == 0 else grid)
        painter.drawLine(QPointF(plot.left(), y), QPointF(plot.right(), y))
        painter.setPen(theme.muted)
        painter.drawText(
            QRectF(plot.left() - 8 * pixels, y - pixels, 7.5 * pixels, 2 * pixels),
            int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter), text,
        )
    right = -math.inf
    for day, text in content.abscissa.ticks(frame.x_low, frame.x_high, max(2, int(plot.width() / (5.5 * pixels)))):
        x = frame.x(day)
        painter.setPen(grid)
        painter.drawLine(QPointF(x, plot.top()), QPointF(x, plot.bottom() + 0.35 * pixels))
        half = metrics.horizontalAdvance(text) / 2
        centre = min(x, plot.right() + pixels - half)
        if centre - half < right + 0.6 * pixels:
            continue
        right = centre + half
        painter.setPen(theme.muted)
        box = QRectF(centre - half - 2, plot.bottom() + 0.45 * pixels, 2 * half + 4, 1.5 * pixels)
        painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter), text)
    painter.setPen(QPen(blend(theme.text, theme.background, 0.55), 1))
    painter.drawLine(plot.bottomLeft(), plot.bottomRight())


def _header(
    painter: QPainter, rect: QRectF, frame: Frame, content: Content, theme: Theme, pixels: float, family: str
) -> None:
    """Paint title, the axis's meaning, and the legend of what is drawn."""
    top = rect.top() + 0.45 * pixels
    left = rect.left() + 0.6 * pixels
    if content.title:
        painter.setFont(pixel_font(pixels * 1.15, bold=True, family=family))
        painter.setPen(theme.text)
        metrics = QFontMetricsF(painter.font())
        text = metrics.elidedText(content.title, Qt.TextElideMode.ElideRight, rect.width() - 1.2 * pixels)
        painter.drawText(QPointF(left, top + 1.05 * pixels), text)
        top += 1.45 * pixels
    painter.setFont(pixel_font(pixels * 0.93, family=family))
    metrics = QFontMetricsF(painter.font())
    entries = _legend_entries(content)
    widths = [metrics.horizontalAdvance(text) + 2.4 * pixels for text, _ in entries]
    unit = f" ({content.unit})" if content.unit else ""
    axis, short = f"{content.axis}{unit}", f"{content.short_axis}{unit}"
    baseline = top + 0.95 * pixels
    free = frame.plot.right() - left - metrics.horizontalAdvance(axis) - 1.5 * pixels
    while entries and sum(widths) > free:
        if axis != short:
            axis = short
            free = frame.plot.right() - left - metrics.horizontalAdvance(axis) - 1.5 * pixels
            continue
        if len(content.dots) > 1 and not any(dots.faint for dots in content.dots):
            # A legend that names some of the points compared misleads; the list beside the chart names all.
            entries, widths = [], []
            break
        entries.pop()
        widths.pop()
    painter.setPen(theme.muted)
    painter.drawText(QPointF(left, baseline), axis)
    x = frame.plot.right() - sum(widths) + 0.6 * pixels
    for (text, item), width in zip(entries, widths):
        _legend_sign(painter, item, x, baseline - 0.35 * pixels, theme, pixels)
        painter.setPen(theme.text)
        painter.drawText(QPointF(x + 1.55 * pixels, baseline), text)
        x += width


def _legend_entries(content: Content) -> List[Tuple[str, object]]:
    items: List[Any] = [*content.dots, *content.lines, *content.bands]
    return [(item.label, item) for item in items if item.label]


def _legend_sign(painter: QPainter, item: object, x: float, y: float, theme: Theme, pixels: float) -> None:
    colour = theme.visible(getattr(item, "colour", "#888888"))
    if isinstance(item, Band):
        painter.fillRect(QRectF(x, y - 0.35 * pixels, 1.2 * pixels, 0.7 * pixels), with_alpha(colour, 0.25))
    elif isinstance(item, Line):
        painter.setPen(_pen(colour, item))
        painter.drawLine(QPointF(x, y), QPointF(x + 1.2 * pixels, y))
    elif isinstance(item, Dots):
        _brush(painter, colour, item.faint, theme)
        painter.drawEllipse(QPointF(x + 0.7 * pixels, y), _DOT, _DOT)


def _pen(colour: QColor, line: Line) -> QPen:
    pen = QPen(colour, line.width)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    if line.dashed:
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        pen.setDashPattern([4.0, 3.0])
    return pen


def _brush(painter: QPainter, colour: QColor, faint: bool, theme: Theme) -> None:
    if faint:
        painter.setPen(QPen(with_alpha(colour, 0.55), 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
    else:
        painter.setPen(QPen(with_alpha(theme.background, 0.9), 0.7))
        painter.setBrush(with_alpha(colour, 0.85))


def _band(painter: QPainter, frame: Frame, band: Band, theme: Theme) -> None:
    upper = frame.points(band.x, band.upper)
    lower = frame.points(band.x, band.lower)[::-1]
    if len(upper) < 2:
        return
    polygon = QPolygonF([QPointF(*point) for point in np.concatenate([upper, lower])])
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(with_alpha(theme.visible(band.colour), 0.2))
    painter.drawPolygon(polygon)


def _line(painter: QPainter, frame: Frame, line: Line, theme: Theme) -> None:
    points = frame.points(line.x, line.y)
    if len(points) < 2:
        return
    path = QPainterPath(QPointF(*points[0]))
    for point in points[1:]:
        path.lineTo(QPointF(*point))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(_pen(theme.visible(line.colour), line))
    painter.drawPath(path)


def _dots(painter: QPainter, frame: Frame, dots: Dots, theme: Theme) -> None:
    _brush(painter, theme.visible(dots.colour), dots.faint, theme)
    # Very many epochs in a narrow chart: smaller dots, so that the course stays visible.
    count = max(int(np.isfinite(dots.y).sum()), 1)
    radius = min(max(_DOT * math.sqrt(frame.plot.width() / (4.5 * count)), 1.6), 3.2)
    for x, y in frame.points(dots.x, dots.y):
        painter.drawEllipse(QPointF(x, y), radius, radius)


def _interval(painter: QPainter, frame: Frame, mark: Mark, theme: Theme) -> None:
    if math.isfinite(mark.low) and math.isfinite(mark.high):
        left, right = frame.x(mark.low), frame.x(mark.high)
        box = QRectF(left, frame.plot.top(), max(right - left, 1.0), frame.plot.height())
        painter.fillRect(box, with_alpha(theme.visible(mark.colour), 0.12))


def _marks(painter: QPainter, frame: Frame, marks: List[Mark], theme: Theme, pixels: float) -> None:
    """Paint breaks over the whole height and jumps at the bottom, labels only where they do not collide."""
    painter.setFont(pixel_font(pixels * 0.93))
    metrics = QFontMetricsF(painter.font())
    plot = frame.plot
    taken: dict = {}
    for mark in marks:
        x = frame.x(mark.x)
        if not plot.left() <= x <= plot.right():
            continue
        colour = theme.visible(mark.colour)
        is_break = mark.kind == "break"
        if is_break:
            pen = QPen(colour, 1.3)
            pen.setDashPattern([4.0, 3.0])
            painter.setPen(pen)
            painter.drawLine(QPointF(x, plot.top()), QPointF(x, plot.bottom()))
        else:
            painter.setPen(QPen(with_alpha(colour, 0.75), 1))
            painter.drawLine(QPointF(x, plot.top() + 1.4 * pixels), QPointF(x, plot.bottom()))
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colour)
            foot = plot.bottom()
            size = 0.42 * pixels
            corners = [QPointF(x, foot - 2 * size), QPointF(x - size, foot), QPointF(x + size, foot)]
            painter.drawPolygon(QPolygonF(corners))
        width = metrics.horizontalAdvance(mark.label)
        left = min(max(x + 0.35 * pixels, plot.left()), plot.right() - width)
        if is_break and x + 0.35 * pixels + width > plot.right():
            left = x - 0.35 * pixels - width
        if left < taken.get(mark.kind, -math.inf) or not mark.label:
            continue
        taken[mark.kind] = left + width + 0.5 * pixels
        box = QRectF(left - 2, plot.top() + 1, width + 4, 1.35 * pixels)
        painter.fillRect(box, with_alpha(theme.background, 0.8))
        painter.setPen(colour if theme.is_dark else blend(theme.text, colour, 0.6))
        painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter), mark.label)


HoverLine = Tuple[Optional[str], str]


def draw_hover(
    painter: QPainter, frame: Frame, lines: List[HoverLine], x: float, y: float, theme: Theme, pixels: float
) -> None:
    """Paint a cross line at ``x`` and a small box with ``lines`` of (colour of a dot, text) beside it."""
    plot = frame.plot
    painter.setPen(QPen(with_alpha(theme.text, 0.35), 1))
    painter.drawLine(QPointF(x, plot.top()), QPointF(x, plot.bottom()))
    font, bold = pixel_font(pixels * 0.95), pixel_font(pixels * 0.95, bold=True)
    height = 1.5 * pixels
    width = max(QFontMetricsF(bold).horizontalAdvance(text) for _, text in lines) + 2.2 * pixels
    left = x + pixels if x + pixels + width < plot.right() else x - pixels - width
    left = max(left, plot.left())
    lowest = max(plot.bottom() - height * len(lines) - 8, plot.top())
    top = min(max(y - 0.5 * height * len(lines), plot.top() + 2), lowest)
    box = QRectF(left, top, width, height * len(lines) + 6)
    painter.setPen(QPen(blend(theme.text, theme.background, 0.7), 1))
    painter.setBrush(with_alpha(theme.background, 0.95))
    painter.drawRoundedRect(box, 4, 4)
    for index, (colour, text) in enumerate(lines):
        middle = top + 3 + height * (index + 0.5)
        if colour:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.visible(colour))
            painter.drawEllipse(QPointF(left + 0.75 * pixels, middle), 3.2, 3.2)
        painter.setFont(font if colour else bold)
        painter.setPen(theme.text)
        painter.drawText(
            QRectF(left + (1.5 if colour else 0.55) * pixels, middle - height / 2, width, height),
            int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter), text,
        )
