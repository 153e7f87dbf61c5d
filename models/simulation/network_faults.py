"""What goes wrong with single interferograms: decorrelation, coregistration, ramps, wrong levels, missing patches.

Errors of a date (atmosphere, orbits) are not among them: they belong to the date, close in every loop, and average out.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Tuple

import numpy as np

from stillpoint.models.simulation.network_plan import NetworkPlan
from stillpoint.models.simulation.scene_atmosphere import smooth_fields

KINDS = ("decorrelated", "coregistration", "ramp", "jump", "missing", "mixed")
"""What can be done to a pair."""

LOST = "lost"
"""A pair of which next to nothing is left anywhere; made where it is asked for."""

_ODDS = (0.24, 0.08, 0.26, 0.28, 0.06, 0.08)


@dataclass(frozen=True)
class Fault:
    """What is done to one interferogram.

    Attributes
    ----------
    kind
        One of ``KINDS``, or empty.
    loss
        float32 [rows, cols] in 0..1: coherence that is lost.
    screen
        float32 [rows, cols], radians, added before the phase is wrapped.
    jumps
        float32 [rows, cols], radians, added after the unwrapping.
    missing
        bool [rows, cols].
    """

    kind: str
    loss: np.ndarray
    screen: np.ndarray
    jumps: np.ndarray
    missing: np.ndarray


def no_fault(shape: Tuple[int, int]) -> Fault:
    """Return the fault that is none."""
    nothing = np.zeros(shape, np.float32)
    return Fault("", nothing, nothing, nothing, np.zeros(shape, bool))


def draw_fault(rng: np.random.Generator, plan: NetworkPlan, water: np.ndarray) -> Fault:
    """Draw a fault of a pair; ``water`` bool [rows, cols] is where regions are torn apart. Some are too weak to make it bad."""
    kind = str(rng.choice(KINDS, p=_ODDS))
    return make_fault(rng, plan, kind, water)


def make_fault(rng: np.random.Generator, plan: NetworkPlan, kind: str, water: np.ndarray) -> Fault:
    """Draw a fault of a kind (one of ``KINDS``, or ``LOST``)."""
    shape = plan.shape
    loss, screen, jumps = (np.zeros(shape, np.float32) for _ in range(3))
    missing = np.zeros(shape, bool)
    parts = (kind,) if kind != "mixed" else tuple(rng.choice(KINDS[:-1], 2, replace=False))
    for part in parts:
        if part == "decorrelated":
            loss = np.maximum(loss, _loss(rng, plan))
        elif part == LOST:
            loss = np.full(shape, rng.uniform(0.85, 1.0), np.float32)
        elif part == "coregistration":
            swath, steps = _bursts(rng, shape)
            loss, screen = np.maximum(loss, swath), screen + steps
        elif part == "ramp":
            screen = screen + ramp(rng, shape)
        elif part == "jump":
            for _ in range(int(rng.choice([1, 2, 3], p=[0.7, 0.2, 0.1]))):
                cycles = float(rng.choice([1, 2, 3], p=[0.72, 0.2, 0.08]) * rng.choice([-1, 1]))
                # A patch of wrong level is not always off by whole cycles: some processors put patches together.
                cycles = cycles if rng.random() < 0.9 else float(rng.uniform(-2, 2))
                jumps = jumps + np.float32(2 * np.pi * cycles) * region(rng, plan, water)
        elif part == "missing":
            missing |= region(rng, plan, water) if rng.random() < 0.7 else ~region(rng, plan, water)
    return Fault(kind, loss.astype(np.float32), screen.astype(np.float32), jumps.astype(np.float32), missing)


def _loss(rng: np.random.Generator, plan: NetworkPlan) -> np.ndarray:
    """Return a loss of coherence over all or most of the scene: rain, a storm, snow, ploughing."""
    base = rng.uniform(0.5, 1.0)
    if rng.random() < 0.5:
        return np.full(plan.shape, base, np.float32)
    field, = smooth_fields(rng, 1, plan.shape, plan.spacing, slope=3.2)
    share = rng.uniform(0.4, 0.9)
    edge = (np.quantile(field, share) - field) / rng.uniform(0.05, 0.5)
    return (base / (1 + np.exp(-np.clip(edge, -30, 30)))).astype(np.float32)


def _bursts(rng: np.random.Generator, shape: Tuple[int, int]) -> Tuple[np.ndarray, np.ndarray]:
    """Return loss and phase of a failed coregistration: coherence falls, and the phase steps from burst to burst."""
    rows, cols = shape
    base = np.full(shape, rng.uniform(0.3, 1.0), np.float32)
    if rng.random() < 0.4:
        base = base * np.linspace(rng.uniform(0, 1), 1.0, cols, dtype=np.float32)[None, :]
    count = int(rng.integers(2, 6))
    along = np.linspace(0, count, rows, endpoint=False, dtype=np.float32)
    step = np.float32(rng.uniform(0.5, 4.0) * rng.choice([0.0, 1.0], p=[0.3, 0.7]))
    return base, np.broadcast_to((step * (along % 1.0 - 0.5))[:, None], shape).astype(np.float32)


def ramp(rng: np.random.Generator, shape: Tuple[int, int]) -> np.ndarray:
    """Return the ramp of one pair in radians: a processor's wrong baseline or a failed correction, plane or slightly bent."""
    y = np.linspace(-0.5, 0.5, shape[0], dtype=np.float32)[:, None]
    x = np.linspace(-0.5, 0.5, shape[1], dtype=np.float32)[None, :]
    angle, fringes = rng.uniform(0, 2 * np.pi), np.exp(rng.uniform(np.log(0.25), np.log(6.0)))
    plane = np.float32(np.cos(angle)) * x + np.float32(np.sin(angle)) * y
    plane = plane / np.ptp(plane)
    if rng.random() < 0.3:
        plane = plane + np.float32(rng.uniform(-1, 1)) * (x * y + np.float32(rng.uniform(-1, 1)) * x * x)
    return (np.float32(2 * np.pi * fringes) * plane).astype(np.float32)


