"""Why the choice kept an interferogram although it is bad, in words."""

from __future__ import annotations

from typing import List, Optional

import numpy as np

from stillpoint.models.interferograms import graph
from stillpoint.models.interferograms.observations import Network, Verdict

_KEPT = ": kept"
"""What a method says after what it noticed and holds for harmless."""


def explain(
    network: Network, verdict: Verdict, keep: np.ndarray, *, threshold: Optional[float] = None, how: str = "best"
) -> List[str]:
    """Return a reason for every pair: that of the method, and why the choice differs from it.

    Parameters
    ----------
    network, verdict, threshold, how
        As :func:`stillpoint.models.interferograms.connect.choose` had them.
    keep
        What it gave.
    """
    limit = verdict.threshold if threshold is None else threshold
    with np.errstate(invalid="ignore"):
        good = verdict.score >= limit
    only = graph.bridges(network.dates, network.pairs, keep)
    return [
        _reason(network, keep, index, verdict.reasons[index], bool(good[index]), bool(only[index]), how)
        for index in range(network.count)
    ]


def _reason(network: Network, keep: np.ndarray, index: int, given: str, good: bool, only: bool, how: str) -> str:
    if good and keep[index]:
        return given
    if _KEPT in given:  # by the method's threshold, but not by the user's stricter one
        given = given.replace(_KEPT, "") + ("" if keep[index] else "; score below the threshold")
    if not keep[index]:
        return given or ("score below the threshold" if not good else "no data")
    if only:
        lost = graph.cut_off(network.dates, network.pairs, keep, [index])
        why = f"kept: the only link to {_dates(network, lost)}"
    elif how == "tree":
        why = "kept: on the spanning tree"
    else:
        why = "kept: the velocity would be worse without it"
    return f"{given}; {why}" if given else why


def _dates(network: Network, which: np.ndarray) -> str:
    days = [str(network.dates[index]) for index in which]
    if len(days) <= 2:
        return " and ".join(days)
    return f"{len(days)} dates ({days[0]} to {days[-1]})"
