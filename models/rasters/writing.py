"""Writes stacks: GeoTIFF by window, with dates, baselines and companions in its metadata."""

from __future__ import annotations

import os
import uuid
from pathlib import Path
from types import TracebackType
from typing import Dict, Mapping, Optional, Sequence, Tuple, Type

import numpy as np
from osgeo import gdal

from stillpoint.models import remote
from stillpoint.models.errors import StillpointError
from stillpoint.models.points.places import quiet_gdal
from stillpoint.models.points.writers.draft import explain
from stillpoint.models.rasters.bands import COMPANION, WORDS, Band, band_items
from stillpoint.models.rasters.cloud_optimised import optimise

_NEAR = 2
"""Folders to go up at most from a stack to a file that is named relative to it."""

_TYPES = {"f": gdal.GDT_Float32, "c": gdal.GDT_CFloat32}


def draft_name(path: str) -> Path:
    """Return a name beside ``path``, of the same ending, for what is not complete yet.

    Raises
    ------
    StillpointError
        ``path`` is a folder, or its folder is missing.
    """
    if remote.is_remote(path):
        return remote.draft_name(path)
    target = Path(path)
    if os.path.isdir(target):
        raise StillpointError(f"{path} is a folder; name a file to write.")
    if not os.path.isdir(target.parent):
        raise StillpointError(f"There is no folder {target.parent} to write {target.name} to; make it, or choose another.")
    return target.with_name(f".{target.stem}.{uuid.uuid4().hex[:8]}.partial{target.suffix}")


def publish(draft: Path, path: str) -> None:
    """Move the complete ``draft`` to its final name; remove what GDAL noted beside the file that is replaced.

    Raises
    ------
    StillpointError
        The file that is replaced is open in another program or write-protected.
    """
    try:
        if remote.is_remote(path):
            return remote.send(draft, path)
        os.replace(draft, path)
        Path(f"{path}.aux.xml").unlink(missing_ok=True)
    except OSError as error:
        raise explain(error, path) from None


def stack_items(
    *,
    wavelength: Optional[float] = None,
    incidence_angle: Optional[float] = None,
    heading: Optional[float] = None,
    spacing_m: Optional[Tuple[float, float]] = None,
    companions: Optional[Mapping[str, str]] = None,
    path: str = "",
    extra: Optional[Mapping[str, str]] = None,
) -> Dict[str, str]:
    """Return the metadata items of a stack at ``path``; companions are named relative to it where they can be."""
    rows, cols = spacing_m or (None, None)
    known = {
        "wavelength": wavelength, "incidence_angle": incidence_angle, "heading": heading,
        "row_spacing": rows, "column_spacing": cols,
    }
    items = {WORDS[name]: f"{value:.10g}" for name, value in known.items() if value is not None}
    for quantity, place in (companions or {}).items():
        items[f"{COMPANION}{quantity.upper()}"] = relative(place, path)
    items.update(extra or {})
    return items


def relative(place: str, path: str) -> str:
    """Return ``place`` relative to the folder of ``path`` (with slashes); absolute where they lie far apart.

    What lies together is moved together; between other places an absolute name survives when the stack is moved.
    """
    whole = remote.absolute(place)
    if remote.is_remote(place) != remote.is_remote(path):  # no folder leads from one to the other
        return whole
    try:
        short = Path(os.path.relpath(whole, os.path.dirname(remote.absolute(path)))).as_posix()
    except ValueError:  # another drive
        return whole
    return short if short.split("/").count("..") <= _NEAR else whole


