"""Small networks for the tests, of which everything is known."""

from __future__ import annotations

import itertools

import numpy as np

from stillpoint.models.interferograms.observations import Network, Verdict


def sequence(dates: int, reach: int = 3) -> np.ndarray:
    """Return pairs of every date with the next ``reach``."""
    return np.array([pair for pair in itertools.combinations(range(dates), 2) if pair[1] - pair[0] <= reach], np.int64)


def calendar(dates: int, step: int = 12) -> np.ndarray:
    return np.datetime64("2019-01-01") + step * np.arange(dates)


def network(dates: int = 8, reach: int = 3, *, shape=(24, 30), noise: float = 0.1, seed: int = 0, pairs=None) -> Network:
    """Return an unwrapped network of a sinking bowl with some noise, all of it good."""
    rng = np.random.default_rng(seed)
    days = calendar(dates)
    pairs = sequence(dates, reach) if pairs is None else np.asarray(pairs)
    row, col = np.mgrid[: shape[0], : shape[1]]
    bowl = np.exp(-(((row - shape[0] / 2) / 6) ** 2) - ((col - shape[1] / 2) / 6) ** 2)
    level = np.arange(dates)[:, None, None] * 0.4 * bowl
    phase = level[pairs[:, 1]] - level[pairs[:, 0]] + noise * rng.normal(size=(len(pairs), *shape))
    coherence = np.full(phase.shape, 0.8, np.float32)
    return Network(
        phase.astype(np.float32), days, pairs, True, coherence, baselines=rng.normal(0, 40, len(pairs)), spacing=(100.0, 100.0),
        wavelength=0.0555,
    )  # fmt: skip


def scored(score, threshold: float = 0.5, variance=None) -> Verdict:
    score = np.asarray(score, np.float64)
    return Verdict(score, threshold, ["" if value >= threshold else "bad" for value in score], variance=variance)
