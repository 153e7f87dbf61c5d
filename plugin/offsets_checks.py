"""What can be said of two images before they are tracked: their grids, dates and contents; and windows of them for a preview."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from pathlib import Path
from typing import List, Optional, Tuple

import numpy as np
from osgeo import gdal, osr

from stillpoint.models.errors import StillpointError
from stillpoint.models.rasters.bands import number_of
from stillpoint.models.rasters.names import day_of, days_in
from stillpoint.plugin import stacks
from stillpoint.plugin.language import tr

SMALLEST = 64
"""Pixels that an image needs a side."""

WINDOW = 128
"""Pixels of the middle of both images that are compared."""

_TOLERANCE = 0.05


@dataclass(frozen=True)
class ImageFacts:
    """What a raster says of itself.

    Attributes
    ----------
    path
        What GDAL opens.
    shape
        Rows and columns.
    bands
        How many there are.
    dates
        Day of each band, None where neither metadata nor names tell.
    geotransform
        None where the raster has no coordinates.
    projection
        WKT, empty where unknown.
    is_complex
        True for complex values.
    quantity
        As the metadata name it; empty where they don't.
    has_spacing
        True where the distance between pixels is known in metres.
    """

    path: str
    shape: Tuple[int, int]
    bands: int
    dates: Tuple[Optional[dt.date], ...]
    geotransform: Optional[Tuple[float, ...]]
    projection: str
    is_complex: bool
    quantity: str
    has_spacing: bool

    @property
    def date(self) -> Optional[dt.date]:
        """Day of the first band."""
        return self.dates[0] if self.dates else None


@dataclass
class Findings:
    """What was found about a choice of images.

    Attributes
    ----------
    errors
        Sentences on what keeps them from being tracked.
    warnings
        Sentences on what is likely not meant.
    differs
        How the grids differ; empty where they are one.
    swapped
        True where the reference is later than the secondary image.
    """

    errors: List[str] = field(default_factory=list)
    warnings: List[str] = field(default_factory=list)
    differs: str = ""
    swapped: bool = False


def facts_of(path: str) -> ImageFacts:
    """Read what a raster says of itself; raises StillpointError where it cannot be opened."""
    source = stacks.opened(path)
    bands = [source.GetRasterBand(number) for number in range(1, source.RasterCount + 1)]
    items = {key.upper(): value for key, value in (source.GetMetadata() or {}).items()}
    first = {key.upper(): value for key, value in (bands[0].GetMetadata() or {}).items()}
    transform = source.GetGeoTransform(can_return_null=True)
    named = [number_of(items.get(name)) is not None for name in ("ROW_SPACING", "COLUMN_SPACING")]
    return ImageFacts(
        path, (source.RasterYSize, source.RasterXSize), len(bands),
        tuple(_date(band, path, alone=len(bands) == 1) for band in bands),
        None if transform is None else tuple(transform), source.GetProjection() or "",
        bool(gdal.DataTypeIsComplex(bands[0].DataType)), (first.get("QUANTITY") or "").lower(),
        bool(source.GetProjection()) or all(named),
    )  # fmt: skip


def _date(band: gdal.Band, path: str, *, alone: bool) -> Optional[dt.date]:
    told = {key.upper(): value for key, value in (band.GetMetadata() or {}).items()}.get("DATE")
    found = day_of(told) if told else None
    if found is None:
        days = days_in(band.GetDescription() or "") or (days_in(Path(path).name) if alone else [])
        found = days[0] if len(days) == 1 else None
    return found


def difference(first: ImageFacts, second: ImageFacts) -> str:
    """Return how the grid of the second image differs from that of the first, for people; empty where they are one."""
    if bool(first.projection) != bool(second.projection) or (first.projection and not _same_crs(first, second)):
        names = [_crs_name(one.projection) for one in (second, first)]
        return tr("its coordinate reference system is {names}, not {names_2}").format(names=names[0], names_2=names[1])
    if first.geotransform is None or second.geotransform is None:
        if first.shape != second.shape:
            return tr("it has {:,} x {:,} pixels, not {:,} x {:,}").format(*second.shape, *first.shape)
        return ""
    ours, theirs = np.array(first.geotransform), np.array(second.geotransform)
    sizes = [np.hypot(one[[1, 5]], one[[4, 2]]) for one in (theirs, ours)]
    if not np.allclose(sizes[0], sizes[1], rtol=1e-5):
        return tr("its pixels are {:g} x {:g}, not {:g} x {:g}").format(*sizes[0], *sizes[1])
    if first.shape != second.shape:
        return tr("it has {:,} x {:,} pixels, not {:,} x {:,}").format(*second.shape, *first.shape)
    corners = np.array([[1.0, 0.0, 0.0], [1.0, first.shape[1], first.shape[0]]])
    off = np.abs(corners @ (theirs - ours).reshape(2, 3).T).sum(axis=1)
    return tr("its pixels lie elsewhere") if off.max() > _TOLERANCE * sizes[1].min() else ""


def _same_crs(first: ImageFacts, second: ImageFacts) -> bool:
    return bool(_reference(first.projection).IsSame(_reference(second.projection)))


def _reference(wkt: str) -> osr.SpatialReference:
    made = osr.SpatialReference()
    made.ImportFromWkt(wkt)
    return made


def _crs_name(wkt: str) -> str:
    return (_reference(wkt).GetName() or tr("an unnamed one")) if wkt else "unknown"


def check(
    reference: ImageFacts, secondary: Optional[ImageFacts], *, search: int, spacing: int, units: str, geometry: str = "auto",
    align: bool = False, names: Tuple[str, str] = ("", ""),
) -> Findings:
    """Return what is wrong, or likely not meant, with a choice of images and options.

    Parameters
    ----------
    reference
        The reference image, or a stack that is tracked in consecutive pairs.
    secondary
        The secondary image; None for a stack.
    search, spacing, units, geometry
        As of ``track-offsets``.
    align
        True where the secondary image is to be resampled to the grid of the reference.
    names
        Both images for people; their files where empty.
    """
    found = Findings()
    ours, theirs = (name or Path(one.path).name if one else "" for name, one in zip(names, (reference, secondary)))
    for facts, name in ((reference, ours), (secondary, theirs)):
        if facts is None:
            continue
        if facts.quantity not in ("", "amplitude", "complex"):
            found.errors.append(tr(
                "{name} holds {quantity}. Offsets are tracked between amplitude or complex images."
            ).format(name=name, quantity=facts.quantity))
        if min(facts.shape) < SMALLEST:
            size = "{:,} x {:,}".format(*facts.shape)
            found.errors.append(tr(
                "{name} has {size} pixels; offsets need at least {smallest} a side."
            ).format(name=name, size=size, smallest=SMALLEST))
    if secondary is None:
        _check_series(reference, ours, units, found)
    else:
        _check_pair(reference, secondary, ours, theirs, units, align, found)
    least = min(reference.shape)
    if 4 * search > least:
        found.warnings.append(
            tr(
                "The search range of {search} px is large against the image of {least:,} px: near its rim features "
                "leave the image. {least_2} px would do unless motion is larger."
            ).format(search=search, least=least, least_2=max(least // 8, 4))
        )
    if spacing > least // 4:
        found.warnings.append(tr(
            "A spacing of {spacing} px leaves only {least} offsets along the shorter side."
        ).format(spacing=spacing, least=least // spacing))
    if units != "pixels" and not reference.has_spacing:
        found.errors.append(
            tr(
                "{ours} tells no distance between its pixels, so its offsets cannot be given in metres. Take "
                "pixels as the unit."
            ).format(ours=ours)
        )
    if geometry == "map" and not reference.projection:
        found.errors.append(tr("{ours} has no coordinates, so its geometry is no map. Take radar or auto.").format(ours=ours))
    return found


def _check_series(reference: ImageFacts, name: str, units: str, found: Findings) -> None:
    if reference.bands < 2:
        found.errors.append(
            tr(
                "{name} holds a single image. Choose the secondary image, or a stack of at least two dates as the "
                "reference."
            ).format(name=name)
        )
        return
    known = [date for date in reference.dates if date is not None]
    if len(known) < reference.bands:
        found.warnings.append(tr(
            "{name} does not say the date of every band: they are tracked in the order in which they stand."
        ).format(name=name))
        if units == "metres_a_day":
            found.errors.append(tr(
                "Metres a day need the date of every band of {name}. Take metres, or date them with Open Stack."
            ).format(name=name))
    elif len(set(known)) < len(known):
        found.errors.append(tr(
            "{name} has two images of one date. Offsets between dates need one image a date."
        ).format(name=name))


def _check_pair(
    reference: ImageFacts, secondary: ImageFacts, ours: str, theirs: str, units: str, align: bool, found: Findings
) -> None:
    if Path(reference.path).exists() and Path(secondary.path).exists() and Path(reference.path).samefile(secondary.path):
        found.errors.append(tr(
            "Reference and secondary are the same image, {ours}. Choose two images of different dates."
        ).format(ours=ours))
        return
    for facts, name in ((reference, ours), (secondary, theirs)):
        if facts.bands > 1:
            found.warnings.append(tr("{name} has {bands} bands; the first is tracked.").format(name=name, bands=facts.bands))
    found.differs = difference(reference, secondary)
    if found.differs:
        text = tr(
            "{theirs} is not on the grid of {ours}: {differs}."
        ).format(theirs=theirs, ours=ours, differs=found.differs)
        if secondary.is_complex:
            found.errors.append(tr(
                "{text} Complex images cannot be resampled here: bring both onto one grid first."
            ).format(text=text))
        elif not (reference.projection and secondary.projection):
            found.errors.append(tr(
                "{text} Without coordinates it cannot be resampled: bring both onto one grid first."
            ).format(text=text))
        elif align:
            found.warnings.append(tr("{text} It will be resampled, which costs a little accuracy.").format(text=text))
        else:
            found.errors.append(tr("{text} It can be resampled to the grid of {ours}.").format(text=text, ours=ours))
    elif _identical(reference.path, secondary.path):
        found.errors.append(tr(
            "{ours} and {theirs} hold the same values: there is nothing to track between them."
        ).format(ours=ours, theirs=theirs))
    first, second = reference.date, secondary.date
    if first is not None and second is not None:
        found.swapped = second < first
        if found.swapped:
            found.warnings.append(
                tr(
                    "The reference ({first}) is later than the secondary image ({second}): offsets would tell the "
                    "way back."
                ).format(first=first, second=second)
            )
        elif first == second and units == "metres_a_day":
            found.errors.append(tr(
                "Both images are of {first}: there are no days to divide by. Take metres."
            ).format(first=first))
    elif units == "metres_a_day":
        unknown = ours if first is None else theirs
        found.errors.append(tr(
            "Metres a day need the dates of both images, and {unknown} names none (YYYYMMDD). Take metres."
        ).format(unknown=unknown))


def _identical(first: str, second: str) -> bool:
    """Tell whether the middles of two images of one size are the same."""
    parts = []
    for path in (first, second):
        source = stacks.opened(path)
        rows, columns = source.RasterYSize, source.RasterXSize
        high, wide = min(WINDOW, rows), min(WINDOW, columns)
        values = source.GetRasterBand(1).ReadAsArray((columns - wide) // 2, (rows - high) // 2, wide, high)
        if values is None:
            return False
        parts.append(values)
    same = bool(np.array_equal(*parts)) or bool(np.array_equal(*(np.nan_to_num(part) for part in parts)))
    return same and bool(np.ptp(np.abs(np.nan_to_num(parts[0]))) > 0)


def window_vrt(path: str, target: str, window: Tuple[int, int, int, int], *, bands: Optional[int] = None) -> str:
    """Write a VRT of a window (first column, first row, columns, rows) of a raster, dates and all, and return its path.

    Raises
    ------
    StillpointError
        GDAL cannot do it.
    """
    source = stacks.opened(path)
    gdal.PushErrorHandler("CPLQuietErrorHandler")
    try:
        numbers = list(range(1, (bands or source.RasterCount) + 1))
        made = gdal.Translate(target, source, format="VRT", srcWin=list(window), bandList=numbers)
        reason = gdal.GetLastErrorMsg()
        if made is not None:
            for number in range(1, made.RasterCount + 1):
                origin = source.GetRasterBand(number)
                made.GetRasterBand(number).SetDescription(origin.GetDescription() or "")
                made.GetRasterBand(number).SetMetadata(origin.GetMetadata() or {})
            made.FlushCache()
    except RuntimeError as error:
        made, reason = None, str(error)
    finally:
        gdal.PopErrorHandler()
    if made is None:
        raise StillpointError(tr("A part of {path} cannot be cut out: {reason}.").format(path=path, reason=reason))
    return target
