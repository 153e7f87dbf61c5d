"""Weeding: of touching pixels the best, and no pixel whose quietest arc to a neighbour is still noisy."""

from __future__ import annotations

from typing import Callable, List, Optional

import numpy as np
import torch
from scipy import ndimage
from scipy.spatial import Delaunay, QhullError

ARCS = 8_192
"""Arcs at once."""

TWO_PI = 2.0 * np.pi


def best_of_touching(rows: np.ndarray, cols: np.ndarray, gamma: np.ndarray) -> np.ndarray:
    """Return bool [pixels]: the pixel of largest gamma in each group of pixels that touch, corners included."""
    if len(rows) == 0:
        return np.zeros(0, dtype=bool)
    top, left = rows.min(), cols.min()
    filled = np.zeros((int(np.ptp(rows)) + 1, int(np.ptp(cols)) + 1), dtype=bool)
    filled[rows - top, cols - left] = True
    groups, _ = ndimage.label(filled, structure=np.ones((3, 3)))
    group = groups[rows - top, cols - left]
    order = np.lexsort((-gamma, group))
    best = np.zeros(len(rows), dtype=bool)
    best[order[np.concatenate([[True], np.diff(group[order]) != 0])]] = True
    return best


def delaunay_edges(x: np.ndarray, y: np.ndarray) -> Optional[np.ndarray]:
    """Return the edges of the Delaunay triangulation, int64 [edges, 2], smaller index first; None where there is none."""
    if len(x) < 4:
        return None
    try:
        corners = Delaunay(np.column_stack([x, y])).simplices
    except QhullError:  # all on one line
        return None
    edges = np.sort(np.concatenate([corners[:, [0, 1]], corners[:, [1, 2]], corners[:, [0, 2]]]), axis=1)
    return np.unique(edges.astype(np.int64), axis=0)


def arc_noise(
    u: torch.Tensor,
    edges: np.ndarray,
    *,
    days: Optional[np.ndarray],
    baselines: Optional[np.ndarray],
    window: float = 730.0,
    check: Callable[[], None] = lambda: None,
) -> np.ndarray:
    """Return standard deviation and largest absolute value of the noise along each arc, float64 [2, edges], radians.

    Parameters
    ----------
    u
        complex64 [pixels, dates], phasors without height error, the reference date included.
    edges
        int64 [edges, 2].
    days
        [dates], time in days; None smooths nothing (small baselines).
    baselines
        [dates] metres, for one more slope along each arc; None where unknown.
    window
        Sigma of the Gaussian time window, days.
    check
        Called between batches; may raise to stop.
    """
    device = u.device
    first, second = (torch.from_numpy(np.ascontiguousarray(edges[:, side])).to(device) for side in (0, 1))
    weights = None if days is None else _time_weights(np.asarray(days, dtype=np.float64), window, device)
    noise = torch.empty(len(edges), u.shape[1], device=device)
    total = torch.zeros(2, u.shape[1], dtype=torch.float64, device=device)
    for start in range(0, len(edges), ARCS):
        check()
        part = slice(start, start + ARCS)
        arcs = u[second[part]] * u[first[part]].conj()
        noise[part], alone = _smoothed_noise(arcs, weights)
        total[0] += alone.double().sum(dim=0)
        total[1] += alone.double().square().sum(dim=0)
    pull = lengths = torch.zeros(u.shape[1], dtype=torch.float64, device=device)
    if baselines is not None and np.ptp(baselines) > 0:
        count = max(len(edges), 2)
        variance = ((total[1] - total[0].square() / count) / (count - 1)).clamp(min=1e-12)
        lengths = torch.from_numpy(np.asarray(baselines, dtype=np.float64)).to(device)
        pull = lengths / variance
        pull = pull / (pull * lengths).sum()
    found = []
    for part in noise.split(ARCS):
        left = part.double()
        left = left - (left @ pull)[:, None] * lengths
        found.append(torch.stack([left.std(dim=1), left.abs().max(dim=1).values]))
    return torch.cat(found, dim=1).cpu().numpy()


def _time_weights(days: np.ndarray, window: float, device: torch.device) -> List[torch.Tensor]:
    """Return for every date: weights of the dates [dates, dates], the same without it, and the line's two operators.

    Row k of each is for date k. The weighted line over (t_k - t) has the intercept ``sum(w a) - mean * slope``,
    which is linear in the angles a: one row of coefficients a date.
    """
    lag = days[:, None] - days[None, :]
    weights = np.exp(-(lag**2) / (2.0 * window**2))
    weights /= weights.sum(axis=1, keepdims=True)
    alone = weights * (1.0 - np.eye(len(days)))
    mean = (weights * lag).sum(axis=1, keepdims=True)
    centred = lag - mean
    spread = (weights * centred**2).sum(axis=1, keepdims=True)
    slope = weights * centred / np.where(spread > 0, spread, 1.0)
    level = weights - mean * slope
    return [torch.from_numpy(values).to(device, torch.float32) for values in (weights, alone, level, slope, lag)]


def _smoothed_noise(arcs: torch.Tensor, operators: Optional[List[torch.Tensor]]) -> tuple[torch.Tensor, torch.Tensor]:
    """Return the noise of arcs complex64 [arcs, dates] against their smooth course, with and without the date itself."""
    phase = _angle(arcs)
    if operators is None:
        return phase, phase
    weights, alone, level, slope, lag = operators
    noise, without = torch.empty_like(phase), phase - _angle(arcs @ alone.T.to(arcs.dtype))
    mean = _angle(arcs @ weights.T.to(arcs.dtype))
    for date in range(phase.shape[1]):
        rest = _wrap(phase - mean[:, date, None])
        intercept, tilt = rest @ level[date], rest @ slope[date]
        rest = _wrap(rest - intercept[:, None] - tilt[:, None] * lag[date])
        noise[:, date] = phase[:, date] - mean[:, date] - intercept - rest @ level[date]
    return _wrap(noise), _wrap(without)


def _angle(values: torch.Tensor) -> torch.Tensor:
    return torch.atan2(values.imag.contiguous(), values.real.contiguous())


def _wrap(phase: torch.Tensor) -> torch.Tensor:
    return phase - TWO_PI * torch.round(phase / TWO_PI)


def quiet(
    x: np.ndarray, y: np.ndarray, noise: np.ndarray, edges: np.ndarray, *, largest_std: float, largest: float
) -> np.ndarray:
    """Return bool [pixels]: pixels whose quietest arc is below both limits, from ``noise`` [2, edges]."""
    best = np.full((2, len(x)), np.inf)
    for row in (0, 1):
        for side in (0, 1):
            np.minimum.at(best[row], edges[:, side], noise[row])
    return (best[0] < largest_std) & ((best[1] < largest) | np.isinf(largest))
