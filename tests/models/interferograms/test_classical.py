from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from stillpoint.models.errors import StillpointError
from stillpoint.models.interferograms import classical, classical_closure
from stillpoint.models.interferograms.loops import triplets, wrap
from stillpoint.models.interferograms.methods import judge
from stillpoint.models.jobs.interferograms import METHODS
from tests.models.interferograms.networks import network

CLASSICAL = [name for name in METHODS if name not in ("default", "resnet50")]


def with_phase(stack, index, change):
    phase = stack.phase.copy()
    phase[index] = change(phase[index])
    return replace(stack, phase=phase)


@pytest.mark.parametrize("name", CLASSICAL)
def test_every_method_scores_good_pairs_above_its_threshold(name):
    stack = network()
    rng = np.random.default_rng(3)
    if name == "area_ratio":  # a share above the mean of the stack says little where all are alike
        coherence = np.where(np.arange(stack.count)[:, None, None] < 2, 0.1, 0.8) + 0.02 * rng.normal(size=stack.phase.shape)
        stack = replace(stack, coherence=coherence.astype(np.float32))
    found = judge(name, stack)
    good = np.arange(stack.count) >= 2
    assert found.score.shape == (stack.count,) and len(found.reasons) == stack.count
    assert (found.score[good] >= found.threshold).all() and ((found.score >= 0) & (found.score <= 1)).all()
    assert not any(np.array(found.reasons)[good])
    assert found.variance is not None and (found.variance > 0).all() and np.isfinite(found.variance).all()
    assert all(values.shape == (stack.count,) for values in found.evidence.values())


def test_the_mean_coherence_is_that_of_the_ground_seen_by_most():
    stack = network()
    coherence = stack.coherence.copy()
    coherence[4] = 0.3
    phase = stack.phase.copy()
    phase[:, :6] = np.nan  # the sea: hardly any pair has a phase there, and its coherence counts nowhere
    phase[0, :6] = 1.0
    coherence[:, :6] = 0.0
    found = classical.coherence(replace(stack, phase=phase, coherence=coherence))
    assert found.evidence["mean_coherence"] == pytest.approx(np.where(np.arange(stack.count) == 4, 0.3, 0.8))
    assert found.reasons[4] == "mean coherence 0.30" and found.variance[4] > 5 * found.variance[3]


def test_the_area_ratio_counts_pixels_above_the_mean_of_the_stack():
    stack = network(pairs=[[0, 1], [1, 2], [0, 2]], dates=3, shape=(10, 10))
    coherence = np.full((3, 10, 10), 0.9, np.float32)
    coherence[1, :6] = 0.1
    found = classical.area_ratio(replace(stack, coherence=coherence))
    assert found.score == pytest.approx([1.0, 0.4, 1.0]) and "40%" in found.reasons[1]


def test_methods_that_need_coherence_say_so():
    for name in ("coherence", "area_ratio"):
        with pytest.raises(StillpointError, match="needs the coherence"):
            judge(name, replace(network(), coherence=None))


def test_coverage_is_the_share_of_the_valid_area():
    stack = with_phase(network(shape=(20, 10)), 2, lambda image: np.where(np.arange(20)[:, None] < 3, image, np.nan))
    found = classical.coverage(stack)
    assert found.score[2] == pytest.approx(0.15) and found.reasons[2] == "covers 15% of the area"
    assert (np.delete(found.score, 2) == 1).all()


def test_residues_are_counted_round_every_four_pixels():
    row, col = np.mgrid[:12, :12]
    vortex = np.arctan2(row - 5.5, col - 5.5).astype(np.float32)
    assert classical.residue_density(vortex) == pytest.approx(1 / 121)
    ramp = (0.9 * row + 0.4 * col).astype(np.float32)
    assert classical.residue_density(wrap(ramp)) == 0
    rng = np.random.default_rng(0)
    noise = rng.uniform(-np.pi, np.pi, (300, 300)).astype(np.float32)
    assert classical.residue_density(noise) == pytest.approx(classical.RANDOM_RESIDUES, abs=0.005)
    noise[::2] = np.nan
    assert np.isnan(classical.residue_density(noise))


