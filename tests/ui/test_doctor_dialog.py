"""The window of the environment doctor, clicked through."""

from __future__ import annotations

import pytest

pytest.importorskip("qgis.core")

from qgis.core import QgsApplication
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtWidgets import QFileDialog, QLabel, QMessageBox

from stillpoint.models.errors import Cancelled, StillpointError
from stillpoint.models.findings import GOOD, NOTE, REPAIR, Finding
from stillpoint.plugin import doctor, doctor_repairs, settings, tasks
from stillpoint.ui.doctor_dialog import DoctorDialog

FOUND = [
    Finding("qgis", "Engine", "QGIS", GOOD, "QGIS 3."),
    Finding("library-h5py", "Libraries", "h5py", REPAIR, "Missing.", "install"),
    Finding("device", "Devices", "Which device computes", NOTE, "The CPU.", "build"),
]


@pytest.fixture
def dialog(qgis_iface, qtbot, monkeypatch):
    monkeypatch.setattr(doctor, "examine", lambda **_: list(FOUND))
    settings.put("doctor-good", "")
    made = DoctorDialog(qgis_iface, qgis_iface.mainWindow())
    made.show()
    yield made
    tasks.cancel_all()
    qtbot.waitUntil(lambda: not tasks._running, timeout=5000)
    made.close()
    settings.put("doctor-good", "")


def finish(dialog, qtbot):
    qtbot.waitUntil(lambda: dialog.work is None, timeout=5000)
    qtbot.wait(20)  # what was just laid out is shown by an event


def texts(dialog):
    return [label.text() for label in dialog.rows.findChildren(QLabel) if label.isVisible()]


def test_findings_are_shown_worst_first_with_marks_and_words(dialog, qtbot):
    assert dialog.progress.isVisible() and not dialog.copy_button.isEnabled()
    finish(dialog, qtbot)
    shown = texts(dialog)
    assert shown[0] == "To look at"
    places = [shown.index(text) for text in ("✗ must be repaired", "• note", "✓ good")]
    assert places == sorted(places)
    assert dialog.message.level == "warning" and dialog.message.text().startswith("1 thing must be repaired.")
    assert [button.text() for button in dialog.rows.buttons] == ["Install what is missing", "Build the environment…"]


def test_good_ones_can_be_hidden_and_that_is_remembered(dialog, qtbot, qgis_iface):
    finish(dialog, qtbot)
    dialog.good.setChecked(False)
    assert "QGIS 3." not in texts(dialog) and "Missing." in texts(dialog) and "Engine" not in texts(dialog)
    again = DoctorDialog(qgis_iface, check=False)
    assert not again.good.isChecked()
    again.deleteLater()


def test_repair_is_done_and_everything_looked_at_again(dialog, qtbot, monkeypatch):
    finish(dialog, qtbot)
    done = []
    monkeypatch.setattr(doctor_repairs, "mend", lambda name, work: done.append(name) or "It is installed.")
    monkeypatch.setattr(doctor, "examine", lambda **_: FOUND[:1])
    qtbot.mouseClick(dialog.rows.buttons[0], Qt.MouseButton.LeftButton)
    finish(dialog, qtbot)
    assert done == ["install"]
    assert dialog.message.text() == "It is installed. Everything that Stillpoint needs is there and works."
    assert dialog.rows.buttons == [] and dialog.message.level == "success"


def test_build_asks_first(dialog, qtbot, monkeypatch):
    finish(dialog, qtbot)
    asked, done = [], []
    answer = [QMessageBox.StandardButton.Cancel]
    monkeypatch.setattr(QMessageBox, "question", lambda *given: asked.append(given[2]) or answer[0])
    monkeypatch.setattr(doctor_repairs, "mend", lambda name, work: done.append(name) or "Built.")
    dialog.rows.buttons[1].click()
    assert "GB of disk" in asked[0] and done == [] and dialog.work is None
    answer[0] = QMessageBox.StandardButton.Ok
    dialog.rows.buttons[1].click()
    finish(dialog, qtbot)
    assert done == ["build"]


def test_repair_that_fails_says_why_and_keeps_the_list(dialog, qtbot, monkeypatch):
    finish(dialog, qtbot)

    def mend(name, work):
        work.line("ERROR: no network")
        raise StillpointError("The libraries cannot be downloaded.")

    monkeypatch.setattr(doctor_repairs, "mend", mend)
    dialog.rows.buttons[0].click()
    finish(dialog, qtbot)
    assert dialog.message.level == "error" and "cannot be downloaded" in dialog.message.text()
    assert dialog.findings and dialog.copy_button.isEnabled()
    dialog.copy_button.click()
    assert "ERROR: no network" in QgsApplication.clipboard().text()


def test_interpreter_is_chosen(dialog, qtbot, monkeypatch):
    finish(dialog, qtbot)
    given = ["", ""]
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: tuple(given))
    dialog.repair("choose")
    assert dialog.work is None
    given[0] = "/x/python"
    chosen = []
    monkeypatch.setattr(doctor_repairs, "choose", lambda path, work: chosen.append(path) or "It is used.")
    dialog.repair("choose")
    finish(dialog, qtbot)
    assert chosen == ["/x/python"] and dialog.message.text().startswith("It is used.")


def test_escape_stops_first_and_closes_then(dialog, qtbot, monkeypatch):
    finish(dialog, qtbot)

    def examine(*, report, cancelled):
        while not cancelled():
            pass
        raise Cancelled

    monkeypatch.setattr(doctor, "examine", examine)
    dialog.run_button.click()
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    finish(dialog, qtbot)
    assert dialog.isVisible() and "Cancelled" in dialog.message.text()
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()


def test_repair_does_not_end_a_job_that_runs(dialog, qtbot, monkeypatch):
    finish(dialog, qtbot)
    monkeypatch.setattr(doctor_repairs.runner, "is_busy", lambda: True)
    monkeypatch.setattr(doctor_repairs, "mend", lambda name, work: pytest.fail("it was mended"))
    for name in ("install", "build"):
        dialog.repair(name)
        assert dialog.work is None and "would end it" in dialog.message.text()


def test_what_was_mended_is_told_though_the_look_after_it_was_stopped(dialog, qtbot, monkeypatch):
    finish(dialog, qtbot)

    def examine(*, report, cancelled):
        while not cancelled():
            pass
        raise Cancelled

    monkeypatch.setattr(doctor, "examine", examine)
    monkeypatch.setattr(doctor_repairs, "mend", lambda name, work: "It was cleared.")
    dialog.repair("cache")
    qtbot.waitUntil(lambda: dialog._mended != "", timeout=5000)
    dialog.cancel()
    finish(dialog, qtbot)
    assert dialog.message.text() == "It was cleared. The check was cancelled."


def test_report_is_copied(dialog, qtbot):
    finish(dialog, qtbot)
    qtbot.mouseClick(dialog.copy_button, Qt.MouseButton.LeftButton)
    text = QgsApplication.clipboard().text()
    assert "! must be repaired: h5py: Missing." in text and "Stillpoint" in text
