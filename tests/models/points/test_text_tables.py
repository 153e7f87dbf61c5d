from __future__ import annotations

import zipfile

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stillpoint.models.errors import StillpointError
from stillpoint.models.points.opening import open_points

from .makers import DAYS, compact, series, simple, table

NAMES = [f"D{compact(day)}" for day in DAYS]
EGMS = ["pid", "mp_type", "latitude", "longitude", "easting", "northing", "height", "height_wgs84", "line", "pixel", "rmse",
        "temporal_coherence", "amplitude_dispersion", "incidence_angle", "track_angle", "los_east", "los_north", "los_up",
        "mean_velocity", "mean_velocity_std", "acceleration", "acceleration_std", "seasonality", "seasonality_std"]
EGMS_ROW = [0, 45.5, 12.1, 4662111.45, 2515345.12, 67.4, 72.3, 456, 124, 4.5, 0.54, 0.25, 40.56, 8.23, 0.345, -0.012, 0.546,
            4.5, 2.1, 0.51, 0.42, 2.3, 3.4]


def read(path, rows=3, **options):
    """Return the layout, and all blocks joined."""
    with open_points(str(path), **options) as source:
        blocks = list(source.blocks(rows))
        for block in blocks:
            assert block.displacement.dtype == np.float32 and block.displacement.flags.c_contiguous
            assert block.displacement.shape == (len(block), len(source.layout.dates))
        assert [block.start for block in blocks] == list(np.cumsum([0, *map(len, blocks)]))[:-1]
        assert source.layout.count in (None, sum(map(len, blocks)))
        joined = np.concatenate([block.displacement for block in blocks])
        attributes = {a.name: np.ma.concatenate([b.attributes[a.name] for b in blocks]) for a in source.layout.attributes}
        x, y = (np.concatenate([getattr(block, axis) for block in blocks]) for axis in "xy")
        return source.layout, x, y, joined, attributes


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("name", ["a.csv", "a.csv.gz", "a.unknown"])
def test_separators_line_ends_and_compression(tmp_path, separator, end, name):
    values = series()
    layout, x, y, found, attributes = read(simple(tmp_path / name, NAMES, values, separator=separator, end=end))
    np.testing.assert_array_equal(found, values.astype(np.float32))
    np.testing.assert_array_equal(layout.dates, DAYS)
    assert layout.crs == "EPSG:4326" and x[1] == 10.01 and y[1] == 45.01
    assert attributes["ID"].tolist() == ["P0", "P1", "P2", "P3", "P4"]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "latin-1"])
def test_encodings(tmp_path, encoding):
    rows = [["Höhe", 10, 45, *row] for row in series().tolist()]
    path = table(tmp_path / "a.csv", ["Ort", "lon", "lat", *NAMES], rows, encoding=encoding)
    layout, _, _, found, attributes = read(path)
    assert attributes["Ort"][0] == "Höhe" and found.shape == (5, 8)
    assert any("Latin-1" in note for note in layout.notes) == (encoding == "latin-1")


def test_decimal_comma(tmp_path):
    rows = [[cell.replace(".", ",") for cell in map(str, ["P", 10.5, 45.5, *row])] for row in series().tolist()]
    layout, x, _, found, _ = read(table(tmp_path / "a.csv", ["ID", "lon", "lat", *NAMES], rows, separator=";"))
    np.testing.assert_array_equal(found, series().astype(np.float32))
    assert x[0] == 10.5 and any("decimal comma" in note for note in layout.notes)


def test_lines_before_the_header_quotes_and_a_separator_at_the_end(tmp_path):
    rows = [[f'"P {i}, a"', 10, 45, *row, ""] for i, row in enumerate(series().tolist())]
    path = table(tmp_path / "a.csv", ["ID", "lon", "lat", *NAMES, ""], rows, before="# made by hand\n\nsecond line\n")
    layout, _, _, found, attributes = read(path)
    assert attributes["ID"][1] == "P 1, a" and found.shape == (5, 8) and [a.name for a in layout.attributes] == ["ID"]


