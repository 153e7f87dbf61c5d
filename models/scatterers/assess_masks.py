"""PS masks, and PS points as masks, read strip by strip on one grid."""

from __future__ import annotations

from pathlib import Path
from typing import Dict, List, Optional, Sequence, Union

import numpy as np
from osgeo import gdal, ogr

from stillpoint.models.errors import StillpointError
from stillpoint.models.rasters.windows import Window, read_window
from stillpoint.models.scatterers.assess_grid import grid_of
from stillpoint.models.scatterers.assess_sources import VectorLayer, is_raster, open_raster, open_vector

NOT, PS, NO_DATA = 0, 1, 255
"""Values of a mask."""

_POINT_KINDS = (ogr.wkbPoint, ogr.wkbMultiPoint)


class RasterMask:
    """A PS mask in a raster.

    Attributes
    ----------
    path, name
        The file, and what it is called in tables.
    grid
        Its grid.
    items
        Metadata items, keys in capitals.
    notes
        Sentences on what was assumed.
    """

    def __init__(self, path: str, dataset: gdal.Dataset) -> None:
        self.path = path
        self.name = Path(path).stem
        self.grid = grid_of(dataset)
        self.items: Dict[str, str] = {key.upper(): value for key, value in (dataset.GetMetadata() or {}).items()}
        self.notes: List[str] = []
        self._dataset = dataset
        self._band = dataset.GetRasterBand(1)
        nodata = self._band.GetNoDataValue()
        self._nodata = nodata
        if nodata in (NOT, PS):
            self._nodata = None
            self.notes.append(
                f"{path} declares {nodata:g} as its no-data value; it is taken for {'PS' if nodata else 'not PS'} all the same."
            )

    def read(self, rows: slice) -> np.ndarray:
        """Return some rows as uint8 [rows, cols]: 1 PS, 0 not, 255 no data.

        Raises
        ------
        StillpointError
            The file cannot be read there, or holds other values than a mask does.
        """
        values = read_window(self._band, self.path, self._window(rows))
        missing = self._missing(rows)
        if values.dtype.kind == "c":
            raise StillpointError(f"{self.path} is no PS mask: it holds complex values.")
        missing = (values == NO_DATA) | ~np.isfinite(values) if missing is None else missing | (values == NO_DATA)
        if self._nodata is not None:
            missing |= values == self._nodata
        ps = values == PS
        other = ~(ps | (values == NOT) | missing)
        if other.any():
            row, col = np.argwhere(other)[0]
            raise StillpointError(
                f"{self.path} is no PS mask: it holds {values[row, col]:g} at row {rows.start + row + 1}, column {col + 1}. "
                "A mask holds 1 for PS, 0 for not and 255 for no data; cut a probability at its threshold first."
            )
        state = ps.astype(np.uint8)
        state[missing] = NO_DATA
        return state

    def _missing(self, rows: slice) -> Optional[np.ndarray]:
        """Return where a mask or alpha band hides pixels; None where there is none."""
        if self._band.GetMaskFlags() & (gdal.GMF_ALL_VALID | gdal.GMF_NODATA):
            return None
        return read_window(self._band, self.path, self._window(rows), masked=True) == 0

    def _window(self, rows: slice) -> Window:
        return 0, rows.start, self.grid.shape[1], rows.stop - rows.start


class PointMask:
    """PS points as a mask on the grid of a raster mask, whose no-data pixels it shares."""

    def __init__(self, path: str, source: VectorLayer, base: RasterMask) -> None:
        self.path = path
        self.name = source.name
        self.grid = base.grid
        self.items: Dict[str, str] = {}
        self.notes: List[str] = list(source.notes)
        self._base = base
        self._source = source

    def read(self, rows: slice) -> np.ndarray:
        """Return some rows as uint8 [rows, cols]: 1 where a point lies, else 0, 255 where the grid's mask has no data."""
        canvas = self.grid.canvas(rows, gdal.GDT_Byte)
        self._source.burn(canvas, self.grid.bounds(rows))
        state: np.ndarray = canvas.ReadAsArray()
        state[self._base.read(rows) == NO_DATA] = NO_DATA
        return state


def open_masks(paths: Sequence[str], reference: Optional[str] = None) -> List[Mask]:
    """Open masks, the reference (where given) last; point layers become masks on the grid of the first raster.

    Raises
    ------
    StillpointError
        One cannot be read, is neither mask nor points, lies on another grid, or there is no raster among them.
    """
    twice = next((path for path in paths if list(paths).count(path) > 1), None)
    if twice:
        raise StillpointError(f"The mask {twice} is given twice. Name each mask once.")
    every = [*paths, *([reference] if reference else [])]
    rasters = {path: RasterMask(path, open_raster(path, "The mask")) for path in dict.fromkeys(every) if is_raster(path)}
    first = next((rasters[path] for path in every if path in rasters), None)
    made: List[Mask] = []
    for path in every:
        if path in rasters:
            made.append(rasters[path])
            continue
        source, layer = open_vector(path, "The mask", _POINT_KINDS)
        if ogr.GT_Flatten(layer.GetGeomType()) not in (*_POINT_KINDS, ogr.wkbUnknown):
            raise StillpointError(f"{path} is no PS mask: give a raster, or a layer of points.")
        del source, layer
        if first is None:
            raise StillpointError(
                f"{path} holds points, which need a raster to be counted on: give a mask as raster beside it, "
                "as another mask or as the reference."
            )
        made.append(_points(path, first))
    base = made[0]
    for mask in made:
        difference = base.grid.difference(mask.grid)
        if difference:
            raise StillpointError(
                f"The masks lie on different grids: {mask.path} differs from {base.path}, {difference}. "
                "Bring them onto one grid first (in QGIS: Warp, or Align Rasters, with nearest neighbour)."
            )
    _name_apart(made[: len(paths)])
    return made


def _points(path: str, base: RasterMask) -> PointMask:
    """Return a point layer as a mask."""
    source = VectorLayer(path, base.grid, "The points", _POINT_KINDS)
    taken = sum(source.add(feature, PS) for feature in source.layer)
    if not taken:
        raise StillpointError(f"{path} has no points.")
    west, south, east, north = base.grid.bounds()
    left, bottom, right, top = source.extent()
    if left > east or right < west or bottom > north or top < south:
        raise StillpointError(f"The points {path} lie outside of the mask {base.path}. Check the coordinate reference systems.")
    return PointMask(path, source, base)


def _name_apart(masks: Sequence[Mask]) -> None:
    """Give masks of the same name their folder's too, or a number."""
    stems = [mask.name for mask in masks]
    used: Dict[str, int] = {}
    for mask in masks:
        if stems.count(mask.name) > 1:
            mask.name = f"{Path(mask.path.split('|')[0]).resolve().parent.name}/{mask.name}"
        used[mask.name] = used.get(mask.name, 0) + 1
        if used[mask.name] > 1:
            mask.name = f"{mask.name} ({used[mask.name]})"


Mask = Union[RasterMask, PointMask]
