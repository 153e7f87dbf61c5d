"""The keys of the review: what each says, as buttons that can be clicked too."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Dict, List, Optional, Tuple

from qgis.PyQt.QtCore import QRectF, QSize, Qt, pyqtSignal
from qgis.PyQt.QtGui import QColor, QFont, QIcon, QPainter, QPen, QPixmap
from qgis.PyQt.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from stillpoint.plugin.language import tr
from stillpoint.plugin.review import NONE, PIXELS, POINTS, Label
from stillpoint.plugin.review_labels import shown_name, values_of
from stillpoint.plugin.review_layers import colour_of
from stillpoint.ui.plot.theme import Theme, luminance

ACCEPT, UNDO, BACK, NEXT, LEAVE = "accept", "undo", "back", "next", "leave"

Keys = Dict[int, Tuple[str, int]]
"""What a key of the keyboard does: ("label", value), or one of the actions above with 0."""

_K = Qt.Key

COMMON: Keys = {
    int(_K.Key_Space): (ACCEPT, 0), int(_K.Key_Backspace): (UNDO, 0), int(_K.Key_Escape): (LEAVE, 0),
    int(_K.Key_Left): (BACK, 0), int(_K.Key_Up): (BACK, 0), int(_K.Key_Right): (NEXT, 0), int(_K.Key_Down): (NEXT, 0),
}  # fmt: skip

LABEL = "label"

KEYS: Dict[str, Keys] = {
    POINTS: {
        int(_K.Key_1): (LABEL, 0), int(_K.Key_2): (LABEL, 1), int(_K.Key_3): (LABEL, 2), int(_K.Key_4): (LABEL, 3),
        int(_K.Key_5): (LABEL, 4), int(_K.Key_0): (LABEL, NONE), int(_K.Key_S): (LABEL, 0), int(_K.Key_L): (LABEL, 1),
        int(_K.Key_Q): (LABEL, 2), int(_K.Key_B): (LABEL, 3), int(_K.Key_U): (LABEL, 4), **COMMON,
    },
    PIXELS: {int(_K.Key_P): (LABEL, 1), int(_K.Key_N): (LABEL, 0), **COMMON},
}  # fmt: skip
"""The keys of each kind of review."""

CAPS: Dict[str, Dict[int, str]] = {
    POINTS: {0: "1", 1: "2", 2: "3", 3: "4", 4: "5", NONE: "0"},
    PIXELS: {1: "P", 0: "N"},
}
"""What stands on the key of each label."""

LETTERS = {0: "S", 1: "L", 2: "Q", 3: "B", 4: "U"}
"""The second key of a class, for those who think in names."""


@dataclass(frozen=True)
class Shown:
    """What the keys tell of the item that is looked at: what the model said, and the label it has."""

    model: int = NONE
    label: Optional[Label] = None
    can_accept: bool = True


class KeyPad(QWidget):
    """One button a label, and those that go on and back."""

    pressed_action = pyqtSignal(str, int)
    """What was pressed: see ``Keys``."""

    def __init__(self, kind: str, parent: Optional[QWidget] = None) -> None:
        super().__init__(parent)
        self.kind = kind
        self.setObjectName(f"review_keys_{kind}")
        self.labels: Dict[int, QToolButton] = {}
        self.actions_: Dict[str, QToolButton] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 6, 10, 6)
        column.setSpacing(6)
        self.question = QLabel()
        self.question.setWordWrap(True)
        column.addWidget(self.question)
        grid = QGridLayout()
        grid.setSpacing(4)
        for index, value in enumerate(values_of(kind)):
            button = self._label_button(value)
            self.labels[value] = button
            grid.addWidget(button, *divmod(index, 2))
        column.addLayout(grid)
        self.actions_[ACCEPT] = self._action_button(ACCEPT, tr("Space"), "", tr("Say what the model says (Space)"))
        column.addWidget(self.actions_[ACCEPT])
        row = QHBoxLayout()
        row.setSpacing(4)
        for action, cap, text, tip in (
            (BACK, "\N{LEFTWARDS ARROW}", tr("Back"), tr("Look at the one before (left or up)")),
            (NEXT, "\N{RIGHTWARDS ARROW}", tr("Skip"), tr("Look at the next one and label nothing (right or down)")),
            (UNDO, "\N{ERASE TO THE LEFT}", tr("Undo"), tr("Take the last label back, and look at it again (Backspace)")),
        ):
            self.actions_[action] = self._action_button(action, cap, text, tip)
            row.addWidget(self.actions_[action])
        column.addLayout(row)
        column.addStretch(1)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
        self.show_item(Shown())

    def sizeHint(self) -> QSize:
        """Return room for two columns of buttons."""
        return QSize(max(super().sizeHint().width(), 280), super().sizeHint().height())

    def buttons(self) -> List[QToolButton]:
        """Return all buttons."""
        return [*self.labels.values(), *self.actions_.values()]

    def _label_button(self, value: int) -> QToolButton:
        button = QToolButton()
        name = shown_name(self.kind, value).replace("Phase unwrapping", "Unwrapping")
        button.setText(name)
        letter = LETTERS.get(value) if self.kind == POINTS else None
        cap = CAPS[self.kind][value]
        button.setToolTip(f"{shown_name(self.kind, value)} ({cap}{f' or {letter}' if letter else ''})")
        button.setAccessibleName(button.toolTip())
        button.setIcon(key_icon(cap, colour_of(self.kind, value)))
        return self._finished(button, LABEL, value)

    def _action_button(self, action: str, cap: str, text: str, tip: str) -> QToolButton:
        button = QToolButton()
        button.setText(f"{cap}  {text}" if text else cap)
        button.setToolTip(tip)
        button.setObjectName(f"review_{action}")
        return self._finished(button, action, 0)

    def _finished(self, button: QToolButton, action: str, value: int) -> QToolButton:
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        button.setIconSize(QSize(20, 20))
        button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        button.setMinimumHeight(28)
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the keys stay with the dock
        button.clicked.connect(lambda *_: self.pressed_action.emit(action, value))
        return button

    def show_item(self, shown: Shown) -> None:
        """Tell what the model said, and which label the item has."""
        for value, button in self.labels.items():
            name = shown_name(self.kind, value).replace("Phase unwrapping", "Unwrapping")
            is_model = value == shown.model and shown.can_accept
            button.setText(name)
            is_label = shown.label is not None and shown.label.value == value
            font = QFont(self.font())
            font.setBold(is_model or is_label)
            button.setFont(font)
            button.setCheckable(True)
            button.setChecked(is_label)
        accept = self.actions_[ACCEPT]
        accept.setEnabled(shown.can_accept)
        if shown.can_accept:
            accept.setText(tr("Space  Agree: {0}").format(shown_name(self.kind, shown.model)))
        else:
            accept.setText(tr("The model gave no class"))
        self.question.setText(self._question(shown))

    def _question(self, shown: Shown) -> str:
        if shown.label is not None:
            said = shown_name(self.kind, shown.label.value)
            who = shown.label.reviewer or tr("somebody")
            return tr("Labelled <b>{0}</b> by {1}. Another key changes that.").format(said, who)
        if self.kind == POINTS:
            return tr("Which trend does this series follow?")
        return tr("Is this pixel a persistent scatterer?")


def key_icon(cap: str, colour: str) -> QIcon:
    """Return the picture of a key in a colour."""
    size = 40
    picture = QPixmap(size, size)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    fill = QColor(colour)
    painter.setPen(QPen(fill.darker(135), 2))
    painter.setBrush(fill)
    painter.drawRoundedRect(QRectF(2, 2, size - 4, size - 4), 8, 8)
    painter.setPen(QColor("#1d2733") if luminance(fill) > 0.25 else QColor("#ffffff"))
    font = QFont(painter.font())
    font.setPixelSize(24)
    font.setBold(True)
    painter.setFont(font)
    painter.drawText(QRectF(0, 0, size, size), int(Qt.AlignmentFlag.AlignCenter), cap)
    painter.end()
    picture.setDevicePixelRatio(2)
    return QIcon(picture)


def muted(widget: QWidget) -> str:
    """Return the colour of text of less weight on a widget's theme."""
    return Theme.of_widget(widget).muted.name()
