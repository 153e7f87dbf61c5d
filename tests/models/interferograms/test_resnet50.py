"""The layers of ResNet50 and the method that stands on it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from stillpoint.models.errors import Cancelled, StillpointError
from stillpoint.models.interferograms import resnet50_method
from stillpoint.models.interferograms.observations import Network
from stillpoint.models.interferograms.resnet50 import Bottleneck, ResNet50, ResNet50Shape, log_odds
from stillpoint.models.learning.library import Header, save_model
from stillpoint.models.progress import Progress

FLAGS = np.array([False, True])
"""Wrapped, unwrapped."""


@pytest.fixture(scope="module")
def small() -> ResNet50:
    torch.manual_seed(3)
    return ResNet50(ResNet50Shape(channels=4, side=32)).eval()


@pytest.fixture()
def model(tmp_path: Path, small: ResNet50) -> Path:
    path = tmp_path / "small.safetensors"
    save_model(path, small.state_dict(), header())
    return path


def header(**changes: object) -> Header:
    known = {
        "task": "interferograms", "architecture": "ResNet50", "version": "0", "shape": {"channels": 4, "side": 32},
        "settings": {"threshold": 0.5},
    }  # fmt: skip
    return Header(**{**known, **changes})  # type: ignore[arg-type]


def network_of(phase: np.ndarray, *, unwrapped: bool = True) -> Network:
    count = len(phase)
    dates = np.datetime64("2020-01-01") + 12 * np.arange(count + 1)
    pairs = np.stack([np.arange(count), np.arange(count) + 1], axis=1)
    return Network(phase.astype(np.float32), dates, pairs, unwrapped)


def test_it_has_the_layers_and_parameters_of_the_paper() -> None:
    network = ResNet50(ResNet50Shape())
    count = sum(parameter.numel() for parameter in network.parameters())
    # 23,508,032 below the fully connected layer, as every implementation has, and 2 x 2048 weights and 2 shifts for two classes.
    assert count == 23_508_032 + 2 * 2048 + 2
    layers = [module for module in network.modules() if isinstance(module, (torch.nn.Conv2d, torch.nn.Linear))]
    shortcuts = [module for module in network.modules() if isinstance(module, torch.nn.Sequential) and len(module) == 2]
    assert len(layers) - len(shortcuts) == 50
    assert [sum(isinstance(block, Bottleneck) and block.expand.out_channels == width for block in network.stages)
            for width in (256, 512, 1024, 2048)] == [3, 4, 6, 3]  # fmt: skip


def test_the_maps_have_the_sizes_of_table_1() -> None:
    network = ResNet50(ResNet50Shape(channels=64)).eval()
    maps = torch.zeros(1, 3, 224, 224)
    sizes = []
    with torch.inference_mode():
        first = network.stem[0](maps)
        maps = network.stem(maps)
        sizes.append(tuple(maps.shape[1:]))
        for number, block in enumerate(network.stages):
            maps = block(maps)
            if number in (2, 6, 12, 15):
                sizes.append(tuple(maps.shape[1:]))
    assert tuple(first.shape[1:]) == (64, 112, 112)
    assert sizes == [(64, 56, 56), (256, 56, 56), (512, 28, 28), (1024, 14, 14), (2048, 7, 7)]


def test_the_width_scales_every_layer() -> None:
    full, half = (sum(p.numel() for p in ResNet50(ResNet50Shape(channels=channels)).parameters()) for channels in (64, 32))
    assert 3.9 < full / half < 4.1


def test_gradients_reach_the_first_layer(small: ResNet50) -> None:
    torch.manual_seed(5)
    network = ResNet50(ResNet50Shape(channels=4, side=32)).train()
    log_odds(network(torch.randn(4, 3, 32, 32))).square().mean().backward()
    gradient = network.stem[0].weight.grad
    assert gradient is not None and float(gradient.abs().max()) > 0


def test_a_verdict_covers_every_pair_and_says_what_it_could_not_judge(model: Path) -> None:
    rng = np.random.default_rng(1)
    phase = rng.standard_normal((5, 40, 50))
    phase[1] = np.nan
    phase[2] = 0.5
    phase[3].flat[:-10] = np.nan
    method = resnet50_method.open_resnet50(model)
    found = method(network_of(phase))
    assert found.threshold == 0.5
    assert np.isfinite(found.score).tolist() == [True, False, False, False, True]
    assert ((found.score[[0, 4]] >= 0) & (found.score[[0, 4]] <= 1)).all()
    assert found.reasons[1] == "no data" and found.reasons[2] == "the same value everywhere" and found.reasons[3]
    assert found.weights is None and found.variance is None


def test_scores_follow_the_pair_and_not_its_neighbours_in_the_batch(model: Path) -> None:
    rng = np.random.default_rng(2)
    phase = 3 * rng.standard_normal((19, 33, 47))
    method = resnet50_method.open_resnet50(model)
    together = method(network_of(phase)).score
    alone = np.array([method(network_of(one[None])).score[0] for one in phase[[0, 7, 18]]])
    assert np.allclose(together[[0, 7, 18]], alone, atol=1e-5)
    assert np.ptp(together) > 0


def test_no_pairs_and_a_cancel(model: Path) -> None:
    method = resnet50_method.open_resnet50(model)
    none = Network(np.zeros((0, 8, 8), np.float32), np.zeros(0, "datetime64[D]"), np.zeros((0, 2), int), True)
    assert len(method(none).score) == 0
    with pytest.raises(Cancelled):
        method(network_of(np.random.default_rng(1).standard_normal((3, 40, 40))), Progress(cancelled=lambda: True))


def test_the_calibration_moves_the_probability_of_wrapped_and_unwrapped_phase_apart(small: ResNet50) -> None:
    pictures = np.random.default_rng(4).integers(0, 256, (2, 3, 32, 32)).astype(np.uint8)
    before = resnet50_method.probabilities(small, pictures, FLAGS)
    small.warp.copy_(torch.tensor([[1.0, 2.0], [1.0, -1.0]]))
    after = resnet50_method.probabilities(small, pictures, FLAGS)
    small.warp.copy_(torch.tensor([[1.0, 0.0], [1.0, 0.0]]))
    assert np.allclose(np.log(after / (1 - after)) - np.log(before / (1 - before)), [2.0, -1.0], atol=1e-4)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"architecture": "another"}, "this method needs"),
        ({"task": "trends"}, "is for trends"),
        ({"settings": {}}, "lacks"),
        ({"shape": {"channels": 10_000, "side": 32}}, "sizes that no network"),
        ({"shape": {"channels": 8, "side": 32}}, "don't fit"),
        ({"shape": {"layers": 50}}, "lacks"),
    ],
)
def test_another_model_is_refused_in_words(tmp_path: Path, small: ResNet50, changes: dict, words: str) -> None:
    path = tmp_path / "wrong.safetensors"
    save_model(path, small.state_dict(), header(**changes))
    with pytest.raises(StillpointError, match=words):
        resnet50_method.open_resnet50(path)


def test_half_precision_weights_are_read(tmp_path: Path, small: ResNet50) -> None:
    path = tmp_path / "half.safetensors"
    state = {name: value.half() if value.ndim > 1 else value for name, value in small.state_dict().items()}
    save_model(path, state, header())
    pictures = np.random.default_rng(4).integers(0, 256, (2, 3, 32, 32)).astype(np.uint8)
    method = resnet50_method.open_resnet50(path)
    assert method.network.stem[0].weight.dtype == torch.float32
    found = resnet50_method.probabilities(method.network, pictures, FLAGS)
    assert np.allclose(found, resnet50_method.probabilities(small, pictures, FLAGS), atol=5e-3)
