"""Random fields of offsets between two images: what ice, faults, volcanoes and slopes do, and what co-registration leaves."""

from __future__ import annotations

from typing import Callable, Dict, Tuple

import numpy as np
from scipy import ndimage

FAMILIES = ("still", "fractal", "stream", "step", "radial", "bodies", "ramp")
"""Kinds of fields; ``still`` is no motion at all."""


def random_field(rng: np.random.Generator, side: int, *, family: str = "") -> Tuple[np.ndarray, str]:
    """Draw a field of offsets.

    Parameters
    ----------
    rng
        Source of randomness.
    side
        Rows and columns, pixels.
    family
        One of ``FAMILIES``; drawn where empty.

    Returns
    -------
    offsets, family
        float64 [2, side, side] in pixels (rows, columns), and the family.
    """
    family = family or str(rng.choice(FAMILIES, p=(0.06, 0.2, 0.22, 0.16, 0.14, 0.16, 0.06)))
    field = np.zeros((2, side, side))
    if family != "still":
        field = _MAKERS[family](rng, side)
        largest = float(np.exp(rng.uniform(np.log(0.04), np.log(16.0))))
        field *= largest / max(float(np.percentile(np.hypot(*field), 99)), 1e-9)
        # Ground that is stretched by more than this over whole windows keeps no speckle, whoever tracks it.
        strain = [np.abs(np.diff(component, axis=axis)) for component in field for axis in (0, 1)]
        steepest = float(np.mean([np.percentile(part, 90) for part in strain])) * 1.6
        limit = float(np.exp(rng.uniform(np.log(0.008), np.log(0.07))))
        field *= min(1.0, limit / max(steepest, 1e-9))
    rows, cols = np.mgrid[-0.5 : 0.5 : side * 1j, -0.5 : 0.5 : side * 1j]
    scale = float(np.exp(rng.uniform(np.log(0.02), np.log(0.7)))) if family != "still" or rng.random() < 0.5 else 0.0
    for axis in range(2):
        bias, down, along = rng.normal(0, scale, 3) * (1, 0.5, 0.5)
        field[axis] += bias + down * rows + along * cols
    return field, family


def _smooth(rng: np.random.Generator, side: int, exponent: float) -> np.ndarray:
    """Return a random surface whose amplitude falls with the wave number to the power of ``exponent``, of standard deviation 1."""
    frequency = np.hypot(*np.meshgrid(np.fft.fftfreq(2 * side, 1.0), np.fft.rfftfreq(2 * side, 1.0), indexing="ij"))
    frequency[0, 0] = np.inf
    spectrum = np.fft.rfft2(rng.standard_normal((2 * side, 2 * side))) * frequency**-exponent
    surface = np.fft.irfft2(spectrum)[:side, :side]
    return (surface - surface.mean()) / max(float(surface.std()), 1e-12)


