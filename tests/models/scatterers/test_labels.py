"""Labels from masks, points, truth and phase stability."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest
from osgeo import gdal, ogr, osr

from stillpoint.models.errors import StillpointError
from stillpoint.models.rasters.stack import open_stack
from stillpoint.models.scatterers import labels, training_data, training_stacks
from stillpoint.models.scatterers.observations import Observations
from stillpoint.models.scatterers.sight import Sight

GEOTRANSFORM = (600_000.0, 20.0, 0.0, 5_000_000.0, 0.0, -20.0)


def wkt(code):
    system = osr.SpatialReference()
    system.ImportFromEPSG(code)
    return system.ExportToWkt()


def write_raster(path, values, *, quantity=None, pairs=(), geotransform=GEOTRANSFORM, nodata=None):
    """Write bands [bands, rows, cols] as GeoTIFF, with the metadata of a stack where ``quantity`` is given."""
    values = np.asarray(values)
    kinds = {"complex64": gdal.GDT_CFloat32, "float32": gdal.GDT_Float32, "uint8": gdal.GDT_Byte}
    raster = gdal.GetDriverByName("GTiff").Create(
        str(path), values.shape[2], values.shape[1], values.shape[0], kinds[str(values.dtype)]
    )
    raster.SetGeoTransform(geotransform)
    raster.SetProjection(wkt(32633))
    for number, band in enumerate(values, start=1):
        target = raster.GetRasterBand(number)
        target.WriteArray(band)
        if nodata is not None:
            target.SetNoDataValue(nodata)
        if quantity:
            first, second = pairs[number - 1]
            items = {"REFERENCE_DATE": str(first), "SECONDARY_DATE": str(second)} if second else {"DATE": str(first)}
            target.SetMetadata({"QUANTITY": quantity, **items})
    raster = None
    return str(path)


DAYS = [dt.date(2020, 1, 1) + dt.timedelta(days=12 * number) for number in range(6)]


def phase_stack(folder, shape=(30, 40), *, name="stack.tif", seed=0):
    """Write five interferograms with the third date as reference; the two earlier ones have it as secondary date."""
    random = np.random.default_rng(seed)
    pairs = [(day, DAYS[2]) if day < DAYS[2] else (DAYS[2], day) for day in DAYS if day != DAYS[2]]
    values = random.uniform(-np.pi, np.pi, (5, *shape)).astype(np.float32)
    return write_raster(folder / name, values, quantity="phase", pairs=pairs), values


def test_truth():
    noise = np.array([[0.2, 0.59, 0.61, np.nan]])
    assert labels.truth_labels(noise).tolist() == [[1, 1, 0, 255]]


def test_a_mask(tmp_path):
    path, _ = phase_stack(tmp_path)
    mask = np.zeros((1, 30, 40), np.uint8)
    mask[0, 3, 4], mask[0, 5, 6], mask[0, 0] = 1, 7, 255
    marked = labels.file_labels(write_raster(tmp_path / "mask.tif", mask), open_stack(path))
    assert marked[3, 4] == 1 and marked[5, 6] == 1 and (marked[0] == 255).all() and np.count_nonzero(marked == 1) == 2


def test_a_mask_of_another_place_or_size_is_refused(tmp_path):
    path, _ = phase_stack(tmp_path)
    ones = np.ones((1, 30, 40), np.uint8)
    moved = write_raster(tmp_path / "moved.tif", ones, geotransform=(600_500.0, *GEOTRANSFORM[1:]))
    with pytest.raises(StillpointError, match="lies elsewhere"):
        labels.file_labels(moved, open_stack(path))
    small = write_raster(tmp_path / "small.tif", ones[:, :20])
    with pytest.raises(StillpointError, match="20 x 40 pixels"):
        labels.file_labels(small, open_stack(path))


@pytest.mark.parametrize("value, told", [(0, "no pixel"), (1, "every pixel")])
def test_labels_of_one_kind_teach_nothing(tmp_path, value, told):
    path, _ = phase_stack(tmp_path)
    mask = write_raster(tmp_path / "mask.tif", np.full((1, 30, 40), value, np.uint8))
    with pytest.raises(StillpointError, match=told):
        labels.file_labels(mask, open_stack(path))


def write_points(path, points, code, driver="GPKG"):
    dataset = ogr.GetDriverByName(driver).CreateDataSource(str(path))
    system = osr.SpatialReference()
    system.ImportFromEPSG(code)
    system.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
    layer = dataset.CreateLayer("ps", system, ogr.wkbPoint)
    for x, y in points:
        feature = ogr.Feature(layer.GetLayerDefn())
        geometry = ogr.Geometry(ogr.wkbPoint)
        geometry.AddPoint_2D(x, y)
        feature.SetGeometry(geometry)
        layer.CreateFeature(feature)
    dataset = None
    return str(path)


CENTRES = [(600_000 + 20 * 4.5, 5_000_000 - 20 * 3.5), (600_000 + 20 * 39.5, 5_000_000 - 20 * 29.5), (0.0, 0.0)]


def degrees(points):
    source, target = osr.SpatialReference(), osr.SpatialReference()
    source.ImportFromEPSG(32633)
    target.ImportFromEPSG(4326)
    for system in (source, target):
        system.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
    return [point[:2] for point in osr.CoordinateTransformation(source, target).TransformPoints(points)]


def test_points_in_metres_and_in_degrees(tmp_path):
    path, _ = phase_stack(tmp_path)
    metres = labels.file_labels(write_points(tmp_path / "ps.gpkg", CENTRES, 32633), open_stack(path))
    assert np.argwhere(metres == 1).tolist() == [[3, 4], [29, 39]]
    table = tmp_path / "ps.csv"
    table.write_text("id,lon,lat\n" + "".join(f"a,{x:.8f},{y:.8f}\n" for x, y in degrees(CENTRES[:2])), encoding="utf-8")
    assert np.array_equal(labels.file_labels(str(table), open_stack(path)), metres)
    wgs = labels.file_labels(write_points(tmp_path / "wgs.gpkg", degrees(CENTRES[:2]), 4326), open_stack(path))
    assert np.array_equal(wgs, metres)


def test_points_that_lie_elsewhere(tmp_path):
    path, _ = phase_stack(tmp_path)
    with pytest.raises(StillpointError, match="None of the 1 points"):
        labels.file_labels(write_points(tmp_path / "ps.gpkg", [(1.0, 2.0)], 32633), open_stack(path))


def test_files_that_are_no_labels(tmp_path):
    path, _ = phase_stack(tmp_path)
    with pytest.raises(StillpointError, match="no labels"):
        labels.file_labels(str(tmp_path / "gone.tif"), open_stack(path))
    text = tmp_path / "notes.txt"
    text.write_text("nothing of the kind", encoding="utf-8")
    with pytest.raises(StillpointError, match=r"neither a raster nor|no points"):
        labels.file_labels(str(text), open_stack(path))


def test_folders_without_stacks(tmp_path):
    amplitude = np.ones((3, 8, 9), np.float32)
    write_raster(tmp_path / "amp.tif", amplitude, quantity="amplitude", pairs=[(day, None) for day in DAYS[:3]])
    with pytest.raises(StillpointError, match="holds no stack"):
        training_stacks.find_stacks([str(tmp_path)])
    path, _ = phase_stack(tmp_path)
    assert [str(found) for found in training_stacks.find_stacks([str(tmp_path)])] == [path]


def test_a_simulated_stack_brings_its_truth(tmp_path):
    path, _ = phase_stack(tmp_path)
    noise = np.full((1, 30, 40), 1.0, np.float32)
    noise[0, 4, 5] = 0.3
    with open_stack(path) as stack:
        sight = Sight(stack)
        with pytest.raises(StillpointError, match=r"no stack_noise\.tif"):
            training_stacks.labels_of("truth", sight)
        write_raster(tmp_path / "stack_noise.tif", noise)
        assert np.argwhere(training_stacks.labels_of("truth", sight) == 1).tolist() == [[4, 5]]


def test_a_folder_of_stacks_with_a_folder_of_labels(tmp_path):
    marks = tmp_path / "labels"
    marks.mkdir()
    stacks = tmp_path / "stacks"
    stacks.mkdir()
    for number in range(2):
        phase_stack(stacks, (260, 260), name=f"site{number}.tif", seed=number)
        mask = (np.random.default_rng(number).random((1, 260, 260)) < 0.05).astype(np.uint8)
        write_raster(marks / f"site{number}.tif", mask)
    parts, source = training_stacks.stacks_parts([str(stacks)], str(marks), seed=1)
    assert sum(len(blocks) for blocks in parts.values()) == 32 and all(parts.values())
    assert all(block.phase.shape == (5, 50, 50) for blocks in parts.values() for block in blocks)
    assert "site0.tif, site1.tif" in source["data"]


def test_phase_stability_labels_come_by_windows_and_are_put_together(tmp_path, monkeypatch):
    from stillpoint.models.scatterers.stability import run

    seen = []

    def by_constant(observations, **_):
        """Mark the pixels whose phase is positive at the first date."""
        seen.append(observations)
        return (np.angle(observations.phasor[0]) > 0).astype(np.uint8)

    monkeypatch.setattr(run, "labels_from_stability", by_constant)
    monkeypatch.setattr(training_stacks, "STRIP", 25)
    monkeypatch.setattr(training_stacks, "_OVERLAP", 5)
    path, _ = phase_stack(tmp_path, (30, 60))
    with open_stack(path) as stack:
        found = training_stacks.labels_of("stability", Sight(stack))
        whole = Sight(stack).observations(slice(None), slice(None))
    assert np.array_equal(found, (np.angle(whole.phasor[0]) > 0).astype(np.uint8)) and 0 < found.mean() < 1
    assert [each.origin for each in seen] == [(0, 0), (0, 15), (0, 35), (10, 0), (10, 15), (10, 35)]
    assert all(each.spacing == (20.0, 20.0) and each.amplitude is None for each in seen)


def test_blocks_never_share_pixels():
    labels_ = np.zeros((330, 330), np.uint8)
    labels_[::7, ::7] = 1
    given = []

    def read(rows, cols):
        given.append((rows.start, rows.stop, cols.start, cols.stop))
        phasor = np.ones((3, rows.stop - rows.start, cols.stop - cols.start), np.complex64)
        return Observations(phasor, np.datetime64("2020-01-01") + np.arange(3), 1, (10.0, 10.0))

    parts = training_data.stack_parts(read, labels_, name="s", seed=0)
    assert {name for name, blocks in parts.items() if blocks} == set(training_data.PARTS)
    for first in given:
        for second in given:
            apart = max(second[0] - first[1], first[0] - second[1], second[2] - first[3], first[2] - second[3])
            assert first == second or apart >= training_data.GAP


def test_too_few_blocks_with_scatterers():
    labels_ = np.zeros((330, 330), np.uint8)
    labels_[3, 3] = 1
    with pytest.raises(StillpointError, match="scatterers in 1 of"):
        training_data.stack_parts(lambda *_: None, labels_, name="s", seed=0)
    with pytest.raises(StillpointError, match="too few"):
        training_data.stack_parts(lambda *_: None, labels_[:40, :40], name="s", seed=0)


def test_reviewed_pixels_are_ps_or_not_and_the_rest_is_not_judged(tmp_path):
    path, _ = phase_stack(tmp_path)
    table = tmp_path / "reviewed.csv"
    rows = "".join(f"{x:.2f},{y:.2f},{mark}\n" for (x, y), mark in zip([*CENTRES[:2], (600_030.0, 4_999_990.0)], ("1", "0", "")))
    table.write_text("x,y,ps\n" + rows, encoding="utf-8")
    found = labels.file_labels(str(table), open_stack(path))
    assert found[3, 4] == 1 and found[29, 39] == 0 and (found == 255).sum() == found.size - 2
    table.write_text("x,y,ps\n" + rows.replace(",1\n", ",maybe\n"), encoding="utf-8")
    with pytest.raises(StillpointError, match=r"Row 1 .* has ps 'maybe'"):
        labels.file_labels(str(table), open_stack(path))
