"""Flickering unwrapping errors against outliers of any size."""

from __future__ import annotations

import numpy as np
import torch

from stillpoint.models.trends import flicker
from stillpoint.models.trends.classes import UNWRAPPING_ERROR
from stillpoint.models.trends.judge import Judge

WAVELENGTH = 0.05547
HALF = 500.0 * WAVELENGTH


def quiet(size: int, *, epochs: int = 120, noise: float = 1.5, seed: int = 1) -> np.ndarray:
    return (noise * np.random.default_rng(seed).standard_normal((size, epochs))).astype(np.float32)


def with_errors(size: int, heights: np.ndarray, *, seed: int = 2) -> np.ndarray:
    """Quiet series with single epochs off by ``heights`` (size, k), far from each other."""
    rng = np.random.default_rng(seed)
    series = quiet(size, seed=seed)
    for row in range(size):
        at = rng.choice(np.arange(8, 112, 6), heights.shape[1], replace=False)
        series[row, at] += heights[row].astype(np.float32)
    return series


def test_epochs_off_by_half_a_wavelength_speak_for_errors_and_other_sizes_against():
    whole = flicker.weigh(torch.from_numpy(with_errors(60, np.full((60, 4), 0.93 * HALF))), HALF)
    assert (whole.log_odds > 3).float().mean() > 0.95
    assert (whole.level.sum(dim=1) == 4).float().mean() > 0.9
    sizes = HALF * np.random.default_rng(3).uniform(1.4, 2.8, (60, 4))
    other = flicker.weigh(torch.from_numpy(with_errors(60, sizes)), HALF)
    assert (other.log_odds < -3).float().mean() > 0.95


def test_one_epoch_is_an_outlier_and_loud_noise_says_nothing():
    one = with_errors(20, np.full((20, 1), HALF))
    assert (flicker.weigh(torch.from_numpy(one), HALF).log_odds < -100).all()
    loud = torch.from_numpy(quiet(20, noise=0.3 * HALF))
    assert (flicker.weigh(loud, HALF).log_odds < -100).all()


def test_only_series_that_step_often_are_looked_at():
    series = np.concatenate([with_errors(5, np.full((5, 3), HALF)), with_errors(5, np.full((5, 1), HALF)), quiet(5)])
    series[2, 50] = np.nan
    assert flicker.restless(torch.from_numpy(series), HALF).tolist() == [True] * 5 + [False] * 10


def test_the_classifier_calls_flickering_series_wrong_and_finds_their_epochs():
    dates = np.datetime64("2017-02-01") + 12 * np.arange(120).astype("timedelta64[D]")
    heights = np.full((40, 5), 0.93 * HALF)
    series = with_errors(40, heights)
    judge = Judge()
    found = judge(dates, series, WAVELENGTH)
    called = (found.probabilities.argmax(axis=1) == UNWRAPPING_ERROR) & (found.unlike < judge.threshold)
    assert called.mean() > 0.9
    level = np.cumsum(found.jumps, axis=1)[called]
    assert np.mean((level != 0) == (series[called] > 0.5 * HALF)) > 0.995
    odd = judge(dates, with_errors(40, heights * np.random.default_rng(4).uniform(1.3, 2.6, heights.shape)), WAVELENGTH)
    assert np.mean(odd.probabilities.argmax(axis=1) == UNWRAPPING_ERROR) < 0.15
