"""Velocity of series whose noise is correlated in time, with a standard error that says so.

Atmosphere that the filter left, slow motion about the line and the noise of the reference are alike from date to date. Taking
them for independent makes errors too small by factors. Here every series chooses among noise models: independent noise, noise of
which a part fades exponentially with the time between two dates, and either with a part that is stronger at some dates. Each gives
a line, with the dates weighted by their own variance, and the error that the correlation gives it; their mean is weighted by the
restricted likelihood (Patterson and Thompson 1971) and by how common a model is among all points, and the standard error counts
the disagreement of the models too.
"""

from __future__ import annotations

from typing import List, NamedTuple, Optional, Tuple

import numpy as np

SHARES = (0.25, 0.5, 0.75, 0.92)
"""Part of the noise variance that is correlated."""

FADING = (0.08, 0.25, 0.8, 2.5)
"""Years after which the correlation has fallen to 1/e."""

UNEVEN = (0.0, 0.5, 0.85)
"""Part of the noise variance that is larger at some dates than at others, as the atmosphere is."""

SEASONS = 1.5
"""Years that a series takes at least for its seasons to be told from noise."""

LEAST = 4
"""Dates that a velocity takes: three leave a single residual, which tells no noise."""

LEARNING = 30
"""Turns in which the noise models that are common among all points are learned."""

CELLS = 4_000_000
"""Numbers in a batch of correlation matrices."""


class Fitted(NamedTuple):
    """Straight lines through series.

    Attributes
    ----------
    velocity, error
        float64 [points], per year: slope and its standard error; NaN with fewer than ``LEAST`` dates.
    rmse
        float64 [points]: root mean square about the line.
    """

    velocity: np.ndarray
    error: np.ndarray
    rmse: np.ndarray


