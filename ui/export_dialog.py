"""The dialog that exports a layer: format, points, series, and a report of what the format could not hold."""

from __future__ import annotations

import html
from pathlib import Path
from typing import Optional, Sequence

from qgis.core import QgsProject, QgsVectorLayer
from qgis.gui import QgsFileWidget
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtGui import QCloseEvent, QPalette
from qgis.PyQt.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from stillpoint.models.errors import StillpointError
from stillpoint.plugin import export, settings
from stillpoint.plugin.facts import source_of
from stillpoint.plugin.language import tr
from stillpoint.plugin.layers import open_points, style_trends_layer
from stillpoint.plugin.tasks import Work, start
from stillpoint.ui.help_keys import give_help
from stillpoint.ui.plot.theme import luminance

_WAYS = {
    "packed": "In one binary field (for the series viewer)",
    "columns": "A field a date (D20170201 ...)",
    "beside": "In a CSV beside the shapefile",
    "none": "Leave it out",
}


class ExportDialog(QDialog):
    """Exports one layer; the writing itself runs in the background.

    Parameters
    ----------
    layer
        The layer to export.
    """

    def __init__(self, layer: QgsVectorLayer, parent: Optional[QWidget] = None) -> None:
        super().__init__(parent)
        self._layer = layer
        self._layer_id = layer.id()
        self._work: Optional[Work] = None
        self._plan: Optional[export.Plan] = None
        self._listening = True
        self.setWindowTitle(tr("Export {0}").format(layer.name()))
        self.setMinimumWidth(540)
        self._build()
        self._format_changed()

    def _build(self) -> None:
        self.format = QComboBox()
        for text, suffix in (("Shapefile", ".shp"), ("GeoPackage", ".gpkg"), ("CSV table", ".csv")):
            self.format.addItem(f"{text} ({suffix})", suffix)
        self.file = QgsFileWidget()
        self.file.setStorageMode(QgsFileWidget.StorageMode.SaveFile)
        self.file.setConfirmOverwrite(True)
        self.file.setDialogTitle(tr("Export to"))
        folder = Path(settings.get("output_folder") or Path(source_of(self._layer)[0]).parent)
        self._folder = folder if folder.is_absolute() and folder.is_dir() else Path.home()
        self.file.setDefaultRoot(str(self._folder))
        self.selected = QCheckBox()
        chosen = self._layer.selectedFeatureCount()
        some = tr("Only the {0} selected points").format(f"{chosen:,}")
        self.selected.setText(some if chosen else tr("Only selected points (none is selected)"))
        self.selected.setEnabled(chosen > 0)
        self.selected.setChecked(chosen > 0)
        self.series = QComboBox()
        self.note = _words()
        self.load = QCheckBox(tr("Add the exported layer to the map"))
        self.progress = QProgressBar()
        self.progress.setVisible(False)
        self.outcome = _words()
        self.outcome.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)

        form = QFormLayout()
        form.addRow(tr("Format"), self.format)
        form.addRow(tr("File"), self.file)
        form.addRow(tr("Points"), self.selected)
        form.addRow(tr("Series"), self.series)
        form.addRow("", self.note)
        form.addRow("", self.load)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        buttons = QDialogButtonBox()
        self.export_button = QPushButton(tr("Export"))
        self.export_button.setDefault(True)
        self.close_button = QPushButton(tr("Close"))
        buttons.addButton(self.export_button, QDialogButtonBox.ButtonRole.ActionRole)
        buttons.addButton(self.close_button, QDialogButtonBox.ButtonRole.RejectRole)
        self.help_button = buttons.addButton(QDialogButtonBox.StandardButton.Help)
        self.help_button.setAutoDefault(False)
        buttons.helpRequested.connect(self._help)
        give_help(self, "results")
        box = QVBoxLayout(self)
        box.setSpacing(10)
        box.addLayout(form)
        box.addWidget(self.progress)
        box.addWidget(self.outcome)
        box.addStretch(1)
        box.addWidget(buttons)
        self.format.currentIndexChanged.connect(self._format_changed)
        self.file.fileChanged.connect(self._file_changed)
        self.export_button.clicked.connect(self.start)
        self.close_button.clicked.connect(self._close_or_cancel)
        QgsProject.instance().layersWillBeRemoved.connect(self._layers_removed)

    # -- choices

    def suffix(self) -> str:
        """Return the ending of the chosen format."""
        return str(self.format.currentData())

    def _format_changed(self) -> None:
        """Offer the ways in which this format can keep the series, and say why others are missing."""
        suffix = self.suffix()
        self.file.setFilter(f"{self.format.currentText()[:-len(suffix) - 3]} (*{suffix})")
        path = self.file.filePath()
        if path and Path(path).suffix.lower() in export.DRIVERS:
            self.file.setFilePath(str(Path(path).with_suffix(suffix)))
        unit = str(self._layer.customProperty("stillpoint/unit", "mm"))
        ways, why = export.series_limits(self._layer, suffix, unit=unit)
        self.series.clear()
        for way in ways:
            self.series.addItem(tr(_WAYS[way]), way)
        self.note.setText(why)
        self.note.setVisible(bool(why))
        self._update_button()

    def _file_changed(self, path: str) -> None:
        """Let the format follow the ending that was typed."""
        index = self.format.findData(Path(path).suffix.lower())
        if index >= 0 and index != self.format.currentIndex():
            self.format.setCurrentIndex(index)
        self._update_button()

    def _update_button(self) -> None:
        self.export_button.setEnabled(bool(self.file.filePath()) and self._work is None)

    # -- exporting

    def start(self) -> None:
        """Check the choices and begin to write."""
        path = self.file.filePath()
        if not Path(path).suffix:
            path += self.suffix()
        path = str(self._folder / path)  # a bare name must not land in whatever folder QGIS was started from
        try:
            self._plan = export.prepare(
                self._layer, path,
                selected_only=self.selected.isChecked(),
                series=str(self.series.currentData()),
                unit=str(self._layer.customProperty("stillpoint/unit", "mm")),
            )
        except StillpointError as error:
            self._say(str(error), bad=True)
            return
        plan = self._plan
        self._work = Work(
            tr("Export {0}").format(plan.path.name), lambda work: export.run(plan, work.report, work.isCanceled)
        )
        self._work.progressChanged.connect(self._show_progress)
        self._work.done.connect(self._done)
        self._work.failed.connect(self._failed)
        self._work.stopped.connect(self._stopped)
        settings.put("output_folder", str(plan.path.parent))
        self._set_busy(True)
        self.outcome.clear()
        start(self._work)

    def _show_progress(self, percent: float) -> None:
        self.progress.setValue(round(percent))

    def _failed(self, error: Exception) -> None:
        self._ended(str(error), bad=True)

    def _stopped(self) -> None:
        self._ended(tr("Cancelled. Nothing was written."))

    def _done(self, outcome: export.Outcome) -> None:
        plan = self._plan
        if plan is not None and plan.suffix == ".gpkg" and ".qml" in plan.styles:
            export.store_style(outcome.files[0], plan.styles[".qml"])
        self._ended(_sentences(outcome))
        if self.load.isChecked():
            self._add(outcome.files[0])

    def _add(self, path: str) -> None:
        try:
            layer = open_points(path)
            if layer.fields().lookupField("trend_code") >= 0:
                style_trends_layer(layer)
            QgsProject.instance().addMapLayer(layer)
        except StillpointError as error:
            self._say(str(error), bad=True)

    def _ended(self, text: str, *, bad: bool = False) -> None:
        self._work = None
        self._set_busy(False)
        self._say(text, bad=bad)

    def _say(self, text: str, *, bad: bool = False) -> None:
        if not text.startswith("<"):
            text = html.escape(text)
        is_dark = luminance(self.palette().color(QPalette.ColorRole.Window)) < 0.2
        colour = "#ff8f80" if is_dark else "#b03025"
        self.outcome.setText(f'<span style="color:{colour}">{text}</span>' if bad else text)
        self.outcome.setVisible(True)

    def _set_busy(self, busy: bool) -> None:
        for widget in (self.format, self.file, self.series, self.load):
            widget.setEnabled(not busy)
        self.selected.setEnabled(not busy and self._layer.selectedFeatureCount() > 0)
        self.progress.setValue(0)
        self.progress.setVisible(busy)
        self.close_button.setText(tr("Cancel") if busy else tr("Close"))
        self._update_button()

    def _layers_removed(self, ids: Sequence[str]) -> None:
        """Close with the layer: there is nothing left to export."""
        if self._layer_id in ids:
            self.close()

    def _help(self) -> None:
        from stillpoint.ui.help_dialog import show_help

        show_help("results", self)

    def _close_or_cancel(self) -> None:
        if self._work is not None:
            self._work.cancel()
        else:
            self.reject()

    def reject(self) -> None:
        """Cancel what runs; a second time closes."""
        if self._work is not None:
            self._work.cancel()
        else:
            super().reject()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Cancel the export when the window is closed: nobody would read its report."""
        if self._listening:
            QgsProject.instance().layersWillBeRemoved.disconnect(self._layers_removed)
            self._listening = False
        if self._work is not None:
            self._work.drop()
            self._work = None
        super().closeEvent(event)


def _words() -> QLabel:
    """Return a label for sentences."""
    label = QLabel()
    label.setWordWrap(True)
    label.setVisible(False)
    return label


def _sentences(outcome: export.Outcome) -> str:
    """Return the report of an export as rich text."""
    names = ", ".join(html.escape(Path(name).name) for name in outcome.files)
    folder = html.escape(str(Path(outcome.files[0]).parent))
    text = f"<b>{outcome.count:,} points exported</b> to {folder}:<br>{names}"
    if outcome.notes:
        text += "<ul>" + "".join(f"<li>{html.escape(note)}</li>" for note in outcome.notes) + "</ul>"
    return text