def test_missing_values(tmp_path):
    cells = [["", "NaN", "NA", "null", "-9999", " 1.5", "inf", 2]] * 4
    _, _, _, found, _ = read(table(tmp_path / "a.csv", ["lon", "lat", *NAMES], [[10, 45, *row] for row in cells]))
    np.testing.assert_array_equal(np.isnan(found[0]), [True, True, True, True, True, False, True, False])


def test_all_points_missing_can_be_read(tmp_path):
    layout, _, _, found, _ = read(table(tmp_path / "a.csv", ["lon", "lat", *NAMES], [[10, 45, *[""] * 8]] * 3))
    assert np.isnan(found).all() and layout.unit_reason == "convention"


def test_attribute_kinds(tmp_path):
    rows = [[7, "007", "a", 1.5, "", 10, 45, *row] for row in series().tolist()]
    rows[2][0] = ""
    layout, _, _, _, attributes = read(table(tmp_path / "a.csv", ["n", "code", "t", "r", "e", "lon", "lat", *NAMES], rows))
    kinds = {a.name: a.kind for a in layout.attributes}
    assert kinds == {"n": "integer", "code": "text", "t": "text", "r": "real", "e": "real"}
    assert layout.attributes[0].name == "code"  # identifiers first
    assert np.ma.getmaskarray(attributes["n"]).tolist() == [False, False, True, False, False]


@pytest.mark.parametrize(("extra", "name"), [([], "EGMS L2a or L2b CSV"), (["cluster_label"], "EGMS L2a CSV")])
def test_egms_basic_and_calibrated(tmp_path, extra, name):
    rows = [[f"3ODTn5TNY{i}", *[0] * len(extra), *EGMS_ROW, *row] for i, row in enumerate(series().tolist())]
    layout, x, y, found, _ = read(table(tmp_path / "a.csv", [EGMS[0], *extra, *EGMS[1:], *map(compact, DAYS)], rows))
    assert (layout.format, layout.unit, layout.crs, layout.wavelength) == (name, "mm", "EPSG:3035", 0.05547)
    assert (x[0], y[0]) == (4662111.45, 2515345.12) and layout.attributes[0].name == "pid"
    np.testing.assert_array_equal(found, series().astype(np.float32))


def test_egms_ortho(tmp_path):
    header = ["pid", "easting", "northing", "height", "rmse", "mean_velocity", *map(compact, DAYS)]
    rows = [["id", 4662050, 115350, 67.4, 1.2, 4.5, *row] for row in series().tolist()]
    layout, *_ = read(table(tmp_path / "EGMS_L3_E46N01_100km_U_2018_2022_1.csv", header, rows))
    assert layout.format == "EGMS L3 CSV" and layout.crs == "EPSG:3035" and any("vertical" in note for note in layout.notes)


def test_egms_archive(tmp_path):
    rows = [["id", *EGMS_ROW, *row] for row in series().tolist()]
    plain = table(tmp_path / "EGMS_L2b_1.csv", [*EGMS, *map(compact, DAYS)], rows)
    with zipfile.ZipFile(tmp_path / "EGMS_L2b_1.zip", "w") as archive:
        archive.write(plain, plain.name)
        archive.writestr("EGMS_L2b_1.xml", "<xml/>")
    layout, *_, found, _ = read(tmp_path / "EGMS_L2b_1.zip")
    assert layout.format == "EGMS L2b CSV" and found.shape == (5, 8)


def test_psbas_is_in_centimetres_and_located_by_degrees(tmp_path):
    header = ["ID", "X", "Y", "Lat", "Lon", "Topo", "Vel", "Coer", "cosN", "cosE", "cosU", *NAMES]
    rows = [[1, 195699.6, 4129374.8, 37.2, -6.4, 118, -0.6, 0.9, -0.1, 0.6, 0.7, *row] for row in (series() / 10).tolist()]
    layout, x, y, found, _ = read(table(tmp_path / "a.csv", header, rows))
    assert (layout.unit, layout.crs, x[0], y[0]) == ("cm", "EPSG:4326", -6.4, 37.2)
    np.testing.assert_allclose(found, series(), atol=1e-4)
    projected, x, *_ = read(tmp_path / "a.csv", crs="EPSG:25830")
    assert projected.crs == "EPSG:25830" and x[0] == 195699.6


