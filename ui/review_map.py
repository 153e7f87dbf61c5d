"""The item that is looked at, on the map: brought into view, ringed, and flashed."""

from __future__ import annotations

from typing import Any, List, Optional

from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsCsException,
    QgsGeometry,
    QgsPointXY,
    QgsProject,
    QgsRectangle,
    QgsWkbTypes,
)
from qgis.gui import QgsMapCanvas, QgsVertexMarker
from qgis.PyQt.QtGui import QColor

from stillpoint.ui.series_map_tools import area_band

MARK = QColor("#D6006E")
"""Of no class and of no ramp."""

SMALL = 20
"""Pixels of the screen below which the outline of a pixel is ringed too."""

INNER = 0.35
"""Share of the map's width and height around its middle, to either side, in which an item leaves the map where it is."""


class Spot:
    """Where the review is on a canvas.

    Parameters
    ----------
    canvas
        QGIS's map.
    """

    def __init__(self, canvas: QgsMapCanvas) -> None:
        self._canvas = canvas
        self._marks: List[Any] = []
        self._shape: Optional[QgsGeometry] = None
        self._crs = QgsCoordinateReferenceSystem()
        self._is_near = False
        self.follows = True
        """Whether the map goes where the item is."""

    def start(self) -> None:
        """Let the next item bring the map near, whatever it shows now."""
        self._is_near = False

    def go_to(self, shape: QgsGeometry, crs: QgsCoordinateReferenceSystem, reach: float) -> None:
        """Show an item.

        Parameters
        ----------
        shape
            A point, or the outline of a pixel.
        crs
            Of the shape.
        reach
            How far around the item there is to see, in units of ``crs``; taken once, then the user's own zoom stays.
        """
        self._shape, self._crs = QgsGeometry(shape), crs
        here = self._here(shape)
        if here is not None and self.follows:
            self._look_at(here, shape, crs, reach)
        self.place()
        if here is None:
            return
        self._canvas.flashGeometries([here], self._canvas.mapSettings().destinationCrs(), MARK)

    def _look_at(self, here: QgsGeometry, shape: QgsGeometry, crs: QgsCoordinateReferenceSystem, reach: float) -> None:
        at = here.boundingBox().center()
        if not self._is_near and reach > 0:
            box = QgsRectangle(shape.boundingBox())
            box.grow(reach)
            around = self._moved_box(box, crs)
            shown = self._canvas.extent()
            # A map that is as near already, or nearer, stays as near as the user chose it.
            if around is not None and shown.width() > 1.6 * around.width():
                self._canvas.setExtent(around)
                self._canvas.refresh()
            self._is_near = True
        inner = QgsRectangle(self._canvas.extent())
        inner.scale(2 * INNER)
        if not inner.contains(at):
            self._canvas.setCenter(at)
            self._canvas.refresh()

    def place(self) -> None:
        """Put the mark where it belongs: also after the map changed its coordinates."""
        self.clear_marks()
        here = None if self._shape is None else self._here(self._shape)
        if here is None or self._shape is None:
            return
        seen = here.boundingBox().width() / max(self._canvas.mapUnitsPerPixel(), 1e-12)
        if here.type() == QgsWkbTypes.GeometryType.PointGeometry or seen < SMALL:
            for size, width, colour in ((25, 6, QColor("#ffffff")), (25, 3, MARK)):
                mark = QgsVertexMarker(self._canvas)
                mark.setIconType(QgsVertexMarker.IconType.ICON_CIRCLE)
                mark.setIconSize(size)
                mark.setPenWidth(width)
                mark.setColor(colour)
                mark.setCenter(here.boundingBox().center())
                self._marks.append(mark)
        if here.type() != QgsWkbTypes.GeometryType.PointGeometry:
            for width, colour in ((5, QColor("#ffffff")), (2, MARK)):
                band = area_band(self._canvas, colour)
                band.setFillColor(QColor(0, 0, 0, 0))
                band.setWidth(width)
                band.setToGeometry(here, None)
                self._marks.append(band)

    def clear(self) -> None:
        """Forget the item."""
        self._shape = None
        self.clear_marks()

    def clear_marks(self) -> None:
        """Take the marks off the map; :meth:`place` puts them back."""
        for mark in self._marks:
            self._canvas.scene().removeItem(mark)
        self._marks = []

    def position(self) -> Optional[QgsPointXY]:
        """Return where the item is on the map; None where there is none."""
        here = None if self._shape is None else self._here(self._shape)
        return None if here is None else here.boundingBox().center()

    def _here(self, shape: QgsGeometry) -> Optional[QgsGeometry]:
        """Return a shape in the map's coordinates; None where it has no place there."""
        moved = QgsGeometry(shape)
        to = self._canvas.mapSettings().destinationCrs()
        if to.isValid() and self._crs.isValid() and to != self._crs:
            try:
                moved.transform(QgsCoordinateTransform(self._crs, to, QgsProject.instance()))
            except QgsCsException:
                return None
        return moved

    def _moved_box(self, box: QgsRectangle, crs: QgsCoordinateReferenceSystem) -> Optional[QgsRectangle]:
        to = self._canvas.mapSettings().destinationCrs()
        if not to.isValid() or not crs.isValid() or to == crs:
            return box
        try:
            return QgsCoordinateTransform(crs, to, QgsProject.instance()).transformBoundingBox(box)
        except QgsCsException:
            return None
