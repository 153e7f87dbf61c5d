"""Classical fit features of displacement series, for the peers that learn from features.

The benchmark's own, compact: ratios of residual sums of constant, line, parabola, kink and jump, with and without the
annual term, before and after jumps of half a wavelength are taken out, and what the noise looks like.
"""

from __future__ import annotations

from typing import Dict, List, Tuple

import numpy as np

from stillpoint.benchmarks.trends.calendars import DAYS_PER_YEAR

BREAKS = 40  # break dates that are tried
LEAST_SIDE = 4
ROUNDS = 6  # jumps that are taken out at most
LONGEST_EPISODE = 12  # epochs


def features(dates: np.ndarray, displacement: np.ndarray, wavelength: float) -> Tuple[np.ndarray, List[str]]:
    """Return the feature matrix, float32 (n, f), and the names of its columns.

    Parameters
    ----------
    dates
        ``datetime64[D]``, shape (e,).
    displacement
        mm, shape (n, e), NaN where missing.
    wavelength
        Metres.
    """
    years = (dates - dates[0]).astype(np.float64) / DAYS_PER_YEAR
    valid = np.isfinite(displacement)
    y = np.where(valid, displacement, 0.0).astype(np.float64)
    mask = valid.astype(np.float64)
    y = (y - (y.sum(1) / np.maximum(mask.sum(1), 1))[:, None]) * mask
    half = wavelength * 500.0
    table: Dict[str, np.ndarray] = {}

    x = 2 * years / years[-1] - 1
    angle = 2 * np.pi * years
    annual = np.column_stack([np.cos(angle), np.sin(angle)])
    trends = {"C": x[:, None] ** 0, "L": np.vander(x, 2), "Q": np.vander(x, 3)}
    picks = np.unique(np.linspace(LEAST_SIDE, years.size - LEAST_SIDE - 1, BREAKS).astype(int))
    kinks = np.maximum(x[:, None] - x[picks], 0.0)
    steps = (np.arange(years.size)[:, None] >= picks).astype(np.float64)

    _noise(table, years, y, valid, half)
    line = _Fit(y, mask, trends["L"])
    clean = np.where(np.abs(line.residual) > 5 * _mad(line.residual, valid)[:, None], 0.0, 1.0) * mask
    _models(table, "", y, mask, trends, annual, kinks, steps, years, picks)
    _models(table, "r", y, clean, {"L": trends["L"], "Q": trends["Q"]}, annual, kinks, steps, years, picks)

    best = None
    for name, design in (("L", trends["L"]), ("Q", trends["Q"]), ("QA", np.column_stack([trends["Q"], annual]))):
        corrected, count, gain = _take_out_jumps(y, mask, design, half)
        rss = _Fit(corrected, mask, design).rss
        noise = rss / np.maximum(mask.sum(1) - design.shape[1], 1)
        table[f"jumps {name}"] = count
        table[f"jump gain {name}"] = _log(gain / np.maximum(noise, 1e-6) + 1)
        table[f"jump ratio {name}"] = _log(_Fit(y, mask, design).rss / rss)
        if best is None:
            best = (corrected, rss)
        else:
            better = rss < best[1] * 0.9
            best = (np.where(better[:, None], corrected, best[0]), np.where(better, rss, best[1]))
    assert best is not None
    _models(table, "c", best[0], mask, trends, annual, kinks, steps, years, picks)
    names = list(table)
    matrix = np.column_stack([table[name] for name in names])
    return np.nan_to_num(matrix, posinf=50, neginf=-50).astype(np.float32), names