def fit_velocity(series: np.ndarray, years: np.ndarray, scatter: Optional[np.ndarray] = None) -> Fitted:
    """Fit a straight line to every series.

    Parameters
    ----------
    series
        float [dates, points]; NaN where missing.
    years
        float64 [dates].
    scatter
        float64 [dates], variance of what neighbours share at a date, in any unit; all dates are alike where None.
    """
    points = series.shape[1]
    velocity, error, rmse = (np.full(points, np.nan) for _ in range(3))
    seen = np.isfinite(series)
    whole = np.flatnonzero(seen.all(axis=0))
    if len(years) >= LEAST and whole.size:
        velocity[whole], error[whole], rmse[whole] = _fit(series[None, :, whole], np.ones((1, len(years)), bool), years, scatter)
    gaps = np.flatnonzero((seen.sum(axis=0) >= LEAST) & ~seen.all(axis=0))
    step = max(CELLS // len(years) ** 2, 1)
    for start in range(0, len(gaps), step):
        part = gaps[start : start + step]
        values = np.where(seen[:, part], series[:, part], 0.0).T[:, :, None]
        velocity[part], error[part], rmse[part] = _fit(values, seen[:, part].T, years, scatter)
    return Fitted(velocity, error, rmse)


def _fit(series: np.ndarray, seen: np.ndarray, years: np.ndarray, scatter: Optional[np.ndarray]) -> Fitted:
    """Fit series that share their dates.

    Parameters
    ----------
    series
        float [groups, dates, points]; 0 where missing.
    seen
        bool [groups, dates]: the dates that the points of a group have.
    years
        float64 [dates].
    scatter
        float64 [dates] or None.
    """
    count = series.shape[1]
    time = years - years.mean()
    number = seen.sum(axis=1)[:, None].astype(np.float64)
    # the seasons are motion: they belong to the line's misfit, but tell nothing of its noise
    seasonal = count >= 20 and float(np.ptp(years)) >= SEASONS
    waves = [np.sin(2 * np.pi * time), np.cos(2 * np.pi * time)] if seasonal else []
    columns = 2 + len(waves)
    design = np.column_stack([np.ones(count), time, *waves]) * seen[:, :, None]
    both = np.concatenate([design, series.astype(np.float64)], axis=2)
    free = np.maximum(number - columns, 1)
    slopes: List[np.ndarray] = []
    variances: List[np.ndarray] = []
    merits: List[np.ndarray] = []
    for correlation, trust in _models(time, scatter):
        # a missing date becomes one that has nothing to do with the others, and says nothing
        own = correlation * seen[:, :, None] * seen[:, None, :]
        own += np.eye(count) * (1.0 - seen[:, :, None])
        root = np.linalg.cholesky(own)
        white = np.linalg.solve(root, both)
        lines, values = white[:, :, :columns], white[:, :, columns:]
        normal = lines.transpose(0, 2, 1) @ lines
        product = lines.transpose(0, 2, 1) @ values
        full = np.linalg.pinv(normal, hermitian=True)
        left = np.square(values).sum(axis=1) - (product * (full @ product)).sum(axis=1)
        variance = np.maximum(left / free, 1e-12)
        # The line gives every date its due and no more: weights that follow the correlation as well rest on the ends of a series,
        # and take what swells there for velocity. The correlation tells the error of this line.
        plain = design[:, :, :2]
        weighted = plain.transpose(0, 2, 1) * trust
        lever = (np.linalg.inv(weighted @ plain) @ weighted)[:, 1:2]
        slopes.append((lever @ both[:, :, columns:])[:, 0])
        variances.append(variance * (lever @ own @ lever.transpose(0, 2, 1))[:, 0])
        volume = 2 * np.log(np.diagonal(root, axis1=1, axis2=2)).sum(axis=1) + np.linalg.slogdet(normal)[1]
        merits.append(-0.5 * (free * np.log(variance) + volume[:, None]))
    slope, spread, merit = np.stack(slopes), np.stack(variances), np.stack(merits)
    weight = _believed(merit.reshape(len(merit), -1)).reshape(merit.shape)
    velocity = (weight * slope).sum(axis=0)
    error = np.sqrt((weight * (spread + (slope - velocity) ** 2)).sum(axis=0))
    moved = velocity[:, None, :] * time[:, None]
    level = ((series - moved) * seen[:, :, None]).sum(axis=1) / number
    left = (series - moved - level[:, None, :]) * seen[:, :, None]
    rmse = np.sqrt(np.square(left).sum(axis=1) / number)
    return Fitted(velocity.ravel(), error.ravel(), rmse.ravel())


def _believed(merit: np.ndarray) -> np.ndarray:
    """Return the weight of every noise model for every point [models, points] from their log likelihoods.

    One series says little of its noise. How common each model is among all of them is learned first (the mixture weights by
    expectation and maximisation, with one point's worth of every model beforehand).
    """
    likelihood = np.exp(merit - merit.max(axis=0))
    common = np.full(len(merit), 1.0 / len(merit))
    weight = likelihood
    for _ in range(LEARNING):
        weight = likelihood * common[:, None]
        weight = weight / weight.sum(axis=0)
        common = (weight.sum(axis=1) + 1.0) / (weight.shape[1] + len(merit))
    return weight


def _models(time: np.ndarray, scatter: Optional[np.ndarray]) -> List[Tuple[np.ndarray, np.ndarray]]:
    """Return the correlation matrix [dates, dates] of every noise model, and the weights of the dates [dates] that go with it."""
    apart = np.abs(time[:, None] - time[None, :])
    same = np.eye(len(time))
    step = float(np.median(np.diff(np.sort(time)))) if len(time) > 1 else 1.0
    reach = [each for each in FADING if each > 0.5 * step] or [FADING[-1]]
    even = (same, *(share * np.exp(-apart / fading) + (1 - share) * same for share in SHARES for fading in reach))
    if scatter is None:
        return [(each, np.ones(len(time))) for each in even]
    uneven = scatter / scatter.mean()
    return [
        ((1 - part) * each + part * np.diag(uneven), 1.0 / ((1 - part) + part * uneven)) for part in UNEVEN for each in even
    ]
