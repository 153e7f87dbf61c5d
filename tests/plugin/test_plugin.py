"""Loading, unloading and reloading: quick, without a trace, and no traceback without an engine."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

pytest.importorskip("qgis.core")

from qgis.core import QgsApplication, QgsProject
from qgis.PyQt.QtWidgets import QAction, QDialog, QMenu, QToolBar

import stillpoint

REPOSITORY = Path(__file__).resolve().parents[2]
START_SECONDS = 0.05
"""CPU time that Stillpoint may add to QGIS's start, its code compiled."""


def traces(iface):
    """Return everything of the window that a plugin could leave behind."""
    window = iface.mainWindow()
    kinds = (QAction, QToolBar, QMenu, QDialog)
    found = []
    for item in (item for kind in kinds for item in window.findChildren(kind)):
        name = item.text() if isinstance(item, QAction) else item.objectName() or item.windowTitle()
        found.append(f"{type(item).__name__}:{name}")
    return sorted(found) + [dock.objectName() for dock in iface.docks] + [item.text() for item in iface.layer_actions]


def settle(qtbot):
    from qgis.PyQt.QtCore import QCoreApplication, QEvent

    qtbot.wait(20)
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.fixture
def plugin(qgis_iface, processing, qtbot):
    loaded = stillpoint.classFactory(qgis_iface)
    loaded.initGui()
    yield loaded
    if loaded.toolbar is not None:
        loaded.unload()
    settle(qtbot)


def action(plugin, name):
    return next(item for item in plugin.actions if item.objectName() == f"stillpoint_{name}")


def test_menu_toolbar_and_provider(plugin, qgis_iface):
    texts = [item.text() for item in plugin.toolbar.actions()]
    assert texts == [
        "New Analysis", "Open Stack…", "Select Interferograms…", "Interferogram Triage…", "Select Scatterers…", "Pixel History",
        "PS Threshold", "Assess Scatterers…", "Track Offsets…", "Offset Profile", "Estimate Displacement Series…",
        "Combine Ascending and Descending…", "Classify Trends…", "Series Viewer", "Review", "Train a Model…", "Models…", "Export…",
        "Report…", "Set-up…",
    ]  # fmt: skip
    in_menu_alone = ["doctor", "sample", "tour", "help"]
    assert [item.objectName() for item in plugin.actions[len(texts) :]] == [f"stillpoint_{name}" for name in in_menu_alone]
    assert all(not item.icon().isNull() for item in plugin.actions)
    assert QgsApplication.processingRegistry().providerById("stillpoint") is not None
    menu = next(item.menu() for item in qgis_iface.pluginMenu().actions() if item.text() == "Stillpoint")
    assert len(menu.actions()) == len(plugin.actions)
    texts = [item.text() for item in qgis_iface.layer_actions]
    assert texts[:5] == ["Select Interferograms…", "Select Scatterers…", "Pixel History", "Track Offsets…", "Show Offsets as Maps"]


def test_unload_leaves_no_trace_and_can_be_loaded_again(qgis_iface, processing, qtbot, fake_engine, monkeypatch):
    import stillpoint.plugin.plugin
    import stillpoint.ui
    from stillpoint.models.jobs import Simulate

    # Packages name their modules, too: what is imported anew below must not stay there in the place of the old ones.
    monkeypatch.setattr(stillpoint, "ui", stillpoint.ui)
    monkeypatch.setattr(stillpoint.plugin, "plugin", stillpoint.plugin.plugin)
    before = traces(qgis_iface)
    for _ in range(2):
        for name in [name for name in sys.modules if name.startswith(("stillpoint.plugin.plugin", "stillpoint.ui"))]:
            monkeypatch.delitem(sys.modules, name)  # and back afterwards, for the tests that hold the modules of before
        loaded = stillpoint.classFactory(qgis_iface)
        loaded.initGui()
        assert traces(qgis_iface) != before
        loaded.set_up()
        loaded.show_help()
        loaded.toggle_viewer(True)
        loaded.toggle_pixel(True)
        loaded.toggle_threshold(True)
        loaded.toggle_analysis(True)
        loaded.open_stack()
        loaded.select()
        loaded.select_interferograms()
        loaded.triage()
        loaded.train()
        fake_engine.run(Simulate(output="/nowhere/fine.gpkg"))
        assert fake_engine.ENGINE.pids()
        loaded.unload()
        settle(qtbot)
        assert traces(qgis_iface) == before
        # An engine that a look for devices was just starting ends as soon as that notices.
        qtbot.waitUntil(lambda: fake_engine.ENGINE.pids() == [], timeout=5000)
        assert QgsApplication.processingRegistry().providerById("stillpoint") is None


