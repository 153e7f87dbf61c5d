"""Where the points of the simulated valley lie: a town, the plain, the flanks, three landslides, a shadowed slope."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Tuple

import numpy as np

from stillpoint.models.simulation.terrain import DEPTH, SOUTH, WEST, WIDTH, distance_to_river

STABLE, LINEAR, QUADRATIC, BILINEAR, UNWRAPPING_ERROR = range(5)

ZONES = ("town", "plain", "flank", "slide A", "slide B", "slide C", "shadowed slope")
"""Where a point lies; its index is the zone."""

SHARES = (0.31, 0.14, 0.32, 0.07, 0.07, 0.06, 0.03)
"""Share of the points in each zone."""

_SPEED_AT_MARGIN = 0.35


def lobes(along: np.ndarray, across: np.ndarray, phase: float) -> np.ndarray:
    """Return the relative radius of an uneven margin in the direction of each point; no slope moves in ellipses."""
    angle = np.arctan2(across, along)
    return 1.0 + 0.09 * np.sin(3 * angle + phase) + 0.05 * np.sin(5 * angle + 2 * phase) + 0.03 * np.sin(9 * angle)


@dataclass(frozen=True)
class Landslide:
    """One moving slope: a drop-shaped area and how its middle moves along the line of sight.

    Attributes
    ----------
    x, y
        Middle, metres from the scene's south-west corner.
    length, width
        Half axes downslope and across, metres.
    azimuth
        Direction of movement, degrees clockwise from north.
    rate
        mm/yr in the middle: the velocity (linear, and after the break), or that of the mid-time (quadratic).
    curvature
        Acceleration in the middle, mm/yr2.
    code
        Trend code.
    """

    x: float
    y: float
    length: float
    width: float
    azimuth: float
    rate: float
    curvature: float
    code: int

    def local(self, x: np.ndarray, y: np.ndarray) -> Tuple[np.ndarray, np.ndarray]:
        """Return (downslope, across) coordinates in units of the half axes; the area is where their norm is below 1."""
        turn = np.deg2rad(self.azimuth)
        east, north = x - WEST - self.x, y - SOUTH - self.y
        along = (east * np.sin(turn) + north * np.cos(turn)) / self.length
        across = (east * np.cos(turn) - north * np.sin(turn)) / self.width
        # Narrow at the crown, broad at the toe.
        return along, across / (1.0 + 0.3 * np.clip(along, -1.0, 1.0))

    def strength(self, x: np.ndarray, y: np.ndarray) -> np.ndarray:
        """Return the speed as a part of the middle's, 0 outside; it drops at the margin, as shear zones do."""
        along, across = self.local(x, y)
        radius = (along**2 + across**2) / lobes(along, across, self.azimuth) ** 2
        plug = _SPEED_AT_MARGIN + (1.0 - _SPEED_AT_MARGIN) * np.clip(1.0 - radius**2, 0.0, 1.0)
        return np.where(radius < 1.0, plug, 0.0)


LANDSLIDES = (
    Landslide(2250.0, 5150.0, 720.0, 400.0, 172.0, -26.0, 0.0, LINEAR),
    Landslide(5350.0, 1120.0, 760.0, 430.0, 8.0, -19.0, -9.5, QUADRATIC),
    Landslide(7250.0, 4450.0, 640.0, 380.0, 195.0, 30.0, 0.0, BILINEAR),
)

TOWN = (4150.0, 3520.0, 980.0, 300.0)
"""Middle and half axes of the town, metres from the south-west corner."""

SHADOWED = (2750.0, 1500.0, 470.0, 300.0)
"""The slope behind a ridge where unwrapping went wrong for whole patches."""


def coherence(rng: np.random.Generator, zone: np.ndarray) -> np.ndarray:
    """Return the temporal coherence of points by zone: high on buildings, lower on grass and debris."""
    typical = np.array([0.93, 0.86, 0.83, 0.83, 0.82, 0.84, 0.84])[zone]
    spread = np.array([22.0, 16.0, 16.0, 18.0, 18.0, 18.0, 18.0])[zone]
    return np.clip(rng.beta(typical * spread, (1 - typical) * spread), 0.55, 0.99)


def positions(rng: np.random.Generator, zone: np.ndarray) -> Tuple[np.ndarray, np.ndarray]:
    """Return map coordinates of points in their zones."""
    n = len(zone)
    x, y = np.empty(n), np.empty(n)
    for index in range(len(ZONES)):
        rows = np.flatnonzero(zone == index)
        filled = np.zeros(len(rows), bool)
        while not filled.all():
            open_rows = np.flatnonzero(~filled)
            east, north = _candidates(rng, index, 2 * len(open_rows) + 16)
            good = np.flatnonzero(_inside(index, east, north))[: len(open_rows)]
            target = rows[open_rows[: len(good)]]
            x[target], y[target] = east[good], north[good]
            filled[open_rows[: len(good)]] = True
    return np.round(x, 1), np.round(y, 1)


def _candidates(rng: np.random.Generator, zone: int, size: int) -> Tuple[np.ndarray, np.ndarray]:
    """Return random places that may lie in a zone."""
    if zone == 0:  # blocks of houses along streets
        east = TOWN[0] + rng.normal(0.0, 0.48, size) * TOWN[2]
        north = TOWN[1] + rng.normal(0.0, 0.5, size) * TOWN[3]
        east += 18.0 * np.sin(2 * np.pi * east / 90.0)
        north += 16.0 * np.sin(2 * np.pi * north / 80.0)
    elif zone >= 3:
        middle = LANDSLIDES[zone - 3] if zone < 6 else None
        east0, north0 = (middle.x, middle.y) if middle else SHADOWED[:2]
        reach = 900.0 if middle else 500.0
        east, north = east0 + rng.uniform(-reach, reach, size), north0 + rng.uniform(-reach, reach, size)
    else:
        east, north = rng.uniform(0.0, WIDTH, size), rng.uniform(0.0, DEPTH, size)
    return WEST + east, SOUTH + north


def _in_ellipse(x: np.ndarray, y: np.ndarray, ellipse: Tuple[float, float, float, float]) -> np.ndarray:
    east, north = (x - WEST - ellipse[0]) / ellipse[2], (y - SOUTH - ellipse[1]) / ellipse[3]
    return np.hypot(east, north) < lobes(east, north, ellipse[0])


def _inside(zone: int, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Return which places lie in a zone; flanks and plain leave out what other zones take."""
    if zone == 0:
        return _in_ellipse(x, y, TOWN)
    if zone == 6:
        return _in_ellipse(x, y, SHADOWED)
    if zone >= 3:
        return LANDSLIDES[zone - 3].strength(x, y) > 0.0
    inside = (x > WEST) & (x < WEST + WIDTH) & (y > SOUTH) & (y < SOUTH + DEPTH)
    plain = np.abs(distance_to_river(x, y)) < 380.0
    taken = _in_ellipse(x, y, TOWN) | _in_ellipse(x, y, SHADOWED)
    for slide in LANDSLIDES:
        taken |= slide.strength(x, y) > 0.0
    # Forest and pasture leave gaps on the flanks: a fixed pattern of stands.
    bare = np.sin((x - WEST) / 310.0) + np.sin((y - SOUTH) / 270.0) + np.sin((x + y) / 520.0) > -0.35
    return inside & ~taken & (plain if zone == 1 else ~plain & bare)
