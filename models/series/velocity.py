"""Velocity of series whose noise is correlated in time, with a standard error that says so.

Atmosphere that the filter left, slow motion about the line and the noise of the reference are alike from date to date. Taking them
for independent makes errors too small by factors. Here every series chooses among noise models: independent noise, and noise of which a
part fades exponentially with the time between two dates. Each gives a velocity by generalised least squares; their mean is weighted by
the restricted likelihood (Patterson and Thompson 1971), and the standard error counts the disagreement of the models too.
"""

from __future__ import annotations

from typing import List, NamedTuple, Tuple

import numpy as np

SHARES = (0.25, 0.5, 0.75, 0.92)
"""Part of the noise variance that is correlated."""

FADING = (0.08, 0.25, 0.8, 2.5)
"""Years after which the correlation has fallen to 1/e."""


class Fitted(NamedTuple):
    """Straight lines through series.

    Attributes
    ----------
    velocity, error
        float64 [points], per year: slope and its standard error; NaN with fewer than three or four dates.
    rmse
        float64 [points]: root mean square about the line.
    """

    velocity: np.ndarray
    error: np.ndarray
    rmse: np.ndarray


def fit_velocity(series: np.ndarray, years: np.ndarray) -> Fitted:
    """Fit a straight line to every series.

    Parameters
    ----------
    series
        float [dates, points]; NaN where missing.
    years
        float64 [dates].
    """
    points = series.shape[1]
    velocity, error, rmse = (np.full(points, np.nan) for _ in range(3))
    seen = np.isfinite(series)
    packed = np.ascontiguousarray(np.packbits(seen, axis=0).T)
    patterns, which = np.unique(packed.view(np.dtype((np.void, packed.shape[1]))).ravel(), return_inverse=True)
    order = np.argsort(which, kind="stable")
    for group in np.split(order, np.cumsum(np.bincount(which, minlength=len(patterns)))[:-1]):
        here = seen[:, group[0]]
        if here.sum() < 3:
            continue
        found = _fit(series[here][:, group].astype(np.float64), years[here])
        velocity[group], error[group], rmse[group] = found
    return Fitted(velocity, error, rmse)


def _fit(series: np.ndarray, years: np.ndarray) -> Fitted:
    """Fit series [dates, points] without gaps."""
    count = len(years)
    time = years - years.mean()
    design = np.column_stack([np.ones(count), time])
    slopes: List[np.ndarray] = []
    variances: List[np.ndarray] = []
    merits: List[np.ndarray] = []
    if count < 4:
        plain = np.linalg.lstsq(design, series, rcond=None)[0]
        left = series - design @ plain
        return Fitted(plain[1], np.full(series.shape[1], np.nan), np.sqrt(np.mean(left**2, axis=0)))
    for correlation in _models(time):
        root = np.linalg.cholesky(correlation)
        lines, values = np.linalg.solve(root, design), np.linalg.solve(root, series)
        normal = lines.T @ lines
        inverse = np.linalg.inv(normal)
        solved = inverse @ (lines.T @ values)
        left = np.square(values - lines @ solved).sum(axis=0)
        variance = np.maximum(left / (count - 2), 1e-12)
        slopes.append(solved[1])
        variances.append(variance * inverse[1, 1])
        volume = 2 * np.log(np.diag(root)).sum() + np.linalg.slogdet(normal)[1]
        merits.append(-0.5 * ((count - 2) * np.log(variance) + volume))
    slope, spread, merit = np.stack(slopes), np.stack(variances), np.stack(merits)
    weight = np.exp(merit - merit.max(axis=0))
    weight /= weight.sum(axis=0)
    velocity = (weight * slope).sum(axis=0)
    error = np.sqrt((weight * (spread + (slope - velocity) ** 2)).sum(axis=0))
    line = series.mean(axis=0) + np.outer(time, velocity)
    return Fitted(velocity, error, np.sqrt(np.mean((series - line) ** 2, axis=0)))


def _models(time: np.ndarray) -> Tuple[np.ndarray, ...]:
    """Return the correlation matrices of the noise models."""
    apart = np.abs(time[:, None] - time[None, :])
    same = np.eye(len(time))
    step = float(np.median(np.diff(np.sort(time)))) if len(time) > 1 else 1.0
    reach = [each for each in FADING if each > 0.5 * step] or [FADING[-1]]
    return (same, *(share * np.exp(-apart / fading) + (1 - share) * same for share in SHARES for fading in reach))
