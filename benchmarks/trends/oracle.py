"""An oracle: a Bayesian classifier that knows the simulator and the noise covariance of every series.

It whitens a series with its true covariance, computes the evidence of each class (Gaussian integrals by Laplace's
method, sums over all break dates), and searches jumps greedily in the whitened space. No method that sees the
displacements alone can be expected to do better, so its score is the limit of a setting.
"""

from __future__ import annotations

from typing import Dict, List, Tuple

import numpy as np
from scipy.linalg import solve_triangular
from scipy.special import logsumexp

from stillpoint.benchmarks.trends.calendars import DAYS_PER_YEAR
from stillpoint.benchmarks.trends.noise import Visibility, hinge
from stillpoint.benchmarks.trends.settings import SETTINGS, Setting
from stillpoint.benchmarks.trends.simulator import (
    BREAK_RANGE,
    LEAST_SIDE,
    VERTEX,
    SeriesFile,
    amplitudes,
    basis,
    thresholds,
)

MOST_EVENTS = 8
LOG_TWO_PI = float(np.log(2 * np.pi))


def posterior(file: SeriesFile) -> Dict[str, np.ndarray]:
    """Return what the oracle knows of the n series of a file.

    Returns
    -------
    dict
        ``probabilities`` of the five classes, equal priors, (n, 5); and as if the series were Bilinear
        ``break_day`` (median), ``break_low``, ``break_high`` (95 %), days after the first date, ``velocity_1``,
        ``velocity_2`` (means) and ``error_1``, ``error_2`` (standard deviations), mm/yr, each (n,).
    """
    rows = [_series(file, row) for row in range(len(file))]
    return {name: np.stack([row[name] for row in rows]) for name in rows[0]}


