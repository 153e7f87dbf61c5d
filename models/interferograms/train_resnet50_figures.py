"""How well a picture classifier does: accuracy by class, ranking, calibration, and what it says of each kind of contamination."""

from __future__ import annotations

from typing import Dict, List, Sequence, Tuple

import numpy as np

from stillpoint.models.learning import metrics

BINS = 10


def figures(probability: np.ndarray, good: np.ndarray, threshold: float) -> Dict[str, float]:
    """Return the figures of one set of pictures; empty where it has none with a label.

    Parameters
    ----------
    probability
        float64 [n] of high quality.
    good
        [n]: at least 0.5 high quality, less low, NaN without a label (left out).
    threshold
        On the probability.
    """
    known = np.isfinite(good)
    probability, truth = probability[known], good[known] >= 0.5
    if not len(truth):
        return {}
    chosen = probability >= threshold
    found = {"accuracy": float(np.mean(chosen == truth))}
    if truth.any():
        found["of high quality, right"] = float(chosen[truth].mean())
    if (~truth).any():
        found["of low quality, right"] = float((~chosen[~truth]).mean())
    if truth.any() and (~truth).any():
        found["balanced accuracy"] = 0.5 * (found["of high quality, right"] + found["of low quality, right"])
        hits = float((~chosen & ~truth).sum())
        found["F1 of low quality"] = 2 * hits / max(float((~chosen).sum() + (~truth).sum()), 1.0)
        found["area under the ROC curve"] = metrics.area_under_curve(truth, probability)
    found["calibration error"] = metrics.calibration_error(truth, probability, bins=BINS)
    found["pictures"] = float(len(truth))
    return found


def reliability(probability: np.ndarray, truth: np.ndarray) -> List[Tuple[float, float, int]]:
    """Return mean probability, share of high quality and number of the pictures in each tenth of the probability that has some."""
    place = np.minimum((probability * BINS).astype(int), BINS - 1)
    rows = []
    for number in range(BINS):
        here = place == number
        if here.any():
            rows.append((float(probability[here].mean()), float(truth[here].mean()), int(here.sum())))
    return rows


def strictest_threshold(probability: np.ndarray, good: np.ndarray, *, cost: float) -> float:
    """Return the highest threshold (in hundredths) that costs at most ``cost`` of the best accuracy.

    Where a network is redundant a bad pair that stays does more harm than a good one that goes, so of thresholds that are nearly as
    good the strictest is taken.
    """
    known = np.isfinite(good)
    probability, truth = probability[known], good[known] >= 0.5
    levels = np.arange(5, 96) / 100
    accuracy = np.array([np.mean((probability >= level) == truth) for level in levels])
    return float(levels[np.flatnonzero(accuracy >= accuracy.max() - cost)[-1]])


def by_kind(probability: np.ndarray, good: np.ndarray, kinds: Sequence[str], threshold: float) -> Dict[str, Tuple[float, int]]:
    """Return of each kind of picture the share that is judged right, and the number."""
    found = {}
    right = (probability >= threshold) == (good >= 0.5)
    names = np.array([kind or "nothing wrong" for kind in kinds])
    for name in sorted(set(names.tolist())):
        here = (names == name) & np.isfinite(good)
        if here.any():
            found[name] = (float(right[here].mean()), int(here.sum()))
    return found
