"""What users get wrong, through QGIS's door with the real engine: a clear sentence, and nothing lost.

The same list at the engine's own door: ``tests/models/points``, ``tests/models/trends/test_classify.py`` and
``tests/models/test_worker.py``. In each case here an older result of the same name must survive untouched.
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

import h5py
import numpy as np
import pytest

pytest.importorskip("qgis.core")
pytest.importorskip("torch")

from qgis.core import (
    QgsApplication,
    QgsCoordinateReferenceSystem,
    QgsFeature,
    QgsGeometry,
    QgsPointXY,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsVectorLayer,
)

from stillpoint.plugin import environment, runner
from stillpoint.plugin.provider import StillpointProvider

OLD = b"an older result"
DAYS = np.datetime64("2019-01-03") + 12 * np.arange(60)


@pytest.fixture(scope="module")
def engine(qgis_app):
    """The real engine, started once for all of these tests."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(environment.VARIABLE, sys.executable)
        environment.forget()
        yield runner
        runner.close()
    environment.forget()


@pytest.fixture
def classify(processing, engine, tmp_path):
    """Run the algorithm as QGIS does, on top of an older result."""
    provider = StillpointProvider()
    QgsApplication.processingRegistry().addProvider(provider)

    def run(source, *, output="out.gpkg", feedback=None, **parameters):
        given = {"INPUT": source, "OUTPUT": str(tmp_path / "results" / output), **parameters}
        return processing.run("stillpoint:classifytrends", given, feedback=feedback)

    (tmp_path / "results").mkdir()
    yield run
    QgsApplication.processingRegistry().removeProvider(provider)


def names(days=DAYS):
    return ["D" + str(day).replace("-", "") for day in days]


def table(path, *, columns=None, rows=6, scale=1.0, value=None):
    """Write a CSV with series that move by a steady pace under white noise of 2 mm."""
    columns = names() if columns is None else columns
    noise = np.random.default_rng(3).normal(0, 2, (rows, len(columns))) - np.linspace(0, 30, len(columns))
    lines = [",".join(["id", "lon", "lat", *columns])]
    for row in range(rows):
        cells = [f"{scale * number:.6f}" if value is None else value for number in noise[row]]
        lines.append(",".join([f"p{row}", f"{8.1 + 0.001 * row}", "44.1", *cells]))
    path.write_text("\n".join(lines) + "\n")
    return path


def refused(classify, tmp_path, source, sentence, *, output="out.gpkg", **parameters):
    """Check that the run ends with the sentence, that the older result is whole, and that no draft is left."""
    old = tmp_path / "results" / output
    old.write_bytes(OLD)
    with pytest.raises(QgsProcessingException, match=sentence) as error:
        classify(str(source), output=output, **parameters)
    assert "Traceback" not in str(error.value)
    assert old.read_bytes() == OLD
    assert os.listdir(old.parent) == [output]


def _text_in_a_column(path):
    table(path)
    lines = path.read_text().splitlines()
    cells = lines[4].split(",")
    cells[10] = "broken"
    lines[4] = ",".join(cells)
    path.write_text("\n".join(lines) + "\n")


def _cut_hdf5(path):
    with h5py.File(path, "w") as file:
        file["timeseries"] = np.zeros((60, 40, 40), np.float32)
        file["date"] = np.array([str(day).replace("-", "").encode() for day in DAYS])
    path.write_bytes(path.read_bytes()[:-4000])


@pytest.mark.parametrize(
    ("name", "make", "sentence"),
    [
        ("a.csv", lambda p: table(p, columns=["velocity", "height"]), "no date columns"),
        ("a.csv", lambda p: table(p, columns=["D20190103"]), "only one epoch"),
        ("a.csv", lambda p: p.write_bytes(b""), "is empty"),
        ("a.csv", lambda p: p.write_text(",".join(["id", "lon", "lat", *names()]) + "\n"), "no rows"),
        ("a.csv", _text_in_a_column, "broken"),
        ("a.h5", _cut_hdf5, "damaged or cut off"),
    ],
)
def test_files_that_cannot_be_read(classify, tmp_path, name, make, sentence):
    make(tmp_path / name)
    refused(classify, tmp_path, tmp_path / name, sentence)


def test_metres_called_millimetres(classify, tmp_path):
    refused(classify, tmp_path, table(tmp_path / "a.csv", scale=0.001), "cannot be in mm", UNIT="mm")


def test_duplicate_and_unsorted_dates_are_put_right_and_told(classify, tmp_path):
    columns = names()
    columns[3], columns[7] = columns[7], columns[3]
    columns[20] = columns[21]
    feedback = QgsProcessingFeedback(False)
    done = classify(str(table(tmp_path / "a.csv", columns=columns)), feedback=feedback)
    layer = QgsVectorLayer(done["OUTPUT"], "a", "ogr")
    assert layer.featureCount() == 6
    assert "they were sorted" in feedback.textLog()
    assert f"occurs more than once ({DAYS[21]})" in feedback.textLog()


