"""The triage board: the network, the pairs and the chosen one, where an analyst keeps and drops interferograms."""

from __future__ import annotations

from pathlib import Path
from typing import Any, List, Optional, Sequence, Tuple

import numpy as np
from qgis.core import QgsProject
from qgis.PyQt.QtCore import QEvent, Qt, QTimer, pyqtSignal
from qgis.PyQt.QtGui import QIcon, QKeyEvent
from qgis.PyQt.QtWidgets import QApplication, QFileDialog, QFrame, QMainWindow, QPushButton, QSplitter, QVBoxLayout, QWidget

from stillpoint.models.errors import StillpointError
from stillpoint.plugin import settings, stacks, triage_store
from stillpoint.plugin.language import tr
from stillpoint.plugin.triage import Triage, with_baselines
from stillpoint.plugin.triage_rasters import PairBands, find_stack, pair_bands
from stillpoint.plugin.triage_store import Sources
from stillpoint.plugin.triage_table import TriageTable, decisions_path, read_table
from stillpoint.ui.help_keys import give_help
from stillpoint.ui.plot.theme import Theme
from stillpoint.ui.review_pairs import UnsurePairs
from stillpoint.ui.triage_colours import ALERT, FRINGES, ONE_SCALE
from stillpoint.ui.triage_detail import PairPanel
from stillpoint.ui.triage_export import ExportMenu
from stillpoint.ui.triage_filters import FilterBar
from stillpoint.ui.triage_graph import NetworkGraph
from stillpoint.ui.triage_history import DROP, FORGET, KEEP, Decision, QUndoStack
from stillpoint.ui.triage_list import PairList
from stillpoint.ui.triage_looks import Looks
from stillpoint.ui.triage_toolbar import Counts, TriageToolbar
from stillpoint.ui.triage_words import counts_parts, split_warning
from stillpoint.ui.widgets import message
from stillpoint.ui.widgets.message import Message

ICON = Path(__file__).resolve().parents[1] / "plugin" / "icons" / "triage.svg"

SAVE_PAUSE = 400
"""Milliseconds after a decision until it is written: a held key decides many times."""

RASTERS = "Rasters (*.vrt *.tif *.tiff);;All files (*)"


