"""Turns a complete GeoTIFF into a Cloud-Optimised one: overviews inside, and an order that is read over a network."""

from __future__ import annotations

import os
from pathlib import Path

from osgeo import gdal

from stillpoint.models.errors import StillpointError
from stillpoint.models.points.places import quiet_gdal


def optimise(draft: Path) -> None:
    """Rewrite the GeoTIFF ``draft`` as a Cloud-Optimised GeoTIFF under the same name.

    Raises
    ------
    OSError
        It cannot be written: no room, or a GDAL without the driver.
    StillpointError
        This GDAL is too old.
    """
    if gdal.GetDriverByName("COG") is None:
        raise StillpointError("This GDAL writes no Cloud-Optimised GeoTIFF; that takes GDAL 3.1 or later. Leave the option out.")
    made = draft.with_name(f"{draft.stem}.cog{draft.suffix}")
    with quiet_gdal() as gdal_says:
        try:
            source = gdal.Open(str(draft))
            kind = source.GetRasterBand(1).DataType
            whole = kind == gdal.GDT_Byte or gdal.DataTypeIsComplex(kind)
            # A class has no mean: overviews of a mask take the pixel that is nearest.
            options = [
                "COMPRESS=DEFLATE", f"PREDICTOR={'NO' if gdal.DataTypeIsComplex(kind) else 'YES'}",
                "BIGTIFF=IF_SAFER", f"OVERVIEW_RESAMPLING={'NEAREST' if whole else 'AVERAGE'}"
            ]  # fmt: skip
            copy = gdal.GetDriverByName("COG").CreateCopy(str(made), source, options=options)
            failed = copy is None
            copy = source = None
        except RuntimeError as error:
            failed = True
            gdal_says.failures.append(str(error))
    if failed or gdal_says.failures:
        made.unlink(missing_ok=True)
        raise OSError(gdal_says.failures[0] if gdal_says.failures else "GDAL could not write it")
    os.replace(made, draft)
