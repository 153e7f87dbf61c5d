"""Exports hold what the layer holds, say what they could not keep, and never leave half a file."""

from __future__ import annotations

import csv
import json
import os
import sys
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("qgis.core")

from osgeo import gdal
from qgis.core import QgsField, QgsVectorLayer
from qgis.PyQt.QtCore import QVariant

from stillpoint.models.errors import Cancelled, StillpointError
from stillpoint.plugin import export
from stillpoint.plugin.layers import style_trends_layer
from stillpoint.plugin.series import SeriesReader

from .classified_layer import write_layer


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    path = tmp_path_factory.mktemp("export") / "granada.gpkg"
    return path, write_layer(path, points=90, count=30)


@pytest.fixture
def layer(qgis_app, written):
    result = QgsVectorLayer(str(written[0]), "granada", "ogr")
    style_trends_layer(result)
    return result


def left_in(folder: Path):
    return sorted(item.name for item in folder.iterdir())


def test_shapefile_with_series_styles_and_description(layer, written, tmp_path):
    outcome = export.run(export.prepare(layer, str(tmp_path / "out.shp"), series="columns"))
    assert outcome.count == 90 and outcome.files[0].endswith("out.shp")
    names = {Path(name).suffix for name in outcome.files}
    assert {".shp", ".shx", ".dbf", ".prj", ".cpg", ".qml", ".sld", ".json"} <= names
    copy = QgsVectorLayer(str(tmp_path / "out.shp"), "out", "ogr")
    assert copy.crs() == layer.crs() and copy.featureCount() == 90
    assert all(len(field.name()) <= 10 for field in copy.fields())
    assert copy.renderer().type() == "categorizedSymbol"  # the QML beside it was found
    reader = SeriesReader(copy)
    for original, feature in zip(layer.getFeatures(), copy.getFeatures()):
        assert feature["pid"] == original["pid"] and feature["break_date"] == original["break_date"]
        assert (feature["trend_code"] == original["trend_code"]) or original["trend_code"] != original["trend_code"]
        assert feature["velocity"] == pytest.approx(original["velocity"])
        assert feature.geometry().asPoint().distance(original.geometry().asPoint()) < 1e-9
        series = reader.by_ids([feature.id()])[0].displacement
        np.testing.assert_allclose(series, written[1][original.id()], atol=0.0051)


def test_geopackage_keeps_packed_series_and_provenance(layer, written, tmp_path):
    plan = export.prepare(layer, str(tmp_path / "out.gpkg"), series="packed")
    outcome = export.run(plan)
    assert export.store_style(outcome.files[0], plan.styles[".qml"])
    copy = QgsVectorLayer(outcome.files[0], "out", "ogr")
    reader = SeriesReader(copy)
    assert reader.facts.provenance["model"]["version"] == "1" and reader.facts.wavelength == pytest.approx(0.0555)
    for fid in (1, 50, 90):
        np.testing.assert_array_equal(reader.by_ids([fid])[0].displacement, written[1][fid])
    assert copy.renderer().type() == "categorizedSymbol"


