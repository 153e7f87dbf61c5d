"""Every format that open-stack reads, with tiny files of the real layout: values, dates, baselines, geometry."""

from __future__ import annotations

import numpy as np
import pytest

from stillpoint.models.errors import StillpointError
from stillpoint.models.jobs import DescribeStack, OpenStack
from stillpoint.models.progress import SILENT
from stillpoint.models.rasters.describe import describe_stack
from stillpoint.models.rasters.opening import open_stack_job
from stillpoint.models.rasters.stack import open_stack
from tests.models.rasters import makers
from tests.models.rasters.makers import COLS, DATES, REFERENCE, ROWS, day

ALL = (slice(None), slice(None))


def opened(sources, output, **options):
    """The stack of a product, its result, and its description, which must agree."""
    sources = [str(source) for source in (sources if isinstance(sources, list) else [sources])]
    options = {"quantity": "auto", "format": "auto", **options}
    result = open_stack_job(OpenStack(sources=sources, output=str(output), **options), SILENT)
    if "wavelength" not in options:
        described = describe_stack(DescribeStack(sources=sources, **options), SILENT)
        assert described.summary == result.summary
    return open_stack(result.outputs["output"]), result


def pairs(stack):
    return [(str(band.reference_date).replace("-", ""), str(band.secondary_date).replace("-", "")) for band in stack.bands]


@pytest.mark.parametrize("ending", [".vrt", ".tif"])
def test_snap_export_for_stamps(tmp_path, ending):
    folder = makers.snap_stamps(tmp_path / "INSAR_20180115")
    stack, result = opened(folder, folder / f"stack{ending}")
    assert result.details["format"] == "snap-stamps"
    assert (stack.quantity, stack.shape) == ("complex", (ROWS, COLS))
    assert pairs(stack) == [(REFERENCE, date) for date in DATES]
    np.testing.assert_array_equal(stack.read(*ALL)[2], makers.complex_image(int(DATES[2]) + 1))
    look = np.arccos((7071e3**2 + 878e3**2 - 6372e3**2) / (2 * 7071e3 * 878e3))
    assert stack.bands[1].perpendicular_baseline == pytest.approx(20 * np.cos(look) - np.sin(look), abs=1e-3)
    assert stack.wavelength == pytest.approx(0.0554658, abs=1e-6)
    assert (stack.incidence_angle, stack.heading) == (38.9, -12.5)
    assert stack.spacing_m == pytest.approx((13.96, 2.329562 / np.sin(np.radians(38.9))), rel=1e-6) and stack.spacing_known
    amplitude = open_stack(stack.companions["amplitude"])
    assert [band.date for band in amplitude.bands] == [day(date) for date in sorted((REFERENCE, *DATES))]
    np.testing.assert_allclose(amplitude.read(*ALL)[2], np.abs(makers.complex_image(int(REFERENCE))), rtol=1e-6)
    assert "lon" in result.summary


def test_snap_images_alone(tmp_path):
    folder = makers.snap_stamps(tmp_path / "INSAR")
    stack, _ = opened(folder / "rslc", folder / "images.vrt")
    assert stack.quantity == "complex"
    assert [band.date for band in stack.bands] == [day(date) for date in sorted((REFERENCE, *DATES))]
    np.testing.assert_array_equal(stack.read(slice(3, 5), slice(2, 4), [1])[0], makers.complex_image(int(DATES[0]))[3:5, 2:4])
    assert not stack.companions


def test_gamma(tmp_path):
    folder = makers.gamma(tmp_path / "diff")
    stack, result = opened(folder, folder / "stack.vrt")
    assert result.details["format"] == "gamma" and result.details["kind"] == "network"
    assert pairs(stack)[0] == (DATES[0], DATES[1]) and len(stack) == 4
    np.testing.assert_array_equal(stack.read(*ALL)[0], makers.complex_image(int(DATES[0])))
    coherence = open_stack(stack.companions["coherence"])
    np.testing.assert_array_equal(coherence.read(*ALL)[1], np.abs(makers.phase(3)) / 4)
    raw = np.fromfile(folder / "slc" / f"{DATES[0]}.rslc", ">i2").reshape(ROWS, COLS, 2).astype(float)
    amplitude = open_stack(stack.companions["amplitude"]).read(*ALL)[0]
    np.testing.assert_allclose(amplitude, np.hypot(raw[..., 0], raw[..., 1]), rtol=1e-5)


