"""The tour for the first ten minutes: leads through the sample project step by step, and goes on when the user did what it says."""

from __future__ import annotations

from typing import Any, Dict, List, Optional, Set

from qgis.core import QgsProject, QgsVectorLayer
from qgis.PyQt.QtCore import QEvent, QObject, QTimer
from qgis.PyQt.QtWidgets import QWidget

from stillpoint.plugin import breath, sample_map, settings
from stillpoint.plugin.language import tr
from stillpoint.ui.tour_bubble import Bubble, Ring
from stillpoint.ui.tour_steps import Stage, Step, steps

LOOK = 300
"""Milliseconds between two looks at what the user did; most of it is told by signals, windows that open are not."""

SHOWN = "welcome-shown"
"""Setting that is there once the welcome was shown."""


class Tour(QObject):
    """Leads through the steps.

    Parameters
    ----------
    plugin
        The plugin, with its toolbar, dialogs and docks.
    """

    def __init__(self, plugin: Any) -> None:
        super().__init__(plugin.iface.mainWindow())
        self.plugin = plugin
        self.window: QWidget = plugin.iface.mainWindow()
        self.stage = Stage(plugin)
        self.bubble, self.ring = Bubble(), Ring()
        self.bubble.chosen.connect(self._chosen)
        self.steps: List[Step] = []
        self.number = -1
        self._welcoming = False
        self._made: Dict[str, Set[str]] = {}
        self._timer = QTimer(self)
        self._timer.setInterval(LOOK)
        self._timer.timeout.connect(self.look)
        QgsProject.instance().layersAdded.connect(self._soon)
        self.window.installEventFilter(self)

    @property
    def step(self) -> Optional[Step]:
        """The step that is shown; None where the tour is not running."""
        return self.steps[self.number] if 0 <= self.number < len(self.steps) else None

    # Beginning and ending

    def welcome(self) -> None:
        """Offer the tour with a card; it is shown once in a profile."""
        if settings.get(SHOWN) or self.step is not None:
            return
        settings.put(SHOWN, "yes")
        self._welcoming = True
        self.bubble.say(
            tr("Welcome to Stillpoint"),
            tr("Ground motion measured by radar: this toolbar selects interferograms and scatterers, classifies trends and tracks "
               "offsets. A tour of ten minutes shows it on a sample project. It is also in the menu Plugins > Stillpoint."),
            back=tr("Not now"), forward=tr("Take the tour"),
        )  # fmt: skip
        self._place()

    def begin(self) -> None:
        """Start the tour, or go on where it was left; without the sample project its window opens first."""
        if self.step is not None:
            self._show()
            self.bubble.take_focus()
            return
        self._leave_welcome()
        parts = sample_map.parts_of()
        if not parts:
            self.plugin.sample(then_tour=True)
            return
        self.steps = [step for step in steps() if not step.part or step.part in parts]
        left = settings.get("tour-step")
        self._go(next((number for number, step in enumerate(self.steps) if step.id == left), 0))
        self.bubble.take_focus()

    def restart(self) -> None:
        """Start with the first step, as after the sample was made."""
        self.end()
        settings.put("tour-step", "")
        self.begin()

    def end(self) -> None:
        """Stop; what the user made stays."""
        self._timer.stop()
        self._leave_welcome()
        self.number = -1
        self.bubble.hide()
        self.ring.surround(None)

    def unload(self) -> None:
        """Undo everything."""
        self.end()
        QgsProject.instance().layersAdded.disconnect(self._soon)
        self.window.removeEventFilter(self)
        for widget in (self.bubble, self.ring):
            widget.setParent(None)
            widget.deleteLater()
        self.deleteLater()

    # The steps

    def _go(self, number: int) -> None:
        """Show a step."""
        number = max(number, 0)
        if number >= len(self.steps):
            settings.put("tour-step", "")
            self.end()
            return
        before = self.step
        self.number = number
        step = self.steps[number]
        settings.put("tour-step", step.id)
        if step.part and (before is None or before.part != step.part):
            self._turn_to(step.part)
        self.stage.begin()
        step.enter(self.stage)
        self.bubble.say(
            step.title, step.text, place=tr("{n} of {all}").format(n=number + 1, all=len(self.steps)),
            back=tr("Back") if number else "", forward=step.forward or tr("Skip"),
        )  # fmt: skip
        self._show()
        self._timer.start()

    def _turn_to(self, part: str) -> None:
        """Show one part of the sample with what was made of it, and nothing else: parts lie on the same ground."""
        for dock in (self.plugin.viewer_dock, self.plugin.threshold_dock):
            if dock is not None:
                dock.hide()
        project = QgsProject.instance()
        sample_map.show_part(part, canvas=self.plugin.iface.mapCanvas())
        mine = self._made.get(part, set())
        others = set().union(*self._made.values()) - mine
        for node in project.layerTreeRoot().findLayers():
            if node.layerId() in others | mine:
                top = node
                while top.parent() is not None and top.parent() is not project.layerTreeRoot():
                    top = top.parent()
                top.setItemVisibilityChecked(node.layerId() in mine)
                top.setExpanded(node.layerId() in mine)
        self.plugin.iface.setActiveLayer(sample_map.main_layer(part))

    def look(self) -> None:
        """See whether the user did what the step says, and where things lie now."""
        step = self.step
        if step is None or breath.is_held():  # layers are just being added: the timer looks again
            return
        if step.part and sample_map.main_layer(step.part) is None:  # another project was opened
            self.end()
            return
        if step.done(self.stage):
            self._finish(step)
            self._go(self.number + 1)
            return
        if step.dialog and self.stage.dialog(step.dialog) is None and not self._works(step.dialog):
            self._go(self.number - 1)  # closed without having done it: it has to be opened again
            return
        self._show()

    def _works(self, name: str) -> bool:
        """Whether the job of a dialog that was closed still runs."""
        return any(
            dialog.objectName() == name and getattr(dialog, "work", None) is not None for dialog in self.plugin.dialogs
        )

    def _finish(self, step: Step) -> None:
        """Close the window of a step that is over, which would hide the map."""
        dialog = self.stage.dialog(step.dialog) if step.dialog else None
        if dialog is not None:
            dialog.close()
        new = {layer.id() for layer in self.stage.new_layers()}
        self._made.setdefault(step.part, set()).update(new)
        main = sample_map.main_layer(step.part) if step.part else None
        covered = isinstance(main, QgsVectorLayer) and bool(new)
        node = QgsProject.instance().layerTreeRoot().findLayer(main.id()) if covered and main is not None else None
        if node is not None:
            node.setItemVisibilityChecked(False)  # what came of it shows the same, and more

    def _chosen(self, name: str) -> None:
        if self._welcoming:
            self.end()
            if name == "next":
                self.begin()
            return
        if name == "close" or self.step is None:
            self.end()
            return
        step = self.step
        if name == "back":
            back = self.number - 1
            # A step that opens a window is over at once where that is open still, and would come back here.
            while back > 0 and self._is_closed(self.steps[back].dialog):
                back -= 1
            self._finish(step)
            self._go(back)
            return
        board = self.stage.board()
        if step.in_target and board is not None:
            board.close()
        self._finish(step)
        following = self.number + 1
        # Who skips the opening of a window skips what is done in it.
        while following < len(self.steps) and self._is_closed(self.steps[following].dialog):
            following += 1
        self._go(following)

    def _is_closed(self, name: str) -> bool:
        """Whether a step is about a dialog, and that is not open."""
        return bool(name) and self.stage.dialog(name) is None

    def _leave_welcome(self) -> None:
        self._welcoming = False

    # Showing

    def _show(self) -> None:
        step = self.step
        if step is None:
            return
        target = step.target(self.stage)
        host = target.window() if step.in_target and target is not None else self.window
        self.ring.surround(None if target is None or target is host else target)
        dialog = self.stage.dialog(step.dialog) if step.dialog else None
        self.bubble.point_at(host, target, avoid=dialog.frameGeometry() if dialog is not None else None)

    def _place(self) -> None:
        if self._welcoming:
            self.bubble.point_at(self.window, self.plugin.toolbar)
        else:
            self._show()

    def _soon(self, _layers: Any) -> None:
        if self.step is not None:
            QTimer.singleShot(0, self.look)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keep the place when the window changes its size."""
        if event.type() == QEvent.Type.Resize and self.bubble.isVisible():
            QTimer.singleShot(0, self._place)
        return False

