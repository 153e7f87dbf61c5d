"""Model files: what is written can be read, and anything else gets a sentence."""

from __future__ import annotations

import json

import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from safetensors.torch import save_file

from stillpoint.models.errors import StillpointError
from stillpoint.models.learning import library

HEADER = library.Header(task="trends", architecture="Small", version="1", shape={"width": 3})


def test_round_trip(tmp_path):
    path = tmp_path / "model.safetensors"
    network = torch.nn.Linear(3, 2)
    library.save_model(path, network.state_dict(), HEADER)
    assert library.read_header(path) == HEADER
    other = torch.nn.Linear(3, 2)
    library.fill(other, path)
    assert torch.equal(other.weight, network.weight)
    assert [item.name for item in tmp_path.iterdir()] == ["model.safetensors"]


def test_a_model_for_something_else_is_refused(tmp_path):
    path = tmp_path / "model.safetensors"
    library.save_model(path, torch.nn.Linear(3, 2).state_dict(), HEADER)
    with pytest.raises(StillpointError, match="not for scatterers"):
        library.checked_header(path, task="scatterers")
    with pytest.raises(StillpointError, match="this method needs 'Large'"):
        library.checked_header(path, task="trends", architecture="Large")
    with pytest.raises(StillpointError, match="don't fit"):
        library.fill(torch.nn.Linear(4, 2), path)


@pytest.mark.parametrize(
    "header",
    [None, "no json", "[]", "17", json.dumps({"task": 5}), json.dumps({"task": "trends", "shape": "x"}), "[" * 100_000],
)
def test_damaged_headers_get_a_sentence(tmp_path, header):
    path = tmp_path / "model.safetensors"
    save_file({"a": torch.zeros(1)}, str(path), metadata=None if header is None else {"stillpoint": header})
    with pytest.raises(StillpointError):
        library.read_header(path)


@given(st.binary(max_size=300))
@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_any_bytes_are_refused_with_a_sentence(tmp_path, content):
    path = tmp_path / "model.safetensors"
    path.write_bytes(content)
    with pytest.raises(StillpointError):
        library.read_header(path)
    with pytest.raises(StillpointError):
        library.read_state(path)


def test_missing_file(tmp_path):
    with pytest.raises(StillpointError, match="no model file"):
        library.read_header(tmp_path / "none.safetensors")


def test_a_full_disk_is_a_sentence_and_leaves_nothing(small_disk):
    with pytest.raises(StillpointError, match=r"big\.safetensors cannot be written.*space"):
        library.save_model(small_disk / "big.safetensors", {"w": torch.zeros(1_000_000)}, library.Header("trends", "A", "1"))
    assert list(small_disk.iterdir()) == []
