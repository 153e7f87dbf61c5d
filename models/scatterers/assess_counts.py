"""Kernels of the assessment: counts by code, connected groups, agreement, density. Arrays in, numbers out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Optional, Tuple

import numpy as np
from scipy import ndimage
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

NO_DATA = 255


def count_by_code(state: np.ndarray, codes: Optional[np.ndarray], number: int) -> Tuple[np.ndarray, np.ndarray]:
    """Count pixels and PS of each code in each row.

    Parameters
    ----------
    state
        uint8 [rows, cols]: 1 PS, 0 not, 255 no data.
    codes
        Integers [rows, cols] in ``0 .. number - 1``; None counts all under the code 0.
    number
        Number of codes.

    Returns
    -------
    pixels, ps
        int64 [rows, number]: pixels with data, and PS among them.
    """
    rows = state.shape[0]
    if codes is None:
        valid = (state != NO_DATA).sum(axis=1, dtype=np.int64)[:, None]
        return valid, (state == 1).sum(axis=1, dtype=np.int64)[:, None]
    places = np.arange(rows)[:, None] * number + codes
    valid = np.bincount(places[state != NO_DATA], minlength=rows * number)
    ps = np.bincount(places[state == 1], minlength=rows * number)
    return valid.reshape(rows, number), ps.reshape(rows, number)


class Tally:
    """Pixels, PS and ground of each code, added up strip by strip.

    Attributes
    ----------
    pixels, ps
        int64 [codes].
    area
        float64 [codes], square metres of the pixels with data.
    no_data
        Pixels without data, of any code.
    """

    def __init__(self, number: int) -> None:
        self.pixels = np.zeros(number, np.int64)
        self.ps = np.zeros(number, np.int64)
        self.area = np.zeros(number)
        self.no_data = 0

    def add(self, state: np.ndarray, codes: Optional[np.ndarray], areas: np.ndarray) -> None:
        """Add a strip; ``areas`` [rows] are the square metres of a pixel of each row."""
        pixels, ps = count_by_code(state, codes, len(self.pixels))
        self.pixels += pixels.sum(axis=0)
        self.ps += ps.sum(axis=0)
        self.area += areas @ pixels
        self.no_data += int(state.size - pixels.sum())


@dataclass
class Agreement:
    """How a mask agrees with a reference, over the pixels where both have data.

    Attributes
    ----------
    true_positive, false_positive, false_negative, true_negative
        Pixels that are PS in both, in the mask alone, in the reference alone, in none.
    excluded
        Pixels without data in one or both.
    """

    true_positive: int = 0
    false_positive: int = 0
    false_negative: int = 0
    true_negative: int = 0
    excluded: int = 0

    def add(self, state: np.ndarray, reference: np.ndarray) -> None:
        """Add a strip of both masks, uint8 [rows, cols]."""
        known = (state != NO_DATA) & (reference != NO_DATA)
        pairs = np.bincount(2 * state[known].astype(np.int64) + reference[known], minlength=4)
        self.true_negative += int(pairs[0])
        self.false_negative += int(pairs[1])
        self.false_positive += int(pairs[2])
        self.true_positive += int(pairs[3])
        self.excluded += int(state.size - known.sum())

    @property
    def precision(self) -> Optional[float]:
        """Share of the mask's PS that are PS of the reference; None without PS."""
        return _share(self.true_positive, self.true_positive + self.false_positive)

    @property
    def recall(self) -> Optional[float]:
        """Share of the reference's PS that the mask has; None without any."""
        return _share(self.true_positive, self.true_positive + self.false_negative)

    @property
    def f1(self) -> Optional[float]:
        """Harmonic mean of precision and recall; None where neither mask has PS."""
        return _share(2 * self.true_positive, 2 * self.true_positive + self.false_positive + self.false_negative)

    @property
    def jaccard(self) -> Optional[float]:
        """PS of both over PS of any; None where neither mask has PS."""
        return _share(self.true_positive, self.true_positive + self.false_positive + self.false_negative)


def _share(part: int, whole: int) -> Optional[float]:
    return part / whole if whole else None


