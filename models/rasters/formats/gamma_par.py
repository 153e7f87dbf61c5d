"""GAMMA's parameter files, which SNAP's StaMPS export writes too."""

from __future__ import annotations

import math
import re
from pathlib import Path
from typing import Dict, Optional, Tuple

from stillpoint.models.rasters.bands import number_of
from stillpoint.models.rasters.files import text_of

SPEED_OF_LIGHT = 299792458.0
_LINE = re.compile(r"^([A-Za-z_][\w()]*)\s*:\s*(.*)$")


def parameters(path: Path) -> Dict[str, str]:
    """Return the parameters of a ``.par``, ``.off`` or ``.base`` file, empty where it is none."""
    text = text_of(path) or ""
    found: Dict[str, str] = {}
    for line in text.splitlines():
        match = _LINE.match(line.strip())
        if match:
            found.setdefault(match[1], match[2].strip())
    return found


def size_of(values: Dict[str, str]) -> Optional[Tuple[int, int]]:
    """Return lines and samples of the image that a parameter file describes."""
    for lines, samples in (
        ("azimuth_lines", "range_samples"), ("interferogram_azimuth_lines", "interferogram_width"), ("az_samp_1", "range_samp_1"),
        ("nlines", "width"),
    ):
        rows, cols = number_of(values.get(lines)), number_of(values.get(samples))
        if rows and cols:
            return int(rows), int(cols)
    return None


def wavelength_of(values: Dict[str, str]) -> Optional[float]:
    """Return the wavelength in metres."""
    frequency = number_of(values.get("radar_frequency"))
    return SPEED_OF_LIGHT / frequency if frequency else None


def spacing_of(values: Dict[str, str]) -> Optional[Tuple[float, float]]:
    """Return metres on the ground between lines and between samples."""
    azimuth, slant = number_of(values.get("azimuth_pixel_spacing")), number_of(values.get("range_pixel_spacing"))
    incidence = number_of(values.get("incidence_angle"))
    if not azimuth or not slant:
        return None
    return azimuth, slant / math.sin(math.radians(incidence)) if incidence else slant


def look_angle(values: Dict[str, str]) -> Optional[float]:
    """Return the angle between nadir and line of sight at the middle of the scene, in radians.

    By the law of cosines in the triangle of satellite, scene and centre of the earth; from the incidence angle
    where the slant range is missing.
    """
    satellite = number_of(values.get("sar_to_earth_center"))
    earth = number_of(values.get("earth_radius_below_sensor"))
    slant, incidence = number_of(values.get("center_range_slc")), number_of(values.get("incidence_angle"))
    if satellite and earth and slant:
        cosine = (satellite**2 + slant**2 - earth**2) / (2 * satellite * slant)
        return math.acos(max(-1.0, min(1.0, cosine)))
    if incidence:
        ratio = earth / satellite if satellite and earth else 6371.0 / 7071.0
        return math.asin(min(1.0, ratio * math.sin(math.radians(incidence))))
    return None


def perpendicular_baseline(base: Dict[str, str], look: Optional[float]) -> Optional[float]:
    """Return the perpendicular baseline in metres of a ``.base`` file.

    The baseline is given along track, across track and towards nadir (TCN); perpendicular to the line of sight
    it is ``C cos(look) - N sin(look)``, the precise one where it was estimated.
    """
    for name in ("precision_baseline(TCN)", "initial_baseline(TCN)"):
        words = base.get(name, "").split()
        vector = [number_of(word) for word in words[:3]]
        if len(vector) == 3 and None not in vector and any(vector) and look is not None:
            return vector[1] * math.cos(look) - vector[2] * math.sin(look)  # type: ignore[operator]
    return None
