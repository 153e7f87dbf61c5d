"""Acquisition calendars of radar missions, drawn at random for training.

A calendar is what a user's stack has: the repeat of a mission, acquisitions that are missing, a
second satellite that comes or goes, and a pause now and then.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Tuple

import numpy as np


@dataclass(frozen=True)
class Mission:
    """A radar mission as far as a displacement series shows it.

    Attributes
    ----------
    name
        For people.
    wavelength
        Metres.
    repeats
        Repeat cycles in days that stacks of it have; the first is the usual one.
    weight
        How often it is drawn.
    """

    name: str
    wavelength: float
    repeats: Tuple[int, ...]
    weight: float


MISSIONS: Tuple[Mission, ...] = (
    Mission("Sentinel-1", 0.05547, (12, 6), 0.40),
    Mission("ERS and Envisat", 0.05656, (35,), 0.08),
    Mission("RADARSAT", 0.05550, (24,), 0.10),
    Mission("TerraSAR-X", 0.03107, (11,), 0.12),
    Mission("COSMO-SkyMed", 0.03125, (16, 8, 4), 0.10),
    Mission("ALOS", 0.23606, (46,), 0.05),
    Mission("ALOS-2", 0.24245, (14, 42), 0.06),
    Mission("SAOCOM and NISAR", 0.23840, (12, 8, 16), 0.09),
)


def draw_mission(rng: np.random.Generator) -> Mission:
    """Return a mission, drawn by its weight."""
    weights = np.array([mission.weight for mission in MISSIONS])
    return MISSIONS[int(rng.choice(len(MISSIONS), p=weights / weights.sum()))]


def draw_calendar(
    rng: np.random.Generator, mission: Mission, epochs: int, *, longest: float = 9.0
) -> np.ndarray:
    """Return ``epochs`` acquisition days of ``mission``.

    Parameters
    ----------
    rng
        Source of randomness.
    mission
        Which repeat cycles there are.
    epochs
        Number of dates, at least 2.
    longest
        Span in years beyond which a shorter repeat is taken where the mission has one.

    Returns
    -------
    numpy.ndarray
        float64 days since the first acquisition, shape (epochs,), strictly increasing.
    """
    repeats = [repeat for repeat in mission.repeats if repeat * epochs <= longest * 365.25] or [min(mission.repeats)]
    first = float(rng.choice(repeats))
    kind = rng.random()
    steps = np.full(epochs - 1, first)
    if kind > 0.25:
        # Acquisitions that are missing here and there.
        missing = rng.choice([0.02, 0.05, 0.1, 0.2, 0.35])
        steps = steps * (1 + np.minimum(rng.geometric(1 - missing, epochs - 1) - 1, 6))
    if len(mission.repeats) > 1 and rng.random() < 0.35:
        # A second satellite comes, or is lost.
        change = int(rng.integers(1, epochs))
        other = float(rng.choice(mission.repeats))
        part = slice(0, change) if rng.random() < 0.5 else slice(change, None)
        steps[part] = steps[part] / first * other
    if rng.random() < 0.30:
        for _ in range(int(rng.integers(1, 4))):
            steps[int(rng.integers(0, epochs - 1))] += rng.uniform(30, 250)
    if rng.random() < 0.08:
        # Points of several tracks or a hand-picked stack: no rhythm at all.
        steps = np.maximum(np.round(rng.exponential(first, epochs - 1)), 1.0)
    return np.concatenate(([0.0], np.cumsum(steps)))


def draw_epochs(rng: np.random.Generator, *, fewest: int = 28, most: int = 400) -> int:
    """Return a number of epochs, log-uniform between ``fewest`` and ``most``."""
    return round(float(np.exp(rng.uniform(np.log(fewest), np.log(most)))))
