"""One pixel of a stack: its amplitude and phase over the dates, and what the selections in the project say of it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Dict, List, Optional, Tuple

import numpy as np
from qgis.core import QgsPointXY

from stillpoint.models.errors import StillpointError
from stillpoint.models.rasters.bands import Band
from stillpoint.plugin.language import tr
from stillpoint.plugin.stacks import PixelReader, StackFacts, facts_of

_CHOSEN: Dict[Optional[float], bool] = {0.0: False, 1.0: True}
"""Values of a mask."""

REACH = 7
"""Pixels to every side whose mean phase stands for the surroundings."""


@dataclass(frozen=True)
class History:
    """Values over time.

    Attributes
    ----------
    start, end
        datetime64[D] [n]; both dates of an interferogram, twice the same for an image.
    values
        float64 [n]; amplitude in dB or phase in radians, NaN where missing.
    common
        The date that all interferograms share, as ISO text; empty where there is none.
    """

    start: np.ndarray
    end: np.ndarray
    values: np.ndarray
    common: str = ""

    @property
    def days(self) -> np.ndarray:
        """Where each value stands in time, float64 [n] in days since 1970: the other date, else the middle of the pair."""
        first, last = self.start.astype("datetime64[D]").astype(float), self.end.astype("datetime64[D]").astype(float)
        if not self.common:
            return (first + last) / 2  # type: ignore[no-any-return]
        shared = float(np.datetime64(self.common, "D").astype(int))
        return np.where(first == shared, last, first)

    @property
    def is_network(self) -> bool:
        """True where the interferograms have no date in common."""
        return not self.common and bool((self.start != self.end).any())


@dataclass(frozen=True)
class Verdict:
    """What a selection says of a pixel; None where it does not say."""

    title: str
    probability: Optional[float] = None
    threshold: float = 0.5
    noise: Optional[float] = None
    gamma: Optional[float] = None
    dispersion: Optional[float] = None
    chosen: Optional[bool] = None
    """What the mask says, where it was made at this threshold."""

    @property
    def is_above(self) -> bool:
        """Whether the probability reaches the threshold."""
        return self.probability is not None and self.probability >= self.threshold - 1e-7

    @property
    def is_scatterer(self) -> Optional[bool]:
        """Whether the pixel is PS; None where there are no data. A method may drop pixels that reach its threshold."""
        if self.probability is None:
            return None
        return self.is_above if self.chosen is None else self.chosen


@dataclass(frozen=True)
class Pixel:
    """All that is known of a pixel."""

    row: int
    column: int
    amplitude: Optional[History] = None
    phase: Optional[History] = None
    relative: Optional[History] = None
    """The phase less that of the surroundings: atmosphere and orbit, which neighbours share, are gone from it."""
    dispersion: Optional[float] = None
    """Amplitude dispersion (standard deviation over mean) of the amplitudes shown, not calibrated."""
    verdicts: Tuple[Verdict, ...] = ()
    notes: Tuple[str, ...] = ()


@dataclass
class Probe:
    """Where a selection can be asked: rasters of its probability and noise, and what its point there says."""

    title: str
    threshold: float = 0.5
    probability: str = ""
    noise: str = ""
    mask: str = ""
    where: Dict[str, QgsPointXY] = field(default_factory=dict)
    """The place in each raster's own coordinates."""
    point: Dict[str, float] = field(default_factory=dict)
    """Fields of the point at the pixel."""