def test_tre_table_without_crs_and_with_a_neighbour_that_tells(tmp_path):
    header = ["CODE", "X", "Y", "HEIGHT", "H_STDEV", "VEL", "V_STDEV", "COHERENCE", "EFF_AREA", *NAMES]
    rows = [["A18IT", 1438780.0, 4886713.5, 143, 0.4, -0.7, 0.2, 0.8, 0, *row] for row in series().tolist()]
    path = table(tmp_path / "a.csv", header, rows)
    layout, *_ = read(path)
    assert layout.format.startswith("TRE") and layout.crs == "" and any("set it" in note for note in layout.notes)
    from osgeo import osr

    reference = osr.SpatialReference()
    reference.ImportFromEPSG(3003)
    (tmp_path / "a.prj").write_text(reference.ExportToWkt())
    layout, *_ = read(path)
    assert layout.crs == "EPSG:3003" and any("a.prj" in note for note in layout.notes)


def test_sarproz_table(tmp_path):
    header = ["ID", "SVET", "LVET", "LAT", "LON", "HEIGHT", "HEIGHT WRT DEM", "SIGMA HEIGHT", "VEL", "SIGMA VEL", "CUMUL.DISP.",
              "COHER", "STDEV", *(str(day) for day in DAYS)]
    rows = [[1, 5, 6, 45, 10, 7, 8, 9, 1, 2, 3, 0.9, 0.1, *row] for row in series().tolist()]
    layout, x, *_ = read(table(tmp_path / "a.csv", header, rows))
    assert layout.format == "SARPROZ table" and layout.unit == "mm" and x[0] == 10


def test_depsi_table_is_in_metres(tmp_path):
    header = ["pnt_id", "pnt_lat", "pnt_lon", *(f"{k}_{compact(d)}" for k in ("a", "d", "h2ph") for d in DAYS)]
    rows = [["L1", 52.3, 4.9, *np.ones(8), *row, *np.ones(8)] for row in (series() / 1000).tolist()]
    layout, x, _, found, _ = read(table(tmp_path / "a.csv", header, rows))
    assert (layout.unit, x[0]) == ("m", 4.9)
    np.testing.assert_allclose(found, series(), atol=1e-3)


@pytest.mark.parametrize("header", [True, False])
def test_stamps_visualizer(tmp_path, header):
    days = [(int(day.astype(int)) + 719529 - 1) for day in DAYS]  # 719529 is MATLAB's datenum of 1970-01-01
    lines = [["103.68", "32.0", "NaN", *days], *[[103.6, 32.07, -0.9, *row] for row in series().tolist()]]
    first = [f"export_res_{i}" for i in range(1, 12)] if header else lines.pop(0)
    layout, x, y, found, attributes = read(table(tmp_path / "a.csv", first, lines))
    np.testing.assert_array_equal(layout.dates, DAYS)
    np.testing.assert_array_equal(found, series().astype(np.float32))
    assert (x[0], y[0], attributes["mean_velocity"][0], layout.unit) == (103.6, 32.07, -0.9, "mm")


def test_repeated_and_unsorted_dates(tmp_path):
    names = ["D20160115", "D20160103", "D20160115"]
    layout, _, _, found, _ = read(simple(tmp_path / "a.csv", names, np.array([[1.0, 5.0, 3.0]] * 3)))
    assert found.tolist() == [[5.0, 2.0]] * 3
    assert sum("averaged" in note or "sorted" in note for note in layout.notes) == 2


def test_repeated_attribute_names(tmp_path):
    rows = [[1, 2, 10, 45, *row] for row in series().tolist()]
    _, _, _, _, attributes = read(table(tmp_path / "a.csv", ["VEL", "VEL", "lon", "lat", *NAMES], rows))
    assert attributes["VEL"][0] == 1 and attributes["VEL_2"][0] == 2


