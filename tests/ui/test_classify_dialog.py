"""The classification dialog, clicked through: reading, overrides, run, cancel, errors, memory of the last values."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest

pytest.importorskip("qgis.core")

from qgis.core import QgsApplication, QgsCoordinateReferenceSystem, QgsProject, QgsVectorLayer
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtWidgets import QLabel

from stillpoint.plugin import environment, runner, tasks
from stillpoint.tests.plugin.test_processing import file_layer, memory_layer
from stillpoint.ui.classify_dialog import ClassifyDialog

from .clicking import asked, click, opened

SCREEN = (1366, 768 - 60)
"""A small laptop's screen without its task bar."""


@pytest.fixture
def dialog(qgis_iface, fake_engine, qtbot):
    with opened(lambda: ClassifyDialog(qgis_iface, qgis_iface.mainWindow()), qtbot, remembered="classify") as made:
        yield made


@pytest.fixture
def points(tmp_path):
    path = tmp_path / "points.csv"
    path.write_text("fake")
    return str(path)


def ready(dialog, qtbot):
    qtbot.waitUntil(lambda: bool(dialog.reading.details), timeout=5000)


def test_what_was_read_is_shown(dialog, qtbot, points):
    dialog.source.set_file(points)
    ready(dialog, qtbot)
    reading = dialog.reading
    assert reading.text("format") == "EGMS L2b CSV, 1,234 points"
    assert reading.text("dates") == "3 from 2015-01-01 to 2020-12-31"
    assert reading.text("unit") == "mm (format)"
    assert reading.text("crs").startswith("EPSG:3035 - ETRS89")
    assert reading.text("wavelength") == "55.5 mm, Sentinel-1"
    assert reading.notes() == "Dates were reordered."


def test_another_unit_is_read_again(dialog, qtbot, points):
    dialog.source.set_file(points)
    ready(dialog, qtbot)
    dialog.reading.unit.setCurrentText("m")
    qtbot.waitUntil(lambda: dialog.reading.text("unit") == "m (given)", timeout=5000)


def test_overrides_and_choices_reach_the_engine(dialog, qtbot, points, monkeypatch):
    jobs = asked(monkeypatch)
    dialog.source.set_file(points)
    dialog.reading.unit.setCurrentText("cm")
    dialog.reading.crs.setCrs(QgsCoordinateReferenceSystem("EPSG:32630"))
    dialog.reading.wavelength.setCurrentText("X band (31.1 mm)")
    dialog.fields.widgets["method"].setCurrentIndex(2)
    dialog.fields.widgets["abstain"].setChecked(False)
    dialog.fields.widgets["correct_jumps"].setChecked(True)
    dialog.advanced.widgets["class_shares"].setCurrentText("typical")
    qtbot.waitUntil(lambda: dialog.device.findData("cpu") >= 0, timeout=5000)
    dialog.device.set_device("cpu")
    dialog.output.setFilePath(str(Path(points).parent / "fails"))
    ready(dialog, qtbot)
    click(qtbot, dialog.run_button)
    qtbot.waitUntil(lambda: dialog.work is None, timeout=5000)
    job = jobs[-1]
    assert (job.points, job.unit, job.crs, job.wavelength) == (points, "cm", "EPSG:32630", 0.0311)
    assert (job.method, job.abstain, job.correct_jumps, job.device) == ("statistical", False, True, "cpu")
    assert job.class_shares == "typical"
    assert job.output == str(Path(points).parent / "fails.gpkg")
    assert dialog.message.text() == "The file has no date columns."
    assert dialog.message.level == "error" and not dialog.setup_button.isVisible()


def test_typed_wavelength_is_in_millimetres(dialog):
    for text, metres in (("31,1", 0.0311), ("236 mm", 0.236), ("as read", None), ("about", None)):
        dialog.reading.wavelength.setCurrentText(text)
        assert dialog.reading.overrides()["wavelength"] == (pytest.approx(metres) if metres else None)


