from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from osgeo import gdal, ogr

from stillpoint.models.errors import Cancelled, StillpointError
from stillpoint.models.jobs import Simulate
from stillpoint.models.jobs import making as jobs_of_making
from stillpoint.models.progress import SILENT, Progress
from stillpoint.models.rasters.stack import open_stack
from stillpoint.models.simulation.scene_demo import ZONES, demo_scene, zones_of
from stillpoint.models.simulation.scene_ground import CODE, COVERS
from stillpoint.models.simulation.scene_plan import SITES
from stillpoint.models.simulation.simulate import simulate


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    folder = tmp_path_factory.mktemp("scene")
    job = Simulate(what="scene", output=str(folder / "demo.tif"), terrain=str(folder / "dem.tif"), size=160, dates=12, seed=3)
    return folder, simulate(job, SILENT)


def test_the_city_holds_the_scatterers() -> None:
    scene = demo_scene(2, size=200, dates=10)
    zones, true = zones_of(scene.cover), scene.scatterers
    share = {name: true[zones == code].mean() for code, name in enumerate(ZONES, start=1)}
    size = {name: np.mean(zones == code) for code, name in enumerate(ZONES, start=1)}
    assert share["City"] > 0.1
    assert max(share["Forest and vegetation"], share["Uncropped land"]) < 0.05
    assert min(size.values()) > 0.02 and sum(size.values()) == pytest.approx(1.0)


def test_the_job_writes_a_stack_with_its_truth(written) -> None:
    folder, result = written
    stack = open_stack(result.outputs["output"])
    scene = demo_scene(3, size=160, dates=12)
    assert stack.quantity == "complex" and stack.shape == (160, 160) and len(stack) == 12
    assert [band.date for band in stack.bands] == [date.item() for date in scene.dates]
    assert stack.bands[0].perpendicular_baseline == 0.0
    assert stack.bands[5].perpendicular_baseline == pytest.approx(scene.baselines[5] - scene.baselines[0], abs=1e-3)
    assert stack.wavelength == pytest.approx(0.05547) and stack.incidence_angle == pytest.approx(38.0)
    assert stack.spacing_m == pytest.approx((10.0, 10.0)) and stack.notes == ()
    assert np.array_equal(stack.read(slice(None), slice(None)), scene.slc)
    truth = gdal.Open(result.outputs["truth"]).ReadAsArray()
    assert np.array_equal(truth == 1, scene.scatterers) and truth.sum() == result.details["scatterers"]
    assert np.array_equal(gdal.Open(result.outputs["noise"]).ReadAsArray(), scene.noise)
    for name, names in (("cover", COVERS), ("zones", ZONES)):
        raster = gdal.Open(result.outputs[name])
        table = raster.GetRasterBand(1).GetDefaultRAT()
        assert [table.GetValueAsString(row, 1) for row in range(table.GetRowCount())] == list(names)
        assert [table.GetValueAsInt(row, 0) for row in range(table.GetRowCount())] == list(range(1, len(names) + 1))
        assert raster.GetProjection() == stack.projection and raster.GetGeoTransform() == stack.geotransform
    assert np.array_equal(gdal.Open(result.outputs["cover"]).ReadAsArray() - 1, scene.cover)
    assert gdal.Open(str(folder / "dem.tif")).ReadAsArray().std() > 5.0
    assert not [path for path in folder.iterdir() if "partial" in path.name]
    assert "true scatterers" in result.summary


def test_true_scatterers_as_points(tmp_path: Path) -> None:
    job = Simulate(
        what="scene", output=str(tmp_path / "ps.gpkg"), stack=str(tmp_path / "s.tif"), size=96, dates=6, site="towns", seed=4
    )
    result = simulate(job, SILENT)
    opened = ogr.Open(result.outputs["output"])
    layer = opened.GetLayer(0)
    assert layer.GetFeatureCount() == result.details["scatterers"] > 0
    truth = gdal.Open(result.outputs["truth"])
    west, width, _, north, _, height = truth.GetGeoTransform()
    values, noise = truth.ReadAsArray(), gdal.Open(result.outputs["noise"]).ReadAsArray()
    for feature in layer:
        point = feature.GetGeometryRef()
        row, col = int((point.GetY() - north) / height), int((point.GetX() - west) / width)
        assert values[row, col] == 1
        assert feature["noise"] == pytest.approx(noise[row, col], abs=1e-3)
        assert feature["cover"] in CODE


@pytest.mark.parametrize(("changes", "message"), [
    ({"output": "ps.gpkg"}, r"name a \.tif"),
    ({"output": "a.tif", "stack": "a.tif"}, "different names"),
    ({"output": "nowhere/a.tif"}, "no folder"),
    ({"output": "a.tif", "terrain": "t.png"}, r"must be \.tif"),
])
def test_what_cannot_be_written_is_said(tmp_path: Path, changes, message: str) -> None:
    places = {name: str(tmp_path / value) for name, value in changes.items()}
    with pytest.raises(StillpointError, match=message):
        simulate(Simulate(what="scene", size=64, dates=5, **places), SILENT)
    assert list(tmp_path.iterdir()) == []


def test_the_job_knows_every_site() -> None:
    assert ("demo", *SITES) == jobs_of_making.SITES


def test_a_scene_that_does_not_fit_into_memory_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StillpointError, match="at most 3464 pixels"):
        simulate(Simulate(what="scene", output=str(tmp_path / "a.tif"), size=4000, dates=5), SILENT)


def test_a_cancelled_scene_leaves_nothing(tmp_path: Path) -> None:
    calls = []

    def later() -> bool:
        calls.append(1)
        return len(calls) > 3

    with pytest.raises(Cancelled):
        simulate(Simulate(what="scene", output=str(tmp_path / "a.tif"), size=64, dates=5), Progress(cancelled=later))
    assert list(tmp_path.iterdir()) == []
