"""What is true of the training data, by whose word: the choices that fit the task, and the widgets of the chosen one."""

from __future__ import annotations

from typing import Any, Dict, List, NamedTuple, Optional, Tuple

from qgis.core import QgsVectorLayer
from qgis.gui import QgsFieldComboBox, QgsFileWidget
from qgis.PyQt.QtCore import pyqtSignal
from qgis.PyQt.QtWidgets import QComboBox, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from stillpoint.models.errors import StillpointError
from stillpoint.plugin import settings
from stillpoint.plugin.language import tr
from stillpoint.plugin.training_sources import LABEL_FIELDS, Source, from_file, labelled
from stillpoint.ui.widgets.raster_picker import RasterPicker
from stillpoint.ui.widgets.source_picker import SourcePicker
from stillpoint.ui.widgets.wrapped import WrappedLabel


class Kind(NamedTuple):
    """A kind of labels: its name, words for the list, a sentence, and the widget that it needs (empty for none)."""

    name: str
    title: str
    sentence: str
    widget: str = ""


_FOLDER = "With several sources of data: a folder with a file of labels named like each of them."

KINDS: Dict[str, Tuple[Kind, ...]] = {
    "trends": (
        Kind("own", "A field of the points", "The field that holds the trend of each point, as its name or its code 0 to 4. Points "
             "without a value teach nothing.", "field"),
        Kind("layer", "Another layer or table", "A layer or table with the identifier of the points and their trends, such as the "
             "corrections of a review.", "layer"),
        Kind("folder", "A folder of tables", _FOLDER, "folder"),
    ),
    "scatterers": (
        Kind("stability", "Found by phase stability", "No labels are needed: an analysis after StaMPS finds the scatterers first."),
        Kind("mask", "A PS mask", "A raster on the grid of the stack: 1 PS, 0 not, 255 or no data not judged.", "raster"),
        Kind("points", "PS points", "A layer or file of points. Where a field ps says 1 or 0, pixels without points are not "
             "judged; else they count as no PS.", "points"),
        Kind("folder", "A folder of masks or points", _FOLDER, "folder"),
        Kind("truth", "True scatterers of simulated stacks", "For stacks that Stillpoint simulated: their truth lies beside them."),
    ),
    "interferograms": (
        Kind("table", "A table of decisions", "CSV with reference_date, secondary_date and keep (1 or 0). The triage board writes "
             "it: Export, Save my corrections as labels.", "table"),
        Kind("folder", "A folder of tables", _FOLDER, "folder"),
    ),
    "offsets": (
        Kind("raster", "A raster of offsets", "Offsets along range (columns) and azimuth (rows) in pixels, as Track Offsets writes "
             "them.",
             "raster"),
        Kind("correlation", "Measured by correlation", "No labels are needed: correlation measures the offsets first."),
        Kind("folder", "A folder of rasters", _FOLDER, "folder"),
        Kind("truth", "True offsets of simulated pairs", "For pairs that Stillpoint simulated: their truth lies beside them."),
    ),
}  # fmt: skip
"""The kinds of labels of each task, the most usual first."""

WORDS = ("stability", "truth", "correlation")
"""Kinds that the engine knows by their name."""


