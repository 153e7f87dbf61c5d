"""The panel "New Analysis": a card for each step from the stack to the map."""

from __future__ import annotations

import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Dict, List, Optional

from qgis.core import Qgis, QgsApplication, QgsProject
from qgis.gui import QgsDockWidget
from qgis.PyQt.QtCore import Qt, QTimer, QUrl, pyqtSignal
from qgis.PyQt.QtGui import QDesktopServices, QPalette
from qgis.PyQt.QtWidgets import (
    QComboBox,
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QMenu,
    QPushButton,
    QScrollArea,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from stillpoint.models import analysis_record as records
from stillpoint.models.analysis_record import Entry
from stillpoint.models.errors import StillpointError
from stillpoint.models.recipe import CHAINS, INTERFEROGRAMS, OFFSETS, SCATTERERS, SERIES, STACK, TRENDS
from stillpoint.plugin import analysis_board, analysis_layers, settings, tasks
from stillpoint.plugin.analysis import Analysis
from stillpoint.plugin.language import tr
from stillpoint.ui import analysis_words as words
from stillpoint.ui.analysis_card import StepCard
from stillpoint.ui.help_keys import give_help, help_button
from stillpoint.ui.widgets import message
from stillpoint.ui.widgets.message import Message

NUMBERS = {STACK: "1", INTERFEROGRAMS: "2", SCATTERERS: "3", SERIES: "4", TRENDS: "5", OFFSETS: "1"}
RECIPES = "Recipes (*.json)"


@dataclass(frozen=True)
class _Found:
    """The result of a step, to be put on the map."""

    name: str
    entry: Entry
    folder: str
    title: str
    arrows: str = ""


class AnalysisDock(QgsDockWidget):
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
    cards
        A card for each step, of both chains.
    """

    board_wanted = pyqtSignal(object)
    threshold_wanted = pyqtSignal()
    viewer_wanted = pyqtSignal()
    profile_wanted = pyqtSignal()
    setup_wanted = pyqtSignal()

    def __init__(self, iface: Any, parent: Optional[QWidget] = None) -> None:
        super().__init__(parent)
        self.setObjectName("StillpointAnalysis")
        self.setWindowTitle(tr("New Analysis"))
        self._iface = iface
        self.analysis = Analysis(self)
        self.cards: Dict[str, StepCard] = {name: StepCard(name, NUMBERS[name], self.analysis) for names in CHAINS.values()
                                           for name in names}  # fmt: skip
        self.options: Any = None
        self._target = ""
        self._found: List[_Found] = []
        self._busy = False
        self._putting = QTimer(self)
        self._putting.setSingleShot(True)
        self._putting.setInterval(0)
        self._putting.timeout.connect(self._put_next)
        self._arrows: List[tasks.Work] = []
        self._build()
        self._connect()
        self.refresh()
        self._open_next()

    # Layout

    def _build(self) -> None:
        self.chain = QComboBox()
        self.chain.setObjectName("chain")
        self.chain.setToolTip(tr("What is to be measured"))
        for key, text in words.CHAINS:
            self.chain.addItem(tr(text), key)
        self.chain.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.chain.setMinimumContentsLength(20)
        self.menu_button = QToolButton()
        self.menu_button.setObjectName("more")
        self.menu_button.setIcon(QgsApplication.getThemeIcon("/mActionOptions.svg"))
        self.menu_button.setToolTip(tr("Recipes, folders, a new start"))
        self.menu_button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.menu_button.setMenu(self._menu())
        top = QHBoxLayout()
        top.addWidget(self.chain, 1)
        top.addWidget(self.menu_button)
        top.addWidget(help_button(give_help(self, "analysis")))
        self.folder = QLineEdit()
        self.folder.setObjectName("folder")
        self.folder.setPlaceholderText(tr("Folder for the results"))
        self.folder.setToolTip(tr("Everything that the steps write goes here"))
        self.folder_button = QToolButton()
        self.folder_button.setText("…")
        self.folder_button.setToolTip(tr("Choose the folder for the results"))
        self.run_box = QComboBox()
        self.run_box.setObjectName("runs")
        self.run_box.setToolTip(tr("The runs of this analysis, the last one first"))
        place = QHBoxLayout()
        place.addWidget(QLabel(tr("Folder")))
        place.addWidget(self.folder, 1)
        place.addWidget(self.folder_button)
        self.message = Message()
        column = QWidget()
        cards = QVBoxLayout(column)
        cards.setContentsMargins(0, 0, 4, 0)
        cards.setSpacing(6)
        for card in self.cards.values():
            cards.addWidget(card)
        cards.addStretch(1)
        self.area = QScrollArea()
        self.area.setWidgetResizable(True)
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.area.setWidget(column)
        self.run_button = QPushButton(tr("Run all"))
        self.run_button.setObjectName("run_all")
        self.run_button.setIcon(QgsApplication.getThemeIcon("/mActionStart.svg"))
        self.cancel_button = QPushButton(tr("Cancel"))
        self.cancel_button.setObjectName("cancel_all")
        self.repeat_button = QPushButton(tr("Repeat on new dates…"))
        self.repeat_button.setObjectName("repeat")
        self.repeat_button.setToolTip(tr("The same recipe on new data, into a new folder and group of today; old results stay"))
        bottom = QHBoxLayout()
        bottom.addWidget(self.run_button, 1)
        bottom.addWidget(self.cancel_button, 1)
        bottom.addWidget(self.repeat_button)
        body = QWidget()
        layout = QVBoxLayout(body)
        layout.setContentsMargins(8, 6, 8, 8)
        layout.addLayout(top)
        layout.addLayout(place)
        layout.addWidget(self.run_box)
        layout.addWidget(self.message)
        layout.addWidget(self.area, 1)
        layout.addLayout(bottom)
        self.setWidget(body)
        self._style()
        self._widening = QTimer(self)
        self._widening.setSingleShot(True)
        self._widening.setInterval(0)
        self._widening.timeout.connect(self._widen)
        self._wanted = STACK
        self._revealing = QTimer(self)
        self._revealing.setSingleShot(True)
        self._revealing.setInterval(50)
        self._revealing.timeout.connect(self._scroll)

    def _widen(self) -> None:
        """Make room for the widest card: only the height scrolls."""
        needed = self.area.widget().minimumSizeHint().width() + self.area.verticalScrollBar().sizeHint().width()
        if needed > self.area.minimumWidth():
            self.area.setMinimumWidth(needed)

    def _style(self) -> None:
        """Give the cards a quiet frame in the colours of the theme."""
        line = self.palette().color(QPalette.ColorRole.Mid).name()
        base = self.palette().color(QPalette.ColorRole.Base).name()
        chosen = self.palette().color(QPalette.ColorRole.Highlight).name()
        self.area.widget().setStyleSheet(
            f'QFrame[card="true"] {{ border: 1px solid {line}; border-radius: 6px; background: {base}; }}'
            'QToolButton[head="true"] { border: 1px solid transparent; border-radius: 3px; padding: 2px 3px; background: none; }'
            f'QToolButton[head="true"]:focus {{ border-color: {chosen}; }}'
        )

    def _menu(self) -> QMenu:
        menu = QMenu(self)
        self.actions_by_name = {}
        for name, text, slot in (
            ("load", tr("Open a recipe or an earlier analysis…"), self.ask_load),
            ("export", tr("Save the recipe as…"), self.ask_export),
            ("folder", tr("Show the folder"), self.show_folder),
            ("again", tr("Run everything again"), lambda: self.run_all(again=True)),
            ("anew", tr("Start a new analysis"), self.begin_anew),
        ):
            action = menu.addAction(text)
            action.triggered.connect(lambda _=False, slot=slot: slot())
            self.actions_by_name[name] = action
        return menu

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
            card.show_wanted.connect(self.show_step)
            card.options_wanted.connect(self.open_options)
            card.more_wanted.connect(self._more)
            card.setup_wanted.connect(self.setup_wanted)
            card.choices_wanted.connect(self.use_choices)
        QgsProject.instance().layersRemoved.connect(self._layers_changed)
        QgsProject.instance().readProject.connect(self._opened)

    def unload(self) -> None:
        """Stop what runs, and let go of the project; the dock is of no use afterwards."""
        QgsProject.instance().layersRemoved.disconnect(self._layers_changed)
        QgsProject.instance().readProject.disconnect(self._opened)
        for work in self._arrows:
            work.drop()
        self._found = []
        if self.options is not None:
            self.options.dialog.close()
            self.options = None
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
        self.run_button.setEnabled((bool(open_steps) or lacking) and not busy)
        self.run_button.setVisible(not busy)
        self.cancel_button.setVisible(busy)
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

    def _reveal(self, name: str) -> None:
        """Scroll to a card as soon as it is laid out."""
        self._wanted = name
        self._revealing.start()

    def _scroll(self) -> None:
        """Show the wanted card whole, or its top where it is higher than the panel; never scroll sideways."""
        card, bar, height = self.cards[self._wanted], self.area.verticalScrollBar(), self.area.viewport().height()
        if card.y() < bar.value() or card.height() > height:
            bar.setValue(card.y() - 4)
        elif card.y() + card.height() > bar.value() + height:
            bar.setValue(card.y() + card.height() - height + 4)
        self.area.horizontalScrollBar().setValue(0)

    def _layers_changed(self, *_: Any) -> None:
        for name in self.analysis.recipe.names():
            self.cards[name].refresh()
        self._show_choices()

    def _opened(self, *_: Any) -> None:
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
            self._add(name)
            return
        if state == "failed":
            self.cards[name].set_open(True)
        if sys.platform == "win32" and self.analysis.entry(name).fingerprint:  # what was there before is still there
            self._add(name)

    def _add(self, name: str) -> None:
        """Put the result of a step on the map."""
        analysis = self.analysis
        found = _Found(name, analysis.entry(name), analysis.folder, analysis.title)
        work = analysis_layers.arrows_work(found.entry) if name == OFFSETS else None
        if work is None:
            self._put(found)
            return
        work.done.connect(lambda arrows: self._put(replace(found, arrows=arrows)))
        work.failed.connect(lambda _: self._put(found))
        self._arrows.append(tasks.start(work))

    def _put(self, found: _Found) -> None:
        """Have a result put on the map as soon as nothing else is under way.

        QGIS sees to events while layers are made: the next result may come in, and the task that told of this one may be gone. So
        it is not done in the slot of a task, and not two at a time.
        """
        self._found.append(found)
        self._putting.start()

    def _put_next(self) -> None:
        if self._busy or not self._found:
            return
        self._busy = True
        one = self._found.pop(0)
        try:
            analysis_layers.add_step_layers(
                one.name, one.entry, folder=one.folder, title=one.title, iface=self._iface, arrows=one.arrows
            )
        except StillpointError as error:
            self.cards[one.name].say(message.ERROR, str(error))
        finally:
            self._busy = False
        self._layers_changed()
        if self._found:
            self._putting.start()

    def is_settled(self) -> bool:
        """Tell whether nothing runs and every result is on the map."""
        return self.analysis.work is None and not self._found and not self._busy

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

    # Results

    def show_step(self, name: str) -> None:
        """Show the layers of a step; those that were removed are loaded again."""
        layers = analysis_layers.layers_of(self.analysis.folder, name)
        if not layers:
            self._add(name)
            return
        analysis_layers.show_step(self.analysis.folder, name)
        analysis_layers.go_to(layers, self._iface)

    def _more(self, name: str, what: str) -> None:
        layers = analysis_layers.layers_of(self.analysis.folder, name)
        if not layers and what != "board":
            self._add(name)
            layers = analysis_layers.layers_of(self.analysis.folder, name)
        if layers:
            analysis_layers.show_step(self.analysis.folder, name)
            self._iface.setActiveLayer(analysis_layers.first_of(layers))
        if what == "board":
            self.board_wanted.emit(analysis_board.sources(self.analysis))
        else:
            {"threshold": self.threshold_wanted, "viewer": self.viewer_wanted, "profile": self.profile_wanted}[what].emit()

    def use_choices(self) -> None:
        """Write the kept stack anew, as was decided on the triage board."""
        try:
            work = analysis_board.choices_work(self.analysis)
        except StillpointError as error:
            self.cards[INTERFEROGRAMS].say(message.ERROR, str(error))
            return
        work.done.connect(lambda _: self.analysis.refresh())
        work.failed.connect(lambda error: self.cards[INTERFEROGRAMS].say(message.ERROR, str(error)))
        self._arrows.append(tasks.start(work))

    def open_options(self, name: str) -> None:
        """Open the dialog of a step's capability, filled in."""
        from stillpoint.ui.analysis_options import OptionsDialog

        self._take_all()
        if self.options is not None:
            self.options.dialog.close()
        self.options = OptionsDialog(name, self.analysis, self._iface, self._iface.mainWindow())
        self.options.dialog.destroyed.connect(self._options_gone)
        self.options.show()

    def _options_gone(self, *_: Any) -> None:
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
