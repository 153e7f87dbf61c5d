"""Labels for the training of networks: which pixels of a stack are scatterers, by whose word.

A user's own PS layer comes as a mask on the grid of the stack, or as points; points of a PS result mark the pixels they fall
into. Both are reshaped to one form: uint8 [rows, cols], 1 scatterer, 0 not, 255 not judged.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, List, Optional, Sequence, Tuple

import numpy as np
from osgeo import gdal, ogr, osr

from stillpoint.models.errors import StillpointError
from stillpoint.models.points.places import placed, quiet_gdal
from stillpoint.models.rasters.stack import Stack, open_raster

IGNORED = 255
TRUE_NOISE = 0.6
"""Radians; simulated pixels with less phase noise in a single image are scatterers."""

_X_NAMES = "lon*,longitude,x,east*,LON*,X"
_Y_NAMES = "lat*,latitude,y,north*,LAT*,Y"


def truth_labels(noise: np.ndarray, *, limit: float = TRUE_NOISE) -> np.ndarray:
    """Return labels uint8 of the true ``noise`` of a single image's phase in radians; NaN is not judged."""
    labels = (noise < limit).astype(np.uint8)
    labels[~np.isfinite(noise)] = IGNORED
    return labels


def file_labels(path: str, stack: Stack) -> np.ndarray:
    """Return labels of ``stack`` from the user's PS layer: a raster mask, or a file of points.

    Raises
    ------
    StillpointError
        The file is neither, lies elsewhere, has another grid, or marks nothing.
    """
    if not Path(path).exists():
        raise StillpointError(
            f"There are no labels {path}. Give a PS mask, a file of PS points, stability or truth."
        )
    labels = raster_labels(path, stack) if _is_raster(path) else point_labels(path, stack)
    if not np.any(labels == 1):
        raise StillpointError(f"{path} marks no pixel of {stack.path} as a scatterer, so there is nothing to learn.")
    if not np.any(labels == 0):
        raise StillpointError(f"{path} marks every pixel of {stack.path} as a scatterer, so there is nothing to learn.")
    return labels


def _is_raster(path: str) -> bool:
    with quiet_gdal():
        try:
            dataset = gdal.OpenEx(path, gdal.OF_RASTER)
            return dataset is not None and dataset.RasterCount > 0
        except RuntimeError:
            return False


def raster_labels(path: str, stack: Stack) -> np.ndarray:
    """Return labels from a mask on the grid of the stack: 0 is no scatterer, no data and 255 are not judged, the rest is one.

    Raises
    ------
    StillpointError
        Size or position differ from those of the stack.
    """
    dataset = open_raster(path)
    shape = (dataset.RasterYSize, dataset.RasterXSize)
    if shape != stack.shape:
        raise StillpointError(
            f"The mask {path} has {shape[0]} x {shape[1]} pixels, the stack {stack.path} {stack.shape[0]} x {stack.shape[1]}. "
            "Give a mask on the grid of the stack."
        )
    transform = placed(dataset)
    near = 1e-3 * abs(stack.geotransform[1])
    if transform is not None and stack.projection and not np.allclose(transform, stack.geotransform, rtol=1e-6, atol=near):
        raise StillpointError(
            f"The mask {path} has the size of the stack {stack.path}, but lies elsewhere. Give a mask on the grid of the stack."
        )
    band = dataset.GetRasterBand(1)
    with quiet_gdal():
        try:
            values = band.ReadAsArray()
        except RuntimeError:
            values = None
    if values is None:
        raise StillpointError(f"The mask {path} cannot be read: the file is damaged or truncated.")
    nodata = band.GetNoDataValue()
    labels = (values != 0).astype(np.uint8)
    missing = (values == IGNORED) | ~np.isfinite(values)
    if nodata is not None and nodata != 0:
        missing |= values == nodata
    labels[missing] = IGNORED
    return labels


def point_labels(path: str, stack: Stack) -> np.ndarray:
    """Return labels that are 1 in the pixels of the points in ``path`` and 0 in all others.

    Where the points have a field ``ps`` (1 PS, 0 not), as reviews write it, only pixels with a point in them are judged: 1 or 0 as
    it says, empty not at all.

    Coordinates are brought to the system of the stack where both name theirs. Layers without geometry (CSV) need columns
    for longitude and latitude, or x and y.

    Raises
    ------
    StillpointError
        The file cannot be read, has no points, or none of them lies on the stack.
    """
    x, y, marks = _coordinates(path, stack.projection)
    labels = np.full(stack.shape, 0 if marks is None else IGNORED, np.uint8)
    if not stack.projection and tuple(stack.geotransform) == (0.0, 1.0, 0.0, 0.0, 0.0, 1.0) and y.max() <= 0:
        y = -y  # QGIS draws a raster without coordinates below the origin, and its points with it
    inverse = gdal.InvGeoTransform(stack.geotransform)
    if inverse is None:
        raise StillpointError(f"The stack {stack.path} has no usable coordinates, so points cannot be placed on it.")
    cols = np.floor(inverse[0] + inverse[1] * x + inverse[2] * y).astype(np.int64)
    rows = np.floor(inverse[3] + inverse[4] * x + inverse[5] * y).astype(np.int64)
    inside = (rows >= 0) & (rows < stack.shape[0]) & (cols >= 0) & (cols < stack.shape[1])
    if not inside.any():
        raise StillpointError(
            f"None of the {x.size} points of {path} lies on the stack {stack.path}. Check their coordinate systems."
        )
    labels[rows[inside], cols[inside]] = 1 if marks is None else marks[inside]
    return labels


