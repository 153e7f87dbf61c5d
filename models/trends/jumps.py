"""Phase jumps of whole half wavelengths in displacement series. numpy only.

A jump is searched against any slow motion: the series is whitened as if white noise and a slow random motion
(correlation time half a year) lay over a parabola and the annual motion, so that neither a kink nor a curve
passes for a step. Lasting steps and errors that come and go within some epochs (pairs of opposite steps) compete
at every turn; the best is taken out and the search goes on (matching pursuit), all in products of matrices that
the series of a file share. At the end jumps that the others made superfluous are put back.
"""

from __future__ import annotations

from typing import NamedTuple, Optional, Tuple

import numpy as np

from stillpoint.models.errors import StillpointError
from stillpoint.models.trends.designs import Axis, trend_columns
from stillpoint.models.trends.gls import Gls, NoiseGrid

LONGEST_PAIR = 12
MOST_TURNS = 12
LEAST_SIDE = 2
_SLOW = NoiseGrid(np.array([0.75]), np.array([0.5]), np.zeros(1))
_LEAST_GAIN = 14.0
_SIZE_SLACK = 0.15  # half wavelengths
_BLOCK = 2048


class _Scan(NamedTuple):
    """Products that all series share: whitening operator, step operator and the Gram matrix of the steps."""

    white: np.ndarray
    steps: np.ndarray
    gram: np.ndarray


class Jumps(NamedTuple):
    """Jumps of n series.

    Attributes
    ----------
    level
        (n, e) int8, half wavelengths by which each epoch stands too high.
    gain
        (n,) float32, by how much the jumps lower the residual sum of squares, in noise variances.
    scale
        (n,) float32, robust standard deviation of the noise, mm.
    misfit
        (n,) float32, mean over the jumps of the squared distance from a whole number of half wavelengths, in
        units of what the noise allows; 0 without jumps.
    tails
        (n,) float32, root mean square over robust deviation of what remains: above 1 with outliers.
    step_gain, step_size, step_at
        (n,) gain (noise variances), size (mm) and first epoch of the best step of *any* size that remains.
    """

    level: np.ndarray
    gain: np.ndarray
    scale: np.ndarray
    misfit: np.ndarray
    tails: np.ndarray
    step_gain: np.ndarray
    step_size: np.ndarray
    step_at: np.ndarray


def half_wavelength(wavelength: float) -> float:
    """Return half a wavelength in mm, for a wavelength in metres.

    Raises
    ------
    StillpointError
        If the wavelength can't be that of an imaging radar, as when it was given in centimetres.
    """
    if not 0.005 <= wavelength <= 2.0:
        raise StillpointError(
            f"A wavelength of {wavelength:g} m can't be that of a radar satellite. Give it in metres, "
            "for example 0.0555 for Sentinel-1."
        )
    return 500.0 * wavelength


def find_jumps(axis: Axis, series: np.ndarray, wavelength: float) -> Jumps:
    """Find the phase jumps of series.

    Parameters
    ----------
    axis
        The epochs.
    series
        (n, e) float, mm, in the order of the axis; NaN where missing.
    wavelength
        Metres.
    """
    half = half_wavelength(wavelength)
    count, epochs = series.shape
    level = np.zeros((count, epochs), np.int8)
    gain, scale = np.zeros(count, np.float32), np.full(count, np.nan, np.float32)
    step_gain, step_size = np.zeros(count, np.float32), np.zeros(count, np.float32)
    step_at = np.zeros(count, np.int64)
    misfit, tails = np.zeros(count, np.float32), np.ones(count, np.float32)
    rows = np.flatnonzero(np.isfinite(series).sum(1) >= 8)
    if epochs < 8 or not rows.size:
        return Jumps(level, gain, scale, misfit, tails, step_gain, step_size, step_at)
    scan = _make_scan(axis)
    for start in range(0, rows.size, _BLOCK):
        block = rows[start : start + _BLOCK]
        filled = fill_missing(axis, series[block])
        filled -= filled.mean(1, keepdims=True)
        scale[block] = _robust_scale(filled @ scan.white)
        # no two neighbours differ by as much as half a jump: nothing to look for, which is most of a quiet town
        restless = np.abs(np.diff(filled, axis=1)).max(1) > 0.5 * half
        if restless.any():
            level[block[restless]], gain[block[restless]], misfit[block[restless]] = _pursue(
                filled[restless], scan, half, scale[block[restless]]
            )
            filled[restless] -= np.float32(half) * level[block[restless]]
        white = filled @ scan.white
        tails[block] = np.sqrt((white**2).mean(1)) / _robust_scale(white)
        step_gain[block], step_size[block], step_at[block] = _free_step(filled, scan, scale[block])
    return Jumps(level, gain, scale, misfit, tails, step_gain, step_size, step_at)


def fill_missing(axis: Axis, series: np.ndarray) -> np.ndarray:
    """Interpolate missing epochs linearly in time; float32, each series has at least one value."""
    missing = ~np.isfinite(series)
    filled = series.astype(np.float32)
    for row in np.flatnonzero(missing.any(1)):
        gap = missing[row]
        filled[row, gap] = np.interp(axis.years[gap], axis.years[~gap], series[row, ~gap])
    return filled


