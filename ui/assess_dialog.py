"""The dialog that compares PS masks in the background, and shows what was found as tables."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any, Dict, Optional

from qgis.core import QgsMapLayer, QgsProcessingUtils
from qgis.gui import QgsCollapsibleGroupBox, QgsFileWidget
from qgis.PyQt.QtCore import Qt, QUrl
from qgis.PyQt.QtGui import QDesktopServices
from qgis.PyQt.QtWidgets import (
    QCheckBox,
    QDialogButtonBox,
    QFormLayout,
    QLabel,
    QSplitter,
    QWidget,
)

from stillpoint.models.errors import StillpointError
from stillpoint.models.jobs import AssessScatterers, Result
from stillpoint.plugin import assessments, settings, tasks
from stillpoint.plugin.language import tr
from stillpoint.ui.assess_inputs import LayerPicker, MaskList, ZoneField
from stillpoint.ui.assess_table import ResultTables
from stillpoint.ui.job_dialog import JobDialog
from stillpoint.ui.widgets import message
from stillpoint.ui.widgets.fields import Fields
from stillpoint.ui.widgets.raster_picker import RasterPicker

GEOMETRY = ("incidence", "heading", "looking")


class AssessDialog(JobDialog):
    """Masks in, tables, a report and a density map out.

    Closing it while a job runs leaves that to QGIS's task manager; its result still arrives.

    Parameters
    ----------
    iface
        QGIS's interface.
    parent
        Parent window.
    """

    HELP = "assess"
    TASK = "assess-scatterers"

    def __init__(self, iface: Any, parent: Optional[QWidget] = None) -> None:
        super().__init__(iface, parent, name="StillpointAssess", title=tr("Assess Scatterers"))
        self.masks = MaskList()
        self.zones = LayerPicker(
            "zones", tr("Polygon layer or classified raster: city, forest, fields, river …"), tr("Zones")
        )
        self.zone_field = ZoneField()
        self.reference = LayerPicker(
            "reference", tr("Mask that the others are compared with: precision, recall, F1, Jaccard"), tr("Reference"), points=True
        )
        self.dem = RasterPicker("dem", tr("Elevation model in metres, for the R-index"), tr("DEM"), empty=tr("None"))
        self.geometry_fields = Fields(AssessScatterers, GEOMETRY)
        self.more_fields = Fields(AssessScatterers, ("cell",))
        self.density = QCheckBox(tr("Add the density &map as a layer"))
        self.density.setToolTip(tr("PS per km², written beside the table; tick to see it on the map."))
        self.output = QgsFileWidget()
        self.result = ResultTables()
        self.report = ""
        self._job: Optional[AssessScatterers] = None
        self._build()
        self.zones.changed.connect(self._zones_changed)
        self._zones_changed()
        self._restore()
        self._show_running(False)

    # Layout

    def _build(self) -> None:
        self.output.setStorageMode(QgsFileWidget.StorageMode.SaveFile)
        self.output.setFilter("CSV (*.csv)")
        self.output.setObjectName("output")
        self.output.lineEdit().setPlaceholderText(tr("Temporary file; choose one to keep the result"))
        self.output.setToolTip(tr("The report (.html) and the density map (.tif) are written beside the table"))
        form = QFormLayout()
        form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.DontWrapRows)
        masks = QLabel(tr("&PS masks"))
        masks.setBuddy(self.masks)
        form.addRow(masks, self.masks)
        form.addRow(tr("&Zones"), self.zones)
        form.addRow(tr("Zone &names"), self.zone_field)
        form.addRow(tr("&Reference"), self.reference)
        form.addRow(tr("&DEM"), self.dem)
        self.geometry_fields.add_to(form)
        form.addRow(tr("&Table"), self.output)
        form.addRow("", self.density)
        for name in ("incidence", "heading"):
            self.geometry_fields.widgets[name].setPlaceholderText(tr("as the masks tell; needed with a DEM only"))
        more = QgsCollapsibleGroupBox(tr("Advanced"))
        more.setCollapsed(True)
        self.more_fields.add_to(QFormLayout(more))
        area = self._scrolled(form, more)
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.addWidget(area)
        self.splitter.addWidget(self.result)
        self.splitter.setStretchFactor(1, 1)
        self.splitter.setSizes([430, 590])

        self.report_button = self.buttons.addButton(tr("Open rep&ort"), QDialogButtonBox.ButtonRole.ActionRole)
        self.report_button.clicked.connect(self.open_report)
        self._frame(self.splitter, tr("&Assess"), self.assess, focus=self.masks, size=(1060, 620))

    def set_layer(self, layer: Optional[QgsMapLayer]) -> None:
        """Tick a layer of the project, as the toolbar does with the active one where it is a mask."""
        from stillpoint.ui.assess_inputs import is_mask

        if self.work is None and layer is not None and is_mask(layer):
            self.masks.tick(layer)

    def _zones_changed(self) -> None:
        layer = self.zones.any_layer()
        self.zone_field.follow(layer, layer is None and bool(self.zones.path()))

    # The job

    def job(self) -> AssessScatterers:
        """Return the job that the dialog shows.

        Raises
        ------
        StillpointError
            Something is missing or does not fit.
        """
        masks = self.masks.paths()
        if not masks:
            raise StillpointError(tr("Tick the PS masks to compare: layers of the project, or files."))
        geometry = self.geometry_fields.values()
        for name in ("incidence", "heading"):
            text = self.geometry_fields.widgets[name].text().strip()
            if text and geometry[name] is None:
                raise StillpointError(tr("{text} is no number of degrees.").format(text=text))
        table = self._output_path()
        density = str(table.with_name(f"{table.stem}_density.tif")) if self.density.isChecked() else None
        return AssessScatterers(
            masks=tuple(masks), output=str(table), report=str(table.with_suffix(".html")), density=density,
            zones=self.zones.path() or None, zone_field=self.zone_field.value(), reference=self.reference.path() or None,
            dem=self.dem.path() or None, **geometry, **self.more_fields.values(),
        )  # fmt: skip

    def _output_path(self) -> Path:
        """Return the table to write: the chosen one with its ending, else a temporary one."""
        text = self.output.filePath().strip()
        if not text:
            self._folder = tempfile.mkdtemp(prefix="stillpoint-", dir=QgsProcessingUtils.tempFolder())
            return Path(self._folder) / "assessment.csv"
        path = Path(text)
        if path.suffix.lower() != ".csv":
            path = path.with_name(path.name + ".csv")
        if not path.parent.is_dir():
            raise StillpointError(tr("There is no folder {folder}. Choose another one.").format(folder=path.parent))
        return path

    def assess(self) -> None:
        """Start the job in the background."""
        if self.work is not None:
            return
        self.message.clear()
        self._folder = ""
        try:
            job = self.job()
        except StillpointError as error:
            self._drop_folder()
            self._say_error(error)
            return
        self._remember()
        self._job = job
        title = tr("Stillpoint: assessing {n} masks").format(n=len(job.masks))
        work = tasks.job_work(job, title=title)
        self._start(work)

    def open_report(self) -> None:
        """Show the report in the web browser."""
        if not Path(self.report).exists():
            self._say_error(StillpointError(tr("The report {path} is no longer there.").format(path=self.report)))
        elif not QDesktopServices.openUrl(QUrl.fromLocalFile(self.report)):
            text = tr("No web browser could be opened; the report is {path}").format(path=self.report)
            self.message.say(message.INFORMATION, text)

    def _done(self, result: Result) -> None:
        self.report = result.outputs.get("report", "")
        self.report_button.setEnabled(bool(self.report))
        self.result.set_tables(result.details.get("tables", []))
        assessments.add_results(result, job=self._job, iface=self.iface)
        count = len(result.details.get("masks", []))
        text = tr("{n} masks assessed: {path}").format(n=count, path=result.outputs.get("output", ""))
        level = message.WARNING if result.warnings else message.SUCCESS
        self._say_done("\n".join([text, *result.warnings]), level, shown_elsewhere=text)

    def _show_running(self, running: bool) -> None:
        super()._show_running(running)
        self.report_button.setEnabled(not running and bool(self.report))

    # Settings, help, set-up

    def _remember(self) -> None:
        values: Dict[str, Any] = {**self.geometry_fields.values(), **self.more_fields.values(), "density": self.density.isChecked()}
        settings.put_values("assess", values)
        if self.output.filePath():
            settings.put("output_folder", str(Path(self.output.filePath()).parent))

    def _restore(self) -> None:
        values = settings.get_values("assess")
        self.geometry_fields.set_values(values)
        self.more_fields.set_values(values)
        self.density.setChecked(bool(values.get("density", True)))
        self.output.setDefaultRoot(settings.get("output_folder"))
