"""What a stack's raster says about itself: dates or pairs, baselines, quantity, companions; and the values of a pixel.

Read with GDAL, which is part of QGIS, from the metadata alone; the pixel by windows of one pixel.
"""

from __future__ import annotations

import math
import threading
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, Dict, FrozenSet, List, Mapping, Optional, Tuple

import numpy as np
from osgeo import gdal
from qgis.core import QgsMapLayer, QgsPointXY, QgsProviderRegistry, QgsRasterLayer, QgsRectangle

from stillpoint.models.errors import StillpointError
from stillpoint.models.rasters.bands import COMPANION, Band, band_of, number_of
from stillpoint.plugin.language import tr

SELECTABLE = ("phase", "complex", "amplitude")
"""Quantities in which scatterers can be selected; amplitudes by one method only."""

NOT_PLACED = (0.0, 1.0, 0.0, 0.0, 0.0, -1.0)
"""Where QGIS draws a raster without coordinates: below the origin."""


@dataclass(frozen=True)
class StackFacts:
    """What the metadata of a raster say.

    Attributes
    ----------
    path
        What GDAL opens.
    bands
        All bands; those that say no date or pair have no ``days``.
    shape
        Rows and columns.
    wavelength
        Metres, where known.
    companions
        Paths of the stacks that belong to it, by quantity ("amplitude", "coherence"); only those that exist.
    is_placed
        False where the raster has no coordinates (radar geometry).
    """

    path: str
    bands: Tuple[Band, ...]
    shape: Tuple[int, int]
    wavelength: Optional[float] = None
    companions: Dict[str, str] = field(default_factory=dict)
    is_placed: bool = True

    @property
    def is_stack(self) -> bool:
        """True where every band says its date or pair."""
        return bool(self.bands) and all(band.days for band in self.bands)

    @property
    def quantity(self) -> str:
        """Quantity of the first band; empty where the metadata name none."""
        return self.bands[0].quantity if self.bands else ""

    @property
    def dates(self) -> Tuple[str, ...]:
        """All dates in order of time."""
        return tuple(sorted({str(day) for band in self.bands for day in band.days}))


def path_of(layer: QgsMapLayer) -> str:
    """Return what GDAL opens for a raster layer; empty where it is none of GDAL's."""
    if not isinstance(layer, QgsRasterLayer) or layer.providerType() != "gdal":
        return ""
    return _path_in(layer.source())


@lru_cache(maxsize=4096)
def _path_in(source: str) -> str:
    """Return the path in the source of a layer; remembered, since whole projects are asked often."""
    parts = QgsProviderRegistry.instance().decodeUri("gdal", source)
    path = str(parts.get("path") or "")
    return source.partition("|")[0] if parts.get("layerName") or not path else path


def stamp_of(path: str) -> int:
    """Return when a file was written last, in ns: what was read before that is out of date. 0 where it is no file."""
    try:
        return Path(path).stat().st_mtime_ns
    except (OSError, ValueError):
        return 0


def is_view(layer: QgsMapLayer) -> bool:
    """Tell whether a layer only shows one date of a stack, as those do that play in time, and is not the stack itself."""
    if not isinstance(layer, QgsRasterLayer) or layer.bandCount() < 2:
        return False
    return layer.source().startswith("DERIVED_SUBDATASET:") or layer.name() in _labels(path_of(layer))


@lru_cache(maxsize=256)
def _labels(path: str) -> FrozenSet[str]:
    """Return the names of a stack's bands; none where it cannot be opened."""
    try:
        return frozenset(band.label for band in facts_of(path).bands if band.days)
    except StillpointError:
        return frozenset()


def opened(path: str) -> gdal.Dataset:
    """Open a raster for reading.

    Raises
    ------
    StillpointError
        GDAL cannot open it.
    """
    gdal.PushErrorHandler("CPLQuietErrorHandler")
    try:
        found = gdal.OpenEx(path, gdal.OF_RASTER | gdal.OF_READONLY)
        reason = gdal.GetLastErrorMsg()
    except RuntimeError as error:
        found, reason = None, str(error)
    finally:
        gdal.PopErrorHandler()
    if found is None:
        raise StillpointError(tr(
            "The raster {path} cannot be opened: {reason}."
        ).format(path=path, reason=reason or "GDAL knows no such format"))
    return found


