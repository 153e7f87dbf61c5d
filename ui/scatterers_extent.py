"""The part of a stack that is worked on: all of it, one that the user chooses, or what the map shows."""

from __future__ import annotations

from typing import Any, Optional, Tuple

from qgis.core import QgsCoordinateTransform, QgsCsException, QgsProject, QgsRasterLayer, QgsRectangle
from qgis.gui import QgsExtentWidget
from qgis.PyQt.QtWidgets import QWidget

from stillpoint.models.errors import StillpointError
from stillpoint.plugin.language import tr

PREVIEW_PIXELS = 1200
"""A preview looks at a square of at most so many pixels a side, in the middle of the map: it has to be quick."""


class ExtentPicker(QgsExtentWidget):
    """One line that means the whole stack until the map's view, a layer or a drawn rectangle is chosen.

    Parameters
    ----------
    canvas
        The map that is drawn on.
    """

    def __init__(self, canvas: Any, parent: Optional[QWidget] = None) -> None:
        super().__init__(parent, QgsExtentWidget.WidgetStyle.CondensedStyle)
        self.setObjectName("extent")
        self.setNullValueAllowed(True, tr("The whole stack"))
        self._canvas = canvas
        if canvas is not None:
            self.setMapCanvas(canvas, True)
        self.setToolTip(tr("Part of the stack to select in: the arrow offers the map's view, a layer, or drawing on the map"))
        self.clear()

    def show_layer(self, layer: Optional[QgsRasterLayer]) -> None:
        """Take the coordinates of another stack; the part chosen in the last one is forgotten."""
        if layer is not None:
            self.setOutputCrs(layer.crs())
            self.setOriginalExtent(layer.extent(), layer.crs())
        if self._canvas is not None:
            self.setCurrentExtent(self._canvas.extent(), self._canvas.mapSettings().destinationCrs())
        self.clear()

    def refresh(self) -> None:
        """Know what the map shows now, for "Use Current Map Canvas Extent"."""
        if self._canvas is not None and not self.rectangle():
            was_null = not self.isValid()
            self.setCurrentExtent(self._canvas.extent(), self._canvas.mapSettings().destinationCrs())
            if was_null:
                self.clear()

    def rectangle(self) -> Optional[QgsRectangle]:
        """Return the part that was chosen in the stack's coordinates; None for the whole stack."""
        if not self.isValid():
            return None
        extent = self.outputExtent()
        return None if extent.isNull() or extent.isEmpty() else extent


def visible_part(layer: QgsRasterLayer, canvas: Any) -> Tuple[QgsRectangle, bool]:
    """Return what the map shows of a stack, in its coordinates, and whether that had to be cut to be quick.

    Raises
    ------
    StillpointError
        The map shows nothing of it.
    """
    extent = QgsRectangle(canvas.extent())
    crs = canvas.mapSettings().destinationCrs()
    if crs.isValid() and layer.crs().isValid() and crs != layer.crs():
        try:
            extent = QgsCoordinateTransform(crs, layer.crs(), QgsProject.instance()).transformBoundingBox(extent)
        except QgsCsException:
            extent = QgsRectangle()
    extent = extent.intersect(layer.extent())
    if extent.isEmpty():
        raise StillpointError(
            tr("The map shows no part of {name}. Zoom to its layer, then preview again.").format(name=layer.name())
        )
    width = PREVIEW_PIXELS * layer.extent().width() / max(layer.width(), 1)
    height = PREVIEW_PIXELS * layer.extent().height() / max(layer.height(), 1)
    cut = extent.width() > width or extent.height() > height
    centre = extent.center()
    width, height = min(width, extent.width()), min(height, extent.height())
    part = QgsRectangle(
        centre.x() - width / 2, centre.y() - height / 2, centre.x() + width / 2, centre.y() + height / 2
    )
    return part, cut
