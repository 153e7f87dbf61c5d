"""Overlapping patches of a raster that is too large to be worked off at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Iterator, List, Tuple

from stillpoint.models.scatterers.stability.clap import WINDOW
from stillpoint.models.scatterers.stability.grid import PIXELS


@dataclass(frozen=True)
class Patch:
    """One patch: what is read, and the part of it whose result is kept.

    Attributes
    ----------
    outer
        Rows and columns that are read.
    inner
        Rows and columns, of the whole raster too, that are kept; those of all patches tile the raster.
    """

    outer: Tuple[slice, slice]
    inner: Tuple[slice, slice]


def patches(
    shape: Tuple[int, int],
    *,
    spacing: Tuple[float, float],
    cell: float = 50.0,
    pixels: int = 4_000_000,
    overlap: Tuple[int, int] = (200, 50),
) -> Iterator[Patch]:
    """Yield the patches of a raster, row by row.

    Parameters
    ----------
    shape
        Rows and columns of the raster.
    spacing
        Metres between two rows and two columns.
    cell
        Side of a cell in metres: no patch is smaller than the filter's windows.
    pixels
        Largest number of pixels kept of a patch.
    overlap
        Rows and columns that a patch sees beyond what is kept.
    """
    least = [int(WINDOW * max(cell, PIXELS * step) / step) + 1 for step in spacing]
    side = max(pixels, 1) ** 0.5
    counts = [1, 1]
    if shape[0] * shape[1] > pixels:
        counts = [max(min(round(length / side), length // low), 1) for length, low in zip(shape, least)]
    rows, cols = (_spans(length, count) for length, count in zip(shape, counts))
    for top, bottom in rows:
        for left, right in cols:
            outer = (
                slice(max(top - overlap[0], 0), min(bottom + overlap[0], shape[0])),
                slice(max(left - overlap[1], 0), min(right + overlap[1], shape[1])),
            )
            yield Patch(outer, (slice(top, bottom), slice(left, right)))


def _spans(length: int, count: int) -> List[Tuple[int, int]]:
    edges = [length * number // count for number in range(count + 1)]
    return list(zip(edges[:-1], edges[1:]))
