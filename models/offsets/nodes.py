"""Where the offsets of a result lie: nodes at the centres of blocks of the spacing, between those that are computed every 8 px."""

from __future__ import annotations

from typing import Sequence, Tuple

import numpy as np

from stillpoint.models.offsets.lattice import STEP


def count(pixels: int, spacing: int) -> int:
    """Return how many nodes a side of ``pixels`` has: whole blocks, and at least one."""
    return max(pixels // spacing, 1)


def geotransform_of(geotransform: Sequence[float], spacing: int) -> Tuple[float, ...]:
    """Return the geotransform of the nodes: a cell of the result covers its block, so its centre is the node."""
    gt = geotransform
    return gt[0], gt[1] * spacing, gt[2] * spacing, gt[3], gt[4] * spacing, gt[5] * spacing


def inside(start: int, stop: int, spacing: int, nodes: int) -> slice:
    """Return the nodes whose centres, at i * spacing + (spacing - 1) / 2, lie in the pixels from ``start`` to before ``stop``."""
    first = -(-(2 * start - spacing + 1) // (2 * spacing))
    last = -(-(2 * stop - spacing + 1) // (2 * spacing))
    return slice(min(max(first, 0), nodes), min(max(last, 0), nodes))


def sampled(values: np.ndarray, rows: slice, cols: slice, spacing: int, top: int, left: int) -> np.ndarray:
    """Return values at nodes of a result, linear between those that were computed.

    Parameters
    ----------
    values
        [..., rows, cols] at the centres of blocks of 8 px, the first of which begins at pixel (``top``, ``left``). NaN spreads to
        the nodes that lean on it.
    rows, cols
        Nodes of the result.
    spacing
        Pixels between them.
    top, left
        First pixel of ``values``.
    """
    if spacing == STEP:
        first_row, first_col = rows.start - top // STEP, cols.start - left // STEP
        return values[..., first_row : first_row + rows.stop - rows.start, first_col : first_col + cols.stop - cols.start]
    for axis, (part, begin) in enumerate(((rows, top), (cols, left))):
        centres = np.arange(part.start, part.stop) * spacing + (spacing - 1) / 2
        place = np.clip((centres - begin - (STEP - 1) / 2) / STEP, 0, values.shape[axis - 2] - 1)
        low = np.minimum(place.astype(int), max(values.shape[axis - 2] - 2, 0))
        high = np.minimum(low + 1, values.shape[axis - 2] - 1)
        share = (place - low).astype(np.float32)
        share = share[:, None] if axis == 0 else share
        lower, upper = np.take(values, low, axis - 2), np.take(values, high, axis - 2)
        # A node right on a computed one leans on that alone.
        values = np.where(share <= 0, lower, np.where(share >= 1, upper, lower * (1 - share) + upper * share))
    return values
