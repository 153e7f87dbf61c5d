"""Undo and redo of decisions."""

from __future__ import annotations

from typing import Callable, Optional, Sequence

from stillpoint.plugin.language import tr

try:  # Qt 6 has them elsewhere than Qt 5
    from qgis.PyQt.QtGui import QUndoCommand, QUndoStack
except ImportError:
    from qgis.PyQt.QtWidgets import QUndoCommand, QUndoStack

from stillpoint.plugin import settings
from stillpoint.plugin.triage import State, Triage

__all__ = ["DROP", "FORGET", "KEEP", "Decision", "QUndoStack"]

KEEP, DROP, FORGET = "keep", "drop", "forget"


class Decision(QUndoCommand):
    """Pairs are kept, dropped, or given back to the method's choice.

    Parameters
    ----------
    triage
        What is decided on.
    indices
        The pairs.
    what
        ``"keep"``, ``"drop"`` or ``"forget"``.
    then
        Called with the pairs after every change.
    """

    def __init__(self, triage: Triage, indices: Sequence[int], what: str, then: Callable[[Sequence[int]], None]) -> None:
        count = len(indices)
        first, second = triage.table.names[indices[0]]
        which = f"{first} \N{EN DASH} {second}" if count == 1 else tr("{n} pairs").format(n=count)
        title = {KEEP: tr("Keep {which}"), DROP: tr("Drop {which}"), FORGET: tr("Method's choice for {which}")}[what]
        super().__init__(title.format(which=which))
        self._triage, self._indices, self._what, self._then = triage, list(indices), what, then
        self._before: Optional[State] = None

    def redo(self) -> None:
        """Decide, also for the first time."""
        if self._what == FORGET:
            self._before = self._triage.forget(self._indices)
        else:
            self._before = self._triage.decide(self._indices, self._what == KEEP, settings.get("reviewer"))
        self._then(self._indices)

    def undo(self) -> None:
        """Bring back what was there before."""
        if self._before is not None:
            self._triage.restore(self._before)
        self._then(self._indices)
