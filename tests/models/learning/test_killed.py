"""Trainings of networks of every capability, killed at any moment, paused, ended early: what comes out is as it must be."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Callable, Dict, List, Optional

import numpy as np
import pytest
import safetensors.torch
import torch

from stillpoint.models import jobs, training
from stillpoint.models.interferograms import train_resnet50
from stillpoint.models.interferograms.resnet50 import ResNet50Shape
from stillpoint.models.jobs import TrainModel
from stillpoint.models.learning import library
from stillpoint.models.offsets import examples, train_ressiamnet
from stillpoint.models.progress import SILENT, Progress
from stillpoint.models.scatterers import train_published, training_data
from stillpoint.models.trends import mirmazloumi
from stillpoint.tests.models.interferograms.test_train_resnet50 import small
from stillpoint.tests.models.scatterers.test_published_training import easy_block

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs processes that fork")

__all__ = ["small"]

NETWORKS = {
    "mirmazloumi_cnn": "trends", "cnn_iss": "scatterers", "resnet50": "interferograms", "cc_ressiamnet": "offsets",
}  # fmt: skip


@pytest.fixture
def tiny(monkeypatch: pytest.MonkeyPatch, small: None) -> None:
    """Make all trainings tiny: a few steps on a few examples."""
    monkeypatch.setattr(mirmazloumi, "SAMPLES_A_CLASS", 60)
    monkeypatch.setattr(mirmazloumi, "simulated_samples", lambda seed: SAMPLES[seed])
    recipe = train_resnet50.Recipe(ResNet50Shape(2, 32), batch=4, epochs=3, pictures=8)
    monkeypatch.setitem(train_resnet50.RECIPES, "resnet50", recipe)
    monkeypatch.setattr(examples, "SIDE", 96)
    plan = train_ressiamnet.Plan((4, 6), reach=2, side=64, batch=2, pairs=2, epochs=3, rate=1e-3)
    monkeypatch.setitem(train_ressiamnet.PLANS, "cc_ressiamnet", plan)
    for name, count in (("TUNING", 1), ("JUDGING", 1), ("STEPS_AN_EPOCH", 2)):
        monkeypatch.setattr(train_ressiamnet, name, count)

    def parts(seed, scenes, *, progress):
        sizes = {"train": 4, "validation": 2, "calibration": 3, "test": 3}
        starts = np.cumsum([0, *sizes.values()])
        return {name: [easy_block(100 * seed + n) for n in range(start, start + size)]
                for (name, size), start in zip(sizes.items(), starts)}  # fmt: skip

    monkeypatch.setattr(training_data, "simulated_parts", parts)
    monkeypatch.setattr(train_published, "SEEN", (2, 4, 32))


SAMPLES = {2: mirmazloumi.simulated_samples(2, each=60)}


def job(folder: Path, network: str, **more) -> TrainModel:
    folder.mkdir(exist_ok=True)
    return TrainModel(
        capability=NETWORKS[network], network=network, output=str(folder / "net.safetensors"), epochs=3, seed=2, device="cpu",
        **more,
    )  # fmt: skip


Fault = Callable[[], None]


def run(asked: TrainModel, fault: Optional[Fault] = None, *, kill_after: float = 60.0) -> bool:
    """Train in a process of its own that has a ``fault``, or is killed after some seconds; return whether it came to its end."""
    pid = os.fork()
    if pid == 0:
        try:
            torch.set_num_threads(1)
            if fault is not None:
                fault()
            training.train(asked, SILENT)
            os._exit(0)
        except BaseException as error:
            print(repr(error), file=sys.stderr, flush=True)
            os._exit(1)
    until = time.monotonic() + kill_after
    while True:
        ended, status = os.waitpid(pid, os.WNOHANG)
        if ended:
            assert status == 0 or os.WIFSIGNALED(status), "it failed instead of being killed"
            return status == 0
        if time.monotonic() > until:
            os.kill(pid, signal.SIGKILL)
            until = float("inf")
        time.sleep(0.005)


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def while_writing(number: int) -> Fault:
    """Let a process die in the middle of its ``number``-th checkpoint, or model."""
    def fault() -> None:
        real, seen = safetensors.torch.save_file, []

        def half(tensors, path, **options):
            seen.append(path)
            real(tensors, path, **options)
            if len(seen) == number:
                os.truncate(path, os.path.getsize(path) // 2)
                die()

        safetensors.torch.save_file = half

    return fault


def at_rename(number: int, *, before: bool) -> Fault:
    """Let a process die before or after what it wrote ``number``-th gets its final name."""
    def fault() -> None:
        real, seen = os.replace, []

        def rename(*names):
            seen.append(names)
            if len(seen) == number and before:
                die()
            real(*names)
            if len(seen) == number:
                die()

        os.replace = rename

    return fault


def written(folder: Path) -> Dict[str, bytes]:
    """Return what lies in a folder, but for the seconds that it took and the picture."""
    found = {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file() and path.suffix not in (".png", ".svg")}
    head, *rows = found["net.curves.csv"].decode().splitlines()
    place = head.split(",").index("seconds") - len(head.split(","))
    found["net.curves.csv"] = "\n".join(",".join([*row.split(",")[:place], *row.split(",")[place + 1 :]]) for row in rows).encode()
    job_form = json.loads(found["net.job.json"])
    assert job_form["parameters"].pop("output") == str(folder / "net.safetensors") and not job_form["parameters"]["resume"]
    found["net.job.json"] = json.dumps(job_form).encode()
    return found


def with_examples(source: Path, target: Path) -> None:
    """Give a training the simulated data that another one of the same seed left."""
    if (source / "net.examples").is_dir():
        shutil.copytree(source / "net.examples", target / "net.examples")


@pytest.mark.parametrize("network", sorted(NETWORKS))
def test_killed_at_any_moment_it_ends_as_if_never_killed(tiny, tmp_path, network):
    whole, broken = tmp_path / "whole", tmp_path / "broken"
    began = time.monotonic()
    training.train(job(whole, network), SILENT)  # in this process, so that those that it forks have everything loaded
    seconds = time.monotonic() - began
    asked = job(broken, network, resume=True)
    with_examples(whole, broken)
    drawn = random.Random(network)
    faults: List[Fault] = [
        while_writing(1), at_rename(1, before=True), at_rename(drawn.randint(1, 2), before=False), while_writing(2),
    ]  # fmt: skip
    assert not any(run(asked, fault) for fault in faults)
    run(asked, kill_after=drawn.uniform(0.05, seconds / 2))
    assert run(asked)
    one, two = written(whole), written(broken)
    left = {name for name in two if ".partial" in name}
    assert sorted(one) == sorted(set(two) - left) and "net.checkpoint" not in two
    assert all(one[name] == two[name] for name in one), [name for name in one if one[name] != two[name]]


def test_a_killed_training_is_in_the_middle_of_it(tiny, tmp_path):
    """What the test above kills is a training that goes on, not one that begins again."""
    asked = job(tmp_path, "mirmazloumi_cnn", resume=True)
    assert not run(asked, at_rename(2, before=False))
    rows = []
    training.train(asked, Progress(figures=rows.append))
    assert [row["epoch"] for row in rows[1:]] == [1, 2, 3] and rows[2]["step"] < rows[3]["step"]
    assert rows[3]["seconds"] > rows[2]["seconds"] > 0


@pytest.mark.parametrize("network", ["mirmazloumi_cnn", "cnn_iss"])
def test_the_job_beside_a_model_repeats_it_to_the_byte_paused_or_not(tiny, tmp_path, network):
    first, again, paused = (tmp_path / name for name in ("first", "again", "paused"))
    training.train(job(first, network), SILENT)
    for folder in (again, paused):
        folder.mkdir()
        with_examples(first, folder)
    form = jobs.from_json((first / "net.job.json").read_text(encoding="utf-8"))
    training.train(replace(form, output=str(again / "net.safetensors")), SILENT)
    said = ["pause"] * 3 + ["run"] * 3 + ["pause"] * 3
    training.train(job(paused, network), Progress(request=lambda: said.pop() if said else "run"))
    assert not said and written(first) == written(again) == written(paused)


@pytest.mark.parametrize("network", ["mirmazloumi_cnn", "cnn_iss"])
def test_ended_early_it_gives_the_best_so_far_and_a_complete_card(tiny, tmp_path, network):
    rows = []
    progress = Progress(figures=rows.append, request=lambda: "finish" if len(rows) == 2 else "run")
    result = training.train(job(tmp_path, network), progress)
    assert result.details["ended"] == "asked" and any("ended early" in warning for warning in result.warnings)
    assert {"net.safetensors", "net.md", "net.curves.csv", "net.job.json"} <= {
        path.name for path in tmp_path.iterdir()
    }
    assert not (tmp_path / "net.checkpoint").exists()
    assert library.read_header(tmp_path / "net.safetensors").metrics
    assert "Where it fails" in (tmp_path / "net.md").read_text(encoding="utf-8")
