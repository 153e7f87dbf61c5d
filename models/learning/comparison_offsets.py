"""Offsets of a new model beside those of its start and of correlation, on the same held-out nodes; kernels on arrays."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Dict, List, Sequence

import numpy as np

from stillpoint.models.learning.comparison import drawn, verdict

RMSE = "RMSE"
OUTLIER = 1.0
"""Pixels: an offset that is off by more is an outlier."""


@dataclass(frozen=True)
class Tracked:
    """What one method says of the held-out nodes.

    Attributes
    ----------
    name, role
        As in :class:`stillpoint.models.learning.comparison.Answers`.
    offsets
        float [2, n] pixels: range, azimuth; NaN where it gives none.
    sigma
        float [2, n] pixels, its standard errors; NaN where it gives none.
    """

    name: str
    role: str
    offsets: np.ndarray
    sigma: np.ndarray


def compare_offsets(
    truth: np.ndarray, answers: Sequence[Tracked], groups: np.ndarray, *, unit: str, seed: int = 1
) -> Dict[str, Any]:
    """Return the figures of all methods on the same nodes, as JSON types.

    Errors count up to :data:`OUTLIER` where they decide: a method is not judged by how far its outliers lie. Nodes without an
    answer count nothing but for the coverage; the RMSE that decides is of the nodes that every method answers.

    Parameters
    ----------
    truth
        float [2, n] pixels.
    answers
        What each method says; the new model first.
    groups
        int [n], region or pair of each node.
    unit
        What the groups are.
    seed
        Of the drawing.
    """
    _, number = np.unique(groups, return_inverse=True)
    count = int(number.max()) + 1 if len(number) else 0
    weights = drawn(max(count, 1), seed)
    common = np.isfinite(truth).all(axis=0)
    for each in answers:
        common &= np.isfinite(each.offsets).all(axis=0)
    rows: List[Dict[str, Any]] = []
    samples: List[np.ndarray] = []
    for each in answers:
        error = each.offsets - truth
        capped = np.square(np.clip(error[:, common], -OUTLIER, OUTLIER)).mean(axis=0)
        squares = np.bincount(number[common], weights=capped, minlength=max(count, 1))
        nodes = np.bincount(number[common], minlength=max(count, 1)).astype(float)
        with np.errstate(invalid="ignore", divide="ignore"):
            samples.append(np.sqrt((weights @ squares) / (weights @ nodes)))
        rows.append({"name": each.name, "role": each.role, "figures": _figures(error, each.sigma, common, truth)})
    return {
        "kind": "offsets", "decides": RMSE, "larger_is_better": False, "classes": [], "positive": None,
        "examples": int(np.isfinite(truth).all(axis=0).sum()), "common": int(common.sum()),
        **verdict(rows, samples, RMSE, larger=False, groups=count, unit=unit, digits=4, suffix=" px"),
    }  # fmt: skip


def _figures(error: np.ndarray, sigma: np.ndarray, common: np.ndarray, truth: np.ndarray) -> Dict[str, Any]:
    """Return RMSE, outliers, coverage, and how honest the standard errors are."""
    asked = np.isfinite(truth).all(axis=0)
    answered = np.isfinite(error).all(axis=0)
    capped = np.clip(error[:, common], -OUTLIER, OUTLIER)
    own = error[:, answered]
    ratio = np.abs(own) / np.where(sigma[:, answered] > 0, sigma[:, answered], np.nan)
    ratio = ratio[np.isfinite(ratio)]

    def root(values: np.ndarray) -> Any:
        return float(np.sqrt(np.square(values).mean())) if values.size else None

    return {
        RMSE: root(capped),
        "RMSE of range": root(capped[0]) if capped.size else None,
        "RMSE of azimuth": root(capped[1]) if capped.size else None,
        "median error": float(np.median(np.hypot(*own))) if own.size else None,
        "outliers": float((np.hypot(*own) > OUTLIER).mean()) if own.size else None,
        "coverage": float(answered.sum() / max(asked.sum(), 1)),
        "within one standard error": float((ratio < 1).mean()) if ratio.size else None,
        "within two": float((ratio < 2).mean()) if ratio.size else None,
    }
