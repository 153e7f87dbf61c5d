"""The job track-offsets from files to a file: bands, units, signs, places, and what is refused."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Tuple

import numpy as np
import pytest
from osgeo import gdal, ogr, osr

from stillpoint.models.cli import main
from stillpoint.models.errors import Cancelled, StillpointError
from stillpoint.models.jobs import Result, TrackOffsets
from stillpoint.models.offsets import track_file, work
from stillpoint.models.offsets.track_file import track_offsets
from stillpoint.models.progress import SILENT, Progress
from stillpoint.tests.models.offsets.speckle import pair, write

SHAPE = (192, 160)


@pytest.fixture(scope="module")
def images() -> Tuple[np.ndarray, np.ndarray]:
    """Reference and secondary: everything moved by 2 rows down and 3 columns to the left."""
    return pair((2.0, -3.0), shape=SHAPE, coherence=0.9)


def run(tmp_path: Path, reference: str, secondary: Any, **options: Any) -> Tuple[np.ndarray, gdal.Dataset, Result]:
    output = str(tmp_path / "offsets.tif")
    options = {"method": "correlation", **options}
    result = track_offsets(TrackOffsets(reference=reference, secondary=secondary, output=output, **options), SILENT)
    dataset = gdal.Open(output)
    return dataset.ReadAsArray(), dataset, result


def files(tmp_path: Path, images: Tuple[np.ndarray, np.ndarray], **options: Any) -> Tuple[str, str]:
    return (
        write(tmp_path / "s1_20210110.tif", images[0], **options), write(tmp_path / "s1_20210122.tif", images[1], **options)
    )


def middle(values: np.ndarray) -> np.ndarray:
    return np.nanmedian(values.reshape(len(values), -1), axis=1)


def test_bands_stand_in_their_order_and_say_what_they_are(tmp_path: Path, images: Tuple[np.ndarray, np.ndarray]) -> None:
    values, dataset, result = run(tmp_path, *files(tmp_path, images))
    assert values.shape == (5, SHAPE[0] // 8, SHAPE[1] // 8)
    assert middle(values)[:2] == pytest.approx([-3.0, 2.0], abs=0.05)
    assert (middle(values)[2:4] > 0).all() and 0.5 < middle(values)[4] <= 1
    assert "columns" in dataset.GetRasterBand(1).GetDescription() and "rows" in dataset.GetRasterBand(2).GetDescription()
    assert dataset.GetRasterBand(1).GetMetadata()["REFERENCE_DATE"] == "2021-01-10"
    assert dataset.GetMetadata()["GEOMETRY"] == "map" and dataset.GetMetadata()["UNITS"] == "pixels"
    assert json.loads(dataset.GetMetadata()["STILLPOINT_PROVENANCE"])["job"]["task"] == "track-offsets"
    assert result.details["share"] > 0.9
    # A cell of the result covers its block of 8 pixels, so that its centre is the node.
    assert dataset.GetGeoTransform() == (500000, 80, 0, 7000000, 0, -80)


def test_metres_on_a_map_count_eastwards_and_northwards(tmp_path: Path, images: Tuple[np.ndarray, np.ndarray]) -> None:
    values, dataset, _ = run(tmp_path, *files(tmp_path, images), units="metres")
    assert middle(values)[:2] == pytest.approx([-30.0, -20.0], abs=0.5)
    assert "East" in dataset.GetRasterBand(1).GetDescription() and "north" in dataset.GetMetadata()["SIGNS"]
    a_day, _, _ = run(tmp_path, *files(tmp_path, images), units="metres_a_day")
    assert a_day[:4] == pytest.approx(values[:4] / 12, abs=1e-4, nan_ok=True)


def test_metres_of_the_radar_count_to_later_rows_and_columns(tmp_path: Path, images: Tuple[np.ndarray, np.ndarray]) -> None:
    reference, secondary = files(tmp_path, images, geotransform=None)
    for path in (reference, secondary):
        dataset = gdal.Open(path, gdal.GA_Update)
        dataset.SetMetadata({"ROW_SPACING": "14", "COLUMN_SPACING": "2.5"})
        dataset = None
    values, dataset, _ = run(tmp_path, reference, secondary, units="metres")
    assert middle(values)[:2] == pytest.approx([-7.5, 28.0], abs=0.6)
    assert dataset.GetMetadata()["GEOMETRY"] == "radar" and "Azimuth" in dataset.GetRasterBand(2).GetDescription()


def test_without_a_pixel_spacing_there_are_no_metres(tmp_path: Path, images: Tuple[np.ndarray, np.ndarray]) -> None:
    with pytest.raises(StillpointError, match="no distance between its pixels"):
        run(tmp_path, *files(tmp_path, images, geotransform=None), units="metres")


@pytest.mark.parametrize("spacing", [5, 16, 24])
def test_other_spacings(tmp_path: Path, images: Tuple[np.ndarray, np.ndarray], spacing: int) -> None:
    values, dataset, _ = run(tmp_path, *files(tmp_path, images), spacing=spacing)
    assert values.shape[1:] == (SHAPE[0] // spacing, SHAPE[1] // spacing)
    assert dataset.GetGeoTransform()[1] == 10 * spacing
    assert middle(values)[:2] == pytest.approx([-3.0, 2.0], abs=0.05)


def test_tiles_leave_no_seam(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    images = pair((1.0, 0.4), shape=(512, 256), coherence=0.8)
    paths = files(tmp_path, images)
    whole, _, _ = run(tmp_path, *paths, outliers="keep")
    monkeypatch.setattr(track_file, "side_for", lambda *_: 256)
    monkeypatch.setattr(work, "MARGIN", 112)
    tiled, _, _ = run(tmp_path, *paths, outliers="keep")
    assert np.isfinite(whole).all() and np.isfinite(tiled).all()
    apart = np.abs(tiled[:2] - whole[:2])
    # The plate is solved tile by tile, to an end that is not quite the same; it is far below the standard errors.
    assert apart.mean() < 0.006 and apart.max() < 0.06 and (apart < whole[2:4]).mean() > 0.99


def test_a_stack_is_tracked_from_date_to_date(tmp_path: Path) -> None:
    wide = pair((0.0, 0.0), shape=(224, 192))[0]
    layers = [wide[16 - 2 * step : 208 - 2 * step, 16:176] for step in range(3)]
    dates = ["2021-01-22", "2021-01-10", "2021-02-03"]  # not in their order
    stack = write(tmp_path / "stack.tif", [layers[1], layers[0], layers[2]], dates=dates, quantity="amplitude")
    values, dataset, result = run(tmp_path, stack, None)
    assert values.shape[0] == 10 and result.details["pairs"] == 2
    assert [np.nanmedian(values[band]) for band in (1, 6)] == pytest.approx([2.0, 2.0], abs=0.05)
    assert dataset.GetRasterBand(6).GetMetadata()["SECONDARY_DATE"] == "2021-02-03"


def test_a_prior_and_stable_ground(tmp_path: Path, images: Tuple[np.ndarray, np.ndarray]) -> None:
    reference, secondary = files(tmp_path, images)
    rows, cols = SHAPE[0] // 8, SHAPE[1] // 8
    prior = write(tmp_path / "prior.tif", [np.full((rows, cols), value, np.float32) for value in (-3.0, 2.0)],
                  geotransform=(500000, 80, 0, 7000000, 0, -80))  # fmt: skip
    values, _, _ = run(tmp_path, reference, secondary, prior=prior, search=4)
    assert middle(values)[:2] == pytest.approx([-3.0, 2.0], abs=0.05)
    polygons = str(tmp_path / "stable.gpkg")
    made = ogr.GetDriverByName("GPKG").CreateDataSource(polygons)
    system = osr.SpatialReference()
    system.ImportFromEPSG(32605)
    layer = made.CreateLayer("stable", system)
    item = ogr.Feature(layer.GetLayerDefn())
    item.SetGeometry(ogr.CreateGeometryFromWkt(
        "POLYGON((500000 6998000,501000 6998000,501000 7000000,500000 7000000,500000 6998000))"
    ))
    layer.CreateFeature(item)
    item = layer = made = None
    flat, _, result = run(tmp_path, reference, secondary, stable=polygons)
    assert middle(flat)[:2] == pytest.approx([0.0, 0.0], abs=0.05)
    assert any("stable ground" in note for note in result.warnings)
    with pytest.raises(StillpointError, match="neither polygons nor a mask"):
        run(tmp_path, reference, secondary, stable=__file__)


@pytest.mark.parametrize("kind", ["decibel", "integer", "complex", "intensity"])
def test_images_of_any_kind(tmp_path: Path, images: Tuple[np.ndarray, np.ndarray], kind: str) -> None:
    if kind == "complex":
        images = pair((2.0, -3.0), shape=SHAPE, coherence=0.9, detect=False)
    convert = {
        "decibel": lambda image: (20 * np.log10(image + 1e-3)).astype(np.float32),
        "integer": lambda image: (image / image.mean() * 400).astype(np.int16),
        "complex": lambda image: image,
        "intensity": lambda image: image**2,
    }[kind]
    tag = "intensity" if kind == "intensity" else "img"
    reference = write(tmp_path / f"{tag}_a.tif", convert(images[0]))
    secondary = write(tmp_path / f"{tag}_b.tif", convert(images[1]))
    values, _, result = run(tmp_path, reference, secondary)
    assert middle(values)[:2] == pytest.approx([-3.0, 2.0], abs=0.08)
    assert result.details["share"] > 0.9
    if kind == "decibel":
        assert any("decibels" in note for note in result.warnings)


def test_other_grids_are_refused_or_resampled(tmp_path: Path, images: Tuple[np.ndarray, np.ndarray]) -> None:
    reference = write(tmp_path / "a.tif", images[0])
    moved = write(tmp_path / "b.tif", images[1][16:, 8:], geotransform=(500080, 10, 0, 6999840, 0, -10))
    with pytest.raises(StillpointError, match=r"not on the grid.*align"):
        run(tmp_path, reference, moved)
    values, _, result = run(tmp_path, reference, moved, align="secondary")
    assert middle(values)[:2] == pytest.approx([-3.0, 2.0], abs=0.05)
    assert any("resampled" in note for note in result.warnings)
    coarse = write(tmp_path / "c.tif", images[1], geotransform=(500000, 12, 0, 7000000, 0, -12))
    with pytest.raises(StillpointError, match="its pixels are 12 x 12"):
        run(tmp_path, reference, coarse)
    other = write(tmp_path / "d.tif", images[1], epsg=32606)
    with pytest.raises(StillpointError, match="coordinate reference system is"):
        run(tmp_path, reference, other)


def test_bad_pairs_are_refused(tmp_path: Path, images: Tuple[np.ndarray, np.ndarray]) -> None:
    reference, secondary = files(tmp_path, images)
    with pytest.raises(StillpointError, match="same image"):
        run(tmp_path, reference, reference)
    with pytest.raises(StillpointError, match="hold the same image"):
        run(tmp_path, reference, write(tmp_path / "copy.tif", images[0]))
    with pytest.raises(StillpointError, match="is empty"):
        run(tmp_path, reference, write(tmp_path / "empty.tif", np.zeros(SHAPE, np.float32)))
    with pytest.raises(StillpointError, match="same value everywhere"):
        run(tmp_path, reference, write(tmp_path / "flat.tif", np.ones(SHAPE, np.float32)))
    with pytest.raises(StillpointError, match="single image"):
        run(tmp_path, reference, None)
    with pytest.raises(StillpointError, match="holds coherence"):
        run(tmp_path, reference, write(tmp_path / "coh.tif", np.clip(images[1], 0, 1), quantity="coherence"))
    with pytest.raises(StillpointError, match="names none"):
        run(tmp_path, write(tmp_path / "x.tif", images[0]), secondary, units="metres_a_day")
    with pytest.raises(StillpointError, match="Not one offset"):
        run(tmp_path, reference, write(tmp_path / "other.tif", pair((0, 0), shape=SHAPE, seed=11)[0]))
    with pytest.raises(StillpointError, match="also a file that is read"):
        track_offsets(TrackOffsets(reference=reference, secondary=secondary, output=secondary, method="correlation"), SILENT)
    assert not list(tmp_path.glob(".*partial*")) and not (tmp_path / "offsets.tif").exists()


def test_swapped_dates_are_told(tmp_path: Path, images: Tuple[np.ndarray, np.ndarray]) -> None:
    reference, secondary = files(tmp_path, images)
    forth, _, _ = run(tmp_path, reference, secondary, units="metres_a_day")
    back, _, result = run(tmp_path, secondary, reference, units="metres_a_day")
    assert any("later than" in note for note in result.warnings)
    assert middle(back)[:2] == pytest.approx(middle(forth)[:2], abs=0.05)


def test_borders_without_data_stay_without(tmp_path: Path, images: Tuple[np.ndarray, np.ndarray]) -> None:
    reference, secondary = (image.copy() for image in images)
    reference[:, :60] = 0
    secondary[-40:] = np.nan
    values, _, _ = run(tmp_path, *files(tmp_path, (reference, secondary)))
    assert np.isnan(values[:, :, :6]).all() and np.isnan(values[:, -4:]).all()
    assert np.isfinite(values[0, 4:16, 10:-2]).mean() > 0.9


def test_a_cancel_leaves_nothing(tmp_path: Path, images: Tuple[np.ndarray, np.ndarray]) -> None:
    reference, secondary = files(tmp_path, images)
    calls = []

    def cancelled() -> bool:
        calls.append(1)
        return len(calls) > 4

    job = TrackOffsets(reference=reference, secondary=secondary, output=str(tmp_path / "o.tif"), method="correlation")
    with pytest.raises(Cancelled):
        track_offsets(job, Progress(None, cancelled))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["s1_20210110.tif", "s1_20210122.tif"]


def test_the_command_line(tmp_path: Path, images: Tuple[np.ndarray, np.ndarray], capsys: pytest.CaptureFixture) -> None:
    reference, secondary = files(tmp_path, images)
    output = str(tmp_path / "o.tif")
    assert main(["track-offsets", reference, secondary, "--output", output, "--method", "correlation", "--device", "cpu"]) == 0
    assert "offsets measured" in capsys.readouterr().out
    assert gdal.Open(output).RasterCount == 5
