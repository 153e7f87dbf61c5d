"""Progress that works with a window, on a terminal, and with nobody looking. Standard library only."""

from __future__ import annotations

import logging
import time
from typing import Callable, Mapping, Optional, Union

from stillpoint.models.errors import Cancelled

logger = logging.getLogger("stillpoint")

Report = Callable[[float, str], None]
Row = Mapping[str, Union[float, str, bool]]
"""Figures of one moment of a job, by name."""

RUN, PAUSE, FINISH = "run", "pause", "finish"
"""What a running job may be asked: to go on as it does, to wait, to end early with what it has."""

POLL = 0.05
"""Seconds between two looks at whether a pause is over."""


class Progress:
    """How far a job is, its figures as they come, and whether it was asked to stop, to wait or to end early.

    Parameters
    ----------
    report
        Called with the fraction done (0..1, of the whole job) and a short message.
    cancelled
        Returns True once somebody asked to stop.
    figures
        Called with each row of figures; see :meth:`figures`.
    request
        Returns what was asked of the running job: RUN, PAUSE or FINISH.
    start, span
        The part of the whole that this object covers; see :meth:`part`.
    """

    def __init__(
        self,
        report: Optional[Report] = None,
        cancelled: Optional[Callable[[], bool]] = None,
        *,
        figures: Optional[Callable[[Row], None]] = None,
        request: Optional[Callable[[], str]] = None,
        start: float = 0.0,
        span: float = 1.0,
    ) -> None:
        self._report = report
        self._cancelled = cancelled
        self._figures = figures
        self._request = request
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

    def figures(self, row: Row) -> None:
        """Tell figures as they come, such as those of an epoch of a training; numbers, texts and flags by name."""
        if self._figures is not None:
            self._figures(dict(row))

    def request(self) -> str:
        """Return what was asked of this job, ``"run"``, ``"pause"`` or ``"finish"``; who cannot wait or end early ignores it."""
        return RUN if self._request is None else self._request()

    def wait(self, fraction: float, message: str = "Paused") -> float:
        """Wait while a pause is asked for and return the seconds that took; raise :class:`Cancelled` if asked to stop.

        Parameters
        ----------
        fraction, message
            Told twice a second: whoever thins out reports may lose the first.
        """
        began = last = time.monotonic()
        waited = 0
        while self.request() == PAUSE:
            now = time.monotonic()
            if not waited or now - last >= 0.5:
                self(fraction, message)
                last = now
            waited += 1
            self.check()
            time.sleep(POLL)
        return time.monotonic() - began if waited else 0.0

    def part(self, start: float, stop: float) -> Progress:
        """Return a progress whose 0..1 is ``start``..``stop`` of this one."""
        return Progress(
            self._report,
            self._cancelled,
            figures=self._figures,
            request=self._request,
            start=self._start + self._span * start,
            span=self._span * (stop - start),
        )


SILENT = Progress()
