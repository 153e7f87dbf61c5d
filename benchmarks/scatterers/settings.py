"""Every number of the benchmark's simulated scenes, in one place."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Dict, Tuple

TOWN, FIELDS, FOREST, WATER, ROCK = range(5)
COVERS = ("town", "fields", "forest", "water", "rock")
"""Land covers in the order of their codes."""

TRUE_NOISE = 0.6
"""A pixel is a PS where the phase noise of a single image is below this, radians."""


@dataclass(frozen=True)
class Ground:
    """How the distributed scatterers of one land cover behave.

    Attributes
    ----------
    power
        Mean power over the thermal noise, dB.
    texture
        Standard deviation of slow changes of the power in space, dB.
    permanent
        Mean share of the power that never changes.
    uneven
        Standard deviation of the logit of that share from place to place.
    remembered
        Share of the power that decays with ``memory``.
    memory
        Days (exponential).
    season
        Half the range of the annual change of power, dB.
    weather
        Standard deviation of a change of power with the date that the cover shares, dB.
    """

    power: float
    texture: float
    permanent: float
    uneven: float
    remembered: float
    memory: float
    season: float
    weather: float


@dataclass(frozen=True)
class Points:
    """Point scatterers of one land cover.

    Attributes
    ----------
    density
        Number per resolution cell.
    brightness, spread
        Mean and standard deviation of the power over that of the surroundings, dB.
    block
        Standard deviation of the height that the points of a building share, metres above the DEM.
    height
        Standard deviation of a point's own height, metres.
    """

    density: float
    brightness: float
    spread: float
    block: float
    height: float


@dataclass(frozen=True)
class Setting:
    """One kind of stack.

    Attributes
    ----------
    title
        As the tables call it.
    dates, interval, lost
        Number of images, days between passes, share of passes without an image.
    baselines
        Standard deviation of the orbits across the line of sight, metres.
    wavelength, incidence, distance
        Metres, degrees, slant range in metres.
    spacing
        Metres on the ground between rows (azimuth) and columns (range).
    resolution
        Pixels a resolution cell is wide, rows and columns.
    window
        Coefficient of the generalised Hamming window of the processor (1: none).
    shares
        Share of the area of each land cover, in the order of :data:`COVERS`.
    ground, points
        By land cover.
    behaviour
        Shares of the points that are steady, part-time, of wandering amplitude, and of wandering phase.
    towers, tower_height
        Number of tall buildings, and least and greatest height in metres.
    turbulence
        Standard deviation of the turbulent delay over the scene, radians (log-uniform over the dates).
    stratified
        Standard deviation of the phase per 100 m of height, radians.
    orbit
        Largest orbit ramp over the scene, fringes.
    relief
        Range of the heights, metres.
    dem_error
        Standard deviation of the correlated error of the DEM, metres.
    thermal
        Standard deviation of the thermal dilation of a building, radians per 10 degrees and 10 m of height.
    subsidence
        Largest velocity, radians a year.
    gain
        Standard deviation of the calibration of an image, dB.
    """

    title: str
    dates: int
    interval: int
    lost: float
    baselines: float
    wavelength: float
    incidence: float
    distance: float
    spacing: Tuple[float, float]
    resolution: Tuple[float, float]
    window: float
    shares: Tuple[float, float, float, float, float]
    ground: Dict[int, Ground]
    points: Dict[int, Points]
    behaviour: Tuple[float, float, float, float] = (0.43, 0.12, 0.31, 0.14)
    towers: int = 0
    tower_height: Tuple[float, float] = (30.0, 60.0)
    turbulence: Tuple[float, float] = (0.3, 0.9)
    stratified: float = 0.5
    orbit: float = 0.7
    relief: float = 60.0
    dem_error: float = 4.0
    thermal: float = 0.1
    subsidence: float = 3.0
    gain: float = 0.5
    sizes: Tuple[int, int] = field(default=(400, 400))


_C_GROUND = {
    TOWN: Ground(11.0, 3.5, 0.05, 0.8, 0.35, 60.0, 0.4, 0.4),
    FIELDS: Ground(8.0, 2.0, 0.02, 0.6, 0.45, 25.0, 2.5, 1.2),
    FOREST: Ground(10.0, 1.5, 0.005, 0.5, 0.25, 15.0, 1.0, 0.8),
    WATER: Ground(-3.0, 1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 4.0),
    ROCK: Ground(11.0, 3.0, 0.16, 2.0, 0.3, 100.0, 0.8, 0.6),
}
_C_POINTS = {
    TOWN: Points(0.085, 14.5, 8.0, 10.0, 4.0),
    FIELDS: Points(0.0012, 14.0, 6.0, 4.0, 3.0),
    FOREST: Points(0.0003, 12.0, 6.0, 6.0, 3.0),
    ROCK: Points(0.02, 13.0, 6.0, 6.0, 5.0),
}
_X_GROUND = {
    **_C_GROUND,
    TOWN: Ground(11.0, 4.0, 0.05, 0.8, 0.35, 50.0, 0.4, 0.4),
    FIELDS: Ground(7.0, 2.0, 0.015, 0.6, 0.4, 15.0, 2.5, 1.5),
    FOREST: Ground(8.0, 1.5, 0.003, 0.5, 0.15, 8.0, 1.0, 0.8),
}
_X_POINTS = {
    **_C_POINTS,
    TOWN: Points(0.085, 14.5, 8.0, 8.0, 4.0),
}

_C_BAND = dict(
    wavelength=0.0555, incidence=38.0, distance=880e3, spacing=(13.9, 4.6), resolution=(1.25, 1.15), window=0.75,
    ground=_C_GROUND, points=_C_POINTS, interval=12, lost=0.1, baselines=90.0,
)

SETTINGS: Dict[str, Setting] = {
    "dates-30": Setting(title="30 dates", dates=30, shares=(0.42, 0.30, 0.14, 0.08, 0.06), **_C_BAND),  # type: ignore[arg-type]
    "interferograms-10": Setting(
        title="10 interferograms", dates=11, shares=(0.42, 0.30, 0.14, 0.08, 0.06), **_C_BAND,  # type: ignore[arg-type]
    ),
    "rural": Setting(
        title="rural", dates=25, shares=(0.15, 0.43, 0.25, 0.05, 0.12), **_C_BAND,  # type: ignore[arg-type]
    ),
    "x-band-towers": Setting(
        title="X band, towers, strong atmosphere", dates=24, interval=11, lost=0.25, baselines=110.0, wavelength=0.0311,
        incidence=34.0, distance=620e3, spacing=(4.4, 4.4), resolution=(1.25, 1.15), window=0.7,
        shares=(0.5, 0.2, 0.15, 0.1, 0.05), ground=_X_GROUND, points=_X_POINTS, towers=36, tower_height=(25.0, 160.0),
        turbulence=(0.8, 2.2), stratified=1.5, relief=50.0, dem_error=3.0, thermal=0.2, subsidence=4.0,
    ),
}
