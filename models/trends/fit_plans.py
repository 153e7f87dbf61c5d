"""What series with one set of epochs have in common in the fits: filters, break columns. numpy only."""

from __future__ import annotations

from functools import lru_cache
from typing import Iterator, Optional, Tuple

import numpy as np

from stillpoint.models.trends.designs import Axis, time_axis, trend_columns
from stillpoint.models.trends.gls import HINGE, Breaks, Gls, NoiseGrid
from stillpoint.models.trends.kinks import HingeProducts, hinge_products

MINIMUM_EPOCHS = 8
MARGIN = 4
_GAPPY_BLOCK = 64
_WORTH_A_PLAN, _WORTH_KEEPING, _WORTH_PRODUCTS = 48, 256, 200  # series
_MOST_EPOCHS = 600
"""Products with all hinges take 13 n² numbers and 26 n³ operations."""


class Plan:
    """Everything that series with one set of epochs share: filters and, once asked for, break columns."""

    def __init__(self, axis: Axis, grid: NoiseGrid, rows: Optional[np.ndarray], valid: Optional[np.ndarray]) -> None:
        columns, constant = trend_columns(axis)
        rows = np.arange(axis.x.size) if rows is None else rows
        self.axis, self.rows, self.valid = axis, rows, valid
        self.constant = constant
        self.linear = constant  # position of the column x
        self.columns = columns[rows]
        self.gls = Gls(axis.years[rows], self.columns, grid, axis.x[rows], valid)
        line = self.columns[:, : self.linear + 1]
        self.line = line.astype(np.float32)
        self.line_inverse = np.linalg.pinv(line).astype(np.float32)
        self._hinges: Optional[Breaks] = None
        self._hinge_products: Optional[HingeProducts] = None

    @property
    def hinges(self) -> Breaks:
        """Hinge columns beside the model L."""
        if self._hinges is None:
            self._hinges = self.gls.breaks(HINGE, self.linear + 1, self.linear, margin=MARGIN)
        return self._hinges

    def hinge_products(self, series: int) -> Optional[HingeProducts]:
        """Return the products with the hinges where they pay for ``series`` series at a time, otherwise None."""
        if self.valid is not None or self.rows.size > _MOST_EPOCHS or self.rows.size < 2 * MINIMUM_EPOCHS:
            return None
        if self._hinge_products is None and series >= _WORTH_PRODUCTS:
            self._hinge_products = hinge_products(self.gls, self.hinges, self.linear + 1)
        return self._hinge_products


@lru_cache(maxsize=4)
def _kept_plan(days: bytes, annual: bool, kept: bytes, grid: Tuple[bytes, ...]) -> Plan:
    """Return the plan of series that share their epochs; the blocks of a file come back to it."""
    axis = time_axis(np.frombuffer(days, "datetime64[D]"), annual=annual)
    return Plan(axis, NoiseGrid(*(np.frombuffer(part) for part in grid)), np.frombuffer(kept, np.int64), None)


def _shared_plan(axis: Axis, grid: NoiseGrid, kept: np.ndarray, series: int) -> Plan:
    if series < _WORTH_KEEPING:
        return Plan(axis, grid, kept, None)
    parts = tuple(np.ascontiguousarray(part, dtype=float).tobytes() for part in grid)
    return _kept_plan(axis.dates.tobytes(), axis.annual, kept.astype(np.int64).tobytes(), parts)


def plans(
    axis: Axis, grid: NoiseGrid, valid: np.ndarray, rows: np.ndarray, *, block: int = 2048
) -> Iterator[Tuple[Plan, np.ndarray]]:
    """Sort series by which epochs they have; yield a plan and the rows of a block of series that it serves.

    Gap patterns shared by many series get a plan of their own on the epochs they have, the others are
    filtered with their own gaps, block by block. ``block`` is the most series of a shared plan that come at a time.
    """
    if not rows.size:
        return
    if valid[rows].all():
        plan = _shared_plan(axis, grid, np.arange(axis.x.size), rows.size)
        for start in range(0, rows.size, block):
            yield plan, rows[start : start + block]
        return
    packed = np.packbits(valid[rows], axis=1)
    _, first, inverse, count = np.unique(packed, axis=0, return_index=True, return_inverse=True, return_counts=True)
    inverse = inverse.ravel()
    shared = (count >= _WORTH_A_PLAN) | (rows.size == 1)
    for pattern in np.flatnonzero(shared):
        kept = np.flatnonzero(valid[rows[first[pattern]]])
        members = rows[inverse == pattern]
        plan = _shared_plan(axis, grid, kept, members.size)
        for start in range(0, members.size, block):
            yield plan, members[start : start + block]
    rest = rows[~shared[inverse]]
    for start in range(0, rest.size, _GAPPY_BLOCK):
        part = rest[start : start + _GAPPY_BLOCK]
        kept = np.flatnonzero(valid[part].any(0))
        yield Plan(axis, grid, kept, valid[part][:, kept].T), part
