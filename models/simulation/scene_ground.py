"""The ground of a simulated scene: land cover with drawn structures, parcels, terrain, and how each patch scatters.

Covers that nature makes (forest, water, rock) follow random fields; fields lie in parcels, cities in
blocks between streets; rivers and roads are lines across the scene.
"""

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
    "fields": CoverKind((-16.0, -8.0), (0.3, 1.2), (0.0, 0.06), (0.1, 0.5), (12.0, 90.0), (0.5, 5.0), 2.0, vegetation=True),
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


def draw_ground(rng: np.random.Generator, plan: ScenePlan) -> Ground:
    """Draw the ground of a scene at single-look resolution."""
    shape = plan.single_look_shape
    relief, = smooth_fields(rng, 1, shape, plan.spacing, slope=rng.uniform(3.2, 4.2), longest=rng.uniform(1000.0, 6000.0))
    cover = _natural_cover(rng, plan, relief)
    block = (float(rng.uniform(50, 160)), float(rng.uniform(35, 90)), float(rng.uniform(-0.8, 0.8)))
    _draw_streets(rng, plan, cover, block)
    _draw_rivers(rng, plan, cover)
    bridges, lines = _draw_roads(rng, plan, cover)
    patch, covers = _patches(rng, plan, cover)
    power, stable, restless, keep, gain = _properties(rng, plan, cover, patch, covers)
    return Ground(cover, patch, power, stable, restless, keep, gain, relief * np.float32(plan.relief), block, bridges, lines)


def _natural_cover(rng: np.random.Generator, plan: ScenePlan, relief: np.ndarray) -> np.ndarray:
    """Give each cover its share, one after the other, where a random field of its own is highest."""
    shape = relief.shape
    names = [name for name, share in plan.shares.items() if share > 0.004]
    total = max(sum(plan.shares[name] for name in names), 1e-9)
    cover = np.full(shape, 255, np.uint8)
    fields = smooth_fields(rng, len(names), shape, plan.spacing, slope=rng.uniform(2.6, 3.8), longest=rng.uniform(300.0, 3000.0))
    for name, field in zip(names, fields):
        lean = {"water": -1.2, "wetland": -0.8, "rock": 0.9, "scree": 0.5, "city": -0.3, "fields": -0.4}.get(name, 0.0)
        field = field + np.float32(lean) * relief
        free = cover == 255
        # The share is one of the whole scene, taken from what is still free.
        part = min(1.0, plan.shares[name] / total * cover.size / max(int(free.sum()), 1))
        if not free.any():
            break
        cover[free & (field >= np.quantile(field[free], 1.0 - part))] = CODE[name]
    rest = [name for name in names if name not in ("water", "city", "suburb")] or ["grass"]
    cover[cover == 255] = CODE[rest[-1]]
    return cover


def _metres(plan: ScenePlan, shape: Tuple[int, int]) -> Tuple[np.ndarray, np.ndarray]:
    y = np.arange(shape[0], dtype=np.float32)[:, None] * np.float32(plan.spacing[0])
    x = np.arange(shape[1], dtype=np.float32)[None, :] * np.float32(plan.spacing[1])
    return y, x


def _draw_streets(rng: np.random.Generator, plan: ScenePlan, cover: np.ndarray, block: Tuple[float, float, float]) -> None:
    built = (cover == CODE["city"]) | (cover == CODE["suburb"])
    if not built.any():
        return
    y, x = _metres(plan, cover.shape)
    cos, sin = np.float32(np.cos(block[2])), np.float32(np.sin(block[2]))
    width = float(rng.uniform(7.0, 20.0))
    along, across = x * cos + y * sin, y * cos - x * sin
    street = (np.mod(along, block[0]) < width) | (np.mod(across, block[1]) < width)
    if width / max(plan.spacing) > 0.6:
        cover[built & street] = CODE["road"]
    park, = smooth_fields(rng, 1, cover.shape, plan.spacing, slope=3.0, longest=rng.uniform(150.0, 500.0))
    cover[built & (park > rng.uniform(1.0, 2.5))] = CODE["grass"]


