"""Combining the files of tracks: from disk to two layers, and what is refused."""

from __future__ import annotations

import json

import numpy as np
import pytest
from osgeo import ogr, osr

from stillpoint.models import cli, dispatch
from stillpoint.models.errors import Cancelled, StillpointError
from stillpoint.models.jobs import ClassifyTrends, CombineGeometries, from_json
from stillpoint.models.points.opening import open_points
from stillpoint.models.progress import SILENT, Progress
from stillpoint.models.series.combine_file import combine_geometries

from .track_files import CORNER, SIGHTS, steady, write_track

NAN = float("nan")


def read(path):
    with open_points(str(path)) as source:
        return source.layout, next(iter(source.blocks(100_000)))


@pytest.fixture
def pair(tmp_path):
    motion = steady(4.0, 0.0, -10.0)
    return (
        write_track(tmp_path / "asc.gpkg", motion, noise=1.0, seed=1),
        write_track(tmp_path / "desc.gpkg", motion, sight="descending", first="2019-01-06", points=180, noise=1.0, seed=2),
    )


def run(pair, tmp_path, **options):
    options = {"output": str(tmp_path / "up.gpkg"), **options}
    return combine_geometries(CombineGeometries(ascending=str(pair[0]), descending=str(pair[1]), **options), SILENT)


@pytest.mark.parametrize("where", ["grid", "points"])
@pytest.mark.parametrize("average", ["median", "mean"])
def test_velocities_come_back(pair, tmp_path, where, average):
    result = run(pair, tmp_path, where=where, average=average)
    for name, expected in (("output", -10.0), ("east", 4.0)):
        layout, block = read(result.outputs[name])
        fields = block.attributes
        errors = (fields["velocity"] - expected) / fields["vel_std"]
        assert np.median(fields["velocity"]) == pytest.approx(expected, abs=0.2)
        assert 0.75 < np.sqrt(np.mean(errors**2)) < 1.3
        assert layout.crs == "EPSG:32632" and layout.unit == "mm"
        assert str(layout.dates[0]) >= "2019-01-06" and str(layout.dates[-1]) <= "2020-04-13"
        np.testing.assert_allclose(block.displacement[:, 0], 0.0, atol=1e-6)
        slope = np.polyfit(layout.years, block.displacement.mean(axis=0), 1)[0]
        assert slope == pytest.approx(expected, abs=0.2)
    assert result.details["points"] == len(block)
    assert result.outputs["east"] == str(tmp_path / "up_east.gpkg")
    assert result.warnings == []
    assert "1 mm/yr of it would appear as -0.13 mm/yr up" in result.summary


def test_layers_say_how_they_were_made_and_can_be_classified(pair, tmp_path):
    result = run(pair, tmp_path, east=str(tmp_path / "e.parquet"))
    source = ogr.Open(result.outputs["output"])
    about = json.loads(source.GetLayer(0).GetMetadataItem("STILLPOINT_PROVENANCE"))
    assert about["job"]["task"] == "combine-geometries" and from_json(json.dumps(about["job"])).east.endswith("e.parquet")
    assert source.GetLayer(0).GetMetadataItem("STILLPOINT_SERIES") == "vertical"
    trends = str(tmp_path / "trends.gpkg")
    job = ClassifyTrends(points=result.outputs["east"], output=trends, method="statistical", wavelength=0.0555)
    assert dispatch.run(job, SILENT).details["classes"]["Linear"] == result.details["points"]


def test_other_system_of_coordinates(pair, tmp_path):
    degrees = tmp_path / "degrees.csv"
    layout, block = read(pair[1])
    change = osr.CoordinateTransformation(*(_reference(code) for code in (32632, 4326)))
    places = np.array(change.TransformPoints(np.column_stack([block.x, block.y]).tolist()))
    names = ["lon", "lat", "los_east", "los_north", "los_up", *("D" + str(day).replace("-", "") for day in layout.dates)]
    table = np.column_stack([places[:, :2], *(block.attributes[name] for name in names[2:5]), block.displacement])
    np.savetxt(degrees, table, delimiter=",", header=",".join(names), comments="", fmt="%.8f")
    plain, other = run(pair, tmp_path), run((pair[0], degrees), tmp_path, output=str(tmp_path / "other.gpkg"))
    assert other.details["points"] == plain.details["points"] and other.details["crs"] == "EPSG:32632"
    np.testing.assert_allclose(
        read(other.outputs["output"])[1].attributes["velocity"], read(plain.outputs["output"])[1].attributes["velocity"], atol=1e-3
    )
    turned = run((degrees, pair[0]), tmp_path, output=str(tmp_path / "turned.gpkg"))
    assert turned.details["crs"] == "EPSG:32632"  # degrees are brought to the zone that they lie in
    assert sum("stands in the" in text for text in turned.warnings) == 2  # the tracks are in the other order


