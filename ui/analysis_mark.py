"""The mark of a step: a circle whose sign tells the state, so that colour is not needed to read it."""

from __future__ import annotations

from typing import Any, Optional

from qgis.PyQt.QtCore import QPointF, QRectF, QSize, Qt
from qgis.PyQt.QtGui import QColor, QPainter, QPalette, QPen, QPolygonF
from qgis.PyQt.QtWidgets import QSizePolicy, QWidget

from stillpoint.models import analysis_record as records
from stillpoint.ui.widgets.message import _COLOURS, ERROR, INFORMATION, SUCCESS, WARNING

_FILLED = {
    records.DONE: _COLOURS[SUCCESS], records.MINE: _COLOURS[SUCCESS], records.STALE: _COLOURS[WARNING],
    records.GONE: _COLOURS[WARNING], records.FAILED: _COLOURS[ERROR], "running": _COLOURS[INFORMATION],
}  # fmt: skip
_SIDE = 26


class StateMark(QWidget):
    """A circle of 26 px with a sign for the state; empty where the step is still to be done."""

    def __init__(self, parent: Optional[QWidget] = None) -> None:
        super().__init__(parent)
        self._state = records.NEW
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def sizeHint(self) -> QSize:
        """Return its one size."""
        return QSize(_SIDE, _SIDE)

    def set_state(self, state: str) -> None:
        """Show another state."""
        self._state = state
        self.update()

    def paintEvent(self, _: Any) -> None:
        """Draw circle and sign."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        circle = QRectF(1.5, 1.5, _SIDE - 3, _SIDE - 3)
        filled = _FILLED.get(self._state)
        text = self.palette().color(QPalette.ColorRole.WindowText)
        if filled is None:
            faint = QColor(text)
            faint.setAlphaF(0.45 if self._state in (records.WAITING, records.LEFT_OUT) else 0.8)
            painter.setPen(QPen(faint, 1.8, Qt.PenStyle.DotLine if self._state == records.WAITING else Qt.PenStyle.SolidLine))
            painter.drawEllipse(circle)
            if self._state == records.LEFT_OUT:
                painter.drawLine(QPointF(8.5, 13), QPointF(17.5, 13))
            elif self._state == records.MISSING:
                font = painter.font()
                font.setBold(True)
                painter.setFont(font)
                painter.drawText(circle, Qt.AlignmentFlag.AlignCenter, "?")
            elif self._state == "queued":
                painter.setBrush(faint)
                for x in (8.5, 13.0, 17.5):
                    painter.drawEllipse(QPointF(x, 13), 0.8, 0.8)
            painter.end()
            return
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(filled))
        painter.drawEllipse(circle)
        pen = QPen(QColor("white"), 2.4)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        self._sign(painter)
        painter.end()

    def _sign(self, painter: QPainter) -> None:
        if self._state in (records.DONE, records.MINE):
            painter.drawPolyline(QPolygonF([QPointF(8, 13.4), QPointF(11.6, 17), QPointF(18.2, 9.4)]))
        elif self._state == records.FAILED:
            painter.drawLine(QPointF(9.2, 9.2), QPointF(16.8, 16.8))
            painter.drawLine(QPointF(16.8, 9.2), QPointF(9.2, 16.8))
        elif self._state == "running":
            painter.drawPolygon(QPolygonF([QPointF(10.6, 8.6), QPointF(17.6, 13), QPointF(10.6, 17.4)]))
        else:  # out of date, gone: to be done anew
            painter.drawArc(QRectF(8, 8, 10, 10), 60 * 16, 270 * 16)
            painter.drawPolyline(QPolygonF([QPointF(13.2, 5.9), QPointF(15.8, 8.7), QPointF(12.6, 10.9)]))
