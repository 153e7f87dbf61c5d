"""Classification of arrays and of files: right on clear series, honest on the rest, nothing lost on the way."""

from __future__ import annotations

import csv
import json
import resource
import time
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
from osgeo import ogr

from stillpoint.models.errors import Cancelled, StillpointError
from stillpoint.models.jobs import ClassifyTrends
from stillpoint.models.learning import library
from stillpoint.models.points.opening import open_points
from stillpoint.models.progress import SILENT, Progress
from stillpoint.models.trends import classify
from stillpoint.models.trends.classes import FIELDS, NAMES, NOT_CLASSIFIED
from stillpoint.models.trends.classify_file import classify_trends
from stillpoint.models.trends.judge import Judge, alike

DATES = np.datetime64("2018-01-01") + 12 * np.arange(100)
YEARS = (DATES - DATES[0]).astype(float) / 365.25
HALF = 27.73


def clear_series(size: int = 30, noise: float = 1.5, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Return series that leave no doubt, and their codes."""
    rng = np.random.default_rng(seed)
    kink = np.maximum(YEARS - 1.6, 0)
    step = (np.arange(100) >= 40) * HALF
    shapes = np.stack([0 * YEARS, -12 * YEARS, -9 * YEARS**2, -30 * kink, step])
    codes = np.tile(np.arange(5), size)
    return (shapes[codes] + rng.normal(0, noise, (len(codes), 100))).astype(np.float32), codes


def write_csv(path: Path, series: np.ndarray) -> Path:
    with path.open("w", newline="", encoding="utf-8") as stream:
        out = csv.writer(stream)
        out.writerow(["code", "lon", "lat", "velocity", *(str(day).replace("-", "") for day in DATES)])
        for index, row in enumerate(series):
            cells = ["" if not np.isfinite(value) else f"{value:.2f}" for value in row]
            out.writerow([f"P{index}", 7.0 + index * 1e-4, 46.0, 1.0, *cells])
    return path


@pytest.mark.parametrize("method", ["default", "statistical", "mirmazloumi_cnn"])
def test_clear_series_get_their_class(method):
    series, codes = clear_series()
    found = classify.classify_arrays(DATES, series, wavelength=2 * HALF / 1000, method=method)
    right = (np.ma.filled(found.columns["trend_code"], -1) == codes).mean()
    assert right >= {"default": 0.98, "statistical": 0.95, "mirmazloumi_cnn": 0.75}[method]
    assert set(found.columns) == {column.name for column in FIELDS}
    shares = np.stack([found.columns[f"p_{code}"] for code in range(5)])
    assert np.nansum(shares, axis=0) == pytest.approx(np.ones(len(series)), abs=1e-4)


def test_quantities_of_clear_series():
    series, codes = clear_series()
    found = classify.classify_arrays(DATES, series, wavelength=2 * HALF / 1000)
    columns = found.columns
    assert np.abs(columns["velocity"][codes == 1] + 12).max() < 0.6
    assert np.abs(columns["accel"][codes == 2] + 18).max() < 3
    bent = codes == 3
    assert np.abs(columns["velocity_1"][bent]).max() < 3
    assert np.abs(columns["velocity_2"][bent] + 30).max() < 4
    late = (columns["break_date"][bent] - DATES[0]).astype(int) - 1.6 * 365.25
    assert np.median(np.abs(late)) < 12
    assert (columns["break_lo"][bent] <= columns["break_date"][bent]).all()
    assert np.isnat(columns["break_date"][~bent]).all() and np.isnan(columns["velocity_1"][~bent]).all()
    assert (np.ma.filled(columns["jumps"], -1)[codes == 4] == 1).all()
    assert found.corrected[codes == 4].std() < 2.0 < series[codes == 4].std()
    assert np.array_equal(found.corrected[codes == 1], series[codes == 1])


def test_series_that_cannot_be_judged_say_why():
    series, _ = clear_series(2)
    series[0] = np.nan
    series[1] = 7.0
    series[2, 5:] = np.nan
    found = classify.classify_arrays(DATES, series, wavelength=0.0555).columns
    assert list(found["reason"][:3]) == ["No values", "Constant series", "Too few epochs"]
    assert list(found["trend"][:3]) == [NOT_CLASSIFIED] * 3
    assert found["trend_code"].mask[:3].all() and not found["trend_code"].mask[5:].any()


def test_what_fits_no_class_is_refused_only_where_asked():
    rng = np.random.default_rng(1)
    incoherent = rng.uniform(-14, 14, (40, 100)).astype(np.float32)
    seasons = (30 * np.cos(2 * np.pi * YEARS) + rng.normal(0, 1, (40, 100))).astype(np.float32)
    series = np.concatenate([incoherent, seasons])
    found = classify.classify_arrays(DATES, series, wavelength=0.0555).columns
    refused = found["trend"] == NOT_CLASSIFIED
    assert refused[:40].mean() > 0.7 and refused[40:].mean() > 0.9
    assert all(found["reason"][refused]) and not any(found["reason"][~refused])
    assert np.isfinite(found["velocity"]).all() and np.isnan(found["confidence"][refused]).all()
    kept = classify.classify_arrays(DATES, series, wavelength=0.0555, abstain=False).columns
    assert set(kept["trend"]) <= set(NAMES)


def test_gaps_and_late_starts_change_nothing():
    series, codes = clear_series(20)
    rng = np.random.default_rng(2)
    series[rng.random(series.shape) < 0.05] = np.nan
    series[::4, :6] = np.nan
    series[1::4, 95:] = np.nan
    found = classify.classify_arrays(DATES, series, wavelength=2 * HALF / 1000).columns
    assert (np.ma.filled(found["trend_code"], -1) == codes).mean() > 0.95


def test_many_gaps_that_differ_are_bridged_quickly():
    series, codes = clear_series(80)
    rng = np.random.default_rng(5)
    series[rng.random(series.shape) < 0.4] = np.nan
    began = time.process_time()
    found = classify.classify_arrays(DATES, series, wavelength=2 * HALF / 1000).columns
    assert time.process_time() - began < 15
    assert (np.ma.filled(found["trend_code"], -1) == codes).mean() > 0.93


def test_order_and_company_of_points_do_not_matter():
    series, _ = clear_series(30, noise=4.0)
    judge = Judge()
    order = np.random.default_rng(3).permutation(len(series))
    whole = judge(DATES, series, 0.0555).probabilities
    shuffled = judge(DATES, series[order], 0.0555).probabilities
    alone = judge(DATES, series[:7], 0.0555).probabilities
    assert np.abs(whole[order] - shuffled).max() < 1e-4
    assert np.abs(whole[:7] - alone).max() < 1e-4


def test_every_series_is_judged_once():
    rng = np.random.default_rng(4)
    series = rng.normal(size=(300, 60)).astype(np.float32)
    series[rng.random(series.shape) < rng.choice([0, 0.1, 0.5, 0.9], (300, 1))] = np.nan
    rows = np.concatenate([rows for rows, _ in alike(series)])
    assert len(rows) == len(set(rows.tolist()))
    missing = set(range(300)) - set(rows.tolist())
    assert all(np.isfinite(series[row]).sum() < 10 for row in missing)


@pytest.mark.parametrize("text", ["often", "1,2,3", "0.2,0.2,0.2,0.2,-1", "nan,1,1,1,1"])
def test_bad_shares(text):
    with pytest.raises(StillpointError, match="class-shares"):
        classify.class_shares(text)


def test_shares_move_the_doubtful():
    series, _ = clear_series(100, noise=9.0)
    plain = classify.classify_arrays(DATES, series, wavelength=0.0555).columns["p_0"]
    still = classify.classify_arrays(
        DATES, series, wavelength=0.0555, shares=classify.class_shares("0.96,0.01,0.01,0.01,0.01")
    ).columns["p_0"]
    assert np.nanmean(still) > np.nanmean(plain)
    assert (still[plain > 1e-6] >= plain[plain > 1e-6] - 1e-6).all()


@pytest.mark.parametrize("suffix", [".gpkg", ".shp", ".csv"])
def test_a_file_from_end_to_end(tmp_path, suffix):
    series, codes = clear_series(20)
    source = write_csv(tmp_path / "points.csv", series)
    output = tmp_path / f"out{suffix}"
    fractions = []
    result = classify_trends(
        ClassifyTrends(points=str(source), output=str(output), wavelength=2 * HALF / 1000, series="columns"),
        Progress(lambda fraction, message: fractions.append(fraction)),
    )
    assert result.details["points"] == 100 and sum(result.details["classes"].values()) == 100
    assert fractions == sorted(fractions) and fractions[-1] == 1.0
    layer_source = ogr.Open(str(output))
    layer = layer_source.GetLayer(0)
    assert layer.GetFeatureCount() == 100
    names = [layer.GetLayerDefn().GetFieldDefn(index).GetName() for index in range(layer.GetLayerDefn().GetFieldCount())]
    assert {column.name for column in FIELDS} <= set(names)
    assert any(name.startswith("src_veloc") for name in names), "the source's own velocity is kept"
    right = [feature.GetField("trend_code") is not None and int(feature.GetField("trend_code")) == codes[index]
             for index, feature in enumerate(layer)]
    assert np.mean(right) > 0.95


def test_provenance_travels_with_the_layer(tmp_path):
    series, _ = clear_series(4)
    source = write_csv(tmp_path / "points.csv", series)
    output = tmp_path / "out.gpkg"
    classify_trends(ClassifyTrends(points=str(source), output=str(output)), SILENT)
    opened = ogr.Open(str(output))
    metadata = {**opened.GetMetadata(), **opened.GetLayer(0).GetMetadata()}
    provenance = json.loads(metadata["STILLPOINT_PROVENANCE"])
    assert provenance["points"] == 20 and provenance["job"]["task"] == "classify-trends"
    assert provenance["model"]["sha256"] == library.sha256(library.shipped("trends", "default"))
    assert metadata["STILLPOINT_DATES"].split(",") == [str(day) for day in DATES]
    feature = opened.GetLayer(0).GetFeature(1)
    packed = np.frombuffer(bytes(feature.GetFieldAsBinary("series")), dtype="<f4")
    assert packed == pytest.approx(np.round(series[0], 2), abs=0.006)


def test_cancel_in_the_middle_leaves_nothing(tmp_path):
    series, _ = clear_series(2000)
    source = write_csv(tmp_path / "points.csv", series)
    seen = []
    with pytest.raises(Cancelled):
        classify_trends(
            ClassifyTrends(points=str(source), output=str(tmp_path / "out.gpkg")),
            Progress(lambda fraction, message: seen.append(fraction), lambda: len(seen) > 1),
        )
    assert [path.name for path in tmp_path.iterdir()] == ["points.csv"]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"model": "/none.safetensors"}, "no model file"),
        ({"class_shares": "x"}, "class-shares"),
        ({"device": "cuda:7"}, "cuda:7"),
    ],
)
def test_bad_options_get_a_sentence(tmp_path, options, message):
    source = write_csv(tmp_path / "points.csv", clear_series(1)[0])
    with pytest.raises(StillpointError, match=message):
        classify_trends(ClassifyTrends(points=str(source), output=str(tmp_path / "o.gpkg"), **options), SILENT)
    assert [path.name for path in tmp_path.iterdir()] == ["points.csv"]


def test_a_model_for_another_network_is_refused(tmp_path):
    series, _ = clear_series(1)
    with pytest.raises(StillpointError, match="this method needs 'TrendNetwork'"):
        classify.classify_arrays(
            DATES, series, wavelength=0.0555, model=str(library.shipped("trends", "mirmazloumi"))
        )


def test_dates_must_increase():
    series, _ = clear_series(1)
    with pytest.raises(StillpointError, match="increase"):
        classify.classify_arrays(DATES[::-1], series, wavelength=0.0555)


def test_memory_does_not_grow_with_the_file(tmp_path):
    series, _ = clear_series(1000)
    small, large = write_csv(tmp_path / "small.csv", series), write_csv(tmp_path / "large.csv", np.tile(series, (6, 1)))
    classify_trends(ClassifyTrends(points=str(small), output=str(tmp_path / "s.gpkg")), SILENT)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    classify_trends(ClassifyTrends(points=str(large), output=str(tmp_path / "l.gpkg")), SILENT)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 250_000  # kB


@pytest.mark.parametrize("suffix", [".gpkg", ".shp", ".fgb", ".csv", ".parquet"])
def test_source_fields_named_like_results_are_kept_apart(tmp_path, suffix):
    given = ["id", "lon", "lat", "Velocity", "TREND", "src_trend", "SRC_TREND_2", "series", "P_0"]
    table = tmp_path / "in.csv"
    with table.open("w", newline="", encoding="utf-8") as stream:
        out = csv.writer(stream)
        out.writerow([*given, *(str(day).replace("-", "") for day in DATES)])
        for index, row in enumerate(clear_series(1)[0]):
            out.writerow([index, 7.0, 46.0, *(f"{name}{index}" for name in given[3:]), *(f"{value:.2f}" for value in row)])
    output = tmp_path / f"out{suffix}"
    classify_trends(ClassifyTrends(points=str(table), output=str(output), method="statistical"), SILENT)
    with written_rows(output) as rows:
        found = list(rows)
    assert len(found) == 5
    for index, row in enumerate(found):
        for name in given[3:]:
            assert f"{name}{index}" in row.values(), name


@contextmanager
def written_rows(path: Path):
    """Give the rows of a written file as dictionaries."""
    if path.suffix == ".parquet":
        yield pytest.importorskip("pyarrow.parquet").read_table(path).to_pylist()
        return
    dataset = ogr.Open(str(path))
    yield [feature.items() for feature in dataset.GetLayer(0)]


def test_a_classified_layer_can_be_classified_again_and_again(tmp_path):
    source = write_csv(tmp_path / "0.csv", clear_series(1)[0])
    for number in range(1, 5):
        output = tmp_path / f"{number}.gpkg"
        classify_trends(ClassifyTrends(points=str(source), output=str(output), method="statistical"), SILENT)
        source = output
    dataset = ogr.Open(str(source))
    names = [field.name.lower() for field in dataset.GetLayer(0).schema]
    assert len(set(names)) == len(names) and "trend" in names and "src_trend" in names


@pytest.mark.parametrize("suffix", [".gpkg", ".csv", ".shp"])
def test_the_points_that_are_read_are_never_replaced(tmp_path, suffix):
    table = write_csv(tmp_path / "in.csv", clear_series(1)[0])
    source = tmp_path / f"points{suffix}"
    if suffix == ".csv":
        source.write_bytes(table.read_bytes())
    else:
        classify_trends(ClassifyTrends(points=str(table), output=str(source), series="columns", method="statistical"), SILENT)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    for points in (str(source), f"{tmp_path}/./points{suffix}", f"{source}|layername=points"):
        with pytest.raises(StillpointError, match="is the file that is read"):
            classify_trends(ClassifyTrends(points=points, output=str(source), method="statistical"), SILENT)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_provenance_names_the_model_of_every_method(tmp_path):
    table = write_csv(tmp_path / "in.csv", clear_series(1)[0])
    output = tmp_path / "out.gpkg"
    job = ClassifyTrends(points=str(table), output=str(output), method="statistical", model="mine.safetensors")
    result = classify_trends(job, SILENT)
    assert any("mine.safetensors was not used" in text for text in result.warnings)
    dataset = ogr.Open(str(output))
    provenance = json.loads(dataset.GetMetadataItem("STILLPOINT_PROVENANCE"))
    assert provenance["model"]["name"] == "trends-statistical.safetensors"


def test_arrays_of_the_caller_stay_as_they_are():
    series, _ = clear_series(1)
    series[0, 3] = np.inf
    before = series.copy()
    found = classify.classify_arrays(list(DATES), series, wavelength=2 * HALF / 1000, method="statistical")
    assert np.array_equal(series, before) and found.columns["epochs"][0] == len(DATES) - 1


@pytest.mark.parametrize("wavelength", [0.0, -0.05, float("nan"), float("inf")])
def test_a_wavelength_that_cannot_be(wavelength):
    with pytest.raises(StillpointError, match="wavelength"):
        classify.classify_arrays(DATES, clear_series(1)[0], wavelength=wavelength, method="statistical")


@pytest.mark.parametrize("suffix", [".gpkg", ".shp", ".fgb", ".csv", ".parquet"])
def test_wavelength_and_unit_of_own_files_are_known(tmp_path, suffix):
    table = write_csv(tmp_path / "in.csv", 0.02 * clear_series(1)[0])  # so smooth that its size says centimetres
    output = tmp_path / f"out{suffix}"
    job = ClassifyTrends(
        points=str(table), output=str(output), unit="mm", wavelength=0.2384, series="columns", method="statistical"
    )
    classify_trends(job, SILENT)
    with open_points(str(output)) as source:
        assert source.layout.wavelength == pytest.approx(0.2384) and source.layout.unit == "mm"
    if suffix in (".shp", ".fgb", ".csv"):
        described = tmp_path / "out.stillpoint.json"
        described.write_text(described.read_text(encoding="utf-8").replace('"name": "rmse"', '"name": "other"'), encoding="utf-8")
        with open_points(str(output)) as source:
            assert source.layout.wavelength != pytest.approx(0.2384), "the description of another file"


def test_the_crs_that_is_given_wins_over_that_of_an_own_layer(tmp_path):
    table = write_csv(tmp_path / "in.csv", clear_series(1)[0])
    output = tmp_path / "out.gpkg"
    classify_trends(ClassifyTrends(points=str(table), output=str(output), method="statistical"), SILENT)
    with open_points(str(output), crs="EPSG:4258") as source:
        assert source.layout.crs == "EPSG:4258"


@pytest.mark.parametrize("name", ["x" * 300, "a\0b"])
def test_names_that_no_disk_takes_get_a_sentence(tmp_path, name):
    table = write_csv(tmp_path / "in.csv", clear_series(1)[0])
    for points, output in ((str(table), str(tmp_path / f"{name}.gpkg")), (str(tmp_path / f"{name}.csv"), "x.gpkg")):
        with pytest.raises(StillpointError):
            classify_trends(ClassifyTrends(points=points, output=output, method="statistical"), SILENT)
