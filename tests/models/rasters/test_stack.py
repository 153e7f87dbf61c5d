"""Reading and writing stacks by window, names, tiles, and the dates behind the bands."""

from __future__ import annotations

import datetime as dt
import doctest
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from osgeo import gdal

from stillpoint.models.errors import StillpointError
from stillpoint.models.rasters import names, order, tiles
from stillpoint.models.rasters.bands import Band, band_items, band_of
from stillpoint.models.rasters.epochs import components, epochs_of, network_baselines
from stillpoint.models.rasters.names import days_in
from stillpoint.models.rasters.order import uniform
from stillpoint.models.rasters.product import Layer
from stillpoint.models.rasters.stack import guess_quantity, open_stack
from stillpoint.models.rasters.writing import StackWriter, write_stack
from tests.models.rasters import makers

A, B, C, D = (dt.date(2018, 1, number) for number in (3, 15, 27, 30))
ALL = (slice(None), slice(None))


def image(number, date, **options):
    return Band(number, options.pop("quantity", "complex"), date=date, **options)


def pair(number, reference, secondary, baseline=None):
    return Band(number, "phase", reference_date=reference, secondary_date=secondary, perpendicular_baseline=baseline)


@pytest.mark.parametrize("module", [names, order, tiles])
def test_examples(module):
    assert doctest.testmod(module).failed == 0


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("20180103_20180127.diff_pha", [A, C]),
        ("cropA_20180103-20180127_VV_8rlks_flat_eqa_cc", [A, C]),
        ("2018-01-03_2018-01-27", [A, C]),
        ("S1AA_20180103T122334_20180127T122401_VVP012_INT80_G_ueF_1A2B_wrapped_phase", [A, C]),
        ("OPERA_L2_CSLC-S1_T064-135518-IW1_20180103T015035Z_S1A_VV_v1.0", [A]),
        ("i_ifg_VV_03Jan2018_27Jan2018", [A, C]),
        ("180103-180127", [A, C]),
        ("image_2018_01_03", [A]),
        ("20180103", [A]),
        ("20181303_x", []),
        ("20180230", []),
        ("frame_123456789", []),
        ("no dates, 42", []),
    ],
)
def test_days_in_names(text, expected):
    assert days_in(text) == expected


def test_metadata_of_a_band_comes_back():
    for band in (pair(1, A, C, -12.3456), image(1, B), image(1, B, quantity="coherence", perpendicular_baseline=0.0)):
        assert band_of(1, band_items(band), "", quantity="") == band


def test_values_windows_and_metadata_come_back(tmp_path):
    values = np.stack([makers.phase(1), makers.phase(2)])
    values[0, 3, 4] = np.nan
    amplitude = write_stack(str(tmp_path / "amp.tif"), np.abs(values), [image(1, A, quantity="amplitude")] * 2)
    path = write_stack(
        str(tmp_path / "s.tif"), values, [pair(1, A, B, 10.0), pair(2, A, C, -5.0)], geotransform=makers.UTM,
        projection=makers.wkt(), wavelength=0.0555, incidence_angle=39.0, heading=-12.0, companions={"amplitude": amplitude},
    )  # fmt: skip
    with open_stack(path) as stack:
        assert (stack.quantity, stack.shape, len(stack)) == ("phase", (makers.ROWS, makers.COLS), 2)
        assert [band.pair for band in stack.bands] == [(A, B), (A, C)]
        assert [band.perpendicular_baseline for band in stack.bands] == [10.0, -5.0]
        assert (stack.wavelength, stack.incidence_angle, stack.heading) == (0.0555, 39.0, -12.0)
        assert stack.spacing_m == (20.0, 20.0) and stack.geotransform == makers.UTM and not stack.notes
        assert stack.companions == {"amplitude": amplitude}
        read = stack.read(slice(2, 7), slice(3, None))
        assert read.dtype == np.float32
        np.testing.assert_array_equal(read, values[:, 2:7, 3:])
        np.testing.assert_array_equal(stack.read(slice(-3, None), slice(0, 2), [2]), values[1:, -3:, :2])
        assert stack.read(slice(50, 60), slice(0, 3)).shape == (2, 0, 3)
        with pytest.raises(ValueError, match="no band 7"):
            stack.read(*ALL, bands=[7])
    assert gdal.Open(path).GetMetadataItem("COMPANION_AMPLITUDE") == "amp.tif"  # they can be moved together