def test_unload_while_a_job_runs(plugin, fake_engine, qtbot):
    from stillpoint.models.jobs import Simulate
    from stillpoint.plugin import tasks

    told = []
    work = tasks.job_work(Simulate(output="/nowhere/slow.gpkg"))
    for signal in (work.done, work.failed, work.stopped):
        signal.connect(lambda *given: told.append(given))
    tasks.start(work)
    qtbot.waitUntil(lambda: bool(fake_engine.ENGINE.pids()), timeout=5000)
    pid = fake_engine.ENGINE.pids()[0]
    plugin.unload()
    qtbot.waitUntil(lambda: not tasks._running, timeout=5000)
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
    assert told == []


def test_start_is_quick_and_light(tmp_path):
    """Measured in a fresh interpreter: import, toolbar, menu, provider."""
    code = f"""
import sys, time
sys.path.insert(0, {str(REPOSITORY.parent)!r})
from qgis.core import QgsApplication, QgsProject
app = QgsApplication([], True); QgsApplication.initQgis()
from stillpoint.tests.iface import Interface
iface = Interface()
import stillpoint
started = time.process_time()  # not the clock: other processes of a busy computer must not count
plugin = stillpoint.classFactory(iface)
plugin.initGui()
print("SECONDS", time.process_time() - started)
heavy = {{"torch", "h5py", "pyarrow", "scipy", "stillpoint.ui", "stillpoint.plugin.runner"}}
print("HEAVY", sorted(heavy & set(sys.modules)))
plugin.unload()
import os; sys.stdout.flush(); os._exit(0)
"""
    # Python keeps what it compiled, as it does beside an installed plugin: only the first start of a version compiles.
    variables = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "PYTHONPYCACHEPREFIX": str(tmp_path)}
    variables.pop("PYTHONDONTWRITEBYTECODE", None)
    seconds = []
    for _ in range(4):
        done = subprocess.run([sys.executable, "-c", code], env=variables, capture_output=True, text=True, timeout=120)
        values = dict(line.split(" ", 1) for line in done.stdout.splitlines() if line.startswith(("SECONDS", "HEAVY")))
        seconds.append(float(values["SECONDS"]))
    assert values["HEAVY"] == "[]"
    assert min(seconds[1:]) < START_SECONDS, seconds


def test_click_without_an_engine_opens_the_setup(plugin, qtbot, monkeypatch):
    from stillpoint.plugin import environment

    monkeypatch.setenv(environment.VARIABLE, "/nowhere/python")
    environment.forget()
    action(plugin, "classify").trigger()
    qtbot.waitUntil(lambda: len(plugin.dialogs) == 1, timeout=10000)
    dialog = plugin.dialogs[0]
    assert dialog.objectName() == "StillpointSetup"
    qtbot.waitUntil(lambda: dialog.work is None, timeout=10000)
    assert "There is no Python interpreter /nowhere/python" in dialog.message.text()
    environment.forget()


def test_click_with_an_engine_opens_the_dialog_once(plugin, fake_engine, qtbot):
    action(plugin, "classify").trigger()
    action(plugin, "classify").trigger()
    assert [dialog.objectName() for dialog in plugin.dialogs] == ["StillpointClassify"]
    action(plugin, "help").trigger()
    assert "Stillpoint" in plugin.dialogs[-1].browser.toPlainText()
    for topic in ("classify", "scatterers", "triage", "setup"):
        plugin.dialogs[-1].open_topic(topic)
        assert len(plugin.dialogs[-1].browser.toPlainText()) > 500


def test_board_opens_on_a_selection_and_comes_back_with_the_project(plugin, fake_engine, qtbot, tmp_path):
    from stillpoint.plugin.triage_store import Sources
    from stillpoint.tests.plugin.network_rasters import simple_table

    action(plugin, "triage").trigger()
    assert plugin.board.isVisible() and plugin.board.triage is None
    simple_table(tmp_path / "table.csv")
    action(plugin, "interferograms").trigger()
    plugin.dialogs[-1].selected.emit(Sources(str(tmp_path / "table.csv")))
    assert plugin.board.triage.table.count == 13
    plugin.board.decide(False)
    assert QgsProject.instance().write(str(tmp_path / "p.qgz"))
    assert '"table": "./table.csv"' in QgsProject.instance().readEntry("stillpoint", "triage", "")[0]
    plugin.board.close_table()
    QgsProject.instance().clear()
    assert QgsProject.instance().read(str(tmp_path / "p.qgz"))
    assert plugin.board.triage.table.count == 13 and not plugin.board.triage.keep[0]
    plugin.board.close_table()
    plugin.board.close()
    action(plugin, "triage").trigger()
    assert plugin.board.isVisible() and plugin.board.triage.decided[0]


