"""Guesses the sensor, and with it the wavelength, from the days between acquisitions."""

from __future__ import annotations

from typing import List, Optional, Tuple

import numpy as np

SPEED_OF_LIGHT = 299792458.0
SENTINEL_1 = SPEED_OF_LIGHT / 5.405e9
"""Wavelength of Sentinel-1, 0.05547 m."""

# Repeat in days, first and last year, share of the intervals that must be multiples of it, name, wavelength in metres.
_REPEATS = (
    (6, 2014, 2100, "Sentinel-1 (C band)", SENTINEL_1),
    (11, 2007, 2100, "TerraSAR-X class (X band)", SPEED_OF_LIGHT / 9.65e9),
    (24, 1995, 2100, "RADARSAT class (C band)", 0.0566),
    (35, 1991, 2013, "ERS or Envisat (C band)", 0.0566),
    (46, 2006, 2011, "ALOS PALSAR (L band)", 0.2361),
    (14, 2014, 2100, "ALOS-2 PALSAR-2 (L band)", 0.2424),
    (16, 2007, 2100, "COSMO-SkyMed class (X band)", SPEED_OF_LIGHT / 9.6e9),
)
_SHARE = 0.9


def guess_sensor(dates: np.ndarray) -> Tuple[str, Optional[float], List[str]]:
    """Guess from ``dates`` (``datetime64[D]``, shape (e,)) which sensor measured.

    Returns
    -------
    sensor, wavelength, notes
        Name for people, wavelength in metres (None where nothing fits), and a sentence that says it is a guess.
    """
    if len(dates) < 4:
        return "", None, []
    steps = np.diff(dates).astype(int)
    first = int(str(dates[0])[:4])
    last = int(str(dates[-1])[:4])
    for days, start, stop, name, wavelength in _REPEATS:
        if start <= first and last <= stop and np.mean(steps % days == 0) >= _SHARE:
            return (
                name, round(wavelength, 5),
                [f"The dates lie multiples of {days} days apart, so the sensor is taken for {name}, "
                 f"wavelength {wavelength * 100:.2f} cm: a guess, set the wavelength if it is wrong."],
            )
    return "", None, []


def sensor_of_wavelength(wavelength: float) -> str:
    """Return the band of a ``wavelength`` in metres, for people."""
    for name, low, high in (("X band", 0.024, 0.038), ("C band", 0.038, 0.075), ("S band", 0.075, 0.15),
                            ("L band", 0.15, 0.3), ("P band", 0.3, 1.0)):
        if low <= wavelength < high:
            return name
    return ""
