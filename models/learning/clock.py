"""How long a training took and how long it still takes."""

from __future__ import annotations

import time
from typing import Optional


class Clock:
    """Seconds of a training without its pauses, over its resumptions, and those that are left.

    Parameters
    ----------
    known
        Seconds that were spent before.
    steps
        Steps that are left.
    """

    def __init__(self, known: float, steps: int) -> None:
        self._known, self._steps, self._done, self._began = known, steps, 0, time.monotonic()

    def pause(self, seconds: float) -> None:
        """Leave out a pause."""
        self._began += seconds

    def step(self) -> None:
        """Count a step."""
        self._done += 1

    def seconds(self) -> float:
        """Return the seconds so far."""
        return round(self._known + time.monotonic() - self._began, 3)

    def left(self) -> Optional[float]:
        """Return the seconds that are left at the present speed; None where that is too early to say."""
        spent = time.monotonic() - self._began
        if not self._done or (spent < 2.0 and self._done < 20):
            return None
        return spent / self._done * (self._steps - self._done)


def in_words(seconds: float) -> str:
    """Return a duration as people say it: ``"40 s"``, ``"5 min"``, ``"2 h 10 min"``, ``"3 days 4 h"``."""
    if seconds < 55:
        return f"{max(round(seconds / 5) * 5, 5)} s"
    minutes = round(seconds / 60)
    if minutes < 60:
        return f"{minutes} min"
    if minutes < 24 * 60:
        return f"{minutes // 60} h {minutes % 60 // 10 * 10} min"
    hours = round(seconds / 3600)
    return f"{hours // 24} day{'s' if hours >= 48 else ''} {hours % 24} h"
