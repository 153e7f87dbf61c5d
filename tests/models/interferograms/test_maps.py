"""What the weights do to the velocity map of a selection."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from osgeo import gdal

from stillpoint.models.interferograms.maps import write_velocity
from stillpoint.models.interferograms.reading import read_network
from stillpoint.models.progress import SILENT
from stillpoint.models.rasters.stack import open_stack
from tests.models.interferograms.files import write_network
from tests.models.interferograms.networks import network

BAD = 9


def test_pixels_without_weight_do_not_bend_the_velocity(tmp_path):
    stack = network(dates=8, noise=0.02)
    spoiled = stack.phase.copy()
    spoiled[BAD, :8] += np.float32(2 * np.pi)
    weights = np.ones(stack.phase.shape, np.float32)
    weights[BAD, :8] = np.nan  # NaN counts as nothing
    found = []
    for name, phase, trust in (("true", stack.phase, None), ("spoiled", spoiled, None), ("weighed", spoiled, weights)):
        path = write_network(tmp_path / f"{name}.tif", replace(stack, phase=phase))
        with open_stack(path) as opened:
            reading = read_network(opened, None, progress=SILENT)
            output = str(tmp_path / f"{name}.velocity.tif")
            writer, _ = write_velocity(output, opened, reading, np.ones(stack.count, bool), weights=trust, extra={})
            writer.close()
        found.append(gdal.Open(output).ReadAsArray())
    (_, true, _), (plain, bent, _), (every, mended, change) = found
    assert np.abs(bent - true)[:8].mean() > 5 * np.abs(mended - true)[:8].mean()
    assert np.abs(mended - true).max() < 1.0
    assert every == pytest.approx(plain) and change == pytest.approx(mended - every, abs=1e-5)
