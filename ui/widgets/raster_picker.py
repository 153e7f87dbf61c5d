"""Choice of a raster: a layer of the project, or any file that GDAL opens."""

from __future__ import annotations

from pathlib import Path
from typing import Any, List, Optional, Sequence

from qgis.core import QgsProject, QgsRasterLayer
from qgis.gui import QgsMapLayerComboBox
from qgis.PyQt.QtCore import QTimer, pyqtSignal
from qgis.PyQt.QtWidgets import QFileDialog, QHBoxLayout, QPushButton, QSizePolicy, QWidget

from stillpoint.models.errors import StillpointError
from stillpoint.plugin import compat, settings, stacks
from stillpoint.plugin.language import tr

FILTER = "Rasters (*.vrt *.tif *.tiff *.h5 *.hdr *.img *.nc);;All files (*)"


class RasterPicker(QWidget):
    """A layer combo box and a button for files, which can also be dropped here.

    Parameters
    ----------
    name
        Object name of the combo box.
    tip
        Its tool tip.
    title
        Title of the file dialog.
    empty
        What the combo box says where nothing is chosen.
    """

    changed = pyqtSignal()

    def __init__(self, name: str, tip: str, title: str, parent: Optional[QWidget] = None, *, empty: str = "") -> None:
        super().__init__(parent)
        self._title = title
        self._key: Optional[str] = None
        self.setAcceptDrops(True)
        # Before the list is made, as it would be told first and choose another layer in the place of one that leaves.
        QgsProject.instance().layersWillBeRemoved.connect(self._choice_may_leave)
        self.combo = QgsMapLayerComboBox()
        self.combo.setObjectName(name)
        self.combo.setFilters(compat.RASTER_LAYERS)
        self._empty = empty
        self.combo.setAllowEmptyLayer(True, empty)
        self.set_nothing()  # else the first layer of the project would be chosen
        # A long layer name must not widen the dialog beyond a small screen.
        self.combo.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.combo.setMinimumWidth(200)
        self.combo.setToolTip(tip)
        self.button = QPushButton(tr("File…"))
        self.button.setObjectName(f"{name}_browse")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.combo, 1)
        row.addWidget(self.button)
        self.setFocusProxy(self.combo)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(0)
        self._timer.timeout.connect(self._leave_out_views)
        self._left_out: List[str] = []
        QgsProject.instance().layersAdded.connect(self._layers_added)
        QgsProject.instance().layersWillBeRemoved.connect(self._layers_leave)
        self._leave_out_views()
        self.button.clicked.connect(self._browse)
        self.combo.currentIndexChanged.connect(self._chosen)

    def dragEnterEvent(self, event: Any) -> None:
        """Take files."""
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: Any) -> None:
        """Choose the file that was dropped."""
        paths = [url.toLocalFile() for url in event.mimeData().urls() if url.isLocalFile()]
        if paths:
            self.set_file(paths[0])

    def set_nothing(self) -> None:
        """Choose nothing, and say in the words for that what it means: QGIS alone would show an empty list."""
        self.combo.setLayer(None)
        if self._empty and self.combo.currentIndex() < 0:
            self.combo.setCurrentIndex(self.combo.findText(self._empty))

    def set_layer(self, layer: Any) -> None:
        """Choose a layer of the project; for one that shows a single date of a stack, the stack."""
        if isinstance(layer, QgsRasterLayer) and stacks.is_view(layer):
            path = stacks.path_of(layer)
            same = [other for other in _rasters() if stacks.path_of(other) == path and not stacks.is_view(other)]
            layer = same[0] if same else None
        if isinstance(layer, QgsRasterLayer):
            self._leave_out_views()
            self.combo.setLayer(layer)

    def set_file(self, path: str) -> None:
        """Choose a file."""
        settings.put("input_folder", str(Path(path).parent))
        self.combo.setAdditionalItems([path])
        self.combo.setCurrentIndex(self.combo.findText(path))

    def layer(self) -> Optional[QgsRasterLayer]:
        """Return the chosen layer of the project; None where a file or nothing is chosen."""
        layer = self.combo.currentLayer()
        return layer if isinstance(layer, QgsRasterLayer) else None

    def name(self) -> str:
        """Return what is chosen for people."""
        layer = self.layer()
        return layer.name() if layer is not None else Path(self._file()).name

    def path(self) -> str:
        """Return what the engine opens; empty where nothing is chosen.

        Raises
        ------
        StillpointError
            The layer is broken, or shows no file.
        """
        layer = self.layer()
        if layer is None:
            return self._file()
        if not layer.isValid():
            raise StillpointError(
                tr("The layer {name} is not valid: its file may have been moved. Repair its source.").format(name=layer.name())
            )
        path = stacks.path_of(layer)
        if not path:
            raise StillpointError(
                tr("The layer {name} comes from a server, not from a file. Save it as a file first.").format(name=layer.name())
            )
        return path

    def _file(self) -> str:
        """Return the chosen file; empty where none is."""
        text = str(self.combo.currentText())
        return "" if text == self._empty else text

    def _layers_added(self, _: Any) -> None:
        self._timer.start()  # a stack brings a layer a date: they are looked at once, when all are there

    def _layers_leave(self, ids: List[str]) -> None:
        """Have the list forget layers before they are gone."""
        if set(ids) & set(self._left_out):
            self._leave_out_views(leaving=ids)

    def _choice_may_leave(self, ids: List[str]) -> None:
        layer = self.combo.currentLayer()
        if layer is not None and layer.id() in ids:
            self._choice_leaves()

    def _choice_leaves(self) -> None:
        """Choose nothing where the chosen layer goes: the list by itself would take the one beside it."""
        self.set_nothing()

    def _leave_out_views(self, *, leaving: Sequence[str] = ()) -> None:
        """Keep the layers out of the list that only show one date of a stack.

        What the list keeps out is remembered here: it would still name layers that are gone, and asking for those ends QGIS.
        """
        views = [layer for layer in _rasters() if layer.id() not in leaving and stacks.is_view(layer)]
        found = [layer.id() for layer in views]
        if found != self._left_out:
            self._left_out = found
            self.combo.setExceptedLayerList(views)

    def _browse(self) -> None:
        path, _ = QFileDialog.getOpenFileName(self, self._title, settings.get("input_folder"), FILTER)
        if path:
            self.set_file(path)

    def _chosen(self, *_: Any) -> None:
        layer = self.layer()
        key = layer.id() if layer is not None else self.combo.currentText()
        if key != self._key:  # else the list grew or was sorted anew around the same choice
            self._key = key
            self.changed.emit()


def _rasters() -> List[QgsRasterLayer]:
    return [layer for layer in QgsProject.instance().mapLayers().values() if isinstance(layer, QgsRasterLayer)]
