"""The dialog that selects persistent scatterers in a stack, in the background, with a preview of what the map shows."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any, Dict, Optional, Tuple

from qgis.core import QgsProcessingUtils, QgsRasterLayer
from qgis.gui import QgsCollapsibleGroupBox
from qgis.PyQt.QtCore import pyqtSignal
from qgis.PyQt.QtWidgets import (
    QDialogButtonBox,
    QDoubleSpinBox,
    QFormLayout,
    QWidget,
)

from stillpoint.models.errors import StillpointError
from stillpoint.models.jobs import Result, SelectScatterers
from stillpoint.plugin import settings, stacks, tasks
from stillpoint.plugin.language import tr
from stillpoint.plugin.provider import POINT_EXTENSIONS
from stillpoint.ui.job_dialog import JobDialog
from stillpoint.ui.scatterers_extent import ExtentPicker, visible_part
from stillpoint.ui.scatterers_words import EXPLANATIONS, check_amplitude, in_words, outcome
from stillpoint.ui.widgets import message
from stillpoint.ui.widgets.device_picker import DevicePicker
from stillpoint.ui.widgets.fields import Fields
from stillpoint.ui.widgets.output_files import Output, OutputFiles
from stillpoint.ui.widgets.raster_picker import RasterPicker
from stillpoint.ui.widgets.wrapped import WrappedLabel

ADVANCED = ("keep", "random_density", "cog", "model", "scheduler")

OUTPUTS = (
    Output("output", "PS mask", ("tif",), always=True, tip="The mask is always written: 1 PS, 0 not, 255 no data"),
    Output("probability", "PS probability", ("tif",), tip="Probability of every pixel; its threshold can be moved afterwards"),
    Output("points", "PS points", POINT_EXTENSIONS, tip="The selected pixels as points, with their figures"),
    Output("noise", "Phase noise", ("tif",), on=False, tip="Estimated phase noise of every pixel in radians"),
)


class SelectDialog(JobDialog):
    """A stack in; mask, probability and points out.

    Closing it while a selection runs leaves that to QGIS's task manager; its layers still arrive. ``selected`` comes
    with the layers once they are in the project.

    Parameters
    ----------
    iface
        QGIS's interface.
    parent
        Parent window.
    """

    HELP = "scatterers"
    TASK = "select-scatterers"

    selected = pyqtSignal(object)

    def __init__(self, iface: Any, parent: Optional[QWidget] = None) -> None:
        super().__init__(iface, parent, name="StillpointSelect", title=tr("Select Scatterers"))
        canvas = iface.mapCanvas() if iface is not None else None
        self.stack = RasterPicker("stack", tr("Stack of interferograms or complex images, one band a date or pair"), tr("Stack"))
        self.amplitude = RasterPicker(
            "amplitude",
            tr("Stack of amplitudes, where the stack holds only phase and names none beside it"),
            tr("Amplitude stack"),
            empty=tr("The one beside the stack"),
        )
        self.method = Fields(SelectScatterers, ("method",))
        self.threshold = QDoubleSpinBox()
        self.extent = ExtentPicker(canvas)
        self.outputs = OutputFiles(OUTPUTS)
        self.advanced = Fields(SelectScatterers, ADVANCED)
        self.device = DevicePicker()
        self.summary, self.explanation = WrappedLabel(), WrappedLabel(lines=2)
        self._job: Optional[SelectScatterers] = None
        self._preview = False
        self._cut = False
        self._build()
        self._restore()
        self._connect()
        self._show_running(False)
        self._method_changed()
        self._stack_changed()

    # Layout

    def _build(self) -> None:
        self.threshold.setObjectName("threshold")
        self.threshold.setRange(-0.01, 1.0)
        self.threshold.setSingleStep(0.01)
        self.threshold.setSpecialValueText(tr("The method's own"))
        self.threshold.setValue(self.threshold.minimum())
        self.threshold.setToolTip(tr("Pixels of at least this probability are PS. It can be changed afterwards with a slider."))
        form = QFormLayout()
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        form.addRow(tr("S&tack"), self.stack)
        form.addRow("", self.summary)
        form.addRow(tr("Met&hod"), self.method.widgets["method"])
        form.addRow("", self.explanation)
        form.addRow(tr("Thresh&old"), self.threshold)
        form.addRow(tr("&Extent"), self.extent)
        form.addRow(tr("&Device"), self.device)
        self.more = QgsCollapsibleGroupBox(tr("Advanced"))
        self.more.setCollapsed(True)
        advanced = QFormLayout(self.more)
        advanced.addRow(tr("Amplitude stack"), self.amplitude)
        self.advanced.add_to(advanced)

        area = self._scrolled(form, self.outputs, self.more)

        self.preview_button = self.buttons.addButton(tr("&Preview"), QDialogButtonBox.ButtonRole.ActionRole)
        self.preview_button.setToolTip(tr("Do the same for what the map shows, and show the result as a temporary layer"))

        self._frame(area, tr("&Select"), self.select, focus=self.stack, size=(680, 640))

    def _connect(self) -> None:
        self.stack.changed.connect(self._stack_changed)
        self.method.widgets["method"].currentIndexChanged.connect(self._method_changed)
        self.extent.toggleDialogVisibility.connect(self.setVisible)
        self.preview_button.clicked.connect(self.preview)

    def set_layer(self, layer: Any) -> None:
        """Choose a layer of the project where it may be a stack; not while a job runs."""
        if self.work is None and isinstance(layer, QgsRasterLayer) and layer.bandCount() > 1:
            self.stack.set_layer(layer)

    def showEvent(self, event: Any) -> None:
        """Look for devices when the dialog is first seen."""
        super().showEvent(event)
        self.device.refresh()
        self.device.set_device(str(settings.get_values("select").get("device", "auto")))
        self.extent.refresh()

    def _method_changed(self, *_: Any) -> None:
        self.explanation.setText(tr(EXPLANATIONS[self.method.values()["method"]]))
        self._show_summary()

    def _stack_changed(self) -> None:
        self.message.clear()
        layer = None
        try:
            path = self.stack.path()
            layer = self._layer(path) if path else None
        except StillpointError:  # the summary says so
            layer = None
        self.extent.show_layer(layer)
        self._show_summary()

    def _show_summary(self) -> None:
        """Tell what the stack holds, or why nothing can be selected in it."""
        text = ""
        try:
            path = self.stack.path()
            if path:
                facts = stacks.facts_of(path)
                stacks.check_selectable(facts, self.method.values()["method"], name=self.stack.name())
                text = in_words(facts)
        except StillpointError as error:
            text = str(error)
        self.summary.setText(text)
        self.summary.setVisible(bool(text))

    def _layer(self, path: str) -> QgsRasterLayer:
        """Return the stack as a layer, for extent and coordinates; one that is not in the project where a file was chosen."""
        layer = self.stack.layer()
        if layer is None:
            layer = QgsRasterLayer(path, Path(path).stem, "gdal")
        if not layer.isValid():
            raise StillpointError(tr("The raster {path} cannot be opened.").format(path=path))
        return layer

    # The job

    def _chosen(self) -> Tuple[str, stacks.StackFacts]:
        """Return the stack; raise StillpointError where there is none that fits."""
        path = self.stack.path()
        if not path:
            raise StillpointError(tr("Choose the stack to select in: a raster layer of the project or a file."))
        facts = stacks.facts_of(path)
        stacks.check_selectable(facts, self.method.values()["method"], name=self.stack.name())
        amplitude = self.amplitude.path()
        if amplitude:
            check_amplitude(stacks.facts_of(amplitude), facts, self.amplitude.name(), self.stack.name())
        return path, facts

    def job(self) -> SelectScatterers:
        """Return the job that the dialog shows; raises StillpointError where something is missing or does not fit."""
        path, facts = self._chosen()
        extent = self.extent.rectangle()
        # The method leads, so that the masks of several can be told apart, also where a name is cut short.
        stem = f"{self.method.values()['method']} {Path(path).stem}"
        outputs = self.outputs.paths(stem, [path, *filter(None, [self.amplitude.path()])])
        self._folder = self.outputs.folder
        own = self.threshold.value() < 0
        return SelectScatterers(
            stack=path, output=str(outputs["output"]), probability=outputs["probability"], points=outputs["points"],
            noise=outputs["noise"], threshold=None if own else self.threshold.value(), amplitude=self.amplitude.path() or None,
            extent=stacks.extent_text(extent, facts) if extent is not None else None, device=self.device.device(),
            **self.method.values(), **self.advanced.values(),
        )  # fmt: skip

    def preview_job(self) -> Tuple[SelectScatterers, bool]:
        """Return the job for what the map shows, and whether that was cut to be quick; raises StillpointError."""
        path, facts = self._chosen()
        part, cut = visible_part(self._layer(path), self.iface.mapCanvas())
        self._folder = tempfile.mkdtemp(prefix="stillpoint-preview-", dir=QgsProcessingUtils.tempFolder())
        folder = Path(self._folder)
        own = self.threshold.value() < 0
        job = SelectScatterers(
            stack=path, output=str(folder / "mask.tif"), probability=str(folder / "probability.tif"),
            threshold=None if own else self.threshold.value(), amplitude=self.amplitude.path() or None,
            extent=stacks.extent_text(part, facts), device=self.device.device(), **self.method.values(), **self.advanced.values(),
        )  # fmt: skip
        return job, cut

    def select(self) -> None:
        """Start the selection in the background."""
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
        self._remember(job)
        self._select(job, tr("Stillpoint: selecting scatterers in {name}").format(name=Path(job.stack).stem), preview=False)

    def preview(self) -> None:
        """Start the same on what the map shows."""
        if self.work is not None:
            return
        self.message.clear()
        self._folder = ""
        try:
            job, cut = self.preview_job()
        except StillpointError as error:
            self._drop_folder()
            self._say_error(error)
            return
        self._cut = cut
        self._select(job, tr("Stillpoint: preview of {name}").format(name=Path(job.stack).stem), preview=True)

    def _select(self, job: SelectScatterers, title: str, *, preview: bool) -> None:
        work = tasks.job_work(job, title=title)
        self._job, self._preview = job, preview
        self._start(work)

    def _done(self, result: Result) -> None:
        if self._job is None:
            return
        from stillpoint.plugin.scatterers import add_scatterer_layers

        layers = add_scatterer_layers(result, self._job, iface=self.iface, preview=self._preview)
        text = outcome(result, preview=self._preview, cut=self._cut)
        level = message.WARNING if result.warnings else message.INFORMATION if self._preview else message.SUCCESS
        self._say_done(text, level)
        self.selected.emit(layers)

    def _say_error(self, error: Exception) -> None:
        super()._say_error(error)
        self.summary.setVisible(bool(self.summary.text()) and self.summary.text() != str(error))  # it is said once

    def _show_running(self, running: bool) -> None:
        super()._show_running(running)
        self.preview_button.setEnabled(not running)

    # Settings, help, set-up

    def _remember(self, job: SelectScatterers) -> None:
        values: Dict[str, Any] = {
            **self.method.values(), **self.advanced.values(), **self.outputs.values(), "device": job.device,
        }  # fmt: skip
        settings.put_values("select", values)

    def _restore(self) -> None:
        values = settings.get_values("select")
        self.method.set_values(values)
        self.advanced.set_values(values)
        self.outputs.set_values(values)

