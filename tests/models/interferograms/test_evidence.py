from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from stillpoint.models.interferograms import atmosphere, evidence, evidence_grid, residuals
from stillpoint.models.interferograms.evidence_steadiness import noise_of, steadiness
from stillpoint.models.interferograms.observations import Network

DATES = 8
PAIRS = np.array([(i, j) for i in range(DATES) for j in range(i + 1, min(i + 4, DATES))])


def screens(seed=0, shape=(40, 48)):
    """A smooth random phase for each date."""
    rng = np.random.default_rng(seed)
    y, x = np.mgrid[0 : shape[0], 0 : shape[1]] / 40.0
    return np.stack([
        sum(rng.normal() * np.sin(2 * y * rng.uniform(0.3, 2) + 2 * x * rng.uniform(0.3, 2) + rng.uniform(0, 6)) for _ in range(4))
        for _ in range(DATES)
    ]).astype(np.float32)


def network_of(dates_phase, noise=0.0, seed=0, **more):
    phase = dates_phase[PAIRS[:, 1]] - dates_phase[PAIRS[:, 0]]
    phase = phase + noise * np.random.default_rng(seed).standard_normal(phase.shape)
    days = np.datetime64("2020-01-01") + 12 * np.arange(len(dates_phase))
    return Network(phase.astype(np.float32), days, PAIRS, True, **more)


def explain(network, **more):
    flat = network.phase.reshape(network.count, -1)
    flat = flat - np.nanmedian(flat, axis=1, keepdims=True)
    found = residuals.explain(flat, network.pairs, len(network.dates), **more)
    return found.residual.reshape(network.phase.shape), found


def test_what_belongs_to_dates_is_explained_however_strong():
    phases = screens()
    phases[3] *= 20
    left, _ = explain(network_of(phases))
    # Medians of pairs don't close exactly; the constants that they leave are found in turn.
    assert np.abs(left).max() < 0.1 * np.abs(network_of(phases).phase).max()
    assert np.median(np.abs(left)) < 0.05


def test_a_region_on_a_wrong_level_stands_out_whole_and_alone():
    network = network_of(screens(), noise=0.1)
    phase = network.phase.copy()
    phase[7, :15, :20] += 2 * np.pi
    left, _ = explain(replace(network, phase=phase))
    assert np.median(left[7, :15, :20]) == pytest.approx(2 * np.pi, abs=0.3)
    assert np.abs(np.median(left[7, 20:])) < 0.2
    others = np.delete(left, 7, axis=0)
    assert np.sqrt(np.mean(others**2)) < 0.4


def test_a_ramp_of_one_pair_stands_out_though_no_cycle_is_wrong():
    network = network_of(screens(), noise=0.1)
    phase = network.phase.copy()
    phase[5] += np.linspace(-5, 5, 48, dtype=np.float32)
    left, _ = explain(replace(network, phase=phase))
    size = np.sqrt(np.mean(left**2, axis=(1, 2)))
    assert np.argmax(size) == 5 and size[5] > 2.0 and np.delete(size, 5).max() < 1.0


def test_what_is_missing_stays_missing_and_pulls_nothing():
    network = network_of(screens(), noise=0.05)
    phase = network.phase.copy()
    phase[4, :, 24:] = np.nan
    left, _ = explain(replace(network, phase=phase))
    assert np.isnan(left[4, :, 24:]).all() and np.isfinite(np.delete(left, 4, axis=0)).all()
    assert np.nanmedian(np.abs(left)) < 0.1


def test_the_result_is_near_the_best_by_linear_programming():
    from scipy.optimize import linprog

    rng = np.random.default_rng(1)
    matrix = residuals.design(PAIRS, DATES)
    values = (matrix @ rng.normal(size=(DATES, 5))) + 0.2 * rng.standard_normal((len(PAIRS), 5))
    values[rng.integers(0, len(PAIRS), 5), np.arange(5)] += 2 * np.pi
    flat = np.repeat(values, 3, axis=1).astype(np.float32)
    found = residuals.explain(flat, PAIRS, DATES, core=np.zeros(15, bool))  # no levels: plain least absolute deviations
    count = len(PAIRS)
    for column in range(5):
        cost = np.r_[np.zeros(DATES), np.ones(count)]
        limits = np.block([[matrix, -np.eye(count)], [-matrix, -np.eye(count)]])
        sides = np.r_[values[:, column], -values[:, column]]
        best = linprog(cost, limits, sides, bounds=[(None, None)] * DATES + [(0, None)] * count)
        assert np.abs(found.residual[:, 3 * column]).sum() < 1.06 * best.fun


def test_pairs_without_an_alternative_have_no_redundancy():
    pairs = np.array([[0, 1], [1, 2], [0, 2], [2, 3]])
    found = residuals.explain(np.random.default_rng(0).normal(size=(4, 30)).astype(np.float32), pairs, 4)
    np.testing.assert_allclose(found.redundancy, [1 / 3, 1 / 3, 1 / 3, 0.0], atol=1e-6)
    assert np.abs(found.residual[3]).max() < 1e-4


