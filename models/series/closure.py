"""Whether the interferograms of a network agree with one another, and the whole cycles by which single ones do not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Optional

import numpy as np

from stillpoint.models.rasters.inversion import invert

CYCLE = 2 * np.pi

SUSPECT = 1.2
"""Radians that an interferogram may differ from what the others say before its point is looked into."""

_ROUNDS = 5
_TURNS = 3


@dataclass(frozen=True)
class Closure:
    """What the loops of a network said.

    Attributes
    ----------
    phase
        float32 [pairs, points], corrected where asked for.
    open
        Share of the values that differed by whole cycles from what the others say.
    corrected
        Share of the values that were corrected.
    """

    phase: np.ndarray
    open: float
    corrected: float


def close_loops(
    phase: np.ndarray, dates: np.ndarray, pairs: np.ndarray, weights: Optional[np.ndarray] = None, *, correct: bool = True
) -> Closure:
    """Find interferograms that are whole cycles off the rest of their network, and set them right.

    The dates are found by least absolute deviations (iteratively reweighted), so that a few wrong interferograms stand out whole
    in their residuals. Those are rounded to cycles. A point keeps its values where that does not make its network agree better.

    Parameters
    ----------
    phase
        float32 [pairs, points], unwrapped and referenced, radians; NaN where missing.
    dates
        datetime64 [dates].
    pairs
        int64 [pairs, 2].
    weights
        float64 [pairs]; alike where None.
    correct
        Whether to set right what is found.
    """
    corrected = phase.copy()
    total = max(int(np.isfinite(phase).sum()), 1)
    left = _residual(phase, dates, pairs, weights)
    suspects = np.flatnonzero((np.abs(np.nan_to_num(left)) > SUSPECT).any(axis=0))
    if not suspects.size:
        return Closure(phase, 0.0, 0.0)
    own = phase[:, suspects]
    for _ in range(_TURNS):
        cycles = np.round(_robust_residual(own, dates, pairs, weights) / CYCLE)
        if not np.nan_to_num(cycles).any():
            break
        own = own - CYCLE * np.nan_to_num(cycles)
    found = np.nan_to_num(np.round((phase[:, suspects] - own) / CYCLE))
    before, after = _misfit(left[:, suspects]), _misfit(_residual(own.astype(np.float32), dates, pairs, weights))
    better = after < 0.7 * before
    found[:, ~better] = 0.0
    open_share = float(np.count_nonzero(found)) / total
    if not correct:
        return Closure(phase, open_share, 0.0)
    corrected[:, suspects] = (phase[:, suspects] - CYCLE * found).astype(np.float32)
    return Closure(corrected, open_share, open_share)


def _residual(phase: np.ndarray, dates: np.ndarray, pairs: np.ndarray, weights: Optional[np.ndarray]) -> np.ndarray:
    """Return what the dates by least squares leave of every pair [pairs, points]; weights [pairs] or [pairs, points]."""
    given = weights if weights is None or weights.ndim == 1 else weights[:, :, None]
    series = invert(phase[:, :, None], dates, pairs, weights=given)[:, :, 0]
    return np.asarray(phase - (series[pairs[:, 1]] - series[pairs[:, 0]]))


def _robust_residual(phase: np.ndarray, dates: np.ndarray, pairs: np.ndarray, weights: Optional[np.ndarray]) -> np.ndarray:
    base = np.ones(phase.shape) if weights is None else np.repeat(weights[:, None] / weights.max(), phase.shape[1], axis=1)
    own, left = base, np.zeros(phase.shape)
    for _ in range(_ROUNDS):
        left = _residual(phase.astype(np.float32), dates, pairs, own)
        own = base / np.maximum(np.abs(np.nan_to_num(left)) / 0.5, 1.0) ** 1.5
        own = np.maximum(own, 1e-4 * base.max())
    return left


def _misfit(left: np.ndarray) -> np.ndarray:
    return np.asarray(np.nansum(np.abs(left), axis=0))
