"""How many pixels are PS at a threshold, and the mask at it: read from the probability, by blocks, in any thread."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import Callable, Optional

import numpy as np
from osgeo import gdal

from stillpoint.models.errors import Cancelled, StillpointError
from stillpoint.plugin import stacks
from stillpoint.plugin.language import tr

BINS = 10_000
"""Bins of a histogram over 0..1: ten to a step of the slider."""

_HAIR = 1e-7
"""Probabilities are stored in single precision: 0.7 may lie a hair below 0.7."""


@dataclass(frozen=True)
class Histogram:
    """Counts of a probability in ``BINS`` equal bins over 0..1; int64 [BINS]."""

    counts: np.ndarray

    @property
    def total(self) -> int:
        """Number of pixels with a probability."""
        return int(self.counts.sum())

    def at_least(self, threshold: float) -> int:
        """Return how many pixels have at least a probability."""
        first = int(np.ceil(threshold * BINS - 1e-6))
        return int(self.counts[min(max(first, 0), BINS) :].sum()) if first < BINS else int(self.counts[BINS - 1 :].sum())

    def bars(self, number: int) -> np.ndarray:
        """Return the counts in fewer bins, int64 [number]; ``number`` divides ``BINS``."""
        return self.counts.reshape(number, -1).sum(axis=1)  # type: ignore[no-any-return]


def histogram_of(path: str, *, cancelled: Callable[[], bool] = lambda: False) -> Histogram:
    """Count the pixels of a probability raster by their value.

    Raises
    ------
    StillpointError
        The raster cannot be read.
    Cancelled
        ``cancelled`` returned True.
    """
    source = stacks.opened(path)
    band = source.GetRasterBand(1)
    counts = np.zeros(BINS, np.int64)
    for _, block in _blocks(source, band, path, cancelled):
        values = block[np.isfinite(block)]
        index = np.floor((values.astype(np.float64) + _HAIR) * BINS).astype(np.int64)
        counts += np.bincount(np.clip(index, 0, BINS - 1), minlength=BINS)
    return Histogram(counts)


def save_mask(
    path: str,
    threshold: float,
    target: str,
    *,
    report: Callable[[float, str], None] = lambda fraction, message: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> str:
    """Write the mask of a probability at a threshold: Byte, 1 PS, 0 not, 255 no data; return its path.

    The file gets its name once it is complete.

    Raises
    ------
    StillpointError
        The probability cannot be read, or the mask cannot be written.
    Cancelled
        ``cancelled`` returned True.
    """
    goal = Path(target)
    if goal.suffix.lower() not in (".tif", ".tiff"):
        goal = goal.with_name(f"{goal.name}.tif")
    if not goal.parent.is_dir():
        raise StillpointError(tr("There is no folder {parent}. Choose another one.").format(parent=goal.parent))
    if goal.exists() and Path(path).exists() and goal.samefile(path):
        raise StillpointError(tr("The mask would overwrite the probability that it is made from. Choose another file."))
    source = stacks.opened(path)
    part = goal.with_name(f".{goal.stem}.{uuid.uuid4().hex[:8]}.partial.tif")
    try:
        _write(source, path, threshold, part, report, cancelled)
        part.replace(goal)
    except OSError as error:
        reason = error.strerror or str(error)
        raise StillpointError(tr(
            "The mask {goal} cannot be written: {reason}. Choose another file or folder."
        ).format(goal=goal, reason=reason)) from None
    finally:
        part.unlink(missing_ok=True)
    return str(goal)


def _write(
    source: gdal.Dataset, path: str, threshold: float, part: Path, report: Callable[[float, str], None],
    cancelled: Callable[[], bool],
) -> None:
    gdal.PushErrorHandler("CPLQuietErrorHandler")
    try:
        made: Optional[gdal.Dataset] = gdal.GetDriverByName("GTiff").Create(
            str(part), source.RasterXSize, source.RasterYSize, 1, gdal.GDT_Byte,
            ["COMPRESS=DEFLATE", "TILED=YES", "BIGTIFF=IF_SAFER"],
        )  # fmt: skip
        if made is None:
            raise OSError(gdal.GetLastErrorMsg())
        transform = source.GetGeoTransform(can_return_null=True)
        if transform is not None:
            made.SetGeoTransform(transform)
        made.SetProjection(source.GetProjection())
        made.SetMetadata({**(source.GetMetadata() or {}), "THRESHOLD": f"{threshold:.6g}"})
        band = made.GetRasterBand(1)
        band.SetNoDataValue(255)
        for row, block in _blocks(source, source.GetRasterBand(1), path, cancelled):
            mask = np.where(np.isnan(block), 255, block + _HAIR >= threshold).astype(np.uint8)
            if band.WriteArray(mask, 0, row) != gdal.CE_None:
                raise OSError(gdal.GetLastErrorMsg())
            report((row + len(block)) / source.RasterYSize, "")
        made.FlushCache()
    except RuntimeError as error:
        raise OSError(str(error)) from None
    finally:
        made = None
        gdal.PopErrorHandler()


def _blocks(source: gdal.Dataset, band: gdal.Band, path: str, cancelled: Callable[[], bool]):  # type: ignore[no-untyped-def]
    """Yield (first row, float32 [rows, columns]) from the top to the bottom, NaN where there are no data."""
    height = max(1, min(source.RasterYSize, 4_000_000 // max(source.RasterXSize, 1)))
    tile = band.GetBlockSize()[1]
    height = max(tile, height // tile * tile) if tile < height else height
    gap = band.GetNoDataValue()
    for row in range(0, source.RasterYSize, height):
        if cancelled():
            raise Cancelled
        try:
            block = band.ReadAsArray(0, row, source.RasterXSize, min(height, source.RasterYSize - row))
        except RuntimeError:
            block = None
        if block is None:
            raise StillpointError(tr(
                "The probability {path} cannot be read at row {row}: the file is damaged or gone."
            ).format(path=path, row=row))
        values = block.astype(np.float32)
        if gap is not None and np.isfinite(gap):
            values[values == np.float32(gap)] = np.nan
        yield row, values
