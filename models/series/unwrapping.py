"""Unwraps phases at scatterers in time and space.

Every pair of dates is unwrapped in space: by the minimum-cost flow of whirlwind (Carballo and Fieguth 2000) where it is
installed, else to the cycles nearest to a least-squares sum along all arcs. Then single scatterers follow their neighbours.
This is done twice: on the phases as they are, and on what a model leaves: along arcs between neighbours a periodogram finds
differences of velocity and height, which are added up over the network of arcs; where all dates are tied to one, what then
remains smooth in time is added up too. The second is taken where the arcs then fit clearly better. What the model took out is
put back at the end, so that the result differs from the wrapped phase by whole cycles alone.
"""

from __future__ import annotations

import contextlib
import functools
from dataclasses import dataclass
from typing import Any, Optional, Tuple

import numpy as np
from scipy import sparse

from stillpoint.models.errors import StillpointError
from stillpoint.models.progress import SILENT, Progress
from stillpoint.models.series.arcs import Arcs, Geometry, Mesh, draw_arcs, fit_arcs, weights_of
from stillpoint.models.series.neighbours import follow_neighbours
from stillpoint.models.series.reading import wrapped

CYCLE = 2 * np.pi

SMOOTHING_DAYS = 60.0
"""Width of the Gaussian that is laid over the phases of an arc in time."""

WORTH = 0.95
"""The model of velocities and heights is used where it lowers the strain of the arcs to less than this share."""

USUAL_VELOCITY, USUAL_HEIGHT = 1 / 3, 1 / 4
"""What the velocity and the height of a point usually are, as parts of the largest differences that are looked for."""

_REPAIRS = 12


@dataclass(frozen=True)
class Unwrapped:
    """Phases without their cycles.

    Attributes
    ----------
    phase
        float32 [pairs, points], radians; NaN where missing. Every pair has an unknown level that its points share.
    coherence
        float64 [points], 0..1: mean coherence of the arcs to the neighbours.
    method
        ``"whirlwind"`` or ``"arcs"``.
    arcs
        The arcs.
    """

    phase: np.ndarray
    coherence: np.ndarray
    method: str
    arcs: Arcs


@functools.lru_cache(maxsize=1)
def whirlwind() -> Optional[Any]:
    """Return the module of the minimum-cost flow, or None where it is not installed."""
    try:
        import whirlwind as module
    except ImportError:
        return None
    if not hasattr(module, "unwrap_sparse"):
        return None
    with contextlib.suppress(RuntimeError):  # somebody has started its threads already
        module.set_num_threads(1)
    return module


def chosen_method(asked: str) -> str:
    """Return the way to unwrap that is meant; raise StillpointError where it is not installed."""
    there = whirlwind() is not None
    if asked == "whirlwind" and not there:
        raise StillpointError(
            "The unwrapper whirlwind is not installed. Install it with 'pip install stillpoint[unwrapping]' (Python 3.11 or "
            "newer), or take the unwrapping auto or arcs."
        )
    return "whirlwind" if asked != "arcs" and there else "arcs"


def unwrap(
    phase: np.ndarray,
    east: np.ndarray,
    north: np.ndarray,
    geometry: Geometry,
    *,
    pairs: np.ndarray,
    days: np.ndarray,
    single: bool,
    method: str = "auto",
    max_velocity: float = 60.0,
    max_height: float = 40.0,
    progress: Progress = SILENT,
) -> Unwrapped:
    """Unwrap phases at scatterers.

    Parameters
    ----------
    phase
        float32 [pairs, points], wrapped, radians; NaN where missing.
    east, north
        float64 [points], metres.
    geometry
        Radians per mm/yr and per metre of every pair.
    pairs
        int64 [pairs, 2].
    days
        float64 [dates].
    single
        Whether the pairs are the dates against one of them.
    method
        ``"auto"``, ``"whirlwind"`` or ``"arcs"``.
    max_velocity, max_height
        Largest differences between neighbours, mm/yr and m.
    progress
        Told after each step.

    Raises
    ------
    StillpointError
        There are fewer than two points, or the method is not installed.
    """
    method = chosen_method(method)
    count = phase.shape[1]
    if count < 2:
        raise StillpointError("One scatterer alone cannot be unwrapped: give more PS, or a lower threshold when selecting them.")
    ends = draw_arcs(east, north)
    arcs = fit_arcs(
        phase, ends, geometry, max_velocity=max_velocity, max_height=max_height, level=single, progress=progress.part(0.0, 0.5)
    )
    mesh = Mesh(ends, count)
    weight = weights_of(arcs.coherence, len(phase))
    progress(0.5, "Adding up the differences of velocity and height")
    velocity, height = _added(arcs, geometry, mesh, weight, max_velocity, max_height)
    model = np.outer(geometry.velocity, velocity).astype(np.float32)
    if geometry.height is not None:
        model += np.outer(geometry.height, height).astype(np.float32)
    slow = np.zeros_like(model)
    if single:
        progress(0.55, "Following slow motion")
        slow = _slow(phase - model, mesh, weight, pairs, days)
    quality = mesh.gathered(arcs.coherence, np.ones(len(ends)))
    tried = []
    for start, removed in ((0.6, model + slow), (0.8, np.zeros_like(model))):
        left = wrapped(phase - removed)
        share = progress.part(start, start + 0.15)
        full = left + CYCLE * _in_space(left, east, north, mesh, weight, quality, method, share) + removed
        # the model is no multiple of a cycle: only the cycles that it and the flow agree on are added to what was measured
        full = (phase + CYCLE * np.round((full - phase) / CYCLE)).astype(np.float32)
        tried.append(follow_neighbours(full, model, east, north, progress.part(start + 0.15, start + 0.2)))
    found, plain = tried
    # all pairs or none: what a wrong velocity leaves grows with time, and a part of it would bend the series most
    helps = _strain(found, arcs, geometry, weight) < WORTH * _strain(plain, arcs, geometry, weight)
    return Unwrapped(found if helps else plain, quality, method, arcs)


