"""Refined velocities and break dates: right on average, honest about their errors, the same however series are grouped."""

from __future__ import annotations

import numpy as np
import pytest

from stillpoint.models.errors import StillpointError
from stillpoint.models.trends.classes import BILINEAR, FIELDS, LINEAR, QUADRATIC, UNWRAPPING_ERROR
from stillpoint.models.trends.designs import time_axis, trend_columns
from stillpoint.models.trends.gls import HINGE, JUMP, Gls, noise_grid
from stillpoint.models.trends.refine import refine

from .synthetic import HALF, WAVELENGTH, irregular, noise, regular, seasons, years_of


def bilinear(seed, size, *, tau=None, dates=None):
    """Kinked series in white and correlated noise, kinks that a classifier would see; truth beside them."""
    rng = np.random.default_rng(seed)
    dates = irregular(rng) if dates is None else dates
    t = years_of(dates)
    where = rng.uniform(0.2, 0.8, size) * t[-1]
    before = rng.normal(0, 8, size)
    change = np.exp(rng.uniform(np.log(8), np.log(40), size)) * rng.choice([-1, 1], size)
    white = np.exp(rng.uniform(0, np.log(4), size))
    tau = np.exp(rng.uniform(np.log(5), np.log(150), size)) if tau is None else tau
    y = before[:, None] * t + change[:, None] * np.maximum(t - where[:, None], 0) + seasons(dates)
    y = y + noise(rng, dates, size, white=white, correlated=white * rng.uniform(0.1, 1.2, size), tau=tau)
    return dates, y.astype(np.float32), where, before, before + change


def days_from(dates, start):
    return (dates - start).astype(float)


@pytest.mark.parametrize("kind", [HINGE, JUMP])
@pytest.mark.parametrize("gaps", [False, True])
def test_the_filter_equals_dense_generalised_least_squares(kind, gaps):
    rng = np.random.default_rng(0)
    dates = irregular(rng, 50)
    axis = time_axis(dates)
    columns, constant = trend_columns(axis)
    grid = noise_grid()
    valid = rng.random((50, 4)) > 0.2 if gaps else None
    gls = Gls(axis.years, columns, grid, axis.x, valid)
    y = rng.normal(size=(50, 4)) * (1 if valid is None else valid)
    used = constant + 1
    white = gls.whiten(y)
    z, square = gls.project(white)
    breaks = gls.breaks(kind, used, constant)
    gain, amplitude = gls.amplitudes(gls.residual(white, z[:used]), breaks, constant)
    for b in range(4):
        seen = np.ones(50, bool) if valid is None else valid[:, b]
        t = axis.years[seen]
        for g in range(0, grid.rho.size, 3):
            covariance = (1 - grid.rho[g]) * np.eye(t.size) + grid.rho[g] * np.exp(-abs(t[:, None] - t) / grid.tau[g])
            assert gls.logdet[g, b if gaps else 0] == pytest.approx(np.linalg.slogdet(covariance)[1], abs=1e-9)
            whitener = np.linalg.inv(np.linalg.cholesky(covariance))
            base, data = whitener @ columns[seen, :used], whitener @ y[seen, b]
            line = ((data - base @ np.linalg.lstsq(base, data, rcond=None)[0]) ** 2).sum()
            assert square[g, b] - (z[:used, g, b] ** 2).sum() == pytest.approx(line, rel=1e-8)
            for k in (10, 25, 39):
                column = np.maximum(axis.x - axis.x[k], 0) if kind == HINGE else (np.arange(50) >= k) * 1.0
                design = np.column_stack([base, whitener @ column[seen]])
                beta = np.linalg.lstsq(design, data, rcond=None)[0]
                assert line - gain[k, g, b] == pytest.approx(((data - design @ beta) ** 2).sum(), rel=1e-8)
                assert amplitude[k, g, b] == pytest.approx(beta[-1], rel=1e-6)


def test_intervals_cover_what_they_say():
    dates, y, where, before, after = bilinear(1, 1500)
    found = refine(dates, y, np.full(len(y), BILINEAR), wavelength=WAVELENGTH)
    truth = where * 365.25
    inside = (days_from(found.break_lo, dates[0]) <= truth + 0.5) & (days_from(found.break_hi, dates[0]) >= truth - 0.5)
    assert 0.92 < inside.mean() < 0.98
    for error, se in ((found.velocity_1 - before, found.vel1_se), (found.velocity_2 - after, found.vel2_se)):
        assert 0.92 < (np.abs(error) < 1.96 * se).mean() < 0.97


@pytest.mark.parametrize(("tau", "least", "most"), [(5.0, 0.93, 0.99), (30.0, 0.92, 0.98), (150.0, 0.89, 0.97)])
def test_intervals_hold_for_any_correlation_time(tau, least, most):
    dates, y, _, before, after = bilinear(2, 800, tau=tau)
    found = refine(dates, y, np.full(len(y), BILINEAR), wavelength=WAVELENGTH)
    covered = [np.abs(found.velocity_1 - before) < 1.96 * found.vel1_se]
    covered.append(np.abs(found.velocity_2 - after) < 1.96 * found.vel2_se)
    assert least < np.mean(covered) < most


