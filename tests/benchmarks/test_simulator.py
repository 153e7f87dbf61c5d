"""The benchmark's simulator, its oracle, and the scores."""

from __future__ import annotations

import numpy as np
import pytest

from stillpoint.benchmarks.trends import oracle
from stillpoint.benchmarks.trends.features import features
from stillpoint.benchmarks.trends.leastsquares import kink_fit
from stillpoint.benchmarks.trends.noise import Visibility, realise
from stillpoint.benchmarks.trends.scores import Answer, calibration_error, score, unknown_scores
from stillpoint.benchmarks.trends.settings import SETTINGS
from stillpoint.benchmarks.trends.simulator import (
    BILINEAR,
    CLASSES,
    LINEAR,
    UNKNOWN,
    UNWRAPPING_ERROR,
    generator,
    levels,
    simulate,
    simulate_file,
)
from stillpoint.benchmarks.trends.unknown import KINDS, simulate_unknown

BOTH = pytest.mark.parametrize("setting", tuple(SETTINGS))


@BOTH
def test_files_are_balanced_repeatable_and_never_shared_between_parts(setting):
    first, again = simulate(setting, 120, seed=3), simulate(setting, 120, seed=3)
    other = simulate(setting, 120, seed=3, part="train")
    assert np.array_equal(np.bincount(first[0].truth.code), np.full(CLASSES, 12))
    np.testing.assert_array_equal(first[1].displacement, again[1].displacement)
    assert first[0].displacement.shape != other[0].displacement.shape or not np.array_equal(
        first[0].displacement, other[0].displacement, equal_nan=True
    )


@BOTH
def test_dates_increase_and_match_the_setting(setting):
    for file in simulate(setting, 360, per_file=30):
        assert np.all(np.diff(file.dates.astype(np.int64)) > 0)
        assert file.displacement.shape == (30, file.dates.size)
        if setting == "seed-like":
            assert file.dates.size == 139
        else:
            assert 7 <= file.dates.size <= 350
            assert file.calendar.years[-1] >= 0.8


@BOTH
def test_jumps_are_multiples_of_half_a_wavelength_and_only_unwrapping_errors_have_them(setting):
    for file in simulate(setting, 240):
        for code, jumps in zip(file.truth.code, file.truth.jumps):
            assert bool(jumps) == (code == UNWRAPPING_ERROR)
            cycles = np.array([size for _, size in jumps]) / (file.wavelength * 500)
            np.testing.assert_allclose(cycles, np.round(cycles), atol=1e-9)


def test_truth_is_the_motion():
    """With almost no noise, the least squares kink finds the true break and velocities."""
    file = simulate_file("seed-like", np.full(40, BILINEAR), generator("seed-like", "test", 0, 0))
    rng = np.random.default_rng(1)
    years, truth = file.calendar.years, file.truth
    at = truth.break_day / 365.25
    clean = truth.velocity_1[:, None] * years + (truth.velocity_2 - truth.velocity_1)[:, None] * np.maximum(
        years - at[:, None], 0
    )
    found = kink_fit(file.dates, clean + 0.01 * rng.standard_normal(clean.shape))
    np.testing.assert_allclose(found["break_day"], truth.break_day, atol=6)
    np.testing.assert_allclose(found["velocity_2"], truth.velocity_2, atol=0.5)
    seen = file.displacement - file.displacement.mean(1, keepdims=True)
    assert np.corrcoef((clean - clean.mean(1, keepdims=True)).ravel(), seen.ravel())[0, 1] > 0.8


def test_noise_has_the_covariance_that_the_oracle_is_told():
    setting = SETTINGS["hard"]
    file = simulate_file("hard", np.zeros(3, int), generator("hard", "test", 5, 2))
    noise = file.noise.take(np.zeros(4000, int))
    seen = realise(noise, setting, file.calendar, np.random.default_rng(0))
    # Points of a file share a part of their noise, so the covariance over points needs many files' realisations.
    more = [realise(noise.take(np.arange(50)), setting, file.calendar, np.random.default_rng(k)) for k in range(1, 200)]
    seen = np.concatenate([seen[:50], *more])
    known = file.noise.covariance(file.calendar, np.array([0]))[0]
    usable = ~file.noise.missing[0]
    measured = (seen.T @ seen / len(seen))[np.ix_(usable, usable)]
    known = known[np.ix_(usable, usable)]
    assert abs(np.trace(measured) / np.trace(known) - 1) < 0.1
    scale = np.sqrt(np.outer(np.diag(known), np.diag(known)))
    assert np.abs((measured - known) / scale).max() < 0.2


