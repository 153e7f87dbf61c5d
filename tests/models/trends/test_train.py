"""Training of the default network: repeatable, resumable, and what it writes can be used."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from stillpoint.models.errors import StillpointError
from stillpoint.models.jobs import TrainModel
from stillpoint.models.learning import library
from stillpoint.models.progress import SILENT
from stillpoint.models.simulation.series import OTHER_KINDS
from stillpoint.models.trends import dataset, train
from stillpoint.models.trends.judge import Judge
from stillpoint.models.trends.network import OUTPUTS, REASONS


@pytest.fixture
def short(monkeypatch):
    """Make a training of a few steps."""
    monkeypatch.setattr(train, "STEPS_AN_EPOCH", 3)
    made = train.held_out
    monkeypatch.setattr(train, "held_out", lambda seed=1, **_: made(seed, calendars=3, size=16))


def test_batches_depend_on_seed_and_step_only():
    one, two = (dataset.groups_at(5, 7, groups=1, scenes=1, size=8)[0][1] for _ in range(2))
    other = dataset.groups_at(5, 8, groups=1, scenes=1, size=8)[0][1]
    assert np.array_equal(one.displacement, two.displacement, equal_nan=True)
    assert one.displacement.shape != other.displacement.shape or not np.array_equal(one.displacement, other.displacement)


def test_a_reason_for_every_kind():
    assert len(REASONS) == len(OTHER_KINDS) and 5 + len(REASONS) == OUTPUTS


def test_a_short_training_writes_a_model_with_a_card(tmp_path, short):
    output = tmp_path / "mine.safetensors"
    result = train.train_default(TrainModel(capability="trends", output=str(output), epochs=1, seed=3), SILENT)
    header = library.read_header(output)
    assert header.task == "trends" and 0 < header.settings["unlike_threshold"] < 1
    assert header.training["series"] == 3 * 1024
    card = output.with_suffix(".md").read_text(encoding="utf-8")
    assert "--seed 3" in card and "Where it fails" in card
    assert result.details["metrics"]["accuracy"] == pytest.approx(header.metrics["accuracy"], abs=1e-4)
    dates = np.datetime64("2020-01-01") + 12 * np.arange(40)
    verdict = Judge(output)(dates, np.random.default_rng(0).normal(size=(5, 40)).astype(np.float32), 0.0555)
    assert verdict.probabilities.sum(axis=1) == pytest.approx(np.ones(5), abs=1e-5)


def test_a_model_with_other_statistics_is_refused(tmp_path):
    path = library.shipped("trends", "default")
    header = library.read_header(path)
    changed = library.Header(**{**vars(header), "input": {**header.input, "features": ["velocity"]}})
    library.save_model(tmp_path / "old.safetensors", library.read_state(path), changed)
    with pytest.raises(StillpointError, match="other statistics"):
        Judge(tmp_path / "old.safetensors")


def test_calibration_error():
    sure = np.tile([0.9, 0.1], (1000, 1))
    labels = np.zeros(1000, dtype=int)
    assert train.expected_calibration_error(sure, labels) == pytest.approx(0.1)
    labels[:100] = 1
    assert train.expected_calibration_error(sure, labels) == pytest.approx(0.0, abs=1e-9)


def test_temperature_undoes_overconfidence():
    draw = torch.Generator().manual_seed(0)
    logits = torch.randn(4000, 5, generator=draw)
    labels = torch.multinomial(torch.softmax(logits, dim=1), 1, generator=draw)[:, 0]
    padded = torch.cat([logits * 2, torch.zeros(4000, OUTPUTS - 5)], dim=1)
    assert train.fit_temperature(padded, labels) == pytest.approx(2.0, rel=0.1)