def _reference(code):
    reference = osr.SpatialReference()
    reference.ImportFromEPSG(code)
    reference.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
    return reference


def test_angles_of_the_user_win_over_columns(pair, tmp_path):
    bare = write_track(tmp_path / "bare.gpkg", steady(4.0, 0.0, -10.0), sight="descending", columns=None, seed=2)
    with pytest.raises(StillpointError, match=r"bare.gpkg does not tell the incidence .* of the descending track"):
        run((pair[0], bare), tmp_path)
    with pytest.raises(StillpointError, match="does not tell the heading"):
        run((pair[0], bare), tmp_path, descending_incidence=36.2)
    east, north, up = np.array(SIGHTS["descending"]) / np.linalg.norm(SIGHTS["descending"])
    heading = float(np.degrees(np.arctan2(north, -east)))
    result = run((pair[0], bare), tmp_path, descending_incidence=float(np.degrees(np.arccos(up))), descending_heading=heading)
    assert result.details["velocity_up"]["median"] == pytest.approx(-10.0, abs=0.3)
    assert result.details["velocity_east"]["median"] == pytest.approx(4.0, abs=0.3)
    assert result.details["tracks"][1]["sight"] == "the angles given"


@pytest.mark.parametrize("ending", ["gpkg", "parquet", "csv"])
def test_angles_in_what_the_file_says_of_itself(pair, tmp_path, ending):
    east, north, up = np.array(SIGHTS["descending"]) / np.linalg.norm(SIGHTS["descending"])
    angles = {"INCIDENCE_ANGLE": np.degrees(np.arccos(up)), "HEADING": np.degrees(np.arctan2(north, -east))}
    told = write_track(
        tmp_path / f"told.{ending}", steady(4.0, 0.0, -10.0), sight="descending", columns=None, seed=2, noise=0.5,
        metadata={f"STILLPOINT_{name}": f"{value:.6f}" for name, value in angles.items()},
    )  # fmt: skip
    result = run((pair[0], told), tmp_path)
    assert result.details["tracks"][1]["sight"] == "its metadata"
    assert result.details["velocity_up"]["median"] == pytest.approx(-10.0, abs=0.3)
    assert result.details["velocity_east"]["median"] == pytest.approx(4.0, abs=0.3)


def test_opposite_sign_of_the_whole_vector_is_the_same_line(pair, tmp_path):
    turned = write_track(
        tmp_path / "turned.gpkg", steady(4.0, 0.0, -10.0), sight="descending", seed=2, noise=1.0, points=180, first="2019-01-06",
        columns=("a", "b", "c"),
    )  # fmt: skip
    source = ogr.Open(str(turned), 1)
    layer = source.GetLayer(0)
    for name in ("los_east", "los_north", "los_up"):
        layer.CreateField(ogr.FieldDefn(name, ogr.OFTReal))
    for feature in layer:
        for name, known in zip(("los_east", "los_north", "los_up"), "abc"):
            feature.SetField(name, -feature.GetField(known))
        layer.SetFeature(feature)
    layer = source = None
    assert run((pair[0], turned), tmp_path).details["velocity_up"] == run(pair, tmp_path).details["velocity_up"]


def test_stable_reference_takes_what_all_share_away(tmp_path):
    def bowl(x, y, years):
        near = np.hypot(x - CORNER[0] - 500, y - CORNER[1] - 500) < 200
        return np.zeros((len(x), 1)) * years, 0.0, np.where(near, -20.0, 0.0)[:, None] * years

    def drift(velocity):
        return lambda values, years: values + velocity * (years - years[0])

    pair = (
        write_track(tmp_path / "a.gpkg", bowl, noise=0.5, seed=1, points=800, change=drift(3.0)),
        write_track(tmp_path / "d.gpkg", bowl, noise=0.5, seed=2, points=800, sight="descending", change=drift(-5.0)),
    )
    assert abs(run(pair, tmp_path).details["velocity_east"]["median"]) > 5.0
    west = _polygon(tmp_path / "west.gpkg", CORNER[0], CORNER[1], CORNER[0] + 250, CORNER[1] + 1000)
    for stable in (None, west):
        result = run(pair, tmp_path, reference="stable", stable=stable)
        assert result.details["velocity_east"]["median"] == pytest.approx(0.0, abs=0.3)
        assert result.details["velocity_up"]["median"] == pytest.approx(0.0, abs=0.3)
        assert result.details["velocity_up"]["low"] == pytest.approx(-20.0, abs=1.0)
        assert " cells " in result.details["reference"]
    small = _polygon(tmp_path / "small.gpkg", CORNER[0], CORNER[1], CORNER[0] + 100, CORNER[1] + 100)
    with pytest.raises(StillpointError, match="1 cells that every track sees lie in the polygons"):
        run(pair, tmp_path, reference="stable", stable=small)
    with pytest.raises(StillpointError, match="no polygons"):
        run(pair, tmp_path, reference="stable", stable=str(pair[0]))
    with pytest.raises(StillpointError, match="cannot be opened"):
        run(pair, tmp_path, reference="stable", stable=str(tmp_path / "none.gpkg"))


