"""The scene of the demo: a city on a river, with forest to one side and fields to the other, on a map grid.

Its land covers are told as the zones that studies of persistent scatterers count by.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from stillpoint.models.simulation.scene_atmosphere import smooth_fields
from stillpoint.models.simulation.scene_ground import CODE, Ground, ground_of, metres
from stillpoint.models.simulation.scene_map import draw_streets, near_line
from stillpoint.models.simulation.scene_plan import ScenePlan, random_plan
from stillpoint.models.simulation.scene_scatterers import draw_points
from stillpoint.models.simulation.scenes import Scene, focus_scene

SPACING = 10.0
"""Metres."""

ZONES = ("City", "Forest and vegetation", "Uncropped land", "River")
"""Names of the zones, by code from 1."""

_ZONE_OF = {
    "city": 1, "suburb": 1, "road": 1, "forest": 2, "shrub": 2, "grass": 2, "fields": 3, "sand": 3, "rock": 3, "scree": 3,
    "mine": 3, "wetland": 2, "water": 4,
}


def demo_scene(seed: int = 1, *, size: int = 400, dates: int = 30) -> Scene:
    """Simulate the scene of the demo.

    Parameters
    ----------
    seed
        The same seed gives the same scene.
    size
        Rows and columns.
    dates
        Number of images, at least 2.
    """
    rng = np.random.default_rng(seed)
    plan = demo_plan(rng, size=size, dates=dates)
    ground = _ground(rng, plan)
    return focus_scene(rng, plan, ground, draw_points(rng, plan, ground))


def demo_plan(rng: np.random.Generator, *, size: int, dates: int) -> ScenePlan:
    """Return the plan of the demo: Sentinel-1 every twelve days, on a map grid of ``SPACING``, nothing extreme."""
    drawn = random_plan(rng, rows=size, cols=size, dates=dates, looks=(1, 1), sensor="Sentinel-1", site="city")
    calendar = np.datetime64("2021-01-07") + 12 * np.arange(dates)
    year = (calendar - calendar[0]).astype(float) / 365.25
    atmosphere = 0.8 * np.exp(rng.normal(0.0, 0.4, dates))
    return replace(
        drawn, incidence=38.0, spacing=(SPACING, SPACING), oversampling=(1.2, 1.1), weighting=(0.75, 0.75), aligned=False,
        noise_floor=-23.0, dates=calendar, baselines=np.round(70.0 * rng.standard_normal(dates), 2), gains=np.ones(dates),
        badness=np.zeros(dates),
        temperature=9.0 - 10.0 * np.cos(2 * np.pi * year) + rng.normal(0.0, 3.0, dates),
        density=1.0, brightness=0.0, steadiness=0.9, towers=60.0, atmosphere=atmosphere, slope=3.3,
        stratified=rng.normal(0.0, 1.0, dates), ramps=rng.normal(0.0, 0.6, (dates, 2)), seam=float("nan"),
        misregistration=np.zeros((dates, 2)), relief=40.0, height_error=2.0, deformation=9.0, settling=0.5, dilation=1.0,
    )


def _ground(rng: np.random.Generator, plan: ScenePlan) -> Ground:
    shape = plan.single_look_shape
    y, x = metres(plan, shape)
    height, width = shape[0] * SPACING, shape[1] * SPACING
    ragged = smooth_fields(rng, 3, shape, plan.spacing, slope=3.0, longest=0.3 * width)
    down = np.arange(0.0, height, SPACING / 2)
    across = 0.55 * width + 0.09 * width * np.sin(2 * np.pi * down / height * 1.1) + 0.03 * width * np.sin(7 * down / height)
    river = np.column_stack([down, across]) / SPACING
    cover = np.full(shape, CODE["fields"], np.uint8)
    cover[x / width + 0.35 * y / height + 0.08 * ragged[0] < 0.45] = CODE["forest"]
    cover[(ragged[1] > 1.7) & (cover == CODE["fields"])] = CODE["forest"]
    centre = np.hypot((y - 0.45 * height) / (0.36 * height), (x - 0.58 * width) / (0.32 * width)) + 0.12 * ragged[2]
    cover[centre < 1.0] = CODE["suburb"]
    cover[centre < 0.72] = CODE["city"]
    block = (110.0, 70.0, 0.32)
    draw_streets(rng, plan, cover, block)
    bridges, lines = [], []
    for start, stop in (((0.42, 0.0), (0.36, 1.0)), ((0.72, 0.0), (0.6, 1.0)), ((0.0, 0.86), (1.0, 0.7))):
        line = np.linspace(start, stop, 3 * max(shape)) * (np.array(shape) - 1)
        cover[near_line(line, plan, shape, 7.0)] = CODE["road"]
        lines.append(line)
    cover[near_line(river, plan, shape, 65.0)] = CODE["water"]
    for line in lines[:2]:
        bridges.append(line[cover[line[:, 0].astype(int), line[:, 1].astype(int)] == CODE["water"]])
        cover[tuple(bridges[-1].astype(int).T)] = CODE["road"]
    relief, = smooth_fields(rng, 1, shape, plan.spacing, slope=3.8)
    heights = 480.0 + plan.relief * (relief + 1.5 * np.abs(x / width - 0.55) * 2)
    crossings = np.concatenate(bridges)
    return ground_of(rng, plan, cover, heights.astype(np.float32), block=block, bridges=crossings, lines=lines[2:])


def zones_of(cover: np.ndarray) -> np.ndarray:
    """Return the zone of each land cover, uint8 of the shape of ``cover``, codes into ``ZONES`` from 1."""
    table = np.zeros(256, np.uint8)
    for name, zone in _ZONE_OF.items():
        table[CODE[name]] = zone
    return table[cover]
