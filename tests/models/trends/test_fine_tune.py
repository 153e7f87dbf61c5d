"""Training on trend labels of the user's: read from everywhere, kept apart by region, compared honestly, refused in words."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest

from stillpoint.models import training
from stillpoint.models.errors import Cancelled, StillpointError
from stillpoint.models.jobs import DescribeTraining, TrainModel
from stillpoint.models.learning import library
from stillpoint.models.progress import SILENT, Progress
from stillpoint.models.simulation.series import Scene, draw_group
from stillpoint.models.trends import fine_tune, labelled
from stillpoint.models.trends import labels as given
from stillpoint.models.trends.classes import NAMES
from stillpoint.models.trends.classify import classify_arrays

DATES = np.datetime64("2018-01-01") + 12 * np.arange(30)


@pytest.fixture(scope="module")
def series():
    rng = np.random.default_rng(5)
    scene = Scene(white=2.0, correlated=0.0, correlation_days=20.0, annual=0.0, subtlety=8.0, outliers=0.0, missing=0.0)
    codes = rng.permutation(np.arange(240) % 8).clip(0, 4) % 5  # class 4 is four times as common
    days = 12.0 * np.arange(30)
    values = np.concatenate([
        draw_group(rng, 60, days=days, wavelength=0.0555, scene=scene, labels=codes[first : first + 60]).displacement
        for first in range(0, 240, 60)
    ])  # fmt: skip
    return values, codes, rng.uniform(11.0, 11.2, 240), rng.uniform(45.0, 45.1, 240)


def write_points(path, series, **columns):
    values, _, x, y = series
    with open(path, "w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(["code", "lon", "lat", *columns, *(f"D{str(date).replace('-', '')}" for date in DATES)])
        for row in range(len(values)):
            numbers = ["" if np.isnan(value) else f"{value:.2f}" for value in values[row]]
            writer.writerow([f"P{row}", x[row], y[row], *(column[row] for column in columns.values()), *numbers])
    return str(path)


def write_labels(path, keys, labels, *, name="code", field="label"):
    with open(path, "w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow([name, field, "reviewer"])
        writer.writerows([key, label, "me"] for key, label in zip(keys, labels))
    return str(path)


@pytest.fixture(scope="module")
def files(series, tmp_path_factory):
    folder = tmp_path_factory.mktemp("points")
    codes = series[1]
    shown = [NAMES[code] if row % 10 else "" for row, code in enumerate(codes)]
    return {
        "bare": write_points(folder / "bare.csv", series),
        "labelled": write_points(folder / "labelled.csv", series, label=shown),
        "labels": write_labels(folder / "labels.csv", [f"P{row}" for row in range(200)], [NAMES[code] for code in codes[:200]]),
        "folder": folder,
    }


def job(folder, data, **values):
    given = {"epochs": 2, "seed": 2, "device": "cpu", "labels": None, **values}
    return TrainModel(capability="trends", output=str(folder / "mine.safetensors"), data=(data,), **given)


@pytest.fixture(autouse=True)
def small_steps(monkeypatch):
    for name, value in (("FEWEST_STEPS", 3), ("MOST_STEPS", 3)):
        monkeypatch.setattr(fine_tune, name, value)


@pytest.mark.parametrize("network", ["default", "mirmazloumi_cnn"])
def test_fine_tuning_writes_all_and_compares_all(network, files, series, tmp_path):
    result = training.train(job(tmp_path, files["bare"], labels=files["labels"], network=network), SILENT)
    methods = {each["role"]: each for each in result.details["comparison"]["methods"]}
    assert set(methods) == {"new", "shipped", "classical"}
    test = sum(part["examples"] for part in result.details["parts"] if part["part"] == "test")
    assert all(np.sum(each["confusion"]) == test for each in methods.values())
    header = library.read_header(Path(result.outputs["output"]))
    assert header.training["start"]["sha256"] == library.sha256(library.shipped("trends", network))
    assert sum(header.training["series"].values()) <= 200 and header.metrics["new model"]["accuracy"] > 0.3
    card = Path(result.outputs["card"]).read_text(encoding="utf-8")
    assert "labels.csv" in card and "each drawn as often" in card and "--labels labels.csv" in card
    assert "By class" in Path(result.outputs["report"]).read_text(encoding="utf-8")
    assert {path.suffix for path in tmp_path.iterdir()} >= {".safetensors", ".md", ".html"}
    assert not list(tmp_path.glob("*.candidate"))
    # The file is used like any other, and gives what was compared.
    found = classify_arrays(DATES, series[0][:5].copy(), wavelength=0.0555, method=network, model=result.outputs["output"])
    assert np.isfinite(found.columns["p_0"]).all()


def test_from_scratch_and_mixed_with_simulation(files, tmp_path):
    result = training.train(job(tmp_path, files["labelled"], start="scratch", mix=0.5, network="mirmazloumi_cnn"), SILENT)
    header = library.read_header(Path(result.outputs["output"]))
    assert header.training["start"] == {} and header.training["mix"] == 0.5 and "50%" in header.training["data"]
    assert "--start scratch --mix 0.5" in header.training["command"]
    assert "new weights" in Path(result.outputs["card"]).read_text(encoding="utf-8")
    assert {each["role"] for each in result.details["comparison"]["methods"]} == {"new", "shipped", "classical"}


def test_mixing_draws_the_share_that_was_asked_for(files, tmp_path, monkeypatch):
    drawn = []
    from stillpoint.models.trends import fine_tune_networks

    own = fine_tune_networks._Default.batch
    monkeypatch.setattr(
        fine_tune_networks._Default, "batch", lambda *given: drawn.append((given[3], len(made := own(*given)))) or made
    )
    training.train(job(tmp_path, files["labelled"], mix=0.25, epochs=1), SILENT)
    assert set(drawn) == {(16, 64)}


def test_a_resumed_training_equals_one_that_ran_through(files, tmp_path):
    whole, parts = tmp_path / "whole", tmp_path / "parts"
    whole.mkdir(), parts.mkdir()
    first = training.train(job(whole, files["labelled"], epochs=4, network="mirmazloumi_cnn"), SILENT)

    def stop():
        return (parts / "mine.checkpoint").exists()

    with pytest.raises(Cancelled):
        training.train(job(parts, files["labelled"], epochs=4, network="mirmazloumi_cnn"), Progress(None, stop))
    assert not (parts / "mine.safetensors").exists()
    with pytest.raises(StillpointError, match=r"without resume|other"):
        others = job(parts, files["bare"], labels=files["labels"], epochs=4, resume=True, network="mirmazloumi_cnn")
        training.train(others, SILENT)
    second = training.train(job(parts, files["labelled"], epochs=4, network="mirmazloumi_cnn", resume=True), SILENT)
    figures = [[{**row, "seconds": 0} for row in result.details["history"]] for result in (first, second)]
    assert str(figures[0]) == str(figures[1])  # the start has no loss, and NaN equals nothing
    assert library.sha256(whole / "mine.safetensors") == library.sha256(parts / "mine.safetensors")


def test_rare_classes_are_drawn_as_often_as_others():
    codes = np.array([0] * 90 + [1] * 9 + [2])
    weights = fine_tune.drawing_weights(codes)
    assert weights.sum() == pytest.approx(1)
    assert weights[codes == 0].sum() == pytest.approx(weights[codes == 1].sum())
    assert weights[-1] == pytest.approx(weights[codes < 2].sum() / 99 * 10, rel=0.5) and weights[-1] < weights[codes == 1].sum()


def test_the_plan_is_the_split_of_the_training(files):
    asked = {"capability": "trends", "data": (files["bare"],), "labels": files["labels"], "seed": 2}
    told = training.describe(DescribeTraining(**asked), SILENT).details
    split = labelled.gather(DescribeTraining(**asked), SILENT)
    assert told["parts"] == split.plan.to_dict()["parts"] and told["crs"]
    for part in told["parts"]:
        (left, low), (right, high) = part["ring"][0], part["ring"][2]
        region = split.regions[0]
        inside = (region.x > left) & (region.x < right) & (region.y > low) & (region.y < high)
        assert inside.sum() >= part["examples"] == sum(part["classes"].values())


def test_several_files_are_several_regions(series, files, tmp_path):
    values, codes, x, y = series
    names = []
    for number in range(6):
        rows = slice(40 * number, 40 * number + 40)
        part = (values[rows], codes[rows], x[rows] + number, y[rows])
        names.append(write_points(tmp_path / f"area{number}.csv", part, trend_code=codes[rows]))
    told = training.describe(DescribeTraining(capability="trends", data=tuple(names)), SILENT)
    assert len(told.details["parts"]) == 6 and {part["part"] for part in told.details["parts"]} == {"train", "validation", "test"}
    assert any("as a method writes it" in note for note in told.warnings)


def test_reviewed_rows_alone_count(series, tmp_path):
    codes = series[1]
    seen = ["2026-01-01" if row % 2 else "" for row in range(240)]
    path = write_points(tmp_path / "p.csv", series, trend_code=codes, reviewed=seen)
    region = labelled.read_region(path, None, [], SILENT)
    assert len(region.codes) == 120 and np.array_equal(region.codes, codes[1::2])


def test_labels_by_number_where_points_have_no_identifier(tmp_path):
    path = write_labels(tmp_path / "l.csv", [1, 3, 9], ["Linear", "Stable", "Stable"], name="feature")
    codes, notes = given.matched(path, {}, 4, "p.csv")
    assert codes.tolist() == [1, -1, 0, -1] and "1 labels of l.csv belong to no point" in notes[0]


@pytest.mark.parametrize(
    ("value", "code"),
    [("Stable", 0), (" phase UNWRAPPING error", 4), ("3", 3), (2.0, 2), ("", -1), (None, -1), ("Not classified", -1), (np.nan, -1)],
)
def test_labels_are_names_or_codes(value, code):
    assert given.code_of(value, "Row 1") == code


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ("one class", "All labels .* are Stable"),
        ("too few", "too few labels"),
        ("nobody", "belongs to a point"),
        ("nonsense", "no trend class"),
        ("empty", "have no rows|no row|cannot be read"),
        ("no identifier", "share no identifier"),
        ("missing", "There are no labels"),
        ("no labels", "has no labels"),
        ("NaN", "10 or more measured dates"),
        ("one place", "too few to learn from"),
        ("over the input", "which is read"),
    ],
)
def test_bad_labels_get_a_sentence(change, message, series, files, tmp_path):
    values, codes, x, y = series
    names, data, output = [f"P{row}" for row in range(240)], files["bare"], tmp_path
    labels = [NAMES[code] for code in codes]
    path = tmp_path / "l.csv"
    if change == "one class":
        labels = ["Stable"] * 240
    elif change == "too few":
        labels = ["Stable"] * 5 + ["Linear"] * 4 + [""] * 231
    elif change == "nobody":
        names = [f"Q{row}" for row in range(240)]
    elif change == "nonsense":
        labels = ["Wobbly"] * 240
    elif change == "NaN":
        data = write_points(tmp_path / "nan.csv", (np.where(np.arange(30) % 6, np.nan, values), codes, x, y))
    elif change == "one place":
        data = write_points(tmp_path / "place.csv", (values, codes, 0 * x + 11, 0 * y + 45))
    write_labels(path, names, labels, name="station" if change == "no identifier" else "code")
    asked = str(path)
    if change == "empty":
        path.write_text("code,label\n", encoding="utf-8")
    elif change == "missing":
        asked = str(tmp_path / "gone.csv")
    elif change == "no labels":
        asked = None
    elif change == "over the input":
        asked = str(tmp_path / "mine.safetensors")
        path.rename(asked)
    with pytest.raises(StillpointError, match=message):
        training.train(job(output, data, labels=asked), SILENT)
    if change != "over the input":
        with pytest.raises(StillpointError, match=message):
            training.describe(DescribeTraining(capability="trends", data=(data,), labels=asked), SILENT)
    assert not list(tmp_path.glob("*.candidate"))


def test_labels_without_points_are_refused(tmp_path):
    with pytest.raises(StillpointError, match="need the"):
        training.train(TrainModel(capability="trends", output=str(tmp_path / "x.safetensors"), labels="l.csv"), SILENT)
    with pytest.raises(StillpointError, match="need the"):
        training.describe(DescribeTraining(capability="trends", labels="l.csv"), SILENT)


def test_simulated_points_know_their_truth(series, files, tmp_path):
    data = write_points(tmp_path / "simulated.csv", series, true_code=series[1])
    counts = np.bincount(series[1], minlength=len(NAMES))
    told = training.describe(job(tmp_path, data, labels="truth"), SILENT).details["parts"]
    left_out = 240 - sum(part["examples"] for part in told)
    for name, count in zip(NAMES, counts):
        assert count - left_out <= sum(part["classes"][name] for part in told) <= count
    with pytest.raises(StillpointError, match="no simulated points with their truth"):
        training.describe(job(tmp_path, files["bare"], labels="truth"), SILENT)