def _polygon(path, west, south, east, north):
    source = ogr.GetDriverByName("GPKG").CreateDataSource(str(path))
    layer = source.CreateLayer("stable", _reference(32632), ogr.wkbPolygon)
    feature = ogr.Feature(layer.GetLayerDefn())
    corners = f"{west} {south}, {east} {south}, {east} {north}, {west} {north}, {west} {south}"
    feature.SetGeometry(ogr.CreateGeometryFromWkt(f"POLYGON (({corners}))"))
    layer.CreateFeature(feature)
    return str(path)


def test_third_track_helps(pair, tmp_path):
    third = write_track(tmp_path / "steep.gpkg", steady(4.0, 0.0, -10.0), sight="steep", seed=3, points=300, noise=0.3)
    two = run(pair, tmp_path)
    three = run(pair, tmp_path, more=(str(third),), output=str(tmp_path / "three.gpkg"))
    assert three.details["velocity_std"][0] < 0.8 * two.details["velocity_std"][0]
    fields = read(three.outputs["output"])[1].attributes
    assert {"misfit", "n_1", "n_2", "n_3"} <= set(fields) and np.nanmedian(fields["misfit"]) > 0


def test_all_dates_and_gaps(pair, tmp_path):
    every = run(pair, tmp_path, dates="all")
    assert every.details["dates"] == 2 * run(pair, tmp_path).details["dates"]

    def gap(values, years):
        values[:, 10:20] = NAN
        return values

    with_gap = write_track(tmp_path / "gap.gpkg", steady(4.0, 0.0, -10.0), change=gap, seed=1)
    _, block = read(run((with_gap, pair[1]), tmp_path).outputs["output"])
    missing = np.isnan(block.displacement).mean(axis=0)
    assert missing[9:19].min() == 1.0 and missing[:9].max() == 0.0
    _, block = read(run((with_gap, pair[1]), tmp_path, max_gap=200.0).outputs["output"])
    assert np.isfinite(block.displacement).all()


def test_points_without_values_or_places_are_left_out(pair, tmp_path):
    def holes(values, years):
        values[::3] = NAN
        return values

    holed = write_track(tmp_path / "holed.gpkg", steady(4.0, 0.0, -10.0), change=holes, seed=1, noise=1.0)
    result = run((holed, pair[1]), tmp_path)
    assert 0 < result.details["points"] <= run(pair, tmp_path).details["points"]
    assert np.isfinite(read(result.outputs["output"])[1].attributes["velocity"]).all()

    def nothing(values, years):
        return values * NAN

    empty = write_track(tmp_path / "empty.gpkg", steady(0.0, 0.0, 0.0), change=nothing, seed=1)
    with pytest.raises(StillpointError, match="enough dates in common"):
        run((empty, pair[1]), tmp_path, output=str(tmp_path / "never.gpkg"))
    assert not list(tmp_path.glob("*never*"))


