"""Fine-tuning of the default network by an analyst's labels, in small."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Dict

import numpy as np
import pytest
import torch

from stillpoint.models import training
from stillpoint.models.errors import StillpointError
from stillpoint.models.interferograms import default, evidence, train_default_user
from stillpoint.models.interferograms.default_network import DefaultNetwork, DefaultNetworkShape
from stillpoint.models.interferograms.observations import Network
from stillpoint.models.jobs import DescribeTraining, TrainModel
from stillpoint.models.learning import library
from stillpoint.models.progress import SILENT
from tests.models.interferograms.files import write_network

COUNT = 30


def stack() -> Network:
    """A chain of pairs, a smooth phase each, every third with much more noise."""
    rng = np.random.default_rng(2)
    rows, cols = np.mgrid[0:40, 0:44]
    noise = np.where(np.arange(COUNT) % 3 == 0, 2.5, 0.2)[:, None, None] * rng.standard_normal((COUNT, 40, 44))
    smooth = np.stack([a * rows / 40 + b * cols / 44 for a, b in rng.uniform(-2, 2, (COUNT, 2))])
    dates = np.datetime64("2020-01-01") + 12 * np.arange(COUNT + 1)
    pairs = np.stack([np.arange(COUNT), np.arange(COUNT) + 1], axis=1)
    return Network((smooth + noise).astype(np.float32), dates, pairs, True, wavelength=0.0555)


@pytest.fixture()
def labelled(tmp_path: Path) -> Dict[str, Path]:
    """A stack, labels of its pairs as the triage board saves them, and an untrained network to start from."""
    made = stack()
    files = {name: tmp_path / name for name in ("stack.tif", "labels.csv", "start.safetensors")}
    write_network(files["stack.tif"], made)
    with files["labels.csv"].open("w", newline="", encoding="utf-8") as stream:
        table = csv.writer(stream)
        table.writerow(["reference_date", "secondary_date", "keep"])
        for index, (one, two) in enumerate(made.pairs):
            table.writerow([made.dates[one], made.dates[two], int(index % 3 != 0)])
    torch.manual_seed(1)
    network = DefaultNetwork(DefaultNetworkShape(len(evidence.MAPS), len(evidence.FIGURES)))
    header = library.Header(
        task=default.TASK, architecture=default.ARCHITECTURE, version="0", shape=network.shape.to_dict(),
        input={"maps": list(evidence.MAPS), "figures": list(evidence.FIGURES)}, settings={"threshold": 0.5},
    )  # fmt: skip
    library.save_model(files["start.safetensors"], network.state_dict(), header)
    return files


def tune(files: Dict[str, Path], output: Path, **changes: object) -> TrainModel:
    given = {"data": (str(files["stack.tif"]),), "labels": str(files["labels.csv"]), "model": str(files["start.safetensors"])}
    return TrainModel(capability="interferograms", network="default", output=str(output), **{**given, **changes})  # type: ignore[arg-type]


def test_labels_move_the_last_layers_alone_and_serve(labelled: Dict[str, Path], tmp_path: Path) -> None:
    output = tmp_path / "mine.safetensors"
    result = training.train(tune(labelled, output), SILENT)
    before, after = result.details["metrics_before"], result.details["metrics"]
    assert after["balanced accuracy"] > 0.9 > before["balanced accuracy"]
    assert all("could not be compared" in text for text in result.warnings) and result.details["best_epoch"] > 0
    methods = result.details["comparison"]["methods"]
    assert [each["role"] for each in methods] == ["new", "start", "shipped"]
    tested = result.details["interferograms"]["testing"]
    assert np.sum(methods[0]["confusion"]) == sum(tested) and "Calibration" in (tmp_path / "mine.html").read_text(encoding="utf-8")
    first, last = (library.read_state(path) for path in (labelled["start.safetensors"], output))
    moved = {name.split(".")[0] for name in first if not torch.equal(first[name], last[name])}
    assert moved == {"answer"}
    card = (tmp_path / "mine.md").read_text(encoding="utf-8")
    assert "start.safetensors" in card and "labels labels.csv" in card and str(tmp_path) not in card
    assert (tmp_path / "mine.curves.csv").read_text(encoding="utf-8").splitlines()[1].startswith("0,")
    assert not list(tmp_path.glob("*.checkpoint")) and (tmp_path / "mine.job.json").is_file()
    found = default.verdict(default.open_default(output), stack(), weights=False)
    assert found.score[::3].mean() < 0.5 < np.delete(found.score, np.s_[::3]).mean()


def test_a_pull_holds_the_network_to_its_start(
    labelled: Dict[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    start = library.read_state(labelled["start.safetensors"])["answer.0.weight"]
    apart = []
    for number, pull in enumerate((0.0, 50.0)):
        monkeypatch.setattr(train_default_user, "PULL", pull)
        output = tmp_path / f"{number}.safetensors"
        training.train(tune(labelled, output, epochs=6), SILENT)
        apart.append(float((library.read_state(output)["answer.0.weight"] - start).norm()))
    assert apart[1] < 0.5 * apart[0]


def test_the_plan_is_the_split_and_simulation_can_be_mixed_in(
    labelled: Dict[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = {"data": (str(labelled["stack.tif"]),), "labels": str(labelled["labels.csv"])}
    told = training.describe(DescribeTraining(capability="interferograms", **given), SILENT).details["parts"]  # type: ignore[arg-type]
    asked = []

    def simulated(start: object, job: object, progress: object) -> train_default_user.LabelledPairs:
        asked.append(job)
        width = library.read_state(labelled["start.safetensors"])["answer.0.weight"].shape[1]
        seen = torch.zeros(4, width), torch.ones(4, dtype=torch.bool), np.ones(4, np.float32)
        return train_default_user.LabelledPairs(*seen, [], [])

    monkeypatch.setattr(train_default_user, "_simulated", simulated)
    result = training.train(tune(labelled, tmp_path / "mine.safetensors", epochs=1, mix=0.5), SILENT)
    counts = {name: list(row) for name, row in result.details["interferograms"].items()}
    assert [[part["classes"]["keep"], part["classes"]["drop"]] for part in told] == list(counts.values())
    assert len(asked) == 1 and library.read_header(tmp_path / "mine.safetensors").training["mix"] == 0.5
    with pytest.raises(StillpointError, match="from nothing"):
        training.train(tune(labelled, tmp_path / "mine.safetensors", start="scratch", model=None), SILENT)


def test_what_cannot_be_learnt_from_is_told(labelled: Dict[str, Path], tmp_path: Path) -> None:
    output = tmp_path / "mine.safetensors"
    with pytest.raises(StillpointError, match="Name the labels"):
        training.train(tune(labelled, output, labels=None), SILENT)
    with pytest.raises(StillpointError, match="written over"):
        training.train(tune(labelled, labelled["start.safetensors"]), SILENT)
    rows = labelled["labels.csv"].read_text(encoding="utf-8").splitlines()
    labelled["labels.csv"].write_text("\n".join(rows[:6]) + "\n", encoding="utf-8")
    with pytest.raises(StillpointError, match="Label more"):
        training.train(tune(labelled, output), SILENT)
    labelled["labels.csv"].write_text(rows[0] + "\n1999-01-01,1999-01-13,1\n", encoding="utf-8")
    with pytest.raises(StillpointError, match="None of the labels"):
        training.train(tune(labelled, output), SILENT)
    with pytest.raises(StillpointError, match="Labels teach"):
        training.train(tune(labelled, output, data=None, model=None), SILENT)
    assert not output.exists()
