"""The published network for offsets: its layout, its loss, its tiles and standard errors."""

from __future__ import annotations

from pathlib import Path
from typing import Callable

import numpy as np
import pytest
import torch

from stillpoint.models.errors import StillpointError
from stillpoint.models.learning import library
from stillpoint.models.learning.library import Header, save_model
from stillpoint.models.offsets import prepare, ressiamnet, ressiamnet_method
from stillpoint.models.offsets.methods import open_method
from stillpoint.models.offsets.ressiamnet import NARROW, PUBLISHED, SiamNetwork, SiamShape
from stillpoint.tests.models.offsets.speckle import pair

SMALL = SiamShape((4, 6))


def test_the_published_shape_has_the_published_number_of_weights() -> None:
    with torch.device("meta"):
        network = SiamNetwork(SiamShape(PUBLISHED))
    assert sum(value.numel() for value in network.parameters()) == pytest.approx(189e6, rel=0.005)


def test_the_narrow_shape_takes_less_than_3_mb_in_half_precision() -> None:
    with torch.device("meta"):
        state = SiamNetwork(SiamShape(NARROW)).state_dict()
    assert sum(value.numel() * (2 if value.ndim == 4 else 4) for value in state.values()) < 3e6


def test_every_pixel_gets_an_offset_and_the_skips_are_crossed() -> None:
    torch.manual_seed(0)
    network = SiamNetwork(SiamShape((4, 6, 8))).eval()
    seen = {}
    network.down[1].register_forward_hook(lambda module, given, found: seen.update(skips=found))
    network.up[0].register_forward_hook(lambda module, given, found: seen.update(given=given))
    with torch.inference_mode():
        assert network(torch.randn(2, 2, 32, 48)).shape == (2, 2, 32, 48)
    for branch, other in ((0, 1), (1, 0)):
        assert torch.equal(seen["given"][branch][:, 8:], seen["skips"][other])
    assert not torch.equal(seen["skips"][0], seen["skips"][1])


def test_a_joint_unit_adds_the_same_to_the_projection_of_each_branch() -> None:
    torch.manual_seed(0)
    unit = ressiamnet.JointUnit(3, 5).eval()
    first, second = torch.randn(1, 3, 8, 8), torch.randn(1, 3, 8, 8)
    found = unit(first, second)
    assert torch.allclose(found[0] - unit.first(first), found[1] - unit.second(second), atol=1e-5)


def test_images_are_read_at_any_scale_and_what_is_missing_is_zero() -> None:
    image = pair((0.0, 0.0), shape=(64, 64))[0]
    image[:8] = np.nan
    image[20, 20] = 1e6
    found = ressiamnet.normalised(image)
    assert np.array_equal(found[:8], np.zeros((8, 64)))
    assert found[8:].mean() == pytest.approx(0, abs=1e-5) and found[8:].std() == pytest.approx(1, abs=1e-4)
    assert found.max() < 8
    assert np.allclose(ressiamnet.normalised(1000 * image), found, atol=1e-4)
    assert np.array_equal(ressiamnet.normalised(np.full((8, 8), np.nan, np.float32)), np.zeros((8, 8)))


def test_the_loss_leaves_out_what_is_masked_and_counts_true_zeros() -> None:
    target = torch.zeros(1, 2, 4, 4)
    offsets = torch.full((1, 2, 4, 4), 2.0)
    counts = torch.zeros(1, 4, 4, dtype=torch.bool)
    assert float(ressiamnet.masked_huber(offsets, target, counts)) == 0
    counts[0, 0] = True
    offsets[0, :, 1:] = 1e6
    assert float(ressiamnet.masked_huber(offsets, target, counts)) == pytest.approx(2.0 - 0.05)


class Says(torch.nn.Module):
    """Stands in for the network."""

    def __init__(self, answer: Callable[[torch.Tensor], torch.Tensor]) -> None:
        super().__init__()
        self.answer = answer

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        return self.answer(images)