def facts_of(path: str) -> StackFacts:
    """Read the metadata of a raster; one that is no stack has no bands with dates.

    Raises
    ------
    StillpointError
        The raster cannot be opened.
    """
    source = opened(path)
    bands = []
    for number in range(1, source.RasterCount + 1):
        band = source.GetRasterBand(number)
        quantity = "complex" if gdal.DataTypeIsComplex(band.DataType) else ""
        bands.append(band_of(number, band.GetMetadata() or {}, band.GetDescription() or "", quantity=quantity))
    items = {key.upper(): value for key, value in (source.GetMetadata() or {}).items()}
    return StackFacts(
        path, tuple(bands), (source.RasterYSize, source.RasterXSize), number_of(items.get("WAVELENGTH")),
        _companions(items, path), source.GetGeoTransform(can_return_null=True) is not None,
    )  # fmt: skip


def _companions(items: Mapping[str, str], path: str) -> Dict[str, str]:
    """Return the companions that the metadata name, their paths against the folder of the stack."""
    found = {}
    for key, value in items.items():
        if key.startswith(COMPANION) and value:
            place = Path(value) if Path(value).is_absolute() else Path(path).parent / value
            if place.is_file():
                found[key[len(COMPANION) :].lower()] = str(place)
    return found


_QUANTITIES = {"unwrapped": "unwrapped phase", "coherence": "coherence"}


def check_selectable(facts: StackFacts, method: str, *, name: str = "") -> None:
    """Tell what keeps a raster from having its scatterers selected.

    Raises
    ------
    StillpointError
        It is no stack, it holds another quantity, or a single interferogram.
    """
    name = name or Path(facts.path).name
    undated = [band.number for band in facts.bands if not band.days]
    if len(undated) == len(facts.bands):
        raise StillpointError(
            tr(
                "{name} does not say which date or pair its bands are of. Use Open Stack on the product's folder "
                "or files first: it writes the dates into the raster."
            ).format(name=name)
        )
    if undated:
        which = ", ".join(map(str, undated[:5])) + (" ..." if len(undated) > 5 else "")
        raise StillpointError(
            tr(
                "{name} has no date for band {which}. Use Open Stack on the product's folder or files, which dates "
                "every band."
            ).format(name=name, which=which)
        )
    quantity = facts.quantity
    if quantity == "amplitude" and method != "amplitude_dispersion":
        raise StillpointError(
            tr(
                "{name} holds amplitudes alone, which only the method Amplitude dispersion can judge. Choose that "
                "method, or a stack of interferograms or complex images."
            ).format(name=name)
        )
    if quantity and quantity not in SELECTABLE:
        raise StillpointError(
            tr(
                "{name} holds {quantity}. Scatterers are selected in complex images or wrapped interferograms: use Open "
                "Stack and choose phase or complex there."
            ).format(name=name, quantity=_QUANTITIES.get(quantity, quantity))
        )
    if len(facts.bands) < 2:
        what = "interferogram" if facts.bands[0].pair else "image"
        raise StillpointError(
            tr(
                "{name} holds a single {what}. A scatterer shows itself by staying the same over many dates: "
                "choose a stack of several (ten or more for a good selection)."
            ).format(name=name, what=what)
        )


def extent_text(extent: QgsRectangle, facts: StackFacts) -> str:
    """Return an extent as a job takes it. Without coordinates QGIS counts rows downwards from 0, the engine upwards."""
    low, high = (extent.yMinimum(), extent.yMaximum()) if facts.is_placed else (-extent.yMaximum(), -extent.yMinimum())
    return f"{extent.xMinimum():.10g},{low:.10g},{extent.xMaximum():.10g},{high:.10g}"


# The pixel


@dataclass(frozen=True)
class PixelValues:
    """The values of one pixel of a stack: float32 or complex64 [bands], NaN where missing."""

    row: int
    column: int
    values: np.ndarray