def test_csv_has_coordinates_classes_and_series(layer, written, tmp_path):
    outcome = export.run(export.prepare(layer, str(tmp_path / "out.csv"), series="columns"))
    with open(outcome.files[0], newline="", encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    first = next(layer.getFeatures())
    assert len(rows) == 90
    assert float(rows[0]["x"]) == first.geometry().asPoint().x() and rows[0]["trend"] == first["trend"]
    values = [float(rows[0][f"D{str(day).replace('-', '')}"] or "nan") for day in SeriesReader(layer).dates]
    np.testing.assert_allclose(values, written[1][first.id()], atol=0.0006)
    described = json.loads((tmp_path / "out.stillpoint.json").read_text(encoding="utf-8"))
    assert described["crs"] == "EPSG:4326" and described["metadata"]["STILLPOINT_DATES"].startswith("2017-02-01")


def test_only_selected_points(layer, tmp_path):
    with pytest.raises(StillpointError, match="No point is selected"):
        export.prepare(layer, str(tmp_path / "out.csv"), selected_only=True)
    layer.selectByIds([3, 5, 8])
    outcome = export.run(export.prepare(layer, str(tmp_path / "out.csv"), selected_only=True))
    with open(outcome.files[0], newline="", encoding="utf-8") as stream:
        assert [row["pid"] for row in csv.DictReader(stream)] == ["A00002", "A00004", "A00007"]


def test_400_dates_do_not_fit_a_shapefile_but_go_beside_it(qgis_app, tmp_path):
    path = tmp_path / "long.gpkg"
    truth = write_layer(path, points=4, count=400)
    layer = QgsVectorLayer(str(path), "long", "ogr")
    ways, why = export.series_limits(layer, ".shp")
    assert ways == ("beside", "none") and "400 date columns" in why and "255" in why
    with pytest.raises(StillpointError, match=r"255 fields at most, but 400 date columns .* GeoPackage"):
        export.prepare(layer, str(tmp_path / "out.shp"), series="columns")
    export.run(export.prepare(layer, str(tmp_path / "out.shp"), series="beside"))
    with open(tmp_path / "out_series.csv", newline="", encoding="utf-8") as stream:
        rows = list(csv.reader(stream))
    assert rows[0][:3] == ["record", "pid", "D20170201"] and len(rows) == 5 and len(rows[0]) == 402
    values = [float(text or "nan") for text in rows[2][2:]]
    np.testing.assert_allclose(values, truth[2], atol=0.0006)


def test_long_names_and_texts_are_shortened_and_told(qgis_app, tmp_path):
    layer = QgsVectorLayer("Point?crs=EPSG:4326&field=mean_velocity:double&field=mean_velocity_std:double", "t", "memory")
    layer.dataProvider().addAttributes([QgsField("remark", QVariant.String), QgsField("höhe_über_null", QVariant.Double)])
    layer.updateFields()
    from qgis.core import QgsFeature, QgsGeometry, QgsPointXY

    feature = QgsFeature(layer.fields())
    feature.setGeometry(QgsGeometry.fromPointXY(QgsPointXY(1, 2)))
    feature.setAttributes([1.5, 0.5, "ä" * 200, 3.0])
    layer.dataProvider().addFeature(feature)
    outcome = export.run(export.prepare(layer, str(tmp_path / "out.shp")))
    copy = QgsVectorLayer(str(tmp_path / "out.shp"), "out", "ogr")
    names = [field.name() for field in copy.fields()]
    assert names[:3] == ["mean_veloc", "mean_vel_1", "remark"] and len(set(names)) == 4
    assert all(len(name.encode()) <= 10 for name in names)
    first = next(copy.getFeatures())
    assert first.attributes()[:2] == [1.5, 0.5] and first["remark"] == "ä" * 127
    told = " ".join(outcome.notes)
    assert "mean_velocity_std is called mean_vel_1" in told and "1 texts of remark" in told


def test_shapefile_names_are_distinct_whatever_the_case():
    names = export.shapefile_names(["Displacement_A", "displacement_b", "DISPLACEME", "id"])
    assert names["id"] == "id" and names["DISPLACEME"] == "DISPLACEME"
    assert len({name.lower() for name in names.values()}) == 4 and all(len(name) <= 10 for name in names.values())


def test_cancel_leaves_nothing_and_keeps_the_old_file(layer, tmp_path):
    (tmp_path / "out.gpkg").write_text("old")
    plan = export.prepare(layer, str(tmp_path / "out.gpkg"), series="packed")
    with pytest.raises(Cancelled):
        export.run(plan, cancelled=lambda: True)
    assert left_in(tmp_path) == ["out.gpkg"] and (tmp_path / "out.gpkg").read_text() == "old"


@pytest.mark.skipif(sys.platform == "win32", reason="needs a limit on the size of files")
@pytest.mark.parametrize("name, series", [("out.shp", "columns"), ("out.gpkg", "packed"), ("out.csv", "columns")])
def test_full_disk_is_a_sentence_and_leaves_nothing(layer, tmp_path, name, series):
    import resource
    import signal

    plan = export.prepare(layer, str(tmp_path / name), series=series)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    gdal.PushErrorHandler("CPLQuietErrorHandler")
    resource.setrlimit(resource.RLIMIT_FSIZE, (6000, hard))
    try:
        with pytest.raises(StillpointError) as caught:
            export.run(plan)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, handler)
        gdal.PopErrorHandler()
    assert "no space left" in str(caught.value) or "cannot be written" in str(caught.value)
    assert left_in(tmp_path) == []


def test_no_permission_is_a_sentence(layer, tmp_path, monkeypatch):
    plan = export.prepare(layer, str(tmp_path / "out.csv"))

    def refuse(*_, **__):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("tempfile.mkdtemp", refuse)
    with pytest.raises(StillpointError, match="cannot be written to"):
        export.run(plan)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="the superuser may write anywhere")
def test_write_protected_folder_is_a_sentence(layer, tmp_path):
    tmp_path.chmod(0o500)
    try:
        with pytest.raises(StillpointError, match="cannot be written to"):
            export.run(export.prepare(layer, str(tmp_path / "out.csv")))
    finally:
        tmp_path.chmod(0o700)


@pytest.mark.parametrize("name, series, words", [
    ("out.kml", "none", "give one of these endings"),
    ("out.csv", "packed", "choose columns or none"),
    ("nowhere/out.csv", "none", "does not exist"),
])
def test_what_cannot_be_is_refused_before_anything_is_written(layer, tmp_path, name, series, words):
    with pytest.raises(StillpointError, match=words):
        export.prepare(layer, str(tmp_path / name), series=series)
    with pytest.raises(StillpointError, match="file of the layer itself"):
        export.prepare(layer, layer.source().split("|")[0])
    assert left_in(tmp_path) == []
