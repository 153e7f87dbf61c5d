"""Where the persistent scatterers lie: pixels of the stack, from a mask or from points."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import List, Optional, Tuple

import numpy as np
from osgeo import gdal, ogr, osr

from stillpoint.models.errors import StillpointError
from stillpoint.models.points.places import placed, quiet_gdal
from stillpoint.models.rasters.stack import Stack, open_raster
from stillpoint.models.rasters.tiles import tiles

MASK_ROWS = 512
"""Rows of a mask that are read at a time."""

PLAIN = (0.0, 1.0, 0.0, 0.0, 0.0, 1.0)
"""Geotransform of a raster without coordinates."""


@dataclass(frozen=True)
class Sites:
    """The pixels that are measured.

    Attributes
    ----------
    row, col
        int64 [points], ascending by row, then column; every pixel once.
    x, y
        float64 [points], centres of the pixels in the coordinates of the stack (as a map draws it).
    east, north
        float64 [points], metres from the middle of the points.
    notes
        Sentences on what was left out.
    """

    row: np.ndarray
    col: np.ndarray
    x: np.ndarray
    y: np.ndarray
    east: np.ndarray
    north: np.ndarray
    notes: Tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.row)


def find_sites(stack: Stack, mask: Optional[str], points: Optional[str], extent: Optional[str] = None) -> Sites:
    """Return the pixels of ``stack`` that a mask marks or points lie in.

    Parameters
    ----------
    stack
        The stack.
    mask, points
        Path of a PS mask, or of a vector source of points; exactly one of the two.
    extent
        ``xmin,ymin,xmax,ymax`` in the coordinates of the stack; all where None.

    Raises
    ------
    StillpointError
        None or both are given, the mask lies on another grid or is none, or nothing of it lies on the stack.
    """
    if (mask is None) == (points is None):
        raise StillpointError(
            "Say where the persistent scatterers are: give the PS mask or the PS points of Select scatterers"
            + ("." if mask is None else ", and not both.")
        )
    notes: List[str] = []
    if mask is not None:
        row, col = _from_mask(stack, mask)
    else:
        row, col = _from_points(stack, str(points), notes)
    gt = drawn_geotransform(stack)
    x, y = gt[0] + (col + 0.5) * gt[1] + (row + 0.5) * gt[2], gt[3] + (col + 0.5) * gt[4] + (row + 0.5) * gt[5]
    if extent is not None:
        west, south, east, north = extent_of(extent)
        inside = (x >= west) & (x <= east) & (y >= south) & (y <= north)
        row, col, x, y = row[inside], col[inside], x[inside], y[inside]
    if not len(row):
        beside = f" within {extent}" if extent else ""
        raise StillpointError(f"{mask or points} has no PS{beside} on the stack {stack.path}.")
    down, across = stack.spacing_m
    east_m, north_m = col * across, -row * down
    return Sites(row, col, x, y, east_m - east_m.mean(), north_m - north_m.mean(), tuple(notes))


def drawn_geotransform(stack: Stack) -> Tuple[float, ...]:
    """Return where a stack is drawn: QGIS draws a raster without coordinates below the origin, and its points must lie there."""
    if not stack.projection and tuple(stack.geotransform) == PLAIN:
        return 0.0, 1.0, 0.0, 0.0, 0.0, -1.0
    return stack.geotransform


def extent_of(text: str) -> Tuple[float, float, float, float]:
    """Return west, south, east and north of ``xmin,ymin,xmax,ymax``; raise StillpointError where it is none."""
    try:
        first_x, first_y, last_x, last_y = (float(part) for part in text.replace(";", ",").split(","))
    except ValueError:
        raise StillpointError(f"The extent {text!r} must be four numbers: xmin,ymin,xmax,ymax.") from None
    return min(first_x, last_x), min(first_y, last_y), max(first_x, last_x), max(first_y, last_y)


def _from_mask(stack: Stack, path: str) -> Tuple[np.ndarray, np.ndarray]:
    dataset = open_raster(path)
    rows, cols = stack.shape
    if (dataset.RasterYSize, dataset.RasterXSize) != (rows, cols):
        raise StillpointError(
            f"The mask {path} has {dataset.RasterYSize} x {dataset.RasterXSize} pixels, the stack {stack.path} {rows} x {cols}: "
            "they must lie on one grid. Give the PS as points instead, or warp the mask onto the grid of the stack."
        )
    found = placed(dataset)
    own = (tuple(stack.geotransform), drawn_geotransform(stack))
    pixel = max(abs(stack.geotransform[1]), abs(stack.geotransform[5]))
    if found is not None and not any(np.allclose(found, each, rtol=1e-6, atol=0.05 * pixel) for each in own):
        raise StillpointError(
            f"The mask {path} lies elsewhere than the stack {stack.path}: its coordinates are others. Give the PS as points "
            "instead, or warp the mask onto the grid of the stack."
        )
    band = dataset.GetRasterBand(1)
    found_rows, found_cols = [], []
    for tile in tiles((rows, cols), (MASK_ROWS, cols)):
        with quiet_gdal():
            try:
                values = band.ReadAsArray(0, tile.rows.start, cols, tile.rows.stop - tile.rows.start)
            except RuntimeError:
                values = None
        if values is None:
            raise StillpointError(f"The mask {path} cannot be read at row {tile.rows.start}: it is damaged or gone.")
        if not np.isin(values[np.isfinite(values)], (0, 1, 255)).all():
            raise StillpointError(
                f"{path} is no PS mask: it holds other values than 1 (PS), 0 (not) and 255 (no data). Cut a probability at its "
                "threshold first."
            )
        row, col = np.nonzero(values == 1)
        found_rows.append(row.astype(np.int64) + tile.rows.start)
        found_cols.append(col.astype(np.int64))
    return np.concatenate(found_rows), np.concatenate(found_cols)


def _from_points(stack: Stack, path: str, notes: List[str]) -> Tuple[np.ndarray, np.ndarray]:
    x, y = _coordinates(stack, path)
    gt = drawn_geotransform(stack)
    determinant = gt[1] * gt[5] - gt[2] * gt[4]
    col = np.floor((gt[5] * (x - gt[0]) - gt[2] * (y - gt[3])) / determinant)
    row = np.floor((gt[1] * (y - gt[3]) - gt[4] * (x - gt[0])) / determinant)
    inside = (row >= 0) & (row < stack.shape[0]) & (col >= 0) & (col < stack.shape[1])
    if not inside.any():
        raise StillpointError(
            f"None of the {len(x):,} points of {path} lies on the stack {stack.path}. Check their coordinate reference systems."
        )
    if not inside.all():
        notes.append(f"{(~inside).sum():,} of {len(x):,} points lie beside the stack and were left out.")
    index = row[inside].astype(np.int64) * stack.shape[1] + col[inside].astype(np.int64)
    single = np.unique(index)
    if len(single) < len(index):
        notes.append(f"{len(index) - len(single):,} points share their pixel with another; each pixel is measured once.")
    return single // stack.shape[1], single % stack.shape[1]


def _coordinates(stack: Stack, path: str) -> Tuple[np.ndarray, np.ndarray]:
    """Return the coordinates of the points of a vector source in the reference system of the stack."""
    file, _, name = path.partition("|layername=")
    options = ["X_POSSIBLE_NAMES=x,lon,longitude,easting", "Y_POSSIBLE_NAMES=y,lat,latitude,northing"]
    with quiet_gdal() as says:
        try:
            source = gdal.OpenEx(file, gdal.OF_VECTOR, open_options=options if file.lower().endswith((".csv", ".txt")) else [])
        except RuntimeError as error:
            source = None
            says.messages.append(str(error))
    if source is None or not source.GetLayerCount():
        reason = f" ({says.messages[-1]})" if says.messages else ""
        raise StillpointError(f"The points {path} cannot be opened: there is no such file, or no layer of points in it{reason}.")
    layer = source.GetLayerByName(name) if name else source.GetLayer(0)
    if layer is None:
        raise StillpointError(f"{file} has no layer {name}.")
    transform = _transform(layer.GetSpatialRef(), stack.projection)
    places = []
    for feature in layer:
        shape = feature.GetGeometryRef()
        if shape is None or shape.IsEmpty():
            continue
        if ogr.GT_Flatten(shape.GetGeometryType()) != ogr.wkbPoint:
            shape = shape.Centroid()
        places.append((shape.GetX(), shape.GetY()))
    if not places:
        raise StillpointError(f"The points {path} have no coordinates. Give a layer of points.")
    x, y = np.array(places).T
    if transform is not None:
        x, y = np.array(transform.TransformPoints(np.column_stack([x, y]).tolist()))[:, :2].T
    return x, y


def _transform(source: Optional[osr.SpatialReference], projection: str) -> Optional[osr.CoordinateTransformation]:
    """Return the way from the points' reference system to the stack's; None where one is unknown or they are the same."""
    if source is None or not projection:
        return None
    target = osr.SpatialReference()
    target.ImportFromWkt(projection)
    source = source.Clone()
    for each in (source, target):
        each.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
    return None if source.IsSame(target) else osr.CoordinateTransformation(source, target)


def metres_between(stack: Stack, sites: Sites, x: float, y: float) -> np.ndarray:
    """Return the distance of every site from a place in the coordinates of the stack, float64 [points] metres."""
    gt = drawn_geotransform(stack)
    determinant = gt[1] * gt[5] - gt[2] * gt[4]
    col = (gt[5] * (x - gt[0]) - gt[2] * (y - gt[3])) / determinant - 0.5
    row = (gt[1] * (y - gt[3]) - gt[4] * (x - gt[0])) / determinant - 0.5
    down, across = stack.spacing_m
    return np.hypot((sites.row - row) * down, (sites.col - col) * across)


def place_of(text: str) -> Tuple[float, float]:
    """Return x and y of ``x,y``; raise StillpointError where it is none."""
    try:
        x, y = (float(part) for part in text.replace(";", ",").split(","))
    except ValueError:
        raise StillpointError(f"The reference point {text!r} must be two numbers: x,y in the coordinates of the stack.") from None
    if not (math.isfinite(x) and math.isfinite(y)):
        raise StillpointError(f"The reference point {text!r} must be two finite numbers.")
    return x, y
