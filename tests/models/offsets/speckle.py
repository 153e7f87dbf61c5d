"""Speckle pairs for tests, and files of them."""

from __future__ import annotations

from pathlib import Path
from typing import Optional, Sequence, Tuple, Union

import numpy as np
from osgeo import gdal, osr


def pair(
    shift: Tuple[float, float], *, shape: Tuple[int, int] = (256, 256), coherence: float = 0.8,
    band: Tuple[float, float] = (0.5, 0.5), seed: int = 0, detect: bool = True,
) -> Tuple[np.ndarray, np.ndarray]:
    """Return amplitudes (or complex images) of a reference and a secondary in which everything moved by (rows, cols) pixels."""
    rng = np.random.default_rng(seed)
    frequencies = np.meshgrid(np.fft.fftfreq(shape[0]), np.fft.fftfreq(shape[1]), indexing="ij")
    window = (np.abs(frequencies[0]) <= band[0] / 2) & (np.abs(frequencies[1]) <= band[1] / 2)

    def field() -> np.ndarray:
        return np.fft.fft2(rng.standard_normal(shape) + 1j * rng.standard_normal(shape)) * window

    first, fresh = field(), field()
    turned = first * np.exp(-2j * np.pi * (frequencies[0] * shift[0] + frequencies[1] * shift[1]))
    images = np.fft.ifft2(first), np.fft.ifft2(coherence * turned + np.sqrt(1 - coherence**2) * fresh)
    found = [(np.abs(image) if detect else image).astype(np.float32 if detect else np.complex64) for image in images]
    return found[0], found[1]


def write(
    path: Path, images: Union[np.ndarray, Sequence[np.ndarray]], *,
    geotransform: Optional[Sequence[float]] = (500000, 10, 0, 7000000, 0, -10), epsg: int = 32605,
    dates: Sequence[str] = (), quantity: str = "", nodata: Optional[float] = None,
) -> str:
    """Write an image, or a stack of images, as a GeoTIFF."""
    layers = [images] if isinstance(images, np.ndarray) and images.ndim == 2 else list(images)
    kinds = {"c": gdal.GDT_CFloat32, "f": gdal.GDT_Float32, "u": gdal.GDT_Byte, "i": gdal.GDT_Int16}
    made = gdal.GetDriverByName("GTiff").Create(
        str(path), layers[0].shape[1], layers[0].shape[0], len(layers), kinds[layers[0].dtype.kind]
    )
    if geotransform is not None:
        made.SetGeoTransform(list(geotransform))
        reference = osr.SpatialReference()
        reference.ImportFromEPSG(epsg)
        made.SetProjection(reference.ExportToWkt())
    for number, layer in enumerate(layers, start=1):
        band = made.GetRasterBand(number)
        band.WriteArray(layer)
        if nodata is not None:
            band.SetNoDataValue(nodata)
        if dates:
            band.SetMetadataItem("DATE", dates[number - 1])
        if quantity:
            band.SetMetadataItem("QUANTITY", quantity)
    made.FlushCache()
    return str(path)
