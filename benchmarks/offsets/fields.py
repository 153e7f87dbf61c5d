"""Motion fields of the benchmark: a glacier, an earthquake, a volcano, landslides. Offsets in pixels, (row, col)."""

from __future__ import annotations

from typing import Callable, Dict, Tuple

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

Field = NDArray[np.float64]

def noise(rng: np.random.Generator, side: int, scale: float) -> Field:
    """Return a smooth random surface [side, side] of mean 0 and standard deviation 1."""
    rough = rng.standard_normal((side, side))
    smooth = ndimage.gaussian_filter(rough, scale, mode="wrap")
    return (smooth - smooth.mean()) / max(float(smooth.std()), 1e-9)


def _turn(rng: np.random.Generator, side: int, reach: float = 0.2) -> Tuple[Field, Field, float]:
    """Return coordinates in pixels along and across a random direction, from a random middle, and the direction."""
    rows, cols = np.mgrid[:side, :side].astype(float)
    angle = rng.uniform(0, 2 * np.pi)
    middle = side * (0.5 + rng.uniform(-reach, reach, 2))
    rows, cols = rows - middle[0], cols - middle[1]
    return cols * np.cos(angle) + rows * np.sin(angle), rows * np.cos(angle) - cols * np.sin(angle), angle


def glacier(rng: np.random.Generator, side: int) -> Tuple[Field, Field]:
    """Return a trunk that bends, with steep shear margins, faster in its middle and towards its tongue."""
    along, across, angle = _turn(rng, side, 0.12)
    amplitude, length, phase = rng.uniform(10, 45), rng.uniform(400, 800), rng.uniform(0, 2 * np.pi)
    bend = amplitude * np.sin(2 * np.pi * along / length + phase)
    slope = amplitude * 2 * np.pi / length * np.cos(2 * np.pi * along / length + phase)
    half = rng.uniform(90, 190) * (1 + 0.2 * np.sin(2 * np.pi * along / rng.uniform(300, 700)))
    distance = np.abs(across - bend) / half
    speed = np.clip(1 - distance ** rng.uniform(2, 4), 0, None) * np.clip(0.75 + 0.5 * along / side, 0.2, None)
    speed *= 1 + 0.04 * noise(rng, side, 40)
    heading = angle + np.arctan(slope)
    return speed * np.sin(heading), speed * np.cos(heading)


def earthquake(rng: np.random.Generator, side: int) -> Tuple[Field, Field]:
    """Return slip on a rough trace that ends within the scene or goes through, and dies away to both sides."""
    along, across, angle = _turn(rng, side)
    trace = 6 * noise(rng, side, 40) + rng.uniform(0, 25) * np.sin(2 * np.pi * along / rng.uniform(250, 700))
    offset = across - trace
    locking = rng.uniform(40, 300)
    profile = np.sign(offset) * (0.5 - np.arctan(np.abs(offset) / locking) / np.pi)
    slip = 1 / (1 + np.exp(-(along + rng.uniform(-0.1, 0.6) * side) / rng.uniform(8, 40)))
    parallel, normal = 2 * profile * slip, rng.uniform(-0.4, 0.4) * 2 * profile * slip
    return (
        parallel * np.sin(angle) + normal * np.cos(angle),
        parallel * np.cos(angle) - normal * np.sin(angle),
    )


def volcano(rng: np.random.Generator, side: int) -> Tuple[Field, Field]:
    """Return a source that swells or sinks, seen obliquely, with a dyke that opened or a caldera that broke in."""
    along, across, angle = _turn(rng, side, 0.15)
    depth = rng.uniform(120, 260)
    weight = 1 / (along**2 + across**2 + depth**2) ** 1.5
    radial = depth**2 * 2.6 * weight
    row, col = (along * np.sin(angle) + across * np.cos(angle)) * radial, (along * np.cos(angle) - across * np.sin(angle)) * radial
    col = col - rng.uniform(0.3, 0.9) * depth * radial
    if rng.random() < 0.5:
        offset = across - 5 * noise(rng, side, 30)
        taper = np.clip(1 - (along / rng.uniform(80, 200)) ** 2, 0, None) ** 0.5
        opening = np.sign(offset) * np.exp(-np.abs(offset) / rng.uniform(30, 90)) * taper * rng.uniform(0.1, 0.35)
        row, col = row + opening * np.cos(angle), col - opening * np.sin(angle)
    else:
        inside = np.hypot(along, across * rng.uniform(1, 1.5)) + 4 * noise(rng, side, 12) < rng.uniform(35, 80)
        col = col + inside * rng.uniform(0.1, 0.3) * rng.choice((-1, 1))
    return row, col


def landslide(rng: np.random.Generator, side: int) -> Tuple[Field, Field]:
    """Return some bodies with sharp outlines on ground that stands still, each moving down its own slope."""
    row, col = np.zeros((side, side)), np.zeros((side, side))
    for _ in range(int(rng.integers(1, 3))):
        along, across, angle = _turn(rng, side, 0.38)
        length, width = rng.uniform(50, 120), rng.uniform(35, 70)
        shape = np.hypot(along / length, across / width) + 0.12 * noise(rng, side, 10)
        body = shape < 1
        speed = rng.uniform(0.4, 1.0) * (0.8 + 0.2 * along / length) * (1 - 0.4 * np.clip(shape, 0, 1) ** 2)
        row, col = np.where(body, speed * np.sin(angle), row), np.where(body, speed * np.cos(angle), col)
    return row, col


MAKERS: Dict[str, Callable[[np.random.Generator, int], Tuple[Field, Field]]] = {
    "glacier": glacier, "earthquake": earthquake, "volcano": volcano, "landslide": landslide,
}  # fmt: skip


def field_of(
    kind: str, rng: np.random.Generator, side: int, *, largest: float, affine: float, wider: float = 1.0, steepest: float = 0.018
) -> Field:
    """Return offsets [2, side, side] on an affine residual of the co-registration; see :class:`.settings.Setting`."""
    narrow = round(side / wider)
    row, col = MAKERS[kind](rng, narrow)
    size = max(float(np.percentile(np.hypot(row, col), 99.5)), 1e-9)
    both = np.stack([row, col]) / size
    if narrow != side:
        places = np.mgrid[:side, :side] * ((narrow - 1) / (side - 1))
        both = np.stack([ndimage.map_coordinates(part, places, order=1, mode="nearest") for part in both])
    steep = np.percentile(np.hypot(*np.gradient(ndimage.gaussian_filter(np.hypot(*both), 4))), 95)
    both *= min(largest, max(steepest / steep, 2.0))
    ramps = np.mgrid[:side, :side] / side - 0.5
    for axis in range(2):
        both[axis] += affine * (rng.uniform(-0.6, 0.6) + rng.uniform(-0.8, 0.8) * ramps[0] + rng.uniform(-0.8, 0.8) * ramps[1])
    return both
