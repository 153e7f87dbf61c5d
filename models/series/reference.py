"""The place that displacements are relative to."""

from __future__ import annotations

from typing import Optional

import numpy as np
from scipy.spatial import cKDTree

FULL = 8
"""Scatterers that make a good group; more bring no more."""


def choose_reference(
    east: np.ndarray, north: np.ndarray, coherence: np.ndarray, complete: np.ndarray, *, radius: float,
    velocity: Optional[np.ndarray] = None,
) -> int:
    """Return the scatterer in the middle of the most coherent, most central group that does not stand out by its velocity.

    Parameters
    ----------
    east, north
        float64 [points], metres.
    coherence
        float64 [points], 0..1.
    complete
        float64 [points], 0..1: share of the pairs that have a value.
    radius
        Metres around a scatterer that its group reaches.
    velocity
        float64 [points], any unit, relative to any place; None where unknown.
    """
    tree = cKDTree(np.column_stack([east, north]))
    places = np.column_stack([east, north])
    middle = np.median(places, axis=0)
    extent = max(float(np.percentile(np.hypot(*(places - middle).T), 90)), 1.0)
    good = coherence * complete**2
    near = min(FULL, len(east))
    away, index = tree.query(places, k=near)
    away, index = away.reshape(len(east), -1), index.reshape(len(east), -1)
    inside = away <= max(radius, 1e-6)
    group = np.where(inside, good[index], 0.0).sum(axis=1) / near
    score = group * np.exp(-0.5 * (np.hypot(*(places - middle).T) / (0.5 * extent)) ** 2)
    if velocity is not None:
        off = velocity - np.median(velocity)
        usual = max(1.5 * float(np.median(np.abs(off))), 1e-9)
        score = score * np.exp(-0.5 * (off / (2 * usual)) ** 2)
    return int(np.argmax(score))


def level_of(phase: np.ndarray, members: np.ndarray) -> np.ndarray:
    """Return the level [rows] of every row of ``phase`` [rows, points]: the mean over the reference's members.

    A row that is missing at all of them has the median of all points, since any other level would be invented too.
    """
    seen = np.isfinite(phase[:, members])
    number = seen.sum(axis=1)
    total = np.where(seen, phase[:, members], 0.0).sum(axis=1)
    level = total / np.maximum(number, 1)
    for row in np.flatnonzero(number == 0):
        values = phase[row][np.isfinite(phase[row])]
        level[row] = float(np.median(values)) if values.size else 0.0
    return np.asarray(level)
