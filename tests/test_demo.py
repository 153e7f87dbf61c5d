from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("qgis.core", reason="QGIS's Python modules are not installed")

from stillpoint.models.errors import StillpointError
from stillpoint.models.jobs import AssessScatterers, Result, SelectScatterers, Simulate
from stillpoint.models.jobs.scatterers import METHODS
from stillpoint.plugin import demo, demo_map, demo_scatterers

POINTS, SIZE, IMAGES = 400, 140, 10


def run_demo(*arguments: str) -> subprocess.CompletedProcess:
    variables = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    variables.pop("QGIS_CUSTOM_CONFIG_PATH", None)
    command = [sys.executable, "-m", "stillpoint.plugin.demo", *arguments]
    return subprocess.run(command, env=variables, capture_output=True, text=True, timeout=240, check=False)


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    folder = tmp_path_factory.mktemp("demo")
    done = run_demo("--points", str(POINTS), "--size", str(SIZE), "--images", str(IMAGES), "--output", str(folder))
    assert done.returncode == 0, done.stdout + done.stderr
    return folder, done.stdout


def test_the_demo_prints_classes_agreement_and_files(finished) -> None:
    folder, text = finished
    assert re.search(r"^Stable\s+\d+\s+\d+\.\d%$", text, re.MULTILINE)
    accuracy = float(re.search(r"True class: ([\d.]+)%", text).group(1))
    assert accuracy > 90.0
    for name in ("valley_trends.gpkg", "valley_trends.shp", "valley.qgz", "valley.png", "city.png", "city/assessment.html"):
        assert (folder / name).is_file()
        assert str(folder / name) in text
    assert not [path.name for path in folder.rglob("*") if ".part" in path.name or ".tmp" in path.name]


def test_the_demo_compares_the_selections_of_a_city_by_zone(finished) -> None:
    _, text = finished
    number = r"\s+([\d.,]+)%?"
    lines = {
        title: [float(value.replace(",", "")) for value in values]
        for title, *values in re.findall(rf"^(\S[\w' -]*?){8 * number}\s+[\d.]+$", text, re.MULTILINE)
    }
    assert {"Amplitude dispersion", "Phase stability", "U-Net"} <= set(lines)
    for title, (ps, *shares, precision, recall, f1) in lines.items():
        assert ps > 100, title
        assert sum(shares) == pytest.approx(100.0, abs=0.3)
        assert f1 == pytest.approx(2 * precision * recall / (precision + recall), abs=0.002)
    # Many of the true scatterers are in the city, and the better of the classical methods finds most of them there.
    assert lines["Phase stability"][1] > 75.0
    assert lines["Phase stability"][7] > lines["Amplitude dispersion"][7]


def test_the_project_opens_ready_to_look_at(finished, qgis_app, tmp_path: Path) -> None:
    from qgis.core import QgsProject

    folder, _ = finished
    moved = tmp_path / "elsewhere"
    folder.rename(moved)
    try:
        with zipfile.ZipFile(moved / "valley.qgz") as archive:
            text = archive.read("valley.qgs").decode("utf-8")
        sources = re.findall(r"<datasource>(.+?)</datasource>", text)
        assert len(sources) >= 12
        assert all(source.startswith("./") for source in sources)
        project = QgsProject()
        assert project.read(str(moved / "valley.qgz"))
        layers = project.layerTreeRoot().layerOrder()
        assert all(layer.isValid() for layer in layers)
        points, relief = layers[:2]
        assert points.featureCount() == POINTS
        assert points.renderer().type() == "categorizedSymbol"
        assert project.viewSettings().defaultViewExtent().intersects(relief.extent())
        assert project.layoutManager().layoutByName("Stillpoint map") is not None
        assert project.layoutManager().layoutByName("Stillpoint city") is not None
        assert project.layoutManager().layoutByName("Stillpoint interferograms") is not None
        check_city(project)
        check_network(project, moved)
        check_surge(project)
    finally:
        moved.rename(folder)


