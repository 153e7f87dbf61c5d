"""The features know no reference date, no order of dates, no constant of an interferogram, no sign and no tile."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch

from stillpoint.models.learning.metrics import average_precision
from stillpoint.models.scatterers import default, neighbourhood
from stillpoint.models.scatterers.features import FEATURES, HALO, features
from stillpoint.models.scatterers.fitting import best_height, searches
from stillpoint.models.scatterers.neighbourhood import Grid
from stillpoint.models.scatterers.network import (
    EDGES,
    PS_NOISE,
    ScattererNetwork,
    ScattererNetworkShape,
    expected_noise,
    log_odds,
    range_of,
)
from stillpoint.tests.models.scatterers.stacks import seen, small_scene


@pytest.fixture(scope="module")
def scene():
    return small_scene()


@pytest.fixture(scope="module")
def network():
    torch.manual_seed(0)
    return ScattererNetwork(ScattererNetworkShape(len(FEATURES))).eval()


def _turned(observations, kind: str):
    rng = np.random.default_rng(8)
    count = len(observations.dates)
    if kind == "constant":
        turn = np.exp(1j * rng.uniform(-np.pi, np.pi, count)).astype(np.complex64)
        return replace(observations, phasor=observations.phasor * turn[:, None, None])
    if kind == "order":
        order = rng.permutation(count)
        return replace(
            observations, phasor=observations.phasor[order], amplitude=observations.amplitude[order],
            dates=observations.dates[order], baselines=observations.baselines[order],
            reference=int(np.argsort(order)[observations.reference]),
        )  # fmt: skip
    if kind == "reference":
        phasor = observations.phasor * np.conj(observations.phasor[5])
        return replace(observations, phasor=phasor, baselines=observations.baselines - observations.baselines[5], reference=5)
    if kind == "sign":
        return replace(observations, phasor=np.conj(observations.phasor))
    raise AssertionError(kind)


@pytest.mark.parametrize("kind", ["constant", "order", "reference", "sign"])
def test_the_probability_stays_the_same(scene, network, kind):
    observations = seen(scene)
    before = default.verdict(network, 0.5, observations)
    after = default.verdict(network, 0.5, _turned(observations, kind))
    difference = np.abs(before.probability - after.probability)
    # Rounding may choose another of two equally good height errors for a pixel of pure noise.
    assert np.quantile(difference, 0.999) < 5e-3
    assert difference.mean() < 1e-4
    assert np.quantile(np.abs(before.gamma - after.gamma), 0.99) < 5e-3


def test_a_tile_with_its_halo_is_what_the_whole_gives(network):
    scene = small_scene(rows=3 * HALO, cols=2 * HALO + 40, dates=6)
    observations = replace(seen(scene), gains=np.abs(scene.slc).mean(axis=(1, 2)))
    whole = default.verdict(network, 0.5, observations)
    row, halo = HALO + 11, default.HALO
    top = row - halo
    part = replace(
        observations, phasor=observations.phasor[:, top:], amplitude=observations.amplitude[:, top:], origin=(top, 0)
    )
    tile = default.verdict(network, 0.5, part, core=(halo, halo + 30, 0, part.shape[1]))
    np.testing.assert_allclose(tile.probability, whole.probability[row : row + 30], atol=1e-3)
    np.testing.assert_allclose(tile.noise, whole.noise[row : row + 30], atol=1e-2)


def test_gamma_finds_the_scatterers(scene):
    found = features(seen(scene))
    truth = scene.noise.ravel() < PS_NOISE
    assert average_precision(truth, found.gamma.numpy().ravel()) > 0.85 > 2 * truth.mean()


def test_missing_values_amplitudes_and_baselines_are_allowed(scene, network):
    observations = seen(scene)
    phasor = observations.phasor.copy()
    phasor[:, :20] = np.nan
    bare = replace(observations, phasor=phasor, amplitude=None, baselines=None)
    verdict = default.verdict(network, 0.5, bare)
    assert np.isnan(verdict.probability[:20]).all() and np.isfinite(verdict.probability[20:]).all()
    assert verdict.dispersion is None


def test_every_feature_is_finite_with_few_dates():
    found = features(seen(small_scene(rows=40, cols=40, dates=3)))
    assert found.maps.shape[0] == len(FEATURES)
    assert bool(torch.isfinite(found.maps).all())


def test_the_shared_phase_is_that_of_the_scatterers():
    rng = np.random.default_rng(1)
    dates, rows, cols = 15, 40, 40
    common = np.exp(1j * rng.uniform(-np.pi, np.pi, dates))
    noise = np.exp(1j * rng.uniform(-np.pi, np.pi, (dates, rows, cols)))
    steady = rng.random((rows, cols)) < 0.4
    phasor = np.where(steady, common[:, None, None] * np.exp(1j * rng.uniform(-3, 3, (rows, cols))), noise)
    tensor = torch.from_numpy(phasor.astype(np.complex64))
    grid = Grid.of((rows, cols), (3, 5))
    cells = neighbourhood.spread(neighbourhood.matrices(tensor, torch.ones(rows, cols), grid), neighbourhood.triangle(2))
    shared = neighbourhood.at_pixels(neighbourhood.shared_phase(cells), grid, (0, rows, 0, cols)).numpy()
    likeness = np.abs((shared / np.abs(shared) * np.conj(common)[:, None, None]).mean(axis=0))
    assert likeness.min() > 0.97


def test_the_own_share_is_what_a_single_pixel_adds():
    grid = Grid.of((24, 24), (0, 0))
    phasor = torch.zeros(4, 24, 24, dtype=torch.complex64)
    phasor[:, 13, 9] = 1
    weight = torch.ones(24, 24)
    kernel = neighbourhood.triangle(1)
    cells = neighbourhood.spread(neighbourhood.matrices(phasor, weight, grid), kernel)
    around = neighbourhood.at_pixels(neighbourhood.shared_phase(cells), grid, (0, 24, 0, 24))
    share = neighbourhood.own_share(kernel, grid, (0, 24, 0, 24), torch.device("cpu"))
    assert float(around[:, 13, 9].abs().mean()) == pytest.approx(4 * float(share[13, 9]), rel=1e-5)


def test_a_height_is_found():
    dates = np.datetime64("2020-01-01") + 12 * np.arange(20)
    baselines = np.random.default_rng(0).normal(0, 100, 20)
    search = searches(dates, baselines, wavelength=0.0555, incidence=35.0, device=torch.device("cpu"))
    slope = 0.004
    phasor = torch.from_numpy(np.exp(1j * slope * baselines).astype(np.complex64))[:, None]
    gamma, found = best_height(phasor, search.narrow, search.baselines)
    assert float(gamma) > 0.995
    assert float(found) == pytest.approx(slope, abs=2e-4)


def test_the_answer_of_the_network_is_consistent():
    noise = torch.tensor([0.05, 0.55, 0.65, 3.0])
    assert (range_of(noise) <= EDGES.index(PS_NOISE)).tolist() == [True, True, False, False]
    logits = torch.full((1, len(EDGES) + 1, 1, 1), -20.0)
    logits[0, 2] = 20.0
    assert float(log_odds(logits)) > 10
    assert EDGES[1] < float(expected_noise(logits)) < EDGES[2]
