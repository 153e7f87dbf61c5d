from __future__ import annotations

import itertools
import time
from dataclasses import replace

import numpy as np
import pytest

from stillpoint.models.errors import Cancelled
from stillpoint.models.interferograms import graph
from stillpoint.models.interferograms.choice_words import explain
from stillpoint.models.interferograms.connect import best_set, choose, variances, velocity_variance
from stillpoint.models.progress import Progress
from tests.models.interferograms.networks import network, scored, sequence


def plain_variance(days, pairs, variance, keep):
    """The variance of a line fitted to the series of unweighted least squares, by the book."""
    pairs, variance = pairs[keep], variance[keep]
    matrix = np.zeros((len(pairs), len(days)))
    matrix[np.arange(len(pairs)), pairs[:, 0]] = -1
    matrix[np.arange(len(pairs)), pairs[:, 1]] = 1
    series = np.linalg.pinv(matrix)
    centred = days - days.mean()
    weights = centred @ series / (centred**2).sum()
    return (weights**2 * variance).sum()


def test_the_variance_is_that_of_least_squares_and_a_line():
    rng = np.random.default_rng(1)
    days, pairs = np.sort(rng.uniform(0, 400, 9)), sequence(9)
    variance = rng.uniform(0.1, 5, len(pairs))
    keep = np.ones(len(pairs), bool)
    keep[[3, 7]] = False
    assert velocity_variance(days, pairs, variance, keep) == pytest.approx(plain_variance(days, pairs, variance, keep))


def test_updates_of_rank_one_stay_exact_over_many_drops():
    rng = np.random.default_rng(2)
    days, pairs = 12.0 * np.arange(30), sequence(30, 6)
    variance = rng.lognormal(0, 1.5, len(pairs))
    keep = best_set(days, pairs, variance, np.ones(len(pairs), bool))
    assert (~keep).sum() > 40
    assert graph.lost_dates(30, pairs, keep).size == 0
    # No single drop of what was left would be worth it: found by trial, without any update.
    now = plain_variance(days, pairs, variance, keep)
    only = graph.bridges(30, pairs, keep)
    for index in np.nonzero(keep & ~only)[0]:
        without = keep.copy()
        without[index] = False
        alone = graph.bridges(30, pairs, without).sum() - only.sum()
        price = np.clip(0.005 * (np.log2(variance[index] / np.quantile(variance, 0.25)) - 1), -0.02, 0.02)
        assert np.log(plain_variance(days, pairs, variance, without) / now) + alone * np.log(1.1) > price - 1e-9


def test_the_greedy_choice_is_next_to_the_best_of_all_sets():
    rng = np.random.default_rng(3)
    days, pairs = 12.0 * np.arange(6), sequence(6, 3)
    for _ in range(12):
        variance = np.where(rng.random(len(pairs)) < 0.3, 12.0, 0.4)
        doubtful = variance > 1
        keep = best_set(days, pairs, variance, doubtful)
        found = plain_variance(days, pairs, variance, keep)
        best = np.inf
        free = np.nonzero(doubtful)[0]
        for count in range(len(free) + 1):
            for some in itertools.combinations(free, count):
                trial = np.ones(len(pairs), bool)
                trial[list(some)] = False
                if graph.components(6, pairs, trial).max() == 0:
                    price = 1.1 ** graph.bridges(6, pairs, trial).sum()
                    best = min(best, price * plain_variance(days, pairs, variance, trial))
        alone = graph.bridges(6, pairs, keep).sum()
        assert found * 1.1**alone <= 1.07 * best


def test_a_bad_pair_goes_where_others_check_and_stays_where_it_is_the_only_link():
    stack = network(pairs=[[0, 1], [1, 2], [0, 2], [2, 3], [1, 3], [3, 4]], dates=5)
    verdict = scored([0.9, 0.1, 0.9, 0.9, 0.9, 0.05])
    keep = choose(stack, verdict)
    assert keep.tolist() == [True, False, True, True, True, True]
    reasons = explain(stack, verdict, keep)
    assert reasons[5] == "bad; kept: the only link to 2019-02-18"
    assert reasons[1] == "bad" and reasons[0] == ""
    assert choose(stack, verdict, how="none").tolist() == [True, False, True, True, True, False]


