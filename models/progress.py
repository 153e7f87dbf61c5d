"""Progress that works with a window, on a terminal, and with nobody looking. Standard library only."""

from __future__ import annotations

import logging
from typing import Callable, Optional

from stillpoint.models.errors import Cancelled

logger = logging.getLogger("stillpoint")

Report = Callable[[float, str], None]


class Progress:
    """How far a job is, and whether it was asked to stop.

    Parameters
    ----------
    report
        Called with the fraction done (0..1, of the whole job) and a short message.
    cancelled
        Returns True once somebody asked to stop.
    start, span
        The part of the whole that this object covers; see :meth:`part`.
    """

    def __init__(
        self,
        report: Optional[Report] = None,
        cancelled: Optional[Callable[[], bool]] = None,
        *,
        start: float = 0.0,
        span: float = 1.0,
    ) -> None:
        self._report = report
        self._cancelled = cancelled
        self._start = start
        self._span = span

    def __call__(self, fraction: float, message: str = "") -> None:
        """Report ``fraction`` (0..1) of this part as done; raise :class:`Cancelled` if asked to stop."""
        self.check()
        self._tell(fraction, message)

    def done(self, message: str = "Done") -> None:
        """Report this part as done. Everything is written: it is too late for a cancel, and none is asked for."""
        self._tell(1.0, message)

    def _tell(self, fraction: float, message: str) -> None:
        if self._report is not None:
            self._report(self._start + self._span * min(max(fraction, 0.0), 1.0), message)

    def check(self) -> None:
        """Raise :class:`Cancelled` if the user asked to stop."""
        if self._cancelled is not None and self._cancelled():
            raise Cancelled

    def part(self, start: float, stop: float) -> Progress:
        """Return a progress whose 0..1 is ``start``..``stop`` of this one."""
        return Progress(
            self._report,
            self._cancelled,
            start=self._start + self._span * start,
            span=self._span * (stop - start),
        )


SILENT = Progress()
