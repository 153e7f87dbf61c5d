from __future__ import annotations

import itertools

import numpy as np
import pytest

from stillpoint.models.interferograms.loops import closure, level, membership, triplets, wrap


def test_the_triplets_of_a_full_network_are_all_threes_of_dates():
    pairs = np.array(list(itertools.combinations(range(6), 2)))
    loops = triplets(pairs)
    assert len(loops) == 20
    first, second, long = (pairs[loops[:, column]] for column in range(3))
    assert (first[:, 1] == second[:, 0]).all() and (first[:, 0] == long[:, 0]).all() and (second[:, 1] == long[:, 1]).all()


def test_dropped_pairs_are_in_no_triplet_and_chains_have_none():
    pairs = np.array([[0, 1], [1, 2], [0, 2], [2, 3], [1, 3]])
    assert triplets(pairs).tolist() == [[0, 1, 2], [1, 3, 4]]
    assert triplets(pairs, np.array([True, True, False, True, True])).tolist() == [[1, 3, 4]]
    assert triplets(np.array([[0, 1], [1, 2]])).shape == (0, 3)
    assert membership(triplets(pairs), 5).tolist() == [1, 2, 1, 1, 1]


def test_phases_of_dates_close_and_an_unwrapping_error_does_not():
    rng = np.random.default_rng(0)
    dates = rng.normal(0, 5, (3, 4, 5)).astype(np.float32)
    phase = np.stack([dates[1] - dates[0], dates[2] - dates[1], dates[2] - dates[0]])
    assert np.abs(closure(phase, (0, 1, 2))).max() < 1e-5
    phase[1, 2:, :] += np.float32(2 * np.pi)
    left = closure(phase, (0, 1, 2))
    assert np.allclose(left[2:], 2 * np.pi, atol=1e-5) and np.allclose(left[:2], 0, atol=1e-5)
    # A whole turn is nothing to wrapped phases.
    assert np.abs(closure(wrap(phase), (0, 1, 2), wrapped=True)).max() < 1e-5


def test_missing_pixels_are_missing_and_the_level_is_that_of_most():
    phase = np.zeros((3, 2, 3), np.float32)
    phase[0, 0, 0] = np.nan
    phase[2] -= 0.5
    phase[2, 1, 1] = 40
    left = closure(phase, (0, 1, 2))
    assert np.isnan(left[0, 0]) and level(left) == pytest.approx(0.5)
    assert np.isnan(level(np.full((2, 2), np.nan)))
    assert level(np.array([[3.0, -3.1]]), wrapped=True) == pytest.approx(np.pi - 0.05, abs=1e-6)


def test_wrap_keeps_the_type_and_the_range():
    values = wrap(np.linspace(-30, 30, 999, dtype=np.float32))
    assert values.dtype == np.float32 and values.min() >= -np.pi - 1e-5 and values.max() < np.pi + 1e-5