def test_the_residues_of_unwrapped_phase_are_those_of_the_wrapped():
    stack = with_phase(network(), 1, lambda image: np.random.default_rng(1).normal(0, 9, image.shape).astype(np.float32))
    wrapped = replace(stack, phase=wrap(stack.phase), unwrapped=False)
    assert classical.residues(stack).score == pytest.approx(classical.residues(wrapped).score, abs=0.01)
    assert classical.residues(stack).score[1] < 0.2


def test_baselines_are_those_of_small_baseline_networks():
    stack = network(pairs=[[0, 1], [0, 2], [1, 2]], dates=3)
    dates = np.array(["2019-01-01", "2019-05-31", "2022-01-01"], "datetime64[D]")
    stack = replace(stack, dates=dates, baselines=np.array([107.0, np.nan, -600.0]))
    found = classical.baselines(stack)
    assert found.score[0] == pytest.approx((1 - 150 / 1500) * 0.9)
    assert found.score[1] == pytest.approx(1 - 1096 / 1500)
    assert found.reasons[1] == "1096 days" and found.reasons[2] == "946 days, 600 m"


def test_a_pair_whose_every_loop_is_open_is_bad_and_the_others_are_not():
    stack = with_phase(network(dates=8, noise=0.05), 9, lambda image: image + 2 * np.pi * (np.arange(24)[:, None] < 8))
    found = classical_closure.verdict(stack)
    assert (found.score < found.threshold).nonzero()[0].tolist() == [9]
    loops = triplets(stack.pairs)
    mine = (loops == 9).any(axis=1).sum()
    assert found.evidence["loops"][9] == mine == found.evidence["bad_loops"][9]
    share = 8 / 24  # a turn on a third of the ground, about its median of 0
    assert found.evidence["closure_rms"][9] == pytest.approx(2 * np.pi * np.sqrt(share), rel=0.02)
    assert "all of its loops are open" in found.reasons[9]
    assert found.score[9] == pytest.approx(1 / (1 + (found.evidence["closure_rms"][9] / 1.5) ** 2))


def test_other_references_open_no_loop_and_wrapped_phase_is_judged_too():
    stack = network(noise=0.05)
    shifted = replace(stack, phase=stack.phase + np.arange(stack.count, dtype=np.float32)[:, None, None])
    assert classical_closure.verdict(shifted).score == pytest.approx(classical_closure.verdict(stack).score, abs=1e-3)
    rng = np.random.default_rng(1)
    wrapped = replace(stack, phase=wrap(shifted.phase), unwrapped=False)
    assert (classical_closure.verdict(wrapped).score > 0.9).all()
    noisy = with_phase(wrapped, 5, lambda image: rng.uniform(-np.pi, np.pi, image.shape).astype(np.float32))
    assert (classical_closure.verdict(noisy).score < 0.5).nonzero()[0].tolist() == [5]


def test_pairs_in_no_loop_are_not_judged_and_count_like_the_mean_of_the_others():
    stack = network(pairs=[[0, 1], [1, 2], [0, 2], [2, 3]], dates=4)
    found = classical_closure.verdict(stack)
    assert np.isnan(found.score[3]) and found.reasons[3].startswith("in no loop")
    assert found.variance[3] == pytest.approx(np.mean(found.variance[:3]), abs=0.06)
    with pytest.raises(StillpointError, match="form a loop"):
        classical_closure.verdict(network(dates=5, reach=1))


def test_little_ground_and_no_coherence_are_bad_before_any_loop():
    stack = network(dates=6)
    coherence = stack.coherence.copy()
    coherence[3] = 0.02
    stack = with_phase(replace(stack, coherence=coherence), 7, lambda image: np.where(np.arange(24)[:, None] < 4, image, np.nan))
    found = classical_closure.verdict(stack)
    assert (found.score < 0.5).nonzero()[0].tolist() == [3, 7]
    assert found.reasons[3] == "mean coherence 0.02" and found.reasons[7] == "covers 17% of the area"
    assert found.evidence["loops"][3] == 0


def test_unknown_methods_are_named():
    with pytest.raises(StillpointError, match="no method 'nonsense'"):
        judge("nonsense", network())