def test_blocks_are_medians_and_means_of_what_is_known():
    values = np.arange(48, dtype=np.float32).reshape(6, 8)
    values[0, 0] = np.nan
    means = evidence_grid._means(values, (2, 3))
    medians = evidence_grid._blocks(values, (2, 2))
    assert means.shape == (3, 3) and medians.shape == (3, 4)
    assert means[0, 0] == pytest.approx(np.nanmean(values[:2, :3])) and means[2, 2] == pytest.approx(values[4:, 6:].mean())
    assert medians[0, 0] == 8.0  # of 1, 8, 9
    assert np.isnan(evidence_grid._means(np.full((2, 2), np.nan, np.float32), (2, 2))).all()


def test_the_grid_of_a_large_stack_is_coarse_and_keeps_its_levels():
    network = network_of(screens(shape=(200, 130)), noise=0.2)
    grid = evidence_grid.coarse(network)
    assert grid.block == (3, 2) and grid.phase.shape == (len(PAIRS), 67, 65)
    assert np.abs(np.median(grid.phase[:, grid.core], axis=1)).max() < 1e-5


def test_texture_tells_noise_from_slopes_and_finds_cuts():
    network = network_of(np.zeros((DATES, 40, 48), np.float32))
    phase = network.phase.copy()
    phase[0] += np.linspace(0, 60, 48, dtype=np.float32)
    phase[1] += np.random.default_rng(0).standard_normal((40, 48)).astype(np.float32)
    phase[2, :, 24:] += 2 * np.pi
    grid = evidence_grid.coarse(replace(network, phase=phase))
    rough = np.nanmean(grid.roughness, axis=(1, 2))
    assert rough[0] < 0.01 < 0.5 < rough[1]
    cuts = np.nanmean(grid.cuts, axis=(1, 2))
    assert cuts[2] == pytest.approx(1 / 47, rel=0.05) and cuts[0] == 0


@pytest.mark.parametrize("wrapped", [False, True])
def test_evidence_is_finite_and_points_at_the_bad_pair(wrapped):
    network = network_of(screens(), noise=0.2, coherence=np.full((len(PAIRS), 40, 48), 0.6, np.float32))
    phase = network.phase.copy()
    phase[6] += 3 * np.random.default_rng(3).standard_normal((40, 48)).astype(np.float32)
    phase = ((phase + np.pi) % (2 * np.pi) - np.pi) if wrapped else phase
    found = evidence.gather(replace(network, phase=phase, unwrapped=not wrapped))
    assert found.maps.shape == (len(PAIRS), len(evidence.MAPS), 32, 32) and np.isfinite(found.maps).all()
    assert found.figures.shape == (len(PAIRS), len(evidence.FIGURES)) and np.isfinite(found.figures).all()
    assert np.argmax(found.figures[:, evidence.FIGURES.index("residual rms")]) == 6
    assert np.argmax(found.figures[:, evidence.FIGURES.index("best closure")]) == 6


def test_a_stack_without_loops_and_without_coherence_has_evidence_too():
    chain = np.stack([np.arange(7), np.arange(1, 8)], axis=1)
    network = network_of(screens(), noise=0.2)
    found = evidence.gather(replace(network, phase=network.phase[:7], pairs=chain))
    assert np.isfinite(found.figures).all() and np.isnan(found.shown["loop closure, rad"]).all()
    assert found.figures[:, evidence.FIGURES.index("redundancy")].max() < 1e-6


def test_the_strong_date_is_found_and_steady_motion_is_none():
    phases = 0.4 * screens()
    y = np.mgrid[0:40, 0:48][0] / 40.0
    phases += (np.arange(DATES)[:, None, None] * 3.0 * y).astype(np.float32)
    phases[4] += 5 * screens(seed=9)[0]
    days = np.datetime64("2020-01-01") + 12 * np.arange(DATES)
    found = atmosphere.strong_dates(atmosphere.strengths(phases, days, np.ones((40, 48), np.float32)))
    assert found.tolist() == [index == 4 for index in range(DATES)]


@pytest.mark.parametrize("shape", [(60, 70), (300, 260)])
def test_steadiness_has_no_bias(shape):
    rng = np.random.default_rng(0)
    noise = rng.uniform(-np.pi, np.pi, shape).astype(np.float32)
    for found in steadiness(noise, (20, 20)):
        assert found.shape == (20, 20) and abs(found.mean()) < 0.01
    spread = 0.7
    still, even = steadiness((2.0 + spread * rng.standard_normal(shape)).astype(np.float32), (20, 20))
    assert still.mean() == pytest.approx(np.exp(-(spread**2)), abs=0.02)
    assert even.mean() == pytest.approx(np.exp(-2 * spread**2), abs=0.04)
    assert noise_of(*steadiness(noise, (20, 20))).mean() > 0.85 and noise_of(still, even).mean() == 0


def test_steep_phase_is_steady_by_its_slope_and_missing_ground_says_nothing():
    rows, cols = np.mgrid[0:80, 0:80].astype(np.float32)
    phase = 1.3 * rows - 0.9 * cols + 0.2 * np.random.default_rng(0).standard_normal((80, 80)).astype(np.float32)
    phase[:40] = np.nan
    still, even = steadiness(phase, (20, 20))
    assert np.isnan(still[:9]).all() and np.isnan(noise_of(still, even)[:9]).all()
    assert np.nanmean(still[11:]) < 0.2 and np.nanmean(even[11:]) == pytest.approx(np.exp(-0.08), abs=0.03)
    np.testing.assert_allclose(steadiness(np.angle(np.exp(1j * phase)), (20, 20))[1], even, atol=1e-4)
    assert np.isnan(steadiness(np.zeros((4, 9), np.float32), (2, 3))[0]).all()