def test_a_stricter_threshold_leaves_no_reason_that_says_kept_of_what_is_dropped():
    stack = network(pairs=[[0, 1], [1, 2], [0, 2], [2, 3]], dates=4)
    verdict = replace(scored([0.9, 0.7, 0.9, 0.7]), reasons=["", "strong atmosphere: kept", "", "small error: kept; strong: kept"])
    keep = np.array([True, False, True, True])
    reasons = explain(stack, verdict, keep, threshold=0.8)
    assert reasons[1] == "strong atmosphere; score below the threshold"
    assert reasons[3] == "small error; strong; kept: the only link to 2019-02-06"
    assert explain(stack, verdict, np.ones(4, bool), threshold=0.6)[1] == "strong atmosphere: kept"


def test_the_tree_keeps_the_best_of_the_bad():
    stack = network(pairs=[[0, 1], [1, 2], [0, 2]], dates=3)
    verdict = scored([0.1, 0.3, 0.2])
    keep = choose(stack, verdict, how="tree")
    assert keep.tolist() == [False, True, True]
    assert "only link" in explain(stack, verdict, keep, how="tree")[1]
    with_loop = scored([0.1, 0.9, 0.9])
    assert choose(stack, with_loop, how="tree").tolist() == [False, True, True]


def test_scores_from_the_threshold_on_are_always_kept():
    stack = network(dates=8)
    rng = np.random.default_rng(5)
    score = rng.random(stack.count)
    for threshold in (0.2, 0.7):
        for how in ("best", "tree", "none"):
            assert choose(stack, scored(score), threshold=threshold, how=how)[score >= threshold].all()


def test_all_alike_are_kept_however_low_the_scores():
    stack = network(dates=10)
    verdict = scored(np.full(stack.count, 0.6), threshold=0.7, variance=np.full(stack.count, 1.0))
    keep = choose(stack, verdict)
    assert keep.mean() > 0.95
    only = np.nonzero(keep)[0][0]
    assert explain(stack, verdict, keep)[only].endswith("kept: the velocity would be worse without it")


def test_what_holds_no_phase_is_never_kept_and_its_date_is_lost():
    stack = network(pairs=[[0, 1], [1, 2], [0, 2], [2, 3]], dates=4)
    phase = stack.phase.copy()
    phase[3] = np.nan
    stack = replace(stack, phase=phase)
    for how in ("best", "tree", "none"):
        keep = choose(stack, scored([0.9, 0.9, 0.9, 0.9]), how=how)
        assert keep.tolist() == [True, True, True, False]
        assert graph.lost_dates(4, stack.pairs, keep).tolist() == [3]


def test_unknown_scores_count_as_doubtful_not_as_bad():
    stack = network(dates=6)
    score = np.full(stack.count, 0.9)
    score[4] = np.nan
    assert choose(stack, scored(score), how="none").sum() == stack.count - 1
    assert np.isfinite(variances(scored(score))).all()
    spread = variances(scored(score, variance=np.linspace(0.1, 1.1, stack.count)))
    assert spread[4] == pytest.approx(1.5 * np.delete(np.linspace(0.1, 1.1, stack.count), 4).mean())
    keep = choose(stack, scored(score, variance=np.where(np.isnan(score), np.nan, 0.5)))
    assert keep[4]


def test_parts_that_were_never_connected_are_chosen_each_on_its_own():
    one = np.array([[0, 1], [1, 2], [0, 2], [2, 3], [1, 3]])
    pairs = np.concatenate([one, one + 4])
    score = np.tile([0.9, 0.05, 0.9, 0.9, 0.9], 2)
    stack = network(dates=8, pairs=pairs)
    keep = choose(stack, scored(score))
    assert keep.tolist() == [True, False, True, True, True] * 2
    assert graph.lost_dates(8, pairs, keep).size == 0


def test_a_single_pair_and_a_chain_are_kept():
    assert choose(network(dates=2, pairs=[[0, 1]]), scored([0.1])).tolist() == [True]
    chain = network(dates=5, reach=1)
    assert choose(chain, scored([0.1, 0.9, 0.2, 0.3])).all()


def test_five_hundred_pairs_take_seconds_at_most_and_can_be_stopped():
    rng = np.random.default_rng(8)
    pairs = sequence(103, 5)[:500]
    stack = network(dates=103, pairs=pairs, shape=(2, 2))
    verdict = scored(np.where(rng.random(500) < 0.4, 0.1, 0.95))
    began = time.monotonic()
    keep = choose(stack, verdict)
    assert time.monotonic() - began < 10
    assert 0.8 < (verdict.score >= 0.5).sum() / keep.sum() <= 1
    with pytest.raises(Cancelled):
        choose(stack, verdict, progress=Progress(cancelled=lambda: True))
