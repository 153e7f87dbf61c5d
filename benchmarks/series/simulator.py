"""An independent simulator of phases at scatterers, with the truth of every part.

It shares nothing with the simulators of the package: other random fields, other motion, other geometry. All phases are of single
dates; interferograms are differences of them, with noise of their own where they are multilooked.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Dict

import numpy as np

from stillpoint.models.series.reading import Observed

WAVELENGTH, ACROSS = 0.05547, 850e3 * np.sin(np.radians(38.0))

SCENES: Dict[str, Dict[str, float]] = {
    "town": {"points": 2500, "side": 9000, "dates": 60, "noise": 0.45, "air": 1.2, "motion": 1.0},
    "sparse": {"points": 500, "side": 14000, "dates": 45, "noise": 0.5, "air": 1.5, "motion": 1.0},
    "noisy": {"points": 2500, "side": 9000, "dates": 60, "noise": 0.85, "air": 1.2, "motion": 1.0},
    "fast": {"points": 2500, "side": 9000, "dates": 60, "noise": 0.45, "air": 1.2, "motion": 5.0},
    "short": {"points": 2500, "side": 9000, "dates": 20, "noise": 0.45, "air": 1.2, "motion": 1.0},
    "orbits": {"points": 2500, "side": 9000, "dates": 45, "noise": 0.45, "air": 1.2, "motion": 2.0, "baselines": 300},
}
"""Settings by name: scatterers, side in metres, dates, noise of a date in radians, atmosphere in radians, factor on the motion;
standard deviation of the baselines in metres where it is not 65."""


@dataclass(frozen=True)
class Truth:
    """Simulated phases of dates at scatterers, and what they are made of.

    Attributes
    ----------
    east, north
        Metres [points].
    dates
        datetime64[D] [dates].
    baselines
        Metres [dates].
    displacement
        float64 [dates, points], mm towards the satellite.
    height
        float64 [points], metres.
    phase
        float64 [dates, points], radians, everything but the noise, never wrapped.
    noise
        float64 [dates, points], radians.
    """

    east: np.ndarray
    north: np.ndarray
    dates: np.ndarray
    baselines: np.ndarray
    displacement: np.ndarray
    height: np.ndarray
    phase: np.ndarray
    noise: np.ndarray

    @property
    def years(self) -> np.ndarray:
        """Years since the first date."""
        return (self.dates - self.dates[0]).astype(float) / 365.25

    @property
    def full(self) -> np.ndarray:
        """float64 [dates, points], radians, with noise, not wrapped."""
        return self.phase + self.noise

    @property
    def velocity(self) -> np.ndarray:
        """mm/yr [points]: the straight line through the true displacement at the dates."""
        return np.asarray(np.polyfit(self.years, self.displacement, 1)[0])


def simulate(seed: int, scene: str = "town") -> Truth:
    """Simulate scatterers of one of ``SCENES``."""
    rng = np.random.default_rng([seed, 77])
    setting = SCENES[scene]
    count, side, number = int(setting["points"]), float(setting["side"]), int(setting["dates"])
    # towns: clusters of scatterers and a few between them
    centres = rng.uniform(0.1, 0.9, (7, 2)) * side
    own = rng.integers(0, 7, count)
    places = np.where(rng.random(count)[:, None] < 0.65, centres[own] + rng.normal(0, 0.07 * side, (count, 2)),
                      rng.uniform(0, side, (count, 2)))
    places = np.unique(np.round(np.clip(places, 0, side) / 15) * 15, axis=0)
    east, north = places.T
    dates = np.datetime64("2017-03-04") + np.cumsum(12 * rng.choice([1, 1, 1, 2], number)).astype("timedelta64[D]")
    years = (dates - dates[0]).astype(float) / 365.25
    baselines = rng.normal(0, setting.get("baselines", 65), number)
    displacement = _motion(rng, east, north, side, years) * setting["motion"]
    height = _field(rng, east, north, 1500.0) * 1.5 + rng.gamma(1.2, 3.0, len(east)) - 3.0
    air = np.stack([_turbulence(rng, east, north, side) for _ in range(number)])
    air *= setting["air"] * np.exp(rng.normal(0, 0.35, number))[:, None]
    planes = np.stack([rng.normal(0, 1.2, 3) @ np.stack([np.ones_like(east), east / side, north / side]) for _ in range(number)])
    phase = 4 * np.pi / WAVELENGTH * (displacement / 1000.0 + np.outer(baselines, height) / ACROSS) + air + planes
    noise = rng.normal(0, setting["noise"] * np.exp(rng.normal(0, 0.3, len(east))), phase.shape)
    return Truth(east, north, dates, baselines, displacement, height, phase, noise)


def _field(rng: np.random.Generator, east: np.ndarray, north: np.ndarray, width: float, waves: int = 60) -> np.ndarray:
    """Return a Gaussian random field of unit variance by random waves."""
    numbers = rng.normal(0, 1.0 / width, (waves, 2))
    turn = rng.uniform(0, 2 * np.pi, waves)
    wave = np.outer(east, numbers[:, 0]) + np.outer(north, numbers[:, 1]) + turn
    return np.asarray(np.sqrt(2.0 / waves) * np.cos(wave).sum(axis=1))


def _turbulence(rng: np.random.Generator, east: np.ndarray, north: np.ndarray, side: float) -> np.ndarray:
    """Return a delay with structure function r^(2/3) to r^(5/3), as turbulence has it, of unit variance over the side."""
    waves = 300
    length = np.exp(rng.uniform(np.log(150.0), np.log(3 * side), waves))
    angle, turn = rng.uniform(0, 2 * np.pi, (2, waves))
    number = 2 * np.pi / length
    size = length ** rng.uniform(0.75, 0.85)
    wave = np.outer(east, number * np.cos(angle)) + np.outer(north, number * np.sin(angle)) + turn
    screen = np.cos(wave) @ size
    return np.asarray((screen - screen.mean()) / np.sqrt((size**2).sum() / 2))


def _motion(rng: np.random.Generator, east: np.ndarray, north: np.ndarray, side: float, years: np.ndarray) -> np.ndarray:
    """Return displacements in mm: bowls of steady subsidence, seasons, and a patch that steps."""
    motion = np.zeros((len(years), len(east)))
    for _ in range(3):
        centre, width = rng.uniform(0.15, 0.85, 2) * side, rng.uniform(0.06, 0.15) * side
        bowl = np.exp(-((east - centre[0]) ** 2 + (north - centre[1]) ** 2) / (2 * width**2))
        motion += np.outer(years, bowl) * rng.uniform(-14, 6)
    centre, width = rng.uniform(0.2, 0.8, 2) * side, 0.2 * side
    swell = np.exp(-((east - centre[0]) ** 2 + (north - centre[1]) ** 2) / (2 * width**2)) * rng.uniform(2, 5)
    motion += np.outer(np.sin(2 * np.pi * (years - rng.random())), swell)
    motion += np.outer(np.sin(2 * np.pi * (years - 0.3)), rng.gamma(1.0, 0.6, len(east)))  # buildings of their own
    centre = rng.uniform(0.2, 0.8, 2) * side
    patch = np.hypot(east - centre[0], north - centre[1]) < 0.07 * side
    motion += np.outer(years > rng.uniform(0.3, 0.7) * years[-1], patch * -8.0)
    motion += np.outer(years, rng.normal(0, 0.7, len(east)))
    return motion


def observed(truth: Truth, kind: str = "single", *, seed: int = 0, unwrapped: bool = False, looks: float = 0.0) -> Observed:
    """Return what a user would have of a truth.

    Parameters
    ----------
    truth
        The truth.
    kind
        ``"single"``: all dates against one in the middle; ``"network"``: every date with the next three.
    seed
        Of the noise of pairs.
    unwrapped
        Whether the phases are given without cycles missing.
    looks
        Radians of noise that belong to a pair alone, as multilooking leaves it.
    """
    number = len(truth.dates)
    if kind == "single":
        middle = number // 2
        others = np.array([date for date in range(number) if date != middle])
        pairs = np.sort(np.column_stack([others, np.full(number - 1, middle)]), axis=1)
    else:
        pairs = np.array([(i, j) for i in range(number) for j in range(i + 1, min(i + 4, number))])
    phase = truth.full[pairs[:, 1]] - truth.full[pairs[:, 0]]
    if looks:
        phase = phase + np.random.default_rng([seed, 5]).normal(0, looks, phase.shape)
    if not unwrapped:
        phase = np.angle(np.exp(1j * phase))
    return Observed(
        phase.astype(np.float32), unwrapped, truth.dates, pairs, kind == "single", truth.baselines, None, "towards", True
    )

