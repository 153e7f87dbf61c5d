"""The network that fuses offsets, and its training."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from stillpoint.models.errors import StillpointError
from stillpoint.models.jobs import TrackOffsets, TrainModel
from stillpoint.models.learning import library
from stillpoint.models.offsets import examples, fuse, prepare, track, train_default
from stillpoint.models.offsets.methods import open_method
from stillpoint.models.progress import SILENT
from stillpoint.models.simulation.speckle_pairs import simulate_pair
from stillpoint.models.training import train
from stillpoint.tests.models.offsets.speckle import pair


@pytest.fixture(scope="module")
def found() -> track.Tracked:
    reference, secondary = pair((1.3, -0.6), shape=(160, 128), coherence=0.7)
    return track.track(reference, secondary, prepare.learn([reference], [secondary]), kernels=True)


def test_features_have_their_names_and_are_of_order_one(found: track.Tracked) -> None:
    maps = fuse.features(found)
    assert maps.shape == (len(fuse.FEATURES), 20, 16)
    assert torch.isfinite(maps).all() and maps.abs().max() < 10


def test_an_untrained_network_answers_with_the_calm_field(found: track.Tracked) -> None:
    torch.manual_seed(0)
    result = fuse.fused(fuse.FuseNetwork(fuse.FuseShape()).eval(), found, search=16)
    assert (result.offsets - found.offsets).abs().max() < 0.3
    assert torch.isfinite(result.sigma).all() and (result.sigma > 0).all()


def test_the_answer_is_a_convex_mix_of_what_was_measured(found: track.Tracked) -> None:
    torch.manual_seed(1)
    network = fuse.FuseNetwork(fuse.FuseShape()).eval()
    torch.nn.init.normal_(network.answer.weight, std=1.0)
    measured = fuse.candidates(found)
    with torch.inference_mode():
        answer = network(fuse.features(found)[None], measured[None])["offsets"][0]
        moved = network(fuse.features(found)[None], measured[None] + 5.0)["offsets"][0]
    for axis in range(2):
        assert measured[:, axis].min() - 1e-4 <= answer[axis].min() and answer[axis].max() <= measured[:, axis].max() + 1e-4
    assert torch.allclose(moved, answer + 5.0, atol=1e-4)


def test_standard_errors_grow_where_the_motion_bends_and_where_the_network_moved_it(found: track.Tracked) -> None:
    stated = torch.full_like(found.offsets, 0.04)
    rows = torch.arange(20.0)[:, None]
    ramp = torch.stack([0.1 * rows.expand(20, 16), 0.3 - 0.2 * rows.expand(20, 16)])
    plain = fuse.with_bias(stated, ramp, replace(found, offsets=ramp))
    # A strain that is even bends nowhere, and no window errs by it.
    assert torch.allclose(plain, stated * fuse.STATED**0.5, atol=1e-3)
    waved = ramp + 0.2 * torch.sin(rows / 1.5)
    bent = fuse.with_bias(stated, waved, replace(found, offsets=waved))
    assert (bent[:, 2:-2] > 2 * plain[:, 2:-2]).all()
    moved = fuse.with_bias(stated, ramp + 0.1, replace(found, offsets=ramp))
    assert (moved > 0.1).all() and (moved < 0.2).all()


def test_training_writes_a_model_that_the_method_opens(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(examples, "SIDE", 96)
    for name, count in (("PAIRS", 2), ("TUNING", 1), ("JUDGING", 1), ("STEPS_AN_EPOCH", 3), ("BATCH", 2)):
        monkeypatch.setattr(train_default, name, count)
    output = tmp_path / "mine.safetensors"
    result = train(TrainModel(capability="offsets", output=str(output), epochs=1, device="cpu"), SILENT)
    assert result.details["metrics"]["RMSE, errors cut at 1 px"] <= 1.0
    header = library.read_header(output)
    assert header.task == "offsets" and header.training["pairs"] == 2
    assert "stillpoint train offsets" in output.with_suffix(".md").read_text(encoding="utf-8")
    method = open_method("default", model=str(output))
    reference, secondary = pair((1.0, 0.0), shape=(128, 128), coherence=0.9)
    answer = method.track(reference, secondary, prepare.learn([reference], [secondary]), search=8)
    assert np.isfinite(answer.offsets.numpy()).all()
    with pytest.raises(StillpointError, match="begins with new weights"):
        train(TrainModel(capability="offsets", output=str(output), model=str(output)), SILENT)


def test_the_shipped_network_is_better_than_what_it_fuses() -> None:
    method = open_method("default")
    sums = np.zeros(2)
    for index in range(3):
        drawn = simulate_pair(np.random.default_rng([77, index]), side=160, family="fractal")
        prepared = prepare.learn([drawn.reference], [drawn.secondary])
        truth = drawn.offsets.reshape(2, 20, 8, 20, 8).mean(axis=(2, 4))
        good = drawn.coherence.reshape(20, 8, 20, 8).min(axis=(1, 3)) > 0.1
        for place, track_it in enumerate((track.track, method.track)):
            error = np.abs(track_it(drawn.reference, drawn.secondary, prepared).offsets.numpy() - truth)[:, good]
            sums[place] += (np.minimum(error, 1) ** 2).mean()
    assert sums[1] < sums[0]


def test_a_model_of_another_task_is_refused() -> None:
    job = TrackOffsets(reference="a.tif", secondary="b.tif", output="o.tif")
    assert job.method == "default"
    with pytest.raises(StillpointError, match="not for offsets"):
        open_method("default", model=str(library.shipped("trends", "default")))
