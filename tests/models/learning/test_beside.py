"""What every training writes beside its model."""

from __future__ import annotations

import os

import pytest

from stillpoint.models.errors import StillpointError
from stillpoint.models.jobs import TrainModel
from stillpoint.models.learning import beside


def test_the_command_repeats_the_job_with_the_names_of_its_files():
    job = TrainModel(
        capability="interferograms", network="resnet50", data=("/a/b.vrt",), labels="/c/d.csv", output="/e/f.safetensors", seed=3
    )
    assert beside.command(job, epochs=5) == (
        "stillpoint train interferograms --network resnet50 --seed 3 --data b.vrt --labels d.csv --epochs 5 --output f.safetensors"
    )
    assert "--epochs" not in beside.command(job)


def test_nothing_that_is_read_is_written_over(tmp_path):
    read = tmp_path / "read.safetensors"
    read.write_text("x")
    beside.refuse_overwriting(str(tmp_path / "new.safetensors"), (str(read), None, "stability"))
    with pytest.raises(StillpointError, match=r"written over .*read\.safetensors"):
        beside.refuse_overwriting(str(tmp_path / "." / "read.safetensors"), (None, str(read)))


def test_card_and_curves_appear_complete_or_not_at_all(tmp_path, monkeypatch):
    output = tmp_path / "m.safetensors"
    row = {"epoch": 1, "step": 10, "loss": 0.5, "seconds": 1.5, "best": True, "auc": 0.75}
    written = beside.write_card_and_curves(output, "card", [row])
    assert (tmp_path / "m.md").read_text() == "card" and written["curves"] == str(tmp_path / "m.curves.csv")
    assert (tmp_path / "m.curves.csv").read_text() == "epoch,step,loss,auc,seconds,best\n1,10,0.5,0.75,1.5,1\n"

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(StillpointError, match=r"m\.md cannot be written: No space left"):
        beside.write_card_and_curves(output, "another", [])
    assert (tmp_path / "m.md").read_text() == "card" and len(list(tmp_path.iterdir())) == 2
