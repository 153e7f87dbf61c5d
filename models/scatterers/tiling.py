"""How a raster is cut up for a method of selection: as large as memory allows, whatever the raster and the machine."""

from __future__ import annotations

import math
from typing import Tuple

from stillpoint.models.rasters.tiles import Tile
from stillpoint.models.scatterers.methods import Method
from stillpoint.models.scatterers.sight import Sight
from stillpoint.models.scatterers.work import SMALLEST

SMALLEST_TILE, LARGEST_TILE = 96, 1024
PATCH_VALUES, SMALLEST_PATCH = 16_000_000, 256
"""Pixels times dates of the patches that phase stability works through, and their smallest side."""

READING = 24
"""Bytes for each pixel and band while a window is read."""


def bytes_a_pixel(method: Method, sight: Sight) -> float:
    """Return the memory that a pixel takes while it is judged."""
    epochs = sight.epochs
    pairs = 0 if epochs.kind != "network" or epochs.pairs is None else len(epochs.pairs)
    return len(epochs.dates) * method.bytes_a_value + method.bytes_a_pixel + pairs * READING


def threads_for(method: Method, sight: Sight, memory: float, most: int, *, fixed: bool = False) -> int:
    """Return how many tiles are judged at a time: more threads have smaller tiles, which are mostly halo in the end.

    Parameters
    ----------
    method, sight
        What is judged, and how.
    memory
        Bytes that the tiles at work may take together.
    most
        Tiles at a time at most.
    fixed
        Whether there are ``most`` at a time whatever is wished, as on a worker of a cluster.
    """
    if fixed:
        return most
    if method.device != "cpu" or method.whole:
        return 1

    def pixels(threads: int) -> float:
        room = math.sqrt(memory / threads / bytes_a_pixel(method, sight))
        side = min(room - 2 * method.halo, LARGEST_TILE)
        return threads * (side / (side + 2 * method.halo)) ** 2 if side >= SMALLEST_TILE else 0.0

    return max(range(1, most + 1), key=pixels)


def smallest(method: Method, sight: Sight) -> int:
    """Return the pixels a side below which a tile is not cut up when memory runs out."""
    metres = min(sight.stack.spacing_m)
    return max(math.ceil(method.least / metres) - method.halo, SMALLEST_PATCH if method.whole else SMALLEST)


def sides(method: Method, sight: Sight, threads: int, shape: Tuple[int, int], memory: float) -> Tuple[int, int]:
    """Return rows and columns of the tiles: as large as memory allows, so that the halo weighs little, and alike.

    The methods that look at patches say nothing of a narrow remainder at the edge, nor of a patch of too few metres.
    """
    if method.whole:
        pairs = sight.epochs.pairs
        values = len(sight.epochs.dates) if pairs is None else max(len(sight.epochs.dates), len(pairs))
        room = memory / threads / method.bytes_a_value
        side = max(int(math.sqrt(min(PATCH_VALUES, room) / values)), SMALLEST_PATCH)
    else:
        room = math.sqrt(memory / threads / bytes_a_pixel(method, sight))
        side = int(min(max(room - 2 * method.halo, SMALLEST_TILE), LARGEST_TILE))
    spacing = sight.stack.spacing_m
    least = [max(math.ceil(method.least / step) - method.halo, 1) for step in spacing]
    counts = [max(min(-(-length // side), length // low), 1) for length, low in zip(shape, least)]
    return -(-shape[0] // counts[0]), -(-shape[1] // counts[1])


def shifted(tile: Tile, top: int, left: int, shape: Tuple[int, int], halo: int) -> Tile:
    """Return a tile of a window as one of the raster of ``shape``, with its halo."""
    rows = slice(tile.rows.start + top, tile.rows.stop + top)
    cols = slice(tile.cols.start + left, tile.cols.stop + left)
    return Tile(
        rows, cols,
        slice(max(rows.start - halo, 0), min(rows.stop + halo, shape[0])),
        slice(max(cols.start - halo, 0), min(cols.stop + halo, shape[1])),
    )  # fmt: skip
