"""Training of the published networks by their command: repeatable, resumable, and what it writes can be used."""

from __future__ import annotations

import csv
from dataclasses import replace

import numpy as np
import pytest
import torch

from stillpoint.models import training
from stillpoint.models.errors import Cancelled, StillpointError
from stillpoint.models.jobs import TrainModel
from stillpoint.models.learning import library
from stillpoint.models.progress import SILENT, Progress
from stillpoint.models.scatterers import train_published, training_data
from stillpoint.models.scatterers.published.networks import RECIPES, open_published
from stillpoint.models.scatterers.training_data import Block
from tests.models.scatterers.test_labels import phase_stack, write_raster


def easy_block(number, dates=5, side=32):
    """Return a block whose scatterers lie in a patch where the phase is steady in space."""
    random = np.random.default_rng(number)
    phase = random.uniform(-np.pi, np.pi, (dates, side, side))
    truth = np.zeros((side, side), np.uint8)
    top, left = random.integers(0, side - 12, 2)
    truth[top : top + 12, left : left + 12] = 1
    phase = np.where(truth == 1, random.uniform(-2, 2, (dates, 1, 1)) + random.normal(0, 0.2, phase.shape), phase)
    return Block(phase.astype(np.float16), truth)


@pytest.fixture
def easy(monkeypatch):
    """Let trainings without data see few and easy blocks."""
    def parts(seed, scenes, *, progress):
        sizes = {"train": 6, "validation": 2, "calibration": 3, "test": 3}
        starts = np.cumsum([0, *sizes.values()])
        return {name: [easy_block(100 * seed + n) for n in range(start, start + size)]
                for (name, size), start in zip(sizes.items(), starts)}

    monkeypatch.setattr(training_data, "simulated_parts", parts)
    monkeypatch.setattr(train_published, "SEEN", (2, 4, 32))


def job(tmp_path, network="cnn_iss", **more):
    values = {"epochs": 2, "seed": 3, "device": "cpu", **more}
    return TrainModel(capability="scatterers", network=network, output=str(tmp_path / "mine.safetensors"), **values)


@pytest.mark.parametrize("network", sorted(RECIPES))
def test_a_short_training_writes_model_card_and_curves(tmp_path, easy, network):
    result = training.train(job(tmp_path, network), SILENT)
    model = open_published(network, tmp_path / "mine.safetensors")
    assert 0 < model.threshold <= 1 and model.header.training["blocks"]["test"] == 3
    card = (tmp_path / "mine.md").read_text(encoding="utf-8")
    assert f"--network {network} --seed 3 --epochs 2" in card and "Where it fails" in card
    with open(result.outputs["curves"], encoding="utf-8") as stream:
        assert [row["epoch"] for row in csv.DictReader(stream)] == ["1", "2"]
    with open(result.outputs["curve"], encoding="utf-8") as stream:
        assert len(list(csv.DictReader(stream))) == 101
    assert {path.name for path in tmp_path.iterdir()} - {"mine.curves.png", "mine.curves.svg"} == {
        "mine.safetensors", "mine.md", "mine.curves.csv", "mine.curve.csv", "mine.job.json"
    }


def test_it_learns(tmp_path, easy):
    result = training.train(job(tmp_path, "unet", epochs=8), SILENT)
    metrics = result.details["metrics"]
    assert metrics["average precision"] > 0.8 > 2 * metrics["share of scatterers"]


def test_cancelled_training_keeps_its_checkpoint_and_goes_on_to_the_same_end(tmp_path, easy):
    whole = tmp_path / "whole"
    whole.mkdir()
    training.train(job(whole), SILENT)
    messages = []

    def report(_fraction, message):
        messages.append(message)

    broken = tmp_path / "broken"
    broken.mkdir()
    with pytest.raises(Cancelled):
        training.train(job(broken), Progress(report, lambda: any("Epoch 2" in message for message in messages)))
    assert {path.name for path in broken.iterdir()} == {"mine.checkpoint"}
    resumed = training.train(job(broken, resume=True), SILENT)
    assert len(resumed.details["history"]) == 2
    assert library.read_header(broken / "mine.safetensors").training["epochs"] == 2
    first, second = (library.read_state(folder / "mine.safetensors") for folder in (whole, broken))
    assert all(torch.equal(first[name], second[name]) for name in first)


def test_training_stops_where_nothing_improves(tmp_path, easy, monkeypatch):
    monkeypatch.setattr(train_published, "PATIENCE", 2)
    monkeypatch.setattr(
        train_published.metrics, "ranking", lambda *_: {"average precision": 0.5, "F1 at the true count": 0.5}
    )
    result = training.train(job(tmp_path, epochs=5), SILENT)
    assert len(result.details["history"]) == 3


