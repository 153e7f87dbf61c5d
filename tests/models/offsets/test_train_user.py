"""Training of offset networks on pairs of the user's: read, kept apart, compared with correlation, refused in words."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from osgeo import gdal

from stillpoint.models import training
from stillpoint.models.errors import StillpointError
from stillpoint.models.jobs import DescribeTraining, Simulate, TrainModel
from stillpoint.models.learning import library
from stillpoint.models.offsets import train_user, user_pairs
from stillpoint.models.progress import SILENT
from stillpoint.models.rasters.stack import Stack
from stillpoint.models.simulation import pair_files


@pytest.fixture(scope="module")
def pair(tmp_path_factory):
    path = tmp_path_factory.mktemp("pair") / "ice.tif"
    pair_files.write_pair(Simulate(what="offsets", output=str(path), size=320, seed=4), SILENT)
    return path


@pytest.fixture(autouse=True)
def small(monkeypatch):
    monkeypatch.setattr(user_pairs, "SIDE", 128)
    monkeypatch.setattr(user_pairs, "GAP", 24)
    monkeypatch.setattr(train_user, "STEPS", 2)


def job(folder, pair, **values):
    given = {"epochs": 1, "seed": 1, "device": "cpu", "labels": "truth", "data": (str(pair),), **values}
    return TrainModel(capability="offsets", output=str(folder / "mine.safetensors"), **given)


def test_tiles_of_a_pair_and_their_truth(pair):
    tiles, plan = user_pairs.gather(DescribeTraining(capability="offsets", data=(str(pair),)), SILENT)
    assert len(tiles) == 4 and {tile.part for tile in tiles} == {0, 1, 2} and all(part.ring for part in plan.parts)
    with Stack(str(pair.with_name("ice_truth.tif"))) as truth:
        range_offset = truth.read(slice(152, 280), slice(152, 280), [1])[0]
    assert np.allclose(tiles[3].truth[1], range_offset) and plan.crs
    told = training.describe(DescribeTraining(capability="offsets", data=(str(pair),)), SILENT)
    assert told.details["parts"] == plan.to_dict()["parts"]


def test_the_default_network_is_fine_tuned(pair, tmp_path):
    result = training.train(job(tmp_path, pair), SILENT)
    found = result.details["comparison"]
    assert [each["role"] for each in found["methods"]] == ["new", "shipped", "classical"] and found["examples"] > 50
    assert found["methods"][0]["figures"]["RMSE"] < 1 and 0 < found["methods"][0]["figures"]["coverage"] <= 1
    header = library.read_header(tmp_path / "mine.safetensors")
    assert header.training["start"]["file"] == library.shipped("offsets", "default").name
    assert "RMSE" in Path(result.outputs["report"]).read_text(encoding="utf-8") and not list(tmp_path.glob("*.candidate"))
    assert "--data ice.tif --labels truth" in Path(result.outputs["card"]).read_text(encoding="utf-8")
    # One tile tells nothing of standard errors: its nodes err together.
    assert any("too few tiles to calibrate" in note for note in result.warnings)
    scales = [library.read_state(path)["scale"] for path in (tmp_path / "mine.safetensors", library.shipped("offsets", "default"))]
    assert np.array_equal(*(np.asarray(scale) for scale in scales))


def test_the_published_network_is_fine_tuned(pair, tmp_path, monkeypatch):
    monkeypatch.setitem(
        train_user.train_ressiamnet.PLANS, "cc_ressiamnet",
        train_user.replace(train_user.train_ressiamnet.PLANS["cc_ressiamnet"], side=96, batch=1),
    )  # fmt: skip
    if not library.shipped("offsets", "cc_ressiamnet").is_file():
        pytest.skip("this copy ships no CC-ResSiamNet")
    result = training.train(job(tmp_path, pair, network="cc_ressiamnet"), SILENT)
    assert [each["role"] for each in result.details["comparison"]["methods"]] == ["new", "shipped", "classical"]
    assert library.read_header(tmp_path / "mine.safetensors").settings["search"] >= 3


def write_field(path, source, *, bands=2, rows=None, metres=False, shift=0.0, empty=False):
    with Stack(str(source)) as images:
        place, crs = list(images.geotransform), images.projection
        shape = images.shape
    step = shape[0] // (rows or shape[0])
    place = [place[0] + shift, place[1] * step, 0.0, place[3], 0.0, place[5] * step]
    made = gdal.GetDriverByName("GTiff").Create(str(path), shape[1] // step, shape[0] // step, bands, gdal.GDT_Float32)
    made.SetGeoTransform(place)
    made.SetProjection(crs)
    for number in range(bands):
        band = made.GetRasterBand(number + 1)
        band.SetDescription("Range offset (m)" if metres else "Range offset (px)")
        values = np.full((shape[0] // step, shape[1] // step), np.nan if empty else 1.0 + number, np.float32)
        band.WriteArray(values)
    made = None
    return str(path)


def test_a_field_of_nodes_is_spread_over_the_pixels(pair, tmp_path):
    with Stack(str(pair)) as images:
        found = user_pairs.known_offsets(write_field(tmp_path / "f.tif", pair, rows=40), images)
    assert found.shape == (2, 320, 320) and (found[0] == 2).all() and (found[1] == 1).all()  # rows are the second band


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"bands": 1}, "has one band"), ({"metres": True}, "in metres"), ({"shift": 1e5}, "do not lie on"),
        ({"empty": True}, "no offset"), ("gone", "no labels"), ("correlation", "cannot teach"), ("single", "no secondary image"),
        ("small", "at least 3 are needed"), ("over", "which is read"), ("no truth", "no simulated pair"),
    ],
)  # fmt: skip
def test_what_cannot_be_learnt_from_gets_a_sentence(change, message, pair, tmp_path, monkeypatch):
    asked = job(tmp_path, pair)
    if isinstance(change, dict):
        asked = job(tmp_path, pair, labels=write_field(tmp_path / "f.tif", pair, **change))
    elif change == "gone":
        asked = job(tmp_path, pair, labels=str(tmp_path / "gone.tif"))
    elif change == "correlation":
        asked = job(tmp_path, pair, labels="correlation")
    elif change == "single":
        asked = job(tmp_path, tmp_path / "one.tif")
        gdal.Translate(str(tmp_path / "one.tif"), str(pair), bandList=[1])
    elif change == "small":
        monkeypatch.setattr(user_pairs, "SIDE", 256)
    elif change == "over":
        asked = job(tmp_path, pair, labels=str(tmp_path / "mine.safetensors"))
        (tmp_path / "mine.safetensors").write_bytes(b"1")
    elif change == "no truth":
        gdal.Translate(str(tmp_path / "copy.tif"), str(pair))
        asked = job(tmp_path, tmp_path / "copy.tif")
    with pytest.raises(StillpointError, match=message):
        training.train(asked, SILENT)
