"""Simulated pairs for training and for users."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from osgeo import gdal

from stillpoint.models.errors import StillpointError
from stillpoint.models.jobs import Simulate
from stillpoint.models.progress import SILENT
from stillpoint.models.simulation.motion_fields import FAMILIES, random_field, source_of
from stillpoint.models.simulation.simulate import simulate
from stillpoint.models.simulation.speckle_pairs import simulate_pair


@pytest.mark.parametrize("family", FAMILIES)
def test_fields_are_of_a_size_that_can_be_tracked(family: str) -> None:
    for seed in range(3):
        field, told = random_field(np.random.default_rng(seed), 96, family=family)
        assert told == family and field.shape == (2, 96, 96) and np.isfinite(field).all()
        assert np.abs(field).max() < 30


def test_the_source_of_a_pixel_moves_onto_it() -> None:
    rows, cols = np.mgrid[:48, :48].astype(float)
    offsets = np.stack([2 + 0.05 * rows, -1 - 0.03 * cols])
    places = source_of(offsets)
    moved = places + np.stack([2 + 0.05 * places[0], -1 - 0.03 * places[1]])
    assert np.abs(moved - np.stack([rows, cols]))[:, 8:-8, 8:-8].max() < 1e-3


def test_a_pair_repeats_and_moves_as_told() -> None:
    first, again = (simulate_pair(np.random.default_rng(8), side=96, family="ramp") for _ in range(2))
    assert np.array_equal(first.reference, again.reference, equal_nan=True)
    assert first.offsets.shape == (2, 96, 96) and (first.coherence >= 0).all()


def test_files_of_a_pair(tmp_path: Path) -> None:
    result = simulate(Simulate(what="offsets", output=str(tmp_path / "surge.tif"), size=96, seed=4), SILENT)
    images, truth = gdal.Open(result.outputs["output"]), gdal.Open(result.outputs["truth"])
    assert images.RasterCount == truth.RasterCount == 2
    assert [images.GetRasterBand(band).GetMetadata()["DATE"] for band in (1, 2)] == ["2021-01-10", "2021-01-22"]
    assert result.details["family"] == "stream"
    assert np.hypot(*truth.ReadAsArray()).max() == pytest.approx(result.details["largest_px"], abs=0.01)
    with pytest.raises(StillpointError, match=r"name a \.tif"):
        simulate(Simulate(what="offsets", output=str(tmp_path / "surge.csv")), SILENT)
