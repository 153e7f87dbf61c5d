"""How good offsets are: against the truth at the nodes that can be measured."""

from __future__ import annotations

from typing import Dict

import numpy as np
from numpy.typing import NDArray

from stillpoint.benchmarks.offsets.peers import Answer
from stillpoint.benchmarks.offsets.simulator import Pair, lost_nodes

CLIP = 1.0
"""Pixels at which errors are cut, and what no answer counts as."""

OUTLIER = 1.0
"""Pixels of error, in either component, from which an offset is an outlier."""


def clipped(answer: Answer, pair: Pair) -> NDArray[np.float64]:
    """Return errors [2, rows, cols] in pixels, cut at ``CLIP``; no answer counts as ``CLIP``."""
    error = np.abs(answer.offsets.astype(float) - pair.truth)
    return np.where(np.isfinite(error), np.minimum(error, CLIP), CLIP)


def scores(answer: Answer, pair: Pair) -> Dict[str, float]:
    """Return the figures of one answer on one pair; those that it gives no answer for are left out.

    Returns
    -------
    dict
        ``all1``: RMSE of a component over all measurable nodes, errors cut at 1 px; ``all1_row``, ``all1_col``; ``steps``: the same
        within 24 px of discontinuities; with the tracker's own mask ``rmse``, ``coverage``, ``outliers``, and ``lost``, the share
        of decorrelated nodes that it answers all the same; ``within_1``, ``within_2``: shares of the errors within one and two of
        its standard errors.
    """
    here, error = pair.measurable, clipped(answer, pair)
    square = error**2
    result = {
        "all1": float(np.sqrt(square[:, here].mean())),
        "all1_row": float(np.sqrt(square[0, here].mean())),
        "all1_col": float(np.sqrt(square[1, here].mean())),
    }
    near = here & pair.near_steps
    if near.any():
        result["steps"] = float(np.sqrt(square[:, near].mean()))
    if answer.valid is not None:
        valid = answer.valid & np.isfinite(answer.offsets).all(axis=0)
        kept = here & valid
        plain = np.abs(answer.offsets - pair.truth)
        result["coverage"] = float(kept.sum() / here.sum())
        if kept.any():
            result["rmse"] = float(np.sqrt((plain[:, kept].astype(float) ** 2).mean()))
            result["outliers"] = float((plain[:, kept].max(axis=0) > OUTLIER).mean())
        lost = lost_nodes(pair)
        if lost.any():
            result["lost"] = float(valid[lost].mean())
        if answer.sigma is not None and kept.any():
            ratio = plain[:, kept] / np.maximum(answer.sigma[:, kept], 1e-6)
            result["within_1"], result["within_2"] = float((ratio < 1).mean()), float((ratio < 2).mean())
    return result


def locking(answer: Answer, pair: Pair, *, axis: int, reach: float = 0.35) -> Dict[str, NDArray[np.float64]]:
    """Return sums for the error against the fraction of a pixel of the true offset: where trackers are pulled to whole pixels.

    Parameters
    ----------
    answer, pair
        An answer and its pair.
    axis
        0 for rows, 1 for columns.
    reach
        Errors beyond are left out: outliers would hide what is looked for.

    Returns
    -------
    dict
        ``total`` and ``count`` in ten bins of the fraction, from -0.5 to 0.5 pixel.
    """
    here = pair.measurable & np.isfinite(answer.offsets).all(axis=0)
    truth = pair.truth[axis][here].astype(float)
    error = answer.offsets[axis][here] - truth
    fraction = truth - np.round(truth)
    bins = np.clip(((fraction + 0.5) * 10).astype(int), 0, 9)
    good = np.abs(error) < reach
    return {
        "total": np.bincount(bins[good], weights=error[good], minlength=10).astype(float),
        "count": np.bincount(bins[good], minlength=10).astype(float),
    }
