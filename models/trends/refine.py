"""Velocities, break date and their uncertainties of classified series, by generalised least squares. numpy only.

For every series the posterior over a grid of noise parameters (share and correlation time of the correlated
part, restricted likelihood) and, for a bilinear series, over the break date is computed in closed form. What is
reported are moments of that posterior: the break date is its median with a 95 % interval, velocities are its
means, and their standard errors hold what is not known about noise and break date. Plain least squares takes the
epoch of least squares and the velocities beside it as if both were known.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Dict, Optional

import numpy as np

from stillpoint.models.errors import StillpointError
from stillpoint.models.trends.classes import BILINEAR, LINEAR, QUADRATIC, UNWRAPPING_ERROR
from stillpoint.models.trends.designs import Axis, time_axis
from stillpoint.models.trends.fit_plans import MINIMUM_EPOCHS, plans
from stillpoint.models.trends.fits import fit_block
from stillpoint.models.trends.gls import NoiseGrid, noise_grid
from stillpoint.models.trends.jumps import find_jumps

_BLOCK = {LINEAR: 1024, QUADRATIC: 1024, BILINEAR: 2048}
"""Series fitted at a time: few enough for the processor's cache, more where they are sorted further."""


@dataclass
class Refinement:
    """What :func:`refine` returns; one value a series, NaN or NaT where it does not apply.

    Attributes
    ----------
    velocity, vel_se
        mean velocity over the span, jumps removed, and its standard error, mm/yr.
    velocity_1, vel1_se, velocity_2, vel2_se
        before and after the break (Bilinear), mm/yr.
    break_date, break_lo, break_hi
        median and 95 % interval of the break date, datetime64[D].
    accel
        acceleration (Quadratic), mm/yr².
    annual
        amplitude of the annual motion, mm; NaN where the dates don't allow it.
    rmse
        root mean square of the residuals of the fitted trend, mm.
    epochs
        epochs with a value.
    jumps
        number of epochs at which the series jumps.
    corrected
        (n, e) float32, the series with its jumps taken out, mm.
    """

    velocity: np.ndarray
    vel_se: np.ndarray
    velocity_1: np.ndarray
    vel1_se: np.ndarray
    velocity_2: np.ndarray
    vel2_se: np.ndarray
    break_date: np.ndarray
    break_lo: np.ndarray
    break_hi: np.ndarray
    accel: np.ndarray
    annual: np.ndarray
    rmse: np.ndarray
    epochs: np.ndarray
    jumps: np.ndarray
    corrected: np.ndarray

    def columns(self) -> Dict[str, np.ndarray]:
        """Return the arrays with one value a series by the name of their field (all but ``corrected``)."""
        return {name: value for name, value in vars(self).items() if name != "corrected"}


def refine(
    dates: np.ndarray,
    displacement: np.ndarray,
    trend_code: np.ndarray,
    *,
    wavelength: float,
    jumps: Optional[np.ndarray] = None,
    break_hint: Optional[np.ndarray] = None,
    grid: Optional[NoiseGrid] = None,
) -> Refinement:
    """Refine classified series.

    Parameters
    ----------
    dates
        (e,) datetime64[D], any order.
    displacement
        (n, e) float, mm; NaN where missing.
    trend_code
        (n,) int, 0..4; series with another code get their velocity and no more.
    wavelength
        metres.
    jumps
        (n, e) int, half wavelengths by which each epoch stands too high (a level, not a step: an error
        that comes and goes is ``0 0 1 1 0``). Found here for the series classed as unwrapping errors when None.
    break_hint
        (n,) float, years since the first date near which the break is thought to be; NaN for no idea.
        It weighs the posterior gently, and never rules a date out.
    grid
        noise parameters to average over; the default covers 5 to 200 days.

    Returns
    -------
    Refinement

    Raises
    ------
    StillpointError
        If the dates can't be used or shapes disagree.
    """
    displacement = np.asarray(displacement)
    count, epochs = displacement.shape if displacement.ndim == 2 else (0, -1)
    if epochs != len(dates) or len(trend_code) != count:
        raise StillpointError(
            f"The displacement has shape {displacement.shape}, but there are {len(dates)} dates "
            f"and {len(trend_code)} classes."
        )
    axis = time_axis(dates)
    codes = np.asarray(trend_code).astype(int)
    if jumps is None:
        jumps = _find_jumps(axis, displacement, codes, wavelength)
    corrected = displacement.astype(np.float32)
    jumped = np.flatnonzero(jumps.any(1))
    corrected[jumped] -= np.float32(500.0 * wavelength) * jumps[jumped].astype(np.float32)
    series = corrected if (np.diff(axis.order) == 1).all() else corrected[:, axis.order]
    valid = np.isfinite(series)
    counts = np.zeros(count, np.int32)
    counts[jumped] = _count_jumps(jumps[jumped][:, axis.order], valid[jumped])
    result = _empty(count, corrected, valid.sum(1), counts)
    usable = result.epochs >= MINIMUM_EPOCHS
    if axis.x.size < MINIMUM_EPOCHS:
        return result
    models = _model_of(codes)
    hint = np.full(count, np.nan) if break_hint is None else np.asarray(break_hint, float)
    grid = noise_grid() if grid is None else grid
    for model in (LINEAR, QUADRATIC, BILINEAR):
        for plan, rows in plans(axis, grid, valid, np.flatnonzero(usable & (models == model)), block=_BLOCK[model]):
            values = series[rows] if plan.rows.size == axis.x.size else series[np.ix_(rows, plan.rows)]
            if plan.valid is not None:
                values = np.where(plan.valid.T, values, np.float32(0.0))
            fit = fit_block(plan, np.ascontiguousarray(values.T), model, hint_x=hint[rows] / axis.span * 2.0 - 1.0)
            for name, column in fit.values.items():
                getattr(result, name)[rows] = column
    return result


def _model_of(codes: np.ndarray) -> np.ndarray:
    model = np.full(codes.shape, LINEAR)
    model[codes == QUADRATIC] = QUADRATIC
    model[codes == BILINEAR] = BILINEAR
    return model


def _find_jumps(axis: Axis, displacement: np.ndarray, codes: np.ndarray, wavelength: float) -> np.ndarray:
    jumps = np.zeros(displacement.shape, np.int8)
    rows = np.flatnonzero(codes == UNWRAPPING_ERROR)
    if rows.size:
        found = find_jumps(axis, displacement[rows][:, axis.order].astype(np.float32), wavelength).level
        jumps[np.ix_(rows, axis.order)] = found
    return jumps


def _count_jumps(levels: np.ndarray, valid: np.ndarray) -> np.ndarray:
    """Number of epochs at which the level differs from that of the last epoch with a value, (n,)."""
    epoch = np.arange(levels.shape[1])
    last = np.maximum.accumulate(np.where(valid, epoch, -1), axis=1)
    held = np.take_along_axis(levels, np.maximum(last, 0), axis=1)
    return ((np.diff(held, axis=1) != 0) & (last[:, :-1] >= 0)).sum(1)


def _empty(count: int, corrected: np.ndarray, epochs: np.ndarray, jumps: np.ndarray) -> Refinement:
    def real() -> np.ndarray:
        return np.full(count, np.nan)

    def day() -> np.ndarray:
        return np.full(count, np.datetime64("NaT"), "datetime64[D]")

    return Refinement(
        real(), real(), real(), real(), real(), real(), day(), day(), day(),
        real(), real(), real(), epochs.astype(np.int32), jumps, corrected,
    )
