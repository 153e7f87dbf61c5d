"""What goes wrong with displacement series: unwrapping errors, and motions that fit no trend class."""

from __future__ import annotations

import numpy as np

OTHER_KINDS = (
    "step", "decay", "strong annual", "random walk", "two kinks", "incoherent", "slow wave", "transient", "sigmoid",
)
"""Kinds of series that belong to no class, in the order of ``Group.kind``."""


def log_uniform(rng: np.random.Generator, low: float, high: float, size: int) -> np.ndarray:
    """Return ``size`` numbers whose logarithm is uniform between those of ``low`` and ``high``."""
    return np.exp(rng.uniform(np.log(low), np.log(high), size))


def random_sign(rng: np.random.Generator, size: int) -> np.ndarray:
    """Return signs of motions, shape (size,)."""
    # Most monitored ground goes away from the satellite.
    return np.where(rng.random(size) < 0.6, -1.0, 1.0)


def unwrapping_errors(rng, size, epochs):
    """Return jumps in half wavelengths at each epoch, shape (size, epochs): lasting, repeated, or flickering.

    A single epoch that stands off is no unwrapping error here but an outlier; see the scene's outliers.
    """
    level = np.zeros((size, epochs), dtype=np.int16)
    kind = rng.choice(4, size, p=[0.34, 0.2, 0.3, 0.16])
    for row in range(size):
        if kind[row] in (0, 3):
            level[row, int(rng.integers(2, epochs - 1)) :] += _jump(rng)
        if kind[row] == 1:
            for where in rng.integers(2, epochs - 1, int(rng.integers(2, 7))):
                level[row, where:] += _jump(rng)
        if kind[row] in (2, 3):
            longest = int(rng.choice([3, 6, 10, max(epochs // 5, 4)]))
            for _ in range(int(rng.choice([1, 2, 3, 5, 8], p=[0.2, 0.25, 0.25, 0.2, 0.1]))):
                where = int(rng.integers(1, epochs - 2))
                length = 1 if rng.random() < 0.1 else int(rng.integers(2, longest + 1))
                level[row, where : where + length] += _jump(rng)
        if not _shows(level[row]):
            level[row] = 0
            level[row, int(rng.integers(2, epochs - 1)) :] += _jump(rng)
    return np.diff(level, axis=1, prepend=level[:, :1]).astype(np.int16)


def _shows(level):
    """Return whether some error lasts for two epochs or more without filling the series."""
    lasting = (level[1:] != 0) & (level[1:] == level[:-1])
    return bool(lasting.any() and np.diff(level).any())


def _jump(rng):
    return int(rng.choice([-1, 1])) * (2 if rng.random() < 0.07 else 1)


def unlike_any_class(rng, kind, size, years, noise, half):
    """Return series (size, e) of a kind that fits no class, clearly above the noise."""
    t, span = years[None, :], years[-1]
    strength = noise.effective * log_uniform(rng, 3.0, 12.0, size)
    signal = np.where(rng.random(size) < 0.5, 0.0, rng.normal(0, 8, size))[:, None] * t
    if kind == "step":
        count = 1 + (rng.random(size) < 0.3)
        for turn in range(2):
            where = span * rng.uniform(0.1, 0.9, size)
            # Never within a fifth of a multiple of half a wavelength, where it would be an unwrapping error.
            low = np.maximum(noise.white * rng.uniform(3, 8, size), 4.0)
            jump = half * (np.floor(low / half) + rng.choice([0, 0, 0, 1], size) + rng.uniform(0.25, 0.75, size))
            jump = np.where((low < half * 0.7) & (rng.random(size) < 0.6), np.clip(low, half * 0.22, half * 0.78), jump)
            signal += (random_sign(rng, size) * jump * (turn < count))[:, None] * (t >= where[:, None])
    elif kind == "decay":
        tau = span * log_uniform(rng, 0.02, 0.25, size)
        where = span * np.where(rng.random(size) < 0.4, 0.0, rng.uniform(0, 0.7, size))
        rise = 1 - np.exp(-np.maximum(t - where[:, None], 0) / tau[:, None])
        signal += (random_sign(rng, size) * np.maximum(strength * 2, 10))[:, None] * rise
    elif kind == "strong annual":
        phase = rng.random(size)
        amplitude = np.maximum(rng.uniform(12, 45, size), 2 * noise.effective)
        signal += amplitude[:, None] * np.cos(2 * np.pi * (t - phase[:, None]))
    elif kind == "random walk":
        steps = rng.standard_normal((size, len(years)))
        steps[:, 1:] *= np.sqrt(np.diff(years))[None, :]
        steps[:, 0] = 0
        signal += np.cumsum(steps, axis=1) * (np.maximum(strength, 10) * rng.uniform(1, 3, size) / np.sqrt(max(span, 0.5)))[:, None]
    elif kind == "two kinks":
        a = span * rng.uniform(0.15, 0.5, size)
        b = a + span * rng.uniform(0.15, 0.35, size)
        change = random_sign(rng, size) * strength * 4 / max(span, 0.3)
        back = -change * rng.uniform(0.6, 1.8, size)
        signal += change[:, None] * np.maximum(t - a[:, None], 0) + back[:, None] * np.maximum(t - b[:, None], 0)
    elif kind == "incoherent":
        signal = np.where(
            (rng.random(size) < 0.6)[:, None],
            rng.uniform(-half / 2, half / 2, (size, len(years))),
            rng.standard_normal((size, len(years))) * log_uniform(rng, 10, 25, size)[:, None],
        )
    elif kind == "slow wave":
        period = np.where(rng.random(size) < 0.5, rng.uniform(1.6, 4.0, size), rng.uniform(0.3, 0.75, size))
        signal += strength[:, None] * np.cos(2 * np.pi * (t / period[:, None] - rng.random(size)[:, None]))
    elif kind == "transient":
        middle, width = span * rng.uniform(0.2, 0.8, size), span * rng.uniform(0.03, 0.12, size)
        signal += (random_sign(rng, size) * strength * 2)[:, None] * np.exp(-(((t - middle[:, None]) / width[:, None]) ** 2))
    elif kind == "sigmoid":
        middle, width = span * rng.uniform(0.25, 0.75, size), span * rng.uniform(0.01, 0.07, size)
        rise = np.clip(half * rng.uniform(0.3, 0.7, size), 3 * noise.white, None) + strength
        signal += (random_sign(rng, size) * rise)[:, None] / (1 + np.exp(-(t - middle[:, None]) / width[:, None]))
    return signal
