"""Trend classes by statistical tests, after Berti et al. (2013), for many points at once. numpy only.

The sequence of the original (moving at all? curved? broken? discontinuous?) is kept, with four changes:

* phase jumps are taken out first, and only steps of whole half wavelengths count as unwrapping errors;
* the annual motion is in every model where the dates allow it;
* the models are compared under correlated noise (:mod:`stillpoint.models.trends.evidence`), as tests with
  white-noise theory call half of all stable points moving;
* the comparisons become one probability by a multinomial logistic map fitted on simulated series
  (:mod:`stillpoint.models.trends.statistical_fit`), as BIC weights by themselves are not calibrated.

``significance`` acts as in the original: every parameter that a model has beyond the constant must be worth
more than chance would give it at that level. The map is fitted at the default, 1e-4.

Source: Berti, Corsini, Franceschini & Iannacone (2013), Natural Hazards and Earth System Sciences 13, 1945-1958.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from statistics import NormalDist
from typing import List, NamedTuple, Optional, Tuple

import numpy as np
import torch

from stillpoint.models.errors import StillpointError
from stillpoint.models.progress import SILENT, Progress
from stillpoint.models.trends import evidence
from stillpoint.models.trends.classes import BILINEAR, UNWRAPPING_ERROR
from stillpoint.models.trends.designs import Axis, time_axis
from stillpoint.models.trends.features import fill_missing, set_aside_spikes
from stillpoint.models.trends.fits import MINIMUM_EPOCHS
from stillpoint.models.trends.jumps import find_jumps, half_wavelength

DEFAULT_SIGNIFICANCE = 1e-4
WEIGHTS = Path(__file__).resolve().parents[1] / "weights" / "trends-statistical.safetensors"
_PARAMETERS = np.array([0.0, 1.0, 2.0, 3.0, 0.0])  # beyond the constant, by class; jumps are judged by themselves
_BLOCK = 8192
_STEP_GAIN, _STEP_EVIDENCE = 20.0, 9.0
_LEAST_STEP, _SEEN = 0.2, 0.6  # half wavelengths; share of the step

TOO_FEW = "fewer than 8 epochs"
NO_DATA = "no values"
CONSTANT = "all values are the same"
STEP = "a step that is no multiple of half a wavelength"
SHORT = "all values fall on one date"


@dataclass
class StatisticalResult:
    """Classes of n series of e epochs.

    Attributes
    ----------
    trend_code
        (n,) int8, 0..4, -1 where not classified.
    reason
        (n,) str, why a series was not classified; empty where it was.
    probabilities
        (n, 5) float32, NaN where nothing could be computed.
    break_date
        (n,) datetime64[D], most probable kink; NaT where not Bilinear.
    level
        (n, e) int8, half wavelengths by which each epoch stands too high; for
        :func:`stillpoint.models.trends.refine.refine`.
    jumps
        (n,) int32, number of jumps.
    annual
        (n,) float64, amplitude of the annual motion, mm; NaN where the dates don't allow it.
    rss
        (n, 4) float64, residual sums of squares of constant, line, parabola and hinge, jumps removed, mm².
    log_evidence
        (n, 4) float64, marginal log likelihoods of the same models.
    """

    trend_code: np.ndarray
    reason: np.ndarray
    probabilities: np.ndarray
    break_date: np.ndarray
    level: np.ndarray
    jumps: np.ndarray
    annual: np.ndarray
    rss: np.ndarray
    log_evidence: np.ndarray

    def jump_list(self, row: int, dates: np.ndarray, wavelength: float) -> List[Tuple[np.datetime64, float]]:
        """Return date and size (mm) of each jump of one series."""
        order = np.argsort(dates, kind="stable")
        step = np.diff(self.level[row][order].astype(int))
        half = half_wavelength(wavelength)
        return [(dates[order][i + 1], half * step[i]) for i in np.flatnonzero(step)]


class LogisticMap(NamedTuple):
    """Standardisation and coefficients of the multinomial logistic map.

    Its terms are the standardised statistics, and the products and squares of those that ``crossed`` numbers.
    """

    mean: np.ndarray
    scale: np.ndarray
    crossed: np.ndarray
    weight: np.ndarray
    bias: np.ndarray

    def __call__(self, statistics: np.ndarray) -> np.ndarray:
        """Return logits (n, 5) of statistics (n, f)."""
        return logistic_terms(statistics, self.mean, self.scale, self.crossed) @ self.weight + self.bias


def logistic_terms(statistics: np.ndarray, mean: np.ndarray, scale: np.ndarray, crossed: np.ndarray) -> np.ndarray:
    """Return the terms (n, t) float32 of :class:`LogisticMap`."""
    single = np.clip((statistics - mean) / scale, -8.0, 8.0).astype(np.float32)
    chosen = np.clip(single[:, crossed], -4.0, 4.0)
    first, second = np.triu_indices(crossed.size)
    return np.concatenate([single, chosen[:, first] * chosen[:, second]], axis=1)


@lru_cache(maxsize=1)
def shipped_map() -> LogisticMap:
    """Return the map that Stillpoint ships.

    Raises
    ------
    StillpointError
        If its file is missing.
    """
    from safetensors.numpy import load_file

    if not WEIGHTS.exists():
        raise StillpointError(f"{WEIGHTS} is missing. Install Stillpoint again.")
    return LogisticMap(**load_file(str(WEIGHTS)))


def classify_statistical(
    dates: np.ndarray,
    displacement: np.ndarray,
    *,
    wavelength: float,
    significance: float = DEFAULT_SIGNIFICANCE,
    logistic: Optional[LogisticMap] = None,
    progress: Progress = SILENT,
) -> StatisticalResult:
    """Classify the trend of displacement series by statistical tests.

    Parameters
    ----------
    dates
        (e,) datetime64, in any order; a date may stand twice.
    displacement
        (n, e) float, mm; NaN where missing.
    wavelength
        Metres.
    significance
        Level of the tests for motion, curvature and break, 0..1; smaller calls fewer points moving.
    logistic
        The map from statistics to probabilities; the shipped one where None.
    progress
        Told after every block of series.

    Raises
    ------
    StillpointError
        If dates, shapes, wavelength or significance can't be.
    """
    displacement = np.asarray(displacement)
    dates = np.asarray(dates)
    if displacement.ndim != 2 or displacement.shape[1] != dates.size:
        raise StillpointError(f"The displacement has shape {displacement.shape}, but there are {dates.size} dates.")
    if not 0.0 < significance < 1.0:
        raise StillpointError(f"The significance must lie between 0 and 1, and {significance:g} does not.")
    half_wavelength(wavelength)
    count, epochs = displacement.shape
    result = StatisticalResult(
        np.full(count, -1, np.int8), np.full(count, "", object), np.full((count, 5), np.nan, np.float32),
        np.full(count, np.datetime64("NaT"), "datetime64[D]"), np.zeros((count, epochs), np.int8),
        np.zeros(count, np.int32), np.full(count, np.nan), np.full((count, 4), np.nan), np.full((count, 4), np.nan),
    )
    if epochs < MINIMUM_EPOCHS:
        result.reason[:] = TOO_FEW
        return result
    axis = time_axis(dates)
    logistic = shipped_map() if logistic is None else logistic
    shift = _PARAMETERS * (_threshold(significance) - _threshold(DEFAULT_SIGNIFICANCE))
    for start in range(0, count, _BLOCK):
        rows = slice(start, start + _BLOCK)
        _classify_block(axis, displacement[rows][:, axis.order], wavelength, logistic, shift, rows, result)
        progress(min(start + _BLOCK, count) / count, "Testing trends")
    return result


def _threshold(significance: float) -> float:
    """Log likelihood that one more parameter gains by chance at this level (half a chi-squared quantile)."""
    return 0.5 * NormalDist().inv_cdf(significance / 2.0) ** 2


def _classify_block(
    axis: Axis,
    series: np.ndarray,
    wavelength: float,
    logistic: LogisticMap,
    shift: np.ndarray,
    rows: slice,
    result: StatisticalResult,
) -> None:
    reason = _unusable(axis, series)
    usable = np.flatnonzero(reason == "")
    if usable.size:
        found = examine(axis, series[usable], wavelength)
        index = usable + rows.start
        logits = logistic(found.statistics) - shift
        odds = np.exp(logits - logits.max(1, keepdims=True))
        odds /= odds.sum(1, keepdims=True)
        code = odds.argmax(1)
        code[found.step] = -1
        reason[usable[found.step]] = STEP
        result.trend_code[index], result.probabilities[index] = code, odds
        result.level[np.ix_(index, axis.order)] = np.where((code == UNWRAPPING_ERROR)[:, None], found.level, 0)
        result.jumps[index] = np.where(code == UNWRAPPING_ERROR, found.jumps, 0)
        days = np.round(found.corrected.break_years * 365.25)
        bent = code == BILINEAR
        result.break_date[index[bent]] = axis.dates[0] + days[bent].astype("timedelta64[D]")
        result.annual[index] = found.corrected.annual
        result.rss[index] = found.corrected.rss
        result.log_evidence[index] = found.corrected.log
    result.reason[rows] = reason


def _unusable(axis: Axis, series: np.ndarray) -> np.ndarray:
    """Return why each series can't be tested, (n,) str, empty where it can."""
    valid = np.isfinite(series)
    reason = np.full(series.shape[0], "", object)
    low, high = (f(np.where(valid, series, e), axis=1) for f, e in ((np.min, np.inf), (np.max, -np.inf)))
    reason[low == high] = CONSTANT
    first, last = valid.argmax(1), valid.shape[1] - 1 - valid[:, ::-1].argmax(1)
    reason[axis.years[first] == axis.years[last]] = SHORT
    count = valid.sum(1)
    reason[count < MINIMUM_EPOCHS] = TOO_FEW
    reason[count == 0] = NO_DATA
    return reason


