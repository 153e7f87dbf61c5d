"""Profiles of offsets: distances, components along and across, errors, gaps, and the table that is exported."""

from __future__ import annotations

import csv

import numpy as np
import pytest

pytest.importorskip("qgis.core")

from qgis.core import QgsGeometry, QgsPointXY

from stillpoint.models.errors import StillpointError
from stillpoint.plugin import offsets
from stillpoint.plugin.offsets_profile import ACROSS, ALONG, MAGNITUDE, profile_along, save_csv
from stillpoint.tests.plugin.offset_rasters import ORIGIN, write_offsets

CELL = 80.0


def line(*places):
    """Return a line through cells (row, column) of the raster of offsets."""
    return QgsGeometry.fromPolylineXY(
        [QgsPointXY(ORIGIN[0] + CELL * (column + 0.5), ORIGIN[1] - CELL * (row + 0.5)) for row, column in places]
    )


def profile(path, shape, **options):
    facts = offsets.facts_of(str(path))
    return profile_along(facts, facts.pairs[0], shape, **options)


def test_distances_and_values_along_a_row(qgis_app, tmp_path):
    found = profile(write_offsets(tmp_path / "o.tif"), line((5, 0), (5, 15)), ellipsoid="NONE")
    assert found.distance_unit == "m" and found.unit == "m/day"
    assert found.distance[[0, -1]] == pytest.approx([0, 15 * CELL], rel=1e-6)
    assert np.diff(found.distance) == pytest.approx(CELL)
    assert found.values["east"][[0, -1]] == pytest.approx([0.3, 3.0]) and found.values["north"][-1] == pytest.approx(-2.0)
    assert found.values[MAGNITUDE][-1] == pytest.approx(13**0.5)
    assert found.values[ALONG][-1] == pytest.approx(3.0)
    assert found.values[ACROSS][-1] == pytest.approx(2.0)  # south is right of east
    assert found.errors["east"][-1] == pytest.approx(0.05) and found.errors[ACROSS][-1] == pytest.approx(0.1)
    assert found.errors[MAGNITUDE][-1] == pytest.approx(np.hypot(3 * 0.05, 2 * 0.1) / 13**0.5)
    assert found.peak[-1] == pytest.approx(0.8)


def test_line_in_the_other_direction_changes_signs(qgis_app, tmp_path):
    path = write_offsets(tmp_path / "o.tif")
    there, back = profile(path, line((5, 9), (5, 15))), profile(path, line((5, 15), (5, 9)))
    assert back.values[ALONG] == pytest.approx(-there.values[ALONG]) and back.values[ACROSS] == pytest.approx(-there.values[ACROSS])
    assert back.values[MAGNITUDE] == pytest.approx(there.values[MAGNITUDE])


def test_radar_geometry_counts_pixels_of_the_images(qgis_app, tmp_path):
    path = write_offsets(tmp_path / "o.tif", kinds=("range", "azimuth"), unit="px", transform=None, second=2.0)
    shape = QgsGeometry.fromPolylineXY([QgsPointXY(100, -4), QgsPointXY(100, -92)])  # towards later rows
    found = profile(path, shape)
    assert found.distance_unit == "px" and found.distance[-1] == pytest.approx(88)
    assert found.values["azimuth"] == pytest.approx(2.0)
    assert found.values[ALONG] == pytest.approx(2.0, abs=1e-5)  # later rows lie ahead
    assert found.values[ACROSS] == pytest.approx(-3.0, abs=1e-5)  # later columns lie on the left of a line that goes down


def test_degrees_are_measured_in_metres(qgis_app, tmp_path):
    path = write_offsets(tmp_path / "o.tif", transform=(-150.0, 0.001, 0, 63.0, 0, -0.001), epsg=4326)
    shape = QgsGeometry.fromPolylineXY([QgsPointXY(-149.999, 62.995), QgsPointXY(-149.985, 62.995)])
    found = profile(path, shape)
    assert found.distance_unit == "m"
    assert found.distance[-1] / 14 == pytest.approx(111_320 * np.cos(np.radians(62.995)) * 1e-3, rel=0.01)
    assert found.values[ALONG][-1] == pytest.approx(3.0, abs=1e-4)


def test_places_without_offsets_stay_empty(qgis_app, tmp_path):
    path = write_offsets(tmp_path / "o.tif")
    found = profile(path, line((0, 0), (0, 6)))
    assert np.isnan(found.values[MAGNITUDE][0]) and found.measured == len(found.distance) - 2
    beyond = profile(path, line((5, 12), (5, 20)))
    assert beyond.measured < len(beyond.distance) and np.isnan(beyond.peak[-1])


def test_lines_that_cannot_be_used_say_so(qgis_app, tmp_path):
    path = write_offsets(tmp_path / "o.tif")
    with pytest.raises(StillpointError, match="does not touch"):
        profile(path, line((40, 40), (50, 60)))
    with pytest.raises(StillpointError, match="no length"):
        profile(path, line((3, 3), (3, 3)))


def test_table_of_numbers(qgis_app, tmp_path):
    path = write_offsets(tmp_path / "o.tif", pairs=2)
    facts = offsets.facts_of(str(path))
    profiles = [profile_along(facts, pair, line((0, 0), (0, 15))) for pair in facts.pairs]
    target = save_csv(str(tmp_path / "table"), profiles)
    with open(target, newline="", encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    assert target.endswith("table.csv") and len(rows) == 2 * len(profiles[0].distance)
    assert rows[0]["magnitude_m_per_day"] == "" and float(rows[-1]["east_m_per_day"]) == pytest.approx(6.0)
    assert rows[-1]["secondary_date"] == "2021-02-03" and float(rows[-1]["north_error_m_per_day"]) == pytest.approx(0.1)
    with pytest.raises(StillpointError, match="cannot be written"):
        save_csv(str(tmp_path / "nowhere" / "t.csv"), profiles)
