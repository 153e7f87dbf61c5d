"""Point scatterers of a simulated scene: where they stand, how bright and how steady they are, and how they move.

Buildings give lines and grids of points that layover shifts towards the radar; pylons, rails, bridges,
boulders and corner reflectors give single ones. Some are there for a part of the time only, some
wander in amplitude or in phase, and cars and ships are bright at single dates.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Dict, List, Tuple

import numpy as np

from stillpoint.models.simulation.scene_ground import CODE, COVERS, Ground
from stillpoint.models.simulation.scene_plan import ScenePlan

STEADY, DIMMING, WANDERING, PART_TIME, FLEETING = range(5)
"""Behaviours: steady, wandering amplitude, wandering phase, there for a part of the time, there at single dates."""

SINGLE: Dict[str, Tuple[float, float, float]] = {
    "water": (0.0, 0.0, 0.0), "forest": (0.8, 7.0, 4.0), "shrub": (2.5, 6.0, 4.0), "fields": (0.8, 9.0, 5.0),
    "grass": (1.5, 8.0, 5.0), "city": (18.0, 5.0, 6.0), "suburb": (14.0, 6.0, 6.0), "road": (4.0, 9.0, 5.0),
    "rock": (14.0, 4.0, 4.0), "scree": (6.0, 4.0, 3.5), "wetland": (0.6, 8.0, 5.0), "sand": (0.6, 10.0, 5.0),
    "mine": (5.0, 7.0, 5.0),
}
"""Single scatterers of a land cover: number in a thousand pixels, brightness over the clutter in dB, and its spread."""

BUILT = ("city", "suburb", "road")


@dataclass(frozen=True)
class Points:
    """Point scatterers.

    Attributes
    ----------
    row, col
        float64 [points], single-look pixels.
    signal
        complex64 [points, dates]: what each sends back, with all that is noise in it, in roots of linear backscatter.
    motion
        float32 [points, dates], radians: height above the elevation model, own motion, thermal dilation.
    height
        float64 [points], metres above the ground.
    behaviour
        int64 [points], ``STEADY`` to ``FLEETING``.
    """

    row: np.ndarray
    col: np.ndarray
    signal: np.ndarray
    motion: np.ndarray
    height: np.ndarray
    behaviour: np.ndarray


@dataclass
class _Draft:
    """Points before their signals are drawn: places, heights (m), brightness (dB), and whether people built them."""

    row: np.ndarray
    col: np.ndarray
    height: np.ndarray
    level: np.ndarray
    built: np.ndarray
    behaviour: np.ndarray
    group: np.ndarray


def draw_points(rng: np.random.Generator, plan: ScenePlan, ground: Ground) -> Points:
    """Draw the point scatterers of a scene."""
    drafts = [
        _singles(rng, plan, ground), _buildings(rng, plan, ground), _along_lines(rng, plan, ground), _bridges(rng, plan, ground),
        _reflectors(rng, plan, ground), _fleeting(rng, plan, ground),
    ]
    start, groups = 0, []
    for draft in drafts:
        groups.append(draft.group + start)
        start += int(draft.group.max(initial=-1)) + 1
    whole = _Draft(*(np.concatenate([getattr(draft, name) for draft in drafts]) for name in _Draft.__dataclass_fields__))
    whole.group = np.concatenate(groups)
    rows, cols = plan.single_look_shape
    inside = (whole.row > -3) & (whole.row < rows + 2) & (whole.col > -3) & (whole.col < cols + 2)
    whole = _Draft(*(getattr(whole, name)[inside] for name in _Draft.__dataclass_fields__))
    if plan.aligned:
        whole.row, whole.col = np.round(whole.row), np.round(whole.col)
    return Points(
        whole.row, whole.col, _signals(rng, plan, whole), _motion(rng, plan, whole), whole.height, whole.behaviour
    )


def _draft(rng: np.random.Generator, row: np.ndarray, col: np.ndarray, height: np.ndarray, level: np.ndarray, *, built: bool,
           behaviour: int = -1, group: np.ndarray) -> _Draft:
    """Return points, with behaviours drawn where none is given."""
    count = len(row)
    kinds = rng.choice(4, count, p=_odds(rng, built=built)) if behaviour < 0 else np.full(count, behaviour)
    return _Draft(row, col, np.broadcast_to(np.asarray(height, float), (count,)), level, np.full(count, built), kinds, group)


def _odds(rng: np.random.Generator, *, built: bool) -> np.ndarray:
    """Return how often each behaviour is met, ``STEADY`` to ``PART_TIME``; some scenes have many fickle points, some few."""
    fickle = np.array([0.14, 0.1, 0.07] if built else [0.2, 0.24, 0.06]) * np.exp(rng.uniform(-1.2, [0.6, 1.1, 0.6]))
    fickle *= min(1.0, 0.85 / fickle.sum())
    return np.concatenate(([1.0 - fickle.sum()], fickle))


def _heavy(rng: np.random.Generator, centre: float, spread: float, count: int) -> np.ndarray:
    """Return levels in dB with the heavy tails that the brightness of man-made things has."""
    return centre + spread * np.clip(rng.standard_t(5, count), -4.0, 5.0)


def _level(ground: Ground, row: np.ndarray, col: np.ndarray) -> np.ndarray:
    """Return the clutter's power at places, dB."""
    i = np.clip(np.round(row).astype(int), 0, ground.cover.shape[0] - 1)
    j = np.clip(np.round(col).astype(int), 0, ground.cover.shape[1] - 1)
    return 10.0 * np.log10(ground.power[i, j])


