"""What a band of a stack is, and the metadata items that say so. Standard library only: QGIS's side reads it too.

A stack is any GDAL raster with one band an interferogram or a date. Each band carries ``QUANTITY`` and either
``DATE`` or ``REFERENCE_DATE`` and ``SECONDARY_DATE`` (``YYYY-MM-DD``), and ``PERPENDICULAR_BASELINE`` in metres where
known. The raster carries ``WAVELENGTH`` (metres), ``INCIDENCE_ANGLE`` and ``HEADING`` (degrees), ``ROW_SPACING`` and
``COLUMN_SPACING`` (metres on the ground, for rasters without coordinates), ``COMPANION_AMPLITUDE`` and
``COMPANION_COHERENCE`` (paths relative to the stack) where known.
"""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass
from typing import Dict, Mapping, Optional, Tuple

from stillpoint.models.rasters.names import day_of, days_in

QUANTITIES = ("phase", "unwrapped", "complex", "amplitude", "coherence")
"""What bands hold: wrapped phase (rad), unwrapped phase (rad), complex values, linear amplitude, coherence in 0..1."""

PHASES = ("phase", "unwrapped")
"""Quantities in radians."""

WORDS = {
    "wavelength": "WAVELENGTH",
    "incidence_angle": "INCIDENCE_ANGLE",
    "heading": "HEADING",
    "row_spacing": "ROW_SPACING",
    "column_spacing": "COLUMN_SPACING",
}
"""Attributes of a stack and the metadata items of the raster that hold them."""

COMPANION = "COMPANION_"


@dataclass(frozen=True)
class Band:
    """One band of a stack: an image of one date or an interferogram of two.

    Attributes
    ----------
    number
        Number of the band in the raster, from 1.
    quantity
        One of ``QUANTITIES``.
    date
        Day of the image; None for interferograms.
    reference_date, secondary_date
        Days of the interferogram; None for images.
    perpendicular_baseline
        Metres: of the secondary against the reference date, or of the date against the reference of the stack; None where unknown.
    description
        Name for people.
    """

    number: int
    quantity: str
    date: Optional[dt.date] = None
    reference_date: Optional[dt.date] = None
    secondary_date: Optional[dt.date] = None
    perpendicular_baseline: Optional[float] = None
    description: str = ""

    @property
    def pair(self) -> Optional[Tuple[dt.date, dt.date]]:
        """Reference and secondary date, or None for an image of one date."""
        if self.reference_date is None or self.secondary_date is None:
            return None
        return self.reference_date, self.secondary_date

    @property
    def days(self) -> Tuple[dt.date, ...]:
        """The one or two dates of the band; none where they are unknown."""
        if self.date is not None:
            return (self.date,)
        return self.pair or ()

    @property
    def label(self) -> str:
        """The dates as text (``2018-01-15`` or ``2018-01-15 2018-01-27``), else the description, else the number."""
        return " ".join(str(day) for day in self.days) or self.description or f"band {self.number}"


def number_of(text: Optional[str]) -> Optional[float]:
    """Return a finite number from a metadata item (``"0.0555 m"`` too), or None."""
    try:
        value = float(str(text).split()[0])
    except (ValueError, IndexError):
        return None
    return value if math.isfinite(value) else None


def band_items(band: Band) -> Dict[str, str]:
    """Return the metadata items that say what ``band`` is."""
    items = {"QUANTITY": band.quantity}
    if band.date is not None:
        items["DATE"] = str(band.date)
    if band.reference_date is not None:
        items["REFERENCE_DATE"] = str(band.reference_date)
    if band.secondary_date is not None:
        items["SECONDARY_DATE"] = str(band.secondary_date)
    if band.perpendicular_baseline is not None:
        items["PERPENDICULAR_BASELINE"] = f"{band.perpendicular_baseline:.6g}"
    return items


def band_of(number: int, items: Mapping[str, str], description: str, *, quantity: str) -> Band:
    """Return the band that metadata ``items`` describe; what they leave out is looked for in ``description``.

    Parameters
    ----------
    number
        Number of the band, from 1.
    items
        Metadata of the band.
    description
        Name of the band.
    quantity
        Its quantity where the metadata don't tell one.
    """
    told = {key.upper(): value for key, value in items.items()}
    found = told.get("QUANTITY", "").strip().lower()
    date = day_of(told.get("DATE", ""))
    reference, secondary = day_of(told.get("REFERENCE_DATE", "")), day_of(told.get("SECONDARY_DATE", ""))
    if date is None and (reference is None or secondary is None):
        days = days_in(description)
        date = days[0] if len(days) == 1 else None
        reference, secondary = (days[0], days[1]) if len(days) == 2 else (None, None)
    elif date is not None:
        reference = secondary = None
    return Band(
        number=number,
        quantity=found if found in QUANTITIES else quantity,
        date=date,
        reference_date=reference,
        secondary_date=secondary,
        perpendicular_baseline=number_of(told.get("PERPENDICULAR_BASELINE")),
        description=description,
    )
