from __future__ import annotations

import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("qgis.core", reason="QGIS's Python modules are not installed")

from stillpoint.plugin import demo, demo_map

POINTS = 400


def run_demo(*arguments: str) -> subprocess.CompletedProcess:
    variables = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    variables.pop("QGIS_CUSTOM_CONFIG_PATH", None)
    command = [sys.executable, "-m", "stillpoint.plugin.demo", *arguments]
    return subprocess.run(command, env=variables, capture_output=True, text=True, timeout=240, check=False)


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    folder = tmp_path_factory.mktemp("demo")
    done = run_demo("--points", str(POINTS), "--output", str(folder))
    assert done.returncode == 0, done.stdout + done.stderr
    return folder, done.stdout


def test_the_demo_prints_classes_agreement_and_files(finished) -> None:
    folder, text = finished
    assert re.search(r"^Stable\s+\d+\s+\d+\.\d%$", text, re.MULTILINE)
    accuracy = float(re.search(r"True class: ([\d.]+)%", text).group(1))
    assert accuracy > 90.0
    for name in ("valley_trends.gpkg", "valley_trends.shp", "valley.qgz", "valley.png"):
        assert (folder / name).is_file()
        assert str(folder / name) in text
    assert not [path.name for path in folder.iterdir() if ".part" in path.name or ".tmp" in path.name]


def test_the_project_opens_ready_to_look_at(finished, qgis_app, tmp_path: Path) -> None:
    from qgis.core import QgsProject

    folder, _ = finished
    moved = tmp_path / "elsewhere"
    folder.rename(moved)
    try:
        with zipfile.ZipFile(moved / "valley.qgz") as archive:
            text = archive.read("valley.qgs").decode("utf-8")
        sources = re.findall(r"<datasource>(.+?)</datasource>", text)
        assert len(sources) >= 2
        assert all(source.startswith("./") for source in sources)
        project = QgsProject()
        assert project.read(str(moved / "valley.qgz"))
        layers = project.layerTreeRoot().layerOrder()
        assert [layer.isValid() for layer in layers] == [True, True]
        points, relief = layers
        assert points.featureCount() == POINTS
        assert points.renderer().type() == "categorizedSymbol"
        assert project.viewSettings().defaultViewExtent().intersects(relief.extent())
        assert project.layoutManager().layoutByName("Stillpoint map") is not None
    finally:
        moved.rename(folder)


def test_the_picture_shows_a_map(finished, qgis_app) -> None:
    from qgis.PyQt.QtGui import QImage

    image = QImage(str(finished[0] / "valley.png"))
    assert image.width() > 1900
    assert abs(image.width() / image.height() - 16 / 9) < 0.01
    colours = {image.pixel(x, y) for x in range(0, image.width(), 7) for y in range(0, image.height(), 7)}
    assert len(colours) > 100


def test_a_file_that_is_no_point_product_is_a_sentence(tmp_path: Path) -> None:
    data = tmp_path / "notes.csv"
    data.write_text("a,b\n1,2\n")
    done = run_demo("--data", str(data), "--output", str(tmp_path / "out"))
    assert done.returncode == 1
    assert "make demo:" in done.stderr
    assert "Traceback" not in done.stderr
    assert list((tmp_path / "out").iterdir()) == []


def test_agreement_counts_what_was_not_classified_as_wrong() -> None:
    confusion = np.zeros((5, 6), np.int64)
    confusion[0, 0], confusion[0, 5], confusion[1, 1], confusion[1, 2] = 6, 2, 1, 1
    found = demo.Agreement(confusion)
    assert found.accuracy == pytest.approx(0.7)
    assert found.recalls[:2] == pytest.approx([0.75, 0.5])
    assert np.isnan(found.recalls[2])
    assert "75.0%" in found.table()


def test_agreement_is_read_from_a_layer(qgis_app) -> None:
    from qgis.core import QgsFeature, QgsVectorLayer

    layer = QgsVectorLayer("Point?field=trend_code:integer&field=true_code:integer", "x", "memory")
    rows = [(0, 0), (3, 3), (2, 3), (None, 4)]
    features = []
    for given, true in rows:
        feature = QgsFeature(layer.fields())
        feature.setAttributes([given, true])
        features.append(feature)
    layer.dataProvider().addFeatures(features)
    confusion = demo.agreement(layer).confusion
    assert confusion.sum() == 4
    assert (confusion[0, 0], confusion[3, 3], confusion[3, 2], confusion[4, 5]) == (1, 1, 1, 1)


@pytest.mark.parametrize(
    ("name", "stem"),
    [("a.csv", "a"), ("houston.csv.gz", "houston"), ("timeseries.h5", "timeseries"), ("x.2020.csv", "x.2020")],
)
def test_results_are_named_after_the_file(name: str, stem: str) -> None:
    assert demo.stem_of(Path(name)) == stem


@pytest.mark.parametrize(("value", "nice"), [(999.0, 500.0), (1000.0, 1000.0), (4200.0, 2000.0), (0.7, 0.5)])
def test_the_scale_bar_has_a_round_length(value: float, nice: float) -> None:
    assert demo_map._nice(value) == pytest.approx(nice)
