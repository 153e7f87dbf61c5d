"""How strong the atmosphere of each date is: what belongs to a date, closes, and averages out over many dates."""

from __future__ import annotations

import numpy as np

STRONG = 2.0
"""Times the usual strength from which a date's atmosphere is strong."""

LEAST = 1.2
"""Radians that it must have at least."""


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
        float64 [dates], radians: spread over the scene of what a date differs by from the course of its neighbours, which takes
        motion away. NaN with fewer than 3 dates.
    """
    count = len(phases)
    if count < 3:
        return np.full(count, np.nan)
    days = (dates - dates[0]).astype("timedelta64[D]").astype(np.float64)
    weight = (reliable / reliable.sum()).astype(np.float64)
    result = np.empty(count)
    for index in range(count):
        before, after = max(index - 1, 0), min(index + 1, count - 1)
        if before == index:
            before, after = 1, 2
        elif after == index:
            before, after = count - 3, count - 2
        part = (days[index] - days[before]) / max(days[after] - days[before], 1.0)
        part = float(np.clip(part, 0.0, 1.0))  # at the ends the nearest date, since to extrapolate would double the noise
        between = (1 - part) * phases[before] + part * phases[after]
        # The neighbours' own atmosphere is in the difference too: its usual share is taken off.
        noise = 1 + (1 - part) ** 2 + part**2
        difference = phases[index] - between
        mean = float(np.sum(weight * difference))
        result[index] = np.sqrt(max(float(np.sum(weight * (difference - mean) ** 2)), 0.0) / noise)
    return result


def strong_dates(strength: np.ndarray) -> np.ndarray:
    """Return which dates have a strong atmosphere, bool [dates]."""
    known = np.isfinite(strength)
    if known.sum() < 4:
        return np.zeros(len(strength), bool)
    usual = float(np.median(strength[known]))
    return known & (np.nan_to_num(strength) > max(STRONG * usual, LEAST))
