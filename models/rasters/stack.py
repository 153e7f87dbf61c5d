"""A stack as the engine sees it: a GDAL raster with one band an interferogram or a date, read by window."""

from __future__ import annotations

import os
import threading
from pathlib import Path
from types import TracebackType
from typing import Any, Dict, List, Optional, Sequence, Tuple, Type

import numpy as np
from osgeo import gdal, osr

from stillpoint.models import remote
from stillpoint.models.errors import StillpointError
from stillpoint.models.points.places import placed, projection_of, quiet_gdal
from stillpoint.models.rasters.bands import COMPANION, QUANTITIES, Band, band_of, number_of
from stillpoint.models.rasters.samples import sample
from stillpoint.models.rasters.windows import read_window, unreadable

ASSUMED_SPACING = 20.0
"""Metres between pixels where neither coordinates nor metadata tell it."""

_METRES_PER_DEGREE = 111_320.0

if gdal.GetConfigOption("GDAL_MAX_DATASET_POOL_SIZE") is None:
    # A virtual raster of more files than this closes and opens them again and again.
    gdal.SetConfigOption("GDAL_MAX_DATASET_POOL_SIZE", "400")
if gdal.GetConfigOption("GDAL_CACHEMAX") is None:
    # GDAL's own choice is a twentieth of the machine's memory: what a stack takes would grow with the raster.
    gdal.SetCacheMax(256 << 20)


