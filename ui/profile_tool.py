"""The map tool that draws the line of a profile."""

from __future__ import annotations

from typing import Any, List, Optional

from qgis.core import QgsGeometry, QgsPointXY, QgsWkbTypes
from qgis.gui import QgsMapCanvas, QgsMapMouseEvent, QgsMapTool, QgsRubberBand
from qgis.PyQt.QtCore import Qt, pyqtSignal
from qgis.PyQt.QtGui import QColor, QKeyEvent

COLOUR = QColor("#00C2E0")


class LineDrawer(QgsMapTool):
    """Left clicks set places; right click, double click or Enter ends the line, Backspace takes back, Esc gives up."""

    drawn = pyqtSignal(QgsGeometry)

    def __init__(self, canvas: QgsMapCanvas) -> None:
        super().__init__(canvas)
        self.setCursor(Qt.CursorShape.CrossCursor)
        self._places: List[QgsPointXY] = []
        self._band: Any = None

    def canvasReleaseEvent(self, event: QgsMapMouseEvent) -> None:
        """Set a place or end the line."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._places.append(event.mapPoint())
            self._redraw(None)
        elif event.button() == Qt.MouseButton.RightButton:
            self.finish()

    def canvasDoubleClickEvent(self, event: QgsMapMouseEvent) -> None:
        """End the line; its last place was set by the first click of the two."""
        self.finish()

    def canvasMoveEvent(self, event: QgsMapMouseEvent) -> None:
        """Let the open end follow the cursor."""
        if self._places:
            self._redraw(event.mapPoint())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """End, take back, give up."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.finish()
        elif event.key() == Qt.Key.Key_Escape:
            self.reset()
        elif event.key() in (Qt.Key.Key_Backspace, Qt.Key.Key_Delete) and self._places:
            self._places.pop()
            self._redraw(None)
            event.ignore()  # QGIS would delete the selected features

    def finish(self) -> None:
        """Emit the line where it has a length."""
        places = [place for index, place in enumerate(self._places) if not index or place != self._places[index - 1]]
        self.reset()
        if len(places) >= 2:
            self.drawn.emit(QgsGeometry.fromPolylineXY(places))

    def reset(self) -> None:
        """Forget the places."""
        self._places = []
        if self._band is not None:
            self.canvas().scene().removeItem(self._band)
            self._band = None

    def deactivate(self) -> None:
        """Forget the places when another tool takes over."""
        self.reset()
        super().deactivate()

    def _redraw(self, open_end: Optional[QgsPointXY]) -> None:
        if self._band is None:
            self._band = line_band(self.canvas())
        self._band.reset(QgsWkbTypes.GeometryType.LineGeometry)
        for place in self._places + ([open_end] if open_end is not None else []):
            self._band.addPoint(place, True)


def line_band(canvas: QgsMapCanvas) -> Any:
    """Return a rubber band for a line that is seen on light and dark ground."""
    band = QgsRubberBand(canvas, QgsWkbTypes.GeometryType.LineGeometry)
    band.setColor(COLOUR)
    band.setSecondaryStrokeColor(QColor(10, 20, 30, 170))
    band.setWidth(2)
    return band
