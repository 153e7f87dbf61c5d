"""Two models on the user's data: where they agree, by how much they differ, and both results on the map."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any, Dict, List, Optional, Tuple

from qgis.core import QgsProcessingUtils
from qgis.PyQt.QtGui import QIcon
from qgis.PyQt.QtWidgets import (
    QComboBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from stillpoint.models.errors import StillpointError
from stillpoint.models.jobs import Job, ManageModels, Result
from stillpoint.models.learning.cards import ModelFile
from stillpoint.plugin import tasks
from stillpoint.plugin.language import tr
from stillpoint.plugin.provider import ICON
from stillpoint.ui.job_dialog import JobDialog
from stillpoint.ui.library_agreement import AgreementPanel
from stillpoint.ui.library_words import network_in_words, task_in_words
from stillpoint.ui.widgets import message
from stillpoint.ui.widgets.device_picker import DevicePicker
from stillpoint.ui.widgets.message import Message
from stillpoint.ui.widgets.raster_picker import RasterPicker
from stillpoint.ui.widgets.source_picker import SourcePicker
from stillpoint.ui.widgets.wrapped import WrappedLabel


class CompareDialog(JobDialog):
    """Runs two models of one task on the same data and shows how they agree.

    Parameters
    ----------
    iface
        QGIS's interface; None in tests without a window.
    models
        Models of one task.
    first
        The one that is chosen at the beginning.
    parent
        Parent window.
    """

    HELP = "models"

    def __init__(
        self, iface: Any, models: List[ModelFile], first: Optional[ModelFile] = None, parent: Optional[QWidget] = None
    ) -> None:
        super().__init__(iface, parent)
        self.setObjectName("StillpointCompareModels")
        self.task = models[0].task
        self.setWindowTitle(tr("Compare Models: {task}").format(task=task_in_words(self.task)))
        self.setWindowIcon(QIcon(str(ICON)))
        self.first, self.second = QComboBox(), QComboBox()
        self.points: Optional[SourcePicker] = None
        self.stack: Optional[RasterPicker] = None
        self.image: Optional[RasterPicker] = None
        self.device = DevicePicker()
        self.panel = AgreementPanel()
        self.message, self.progress, self.status = Message(), QProgressBar(), QLabel()
        self.result: Optional[Result] = None
        self._build(models, first or models[0])
        self._show_running(False)
        self._chosen()

    def _build(self, models: List[ModelFile], first: ModelFile) -> None:
        for box, name in ((self.first, "first"), (self.second, "second")):
            box.setObjectName(name)
            for model in models:
                box.addItem(f"{model.name}  ({network_in_words(model)})", model)
        self.first.setCurrentIndex(models.index(first))
        self.second.setCurrentIndex(next((n for n, model in enumerate(models) if model.path != first.path), 0))
        form = QFormLayout()
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        form.addRow(tr("&First model"), self.first)
        form.addRow(tr("&Second model"), self.second)
        for text, widget in self._pickers():
            form.addRow(text, widget)
        form.addRow(tr("&Device"), self.device)
        self.explanation = WrappedLabel(lines=2)
        self.explanation.setText(
            tr("Both are run as usual, and their answers counted side by side. Where they differ, this alone does not tell which "
               "is right: only labels do.")
        )  # fmt: skip
        form.addRow("", self.explanation)
        self._page = QWidget()
        self._page.setLayout(form)
        form.setContentsMargins(0, 0, 0, 0)
        self.setup_button = QPushButton(tr("Open set-up…"))
        self.setup_button.clicked.connect(self._open_setup)
        self.message.add_widget(self.setup_button)
        self.setup_button.hide()
        self.run_button = QPushButton(tr("&Compare"))
        self.map_button = QPushButton(tr("&Add both to the map"))
        self.map_button.setToolTip(tr("The results of both models as layers, to look at them one over the other"))
        self.cancel_button = QPushButton(tr("Cancel"))
        self.close_button = QPushButton(tr("Close"))
        row = QHBoxLayout()
        for button, name in (
            (self.run_button, "compare"), (self.map_button, "add"), (self.cancel_button, "cancel"), (self.close_button, "close"),
        ):  # fmt: skip
            button.setObjectName(name)
            button.setAutoDefault(False)
            if button is self.cancel_button:
                row.addStretch(1)
            row.addWidget(button)
        self.run_button.setDefault(True)
        self.map_button.setEnabled(False)
        layout = QVBoxLayout(self)
        layout.addWidget(self._page)
        for widget in (self.message, self.status, self.progress):
            layout.addWidget(widget)
        layout.addWidget(self.panel, 1)
        layout.addLayout(row)
        self.panel.hide()
        for box in (self.first, self.second):
            box.currentIndexChanged.connect(self._chosen)
        self.run_button.clicked.connect(lambda _: self.compare())
        self.map_button.clicked.connect(lambda _: self.add_to_map())
        self.cancel_button.clicked.connect(lambda _: self.cancel())
        self.close_button.clicked.connect(lambda _: self.close())
        self.resize(720, 240)

    def _pickers(self) -> List[Tuple[str, QWidget]]:
        """Return the widgets that choose the data, with their labels."""
        if self.task == "trends":
            self.points = SourcePicker()
            return [(tr("&Points"), self.points)]
        if self.task == "offsets":
            self.stack = RasterPicker("stack", tr("Amplitude image of the first date, or a stack of images"), tr("Reference image"))
            self.image = RasterPicker(
                "image", tr("Amplitude image of the second date"), tr("Secondary image"), empty=tr("None: the reference is a stack")
            )
            return [(tr("&Reference"), self.stack), (tr("Sec&ondary"), self.image)]
        self.stack = RasterPicker("stack", tr("The stack that both models look at"), tr("Stack"))
        return [(tr("S&tack"), self.stack)]

    def showEvent(self, event: Any) -> None:
        """Look for devices when the dialog is first seen, and offer the active layer."""
        super().showEvent(event)
        self.device.refresh()
        layer = self.iface.activeLayer() if self.iface is not None else None
        for picker in (self.points, self.stack):
            if picker is not None and layer is not None:
                picker.set_layer(layer)

    def _chosen(self, *_: Any) -> None:
        same = self.first.currentIndex() == self.second.currentIndex()
        self.run_button.setEnabled(not same and self.work is None)
        if same:
            self.message.say(message.INFORMATION, tr("Choose two different models."))
        else:
            self.message.clear()

    # Comparing

    def compare(self) -> None:
        """Run both models in the background."""
        try:
            job, source = self._job()
        except StillpointError as error:
            self._say_error(error)
            return
        self.message.clear()
        self.panel.hide()
        self.map_button.setEnabled(False)

        def prepared(work: tasks.Work) -> Job:
            if source is None:
                return job
            written = source.write(Path(self._folder), cancelled=work.isCanceled)
            return ManageModels(**{**job.to_dict()["parameters"], "data": (written.path,)})

        self._start(tasks.job_work(job, title=tr("Stillpoint: compare models"), prepare=prepared))

    def _job(self) -> Tuple[ManageModels, Any]:
        """Return what to ask the engine, and the points that must be written for it first; raises StillpointError."""
        source = None
        data: Tuple[str, ...] = ()
        if self.points is not None:
            source = self.points.source()
            if source is not None:
                data = (source.name,)
        else:
            paths = [picker.path() for picker in (self.stack, self.image) if picker is not None]
            data = tuple(path for path in paths if path)
            if paths and not paths[0]:
                data = ()
        if not data:
            raise StillpointError(tr("Choose the data that both models shall look at."))
        self._folder = tempfile.mkdtemp(prefix="compare-", dir=QgsProcessingUtils.tempFolder())
        names = tuple(str(box.currentData().path) for box in (self.first, self.second))
        job = ManageModels(action="compare", names=names, data=data, output=self._folder, device=self.device.device())
        return job, source

    def _done(self, result: Result) -> None:
        """Show the agreement."""
        self.result = result
        details: Dict[str, Any] = result.details["agreement"]
        self.panel.show_agreement(details)
        self.panel.show()
        self.explanation.hide()
        self.map_button.setEnabled(bool(result.outputs))
        self.resize(max(self.width(), 820), 700)
        share = details["figures"].get("agreement", 0.0)
        text = tr("The models agree on {share} of the cases.").format(share=f"{share:.1%}")
        self._say_done("\n".join([text, *result.warnings]), message.WARNING if result.warnings else message.SUCCESS)

    def _show_running(self, running: bool) -> None:
        super()._show_running(running)
        if not running:
            self.run_button.setEnabled(self.first.currentIndex() != self.second.currentIndex())

    def add_to_map(self) -> None:
        """Add the results of both models to the project."""
        from stillpoint.plugin.library_layers import add_compared

        if self.result is None:
            return
        names = self.result.details["agreement"]["models"]
        try:
            added = add_compared(self.task, [self.result.outputs["first"], self.result.outputs["second"]], names)
        except StillpointError as error:
            self._say_error(error)
            return
        self.map_button.setEnabled(False)
        self.message.say(message.SUCCESS, tr("{count} layers were added.").format(count=len(added)))
