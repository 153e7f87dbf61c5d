"""Training and fine-tuning of the picture classifier, in small."""

from __future__ import annotations

from pathlib import Path
from typing import Dict, List, Tuple

import numpy as np
import pytest
import torch
from osgeo import gdal

from stillpoint.models import training
from stillpoint.models.errors import Cancelled, StillpointError
from stillpoint.models.interferograms import (
    patches,
    render,
    resnet50_method,
    train_resnet50,
    train_resnet50_data,
    train_resnet50_figures,
    train_resnet50_fit,
    train_resnet50_labels,
)
from stillpoint.models.interferograms.default_examples import Example
from stillpoint.models.interferograms.observations import Network
from stillpoint.models.interferograms.patches import Pictures
from stillpoint.models.interferograms.reading import read_network
from stillpoint.models.interferograms.resnet50 import ResNet50, ResNet50Shape
from stillpoint.models.jobs import TrainModel
from stillpoint.models.learning import library, metrics
from stillpoint.models.progress import SILENT, Progress
from stillpoint.models.rasters.stack import open_stack

SIDE = 32


def stack(seed: int, index: int, folder: object = None, *, count: int = 24) -> Example:
    """A stack whose bad pairs are pure noise, for speed."""
    rng = np.random.default_rng([seed, index])
    rows, cols = np.mgrid[0:40, 0:44]
    bad = rng.random(count) < 0.4
    bad[:2] = True, False
    smooth = np.stack([a * rows / 40 + b * cols / 44 for a, b in rng.uniform(-4, 4, (count, 2))])
    error = 0.2 * rng.standard_normal(smooth.shape)
    error[bad] = 2.5 * rng.standard_normal((int(bad.sum()), 40, 44))
    dates = np.datetime64("2020-01-01") + 12 * np.arange(count + 1)
    pairs = np.stack([np.arange(count), np.arange(count) + 1], axis=1)
    network = Network((smooth + error).astype(np.float32), dates, pairs, True)
    rms = np.sqrt(np.mean(error**2, axis=(1, 2)))
    kinds = ["decorrelated" if one else "" for one in bad]
    ground = np.ones((40, 44), bool)
    still, calm = np.zeros((40, 44)), np.zeros(count, bool)
    return Example(network, error.astype(np.float16), ground, rms, np.ones(count), bad, calm, kinds, still, "test")


