"""The ground of a simulated scene: how each land cover scatters, parcel by parcel, and what its memory is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Dict, List, Tuple

import numpy as np
from scipy.spatial import cKDTree

from stillpoint.models.simulation.scene_atmosphere import smooth_fields
from stillpoint.models.simulation.scene_plan import ScenePlan

COVERS = (
    "water", "forest", "shrub", "fields", "grass", "city", "suburb", "road", "rock", "scree", "wetland", "sand", "mine",
)
"""Land covers in the order of their codes."""

CODE: Dict[str, int] = {name: code for code, name in enumerate(COVERS)}


@dataclass(frozen=True)
class CoverKind:
    """How a land cover scatters at C band; each pair is the lowest and highest value of a scene.

    Attributes
    ----------
    backscatter
        dB.
    texture
        Standard deviation of the backscatter from place to place, dB.
    stable
        Share of the power that never changes.
    restless
        Share of the rest that is new at every date (wind, waves).
    memory
        Correlation time of what remains, days.
    season
        Swing of the backscatter over the year, dB.
    events
        Mean number of events a year that renew everything (ploughing, digging).
    vegetation
        Whether a longer wave sees less of its movement.
    """

    backscatter: Tuple[float, float]
    texture: Tuple[float, float]
    stable: Tuple[float, float]
    restless: Tuple[float, float]
    memory: Tuple[float, float]
    season: Tuple[float, float] = (0.0, 0.5)
    events: float = 0.0
    vegetation: bool = False


KINDS: Dict[str, CoverKind] = {
    "water": CoverKind((-29.0, -17.0), (0.1, 1.0), (0.0, 0.0), (1.0, 1.0), (1.0, 2.0), (0.0, 4.0)),
    "forest": CoverKind((-13.0, -8.0), (0.5, 1.5), (0.0, 0.03), (0.6, 1.0), (5.0, 30.0), (0.0, 1.5), vegetation=True),
    "shrub": CoverKind((-15.0, -9.0), (0.8, 2.5), (0.0, 0.2), (0.2, 0.6), (20.0, 150.0), (0.0, 2.0), vegetation=True),
    "fields": CoverKind((-16.0, -8.0), (0.3, 1.2), (0.0, 0.06), (0.1, 0.5), (12.0, 90.0), (0.3, 4.0), 2.0, vegetation=True),
    "grass": CoverKind((-16.0, -10.0), (0.4, 1.5), (0.0, 0.12), (0.15, 0.5), (15.0, 120.0), (0.3, 2.5), 0.2, vegetation=True),
    "city": CoverKind((-9.0, -3.0), (2.0, 5.0), (0.1, 0.6), (0.05, 0.3), (60.0, 1200.0)),
    "suburb": CoverKind((-11.0, -5.0), (1.5, 4.0), (0.03, 0.4), (0.1, 0.4), (30.0, 600.0), (0.0, 1.5)),
    "road": CoverKind((-21.0, -12.0), (0.8, 2.5), (0.05, 0.5), (0.1, 0.5), (60.0, 800.0)),
    "rock": CoverKind((-13.0, -5.0), (1.5, 4.0), (0.15, 0.85), (0.02, 0.2), (150.0, 2500.0), (0.0, 2.0)),
    "scree": CoverKind((-14.0, -7.0), (1.0, 2.5), (0.1, 0.7), (0.03, 0.25), (60.0, 1000.0), (0.0, 2.0)),
    "wetland": CoverKind((-16.0, -7.0), (0.8, 2.5), (0.0, 0.04), (0.3, 0.8), (6.0, 60.0), (1.0, 6.0), 0.3, vegetation=True),
    "sand": CoverKind((-25.0, -15.0), (0.8, 3.0), (0.0, 0.35), (0.1, 0.5), (10.0, 400.0)),
    "mine": CoverKind((-14.0, -7.0), (1.0, 3.0), (0.0, 0.3), (0.1, 0.4), (10.0, 200.0), (0.0, 1.0), 3.0),
}


@dataclass(frozen=True)
class Ground:
    """Land cover and how every patch of it scatters.

    Attributes
    ----------
    cover
        uint8 [rows, cols], codes of ``COVERS``.
    patch
        int32 [rows, cols], index into the tables below.
    power
        float32 [rows, cols], mean backscatter, linear.
    stable
        float32 [rows, cols], share of the power that never changes.
    restless
        float32 [patches], share of the rest that is new at every date.
    keep
        float32 [patches, dates], correlation of the remaining clutter with the date before; 0 at an event.
    gain
        float32 [patches, dates], factor on the power.
    relief
        float32 [rows, cols], terrain, metres.
    block
        Length and width of the blocks of a city, metres, and the angle of its streets, radians.
    bridges
        float64 [n, 2], rows and columns of places where a road crosses water.
    lines
        Courses of overhead lines and railways: arrays [n, 2] of rows and columns.
    """

    cover: np.ndarray
    patch: np.ndarray
    power: np.ndarray
    stable: np.ndarray
    restless: np.ndarray
    keep: np.ndarray
    gain: np.ndarray
    relief: np.ndarray
    block: Tuple[float, float, float]
    bridges: np.ndarray
    lines: List[np.ndarray]


def ground_of(
    rng: np.random.Generator,
    plan: ScenePlan,
    cover: np.ndarray,
    relief: np.ndarray,
    *,
    block: Tuple[float, float, float],
    bridges: np.ndarray,
    lines: List[np.ndarray],
) -> Ground:
    """Return the ground of a land cover: parcels and how each of them scatters are drawn, the slopes of the terrain lit.

    Parameters
    ----------
    rng
        Source of randomness.
    plan
        The scene.
    cover
        uint8 [rows, cols] at single-look resolution.
    relief
        float32 [rows, cols], metres.
    block, bridges, lines
        See :class:`Ground`.
    """
    patch, covers = _patches(rng, plan, cover)
    power, stable, restless, keep, gain = _properties(rng, plan, cover, patch, covers)
    lit = np.where(cover == CODE["water"], np.float32(1.0), _illumination(plan, relief))
    # Shadow shows no ground: nothing stays there but thermal noise.
    return Ground(cover, patch, power * lit, stable, restless, keep, gain, relief, block, bridges, lines)


def _illumination(plan: ScenePlan, relief: np.ndarray) -> np.ndarray:
    """Return the factor that slopes towards the radar (near range is at column 0) put on the backscatter, float32.

    The illuminated area of a cell over that of flat ground (Ulander 1996), kept between shadow and layover.
    """
    slope = np.arctan(np.gradient(relief, plan.spacing[1], axis=1))
    look = np.radians(plan.incidence)
    # A right angle's cosine is below 0 in single precision.
    facing = np.clip(look - slope, 0.05, 1.57)
    lit = np.sin(look) * np.cos(facing) ** 1.5 / (np.sin(facing) * np.cos(look) ** 1.5)
    return np.clip(lit, 0.003, 8.0).astype(np.float32)


def metres(plan: ScenePlan, shape: Tuple[int, ...]) -> Tuple[np.ndarray, np.ndarray]:
    """Return the places of single-look rows [rows, 1] and columns [1, cols], metres."""
    y = np.arange(shape[0], dtype=np.float32)[:, None] * np.float32(plan.spacing[0])
    x = np.arange(shape[1], dtype=np.float32)[None, :] * np.float32(plan.spacing[1])
    return y, x


def _patches(rng: np.random.Generator, plan: ScenePlan, cover: np.ndarray) -> Tuple[np.ndarray, np.ndarray]:
    """Divide the scene into parcels; return the patch of every pixel and the cover of every patch."""
    shape = cover.shape
    y, x = metres(plan, shape)
    area = float(y[-1, 0]) * float(x[0, -1])
    size = float(np.exp(rng.uniform(np.log(60.0), np.log(350.0))))
    count = int(np.clip(area / size**2, 4, 400))
    angle, stretch = rng.uniform(0, np.pi), rng.uniform(1.0, 3.0)
    cos, sin = np.float32(np.cos(angle)), np.float32(np.sin(angle))
    along, across = (x * cos + y * sin) / np.float32(stretch), y * cos - x * sin
    seeds = np.column_stack([rng.uniform(along.min(), along.max(), count), rng.uniform(across.min(), across.max(), count)])
    # A quarter of the resolution is fine enough for the borders of fields.
    _, near = cKDTree(seeds).query(np.column_stack([along[::2, ::2].ravel(), across[::2, ::2].ravel()]))
    parcel = near.reshape(along[::2, ::2].shape).repeat(2, axis=0).repeat(2, axis=1)[: shape[0], : shape[1]]
    key = parcel.astype(np.int64) * len(COVERS) + cover
    values, patch = np.unique(key, return_inverse=True)
    return patch.reshape(shape).astype(np.int32), (values % len(COVERS)).astype(np.int64)


def _properties(
    rng: np.random.Generator, plan: ScenePlan, cover: np.ndarray, patch: np.ndarray, covers: np.ndarray
) -> Tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Draw how every patch scatters: power, stable share, restless share, memory from date to date, gain."""
    count, dates = len(covers), len(plan.dates)
    power, texture = np.empty(count), np.empty(len(COVERS))
    stable, restless, memory = np.empty(count), np.empty(count), np.empty(count)
    gain = np.zeros((count, dates))
    resets = np.zeros((count, dates), bool)
    steps = np.diff(plan.days, prepend=plan.days[0])
    # Short waves see every leaf move, long ones only trunks and ground.
    scale = plan.wavelength / 0.0555
    for code, name in enumerate(COVERS):
        kind, these = KINDS[name], np.flatnonzero(covers == code)
        size = len(these)
        slow = scale if kind.vegetation else scale**0.3
        varied = 1.0 if name in ("fields", "mine", "grass") else 0.3
        power[these] = rng.uniform(*kind.backscatter) + varied * rng.normal(0.0, 2.0, size)
        texture[code] = rng.uniform(*kind.texture)
        share = rng.uniform(*kind.stable) * plan.steadiness * (min(scale, 2.0) if kind.vegetation else 1.0)
        stable[these] = np.clip(share * np.exp(rng.normal(0.0, 0.2, size)), 0.0, 0.9)
        restless[these] = np.clip(rng.uniform(*kind.restless) / (slow**0.5 if name != "water" else 1.0), 0.0, 1.0)
        memory[these] = np.exp(rng.uniform(*np.log(kind.memory))) * slow * np.exp(rng.normal(0.0, 0.3, size))
        swing = rng.uniform(*kind.season) * np.exp(rng.normal(0.0, 0.3, (size, 1)))
        turn = rng.random() + 0.1 * varied * rng.normal(size=(size, 1))
        gain[these] = swing * np.sin(2 * np.pi * (plan.years[None, :] - turn))
        # Rain and soil moisture change the brightness of whole dates; waves that of water most of all.
        wet = rng.normal(0.0, 3.0 if name == "water" else rng.uniform(0.0, 1.0), dates)
        gain[these] += wet[None, :]
        if kind.events:
            rate = kind.events * rng.uniform(0.2, 1.8) * steps / 365.25
            resets[these] = rng.random((size, dates)) < 1.0 - np.exp(-rate[None, :])
            gain[these] += np.cumsum(resets[these] * rng.normal(0.0, 1.5, (size, dates)), axis=1).clip(-5.0, 5.0)
    keep = np.exp(-steps[None, :] / memory[:, None])
    keep[resets] = 0.0
    rough, loose = smooth_fields(rng, 2, cover.shape, plan.spacing, slope=rng.uniform(0.8, 2.2), longest=rng.uniform(50.0, 500.0))
    mean = 10.0 ** ((power[patch] + texture[cover] * rough) / 10.0)
    share = stable[patch] * np.exp(0.6 * loose - 0.18)
    return (
        mean.astype(np.float32), np.clip(share, 0.0, 0.95).astype(np.float32), restless.astype(np.float32),
        keep.astype(np.float32), (10.0 ** (gain / 10.0)).astype(np.float32),
    )
