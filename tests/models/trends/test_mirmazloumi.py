"""The published network: its layers, its input, its figures, and training that can be repeated."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from stillpoint.models.errors import StillpointError
from stillpoint.models.jobs import TrainModel
from stillpoint.models.learning.library import read_header
from stillpoint.models.trends import mirmazloumi
from stillpoint.models.trends.mirmazloumi import MirmazloumiCNN, open_classifier, paper_metrics, prepare, split_samples

from .synthetic import HALF, irregular, noise, regular, years_of


def test_layers_are_those_of_the_paper():
    kinds = [type(layer).__name__ for layer in MirmazloumiCNN().features]
    assert kinds == [
        "Conv1d", "ReLU", "MaxPool1d", "Conv1d", "ReLU", "MaxPool1d", "Conv1d", "ReLU", "AvgPool1d", "Dropout",
    ]
    network = MirmazloumiCNN()
    assert [(layer.out_channels, layer.kernel_size) for layer in network.features if isinstance(layer, torch.nn.Conv1d)][
        :2
    ] == [(138, (5,)), (64, (5,))]
    assert network.features[-1].p == 0.4
    assert [type(layer).__name__ for layer in network.head] == ["Flatten", "Linear", "LeakyReLU", "Linear"]


@pytest.mark.parametrize("epochs", [139, 64])
def test_logits_of_any_number_of_series(epochs):
    network = MirmazloumiCNN(epochs).eval()
    assert network(torch.zeros(3, epochs)).shape == (3, 5)


def test_prepared_series_are_centred_centimetres_on_regular_dates():
    rng = np.random.default_rng(0)
    dates = irregular(rng, 60)
    y = np.stack([20 * years_of(dates), 20 * years_of(dates)]).astype(np.float32)
    y[1, [5, 30]] = np.nan
    x = prepare(dates, y)
    assert x.shape == (2, 139) and x.dtype == torch.float32
    np.testing.assert_allclose(x.mean(1), 0, atol=1e-4)
    span = 20 * years_of(dates)[-1] / 10
    np.testing.assert_allclose(x[0], np.linspace(-span / 2, span / 2, 139), atol=1e-3)
    np.testing.assert_allclose(x[1], x[0], atol=1e-3)


def test_series_without_enough_values_are_left_out():
    dates = regular(30)
    y = np.full((2, 30), np.nan, np.float32)
    y[1, :7] = 1.0
    assert torch.isnan(prepare(dates, y)).all()
    assert np.isnan(open_classifier()(dates, y)).all()


def test_native_series_are_not_changed_by_resampling():
    rng = np.random.default_rng(1)
    dates = regular(139)
    y = noise(rng, dates, 4).astype(np.float32)
    np.testing.assert_allclose(prepare(dates, y), (y - y.mean(1, keepdims=True)) / 10, atol=1e-4)


def test_paper_metrics():
    truth = np.array([0, 0, 0, 1, 1, 2, 3, 4])
    found = np.array([0, 0, 1, 1, 1, 2, 3, 3])
    metrics = paper_metrics(found, truth)
    assert metrics["confusion"][0] == [2, 1, 0, 0, 0]
    assert metrics["overall_accuracy"] == pytest.approx(6 / 8)
    assert metrics["precision"] == pytest.approx([1, 2 / 3, 1, 0.5, 0])
    assert metrics["recall"] == pytest.approx([2 / 3, 1, 1, 1, 0])
    assert metrics["f_score"] == pytest.approx([0.8, 0.8, 1, 2 / 3, 0])


def test_the_split_is_70_10_20_and_complete():
    parts = split_samples(5000, 3)
    assert [len(part) for part in parts] == [3500, 500, 1000]
    assert len(torch.unique(torch.cat(parts))) == 5000
    assert torch.equal(parts[0], split_samples(5000, 3)[0])


def test_shipped_weights_know_plain_cases():
    rng = np.random.default_rng(2)
    dates = regular(139)
    t = years_of(dates)
    classify = open_classifier()
    for code, motion in enumerate((0 * t, 15 * t, -4 * t**2, 40 * np.maximum(t - 2.5, 0), HALF * (t > 2))):
        odds = classify(dates, noise(rng, dates, 40) + motion)
        np.testing.assert_allclose(odds.sum(1), 1, rtol=1e-4)
        assert (odds.argmax(1) == code).mean() > 0.75, code


def test_shipped_header_holds_the_papers_figures():
    metrics = read_header(mirmazloumi.SHIPPED).metrics
    assert np.asarray(metrics["confusion"]).sum() == 1000
    assert metrics["overall_accuracy"] > 0.88


def test_training_repeats_itself_and_can_be_opened(tmp_path, monkeypatch):
    samples = mirmazloumi.simulated_samples(5, each=40)
    monkeypatch.setattr(mirmazloumi, "simulated_samples", lambda seed: samples)
    results = []
    for name in ("a", "b"):
        job = TrainModel(
            capability="trends", network="mirmazloumi_cnn", output=str(tmp_path / f"{name}.safetensors"), epochs=3, seed=5
        )
        results.append(mirmazloumi.train_published(job))
    one, other = (open_classifier(tmp_path / f"{name}.safetensors") for name in ("a", "b"))
    dates = regular(139)
    y = noise(np.random.default_rng(3), dates, 5)
    np.testing.assert_array_equal(one(dates, y), other(dates, y))
    assert results[0].details["metrics"] == results[1].details["metrics"]
    assert "Overall accuracy" in results[0].summary


def test_simulated_samples_are_balanced():
    _, codes = mirmazloumi.simulated_samples(1, each=40)
    assert torch.bincount(codes).tolist() == [40] * 5


def test_another_model_is_refused():
    other = mirmazloumi.SHIPPED.with_name("trends-statistical.safetensors")
    with pytest.raises(StillpointError, match="MirmazloumiCNN"):
        open_classifier(other)
