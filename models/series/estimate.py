"""From phases at scatterers to displacement series: the chain of steps, on arrays."""

from __future__ import annotations

from dataclasses import dataclass
from typing import List, Optional, Tuple

import numpy as np

from stillpoint.models.progress import SILENT, Progress
from stillpoint.models.rasters.inversion import invert
from stillpoint.models.series.arcs import Arcs, Geometry, Mesh, draw_arcs, fit_arcs, weights_of
from stillpoint.models.series.closure import Closure, close_loops
from stillpoint.models.series.filtering import atmosphere, planes
from stillpoint.models.series.reading import Observed
from stillpoint.models.series.reference import choose_reference, level_of
from stillpoint.models.series.unwrapping import unwrap
from stillpoint.models.series.velocity import fit_velocity

_CHANCE = 3.0  # the level of an F test at 5 % with the few degrees of freedom that long waves have

_TOLD = 0.7  # of the differences in log variance between dates, the part that is no chance

BLOCK = 8192
"""Points at a time in the steps that take every point for itself."""


@dataclass(frozen=True)
class Options:
    """What can be chosen; see :class:`stillpoint.models.jobs.EstimateSeries`.

    Attributes
    ----------
    wavelength
        Metres.
    across
        Metres: distance of the satellite times the sine of the incidence angle; None estimates no heights.
    reference
        float64 [points]: metres from the reference point; None chooses it.
    radius
        Metres of the reference area.
    unwrapping
        ``"auto"``, ``"whirlwind"`` or ``"arcs"``.
    filter_atmosphere, days, metres
        Whether the atmosphere is taken out, and the widths of its filter.
    plane, loops
        Whether planes are taken out, and whole cycles are corrected by loops.
    max_velocity, max_height
        Largest differences between neighbours, mm/yr and m.
    """

    wavelength: float
    across: Optional[float]
    reference: Optional[np.ndarray] = None
    radius: float = 300.0
    unwrapping: str = "auto"
    filter_atmosphere: bool = True
    days: float = 120.0
    metres: float = 800.0
    plane: bool = True
    loops: bool = True
    max_velocity: float = 60.0
    max_height: float = 40.0


@dataclass(frozen=True)
class Estimated:
    """Displacement series.

    Attributes
    ----------
    series
        float32 [dates, points], mm towards the satellite against the first date; NaN where missing.
    velocity, error
        float64 [points], mm/yr, and its standard error.
    height
        float64 [points], metres; NaN where not estimated.
    coherence
        float64 [points], 0..1: how far the phases follow slow motion, height and what neighbours share.
    rmse
        float64 [points], mm about the straight line.
    reference
        Index of the point in the middle of the reference area.
    members
        int64: the points of the reference area.
    method
        How the phase was unwrapped; empty where it was.
    closure
        What the loops of a network said; None where there are none.
    missing
        Dates of points without a value.
    """

    series: np.ndarray
    velocity: np.ndarray
    error: np.ndarray
    height: np.ndarray
    coherence: np.ndarray
    rmse: np.ndarray
    reference: int
    members: np.ndarray
    method: str
    closure: Optional[Closure]
    missing: int


def estimate(observed: Observed, east: np.ndarray, north: np.ndarray, options: Options, progress: Progress = SILENT) -> Estimated:
    """Estimate displacement series.

    Parameters
    ----------
    observed
        Phases at the points.
    east, north
        float64 [points], metres.
    options
        What was chosen.
    progress
        Told after each step.

    Raises
    ------
    StillpointError
        The phase cannot be unwrapped.
    """
    geometry = geometry_of(observed, options)
    phase, arcs_coherence, arcs, method = _unwrapped(observed, east, north, geometry, options, progress.part(0.0, 0.6))
    complete = np.isfinite(observed.phase).mean(axis=0)
    centre, members = _reference(phase, arcs_coherence, complete, arcs, east, north, options)
    phase = phase - level_of(phase, members)[:, None].astype(np.float32)
    weights = _weights(observed)
    closure: Optional[Closure] = None
    if not observed.single:
        progress(0.6, "Checking that loops of interferograms close")
        closure = close_loops(phase, observed.dates, observed.pairs, weights, correct=options.loops)
        phase = closure.phase
    progress(0.7, "Inverting the network")
    dates = _inverted(phase, observed, weights)
    scale = options.wavelength / (4 * np.pi) * 1000.0
    progress(0.8, "Separating motion, height, orbits and atmosphere")
    parts = _Parts(observed, east, north, options, geometry, dates * scale)
    motion, height = parts.motion(members)
    raw = parts.unfiltered(members)
    fitted = [fit_velocity(raw[:, part], observed.years, parts.scatter) for part in _blocks(motion.shape[1])]
    velocity, error, rmse = (np.concatenate([each[index] for each in fitted]) for index in range(3))
    progress(0.97, "Judging the points")
    coherence = _coherence(phase, observed, parts.expected(members) / scale)
    first = np.argmax(np.isfinite(motion), axis=0)
    series = motion - motion[first, np.arange(motion.shape[1])]
    return Estimated(
        series.astype(np.float32), velocity, error, height, coherence, rmse, centre, members, method, closure,
        int((~np.isfinite(series)).sum()),
    )  # fmt: skip


