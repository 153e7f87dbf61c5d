"""A sentence for the user inside a dialog: wraps, can be copied, readable on dark and light themes."""

from __future__ import annotations

from typing import Optional

from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QStyle, QWidget

INFORMATION, WARNING, ERROR, SUCCESS = "information", "warning", "error", "success"
_COLOURS = {INFORMATION: "#3b82c4", WARNING: "#d08a1d", ERROR: "#cf4a3e", SUCCESS: "#2f9e6e"}


class Message(QFrame):
    """Hidden until :meth:`say`. The frame has the colour of the level, the text that of the theme."""

    def __init__(self, parent: Optional[QWidget] = None) -> None:
        super().__init__(parent)
        self.setObjectName("message")
        self.level = ""
        self._icon = QLabel()
        self._icon.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._label = QLabel()
        self._label.setWordWrap(True)
        self._label.setTextFormat(Qt.TextFormat.PlainText)
        self._label.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self._label.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.MinimumExpanding)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(8, 6, 8, 6)
        self._row.addWidget(self._icon)
        self._row.addWidget(self._label, 1)
        self.hide()

    def say(self, level: str, text: str) -> None:
        """Show ``text``."""
        self.level = level
        pixmaps = QStyle.StandardPixmap
        pixmap = {
            INFORMATION: pixmaps.SP_MessageBoxInformation,
            WARNING: pixmaps.SP_MessageBoxWarning,
            ERROR: pixmaps.SP_MessageBoxCritical,
            SUCCESS: pixmaps.SP_DialogApplyButton,
        }[level]
        self._icon.setPixmap(self.style().standardIcon(pixmap).pixmap(20, 20))
        self._label.setText(text)
        self.setStyleSheet(
            f"QFrame#message {{ border: 1px solid {_COLOURS[level]}; border-left-width: 5px; border-radius: 3px; }}"
        )
        self.show()

    def clear(self) -> None:
        """Hide the message."""
        self.level = ""
        self._label.clear()
        self.hide()

    def text(self) -> str:
        """Return what is shown."""
        return str(self._label.text())

    def add_widget(self, widget: QWidget) -> None:
        """Put a widget, such as a button, behind the text."""
        self._row.addWidget(widget)
