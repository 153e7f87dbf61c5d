"""Smaller images of large ones, to judge interferograms by: blocks of pixels become one."""

from __future__ import annotations

from typing import Tuple

import numpy as np

MOST = 512
"""Rows and columns at most of what is judged."""

VALUES = 64 << 20
"""Values at most of all interferograms together: 256 MB of phase, and as much of coherence."""

SAMPLES = 5
"""Pixels a side of a block that are looked at, evenly spread: more cost time and say little more."""

LEAST_VALID = 0.25
"""Share of the samples of a block that must be valid."""


def factor_for(shape: Tuple[int, int], pairs: int) -> int:
    """Return the side in pixels of the blocks that a raster of ``shape`` is reduced by."""
    factor = max(1, -(-max(shape) // MOST))
    while pairs * _reduced(shape[0], factor) * _reduced(shape[1], factor) > VALUES:
        factor += 1
    return factor


def reduced_shape(shape: Tuple[int, int], factor: int) -> Tuple[int, int]:
    """Return rows and columns after the reduction; the last blocks may be smaller."""
    return _reduced(shape[0], factor), _reduced(shape[1], factor)


def _reduced(length: int, factor: int) -> int:
    return -(-length // factor)


def blocks(values: np.ndarray, factor: int) -> np.ndarray:
    """Return the samples of every block, [rows, cols, samples], NaN beyond the edges.

    Parameters
    ----------
    values
        [rows, cols], a stripe that begins at a block.
    factor
        Side of a block in pixels.
    """
    rows, cols = values.shape
    high, wide = _reduced(rows, factor), _reduced(cols, factor)
    places = np.unique((np.arange(min(factor, SAMPLES)) * 2 + 1) * factor // (2 * min(factor, SAMPLES)))
    down = (np.arange(high)[:, None] * factor + places).ravel()
    across = (np.arange(wide)[:, None] * factor + places).ravel()
    # Blocks cut by the edge are short of samples: those beyond are missing.
    inside = (down < rows)[:, None] & (across < cols)
    taken = values[np.minimum(down, rows - 1)[:, None], np.minimum(across, cols - 1)]
    missing = np.nan if taken.dtype.kind != "c" else complex(np.nan, np.nan)
    taken = np.where(inside, taken, taken.dtype.type(missing))
    count = len(places)
    return taken.reshape(high, count, wide, count).transpose(0, 2, 1, 3).reshape(high, wide, count * count)


def _enough(valid: np.ndarray) -> np.ndarray:
    count = valid.sum(axis=-1)
    return (count > 0) & (count >= LEAST_VALID * valid.shape[-1])


def reduce_unwrapped(values: np.ndarray, factor: int) -> np.ndarray:
    """Return one pixel a block of unwrapped phase: the median as one of its values.

    A mean, or the middle between two values, would make levels between two turns that no pixel has, and so hide unwrapping errors.
    """
    if factor == 1:
        return values
    samples = np.sort(blocks(values, factor), axis=-1)  # NaN goes to the end
    valid = np.isfinite(samples)
    middle = np.maximum(valid.sum(axis=-1) - 1, 0) // 2
    median = np.take_along_axis(samples, middle[..., None], axis=-1)[..., 0]
    return np.where(_enough(valid), median, np.float32(np.nan))


def reduce_wrapped(values: np.ndarray, factor: int) -> np.ndarray:
    """Return the wrapped phase float32 of the mean phasor of every block, of wrapped phases or of complex values."""
    if values.dtype.kind != "c":
        if factor == 1:
            return values
        values = np.exp(1j * values).astype(np.complex64)
    if factor == 1:
        return np.where(np.isfinite(values), np.angle(values), np.nan).astype(np.float32)
    samples = blocks(values, factor)
    valid = np.isfinite(samples)
    summed = np.where(valid, samples, 0).sum(axis=-1)
    return np.where(_enough(valid) & (summed != 0), np.angle(summed), np.nan).astype(np.float32)


def reduce_mean(values: np.ndarray, factor: int) -> np.ndarray:
    """Return the mean of every block, float32 (coherence)."""
    if factor == 1:
        return values
    samples = blocks(values, factor)
    valid = np.isfinite(samples)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = np.where(valid, samples, 0).sum(axis=-1) / valid.sum(axis=-1)
    return np.where(_enough(valid), mean, np.nan).astype(np.float32)


def enlarged(values: np.ndarray, factor: int, rows: slice, cols: slice) -> np.ndarray:
    """Return a window of the full raster from what was reduced, bilinear between the middles of the blocks.

    Parameters
    ----------
    values
        [rows, cols] of the reduced raster, without NaN.
    factor
        Side of a block in pixels.
    rows, cols
        Closed slices of the full raster.
    """
    if factor == 1:
        return values[rows, cols]
    for axis, window in enumerate((rows, cols)):
        place = (np.arange(window.start, window.stop) + 0.5) / factor - 0.5
        low = np.clip(np.floor(place).astype(np.int64), 0, values.shape[axis] - 1)
        high = np.minimum(low + 1, values.shape[axis] - 1)
        share = np.clip(place - low, 0.0, 1.0).astype(np.float32)
        share = share[:, None] if axis == 0 else share
        values = np.take(values, low, axis) * (1 - share) + np.take(values, high, axis) * share
    return values
