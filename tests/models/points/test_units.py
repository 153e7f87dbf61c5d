from __future__ import annotations

import numpy as np
import pytest

from stillpoint.models.errors import StillpointError
from stillpoint.models.points.formats.cells import scaled
from stillpoint.models.points.sensors import guess_sensor
from stillpoint.models.points.units import decide_unit, noise, unit_of_names

MM = np.random.default_rng(0).normal(0, 3, (50, 60)).astype(np.float32)


def test_noise_is_the_standard_deviation_of_white_noise():
    assert noise(np.random.default_rng(1).normal(0, 3, (200, 300))) == pytest.approx(3, rel=0.05)
    assert np.isnan(noise(np.zeros((5, 10)))) and np.isnan(noise(np.full((5, 10), np.nan))) and np.isnan(noise(np.empty((0, 4))))


@pytest.mark.parametrize(("scale", "unit"), [(1, "mm"), (0.02, "cm"), (0.001, "m")])
def test_size_tells_the_unit(scale, unit):
    assert decide_unit(MM * scale, "f")[:2] == (unit, "size of the values")


def test_header_wins_over_format_and_the_user_over_both():
    assert decide_unit(MM, "f", header=("mm", "header"), known=("cm", "format"))[:2] == ("mm", "header")
    assert decide_unit(MM, "f", known=("cm", "format"))[:2] == ("cm", "format")
    assert decide_unit(MM, "f", given="cm", header=("mm", "header"))[:2] == ("cm", "given")


@pytest.mark.parametrize(
    ("label", "names", "unit"),
    [
        (("D", "_mm"), [], "mm"), (("disp (cm) ", ""), [], "cm"), (("d [m]", ""), [], "m"), (("D", ""), ["VEL"], ""),
        (("D", ""), ["mean_velocity_mm_yr"], "mm"), (("D", ""), ["vel (cm/year)"], "cm"), (("D", ""), ["pixel_mm"], ""),
    ],
)
def test_unit_in_the_header(label, names, unit):
    assert unit_of_names(label, names)[0] == unit


def test_units_that_cannot_be_right():
    with pytest.raises(StillpointError, match="set the unit to m"):
        decide_unit(MM * 1e-3, "f", given="mm")
    with pytest.raises(StillpointError, match="set the unit to mm"):
        decide_unit(MM * 100, "f", given="m")
    with pytest.raises(StillpointError, match="unknown"):
        decide_unit(MM, "f", given="inch")
    assert any("typical displacement" in note for note in decide_unit(MM * 5, "f", given="m")[2])


def test_nothing_to_judge_by_is_millimetres():
    for values in (np.full((5, 10), np.nan), np.zeros((5, 10))):
        unit, reason, notes = decide_unit(values, "f")
        assert (unit, reason) == ("mm", "convention") and "assumed" in notes[0]


@pytest.mark.parametrize(
    ("first", "step", "name"),
    [("2016-01-01", 6, "Sentinel-1"), ("2015-01-01", 12, "Sentinel-1"), ("2012-01-01", 11, "TerraSAR-X"),
     ("2004-01-01", 24, "RADARSAT"), ("1995-01-01", 35, "ERS"), ("2007-01-01", 46, "ALOS"), ("1999-01-01", 5, "")],
)
def test_sensor_by_the_days_between_acquisitions(first, step, name):
    dates = np.datetime64(first) + step * np.array([0, 1, 2, 4, 5, 9, 10])
    sensor, wavelength, notes = guess_sensor(dates)
    assert sensor.startswith(name) and (wavelength is None) == (not name)
    assert bool(notes) == bool(name)


def test_fill_values_are_missing_in_every_unit():
    values = np.array([[1.0, np.nan, np.inf, -np.inf, 9.96921e36, -1e20, -3.5]])
    for unit, factor in (("mm", 1), ("m", 1000)):
        found = scaled(values, unit)
        assert found.dtype == np.float32 and found[0, 0] == factor and found[0, -1] == -3.5 * factor
        assert np.isnan(found[0, 1:-1]).all()
