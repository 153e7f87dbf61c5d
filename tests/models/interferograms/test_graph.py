from __future__ import annotations

import itertools
import time

import numpy as np
import pytest

from stillpoint.models.interferograms import graph


def bridges_by_trial(number, pairs, keep):
    """Bridges as the word says: edges whose removal gives one more part."""
    whole = graph.components(number, pairs, keep).max() + 1
    found = np.zeros(len(pairs), bool)
    for index in np.nonzero(keep)[0]:
        without = keep.copy()
        without[index] = False
        found[index] = graph.components(number, pairs, without).max() + 1 > whole
    return found


def test_components_are_numbered_from_the_first_date():
    pairs = np.array([[0, 2], [1, 3], [3, 4]])
    assert graph.components(6, pairs).tolist() == [0, 1, 0, 1, 1, 2]
    assert graph.components(np.arange(6), pairs, np.array([True, False, True])).tolist() == [0, 1, 0, 2, 2, 3]
    assert graph.components(0, np.zeros((0, 2), int)).tolist() == []


def test_bridges_equal_the_trial_on_random_networks():
    rng = np.random.default_rng(4)
    every = np.array(list(itertools.combinations(range(9), 2)))
    for count in (6, 9, 12, 18):
        for _ in range(12):
            pairs = every[rng.choice(len(every), count)]  # some pairs twice
            keep = rng.random(count) < 0.8
            assert (graph.bridges(9, pairs, keep) == bridges_by_trial(9, pairs, keep)).all()


def test_a_long_chain_is_all_bridges_and_walked_without_recursion():
    pairs = np.stack([np.arange(5000), np.arange(1, 5001)], 1)
    began = time.monotonic()
    assert graph.bridges(5001, pairs).all()
    assert time.monotonic() - began < 2


def test_lost_dates_are_those_outside_of_the_largest_piece():
    pairs = np.array([[0, 1], [1, 2], [2, 3], [3, 4]])
    assert graph.lost_dates(5, pairs, np.array([True, True, False, True])).tolist() == [3, 4]
    assert graph.lost_dates(5, pairs, np.array([True] * 4)).tolist() == []
    assert graph.lost_dates(5, pairs, np.zeros(4, bool)).tolist() == [0, 1, 2, 3, 4]


def test_a_part_that_was_apart_from_the_start_is_not_lost():
    pairs = np.array([[0, 1], [1, 2], [0, 2], [3, 4], [4, 5]])
    assert graph.lost_dates(7, pairs, np.ones(5, bool)).tolist() == []
    assert graph.lost_dates(7, pairs, np.array([True, True, True, True, False])).tolist() == [5]


def test_cut_off_names_only_what_this_drop_loses():
    pairs = np.array([[0, 1], [1, 2], [2, 3], [1, 3]])
    keep = np.array([True, True, True, True])
    assert graph.cut_off(4, pairs, keep, [2]).tolist() == []
    assert graph.cut_off(4, pairs, keep, [0]).tolist() == [0]
    assert graph.cut_off(4, pairs, np.array([False, True, True, True]), [1, 2]).tolist() == [2]


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_the_spanning_tree_is_the_best_of_all_trees(seed):
    rng = np.random.default_rng(seed)
    pairs = np.array(list(itertools.combinations(range(5), 2)))
    value = rng.random(len(pairs))
    best = max(
        (value[list(some)].sum() for some in itertools.combinations(range(10), 4)
         if graph.components(5, pairs[list(some)]).max() == 0),
    )  # fmt: skip
    tree = graph.spanning_tree(5, pairs, value)
    assert tree.sum() == 4 and value[tree].sum() == pytest.approx(best)


def test_the_spanning_tree_takes_what_nobody_knows_last():
    pairs = np.array([[0, 1], [1, 2], [0, 2]])
    assert graph.spanning_tree(3, pairs, np.array([np.nan, 0.1, 0.0])).tolist() == [False, True, True]


def test_degrees():
    assert graph.degrees(4, np.array([[0, 1], [0, 2]]), np.array([True, False])).tolist() == [1, 1, 0, 0]
