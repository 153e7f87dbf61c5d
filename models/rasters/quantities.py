"""Tells from names and values what an image holds, and in which unit."""

from __future__ import annotations

import re
from typing import Optional, Tuple

import numpy as np

_TOKENS = (
    ("unwrapped", {"unw", "unwrapped", "unwphase", "unwrap", "uwp"}),
    ("coherence", {"cc", "coh", "coherence", "corr", "cor", "correlation"}),
    ("amplitude", {"amp", "ampl", "amplitude", "mag", "magnitude", "logamp", "mli", "mlis", "intensity", "pwr", "power",
                   "sigma", "gamma", "beta"}),
    ("complex", {"slc", "rslc", "cslc", "complex"}),
    ("phase", {"phase", "pha", "diff", "int", "ifg", "ifgram", "igram", "wrapped", "interferogram", "flat", "wph"}),
)
_OTHER = {
    "vx", "vy", "vz", "velocity", "vel", "dem", "hgt", "height", "elevation", "mask", "los", "disp", "displacement", "inc",
    "incidence", "theta", "phi", "lat", "lon", "rdr", "shadow", "slope", "water", "conncomp", "offset", "offsets", "std", "err",
}
_SQUARED = {"mli", "mlis", "intensity", "pwr", "power"}
_LOGARITHMIC = {"logamp", "db", "log"}


def tokens(name: str) -> Tuple[str, ...]:
    """Return the words of a name in lower case, dates and numbers left out."""
    return tuple(word for word in re.split(r"[^a-z]+", name.lower()) if word)


def quantity_of_name(name: str) -> Optional[str]:
    """Return the quantity that a file or band name tells, ``"other"`` for what is no band of a stack, None if it tells none."""
    words = set(tokens(name))
    if words & _OTHER and not words & _TOKENS[0][1]:
        return "other"
    for quantity, marks in _TOKENS:
        if words & marks:
            return quantity
    return None


def is_squared(name: str) -> bool:
    """Whether a name says intensity, the square of amplitude."""
    return bool(set(tokens(name)) & _SQUARED)


def is_logarithmic(name: str) -> bool:
    """Whether a name says that values are logarithms."""
    return bool(set(tokens(name)) & _LOGARITHMIC)


def phase_unit(values: np.ndarray, *, integer: bool) -> Tuple[Optional[float], float, str]:
    """Guess in which unit wrapped phase is stored.

    Parameters
    ----------
    values
        Finite samples of all images together.
    integer
        Whether they are stored as integers.

    Returns
    -------
    scale, offset, note
        Radians are ``scale * value + offset``; the note is empty where they are radians already. ``scale`` is None where
        no unit fits; then the note says what was found.
    """
    if not values.size:
        return 1.0, 0.0, ""
    low, high = float(values.min()), float(values.max())
    size = max(-low, high)
    if low < 0 and size <= np.pi + 0.05 and not (integer and size <= 3):
        return 1.0, 0.0, ""
    if not integer:
        if low < -3.2 and 170 < size <= 180.5:
            return np.pi / 180, 0.0, "Phase lies within ±180: it is taken for degrees and converted to radians."
        if low >= 0 and 6.0 < high <= 2 * np.pi + 0.01:
            return 1.0, 0.0, "Phase lies within 0 and 2π radians, which is the same as ±π."
        return 1.0, 0.0, ""
    for full, scale, told in (
        (180, np.pi / 180, "±180: it is taken for degrees"),
        (3142, 1e-3, "±3142: it is taken for thousandths of a radian"),
        (31416, 1e-4, "±31416: it is taken for ten-thousandths of a radian"),
        (32768, np.pi / 32768, "±32768: it is taken for ±π"),
        (128, np.pi / 128, "±128: it is taken for ±π"),
    ):
        if low < -0.9 * full and 0.9 * full < high <= full:
            return scale, 0.0, f"Phase is stored as integers within {told} and scaled to radians."
    for full, kind in ((255, "0 to 255"), (65535, "0 to 65535")):
        if low >= 0 and 0.9 * full < high <= full:
            turn = full + 1.0
            note = f"Phase is stored as integers from {kind}: they are taken for -π to π and scaled to radians."
            return 2 * np.pi / turn, -np.pi, note
    return None, 0.0, f"integers from {low:g} to {high:g}"


def coherence_scale(values: np.ndarray) -> Tuple[float, str]:
    """Return the factor that brings coherence to 0..1, and a sentence where it is not 1."""
    if not values.size or float(values.max()) <= 1.001:
        return 1.0, ""
    high = float(values.max())
    full = 100.0 if high <= 100 else 255.0 if high <= 255 else 65535.0 if high <= 65535 else high
    return 1 / full, f"Coherence is stored as 0 to {full:g} and scaled to 0 to 1."
