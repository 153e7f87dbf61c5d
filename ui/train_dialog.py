"""The dialog that trains a network: what on, how it is split, how it goes, and what came of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Dict, Optional, Sequence

from qgis.core import QgsProcessingUtils
from qgis.PyQt.QtCore import QFileInfo, QLocale, QUrl, pyqtSignal
from qgis.PyQt.QtGui import QDesktopServices
from qgis.PyQt.QtWidgets import QCheckBox, QDialogButtonBox, QTabWidget, QWidget

from stillpoint.models.errors import StillpointError
from stillpoint.models.jobs import DescribeTraining, Job, Result, TrainModel
from stillpoint.plugin import settings, tasks, training, training_run, training_sources
from stillpoint.plugin.language import tr
from stillpoint.plugin.training import Split
from stillpoint.plugin.training_comparison import Comparison
from stillpoint.plugin.training_run import TrainingRun
from stillpoint.ui.job_dialog import JobDialog
from stillpoint.ui.train_form import TrainForm
from stillpoint.ui.train_progress import TrainingPage, message_parts
from stillpoint.ui.train_split import SplitPage
from stillpoint.ui.widgets import message
from stillpoint.ui.widgets.message import Message

FORM, SPLIT, TRAINING = range(3)
"""Tabs of the dialog."""


class TrainDialog(JobDialog):
    """A model is described on the first tab, its data are checked on the second, its training is seen on the third.

    Closing it while a training runs leaves that to QGIS's task manager; opened again it shows the same curves. ``use_wanted`` comes
    with task, network and path when the user wants to work with the new model.

    Parameters
    ----------
    iface
        QGIS's interface.
    parent
        Parent window.
    """

    HELP = "training"
    TASK = "train"
    use_wanted = pyqtSignal(str, str, str)

    def __init__(self, iface: Any, parent: Optional[QWidget] = None) -> None:
        super().__init__(iface, parent, name="StillpointTrain", title=tr("Train a Model"))
        self.form, self.split_page, self.training_page = TrainForm(), SplitPage(), TrainingPage()
        self.notice = Message()
        self.resume = QCheckBox(tr("&Go on from it"))
        self.run: Optional[TrainingRun] = None
        self._split_layer = ""
        self._build()
        self._connect()
        self._restore()
        self._show_running(False)
        running = training_run.current()
        if running is not None:
            self._attach(running)
        self._look_at_output()

    def _build(self) -> None:
        self.resume.setObjectName("resume")
        self.resume.setToolTip(tr("Take up the earlier training where it stopped, with the same data and settings"))
        self.resume.setChecked(True)
        self.notice.add_widget(self.resume)
        roles = QDialogButtonBox.ButtonRole
        self.check_button = self.buttons.addButton(tr("C&heck and show the split"), roles.ActionRole)
        self.check_button.setToolTip(tr("Open data and labels, and show on the map which regions are for what"))
        self.pause_button = self.buttons.addButton(tr("&Pause"), roles.ActionRole)
        self.finish_button = self.buttons.addButton(tr("Stop and &keep the best"), roles.ActionRole)
        self.finish_button.setToolTip(tr("End now: the model is that of the best epoch so far"))
        self.tabs = QTabWidget()
        self.tabs.addTab(self._scrolled(self.form), tr("Model and data"))
        self.tabs.addTab(self.split_page, tr("Split"))
        self.tabs.addTab(self.training_page, tr("Training"))
        self._frame(self.tabs, tr("T&rain"), self.train, focus=self.form.tasks, size=(780, 690), notes=(self.notice,))

    def _connect(self) -> None:
        self.form.changed.connect(self._form_changed)
        self.form.output_changed.connect(self._look_at_output)
        self.tabs.currentChanged.connect(self._look_at_output)
        self.check_button.clicked.connect(self.check)
        self.pause_button.clicked.connect(self.pause)
        self.finish_button.clicked.connect(self.finish)
        self.split_page.map_wanted.connect(self._zoom_to_split)
        self.training_page.report_wanted.connect(self.open_report)
        self.training_page.default_wanted.connect(self.make_default)
        self.training_page.use_wanted.connect(self._use)

    def fill_form(self, task: str, *, data: Sequence[Any] = (), label_kind: str = "", labels: str = "") -> None:
        """Fill the form, as who has just made labels would.

        Parameters
        ----------
        task
            What the network is for.
        data
            Layers or paths to learn from.
        label_kind
            One of the kinds of :data:`stillpoint.ui.train_labels.KINDS`.
        labels
            File with the labels, for kinds that have one.
        """
        if self.work is not None:
            return
        self.form.tasks.set_task(task)
        self.form.data.clear()
        for each in data:
            self.form.data.add_file(each) if isinstance(each, str) else self.form.data.add_layer(each)
        if label_kind:
            self.form.labels.set_kind(label_kind)
        if labels:
            self.form.labels.set_file(labels)
        self.tabs.setCurrentIndex(FORM)

    def showEvent(self, event: Any) -> None:
        """Look for devices and models when the dialog is seen."""
        super().showEvent(event)
        self.form.device.refresh()
        self.form.device.set_device(str(settings.get_values("train").get("device", "auto")))
        if self.work is None:
            self.form.fill_starts()
            self.form.suggest_output()

    # What is chosen

    def description(self) -> DescribeTraining:
        """Return the job that tells the split; data and labels come later."""
        start = self.form.start_values()
        return DescribeTraining(
            capability=self.form.task(), network=self.form.chosen_network(), start=start.start, model=start.model,
            mix=self.form.mix.share() if self.form.data.count() else 0.0, seed=self.form.seed.value(),
            device=self.form.device.device(),
        )  # fmt: skip

    def job(self) -> TrainModel:
        """Return the training that the dialog shows; data and labels come later.

        Raises
        ------
        StillpointError
            Something is missing.
        """
        output = self.form.output_path()
        described = self.description().to_dict()["parameters"]
        going_on = training.checkpoint_of(output) is not None and self.resume.isChecked()
        return TrainModel(**described, output=str(output), epochs=self.form.epochs.value(), resume=going_on)

    def _form_changed(self) -> None:
        self.message.clear()
        if self.work is None:
            self.split_page.clear()

    def _look_at_output(self, *_: Any) -> None:
        """Offer to go on from a checkpoint, and say when a model would be replaced."""
        try:
            output = self.form.output_path()
        except StillpointError:
            self.notice.clear()
            return
        checkpoint = training.checkpoint_of(output)
        self.resume.setVisible(checkpoint is not None)
        just_made = self.tabs.currentIndex() == TRAINING and self.run is not None and self.run.job.output == str(output)
        if self.work is not None or (checkpoint is None and just_made):
            self.notice.clear()
        elif checkpoint is not None:
            when = QLocale().toString(QFileInfo(str(checkpoint)).lastModified(), QLocale.FormatType.ShortFormat)
            text = tr("A training of {name} was stopped before its end; its checkpoint is of {when}.")
            self.notice.say(message.INFORMATION, text.format(name=output.name, when=when))
        elif output.exists():
            text = tr("{name} exists already. It is replaced when the training is done.")
            self.notice.say(message.WARNING, text.format(name=output.name))
        else:
            self.notice.clear()

    # The split

    def check(self) -> None:
        """Have data and labels checked, and show the split."""
        if self.work is not None:
            return
        self.message.clear()
        try:
            given, job = self.form.given(), self.description()
        except StillpointError as error:
            self._say_error(error)
            return
        self.run = None
        self._start(tasks.job_work(job, title=tr("Stillpoint: looking at the training data"), prepare=self._prepared(job, given)))

    def _prepared(self, job: DescribeTraining, given: training_sources.Given) -> Any:
        """Return the function that writes layers in the background and gives the job with their files."""
        folder = Path(QgsProcessingUtils.tempFolder())

        def prepare(work: tasks.Work) -> Job:
            return training_sources.written(job, given, folder, report=work.report, cancelled=work.isCanceled)

        return prepare

    def _done(self, result: Result) -> None:
        """Show the split that the engine told."""
        from stillpoint.plugin.training_layers import show_split

        split = Split.of(result.details)
        layer = show_split(split, iface=self.iface)
        self._split_layer = layer.id() if layer is not None else ""
        self.split_page.show_split(split, on_map=layer is not None)
        self.tabs.setCurrentIndex(SPLIT)

    def _zoom_to_split(self) -> None:
        from qgis.core import QgsProject

        from stillpoint.plugin.layers import zoom_to

        layer = QgsProject.instance().mapLayer(self._split_layer)
        if layer is not None and self.iface is not None:
            zoom_to(layer, self.iface.mapCanvas(), QgsProject.instance())

    # The training

    def train(self) -> None:
        """Start the training in the background."""
        if self.work is not None:
            return
        self.message.clear()
        try:
            given, job = self.form.given(), self.job()
        except StillpointError as error:
            self.tabs.setCurrentIndex(FORM)
            self._say_error(error)
            return
        Path(job.output).parent.mkdir(parents=True, exist_ok=True)
        self._remember(job)
        self._attach(training_run.start(job, prepare=self._prepared(job, given)))
        self.tabs.setCurrentIndex(TRAINING)

    def _attach(self, run: TrainingRun) -> None:
        """Show a training, as it goes or as it went."""
        self.run = run
        run.changed.connect(self._run_changed)
        if not run.is_over:
            run.ended.connect(self._run_ended)
            self.work = run.work
            self._show_running(True)
            self.notice.clear()
        self._run_changed()
        self.tabs.setCurrentIndex(TRAINING)

    def _run_changed(self) -> None:
        run = self.run
        if run is None or self.sender() not in (None, run):
            return
        self.training_page.show_run(run)
        self.progress.setValue(round(100 * run.fraction))
        self.status.setText(message_parts(run.message)[0] or tr("Starting the engine"))
        paused = run.state == training_run.PAUSED
        self.pause_button.setText(tr("&Go on") if paused else tr("&Pause"))
        waits = tr("Wait after this step, and leave the computer to other work until you go on")
        tip = tr("Go on from where it is") if paused else waits
        self.pause_button.setToolTip(tip)
        can_ask = run.state in (training_run.PREPARING, training_run.TRAINING, training_run.PAUSED)
        self.pause_button.setEnabled(can_ask)
        self.finish_button.setEnabled(can_ask and bool(run.rows))

    def pause(self) -> None:
        """Have the training wait, or go on."""
        if self.run is not None:
            self.run.go_on() if self.run.state == training_run.PAUSED else self.run.pause()

    def finish(self) -> None:
        """End the training with its best epoch."""
        if self.run is not None:
            self.run.finish()

    def cancel(self) -> None:
        """Stop what runs."""
        if self.run is not None and not self.run.is_over:
            self.cancel_button.setEnabled(False)
            self.run.cancel()
        else:
            super().cancel()

    def _run_ended(self) -> None:
        run = self.run
        if run is None:
            return
        self.work = None
        self._show_running(False)
        self.training_page.show_run(run)
        if run.error is not None:
            self._say_error(run.error)
        elif run.result is not None:
            self._say_trained(run, run.result)
        else:
            self.setup_button.hide()
            kept = training.checkpoint_of(Path(run.job.output))
            text = tr("Cancelled. The checkpoint of the last whole epoch is kept: train the same file again to go on from it.")
            self.message.say(message.INFORMATION, text if kept is not None else tr("Cancelled; nothing was written."))
        if run.state == training_run.DONE:
            self.form.suggest_output()  # for the next one
        self._look_at_output()

    def _say_trained(self, run: TrainingRun, result: Result) -> None:
        compared = Comparison.of(result.details.get("comparison"))
        text = tr("The model {name} is trained.").format(name=Path(run.job.output).name)
        known = self.split_page.split.notes if self.split_page.split is not None else ()  # those are shown there
        warnings = [warning for warning in result.warnings if warning not in known]
        level = message.WARNING if warnings else message.SUCCESS
        elsewhere = " ".join(filter(None, (text, compared.sentence if compared is not None else "")))
        self._say_done("\n".join([text, *warnings]), level, shown_elsewhere=elsewhere)

    # What comes after

    def open_report(self) -> None:
        """Open the page with all figures in the browser."""
        path = self.run.result.outputs.get("report") if self.run is not None and self.run.result is not None else None
        if path:
            QDesktopServices.openUrl(QUrl.fromLocalFile(path))

    def make_default(self) -> None:
        """Have the new model taken wherever none is named."""
        if self.run is None:
            return
        try:
            training.make_default(Path(self.run.job.output))
        except StillpointError as error:
            self._say_error(error)
            return
        self.setup_button.hide()
        task, network = self.run.job.capability, self.run.job.network
        title = next(each.title for each in training.networks(task) if each.name == network)
        text = tr("{name} is now what {network} takes wherever no model is named. The library of models takes it back.")
        self.message.say(message.SUCCESS, text.format(name=Path(self.run.job.output).name, network=title))

    def _use(self) -> None:
        if self.run is not None:
            self.use_wanted.emit(self.run.job.capability, self.run.job.network, self.run.job.output)

    # Frame, settings

    def _show_running(self, running: bool) -> None:
        super()._show_running(running)
        trains = running and self.run is not None
        self.check_button.setVisible(not trains)
        self.check_button.setEnabled(not running)
        for button in (self.pause_button, self.finish_button):
            button.setVisible(trains)

    def _remember(self, job: TrainModel) -> None:
        values: Dict[str, Any] = {
            "task": job.capability, "network": job.network, "mix": job.mix, "device": job.device, "seed": job.seed,
        }  # fmt: skip
        settings.put_values("train", values)

    def _restore(self) -> None:
        values = settings.get_values("train")
        self.form.tasks.set_task(str(values.get("task", "")))
        self.form.set_network(str(values.get("network", "")))
        try:
            self.form.mix.set_share(float(values.get("mix", 0.0)))
            self.form.seed.setValue(int(values.get("seed", 1)))
        except (TypeError, ValueError):
            return