def _course(rng: np.random.Generator, shape: Tuple[int, int], plan: ScenePlan, bends: float) -> np.ndarray:
    """Return a winding line from border to border, float64 [n, 2] rows and columns, a sample every pixel or finer."""
    height, width = shape[0] * plan.spacing[0], shape[1] * plan.spacing[1]
    middle = np.array([rng.uniform(0.15, 0.85) * height, rng.uniform(0.15, 0.85) * width])
    angle = rng.uniform(0, np.pi)
    reach = float(np.hypot(height, width))
    count = int(2 * reach / min(plan.spacing)) + 2
    s = np.linspace(-reach, reach, count)
    swing = np.zeros(count)
    for number in range(4):
        size = bends * reach / (number + 1) * 0.12 * rng.normal()
        swing += size * np.sin(2 * np.pi * (number + rng.random()) * s / reach + rng.uniform(0, 6))
    y = middle[0] + s * np.sin(angle) + swing * np.cos(angle)
    x = middle[1] + s * np.cos(angle) - swing * np.sin(angle)
    line = np.column_stack([y / plan.spacing[0], x / plan.spacing[1]])
    return line[(line >= 0).all(axis=1) & (line[:, 0] < shape[0]) & (line[:, 1] < shape[1])]


def _near(line: np.ndarray, plan: ScenePlan, shape: Tuple[int, int], reach: float) -> np.ndarray:
    """Return bool [rows, cols]: pixels within ``reach`` metres of a line."""
    mask = np.zeros(shape, bool)
    if len(line) == 0:
        return mask
    steps = [np.arange(-int(reach / step), int(reach / step) + 1) for step in plan.spacing]
    grid_row, grid_col = np.meshgrid(*steps, indexing="ij")
    round_ = np.hypot(grid_row * plan.spacing[0], grid_col * plan.spacing[1]) <= reach
    places = np.unique(np.round(line).astype(np.int64), axis=0)
    rows = np.clip(places[:, :1] + grid_row[round_], 0, shape[0] - 1)
    cols = np.clip(places[:, 1:] + grid_col[round_], 0, shape[1] - 1)
    mask[rows, cols] = True
    return mask


def _draw_rivers(rng: np.random.Generator, plan: ScenePlan, cover: np.ndarray) -> None:
    if plan.site == "desert" or rng.random() > 0.5:
        return
    for _ in range(int(rng.integers(1, 3))):
        line = _course(rng, cover.shape, plan, rng.uniform(0.5, 2.0))
        width = float(np.exp(rng.uniform(np.log(15.0), np.log(120.0))))
        cover[_near(line, plan, cover.shape, min(width, 40 * max(plan.spacing)) / 2)] = CODE["water"]


def _draw_roads(rng: np.random.Generator, plan: ScenePlan, cover: np.ndarray) -> Tuple[np.ndarray, List[np.ndarray]]:
    """Draw roads into ``cover``; return where they cross water, and courses of railways and overhead lines."""
    bridges: List[np.ndarray] = [np.empty((0, 2))]
    lines: List[np.ndarray] = []
    for _ in range(int(rng.integers(0, 4))):
        line = _course(rng, cover.shape, plan, rng.uniform(0.0, 0.6))
        if len(line) == 0:
            continue
        wet = cover[line[:, 0].astype(int), line[:, 1].astype(int)] == CODE["water"]
        # A road over the sea is no bridge; one over a river is.
        if wet.mean() < 0.25:
            bridges.append(line[wet])
            cover[_near(line, plan, cover.shape, float(rng.uniform(4.0, 16.0)))] = CODE["road"]
            if rng.random() < 0.4:
                lines.append(line)
    for _ in range(int(rng.integers(0, 3))):
        lines.append(_course(rng, cover.shape, plan, 0.05))
    return np.concatenate(bridges), [line for line in lines if len(line) > 8]


def _patches(rng: np.random.Generator, plan: ScenePlan, cover: np.ndarray) -> Tuple[np.ndarray, np.ndarray]:
    """Divide the scene into parcels; return the patch of every pixel and the cover of every patch."""
    shape = cover.shape
    y, x = _metres(plan, shape)
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
            gain[these] += np.cumsum(resets[these] * rng.normal(0.0, 2.0, (size, dates)), axis=1).clip(-5.0, 5.0)
    keep = np.exp(-steps[None, :] / memory[:, None])
    keep[resets] = 0.0
    rough, loose = smooth_fields(rng, 2, cover.shape, plan.spacing, slope=rng.uniform(0.8, 2.2), longest=rng.uniform(50.0, 500.0))
    mean = 10.0 ** ((power[patch] + texture[cover] * rough) / 10.0)
    share = stable[patch] * np.exp(0.6 * loose - 0.18)
    return (
        mean.astype(np.float32), np.clip(share, 0.0, 0.95).astype(np.float32), restless.astype(np.float32),
        keep.astype(np.float32), (10.0 ** (gain / 10.0)).astype(np.float32),
    )