class HistoryReader:
    """Reads the pixels of one stack and its amplitudes; the files stay open between two clicks."""

    def __init__(self, path: str) -> None:
        self.facts: StackFacts = facts_of(path)
        self._stack = PixelReader(path)
        beside = self.facts.companions.get("amplitude", "")
        self._beside: Optional[Tuple[StackFacts, PixelReader]] = (facts_of(beside), PixelReader(beside)) if beside else None
        self._others: Dict[str, PixelReader] = {}

    def pixel_of(self, point: QgsPointXY) -> Optional[Tuple[int, int]]:
        """Return row and column at a position in the stack's CRS, None outside."""
        return self._stack.pixel_of(point)

    def corners(self, row: int, column: int) -> List[QgsPointXY]:
        """Return the corners of a pixel in the stack's CRS."""
        return self._stack.corners_of(row, column)

    def read(self, row: int, column: int, probes: Tuple[Probe, ...] = ()) -> Pixel:
        """Read a pixel; may be called in any thread.

        Raises
        ------
        StillpointError
            The stack cannot be read.
        """
        values = self._stack.values(row, column).values
        notes: List[str] = []
        phase = phase_history(self.facts, values, notes)
        amplitude, linear = None, None
        if self.facts.quantity in ("amplitude", "complex") and not any(band.pair for band in self.facts.bands):
            amplitude, linear = amplitude_history(self.facts, values)
        elif self._beside is not None:
            facts, reader = self._beside
            if facts.shape == self.facts.shape:
                amplitude, linear = amplitude_history(facts, reader.values(row, column).values)
            else:
                notes.append(tr("The amplitudes beside the stack are of another grid and not shown."))
        relative = None
        if phase is not None and self.facts.quantity in ("phase", "complex"):
            relative = phase_history(self.facts, self._stack.against_surroundings(row, column, REACH), [])
        verdicts = tuple(self._verdict(probe, notes) for probe in probes)
        return Pixel(row, column, amplitude, phase, relative, dispersion_of(linear), verdicts, tuple(notes))

    def _verdict(self, probe: Probe, notes: List[str]) -> Verdict:
        found: Dict[str, Optional[float]] = {}
        for name, path in (("probability", probe.probability), ("noise", probe.noise), ("mask", probe.mask)):
            if path:
                try:
                    found[name] = self._value(path, probe.where[path])
                except StillpointError as error:
                    notes.append(str(error))
        point = probe.point
        return Verdict(
            probe.title, found.get("probability"), probe.threshold, found.get("noise", point.get("noise_rad")),
            point.get("gamma"), point.get("amp_disp"), _CHOSEN.get(found.get("mask")),
        )  # fmt: skip

    def _value(self, path: str, where: QgsPointXY) -> Optional[float]:
        """Return the value of a result's raster at a place; None outside and where there are no data."""
        reader = self._others.setdefault(path, PixelReader(path))
        place = reader.pixel_of(where)
        if place is None:
            return None
        value = float(reader.values(*place).values[0])
        return value if np.isfinite(value) else None


def amplitude_history(facts: StackFacts, values: np.ndarray) -> Tuple[Optional[History], Optional[np.ndarray]]:
    """Return the amplitudes in dB over the dates, in order of time, and as they are, float64 [n]; None without dates."""
    dated = [(str(band.date), abs(values[band.number - 1])) for band in facts.bands if band.date is not None]
    if not dated:
        return None, None
    dated.sort(key=lambda item: item[0])
    days = np.array([day for day, _ in dated], dtype="datetime64[D]")
    linear = np.array([value for _, value in dated], dtype=float)
    linear[~(linear > 0)] = np.nan
    return History(days, days, 20 * np.log10(linear)), linear


def dispersion_of(linear: Optional[np.ndarray]) -> Optional[float]:
    """Return standard deviation over mean of amplitudes (Ferretti et al. 2001); None for fewer than three."""
    if linear is None:
        return None
    finite = linear[np.isfinite(linear)]
    return float(finite.std() / finite.mean()) if len(finite) >= 3 and finite.mean() > 0 else None


