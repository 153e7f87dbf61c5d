"""The curve of one series agrees with the numbers of the layer, and is quick."""

from __future__ import annotations

import subprocess
import sys
import time

import numpy as np
import pytest

from stillpoint.models.trends.classes import BILINEAR, LINEAR, QUADRATIC, STABLE, UNWRAPPING_ERROR
from stillpoint.models.trends.curves import explain_series
from stillpoint.models.trends.refine import refine

from .synthetic import HALF, WAVELENGTH, irregular, noise, regular, seasons, years_of


def example(seed=1, epochs=150):
    rng = np.random.default_rng(seed)
    dates = irregular(rng, epochs)
    t = years_of(dates)
    y = 3 * t + 25 * np.maximum(t - 0.45 * t[-1], 0) + seasons(dates) + noise(rng, dates, 1, correlated=1.0)[0]
    return dates, y


@pytest.mark.parametrize("code", [STABLE, LINEAR, QUADRATIC, BILINEAR])
def test_numbers_equal_those_of_the_layer(code):
    dates, y = example()
    one = explain_series(dates, y, code)
    table = refine(dates, y[None], np.array([code]), wavelength=WAVELENGTH)
    for name, column in (
        ("velocity", "velocity"), ("velocity_se", "vel_se"), ("velocity_1", "velocity_1"), ("velocity_2_se", "vel2_se"),
        ("accel", "accel"), ("annual", "annual"), ("rmse", "rmse"),
    ):
        np.testing.assert_allclose(getattr(one, name), getattr(table, column)[0], rtol=1e-3, atol=1e-3, err_msg=name)
    for name in ("break_date", "break_lo", "break_hi"):
        assert str(getattr(one, name)) == str(getattr(table, name)[0])


def test_the_curve_follows_the_truth_within_its_band():
    inside = []
    for seed in range(30):
        dates, y = example(seed)
        fit = explain_series(dates, y, BILINEAR)
        t = (fit.dates - dates[0]).astype(float) / 365.25
        span = years_of(dates)[-1]
        truth = 3 * t + 25 * np.maximum(t - 0.45 * span, 0)
        inside.append(((fit.lower <= truth) & (truth <= fit.upper)).mean())
        assert (fit.lower < fit.trend).all() and (fit.trend < fit.upper).all()
    assert 0.9 < np.mean(inside) < 1.0


def test_the_trend_has_no_season_and_bends_at_the_break():
    dates, y = example()
    fit = explain_series(dates, y, BILINEAR)
    assert fit.break_lo < fit.break_date < fit.break_hi
    days = (fit.dates - fit.dates[0]).astype(float)
    slopes = np.diff(fit.trend) / np.diff(days) * 365.25
    early = fit.dates[1:] < fit.break_date
    late = fit.dates[:-1] > fit.break_date
    np.testing.assert_allclose(slopes[early], slopes[early][0], atol=1e-6)
    assert slopes[early][0] == pytest.approx(fit.velocity_1, abs=2 * fit.velocity_1_se)
    assert slopes[late][0] == pytest.approx(fit.velocity_2, abs=2 * fit.velocity_2_se)
    moved = explain_series(dates, y, BILINEAR, break_date=fit.break_date + 200)
    assert np.abs(moved.trend - fit.trend).max() > 1.0


def test_jumps_are_listed_and_taken_out():
    rng = np.random.default_rng(3)
    dates = regular(100)
    y = 5 * years_of(dates) + noise(rng, dates, 1, white=1.5)[0]
    broken = y + HALF * (np.arange(100) >= 40)
    fit = explain_series(dates, broken, UNWRAPPING_ERROR, wavelength=WAVELENGTH)
    assert [(str(date), round(size, 1)) for date, size in fit.jumps] == [(str(dates[40]), 27.7)]
    np.testing.assert_allclose(fit.corrected, y, atol=0.01)
    assert explain_series(dates, broken, UNWRAPPING_ERROR).jumps == []


def test_odd_series_do_no_harm():
    dates = regular(12)
    for values in (np.full(12, np.nan), np.full(12, 2.0), np.where(np.arange(12) < 6, 1.0, np.nan)):
        for code in (-1, STABLE, BILINEAR, UNWRAPPING_ERROR):
            fit = explain_series(dates, values, code, wavelength=WAVELENGTH)
            assert fit.dates[0] == dates[0] and fit.dates[-1] == dates[-1]
    twice = np.concatenate([dates, dates])[::-1]
    assert np.isfinite(explain_series(twice, np.arange(24.0), BILINEAR).fitted).all()


def test_a_click_is_answered_at_once():
    dates, y = example(epochs=280)
    explain_series(dates, y, BILINEAR)
    taken = []
    for k in range(15):
        begin = time.process_time()
        explain_series(dates, y + k, BILINEAR)
        taken.append(time.process_time() - begin)
    assert np.median(taken) < 0.06  # some 7 ms on a quiet machine


def test_importing_the_curves_imports_no_heavy_library():
    code = (
        "import sys, stillpoint.models.trends.curves;"
        "print([m for m in ('torch', 'scipy', 'h5py', 'pyarrow', 'safetensors', 'qgis') if m in sys.modules])"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout.strip() == "[]"
