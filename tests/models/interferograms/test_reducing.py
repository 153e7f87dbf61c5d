from __future__ import annotations

import numpy as np
import pytest
from osgeo import gdal

from stillpoint.models.interferograms import maps, reducing
from stillpoint.models.interferograms.reading import read_network
from stillpoint.models.rasters.stack import open_stack
from tests.models.interferograms.files import write_network
from tests.models.interferograms.networks import network


def test_the_factor_bounds_sides_and_memory(monkeypatch):
    assert reducing.factor_for((512, 300), 90) == 1
    assert reducing.factor_for((513, 300), 90) == 2
    factor = reducing.factor_for((20000, 20000), 500)
    rows, cols = reducing.reduced_shape((20000, 20000), factor)
    assert rows * cols * 500 <= reducing.VALUES < 4 * rows * cols * 500


@pytest.mark.parametrize("factor", [2, 3, 7, 40])
def test_every_block_has_its_samples_from_all_over_it(factor):
    values = np.arange(83 * 50, dtype=np.float32).reshape(83, 50)
    found = reducing.blocks(values, factor)
    assert found.shape[:2] == reducing.reduced_shape((83, 50), factor)
    for row in range(found.shape[0]):
        for col in range(found.shape[1]):
            own = values[row * factor : (row + 1) * factor, col * factor : (col + 1) * factor]
            seen = found[row, col][np.isfinite(found[row, col])]
            assert np.isin(seen, own).all() and len(np.unique(seen)) == seen.size <= reducing.SAMPLES**2
    whole = found[0, 0]
    assert whole.mean() == pytest.approx(values[:factor, :factor].mean(), abs=0.51 * (1 + 50))


def test_medians_are_values_and_need_a_quarter_of_the_pixels():
    values = np.array([[0, 0, 7, 7], [6.28, np.nan, np.nan, np.nan]], np.float32)
    assert reducing.reduce_unwrapped(values, 2).tolist() == [[0.0, 7.0]]
    values = np.full((4, 4), np.nan, np.float32)
    values[0, :3] = 5
    assert np.isnan(reducing.reduce_unwrapped(values, 4)).all()
    values[0, 3] = 5
    assert reducing.reduce_unwrapped(values, 4).tolist() == [[5.0]]


def test_wrapped_phase_is_averaged_round_the_circle():
    values = np.array([[3.0, -3.0], [3.1, -3.1]], np.float32)
    assert abs(reducing.reduce_wrapped(values, 2)[0, 0]) == pytest.approx(np.pi, abs=1e-3)
    phasors = np.exp(1j * values).astype(np.complex64)
    assert reducing.reduce_wrapped(phasors, 1) == pytest.approx(values, abs=1e-5)
    phasors[0, 0] = complex(np.nan, np.nan)
    assert reducing.reduce_wrapped(phasors, 2)[0, 0] == pytest.approx(np.angle(phasors.ravel()[1:].sum()), abs=1e-5)


def test_the_mean_leaves_missing_pixels_out():
    values = np.array([[0.2, 0.4], [np.nan, 0.6]], np.float32)
    assert reducing.reduce_mean(values, 2)[0, 0] == pytest.approx(0.4)


@pytest.mark.parametrize("factor", [1, 2, 5])
def test_enlarging_gives_planes_back_and_fits_together_from_windows(factor):
    rows, cols = 6, 7
    row, col = np.mgrid[:rows, :cols]
    plane = (0.3 * row - 0.1 * col).astype(np.float32)
    high, wide = rows * factor - (factor > 1), cols * factor
    whole = reducing.enlarged(plane, factor, slice(0, high), slice(0, wide))
    assert whole.shape == (high, wide)
    y, x = (np.arange(high) + 0.5) / factor - 0.5, (np.arange(wide) + 0.5) / factor - 0.5
    inside = np.ix_((y >= 0) & (y <= rows - 1), (x >= 0) & (x <= cols - 1))
    assert whole[inside] == pytest.approx((0.3 * y[:, None] - 0.1 * x)[inside], abs=1e-5)
    assert whole.min() >= plane.min() and whole.max() <= plane.max()
    parts = [reducing.enlarged(plane, factor, slice(top, min(top + 4, high)), slice(0, wide)) for top in range(0, high, 4)]
    assert np.array_equal(np.concatenate(parts), whole)


def test_weights_lie_on_the_grid_of_the_stack(tmp_path, monkeypatch):
    monkeypatch.setattr(reducing, "MOST", 20)
    stack = network(dates=4, shape=(50, 33))
    path = write_network(tmp_path / "a.tif", stack)
    with open_stack(path) as opened:
        reading = read_network(opened)
        weights = np.full(reading.network.phase.shape, 0.25, np.float32)
        weights[1, :, 6:], weights[2] = 1.5, np.nan
        writer = maps.write_weights(str(tmp_path / "w.tif"), opened, reading, weights, extra={"METHOD": "x"})
        assert not (tmp_path / "w.tif").exists()
        writer.close()
    made = gdal.Open(str(tmp_path / "w.tif"))
    values = made.ReadAsArray()
    assert reading.factor == 3 and values.shape == (stack.count, 50, 33) and made.GetMetadata()["METHOD"] == "x"
    assert (values[0] == 0.25).all() and (values[2] == 0).all()
    assert values[1].max() == 1 and (values[1, :, :15] == 0.25).all() and (values[1, :, 21:] == 1).all()
    assert made.GetRasterBand(2).GetMetadata()["SECONDARY_DATE"] == str(stack.dates[stack.pairs[1, 1]])
