"""The benchmark of PS selection: its simulator, its scores, its programs."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from stillpoint.benchmarks.scatterers import accuracy, houston, speed
from stillpoint.benchmarks.scatterers.files import observe, write_scene
from stillpoint.benchmarks.scatterers.peers import PEERS, referred
from stillpoint.benchmarks.scatterers.scores import (
    average_precision,
    calibration_error,
    f1_at_true_count,
    false_per_km2,
    noise_scores,
)
from stillpoint.benchmarks.scatterers.settings import FIELDS, FOREST, SETTINGS, TOWN, WATER, Ground, Setting
from stillpoint.benchmarks.scatterers.similarity import phase_similarity
from stillpoint.benchmarks.scatterers.simulator import make_scene, phase_variance
from stillpoint.models.rasters.stack import open_stack

SMALL = (72, 96)


@pytest.fixture(scope="module")
def scene():
    return make_scene("dates-30", 3, size=SMALL)


def test_a_seed_gives_the_same_scene_and_another_seed_another(scene):
    again = make_scene("dates-30", 3, size=SMALL)
    np.testing.assert_array_equal(again.slc, scene.slc)
    np.testing.assert_array_equal(again.noise, scene.noise)
    assert not np.array_equal(make_scene("dates-30", 4, size=SMALL).cover, scene.cover)


@pytest.mark.parametrize("setting", SETTINGS)
def test_scenes_have_a_share_of_scatterers_that_lies_in_town(setting):
    made = [make_scene(setting, seed, size=(128, 128)) for seed in (0, 1)]
    truth = np.concatenate([one.truth.ravel() for one in made])
    cover = np.concatenate([one.cover.ravel() for one in made])
    assert 0.02 < truth.mean() < 0.16
    assert truth[cover == TOWN].mean() > 5 * truth[(cover == FIELDS) | (cover == FOREST) | (cover == WATER)].mean()


def test_phase_variance_is_that_of_drawn_noise():
    rng = np.random.default_rng(1)
    for ratio in (0.01, 1.0, 4.0, 50.0):
        noise = (rng.standard_normal(200_000) + 1j * rng.standard_normal(200_000)) / np.sqrt(2)
        drawn = np.angle(np.sqrt(ratio) + noise)
        assert phase_variance(np.array(ratio)) == pytest.approx(drawn.var(), rel=0.02)


def test_true_noise_is_the_scatter_of_many_images(monkeypatch):
    """Without what neighbours share, without heights, and with a ground that forgets, the scatter over 300 dates is the truth."""
    chosen = SETTINGS["dates-30"]
    forgetful = {code: replace(ground, remembered=0.0) for code, ground in chosen.ground.items()}
    flat = {code: replace(points, block=0.0, height=0.0) for code, points in chosen.points.items()}
    plain = replace(
        chosen, dates=300, ground=forgetful, points=flat, turbulence=(1e-6, 1e-5), stratified=0.0, orbit=0.0, dem_error=0.0,
        subsidence=0.0, thermal=0.0, behaviour=(0.7, 0.1, 0.2, 0.0),
    )
    monkeypatch.setitem(SETTINGS, "dates-30", plain)
    made = make_scene("dates-30", 0, size=(48, 48))
    angle = np.angle(made.slc * np.conj(made.slc.sum(axis=0)))
    seen = angle.std(axis=0)
    quiet = made.noise < 0.9
    assert quiet.sum() > 100
    assert np.median(np.abs(seen[quiet] / made.noise[quiet] - 1)) < 0.06
    assert (seen[quiet] / made.noise[quiet]).mean() == pytest.approx(1.0, abs=0.05)


def test_ground_that_never_changes_is_stable(monkeypatch):
    rock = Ground(20.0, 0.0, 0.999, 0.0, 0.0, 10.0, 0.0, 0.0)
    chosen = SETTINGS["dates-30"]
    still: Setting = replace(chosen, ground={code: rock for code in range(5)}, points={TOWN: chosen.points[TOWN]})
    monkeypatch.setitem(SETTINGS, "dates-30", still)
    # a permanent ground has speckle: only its dark grains lie near the thermal noise
    outside = make_scene("dates-30", 0, size=(40, 40))
    assert outside.truth[outside.cover != TOWN].mean() > 0.9


def test_scores_on_numbers_that_can_be_reckoned():
    truth = np.array([True, False, True, False, False])
    score = np.array([0.9, 0.8, 0.7, 0.2, 0.1])
    assert average_precision(score, truth) == pytest.approx((1 + 2 / 3) / 2)
    assert f1_at_true_count(score, truth) == pytest.approx(0.5)  # the two highest: one is right
    # equal scores enter together: precision 2/5 for all that is found
    assert average_precision(np.zeros(5), truth) == pytest.approx(0.4)
    cover = np.array([TOWN, WATER, TOWN, FIELDS, FIELDS])
    found = false_per_km2(score, truth, cover, spacing=(100.0, 100.0))
    assert found["water"] == pytest.approx(100.0)  # one on a hundredth of a km²
    assert found["fields"] == 0.0
    assert np.isnan(found["forest"])


def test_calibration_and_noise_scores():
    probability = np.repeat([0.1, 0.9], 1000)
    truth = np.zeros(2000, bool)
    truth[:100] = True
    truth[1000:1700] = True
    assert calibration_error(probability, truth) == pytest.approx(0.1)  # half of the pixels are 0.2 off
    noise = np.linspace(0.1, 1.0, 50)
    found = noise_scores(noise**2, noise)
    assert found["correlation"] == pytest.approx(1.0)
    assert found["error"] == pytest.approx(np.median(noise - noise**2))


def test_similarity_of_pixels_that_move_together():
    rng = np.random.default_rng(0)
    phasor = np.exp(1j * rng.uniform(-np.pi, np.pi, (40, 9, 9))).astype(np.complex64)
    phasor[:, 3, 3] = phasor[:, 3, 5]
    median, largest = phase_similarity(phasor, radius=2)
    assert largest[3, 3] == pytest.approx(1.0, abs=1e-3)
    assert largest[7, 7] < 0.7
    assert abs(float(median.mean())) < 0.1
    alone, _ = phase_similarity(phasor, radius=2, among=np.zeros((9, 9), bool))
    assert (alone == -1).all()


def test_interferograms_and_images_of_a_scene_tell_the_same(scene, tmp_path):
    seen = observe(scene)
    write_scene(scene, tmp_path, "phase")
    with open_stack(str(tmp_path / "phase.tif")) as stack:
        phase = stack.read(slice(None), slice(None))
        assert len(stack) == len(scene.dates) - 1
        assert stack.bands[0].perpendicular_baseline == pytest.approx(-scene.baselines[0], rel=1e-4)
        assert stack.spacing_m == pytest.approx(scene.spacing)
        assert Path(stack.companions["amplitude"]).name == "amplitude.tif"
    others = np.delete(seen.phasor, seen.reference, axis=0)
    np.testing.assert_allclose(np.exp(-1j * phase), others, atol=1e-4)  # reference minus secondary
    turned = referred(seen, 2)
    np.testing.assert_allclose(turned.phasor[2], 1, atol=1e-5)
    assert turned.baselines[2] == 0


def test_accuracy_prints_the_table(monkeypatch, tmp_path, capsys):
    original = accuracy.make_scene
    monkeypatch.setattr(accuracy, "make_scene", lambda setting, seed: original(setting, seed, size=SMALL))
    target = tmp_path / "table"
    monkeypatch.setattr(PEERS["unet"]().__class__, "answer_scene", _fails)
    options = ["--settings", "rural", "--methods", "dispersion", "similarity", "unet", "--scenes", "1", "--output", str(target)]
    assert accuracy.main(options) == 0
    said = capsys.readouterr()
    assert "| amplitude dispersion |" in said.out
    assert "unet (engine) left out" in said.err  # named, and the others went on
    assert "unet" not in said.out
    assert target.with_suffix(".json").is_file()


def _fails(*_arguments):
    raise KeyError("no such method")


def test_held_out_gamma_knows_steady_pixels_from_noise():
    rng = np.random.default_rng(2)
    noise = np.full((40, 40), 2.5)
    steady = rng.random((40, 40)) < 0.3
    noise[steady] = 0.3
    shared = rng.uniform(-np.pi, np.pi, (30, 1, 1))
    phasor = np.exp(1j * (shared + noise * rng.standard_normal((30, 40, 40)))).astype(np.complex64)
    gamma = houston.held_out_gamma(phasor)
    assert gamma[steady].min() > 0.85
    assert gamma[~steady].max() < 0.7


@pytest.mark.parametrize("how", houston.SHARES)
def test_dates_are_shared_without_overlap(how):
    first, second = houston.split(93, 29, how)
    assert sorted([*first, *second]) == [k for k in range(93) if k != 29]
    assert abs(len(first) - len(second)) <= 6


def test_houston_measures_what_can_be_told(monkeypatch):
    """Where amplitudes say nothing, similarity selects pixels that are stable later, and dispersion does not."""
    made = make_scene("dates-30", 0, size=(120, 60))
    seen = observe(made)
    noisy = replace(seen, amplitude=np.random.default_rng(0).rayleigh(size=seen.amplitude.shape).astype(np.float32), gains=None)
    stack = houston.Houston(replace(noisy, gains=noisy.amplitude.mean(axis=(1, 2))), np.zeros(seen.shape, np.float32), made.truth)
    monkeypatch.setattr(PEERS["similarity"], "seeds", 9.0)
    rows = houston.measure(stack, ["dispersion", "similarity"], "alternate", both=False)
    lead, low, high = houston.difference(rows, "similarity", "dispersion", 0.05)
    assert 0.05 < low < lead < high
    assert "leads over" in houston.markdown(rows)


def test_real_houston_is_uniform():
    folder = Path(os.environ.get("STILLPOINT_DATA", houston.default_folder().parent)) / "houston-s1-psps"
    if not folder.is_dir():
        pytest.skip(f"the real data are not in {folder}")
    stack = houston.read_houston(folder)
    # the reference date's atmosphere has the same sign in all interferograms, so the means of earlier and later ones agree
    reference = stack.seen.reference
    best = stack.mask & (stack.similarity > 0.7)
    against = stack.seen.phasor[:, best]
    against = against * np.exp(-1j * np.angle(against.mean(axis=1, keepdims=True)))
    before, after = against[:reference].mean(axis=0), against[reference + 1 :].mean(axis=0)
    assert np.corrcoef(np.angle(before), np.angle(after))[0, 1] > 0.15  # and the opposite where they are mixed


def test_mosaic_repeats_a_stack(scene, tmp_path):
    path = speed.mosaic(write_scene(scene, tmp_path), 100, 200)
    with open_stack(str(path)) as stack:
        assert stack.shape == (100, 200)
        assert str(stack.bands[0].date) == str(scene.dates[0])
        assert stack.wavelength == pytest.approx(scene.wavelength)
        values = stack.read(slice(72, 100), slice(96, 192))
    np.testing.assert_array_equal(values, scene.slc[:, :28])


def test_a_method_of_the_engine_answers_in_memory():
    scene = make_scene("dates-30", 0, size=(40, 50))
    answer = PEERS["amplitude_dispersion"]().answer(observe(scene))
    assert answer.score.shape == (40, 50)
    assert average_precision(answer.score.ravel(), scene.truth.ravel()) > 2 * scene.truth.mean()
