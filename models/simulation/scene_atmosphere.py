"""Phase that is common to neighbours: atmosphere, orbits, errors of the elevation model, smooth deformation."""

from __future__ import annotations

from typing import Tuple

import numpy as np
from scipy import fft
from scipy.ndimage import zoom

from stillpoint.models.simulation.scene_plan import ScenePlan


def smooth_fields(
    rng: np.random.Generator,
    count: int,
    shape: Tuple[int, ...],
    spacing: Tuple[float, float],
    *,
    slope: float,
    longest: float = np.inf,
) -> np.ndarray:
    """Draw random fields whose power falls with the wavenumber k as k to the power of ``-slope``, isotropic on the ground.

    Parameters
    ----------
    rng
        Source of randomness.
    count
        Number of fields.
    shape
        Rows and columns.
    spacing
        Metres between rows and between columns.
    slope
        8/3 is the tropospheric delay beyond some kilometres, 11/3 below (Hanssen 2001, section 4.7); 3 to 4
        looks like terrain.
    longest
        Wavelengths beyond it, metres, get no more power.

    Returns
    -------
    numpy.ndarray
        float32 [count, rows, cols], each of mean 0 and standard deviation 1.
    """
    rows, cols = shape
    # Fields are smooth: finer than 160 samples a side they are interpolated.
    step = (max(1, rows // 160), max(1, cols // 160))
    small = (-(-rows // step[0]) + 1, -(-cols // step[1]) + 1)
    # Larger than needed, then cut: the transform is periodic, a real field is not.
    size = (fft.next_fast_len(int(1.7 * small[0])), fft.next_fast_len(int(1.7 * small[1])))
    along = fft.fftfreq(size[0], step[0] * spacing[0])[:, None]
    across = fft.fftfreq(size[1], step[1] * spacing[1])[None, :]
    wavenumber = np.hypot(along, across)
    wavenumber[0, 0] = np.inf
    amplitude = (np.maximum(wavenumber, 1.0 / longest) ** (-slope / 2)).astype(np.float32)
    fields = np.empty((count, rows, cols), np.float32)
    for first in range(0, count, 2):
        # One complex transform gives two independent real fields.
        noise = rng.standard_normal((2, *size), dtype=np.float32)
        both = fft.ifft2((noise[0] + 1j * noise[1]) * amplitude)[: small[0], : small[1]]
        for offset, field in enumerate((both.real, both.imag)):
            if first + offset < count:
                fields[first + offset] = _enlarge(field, step, (rows, cols))
    fields -= fields.mean(axis=(1, 2), keepdims=True)
    fields /= fields.std(axis=(1, 2), keepdims=True)
    return fields


def _enlarge(field: np.ndarray, step: Tuple[int, int], shape: Tuple[int, ...]) -> np.ndarray:
    if step == (1, 1):
        return field[: shape[0], : shape[1]]
    size = ((field.shape[0] - 1) * step[0] + 1, (field.shape[1] - 1) * step[1] + 1)
    return zoom(field, (size[0] / field.shape[0], size[1] / field.shape[1]), order=1)[: shape[0], : shape[1]]


def phase_screens(rng: np.random.Generator, plan: ScenePlan, relief: np.ndarray) -> np.ndarray:
    """Draw what neighbours have in common in the phase of each image.

    Parameters
    ----------
    rng
        Source of randomness.
    plan
        How strong everything is.
    relief
        float32 [rows, cols], terrain, metres.

    Returns
    -------
    numpy.ndarray
        float32 [dates, rows, cols], radians.
    """
    shape, count = relief.shape, len(plan.dates)
    screens = smooth_fields(rng, count, shape, plan.spacing, slope=plan.slope)
    screens *= plan.atmosphere.astype(np.float32)[:, None, None]
    error, = smooth_fields(rng, 1, shape, plan.spacing, slope=rng.uniform(2.5, 4.0), longest=rng.uniform(300.0, 3000.0))
    error *= np.float32(plan.height_error)
    rows = np.linspace(-0.5, 0.5, shape[0], dtype=np.float32)[:, None]
    cols = np.linspace(-0.5, 0.5, shape[1], dtype=np.float32)[None, :]
    heights = (relief - relief.mean()) / 1000.0
    motion = deformation(rng, plan, shape)
    course = _courses(rng, plan)
    for index in range(count):
        screens[index] += np.float32(plan.stratified[index]) * heights
        screens[index] += np.float32(plan.ramps[index, 0]) * rows + np.float32(plan.ramps[index, 1]) * cols
        screens[index] += np.float32(plan.height_to_phase[index]) * error
        if np.isfinite(plan.seam):
            screens[index, int(plan.seam * shape[0]) :] += np.float32(plan.seam_jumps[index])
        for field, values in zip(motion, course):
            screens[index] += np.float32(values[index]) * field
    return screens


def deformation(rng: np.random.Generator, plan: ScenePlan, shape: Tuple[int, ...]) -> np.ndarray:
    """Return two patterns of smooth motion, float32 [2, rows, cols], radians over the whole period."""
    fields = np.zeros((2, *shape), np.float32)
    if plan.deformation == 0.0:
        return fields
    y = (np.arange(shape[0], dtype=np.float32) * np.float32(plan.spacing[0]))[:, None]
    x = (np.arange(shape[1], dtype=np.float32) * np.float32(plan.spacing[1]))[None, :]
    height, width = float(y[-1, 0]), float(x[0, -1])
    for field in fields[: int(rng.integers(1, 3))]:
        for _ in range(int(rng.integers(1, 4))):
            kind = rng.choice(["bowl", "slide", "tilt"])
            size = rng.uniform(-1.0, 1.0)
            if kind == "tilt":
                slopes = (size * rng.standard_normal(2)).astype(np.float32)
                field += (y / height - 0.5) * slopes[0] + (x / width - 0.5) * slopes[1]
                continue
            across = np.hypot((y - rng.uniform(0, height)) / (height * rng.uniform(0.12, 0.5)),
                              (x - rng.uniform(0, width)) / (width * rng.uniform(0.12, 0.5))).astype(np.float32)
            # A bowl falls off smoothly, a slide moves as one with a narrow border.
            field += np.float32(size) * (np.exp(-(across**2)) if kind == "bowl" else 1 / (1 + np.exp((across - 1.0) * 6.0)))
        peak = float(np.ptp(field)) or 1.0
        field *= np.float32(plan.deformation / peak)
        # Phase that turns faster than a fifth of a cycle from pixel to pixel is no signal that anybody could follow.
        steepest = max(float(np.abs(np.diff(field, axis=0)).max()), float(np.abs(np.diff(field, axis=1)).max()))
        field *= np.float32(min(1.0, 1.2 / max(steepest, 1e-6)))
    return fields


def _courses(rng: np.random.Generator, plan: ScenePlan) -> np.ndarray:
    """Return how far the two motions are at each date, float64 [2, dates]: steady, seasonal, accelerating or sudden."""
    part = plan.days / max(plan.days[-1], 1.0)
    season = np.sin(2 * np.pi * (plan.years - rng.random()))
    turn = rng.uniform(0.2, 0.8)
    forms = (part, 0.3 * season, part**2, np.maximum(part - turn, 0.0) / (1.0 - turn), 1 / (1 + np.exp((turn - part) * 30.0)))
    odds = [0.5, 0.2, 0.1, 0.1, 0.1]
    return np.stack([forms[rng.choice(len(forms), p=odds)] for _ in range(2)])