def phase_history(facts: StackFacts, values: np.ndarray, notes: List[str]) -> Optional[History]:
    """Return the phase in radians over the dates, in order of time; None where the stack has none.

    Interferograms that share a date get one sign; images are taken against the first of them.
    """
    if facts.quantity not in ("phase", "complex", "unwrapped"):
        return None
    pairs = [band for band in facts.bands if band.pair]
    if pairs:
        return _of_pairs(pairs, values, wrapped=facts.quantity != "unwrapped", notes=notes)
    images = sorted((band for band in facts.bands if band.date is not None), key=lambda band: str(band.date))
    if not images or facts.quantity != "complex":
        return None
    series = np.array([values[band.number - 1] for band in images])
    known = np.flatnonzero(np.isfinite(series))
    if not len(known):
        return None
    first = images[known[0]]
    phase = np.angle(series * np.conj(series[known[0]])).astype(float)
    phase[~np.isfinite(series)] = np.nan
    days = np.array([str(band.date) for band in images], dtype="datetime64[D]")
    start = np.full(len(days), np.datetime64(str(first.date), "D"))
    keep = np.arange(len(days)) != known[0]
    notes.append(tr(
        "The phase is that of each image against {date}, with topography and atmosphere still in it."
    ).format(date=first.date))
    return History(start[keep], days[keep], phase[keep], str(first.date))


def _of_pairs(bands: List[Band], values: np.ndarray, *, wrapped: bool, notes: List[str]) -> History:
    counts = Counter(day for band in bands for day in band.days)
    shared, number = counts.most_common(1)[0]
    common = str(shared) if number == len(bands) and len(bands) > 1 else ""
    bands = sorted(bands, key=lambda band: (min(band.days), max(band.days)))
    raw = np.array([values[band.number - 1] for band in bands])
    phase = np.angle(raw).astype(float) if np.iscomplexobj(raw) else raw.astype(float)
    phase[~np.isfinite(raw)] = np.nan
    sides = {str(band.days[0]) == common for band in bands}
    if common and len(sides) == 2:
        phase = np.where([str(band.days[0]) == common for band in bands], phase, -phase)
        notes.append(tr(
            "Interferograms of the other order were conjugated, so that all are against {common}."
        ).format(common=common))
    if wrapped:
        phase = np.angle(np.exp(1j * phase))
    start = np.array([str(band.days[0]) for band in bands], dtype="datetime64[D]")
    end = np.array([str(band.days[1]) for band in bands], dtype="datetime64[D]")
    return History(start, end, phase, common)


def words_of(verdict: Verdict, dispersion: Optional[float] = None) -> List[str]:
    """Return the reasons of a verdict in plain words; ``dispersion`` stands in where it names none.

    The limits are those of the field: 0.6 rad is where a displacement series stays readable, 0.25 and 0.4 are the
    usual bounds of the amplitude dispersion.
    """
    found = []
    if verdict.noise is not None:
        word = _word(verdict.noise, ((0.4, tr("Very steady phase")), (0.6, tr("Steady phase")), (1.0, tr("Unsteady phase"))),
                     tr("Noisy phase"))  # fmt: skip
        found.append(f"{word}: {verdict.noise:.2f} rad")
    if verdict.gamma is not None:
        word = _word(-verdict.gamma, ((-0.7, tr("Phase agrees with its surroundings")),
                                      (-0.45, tr("Phase partly agrees with its surroundings"))),
                     tr("Phase disagrees with its surroundings"))  # fmt: skip
        found.append(tr("{word}: {gamma:.2f} of 1").format(word=word, gamma=verdict.gamma))
    spread = verdict.dispersion if verdict.dispersion is not None else dispersion
    if spread is not None:
        word = _word(spread, ((0.25, tr("Steady amplitude")), (0.4, tr("Fairly steady amplitude"))), tr("Changing amplitude"))
        found.append(f"{word}: {spread:.2f}")
    return found


def _word(value: float, steps: Tuple[Tuple[float, str], ...], last: str) -> str:
    return next((word for limit, word in steps if value < limit), last)


def name_of(path: str) -> str:
    """Return a stack's name for people."""
    return Path(path).stem
