from __future__ import annotations

import numpy as np
import pytest
from osgeo import gdal, ogr, osr

from stillpoint.models.errors import StillpointError
from stillpoint.models.points.opening import open_points
from stillpoint.models.points.table import Column
from stillpoint.models.points.writers import open_writer

from .makers import DAYS, compact, series
from .test_text_tables import read

NAMES = [f"D{compact(day)}" for day in DAYS]
DRIVERS = {".gpkg": "GPKG", ".shp": "ESRI Shapefile", ".fgb": "FlatGeobuf", ".geojson": "GeoJSON"}


def layer(path, values, *, epsg=32632, multi=False, texts=False, names=NAMES, name="points", points=True):
    """Write a point layer by OGR."""
    driver = ogr.GetDriverByName(DRIVERS[path.suffix])
    source = driver.Open(str(path), 1) if path.exists() else driver.CreateDataSource(str(path))
    reference = None
    if epsg:
        reference = osr.SpatialReference()
        reference.ImportFromEPSG(epsg)
    kind = ogr.wkbMultiPoint if multi else ogr.wkbPoint if points else ogr.wkbLineString
    options = ["SPATIAL_INDEX=NO"] if str(path).endswith(".fgb") else []  # whose index has no room for rows without a place
    made = source.CreateLayer(name, reference, kind, options)
    made.CreateField(ogr.FieldDefn("CODE", ogr.OFTString))
    made.CreateField(ogr.FieldDefn("NUMBER", ogr.OFTInteger))
    made.CreateField(ogr.FieldDefn("SEEN", ogr.OFTDate))
    for field in names:
        made.CreateField(ogr.FieldDefn(field, ogr.OFTString if texts else ogr.OFTReal))
    for row, line in enumerate(values.tolist()):
        feature = ogr.Feature(made.GetLayerDefn())
        feature["CODE"] = f"P{row}"
        if row != 1:
            feature["NUMBER"] = row
            feature["SEEN"] = "2020/01/02"
        for field, value in zip(names, line):
            if value == value:
                feature[field] = str(value) if texts else value
        if row != 2:
            shape = f"POINT ({500000 + row} {5000000 + row})" if points else "LINESTRING (0 0, 1 1)"
            shape = shape.replace("POINT ", "MULTIPOINT (") + ")" if multi else shape
            feature.SetGeometry(ogr.CreateGeometryFromWkt(shape))
        made.CreateFeature(feature)
    return path


@pytest.mark.parametrize("suffix", list(DRIVERS))
@pytest.mark.parametrize("multi", [False, True])
@pytest.mark.parametrize("texts", [False, True])
def test_formats(tmp_path, suffix, multi, texts):
    values = series()
    values[0, 3] = np.nan
    path = layer(tmp_path / f"points{suffix}", values, multi=multi, texts=texts, epsg=4326 if suffix == ".geojson" else 32632)
    layout, x, y, found, attributes = read(path, rows=2)
    order = [int(code[1:]) for code in attributes["CODE"]]  # FlatGeobuf orders points by place
    np.testing.assert_array_equal(found, values.astype(np.float32)[order])
    np.testing.assert_array_equal(layout.dates, DAYS)
    if suffix != ".geojson":
        assert layout.crs == "EPSG:32632"
    assert x[order.index(4)] == 500004 and y[order.index(4)] == 5000004
    if suffix != ".fgb":  # whose driver drops features without geometry where it builds an index
        assert np.isnan(x[order.index(2)]) and len(order) == 5
    assert np.ma.getmaskarray(attributes["NUMBER"])[order.index(1)] and attributes["NUMBER"][order.index(3)] == 3
    assert attributes["SEEN"][order.index(0)] == "2020-01-02" and attributes["SEEN"][order.index(1)] is None


@pytest.mark.parametrize("name", ["a.shp", "a.gpkg"])
def test_layer_without_crs(tmp_path, name):
    layout, *_ = read(layer(tmp_path / name, series(), epsg=None))
    assert layout.crs == "" and any("no coordinate reference system" in note for note in layout.notes)
    assert read(tmp_path / name, crs="EPSG:32633")[0].crs == "EPSG:32633"


def test_several_layers(tmp_path):
    path = layer(tmp_path / "a.gpkg", series(), name="one")
    layer(path, series(3), name="two")
    with pytest.raises(StillpointError, match=r"several layers.*'one', 'two'"):
        open_points(str(path))
    with pytest.raises(StillpointError, match=r"no layer 'three'.*'one', 'two'"):
        open_points(str(path), layer="three")
    assert read(path, layer="two")[0].count == 3
    assert read(f"{path}|layername=one")[0].count == 5


