"""What an assessment compares: masks ticked in a list, and zones of either kind."""

from __future__ import annotations

from pathlib import Path
from typing import Any, List, Optional

from qgis.core import Qgis, QgsMapLayer, QgsProject, QgsRasterLayer, QgsVectorLayer, QgsWkbTypes
from qgis.gui import QgsMapLayerComboBox
from qgis.PyQt.QtCore import Qt, pyqtSignal
from qgis.PyQt.QtWidgets import (
    QComboBox,
    QFileDialog,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from stillpoint.plugin import assessments, compat, settings
from stillpoint.plugin.language import tr
from stillpoint.ui.widgets.raster_picker import RasterPicker

ROLE_PROPERTY, MASK_ROLE, TITLE_PROPERTY = "stillpoint/role", "mask", "stillpoint/title"
"""Custom properties of the layers that a selection made: what each is, the value for masks, the name of the selection."""

_ZONES = "Zones (*.gpkg *.shp *.geojson *.fgb *.kml *.tif *.tiff *.vrt *.img);;All files (*)"
_MASKS = "PS masks or points (*.tif *.tiff *.vrt *.img *.gpkg *.shp *.geojson *.csv);;All files (*)"
_LAYER, _FILE = Qt.ItemDataRole.UserRole, int(Qt.ItemDataRole.UserRole) + 1


def is_points(layer: QgsMapLayer) -> bool:
    """Return whether a layer holds points."""
    return isinstance(layer, QgsVectorLayer) and layer.geometryType() == QgsWkbTypes.GeometryType.PointGeometry


def is_mask(layer: QgsMapLayer) -> bool:
    """Return whether a layer looks like a PS mask: a selection made it, or it is a single band of bytes named so."""
    if layer.customProperty(ROLE_PROPERTY) == MASK_ROLE:
        return True
    if not isinstance(layer, QgsRasterLayer) or layer.bandCount() != 1 or layer.dataProvider() is None:
        return False
    return layer.dataProvider().dataType(1) == Qgis.DataType.Byte and "mask" in layer.name().lower()


def _name_of(layer: QgsMapLayer) -> str:
    """Return a layer's name, with that of the selection that it belongs to: several have a layer "PS mask"."""
    title = str(layer.customProperty(TITLE_PROPERTY, "") or "")
    return f"{layer.name()} ({title})" if title else str(layer.name())


class MaskList(QWidget):
    """The project's rasters and point layers with a tick each, and files beside them. Ticks say what is compared."""

    changed = pyqtSignal()

    def __init__(self, parent: Optional[QWidget] = None) -> None:
        super().__init__(parent)
        self.setAcceptDrops(True)
        self.list = QListWidget()
        self.list.setObjectName("masks")
        self.list.setToolTip(tr("PS masks (1 PS, 0 not, 255 no data) on one grid; point layers serve beside at least one raster"))
        self.list.setMinimumHeight(110)
        self.button = QPushButton(tr("Add &files…"))
        self.button.setObjectName("masks_browse")
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(self.button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.list, 1)
        column.addLayout(row)
        self.setFocusProxy(self.list)
        self.button.clicked.connect(self._browse)
        self.list.itemChanged.connect(lambda _: self.changed.emit())
        project = QgsProject.instance()
        project.layersAdded.connect(self._refresh)
        project.layersRemoved.connect(self._refresh)
        self._refresh()

    def dragEnterEvent(self, event: Any) -> None:
        """Take files."""
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: Any) -> None:
        """Add the files that were dropped."""
        for url in event.mimeData().urls():
            if url.isLocalFile():
                self.add_file(url.toLocalFile())

    def add_file(self, path: str) -> None:
        """Add a file, ticked."""
        settings.put("input_folder", str(Path(path).parent))
        for index in range(self.list.count()):
            if self.list.item(index).data(_FILE) == path:
                self.list.item(index).setCheckState(Qt.CheckState.Checked)
                return
        item = self._item(Path(path).name, True)
        item.setData(_FILE, path)
        item.setToolTip(path)

    def tick(self, layer: Optional[QgsMapLayer], on: bool = True) -> None:
        """Tick the item of a layer."""
        for index in range(self.list.count()):
            if layer is not None and self.list.item(index).data(_LAYER) == layer.id():
                self.list.item(index).setCheckState(Qt.CheckState.Checked if on else Qt.CheckState.Unchecked)

    def paths(self) -> List[str]:
        """Return what the engine opens, of all that is ticked.

        Raises
        ------
        StillpointError
            A layer cannot be handed to the engine.
        """
        found = []
        for index in range(self.list.count()):
            item = self.list.item(index)
            if item.checkState() != Qt.CheckState.Checked:
                continue
            layer = QgsProject.instance().mapLayer(item.data(_LAYER) or "")
            found.append(str(item.data(_FILE)) if layer is None else assessments.source_of(layer))
        return found

    def _item(self, text: str, ticked: bool) -> QListWidgetItem:
        item = QListWidgetItem(text)
        item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
        item.setCheckState(Qt.CheckState.Checked if ticked else Qt.CheckState.Unchecked)
        self.list.addItem(item)
        return item

    def _refresh(self, *_: Any) -> None:
        """Follow the project: new layers come, removed ones go, ticks stay."""
        layers = {layer.id(): layer for layer in QgsProject.instance().mapLayers().values()
                  if is_points(layer) or (isinstance(layer, QgsRasterLayer) and layer.bandCount() == 1)}  # no stacks
        for index in reversed(range(self.list.count())):
            known = self.list.item(index).data(_LAYER)
            if known and layers.pop(known, None) is None:
                self.list.takeItem(index)
        for key, layer in sorted(layers.items(), key=lambda pair: (not is_mask(pair[1]), pair[1].name().lower())):
            item = self._item(_name_of(layer), is_mask(layer))
            item.setData(_LAYER, key)
            item.setToolTip(layer.source().partition("|")[0])
        self.changed.emit()

    def _browse(self) -> None:
        paths, _ = QFileDialog.getOpenFileNames(self, tr("PS masks"), settings.get("input_folder"), _MASKS)
        for path in paths:
            self.add_file(path)


