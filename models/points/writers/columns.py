"""Turns columns of arrays into lists of Python values (None where missing), for databases."""

from __future__ import annotations

import datetime as dt
from typing import Any, List

import numpy as np

KINDS = ("text", "integer", "real", "date", "binary")


def as_list(values: Any, kind: str) -> List[Any]:
    """Return ``values`` as Python values fit for a field of ``kind``, None where missing.

    Dates become ISO text. Integers may come as a masked array or as floats with NaN.
    """
    if kind == "real":
        array = np.ma.filled(np.ma.asarray(values).astype(np.float64), np.nan)
        return _without(array.tolist(), ~np.isfinite(array))
    if kind == "integer":
        if np.ma.isMaskedArray(values):
            return _without(values.data.tolist(), np.ma.getmaskarray(values))
        array = np.asarray(values)
        if array.dtype.kind == "f":
            missing = ~np.isfinite(array)
            return _without(np.where(missing, 0, array).astype(np.int64).tolist(), missing)
        return array.astype(np.int64).tolist() if array.dtype.kind in "bui" else array.tolist()
    if kind == "date":
        array = np.asarray(values, dtype="datetime64[D]")
        return _without(np.datetime_as_string(array).tolist(), np.isnat(array))
    if kind == "binary":
        return list(values)
    return [None if _missing_text(value) else str(value) for value in np.ma.filled(np.ma.asarray(values, dtype=object), None)]


def _missing_text(value: Any) -> bool:
    return value is None or (isinstance(value, float) and value != value)


def _without(values: List[Any], missing: np.ndarray) -> List[Any]:
    for index in np.flatnonzero(missing):
        values[index] = None
    return values


def as_dates(values: Any) -> List[Any]:
    """Return ``values`` (``datetime64[D]``) as dates, None where missing."""
    return [None if text is None else dt.date.fromisoformat(text) for text in as_list(values, "date")]