def test_visibility_is_the_inverse_standard_error():
    rng = np.random.default_rng(0)
    columns = rng.standard_normal((1, 50, 3))
    covariance = 4.0 * np.eye(50)[None]
    inverse = np.linalg.inv(columns[0].T @ columns[0] / 4.0)
    assert Visibility(covariance, columns).of(2, (0, 1))[0] == pytest.approx(inverse[2, 2] ** -0.5, rel=1e-6)


@BOTH
def test_the_oracle_lands_near_its_limit_and_knows_its_doubt(setting):
    files = simulate(setting, 60, seed=11)
    known = [oracle.posterior(file) for file in files]
    probabilities = np.concatenate([item["probabilities"] for item in known])
    codes = np.concatenate([file.truth.code for file in files])
    right = (probabilities.argmax(1) == codes).mean()
    assert right > (0.85 if setting == "hard" else 0.93)
    assert abs(probabilities.max(1).mean() - right) < 0.07
    np.testing.assert_allclose(probabilities.sum(1), 1.0)


@BOTH
def test_unknown_kinds_are_all_there(setting):
    files = simulate_unknown(setting, 240)
    kinds = np.concatenate([file.truth.kind for file in files])
    assert set(kinds) == set(KINDS)
    for file in files:
        assert np.all(file.truth.code == UNKNOWN)
        odd = [jumps for kind, jumps in zip(file.truth.kind, file.truth.jumps) if kind == "odd step"]
        for jumps in odd:
            cycles = np.abs([size for _, size in jumps]) / (file.wavelength * 500)
            assert np.all(np.abs(cycles - np.round(cycles)) > 0.29)


def test_levels_add_up():
    np.testing.assert_array_equal(levels([[(1, 5.0), (3, -5.0)], []], 5), [[0, 5, 5, 0, 0], [0, 0, 0, 0, 0]])


def test_features_do_not_depend_on_sign_or_offset_and_bear_gaps():
    file = simulate("hard", 60, seed=2)[0]
    plain, names = features(file.dates, file.displacement, file.wavelength)
    turned, _ = features(file.dates, -file.displacement + 50, file.wavelength)
    assert plain.shape == (60, len(names))
    assert np.isfinite(plain).all()
    np.testing.assert_allclose(plain, turned, atol=0.02)


def test_scores_of_a_perfect_and_of_a_blind_answer():
    files = simulate("seed-like", 60)
    codes = files[0].truth.code
    perfect = score(Answer(np.eye(CLASSES)[codes]), files)
    assert perfect["accuracy"] == perfect["accuracy_strict"] == 1.0
    assert perfect["calibration_error"] == 0.0
    assert perfect["stable_called_moving"] == 0.0
    blind = score(Answer(np.eye(CLASSES)[np.full(60, LINEAR)], refused=codes == LINEAR), files)
    assert blind["accuracy"] == pytest.approx(0.2)
    assert blind["accuracy_strict"] == 0.0
    assert blind["refused"] == pytest.approx(0.2)
    assert blind["stable_called_moving"] == 1.0


def test_break_scores_measure_error_and_coverage():
    files = simulate("seed-like", 60)
    truth = files[0].truth
    answer = Answer(
        np.eye(CLASSES)[truth.code], break_day=truth.break_day + 10, break_low=truth.break_day - 1,
        break_high=truth.break_day + 1, velocity_1=truth.velocity_1 - 0.3, error_1=np.full(60, 0.1),
        velocity_2=truth.velocity_2 + 0.1, error_2=np.full(60, 0.1),
    )
    found = score(answer, files)
    assert found["break_days"] == pytest.approx(10)
    assert found["break_coverage"] == 1.0
    assert found["velocity_1"] == pytest.approx(0.3)
    assert found["velocity_1_coverage"] == 0.0
    assert found["velocity_2_coverage"] == 1.0


def test_calibration_error_of_an_overconfident_method():
    probabilities = np.tile([0.9, 0.1, 0.0, 0.0, 0.0], (100, 1))
    codes = np.array([0] * 50 + [1] * 50)
    assert calibration_error(probabilities, codes) == pytest.approx(0.4)


def test_unknown_scores_count_by_kind():
    files = simulate_unknown("seed-like", 60)
    kinds = files[0].truth.kind
    found = unknown_scores(Answer(np.full((len(kinds), CLASSES), 0.2), refused=kinds == "noise"), files)
    assert found["noise"] == 0.0
    assert found["decay"] == 1.0
