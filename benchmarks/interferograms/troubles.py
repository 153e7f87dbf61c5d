"""What spoils a single interferogram of the simulated stacks, before it is unwrapped."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Tuple

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from stillpoint.benchmarks.scatterers.landscape import power_law

Floats = NDArray[np.float64]
_GRID = (1.0, 1.0)


@dataclass(frozen=True)
class Trouble:
    """A change of one interferogram.

    Attributes
    ----------
    phase
        Radians [rows, cols] that its phase has and should not have.
    coherence
        Factor [rows, cols], 0..1, on its coherence.
    """

    phase: Floats
    coherence: Floats


def draw_trouble(rng: np.random.Generator, kind: str, size: int, *, mild: bool) -> Trouble:
    """Return a trouble of a kind of :data:`~.settings.KINDS`; a mild one is too small to matter for most of the image."""
    return _MAKERS[kind](rng, size, mild)


def _unwrapping(rng: np.random.Generator, size: int, mild: bool) -> Trouble:
    """A region behind a belt, mostly of lower coherence, across which the phase climbs by whole cycles: the unwrapper follows it.

    Behind the belt the wrapped phase is right again, so that nothing but the level tells it.
    """
    share = rng.uniform(0.04, 0.105) if mild else rng.uniform(0.13, 0.38)
    cycles = rng.choice([-1, 1]) * rng.choice([1, 2, 3], p=[0.72, 0.2, 0.08])
    inside = _blob(rng, size, share) if rng.random() < 0.65 else _half(rng, size, share)
    width = abs(cycles) * rng.uniform(4.0, 8.0)
    depth = ndimage.distance_transform_edt(inside)
    climb = np.clip(depth / width, 0.0, 1.0)
    belt = (depth > 0) & (depth < width)
    low = rng.uniform(0.5, 1.0)
    return Trouble(2 * np.pi * cycles * climb, np.where(belt, low, 1.0))


def _decorrelation(rng: np.random.Generator, size: int, mild: bool) -> Trouble:
    """Loss of coherence over most of the image: misregistration, snow, a wrong common band."""
    share = rng.uniform(0.1, 0.25) if mild else rng.uniform(0.5, 0.95)
    field = power_law(rng, (size, size), _GRID, 3.5)
    inside = ndimage.gaussian_filter((field > np.quantile(field, 1 - share)).astype(float), 3.0)
    left = rng.uniform(0.3, 0.5) if mild else rng.uniform(0.0, 0.12)
    return Trouble(np.zeros((size, size)), 1 - inside * (1 - left))


def _ramp(rng: np.random.Generator, size: int, mild: bool) -> Trouble:
    """A plane, bent a little: orbit or timing of one processing run."""
    across = rng.uniform(2.0, 5.0) if mild else np.exp(rng.uniform(np.log(5.5), np.log(50.0)))  # radians from edge to edge
    angle = rng.uniform(0, 2 * np.pi)
    along = np.linspace(-0.5, 0.5, size)
    slope = np.cos(angle) * along[:, None] + np.sin(angle) * along[None, :]
    bend = rng.uniform(-0.3, 0.3) * (along[:, None] ** 2 + along[None, :] ** 2)
    return Trouble(across * (slope + bend), np.ones((size, size)))


def _level(rng: np.random.Generator, size: int, mild: bool) -> Trouble:
    """Bursts, a subswath or a mosaic's part at another level, by no whole cycle."""
    share = rng.uniform(0.04, 0.1) if mild else rng.uniform(0.14, 0.4)
    step = rng.choice([-1, 1]) * rng.uniform(2.3, 3.0) * rng.choice([1.0, 1.0, 1.0, 3.0])
    inside = _half(rng, size, share)
    belt = ndimage.binary_dilation(inside, iterations=2) & ~inside
    climb = np.clip(ndimage.distance_transform_edt(inside) / (1.0 + abs(step)), 0.0, 1.0)
    return Trouble(step * climb, np.where(belt, 0.8, 1.0))


_MAKERS = {"unwrapping": _unwrapping, "decorrelation": _decorrelation, "ramp": _ramp, "level": _level}


def _blob(rng: np.random.Generator, size: int, share: float) -> NDArray[np.bool_]:
    """Return one connected region of about a share of the image."""
    row, col = rng.uniform(0.15, 0.85, 2) * size
    rows, cols = np.mgrid[:size, :size]
    away = np.hypot(rows - row, cols - col) / size
    field = 0.25 * power_law(rng, (size, size), _GRID, 4.0) - 2.0 * away
    inside = field > np.quantile(field, 1 - share)
    parts, count = ndimage.label(inside)
    if count > 1:
        inside = parts == 1 + np.argmax(np.bincount(parts.ravel())[1:])
    return np.asarray(ndimage.binary_fill_holes(inside))


def _half(rng: np.random.Generator, size: int, share: float) -> NDArray[np.bool_]:
    """Return what lies beyond a line, straight or bent, that crosses the image."""
    angle = rng.uniform(0, 2 * np.pi)
    rows, cols = np.mgrid[:size, :size] / size
    field = np.cos(angle) * rows + np.sin(angle) * cols + rng.choice([0.0, 0.05]) * power_law(rng, (size, size), _GRID, 4.5)
    return np.asarray(field > np.quantile(field, 1 - share))


def plan_troubles(
    rng: np.random.Generator, bad: Tuple[float, ...], mild: float, prone: Floats
) -> Tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Return which kind of trouble each pair has and whether it is mild.

    Parameters
    ----------
    rng
        Where the chance comes from.
    bad
        Share of the pairs by kind.
    mild
        Share of the pairs with mild troubles, all kinds alike.
    prone
        How much likelier than others each pair is to be spoilt [pairs].

    Returns
    -------
    Index of the kind [pairs], -1 without trouble; bool [pairs].
    """
    kinds = len(bad)
    wanted = np.array([*bad, *np.full(kinds, mild / kinds)]) * prone.size
    number = np.floor(wanted + rng.random(wanted.size)).astype(int)
    codes = rng.permutation(np.repeat(np.arange(wanted.size), number))[: prone.size]
    where = rng.choice(prone.size, codes.size, replace=False, p=prone / prone.sum())
    kind, is_mild = np.full(prone.size, -1), np.zeros(prone.size, bool)
    kind[where], is_mild[where] = codes % kinds, codes >= kinds
    return kind, is_mild
