"""All options of a step: the capability's own dialog, filled in, whose button takes the options over instead of running."""

from __future__ import annotations

from dataclasses import fields as fields_of
from typing import Any, Callable, Dict, Optional

from qgis.PyQt.QtCore import QObject, Qt
from qgis.PyQt.QtWidgets import QDialog, QDoubleSpinBox, QFormLayout, QWidget

from stillpoint.models.errors import StillpointError
from stillpoint.models.jobs import Job, from_dict
from stillpoint.models.recipe import INTERFEROGRAMS, OFFSETS, SCATTERERS, SERIES, STACK, TRENDS, job_kind, option_names
from stillpoint.plugin.analysis import Analysis
from stillpoint.plugin.language import tr
from stillpoint.ui.job_dialog import JobDialog
from stillpoint.ui.scatterers_extent import ExtentPicker
from stillpoint.ui.widgets.device_picker import DevicePicker
from stillpoint.ui.widgets.fields import Fields
from stillpoint.ui.widgets.output_files import OutputFiles
from stillpoint.ui.widgets.reading import Reading

OUTPUTS = ("output", "arrows", "more_outputs", "points_output")
"""Widgets of the dialogs that say where results go: the folder of the analysis does here."""


def dialog_of(name: str, iface: Any, parent: Optional[QWidget]) -> JobDialog:
    """Return a new dialog of a step's capability."""
    if name == STACK:
        from stillpoint.ui.open_stack_dialog import OpenStackDialog

        return OpenStackDialog(iface, parent)
    if name == INTERFEROGRAMS:
        from stillpoint.ui.select_interferograms_dialog import SelectInterferogramsDialog

        return SelectInterferogramsDialog(iface, parent)
    if name == SCATTERERS:
        from stillpoint.ui.select_dialog import SelectDialog

        return SelectDialog(iface, parent)
    if name == SERIES:
        from stillpoint.ui.estimate_series_dialog import EstimateSeriesDialog

        return EstimateSeriesDialog(iface, parent)
    if name == OFFSETS:
        from stillpoint.ui.track_offsets_dialog import TrackOffsetsDialog

        return TrackOffsetsDialog(iface, parent)
    from stillpoint.ui.classify_dialog import ClassifyDialog

    return ClassifyDialog(iface, parent)


class OptionsDialog(QObject):
    """Shows the dialog of a step's capability, filled in with the options of the step.

    Parameters
    ----------
    name
        The step.
    analysis
        Gets the options when the user takes them over.
    iface, parent
        Of the dialog.
    """

    def __init__(self, name: str, analysis: Analysis, iface: Any, parent: Optional[QWidget] = None) -> None:
        super().__init__()
        self._name, self._analysis = name, analysis
        self.dialog = dialog_of(name, iface, parent)
        self.dialog.setObjectName(f"StillpointOptions_{name}")
        self.dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.dialog.setWindowTitle(tr("All options: {title}").format(title=self.dialog.windowTitle()))
        if name != STACK:
            self.dialog.setWindowModality(Qt.WindowModality.WindowModal)
        _take_button(self.dialog, self.take)
        _hide_outputs(self.dialog)
        job = _job_of(analysis, name)
        if job is not None:
            _fill(self.dialog, job)

    def show(self) -> QDialog:
        """Show the dialog and return it."""
        self.dialog.show()
        self.dialog.raise_()
        return self.dialog

    def take(self) -> None:
        """Take the options over and close the dialog."""
        try:
            options = taken(self.dialog, self._name)
        except StillpointError as error:
            self.dialog._say_error(error)
            return
        if self._name == STACK:
            self._analysis.change(STACK, mode="run", options=options)
        else:
            self._analysis.change(self._name, options=options)
        self.dialog.close()


def _take_button(dialog: JobDialog, slot: Callable[[], None]) -> None:
    dialog.buttons.accepted.disconnect()
    dialog.buttons.accepted.connect(slot)
    dialog.run_button.setText(tr("&Use these options"))


