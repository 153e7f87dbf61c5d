from __future__ import annotations

import csv
import os
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from stillpoint.models.errors import Cancelled, StillpointError
from stillpoint.models.interferograms import default, default_examples, default_figures, default_lessons, reasons, train_default
from stillpoint.models.interferograms.default_network import (
    EDGES,
    LIMIT,
    DefaultNetwork,
    DefaultNetworkShape,
    expected_variance,
    log_odds,
    range_of,
)
from stillpoint.models.interferograms.observations import Network
from stillpoint.models.jobs import TrainModel
from stillpoint.models.learning import metrics
from stillpoint.models.progress import SILENT, Progress
from stillpoint.models.simulation import network_simulation
from stillpoint.models.simulation.network_plan import random_plan


def quiet_plan(rng, pairs=24, dates=9, size=96):
    """A coherent scene that needs no optional library."""
    plan = random_plan(rng, size=size, dates=dates, pairs=pairs, unwrapper="tree", sensor="Sentinel-1", landscape="dry")
    return replace(
        plan, filter=0.0, looks=30.0, images=False, mask=0.0, deformation=8.0, river=False, coherence=1.1, stable=4.0, winter=0.0,
        strong=np.zeros(dates, bool), atmosphere=np.full(dates, 0.5), stratified=np.zeros(dates), ramps=np.zeros((dates, 2)),
    )  # fmt: skip


@pytest.fixture(scope="module")
def opened():
    return default.open_default()


@pytest.fixture(scope="module")
def simulated():
    plan = quiet_plan(np.random.default_rng(5))
    strong = np.zeros(9, bool)
    strong[5] = True
    plan = replace(plan, strong=strong, atmosphere=np.where(strong, 4.0, 0.5))
    made = network_simulation.simulate_network(3, plan, faults=[""] * len(plan.pairs))
    phase = made.network.phase.copy()
    phase[4, :40, :40] += 2 * np.pi
    phase[11] += np.linspace(-9, 9, 96, dtype=np.float32)
    return made, replace(made.network, phase=phase)


@pytest.fixture(scope="module")
def judged(opened, simulated):
    return default.verdict(opened, simulated[1])


def test_wrong_cycles_and_ramps_are_bad_and_all_else_is_good(judged, simulated):
    bad = judged.score < judged.threshold
    assert sorted(np.flatnonzero(bad).tolist()) == [4, 11]


def test_the_reasons_say_what_and_where(judged, simulated):
    made, _ = simulated
    assert judged.reasons[4] == "unwrapping error, upper left"
    assert judged.reasons[11] == "long-wavelength ramp"
    good = [k for k in range(made.network.count) if k not in (4, 11)]
    assert {judged.reasons[k] for k in good if made.strong[k]} == {"strong atmosphere: kept"}
    assert {judged.reasons[k] for k in good if not made.strong[k]} == {""}


def test_weights_are_low_where_the_phase_is_wrong(judged, simulated):
    weights = judged.weights
    assert weights.shape == simulated[1].phase.shape and weights.min() >= 0 and weights.max() <= 1
    assert np.median(weights[4, :36, :36]) < 0.2 < 0.5 < np.median(weights[4, 48:, 48:])


def test_the_variance_is_near_the_true_one(judged, simulated):
    made, _ = simulated
    good = [k for k in range(made.network.count) if k not in (4, 11)]
    assert judged.variance[[4, 11]].min() > 3 * judged.variance[good].max()
    # It is a mean over what the error may be, so it lies above the error of a very clean stack, but not far.
    above = np.sqrt(judged.variance[good]) - made.rms[good]
    assert -0.1 < np.median(above) < 0.3 and np.quantile(above, 0.9) < 0.7


def test_the_order_of_pairs_and_the_sign_do_not_matter(opened, judged, simulated):
    network = simulated[1]
    order = np.random.default_rng(0).permutation(network.count)
    turned = replace(network, phase=-network.phase[order], pairs=network.pairs[order], coherence=network.coherence[order],
                     baselines=network.baselines[order])  # fmt: skip
    again = default.verdict(opened, turned)
    assert ((again.score < again.threshold) == (judged.score < judged.threshold)[order]).all()
    assert np.abs(again.score - judged.score[order]).max() < 0.15
    same = default.verdict(opened, replace(turned, phase=-turned.phase), weights=False)
    np.testing.assert_allclose(same.score, judged.score[order], atol=1e-3)
    assert same.weights is None


