"""The steps of an estimate, each on numbers whose answer is known."""

from __future__ import annotations

import numpy as np
import pytest

from stillpoint.models.errors import StillpointError
from stillpoint.models.series import unwrapping
from stillpoint.models.series.arcs import Geometry, Mesh, draw_arcs, fit_arcs
from stillpoint.models.series.closure import close_loops
from stillpoint.models.series.estimate import scatter_of
from stillpoint.models.series.filtering import atmosphere, planes, smoothing
from stillpoint.models.series.neighbours import follow_neighbours
from stillpoint.models.series.reference import choose_reference, level_of
from stillpoint.models.series.unwrapping import mesh_cycles, unwrap
from stillpoint.models.series.velocity import fit_velocity

PER_MM = 4 * np.pi / 55.5


def places(count: int = 200, seed: int = 0):
    return np.random.default_rng(seed).uniform(0, 4000, (2, count))


def test_arcs_join_all_points_whatever_their_shape():
    east, north = places()
    ends = draw_arcs(east, north)
    assert len(np.unique(ends)) == 200 and (ends[:, 0] < ends[:, 1]).all() and len(np.unique(ends, axis=0)) == len(ends)
    line = draw_arcs(np.arange(20.0), np.zeros(20))  # no triangles on a line
    assert {tuple(each) for each in line.tolist()} >= {(n, n + 1) for n in range(19)}
    assert draw_arcs(np.array([0.0, 1.0]), np.zeros(2)).tolist() == [[0, 1]]


def test_arcs_find_velocity_and_height():
    rng = np.random.default_rng(1)
    years, baselines = np.sort(rng.uniform(0, 3, 50)), rng.normal(0, 0.03, 50)
    geometry = Geometry(PER_MM * years, baselines)
    phase = np.stack([np.zeros(50), geometry.velocity * 17.0 + geometry.height * -12.0 + 0.8 + rng.normal(0, 0.3, 50)], axis=1)
    phase[4, 1] = np.nan
    wrapped = np.angle(np.exp(1j * phase)).astype(np.float32)
    arcs = fit_arcs(wrapped, np.array([[0, 1]]), geometry, max_velocity=60, max_height=40, level=True)
    assert arcs.velocity[0] == pytest.approx(17.0, abs=0.6) and arcs.height[0] == pytest.approx(-12.0, abs=4.0)
    assert arcs.coherence[0] == pytest.approx(np.exp(-0.5 * 0.3**2), abs=0.03)


def test_a_mesh_adds_differences_up_and_withstands_wrong_ones():
    east, north = places()
    mesh = Mesh(draw_arcs(east, north), 200)
    truth = east / 400 - north / 900
    difference = mesh.along(truth)
    np.testing.assert_allclose(mesh.solve(difference[:, None], np.ones(len(difference)))[:, 0], truth - truth.mean(), atol=1e-5)
    difference[::17] += 40.0
    robust = mesh.solve_robust(difference, np.ones(len(difference)), scale=0.5)
    assert np.abs(robust - robust.mean() - (truth - truth.mean())).max() < 1.0


@pytest.mark.parametrize("method", ["whirlwind", "arcs"])
def test_both_ways_unwrap_what_neighbours_follow(method):
    if method == "whirlwind" and unwrapping.whirlwind() is None:
        pytest.skip("whirlwind is not installed")
    east, north = places(400)
    rng = np.random.default_rng(2)
    days = np.arange(30) * 12.0
    geometry = Geometry(PER_MM * days[1:] / 365.25, None)
    bowl = -60.0 * np.exp(-((east - 2000) ** 2 + (north - 2000) ** 2) / (2 * 900.0**2))
    truth = np.outer(geometry.velocity, bowl) + np.outer(rng.normal(0, 4, 29), east / 4000) + rng.normal(0, 0.25, (29, 400))
    pairs = np.column_stack([np.zeros(29, int), np.arange(1, 30)])
    given = np.angle(np.exp(1j * truth)).astype(np.float32)
    given[3, 7] = np.nan
    done = unwrap(given, east, north, geometry, pairs=pairs, days=days, single=True, method=method)
    cycles = np.round((done.phase - truth) / (2 * np.pi))
    cycles -= np.nanmedian(cycles, axis=1, keepdims=True)
    assert np.isnan(done.phase[3, 7]) and (np.nan_to_num(cycles) == 0).mean() > 0.999 and done.method == method
    # nothing but whole cycles was added
    np.testing.assert_allclose(np.angle(np.exp(1j * (done.phase - given)))[np.isfinite(given)], 0.0, atol=1e-3)


