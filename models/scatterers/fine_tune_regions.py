"""Parts of a stack to learn from, to stop and calibrate by, and to judge by: regions apart, none without scatterers. Kernels.

Neighbouring pixels share clutter and atmosphere, and the features of a pixel look far: so the parts are bands across the raster,
with more pixels between them than the features reach.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import permutations
from typing import List, Optional, Sequence, Tuple

import numpy as np

from stillpoint.models.scatterers.labels import IGNORED

PARTS = {"train": 0.6, "tuning": 0.2, "judging": 0.2}
"""Shares of what is labelled: to learn from, to stop and calibrate by, to report figures of."""

TRAIN, TUNING, JUDGING = 1, 2, 3
"""Codes of the parts in maps; 0 belongs to none."""

LEAST = 30
"""Scatterers, and other pixels, that a part of a stack must have."""

PERIOD, MOST_PERIODS = 10, 6
"""A stack of so many gaps is split anew, so that each part sees several places of it; most times that this is done."""


@dataclass(frozen=True)
class Regions:
    """Which line across a raster belongs to which part.

    Attributes
    ----------
    axis
        0 where the lines are rows, 1 where they are columns.
    parts
        uint8 [rows or columns], codes of parts.
    """

    axis: int
    parts: np.ndarray

    def of(self, rows: slice, cols: slice) -> np.ndarray:
        """Return the codes of a window, uint8 [rows, cols]."""
        line = self.parts[(rows, cols)[self.axis]]
        shape = (rows.stop - rows.start, cols.stop - cols.start)
        return np.broadcast_to(line[:, None] if self.axis == 0 else line[None], shape)


def whole(rows: int, part: int) -> Regions:
    """Return regions that give all of a raster of ``rows`` rows to one part."""
    return Regions(0, np.full(rows, part, np.uint8))


def split(labels: np.ndarray, *, gap: int, seed: int) -> Optional[Regions]:
    """Return the regions of a stack; None where there is no room for parts that have scatterers of their own.

    Of the splits by rows and by columns, with the parts in any order, the one whose poorest part is the richest.

    Parameters
    ----------
    labels
        uint8 [rows, cols]: 1 scatterer, 0 not, 255 not judged.
    gap
        Lines between two parts.
    seed
        Decides between equals, and how the parts follow each other in a large stack.
    """
    rng = np.random.default_rng([seed, 6])
    best: Optional[Regions] = None
    richest = float(LEAST) - 0.5
    for axis in (0, 1):
        scatterers = (labels == 1).sum(axis=1 - axis)
        others = ((labels != 1) & (labels != IGNORED)).sum(axis=1 - axis)
        if not scatterers.any() or not others.any():
            return None
        weight = scatterers / scatterers.sum() + others / others.sum() + 0.1 / len(others)
        periods = min(max(len(weight) // (PERIOD * gap), 1), MOST_PERIODS)
        for first in rng.permutation(list(permutations((TRAIN, TUNING, JUDGING)))):
            order = np.concatenate([first, *(rng.permutation(first) for _ in range(periods - 1))])
            parts = _laid_out(np.cumsum(weight), order.tolist(), gap)
            if parts is None:
                continue
            poorest = min(
                min(int(scatterers[parts == code].sum()), int(others[parts == code].sum())) for code in (TRAIN, TUNING, JUDGING)
            )
            if poorest > richest:
                best, richest = Regions(axis, parts), float(poorest)
    return best


def _laid_out(total: np.ndarray, order: Sequence[int], gap: int) -> Optional[np.ndarray]:
    """Return codes uint8 [lines] of parts in ``order`` that take as much of the weight as the gaps leave; None without room.

    ``total`` is the weight up to each line.
    """
    shares = dict(zip((TRAIN, TUNING, JUDGING), PARTS.values()))
    low, high, found = 0.0, float(total[-1]), None
    for _ in range(24):
        scale = 0.5 * (low + high)
        bands = _bands(total, order, [scale * shares[code] * 3 / len(order) for code in order], gap)
        if bands is None:
            high = scale
        else:
            low, found = scale, bands
    if found is None:
        return None
    parts = np.zeros(len(total), np.uint8)
    for code, (start, stop) in zip(order, found):
        parts[start:stop] = code
    parts[found[-1][1] :] = order[-1]
    for code, (_, stop), following, (start, _) in zip(order, found, order[1:], found[1:]):
        if code == following:
            parts[stop:start] = code
    return parts


def _bands(total: np.ndarray, order: Sequence[int], wanted: Sequence[float], gap: int) -> Optional[List[Tuple[int, int]]]:
    """Return first and last line of bands that have the weights ``wanted``, with gaps between parts; None where they don't fit."""
    bands: List[Tuple[int, int]] = []
    for number, weight in enumerate(wanted):
        start = bands[-1][1] + (gap if order[number] != order[number - 1] else 0) if bands else 0
        if start >= len(total):
            return None
        goal = weight + (total[start - 1] if start else 0.0)
        if goal > total[-1]:
            return None
        bands.append((start, int(np.searchsorted(total, goal)) + 1))
    return bands
