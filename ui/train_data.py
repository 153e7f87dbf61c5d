"""What a network learns from: layers of the project, files and folders, in the order that the user gives them."""

from __future__ import annotations

from pathlib import Path
from typing import Any, List, Optional, Tuple, Union

from qgis.core import QgsMapLayer, QgsProject, QgsRasterLayer, QgsVectorLayer, QgsWkbTypes
from qgis.PyQt.QtCore import QPointF, QRectF, QSize, Qt, pyqtSignal
from qgis.PyQt.QtGui import QKeySequence, QPainter
from qgis.PyQt.QtWidgets import (
    QAbstractItemView,
    QFileDialog,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QMenu,
    QPushButton,
    QShortcut,
    QVBoxLayout,
    QWidget,
)

from stillpoint.models.errors import StillpointError
from stillpoint.plugin import settings, stacks
from stillpoint.plugin.language import tr
from stillpoint.ui.plot.theme import Theme
from stillpoint.ui.widgets.raster_picker import FILTER as RASTERS
from stillpoint.ui.widgets.source_picker import FILTER as POINTS

_LAYER, _FILE = Qt.ItemDataRole.UserRole, int(Qt.ItemDataRole.UserRole) + 1


EMPTY = {
    "trends": "Add layers or files of points with their displacement series.\nWith none, it learns from simulated series.",
    "scatterers": "Add stacks of images or interferograms, or a folder of them.\nWith none, it learns from simulated scenes.",
    "interferograms": "Add stacks of interferograms.\nWith none, it learns from simulated stacks.",
    "offsets": "Add amplitude images two by two: reference, secondary.\nWith none, it learns from simulated pairs.",
}
"""What the empty list says."""


class _HintedList(QListWidget):
    """A list that says what belongs into it while it is empty."""

    hint = ""

    def sizeHint(self) -> QSize:
        """Return the room of some four rows: a dialog has to fit a small screen."""
        return QSize(256, 88)

    def paintEvent(self, event: Any) -> None:
        super().paintEvent(event)
        if self.count():
            return
        painter = QPainter(self.viewport())
        painter.setPen(Theme.of_widget(self).muted)
        box = QRectF(QPointF(0, 0), QRectF(self.viewport().rect()).bottomRight()).adjusted(12, 6, -12, -6)
        painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter) | int(Qt.TextFlag.TextWordWrap), self.hint)
        painter.end()