class TriageBoard(QMainWindow):
    """A window on one table of a selection.

    Parameters
    ----------
    iface
        QGIS's interface; None in tests without a window.
    parent
        Parent widget.
    """

    train_wanted = pyqtSignal(str, list, str, str)
    """Task, data (the stack), kind and file of the labels, as the training dialog takes them."""

    def __init__(self, iface: Any, parent: Optional[QWidget] = None) -> None:
        super().__init__(parent)
        self.setObjectName("StillpointTriage")
        self.setWindowTitle(tr("Interferogram Triage"))
        self.setWindowIcon(QIcon(str(ICON)))
        self.iface = iface
        self.triage: Optional[Triage] = None
        self.sources: Optional[Sources] = None
        self.current = -1
        self._warned: Tuple[int, ...] = ()
        self._warned_of = DROP
        self.history = QUndoStack(self)
        self.filters, self.graph, self.panel = FilterBar(), NetworkGraph(), PairPanel()
        self.looks = Looks(self.panel, self.graph, self)
        self.list = PairList(self.looks.thumbnails.pictures.get)
        self.looks.set_list(self.list)
        self.message = Message()
        self.exports = ExportMenu(self)
        self.bar, self.counts = TriageToolbar(self.history, self.exports.menu, self), Counts()
        self.unsure = UnsurePairs(self)
        self._saving = QTimer(self)
        self._saving.setSingleShot(True)
        self._saving.setInterval(SAVE_PAUSE)
        self._saving.timeout.connect(self.save)
        self._build()
        self._connect()
        self._show_all()

    # Layout

    def _build(self) -> None:
        self.addToolBar(self.bar)
        self.anyway_button, self.leave_button = QPushButton(tr("Drop anyway")), QPushButton(tr("Leave it"))
        for button in (self.anyway_button, self.leave_button):
            button.setAutoDefault(False)
            self.message.add_widget(button)
        self.left, self.splitter = QSplitter(Qt.Orientation.Vertical), QSplitter(Qt.Orientation.Horizontal)
        for widget, stretch in ((self.graph, 4), (self.list, 5)):
            self.left.addWidget(widget)
            self.left.setStretchFactor(self.left.count() - 1, stretch)
        side = QWidget()
        above = QVBoxLayout(side)
        above.setContentsMargins(0, 0, 0, 0)
        above.setSpacing(0)
        above.addWidget(self.counts)
        above.addWidget(self.left, 1)
        for widget, stretch in ((side, 5), (self.panel, 4)):
            self.splitter.addWidget(widget)
            self.splitter.setStretchFactor(self.splitter.count() - 1, stretch)
        for splitter in (self.left, self.splitter):
            splitter.setChildrenCollapsible(False)
        self.list.setFrameShape(QFrame.Shape.NoFrame)
        self.list.setMinimumHeight(150)
        self.panel.setMinimumWidth(360)
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addWidget(self.filters)
        column.addWidget(self.message)
        column.addWidget(self.splitter, 1)
        self.setCentralWidget(page)
        screen = QApplication.primaryScreen().availableGeometry()
        self.resize(min(1320, screen.width() - 20), min(760, screen.height() - 50))
        self.left.setSizes([300, 380])
        self.splitter.setSizes([round(0.57 * self.width()), round(0.43 * self.width())])

    def _connect(self) -> None:
        give_help(self, "triage")
        bar = self.bar
        bar.connect_to([
            (bar.open_action, self.ask_table), (bar.stack_action, self.ask_stack), (bar.coherence_action, self.ask_coherence),
            (bar.help_action, self._help), (bar.unsure_action, self.unsure.toggle),
        ])  # fmt: skip
        bar.look.currentIndexChanged.connect(self._look_changed)
        bar.order.currentIndexChanged.connect(lambda _: self._show_all())
        self.filters.changed.connect(self._filter_changed)
        self.graph.pairClicked.connect(self._clicked)
        self.graph.pairToggled.connect(self._toggled)
        self.graph.dateClicked.connect(self._date_clicked)
        self.list.chosen.connect(self.go_to)
        self.list.toggled.connect(self._toggled)
        self.panel.decided.connect(self.decide)
        self.panel.forgotten.connect(self.forget)
        for signal in (self.looks.thumbnails.arrived, self.looks.thumbnails.finished):
            signal.connect(lambda *_: self._show_counts())
        self.looks.failed.connect(lambda error: self.tell(message.ERROR, str(error)))
        QgsProject.instance().readProject.connect(self._project_read)
        QgsProject.instance().writeProject.connect(self._project_written)
        self.anyway_button.clicked.connect(self._drop_anyway)
        self.leave_button.clicked.connect(self._clear_warning)

    def tell(self, level: str, text: str) -> None:
        """Say something above the network."""
        self._warned = ()
        self.message.say(level, text)
        self._show_message_buttons(False)

    # What is open

    def open(self, sources: Sources) -> None:
        """Show the table of a selection, with the decisions made on it before.

        Raises
        ------
        StillpointError
            The table cannot be read; a stack that does not fit is only told of.
        """
        table = read_table(sources.table)
        self.close_table()
        problems: List[str] = []
        rasters = triage_store.project_rasters()
        stack = sources.stack or find_stack(table, rasters)
        bands = self._found(stack, table, tr("stack"), problems)
        named = stacks.facts_of(stack).companions.get("coherence", "") if bands is not None else ""
        coherence = sources.coherence or named or find_stack(table, rasters, coherence=True)
        coherent = self._found(coherence, table, tr("coherence stack"), problems)
        self.triage = triage = Triage(table)
        self.sources = Sources(sources.table)
        before = 0
        try:
            before = triage_store.load(triage)
        except StillpointError as error:
            problems.append(str(error))
        self.setWindowTitle(tr("Interferogram Triage: {name}").format(name=Path(sources.table).name))
        self._show_rasters(triage, bands, coherent)
        self.go_to(int(self.list.pairs.order[0]))
        self.list.setFocus()
        level = message.WARNING if problems else message.INFORMATION
        if bands is None and not sources.stack:
            problems.append(tr("No stack with these pairs was found. Choose it with Stack… to see them."))
        if before:
            one, more = tr("One decision of before was taken over."), tr("{n} decisions of before were taken over.")
            problems.append((one if before == 1 else more).format(n=before))
        if problems:
            self.tell(level, "\n".join(problems))

    def _show_rasters(self, triage: Triage, bands: Optional[PairBands], coherent: Optional[PairBands]) -> None:
        """Show the pictures of a stack and of its coherence, with baselines from the stack where the table has none."""
        if self.sources is None:
            return
        if bands is not None:
            triage.table = with_baselines(triage.table, bands.baselines)
        self.sources = Sources(self.sources.table, bands.path if bands else "", coherent.path if coherent else "")
        self.filters.set_table(triage.table)
        self.graph.set_triage(triage)
        aspect = 0.75 if bands is None else bands.shape[0] / bands.shape[1]
        self.list.set_aspect(aspect)
        self.panel.set_aspect(aspect)
        self.looks.start(triage, bands, coherent, triage.ordered(self.filters.filter(), self.order()).tolist())
        self._look_fits()
        self._show_all()
        triage_store.remember(self.sources, triage.decisions())

    def _found(self, path: str, table: TriageTable, what: str, problems: List[str]) -> Optional[PairBands]:
        """Return where the pairs are in a raster; None, with the reason among ``problems``, where it does not fit."""
        if not path:
            return None
        try:
            return pair_bands(path, table, what=what)
        except StillpointError as error:
            problems.append(str(error))
            return None

    def close_table(self) -> None:
        """Save what was decided, and show nothing."""
        self._save_now()
        self.unsure.stop()
        self.looks.stop()
        self.history.clear()
        self.triage, self.sources, self.current = None, None, -1
        self._clear_warning()
        self.setWindowTitle(tr("Interferogram Triage"))
        self.filters.set_table(None)
        self.graph.set_triage(None)
        self._show_all()

    def try_open(self, sources: Sources) -> bool:
        """Show a table, or say why that is not possible."""
        try:
            self.open(sources)
        except StillpointError as error:
            self.tell(message.ERROR, str(error))
            return False
        return True

    def _project_read(self, *_: Any) -> None:
        """Show what a project that was opened just now had open."""
        sources = triage_store.remembered()
        if sources is not None and self.isVisible():
            self.try_open(sources)

    def _project_written(self, *_: Any) -> None:
        """Name the files against the place of the project, which may be a new one."""
        self._save_now()
        if self.triage is not None and self.sources is not None:
            triage_store.remember(self.sources, self.triage.decisions())

    def ask_table(self) -> None:
        """Let the user choose a table."""
        path, _ = QFileDialog.getOpenFileName(
            self, tr("Table of a selection"), settings.get("output_folder"), tr("Tables (*.csv);;All files (*)")
        )
        if path:
            self.try_open(Sources(path))

    def ask_stack(self) -> None:
        """Let the user choose the stack of the pictures."""
        self._ask_raster(tr("Stack of the interferograms"), coherence=False)

    def ask_coherence(self) -> None:
        """Let the user choose the coherence stack."""
        self._ask_raster(tr("Coherence stack"), coherence=True)

    def _ask_raster(self, title: str, *, coherence: bool) -> None:
        if self.sources is not None:
            path, _ = QFileDialog.getOpenFileName(self, title, settings.get("input_folder"), RASTERS)
            if path:
                self.set_raster(path, coherence=coherence)

    def set_raster(self, path: str, *, coherence: bool) -> None:
        """Show the pictures of another stack; decisions stay."""
        if self.triage is None:
            return
        problems: List[str] = []
        found = self._found(path, self.triage.table, tr("coherence stack") if coherence else tr("stack"), problems)
        if found is None:
            self.tell(message.WARNING, "\n".join(problems))
            return
        bands, coherent = (self.looks.bands, found) if coherence else (found, self.looks.coherence)
        if coherent is None:
            named = stacks.facts_of(path).companions.get("coherence", "")
            coherent = self._found(named, self.triage.table, tr("coherence stack"), problems)
        current = self.current
        self._show_rasters(self.triage, bands, coherent)
        self.go_to(current)
        self._clear_warning()

    # What is shown

    def go_to(self, index: int) -> None:
        """Look at a pair; -1 looks at none."""
        if self.triage is None or not -1 <= index < self.triage.table.count:
            return
        if self._warned and index not in self._warned:
            self._clear_warning()
        self.current = index
        self.unsure.went_to(index)
        self.list.go_to(index)
        self.panel.show_pair(self.triage, index)
        self.looks.go_to(index)

    def _show_all(self) -> None:
        """Show everything anew: the table or the filter changed."""
        order = np.zeros(0, np.int64)
        if self.triage is not None:
            wanted = self.filters.filter()
            order = self.triage.ordered(wanted, self.order())
            self.graph.set_passing(self.triage.passing(wanted))
        else:
            self.panel.show_pair(None, -1)
        self.list.set_order(self.triage, order, self.current)
        self._show_counts()
        for widget in (self.bar.stack_action, self.bar.coherence_action, self.bar.unsure_action, self.bar.export_button):
            widget.setEnabled(self.triage is not None)
        self.bar.look.setEnabled(self.looks.bands is not None and not self.looks.is_wrapped)

    def order(self) -> str:
        """Return the order of the pictures."""
        return str(self.bar.order.currentData())

    def _show_counts(self) -> None:
        parts = [] if self.triage is None else counts_parts(self.triage.counts(len(self.list.pairs.order)))
        if self.triage is not None and self.looks.thumbnails.is_busy:
            there, all_of = len(self.looks.thumbnails.pictures), self.triage.table.count
            parts.append((tr("reading pictures, {n} of {all}").format(n=there, all=all_of), False))
        self.counts.show_counts(parts, Theme.of_widget(self.list).visible(ALERT, 4.5).name())

    def _look_fits(self) -> None:
        """Show wrapped phases in fringes, and unwrapped ones as the user chose last."""
        wanted = FRINGES if self.looks.is_wrapped else settings.get("triage_look", ONE_SCALE)
        blocked = self.bar.look.blockSignals(True)
        self.bar.look.setCurrentIndex(max(self.bar.look.findData(wanted), 0))
        self.bar.look.blockSignals(blocked)
        self.looks.set_mode(str(self.bar.look.currentData()))

    def _look_changed(self, *_: Any) -> None:
        mode = str(self.bar.look.currentData())
        settings.put("triage_look", mode)
        self.looks.set_mode(mode)

    def _filter_changed(self) -> None:
        self._show_all()
        self._stay_in_list(0)

    def _stay_in_list(self, row: int) -> None:
        """Go to another pair where the one that was looked at is no longer shown."""
        order = self.list.pairs.order
        if self.triage is not None and self.list.pairs.row_of(self.current) < 0:
            self.go_to(int(order[min(max(row, 0), len(order) - 1)]) if len(order) else -1)

    def _clicked(self, index: int) -> None:
        if self.list.pairs.row_of(index) < 0:
            self.filters.reset()
        self.go_to(index)
        self.list.setFocus()

    def _date_clicked(self, number: int) -> None:
        if self.triage is not None:
            date = self.triage.table.dates[number]
            self.filters.set_date(None if self.filters.filter().date == date else date)

    # Decisions

    def chosen(self) -> List[int]:
        """Return the pairs that a key decides on: those selected, else the one looked at."""
        selected = self.list.selected()
        if self.current in selected:
            return selected
        return [self.current] if self.current >= 0 else []

    def decide(self, keep: bool) -> None:
        """Keep or drop the chosen pairs; where that splits the network it is asked for twice."""
        indices = self.chosen()
        if self.triage is None or not indices:
            return
        if not keep and self._splits(indices, indices, DROP):
            return
        self._clear_warning()
        self.history.push(Decision(self.triage, indices, KEEP if keep else DROP, self._decided))
        if len(indices) == 1:
            self.unsure.decided(indices[0])

    def _splits(self, indices: Sequence[int], dropped: Sequence[int], what: str) -> bool:
        """Warn where a decision on ``indices`` drops pairs that split the network; say whether it waits for a second time."""
        if self.triage is None or (self._warned, self._warned_of) == (tuple(indices), what):
            return False
        lost = self.triage.would_lose(dropped)
        if not len(lost):
            return False
        text = split_warning(self.triage, dropped, lost)
        key = {DROP: "D", FORGET: "R"}[what]
        self.tell(message.WARNING, tr("{text} Press {key} again to drop anyway.").format(text=text, key=key))
        self._show_message_buttons(True)
        self._warned, self._warned_of = tuple(indices), what
        self.panel.show_decision(self.triage, self.current)
        return True

    def toggle(self) -> None:
        """Drop the chosen pairs where the one looked at is kept, else keep them."""
        if self.triage is not None and self.current >= 0:
            self.decide(not self.triage.keep[self.current])

    def forget(self) -> None:
        """Give the chosen pairs back to the method's choice."""
        if self.triage is None:
            return
        indices = [index for index in self.chosen() if self.triage.decided[index]]
        dropped = [index for index in indices if self.triage.keep[index] and not self.triage.table.keep[index]]
        if self._splits(indices, dropped, FORGET):
            return
        self._clear_warning()
        if indices:
            self.history.push(Decision(self.triage, indices, FORGET, self._decided))

    def _toggled(self, index: int) -> None:
        self.go_to(index)
        self.toggle()

    def _drop_anyway(self) -> None:
        if self._warned_of == FORGET:
            self.forget()
        else:
            self.decide(False)
        self.list.setFocus()

    def _clear_warning(self) -> None:
        self._warned = ()
        self.message.clear()

    def _show_message_buttons(self, visible: bool) -> None:
        for button in (self.anyway_button, self.leave_button):
            button.setVisible(visible)

    def _decided(self, indices: Sequence[int]) -> None:
        """Show what was decided, undone or done again, and have it saved."""
        if self.triage is None:
            return
        row = self.list.pairs.row_of(self.current)
        if self.current not in indices and self.list.pairs.row_of(indices[0]) >= 0:
            self.go_to(indices[0])  # undone or done again: it must be seen what
        if self.filters.is_open():
            self.list.pairs.touch(indices)
            self.graph.refresh()
            self._show_counts()
        else:
            self._show_all()
        self._stay_in_list(row)
        if self.current >= 0:
            self.panel.show_decision(self.triage, self.current)
        self._saving.start()

    def save(self) -> None:
        """Write the decisions beside the table and into the project."""
        if self.triage is None or self.sources is None:
            return
        problem = triage_store.save(self.triage, self.sources)
        if problem:
            self.tell(message.WARNING, tr("{problem} The decisions stay with the project.").format(problem=problem))

    def _save_now(self) -> None:
        if self._saving.isActive():
            self._saving.stop()
            self.save()

    def train(self) -> None:
        """Have the training opened with the stack and what was decided by hand."""
        if self.triage is None or self.sources is None:
            return
        if not self.triage.decided.any():
            self.tell(message.INFORMATION, tr("Nothing was decided yet. Keep (K) or drop (D) some pairs first; U finds those "
                                                   "that the method is least sure of."))  # fmt: skip
            return
        self._saving.stop()
        self.save()
        self.train_wanted.emit(
            "interferograms", [self.sources.stack] if self.sources.stack else [], "table", str(decisions_path(self.sources.table))
        )

    # Keys, help, closing

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Keep (K), drop (D), toggle (Space), give back (R), least sure (U), walk (arrows); Escape leaves what was warned of."""
        key, keys = event.key(), Qt.Key
        plain = not event.modifiers() & (Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier)
        if not plain or self.triage is None:
            super().keyPressEvent(event)
        elif key in (keys.Key_K, keys.Key_D):
            self.decide(key == keys.Key_K)
        elif key == keys.Key_Space:
            self.toggle()
        elif key == keys.Key_R:
            self.forget()
        elif key == keys.Key_U:
            self.unsure.go_on()
        elif key in (keys.Key_Left, keys.Key_Up, keys.Key_Right, keys.Key_Down):
            self.list.step(-1 if key in (keys.Key_Left, keys.Key_Up) else 1)
        elif key == keys.Key_Escape and self._warned:
            self._clear_warning()
        elif key == keys.Key_Escape and self.unsure.is_on:
            self.unsure.stop()
        else:
            super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        """Follow a new theme."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.StyleChange) and hasattr(self, "bar"):
            self._show_counts()

    def _help(self) -> None:
        from stillpoint.ui.help_dialog import show_help

        show_help("triage", self)

    def closeEvent(self, event: Any) -> None:
        """Save before going."""
        self._save_now()
        super().closeEvent(event)

    def unload(self) -> None:
        """Save, and end what runs in the background; the board is of no use afterwards."""
        QgsProject.instance().readProject.disconnect(self._project_read)
        QgsProject.instance().writeProject.disconnect(self._project_written)
        self._save_now()
        self.looks.stop()
        self.exports.unload()
        self.close()
