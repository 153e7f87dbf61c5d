from __future__ import annotations

import csv
import sys
from dataclasses import replace

import numpy as np
import pytest

from stillpoint.models.errors import StillpointError
from stillpoint.models.jobs import Simulate
from stillpoint.models.progress import SILENT
from stillpoint.models.rasters.stack import open_stack
from stillpoint.models.simulation import network_faults, network_speckle, network_unwrapping
from stillpoint.models.simulation.network_plan import SENSORS, random_plan
from stillpoint.models.simulation.network_simulation import LIMIT, judge, simulate_network
from stillpoint.models.simulation.simulate import simulate

TREE = {"size": 96, "dates": 8, "pairs": 14, "unwrapper": "tree", "sensor": "Sentinel-1", "landscape": "dry"}


def _calm(seed=1, **more):
    """A plan of a quiet, coherent scene, unwrapped without the optional library."""
    plan = random_plan(np.random.default_rng(seed), **{**TREE, **more})
    return replace(plan, filter=0.0, looks=40.0, images=False, mask=0.0, deformation=5.0, river=False, coherence=1.1, stable=5.0,
                   atmosphere=np.full(8, 0.4), strong=np.zeros(8, bool), ramps=np.zeros((8, 2)), stratified=np.zeros(8), winter=0.0)


@pytest.fixture(scope="module")
def faulty():
    plan = _calm()
    faults = [""] * len(plan.pairs)
    faults[2], faults[5], faults[9] = "decorrelated", "ramp", "jump"
    return simulate_network(7, plan, faults=faults), faults


def test_the_same_seed_gives_the_same_stack():
    plan = _calm(pairs=8)
    first, second = simulate_network(3, plan), simulate_network(3, plan)
    np.testing.assert_array_equal(first.network.phase, second.network.phase)
    assert not np.array_equal(first.network.phase, simulate_network(4, plan).network.phase)


def test_pairs_without_a_fault_are_good_and_close_to_the_truth(faulty):
    simulated, faults = faulty
    sound = [k for k, fault in enumerate(faults) if not fault]
    assert not simulated.bad[sound].any() and (simulated.rms[sound] < 1.0).all()
    assert all(simulated.kinds[k] == "" for k in sound)


def test_the_label_is_the_error_against_the_truth_of_the_two_dates(faulty):
    simulated, _ = faulty
    network = simulated.network
    for pair in range(network.count):
        error = network.phase[pair] - simulated.true_pairs()[pair]
        error = error[simulated.measurable & np.isfinite(error)]
        rms = np.sqrt(np.mean((error - np.median(error)).astype(np.float64) ** 2))
        assert rms == pytest.approx(simulated.rms[pair], rel=1e-3)
        assert simulated.bad[pair] == (rms > LIMIT)


def test_a_constant_is_no_error_but_a_ramp_and_a_cycle_are(faulty):
    simulated, _ = faulty
    network, plan = simulated.network, simulated.plan
    good = int(np.argmin(simulated.rms))
    phase = np.repeat(network.phase[good : good + 1], 3, axis=0)
    phase[0] += 40.0
    phase[1] += np.linspace(0, 4 * np.pi, plan.shape[1], dtype=np.float32)
    phase[2, :, :30] += 2 * np.pi
    pairs = np.repeat(network.pairs[good : good + 1], 3, axis=0)
    three = replace(network, phase=phase, pairs=pairs, coherence=None, baselines=None)
    _, rms, wrong, coverage = judge(three, simulated.true_phase, simulated.measurable)
    assert rms[0] == pytest.approx(simulated.rms[good], rel=0.01)
    assert rms[1] > LIMIT and rms[2] > LIMIT
    assert wrong[2] == pytest.approx(simulated.measurable[:, :30].sum() / simulated.measurable.sum(), abs=0.03)
    np.testing.assert_allclose(coverage, 1.0)


def test_a_strong_atmosphere_is_not_bad():
    plan = _calm(seed=2)
    strong = np.zeros(8, bool)
    strong[3] = True
    plan = replace(plan, strong=strong, atmosphere=np.where(strong, 4.0, 0.4))
    simulated = simulate_network(5, plan, faults=[""] * len(plan.pairs))
    shown = [kind for kind, touched in zip(simulated.kinds, simulated.strong) if touched]
    assert shown and set(shown) == {"strong atmosphere"} and not simulated.bad[simulated.strong].any()
    spread = np.array([np.nanstd(each) for each in simulated.network.phase])
    assert spread[simulated.strong].min() > 1.5 * np.median(spread[~simulated.strong])


@pytest.mark.parametrize("coherence", [0.0, 0.3, 0.8])
def test_multilooked_phase_has_the_spread_and_coherence_of_its_distribution(coherence):
    looks = 12.0
    drawn = network_speckle.multilooked(np.random.default_rng(0), np.full((160, 160), coherence, np.float32), looks)
    spread = np.angle(drawn).std()
    if coherence == 0.0:
        assert spread == pytest.approx(np.pi / np.sqrt(3), rel=0.02)
        # Mean sample coherence of nothing, Touzi et al. 1999: gamma(L) gamma(3/2) / gamma(L + 1/2), near sqrt(pi / (4 L)).
        assert np.abs(drawn).mean() == pytest.approx(np.sqrt(np.pi / (4 * looks)), rel=0.03)
    else:
        # The Cramer-Rao bound is a lower one, and near where looks are many (Rodriguez and Martin 1992).
        bound = np.sqrt((1 - coherence**2) / (2 * looks * coherence**2))
        assert bound < spread < 1.5 * bound
    assert np.abs(drawn).max() <= 1.0 + 1e-5


