"""``assess-scatterers`` from files to files: numbers counted by hand, other reference systems, bad input, the command line."""

from __future__ import annotations

import csv
import json
import re
import threading

import numpy as np
import pytest
from osgeo import gdal, ogr

from stillpoint.models import cli, dispatch
from stillpoint.models.errors import Cancelled, StillpointError
from stillpoint.models.jobs import AssessScatterers
from stillpoint.models.progress import SILENT, Progress
from stillpoint.models.scatterers import assess_grid
from stillpoint.tests.models.scatterers.assess_files import (
    DEGREES,
    MASK,
    PLACE,
    REFERENCE,
    box,
    halves,
    raster,
    vector,
)


@pytest.fixture
def mask(tmp_path):
    return raster(tmp_path / "mask.tif", MASK, items={"METHOD": "unet", "SECONDS": "12.5", "CANDIDATES": "40"})


def assess(tmp_path, *masks, **options):
    """Return the result, and its numbers by (mask, section, zone, measure)."""
    job = AssessScatterers(masks=masks, output=str(tmp_path / "table.csv"), **options)
    result = dispatch.run(job, SILENT)
    with open(job.output, encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    values = {(row["mask"], row["section"], row["zone"], row["measure"]): row["value"] for row in rows}
    assert len(values) == len(rows)
    return result, {key: number(text) for key, text in values.items()}


def number(text):
    try:
        return float(text)
    except ValueError:
        return text or None


def test_counts_density_and_what_the_mask_tells(tmp_path, mask):
    result, found = assess(tmp_path, mask)
    counts = {key[3]: value for key, value in found.items() if key[1] == "counts"}
    assert counts == {
        "ps": 5, "pixels": 20, "no_data": 4, "ps_percent": 25, "area_km2": pytest.approx(20 * 200 / 1e6),
        "density_per_km2": pytest.approx(5 / 0.004),
    }
    run = {key[3]: value for key, value in found.items() if key[1] == "run"}
    assert run == {"method": "unet", "seconds": 12.5, "candidates": 40}
    assert result.details["tables"][0]["rows"][0] == ["PS", 5]
    assert result.warnings == []
    assert [path.name for path in tmp_path.iterdir() if "partial" in path.name] == []


def test_clustering(tmp_path, mask):
    _, found = assess(tmp_path, mask)
    values = {key[3]: value for key, value in found.items() if key[1] == "clustering"}
    assert values == {"touching_percent": 80, "groups": 3, "largest_group": 2, "single_ps": 1}


def test_agreement_with_a_reference(tmp_path, mask):
    other = raster(tmp_path / "reference.tif", REFERENCE)
    _, found = assess(tmp_path, mask, reference=other)
    values = {key[3]: value for key, value in found.items() if key[1] == "agreement"}
    # 19 pixels are known in both; PS of both: (0,0), (1,3), (2,4).
    assert values == {
        "precision": pytest.approx(3 / 5), "recall": pytest.approx(3 / 4), "f1": pytest.approx(2 / 3),
        "jaccard": pytest.approx(0.5),
        "true_positive": 3, "false_positive": 2, "false_negative": 1, "true_negative": 13, "excluded": 5,
    }
    _, same = assess(tmp_path, mask, reference=mask)
    assert same["mask", "agreement", "", "f1"] == 1


@pytest.mark.parametrize("to", [None, DEGREES, "EPSG:3857"])
def test_zones_of_polygons_in_any_reference_system(tmp_path, mask, to):
    zones = halves(tmp_path / "zones.gpkg", to=to)
    _, found = assess(tmp_path, mask, zones=zones)

    def of(zone, measure):
        return found["mask", "zones", zone, measure]

    assert (of("City", "ps"), of("City", "pixels")) == (3, 12)
    assert (of("River", "ps"), of("River", "pixels")) == (2, 8)
    assert of("City", "share_of_ps_percent") == 60 and of("River", "share_of_ps_percent") == 40
    assert of("River", "ps_percent") == 25 and of("City", "share_of_pixels_percent") == 60
    assert of("City", "density_per_km2") == pytest.approx(3 / (12 * 200 / 1e6))
    assert not any(key[2] == "(outside)" for key in found)


def test_pixels_outside_of_all_zones_are_counted_apart(tmp_path, mask):
    zones = vector(tmp_path / "zones.shp", [(box(500000, 4999960, 500060, 5000000), "City")], driver="ESRI Shapefile")
    result, found = assess(tmp_path, mask, zones=zones, zone_field="COVER")
    assert found["mask", "zones", "(outside)", "ps"] == 2
    table = next(table for table in result.details["tables"] if table["name"] == "zones_share")
    assert table["columns"] == ["Zone", "Ground (%)", "mask"]
    assert table["rows"] == [["(outside)", 40.0, 40.0], ["City", 60.0, 60.0]]


def test_zones_without_names_and_polygons_of_one_name(tmp_path, mask):
    west, north = PLACE[0], PLACE[3]
    names = ["A", None, "A", "", "B", "B"]
    shapes = [(box(west + 20 * i, north - 40, west + 20 * i + 20, north), name) for i, name in enumerate(names)]
    _, found = assess(tmp_path, mask, zones=vector(tmp_path / "zones.gpkg", shapes))
    assert {key[2]: value for key, value in found.items() if key[1] == "zones" and key[3] == "ps"} == {
        "A": 2, "(unnamed)": 2, "B": 1,
    }


def test_polygons_are_found_beside_other_layers(tmp_path, mask):
    path = vector(tmp_path / "both.gpkg", [("POINT(500010 4999995)", "a")], kind=ogr.wkbPoint)
    halves(tmp_path / "zones.gpkg")
    gdal.VectorTranslate(path, str(tmp_path / "zones.gpkg"), accessMode="update", layerName="land")
    _, found = assess(tmp_path, mask, zones=path)
    assert found["mask", "zones", "City", "ps"] == 3
    _, found = assess(tmp_path, mask, zones=f"{path}|layername=land|subset=cover = 'River'")
    assert found["mask", "zones", "River", "ps"] == 2 and found["mask", "zones", "(outside)", "ps"] == 3
    _, found = assess(tmp_path, mask, f"{path}|layername=shapes")
    assert found["shapes", "counts", "", "ps"] == 1


@pytest.mark.parametrize("crs", ["EPSG:32632", DEGREES])
def test_zones_of_a_classified_raster(tmp_path, mask, crs):
    values = np.repeat(np.array([[7, 2]], np.uint8), 3, axis=1).repeat(4, axis=0)
    path = raster(
        tmp_path / "cover.tif", values, names=["", "", "River", "", "", "", "", "City"], nodata=0,
        colours={2: (0, 0, 255, 255), 7: (255, 0, 0, 255)},
    )
    if crs == DEGREES:
        gdal.Warp(str(tmp_path / "degrees.tif"), path, dstSRS=DEGREES, width=200, height=200, resampleAlg="near")
        source = gdal.Open(str(tmp_path / "degrees.tif"), gdal.GA_Update)
        source.GetRasterBand(1).SetCategoryNames(["", "", "River", "", "", "", "", "City"])
        path, source = str(tmp_path / "degrees.tif"), None
    _, found = assess(tmp_path, mask, zones=path, report=str(tmp_path / "report.html"))
    assert {key[2]: value for key, value in found.items() if key[1] == "zones" and key[3] == "ps"} == {"City": 3, "River": 2}
    assert crs == DEGREES or "#0000ff" in (tmp_path / "report.html").read_text()


def test_zones_named_by_an_attribute_table(tmp_path, mask):
    path = raster(tmp_path / "cover.tif", np.full((4, 6), 311, np.int32))
    source = gdal.Open(path, gdal.GA_Update)
    table = gdal.RasterAttributeTable()
    table.CreateColumn("Value", gdal.GFT_Integer, gdal.GFU_MinMax)
    table.CreateColumn("Label", gdal.GFT_String, gdal.GFU_Name)
    table.SetRowCount(1)
    table.SetValueAsInt(0, 0, 311)
    table.SetValueAsString(0, 1, "Broad-leaved forest")
    source.GetRasterBand(1).SetDefaultRAT(table)
    source = None
    _, found = assess(tmp_path, mask, zones=path)
    assert found["mask", "zones", "Broad-leaved forest", "ps"] == 5


def test_several_masks_stand_side_by_side(tmp_path, mask):
    (tmp_path / "b").mkdir()
    other = raster(tmp_path / "b" / "mask.tif", REFERENCE)
    result, found = assess(tmp_path, mask, other, zones=halves(tmp_path / "z.gpkg"))
    names = result.details["masks"]
    assert names == [f"{tmp_path.name}/mask", "b/mask"]
    assert found["b/mask", "zones", "River", "ps"] == 7
    table = next(table for table in result.details["tables"] if table["name"] == "zones_share")
    assert table["columns"][2:] == names


def test_points_as_a_mask_share_the_no_data_of_the_raster(tmp_path, mask):
    places = [(500010, 4999995), (500012, 4999996), (500070, 4999985), (500110, 4999995), (600000, 4999995)]
    points = vector(tmp_path / "ps.gpkg", [(f"POINT({x} {y})", "a") for x, y in places], kind=ogr.wkbPoint, to=DEGREES)
    _, found = assess(tmp_path, mask, points)
    assert found["ps", "counts", "", "ps"] == 2  # two in one pixel, one without data, one far away
    assert found["ps", "counts", "", "pixels"] == 20


def test_density_map_and_its_style(tmp_path, mask):
    target = tmp_path / "density.tif"
    other = raster(tmp_path / "other.tif", REFERENCE)
    assess(tmp_path, mask, other, density=str(target), cell=40)
    made = gdal.Open(str(target))
    assert made.RasterCount == 2 and made.GetRasterBand(1).GetDescription() == "mask: PS per km²"
    assert made.GetGeoTransform() == (500000.0, 40.0, 0.0, 5000000.0, 0.0, -40.0)
    # Cells of 4 rows and 2 columns of 200 m² pixels; the last one has 4 pixels with data.
    np.testing.assert_allclose(made.GetRasterBand(1).ReadAsArray(), [[3 / 0.0016, 1 / 0.0016, 1 / 0.0008]], rtol=1e-6)
    style = (tmp_path / "density.qml").read_text(encoding="utf-8")
    assert 'colorRampType="DISCRETE"' in style and 'value="inf"' in style


def test_areas_shrink_with_latitude(tmp_path):
    degrees = (11.0, 0.001, 0.0, 60.0, 0.0, -0.001)
    path = raster(tmp_path / "north.tif", np.ones((2, 3), np.uint8), place=degrees, crs=DEGREES)
    _, found = assess(tmp_path, path)
    # At 60 degrees north a degree is 111,412 m along the meridian and 55,800 m along the parallel (WGS 84).
    assert found["north", "counts", "", "area_km2"] == pytest.approx(6 * 111.412 * 55.800 / 1e6, rel=1e-3)
    mercator = raster(tmp_path / "web.tif", np.ones((2, 3), np.uint8), place=(1224514, 100, 0, 8399737, 0, -100), crs="EPSG:3857")
    _, found = assess(tmp_path, mercator)
    assert found["web", "counts", "", "area_km2"] == pytest.approx(6 * 0.01 / 4, rel=0.01)  # half the scale at 60 degrees


def test_r_index_of_a_plane_from_a_model_in_degrees(tmp_path):
    mask = raster(tmp_path / "mask.tif", MASK, items={"INCIDENCE_ANGLE": "39", "HEADING": "0"})
    cols = np.mgrid[:60, :60][1]
    wide = (PLACE[0] - 500, 20.0, 0.0, PLACE[3] + 500, 0.0, -20.0)
    dem = raster(tmp_path / "dem.tif", (cols * 20 * np.tan(np.radians(20))).astype(np.float32), place=wide)
    gdal.Warp(str(tmp_path / "degrees.tif"), dem, dstSRS=DEGREES, dstNodata=-9999, resampleAlg="cubic")
    index = tmp_path / "index.tif"
    _, found = assess(tmp_path, mask, dem=str(tmp_path / "degrees.tif"), rindex=str(index))
    np.testing.assert_allclose(gdal.Open(str(index)).ReadAsArray(), np.sin(np.radians(19)), atol=0.01)
    assert found["mask", "rindex", "Foreshortening", "ps"] == 5
    assert found["mask", "rindex", "Favourable", "pixels"] == 0
    _, found = assess(tmp_path, mask, dem=dem, looking="left")  # the slope falls off to a radar in the east
    assert found["mask", "rindex", "Favourable", "share_of_ps_percent"] == 100
    _, found = assess(tmp_path, mask, dem=dem, incidence=19.0)
    assert found["mask", "rindex", "Layover", "share_of_ps_percent"] == 100


def test_geometry_of_the_stack_that_a_mask_was_selected_in(tmp_path):
    stack = raster(tmp_path / "stack.tif", MASK.astype(np.float32), items={"INCIDENCE_ANGLE": "33", "HEADING": "348"})
    provenance = json.dumps({"input": {"path": stack}})
    mask = raster(tmp_path / "mask.tif", MASK, items={"STILLPOINT_PROVENANCE": provenance})
    wide = (PLACE[0] - 500, 20.0, 0.0, PLACE[3] + 500, 0.0, -20.0)
    dem = raster(tmp_path / "dem.tif", np.zeros((60, 60), np.float32), place=wide)
    assess(tmp_path, mask, dem=dem, rindex=str(tmp_path / "index.tif"))
    np.testing.assert_allclose(gdal.Open(str(tmp_path / "index.tif")).ReadAsArray(), np.sin(np.radians(33)), rtol=1e-5)


def test_strips_change_nothing(tmp_path, monkeypatch):
    rng = np.random.default_rng(7)
    mask = raster(tmp_path / "mask.tif", rng.choice(np.array([0, 0, 0, 1, 255], np.uint8), (90, 70)))
    place = (PLACE[0] - 100, 25.0, 0.0, PLACE[3] + 100, 0.0, -25.0)
    dem = raster(tmp_path / "dem.tif", (rng.random((50, 70)) * 30).astype(np.float32), place=place)
    zones = halves(tmp_path / "zones.gpkg")
    options = {"dem": dem, "zones": zones, "incidence": 39.0, "heading": -12.0, "reference": mask}
    _, whole = assess(tmp_path, mask, **options)
    monkeypatch.setattr(assess_grid, "STRIP_PIXELS", 70 * 7)
    _, strips = assess(tmp_path, mask, **options)
    assert strips == whole


def test_mask_in_radar_geometry(tmp_path):
    plain = raster(tmp_path / "plain.tif", MASK, place=None, crs=None)
    result, found = assess(tmp_path, plain, report=str(tmp_path / "page.html"))
    assert found["plain", "counts", "", "ps"] == 5 and ("plain", "counts", "", "area_km2") not in found
    assert "areas and densities are unknown" in result.warnings[0]
    spaced = raster(tmp_path / "spaced.tif", MASK, place=None, crs=None, items={"ROW_SPACING": "10", "COLUMN_SPACING": "20"})
    _, found = assess(tmp_path, spaced)
    assert found["spaced", "counts", "", "density_per_km2"] == pytest.approx(1250)
    with pytest.raises(StillpointError, match="density map needs masks with coordinates"):
        assess(tmp_path, plain, density=str(tmp_path / "d.tif"))


def test_no_data_values_of_masks(tmp_path):
    values = np.where(MASK == 255, np.nan, MASK).astype(np.float32)
    _, found = assess(tmp_path, raster(tmp_path / "float.tif", values))
    assert (found["float", "counts", "", "ps"], found["float", "counts", "", "no_data"]) == (5, 4)
    result, found = assess(tmp_path, raster(tmp_path / "zero.tif", MASK, nodata=0))
    assert found["zero", "counts", "", "pixels"] == 20 and "taken for not PS" in result.warnings[0]
    result, found = assess(tmp_path, raster(tmp_path / "minus.tif", np.where(MASK == 255, -1, MASK.astype(np.int32)), nodata=-1))
    assert found["minus", "counts", "", "no_data"] == 4


def test_empty_mask_has_no_shares(tmp_path, mask):
    empty = raster(tmp_path / "empty.tif", np.zeros((4, 6), np.uint8))
    result, found = assess(
        tmp_path, empty, reference=mask, zones=halves(tmp_path / "z.gpkg"), density=str(tmp_path / "d.tif"),
        report=str(tmp_path / "r.html"),
    )
    assert found["empty", "counts", "", "ps"] == 0 and found["empty", "zones", "City", "share_of_ps_percent"] is None
    assert found["empty", "agreement", "", "precision"] is None and found["empty", "agreement", "", "recall"] == 0
    assert any("has no PS" in warning for warning in result.warnings)
    assert "–" in (tmp_path / "r.html").read_text(encoding="utf-8")


def test_report_stands_alone(tmp_path, mask):
    page = tmp_path / "report.html"
    result, _ = assess(
        tmp_path, mask, raster(tmp_path / "a<b.tif", REFERENCE), reference=mask, zones=halves(tmp_path / "z.gpkg"),
        report=str(page), cell=40,
    )
    text = page.read_text(encoding="utf-8")
    assert result.outputs["report"] == str(page)
    assert re.findall(r'(?:src|href)="(?!data:)', text) == [] and "<script" not in text
    assert "a&lt;b" in text and "a<b" not in text
    assert text.count("<svg") == 2 and text.count("data:image/png;base64,") == 2
    assert "prefers-color-scheme:dark" in text
    for word in ("Counts", "City", "River", "Jaccard", "12.50", "PS that touch another"):
        assert word in text


def refused(tmp_path, masks, sentence, **options):
    before = sorted(path.name for path in tmp_path.iterdir())
    with pytest.raises(StillpointError, match=sentence):
        dispatch.run(AssessScatterers(masks=masks, output=str(tmp_path / "never.csv"), **options), SILENT)
    assert sorted(path.name for path in tmp_path.iterdir()) == before


def test_masks_that_cannot_be(tmp_path, mask):
    refused(tmp_path, ["/nowhere/x.tif"], "there is no such file")
    (tmp_path / "text.tif").write_text("no raster")
    refused(tmp_path, [str(tmp_path / "text.tif")], "knows no such format")
    refused(tmp_path, [mask, mask], "mask.tif is given twice")
    small = raster(tmp_path / "small.tif", MASK[:3])
    refused(tmp_path, [mask, small], r"small.tif differs from .*mask.tif, it has 6 x 3 pixels instead of 6 x 4")
    moved = raster(tmp_path / "moved.tif", MASK, place=(500100.0, *PLACE[1:]))
    refused(tmp_path, [mask], "moved.tif differs from .*it covers another area", reference=moved)
    zone33 = raster(tmp_path / "zone33.tif", MASK, crs="EPSG:32633")
    refused(tmp_path, [mask, zone33], "EPSG:32633 instead of EPSG:32632")
    probability = raster(tmp_path / "probability.tif", MASK.astype(np.float32) * 0.37)
    refused(tmp_path, [probability], "holds 0.37 at row 1, column 1")
    nothing = raster(tmp_path / "nothing.tif", np.full((4, 6), 255, np.uint8))
    refused(tmp_path, [nothing], "nothing.tif has no data at all")
    rng = np.random.default_rng(1)
    cut = raster(tmp_path / "cut.tif", rng.integers(0, 2, (200, 200)).astype(np.uint8))
    with open(cut, "r+b") as file:
        file.truncate(20_000)
    refused(tmp_path, [cut], "Band 1 of .*cut.tif cannot be read at rows 80 to 119, columns 0 to 199")
    polygons = halves(tmp_path / "polygons.gpkg")
    refused(tmp_path, [mask, polygons], "give a raster, or a layer of points")
    points = vector(tmp_path / "points.gpkg", [("POINT(500010 4999995)", "a")], kind=ogr.wkbPoint)
    refused(tmp_path, [points], "need a raster")
    far = vector(tmp_path / "far.gpkg", [("POINT(5 5)", "a")], kind=ogr.wkbPoint)
    refused(tmp_path, [mask, far], "lie outside of the mask")


def test_zones_that_cannot_be(tmp_path, mask):
    zones = halves(tmp_path / "zones.gpkg")
    refused(tmp_path, [mask], "have no field land; they have number, cover", zones=zones, zone_field="land")
    refused(tmp_path, [mask], "there is no such file", zones=str(tmp_path / "none.shp"))
    far = vector(tmp_path / "far.gpkg", [(box(0, 0, 1, 1), "Sea")])
    refused(tmp_path, [mask], "far.gpkg lie outside of the masks", zones=far)
    lines = vector(tmp_path / "lines.gpkg", [("LINESTRING(500000 4999990,500100 4999990)", "Road")], kind=ogr.wkbLineString)
    refused(tmp_path, [mask], "hold line strings; give a layer of polygons", zones=lines)
    heights = raster(tmp_path / "heights.tif", np.linspace(0, 9, 24).reshape(4, 6).astype(np.float32))
    refused(tmp_path, [mask], "numbers that are not whole", zones=heights)
    elsewhere = raster(tmp_path / "elsewhere.tif", np.ones((4, 6), np.uint8), place=(700000.0, *PLACE[1:]))
    refused(tmp_path, [mask], "elsewhere.tif lie outside of the masks", zones=elsewhere)
    under = vector(tmp_path / "under.gpkg", [(box(500100, 4999960, 500120, 5000000), "Nothing")])
    refused(tmp_path, [mask], "hold no pixel of .*mask.tif that has data", zones=under)


def test_terrain_that_cannot_be(tmp_path, mask):
    dem = raster(tmp_path / "dem.tif", np.zeros((8, 8), np.float32), place=(700000.0, *PLACE[1:]))
    refused(tmp_path, [mask], "needs the incidence angle and the heading of the radar", dem=dem)
    refused(tmp_path, [mask], "needs the heading of the radar", dem=dem, incidence=39.0)
    refused(tmp_path, [mask], "dem.tif lies outside of the masks", dem=dem, incidence=39.0, heading=348.0)
    refused(tmp_path, [mask], "needs the DEM", rindex=str(tmp_path / "r.tif"))
    plain = raster(tmp_path / "plain.tif", MASK, place=None, crs=None)
    refused(tmp_path, [plain], "the masks have no coordinates", dem=dem, incidence=39.0, heading=348.0)


def test_outputs_that_cannot_be(tmp_path, mask):
    refused(tmp_path, [mask], "There is no folder", report=str(tmp_path / "no" / "r.html"))
    refused(tmp_path, [mask], "is a file that is read", density=mask)
    refused(tmp_path, [mask], "have the same name", report=str(tmp_path / "never.csv"))


def test_cancelled_in_the_middle_leaves_nothing(tmp_path, mask):
    stop = threading.Event()

    def report(fraction, message):
        if message.startswith("Row"):
            stop.set()

    job = AssessScatterers(masks=[mask], output=str(tmp_path / "t.csv"), report=str(tmp_path / "r.html"))
    with pytest.raises(Cancelled):
        dispatch.run(job, Progress(report, stop.is_set))
    assert [path.name for path in tmp_path.iterdir()] == ["mask.tif"]


def test_command_line(tmp_path, mask, capsys):
    other = raster(tmp_path / "other.tif", REFERENCE)
    arguments = ["assess-scatterers", mask, other, "--output", str(tmp_path / "t.csv"), "--zones", halves(tmp_path / "z.gpkg"),
                 "--zone-field", "cover", "--reference", other, "--report", str(tmp_path / "r.html"), "--cell", "40"]
    assert cli.main(arguments) == 0
    said = capsys.readouterr().out
    assert re.search(r"City +60\.00 +60\.00", said) and f"report: {tmp_path / 'r.html'}" in said
    assert cli.main(["assess-scatterers", mask, "--output", str(tmp_path / "t.csv"), "--zones", "/nowhere.shp"]) == 1
    assert "there is no such file" in capsys.readouterr().err
    assert cli.main(["assess-scatterers", "--output", str(tmp_path / "t.csv")]) == 2


def test_mask_of_a_real_product(tmp_path, real_data):
    path = real_data / "houston-s1-psps" / "source_ps_products" / "ps_mask.tif"
    if not path.exists():
        pytest.skip(f"{path} is not there")
    _, found = assess(tmp_path, str(path), reference=str(path), density=str(tmp_path / "d.tif"), cell=1000)
    expected = gdal.Open(str(path)).ReadAsArray()
    assert found["ps_mask", "counts", "", "ps"] == (expected == 1).sum() > 0
    assert found["ps_mask", "agreement", "", "jaccard"] == 1
    # 600 x 380 pixels of 1/900 degree at 30.1 degrees north: 123.2 m x 107.1 m.
    assert found["ps_mask", "counts", "", "area_km2"] == pytest.approx(600 * 380 * 0.1232 * 0.1071, rel=0.005)
