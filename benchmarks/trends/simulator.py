"""An independent simulator of labelled displacement series.

It shares no code and no design with the simulator that the shipped networks are trained on, and no network
of the engine ever sees it: what a method scores here, it scores on somebody else's idea of the problem.
The classes are those of Mirmazloumi et al. 2022 (GIScience & Remote Sensing 59, 374-392). All distributions
stand in :mod:`stillpoint.benchmarks.trends.settings`; the kinds that fit no class in
:mod:`stillpoint.benchmarks.trends.unknown`.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass, field
from typing import List, Optional, Tuple

import numpy as np

from stillpoint.benchmarks.trends.calendars import DAYS_PER_YEAR, Calendar
from stillpoint.benchmarks.trends.noise import Noise, Visibility, draw_noise, hinge, log_uniform, realise
from stillpoint.benchmarks.trends.settings import SETTINGS, Setting
from stillpoint.models.trends.classes import BILINEAR, LINEAR, QUADRATIC, STABLE, UNWRAPPING_ERROR

CLASSES = 5
UNKNOWN = -1
PER_FILE = 60
RIVAL_KINKS = (0.2, 0.35, 0.5, 0.65, 0.8)  # positions in the span of the kinks that a curve is compared with
BREAK_RANGE = (0.15, 0.85)  # position of a break in the span
LEAST_SIDE = 6  # epochs on each side of a break
VERTEX = 0.75  # largest distance of a parabola's vertex from mid-span, spans
JUMP_TRIES = 8  # a set of jumps is drawn again up to so often until it can be seen

Jumps = List[Tuple[int, float]]
"""First epoch after each jump, and its size in mm."""


@dataclass
class Truth:
    """What is true of n series. Numbers are NaN where the class has none.

    Attributes
    ----------
    code
        Class code 0..4, or ``UNKNOWN``, shape (n,).
    kind
        Name of the unknown kind, else empty, shape (n,).
    velocity
        Slope of the chord of the motion between first and last date, jumps left out, mm/yr.
    velocity_1, velocity_2
        Before and after the break, mm/yr (Bilinear, or such a motion under jumps).
    acceleration
        mm/yr².
    break_day
        Days after the first date.
    jumps
        The jumps of each series.
    """

    code: np.ndarray
    kind: np.ndarray
    velocity: np.ndarray
    velocity_1: np.ndarray
    velocity_2: np.ndarray
    acceleration: np.ndarray
    break_day: np.ndarray
    jumps: List[Jumps] = field(default_factory=list)

    def take(self, rows: np.ndarray) -> Truth:
        """Return the truth of some of the series."""
        return Truth(
            self.code[rows], self.kind[rows], self.velocity[rows], self.velocity_1[rows], self.velocity_2[rows],
            self.acceleration[rows], self.break_day[rows], [self.jumps[i] for i in rows],
        )


@dataclass
class SeriesFile:
    """Series that share their dates, as a product delivers them, with truth and noise.

    ``displacement`` is float32 mm, shape (n, e), NaN where missing.
    """

    setting: str
    calendar: Calendar
    displacement: np.ndarray
    truth: Truth
    noise: Noise

    @property
    def dates(self) -> np.ndarray:
        """``datetime64[D]``, shape (e,)."""
        return self.calendar.dates

    @property
    def wavelength(self) -> float:
        """Metres."""
        return self.calendar.wavelength

    def __len__(self) -> int:
        return len(self.displacement)

    def take(self, rows: np.ndarray) -> SeriesFile:
        """Return a file of some of the series."""
        return SeriesFile(
            self.setting, self.calendar, self.displacement[rows], self.truth.take(rows), self.noise.take(rows)
        )


def simulate(
    setting: str, size: int, *, seed: int = 0, part: str = "test", per_file: int = PER_FILE
) -> List[SeriesFile]:
    """Return files of series with balanced classes.

    Parameters
    ----------
    setting
        ``"seed-like"`` or ``"hard"``.
    size
        Number of series in all, rounded up to whole files.
    seed, part
        The same pair gives the same series; parts (``"train"``, ``"test"``) never share a file.
    per_file
        Series a file.
    """
    files = []
    for index in range(-(-size // per_file)):
        rng = generator(setting, part, seed, index)
        codes = rng.permutation(np.arange(per_file) % CLASSES)
        files.append(simulate_file(setting, codes, rng))
    return files


def generator(setting: str, part: str, seed: int, index: int) -> np.random.Generator:
    """Return the random generator of one file: every file can be made again alone."""
    return np.random.default_rng([zlib.crc32(f"{setting}/{part}".encode()), seed, index])


def simulate_file(
    name: str, codes: np.ndarray, rng: np.random.Generator, calendar: Optional[Calendar] = None
) -> SeriesFile:
    """Return one file with a series of each class code in ``codes``."""
    setting = SETTINGS[name]
    calendar = calendar or setting.calendar(rng)
    noise = draw_noise(setting, calendar, len(codes), rng)
    motion, truth = _motions(setting, calendar, noise, codes, rng)
    return observe(name, calendar, noise, motion, truth, rng)


def observe(
    name: str, calendar: Calendar, noise: Noise, motion: np.ndarray, truth: Truth, rng: np.random.Generator
) -> SeriesFile:
    """Return the file as delivered: motion, jumps, noise and gaps, in half of the files relative to the first epoch."""
    seen = motion + realise(noise, SETTINGS[name], calendar, rng) + levels(truth.jumps, calendar.dates.size)
    seen += 3.0 * rng.standard_normal((len(seen), 1))
    seen[noise.missing] = np.nan
    if rng.random() < 0.5:
        first = np.argmax(~noise.missing, axis=1)
        seen -= seen[np.arange(len(seen)), first][:, None]
    return SeriesFile(name, calendar, seen.astype(np.float32), truth, noise)


def levels(jumps: List[Jumps], epochs: int) -> np.ndarray:
    """Return the sum of the jumps of each series at each epoch, mm, shape (n, e)."""
    result = np.zeros((len(jumps), epochs))
    for row, series in enumerate(jumps):
        for epoch, size in series:
            result[row, epoch:] += size
    return result


def blank_truth(codes: np.ndarray) -> Truth:
    """Return a truth of which nothing but the class is known."""
    count = len(codes)
    nothing = [np.full(count, np.nan) for _ in range(5)]
    return Truth(np.asarray(codes), np.full(count, "", dtype=object), *nothing, jumps=[[] for _ in range(count)])


def draw_breaks(calendar: Calendar, count: int, rng: np.random.Generator) -> np.ndarray:
    """Draw break dates, years after the first date, with at least six epochs on both sides."""
    years = calendar.years
    low, high = BREAK_RANGE[0] * years[-1], BREAK_RANGE[1] * years[-1]
    low, high = max(low, years[LEAST_SIDE]), min(high, years[-LEAST_SIDE - 1])
    middle = 0.5 * (years[LEAST_SIDE] + years[-LEAST_SIDE - 1])
    return rng.uniform(low, high, size=count) if low < high else np.full(count, middle)


def basis(calendar: Calendar, breaks: np.ndarray) -> np.ndarray:
    """Return the columns 1, t, t²/2 (about mid-span), own kink, rival kinks: shape (n, e, 9)."""
    years = calendar.years
    centred = years - 0.5 * years[-1]
    common = [np.ones_like(years), centred, 0.5 * centred**2]
    rivals = hinge(years, years[-1] * np.array(RIVAL_KINKS))
    shared = np.concatenate([np.stack(common), rivals])
    result = np.empty((len(breaks), years.size, 4 + len(rivals)))
    result[:, :, :3] = np.stack(common, axis=1)
    result[:, :, 3] = hinge(years, breaks)
    result[:, :, 4:] = shared[3:].T
    return result


def thresholds(seen: Visibility, setting: Setting) -> np.ndarray:
    """Return the least line, curve and kink, shape (n, 3), mm/yr, mm/yr² and mm/yr, that count as visible."""
    line = seen.of(1, (0,))
    curve = np.min([seen.of(2, (0, 1, 4 + k)) for k in range(len(RIVAL_KINKS))], axis=0)
    kink = seen.of(3, (0, 1, 2))
    return np.array(setting.detectable[:3]) / np.stack([line, curve, kink], axis=1)


def amplitudes(setting: Setting, calendar: Calendar, least: np.ndarray) -> Tuple[np.ndarray, np.ndarray]:
    """Return the lower and upper ends of the log-uniform ranges of line, curve and kink: two arrays of shape (n, 3).

    The physical range, cut at the largest plausible travel, is raised so that it begins at ``least`` and is at
    least a factor of three wide.
    """
    span = calendar.years[-1]
    travel, bend = setting.travel
    most = np.array([travel / span, 8.0 * bend / span**2, 4.0 * bend / span])
    ranges = np.array([setting.velocity, setting.acceleration, setting.change])
    low = np.maximum(np.minimum(ranges[:, 0], most / 3.0), least)
    return low, np.maximum(np.minimum(ranges[:, 1], most), 3.0 * low)


def _motions(
    setting: Setting, calendar: Calendar, noise: Noise, codes: np.ndarray, rng: np.random.Generator
) -> Tuple[np.ndarray, Truth]:
    count, epochs = noise.missing.shape
    truth = blank_truth(codes)
    wrapped = np.flatnonzero(codes == UNWRAPPING_ERROR)
    shape = codes.copy()
    shape[wrapped] = rng.choice([STABLE, LINEAR, QUADRATIC, BILINEAR], size=wrapped.size, p=setting.jump_bases)

    breaks = draw_breaks(calendar, count, rng)
    tries = [[draw_jumps(setting, calendar, rng) for _ in range(JUMP_TRIES)] for _ in wrapped]
    columns = np.zeros((count, epochs, 9 + JUMP_TRIES))
    columns[:, :, :9] = basis(calendar, breaks)
    for row, offers in zip(wrapped, tries):
        columns[row, :, 9:] = levels(offers, epochs).T
    seen = Visibility(noise.covariance(calendar, np.arange(count)), columns)
    least = thresholds(seen, setting)
    if wrapped.size:
        visible = np.stack([seen.of(9 + k, (0, 1, 2)) for k in range(JUMP_TRIES)], axis=1)[wrapped]
        enough = visible >= setting.detectable[3]
        pick = np.where(enough.any(axis=1), enough.argmax(axis=1), visible.argmax(axis=1))
        for row, offers, chosen in zip(wrapped, tries, pick):
            truth.jumps[row] = offers[chosen]
    return trend(setting, calendar, shape, breaks, least, truth, rng), truth


def trend(
    setting: Setting, calendar: Calendar, shape: np.ndarray, breaks: np.ndarray, least: np.ndarray, truth: Truth,
    rng: np.random.Generator,
) -> np.ndarray:
    """Draw motions of the classes ``shape`` (0..3), write their numbers into ``truth``, return them, mm, (n, e)."""
    count, years = len(shape), calendar.years
    span, centred = years[-1], years - 0.5 * years[-1]
    sign = rng.choice([-1.0, 1.0], size=(3, count))
    rest = setting.stable_velocity * rng.standard_normal(count)
    line, curve, change = sign * log_uniform(rng, *amplitudes(setting, calendar, least)).T
    slope = np.where(shape == LINEAR, line, rest)
    # The vertex of the parabola lies up to a quarter of the span outside the series.
    slope = np.where(shape == QUADRATIC, curve * span * rng.uniform(-VERTEX, VERTEX, size=count), slope)
    curve = np.where(shape == QUADRATIC, curve, 0.0)

    # A third starts to move, a third comes to rest, a third moves before and after in any proportion.
    plan = rng.integers(0, 3, size=count)
    free = -change * rng.uniform(-1.0, 2.0, size=count)
    before = np.select([plan == 0, plan == 1], [rest, rest - change], free)
    kinked = shape == BILINEAR
    slope = np.where(kinked, before, slope)
    change = np.where(kinked, change, 0.0)

    motion = slope[:, None] * centred + 0.5 * curve[:, None] * centred**2 + change[:, None] * hinge(years, breaks)
    truth.velocity[:] = (motion[:, -1] - motion[:, 0]) / span
    truth.acceleration[:] = np.where(shape == QUADRATIC, curve, np.nan)
    truth.break_day[:] = np.where(kinked, breaks * DAYS_PER_YEAR, np.nan)
    truth.velocity_1[:] = np.where(kinked, slope, np.nan)
    truth.velocity_2[:] = np.where(kinked, slope + change, np.nan)
    return motion


def draw_jumps(setting: Setting, calendar: Calendar, rng: np.random.Generator) -> Jumps:
    """Draw the unwrapping errors of one series: multiples (1: 85 %, 2: 12 %, 3: 3 %) of half a wavelength.

    A step stays until the end and lies at least three epochs from both ends; a flickering episode returns
    to where it came from.
    """
    epochs = calendar.dates.size
    kind = rng.choice(4, p=setting.jump_kinds)
    steps = (1, int(rng.integers(2, 5)), 0, int(rng.integers(1, 3)))[kind]
    episodes = (0, 0, int(rng.integers(1, 5)), int(rng.integers(1, 4)))[kind]
    jumps: Jumps = []
    for epoch in rng.choice(np.arange(3, epochs - 2), size=steps, replace=False):
        jumps.append((int(epoch), _jump_size(calendar, rng)))
    for _ in range(episodes):
        length = int(rng.integers(setting.flicker[0], setting.flicker[1] + 1))
        first = int(rng.integers(1, epochs - length))
        size = _jump_size(calendar, rng)
        jumps += [(first, size), (first + length, -size)]
    return sorted(jumps)


def _jump_size(calendar: Calendar, rng: np.random.Generator) -> float:
    return float(rng.choice([-1, 1]) * rng.choice([1, 2, 3], p=[0.85, 0.12, 0.03]) * calendar.half_wavelength)
