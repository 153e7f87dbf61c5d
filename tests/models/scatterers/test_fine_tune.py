"""Fine-tuning of the default network on stacks of the user's: parts apart, every kind of stack and label, honest figures."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from osgeo import gdal

from stillpoint.models import training
from stillpoint.models.errors import Cancelled, StillpointError
from stillpoint.models.jobs import TrainModel
from stillpoint.models.learning import library
from stillpoint.models.progress import SILENT, Progress
from stillpoint.models.rasters.stack import open_stack
from stillpoint.models.scatterers import default, fine_tune, fine_tune_card, fine_tune_data, fine_tune_regions, train_default
from stillpoint.models.scatterers.features import FEATURES
from stillpoint.models.scatterers.fine_tune_data import Plot
from stillpoint.models.scatterers.fine_tune_regions import JUDGING, TRAIN, TUNING
from stillpoint.models.scatterers.network import PS_NOISE, ScattererNetwork, ScattererNetworkShape
from stillpoint.models.scatterers.sight import Sight
from stillpoint.tests.models.scatterers.stacks import TRANSFORM, small_scene, untrained_model, write_scene_as

ROWS, COLS = 330, 40


@pytest.fixture(scope="module")
def scene():
    return small_scene(rows=ROWS, cols=COLS, dates=8, seed=4)


@pytest.fixture(autouse=True)
def small_steps(monkeypatch):
    for name, value in (("BATCH", 2), ("CROP", 24), ("FEWEST_STEPS", 4), ("MOST_STEPS", 4)):
        monkeypatch.setattr(fine_tune, name, value)
    monkeypatch.setattr(fine_tune_data, "TILE", 120)


@pytest.fixture(scope="module")
def start(tmp_path_factory):
    """A start that has learnt nothing, but scales the features of a stack as a trained one does."""
    return untrained_model(tmp_path_factory.mktemp("start") / "start.safetensors")


def write_map(path, values):
    """Write one band on the grid of the scenes."""
    kind = gdal.GDT_Float32 if values.dtype == np.float32 else gdal.GDT_Byte
    raster = gdal.GetDriverByName("GTiff").Create(str(path), values.shape[1], values.shape[0], 1, kind)
    raster.SetGeoTransform(TRANSFORM)
    raster.GetRasterBand(1).WriteArray(values)
    return str(path)


def job(folder, start, data, labels, **more):
    values = {"epochs": 2, "seed": 3, "device": "cpu", "model": start, **more}
    return TrainModel(
        capability="scatterers", network="default", output=str(folder / "mine.safetensors"), data=(data,), labels=labels, **values
    )


def marked(scene, folder, *, without=3):
    """Write the true scatterers as a mask, some columns of which are not judged."""
    mask = (scene.noise < PS_NOISE).astype(np.uint8)
    mask[:, -without:] = 255
    return write_map(folder / "ps.tif", mask)


def test_phases_and_a_mask(scene, start, tmp_path):
    amplitude = write_scene_as(scene, tmp_path / "amplitude.tif", "amplitude")
    stack = write_scene_as(scene, tmp_path / "stack.tif", "phase", reference=2, companion=amplitude)
    output = tmp_path / "out"
    output.mkdir()
    result = training.train(job(output, start, stack, marked(scene, tmp_path)), SILENT)
    network, threshold = default.open_default(output / "mine.safetensors")
    header = library.read_header(output / "mine.safetensors")
    assert header.settings["threshold"] == threshold == result.details["threshold"]
    assert header.training["start"]["sha256"] == library.sha256(Path(start)) and "ps.tif" in header.training["labels"]
    pixels = header.training["pixels"]
    assert pixels["train"] > pixels["tuning"] > 0 < pixels["judging"]
    assert sum(pixels.values()) <= (ROWS - 2 * default.HALO) * (COLS - 3)
    card = (output / "mine.md").read_text(encoding="utf-8")
    assert "gaps of 88 pixels" in card and "--data stack.tif --labels ps.tif" in card and "| start | fine-tuned |" in card
    methods = {each["name"]: each for each in result.details["comparison"]["methods"]}
    assert {"new model", "start start.safetensors", "amplitude dispersion"} <= set(methods)
    assert result.details["comparison"]["examples"] <= pixels["judging"]
    assert "average precision" in Path(result.outputs["report"]).read_text(encoding="utf-8")
    before, after = result.details["metrics_before"], result.details["metrics"]
    assert set(before) == set(after) and "average precision" in result.summary and "noise" not in " ".join(after)
    ranked = [row["average precision"] for row in result.details["history"]]
    assert ranked[result.details["best_epoch"]] == max(ranked) > ranked[0]
    with open(result.outputs["curves"], encoding="utf-8") as stream:
        assert [row["epoch"] for row in csv.DictReader(stream)] == ["0", "1", "2"]
    written = {"mine.safetensors", "mine.md", "mine.curves.csv", "mine.job.json", "mine.html"}
    assert {path.name for path in output.iterdir()} >= written and not list(output.glob("*.tiles"))
    with open_stack(stack) as opened:
        seen = Sight(opened).observations(slice(0, 40), slice(0, 40))
    assert np.isfinite(default.verdict(network, threshold, seen).probability).all()


def test_true_noise_teaches_the_estimate_of_the_noise_too(scene, start, tmp_path, monkeypatch):
    stack = write_scene_as(scene, tmp_path / "stack.tif", "images")
    write_map(tmp_path / "stack_noise.tif", scene.noise.astype(np.float32))
    given = []
    monkeypatch.setattr(fine_tune, "loss_of", lambda logits, noise: given.append(noise) or train_default.loss_of(logits, noise))
    result = training.train(job(tmp_path, start, stack, "truth", epochs=1), SILENT)
    assert "median error of the noise of PS, rad" in result.details["metrics"]
    noise = torch.cat(given)
    known = noise[torch.isfinite(noise)]
    assert len(torch.unique(known)) > 50 and float(known.min()) < PS_NOISE < float(known.max())


def test_cancelled_and_resumed_ends_as_if_never_stopped(scene, start, tmp_path):
    stack, labels = write_scene_as(scene, tmp_path / "stack.tif", "complex"), marked(scene, tmp_path)
    whole, broken = tmp_path / "whole", tmp_path / "broken"
    whole.mkdir()
    broken.mkdir()
    straight = training.train(job(whole, start, stack, labels), SILENT)
    with pytest.raises(Cancelled):
        told = Progress(None, (broken / "mine.checkpoint").exists)
        training.train(job(broken, start, stack, labels), told)
    assert {path.name for path in broken.iterdir()} == {"mine.checkpoint", "mine.tiles"}
    kept = {path: path.stat().st_mtime_ns for path in (broken / "mine.tiles").iterdir()}
    with pytest.raises(StillpointError, match="without resume"):
        training.train(job(broken, start, stack, marked(scene, broken, without=4), resume=True), SILENT)
    assert kept and all(path.stat().st_mtime_ns == kept[path] for path in kept)
    resumed = training.train(job(broken, start, stack, labels, resume=True), SILENT)
    rows = [[{**row, "seconds": 0} for row in result.details["history"]] for result in (straight, resumed)]
    assert len(rows[0]) == 3 and str(rows[0]) == str(rows[1])  # the start has no loss, and NaN equals nothing
    one, two = (library.read_state(folder / "mine.safetensors") for folder in (whole, broken))
    assert all(torch.equal(one[name], two[name]) for name in one)


def test_without_a_start_it_says_what_to_do(scene, tmp_path, monkeypatch):
    stack = write_scene_as(scene, tmp_path / "stack.tif", "images")
    monkeypatch.setattr(library, "model_of", lambda task, network, given: Path(given or tmp_path / "none"))
    with pytest.raises(StillpointError, match="ships no default network"):
        training.train(job(tmp_path, None, stack, "truth"), SILENT)
    with pytest.raises(StillpointError, match="There is no model file"):
        training.train(job(tmp_path, str(tmp_path / "none.safetensors"), stack, "truth"), SILENT)


def test_new_weights_mixed_with_simulation(scene, tmp_path, monkeypatch):
    stack = write_scene_as(scene, tmp_path / "stack.tif", "images")
    drawn = []

    def crops(seed, indices, folder, rng, *, side):
        drawn.append(len(indices))
        return torch.zeros((len(indices), len(FEATURES), side, side)), torch.full((len(indices), side, side), 0.3)

    monkeypatch.setattr(fine_tune.examples, "crops", crops)
    asked = job(tmp_path, None, stack, marked(scene, tmp_path), mix=0.5, epochs=1)
    result = training.train(replace(asked, start="scratch"), SILENT)
    header = library.read_header(tmp_path / "mine.safetensors")
    assert drawn == [1] * 4 and header.training["start"] == {} and header.training["mix"] == 0.5
    assert "new weights" in (tmp_path / "mine.md").read_text(encoding="utf-8")
    assert result.details["comparison"]["methods"][0]["role"] == "new" and result.details["metrics_before"] == {}
    with pytest.raises(StillpointError, match="name no model"):
        training.train(replace(asked, start="scratch", model="any.safetensors", output=str(tmp_path / "b.safetensors")), SILENT)


def test_labels_and_models_without_data_are_refused(start, tmp_path):
    for more, reason in (({"labels": "stability"}, "Labels need the stacks"), ({"model": start}, "begins with new weights")):
        with pytest.raises(StillpointError, match=reason):
            training.train(TrainModel(capability="scatterers", output=str(tmp_path / "m.safetensors"), **more), SILENT)


def test_the_output_is_not_written_over_the_data(scene, start, tmp_path):
    stack = write_scene_as(scene, tmp_path / "mine.safetensors", "images")
    with pytest.raises(StillpointError, match="written over"):
        training.train(job(tmp_path, start, stack, "truth"), SILENT)


def test_a_small_stack_is_refused_and_three_are_dealt_out(start, tmp_path):
    for seed in (1, 2, 3):
        small = small_scene(rows=48, cols=40, dates=8, seed=seed)
        (tmp_path / "stacks").mkdir(exist_ok=True)
        path = write_scene_as(small, tmp_path / "stacks" / f"s{seed}.tif", "images")
        write_map(tmp_path / "stacks" / f"s{seed}_noise.tif", small.noise.astype(np.float32))
    with pytest.raises(StillpointError, match=r"48 x 40 pixels, \d+ labelled as scatterers\) cannot be split .* 88 pixels apart"):
        training.train(job(tmp_path, start, path, "truth"), SILENT)
    plots, source, notes = fine_tune_data.gather([str(tmp_path / "stacks")], "truth", tmp_path / "tiles", seed=1, progress=SILENT)
    assert sorted(int(part) for plot in plots for part in np.unique(plot.part)) == [TRAIN, TUNING, JUDGING]
    assert source["split"] == "by stack" and any("must not overlap" in note for note in notes)


def test_parts_lie_apart_and_none_is_poor():
    random = np.random.default_rng(0)
    for shape, share in (((600, 80), 0.1), ((90, 2400), 0.02), ((700, 900), 0.005)):
        labels = (random.random(shape) < share).astype(np.uint8)
        labels[random.random(shape) < 0.3] = 255
        found = fine_tune_regions.split(labels, gap=50, seed=1)
        parts = found.of(slice(0, shape[0]), slice(0, shape[1]))
        for code in (TRAIN, TUNING, JUDGING):
            assert (labels[parts == code] == 1).sum() >= fine_tune_regions.LEAST
        lines = found.parts
        ends = np.flatnonzero(np.diff(lines.astype(int)))
        for place in ends:
            others = set(lines[max(place - 49, 0) : place + 51].tolist()) - {0}
            assert len(others) <= 1, (shape, lines)
        assert 0.5 < (labels[parts == TRAIN] == 1).sum() / (labels[parts > 0] == 1).sum() < 0.7


def test_labels_in_a_corner_still_give_three_parts():
    labels = np.full((800, 800), 255, np.uint8)
    labels[500:760, 300:700] = np.random.default_rng(1).random((260, 400)) < 0.05
    found = fine_tune_regions.split(labels, gap=60, seed=0)
    assert found is not None
    lines = found.parts[300:700] if found.axis else found.parts[500:760]
    assert (np.bincount(lines, minlength=4)[1:] > 10).all()
    labels[:, 340:] = 255
    labels[560:] = 255
    assert fine_tune_regions.split(labels, gap=60, seed=0) is None


def test_crops_show_the_part_to_learn_from_only():
    part = np.zeros((40, 50), np.uint8)
    part[:20], part[25:30], part[35:] = TRAIN, TUNING, JUDGING
    labels = np.random.default_rng(0).integers(0, 2, part.shape).astype(np.uint8)
    maps = np.broadcast_to(np.where(part == TRAIN, labels, 7).astype(np.float16), (len(FEATURES), *part.shape))
    inputs, truth = fine_tune_data.draw_batch([Plot(maps, labels, part)], np.random.default_rng(2), size=6, side=32)
    known = torch.isfinite(truth)
    assert known.any(dim=2).any(dim=1).all() and torch.equal(inputs[:, 0][known], truth[known])


def test_labels_move_the_decision_and_not_the_ranges_within_it():
    torch.manual_seed(0)
    before = torch.randn(1, 13, 6, 6)
    logits = before.clone().requires_grad_(True)
    label = (torch.rand(1, 6, 6) < 0.5).float()
    label[0, 0] = float("nan")
    fine_tune.loss_of_labels(logits, label, before).backward()
    assert float(logits.grad[..., 0, :].abs().max()) == 0
    inside = logits.grad[0, : fine_tune.INSIDE, 1:]
    assert torch.equal(inside.sum(dim=0) < 0, label[0, 1:] == 1)
    # Among the ranges of one side, the gradient is in proportion to what the start says: their ratio stays.
    share = inside / torch.softmax(before[0, : fine_tune.INSIDE, 1:], dim=0)
    assert torch.allclose(share, share[:1].expand_as(share), atol=1e-6)


def test_calibration_follows_the_one_that_there_is():
    torch.manual_seed(1)
    network = ScattererNetwork(ScattererNetworkShape(len(FEATURES)))
    network.warp.copy_(torch.tensor([2.0, -1.0]))
    random = np.random.default_rng(0)
    odds = random.normal(0, 2, 20_000)
    truth = random.random(odds.size) < 1 / (1 + np.exp(-(0.5 * odds - 1)))
    said = (1 / (1 + np.exp(-odds))).astype(np.float32)
    assert fine_tune.calibrate(network, fine_tune.Judged(said, said, truth, said[:0]))
    assert network.warp.tolist() == pytest.approx([1.0, -0.5 - 1.0], abs=0.1)
    assert not fine_tune.calibrate(network, fine_tune.Judged(said, said, ~truth, said[:0]))


def test_a_worse_result_is_said():
    start = {"average precision": 0.9, "F1 at the threshold": 0.8}
    assert "average precision 0.850 against 0.900" in fine_tune_card.worse(start, {**start, "average precision": 0.85})
    assert "F1 at the threshold 0.700 against 0.800" in fine_tune_card.worse(start, {**start, "F1 at the threshold": 0.7})
    assert fine_tune_card.worse(start, {**start, "average precision": 0.899}) == ""
    assert fine_tune_card.worse(start, start) == ""
