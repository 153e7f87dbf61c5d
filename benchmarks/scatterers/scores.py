"""What a selection of scatterers is worth where the truth is known."""

from __future__ import annotations

from typing import Dict, List, Optional, Tuple

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from stillpoint.benchmarks.scatterers.settings import COVERS, FIELDS, FOREST, WATER

BINS = 15


def average_precision(score: NDArray, truth: NDArray) -> float:
    """Return the area under the steps of the precision-recall curve; pixels of equal score enter together."""
    order = np.argsort(-score, kind="stable")
    ranked, right = score[order], np.cumsum(truth[order])
    last = np.append(np.flatnonzero(np.diff(ranked)), ranked.size - 1)
    recall = right[last] / max(int(right[-1]), 1)
    return float(np.sum(np.diff(recall, prepend=0.0) * right[last] / (last + 1)))


def f1_at_true_count(score: NDArray, truth: NDArray) -> float:
    """Return F1 when exactly as many pixels are taken as there are true PS: precision and recall are then the same."""
    count = int(truth.sum())
    return float(truth[best(score, count)].mean()) if count else float("nan")


def best(score: NDArray, count: int) -> NDArray[np.intp]:
    """Return the indices of the ``count`` highest scores; ties are broken by a fixed shuffle, so that no corner is favoured."""
    shuffled = np.random.default_rng(0).permutation(score.size)
    return np.asarray(shuffled[np.argsort(-score[shuffled], kind="stable")[:count]])


def false_per_km2(
    score: NDArray, truth: NDArray, cover: NDArray, *, spacing: Tuple[float, float], count: Optional[int] = None
) -> Dict[str, float]:
    """Return false PS per km² on water, forest and fields when ``count`` pixels (as many as are true) are taken."""
    taken = np.zeros(score.size, bool)
    taken[best(score, int(truth.sum()) if count is None else count)] = True
    area = spacing[0] * spacing[1] / 1e6
    result = {}
    for code in (WATER, FOREST, FIELDS):
        here = cover == code
        result[COVERS[code]] = float((taken & ~truth & here).sum() / (here.sum() * area)) if here.any() else float("nan")
    return result


def precision_by_cover(score: NDArray, truth: NDArray, cover: NDArray) -> Dict[str, float]:
    """Return the precision in each land cover when as many pixels are taken as are true; NaN where none is taken."""
    taken = np.zeros(score.size, bool)
    taken[best(score, int(truth.sum()))] = True
    result = {}
    for code, name in enumerate(COVERS):
        here = taken & (cover == code)
        result[name] = float(truth[here].mean()) if here.any() else float("nan")
    return result


def reliability(probability: NDArray, truth: NDArray) -> List[Tuple[float, float, int]]:
    """Return mean probability, share of true PS and number of pixels in each of 15 equal bins that has pixels."""
    place = np.minimum((probability * BINS).astype(int), BINS - 1)
    number = np.bincount(place, minlength=BINS)
    said = np.bincount(place, probability, BINS)
    right = np.bincount(place, truth.astype(float), BINS)
    return [(float(said[k] / n), float(right[k] / n), int(n)) for k, n in enumerate(number) if n]


def calibration_error(probability: NDArray, truth: NDArray) -> float:
    """Return the expected calibration error: mean over the pixels of what the bins of :func:`reliability` are off."""
    curve = reliability(probability, truth)
    return sum(n * abs(said - right) for said, right, n in curve) / sum(n for *_, n in curve)


def noise_scores(estimate: NDArray, noise: NDArray, below: float = 1.2) -> Dict[str, float]:
    """Return rank correlation and median absolute error (radians) of the phase noise, where the true one is ``below``."""
    here = (noise < below) & np.isfinite(estimate)
    if here.sum() < 3:
        return {"correlation": float("nan"), "error": float("nan")}
    return {
        "correlation": float(stats.spearmanr(estimate[here], noise[here])[0]),
        "error": float(np.median(np.abs(estimate[here] - noise[here]))),
    }
