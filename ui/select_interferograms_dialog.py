"""The dialog that judges the interferograms of a stack in the background; the triage board opens on what came out."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Dict, Optional, Tuple

from qgis.core import QgsRasterLayer
from qgis.gui import QgsCollapsibleGroupBox
from qgis.PyQt.QtCore import pyqtSignal
from qgis.PyQt.QtWidgets import (
    QDoubleSpinBox,
    QFormLayout,
    QPushButton,
    QWidget,
)

from stillpoint.models.errors import StillpointError
from stillpoint.models.jobs import Result, SelectInterferograms
from stillpoint.plugin import interferograms, settings, stacks, tasks
from stillpoint.plugin.language import tr
from stillpoint.plugin.triage_store import Sources
from stillpoint.ui.job_dialog import JobDialog
from stillpoint.ui.widgets import message
from stillpoint.ui.widgets.device_picker import DevicePicker
from stillpoint.ui.widgets.fields import Fields
from stillpoint.ui.widgets.output_files import Output, OutputFiles
from stillpoint.ui.widgets.raster_picker import RasterPicker
from stillpoint.ui.widgets.wrapped import WrappedLabel

ADVANCED = ("connect", "cog", "model", "scheduler")

OUTPUTS = (
    Output(
        "table", "Table", ("csv",), always=True, file_name="table",
        tip="Score, choice and reason of every pair; the triage board opens on it",
    ),
    Output(
        "output", "Kept stack", ("vrt", "tif"), file_name="kept stack",
        tip="The kept interferograms: .vrt refers to the stack, .tif copies it",
    ),
    Output(
        "velocity", "Velocity", ("tif",), on=False, file_name="velocity",
        tip="Velocity by all interferograms, by the kept ones, and their difference",
    ),
    Output(
        "weights", "Pixel weights", ("tif",), on=False, file_name="pixel weights",
        tip="How far each pixel of each interferogram can be trusted, 0 to 1",
    ),
    Output("lists", "Lists", on=False, tip="Folder for lists that MintPy, LiCSBAS and others read"),
)

EXPLANATIONS: Dict[str, str] = {
    "default": "Looks at the picture, the coherence and the closure of the loops of every pair together, and says what is wrong. "
    "Strong atmosphere alone is kept: it averages out.",
    "resnet50": "Sees each interferogram as a colour picture, high against low quality. To compare with the literature.",
    "loop_closure": "Pairs whose loops of three do not close are dropped. Sees unwrapping errors, not what closes although wrong.",
    "coherence": "Pairs of low mean coherence are dropped. Needs a coherence stack; does not see unwrapping errors.",
    "area_ratio": "The share of the area that is coherent decides. Needs a coherence stack.",
    "coverage": "The share of the area that has a phase decides.",
    "residues": "The number of places where the phase turns around a point decides: noisy pairs have many.",
    "baselines": "Long temporal and perpendicular baselines are dropped, whatever the pictures show.",
}
"""Each method in a line or two."""


class SelectInterferogramsDialog(JobDialog):
    """A stack in; a table, the kept stack, and the triage board out.

    Closing it while a selection runs leaves that to QGIS's task manager. ``selected`` comes with the
    :class:`~stillpoint.plugin.triage_store.Sources` of the board once the results are there.

    Parameters
    ----------
    iface
        QGIS's interface.
    parent
        Parent window.
    """

    HELP = "triage"
    TASK = "select-interferograms"

    selected = pyqtSignal(object)

    def __init__(self, iface: Any, parent: Optional[QWidget] = None) -> None:
        super().__init__(iface, parent, name="StillpointSelectInterferograms", title=tr("Select Interferograms"))
        self.stack = RasterPicker("stack", tr("Stack of interferograms, unwrapped or wrapped, one band a pair"), tr("Stack"))
        tip = tr("Stack of the coherence of the same pairs, where the stack names none beside it")
        self.coherence = RasterPicker("coherence", tip, tr("Coherence stack"), empty=tr("The one beside the stack"))
        self.method = Fields(SelectInterferograms, ("method",))
        self.threshold = QDoubleSpinBox()
        self.outputs = OutputFiles(OUTPUTS)
        hint = tr("Temporary file; choose one to keep it and what you decide")
        self.outputs.files["table"].lineEdit().setPlaceholderText(hint)
        self.advanced = Fields(SelectInterferograms, ADVANCED)
        self.device = DevicePicker()
        self.summary, self.explanation = WrappedLabel(), WrappedLabel(lines=2)
        self._job: Optional[SelectInterferograms] = None
        self._sources: Optional[Sources] = None
        self._build()
        self._restore()
        self._connect()
        self._show_running(False)
        self._method_changed()

    # Layout

    def _build(self) -> None:
        box = self.method.widgets["method"]
        for index in range(box.count()):
            box.setItemText(index, tr(interferograms.METHODS[box.itemData(index)]))
        network = self.advanced.widgets["connect"]
        words = {"best": tr("The set that gives the best velocity"), "tree": tr("Scores, and a spanning tree"),
                 "none": tr("Scores alone; dates may be lost")}  # fmt: skip
        for index in range(network.count()):
            network.setItemText(index, words[network.itemData(index)])
        self.threshold.setObjectName("threshold")
        self.threshold.setRange(-0.01, 1.0)
        self.threshold.setSingleStep(0.01)
        self.threshold.setSpecialValueText(tr("The method's own"))
        self.threshold.setValue(self.threshold.minimum())
        self.threshold.setToolTip(tr("Interferograms of at least this score are kept. Pairs can be kept and dropped afterwards."))
        form = QFormLayout()
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        form.addRow(tr("S&tack"), self.stack)
        form.addRow("", self.summary)
        form.addRow(tr("Cohe&rence"), self.coherence)
        form.addRow(tr("Met&hod"), self.method.widgets["method"])
        form.addRow("", self.explanation)
        form.addRow(tr("Thresh&old"), self.threshold)
        form.addRow(tr("&Device"), self.device)
        self.more = QgsCollapsibleGroupBox(tr("Advanced"))
        self.more.setCollapsed(True)
        self.advanced.add_to(QFormLayout(self.more))

        area = self._scrolled(form, self.outputs, self.more)

        self.board_button = QPushButton(tr("Triage board…"))
        self.board_button.setToolTip(tr("Look at the pairs, and keep or drop them by hand"))
        self.board_button.clicked.connect(self._open_board)
        self.message.add_widget(self.board_button)
        self._frame(area, tr("&Select"), self.select, focus=self.stack, size=(680, 620))

    def _connect(self) -> None:
        for picker in (self.stack, self.coherence):
            picker.changed.connect(self._stack_changed)
        self.method.widgets["method"].currentIndexChanged.connect(self._method_changed)

    def set_layer(self, layer: Any) -> None:
        """Choose a layer of the project where it may be a stack of interferograms; not while a job runs."""
        if self.work is not None or not isinstance(layer, QgsRasterLayer):
            return
        path = stacks.path_of(layer)
        try:
            interferograms.check_judgeable(stacks.facts_of(path), "default")
        except StillpointError:
            return
        self.stack.set_layer(layer)

    def showEvent(self, event: Any) -> None:
        """Look for devices when the dialog is first seen."""
        super().showEvent(event)
        self.device.refresh()
        self.device.set_device(str(settings.get_values("select_interferograms").get("device", "auto")))

    def _method_changed(self, *_: Any) -> None:
        self.explanation.setText(tr(EXPLANATIONS[self.method.values()["method"]]))
        self._stack_changed()

    def _stack_changed(self) -> None:
        self.message.clear()
        self._show_summary()

    def _show_summary(self) -> None:
        """Tell what the stack holds, or why it cannot be judged; and offer the outputs that it allows."""
        text, facts = "", None
        try:
            path = self.stack.path()
            if path:
                facts = self._facts(path)
                text = interferograms.in_words(facts, coherence=bool(self.coherence.path()))
        except StillpointError as error:
            text = str(error)
        self.summary.setText(text)
        self.summary.setVisible(bool(text))
        is_default = self.method.values()["method"] == "default"
        self.outputs.set_possible("weights", is_default, tr("Only Stillpoint's network weighs single pixels"))
        can = facts is None or (facts.quantity in ("", "unwrapped") and facts.wavelength is not None)
        self.outputs.set_possible("velocity", can, tr("A velocity needs unwrapped phase and the wavelength of the radar"))

    def _facts(self, path: str) -> stacks.StackFacts:
        """Return what a stack says of itself; raise StillpointError where it cannot be judged."""
        facts = stacks.facts_of(path)
        chosen = self.coherence.path()
        coherence = stacks.facts_of(chosen) if chosen else None
        interferograms.check_judgeable(facts, self.method.values()["method"], coherence, name=self.stack.name())
        return facts

    # The job

    def job(self) -> SelectInterferograms:
        """Return the job that the dialog shows; raises StillpointError where something is missing or does not fit."""
        path = self.stack.path()
        if not path:
            raise StillpointError(tr("Choose the stack to judge: a raster layer of the project or a file."))
        facts = self._facts(path)
        coherence = self.coherence.path()
        read = [path, *filter(None, [coherence]), *facts.companions.values()]
        outputs = self.outputs.paths(Path(path).stem, read)
        self._folder = self.outputs.folder
        own = self.threshold.value() < 0
        return SelectInterferograms(
            stack=path, table=str(outputs["table"]), output=outputs["output"], coherence=coherence or None,
            threshold=None if own else self.threshold.value(), weights=outputs["weights"], lists=outputs["lists"],
            velocity=outputs["velocity"], device=self.device.device(), **self.method.values(), **self.advanced.values(),
        )  # fmt: skip

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
        self._job = job
        self._start(tasks.job_work(job, title=tr("Stillpoint: judging {name}").format(name=Path(job.stack).stem)))

    def _done(self, result: Result) -> None:
        job = self._job
        if job is None:
            return
        text = "\n".join([*outcome(result), *result.warnings])
        self._sources = Sources(job.table, job.stack, job.coherence or "")
        self.board_button.show()
        self._say_done(text, message.WARNING if result.warnings else message.SUCCESS)
        interferograms.add_interferogram_layers(result, job, iface=self.iface)
        self.selected.emit(self._sources)

    def _open_board(self) -> None:
        if self._sources is not None:
            self.selected.emit(self._sources)

    def _say_error(self, error: Exception) -> None:
        self.board_button.hide()
        super()._say_error(error)
        self.summary.setVisible(bool(self.summary.text()) and self.summary.text() != str(error))  # it is said once

    def _stopped(self) -> None:
        self.board_button.hide()
        super()._stopped()

    # Settings, help

    def _remember(self, job: SelectInterferograms) -> None:
        values = {**self.method.values(), **self.advanced.values(), **self.outputs.values(), "device": job.device}
        settings.put_values("select_interferograms", values)

    def _restore(self) -> None:
        values = settings.get_values("select_interferograms")
        for part in (self.method, self.advanced, self.outputs):
            part.set_values(values)


def outcome(result: Result) -> Tuple[str, ...]:
    """Return the lines of a result's summary that fit a dialog: what was dropped one by one is on the board."""
    return tuple(line for line in result.summary.splitlines() if line.strip() and not line.startswith("  "))