def test_gamma_images_of_short_integers_become_complex(tmp_path):
    folder = makers.gamma(tmp_path / "diff")
    stack, _ = opened(folder / "slc", folder / "images.vrt")
    raw = np.fromfile(folder / "slc" / f"{DATES[0]}.rslc", ">i2").reshape(ROWS, COLS, 2).astype("f4")
    np.testing.assert_array_equal(stack.read(*ALL)[0], raw[..., 0] + 1j * raw[..., 1])


def test_isce2(tmp_path):
    folder = makers.isce2(tmp_path / "stack")
    stack, result = opened(folder, tmp_path / "out.vrt")
    assert result.details["format"] == "isce2"
    assert stack.wavelength == 0.05546576
    assert [band.perpendicular_baseline for band in stack.bands] == [5.5, 15.5, 25.5]
    np.testing.assert_array_equal(stack.read(*ALL)[1], makers.complex_image(1))  # the filtered one
    assert set(stack.companions) == {"amplitude", "coherence"}
    unwrapped, _ = opened(folder, tmp_path / "unw.vrt", quantity="unwrapped")
    np.testing.assert_array_equal(unwrapped.read(*ALL)[2], 4 * makers.phase(2))
    wrapped, _ = opened(folder, tmp_path / "phase.vrt", quantity="phase")
    np.testing.assert_allclose(wrapped.read(*ALL)[0], makers.phase(0), atol=1e-6)


def test_licsar(tmp_path):
    folder = makers.licsar(tmp_path / "021D_05266_252525")
    stack, result = opened(folder, tmp_path / "out.vrt")
    assert result.details["format"] == "licsar"
    values = stack.read(*ALL)
    assert np.isnan(values[:, :2]).all() and np.isfinite(values[:, 2:]).all()
    np.testing.assert_array_equal(values[0, 2:], makers.phase(int(DATES[0]))[2:])
    assert [band.perpendicular_baseline for band in stack.bands] == [50.5, -30.0, 7.0]
    assert (stack.heading, stack.incidence_angle) == (-169.9, 39.2)
    assert result.details["baselines"] == pytest.approx([b - result_reference(result) for b in (-20.5, 30.0, 0.0, 7.0)])
    coherence = open_stack(stack.companions["coherence"]).read(*ALL)
    assert np.isnan(coherence[:, :2]).all()
    np.testing.assert_allclose(coherence[:, 2:], 0.8, rtol=1e-6)
    np.testing.assert_array_equal(open_stack(stack.companions["amplitude"]).read(*ALL), 3.0)  # of intensity 9
    assert stack.spacing_m == pytest.approx((111.32, 111.32 * np.cos(np.radians(38))), rel=1e-3)


def test_part_of_a_licsar_frame_finds_the_metadata_of_the_frame(tmp_path):
    folder = makers.licsar(tmp_path / "021D_05266_252525")
    stack, _ = opened(folder / "GEOC", tmp_path / "out.vrt")
    assert [band.perpendicular_baseline for band in stack.bands] == [50.5, -30.0, 7.0] and stack.heading == -169.9
    files = sorted((folder / "GEOC").rglob("*.diff_pha.tif"))[:2]
    stack, _ = opened(files, tmp_path / "files.vrt")
    assert [band.perpendicular_baseline for band in stack.bands] == [50.5, -30.0] and stack.incidence_angle == 39.2


def result_reference(result):
    told = dict(zip(("2017-12-22", "2018-01-03", "2018-01-15", "2018-01-27"), (-20.5, 30.0, 0.0, 7.0)))
    return told[result.details["reference_date"]]


