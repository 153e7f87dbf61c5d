"""Tables that are known by their columns: what producers fix without saying so in the file."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Optional, Sequence, Tuple

from stillpoint.models.points.sensors import SENTINEL_1


@dataclass(frozen=True)
class KnownTable:
    """What is known of a table beyond its header.

    Attributes
    ----------
    name
        Format for people.
    unit
        Unit of the displacements, or empty.
    projected
        CRS of easting and northing, or empty.
    sensor, wavelength
        Where the format fixes them.
    notes
        Sentences for people.
    """

    name: str
    unit: str = ""
    projected: str = ""
    sensor: str = ""
    wavelength: Optional[float] = None
    notes: Tuple[str, ...] = ()


def recognise(names: Sequence[str], path: str) -> KnownTable:
    """Recognise the producer of a table with the columns ``names``; ``path`` gives its name away at EGMS."""
    present = {name.strip().lower() for name in names}
    if {"pid", "easting", "northing", "mean_velocity"} <= present:
        return _egms(present, Path(path).name)
    if {"cosn", "cose", "cosu"} <= present and present & {"coer", "coher", "coherence"}:
        # P-SBAS of CNR-IREA (EPOSAR, Geohazards Exploitation Platform) writes cm and cm/yr.
        return KnownTable("P-SBAS (EPOSAR) table", "cm")
    if {"pnt_id", "pnt_lat", "pnt_lon"} <= present or {"pnt_lat", "pnt_lon", "pnt_enscoh"} <= present:
        # DePSI of TU Delft computes in metres.
        return KnownTable("DePSI (TU Delft) table", "m")
    if "code" in present and "vel" in present and present & {"h_stdev", "v_stdev", "eff_area", "coherence"}:
        return KnownTable("TRE table (TSR)", "mm")
    if {"svet", "lvet"} <= present or any(re.match(r"cumul\.? ?disp", name) for name in present):
        return KnownTable("SARPROZ table", "mm")
    return KnownTable("Table with date columns")


def _egms(present: set, file: str) -> KnownTable:
    """EGMS product description v3 (EEA), tables 5 and 6: millimetres, ETRS89-LAEA."""
    match = re.search(r"EGMS_(L2a|L2b|L3)", file, re.IGNORECASE)
    level = match[1] if match else ""
    if present & {"los_east", "los_up", "incidence_angle", "track_angle"}:
        # Only the Basic product (L2a) has the column cluster_label.
        level = level or ("L2a" if "cluster_label" in present else "L2a or L2b")
        return KnownTable(f"EGMS {level} CSV", "mm", "EPSG:3035", "Sentinel-1 (C band)", round(SENTINEL_1, 5))
    component = re.search(r"_(U|E)(?:_|\.|$)", file)
    moves = {"U": "vertical", "E": "east-west"}.get(component[1], "") if component else ""
    what = f"{moves} displacements" if moves else "vertical or east-west displacements"
    return KnownTable(
        "EGMS L3 CSV", "mm", "EPSG:3035", "Sentinel-1 (C band)", round(SENTINEL_1, 5),
        (f"EGMS L3 (Ortho) holds {what}, averaged in cells of 100 m: not along the line of sight, "
         "and jumps are no multiples of half a wavelength.",),
    )