def test_complex_zero_has_no_phase(tmp_path):
    values = makers.complex_image(1)[None].copy()
    values[0, 0, 0] = 0
    with open_stack(write_stack(str(tmp_path / "c.tif"), values, [image(1, A)], spacing_m=(13.9, 4.1))) as stack:
        read = stack.read(*ALL)
        assert stack.complex and read.dtype == np.complex64 and stack.spacing_m == (13.9, 4.1) and stack.spacing_known
        assert np.isnan(read[0, 0, 0])
        np.testing.assert_array_equal(read[0, 1:], values[0, 1:])


def test_any_raster_is_a_stack(tmp_path):
    labels = ["20180103_20180115", "20180103_20180127"]
    path = makers.tif(tmp_path / "any.tif", np.stack([makers.phase(1), makers.phase(2)]), description=labels)
    with open_stack(str(path)) as stack:
        assert stack.quantity == "phase" and [band.pair for band in stack.bands] == [(A, B), (A, C)]
        assert "taken for phase" in stack.notes[0]


def test_masked_and_scaled_pixels(tmp_path):
    values = np.arange(makers.ROWS * makers.COLS, dtype="i2").reshape(makers.ROWS, makers.COLS)
    path = makers.tif(tmp_path / "m.tif", values, scale=(0.5, 1.0), nodata=7)
    dataset = gdal.Open(str(path), gdal.GA_Update)
    dataset.GetRasterBand(1).SetMetadata({"QUANTITY": "amplitude", "DATE": "2018-01-03"})
    dataset = None
    with open_stack(str(path)) as stack:
        read = stack.read(*ALL)[0]
    assert np.isnan(read[0, 7]) and np.isnan(read).sum() == 1
    np.testing.assert_array_equal(read[1], values[1] * 0.5 + 1)


def test_mixed_quantities_are_refused(tmp_path):
    path = write_stack(
        str(tmp_path / "x.tif"), np.zeros((2, 3, 3), "f4"), [pair(1, A, B), image(2, A, quantity="amplitude")]
    )
    with pytest.raises(StillpointError, match="mixes amplitude and phase"):
        open_stack(path)


def test_guessed_quantities():
    assert guess_quantity(np.array([-3.0, 3.0])) == "phase"
    assert guess_quantity(np.array([-9.0, 3.0])) == "unwrapped"
    assert guess_quantity(np.array([0.0, 0.9, np.nan])) == "coherence"
    assert guess_quantity(np.array([0.0, 900.0])) == "amplitude"


def test_threads_read_the_same(tmp_path):
    rng = np.random.default_rng(0)
    values = rng.normal(size=(5, 300, 40)).astype("f4")
    path = write_stack(str(tmp_path / "t.tif"), values, [image(n, A + dt.timedelta(n), quantity="amplitude") for n in range(5)])
    with open_stack(path) as stack, ThreadPoolExecutor(4) as pool:
        parts = list(pool.map(lambda row: stack.read(slice(row, row + 10), slice(None)), range(0, 300, 10)))
    np.testing.assert_array_equal(np.concatenate(parts, axis=1), values)


def test_broken_writer_leaves_nothing(tmp_path):
    with pytest.raises(KeyError), StackWriter(str(tmp_path / "w.tif"), [image(1, A)], (4, 4)) as writer:
        writer.write(np.ones((1, 2, 4)), slice(0, 2), slice(None))
        raise KeyError
    assert list(tmp_path.iterdir()) == []


def test_windows_are_written_where_they_belong(tmp_path):
    values = makers.phase(3)[None]
    with StackWriter(str(tmp_path / "w.tif"), [pair(1, A, B)], values.shape[1:]) as writer:
        for tile in tiles.tiles(values.shape[1:], 5, overlap=2):
            writer.write(values[:, tile.read_rows, tile.read_cols][(slice(None), *tile.inner)], tile.rows, tile.cols)
    with open_stack(str(tmp_path / "w.tif")) as stack:
        np.testing.assert_array_equal(stack.read(*ALL), values)


def test_full_disk_is_told(small_disk):
    bands = [image(number, A + dt.timedelta(number), quantity="amplitude") for number in range(20)]
    values = np.random.default_rng(0).normal(size=(20, 256, 256)).astype("f4")
    with pytest.raises(StillpointError, match="no space left"):
        write_stack(str(small_disk / "big.tif"), values, bands)
    assert list(small_disk.iterdir()) == []


def layer(reference, secondary, quantity="phase", **options):
    return Layer("x.tif", quantity, (reference, secondary), (2, 2), gdal.GDT_Float32, **options)


