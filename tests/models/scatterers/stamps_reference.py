"""The selection of StaMPS written down pixel by pixel, as plainly as it can be said: what the batched one is compared with.

One reference date, amplitudes and baselines known, defaults. Double precision, loops, no cleverness. The random pixels
of the null distribution are given, so that both implementations look at the same ones.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, pi
from typing import Iterable, List, Optional, Tuple

import numpy as np
from scipy.spatial import Delaunay

CELL, WAVELENGTH = 50.0, 800.0
LOW_BINS = 31
CENTRES = 0.005 + 0.01 * np.arange(100)


@dataclass
class Reference:
    """Rows and columns of the candidates, what is known of each, and the positions of those selected and kept."""

    rows: np.ndarray
    cols: np.ndarray
    gamma: np.ndarray
    selected: np.ndarray
    gamma2: np.ndarray
    kept: np.ndarray


def select(
    phasor: np.ndarray,
    amplitude: np.ndarray,
    baselines: np.ndarray,
    days: np.ndarray,
    reference: int,
    spacing: Tuple[float, float],
    wavelength: float,
    incidence: float,
    random_phases: Iterable[np.ndarray],
    *,
    random_density: float = 20.0,
    largest_arc_std: float = 1.0,
) -> Reference:
    """Select scatterers from phasors and amplitudes [dates, rows, cols]; ``random_phases`` yields arrays [pixels, n]."""
    dates = len(phasor)
    others = [date for date in range(dates) if date != reference]
    b = np.array([baselines[date] for date in others], dtype=float)
    rows, cols, dispersion = candidates(phasor, amplitude)
    z = np.array([[phasor[date, row, col] for date in others] for row, col in zip(rows, cols)], dtype=complex)
    z = z / np.abs(z)
    trials = trial_values(b, wavelength, incidence)
    null = np.zeros(100)
    for phases in random_phases:
        for pixel in phases:
            null[bin_of(topofit(np.exp(1j * pixel.astype(float)), b, trials)[2])] += 1
    y, x = rows * spacing[0], cols * spacing[1]
    cell_row, cell_col = cells(y), cells(x)
    grid, gamma, k = iterate(z, b, trials, dispersion, cell_row, cell_col, null)
    area = (y.max() - y.min()) * (x.max() - x.min()) / 1e6
    threshold = thresholds(gamma, dispersion, null, area, random_density)
    first = [pixel for pixel in range(len(z)) if gamma[pixel] > threshold[pixel]]
    gamma_now = gamma.copy()
    k2, c2 = np.zeros(len(z)), np.zeros(len(z))
    patches = {}
    for pixel in first:
        at = (cell_row[pixel], cell_col[pixel])
        if at not in patches:
            patches[at] = without_own_cell(grid, *at)
        k2[pixel], c2[pixel], gamma_now[pixel] = topofit(z[pixel] * np.conj(patches[at]), b, trials)
    threshold = thresholds(gamma_now, dispersion, null, area, random_density)
    span = b.max() - b.min()
    selected = np.array(
        [p for p in first if gamma_now[p] > threshold[p] and abs(k[p] - k2[p]) < 2 * pi / span], dtype=int
    )
    quiet = weed(z[selected], k2[selected], c2[selected], b, days, reference, x[selected], y[selected], largest_arc_std)
    return Reference(rows, cols, gamma, selected, gamma_now[selected], selected[quiet])


def candidates(phasor: np.ndarray, amplitude: np.ndarray) -> Tuple[np.ndarray, np.ndarray, np.ndarray]:
    dates, height, width = amplitude.shape
    factors = [image[image > 0.001].astype(float).mean() for image in amplitude]
    rows, cols, values = [], [], []
    for row in range(height):
        for col in range(width):
            a = amplitude[:, row, col].astype(float) / factors
            if not np.isfinite(phasor[:, row, col]).all() or (a <= 5e-5).any():
                continue
            dispersion = np.sqrt(dates * (a**2).sum() / a.sum() ** 2 - 1)
            if dispersion < 0.4:
                rows.append(row)
                cols.append(col)
                values.append(dispersion)
    return np.array(rows), np.array(cols), np.array(values)


def trial_values(b: np.ndarray, wavelength: float, incidence: float) -> np.ndarray:
    k_max = 4 * pi * 20.0 / (wavelength * 830_000.0 * np.sin(np.radians(incidence)))
    span = b.max() - b.min()
    wraps = span * k_max / (2 * pi)
    most = ceil(8 * wraps)
    return np.array([m * (pi / 4) / span for m in range(-most, most + 1)])


def topofit(q: np.ndarray, b: np.ndarray, trials: np.ndarray) -> Tuple[float, float, float]:
    if (q == 0).any():
        return np.nan, np.nan, 0.0
    k = trials[int(np.argmax([abs((q * np.exp(-1j * trial * b)).sum()) for trial in trials]))]
    turned = q * np.exp(-1j * k * b)
    r = np.angle(turned * np.conj(turned.sum()))
    k = k + (b * r).sum() / (b**2).sum()
    e = q * np.exp(-1j * k * b)
    return k, float(np.angle(e.sum())), float(abs(e.sum()) / np.abs(e).sum())


def bin_of(gamma: float) -> int:
    return min(max(int(gamma * 100), 0), 99)


def histogram(gamma: Iterable[float]) -> np.ndarray:
    counts = np.zeros(100)
    for value in gamma:
        counts[bin_of(value)] += 1
    return counts


def cells(distance: np.ndarray) -> np.ndarray:
    index = np.floor((distance - distance.min() + 1e-6) / CELL).astype(int)
    index[index == index.max()] = index.max() - 1
    return index


def iterate(z, b, trials, dispersion, cell_row, cell_col, null):
    pixels, n = z.shape
    k, weight = np.zeros(pixels), 1.0 / dispersion
    before, change_before = np.zeros(pixels), 0.0
    for iteration in (1, 2, 3):
        grid = np.zeros((cell_row.max() + 1, cell_col.max() + 1, n), dtype=complex)
        for pixel in range(pixels):
            if not np.isnan(k[pixel]):
                grid[cell_row[pixel], cell_col[pixel]] += weight[pixel] * z[pixel] * np.exp(-1j * k[pixel] * b)
        patch = np.stack([clap(grid[:, :, i]) for i in range(n)], axis=2)
        gamma = np.zeros(pixels)
        for pixel in range(pixels):
            p = normalised(patch[cell_row[pixel], cell_col[pixel]])
            k[pixel], _, gamma[pixel] = topofit(z[pixel] * np.conj(p), b, trials)
        change = np.sqrt(((gamma - before) ** 2).mean())
        if abs(change - change_before) < 0.005 or iteration == 3:
            break
        before, change_before = gamma, change
        weight = p_square(gamma, null)
    return grid, gamma, k


def normalised(values: np.ndarray) -> np.ndarray:
    return np.array([value / abs(value) if value != 0 else 0 for value in values])


def p_square(gamma: np.ndarray, null: np.ndarray) -> np.ndarray:
    found = histogram(gamma)
    scaled = null * found[:LOW_BINS].sum() / null[:LOW_BINS].sum()
    last = np.flatnonzero(scaled).max()
    p = np.empty(100)
    for k in range(100):
        p[k] = min(scaled[k] / (found[k] if found[k] else 1), 1.0)
        if k < LOW_BINS:
            p[k] = 1.0
        if k > last:
            p[k] = 0.0
    taps = gauss()
    smooth = np.empty(100)
    for k in range(100):
        smooth[k] = sum(taps[lag] * (p[k - lag] if k >= lag else 1.0) for lag in range(7)) / taps.sum()
    curve = np.interp(np.arange(1001) / 1000, np.arange(101) / 100, np.concatenate([[1.0], smooth]))
    return np.array([(1 - curve[round(value * 1000)]) ** 2 for value in gamma])


def gauss() -> np.ndarray:
    return np.array([np.exp(-0.5 * (2.5 * (i - 3) / 3) ** 2) for i in range(7)])


def gain_of(spectrum: np.ndarray) -> np.ndarray:
    """Adaptive gain of a spectrum [32, 32] in the order of the FFT."""
    size = np.fft.fftshift(np.abs(spectrum))
    blur = np.outer(gauss(), gauss())
    padded = np.pad(size, 3)
    smooth = sum(blur[i, j] * padded[i : i + 32, j : j + 32] for i in range(7) for j in range(7))
    smooth = np.fft.ifftshift(smooth)
    middle = np.median(smooth)
    if middle != 0:
        smooth = smooth / middle
    adaptive = np.maximum(smooth - 1, 0)
    f = np.arange(-16, 16) / (32 * CELL)
    one = 1 / (1 + (f * WAVELENGTH) ** 10)
    return 0.3 * adaptive + np.fft.ifftshift(np.outer(one, one))


def clap(image: np.ndarray) -> np.ndarray:
    height, width = image.shape
    rise = np.array([[a + b for b in range(12)] for a in range(12)], dtype=float)
    half = np.hstack([rise, np.fliplr(rise)])
    taper = np.vstack([half, np.flipud(half)]) + 1e-6
    out = np.zeros_like(image)
    for top, down in places(height):
        for left, right in places(width):
            weight = np.zeros((24, 24))
            weight[down:, right:] = taper[: 24 - down, : 24 - right]
            spectrum = np.fft.fft2(image[top : top + 24, left : left + 24], s=(32, 32))
            out[top : top + 24, left : left + 24] += np.fft.ifft2(spectrum * gain_of(spectrum))[:24, :24] * weight
    return out


def places(length: int) -> List[Tuple[int, int]]:
    found = []
    start = 0
    while True:
        beyond = max(start + 24 - length, 0)
        found.append((start - beyond, beyond))
        if start + 24 >= length:
            return found
        start += 6


def without_own_cell(grid: np.ndarray, row: int, col: int) -> np.ndarray:
    height, width, n = grid.shape
    top = min(max(row - 16, 0), height - 32)
    left = min(max(col - 16, 0), width - 32)
    bit = grid[top : top + 32, left : left + 32].copy()
    bit[row - top, col - left] = 0
    found = np.zeros(n, dtype=complex)
    for i in range(n):
        spectrum = np.fft.fft2(bit[:, :, i])
        found[i] = np.fft.ifft2(spectrum * gain_of(spectrum))[row - top, col - left]
    return normalised(found)


def thresholds(gamma, dispersion, null, area, density):
    pixels = len(gamma)
    if pixels >= 10_000:
        size = 10_000 if pixels >= 50_000 else 2_000
        order = np.argsort(dispersion, kind="stable")
        starts = list(range(0, pixels - size + 1, size))
        bins = [order[start : start + size] for start in starts[:-1]] + [order[starts[-1] :]]
    else:
        bins = [np.arange(pixels)]
    accepted = density * area / len(bins)
    means, levels = [], []
    for members in bins:
        found = histogram(value for value in gamma[members] if value > 0)
        scaled = null * found[:LOW_BINS].sum() / null[:LOW_BINS].sum()
        tail = [scaled[k:].sum() for k in range(100)]
        level = bin_level(tail, accepted)
        if level is not None:
            means.append(dispersion[members].mean())
            levels.append(level)
    if not levels:
        return np.full(pixels, 0.3)
    if len(levels) == 1:
        return np.full(pixels, max(levels[0], 0.0))
    slope, start = np.polyfit(means, levels, 1)
    if slope > 0:
        return np.maximum(slope * dispersion + start, 0.0)
    return np.full(pixels, max(slope * 0.35 + start, 0.0))


def bin_level(tail: List[float], accepted: float) -> Optional[float]:
    for k in range(100):
        if tail[k] < accepted:
            break
    else:
        return 1.0
    if k - 3 < 0:
        return None
    fitted = range(k - 3, min(k + 3, 100))
    values = np.array([tail[i] for i in fitted])
    upper = np.array([0.01 * (i + 1) for i in fitted])
    middle, spread = values.mean(), values.std(ddof=1)
    return float(np.polyval(np.polyfit((values - middle) / spread, upper, 3), (accepted - middle) / spread))


def weed(z, k2, c2, b, days, reference, x, y, largest):
    """Return bool [pixels]: those whose quietest arc has a standard deviation below ``largest``."""
    u = np.array([np.insert(z[p] * np.exp(-1j * k2[p] * b), reference, np.exp(1j * c2[p])) for p in range(len(z))])
    lengths = np.insert(b, reference, 0.0)
    dates = u.shape[1]
    edges = set()
    for one, two, three in Delaunay(np.column_stack([x, y])).simplices:
        edges |= {tuple(sorted(pair)) for pair in ((one, two), (two, three), (one, three))}
    noise, alone = [], []
    ordered = sorted(edges)
    for first, second in ordered:
        d = u[second] * np.conj(u[first])
        here, left = np.empty(dates), np.empty(dates)
        for k in range(dates):
            lag = days[k] - days
            w = np.exp(-(lag**2) / (2 * 730.0**2))
            w = w / w.sum()
            m = (w * d).sum()
            rest = np.angle(d * np.conj(m))
            one = line(lag, rest, w)
            rest = np.angle(np.exp(1j * (rest - one[0] - one[1] * lag)))
            two = line(lag, rest, w)
            smooth = m * np.exp(1j * (one[0] + two[0]))
            here[k] = np.angle(d[k] * np.conj(smooth))
            w[k] = 0
            left[k] = np.angle(d[k] * np.conj((w * d).sum()))
        noise.append(here)
        alone.append(left)
    weight = 1 / np.var(np.array(alone), axis=0, ddof=1)
    best = np.full(len(z), np.inf)
    for (first, second), here in zip(ordered, noise):
        slope = (lengths * weight * here).sum() / (lengths**2 * weight).sum()
        spread = np.std(here - slope * lengths, ddof=1)
        best[first] = min(best[first], spread)
        best[second] = min(best[second], spread)
    return best < largest


def line(lag: np.ndarray, values: np.ndarray, w: np.ndarray) -> Tuple[float, float]:
    """Return intercept and slope of the weighted straight line; the weights need not add up to 1."""
    total, middle, level = w.sum(), (w * lag).sum(), (w * values).sum()
    slope = (total * (w * lag * values).sum() - middle * level) / (total * (w * lag**2).sum() - middle**2)
    return (level - slope * middle) / total, slope
