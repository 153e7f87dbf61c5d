"""Noise of the benchmark's simulated series, and how visible an effect is under it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from stillpoint.benchmarks.trends.calendars import DAYS_PER_YEAR, Calendar
from stillpoint.benchmarks.trends.settings import Setting

SEMIANNUAL = 0.25  # standard deviation of the semi-annual coefficients over that of the annual ones
OUTLIER_VARIANCE = 50.0  # of an outlying epoch, over the white noise's
MISSING_VARIANCE = 1e6  # mm²: a missing epoch tells nothing
SHARED_MODES = 4  # regional patterns of atmosphere and season that the points of a file share


@dataclass
class Noise:
    """What disturbs the n series of a file, with all parameters known.

    Attributes
    ----------
    white, atmosphere
        Standard deviations, mm, shape (n,).
    correlation
        Correlation time of the atmosphere, days.
    annual
        Standard deviation of each annual coefficient, mm.
    date_factor
        Factor on the white noise of each date, shape (e,).
    outlying, missing
        bool, shape (n, e).
    """

    white: np.ndarray
    atmosphere: np.ndarray
    correlation: float
    annual: float
    date_factor: np.ndarray
    outlying: np.ndarray
    missing: np.ndarray

    def take(self, rows: np.ndarray) -> Noise:
        """Return the noise of some of the series."""
        return Noise(
            self.white[rows], self.atmosphere[rows], self.correlation, self.annual, self.date_factor,
            self.outlying[rows], self.missing[rows],
        )

    def covariance(self, calendar: Calendar, rows: np.ndarray) -> np.ndarray:
        """Return the covariance matrices of the series ``rows``, mm², shape (len(rows), e, e).

        The annual coefficients are Gaussian, so the season is part of it.
        """
        apart = calendar.years[:, None] - calendar.years[None, :]
        atmosphere = np.exp(-np.abs(apart) * DAYS_PER_YEAR / self.correlation)
        season = self.annual**2 * (np.cos(2 * np.pi * apart) + SEMIANNUAL**2 * np.cos(4 * np.pi * apart))
        result = self.atmosphere[rows, None, None] ** 2 * atmosphere + season
        white = (self.white[rows, None] * self.date_factor) ** 2
        white = np.where(self.outlying[rows], OUTLIER_VARIANCE * white, white)
        white = np.where(self.missing[rows], MISSING_VARIANCE, white)
        diagonal = np.arange(calendar.dates.size)
        result[:, diagonal, diagonal] += white
        return result


def draw_noise(setting: Setting, calendar: Calendar, count: int, rng: np.random.Generator) -> Noise:
    """Draw the noise parameters of a file of ``count`` series."""
    shape = (count, calendar.dates.size)
    white = log_uniform(rng, *setting.white, size=count)
    annual = float(log_uniform(rng, *setting.annual)) * (1.0 if rng.random() < setting.seasons else 0.1)
    missing = np.zeros(shape, bool)
    if rng.random() < 0.5:
        missing = rng.random(shape) < rng.uniform(0.0, setting.missing, size=(count, 1))
    return Noise(
        white=white,
        atmosphere=log_uniform(rng, *setting.atmosphere, size=count),
        correlation=float(log_uniform(rng, *setting.correlation)),
        annual=annual,
        date_factor=np.exp(setting.date_noise * rng.standard_normal(shape[1])),
        outlying=rng.random(shape) < rng.uniform(0.0, setting.outliers, size=(count, 1)),
        missing=missing,
    )


def realise(noise: Noise, setting: Setting, calendar: Calendar, rng: np.random.Generator) -> np.ndarray:
    """Return one realisation of the noise, mm, shape (n, e); missing epochs are not yet removed."""
    count, epochs = noise.missing.shape
    weight = rng.standard_normal((count, SHARED_MODES))
    weight *= np.sqrt(setting.shared) / np.linalg.norm(weight, axis=1, keepdims=True)
    own = np.sqrt(1.0 - setting.shared)

    days = calendar.years * DAYS_PER_YEAR
    shocks = weight @ rng.standard_normal((SHARED_MODES, epochs)) + own * rng.standard_normal((count, epochs))
    keep = np.exp(-np.diff(days) / noise.correlation)
    atmosphere = shocks.copy()
    for k in range(1, epochs):
        atmosphere[:, k] = keep[k - 1] * atmosphere[:, k - 1] + np.sqrt(1 - keep[k - 1] ** 2) * shocks[:, k]

    angle = 2 * np.pi * calendar.years
    waves = np.stack([np.cos(angle), np.sin(angle), SEMIANNUAL * np.cos(2 * angle), SEMIANNUAL * np.sin(2 * angle)])
    coefficients = weight @ rng.standard_normal((SHARED_MODES, 4)) + own * rng.standard_normal((count, 4))

    white = noise.white[:, None] * noise.date_factor * rng.standard_normal((count, epochs))
    white *= np.where(noise.outlying, np.sqrt(OUTLIER_VARIANCE), 1.0)
    return white + noise.atmosphere[:, None] * atmosphere + noise.annual * (coefficients @ waves)


def hinge(years: np.ndarray, at: np.ndarray) -> np.ndarray:
    """Return ``max(years - at, 0)`` for every ``at``: shape ``at.shape + (e,)``."""
    return np.maximum(years - np.asarray(at)[..., None], 0.0)


class Visibility:
    """Detectability of effects under a known covariance.

    Parameters
    ----------
    covariance
        Shape (n, e, e).
    columns
        Shape (n, e, p): every column, of effects and of rivals, that will be asked for.
    """

    def __init__(self, covariance: np.ndarray, columns: np.ndarray) -> None:
        self._gram = np.swapaxes(columns, 1, 2) @ np.linalg.solve(covariance, columns)

    def of(self, effect: int, rivals: tuple) -> np.ndarray:
        """Return size over standard error of one unit of ``effect`` when ``rivals`` are fitted too, shape (n,)."""
        chosen = list(rivals)
        block = self._gram[:, chosen][:, :, chosen]
        across = self._gram[:, chosen, effect]
        scale = np.sqrt(np.einsum("nii->ni", block))
        block = block / (scale[:, :, None] * scale[:, None, :]) + 1e-10 * np.eye(len(chosen))
        across = across / scale
        explained = np.einsum("np,np->n", across, np.linalg.solve(block, across[:, :, None])[:, :, 0])
        return np.sqrt(np.maximum(self._gram[:, effect, effect] - explained, 1e-12))


def log_uniform(rng: np.random.Generator, low: float, high: float, size: object = None) -> np.ndarray:
    """Draw log-uniformly between ``low`` and ``high``; arrays broadcast."""
    return np.exp(rng.uniform(np.log(low), np.log(high), size=size))  # type: ignore[arg-type]
