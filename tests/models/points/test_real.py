"""Every real point file opens without an option."""

from __future__ import annotations

import numpy as np
import pytest

from stillpoint.models.jobs import DescribePoints
from stillpoint.models.points.describe import describe_points
from stillpoint.models.points.opening import open_points
from stillpoint.models.progress import SILENT

# file, points, dates, first, last, unit, CRS, wavelength
FILES = [
    ("ps-amsterdam-x/amsterdam_ps_west.csv", 1875, 11, "2016-03-27", "2016-07-15", "m", "EPSG:4326", 0.0311),
    ("ps-boissano-rsat/boissano_rsat_a_t290.csv", 1182, 99, "2003-03-17", "2010-12-17", "mm", "EPSG:3003", 0.0566),
    ("ps-boissano-rsat/boissano_rsat_a_t290.gpkg", 1182, 99, "2003-03-17", "2010-12-17", "mm", "EPSG:3003", 0.0566),
    ("ps-houston-s1/houston_s1_ps.csv", 6004, 93, "2017-02-01", "2020-02-22", "mm", "EPSG:4326", 0.0555),
    ("ps-houston-s1/houston_s1_ps_unfiltered.csv.gz", 6004, 93, "2017-02-01", "2020-02-22", "mm", "EPSG:4326", 0.0555),
    ("psbas-huelva-s1/huelva_s1_asc.csv", 573, 134, "2015-03-09", "2020-01-06", "cm", "EPSG:4326", 0.0555),
    ("psbas-huelva-s1/huelva_s1_asc.gpkg", 573, 134, "2015-03-09", "2020-01-06", "cm", "EPSG:25830", 0.0555),
    ("stamps-maoxian-s1/Maoxian_SBAS.csv", 608, 38, "2014-11-26", "2017-06-19", "mm", "EPSG:4326", 0.0555),
]


@pytest.mark.parametrize(("name", "points", "dates", "first", "last", "unit", "crs", "wavelength"), FILES)
def test_real_file(real_data, name, points, dates, first, last, unit, crs, wavelength):
    with open_points(str(real_data / name)) as source:
        layout = source.layout
        blocks = list(source.blocks(500))
    assert (len(layout.dates), str(layout.dates[0]), str(layout.dates[-1])) == (dates, first, last)
    assert (layout.unit, layout.crs) == (unit, crs) and layout.wavelength == pytest.approx(wavelength, abs=1e-4)
    assert sum(map(len, blocks)) == points and layout.count in (points, None)
    values = np.concatenate([block.displacement for block in blocks])
    assert np.isfinite(values).all() and 0.5 < np.median(np.abs(values)) < 30  # millimetres
    assert all(np.isfinite(block.x).all() and np.isfinite(block.y).all() for block in blocks)


@pytest.mark.parametrize("folder", ["ps-boissano-rsat", "psbas-huelva-s1"])
def test_table_and_layer_agree(real_data, folder):
    first, second = sorted((real_data / folder).glob("*.csv")) + sorted((real_data / folder).glob("*.gpkg"))
    found = []
    for path in (first, second):
        with open_points(str(path)) as source:
            found.append(np.concatenate([block.displacement for block in source.blocks()]))
    np.testing.assert_allclose(found[0], found[1], atol=1e-3)


def test_description(real_data):
    job = DescribePoints(points=str(real_data / "psbas-huelva-s1" / "huelva_s1_asc.csv"))
    result = describe_points(job, SILENT)
    details = result.details
    assert details["count"] == 573 and len(details["dates"]) == 134 and details["dates"][0] == "2015-03-09"
    assert details["unit"] == "cm" and details["format"] == "P-SBAS (EPOSAR) table" and len(details["sample"]) == 5
    assert details["extent"][0] == pytest.approx(-6.6, abs=0.2) and details["attributes"][0] == {"name": "ID", "kind": "integer"}
    assert "573" in result.summary and "cm" in result.summary and result.warnings == details["notes"]
    import json

    json.dumps(result.to_dict(), allow_nan=False)
