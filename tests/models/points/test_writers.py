from __future__ import annotations

import csv
import errno
import json
import os
import sqlite3

import numpy as np
import pytest
from osgeo import gdal, ogr

from stillpoint.models.errors import Cancelled, StillpointError
from stillpoint.models.points.opening import open_points
from stillpoint.models.points.table import Column
from stillpoint.models.points.writers import EXTENSIONS, geopackage, open_writer
from stillpoint.models.points.writers.draft import explain

COLUMNS = [Column("pid", "text", "Identifier"), Column("trend_code", "integer"), Column("velocity", "real", "mm/yr"),
           Column("break_date", "date"), Column("series", "binary")]
ABOUT = {"STILLPOINT_PROVENANCE": '{"model": "Höhe"}'}


def values(count=4):
    packed = np.empty(count, object)
    packed[:] = [bytes([i % 256] * 8) if i != 1 else None for i in range(count)]
    text = np.array([f"P{i} é" for i in range(count)], object)
    text[1] = None
    dates = np.array(["2016-02-29"] * count, "datetime64[D]")
    dates[1] = np.datetime64("NaT")
    real = np.arange(count) / 3
    real[1] = np.nan
    return {"pid": text, "trend_code": np.ma.MaskedArray(np.arange(count), np.arange(count) == 1), "velocity": real,
            "break_date": dates, "series": packed}


def write(path, *, count=4, crs="EPSG:32632", columns=COLUMNS, data=None, **options):
    with open_writer(str(path), columns, crs=crs, metadata=dict(ABOUT), **options) as writer:
        data = data or values(count)
        x, y = 500000.0 + np.arange(count), 5000000.0 + np.arange(count)
        x[2] = np.nan
        for part in (slice(0, 3), slice(3, None)):
            writer.write(x[part], y[part], {name: value[part] for name, value in data.items()})
        assert not path.exists() or path.stat().st_size == 3
        files = writer.finish()
    assert files[0] == str(path) and all(os.path.isfile(name) for name in files)
    assert sorted(os.listdir(path.parent)) == sorted(os.path.basename(name) for name in files)
    return files, writer.report


def features(path):
    dataset = gdal.OpenEx(str(path), gdal.OF_VECTOR)
    layer = dataset.GetLayer(0)
    rows = {}
    for feature in layer:
        shape = feature.GetGeometryRef()
        rows[feature["pid"]] = (
            feature["trend_code"], feature["velocity"], feature["break_date"],
            None if shape is None else (shape.GetX(), shape.GetY()),
        )
    return dataset, layer, rows


@pytest.mark.parametrize("suffix", [".gpkg", ".shp", ".fgb"])
@pytest.mark.parametrize("existing", [False, True])
def test_vector_formats_keep_everything(tmp_path, suffix, existing):
    path = tmp_path / f"out{suffix}"
    if existing:
        path.write_bytes(b"old")
    _, report = write(path)
    _dataset, layer, rows = features(path)
    assert layer.GetFeatureCount() == (3 if suffix == ".fgb" else 4) and layer.GetSpatialRef().GetAuthorityCode(None) == "32632"
    assert rows["P0 é"][:2] == (0, 0.0) and rows["P0 é"][2].startswith("2016/02/29") and rows["P0 é"][3] == (500000, 5000000)
    assert rows[None] == (None, None, None, (500001, 5000001))
    if suffix == ".fgb":  # the format has no points without place
        assert "P2 é" not in rows and "1 points without coordinates" in report[0]
    else:
        assert rows["P2 é"][3] is None
    definition = layer.GetLayerDefn()
    if suffix != ".fgb":
        assert definition.GetFieldDefn(definition.GetFieldIndex("break_date")).GetType() == ogr.OFTDate
    if suffix != ".gpkg":
        about = json.loads((tmp_path / "out.stillpoint.json").read_text(encoding="utf-8"))
        assert about["metadata"] == ABOUT and about["crs"] == "EPSG:32632" and about["fields"][2]["meaning"] == "mm/yr"


