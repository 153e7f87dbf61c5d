"""Acquisition calendars and radar bands of the benchmark's simulated files."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Tuple

import numpy as np

DAYS_PER_YEAR = 365.25

# Wavelength in metres and repeat intervals in days of the satellites that PS products come from.
BANDS = {
    "C": ((0.05546576, (6, 12)), (0.05656, (24, 35))),  # Sentinel-1; RADARSAT-1, ERS and Envisat
    "X": ((0.03106657, (11,)), (0.031228, (4, 8, 16))),  # TerraSAR-X; COSMO-SkyMed
    "L": ((0.2360571, (46,)), (0.242452, (14, 28))),  # ALOS; ALOS-2
}


@dataclass(frozen=True)
class Calendar:
    """Dates of one file and the radar that took them.

    Attributes
    ----------
    dates
        ``datetime64[D]``, shape (e,), strictly increasing.
    wavelength
        Metres.
    band
        ``"C"``, ``"X"`` or ``"L"``.
    """

    dates: np.ndarray
    wavelength: float
    band: str

    @property
    def years(self) -> np.ndarray:
        """Years since the first date, float64, shape (e,)."""
        return (self.dates - self.dates[0]).astype(np.float64) / DAYS_PER_YEAR

    @property
    def half_wavelength(self) -> float:
        """Displacement of one phase cycle, mm."""
        return self.wavelength * 500.0


def seed_calendar(rng: np.random.Generator) -> Calendar:
    """Return 139 Sentinel-1 dates: 12 days apart at first, 6 days once two satellites fly, a few passes lost.

    The number of dates is that of Mirmazloumi et al. 2022. Share of the 12-day part: uniform 0 to 0.5;
    each pass is lost with probability 0.04.
    """
    epochs = 139
    early = rng.uniform(0.0, 0.5)
    spacing = np.where(np.arange(epochs - 1) < early * epochs, 12, 6)
    spacing = spacing * (1 + (rng.random(epochs - 1) < 0.04))
    start = np.datetime64("2015-01-01") + int(rng.integers(0, 1200))
    return Calendar(_cumulate(start, spacing), BANDS["C"][0][0], "C")


def hard_calendar(rng: np.random.Generator) -> Calendar:
    """Return 40 to 350 (log-uniform) irregular dates of a C (50 %), X (30 %) or L (20 %) band satellite.

    The repeat interval is drawn among those that give 0.9 to 12 years. Each pass is lost with a probability
    that is uniform 0 to 0.25 by file; none to three long gaps of 5 to 15 % of the span; COSMO-SkyMed's
    constellation mixes its intervals.
    """
    epochs = round(float(np.exp(rng.uniform(np.log(40), np.log(350)))))
    band = str(rng.choice(["C", "X", "L"], p=[0.5, 0.3, 0.2]))
    offers = [
        (wavelength, days, repeats)
        for wavelength, repeats in BANDS[band]
        for days in repeats
        if 0.9 <= epochs * days / DAYS_PER_YEAR <= 12
    ]
    if not offers:  # 350 epochs at ALOS's pace would take decades: take the nearest possible number
        wavelength, repeats = BANDS[band][1]
        days = min(repeats)
        offers = [(wavelength, days, repeats)]
        epochs = int(np.clip(epochs, 0.9 * DAYS_PER_YEAR / days, 12 * DAYS_PER_YEAR / days))
    wavelength, days, repeats = offers[int(rng.integers(len(offers)))]
    if band == "X" and len(repeats) > 1 and rng.random() < 0.5:
        spacing = rng.choice([days, 2 * days, max(1, days // 4)], size=epochs - 1, p=[0.6, 0.2, 0.2])
    else:
        spacing = np.full(epochs - 1, days)
    lost = rng.uniform(0.0, 0.25)
    spacing = spacing * rng.geometric(1.0 - lost, size=epochs - 1)
    for _ in range(int(rng.integers(0, 4))):
        spacing[int(rng.integers(3, epochs - 4))] += int(rng.uniform(0.05, 0.15) * spacing.sum())
    start = np.datetime64("2000-01-01") + int(rng.integers(0, 7000))
    return Calendar(_cumulate(start, spacing), wavelength, band)


def _cumulate(start: np.datetime64, spacing: np.ndarray) -> np.ndarray:
    days: Tuple[np.ndarray, ...] = (np.zeros(1, np.int64), np.cumsum(spacing.astype(np.int64)))
    return start + np.concatenate(days).astype("timedelta64[D]")