def test_hyp3_products_of_different_extents_are_cut_to_what_they_share(tmp_path):
    folder = makers.hyp3(tmp_path / "products")
    stack, result = opened(folder, tmp_path / "out.vrt")
    assert result.details["format"] == "hyp3" and stack.quantity == "phase"
    assert stack.shape == (ROWS, COLS - 2) and stack.geotransform[0] == makers.UTM[0] + 160.0
    values = stack.read(*ALL)
    np.testing.assert_array_equal(values[0], values[1])  # the same places show the same values
    assert any("common part" in warning for warning in result.warnings)
    assert [band.perpendicular_baseline for band in stack.bands] == [11.5, 12.5]
    angle = np.degrees(np.arccos((7070e3**2 - 880e3**2 - 6370e3**2) / (2 * 880e3 * 6370e3)))
    assert stack.incidence_angle == pytest.approx(angle) and 30 < angle < 46
    assert stack.heading == -167.5
    assert open_stack(stack.companions["coherence"]).shape == stack.shape


def test_mintpy_interferograms(tmp_path):
    pytest.importorskip("h5py")
    path = makers.mintpy_ifgrams(tmp_path / "ifgramStack.h5")
    stack, result = opened(path, tmp_path / "out.vrt")
    assert result.details["format"] == "mintpy" and stack.quantity == "phase"
    assert pairs(stack) == [(DATES[0], DATES[1]), (REFERENCE, DATES[2])]  # the second is dropped
    assert [band.perpendicular_baseline for band in stack.bands] == [12.0, 3.5]
    np.testing.assert_array_equal(stack.read(*ALL)[1], makers.phase(2))
    assert stack.wavelength == 0.0562 and stack.incidence_angle == 34.0
    assert stack.spacing_m == pytest.approx((28.0, 9.0 / np.sin(np.radians(34.0))))
    assert not result.details["connected"] and "no interferogram connects" in result.summary
    assert any("dropped" in warning for warning in result.warnings)


@pytest.mark.parametrize("ending", [".vrt", ".tif"])
def test_mintpy_images(tmp_path, ending):
    pytest.importorskip("h5py")
    path = makers.mintpy_slcs(tmp_path / "slcStack.h5")
    stack, _ = opened(path, tmp_path / f"out{ending}")
    assert stack.complex and len(stack) == 5
    np.testing.assert_array_equal(stack.read(*ALL)[4], makers.complex_image(4))
    assert stack.geotransform[0] == -99.0 and "4326" in stack.projection
    assert stack.bands[3].perpendicular_baseline == 15.0


def test_hdf5_that_gdal_cannot_read_is_copied_and_said_so(tmp_path, monkeypatch):
    pytest.importorskip("h5py")
    from stillpoint.models.rasters import vrt, writing_parts

    monkeypatch.setattr(vrt, "readable_by_gdal", lambda layer: False)
    monkeypatch.setattr(writing_parts, "readable_by_gdal", lambda layer: False)
    path = makers.mintpy_slcs(tmp_path / "slcStack.h5")
    stack, result = opened(path, tmp_path / "out.vrt")
    np.testing.assert_array_equal(stack.read(*ALL)[2], makers.complex_image(2))
    assert (tmp_path / "out_copy.tif").exists()
    assert any("copied to out_copy.tif" in warning for warning in result.warnings)


def test_opera(tmp_path):
    pytest.importorskip("h5py")
    folder = makers.opera(tmp_path / "cslc")
    stack, result = opened(folder, tmp_path / "out.vrt")
    assert result.details["format"] == "opera-cslc"
    assert [band.date for band in stack.bands] == [day(date) for date in sorted((REFERENCE, *DATES))]
    np.testing.assert_array_equal(stack.read(*ALL)[2], makers.complex_image(int(REFERENCE)))
    assert stack.geotransform == (500000.0, 5.0, 0.0, 4000000.0, 0.0, -10.0) and stack.spacing_m == (10.0, 5.0)
    assert "32611" in stack.projection and stack.wavelength == 0.05546576


def test_opera_of_two_bursts(tmp_path):
    pytest.importorskip("h5py")
    folder = makers.opera(tmp_path / "cslc", bursts=("t064_135518_iw1", "t064_135519_iw1"))
    with pytest.raises(StillpointError, match="2 bursts: t064_135518_iw1"):
        opened(folder, tmp_path / "out.vrt")


