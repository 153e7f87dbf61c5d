from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from osgeo import gdal, ogr

from stillpoint.models.errors import Cancelled, StillpointError
from stillpoint.models.jobs import Simulate
from stillpoint.models.progress import SILENT, Progress
from stillpoint.models.simulation import simulate as simulation
from stillpoint.models.simulation.terrain import power_law_field
from stillpoint.models.simulation.valley import Valley
from stillpoint.models.simulation.zones import BILINEAR, LINEAR, QUADRATIC, STABLE, UNWRAPPING_ERROR

HALF = 27.73288


@pytest.fixture(scope="module")
def valley():
    scene = Valley(dates=100, seed=3)
    return scene, next(iter(scene.blocks(4000)))


def fit(years: np.ndarray, values: np.ndarray, *columns: np.ndarray) -> np.ndarray:
    design = np.column_stack([np.ones_like(years), years, *columns])
    return np.linalg.lstsq(design, values.T, rcond=None)[0].T


def test_the_valley_has_every_class_and_mostly_stable_points(valley) -> None:
    _, points = valley
    counts = np.bincount(points.columns["true_code"], minlength=5)
    assert counts[STABLE] > 0.6 * len(points.x)
    assert (counts > 0.02 * len(points.x)).all()


def test_the_series_follow_their_truth(valley) -> None:
    scene, points = valley
    years, code = scene.years, points.columns["true_code"]
    whole = ~np.isnan(points.displacement).any(axis=1)
    for label, tolerance in ((STABLE, 0.5), (LINEAR, 0.6)):
        rows = whole & (code == label)
        error = fit(years, points.displacement[rows])[:, 1] - points.columns["true_v"][rows]
        assert abs(np.median(error)) < tolerance
    rows = whole & (code == QUADRATIC)
    found = 2 * fit(years, points.displacement[rows], years**2)[:, 2]
    assert np.median(np.abs(found - points.columns["true_accel"][rows])) < 1.0
    rows = whole & (code == BILINEAR)
    begin = (points.columns["true_break"][rows] - scene.dates[0]).astype(float) / 365.25
    after = np.array([
        np.polyfit(years[years > start], values[years > start], 1)[0]
        for start, values in zip(begin, points.displacement[rows])
    ])
    assert np.median(np.abs(after - points.columns["true_v2"][rows])) < 2.0


def test_unwrapping_errors_are_steps_of_half_a_wavelength(valley) -> None:
    _, points = valley
    rows = np.flatnonzero(points.columns["true_code"] == UNWRAPPING_ERROR)
    largest = np.nanmax(np.abs(np.diff(points.displacement[rows], axis=1)), axis=1)
    assert abs(np.median(largest) - HALF) < 4.0
    assert (points.columns["true_jumps"][rows] > 0).all()
    stable = points.columns["true_code"] == STABLE
    assert (points.columns["true_jumps"][stable] == 0).all()


def test_noise_follows_the_coherence(valley) -> None:
    _, points = valley
    still = (points.columns["true_code"] == STABLE) & ~np.isnan(points.displacement).any(axis=1)
    steps = np.diff(points.displacement[still], axis=1).std(axis=1)
    quality = points.columns["coherence"][still]
    assert steps[quality < 0.8].mean() > 1.3 * steps[quality > 0.93].mean()


def test_the_same_seed_gives_the_same_values() -> None:
    first, again = (next(iter(Valley(dates=30, seed=7).blocks(200))) for _ in range(2))
    other = next(iter(Valley(dates=30, seed=8).blocks(200)))
    assert first.displacement.tobytes() == again.displacement.tobytes()
    assert first.x.tobytes() == again.x.tobytes()
    assert first.displacement.tobytes() != other.displacement.tobytes()


def test_a_short_calendar_works() -> None:
    points = next(iter(Valley(dates=5, seed=1).blocks(300)))
    assert points.displacement.shape == (300, 5)


