"""Brings the images of a stack onto one grid, or says which of them does not fit."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import List, Optional, Sequence, Tuple

import numpy as np
from osgeo import osr

from stillpoint.models.errors import StillpointError
from stillpoint.models.rasters.product import NO_TRANSFORM, Layer

_TOLERANCE = 0.05
"""Pixels by which grids may differ and still be one: names in degrees are rounded by many a program."""


@dataclass(frozen=True)
class Grid:
    """Size and place of a raster."""

    size: Tuple[int, int]
    geotransform: Tuple[float, ...]
    projection: str

    @property
    def located(self) -> bool:
        """Whether the raster has coordinates."""
        return self.geotransform != NO_TRANSFORM


def grid_of(layer: Layer) -> Grid:
    """Return the grid of the file of ``layer``."""
    return Grid(layer.size, tuple(layer.geotransform), layer.projection)


def same_crs(first: str, second: str) -> bool:
    """Whether two WKT texts mean the same coordinate reference system; an unknown one fits any."""
    if first == second or not first or not second:
        return True
    systems = []
    for wkt in (first, second):
        reference = osr.SpatialReference()
        try:
            reference.ImportFromWkt(wkt)
        except RuntimeError:
            return False
        systems.append(reference)
    return bool(systems[0].IsSame(systems[1]))


def _shift(grid: Grid, anchor: Grid) -> Optional[Tuple[int, int]]:
    """Return by how many rows and columns ``grid`` begins after ``anchor``; None where their pixels don't coincide."""
    if grid.located != anchor.located or not same_crs(grid.projection, anchor.projection):
        return None
    ours, theirs = np.array(grid.geotransform), np.array(anchor.geotransform)
    if not grid.located:
        return (0, 0)
    matrix = np.array([[theirs[1], theirs[2]], [theirs[4], theirs[5]]])
    steps = np.array([[ours[1], ours[2]], [ours[4], ours[5]]])
    drift = np.abs(np.linalg.solve(matrix, steps - matrix)) * max(grid.size)
    if drift.max() > _TOLERANCE:
        return None
    column, row = np.linalg.solve(matrix, ours[[0, 3]] - theirs[[0, 3]])
    if max(abs(row - round(row)), abs(column - round(column))) > _TOLERANCE:
        return None
    return round(float(row)), round(float(column))


def _difference(grid: Grid, anchor: Grid) -> str:
    """Return how ``grid`` differs from ``anchor``, for people."""
    if not same_crs(grid.projection, anchor.projection):
        names = []
        for wkt in (grid.projection, anchor.projection):
            reference = osr.SpatialReference()
            reference.ImportFromWkt(wkt)
            names.append(reference.GetName() or "an unnamed system")
        return f"its coordinate reference system is {names[0]}, that of the others {names[1]}"
    if grid.located != anchor.located:
        return "it has coordinates and the others have none" if grid.located else "it has no coordinates and the others have"
    if grid.size != anchor.size:
        return "it has {} x {} pixels, the others {} x {}".format(*grid.size, *anchor.size)
    steps = (abs(grid.geotransform[1]), abs(grid.geotransform[5])), (abs(anchor.geotransform[1]), abs(anchor.geotransform[5]))
    if not np.allclose(*steps, rtol=1e-6):
        return f"its pixels are {steps[0][0]:g} x {steps[0][1]:g}, those of the others {steps[1][0]:g} x {steps[1][1]:g}"
    return "its pixels lie between those of the others"


def common_grid(layers: Sequence[Layer], *, target: Optional[Grid] = None) -> Tuple[List[Layer], Grid, List[str]]:
    """Cut ``layers`` to the part that all of them cover.

    Parameters
    ----------
    layers
        Images of one stack.
    target
        Grid to cut to; the common part of the layers where None.

    Returns
    -------
    layers, grid, notes
        The layers with their windows set, the grid of the stack, and sentences.

    Raises
    ------
    StillpointError
        A file lies on another grid than the others, or there is no common part.
    """
    grids = [grid_of(layer) for layer in layers]
    anchor = target or Counter(grids).most_common(1)[0][0]
    shifts = []
    for layer, grid in zip(layers, grids):
        shift = _shift(grid, anchor)
        if shift is None or (not grid.located and grid.size != anchor.size):
            raise StillpointError(
                f"{layer.path} does not fit the other files: {_difference(grid, anchor)}. Leave it out, or bring all files "
                "onto one grid (gdalwarp with -te, -tr and -t_srs)."
            )
        shifts.append(shift)
    top, left = (0, 0) if target else (max(shift[0] for shift in shifts), max(shift[1] for shift in shifts))
    bottoms = [shift[0] + grid.size[0] for shift, grid in zip(shifts, grids)]
    rights = [shift[1] + grid.size[1] for shift, grid in zip(shifts, grids)]
    bottom, right = anchor.size if target else (min(bottoms), min(rights))
    for layer, shift, low, wide in zip(layers, shifts, bottoms, rights):
        if target and (shift[0] > top or shift[1] > left or low < bottom or wide < right):
            raise StillpointError(f"{layer.path} does not cover the whole stack.")
    if bottom <= top or right <= left:
        raise StillpointError(f"{layers[0].path} and the other files have no part in common: they show different places.")
    place = list(anchor.geotransform)
    if anchor.located:
        place[0] += left * place[1] + top * place[2]
        place[3] += left * place[4] + top * place[5]
    projection = anchor.projection or next((grid.projection for grid in grids if grid.projection), "")
    grid = Grid((bottom - top, right - left), tuple(place), projection)
    cut = [replace(layer, window=(top - shift[0], left - shift[1])) for layer, shift in zip(layers, shifts)]
    notes = []
    if len(set(grids)) > 1 and not target and any(item.size != grid.size for item in grids):
        largest = max(item.size for item in grids)
        notes.append(
            f"The files cover different extents on the same grid (up to {largest[0]} x {largest[1]} pixels); "
            f"the stack holds their common part of {grid.size[0]} x {grid.size[1]} pixels."
        )
    return cut, grid, notes