def test_break_dates_beat_plain_least_squares():
    dates, y, where, *_ = bilinear(3, 1200)
    found = refine(dates, y, np.full(len(y), BILINEAR), wavelength=WAVELENGTH)
    axis = time_axis(dates)
    columns, constant = trend_columns(axis)
    rss = []
    for k in range(4, len(dates) - 4):
        design = np.column_stack([columns[:, : constant + 1], np.maximum(axis.x - axis.x[k], 0)])
        q = np.linalg.qr(design)[0]
        rss.append((y.astype(float) ** 2).sum(1) - ((y @ q) ** 2).sum(1))
    plain = axis.years[4 + np.argmin(rss, axis=0)]
    error = np.abs(days_from(found.break_date, dates[0]) - where * 365.25)
    assert np.median(error) < np.median(np.abs(plain - where)) * 365.25
    assert np.mean(error) < 0.97 * np.mean(np.abs(plain - where)) * 365.25


def test_a_strong_kink_is_found_to_one_epoch():
    rng = np.random.default_rng(4)
    dates = regular(120)
    t = years_of(dates)
    y = -5 * t + 60 * np.maximum(t - 2.1, 0) + seasons(dates) + noise(rng, dates, 300, white=2.0)
    found = refine(dates, y, np.full(300, BILINEAR), wavelength=WAVELENGTH)
    error = np.abs(days_from(found.break_date, dates[0]) - 2.1 * 365.25)
    assert np.mean(error <= 12) > 0.97
    assert (np.abs(found.velocity_1 + 5) < 3 * found.vel1_se).mean() >= 0.95
    assert (np.abs(found.velocity_2 - 55) < 3 * found.vel2_se).mean() >= 0.95


def test_lines_and_parabolas_are_recovered():
    rng = np.random.default_rng(5)
    dates = irregular(rng)
    t = years_of(dates)
    disturbed = noise(rng, dates, 600, white=2.0, correlated=1.5, tau=25.0) + seasons(dates, 5.0)
    straight = refine(dates, disturbed + 7 * t, np.full(600, LINEAR), wavelength=WAVELENGTH)
    assert np.mean(straight.velocity) == pytest.approx(7, abs=0.05)
    # one noise of the many that the intervals hold for on average
    assert 0.92 < (np.abs(straight.velocity - 7) < 1.96 * straight.vel_se).mean() < 0.985
    assert np.median(straight.annual) == pytest.approx(5, abs=0.3)
    assert np.median(straight.rmse) == pytest.approx(2.5, abs=0.2)
    assert np.isnat(straight.break_date).all() and np.isnan(straight.accel).all()
    curved = refine(dates, disturbed + 2.5 * t**2, np.full(600, QUADRATIC), wavelength=WAVELENGTH)
    assert np.mean(curved.accel) == pytest.approx(5, abs=0.1)
    assert np.mean(curved.velocity) == pytest.approx(2.5 * t[-1], abs=0.1)


@pytest.mark.parametrize("code", [LINEAR, QUADRATIC, BILINEAR])
def test_grouping_of_series_changes_nothing(code):
    rng = np.random.default_rng(6)
    dates, y, *_ = bilinear(6, 120)
    y[rng.random(y.shape) < 0.05] = np.nan
    y[:60, 7] = np.nan
    y[:60, 8:] = np.where(np.isnan(y[:60, 8:]), 0.0, y[:60, 8:])
    y[:60, :7] = np.where(np.isnan(y[:60, :7]), 0.0, y[:60, :7])  # sixty with one pattern, sixty with their own
    together = refine(dates, y, np.full(120, code), wavelength=WAVELENGTH)
    shuffled = rng.permutation(120)
    other = refine(dates, y[shuffled], np.full(120, code), wavelength=WAVELENGTH)
    alone = refine(dates, y[65:66], np.array([code]), wavelength=WAVELENGTH)
    for name, value in together.columns().items():
        if value.dtype.kind == "M":
            value, moved, single = (np.nan_to_num((v - dates[0]) / np.timedelta64(1, "D"))
                                    for v in (value, getattr(other, name), getattr(alone, name)))
            np.testing.assert_allclose(value[shuffled], moved, atol=1)
            np.testing.assert_allclose(value[65:66], single, atol=24)  # one epoch, for the reason given below
            continue
        np.testing.assert_allclose(value[shuffled], getattr(other, name), rtol=2e-3, atol=2e-3, err_msg=name)
        # alone, the epochs that a series lacks are no candidates for its break
        np.testing.assert_allclose(value[65:66], getattr(alone, name), rtol=2e-2, atol=2e-2, err_msg=name)


