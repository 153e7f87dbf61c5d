"""What a training would learn from is told before it starts, and is what it then uses."""

from __future__ import annotations

import json

import numpy as np
import pytest

from stillpoint.models import dispatch, training
from stillpoint.models.errors import StillpointError
from stillpoint.models.jobs import DescribeTraining, TrainModel
from stillpoint.models.learning import library
from stillpoint.models.progress import SILENT
from stillpoint.models.scatterers.network import PS_NOISE
from stillpoint.tests.models.scatterers.assess_files import raster
from stillpoint.tests.models.scatterers.stacks import TRANSFORM, small_scene, write_scene_as


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    folder = tmp_path_factory.mktemp("plan")
    scene = small_scene(rows=330, cols=40, dates=6, seed=4)
    mask = (scene.noise < PS_NOISE).astype(np.uint8)
    return {
        "stack": write_scene_as(scene, folder / "stack.tif", "images"),
        "mask": raster(folder / "mask.tif", mask, place=TRANSFORM),
        "none": raster(folder / "none.tif", 0 * mask, place=TRANSFORM),
        "all": raster(folder / "all.tif", 0 * mask + 1, place=TRANSFORM),
        "other": raster(folder / "other.tif", mask[:100], place=TRANSFORM),
        "away": raster(folder / "away.tif", mask, place=(5e6, *TRANSFORM[1:])),
        "labels": mask,
    }


def told(**values):
    result = dispatch.run(DescribeTraining(**values), SILENT)
    json.dumps(result.to_dict())  # it travels
    return result


def test_everything_simulated_has_parts_without_a_place():
    result = told(capability="trends")
    assert {part["part"] for part in result.details["parts"]} == {"train", "validation", "test"}
    assert all(part["ring"] is None for part in result.details["parts"]) and result.details["notes"]


def test_bands_of_a_stack(files):
    result = told(capability="scatterers", data=(files["stack"],), labels=files["mask"], seed=3)
    parts = result.details["parts"]
    assert {part["part"] for part in parts} == {"train", "validation", "test"}
    lines = [part["name"].split("rows ")[1] for part in parts]
    for part, text in zip(parts, lines):
        first, last = (int(word) for word in text.split(" to "))
        found = files["labels"][first - 1 : last]
        assert part["classes"] == {"PS": int(found.sum()), "no PS": int((found == 0).sum())}
        assert part["examples"] == found.size
    assert "train" in result.summary and "PS" in result.summary


def test_blocks_of_a_published_network(files):
    result = told(capability="scatterers", network="unet", data=(files["stack"],), labels=files["mask"])
    parts = result.details["parts"]
    assert {part["part"] for part in parts} == {"train", "validation", "test"} and len(parts) >= 8


@pytest.mark.parametrize(
    ("labels", "message"),
    [("none", "marks no pixel"), ("all", "marks every pixel"), ("other", "on the grid of the stack"), ("gone", "no labels")],
)
def test_labels_that_teach_nothing_are_told(files, labels, message):
    given = files.get(labels, "/nowhere/ps.tif")
    with pytest.raises(StillpointError, match=message):
        told(capability="scatterers", data=(files["stack"],), labels=given)


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"start": "scratch", "model": "a.safetensors"}, "name no model"),
        ({"start": "model", "data": None, "labels": None}, "begins with new weights"),
        ({"model": "mine", "data": None, "labels": None}, "begins with new weights"),
        ({"network": "resnet50"}, "no network resnet50 for scatterers: those are default, "),
        ({"model": "/nowhere/a.safetensors"}, "no model file"),
        ({"model": "trends"}, "is for trends"),
        ({"model": "unet"}, "of the kind unet"),
    ],
)
def test_a_start_that_cannot_be_had_is_told(files, asked, message):
    shipped = {"trends": ("trends", "default"), "unet": ("scatterers", "unet")}
    if asked.get("model") in shipped:
        path = library.shipped(*shipped[asked["model"]])
        if not path.is_file():
            pytest.skip(f"this copy ships no {path.name}")
        asked = {"model": str(path)}
    with pytest.raises(StillpointError, match=message):
        told(**{"capability": "scatterers", "data": (files["stack"],), "labels": files["mask"], **asked})


def test_the_description_takes_what_the_training_takes():
    own = {item.name for item in DescribeTraining.parameters()}
    assert own <= {item.name for item in TrainModel.parameters()}
    job = TrainModel(capability="trends", output="x", mix=0.5, start="scratch")
    assert (job.mix, job.start) == (0.5, "scratch")


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"output": "mine.pt"}, "ends in .safetensors"),
        ({"network": "unet"}, "no network unet for trends: those are default, mirmazloumi_cnn"),
        ({"model": "mine"}, "begins with new weights"),
    ],
)
def test_a_training_that_cannot_be_is_refused_at_once(tmp_path, asked, message):
    output = str(tmp_path / asked.pop("output", "mine.safetensors"))
    with pytest.raises(StillpointError, match=message):
        training.train(TrainModel(capability="trends", output=output, **asked), SILENT)
    assert not list(tmp_path.iterdir())


def test_data_that_are_named_twice_are_refused(files):
    with pytest.raises(StillpointError, match="named twice"):
        told(capability="scatterers", data=(files["stack"], files["stack"]), labels=files["mask"])
