"""Which layer a click of the series viewer means, and the readers of its series, kept between clicks."""

from __future__ import annotations

from typing import Any, Dict, Optional, Sequence, Set

from qgis.core import QgsVectorLayer, QgsWkbTypes
from qgis.PyQt import sip

from stillpoint.models.errors import StillpointError
from stillpoint.plugin.series import SeriesReader

UNIT = "stillpoint/unit"
"""Custom property with the unit of a layer whose date columns do not say their own."""


class SeriesLayers:
    """The point layers of the project, as far as clicks may mean them.

    Parameters
    ----------
    iface
        QGIS's interface: its active layer comes first, then those of its canvas from the top.
    """

    def __init__(self, iface: Any) -> None:
        self._iface = iface
        self._readers: Dict[str, SeriesReader] = {}
        self._leaving: Set[str] = set()

    def reader_of(self, layer: QgsVectorLayer) -> SeriesReader:
        """Return the reader of a layer; raises StillpointError where it has no series."""
        reader = self._readers.get(layer.id())
        if reader is None or reader.layer is not layer or len(layer.fields()) != reader.field_count:
            reader = SeriesReader(layer, unit=unit_of(layer))
            self._readers[layer.id()] = reader
        return reader

    def target(self) -> Optional[QgsVectorLayer]:
        """Return the layer that clicks mean: the active one, else the topmost visible one with series."""
        active = self._iface.activeLayer()
        if self._is_here(active):
            return active
        for layer in self._iface.mapCanvas().layers():
            if not self._is_here(layer):
                continue
            try:
                self.reader_of(layer)
            except StillpointError:
                continue
            return layer
        return None

    def set_unit(self, layer: QgsVectorLayer, unit: str) -> None:
        """Let the columns of a layer be read in a unit of the user's."""
        layer.setCustomProperty(UNIT, unit)
        self._readers.pop(layer.id(), None)

    def leave(self, ids: Sequence[str]) -> None:
        """Forget layers that are about to be removed: they must not be asked any more."""
        self._leaving = set(ids)
        for key in ids:
            self._readers.pop(key, None)

    def clear(self) -> None:
        """Forget every reader."""
        self._readers.clear()

    def _is_here(self, layer: Any) -> bool:
        """Return True for a vector layer of points that stays."""
        if not isinstance(layer, QgsVectorLayer) or sip.isdeleted(layer) or layer.id() in self._leaving:
            return False
        return bool(layer.geometryType() == QgsWkbTypes.GeometryType.PointGeometry)


def unit_of(layer: Optional[QgsVectorLayer]) -> str:
    """Return the unit in which the date columns of a layer are read."""
    return "mm" if layer is None else str(layer.customProperty(UNIT, "mm"))
