"""A mountain valley as heights on a grid, and random fields with the spectrum of real ones.

The valley is the stage of :mod:`stillpoint.models.simulation.valley`: a river plain that winds
between two flanks, ridges above them, and small-scale relief on the flanks only.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

CRS = "EPSG:32632"
"""UTM zone 32 north, in which the valley lies (the Alps)."""

WEST, SOUTH = 604_000.0, 5_118_000.0
WIDTH, DEPTH = 9_000.0, 6_600.0
"""South-west corner and size of the scene, metres."""

SPACING = 30.0
"""Spacing of the heights, metres."""


@dataclass(frozen=True)
class Terrain:
    """Heights on a grid of square cells.

    Attributes
    ----------
    heights
        float32, shape (rows, columns), metres, the first row in the north.
    west, north
        Map coordinates of the outer corner of the first cell, metres.
    spacing
        Metres.
    """

    heights: np.ndarray
    west: float
    north: float
    spacing: float

    def at(self, x: np.ndarray, y: np.ndarray) -> np.ndarray:
        """Return the height at map coordinates, metres, shape of ``x``."""
        column = (np.asarray(x) - self.west) / self.spacing - 0.5
        row = (self.north - np.asarray(y)) / self.spacing - 0.5
        return bilinear(self.heights, row, column)


def bilinear(grid: np.ndarray, row: np.ndarray, column: np.ndarray) -> np.ndarray:
    """Interpolate ``grid`` at fractional indices; positions outside take the value of the border.

    Parameters
    ----------
    grid
        Shape (rows, columns), or (layers, rows, columns).
    row, column
        Shape (n,).

    Returns
    -------
    numpy.ndarray
        Shape (n,), or (n, layers).
    """
    rows, columns = grid.shape[-2:]
    row = np.clip(row, 0.0, rows - 1.000001)
    column = np.clip(column, 0.0, columns - 1.000001)
    i, j = row.astype(np.intp), column.astype(np.intp)
    u, v = (row - i).astype(np.float32), (column - j).astype(np.float32)
    value = (
        grid[..., i, j] * ((1 - u) * (1 - v))
        + grid[..., i, j + 1] * ((1 - u) * v)
        + grid[..., i + 1, j] * (u * (1 - v))
        + grid[..., i + 1, j + 1] * (u * v)
    )
    return np.moveaxis(value, 0, -1) if grid.ndim == 3 else value


def power_law_field(
    rng: np.random.Generator, rows: int, columns: int, *, slope: float, longest: float = 1.0
) -> np.ndarray:
    """Draw a random field whose power falls with the wavenumber k as k to the power of ``-slope``.

    Parameters
    ----------
    rng
        Where the numbers come from.
    rows, columns
        Size of the grid.
    slope
        8/3 is the tropospheric delay over tens of kilometres (Hanssen 2001, section 4.7, for a
        two-dimensional spectrum); about 3.5 looks like eroded relief.
    longest
        Longest wavelength that is kept, as a part of the grid's larger side.

    Returns
    -------
    numpy.ndarray
        float32, shape (rows, columns), mean 0, standard deviation 1.
    """
    size = max(rows, columns)
    # Twice the size, then a cut: the transform is periodic, a real field is not.
    frequencies_y = np.fft.fftfreq(2 * rows, 1.0)[:, None] * size
    frequencies_x = np.fft.rfftfreq(2 * columns, 1.0)[None, :] * size
    wavenumber = np.hypot(frequencies_y, frequencies_x)
    amplitude = np.zeros_like(wavenumber)
    kept = wavenumber >= 1.0 / longest
    amplitude[kept] = wavenumber[kept] ** (-slope / 2)
    spectrum = np.fft.rfft2(rng.standard_normal((2 * rows, 2 * columns))) * amplitude
    field = np.fft.irfft2(spectrum, s=(2 * rows, 2 * columns))[:rows, :columns]
    return ((field - field.mean()) / field.std()).astype(np.float32)


def axis_offset(x: np.ndarray) -> np.ndarray:
    """Return the northing of the river at easting ``x``, metres above the southern border."""
    along = (np.asarray(x) - WEST) / WIDTH
    return DEPTH * (0.47 + 0.10 * np.sin(2 * np.pi * (along - 0.08)) + 0.05 * (along - 0.5))


def distance_to_river(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Return the signed distance from the river, metres, positive to the north of it."""
    return np.asarray(y) - SOUTH - axis_offset(x)


def valley_terrain(rng: np.random.Generator) -> Terrain:
    """Draw the valley: a plain of some 700 m width at 900 m, flanks up to about 2400 m."""
    rows, columns = round(DEPTH / SPACING), round(WIDTH / SPACING)
    north = SOUTH + DEPTH
    x = WEST + (np.arange(columns) + 0.5) * SPACING
    y = north - (np.arange(rows) + 0.5) * SPACING
    grid_x, grid_y = np.meshgrid(x, y)
    distance = np.abs(distance_to_river(grid_x, grid_y))
    plain = 360.0
    up = np.clip((distance - plain) / 2600.0, 0.0, None)
    flank = 1500.0 * up**0.85 / (1.0 + 0.35 * up**2)
    # Relief and side valleys grow with the distance from the plain, which stays flat.
    relief = power_law_field(rng, rows, columns, slope=4.6, longest=0.5)
    gullies = np.abs(power_law_field(rng, rows, columns, slope=4.6, longest=0.2))
    rough = np.clip((distance - plain) / 900.0, 0.0, 1.0)
    fall = -6.0 * (grid_x - WEST) / 1000.0
    heights = 930.0 + fall + flank + rough * (190.0 * relief - 80.0 * gullies)
    heights += 1.5 * power_law_field(rng, rows, columns, slope=2.5, longest=0.2)
    return Terrain(heights.astype(np.float32), WEST, north, SPACING)
