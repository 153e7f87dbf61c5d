"""The statistical classifier: the classes of plain cases, what it must not confuse, invariances, odd input."""

from __future__ import annotations

import time

import numpy as np
import pytest

from stillpoint.models.errors import Cancelled, StillpointError
from stillpoint.models.progress import Progress
from stillpoint.models.simulation.series import draw_group
from stillpoint.models.trends import statistical
from stillpoint.models.trends.classes import BILINEAR, LINEAR, QUADRATIC, STABLE, UNWRAPPING_ERROR
from stillpoint.models.trends.designs import time_axis
from stillpoint.models.trends.evidence import gather
from stillpoint.models.trends.jumps import find_jumps
from stillpoint.models.trends.statistical import classify_statistical
from stillpoint.models.trends.statistical_fit import figures, fit_map

from .synthetic import HALF, WAVELENGTH, irregular, noise, regular, seasons, years_of


def classify(dates, series, **options):
    return classify_statistical(dates, np.asarray(series, np.float32), wavelength=WAVELENGTH, **options)


def motions(t):
    middle = t[-1] / 2
    return {
        STABLE: 0 * t,
        LINEAR: 10 * t,
        QUADRATIC: 6 * (t - middle) ** 2,
        BILINEAR: 40 * np.maximum(t - 0.6 * t[-1], 0),
        UNWRAPPING_ERROR: HALF * (t > 0.4 * t[-1]),
    }


@pytest.mark.parametrize("gaps", [0.0, 0.08])
def test_plain_cases_are_told_apart(gaps):
    rng = np.random.default_rng(1)
    dates = irregular(rng)
    for code, motion in motions(years_of(dates)).items():
        y = motion + noise(rng, dates, 60, white=2.0, correlated=1.0) + seasons(dates)
        y[rng.random(y.shape) < gaps] = np.nan
        found = classify(dates, y)
        assert (found.trend_code == code).mean() > 0.9, code
        np.testing.assert_allclose(found.probabilities.sum(1), 1, rtol=1e-5)
        assert np.isnat(found.break_date[found.trend_code != BILINEAR]).all()
        assert not np.isnat(found.break_date[found.trend_code == BILINEAR]).any()


def test_still_ground_under_correlated_noise_is_not_called_moving():
    rng = np.random.default_rng(2)
    dates = regular()
    y = noise(rng, dates, 1000, white=2.0, correlated=2.0, tau=60.0) + seasons(dates)
    found = classify(dates, y).trend_code
    assert np.isin(found, (LINEAR, QUADRATIC, BILINEAR)).mean() < 0.08


def test_significance_decides_how_much_is_called_moving():
    rng = np.random.default_rng(3)
    dates = regular(100)
    y = noise(rng, dates, 400, correlated=1.0) + 1.0 * years_of(dates)
    moving = [(classify(dates, y, significance=level).trend_code != STABLE).mean() for level in (1e-8, 1e-4, 1e-2)]
    assert moving[0] < moving[1] < moving[2]


@pytest.mark.parametrize("at", [2, -2])
@pytest.mark.parametrize("sign", [1, -1])
def test_a_half_wavelength_step_near_either_end_is_an_unwrapping_error(at, sign):
    rng = np.random.default_rng(4)
    dates = regular()
    y = noise(rng, dates, 100, white=1.5)
    y[:, at:] += sign * 27.73
    found = classify(dates, y)
    assert (found.trend_code == UNWRAPPING_ERROR).mean() > 0.9
    rows = np.flatnonzero(found.trend_code == UNWRAPPING_ERROR)
    first = [found.jump_list(row, dates, WAVELENGTH)[0] for row in rows]
    where = dates[at]
    assert np.mean([date == where and round(size * sign) == 28 for date, size in first]) > 0.95


@pytest.mark.parametrize("size", [12.0, 15.0, 40.0])
def test_a_step_of_another_size_is_no_unwrapping_error(size):
    rng = np.random.default_rng(5)
    dates = regular()
    y = noise(rng, dates, 100, white=1.5) + size * (np.arange(139) >= 70)
    found = classify(dates, y)
    assert (found.trend_code == UNWRAPPING_ERROR).mean() < 0.02
    assert (found.reason == statistical.STEP).mean() > 0.9
    assert (found.trend_code[found.reason == statistical.STEP] == -1).all()


def test_flicker_and_several_jumps_are_found():
    rng = np.random.default_rng(6)
    dates = regular()
    axis = time_axis(dates)
    level = np.zeros((60, 139), int)
    for row in range(60):
        for start in rng.choice(np.arange(10, 120, 12), 3, replace=False):
            level[row, start : start + rng.integers(2, 6)] += rng.choice([-1, 1])
        level[row, rng.integers(20, 120) :] += 1
    y = noise(rng, dates, 60, white=2.0) + 20 * np.maximum(years_of(dates) - 2, 0)
    found = find_jumps(axis, (y + HALF * level).astype(np.float32), WAVELENGTH)
    difference = found.level - level
    difference -= np.round(np.median(difference, axis=1))[:, None].astype(int)
    assert (difference == 0).mean() > 0.97
    assert (classify(dates, y + HALF * level).trend_code == UNWRAPPING_ERROR).mean() > 0.95


def test_motion_makes_no_jumps():
    rng = np.random.default_rng(7)
    dates = irregular(rng)
    t = years_of(dates)
    y = noise(rng, dates, 200, white=2.0, correlated=1.5) + 60 * np.maximum(t - 1.5, 0) + seasons(dates, 8.0)
    assert (find_jumps(time_axis(dates), y.astype(np.float32), WAVELENGTH).level == 0).all(1).mean() > 0.97