@pytest.mark.parametrize("epochs", [90, 260])
def test_many_series_get_what_few_get(epochs):
    """Many series are fitted by matrix products, at coarse break dates first; few at every epoch, by the filter."""
    rng = np.random.default_rng(10)
    dates = regular(epochs)
    t = years_of(dates)
    where = rng.uniform(0.15, 0.85, 240) * t[-1]
    change = np.exp(rng.uniform(np.log(2), np.log(200), 240))  # from hardly seen to plain to a day
    y = 4 * t + change[:, None] * np.maximum(t - where[:, None], 0) + noise(rng, dates, 240, white=2.0, correlated=1.0, tau=40.0)
    codes = np.full(240, BILINEAR)
    many = refine(dates, y, codes, wavelength=WAVELENGTH)
    few = [refine(dates, y[i : i + 40], codes[:40], wavelength=WAVELENGTH) for i in range(0, 240, 40)]
    for name, error in (("velocity_1", "vel1_se"), ("velocity_2", "vel2_se"), ("velocity", "vel_se")):
        value, scale = (np.concatenate([getattr(part, key) for part in few]) for key in (name, error))
        assert np.max(np.abs(getattr(many, name) - value) / scale) < 0.1
        assert np.max(np.abs(getattr(many, error) / scale - 1)) < 0.05
    apart = np.abs((many.break_date - np.concatenate([part.break_date for part in few])).astype(int))
    width = (many.break_hi - many.break_lo).astype(int)
    assert np.all(apart <= 1 + 0.1 * width)
    np.testing.assert_allclose(many.rmse, np.concatenate([part.rmse for part in few]), rtol=0.02)


def test_mirrored_and_shifted_series_give_mirrored_results():
    dates, y, *_ = bilinear(7, 60)
    one = refine(dates, y, np.full(60, BILINEAR), wavelength=WAVELENGTH)
    other = refine(dates[::-1], 100.0 - y[:, ::-1], np.full(60, BILINEAR), wavelength=WAVELENGTH)
    np.testing.assert_allclose(one.velocity_2, -other.velocity_2, atol=2e-3)
    np.testing.assert_allclose(one.vel2_se, other.vel2_se, rtol=2e-3)
    assert np.abs((one.break_date - other.break_date).astype(int)).max() <= 1


def test_jumps_are_taken_out():
    rng = np.random.default_rng(8)
    dates = regular(100)
    t = years_of(dates)
    level = np.zeros((40, 100), int)
    level[:, 30:] += 1
    level[:20, 60:64] -= 1
    y = 6 * t + noise(rng, dates, 40, white=2.0)
    found = refine(dates, y + HALF * level, np.full(40, UNWRAPPING_ERROR), wavelength=WAVELENGTH)
    assert (found.jumps == np.where(np.arange(40) < 20, 3, 1)).mean() > 0.9
    np.testing.assert_allclose(np.median(found.velocity), 6.0, atol=0.3)
    offset = found.corrected - y
    assert np.mean(np.ptp(offset, axis=1) < 1.0) > 0.9
    given = refine(dates, y + HALF * level, np.full(40, UNWRAPPING_ERROR), wavelength=WAVELENGTH, jumps=level)
    np.testing.assert_allclose(given.corrected, y, atol=0.01)


def test_a_hint_decides_between_two_kinks():
    rng = np.random.default_rng(9)
    dates = regular(140)
    t = years_of(dates)
    y = 15 * np.maximum(t - 1.2, 0) - 15 * np.maximum(t - 3.4, 0) + noise(rng, dates, 80, white=1.5)
    codes = np.full(80, BILINEAR)
    early = refine(dates, y, codes, wavelength=WAVELENGTH, break_hint=np.full(80, 1.2))
    late = refine(dates, y, codes, wavelength=WAVELENGTH, break_hint=np.full(80, 3.4))
    assert np.median(days_from(early.break_date, dates[0])) < np.median(days_from(late.break_date, dates[0]))


def test_series_that_cannot_be_fitted_stay_empty():
    dates = regular(20)
    y = np.full((4, 20), np.nan, np.float32)
    y[1, :5] = 1.0
    y[2] = 3.0
    y[3] = np.arange(20)
    found = refine(dates, y, np.array([BILINEAR, LINEAR, BILINEAR, LINEAR]), wavelength=WAVELENGTH)
    assert list(found.epochs) == [0, 5, 20, 20]
    assert np.isnan(found.velocity[:2]).all()
    assert found.velocity[2] == pytest.approx(0, abs=1e-3)
    assert found.velocity[3] == pytest.approx(365.25 / 12, rel=1e-3)


def test_every_field_of_a_classified_layer_is_there():
    found = refine(regular(20), np.zeros((1, 20)), np.array([0]), wavelength=WAVELENGTH).columns()
    known = {"trend", "trend_code", "confidence", "runner_up", "reason", "p_0", "p_1", "p_2", "p_3", "p_4"}
    assert {column.name for column in FIELDS} - known == set(found)


def test_shapes_that_disagree_are_named():
    with pytest.raises(StillpointError, match="3 dates"):
        refine(regular(3), np.zeros((2, 4)), np.zeros(2), wavelength=WAVELENGTH)
