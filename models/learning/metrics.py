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


def area_under_curve(truth: np.ndarray, score: np.ndarray) -> float:
    """Return the area under the ROC curve: the chance that a true one scores above one that is not; ties count half.

    Parameters
    ----------
    truth
        bool [n].
    score
        [n], larger is more probable.

    Returns
    -------
    float
        NaN where all are alike.
    """
    positives, total = int(truth.sum()), len(truth)
    if positives in (0, total):
        return float("nan")
    _, place, count = np.unique(score, return_inverse=True, return_counts=True)
    last = np.cumsum(count)
    rank = (last - (count - 1) / 2)[place.reshape(-1)]
    return float((rank[truth].sum() - positives * (positives + 1) / 2) / (positives * (total - positives)))


def platt(odds: np.ndarray, truth: np.ndarray, *, pull: float = 1e-9) -> Tuple[float, float]:
    """Return slope and shift that make the logistic function of ``slope odds + shift`` calibrated (Platt 1999).

    Newton's method on the cross-entropy, with steps that are halved until they help.

    Parameters
    ----------
    odds
        float64 [n], log odds as a network gives them.
    truth
        bool [n], or the degree of truth in 0..1.
    pull
        Weight of a pull towards slope 1 and shift 0, so that what is told apart without an error leaves the slope finite.
    """
    design = np.stack([odds, np.ones_like(odds)], axis=1).astype(np.float64)
    start, target = np.array([1.0, 0.0]), truth.astype(np.float64)

    def loss(weights: np.ndarray) -> float:
        line = design @ weights
        return float(np.mean(np.logaddexp(0.0, line) - target * line) + 0.5 * pull * np.sum((weights - start) ** 2))

    found = start.copy()
    for _ in range(100):
        chance = 1 / (1 + np.exp(-np.clip(design @ found, -40, 40)))
        gradient = design.T @ (chance - target) / len(odds) + pull * (found - start)
        curve = (design * (chance * (1 - chance))[:, None]).T @ design / len(odds) + pull * np.eye(2)
        step = np.linalg.solve(curve, gradient)
        # Where hardly anything is in doubt the curve is flat, and Newton's step far too long.
        while loss(found - step) > loss(found) and float(np.abs(step).max()) > 1e-12:
            step = step / 2
        found = found - step
        if float(np.abs(step).max()) < 1e-9:
            break
    return float(found[0]), float(found[1])


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