class _Fit:
    """Least squares of every series on one design, missing epochs left out by weights of 0."""

    def __init__(self, y: np.ndarray, weight: np.ndarray, design: np.ndarray) -> None:
        pairs = (design[:, :, None] * design[:, None, :]).reshape(len(design), -1)
        normal = (weight @ pairs).reshape(len(y), design.shape[1], design.shape[1])
        self.inverse = np.linalg.inv(normal + 1e-9 * np.eye(design.shape[1]))
        self.beta = np.einsum("npq,nq->np", self.inverse, (y * weight) @ design)
        self.residual = (y - self.beta @ design.T) * weight
        self.rss = np.sum(self.residual**2, axis=1) + 1e-6
        self._design, self._weight = design, weight

    def gains(self, columns: np.ndarray) -> Tuple[np.ndarray, np.ndarray]:
        """Return the fall of the residual sum by each further column, and its amplitude, each (n, k)."""
        pull, power = self.pull_and_power(columns)
        return pull**2 / power, pull / power

    def pull_and_power(self, columns: np.ndarray) -> Tuple[np.ndarray, np.ndarray]:
        """Return residual times column, and the column's own residual sum (Frisch-Waugh-Lovell)."""
        products = (columns[:, :, None] * self._design[:, None, :]).reshape(len(columns), -1)
        across = (self._weight @ products).reshape(len(self.rss), columns.shape[1], -1)
        power = self._weight @ columns**2 - np.einsum("nkp,npq,nkq->nk", across, self.inverse, across, optimize=True)
        return self.residual @ columns, np.maximum(power, 1e-3)


def _models(
    table: Dict[str, np.ndarray], tag: str, y: np.ndarray, mask: np.ndarray, trends: Dict[str, np.ndarray],
    annual: np.ndarray, kinks: np.ndarray, steps: np.ndarray, years: np.ndarray, picks: np.ndarray,
) -> None:
    count = mask.sum(1)
    for season in ("", "A"):
        extra = annual if season else annual[:, :0]
        fits = {name: _Fit(y, mask, np.column_stack([design, extra])) for name, design in trends.items()}
        base = fits["L"]
        kink_gain, kink_size = base.gains(kinks)
        step_gain, step_size = base.gains(steps)
        at, jump_at = kink_gain.argmax(1), step_gain.argmax(1)
        rows = np.arange(len(y))
        kink = np.maximum(base.rss - kink_gain[rows, at], 1e-6)
        step = np.maximum(base.rss - step_gain[rows, jump_at], 1e-6)
        curve_kink = fits["Q"].rss - fits["Q"].gains(kinks)[0].max(1)
        residual = np.where((kink < fits["Q"].rss)[:, None], base.residual, fits["Q"].residual)
        lag = np.sum(residual[:, 1:] * residual[:, :-1], 1) / np.sum(residual**2 + 1e-9, 1)
        share = (1 - np.clip(lag, 0, 0.9)) / (1 + np.clip(lag, 0, 0.9))
        ratios = {
            "L/Q": _log(base.rss / fits["Q"].rss), "L/H": _log(base.rss / kink), "L/J": _log(base.rss / step),
            "Q/H": _log(fits["Q"].rss / kink), "Q/QH": _log(fits["Q"].rss / np.maximum(curve_kink, 1e-6)),
            "H/J": _log(kink / step),
        }
        if "C" in fits:
            ratios["C/L"] = _log(fits["C"].rss / base.rss)
        for name, ratio in ratios.items():
            table[f"{tag}{name}{season}"] = ratio
            table[f"{tag}{name}{season} n"] = ratio * count * share
        per_year = 2.0 / years[-1]
        slope = base.beta[:, -2 - extra.shape[1]] * per_year
        table[f"{tag}slope{season}"] = np.arcsinh(np.abs(slope))
        table[f"{tag}slope z{season}"] = _log(
            np.abs(base.beta[:, -2 - extra.shape[1]])
            / np.sqrt(base.rss / count / share * base.inverse[:, -2 - extra.shape[1], -2 - extra.shape[1]])
        )
        table[f"{tag}kink{season}"] = np.arcsinh(np.abs(kink_size[rows, at]) * per_year)
        table[f"{tag}travel{season}"] = np.arcsinh(np.abs(slope) * years[-1])
        table[f"{tag}kink at{season}"] = years[picks[at]] / years[-1]
        table[f"{tag}kink width{season}"] = np.mean(kink_gain > 0.9 * kink_gain.max(1, keepdims=True), 1)
        table[f"{tag}step{season}"] = np.arcsinh(np.abs(step_size[rows, jump_at]))
        table[f"{tag}lag{season}"] = lag
        table[f"{tag}rms{season}"] = 0.5 * _log(np.minimum(kink, fits["Q"].rss) / count)