def test_coherence_and_baselines_are_optional(opened, simulated):
    found = default.verdict(opened, replace(simulated[1], coherence=None, baselines=None))
    assert sorted(np.flatnonzero(found.score < found.threshold).tolist()) == [4, 11]
    assert np.isnan(found.evidence["coherence"]).all()


def test_empty_constant_and_nearly_empty_pairs_are_bad_and_said_to_be(opened, simulated):
    phase = simulated[0].network.phase.copy()
    phase[0], phase[1], phase[2, 10:] = np.nan, 1.5, np.nan
    found = default.verdict(opened, replace(simulated[0].network, phase=phase))
    assert [found.reasons[k] for k in range(3)] == ["no data", "constant", "missing most of the image"]
    assert (found.score[:3] < found.threshold).all() and (found.score[3:] >= found.threshold).all()
    assert found.weights[0].max() == 0 and found.weights[2, 10:].max() == 0 and np.isfinite(found.weights).all()


@pytest.mark.parametrize("shape", [(1, 1), (2, 5), (40, 3)])
def test_tiny_stacks_of_one_pair_or_three_are_judged(opened, shape):
    rng = np.random.default_rng(0)
    dates = np.datetime64("2021-01-01") + 12 * np.arange(3)
    for pairs in ([[0, 1]], [[0, 1], [1, 2], [0, 2]]):
        phase = rng.standard_normal((len(pairs), *shape)).astype(np.float32)
        found = default.verdict(opened, Network(phase, dates, np.array(pairs), True))
        assert np.isfinite(found.score).all() and ((found.score >= 0) & (found.score <= 1)).all()


def test_a_cancel_is_heard(opened, simulated):
    with pytest.raises(Cancelled):
        default.verdict(opened, simulated[1], progress=Progress(cancelled=lambda: True))


def test_another_model_is_refused(tmp_path):
    from stillpoint.models.learning import library

    with pytest.raises(StillpointError):
        default.open_default(tmp_path / "none.safetensors")
    with pytest.raises(StillpointError):
        default.open_default(library.shipped("scatterers", "default"))


def test_real_pairs_of_mexico_city_are_all_kept(opened):
    osgeo = pytest.importorskip("osgeo.gdal")
    root = Path(os.environ.get("STILLPOINT_DATA", Path(__file__).parents[3] / ".." / "shared" / "data" / "real"))
    files = sorted((root / "mexico-city-s1-pyrate" / "unw").glob("*_unw.tif"))
    if not files:
        pytest.skip("the real data of Mexico City are not here")
    days = [file.name.split("_")[1].split("-") for file in files]
    ends = np.array([[np.datetime64(f"{day[:4]}-{day[4:6]}-{day[6:]}") for day in pair] for pair in days])
    phase = np.stack([osgeo.Open(str(file)).ReadAsArray() for file in files]).astype(np.float32)
    phase[phase == 0] = np.nan
    dates = np.unique(ends)
    found = default.verdict(opened, Network(phase, dates, np.searchsorted(dates, ends), True))
    assert (found.score >= found.threshold).all()


def star(noisy, size=64):
    """A wrapped stack of one reference date whose pairs are noise or clean, with what that does to their coherence."""
    rng = np.random.default_rng(3)
    rows, cols = np.mgrid[0:size, 0:size] / size
    count = len(noisy)
    slopes = rng.uniform(-6, 6, (2, count, 1, 1))
    noise = np.where(noisy[:, None, None], rng.uniform(-np.pi, np.pi, (count, size, size)), rng.normal(0, 0.4, (count, size, size)))
    phase = np.angle(np.exp(1j * (slopes[0] * rows + slopes[1] * cols + noise))).astype(np.float32)
    dates = np.datetime64("2019-01-01") + 12 * np.arange(count + 1)
    pairs = np.stack([np.zeros(count, int), np.arange(1, count + 1)], axis=1)
    return Network(phase, dates, pairs, False)


@pytest.mark.parametrize("share", [0.0, 0.3, 0.8, 1.0])
def test_pure_noise_is_bad_without_loops_or_coherence_however_much_of_the_stack_it_is(opened, share):
    noisy = np.arange(20) < 20 * share
    found = default.verdict(opened, star(noisy), weights=False)
    assert ((found.score < found.threshold) == noisy).all()
    assert {found.reasons[k] for k in np.flatnonzero(noisy)} <= {"decorrelated"}