def _added(
    arcs: Arcs, geometry: Geometry, mesh: Mesh, weight: np.ndarray, max_velocity: float, max_height: float
) -> Tuple[np.ndarray, np.ndarray]:
    """Return velocity and height of every point [points] from those of the arcs.

    Errors of arcs add up over distance like the steps of a drunkard, to several times what points differ by; so every point is held
    near the mean by what is usual, ``USUAL_VELOCITY`` and ``USUAL_HEIGHT`` of the largest differences.
    """
    design = geometry.design - geometry.design.mean(axis=0)
    # variance per unit of noise; the noise of an arc by its coherence
    each = np.diagonal(np.linalg.pinv(design.T @ design))
    noise = np.maximum(-2.0 * np.log(np.clip(arcs.coherence, 0.05, 0.99)), 0.02)
    worth = weight / max(float(weight.max()), 1e-12) / noise
    velocity = mesh.solve_robust(
        arcs.velocity, worth / max(float(each[0]), 1e-12), scale=1.0, hold=1.0 / (USUAL_VELOCITY * max_velocity) ** 2
    )
    if geometry.height is None:
        return velocity, np.zeros(mesh.count)
    hold = 1.0 / (USUAL_HEIGHT * max_height) ** 2
    return velocity, mesh.solve_robust(arcs.height, worth / max(float(each[1]), 1e-12), scale=2.0, hold=hold)


def _strain(phase: np.ndarray, arcs: Arcs, geometry: Geometry, weight: np.ndarray) -> float:
    """Return how far the differences along the arcs are from what the arcs themselves expect.

    Where scatterers are noisy or few, velocities and heights that were added up can be wrong for some and spoil what a flow without
    them gets right; where baselines are long or motion is fast, it is the other way round. The arcs, weighted by their coherence,
    tell which.
    """
    first, second = arcs.ends.T
    strain = 0.0
    for pair, values in enumerate(phase):
        expected = geometry.velocity[pair] * arcs.velocity
        if geometry.height is not None:
            expected = expected + geometry.height[pair] * arcs.height
        strain += float(np.nansum(weight * np.abs(values[second] - values[first] - expected)))
    return strain


