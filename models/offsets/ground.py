"""Stable ground: where it is, and the plane of what the offsets say there."""

from __future__ import annotations

from typing import List, Optional, Sequence, Tuple

import numpy as np
from osgeo import gdal, ogr, osr

from stillpoint.models.errors import StillpointError
from stillpoint.models.points.places import quiet_gdal, vectors_in_memory

MOST = 400_000
"""Nodes that a plane is fitted to; of more, every so many."""

FEWEST = 12
"""Nodes that a plane needs."""


class StableGround:
    """Polygons, or a mask raster, of ground that did not move, burnt onto the nodes of a result.

    Parameters
    ----------
    path
        Vector file or raster (not 0 is stable).
    geotransform, projection
        Of the nodes.
    shape
        Rows and columns of nodes.
    has_coordinates
        Whether the images have any; without them a mask raster must have the shape of the images or of the nodes.

    Raises
    ------
    StillpointError
        It is neither, cannot be placed, or covers nothing of the images.
    """

    def __init__(
        self, path: str, geotransform: Sequence[float], projection: str, shape: Tuple[int, int], *, has_coordinates: bool
    ) -> None:
        self.path = path
        memory = gdal.GetDriverByName("MEM").Create("", shape[1], shape[0], 1, gdal.GDT_Byte)
        memory.SetGeoTransform(list(geotransform))
        memory.SetProjection(projection)
        with quiet_gdal():
            try:
                raster = gdal.OpenEx(path, gdal.OF_RASTER)
            except RuntimeError:
                raster = None
            try:
                vector = None if raster is not None else gdal.OpenEx(path, gdal.OF_VECTOR)
            except RuntimeError:
                vector = None
        if raster is not None:
            self._mask = self._of_raster(raster, memory, has_coordinates)
        elif vector is not None:
            self._mask = self._of_polygons(vector, memory, projection, has_coordinates)
        else:
            raise StillpointError(f"{path} is neither polygons nor a mask raster that can be read.")
        if not self._mask.any():
            raise StillpointError(f"The stable ground of {path} lies beside the images: check its coordinates.")

    def _of_raster(self, raster: gdal.Dataset, memory: gdal.Dataset, has_coordinates: bool) -> np.ndarray:
        if has_coordinates and raster.GetProjection():
            with quiet_gdal():
                gdal.Warp(memory, raster, resampleAlg="near")
            return memory.ReadAsArray() > 0
        values = raster.GetRasterBand(1).ReadAsArray(buf_xsize=memory.RasterXSize, buf_ysize=memory.RasterYSize)
        return values > 0

    def _of_polygons(
        self, vector: gdal.Dataset, memory: gdal.Dataset, projection: str, has_coordinates: bool
    ) -> np.ndarray:
        if not has_coordinates or not projection:
            raise StillpointError(
                f"The polygons of {self.path} cannot be placed: the images have no coordinates. Give a mask raster instead."
            )
        target = osr.SpatialReference()
        target.ImportFromWkt(projection)
        target.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
        made = vectors_in_memory()
        burnt = made.CreateLayer("stable", target)
        for index in range(vector.GetLayerCount()):
            layer = vector.GetLayer(index)
            source = layer.GetSpatialRef()
            change: Optional[osr.CoordinateTransformation] = None
            if source is not None:
                source = source.Clone()
                source.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
                change = osr.CoordinateTransformation(source, target)
            for feature in layer:
                geometry = feature.GetGeometryRef()
                if geometry is None or geometry.GetDimension() != 2:
                    continue
                geometry = geometry.Clone()
                if change is not None:
                    geometry.Transform(change)
                item = ogr.Feature(burnt.GetLayerDefn())
                item.SetGeometry(geometry)
                burnt.CreateFeature(item)
        gdal.RasterizeLayer(memory, [1], burnt, burn_values=[1])
        return memory.ReadAsArray() > 0

    def at(self, rows: slice, cols: slice) -> np.ndarray:
        """Return which nodes of a window are stable, bool [rows, cols]."""
        return self._mask[rows, cols]


class Plane:
    """Collects offsets on stable ground, and fits a plane to them, outliers left out."""

    def __init__(self, shape: Tuple[int, int]) -> None:
        self._shape = shape
        self._parts: List[np.ndarray] = []
        self._count = 0

    def add(self, offsets: np.ndarray, sigma: np.ndarray, stable: np.ndarray, top: int, left: int) -> None:
        """Add the stable nodes of a window: offsets and standard errors [2, rows, cols]; NaN are left out."""
        rows, cols = np.nonzero(stable & np.isfinite(offsets).all(axis=0) & np.isfinite(sigma).all(axis=0))
        if rows.size:
            self._parts.append(
                np.stack([rows + top, cols + left, *offsets[:, rows, cols], *sigma[:, rows, cols]]).astype(np.float64)
            )
            self._count += rows.size
        if self._count > 2 * MOST:
            merged = np.concatenate(self._parts, axis=1)[:, ::2]
            self._parts, self._count = [merged], merged.shape[1]

    def fit(self) -> np.ndarray:
        """Return the coefficients [2, 3] of 1, row and column (-0.5 .. 0.5 over the result) for both components.

        Raises
        ------
        StillpointError
            There are too few offsets on stable ground.
        """
        if self._count < FEWEST:
            raise StillpointError(
                f"Only {self._count} offsets were measured on stable ground, too few for a plane. Give larger areas "
                "that stand still."
            )
        rows, cols, *rest = np.concatenate(self._parts, axis=1)
        design = _design(rows, cols, self._shape)
        result = np.empty((2, 3))
        for axis in range(2):
            values, weights = rest[axis], 1 / np.maximum(rest[2 + axis], 1e-3)
            for _ in range(6):
                fitted = np.linalg.lstsq(design * weights[:, None], values * weights, rcond=None)[0]
                error = np.abs(values - design @ fitted)
                scale = max(1.4826 * float(np.median(error)), 1e-4)
                weights = np.where(error < 3 * scale, 1 / np.maximum(rest[2 + axis], 1e-3), 0.0)
            result[axis] = fitted
        return result


def plane_at(coefficients: np.ndarray, shape: Tuple[int, int], top: int, rows: int) -> np.ndarray:
    """Return a plane float64 [2, rows, columns of the result] from row ``top`` on."""
    row, col = np.mgrid[top : top + rows, : shape[1]]
    return np.einsum("ijk,ak->aij", _design(row, col, shape), coefficients)


def _design(rows: np.ndarray, cols: np.ndarray, shape: Tuple[int, int]) -> np.ndarray:
    return np.stack(
        [np.ones(rows.shape), rows / max(shape[0] - 1, 1) - 0.5, cols / max(shape[1] - 1, 1) - 0.5], axis=-1
    )
