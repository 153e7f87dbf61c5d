"""From a stack on disk to points with their series, for every kind of stack; what classify-trends makes of them."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from osgeo import ogr

from stillpoint.models import cli
from stillpoint.models.errors import Cancelled, StillpointError
from stillpoint.models.jobs import ClassifyTrends, EstimateSeries, from_dict
from stillpoint.models.points.opening import open_points
from stillpoint.models.progress import SILENT, Progress
from stillpoint.models.series.estimate_file import estimate_series, memory_note, slant_range
from stillpoint.tests.models.series.stacks import COLS, NORTH, SPACING, WEST, ground, write, write_mask


@pytest.fixture(scope="module")
def made():
    return ground()


@pytest.fixture(scope="module")
def mask(made, tmp_path_factory):
    return write_mask(made, tmp_path_factory.mktemp("mask") / "ps.tif")


def run(stack: str, mask: str, output: Path, **options):
    return estimate_series(EstimateSeries(stack=stack, mask=mask, output=str(output), **options), SILENT)


def read(path: Path):
    """Return fields [points] by name and the series [points, dates] of a result."""
    source = ogr.Open(str(path))
    layer = source.GetLayer(0)
    names = [field.GetName() for field in layer.schema]
    rows = [{name: feature.GetField(name) for name in names} for feature in layer]
    fields = {name: np.array([row[name] for row in rows]) for name in names if not name.startswith("D2")}
    dates = sorted(name for name in names if name.startswith("D2"))
    series = np.array([[np.nan if row[name] is None else row[name] for name in dates] for row in rows], float)
    return fields, series, dates


def errors(made, path: Path, details):
    """Return what velocities and series are off from the truth, all relative to the reference."""
    fields, series, _ = read(path)
    row, col = fields["row"], fields["col"]
    truth = made.displacement[:, row, col]
    x, y = details["reference"]
    centre = np.argmin(np.hypot(col + 0.5 - (x - WEST) / SPACING, row + 0.5 - (NORTH - y) / SPACING))
    near = np.hypot(row - row[centre], col - col[centre]) * SPACING <= 300.0
    truth = truth - truth[:, near].mean(axis=1, keepdims=True)
    velocity = np.polyfit(made.years, truth, 1)[0]
    return fields["velocity"] - velocity, series.T - (truth - truth[0])


@pytest.mark.parametrize(
    ("kind", "sign", "extra"),
    [
        ("images", 1.0, None), ("single", 1.0, None), ("network", 1.0, {"PHASE_CONVENTION": "reference-secondary"}),
        ("network", -1.0, {"PHASE_CONVENTION": "secondary-reference"}), ("unwrapped", 1.0, None),
    ],
)  # fmt: skip
def test_every_kind_of_stack_gives_the_motion(made, mask, tmp_path, kind, sign, extra):
    stack = write(made, tmp_path / "stack.tif", kind, sign=sign, extra=extra)
    result = run(stack, mask, tmp_path / "series.gpkg")
    velocity, series = errors(made, tmp_path / "series.gpkg", result.details)
    # the truth spans 20 mm/yr; planes, heights and atmosphere of centimetres are in the phases
    assert np.sqrt(np.mean(velocity**2)) < 2.0
    assert np.median(np.sqrt(np.mean(series**2, axis=0))) < 2.5
    assert result.details["points"] == made.ps.sum()
    assert result.details["unwrapping"] == ("none" if kind == "unwrapped" else result.details["unwrapping"])
    told = any("does not say what a growing phase means" in warning for warning in result.warnings)
    assert told == (extra is None and kind != "images")


def test_the_built_in_way_unwraps_too(made, mask, tmp_path):
    result = run(write(made, tmp_path / "stack.tif", "single"), mask, tmp_path / "series.gpkg", unwrapping="arcs")
    assert result.details["unwrapping"] == "arcs"
    velocity, _ = errors(made, tmp_path / "series.gpkg", result.details)
    assert np.sqrt(np.mean(velocity**2)) < 2.0


@pytest.mark.parametrize("suffix", [".parquet", ".csv", ".fgb", ".shp"])
def test_every_format_can_be_opened_as_series(made, mask, tmp_path, suffix):
    stack = write(made, tmp_path / "stack.tif", "single")
    run(stack, mask, tmp_path / f"series{suffix}", extent=f"{WEST},{NORTH - 800},{WEST + 800},{NORTH}")
    with open_points(str(tmp_path / f"series{suffix}")) as points:
        assert len(points.layout.dates) == 24 and sum(len(block) for block in points.blocks()) > 50


def test_standard_errors_and_coherence_mean_what_they_say(made, mask, tmp_path):
    result = run(write(made, tmp_path / "stack.tif", "single"), mask, tmp_path / "series.gpkg")
    velocity, _ = errors(made, tmp_path / "series.gpkg", result.details)
    fields, series, _ = read(tmp_path / "series.gpkg")
    assert (np.abs(velocity) < fields["vel_std"]).mean() > 0.5 and (np.abs(velocity) < 1.96 * fields["vel_std"]).mean() > 0.85
    assert 0.8 < np.median(fields["coherence"]) <= 1.0
    assert (series[:, 0] == 0).all()
    heights = fields["height_err"] - made.height[fields["row"], fields["col"]]
    assert np.std(heights) < 2.5  # of 4 m


def test_points_and_mask_are_the_same_places(made, mask, tmp_path):
    stack = write(made, tmp_path / "stack.tif", "single")
    run(stack, mask, tmp_path / "first.gpkg")
    points = f"{tmp_path / 'first.gpkg'}|layername=first"
    result = estimate_series(EstimateSeries(stack=stack, points=points, output=str(tmp_path / "second.gpkg")), SILENT)
    assert result.details["points"] == made.ps.sum()
    np.testing.assert_allclose(read(tmp_path / "first.gpkg")[1], read(tmp_path / "second.gpkg")[1])


def test_the_sign_can_be_turned(made, mask, tmp_path):
    stack = write(made, tmp_path / "stack.tif", "single")
    first, second = tmp_path / "first.gpkg", tmp_path / "second.gpkg"
    run(stack, mask, first, sign="away")
    run(stack, mask, second, sign="towards")
    np.testing.assert_allclose(read(first)[0]["velocity"], -read(second)[0]["velocity"], atol=0.02)


def test_holes_stay_holes_and_hurt_nobody_else(made, mask, tmp_path):
    result = run(write(made, tmp_path / "stack.tif", "single", holes=0.04), mask, tmp_path / "series.gpkg")
    velocity, _ = errors(made, tmp_path / "series.gpkg", result.details)
    _, series, _ = read(tmp_path / "series.gpkg")
    assert result.details["missing"] == np.isnan(series).sum() > 100
    assert np.sqrt(np.nanmean(velocity**2)) < 2.5


def test_the_reference_can_be_chosen(made, mask, tmp_path):
    row, col = 20, 25  # the middle of the bowl
    place = f"{WEST + (col + 0.5) * SPACING},{NORTH - (row + 0.5) * SPACING}"
    stack = write(made, tmp_path / "stack.tif", "single")
    result = run(stack, mask, tmp_path / "series.gpkg", reference=place, reference_radius=100.0)
    assert not result.details["reference_chosen"] and read(tmp_path / "series.gpkg")[0]["velocity"].max() > 12.0
    with pytest.raises(StillpointError, match="km from the nearest PS"):
        run(stack, mask, tmp_path / "other.gpkg", reference=f"{WEST + 90_000},{NORTH}")
    with pytest.raises(StillpointError, match="two numbers"):
        run(stack, mask, tmp_path / "other.gpkg", reference="here")


def test_a_network_that_falls_apart_names_its_dates(made, mask, tmp_path):
    cut = tuple((a, b) for a in range(12) for b in range(12, 24))
    stack = write(made, tmp_path / "stack.tif", "network", drop=cut)
    with pytest.raises(StillpointError) as told:
        run(stack, mask, tmp_path / "series.gpkg")
    assert "2 groups" in str(told.value) and str(made.dates[12]) in str(told.value) and str(made.dates[11]) in str(told.value)


def test_what_the_user_can_mend_is_said(made, mask, tmp_path):
    stack = write(made, tmp_path / "stack.tif", "single")
    output = tmp_path / "series.gpkg"
    with pytest.raises(StillpointError, match="give the PS mask or the PS points"):
        estimate_series(EstimateSeries(stack=stack, output=str(output)), SILENT)
    with pytest.raises(StillpointError, match="not both"):
        estimate_series(EstimateSeries(stack=stack, mask=mask, points=mask, output=str(output)), SILENT)
    with pytest.raises(StillpointError, match="no PS mask"):
        run(stack, stack, output)
    with pytest.raises(StillpointError, match="it would be lost"):
        run(stack, mask, Path(mask))
    with pytest.raises(StillpointError, match="reaches a coherence"):
        run(stack, mask, output, min_coherence=1.0)
    with pytest.raises(StillpointError, match="has no PS"):
        run(stack, mask, output, extent="0,0,1,1")
    assert not list(tmp_path.glob("*series*"))


def test_a_cancelled_run_leaves_nothing(made, mask, tmp_path):
    stack = write(made, tmp_path / "stack.tif", "single")
    told = []

    def stop() -> bool:
        return bool(told and told[-1] > 0.5)

    progress = Progress(lambda fraction, message: told.append(fraction), stop)
    with pytest.raises(Cancelled):
        estimate_series(EstimateSeries(stack=stack, mask=mask, output=str(tmp_path / "series.gpkg")), progress)
    assert told == sorted(told) and [path.name for path in tmp_path.iterdir()] == ["stack.tif"]


def test_the_command_line_and_classify_trends_go_on_from_it(made, mask, tmp_path, capsys):
    stack = write(made, tmp_path / "stack.tif", "single")
    output = tmp_path / "series.gpkg"
    assert cli.main(["estimate-series", stack, "--mask", mask, "--output", str(output), "--progress", "none"]) == 0
    said = capsys.readouterr()
    assert "positive towards the satellite" in said.out and "Reference:" in said.out and "taken to grow away" in said.err
    with open_points(str(output)) as points:
        assert len(points.layout.dates) == 24 and points.layout.crs == "EPSG:32632"
        assert not any("unit" in note.lower() for note in points.layout.notes)
    from stillpoint.models.trends.classify_file import classify_trends

    trends = tmp_path / "trends.gpkg"
    result = classify_trends(ClassifyTrends(points=str(output), output=str(trends), method="statistical"), SILENT)
    fields, _, _ = read(trends)
    own = read(output)[0]
    assert len(fields["trend"]) == made.ps.sum() and result.details
    bowl = own["velocity"] < -10
    assert bowl.any() and (fields["trend"][bowl] != "Stable").mean() > 0.8
    source = ogr.Open(str(output))
    told = source.GetLayer(0).GetMetadataItem("STILLPOINT_PROVENANCE") or source.GetMetadataItem("STILLPOINT_PROVENANCE")
    provenance = json.loads(told)
    again = from_dict(provenance["job"])  # the file alone is enough to run the job again
    assert isinstance(again, EstimateSeries) and again.mask == mask and again.output == str(output)
    assert provenance["stillpoint"] and provenance["figures"]["points"] == made.ps.sum()


def test_memory_is_told_before_it_is_taken():
    assert memory_note(100, 10, 11) == "Estimating 100 points: some 0.3 GB of memory will be needed"
    few, many = (float(memory_note(count, 100, 101).split("some ")[1].split()[0]) for count in (100_000, 200_000))
    assert many > 1.6 * few


def test_a_satellite_is_as_far_as_it_is():
    assert slant_range(0.0) == pytest.approx(700e3) and 850e3 < slant_range(38.0) < 900e3


def test_columns_of_a_mask_elsewhere_are_refused(made, mask, tmp_path):
    from osgeo import gdal

    stack = write(made, tmp_path / "stack.tif", "single")
    moved = tmp_path / "moved.tif"
    gdal.Translate(str(moved), mask, outputBounds=[WEST + 4000, NORTH, WEST + 4000 + COLS * SPACING, NORTH - 60 * SPACING])
    with pytest.raises(StillpointError, match="lies elsewhere"):
        run(stack, str(moved), tmp_path / "series.gpkg")
