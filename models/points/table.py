"""Points with displacement series, as the engine sees them whatever file they came from.

All points of a source share its dates (a missing epoch is NaN), so a block of points is a matrix.
Displacements are millimetres along the line of sight, positive towards the satellite.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from typing import Any, Dict, Iterator, List, Optional, Tuple

import numpy as np

TO_MILLIMETRES = {"mm": 1.0, "cm": 10.0, "m": 1000.0}


@dataclass(frozen=True)
class Attribute:
    """One attribute field that the points came with.

    Attributes
    ----------
    name
        Its name in the source.
    kind
        ``"text"``, ``"integer"`` or ``"real"``.
    """

    name: str
    kind: str


@dataclass(frozen=True)
class PointLayout:
    """What a point source holds, known before its rows are read.

    Attributes
    ----------
    path
        The file (or GDAL source) as the user named it.
    format
        Name of the format for people ("EGMS L2b CSV", "MintPy time series" ...).
    dates
        ``datetime64[D]``, shape (e,), strictly increasing.
    unit
        Unit of the displacements in the source: ``"mm"``, ``"cm"`` or ``"m"``. Blocks are in mm already.
    unit_reason
        Where the unit was read ("header", "format", "size of the values", "given").
    crs
        WKT or authority code of the coordinates; empty where unknown.
    count
        Number of points, or None where only reading tells.
    attributes
        The attribute fields of the points, identifiers first.
    wavelength
        Radar wavelength in metres where the source tells it.
    sensor
        Sensor or band for people, where known.
    notes
        Sentences on what was assumed or repaired (dates reordered, coordinates guessed ...).
    """

    path: str
    format: str
    dates: np.ndarray
    unit: str
    unit_reason: str
    crs: str
    count: Optional[int]
    attributes: Tuple[Attribute, ...] = ()
    wavelength: Optional[float] = None
    sensor: str = ""
    notes: Tuple[str, ...] = ()

    @property
    def years(self) -> np.ndarray:
        """Dates as float64 years since the first one (365.25 days a year), shape (e,)."""
        return (self.dates - self.dates[0]).astype(np.float64) / 365.25


@dataclass
class PointBlock:
    """Some consecutive points of a source.

    Attributes
    ----------
    start
        Index of the first point in the source.
    x, y
        float64, shape (n,), in the layout's CRS.
    displacement
        float32, shape (n, e), mm, NaN where missing.
    attributes
        One array of length n for each attribute of the layout: object (str or None), int64
        (a masked array where some are missing), or float64 (NaN where missing).
    """

    start: int
    x: np.ndarray
    y: np.ndarray
    displacement: np.ndarray
    attributes: Dict[str, np.ndarray] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.x)


class PointSource(ABC):
    """An open point product. A reader of a format is a subclass."""

    layout: PointLayout

    @abstractmethod
    def blocks(self, rows: int = 16384) -> Iterator[PointBlock]:
        """Yield the points in order, ``rows`` at a time; memory depends on ``rows`` only.

        Raises
        ------
        StillpointError
            A row that cannot be read: names the file, the row (1 = first after the header) and the column.
        """

    def estimated_count(self) -> Optional[int]:
        """Return about how many points there are, for progress; None where nothing tells."""
        return self.layout.count

    def close(self) -> None:  # noqa: B027 - most sources hold nothing open
        """Release what the source holds open."""

    def __enter__(self) -> PointSource:
        return self

    def __exit__(self, *_: Any) -> None:
        self.close()


@dataclass(frozen=True)
class Column:
    """One field to write: its name, kind (text, integer, real, date, binary) and what it means, with unit."""

    name: str
    kind: str
    meaning: str = ""


class PointWriter(ABC):
    """Writes blocks of points to one file, under a temporary name until :meth:`finish`.

    Used as a context manager: leaving it by an exception removes what was written.
    """

    path: str
    report: List[str]
    """Sentences on what had to be changed (shortened names, fields left out)."""

    @abstractmethod
    def write(self, x: np.ndarray, y: np.ndarray, values: Dict[str, np.ndarray]) -> None:
        """Append points. ``values`` has an array of length n for each column that was announced.

        float: NaN is missing; integer: a masked array's mask is missing; text: None is missing;
        date: ``datetime64[D]``, NaT is missing; binary: an object array of ``bytes`` or None.
        """

    @abstractmethod
    def finish(self) -> List[str]:
        """Complete the file, give it its final name, and return all files written."""

    @abstractmethod
    def discard(self) -> None:
        """Remove what was written so far."""

    def __enter__(self) -> PointWriter:
        return self

    def __exit__(self, kind: Any, *_: Any) -> None:
        if kind is not None:
            self.discard()