def _hide_outputs(dialog: JobDialog) -> None:
    """Hide where results go, with the labels."""
    widgets = [widget for widget in vars(dialog).values() if isinstance(widget, OutputFiles)]
    widgets += [widget for name in OUTPUTS if isinstance(widget := getattr(dialog, name, None), QWidget)]
    forms = dialog.findChildren(QFormLayout)
    for widget in widgets:
        widget.hide()
        for form in forms:
            for row in range(form.rowCount()):
                item = form.itemAt(row, QFormLayout.ItemRole.FieldRole)
                inside = item is not None and (item.widget() is widget or (item.layout() is not None and
                                                                           item.layout().indexOf(widget) >= 0))  # fmt: skip
                label = form.itemAt(row, QFormLayout.ItemRole.LabelRole)
                if inside and label is not None and label.widget() is not None:
                    label.widget().hide()


def _job_of(analysis: Analysis, name: str) -> Optional[Job]:
    """Return the step's job; one without inputs where they were not chosen yet."""
    try:
        return analysis.job(name)
    except StillpointError:
        step = analysis.recipe.steps[name]
    if name == STACK:
        return None
    kind = job_kind(name)
    blank = {item.name: "-" for item in fields_of(kind) if item.name in ("stack", "points", "reference", "output", "table")}
    if name == SERIES:
        blank.pop("points", None)
        blank.pop("reference", None)
    try:
        return from_dict({"task": kind.task, "parameters": {**blank, **step.options}})
    except StillpointError:
        return None


def _fill(dialog: JobDialog, job: Job) -> None:
    """Fill the dialog in; inputs that are still to be computed are nothing to warn of."""
    dialog.fill(job)
    dialog.setup_button.hide()
    dialog.message.clear()


def taken(dialog: JobDialog, name: str) -> Dict[str, Any]:
    """Return the options that a dialog shows: those that differ from the defaults of the job.

    Raises
    ------
    StillpointError
        A value does not fit, or a file that was chosen is not usable.
    """
    found: Dict[str, Any] = {}
    for widget in list(vars(dialog).values()):
        if isinstance(widget, Fields):
            found.update(widget.values())
        elif isinstance(widget, DevicePicker):
            found["device"] = widget.device()
        elif isinstance(widget, Reading) and name == TRENDS:
            found.update({key: value for key, value in widget.overrides().items() if key in ("unit", "crs", "wavelength")})
        elif isinstance(widget, ExtentPicker):
            found["extent"] = _extent(widget, dialog)
    threshold = getattr(dialog, "threshold", None)
    if isinstance(threshold, QDoubleSpinBox):
        found["threshold"] = None if threshold.value() < 0 else threshold.value()
    described = {item.name: item for item in job_kind(name).parameters()}
    for key in option_names(name):
        picker: Any = getattr(dialog, key, None)
        if described[key].metadata["kind"] in ("raster", "file") and hasattr(picker, "path"):
            found[key] = picker.path() or None
    if name == STACK:
        found["sources"] = list(dialog.sources.paths())
        if not found["sources"]:
            raise StillpointError(tr("Choose the folder of a product, or its files."))
    return {key: value for key, value in found.items() if key in option_names(name) and value != described[key].default}


def _extent(widget: ExtentPicker, dialog: Any) -> Optional[str]:
    """Return the extent as a job takes it, None for everything."""
    from stillpoint.plugin import stacks

    extent = widget.rectangle()
    if extent is None:
        return None
    pickers = [getattr(dialog, name) for name in ("stack", "reference") if hasattr(getattr(dialog, name, None), "path")]
    path = pickers[0].path() if pickers else ""
    if not path:
        return f"{extent.xMinimum():.10g},{extent.yMinimum():.10g},{extent.xMaximum():.10g},{extent.yMaximum():.10g}"
    return stacks.extent_text(extent, stacks.facts_of(path))