def _coordinates(path: str, projection: str) -> Tuple[np.ndarray, np.ndarray, Optional[np.ndarray]]:
    """Return x and y of all points of a vector file in the coordinate system ``projection`` (WKT), and their labels.

    The labels are uint8 from a field ``ps``: 1, 0, or ``IGNORED`` where it is empty; None without such a field.
    """
    table = Path(path).suffix.lower() in (".csv", ".txt")
    options = [f"X_POSSIBLE_NAMES={_X_NAMES}", f"Y_POSSIBLE_NAMES={_Y_NAMES}"] if table else []
    with quiet_gdal() as said:
        try:
            dataset = gdal.OpenEx(path, gdal.OF_VECTOR, open_options=options)
        except RuntimeError as error:
            dataset = None
            said.messages.append(str(error))
    if dataset is None:
        raise StillpointError(f"{path} is neither a raster nor a file of points that can be read.")
    found: List[Tuple[float, float]] = []
    marks: List[int] = []
    marked = False
    for index in range(dataset.GetLayerCount()):
        layer = dataset.GetLayer(index)
        points, told = _layer_points(layer, path)
        if points:
            found += _moved(points, layer.GetSpatialRef(), projection)
            marks += told or [1] * len(points)
            marked = marked or bool(told)
    if not found:
        raise StillpointError(f"{path} has no points. A CSV file needs columns named lon and lat, or x and y.")
    both = np.asarray(found, np.float64)
    return both[:, 0], both[:, 1], np.asarray(marks, np.uint8) if marked else None


def _layer_points(layer: ogr.Layer, path: str) -> Tuple[List[Tuple[float, float]], List[int]]:
    """Return the points of a layer, and what its field ``ps`` says of each; nothing without that field."""
    points: List[Tuple[float, float]] = []
    marks: List[int] = []
    definition = layer.GetLayerDefn()
    names = [definition.GetFieldDefn(number).GetName() for number in range(definition.GetFieldCount())]
    field = next((name for name in names if name.lower() == "ps"), None)
    for row, feature in enumerate(layer, start=1):
        geometry = feature.GetGeometryRef()
        if geometry is None or geometry.IsEmpty():
            continue
        kind = ogr.GT_Flatten(geometry.GetGeometryType())
        if kind == ogr.wkbPoint:
            points.append((geometry.GetX(), geometry.GetY()))
            if field is not None:
                marks.append(_mark(feature.GetField(field), row, path))
        elif kind == ogr.wkbMultiPoint:
            parts = [geometry.GetGeometryRef(index) for index in range(geometry.GetGeometryCount())]
            points += [(part.GetX(), part.GetY()) for part in parts]
            if field is not None:
                marks += [_mark(feature.GetField(field), row, path)] * len(parts)
    return points, marks


def _mark(value: Any, row: int, path: str) -> int:
    """Return what a field ``ps`` says."""
    text = "" if value is None else str(value).strip().lower()
    if text == "":
        return IGNORED
    if text in ("1", "1.0", "true", "yes"):
        return 1
    if text in ("0", "0.0", "false", "no"):
        return 0
    raise StillpointError(f"Row {row} of {path} has ps {value!r}: it must be 1 (PS), 0 (not) or empty.")


def _moved(
    points: Sequence[Tuple[float, float]], source: Optional[osr.SpatialReference], projection: str
) -> List[Tuple[float, float]]:
    """Return ``points`` in the system ``projection``.

    Points that name no system are degrees (WGS 84) where they can be and the target is in metres, else they are in the target's.
    """
    target = osr.SpatialReference()
    if not projection or target.ImportFromWkt(projection) != 0:
        return list(points)
    if source is None:
        degrees = all(abs(x) <= 180 and abs(y) <= 90 for x, y in points)
        if not degrees or target.IsGeographic():
            return list(points)
        source = osr.SpatialReference()
        source.ImportFromEPSG(4326)
    source = source.Clone()
    for system in (source, target):
        system.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
    if source.IsSame(target):
        return list(points)
    try:
        return [(x, y) for x, y, _ in osr.CoordinateTransformation(source, target).TransformPoints(list(points))]
    except RuntimeError as error:
        raise StillpointError(
            f"The points cannot be brought to the coordinates of the stack ({error}): is their coordinate reference system right?"
        ) from None
