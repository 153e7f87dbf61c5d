"""Figures of a selection against the truth: ranking, calibration, threshold. Kernels on flat arrays."""

from __future__ import annotations

from typing import List, Sequence, Tuple

import numpy as np


def average_precision(truth: np.ndarray, score: np.ndarray) -> float:
    """Return the mean precision over the true pixels in the order of the score; 1 is perfect, the share of true ones is chance.

    Parameters
    ----------
    truth
        bool [n], some True.
    score
        [n], larger is more probable.
    """
    order = np.argsort(-score, kind="stable")
    hits = truth[order]
    precision = np.cumsum(hits) / np.arange(1, len(hits) + 1)
    return float(precision[hits].mean())


def f1_at_density(truth: np.ndarray, score: np.ndarray) -> float:
    """Return F1 when exactly as many pixels are taken as there are true ones."""
    count = int(truth.sum())
    taken = np.argpartition(-score, count - 1)[:count]
    return float(truth[taken].mean())


def calibration_error(truth: np.ndarray, probability: np.ndarray, *, bins: int = 15) -> float:
    """Return the gap between probability and share of true pixels, averaged over equal-width bins (Guo et al. 2017)."""
    index = np.minimum((probability * bins).astype(int), bins - 1)
    counts = np.bincount(index, minlength=bins)
    said = np.bincount(index, weights=probability, minlength=bins)
    was = np.bincount(index, weights=truth.astype(float), minlength=bins)
    return float(np.abs(said - was).sum() / max(counts.sum(), 1))


def platt(odds: np.ndarray, truth: np.ndarray, *, steps: int = 30) -> Tuple[float, float]:
    """Return slope and shift that make the logistic function of ``slope odds + shift`` calibrated (Platt 1999), by Newton steps."""
    slope, shift = 1.0, 0.0
    target = truth.astype(np.float64)
    for _ in range(steps):
        probability = 1 / (1 + np.exp(-np.clip(slope * odds + shift, -30, 30)))
        weight = np.maximum(probability * (1 - probability), 1e-9)
        error = probability - target
        gradient = np.array([(error * odds).mean(), error.mean()])
        cross = (weight * odds).mean()
        hessian = np.array([[(weight * odds * odds).mean(), cross], [cross, weight.mean()]]) + 1e-9 * np.eye(2)
        step = np.linalg.solve(hessian, gradient)
        slope, shift = slope - float(step[0]), shift - float(step[1])
        if np.abs(step).max() < 1e-7:
            break
    return slope, shift


def best_threshold(scenes: Sequence[Tuple[np.ndarray, np.ndarray]]) -> float:
    """Return the threshold on the probability with the largest F1 over all pixels of the scenes (truth, probability)."""
    grid = np.linspace(0.02, 0.98, 97)
    taken, right = np.zeros(len(grid)), np.zeros(len(grid))
    total = 0.0
    for truth, probability in scenes:
        edges = np.concatenate(([-np.inf], grid, [np.inf]))
        every: List[np.ndarray] = [np.histogram(values, edges)[0] for values in (probability, probability[truth])]
        taken += every[0][::-1].cumsum()[::-1][1:]
        right += every[1][::-1].cumsum()[::-1][1:]
        total += float(truth.sum())
    f1 = 2 * right / np.maximum(taken + total, 1)
    return float(grid[int(np.argmax(f1))])