def region(rng: np.random.Generator, plan: NetworkPlan, water: np.ndarray) -> np.ndarray:
    """Return a region that an unwrapper may set to a wrong level, bool [rows, cols]: a side, a patch, a blob, a river's bank."""
    rows, cols = plan.shape
    y, x = np.mgrid[0:rows, 0:cols]
    y, x = y / rows - 0.5, x / cols - 0.5
    kind = rng.choice(["side", "blob", "ellipse", "box", "bank"], p=[0.3, 0.25, 0.2, 0.1, 0.15])
    if kind == "bank" and water.any():
        side = bank(water, rng)
        if side.any():
            return side
    if kind in ("side", "bank"):
        field, = smooth_fields(rng, 1, plan.shape, plan.spacing, slope=3.4)
        angle = rng.uniform(0, 2 * np.pi)
        score = x * np.cos(angle) + y * np.sin(angle) + rng.uniform(0.0, 0.15) * field
        return np.asarray(score > np.quantile(score, rng.uniform(0.5, 0.95)))
    if kind == "blob":
        field, = smooth_fields(rng, 1, plan.shape, plan.spacing, slope=rng.uniform(2.8, 4.0))
        return np.asarray(field > np.quantile(field, rng.uniform(0.6, 0.97)))
    dy, dx, angle = y - rng.uniform(-0.5, 0.5), x - rng.uniform(-0.5, 0.5), rng.uniform(0, np.pi)
    along, across = dx * np.cos(angle) + dy * np.sin(angle), dy * np.cos(angle) - dx * np.sin(angle)
    a, b = rng.uniform(0.06, 0.4, 2)
    if kind == "ellipse":
        return np.asarray((along / a) ** 2 + (across / b) ** 2 < 1)
    return np.asarray((np.abs(dx) < a) & (np.abs(dy) < b))


def bank(water: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Return the land on one side of the water, bool [rows, cols]; nothing where water parts no land."""
    from scipy import ndimage

    label, count = ndimage.label(~water)
    sizes = np.bincount(label.ravel())[1:]
    parts = 1 + np.flatnonzero((sizes > 0.01 * water.size) & (sizes < 0.6 * water.size))
    if count < 2 or not len(parts):
        return np.zeros(water.shape, bool)
    return np.asarray(label == int(rng.choice(parts)))