class DataList(QWidget):
    """Layers and files, with buttons to add and take away. Files can be dropped here; ``changed`` comes with every change."""

    changed = pyqtSignal()

    def __init__(self, parent: Optional[QWidget] = None) -> None:
        super().__init__(parent)
        self._task = "trends"
        self.setAcceptDrops(True)
        self.list = _HintedList()
        self.list.setObjectName("data")
        self.list.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.list.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        self.list.setMinimumHeight(84)
        self.list.setAccessibleName(tr("Training data"))
        self.layer_button = QPushButton(tr("Add &layer"))
        self.layer_button.setObjectName("data_layer")
        self.menu = QMenu(self)
        self.menu.aboutToShow.connect(self._fill_menu)
        self.layer_button.setMenu(self.menu)
        self.file_button = QPushButton(tr("Add &files…"))
        self.file_button.setObjectName("data_files")
        self.folder_button = QPushButton(tr("Add fol&der…"))
        self.folder_button.setObjectName("data_folder")
        self.remove_button = QPushButton(tr("Re&move"))
        self.remove_button.setObjectName("data_remove")
        row = QHBoxLayout()
        for button in (self.layer_button, self.file_button, self.folder_button):
            row.addWidget(button)
        row.addStretch(1)
        row.addWidget(self.remove_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.list, 1)
        column.addLayout(row)
        self.setFocusProxy(self.list)
        self.file_button.clicked.connect(self._browse_files)
        self.folder_button.clicked.connect(self._browse_folder)
        self.remove_button.clicked.connect(self.remove_selected)
        self.list.itemSelectionChanged.connect(self._show_buttons)
        self.list.model().rowsMoved.connect(self._rows_changed)
        shortcut = QShortcut(QKeySequence(Qt.Key.Key_Delete), self.list)
        shortcut.setContext(Qt.ShortcutContext.WidgetShortcut)
        shortcut.activated.connect(self.remove_selected)
        QgsProject.instance().layersWillBeRemoved.connect(self._layers_leave)
        self.set_task(self._task)

    def dragEnterEvent(self, event: Any) -> None:
        """Take files and folders."""
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: Any) -> None:
        """Add what was dropped."""
        for url in event.mimeData().urls():
            if url.isLocalFile():
                self.add_file(url.toLocalFile())

    def set_task(self, task: str) -> None:
        """Take data for another task; what was chosen for the last one goes."""
        if task != self._task:
            self.list.clear()
        self._task = task
        self.list.hint = tr(EMPTY[task])
        self.folder_button.setVisible(task == "scatterers")
        self._rows_changed()

    def count(self) -> int:
        """Return how many there are."""
        return int(self.list.count())

    def items(self) -> List[Union[QgsMapLayer, str]]:
        """Return layers and files in their order."""
        found: List[Union[QgsMapLayer, str]] = []
        for index in range(self.list.count()):
            item = self.list.item(index)
            layer = QgsProject.instance().mapLayer(item.data(_LAYER) or "")
            found.append(str(item.data(_FILE)) if layer is None else layer)
        return found

    def paths(self) -> Tuple[str, ...]:
        """Return what the engine opens of rasters and folders.

        Raises
        ------
        StillpointError
            A layer shows no file.
        """
        found = []
        for each in self.items():
            if isinstance(each, str):
                found.append(each)
                continue
            path = stacks.path_of(each)
            if not path:
                text = tr("The layer {name} is no raster file. Save it as a GeoTIFF first.")
                raise StillpointError(text.format(name=each.name()))
            found.append(path)
        return tuple(found)

    def fits(self, layer: Any) -> bool:
        """Tell whether a layer can be training data of the task."""
        if self._task == "trends":
            kinds = QgsWkbTypes.GeometryType
            return isinstance(layer, QgsVectorLayer) and layer.geometryType() in (kinds.PointGeometry, kinds.NullGeometry)
        return isinstance(layer, QgsRasterLayer) and bool(stacks.path_of(layer)) and not stacks.is_view(layer)

    def add_layer(self, layer: Any) -> None:
        """Add a layer of the project that fits; one that is there already stays where it is."""
        if self.fits(layer) and not self._has(_LAYER, layer.id()):
            item = QListWidgetItem(layer.name())
            item.setData(_LAYER, layer.id())
            item.setToolTip(layer.source().partition("|")[0])
            self.list.addItem(item)
            self._rows_changed()

    def add_file(self, path: str) -> None:
        """Add a file or folder."""
        settings.put("input_folder", str(Path(path).parent))
        if not self._has(_FILE, path):
            item = QListWidgetItem(Path(path).name)
            item.setData(_FILE, path)
            item.setToolTip(path)
            self.list.addItem(item)
            self._rows_changed()

    def clear(self) -> None:
        """Take everything away."""
        self.list.clear()
        self._rows_changed()

    def remove_selected(self) -> None:
        """Take away what is selected."""
        for item in self.list.selectedItems():
            self.list.takeItem(self.list.row(item))
        self._rows_changed()

    def _has(self, role: int, value: str) -> bool:
        return any(self.list.item(index).data(role) == value for index in range(self.list.count()))

    def _fill_menu(self) -> None:
        """Offer the layers of the project that fit and are not there yet."""
        self.menu.clear()
        layers = [layer for layer in QgsProject.instance().mapLayers().values() if self.fits(layer)]
        for layer in sorted(layers, key=lambda each: each.name().lower()):
            if not self._has(_LAYER, layer.id()):
                action = self.menu.addAction(layer.name().replace("&", "&&"))
                action.setData(layer.id())
                action.triggered.connect(self._add_from_menu)
        if self.menu.isEmpty():
            self.menu.addAction(tr("No layer of the project fits")).setEnabled(False)

    def _add_from_menu(self) -> None:
        self.add_layer(QgsProject.instance().mapLayer(self.sender().data()))

    def _browse_files(self) -> None:
        filters = POINTS if self._task == "trends" else RASTERS
        paths, _ = QFileDialog.getOpenFileNames(self, tr("Training data"), settings.get("input_folder"), filters)
        for path in paths:
            self.add_file(path)

    def _browse_folder(self) -> None:
        path = QFileDialog.getExistingDirectory(self, tr("Folder with training data"), settings.get("input_folder"))
        if path:
            self.add_file(path)

    def _layers_leave(self, ids: List[str]) -> None:
        """Forget layers before they are gone."""
        gone = [index for index in range(self.list.count()) if self.list.item(index).data(_LAYER) in ids]
        for index in reversed(gone):
            self.list.takeItem(index)
        if gone:
            self._rows_changed()

    def _rows_changed(self, *_: Any) -> None:
        """Number the images of pairs, and tell."""
        for index in range(self.list.count()):
            item = self.list.item(index)
            layer = QgsProject.instance().mapLayer(item.data(_LAYER) or "")
            name = layer.name() if layer is not None else Path(str(item.data(_FILE))).name
            if self._task == "offsets":
                side = tr("secondary") if index % 2 else tr("reference")
                name = tr("Pair {n}, {side}: {name}").format(n=index // 2 + 1, side=side, name=name)
            item.setText(name)
        self._show_buttons()
        self.changed.emit()

    def _show_buttons(self) -> None:
        self.remove_button.setEnabled(bool(self.list.selectedItems()))