def _make_scan(axis: Axis) -> _Scan:
    columns, _ = trend_columns(axis)
    gls = Gls(axis.years, columns, _SLOW, axis.x)
    epochs = axis.x.size
    q = gls.q[:, :, 0, 0]
    operator = gls.whiten(np.eye(epochs))[:, 0, :]
    operator = operator - q @ (q.T @ operator)
    steps = operator @ np.tri(epochs)  # column k is 1 from epoch k on
    white = operator.T.astype(np.float32)
    return _Scan(white, np.ascontiguousarray(operator.T @ steps).astype(np.float32), steps.T @ steps)


def _robust_scale(white: np.ndarray) -> np.ndarray:
    """Return the noise deviation from the mean root of |w| (0.822 for unit noise), which jumps, being rare, spare."""
    return np.maximum((np.sqrt(np.abs(white)).mean(1) / 0.822) ** 2, 0.05)


def _pursue(
    series: np.ndarray, scan: _Scan, half: float, scale: np.ndarray
) -> Tuple[np.ndarray, np.ndarray, np.ndarray]:
    count, epochs = series.shape
    gram = scan.gram.astype(np.float32)
    norms = np.maximum(np.diagonal(gram), 1e-6)
    blocked = np.zeros(epochs, np.float32)
    blocked[:LEAST_SIDE] = blocked[epochs - LEAST_SIDE + 1 :] = -np.inf
    pair_norms = [
        np.maximum(norms[:-lag] + norms[lag:] - 2 * np.diagonal(gram, lag), 1e-6) for lag in range(1, LONGEST_PAIR + 1)
    ] if epochs > LONGEST_PAIR + 1 else []
    step = np.zeros((count, epochs), np.int16)
    product = series @ scan.steps
    total = np.zeros(count, np.float32)
    turns, strange, odd = np.zeros(count, int), np.zeros(count, np.float32), np.zeros(count, bool)
    rows = np.arange(count)
    for _ in range(MOST_TURNS):
        best, where, size = _best(product, norms, half, blocked)
        lag = np.zeros(where.shape, int)
        for number, norm in enumerate(pair_norms, start=1):
            top, place, multiple = _best(product[:, :-number] - product[:, number:], norm, half, None)
            better = top > best
            best = np.where(better, top, best)
            where, size = np.where(better, place, where), np.where(better, multiple, size)
            lag = np.where(better, number, lag)
        keep = best > _LEAST_GAIN * scale[rows] ** 2
        if not keep.any():
            break
        rows, product, where, lag, size = rows[keep], product[keep], where[keep], lag[keep], size[keep]
        end = np.minimum(where + lag, epochs - 1)
        paired = lag > 0
        step[rows, where] += size
        step[rows, end] -= size * paired
        total[rows] += best[keep]
        # how far each step is from a whole number of half wavelengths, and what noise allows
        here = np.arange(rows.size)
        value, norm = product[here, where], norms[where].copy()
        if paired.any():
            at, to = where[paired], end[paired]
            value[paired] -= product[paired, to]
            norm[paired] = np.maximum(norms[at] + norms[to] - 2 * gram[at, to], 1e-6)
        off = value / norm - half * size
        turns[rows] += 1
        strange[rows] += off**2 * norm / scale[rows] ** 2
        alone = (turns[rows] == 1) & ~paired
        odd[rows[alone]] = (np.abs(off) - _SIZE_SLACK * half - 2.0 * scale[rows] / np.sqrt(norm))[alone] > 0
        move = gram[where] - paired[:, None] * gram[end]
        product -= (half * size)[:, None].astype(np.float32) * move
    # a lone step of another size is real motion; among several, sizes blur each other and prove nothing
    real = odd & (np.count_nonzero(step, axis=1) == 1)
    step[real], total[real], strange[real] = 0, 0.0, 0.0
    level = np.cumsum(step, axis=1)
    return np.clip(level, -100, 100).astype(np.int8), total / scale**2, strange / np.maximum(turns, 1)


def _free_step(
    series: np.ndarray, scan: _Scan, scale: np.ndarray
) -> Tuple[np.ndarray, np.ndarray, np.ndarray]:
    product = series @ scan.steps
    norms = np.maximum(np.diagonal(scan.gram), 1e-6).astype(np.float32)
    gain = product * product / norms
    gain[:, :LEAST_SIDE] = gain[:, series.shape[1] - LEAST_SIDE + 1 :] = 0.0
    where = gain.argmax(1)
    index = np.arange(series.shape[0])
    return gain[index, where] / scale**2, product[index, where] / norms[where], where


def _best(
    product: np.ndarray, norms: np.ndarray, half: float, blocked: Optional[np.ndarray]
) -> Tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return gain, place and signed multiple of the best step of whole half wavelengths of each series."""
    gain = np.abs(product)
    gain *= np.float32(2 * half)
    gain -= np.float32(half**2) * norms
    if blocked is not None:
        gain += blocked
    where = gain.argmax(1)
    index = np.arange(product.shape[0])
    value, norm = product[index, where], norms[where]
    multiple = np.clip(np.round(np.abs(value) / (half * norm)), 1, 3)
    top = 2 * half * multiple * np.abs(value) - (half * multiple) ** 2 * norm
    if blocked is not None:
        top = top + blocked[where]
    return top, where, (np.sign(value) * multiple).astype(np.int16)
