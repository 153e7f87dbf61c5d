"""What a simulated radar scene is drawn from: sensor, calendar, baselines, site and how bad everything is.

A plan holds every choice that belongs to the scene as a whole, so that a caller can fix any of them
(:func:`dataclasses.replace`) and leave the rest to chance. Priors are wide on purpose: a network that
is trained on them meets real stacks, and the stacks of other simulators, inside what it knows.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Dict, Optional, Tuple

import numpy as np

FIRST_DAY = np.datetime64("2016-01-01", "D")
"""Calendars begin up to eight years after this day."""

LARGEST = 20_000_000
"""Single-look pixels of all dates beyond which a drawn multilooked scene is made smaller, so that it fits into memory."""


@dataclass(frozen=True)
class Sensor:
    """A radar as far as a stack of co-registered images shows it.

    Attributes
    ----------
    name
        For people.
    wavelength
        Metres.
    azimuth, slant
        Pixel spacing in azimuth and in slant range, metres.
    incidence
        Smallest and largest incidence angle, degrees.
    distance
        Slant range, metres.
    noise
        Lowest and highest noise-equivalent sigma zero, dB.
    repeats
        Repeat cycles, days.
    baselines
        Smallest and largest standard deviation of the perpendicular baselines, metres.
    weight
        How often it is drawn.
    """

    name: str
    wavelength: float
    azimuth: float
    slant: float
    incidence: Tuple[float, float]
    distance: float
    noise: Tuple[float, float]
    repeats: Tuple[int, ...]
    baselines: Tuple[float, float]
    weight: float


SENSORS: Tuple[Sensor, ...] = (
    Sensor("Sentinel-1", 0.05547, 13.9, 2.33, (30.0, 46.0), 850e3, (-27.0, -22.0), (6, 12, 24), (20.0, 130.0), 0.34),
    Sensor("ERS and Envisat", 0.05656, 4.05, 7.9, (19.0, 27.0), 850e3, (-26.0, -20.0), (35,), (150.0, 650.0), 0.12),
    Sensor("RADARSAT", 0.05550, 5.1, 4.7, (24.0, 47.0), 950e3, (-28.0, -21.0), (24,), (80.0, 500.0), 0.10),
    Sensor("TerraSAR-X stripmap", 0.03107, 2.0, 1.2, (24.0, 45.0), 620e3, (-25.0, -19.0), (11, 22), (50.0, 300.0), 0.14),
    Sensor("TerraSAR-X spotlight", 0.03107, 0.87, 0.6, (28.0, 50.0), 620e3, (-24.0, -19.0), (11, 22), (40.0, 250.0), 0.06),
    Sensor("COSMO-SkyMed", 0.03125, 2.1, 1.3, (25.0, 45.0), 740e3, (-25.0, -20.0), (4, 8, 16), (150.0, 800.0), 0.12),
    Sensor("ALOS", 0.23606, 3.2, 4.7, (34.0, 40.0), 850e3, (-30.0, -24.0), (46,), (300.0, 1500.0), 0.06),
    Sensor("ALOS-2", 0.24245, 2.1, 1.9, (30.0, 42.0), 740e3, (-30.0, -25.0), (14, 28, 42), (60.0, 250.0), 0.06),
)

SITES: Dict[str, Dict[str, Tuple[float, float]]] = {
    "city": {"water": (0.0, 0.15), "forest": (0.0, 0.15), "fields": (0.0, 0.1), "grass": (0.02, 0.15), "city": (0.35, 0.85),
             "suburb": (0.05, 0.3)},
    "towns": {"water": (0.0, 0.12), "forest": (0.1, 0.35), "fields": (0.1, 0.4), "grass": (0.05, 0.2), "city": (0.05, 0.25),
              "suburb": (0.05, 0.25), "shrub": (0.0, 0.1)},
    "rural": {"water": (0.0, 0.06), "forest": (0.1, 0.4), "fields": (0.3, 0.7), "grass": (0.05, 0.3), "suburb": (0.02, 0.12),
              "shrub": (0.0, 0.15)},
    "mountains": {"water": (0.0, 0.05), "forest": (0.1, 0.4), "shrub": (0.05, 0.3), "grass": (0.05, 0.2), "rock": (0.15, 0.5),
                  "scree": (0.02, 0.15), "suburb": (0.0, 0.06)},
    "coast": {"water": (0.25, 0.6), "city": (0.05, 0.25), "suburb": (0.03, 0.15), "fields": (0.05, 0.25), "sand": (0.0, 0.08),
              "shrub": (0.02, 0.15), "wetland": (0.0, 0.15)},
    "desert": {"sand": (0.2, 0.6), "rock": (0.15, 0.5), "scree": (0.05, 0.25), "shrub": (0.0, 0.15), "suburb": (0.0, 0.08)},
    "mine": {"mine": (0.12, 0.4), "fields": (0.1, 0.35), "forest": (0.1, 0.3), "suburb": (0.03, 0.15), "water": (0.0, 0.05),
             "grass": (0.05, 0.2)},
    "wetlands": {"wetland": (0.2, 0.5), "water": (0.08, 0.25), "fields": (0.1, 0.4), "grass": (0.05, 0.2), "suburb": (0.02, 0.1)},
}
"""Lowest and highest share of each land cover before roads and rivers are drawn, by site."""

SITE_WEIGHTS: Dict[str, float] = {
    "city": 0.26, "towns": 0.22, "rural": 0.15, "mountains": 0.1, "coast": 0.1, "desert": 0.06, "mine": 0.05, "wetlands": 0.06,
}


@dataclass(frozen=True)
class ScenePlan:
    """Every choice that belongs to a scene as a whole.

    Attributes
    ----------
    rows, cols
        Size of the result in pixels, after looks were taken.
    looks
        Looks in azimuth (rows) and range (columns); (1, 1) is single look.
    sensor
        Which radar.
    incidence
        Degrees.
    spacing
        Metres on the ground between two single-look rows and two columns.
    oversampling
        Sampling rate over processed bandwidth, rows and columns, at least 1.
    weighting
        Generalised Hamming weight of the spectra, 1 (none, strong side lobes) to 0.54 (Hamming), rows and columns.
    aligned
        Whether points lie in the middle of pixels, as they do where images were cut to single bright pixels.
    noise_floor
        Noise-equivalent sigma zero, dB.
    dates
        datetime64[D], increasing.
    baselines
        float64 [dates], perpendicular baselines against an arbitrary orbit, metres.
    temperature
        float64 [dates], air temperature at the acquisition, °C.
    gains
        float64 [dates], amplitude gain of each image.
    badness
        float64 [dates], 0..1: share of the signal that snow, rain or frost decorrelates on that date alone.
    site
        One of ``SITES``.
    shares
        Land cover -> share of the scene.
    density
        Factor on the number of point scatterers.
    brightness
        dB added to the point scatterers.
    steadiness
        Factor on the share of the clutter that never changes.
    towers
        Height of the tallest buildings, metres.
    atmosphere
        float64 [dates], standard deviation of the turbulent delay over the scene, radians.
    slope
        Exponent of its power spectrum (8/3 is Kolmogorov's).
    stratified
        float64 [dates], radians per kilometre of height.
    ramps
        float64 [dates, 2], phase over the whole scene's rows and columns left by the orbits, radians.
    seam
        Row, as a part of all rows, at which two bursts of a scanning sensor meet; NaN where there is none.
    seam_jumps
        float64 [dates], jump of the phase there, radians.
    misregistration
        float64 [dates, 2], shift of each image in single-look pixels (rows, columns).
    relief
        Standard deviation of the terrain, metres.
    height_error
        Standard deviation of the smooth error of the elevation model, metres.
    deformation
        Largest smooth deformation over the whole period, radians.
    settling
        Standard deviation of the velocities that single scatterers have beside it, mm/yr.
    dilation
        Thermal dilation of the tallest buildings, mm per 10 °C.
    """

    rows: int
    cols: int
    looks: Tuple[int, int]
    sensor: Sensor
    incidence: float
    spacing: Tuple[float, float]
    oversampling: Tuple[float, float]
    weighting: Tuple[float, float]
    aligned: bool
    noise_floor: float
    dates: np.ndarray
    baselines: np.ndarray
    temperature: np.ndarray
    gains: np.ndarray
    badness: np.ndarray
    site: str
    shares: Dict[str, float]
    density: float
    brightness: float
    steadiness: float
    towers: float
    atmosphere: np.ndarray
    slope: float
    stratified: np.ndarray
    ramps: np.ndarray
    seam: float
    seam_jumps: np.ndarray
    misregistration: np.ndarray
    relief: float
    height_error: float
    deformation: float
    settling: float
    dilation: float

    @property
    def wavelength(self) -> float:
        """Metres."""
        return self.sensor.wavelength

    @property
    def days(self) -> np.ndarray:
        """float64 [dates], days since the first date."""
        return (self.dates - self.dates[0]).astype(np.float64)

    @property
    def years(self) -> np.ndarray:
        """float64 [dates], years since the first date."""
        return self.days / 365.25

    @property
    def height_to_phase(self) -> np.ndarray:
        """float64 [dates], radians per metre of height (Hanssen 2001, eq. 2.4.9)."""
        across = self.sensor.distance * np.sin(np.radians(self.incidence))
        return 4 * np.pi * self.baselines / (self.wavelength * across)

    @property
    def single_look_shape(self) -> Tuple[int, int]:
        """Rows and columns before looks are taken."""
        return self.rows * self.looks[0], self.cols * self.looks[1]


def log_uniform(rng: np.random.Generator, low: float, high: float) -> float:
    """Return a number whose logarithm is uniform between those of ``low`` and ``high``."""
    return float(np.exp(rng.uniform(np.log(low), np.log(high))))


def random_plan(
    rng: np.random.Generator,
    *,
    rows: int = 256,
    cols: int = 256,
    dates: Optional[int] = None,
    looks: Optional[Tuple[int, int]] = None,
    sensor: Optional[str] = None,
    site: Optional[str] = None,
) -> ScenePlan:
    """Draw a plan; what is given is kept.

    Parameters
    ----------
    rng
        Source of randomness.
    rows, cols
        Size of the result. A drawn multilooked scene is made smaller where it would need more than
        ``LARGEST`` single-look pixels of all dates; with ``looks`` given the size is kept.
    dates
        Number of images, at least 2; drawn between 6 and 120 where None.
    looks
        Looks in azimuth and range; drawn where None (single look in five of six scenes).
    sensor, site
        Name of a sensor or a key of ``SITES``; drawn where None.
    """
    weights = np.array([each.weight for each in SENSORS])
    chosen = SENSORS[rng.choice(len(SENSORS), p=weights / weights.sum())]
    if sensor is not None:
        chosen = {each.name: each for each in SENSORS}[sensor]
    names = list(SITE_WEIGHTS)
    odds = np.array(list(SITE_WEIGHTS.values()))
    drawn_site = names[rng.choice(len(names), p=odds / odds.sum())]
    count = dates or round(log_uniform(rng, 6, 120))
    incidence = float(rng.uniform(*chosen.incidence))
    drawn_looks = _draw_looks(rng, chosen)
    if looks is None:
        looks = drawn_looks
        shrink = min(1.0, np.sqrt(LARGEST / (rows * cols * looks[0] * looks[1] * count)))
        if looks != (1, 1):
            rows, cols = max(64, int(rows * shrink)), max(64, int(cols * shrink))
    oversampling = (float(rng.uniform(1.0, 1.4)), float(rng.uniform(1.0, 1.4)))
    weighting = (1.0, 1.0) if rng.random() < 0.25 else (float(rng.uniform(0.54, 0.85)), float(rng.uniform(0.54, 0.85)))
    aligned = rng.random() < 0.08
    if aligned:
        oversampling = weighting = (1.0, 1.0)
    calendar = _draw_calendar(rng, chosen, count)
    spread = log_uniform(rng, *chosen.baselines)
    tight = rng.random(count) < rng.choice([0.0, 0.1])
    atmosphere = log_uniform(rng, 0.2, 3.0) * np.exp(rng.normal(0.0, rng.uniform(0.1, 0.6), count))
    atmosphere *= np.where(rng.random(count) < rng.choice([0.0, 0.08]), rng.uniform(1.5, 3.0, count), 1.0)
    scanning = chosen.name == "Sentinel-1" and rng.random() < 0.3
    shifts = rng.normal(0.0, rng.choice([0.0, 0.0, 0.03, 0.1]), (count, 2))
    total = looks[0] * looks[1]
    # Looks average what changes but not what stays. Real stacks of tens of looks are not full of scatterers all the same.
    calmer = log_uniform(rng, 0.03, 0.5) * min(1.0, 4.0 / total) ** 0.5 if total > 1 else 1.0
    bad = rng.random(count) < rng.choice([0.0, 0.0, 0.04, 0.12])
    site = site or drawn_site
    return ScenePlan(
        rows=rows, cols=cols, looks=looks, sensor=chosen, incidence=incidence,
        spacing=(chosen.azimuth, chosen.slant / float(np.sin(np.radians(incidence)))),
        oversampling=oversampling, weighting=weighting, aligned=aligned, noise_floor=float(rng.uniform(*chosen.noise)),
        dates=calendar, baselines=np.where(tight, 3.0, 1.0) * spread * _draw_orbits(rng, count),
        temperature=_draw_temperature(rng, calendar),
        gains=np.exp(rng.normal(0.0, rng.choice([0.0, 0.05, 0.15, 0.35]), count)),
        badness=np.where(bad, rng.uniform(0.3, 1.0, count), 0.0),
        site=site, shares={name: float(rng.uniform(*share)) for name, share in SITES[site].items()},
        density=log_uniform(rng, 0.35, 1.8) * total**-0.5, brightness=float(rng.normal(0.0, 2.0)),
        steadiness=log_uniform(rng, 0.4, 1.6) * calmer,
        towers=log_uniform(rng, 12.0, 150.0) if site in ("city", "coast") else log_uniform(rng, 8.0, 40.0),
        atmosphere=np.clip(atmosphere, 0.0, 6.0), slope=float(rng.uniform(2.5, 3.8)),
        stratified=rng.normal(0.0, log_uniform(rng, 0.1, 6.0), count),
        ramps=rng.normal(0.0, log_uniform(rng, 0.05, 4.0), (count, 2)),
        seam=float(rng.uniform(0.1, 0.9)) if scanning else float("nan"), seam_jumps=rng.normal(0.0, rng.uniform(0.1, 0.8), count),
        misregistration=np.clip(shifts, -0.3, 0.3),
        relief=log_uniform(rng, 150.0, 600.0) if site == "mountains" else log_uniform(rng, 3.0, 120.0),
        height_error=log_uniform(rng, 0.5, 10.0),
        deformation=float(rng.choice([0.0, 1.0], p=[0.3, 0.7])) * log_uniform(rng, 0.5, 40.0),
        settling=float(rng.choice([0.0, rng.uniform(0.2, 3.0)])), dilation=float(rng.choice([0.0, rng.uniform(0.2, 5.0)])),
    )


def _draw_looks(rng: np.random.Generator, sensor: Sensor) -> Tuple[int, int]:
    """Return looks in rows and columns that make the pixels roughly square."""
    single = rng.random() < 0.83
    total = log_uniform(rng, 2.0, 40.0)
    ratio = sensor.azimuth / (sensor.slant * 1.7)
    across = int(np.clip(round(float(np.sqrt(total * ratio))), 1, 20))
    along = int(np.clip(round(total / across), 1, 20))
    return (1, 1) if single else (along, across)


def _draw_calendar(rng: np.random.Generator, sensor: Sensor, count: int) -> np.ndarray:
    """Return dates with the sensor's rhythm, and its gaps."""
    repeat = int(rng.choice(sensor.repeats))
    missing = float(rng.choice([0.0, 0.05, 0.2, 0.45], p=[0.3, 0.3, 0.25, 0.15]))
    steps = repeat * np.minimum(rng.geometric(1.0 - missing, count), 8)
    if rng.random() < 0.25:
        steps[rng.integers(0, count)] += int(rng.integers(40, 300))
    if rng.random() < 0.1:
        # A hand-picked stack has no rhythm.
        steps = np.maximum(1, np.round(rng.exponential(2.0 * repeat, count))).astype(int)
    start = FIRST_DAY + int(rng.integers(0, 8 * 365))
    return start + np.concatenate(([0], np.cumsum(steps[1:]))).astype("timedelta64[D]")


def _draw_orbits(rng: np.random.Generator, count: int) -> np.ndarray:
    """Return perpendicular baselines of unit spread: scattered, drifting (ALOS), or mostly together."""
    kind = rng.random()
    if kind < 0.6:
        return rng.standard_normal(count)
    if kind < 0.8:
        return (np.linspace(-1.6, 1.6, count) * float(rng.choice([-1, 1])) + 0.3 * rng.standard_normal(count))
    return np.clip(rng.standard_t(2.5, count), -6.0, 6.0) * 0.7


def _draw_temperature(rng: np.random.Generator, dates: np.ndarray) -> np.ndarray:
    """Return the air temperature at the acquisitions, °C."""
    year = (dates - dates.astype("datetime64[Y]").astype("datetime64[D]")).astype(float) / 365.25
    mean, swing = rng.uniform(2.0, 26.0), rng.uniform(2.0, 16.0)
    return mean - swing * np.cos(2 * np.pi * (year - 0.05)) + rng.normal(0.0, 3.0, len(dates))
