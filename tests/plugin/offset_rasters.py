"""Makes pairs of speckled images with a known motion, and rasters of offsets as the engine writes them."""

from __future__ import annotations

from pathlib import Path
from typing import Optional, Sequence, Tuple

import numpy as np
from osgeo import gdal, osr

ORIGIN = (600000.0, 7000000.0)
PIXEL = 10.0
SPACING = 8
SHAPE = (12, 16)
"""Rows and columns of the offsets."""

DATES = ("2021-01-10", "2021-01-22")


def place(made: gdal.Dataset, transform: Optional[Sequence[float]], epsg: int = 32605) -> None:
    """Give a raster coordinates; None leaves it without."""
    if transform is None:
        return
    system = osr.SpatialReference()
    system.ImportFromEPSG(epsg)
    made.SetProjection(system.ExportToWkt())
    made.SetGeoTransform(list(transform))


def write_image(
    path: Path, *, shift: Tuple[int, int] = (0, 0), size: Tuple[int, int] = (128, 160), seed: int = 3, pixel: float = PIXEL,
    origin: Tuple[float, float] = ORIGIN, epsg: Optional[int] = 32605, quantity: str = "amplitude", bands: int = 1,
) -> Path:
    """Write speckle whose features lie ``shift`` rows and columns later than without; each further band a day later."""
    generator = np.random.default_rng(seed)
    rows, columns = size
    field = generator.normal(size=(2, rows + 80, columns + 80))
    for axis in (1, 2):
        field = field + np.roll(field, 1, axis)
    speckle = np.hypot(*field).astype(np.float32)
    made = gdal.GetDriverByName("GTiff").Create(str(path), columns, rows, bands, gdal.GDT_Float32)
    place(made, None if epsg is None else (origin[0], pixel, 0, origin[1], 0, -pixel), epsg or 0)
    for number in range(1, bands + 1):
        top, left = 40 - shift[0] * (number if bands > 1 else 1), 40 - shift[1] * (number if bands > 1 else 1)
        band = made.GetRasterBand(number)
        band.WriteArray(speckle[top : top + rows, left : left + columns])
        band.SetMetadataItem("QUANTITY", quantity)
        if bands > 1:
            band.SetMetadataItem("DATE", str(np.datetime64("2021-01-01", "D") + 12 * number))
    return path


def write_offsets(
    path: Path, *, kinds: Tuple[str, str] = ("east", "north"), unit: str = "m/day", first: float = 3.0, second: float = -2.0,
    transform: Optional[Sequence[float]] = (ORIGIN[0], PIXEL * SPACING, 0, ORIGIN[1], 0, -PIXEL * SPACING), epsg: int = 32605,
    pairs: int = 1, gap: bool = True, shape: Tuple[int, int] = SHAPE,
) -> Path:
    """Write offsets: constant in the right half, a tenth of that in the left one; two cells in the corner were not measured."""
    made = gdal.GetDriverByName("GTiff").Create(str(path), shape[1], shape[0], 5 * pairs, gdal.GDT_Float32)
    if transform is None:
        made.SetGeoTransform([0.0, SPACING, 0.0, 0.0, 0.0, -SPACING])
    place(made, transform, epsg)
    share = np.where(np.arange(shape[1]) >= shape[1] // 2, 1.0, 0.1) * np.ones(shape)
    for pair in range(pairs):
        values = [first * share * (pair + 1), second * share * (pair + 1), 0.05 + 0 * share, 0.1 + 0 * share, 0.8 * share]
        for index, block in enumerate(values):
            if gap:
                block[0, :2] = np.nan
            band = made.GetRasterBand(5 * pair + index + 1)
            band.WriteArray(block.astype(np.float32))
            band.SetNoDataValue(float("nan"))
            days = [str(np.datetime64(DATES[0], "D") + 12 * (pair + later)) for later in (0, 1)]
            kind = (*kinds, f"{kinds[0]}_error", f"{kinds[1]}_error", "peak")[index]
            told = {"UNIT": unit} if index < 4 else {}
            band.SetMetadata({"QUANTITY_OFFSET": kind, "REFERENCE_DATE": days[0], "SECONDARY_DATE": days[1], **told})
            band.SetDescription(kind)
    geometry = "radar" if kinds[0] == "range" else "map"
    made.SetMetadata({
        "METHOD": "correlation", "GEOMETRY": geometry, "UNITS": "pixels", "SPACING": str(SPACING), "SEARCH": "16",
        "SIGNS": "positive: later",
        "STILLPOINT_PROVENANCE": '{"stillpoint": "0.1.0", "images": [{"path": "a.tif", "band": 1, "kind": "grey"}]}',
    })  # fmt: skip
    return path
