"""What series of neighbours share and should not: planes left by orbits, and the delay of the atmosphere.

Atmosphere is random from date to date and smooth in space, motion is smooth in time: so what is left of the series after smoothing
in time, smoothed in space, is taken for atmosphere (Ferretti et al. 2001; Hooper et al. 2007, JGR 112, B07407).
"""

from __future__ import annotations

from typing import Tuple

import numpy as np
from scipy import ndimage

_CELLS_A_WIDTH = 3.0
_MOST_CELLS = 4_000_000


def steady(series: np.ndarray, years: np.ndarray, trust: np.ndarray) -> np.ndarray:
    """Return the straight line through every column of ``series`` [dates, points], dates weighted by ``trust``, NaN left out."""
    seen = np.where(np.isfinite(series), trust[:, None], 0.0)
    whole = np.nan_to_num(series)
    number = np.maximum(seen.sum(axis=0), 1e-12)
    centre = (seen * years[:, None]).sum(axis=0) / number
    level = (seen * whole).sum(axis=0) / number
    lever = seen * (years[:, None] - centre)
    slope = (lever * whole).sum(axis=0) / np.maximum((lever * (years[:, None] - centre)).sum(axis=0), 1e-12)
    return np.asarray(level + slope * (years[:, None] - centre))


def smoothing(days: np.ndarray, width: float, trust: np.ndarray) -> np.ndarray:
    """Return the matrix [dates, dates] of a local straight line under a Gaussian of standard deviation ``width`` days."""
    away = days[None, :] - days[:, None]
    # a gap longer than the window would leave one date alone, which then smooths nothing
    reach = np.maximum(width, np.sort(np.abs(away), axis=1)[:, min(3, len(days) - 1)])[:, None]
    weight = np.exp(-0.5 * (away / reach) ** 2) * trust
    first, second = (weight * away).sum(axis=1), (weight * away**2).sum(axis=1)
    matrix = weight * (second[:, None] - first[:, None] * away)
    return np.asarray(matrix / matrix.sum(axis=1, keepdims=True))


def filled(series: np.ndarray, days: np.ndarray) -> np.ndarray:
    """Return ``series`` [dates, points] with missing dates between their neighbours in time."""
    whole = series.copy()
    for point in np.flatnonzero(~np.isfinite(series).all(axis=0)):
        seen = np.isfinite(series[:, point])
        whole[:, point] = np.interp(days, days[seen], series[seen, point]) if seen.any() else 0.0
    return whole


def planes(series: np.ndarray, years: np.ndarray, east: np.ndarray, north: np.ndarray, trust: np.ndarray) -> np.ndarray:
    """Return the plane of every date [dates, points], fitted to what steady motion does not explain.

    Parameters
    ----------
    series
        [dates, points]; NaN where missing.
    years
        float64 [dates].
    east, north
        float64 [points], metres.
    trust
        float64 [dates], weights.
    """
    left = series - steady(series, years, trust)
    scale = max(float(np.ptp(east)), float(np.ptp(north)), 1.0)
    design = np.column_stack([np.ones(len(east)), east / scale, north / scale])
    found = np.zeros_like(left)
    for date, values in enumerate(left):
        seen = np.isfinite(values)
        if seen.sum() < 10:
            continue
        weight = np.ones(int(seen.sum()))
        plane = np.zeros(3)
        for _ in range(3):  # wrong cycles and fast places must not tilt it
            root = np.sqrt(weight)[:, None]
            plane = np.linalg.lstsq(design[seen] * root, values[seen] * root[:, 0], rcond=None)[0]
            off = np.abs(values[seen] - design[seen] @ plane)
            weight = 1.0 / np.maximum(off / max(1.5 * float(np.median(off)), 1e-9), 1.0)
        found[date] = design @ plane
    return found


def atmosphere(
    series: np.ndarray, days: np.ndarray, east: np.ndarray, north: np.ndarray, *, trust: np.ndarray, width_days: float,
    width_metres: float,
) -> Tuple[np.ndarray, np.ndarray]:
    """Return atmosphere and slow motion [dates, points] of ``series``; see the module for what they are.

    Parameters
    ----------
    series
        [dates, points], NaN where missing.
    days
        float64 [dates].
    east, north
        float64 [points], metres.
    trust
        float64 [dates], weights of the dates where motion is smoothed.
    width_days, width_metres
        Standard deviations of the filters in time and space.

    Returns
    -------
    atmosphere, slow
        The first is what the filter takes for atmosphere, the second is the straight line and what varies slowly about it.
    """
    line = steady(series, days / 365.25, trust)
    left = filled(series - line, days)
    smooth = smoothing(days, width_days, trust)
    fast = left - smooth @ left
    fast[~np.isfinite(series)] = np.nan
    grid = Grid(east, north, width_metres)
    equal = np.ones(len(east))
    first = np.stack([grid.smooth(values, equal) for values in fast])
    # once more with scatterers weighted by how they follow their neighbours, so that noisy ones spoil no others
    noise = np.nanmean(np.square(fast - first), axis=0)
    noise = np.where(np.isfinite(noise), noise, np.inf)
    usual = max(float(np.median(noise)), 1e-12)
    found = np.stack([grid.smooth(values, usual / (usual + noise) * 2.0) for values in fast])
    again = filled(series - line - found, days)
    return found, line + smooth @ again


class Grid:
    """Smooths values of scattered points by a Gaussian, on a grid a third as fine as it is wide."""

    def __init__(self, east: np.ndarray, north: np.ndarray, width: float) -> None:
        cell = width / _CELLS_A_WIDTH
        wide, high = float(np.ptp(east)) + 6 * width, float(np.ptp(north)) + 6 * width
        cell = max(cell, float(np.sqrt(wide * high / _MOST_CELLS)))
        self._sigma = width / cell
        self._shape = (int(high / cell) + 2, int(wide / cell) + 2)
        self._row = (north - north.min() + 3 * width) / cell
        self._col = (east - east.min() + 3 * width) / cell
        self._index = np.round(self._row).astype(np.int64) * self._shape[1] + np.round(self._col).astype(np.int64)

    def smooth(self, values: np.ndarray, weight: np.ndarray) -> np.ndarray:
        """Return the local mean [points] of ``values``, NaN left out; drawn towards 0 where there are few neighbours."""
        own = np.where(np.isfinite(values), weight, 0.0)
        total = self.spread(own * np.nan_to_num(values))
        number = self.spread(own)
        # one weight of nothing at all: a lone scatterer is not its own atmosphere
        return total / (number + 1.0)

    def spread(self, values: np.ndarray) -> np.ndarray:
        """Return the sum [points] of ``values`` around every point, its own counted whole."""
        size = self._shape[0] * self._shape[1]
        image = np.bincount(self._index, values, size).reshape(self._shape)
        image = ndimage.gaussian_filter(image, self._sigma, mode="constant", truncate=3.0) * (2 * np.pi * self._sigma**2)
        return np.asarray(ndimage.map_coordinates(image, [self._row, self._col], order=1))
