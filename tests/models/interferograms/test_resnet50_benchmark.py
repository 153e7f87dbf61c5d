"""The benchmark of the picture classifier, on stacks that cost nothing."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import torch

from stillpoint.benchmarks.interferograms import resnet50 as benchmark
from stillpoint.models.interferograms.resnet50 import ResNet50, ResNet50Shape
from stillpoint.models.interferograms.resnet50_method import ResNet50Method


def stack(setting: str, seed: int) -> SimpleNamespace:
    rng = np.random.default_rng(seed)
    bad = np.array([True, False, False, True, False])
    return SimpleNamespace(
        phase=rng.standard_normal((5, 40, 40)), bad=bad, trouble=np.array([0, -1, -1, 2, 1]), strong=np.array([1, 1, 0, 0, 0], bool)
    )


@pytest.fixture()
def method(monkeypatch: pytest.MonkeyPatch) -> ResNet50Method:
    monkeypatch.setattr(benchmark, "stack_of", stack)
    torch.manual_seed(1)
    return ResNet50Method(ResNet50(ResNet50Shape(4, 32)).eval(), 0.5)


def test_independent_stacks_are_counted_by_kind_and_by_class(method: ResNet50Method) -> None:
    pictures, strong = benchmark.independent("pairs-92", 2, side=32)
    assert len(pictures) == 10 and int(strong.sum()) == 2 and pictures.good.sum() == 6
    assert pictures.kinds[:3] == ("unwrapping, bad", "strong atmosphere", "nothing done")
    found, texts = benchmark.measure(method, settings=["pairs-92"], stacks=2, examples=None, real=None)
    row = found["independent simulator, pairs-92"]
    assert row["pictures"] == 10 and 0 <= row["false alarms, strong atmosphere"] <= 1
    assert "unwrapping, bad" in texts[0]


def test_it_times_a_pair_and_writes_pictures(method: ResNet50Method, tmp_path: Path) -> None:
    assert 0 < benchmark.speed(method, size=64, pairs=2) < 10
    benchmark.write_png(np.full((3, 8, 9), 77, np.uint8), tmp_path / "a.png")
    assert [path.name for path in tmp_path.iterdir()] == ["a.png"]
    assert (tmp_path / "a.png").read_bytes()[:4] == b"\x89PNG"