@pytest.mark.parametrize("with_coherence", [True, False])
def test_real_pairs_of_houston_that_are_noise_are_bad_and_clean_ones_are_not(opened, with_coherence):
    osgeo = pytest.importorskip("osgeo.gdal")
    root = Path(os.environ.get("STILLPOINT_DATA", Path(__file__).parents[3] / ".." / "shared" / "data" / "real"))
    folder = root / "houston-s1-psps"
    if not (folder / "pairs.csv").is_file():
        pytest.skip("the real data of Houston are not here")
    with (folder / "pairs.csv").open(encoding="utf-8", newline="") as stream:
        rows = sorted(csv.DictReader(stream), key=lambda row: float(row["mean_local_phase_coh_5x5"]))
    rows = [*rows[:24:3], *rows[-7:]]
    steady = np.array([float(row["mean_local_phase_coh_5x5"]) for row in rows])
    days = [sorted((row["date1"], row["date2"])) for row in rows]
    ends = np.array([[np.datetime64(f"{day[:4]}-{day[4:6]}-{day[6:]}") for day in pair] for pair in days])
    dates = np.unique(ends)

    def read(kind, ending):
        return np.stack([osgeo.Open(str(folder / kind / f"{row['pair']}.{ending}.tif")).ReadAsArray() for row in rows])

    coherence = read("coh", "cc").astype(np.float32) / 255 if with_coherence else None
    phase = read("ifg", "diff_pha").astype(np.float32)
    found = default.verdict(opened, Network(phase, dates, np.searchsorted(dates, ends), False, coherence), weights=False)
    bad = found.score < found.threshold
    assert bad[steady < 0.23].all() and not bad[steady > 0.45].any()


@pytest.mark.parametrize(
    ("box", "words"),
    [((0, 10, 0, 10), "upper left"), ((30, 40, 30, 40), "lower right"), ((0, 40, 0, 18), "left half"),
     ((0, 8, 0, 40), "upper part"), ((16, 24, 16, 24), "centre"), ((0, 40, 0, 40), "most of the image"), ((0, 0, 0, 0), "")],
)  # fmt: skip
def test_places_in_words(box, words):
    mask = np.zeros((40, 40), bool)
    mask[box[0] : box[1], box[2] : box[3]] = True
    assert reasons.where(mask) == words


def test_ranges_and_odds_agree():
    logits = torch.randn(7, len(EDGES) + 1, generator=torch.Generator().manual_seed(0))
    share = torch.softmax(logits, dim=1)
    bad = share[:, int(range_of(torch.tensor([LIMIT + 1e-3]))) :].sum(dim=1)
    torch.testing.assert_close(torch.sigmoid(log_odds(logits)), bad)
    sure = torch.full((1, len(EDGES) + 1), -30.0)
    sure[0, int(range_of(torch.tensor([0.6])))] = 30.0
    assert 0.5**2 < float(expected_variance(sure)) < 0.7**2


def test_figures_of_scores():
    truth = np.array([True, False, True, False, False])
    value = np.array([0.9, 0.8, 0.7, 0.7, 0.1])
    pairs = [(a, b) for a in value[truth] for b in value[~truth]]
    above = [1.0 if a > b else 0.5 if a == b else 0.0 for a, b in pairs]
    assert metrics.area_under_curve(truth, value) == pytest.approx(np.mean(above))
    assert default_figures.f1(truth, value > 0.75) == pytest.approx(0.5)
    limit = default_figures.best_limit(truth, value)
    best = max(default_figures.f1(truth, value >= each) for each in (0.0, 0.1, 0.7, 0.8, 0.9))
    assert default_figures.f1(truth, value >= limit) == pytest.approx(best, abs=0.1)
    rng = np.random.default_rng(0)
    odds = rng.normal(0, 2, 4000)
    happens = rng.random(4000) < 1 / (1 + np.exp(-(0.5 * odds - 1)))
    slope, shift = metrics.platt(odds, happens)
    assert slope == pytest.approx(0.5, abs=0.08) and shift == pytest.approx(-1, abs=0.15)
    assert metrics.calibration_error(happens, 1 / (1 + np.exp(-(slope * odds + shift))), bins=10) < 0.03