def test_result_becomes_a_layer_of_the_project(dialog, qtbot, points, monkeypatch, tmp_path):
    source = tmp_path / "source.gpkg"
    file_layer(source)
    monkeypatch.setenv("FAKE_ENGINE_RESULT", str(source))
    runner.close()  # the next worker sees the variable
    dialog.source.set_file(points)
    dialog.output.setFilePath(str(tmp_path / "result.gpkg"))
    ready(dialog, qtbot)
    click(qtbot, dialog.run_button)
    assert not dialog.run_button.isEnabled() and dialog.progress.isVisible()
    qtbot.waitUntil(lambda: dialog.work is None, timeout=5000)
    layers = [layer for layer in QgsProject.instance().mapLayers().values() if isinstance(layer, QgsVectorLayer)]
    assert [layer.source().split("|")[0] for layer in layers] == [str(tmp_path / "result.gpkg")]
    assert dialog.message.level == "warning" and "A warning." in dialog.message.text()
    assert dialog.run_button.isEnabled() and not dialog.progress.isVisible()
    assert dialog.source.source().path == points  # the new layer does not take the place of the points


def test_cancel_in_the_middle(dialog, qtbot, points, tmp_path):
    dialog.source.set_file(points)
    dialog.output.setFilePath(str(tmp_path / "slow.gpkg"))
    ready(dialog, qtbot)
    click(qtbot, dialog.run_button)
    qtbot.waitUntil(lambda: dialog.status.text().startswith("step"), timeout=5000)
    click(qtbot, dialog.cancel_button)
    qtbot.waitUntil(lambda: dialog.work is None, timeout=5000)
    assert "Cancelled" in dialog.message.text()
    assert not (tmp_path / "slow.gpkg").exists()
    assert QgsProject.instance().mapLayers() == {}


def test_cancel_from_the_task_manager(dialog, qtbot, points, tmp_path):
    dialog.source.set_file(points)
    dialog.output.setFilePath(str(tmp_path / "slow.gpkg"))
    ready(dialog, qtbot)
    click(qtbot, dialog.run_button)
    qtbot.waitUntil(lambda: dialog.status.text().startswith("step"), timeout=5000)
    titles = [task.description() for task in QgsApplication.taskManager().activeTasks()]
    assert "Stillpoint: classifying points" in titles
    QgsApplication.taskManager().cancelAll()
    qtbot.waitUntil(lambda: dialog.work is None, timeout=5000)
    assert "Cancelled" in dialog.message.text()


def test_engine_killed_in_the_middle_and_the_next_job_works(dialog, qtbot, points, tmp_path):
    dialog.source.set_file(points)
    dialog.output.setFilePath(str(tmp_path / "slow.gpkg"))
    ready(dialog, qtbot)
    click(qtbot, dialog.run_button)
    qtbot.waitUntil(lambda: dialog.status.text().startswith("step"), timeout=5000)
    for pid in runner.ENGINE.pids():
        os.kill(pid, signal.SIGKILL)
    qtbot.waitUntil(lambda: dialog.work is None, timeout=5000)
    assert "QGIS is not affected" in dialog.message.text()
    dialog.output.setFilePath(str(tmp_path / "fails.gpkg"))
    click(qtbot, dialog.run_button)
    qtbot.waitUntil(lambda: dialog.work is None, timeout=5000)
    assert dialog.message.text() == "The file has no date columns."


def test_closing_leaves_the_job_running(dialog, qtbot, points, tmp_path):
    dialog.source.set_file(points)
    dialog.output.setFilePath(str(tmp_path / "slow.gpkg"))
    ready(dialog, qtbot)
    click(qtbot, dialog.run_button)
    qtbot.waitUntil(lambda: dialog.status.text().startswith("step"), timeout=5000)
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible() and dialog.work is not None


