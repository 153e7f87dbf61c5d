"""Figures of a selection against the truth, and calibration: kernels on flat arrays, for a class that may be rare."""

from __future__ import annotations

from typing import List, Sequence, Tuple

import numpy as np
import torch
from torch.nn import functional

_FLATTEST = 0.05
"""Least slope of a calibration, so that it keeps the order of all pixels."""


def average_precision(truth: np.ndarray, score: np.ndarray) -> float:
    """Return the mean precision over the true pixels in the order of the score; 1 is perfect, the share of true ones is chance.

    Parameters
    ----------
    truth
        bool [n].
    score
        [n], larger is more probable.

    Returns
    -------
    float
        NaN where none is true.
    """
    if not truth.any():
        return float("nan")
    order = np.argsort(-score, kind="stable")
    hits = truth[order]
    precision = np.cumsum(hits) / np.arange(1, len(hits) + 1)
    return float(precision[hits].mean())


def f1_at_density(truth: np.ndarray, score: np.ndarray) -> float:
    """Return F1 when exactly as many are taken as there are true ones; NaN where there is none."""
    count = int(truth.sum())
    if count == 0:
        return float("nan")
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


def rungs(standing: np.ndarray, truth: np.ndarray, *, count: int = 16, bins: int = 2000, steps: int = 60) -> np.ndarray:
    """Return a rising piecewise linear function of ``standing`` that gives calibrated log odds.

    Where two numbers (:func:`platt`) are too few: maximum likelihood over functions that rise everywhere, so that no order changes.

    Parameters
    ----------
    standing
        [n], larger is more probable.
    truth
        bool [n].
    count
        Points of the function; denser where there are more true ones.
    bins, steps
        Resolution of the sums and steps of the fit.

    Returns
    -------
    numpy.ndarray
        float64 [2, count]: places and values.
    """
    edges = np.quantile(standing, np.linspace(0, 1, bins + 1))
    edges = np.unique(edges)
    every = torch.from_numpy(np.histogram(standing, edges)[0].astype(np.float64))
    true = torch.from_numpy(np.histogram(standing[truth], edges)[0].astype(np.float64))
    middle = torch.from_numpy(0.5 * (edges[1:] + edges[:-1]))
    half = count // 2
    known = np.concatenate([
        np.quantile(standing, np.linspace(0.01, 0.99, count - half)), np.quantile(standing[truth], np.linspace(0.05, 0.995, half))
    ])
    places = torch.from_numpy(np.sort(known))
    places = places + 1e-4 * torch.arange(count)  # no two in one place
    gaps = places.diff()
    # The part of each gap that lies below a value; the first and the last reach on.
    parts = torch.minimum((middle[:, None] - places[:-1]).clamp_min(0), gaps)
    parts[:, 0] += (middle - places[0]).clamp_max(0)
    parts[:, -1] += (middle - places[-1]).clamp_min(0)
    steep = torch.zeros(count - 1, dtype=torch.float64, requires_grad=True)
    start = torch.tensor([-3.0], dtype=torch.float64, requires_grad=True)
    fit = torch.optim.LBFGS([steep, start], max_iter=steps, line_search_fn="strong_wolfe")

    def loss() -> torch.Tensor:
        fit.zero_grad()
        odds = start + parts @ (functional.softplus(steep) + _FLATTEST)
        found = (every * functional.softplus(odds) - true * odds).sum() / every.sum()
        found = found + 1e-6 * (steep.square().sum() + start.square().sum())  # type: ignore[assignment]
        found.backward()
        return found

    fit.step(loss)
    values = torch.cat([start, start + (gaps * (functional.softplus(steep) + _FLATTEST)).cumsum(0)])
    return torch.stack([places, values]).detach().numpy()


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
