"""From a stack on disk to mask, probability, noise and points, by every way in; a broken run leaves nothing."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from osgeo import gdal, ogr

from stillpoint.models import cli
from stillpoint.models.errors import Cancelled, StillpointError
from stillpoint.models.jobs import SelectScatterers
from stillpoint.models.progress import SILENT, Progress
from stillpoint.models.rasters.stack import open_stack
from stillpoint.models.rasters.tiles import tiles
from stillpoint.models.scatterers import select_file, tiling
from stillpoint.models.scatterers.dispersion import dispersion
from stillpoint.models.scatterers.methods import Method
from stillpoint.models.scatterers.select_file import select_scatterers
from stillpoint.tests.models.scatterers.stacks import TRANSFORM, small_scene, untrained_model, write_scene_as

ROWS, COLS = 96, 80


@pytest.fixture(scope="module")
def scene():
    return small_scene(rows=ROWS, cols=COLS)


@pytest.fixture(scope="module")
def stack(scene, tmp_path_factory):
    return write_scene_as(scene, tmp_path_factory.mktemp("stack") / "images.tif", "images")


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    return untrained_model(tmp_path_factory.mktemp("model") / "random.safetensors")


def _read(path) -> np.ndarray:
    return gdal.Open(str(path)).ReadAsArray()


def _job(folder: Path, stack: str, **values) -> SelectScatterers:
    return SelectScatterers(stack=stack, output=str(folder / "mask.tif"), probability=str(folder / "probability.tif"), **values)


def test_amplitude_dispersion_from_file_to_files(scene, stack, tmp_path):
    job = _job(tmp_path, stack, method="amplitude_dispersion", points=str(tmp_path / "ps.gpkg"))
    result = select_scatterers(job, SILENT)
    mask, probability = _read(job.output), _read(job.probability)
    values = dispersion(np.abs(scene.slc))
    expected = mask == 1
    assert expected.sum() > 100
    # The gains that calibrate come from samples of the raster, so that a pixel at the very threshold may fall either way.
    clear = np.abs(values - 0.4) > 1e-3
    assert clear.mean() > 0.99
    np.testing.assert_array_equal(expected[clear], values[clear] < 0.4)
    assert result.details["selected"] == expected.sum() and result.details["pixels"] == ROWS * COLS
    assert set(result.outputs) == {"output", "probability", "points"}
    opened = gdal.Open(job.output)
    assert opened.GetGeoTransform() == TRANSFORM
    assert opened.GetRasterBand(1).GetNoDataValue() == 255
    items = opened.GetMetadata()
    assert items["METHOD"] == "amplitude_dispersion" and float(items["THRESHOLD"]) == pytest.approx(0.5)
    assert json.loads(items["STILLPOINT_PROVENANCE"])["input"]["dates"] == 12
    source = ogr.Open(job.points)
    layer = source.GetLayer()
    assert layer.GetFeatureCount() == expected.sum()
    for feature in layer:
        row, col = feature["row"], feature["col"]
        assert expected[row, col]
        assert feature["probabilit"] == pytest.approx(float(probability[row, col]), abs=1e-6)
        x, y = feature.GetGeometryRef().GetX(), feature.GetGeometryRef().GetY()
        assert (x, y) == pytest.approx((TRANSFORM[0] + (col + 0.5) * 10, TRANSFORM[3] - (row + 0.5) * 20))


def test_tiles_leave_no_seam(stack, model, tmp_path, monkeypatch):
    names = ("whole", "tiled")
    for name in names:
        (tmp_path / name).mkdir()
        if name == "tiled":
            monkeypatch.setattr(select_file, "sides", lambda *_: 37)
        job = _job(tmp_path / name, stack, model=model, noise=str(tmp_path / name / "noise.tif"), keep="best")
        select_scatterers(job, SILENT)
    for file, limit in (("probability.tif", 1e-3), ("noise.tif", 1e-2)):
        whole, tiled = (_read(tmp_path / name / file) for name in names)
        assert np.isfinite(whole).all()
        np.testing.assert_allclose(tiled, whole, atol=limit)
    whole, tiled = (_read(tmp_path / name / "mask.tif") for name in names)
    assert (whole != tiled).mean() < 1e-3


def test_the_best_of_touching_pixels_do_not_touch(stack, model, tmp_path):
    job = _job(tmp_path, stack, model=model, keep="best", threshold=0.4)
    select_scatterers(job, SILENT)
    chosen = _read(job.output) == 1
    assert chosen.any()
    padded = np.pad(chosen, 1).astype(int)
    around = sum(np.roll(padded, (down, right), (0, 1)) for down in (-1, 0, 1) for right in (-1, 0, 1) if (down, right) != (0, 0))
    assert not (chosen & (around[1:-1, 1:-1] > 0)).any()


def test_an_extent_gives_the_same_values_there(stack, tmp_path):
    for name in ("whole", "part"):
        (tmp_path / name).mkdir()
    whole = _job(tmp_path / "whole", stack, method="amplitude_dispersion", threshold=0.45)
    part = _job(
        tmp_path / "part", stack, method="amplitude_dispersion", threshold=0.45,
        extent=f"{TRANSFORM[0] + 105},{TRANSFORM[3] - 20 * 60},{TRANSFORM[0] + 10 * 40},{TRANSFORM[3] - 20 * 8}",
    )  # fmt: skip
    select_scatterers(whole, SILENT)
    select_scatterers(part, SILENT)
    small = gdal.Open(part.probability)
    assert small.GetGeoTransform() == (TRANSFORM[0] + 100, 10, 0, TRANSFORM[3] - 160, 0, -20)
    np.testing.assert_allclose(small.ReadAsArray(), _read(whole.probability)[8:60, 10:40])


def test_borders_without_data_stay_without(scene, tmp_path):
    images = scene.slc.copy()
    images[2, :10] = np.nan
    with open_stack(write_scene_as(scene, tmp_path / "a.tif", "images")) as opened:
        bands = opened.bands
    from stillpoint.models.rasters.writing import write_stack

    write_stack(str(tmp_path / "b.tif"), images, bands, geotransform=TRANSFORM)
    job = _job(tmp_path, str(tmp_path / "b.tif"), method="amplitude_dispersion")
    select_scatterers(job, SILENT)
    mask = _read(job.output)
    assert (mask[:10] == 255).all() and (mask[10:] != 255).all()
    assert np.isnan(_read(job.probability)[:10]).all()


def test_pixels_that_are_zero_at_a_date_are_no_scatterers_and_gaps_have_no_data(scene, tmp_path, monkeypatch):
    images = scene.slc.copy()
    images[3, :20, :15] = 0  # a border of one date
    images[:, 60, :] = np.where(np.arange(COLS) % 4, images[:, 60, :], 0)  # calm water, in the integers of an image
    with open_stack(write_scene_as(scene, tmp_path / "a.tif", "images")) as opened:
        bands = opened.bands
    from stillpoint.models.rasters.writing import write_stack

    write_stack(str(tmp_path / "b.tif"), images, bands, geotransform=TRANSFORM)
    monkeypatch.setattr(select_file, "sides", lambda *_: 19)
    job = _job(tmp_path, str(tmp_path / "b.tif"), method="amplitude_dispersion")
    result = select_scatterers(job, SILENT)
    mask, probability = _read(job.output), _read(job.probability)
    assert (mask[:20, :15] == 255).all() and np.isnan(probability[:20, :15]).all()
    assert (mask[60, ::4] == 0).all() and (probability[60, ::4] == 0).all()
    assert (mask == 255).sum() == 300 and result.details["pixels"] == ROWS * COLS - 300


@pytest.mark.parametrize(
    ("shape", "spacing", "dates"),
    [((2550, 1275), (14.0, 4.6), 10), ((5000, 5000), (1.0, 1.0), 30), ((300, 9000), (20.0, 5.0), 100)],
)
def test_no_patch_of_phase_stability_is_too_small(shape, spacing, dates):
    method = Method("phase_stability", lambda *_: None, 100, 64, whole=True, least=1650.0)
    stack = SimpleNamespace(spacing_m=spacing)
    sight = SimpleNamespace(stack=stack, epochs=SimpleNamespace(dates=np.arange(dates), pairs=None, kind="images"))
    rows, cols = tiling.sides(method, sight, 1, shape, 4e9)
    found = list(tiles(shape, (rows, cols)))
    assert sum((tile.rows.stop - tile.rows.start) * (tile.cols.stop - tile.cols.start) for tile in found) == shape[0] * shape[1]
    for tile in (tiling.shifted(tile, 0, 0, shape, 100) for tile in found):
        for read, length, step in zip((tile.read_rows, tile.read_cols), shape, spacing):
            assert (read.stop - read.start) * step >= min(1650.0, length * step) - 5 * step


def test_more_threads_than_memory_allows_are_not_started():
    memory = 1.0e9
    epochs = SimpleNamespace(dates=np.arange(30), pairs=None, kind="images")
    sight = SimpleNamespace(stack=SimpleNamespace(spacing_m=(20.0, 5.0)), epochs=epochs)
    method = Method("default", lambda *_: None, 88, 80)
    threads = tiling.threads_for(method, sight, memory, 64)
    rows, cols = tiling.sides(method, sight, threads, (20000, 20000), memory)
    assert 1 < threads < 8
    assert threads * (rows + 2 * 88) * (cols + 2 * 88) * 30 * 80 <= memory


def test_a_file_that_is_read_is_never_overwritten(stack, tmp_path):
    copy = tmp_path / "images.tif"
    copy.write_bytes(Path(stack).read_bytes())
    before = copy.read_bytes()
    virtual = str(tmp_path / "stack.vrt")
    gdal.Translate(virtual, str(copy), format="VRT")
    for name in (str(copy), f"{tmp_path}/sub/../images.tif"):
        (tmp_path / "sub").mkdir(exist_ok=True)
        with pytest.raises(StillpointError, match="a file that is read"):
            select_scatterers(SelectScatterers(stack=virtual, output=name, method="amplitude_dispersion"), SILENT)
    assert copy.read_bytes() == before


def test_parts_that_say_nothing_have_no_say_in_the_threshold():
    tally = select_file._Tally(thresholds=[0.6, 0.3, 0.5], weights=[100, 0, 100])
    assert select_file._threshold(SelectScatterers(stack="a", output="b"), tally) == 0.55
    tally.weights = [0, 0, 0]
    assert select_file._threshold(SelectScatterers(stack="a", output="b"), tally) == pytest.approx(0.4667)


def test_notes_of_many_tiles_are_told_once():
    notes = ["Only 12 of 2,100 pixels.", "Without baselines.", "Only 1,345 of 2,100 pixels.", "Without baselines."]
    assert select_file._once(notes) == ["Only 12 of 2,100 pixels.", "Without baselines."]


def test_a_cancel_leaves_nothing(stack, model, tmp_path, monkeypatch):
    monkeypatch.setattr(select_file, "sides", lambda *_: 30)
    asked = []

    def report(fraction: float, _message: str) -> None:
        if fraction > 0.3:
            asked.append(True)

    job = _job(tmp_path, stack, model=model, points=str(tmp_path / "ps.gpkg"))
    with pytest.raises(Cancelled):
        select_scatterers(job, Progress(report, lambda: bool(asked)))
    assert asked and not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"extent": "1,2,3"}, "four numbers"),
        ({"extent": "0,0,10,10"}, "beside the stack"),
        ({"amplitude": "/nowhere/a.tif"}, "no file"),
        ({"noise": "OUTPUT"}, "also the output"),
        ({"model": "/nowhere/m.safetensors", "method": "default"}, "no model file"),
    ],
)
def test_bad_values_get_a_sentence(stack, tmp_path, values, words):
    if values.get("noise"):
        values = {"noise": str(tmp_path / "mask.tif")}
    with pytest.raises(StillpointError, match=words):
        select_scatterers(_job(tmp_path, stack, **{"method": "amplitude_dispersion", **values}), SILENT)
    assert not list(tmp_path.iterdir())


def test_phase_alone_cannot_be_judged_by_amplitude(scene, tmp_path):
    path = write_scene_as(scene, tmp_path / "phase.tif", "phase")
    with pytest.raises(StillpointError, match="needs amplitudes"):
        select_scatterers(_job(tmp_path, path, method="amplitude_dispersion"), SILENT)


def test_a_truncated_stack_gets_a_sentence(stack, tmp_path):
    broken = tmp_path / "broken.tif"
    broken.write_bytes(Path(stack).read_bytes()[: Path(stack).stat().st_size // 2])
    with pytest.raises(StillpointError, match=r"broken\.tif"):
        select_scatterers(_job(tmp_path, str(broken), method="amplitude_dispersion"), SILENT)
    assert list(tmp_path.iterdir()) == [broken]


def test_the_command_line(stack, tmp_path, capsys):
    arguments = ["select-scatterers", stack, "--output", str(tmp_path / "m.tif"), "--method", "amplitude_dispersion"]
    assert cli.main([*arguments, "--points", str(tmp_path / "ps.csv"), "--progress", "none"]) == 0
    assert "persistent scatterers" in capsys.readouterr().out
    with (tmp_path / "ps.csv").open(encoding="utf-8") as stream:
        assert len(list(csv.DictReader(stream))) == (_read(tmp_path / "m.tif") == 1).sum()
    assert cli.main(["select-scatterers", str(tmp_path / "none.tif"), "--output", str(tmp_path / "n.tif")]) == 1
    assert "none.tif" in capsys.readouterr().err


def test_the_command_line_takes_an_extent_that_begins_with_a_minus(stack, tmp_path):
    arguments = ["select-scatterers", stack, "--output", str(tmp_path / "m.tif"), "--method", "amplitude_dispersion"]
    right, bottom = TRANSFORM[0] + 40 * TRANSFORM[1], TRANSFORM[3] + 30 * TRANSFORM[5]
    extent = f"-10.5,{bottom},{right},{TRANSFORM[3]}"
    assert cli.main([*arguments, "--extent", extent, "--progress", "none"]) == 0
    assert _read(tmp_path / "m.tif").shape == (30, 40)


def test_the_results_know_the_geometry_of_the_radar(stack, tmp_path):
    copy = tmp_path / "images.tif"
    copy.write_bytes(Path(stack).read_bytes())
    written = gdal.Open(str(copy), gdal.GA_Update)
    written.SetMetadataItem("HEADING", "-12.25")
    del written
    job = _job(tmp_path, str(copy), method="amplitude_dispersion")
    select_scatterers(job, SILENT)
    with open_stack(stack) as opened:
        for path in (job.output, job.probability):
            items = gdal.Open(str(path)).GetMetadata()
            assert float(items["INCIDENCE_ANGLE"]) == pytest.approx(opened.incidence_angle)
            assert float(items["HEADING"]) == pytest.approx(-12.25)


def test_a_cancel_comes_too_late_once_the_files_are_there(stack, tmp_path):
    said = []
    job = _job(tmp_path, stack, method="amplitude_dispersion")
    progress = Progress(lambda fraction, _message: said.append(fraction), lambda: Path(job.output).exists())
    result = select_scatterers(job, progress)
    assert said[-1] == 1.0 and Path(result.outputs["output"]).exists()
