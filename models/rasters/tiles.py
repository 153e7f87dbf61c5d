"""Windows that cover a raster, with an overlap so that no seam shows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Iterator, Tuple, Union


@dataclass(frozen=True)
class Tile:
    """A window to compute: what is written, and what is read for it.

    Attributes
    ----------
    rows, cols
        The window that is written; all tiles together cover the raster once.
    read_rows, read_cols
        The window that is read: larger by the overlap, cut at the edges of the raster.
    """

    rows: slice
    cols: slice
    read_rows: slice
    read_cols: slice

    @property
    def inner(self) -> Tuple[slice, slice]:
        """Rows and columns of what is written within what is read."""
        top, left = self.rows.start - self.read_rows.start, self.cols.start - self.read_cols.start
        return slice(top, top + self.rows.stop - self.rows.start), slice(left, left + self.cols.stop - self.cols.start)


def mark_of(tile: Tile) -> str:
    """Return a name for a tile that tells it from all others of the raster: rows and columns of what is written."""
    return f"r{tile.rows.start}-{tile.rows.stop}-c{tile.cols.start}-{tile.cols.stop}"


def read_pixels(tile: Tile) -> int:
    """Return how many pixels are read for a tile, its overlap among them."""
    return (tile.read_rows.stop - tile.read_rows.start) * (tile.read_cols.stop - tile.read_cols.start)


def tiles(shape: Tuple[int, int], side: Union[int, Tuple[int, int]], *, overlap: int = 0) -> Iterator[Tile]:
    """Yield tiles of at most ``side`` pixels a side over a raster of ``shape``, row by row.

    Parameters
    ----------
    shape
        Rows and columns of the raster.
    side
        Rows and columns of a tile without the overlap; one number for both, or two.
    overlap
        Pixels that are read beyond each side: the receptive field of what is computed.

    Examples
    --------
    >>> [(tile.rows, tile.read_rows) for tile in tiles((5, 3), 3, overlap=1)]
    [(slice(0, 3, None), slice(0, 4, None)), (slice(3, 5, None), slice(2, 5, None))]
    """
    high, wide = (side, side) if isinstance(side, int) else side
    if min(high, wide) < 1 or overlap < 0:
        raise ValueError("a tile has at least one pixel, and an overlap at least none")
    rows, cols = shape
    for top in range(0, rows, high):
        for left in range(0, cols, wide):
            bottom, right = min(top + high, rows), min(left + wide, cols)
            yield Tile(
                slice(top, bottom), slice(left, right),
                slice(max(top - overlap, 0), min(bottom + overlap, rows)),
                slice(max(left - overlap, 0), min(right + overlap, cols)),
            )