def test_geopackage_metadata_index_extent_and_blobs(tmp_path):
    path = tmp_path / "out.gpkg"
    write(path, count=300)
    dataset, layer, _ = features(path)
    assert dataset.GetMetadata() == layer.GetMetadata() == ABOUT
    assert layer.GetExtent() == (500000, 500299, 5000000, 5000299) and layer.TestCapability(ogr.OLCFastSpatialFilter)
    layer.SetSpatialFilterRect(500009.5, 5000009.5, 500012.5, 5000012.5)
    assert [feature.GetFID() for feature in layer] == [11, 12, 13]
    layer.SetSpatialFilter(None)
    assert layer.GetFeature(4).GetFieldAsBinary("series") == bytes([3] * 8)
    assert not layer.GetFeature(2).IsFieldSetAndNotNull("series")
    layer = dataset = None
    with sqlite3.connect(path) as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert database.execute("SELECT feature_count FROM gpkg_ogr_contents").fetchone() == (300,)
        assert database.execute("SELECT count(*) FROM rtree_out_geom").fetchone() == (299,)
    database.close()
    edited = gdal.OpenEx(str(path), gdal.OF_VECTOR | gdal.OF_UPDATE)  # the triggers work again
    edited.GetLayer(0).DeleteFeature(11)
    edited = None
    with sqlite3.connect(path) as database:
        assert database.execute("SELECT feature_count FROM gpkg_ogr_contents").fetchone() == (299,)
        assert database.execute("SELECT count(*) FROM rtree_out_geom WHERE id=11").fetchone() == (0,)
    database.close()


def test_metadata_may_be_completed_while_writing(tmp_path):
    about = {"a": "1"}
    with open_writer(str(tmp_path / "a.gpkg"), COLUMNS, crs="", metadata=about) as writer:
        writer.write(np.zeros(4), np.zeros(4), values())
        about["b"] = "2"
        writer.finish()
    dataset = gdal.OpenEx(str(tmp_path / "a.gpkg"), gdal.OF_VECTOR)
    assert dataset.GetLayer(0).GetMetadata() == {"a": "1", "b": "2"}


def test_old_write_ahead_log_goes_with_the_old_file(tmp_path):
    for name in ("out.gpkg", "out.gpkg-wal", "out.gpkg-shm"):
        (tmp_path / name).write_bytes(b"old")
    write(tmp_path / "out.gpkg")
    assert [item.name for item in tmp_path.iterdir() if item.is_file() and item.read_bytes() == b"old"] == []


@pytest.mark.parametrize("suffix", EXTENSIONS)
def test_unknown_crs_and_no_points(tmp_path, suffix):
    path = tmp_path / f"out{suffix}"
    columns = [*COLUMNS, *(Column(name, "real") for name in ("D20150101", "D20150113"))]
    with open_writer(str(path), columns, crs="", metadata={}) as writer:
        writer.finish()
    with pytest.raises(StillpointError, match=r"no points|no rows"):
        open_points(str(path))


def test_csv(tmp_path):
    path = tmp_path / "out.csv"
    _, report = write(path, columns=[*COLUMNS, Column("X", "real")], data={**values(), "X": np.float32([0.1, 0.2, 0.3, 0.4])})
    with open(path, encoding="utf-8", newline="") as lines:
        header, *rows = csv.reader(lines)
    assert header == ["x", "y", "pid", "trend_code", "velocity", "break_date", "X_2"]
    assert rows[0] == ["500000", "5000000", "P0 é", "0", "0", "2016-02-29", "0.1"]
    assert rows[1] == ["500001", "5000001", "", "", "", "", "0.2"] and rows[2][0] == ""
    assert any("'series' is left out" in line for line in report) and any("X_2" in line for line in report)


@pytest.mark.parametrize("suffix", [".csv", ".shp", ".fgb"])
def test_what_was_written_can_be_opened_with_its_crs(tmp_path, suffix):
    columns = [Column("pid", "text"), *(Column(name, "real") for name in ("D20150101", "D20150113", "D20150125"))]
    data = {name: np.array([1.5, -2.5, np.nan, 4.25]) for name in ("D20150101", "D20150113", "D20150125")}
    write(tmp_path / f"out{suffix}", columns=columns, data={"pid": values()["pid"], **data}, crs="EPSG:3003")
    with open_points(str(tmp_path / f"out{suffix}")) as source:
        (block,) = source.blocks()
        assert source.layout.crs == "EPSG:3003" and len(block) == (3 if suffix == ".fgb" else 4)
        first = block.displacement[:, 0]
        assert sorted(first[np.isfinite(first)].tolist())[:2] == [-2.5, 1.5]