def test_text_in_a_number_field(tmp_path):
    values = series().astype(object)
    values[3, 2] = "abc"
    path = layer(tmp_path / "a.gpkg", values, texts=True)
    with pytest.raises(StillpointError, match=rf"row 4, column '{NAMES[2]}': 'abc'"):
        read(path, rows=2)


@pytest.mark.parametrize(
    ("options", "sentence"),
    [({"names": []}, "no date columns"), ({"points": False}, "not points"), ({"names": NAMES[:1]}, "only one epoch")],
)
def test_layers_without_series(tmp_path, options, sentence):
    with pytest.raises(StillpointError, match=sentence):
        open_points(str(layer(tmp_path / "a.gpkg", series(), **options)))


def test_no_points_at_all(tmp_path):
    with pytest.raises(StillpointError, match="no points"):
        open_points(str(layer(tmp_path / "a.gpkg", series(0))))


def test_damaged_vector_files(tmp_path):
    path = layer(tmp_path / "a.gpkg", series())
    path.write_bytes(path.read_bytes()[:5000])
    with pytest.raises(StillpointError, match=r"a\.gpkg"):
        read(path)
    (tmp_path / "a.geojson").write_text('{"type": "FeatureCollection", "features": [{"ty')
    with pytest.raises(StillpointError, match="cannot be read"):
        open_points(str(tmp_path / "a.geojson"))


def test_a_column_whose_name_is_no_text(tmp_path):
    arrow, parquet = pytest.importorskip("pyarrow"), pytest.importorskip("pyarrow.parquet")
    path = tmp_path / "points.parquet"
    dates = {f"2020{month:02d}01": [0.0, 1.0] for month in range(1, 9)}
    parquet.write_table(arrow.table({"lon": [7.0, 7.1], "lat": [46.0, 46.1], **dates}), path)
    path.write_bytes(path.read_bytes().replace(b"20200301", b"2\xf2200301"))
    with pytest.raises(StillpointError, match=r"points\.parquet cannot be read"):
        open_points(str(path))


@pytest.mark.parametrize("suffix", [".gpkg", ".parquet"])
def test_a_layer_of_date_columns_comes_back(tmp_path, suffix):
    columns = [Column("pid", "text"), Column("n", "integer"), *(Column(name, "real") for name in NAMES)]
    values = {"pid": np.array(["a", None, "c", "d", "e"], object), "n": np.ma.MaskedArray(np.arange(5), [0, 0, 1, 0, 0])}
    values.update(dict(zip(NAMES, series().T)))
    with open_writer(str(tmp_path / f"a{suffix}"), columns, crs="EPSG:3035", metadata={}) as writer:
        writer.write(np.array([0.0, 1, np.nan, 3, 4]) + 4e6, np.arange(5.0) + 2e6, values)
        writer.finish()
    layout, x, _, found, attributes = read(tmp_path / f"a{suffix}", rows=2)
    np.testing.assert_array_equal(found, series().astype(np.float32))
    assert layout.crs == "EPSG:3035" and x[1] == 4000001 and np.isnan(x[2])
    assert attributes["pid"].tolist() == ["a", None, "c", "d", "e"] and np.ma.getmaskarray(attributes["n"]).tolist()[2]


@pytest.mark.parametrize("suffix", [".gpkg"])
def test_packed_series_come_back(tmp_path, suffix):
    packed = np.empty(5, object)
    packed[:] = [row.tobytes() for row in series().astype("<f4")]
    packed[3] = None
    about = {"STILLPOINT_DATES": ",".join(map(str, DAYS)), "STILLPOINT_WAVELENGTH": "0.0555"}
    with open_writer(
        str(tmp_path / f"a{suffix}"), [Column("trend", "text"), Column("series", "binary")], crs="EPSG:3035", metadata=about
    ) as writer:
        writer.write(np.arange(5.0), np.arange(5.0), {"trend": np.array(["Stable"] * 5, object), "series": packed})
        writer.finish()
    layout, _, _, found, attributes = read(tmp_path / f"a{suffix}")
    assert (layout.format, layout.wavelength, layout.unit) == ("Stillpoint layer", 0.0555, "mm")
    np.testing.assert_array_equal(layout.dates, DAYS)
    np.testing.assert_array_equal(found[:3], series().astype(np.float32)[:3])
    assert np.isnan(found[3]).all() and set(attributes) == {"trend"}


def test_reading_leaves_the_file_as_it_was(tmp_path):
    path = layer(tmp_path / "a.gpkg", series())
    before = path.read_bytes()
    read(path)
    assert path.read_bytes() == before and [item.name for item in tmp_path.iterdir()] == ["a.gpkg"]
    assert gdal.OpenEx(str(path)) is not None
