"""Looks at a few pixels of every image: what range, how many are missing, does it read at all."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from stillpoint.models.errors import StillpointError
from stillpoint.models.points.places import quiet_gdal
from stillpoint.models.rasters.product import Layer
from stillpoint.models.rasters.samples import sample
from stillpoint.models.rasters.vrt import band_in, open_layer


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


def look(layer: Layer) -> Look:
    """Return a sample of ``layer``.

    Raises
    ------
    StillpointError
        The file is damaged or truncated.
    """
    dataset = open_layer(layer)
    values, complaint = sample(band_in(dataset, layer))
    if values is None:
        raise StillpointError(f"{layer.where()} is damaged or truncated ({complaint}). Copy or download it again.")
    valid = np.isfinite(values)
    if layer.nodata is not None and np.isfinite(layer.nodata):
        valid &= values != layer.nodata
    if np.iscomplexobj(values):
        valid &= values != 0
    kept = np.abs(values[valid]) if np.iscomplexobj(values) else values[valid]
    return Look(kept.astype(np.float64), 1.0 - float(valid.mean()))


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
