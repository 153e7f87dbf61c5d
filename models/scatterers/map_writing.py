"""Writes a map of one band by window; the file has its name only once it is complete."""

from __future__ import annotations

from types import TracebackType
from typing import Dict, Optional, Sequence, Tuple, Type

import numpy as np
from osgeo import gdal

from stillpoint.models.errors import StillpointError
from stillpoint.models.points.places import quiet_gdal
from stillpoint.models.points.writers.draft import explain
from stillpoint.models.rasters.writing import draft_name, publish

NO_DATA = {np.dtype(np.uint8): 255.0, np.dtype(np.float32): float("nan")}
_TYPES = {np.dtype(np.uint8): gdal.GDT_Byte, np.dtype(np.float32): gdal.GDT_Float32}


class MapWriter:
    """A GeoTIFF of one band that is written window by window.

    Parameters
    ----------
    path
        GeoTIFF to write (.tif).
    shape
        Rows and columns.
    kind
        ``numpy.uint8`` (no data 255) or ``numpy.float32`` (no data NaN).
    geotransform, projection
        As GDAL gives them.
    description
        Name of the band.

    Attributes
    ----------
    metadata
        Items of the raster; they can be added until :meth:`finish`.

    Raises
    ------
    StillpointError
        The file cannot be written.
    """

    def __init__(
        self, path: str, shape: Tuple[int, int], kind: type, *, geotransform: Sequence[float], projection: str, description: str
    ) -> None:
        self.path = path
        self.metadata: Dict[str, str] = {}
        if not path.lower().endswith((".tif", ".tiff")):
            raise StillpointError(f"{path} cannot be written: maps are GeoTIFF files (.tif).")
        self._draft = draft_name(path)
        dtype: np.dtype = np.dtype(kind)
        options = ["TILED=YES", "COMPRESS=DEFLATE", "ZLEVEL=1", "BIGTIFF=IF_SAFER", f"PREDICTOR={1 if dtype == np.uint8 else 3}"]
        with quiet_gdal() as gdal_says:
            try:
                made = gdal.GetDriverByName("GTiff").Create(str(self._draft), shape[1], shape[0], 1, _TYPES[dtype], options)
            except RuntimeError as error:
                made = None
                gdal_says.failures.append(str(error))
        if made is None:
            raise explain(OSError(gdal_says.failures[-1] if gdal_says.failures else "unknown reason"), path)
        self._dataset: Optional[gdal.Dataset] = made
        if tuple(geotransform) != (0.0, 1.0, 0.0, 0.0, 0.0, 1.0):
            made.SetGeoTransform(list(geotransform))
        if projection:
            made.SetProjection(projection)
        band = made.GetRasterBand(1)
        band.SetNoDataValue(NO_DATA[dtype])
        band.SetDescription(description)
        self._done = False

    def write(self, values: np.ndarray, rows: slice, cols: slice) -> None:
        """Write a window; raise a StillpointError where the disk is full."""
        assert self._dataset is not None  # nosec B101 - known by construction
        with quiet_gdal() as gdal_says:
            try:
                failed = self._dataset.GetRasterBand(1).WriteArray(np.ascontiguousarray(values), cols.start, rows.start)
            except RuntimeError as error:
                failed = 1
                gdal_says.failures.append(str(error))
        if failed:
            self._fail(gdal_says.failures)

    def finish(self) -> None:
        """Complete the file and give it its name."""
        assert self._dataset is not None  # nosec B101 - known by construction
        with quiet_gdal() as gdal_says:
            try:
                self._dataset.SetMetadata(self.metadata)
                self._dataset.FlushCache()
                self._dataset = None
            except RuntimeError as error:
                gdal_says.failures.append(str(error))
        if gdal_says.failures:
            self._fail(gdal_says.failures)
        publish(self._draft, self.path)
        self._done = True

    def discard(self) -> None:
        """Remove what was written."""
        self._dataset = None
        self._draft.unlink(missing_ok=True)

    def __enter__(self) -> MapWriter:
        return self

    def __exit__(
        self, _type: Optional[Type[BaseException]], _error: Optional[BaseException], _trace: Optional[TracebackType]
    ) -> None:
        if not self._done:
            self.discard()

    def _fail(self, failures: Sequence[str]) -> None:
        self.discard()
        raise explain(OSError(failures[-1] if failures else "unknown reason"), self.path)