def test_the_spectrum_falls_as_asked() -> None:
    fields = [power_law_field(np.random.default_rng(seed), 64, 64, slope=8 / 3) for seed in range(20)]
    window = np.hanning(64)[:, None] * np.hanning(64)[None, :]
    power = np.mean([np.abs(np.fft.fft2(field * window)) ** 2 for field in fields], axis=0)
    wavenumber = np.hypot(*np.meshgrid(np.fft.fftfreq(64) * 64, np.fft.fftfreq(64) * 64))
    kept = (wavenumber > 4) & (wavenumber < 24)
    slope = np.polyfit(np.log(wavenumber[kept]), np.log(power[kept]), 1)[0]
    assert -3.1 < slope < -2.2


@pytest.mark.parametrize("what", ["valley", "series"])
def test_the_job_writes_points_with_series_and_truth(what: str, tmp_path: Path) -> None:
    output = tmp_path / "points.gpkg"
    result = simulation.simulate(Simulate(what=what, output=str(output), points=300, dates=40, seed=2), SILENT)
    opened = ogr.Open(str(output))  # the layer lives as long as its data source
    layer = opened.GetLayer(0)
    names = {field.GetName() for field in layer.schema}
    assert layer.GetFeatureCount() == 300
    assert {"id", "true_code", "true_trend", "true_break"} <= names
    assert sum(name.startswith("D20") for name in names) == result.details["dates"]
    assert sum(result.details["classes"].values()) == 300
    assert layer.GetSpatialRef().GetAuthorityCode(None) == "32632"


def test_the_terrain_lies_under_the_points(tmp_path: Path) -> None:
    terrain, output = tmp_path / "heights.tif", tmp_path / "points.gpkg"
    job = Simulate(what="valley", output=str(output), points=100, dates=10, terrain=str(terrain))
    assert simulation.simulate(job, SILENT).outputs["terrain"] == str(terrain)
    raster = gdal.Open(str(terrain))
    west, width, _, north, _, height = raster.GetGeoTransform()
    values = raster.ReadAsArray()
    opened = ogr.Open(str(output))
    for feature in opened.GetLayer(0):
        point = feature.GetGeometryRef()
        row, column = int((point.GetY() - north) / height), int((point.GetX() - west) / width)
        assert abs(values[row, column] - feature["height"]) < 80.0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["heights.tif", "points.gpkg"]


def test_series_have_no_terrain(tmp_path: Path) -> None:
    job = Simulate(what="series", output=str(tmp_path / "s.gpkg"), points=10, dates=20, terrain=str(tmp_path / "t.tif"))
    with pytest.raises(StillpointError, match="no terrain"):
        simulation.simulate(job, SILENT)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("what", ["interferograms", "offsets"])
@pytest.mark.parametrize("name", ["stack", "terrain"])
def test_files_that_a_simulation_does_not_write_are_refused(what: str, name: str, tmp_path: Path) -> None:
    job = Simulate(what=what, output=str(tmp_path / "a.tif"), size=64, **{name: str(tmp_path / "b.tif")})
    with pytest.raises(StillpointError, match=f"No {name} is written for {what}"):
        simulation.simulate(job, SILENT)
    assert not list(tmp_path.iterdir())


def test_more_dates_than_interferograms_can_connect_are_refused(tmp_path: Path) -> None:
    job = Simulate(what="interferograms", site="city", output=str(tmp_path / "a.tif"), size=64, dates=300)
    with pytest.raises(StillpointError, match="Take at most 201 dates"):
        simulation.simulate(job, SILENT)
    assert not list(tmp_path.iterdir())


def test_a_cancelled_simulation_leaves_nothing(tmp_path: Path) -> None:
    job = Simulate(what="valley", output=str(tmp_path / "s.gpkg"), points=100, dates=20)
    with pytest.raises(Cancelled):
        simulation.simulate(job, Progress(cancelled=lambda: True))
    assert list(tmp_path.iterdir()) == []
