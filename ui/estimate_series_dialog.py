"""The dialog that estimates displacement series at the scatterers of a stack, in the background."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any, Dict, Optional

from qgis.core import QgsProcessingUtils, QgsRasterLayer, QgsVectorLayer
from qgis.gui import QgsCollapsibleGroupBox, QgsFileWidget
from qgis.PyQt.QtCore import pyqtSignal
from qgis.PyQt.QtWidgets import QComboBox, QFormLayout, QHBoxLayout, QLineEdit, QPushButton, QStackedWidget, QWidget

from stillpoint.models.errors import StillpointError
from stillpoint.models.jobs import EstimateSeries, Job, Result
from stillpoint.plugin import settings, sources, stacks, tasks
from stillpoint.plugin.language import tr
from stillpoint.plugin.provider import POINT_EXTENSIONS
from stillpoint.ui.job_dialog import JobDialog
from stillpoint.ui.scatterers_extent import ExtentPicker
from stillpoint.ui.series_words import check_mask, check_stack, output_path, reword, velocities_in_words
from stillpoint.ui.series_words import in_words as stack_in_words
from stillpoint.ui.widgets import message
from stillpoint.ui.widgets.device_picker import DevicePicker
from stillpoint.ui.widgets.fields import Fields
from stillpoint.ui.widgets.raster_picker import RasterPicker
from stillpoint.ui.widgets.source_picker import SourcePicker
from stillpoint.ui.widgets.wrapped import WrappedLabel

MAIN = ("reference", "reference_radius", "unwrapping", "height_error", "atmosphere", "plane", "min_coherence")
ADVANCED = (
    "atmosphere_days", "atmosphere_distance", "correct_loops", "max_velocity", "max_height", "sign", "wavelength", "incidence",
    "distance",
)  # fmt: skip
MASK, POINTS = 0, 1


class EstimateSeriesDialog(JobDialog):
    """A stack and its scatterers in; points with displacement series and velocities out.

    Closing it while a job runs leaves that to QGIS's task manager; its layer still arrives. ``estimated`` comes with the layers
    once they are in the project, ``viewer_wanted`` when the user asks for the series viewer.

    Parameters
    ----------
    iface
        QGIS's interface.
    parent
        Parent window.
    """

    HELP = "series"

    estimated = pyqtSignal(object)
    viewer_wanted = pyqtSignal()

    def __init__(self, iface: Any, parent: Optional[QWidget] = None) -> None:
        super().__init__(iface, parent, name="StillpointEstimateSeries", title=tr("Estimate Displacement Series"))
        self.stack = RasterPicker("stack", tr("Stack of interferograms or complex images, one band a pair or date"), tr("Stack"))
        self.kind = QComboBox()
        self.mask = RasterPicker(
            "mask", tr("Raster on the grid of the stack: 1 PS, 0 not, as Select Scatterers makes it"), tr("PS mask"),
            empty=tr("Choose a PS mask"),
        )  # fmt: skip
        self.source = SourcePicker()
        self.coherence = RasterPicker(
            "coherence", tr("Coherence of the same pairs, by which they are weighted"), tr("Coherence stack"),
            empty=tr("The one beside the stack"),
        )  # fmt: skip
        self.fields = Fields(EstimateSeries, MAIN)
        self.advanced = Fields(EstimateSeries, ADVANCED)
        self.extent = ExtentPicker(iface.mapCanvas() if iface is not None else None)
        self.device = DevicePicker()
        self.output = QgsFileWidget()
        self.summary = WrappedLabel()
        self._job: Optional[EstimateSeries] = None
        self._build()
        self._restore()
        self._connect()
        self._show_running(False)
        self._look()

    # Layout

    def _build(self) -> None:
        reword(self.fields, self.advanced)
        self.source.clear()
        self.kind.setObjectName("kind")
        self.kind.addItem(tr("PS mask"))
        self.kind.addItem(tr("PS points"))
        self.kind.setToolTip(tr("Where the scatterers to measure come from"))
        self.pages = QStackedWidget()
        self.pages.addWidget(self.mask)
        self.pages.addWidget(self.source)
        reference = self.fields.widgets["reference"]
        reference.setPlaceholderText(tr("x,y; empty takes the most coherent, most central group"))
        self.output.setStorageMode(QgsFileWidget.StorageMode.SaveFile)
        self.output.setFilter(";;".join(f"{name} (*.{name})" for name in POINT_EXTENSIONS))
        self.output.setObjectName("output")
        self.output.lineEdit().setPlaceholderText(tr("Temporary file; choose one to keep the result"))
        scatterers = QHBoxLayout()
        scatterers.addWidget(self.kind)
        scatterers.addWidget(self.pages, 1)
        form = QFormLayout()
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        form.addRow(tr("S&tack"), self.stack)
        form.addRow("", self.summary)
        form.addRow(tr("Scatterers from"), scatterers)
        self.fields.add_to(form)
        form.addRow(tr("&Device"), self.device)
        form.addRow(tr("Series la&yer"), self.output)
        self.more = QgsCollapsibleGroupBox(tr("Advanced"))
        self.more.setCollapsed(True)
        advanced = QFormLayout(self.more)
        advanced.addRow(tr("Coherence stack"), self.coherence)
        advanced.addRow(tr("Extent"), self.extent)
        self.advanced.add_to(advanced)
        area = self._scrolled(form, self.more)
        self.viewer_button = QPushButton(tr("Show &series…"))
        self.viewer_button.setToolTip(tr("Open the series viewer: the next click on the map shows the series of a point"))
        self.viewer_button.clicked.connect(self.viewer_wanted)
        self.message.add_widget(self.viewer_button)
        self.viewer_button.hide()
        self._frame(area, tr("&Estimate"), self.estimate, focus=self.stack, size=(700, 640))

    def _connect(self) -> None:
        self.stack.changed.connect(self._stack_changed)
        self.mask.changed.connect(self._look)
        self.kind.currentIndexChanged.connect(self._kind_changed)
        self.extent.toggleDialogVisibility.connect(self.setVisible)
        self._kind_changed()

    def _kind_changed(self, *_: Any) -> None:
        self.pages.setCurrentIndex(self.kind.currentIndex())
        # A page that is hidden must not make room for itself.
        self.pages.setMaximumHeight(self.pages.currentWidget().sizeHint().height())
        self._look()

    def set_layer(self, layer: Any) -> None:
        """Choose a layer of the project where it may be a stack, a mask or points; not while a job runs."""
        if self.work is not None:
            return
        if isinstance(layer, QgsVectorLayer):
            self.source.set_layer(layer)
            if self.source.layer() is not None:
                self.kind.setCurrentIndex(POINTS)
        elif isinstance(layer, QgsRasterLayer) and layer.bandCount() > 1:
            self.stack.set_layer(layer)
        elif isinstance(layer, QgsRasterLayer):
            self.mask.set_layer(layer)
            self.kind.setCurrentIndex(MASK)

    def fill(self, job: Job) -> None:
        """Show the parameters of a job that ran before."""
        super().fill(job)
        if self.work is None and isinstance(job, EstimateSeries):
            self.kind.setCurrentIndex(POINTS if job.points and not job.mask else MASK)

    def showEvent(self, event: Any) -> None:
        """Look for devices when the dialog is first seen."""
        super().showEvent(event)
        self.device.refresh()
        self.device.set_device(str(settings.get_values("estimate_series").get("device", "auto")))
        self.extent.refresh()
        self._deselect()

    def _deselect(self) -> None:
        """Show the words for the whole stack as they are: QGIS marks them as if they were to be typed over."""
        for line in self.extent.findChildren(QLineEdit):
            line.deselect()

    # What is chosen

    def _stack_changed(self) -> None:
        self.message.clear()
        layer = None
        try:
            path = self.stack.path()
            if path:
                layer = self.stack.layer() or QgsRasterLayer(path, Path(path).stem, "gdal")
        except StillpointError:  # the summary says so
            layer = None
        self.extent.show_layer(layer)
        self._deselect()
        self._look()

    def _look(self, *_: Any) -> None:
        """Tell what the stack holds, or what keeps it and the mask from being used."""
        text = ""
        try:
            path = self.stack.path()
            if path:
                facts = stacks.facts_of(path)
                check_stack(facts, self.stack.name())
                text = stack_in_words(facts)
                mask = self.mask.path() if self.kind.currentIndex() == MASK else ""
                if mask:
                    check_mask(stacks.facts_of(mask), facts, self.mask.name(), self.stack.name())
        except StillpointError as error:
            text = str(error)
        self.summary.setText(text)
        self.summary.setVisible(bool(text))

    # The job

    def _points(self) -> Optional[sources.PointSource]:
        """Return the chosen points; None where a mask is meant."""
        if self.kind.currentIndex() == MASK:
            return None
        source = self.source.source()
        if source is None:
            raise StillpointError(tr("Choose the points of the scatterers, or a PS mask. Select Scatterers makes both."))
        return source

    def job(self, points: Optional[sources.PointSource] = None) -> EstimateSeries:
        """Return the job that the dialog shows; raises StillpointError where something is missing or does not fit."""
        path = self.stack.path()
        if not path:
            raise StillpointError(tr("Choose the stack: a raster layer of the project or a file."))
        facts = stacks.facts_of(path)
        check_stack(facts, self.stack.name())
        mask = self.mask.path() if points is None else ""
        if points is None and not mask:
            raise StillpointError(tr("Choose a PS mask, or points. Select Scatterers makes both."))
        if mask:
            check_mask(stacks.facts_of(mask), facts, self.mask.name(), self.stack.name())
        extent = self.extent.rectangle()
        output = output_path(self.output.filePath(), [path, mask, points.path if points else ""])
        if not output:
            self._folder = tempfile.mkdtemp(prefix="stillpoint-", dir=QgsProcessingUtils.tempFolder())
            output = str(Path(self._folder) / f"{Path(path).stem} series.gpkg")
        return EstimateSeries(
            stack=path, mask=mask or None, points=_path_of(points) if points else None, output=output,
            coherence=self.coherence.path() or None, extent=stacks.extent_text(extent, facts) if extent is not None else None,
            device=self.device.device(), **{**self.fields.values(), **self.advanced.values()},
        )  # fmt: skip

    def estimate(self) -> None:
        """Start the job in the background."""
        if self.work is not None:
            return
        self.message.clear()
        self.viewer_button.hide()
        self._folder = ""
        try:
            points = self._points()
            job = self.job(points)
        except StillpointError as error:
            self._drop_folder()
            self._say_error(error)
            return
        self._remember(job)
        folder = Path(QgsProcessingUtils.tempFolder())

        def prepare(work: tasks.Work) -> EstimateSeries:
            if points is None or not points.must_be_written:
                return job
            work.report(0.0, tr("Writing {name} for the engine").format(name=points.name))
            return replace(job, points=_path_of(points.write(folder, cancelled=work.isCanceled)))

        title = tr("Stillpoint: estimating series in {name}").format(name=Path(job.stack).stem)
        self._job = job
        self._start(tasks.job_work(job, title=title, prepare=prepare))

    def _done(self, result: Result) -> None:
        if self._job is None:
            return
        from stillpoint.plugin.velocity_layers import add_series_layers

        layers = add_series_layers(result, self._job, iface=self.iface)
        text = velocities_in_words(result)
        level = message.WARNING if result.warnings else message.SUCCESS
        self._say_done("\n".join([text, *result.warnings]), level, shown_elsewhere=text)
        self.viewer_button.show()
        self.estimated.emit(layers)

    def _show_running(self, running: bool) -> None:
        super()._show_running(running)
        if running:
            self.viewer_button.hide()

    def _say_error(self, error: Exception) -> None:
        super()._say_error(error)
        self.viewer_button.hide()
        self.summary.setVisible(bool(self.summary.text()) and self.summary.text() != str(error))  # it is said once

    # Settings

    def _remember(self, job: EstimateSeries) -> None:
        values: Dict[str, Any] = {**self.fields.values(), **self.advanced.values(), "device": job.device}
        values.pop("reference")  # a place in one stack means nothing in the next
        settings.put_values("estimate_series", {**values, "kind": self.kind.currentIndex()})
        if self.output.filePath():
            settings.put("output_folder", str(Path(self.output.filePath()).parent))

    def _restore(self) -> None:
        values = settings.get_values("estimate_series")
        self.fields.set_values(values)
        self.advanced.set_values(values)
        self.kind.setCurrentIndex(POINTS if values.get("kind") == POINTS else MASK)
        self.output.setDefaultRoot(settings.get("output_folder"))


def _path_of(points: sources.PointSource) -> str:
    """Return the file of points with the name of its layer, as the job takes them."""
    path = points.path or points.name
    return f"{path}|layername={points.layer}" if points.layer else path
