"""Inputs that are damaged in the middle: blocks of rasters, pages of databases, rows of tables."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Optional, Tuple

BLOCK = 16
"""Pixels a side of the blocks of a raster that is to be damaged."""


def tiled(path: Path) -> None:
    """Rewrite a GeoTIFF in compressed blocks of :data:`BLOCK` pixels, each band for itself."""
    from osgeo import gdal

    draft = path.with_name(f"tiled-{path.name}")
    options = ["TILED=YES", f"BLOCKXSIZE={BLOCK}", f"BLOCKYSIZE={BLOCK}", "COMPRESS=DEFLATE", "INTERLEAVE=BAND"]
    source = gdal.Open(str(path))
    made = gdal.GetDriverByName("GTiff").CreateCopy(str(draft), source, options=options)
    made.FlushCache()
    made = source = None
    sidecar = Path(f"{draft}.aux.xml")
    if sidecar.exists():
        sidecar.replace(f"{path}.aux.xml")
    draft.replace(path)


def damage_block(path: Path, band: int, row: int, col: int) -> Tuple[str, str]:
    """Overwrite the block that holds a pixel of one band; return band and window as a message names them."""
    from osgeo import gdal

    dataset = gdal.Open(str(path))
    source = dataset.GetRasterBand(band)
    x, y = col // BLOCK, row // BLOCK
    offset = int(source.GetMetadataItem(f"BLOCK_OFFSET_{x}_{y}", "TIFF"))
    size = int(source.GetMetadataItem(f"BLOCK_SIZE_{x}_{y}", "TIFF"))
    last_row, last_col = min((y + 1) * BLOCK, dataset.RasterYSize) - 1, min((x + 1) * BLOCK, dataset.RasterXSize) - 1
    dataset = source = None
    with path.open("r+b") as stream:
        stream.seek(offset)
        stream.write(b"\x5a" * size)
    return f"Band {band} of ", f"rows {y * BLOCK} to {last_row}, columns {x * BLOCK} to {last_col}"


def damage_pages(path: Path) -> None:
    """Overwrite pages of 4 kB in the second half of a database, where the rows are."""
    size = path.stat().st_size
    with path.open("r+b") as stream:
        for page in range(size // 4096 // 2, size // 4096 - 1):
            stream.seek(page * 4096)
            stream.write(b"\xee" * 4096)


def copied(given: Path, folder: Path) -> Path:
    """Return a copy of the inputs that may be spoilt."""
    shutil.copytree(given, folder)
    return folder


def without_values(path: Path, *, only: Optional[int] = None) -> None:
    """Set every pixel of a raster, or of one band alone, to NaN; of bytes to no data."""
    import numpy as np
    from osgeo import gdal

    dataset = gdal.Open(str(path), gdal.GA_Update)
    for number in [only] if only else range(1, dataset.RasterCount + 1):
        band = dataset.GetRasterBand(number)
        if band.DataType == gdal.GDT_Byte:
            fill = 255 if band.GetNoDataValue() is None else band.GetNoDataValue()
        else:
            fill = complex(np.nan, np.nan) if gdal.DataTypeIsComplex(band.DataType) else np.nan
        values = band.ReadAsArray()
        band.WriteArray(np.full_like(values, fill))
    dataset.FlushCache()
    dataset = None


def without_series(path: Path) -> None:
    """Replace every displacement in a CSV by NaN."""
    rows = path.read_text(encoding="utf-8").splitlines()
    first = next(index for index, name in enumerate(rows[0].split(",")) if name.strip('D"').isdigit())
    spoilt = [",".join([*(cells := row.split(","))[:first], *("nan" for _ in cells[first:])]) for row in rows[1:]]
    path.write_text("\n".join([rows[0], *spoilt]) + "\n", encoding="utf-8")
