"""A valley with three landslides, a stable town and unwrapping errors, as a radar would have seen it.

Every point has a motion that is known (its truth), and what disturbs such measurements in
reality: what is left of the atmosphere after filtering (turbulent, stratified), buildings that
grow in summer, noise by the quality of the scatterer, snow that hides points in winter, and phase
jumps. Pure numpy; nothing here is shared with the series that networks are trained on.

Sources: power spectrum of the turbulent atmosphere, Hanssen (2001), Radar Interferometry, ch. 4.7;
phase noise from temporal coherence, exp(-sigma**2 / 2), Ferretti et al. (2001), IEEE TGRS 39(1).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Dict, Iterator, Tuple

import numpy as np

from stillpoint.models.simulation.terrain import (
    DEPTH,
    SOUTH,
    WEST,
    WIDTH,
    Terrain,
    bilinear,
    power_law_field,
    valley_terrain,
)
from stillpoint.models.simulation.zones import (
    BILINEAR,
    LANDSLIDES,
    QUADRATIC,
    SHADOWED,
    SHARES,
    TOWN,
    UNWRAPPING_ERROR,
    ZONES,
    coherence,
    positions,
)

WAVELENGTH = 0.05546576
"""Sentinel-1, metres."""

REPEAT = 12
"""Days between two passes."""

FIRST_DATE = np.datetime64("2017-01-08")

MISSED_PASSES = 0.06
"""Share of the passes without an acquisition."""

_LAYERS_SPACING = 200.0
BREAK_PART = 0.56
"""When slide C starts, as a part of the time span."""

BREAK_DELAY = 75.0
"""Days by which the crown of slide C follows its toe."""

@dataclass
class Points:
    """Simulated points with their truth.

    Attributes
    ----------
    start
        Number of the first point.
    x, y
        float64, shape (n,), metres in the terrain's CRS.
    displacement
        float32, shape (n, e), mm along the line of sight since the first date, NaN where missing.
    columns
        Further columns by name, shape (n,): see :data:`COLUMNS`.
    """

    start: int
    x: np.ndarray
    y: np.ndarray
    displacement: np.ndarray
    columns: Dict[str, np.ndarray]


COLUMNS: Tuple[Tuple[str, str, str], ...] = (
    ("id", "text", "Identifier"),
    ("height", "real", "Height, m"),
    ("coherence", "real", "Temporal coherence, 0..1"),
    ("zone", "text", "Where the point lies"),
    ("true_code", "integer", "True trend code"),
    ("true_v", "real", "True mean velocity over the span, mm/yr"),
    ("true_v1", "real", "True velocity before the break, mm/yr (Bilinear)"),
    ("true_v2", "real", "True velocity after the break, mm/yr (Bilinear)"),
    ("true_break", "date", "True date of the break (Bilinear)"),
    ("true_accel", "real", "True acceleration, mm/yr2 (Quadratic)"),
    ("true_jumps", "integer", "True number of phase jumps"),
)
"""Name, kind and meaning of each column of :class:`Points`."""


def calendar(rng: np.random.Generator, count: int) -> np.ndarray:
    """Return ``count`` acquisition dates, every 12 days with some passes missed; ``datetime64[D]``."""
    passes = np.flatnonzero(rng.random(2 * count + 20) >= MISSED_PASSES)[:count]
    return FIRST_DATE + (passes - passes[0]) * REPEAT


class Valley:
    """The scene: terrain, dates, and the atmosphere of every date; points are drawn from it in blocks.

    Parameters
    ----------
    dates
        How many epochs.
    seed
        The same seed gives the same scene and, block by block, the same points.
    wavelength
        Metres; jumps are multiples of its half.
    """

    def __init__(self, *, dates: int = 139, seed: int = 1, wavelength: float = WAVELENGTH) -> None:
        self._seed = seed
        # One stream for each part, so that none depends on how much another drew.
        terrain, times, air = (self._stream(part) for part in range(3))
        self.wavelength = wavelength
        self.terrain: Terrain = valley_terrain(terrain)
        self.dates: np.ndarray = calendar(times, dates)
        self.years: np.ndarray = (self.dates - self.dates[0]).astype(np.float64) / 365.25
        self._atmosphere = _turbulence(air, self.years)
        self._stratified = _stratification(air, self.years)

    def _stream(self, *path: int) -> np.random.Generator:
        return np.random.default_rng(np.random.SeedSequence([self._seed, *path]))

    def blocks(self, count: int, rows: int = 16384) -> Iterator[Points]:
        """Yield ``count`` points in blocks of ``rows``; memory depends on ``rows`` only."""
        for number, start in enumerate(range(0, count, rows)):
            yield self._block(self._stream(3, number), start, min(rows, count - start))

    def _block(self, rng: np.random.Generator, start: int, n: int) -> Points:
        zone = rng.choice(len(ZONES), n, p=SHARES)
        x, y = positions(rng, zone)
        height = self.terrain.at(x, y) + np.where(zone == 0, rng.gamma(2.0, 4.0, n), 0.0)
        quality = coherence(rng, zone)
        motion, truth = self._motion(rng, zone, x, y)
        jumps = self._jumps(rng, zone, x, y)
        truth["true_jumps"] = np.count_nonzero(np.diff(jumps, axis=1), axis=1)
        truth["true_code"] = np.where(truth["true_jumps"] > 0, UNWRAPPING_ERROR, truth["true_code"])
        half = self.wavelength * 500.0
        displacement = motion + jumps * np.float32(half)
        displacement += self._disturbances(rng, zone, x, y, height)
        sigma = self.wavelength * 1000.0 / (4 * np.pi) * np.sqrt(-2.0 * np.log(quality))
        displacement += rng.standard_normal(displacement.shape, dtype=np.float32) * sigma[:, None].astype(np.float32)
        displacement -= displacement[:, :1]
        displacement[self._missing(rng, height)] = np.nan
        columns = {
            "id": np.array([f"SP{number:07d}" for number in range(start, start + n)], dtype=object),
            "height": np.round(height.astype(np.float64), 1),
            "coherence": np.round(quality, 3),
            "zone": np.array(ZONES, dtype=object)[zone],
            **truth,
        }
        return Points(start, x, y, np.round(displacement, 2), columns)

    def _motion(
        self, rng: np.random.Generator, zone: np.ndarray, x: np.ndarray, y: np.ndarray
    ) -> Tuple[np.ndarray, Dict[str, np.ndarray]]:
        """Return the ground's motion (n, e) in mm, and the truth columns."""
        n, years, span = len(x), self.years.astype(np.float32), float(self.years[-1])
        motion = np.zeros((n, len(years)), np.float32)
        code = np.zeros(n, np.int64)
        mean, first, second, accel = (np.full(n, np.nan) for _ in range(4))
        mean[:] = 0.0
        breaks = np.full(n, np.datetime64("NaT"), "datetime64[D]")
        for index, slide in enumerate(LANDSLIDES):
            rows = np.flatnonzero(zone == 3 + index)
            part = slide.strength(x[rows], y[rows])
            rate, curvature = slide.rate * part, slide.curvature * part
            code[rows] = slide.code
            if slide.code == BILINEAR:
                along, _ = slide.local(x[rows], y[rows])
                begin = BREAK_PART * span + BREAK_DELAY / 365.25 * (1.0 - along) / 2.0
                elapsed = np.clip(years[None, :] - begin[:, None], 0.0, None)
                motion[rows] = rate[:, None] * elapsed
                first[rows], second[rows] = 0.0, np.round(rate, 2)
                mean[rows] = np.round(rate * (span - begin) / span, 2)
                breaks[rows] = self.dates[0] + np.round(begin * 365.25).astype("timedelta64[D]")
                continue
            middle = years[None, :] - span / 2
            motion[rows] = rate[:, None] * middle + curvature[:, None] * (middle**2 / 2)
            mean[rows] = np.round(rate, 2)
            if slide.code == QUADRATIC:
                accel[rows] = np.round(curvature, 2)
        truth = {
            "true_code": code, "true_v": mean, "true_v1": first, "true_v2": second, "true_break": breaks,
            "true_accel": accel,
        }
        return motion, truth

    def _jumps(self, rng: np.random.Generator, zone: np.ndarray, x: np.ndarray, y: np.ndarray) -> np.ndarray:
        """Return how many half wavelengths each series is off, shape (n, e): patches, and single points."""
        n, epochs = len(zone), len(self.dates)
        cycles = np.zeros((n, epochs), np.float32)
        # A patch: the same dates and signs for all of its points, one stream for every block.
        patches = self._stream(4)
        column = np.floor((x - WEST - SHADOWED[0]) / (SHADOWED[2] / 1.5)).astype(int)
        for strip in range(-3, 4):
            steps = _jump_steps(patches, epochs)
            rows = (zone == 6) & (np.clip(column, -3, 3) == strip)
            cycles[rows] = steps
        # Single points go wrong on their own, more often on the flanks than in the town.
        chance = np.array([0.008, 0.02, 0.03, 0.0, 0.0, 0.0, 0.0])[zone]
        for row in np.flatnonzero(rng.random(n) < chance):
            cycles[row] = _jump_steps(rng, epochs)
        return cycles

    def _disturbances(
        self, rng: np.random.Generator, zone: np.ndarray, x: np.ndarray, y: np.ndarray, height: np.ndarray
    ) -> np.ndarray:
        """Return atmosphere and seasons, shape (n, e), mm."""
        north = SOUTH + DEPTH
        air = bilinear(self._atmosphere, (north - y) / _LAYERS_SPACING, (x - WEST) / _LAYERS_SPACING)
        air = air + ((height - 940.0) / 1000.0).astype(np.float32)[:, None] * self._stratified[None, :]
        # Buildings and bridges grow in summer by their height; slopes move a little with water and frost.
        largest = np.array([2.2, 0.9, 0.7, 0.8, 0.8, 0.8, 0.8])[zone]
        amplitude = np.abs(rng.standard_normal(len(zone))) * largest
        season = 2 * np.pi * (self.years[None, :] - 0.54 + rng.normal(0.0, 0.05, len(zone))[:, None])
        return air + (amplitude[:, None] * np.cos(season)).astype(np.float32)

    def _missing(self, rng: np.random.Generator, height: np.ndarray) -> np.ndarray:
        """Return where a series has no value: winter snow on high ground, and single lost epochs."""
        day = (self.dates - self.dates.astype("datetime64[Y]")).astype(int)
        winter = (day < 75) | (day > 345)
        snow = (height > 1750.0) & (rng.random(len(height)) < 0.6)
        missing = snow[:, None] & winter[None, :] & (rng.random((len(height), len(day))) < 0.7)
        gappy = rng.random(len(height)) < 0.06
        missing |= gappy[:, None] & (rng.random((len(height), len(day))) < 0.1)
        missing[:, 0] = False
        return missing


