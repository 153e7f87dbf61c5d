"""The set-up dialog, clicked through: test, create, cancel, an interpreter of one's own, the report."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import pytest

pytest.importorskip("qgis.core")

from qgis.core import QgsApplication
from qgis.PyQt.QtCore import Qt

from stillpoint.models.errors import Cancelled, StillpointError
from stillpoint.plugin import environment, installation, settings, tasks
from stillpoint.ui.setup_dialog import SetupDialog


@pytest.fixture
def dialog(qgis_iface, fake_engine, qtbot, monkeypatch):
    settings.set_interpreter("")
    monkeypatch.setattr(installation, "driver_cuda", lambda: (12, 4))
    made = SetupDialog(qgis_iface, qgis_iface.mainWindow(), check=False)
    made.show()
    yield made
    tasks.cancel_all()
    qtbot.waitUntil(lambda: not tasks._running, timeout=5000)
    made.close()
    settings.set_interpreter("")
    settings.put("devices", "")


def click(qtbot, button):
    assert button.isEnabled()
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def finish(dialog, qtbot, timeout=10000):
    qtbot.waitUntil(lambda: dialog.work is None, timeout=timeout)


def test_devices_are_tried_and_shown(dialog, qtbot):
    click(qtbot, dialog.test_button)
    assert dialog.progress.isVisible() and not dialog.create_button.isEnabled()
    finish(dialog, qtbot)
    cells = [dialog.devices.item(0, column).text() for column in range(4)]
    assert cells == ["cpu", "Fake CPU", "16.0 GiB", "works (0.10 s)"]
    assert dialog.message.level == "success"
    assert "Fake CPU" in dialog.report.toPlainText()


def test_device_that_fails_is_named(dialog, qtbot, monkeypatch):
    from stillpoint.models.jobs import Result
    from stillpoint.plugin import runner

    rows = [{"id": "cuda:0", "name": "GPU", "memory": None, "ok": False, "seconds": None, "message": "Update its driver."}]
    monkeypatch.setattr(runner, "run", lambda job, **options: Result(details={"devices": rows, "versions": {}}))
    click(qtbot, dialog.test_button)
    finish(dialog, qtbot)
    assert dialog.message.level == "warning" and "Update its driver." in dialog.message.text()
    assert dialog.devices.item(0, 3).text() == "fails"


class FakeInstallation:
    """Stands for the minutes that a real one takes (that one is in tests/plugin/test_installation.py)."""

    outcome = "built"
    builds = []

    def __init__(self, build, *, log, report, cancelled):
        self.builds.append(build.id)
        self.log, self.report, self.cancelled = log, report, cancelled

    def run(self):
        self.log("Collecting torch")
        self.report(0.4, "Downloading torch")
        if self.outcome == "fails":
            raise StillpointError("The disk is full. Free some space.")
        if self.outcome == "slow":
            end = time.monotonic() + 20
            while time.monotonic() < end:
                if self.cancelled():
                    raise Cancelled
                time.sleep(0.02)
        return environment.Interpreter(sys.executable, "own")


@pytest.fixture
def builder(monkeypatch):
    monkeypatch.setattr(installation, "Installation", FakeInstallation)
    monkeypatch.setattr(FakeInstallation, "outcome", "built")
    monkeypatch.setattr(FakeInstallation, "builds", [])
    return FakeInstallation


def test_builds_are_offered_the_recommended_first(dialog):
    titles = [dialog.build.itemText(index) for index in range(dialog.build.count())]
    if sys.platform != "darwin":
        assert "CUDA 12.6" in titles[0] and "CPU" in titles[1]


def test_create_ends_with_the_smoke_test(dialog, builder, qtbot):
    settings.set_interpreter("/old/python")
    dialog.build.setCurrentIndex(1)
    click(qtbot, dialog.create_button)
    finish(dialog, qtbot)
    assert builder.builds == ["cpu"]
    assert "Collecting torch" in dialog.log.toPlainText()
    assert dialog.message.level == "success"
    assert dialog.devices.rowCount() == 1
    assert settings.interpreter() == ""


def test_create_can_be_cancelled(dialog, builder, qtbot, monkeypatch):
    monkeypatch.setattr(builder, "outcome", "slow")
    click(qtbot, dialog.create_button)
    qtbot.waitUntil(lambda: dialog.progress.value() == 40, timeout=5000)
    assert dialog.status.text() == "Downloading torch"
    click(qtbot, dialog.cancel_button)
    finish(dialog, qtbot)
    assert "Cancelled" in dialog.message.text()
    assert dialog.create_button.isEnabled()


def test_failure_is_shown_and_logged(dialog, builder, qtbot, monkeypatch):
    monkeypatch.setattr(builder, "outcome", "fails")
    click(qtbot, dialog.create_button)
    finish(dialog, qtbot)
    assert dialog.message.level == "error" and "disk is full" in dialog.message.text()
    assert "disk is full" in dialog.log.toPlainText() and "disk is full" in dialog.report.toPlainText()


def test_interpreter_of_ones_own(dialog, qtbot, monkeypatch):
    good = environment.Interpreter("/good/python", "setting", "3.12.0", {"torch": "9"})
    bad = environment.Interpreter("/bad/python", "setting", problem="/bad/python has no torch.")
    monkeypatch.setattr(environment, "check", lambda given, **options: good if "good" in given.path else bad)
    click(qtbot, dialog.use_button)
    assert "Choose the python program" in dialog.message.text()
    dialog.interpreter.setFilePath("/bad/python")
    click(qtbot, dialog.use_button)
    finish(dialog, qtbot)
    assert dialog.message.text() == "/bad/python has no torch."
    assert settings.interpreter() == ""
    dialog.interpreter.setFilePath("/good/python")
    click(qtbot, dialog.use_button)
    finish(dialog, qtbot)
    assert settings.interpreter() == "/good/python"
    click(qtbot, dialog.reset_button)
    finish(dialog, qtbot)
    assert settings.interpreter() == "" and dialog.interpreter.filePath() == ""


def test_report_can_be_copied(dialog, qtbot):
    dialog._append(f"File '{Path.home()}/secret/x.py'")
    dialog._show_report()
    dialog.pages.setCurrentIndex(2)
    click(qtbot, dialog.copy_button)
    text = QgsApplication.clipboard().text()
    assert text.startswith("Stillpoint") and "~/secret/x.py" in text
    assert str(Path.home()) + "/" not in text


def test_fits_a_small_screen(dialog):
    assert dialog.minimumSizeHint().width() <= 1366 and dialog.minimumSizeHint().height() <= 700


def test_real_engine_is_tested_on_every_device(qgis_iface, real_engine, qtbot):
    dialog = SetupDialog(qgis_iface, qgis_iface.mainWindow())
    dialog.show()
    finish(dialog, qtbot, timeout=120000)
    assert dialog.message.level == "success", dialog.message.text()
    assert dialog.devices.item(0, 0).text() == "cpu"
    assert "torch" in dialog.report.toPlainText()
    dialog.close()


def test_a_cluster_is_tried_before_it_is_kept(dialog, qtbot, monkeypatch):
    from stillpoint.models.jobs import Result, SelectScatterers
    from stillpoint.plugin import runner
    from stillpoint.plugin.algorithms import parameters
    from stillpoint.ui.widgets.fields import Fields

    asked = []

    def answer(job, **_options):
        asked.append(job.scheduler)
        if "wrong" in job.scheduler:
            raise StillpointError("No Dask scheduler answers at tcp://wrong:8786.")
        return Result(summary="2 workers", details={})

    monkeypatch.setattr(runner, "run", answer)
    dialog.cluster.address.setText("node7")
    click(qtbot, dialog.cluster.use_button)
    assert dialog.message.level == "warning" and not asked
    dialog.cluster.address.setText("tcp://wrong:8786")
    click(qtbot, dialog.cluster.use_button)
    finish(dialog, qtbot)
    assert dialog.message.level == "error" and settings.scheduler() == ""
    dialog.cluster.address.setText(" tcp://node7:8786 ")
    click(qtbot, dialog.cluster.use_button)
    finish(dialog, qtbot)
    assert dialog.message.level == "success" and settings.scheduler() == "tcp://node7:8786" == asked[-1]
    fields = Fields(SelectScatterers, ["scheduler"])
    fields.set_values({"scheduler": "tcp://old:1"})
    assert fields.values() == {"scheduler": "tcp://node7:8786"}
    item = next(item for item in SelectScatterers.parameters() if item.name == "scheduler")
    assert parameters.definition(item).defaultValue() == "tcp://node7:8786"
    click(qtbot, dialog.cluster.forget_button)
    assert settings.scheduler() == "" and Fields(SelectScatterers, ["scheduler"]).values() == {"scheduler": None}
