"""From displacements along several lines of sight to vertical and east-west motion: pure arithmetic on arrays.

With the motion to the north taken for 0, a displacement along the line of sight (e, n, u) is ``d = e E + u U`` (Wright, Parsons &
Lu 2004, *Geophys. Res. Lett.* 31, L01607; Dalla Via et al. 2012). Two or more tracks give E and U by weighted least squares.
Since interpolation in time, least squares and the velocity of a series are all linear in the measured displacements, the standard
errors are propagated through all three at once and without approximation, correlation by interpolation included.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Tuple

import numpy as np

LEAST_DATES = 4
"""Dates with a value that the series of a cell must have."""

_MOST_RHO = 0.95


@dataclass(frozen=True)
class Noise:
    """Noise and pace of series, each of shape (c,).

    Attributes
    ----------
    sigma
        Standard deviation of one value about a smooth course, mm; NaN where there are too few values.
    rho
        Correlation of neighbouring residuals.
    velocity
        Slope of a straight line, mm/yr.
    middle
        Value of that line in the middle of the time, mm.
    count
        Number of values.
    """

    sigma: np.ndarray
    rho: np.ndarray
    velocity: np.ndarray
    middle: np.ndarray
    count: np.ndarray


def lines(values: np.ndarray, years: np.ndarray) -> Tuple[np.ndarray, np.ndarray]:
    """Return slope and value at the middle of ``years`` of straight lines through series, NaN where there are too few values.

    Parameters
    ----------
    values
        Shape (c, e), NaN where missing.
    years
        Times, shape (e,).
    """
    valid = np.isfinite(values)
    count = valid.sum(axis=1)
    filled = np.where(valid, values, 0.0).astype(np.float64)
    with np.errstate(invalid="ignore", divide="ignore"):
        centre = (valid @ years) / count
        away = np.where(valid, years[None, :] - centre[:, None], 0.0)
        mean = filled.sum(axis=1) / count
        slope = (away * filled).sum(axis=1) / (away**2).sum(axis=1)
    slope[count < 2] = np.nan
    return slope, mean + slope * (0.5 * (years[0] + years[-1]) - centre)


def noise_of(values: np.ndarray, years: np.ndarray) -> Noise:
    """Estimate the noise of series from what a smooth course leaves.

    The course is a polynomial of third degree with an annual wave; of fewer terms where there are few dates. Motion that it does
    not follow, such as a step, counts as noise: the standard errors are then too large rather than too small.

    Parameters
    ----------
    values
        Shape (c, e), mm, NaN where missing.
    years
        Times, shape (e,).
    """
    count = np.isfinite(values).sum(axis=1)
    velocity, middle = lines(values, years)
    sigma, rho = np.full(len(values), np.nan), np.zeros(len(values))
    span = max(float(years[-1] - years[0]), 1e-6)
    scaled = 2.0 * (years - years[0]) / span - 1.0
    terms = [np.ones_like(scaled), scaled, scaled**2, scaled**3]
    if span >= 0.9:
        terms += [np.cos(2.0 * np.pi * years), np.sin(2.0 * np.pi * years)]
    for number, fewest, most in ((len(terms), 20, 1 << 30), (4, 10, 19), (2, LEAST_DATES, 9)):
        rows = np.flatnonzero((count >= fewest) & (count <= most))
        if len(rows):
            sigma[rows], rho[rows] = _residuals(values[rows].astype(np.float64), np.stack(terms[:number], axis=1))
    return Noise(sigma, rho, velocity, middle, count)


def _residuals(values: np.ndarray, design: np.ndarray) -> Tuple[np.ndarray, np.ndarray]:
    """Return standard deviation and neighbour correlation of the residuals of ``values`` (c, e) to ``design`` (e, p)."""
    valid = np.isfinite(values)
    filled = np.where(valid, values, 0.0)
    terms = design.shape[1]
    if valid.all():
        orthonormal, _ = np.linalg.qr(design)
        left = filled - (filled @ orthonormal) @ orthonormal.T
    else:
        normal = np.einsum("ei,ce,ej->cij", design, valid.astype(np.float64), design, optimize=True)
        # A cell whose dates all lie in one part of the time tells not all terms: the ridge keeps the solution finite.
        normal += 1e-9 * np.trace(normal, axis1=1, axis2=2)[:, None, None] * np.eye(terms)
        found = np.linalg.solve(normal, (filled @ design)[:, :, None])[:, :, 0]
        left = np.where(valid, filled - found @ design.T, 0.0)
    count = valid.sum(axis=1)
    squares = (left**2).sum(axis=1)
    both = valid[:, 1:] & valid[:, :-1]
    with np.errstate(invalid="ignore", divide="ignore"):
        sigma = np.sqrt(squares / (count - terms))
        rho = np.where(both, left[:, 1:] * left[:, :-1], 0.0).sum(axis=1) / squares
    # A fit of p terms to white noise leaves neighbours correlated by about -p / (n - p).
    return sigma, np.clip(np.nan_to_num(rho) + terms / np.maximum(count - terms, 1), 0.0, _MOST_RHO)


def inflation(rho: np.ndarray, pooled: float, count: np.ndarray) -> np.ndarray:
    """Return by how much correlation in time enlarges the variance of a velocity, shape (c,).

    A single series tells its correlation badly, so that of the whole track is taken unless the series' own is clearly larger
    (Santer et al. 2000, *J. Geophys. Res.* 105, 7337, for the number of independent values).

    Parameters
    ----------
    rho
        Correlation of neighbouring residuals of each series.
    pooled
        That of the track.
    count
        Values of each series.
    """
    own = np.where(rho > pooled + 2.0 / np.sqrt(np.maximum(count, 1)), rho, pooled)
    return (1.0 + own) / (1.0 - own)


@dataclass(frozen=True)
class Interpolation:
    """Values at wanted dates as ``(1 - weight) * value[before] + weight * value[after]``; each of shape (c, m).

    Attributes
    ----------
    before, after
        Indices of epochs.
    weight
        That of the later one, 0..1.
    valid
        False where nothing can be interpolated.
    """

    before: np.ndarray
    after: np.ndarray
    weight: np.ndarray
    valid: np.ndarray

    def apply(self, values: np.ndarray) -> np.ndarray:
        """Return ``values`` (c, e) at the wanted dates, NaN where not valid."""
        rows = np.arange(len(values))[:, None]
        early = values[rows, self.before].astype(np.float64)
        late = values[rows, self.after].astype(np.float64)
        return np.where(self.valid, (1.0 - self.weight) * early + self.weight * late, np.nan)

    @property
    def variance(self) -> np.ndarray:
        """Variance of an interpolated value in that of a measured one."""
        return (1.0 - self.weight) ** 2 + self.weight**2


def interpolation(valid: np.ndarray, days: np.ndarray, wanted: np.ndarray, max_gap: float) -> Interpolation:
    """Find the values before and after each wanted date; nothing is told outside the first and last, or in long gaps.

    Parameters
    ----------
    valid
        Which values there are, bool of shape (c, e).
    days
        Times of the epochs, shape (e,), increasing.
    wanted
        Times asked for, shape (m,).
    max_gap
        Days from one value to the next, at most.
    """
    epochs = valid.shape[1]
    index = np.arange(epochs)
    last = np.maximum.accumulate(np.where(valid, index, -1), axis=1)
    following = np.minimum.accumulate(np.where(valid, index, epochs)[:, ::-1], axis=1)[:, ::-1]
    left = np.searchsorted(days, wanted, "right") - 1
    exact = (left >= 0) & (days[np.maximum(left, 0)] == wanted)
    right = np.where(exact, left, left + 1)
    inside = (left >= 0) & (right < epochs)
    before = last[:, np.clip(left, 0, epochs - 1)]
    after = following[:, np.clip(right, 0, epochs - 1)]
    good = inside & (before >= 0) & (after < epochs)
    before, after = np.where(good, before, 0), np.where(good, after, 0)
    gap = days[after] - days[before]
    good &= gap <= max_gap
    weight = np.where(gap > 0, (wanted[None, :] - days[before]) / np.where(gap > 0, gap, 1.0), 0.0)
    return Interpolation(before, after, np.where(good, weight, 0.0), good)


@dataclass(frozen=True)
class Motion:
    """Up and east of cells, the parts in this order.

    Attributes
    ----------
    values
        Displacements in mm since the reference date of each cell, shape (2, c, m), NaN where missing.
    velocity, velocity_std
        mm/yr, shape (2, c).
    std
        Typical standard error of one displacement, mm, shape (2, c).
    rmse
        What a straight line leaves, mm, shape (2, c).
    north
        mm that 1 mm of motion to the north would bring, shape (2, c).
    condition
        Condition number of the lines of sight, shape (c,).
    misfit
        RMS in mm of what up and east do not explain, shape (c,); 0 where there are but two tracks.
    """

    values: np.ndarray
    velocity: np.ndarray
    velocity_std: np.ndarray
    std: np.ndarray
    rmse: np.ndarray
    north: np.ndarray
    condition: np.ndarray
    misfit: np.ndarray


def projector(sight: np.ndarray, weights: np.ndarray) -> Tuple[np.ndarray, np.ndarray]:
    """Return the weighted least-squares solution for up and east, and the condition number.

    Parameters
    ----------
    sight
        Lines of sight, shape (c, k, 3): east, north, up.
    weights
        1 / variance of each track, shape (c, k); 0 where it has no value.

    Returns
    -------
    solution, condition
        (c, 2, k) with up first, NaN where there is none; and (c,), infinite there.
    """
    design = np.stack([sight[..., 2], sight[..., 0]], axis=-1).astype(np.float64)
    used = weights > 0
    values = np.linalg.svd(np.where(used[..., None], design, 0.0), compute_uv=False)
    with np.errstate(divide="ignore", invalid="ignore"):
        condition = np.where(values[:, 1] > 1e-9, values[:, 0] / values[:, 1], np.inf)
    share = weights / np.maximum(weights.max(axis=1, keepdims=True), 1e-300)
    normal = np.einsum("cki,ck,ckj->cij", design, share, design)
    good = np.isfinite(condition) & (used.sum(axis=1) >= 2)
    normal[~good] = np.eye(2)
    solution = np.linalg.solve(normal, np.swapaxes(design * share[..., None], 1, 2))
    solution[~good] = np.nan
    return solution, np.where(good, condition, np.inf)
