"""What is said of two images before they are tracked, windows of them, and stable ground as a file."""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("qgis.core")

from osgeo import gdal, ogr
from qgis.core import QgsFeature, QgsGeometry, QgsProject, QgsRasterLayer, QgsRectangle, QgsVectorLayer

from stillpoint.models.errors import StillpointError
from stillpoint.plugin import offsets_run
from stillpoint.plugin.offsets_checks import check, difference, facts_of, window_vrt
from stillpoint.tests.plugin.offset_rasters import ORIGIN, PIXEL, write_image

OPTIONS = {"search": 16, "spacing": 8, "units": "pixels"}


@pytest.fixture
def first(tmp_path):
    return facts_of(str(write_image(tmp_path / "a_20210110.tif")))


def second(tmp_path, name="b_20210122.tif", **options):
    return facts_of(str(write_image(tmp_path / name, **{"shift": (2, 3), **options})))


def test_images_that_fit_are_fine(tmp_path, first):
    found = check(first, second(tmp_path), **{**OPTIONS, "units": "metres_a_day"})
    assert found.errors == [] and found.warnings == [] and not found.swapped


def test_swapped_dates_are_noticed(tmp_path, first):
    found = check(second(tmp_path), first, **OPTIONS)
    assert found.swapped and "later than" in found.warnings[0] and not found.errors


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"pixel": 20.0}, "its pixels are 20 x 20, not 10 x 10"),
        ({"epsg": 32606}, "WGS 84 / UTM zone 6N, not WGS 84 / UTM zone 5N"),
        ({"size": (128, 150)}, "128 x 150 pixels, not 128 x 160"),
        ({"origin": (ORIGIN[0] + 3, ORIGIN[1])}, "its pixels lie elsewhere"),
    ],
)
def test_other_grids_can_be_aligned(tmp_path, first, changes, words):
    other = second(tmp_path, **changes)
    found = check(first, other, **OPTIONS)
    assert words in found.errors[0] and "can be resampled" in found.errors[0] and found.differs
    aligned = check(first, other, align=True, **OPTIONS)
    assert not aligned.errors and "will be resampled" in aligned.warnings[0]


def test_grids_that_differ_by_rounding_are_one(tmp_path, first):
    assert difference(first, second(tmp_path, origin=(ORIGIN[0] + 1e-4, ORIGIN[1]))) == ""


def test_image_without_coordinates_cannot_be_aligned(tmp_path, first):
    found = check(first, second(tmp_path, epsg=None), align=True, **OPTIONS)
    assert "bring both onto one grid" in found.errors[0]


def test_same_image_twice(tmp_path, first):
    assert "the same image" in check(first, first, **OPTIONS).errors[0]
    copy = facts_of(str(write_image(tmp_path / "copy_20210122.tif")))
    assert "hold the same values" in check(first, copy, **OPTIONS).errors[0]


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"search": 64}, "large against the image of 128 px"),
        ({"spacing": 64}, "leaves only 2 offsets"),
    ],
)
def test_options_that_are_likely_not_meant(tmp_path, first, options, words):
    found = check(first, second(tmp_path), **{**OPTIONS, **options})
    assert words in found.warnings[0] and not found.errors


def test_units_that_cannot_be(tmp_path, first):
    undated = second(tmp_path, "undated.tif")
    assert "undated.tif names none" in check(first, undated, **{**OPTIONS, "units": "metres_a_day"}).errors[0]
    radar = [facts_of(str(write_image(tmp_path / f"r{number}.tif", epsg=None, shift=(number, 0)))) for number in (1, 2)]
    assert "no distance between its pixels" in check(*radar, **{**OPTIONS, "units": "metres"}).errors[0]
    assert "no map" in check(*radar, **OPTIONS, geometry="map").errors[0]
    assert not check(*radar, **OPTIONS).errors


def test_series_needs_images_of_different_dates(tmp_path, first):
    assert "single image" in check(first, None, **OPTIONS).errors[0]
    stack = facts_of(str(write_image(tmp_path / "s.tif", bands=3, shift=(1, 1))))
    assert check(stack, None, **{**OPTIONS, "units": "metres_a_day"}).errors == []
    assert [str(date) for date in stack.dates] == ["2021-01-13", "2021-01-25", "2021-02-06"]