class _Whitened:
    """One series and the columns of all models, whitened by its covariance, the constant projected out."""

    def __init__(self, file: SeriesFile, row: int) -> None:
        calendar = file.calendar
        self.setting: Setting = SETTINGS[file.setting]
        self.calendar = calendar
        years = calendar.years
        keep = ~file.noise.missing[row]
        covariance = file.noise.covariance(calendar, np.array([row]))[0]
        factor = np.linalg.cholesky(covariance[np.ix_(keep, keep)])
        self.candidates = self._break_dates(years)
        self.span = years[-1]
        centred = years - 0.5 * self.span
        kinks = hinge(years, self.candidates).T
        steps = np.tril(np.ones((years.size, years.size)))[:, 1:]
        seen = np.nan_to_num(file.displacement[row].astype(np.float64))
        columns = np.column_stack([seen, np.ones_like(years), centred, 0.5 * centred**2, kinks, steps])[keep]
        white = solve_triangular(factor, columns, lower=True)
        one = white[:, 1] / np.linalg.norm(white[:, 1])
        white -= one[:, None] * (one @ white)
        self.y, self.line, self.curve = white[:, 0], white[:, 2], white[:, 3]
        self.kinks = white[:, 4 : 4 + self.candidates.size]
        self.steps = white[:, 4 + self.candidates.size :]
        self._ranges(covariance)

    @staticmethod
    def _break_dates(years: np.ndarray) -> np.ndarray:
        low = max(BREAK_RANGE[0] * years[-1], years[LEAST_SIDE])
        high = min(BREAK_RANGE[1] * years[-1], years[-LEAST_SIDE - 1])
        return np.linspace(low, high, 60) if low < high else np.array([0.5 * (low + high)])

    def _ranges(self, covariance: np.ndarray) -> None:
        some = self.candidates[:: max(1, self.candidates.size // 6)]
        columns = basis(self.calendar, some)
        seen = Visibility(np.broadcast_to(covariance, (some.size, *covariance.shape)), columns)
        low, high = amplitudes(self.setting, self.calendar, thresholds(seen, self.setting))
        self.low = np.column_stack([np.interp(self.candidates, some, low[:, k]) for k in range(3)])
        self.high = np.column_stack([np.interp(self.candidates, some, high[:, k]) for k in range(3)])


def _series(file: SeriesFile, row: int) -> Dict[str, np.ndarray]:
    white = _Whitened(file, row)
    plain, kink = _trends(white, white.y)
    bases = np.log(np.array(white.setting.jump_bases))
    wrapped = -np.inf
    best_kink = int(np.argmax(_gains(white, white.y)))
    rivals = (
        white.line[:, None], np.column_stack([white.line, white.curve]),
        np.column_stack([white.line, white.kinks[:, best_kink]]),
    )
    for design in rivals:
        for corrected, prior in _jumps(white, design, file.calendar.half_wavelength):
            wrapped = max(wrapped, prior + float(logsumexp(bases + _trends(white, corrected)[0])))
    evidence = np.append(plain, wrapped)
    return {"probabilities": np.exp(evidence - logsumexp(evidence)), **kink}


def _gains(white: _Whitened, y: np.ndarray) -> np.ndarray:
    unit = white.line / np.linalg.norm(white.line)
    kinks = white.kinks - unit[:, None] * (unit @ white.kinks)
    return (y @ kinks) ** 2 / np.sum(kinks**2, axis=0)


def _trends(white: _Whitened, y: np.ndarray) -> Tuple[np.ndarray, Dict[str, np.ndarray]]:
    """Return the log evidence of the classes 0..3, up to what they share, and the kink's numbers."""
    rest = white.setting.stable_velocity
    middle = white.candidates.size // 2
    low, high = white.low, white.high

    power, projection = white.line @ white.line, white.line @ y
    stable = 0.5 * projection**2 / (power + rest**-2) - 0.5 * np.log1p(power * rest**2)

    slope, spread = projection / power, power**-0.5
    gain = 0.5 * projection**2 / power
    linear = gain + np.log(spread) + 0.5 * LOG_TWO_PI + _log_prior(slope, spread, low[middle, 0], high[middle, 0])

    fit, inverse, gain = _fit(y, white.line, white.curve)
    vertex = _log_box(fit[0], inverse[0, 0] ** 0.5, VERTEX * abs(fit[1]) * white.span)
    quadratic = gain + 0.5 * np.linalg.slogdet(inverse)[1] + LOG_TWO_PI + vertex
    quadratic += _log_prior(fit[1], inverse[1, 1] ** 0.5, low[middle, 1], high[middle, 1])

    kinked = np.empty(white.candidates.size)
    velocities = np.empty((white.candidates.size, 4))
    for k in range(white.candidates.size):
        fit, inverse, gain = _fit(y, white.line, white.kinks[:, k])
        size = abs(fit[1])
        velocities[k] = fit[0], fit.sum(), inverse[0, 0], inverse.sum()
        spreads = np.sqrt([inverse[0, 0] + rest**2, inverse.sum() + rest**2])
        still = -0.5 * (np.array([fit[0], fit.sum()]) / spreads) ** 2 - np.log(spreads) - 0.5 * LOG_TWO_PI
        inside = _log_box(fit[0] + 0.5 * fit[1], inverse[0, 0] ** 0.5, 1.5 * size)
        plan = logsumexp([*still, inside]) - np.log(3.0)
        kinked[k] = gain + 0.5 * np.linalg.slogdet(inverse)[1] + LOG_TWO_PI + plan
        kinked[k] += _log_prior(fit[1], inverse[1, 1] ** 0.5, low[k, 2], high[k, 2])
    bilinear = logsumexp(kinked) - np.log(white.candidates.size)
    return np.array([stable, linear, quadratic, bilinear]), _kink_numbers(white.candidates, kinked, velocities)


def _kink_numbers(years: np.ndarray, evidence: np.ndarray, velocities: np.ndarray) -> Dict[str, np.ndarray]:
    """Return the posterior of break date and velocities: a mixture over the break dates."""
    weights = np.exp(evidence - logsumexp(evidence))
    mean = weights @ velocities[:, :2]
    spread = np.sqrt(weights @ velocities[:, 2:] + weights @ (velocities[:, :2] - mean) ** 2)
    low, middle, high = np.interp([0.025, 0.5, 0.975], np.cumsum(weights) - 0.5 * weights, years) * DAYS_PER_YEAR
    numbers = (low, middle, high, *mean, *spread)
    names = ("break_low", "break_day", "break_high", "velocity_1", "velocity_2", "error_1", "error_2")
    return dict(zip(names, numbers))


def _fit(y: np.ndarray, first: np.ndarray, second: np.ndarray) -> Tuple[np.ndarray, np.ndarray, float]:
    design = np.column_stack([first, second])
    inverse = np.linalg.inv(design.T @ design)
    right = design.T @ y
    fit = inverse @ right
    return fit, inverse, float(0.5 * right @ fit)


def _log_prior(value: float, spread: float, low: float, high: float) -> float:
    """Return the log of the log-uniform prior (either sign) averaged over the Gaussian estimate."""
    nodes, weights = _QUADRATURE
    at = np.abs(value + spread * nodes)
    density = np.where((at >= low) & (at <= high), 0.5 / (np.maximum(at, 1e-9) * np.log(high / low)), 0.0)
    return float(np.log(weights @ density + 1e-300))


def _log_box(value: float, spread: float, half: float) -> float:
    """Return the log of the uniform prior within ±half averaged over the Gaussian estimate."""
    nodes, weights = _QUADRATURE
    return float(np.log(weights @ (np.abs(value + spread * nodes) <= half) / (2 * half) + 1e-300))


_NODES = np.linspace(-5.0, 5.0, 101)
_QUADRATURE = (_NODES, np.exp(-0.5 * _NODES**2) / np.exp(-0.5 * _NODES**2).sum())


def _jumps(white: _Whitened, design: np.ndarray, half: float) -> List[Tuple[np.ndarray, float]]:
    """Return corrected series, each with the log prior of its jumps: one more jump event at a time.

    An event is a step to the end or an episode between two epochs. After every event the earlier ones are
    tried again at their neighbours through the next searches (an opposite step undoes a misplaced one).
    """
    q = np.linalg.qr(design)[0]
    steps = white.steps - q @ (q.T @ white.steps)
    gram = steps.T @ steps
    power = np.diag(gram)
    count = power.size
    first, last = np.triu_indices(count, 1)
    near = last - first <= max(40, white.setting.flicker[1])
    first, last = first[near], last[near]
    pair_power = power[first] + power[last] - 2 * gram[first, last]
    sizes = half * np.array([-3, -2, -1, 1, 2, 3])
    odds = np.log(np.array([0.03, 0.12, 0.85, 0.85, 0.12, 0.03]) / 2)
    lengths = white.setting.flicker[1] - white.setting.flicker[0] + 1
    priors = (-np.log(count), -np.log(count) - np.log(lengths))
    found: List[Tuple[np.ndarray, float]] = []
    corrected, prior = white.y.copy(), 0.0
    for event in range(MOST_EVENTS):
        residual = corrected - q @ (q.T @ corrected)
        pull = residual @ steps
        step = sizes[:, None] * pull - 0.5 * sizes[:, None] ** 2 * power + odds[:, None] + priors[0]
        pair = sizes[:, None] * (pull[first] - pull[last]) - 0.5 * sizes[:, None] ** 2 * pair_power
        pair += odds[:, None] + priors[1]
        if step.max() >= pair.max():
            size, at = np.unravel_index(step.argmax(), step.shape)
            corrected = corrected - sizes[size] * white.steps[:, at]
            prior += odds[size] + priors[0]
            gain = step.max()
        else:
            size, at = np.unravel_index(pair.argmax(), pair.shape)
            corrected = corrected - sizes[size] * (white.steps[:, first[at]] - white.steps[:, last[at]])
            prior += odds[size] + priors[1]
            gain = pair.max()
        # One event has a prior of about 0.45, each further one of about 0.6 times the one before; n! orders.
        many = np.log(0.45) + event * np.log(0.6) + float(np.sum(np.log(np.arange(1, event + 2))))
        found.append((corrected, prior + many - _misfit_shift(white.y, corrected)))
        if gain < 0:
            break
    return found


def _misfit_shift(before: np.ndarray, after: np.ndarray) -> float:
    """Return by how much the halved sum of squares grew (the trends' evidence counts gains from their own series)."""
    return float(0.5 * (after @ after - before @ before))