@pytest.fixture()
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Training on stacks that cost nothing, by a network of 8 channels."""
    monkeypatch.delenv("STILLPOINT_DATA", raising=False)
    monkeypatch.setattr(train_resnet50_data, "example", stack)
    monkeypatch.setattr(train_resnet50, "STACKS", {"learning": 3, "tuning": 1, "judging": 1})
    recipe = train_resnet50.Recipe(ResNet50Shape(4, SIDE), batch=16, epochs=4, pictures=80, rate=5e-3)
    monkeypatch.setitem(train_resnet50.RECIPES, "resnet50", recipe)


def job(output: Path, **changes: object) -> TrainModel:
    return TrainModel(capability="interferograms", network="resnet50", output=str(output), **changes)  # type: ignore[arg-type]


def test_training_tells_noise_from_smooth_phase_and_writes_everything(small: None, tmp_path: Path) -> None:
    output = tmp_path / "model.safetensors"
    result = training.train(job(output), SILENT)
    found = result.details["metrics"]["simulated, unwrapped"]
    assert found["balanced accuracy"] > 0.9 and found["area under the ROC curve"] > 0.95
    assert {path.name for path in tmp_path.iterdir()} >= {"model.safetensors", "model.md", "model.curves.csv", "model.job.json"}
    assert not (tmp_path / "model.checkpoint").exists()
    header = library.read_header(output)
    assert header.architecture == "ResNet50" and header.shape == {"channels": 4, "side": SIDE}
    assert library.read_state(output)["stem.0.weight"].dtype == torch.float16
    card = (tmp_path / "model.md").read_text()
    assert "stillpoint train interferograms --network resnet50 --seed 1" in card and "0.0625 times as wide" in card
    rows = (tmp_path / "model.curves.csv").read_text().splitlines()
    assert rows[0].startswith("epoch,") and len(rows) == 1 + header.training["epochs"]
    method = resnet50_method.open_resnet50(output)
    judged = stack(5, 5)
    score = method(judged.network).score
    assert metrics.area_under_curve(~judged.bad, score) > 0.95


def test_a_cancelled_training_goes_on_as_if_never_stopped(
    small: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    recipe = train_resnet50.Recipe(ResNet50Shape(2, SIDE), batch=4, epochs=3, pictures=8)
    monkeypatch.setitem(train_resnet50.RECIPES, "resnet50", recipe)
    training.train(job(tmp_path / "whole.safetensors", epochs=3), SILENT)
    seen: List[float] = []
    stopped = Progress(lambda fraction, message: seen.append(fraction), lambda: bool(seen) and seen[-1] > 0.75)
    with pytest.raises(Cancelled):
        training.train(job(tmp_path / "parts.safetensors", epochs=3), stopped)
    assert not (tmp_path / "parts.safetensors").exists() and (tmp_path / "parts.checkpoint").exists()
    training.train(job(tmp_path / "parts.safetensors", epochs=3, resume=True), SILENT)
    whole, parts = (library.read_state(tmp_path / f"{name}.safetensors") for name in ("whole", "parts"))
    assert all(torch.equal(whole[name], parts[name]) for name in whole)


def test_labels_or_a_model_without_data_are_refused(small: None, tmp_path: Path) -> None:
    with pytest.raises(StillpointError, match="stack that they belong to"):
        training.train(job(tmp_path / "a.safetensors", labels="table.csv"), SILENT)
    with pytest.raises(StillpointError, match="begins with new weights"):
        training.train(job(tmp_path / "a.safetensors", model="b.safetensors"), SILENT)


def test_the_degree_of_quality_falls_over_the_limit() -> None:
    rms = np.array([0.3, 1.4, 1.5, 1.6, 4.0, 0.3, np.nan])
    found = train_resnet50_data.degree(rms, np.array([1, 1, 1, 1, 1, 0.2, 1]))
    assert found[2] == pytest.approx(0.5) and (np.diff(found[:5]) < 0).all()
    assert found[0] > 0.999 and found[4] < 1e-3 and found[5] == 0 and found[6] == 0


def test_wrong_cycles_are_no_fault_of_a_wrapped_picture() -> None:
    made = stack(1, 1)
    made.error[1] = 0.2 * np.random.default_rng(1).standard_normal((40, 44))
    made.error[1][:, :20] += 2 * np.pi
    made.rms[1] = np.sqrt(np.mean(made.error[1].astype(float) ** 2))
    made.kinds[1] = "unwrapping error"
    found = [
        train_resnet50_data.pictures_of(made, np.random.default_rng(seed), 3, side=SIDE, learning=False) for seed in range(8)
    ]
    rows = [(pictures.unwrapped[n], pictures.good[n]) for pictures in found for n, kind in enumerate(pictures.kinds)
            if kind in ("unwrapping error", "good but for its cycles")]  # fmt: skip
    assert {bool(unwrapped) for unwrapped, _ in rows} == {True, False}
    assert all(good > 0.9 if not unwrapped else good < 0.1 for unwrapped, good in rows)
    assert set(found[0].groups.tolist()) == {3}


def test_a_wrapped_picture_full_of_noise_is_bad_even_if_the_little_that_is_measured_is_well() -> None:
    made = stack(1, 1)
    good = int(np.flatnonzero(~made.bad)[0])
    made.measurable[:, 6:] = False
    made.error[good][:, 6:] = 2.5 * np.random.default_rng(2).standard_normal((40, 38))
    found = [
        train_resnet50_data.pictures_of(made, np.random.default_rng(seed), 0, side=SIDE, learning=False) for seed in range(6)
    ]
    noisy = [pictures.good[n] for pictures in found for n, kind in enumerate(pictures.kinds) if kind.startswith("noise")]
    assert noisy and max(noisy) < 0.1


def test_bowls_of_motion_could_be_unwrapped() -> None:
    rng = np.random.default_rng(1)
    for _ in range(40):
        motion = train_resnet50_data.bowl((128, 110), rng)
        assert 1 < np.ptp(motion) < 130 and max(np.abs(np.diff(motion, axis=axis)).max() for axis in (0, 1)) < np.pi


def test_learning_takes_every_bad_pair_and_not_all_good_ones() -> None:
    made = stack(1, 2, count=90)
    found = train_resnet50_data.pictures_of(made, np.random.default_rng(1), 0, side=SIDE, learning=True)
    kinds = np.array(found.kinds)
    shown, spoilt = (found.take(found.unwrapped & chosen) for chosen in (np.isin(kinds, ("", "decorrelated")), kinds == "ramp"))
    assert int((shown.good < 0.5).sum()) == int(made.bad.sum())
    assert int((shown.good >= 0.5).sum()) == train_resnet50_data.MOST < int((~made.bad).sum())
    assert len(spoilt) and 0 < spoilt.good.mean() < 1
    again = train_resnet50_data.pictures_of(made, np.random.default_rng(2), 0, side=SIDE, learning=True)
    moving = again.take(np.array(again.kinds) == "motion")
    assert len(moving) and (moving.good >= 0.5).all()


def pictures_with(good: List[float], *, unwrapped: bool = True, seed: int = 1) -> Pictures:
    images = np.random.default_rng(seed).integers(0, 256, (len(good), 3, SIDE, SIDE)).astype(np.uint8)
    flags = np.full(len(good), unwrapped)
    return Pictures(images, np.array(good, np.float32), flags, ("",) * len(good), np.zeros(len(good), np.int64))


def test_high_and_low_quality_are_drawn_equally_often_and_the_unclear_never() -> None:
    one, two = pictures_with([1, 1, 1, 0, np.nan]), pictures_with([1, 0, 0, 0])
    chance = train_resnet50_data.weights([(one, 0.75), (two, 0.25)])
    assert chance.sum() == pytest.approx(1) and chance[4] == 0
    assert chance[:3].sum() == pytest.approx(0.375) and chance[3] == pytest.approx(0.375)
    assert chance[5] == pytest.approx(0.125) and chance[6:].sum() == pytest.approx(0.125)
    alone = train_resnet50_data.weights([(pictures_with([1, 1]), 1.0)])
    assert alone.tolist() == [0.5, 0.5]


def test_a_batch_is_a_function_of_its_seed_and_shows_the_same_pictures_in_other_ways() -> None:
    phase = np.random.default_rng(1).uniform(-3, 3, (SIDE, SIDE))
    phase[:8] = np.nan
    image = render.picture(phase, unwrapped=False, side=SIDE)
    pictures = Pictures(image[None], np.ones(1, np.float32), np.zeros(1, bool), ("",), np.zeros(1, np.int64))
    draws = [train_resnet50_data.draw_batch(pictures, np.ones(1), np.random.default_rng(seed), size=6)[0] for seed in (1, 1, 2)]
    assert torch.equal(draws[0], draws[1]) and not torch.equal(draws[0], draws[2])
    grey = (draws[0] - render.scaled(np.array(render.GREY, np.uint8))).abs().amax(dim=1) < 1e-6
    assert (grey.sum(dim=(1, 2)) >= 8 * SIDE).all()


def test_figures_of_answers_known_by_hand() -> None:
    probability = np.array([0.9, 0.8, 0.4, 0.7, 0.1, 0.3])
    good = np.array([1, 1, 1, 0, 0, np.nan])
    found = train_resnet50_figures.figures(probability, good, 0.5)
    assert found["accuracy"] == pytest.approx(3 / 5) and found["pictures"] == 5
    assert found["of high quality, right"] == pytest.approx(2 / 3) and found["of low quality, right"] == pytest.approx(1 / 2)
    assert found["area under the ROC curve"] == pytest.approx(5 / 6)
    assert found["F1 of low quality"] == pytest.approx(2 * 1 / (2 + 2))
    assert train_resnet50_figures.figures(probability, np.full(6, np.nan), 0.5) == {}
    kinds = train_resnet50_figures.by_kind(probability, good, ["", "", "ramp", "ramp", "ramp", "ramp"], 0.5)
    assert kinds["ramp"] == (pytest.approx(1 / 3), 3) and kinds["nothing wrong"] == (1.0, 2)


def test_of_thresholds_that_are_nearly_as_good_the_strictest_is_taken() -> None:
    probability = np.repeat([0.1, 0.62, 0.72, 0.9], [20, 1, 2, 77])
    good = np.repeat([0.0, 1.0, 1.0, 1.0], [20, 1, 2, 77])
    assert train_resnet50_figures.strictest_threshold(probability, good, cost=0.0) == 0.62
    assert train_resnet50_figures.strictest_threshold(probability, good, cost=0.011) == 0.72
    good[-1] = np.nan
    assert train_resnet50_figures.strictest_threshold(probability, good, cost=0.05) == 0.9


def test_calibration_of_a_network_follows_the_one_it_has() -> None:
    torch.manual_seed(2)
    network = ResNet50(ResNet50Shape(4, SIDE)).eval()
    pictures = pictures_with([1, 0, 1, 1] * 10)
    train_resnet50_fit.calibrate(network, [pictures])
    first = resnet50_method.probabilities(network, pictures.images, pictures.unwrapped)
    assert first.mean() == pytest.approx(0.75, abs=0.02) and network.warp[0].tolist() == [1.0, 0.0]
    train_resnet50_fit.calibrate(network, [pictures], pull=1e3)
    assert np.allclose(resnet50_method.probabilities(network, pictures.images, pictures.unwrapped), first, atol=1e-3)


# -- labels of an analyst --------------------------------------------------------------------------------------------------------


def write_stack(path: Path, network: Network, *, quantity: str = "unwrapped") -> None:
    rows, cols = network.shape
    dataset = gdal.GetDriverByName("GTiff").Create(str(path), cols, rows, network.count, gdal.GDT_Float32)
    for number, (first, second) in enumerate(network.pairs):
        band = dataset.GetRasterBand(number + 1)
        band.SetMetadata({
            "QUANTITY": quantity, "REFERENCE_DATE": str(network.dates[first]), "SECONDARY_DATE": str(network.dates[second]),
        })  # fmt: skip
        band.WriteArray(network.phase[number])
    dataset = None


def write_table(path: Path, days: List[Tuple[str, str]], keep: List[object]) -> None:
    lines = ["reference_date,secondary_date,score,keep,reason"]
    lines += [f"{one},{two},0.5,{label}," for (one, two), label in zip(days, keep)]
    path.write_text("\n".join(lines) + "\n")


def days_of(network: Network) -> List[Tuple[str, str]]:
    return [(str(network.dates[one]), str(network.dates[two])) for one, two in network.pairs]


@pytest.fixture()
def labelled(tmp_path: Path) -> Dict[str, Path]:
    """A stack, the labels of its pairs (the other way round in time), and an untrained model to start from."""
    made = stack(3, 3, count=40)
    files = {name: tmp_path / name for name in ("stack.tif", "labels.csv", "start.safetensors")}
    write_stack(files["stack.tif"], made.network)
    write_table(files["labels.csv"], [(two, one) for one, two in days_of(made.network)], [int(not bad) for bad in made.bad])
    torch.manual_seed(1)
    network = ResNet50(ResNet50Shape(4, SIDE))
    header = library.Header(
        task="interferograms", architecture="ResNet50", version="0", shape=network.shape.to_dict(), settings={"threshold": 0.5}
    )
    library.save_model(files["start.safetensors"], network.state_dict(), header)
    return files


def tune(files: Dict[str, Path], output: Path, **changes: object) -> TrainModel:
    return job(
        output, **{"data": (str(files["stack.tif"]),), "labels": str(files["labels.csv"]), "model": str(files["start.safetensors"]),
                   **changes}
    )  # fmt: skip


def test_an_analysts_labels_fine_tune(labelled: Dict[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from stillpoint.models.interferograms import train_resnet50_user

    monkeypatch.setattr(train_resnet50_user, "RATE", 5e-3)
    monkeypatch.setattr(train_resnet50_user, "FEWEST_STEPS", 4)
    output = tmp_path / "mine.safetensors"
    result = training.train(tune(labelled, output, epochs=5), SILENT)
    before, after = result.details["metrics_before"], result.details["metrics"]
    assert after["area under the ROC curve"] > max(before["area under the ROC curve"], 0.9)
    assert all("could not be compared" in text for text in result.warnings)
    assert {each["role"] for each in result.details["comparison"]["methods"]} == {"new", "start", "shipped"}
    assert (tmp_path / "mine.html").is_file() and not list(tmp_path.glob("*.candidate"))
    card = (tmp_path / "mine.md").read_text()
    assert "start.safetensors" in card and "labels labels.csv" in card and str(tmp_path) not in card
    assert (tmp_path / "mine.curves.csv").read_text().splitlines()[1].startswith("0,")
    assert resnet50_method.open_resnet50(output).threshold == 0.5
    assert not list(tmp_path.glob("*.checkpoint"))


def test_new_weights_mixed_with_simulation(labelled: Dict[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from stillpoint.models.interferograms import train_resnet50, train_resnet50_user

    small = train_resnet50.Recipe(ResNet50Shape(4, SIDE))
    monkeypatch.setitem(train_resnet50.RECIPES, "resnet50", small)
    drawn = []

    def simulated(*given: object, **more: object) -> Pictures:
        drawn.append(given)
        return pictures_with([1, 0] * 4)

    monkeypatch.setattr(train_resnet50_user.train_resnet50_data, "simulated", simulated)
    monkeypatch.setattr(train_resnet50_user, "FEWEST_STEPS", 2)
    output = tmp_path / "mine.safetensors"
    result = training.train(tune(labelled, output, epochs=1, start="scratch", model=None, mix=0.5), SILENT)
    header = library.read_header(output)
    assert len(drawn) == 1 and header.training["start"] == {} and header.training["mix"] == 0.5
    assert "new weights" in (tmp_path / "mine.md").read_text() and result.details["comparison"]["methods"][0]["role"] == "new"


@pytest.mark.parametrize("count", [60, 12, 7])
def test_three_parts_by_date_two_by_date_or_one_shared(count: int) -> None:
    days = [(f"2020-{1 + number // 5:02}-{1 + 5 * (number % 5):02}", f"2020-{1 + number // 5:02}-{3 + 5 * (number % 5):02}")
            for number in range(count)]  # fmt: skip
    good = np.arange(count) % 2 == 0
    if count == 7:
        with pytest.raises(StillpointError, match="Label more"):
            train_resnet50_labels.dealt(good, days, seed=1)
        return
    learning, tuning, testing, note = train_resnet50_labels.dealt(good, days, seed=1)
    assert learning.any() and not (learning & (tuning | testing)).any()
    if count == 60:
        assert note is None and not (tuning & testing).any()
        latest = [max(day[1] for day, used in zip(days, part) if used) for part in (learning, tuning)]
        assert latest[0] < min(day[0] for day, used in zip(days, tuning) if used) and latest[1] < min(
            day[0] for day, used in zip(days, testing) if used
        )
    else:
        assert note and "too good" in note and np.array_equal(tuning, testing)


def test_labelled_pictures_are_those_that_a_selection_shows(labelled: Dict[str, Path], tmp_path: Path) -> None:
    source = gdal.Open(str(labelled["stack.tif"]))
    path = str(tmp_path / "gaps.tif")
    made = gdal.GetDriverByName("GTiff").CreateCopy(path, source)
    gaps = source.GetRasterBand(1).ReadAsArray()
    gaps[:, : gaps.shape[1] // 2] = 0
    made.GetRasterBand(1).WriteArray(gaps)
    made.GetRasterBand(2).Fill(1.5)
    made = None
    found = train_resnet50_labels.labelled_pictures([path], str(labelled["labels.csv"]), side=SIDE, progress=SILENT)
    assert any("Band 2" in note and "constant" in note for note in found.notes)
    with open_stack(path) as stack:
        network = read_network(stack).network
    shown = render.picture(network.phase[0], unwrapped=True, side=SIDE)
    assert (shown[:, :, : SIDE // 2 - 1] == render.GREY).all()
    assert np.array_equal(found.pictures.images[0], shown)
    assert len(found.pictures) == network.count - 1


def test_parts_share_no_date(labelled: Dict[str, Path]) -> None:
    found = train_resnet50_labels.labelled_pictures(
        [str(labelled["stack.tif"])], str(labelled["labels.csv"]), side=SIDE, progress=SILENT
    )
    learning, tuning, note = train_resnet50_labels.split(found, seed=1)
    dates = [{day for days, here in zip(found.days, part) if here for day in days} for part in (learning, tuning)]
    assert note is None and not dates[0] & dates[1] and min(map(len, dates)) > 3
    assert len(found.pictures) == 40 and not (learning & tuning).any()


def test_where_dates_cannot_be_parted_pairs_are_and_it_is_said() -> None:
    days = [("2020-01-01", f"2020-02-{day:02}") for day in range(1, 21)]
    found = train_resnet50_labels.Labelled(pictures_with([1, 0] * 10), days, [])
    learning, tuning, note = train_resnet50_labels.split(found, seed=1)
    assert note and "share dates" in note
    assert (learning ^ tuning).all() and found.pictures.good[tuning].sum() == 3 == (1 - found.pictures.good[tuning]).sum()
    few = train_resnet50_labels.Labelled(pictures_with([1] * 18 + [0] * 2), days, [])
    with pytest.raises(StillpointError, match="18 interferograms to keep and 2 to drop"):
        train_resnet50_labels.split(few, seed=1)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "lack the column reference_date"),
        ("reference_date,secondary_date\n2020-01-01,2020-01-13\n", "lack the column keep"),
        ("reference_date,secondary_date,keep\n2020-01-01,2020-01-13,maybe\n", "Row 2"),
        ("reference_date,secondary_date,keep\n2020-01-01,2020-01-01,1\n", "Row 2"),
        ("reference_date,secondary_date,keep\n2020-01-01,2020-01-13,1\nnever,2020-01-13,0\n", "Row 3"),
        ("reference_date,secondary_date,keep\n1999-01-01,1999-01-13,1\n", "no pair of dates is in both"),
    ],
)
def test_tables_that_are_no_labels(labelled: Dict[str, Path], tmp_path: Path, text: str, words: str) -> None:
    labelled["labels.csv"].write_text(text)
    with pytest.raises(StillpointError, match=words):
        training.train(tune(labelled, tmp_path / "mine.safetensors"), SILENT)


def test_what_fine_tuning_refuses(labelled: Dict[str, Path], tmp_path: Path) -> None:
    with pytest.raises(StillpointError, match="Name the labels"):
        training.train(tune(labelled, tmp_path / "mine.safetensors", labels=None), SILENT)
    with pytest.raises(StillpointError, match="written over"):
        training.train(tune(labelled, labelled["start.safetensors"]), SILENT)
    with pytest.raises(StillpointError, match="no model file"):
        training.train(tune(labelled, tmp_path / "mine.safetensors", model=str(tmp_path / "none")), SILENT)
    with pytest.raises(StillpointError, match="cannot be read"):
        training.train(tune(labelled, tmp_path / "mine.safetensors", labels=str(tmp_path / "none.csv")), SILENT)
    write_stack(labelled["stack.tif"], stack(3, 3, count=40).network, quantity="coherence")
    with pytest.raises(StillpointError, match="holds coherence"):
        training.train(tune(labelled, tmp_path / "mine.safetensors"), SILENT)


def test_what_nobody_decided_on_the_board_is_no_label(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_text(
        "reference_date,secondary_date,score,keep,reason,decided\n2020-01-01,2020-01-13,0.9,1,,0\n2020-01-13,2020-01-25,0.9,0,,1\n"
    )
    assert train_resnet50_labels.read_table(path) == {("2020-01-13", "2020-01-25"): 0.0}


def test_rows_without_a_decision_and_strange_columns_are_no_trouble(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    rows = ["1,2020-01-01,2020-01-13", ",2020-01-13,2020-01-25", "0,20200125,20200113,x"]
    path.write_text("\n".join(["\ufeffKeep, Reference_Date ,secondary_date", *rows]) + "\n")
    assert train_resnet50_labels.read_table(path) == {("2020-01-01", "2020-01-13"): 1.0, ("2020-01-13", "2020-01-25"): 0.0}


# -- real patches ----------------------------------------------------------------------------------------------------------------


def test_real_parts_are_apart_by_date_and_region(real_data: Path) -> None:
    if not (real_data / patches.HOUSTON / "ifg").is_dir():
        pytest.skip(f"no {patches.HOUSTON} in {real_data}")
    learning, tuning, judging = patches.TRAIN_ROWS, patches.TUNING_ROWS, patches.JUDGING_ROWS
    assert learning[1] < tuning[0] < tuning[1] < judging[0]
    phase = np.zeros((3, 600, 380), np.float32)
    days = [("20171222", "20180115"), ("20180115", "20180127"), ("20180127", "20180208")]
    quality = np.full((3, 600, 380), 0.3, np.float32)
    quality[1, :, :190] = 0.1
    scene = patches.Scene(phase, quality, days, np.array([False, False, True]))
    tuned, judged = (patches.houston_tiles(scene, part, side=SIDE) for part in ("tuning", "judging"))
    assert len(tuned) == 8 and len(judged) == 24 and int(tuned.unwrapped.sum()) == 4
    assert tuned.good.tolist() == [1.0] * 8 and sorted(set(judged.good.tolist())) == [0.0, 1.0]
    assert len(patches.houston_crops(scene, np.random.default_rng(1), each=3, side=SIDE)) == 6


def test_an_unwrapped_patch_must_be_clearer_to_be_good() -> None:
    phase = np.zeros((1, 600, 380), np.float32)
    quality = np.full((1, 600, 380), 0.2, np.float32)
    scene = patches.Scene(phase, quality, [("20180115", "20180127")], np.zeros(1, bool))
    found = patches.houston_tiles(scene, "judging", side=SIDE)
    assert (found.good[~found.unwrapped] == 1).all() and np.isnan(found.good[found.unwrapped]).all()


def test_mexico_city_is_all_good_and_parted(real_data: Path) -> None:
    if not (real_data / patches.MEXICO / "unw").is_dir():
        pytest.skip(f"no {patches.MEXICO} in {real_data}")
    scene = patches.read_mexico(real_data)
    assert scene.phase.shape == (30, 60, 100) and np.isnan(scene.phase).mean() == pytest.approx(0.016, abs=0.01)
    parts = {part: patches.mexico_pictures(scene, part, side=SIDE) for part in ("learning", "judging", "whole")}
    assert all(len(part) and (part.good == 1).all() for part in parts.values())
    assert len(parts["learning"]) + len(parts["judging"]) < 60
    assert int(parts["judging"].unwrapped.sum()) * 2 == len(parts["judging"])


def test_labels_follow_the_coherence() -> None:
    assert patches.label(np.full((3, 3), 0.2)) == 1 and patches.label(np.full((3, 3), 0.1)) == 0
    assert np.isnan(patches.label(np.full((3, 3), 0.135)))


def test_without_a_folder_there_are_no_real_pictures(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("STILLPOINT_DATA", str(tmp_path / "none"))
    assert patches.real_folder() is None
    monkeypatch.setenv("STILLPOINT_DATA", str(tmp_path))
    assert patches.real_folder() == tmp_path
    assert all(len(part) == 0 for part in patches.real_pictures(tmp_path, 1, side=SIDE).values())


def test_the_truth_of_a_simulated_stack_is_labels(tmp_path: Path) -> None:
    path = tmp_path / "truth.csv"
    path.write_text("reference_date,secondary_date,bad\n2020-01-01,2020-01-13,0\n2020-01-13,2020-01-25,1\n", encoding="utf-8")
    assert list(train_resnet50_labels.read_table(path).values()) == [1.0, 0.0]
