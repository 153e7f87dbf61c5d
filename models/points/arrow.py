"""Arrow, loaded only where it is needed, and arrays on the way to it."""

from __future__ import annotations

from typing import Any

import numpy as np

from stillpoint.models.errors import StillpointError


def load_arrow() -> Any:
    """Return the module ``pyarrow``.

    Raises
    ------
    StillpointError
        It is missing or does not fit the numpy that is there.
    """
    try:
        import pyarrow
        import pyarrow.csv
    except ImportError as error:
        raise StillpointError(
            f"The library pyarrow does not load here ({str(error).splitlines()[0]}): "
            "repair the engine's environment in the set-up dialog."
        ) from None
    return pyarrow


def as_array(values: Any, kind: str) -> Any:
    """Return ``values`` of a column of ``kind`` as an Arrow array, null where missing."""
    arrow = load_arrow()
    if kind == "real":
        array = np.ma.filled(np.ma.asarray(values, dtype=np.asarray(values).dtype), np.nan)
        target = arrow.float32() if array.dtype == np.float32 else arrow.float64()
        return arrow.array(array, type=target, mask=~np.isfinite(array))
    if kind == "integer":
        missing = np.ma.getmaskarray(values) if np.ma.isMaskedArray(values) else None
        array = np.ma.getdata(values)
        if array.dtype.kind == "f":
            missing = ~np.isfinite(array)
            array = np.where(missing, 0, array)
        return arrow.array(array.astype(np.int64), mask=missing)
    if kind == "date":
        return arrow.array(np.asarray(values, dtype="datetime64[D]"), type=arrow.date32())
    if kind == "binary":
        return arrow.array(list(values), type=arrow.binary())
    texts = [None if value is None or value != value else str(value) for value in np.ma.filled(values, None)]
    return arrow.array(texts, type=arrow.string())
