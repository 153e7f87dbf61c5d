"""Map tools of the series viewer: click points, or draw a polygon."""

from __future__ import annotations

from typing import Any, List, Optional

from qgis.core import QgsGeometry, QgsPointXY, QgsWkbTypes
from qgis.gui import QgsMapCanvas, QgsMapMouseEvent, QgsMapTool, QgsRubberBand
from qgis.PyQt.QtCore import Qt, pyqtSignal
from qgis.PyQt.QtGui import QColor, QKeyEvent


class PointPicker(QgsMapTool):
    """Emits where the map was clicked, and whether Shift was held."""

    picked = pyqtSignal(QgsPointXY, bool)

    def __init__(self, canvas: QgsMapCanvas) -> None:
        super().__init__(canvas)
        self.setCursor(Qt.CursorShape.CrossCursor)

    def canvasReleaseEvent(self, event: QgsMapMouseEvent) -> None:
        """Pick with the left button."""
        if event.button() == Qt.MouseButton.LeftButton:
            add = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            self.picked.emit(event.mapPoint(), add)


class PolygonDrawer(QgsMapTool):
    """Left clicks set corners; right click, double click or Enter closes, Backspace takes back, Esc gives up."""

    drawn = pyqtSignal(QgsGeometry, bool)

    def __init__(self, canvas: QgsMapCanvas) -> None:
        super().__init__(canvas)
        self.setCursor(Qt.CursorShape.CrossCursor)
        self._corners: List[QgsPointXY] = []
        self._band: Optional[QgsRubberBand] = None

    def canvasReleaseEvent(self, event: QgsMapMouseEvent) -> None:
        """Set a corner or close the polygon."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._corners.append(event.mapPoint())
            self._redraw(None)
        elif event.button() == Qt.MouseButton.RightButton:
            self.finish(bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier))

    def canvasDoubleClickEvent(self, event: QgsMapMouseEvent) -> None:
        """Close the polygon; its last corner was set by the first click of the two."""
        self.finish(bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier))

    def canvasMoveEvent(self, event: QgsMapMouseEvent) -> None:
        """Let the open side follow the cursor."""
        if self._corners:
            self._redraw(event.mapPoint())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Close, take back, give up."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.finish(bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier))
        elif event.key() == Qt.Key.Key_Escape:
            self.reset()
        elif event.key() in (Qt.Key.Key_Backspace, Qt.Key.Key_Delete) and self._corners:
            self._corners.pop()
            self._redraw(None)
            event.ignore()  # QGIS would delete the selected features

    def finish(self, add: bool) -> None:
        """Emit the polygon where it has an area."""
        corners = self._corners
        self.reset()
        if len(corners) >= 3:
            polygon = QgsGeometry.fromPolygonXY([[*corners, corners[0]]])
            if not polygon.isGeosValid():
                polygon = polygon.makeValid()
            if polygon.area() > 0:
                self.drawn.emit(polygon, add)

    def reset(self) -> None:
        """Forget the corners."""
        self._corners = []
        if self._band is not None:
            self.canvas().scene().removeItem(self._band)
            self._band = None

    def deactivate(self) -> None:
        """Forget the corners when another tool takes over."""
        self.reset()
        super().deactivate()

    def _redraw(self, open_end: Optional[QgsPointXY]) -> None:
        if self._band is None:
            self._band = area_band(self.canvas(), QColor("#D1400B"))
        self._band.reset(QgsWkbTypes.GeometryType.PolygonGeometry)
        for corner in self._corners + ([open_end] if open_end is not None else []):
            self._band.addPoint(corner, True)


def area_band(canvas: QgsMapCanvas, colour: QColor) -> Any:
    """Return a rubber band for a polygon in a colour."""
    band = QgsRubberBand(canvas, QgsWkbTypes.GeometryType.PolygonGeometry)
    fill = QColor(colour)
    fill.setAlpha(40)
    band.setStrokeColor(colour)
    band.setFillColor(fill)
    band.setWidth(2)
    return band
