"""Pairs of amplitude images with known offsets, for training: complex speckle that is warped before it is detected.

A detected image must never be warped: the blur of the interpolation tells a network the answer.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Tuple

import numpy as np
from scipy import fft, ndimage

from stillpoint.models.simulation.motion_fields import random_field, source_of

MARGIN = 32
"""Pixels that are simulated beyond each side, so that what moves in comes from somewhere."""


@dataclass(frozen=True)
class SpecklePair:
    """A simulated pair.

    Attributes
    ----------
    reference, secondary
        float32 [rows, cols], amplitude; NaN where missing.
    offsets
        float32 [2, rows, cols], pixels (rows, columns): the feature at p of the reference lies at p + offset in the secondary.
    coherence
        float32 [rows, cols]; 0 where the ground lost its speckle.
    family
        Kind of motion.
    band
        Share of the sampling frequency that the complex images fill, in rows and columns.
    looks
        Intensities that were averaged.
    """

    reference: np.ndarray
    secondary: np.ndarray
    offsets: np.ndarray
    coherence: np.ndarray
    family: str
    band: Tuple[float, float]
    looks: int


def simulate_pair(rng: np.random.Generator, *, side: int, family: str = "") -> SpecklePair:
    """Draw a sensor, ground, coherence and motion, and image them.

    Parameters
    ----------
    rng
        Source of randomness.
    side
        Rows and columns, pixels.
    family
        Kind of motion; drawn where empty.
    """
    wide = side + 2 * MARGIN
    band = rng.uniform(0.45, 0.98), rng.uniform(0.45, 0.98)
    looks = int(rng.choice((1, 2, 4), p=(0.55, 0.25, 0.2)))
    field, family = random_field(rng, wide, family=family)
    coherence = _coherence(rng, wide)
    halves = np.mgrid[: 2 * wide, : 2 * wide] / 2.0
    dense = np.stack([ndimage.map_coordinates(part, halves, order=1, mode="nearest") for part in field])
    places = source_of(2 * dense)
    ground = _ground(rng, 2 * wide)
    moved = ndimage.map_coordinates(ground, places, order=1, mode="reflect")
    kept = ndimage.map_coordinates(coherence, halves, order=1, mode="nearest")
    kept = np.clip(ndimage.map_coordinates(kept, places, order=1, mode="reflect"), 0, 0.999)
    window = _window(rng, 2 * wide, band)
    powers = np.zeros((2, 2 * wide, 2 * wide), np.float32)
    bright = np.flatnonzero(rng.random(ground.size) < rng.choice((0.0, 1e-4)))
    points = np.zeros(ground.shape, np.complex64)
    points.flat[bright] = rng.uniform(4, 30, bright.size) * np.exp(2j * np.pi * rng.random(bright.size))
    for _ in range(looks):
        image = _speckle(rng, ground, window, points)
        parts = [
            ndimage.map_coordinates(part, places, order=3, mode="reflect", output=np.float32) for part in (image.real, image.imag)
        ]
        fresh = _speckle(rng, moved, window, 0.0)
        powers[0] += np.abs(image) ** 2
        powers[1] += np.abs(kept * (parts[0] + 1j * parts[1]) + np.sqrt(1 - kept**2) * fresh) ** 2
    # Every other sample, after detection: what does not fit is folded, as it is in a real product.
    amplitudes = [np.sqrt(power[::2, ::2])[MARGIN:-MARGIN, MARGIN:-MARGIN].astype(np.float32) for power in powers]
    ramp = 10 ** ((rng.normal(0, 1.5) + rng.normal(0, 1.0) * np.linspace(-1, 1, side)) / 20)
    amplitudes[1] = amplitudes[1] * ramp.astype(np.float32)
    inner = slice(MARGIN, MARGIN + side)
    found = _with_borders(rng, amplitudes)
    truth = field[:, inner, inner].astype(np.float32), coherence[inner, inner].astype(np.float32)
    return SpecklePair(found[0], found[1], truth[0], truth[1], family, band, looks)


def _coherence(rng: np.random.Generator, side: int) -> np.ndarray:
    mean = rng.uniform(0.22, 0.85)
    rough = ndimage.gaussian_filter(rng.standard_normal((side, side)), rng.uniform(8, 60), mode="wrap")
    rough /= max(float(rough.std()), 1e-9)
    result = 1 / (1 + np.exp(-(np.log(mean / (1 - mean)) + rng.uniform(0, 1.0) * rough)))
    if rng.random() < 0.5:
        for _ in range(int(rng.integers(1, 4))):
            rows, cols = np.mgrid[:side, :side] - rng.uniform(0, side, 2)[:, None, None]
            outline = np.hypot(rows / rng.uniform(12, 70), cols / rng.uniform(12, 70))
            outline += 0.2 * ndimage.gaussian_filter(rng.standard_normal((side, side)), 6) * 12
            result = np.where(outline < 1, 0.0, result)
    return result


def _ground(rng: np.random.Generator, side: int) -> np.ndarray:
    """Return the amplitude of the ground's reflectivity on the grid of half a pixel."""
    strength = rng.choice((0.0, rng.uniform(0.3, 4.5)), p=(0.2, 0.8))
    decibels = np.zeros((side, side))
    for scale, share in ((rng.uniform(40, 120), 0.7), (rng.uniform(4, 24), rng.uniform(0.1, 1.0))):
        part = ndimage.gaussian_filter(rng.standard_normal((side, side)).astype(np.float32), scale, mode="wrap", truncate=3)
        decibels += share * part / max(float(part.std()), 1e-9)
    if rng.random() < 0.25:
        lines = rng.standard_normal((side, side)).astype(np.float32)
        lines = ndimage.gaussian_filter(lines, (3, 25) if rng.random() < 0.5 else (25, 3))
        decibels += 0.7 * lines / float(lines.std())
    return (10 ** (strength * decibels / 20)).astype(np.float32)


def _window(rng: np.random.Generator, side: int, band: Tuple[float, float]) -> np.ndarray:
    """Return the sensor's weighting of frequencies on the grid of half a pixel: flat, or Hamming's to some degree."""
    axes = []
    for share in band:
        frequency = np.abs(np.fft.fftfreq(side, 1.0)) / (share / 4)
        taper = rng.uniform(0.54, 1.0)
        axes.append((frequency <= 1) * (taper + (1 - taper) * np.cos(np.pi * np.minimum(frequency, 1))))
    return (axes[0][:, None] * axes[1]).astype(np.float32)


def _speckle(rng: np.random.Generator, ground: np.ndarray, window: np.ndarray, points: object) -> np.ndarray:
    noise = rng.standard_normal(ground.shape, np.float32) + 1j * rng.standard_normal(ground.shape, np.float32)
    return fft.ifft2(fft.fft2(noise * ground + points) * window)


def _with_borders(rng: np.random.Generator, amplitudes: list) -> Tuple[np.ndarray, np.ndarray]:
    """Return the images, some of them with a slanted border where there are no data."""
    side = amplitudes[0].shape[0]
    for image in amplitudes:
        if rng.random() < 0.12:
            rows, cols = np.mgrid[:side, :side]
            angle = rng.uniform(-np.pi, np.pi)
            image[(rows - side / 2) * np.sin(angle) + (cols - side / 2) * np.cos(angle) > side * rng.uniform(0.25, 0.6)] = np.nan
    return amplitudes[0], amplitudes[1]