def _slow(left: np.ndarray, mesh: Mesh, weight: np.ndarray, pairs: np.ndarray, days: np.ndarray) -> np.ndarray:
    """Return what remains smooth in time, float32 [pairs, points]: found along arcs, where it is small, and added up."""
    centre = int(np.bincount(pairs.ravel()).argmax())
    other = np.where(pairs[:, 0] == centre, pairs[:, 1], pairs[:, 0])
    turn = np.where(pairs[:, 0] == centre, 1.0, -1.0)[:, None]  # later minus earlier -> date minus reference date
    when = days[other]
    kernel = np.exp(-0.5 * ((when[:, None] - when[None, :]) / SMOOTHING_DAYS) ** 2)
    order = np.argsort(when, kind="stable")
    first, second = mesh.ends.T
    smooth = np.empty((len(first), len(pairs)), np.float32)
    step = max(4_000_000 // len(pairs), 1)
    for start in range(0, len(first), step):
        part = slice(start, start + step)
        difference = (left[:, second[part]] - left[:, first[part]]) * turn
        seen = np.isfinite(difference)
        phasor = np.where(seen, np.exp(1j * np.where(seen, difference, 0.0)), 0)
        angle = np.angle(kernel @ phasor)
        angle[order] = np.unwrap(angle[order], axis=0)
        # the level that all pairs share is noise of the reference date: it stays for the flow in space
        smooth[part] = (angle - np.median(angle, axis=0)).T
    added = mesh.solve(smooth, weight).T
    return np.asarray(added * turn, np.float32)


def _in_space(
    left: np.ndarray, east: np.ndarray, north: np.ndarray, mesh: Mesh, weight: np.ndarray, quality: np.ndarray, method: str,
    progress: Progress,
) -> np.ndarray:
    """Return the whole cycles of every pair and point, float32."""
    cycles = np.zeros(left.shape, np.float32)
    gaps = ~np.isfinite(left)
    if method == "whirlwind":
        for pair in range(len(left)):
            progress(pair / len(left), f"Unwrapping {pair + 1} of {len(left)}")
            cycles[pair] = _flow(left[pair], east, north, quality)
        return cycles
    progress(0.0, "Unwrapping along the arcs")
    whole = [pair for pair in range(len(left)) if not gaps[pair].any()]
    if whole:
        cycles[whole] = mesh_cycles(left[whole], mesh, weight, progress.part(0.0, 0.9))
    for pair in np.flatnonzero(gaps.any(axis=1)):
        seen = np.flatnonzero(~gaps[pair])
        if len(seen) < 2:
            continue
        own = Mesh(draw_arcs(east[seen], north[seen]), len(seen))
        worth = np.minimum(*quality[seen][own.ends.T])
        cycles[pair, seen] = mesh_cycles(left[pair : pair + 1, seen], own, worth, SILENT)[0]
    return cycles


def _flow(left: np.ndarray, east: np.ndarray, north: np.ndarray, quality: np.ndarray) -> np.ndarray:
    """Return the cycles [points] of one pair by minimum-cost flow over the triangles of the points that have a value."""
    cycles = np.zeros(left.shape, np.float32)
    seen = np.flatnonzero(np.isfinite(left))
    if len(seen) < 4:
        return cycles
    variance = np.clip(-2.0 * np.log(np.clip(quality[seen], 0.05, 0.999)), 1e-3, 6.0).astype(np.float32)
    library: Any = whirlwind()
    places = np.ascontiguousarray(np.column_stack([east[seen], north[seen]]), np.float64)
    found = np.asarray(library.unwrap_sparse(places, np.ascontiguousarray(left[seen], np.float32), variance))
    whole = np.round((found - left[seen]) / CYCLE)
    cycles[seen] = np.where(np.isfinite(whole), whole, 0.0)
    return cycles


def mesh_cycles(left: np.ndarray, mesh: Mesh, weight: np.ndarray, progress: Progress = SILENT) -> np.ndarray:
    """Return the cycles [pairs, points] nearest to the least-squares sum of the wrapped differences along all arcs.

    Parameters
    ----------
    left
        float32 [pairs, points], wrapped, none missing.
    mesh
        Arcs between the points.
    weight
        float64 [arcs].
    progress
        Told after each block of pairs.
    """
    cycles = np.empty(left.shape, np.float32)
    first, second = mesh.ends.T
    step = max(int(20_000_000 / max(len(first), 1)), 1)
    for start in range(0, len(left), step):
        progress(start / len(left), "Unwrapping along the arcs")
        part = slice(start, start + step)
        along = left[part][:, second] - left[part][:, first]
        added = mesh.solve(wrapped(along).T, weight).T
        added += np.angle(np.exp(1j * (left[part] - added)).mean(axis=1))[:, None]
        cycles[part] = np.round((added - left[part]) / CYCLE)
        cycles[part] = _repaired(cycles[part], -np.round(along / CYCLE), mesh, weight)
    return cycles


def _repaired(cycles: np.ndarray, steps: np.ndarray, mesh: Mesh, weight: np.ndarray) -> np.ndarray:
    """Move single points by a cycle where that contradicts fewer arcs, until none is left that gains."""
    first, second = mesh.ends.T
    arcs = np.arange(len(first))
    gather = sparse.csr_matrix(
        (np.tile(weight, 2), (np.concatenate([first, second]), np.concatenate([arcs, arcs]))), shape=(mesh.count, len(first))
    )
    signed = sparse.csr_matrix(
        (np.concatenate([-weight, weight]), (np.concatenate([first, second]), np.concatenate([arcs, arcs]))),
        shape=(mesh.count, len(first)),
    )
    cycles = cycles.copy()
    rows = np.arange(len(cycles))
    for _ in range(_REPAIRS):
        wrong = cycles[rows][:, second] - cycles[rows][:, first] - steps[rows]
        off, here = np.sign(wrong), (wrong == 0).astype(np.float32)
        pull = (signed @ off.T).T
        hold = (gather @ here.T).T
        gain = np.abs(pull) - hold
        best = np.where(gain > 1e-9, gain, 0.0)
        rival = np.zeros_like(best)
        np.maximum.at(rival.T, first, best[:, second].T)
        np.maximum.at(rival.T, second, best[:, first].T)
        move = (best > 0) & (best >= rival)
        if not move.any():
            break
        cycles[rows] -= np.where(move, np.sign(pull), 0.0).astype(np.float32)
        rows = rows[move.any(axis=1)]
    return cycles