class LayerPicker(RasterPicker):
    """Choice of a layer of polygons or a raster (or of points or a raster), or of a file of either kind."""

    _key: Optional[str]

    def __init__(self, name: str, tip: str, title: str, *, points: bool = False, parent: Optional[QWidget] = None) -> None:
        super().__init__(name, tip, title, parent, empty=tr("None"))
        self.combo.setFilters(compat.RASTER_LAYERS | (compat.POINT_LAYERS if points else compat.POLYGON_LAYERS))
        self.set_nothing()

    def any_layer(self) -> Optional[QgsMapLayer]:
        """Return the chosen layer of the project, of either kind."""
        combo: QgsMapLayerComboBox = self.combo
        return combo.currentLayer()

    def path(self) -> str:
        """Return what the engine opens; empty where nothing is chosen."""
        layer = self.any_layer()
        return self._file() if layer is None else assessments.source_of(layer)

    def _browse(self) -> None:
        path, _ = QFileDialog.getOpenFileName(self, self._title, settings.get("input_folder"), _ZONES)
        if path:
            self.set_file(path)

    def _chosen(self, *_: Any) -> None:
        layer = self.any_layer()
        key = layer.id() if layer is not None else self.combo.currentText()
        if key != self._key:
            self._key = key
            self.changed.emit()


class ZoneField(QComboBox):
    """The field of the zone names; empty lets the engine take the first text field."""

    def __init__(self, parent: Optional[QWidget] = None) -> None:
        super().__init__(parent)
        self.setObjectName("zone_field")
        self.setEditable(True)
        self.setToolTip(tr("Field of the polygon layer with the names of the zones; empty takes the first text field"))

    def follow(self, layer: Optional[QgsMapLayer], is_file: bool) -> None:
        """Offer the fields of a layer; any text for a file; nothing for a raster."""
        self.clear()
        if isinstance(layer, QgsVectorLayer):
            self.addItems(["", *(field.name() for field in layer.fields())])
            first = next((field.name() for field in layer.fields() if field.typeName().lower() in ("string", "text")), "")
            self.setCurrentText(first)
        self.setEnabled(isinstance(layer, QgsVectorLayer) or is_file)

    def value(self) -> Optional[str]:
        """Return the chosen field; None where the engine decides."""
        return self.currentText().strip() or None if self.isEnabled() else None
