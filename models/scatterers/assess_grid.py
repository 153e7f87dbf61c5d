"""The grid that masks share: where its pixels lie on the ground, and how large they are there."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Iterator, Optional, Tuple

import numpy as np
from osgeo import gdal, osr

from stillpoint.models.points.places import placed, projection_of

NO_COORDINATES = (0.0, 1.0, 0.0, 0.0, 0.0, 1.0)
"""Geotransform of a raster without coordinates."""

STRIP_PIXELS = 4_000_000
"""Pixels that are held at a time of each mask."""

_SAMPLES = 33
_TOLERANCE = 0.01


@dataclass(frozen=True)
class Grid:
    """Size and place of a raster.

    Attributes
    ----------
    shape
        Rows and columns.
    geotransform
        Six numbers as GDAL orders them.
    projection
        WKT; empty where unknown.
    spacing
        Metres between rows and between columns of a raster without coordinates, where its metadata tell them.
    block_rows
        Rows that the file stores together.
    """

    shape: Tuple[int, int]
    geotransform: Tuple[float, ...] = NO_COORDINATES
    projection: str = ""
    spacing: Optional[Tuple[float, float]] = None
    block_rows: int = 1

    @property
    def placed(self) -> bool:
        """Whether pixels have coordinates."""
        return self.geotransform != NO_COORDINATES

    @property
    def measured(self) -> bool:
        """Whether the size of pixels on the ground is known."""
        return self.placed or self.spacing is not None

    @cached_property
    def crs(self) -> Optional[osr.SpatialReference]:
        """Coordinate reference system with x before y; None where unknown."""
        return crs_of(self.projection)

    @cached_property
    def steps(self) -> np.ndarray:
        """Metres east and north of one step along a row and of one step down.

        float64 [rows, 2, 2]: ``steps[row, 0]`` are the metres east of the two steps, ``steps[row, 1]`` those north. They
        are those of the middle column, on the ellipsoid of the reference system.
        """
        gt = self.geotransform
        turned = np.array([[gt[1], gt[2]], [gt[4], gt[5]]])
        rows = self.shape[0]
        if not self.placed:
            down, along = self.spacing or (1.0, 1.0)
            return np.broadcast_to(np.array([[along, 0.0], [0.0, -down]]), (rows, 2, 2))
        if self.crs is None or not (self.crs.IsGeographic() or self.crs.IsProjected()):
            return np.broadcast_to(turned, (rows, 2, 2))
        middle = np.unique(np.linspace(0, rows - 1, min(rows, _SAMPLES)).round())
        x, y = self._centres(middle)
        ground = _metres_per_unit(self.crs, x, y) @ turned
        every = np.arange(rows)
        return np.stack(
            [np.interp(every, middle, ground[:, i, j]) for i in (0, 1) for j in (0, 1)], axis=-1
        ).reshape(rows, 2, 2)

    @cached_property
    def areas(self) -> np.ndarray:
        """Square metres of a pixel on the ground, float64 [rows].

        Metres of projected systems are taken as they are as long as the projection distorts areas by at most one
        per cent, as UTM and national grids do; Web Mercator is corrected.
        """
        true: np.ndarray = np.abs(np.linalg.det(self.steps))
        if self.placed and self.crs is not None and self.crs.IsProjected():
            gt, unit = self.geotransform, self.crs.GetLinearUnits() or 1.0
            nominal = abs(gt[1] * gt[5] - gt[2] * gt[4]) * unit**2
            if np.abs(true / nominal - 1).max() <= _TOLERANCE:
                return np.full(self.shape[0], nominal)
        return true

    @property
    def pixel_metres(self) -> Tuple[float, float]:
        """Metres between rows and between columns in the middle of the raster."""
        middle = self.shape[0] // 2
        step = self.steps[middle]
        # UTM's scale of 0.9996 is none that people want to read: as the areas are, so the lengths.
        scale = np.sqrt(self.areas[middle] / abs(np.linalg.det(step)))
        return float(np.hypot(*step[:, 1]) * scale), float(np.hypot(*step[:, 0]) * scale)

    def _centres(self, rows: np.ndarray) -> Tuple[np.ndarray, np.ndarray]:
        """Return x and y of the middle of some rows."""
        gt, col = self.geotransform, self.shape[1] / 2
        return gt[0] + gt[1] * col + gt[2] * (rows + 0.5), gt[3] + gt[4] * col + gt[5] * (rows + 0.5)

    def strips(self) -> Iterator[slice]:
        """Yield slices of rows from top to bottom, of bounded size and along the blocks of the file."""
        rows, cols = self.shape
        height = max(STRIP_PIXELS // max(cols, 1), 1)
        if self.block_rows <= height:
            height -= height % self.block_rows
        for top in range(0, rows, height):
            yield slice(top, min(top + height, rows))

    def canvas(self, rows: slice, kind: int, *, margin: int = 0, fill: float = 0.0) -> gdal.Dataset:
        """Return a raster in memory of some rows of the grid, and of ``margin`` more pixels around them.

        Parameters
        ----------
        rows
            Slice with start and stop.
        kind
            GDAL's data type.
        margin
            Pixels to add on every side, also beyond the edge of the grid.
        fill
            Value of all pixels, and the no-data value.
        """
        gt = self.geotransform
        top, left = rows.start - margin, -margin
        made = gdal.GetDriverByName("MEM").Create(
            "", self.shape[1] + 2 * margin, rows.stop - rows.start + 2 * margin, 1, kind
        )
        made.SetGeoTransform([
            gt[0] + gt[1] * left + gt[2] * top, gt[1], gt[2], gt[3] + gt[4] * left + gt[5] * top, gt[4], gt[5],
        ])
        if self.projection:
            made.SetProjection(self.projection)
        made.GetRasterBand(1).SetNoDataValue(fill)
        made.GetRasterBand(1).Fill(fill)
        return made

    def bounds(self, rows: Optional[slice] = None) -> Tuple[float, float, float, float]:
        """Return smallest x and y, largest x and y of some rows, or of all."""
        gt, (count, cols) = self.geotransform, self.shape
        top, bottom = (0, count) if rows is None else (rows.start, rows.stop)
        corners = [(col, row) for col in (0, cols) for row in (top, bottom)]
        x = [gt[0] + gt[1] * col + gt[2] * row for col, row in corners]
        y = [gt[3] + gt[4] * col + gt[5] * row for col, row in corners]
        return min(x), min(y), max(x), max(y)

    def difference(self, other: Grid) -> str:
        """Return in words how another grid differs from this one; empty where both are the same."""
        if self.shape != other.shape:
            return (
                f"it has {other.shape[1]} x {other.shape[0]} pixels instead of {self.shape[1]} x {self.shape[0]}"
            )
        if self.placed and other.placed:
            here, there = np.array(self.bounds()), np.array(other.bounds())
            gt = self.geotransform
            pixel = max(min(np.hypot(gt[1], gt[4]), np.hypot(gt[2], gt[5])), 1e-300)
            if np.abs(here - there).max() > 0.1 * pixel:
                return "it covers another area"
        if self.crs is not None and other.crs is not None and not self.crs.IsSame(other.crs):
            return f"it has another coordinate reference system ({name_of(other.crs)} instead of {name_of(self.crs)})"
        return ""


def grid_of(dataset: gdal.Dataset) -> Grid:
    """Return the grid of an open raster."""
    items = {key.upper(): value for key, value in (dataset.GetMetadata() or {}).items()}
    try:
        spacing: Optional[Tuple[float, float]] = (float(items["ROW_SPACING"]), float(items["COLUMN_SPACING"]))
    except (KeyError, ValueError):
        spacing = None
    transform = placed(dataset) or NO_COORDINATES
    return Grid(
        (dataset.RasterYSize, dataset.RasterXSize), tuple(transform), projection_of(dataset), spacing,
        dataset.GetRasterBand(1).GetBlockSize()[1],
    )


def crs_of(projection: str) -> Optional[osr.SpatialReference]:
    """Return the reference system of a WKT, with x before y; None where it is empty or not understood."""
    if not projection:
        return None
    made = osr.SpatialReference()
    try:
        if made.ImportFromWkt(projection):
            return None
    except RuntimeError:
        return None
    made.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
    return made


def name_of(crs: osr.SpatialReference) -> str:
    """Return what people call a reference system."""
    code = crs.GetAuthorityCode(None)
    return f"{crs.GetAuthorityName(None)}:{code}" if code else str(crs.GetName() or "unnamed")


def _metres_per_unit(crs: osr.SpatialReference, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Return metres east and north of one unit of x and of y at some places, float64 [places, 2, 2]."""
    axis, inverse = crs.GetSemiMajor(), crs.GetInvFlattening()
    squared = (2 - 1 / inverse) / inverse if inverse else 0.0
    made = np.zeros((len(x), 2, 2))
    if crs.IsGeographic():
        radians = crs.GetAngularUnits() or np.pi / 180
        meridian, parallel = _radii(axis, squared, y * radians)
        made[:, 0, 0] = parallel * radians
        made[:, 1, 1] = meridian * radians
        return made
    unit = crs.GetLinearUnits() or 1.0
    step = 100.0 / unit
    try:
        geographic = crs.CloneGeogCS()
        geographic.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
        transform = osr.CoordinateTransformation(crs, geographic)
        places = [np.array(transform.TransformPoints(np.column_stack((x + dx, y + dy)).tolist()))[:, :2]
                  for dx, dy in ((0, 0), (step, 0), (0, step))]
    except RuntimeError:
        places = []
    if not places or not np.isfinite(places).all():  # outside of where the projection is defined
        made[:, 0, 0] = made[:, 1, 1] = unit
        return made
    radians = geographic.GetAngularUnits() or np.pi / 180
    meridian, parallel = _radii(axis, squared, places[0][:, 1] * radians)
    for index in (0, 1):
        moved = (places[index + 1] - places[0]) * radians / step
        made[:, 0, index] = moved[:, 0] * parallel
        made[:, 1, index] = moved[:, 1] * meridian
    return made


def _radii(axis: float, squared: float, latitude: np.ndarray) -> Tuple[np.ndarray, np.ndarray]:
    """Return the radius of curvature along the meridian, and the radius of the parallel, in metres."""
    bent = 1 - squared * np.sin(latitude) ** 2
    return axis * (1 - squared) / bent**1.5, axis / np.sqrt(bent) * np.cos(latitude)
