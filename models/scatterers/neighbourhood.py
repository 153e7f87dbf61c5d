"""The phase that a pixel's surroundings share at every date, whatever the reference date.

The unit phasors ``z`` [dates] of a pixel are known up to one factor a pixel (the choice of the reference date) and one
factor a date (atmosphere, orbit, a constant added to an interferogram). The products ``z z^H`` don't know the first
factor, so the matrix that a cell of pixels sums them into, and its first eigenvector, are the same for every choice of
the reference date; the second factor turns the eigenvector along and cancels when a pixel is compared with it. This is the
patch phase of Hooper et al. (2007) without a favoured date, found by the eigenvector of the coherence matrix as in
phase linking (Fornaro et al. 2015, doi:10.1109/TGRS.2014.2352853).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import List, Sequence, Tuple

import torch
from torch import Tensor

CELL = 8
"""Pixels a side of a cell."""

Window = Tuple[int, int, int, int]
"""First and last (exclusive) row, first and last column of pixels, counted in a block."""


@dataclass(frozen=True)
class Grid:
    """How a block of pixels lies on the cells, which are anchored at the raster's first pixel.

    Attributes
    ----------
    rows, cols
        Size of the block in pixels.
    before
        Pixels missing before the block's first row and column in its first cell.
    cells
        Rows and columns of cells that the block touches.
    """

    rows: int
    cols: int
    before: Tuple[int, int]
    cells: Tuple[int, int]

    @classmethod
    def of(cls, shape: Tuple[int, int], origin: Tuple[int, int]) -> Grid:
        """Return the grid of a block of ``shape`` whose first pixel is ``origin`` of the raster."""
        before = (origin[0] % CELL, origin[1] % CELL)
        cells = (-(-(before[0] + shape[0]) // CELL), -(-(before[1] + shape[1]) // CELL))
        return cls(shape[0], shape[1], before, cells)

    def gather(self, maps: Tensor) -> Tensor:
        """Return ``maps`` [k, rows, cols] as [cells, k, CELL²], zero outside the block."""
        count = maps.shape[0]
        padded = maps.new_zeros((count, self.cells[0] * CELL, self.cells[1] * CELL))
        padded[:, self.before[0] : self.before[0] + self.rows, self.before[1] : self.before[1] + self.cols] = maps
        split = padded.view(count, self.cells[0], CELL, self.cells[1], CELL)
        return split.permute(1, 3, 0, 2, 4).reshape(self.cells[0] * self.cells[1], count, CELL * CELL)


def matrices(phasor: Tensor, weight: Tensor, grid: Grid) -> Tensor:
    """Return the sum of ``weight z z^H`` over each cell.

    Parameters
    ----------
    phasor
        complex64 [dates, rows, cols], 0 where missing.
    weight
        float32 [rows, cols].
    grid
        How the block lies on the cells.

    Returns
    -------
    complex64 [cell rows, cell cols, dates, dates].
    """
    root = weight.clamp_min(0).sqrt()
    dates = phasor.shape[0]
    made = []
    # By rows of cells: the gathered copy of a whole block would double the memory.
    for row in range(grid.cells[0]):
        first = max(row * CELL - grid.before[0], 0)
        last = min((row + 1) * CELL - grid.before[0], grid.rows)
        strip = Grid(last - first, grid.cols, (max(grid.before[0] - row * CELL, 0), grid.before[1]), (1, grid.cells[1]))
        values = strip.gather(phasor[:, first:last] * root[first:last])
        made.append(values @ values.mH)
    return torch.stack(made).view(grid.cells[0], grid.cells[1], dates, dates)


def triangle(half: int) -> List[float]:
    """Return the triangular kernel that reaches ``half`` cells (even: two passes of a box): 2 half + 1 numbers that sum to 1."""
    heights = [half + 1 - abs(step) for step in range(-half, half + 1)]
    return [height / sum(heights) for height in heights]


def spread(cells: Tensor, kernel: Sequence[float]) -> Tensor:
    """Smooth [cell rows, cell cols, ...] along both axes with an odd symmetric ``kernel``; nothing comes from outside."""
    for axis in (0, 1):
        half = len(kernel) // 2
        size = cells.shape[axis]
        result = cells * kernel[half]
        for shift in range(1, min(half, size - 1) + 1):
            factor = kernel[half + shift]
            result.narrow(axis, 0, size - shift).add_(cells.narrow(axis, shift, size - shift), alpha=factor)
            result.narrow(axis, shift, size - shift).add_(cells.narrow(axis, 0, size - shift), alpha=factor)
        cells = result
    return cells


def shared_phase(matrix: Tensor, *, steps: int = 8) -> Tensor:
    """Return the matrix times its first eigenvector, by power iteration.

    The start is the column with the greatest norm: it turns along with a factor a date, and knows no reference date.

    Parameters
    ----------
    matrix
        complex64 [..., dates, dates], Hermitian.
    steps
        Passes of the iteration.

    Returns
    -------
    complex64 [..., dates]; its modulus tells how coherent each date is.
    """
    strongest = matrix.abs().square().sum(dim=-2).argmax(dim=-1)
    index = strongest[..., None, None].expand(*matrix.shape[:-1], 1)
    vector = torch.gather(matrix, -1, index)
    for _ in range(steps):
        # Unit modulus keeps a single bright date from ruling, as the phases are what is looked for.
        vector = matrix @ torch.sgn(vector)
    return vector[..., 0]


def at_pixels(vectors: Tensor, grid: Grid, window: Window) -> Tensor:
    """Interpolate the vectors of the cells at the pixels of a window.

    Each cell's vector has a free factor of its own, so the four around a pixel are first turned to the strongest of them.

    Parameters
    ----------
    vectors
        complex64 [cell rows, cell cols, dates].
    grid
        How the block lies on the cells.
    window
        First and last (exclusive) row and column, in the block.

    Returns
    -------
    complex64 [dates, rows, cols] of the window.
    """
    dates = vectors.shape[-1]
    rows, cols = grid.cells
    index_rows = torch.arange(-1, rows + 1, device=vectors.device).clamp(0, rows - 1)
    index_cols = torch.arange(-1, cols + 1, device=vectors.device).clamp(0, cols - 1)
    framed = vectors[index_rows][:, index_cols]
    table = _bilinear(vectors.device)
    half = CELL // 2
    # Quads lie between the centres of cells: their first pixel is half a cell before the block's first cell.
    top, bottom = grid.before[0] + half + window[0], grid.before[0] + half + window[1]
    left, right = grid.before[1] + half + window[2], grid.before[1] + half + window[3]
    first_row, last_row, first_col, last_col = top // CELL, -(-bottom // CELL), left // CELL, -(-right // CELL)
    framed = framed[first_row : last_row + 1, first_col : last_col + 1]
    quads = last_col - first_col
    result = vectors.new_empty((dates, (last_row - first_row) * CELL, quads * CELL))
    for row in range(last_row - first_row):
        corners = torch.stack([framed[row, :-1], framed[row, 1:], framed[row + 1, :-1], framed[row + 1, 1:]], dim=1)
        strongest = corners.abs().square().sum(dim=-1).argmax(dim=1)
        lead = torch.gather(corners, 1, strongest[:, None, None].expand(-1, 1, dates))
        turn = torch.sgn((corners.conj() * lead).sum(dim=-1, keepdim=True))
        inner = table @ (corners * turn)  # [quads, CELL², dates]
        strip = inner.view(quads, CELL, CELL, dates).permute(3, 1, 0, 2).reshape(dates, CELL, quads * CELL)
        result[:, row * CELL : (row + 1) * CELL] = strip
    top, left = top - first_row * CELL, left - first_col * CELL
    return result[:, top : top + window[1] - window[0], left : left + window[3] - window[2]]


def own_share(kernel: Sequence[float], grid: Grid, window: Window, device: torch.device) -> Tensor:
    """Return with which factor a pixel's own ``w z z^H`` enters the matrix interpolated at it: float32, of the window."""
    centre = len(kernel) // 2
    k0, k1 = kernel[centre], (kernel[centre + 1] if len(kernel) > 1 else 0.0)
    offset = (torch.arange(CELL, device=device, dtype=torch.float32) + 0.5) / CELL - 0.5
    along = k0 * (1 - offset.abs()) + k1 * offset.abs()
    rows = along[(torch.arange(window[0], window[1], device=device) + grid.before[0]) % CELL]
    cols = along[(torch.arange(window[2], window[3], device=device) + grid.before[1]) % CELL]
    return rows[:, None] * cols[None, :]


def _bilinear(device: torch.device) -> Tensor:
    along = (torch.arange(CELL, dtype=torch.float32, device=device) + 0.5) / CELL
    down, right = along[:, None], along[None, :]
    weights = torch.stack(
        [(1 - down) * (1 - right), (1 - down) * right, down * (1 - right), down * right], dim=-1
    )
    return weights.reshape(CELL * CELL, 4).to(torch.complex64)
