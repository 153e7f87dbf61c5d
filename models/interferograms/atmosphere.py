"""How strong the atmosphere of each date is: what belongs to a date, closes, and averages out over many dates."""

from __future__ import annotations

import numpy as np

STRONG = 2.0
"""Times the usual strength from which a date's atmosphere is strong."""

LEAST = 1.2
"""Radians that it must have at least."""

WINDOW = 5
"""Dates that a date is compared with, itself among them."""


def strengths(phases: np.ndarray, dates: np.ndarray, reliable: np.ndarray) -> np.ndarray:
    """Estimate the strength of the atmosphere of each date.

    Parameters
    ----------
    phases
        float32 [dates, rows, cols], radians: the phase of each date as the network explains it.
    dates
        datetime64[D] [dates].
    reliable
        float32 [rows, cols], weights of the ground.

    Returns
    -------
    numpy.ndarray
        float64 [dates], radians: spread over the scene of what a date differs by from the median of the dates about it, after a
        steady motion was taken away. NaN with fewer than 3 dates.
    """
    count = len(phases)
    if count < 3:
        return np.full(count, np.nan)
    days = (dates - dates[0]).astype("timedelta64[D]").astype(np.float64)
    time = (days - days.mean()) / max(float(days.std()), 1e-9)
    flat = phases.reshape(count, -1).astype(np.float32)
    flat = flat - flat.mean(axis=0)
    flat = flat - time.astype(np.float32)[:, None] * (time.astype(np.float32) @ flat / np.float32(count))
    weight = (reliable / reliable.sum()).astype(np.float64).ravel()
    result = np.empty(count)
    for index in range(count):
        # A median of the neighbours is not moved by one of them that is strong itself.
        first = int(np.clip(index - WINDOW // 2, 0, max(count - WINDOW, 0)))
        difference = flat[index] - np.median(flat[first : first + WINDOW], axis=0)
        mean = float(weight @ difference)
        result[index] = np.sqrt(float(weight @ (difference - mean) ** 2))
    return result


def strong_dates(strength: np.ndarray) -> np.ndarray:
    """Return which dates have a strong atmosphere, bool [dates]."""
    known = np.isfinite(strength)
    if known.sum() < 4:
        return np.zeros(len(strength), bool)
    usual = float(np.median(strength[known]))
    return known & (np.nan_to_num(strength) > max(STRONG * usual, LEAST))
