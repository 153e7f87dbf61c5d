"""The two images of a pair as amplitudes, whatever they hold, read by window from rasters on one grid."""

from __future__ import annotations

import datetime as dt
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Dict, List, Optional, Sequence, Tuple

import numpy as np
from osgeo import gdal, osr

from stillpoint.models.errors import StillpointError
from stillpoint.models.points.places import quiet_gdal
from stillpoint.models.rasters.bands import Band
from stillpoint.models.rasters.grids import same_crs
from stillpoint.models.rasters.names import days_in
from stillpoint.models.rasters.quantities import is_logarithmic, is_squared
from stillpoint.models.rasters.samples import sample
from stillpoint.models.rasters.stack import Stack, open_raster
from stillpoint.models.rasters.windows import unreadable

KINDS = ("amplitude", "intensity", "decibel", "grey", "complex")
"""What an image may hold; grey is an 8-bit rendering of log amplitude, taken as it is."""

_TOLERANCE = 0.05
"""Pixels by which two grids may differ over the whole image and still be one."""

_RIM = 8
"""Pixels that complex windows are read beyond each side, for the interpolation."""


@dataclass
class Image:
    """One band of a raster, read as amplitude.

    Attributes
    ----------
    stack
        The raster.
    band
        Its band.
    kind
        One of ``KINDS``.
    date
        Its day; None where unknown.
    """

    stack: Stack
    band: Band
    kind: str
    date: Optional[dt.date]

    @property
    def name(self) -> str:
        """File, and band where there are several, for messages."""
        return self.stack.path if len(self.stack) == 1 else f"band {self.band.number} of {self.stack.path}"

    def read(self, rows: slice, cols: slice) -> np.ndarray:
        """Return amplitudes of a window, float32 [rows, cols], NaN where missing; places beyond the raster are missing.

        Raises
        ------
        StillpointError
            The file is damaged or has gone.
        """
        shape = rows.stop - rows.start, cols.stop - cols.start
        rim = _RIM if self.kind == "complex" else 0
        top, left = max(rows.start - rim, 0), max(cols.start - rim, 0)
        bottom, right = min(rows.stop + rim, self.stack.shape[0]), min(cols.stop + rim, self.stack.shape[1])
        result = np.full(shape, np.nan, np.float32)
        if bottom <= top or right <= left:
            return result
        values = amplitude_of(self.stack.read(slice(top, bottom), slice(left, right), [self.band.number])[0], self.kind)
        first_row, first_col = max(rows.start, 0), max(cols.start, 0)
        last_row, last_col = min(rows.stop, self.stack.shape[0]), min(cols.stop, self.stack.shape[1])
        if last_row > first_row and last_col > first_col:
            result[first_row - rows.start : last_row - rows.start, first_col - cols.start : last_col - cols.start] = values[
                first_row - top : last_row - top, first_col - left : last_col - left
            ]
        return result


def amplitude_of(values: np.ndarray, kind: str) -> np.ndarray:
    """Return amplitudes float32 of the values of an image; 0 and what is no number are missing (NaN)."""
    if kind == "complex":
        return detected(values)
    with np.errstate(invalid="ignore", over="ignore"):
        if kind == "decibel":
            amplitude = 10.0 ** (np.clip(values, -200, 200) / 20.0)
        elif kind == "intensity":
            amplitude = np.where(values > 0, np.sqrt(np.abs(values)), np.nan)
        else:
            amplitude = np.where(values > 0, values, np.nan)
    return np.where(np.isfinite(values), amplitude, np.nan).astype(np.float32)


def detected(values: np.ndarray) -> np.ndarray:
    """Return the amplitude of complex values, without the folding that detection on the same grid brings.

    The intensity has twice the band of the complex image. It is computed on half the spacing and averaged back, which leaves
    little above half the sampling frequency to be folded. The spectrum is centred before (Doppler centroid).
    """
    missing = ~np.isfinite(values.real) | ~np.isfinite(values.imag)
    image = np.where(missing, 0, values).astype(np.complex64)
    for axis in (0, 1):
        length = image.shape[axis]
        if length < 2:
            continue
        pair = np.take(image, range(1, length), axis) * np.conj(np.take(image, range(length - 1), axis))
        turn = np.angle(pair.sum(dtype=np.complex128))
        ramp = np.exp(-1j * turn * np.arange(length)).astype(np.complex64)
        image = image * (ramp[:, None] if axis == 0 else ramp)
    between_rows = _between(image, 0)
    intensity = np.zeros(image.shape, np.float32)
    for part, weight in ((image, 0.5), (between_rows, 0.25), (_earlier(between_rows, 0), 0.25)):
        across = _between(part, 1)
        for piece, share in ((part, 0.5), (across, 0.25), (_earlier(across, 1), 0.25)):
            intensity += np.float32(weight * share) * (piece.real**2 + piece.imag**2)
    return np.where(missing, np.nan, np.sqrt(intensity)).astype(np.float32)