def test_envi(tmp_path):
    folder = makers.envi(tmp_path / "raw")
    stack, result = opened(folder, folder / "out.vrt")
    assert result.details["format"] == "envi" and pairs(stack) == [(REFERENCE, date) for date in DATES]
    np.testing.assert_array_equal(stack.read(*ALL)[3], makers.complex_image(int(DATES[3])))
    assert not stack.spacing_known and "20 m" in stack.notes[0]


@pytest.mark.parametrize("ending", [".vrt", ".tif"])
def test_one_geotiff_a_pair_with_mixed_order(tmp_path, ending):
    folder = makers.geotiffs(tmp_path / "product")
    stack, result = opened(folder, tmp_path / f"out{ending}")
    assert result.details["format"] == "geotiff"
    assert pairs(stack) == [(REFERENCE, date) for date in DATES]
    assert any("2 of 4 interferograms" in note and REFERENCE[:4] in note for note in result.warnings)
    values = stack.read(*ALL)
    for index, date in enumerate(DATES):
        sign = -1 if date < REFERENCE else 1
        np.testing.assert_array_equal(values[index], sign * makers.phase(int(date)))
    coherence = open_stack(stack.companions["coherence"])
    np.testing.assert_allclose(coherence.read(*ALL), 0.8, rtol=1e-6)
    assert pairs(coherence) == pairs(stack)
    amplitude = open_stack(stack.companions["amplitude"])
    np.testing.assert_array_equal(amplitude.read(*ALL)[2], np.abs(makers.complex_image(int(REFERENCE))))


def test_complex_interferograms_of_mixed_order_are_conjugated(tmp_path):
    for date in DATES:
        first, second = sorted((date, REFERENCE))
        makers.tif(tmp_path / "p" / f"{first}_{second}.tif", makers.complex_image(int(date)))
    stack, result = opened(tmp_path / "p", tmp_path / "out.vrt")
    np.testing.assert_array_equal(stack.read(*ALL)[0], makers.complex_image(int(DATES[0])).conj())
    np.testing.assert_array_equal(stack.read(*ALL)[3], makers.complex_image(int(DATES[3])))
    assert any("conjugated" in note for note in result.warnings)


def test_baselines_change_their_sign_with_the_order(tmp_path):
    for date in DATES:
        first, second = sorted((date, REFERENCE))
        makers.tif(tmp_path / "p" / f"{first}_{second}_ifg.tif", makers.phase(1))
    (tmp_path / "p" / "pairs.csv").write_text(
        "pair,date1,date2,bperp_m\n" + "".join(f"x,{min(d, REFERENCE)},{max(d, REFERENCE)},{10 + i}\n" for i, d in enumerate(DATES))
    )
    stack, _ = opened(tmp_path / "p", tmp_path / "out.vrt")
    assert [band.perpendicular_baseline for band in stack.bands] == [-10.0, -11.0, 12.0, 13.0]


def test_baselines_of_snaps_stack_overview(tmp_path):
    for date in DATES:
        makers.tif(tmp_path / "p" / f"{REFERENCE}_{date}_phase.tif", makers.phase(1))
    rows = [f"S1A_IW_SLC__1SDV_{date}T120341_{date}T120409_017861_01DF21_CAFE,{metres},0.00,0.81,-3120.40,1.80"
            for date, metres in ((REFERENCE, "0.00"), *zip(DATES, ("5.75", "-17.88", "30.1", "2.5")))]
    (tmp_path / "p" / "baselines.csv").write_text(
        "Product,PerpBaseline[m],TempBaseline[days],Coherence,HeightofAmbiguity[m],DopplerDiff[Hz],\n" + "\n".join(rows)
    )
    stack, _ = opened(tmp_path / "p", tmp_path / "out.vrt")
    assert [band.perpendicular_baseline for band in stack.bands] == [5.75, -17.88, 30.1, 2.5]


