"""A few pixels of a raster that stand for all of it, at the cost of a few blocks of the file."""

from __future__ import annotations

from typing import List, Optional, Tuple

import numpy as np
from osgeo import gdal

from stillpoint.models.points.places import quiet_gdal

_SMALL = 1 << 20
_ROWS, _COLUMNS = 48, 128
_PLACES = 3


def sample(band: gdal.Band) -> Tuple[Optional[np.ndarray], str]:
    """Return some pixels of ``band``, [n] in the file's own type, and what GDAL complains of.

    Of a small raster they lie on a grid over all of it. Of a large one they are nine patches and the last pixel, as a grid
    would touch every block and read the whole file. The pixels are None where the file cannot be read.
    """
    rows, cols = band.YSize, band.XSize
    found: List[np.ndarray] = []
    with quiet_gdal() as gdal_says:
        try:
            if rows * cols <= _SMALL:
                found.append(band.ReadAsArray(0, 0, cols, rows, min(cols, _COLUMNS), min(rows, _ROWS)))
            else:
                striped = band.GetBlockSize()[0] >= cols
                height, width = min(rows, 16 if striped else 64), min(cols, 64)
                for row in _starts(rows, height):
                    found += [band.ReadAsArray(column, row, width, height) for column in _starts(cols, width)]
            # The end of the file, which a broken download lacks.
            last = band.ReadAsArray(cols - 1, rows - 1, 1, 1)
        except RuntimeError as error:
            last = None
            gdal_says.failures.append(str(error))
    complaint = (gdal_says.failures or gdal_says.messages or [""])[-1]
    if last is None or gdal_says.failures or any(patch is None for patch in found):
        return None, complaint or "unknown reason"
    return np.concatenate([patch.reshape(-1) for patch in found]), ""


def _starts(size: int, length: int) -> List[int]:
    """Return where patches of ``length`` begin so that their middles lie at 1/6, 3/6 and 5/6 of ``size``."""
    middles = [(2 * place + 1) * size // (2 * _PLACES) for place in range(_PLACES)]
    return sorted({min(max(middle - length // 2, 0), size - length) for middle in middles})