class PixelReader:
    """Reads single pixels of a raster; the file stays open between two clicks. May be used from any thread."""

    def __init__(self, path: str) -> None:
        self.path = path
        self._lock = threading.Lock()
        self._source: Any = None
        self._stamp = 0

    def pixel_of(self, point: QgsPointXY) -> Optional[Tuple[int, int]]:
        """Return row and column at a position in the raster's CRS, None outside of it."""
        with self._lock:
            source = self._opened()
            forward = source.GetGeoTransform(can_return_null=True) or NOT_PLACED
            inverse = gdal.InvGeoTransform(forward)
            if inverse is None:
                return None
            column, row = (math.floor(value) for value in gdal.ApplyGeoTransform(inverse, point.x(), point.y()))
            inside = 0 <= row < source.RasterYSize and 0 <= column < source.RasterXSize
            return (row, column) if inside else None

    def corners_of(self, row: int, column: int) -> List[QgsPointXY]:
        """Return the four corners of a pixel in the raster's CRS."""
        with self._lock:
            forward = self._opened().GetGeoTransform(can_return_null=True) or NOT_PLACED
            corners = ((0, 0), (1, 0), (1, 1), (0, 1))
            return [QgsPointXY(*gdal.ApplyGeoTransform(forward, column + dx, row + dy)) for dx, dy in corners]

    def values(self, row: int, column: int) -> PixelValues:
        """Read all bands at a pixel.

        Raises
        ------
        StillpointError
            The file cannot be opened or read.
        """
        with self._lock:
            source = self._opened()
            first = source.GetRasterBand(1)
            is_complex = bool(gdal.DataTypeIsComplex(first.DataType))
            kind, dtype = (gdal.GDT_CFloat32, np.complex64) if is_complex else (gdal.GDT_Float32, np.float32)
            gdal.PushErrorHandler("CPLQuietErrorHandler")
            try:
                raw = source.ReadRaster(column, row, 1, 1, buf_type=kind)
                reason = gdal.GetLastErrorMsg()
            except RuntimeError as error:
                raw, reason = None, str(error)
            finally:
                gdal.PopErrorHandler()
            if raw is None:
                raise StillpointError(tr(
                    "{name} cannot be read at row {row}, column {column}: {reason}."
                ).format(name=Path(self.path).name, row=row, column=column, reason=reason))
            values = np.frombuffer(raw, dtype=dtype).copy()
            for number in range(1, source.RasterCount + 1):
                band = source.GetRasterBand(number)
                gap = band.GetNoDataValue()
                if gap is not None and values[number - 1] == gap:
                    values[number - 1] = np.nan
                elif not is_complex and (band.GetScale() or 1.0, band.GetOffset() or 0.0) != (1.0, 0.0):
                    values[number - 1] = values[number - 1] * (band.GetScale() or 1.0) + (band.GetOffset() or 0.0)
        if is_complex:
            values[values == 0] = np.nan  # a complex zero has no phase: it stands for missing
        return PixelValues(row, column, values)

    def against_surroundings(self, row: int, column: int, reach: int) -> np.ndarray:
        """Return the phase of a pixel less the mean phase of its surroundings, as complex numbers of one length.

        Parameters
        ----------
        row, column
            The pixel.
        reach
            Pixels to every side that belong to the surroundings.

        Returns
        -------
        numpy.ndarray
            complex64 [bands], NaN where the pixel or all of its neighbours are missing.
        """
        with self._lock:
            source = self._opened()
            left, top = max(column - reach, 0), max(row - reach, 0)
            width = min(column + reach + 1, source.RasterXSize) - left
            height = min(row + reach + 1, source.RasterYSize) - top
            is_complex = bool(gdal.DataTypeIsComplex(source.GetRasterBand(1).DataType))
            kind, dtype = (gdal.GDT_CFloat32, np.complex64) if is_complex else (gdal.GDT_Float32, np.float32)
            gdal.PushErrorHandler("CPLQuietErrorHandler")
            try:
                raw = source.ReadRaster(left, top, width, height, buf_type=kind)
            except RuntimeError:
                raw = None
            finally:
                gdal.PopErrorHandler()
            if raw is None:
                raise StillpointError(tr(
                    "{name} cannot be read around row {row}, column {column}."
                ).format(name=Path(self.path).name, row=row, column=column))
            block = np.frombuffer(raw, dtype=dtype).reshape(source.RasterCount, height, width)
            gap = source.GetRasterBand(1).GetNoDataValue()
        with np.errstate(all="ignore"):
            # Bright neighbours say more of a complex stack: they count by their amplitude.
            turns = block.astype(np.complex128) if is_complex else np.exp(1j * block.astype(np.float64))
        missing = ~np.isfinite(block) | ((block == 0) if is_complex else np.zeros(block.shape, bool))
        if gap is not None and np.isfinite(gap):
            missing |= block == gap
        own = np.where(missing, np.nan, turns)[:, row - top, column - left]
        own = own / np.abs(own)
        turns = np.where(missing, 0, turns)
        turns[:, row - top, column - left] = 0
        mean = turns.sum(axis=(1, 2))
        length = np.abs(mean)
        mean = np.where(length > 0, mean / np.where(length > 0, length, 1), np.nan)
        return (own * np.conj(mean)).astype(np.complex64)  # type: ignore[no-any-return]

    def _opened(self) -> gdal.Dataset:
        stamp = stamp_of(self.path)
        if self._source is None or stamp != self._stamp:  # a file of the same name took its place
            self._source, self._stamp = opened(self.path), stamp
        return self._source

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            self._source = None