def test_geoparquet(tmp_path):
    from pyarrow import parquet

    write(tmp_path / "out.parquet")
    table = parquet.read_table(tmp_path / "out.parquet")
    geo = json.loads(table.schema.metadata[b"geo"])
    about = geo["columns"]["geometry"]
    assert geo["version"] == "1.0.0" and geo["primary_column"] == "geometry" and about["encoding"] == "WKB"
    assert about["crs"]["id"] == {"authority": "EPSG", "code": 32632} and about["geometry_types"] == ["Point"]
    about = parquet.read_metadata(tmp_path / "out.parquet").metadata
    assert about[b"STILLPOINT_PROVENANCE"].decode() == ABOUT["STILLPOINT_PROVENANCE"] and b"geo" in about
    assert table["geometry"].null_count == 1 and ogr.CreateGeometryFromWkb(table["geometry"][0].as_py()).GetX() == 500000
    assert table["trend_code"].to_pylist() == [0, None, 2, 3] and str(table["break_date"][0]) == "2016-02-29"


def test_shapefile_names_are_short_and_distinct(tmp_path):
    names = ["temporal_coherence", "temporal_coherent", "VEL", "vel", "ünïcödé_näme"]
    columns = [Column("pid", "text"), *(Column(name, "real") for name in names)]
    data = {"pid": values()["pid"], **{name: np.arange(4.0) for name in names}}
    _, report = write(tmp_path / "out.shp", columns=columns, data=data)
    layer = gdal.OpenEx(str(tmp_path / "out.shp"), gdal.OF_VECTOR)
    written = [field.name for field in layer.GetLayer(0).schema]
    assert written[:5] == ["pid", "temporal_c", "temporal_1"[:8] + "_1", "VEL", "vel_1"] and len(set(map(str.lower, written))) == 6
    assert all(len(name.encode()) <= 10 for name in written) and len(report) == 4
    assert "temporal_coherent" in (tmp_path / "out.report.txt").read_text(encoding="utf-8")


def test_shapefile_without_changes_has_no_report_and_has_styles(tmp_path):
    columns = [Column("pid", "text"), Column("trend_code", "integer")]
    (tmp_path / "out.report.txt").write_text("of an older file")
    files, report = write(tmp_path / "out.shp", columns=columns, data={name: values()[name] for name in ("pid", "trend_code")})
    names = {os.path.basename(name) for name in files}
    assert not report and "out.report.txt" not in names
    from stillpoint.models.points.writers import converted

    assert {"out.qml", "out.sld"} & names == {f"out{s}" for s in (".qml", ".sld") if (converted._STYLES / f"trends{s}").is_file()}


def test_four_hundred_dates_do_not_fit_a_shapefile(tmp_path):
    days = np.datetime64("2015-01-01") + 6 * np.arange(400)
    series = [Column("D" + str(day).replace("-", ""), "real") for day in days]
    data = {"pid": values()["pid"], **{column.name: np.arange(4.0) for column in series}}
    files, report = write(tmp_path / "out.shp", columns=[COLUMNS[0], *series], data=data, series_dates=days)
    assert any("400 fields of the series" in line and "255" in line for line in report)
    assert "400 fields" in (tmp_path / "out.report.txt").read_text(encoding="utf-8")
    assert gdal.OpenEx(files[0], gdal.OF_VECTOR).GetLayer(0).GetLayerDefn().GetFieldCount() == 1


def test_long_texts_in_a_shapefile_are_reported(tmp_path):
    text = np.array(["a" * 300] * 4, object)
    _, report = write(tmp_path / "out.shp", columns=[COLUMNS[0]], data={"pid": text})
    assert any("254 bytes" in line for line in report)


@pytest.mark.parametrize("suffix", EXTENSIONS)
@pytest.mark.parametrize("error", [Cancelled, KeyError])
def test_nothing_is_left_by_a_run_that_breaks_off(tmp_path, suffix, error):
    (tmp_path / f"out{suffix}").write_bytes(b"old")
    with pytest.raises(error), open_writer(str(tmp_path / f"out{suffix}"), COLUMNS, crs="", metadata={}) as writer:
        writer.write(np.zeros(4), np.zeros(4), values())
        raise error
    assert os.listdir(tmp_path) == [f"out{suffix}"] and (tmp_path / f"out{suffix}").read_bytes() == b"old"


