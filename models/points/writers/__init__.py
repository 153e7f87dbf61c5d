"""Writers of point layers, chosen by the extension of the file."""

from __future__ import annotations

from pathlib import Path
from typing import Mapping, Optional, Sequence

import numpy as np

from stillpoint.models.errors import StillpointError
from stillpoint.models.points.table import Column, PointWriter

EXTENSIONS = (".gpkg", ".shp", ".csv", ".fgb", ".parquet")
"""Extensions that can be written."""


def open_writer(
    path: str,
    columns: Sequence[Column],
    *,
    crs: str,
    metadata: Mapping[str, str],
    series_dates: Optional[np.ndarray] = None,
) -> PointWriter:
    """Open a writer for a layer of points; its extension chooses the format.

    Parameters
    ----------
    path
        File to write: ``.gpkg``, ``.shp``, ``.csv``, ``.fgb`` or ``.parquet``. It appears, or is replaced, only
        when the writer finishes.
    columns
        The fields, in order.
    crs
        Authority code or WKT; empty where unknown.
    metadata
        Provenance, text by text. It can be changed as ``writer.metadata`` until the writer finishes.
    series_dates
        Dates of the fields that hold a series, named ``D20150131``, where there are such fields
        (``datetime64[D]``, shape (e,)). A shapefile leaves them out where there are too many.

    Raises
    ------
    StillpointError
        Unknown extension, a folder that cannot be written to, or an invalid CRS.
    """
    suffix = Path(path).suffix.lower()
    if suffix not in EXTENSIONS:
        raise StillpointError(f"{path} cannot be written: its extension must be one of {', '.join(EXTENSIONS)}.")
    if crs:
        from stillpoint.models.points.places import user_crs

        crs = user_crs(crs)
    if suffix == ".gpkg":
        from stillpoint.models.points.writers.geopackage import GeoPackageWriter

        return GeoPackageWriter(path, columns, crs=crs, metadata=metadata)
    if suffix == ".csv":
        from stillpoint.models.points.writers.text import TextWriter

        return TextWriter(path, columns, crs=crs, metadata=metadata)
    if suffix == ".parquet":
        from stillpoint.models.points.writers.parquet import ParquetWriter

        return ParquetWriter(path, columns, crs=crs, metadata=metadata)
    from stillpoint.models.points.writers.converted import FlatGeobufWriter, ShapefileWriter

    if suffix == ".fgb":
        return FlatGeobufWriter(path, columns, crs=crs, metadata=metadata)
    return ShapefileWriter(path, columns, crs=crs, metadata=metadata, series_dates=series_dates)