@pytest.mark.parametrize("name", ["a.csv", "a.csv.gz"])
@pytest.mark.parametrize(("column", "bad"), [(3, "abc"), (7, "1.2.3"), (1, "east")])
def test_text_in_a_number_column_names_row_and_column(tmp_path, name, column, bad):
    rows = [[f"P{i}", 10.5, 45, *row] for i, row in enumerate(series(4000).tolist())]
    rows[3210][column] = bad
    header = ["ID", "LON", "LAT", *NAMES]
    path = table(tmp_path / name, header, rows)
    with pytest.raises(StillpointError) as error:
        read(path, rows=1000)
    for part in (str(path), "row 3211", header[column], repr(bad)):
        assert part in str(error.value)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "is empty"),
        (b"\n \n", "is empty"),
        (b"ID,LON,LAT,D20150101,D20150113\n", "no rows"),
        (b"ID,LON,LAT,VEL\n1,2,3,4\n", "no date columns"),
        (b"ID,LON,LAT,D20150101\n1,2,3,4\n", "only one epoch"),
        (b"ID,D20150101,D20150113\n1,2,3\n", "no coordinate columns"),
        (b"LON,LAT,D20150101,D20150113\n500000,4000000,3,4\n", "no longitudes"),
        (b"LON,LAT,D20150101,D20150113\n1,2,3,4\n1,2,3\n", "row 2: 3 cells instead of 4"),
        (b"\x1f\x8b\x08\x00broken", "cannot be read"),
        (b"\x00\x01\x02\x03" * 50, "cannot be read"),
        (b"PAR1nonsense", "cannot be read"),
        (b"SQLite format 3\x00 but cut off", "cannot be read"),
    ],
)
def test_what_cannot_be_read_is_said(tmp_path, content, sentence):
    path = tmp_path / "a.dat"
    path.write_bytes(content)
    with pytest.raises(StillpointError, match=sentence) as error:
        read(path)
    assert "a.dat" in str(error.value)


def test_a_cut_off_gzip(tmp_path):
    path = simple(tmp_path / "a.csv.gz", NAMES, series(30_000))
    path.write_bytes(path.read_bytes()[:-2000])
    with pytest.raises(StillpointError, match="cannot be read"):
        read(path, rows=1000)


def test_missing_file_unknown_unit_and_crs(tmp_path):
    with pytest.raises(StillpointError, match="no file"):
        open_points(str(tmp_path / "none.csv"))
    path = simple(tmp_path / "a.csv", NAMES, series())
    with pytest.raises(StillpointError, match="unit"):
        open_points(str(path), unit="inch")
    with pytest.raises(StillpointError, match="no coordinate reference system"):
        open_points(str(path), crs="EPSG:nonsense")


def test_metres_called_millimetres(tmp_path):
    path = simple(tmp_path / "a.csv", NAMES, series() / 1000)
    with pytest.raises(StillpointError, match="set the unit to m"):
        open_points(str(path), unit="mm")
    layout, _, _, found, _ = read(path)
    assert layout.unit == "m"
    np.testing.assert_allclose(found, series(), atol=1e-3)


def test_block_size_does_not_matter(tmp_path):
    path = simple(tmp_path / "a.csv", NAMES, series(5000))
    whole = read(path, rows=10_000)
    parts = read(path, rows=777)
    np.testing.assert_array_equal(whole[3], parts[3])
    assert whole[4]["ID"].tolist() == parts[4]["ID"].tolist()


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_damaged_tables_give_a_source_or_a_sentence(tmp_path, data):
    good = (b"ID,LON,LAT,D20150101,D20150113,D20150125\n" + b"".join(b"P%d,10.5,45,%d.5,2,-3e1\n" % (i, i) for i in range(6)))
    raw = bytearray(good)
    for _ in range(data.draw(st.integers(0, 6))):
        at = data.draw(st.integers(0, len(raw)))
        raw[at : at + data.draw(st.integers(0, 8))] = data.draw(
            st.one_of(
                st.binary(max_size=6),
                st.sampled_from([b'"', b",", b"\n", b"\r", b";", b"20150101", b"\xff\xfe", b"nan", b"1e999"]),
            )
        )
    path = tmp_path / "fuzz.csv"
    path.write_bytes(bytes(raw))
    try:
        with open_points(str(path)) as source:
            for block in source.blocks(4):
                assert not np.isinf(block.displacement).any()
    except StillpointError as error:
        assert str(error)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(raw=st.binary(max_size=300))
def test_any_bytes_give_a_source_or_a_sentence(tmp_path, raw):
    path = tmp_path / "fuzz.bin"
    path.write_bytes(raw)
    try:
        open_points(str(path)).close()
    except StillpointError as error:
        assert str(error)
