"""Sums of squares and break scans equal plain least squares; F tests keep their level."""

from __future__ import annotations

import numpy as np
import pytest

from stillpoint.models.errors import StillpointError
from stillpoint.models.trends import scan
from stillpoint.models.trends.designs import time_axis, trend_columns

from .synthetic import irregular, noise, regular, years_of


def least_squares(columns, y):
    beta = np.linalg.lstsq(columns, y, rcond=None)[0]
    return float(((y - columns @ beta) ** 2).sum()), beta


def test_scan_equals_least_squares_with_gaps_and_irregular_dates():
    rng = np.random.default_rng(1)
    dates = irregular(rng, 90)
    axis = time_axis(dates)
    columns, constant = trend_columns(axis)
    series = noise(rng, dates, 40) + rng.normal(0, 20, (40, 1)) * years_of(dates)
    series[rng.random(series.shape) < 0.15] = np.nan
    found = scan.scan_general(axis, series)
    assert axis.annual
    checked = 0
    while checked < 200:
        row, k = int(rng.integers(40)), int(rng.integers(90))
        if np.isnan(found.hinge[row, k]):
            continue
        checked += 1
        valid = np.isfinite(series[row])
        y, base = series[row, valid], columns[valid, : constant + 1]
        line, _ = least_squares(base, y)
        assert found.rss["line"][row] == pytest.approx(line, rel=1e-8)
        assert found.rss["constant"][row] == pytest.approx(least_squares(base[:, :-1], y)[0], rel=1e-8)
        assert found.rss["parabola"][row] == pytest.approx(least_squares(columns[valid], y)[0], rel=1e-8)
        for gain, size, column in (
            (found.hinge, found.hinge_size, np.maximum(axis.x - axis.x[k], 0)[valid]),
            (found.jump, found.jump_size, (np.arange(90) >= k)[valid] * 1.0),
        ):
            broken, beta = least_squares(np.column_stack([base, column]), y)
            assert line - gain[row, k] == pytest.approx(broken, rel=1e-8)
            assert size[row, k] == pytest.approx(beta[-1], rel=1e-6, abs=1e-8)


def test_a_step_of_fixed_size_gains_what_subtracting_it_gains():
    rng = np.random.default_rng(2)
    dates = irregular(rng, 60)
    axis = time_axis(dates)
    series = noise(rng, dates, 3)
    series[:, 30:] += 20.0
    found = scan.scan_general(axis, series)
    for k in (12, 30, 45):
        corrected = series - 27.7 * np.sign(found.jump_size[:, k, None]) * (np.arange(60) >= k)
        after = scan.scan_general(axis, corrected).rss["line"]
        np.testing.assert_allclose(found.rss["line"] - after, scan.fixed_gain(found, 27.7)[:, k], rtol=1e-8)


def test_matrix_products_equal_cumulative_sums():
    rng = np.random.default_rng(3)
    dates = irregular(rng)
    axis = time_axis(dates)
    series = noise(rng, dates, 30) + 15 * years_of(dates)
    shared, general = scan.scan_shared(axis, series), scan.scan_general(axis, series)
    for name in shared.rss:
        np.testing.assert_allclose(shared.rss[name], general.rss[name], rtol=1e-8)
    for name in ("hinge", "jump", "hinge_size", "jump_size", "jump_length"):
        one, other = getattr(shared, name), getattr(general, name)
        np.testing.assert_array_equal(np.isnan(one), np.isnan(other))
        np.testing.assert_allclose(one, other, rtol=1e-6, atol=1e-7)


@pytest.mark.parametrize("level", [0.05, 0.01])
def test_f_tests_keep_their_level_on_white_noise(level):
    rng = np.random.default_rng(4)
    dates = regular(60)
    found = scan.published_tests(time_axis(dates), noise(rng, dates, 20_000), white=True)
    # four standard deviations of the binomial count lie within 20 % of 1 %
    for p in (found.p_line, found.p_parabola):
        assert (p < level).mean() == pytest.approx(level, rel=0.2)


def test_correlated_noise_leaves_fewer_independent_epochs():
    rng = np.random.default_rng(5)
    dates = regular(200, 6)
    white = scan.published_tests(time_axis(dates), noise(rng, dates, 300))
    red = scan.published_tests(time_axis(dates), noise(rng, dates, 300, white=1.0, correlated=3.0, tau=40.0))
    assert np.median(white.effective) > 170
    assert np.median(red.effective) < 60


def test_bic_weights_favour_the_true_model():
    rng = np.random.default_rng(6)
    dates = regular(120)
    t = years_of(dates)
    axis = time_axis(dates)
    truth = {
        "line": 12 * t, "parabola": 6 * (t - 2) ** 2, "hinge": 30 * np.maximum(t - 2, 0), "jump": 30.0 * (t > 2),
        "constant": 0 * t,
    }
    for name, motion in truth.items():
        weights = scan.published_tests(axis, noise(rng, dates, 50) + motion).weights
        np.testing.assert_allclose(weights.sum(1), 1.0)
        assert (weights.argmax(1) == scan.MODELS.index(name)).mean() > 0.85, name


def test_dates_that_cannot_be_used_are_named():
    with pytest.raises(StillpointError, match="same date"):
        time_axis(np.repeat(np.datetime64("2020-01-01"), 9))
    with pytest.raises(StillpointError, match="number 2"):
        time_axis(np.array(["2020-01-01", "NaT"], "datetime64[D]"))
    with pytest.raises(StillpointError, match="no dates"):
        time_axis(np.array([], "datetime64[D]"))


def test_annual_motion_needs_time_and_months():
    assert time_axis(regular(60, 12)).annual
    assert not time_axis(regular(40, 12)).annual
    summers = np.array([f"{year}-0{month}-10" for year in range(2010, 2018) for month in (6, 7, 8)], "datetime64[D]")
    assert not time_axis(summers).annual
