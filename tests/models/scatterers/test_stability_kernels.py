from __future__ import annotations

import numpy as np
import pytest
import torch

from stillpoint.models.scatterers.stability import HeightSearch, topofit
from stillpoint.models.scatterers.stability.clap import ClapFilter
from stillpoint.models.scatterers.stability.gamma import random_share
from stillpoint.models.scatterers.stability.grid import CellGrid, cell_sums
from stillpoint.models.scatterers.stability.null import histogram, null_histogram, random_phases
from stillpoint.models.scatterers.stability.patches import patches
from stillpoint.models.scatterers.stability.selection import dispersion_bins, gamma_thresholds
from stillpoint.models.scatterers.stability.weed import arc_noise, best_of_touching, delaunay_edges, quiet


def search(count: int, wraps: float = 0.4, seed: int = 1) -> HeightSearch:
    baselines = np.random.default_rng(seed).normal(0, 80, count)
    return HeightSearch(baselines, float(np.ptp(baselines)), wraps)


def phasors(phase: np.ndarray) -> torch.Tensor:
    return torch.from_numpy(np.exp(1j * phase)).to(torch.complex64)


def test_topofit_finds_height_and_constant():
    random, heights = np.random.default_rng(2), search(20, wraps=2.0)
    true = random.uniform(-1, 1, 500) * heights.trials.max()
    constant = random.uniform(-np.pi, np.pi, 500)
    fit = topofit(phasors(true[:, None] * heights.baselines + constant[:, None]), heights, residual=True)
    assert np.allclose(fit.k, true, atol=2e-5)
    assert np.abs(np.angle(np.exp(1j * (fit.c.numpy() - constant)))).max() < 1e-3
    assert fit.gamma.min() > 0.9999
    assert np.abs(np.exp(1j * fit.residual.numpy()) - np.exp(1j * constant[:, None])).max() < 2e-3


def test_topofit_without_baselines_takes_the_mean():
    phase = np.random.default_rng(3).normal(0, 0.7, (50, 12))
    fit = topofit(phasors(phase), HeightSearch.without_baselines(12))
    assert np.allclose(fit.gamma, np.abs(np.exp(1j * phase).mean(axis=1)), atol=1e-6)
    assert (fit.k == 0).all()


def test_a_pixel_without_phase_has_no_stability():
    z = phasors(np.zeros((3, 8)))
    z[0, 2], z[1, 3] = 0, complex(float("nan"), 0)
    fit = topofit(z, search(8))
    assert fit.gamma.tolist()[:2] == [0.0, 0.0] and torch.isnan(fit.k[:2]).all()
    assert fit.gamma[2] == pytest.approx(1.0)


def test_the_range_of_heights_follows_from_the_geometry():
    found = HeightSearch.of(np.array([-100.0, 50.0]), 2, wavelength=0.0555, incidence=37.0)
    assert found.wraps == pytest.approx(150 * 4 * np.pi * 20 / (0.0555 * 830e3 * np.sin(np.radians(37))) / (2 * np.pi))
    assert len(found.trials) == 2 * found.steps + 1
    assert np.diff(found.trials)[0] * 150 == pytest.approx(np.pi / 4)
    assert HeightSearch.of(np.array([5.0, 5.0]), 2, wavelength=0.0555, incidence=37.0).span == 0.0


@pytest.mark.parametrize(
    ("count", "mean", "high", "highest"),
    [(10, 0.42, 0.66, 0.76), (20, 0.29, 0.46, 0.54), (29, 0.23, 0.38, 0.45), (60, 0.16, 0.26, 0.31)],
)
def test_the_null_distribution_is_the_published_one(count, mean, high, highest):
    counts = null_histogram(search(count, seed=2), pixels=30_000)
    centres = 0.005 + 0.01 * np.arange(100)
    share = np.cumsum(counts) / counts.sum()
    assert counts.sum() == 30_000
    assert (counts * centres).sum() / counts.sum() == pytest.approx(mean, abs=0.012)
    assert centres[np.searchsorted(share, 0.95)] == pytest.approx(high, abs=0.015)
    assert centres[np.searchsorted(share, 0.99)] == pytest.approx(highest, abs=0.02)


def test_the_null_is_kept_and_belongs_to_its_arguments():
    first = null_histogram(search(9), pixels=2_000)
    first[:] = -1  # a caller's own copy
    again = null_histogram(search(9), pixels=2_000)
    assert again.sum() == 2_000
    assert (null_histogram(search(9), pixels=2_000, seed=8) != again).any()