def _turbulence(rng: np.random.Generator, years: np.ndarray) -> np.ndarray:
    """Return what filtering left of the turbulent delay, float32 (e, rows, columns), mm.

    The part that is white in time is gone but for a rest; the part that filters cannot tell from motion
    stays correlated over some weeks.
    """
    rows, columns = round(DEPTH / _LAYERS_SPACING) + 1, round(WIDTH / _LAYERS_SPACING) + 1
    keep = np.exp(-np.diff(years, prepend=years[0] - 1.0) * 365.25 / 30.0)
    fields = np.empty((len(years), rows, columns), np.float32)
    smooth = np.zeros((rows, columns), np.float32)
    for epoch, part in enumerate(keep):
        fresh = power_law_field(rng, rows, columns, slope=8 / 3)
        smooth = np.float32(part) * smooth + np.float32(np.sqrt(1 - part**2)) * fresh
        white = power_law_field(rng, rows, columns, slope=8 / 3)
        fields[epoch] = 0.8 * smooth + np.float32(0.7 * rng.lognormal(0.0, 0.5)) * white
    # Referenced to the town, as an analyst would.
    middle = (round((DEPTH - TOWN[1]) / _LAYERS_SPACING), round(TOWN[0] / _LAYERS_SPACING))
    return fields - fields[:, middle[0], middle[1]][:, None, None]


def _stratification(rng: np.random.Generator, years: np.ndarray) -> np.ndarray:
    """Return the rest of the stratified delay, float32 (e,), mm for each kilometre of height."""
    return (0.9 * np.cos(2 * np.pi * (years - 0.5)) + rng.normal(0.0, 0.9, len(years))).astype(np.float32)


def _jump_steps(rng: np.random.Generator, epochs: int) -> np.ndarray:
    """Return a staircase of whole cycles, float32 (e,): one to three jumps that stay, or go back later."""
    steps = np.zeros(epochs, np.float32)
    edge = max(2, epochs // 12)
    count = min(1 + rng.binomial(2, 0.4), epochs // 5)
    at = np.sort(rng.choice(np.arange(edge, epochs - edge), size=count, replace=False))
    sign = rng.choice((-1.0, 1.0))
    for number, epoch in enumerate(at):
        steps[epoch:] += sign if number == 0 or rng.random() < 0.3 else -sign
    return steps