def test_layer_in_memory_is_written_and_counted(dialog, qtbot, monkeypatch, tmp_path):
    jobs = asked(monkeypatch)
    layer = memory_layer("Town of X")
    QgsProject.instance().addMapLayer(layer)
    dialog.set_layer(layer)
    ready(dialog, qtbot)
    assert "10 points" in dialog.reading.text("format")
    layer.selectByExpression("\"id\" in ('p1', 'p2')")
    box = dialog.source._selected
    assert box.isEnabled() and "(2)" in box.text()
    box.setChecked(True)
    dialog.output.setFilePath(str(tmp_path / "fails.gpkg"))
    click(qtbot, dialog.run_button)
    qtbot.waitUntil(lambda: dialog.work is None, timeout=5000)
    written = QgsVectorLayer(jobs[-1].points, "written", "ogr")
    assert {feature["id"] for feature in written.getFeatures()} == {"p1", "p2"}
    assert Path(jobs[-1].points).name == "Town_of_X.gpkg"


@pytest.mark.parametrize(
    ("output", "sentence"), [("/nowhere/folder/x.gpkg", "There is no folder"), (None, "overwrite its own points")]
)
def test_outputs_that_cannot_be(dialog, qtbot, tmp_path, output, sentence):
    file_layer(tmp_path / "a.gpkg")
    dialog.source.set_file(str(tmp_path / "a.gpkg"))
    dialog.output.setFilePath(output or str(tmp_path / "a.gpkg"))
    ready(dialog, qtbot)
    click(qtbot, dialog.run_button)
    assert dialog.work is None and sentence in dialog.message.text()


def test_wavelength_that_is_no_number_is_said(dialog, qtbot, points):
    dialog.source.set_file(points)
    ready(dialog, qtbot)
    dialog.reading.wavelength.setCurrentText("about C")
    click(qtbot, dialog.run_button)
    assert dialog.work is None and "about C is no number" in dialog.message.text()


def test_look_that_is_stopped_from_outside_can_be_repeated(dialog, qtbot, points):
    dialog.source.set_file(points)
    qtbot.waitUntil(lambda: bool(tasks._running) or bool(dialog.reading.details), timeout=5000)
    for work in list(tasks._running):
        work.cancel()
    qtbot.waitUntil(lambda: not tasks._running, timeout=5000)
    assert dialog.reading.text("format") != "Looking into the points…"
    dialog.describer.look_again()
    ready(dialog, qtbot)


def test_numbers_are_written_short(dialog):
    box = dialog.advanced.widgets["significance"]
    assert box.text() == "0.0001"
    box.lineEdit().setText("2,5e-7")
    box.interpretText()
    assert box.value() == pytest.approx(2.5e-7) and box.text() == "2.5e-07"
    box.lineEdit().setText("5")
    box.interpretText()
    assert box.value() <= box.maximum()


def test_selection_is_not_offered_without_a_layer(dialog):
    assert not dialog.source._selected.isEnabled()


def test_without_points_it_asks_for_them(dialog, qtbot):
    click(qtbot, dialog.run_button)
    assert "Choose the points" in dialog.message.text()


def test_points_that_cannot_be_read(dialog, qtbot, tmp_path):
    path = tmp_path / "missing.csv"
    path.write_text("x")
    dialog.source.set_file(str(path))
    qtbot.waitUntil(lambda: dialog.message.level == "error", timeout=5000)
    assert dialog.message.text() == "There is no such file."


def test_broken_environment_offers_the_setup(dialog, qtbot, points, tmp_path):
    dialog.source.set_file(points)
    dialog.output.setFilePath(str(tmp_path / "incomplete.gpkg"))
    ready(dialog, qtbot)
    click(qtbot, dialog.run_button)
    qtbot.waitUntil(lambda: dialog.work is None, timeout=5000)
    assert "environment is incomplete" in dialog.message.text()
    assert dialog.setup_button.isVisible()