def _axes(rng: np.random.Generator, side: int) -> Tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return pixels along and across a random line near the middle, and its direction (row, col)."""
    rows, cols = np.mgrid[:side, :side] - side / 2.0
    angle = rng.uniform(-np.pi, np.pi)
    rows, cols = rows - rng.uniform(-0.35, 0.35) * side, cols - rng.uniform(-0.35, 0.35) * side
    direction = np.array([np.sin(angle), np.cos(angle)])
    return rows * np.sin(angle) + cols * np.cos(angle), rows * np.cos(angle) - cols * np.sin(angle), direction


def _fractal(rng: np.random.Generator, side: int) -> np.ndarray:
    exponent = rng.uniform(1.6, 3.2)
    return np.stack([_smooth(rng, side, exponent), _smooth(rng, side, exponent) * rng.uniform(0.2, 1.0)])


def _stream(rng: np.random.Generator, side: int) -> np.ndarray:
    """Ice between its margins: a bent stream whose speed rises within a margin of random width."""
    along, across, direction = _axes(rng, side)
    bent = across - rng.uniform(0, 40) * np.sin(along / rng.uniform(50, 160) + rng.uniform(0, 6.3)) - 4 * _smooth(rng, side, 2.0)
    half, margin = rng.uniform(30, 140), np.exp(rng.uniform(np.log(4), np.log(60)))
    speed = 1 / (1 + np.exp((np.abs(bent) - half) / margin)) * np.exp(0.25 * _smooth(rng, side, 2.5))
    turn = np.radians(12) * _smooth(rng, side, 2.6)
    row, col = direction
    return np.stack([speed * (row * np.cos(turn) + col * np.sin(turn)), speed * (col * np.cos(turn) - row * np.sin(turn))])


def _step(rng: np.random.Generator, side: int) -> np.ndarray:
    """A fault: a jump across a rough trace that may end, dying away on both sides."""
    along, across, direction = _axes(rng, side)
    rough = across + rng.uniform(0, 7) * _smooth(rng, side, 1.8)
    profile = np.where(rough > 0, 1.0, -rng.uniform(0.2, 1.0)) * np.exp(-np.abs(rough) / np.exp(rng.uniform(3.2, 6.5)))
    if rng.random() < 0.6:
        profile = profile / (1 + np.exp(along / rng.uniform(6, 50)))
    turned = direction if rng.random() < 0.7 else rng.standard_normal(2)
    return turned[:, None, None] * profile + 0.08 * _fractal(rng, side)


def _radial(rng: np.random.Generator, side: int) -> np.ndarray:
    """A source at depth: motion away from a point, or towards it, seen with a share of uplift."""
    rows, cols = np.mgrid[:side, :side] - side * rng.uniform(0.2, 0.8, 2)[:, None, None]
    depth = rng.uniform(25, 200)
    strength = 1 / (rows**2 * rng.uniform(0.6, 1.6) + cols**2 + depth**2) ** rng.uniform(1.0, 1.6)
    field = np.stack([rows, cols]) * strength
    seen = rng.uniform(-1, 1) * depth * strength
    return field + np.array([rng.uniform(-0.3, 0.3), 1.0])[:, None, None] * seen


def _bodies(rng: np.random.Generator, side: int) -> np.ndarray:
    """Bodies that move as a whole, with sharp or soft outlines, on ground that stands still."""
    field = np.zeros((2, side, side))
    for _ in range(int(rng.integers(1, 5))):
        along, across, direction = _axes(rng, side)
        shape = np.hypot(along / rng.uniform(20, 110), across / rng.uniform(14, 60)) + 0.15 * _smooth(rng, side, 1.8)
        inside = 1 / (1 + np.exp(np.clip((shape - 1) * np.exp(rng.uniform(1.5, 5.5)), -40, 40)))
        speed = rng.uniform(0.3, 1.0) * (1 - rng.uniform(0, 0.6) * np.clip(shape, 0, 1) ** 2)
        field += direction[:, None, None] * inside * speed
    return field


def _ramp(rng: np.random.Generator, side: int) -> np.ndarray:
    rows, cols = np.mgrid[-0.5 : 0.5 : side * 1j, -0.5 : 0.5 : side * 1j]
    return np.einsum("ab,bij->aij", rng.standard_normal((2, 3)), np.stack([rows, cols, rows * cols]))


_MAKERS: Dict[str, Callable[[np.random.Generator, int], np.ndarray]] = {
    "fractal": _fractal, "stream": _stream, "step": _step, "radial": _radial, "bodies": _bodies, "ramp": _ramp,
}  # fmt: skip


def source_of(offsets: np.ndarray, *, rounds: int = 10) -> np.ndarray:
    """Return the places p [2, rows, cols] with p + offset(p) = q for every pixel q, by fixed-point iteration."""
    grid = np.mgrid[: offsets.shape[1], : offsets.shape[2]].astype(float)
    places = grid.copy()
    for _ in range(rounds):
        places = grid - np.stack([ndimage.map_coordinates(part, places, order=1, mode="nearest") for part in offsets])
    return places
