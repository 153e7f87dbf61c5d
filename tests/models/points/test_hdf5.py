from __future__ import annotations

import h5py
import numpy as np
import pytest

from stillpoint.models.errors import StillpointError
from stillpoint.models.points.formats import pixels
from stillpoint.models.points.opening import open_points

from .makers import DAYS, compact
from .test_text_tables import read

CUBE = np.random.default_rng(2).normal(0, 4, (8, 6, 5)).astype(np.float32)
"""Displacements in mm, 8 epochs of 6 rows and 5 columns."""
GEO = {"X_FIRST": "10.0", "Y_FIRST": "45.0", "X_STEP": "0.01", "Y_STEP": "-0.01", "X_UNIT": "degrees"}


def mintpy(path, attributes=None, cube=CUBE / 1000, days=DAYS):
    cube = cube.copy()
    cube[:, 0, 0] = 0  # no data
    cube[:, 1, 1] = np.nan
    cube[:, 2, 2] = 0  # the reference pixel
    with h5py.File(path, "w") as file:
        file["timeseries"] = cube
        file["date"] = np.array([compact(day) for day in days], dtype="S8")
        file["bperp"] = np.zeros(len(days), np.float32)
        base = {"FILE_TYPE": "timeseries", "UNIT": "m", "WAVELENGTH": "0.0555", "PLATFORM": "Sen", "REF_Y": "2", "REF_X": "2"}
        for key, value in {**base, **(GEO if attributes is None else attributes)}.items():
            file.attrs[key] = value
    return path


def licsbas(path, *, mask=None, corner=True):
    cube = CUBE.copy()
    cube[:, 1, 1] = np.nan
    with h5py.File(path, "w") as file:
        file["cum"] = cube
        file["imdates"] = [np.int32(compact(day)) for day in DAYS]
        file["vel"] = CUBE[0]
        file["refarea"] = "0:1/0:1"
        if corner:
            for name, value in {"corner_lat": 45.0, "corner_lon": 10.0, "post_lat": -0.001, "post_lon": 0.001}.items():
                file[name] = value
        if mask is not None:
            file["mask"] = mask
    return path


@pytest.mark.parametrize("rows", [4, 1000])
@pytest.mark.parametrize("stripe", [1, 64 << 20])
def test_mintpy(tmp_path, monkeypatch, rows, stripe):
    monkeypatch.setattr(pixels, "_STRIPE_BYTES", stripe)
    layout, x, y, found, attributes = read(mintpy(tmp_path / "geo_timeseries_ERA5.h5"), rows=rows)
    assert (layout.unit, layout.crs, layout.wavelength, layout.count) == ("m", "EPSG:4326", 0.0555, 28)
    assert layout.sensor == "Sen (C band)"
    np.testing.assert_array_equal(layout.dates, DAYS)
    expected = CUBE.copy()
    expected[:, 2, 2] = 0
    np.testing.assert_allclose(found, expected[:, attributes["row"], attributes["col"]].T, atol=1e-4)
    np.testing.assert_allclose(x, 10 + (attributes["col"] + 0.5) * 0.01)
    np.testing.assert_allclose(y, 45 - (attributes["row"] + 0.5) * 0.01)
    assert (2, 2) in zip(attributes["row"], attributes["col"]) and (0, 0) not in zip(attributes["row"], attributes["col"])


@pytest.mark.parametrize(
    ("attributes", "crs"),
    [
        ({"X_UNIT": "meters", "EPSG": "32633"}, "EPSG:32633"),
        ({"X_UNIT": "meters", "UTM_ZONE": "11S"}, "EPSG:32711"),
        ({"X_UNIT": "meters"}, ""),
    ],
)
def test_mintpy_in_metres(tmp_path, attributes, crs):
    path = mintpy(tmp_path / "ts.h5", {**GEO, "X_STEP": "30", "Y_STEP": "-30", **attributes})
    layout, *_ = read(path)
    assert layout.crs == crs
    assert read(path, crs="EPSG:3035")[0].crs == "EPSG:3035"


