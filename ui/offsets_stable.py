"""Choice of the ground that did not move: a layer of polygons, a mask raster, or a file of either."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Optional

from qgis.core import QgsMapLayer, QgsRasterLayer, QgsVectorLayer
from qgis.gui import QgsMapLayerComboBox
from qgis.PyQt.QtCore import pyqtSignal
from qgis.PyQt.QtWidgets import QFileDialog, QHBoxLayout, QPushButton, QSizePolicy, QWidget

from stillpoint.models.errors import StillpointError
from stillpoint.plugin import compat, settings
from stillpoint.plugin.language import tr

FILTER = "Polygons or mask (*.gpkg *.shp *.geojson *.json *.fgb *.kml *.tif *.tiff *.vrt);;All files (*)"


class StablePicker(QWidget):
    """A layer combo box and a button for files."""

    changed = pyqtSignal()

    def __init__(self, parent: Optional[QWidget] = None) -> None:
        super().__init__(parent)
        self._empty = tr("None: offsets are given as measured")
        self.combo = QgsMapLayerComboBox()
        self.combo.setObjectName("stable")
        self.combo.setFilters(compat.POLYGON_LAYERS | compat.RASTER_LAYERS)
        self.combo.setAllowEmptyLayer(True, self._empty)
        self.combo.setCurrentIndex(0)  # else the first layer of the project would be chosen
        self.combo.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.combo.setMinimumWidth(200)
        self.combo.setToolTip(
            tr("Polygons, or a raster that is not 0, of ground that did not move: a plane fitted there is removed from the offsets")
        )
        self.button = QPushButton(tr("File…"))
        self.button.setObjectName("stable_browse")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.combo, 1)
        row.addWidget(self.button)
        self.setFocusProxy(self.combo)
        self.button.clicked.connect(self._browse)
        self.combo.currentIndexChanged.connect(lambda _: self.changed.emit())

    def set_file(self, path: str) -> None:
        """Choose a file."""
        settings.put("input_folder", str(Path(path).parent))
        self.combo.setAdditionalItems([path])
        self.combo.setCurrentIndex(self.combo.findText(path))

    def set_layer(self, layer: Optional[QgsMapLayer]) -> None:
        """Choose a layer of the project; None chooses nothing."""
        self.combo.setLayer(layer)

    def choice(self) -> Any:
        """Return the layer, the file, or None where nothing is chosen; raises StillpointError for a broken layer."""
        layer = self.combo.currentLayer()
        if isinstance(layer, (QgsVectorLayer, QgsRasterLayer)):
            if not layer.isValid():
                raise StillpointError(
                    tr("The layer {name} is not valid: its file may have been moved. Repair its source.").format(name=layer.name())
                )
            return layer
        text = str(self.combo.currentText())
        return None if text in ("", self._empty) else text

    def is_chosen(self) -> bool:
        """Tell whether anything is chosen."""
        layer = self.combo.currentLayer()
        return layer is not None or str(self.combo.currentText()) not in ("", self._empty)

    def _browse(self) -> None:
        path, _ = QFileDialog.getOpenFileName(self, tr("Stable ground"), settings.get("input_folder"), FILTER)
        if path:
            self.set_file(path)
