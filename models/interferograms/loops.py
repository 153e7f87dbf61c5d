"""Loops of three interferograms: around one the phases must add up to nothing."""

from __future__ import annotations

from collections import defaultdict
from typing import Dict, List, Optional, Sequence, Tuple

import numpy as np


def triplets(pairs: np.ndarray, keep: Optional[np.ndarray] = None) -> np.ndarray:
    """Find the loops of three pairs.

    Parameters
    ----------
    pairs
        int [pairs, 2]: indices of the earlier and the later date.
    keep
        bool [pairs]: pairs that may take part; all where None.

    Returns
    -------
    numpy.ndarray
        int64 [loops, 3]: indices of the pairs (i, j), (j, k) and (i, k), whose signs around the loop are +, +, -; sorted.
    """
    allowed = np.ones(len(pairs), bool) if keep is None else np.asarray(keep, bool)
    by_ends: Dict[Tuple[int, int], List[int]] = defaultdict(list)
    after: Dict[int, List[Tuple[int, int]]] = defaultdict(list)
    ends = np.asarray(pairs).tolist()
    for index, (first, second) in enumerate(ends):
        if allowed[index]:
            by_ends[first, second].append(index)
            after[first].append((second, index))
    found = [
        (one, two, long)
        for one, (first, middle) in enumerate(ends) if allowed[one]
        for last, two in after.get(middle, ())
        for long in by_ends.get((first, last), ())
    ]  # fmt: skip
    return np.array(sorted(found), np.int64).reshape(-1, 3)


def wrap(phase: np.ndarray) -> np.ndarray:
    """Return ``phase`` (radians) wrapped to [-pi, pi), as float32 where it is float32."""
    turn = phase.dtype.type(2 * np.pi)
    return phase - turn * np.floor(phase / turn + phase.dtype.type(0.5))


def closure(phase: np.ndarray, loop: Sequence[int], *, wrapped: bool = False) -> np.ndarray:
    """Return what is left of the phase around one loop.

    Parameters
    ----------
    phase
        [pairs, rows, cols], radians; NaN where missing.
    loop
        A row of :func:`triplets`.
    wrapped
        Whether ``phase`` is wrapped; then the closure is wrapped too.

    Returns
    -------
    numpy.ndarray
        [rows, cols], radians; NaN where one of the three is missing. Interferograms that were referenced to different places leave
        a constant, see :func:`level`.
    """
    first, second, long = (int(index) for index in loop)
    left = phase[first] + phase[second] - phase[long]
    return wrap(left) if wrapped else left


def level(left: np.ndarray, *, wrapped: bool = False) -> float:
    """Return the constant in a closure, radians: the level of most of its pixels; NaN where it is missing everywhere.

    The median for unwrapped phases, the direction of the mean of the complex closure for wrapped ones.
    """
    values = left[np.isfinite(left)]
    if not values.size:
        return float("nan")
    if wrapped:
        return float(np.angle(np.exp(1j * values.astype(np.float64)).mean()))
    return float(np.median(values))


def membership(loops: np.ndarray, count: int) -> np.ndarray:
    """Return int64 [pairs]: in how many of ``loops`` each of ``count`` pairs takes part."""
    return np.bincount(loops.ravel(), minlength=count).astype(np.int64)
