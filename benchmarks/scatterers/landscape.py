"""Land cover, fields that vary smoothly in space, and the phase that they make."""

from __future__ import annotations

from typing import Tuple

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage
from scipy.spatial import cKDTree

from stillpoint.benchmarks.scatterers.settings import FIELDS, FOREST, ROCK, TOWN, WATER, Setting

Floats = NDArray[np.float64]

DAYS_PER_YEAR = 365.25
RIVER_WIDTH = 0.02  # standard deviation of the distance to the river's axis over the scene, before the share decides


def power_law(rng: np.random.Generator, shape: Tuple[int, int], spacing: Tuple[float, float], exponent: float) -> Floats:
    """Return a random field [rows, cols] of mean 0 and standard deviation 1 with a power-law spectrum.

    ``exponent`` is that of the two-dimensional power spectrum: 8/3 for turbulence (Hanssen 2001, section 4.7),
    larger is smoother. The field is cut out of one twice as wide, so that it is not periodic.
    """
    rows, cols = 2 * shape[0], 2 * shape[1]
    f = np.hypot(np.fft.fftfreq(rows, spacing[0])[:, None], np.fft.rfftfreq(cols, spacing[1])[None, :])
    f[0, 0] = np.inf
    field = np.fft.irfft2(np.fft.rfft2(rng.standard_normal((rows, cols))) * f ** (-exponent / 2), (rows, cols))
    field = field[: shape[0], : shape[1]]
    return np.asarray((field - field.mean()) / field.std())


def land_cover(rng: np.random.Generator, setting: Setting) -> NDArray[np.uint8]:
    """Return the code of the land cover [rows, cols]: river first, then town, forest and rock where their fields are highest."""
    shape = setting.sizes
    cover = np.full(shape, FIELDS, np.uint8)
    free = np.ones(shape, bool)
    axis = power_law(rng, shape, setting.spacing, 5.0)  # a contour of a smooth field meanders as a river does
    lowest = -np.abs(axis - np.quantile(axis, rng.uniform(0.3, 0.7)))
    for code, field in (
        (WATER, lowest),
        (TOWN, power_law(rng, shape, setting.spacing, 3.4)),
        (FOREST, power_law(rng, shape, setting.spacing, 3.0)),
        (ROCK, power_law(rng, shape, setting.spacing, 2.6)),
    ):
        share = setting.shares[code]
        if share > 0:
            limit = np.quantile(field[free], 1 - min(share * free.size / free.sum(), 1.0))
            cover[free & (field > limit)] = code
            free &= cover != code
    return cover


def parcels(rng: np.random.Generator, shape: Tuple[int, int], size: float) -> NDArray[np.int64]:
    """Return the number of the parcel of every pixel [rows, cols]: Voronoi cells of about ``size`` pixels across."""
    count = max(2, round(shape[0] * shape[1] / size**2))
    seeds = rng.uniform(0, shape, (count, 2))
    rows, cols = np.mgrid[: shape[0], : shape[1]]
    _, nearest = cKDTree(seeds).query(np.column_stack([rows.ravel(), cols.ravel()]))
    return np.asarray(nearest, np.int64).reshape(shape)


def smooth_phase(
    rng: np.random.Generator, setting: Setting, days: Floats, baselines: Floats, per_metre: float
) -> NDArray[np.float32]:
    """Return the phase that neighbours share, radians [dates, rows, cols].

    Turbulent and stratified atmosphere, orbit ramps, the correlated part of the DEM's error, subsidence.
    """
    shape, spacing = setting.sizes, setting.spacing
    height = power_law(rng, shape, spacing, 4.0)
    height = setting.relief * (height - height.min()) / np.ptp(height)
    dem_error = setting.dem_error * ndimage.gaussian_filter(power_law(rng, shape, spacing, 3.0), 2.0)
    bowl = power_law(rng, shape, spacing, 4.5)
    bowl = setting.subsidence * np.maximum(bowl - np.quantile(bowl, 0.6), 0)
    bowl = bowl * min(1.0, setting.subsidence / max(float(bowl.max()), 1e-9))
    ramp = np.stack(np.meshgrid(np.linspace(-0.5, 0.5, shape[0]), np.linspace(-0.5, 0.5, shape[1]), indexing="ij"))
    phase = np.empty((days.size, *shape), np.float32)
    for k, (day, baseline) in enumerate(zip(days, baselines)):
        strength = np.exp(rng.uniform(*np.log(setting.turbulence)))
        tilt = rng.uniform(-1, 1, 2) * 2 * np.pi * setting.orbit
        phase[k] = (
            strength * power_law(rng, shape, spacing, 8 / 3)
            + setting.stratified * rng.standard_normal() * height / 100.0
            + tilt[0] * ramp[0]
            + tilt[1] * ramp[1]
            + per_metre * baseline * dem_error
            + bowl * day / DAYS_PER_YEAR
        )
    return phase