class Stack:
    """A stack of co-registered rasters, open for reading.

    Every thread reads through a handle of its own, so one ``Stack`` may be read by several threads at a time.

    Attributes
    ----------
    path
        The raster.
    bands
        What each band is, in the order of the raster.
    quantity
        What all bands hold; see :data:`stillpoint.models.rasters.bands.QUANTITIES`.
    quantity_known
        False where ``quantity`` is a guess by type and range of the values.
    shape
        Rows and columns.
    geotransform
        Six numbers as GDAL orders them; ``(0, 1, 0, 0, 0, 1)`` where the raster has no coordinates.
    projection
        WKT; empty where unknown.
    wavelength
        Metres; None where unknown.
    incidence_angle, heading
        Degrees; None where unknown.
    companions
        Paths of the stacks of other quantities that lie beside this one (``{"amplitude": path}``); only those that exist.
    spacing_m
        Metres on the ground between two rows and between two columns.
    spacing_known
        False where ``spacing_m`` is an assumption.
    notes
        Sentences for people on what was assumed or is missing.
    """

    def __init__(self, path: str) -> None:
        self.path = path
        self._local = threading.local()
        dataset = self._dataset()
        self.shape: Tuple[int, int] = (dataset.RasterYSize, dataset.RasterXSize)
        transform = placed(dataset)
        self.geotransform: Tuple[float, ...] = tuple(transform or (0.0, 1.0, 0.0, 0.0, 0.0, 1.0))
        self.projection: str = projection_of(dataset)
        items = {key.upper(): value for key, value in (dataset.GetMetadata() or {}).items()}
        self.metadata: Dict[str, str] = items
        self.wavelength = _positive(items.get("WAVELENGTH"))
        self.incidence_angle = number_of(items.get("INCIDENCE_ANGLE"))
        self.heading = number_of(items.get("HEADING"))
        self.companions = _companions(items, path)
        notes: List[str] = []
        self.quantity_known = True
        self._scales: Dict[int, Tuple[float, float]] = {}
        self._types: Dict[int, int] = {}
        self.bands: Tuple[Band, ...] = tuple(self._describe(dataset, notes))
        quantities = sorted({band.quantity for band in self.bands})
        if len(quantities) > 1:
            raise StillpointError(
                f"{path} mixes {' and '.join(quantities)} in one stack. Keep one quantity a stack: make it with open-stack, "
                "which puts the others into stacks of their own."
            )
        self.quantity: str = quantities[0]
        self.spacing_m, self.spacing_known = _spacing(self.geotransform, self.projection, self.shape, items)
        if not self.spacing_known:
            notes.append(
                f"{path} has neither coordinates nor pixel spacing: {ASSUMED_SPACING:g} m between pixels is assumed."
            )
        self.notes: Tuple[str, ...] = tuple(notes)

    def __getstate__(self) -> Dict[str, Any]:
        """Return what travels to another process, which opens the raster by its path."""
        state = {name: value for name, value in self.__dict__.items() if name != "_local"}
        if os.path.exists(self.path):
            state["path"] = os.path.abspath(self.path)
        return state

    def __setstate__(self, state: Dict[str, Any]) -> None:
        """Restore what came from another process; the raster is opened when it is read."""
        self.__dict__.update(state)
        self._local = threading.local()

    def __enter__(self) -> Stack:
        return self

    def __exit__(
        self, _type: Optional[Type[BaseException]], _error: Optional[BaseException], _trace: Optional[TracebackType]
    ) -> None:
        self.close()

    def __len__(self) -> int:
        return len(self.bands)

    @property
    def complex(self) -> bool:
        """Whether :meth:`read` gives complex64."""
        return self.quantity == "complex"

    def files(self) -> List[str]:
        """Return the files that the raster consists of, those among them that a virtual raster refers to."""
        return [str(path) for path in self._dataset().GetFileList() or ()]

    def close(self) -> None:
        """Let go of this thread's handle; the next read opens a new one."""
        self._local.dataset = None

    def _dataset(self) -> gdal.Dataset:
        dataset = getattr(self._local, "dataset", None)
        if dataset is None:
            dataset = self._local.dataset = open_raster(self.path)
        return dataset

    def _describe(self, dataset: gdal.Dataset, notes: List[str]) -> List[Band]:
        bands = []
        guessed = set()
        for number in range(1, dataset.RasterCount + 1):
            band = dataset.GetRasterBand(number)
            if band.GetColorInterpretation() == gdal.GCI_AlphaBand:
                continue
            items = band.GetMetadata() or {}
            quantity = ""
            told = next((value for key, value in items.items() if key.upper() == "QUANTITY"), "")
            if told.strip().lower() not in QUANTITIES:
                quantity = self._guess_quantity(band)
                guessed.add(quantity)
            bands.append(band_of(number, items, band.GetDescription() or "", quantity=quantity))
            self._scales[number] = (band.GetScale() or 1.0, band.GetOffset() or 0.0)
            self._types[number] = band.DataType
        if not bands:
            raise StillpointError(f"{self.path} has no bands.")
        if guessed:
            self.quantity_known = False
            notes.append(f"The metadata of {self.path} don't say what the bands hold: taken for {' and '.join(sorted(guessed))}.")
        return bands

    def _guess_quantity(self, band: gdal.Band) -> str:
        """Return the quantity of a band that says nothing: complex by type, phase by range, else amplitude."""
        if gdal.DataTypeIsComplex(band.DataType):
            return "complex"
        values, complaint = sample(band)
        if values is None:
            raise unreadable(band, self.path, reason=complaint)
        values = values.astype(np.float64) * (band.GetScale() or 1.0) + (band.GetOffset() or 0.0)
        return guess_quantity(values)

    def read(self, rows: slice, cols: slice, bands: Optional[Sequence[int]] = None) -> np.ndarray:
        """Return a window of the stack.

        Parameters
        ----------
        rows, cols
            Slices with step 1; they may be open (``slice(None)``), and are cut at the edges of the raster.
        bands
            Numbers of the bands (``Band.number``, from 1) in the wanted order; all where None.

        Returns
        -------
        numpy.ndarray
            [bands, rows, cols]: complex64 for complex stacks, else float32 with scale and offset applied. Missing
            values are NaN: no-data values, masked pixels, and complex values of exactly zero, which have no phase.

        Raises
        ------
        StillpointError
            The file is damaged or truncated, or has gone.
        """
        top, bottom, _ = rows.indices(self.shape[0])
        left, right, _ = cols.indices(self.shape[1])
        numbers = [band.number for band in self.bands] if bands is None else [int(number) for number in bands]
        unknown = [number for number in numbers if number not in self._types]
        if unknown:
            raise ValueError(f"{self.path} has no band {unknown[0]}")
        height, width = max(bottom - top, 0), max(right - left, 0)
        kind = np.complex64 if self.complex else np.float32
        values = np.empty((len(numbers), height, width), kind)
        if not values.size:
            return values
        dataset = self._dataset()
        window = left, top, width, height
        for index, number in enumerate(numbers):
            band = dataset.GetRasterBand(number)
            block = read_window(band, self.path, window)
            valid = None
            if not band.GetMaskFlags() & (gdal.GMF_ALL_VALID | gdal.GMF_NODATA):  # a mask or alpha band hides pixels
                valid = read_window(band, self.path, window, masked=True) != 0
            values[index] = _values(block, band.GetNoDataValue(), valid, self._scales[number], kind)
        return values


def open_stack(path: str) -> Stack:
    """Open the raster ``path`` as a stack.

    Any raster of GDAL is a stack; where its bands don't say what they are, dates are looked for in their
    descriptions and the quantity in type and range of their values, and ``Stack.notes`` says so.

    Raises
    ------
    StillpointError
        The file is missing, no raster, damaged, or mixes quantities.
    """
    return Stack(os.fspath(path))


