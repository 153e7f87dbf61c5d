"""Reading a window of a band, and saying which part of it is damaged where that fails."""

from __future__ import annotations

import itertools
from typing import Optional, Tuple

import numpy as np
from osgeo import gdal

from stillpoint.models.errors import StillpointError
from stillpoint.models.points.places import quiet_gdal

LOOKS = 4096
"""Blocks of the file that are tried at most to find the damaged one."""

Window = Tuple[int, int, int, int]
"""First column, first row, columns, rows."""


def read_window(band: gdal.Band, name: str, window: Window, *, masked: bool = False) -> np.ndarray:
    """Return the values of a window of ``band``, [rows, cols].

    Parameters
    ----------
    band
        The band.
    name
        The file, for messages.
    window
        First column, first row, columns and rows; inside the raster.
    masked
        Whether the values of the band's mask are wanted instead.

    Raises
    ------
    StillpointError
        The file is damaged or truncated there, or has gone; the sentence names the band and the first block that cannot be read.
    MemoryError
        GDAL found no room for the window.
    """
    values, reason = _tried(band, window, masked)
    if values is not None:
        return values
    if "cannot allocate" in reason.lower():
        raise MemoryError(reason)
    raise unreadable(band, name, window, reason, masked=masked)


def unreadable(
    band: gdal.Band, name: str, window: Optional[Window] = None, reason: str = "unknown reason", *, masked: bool = False
) -> StillpointError:
    """Return the error for a band that cannot be read in ``window`` (anywhere where None), with the first damaged block."""
    left, top, width, height = _culprit(band, window or (0, 0, band.XSize, band.YSize), masked)
    return StillpointError(
        f"Band {band.GetBand()} of {name} cannot be read at rows {top} to {top + height - 1}, columns {left} to "
        f"{left + width - 1}: a file is damaged, truncated or gone ({reason.rstrip('.')}). Copy or download it again."
    )


def _tried(band: gdal.Band, window: Window, masked: bool) -> Tuple[Optional[np.ndarray], str]:
    """Return the values, or None and why not."""
    with quiet_gdal() as says:
        try:
            values = (band.GetMaskBand() if masked else band).ReadAsArray(*window)
        except RuntimeError as error:
            return None, str(error).rstrip(".")
    return values, says.messages[-1].rstrip(".") if says.messages else "unknown reason"


def _culprit(band: gdal.Band, window: Window, masked: bool) -> Window:
    """Return the first block of the file in ``window`` that cannot be read; the window itself where none is found."""
    left, top, width, height = window
    wide, high = band.GetBlockSize()
    rows, cols = range(top // high * high, top + height, high), range(left // wide * wide, left + width, wide)
    for row, col in itertools.islice(itertools.product(rows, cols), LOOKS):
        block = col, row, min(wide, band.XSize - col), min(high, band.YSize - row)
        if _tried(band, block, masked)[0] is None:
            return block
    return window
