"""The ground of a simulated small-baseline stack: land cover, coherence, relief, motion, and the phase of each date."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Tuple

import numpy as np
from scipy import ndimage

from stillpoint.models.simulation.network_plan import COVERS, LANDSCAPES, NetworkPlan
from stillpoint.models.simulation.scene_atmosphere import smooth_fields


@dataclass(frozen=True)
class NetworkGround:
    """What the scene is like.

    Attributes
    ----------
    cover
        uint8 [rows, cols], index into ``COVERS``.
    fresh, lasting
        float32 [rows, cols]: coherence at once, and after years.
    decay
        float32 [rows, cols]: days until the part that does not last has fallen to 1/e.
    snow
        float32 [rows, cols] in 0..1: how far winter takes the coherence away.
    relief
        float32 [rows, cols], metres.
    velocity
        float32 [rows, cols], mm/yr along the line of sight, positive towards the satellite.
    """

    cover: np.ndarray
    fresh: np.ndarray
    lasting: np.ndarray
    decay: np.ndarray
    snow: np.ndarray
    relief: np.ndarray
    velocity: np.ndarray


_FRESH = {"urban": (0.88, 0.96), "bare": (0.8, 0.95), "fields": (0.6, 0.9), "forest": (0.35, 0.7), "water": (0.0, 0.02)}
_LASTING = {"urban": (0.5, 0.85), "bare": (0.35, 0.75), "fields": (0.05, 0.3), "forest": (0.02, 0.12), "water": (0.0, 0.0)}
_DECAY = {"urban": (200, 900), "bare": (150, 700), "fields": (20, 90), "forest": (10, 40), "water": (1, 2)}


def draw_ground(rng: np.random.Generator, plan: NetworkPlan) -> NetworkGround:
    """Draw the ground of ``plan``."""
    shape = plan.shape
    relief, texture, sea = smooth_fields(rng, 3, shape, plan.spacing, slope=3.6)
    patches, fine, wear = smooth_fields(rng, 3, shape, plan.spacing, slope=float(rng.uniform(1.8, 2.8)))
    relief = (relief - relief.min()) * np.float32(plan.relief)
    cover = _covers(plan, patches + 0.5 * texture, sea, fine)
    if plan.river:
        cover[river(rng, shape)] = COVERS.index("water")
    fresh, lasting, decay = (np.zeros(shape, np.float32) for _ in range(3))
    for code, name in enumerate(COVERS):
        here = cover == code
        fresh[here] = rng.uniform(*_FRESH[name])
        lasting[here] = rng.uniform(*_LASTING[name])
        decay[here] = rng.uniform(*_DECAY[name]) * plan.sensor.patience * plan.stable
    # Longer waves see through leaves: forest is no loss at L band.
    if plan.sensor.wavelength > 0.15:
        leafy = (cover == COVERS.index("forest")) | (cover == COVERS.index("fields"))
        fresh[leafy], lasting[leafy] = np.maximum(fresh[leafy], 0.7), lasting[leafy] + np.float32(0.25)
    blur = (0.0, *[float(rng.uniform(0.5, 2.0))] * 2)
    fresh, lasting, decay = ndimage.gaussian_filter(np.stack([fresh, lasting, decay]), blur)
    jitter = np.exp(0.15 * wear).astype(np.float32)
    high = 1 / (1 + np.exp(-(relief - np.percentile(relief, rng.uniform(20, 80))) / max(0.2 * relief.std(), 1.0)))
    fields = ndimage.gaussian_filter((cover >= COVERS.index("fields")).astype(np.float32), 1.5)
    snow = np.clip(high if rng.random() < 0.5 else fields, 0, 1).astype(np.float32)
    return NetworkGround(
        cover=cover,
        fresh=np.clip(fresh * jitter * plan.coherence, 0.0, 0.98).astype(np.float32),
        lasting=np.clip(np.minimum(lasting * jitter * plan.coherence, 0.95 * fresh), 0.0, 0.95).astype(np.float32),
        decay=np.maximum(decay * jitter, 1.0).astype(np.float32),
        snow=snow,
        relief=relief.astype(np.float32),
        velocity=draw_velocity(rng, plan),
    )


def _covers(plan: NetworkPlan, patches: np.ndarray, sea: np.ndarray, fine: np.ndarray) -> np.ndarray:
    """Return land cover in the shares of the landscape: patches by rank of a rough field, water by rank of a smooth one."""
    shares = np.array(LANDSCAPES[plan.landscape])
    land = shares[:-1] / shares[:-1].sum()
    rank = np.argsort(np.argsort(patches, axis=None)).reshape(plan.shape) / patches.size
    # Towns lie between fields, not at the end of the scale.
    order = np.array([COVERS.index(name) for name in ("bare", "fields", "urban", "forest")])
    cover = order[np.searchsorted(np.cumsum(land[order])[:-1], rank, side="right")].astype(np.uint8)
    scattered = (fine > 1.6) & (cover == COVERS.index("fields"))
    cover[scattered] = COVERS.index("urban")
    if shares[-1] > 0:
        cover[sea < np.quantile(sea, shares[-1])] = COVERS.index("water")
    return cover


def river(rng: np.random.Generator, shape: Tuple[int, int]) -> np.ndarray:
    """Return a winding belt from border to border, bool [rows, cols]; it may fork, and then holds an island."""
    rows, cols = shape
    along = np.linspace(0, 1, max(rows, cols))
    belt = np.zeros(shape, bool)
    middle, turn = rng.uniform(0.25, 0.75), rng.uniform(0, 2 * np.pi)
    tilt, swing = rng.uniform(-0.5, 0.5), rng.uniform(0.02, 0.12)
    y, x = np.mgrid[0:rows, 0:cols]
    for fork in range(2 if rng.random() < 0.4 else 1):
        width = rng.uniform(1.5, 6.0)
        course = middle + tilt * (along - 0.5) + swing * np.sin(2 * np.pi * rng.uniform(0.7, 2.0) * along + turn)
        if fork:
            course = course + 0.15 * np.exp(-(((along - rng.uniform(0.3, 0.7)) / 0.15) ** 2))
        if rng.random() < 0.5 or fork == 1:
            belt |= np.abs(y - np.interp(x / cols, along, course) * rows) < width / 2
        else:
            belt |= np.abs(x - np.interp(y / rows, along, course) * cols) < width / 2
    return belt


def draw_velocity(rng: np.random.Generator, plan: NetworkPlan) -> np.ndarray:
    """Draw bowls, faults and landslides, float32 [rows, cols], mm/yr."""
    rows, cols = plan.shape
    field = np.zeros(plan.shape, np.float32)
    if plan.deformation == 0.0:
        return field
    y, x = np.mgrid[0:rows, 0:cols].astype(np.float32)
    y, x = y / rows, x / cols
    for _ in range(int(rng.integers(1, 5))):
        kind = rng.choice(["bowl", "bowl", "fault", "slide"])
        angle, size = rng.uniform(0, np.pi), rng.uniform(0.2, 1.0) * rng.choice([-1.0, 1.0], p=[0.75, 0.25])
        dy, dx = y - rng.uniform(0.1, 0.9), x - rng.uniform(0.1, 0.9)
        along, across = dx * np.cos(angle) + dy * np.sin(angle), dy * np.cos(angle) - dx * np.sin(angle)
        if kind == "fault":
            field += np.float32(0.5 * size) * (2 / np.pi) * np.arctan(across / rng.uniform(0.01, 0.3))
        else:
            small = kind == "slide"
            radius = rng.uniform(0.03, 0.1) if small else rng.uniform(0.06, 0.3)
            reach = np.hypot(along / (radius * rng.uniform(1.0, 1.8)), across / radius)
            field += np.float32(size) * (1 / (1 + np.exp(np.minimum((reach - 1.0) * 7.0, 50.0))) if small else np.exp(-(reach**2)))
    return (field * np.float32(plan.deformation / max(float(np.ptp(field)), 1e-6))).astype(np.float32)


def date_phases(rng: np.random.Generator, plan: NetworkPlan, ground: NetworkGround) -> np.ndarray:
    """Return the phase of each date against the first without noise, float32 [dates, rows, cols], radians.

    Motion, atmosphere (turbulent and stratified), orbits, and the error of the elevation model: all that belongs to a date,
    and therefore closes. By the plan's sign the phase of a motion towards the satellite falls or grows.
    """
    sensor, shape, count = plan.sensor, plan.shape, len(plan.dates)
    to_phase = 4 * np.pi / (sensor.wavelength * 1000)
    years = plan.days / 365.25
    screens = smooth_fields(rng, count, shape, plan.spacing, slope=plan.slope) * plan.atmosphere.astype(np.float32)[:, None, None]
    height = (ground.relief - ground.relief.mean()) / 1000.0
    error, season = smooth_fields(rng, 2, shape, plan.spacing, slope=2.5, longest=2000.0)
    to_height = 4 * np.pi / sensor.wavelength / (sensor.slant_range * np.sin(np.deg2rad(sensor.incidence)))
    rows = np.linspace(-0.5, 0.5, shape[0], dtype=np.float32)[:, None]
    cols = np.linspace(-0.5, 0.5, shape[1], dtype=np.float32)[None, :]
    swing = plan.sign * to_phase * plan.seasonal * np.sin(2 * np.pi * (years - rng.random()))
    # Water has no phase of its own, but the smooth field is what its neighbours would continue.
    for index in range(count):
        screens[index] += np.float32(plan.stratified[index]) * height
        screens[index] += np.float32(plan.ramps[index, 0]) * rows + np.float32(plan.ramps[index, 1]) * cols
        screens[index] += np.float32(plan.baselines[index] * to_height * plan.height_error) * error
        screens[index] += np.float32(plan.sign * to_phase * years[index]) * ground.velocity
        screens[index] += np.float32(0.5 * swing[index]) * season
    return (screens - screens[:1]).astype(np.float32)


def pair_coherence(plan: NetworkPlan, ground: NetworkGround, pair: int) -> np.ndarray:
    """Return the true coherence of a pair before anything goes wrong, float32 [rows, cols]."""
    kept = np.exp(-np.float32(plan.spans[pair]) / ground.decay)
    coherence = ground.lasting + (ground.fresh - ground.lasting) * kept
    coherence = coherence * np.float32(max(0.0, 1 - abs(plan.pair_baselines[pair]) / plan.sensor.critical))
    early, late = (date_quality(plan, ground, int(index)) for index in plan.pairs[pair])
    return (coherence * early * late).astype(np.float32)


def date_quality(plan: NetworkPlan, ground: NetworkGround, date: int) -> np.ndarray:
    """Return what a date leaves of the coherence of its pairs, float32 [rows, cols]: less in winter where there is snow."""
    if plan.winter == 0.0:
        return np.ones(plan.shape, np.float32)
    day = plan.dates[date]
    in_year = float((day - day.astype("datetime64[Y]").astype("datetime64[D]")).astype(np.int64)) / 365.25
    cold = max(0.0, np.cos(2 * np.pi * (in_year - 0.04))) ** 2
    return (1 - np.float32(plan.winter * cold) * ground.snow).astype(np.float32)
