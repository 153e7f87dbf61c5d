"""Epochs of image stacks: their days, and what to do where a day occurs twice."""

from __future__ import annotations

import datetime as dt
from typing import Callable, Optional, Sequence

import numpy as np

from stillpoint.models.errors import StillpointError
from stillpoint.models.points.dates import DateColumns


def days_of(texts: Sequence[str], epochs: int, path: str) -> np.ndarray:
    """Return days written as YYYYMMDD (a time may follow) as ``datetime64[D]``, shape (epochs,).

    Raises
    ------
    StillpointError
        One is no date, or there are not as many as ``epochs`` or fewer than two.
    """
    days = []
    for text in texts:
        try:
            days.append(dt.datetime.strptime(text.strip()[:8], "%Y%m%d").date())
        except ValueError:
            raise StillpointError(f"{path} has an epoch {text!r} that is no date; expected is YYYYMMDD.") from None
    if len(days) != epochs:
        raise StillpointError(f"{path} is damaged: it has {len(days)} dates for {epochs} epochs.")
    if len(set(days)) < 2:
        raise StillpointError(f"{path} has only one epoch; a displacement series needs at least two.")
    return np.array(days, dtype="datetime64[D]")


def merger(groups: Optional[np.ndarray]) -> Callable[[np.ndarray], np.ndarray]:
    """Return the function that averages epochs of the same day, as :meth:`DateColumns.merge` does."""
    empty = np.empty(0)
    return DateColumns(empty, empty, groups, ("", ""), (), ()).merge