def test_training_runs_resumes_and_writes_its_card(tmp_path, monkeypatch):
    def small(rng, _plan, **_):
        return network_simulation.simulate_network(rng, quiet_plan(rng, pairs=7, dates=5, size=40))

    monkeypatch.setattr(default_examples, "simulate_network", small)
    for name, count in (("STACKS", 3), ("TUNING", 2), ("JUDGING", 2), ("BARE_STACKS", 0), ("BARE_TUNING", 0), ("BARE_JUDGING", 1),
                        ("WRAPPED_STACKS", 1), ("WRAPPED_TUNING", 1), ("WRAPPED_JUDGING", 1),
                        ("NOISY_STACKS", 1), ("NOISY_TUNING", 1), ("NOISY_JUDGING", 1)):  # fmt: skip
        monkeypatch.setattr(train_default, name, count)
    monkeypatch.setattr(train_default, "_labels", lambda stacks: [np.arange(len(each.rms)) % 3 == 0 for each in stacks])
    output = tmp_path / "mine.safetensors"
    job = TrainModel(capability="interferograms", network="default", output=str(output), epochs=1, seed=3, device="cpu")
    result = train_default.train_default(job, SILENT)
    assert "AUC" in result.summary and output.with_suffix(".md").read_text(encoding="utf-8").startswith("# Network")
    assert len(output.with_suffix(".curves.csv").read_text(encoding="utf-8").splitlines()) >= 2
    weights = default.open_default(output).network.state_dict()
    again = train_default.train_default(replace(job, resume=True), SILENT)
    assert str(again.details["metrics"]) == str(result.details["metrics"])
    for name, value in default.open_default(output).network.state_dict().items():
        torch.testing.assert_close(value, weights[name])


def test_lessons_hold_the_truth_and_what_is_varied_stays_true(tmp_path):
    made = network_simulation.simulate_network(8, quiet_plan(np.random.default_rng(8), pairs=8, dates=5))
    drawn = default_examples.Example(
        made.network, made.error, made.measurable, made.rms, made.coverage, made.bad, made.strong, made.kinds, made.velocity, "tree"
    )
    found = default_lessons.learn_from(drawn)
    power = np.expm1(np.asarray(found.cells.float())).mean(axis=(1, 2))
    np.testing.assert_allclose(power, np.mean(made.error.astype(np.float32) ** 2, axis=(1, 2)), rtol=0.02)
    network = DefaultNetwork(DefaultNetworkShape(found.maps.shape[1], found.figures.shape[1])).eval()
    for seed in range(4):
        other = train_default.varied(found, np.random.default_rng(seed))
        assert torch.equal(other.rms, found.rms)
        assert float(other.cells.float().sum()) == pytest.approx(float(found.cells.float().sum()), rel=1e-4)
        logits, cells = network(*train_default._inputs(other, "cpu"))
        assert torch.isfinite(train_default.loss_of(logits, cells, other))


@pytest.mark.parametrize("loops", [True, False])
def test_a_stack_wrapped_again_has_no_wrong_cycles_and_keeps_its_ramps(loops):
    plan = quiet_plan(np.random.default_rng(8), pairs=8, dates=5, size=48)
    made = network_simulation.simulate_network(8, plan)
    error = made.error.copy()
    error[0, :, :20] += np.float16(2 * np.pi)
    drawn = default_examples.Example(
        made.network, error, made.measurable, made.rms, made.coverage, made.bad, made.strong, made.kinds, made.velocity, "tree"
    )
    found = default_examples.wrapped(drawn, np.random.default_rng(0), loops=loops)
    assert not found.network.unwrapped and np.nanmax(np.abs(found.network.phase)) <= np.pi + 1e-5
    assert found.network.count == (made.network.count if loops else 4) == len(found.kinds) == len(found.bad)
    assert np.nanmax(found.rms) < 1.85 and (found.rms <= made.rms.max() + 0.05).all()
    phase = made.network.phase[[np.flatnonzero((made.network.pairs == pair).all(axis=1))[0] for pair in found.network.pairs]]
    np.testing.assert_allclose(np.exp(1j * found.network.phase), np.exp(1j * phase), atol=1e-4)


def test_training_from_nothing_takes_no_model(tmp_path):
    job = TrainModel(capability="interferograms", output=str(tmp_path / "x.safetensors"), model="other.safetensors")
    with pytest.raises(StillpointError, match="simulated"):
        train_default.train_default(job, SILENT)


def test_stacks_of_noise_are_kept_with_the_coherence_that_a_processor_would_give(tmp_path, monkeypatch):
    plan = replace(quiet_plan(np.random.default_rng(8), pairs=8, dates=9, size=48), unwrapper="none", looks=3.0)
    monkeypatch.setattr(default_examples, "noisy_plan", lambda rng: (plan, ["lost"] * 6 + [""] * 2))
    found = default_examples.example(3, default_examples.NOISY, tmp_path)
    assert not found.network.unwrapped and found.bad[:6].all() and not found.bad[6:].any()
    assert set(found.kinds[:6]) == {"decorrelated"} and found.rms[:6].min() > LIMIT
    again = default_examples.example(3, default_examples.NOISY, tmp_path)
    np.testing.assert_array_equal(again.network.phase, found.network.phase)
