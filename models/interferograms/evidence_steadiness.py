"""How far the phase of neighbouring pixels agrees: an absolute measure of its noise that needs neither coherence nor loops.

Over a small window of n pixels the mean phasor m of pure noise is not 0 but about 1 / sqrt(n). Its square has a known expectation,
E |m|**2 = R**2 + (1 - R**2) / n, where R is the length of the mean phasor of a single pixel; so (n |m|**2 - 1) / (n - 1) is free
of bias: 0 on average for noise and 1 without any, whatever the looks and however the coherence was estimated. The same of the
differences between neighbours says it where the phase is steep.
"""

from __future__ import annotations

from typing import Tuple

import numpy as np
import torch
from torch.nn import functional

WINDOW = 5
"""Rows and columns of a window."""

LEAST = 8
"""Known pixels of a window at least."""

NOISE = 0.12
"""Steadiness below which ground says nothing: three standard deviations of a window of noise."""


def steadiness(phase: np.ndarray, size: Tuple[int, int]) -> Tuple[np.ndarray, np.ndarray]:
    """Return the steadiness of the phase and of its slope on a coarse grid.

    Parameters
    ----------
    phase
        float32 [rows, cols], radians, wrapped or not; NaN where missing.
    size
        Rows and columns of the coarse grid.

    Returns
    -------
    tuple
        float32 ``size`` each: R**2 of the phase, and the mean of R**4 along rows and columns of the slope (R**4 since a difference
        has the noise of two pixels); NaN where missing. Averages of either have no bias and may fall below 0.
    """
    if min(phase.shape) < WINDOW + 1:
        return (np.full(size, np.nan, np.float32),) * 2
    values = torch.from_numpy(np.array(phase, np.float32))
    known = torch.isfinite(values)
    values = torch.where(known, values, torch.zeros(()))
    turned = torch.stack([torch.cos(values) * known, torch.sin(values) * known, known.float()])
    # A window for each block of the coarse grid is enough.
    stride = max(1, min(phase.shape[0] // size[0], phase.shape[1] // size[1], WINDOW))
    still, weight = _windows(turned, stride)
    across, across_weight = _windows(_slope(turned, 1), stride)
    along, along_weight = _windows(_slope(turned, 2), stride)
    phase_found = _coarse(still, weight, size)
    x, y = _coarse(across, across_weight, size), _coarse(along, along_weight, size)
    return phase_found.numpy(), (0.5 * (x + y)).numpy()


def root(even: np.ndarray) -> np.ndarray:
    """Return the steadiness of slopes on the scale of that of the phase, sign kept."""
    return np.asarray(np.sign(even) * np.sqrt(np.abs(even)))


def noise_of(steady: np.ndarray, even: np.ndarray) -> np.ndarray:
    """Return where neither the phase nor its slope is steadier than noise, float32 of 0, 1 and NaN."""
    best = np.fmax(steady, even)
    return np.where(np.isfinite(best), best < NOISE, np.nan).astype(np.float32)


def everywhere(values: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """Return the mean of the known values of each pair over all its ground, float64 [pairs]; NaN where nothing is known."""
    known = np.isfinite(values)
    total = np.einsum("pij,pij->p", np.where(known, values, 0.0), weight)
    return np.divide(total, np.einsum("pij,pij->p", known.astype(np.float64), weight), out=np.full(len(values), np.nan),
                     where=known.any(axis=(1, 2)))


def _slope(turned: torch.Tensor, axis: int) -> torch.Tensor:
    """Return phasors of the differences between neighbours along an axis, and where they are known."""
    count = turned.shape[axis] - 1
    first, second = turned.narrow(axis, 0, count), turned.narrow(axis, 1, count)
    real = first[0] * second[0] + first[1] * second[1]
    imaginary = first[0] * second[1] - first[1] * second[0]
    return torch.stack([real, imaginary, first[2] * second[2]])


def _windows(turned: torch.Tensor, stride: int) -> Tuple[torch.Tensor, torch.Tensor]:
    """Return the unbiased steadiness of every window, and 1 where enough of it is known, else 0."""
    sums = turned
    for axis in (1, 2):
        count = (sums.shape[axis] - WINDOW) // stride + 1
        parts = [sums.narrow(axis, first, sums.shape[axis] - first) for first in range(WINDOW)]
        taken = [each[:, ::stride][:, :count] if axis == 1 else each[:, :, ::stride][:, :, :count] for each in parts]
        sums = taken[0] + taken[1]
        for each in taken[2:]:
            sums += each
    number = sums[2]
    enough = (number >= LEAST - 0.5).float()
    found = (sums[0] ** 2 + sums[1] ** 2 - number) / (number * (number - 1)).clamp_min(1.0)
    return found * enough, enough


def _coarse(found: torch.Tensor, weight: torch.Tensor, size: Tuple[int, int]) -> torch.Tensor:
    total = functional.adaptive_avg_pool2d(found[None], size)[0]
    share = functional.adaptive_avg_pool2d(weight[None], size)[0]
    return torch.where(share > 0, total / share.clamp_min(1e-6), torch.full((), torch.nan))
