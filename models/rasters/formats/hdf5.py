"""What the readers of HDF5 products share: metadata through h5py, pixels through GDAL where it can."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Any, Dict, Iterator, List, Optional, Tuple

import numpy as np
from osgeo import gdal, gdal_array, osr

from stillpoint.models.errors import StillpointError
from stillpoint.models.rasters.files import Files
from stillpoint.models.rasters.product import NO_TRANSFORM, Layer

if TYPE_CHECKING:
    import h5py

SIGNATURE = b"\x89HDF\r\n\x1a\n"
_PREFIX = "HDF5:"


def hdf5_files(files: Files) -> List[Path]:
    """Return the HDF5 files, told by their first bytes."""
    found = []
    for path in files.ending(".h5", ".he5", ".hdf5", ".nc"):
        try:
            with open(path, "rb") as stream:
                if stream.read(8) == SIGNATURE:
                    found.append(path)
        except OSError:
            continue
    return found


class opened:  # noqa: N801 - reads as a statement
    """An HDF5 file, open for reading; damage becomes a StillpointError."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __enter__(self) -> h5py.File:
        import h5py

        try:
            self._file = h5py.File(self._path, "r")
        except OSError as error:
            raise StillpointError(
                f"{self._path} cannot be read as HDF5 ({str(error).splitlines()[0]}): it is damaged or truncated. "
                "Copy or download it again."
            ) from None
        return self._file

    def __exit__(self, _kind: object, error: Optional[BaseException], _trace: object) -> None:
        self._file.close()
        if isinstance(error, (OSError, RuntimeError, KeyError, ValueError, TypeError, IndexError, AttributeError, MemoryError)):
            what = str(error).splitlines()[0] if str(error) else type(error).__name__
            raise StillpointError(
                f"{self._path} does not hold what such a file should ({what}): it is damaged, or from another program than its "
                "name tells. Copy or download it again."
            ) from None


def layers_of(
    path: Path, name: str, dataset: Any, quantity: str, days: List[Tuple[dt.date, ...]], *,
    geotransform: Tuple[float, ...] = NO_TRANSFORM, projection: str = "", nodata: Optional[float] = None,
) -> Iterator[Layer]:
    """Yield a layer for each image of ``dataset`` ([images, rows, cols] or [rows, cols])."""
    rows, cols = dataset.shape[-2:]
    kind = gdal_array.NumericTypeCodeToGDALTypeCode(np.dtype(dataset.dtype)) or gdal.GDT_Float32
    for number, pair in enumerate(days, start=1):
        yield Layer(
            path=str(path), quantity=quantity, days=pair, size=(rows, cols), data_type=kind, band=number,
            dataset=f'{_PREFIX}"{path.as_posix()}"://{name}', geotransform=geotransform, projection=projection, nodata=nodata,
        )


def refers_to_hdf5(layer: Layer) -> bool:
    """Whether the pixels of ``layer`` lie in an HDF5 file."""
    return layer.dataset.startswith(_PREFIX)


def readable_by_gdal(layer: Layer) -> bool:
    """Whether this GDAL opens the dataset of ``layer`` as it is: many builds lack HDF5, or one of its types."""
    if gdal.GetDriverByName("HDF5Image") is None:
        return False
    gdal.PushErrorHandler("CPLQuietErrorHandler")
    try:
        dataset = gdal.Open(layer.dataset)
    except RuntimeError:
        dataset = None
    finally:
        gdal.PopErrorHandler()
    if dataset is None or layer.band > dataset.RasterCount:
        return False
    fits = (dataset.RasterYSize, dataset.RasterXSize) == layer.size
    return fits and bool(gdal.DataTypeIsComplex(dataset.GetRasterBand(layer.band).DataType)) == layer.is_complex


def in_memory(layer: Layer) -> gdal.Dataset:
    """Return the image of ``layer`` as a raster in memory, read without GDAL's HDF5 driver."""
    name = layer.dataset.rsplit("://", 1)[1]
    with opened(Path(layer.path)) as file:
        values = file[name]
        image = values[layer.band - 1] if values.ndim == 3 else values[()]
    return gdal_array.OpenArray(np.ascontiguousarray(image))


def text(value: Any) -> str:
    """Return an HDF5 attribute or scalar as text."""
    if isinstance(value, np.ndarray) and value.size == 1:
        value = value.reshape(-1)[0]
    return value.decode("utf-8", errors="replace") if isinstance(value, bytes) else str(value)


def wkt_of(code: str) -> str:
    """Return the WKT of an EPSG code, empty where it is none."""
    reference = osr.SpatialReference()
    try:
        reference.ImportFromEPSG(int(float(code)))
    except (RuntimeError, ValueError):
        return ""
    return reference.ExportToWkt()


def attributes(item: Any) -> Dict[str, str]:
    """Return the attributes of a file or dataset as texts."""
    return {key: text(value) for key, value in item.attrs.items()}
