"""Stacks that refer to the files of a product: the XML of GDAL's virtual format."""

from __future__ import annotations

import math
import os
from html import escape
from pathlib import Path
from typing import Mapping, Optional, Sequence, Tuple

from osgeo import gdal

from stillpoint.models import remote
from stillpoint.models.errors import StillpointError
from stillpoint.models.points.places import quiet_gdal
from stillpoint.models.rasters.bands import Band, band_items
from stillpoint.models.rasters.formats.hdf5 import in_memory, readable_by_gdal, refers_to_hdf5
from stillpoint.models.rasters.product import NO_TRANSFORM, Layer
from stillpoint.models.rasters.stack import open_raster
from stillpoint.models.rasters.writing import relative

_RAW_ALLOWED = "GDAL_VRT_RAWRASTERBAND_ALLOWED_SOURCE"


def vrt_xml(
    layers: Sequence[Layer],
    bands: Sequence[Band],
    size: Tuple[int, int],
    *,
    path: str = "",
    geotransform: Sequence[float] = NO_TRANSFORM,
    projection: str = "",
    items: Optional[Mapping[str, str]] = None,
) -> str:
    """Return the XML of a stack with a band a layer.

    Parameters
    ----------
    layers, bands
        Where each band comes from, and what it is.
    size
        Rows and columns of the stack.
    path
        Where the XML will lie: files are named relative to it. Absolute names where empty.
    geotransform, projection
        Grid of the stack.
    items
        Metadata of the stack.
    """
    rows, cols = size
    parts = [f'<VRTDataset rasterXSize="{cols}" rasterYSize="{rows}">']
    if projection:
        parts.append(f"<SRS>{escape(projection)}</SRS>")
    if tuple(geotransform) != NO_TRANSFORM:
        parts.append(f"<GeoTransform>{', '.join(f'{value:.16g}' for value in geotransform)}</GeoTransform>")
    parts.append(_metadata(items or {}))
    for number, (layer, band) in enumerate(zip(layers, bands), start=1):
        parts.append(_band(number, layer, band, size, path))
    return "\n".join([*parts, "</VRTDataset>\n"])


def _metadata(items: Mapping[str, str]) -> str:
    rows = "".join(f'<MDI key="{escape(key)}">{escape(value)}</MDI>' for key, value in items.items())
    return f"<Metadata>{rows}</Metadata>" if rows else ""


def _band(number: int, layer: Layer, band: Band, size: Tuple[int, int], path: str) -> str:
    """Return the XML of one band."""
    complex_values = band.quantity == "complex"
    told = f"<Description>{escape(band.label)}</Description>{_metadata(band_items(band))}"
    if layer.raw is not None and not needs_file(layer, size):
        return _raw_band(number, layer, path, told)
    source_type = gdal.GetDataTypeName(layer.data_type)
    data_type = "CFloat32" if complex_values else "Float32"
    opening = f'<VRTRasterBand dataType="{data_type}" band="{number}"'
    if layer.function:
        transfer = "CFloat32" if layer.is_complex else "Float32"
        opening += ' subClass="VRTDerivedRasterBand"'
        told += f"<PixelFunctionType>{layer.function}</PixelFunctionType><SourceTransferType>{transfer}</SourceTransferType>"
    missing = layer.nodata is not None and math.isfinite(layer.nodata)
    scaled = (layer.scale, layer.offset) != (1.0, 0.0)
    # A scaled or masked source leaves the pixels without data at the band's own value for them.
    element = "ComplexSource" if not complex_values and not layer.is_complex and (scaled or missing) else "SimpleSource"
    extra = ""
    if element == "ComplexSource":
        extra = f"<ScaleOffset>{layer.offset:.16g}</ScaleOffset><ScaleRatio>{layer.scale:.16g}</ScaleRatio>" if scaled else ""
        extra += f"<NODATA>{layer.nodata:.16g}</NODATA>" if missing else ""
    top, left = layer.window
    rows, cols = size
    return (
        f"{opening}>{told}{'' if complex_values else _nodata(math.nan)}<{element}>{_filename(layer, path)}"
        f"<SourceBand>{layer.band}</SourceBand>"
        f'<SourceProperties RasterXSize="{layer.size[1]}" RasterYSize="{layer.size[0]}" DataType="{source_type}" '
        f'BlockXSize="{min(layer.size[1], 256)}" BlockYSize="{min(layer.size[0], 256)}"/>'
        f'<SrcRect xOff="{left}" yOff="{top}" xSize="{cols}" ySize="{rows}"/>'
        f'<DstRect xOff="0" yOff="0" xSize="{cols}" ySize="{rows}"/>{extra}</{element}></VRTRasterBand>'
    )


