"""The noise models under which every series is judged: white, correlated in time, a random walk; all with an annual part."""

from __future__ import annotations

from typing import NamedTuple, Tuple

import numpy as np

_ANNUAL = 3.0
"""Variance of the annual random effect in units of the correlated part's variance."""


class Noise(NamedTuple):
    """A noise model: covariance (1 - share) I + share (motion + annual cos), in units of the noise variance.

    ``family`` names the motion: ``"white"`` has none (the annual part is then added whole), a number of
    days is an exponential correlation time, ``"walk"`` a random walk.
    """

    family: str
    share: float
    annual: float = 0.0


NOISES: Tuple[Noise, ...] = (
    Noise("white", 0.0),
    Noise("white", 0.0, 2.0),
    Noise("white", 0.0, 60.0),
    Noise("12", 0.4),
    Noise("12", 0.8),
    Noise("45", 0.4),
    Noise("45", 0.8),
    Noise("45", 0.97),
    Noise("140", 0.4),
    Noise("140", 0.8),
    Noise("140", 0.97),
    Noise("walk", 0.6),
    Noise("walk", 0.95),
)
"""The noise models that every series is judged under. Models of a family share one matrix product."""

FAMILIES: Tuple[str, ...] = ("12", "45", "140", "walk")

STATIONARY = 11
"""Number of noise models that are no random walk; a walk explains any trend away."""

REFERENCE = 5
"""Index of the noise model used where one must serve for all."""


def motion_covariance(days: np.ndarray, family: str) -> np.ndarray:
    """Return the covariance (e, e) of a family's correlated part with its annual part, unit variance."""
    apart = np.abs(days[:, None] - days[None, :])
    annual = _ANNUAL * np.cos(2 * np.pi * apart / 365.25)
    if family == "walk":
        # A year of walking has twenty times the variance of a single epoch.
        return np.minimum(days[:, None], days[None, :]) / 365.25 * 20.0 + annual
    return np.exp(-apart / float(family)) + annual


def covariance(days: np.ndarray, noise: Noise) -> np.ndarray:
    """Return the covariance (e, e) of a noise model on ``days``, in units of the noise variance."""
    if noise.family == "white":
        apart = np.abs(days[:, None] - days[None, :])
        return np.eye(len(days)) + noise.annual * np.cos(2 * np.pi * apart / 365.25)
    return (1 - noise.share) * np.eye(len(days)) + noise.share * motion_covariance(days, noise.family)
