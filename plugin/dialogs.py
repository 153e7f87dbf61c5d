"""The dialogs of the plugin: one of each kind, opened where an engine serves; else the set-up opens."""

from __future__ import annotations

from typing import Any, Callable, List

from qgis.core import Qgis, QgsVectorLayer
from qgis.PyQt.QtWidgets import QApplication, QDialog, QWidget

from stillpoint.plugin.language import tr

MENU = "Stillpoint"


class Dialogs:
    """What of the plugin opens dialogs.

    Attributes
    ----------
    dialogs
        Those that were opened; most stay when they are closed, with what was filled in.
    """

    iface: Any
    toggle_profile: Callable[[bool], None]
    toggle_threshold: Callable[[bool], None]
    triage_of: Callable[[Any], None]

    def __init__(self) -> None:
        self.dialogs: List[QDialog] = []
        self._tour: Any = None
        self._work: Any = None

    def _unload_dialogs(self) -> None:
        """Let go of what was opened."""
        if self._tour is not None:
            self._tour.unload()
            self._tour = None
        for dialog in self.dialogs:
            dialog.close()
            dialog.deleteLater()
        self.dialogs = []

    def estimate_series(self) -> None:
        """Open the dialog that estimates displacement series."""
        self._with_engine(self._open_estimate_series)

    def combine(self) -> None:
        """Open the dialog that combines lines of sight."""
        self._with_engine(self._open_combine)

    def classify(self) -> None:
        """Open the dialog that classifies trends."""
        self._with_engine(self._open_classify)

    def _open_classify(self) -> None:
        from stillpoint.ui.classify_dialog import ClassifyDialog

        dialog = self._show(ClassifyDialog)
        if isinstance(dialog, ClassifyDialog):
            dialog.set_layer(self.iface.activeLayer())

    def _open_estimate_series(self) -> None:
        from stillpoint.ui import series_wiring

        series_wiring.open_estimate_series(self)

    def _open_combine(self) -> None:
        from stillpoint.ui import series_wiring

        series_wiring.open_combine(self)

    def open_stack(self) -> None:
        """Open the dialog that makes a stack of a product."""
        self._with_engine(self._open_open_stack)

    def _open_open_stack(self) -> None:
        from stillpoint.ui.open_stack_dialog import OpenStackDialog

        self._show(OpenStackDialog)

    def select(self) -> None:
        """Open the dialog that selects scatterers."""
        self._with_engine(self._open_select)

    def _open_select(self) -> None:
        from stillpoint.ui.select_dialog import SelectDialog

        known = [dialog for dialog in self.dialogs if isinstance(dialog, SelectDialog)]
        dialog = self._show(SelectDialog)
        if isinstance(dialog, SelectDialog):
            dialog.set_layer(self.iface.activeLayer())
            if not known:
                dialog.selected.connect(self._selected)

    def select_interferograms(self) -> None:
        """Open the dialog that judges interferograms."""
        self._with_engine(self._open_select_interferograms)

    def _open_select_interferograms(self) -> None:
        from stillpoint.ui.select_interferograms_dialog import SelectInterferogramsDialog

        known = [dialog for dialog in self.dialogs if isinstance(dialog, SelectInterferogramsDialog)]
        dialog = self._show(SelectInterferogramsDialog)
        if isinstance(dialog, SelectInterferogramsDialog):
            dialog.set_layer(self.iface.activeLayer())
            if not known:
                dialog.selected.connect(self.triage_of)

    def assess(self) -> None:
        """Open the dialog that compares PS masks."""
        self._with_engine(self._open_assess)

    def _open_assess(self) -> None:
        from stillpoint.ui.assess_dialog import AssessDialog

        dialog = self._show(AssessDialog)
        if isinstance(dialog, AssessDialog):
            dialog.set_layer(self.iface.activeLayer())

    def _selected(self, layers: Any) -> None:
        """Show the threshold of what was selected."""
        if layers and self.iface is not None:
            self.toggle_threshold(True)

    def track_offsets(self) -> None:
        """Open the dialog that tracks offsets."""
        self._with_engine(self._open_track_offsets)

    def _open_track_offsets(self) -> None:
        from stillpoint.ui.track_offsets_dialog import TrackOffsetsDialog

        known = [dialog for dialog in self.dialogs if isinstance(dialog, TrackOffsetsDialog)]
        dialog = self._show(TrackOffsetsDialog)
        if isinstance(dialog, TrackOffsetsDialog):
            view = self.iface.layerTreeView()
            dialog.set_layers(view.selectedLayers() if view is not None else [self.iface.activeLayer()])
            if not known:
                dialog.profile_wanted.connect(lambda: self.toggle_profile(True))

    def show_offsets(self) -> None:
        """Show the active layer, a raster of offsets, as a group of maps and arrows."""
        from stillpoint.models.errors import StillpointError
        from stillpoint.plugin import offsets_run, stacks, tasks
        from stillpoint.plugin.offsets_layers import add_offset_layers

        layer = self.iface.activeLayer()
        path = stacks.path_of(layer) if layer is not None else ""

        def tell(error: Exception) -> None:
            self.iface.messageBar().pushMessage(MENU, str(error), Qgis.MessageLevel.Warning, 10)

        def show(arrows: str) -> None:
            try:
                add_offset_layers(path, arrows=arrows, iface=self.iface)
            except StillpointError as error:
                tell(error)

        try:
            work = offsets_run.maps_work(path)
        except StillpointError as error:
            tell(error)
            return
        work.done.connect(show)
        work.failed.connect(tell)
        tasks.start(work)

    def train_on(self, task: str, data: List[Any], kind: str, labels: str) -> None:
        """Open the training with data and labels that were just made."""
        def open_it() -> None:
            self._open_train()
            for dialog in self.dialogs:
                if dialog.objectName() == "StillpointTrain":
                    dialog.fill_form(task, data=data, label_kind=kind, labels=labels)

        self._with_engine(open_it)

    def show_models(self) -> None:
        """Open the library of models; it needs the engine for some of what it does only."""
        from stillpoint.ui.library_window import LibraryWindow

        dialog = self._show(LibraryWindow)
        if isinstance(dialog, LibraryWindow):
            dialog.refresh()

    def set_up(self, *_: Any, problem: str = "") -> None:
        """Open the set-up of the engine, with what is wrong where something is."""
        from stillpoint.ui.setup_dialog import SetupDialog

        dialog = self._show(SetupDialog)
        if problem:
            dialog.show_problem(problem)

    def sample(self, *_: Any, then_tour: bool = False) -> None:
        """Open the window that makes the sample project; ``then_tour`` has the tour start with it."""
        from stillpoint.ui.sample_dialog import SampleDialog

        known = [dialog for dialog in self.dialogs if isinstance(dialog, SampleDialog)]
        dialog = self._show(SampleDialog)
        if isinstance(dialog, SampleDialog):
            if not known:
                dialog.ready.connect(lambda wanted: self._guide().restart() if wanted else None)
            if then_tour:
                dialog.tour.setChecked(True)

    def tour(self) -> None:
        """Start the tour, or go on with it."""
        self._guide().begin()

    def _guide(self) -> Any:
        """Return the one tour, made where there is none yet."""
        from stillpoint.ui.tour import Tour

        if self._tour is None:
            self._tour = Tour(self)
        return self._tour

    def _welcome(self) -> None:
        """Offer the tour where this profile never saw it."""
        from stillpoint.plugin import settings

        if not settings.get("welcome-shown") and QApplication.activeModalWidget() is None:
            self._guide().welcome()

    def doctor(self) -> None:
        """Open the environment doctor."""
        from stillpoint.ui.doctor_dialog import DoctorDialog

        self._show(DoctorDialog)

    def export(self) -> None:
        """Open the export dialog for the active layer."""
        layer = self.iface.activeLayer()
        if not isinstance(layer, QgsVectorLayer):
            self.iface.messageBar().pushMessage(
                MENU, tr("Choose a classified point layer in the layer list first."), Qgis.MessageLevel.Info, 6
            )
            return
        from stillpoint.ui.export_dialog import ExportDialog

        dialog = ExportDialog(layer, self.iface.mainWindow())
        self.dialogs.append(dialog)
        dialog.finished.connect(lambda _: self._forget(dialog))
        dialog.show()

    def report(self) -> None:
        """Open the dialog that makes a report of results, the active layer chosen."""
        from stillpoint.ui.report_dialog import ReportDialog

        dialog = self._show(ReportDialog)
        if isinstance(dialog, ReportDialog):
            dialog.set_layer(self.iface.activeLayer())

    def train(self) -> None:
        """Open the dialog that trains a model."""
        self._with_engine(self._open_train)

    def _open_train(self) -> None:
        from stillpoint.ui.train_dialog import TrainDialog

        known = [dialog for dialog in self.dialogs if isinstance(dialog, TrainDialog)]
        dialog = self._show(TrainDialog)
        if isinstance(dialog, TrainDialog) and not known:
            dialog.use_wanted.connect(self.use_model)

    def use_model(self, task: str, network: str, path: str) -> None:
        """Open the dialog of a task with a model filled in."""
        open_it, name = {
            "trends": (self._open_classify, "StillpointClassify"), "scatterers": (self._open_select, "StillpointSelect"),
            "interferograms": (self._open_select_interferograms, "StillpointSelectInterferograms"),
            "offsets": (self._open_track_offsets, "StillpointTrackOffsets"),
        }[task]  # fmt: skip
        open_it()
        for dialog in self.dialogs:
            if dialog.objectName() == name:
                dialog.use_model(network, path)

    def show_help(self) -> None:
        """Open the help."""
        from stillpoint.ui.help_dialog import HelpDialog

        self._show(HelpDialog)

    def _show(self, kind: Callable[[Any, QWidget], QDialog]) -> QDialog:
        """Show the one dialog of its kind, making it where it is not open yet."""
        for dialog in self.dialogs:
            if type(dialog) is kind:
                break
        else:
            dialog = kind(self.iface, self.iface.mainWindow())
            self.dialogs.append(dialog)
        dialog.show()
        dialog.raise_()
        dialog.activateWindow()
        return dialog

    def _forget(self, dialog: QDialog) -> None:
        if dialog in self.dialogs:
            self.dialogs.remove(dialog)
            dialog.deleteLater()

    def _with_engine(self, then: Callable[[], None]) -> None:
        """Call ``then`` where an engine serves; else open the set-up. A first check runs in the background."""
        from stillpoint.plugin import environment, tasks

        if environment.remembered() is not None:
            then()
            return
        if self._work is not None:  # a second click while the first is still being checked
            return
        work = tasks.Work(
            tr("Stillpoint: looking for the engine"),
            lambda work: environment.find(cancelled=work.isCanceled),
            hidden=True,
        )

        def found(_: Any) -> None:
            self._work = None
            then()

        def missing(error: Exception) -> None:
            self._work = None
            self.set_up(problem=str(error))

        def stopped() -> None:
            self._work = None

        work.done.connect(found)
        work.failed.connect(missing)
        work.stopped.connect(stopped)
        self._work = tasks.start(work)
