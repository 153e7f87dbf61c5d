"""Every network learns in half precision as on a GPU: the processor stands for one. Layers that cannot mix numbers fail here."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from stillpoint.models import training
from stillpoint.models.interferograms.default_network import DefaultNetwork, DefaultNetworkShape
from stillpoint.models.jobs import TrainModel
from stillpoint.models.learning import precision
from stillpoint.models.offsets import fuse, ressiamnet
from stillpoint.models.progress import SILENT
from stillpoint.models.scatterers.network import ScattererNetwork, ScattererNetworkShape
from stillpoint.models.scatterers.published.networks import RECIPES
from stillpoint.models.trends.mirmazloumi import MirmazloumiCNN
from stillpoint.models.trends.network import TrendNetwork, TrendNetworkShape
from stillpoint.tests.models.interferograms.test_train_resnet50 import small
from stillpoint.tests.models.learning.test_killed import tiny

__all__ = ["small", "tiny"]


def test_a_training_in_half_precision_comes_to_its_end(tiny, tmp_path, monkeypatch):
    monkeypatch.setattr(precision, "suited", lambda device: torch.bfloat16)
    job = TrainModel(
        capability="interferograms", network="resnet50", output=str(tmp_path / "net.safetensors"), epochs=2, seed=2, device="cpu"
    )
    rows = training.train(job, SILENT).details["history"]
    assert len(rows) == 2 and np.isfinite([row["loss"] for row in rows]).all()


def drawn(*shape: int) -> torch.Tensor:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(len(shape)))


def of_pairs():
    maps = drawn(7, 4, 16, 16)
    maps[:, 0] = 1  # all cells are known
    ends = torch.tensor([[0, 1], [1, 2], [2, 3], [3, 4], [0, 2], [1, 3], [2, 4]])
    return DefaultNetwork(DefaultNetworkShape(4, 6)), (maps, drawn(7, 6), drawn(16, 16).abs(), ends, 5)


CASES = {
    "trends, default": lambda: (TrendNetwork(TrendNetworkShape(9)), (drawn(8, 9), drawn(8, TrendNetworkShape(9).channels, 40))),
    "trends, published": lambda: (MirmazloumiCNN(), (drawn(8, 139),)),
    "scatterers, default": lambda: (ScattererNetwork(ScattererNetworkShape(5)), (drawn(2, 5, 16, 16),)),
    **{f"scatterers, {name}": lambda recipe=recipe: (recipe.network(), (drawn(1, 4, 16, 16),)) for name, recipe in RECIPES.items()},
    "interferograms, default": of_pairs,
    "offsets, default": lambda: (
        fuse.FuseNetwork(fuse.FuseShape()), (drawn(2, len(fuse.FEATURES), 6, 6), drawn(2, fuse.CANDIDATES, 2, 6, 6))
    ),
    "offsets, published": lambda: (ressiamnet.SiamNetwork(ressiamnet.SiamShape((4, 6))), (drawn(2, 2, 32, 32),)),
}  # fmt: skip


@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float16])
@pytest.mark.parametrize("name", sorted(CASES))
def test_all_layers_take_what_the_one_before_gives(name, dtype):
    torch.manual_seed(0)
    network, given = CASES[name]()
    half = precision.Precision(torch.device("cpu"), dtype)
    with half.forward():
        answer = network.train()(*given)
        parts = answer.values() if isinstance(answer, dict) else answer if isinstance(answer, tuple) else [answer]
        loss = torch.stack([part.float().square().mean() for part in parts]).sum()
    half.backward(loss)
    weights = list(network.parameters())
    assert all(torch.isfinite(weight.grad).all() for weight in weights if weight.grad is not None)
    assert sum(weight.grad is not None for weight in weights) > 0.8 * len(weights)
