"""The fitted curve of one series, for looking at: trend, annual motion, break, jumps and their uncertainty.

Light (numpy only) and quick, because a map viewer calls it at every click. The numbers come from the same code
as those of the classified layer (:mod:`stillpoint.models.trends.fits`).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import List, Optional, Tuple

import numpy as np

from stillpoint.models.trends.classes import BILINEAR, LINEAR, QUADRATIC, UNWRAPPING_ERROR
from stillpoint.models.trends.designs import Axis, annual_columns, time_axis
from stillpoint.models.trends.fit_plans import MINIMUM_EPOCHS, Plan
from stillpoint.models.trends.fits import fit_block
from stillpoint.models.trends.gls import noise_grid
from stillpoint.models.trends.jumps import find_jumps

_POINTS = 400
_Z95 = 1.96
_NO_DATE = np.datetime64("NaT", "D")


@dataclass
class SeriesFit:
    """The curve and the numbers of one series; what does not apply is NaN or NaT.

    Attributes
    ----------
    dates
        (m,) datetime64[D], a fine grid over the span.
    fitted
        (m,) float64, trend with the annual motion, mm; without the jumps.
    trend
        (m,) float64, trend alone, mm.
    lower, upper
        (m,) float64, 95 % confidence band of ``trend``, mm.
    jumps
        date and size (mm) of each jump that was taken out.
    corrected
        (e,) float64, the series as given with the jumps taken out, mm.
    velocity, velocity_se, velocity_1, velocity_1_se, velocity_2, velocity_2_se
        mm/yr.
    break_date, break_lo, break_hi
        datetime64[D], with the ends of the 95 % interval.
    accel
        mm/yr²; annual : mm; rmse : mm.
    """

    dates: np.ndarray
    fitted: np.ndarray
    trend: np.ndarray
    lower: np.ndarray
    upper: np.ndarray
    jumps: List[Tuple[np.datetime64, float]]
    corrected: np.ndarray
    velocity: float = float("nan")
    velocity_se: float = float("nan")
    velocity_1: float = float("nan")
    velocity_1_se: float = float("nan")
    velocity_2: float = float("nan")
    velocity_2_se: float = float("nan")
    break_date: np.datetime64 = _NO_DATE
    break_lo: np.datetime64 = _NO_DATE
    break_hi: np.datetime64 = _NO_DATE
    accel: float = float("nan")
    annual: float = float("nan")
    rmse: float = float("nan")


_FIELDS = {
    "velocity": "velocity",
    "vel_se": "velocity_se",
    "velocity_1": "velocity_1",
    "vel1_se": "velocity_1_se",
    "velocity_2": "velocity_2",
    "vel2_se": "velocity_2_se",
    "accel": "accel",
    "annual": "annual",
    "rmse": "rmse",
}


@lru_cache(maxsize=16)
def _plan(days: bytes, annual: bool) -> Plan:
    axis = time_axis(np.frombuffer(days, "datetime64[D]"), annual=annual)
    return Plan(axis, noise_grid(), None, None)


def explain_series(
    dates: np.ndarray,
    displacement: np.ndarray,
    trend_code: int,
    *,
    break_date: Optional[np.datetime64] = None,
    wavelength: Optional[float] = None,
) -> SeriesFit:
    """Return the fitted curve of one classified series.

    Parameters
    ----------
    dates
        (e,) datetime64[D], any order.
    displacement
        (e,) float, mm, NaN where missing.
    trend_code
        0..4; with any other code the series gets a straight line.
    break_date
        draw the bilinear trend with its break here instead of at the date found.
    wavelength
        metres; without it no jumps are looked for.

    Returns
    -------
    SeriesFit
        With fewer than 8 epochs the curve is NaN.

    Raises
    ------
    StillpointError
        If the dates can't be used.
    """
    displacement = np.asarray(displacement, float)
    whole = time_axis(dates)
    grid_dates = _grid(whole)
    nothing = np.full(grid_dates.size, np.nan)
    result = SeriesFit(grid_dates, nothing, nothing, nothing, nothing, [], displacement.copy())
    series = displacement[whole.order]
    kept = np.isfinite(series)
    if kept.sum() < MINIMUM_EPOCHS or whole.dates[kept][0] == whole.dates[kept][-1]:
        return result
    if trend_code == UNWRAPPING_ERROR and wavelength:
        level = find_jumps(whole, series[None].astype(np.float32), wavelength).level[0]
        half = 500.0 * wavelength
        series = series - half * level
        result.corrected[whole.order] = series
        steps = np.diff(level[kept])
        result.jumps = [(whole.dates[kept][i + 1], float(half * steps[i])) for i in np.flatnonzero(steps)]

    plan = _plan(whole.dates[kept].tobytes(), whole.annual)
    model = trend_code if trend_code in (QUADRATIC, BILINEAR) else LINEAR
    forced = None
    if break_date is not None and not np.isnat(break_date) and model == BILINEAR:
        forced = plan.axis.position(np.asarray([break_date]))
    fit = fit_block(plan, series[kept][:, None], model, break_x=forced)
    for name, attribute in _FIELDS.items():
        if name in fit.values:
            setattr(result, attribute, float(fit.values[name][0]))
    if model == BILINEAR:
        for name in ("break_date", "break_lo", "break_hi"):
            setattr(result, name, fit.values[name][0])

    x = plan.axis.position(grid_dates)
    columns, annual = _columns(plan, x, grid_dates, model)
    beta = fit.beta[: columns.shape[1], 0]
    curve = columns @ beta
    season = annual @ fit.beta[1:3, 0] if annual is not None else 0.0
    if model == BILINEAR:
        curve = curve + fit.amplitude[0] * np.maximum(x - fit.break_x[0], 0.0)
    result.fitted = curve
    result.trend = curve - season
    spread = _Z95 * _spread(plan, fit, columns, annual, x)
    result.lower, result.upper = result.trend - spread, result.trend + spread
    return result


def _grid(axis: Axis) -> np.ndarray:
    days = (axis.dates[-1] - axis.dates[0]).astype(int)
    steps = np.unique(np.round(np.linspace(0, days, min(_POINTS, days + 1))).astype(int))
    return axis.dates[0] + steps.astype("timedelta64[D]")


def _columns(plan: Plan, x: np.ndarray, dates: np.ndarray, model: int) -> Tuple[np.ndarray, Optional[np.ndarray]]:
    """Return the design on a fine grid, and its annual part."""
    annual = annual_columns(dates) if plan.axis.annual else None
    parts = [np.ones((x.size, 1))] + ([] if annual is None else [annual]) + [x[:, None]]
    if model == QUADRATIC:
        parts.append(x[:, None] ** 2)
    return np.concatenate(parts, axis=1), annual


def _spread(plan: Plan, fit, columns: np.ndarray, annual: Optional[np.ndarray], x: np.ndarray) -> np.ndarray:
    """Standard deviation of the trend (annual part left out) on the fine grid, mm."""
    gls, cell = plan.gls, int(fit.cell[0])
    used = columns.shape[1]
    inverse = gls.inverse[cell, 0][:used, :used]
    trend = columns.copy()
    if annual is not None:
        trend[:, 1:3] = 0.0
    free = trend @ inverse.T  # in the orthonormal columns, whose covariance is sigma² I
    variance = (free**2).sum(1)
    if np.isfinite(fit.break_x[0]):
        # linearised at the fit: the hinge's amplitude and its date are two more parameters
        at = fit.break_x[0]
        extra = np.stack([np.maximum(gls.x - at, 0.0), -fit.amplitude[0] * (gls.x > at)], axis=1)
        fine = np.stack([np.maximum(x - at, 0.0), -fit.amplitude[0] * (x > at)], axis=1)
        white = gls.whiten_columns(extra)[:, :, cell, 0]
        q = gls.q[:, :used, cell, 0]
        w = q.T @ white
        gram = (white - q @ w).T @ (white - q @ w)
        gram += 1e-9 * np.trace(gram) * np.eye(2)
        rest = fine - free @ w
        variance = variance + np.einsum("mi,ij,mj->m", rest, np.linalg.inv(gram), rest)
    return fit.sigma[0] * np.sqrt(variance)