def check_city(project) -> None:
    """Assert that the city's group is complete, and shows one selection over the mean amplitude."""
    group = project.layerTreeRoot().children()[-3]
    *selections, truth, zones, amplitude = group.children()
    assert len(selections) >= 4
    assert [selection.itemVisibilityChecked() for selection in selections] == [True] + [False] * (len(selections) - 1)
    for selection in selections:
        assert [node.name() for node in selection.children()] == ["PS points", "PS probability", "PS mask"]
    assert [node.name() for node in (truth, zones, amplitude)] == ["True PS", "Zones", "Mean amplitude"]
    assert [item.label for item in zones.layer().renderer().classes()] == list(demo_scatterers.SHORT)
    assert amplitude.layer().renderer().type() == "singlebandgray"
    bookmark = project.bookmarkManager().bookmarks()[0]
    assert bookmark.extent().contains(amplitude.layer().extent())
    run = selections[0].children()[0].layer().customProperty("stillpoint/run")
    assert run
    assert selections[0].children()[1].layer().customProperty("stillpoint/run") == run


def check_network(project, folder: Path) -> None:
    """Assert that the interferograms are there, out of sight at first, and that the triage board opens on them."""
    group = project.layerTreeRoot().children()[-2]
    names = [node.name() for node in group.children()]
    assert names[:4] == [
        "Velocity, kept interferograms (mm/yr)", "Velocity, all interferograms (mm/yr)", "Velocity, kept minus all (mm/yr)",
        "True velocity (mm/yr)",
    ]  # fmt: skip
    assert [name.split(":")[0] for name in names[-3:]] == ["Unwrapping error", "Decorrelated", "Strong atmosphere"]
    assert not group.itemVisibilityChecked() and group.children()[0].itemVisibilityChecked()
    ramps = [node.layer().renderer().classificationMax() for node in group.children()[:2]]
    assert ramps[0] == ramps[1]
    entry = json.loads(project.readEntry("stillpoint", "triage", "")[0])
    assert (entry["table"], entry["stack"]) == ("./interferograms/" + Path(entry["table"]).name, "./interferograms/network.tif")
    assert (folder / entry["table"]).is_file()


def check_surge(project) -> None:
    """Assert that the offsets are there, out of sight at first, beside the truth and on one scale with it."""
    assert project.layoutManager().layoutByName("Stillpoint offsets") is not None
    group = project.layerTreeRoot().children()[-1]
    names = [node.name() for node in group.children()]
    assert names[:3] == ["Arrows (px)", "Magnitude (px)", "Direction"] and names[-2:] == ["True magnitude (px)", "Reference image"]
    assert not group.itemVisibilityChecked()
    measured, true = (group.children()[place].layer() for place in (1, -2))
    assert measured.renderer().classificationMax() == true.renderer().classificationMax()
    values = [layer.dataProvider().sample(layer.extent().center(), 1)[0] for layer in (measured, true)]
    assert abs(values[0] - values[1]) < 0.5  # also where the folder was moved to


def test_the_demo_compares_offsets_with_the_truth_by_zone(finished) -> None:
    folder, text = finished
    figures = r"[\d,]+ +([\d.]+)% +([\d.]+) px +([\d.]+) px +([\d.]+) px +[\d.]+ +[\d.]+%"
    rows = re.findall(rf"^ {{4}}(.+?) {{2,}}{figures}$", text, re.MULTILINE)
    assert "All" in [row[0] for row in rows] and len(rows) >= 2
    answered, true, measured, error = (float(value) for value in next(row for row in rows if row[0] == "All")[1:])
    assert answered > 70 and true > 0.1 and abs(measured - true) < 0.2 * true + 0.1 and error < 0.3
    assert (folder / "surge.png").is_file()


