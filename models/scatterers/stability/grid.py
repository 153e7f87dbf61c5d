"""The cells in which the phase of candidates is summed before it is filtered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Tuple

import numpy as np
import torch

SLACK = 1e-6
"""Metres; a distance of whole cells, computed in floating point, falls into the upper cell."""

BATCH = 65_536

PIXELS = 2
"""Fewest pixels along a side of a cell. One alone would be compared with little but itself where pixels are coarse."""


@dataclass(frozen=True)
class CellGrid:
    """Square cells over the candidates.

    Attributes
    ----------
    shape
        Number of cells along rows and columns.
    size
        Sides of a cell in metres along rows and columns.
    spacing
        Metres between two pixels along rows and columns.
    first
        Smallest row and column of the candidates, where the first cell begins.
    """

    shape: Tuple[int, int]
    size: Tuple[float, float]
    spacing: Tuple[float, float]
    first: Tuple[int, int]

    @classmethod
    def over(cls, rows: np.ndarray, cols: np.ndarray, *, spacing: Tuple[float, float], cell: float) -> CellGrid:
        """Return the grid over the pixels at ``rows`` and ``cols``; a cell is at least two pixels in each direction."""
        size = (max(cell, PIXELS * spacing[0]), max(cell, PIXELS * spacing[1]))
        first = (int(rows.min()), int(cols.min()))
        last = (int(rows.max()), int(cols.max()))
        counts = [
            # The last row and column of cells, partly filled, are merged with the one before.
            max(int(((last[axis] - first[axis]) * spacing[axis] + SLACK) // size[axis]), 1)
            for axis in (0, 1)
        ]
        return cls((counts[0], counts[1]), size, (float(spacing[0]), float(spacing[1])), first)

    def index(self, rows: torch.Tensor, cols: torch.Tensor) -> torch.Tensor:
        """Return the flat cell index of pixels, int64; pixels outside get the nearest cell."""
        parts = []
        for axis, values in enumerate((rows, cols)):
            distance = (values - self.first[axis]).to(torch.float64) * self.spacing[axis] + SLACK
            parts.append(torch.floor(distance / self.size[axis]).to(torch.int64).clamp(0, self.shape[axis] - 1))
        return parts[0] * self.shape[1] + parts[1]


def cell_sums(
    z: torch.Tensor, weight: torch.Tensor, k: torch.Tensor, baselines: torch.Tensor, cell: torch.Tensor, grid: CellGrid
) -> torch.Tensor:
    """Return the weighted sum of the candidates' phasors, their height error taken off, in each cell.

    Parameters
    ----------
    z
        complex64 [pixels, n].
    weight, k
        float32 [pixels]; a pixel whose K is NaN does not count.
    baselines
        float32 [n], metres.
    cell
        int64 [pixels], from :meth:`CellGrid.index`.
    grid
        The cells.

    Returns
    -------
    complex64 [n, cell rows, cell columns]; 0 where a cell is empty.
    """
    count = z.shape[1]
    # Double precision makes the order in which a GPU adds invisible.
    total = torch.zeros(grid.shape[0] * grid.shape[1], 2 * count, dtype=torch.float64, device=z.device)
    usable = torch.isfinite(k) & torch.isfinite(weight)
    weight = torch.where(usable, weight, 0.0)
    k = torch.where(usable, k, 0.0)
    for start in range(0, len(z), BATCH):
        part = slice(start, start + BATCH)
        turn = -k[part, None] * baselines
        values = z[part] * torch.complex(torch.cos(turn), torch.sin(turn)) * weight[part, None]
        total.index_add_(0, cell[part], torch.view_as_real(values).flatten(1).to(torch.float64))
    sums = torch.view_as_complex(total.reshape(-1, count, 2)).to(torch.complex64)
    return sums.T.reshape(count, *grid.shape).contiguous()