def _noise(table: Dict[str, np.ndarray], years: np.ndarray, y: np.ndarray, valid: np.ndarray, half: float) -> None:
    both = valid[:, 1:] & valid[:, :-1]
    difference = np.where(both, np.diff(y, axis=1), 0.0)
    spread = _mad(difference, both)
    table["epochs"] = np.log(valid.sum(1))
    table["span"] = np.full(len(y), np.log(years[-1]))
    table["spacing"] = np.full(len(y), np.log(np.median(np.diff(years))))
    table["half"] = np.full(len(y), np.log(half))
    table["noise"] = _log(spread)
    table["noise/half"] = _log(spread / half)
    table["largest/half"] = np.abs(difference).max(1) / half
    table["largest/noise"] = np.abs(difference).max(1) / spread
    away = np.abs(np.abs(difference)[:, :, None] - half * np.array([1.0, 2.0, 3.0])).min(2)
    near = away < np.maximum(spread, 0.1 * half)[:, None]
    table["near half"] = np.log1p(np.sum(near & (np.abs(difference) > 4 * spread[:, None]), axis=1))
    table["large"] = np.log1p(np.sum(np.abs(difference) > 4 * spread[:, None], axis=1))
    table["small"] = np.mean(np.abs(difference) < 0.3 * spread[:, None], axis=1)


def _take_out_jumps(
    y: np.ndarray, mask: np.ndarray, design: np.ndarray, half: float
) -> Tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the series without jumps (±1 or ±2 half wavelengths, steps or episodes), their number, and the gain."""
    count, epochs = y.shape
    steps = np.tril(np.ones((epochs, epochs)))[:, 2:-1]
    _, power = _Fit(y, mask, design).pull_and_power(steps)
    current, jumps, total = y.copy(), np.zeros(count), np.zeros(count)
    rows = np.arange(count)
    for _ in range(ROUNDS):
        fit = _Fit(current, mask, design)
        noise = fit.rss / np.maximum(mask.sum(1) - design.shape[1], 1)
        offers = [(np.full(count, -np.inf), np.zeros_like(y))]
        pull = fit.residual @ steps
        for multiple in (1, 2):
            size = multiple * half
            gain = 2 * size * np.abs(pull) - size**2 * power
            at = gain.argmax(1)
            sign = np.sign(pull[rows, at])
            offers.append((gain[rows, at], (sign * size)[:, None] * steps[:, at].T))
        sums = np.cumsum(np.pad(fit.residual, ((0, 0), (1, 0))), axis=1)
        number = np.cumsum(np.pad(mask, ((0, 0), (1, 0))), axis=1)
        for length in range(2, min(LONGEST_EPISODE, epochs // 4) + 1):
            pulled = sums[:, length:] - sums[:, :-length]
            power_of = number[:, length:] - number[:, :-length]
            gain = 2 * half * np.abs(pulled) - half**2 * power_of
            at = gain.argmax(1)
            inside = (np.arange(epochs) >= at[:, None]) & (np.arange(epochs) < at[:, None] + length)
            offers.append((gain[rows, at], (np.sign(pulled[rows, at]) * half)[:, None] * inside))
        gains = np.stack([offer[0] for offer in offers], axis=1)
        pick = gains.argmax(1)
        gain = gains[rows, pick]
        take = gain > 6.0 * noise
        if not take.any():
            break
        change = np.stack([offer[1] for offer in offers], axis=0)[pick, rows]
        current = (current - np.where(take[:, None], change, 0.0)) * mask
        jumps += take
        total += np.where(take, gain, 0.0)
    return current, jumps, total


def _mad(values: np.ndarray, valid: np.ndarray) -> np.ndarray:
    return 1.4826 * np.nanmedian(np.where(valid, np.abs(values), np.nan), axis=1) + 1e-3


def _log(values: np.ndarray) -> np.ndarray:
    return np.log(np.maximum(values, 1e-9))