class StackWriter:
    """Writes a stack as a GeoTIFF, window by window; the file has its name only once it is complete.

    Use it as a context manager: an exception inside discards what was written.

    Parameters
    ----------
    path
        GeoTIFF to write (.tif).
    bands
        What each band is; their ``number`` is ignored, the order counts. All of one quantity.
    shape
        Rows and columns.
    geotransform, projection
        As GDAL gives them; None and empty for rasters in radar geometry.
    wavelength, incidence_angle, heading, companions
        See :class:`stillpoint.models.rasters.stack.Stack`; companions are paths.
    spacing_m
        Metres between rows and between columns; needed where there are no coordinates.
    extra
        Further metadata items of the raster.
    cog
        Whether the file becomes a Cloud-Optimised GeoTIFF; it can be changed until the file is complete.

    Raises
    ------
    StillpointError
        The file cannot be written.
    """

    def __init__(
        self,
        path: str,
        bands: Sequence[Band],
        shape: Tuple[int, int],
        *,
        geotransform: Optional[Sequence[float]] = None,
        projection: str = "",
        wavelength: Optional[float] = None,
        incidence_angle: Optional[float] = None,
        heading: Optional[float] = None,
        spacing_m: Optional[Tuple[float, float]] = None,
        companions: Optional[Mapping[str, str]] = None,
        extra: Optional[Mapping[str, str]] = None,
        cog: bool = False,
    ) -> None:
        self.path = os.fspath(path)
        self.cog = cog
        self._draft = draft_name(self.path)
        kinds = {"c" if band.quantity == "complex" else "f" for band in bands}
        if len(kinds) != 1:
            raise ValueError("a stack has bands, all of them complex or none")
        self._kind = kinds.pop()
        options = ["TILED=YES", "BLOCKXSIZE=256", "BLOCKYSIZE=256", "COMPRESS=DEFLATE", "ZLEVEL=1", "INTERLEAVE=BAND",
                   "BIGTIFF=IF_SAFER"]
        options += ["PREDICTOR=3"] if self._kind == "f" else []
        with quiet_gdal() as gdal_says:
            try:
                driver = gdal.GetDriverByName("GTiff")
                made = driver.Create(str(self._draft), shape[1], shape[0], len(bands), _TYPES[self._kind], options)
            except RuntimeError as error:
                made = None
                gdal_says.messages.append(str(error))
        if made is None:
            raise explain(OSError(gdal_says.messages[-1] if gdal_says.messages else "unknown reason"), self.path)
        self._dataset: Optional[gdal.Dataset] = made
        if geotransform is not None and tuple(geotransform) != (0.0, 1.0, 0.0, 0.0, 0.0, 1.0):
            made.SetGeoTransform(list(geotransform))
        if projection:
            made.SetProjection(projection)
        made.SetMetadata(stack_items(
            wavelength=wavelength, incidence_angle=incidence_angle, heading=heading, spacing_m=spacing_m,
            companions=companions, path=self.path, extra=extra,
        ))
        for number, band in enumerate(bands, start=1):
            target = made.GetRasterBand(number)
            target.SetMetadata(band_items(band))
            target.SetDescription(band.description or band.label)
            if self._kind == "f":
                target.SetNoDataValue(float("nan"))
        self.shape = tuple(shape)
        self._over = False

    def write(self, values: np.ndarray, rows: slice, cols: slice, bands: Optional[Sequence[int]] = None) -> None:
        """Write ``values`` [bands, rows, cols] to a window.

        Parameters
        ----------
        values
            Real or complex as the stack is; NaN where missing.
        rows, cols
            The window; open slices reach to the edge.
        bands
            Numbers (from 1) of the bands that ``values`` holds; all where None.

        Raises
        ------
        StillpointError
            The disk is full, or the file cannot be written for another reason.
        """
        if self._dataset is None:
            raise ValueError("the writer is closed")
        top, left = rows.indices(self.shape[0])[0], cols.indices(self.shape[1])[0]
        values = np.asarray(values, np.complex64 if self._kind == "c" else np.float32)
        numbers = range(1, self._dataset.RasterCount + 1) if bands is None else bands
        if len(values) != len(numbers):
            raise ValueError(f"{len(values)} arrays for {len(numbers)} bands")
        with quiet_gdal() as gdal_says:
            for number, block in zip(numbers, values):
                try:
                    failed = self._dataset.GetRasterBand(number).WriteArray(block, left, top)
                except RuntimeError as error:
                    failed = gdal.CE_Failure
                    gdal_says.failures.append(str(error))
                if failed:
                    raise explain(OSError(gdal_says.failures[-1] if gdal_says.failures else "unknown reason"), self.path)

    def complete(self) -> None:
        """Complete the file under its temporary name, so that only the name is missing.

        Raises
        ------
        StillpointError
            What was cached did not reach the disk; nothing is left.
        """
        if self._dataset is None:
            return
        with quiet_gdal() as gdal_says:
            try:
                self._dataset.FlushCache()
                self._dataset = None
                if self.cog and not gdal_says.failures:
                    optimise(self._draft)
            except (RuntimeError, OSError) as error:
                gdal_says.failures.append(str(error))
        if gdal_says.failures:  # what was cached did not reach the disk
            reason = explain(OSError(gdal_says.failures[0]), self.path)  # while the disk is still full
            self.discard()
            raise reason

    def close(self) -> None:
        """Complete the file and give it its name."""
        if self._over:
            return
        self.complete()
        publish(self._draft, self.path)
        self._over = True

    def discard(self) -> None:
        """Remove what was written."""
        self._dataset = None
        self._over = True
        self._draft.unlink(missing_ok=True)
        Path(f"{self._draft}.aux.xml").unlink(missing_ok=True)

    def __enter__(self) -> StackWriter:
        return self

    def __exit__(
        self, kind: Optional[Type[BaseException]], _error: Optional[BaseException], _trace: Optional[TracebackType]
    ) -> None:
        if kind is None:
            self.close()
        else:
            self.discard()


def write_stack(
    path: str,
    values: np.ndarray,
    bands: Sequence[Band],
    *,
    geotransform: Optional[Sequence[float]] = None,
    projection: str = "",
    wavelength: Optional[float] = None,
    incidence_angle: Optional[float] = None,
    heading: Optional[float] = None,
    spacing_m: Optional[Tuple[float, float]] = None,
    companions: Optional[Mapping[str, str]] = None,
    extra: Optional[Mapping[str, str]] = None,
) -> str:
    """Write the array ``values`` [bands, rows, cols] as a stack and return its path; see :class:`StackWriter`."""
    with StackWriter(
        path, bands, (values.shape[1], values.shape[2]), geotransform=geotransform, projection=projection,
        wavelength=wavelength, incidence_angle=incidence_angle, heading=heading, spacing_m=spacing_m,
        companions=companions, extra=extra,
    ) as writer:
        writer.write(values, slice(None), slice(None))
    return os.fspath(path)
