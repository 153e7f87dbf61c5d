"""What a selection of interferograms is worth where the truth is known."""

from __future__ import annotations

from typing import Tuple

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from stillpoint.benchmarks.interferograms.simulator import Stack
from stillpoint.models.rasters.inversion import invert, refer, velocity

BINS = 10


def auc(score: NDArray, bad: NDArray[np.bool_]) -> float:
    """Return the chance that a bad pair scores below a good one: ties count half, missing scores are the median."""
    filled = np.where(np.isfinite(score), score, np.nanmedian(score) if np.isfinite(score).any() else 0.0)
    if not bad.any() or bad.all():
        return float("nan")
    rank = stats.rankdata(-filled)
    number = int(bad.sum())
    return float((rank[bad].sum() - number * (number + 1) / 2) / (number * (bad.size - number)))


def f1(dropped: NDArray[np.bool_], bad: NDArray[np.bool_]) -> float:
    """Return F1 of the bad pairs."""
    return float(2 * (dropped & bad).sum() / max(int(dropped.sum()) + int(bad.sum()), 1))


def best_threshold(score: NDArray, bad: NDArray[np.bool_]) -> float:
    """Return the threshold below which pairs are called bad that has the largest F1: what the method could do at most."""
    finite = np.unique(score[np.isfinite(score)])
    if not finite.size:
        return -np.inf
    between = np.concatenate([(finite[1:] + finite[:-1]) / 2, finite[-1:] + 1.0])
    return float(between[int(np.argmax([f1(score < level, bad) for level in between]))])


def calibration_error(score: NDArray, bad: NDArray[np.bool_]) -> float:
    """Return the expected calibration error of a score that says how likely a pair is good, in ten bins."""
    here = np.isfinite(score)
    said, good = score[here], ~bad[here]
    place = np.clip((said * BINS).astype(int), 0, BINS - 1)
    total = 0.0
    for k in np.unique(place):
        inside = place == k
        total += inside.sum() * abs(float(said[inside].mean()) - float(good[inside].mean()))
    return total / max(said.size, 1)


def velocity_error(stack: Stack, phase: NDArray, keep: NDArray[np.bool_], weights: object = None) -> Tuple[float, float]:
    """Return the root mean square error of the velocity by the kept pairs over the usable pixels, mm/yr, and the share with one.

    Parameters
    ----------
    stack
        Where it is measured.
    phase
        Its interferograms, referred by :func:`~stillpoint.models.rasters.inversion.refer`.
    keep
        bool [pairs].
    weights
        Of pairs or of their pixels; all alike if omitted.
    """
    row, col = np.nonzero(stack.usable)
    part = phase[:, row, col][:, None, :]
    chosen = None if weights is None else np.asarray(weights)
    if chosen is not None and chosen.ndim == 3:
        chosen = chosen[:, row, col][:, None, :]
    series = invert(part, stack.dates, stack.pairs, keep=keep, weights=chosen)
    found = velocity(series, stack.dates, wavelength=stack.wavelength)[0]
    error = found - stack.velocity[row, col]
    here = np.isfinite(error)
    if not here.any():
        return float("nan"), 0.0
    error = error[here] - np.median(error[here])
    return float(np.sqrt((error**2).mean())), float(here.mean())


def referred(stack: Stack) -> NDArray[np.float32]:
    """Return the interferograms relative to the median over one common area."""
    return refer(stack.phase)