def test_invariances():
    rng = np.random.default_rng(8)
    dates = irregular(rng)
    y = np.concatenate([motion + noise(rng, dates, 25) for motion in motions(years_of(dates)).values()])
    y = y + seasons(dates, 1.0)
    one = classify(dates, y)
    order = rng.permutation(len(y))
    shuffled = rng.permutation(len(dates))
    for other, rows in (
        (classify(dates, -y), slice(None)), (classify(dates, y + 250.0), slice(None)), (classify(dates, y[order]), order),
        (classify(dates[shuffled], y[:, shuffled]), slice(None)), (classify(dates, y + seasons(dates, 9.0, 2.0)), slice(None)),
    ):
        np.testing.assert_array_equal(other.trend_code, one.trend_code[rows])
        np.testing.assert_allclose(other.probabilities, one.probabilities[rows], atol=0.02)


def test_gaps_of_one_series_change_nothing_for_the_others():
    rng = np.random.default_rng(9)
    dates = regular(90)
    y = noise(rng, dates, 60) + 8 * years_of(dates)
    whole = classify(dates, y)
    y[0, 10:20] = np.nan
    np.testing.assert_allclose(classify(dates, y).probabilities[1:], whole.probabilities[1:], atol=1e-3)


def test_evidence_is_the_same_by_either_path():
    rng = np.random.default_rng(10)
    dates = irregular(rng, 45)  # so few that every epoch is a candidate for the break
    axis = time_axis(dates)
    y = noise(rng, dates, 40) + 10 * np.maximum(years_of(dates) - 1, 0)
    shared = gather(axis, y)
    y[:, -1] = np.nan
    gappy = gather(axis, np.concatenate([y, y[:20]])[:47])
    alone = [gather(axis, y[row : row + 1]) for row in range(5)]
    for row in range(5):
        np.testing.assert_allclose(alone[row].log[0], gappy.log[row], atol=0.1)
    assert np.isfinite(shared.log).all()


def test_odd_input_gets_a_reason():
    dates = regular(30)
    rng = np.random.default_rng(11)
    y = noise(rng, dates, 6)
    y[0] = np.nan
    y[1] = 4.0
    y[2, 7:] = np.nan
    y[3, 8:] = np.nan
    found = classify(dates, y)
    assert list(found.reason[:3]) == [statistical.NO_DATA, statistical.CONSTANT, statistical.TOO_FEW]
    assert (found.trend_code[:3] == -1).all() and np.isnan(found.probabilities[:3]).all()
    assert (found.reason[3:] == "").all() and (found.trend_code[3:] >= 0).all()
    assert (classify(dates[:5], y[:, :5]).reason == statistical.TOO_FEW).all()


def test_dates_may_stand_twice_and_in_any_order():
    rng = np.random.default_rng(12)
    dates = regular(40)
    twice = np.concatenate([dates, dates[::-1]])
    y = noise(rng, twice[np.argsort(twice)], 20)[:, np.argsort(np.argsort(twice, kind="stable"))] + 12 * years_of(twice)
    found = classify(twice, y)
    assert (found.trend_code == LINEAR).mean() > 0.8


def test_bad_arguments_are_named():
    dates = regular(30)
    y = np.zeros((2, 30))
    with pytest.raises(StillpointError, match="metres"):
        classify_statistical(dates, y, wavelength=55.5)
    with pytest.raises(StillpointError, match="significance"):
        classify(dates, y, significance=0.0)
    with pytest.raises(StillpointError, match="29 dates"):
        classify(dates[:29], y)
    with pytest.raises(Cancelled):
        classify(dates, noise(np.random.default_rng(0), dates, 3), progress=Progress(None, lambda: True))


@pytest.mark.parametrize("epochs", [20, 40, 600])
def test_short_and_long_series(epochs):
    rng = np.random.default_rng(13)
    dates = regular(epochs, 6 if epochs > 100 else 24)
    t = years_of(dates)
    still = classify(dates, noise(rng, dates, 60, white=1.5))
    moving = classify(dates, noise(rng, dates, 60, white=1.5) + 30 * t)
    assert (still.trend_code == STABLE).mean() > 0.8
    assert np.isin(moving.trend_code, (LINEAR, QUADRATIC, BILINEAR)).mean() > 0.9


def test_accuracy_and_calibration_on_simulated_series():
    codes, odds = [], []
    for seed in range(16):
        rng = np.random.default_rng([77, seed])
        group = draw_group(rng, 80, other_share=0.0)
        dates = np.datetime64("2017-05-01") + np.round(group.days).astype("timedelta64[D]")
        found = classify_statistical(dates, group.displacement, wavelength=group.wavelength)
        judged = np.isfinite(found.probabilities).all(1)
        codes.append(group.label[judged])
        odds.append(found.probabilities[judged])
    metrics = figures(np.log(np.concatenate(odds) + 1e-9), np.concatenate(codes))
    assert metrics["accuracy"] > 0.82
    assert metrics["calibration error"] < 0.05


def test_the_map_learns_what_it_is_shown():
    rng = np.random.default_rng(14)
    codes = rng.integers(0, 5, 2000)
    statistics = rng.normal(size=(2000, 53))
    statistics[:, :5] += 3.0 * np.eye(5)[codes]
    metrics = figures(fit_map(statistics, codes, iterations=30)(statistics), codes)
    assert metrics["accuracy"] > 0.9


def test_speed_on_shared_dates():
    rng = np.random.default_rng(15)
    dates = regular()
    y = noise(rng, dates, 8192).astype(np.float32)
    classify(dates, y[:64])
    begin = time.process_time()
    classify(dates, y)
    assert 8192 / (time.process_time() - begin) > 5_000  # some 30,000 on a quiet core
