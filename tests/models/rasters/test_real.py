"""Real stacks as they lie in their folders; see the README in each. Skipped where they are not there."""

from __future__ import annotations

import time

import numpy as np
import pytest
from osgeo import gdal

from stillpoint.models.errors import StillpointError
from stillpoint.models.jobs import DescribeStack, OpenStack
from stillpoint.models.progress import SILENT
from stillpoint.models.rasters.describe import describe_stack
from stillpoint.models.rasters.opening import open_stack_job
from stillpoint.models.rasters.stack import open_stack

ALL = (slice(None), slice(None))


def folder(real_data, *parts):
    place = real_data.joinpath(*parts)
    if not place.is_dir():
        pytest.skip(f"{place} is not there")
    return str(place)


def opened(source, output, **options):
    return open_stack_job(OpenStack(sources=[source], output=str(output), **options), SILENT)


def test_houston_becomes_a_single_reference_stack(real_data, tmp_path):
    source = folder(real_data, "houston-s1-psps")
    result = opened(source, tmp_path / "houston.vrt")
    assert any("29 of 92 interferograms" in note and "2018-01-15" in note for note in result.warnings)
    start = time.perf_counter()
    with open_stack(result.outputs["output"]) as stack:
        assert time.perf_counter() - start < 1.0  # 92 bands
        assert (stack.quantity, len(stack), stack.shape) == ("phase", 92, (600, 380))
        assert {str(band.reference_date) for band in stack.bands} == {"2018-01-15"}
        assert stack.wavelength == pytest.approx(0.05547, abs=1e-5) and np.isfinite(stack.read(slice(0, 64), slice(0, 64))).all()
        before = {str(band.secondary_date): band.number for band in stack.bands}
        for name, day, sign in (("20170201_20180115", "2017-02-01", -1), ("20180115_20180127", "2018-01-27", 1)):
            raw = gdal.Open(f"{source}/ifg/{name}.diff_pha.tif").ReadAsArray()
            np.testing.assert_array_equal(stack.read(*ALL, bands=[before[day]])[0], sign * raw)
        companions = dict(stack.companions)
    with open_stack(companions["amplitude"]) as amplitude, open_stack(companions["coherence"]) as coherence:
        assert (len(amplitude), amplitude.quantity) == (93, "amplitude")
        values = coherence.read(slice(100, 200), slice(100, 200))
        assert len(coherence) == 92 and 0.2 < values.max() <= 1.0 and values.min() >= 0.0


def test_houston_raw_sample(real_data, tmp_path):
    source = folder(real_data, "houston-s1-psps", "raw_sample")
    result = opened(source, tmp_path / "raw.vrt")
    with open_stack(result.outputs["output"]) as stack:
        assert stack.complex and [str(day) for day in stack.bands[0].days] == ["2017-12-22", "2018-01-15"]
        phase = np.angle(stack.read(*ALL)[0])
        rounded = gdal.Open(f"{source}/../ifg/20171222_20180115.diff_pha.tif").ReadAsArray()
        assert np.abs(np.angle(np.exp(1j * (phase - rounded)))).max() < 0.01
        assert "amplitude" in stack.companions


def test_mexico_city_whole_folder(real_data, tmp_path):
    result = opened(folder(real_data, "mexico-city-s1-pyrate"), tmp_path / "mexico.vrt")
    with open_stack(result.outputs["output"]) as stack:
        assert (stack.quantity, len(stack)) == ("unwrapped", 30)
        assert stack.wavelength == pytest.approx(0.0555042, abs=1e-6) and stack.incidence_angle == pytest.approx(39.7, abs=0.05)
        told = {band.label: band.perpendicular_baseline for band in stack.bands}
        assert told["2018-01-06 2018-01-30"] == pytest.approx(30.34, abs=0.5)
        assert told["2018-01-06 2018-04-12"] == pytest.approx(-74.83, abs=0.5)
        share = np.isnan(stack.read(*ALL)).mean()
        assert 0.01 < share < 0.03
        assert "coherence" in stack.companions
    assert result.details["connected"] and len(result.details["dates"]) == 13
    assert result.details["baselines"] is not None


def test_muldrow_amplitudes(real_data):
    details = describe_stack(DescribeStack(sources=[folder(real_data, "s1-muldrow-surge")]), SILENT)
    assert details.details["quantity"] == "amplitude" and len(details.details["dates"]) == 6
    assert any("logarithms" in note for note in details.warnings)


@pytest.mark.parametrize(
    ("name", "match"),
    [
        ("velocity-kaskawulsh-l8", "neither phase nor amplitude.*vx.tif"),
        ("baselines-maoxian-s1", "no raster images"),
        ("ps-amsterdam-x", "no raster images"),
    ],
)
def test_what_is_no_stack(real_data, name, match):
    with pytest.raises(StillpointError, match=match):
        describe_stack(DescribeStack(sources=[folder(real_data, name)]), SILENT)
