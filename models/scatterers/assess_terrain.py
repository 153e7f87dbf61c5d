"""The terrain under the masks as the radar sees it: R-index and class of visibility of each pixel."""

from __future__ import annotations

from typing import List, Tuple

import numpy as np
from osgeo import gdal

from stillpoint.models.errors import StillpointError
from stillpoint.models.scatterers import rindex
from stillpoint.models.scatterers.assess_grid import Grid, grid_of
from stillpoint.models.scatterers.assess_sources import open_raster
from stillpoint.models.scatterers.assess_zones import warped

_FINER = 1.5


class Terrain:
    """An elevation model on the grid of the masks, read strip by strip.

    Parameters
    ----------
    path
        Elevation model in metres, in any reference system.
    grid
        Grid of the masks.
    incidence, heading
        Incidence angle and flight direction, degrees.
    looking
        ``"right"`` or ``"left"``.

    Attributes
    ----------
    notes
        Sentences on what was assumed.

    Raises
    ------
    StillpointError
        The model cannot be read, or the masks have no coordinates to lay it over.
    """

    def __init__(self, path: str, grid: Grid, *, incidence: float, heading: float, looking: str = "right") -> None:
        self.path, self._grid = path, grid
        self._incidence, self._heading, self._looking = incidence, heading, looking
        self.notes: List[str] = []
        self._dataset = open_raster(path, "The DEM")
        own = grid_of(self._dataset)
        if not own.placed or not grid.placed:
            raise StillpointError(
                f"The DEM {path} cannot be laid over the masks: {'it has' if grid.placed else 'the masks have'} no coordinates. "
                "The R-index needs masks on a map, not in radar geometry."
            )
        if own.crs is None and grid.crs is not None:
            self.notes.append(f"{path} has no coordinate reference system: that of the masks is taken.")
        fine = min(own.pixel_metres) * _FINER < min(grid.pixel_metres) if own.crs is not None else False
        self._method = "average" if fine else "cubic"
        flat = float(np.sin(np.radians(incidence)))
        if not rindex.FAVOURABLE_RANGE[0] - 1e-9 <= flat <= rindex.FAVOURABLE_RANGE[1]:
            self.notes.append(
                f"At an incidence angle of {incidence:g} degrees flat ground has an R-index of {flat:.2f}, outside of 0.5 to 0.9."
            )

    def read(self, rows: slice) -> Tuple[np.ndarray, np.ndarray]:
        """Return R-index (float32, NaN unknown) and class (uint8, see :data:`rindex.CLASSES`) of some rows."""
        elevation = warped(
            self._dataset, self._grid, rows, gdal.GDT_Float64, self._method, path=f"The DEM {self.path}", margin=1
        )
        east, north = rindex.gradient(elevation, self._grid.steps[rows])
        slope = rindex.facing_slope(east, north, self._heading, self._looking)
        return rindex.r_index(slope, self._incidence).astype(np.float32), rindex.visibility(slope, self._incidence)
