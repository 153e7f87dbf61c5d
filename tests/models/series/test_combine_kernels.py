"""The arithmetic of combining lines of sight, on numbers that can be checked by hand."""

from __future__ import annotations

import numpy as np
import pytest

from stillpoint.models.errors import StillpointError
from stillpoint.models.series.combine_kernels import inflation, interpolation, lines, noise_of, projector
from stillpoint.models.series.combine_sight import angles_of, unit_vectors
from stillpoint.models.series.combine_solve import View, solve
from stillpoint.models.series.combine_tracks import average_cells

NAN = np.nan


def test_unit_vectors_point_to_the_satellite():
    ascending, descending = unit_vectors(np.array([30.0, 40.0]), np.array([0.0, 180.0]))
    assert ascending == pytest.approx([-0.5, 0.0, np.sqrt(0.75)])  # flies north, looks east: the satellite stands in the west
    assert descending[0] == pytest.approx(np.sin(np.radians(40)))
    assert unit_vectors(np.array(30.0), np.array(0.0), look="left")[0] == pytest.approx(0.5)
    sentinel = unit_vectors(np.array(39.0), np.array(-12.0))
    assert sentinel[1] == pytest.approx(-np.sin(np.radians(39)) * np.sin(np.radians(12)))  # and a little to the south
    assert np.linalg.norm(sentinel) == pytest.approx(1.0)


def test_angles_of_further_tracks():
    assert [(item.incidence, item.heading) for item in angles_of("41/-10.5, 33/-167", 2)] == [(41.0, -10.5), (33.0, -167.0)]
    assert angles_of(None, 1)[0].incidence is None
    for text, count in (("41", 1), ("41/-10", 2), ("a/b", 1), ("95/0", 1)):
        with pytest.raises(StillpointError, match=r"angles|pair"):
            angles_of(text, count)


def test_interpolation_stays_inside_and_leaves_long_gaps():
    days = np.array([0.0, 10.0, 20.0, 60.0])
    valid = np.array([[True, True, True, True], [True, False, True, True], [False, True, True, False]])
    found = interpolation(valid, days, np.array([-1.0, 0.0, 5.0, 20.0, 40.0, 60.0, 61.0]), 30.0)
    values = found.apply(np.array([[0.0, 1.0, 2.0, 6.0], [0.0, NAN, 2.0, 6.0], [NAN, 1.0, 2.0, NAN]]))
    np.testing.assert_allclose(values[0], [NAN, 0.0, 0.5, 2.0, NAN, 6.0, NAN])
    np.testing.assert_allclose(values[1], [NAN, 0.0, 0.5, 2.0, NAN, 6.0, NAN])
    np.testing.assert_allclose(values[2], [NAN, NAN, NAN, 2.0, NAN, NAN, NAN])
    assert found.variance[0, 2] == pytest.approx(0.5) and found.variance[0, 3] == 1.0


def test_projector_solves_and_tells_how_well():
    sight = np.array([[[-0.6, 0.0, 0.8], [0.6, 0.0, 0.8]]])
    solution, condition = projector(sight, np.ones((1, 2)))
    np.testing.assert_allclose(solution[0] @ [0.8 * 5 - 0.6 * 3, 0.8 * 5 + 0.6 * 3], [5.0, 3.0])
    assert condition[0] == pytest.approx(0.8 / 0.6)
    solution, condition = projector(sight[:, [0, 0]], np.ones((1, 2)))
    assert np.isinf(condition[0]) and np.isnan(solution).all()
    assert np.isinf(projector(sight, np.array([[1.0, 0.0]]))[1][0])  # one track alone


def test_third_track_counts_by_its_weight():
    sight = np.array([[[-0.6, 0.0, 0.8], [0.6, 0.0, 0.8], [0.0, 0.0, 1.0]]])
    solution, _ = projector(sight, np.array([[1.0, 1.0, 1e6]]))
    assert (solution[0, 0] @ [0.0, 0.0, 1.0]) == pytest.approx(1.0, abs=1e-4)


def test_noise_is_what_a_smooth_course_leaves():
    rng = np.random.default_rng(1)
    years = np.arange(100) * 12 / 365.25
    smooth = 5 * years + 0.8 * years**2 + 3 * np.sin(2 * np.pi * years)
    found = noise_of(smooth + rng.normal(0, 2.0, (400, 100)), years)
    assert np.sqrt(np.mean(found.sigma**2)) == pytest.approx(2.0, rel=0.02)
    assert np.median(found.rho) == pytest.approx(0.0, abs=0.03)
    remembered = rng.normal(0, 1.0, (400, 100))
    for index in range(1, 100):
        remembered[:, index] = 0.6 * remembered[:, index - 1] + 0.8 * remembered[:, index]
    assert np.median(noise_of(remembered, years).rho) == pytest.approx(0.6, abs=0.12)