def _raw_band(number: int, layer: Layer, path: str, told: str = "") -> str:
    """Return the XML of a band that holds a raw file as it is."""
    raw = layer.raw
    if raw is None:
        raise ValueError(f"{layer.path} is no raw file")
    return (
        f'<VRTRasterBand dataType="{gdal.GetDataTypeName(layer.data_type)}" band="{number}" subClass="VRTRawRasterBand">'
        f"{told}{_filename(layer, path)}<ImageOffset>{raw.offset}</ImageOffset><PixelOffset>{raw.pixel}</PixelOffset>"
        f"<LineOffset>{raw.line}</LineOffset><ByteOrder>{'MSB' if raw.big_endian else 'LSB'}</ByteOrder></VRTRasterBand>"
    )


def raw_xml(layers: Sequence[Layer], path: str = "") -> str:
    """Return the XML of a raster with the raw files of ``layers`` as they are, all of one size, named relative to ``path``."""
    rows, cols = layers[0].size
    bands = "\n".join(_raw_band(number, layer, path) for number, layer in enumerate(layers, start=1))
    return f'<VRTDataset rasterXSize="{cols}" rasterYSize="{rows}">\n{bands}\n</VRTDataset>\n'


def needs_file(layer: Layer, size: Tuple[int, int]) -> bool:
    """Whether a raw layer can be no band as it lies: it is changed, converted or cut."""
    as_is = layer.data_type in (gdal.GDT_Float32, gdal.GDT_CFloat32)
    changed = bool(layer.function) or (layer.scale, layer.offset) != (1.0, 0.0) or layer.size != size
    mismatch = layer.is_complex != (layer.quantity == "complex")
    masked = layer.nodata is not None and math.isfinite(layer.nodata)
    return layer.raw is not None and (changed or mismatch or not as_is or masked)


def _nodata(value: Optional[float]) -> str:
    return "" if value is None else f"<NoDataValue>{value:.16g}</NoDataValue>"


def _filename(layer: Layer, path: str) -> str:
    if layer.dataset or not path:
        return f'<SourceFilename relativeToVRT="0">{escape(layer.dataset or remote.absolute(layer.path))}</SourceFilename>'
    place = relative(layer.path, path)
    return f'<SourceFilename relativeToVRT="{0 if os.path.isabs(place) else 1}">{escape(place)}</SourceFilename>'


def open_xml(xml: str, name: str) -> gdal.Dataset:
    """Open the XML of a stack without a file; ``name`` is for messages."""
    with quiet_gdal() as gdal_says, raw_allowed():
        try:
            dataset = gdal.Open(xml)
        except RuntimeError as error:
            dataset = None
            gdal_says.messages.append(str(error))
    if dataset is None:
        raise StillpointError(f"{name} cannot be read: {gdal_says.messages[-1] if gdal_says.messages else 'unknown reason'}.")
    return dataset


def open_layer(layer: Layer) -> gdal.Dataset:
    """Open the file of one layer with its own type and values; see :func:`band_in` for its band."""
    if refers_to_hdf5(layer) and not readable_by_gdal(layer):
        return in_memory(layer)
    if layer.raw is None:
        return open_raster(layer.source)
    return open_xml(raw_xml([layer]), layer.path)


def band_in(dataset: gdal.Dataset, layer: Layer) -> gdal.Band:
    """Return the band of ``layer`` in what :func:`open_layer` gave."""
    return dataset.GetRasterBand(min(layer.band, dataset.RasterCount) if layer.raw is None else 1)


class raw_allowed:  # noqa: N801 - reads as a statement
    """Lets GDAL follow a virtual raster to raw files anywhere: the names come from the user's own folder, not from a download."""

    def __enter__(self) -> None:
        self._before = gdal.GetThreadLocalConfigOption(_RAW_ALLOWED, None)
        gdal.SetThreadLocalConfigOption(_RAW_ALLOWED, "ALL")

    def __exit__(self, *_: object) -> None:
        gdal.SetThreadLocalConfigOption(_RAW_ALLOWED, self._before)


def readable(path: Path) -> str:
    """Return why the first pixel of the finished virtual raster cannot be read, or an empty text."""
    with quiet_gdal() as gdal_says:
        try:
            dataset = gdal.Open(str(path))
            if dataset is not None and dataset.GetRasterBand(dataset.RasterCount).ReadAsArray(0, 0, 1, 1) is not None:
                return ""
        except RuntimeError as error:
            gdal_says.messages.append(str(error))
    return gdal_says.messages[-1] if gdal_says.messages else "unknown reason"
