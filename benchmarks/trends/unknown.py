"""Six kinds of series that fit none of the five classes; a careful classifier says so.

Noise, dates and gaps are drawn as for the classes. Each effect is drawn until it is plainly visible beside the best
fitting class (size over standard error at least ``PLAIN``), so that giving it a class is a mistake and not bad luck.

============  ======================================================================================================
odd step      one or two steps whose size is off every multiple of half a wavelength by 0.3 to 0.5 of one
decay         motion that starts at once (onset at 5 to 50 % of the span) and dies away within 4 to 15 % of it (1/e)
season        annual motion of 6 to 14 times the setting's largest annual scale, semi-annual part a quarter of that
random walk   standard deviation over the span 6 to 20 times that of white noise and atmosphere together
two kinks     at 20-42 % and 58-80 % of the span, the second change opposite, 1 to 2 times the first
noise         incoherent: half uniform within a quarter wavelength, half white: an eighth wavelength plus thrice the
              scene's noise
============  ======================================================================================================
"""

from __future__ import annotations

from typing import Callable, Dict, List, Tuple

import numpy as np

from stillpoint.benchmarks.trends.calendars import Calendar
from stillpoint.benchmarks.trends.noise import Noise, Visibility, draw_noise, hinge, log_uniform
from stillpoint.benchmarks.trends.settings import SETTINGS
from stillpoint.benchmarks.trends.simulator import (
    RIVAL_KINKS,
    UNKNOWN,
    SeriesFile,
    Truth,
    basis,
    blank_truth,
    generator,
    observe,
)

KINDS: Tuple[str, ...] = ("odd step", "decay", "season", "random walk", "two kinks", "noise")
PLAIN = (8.0, 30.0)  # size over standard error, log-uniform
PLAIN_OFFSET = 5.0  # of the distance of an odd step from the nearest multiple of half a wavelength
LEAST_MOTION = 8.0  # mm, range of a decay or of two kinks
PER_KIND = 10
Shapes = Callable[[Calendar, np.random.Generator], np.ndarray]


