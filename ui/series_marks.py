"""The picks that the series viewer holds, and their marks on the map."""

from __future__ import annotations

from typing import Any, List, Optional, Sequence

from qgis.core import QgsCoordinateTransform, QgsCsException, QgsProject
from qgis.gui import QgsMapCanvas, QgsVertexMarker
from qgis.PyQt.QtGui import QColor

from stillpoint.plugin.styles.palette import COMPARE
from stillpoint.ui.series_map_tools import area_band
from stillpoint.ui.series_picks import Pick

MOST = 24
"""Picks shown at once."""


class MarkedPicks:
    """Picks in the order of picking, each with a ring or an area in its colour on the canvas.

    Attributes
    ----------
    picks
        What is shown.
    current
        The pick whose numbers are shown; None where there is none.
    reference
        The pick whose series is subtracted; None where there is none.
    """

    def __init__(self, canvas: QgsMapCanvas) -> None:
        self._canvas = canvas
        self.picks: List[Pick] = []
        self.current: Optional[Pick] = None
        self.reference: Optional[Pick] = None

    def take(self, picks: Sequence[Pick], *, add: bool) -> bool:
        """Show picks beside the others, or instead of them but for the reference; False where there are too many.

        A point that is shown already becomes the current one.
        """
        if not add:
            self.drop([pick for pick in self.picks if pick is not self.reference])
        for pick in picks:
            same = next((old for old in self.picks if _is_same(old, pick)), None)
            if same is None:
                if len(self.picks) >= MOST:
                    return False
                used = [old.colour for old in self.picks]
                pick.colour = min(COMPARE, key=lambda colour: (used.count(colour), COMPARE.index(colour)))
                self.picks.append(pick)
                self._mark(pick)
            self.current = same or pick
        return True

    def drop(self, picks: Sequence[Pick]) -> None:
        """Remove picks; the one before the current one takes its place."""
        for pick in list(picks):
            index = self.picks.index(pick)
            self._unmark(pick)
            self.picks.remove(pick)
            if pick is self.reference:
                self.reference = None
            if pick is self.current:
                self.current = self.picks[min(index, len(self.picks) - 1)] if self.picks else None

    def clear(self) -> None:
        """Remove everything."""
        self.drop(self.picks)

    def place(self) -> None:
        """Put the marks where they belong, after the map changed its CRS."""
        for pick in self.picks:
            self._place(pick)

    def set_visible(self, visible: bool) -> None:
        """Show or hide the marks."""
        for pick in self.picks:
            pick.marker.setVisible(visible)

    def _mark(self, pick: Pick) -> None:
        if pick.polygon is not None:
            pick.marker = area_band(self._canvas, QColor(pick.colour))
        else:
            pick.marker = QgsVertexMarker(self._canvas)
            pick.marker.setIconType(QgsVertexMarker.IconType.ICON_CIRCLE)
            pick.marker.setIconSize(15)
            pick.marker.setPenWidth(3)
            pick.marker.setColor(QColor(pick.colour))
        self._place(pick)

    def _place(self, pick: Pick) -> None:
        if pick.polygon is not None:
            pick.marker.setToGeometry(pick.polygon, pick.layer)
            return
        crs = self._canvas.mapSettings().destinationCrs()
        try:
            transform = QgsCoordinateTransform(pick.layer.crs(), crs, QgsProject.instance())
            pick.marker.setCenter(transform.transform(pick.point))
            pick.marker.setVisible(True)
        except QgsCsException:
            pick.marker.setVisible(False)

    def _unmark(self, pick: Pick) -> None:
        marker: Any = pick.marker
        if marker is not None:
            self._canvas.scene().removeItem(marker)
            pick.marker = None


def _is_same(first: Pick, second: Pick) -> bool:
    """Return True where two picks are the same point of the same layer."""
    if first.layer is not second.layer or first.is_area or second.is_area:
        return False
    return first.series.fid == second.series.fid  # type: ignore[union-attr]
