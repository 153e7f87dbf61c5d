"""The shipped picture classifier, on real interferograms that it never saw."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from stillpoint.models.interferograms import patches, resnet50_method
from stillpoint.models.interferograms.observations import Network
from stillpoint.models.interferograms.resnet50_method import ResNet50Method, open_resnet50, probabilities
from stillpoint.models.interferograms.train_resnet50_figures import figures
from stillpoint.models.learning import library

WEIGHTS = library.shipped("interferograms", "resnet50")


@pytest.fixture(scope="module")
def method() -> ResNet50Method:
    return open_resnet50()


def test_it_is_small_and_says_what_it_is() -> None:
    header = library.read_header(WEIGHTS)
    assert WEIGHTS.stat().st_size < 8e6
    assert header.architecture == "ResNet50" and header.training["seed"] == 1
    card = WEIGHTS.with_suffix(".md").read_text(encoding="utf-8")
    assert header.training["command"] in card and "Where it fails" in card
    assert header.metrics["simulated, unwrapped"]["accuracy"] >= 0.90
    assert header.metrics["simulated, unwrapped"]["balanced accuracy"] >= 0.87
    assert header.metrics["Houston patches, wrapped"]["accuracy"] >= 0.87
    assert header.metrics["Houston patches, wrapped"]["balanced accuracy"] >= 0.87


def test_houston_in_the_south_after_the_reference_date(method: ResNet50Method, real_data: Path) -> None:
    folder = real_data / patches.HOUSTON
    if not (folder / "ifg").is_dir():
        pytest.skip(f"no {patches.HOUSTON} in {real_data}")
    dates = ("20180127", "20180208", "20180220", "20180304", "20180714", "20181018", "20190403", "20190615", "20200105")
    days = [("20180115", date) for date in dates if (folder / "ifg" / f"20180115_{date}.diff_pha.tif").is_file()]
    phase = np.stack([patches._read(folder / "ifg" / f"{one}_{two}.diff_pha.tif") for one, two in days])
    coherence = np.stack([patches._read(folder / "coh" / f"{one}_{two}.cc.tif") for one, two in days]) / 255
    scene = patches.Scene(phase.astype(np.float32), coherence.astype(np.float32), days, np.zeros(len(days), bool))
    found = patches.houston_tiles(scene, "judging", side=method.network.shape.side)
    wrapped = found.take(~found.unwrapped)
    result = figures(probabilities(method.network, wrapped.images, wrapped.unwrapped), wrapped.good, method.threshold)
    assert result["pictures"] > 60 and result["balanced accuracy"] >= 0.87


def test_of_mexico_city_all_but_the_longest_pairs_are_kept(method: ResNet50Method, real_data: Path) -> None:
    if not (real_data / patches.MEXICO / "unw").is_dir():
        pytest.skip(f"no {patches.MEXICO} in {real_data}")
    scene = patches.read_mexico(real_data)
    dates = np.array(sorted({patches._date(day) for pair in scene.days for day in pair}))
    pairs = np.array([[int(np.searchsorted(dates, patches._date(day))) for day in pair] for pair in scene.days])
    network = Network(scene.phase, dates, pairs, True, coherence=scene.quality)
    found = resnet50_method.verdict(method, network)
    kept = found.score >= found.threshold
    assert len(found.score) == 30 and kept.sum() >= 26
    # Its subsidence is 5 to 7 rad there, with wrong cycles in the middle of the bowl.
    assert network.days[~kept].min() >= 72 and kept[network.days <= 60].all()
    assert [bool(text) for text in found.reasons] == (~kept).tolist()
