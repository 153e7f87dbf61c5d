"""Sets single scatterers right that an unwrapper left a cycle away from all their neighbours.

A flow closes loops as cheaply as it can, and noise of one scatterer is as good a place for a cut as any. Once most are on the right
cycle, a scatterer whose phase lies nearer to its neighbours a cycle off is moved there. What it has of its own, a velocity and a
height, is taken out first, so that it is not drawn to neighbours that it has left.
"""

from __future__ import annotations

from typing import Tuple

import numpy as np
from scipy.spatial import cKDTree

from stillpoint.models.progress import SILENT, Progress
from stillpoint.models.series.filtering import Grid

CYCLE = 2 * np.pi

ENOUGH = 12
"""Neighbours that the width of the window is chosen for."""

LEAST = 4.0
"""Neighbours that a scatterer is compared with at least, counted by their weights."""

WIDEST = 300.0
"""Metres of the window's standard deviation at most: over more, the atmosphere of a date differs."""

BEYOND = 0.5
"""Cycles between a scatterer and its neighbours from which it is moved."""

DOUBT = 0.7
"""Radians from the neighbours beyond which a scatterer counts the less among them."""

_ROUNDS = 2


def follow_neighbours(
    phase: np.ndarray, model: np.ndarray, east: np.ndarray, north: np.ndarray, progress: Progress = SILENT
) -> np.ndarray:
    """Return unwrapped phases with single scatterers moved by whole cycles to where their neighbours are.

    Parameters
    ----------
    phase
        float32 [pairs, points], unwrapped, radians; NaN where missing.
    model
        float32 [pairs, points]: what velocity and height of every point explain, radians.
    east, north
        float64 [points], metres.
    progress
        Told after each pair.
    """
    if len(east) <= ENOUGH:
        return phase
    away = cKDTree(np.column_stack([east, north])).query(np.column_stack([east, north]), k=ENOUGH + 1)[0][:, -1]
    grid = Grid(east, north, min(float(np.median(away)) / np.sqrt(2.0), WIDEST))
    moved = phase.copy()
    for pair in range(len(moved)):
        progress(pair / len(moved), f"Comparing scatterers with their neighbours: {pair + 1} of {len(moved)}")
        left = moved[pair].astype(np.float64) - model[pair]
        seen = np.isfinite(left)
        if not seen.any():
            continue
        left -= np.median(left[seen])
        for _ in range(_ROUNDS):
            usual, number = _around(grid, left, seen.astype(np.float64))
            trust = 1.0 / np.maximum(np.abs(np.nan_to_num(left) - usual) / DOUBT, 1.0) ** 2
            usual, number = _around(grid, left, np.where(seen, trust, 0.0))
            off = (left - usual) / CYCLE
            cycles = np.where(seen & (np.abs(off) > BEYOND) & (number > LEAST), np.round(np.nan_to_num(off)), 0.0)
            if not cycles.any():
                break
            left -= CYCLE * cycles
            moved[pair] -= (CYCLE * cycles).astype(np.float32)
    return moved


def _around(grid: Grid, values: np.ndarray, weight: np.ndarray) -> Tuple[np.ndarray, np.ndarray]:
    """Return the mean of the neighbours of every point, without the point itself, and how many they are by weight."""
    total, number = (grid.spread(weight * np.nan_to_num(values)), grid.spread(weight))
    number = np.maximum(number - weight, 0.0)
    return (total - weight * np.nan_to_num(values)) / np.maximum(number, 1e-9), number
