"""Headers of model files that nobody should trust: each is read, or refused with a sentence."""

from __future__ import annotations

import json
import struct

import numpy as np
import pytest
import torch
from hypothesis import HealthCheck, given, settings
from safetensors.torch import save_file

from benchmarks import fuzz_models
from stillpoint.models.errors import StillpointError
from stillpoint.models.learning import headers, library
from stillpoint.models.learning.cards import installed

FUZZ = settings(max_examples=250, deadline=None, suppress_health_check=list(HealthCheck))


def written(path, form, weights=b"", *, length=None):
    text = form if isinstance(form, bytes) else json.dumps(form).encode()
    path.write_bytes(struct.pack("<Q", len(text) if length is None else length) + text + weights)
    return path


def form(**changes):
    about = {"task": "trends", "architecture": "TrendNetwork", "version": "1"}
    tensor = {"dtype": "F32", "shape": [2], "data_offsets": [0, 8]}
    return {"__metadata__": {"stillpoint": json.dumps(about)}, "a": {**tensor, **changes}}


@given(fuzz_models.model_bytes())
@FUZZ
def test_fuzzed_files_are_read_or_refused(tmp_path_factory, content):
    assert fuzz_models.read_model(tmp_path_factory.mktemp("fuzz"), content) in ("read", "opened", "refused")


@given(fuzz_models.archive_bytes())
@settings(FUZZ, max_examples=80)
def test_fuzzed_archives_stay_in_their_folder(tmp_path_factory, drawn):
    assert fuzz_models.unpack_archive(tmp_path_factory.mktemp("fuzz"), drawn) in ("unpacked", "refused")


def test_shipped_files_read_as_safetensors_reads_them():
    from safetensors import safe_open

    for model in installed():
        with safe_open(str(model.path), framework="np") as opened:
            assert set(opened.keys()) == set(model.contents.tensors)
            for name, tensor in model.contents.tensors.items():
                assert tuple(opened.get_slice(name).get_shape()) == tensor.shape
            assert json.loads(opened.metadata()["stillpoint"]) == json.loads(model.header.to_json())


@pytest.mark.parametrize("changes, words", [
    ({"dtype": "F8_E4M3"}, "kind"), ({"dtype": 3}, "kind"), ({"shape": [-2]}, "sizes"), ({"shape": [True, 2]}, "sizes"),
    ({"shape": [2.0]}, "sizes"), ({"shape": [1] * 9 + [2]}, "sizes"), ({"shape": [3]}, "fill"), ({"data_offsets": [8, 0]}, "fill"),
    ({"data_offsets": [0, 16], "shape": [4]}, "claim 16 bytes"), ({"data_offsets": [8, 16]}, "gaps"), ({"extra": 1}, "described"),
    ({"shape": [2**40, 2**40], "data_offsets": [0, 2**82]}, "too large"), ({"data_offsets": [0, 8, 8]}, "sizes"),
])  # fmt: skip
def test_tensors_that_cannot_be(tmp_path, changes, words):
    path = written(tmp_path / "m.safetensors", form(**changes), bytes(8))
    with pytest.raises(StillpointError, match=words):
        headers.read_contents(path)


@pytest.mark.parametrize("text, words", [
    (b'{"a":NaN}', "NaN"), (b'{"a":-Infinity}', "Infinity"), (b'{"a":1e999}', "too large"),
    (b'{"a":' + b"9" * 30 + b"}", "too large"),
    (b'{"a":1,"a":2}', "twice"), (b'{"a":"\\ud800"}', "Unicode"), (b'{"\xff":1}', "UTF-8"), (b"[]", "object"), (b"{,", "JSON"),
    (b'{"a":' + b"[" * 60 + b"]" * 60 + b"}", "deeply"), (b"[" * 200_000, "deeply|object|JSON"),
    (b'{"a":[' + b"0," * 500_000 + b"0]}", "more values"),
])  # fmt: skip
def test_texts_that_no_writer_writes(tmp_path, text, words):
    with pytest.raises(StillpointError, match=words):
        headers.read_contents(written(tmp_path / "m.safetensors", text))


@pytest.mark.parametrize("length", [0, 1, 3, 10**6, 2**63, 2**64 - 1])
def test_lengths_that_are_made_up(tmp_path, length):
    path = written(tmp_path / "m.safetensors", form(), bytes(8), length=length)
    with pytest.raises(StillpointError, match="readable safetensors"):
        headers.read_contents(path)


