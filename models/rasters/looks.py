"""Looks at a few pixels of every image: what range, how many are missing, does it read at all."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from stillpoint.models.errors import StillpointError
from stillpoint.models.points.places import quiet_gdal
from stillpoint.models.rasters.product import Layer
from stillpoint.models.rasters.vrt import band_in, open_layer

_ROWS, _COLUMNS = 48, 128


@dataclass(frozen=True)
class Look:
    """What a sample of an image shows.

    Attributes
    ----------
    values
        Finite samples that are not missing, float64 (the modulus of complex ones), unscaled, [n].
    missing
        Share of missing samples, 0..1.
    """

    values: np.ndarray
    missing: float


def look(layer: Layer, *, nodata_zero: bool = False) -> Look:
    """Return a sample of ``layer``, spread evenly over the image.

    Parameters
    ----------
    layer
        Image to look at.
    nodata_zero
        Whether pixels of exactly zero are missing, too.

    Raises
    ------
    StillpointError
        The file is damaged or truncated.
    """
    dataset = open_layer(layer)
    rows, cols = layer.size
    height, width = min(rows, _ROWS), min(cols, _COLUMNS)
    with quiet_gdal() as gdal_says:
        try:
            band = band_in(dataset, layer)
            sample = band.ReadAsArray(0, 0, cols, rows, width, height)
            last = band.ReadAsArray(cols - 1, rows - 1, 1, 1)  # the end of the file, which a broken download lacks
        except RuntimeError as error:
            sample = last = None
            gdal_says.messages.append(str(error))
    if sample is None or last is None or gdal_says.failures:
        reason = (gdal_says.failures or gdal_says.messages or ["unknown reason"])[-1]
        raise StillpointError(f"{layer.where()} is damaged or truncated ({reason}). Copy or download it again.")
    valid = np.isfinite(sample)
    if layer.nodata is not None and np.isfinite(layer.nodata):
        valid &= sample != layer.nodata
    if np.iscomplexobj(sample) or nodata_zero:
        valid &= sample != 0
    values = np.abs(sample[valid]) if np.iscomplexobj(sample) else sample[valid]
    return Look(values.astype(np.float64), 1.0 - float(valid.mean()))


def is_empty(layer: Layer) -> bool:
    """Whether ``layer`` has no valid pixel at all: read as a whole, stripe by stripe, until one is found."""
    dataset = open_layer(layer)
    rows, cols = layer.size
    band = band_in(dataset, layer)
    step = max(1, (4 << 20) // max(cols, 1))
    for top in range(0, rows, step):
        with quiet_gdal():
            values = band.ReadAsArray(0, top, cols, min(step, rows - top))
        if values is None:
            return False
        valid = np.isfinite(values)
        if layer.nodata is not None and np.isfinite(layer.nodata):
            valid &= values != layer.nodata
        if np.iscomplexobj(values):
            valid &= values != 0
        if valid.any():
            return False
    return True
