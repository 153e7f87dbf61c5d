"""The results of an analysis on their way to the map: one after the other, and never in a project that they are not of."""

from __future__ import annotations

import sys
from dataclasses import dataclass, replace
from typing import Any, Callable, List, Optional

from qgis.core import QgsProject
from qgis.PyQt.QtCore import QObject, QTimer, pyqtSignal

from stillpoint.models.analysis_record import Entry
from stillpoint.models.errors import StillpointError
from stillpoint.models.recipe import INTERFEROGRAMS, OFFSETS
from stillpoint.plugin import analysis_board, analysis_layers, breath, tasks
from stillpoint.plugin.analysis import Analysis

_WAIT = 20
"""Milliseconds until the next look where the main thread is in the middle of something."""


@dataclass(frozen=True)
class _Found:
    """The result of a step, to be put on the map, and what is done when it is there."""

    name: str
    entry: Entry
    folder: str
    title: str
    arrows: str = ""
    then: Optional[Callable[[], None]] = None


class AnalysisResults(QObject):
    """Puts results on the map.

    Signals
    -------
    changed
        The layers of the analysis are others now.
    failed
        A step, and why its result cannot be shown.

    Parameters
    ----------
    analysis
        The analysis that the results are of.
    iface
        QGIS's interface.
    """

    changed = pyqtSignal()
    failed = pyqtSignal(str, str)

    def __init__(self, analysis: Analysis, iface: Any, parent: Optional[QObject] = None) -> None:
        super().__init__(parent)
        self._analysis, self._iface = analysis, iface
        self._found: List[_Found] = []
        self._works: List[tasks.Work] = []
        self._choices: Optional[tasks.Work] = None
        self._busy = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._put_next)
        project = QgsProject.instance()
        project.cleared.connect(self.drop)
        project.readProject.connect(self.drop)

    def unload(self) -> None:
        """Let go of the project; nothing more arrives."""
        project = QgsProject.instance()
        project.cleared.disconnect(self.drop)
        project.readProject.disconnect(self.drop)
        self.drop()

    def drop(self, *_: Any) -> None:
        """Forget what is on its way: the project that it was for is gone."""
        self._timer.stop()
        for work in self._works:
            work.drop()
        self._found, self._works, self._choices = [], [], None

    def is_settled(self) -> bool:
        """Tell whether every result is on the map."""
        return not (self._found or self._works or self._busy)

    @property
    def writes_choices(self) -> bool:
        """Whether the kept stack is being written anew."""
        return self._choices is not None

    # On to the map

    def add(self, name: str, then: Optional[Callable[[], None]] = None) -> None:
        """Put the result of a step on the map, then call ``then``."""
        analysis = self._analysis
        found = _Found(name, analysis.entry(name), analysis.folder, analysis.title, then=then)
        work = analysis_layers.arrows_work(found.entry) if name == OFFSETS else None
        if work is None:
            self._put(found)
            return
        self._begin(work, lambda arrows: self._put(replace(found, arrows=arrows)), lambda _: self._put(found))

    def _begin(self, work: tasks.Work, done: Callable[[Any], None], failed: Callable[[Any], None]) -> tasks.Work:
        def over(slot: Callable[[Any], None], value: Any) -> None:
            self._works = [other for other in self._works if other is not work]
            slot(value)

        work.done.connect(lambda value: over(done, value))
        work.failed.connect(lambda error: over(failed, error))
        work.stopped.connect(lambda: over(lambda _: None, None))
        self._works.append(work)
        return tasks.start(work)

    def _put(self, found: _Found) -> None:
        """Have a result put on the map as soon as nothing else is under way: QGIS sees to events while layers are made."""
        self._found.append(found)
        self._timer.start(0)

    def _put_next(self) -> None:
        if self._busy or not self._found:
            return
        if breath.is_held():
            self._timer.start(_WAIT)
            return
        self._busy = True
        one = self._found.pop(0)
        then = one.then
        try:
            analysis_layers.add_step_layers(
                one.name, one.entry, folder=one.folder, title=one.title, iface=self._iface, arrows=one.arrows
            )
        except StillpointError as error:
            then = None
            self.failed.emit(one.name, str(error))
        finally:
            self._busy = False
            if self._found:
                self._timer.start(0)
        self.changed.emit()
        if then is not None:
            then()

    # What is done with them

    def show(self, name: str) -> None:
        """Show the layers of a step; those that were removed are loaded again."""
        layers = analysis_layers.layers_of(self._analysis.folder, name)
        if not layers:
            self.add(name)
            return
        analysis_layers.show_step(self._analysis.folder, name)
        analysis_layers.go_to(layers, self._iface)

    def show_for(self, name: str, then: Callable[[], None]) -> None:
        """Show the layers of a step and make the first the active one, then call ``then``, which looks at it."""
        layers = analysis_layers.layers_of(self._analysis.folder, name)
        if not layers:
            self.add(name, lambda: self.show_for(name, then) if analysis_layers.layers_of(self._analysis.folder, name) else None)
            return
        analysis_layers.show_step(self._analysis.folder, name)
        self._iface.setActiveLayer(analysis_layers.first_of(layers))
        then()

    def write_choices(self) -> None:
        """Write the kept stack anew, as was decided on the triage board, and show it anew where it is shown."""
        if self._choices is not None:
            return
        analysis = self._analysis
        try:
            work = analysis_board.choices_work(analysis)
        except StillpointError as error:
            self.failed.emit(INTERFEROGRAMS, str(error))
            return
        shown = bool(analysis_layers.layers_of(analysis.folder, INTERFEROGRAMS))
        if sys.platform == "win32":  # a file that a layer shows cannot be written anew there
            analysis_layers.remove_step_layers(analysis.folder, INTERFEROGRAMS)

        def over(error: Any = None) -> None:
            self._choices = None
            analysis.refresh()
            if shown:  # a layer goes on showing the file that was there when it was opened
                self.add(INTERFEROGRAMS)
            if error is not None:
                self.failed.emit(INTERFEROGRAMS, str(error))

        work.stopped.connect(over)
        self._choices = self._begin(work, lambda _: over(), over)
        self.changed.emit()
