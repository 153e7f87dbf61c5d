"""Break date and velocities by ordinary least squares: what the refined estimates are measured against."""

from __future__ import annotations

from typing import Dict

import numpy as np

from stillpoint.benchmarks.trends.calendars import DAYS_PER_YEAR
from stillpoint.benchmarks.trends.features import _Fit

LEAST_SIDE = 4
SEASON_YEARS = 1.5


def kink_fit(dates: np.ndarray, displacement: np.ndarray) -> Dict[str, np.ndarray]:
    """Return the best continuous two-segment line of every series, white noise assumed.

    Parameters
    ----------
    dates
        ``datetime64[D]``, shape (e,).
    displacement
        mm, shape (n, e), NaN where missing.

    Returns
    -------
    dict
        ``break_day`` (days after the first date), ``velocity_1``, ``velocity_2``, ``error_1``, ``error_2`` (mm/yr),
        each (n,).
        The annual term is fitted as well from 1.5 years on.
    """
    years = (dates - dates[0]).astype(np.float64) / DAYS_PER_YEAR
    valid = np.isfinite(displacement)
    mask = valid.astype(np.float64)
    y = np.where(valid, displacement, 0.0).astype(np.float64)
    design = np.column_stack([np.ones_like(years), years - 0.5 * years[-1]])
    if years[-1] >= SEASON_YEARS:
        design = np.column_stack([design, np.cos(2 * np.pi * years), np.sin(2 * np.pi * years)])
    at = np.linspace(years[LEAST_SIDE], years[-LEAST_SIDE - 1], 2 * years.size)
    gains, _ = _Fit(y, mask, design).gains(np.maximum(years[:, None] - at, 0.0))
    best = at[gains.argmax(1)]
    kinks = np.maximum(years - best[:, None], 0.0)
    full = np.concatenate([np.broadcast_to(design, (len(y), *design.shape)), kinks[:, :, None]], axis=2)
    weighted = np.swapaxes(full * mask[:, :, None], 1, 2)
    inverse = np.linalg.inv(weighted @ full + 1e-9 * np.eye(full.shape[2]))
    beta = (inverse @ (weighted @ y[:, :, None]))[:, :, 0]
    residual = (y - (full @ beta[:, :, None])[:, :, 0]) * mask
    variance = np.sum(residual**2, axis=1) / np.maximum(mask.sum(1) - full.shape[2] - 1, 1.0)
    after = inverse[:, 1, 1] + 2 * inverse[:, 1, -1] + inverse[:, -1, -1]
    return {
        "break_day": best * DAYS_PER_YEAR,
        "velocity_1": beta[:, 1],
        "velocity_2": beta[:, 1] + beta[:, -1],
        "error_1": np.sqrt(variance * inverse[:, 1, 1]),
        "error_2": np.sqrt(variance * np.maximum(after, 0.0)),
    }
