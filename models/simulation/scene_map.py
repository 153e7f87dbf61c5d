"""The map of a simulated scene: land cover with drawn structures.

Covers that nature makes (forest, water, rock) follow random fields; cities have blocks between
streets; rivers, roads, railways and overhead lines cross the scene.
"""

from __future__ import annotations

from typing import List, Tuple

import numpy as np

from stillpoint.models.simulation.scene_atmosphere import smooth_fields
from stillpoint.models.simulation.scene_ground import CODE, Ground, ground_of, metres
from stillpoint.models.simulation.scene_plan import ScenePlan


def draw_ground(rng: np.random.Generator, plan: ScenePlan) -> Ground:
    """Draw the ground of a scene at single-look resolution."""
    shape = plan.single_look_shape
    relief, = smooth_fields(rng, 1, shape, plan.spacing, slope=rng.uniform(3.2, 4.2), longest=rng.uniform(1000.0, 6000.0))
    cover = _natural_cover(rng, plan, relief)
    block = (float(rng.uniform(50, 160)), float(rng.uniform(35, 90)), float(rng.uniform(-0.8, 0.8)))
    draw_streets(rng, plan, cover, block)
    draw_rivers(rng, plan, cover)
    bridges, lines = draw_roads(rng, plan, cover)
    return ground_of(rng, plan, cover, _terrain(plan, relief), block=block, bridges=bridges, lines=lines)


def _terrain(plan: ScenePlan, relief: np.ndarray) -> np.ndarray:
    """Return heights with the plan's standard deviation, lower where a small scene would be steeper than such ground is."""
    heights = relief * np.float32(plan.relief)
    steepest = 0.35 if plan.site == "mountains" else 0.07
    slope = float(np.std(np.gradient(heights, plan.spacing[1], axis=1)))
    return heights * np.float32(min(1.0, steepest / max(slope, 1e-9)))


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


def draw_streets(rng: np.random.Generator, plan: ScenePlan, cover: np.ndarray, block: Tuple[float, float, float]) -> None:
    """Draw streets and parks into the built-up part of ``cover``."""
    built = (cover == CODE["city"]) | (cover == CODE["suburb"])
    if not built.any():
        return
    y, x = metres(plan, cover.shape)
    cos, sin = np.float32(np.cos(block[2])), np.float32(np.sin(block[2]))
    width = float(rng.uniform(7.0, 20.0))
    along, across = x * cos + y * sin, y * cos - x * sin
    street = (np.mod(along, block[0]) < width) | (np.mod(across, block[1]) < width)
    if width / max(plan.spacing) > 0.6:
        cover[built & street] = CODE["road"]
    park, = smooth_fields(rng, 1, cover.shape, plan.spacing, slope=3.0, longest=rng.uniform(150.0, 500.0))
    cover[built & (park > rng.uniform(1.0, 2.5))] = CODE["grass"]


def course(rng: np.random.Generator, shape: Tuple[int, ...], plan: ScenePlan, bends: float) -> np.ndarray:
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


def near_line(line: np.ndarray, plan: ScenePlan, shape: Tuple[int, ...], reach: float) -> np.ndarray:
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


def draw_rivers(rng: np.random.Generator, plan: ScenePlan, cover: np.ndarray) -> None:
    """Draw rivers into ``cover`` in half of the scenes."""
    if plan.site == "desert" or rng.random() > 0.5:
        return
    for _ in range(int(rng.integers(1, 3))):
        line = course(rng, cover.shape, plan, rng.uniform(0.5, 2.0))
        width = float(np.exp(rng.uniform(np.log(15.0), np.log(120.0))))
        cover[near_line(line, plan, cover.shape, min(width, 40 * max(plan.spacing)) / 2)] = CODE["water"]


def draw_roads(rng: np.random.Generator, plan: ScenePlan, cover: np.ndarray) -> Tuple[np.ndarray, List[np.ndarray]]:
    """Draw roads into ``cover``; return where they cross water, and courses of railways and overhead lines."""
    bridges: List[np.ndarray] = [np.empty((0, 2))]
    lines: List[np.ndarray] = []
    for _ in range(int(rng.integers(0, 4))):
        line = course(rng, cover.shape, plan, rng.uniform(0.0, 0.6))
        if len(line) == 0:
            continue
        wet = cover[line[:, 0].astype(int), line[:, 1].astype(int)] == CODE["water"]
        # A road over the sea is no bridge; one over a river is.
        if wet.mean() < 0.25:
            bridges.append(line[wet])
            cover[near_line(line, plan, cover.shape, float(rng.uniform(4.0, 16.0)))] = CODE["road"]
            if rng.random() < 0.4:
                lines.append(line)
    for _ in range(int(rng.integers(0, 3))):
        lines.append(course(rng, cover.shape, plan, 0.05))
    return np.concatenate(bridges), [line for line in lines if len(line) > 8]