def _singles(rng: np.random.Generator, plan: ScenePlan, ground: Ground) -> _Draft:
    density = np.array([SINGLE[name][0] for name in COVERS]) * np.exp(rng.normal(0.0, 0.4, len(COVERS)))
    chance = (density * plan.density / 1000.0)[ground.cover]
    row, col = np.nonzero(rng.random(ground.cover.shape, dtype=np.float32) < chance)
    cover = ground.cover[row, col]
    table = np.array([SINGLE[name][1:] for name in COVERS])[cover]
    level = _level(ground, row, col) + plan.brightness + table[:, 0] + table[:, 1] * np.clip(rng.standard_t(5, len(row)), -4, 5)
    built = np.isin(cover, [CODE[name] for name in BUILT])
    height = np.where(built, rng.exponential(4.0, len(row)), 0.0)
    place = rng.uniform(-0.5, 0.5, (2, len(row)))
    draft = _draft(rng, row + place[0], col + place[1], height, level, built=False, group=np.arange(len(row)))
    kinds = rng.choice(4, len(row), p=_odds(rng, built=True))
    draft.behaviour = np.where(built | (cover == CODE["rock"]), kinds, draft.behaviour)
    draft.built = built
    return draft


def _buildings(rng: np.random.Generator, plan: ScenePlan, ground: Ground) -> _Draft:
    """Draw fronts along the streets: corners at the ground, floors and windows shifted to near range, things on the roof."""
    city, suburb = ground.cover == CODE["city"], ground.cover == CODE["suburb"]
    # Points in a thousand pixels; a finer radar sees more of each house rather than more houses.
    wanted = plan.density * (rng.uniform(25, 80) * city.sum() + rng.uniform(8, 30) * suburb.sum()) / 1000.0
    area = plan.spacing[0] * plan.spacing[1]
    each = float(np.clip(rng.uniform(3.0, 8.0) * np.sqrt(50.0 / area), 2.0, 60.0))
    count = int(wanted / each)
    places = np.flatnonzero(city | suburb)
    if count == 0 or len(places) == 0:
        empty = np.empty(0)
        return _draft(rng, empty, empty, empty, empty, built=True, group=np.empty(0, int))
    weight = np.where(city.ravel()[places], 1.0, 0.3)
    chosen = rng.choice(places, count, p=weight / weight.sum())
    y, x = (chosen // city.shape[1]) * plan.spacing[0], (chosen % city.shape[1]) * plan.spacing[1]
    y, x = _to_streets(rng, ground.block, y, x)
    tall = rng.random(count) < rng.choice([0.01, 0.05, 0.15])
    low = np.minimum(np.exp(rng.normal(2.2, 0.45, count)), plan.towers)
    height = np.where(tall, rng.uniform(0.4, 1.0, count) * plan.towers, low)
    length = np.exp(rng.normal(np.log(18.0), 0.6, count))
    turned = rng.random(count) < 0.35
    angle = ground.block[2] + np.where(turned, np.pi / 2, 0.0) + rng.normal(0.0, 0.03, count)
    number = 1 + rng.poisson(each * (height / 9.0) ** 0.6 * (length / 18.0) ** 0.6 * 0.8)
    owner = np.repeat(np.arange(count), number)
    total = len(owner)
    pitch = rng.uniform(2.0, 6.0, count)[owner]
    along = np.round((rng.random(total) - 0.5) * length[owner] / pitch) * pitch
    part = rng.random(total)
    floor = np.round(rng.random(total) * height[owner] / 3.2) * 3.2
    z = np.where(part < 0.35, 0.0, np.where(part < 0.8, floor, height[owner] + rng.exponential(1.0, total)))
    row = (y[owner] + along * np.sin(angle[owner])) / plan.spacing[0] + rng.normal(0.0, 0.05, total)
    shift = z / np.tan(np.radians(plan.incidence))
    depth = np.where(part < 0.8, 0.0, rng.uniform(0.0, 12.0, total))
    col = (x[owner] + along * np.cos(angle[owner]) + depth - shift) / plan.spacing[1] + rng.normal(0.0, 0.05, total)
    base = 10.0 * np.log10(np.median(ground.power[city | suburb]))
    brightness = _heavy(rng, base + rng.uniform(2.0, 8.0) + plan.brightness, rng.uniform(3.0, 6.0), count)[owner]
    level = brightness + rng.normal(0.0, 4.0, total) + np.where(part < 0.35, 3.0, 0.0)
    return _draft(rng, row, col, z, level, built=True, group=owner)


def _to_streets(
    rng: np.random.Generator, block: Tuple[float, float, float], y: np.ndarray, x: np.ndarray
) -> Tuple[np.ndarray, np.ndarray]:
    """Move places, metres, to the rows of houses along the longer streets of their blocks."""
    cos, sin = np.cos(block[2]), np.sin(block[2])
    along, across = x * cos + y * sin, y * cos - x * sin
    step = block[1] / max(2.0, np.round(block[1] / 30.0))
    across = np.round(across / step) * step + rng.normal(0.0, 1.5, len(y))
    return along * sin + across * cos, along * cos - across * sin


def _along_lines(rng: np.random.Generator, plan: ScenePlan, ground: Ground) -> _Draft:
    """Draw pylons of overhead lines, and the masts and rails of railways."""
    rows: List[np.ndarray] = []
    heights: List[np.ndarray] = []
    groups: List[np.ndarray] = []
    start = 0
    for line in ground.lines:
        metres = np.concatenate(([0.0], np.cumsum(np.hypot(*(np.diff(line, axis=0) * plan.spacing).T))))
        pylons = rng.random() < 0.6
        gap, size = (rng.uniform(180.0, 400.0), int(rng.integers(2, 5))) if pylons else (rng.uniform(8.0, 60.0), 1)
        gap = max(gap, 2.0 * min(plan.spacing))
        stops = np.searchsorted(metres, np.arange(rng.uniform(0, gap), metres[-1], gap)).clip(0, len(line) - 1)
        if len(stops) == 0:
            continue
        owner = np.repeat(np.arange(len(stops)), size)
        z = rng.uniform(0.0, 35.0 if pylons else 6.0, len(owner))
        shift = z / np.tan(np.radians(plan.incidence)) / plan.spacing[1]
        place = line[stops][owner] + rng.normal(0.0, 0.15, (len(owner), 2))
        place[:, 1] -= shift
        rows.append(place)
        heights.append(z)
        groups.append(owner + start)
        start += len(stops)
    place = np.concatenate(rows) if rows else np.empty((0, 2))
    z = np.concatenate(heights) if heights else np.empty(0)
    group = np.concatenate(groups) if groups else np.empty(0, int)
    level = _heavy(rng, rng.uniform(-6.0, 2.0), 4.0, len(z))
    return _draft(rng, place[:, 0], place[:, 1], z, level, built=True, group=group)


def _bridges(rng: np.random.Generator, plan: ScenePlan, ground: Ground) -> _Draft:
    """Draw bridges: bright rows of points, seen once directly and twice by way of the water."""
    spots = ground.bridges[rng.random(len(ground.bridges)) < 0.5]
    spots = np.concatenate([spots, spots, spots])
    height = np.repeat([6.0, 0.0, -6.0], len(spots) // 3) * rng.uniform(0.5, 3.0)
    col = spots[:, 1] - height / np.tan(np.radians(plan.incidence)) / plan.spacing[1]
    place = spots[:, 0] + rng.normal(0.0, 0.2, len(spots)), col + rng.normal(0.0, 0.2, len(spots))
    return _draft(rng, *place, height, _heavy(rng, -4.0, 4.0, len(spots)), built=True, group=np.zeros(len(spots), int))


def _reflectors(rng: np.random.Generator, plan: ScenePlan, ground: Ground) -> _Draft:
    """Draw a few extremely bright points: corner reflectors, greenhouses, ridges of roofs that face the radar."""
    count = int(rng.choice([0, 1, 2, 5], p=[0.4, 0.25, 0.2, 0.15]))
    rows, cols = ground.cover.shape
    row, col = rng.uniform(0, rows - 1, count), rng.uniform(0, cols - 1, count)
    dry = ground.cover[row.astype(int), col.astype(int)] != CODE["water"]
    row, col = row[dry], col[dry]
    height = rng.uniform(0.0, 5.0, len(row))
    return _draft(rng, row, col, height, rng.uniform(12.0, 28.0, len(row)), built=True, behaviour=STEADY, group=np.arange(len(row)))


def _fleeting(rng: np.random.Generator, plan: ScenePlan, ground: Ground) -> _Draft:
    """Draw cars on roads and in towns, and ships: each is there at a few dates only."""
    rate = np.zeros(len(COVERS))
    rate[CODE["road"]], rate[CODE["city"]], rate[CODE["suburb"]] = 3.0, 1.0, 0.6
    rate[CODE["water"]] = rng.choice([0.0, 0.02, 0.3])
    chance = (rate * rng.choice([0.2, 1.0, 3.0]) * len(plan.dates) / 30.0 / 1000.0)[ground.cover]
    row, col = np.nonzero(rng.random(ground.cover.shape, dtype=np.float32) < chance)
    level = _heavy(rng, rng.uniform(-8.0, 2.0), 4.0, len(row))
    return _draft(rng, row.astype(float), col.astype(float), np.zeros(len(row)), level, built=True, behaviour=FLEETING,
                  group=np.arange(len(row)))


def _signals(rng: np.random.Generator, plan: ScenePlan, draft: _Draft) -> np.ndarray:
    """Return what each point sends back at each date, complex64 [points, dates]."""
    count, dates = len(draft.row), len(plan.dates)
    kind = draft.behaviour
    wander = np.exp(rng.uniform(np.log(0.02), np.log(0.3), count))
    wander = np.where(kind == WANDERING, np.exp(rng.uniform(np.log(0.35), np.log(2.5), count)), wander)
    fading = np.where(kind == DIMMING, rng.uniform(0.25, 0.9, count), rng.uniform(0.03, 0.15, count))
    phase = wander[:, None] * rng.standard_normal((count, dates), dtype=np.float32)
    phase += rng.uniform(-np.pi, np.pi, (count, 1)).astype(np.float32)
    # Amplitudes wander from date to date or with the season.
    season = np.sin(2 * np.pi * (plan.years[None, :] - rng.random((count, 1))))
    seasonal = (rng.random(count) < 0.3)[:, None]
    swing = np.where(seasonal, 1.2 * season, rng.standard_normal((count, dates)))
    amplitude = 10.0 ** (draft.level[:, None] / 20.0) * np.exp(fading[:, None] * swing)
    amplitude *= _presence(rng, kind, dates)
    # Wet snow dims the points and delays them unevenly.
    hit = rng.random((count, 1)) * plan.badness[None, :]
    amplitude *= 1.0 - 0.7 * hit
    phase += hit * rng.standard_normal((count, dates)) * 0.7
    phase += np.where((kind == FLEETING)[:, None], rng.uniform(-np.pi, np.pi, (count, dates)), 0.0)
    return (amplitude * np.exp(1j * phase)).astype(np.complex64)


def _presence(rng: np.random.Generator, kind: np.ndarray, dates: int) -> np.ndarray:
    """Return 1 where a point is there and 0 where not, float32 [points, dates]."""
    there = np.ones((len(kind), dates), np.float32)
    part = np.flatnonzero(kind == PART_TIME)
    when = np.arange(dates)[None, :]
    turn = rng.uniform(0.03, 0.97, (len(part), 2)) * dates
    way = rng.random((len(part), 1))
    # Built, torn down, there for a while, or replaced by something else at the same place.
    appears, goes = when >= turn[:, :1], when < turn[:, 1:]
    there[part] = np.where(way < 0.4, appears, np.where(way < 0.8, goes, appears ^ goes))
    brief = np.flatnonzero(kind == FLEETING)
    share = np.minimum(np.exp(rng.uniform(np.log(1.0 / dates), np.log(0.5), (len(brief), 1))), 0.5)
    there[brief] = rng.random((len(brief), dates)) < share
    return there


def _motion(rng: np.random.Generator, plan: ScenePlan, draft: _Draft) -> np.ndarray:
    """Return the phase of height, own motion and dilation, float32 [points, dates]; points of a group move as one."""
    groups = int(draft.group.max(initial=-1)) + 1
    velocity = rng.normal(0.0, plan.settling, groups)[draft.group] if groups else np.empty(0)
    stretch = plan.dilation * rng.uniform(0.2, 1.0, groups)[draft.group] if groups else np.empty(0)
    tallest = max(plan.towers, 1.0)
    warmth = (plan.temperature - plan.temperature.mean()) / 10.0
    millimetres = velocity[:, None] * plan.years + (stretch * draft.height / tallest * draft.built)[:, None] * warmth
    # Points on bare ground still stand off the elevation model a little.
    height = draft.height + rng.normal(0.0, 0.5, len(draft.row))
    phase = height[:, None] * plan.height_to_phase + 4 * np.pi / plan.wavelength * 1e-3 * millimetres
    return phase.astype(np.float32)