def test_a_single_wrong_cycle_is_repaired():
    east, north = places(300)
    mesh = Mesh(draw_arcs(east, north), 300)
    smooth = (east / 500).astype(np.float32)
    wrapped = np.angle(np.exp(1j * smooth))[None].astype(np.float32)
    cycles = mesh_cycles(wrapped, mesh, np.ones(len(mesh.ends)))
    whole = np.round((wrapped[0] + 2 * np.pi * cycles[0] - smooth) / (2 * np.pi))
    assert (whole == whole[0]).all()


def test_a_scatterer_a_cycle_off_follows_its_neighbours_and_one_that_moves_for_itself_does_not():
    east, north = places(400)
    rng = np.random.default_rng(8)
    truth = (np.sin(east / 2000) * 2 + rng.normal(0, 0.3, (3, 400))).astype(np.float32)
    own = np.zeros((3, 400), np.float32)
    inner = np.flatnonzero(np.hypot(east - 2000, north - 2000) < 1200)  # a corner has too few neighbours to tell
    own[:, inner[4]] = 6.0  # its velocity and height explain why it is elsewhere
    given = truth + own
    given[1, inner[:2]] += np.float32(2 * np.pi)
    given[2, inner[2]] -= np.float32(4 * np.pi)
    given[0, 5] = np.nan
    found = follow_neighbours(given, own, east, north)
    assert np.isnan(found[0, 5])
    np.testing.assert_allclose(np.delete(found, 5, axis=1), np.delete(truth + own, 5, axis=1), atol=1e-4)
    lone = follow_neighbours(given[:, :8], own[:, :8], east[:8], north[:8])
    np.testing.assert_array_equal(lone, given[:, :8])  # too few to tell


def test_dates_of_strong_atmosphere_count_for_less_and_the_error_says_so():
    rng = np.random.default_rng(9)
    years = np.arange(40) * 12 / 365.25
    scatter = np.where(np.arange(40) % 4 == 0, 25.0, 1.0)
    noise = np.sqrt(scatter)[:, None] * rng.normal(size=(40, 600))
    known, even = fit_velocity(noise, years, scatter), fit_velocity(noise, years)
    assert known.velocity.std() < 0.7 * even.velocity.std()
    assert (np.abs(known.velocity) < 1.96 * known.error).mean() > 0.92
    assert np.median(known.error) < 0.8 * np.median(even.error)


def test_heights_that_neighbours_share_are_no_atmosphere_of_a_date():
    rng = np.random.default_rng(10)
    baselines, heights = rng.normal(0, 1.0, 30), rng.normal(0, 5.0, 200)
    design = np.column_stack([np.ones(30), np.arange(30.0), baselines])
    air = rng.normal(size=(30, 200))
    np.testing.assert_allclose(scatter_of(air + np.outer(baselines, heights), design), scatter_of(air, design), rtol=1e-6)
    stormy = air.copy()
    stormy[4] *= 5.0
    assert scatter_of(stormy).argmax() == 4 and scatter_of(stormy)[4] > 4 * np.median(scatter_of(stormy))


def test_a_missing_library_is_told(monkeypatch):
    monkeypatch.setattr(unwrapping, "whirlwind", lambda: None)
    assert unwrapping.chosen_method("auto") == "arcs"
    with pytest.raises(StillpointError, match="stillpoint\\[unwrapping\\]"):
        unwrapping.chosen_method("whirlwind")
    with pytest.raises(StillpointError, match="One scatterer alone"):
        unwrap(np.zeros((3, 1)), np.zeros(1), np.zeros(1), Geometry(np.ones(3), None), pairs=np.zeros((3, 2), int),
               days=np.arange(4.0), single=True)  # fmt: skip


def test_loops_find_the_wrong_interferogram_and_leave_noise_alone():
    rng = np.random.default_rng(3)
    dates = np.datetime64("2020-01-01") + 12 * np.arange(12)
    pairs = np.array([(a, b) for a in range(12) for b in range(a + 1, min(a + 4, 12))])
    series = rng.normal(0, 2, (12, 50))
    phase = (series[pairs[:, 1]] - series[pairs[:, 0]] + rng.normal(0, 0.2, (len(pairs), 50))).astype(np.float32)
    wrong = phase.copy()
    wrong[4, 10] += 2 * np.pi
    wrong[9, 20] -= 4 * np.pi
    wrong[2, 30] = np.nan
    phase[2, 30] = np.nan
    found = close_loops(wrong, dates, pairs)
    np.testing.assert_allclose(found.phase, phase, atol=1e-4)
    assert found.open == found.corrected == pytest.approx(2 / np.isfinite(phase).sum())
    kept = close_loops(wrong, dates, pairs, correct=False)
    assert kept.corrected == 0.0 and kept.open == found.open and kept.phase is wrong
    assert close_loops(phase, dates, pairs).open == 0.0


