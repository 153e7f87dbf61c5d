"""Every number of the benchmark's simulator, in one place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Callable, Dict, Tuple

import numpy as np

from stillpoint.benchmarks.trends.calendars import Calendar, hard_calendar, seed_calendar

Range = Tuple[float, float]


@dataclass(frozen=True)
class Setting:
    """Distributions of one setting. A pair is the range of a log-uniform draw unless said otherwise.

    Attributes
    ----------
    calendar
        Draws the dates of a file.
    white
        White noise of a series, mm.
    atmosphere
        Standard deviation of the temporally correlated residual atmosphere of a series, mm.
    correlation
        Its correlation time (exponential), days, one a file.
    shared
        Share of the atmosphere's and the annual term's variance that the points of a file have in common.
    annual
        Standard deviation of the sine and the cosine coefficient of the annual term, mm, one a file.
    seasons
        Share of files with an annual term; the others have a tenth of it.
    date_noise
        Standard deviation of the logarithm of a factor on the white noise of each date of a file.
    outliers
        Largest share of outlying epochs of a series (uniform from 0); their variance is 50 times the white one.
    missing
        Largest share of missing epochs of a series (uniform from 0; half of the files have none).
    stable_velocity
        Standard deviation of what a stable point may still move, mm/yr.
    velocity
        Velocity of Linear, mm/yr.
    acceleration
        Acceleration of Quadratic, mm/yr².
    change
        Change of velocity of Bilinear, mm/yr.
    travel
        Most that a line moves over the span, and most that a curve or kink bends away from the chord, mm; both give way
        to ``detectable``.
    detectable
        Least detectability of line, curve, kink and jump: the size of the effect over its standard error by generalised
        least squares when the noise is known and the nearest rival (constant, kink, curve, curve) is fitted as well.
        Physical ranges are lifted where they lie below.
    jump_bases
        Probabilities of a stable, linear, quadratic and bilinear point under phase unwrapping errors.
    jump_kinds
        Probabilities of one step, two to four steps, flicker of one to four episodes, steps and flicker.
    flicker
        Shortest and longest episode of a flickering error, epochs (uniform).
    """

    calendar: Callable[[np.random.Generator], Calendar]
    white: Range
    atmosphere: Range
    correlation: Range
    shared: float
    annual: Range
    seasons: float
    date_noise: float
    outliers: float
    missing: float
    stable_velocity: float
    velocity: Range
    acceleration: Range
    change: Range
    travel: Tuple[float, float]
    detectable: Tuple[float, float, float, float]
    jump_bases: Tuple[float, float, float, float]
    jump_kinds: Tuple[float, float, float, float]
    flicker: Tuple[int, int]


SETTINGS: Dict[str, Setting] = {
    "seed-like": Setting(
        calendar=seed_calendar,
        white=(1.0, 3.0),
        atmosphere=(0.4, 2.0),
        correlation=(10.0, 45.0),
        shared=0.3,
        annual=(0.3, 1.5),
        seasons=0.7,
        date_noise=0.1,
        outliers=0.01,
        missing=0.0,
        stable_velocity=0.2,
        velocity=(1.5, 30.0),
        acceleration=(1.5, 20.0),
        change=(4.0, 40.0),
        travel=(120.0, 30.0),
        detectable=(3.8, 2.0, 2.0, 5.5),
        jump_bases=(0.6, 0.35, 0.03, 0.02),
        jump_kinds=(0.45, 0.25, 0.2, 0.1),
        flicker=(4, 20),
    ),
    "hard": Setting(
        calendar=hard_calendar,
        white=(1.0, 5.0),
        atmosphere=(0.5, 4.0),
        correlation=(8.0, 120.0),
        shared=0.3,
        annual=(0.8, 4.0),
        seasons=0.6,
        date_noise=0.25,
        outliers=0.03,
        missing=0.15,
        stable_velocity=0.2,
        velocity=(1.2, 60.0),
        acceleration=(0.8, 40.0),
        change=(2.0, 60.0),
        travel=(250.0, 60.0),
        detectable=(2.8, 1.0, 1.0, 3.0),
        jump_bases=(0.45, 0.35, 0.1, 0.1),
        jump_kinds=(0.35, 0.25, 0.25, 0.15),
        flicker=(2, 8),
    ),
}