def test_noise_with_gaps_and_few_values():
    years = np.arange(60) / 20
    values = np.random.default_rng(2).normal(0, 1.0, (300, 60))
    values[:, 20:30] = NAN
    assert np.sqrt(np.mean(noise_of(values, years).sigma ** 2)) == pytest.approx(1.0, rel=0.04)
    values[:, 6:] = NAN
    assert np.isfinite(noise_of(values, years).sigma).all()
    values[:, 3:] = NAN
    assert np.isnan(noise_of(values, years).sigma).all()


def test_inflation_takes_the_tracks_correlation_unless_the_series_own_is_clearly_larger():
    grown = inflation(np.array([0.0, 0.3, 0.8]), 0.2, np.array([100, 100, 100]))
    np.testing.assert_allclose(grown, [1.5, 1.5, 9.0])


def test_lines():
    slope, middle = lines(np.array([[0.0, 2.0, 4.0], [NAN, 2.0, 4.0], [NAN, NAN, 1.0]]), np.array([0.0, 1.0, 2.0]))
    np.testing.assert_allclose(slope, [2.0, 2.0, NAN])
    np.testing.assert_allclose(middle[:2], [2.0, 2.0])


@pytest.mark.parametrize("average", ["median", "mean"])
def test_cells_do_not_leap_where_a_point_has_gaps(average):
    years = np.arange(8.0)
    series = np.array([10.0 + years, -50.0 + years, 3.0 + years], np.float32)
    series[0, 3:5] = NAN
    series[1, 0] = NAN
    means, _, counts, used = average_cells(series, np.array([0, 0, 0]), 2, years, average)
    np.testing.assert_allclose(np.diff(means[0]), 1.0, atol=1e-4)
    assert np.isnan(means[1]).all() and list(counts) == [3, 0] and used.all()


def test_median_outlives_a_bad_point():
    years = np.arange(10.0)
    series = np.array([years, years, 40 * np.sin(years)], np.float32)
    means, spread, _, _ = average_cells(series, np.zeros(3, int), 1, years, "median")
    np.testing.assert_allclose(np.diff(means[0])[3:6], 1.0, atol=0.6)
    assert spread[0] == pytest.approx(0.0, abs=1e-6)


def _view(values, days, sight, sigma=1.0):
    cells = len(values)
    return View(np.asarray(values, float), np.asarray(days, float), np.tile(sight, (cells, 1)), np.full(cells, sigma),
                np.ones(cells), np.zeros(cells))  # fmt: skip


def test_standard_errors_are_those_of_repeated_trials():
    rng = np.random.default_rng(3)
    trials = 4000
    first, second = np.arange(30) * 12.0, 5.0 + np.arange(30) * 12.0
    views = [
        _view(rng.normal(0, 2.0, (trials, 30)), first, (-0.62, -0.1, 0.78), 2.0),
        _view(rng.normal(0, 1.0, (trials, 30)), second, (0.55, -0.1, 0.83), 1.0),
    ]
    found = solve(views, first[1:], max_gap=30.0, max_condition=10.0)
    np.testing.assert_allclose(found.velocity.std(axis=1), found.velocity_std[:, 0], rtol=0.04)
    later = found.values[:, :, 1:]
    np.testing.assert_allclose(np.sqrt((later**2).mean(axis=(1, 2))), found.std[:, 0], rtol=0.04)
    np.testing.assert_allclose(found.misfit, 0.0, atol=1e-9)


def test_north_is_told_not_hidden():
    sight = np.array([(-0.6, -0.12, 0.79), (0.6, -0.12, 0.79)])
    days = np.arange(10) * 12.0
    years = days / 365.25
    views = [_view(years[None] * 10 * vector[1], days, vector) for vector in sight]
    found = solve(views, days, max_gap=30.0, max_condition=10.0)
    np.testing.assert_allclose(found.velocity[:, 0], 10 * found.north[:, 0], atol=1e-9)
    assert found.north[0, 0] == pytest.approx(-0.12 / 0.79)


def test_third_track_with_a_gap_leaves_no_step():
    days = np.arange(20) * 12.0
    years = days / 365.25
    views = []
    for vector in ((-0.6, -0.1, 0.79), (0.6, -0.1, 0.79), (-0.45, -0.1, 0.89)):
        values = (vector[2] * -7.0 + vector[0] * 4.0) * years[None] + 100.0 * vector[0]
        views.append(_view(values, days, vector))
    views[2].values[0, 5:15] = NAN
    found = solve(views, days, max_gap=20.0, max_condition=10.0)
    np.testing.assert_allclose(found.values[0, 0], -7.0 * years, atol=1e-9)
    np.testing.assert_allclose(found.values[1, 0], 4.0 * years, atol=1e-9)
    assert found.misfit[0] == pytest.approx(0.0, abs=1e-9)
