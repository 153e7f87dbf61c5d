"""What a raster of offsets says of itself: its pairs, bands, units, signs; and how its vectors lie on the map. No layers here."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Dict, List, Optional, Sequence, Tuple

import numpy as np
from osgeo import gdal
from qgis.core import QgsMapLayer

from stillpoint.models.errors import StillpointError
from stillpoint.models.rasters.names import day_of
from stillpoint.plugin import stacks
from stillpoint.plugin.language import tr

ITEM = "QUANTITY_OFFSET"
"""Metadata item of a band that tells what it holds: ``east``, ``east_error``, ``peak`` ..."""

PEAK = "peak"

COMPONENTS: Dict[str, str] = {
    "east": "East", "north": "North", "x": "X, columns", "y": "Y, rows", "range": "Range", "azimuth": "Azimuth",
}  # fmt: skip
"""Components for people."""

POSITIVE: Dict[str, str] = {
    "east": "eastwards", "north": "northwards", "x": "to later columns", "y": "to later rows", "range": "to later columns",
    "azimuth": "to later rows",
}  # fmt: skip
"""Where a feature of the secondary image lies when its component is positive."""

DOWN = ("y", "azimuth")
"""Components that count along the rows, so downwards on a map that is drawn as it is stored."""

METHODS: Dict[str, str] = {
    "default": "Stillpoint's network",
    "cc_ressiamnet": "CC-ResSiamNet of Kim et al.",
    "correlation": "Multi-kernel correlation",
}
"""Methods for people."""


@dataclass(frozen=True)
class Pair:
    """The bands of one pair of images.

    Attributes
    ----------
    kinds
        First and second component, keys of ``COMPONENTS``.
    offsets, errors
        Numbers of their bands, and of those of their standard errors.
    peak
        Number of the band with the height of the correlation peak; 0 where there is none.
    dates
        Days of reference and secondary image, None where unknown.
    """

    kinds: Tuple[str, str]
    offsets: Tuple[int, int]
    errors: Tuple[int, int]
    peak: int
    dates: Tuple[Optional[dt.date], Optional[dt.date]] = (None, None)

    @property
    def days(self) -> Optional[int]:
        """Days from the reference to the secondary image."""
        first, second = self.dates
        return None if first is None or second is None else (second - first).days

    @property
    def label(self) -> str:
        """The dates for people; the numbers of the bands where they are unknown."""
        first, second = self.dates
        if first is None or second is None:
            return f"Bands {self.offsets[0]} to {self.peak or self.errors[1]}"
        return f"{first} to {second}"


@dataclass(frozen=True)
class OffsetFacts:
    """A raster that ``track-offsets`` wrote.

    Attributes
    ----------
    path
        What GDAL opens.
    pairs
        At least one.
    unit
        "px", "m" or "m/day".
    method, geometry
        As the job names them; geometry is "radar" or "map".
    spacing
        Pixels of the images from one offset to the next; 0 where unknown.
    geotransform, projection, shape
        As GDAL gives them; shape is rows and columns.
    items
        Metadata of the raster.
    """

    path: str
    pairs: Tuple[Pair, ...]
    unit: str
    method: str
    geometry: str
    spacing: int
    geotransform: Tuple[float, ...]
    projection: str
    shape: Tuple[int, int]
    items: Dict[str, str]

    @property
    def title(self) -> str:
        """Name of the result for people."""
        return f"{Path(self.path).stem}: offsets by {METHODS.get(self.method, self.method or 'unknown method')}"

    def axes(self, pair: Pair) -> np.ndarray:
        """Return the directions of the components on the map, shape (2, 2): columns are unit vectors (x, y) of each.

        Components east and north are those of the coordinates. The others count columns and rows of the image, and lie along
        them, wherever the geotransform turns these to.
        """
        if pair.kinds == ("east", "north"):
            return np.eye(2)
        gt = self.geotransform
        columns, rows = np.array([gt[1], gt[4]]), np.array([gt[2], gt[5]])
        return np.stack([columns / (np.hypot(*columns) or 1.0), rows / (np.hypot(*rows) or 1.0)], axis=1)


def facts_of(path: str) -> OffsetFacts:
    """Read what a raster says of itself.

    Raises
    ------
    StillpointError
        It cannot be opened, or holds no offsets.
    """
    found = _facts_of(path, stacks.stamp_of(path))
    if found is None:
        raise StillpointError(
            tr(
                "{name} holds no offsets that Track Offsets wrote: its bands do not say which component they are."
            ).format(name=Path(path).name)
        )
    return found


def is_offsets(layer: Optional[QgsMapLayer]) -> bool:
    """Tell whether a layer shows a raster of offsets."""
    path = stacks.path_of(layer) if layer is not None else ""
    try:
        return bool(path) and _facts_of(path, stacks.stamp_of(path)) is not None
    except StillpointError:
        return False


@lru_cache(maxsize=256)
def _facts_of(path: str, stamp: int) -> Optional[OffsetFacts]:
    """Return the facts, None where the raster holds no offsets; remembered until it is written again."""
    source = stacks.opened(path)
    items = {key.upper(): value for key, value in (source.GetMetadata() or {}).items()}
    bands = [source.GetRasterBand(number).GetMetadata() or {} for number in range(1, source.RasterCount + 1)]
    pairs = _pairs([str(band.get(ITEM, "")) for band in bands], bands)
    if not pairs:
        return None
    unit = bands[pairs[0].offsets[0] - 1].get("UNIT") or "px"
    spacing = items.get("SPACING", "")
    return OffsetFacts(
        path, pairs, unit, items.get("METHOD", ""), items.get("GEOMETRY", "map"), int(spacing) if spacing.isdigit() else 0,
        tuple(source.GetGeoTransform()), source.GetProjection() or "", (source.RasterYSize, source.RasterXSize), items,
    )  # fmt: skip


def _pairs(kinds: Sequence[str], bands: Sequence[Dict[str, str]]) -> Tuple[Pair, ...]:
    """Return the pairs whose bands follow each other: two components, their errors, the peak."""
    found: List[Pair] = []
    for index, kind in enumerate(kinds[:-1]):
        if kind not in COMPONENTS or kinds[index + 1] not in COMPONENTS or (index and kinds[index - 1] in COMPONENTS):
            continue
        both = (kind, kinds[index + 1])
        later = list(kinds[index + 2 : index + 5])
        errors = [later.index(f"{name}_error") + index + 3 if f"{name}_error" in later else 0 for name in both]
        peak = later.index(PEAK) + index + 3 if PEAK in later else 0
        days = [day_of(bands[index].get(name, "") or "") for name in ("REFERENCE_DATE", "SECONDARY_DATE")]
        found.append(Pair(both, (index + 1, index + 2), (errors[0], errors[1]), peak, (days[0], days[1])))
    return tuple(found)


def limits_of(facts: OffsetFacts, pair: Pair, *, share: float = 99.5, most: int = 250_000) -> Tuple[float, float]:
    """Return scales to draw a pair with: of its magnitude, and of its components either way of 0.

    They leave out the largest values (``share`` percent lie below: what moves is often a small part), and are round numbers.
    """
    values = samples(facts, [*pair.offsets], most=most)
    magnitude = np.hypot(*values)
    components = np.abs(values)
    good = np.isfinite(magnitude)
    if not good.any():
        return 1.0, 1.0
    return round_up(float(np.percentile(magnitude[good], share))), round_up(float(np.percentile(components[:, good], share)))


def samples(facts: OffsetFacts, numbers: Sequence[int], *, most: int = 250_000) -> np.ndarray:
    """Return bands, float64 [bands, rows, columns], of a large raster every so many rows and columns."""
    source = stacks.opened(facts.path)
    rows, columns = facts.shape
    step = max(1, int(np.ceil(np.sqrt(rows * columns / most))))
    shape = -(-rows // step), -(-columns // step)
    return np.stack([
        source.GetRasterBand(number).ReadAsArray(
            buf_xsize=shape[1], buf_ysize=shape[0], buf_type=gdal.GDT_Float64, resample_alg=gdal.GRIORA_NearestNeighbour
        )
        for number in numbers
    ])  # fmt: skip


def round_up(value: float, least: float = 0.01) -> float:
    """Return the next round number (1, 1.2, 1.5, 2, 2.5, 3, 3.5, 4, 5, 6, 8 times a power of ten) that is not below ``value``."""
    value = max(value, least)
    power = 10.0 ** np.floor(np.log10(value))
    for factor in (1.0, 1.2, 1.5, 2.0, 2.5, 3.0, 3.5, 4.0, 5.0, 6.0, 8.0, 10.0):
        if factor * power >= value * (1 - 1e-9):
            return float(factor * power)
    return float(10 * power)
