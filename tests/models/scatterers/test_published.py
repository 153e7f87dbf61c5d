"""The published networks: layers as published, any number of interferograms, no seams, order and bounds."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
import torch

from stillpoint.models.errors import StillpointError
from stillpoint.models.learning import library
from stillpoint.models.learning.metrics import average_precision, calibration_error, f1_at_density
from stillpoint.models.scatterers.observations import Observations
from stillpoint.models.scatterers.published import losses, metrics
from stillpoint.models.scatterers.published.calibration import Calibration, fit_calibration
from stillpoint.models.scatterers.published.networks import RECIPES, TASK, open_published
from stillpoint.models.scatterers.published.predict import block_scores, ordered_dates, predict


def observations(rows=60, cols=70, dates=7, *, reference=2, origin=(0, 0), seed=0):
    random = np.random.default_rng(seed)
    phase = random.uniform(-np.pi, np.pi, (dates, rows, cols))
    phase[:, : rows // 2] *= 0.1
    phase[reference] = 0
    return Observations(
        phasor=np.exp(1j * phase).astype(np.complex64), reference=reference, spacing=(10.0, 10.0), origin=origin,
        dates=np.datetime64("2021-01-01") + 12 * np.arange(dates),
    )


def network_of(method, *, seed=1):
    """Return a network in evaluation mode whose normalisation has seen some data, and whose scores vary."""
    torch.manual_seed(seed)
    network = RECIPES[method].network()
    network.train()
    with torch.no_grad():
        for _ in range(3):
            network(torch.rand(2, 4, 32, 32) * 6 - 3)
    return network.eval()


METHODS = sorted(RECIPES)


def convolutions(network):
    return [layer for layer in network.modules() if isinstance(layer, torch.nn.Conv2d)]


def test_layers_of_cnn_iss_are_the_published_ones():
    network = RECIPES["cnn_iss"].network()
    assert [layer.out_channels for layer in convolutions(network)] == [16, 16, 32, 64, 1]
    assert not [layer for layer in network.modules() if isinstance(layer, (torch.nn.MaxPool2d, torch.nn.AvgPool2d))]
    assert len([layer for layer in network.modules() if isinstance(layer, torch.nn.BatchNorm2d)]) == 4


def test_layers_of_clstm_iss_are_the_published_ones():
    network = RECIPES["clstm_iss"].network()
    assert [layer.width for layer in network.layers] == [16, 16, 32]
    assert [layer.out_channels for layer in convolutions(network)] == [64, 64, 128, 64, 1]
    assert RECIPES["cnn_iss"].rate == 0.01 and RECIPES["clstm_iss"].rate == 0.001


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("interferograms", [1, 3, 11])
def test_any_number_of_interferograms_of_any_size(method, interferograms):
    scores = network_of(method)(torch.rand(2, interferograms, 21, 34) * 6 - 3)
    assert scores.shape == (2, 21, 34) and bool(torch.isfinite(scores).all())


@pytest.mark.parametrize("method", ["cnn_iss", "unet"])
def test_order_of_interferograms_is_nothing_to_the_networks_without_memory(method):
    phase = torch.rand(1, 6, 24, 24) * 6 - 3
    network = network_of(method)
    with torch.no_grad():
        assert torch.allclose(network(phase), network(phase.flip(1)), atol=1e-4)


def test_clstm_by_layers_equals_by_dates():
    network = network_of("clstm_iss")
    given = [torch.rand(1, 1, 20, 20) - 0.5 for _ in range(5)]
    with torch.no_grad():
        assert torch.allclose(network._by_layers(given), network._by_dates(given), atol=1e-5)


def test_clstm_remembers():
    network = network_of("clstm_iss")
    phase = torch.rand(1, 5, 20, 20) - 0.5
    other = phase.clone()
    other[:, 0] = torch.rand(1, 20, 20) - 0.5
    with torch.no_grad():
        assert float((network(phase) - network(other)).abs().max()) > 1e-6


def test_the_unet_reads_the_phase_without_its_wrap():
    network = network_of("unet")
    phase = torch.rand(1, 3, 16, 16) * 6 - 3
    with torch.no_grad():
        assert torch.allclose(network(phase), network(phase + 2 * np.pi), atol=1e-4)


@pytest.mark.parametrize("method", METHODS)
def test_tiles_leave_no_seam(method):
    network = network_of(method)
    seen = observations(150, 170, dates=5)
    wanted = ordered_dates(seen)
    reach = network.reach if method != "clstm_iss" else 40
    whole = block_scores(network, seen.phasor, wanted, reach=reach, tile=1000)
    tiled = block_scores(network, seen.phasor, wanted, reach=reach, tile=64)
    assert whole.std() > 1e-4
    assert np.abs(1 / (1 + np.exp(-whole)) - 1 / (1 + np.exp(-tiled))).max() < 1e-3


def test_without_overlap_there_is_a_seam():
    seen = observations(150, 170, dates=5)
    network = network_of("cnn_iss")
    whole = block_scores(network, seen.phasor, ordered_dates(seen), reach=4, tile=1000)
    cut = block_scores(network, seen.phasor, ordered_dates(seen), reach=0, tile=64)
    assert np.abs(whole - cut).max() > 1e-2


def test_blocks_of_a_raster_pool_the_same_pixels():
    network = network_of("unet")
    seen = observations(150, 260, dates=4)
    whole = block_scores(network, seen.phasor, ordered_dates(seen), reach=56, tile=1000)
    first = 77
    part = block_scores(network, seen.phasor[:, :, first:], ordered_dates(seen), reach=56, origin=(0, first), tile=1000)
    assert np.abs(part[:, 60:] - whole[:, first + 60 :]).max() < 1e-3


def saved(tmp_path, method, **settings):
    path = tmp_path / f"{method}.safetensors"
    network = network_of(method)
    values = {"calibration": Calibration(0.7, -0.2).to_dict(), "threshold": 0.4, "reach": 8, **settings}
    library.save_model(path, network.state_dict(), library.Header(TASK, network.architecture, "1", settings=values))
    return path


@pytest.mark.parametrize("method", METHODS)
def test_a_verdict(tmp_path, method):
    model = open_published(method, saved(tmp_path, method))
    seen = observations(40, 50)
    seen.phasor[3, 5, 6] = np.nan
    told = []
    verdict = predict(model, seen, progress=lambda fraction, message: told.append(message), tile=24)
    assert verdict.probability.shape == (40, 50) and verdict.probability.dtype == np.float32
    assert np.isnan(verdict.probability[5, 6]) and np.isnan(verdict.probability).sum() == 1
    assert np.nanmin(verdict.probability) >= 0 and np.nanmax(verdict.probability) <= 1
    assert verdict.threshold == 0.4 and verdict.noise is None and len(told) > 1


def test_the_sequence_is_that_of_time_without_the_reference():
    seen = observations(4, 4, dates=4, reference=1)
    mixed = dataclasses.replace(seen, dates=seen.dates[[3, 1, 0, 2]])
    assert ordered_dates(mixed).tolist() == [2, 3, 0]


def test_a_single_date_is_refused(tmp_path):
    model = open_published("cnn_iss", saved(tmp_path, "cnn_iss"))
    with pytest.raises(StillpointError, match="single date"):
        predict(model, observations(8, 8, dates=1, reference=0))


def test_another_network_is_refused(tmp_path):
    with pytest.raises(StillpointError, match="CNN-ISS"):
        open_published("unet", saved(tmp_path, "cnn_iss"))


def test_a_header_without_calibration_is_refused(tmp_path):
    with pytest.raises(StillpointError, match=r"lacks the calibration|no number"):
        open_published("cnn_iss", saved(tmp_path, "cnn_iss", calibration={"slope": float("inf")}))


def test_f1_loss_counts_probabilities():
    scores = torch.tensor([20.0, 20.0, -20.0, -20.0])
    labels = torch.tensor([1, 0, 1, 255], dtype=torch.uint8)
    # One hit, one alarm, one missed: F1 is a half with equal weights.
    assert float(losses.f1_loss(scores, labels, weights=(1.0, 1.0))) == pytest.approx(0.5, abs=1e-4)
    assert float(losses.f1_loss(scores, labels)) == pytest.approx(1 - 400 / (400 + 200 + 1), abs=1e-4)
    right = torch.tensor([20.0, -20.0, 20.0, 5.0])
    assert float(losses.f1_loss(right, labels)) == pytest.approx(0.0, abs=1e-4)


def test_balanced_cross_entropy_ignores_what_nobody_judged():
    labels = torch.tensor([1, 0, 0, 0, 255], dtype=torch.uint8)
    scores = torch.tensor([1.0, -1.0, 0.5, 0.0, 100.0], requires_grad=True)
    losses.balanced_cross_entropy(scores, labels).backward()
    assert scores.grad[4] == 0 and scores.grad[0] < 0 < scores.grad[1]


def test_calibration_repairs_what_a_weighted_loss_did():
    random = np.random.default_rng(0)
    scores, truth, counts = [], [], []
    for count in (5, 10, 20, 40):
        right = random.normal(-2, 2, 20_000)
        truth.append(random.random(20_000) < 1 / (1 + np.exp(-right)))
        scores.append((right / np.log(count) * 2 + 5).astype(np.float32))
        counts.append(count)
    fitted = fit_calibration(scores, truth, counts)
    for score, real, count in zip(scores, truth, counts):
        raw = 1 / (1 + np.exp(-score.astype(float)))
        found = fitted(score, count)
        assert calibration_error(real, found) < 0.02 < calibration_error(real, raw)
        assert np.all(np.diff(found[np.argsort(score)]) >= 0)
    assert Calibration.from_dict(fitted.to_dict()) == fitted


def test_calibration_keeps_the_order_beyond_the_numbers_it_knows():
    bent = Calibration(slope=0.5, slope_dates=-0.6, fewest=5, most=50)
    assert np.all(np.diff(bent(np.linspace(-5, 5, 50), 400)) > 0)
    assert np.array_equal(bent(np.ones(1), 50), bent(np.ones(1), 400))


def test_ranking_figures():
    scores = np.array([0.9, 0.8, 0.7, 0.2, 0.1])
    truth = np.array([True, False, True, False, False])
    assert average_precision(truth, scores) == pytest.approx((1 + 2 / 3) / 2)
    assert f1_at_density(truth, scores) == pytest.approx(0.5)
    assert metrics.best_threshold(scores, truth) == pytest.approx(0.7)
    found = metrics.figures([scores], [truth], 0.75)
    assert found["precision scatterers"] == 0.5 and found["recall others"] == pytest.approx(2 / 3)
    rows = metrics.curve(scores, truth, points=11)
    assert rows[8].tolist() == pytest.approx([0.8, 0.5, 0.5, 0.5, 0.4])
    assert np.isnan(average_precision(np.zeros(5, bool), scores))


@pytest.mark.parametrize("method", METHODS)
def test_the_shipped_weights_leave_no_seam(method):
    model = open_published(method)
    seen = observations(130, 140, dates=6)
    whole, tiled = (predict(model, seen, tile=tile).probability for tile in (1000, 64))
    assert np.abs(whole - tiled).max() < 1e-3
    assert whole.std() > 1e-3