def test_fine_tuning_starts_from_a_model(tmp_path, easy):
    def trained(name, **more):
        folder = tmp_path / name
        folder.mkdir()
        training.train(job(folder, epochs=1, **more), SILENT)
        return library.read_state(folder / "mine.safetensors")["layers.3.0.weight"]

    model = str(tmp_path / "first" / "mine.safetensors")
    first, tuned, fresh = trained("first", seed=3), trained("tuned", seed=4, model=model), trained("fresh", seed=4)
    assert float((tuned - first).norm()) < 0.5 * float((fresh - first).norm())
    with pytest.raises(StillpointError, match="of the kind cnn_iss"):
        training.train(job(tmp_path, "unet", model=model), SILENT)


def test_the_users_stack_and_mask(tmp_path, monkeypatch):
    path, _ = phase_stack(tmp_path, (140, 140))
    mask = (np.random.default_rng(0).random((1, 140, 140)) < 0.1).astype(np.uint8)
    marks = write_raster(tmp_path / "ps.tif", mask)
    output = tmp_path / "models"
    output.mkdir()
    monkeypatch.setattr(train_published, "MIXED_SCENES", 2)
    monkeypatch.setattr(training_data, "simulated_block", lambda seed, number: easy_block(number))
    result = training.train(job(output, epochs=1, data=(path,), labels=marks, mix=0.3), SILENT)
    methods = result.details["comparison"]["methods"]
    assert [each["role"] for each in methods][:2] == ["new", "shipped"]
    assert len({np.sum(each["confusion"]) for each in methods}) == 1
    assert library.read_header(output / "mine.safetensors").training["start"]["file"] == "scatterers-cnn-iss.safetensors"
    assert "simulated" in (output / "mine.html").read_text(encoding="utf-8") and not list(output.glob("*.candidate"))
    card = (output / "mine.md").read_text(encoding="utf-8")
    assert "--data stack.tif --labels ps.tif" in card and "gaps of 12 pixels" in card and "the user's ps.tif" in card


def test_the_start_is_as_asked_for(tmp_path, monkeypatch):
    asked = job(tmp_path, data=("stack.tif",))
    assert train_published._start_file(asked).name == "scatterers-cnn-iss.safetensors"
    assert train_published._start_file(replace(asked, start="scratch")) is None
    assert train_published._start_file(replace(asked, data=None)) is None
    assert train_published._start_file(replace(asked, data=None, start="model")) is not None
    with pytest.raises(StillpointError, match="name no model"):
        train_published._start_file(replace(asked, start="scratch", model="a.safetensors"))


def test_mixed_batches_draw_from_both():
    own, simulated = [easy_block(number, dates=3) for number in range(3)], [easy_block(number, dates=4) for number in range(3)]
    seen = [
        training_data.draw_batch(own, seed=1, step=step, size=1, dates=(8, 8), simulated=simulated, mix=0.5)[0].shape[1]
        for step in range(60)
    ]
    assert set(seen) == {3, 4} and 15 < seen.count(4) < 45


def test_labels_without_data_are_refused(tmp_path):
    with pytest.raises(StillpointError, match="Labels need the stacks"):
        training.train(job(tmp_path, labels="stability"), SILENT)


def test_batches_depend_on_seed_and_step_only():
    blocks = [easy_block(number) for number in range(4)]
    settings = {"seed": 5, "size": 2, "dates": (2, 4), "side": 24}
    one, two = (training_data.draw_batch(blocks, step=7, **settings) for _ in range(2))
    other = training_data.draw_batch(blocks, step=8, **settings)
    assert torch.equal(one[0], two[0]) and torch.equal(one[1], two[1])
    assert one[0].shape != other[0].shape or not torch.equal(one[0], other[0])
    assert float(one[0].abs().max()) <= np.pi + 1e-6 and one[0].shape[2:] == (24, 24)


def test_pixels_without_a_phase_are_not_judged():
    phasor = np.ones((3, 4, 5), np.complex64)
    phasor[2, 1, 1] = np.nan
    block = training_data.make_block(phasor, np.arange(3), 0, np.ones((4, 5), np.uint8))
    assert block.labels[1, 1] == 255 and np.count_nonzero(block.labels == 1) == 19
    assert block.phase.shape == (2, 4, 5) and np.isfinite(block.phase).all()


def test_a_simulated_block_is_repeatable():
    one, two = (training_data.simulated_block(1, 1, side=64) for _ in range(2))
    assert np.array_equal(one.phase, two.phase) and np.array_equal(one.labels, two.labels)
    assert set(np.unique(one.labels)) <= {0, 1, 255}


def test_the_reach_of_a_fading_field_is_measured():
    torch.manual_seed(0)
    network = RECIPES["clstm_iss"].network().eval()
    reach = train_published.measured_reach(network, [easy_block(1, dates=8, side=64)], lambda scores, _: 1 / (1 + np.exp(-scores)))
    assert reach in (8, 12, 16, 24, 32)
    assert train_published.measured_reach(RECIPES["unet"].network(), [], lambda scores, _: scores) == 56
