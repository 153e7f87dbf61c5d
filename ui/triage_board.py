"""The triage board: the network, the pairs and the chosen one, where an analyst keeps and drops interferograms."""

from __future__ import annotations

from pathlib import Path
from typing import Any, List, Optional, Sequence, Tuple

import numpy as np
from qgis.core import QgsApplication
from qgis.PyQt.QtCore import QEvent, QSize, Qt, QTimer
from qgis.PyQt.QtGui import QIcon, QKeyEvent, QKeySequence
from qgis.PyQt.QtWidgets import (
    QAction,
    QApplication,
    QComboBox,
    QFileDialog,
    QFrame,
    QLabel,
    QMainWindow,
    QPushButton,
    QSizePolicy,
    QSplitter,
    QToolBar,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from stillpoint.models.errors import StillpointError
from stillpoint.plugin import settings, stacks, triage_store
from stillpoint.plugin.triage import Triage, with_baselines
from stillpoint.plugin.triage_loading import Pictures, Thumbnails
from stillpoint.plugin.triage_rasters import Closure, PairBands, closure_of, find_stack, pair_bands, worst_closure
from stillpoint.plugin.triage_store import Sources
from stillpoint.plugin.triage_table import read_table
from stillpoint.ui.plot.theme import Theme
from stillpoint.ui.triage_colours import ALERT, FRINGES, ONE_SCALE, OWN_SCALE, common_reach
from stillpoint.ui.triage_detail import PairPanel
from stillpoint.ui.triage_export import ExportMenu
from stillpoint.ui.triage_filters import FilterBar
from stillpoint.ui.triage_graph import NetworkGraph
from stillpoint.ui.triage_history import DROP, FORGET, KEEP, Decision, QUndoStack
from stillpoint.ui.triage_list import PairList
from stillpoint.ui.triage_words import counts_parts, split_warning
from stillpoint.ui.widgets import message
from stillpoint.ui.widgets.message import Message

ICON = Path(__file__).resolve().parents[1] / "plugin" / "icons" / "triage.svg"

SAVE_PAUSE = 400
"""Milliseconds after a decision until it is written: a held key decides many times."""
LOOK_PAUSE = 70
"""Milliseconds on a pair until its large pictures are read: arrow keys run past many."""

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

    def __init__(self, iface: Any, parent: Optional[QWidget] = None) -> None:
        super().__init__(parent)
        self.setObjectName("StillpointTriage")
        self.setWindowTitle(self.tr("Interferogram Triage"))
        self.setWindowIcon(QIcon(str(ICON)))
        self.iface = iface
        self.triage: Optional[Triage] = None
        self.sources: Optional[Sources] = None
        self.current = -1
        self._bands: Optional[PairBands] = None
        self._coherence: Optional[PairBands] = None
        self._closure: Optional[Closure] = None
        self._warned: Tuple[int, ...] = ()
        self.history = QUndoStack(self)
        self.thumbnails = Thumbnails(self)
        self.pictures = Pictures(self)
        self.filters = FilterBar()
        self.graph = NetworkGraph()
        self.list = PairList(self.thumbnails.pictures.get)
        self.panel = PairPanel()
        self.message = Message()
        self.counts = QLabel()
        self.look = QComboBox()
        self.exports = ExportMenu(self)
        self._saving, self._looking = _timer(self, SAVE_PAUSE, self.save), _timer(self, LOOK_PAUSE, self._want_pictures)
        self._build()
        self._build_toolbar()
        self._connect()
        self._show_all()

    # Layout

    def _build(self) -> None:
        self.counts.setObjectName("counts")
        self.counts.setTextFormat(Qt.TextFormat.RichText)
        self.anyway_button, self.leave_button = QPushButton(self.tr("Drop anyway")), QPushButton(self.tr("Leave it"))
        for button in (self.anyway_button, self.leave_button):
            button.setAutoDefault(False)
            self.message.add_widget(button)
        left = QSplitter(Qt.Orientation.Vertical)
        left.addWidget(self.graph)
        left.addWidget(self.list)
        left.setStretchFactor(0, 4)
        left.setStretchFactor(1, 5)
        left.setChildrenCollapsible(False)
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        self.splitter.addWidget(left)
        self.splitter.addWidget(self.panel)
        self.splitter.setStretchFactor(0, 5)
        self.splitter.setStretchFactor(1, 4)
        self.splitter.setChildrenCollapsible(False)
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
        self.left = left
        left.setSizes([300, 380])
        self.splitter.setSizes([round(0.57 * self.width()), round(0.43 * self.width())])

    def _build_toolbar(self) -> None:
        bar = QToolBar(self.tr("Triage"))
        bar.setObjectName("StillpointTriageToolBar")
        bar.setMovable(False)
        bar.setIconSize(QSize(18, 18))
        self.addToolBar(bar)

        def add(icon: str, text: str, tip: str, slot: Any, key: Any = None) -> QAction:
            action = QAction(QgsApplication.getThemeIcon(icon), text, self)
            shortcut = f" ({QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText)})" if key is not None else ""
            action.setToolTip(tip + shortcut)
            if key is not None:
                action.setShortcut(QKeySequence(key))
            action.triggered.connect(lambda *_: slot())
            bar.addAction(action)
            if text.endswith("…"):
                bar.widgetForAction(action).setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
            return action

        standard = QKeySequence.StandardKey
        self.open_action = add("/mActionFileOpen.svg", self.tr("Open…"), self.tr("Open the table of a selection"), self.ask_table,
                               standard.Open)  # fmt: skip
        self.stack_action = add("/mIconRaster.svg", self.tr("Stack…"), self.tr("Choose the stack whose pictures are shown"),
                                self.ask_stack)  # fmt: skip
        self.coherence_action = add("/mIconRasterGroup.svg", self.tr("Coherence…"),
                                    self.tr("Choose the stack of the coherence of the same pairs"), self.ask_coherence)  # fmt: skip
        bar.addSeparator()
        self.undo_action = add("/mActionUndo.svg", self.tr("Undo"), self.tr("Undo the last decision"), self.history.undo,
                               standard.Undo)  # fmt: skip
        self.redo_action = add("/mActionRedo.svg", self.tr("Redo"), self.tr("Do it again"), self.history.redo, standard.Redo)
        bar.addSeparator()
        self.look.setToolTip(self.tr("How phase is shown"))
        self.look.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.look.addItem(self.tr("Unwrapped, one scale"), ONE_SCALE)
        self.look.addItem(self.tr("Unwrapped, each its own"), OWN_SCALE)
        self.look.addItem(self.tr("Fringes"), FRINGES)
        bar.addWidget(self.look)
        bar.addSeparator()
        button = QToolButton()
        button.setText(self.tr("Export"))
        button.setIcon(QgsApplication.getThemeIcon("/mActionFileSave.svg"))
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        button.setMenu(self.exports.menu)
        self.export_button = button
        bar.addWidget(button)
        space = QWidget()
        space.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        bar.addWidget(space)
        bar.addWidget(self.counts)
        self.help_action = add("/mActionHelpContents.svg", self.tr("Help"), self.tr("How to work with the board"), self._help)

    def _connect(self) -> None:
        self.filters.changed.connect(self._filter_changed)
        self.graph.pairClicked.connect(self._clicked)
        self.graph.pairToggled.connect(self._toggled)
        self.graph.dateClicked.connect(self._date_clicked)
        self.list.chosen.connect(self.go_to)
        self.list.toggled.connect(self._toggled)
        self.list.wanted.connect(self.thumbnails.first)
        self.panel.decided.connect(self.decide)
        self.panel.forgotten.connect(self.forget)
        self.thumbnails.arrived.connect(self._thumbnails_came)
        self.thumbnails.finished.connect(self._thumbnails_done)
        self.thumbnails.failed.connect(self._no_pictures)
        self.pictures.arrived.connect(self._show_pictures)
        self.pictures.failed.connect(self._no_pictures)
        self.look.currentIndexChanged.connect(self._look_changed)
        self.anyway_button.clicked.connect(self._drop_anyway)
        self.leave_button.clicked.connect(self._clear_warning)
        self.history.indexChanged.connect(lambda _: self._show_actions())

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
        bands = self._found(stack, table, self.tr("stack"), problems)
        named = self._companion(stack) if bands is not None else ""
        coherence = sources.coherence or named or find_stack(table, rasters, coherence=True)
        self._bands, self._coherence = bands, self._found(coherence, table, self.tr("coherence stack"), problems)
        if bands is not None:
            table = with_baselines(table, bands.baselines)
        self.triage = Triage(table)
        self.sources = Sources(
            sources.table, stack if bands is not None else "", coherence if self._coherence is not None else ""
        )
        try:
            before = triage_store.load(self.triage)
        except StillpointError as error:
            before = 0
            problems.append(str(error))
        self.setWindowTitle(self.tr("Interferogram Triage: {name}").format(name=Path(sources.table).name))
        self.filters.set_table(table)
        self.graph.set_triage(self.triage)
        self._look_fits()
        self._show_all()
        order = self.triage.ordered(self.filters.filter(), self.filters.order())
        aspect = 0.75 if bands is None else bands.shape[0] / bands.shape[1]
        self.list.set_aspect(aspect)
        self.panel.set_aspect(aspect)
        self._start_pictures(order)
        self.go_to(int(order[0]))
        self.list.setFocus()
        triage_store.remember(self.sources, self.triage.decisions())
        if problems:
            self.tell(message.WARNING, "\n".join(problems))
        elif bands is None:
            self.tell(message.INFORMATION, self.tr("No stack with these pairs was found. Choose it with Stack… to see them."))
        elif before:
            one, more = self.tr("One decision of before was taken over."), self.tr("{n} decisions of before were taken over.")
            self.tell(message.INFORMATION, (one if before == 1 else more).format(n=before))

    def _found(self, path: str, table: Any, what: str, problems: List[str]) -> Optional[PairBands]:
        if not path:
            return None
        try:
            return pair_bands(path, table, what=what)
        except StillpointError as error:
            problems.append(str(error))
            return None

    def _companion(self, stack: str) -> str:
        """Return the coherence that a stack names itself."""
        return stacks.facts_of(stack).companions.get("coherence", "")

    def _start_pictures(self, order: np.ndarray) -> None:
        sources = {"phase": self._bands, "coherence": self._coherence}
        self.pictures.set_sources({what: bands for what, bands in sources.items() if bands is not None})
        self.list.set_look(self.mode(), np.pi)
        self.list.delegate.images.clear()
        self.list.is_loading = self._bands is not None
        if self._bands is not None:
            self.thumbnails.start(self._bands, order.tolist())
        else:
            self.thumbnails.stop()
            self.thumbnails.pictures.clear()

    def close_table(self) -> None:
        """Save what was decided, and show nothing."""
        self._save_now()
        self.thumbnails.stop()
        self.thumbnails.pictures.clear()
        self.pictures.set_sources({})
        self.history.clear()
        self.triage, self.sources, self.current, self._closure = None, None, -1, None
        self._bands = self._coherence = None
        self._clear_warning()
        self.setWindowTitle(self.tr("Interferogram Triage"))
        self.filters.set_table(None)
        self.graph.set_triage(None)
        self._show_all()

    def ask_table(self) -> None:
        """Let the user choose a table."""
        path, _ = QFileDialog.getOpenFileName(
            self, self.tr("Table of a selection"), settings.get("output_folder"), self.tr("Tables (*.csv);;All files (*)")
        )
        if path:
            self.try_open(Sources(path))

    def try_open(self, sources: Sources) -> None:
        """Show a table, or say why that is not possible."""
        try:
            self.open(sources)
        except StillpointError as error:
            self.tell(message.ERROR, str(error))

    def ask_stack(self) -> None:
        """Let the user choose the stack of the pictures."""
        self._ask_raster(self.tr("Stack of the interferograms"), coherence=False)

    def ask_coherence(self) -> None:
        """Let the user choose the coherence stack."""
        self._ask_raster(self.tr("Coherence stack"), coherence=True)

    def _ask_raster(self, title: str, *, coherence: bool) -> None:
        if self.sources is None:
            return
        path, _ = QFileDialog.getOpenFileName(self, title, settings.get("input_folder"), RASTERS)
        if path:
            self.set_raster(path, coherence=coherence)

    def set_raster(self, path: str, *, coherence: bool) -> None:
        """Show the pictures of another stack; decisions stay."""
        if self.sources is None:
            return
        changed = (self.sources.stack, path) if coherence else (path, self.sources.coherence)
        current = self.current
        self.try_open(Sources(self.sources.table, *changed))
        self.go_to(current)

    # What is shown

    def go_to(self, index: int) -> None:
        """Look at a pair; -1 looks at none."""
        if self.triage is None or not -1 <= index < self.triage.table.count:
            return
        if self._warned and self._warned != (index,):
            self._clear_warning()
        self.current = index
        self.list.go_to(index)
        self.panel.show_pair(self.triage, index)
        self._show_pictures()
        self._looking.start()

    def _show_all(self) -> None:
        """Show everything anew: the table or the filter changed."""
        order = np.zeros(0, np.int64)
        if self.triage is not None:
            wanted = self.filters.filter()
            order = self.triage.ordered(wanted, self.filters.order())
            self.graph.set_passing(self.triage.passing(wanted))
        self.list.set_order(self.triage, order, self.current)
        self._show_counts()
        self._show_actions()
        if self.triage is None:
            self.panel.show_pair(None, -1)

    def _show_counts(self) -> None:
        if self.triage is None:
            self.counts.setText("")
            return
        theme = Theme.of_widget(self.list)
        alert = theme.visible(ALERT, 4.5).name()
        parts = counts_parts(self.triage.counts(len(self.list.pairs.order)))
        words = [f'<b style="color:{alert}">{text}</b>' if worry else text for text, worry in parts]
        words[0] = f"<b>{parts[0][0]}</b>"
        self.counts.setText(" \N{MIDDLE DOT} ".join(words) + "&nbsp;")
        self.counts.setAccessibleName(", ".join(text for text, _ in parts))

    def _show_actions(self) -> None:
        is_open = self.triage is not None
        for action in (self.stack_action, self.coherence_action):
            action.setEnabled(is_open)
        self.export_button.setEnabled(is_open)
        self.look.setEnabled(self._bands is not None and self._bands.is_unwrapped)
        for action, can, text, plain in (
            (self.undo_action, self.history.canUndo(), self.history.undoText(), self.tr("Undo")),
            (self.redo_action, self.history.canRedo(), self.history.redoText(), self.tr("Redo")),
        ):
            action.setEnabled(can)
            keys = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
            action.setToolTip(f"{plain}: {text} ({keys})" if text else f"{plain} ({keys})")

    def mode(self) -> str:
        """Return how phase is shown."""
        return str(self.look.currentData())

    def _look_fits(self) -> None:
        """Show wrapped phases in fringes, and unwrapped ones as the user chose last."""
        wanted = settings.get("triage_look", ONE_SCALE) if self._bands is not None and self._bands.is_unwrapped else FRINGES
        blocked = self.look.blockSignals(True)
        self.look.setCurrentIndex(max(self.look.findData(wanted), 0))
        self.look.blockSignals(blocked)
        self.panel.mode = self.mode()

    def _look_changed(self, *_: Any) -> None:
        settings.put("triage_look", self.mode())
        self.panel.mode = self.mode()
        self.list.set_look(self.mode(), self.panel.reach)
        self._show_pictures()

    def _filter_changed(self) -> None:
        self._show_all()
        self._stay_in_list(0)

    def _stay_in_list(self, row: int) -> None:
        """Go to another pair where the one that was looked at is no longer shown."""
        order = self.list.pairs.order
        if self.triage is None or self.list.pairs.row_of(self.current) >= 0:
            return
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

    # Pictures

    def _thumbnails_came(self, indices: Sequence[int]) -> None:
        if self.panel.reach == np.pi or len(self.thumbnails.pictures) in range(1, 40):
            self._scale()
        self.list.pictures_came(indices)
        if self.triage is not None and self.current >= 0 and self.pictures.get("phase", self.current) is None:
            near = set(self.triage.loops_of(self.current).ravel().tolist()) | {self.current}
            if near & set(indices):
                self._show_pictures()

    def _thumbnails_done(self) -> None:
        self.list.is_loading = False
        self._scale()
        self._show_pictures()
        self._want_pictures()

    def _scale(self) -> None:
        """Find the one scale that all phases are shown on."""
        self.panel.reach = common_reach(list(self.thumbnails.pictures.values()))
        self.list.set_look(self.mode(), self.panel.reach)

    def _no_pictures(self, error: Exception) -> None:
        self.list.is_loading = False
        self.list.viewport().update()
        self.tell(message.ERROR, str(error))

    def _want_pictures(self) -> None:
        """Have the large pictures of the pair and its worst loop read."""
        if self.triage is None or self._bands is None or self.current < 0:
            return
        worst = self._worst()
        wanted = [("phase", self.current)]
        if self._coherence is not None:
            wanted.append(("coherence", self.current))
        if worst is not None:
            wanted += [("phase", int(index)) for index in worst.loop if int(index) != self.current]
        self.pictures.want(wanted)

    def _worst(self) -> Optional[Closure]:
        if self.triage is None or self._bands is None or self.current < 0:
            return None
        return worst_closure(self.triage, self.current, self.thumbnails.pictures, wrapped=not self._bands.is_unwrapped)

    def _show_pictures(self) -> None:
        """Show the pictures of the pair: large ones where they are there, else the small one."""
        triage, index = self.triage, self.current
        if triage is None or index < 0:
            self.graph.set_current(-1)
            return
        bands = self._bands
        if bands is None:
            self.panel.show_phase(None, self.tr("Choose the stack to see the pair."))
            self.panel.show_coherence(None, "")
            self.panel.show_closure(triage, index, None, wrapped=False)
            self.graph.set_current(index)
            return
        lacks = not bands.bands[index]
        phase = self.pictures.get("phase", index)
        small = self.thumbnails.pictures.get(index)
        missing = self.tr("The stack has no band for this pair.") if lacks else "…"
        self.panel.show_phase(small if phase is None else phase, missing)
        if self._coherence is None:
            self.panel.show_coherence(None, self.tr("No coherence stack"))
        else:
            self.panel.show_coherence(
                self.pictures.get("coherence", index), "…" if self._coherence.bands[index] else self.tr("No coherence of this pair")
            )
        worst = self._worst()
        if worst is not None:
            large = {int(one): self.pictures.get("phase", int(one)) for one in worst.loop}
            worst = closure_of(worst.loop, large, wrapped=not bands.is_unwrapped) or worst
        text = self.tr("In no loop of three") if not len(triage.loops_of(index)) else "…"
        self.panel.show_closure(triage, index, worst, wrapped=not bands.is_unwrapped, message=text)
        self.graph.set_current(index, () if worst is None else tuple(int(one) for one in worst.loop))

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
        if not keep and self._warned != tuple(indices):
            lost = self.triage.would_lose(indices)
            if len(lost):
                self._warned = tuple(indices)
                text = split_warning(self.triage, indices, lost)
                self.message.say(message.WARNING, self.tr("{text} Press D again to drop anyway.").format(text=text))
                self._show_message_buttons(True)
                self.panel.show_decision(self.triage, self.current)
                return
        self._clear_warning()
        self.history.push(Decision(self.triage, indices, KEEP if keep else DROP, self._decided))

    def toggle(self) -> None:
        """Drop the chosen pairs where the one looked at is kept, else keep them."""
        if self.triage is not None and self.current >= 0:
            self.decide(not self.triage.keep[self.current])

    def forget(self) -> None:
        """Give the chosen pairs back to the method's choice."""
        if self.triage is None:
            return
        indices = [index for index in self.chosen() if self.triage.decided[index]]
        self._clear_warning()
        if indices:
            self.history.push(Decision(self.triage, indices, FORGET, self._decided))

    def _toggled(self, index: int) -> None:
        self.go_to(index)
        self.toggle()

    def _drop_anyway(self) -> None:
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
            self.tell(message.WARNING, self.tr("{problem} The decisions stay with the project.").format(problem=problem))

    def _save_now(self) -> None:
        if self._saving.isActive():
            self._saving.stop()
            self.save()

    # Keys, help, closing

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Keep (K), drop (D), toggle (Space), give back (R), walk (arrows); Escape leaves what was warned of."""
        key = event.key()
        keys = Qt.Key
        plain = not event.modifiers() & (Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier)
        if not plain or self.triage is None:
            super().keyPressEvent(event)
        elif key == keys.Key_K:
            self.decide(True)
        elif key == keys.Key_D:
            self.decide(False)
        elif key == keys.Key_Space:
            self.toggle()
        elif key == keys.Key_R:
            self.forget()
        elif key in (keys.Key_Left, keys.Key_Up):
            self.list.step(-1)
        elif key in (keys.Key_Right, keys.Key_Down):
            self.list.step(1)
        elif key == keys.Key_Escape and self._warned:
            self._clear_warning()
        else:
            super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        """Follow a new theme."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.StyleChange) and hasattr(self, "export_button"):
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
        self._save_now()
        self._looking.stop()
        self.thumbnails.stop()
        self.pictures.stop()
        self.exports.unload()
        self.close()


def _timer(parent: QWidget, milliseconds: int, slot: Any) -> QTimer:
    timer = QTimer(parent)
    timer.setSingleShot(True)
    timer.setInterval(milliseconds)
    timer.timeout.connect(slot)
    return timer