def geometry_of(observed: Observed, options: Options) -> Geometry:
    """Return radians per mm/yr and per metre of every pair."""
    early, late = observed.pairs.T
    per_mm = 4 * np.pi / options.wavelength / 1000.0
    velocity = per_mm * (observed.years[late] - observed.years[early])
    if observed.baselines is None or options.across is None:
        return Geometry(velocity, None)
    across = observed.baselines[late] - observed.baselines[early]
    return Geometry(velocity, 4 * np.pi / options.wavelength * across / options.across)


def _unwrapped(
    observed: Observed, east: np.ndarray, north: np.ndarray, geometry: Geometry, options: Options, progress: Progress
) -> Tuple[np.ndarray, np.ndarray, Arcs, str]:
    """Return unwrapped phases, coherence of every point with its neighbours, the arcs, and the method."""
    limits = {"max_velocity": options.max_velocity, "max_height": options.max_height}
    if not observed.unwrapped:
        done = unwrap(
            observed.phase, east, north, geometry, pairs=observed.pairs, days=observed.days, single=observed.single,
            method=options.unwrapping, progress=progress, **limits,
        )  # fmt: skip
        return done.phase, done.coherence, done.arcs, done.method
    if len(east) < 2:
        arcs = Arcs(np.empty((0, 2), np.int64), np.empty(0), np.empty(0), np.empty(0))
        return observed.phase, np.ones(len(east)), arcs, ""
    ends = draw_arcs(east, north)
    arcs = fit_arcs(observed.phase, ends, geometry, level=observed.single, progress=progress, **limits)
    return observed.phase, Mesh(ends, len(east)).gathered(arcs.coherence, np.ones(len(ends))), arcs, ""


def _reference(
    phase: np.ndarray, coherence: np.ndarray, complete: np.ndarray, arcs: Arcs, east: np.ndarray, north: np.ndarray,
    options: Options,
) -> Tuple[int, np.ndarray]:
    """Return the point in the middle of the reference area, and its members."""
    if options.reference is None:
        velocity = None
        if len(arcs.ends):
            velocity = Mesh(arcs.ends, len(east)).solve_robust(arcs.velocity, weights_of(arcs.coherence, len(phase)), scale=0.5)
        centre = choose_reference(east, north, coherence, complete, radius=options.radius, velocity=velocity)
        away = np.hypot(east - east[centre], north - north[centre])
    else:
        away = options.reference
        centre = int(np.argmin(away))
    members = np.flatnonzero(away <= options.radius)
    return centre, members if members.size else np.array([centre])


def _weights(observed: Observed) -> Optional[np.ndarray]:
    """Return weights of the pairs from their coherence, alike for all points: best 1 / variance, up to a scale."""
    if observed.coherence is None or observed.single:
        return None
    usual = np.clip(np.nanmedian(observed.coherence, axis=1), 0.05, 0.98)
    return np.asarray(np.nan_to_num(usual**2 / (1 - usual**2), nan=0.01))


def _inverted(phase: np.ndarray, observed: Observed, weights: Optional[np.ndarray]) -> np.ndarray:
    """Return the phase of every date [dates, points]."""
    if observed.single:
        centre = int(np.bincount(observed.pairs.ravel()).argmax())
        dates = np.zeros((len(observed.dates), phase.shape[1]), np.float64)
        late = observed.pairs[:, 0] == centre
        dates[observed.pairs[late, 1]] = phase[late]
        dates[observed.pairs[~late, 0]] = -phase[~late]
        return dates
    return invert(phase[:, :, None], observed.dates, observed.pairs, weights=weights)[:, :, 0].astype(np.float64)


def _blocks(count: int) -> List[slice]:
    return [slice(start, start + BLOCK) for start in range(0, count, BLOCK)]


