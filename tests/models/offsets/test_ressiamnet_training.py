"""The training of the published network for offsets."""

from __future__ import annotations

from pathlib import Path
from typing import Dict

import numpy as np
import pytest
import torch

from stillpoint.models.errors import StillpointError
from stillpoint.models.jobs import TrainModel
from stillpoint.models.learning import library
from stillpoint.models.offsets import examples, prepare, train_ressiamnet, train_ressiamnet_data
from stillpoint.models.offsets.methods import open_method
from stillpoint.models.progress import SILENT
from stillpoint.models.training import train
from stillpoint.tests.models.offsets.speckle import pair


def item(shift: tuple) -> Dict[str, np.ndarray]:
    """Return an example in which all moved by whole pixels, without a border to roll over."""
    wide = np.random.default_rng(3).rayleigh(1.0, (140, 140)).astype(np.float32)
    row, col = shift
    truth = np.broadcast_to(np.array(shift, np.float32)[:, None, None], (2, 120, 120))
    return {
        "reference": wide[10:130, 10:130], "secondary": wide[10 - row : 130 - row, 10 - col : 130 - col], "truth": truth,
        "coherence": np.ones((120, 120), np.float16), "tracked": np.full((2, 15, 15), 7.0, np.float32),
    }  # fmt: skip


def test_cuts_mirrored_and_moved_keep_images_and_offsets_together() -> None:
    images, offsets, counts = train_ressiamnet_data.batch([item((5, -3))], np.random.default_rng(0), 24, side=64, reach=4.0)
    seen = set()
    for image, offset, counted in zip(images.numpy(), offsets.numpy(), counts.numpy()):
        row, col = (int(value) for value in offset[:, 32, 32])
        if abs(row) > 8 or abs(col) > 8:
            continue  # cut at the border of the pair
        seen.add((row, col))
        moved = image[1][16 + row : 48 + row, 16 + col : 48 + col]
        assert np.corrcoef(image[0][16:48, 16:48].ravel(), moved.ravel())[0, 1] > 0.99
        assert not counted[:16].any() and counted[16:48, 16:48].all() == (max(abs(row), abs(col)) <= 6)
    assert len(seen) > 5 and max(abs(np.array(list(seen))).max(axis=0)) >= 2


def test_a_batch_depends_on_its_seed_alone() -> None:
    one, two = (
        train_ressiamnet_data.batch([item((1, 2))], np.random.default_rng(5), 2, side=32, reach=2.0)[0] for _ in range(2)
    )
    assert torch.equal(one, two)


def test_labels_are_those_of_the_simulation_or_of_the_correlation() -> None:
    given = item((1, 2))
    given["tracked"] = given["tracked"].copy()
    given["tracked"][:, 0, 0] = np.nan
    given["coherence"] = given["coherence"].copy()
    given["coherence"][64:] = 0
    truth, counts = train_ressiamnet_data.target(given, "truth")
    assert truth[0, 0, 0] == 1 and counts[:64].all() and not counts[64:].any()
    tracked, known = train_ressiamnet_data.target(given, "correlation")
    assert tracked[1, 9, 9] == 7 and not known[:8, :8].any() and known[8:].all()


@pytest.mark.parametrize("labels", ["", "correlation"])
def test_training_writes_a_model_that_the_method_opens(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, labels: str) -> None:
    monkeypatch.setattr(examples, "SIDE", 96)
    plan = train_ressiamnet.Plan((4, 6), reach=2, side=64, batch=2, pairs=2, epochs=1, rate=1e-3)
    monkeypatch.setitem(train_ressiamnet.PLANS, "cc_ressiamnet", plan)
    for name, count in (("TUNING", 1), ("JUDGING", 1), ("STEPS_AN_EPOCH", 2)):
        monkeypatch.setattr(train_ressiamnet, name, count)
    output = tmp_path / "mine.safetensors"
    job = TrainModel(capability="offsets", network="cc_ressiamnet", output=str(output), labels=labels or None, device="cpu")
    result = train(job, SILENT)
    assert 0 < result.details["metrics"]["RMSE, all, correlation"] < result.details["metrics"]["RMSE, all, network"] <= 1.0
    header = library.read_header(output)
    assert header.settings["search"] == 2 and header.training["labels"] == (labels or "truth")
    card = output.with_suffix(".md").read_text(encoding="utf-8")
    assert "stillpoint train offsets --network cc_ressiamnet --seed" in card and "--epochs 1" in card and "no motion" in card
    assert output.with_suffix(".curves.csv").read_text(encoding="utf-8").startswith("epoch,step,loss")
    assert len(list((tmp_path / "mine.examples").glob("*.npz"))) == 4
    first, second = pair((0.0, 1.0), shape=(64, 64))
    method = open_method("cc_ressiamnet", model=str(output))
    found = method.track(first, second, prepare.learn([first], [second]), search=2)
    assert found.offsets.shape == (2, 8, 8)


def test_what_it_cannot_learn_from_is_refused(tmp_path: Path) -> None:
    output = str(tmp_path / "mine.safetensors")
    with pytest.raises(StillpointError, match="begins with new weights"):
        train(TrainModel(capability="offsets", network="cc_ressiamnet", output=output, model="any.safetensors"), SILENT)
    with pytest.raises(StillpointError, match="are truth"):
        train(TrainModel(capability="offsets", network="cc_ressiamnet", output=output, labels="mine.csv"), SILENT)


def test_offsets_to_learn_grow_to_the_largest() -> None:
    assert [train_ressiamnet._reach(4, done) for done in (0.0, 0.15, 0.6, 1.0)] == pytest.approx([1.0, 1.0, 4.0, 4.0])
    assert [train_ressiamnet._same(done) for done in (0.0, 0.05, 0.5, 1.0)] == pytest.approx([1.0, 1.0, 0.1, 0.1])


def test_one_image_twice_is_moved_by_whole_pixels_and_is_all_alike() -> None:
    images, offsets, counts = train_ressiamnet_data.batch(
        [item((5, -3))], np.random.default_rng(1), 12, side=48, reach=2.0, same=1.0
    )
    found = offsets.numpy()
    assert np.array_equal(found, np.round(found)) and np.abs(found).max() == 2 and (found.std(axis=(2, 3)) == 0).all()
    for image, (row, col), counted in zip(images.numpy(), found[:, :, 0, 0].astype(int), counts):
        moved = image[1][16 + row : 32 + row, 16 + col : 32 + col]
        assert np.corrcoef(image[0][16:32, 16:32].ravel(), moved.ravel())[0, 1] > 0.999 and counted.sum() == 16 * 16