def test_missing_engine_offers_the_setup(dialog, qtbot, points, monkeypatch):
    def missing(**options):
        raise environment.EngineMissingError("Stillpoint's engine is not set up.")

    monkeypatch.setattr(environment, "find", missing)
    dialog.source.set_file(points)
    qtbot.waitUntil(lambda: dialog.setup_button.isVisible(), timeout=5000)
    assert "not set up" in dialog.message.text()


def test_last_values_come_back(dialog, qgis_iface, qtbot, points, tmp_path):
    dialog.source.set_file(points)
    ready(dialog, qtbot)
    dialog.fields.widgets["method"].setCurrentIndex(2)
    dialog.fields.widgets["series"].setCurrentIndex(1)
    dialog.advanced.widgets["significance"].setValue(1e-6)
    dialog.device.set_device("cpu")
    dialog.output.setFilePath(str(tmp_path / "fails.gpkg"))
    click(qtbot, dialog.run_button)
    qtbot.waitUntil(lambda: dialog.work is None, timeout=5000)
    again = ClassifyDialog(qgis_iface, qgis_iface.mainWindow())
    again.show()
    assert again.fields.values()["method"] == "statistical"
    assert again.fields.values()["series"] == "columns"
    assert again.advanced.values()["significance"] == pytest.approx(1e-6)
    assert again.device.device() == "cpu"
    again.close()


def test_fits_a_small_screen_and_the_keyboard(dialog, qtbot, points):
    dialog.source.set_file(points)
    ready(dialog, qtbot)
    assert dialog.minimumSizeHint().width() <= SCREEN[0] and dialog.minimumSizeHint().height() <= SCREEN[1]
    assert dialog.height() <= SCREEN[1]
    assert dialog.run_button.isDefault()
    labels = [label for label in dialog.findChildren(QLabel) if "&" in label.text()]
    assert len(labels) >= 5 and all(label.buddy() is not None for label in labels)
    shortcuts = [label.text().split("&")[1][0].lower() for label in labels]
    assert len(set(shortcuts)) == len(shortcuts)


def test_help_opens_beside_it(dialog, qtbot):
    click(qtbot, dialog.help_button)
    from stillpoint.ui.help_dialog import HelpDialog

    (page,) = dialog.findChildren(HelpDialog)
    assert "Check what was read" in page.browser.toPlainText()
    page.close()


def test_real_engine_from_file_to_layer(qgis_iface, real_engine, qtbot, tmp_path):
    from stillpoint.models.jobs import Simulate

    path = str(tmp_path / "valley.gpkg")
    real_engine.run(Simulate(output=path, points=150, dates=60))
    dialog = ClassifyDialog(qgis_iface, qgis_iface.mainWindow())
    dialog.show()
    dialog.source.set_file(path)
    qtbot.waitUntil(lambda: bool(dialog.reading.details), timeout=60000)
    assert "150 points" in dialog.reading.text("format")
    assert dialog.reading.text("dates").startswith("60 from ")
    qtbot.mouseClick(dialog.run_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: dialog.work is None, timeout=120000)
    (layer,) = QgsProject.instance().mapLayers().values()
    assert layer.featureCount() == 150
    assert layer.renderer().type() == "categorizedSymbol"
    assert "150 points classified" in dialog.message.text()
    dialog.close()


def test_setup_opens_from_the_message_and_comes_back(dialog, qtbot, points, tmp_path):
    dialog.source.set_file(points)
    dialog.output.setFilePath(str(tmp_path / "incomplete.gpkg"))
    ready(dialog, qtbot)
    click(qtbot, dialog.run_button)
    qtbot.waitUntil(lambda: dialog.work is None, timeout=5000)
    click(qtbot, dialog.setup_button)
    setup = dialog._setup
    assert setup.isVisible()
    setup.close()  # while its test of the engine still runs
    qtbot.waitUntil(lambda: setup.work is None, timeout=5000)
    assert dialog.message.text() == ""
    ready(dialog, qtbot)