def test_the_demo_tells_which_interferograms_are_bad(finished) -> None:
    folder, text = finished
    assert re.search(r"unwrapping error$", text, re.MULTILINE) and re.search(r"truth: decorrelated$", text, re.MULTILINE)
    assert re.search(r"of the 6 of the date with a strong atmosphere \d are kept", text)
    row = re.search(r"^Loop closure \(LiCSBAS\) +(\d+) +(\d) of 2 +(\d+) +(\d) of 6 +([\d.]+) +[\d.]+$", text, re.MULTILINE)
    everything = re.search(r"^All interferograms +54 +0 of 2 +0 +0 of 6 +([\d.]+)", text, re.MULTILINE)
    assert row.group(2) == "2" and float(row.group(5)) < 0.5 * float(everything.group(1))
    assert (folder / "interferograms" / "loop_closure.csv").is_file() and (folder / "interferograms.png").is_file()


@pytest.mark.parametrize("name", ["valley.png", "city.png", "interferograms.png", "surge.png"])
def test_the_pictures_show_a_map(name: str, finished, qgis_app) -> None:
    from qgis.PyQt.QtGui import QImage

    image = QImage(str(finished[0] / name))
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


def test_a_method_without_weights_is_left_out(tmp_path: Path, capsys: pytest.CaptureFixture) -> None:
    made = {name: str(tmp_path / f"city_{name}.tif") for name in ("truth", "zones", "terrain")}
    asked = []

    def run(job):
        asked.append(job)
        if isinstance(job, Simulate):
            return Result(made)
        if isinstance(job, SelectScatterers):
            if job.method != "amplitude_dispersion":
                raise StillpointError("There is no model file.")
            return Result({"output": job.output}, "", {"selected": 3, "pixels": 9, "seconds": 0.5})
        assert isinstance(job, AssessScatterers)
        assert job.masks == (str(tmp_path / "amplitude_dispersion.tif"), made["truth"])
        rows = [
            {"mask": mask, "section": section, "zone": zone, "measure": measure, "value": value}
            for mask in ("amplitude_dispersion", "city_truth")
            for section, zone, measure, value in (
                ("counts", "", "ps", 3), ("zones", "City", "share_of_ps_percent", 75.0),
                ("zones", "River", "share_of_ps_percent", None), ("agreement", "", "precision", 0.5),
                ("agreement", "", "recall", 1.0), ("agreement", "", "f1", None),
            )
        ]  # fmt: skip
        return Result({}, "", {"rows": rows, "masks": ["amplitude_dispersion", "city_truth"]})

    city = demo_scatterers.city(run, tmp_path)
    said = capsys.readouterr().out
    assert said.count("is left out. There is no model file.") == len(METHODS) - 1
    assert [line.title for line in city.lines] == ["Truth", "Amplitude dispersion"]
    table = city.table().splitlines()
    assert table[-1].split() == ["Amplitude", "dispersion", "3", "75.0%", "0.0%", "0.500", "1.000", "-", "0.5"]
    assert table[-2].split() == ["Truth", "3", "75.0%", "0.0%", "-", "-", "-", "-"]


def test_a_stack_of_yours_gets_its_scatterers_selected(finished, tmp_path: Path) -> None:
    out = tmp_path / "out"
    done = run_demo("--data", str(finished[0] / "city" / "city.tif"), "--method", "amplitude_dispersion", "--output", str(out))
    assert done.returncode == 0, done.stdout + done.stderr
    assert "are persistent scatterers" in done.stdout
    for name in ("city.qgz", "city.png", "city_stack.vrt", "city_amplitude_dispersion.tif"):
        assert (out / name).is_file()


@pytest.mark.parametrize(
    ("name", "stack"),
    [("ifg", True), ("a.tif", True), ("points.csv", False), ("gone.h5", False), ("series.h5", False), ("x.h5", True)],
)
def test_points_are_told_from_stacks(name: str, stack: bool, tmp_path: Path) -> None:
    data = tmp_path / name
    if "." not in name:
        data.mkdir()
    elif not name.startswith("gone"):
        data.write_text("1,2\n")

    def run(job):
        if job.points.endswith("series.h5"):
            return Result()
        raise StillpointError("This file has no points.")

    assert demo_scatterers.is_stack(run, data) is stack


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
