"""Writes maps as a GeoTIFF window by window; the file has its name only once it is complete."""

from __future__ import annotations

from types import TracebackType
from typing import Callable, Dict, List, Mapping, Optional, Sequence, Tuple, Type

import numpy as np
from osgeo import gdal

from stillpoint.models.errors import StillpointError
from stillpoint.models.points.places import quiet_gdal
from stillpoint.models.points.writers.draft import explain
from stillpoint.models.rasters.cloud_optimised import optimise
from stillpoint.models.rasters.writing import draft_name, publish

NO_DATA = {np.dtype(np.uint8): 255.0, np.dtype(np.float32): float("nan")}
_TYPES = {np.dtype(np.uint8): gdal.GDT_Byte, np.dtype(np.float32): gdal.GDT_Float32}

BLOCK = 256
"""Rows and columns of a block of the file."""

UNWRITTEN = 32 << 20
"""Bytes of windows after which they go to the file: GDAL would hold them all until its cache is full, so that memory grew with the
map."""


class MapWriter:
    """A GeoTIFF that is written window by window, and may be read back and changed before it is finished.

    Parameters
    ----------
    path
        GeoTIFF to write (.tif).
    shape
        Rows and columns.
    bands
        Description and metadata items of each band.
    geotransform, projection
        As GDAL gives them; a raster without coordinates stays without.
    kind
        ``numpy.float32`` (no data NaN) or ``numpy.uint8`` (no data 255).
    cog
        Whether the file becomes a Cloud-Optimised GeoTIFF.

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
        self, path: str, shape: Tuple[int, int], bands: Sequence[Tuple[str, Mapping[str, str]]], *, geotransform: Sequence[float],
        projection: str, kind: type = np.float32, cog: bool = False,
    ) -> None:
        if not path.lower().endswith((".tif", ".tiff")):
            raise StillpointError(f"{path} cannot be written: maps are GeoTIFF files (.tif).")
        self.path = path
        self.metadata: Dict[str, str] = {}
        self._draft = draft_name(path)
        self._cog = cog
        self._kind: np.dtype = np.dtype(kind)
        predictor = "PREDICTOR=1" if self._kind == np.uint8 else "PREDICTOR=3"
        options = ["TILED=YES", f"BLOCKXSIZE={BLOCK}", f"BLOCKYSIZE={BLOCK}", "COMPRESS=DEFLATE", "ZLEVEL=1", predictor]
        options += ["BIGTIFF=IF_SAFER", "INTERLEAVE=BAND"]
        with quiet_gdal() as gdal_says:
            try:
                made = gdal.GetDriverByName("GTiff").Create(
                    str(self._draft), shape[1], shape[0], len(bands), _TYPES[self._kind], options
                )
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
        for number, (description, items) in enumerate(bands, start=1):
            band = made.GetRasterBand(number)
            band.SetNoDataValue(NO_DATA[self._kind])
            band.SetDescription(description)
            band.SetMetadata(dict(items))
        self._shape = shape
        self._done = False
        self._unwritten, self._top = 0, 0

    def write(self, values: np.ndarray, rows: slice, cols: slice, first: int = 1) -> None:
        """Write ``values`` [bands, rows, cols] to a window of the bands from ``first`` on."""
        assert self._dataset is not None  # nosec B101 - known by construction
        with quiet_gdal() as gdal_says:
            if rows.start != self._top:
                self._pass_on(rows.start, gdal_says.failures)
            for number, block in enumerate(values, start=first):
                try:
                    block = np.ascontiguousarray(block, dtype=self._kind)
                    failed = self._dataset.GetRasterBand(number).WriteArray(block, cols.start, rows.start)
                except RuntimeError as error:
                    failed = gdal.CE_Failure
                    gdal_says.failures.append(str(error))
                if failed:
                    self._fail(gdal_says.failures)
                self._unwritten += block.nbytes

    def _pass_on(self, top: int, failures: List[str]) -> None:
        """Write to the file what is held, where it is much; a row of windows begins at ``top``.

        Between two rows of blocks none is half full, and none is compressed twice. Windows that never end with a block wait for
        twice as much.
        """
        self._top = top
        if self._dataset is None or self._unwritten < (UNWRITTEN if top % BLOCK == 0 else 2 * UNWRITTEN):
            return
        self._unwritten = 0
        try:
            for number in range(1, self._dataset.RasterCount + 1):
                self._dataset.GetRasterBand(number).FlushCache()
        except RuntimeError as error:
            failures.append(str(error))
        if failures:
            self._fail(failures)

    def change(self, first: int, count: int, function: Callable[[np.ndarray, int], np.ndarray], *, height: int = 256) -> None:
        """Replace strips of ``count`` bands from ``first`` on by ``function(values, top row)``."""
        assert self._dataset is not None  # nosec B101 - known by construction
        for top in range(0, self._shape[0], height):
            rows = slice(top, min(top + height, self._shape[0]))
            blocks: List[np.ndarray] = [
                self._dataset.GetRasterBand(number).ReadAsArray(0, top, self._shape[1], rows.stop - top)
                for number in range(first, first + count)
            ]
            self.write(function(np.stack(blocks), top), rows, slice(0, self._shape[1]), first)

    def complete(self) -> None:
        """Complete the file under its temporary name, so that only the name is missing; the metadata are those of now."""
        if self._dataset is None:
            return
        with quiet_gdal() as gdal_says:
            try:
                self._dataset.SetMetadata(self.metadata)
                self._dataset.FlushCache()
                self._dataset = None
                if self._cog and not gdal_says.failures:
                    optimise(self._draft)
            except (RuntimeError, OSError) as error:
                gdal_says.failures.append(str(error))
        if gdal_says.failures:
            self._fail(gdal_says.failures)

    def finish(self) -> None:
        """Complete the file and give it its name."""
        self.complete()
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
        reason = explain(OSError(failures[0] if failures else "unknown reason"), self.path)  # while the disk is still full
        self.discard()
        raise reason