def test_pairs_of_small_baselines_share_their_images():
    pairs = np.array([[0, 1], [1, 2], [0, 2]])
    phase = torch.cat(list(random_phases(30_000, 3, seed=1, pairs=pairs)))
    assert phase.shape == (30_000, 3)
    assert torch.allclose(phase[:, 0] + phase[:, 1], phase[:, 2], atol=1e-5)


def test_histogram_puts_every_gamma_into_a_bin():
    counts = histogram(torch.tensor([0.0, 0.005, 0.0149, 0.995, 1.0]))
    assert counts[0] == 2 and counts[1] == 1 and counts[99] == 2


def test_cells_begin_at_the_first_candidate_and_the_last_is_merged():
    rows, cols = np.array([10, 35, 10, 39]), np.array([4, 4, 34, 34])
    grid = CellGrid.over(rows, cols, spacing=(10.0, 10.0), cell=50.0)
    assert grid.shape == (5, 6)
    index = grid.index(torch.from_numpy(rows), torch.from_numpy(cols))
    assert index.tolist() == [0, 4 * 6, 5, 4 * 6 + 5]
    assert grid.index(torch.tensor([0, 99]), torch.tensor([0, 99])).tolist() == [0, 29]


def test_cells_sum_what_lies_in_them():
    heights = search(6)
    grid = CellGrid((1, 2), (50.0, 50.0), (10.0, 10.0), (0, 0))
    k = torch.tensor([0.01, -0.02, float("nan")])
    z = phasors(np.array([0.01, -0.02, 0.0])[:, None] * heights.baselines)
    baselines = torch.from_numpy(heights.baselines).float()
    found = cell_sums(z, torch.tensor([2.0, 3.0, 9.0]), k, baselines, torch.tensor([1, 1, 1]), grid)
    assert torch.allclose(found[:, 0, 1].real, torch.full((6,), 5.0), atol=1e-4)
    assert found[:, 0, 0].abs().max() == 0


def noisy_grid(shape: tuple, seed: int = 5) -> torch.Tensor:
    generator = torch.Generator().manual_seed(seed)
    return torch.randn(3, *shape, dtype=torch.complex64, generator=generator)


@pytest.mark.parametrize("shape", [(24, 24), (37, 51)])
def test_leaving_a_cell_out_of_the_low_pass_is_exact(shape):
    # Without the adaptive part the filter is linear with fixed gains, and so the short cut must be exact.
    clap, grid = ClapFilter(beta=0.0), noisy_grid(shape)
    quick = clap.smooth(grid).without_own(grid)
    for row, col in ((0, 0), (11, 17), (shape[0] - 1, shape[1] - 1)):
        emptied = grid.clone()
        emptied[:, row, col] = 0
        assert torch.allclose(quick[:, row, col], clap.smooth(emptied).phase[:, row, col], atol=2e-4)


def test_the_filter_does_not_care_how_the_grid_is_batched():
    clap, grid = ClapFilter(), noisy_grid((40, 45))
    cells = torch.tensor([0, 44, 45 * 20 + 20, 45 * 40 - 1])
    whole, alone = clap.smooth(grid).phase, clap.without_own(grid, cells)
    clap.batch = 2
    assert torch.allclose(clap.smooth(grid).phase, whole, atol=1e-5)
    assert torch.allclose(clap.without_own(grid, cells), alone, atol=1e-4)


def test_the_filter_keeps_a_slow_phase_and_removes_noise():
    slope = np.exp(1j * 2 * np.pi * (np.arange(64)[:, None] + np.arange(64)) / 90.0)
    noise = np.random.default_rng(6).normal(size=(2, 64, 64))
    grid = torch.from_numpy(slope + 0.8 * (noise[0] + 1j * noise[1])).to(torch.complex64)[None]
    error = np.angle(ClapFilter().smooth(grid).phase[0].numpy() * np.conj(slope))
    assert np.std(error[4:-4, 4:-4]) < 0.5 * np.std(np.angle(grid[0].numpy() * np.conj(slope)))
    assert abs(error.mean()) < 0.02


def test_an_empty_grid_stays_empty():
    clap, grid = ClapFilter(), torch.zeros(2, 33, 33, dtype=torch.complex64)
    assert clap.smooth(grid).phase.abs().max() == 0
    assert clap.without_own(grid, torch.tensor([5])).abs().max() == 0