class Examination(NamedTuple):
    """What :func:`examine` finds about n series: statistics (n, f), and what they were computed from."""

    statistics: np.ndarray
    level: np.ndarray
    jumps: np.ndarray
    step: np.ndarray
    corrected: evidence.Evidence


def examine(axis: Axis, series: np.ndarray, wavelength: float) -> Examination:
    """Compute the test statistics of series (n, e), mm, in the order of the axis, NaN where missing."""
    half = half_wavelength(wavelength)
    series = _without_spikes(axis, series)
    found = find_jumps(axis, series, wavelength)
    raw = evidence.gather(axis, series)
    jumping = (found.level != 0).any(1)
    corrected = _with(raw, jumping, axis, series[jumping] - np.float32(half) * found.level[jumping])
    count = np.count_nonzero(np.diff(found.level, axis=1), axis=1)

    # A step of another size: it must explain the series better than any trend does without it.
    # Smooth series fit anything a little better with a step, so it must also be seen between two epochs.
    suspect = ~jumping & (found.step_gain > _STEP_GAIN) & (np.abs(found.step_size) > _LEAST_STEP * half)
    suspect &= _seen(series, found.step_at, found.step_size)
    after = np.arange(series.shape[1]) >= found.step_at[suspect, None]
    stepless = evidence.gather(axis, series[suspect] - found.step_size[suspect, None] * after)
    step = np.zeros(series.shape[0], bool)
    step[suspect] = stepless.log.max(1) - raw.log[suspect].max(1) > _STEP_EVIDENCE + np.log(raw.epochs[suspect])

    apart = np.pad((found.level != 0).astype(np.int8), ((0, 0), (1, 1)))
    single = ((apart[:, 1:-1] == 1) & (apart[:, :-2] == 0) & (apart[:, 2:] == 0)).sum(1)

    log, before = corrected.log, raw.log.max(1)
    statistics = []
    for simple, complex_ in ((0, 1), (1, 2), (1, 3), (2, 3)):
        ratio = log[:, complex_] - log[:, simple]
        statistics += [_signed_log(ratio), np.clip(ratio, -3, 6), np.clip(ratio, -6, 25)]
    curved = np.maximum(log[:, 2], log[:, 3]) - log[:, 1]
    moving = _signed_log(log[:, 1] - log[:, 0])
    bend = _signed_log(log[:, 3] - log[:, 2])
    won = np.where(jumping, log.max(1) - before, 0.0)
    noise, size = np.log(corrected.sigma / half), np.log(raw.epochs)
    free = np.clip(np.abs(found.step_size) / half, 0, 2)
    step_gain = np.log1p(found.step_gain)
    place = np.abs(corrected.break_years / axis.span - 0.5)
    statistics += [
        _signed_log(curved), np.clip(curved, -1, 8),
        jumping.astype(float), _signed_log(won), np.clip(won, -5, 20), np.clip(won, -5, 60),
        np.log1p(count), np.log1p(count) ** 2, np.log1p(np.abs(found.level.astype(int)).sum(1)),
        noise, noise**2, noise * jumping, np.log(raw.sigma / half),
        step_gain, np.clip(found.step_gain, 0, 60), free, free * step_gain,
        size, corrected.rho, size * corrected.rho, np.full(size.shape, np.log(axis.span)),
        corrected.rho * moving, size * moving, size * bend, corrected.rho * bend,
        bend * _signed_log(curved), moving * _signed_log(curved),
        np.log(corrected.sigma / found.scale), np.log1p(found.gain / (1 + count)),
        place, place * _signed_log(curved),
        np.log1p(found.misfit), np.log1p(found.misfit) * np.log1p(count), np.log(found.tails),
        np.log(found.tails) * jumping, np.log1p(single), np.log1p(count - 2 * np.minimum(single, count // 2)),
        np.log1p(found.gain / np.maximum(count, 1)) * noise, _signed_log(won) * noise, _signed_log(won) * np.log1p(count),
    ]
    return Examination(np.stack(statistics, axis=1), found.level, count, step, corrected)


def _without_spikes(axis: Axis, series: np.ndarray) -> np.ndarray:
    """Return the series (n, e) with single-epoch outliers put back between their neighbours; NaN stays."""
    days = torch.from_numpy(axis.years * 365.25).float()
    filled, _ = fill_missing(torch.from_numpy(np.ascontiguousarray(series, dtype=np.float32)), days)
    _, height = set_aside_spikes(filled, days)
    return series - height.numpy()


def _seen(series: np.ndarray, at: np.ndarray, size: np.ndarray) -> np.ndarray:
    """Return whether the means of up to three epochs on either side of ``at`` differ by most of ``size``; (n,)."""
    row = np.arange(series.shape[0])
    total = np.concatenate([np.zeros((row.size, 1)), np.cumsum(np.nan_to_num(series), axis=1)], axis=1)
    count = np.concatenate([np.zeros((row.size, 1)), np.cumsum(np.isfinite(series), axis=1)], axis=1)
    low, high = np.maximum(at - 3, 0), np.minimum(at + 3, series.shape[1])
    before = (total[row, at] - total[row, low]) / np.maximum(count[row, at] - count[row, low], 1)
    after = (total[row, high] - total[row, at]) / np.maximum(count[row, high] - count[row, at], 1)
    return (after - before) * np.sign(size) > _SEEN * np.abs(size)


def _with(
    raw: evidence.Evidence, chosen: np.ndarray, axis: Axis, series: np.ndarray
) -> evidence.Evidence:
    """Return ``raw`` with the evidence about the ``chosen`` rows taken from corrected ``series`` instead."""
    if not chosen.any():
        return raw
    merged = [np.array(column) for column in raw]
    for column, new in zip(merged, evidence.gather(axis, series)):
        column[chosen] = new
    return evidence.Evidence(*merged)


def _signed_log(value: np.ndarray) -> np.ndarray:
    return np.sign(value) * np.log1p(np.abs(value))