@pytest.mark.parametrize("shape", [(64, 72), (256, 256), (232, 520)])
def test_tiles_cover_the_nodes_and_lie_where_the_image_is(shape: tuple) -> None:
    rows, cols = np.mgrid[: shape[0], : shape[1]]
    # Missing pixels in checks: the network sees where it is, and no normalisation changes that.
    speckle = np.random.default_rng(0).rayleigh(1.0, shape).astype(np.float32)
    image = np.where((rows // 8 + cols // 8) % 2 == 0, speckle, np.nan).astype(np.float32)
    there = Says(lambda images: torch.where(images == 0, 1.0, 3.0)[:, :1].expand(-1, 2, -1, -1))
    found = ressiamnet_method.measured(there, image, image, device=torch.device("cpu")).numpy()  # type: ignore[arg-type]
    high, wide = np.mgrid[: shape[0] // 8, : shape[1] // 8]
    assert np.allclose(found, np.where((high + wide) % 2 == 0, 3.0, 1.0), atol=1e-5)


def test_a_prior_moves_the_secondary_by_whole_pixels() -> None:
    first, second = pair((9.0, -6.0), shape=(256, 256), coherence=1.0)
    same = Says(lambda images: (images[:, :1] * images[:, 1:]).mean(dim=(2, 3), keepdim=True).expand(-1, 2, 256, 256))
    prior = np.stack([np.full((32, 32), value, np.float32) for value in (9.3, -6.2)])
    found = ressiamnet_method.measured(same, first, second, device=torch.device("cpu"), prior=prior)  # type: ignore[arg-type]
    alone = ressiamnet_method.measured(same, first, second, device=torch.device("cpu"))  # type: ignore[arg-type]
    correlation = found - torch.tensor([9.0, -6.0])[:, None, None]
    assert correlation.min() > 0.6 and alone.abs().max() < 0.2


def test_standard_errors_hold_for_what_they_were_calibrated_on() -> None:
    rng = np.random.default_rng(0)
    offsets, peak = rng.uniform(-2, 2, (2, 40_000)), rng.uniform(0, 0.8, 40_000).astype(np.float32)
    errors = rng.normal(0, 0.05 + 0.2 * np.hypot(*offsets) * (1 - peak), (2, 40_000))
    table = ressiamnet_method.calibrated(offsets, peak, errors)
    sigma = table.at(torch.from_numpy(offsets)[..., None], torch.from_numpy(peak)[:, None])[..., 0].numpy()
    assert (np.abs(errors) < sigma).mean() == pytest.approx(0.683, abs=0.03)
    assert (np.abs(errors) < 2 * sigma).mean() == pytest.approx(0.954, abs=0.02)
    again = ressiamnet_method.Errors.of(table.to_dict(), Path("x"))
    assert np.allclose(again.table, table.table, atol=1e-4)
    empty = ressiamnet_method.calibrated(np.zeros((2, 0)), np.zeros(0), np.zeros((2, 0)))
    assert np.array_equal(empty.table, np.ones_like(empty.table))


def model(path: Path, **settings: object) -> str:
    torch.manual_seed(0)
    network = SiamNetwork(SMALL)
    table = ressiamnet_method.Errors(np.full((2, 5, 6), 0.2, np.float32))
    header = Header(
        ressiamnet.TASK, ressiamnet.ARCHITECTURE, "1", shape=SMALL.to_dict(), settings={"search": 3, **table.to_dict(), **settings}
    )
    save_model(path, network.state_dict(), header)
    return str(path)


def test_the_method_answers_at_the_nodes_and_refuses_what_it_was_not_trained_on(tmp_path: Path) -> None:
    method = open_method("cc_ressiamnet", model=model(tmp_path / "m.safetensors"))
    first, second = pair((0.0, 0.0), shape=(96, 128))
    second[:, :40] = np.nan
    preparation = prepare.learn([first], [second])
    with pytest.raises(StillpointError, match="trained on offsets up to 3 px"):
        method.track(first, second, preparation, search=16)
    assert method.reach == 3
    found = method.track(first, second, preparation, search=3)
    assert found.offsets.shape == (2, 12, 16) and torch.isfinite(found.offsets).all()
    assert torch.allclose(found.sigma, torch.tensor(0.2))
    assert not found.present[:, :2].any() and found.present[:, 10:].all()
    assert not found.trusted[~found.present].any()
    # What an untrained network says is near 0, where these images correlate.
    assert found.peak[:, 10:].min() > 0.5 and (found.offsets.abs().max() > 1 or found.trusted[:, 11:].any())


def test_other_models_and_missing_weights_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for settings, said in (({"search": "far"}, "how far"), ({"errors": [1]}, "damaged"), ({"errors": None}, "damaged")):
        with pytest.raises(StillpointError, match=said):
            open_method("cc_ressiamnet", model=model(tmp_path / "m.safetensors", **settings))
    with pytest.raises(StillpointError, match="offset-fusion"):
        open_method("cc_ressiamnet", model=str(library.shipped("offsets", "default")))
    with pytest.raises(StillpointError, match="sizes"):
        ressiamnet.shape_of({}, Path("m"))
    with pytest.raises(StillpointError, match="cannot have"):
        ressiamnet.shape_of({"widths": [4]}, Path("m"))
    monkeypatch.setattr(library, "WEIGHTS", tmp_path / "nowhere")
    with pytest.raises(StillpointError, match="stillpoint train offsets --network cc_ressiamnet"):
        open_method("cc_ressiamnet")