def test_other_quantities_and_small_images(tmp_path, first):
    assert "holds coherence" in check(first, second(tmp_path, quantity="coherence"), **OPTIONS).errors[0]
    small = second(tmp_path, "small_20210122.tif", size=(40, 160))
    assert any("at least 64 a side" in text for text in check(first, small, **OPTIONS).errors)


def test_window_of_a_part_begins_at_blocks(qgis_app, tmp_path, first):
    part = QgsRectangle(ORIGIN[0] + 205, ORIGIN[1] - 1100, ORIGIN[0] + 1200, ORIGIN[1] - 95)
    column, row, columns, rows = offsets_run.window_of(first, part, 12)
    assert column % 24 == 0 and row % 24 == 0 and columns >= 64 and rows >= 64
    assert column * PIXEL <= 205 and (column + columns) * PIXEL >= 1200 and (row + rows) * PIXEL >= 1100
    tiny = offsets_run.window_of(first, QgsRectangle(ORIGIN[0] + 1590, ORIGIN[1] - 1275, ORIGIN[0] + 1595, ORIGIN[1] - 1270), 8)
    assert tiny[2] >= 64 and tiny[3] >= 64 and tiny[0] + tiny[2] <= 160 and tiny[1] + tiny[3] <= 128
    with pytest.raises(StillpointError, match="do not reach"):
        offsets_run.window_of(first, QgsRectangle(0, 0, 10, 10), 8)


def test_window_keeps_dates_and_place(tmp_path):
    stack = write_image(tmp_path / "s.tif", bands=2)
    made = window_vrt(str(stack), str(tmp_path / "w.vrt"), (16, 8, 80, 72))
    facts = facts_of(made)
    assert facts.shape == (72, 80) and [str(date) for date in facts.dates] == ["2021-01-13", "2021-01-25"]
    assert facts.geotransform[0] == ORIGIN[0] + 160 and facts.geotransform[3] == ORIGIN[1] - 80
    assert np.array_equal(gdal.Open(made).ReadAsArray(), gdal.Open(str(stack)).ReadAsArray(16, 8, 80, 72))
    with pytest.raises(StillpointError, match="cannot be cut out"):
        window_vrt(str(stack), str(tmp_path / "missing" / "w.vrt"), (0, 0, 64, 64))


def polygons(rectangle, crs="EPSG:32605"):
    layer = QgsVectorLayer(f"Polygon?crs={crs}&field=name:string", "ice", "memory")
    feature = QgsFeature(layer.fields())
    feature.setGeometry(QgsGeometry.fromRect(rectangle))
    feature["name"] = "ice"
    layer.dataProvider().addFeature(feature)
    return layer


def test_stable_ground_of_a_layer_is_written_as_it_is_filtered(qgis_app, tmp_path):
    path = offsets_run.stable_file(polygons(QgsRectangle(0, 0, 10, 10)), tmp_path)
    source = ogr.Open(path)
    assert source.GetLayer(0).GetFeatureCount() == 1
    assert offsets_run.stable_file("/any/file.gpkg", tmp_path) == "/any/file.gpkg"


def test_ground_outside_of_polygons(qgis_app, tmp_path):
    images = QgsRasterLayer(str(write_image(tmp_path / "a.tif")), "a")
    QgsProject.instance().addMapLayer(images)
    half = QgsRectangle(ORIGIN[0], ORIGIN[1] - 1280, ORIGIN[0] + 800, ORIGIN[1])
    path = offsets_run.stable_file(polygons(half), tmp_path, outside=True, images=images)
    source = ogr.Open(path)
    feature = source.GetLayer(0).GetNextFeature()
    shape = feature.GetGeometryRef()
    assert shape.GetArea() == pytest.approx(800 * 1280) and shape.GetEnvelope()[0] == pytest.approx(ORIGIN[0] + 800)
    with pytest.raises(StillpointError, match="no ground outside"):
        offsets_run.stable_file(polygons(images.extent()), tmp_path, outside=True, images=images)
    with pytest.raises(StillpointError, match="Ground lies outside of polygons"):
        offsets_run.stable_file(str(tmp_path / "a.tif"), tmp_path, outside=True, images=images)
    QgsProject.instance().clear()
