"""Decides the unit of displacements, and refuses one that cannot be right."""

from __future__ import annotations

import re
from typing import Iterable, List, Sequence, Tuple

import numpy as np

from stillpoint.models.errors import StillpointError
from stillpoint.models.points.table import TO_MILLIMETRES

# Noise of InSAR series from one epoch to the next is some 0.3 to 15 mm, whatever the sensor and the processing
# (spatially filtered products reach 0.2 mm): below these bounds a number cannot be in the unit, or hardly.
_NOISE_OF_METRES = 0.02
_NOISE_OF_CENTIMETRES = 0.12
_SMALLEST_MM = 0.1
_LARGE_MM = 5e3
_LARGEST_MM = 1e5

_BRACKETED = re.compile(r"[\[(]\s*(mm|cm|m)\s*[\])]", re.IGNORECASE)
_BARE = re.compile(r"(?<![a-z])(mm|cm)(?![a-z])", re.IGNORECASE)
_VELOCITY = re.compile(r"vel.*?(?<![a-z])(mm|cm|m)\s*(?:/|_per_|_|\s|\.|p)?\s*(?:yr|year|y|a)(?![a-z])", re.IGNORECASE)


def unit_of_names(label: Tuple[str, str], names: Iterable[str]) -> Tuple[str, str]:
    """Return the unit that column names tell and where it stands, or two empty strings.

    Parameters
    ----------
    label
        What the names of the date columns say besides the date.
    names
        The other column names; a velocity with a unit tells it too.
    """
    for part in label:
        match = _BRACKETED.search(part) or _BARE.search(part)
        if match:
            return match[1].lower(), "header"
    for name in names:
        match = _VELOCITY.search(name)
        if match:
            return match[1].lower(), f"header (unit of {name})"
    return "", ""


def noise(values: np.ndarray) -> float:
    """Return the typical change from epoch to epoch of ``values`` (n, e), divided by sqrt(2); NaN if there is none.

    The median over points of the robust standard deviation (1.4826 MAD) of first differences, still points left out.
    """
    if values.size == 0 or values.shape[1] < 3:
        return float("nan")
    steps = np.diff(values, axis=1)
    steps = steps[np.isfinite(steps).sum(axis=1) > 1]
    if not len(steps):
        return float("nan")
    centred = np.abs(steps - np.nanmedian(steps, axis=1, keepdims=True))
    spread = 1.4826 * np.nanmedian(centred, axis=1) / np.sqrt(2)
    spread = spread[spread > 0]
    return float(np.median(spread)) if len(spread) else float("nan")


def decide_unit(
    values: np.ndarray, path: str, *, given: str = "auto", header: Sequence[str] = ("", ""), known: Sequence[str] = ("", "")
) -> Tuple[str, str, List[str]]:
    """Decide the unit of displacements.

    Parameters
    ----------
    values
        Sample of the series, shape (n, e), NaN where missing, in the unit that is to be found.
    path
        File, for messages.
    given
        Unit that the user named, or ``"auto"``.
    header, known
        Unit and where it was read: from column names, and from what is known of the format.

    Returns
    -------
    unit, reason, notes

    Raises
    ------
    StillpointError
        The unit is unknown or cannot be right for values of this size.
    """
    if given != "auto":
        if given not in TO_MILLIMETRES:
            raise StillpointError(f"The unit {given!r} is unknown; it must be auto, mm, cm or m.")
        unit, reason = given, "given"
    elif header[0]:
        unit, reason = header[0], header[1]
    elif known[0]:
        unit, reason = known[0], known[1]
    else:
        unit, reason = _by_size(values)
    notes = []
    if reason.startswith("size") and unit == "cm":
        notes.append("The values look like centimetres by their size; if they are millimetres, set the unit to mm.")
    elif reason.startswith("size") and unit == "m":
        notes.append("The values look like metres by their size; if they are not, set the unit.")
    elif reason == "convention":
        notes.append("Nothing tells the unit of the displacements: millimetres are assumed.")
    return unit, reason, notes + _check(values, unit, reason, path)


def _by_size(values: np.ndarray) -> Tuple[str, str]:
    typical = noise(values)
    if not np.isfinite(typical):
        return "mm", "convention"
    if typical < _NOISE_OF_METRES:
        return "m", "size of the values"
    if typical < _NOISE_OF_CENTIMETRES:
        return "cm", "size of the values"
    return "mm", "size of the values"


def _check(values: np.ndarray, unit: str, reason: str, path: str) -> List[str]:
    """Return sentences on a doubtful unit; raise StillpointError on an impossible one."""
    size = np.abs(values[np.isfinite(values)])
    if not size.size or not size.max() > 0:
        return []
    scale = TO_MILLIMETRES[unit]
    largest, middle = float(size.max()) * scale, float(np.median(size)) * scale
    if values.shape[0] >= 3 and largest < _SMALLEST_MM:
        better = "m" if largest * 1000 / scale < _LARGE_MM else "cm"
        raise StillpointError(
            f"The displacements of {path} cannot be in {unit} ({reason}): no point would move more than {largest:.2g} mm, "
            f"which no radar can measure. They look like {better}: set the unit to {better}."
        )
    if middle > _LARGEST_MM:
        better = next((name for name in ("mm", "cm") if middle / scale * TO_MILLIMETRES[name] < _LARGE_MM), "")
        advice = f"set the unit to {better}" if better else "check that the date columns hold displacements"
        raise StillpointError(
            f"The displacements of {path} cannot be in {unit} ({reason}): a typical value would be {middle / 1000:.3g} m. "
            f"Please {advice}."
        )
    if middle > _LARGE_MM:
        return [
            f"A typical displacement is {middle / 1000:.3g} m if the unit is {unit} ({reason}); set the unit if that is wrong."
        ]
    if noise(values) * scale < _NOISE_OF_METRES:
        return [
            f"In {unit} ({reason}) the series would change by less than {_NOISE_OF_METRES} mm from epoch to epoch, "
            "less than radar measures; set the unit if that is wrong."
        ]
    return []
