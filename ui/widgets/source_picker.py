"""Choice of points: a layer of the project, or any file, also one that QGIS cannot open as a layer."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Optional

from qgis.core import QgsVectorLayer
from qgis.gui import QgsMapLayerComboBox
from qgis.PyQt.QtCore import pyqtSignal
from qgis.PyQt.QtWidgets import QCheckBox, QFileDialog, QGridLayout, QPushButton, QSizePolicy, QWidget

from stillpoint.models.errors import StillpointError
from stillpoint.plugin import compat, settings, sources
from stillpoint.plugin.language import tr

FILTER = (
    "Point series (*.csv *.txt *.zip *.gz *.h5 *.he5 *.hdf5 *.gpkg *.shp *.geojson *.fgb *.parquet *.kml *.sqlite);;"
    "All files (*)"
)


class SourcePicker(QWidget):
    """A layer combo box, a button for files (they can also be dropped here), and "selected features only"."""

    changed = pyqtSignal()

    def __init__(self, parent: Optional[QWidget] = None) -> None:
        super().__init__(parent)
        self.setAcceptDrops(True)
        self._combo = QgsMapLayerComboBox()
        self._combo.setObjectName("points")
        self._combo.setFilters(compat.POINT_LAYERS)
        self._combo.setAllowEmptyLayer(True)
        self._combo.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._combo.setToolTip(tr("Point layer of the project, or a file, with one displacement series a point"))
        self._button = QPushButton(tr("&File…"))
        self._button.setObjectName("browse")
        self._selected = QCheckBox(tr("Selected feat&ures only"))
        self._selected.setObjectName("selected_only")
        layout = QGridLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._combo, 0, 0)
        layout.addWidget(self._button, 0, 1)
        layout.addWidget(self._selected, 1, 0)
        self.setFocusProxy(self._combo)
        self._layer: Optional[QgsVectorLayer] = None
        self._key: Optional[str] = None
        self._button.clicked.connect(self._browse)
        self._combo.currentIndexChanged.connect(self._chosen)
        self._selected.toggled.connect(lambda _: self.changed.emit())
        self._chosen()

    def dragEnterEvent(self, event: Any) -> None:
        """Take files."""
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: Any) -> None:
        """Choose the file that was dropped."""
        paths = [url.toLocalFile() for url in event.mimeData().urls() if url.isLocalFile()]
        if paths:
            self.set_file(paths[0])

    def set_layer(self, layer: Any) -> None:
        """Choose a layer of the project."""
        if isinstance(layer, QgsVectorLayer):
            self._combo.setLayer(layer)

    def clear(self) -> None:
        """Choose nothing."""
        self._combo.setCurrentIndex(0)

    def set_file(self, path: str) -> None:
        """Choose a file."""
        settings.put("input_folder", str(Path(path).parent))
        self._combo.setAdditionalItems([path])
        self._combo.setCurrentIndex(self._combo.findText(path))

    def source(self) -> Optional[sources.PointSource]:
        """Return what is chosen, as the engine can read it; None where nothing is.

        Raises
        ------
        StillpointError
            The layer is broken, or no features of it are selected.
        """
        layer = self._combo.currentLayer()
        if isinstance(layer, QgsVectorLayer):
            if self._selected.isChecked() and not layer.selectedFeatureCount():
                raise StillpointError(tr("No features of {name} are selected.").format(name=layer.name()))
            return sources.from_layer(layer, selected_only=self._selected.isChecked())
        text = self._combo.currentText()
        return sources.from_file(text) if text else None

    def layer(self) -> Optional[QgsVectorLayer]:
        """Return the chosen layer of the project; None where a file or nothing is chosen."""
        layer = self._combo.currentLayer()
        return layer if isinstance(layer, QgsVectorLayer) else None

    def file(self) -> str:
        """Return the chosen file; empty where a layer or nothing is chosen."""
        return "" if self.layer() is not None else str(self._combo.currentText())

    def selected_only(self) -> bool:
        """Tell whether the selected features alone are meant."""
        return bool(self._selected.isChecked())

    def count(self) -> int:
        """Return the number of features of the chosen layer; -1 for a file."""
        layer = self._combo.currentLayer()
        if not isinstance(layer, QgsVectorLayer):
            return -1
        return int(layer.selectedFeatureCount() if self._selected.isChecked() else layer.featureCount())

    def _browse(self) -> None:
        path, _ = QFileDialog.getOpenFileName(self, tr("Points"), settings.get("input_folder"), FILTER)
        if path:
            self.set_file(path)

    def _chosen(self, *_: Any) -> None:
        layer = self._combo.currentLayer()
        key = layer.id() if isinstance(layer, QgsVectorLayer) else self._combo.currentText()
        if key == self._key:  # the list grew or was sorted anew around the same choice
            return
        self._key = key
        if self._layer is not None:
            try:
                self._layer.selectionChanged.disconnect(self._selection_changed)
            except (TypeError, RuntimeError):  # the layer is gone with its connections
                self._layer = None
        self._layer = layer if isinstance(layer, QgsVectorLayer) else None
        if self._layer is not None:
            self._layer.selectionChanged.connect(self._selection_changed)
        self._show_selection()
        self.changed.emit()

    def _selection_changed(self, *_: Any) -> None:
        self._show_selection()
        if self._selected.isChecked():
            self.changed.emit()

    def _show_selection(self) -> None:
        """Offer the selection where there is one."""
        number = self._layer.selectedFeatureCount() if self._layer is not None else 0
        self._selected.setEnabled(number > 0)
        if not number and self._selected.isChecked():
            self._selected.setChecked(False)
        text = tr("Selected feat&ures only")
        self._selected.setText(f"{text} ({number:,})" if number else text)