def test_points_without_a_value_stay_and_say_why(classify, tmp_path):
    done = classify(str(table(tmp_path / "a.csv", value="")))
    layer = QgsVectorLayer(done["OUTPUT"], "a", "ogr")
    found = [(feature["trend"], feature["reason"]) for feature in layer.getFeatures()]
    assert len(found) == 6
    assert all(trend == "Not classified" and reason for trend, reason in found)


def test_layer_without_a_crs_is_classified_and_told(classify):
    fields = "&".join(f"field={name}:double" for name in names())
    layer = QgsVectorLayer(f"Point?{fields}", "nowhere", "memory")
    layer.setCrs(QgsCoordinateReferenceSystem())
    feature = QgsFeature(layer.fields())
    feature.setGeometry(QgsGeometry.fromPointXY(QgsPointXY(512345.0, 4912345.0)))
    feature.setAttributes((-0.5 * np.arange(60) + np.random.default_rng(1).normal(0, 2, 60)).tolist())
    layer.dataProvider().addFeatures([feature])
    feedback = QgsProcessingFeedback(False)
    done = classify(layer, feedback=feedback)
    written = QgsVectorLayer(done["OUTPUT"], "written", "ogr")
    assert written.featureCount() == 1 and not written.crs().authid()
    spot = next(written.getFeatures()).geometry().asPoint()
    assert (spot.x(), spot.y()) == (512345.0, 4912345.0)
    assert "coordinate reference system" in feedback.textLog()


def test_400_date_columns_to_a_shapefile_are_left_out_and_told(classify, tmp_path):
    days = np.datetime64("2010-01-03") + 6 * np.arange(400)
    source = table(tmp_path / "a.csv", columns=names(days), rows=3)
    feedback = QgsProcessingFeedback(False)
    done = classify(str(source), output="out.shp", feedback=feedback, SERIES="columns")
    layer = QgsVectorLayer(done["OUTPUT"], "a", "ogr")
    assert layer.featureCount() == 3 and layer.fields().lookupField("trend_code") >= 0
    assert "at most 255 fields. A GeoPackage holds them all." in feedback.textLog()
    assert "400 fields" in (tmp_path / "results" / "out.report.txt").read_text()


@pytest.mark.skipif(not Path("/sys/kernel").is_dir(), reason="needs a folder that even root cannot write to")
def test_no_permission_to_write(classify, tmp_path):
    source = str(table(tmp_path / "a.csv"))
    with pytest.raises(QgsProcessingException, match="/sys/kernel cannot be written to: no permission"):
        classify(source, OUTPUT="/sys/kernel/out.gpkg")


def test_full_disk(classify, small_disk, tmp_path):
    source = table(tmp_path / "a.csv", rows=8000)
    with pytest.raises(QgsProcessingException, match=r"no(t enough)? space left"):
        classify(str(source), OUTPUT=str(small_disk / "out.gpkg"))
    assert os.listdir(small_disk) == []


class _Stop(QgsProcessingFeedback):
    """Does something once the engine has told that it classifies."""

    def __init__(self, act):
        super().__init__(False)
        self._act = act
        self.acted = False

    def setProgressText(self, text):
        if "classified" in text and not self.acted:
            self.acted = True
            self._act(self)


def _big(tmp_path):
    return str(table(tmp_path / "a.csv", rows=20000))


def test_cancel_in_the_middle(classify, tmp_path):
    old = tmp_path / "results" / "out.gpkg"
    old.write_bytes(OLD)
    feedback = _Stop(lambda self: self.cancel())
    algorithm = QgsApplication.processingRegistry().createAlgorithmById("stillpoint:classifytrends")
    given = {"INPUT": _big(tmp_path), "OUTPUT": str(old)}
    result, done = algorithm.run(given, QgsProcessingContext(), feedback)
    assert feedback.acted and done and result == {}
    assert old.read_bytes() == OLD and os.listdir(old.parent) == ["out.gpkg"]


def test_engine_killed_in_the_middle(classify, tmp_path, engine):
    old = tmp_path / "results" / "out.gpkg"
    old.write_bytes(OLD)
    feedback = _Stop(lambda self: [os.kill(pid, signal.SIGKILL) for pid in engine.ENGINE.pids()])
    with pytest.raises(QgsProcessingException, match="ended from outside"):
        classify(_big(tmp_path), feedback=feedback)
    assert feedback.acted
    assert old.read_bytes() == OLD and os.listdir(old.parent) == ["out.gpkg"]
    assert QgsVectorLayer(classify(str(table(tmp_path / "b.csv")))["OUTPUT"], "b", "ogr").featureCount() == 6


def test_torch_missing(classify, tmp_path, monkeypatch):
    bare = tmp_path / "python3"
    bare.write_text(f'#!/bin/sh\nexec {sys.executable} -S -I "$@"\n')
    bare.chmod(0o755)
    monkeypatch.setenv(environment.VARIABLE, str(bare))
    environment.forget()
    refused(classify, tmp_path, table(tmp_path / "a.csv"), r"has no .*torch.*Set-up")
    monkeypatch.undo()
    environment.forget()