def test_smoothing_keeps_straight_lines():
    days = np.array([0.0, 12, 24, 60, 72, 300, 312, 324])
    matrix = smoothing(days, 40.0, np.ones(8))
    np.testing.assert_allclose(matrix @ (3.0 + 0.2 * days), 3.0 + 0.2 * days, atol=1e-9)


def test_atmosphere_is_found_and_steady_motion_kept():
    rng = np.random.default_rng(4)
    east, north = places(500)
    days = np.arange(40) * 12.0
    motion = np.outer(days / 365.25, -8.0 * np.exp(-((east - 2000) ** 2 + (north - 2000) ** 2) / (2 * 700.0**2)))
    air = np.stack([3 * np.sin(east / 1500 + a) * np.cos(north / 1500 + b) for a, b in rng.uniform(0, 6, (40, 2))])
    noise = rng.normal(0, 1.0, (40, 500))
    widths = {"trust": np.ones(40), "width_days": 100.0, "width_metres": 400.0}
    found, slow = atmosphere(motion + air + noise, days, east, north, **widths)
    assert np.corrcoef(found.ravel(), air.ravel())[0, 1] > 0.9
    drawn = np.polyfit(days / 365.25, found, 1)[0]
    assert np.abs(drawn).max() < 0.5 and slow.shape == found.shape  # mm/yr that the filter takes from the motion
    lone, _ = atmosphere(motion[:, :1] + noise[:, :1], days, east[:1], north[:1], **widths)
    assert np.abs(lone).max() < 0.7 * np.abs(noise[:, 0]).max()


def test_planes_go_and_tilting_stays():
    rng = np.random.default_rng(5)
    east, north = places(200)
    years = np.arange(30) / 10
    orbit = np.outer(rng.normal(0, 5, 30), east / 4000)
    tilt = np.outer(years, 4 * north / 4000)
    found = planes(orbit + tilt, years, east, north, np.ones(30))
    left = orbit + tilt - found
    slopes = np.polyfit(years, left, 1)[0]
    expected = np.polyfit(years, orbit + tilt, 1)[0]
    np.testing.assert_allclose(slopes, expected, atol=1e-6)  # what is steady is nobody's plane
    assert np.std(left - np.polyval(np.polyfit(years, left, 1), years[:, None])) < 1e-6


@pytest.mark.parametrize("correlated", [False, True])
def test_standard_errors_cover_the_truth(correlated):
    rng = np.random.default_rng(6)
    years = np.arange(60) * 12 / 365.25
    apart = np.abs(years[:, None] - years[None, :])
    covariance = np.eye(60) + (4.0 * np.exp(-apart / 0.25) if correlated else 0.0)
    noise = np.linalg.cholesky(covariance) @ rng.normal(size=(60, 800))
    fitted = fit_velocity(noise + 3.0 * years[:, None], years)
    off = np.abs(fitted.velocity - 3.0)
    assert (off < fitted.error).mean() == pytest.approx(0.72, abs=0.12)
    assert (off < 1.96 * fitted.error).mean() == pytest.approx(0.95, abs=0.05)


def test_gaps_change_neither_velocity_nor_its_meaning():
    rng = np.random.default_rng(7)
    years = np.arange(30) / 12
    series = rng.normal(0, 1, (30, 40)) + 5 * years[:, None]
    holes = series.copy()
    holes[3] = np.nan
    some, without = fit_velocity(holes, years), fit_velocity(np.delete(series, 3, axis=0), np.delete(years, 3))
    np.testing.assert_allclose(some.velocity, without.velocity, atol=0.02)
    np.testing.assert_allclose(some.error, without.error, rtol=0.03)
    np.testing.assert_allclose(some.rmse, without.rmse, rtol=0.01)
    holes[:27, 0] = np.nan
    assert np.isnan(fit_velocity(holes, years).velocity[0])


def test_the_reference_is_coherent_central_and_still():
    east, north = np.meshgrid(np.arange(20) * 100.0, np.arange(20) * 100.0)
    east, north = east.ravel(), north.ravel()
    coherence = np.where(np.hypot(east - 1000, north - 1000) < 250, 0.95, 0.5)
    chosen = choose_reference(east, north, coherence, np.ones(400), radius=200.0)
    assert np.hypot(east[chosen] - 1000, north[chosen] - 1000) < 260
    moving = np.where(np.hypot(east - 1000, north - 1000) < 400, 20.0, np.random.default_rng(0).normal(0, 1, 400))
    away = choose_reference(east, north, coherence, np.ones(400), radius=200.0, velocity=moving)
    assert np.hypot(east[away] - 1000, north[away] - 1000) >= 400
    level = level_of(np.array([[1.0, 3.0, 9.0], [np.nan, np.nan, 7.0]]), np.array([0, 1]))
    assert level.tolist() == [2.0, 7.0]
