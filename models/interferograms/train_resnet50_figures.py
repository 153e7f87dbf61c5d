"""How well a picture classifier does: accuracy by class, ranking, calibration, and what it says of each kind of contamination."""

from __future__ import annotations

from typing import Dict, List, Sequence, Tuple

import numpy as np

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
        found["area under the ROC curve"] = area(probability, truth)
    found["calibration error"] = calibration_error(probability, truth)
    found["pictures"] = float(len(truth))
    return found


def area(score: np.ndarray, truth: np.ndarray) -> float:
    """Return the area under the ROC curve; ties count half."""
    _, place, count = np.unique(score, return_inverse=True, return_counts=True)
    last = np.cumsum(count)
    rank = (last - (count - 1) / 2)[place.reshape(-1)]
    positives, negatives = int(truth.sum()), int((~truth).sum())
    return float((rank[truth].sum() - positives * (positives + 1) / 2) / max(positives * negatives, 1))


def reliability(probability: np.ndarray, truth: np.ndarray) -> List[Tuple[float, float, int]]:
    """Return mean probability, share of high quality and number of the pictures in each tenth of the probability that has some."""
    place = np.minimum((probability * BINS).astype(int), BINS - 1)
    rows = []
    for number in range(BINS):
        here = place == number
        if here.any():
            rows.append((float(probability[here].mean()), float(truth[here].mean()), int(here.sum())))
    return rows


def calibration_error(probability: np.ndarray, truth: np.ndarray) -> float:
    """Return the mean distance of probability and share over the tenths, weighted by their pictures."""
    rows = reliability(probability, truth)
    return float(sum(abs(mean - share) * count for mean, share, count in rows) / max(sum(row[2] for row in rows), 1))


def platt(odds: np.ndarray, target: np.ndarray, *, weight: float = 1e-3) -> Tuple[float, float]:
    """Return slope and shift of the calibrated log odds, by Newton's method on the cross-entropy (Platt 1999).

    Parameters
    ----------
    odds
        float64 [n], log odds as the network gives them.
    target
        [n] in 0..1.
    weight
        Of a pull towards slope 1 and shift 0, so that pictures that are told apart without an error leave the slope finite.
    """
    design = np.stack([odds, np.ones_like(odds)], axis=1)
    start = np.array([1.0, 0.0])

    def loss(weights: np.ndarray) -> float:
        line = design @ weights
        return float(np.mean(np.logaddexp(0.0, line) - target * line) + 0.5 * weight * np.sum((weights - start) ** 2))

    found = start.copy()
    for _ in range(100):
        chance = 1 / (1 + np.exp(-np.clip(design @ found, -40, 40)))
        gradient = design.T @ (chance - target) / len(odds) + weight * (found - start)
        curve = (design * (chance * (1 - chance))[:, None]).T @ design / len(odds) + weight * np.eye(2)
        step = np.linalg.solve(curve, gradient)
        # Where hardly any picture is in doubt the curve is flat, and Newton's step far too long.
        while loss(found - step) > loss(found) and float(np.abs(step).max()) > 1e-12:
            step = step / 2
        found = found - step
        if float(np.abs(step).max()) < 1e-9:
            break
    return float(max(found[0], 0.05)), float(found[1])


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
