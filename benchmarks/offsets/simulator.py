"""Pairs of amplitude images with known offsets: scatterers that move before they are imaged.

Written apart from the simulator that networks are trained on, and shares nothing with it. Complex reflectivity on a grid of
half a pixel is imaged through the sensor's band; the secondary image is the warped complex field, mixed with new speckle by
the local coherence, and only then detected: a detected image that is warped would give the answer away by its blur.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Tuple

import numpy as np
from numpy.typing import NDArray
from scipy import fft, ndimage

from stillpoint.benchmarks.offsets.fields import field_of, noise
from stillpoint.benchmarks.offsets.settings import EDGE, SENSORS, SETTINGS, SIDE, SPACING, Sensor


@dataclass(frozen=True)
class Pair:
    """A simulated pair and its truth.

    Attributes
    ----------
    reference, secondary
        float32 [rows, cols], amplitude.
    offsets
        float32 [2, rows, cols]: the feature at p of the reference lies at p + offset in the secondary; rows first.
    coherence
        float32 [rows, cols].
    measurable
        bool [node rows, node cols]: the ground there kept enough of its speckle, and is not at the border.
    """

    reference: NDArray[np.float32]
    secondary: NDArray[np.float32]
    offsets: NDArray[np.float32]
    coherence: NDArray[np.float32]
    measurable: NDArray[np.bool_]

    @property
    def truth(self) -> NDArray[np.float32]:
        """Offsets at the nodes, float32 [2, node rows, node cols]: the mean of the four pixels around the block's centre."""
        half = SPACING // 2
        field = self.offsets
        parts = [field[:, half - 1 + i :: SPACING, half - 1 + j :: SPACING] for i in (0, 1) for j in (0, 1)]
        return np.mean(parts, axis=0).astype(np.float32)

    @property
    def near_steps(self) -> NDArray[np.bool_]:
        """Nodes within 24 px of a place where the offset changes by half a pixel or more from one pixel to the next."""
        jump = np.zeros(self.coherence.shape, bool)
        for axis in (1, 2):
            step = np.abs(np.diff(self.offsets, axis=axis)).max(axis=0) > 0.5
            jump[: step.shape[0], : step.shape[1]] |= step
        if not jump.any():
            return np.zeros(self.measurable.shape, bool)
        near = ndimage.distance_transform_edt(~jump) <= 24
        return near[SPACING // 2 :: SPACING, SPACING // 2 :: SPACING]


def _band(side: int, sensor: Sensor) -> NDArray[np.float32]:
    """Return the sensor's window over the frequencies of the half-pixel grid."""
    axes = []
    for share in sensor.band:
        frequency = np.abs(np.fft.fftfreq(2 * side, 1.0))
        axes.append((frequency <= share / 4) * (1 - sensor.taper / 2 * (1 - np.cos(2 * np.pi * frequency / (share / 2)))))
    return (axes[0][:, None] * axes[1][None, :]).astype(np.float32)


def _imaged(reflectivity: NDArray, rng: np.random.Generator, window: NDArray, points: NDArray) -> NDArray:
    size = reflectivity.shape
    speckle = rng.standard_normal(size, np.float32) + 1j * rng.standard_normal(size, np.float32)
    return fft.ifft2(fft.fft2(speckle * reflectivity + points) * window)


def _warped(image: NDArray, places: NDArray) -> NDArray:
    parts = [ndimage.map_coordinates(part, places, order=3, mode="reflect", output=np.float32) for part in (image.real, image.imag)]
    return parts[0] + 1j * parts[1]


def _source(offsets: NDArray) -> NDArray:
    """Return where each place q of the secondary came from, [2, rows, cols]: p with p + offset(p) = q."""
    grid = np.mgrid[: offsets.shape[1], : offsets.shape[2]].astype(float)
    places = grid - offsets
    for _ in range(8):
        moved = [ndimage.map_coordinates(part, places, order=1, mode="nearest") for part in offsets]
        places = grid - np.stack(moved)
    return places


def _halved(field: NDArray) -> NDArray:
    """Return the field on the half-pixel grid: sample i lies at sample 2 i, linear between."""
    for axis in (1, 2):
        after = np.concatenate([np.take(field, range(1, field.shape[axis]), axis), np.take(field, [-1], axis)], axis)
        field = np.stack([field, (field + after) / 2], axis + 1).reshape(
            [size * (2 if index == axis else 1) for index, size in enumerate(field.shape)]
        )
    return field


def _ground(rng: np.random.Generator, side: int, texture: float) -> NDArray:
    """Return the amplitude of the reflectivity: slow and fine changes of brightness, and lines such as crevasses."""
    slow, fine = noise(rng, side, rng.uniform(20, 60)), noise(rng, side, rng.uniform(2, 10))
    decibels = texture * (0.8 * slow + 0.6 * fine)
    if rng.random() < 0.4:
        stretched = noise(rng, side, 3)
        decibels += 0.5 * texture * ndimage.gaussian_filter(stretched, (0, 12)) * 3
    return 10 ** (decibels / 20)


def make_pair(setting: str, sensor: str, kind: str, seed: int, *, side: int = SIDE) -> Pair:
    """Simulate one pair.

    Parameters
    ----------
    setting, sensor, kind
        Keys of ``SETTINGS`` and ``SENSORS``, one of ``FIELDS``.
    seed
        The same seed gives the same pair.
    side
        Rows and columns, a multiple of ``SPACING``.
    """
    about, radar = SETTINGS[setting], SENSORS[sensor]
    rng = np.random.default_rng([seed, sum(map(ord, setting + sensor + kind))])
    wide = side + 64
    largest = float(np.exp(rng.uniform(*np.log(about.largest))))
    field = field_of(kind, rng, wide, largest=largest, affine=about.affine, wider=about.wider, steepest=about.steepest)
    logit = np.log(mean := rng.uniform(*about.coherence)) - np.log(1 - mean)
    coherence = 1 / (1 + np.exp(-(logit + about.uneven * noise(rng, wide, 45))))
    lost = np.zeros((wide, wide), bool)
    for _ in range(int(rng.integers(0, 3))):
        middle, size = rng.uniform(0, wide, 2), rng.uniform(25, 60)
        rows, cols = np.mgrid[:wide, :wide]
        lost |= np.hypot(rows - middle[0], cols - middle[1]) + 6 * noise(rng, wide, 8) < size
    coherence[lost] = 0.0
    fine = 2 * _halved(field)
    places = _source(fine)
    texture = rng.uniform(*about.texture)
    ground = np.kron(_ground(rng, wide, texture), np.ones((2, 2))).astype(np.float32)
    bright = (rng.random(ground.shape) < rng.uniform(0, 2e-4)) * rng.uniform(5, 25)
    points = bright * np.exp(2j * np.pi * rng.random(ground.shape))
    moved = ndimage.map_coordinates(ground, places, order=1, mode="reflect")
    # What lost its speckle lost its brightness too: a calved front, an avalanche. A pattern that stays could be tracked.
    other = _ground(np.random.default_rng([seed, 1]), wide, texture)
    kept = np.kron(coherence, np.ones((2, 2)))
    kept_moved = ndimage.map_coordinates(kept, places, order=1, mode="reflect")
    gone = ndimage.map_coordinates(np.kron(lost, np.ones((2, 2))), places, order=1, mode="reflect") > 0.5
    moved = np.where(gone, np.kron(other, np.ones((2, 2))), moved).astype(np.float32)
    window = _band(wide, radar)
    first, second = np.zeros((2, wide, wide))
    for _ in range(radar.looks):
        image = _imaged(ground, rng, window, points)
        fresh = _imaged(moved, rng, window, np.zeros(1))
        later = kept_moved * _warped(image, places) + np.sqrt(1 - kept_moved**2) * fresh
        first += np.abs(image[::2, ::2]) ** 2
        second += np.abs(later[::2, ::2]) ** 2
    second *= 10 ** ((rng.normal(0, 1.0) + 0.8 * noise(rng, wide, 80)) / 10)
    inner = slice(32, 32 + side)
    offsets = field[:, inner, inner]
    return Pair(
        np.sqrt(first[inner, inner]).astype(np.float32), np.sqrt(second[inner, inner]).astype(np.float32),
        offsets.astype(np.float32), coherence[inner, inner].astype(np.float32), _measurable(lost[inner, inner], side),
    )


def _measurable(lost: NDArray, side: int) -> NDArray[np.bool_]:
    """Return the nodes that are scored: not where the speckle was lost, with 16 px round it, nor at the border."""
    near = ndimage.distance_transform_edt(~lost) <= 16 if lost.any() else lost
    shares = near.reshape(side // SPACING, SPACING, side // SPACING, SPACING).any(axis=(1, 3))
    result = ~shares
    border = -(-EDGE // SPACING)
    result[:border] = result[-border:] = False
    result[:, :border] = result[:, -border:] = False
    return result


def lost_nodes(pair: Pair) -> NDArray[np.bool_]:
    """Return the nodes whose block, and 24 px round it, lost their speckle altogether."""
    far = ndimage.distance_transform_edt(pair.coherence <= 0) > 24
    middle = far[SPACING // 2 :: SPACING, SPACING // 2 :: SPACING].copy()
    border = -(-EDGE // SPACING)
    middle[:border] = middle[-border:] = False
    middle[:, :border] = middle[:, -border:] = False
    return middle


def nodes(side: int) -> Tuple[int, int]:
    """Return rows and columns of the lattice of nodes."""
    return side // SPACING, side // SPACING
