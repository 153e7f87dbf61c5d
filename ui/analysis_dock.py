"""The panel "New Analysis": a card for each step from the stack to the map."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any, List, Optional

from qgis.core import Qgis, QgsProject
from qgis.PyQt.QtCore import QUrl, pyqtSignal
from qgis.PyQt.QtGui import QDesktopServices
from qgis.PyQt.QtWidgets import QFileDialog, QWidget

from stillpoint.models import analysis_record as records
from stillpoint.models.errors import StillpointError
from stillpoint.models.recipe import CHAINS, INTERFEROGRAMS, OFFSETS, SCATTERERS, SERIES, STACK, TRENDS
from stillpoint.plugin import analysis_board, analysis_layers, settings
from stillpoint.plugin.analysis import Analysis
from stillpoint.plugin.language import tr
from stillpoint.ui.analysis_card import StepCard
from stillpoint.ui.analysis_layout import AnalysisLayout
from stillpoint.ui.analysis_results import AnalysisResults
from stillpoint.ui.widgets import message

NUMBERS = {STACK: "1", INTERFEROGRAMS: "2", SCATTERERS: "3", SERIES: "4", TRENDS: "5", OFFSETS: "1"}
RECIPES = "Recipes (*.json)"


class AnalysisDock(AnalysisLayout):
    """Leads from the stack to the map.

    Signals
    -------
    board_wanted
        The triage board, with its :class:`~stillpoint.plugin.triage_store.Sources`.
    threshold_wanted, viewer_wanted, profile_wanted, setup_wanted
        The dock or dialog of that name.

    Parameters
    ----------
    iface
        QGIS's interface.
    parent
        Parent widget.

    Attributes
    ----------
    analysis
        What is shown.
    results
        What brings the results to the map.
    options
        "All options" of a step, while they are open.
    """

    board_wanted = pyqtSignal(object)
    threshold_wanted = pyqtSignal()
    viewer_wanted = pyqtSignal()
    profile_wanted = pyqtSignal()
    setup_wanted = pyqtSignal()

    def __init__(self, iface: Any, parent: Optional[QWidget] = None) -> None:
        super().__init__(parent)
        self._iface = iface
        self.analysis = Analysis(self)
        self.results = AnalysisResults(self.analysis, iface, self)
        self.options: Any = None
        self._target = ""
        names = [name for chain in CHAINS.values() for name in chain]
        self._build({name: StepCard(name, NUMBERS[name], self.analysis) for name in names}, (
            ("load", tr("Open a recipe or an earlier analysis…"), self.ask_load),
            ("export", tr("Save the recipe as…"), self.ask_export),
            ("folder", tr("Show the folder"), self.show_folder),
            ("again", tr("Run everything again"), lambda: self.run_all(again=True)),
            ("anew", tr("Start a new analysis"), self.begin_anew),
        ))  # fmt: skip
        self._connect()
        self.refresh()
        self._open_next()

    def _connect(self) -> None:
        analysis = self.analysis
        analysis.changed.connect(self.refresh)
        analysis.began.connect(self._began)
        analysis.progressed.connect(lambda name, fraction, text: self.cards[name].show_progress(fraction, text))
        analysis.ended.connect(self._step_ended)
        analysis.stopped.connect(self._run_over)
        self.chain.currentIndexChanged.connect(lambda _: analysis.set_chain(self.chain.currentData()))
        self.folder.editingFinished.connect(self._folder_typed)
        self.folder_button.clicked.connect(self._ask_folder)
        self.run_box.activated.connect(self._run_chosen)
        self.run_button.clicked.connect(lambda: self.run_all())
        self.cancel_button.clicked.connect(self.cancel)
        self.repeat_button.clicked.connect(self.ask_repeat)
        for card in self.cards.values():
            card.title.toggled.connect(lambda _: self._widening.start())
            card.run_wanted.connect(self.run_step)
            card.cancel_wanted.connect(self.cancel)
            card.show_wanted.connect(self.results.show)
            card.options_wanted.connect(self.open_options)
            card.more_wanted.connect(self._more)
            card.setup_wanted.connect(self.setup_wanted)
            card.choices_wanted.connect(self.results.write_choices)
        self.results.changed.connect(self._layers_changed)
        self.results.failed.connect(lambda name, text: self.cards[name].say(message.ERROR, text))
        project = QgsProject.instance()
        project.layersRemoved.connect(self._layers_changed)
        project.readProject.connect(self._opened)
        project.cleared.connect(self._opened)

    def unload(self) -> None:
        """Stop what runs, and let go of the project; the dock is of no use afterwards."""
        project = QgsProject.instance()
        project.layersRemoved.disconnect(self._layers_changed)
        project.readProject.disconnect(self._opened)
        project.cleared.disconnect(self._opened)
        self.results.unload()
        self._close_options()
        self.analysis.unload()

    def activate(self, layer: Any = None) -> None:
        """Show the panel; a stack that is the active layer goes in where nothing was chosen yet."""
        self.setUserVisible(True)
        self.analysis.refresh()
        if layer is not None and not self.analysis.recipe.source():
            self._offer(layer)

    def _offer(self, layer: Any) -> None:
        from stillpoint.plugin import stacks

        try:
            path = stacks.path_of(layer)
            if path and stacks.facts_of(path).is_stack and len(stacks.facts_of(path).bands) > 1:
                self.analysis.set_source(path)
                self._open_next()
        except StillpointError:
            return

    # What is shown

    def refresh(self) -> None:
        """Show the analysis as it is."""
        analysis, busy = self.analysis, self.analysis.work is not None
        names = analysis.recipe.names()
        self.chain.blockSignals(True)
        self.chain.setCurrentIndex(self.chain.findData(analysis.recipe.chain))
        self.chain.blockSignals(False)
        if not self.folder.hasFocus() or busy:
            self.folder.setText(analysis.folder)
        for name, card in self.cards.items():
            card.setVisible(name in names)
            if name in names:
                card.refresh()
        self._show_runs()
        self._widening.start()
        if analysis.broken:
            self.message.say(message.ERROR, analysis.broken)
        open_steps = analysis.open_steps()
        stale = [name for name in open_steps if analysis.states[name][0] in (records.STALE, records.GONE)]
        done = any(analysis.states[name][0] == records.DONE for name in names)
        text = tr("Run what is out of date ({n})").format(n=len(open_steps)) if stale else (
            tr("Run the rest ({n})").format(n=len(open_steps)) if done and open_steps else tr("Run all"))  # fmt: skip
        lacking = bool(analysis.missing()[0])  # a click then says what
        self.run_button.setText(text if open_steps or lacking or not done else tr("All is up to date"))
        self.run_button.setEnabled((bool(open_steps) or lacking) and not busy and not self.results.writes_choices)
        self.run_button.setVisible(not busy)
        self.cancel_button.setVisible(busy)
        if not busy:
            self.cancel_button.setEnabled(True)  # it waits for the end of a run, which a closed project does not tell
        ran = any(analysis.entry(name).fingerprint for name in names)
        self.repeat_button.setEnabled(ran and not busy)
        for widget in (self.chain, self.folder, self.folder_button, self.run_box, self.menu_button):
            widget.setEnabled(not busy)
        self.actions_by_name["folder"].setEnabled(bool(analysis.folder) and Path(analysis.folder).is_dir())
        self.actions_by_name["again"].setEnabled(ran)
        self._show_choices()

    def _show_choices(self) -> None:
        """Offer to take what was decided on the triage board."""
        number = analysis_board.waiting(self.analysis)
        card = self.cards[INTERFEROGRAMS]
        if number and self.analysis.work is None:
            card.choices_button.setVisible(True)
            card.choices_button.setEnabled(not self.results.writes_choices)
            card.choices_button.setText(tr("Use my {n} choices").format(n=number))

    def _show_runs(self) -> None:
        runs = self.analysis.runs
        self.run_box.setVisible(len(runs) > 1)
        self.run_box.clear()
        for index, run in reversed(list(enumerate(runs))):
            self.run_box.addItem(tr("First run") if index == 0 else tr("Run of {day}").format(day=Path(run).name), run)
        self.run_box.setCurrentIndex(self.run_box.findData(self.analysis.folder))

    def _open_next(self) -> None:
        """Open the card of the first step that is to be done, and close the others."""
        waiting = [name for name in self.analysis.recipe.names() if self.analysis.states[name][0] not in records.SETTLED]
        for name, card in self.cards.items():
            card.set_open(bool(waiting) and name == waiting[0])

    def _layers_changed(self, *_: Any) -> None:
        for name in self.analysis.recipe.names():
            self.cards[name].refresh()
        self._show_choices()

    def _opened(self, *_: Any) -> None:
        """Begin with another project, or none."""
        self._close_options()
        self.message.clear()
        self._open_next()

    # Runs

    def _take_all(self) -> None:
        for card in self.cards.values():
            card.take_now()
        if self.folder.isModified():
            self._folder_typed()

    def run_all(self, *, again: bool = False) -> None:
        """Run everything that is to be done."""
        self._take_all()
        name, sentence = self.analysis.missing()
        if name:
            self._say_missing(name, sentence)
            return
        steps = list(self.analysis.recipe.names()) if again else self.analysis.open_steps()
        self._target = ""
        self._start(steps, again=again)

    def run_step(self, name: str) -> None:
        """Run a step, and what comes before it where that is not done."""
        self._take_all()
        lacking, sentence = self.analysis.missing(name)
        if lacking:
            self._say_missing(lacking, sentence)
            return
        before = [other for other in self.analysis.open_steps(name) if other != name]
        alone = self.analysis.states[name][0] == records.DONE and not before
        self._target = name
        self._start([*before, name], again=alone)

    def _say_missing(self, name: str, sentence: str) -> None:
        for other, card in self.cards.items():
            card.set_open(other == name)
        self.cards[name].say(message.ERROR, sentence)
        self._reveal(name)
        picker = next(iter(self.cards[name].pickers.values()), None)
        if picker is not None:
            picker.setFocus()

    def _start(self, steps: List[str], *, again: bool = False) -> None:
        self.message.clear()
        if self.results.writes_choices:
            self.message.say(message.INFORMATION, tr("The kept stack is being written by your choices. Run it then."))
            return
        try:
            self.analysis.start(steps, again=again)
        except StillpointError as error:
            self.message.say(message.ERROR, str(error))

    def cancel(self) -> None:
        """Stop the run; finished steps stay."""
        self.cancel_button.setEnabled(False)
        if self.analysis.running:
            self.cards[self.analysis.running].show_progress(-1.0, tr("Stopping…"))
        self.analysis.cancel()

    def _began(self, name: str) -> None:
        for card in self.cards.values():
            card.set_open(False)
        if sys.platform == "win32":  # a file that a layer shows cannot be written anew there
            analysis_layers.remove_step_layers(self.analysis.folder, name)
        self._reveal(name)

    def _step_ended(self, name: str, state: str) -> None:
        if state in ("done", records.DONE):
            self.results.add(name)
            return
        if state == "failed":
            self.cards[name].set_open(True)
        if sys.platform == "win32" and self.analysis.entry(name).fingerprint:  # what was there before is still there
            self.results.add(name)

    def is_settled(self) -> bool:
        """Tell whether nothing runs and every result is on the map."""
        return self.analysis.work is None and self.results.is_settled()

    def _run_over(self, error: Optional[StillpointError]) -> None:
        self.cancel_button.setEnabled(True)
        analysis = self.analysis
        failed = [name for name in analysis.recipe.names() if analysis.states[name][0] == records.FAILED]
        for name in failed or filter(None, [self._target]):
            self.cards[name].set_open(True)
        if error is not None and not failed:
            self.message.say(message.ERROR, str(error))
        elif error is None and not failed and not analysis.open_steps():
            self._all_done()
        if not self.isVisible() and self._iface is not None:
            text = str(error) if error is not None else tr("The analysis of {name} has ended.").format(name=analysis.title)
            level = Qgis.MessageLevel.Warning if error is not None else Qgis.MessageLevel.Success
            self._iface.messageBar().pushMessage("Stillpoint", text, level, 10)

    def _all_done(self) -> None:
        last = [name for name in self.analysis.recipe.names() if self.analysis.states[name][0] == records.DONE][-1:]
        for name in last:
            self._reveal(name)

    # Results and options

    def _more(self, name: str, what: str) -> None:
        if what == "board":
            if analysis_layers.layers_of(self.analysis.folder, name):
                self.results.show_for(name, lambda: None)
            self.board_wanted.emit(analysis_board.sources(self.analysis))
            return
        wanted = {"threshold": self.threshold_wanted, "viewer": self.viewer_wanted, "profile": self.profile_wanted}[what]
        self.results.show_for(name, wanted.emit)

    def open_options(self, name: str) -> None:
        """Open the dialog of a step's capability, filled in."""
        from stillpoint.ui.analysis_options import OptionsDialog

        self._take_all()
        self._close_options()
        self.options = opened = OptionsDialog(name, self.analysis, self._iface, self._iface.mainWindow())
        opened.dialog.destroyed.connect(lambda *_: self._options_gone(opened))
        opened.show()

    def _close_options(self) -> None:
        if self.options is not None:
            self.options, opened = None, self.options
            opened.dialog.close()

    def _options_gone(self, opened: Any) -> None:
        """Forget the dialog that is gone; another may be open by now."""
        if self.options is opened:
            self.options = None

    # Folder, runs, recipes

    def _folder_typed(self) -> None:
        self.folder.setModified(False)
        self.analysis.set_folder(self.folder.text().strip())

    def _ask_folder(self) -> None:
        folder = QFileDialog.getExistingDirectory(self, tr("Folder for the results"), self.analysis.folder or
                                                  settings.get("output_folder"))  # fmt: skip
        if folder:
            self.analysis.set_folder(folder)

    def _run_chosen(self, index: int) -> None:
        self.analysis.open_run(str(self.run_box.itemData(index)))
        self._open_next()

    def show_folder(self) -> None:
        """Open the folder of the results in the system's file manager."""
        QDesktopServices.openUrl(QUrl.fromLocalFile(self.analysis.folder))

    def ask_repeat(self) -> None:
        """Ask for new data, and run the same recipe on it."""
        from stillpoint.ui.analysis_repeat import RepeatDialog

        dialog = RepeatDialog(self.analysis, self)
        if dialog.exec():
            self.repeat(*dialog.choice())

    def repeat(self, source: str, secondary: str = "") -> None:
        """Run the same recipe on new data, into a folder and group of today."""
        self.analysis.repeat(source, secondary)
        self.run_all()

    def begin_anew(self) -> None:
        """Start with an empty recipe; files and layers stay."""
        self.analysis.begin_anew()
        self.message.clear()
        self._open_next()

    def ask_load(self) -> None:
        """Ask for a recipe, and take it."""
        path, _ = QFileDialog.getOpenFileName(self, tr("Recipe or analysis.json"), settings.get("output_folder"), RECIPES)
        if path:
            self.load(path)

    def load(self, path: str) -> None:
        """Take the recipe in a file."""
        self.message.clear()
        try:
            self.analysis.load(path)
        except StillpointError as error:
            self.message.say(message.ERROR, str(error))
        self._open_next()

    def ask_export(self) -> None:
        """Ask for a file, and write the recipe."""
        path, _ = QFileDialog.getSaveFileName(self, tr("Save the recipe"), str(Path(self.analysis.folder or ".") / "recipe.json"),
                                              RECIPES)  # fmt: skip
        if path:
            self.export(path)

    def export(self, path: str) -> None:
        """Write the recipe to a file."""
        self._take_all()
        path = path if Path(path).suffix else f"{path}.json"
        try:
            self.analysis.export(path)
        except StillpointError as error:
            self.message.say(message.ERROR, str(error))
            return
        self.message.say(message.SUCCESS, tr("The recipe is saved. stillpoint run-analysis runs it without a window."))
