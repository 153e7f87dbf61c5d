"""The benchmark of interferogram selection, on very small stacks."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from stillpoint.benchmarks.interferograms import accuracy, real, speed, store
from stillpoint.benchmarks.interferograms.peers import PEERS, Answer, LiCSBAS, Peer, hide, loop_errors, loops_of, spanning_tree
from stillpoint.benchmarks.interferograms.scores import auc, best_threshold, calibration_error, f1, referred, velocity_error
from stillpoint.benchmarks.interferograms.settings import KINDS, SETTINGS
from stillpoint.benchmarks.interferograms.simulator import Stack, make_stack
from stillpoint.benchmarks.interferograms.troubles import draw_trouble, plan_troubles
from stillpoint.benchmarks.interferograms.unwrapping import unwrap
from stillpoint.models.interferograms.observations import Network

SMALL = replace(SETTINGS["pairs-92"], size=56, dates=10, longer=2, looks=12)


@pytest.fixture(scope="module")
def stack():
    return make_stack("pairs-92", 3, changed=SMALL)


def test_unwrapping_undoes_wrapping():
    rows, cols = np.mgrid[:60, :70]
    true = 30 * np.exp(-((rows - 30) ** 2 + (cols - 30) ** 2) / 300) + 0.1 * cols
    noise = 0.3 * np.random.default_rng(0).standard_normal(true.shape)
    found = unwrap(np.exp(1j * (true + noise)).astype(np.complex64))
    error = found - true - noise
    cycles = (error - np.median(error)) / (2 * np.pi)
    np.testing.assert_allclose(cycles, np.round(cycles), atol=1e-3)
    assert (np.abs(cycles) < 0.5).mean() > 0.999


def test_the_unwrapper_follows_a_climb_of_a_whole_cycle_in_a_belt():
    """Behind the belt the wrapped phase is right, the unwrapped one is not: that is what an unwrapping error is."""
    rng = np.random.default_rng(4)
    trouble = draw_trouble(rng, "unwrapping", 120, mild=False)
    noise = 0.2 * rng.standard_normal((120, 120))
    found = unwrap((trouble.coherence * np.exp(1j * (trouble.phase + noise))).astype(np.complex64))
    top = np.abs(trouble.phase).max()
    assert top / (2 * np.pi) == pytest.approx(round(top / (2 * np.pi)))
    far = np.abs(trouble.phase) == top
    assert np.median(np.abs(found[far] - np.median(found[trouble.phase == 0]))) == pytest.approx(top, abs=0.3)
    assert 0.02 < far.mean() < 0.45


def test_a_stack_is_what_it_says(stack):
    again = make_stack("pairs-92", 3, changed=SMALL)
    np.testing.assert_array_equal(stack.phase, again.phase)
    count = len(stack.pairs)
    assert count == 3 * 10 - 6 + 2
    assert stack.phase.shape == stack.coherence.shape == (count, 56, 56)
    assert (stack.pairs[:, 0] < stack.pairs[:, 1]).all()
    assert (np.diff(stack.dates).astype(int) > 0).all()
    assert np.isnan(stack.phase).any() and (np.isnan(stack.phase) == np.isnan(stack.phase[:1])).all()  # water
    assert 0.5 < stack.usable.mean() < 1
    assert stack.network.wavelength == SMALL.wavelength
    assert stack.bad[stack.trouble < 0].mean() < 0.2
    assert (stack.wrong > 0.12).tolist() == stack.bad.tolist()


def test_good_pairs_close_and_add_up_to_the_true_velocity(stack):
    calm = make_stack("pairs-92", 3, changed=replace(SMALL, turbulence=0.01, stratified=0.0, bad=(0, 0, 0, 0), mild=0.0))
    assert not calm.bad.any() and not calm.strong.any()
    rms, covered = velocity_error(calm, referred(calm), np.ones(len(calm.pairs), bool))
    assert rms < 0.8 * calm.velocity[calm.usable].std()  # ten dates are four months: noise alone is 7 mm/yr
    assert covered == 1.0
    still = make_stack("pairs-92", 3, changed=replace(
        SMALL, turbulence=0.01, stratified=0.0, bad=(0, 0, 0, 0), mild=0.0, looks=200, permanent=(0.9, 0.9, 0.9, 0.0, 0.9), wet=0.0,
    ))  # fmt: skip
    assert velocity_error(still, referred(still), np.ones(len(still.pairs), bool))[0] < 2.5
    assert np.median(loop_errors(still.phase, loops_of(still.pairs))) < np.median(loop_errors(calm.phase, loops_of(calm.pairs)))


def test_spoilt_pairs_are_bad_and_mild_ones_are_not():
    plain = replace(SMALL, turbulence=0.3, stratified=0.0, size=72, longer=0)
    spoilt = make_stack("pairs-92", 1, changed=replace(plain, bad=(0.2, 0.2, 0.2, 0.2), mild=0.0))
    mild = make_stack("pairs-92", 1, changed=replace(plain, bad=(0, 0, 0, 0), mild=0.8))
    assert spoilt.bad[spoilt.trouble >= 0].mean() > 0.7
    assert mild.bad[mild.trouble >= 0].mean() < 0.2
    assert {KINDS[k] for k in spoilt.trouble[spoilt.bad]} == set(KINDS)


def test_plan_keeps_shares_and_prefers_the_prone():
    prone = np.ones(92)
    prone[:8] = 6.0
    plans = [plan_troubles(np.random.default_rng(k), (0.065, 0.04, 0.025, 0.03), 0.16, prone) for k in range(40)]
    spoilt = np.array([(kind >= 0) & ~mild for kind, mild in plans])
    assert spoilt.mean() == pytest.approx(0.16, abs=0.01)
    assert np.array([mild for _, mild in plans]).mean() == pytest.approx(0.16, abs=0.01)
    assert spoilt[:, :8].mean() > 2 * spoilt[:, 8:].mean()


def test_stacks_are_kept_on_disk(monkeypatch, tmp_path):
    made = []

    def small(setting, seed):
        made.append(seed)
        return make_stack(setting, seed, changed=replace(SMALL, size=24, dates=5, longer=0))

    monkeypatch.setattr(store, "make_stack", small)
    first = store.stack_of("pairs-92", 7, folder=tmp_path)
    second = store.stack_of("pairs-92", 7, folder=tmp_path)
    assert made == [7]
    for name, value in first.arrays().items():
        np.testing.assert_array_equal(value, second.arrays()[name])
    assert isinstance(second.wavelength, float)
    assert [path.suffix for path in tmp_path.iterdir()] == [".npz"]


def test_scores():
    bad = np.array([True, True, False, False, False])
    assert auc(np.array([0.1, 0.2, 0.5, 0.6, 0.9]), bad) == 1
    assert auc(np.array([0.9, 0.8, 0.5, 0.6, 0.1]), bad) == 0
    assert auc(np.full(5, 0.3), bad) == 0.5
    assert auc(np.array([0.1, np.nan, 0.5, 0.6, 0.9]), bad) == pytest.approx(5 / 6)  # missing: the median, 0.55
    level = best_threshold(np.array([0.1, 0.2, 0.5, 0.6, 0.9]), bad)
    assert 0.2 < level <= 0.5
    assert f1(np.array([True, False, True, False, False]), bad) == 0.5
    assert calibration_error(np.array([0.0, 0.0, 1.0, 1.0, 1.0]), bad) == 0
    assert calibration_error(np.full(5, 0.9), bad) == pytest.approx(0.3)


def network_of(errors, pairs, size=20):
    """Interferograms of noise, some of which are off by a cycle over a part."""
    phase = 0.1 * np.random.default_rng(0).standard_normal((len(pairs), size, size)).astype(np.float32)
    for pair in errors:
        phase[pair, : size // 3] += 2 * np.pi
    dates = np.datetime64("2020-01-01") + 12 * np.arange(int(pairs.max()) + 1)
    return Network(phase=phase, dates=dates, pairs=pairs, unwrapped=True, coherence=np.full(phase.shape, 0.6, np.float32))


PAIRS = np.array([(i, j) for i in range(6) for j in range(i + 1, min(i + 4, 6))])


def test_loops():
    loops = loops_of(PAIRS)
    for one, two, long in loops:
        assert PAIRS[one][1] == PAIRS[two][0]
        assert PAIRS[one][0] == PAIRS[long][0] and PAIRS[two][1] == PAIRS[long][1]
    assert len(loops) == 10
    assert len(loops_of(PAIRS[[0, 1]])) == 0


def test_licsbas_drops_a_pair_that_is_in_bad_loops_only():
    answer = LiCSBAS().answer(network_of([4], PAIRS))
    assert np.flatnonzero(answer.called_bad).tolist() == [4]
    incoherent = network_of([], PAIRS)
    incoherent.coherence[2] = 0.03
    incoherent.phase[5, 4:] = np.nan  # a fifth is left
    assert np.flatnonzero(~LiCSBAS().answer(incoherent).keep).tolist() == [2, 5]


def test_closure_and_scatter_rank_the_wrong_pair_lowest():
    network = network_of([4], PAIRS)
    for name in ("closure", "scatter"):
        assert PEERS[name]().answer(network).score.argmin() == 4
    with pytest.raises(KeyError):
        PEERS["closure"]().answer(replace(network, unwrapped=False))


def test_methods_can_be_shown_less(stack):
    bare = hide(stack.network, ("coherence", "baselines", "cycles"))
    assert bare.coherence is None and bare.baselines is None and not bare.unwrapped
    assert np.nanmax(np.abs(bare.phase)) <= np.float32(np.pi)
    np.testing.assert_allclose(np.exp(1j * bare.phase[0, ::9]), np.exp(1j * stack.phase[0, ::9]), atol=1e-4)
    assert hide(stack.network, ()).coherence is stack.coherence


def test_spanning_tree_takes_the_best():
    score = np.arange(len(PAIRS), dtype=float)
    tree = spanning_tree(PAIRS, score)
    assert tree.sum() == 5
    assert tree[-1] and np.unique(PAIRS[tree]).size == 6


def test_accuracy_prints_tables(monkeypatch, tmp_path, capsys, stack):
    monkeypatch.setattr(accuracy, "stack_of", lambda setting, seed, folder=None: stack)

    class Broken(LiCSBAS):
        label = "broken"

        def answer(self, network):
            raise KeyError("nothing to answer with")

    class Weighing(LiCSBAS):
        label = "weighing"

        def answer(self, network):
            found = super().answer(network)
            score = np.where(found.called_bad, 0.1, 0.9)
            return Answer(score, found.keep, found.called_bad, True, np.ones(network.phase.shape, np.float32))

    monkeypatch.setitem(PEERS, "resnet50", Broken)
    monkeypatch.setitem(PEERS, "default", Weighing)
    monkeypatch.setattr(Peer, "without", ())  # what main sets goes with the test
    target = tmp_path / "table"
    methods = ["keep_all", "mean_coherence", "licsbas", "closure", "resnet50", "default", "truth", "truth_chosen"]
    assert accuracy.main(["--settings", "pairs-92", "--stacks", "2", "--methods", *methods, "--output", str(target)]) == 0
    said = capsys.readouterr()
    assert "broken left out" in said.err and "| broken" not in said.out
    assert "| ... with its weights |" in said.out
    found = json.loads(target.with_suffix(".json").read_text())["pairs-92"]
    assert found["truth"]["f1"] == 1 and found["truth"]["auc"] == 1
    assert found["keep_all"]["dropped"] == 0
    assert found["default"]["weighted_mean"] == pytest.approx(found["default"]["velocity_mean"], rel=1e-3)
    assert found["mean_coherence"]["covered"] == 1


def test_enlarged_networks_have_no_seams(stack):
    large = speed.enlarged(stack.network, 130)
    assert large.shape == (130, 130)
    np.testing.assert_array_equal(large.phase[:, :56, :56], stack.phase)
    np.testing.assert_array_equal(large.phase[:, 55], large.phase[:, 56])


def test_speed_measures_in_a_process(monkeypatch, stack):
    monkeypatch.setattr(speed, "stack_of", lambda setting, seed, folder=None: stack)
    found = speed.measure("velocity", size=60, threads=1)
    assert found["pairs"] == len(stack.pairs) and found["cpu_ms"] > 0
    assert "| velocity |" in speed.table([found])


def test_mexico_keeps_its_reference(real_data):
    network, rows = real.read_mexico(real_data / "mexico-city-s1-pyrate")
    assert network.count == 30 and len(network.dates) == 13
    for days, row in zip(network.days, rows):
        assert days == float(row["dt_days"])
    assert np.median(loop_errors(network.phase, loops_of(network.pairs))) < 0.5
    found = real.measure_mexico(network, ["keep_all", "licsbas", "closure"])
    assert found["licsbas"]["dropped"] == 0 and found["keep_all"]["change"] == 0
    assert "closure" not in found  # it has no threshold of its own
    assert "| keep all | 0 |" in real.tables(found, {})


def test_houston_follows_the_statistics(real_data):
    network, rows = real.read_houston(real_data / "houston-s1-psps")
    assert network.count == 92 and not network.unwrapped
    assert (network.pairs[:, 0] < network.pairs[:, 1]).all()
    found = real.measure_houston(network, rows, ["mean_coherence", "closure"])
    assert set(found) == {"mean_coherence"}  # no loop, and without coherence nothing is left
    assert found["mean_coherence"]["auc"] == 1
    assert "Houston" in real.tables({}, found)


def test_arrays_are_the_whole_stack(stack):
    assert set(stack.arrays()) == set(Stack.__dataclass_fields__)
