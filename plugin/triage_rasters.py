"""Reduced pictures of the pairs of a stack, read by GDAL: small ones of all, larger ones of the chosen pair and its loop.

The same few rows and columns are read of every band, so that loops close pixel by pixel on the reduced grid too.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Dict, List, Optional, Sequence, Tuple

import numpy as np
from osgeo import gdal

from stillpoint.models.errors import StillpointError
from stillpoint.models.interferograms.loops import closure, level, wrap
from stillpoint.models.rasters.bands import Band
from stillpoint.plugin import stacks
from stillpoint.plugin.language import tr
from stillpoint.plugin.triage import Triage
from stillpoint.plugin.triage_table import TriageTable

THUMBNAIL, PICTURE = 96, 384
"""Longest side of a small and of a large picture in pixels."""

_FULL = {gdal.GDT_Byte: 255.0, gdal.GDT_UInt16: 65535.0}
"""What coherence of 1 is in integers that name no scale. The same for all bands, so that pairs can be compared."""

_SIBLINGS = 60
"""Rasters beside a table that are looked into for its stack."""


@dataclass(frozen=True)
class PairBands:
    """Where the pairs of a table are in a stack.

    Attributes
    ----------
    path
        The stack.
    bands
        int64 [pairs]: number of the band, 0 where the stack has none for the pair.
    signs
        float32 [pairs]: -1 where the band's reference date is the later one, so that all phases get one sign.
    baselines
        float64 [pairs]: perpendicular baselines in metres, as the table counts them; NaN where unknown.
    quantity
        ``"unwrapped"``, ``"phase"`` (wrapped), ``"complex"``, ``"coherence"`` ...
    shape
        Rows and columns of the stack.
    """

    path: str
    bands: np.ndarray
    signs: np.ndarray
    baselines: np.ndarray
    quantity: str
    shape: Tuple[int, int]

    @property
    def is_unwrapped(self) -> bool:
        """True where phases go beyond one cycle."""
        return self.quantity == "unwrapped"

    def size(self, longest: int) -> Tuple[int, int]:
        """Return rows and columns of a reduced picture whose longer side is at most ``longest``."""
        step = max(1.0, max(self.shape) / longest)
        return max(1, round(self.shape[0] / step)), max(1, round(self.shape[1] / step))


def pair_bands(path: str, table: TriageTable, *, what: str = "stack") -> PairBands:
    """Find the pairs of a table in a stack.

    Raises
    ------
    StillpointError
        The raster cannot be opened, or holds none of the pairs.
    """
    facts = stacks.facts_of(path)
    by_pair: Dict[Tuple[str, str], Band] = {}
    for known in facts.bands:
        if known.pair:
            by_pair.setdefault((str(known.pair[0]), str(known.pair[1])), known)
    bands, signs = np.zeros(table.count, np.int64), np.ones(table.count, np.float32)
    baselines = np.full(table.count, np.nan)
    quantity = ""
    for index, (first, second) in enumerate(table.names):
        direct = (first, second) in by_pair
        band = by_pair.get((first, second)) or by_pair.get((second, first))
        if band is None or band.pair is None:
            continue
        bands[index] = band.number
        quantity = quantity or band.quantity
        if band.pair[0] > band.pair[1]:
            signs[index] = -1.0
        if band.perpendicular_baseline is not None:
            baselines[index] = band.perpendicular_baseline * (1 if direct else -1)
    if not bands.any():
        name = Path(path).name
        if not by_pair:
            raise StillpointError(tr(
                "The {what} {name} does not say which pairs its bands are of. Use Open Stack first."
            ).format(what=what, name=name))
        of = Path(table.path).name
        raise StillpointError(tr(
            "The {what} {name} holds none of the pairs of {of}. Choose the one it was made from."
        ).format(what=what, name=name, of=of))
    return PairBands(path, bands, signs, baselines, quantity or "unwrapped", facts.shape)


class BandReader:
    """Reads reduced bands of one stack; for one thread at a time."""

    def __init__(self, where: PairBands) -> None:
        self._where = where
        self._source = stacks.opened(where.path)

    def read(self, index: int, longest: int) -> Optional[np.ndarray]:
        """Return the reduced band of a pair: float32 [rows, cols], NaN where missing; None where the stack lacks the pair.

        Raises
        ------
        StillpointError
            The file cannot be read.
        """
        where = self._where
        number = int(where.bands[index])
        if not number:
            return None
        rows, columns = where.size(longest)
        band = self._source.GetRasterBand(number)
        is_complex = bool(gdal.DataTypeIsComplex(band.DataType))
        kind, dtype = (gdal.GDT_CFloat32, np.complex64) if is_complex else (gdal.GDT_Float32, np.float32)
        gdal.PushErrorHandler("CPLQuietErrorHandler")
        try:
            raw = band.ReadRaster(0, 0, where.shape[1], where.shape[0], buf_xsize=columns, buf_ysize=rows, buf_type=kind)
            reason = gdal.GetLastErrorMsg()
        except RuntimeError as error:
            raw, reason = None, str(error)
        finally:
            gdal.PopErrorHandler()
        if raw is None:
            raise StillpointError(tr(
                "Band {number} of {name} cannot be read: {reason}."
            ).format(number=number, name=Path(where.path).name, reason=reason))
        values: Any = np.frombuffer(raw, dtype=dtype).reshape(rows, columns)
        gap = band.GetNoDataValue()
        # No phase is exactly 0: it stands for missing, as the engine takes it too.
        missing = np.zeros(values.shape, bool) if where.quantity == "coherence" else values == 0
        if gap is not None and not is_complex:
            missing |= values == np.float32(gap)
        if is_complex:
            values = np.angle(values).astype(np.float32)
        elif (band.GetScale() or 1.0, band.GetOffset() or 0.0) != (1.0, 0.0):
            values = (values * (band.GetScale() or 1.0) + (band.GetOffset() or 0.0)).astype(np.float32)
        elif where.quantity == "coherence" and band.DataType in _FULL:
            values = (values / np.float32(_FULL[band.DataType])).astype(np.float32)
        missing |= ~np.isfinite(values)
        if where.quantity != "coherence" and where.signs[index] < 0:
            values = -values
        return np.where(missing, np.float32(np.nan), values).astype(np.float32, copy=False)  # type: ignore[no-any-return]


def find_stack(table: TriageTable, candidates: Sequence[str], *, coherence: bool = False) -> str:
    """Return the first raster that holds most pairs of a table: unwrapped before wrapped phase, or coherence; empty without one."""
    best = (0, 0, "")
    wanted = {tuple(sorted(name)) for name in table.names}
    beside = sorted(path for ending in ("*.vrt", "*.tif") for path in Path(table.path).parent.glob(ending))[:_SIBLINGS]
    for path in dict.fromkeys([*candidates, *(str(path) for path in beside)]):
        try:
            facts = stacks.facts_of(path)
        except StillpointError:
            continue
        if (facts.quantity == "coherence") != coherence or facts.quantity == "amplitude":
            continue
        found = len(wanted & {tuple(sorted(map(str, band.pair))) for band in facts.bands if band.pair})
        rank = (found, 1 if facts.quantity == "unwrapped" else 0)
        if found and rank > best[:2]:
            best = (*rank, path)
    return best[2]


# Loops


@dataclass(frozen=True)
class Closure:
    """What is left of the phase around a loop.

    Attributes
    ----------
    loop
        int64 [3]: the pairs (i, j), (j, k), (i, k).
    values
        float32 [rows, cols] in radians, less the level of most pixels; NaN where missing.
    rms
        Radians.
    off
        Share of the pixels that are off by more than half a cycle (unwrapped), or by more than 1 rad (wrapped).
    """

    loop: np.ndarray
    values: np.ndarray
    rms: float
    off: float


def closure_of(loop: np.ndarray, phases: Dict[int, Optional[np.ndarray]], *, wrapped: bool) -> Optional[Closure]:
    """Return the closure of a loop on the reduced grid; None where a picture is missing or nothing overlaps."""
    parts = [phases.get(int(index)) for index in loop]
    if any(part is None for part in parts):
        return None
    left = closure(np.stack([part for part in parts if part is not None]), (0, 1, 2), wrapped=wrapped)
    constant = level(left, wrapped=wrapped)
    if not math.isfinite(constant):
        return None
    left = left - np.float32(constant)
    if wrapped:
        left = wrap(left)
    known = left[np.isfinite(left)]
    rms = math.sqrt(float(np.mean(known.astype(np.float64) ** 2)))
    return Closure(np.asarray(loop), left, rms, float((np.abs(known) > (1.0 if wrapped else math.pi)).mean()))


def worst_closure(triage: Triage, index: int, phases: Dict[int, Optional[np.ndarray]], *, wrapped: bool) -> Optional[Closure]:
    """Return the closure of the worst loop that a pair takes part in; None where it is in none whose pictures are there."""
    found: List[Closure] = []
    for loop in triage.loops_of(index):
        made = closure_of(loop, phases, wrapped=wrapped)
        if made is not None:
            found.append(made)
    return max(found, key=lambda item: (item.rms, item.off), default=None)
