"""Offsets that are expected, from a raster of another grid: an earlier result, or a velocity map in pixels."""

from __future__ import annotations

import threading
from typing import Sequence, Tuple

import numpy as np

from stillpoint.models.errors import StillpointError
from stillpoint.models.offsets.lattice import STEP
from stillpoint.models.points.places import placed, projection_of
from stillpoint.models.rasters.grids import same_crs
from stillpoint.models.rasters.stack import open_raster
from stillpoint.models.rasters.windows import read_window


class Prior:
    """Expected offsets in pixels: band 1 along columns, band 2 along rows, as ``track-offsets`` writes them.

    Parameters
    ----------
    path
        Raster of at least two bands.
    geotransform, projection
        Of the images.

    Raises
    ------
    StillpointError
        It has one band, other units, or another coordinate reference system.
    """

    def __init__(self, path: str, geotransform: Sequence[float], projection: str) -> None:
        self._dataset = open_raster(path)
        if self._dataset.RasterCount < 2:
            raise StillpointError(f"The prior {path} has one band; it needs two: offsets along columns and along rows, in pixels.")
        units = (self._dataset.GetMetadataItem("UNITS") or "pixels").lower()
        if units != "pixels":
            raise StillpointError(f"The prior {path} is in {units.replace('_', ' ')}; it must be in pixels.")
        if not same_crs(projection_of(self._dataset), projection):
            raise StillpointError(f"The prior {path} has another coordinate reference system than the images.")
        self.path = path
        self._lock = threading.Lock()
        own = placed(self._dataset) or (0.0, 1.0, 0.0, 0.0, 0.0, 1.0)
        self._inverse, self._images = _inverse(own), tuple(geotransform)
        self._size = self._dataset.RasterYSize, self._dataset.RasterXSize

    def at(self, top: int, left: int, rows: int, cols: int) -> np.ndarray:
        """Return offsets [2, rows, cols] (rows first) at the centres of blocks of 8 px from a pixel on; 0 where unknown."""
        row, col = np.mgrid[:rows, :cols] * STEP + STEP / 2
        row, col = row + top, col + left
        gt = self._images
        x, y = gt[0] + col * gt[1] + row * gt[2], gt[3] + col * gt[4] + row * gt[5]
        inverse = self._inverse
        at_col = inverse[0] + x * inverse[1] + y * inverse[2] - 0.5
        at_row = inverse[3] + x * inverse[4] + y * inverse[5] - 0.5
        high, wide = self._size
        first_row, last_row = int(np.clip(at_row.min() - 1, 0, high - 1)), int(np.clip(at_row.max() + 2, 1, high))
        first_col, last_col = int(np.clip(at_col.min() - 1, 0, wide - 1)), int(np.clip(at_col.max() + 2, 1, wide))
        result = np.zeros((2, rows, cols), np.float32)
        if last_row <= first_row or last_col <= first_col:
            return result
        near_row = np.clip(np.round(at_row - first_row).astype(int), 0, last_row - first_row - 1)
        near_col = np.clip(np.round(at_col - first_col).astype(int), 0, last_col - first_col - 1)
        outside = (at_row < -0.5) | (at_row > high - 0.5) | (at_col < -0.5) | (at_col > wide - 0.5)
        for axis, number in ((0, 2), (1, 1)):
            band = self._dataset.GetRasterBand(number)
            with self._lock:  # one handle for all threads
                window = first_col, first_row, last_col - first_col, last_row - first_row
                block = read_window(band, self.path, window).astype(np.float32)
            nodata = band.GetNoDataValue()
            if nodata is not None:
                block[block == nodata] = np.nan
            values = block[near_row, near_col]
            middle = np.nanmedian(values) if np.isfinite(values).any() else 0.0
            result[axis] = np.where(np.isfinite(values) & ~outside, values, middle)
        return result


def _inverse(gt: Sequence[float]) -> Tuple[float, ...]:
    """Return the affine map from coordinates to (column, row), as six numbers like a geotransform."""
    determinant = gt[1] * gt[5] - gt[2] * gt[4]
    a, b = gt[5] / determinant, -gt[2] / determinant
    d, e = -gt[4] / determinant, gt[1] / determinant
    return -(a * gt[0] + b * gt[3]), a, b, -(d * gt[0] + e * gt[3]), d, e