def test_multiband_and_a_stack_again(tmp_path):
    values = np.stack([makers.phase(number) for number in range(4)])
    names = [f"i_ifg_VV_15Jan2018_{text}" for text in ("22Dec2017", "03Jan2018", "27Jan2018", "08Feb2018")]
    path = makers.tif(tmp_path / "snap.tif", values, description=names)
    stack, result = opened(path, tmp_path / "out.tif", wavelength=0.0555)
    assert result.details["format"] == "multiband" and pairs(stack) == [(REFERENCE, date) for date in DATES]
    np.testing.assert_array_equal(stack.read(*ALL), values)
    again, _ = opened(tmp_path / "out.tif", tmp_path / "again.vrt")
    assert again.bands == stack.bands and again.wavelength == 0.0555
    np.testing.assert_array_equal(again.read(*ALL), values)


def test_files_instead_of_a_folder_and_dates_in_folder_names(tmp_path):
    files = [makers.tif(tmp_path / "p" / f"{REFERENCE}_{date}" / "phase.tif", makers.phase(int(date))) for date in DATES]
    stack, _ = opened(files[:3], tmp_path / "out.vrt")
    assert pairs(stack) == [(REFERENCE, date) for date in DATES[:3]]


@pytest.mark.parametrize(
    ("values", "scale", "note"),
    [
        (np.round(makers.phase(1) * 1e4).astype("i2"), 1e-4, "ten-thousandths"),
        (np.round(makers.phase(1) * 1e3).astype("i2"), 1e-3, "thousandths"),
        (np.round(makers.phase(1) / np.pi * 32768).astype("i2"), np.pi / 32768, "±π"),
        (np.round(np.degrees(makers.phase(1))).astype("i2"), np.pi / 180, "degrees"),
    ],
)
def test_integer_phase_is_scaled_and_said_so(tmp_path, values, scale, note):
    full = np.pi - 1e-4
    values.flat[:2] = np.round(np.array([-full, full]) / scale)  # a real image reaches both ends
    for date in DATES:
        makers.tif(tmp_path / "p" / f"{REFERENCE}_{date}_phase.tif", values)
    stack, result = opened(tmp_path / "p", tmp_path / "out.vrt")
    np.testing.assert_allclose(stack.read(*ALL)[0], values * scale, rtol=1e-5)
    assert any(note in warning for warning in result.warnings)


def test_bytes_are_taken_for_a_full_turn(tmp_path):
    values = np.random.default_rng(0).integers(0, 256, (ROWS, COLS)).astype("u1")
    values[0, :2] = 0, 255
    for date in DATES:
        makers.tif(tmp_path / "p" / f"{REFERENCE}_{date}_phase.tif", values)
    stack, result = opened(tmp_path / "p", tmp_path / "out.vrt")
    np.testing.assert_allclose(stack.read(*ALL)[0], values * (2 * np.pi / 256) - np.pi, atol=1e-5)
    assert any("0 to 255" in warning for warning in result.warnings)


def test_scale_that_the_file_tells_is_applied(tmp_path):
    values = np.round(makers.phase(1) * 100).astype("i2")
    for date in DATES:
        makers.tif(tmp_path / "p" / f"{REFERENCE}_{date}_phase.tif", values, scale=(0.01, 0.0), nodata=int(values[0, 0]))
    stack, _ = opened(tmp_path / "p", tmp_path / "out.vrt")
    read = stack.read(*ALL)[0]
    expected = np.where(values == values[0, 0], np.nan, values * 0.01)
    np.testing.assert_allclose(read, expected, rtol=1e-5)


def test_nan_borders_stay_missing(tmp_path):
    values = makers.phase(5)
    values[:, :3] = np.nan
    for date in DATES:
        makers.tif(tmp_path / "p" / f"{REFERENCE}_{date}_phase.tif", values)
    stack, result = opened(tmp_path / "p", tmp_path / "out.tif")
    np.testing.assert_array_equal(stack.read(*ALL)[3], values)
    assert result.details["bands"][0]["missing"] == pytest.approx(1 / 3, abs=1e-3) and "Missing" in result.summary