def test_what_does_not_fit_is_refused(pair, tmp_path):
    with pytest.raises(StillpointError, match="given twice"):
        run((pair[0], pair[0]), tmp_path)
    copy = write_track(tmp_path / "copy.gpkg", steady(4.0, 0.0, -10.0), seed=5)
    with pytest.raises(StillpointError, match=r"nearly parallel \(0 degrees apart .* condition number infinite"):
        run((pair[0], copy), tmp_path)
    steep = write_track(tmp_path / "steep.gpkg", steady(4.0, 0.0, -10.0), sight="steep", seed=5)
    with pytest.raises(StillpointError, match=r"nearly parallel \(13 degrees apart .* allowed 5"):
        run((pair[0], steep), tmp_path, max_condition=5.0)
    far = write_track(tmp_path / "far.gpkg", steady(4.0, 0.0, -10.0), sight="descending", shift=(5000.0, 0.0))
    with pytest.raises(StillpointError, match="no area is covered by all"):
        run((pair[0], far), tmp_path)
    with pytest.raises(StillpointError, match="wider spacing"):
        run(pair, tmp_path, spacing=1.0, where="points")
    later = write_track(tmp_path / "later.gpkg", steady(4.0, 0.0, -10.0), sight="descending", first="2024-01-01")
    with pytest.raises(StillpointError, match=r"no time in common .*ascending 2019-01-01 to 2020-04-13; descending 2024-01-01"):
        run((pair[0], later), tmp_path)
    touching = write_track(tmp_path / "touching.gpkg", steady(4.0, 0.0, -10.0), sight="descending", first="2020-04-01")
    with pytest.raises(StillpointError, match="Only 2 dates"):
        run((pair[0], touching), tmp_path)
    wrong = write_track(tmp_path / "wrong.gpkg", steady(0.0, 0.0, 0.0), columns=("row", "col", "height"))
    with pytest.raises(StillpointError, match="does not tell the incidence"):
        run((wrong, pair[1]), tmp_path)
    for name in ("output", "east"):
        with pytest.raises(StillpointError, match="the file that is read"):
            run(pair, tmp_path, **{name: str(pair[0])})
    with pytest.raises(StillpointError, match="different names"):
        run(pair, tmp_path, east=str(tmp_path / "up.gpkg"))
    assert not (tmp_path / "up.gpkg").exists() and not list(tmp_path.glob(".*"))


def test_columns_that_are_no_unit_vectors_are_refused(pair, tmp_path):
    odd = tmp_path / "odd.csv"
    layout, block = read(pair[1])
    names = ["easting", "northing", "los_east", "los_north", "los_up", *("D" + str(day).replace("-", "") for day in layout.dates)]
    table = np.column_stack([block.x, block.y, np.full((len(block), 3), 37.0), block.displacement])
    np.savetxt(odd, table, delimiter=",", header=",".join(names), comments="", fmt="%.6f")
    with pytest.raises(StillpointError, match="coordinate reference system"):
        run((pair[0], odd), tmp_path)
    with pytest.raises(StillpointError, match=r"No point of .* has a line of sight that can be used"):
        run((pair[0], odd), tmp_path, crs="EPSG:32632")


def test_cancelled_leaves_nothing(pair, tmp_path):
    said = []

    def enough():
        return any("places" in text for text in said)

    job = CombineGeometries(ascending=str(pair[0]), descending=str(pair[1]), output=str(tmp_path / "up.gpkg"))
    with pytest.raises(Cancelled):
        combine_geometries(job, Progress(lambda fraction, text: said.append(text), enough))
    assert sorted(item.name for item in tmp_path.iterdir()) == ["asc.gpkg", "desc.gpkg"]


def test_command_line(pair, tmp_path, capsys):
    arguments = ["combine-geometries", str(pair[0]), str(pair[1]), "--output", str(tmp_path / "up.csv"), "--progress", "none"]
    assert cli.main(arguments) == 0
    said = capsys.readouterr().out
    assert "Motion to the north is taken for 0" in said and f"east: {tmp_path / 'up_east.csv'}" in said
    assert read(tmp_path / "up_east.csv")[0].crs == "EPSG:32632"
    assert cli.main([*arguments[:3], "--output", str(pair[0])]) == 1


def test_real_line_of_sight_columns_and_one_real_track_alone(tmp_path, real_data):
    ascending = real_data / "psbas-huelva-s1" / "huelva_s1_asc.csv"
    if not ascending.exists():
        pytest.skip(f"no real track at {ascending}")
    # No pair of tracks is at hand, so the descending one is the ascending one seen from the other side: motion taken for vertical.
    layout, block = read(ascending)
    assert layout.crs == "EPSG:4326"
    names = ["lon", "lat", *("D" + str(day).replace("-", "") for day in layout.dates)]
    other = tmp_path / "other.csv"
    table = np.column_stack([block.x, block.y, block.displacement])
    np.savetxt(other, table, delimiter=",", header=",".join(names), comments="", fmt="%.8f")
    east, north, up = (float(np.median(block.attributes[name])) for name in ("cosE", "cosN", "cosU"))
    mirrored = float(np.degrees(np.arctan2(north, east)))
    angles = {"descending_incidence": float(np.degrees(np.arccos(up))), "descending_heading": mirrored}
    result = run((ascending, other), tmp_path, **angles)
    assert result.details["tracks"][0]["sight"] == "the columns cosE, cosN, cosU"
    assert any("stands in the east" in text for text in result.warnings)  # the sign that the source's README warns of
    fields = read(result.outputs["output"])[1].attributes
    assert len(fields["velocity"]) > 100 and np.abs(np.median(read(result.outputs["east"])[1].attributes["velocity"])) < 0.3
