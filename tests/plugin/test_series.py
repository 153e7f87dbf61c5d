"""Reading displacement series of any point layer."""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("qgis.core")

from qgis.core import QgsFeature, QgsGeometry, QgsPointXY, QgsVectorLayer

from stillpoint.models.errors import StillpointError
from stillpoint.plugin.series import POLYGON_POINTS, SeriesReader, unpack

from .classified_layer import epochs, write_layer


@pytest.fixture(scope="module", params=["packed", "columns"])
def written(request, tmp_path_factory):
    path = tmp_path_factory.mktemp("series") / f"{request.param}.gpkg"
    return path, write_layer(path, points=150, count=30, series=request.param)


@pytest.fixture
def reader(qgis_app, written):
    return SeriesReader(QgsVectorLayer(str(written[0]), "points", "ogr"))


def memory_layer(names, rows, geometry="Point"):
    layer = QgsVectorLayer(f"{geometry}?crs=EPSG:32630&" + "&".join(f"field={name}:double" for name in names), "t", "memory")
    features = []
    for x, y, values in rows:
        feature = QgsFeature(layer.fields())
        feature.setGeometry(QgsGeometry.fromPointXY(QgsPointXY(x, y)))
        feature.setAttributes(list(values))
        features.append(feature)
    layer.dataProvider().addFeatures(features)
    return layer


def test_series_equal_what_was_written(reader, written):
    truth = written[1]
    assert (reader.dates == epochs(30)).all()
    assert reader.is_classified and reader.has_own_unit
    ids = [9, 3, 77]
    found = reader.by_ids(ids)
    assert [item.fid for item in found] == ids
    for item in found:
        np.testing.assert_allclose(item.displacement, truth[item.fid], atol=1e-5)
        assert item.attributes["pid"] == f"A{item.fid - 1:05d}"
        assert not any(name.startswith("D2017") or name == "series" for name in item.attributes)
        assert item.attributes["break_date"] is None or len(item.attributes["break_date"]) == 10


def test_nearest_is_the_nearest(reader):
    everything = reader.by_ids(range(1, 151))
    generator = np.random.default_rng(0)
    for _ in range(20):
        spot = QgsPointXY(-3.6 + 0.0096 * generator.random(), 37.17 + 0.009 * generator.random())
        expected = min(everything, key=lambda item: item.point.sqrDist(spot))
        found = reader.nearest(spot, 0.004)
        if expected.point.distance(spot) <= 0.004:
            assert found is not None and found.fid == expected.fid
    assert reader.nearest(QgsPointXY(0, 0), 0.001) is None


def test_polygon_gives_median_and_spread(reader, written):
    box = QgsGeometry.fromWkt("POLYGON((-3.601 37.169, -3.598 37.169, -3.5985 37.173, -3.601 37.172, -3.601 37.169))")
    inside = [item.fid for item in reader.by_ids(range(1, 151)) if box.contains(item.point)]
    assert len(inside) > 5
    area = reader.within(box)
    values = np.stack([written[1][fid] for fid in inside])
    assert (area.count, area.read, area.complete) == (len(inside), len(inside), True)
    np.testing.assert_allclose(area.median, np.nanmedian(values, axis=0), atol=1e-4)
    np.testing.assert_allclose(area.mean, np.nanmean(values, axis=0), atol=1e-4)
    assert (area.low <= area.median).all() and (area.median <= area.high).all()
    with pytest.raises(StillpointError, match="No point"):
        reader.within(QgsGeometry.fromWkt("POLYGON((0 0, 1 0, 1 1, 0 0))"))


def test_polygon_reads_no_more_than_the_cap(reader, monkeypatch):
    monkeypatch.setattr("stillpoint.plugin.series.POLYGON_POINTS", 20)
    area = reader.within(QgsGeometry.fromWkt("POLYGON((-4 37, -3 37, -3 38, -4 38, -4 37))"))
    assert (area.count, area.read) == (150, 20) and POLYGON_POINTS > 20


@pytest.mark.parametrize("names", [
    ["20200101", "20200113", "20200125"],
    ["D20200101", "D20200113", "D20200125"],
    ["2020-01-01", "2020-01-13", "2020-01-25"],
    ["25/01/2020", "01/01/2020", "13/01/2020"],
])
def test_columns_of_many_namings_are_read_in_order(qgis_app, names):
    values = {"01": 1.0, "13": 2.0, "25": 3.0}
    days = [name[:2] if "/" in name else name[-2:] for name in names]
    layer = memory_layer(["height", *names], [(0, 0, [7.5, *(values[day] for day in days)])])
    reader = SeriesReader(layer, unit="cm")
    assert [str(day) for day in reader.dates] == ["2020-01-01", "2020-01-13", "2020-01-25"]
    found = reader.nearest(QgsPointXY(1, 1), 5)
    np.testing.assert_allclose(found.displacement, [10, 20, 30])
    assert found.attributes == {"height": 7.5} and not reader.has_own_unit


def test_null_is_missing(qgis_app):
    layer = memory_layer(["D20200101", "D20200113"], [(0, 0, [None, 4.0])])
    found = SeriesReader(layer).by_ids([1])[0]
    assert np.isnan(found.displacement[0]) and found.displacement[1] == 4.0


def test_layers_without_series_say_so(qgis_app, tmp_path):
    with pytest.raises(StillpointError, match="no date columns"):
        SeriesReader(memory_layer(["height"], []))
    with pytest.raises(StillpointError, match="not a point layer"):
        SeriesReader(memory_layer(["D20200101", "D20200113"], [], geometry="LineString"))
    path = tmp_path / "lost.gpkg"
    write_layer(path, points=4, count=12)
    layer = QgsVectorLayer(str(path), "lost", "ogr")
    from stillpoint.plugin.facts import LayerFacts

    with pytest.raises(StillpointError, match="does not say the dates"):
        SeriesReader(layer, LayerFacts())


def test_packed_series_of_another_length_is_refused():
    with pytest.raises(StillpointError, match="holds 3 values, but the layer names 4 dates"):
        unpack(np.zeros(3, "<f4").tobytes(), 4)
    assert np.isnan(unpack(None, 4)).all()


def test_real_layer_opens(qgis_app, real_data):
    path = real_data / "psbas-huelva-s1" / "huelva_s1_asc.gpkg"
    layer = QgsVectorLayer(str(path), "huelva", "ogr")
    reader = SeriesReader(layer)
    found = reader.nearest(layer.extent().center(), layer.extent().width())
    assert len(reader.dates) > 50 and np.isfinite(found.displacement).sum() > 50
