"""F1 in every window and dock of Stillpoint, and the small button with the question mark that does the same."""

from __future__ import annotations

from typing import Any

from qgis.core import QgsApplication
from qgis.PyQt.QtCore import QEvent, QObject, Qt
from qgis.PyQt.QtWidgets import QAction, QToolBar, QToolButton, QWidget

from stillpoint.plugin.language import tr


class HelpKey(QObject):
    """Opens a page when F1 is pressed anywhere within a window or dock.

    In a dock a shortcut would clash with that of QGIS's own help, and neither would work: so the key is taken before QGIS looks
    for shortcuts, as text fields do it.

    Parameters
    ----------
    window
        Window or dock; it owns this object.
    topic
        Page of the help.
    """

    def __init__(self, window: QWidget, topic: str) -> None:
        super().__init__(window)
        self._window = window
        self.topic = topic
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take F1; whatever has the focus passes keys that it does not need up to its window."""
        kind = event.type()
        if kind not in (QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress):
            return False
        pressed: Any = event
        if pressed.key() != Qt.Key.Key_F1 or pressed.modifiers() not in (
            Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier
        ):  # fmt: skip
            return False
        if kind == QEvent.Type.KeyPress:
            self.open()
        event.accept()
        return True

    def open(self) -> None:
        """Open the page."""
        from stillpoint.ui.help_dialog import show_help

        show_help(self.topic, self._window)


def give_help(window: QWidget, topic: str) -> HelpKey:
    """Let F1 open ``topic`` within ``window``, and return what does."""
    return HelpKey(window, topic)


def add_help(bar: QToolBar, key: HelpKey) -> QAction:
    """Put the question mark at the end of a tool bar."""
    action = QAction(QgsApplication.getThemeIcon("/mActionHelpContents.svg"), tr("Help"), bar)
    action.setObjectName("help")
    action.setToolTip(tr("Help (F1)"))
    action.triggered.connect(lambda *_: key.open())
    bar.addAction(action)
    button = bar.widgetForAction(action)
    if isinstance(button, QToolButton):
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonIconOnly)
    return action


def help_button(key: HelpKey) -> QToolButton:
    """Return the question mark as a button."""
    button = QToolButton()
    button.setIcon(QgsApplication.getThemeIcon("/mActionHelpContents.svg"))
    button.setAutoRaise(True)
    button.setObjectName("help")
    button.setToolTip(tr("Help (F1)"))
    button.setAccessibleName(tr("Help"))
    button.clicked.connect(lambda *_: key.open())
    return button