class LabelsPicker(QWidget):
    """A list of kinds, a sentence on the chosen one, and the layer, field or file that it needs."""

    changed = pyqtSignal()

    def __init__(self, parent: Optional[QWidget] = None) -> None:
        super().__init__(parent)
        self._task = ""
        self._own: Optional[QgsVectorLayer] = None
        self.kind = QComboBox()
        self.kind.setObjectName("label_kind")
        self.sentence = WrappedLabel()
        self.raster = RasterPicker("label_raster", tr("Raster with the labels"), tr("Labels"))
        self.points = SourcePicker()
        self.points.setObjectName("label_points")
        self.field = QgsFieldComboBox()
        self.field.setObjectName("label_field")
        self.field.setToolTip(tr("Field with the class of each point"))
        self.file = QgsFileWidget()
        self.file.setObjectName("label_file")
        for box in (self.kind, self.field):
            box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            box.setMinimumContentsLength(18)
        self.field_label = QLabel(tr("Field"))
        fields = QHBoxLayout()
        fields.addWidget(self.field_label)
        fields.addWidget(self.field, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self.kind)
        column.addWidget(self.sentence)
        for widget in (self.raster, self.points, self.file):
            column.addWidget(widget)
        column.addLayout(fields)
        self.setFocusProxy(self.kind)
        self.kind.currentIndexChanged.connect(self._kind_changed)
        self.raster.changed.connect(self.changed)
        self.points.changed.connect(self._points_changed)
        self.field.fieldChanged.connect(lambda _: self.changed.emit())
        self.file.fileChanged.connect(lambda _: self.changed.emit())
        self.set_task("trends")

    def set_task(self, task: str) -> None:
        """Offer the kinds of labels of a task."""
        if task == self._task:
            return
        self._task = task
        self.kind.blockSignals(True)
        self.kind.clear()
        for each in KINDS[task]:
            self.kind.addItem(tr(each.title), each.name)
        self.kind.blockSignals(False)
        self._kind_changed()

    def set_kind(self, name: str) -> None:
        """Choose a kind; one that the task does not have is passed over."""
        index = self.kind.findData(name)
        if index >= 0:
            self.kind.setCurrentIndex(index)

    def set_file(self, path: str) -> None:
        """Choose the file with the labels, for a kind that has one."""
        widget = self._widget()
        if widget == "raster":
            self.raster.set_file(path)
        elif widget in ("points", "layer"):
            self.points.set_file(path)
        else:
            self.file.setFilePath(path)

    def set_own(self, layer: Optional[QgsVectorLayer]) -> None:
        """Take the fields of the points that are learned from."""
        self._own = layer
        if self._widget() == "field":
            self._show_fields(layer)

    def chosen(self) -> str:
        """Return the kind that is chosen."""
        return str(self.kind.currentData())

    def labels(self) -> Optional[Source]:
        """Return the labels for the job; None where the engine finds them in the data.

        Raises
        ------
        StillpointError
            Something is missing.
        """
        kind = self.chosen()
        if kind in WORDS:
            return kind
        widget = self._widget()
        if widget == "raster":
            path = self.raster.path()
            if not path:
                raise StillpointError(tr("Choose the raster with the labels."))
            return path
        if widget in ("points", "layer"):
            return self._points()
        if widget in ("table", "folder"):
            path = self.file.filePath().strip()
            if not path:
                text = tr("Choose the file with the labels.") if widget == "table" else tr("Choose the folder with the labels.")
                raise StillpointError(text)
            return path
        return None

    def own_field(self) -> str:
        """Return the field of the points that holds their labels; empty for other kinds of labels."""
        return str(self.field.currentField()) if self._widget() == "field" else ""

    def _points(self) -> Source:
        layer = self.points.layer()
        field = str(self.field.currentField()) if self._widget() == "layer" else ""
        if layer is not None and field:
            return labelled(layer, field, selected_only=self.points.selected_only())
        source = self.points.source()
        if source is None:
            raise StillpointError(tr("Choose the layer or file with the labels."))
        return from_file(source.path, field) if field and source.path else source

    def _widget(self) -> str:
        return next((each.widget for each in KINDS[self._task] if each.name == self.chosen()), "")

    def _kind_changed(self, *_: Any) -> None:
        kind = next(each for each in KINDS[self._task] if each.name == self.chosen())
        self.sentence.setText(tr(kind.sentence))
        self.raster.setVisible(kind.widget == "raster")
        self.points.setVisible(kind.widget in ("points", "layer"))
        self.file.setVisible(kind.widget in ("table", "folder"))
        for widget in (self.field, self.field_label):
            widget.setVisible(kind.widget in ("field", "layer"))
        modes = QgsFileWidget.StorageMode
        self.file.setStorageMode(modes.GetDirectory if kind.widget == "folder" else modes.GetFile)
        self.file.setFilter(tr("Tables (*.csv);;All files (*)"))
        self.file.setDefaultRoot(settings.get("input_folder"))
        if kind.widget == "field":
            self._show_fields(self._own)
        elif kind.widget == "layer":
            self._points_changed()
        self.changed.emit()

    def _points_changed(self) -> None:
        if self._widget() == "layer":
            layer = self.points.layer()
            source = self.points.file()
            if layer is None and source:
                layer = QgsVectorLayer(source, "labels", "ogr")
            self._show_fields(layer)
        self.changed.emit()

    def _show_fields(self, layer: Optional[QgsVectorLayer]) -> None:
        """List the fields of a layer, the one that holds labels by its name chosen."""
        valid = layer is not None and layer.isValid()
        self._listed = layer if valid else None  # the list must not outlive a layer of its own
        chosen = self.field.currentField()
        self.field.setLayer(layer if valid else None)
        names: List[str] = [] if not valid else [each.name() for each in layer.fields()]  # type: ignore[union-attr]
        likely = [name for wanted in (*LABEL_FIELDS, "class") for name in names if name.lower() == wanted]
        self.field.setField(chosen if chosen in names else likely[0] if likely else "")
        self.field.setEnabled(valid)