@pytest.mark.parametrize("suffix", EXTENSIONS)
def test_a_full_disk(small_disk, suffix):
    noise = np.random.default_rng(0)
    packed = np.empty(2000, object)
    with pytest.raises(StillpointError, match="no space left") as error, open_writer(
        str(small_disk / f"out{suffix}"), COLUMNS, crs="EPSG:32632", metadata={}
    ) as writer:
        for _ in range(24):
            packed[:] = [noise.bytes(200) for _ in range(2000)]
            data = {**values(2000), "series": packed, "velocity": noise.normal(size=2000)}
            writer.write(noise.normal(size=2000), noise.normal(size=2000), data)
        writer.finish()
    assert "Free some" in str(error.value) and os.listdir(small_disk) == []


def test_a_full_disk_without_one(tmp_path, monkeypatch):
    class Full:
        def executemany(self, *_):
            raise sqlite3.OperationalError("database or disk is full")

        def close(self):
            pass

    with pytest.raises(StillpointError, match="no space left"), open_writer(
        str(tmp_path / "out.gpkg"), COLUMNS, crs="", metadata={}
    ) as writer:
        assert isinstance(writer, geopackage.GeoPackageWriter)
        writer._database.close()
        monkeypatch.setattr(writer, "_database", Full())
        writer.write(np.zeros(4), np.zeros(4), values())
    assert os.listdir(tmp_path) == []


def test_errors_in_the_user_s_words():
    assert "no permission" in str(explain(PermissionError(errno.EACCES, "denied"), "/a/b.gpkg"))
    assert "no space left" in str(explain(OSError(errno.ENOSPC, "No space left on device"), "/a/b.gpkg"))


@pytest.mark.parametrize(
    ("name", "sentence"),
    [("out.xyz", "extension must be one of"), ("none/out.gpkg", "no folder"), ("folder.gpkg", "is a folder")],
)
def test_targets_that_cannot_be(tmp_path, name, sentence):
    (tmp_path / "folder.gpkg").mkdir()
    with pytest.raises(StillpointError, match=sentence):
        open_writer(str(tmp_path / name), COLUMNS, crs="", metadata={})
    with pytest.raises(StillpointError, match="no coordinate reference system"):
        open_writer(str(tmp_path / "a.gpkg"), COLUMNS, crs="nonsense", metadata={})


@pytest.mark.parametrize("suffix", EXTENSIONS)
def test_a_folder_that_cannot_be_written_to(tmp_path, monkeypatch, suffix):
    def denied(*_args, **_options):
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr("pathlib.Path.mkdir", denied)  # root may write everywhere
    with pytest.raises(StillpointError, match="no permission"):
        open_writer(str(tmp_path / f"out{suffix}"), COLUMNS, crs="", metadata={})
    assert os.listdir(tmp_path) == []


def test_a_target_that_cannot_be_replaced(tmp_path, monkeypatch):
    def denied(source, target):
        raise PermissionError(errno.EACCES, "in use", str(target))

    with pytest.raises(StillpointError, match="open in another program"), open_writer(
        str(tmp_path / "out.gpkg"), COLUMNS, crs="", metadata={}
    ) as writer:
        writer.write(np.zeros(4), np.zeros(4), values())
        monkeypatch.setattr(os, "replace", denied)
        writer.finish()
    assert os.listdir(tmp_path) == []


def test_a_geopackage_with_several_layers_is_not_replaced(tmp_path):
    path = tmp_path / "project.gpkg"
    dataset = ogr.GetDriverByName("GPKG").CreateDataSource(str(path))
    for name in ("roads", "houses"):
        dataset.CreateLayer(name, None, ogr.wkbPoint)
    dataset = None
    before = path.read_bytes()
    with pytest.raises(StillpointError, match=r"holds 2 layers \('roads', 'houses'\)"):
        open_writer(str(path), COLUMNS, crs="", metadata={})
    assert path.read_bytes() == before and list(tmp_path.iterdir()) == [path]
