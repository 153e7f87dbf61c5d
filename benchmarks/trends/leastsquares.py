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
        ``break_day`` (days after the first date), ``velocity_1``, ``velocity_2``, ``error_1``, ``error_2`` (mm/yr), each (n,).
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
    result = {name: np.empty(len(y)) for name in ("velocity_1", "velocity_2", "error_1", "error_2")}
    for row, break_year in enumerate(best):
        full = np.column_stack([design, np.maximum(years - break_year, 0.0)])
        fit = _Fit(y[row : row + 1], mask[row : row + 1], full)
        variance = fit.rss[0] / max(mask[row].sum() - full.shape[1] - 1, 1.0)
        inverse = fit.inverse[0] * variance
        result["velocity_1"][row] = fit.beta[0, 1]
        result["velocity_2"][row] = fit.beta[0, 1] + fit.beta[0, -1]
        result["error_1"][row] = np.sqrt(inverse[1, 1])
        result["error_2"][row] = np.sqrt(max(inverse[1, 1] + 2 * inverse[1, -1] + inverse[-1, -1], 0.0))
    return {"break_day": best * DAYS_PER_YEAR, **result}
