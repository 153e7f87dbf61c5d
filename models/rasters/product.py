"""What a reader finds in a product: its images, one by one, and what is known of all of them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Dict, Optional, Tuple

from osgeo import gdal

from stillpoint.models.errors import StillpointError
from stillpoint.models.points.places import placed, projection_of
from stillpoint.models.rasters.stack import open_raster

NO_TRANSFORM = (0.0, 1.0, 0.0, 0.0, 0.0, 1.0)
"""Geotransform of a raster without coordinates."""


@dataclass(frozen=True)
class Raw:
    """How the pixels of a raw binary file lie.

    Attributes
    ----------
    big_endian
        Byte order.
    offset
        Bytes before the first pixel.
    pixel, line
        Bytes from a pixel to the next, and from a line to the next.
    """

    big_endian: bool
    offset: int
    pixel: int
    line: int


@dataclass(frozen=True)
class Layer:
    """One image of a product, which becomes a band.

    Attributes
    ----------
    path
        Its file, for messages and for GDAL.
    quantity
        One of ``stillpoint.models.rasters.bands.QUANTITIES``.
    days
        One day, or the reference and the secondary day, as the product orders them.
    size
        Rows and columns.
    data_type
        GDAL's number of the type of the pixels in the file.
    band
        Band in the file, from 1.
    dataset
        Name that GDAL opens where it is not the path (a dataset within an HDF5 file).
    raw
        Layout where the file has no header that GDAL knows.
    geotransform, projection
        As GDAL gives them.
    nodata
        Value of missing pixels in the file.
    scale, offset
        Stack values are ``scale * value + offset``.
    function
        Pixel function of GDAL that makes the stack's values: ``conj``, ``mod``, ``phase``, ``sqrt``; empty for none.
    window
        Rows and columns of the file that are taken, from its first (for products whose extents differ).
    perpendicular_baseline
        Metres; None where unknown.
    """

    path: str
    quantity: str
    days: Tuple[dt.date, ...]
    size: Tuple[int, int]
    data_type: int
    band: int = 1
    dataset: str = ""
    raw: Optional[Raw] = None
    geotransform: Tuple[float, ...] = NO_TRANSFORM
    projection: str = ""
    nodata: Optional[float] = None
    scale: float = 1.0
    offset: float = 0.0
    function: str = ""
    window: Tuple[int, int] = (0, 0)
    perpendicular_baseline: Optional[float] = None

    @property
    def source(self) -> str:
        """What GDAL opens."""
        return self.dataset or self.path

    @property
    def is_complex(self) -> bool:
        """Whether the pixels in the file are complex."""
        return bool(gdal.DataTypeIsComplex(self.data_type))

    @property
    def kind(self) -> Tuple[str, int]:
        """Quantity and number of days: what may stand in one stack."""
        return self.quantity, len(self.days)

    def where(self) -> str:
        """Return the file and the band, for messages."""
        return self.path if self.band == 1 else f"band {self.band} of {self.path}"


@dataclass(frozen=True)
class Product:
    """What a reader found.

    Attributes
    ----------
    format
        Name of the format, one of ``stillpoint.models.jobs.rasters.FORMATS``.
    layers
        All images, of all quantities.
    wavelength
        Metres; None where unknown.
    incidence_angle, heading
        Degrees; None where unknown.
    spacing_m
        Metres on the ground between rows and between columns, for radar geometry; None where unknown.
    convention
        ``"reference-secondary"`` or ``"secondary-reference"`` where the format fixes what interferometric phase is.
    others
        What else was found, for people, by name (``{"DEM": "dem/x.dem"}``).
    notes
        Sentences for people on what was assumed or left out.
    """

    format: str
    layers: Tuple[Layer, ...]
    wavelength: Optional[float] = None
    incidence_angle: Optional[float] = None
    heading: Optional[float] = None
    spacing_m: Optional[Tuple[float, float]] = None
    convention: str = ""
    others: Tuple[Tuple[str, str], ...] = ()
    notes: Tuple[str, ...] = ()


def raster_layer(
    path: str, quantity: str, days: Tuple[dt.date, ...], *, band: int = 1, dataset: str = "", nodata: Optional[float] = None
) -> Layer:
    """Return the layer of a raster that GDAL opens, its grid, type, scale and no-data value read from the file.

    Parameters
    ----------
    path, quantity, days, band, dataset
        See :class:`Layer`.
    nodata
        Missing value where the file does not tell one.

    Raises
    ------
    StillpointError
        The file is missing, empty or no raster, or has no such band.
    """
    opened = open_raster(dataset or path)
    if band > opened.RasterCount:
        raise StillpointError(f"{path} has no band {band}.")
    source = opened.GetRasterBand(band)
    told = source.GetNoDataValue()
    return Layer(
        path=path,
        quantity=quantity,
        days=days,
        size=(opened.RasterYSize, opened.RasterXSize),
        data_type=source.DataType,
        band=band,
        dataset=dataset,
        geotransform=tuple(placed(opened) or NO_TRANSFORM),
        projection=projection_of(opened),
        nodata=told if told is not None else nodata,
        scale=source.GetScale() or 1.0,
        offset=source.GetOffset() or 0.0,
    )


def raw_layer(
    path: str, quantity: str, days: Tuple[dt.date, ...], size: Tuple[int, int], *, kinds: Dict[int, int], big_endian: bool = True
) -> Layer:
    """Return the layer of a raw file; its type is told by its length.

    Parameters
    ----------
    path, quantity, days, size
        See :class:`Layer`.
    kinds
        Bytes of a pixel, and GDAL's type that has as many; the first is the one to expect.
    big_endian
        Byte order.

    Raises
    ------
    StillpointError
        The file is not as long as its size and any of the types say.
    """
    try:
        length = Path(path).stat().st_size
    except OSError as error:
        raise StillpointError(f"{path} cannot be read: {error.strerror or error}.") from None
    pixels = size[0] * size[1]
    if not length:
        raise StillpointError(f"{path} is empty.")
    for width, data_type in kinds.items():
        if length == width * pixels:
            raw = Raw(big_endian, 0, width, width * size[1])
            return Layer(path, quantity, days, size, data_type, raw=raw)
    expected = next(iter(kinds)) * pixels
    raise StillpointError(
        f"{path} has {length:,} bytes, but {size[0]} lines of {size[1]} samples need {expected:,}: the file is "
        f"{'truncated' if length < expected else 'longer than its parameter file says'}. Copy it again, or correct the "
        "parameter file."
    )


def with_baseline(layer: Layer, metres: Optional[float]) -> Layer:
    """Return ``layer`` with its perpendicular baseline where it has none yet."""
    if metres is None or layer.perpendicular_baseline is not None:
        return layer
    return replace(layer, perpendicular_baseline=float(metres))