def test_the_share_of_random_pixels_falls_with_gamma():
    centres = 0.005 + 0.01 * np.arange(100)
    null = 1e5 * np.exp(-0.5 * ((centres - 0.25) / 0.08) ** 2)
    observed = 0.1 * null + 4e3 * np.exp(-0.5 * ((centres - 0.8) / 0.08) ** 2)
    share = random_share(observed, null, 31)
    assert share[:310].min() > 0.99 and share[900:].max() < 1e-9
    assert (np.diff(share[400:]) <= 1e-12).all()


def test_the_bins_of_dispersion_take_every_candidate_once():
    for count, sizes in ((9_999, [9_999]), (11_000, [2_000] * 4 + [3_000]), (60_000, [10_000] * 6)):
        bins = dispersion_bins(np.random.default_rng(7).random(count))
        assert [len(members) for members in bins] == sizes
        assert (np.sort(np.concatenate(bins)) == np.arange(count)).all()


def test_the_threshold_lets_through_as_many_random_pixels_as_allowed():
    random = np.random.default_rng(8)
    draws = torch.from_numpy(random.uniform(0, 2 * np.pi, (20_000, 15)))
    gamma = topofit(torch.polar(torch.ones_like(draws), draws).to(torch.complex64), search(15)).gamma.numpy().astype(float)
    null = null_histogram(search(15), pixels=40_000)
    for accepted in (50.0, 400.0):
        level = gamma_thresholds(
            gamma, np.full(20_000, 0.3), [np.arange(20_000)], null, accepted=accepted, percent=False, lowest=31
        )[0]
        # A bin stands for its upper edge: rather fewer than allowed come through.
        assert 0.4 * accepted < (gamma > level).sum() < 1.1 * accepted


def test_of_touching_pixels_the_best_stays():
    rows, cols = np.array([3, 4, 5, 9]), np.array([3, 4, 4, 9])
    assert best_of_touching(rows, cols, np.array([0.5, 0.7, 0.6, 0.1])).tolist() == [False, True, False, True]
    assert best_of_touching(rows[:0], cols[:0], np.zeros(0)).size == 0


def test_arcs_to_a_noisy_pixel_are_noisy_but_those_of_its_neighbours_are_not():
    random, dates = np.random.default_rng(9), 20
    x, y = random.uniform(0, 1000, 60), random.uniform(0, 1000, 60)
    days = np.arange(dates) * 24.0
    baselines = random.normal(0, 90, dates)
    phase = random.normal(0, 0.2, (60, dates)) + 0.004 * x[:, None] * days / days.max()
    phase[7] = random.uniform(-np.pi, np.pi, dates)
    edges = delaunay_edges(x, y)
    noise = arc_noise(phasors(phase), edges, days=days, baselines=baselines)
    keep = quiet(x, y, noise, edges, largest_std=0.8, largest=np.inf)
    assert not keep[7] and keep.sum() == 59
    assert quiet(x, y, noise, edges, largest_std=np.inf, largest=0.05).sum() == 0


def test_a_trend_and_a_height_error_are_no_noise():
    random, days = np.random.default_rng(10), np.arange(40) * 12.0
    baselines = random.normal(0, 100, 40)
    trends, heights = random.uniform(-1, 1, (30, 1)), random.uniform(-0.006, 0.006, (30, 1))
    phase = trends * days / days.max() + heights * baselines + random.normal(0, 0.03, (30, 40))
    edges = np.column_stack([np.arange(29), np.arange(1, 30)])
    without = np.median(arc_noise(phasors(phase), edges, days=days, baselines=baselines)[0])
    assert without < 0.15 < np.median(arc_noise(phasors(phase), edges, days=days, baselines=None)[0])


def test_pixels_on_a_line_have_no_triangles():
    assert delaunay_edges(np.arange(9.0), np.arange(9.0)) is None
    assert delaunay_edges(np.arange(3.0), np.array([0.0, 1.0, 0.0])) is None


def test_patches_tile_the_raster_and_see_beyond():
    shape = (1000, 1700)
    count = np.zeros(shape, dtype=int)
    for patch in patches(shape, spacing=(10.0, 10.0), pixels=200_000, overlap=(30, 40)):
        count[patch.inner] += 1
        rows = patch.outer[0]
        assert rows.start == max(patch.inner[0].start - 30, 0) and rows.stop == min(patch.inner[0].stop + 30, 1000)
    assert (count == 1).all()
    assert len(list(patches((100, 100), spacing=(10.0, 10.0), pixels=10))) == 1