class Groups:
    """Groups of PS that touch (also at corners), found strip by strip from top to bottom.

    Only the groups that reach the last row seen are kept apart, so memory does not grow with the raster.

    Attributes
    ----------
    number
        Groups that are closed; call :meth:`finish` after the last strip.
    largest
        PS of the largest one.
    single
        Groups of one PS: PS without a PS among their eight neighbours.
    """

    def __init__(self) -> None:
        self.number = self.largest = self.single = 0
        self._edge: Optional[np.ndarray] = None
        self._sizes = np.zeros(0, np.int64)

    def add(self, ps: np.ndarray) -> None:
        """Add a strip of PS, bool [rows, cols], that lies right below the one before."""
        labels, found = ndimage.label(ps, structure=np.ones((3, 3), int))
        opened = len(self._sizes)
        sizes = np.concatenate((self._sizes, np.bincount(labels.ravel(), minlength=found + 1)[1:]))
        if not len(sizes):
            self._edge = np.zeros(ps.shape[1], np.int64)
            return
        # Nodes of a graph: first the open groups above, then those of this strip (label 1 is node ``opened``).
        first, last = self._numbers(labels[0], opened), self._numbers(labels[-1], opened)
        above, below = self._touching(first)
        links = coo_matrix((np.ones(len(above), np.int8), (above, below)), shape=(len(sizes), len(sizes)))
        count, member = connected_components(links, directed=False)
        total = np.bincount(member, weights=sizes, minlength=count).astype(np.int64)
        kept = np.unique(member[last[last > 0] - 1])
        closed = np.ones(count, bool)
        closed[kept] = False
        self._close(total[closed])
        renumbered = np.zeros(count, np.int64)
        renumbered[kept] = np.arange(1, len(kept) + 1)
        self._edge = np.where(last > 0, renumbered[member[np.maximum(last, 1) - 1]], 0)
        self._sizes = total[kept]

    def finish(self) -> None:
        """Close the groups that reach the last row."""
        self._close(self._sizes)
        self._sizes, self._edge = np.zeros(0, np.int64), None

    @staticmethod
    def _numbers(labels: np.ndarray, opened: int) -> np.ndarray:
        """Return nodes, counted from 1, of the labels of a row; 0 where there is no PS."""
        return np.where(labels > 0, labels.astype(np.int64) + opened, 0)

    def _touching(self, row: np.ndarray) -> Tuple[np.ndarray, np.ndarray]:
        """Return the pairs of nodes (above, below) that touch across the border between two strips."""
        empty = np.zeros(0, np.int64)
        if self._edge is None:
            return empty, empty
        pairs = []
        for one, other in ((self._edge, row), (self._edge[:-1], row[1:]), (self._edge[1:], row[:-1])):
            both = (one > 0) & (other > 0)
            pairs.append((one[both] - 1, other[both] - 1))
        return np.concatenate([a for a, _ in pairs]), np.concatenate([b for _, b in pairs])

    def _close(self, sizes: np.ndarray) -> None:
        if len(sizes):
            self.number += len(sizes)
            self.largest = max(self.largest, int(sizes.max()))
            self.single += int((sizes == 1).sum())


class Density:
    """PS and ground of cells of some rows and columns, added up strip by strip.

    Parameters
    ----------
    shape
        Rows and columns of the masks.
    cell
        Rows and columns of a cell.

    Attributes
    ----------
    ps
        float64 [cells down, cells along].
    area
        float64, square metres of the pixels with data.
    """

    def __init__(self, shape: Tuple[int, int], cell: Tuple[int, int]) -> None:
        self.cell = cell
        size = (-(-shape[0] // cell[0]), -(-shape[1] // cell[1]))
        self.ps, self.area = np.zeros(size), np.zeros(size)

    def add(self, state: np.ndarray, top: int, areas: np.ndarray) -> None:
        """Add a strip whose first row is ``top``; ``areas`` [rows] are the square metres of a pixel."""
        height, width = self.cell
        first = top // height
        starts = np.maximum(np.arange(first, (top + len(state) - 1) // height + 1) * height - top, 0)
        along = np.arange(0, state.shape[1], width)
        where = slice(first, first + len(starts))
        ps = np.add.reduceat((state == 1).astype(np.float64), along, axis=1)
        ground = np.add.reduceat((state != NO_DATA).astype(np.float64), along, axis=1) * areas[:, None]
        self.ps[where] += np.add.reduceat(ps, starts, axis=0)
        self.area[where] += np.add.reduceat(ground, starts, axis=0)

    def per_km2(self, full: float, least: float = 0.1) -> np.ndarray:
        """Return PS per square kilometre, float32, NaN where less than the share ``least`` of a cell has data.

        ``full`` are the square metres of a whole cell: a cell of a few pixels at the edge of the data would say nothing.
        """
        with np.errstate(invalid="ignore", divide="ignore"):
            found = self.ps / (self.area / 1e6)
        found[self.area < max(least * full, 1e-9)] = np.nan
        return found.astype(np.float32)