def _between(image: np.ndarray, axis: int) -> np.ndarray:
    """Return the image half a pixel later along an axis, by a windowed sinc of 12 taps."""
    result = np.zeros_like(image)
    length = image.shape[axis]
    for tap in range(-5, 7):
        distance = tap - 0.5
        weight = np.float32(np.sinc(distance) * np.cos(np.pi * distance / 13) ** 2)
        index = np.clip(np.arange(length) + tap, 0, length - 1)
        result += weight * np.take(image, index, axis)
    return result


def _earlier(image: np.ndarray, axis: int) -> np.ndarray:
    return np.take(image, np.clip(np.arange(image.shape[axis]) - 1, 0, None), axis)


def open_images(
    reference: str, secondary: Optional[str], *, align: str, notes: List[str], kept: Dict[str, str]
) -> List[Tuple[Image, Image]]:
    """Return the pairs to track, each of two images on one grid.

    Parameters
    ----------
    reference, secondary
        Rasters; ``reference`` alone is a stack whose consecutive dates make the pairs.
    align
        ``"refuse"`` or ``"secondary"``: what to do where the grids differ.
    notes
        Gets sentences on what was assumed.
    kept
        Gets virtual rasters in memory that the caller removes with :func:`gdal.Unlink`, by path.

    Raises
    ------
    StillpointError
        A file is missing, holds something else than amplitudes, or lies on another grid.
    """
    first = Stack(os.fspath(reference))
    if secondary is None:
        if len(first) < 2:
            raise StillpointError(
                f"{reference} holds a single image: name the secondary image, or give a stack of at least two dates."
            )
        images = [_image(first, band, notes) for band in first.bands]
        if all(image.date is not None for image in images):
            images.sort(key=lambda image: image.date or dt.date.min)
            days = [image.date for image in images]
            if len(set(days)) < len(days):
                raise StillpointError(f"{reference} has two images of one date; offsets between dates need one image a date.")
        else:
            notes.append(f"{reference} does not name the date of every band: the bands are taken in their order.")
        return list(zip(images, images[1:]))
    second = Stack(os.fspath(secondary))
    for stack in (first, second):
        if len(stack) > 1:
            notes.append(f"{stack.path} has {len(stack)} bands: the first is tracked.")
    difference = grid_difference(first, second)
    if difference:
        if align == "refuse":
            raise StillpointError(
                f"{secondary} is not on the grid of {reference}: {difference}. Resample it with the option align (secondary), or "
                "choose images of one grid."
            )
        second = Stack(_aligned(first, second, kept))
        notes.append(f"{secondary} was resampled to the grid of {reference}, as {difference}.")
    pair = _image(first, first.bands[0], notes), _image(second, second.bands[0], notes, name=os.fspath(secondary))
    return [pair]


def _image(stack: Stack, band: Band, notes: List[str], name: str = "") -> Image:
    """Return a band as an image; raise a StillpointError where it is no amplitude."""
    path = name or stack.path
    dataset = open_raster(stack.path)  # kept: a band does not keep its raster
    source = dataset.GetRasterBand(band.number)
    told = any(key.upper() == "QUANTITY" for key in source.GetMetadata() or {})
    if told and band.quantity not in ("amplitude", "complex"):
        raise StillpointError(f"{path} holds {band.quantity}: offsets are tracked between amplitude (or complex) images.")
    label = f"{Path(path).stem} {band.description}"
    kind = "complex" if stack.complex else "amplitude"
    if kind == "amplitude":
        values, complaint = sample(source)
        if values is None:
            if "cannot allocate" in str(complaint).lower():
                raise MemoryError(complaint)
            raise unreadable(source, path, reason=str(complaint))
        nodata = source.GetNoDataValue()
        values = values.astype(np.float64)
        finite = values[np.isfinite(values) & (values != nodata)] if nodata is not None else values[np.isfinite(values)]
        if finite.size and float(finite.min()) < 0:
            kind = "decibel"
            notes.append(f"{path} has negative values: taken for decibels.")
        elif is_logarithmic(label):
            kind = "grey" if source.DataType == gdal.GDT_Byte else "decibel"
        elif is_squared(label):
            kind = "intensity"
            notes.append(f"{path} is taken for intensity, as its name says.")
    date = band.date
    if date is None:
        found = days_in(band.description or "") or (days_in(Path(path).name) if len(stack) == 1 or name else [])
        date = found[0] if len(found) == 1 else None
    return Image(stack, band, kind, date)