def simulate_unknown(setting: str, size: int, *, seed: int = 0, part: str = "test") -> List[SeriesFile]:
    """Return files with ten series of each unknown kind (fewer where a file cannot show a kind).

    ``size`` is the number of series in all, rounded up to whole files; seasons need at least 1.5 years.
    """
    count = PER_KIND * len(KINDS)
    files = []
    for index in range(-(-size // count)):
        rng = generator(setting, f"unknown/{part}", seed, index)
        files.append(_file(setting, rng))
    return files


def _file(name: str, rng: np.random.Generator) -> SeriesFile:
    setting = SETTINGS[name]
    calendar = setting.calendar(rng)
    offers = 3 * PER_KIND  # steps that cannot be told from unwrapping errors are thrown away
    kinds = np.repeat(np.array(KINDS, dtype=object), offers)
    noise = draw_noise(setting, calendar, kinds.size, rng)
    truth = blank_truth(np.full(kinds.size, UNKNOWN))
    truth.kind[:] = kinds
    motion = np.zeros(noise.missing.shape)
    good = np.ones(kinds.size, bool)

    rows = np.flatnonzero(kinds == "odd step")
    good[rows] = _odd_steps(calendar, noise, rows, truth, motion, rng)
    shapes: Dict[str, Shapes] = {"decay": _decay, "two kinks": _two_kinks}
    for kind, shape in shapes.items():
        rows = np.flatnonzero(kinds == kind)
        motion[rows] = _plain(calendar, noise, rows, np.stack([shape(calendar, rng) for _ in rows]), rng)
    rows = np.flatnonzero(kinds == "season")
    motion[rows] = _season(calendar, setting.annual[1], rows.size, rng)
    good[rows] = calendar.years[-1] >= 1.5
    rows = np.flatnonzero(kinds == "random walk")
    motion[rows] = _walk(calendar, np.hypot(noise.white, noise.atmosphere)[rows], rng)

    file = observe(name, calendar, noise, motion, truth, rng)
    rows = np.flatnonzero(kinds == "noise")
    file.displacement[rows] = _incoherent(file, rows, rng)
    chosen = [np.flatnonzero((kinds == kind) & good)[:PER_KIND] for kind in KINDS]
    return file.take(rng.permutation(np.concatenate(chosen)))


def _odd_steps(
    calendar: Calendar, noise: Noise, rows: np.ndarray, truth: Truth, motion: np.ndarray, rng: np.random.Generator
) -> np.ndarray:
    epochs, half = calendar.dates.size, calendar.half_wavelength
    away = np.empty(rows.size)
    for k, row in enumerate(rows):
        number = int(rng.integers(1, 3))
        for at in rng.choice(np.arange(epochs // 8, epochs - epochs // 8), size=number, replace=False):
            part = rng.uniform(0.3, 0.7)
            size = float(rng.choice([-1, 1])) * (float(rng.integers(0, 3)) + part) * half
            truth.jumps[row].append((int(at), size))
            away[k] = min(part, 1 - part) * half
    columns = basis(calendar, np.full(rows.size, 0.5 * calendar.years[-1]))
    steps = np.stack([np.arange(epochs) >= truth.jumps[row][0][0] for row in rows]).astype(np.float64)
    seen = Visibility(noise.covariance(calendar, rows), np.concatenate([columns, steps[:, :, None]], axis=2))
    return seen.of(columns.shape[2], (0, 1, 2)) * away >= PLAIN_OFFSET


def _plain(
    calendar: Calendar, noise: Noise, rows: np.ndarray, shapes: np.ndarray, rng: np.random.Generator
) -> np.ndarray:
    """Return ``shapes`` scaled so that what no curve and no single kink explains is plainly visible."""
    columns = basis(calendar, np.full(rows.size, 0.5 * calendar.years[-1]))
    seen = Visibility(noise.covariance(calendar, rows), np.concatenate([columns, shapes[:, :, None]], axis=2))
    effect = columns.shape[2]
    rivals = [(0, 1, 2), *((0, 1, 4 + k) for k in range(len(RIVAL_KINKS)))]
    unit = np.min([seen.of(effect, rival) for rival in rivals], axis=0)
    scale = np.maximum(log_uniform(rng, *PLAIN, size=rows.size) / unit, LEAST_MOTION / np.ptp(shapes, axis=1))
    return rng.choice([-1.0, 1.0], size=(rows.size, 1)) * scale[:, None] * shapes


def _decay(calendar: Calendar, rng: np.random.Generator) -> np.ndarray:
    years = calendar.years
    since = np.maximum(years - rng.uniform(0.05, 0.5) * years[-1], 0.0)
    return 1.0 - np.exp(-since / (rng.uniform(0.04, 0.15) * years[-1]))


def _two_kinks(calendar: Calendar, rng: np.random.Generator) -> np.ndarray:
    years = calendar.years
    first, second = hinge(years, years[-1] * np.array([rng.uniform(0.2, 0.42), rng.uniform(0.58, 0.8)]))
    return first - rng.uniform(1.0, 2.0) * second


def _season(calendar: Calendar, scale: float, count: int, rng: np.random.Generator) -> np.ndarray:
    angle = 2 * np.pi * (calendar.years + rng.random((count, 1)))
    size = scale * rng.uniform(6.0, 14.0, size=(count, 1))
    return size * (np.cos(angle) + 0.25 * np.cos(2 * angle + 2 * np.pi * rng.random((count, 1))))


def _walk(calendar: Calendar, spread: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    step = np.sqrt(np.diff(calendar.years, prepend=0.0) / calendar.years[-1])
    total = np.maximum(spread * rng.uniform(6.0, 20.0, size=spread.size), LEAST_MOTION)
    return total[:, None] * np.cumsum(step * rng.standard_normal((spread.size, step.size)), axis=1)


def _incoherent(file: SeriesFile, rows: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    quarter = 0.5 * file.calendar.half_wavelength
    shape = (rows.size, file.dates.size)
    wrapped = rng.uniform(-quarter, quarter, size=shape)
    white = (0.5 * quarter + 3.0 * file.noise.white[rows, None]) * rng.standard_normal(shape)
    values = np.where(rng.random((rows.size, 1)) < 0.5, wrapped, white)
    return np.where(file.noise.missing[rows], np.nan, values).astype(np.float32)
