"""The dialog that makes a report of results: PDF, web page, and a layout to go on with."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any, Dict, List, Optional

from qgis.core import QgsApplication, QgsMapLayer, QgsProject, QgsReferencedRectangle
from qgis.gui import QgsFileWidget, QgsMapLayerComboBox
from qgis.PyQt.QtCore import Qt, QUrl
from qgis.PyQt.QtGui import QDesktopServices, QIcon
from qgis.PyQt.QtWidgets import (
    QApplication,
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QFrame,
    QGridLayout,
    QGroupBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QProgressDialog,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from stillpoint.models.errors import Cancelled, StillpointError
from stillpoint.plugin import breath, compat, provenance, settings
from stillpoint.plugin.language import tr
from stillpoint.plugin.provider import ICON
from stillpoint.ui.assess_inputs import ZoneField
from stillpoint.ui.widgets import message
from stillpoint.ui.widgets.message import Message

SETTINGS = "report"
_LAYER = int(Qt.ItemDataRole.UserRole)


def _label(text: str, buddy: QWidget) -> QLabel:
    """Return the label of a row that holds more than one widget."""
    label = QLabel(text)
    label.setBuddy(buddy)
    return label


class ReportDialog(QDialog):
    """Layers in; a PDF, a web page and a layout of the project out.

    It works without the engine: everything is read from the layers and their files.

    Parameters
    ----------
    iface
        QGIS's interface; None in tests without a window.
    parent
        Parent window.
    """

    HELP = "report"

    def __init__(self, iface: Any, parent: Optional[QWidget] = None) -> None:
        super().__init__(parent)
        self.iface = iface
        self._layout_name = ""
        self._written: Dict[str, str] = {}
        self.setObjectName("StillpointReport")
        self.setWindowTitle(tr("Report"))
        self.setWindowIcon(QIcon(str(ICON.with_name("report.svg"))))
        self.layers = QListWidget()
        self.title = QLineEdit()
        self.orientation = QComboBox()
        self.extent = QComboBox()
        self.zones = QgsMapLayerComboBox()
        self.zone_field = ZoneField()
        self.series = QSpinBox()
        self.which = QComboBox()
        self.table = QgsFileWidget()
        self.message = Message()
        self.boxes: Dict[str, QCheckBox] = {}
        self.files: Dict[str, QgsFileWidget] = {}
        self.keep = QCheckBox(tr("&Keep the layout in the project"))
        self._build()
        self._restore()
        self._refresh()
        project = QgsProject.instance()
        project.layersAdded.connect(self._refresh)
        project.layersRemoved.connect(self._refresh)

    # Layout

    def _build(self) -> None:
        self.layers.setObjectName("layers")
        self.layers.setMinimumHeight(96)
        self.layers.setToolTip(tr("Layers that the report is about; results of Stillpoint come first and say how they were made"))
        self.layers.itemChanged.connect(lambda _: self._choice_changed())
        self.title.setObjectName("title")
        self.title.setPlaceholderText(tr("Named after the first result"))
        self.title.setToolTip(tr("Stands on the first page and at the foot of every other"))
        for box, entries, tip in (
            (self.orientation, ((tr("Portrait"), False), (tr("Landscape"), True)), tr("How the A4 pages lie")),
            (self.extent, ((tr("What the map shows now"), "view"), (tr("Whole layers"), "layers")),
             tr("What the maps of the report show; layers that lie outside the view are shown whole")),
            (self.which, ((tr("selected points, else the fastest"), True), (tr("the fastest points"), False)),
             tr("Points whose displacement series are drawn; their numbers stand on the map")),
        ):  # fmt: skip
            for text, data in entries:
                box.addItem(text, data)
            box.setToolTip(tip)
        self.orientation.setObjectName("orientation")
        self.extent.setObjectName("extent")
        self.which.setObjectName("which")
        self.zones.setObjectName("zones")
        self.zones.setFilters(compat.POLYGON_LAYERS)
        self.zones.setAllowEmptyLayer(True, tr("None"))
        self.zones.setCurrentIndex(0)
        self.zones.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.zones.setMinimumWidth(160)
        self.zones.setToolTip(tr("Polygons, such as municipalities, to count points, classes, velocity and density by"))
        self.zones.layerChanged.connect(self._zones_changed)
        self.zone_field.setMinimumWidth(120)
        self.series.setObjectName("series")
        self.series.setRange(0, 24)
        self.series.setSpecialValueText(tr("none"))
        self.series.setToolTip(tr("Number of points whose series are drawn"))
        self.table.setObjectName("table")
        self.table.setStorageMode(QgsFileWidget.StorageMode.GetFile)
        self.table.setFilter(tr("Tables (*.csv)"))
        self.table.lineEdit().setPlaceholderText(tr("That of the chosen layers"))
        self.table.setToolTip(tr("Table of a selection of interferograms, for the drawing of the network of pairs"))

        form = QFormLayout()
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        form.addRow(tr("&Layers"), self.layers)
        form.addRow(tr("&Title"), self.title)
        form.addRow(tr("&Pages"), self.orientation)
        form.addRow(tr("&Maps"), self.extent)
        zones = QHBoxLayout()
        zones.addWidget(self.zones, 1)
        zones.addWidget(self.zone_field)
        form.addRow(_label(tr("&Zones"), self.zones), zones)
        series = QHBoxLayout()
        series.addWidget(self.series)
        series.addWidget(self.which, 1)
        form.addRow(_label(tr("&Series of"), self.series), series)
        form.addRow(tr("Table of pai&rs"), self.table)
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(4, 4, 4, 4)
        column.addLayout(form)
        column.addWidget(self._outputs())
        column.addStretch(1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(page)
        area.setMinimumWidth(page.minimumSizeHint().width() + area.verticalScrollBar().sizeHint().width())

        self.open_buttons: Dict[str, QPushButton] = {}
        for name, text in (("pdf", tr("Open PDF")), ("html", tr("Open web page")), ("layout", tr("Open layout"))):
            button = QPushButton(text)
            button.setAutoDefault(False)
            button.clicked.connect(lambda _, name=name: self._open(name))
            self.message.add_widget(button)
            self.open_buttons[name] = button
        buttons = QDialogButtonBox()
        self.make_button = buttons.addButton(tr("Ma&ke report"), QDialogButtonBox.ButtonRole.AcceptRole)
        self.close_button = buttons.addButton(QDialogButtonBox.StandardButton.Close)
        self.help_button = buttons.addButton(QDialogButtonBox.StandardButton.Help)
        for button in (self.close_button, self.help_button):
            button.setAutoDefault(False)
        self.make_button.setDefault(True)
        buttons.accepted.connect(self.make)
        buttons.rejected.connect(self.close)
        buttons.helpRequested.connect(self._help)
        layout = QVBoxLayout(self)
        layout.addWidget(area, 1)
        layout.addWidget(self.message)
        layout.addWidget(buttons)
        self.layers.setFocus()
        self.resize(660, 620)

    def _outputs(self) -> QGroupBox:
        """Return the rows of what is written."""
        group = QGroupBox(tr("Results"))
        grid = QGridLayout(group)
        grid.setColumnStretch(1, 1)
        for row, (name, text, filters, tip) in enumerate((
            ("pdf", tr("PD&F"), "PDF (*.pdf)", tr("Pages for print and mail")),
            ("html", tr("&Web page"), "HTML (*.html)", tr("One file that carries its maps and drawings, for any browser")),
        )):  # fmt: skip
            box, file = QCheckBox(text), QgsFileWidget()
            box.setObjectName(f"write_{name}")
            file.setObjectName(name)
            file.setStorageMode(QgsFileWidget.StorageMode.SaveFile)
            file.setFilter(filters)
            file.setDefaultRoot(settings.get("output_folder"))
            file.lineEdit().setPlaceholderText(tr("Beside the saved project; choose a file for another place"))
            box.toggled.connect(file.setEnabled)
            file.setEnabled(False)
            for widget in (box, file):
                widget.setToolTip(tip)
            grid.addWidget(box, row, 0)
            grid.addWidget(file, row, 1)
            self.boxes[name], self.files[name] = box, file
        self.keep.setObjectName("keep")
        self.keep.setToolTip(tr("The pages stay in the project (Project > Layouts), where you can change them and print again"))
        grid.addWidget(self.keep, 2, 0, 1, 2)
        return group

    # What is chosen

    def set_layer(self, layer: Any) -> None:
        """Choose the active layer, where the report can be about it."""
        if isinstance(layer, QgsMapLayer) and layer.isSpatial() and not self._ticked():
            for index in range(self.layers.count()):
                item = self.layers.item(index)
                if item.data(_LAYER) == layer.id():
                    item.setCheckState(Qt.CheckState.Checked)
                    self.layers.scrollToItem(item)

    def chosen(self) -> List[QgsMapLayer]:
        """Return the ticked layers, in the order of the list."""
        found = (QgsProject.instance().mapLayer(key) for key in self._ticked())
        return [layer for layer in found if layer is not None]

    def _ticked(self) -> List[str]:
        items = [self.layers.item(index) for index in range(self.layers.count())]
        return [str(item.data(_LAYER)) for item in items if item.checkState() == Qt.CheckState.Checked]

    def _refresh(self, *_: Any) -> None:
        """Follow the project: results first, in the order of the layer tree; ticks stay."""
        ticked = set(self._ticked())
        root = QgsProject.instance().layerTreeRoot()
        inside = [node.layer() for node in root.findLayers() if node.layer() is not None]
        others = [layer for layer in QgsProject.instance().mapLayers().values() if layer not in inside]
        spatial = [layer for layer in [*inside, *others] if layer.isSpatial()]
        self.layers.blockSignals(True)
        self.layers.clear()
        for layer in sorted(spatial, key=lambda layer: not _is_result(layer)):
            item = QListWidgetItem(layer.name())
            item.setData(_LAYER, layer.id())
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            item.setCheckState(Qt.CheckState.Checked if layer.id() in ticked else Qt.CheckState.Unchecked)
            if _is_result(layer):
                item.setIcon(QIcon(str(ICON)))
                item.setToolTip(tr("Result of Stillpoint: the report tells how it was made"))
            else:
                item.setToolTip(tr("Does not say how it was made; the report shows it all the same"))
            self.layers.addItem(item)
        self.layers.blockSignals(False)
        self._choice_changed()

    def _choice_changed(self) -> None:
        self.message.clear()

    def _zones_changed(self, layer: Any) -> None:
        self.zone_field.follow(layer, False)

    # The report

    def options(self) -> Any:
        """Return what the dialog shows as options of a report."""
        from stillpoint.plugin.report import Options

        view = None
        if self.extent.currentData() == "view" and self.iface is not None:
            canvas = self.iface.mapCanvas()
            view = QgsReferencedRectangle(canvas.extent(), canvas.mapSettings().destinationCrs())
        return Options(
            title=self.title.text().strip(), landscape=bool(self.orientation.currentData()), extent=view,
            zones=self.zones.currentLayer(), zone_field=self.zone_field.value() or "", series=self.series.value(),
            selected=bool(self.which.currentData()), table=self.table.filePath().strip(),
        )  # fmt: skip

    def _targets(self) -> Dict[str, str]:
        """Return the files to write; raises StillpointError where one is not named."""
        found = {}
        for name, box in self.boxes.items():
            text = self.files[name].filePath().strip()
            if not box.isChecked():
                continue
            if not text and _home():
                text = self._beside_project(name)
                self.files[name].setFilePath(text)
            if not text:
                raise StillpointError(tr("Choose a file for the {what}, or leave it out.").format(what=box.text().replace("&", "")))
            path = Path(text)
            if not path.is_absolute():
                path = Path(settings.get("output_folder") or str(Path.home())) / path
            endings = (".html", ".htm") if name == "html" else (".pdf",)
            found[name] = str(path if path.suffix.lower() in endings else path.with_name(f"{path.name}.{name}"))
        if not found and not self.keep.isChecked():
            raise StillpointError(tr("Choose what to write: a PDF, a web page, or a layout in the project."))
        return found

    def _beside_project(self, ending: str) -> str:
        """Return a file in the project's folder that is not there yet, named after the title or the first layer."""
        layers = self.chosen()
        title = self.title.text().strip() or (layers[0].name() if layers else "")
        stem = "".join("-" if letter in '\\/:*?"<>|' else letter for letter in f"{title} report".strip())
        names = itertools.chain([stem], (f"{stem} {number}" for number in itertools.count(2)))
        return next(str(path) for path in (Path(_home()) / f"{name}.{ending}" for name in names) if not path.exists())

    def make(self) -> None:
        """Make the report; a window with a Cancel button shows how far it is."""
        from stillpoint.plugin import report

        self.message.clear()
        try:
            targets, options, layers = self._targets(), self.options(), self.chosen()
            if not layers and not options.table:
                raise StillpointError(tr("Tick at least one layer, or choose the table of a selection of interferograms."))
        except StillpointError as error:
            self._say(message.ERROR, str(error))
            return
        self._remember()
        window = QProgressDialog(tr("Making the report"), tr("Cancel"), 0, 100, self)
        window.setWindowTitle(tr("Report"))
        window.setWindowModality(Qt.WindowModality.ApplicationModal)
        window.setMinimumDuration(300)

        def tell(fraction: float, text: str) -> None:
            if text:
                window.setLabelText(text)
            window.setValue(int(100 * fraction))

        def cancelled() -> bool:
            QApplication.processEvents()
            return bool(window.wasCanceled())

        QgsApplication.setOverrideCursor(Qt.CursorShape.BusyCursor)
        try:
            with breath.held():  # the end of a job must not add layers, or open another project, in the middle
                made = report.make(
                    layers, **targets, options=options, keep_layout=self.keep.isChecked(), report=tell, cancelled=cancelled
                )
        except Cancelled:
            self._say(message.INFORMATION, tr("Cancelled; nothing more was written."))
            return
        except StillpointError as error:
            self._say(message.ERROR, str(error))
            return
        finally:
            QgsApplication.restoreOverrideCursor()
            window.close()
            window.deleteLater()
        self._written, self._layout_name = targets, made.layout
        text = tr("The report has {n} pages.").format(n=made.pages) if made.pages > 1 else tr("The report has one page.")
        self._say(message.SUCCESS, text)
        for name, button in self.open_buttons.items():
            button.setVisible(name in targets if name != "layout" else bool(made.layout) and self.iface is not None)

    def _say(self, level: str, text: str) -> None:
        for button in self.open_buttons.values():
            button.hide()
        self.message.say(level, text)

    def _open(self, name: str) -> None:
        if name in self._written:
            QDesktopServices.openUrl(QUrl.fromLocalFile(self._written[name]))
            return
        layout = QgsProject.instance().layoutManager().layoutByName(self._layout_name)
        if layout is None:
            self._say(message.WARNING, tr("The layout is no longer in the project."))
        else:
            self.iface.openLayoutDesigner(layout)

    def _help(self) -> None:
        from stillpoint.ui.help_dialog import show_help

        show_help(self.HELP, self)

    # Settings

    def _remember(self) -> None:
        settings.put_values(SETTINGS, {
            "landscape": bool(self.orientation.currentData()), "extent": self.extent.currentData(), "series": self.series.value(),
            "selected": bool(self.which.currentData()), "keep": self.keep.isChecked(),
            **{f"write_{name}": box.isChecked() for name, box in self.boxes.items()},
        })  # fmt: skip
        for file in self.files.values():
            folder = Path(file.filePath()).parent
            if file.filePath() and folder.is_absolute():
                settings.put("output_folder", str(folder))

    def _restore(self) -> None:
        values = settings.get_values(SETTINGS)
        for box, name, usual in (
            (self.orientation, "landscape", False), (self.extent, "extent", "view"), (self.which, "selected", True),
        ):  # fmt: skip
            box.setCurrentIndex(max(box.findData(values.get(name, usual)), 0))
        series = values.get("series", 6)
        self.series.setValue(series if isinstance(series, int) else 6)
        self.keep.setChecked(bool(values.get("keep", False)))
        for name, box in self.boxes.items():
            box.setChecked(bool(values.get(f"write_{name}", True)))


def _home() -> str:
    """Return the folder of the project; empty where it was never saved."""
    return str(QgsProject.instance().absolutePath())


def _is_result(layer: QgsMapLayer) -> bool:
    return bool(layer.customProperty(provenance.PROPERTY))
