from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from stillpoint.models.errors import StillpointError
from stillpoint.models.interferograms.observations import Network
from stillpoint.models.interferograms.worth import selection_worth

WAVELENGTH = 0.0555


@pytest.fixture
def network():
    """A bowl that sinks by 20 mm/yr in its middle, and one interferogram with a step of two cycles over half of the image."""
    days = np.arange(10) * 24
    dates = np.datetime64("2022-03-01") + days.astype("timedelta64[D]")
    pairs = np.array([(i, j) for i in range(10) for j in range(i + 1, min(i + 3, 10))])
    row, col = np.mgrid[:30, :40]
    bowl = -20 * np.exp(-((row - 15) ** 2 + (col - 20) ** 2) / 20)
    series = -4 * np.pi / WAVELENGTH * bowl / 1000 * days[:, None, None] / 365.25
    phase = (series[pairs[:, 1]] - series[pairs[:, 0]]).astype(np.float32)
    phase[6, :, 21:] += 4 * np.pi
    return Network(phase=phase, dates=dates, pairs=pairs, unwrapped=True, wavelength=WAVELENGTH)


def test_velocities_and_series(network):
    keep = np.arange(network.count) != 6
    found = selection_worth(network, keep, points=[(15, 20), (2, 35)])
    assert found.kept[15, 20] == pytest.approx(-20, abs=0.2)
    assert found.kept[2, 35] == pytest.approx(0, abs=0.1)
    assert abs(found.all[2, 35]) > 3
    np.testing.assert_allclose(found.difference, found.kept - found.all)
    assert found.error_all[2, 35] > 10 * found.error_kept[2, 35]
    span = (network.dates[-1] - network.dates[0]).astype(int) / 365.25
    assert found.series_kept[0, -1] == pytest.approx(-20 * span, abs=0.2)
    assert found.series_all.shape == (2, 10)
    assert found.series_all[:, 0] == pytest.approx(0)


def test_reference_pixel_and_weights(network):
    weights = np.ones(network.phase.shape, np.float32)
    weights[6] = 0
    found = selection_worth(network, np.ones(network.count, bool), weights=weights, reference=(15, 20))
    # the median of 3 x 3 pixels is that of the four neighbours, a little above the deepest point
    assert found.kept[2, 5] == pytest.approx(20 * np.exp(-1 / 20), abs=0.05)
    assert found.kept[15, 20] == pytest.approx(20 * np.exp(-1 / 20) - 20, abs=0.05)


def test_what_it_cannot_do(network):
    keep = np.ones(network.count, bool)
    for changed, message in (({"unwrapped": False}, "unwrapped"), ({"wavelength": None}, "wavelength")):
        with pytest.raises(StillpointError, match=message):
            selection_worth(replace(network, **changed), keep)
    with pytest.raises(StillpointError, match="No interferogram is kept"):
        selection_worth(network, ~keep)
    with pytest.raises(StillpointError, match="lies outside"):
        selection_worth(network, keep, points=[(30, 0)])
