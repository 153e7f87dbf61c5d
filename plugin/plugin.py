"""Toolbar, menu and docks. Everything heavy is imported when it is first asked for; unload mirrors load."""

from __future__ import annotations

import atexit
import sys
from pathlib import Path
from typing import Any, Callable, List, Optional

from qgis.core import Qgis, QgsApplication, QgsVectorLayer
from qgis.PyQt.QtCore import Qt, QTimer
from qgis.PyQt.QtGui import QIcon
from qgis.PyQt.QtWidgets import QAction, QApplication, QDialog, QDockWidget, QToolBar, QWidget

from stillpoint.plugin import language
from stillpoint.plugin.language import tr

ICONS = Path(__file__).resolve().parent / "icons"
MENU = "Stillpoint"
WELCOME_AFTER = 2500
"""Milliseconds after which the welcome is offered: when QGIS's window is there and its own messages are read."""


class StillpointPlugin:
    """What QGIS loads and unloads.

    Parameters
    ----------
    iface
        QGIS's interface; None in ``qgis_process``, which asks for :meth:`initProcessing` alone.
    """

    def __init__(self, iface: Any) -> None:
        self.iface = iface
        self.provider: Any = None
        self.toolbar: Optional[QToolBar] = None
        self.actions: List[QAction] = []
        self.help_action: Optional[QAction] = None
        self.viewer_dock: Optional[QDockWidget] = None
        self.pixel_dock: Optional[QDockWidget] = None
        self.threshold_dock: Optional[QDockWidget] = None
        self.profile_dock: Optional[QDockWidget] = None
        self.review_dock: Any = None
        self.analysis_dock: Any = None
        self.board: Any = None
        self.layer_actions: List[QAction] = []
        self.run_again: Any = None
        self.dialogs: List[QDialog] = []
        self._tour: Any = None
        self.welcome_timer: Optional[QTimer] = None
        self._work: Any = None

    def initProcessing(self) -> None:
        """Register the Processing provider."""
        from stillpoint.plugin import shelf_folder
        from stillpoint.plugin.provider import StillpointProvider

        language.install()
        shelf_folder.name_folder()
        self.provider = StillpointProvider()
        QgsApplication.processingRegistry().addProvider(self.provider)

    def initGui(self) -> None:
        """Add toolbar, menu and provider."""
        from stillpoint.plugin import series_actions

        self.initProcessing()
        self.toolbar = self.iface.addToolBar("Stillpoint")
        self.toolbar.setObjectName("StillpointToolBar")
        self.analysis_action = self._add(
            "analysis", tr("New Analysis"), self.toggle_analysis, tr("From the stack to the map, step by step")
        )
        self.analysis_action.setCheckable(True)
        self._add("stack", tr("Open Stack…"), self.open_stack, tr("A product's folder or files as one stack of dates"))
        self._add(
            "interferograms", tr("Select Interferograms…"), self.select_interferograms,
            tr("Which interferograms of a stack are good enough"),
        )  # fmt: skip
        self._add("triage", tr("Interferogram Triage…"), self.triage, tr("Look at every pair of a selection, and keep or drop it"))
        self._add("select", tr("Select Scatterers…"), self.select, tr("Persistent scatterers (PS) in a stack"))
        self.pixel_action = self._add(
            "pixel", tr("Pixel History"), self.toggle_pixel, tr("Amplitude and phase of a pixel, and why it is a PS or not")
        )
        self.threshold_action = self._add(
            "threshold", tr("PS Threshold"), self.toggle_threshold, tr("Move the threshold of a selection, and save its mask")
        )
        for action in (self.pixel_action, self.threshold_action):
            action.setCheckable(True)
        self._add("assess", tr("Assess Scatterers…"), self.assess, tr("PS masks compared: zones, agreement, density, terrain"))
        self._add("offsets", tr("Track Offsets…"), self.track_offsets, tr("How far features moved between two amplitude images"))
        self.profile_action = self._add(
            "profile", tr("Offset Profile"), self.toggle_profile, tr("Offsets along a line that you draw on the map")
        )
        self.profile_action.setCheckable(True)
        series_actions.add_actions(self)
        self._add("classify", tr("Classify Trends…"), self.classify, tr("Trend class of every point of a series"))
        self.viewer_action = self._add(
            "series", tr("Series Viewer"), self.toggle_viewer, tr("Displacement series of the points you click")
        )
        self.viewer_action.setCheckable(True)
        self.review_action = self._add(
            "review", tr("Review"), self.toggle_review, tr("Look at what a model is least sure of, and correct it with one key")
        )
        self.review_action.setCheckable(True)
        self._add("train", tr("Train a Model…"), self.train, tr("A network of your own, from your layers and labels"))
        self._add("library", tr("Models…"), self.show_models, tr("The installed models, their cards, and which are used"))
        self._add("export", tr("Export…"), self.export, tr("Classified points as shapefile, GeoPackage or CSV"))
        self._add("report", tr("Report…"), self.report, tr("Maps, tables, charts and method of a result as PDF and web page"))
        self._add("setup", tr("Set-up…"), self.set_up, tr("The engine's Python environment and its devices"))
        self._add(
            "doctor", tr("Check the Environment…"), self.doctor, tr("What the engine stands on, and repairs by one click"),
            toolbar=False,
        )  # fmt: skip
        self._add("sample", tr("Sample Project…"), self.sample, tr("Simulated data to try everything on"), toolbar=False)
        self._add("tour", tr("Tour"), self.tour, tr("The first ten minutes, step by step, on the sample project"), toolbar=False)
        self._add_to_layers()
        self._add("help", tr("Help"), self.show_help, tr("How to work with Stillpoint"), toolbar=False)
        self.help_action = QAction(QIcon(str(ICONS / "stillpoint.svg")), "Stillpoint", self.iface.mainWindow())
        self.help_action.triggered.connect(self.show_help)
        self.iface.pluginHelpMenu().addAction(self.help_action)
        self.welcome_timer = QTimer(self.toolbar)
        self.welcome_timer.setSingleShot(True)
        self.welcome_timer.timeout.connect(self._welcome)
        self.welcome_timer.start(WELCOME_AFTER)

    def _add(
        self, icon: str, text: str, slot: Callable[..., None], tip: str, *, toolbar: bool = True
    ) -> QAction:
        action = QAction(QIcon(str(ICONS / f"{icon}.svg")), text, self.iface.mainWindow())
        action.setObjectName(f"stillpoint_{icon}")
        action.setToolTip(tip)
        action.setStatusTip(tip)
        action.triggered.connect(slot)
        self.iface.addPluginToMenu(MENU, action)
        if toolbar and self.toolbar is not None:
            self.toolbar.addAction(action)
        self.actions.append(action)
        return action

    def _add_to_layers(self) -> None:
        """Offer what fits a raster in the context menu of the layer list."""
        from stillpoint.plugin.compat import RASTER_TYPE

        window = self.iface.mainWindow()
        for icon, text, slot in (
            ("interferograms", tr("Select Interferograms…"), self.select_interferograms),
            ("select", tr("Select Scatterers…"), self.select),
            ("pixel", tr("Pixel History"), self._show_pixel),
            ("offsets", tr("Track Offsets…"), self.track_offsets),
            ("offsets", tr("Show Offsets as Maps"), self.show_offsets),
        ):
            action = QAction(QIcon(str(ICONS / f"{icon}.svg")), text, window)
            action.triggered.connect(lambda _, slot=slot: slot())
            self.iface.addCustomActionForLayerType(action, MENU, RASTER_TYPE, True)
            self.layer_actions.append(action)
        from stillpoint.plugin.run_again import RunAgain

        self.run_again = RunAgain(self, ICONS)

    def unload(self) -> None:
        """Undo everything that load and later clicks did; running jobs are stopped."""
        self._end_work()
        if self.welcome_timer is not None:
            self.welcome_timer.stop()
        if self._tour is not None:
            self._tour.unload()
            self._tour = None
        for dialog in self.dialogs:
            dialog.close()
            dialog.deleteLater()
        self.dialogs = []
        if self.board is not None:
            self.board.unload()
            self.board.deleteLater()
            self.board = None
        for dock in (self.viewer_dock, self.pixel_dock, self.threshold_dock, self.profile_dock, self.review_dock,
                     self.analysis_dock):  # fmt: skip
            if dock is not None:
                dock.unload()
                self.iface.removeDockWidget(dock)
                dock.deleteLater()
        self.viewer_dock = self.pixel_dock = self.threshold_dock = self.profile_dock = self.review_dock = self.analysis_dock = None
        for action in self.layer_actions:
            self.iface.removeCustomActionForLayerType(action)
            action.deleteLater()
        self.layer_actions = []
        if self.run_again is not None:
            self.run_again.unload()
            self.run_again = None
        for action in self.actions:
            self.iface.removePluginMenu(MENU, action)
            if self.toolbar is not None:
                self.toolbar.removeAction(action)
            action.deleteLater()
        self.actions = []
        if self.help_action is not None:
            self.iface.pluginHelpMenu().removeAction(self.help_action)
            self.help_action.deleteLater()
            self.help_action = None
        if self.toolbar is not None:
            self.iface.mainWindow().removeToolBar(self.toolbar)
            self.toolbar.deleteLater()
            self.toolbar = None
        if self.provider is not None:
            QgsApplication.processingRegistry().removeProvider(self.provider)
            self.provider = None
            from stillpoint.plugin import shelf_folder

            shelf_folder.forget_folder()
        language.remove()

    def _end_work(self) -> None:
        """Stop tasks and end the engine, as far as they were ever imported."""
        self._work = None
        tasks = sys.modules.get("stillpoint.plugin.tasks")
        if tasks is not None:
            tasks.cancel_all()
        training_run = sys.modules.get("stillpoint.plugin.training_run")
        if training_run is not None:
            training_run.forget()
        runner = sys.modules.get("stillpoint.plugin.runner")
        if runner is not None:
            runner.close()
            atexit.unregister(runner.close)

    # What the actions do

    def toggle_analysis(self, visible: bool) -> None:
        """Show or hide the panel that leads from the stack to the map; the active layer goes in where it is a stack."""
        if self.analysis_dock is None:
            if not visible:
                return
            from stillpoint.ui.analysis_wiring import make_dock

            self.analysis_dock = make_dock(self)
        self.analysis_dock.activate(self.iface.activeLayer()) if visible else self.analysis_dock.hide()

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

    def triage(self) -> None:
        """Show the triage board, with what the project had open where nothing is open yet."""
        from stillpoint.plugin import triage_store

        self._show_board()
        sources = triage_store.remembered()
        if self.board.triage is None and sources is not None:
            self.board.try_open(sources)

    def triage_of(self, sources: Any) -> None:
        """Show the triage board on a selection."""
        self._show_board()
        self.board.try_open(sources)

    def _show_board(self) -> None:
        from stillpoint.ui.triage_board import TriageBoard

        if self.board is None:
            self.board = TriageBoard(self.iface, self.iface.mainWindow())
            self.board.train_wanted.connect(self.train_on)
        self.board.show()
        self.board.raise_()
        self.board.activateWindow()

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

    def toggle_pixel(self, visible: bool) -> None:
        """Show or hide the pixel history; shown, the next click on the map picks a pixel."""
        if self.pixel_dock is None:
            if not visible:
                return
            from stillpoint.ui.pixel_dock import PixelDock

            self.pixel_dock = PixelDock(self.iface, self.iface.mainWindow())
            self.pixel_dock.visibilityChanged.connect(self._docks_shown)
            self.iface.addDockWidget(Qt.DockWidgetArea.BottomDockWidgetArea, self.pixel_dock)
        self.pixel_dock.activate() if visible else self.pixel_dock.hide()

    def _show_pixel(self) -> None:
        self.pixel_action.setChecked(True)
        self.toggle_pixel(True)

    def toggle_threshold(self, visible: bool) -> None:
        """Show or hide the threshold of the selections."""
        if self.threshold_dock is None:
            if not visible:
                return
            from stillpoint.ui.scatterers_threshold import ThresholdDock

            self.threshold_dock = ThresholdDock(self.iface, self.iface.mainWindow())
            self.threshold_dock.visibilityChanged.connect(self._docks_shown)
            self.iface.addDockWidget(Qt.DockWidgetArea.LeftDockWidgetArea, self.threshold_dock)
        self.threshold_dock.setUserVisible(visible) if visible else self.threshold_dock.hide()

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

    def toggle_profile(self, visible: bool) -> None:
        """Show or hide the profile of offsets; shown, the next clicks on the map draw its line."""
        if self.profile_dock is None:
            if not visible:
                return
            from stillpoint.ui.profile_dock import ProfileDock

            self.profile_dock = ProfileDock(self.iface, self.iface.mainWindow())
            self.profile_dock.visibilityChanged.connect(self._docks_shown)
            self.iface.addDockWidget(Qt.DockWidgetArea.BottomDockWidgetArea, self.profile_dock)
        self.profile_dock.activate() if visible else self.profile_dock.hide()

    def toggle_review(self, visible: bool) -> None:
        """Show or hide the review."""
        if self.review_dock is None:
            if not visible:
                return
            from stillpoint.ui.review_dock import ReviewDock

            self.review_dock = ReviewDock(self.iface, self.iface.mainWindow())
            self.review_dock.visibilityChanged.connect(self._docks_shown)
            self.review_dock.train_wanted.connect(self.train_on)
            self.iface.addDockWidget(Qt.DockWidgetArea.BottomDockWidgetArea, self.review_dock)
        self.review_dock.setUserVisible(True) if visible else self.review_dock.hide()

    def train_on(self, task: str, data: List[Any], kind: str, labels: str) -> None:
        """Open the training with data and labels that were just made."""
        def open_it() -> None:
            self._open_train()
            for dialog in self.dialogs:
                if dialog.objectName() == "StillpointTrain":
                    dialog.fill_form(task, data=data, label_kind=kind, labels=labels)

        self._with_engine(open_it)

    def _docks_shown(self, _: bool) -> None:
        """Keep the buttons as the docks are; one behind another tab still counts as open."""
        for dock, action in (
            (self.pixel_dock, "pixel_action"), (self.threshold_dock, "threshold_action"), (self.profile_dock, "profile_action"),
            (self.review_dock, "review_action"), (self.analysis_dock, "analysis_action"),
        ):  # fmt: skip
            if dock is not None and self.actions:
                getattr(self, action).setChecked(not dock.isHidden())

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

    def toggle_viewer(self, visible: bool) -> None:
        """Show or hide the series viewer."""
        if self.viewer_dock is None:
            if not visible:
                return
            from stillpoint.ui.series_viewer import SeriesViewerDock

            self.viewer_dock = SeriesViewerDock(self.iface, self.iface.mainWindow())
            self.viewer_dock.visibilityChanged.connect(self._viewer_shown)
            self.iface.addDockWidget(Qt.DockWidgetArea.BottomDockWidgetArea, self.viewer_dock)
        self.viewer_dock.setUserVisible(visible) if visible else self.viewer_dock.hide()

    def _viewer_shown(self, _: bool) -> None:
        """Keep the button as the dock is; a dock behind another tab still counts as open."""
        if self.viewer_dock is not None and self.actions:
            self.viewer_action.setChecked(not self.viewer_dock.isHidden())

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
