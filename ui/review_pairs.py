"""Stepping through the pairs of a triage that the method is least sure of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Optional

from qgis.PyQt.QtCore import QObject

from stillpoint.plugin.language import tr
from stillpoint.plugin.triage import UNSURE
from stillpoint.ui.widgets import message

if TYPE_CHECKING:
    from stillpoint.ui.triage_board import TriageBoard


class UnsurePairs(QObject):
    """Goes from one undecided pair to the next, the least sure first; a decision goes on by itself.

    Parameters
    ----------
    board
        The board; its filter counts here, too.
    """

    def __init__(self, board: TriageBoard) -> None:
        super().__init__(board)
        self._board = board
        self._at = -1
        """The pair that was gone to; -1 while the user walks by himself."""

    @property
    def is_on(self) -> bool:
        """Whether a decision goes on to the next pair."""
        return self._at >= 0

    def following(self) -> Optional[int]:
        """Return the pair to look at next; None where all that the filter shows are decided."""
        triage = self._board.triage
        if triage is None:
            return None
        order = triage.ordered(self._board.filters.filter(), UNSURE).tolist()
        after = order.index(self._at) + 1 if self._at in order else 0
        # Those passed over come again when the end is reached.
        return next((pair for pair in order[after:] + order[:after] if not triage.decided[pair] and pair != self._at), None)

    def go_on(self) -> None:
        """Look at the next pair."""
        found = self.following()
        if found is None:
            self.stop()
            if self._board.triage is not None:
                self._board.tell(message.INFORMATION, tr(
                    "You have decided on every pair that is shown. Export your corrections as labels, or train on them."
                ))  # fmt: skip
            return
        self._at = found
        self._board.go_to(found)
        self._board.list.setFocus()
        self.show_state()

    def went_to(self, index: int) -> None:
        """Stop where the user looks at another pair."""
        if self._at not in (-1, index):
            self.stop()

    def decided(self, index: int) -> None:
        """Go on where the pair that was gone to is decided."""
        if self._at == index:
            self.go_on()

    def toggle(self) -> None:
        """Begin or stop, as the button says."""
        self.stop() if self.is_on else self.go_on()

    def stop(self) -> None:
        """Let the user walk by himself."""
        self._at = -1
        self.show_state()

    def show_state(self) -> None:
        """Keep the button as things are."""
        self._board.bar.unsure_action.setChecked(self.is_on)