def test_first_check_of_the_engine_does_not_block(plugin, fake_engine, qtbot, monkeypatch):
    from stillpoint.plugin import environment

    release = threading.Event()
    found = environment.find()

    def slow(**options):
        release.wait(10)
        return found

    monkeypatch.setattr(environment, "remembered", lambda: None)
    monkeypatch.setattr(environment, "find", slow)
    started = time.monotonic()
    action(plugin, "classify").trigger()
    assert time.monotonic() - started < 1.0
    assert plugin.dialogs == []
    release.set()
    qtbot.waitUntil(lambda: bool(plugin.dialogs), timeout=5000)


def test_series_viewer_shows_and_hides(plugin, qgis_iface, qtbot):
    qgis_iface.mainWindow().show()
    button = action(plugin, "series")
    button.trigger()
    assert plugin.viewer_dock in qgis_iface.docks and not plugin.viewer_dock.isHidden()
    button.trigger()
    assert plugin.viewer_dock.isHidden()
    button.trigger()
    plugin.viewer_dock.close()
    assert not button.isChecked()


@pytest.mark.parametrize("name", ["pixel", "threshold", "analysis"])
def test_docks_show_and_hide(plugin, qgis_iface, qtbot, name):
    dock = f"{name}_dock"
    qgis_iface.mainWindow().show()
    button = action(plugin, name)
    button.trigger()
    assert getattr(plugin, dock) in qgis_iface.docks and not getattr(plugin, dock).isHidden() and button.isChecked()
    button.trigger()
    assert getattr(plugin, dock).isHidden()
    button.trigger()
    getattr(plugin, dock).close()
    assert not button.isChecked()


def test_dialogs_of_stacks_open_once(plugin, fake_engine):
    for name in ("stack", "select", "stack", "select"):
        action(plugin, name).trigger()
    assert [dialog.objectName() for dialog in plugin.dialogs] == ["StillpointOpenStack", "StillpointSelect"]


def test_layer_menu_opens_dialog_and_dock(plugin, qgis_iface, fake_engine, qtbot):
    qgis_iface.mainWindow().show()
    for item in qgis_iface.layer_actions:
        item.trigger()
    assert [dialog.objectName() for dialog in plugin.dialogs] == [
        "StillpointSelectInterferograms", "StillpointSelect", "StillpointTrackOffsets", "StillpointReport",
    ]  # fmt: skip
    assert not plugin.pixel_dock.isHidden() and action(plugin, "pixel").isChecked()


def test_offsets_are_shown_as_maps(plugin, qgis_iface, qtbot, tmp_path):
    from qgis.core import QgsRasterLayer

    from stillpoint.tests.plugin.offset_rasters import write_image, write_offsets

    shown = next(item for item in qgis_iface.layer_actions if item.text() == "Show Offsets as Maps")
    for path, words in ((write_offsets(tmp_path / "o.tif"), ""), (write_image(tmp_path / "i.tif"), "holds no offsets")):
        layer = QgsRasterLayer(str(path), "any")
        QgsProject.instance().addMapLayer(layer)
        qgis_iface.setActiveLayer(layer)
        shown.trigger()
        if words:
            assert words in qgis_iface.messageBar().currentItem().text()
        else:
            qtbot.waitUntil(lambda: len(QgsProject.instance().mapLayers()) == 10, timeout=30000)
    names = [node.name() for node in QgsProject.instance().layerTreeRoot().findGroups()]
    assert names == ["Stillpoint - o: offsets by Multi-kernel correlation"]


def test_export_without_a_layer_says_so(plugin, qgis_iface):
    action(plugin, "export").trigger()
    assert plugin.dialogs == []
    assert qgis_iface.messageBar().currentItem() is not None


def test_loads_without_a_window_for_qgis_process(processing):
    loaded = stillpoint.classFactory(None)
    loaded.initProcessing()
    assert QgsApplication.processingRegistry().algorithmById("stillpoint:classifytrends") is not None
    QgsApplication.processingRegistry().removeProvider(loaded.provider)


def test_export_of_the_active_layer(plugin, qgis_iface, tmp_path, qtbot):
    from stillpoint.tests.plugin.test_processing import file_layer

    layer = file_layer(tmp_path / "a.gpkg")
    qgis_iface.setActiveLayer(layer)
    action(plugin, "export").trigger()
    assert [type(dialog).__name__ for dialog in plugin.dialogs] == ["ExportDialog"]
    plugin.dialogs[0].close()
    qtbot.waitUntil(lambda: plugin.dialogs == [], timeout=2000)