def test_noise_from_images_agrees_with_the_coherence_that_was_asked_for():
    from stillpoint.models.simulation.network_ground import draw_ground, pair_coherence

    plan = replace(_calm(), looks=16.0, images=True, pairs=np.array([[0, 1], [1, 2], [0, 2]]), baselines=np.zeros(8))
    ground = draw_ground(np.random.default_rng(0), plan)
    drawn = network_speckle.pairs_from_images(np.random.default_rng(1), plan, ground)
    for number in range(3):
        assert abs(drawn[number].mean()) == pytest.approx(float(pair_coherence(plan, ground, number).mean()), abs=0.03)


def test_the_tree_unwraps_a_smooth_surface_exactly_and_leaves_gaps_missing():
    y, x = np.mgrid[0:60, 0:70]
    surface = (0.02 * (x - 30) ** 2 + 0.3 * y).astype(np.float32)
    valid = np.ones(surface.shape, bool)
    valid[20:30, 20:30] = False
    found = network_unwrapping.unwrap_tree(np.angle(np.exp(1j * surface)), valid)
    difference = (found - surface)[valid]
    assert np.ptp(difference) < 1e-3
    assert np.isnan(found[~valid]).all()


def test_a_river_tears_the_tree_apart_as_it_does_in_real_stacks():
    _, x = np.mgrid[0:60, 0:60]
    surface = 0.5 * x.astype(np.float32)
    valid = np.abs(x - 30) > 3
    found = network_unwrapping.unwrap_tree(np.angle(np.exp(1j * surface)), valid)
    left, right = (found - surface)[:, :20], (found - surface)[:, 40:]
    assert np.ptp(left) < 1e-3 and np.ptp(right) < 1e-3
    step = (right.mean() - left.mean()) / (2 * np.pi)
    assert step == pytest.approx(round(step), abs=1e-3) and abs(step) >= 1


def test_without_the_library_the_error_says_what_to_install(monkeypatch):
    network_unwrapping.whirlwind.cache_clear()
    monkeypatch.setitem(sys.modules, "whirlwind", None)
    try:
        with pytest.raises(StillpointError, match="whirlwind-insar"):
            network_unwrapping.unwrap(np.ones((8, 8), np.complex64), looks=5.0, method="flow", valid=np.ones((8, 8), bool))
    finally:
        network_unwrapping.whirlwind.cache_clear()


def test_the_flow_unwraps_a_smooth_surface():
    pytest.importorskip("whirlwind")
    y, x = np.mgrid[0:64, 0:64]
    surface = 0.01 * ((x - 32) ** 2 + (y - 20) ** 2)
    sample = (0.95 * np.exp(1j * surface)).astype(np.complex64)
    found = network_unwrapping.unwrap(sample, looks=20.0, method="flow", valid=np.ones((64, 64), bool))
    assert np.ptp(found - surface) < 1e-2


@pytest.mark.parametrize("kind", network_faults.KINDS)
def test_faults_are_of_their_kind(kind):
    plan = _calm()
    fault = network_faults.make_fault(np.random.default_rng(4), plan, kind, np.zeros(plan.shape, bool))
    touched = {
        "loss": fault.loss.max() > 0.2, "screen": np.ptp(fault.screen) > 0.5, "jumps": np.ptp(fault.jumps) > 0.5,
        "missing": bool(fault.missing.any()),
    }
    expected = {"decorrelated": "loss", "coregistration": "loss", "ramp": "screen", "jump": "jumps", "missing": "missing"}
    assert sum(touched.values()) == 2 if kind == "mixed" else touched[expected[kind]]


@pytest.mark.parametrize("seed", range(12))
def test_plans_are_networks_that_exist(seed):
    plan = random_plan(np.random.default_rng(seed))
    early, late = plan.pairs.T
    assert (early < late).all() and early.min() >= 0 and late.max() < len(plan.dates)
    assert len({tuple(pair) for pair in plan.pairs.tolist()}) == len(plan.pairs) <= 200
    assert (np.diff(plan.dates).astype(int) > 0).all() and plan.baselines[0] == 0
    assert plan.sensor in SENSORS and min(plan.shape) >= 77


def test_the_job_writes_a_stack_its_coherence_and_its_truth(tmp_path):
    pytest.importorskip("whirlwind")
    output = tmp_path / "net.tif"
    result = simulate(Simulate(what="interferograms", output=str(output), size=64, dates=6, seed=2), SILENT)
    assert set(result.outputs) == {"output", "coherence", "truth", "velocity"}
    with open_stack(str(output)) as stack:
        assert stack.quantity in ("unwrapped", "phase") and stack.shape == (64, 64)
        assert stack.companions["coherence"] == result.outputs["coherence"]
        assert all(band.pair for band in stack.bands) and stack.wavelength
        pairs = [tuple(str(day) for day in band.pair) for band in stack.bands]
    with open(result.outputs["truth"], newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert [(row["reference_date"], row["secondary_date"]) for row in rows] == pairs
    assert sum(row["bad"] == "1" for row in rows) == result.details["bad"]


def test_the_job_refuses_another_ending_and_too_large_a_stack(tmp_path):
    with pytest.raises(StillpointError, match=r"\.tif"):
        simulate(Simulate(what="interferograms", output=str(tmp_path / "net.gpkg")), SILENT)
    with pytest.raises(StillpointError, match="made in memory"):
        simulate(Simulate(what="interferograms", output=str(tmp_path / "net.tif"), size=4000), SILENT)
