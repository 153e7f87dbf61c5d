"""Choice of what goes into a step of an analysis: a raster, points, or either; a layer of the project or a file."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Optional

from qgis.core import QgsMapLayer, QgsRasterLayer, QgsVectorLayer
from qgis.PyQt.QtWidgets import QWidget

from stillpoint.models.errors import StillpointError
from stillpoint.plugin import compat, sources
from stillpoint.plugin.language import tr
from stillpoint.ui.job_filling import layer_of
from stillpoint.ui.widgets.raster_picker import RasterPicker

RASTER, POINTS, EITHER = "raster", "points", "either"


class InputPicker(RasterPicker):
    """Picks a file by its layer or by its name.

    Parameters
    ----------
    name, tip, title, empty
        See :class:`RasterPicker`.
    what
        RASTER, POINTS or EITHER.
    """

    _key: Optional[str]

    def __init__(
        self, name: str, tip: str, title: str, parent: Optional[QWidget] = None, *, empty: str = "", what: str = RASTER
    ) -> None:
        super().__init__(name, tip, title, parent, empty=empty)
        if what != RASTER:
            self.combo.setFilters(compat.POINT_LAYERS if what == POINTS else compat.RASTER_LAYERS | compat.POINT_LAYERS)
        self.combo.setMinimumWidth(120)
        self.setAccessibleName(title)
        self.combo.setAccessibleName(title)

    def any_layer(self) -> Optional[QgsMapLayer]:
        """Return the chosen layer of the project, raster or points; None where a file or nothing is chosen."""
        return self.combo.currentLayer()

    def path(self) -> str:
        """Return what the engine opens; empty where nothing is chosen.

        Raises
        ------
        StillpointError
            The layer is broken, or shows something else than a file holds.
        """
        layer = self.any_layer()
        if not isinstance(layer, QgsVectorLayer):
            return super().path()
        source = sources.from_layer(layer)
        if source.must_be_written:
            raise StillpointError(
                tr("{name} is filtered, edited or only in memory. Save it as a file first: an analysis is repeated later.").format(
                    name=layer.name()
                )
            )
        several = source.layer and Path(source.path).suffix.lower() == ".gpkg" and source.layer != Path(source.path).stem
        return f"{source.path}|layername={source.layer}" if several else source.path

    def show_path(self, path: str) -> None:
        """Show a choice without telling anybody."""
        if not path and self.combo.currentIndex() != 0:  # also where the list came to nothing when layers were added
            self.blockSignals(True)
            self.combo.setCurrentIndex(0)
            self.blockSignals(False)
        try:
            if self.path() == path:
                return
        except StillpointError:
            pass
        self.blockSignals(True)
        layer: Any = layer_of(path) if path else None
        if isinstance(layer, QgsRasterLayer):
            self.set_layer(layer)
        elif layer is not None:
            self.combo.setLayer(layer)
        elif path:
            self.combo.setAdditionalItems([path])
            self.combo.setCurrentIndex(self.combo.findText(path))
        else:
            self.combo.setCurrentIndex(0)
        self.blockSignals(False)

    def _choice_leaves(self) -> None:
        """Go on with the file of a layer that leaves the project: the analysis reads the file, whatever the map shows."""
        try:
            path = self.path()
        except StillpointError:
            path = ""
        if not path:
            super()._choice_leaves()
            return
        self.blockSignals(True)
        self.combo.setAdditionalItems([path])
        self.combo.setCurrentIndex(self.combo.findText(path))
        self.blockSignals(False)

    def _chosen(self, *_: Any) -> None:
        layer = self.any_layer()
        key: Optional[str] = layer.id() if layer is not None else self.combo.currentText()
        if key != self._key:
            self._key = key
            self.changed.emit()
