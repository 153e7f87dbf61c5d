"""Point scatterers: where they are, how they behave, and how the processor draws them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import List, Tuple

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from stillpoint.benchmarks.scatterers.landscape import parcels
from stillpoint.benchmarks.scatterers.settings import TOWN, Setting

Floats = NDArray[np.float64]

STEADY, PART_TIME, WANDERING_AMPLITUDE, WANDERING_PHASE = range(4)
REACH = 8  # pixels of the impulse response on each side of its middle
BUILDING = 7.0  # pixels across


@dataclass(frozen=True)
class PlacedPoints:
    """The n point scatterers of a scene.

    Attributes
    ----------
    rows, cols
        Position in pixels, fractional.
    amplitude, phase
        Of a full-time point.
    height, dilation
        Metres above the DEM; radians per degree.
    modulation
        Factor of every date, complex [n, dates]: amplitude and phase that wander, absence.
    """

    rows: Floats
    cols: Floats
    amplitude: Floats
    phase: Floats
    height: Floats
    dilation: Floats
    modulation: NDArray[np.complex128]

    def histories(self, baselines: Floats, warmth: Floats, per_metre: float) -> NDArray[np.complex128]:
        """Return the complex value of every point at every date [n, dates]."""
        turn = per_metre * self.height[:, None] * baselines + self.dilation[:, None] * warmth + self.phase[:, None]
        return np.asarray(self.amplitude[:, None] * np.exp(1j * turn) * self.modulation)


def place_points(rng: np.random.Generator, setting: Setting, cover: NDArray[np.uint8], power: Floats) -> PlacedPoints:
    """Draw the point scatterers of a scene; ``power`` is that of the ground [rows, cols]."""
    shape = setting.sizes
    cell = setting.resolution[0] * setting.resolution[1]
    building = parcels(rng, shape, BUILDING)
    block = rng.standard_normal(building.max() + 1)
    filled = rng.gamma(0.7, 1 / 0.7, building.max() + 1)  # some buildings are full of corners, others have none
    rows: List[Floats] = []
    cols: List[Floats] = []
    heights: List[Floats] = []
    level: List[Floats] = []
    for code, kind in setting.points.items():
        density = kind.density / cell * (cover == code)
        if code == TOWN:
            density = density * filled[building]
        count = rng.poisson(density)
        at = np.repeat(np.argwhere(count), count[count > 0], axis=0)
        rows.append(at[:, 0] + rng.uniform(-0.5, 0.5, len(at)))
        cols.append(at[:, 1] + rng.uniform(-0.5, 0.5, len(at)))
        own = kind.block * np.abs(block[building[at[:, 0], at[:, 1]]]) + kind.height * rng.standard_normal(len(at))
        heights.append(own)
        level.append(power[at[:, 0], at[:, 1]] * 10 ** ((kind.brightness + kind.spread * rng.standard_normal(len(at))) / 10))
    _add_towers(rng, setting, cover, power, rows, cols, heights, level)
    row, col, height = np.concatenate(rows), np.concatenate(cols), np.concatenate(heights)
    amplitude = np.sqrt(np.concatenate(level))
    dilation = setting.thermal / 10 * np.abs(height) / 10 * rng.normal(0.6, 0.5, row.size)
    return PlacedPoints(
        rows=row, cols=col, amplitude=amplitude, phase=rng.uniform(-np.pi, np.pi, row.size), height=height, dilation=dilation,
        modulation=_behaviour(rng, setting, row.size),
    )


def _add_towers(
    rng: np.random.Generator, setting: Setting, cover: NDArray[np.uint8], power: Floats,
    rows: List[Floats], cols: List[Floats], heights: List[Floats], level: List[Floats],
) -> None:
    """Append the floors of tall buildings, which lean towards the radar: a metre of height is 1/tan(incidence) on the ground."""
    town = np.argwhere(cover == TOWN)
    if not setting.towers or not len(town):
        return
    size = setting.sizes[0] * setting.sizes[1] / 160000.0
    for _ in range(rng.poisson(setting.towers * size)):
        foot = town[rng.integers(len(town))]
        top = np.exp(rng.uniform(*np.log(setting.tower_height)))
        width = rng.uniform(2.0, 7.0)
        number = rng.poisson(1.2 * top / 3.0 * width / 4.0)
        height = rng.uniform(2.0, top, number)
        row = foot[0] + width * (rng.uniform(-0.5, 0.5, number))
        col = foot[1] - height / np.tan(np.radians(setting.incidence)) / setting.spacing[1] + rng.uniform(-0.5, 0.5, number)
        inside = (row > 0) & (row < setting.sizes[0] - 1) & (col > 0) & (col < setting.sizes[1] - 1)
        rows.append(row[inside])
        cols.append(col[inside])
        heights.append(height[inside])
        level.append(power[foot[0], foot[1]] * 10 ** (rng.normal(10.0, 5.0, int(inside.sum())) / 10))


def _behaviour(rng: np.random.Generator, setting: Setting, number: int) -> NDArray[np.complex128]:
    """Return the factor of every point and date [n, dates]."""
    dates = setting.dates
    kind = rng.choice(4, number, p=setting.behaviour)
    factor = np.ones((number, dates), np.complex128)
    part = np.flatnonzero(kind == PART_TIME)
    start = rng.integers(0, dates, part.size)
    length = np.maximum(1, (rng.uniform(0.1, 0.7, part.size) * dates).astype(int))
    away = (np.arange(dates) >= start[:, None]) & (np.arange(dates) < (start + length)[:, None])
    flicker = rng.random((part.size, dates)) < rng.uniform(0.1, 0.6, (part.size, 1))
    away = np.where(rng.random((part.size, 1)) < 0.5, away, flicker)
    factor[part] = np.where(away, rng.uniform(0.0, 0.25, (part.size, 1)), 1.0)
    bright = np.flatnonzero(kind == WANDERING_AMPLITUDE)
    size = rng.uniform(2.0, 6.0, (bright.size, 1))  # dB
    factor[bright] = 10 ** (size * rng.standard_normal((bright.size, dates)) / 20)
    turning = np.flatnonzero(kind == WANDERING_PHASE)
    spread = np.exp(rng.uniform(np.log(0.8), np.log(3.0), (turning.size, 1)))
    jitter = rng.standard_normal((turning.size, dates))
    walk = np.cumsum(jitter, axis=1) / np.sqrt(dates) * 2
    turn = spread * np.where(rng.random((turning.size, 1)) < 0.6, jitter, walk)
    factor[turning] = np.exp(1j * turn) * 10 ** (rng.uniform(0.3, 1.5, (turning.size, 1)) * rng.standard_normal(turn.shape) / 20)
    return factor


def response(rows: Floats, cols: Floats, shape: Tuple[int, int], setting: Setting) -> sparse.csr_matrix:
    """Return the impulse response as a sparse matrix [pixels, points], 1 at the exact position of a point."""
    offsets = np.arange(-REACH, REACH + 1)
    middle_row, middle_col = np.rint(rows).astype(int), np.rint(cols).astype(int)
    at_row, at_col = middle_row[:, None] + offsets, middle_col[:, None] + offsets
    along = _windowed_sinc(at_row - rows[:, None], setting.resolution[0], setting.window)
    across = _windowed_sinc(at_col - cols[:, None], setting.resolution[1], setting.window)
    value = along[:, :, None] * across[:, None, :]
    row = np.broadcast_to(at_row[:, :, None], value.shape)
    col = np.broadcast_to(at_col[:, None, :], value.shape)
    point = np.broadcast_to(np.arange(rows.size)[:, None, None], value.shape)
    keep = (row >= 0) & (row < shape[0]) & (col >= 0) & (col < shape[1]) & (np.abs(value) > 1e-3)
    pixel = row[keep] * shape[1] + col[keep]
    return sparse.csr_matrix((value[keep], (pixel, point[keep])), shape=(shape[0] * shape[1], rows.size))


def _windowed_sinc(distance: NDArray, width: float, window: float) -> Floats:
    """Return the response of a band of 1/width cycles a pixel under a generalised Hamming window."""
    u = distance / width
    return np.asarray(window * np.sinc(u) + (1 - window) / 2 * (np.sinc(u - 1) + np.sinc(u + 1))) / window


def impulse_spectrum(shape: Tuple[int, int], setting: Setting) -> Floats:
    """Return the filter that gives white noise the processor's spectrum and power 1 [rows, cols]."""
    parts = []
    for count, width in zip(shape, setting.resolution):
        f = np.arange(count) / count
        f = np.where(f >= 0.5, f - 1, f)  # as the transform orders its frequencies
        inside = np.abs(f) <= 0.5 / width
        parts.append(np.where(inside, setting.window + (1 - setting.window) * np.cos(2 * np.pi * f * width), 0.0))
    spectrum = parts[0][:, None] * parts[1][None, :]
    return np.asarray(spectrum / np.sqrt(np.mean(spectrum**2)))
