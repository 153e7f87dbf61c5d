"""The keys of the review, taken before anything else gets them: also while the map has the focus."""

from __future__ import annotations

from typing import Any, Callable, Sequence

from qgis.gui import QgsMapCanvas, QgsMapTool
from qgis.PyQt.QtCore import QEvent, QObject, Qt, pyqtSignal
from qgis.PyQt.QtWidgets import QWidget

from stillpoint.ui.review_keys import ACCEPT, KEYS, LABEL


class Keyboard(QObject):
    """Listens to the dock and to the map.

    Parameters
    ----------
    canvas
        QGIS's map; a map tool that edits keeps its keys.
    kind
        Returns what is reviewed, points or pixels; empty while nothing is.
    parent
        The dock.
    """

    pressed = pyqtSignal(str, int)
    """What a key says: see :data:`stillpoint.ui.review_keys.KEYS`."""

    def __init__(self, canvas: QgsMapCanvas, kind: Callable[[], str], parent: QObject) -> None:
        super().__init__(parent)
        self._canvas = canvas
        self._kind = kind
        self._map = (canvas, canvas.viewport())

    def listen(self, widgets: Sequence[QWidget]) -> None:
        """Listen to widgets, and to the map."""
        for widget in (*widgets, *self._map):
            widget.installEventFilter(self)

    def unload(self) -> None:
        """Leave the map alone."""
        for widget in self._map:
            widget.removeEventFilter(self)

    def eventFilter(self, watched: Any, event: QEvent) -> bool:
        """Take the keys of the review; QGIS has shortcuts of one letter, too, which must not come first."""
        kind = self._kind()
        if not kind or event.type() not in (QEvent.Type.KeyPress, QEvent.Type.ShortcutOverride):
            return False
        held = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier
        found = KEYS[kind].get(int(event.key()))
        if found is None or event.modifiers() & held or (watched in self._map and self._is_editing()):
            return False
        event.accept()
        # A key that is held down must not label a hundred things that nobody looked at.
        if event.type() == QEvent.Type.KeyPress and not (event.isAutoRepeat() and found[0] in (LABEL, ACCEPT)):
            self.pressed.emit(*found)
        return True

    def _is_editing(self) -> bool:
        tool = self._canvas.mapTool()
        return tool is not None and bool(tool.flags() & QgsMapTool.Flag.EditTool)
