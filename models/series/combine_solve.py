"""Up and east of a batch of cells, with standard errors; see :mod:`stillpoint.models.series.combine_kernels`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import List, Sequence, Tuple

import numpy as np

from stillpoint.models.series.combine_kernels import Interpolation, Motion, interpolation, projector


@dataclass(frozen=True)
class View:
    """One track as a batch of cells sees it.

    Attributes
    ----------
    values
        Displacements of the cells, mm, float of shape (c, e), NaN where missing.
    days
        Times of its epochs, shape (e,).
    sight
        Lines of sight, shape (c, 3): east, north, up.
    sigma
        Standard deviation of one value, mm, shape (c,); NaN where the cell has no series.
    inflation
        Factor of the variance of velocities for correlation in time, shape (c,).
    spread
        Standard error of the cell's velocity by the differences of its points, mm/yr, shape (c,); 0 where unknown.
    """

    values: np.ndarray
    days: np.ndarray
    sight: np.ndarray
    sigma: np.ndarray
    inflation: np.ndarray
    spread: np.ndarray


def solve(views: Sequence[View], wanted: np.ndarray, *, max_gap: float, max_condition: float) -> Motion:
    """Solve for up and east at the wanted dates.

    Parameters
    ----------
    views
        The tracks, two or more, of the same cells.
    wanted
        Times asked for, days, shape (m,).
    max_gap
        Longest gap to interpolate in, days.
    max_condition
        Cells whose lines of sight are worse stay missing.
    """
    steps: List[Interpolation] = []
    measured = []
    for view in views:
        usable = np.isfinite(view.values) & np.isfinite(view.sigma)[:, None] & np.isfinite(view.sight).all(axis=1)[:, None]
        steps.append(interpolation(usable, view.days, wanted, max_gap))
        measured.append(steps[-1].apply(view.values))
    present = np.stack([step.valid for step in steps])
    has = present.any(axis=2)
    origin, known = _reference_dates(present, has)
    cells = np.arange(present.shape[1])
    for values in measured:
        zero = values[cells, origin]
        values -= np.where(np.isfinite(zero), zero, 0.0)[:, None]  # a track without any value has none there either
    sight = np.stack([np.nan_to_num(view.sight.astype(np.float64)) for view in views], axis=1)
    sigma = np.stack([np.where(np.isfinite(view.sigma), np.maximum(view.sigma, 1e-6), np.inf) for view in views], axis=1)
    weights = 1.0 / sigma**2
    whole, condition = projector(sight, weights * has.T)
    share = _shares(present, sight, weights, max_condition)
    share[:, :, ~known] = np.nan
    observed = np.where(present, np.stack(measured), 0.0)
    values = np.einsum("kpcm,kcm->pcm", share, observed)
    coefficients, velocity, rmse = _lines(values, wanted)
    velocity_std = _velocity_errors(views, steps, share, coefficients, origin, sigma, whole)
    std = _value_errors(steps, share, origin, sigma, values)
    north = np.einsum("cpk,ck->pc", whole, sight[:, :, 1])
    return Motion(values, velocity, velocity_std, std, rmse, north, condition, _misfit(values, observed, present, sight))


def _reference_dates(present: np.ndarray, has: np.ndarray) -> Tuple[np.ndarray, np.ndarray]:
    """Return the first date at which all tracks of a cell have a value, and whether there is one, each of shape (c,)."""
    complete = (present | ~has[:, :, None]).all(axis=0) & (has.sum(axis=0) >= 2)[:, None]
    return complete.argmax(axis=1), complete.any(axis=1)


def _shares(present: np.ndarray, sight: np.ndarray, weights: np.ndarray, max_condition: float) -> np.ndarray:
    """Return what each track adds to up and east at each date, (k, 2, c, m); NaN where there is no solution."""
    tracks, cells, dates = present.shape
    share = np.full((tracks, 2, cells, dates), np.nan)
    code = (present * (1 << np.arange(tracks))[:, None, None]).sum(axis=0)
    for pattern in np.unique(code):
        there = np.array([bool(pattern >> track & 1) for track in range(tracks)])
        if there.sum() < 2:
            continue
        found, condition = projector(sight, weights * there)
        found[condition > max_condition] = np.nan
        cell, date = np.nonzero(code == pattern)
        share[:, :, cell, date] = found[cell].transpose(2, 1, 0)
    return share


def _lines(values: np.ndarray, wanted: np.ndarray) -> Tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the coefficients of the slope (c, m), the slopes and the residual RMS (2, c) of straight lines."""
    valid = np.isfinite(values[0])
    years = wanted / 365.25
    count = valid.sum(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        centre = (valid @ years) / count
        away = np.where(valid, years[None, :] - centre[:, None], 0.0)
        coefficients = away / (away**2).sum(axis=1, keepdims=True)
    coefficients[count < 3] = np.nan
    filled = np.where(valid, values, 0.0)
    slope = (coefficients * filled).sum(axis=2)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = filled.sum(axis=2) / count
        left = np.where(valid, filled - mean[:, :, None] - slope[:, :, None] * away, 0.0)
        rmse = np.sqrt((left**2).sum(axis=2) / count)
    return coefficients, slope, rmse


def _velocity_errors(
    views: Sequence[View], steps: Sequence[Interpolation], share: np.ndarray, coefficients: np.ndarray, origin: np.ndarray,
    sigma: np.ndarray, whole: np.ndarray,
) -> np.ndarray:
    """Propagate the noise of every epoch of every track to the velocities, (2, c)."""
    cells = np.arange(len(origin))
    variance = np.zeros((2, len(origin)))
    for track, (view, step) in enumerate(zip(views, steps)):
        epochs = view.values.shape[1]
        spread = np.square(np.nan_to_num(whole[:, :, track].T) * view.spread)
        noise = np.where(np.isfinite(sigma[:, track]), sigma[:, track], 0.0) ** 2 * view.inflation
        for part in range(2):
            pull = np.nan_to_num(coefficients * share[track, part])
            at = np.zeros(len(origin) * epochs)
            for index, weight in ((step.before, 1.0 - step.weight), (step.after, step.weight)):
                place = (cells[:, None] * epochs + index).ravel()
                at += np.bincount(place, (pull * weight).ravel(), minlength=len(at))
                # All values are relative to that of the reference date, whose noise they share.
                zero = (cells * epochs + index[cells, origin]).ravel()
                at -= np.bincount(zero, pull.sum(axis=1) * weight[cells, origin], minlength=len(at))
            temporal = noise * (at.reshape(len(origin), epochs) ** 2).sum(axis=1)
            # The differences between a cell's points hold their noise in time too: the larger of the two tells.
            variance[part] += np.maximum(temporal, spread[part])
    return np.where(np.isfinite(coefficients).all(axis=1), np.sqrt(variance), np.nan)


def _value_errors(
    steps: Sequence[Interpolation], share: np.ndarray, origin: np.ndarray, sigma: np.ndarray, values: np.ndarray
) -> np.ndarray:
    """Return the typical standard error of a displacement, root mean square over the dates, (2, c)."""
    cells = np.arange(len(origin))
    variance = np.zeros(values.shape)
    for track, step in enumerate(steps):
        both = step.variance + step.variance[cells, origin][:, None]
        noise = np.where(np.isfinite(sigma[:, track]), sigma[:, track], 0.0) ** 2
        variance += np.nan_to_num(share[track]) ** 2 * (noise[:, None] * both)[None]
    later = np.isfinite(values)
    later[:, cells, origin] = False  # there both the displacement and its error are 0 by definition
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.sqrt(np.where(later, variance, 0.0).sum(axis=2) / later.sum(axis=2))


def _misfit(values: np.ndarray, observed: np.ndarray, present: np.ndarray, sight: np.ndarray) -> np.ndarray:
    """Return the RMS of what up and east leave of the displacements along the lines of sight, mm, (c,)."""
    told = sight[:, :, 2].T[:, :, None] * values[0] + sight[:, :, 0].T[:, :, None] * values[1]
    used = present & np.isfinite(told)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.sqrt((np.where(used, observed - np.nan_to_num(told), 0.0) ** 2).sum(axis=(0, 2)) / used.sum(axis=(0, 2)))