class _Parts:
    """Takes series [dates, points] in mm apart into motion, height, planes and atmosphere."""

    def __init__(
        self, observed: Observed, east: np.ndarray, north: np.ndarray, options: Options, geometry: Geometry, series: np.ndarray
    ) -> None:
        self._years, self._series = observed.years, series
        self.height = np.full(series.shape[1], np.nan)
        self._topography = np.zeros((len(observed.dates), 1))
        self._design: Optional[np.ndarray] = None
        if geometry.height is not None and observed.baselines is not None and options.across is not None:
            per_metre = (observed.baselines - observed.baselines.mean()) / options.across * 1000.0
            if np.ptp(per_metre) > 0:
                self._design = _height_design(observed.years, per_metre)
                self._topography = per_metre[:, None]
        heights = np.zeros(series.shape[1])
        self.plane = self.air = np.zeros_like(series)
        self.slow = series
        # Planes and atmosphere come first: heights found beneath them would take for height what resembles the baselines by chance.
        self.scatter = trust = np.ones(len(observed.dates))
        for _ in range(2):
            left = series - self._topography * heights
            if options.plane and series.shape[1] >= 30:
                self.plane = planes(left - self.air, observed.years, east, north, trust)
            self.air, self.slow = atmosphere(
                left - self.plane, observed.days, east, north, trust=trust, width_days=options.days,
                width_metres=options.metres,
            )
            self.scatter = scatter_of(self.air, self._design)
            trust = 1.0 / self.scatter
            if self._design is not None:
                heights = _heights(series - self.plane - self.air, self._design)
        if self._design is not None:
            shared = _shared_heights(self.plane + self.air, self._design)
            self.air = self.air - self._topography * shared
            self.height = heights = heights + shared
        self._heights = heights
        self._filter = options.filter_atmosphere

    def motion(self, members: np.ndarray) -> Tuple[np.ndarray, np.ndarray]:
        """Return displacements [dates, points] and heights [points], both relative to the members of the reference."""
        left = self._series - self._topography * self._heights - self.plane
        if self._filter:
            left = left - self.air
        return left - level_of(left, members)[:, None], self.height - float(np.mean(self.height[members]))

    def unfiltered(self, members: np.ndarray) -> np.ndarray:
        """Return displacements [dates, points] that hold their orbits and atmosphere, relative to the members of the reference.

        The velocity is fitted to these: filters leave the line through a series as it was, with whatever the atmosphere did to it,
        and clean the residuals by which the line would be judged.
        """
        left = self._series - self._topography * self._heights
        return np.asarray(left - level_of(left, members)[:, None])

    def expected(self, members: np.ndarray) -> np.ndarray:
        """Return what the series [dates, points] would be without noise of the single point."""
        return np.asarray(self.slow + self.air + self.plane + self._topography * self._heights)


def scatter_of(air: np.ndarray, design: Optional[np.ndarray] = None) -> np.ndarray:
    """Return the variance of the atmosphere [dates] against the usual date's, from the atmosphere [dates, points].

    A few long waves make up most of it, so that a date's own variance tells its strength only roughly: differences are drawn in.
    Where ``design`` [dates, columns] is given, what follows its last column, the heights that neighbours share, is no atmosphere.
    """
    if design is not None:
        air = air - np.outer(design[:, -1], np.linalg.pinv(design)[-1] @ air)
    variance = np.nanvar(air, axis=1)
    size = np.log(np.maximum(variance, max(1e-3 * float(variance.mean()), 1e-9)))
    return np.asarray(np.exp(_TOLD * (size - size.mean())))


def _height_design(years: np.ndarray, per_metre: np.ndarray) -> np.ndarray:
    """Return what is fitted beside the height [dates, columns], the height last: motion that could be mistaken for it."""
    columns = [np.ones_like(years), years]
    if len(years) >= 12:
        columns.append(years**2)
    if len(years) >= 20 and np.ptp(years) >= 1.0:
        columns += [np.sin(2 * np.pi * years), np.cos(2 * np.pi * years)]
    return np.column_stack([*columns, per_metre])


def _heights(series: np.ndarray, design: np.ndarray) -> np.ndarray:
    """Return the height errors [points] that fit ``series`` best."""
    seen = np.isfinite(series)
    whole = seen.all(axis=0)
    found = np.zeros(series.shape[1])
    inverse = np.linalg.pinv(design)
    found[whole] = inverse[-1] @ series[:, whole]
    for point in np.flatnonzero(~whole):
        here = seen[:, point]
        if here.sum() > design.shape[1]:
            found[point] = np.linalg.lstsq(design[here], series[here, point], rcond=None)[0][-1]
    return found


def _shared_heights(common: np.ndarray, design: np.ndarray) -> np.ndarray:
    """Return the heights [points] that neighbours share, which the filters took: as far as they exceed what chance does.

    The phase that neighbours share resembles the baselines by chance already. What that makes of heights is known from its
    residuals, and by its share of the variance the heights are shrunk towards their median (James and Stein's estimator, for all
    points as one). A few planes and long waves make up most of it, so chance varies widely and must be exceeded by far.
    """
    inverse = np.linalg.pinv(design)
    solved = inverse @ common
    left = common - design @ solved
    chance = (left**2).sum(axis=0) / max(len(design) - design.shape[1], 1) * float((inverse[-1] ** 2).sum())
    found = solved[-1] - float(np.median(solved[-1]))
    power = float(np.mean(found**2))
    return np.asarray(found * max(0.0, 1.0 - _CHANCE * float(np.mean(chance)) / power) if power > 0 else found)


def _coherence(phase: np.ndarray, observed: Observed, expected: np.ndarray) -> np.ndarray:
    """Return the temporal coherence [points]: the length of the mean phasor of what is left (Ferretti et al. 2001)."""
    early, late = observed.pairs.T
    total = np.zeros(phase.shape[1], np.complex128)
    number = np.zeros(phase.shape[1])
    for pair in range(len(phase)):
        left = phase[pair] - (expected[late[pair]] - expected[early[pair]])
        seen = np.isfinite(left)
        total[seen] += np.exp(1j * left[seen])
        number += seen
    return np.asarray(np.abs(total) / np.maximum(number, 1))
