"""Arcs between neighbouring scatterers: what they share cancels, what tells them apart is found by a periodogram.

The phase difference of two neighbours holds little atmosphere and few cycles: over all pairs of dates it follows a difference of
velocity and one of height, which are found where the sum of the unit phasors is largest (Ferretti et al. 2001, IEEE TGRS 39, 8-20).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Optional, Tuple

import numpy as np
from scipy import sparse
from scipy.sparse.linalg import splu
from scipy.spatial import Delaunay, QhullError, cKDTree

from stillpoint.models.progress import SILENT, Progress

NEIGHBOURS = 3
"""Nearest neighbours that every scatterer has an arc to, beside those of the triangles."""

STEP = np.pi / 2
"""Radians by which the phase at the outermost pair may change between two trials of the periodogram."""

CELLS = 12_000_000
"""Complex numbers in a block of trials."""

USUAL = 0.05
"""Part of the largest difference that neighbours have as a rule; the further beyond, the more evidence it takes."""


@dataclass(frozen=True)
class Arcs:
    """Arcs between scatterers, and what the periodogram says of them.

    Attributes
    ----------
    ends
        int64 [arcs, 2].
    velocity, height
        float64 [arcs]: difference of the second end against the first, mm/yr and m.
    coherence
        float64 [arcs], 0..1: how well the two explain the phases.
    """

    ends: np.ndarray
    velocity: np.ndarray
    height: np.ndarray
    coherence: np.ndarray


@dataclass(frozen=True)
class Geometry:
    """Radians per unit of what is looked for, for every pair of dates.

    Attributes
    ----------
    velocity
        float64 [pairs], radians per mm/yr.
    height
        float64 [pairs], radians per metre; None where the baselines are unknown.
    """

    velocity: np.ndarray
    height: Optional[np.ndarray]

    @property
    def design(self) -> np.ndarray:
        """float64 [pairs, 1 or 2]."""
        return np.column_stack([self.velocity] if self.height is None else [self.velocity, self.height])


def draw_arcs(east: np.ndarray, north: np.ndarray) -> np.ndarray:
    """Return the arcs of a Delaunay triangulation and to the nearest neighbours, int64 [arcs, 2], first end < second end.

    Parameters
    ----------
    east, north
        float64 [points], metres; two points or more, no two alike.
    """
    places = np.column_stack([east, north])
    count = len(places)
    ends = [np.empty((0, 2), np.int64)]
    # a chain along the longer side joins all where no triangles can be drawn
    order = np.argsort(east if np.ptp(east) >= np.ptp(north) else north, kind="stable")
    try:
        triangles = Delaunay(places).simplices.astype(np.int64) if count > 3 else None
    except QhullError:
        triangles = None
    if triangles is None:
        ends.append(np.column_stack([order[:-1], order[1:]]))
    else:
        ends += [triangles[:, [0, 1]], triangles[:, [1, 2]], triangles[:, [0, 2]]]
    near = min(NEIGHBOURS, count - 1)
    if near:
        _, index = cKDTree(places).query(places, k=near + 1)
        ends.append(np.column_stack([np.repeat(np.arange(count), near), index[:, 1:].ravel()]))
    joined = np.sort(np.concatenate(ends), axis=1)
    return np.unique(joined[joined[:, 0] != joined[:, 1]], axis=0)


def fit_arcs(
    phase: np.ndarray,
    ends: np.ndarray,
    geometry: Geometry,
    *,
    max_velocity: float,
    max_height: float,
    level: bool,
    progress: Progress = SILENT,
) -> Arcs:
    """Find the differences of velocity and height along arcs from wrapped phases.

    Parameters
    ----------
    phase
        float32 [pairs, points], radians; NaN where missing.
    ends
        int64 [arcs, 2].
    geometry
        Radians per mm/yr and per metre.
    max_velocity, max_height
        Largest differences that are looked for, mm/yr and m.
    level
        Whether all pairs may share a constant: those of one reference date share its noise and atmosphere.
    progress
        Told after each block of arcs.
    """
    trials = _trials(geometry, max_velocity, max_height)
    design = geometry.design
    steer = np.exp(-1j * (design @ trials.T)).astype(np.complex64)
    scale = np.array([max_velocity, max_height])[: trials.shape[1]]
    # heavy tails: at the largest differences the prior asks for about as much as chance yields among all trials
    prior = np.log1p(np.square(trials / (USUAL * scale))).sum(axis=1).astype(np.float32)
    full = np.column_stack([np.ones(len(design)), design]) if level else design
    inverse = np.linalg.pinv(full)
    found = np.zeros((len(ends), 2))
    coherence = np.zeros(len(ends))
    step = max(int(CELLS / max(len(trials), len(phase))), 1)
    for start in range(0, len(ends), step):
        progress(start / len(ends), f"Comparing neighbours: {start:,} of {len(ends):,} arcs")
        part = slice(start, start + step)
        phasor, number = _phasors(phase, ends[part])
        total = phasor @ steer
        power = np.abs(total) if level else np.maximum(total.real, 0.0)
        score = np.square(power) / number[:, None] - prior
        at = trials[score.argmax(axis=1)]
        constant = np.angle((phasor * np.exp(-1j * (at @ design.T))).sum(axis=1)) if level else np.zeros(len(at))
        for _ in range(3):
            left = np.angle(phasor * np.exp(-1j * (at @ design.T + constant[:, None]))) * (phasor != 0)
            better = left @ inverse.T
            at = at + better[:, -design.shape[1]:]
            constant = constant + better[:, 0] if level else constant
        fitted = (phasor * np.exp(-1j * (at @ design.T + constant[:, None]))).sum(axis=1)
        found[part, : at.shape[1]] = at
        coherence[part] = np.clip(fitted.real / number, 0.0, 1.0)
    return Arcs(ends, found[:, 0], found[:, 1], coherence)


def _trials(geometry: Geometry, max_velocity: float, max_height: float) -> np.ndarray:
    """Return the differences that are tried, float64 [trials, 1 or 2]."""
    def grid(factor: np.ndarray, most: float) -> np.ndarray:
        reach = max(float(np.ptp(factor)), float(np.abs(factor).max()), 1e-9)
        half = int(min(np.ceil(most * reach / STEP), 400))
        return np.linspace(-most, most, 2 * half + 1) if half else np.zeros(1)

    velocities = grid(geometry.velocity, max_velocity)
    if geometry.height is None:
        return velocities[:, None]
    heights = grid(geometry.height, max_height)
    return np.column_stack([each.ravel() for each in np.meshgrid(velocities, heights, indexing="ij")])


def _phasors(phase: np.ndarray, ends: np.ndarray) -> Tuple[np.ndarray, np.ndarray]:
    """Return complex64 [arcs, pairs], 0 where missing, and how many pairs each arc has (at least 1)."""
    difference = (phase[:, ends[:, 1]] - phase[:, ends[:, 0]]).T
    seen = np.isfinite(difference)
    phasor = np.where(seen, np.exp(1j * np.where(seen, difference, 0.0).astype(np.float32)), 0).astype(np.complex64)
    return phasor, np.maximum(seen.sum(axis=1), 1)


def weights_of(coherence: np.ndarray, pairs: int) -> np.ndarray:
    """Return the weight of arcs of a coherence: what a difference over ``pairs`` phases is worth, at least next to nothing."""
    capped = np.clip(coherence, 0.0, 0.98)
    chance = 1.2 / np.sqrt(max(pairs, 2))  # what noise alone reaches, so that it counts for nothing
    return np.asarray(np.maximum(capped - chance, 0.0) ** 2 / (1.0 - capped**2) + 1e-4)


class Mesh:
    """Least squares on arcs: values of points from differences along arcs.

    Parameters
    ----------
    ends
        int64 [arcs, 2].
    count
        Number of points.
    """

    def __init__(self, ends: np.ndarray, count: int) -> None:
        self.ends, self.count = ends, count
        arcs = np.arange(len(ends))
        ones = np.ones(len(ends))
        self._design = sparse.csr_matrix(
            (np.concatenate([-ones, ones]), (np.concatenate([arcs, arcs]), ends.T.ravel())), shape=(len(ends), count)
        )

    def solve(self, difference: np.ndarray, weight: np.ndarray, hold: float = 0.0) -> np.ndarray:
        """Return float64 [points, columns] that fit ``difference`` [arcs, columns] best, about a mean of 0.

        ``hold`` is the weight that draws every point towards the mean, beside those of the arcs.
        """
        weighted = self._design.T.multiply(weight).tocsr()
        # next to nothing holds the level, and parts that no arc joins
        hold = max(hold, 1e-9 * max(float(weight.max()), 1e-9))
        normal = (weighted @ self._design + sparse.identity(self.count) * hold).tocsc()
        solver = splu(normal, permc_spec="MMD_AT_PLUS_A", diag_pivot_thresh=0.0, options={"SymmetricMode": True})
        found = solver.solve(np.asarray(weighted @ difference, np.float64))
        return np.asarray(found - found.mean(axis=0))

    def solve_robust(
        self, difference: np.ndarray, weight: np.ndarray, *, scale: float, hold: float = 0.0, rounds: int = 5
    ) -> np.ndarray:
        """Return float64 [points] by least absolute deviations beyond ``scale`` (iteratively reweighted)."""
        own, found = weight, np.zeros(self.count)
        for _ in range(rounds):
            found = self.solve(difference[:, None], own, hold)[:, 0]
            left = np.abs(self._design @ found - difference)
            own = weight / np.maximum(left / scale, 1.0) ** 1.5
        return found

    def along(self, values: np.ndarray) -> np.ndarray:
        """Return the differences of point ``values`` [points, ...] along the arcs."""
        return np.asarray(self._design @ values)

    def gathered(self, values: np.ndarray, weight: np.ndarray) -> np.ndarray:
        """Return the weighted mean over the arcs of every point of arc ``values`` [arcs]."""
        both = np.concatenate([self.ends[:, 0], self.ends[:, 1]])
        total = np.bincount(both, np.tile(weight * values, 2), self.count)
        return np.asarray(total / np.maximum(np.bincount(both, np.tile(weight, 2), self.count), 1e-12))