def test_mintpy_in_radar_geometry(tmp_path):
    path = mintpy(tmp_path / "timeseries.h5", {})
    with pytest.raises(StillpointError, match=r"geometryRadar\.h5"):
        open_points(str(path))
    (tmp_path / "inputs").mkdir()
    lat, lon = np.meshgrid(np.linspace(45, 44, 6), np.linspace(10, 11, 5), indexing="ij")
    with h5py.File(tmp_path / "inputs" / "geometryRadar.h5", "w") as file:
        file["latitude"], file["longitude"], file["height"] = lat, lon, lat * 10
    layout, x, y, _, attributes = read(path)
    np.testing.assert_allclose(x, lon[attributes["row"], attributes["col"]])
    np.testing.assert_allclose(attributes["height"], y * 10)
    assert any("geometryRadar.h5" in note for note in layout.notes)


def test_mintpy_mask_and_repeated_dates(tmp_path):
    with h5py.File(tmp_path / "maskTempCoh.h5", "w") as file:
        file["mask"] = np.eye(6, 5, dtype=bool)
    days = DAYS.copy()
    days[-1] = days[0]
    layout, _, _, found, attributes = read(mintpy(tmp_path / "timeseries.h5", days=days))
    assert set(zip(attributes["row"].tolist(), attributes["col"].tolist())) == {(2, 2), (3, 3), (4, 4)}
    assert len(layout.dates) == 7 and found[1, 0] == pytest.approx((CUBE[0, 3, 3] + CUBE[7, 3, 3]) / 2, abs=1e-4)
    assert any("maskTempCoh" in note for note in layout.notes) and any("averaged" in note for note in layout.notes)


def test_licsbas(tmp_path):
    layout, x, y, found, attributes = read(licsbas(tmp_path / "cum.h5"))
    assert (layout.unit, layout.crs, layout.count, layout.wavelength) == ("mm", "EPSG:4326", 29, 0.05547)
    np.testing.assert_array_equal(found, CUBE[:, attributes["row"], attributes["col"]].T)
    np.testing.assert_allclose(x, 10 + attributes["col"] * 0.001)
    np.testing.assert_allclose(y, 45 - attributes["row"] * 0.001)
    np.testing.assert_allclose(attributes["vel"], found[:, 0])


def test_licsbas_masks(tmp_path):
    mask = np.zeros((6, 5), np.float32)
    mask[3, 2], mask[4, 4] = 1, np.nan
    assert read(licsbas(tmp_path / "a.h5", mask=mask))[0].count == 1
    (tmp_path / "results").mkdir()
    mask.tofile(tmp_path / "results" / "mask")
    layout, *_ = read(licsbas(tmp_path / "cum.h5"))
    assert layout.count == 1 and any("results/mask" in note for note in layout.notes)


def _cut(path):
    path.write_bytes(path.read_bytes()[:-500])


def _other(path):
    with h5py.File(path, "w") as file:
        file["velocity"] = np.zeros((3, 3))


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (lambda p: _cut(mintpy(p)), "damaged or cut off"),
        (lambda p: p.write_bytes(b"\x89HDF\r\n\x1a\n" + b"\0" * 100), "damaged or cut off"),
        (_other, "no displacement series"),
        (lambda p: mintpy(p, days=DAYS[:7]), "7 dates for 8 epochs"),
        (lambda p: mintpy(p, cube=CUBE[:1] / 1000, days=DAYS[:1]), "only one epoch"),
        (lambda p: licsbas(p, corner=False), "not geocoded"),
        (lambda p: licsbas(p, mask=np.zeros((6, 5))), "no valid pixels"),
    ],
)
def test_what_cannot_be_read_is_said(tmp_path, make, sentence):
    path = tmp_path / "a.h5"
    make(path)
    with pytest.raises(StillpointError, match=sentence) as error:
        read(path)
    assert "a.h5" in str(error.value)