def grid_difference(first: Stack, second: Stack) -> str:
    """Return how the grids of two rasters differ, for people; empty where they are one."""
    if not same_crs(first.projection, second.projection):
        return f"its coordinate reference system is {_crs_name(second.projection)}, not {_crs_name(first.projection)}"
    ours, theirs = np.array(first.geotransform), np.array(second.geotransform)
    sizes = np.hypot(ours[[1, 5]], ours[[2, 4]]), np.hypot(theirs[[1, 5]], theirs[[2, 4]])
    if not np.allclose(sizes[0], sizes[1], rtol=1e-5):
        return "its pixels are {:g} x {:g}, not {:g} x {:g}".format(*sizes[1], *sizes[0])
    if first.shape != second.shape:
        return "it has {} x {} pixels, not {} x {}".format(*second.shape, *first.shape)
    far = np.array([1.0, first.shape[1], first.shape[0]])
    step = theirs - ours
    drift = [abs(step[:3] @ corner) + abs(step[3:] @ corner) for corner in (np.array([1.0, 0, 0]), far)]
    if max(drift) > _TOLERANCE * float(sizes[0].min()):
        return "its pixels lie elsewhere"
    return ""


def _crs_name(wkt: str) -> str:
    reference = osr.SpatialReference()
    reference.ImportFromWkt(wkt)
    return reference.GetName() or "an unnamed system"


def _aligned(first: Stack, second: Stack, kept: Dict[str, str]) -> str:
    """Return a virtual raster of the second image on the grid of the first."""
    if second.complex:
        raise StillpointError(
            f"{second.path} is complex and cannot be resampled here. Bring it onto the grid of {first.path} first."
        )
    if not first.projection or not second.projection:
        raise StillpointError(
            f"{second.path} cannot be resampled to {first.path}: one of them has no coordinate reference system. Bring both onto "
            "one grid."
        )
    gt, (rows, cols) = first.geotransform, first.shape
    if gt[2] or gt[4]:
        raise StillpointError(f"{first.path} has a rotated grid, which nothing can be resampled to here.")
    target = f"/vsimem/stillpoint-aligned-{os.getpid()}-{len(kept)}.vrt"
    with quiet_gdal() as gdal_says:
        try:
            made = gdal.Warp(
                target, second.path, format="VRT", dstSRS=first.projection, width=cols, height=rows, resampleAlg="cubic",
                outputBounds=(gt[0], gt[3] + rows * gt[5], gt[0] + cols * gt[1], gt[3]), outputType=gdal.GDT_Float32,
                dstNodata=float("nan"), multithread=False,
            )  # fmt: skip
        except RuntimeError as error:
            made = None
            gdal_says.messages.append(str(error))
    if made is None:
        reason = gdal_says.messages[-1] if gdal_says.messages else "unknown reason"
        raise StillpointError(f"{second.path} cannot be resampled to the grid of {first.path} ({reason}).")
    made.FlushCache()
    kept[target] = second.path
    return target


def samples(pair: Sequence[Image], *, side: int = 256, count: int = 4) -> Tuple[List[np.ndarray], List[np.ndarray]]:
    """Return windows of both images spread over the raster, to learn from; those without data are left out."""
    found: Tuple[List[np.ndarray], List[np.ndarray]] = ([], [])
    rows, cols = pair[0].stack.shape
    high, wide = min(side, rows), min(side, cols)
    for top in _spread(rows, high, count):
        for left in _spread(cols, wide, count):
            for image, windows in zip(pair, found):
                window = image.read(slice(top, top + high), slice(left, left + wide))
                if np.isfinite(window).mean() > 0.3:
                    windows.append(window)
    return found


def _spread(size: int, length: int, count: int) -> List[int]:
    return sorted({round(float(place)) for place in np.linspace(0, size - length, min(count, -(-size // length)))})
