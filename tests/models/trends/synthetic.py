"""Series for the tests of the classical trend analysis, with the truth."""

from __future__ import annotations

import numpy as np

START = np.datetime64("2016-01-04", "D")
HALF = 27.735
WAVELENGTH = 0.05547


def regular(epochs=139, step=12):
    return START + (np.arange(epochs) * step).astype("timedelta64[D]")


def irregular(rng, epochs=139):
    return START + np.cumsum(rng.choice([6, 12, 18, 24], epochs)).astype("timedelta64[D]")


def years_of(dates):
    return (dates - dates[0]).astype(float) / 365.25


def noise(rng, dates, size, *, white=2.0, correlated=0.0, tau=30.0):
    """White and exponentially correlated noise (size, e), mm; ``tau`` in days, a number or (size,)."""
    days = (dates - dates[0]).astype(float)
    tau = np.broadcast_to(np.asarray(tau, float), size)
    walk = rng.standard_normal((size, days.size))
    for i in range(1, days.size):
        keep = np.exp(-(days[i] - days[i - 1]) / tau)
        walk[:, i] = keep * walk[:, i - 1] + np.sqrt(1 - keep**2) * walk[:, i]
    white, correlated = (np.broadcast_to(np.asarray(v, float), size)[:, None] for v in (white, correlated))
    return white * rng.standard_normal(walk.shape) + correlated * walk


def seasons(dates, amplitude=4.0, phase=0.7):
    return amplitude * np.sin(2 * np.pi * years_of(dates) + phase)
