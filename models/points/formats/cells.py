"""Cells of text tables: what is a number, what is missing, and what a column holds."""

from __future__ import annotations

import re
from typing import List, Optional, Sequence

import numpy as np

from stillpoint.models.points.plan import SampleColumn
from stillpoint.models.points.table import TO_MILLIMETRES

MISSING = ("", "NaN", "nan", "NAN", "-nan", "NA", "N/A", "n/a", "#N/A", "null", "NULL", "Null", "None", "none", "-", "--",
           "NoData", "nodata", "*", "inf", "-inf", "Inf", "-Inf", "-9999", "-9999.0", "-9999.00", "-9999.000")
"""Cells that are missing values. -9999 mm would be ten metres; no producer means that by it."""
_IMPOSSIBLE_MM = 1e9
"""A thousand kilometres: what is larger marks missing values, such as netCDF's 9.97e36."""
_MISSING_SET = frozenset(MISSING)
_INTEGER = re.compile(r"^\s*[-+]?\d{1,18}\s*$")


def number_of(cell: str, decimal: str) -> Optional[float]:
    """Return the number in ``cell``, NaN where it is missing, or None where it is something else."""
    text = cell.strip()
    if text in _MISSING_SET:
        return float("nan")
    if decimal == ",":
        text = text.replace(",", ".")
    if "_" in text:
        return None
    try:
        return float(text)
    except ValueError:
        return None


def fits(cell: str, decimal: str, whole: bool) -> bool:
    """Whether ``cell`` is a number or missing; a whole number where ``whole`` is set."""
    return bool(_INTEGER.match(cell)) if whole else number_of(cell, decimal) is not None


def scaled(displacement: np.ndarray, unit: str) -> np.ndarray:
    """Return ``displacement`` in millimetres, float32 and C-contiguous; infinite and impossible values are missing."""
    with np.errstate(over="ignore"):
        result = np.ascontiguousarray(displacement, dtype=np.float32)
        if unit != "mm":
            result = result * np.float32(TO_MILLIMETRES[unit])
    result[np.abs(result) > _IMPOSSIBLE_MM] = np.nan
    return result


def sample_columns(names: Sequence[str], rows: Sequence[Sequence[str]], decimal: str, complete: bool) -> List[SampleColumn]:
    """Return the columns with what ``rows`` tell of them.

    Whole numbers count as integers only where no later row can contradict (``complete``) or where all of
    many rows are whole; identifiers with leading zeros are text.
    """
    columns = []
    for index, name in enumerate(names):
        cells = [row[index] for row in rows]
        numbers = [number_of(cell, decimal) for cell in cells]
        values = np.array([np.nan if number is None else number for number in numbers], dtype=np.float64)
        present = [cell.strip() for cell, number in zip(cells, numbers) if number is None or number == number]
        if any(number is None for number in numbers) or any(re.match(r"^[-+]?0\d", cell) for cell in present):
            kind = "text"
        elif present and all(_INTEGER.match(cell) for cell in present) and (complete or len(present) >= 100):
            kind = "integer"
        else:
            kind = "real"
        columns.append(SampleColumn(name, kind, values))
    return columns


def unique_names(names: Sequence[str]) -> List[str]:
    """Return ``names`` with the empty ones named by their place and repeated ones numbered."""
    result: List[str] = []
    used = set(names)
    seen = set()
    for place, name in enumerate(names, start=1):
        new = name or f"column_{place}"
        number = 2
        while new in seen or (new != name and new in used):
            new = f"{name or 'column'}_{number if name else place}"
            number += 1
        seen.add(new)
        result.append(new)
    return result