def test_network_is_ordered_by_time_and_a_lone_exception_is_turned():
    turned, notes = uniform([layer(A, B), layer(C, B, perpendicular_baseline=7.0), layer(C, D), layer(A, D)])
    assert [item.days for item in turned] == [(A, B), (A, D), (B, C), (C, D)]
    assert [item.scale for item in turned] == [1, 1, -1, 1] and turned[2].perpendicular_baseline == -7.0
    assert "1 of 4" in notes[0]
    later, notes = uniform([layer(B, A), layer(C, B), layer(D, C), layer(D, A)])
    assert not notes and all(item.days[0] > item.days[1] for item in later)  # all later first: left as they are


def test_chain_of_two_interferograms_is_left_as_it_is():
    turned, notes = uniform([layer(A, B), layer(B, C)])
    assert [item.days for item in turned] == [(A, B), (B, C)] and not notes


def test_coherence_has_no_sign_to_turn():
    turned, notes = uniform([layer(A, B, "coherence"), layer(B, C, "coherence"), layer(B, D, "coherence")])
    assert {item.days[0] for item in turned} == {B} and not notes and all(item.scale == 1 for item in turned)


def test_phase_of_complex_values_in_mixed_order_is_refused():
    with pytest.raises(StillpointError, match="take the quantity complex"):
        uniform([layer(A, B, function="phase"), layer(B, C, function="phase"), layer(B, D, function="phase")])


def test_epochs_of_images():
    epochs = epochs_of([image(1, C, perpendicular_baseline=30.0), image(2, A, perpendicular_baseline=-10.0),
                        image(3, B, perpendicular_baseline=5.0)])
    assert epochs.kind == "images" and epochs.connected and epochs.pairs is None
    assert epochs.dates.tolist() == [A, B, C] and epochs.images.tolist() == [1, 2, 0]
    assert epochs.reference == 1 and epochs.baselines.tolist() == [-15.0, 0.0, 25.0]
    with pytest.raises(ValueError, match="no pairs"):
        epochs.design()


def test_epochs_of_one_reference():
    epochs = epochs_of([pair(1, B, A, 12.0), pair(2, B, C, -7.0)])
    assert epochs.kind == "single-reference" and epochs.reference == 1
    assert epochs.pairs.tolist() == [[1, 0], [1, 2]] and epochs.baselines.tolist() == [12.0, 0.0, -7.0]
    assert epochs_of([pair(1, B, A, 12.0), pair(2, B, C)]).baselines is None
    np.testing.assert_array_equal(epochs.design(), [[-1, 1, 0], [0, 1, -1]])


def test_epochs_of_a_network():
    true = np.array([0.0, 40.0, -25.0, 60.0])
    days = [A, B, C, D]
    links = [(0, 1), (1, 2), (0, 2), (2, 3), (1, 3)]
    epochs = epochs_of([pair(n, days[i], days[j], true[j] - true[i]) for n, (i, j) in enumerate(links, start=1)])
    assert epochs.kind == "network" and epochs.connected
    np.testing.assert_allclose(epochs.baselines, true - true[epochs.reference], atol=1e-9)
    assert epochs.misfit == pytest.approx(0, abs=1e-9)
    phases = np.array([0.3, 1.0, -2.0, 0.5])
    np.testing.assert_allclose(epochs.design() @ phases, [phases[i] - phases[j] for i, j in links])
    broken = epochs_of([pair(1, A, B, 1.0), pair(2, C, D, 2.0)])
    assert not broken.connected and broken.baselines is None and sorted(broken.component.tolist()) == [0, 0, 1, 1]


def test_baselines_of_a_network_that_contradict_each_other_leave_a_misfit():
    pairs = np.array([[0, 1], [1, 2], [0, 2]])
    baselines, misfit = network_baselines(pairs, np.array([10.0, 10.0, 26.0]), 3, 0)
    assert baselines.tolist() == pytest.approx([0.0, 12.0, 24.0]) and misfit == pytest.approx(2.0)
    assert network_baselines(pairs, np.array([10.0, np.nan, np.nan]), 3, 0) == (None, 0.0)
    assert components(pairs[:1], 3).tolist() == [0, 0, 1]


@pytest.mark.parametrize(
    ("bands", "match"),
    [
        ([Band(1, "phase")], "tells no date"),
        ([pair(1, A, A)], "with itself"),
        ([pair(1, A, B), image(2, A)], "mixes images"),
        ([pair(1, A, B), pair(2, B, A)], "same dates"),
        ([image(1, A), image(2, A)], "same dates"),
    ],
)
def test_dates_that_make_no_sense(bands, match):
    with pytest.raises(StillpointError, match=match):
        epochs_of(bands)


def test_what_gdal_keeps_does_not_grow_with_the_machine():
    assert gdal.GetConfigOption("GDAL_CACHEMAX") is not None or gdal.GetCacheMax() <= 512 << 20