def test_a_sound_file_is_read(tmp_path):
    contents = headers.read_contents(written(tmp_path / "m.safetensors", form(), bytes(8)))
    assert contents.parameters == 2 and contents.tensors["a"].shape == (2,) and contents.header.task == "trends"


def test_names_are_short_printable_lines(tmp_path):
    for bad in ({"version": "1\x1b[31m"}, {"task": "x" * 300}, {"licence": "a\nb"}):
        about = {"task": "trends", "architecture": "TrendNetwork", "version": "1", **bad}
        whole = {**form(), "__metadata__": {"stillpoint": json.dumps(about)}}
        with pytest.raises(StillpointError, match="damaged Stillpoint header"):
            headers.read_contents(written(tmp_path / "m.safetensors", whole, bytes(8)))


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_weights_that_are_no_numbers_are_refused(tmp_path, value):
    path = tmp_path / "m.safetensors"
    weights = torch.ones(3, 2)
    weights[1, 1] = value
    library.save_model(path, {"weight": weights, "bias": torch.zeros(3)}, library.Header("trends", "Small", "1"))
    with pytest.raises(StillpointError, match="no numbers or infinite"):
        library.fill(torch.nn.Linear(2, 3), path)


def test_sizes_that_would_fill_the_memory_are_refused_before(tmp_path, monkeypatch):
    """A header that claims a wide network beside narrow weights allocates nothing."""
    from stillpoint.models.scatterers.default import open_default

    path = library.shipped("scatterers", "default")
    header = library.read_header(path)
    made = []
    real = torch.nn.Module.__init__

    def spy(self, *given, **named):
        made.append(torch.empty(0).device)  # torch 2.6 leaves contexts out of get_default_device
        real(self, *given, **named)

    for size in (4096, 4097, 10**6, 2**62, 0, -1, True, 1.5, "64"):
        wide = library.Header(**{**vars(header), "shape": {**header.shape, "hidden": size, "width": size}})
        target = tmp_path / "m.safetensors"
        library.save_model(target, library.read_state(path), wide)
        monkeypatch.setattr(torch.nn.Module, "__init__", spy)
        with pytest.raises(StillpointError):
            open_default(target)
        monkeypatch.undo()
    assert {str(device) for device in made} <= {"meta"}


def test_what_is_missing_or_left_over_is_named(tmp_path):
    path = tmp_path / "m.safetensors"
    save_file({"weight": torch.zeros(3, 2)}, str(path), metadata={"stillpoint": json.dumps({"task": "trends"})})
    with pytest.raises(StillpointError, match=r"'bias' is missing and must be \(3,\)"):
        library.fill(torch.nn.Linear(2, 3), path)
    assert np.isfinite(library.read_state(path)["weight"].numpy()).all()


@pytest.mark.parametrize("name, part, value", [
    ("scatterers-default", "input", {"features": -1}), ("interferograms-default", "input", {"maps": 3, "figures": None}),
    ("offsets-default", "input", {"features": {"a": 1}}), ("trends-default", "input", {"features": "velocity"}),
    ("trends-default", "shape", {"features": 128, "sides": 3}), ("trends-default", "settings", {"unlike_threshold": []}),
    ("scatterers-cnn-iss", "settings", {"calibration": 7, "threshold": 0.5, "reach": 4}),
    ("scatterers-cnn-iss", "settings", {"threshold": 0.5, "reach": 10**9}), ("trends-mirmazloumi", "shape", {"epochs": [139]}),
    ("interferograms-default", "shape", {"maps": 18, "figures": 39, "width": 24, "hidden": 64, "rounds": 10**9}),
])  # fmt: skip
def test_headers_of_the_right_network_with_wrong_parts(tmp_path, name, part, value):
    """What no JSON reader objects to, but no network of the kind has."""
    from stillpoint.models.learning.cards import SHIPPED, model_file
    from stillpoint.models.library_jobs import opened

    path = SHIPPED / f"{name}.safetensors"
    header = library.read_header(path)
    wrong = library.Header(**{**vars(header), part: value})
    library.save_model(tmp_path / "m.safetensors", library.read_state(path), wrong)
    with pytest.raises(StillpointError):
        opened(model_file(tmp_path / "m.safetensors"))
