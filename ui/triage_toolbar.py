"""The toolbar of the triage board: what is open, undo and redo, how pairs are shown, exports; and the network in numbers."""

from __future__ import annotations

from typing import Any, Callable, List, Optional, Tuple

from qgis.core import QgsApplication
from qgis.PyQt import sip
from qgis.PyQt.QtCore import QSize, Qt
from qgis.PyQt.QtGui import QKeySequence
from qgis.PyQt.QtWidgets import QAction, QComboBox, QLabel, QMenu, QSizePolicy, QToolBar, QToolButton, QWidget

from stillpoint.plugin.language import tr
from stillpoint.plugin.triage import BASELINE, BEST, DATE, DAYS, UNSURE, WORST
from stillpoint.ui.triage_colours import FRINGES, ONE_SCALE, OWN_SCALE
from stillpoint.ui.triage_history import QUndoStack


class TriageToolbar(QToolBar):
    """Actions, the look of the phase and the order of the pairs; whoever makes it connects them.

    Parameters
    ----------
    history
        What undo and redo act on.
    exports
        Menu of the exports.
    parent
        The board.
    """

    def __init__(self, history: QUndoStack, exports: QMenu, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("StillpointTriageToolBar")
        self.setWindowTitle(tr("Triage"))
        self.setMovable(False)
        self.setIconSize(QSize(18, 18))
        self._history = history
        standard = QKeySequence.StandardKey
        self.open_action = self._add(
            "/mActionFileOpen.svg", tr("Open…"), tr("Open the table of a selection"), standard.Open
        )
        self.stack_action = self._add("/mIconRaster.svg", tr("Stack…"), tr("Choose the stack whose pictures are shown"))
        self.coherence_action = self._add(
            "/mIconRasterGroup.svg", tr("Coherence…"), tr("Choose the stack of the coherence of the same pairs")
        )
        self.addSeparator()
        self.undo_action = self._add("/mActionUndo.svg", tr("Undo"), tr("Undo"), standard.Undo)
        self.redo_action = self._add("/mActionRedo.svg", tr("Redo"), tr("Redo"), standard.Redo)
        self.undo_action.triggered.connect(lambda *_: history.undo())
        self.redo_action.triggered.connect(lambda *_: history.redo())
        history.indexChanged.connect(self._history_changed)
        self.addSeparator()
        self.look = QComboBox()
        self.look.setObjectName("look")
        self.look.setToolTip(tr("How phase is shown"))
        self.look.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.look.addItem(tr("Unwrapped, one scale"), ONE_SCALE)
        self.look.addItem(tr("Unwrapped, each its own"), OWN_SCALE)
        self.look.addItem(tr("Fringes"), FRINGES)
        self.addWidget(self.look)
        self.order = QComboBox()
        self.order.setObjectName("order")
        self.order.setToolTip(tr("Order of the pictures"))
        self.order.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        for key, text in (
            (WORST, tr("Worst first")), (BEST, tr("Best first")), (DATE, tr("By date")), (DAYS, tr("By days")),
            (BASELINE, tr("By baseline")), (UNSURE, tr("Least sure first")),
        ):  # fmt: skip
            self.order.addItem(text, key)
        self.addWidget(self.order)
        self.unsure_action = self._add(
            "/mActionArrowRight.svg", tr("Uncertain"),
            tr("Step through the pairs that the method is least sure of: K or D decides, and the next one comes (U)"),
        )
        self.unsure_action.setCheckable(True)
        self.widgetForAction(self.unsure_action).setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.addSeparator()
        self.export_button = QToolButton()
        self.export_button.setText(tr("Export"))
        self.export_button.setIcon(QgsApplication.getThemeIcon("/mActionFileSave.svg"))
        self.export_button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.export_button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.export_button.setMenu(exports)
        self.addWidget(self.export_button)
        space = QWidget()
        space.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.addWidget(space)
        self.help_action = self._add("/mActionHelpContents.svg", tr("Help"), tr("How to work with the board"))
        self.show_history()

    def _add(self, icon: str, text: str, tip: str, key: Any = None) -> QAction:
        action = QAction(QgsApplication.getThemeIcon(icon), text, self)
        if key is not None:
            action.setShortcut(QKeySequence(key))
        action.setToolTip(f"{tip} ({_keys(action)})" if key is not None else tip)
        self.addAction(action)
        if text.endswith("…"):
            self.widgetForAction(action).setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        return action

    def connect_to(self, slots: List[Tuple[QAction, Callable[[], None]]]) -> None:
        """Have actions call functions."""
        for action, slot in slots:
            action.triggered.connect(lambda *_, slot=slot: slot())

    def _history_changed(self, _: int) -> None:
        self.show_history()

    def show_history(self) -> None:
        """Say what undo and redo would do."""
        history = self._history
        if sip.isdeleted(history):  # it tells of its own end, too
            return
        for action, can, text, plain in (
            (self.undo_action, history.canUndo(), history.undoText(), tr("Undo")),
            (self.redo_action, history.canRedo(), history.redoText(), tr("Redo")),
        ):
            action.setEnabled(can)
            action.setToolTip(f"{plain}: {text} ({_keys(action)})" if text else f"{plain} ({_keys(action)})")


class Counts(QLabel):
    """The network in numbers, in a line that stays where it is."""

    def __init__(self, parent: Optional[QWidget] = None) -> None:
        super().__init__(parent)
        self.setObjectName("counts")
        self.setTextFormat(Qt.TextFormat.RichText)
        self.setContentsMargins(8, 2, 8, 2)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def show_counts(self, parts: List[Tuple[str, bool]], alert: str) -> None:
        """Show short statements; those to worry about in the colour ``alert``."""
        words = [f'<b style="color:{alert}">{text}</b>' if worry else text for text, worry in parts]
        if words and not parts[0][1]:
            words[0] = f"<b>{words[0]}</b>"
        plain = ", ".join(text for text, _ in parts)
        self.setText(" \N{MIDDLE DOT} ".join(words))
        self.setToolTip(plain)
        self.setAccessibleName(plain)


def _keys(action: QAction) -> str:
    return str(action.shortcut().toString(QKeySequence.SequenceFormat.NativeText))
