"""Trainings on two devices: two processes on the processor, with gloo, do what one does."""

from __future__ import annotations

import json
import logging
import subprocess
import sys
import time
from functools import partial
from pathlib import Path

import pytest
import torch

from stillpoint.models import training
from stillpoint.models.errors import Cancelled, StillpointError
from stillpoint.models.jobs import TrainModel
from stillpoint.models.learning import devices, library, loop, parallel
from stillpoint.models.learning.batches import Gradients
from stillpoint.models.progress import SILENT, Progress
from stillpoint.tests.models.learning import tiny_trainings

if not torch.distributed.is_available() or not torch.distributed.is_gloo_available():
    pytest.skip("this torch has no gloo", allow_module_level=True)


@pytest.fixture(autouse=True)
def tiny(monkeypatch):
    tiny_trainings.shrink(monkeypatch.setattr)
    monkeypatch.setattr(parallel, "LAUNCHER", [sys.executable, tiny_trainings.__file__])


def job(folder: Path, **more) -> TrainModel:
    return TrainModel(
        capability="trends", network="mirmazloumi_cnn", output=str(folder / "net.safetensors"), epochs=2, seed=2, **more
    )


def test_two_processes_learn_what_one_does(tmp_path, monkeypatch, caplog):
    with caplog.at_level(logging.INFO, logger="stillpoint"):
        two = training.train(job(tmp_path, device="cpu,cpu"), SILENT)
    assert "2 devices learn together: cpu, cpu" in caplog.text
    shared = library.read_state(tmp_path / "net.safetensors")
    assert not torch.distributed.is_initialized()
    # The network draws at random what it forgets, of each piece apart: one process computes the same two pieces.
    monkeypatch.setattr(loop, "Gradients", partial(Gradients, pieces=2))
    one = training.train(job(tmp_path, device="cpu"), SILENT)
    for name, value in library.read_state(tmp_path / "net.safetensors").items():
        torch.testing.assert_close(shared[name], value, rtol=1e-3, atol=1e-4)
    for first, second in zip(one.details["history"], two.details["history"]):
        assert first["loss"] == pytest.approx(second["loss"], rel=1e-4)


def test_a_helper_that_fails_is_told_and_none_is_left(tmp_path, monkeypatch):
    monkeypatch.setenv("TINY_HELPER", "fails")
    with pytest.raises(StillpointError, match=r"learns on cpu ended: something is wrong with this device Train on fewer"):
        training.train(job(tmp_path, device="cpu,cpu"), SILENT)


def test_a_cancel_while_helpers_start_leaves_none(tmp_path, monkeypatch):
    started = []
    real = subprocess.Popen

    def popen(*args, **options):
        started.append(real(*args, **options))
        return started[-1]

    monkeypatch.setattr(parallel.subprocess, "Popen", popen)
    with pytest.raises(Cancelled):
        training.train(job(tmp_path, device="cpu,cpu"), Progress(cancelled=lambda: bool(started)))
    assert len(started) == 1 and started[0].poll() is not None


def test_a_helper_whose_leader_is_gone_ends(tmp_path):
    about = {"folder": str(tmp_path), "rank": 1, "world": 2, "job": job(tmp_path, device="cpu").to_dict()}
    helper = subprocess.Popen(parallel.LAUNCHER, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    helper.stdin.write((json.dumps(about) + "\n").encode())
    helper.stdin.flush()
    until = time.monotonic() + 60
    while not (tmp_path / "ready-1").exists() and time.monotonic() < until:
        time.sleep(0.05)
    assert (tmp_path / "ready-1").exists() and helper.poll() is None
    helper.communicate(timeout=20)  # closes its standard input
    assert helper.returncode == 1 and sorted(path.name for path in tmp_path.iterdir()) in (["ready-1"], ["meeting", "ready-1"])


def test_devices_of_a_training_are_checked_and_counted():
    assert devices.several("cpu, cpu") == ["cpu", "cpu"] and devices.several("auto") == ["auto"] and devices.several("") == ["auto"]
    assert str(devices.pick("cpu,cuda:7")) == "cpu"
    with pytest.raises(StillpointError, match="no device 'cuda:77'"):
        devices.several("cpu,cuda:77")


def test_a_torch_that_cannot_is_told(tmp_path, monkeypatch):
    monkeypatch.setattr(torch.distributed, "is_available", lambda: False)
    with pytest.raises(StillpointError, match=r"without torch\.distributed"):
        parallel.Team(job(tmp_path, device="cpu,cpu")).gather()


def test_a_loss_that_is_no_sum_asks_for_one_device(tmp_path):
    with pytest.raises(StillpointError, match="name one device"):
        loop.train(
            job(tmp_path, device="cpu,cpu"), torch.nn.Linear(1, 1), lambda step: [step], lambda model, part: None,
            loop.Settings(steps=2, splits=False),
        )  # fmt: skip