def open_raster(path: str) -> gdal.Dataset:
    """Open ``path`` with GDAL for reading.

    Raises
    ------
    StillpointError
        It is missing, a folder, or no raster that GDAL knows.
    """
    with quiet_gdal() as gdal_says:
        try:
            dataset = gdal.OpenEx(path, gdal.OF_RASTER)
        except RuntimeError as error:
            dataset = None
            gdal_says.messages.append(str(error))
    if dataset is not None and dataset.RasterCount:
        return dataset
    if os.path.isdir(path):
        raise StillpointError(f"{path} is a folder, not a stack. Make a stack of it with open-stack.")
    if not os.path.exists(path) and not path.startswith("/vsi") and ":" not in path:
        raise StillpointError(f"There is no file {path}.")
    if dataset is not None:
        raise StillpointError(f"{path} holds several rasters or none itself. Make a stack of it with open-stack.")
    reason = f" ({gdal_says.messages[-1]})" if gdal_says.messages else ""
    raise StillpointError(f"{path} is no raster that can be read, or it is damaged{reason}.")


def guess_quantity(values: np.ndarray) -> str:
    """Return what real ``values`` of a band may be.

    With negative values ``phase`` within ±π, else ``unwrapped``; without them ``coherence`` within 0..1, else ``amplitude``.
    """
    finite = values[np.isfinite(values)]
    if not finite.size:
        return "phase"
    low, high = float(finite.min()), float(finite.max())
    if low < 0:
        return "phase" if max(-low, high) <= np.pi + 0.01 else "unwrapped"
    if low >= 0 and high <= 1.0001:
        return "coherence"
    return "amplitude"


def _positive(text: Optional[str]) -> Optional[float]:
    value = number_of(text)
    return value if value is not None and value > 0 else None


def _companions(items: Dict[str, str], path: str) -> Dict[str, str]:
    """Return the companion stacks that the metadata name and that exist, by quantity."""
    folder = remote.gdal_path(path).rsplit("/", 1)[0] if remote.is_remote(path) else str(Path(path).parent)
    found = {}
    for key, value in items.items():
        if key.startswith(COMPANION) and value:
            absolute = Path(value).is_absolute() or remote.is_remote(value)
            place = value if absolute else f"{folder}/{value}" if remote.is_remote(folder) else str(Path(folder) / value)
            if remote.size_of(place) is not None:
                found[key[len(COMPANION):].lower()] = place
    return found


def _spacing(
    transform: Sequence[float], projection: str, shape: Tuple[int, int], items: Dict[str, str]
) -> Tuple[Tuple[float, float], bool]:
    """Return metres between rows and between columns, and whether they are known."""
    rows, cols = _positive(items.get("ROW_SPACING")), _positive(items.get("COLUMN_SPACING"))
    if rows is not None and cols is not None:
        return (rows, cols), True
    found = grid_spacing(transform, projection, shape)
    return found or (ASSUMED_SPACING, ASSUMED_SPACING), found is not None


def grid_spacing(transform: Sequence[float], projection: str, shape: Tuple[int, int]) -> Optional[Tuple[float, float]]:
    """Return metres between rows and between columns of a raster with coordinates, at its middle; None without a CRS."""
    step_row, step_col = float(np.hypot(transform[2], transform[5])), float(np.hypot(transform[1], transform[4]))
    reference = osr.SpatialReference()
    try:
        if not projection or not step_row or not step_col or reference.ImportFromWkt(projection) != 0:
            return None
    except RuntimeError:
        return None
    if reference.IsGeographic():
        latitude = transform[3] + transform[4] * shape[1] / 2 + transform[5] * shape[0] / 2
        shrink = max(float(np.cos(np.radians(latitude))), 1e-6)
        return step_row * _METRES_PER_DEGREE, step_col * _METRES_PER_DEGREE * shrink
    if not reference.IsProjected():
        return None
    unit = reference.GetLinearUnits() or 1.0
    return step_row * unit, step_col * unit


def _values(
    block: np.ndarray, nodata: Optional[float], valid: Optional[np.ndarray], scale: Tuple[float, float], kind: type
) -> np.ndarray:
    """Return ``block`` as float32 or complex64 with scale and offset applied and NaN where there are no data."""
    missing = np.zeros(block.shape, bool) if valid is None else ~valid
    if nodata is not None and np.isfinite(nodata):
        missing |= block == block.dtype.type(nodata) if block.dtype.kind in "fc" else block == nodata
    if kind is np.complex64:
        missing |= block == 0
        result = block.astype(np.complex64)
        if scale != (1.0, 0.0):
            result = (result * scale[0] + scale[1]).astype(np.complex64)
        result[missing | ~np.isfinite(result)] = np.complex64(complex(np.nan, np.nan))
        return result
    result = block.astype(np.float32) if scale == (1.0, 0.0) else (block * scale[0] + scale[1]).astype(np.float32)
    result[missing | ~np.isfinite(result)] = np.nan
    return result


__all__ = ["Band", "Stack", "guess_quantity", "open_raster", "open_stack"]
