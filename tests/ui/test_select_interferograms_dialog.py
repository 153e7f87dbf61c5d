"""The dialog that judges interferograms, clicked through: stacks that fit and do not, outputs, run, cancel, errors, the board."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("qgis.core")

from osgeo import gdal
from qgis.core import QgsProject, QgsRasterLayer
from qgis.PyQt.QtWidgets import QLabel

from stillpoint.models.jobs.interferograms import METHODS
from stillpoint.plugin import interferograms
from stillpoint.plugin.triage_store import Sources
from stillpoint.tests.plugin.network_rasters import write_network
from stillpoint.tests.plugin.scatterer_rasters import create, write_stack
from stillpoint.ui.select_interferograms_dialog import EXPLANATIONS, SelectInterferogramsDialog

from .clicking import asked, click, ended, opened

SCREEN = (1280, 800 - 60)


@pytest.fixture(scope="module")
def network(tmp_path_factory):
    folder = tmp_path_factory.mktemp("network")
    write_network(folder, dates=8, neighbours=2, rows=20, columns=25)
    for name, count in (("velocity", 3), ("weights", 13)):
        made = create(folder / f"{name}.tif", count, gdal.GDT_Float32, rows=20, columns=25)
        for band in range(1, count + 1):
            made.GetRasterBand(band).WriteArray(np.linspace(-8, 5, 500, dtype=np.float32).reshape(20, 25) * band)
        made = None
    return folder


@pytest.fixture
def dialog(qgis_iface, network, fake_engine, qtbot, monkeypatch):
    monkeypatch.setenv("FAKE_ENGINE_FOLDER", str(network))
    window = qgis_iface.mainWindow()
    with opened(lambda: SelectInterferogramsDialog(qgis_iface, window), qtbot, remembered="select_interferograms") as made:
        yield made


def choose(dialog, method):
    box = dialog.method.widgets["method"]
    box.setCurrentIndex(box.findData(method))


def test_stack_is_described_in_words(dialog, network):
    dialog.stack.set_file(str(network / "stack.tif"))
    text = dialog.summary.text()
    assert text.startswith("13 interferograms, 8 dates, 2018-01-15 to 2018-04-09, baselines up to ")
    assert text.endswith("20 x 25 pixels, unwrapped phase with coherence beside it")


def test_every_method_has_name_and_explanation(dialog):
    assert set(interferograms.METHODS) == set(EXPLANATIONS) == set(METHODS)
    box = dialog.method.widgets["method"]
    seen = set()
    for index in range(box.count()):
        box.setCurrentIndex(index)
        seen.add(dialog.explanation.text())
        assert "_" not in box.currentText()
    assert len(seen) == len(METHODS)


def test_results_open_the_board_and_become_layers(dialog, qtbot, network, monkeypatch):
    jobs, told = asked(monkeypatch), []
    dialog.selected.connect(told.append)
    layer = QgsRasterLayer(str(network / "stack.tif"), "stack")
    dialog.set_layer(layer)  # not of the project: the picker has no such layer
    dialog.stack.set_file(str(network / "stack.tif"))
    for name in ("velocity", "weights"):
        dialog.outputs.boxes[name].setChecked(True)
    click(qtbot, dialog.run_button)
    assert not dialog.run_button.isEnabled() and dialog.progress.isVisible()
    ended(dialog, qtbot)
    assert dialog.message.level == "success"
    assert dialog.message.text() == "12 of 13 interferograms are kept, by default at threshold 0.5."
    job = jobs[-1]
    assert told == [Sources(job.table, str(network / "stack.tif"))]
    assert (job.threshold, job.coherence, job.method, job.lists, job.connect) == (None, None, "default", None, "best")
    groups = QgsProject.instance().layerTreeRoot().findGroups()
    assert [group.name() for group in groups] == ["Stillpoint - stack: interferograms by Stillpoint's network"]
    names = [node.name() for node in groups[0].findLayers()]
    assert names == [
        "Velocity, kept interferograms (mm/yr)", "Velocity, all interferograms (mm/yr)", "Velocity, kept minus all (mm/yr)",
        "Kept interferograms", "Weights of the pixels",
    ]  # fmt: skip
    assert [node.isVisible() for node in groups[0].findLayers()] == [True, False, False, False, False]
    first, second = (node.layer().renderer() for node in groups[0].findLayers()[:2])
    assert first.classificationMax() == second.classificationMax()  # before and after on one scale
    click(qtbot, dialog.board_button)
    assert len(told) == 2


def test_choices_reach_the_engine(dialog, qtbot, network, monkeypatch, tmp_path):
    jobs = asked(monkeypatch)
    dialog.stack.set_file(str(network / "stack.tif"))
    dialog.coherence.set_file(str(network / "coherence.tif"))
    choose(dialog, "coherence")
    dialog.threshold.setValue(0.3)
    dialog.outputs.files["table"].setFilePath(str(tmp_path / "my table"))
    dialog.outputs.boxes["output"].setChecked(False)
    dialog.outputs.boxes["lists"].setChecked(True)
    dialog.outputs.files["lists"].setFilePath(str(tmp_path / "lists"))
    dialog.advanced.widgets["connect"].setCurrentIndex(1)
    dialog.device.set_device("cpu")
    click(qtbot, dialog.run_button)
    ended(dialog, qtbot)
    job = jobs[-1]
    assert (job.method, job.threshold, job.connect, job.device) == ("coherence", 0.3, "tree", "cpu")
    assert job.table == str(tmp_path / "my table.csv") and job.output is None and job.lists == str(tmp_path / "lists")
    assert job.coherence == str(network / "coherence.tif")


def test_outputs_that_a_method_or_stack_has_not_are_not_offered(dialog, network, tmp_path):
    dialog.outputs.boxes["weights"].setChecked(True)
    choose(dialog, "loop_closure")
    assert not dialog.outputs.boxes["weights"].isEnabled() and not dialog.outputs.is_wanted("weights")
    assert "Only Stillpoint's network" in dialog.outputs.boxes["weights"].toolTip()
    choose(dialog, "default")
    assert dialog.outputs.is_wanted("weights")
    write_network(tmp_path, dates=5, neighbours=2, rows=8, columns=8, quantity="phase")
    dialog.stack.set_file(str(tmp_path / "stack.tif"))
    assert not dialog.outputs.boxes["velocity"].isEnabled()
    dialog.stack.set_file(str(network / "stack.tif"))
    assert dialog.outputs.boxes["velocity"].isEnabled()


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (lambda path: write_stack(path, quantity="complex"), "holds images, not interferograms"),
        (lambda path: write_stack(path, dated=False), "Use Open Stack"),
        (lambda path: write_stack(path, quantity="amplitude"), "holds images"),
        (lambda path: path.write_text("no raster"), "cannot be opened"),
    ],
)
def test_stacks_that_do_not_fit(dialog, qtbot, tmp_path, make, sentence):
    make(tmp_path / "odd.tif")
    dialog.stack.set_file(str(tmp_path / "odd.tif"))
    assert sentence in dialog.summary.text()
    click(qtbot, dialog.run_button)
    assert dialog.work is None and sentence in dialog.message.text() and dialog.message.level == "error"


def test_coherence_that_does_not_fit(dialog, qtbot, network, tmp_path):
    dialog.stack.set_file(str(network / "coherence.tif"))
    assert "holds coherence" in dialog.summary.text() and "this one as the coherence" in dialog.summary.text()
    write_network(tmp_path, dates=4, neighbours=1, rows=8, columns=8, coherence=False)
    dialog.stack.set_file(str(tmp_path / "stack.tif"))
    choose(dialog, "coherence")
    click(qtbot, dialog.run_button)
    assert "Mean coherence (MintPy) judges by the coherence, and stack.tif names none" in dialog.message.text()
    dialog.coherence.set_file(str(tmp_path / "stack.tif"))
    assert "holds unwrapped, not coherence" in dialog.summary.text()


def test_without_a_stack_or_folder_it_asks_for_one(dialog, qtbot, network):
    click(qtbot, dialog.run_button)
    assert "Choose the stack" in dialog.message.text()
    dialog.stack.set_file(str(network / "stack.tif"))
    dialog.outputs.boxes["lists"].setChecked(True)
    click(qtbot, dialog.run_button)
    assert "Choose a folder for Lists" in dialog.message.text()
    dialog.outputs.boxes["lists"].setChecked(False)
    dialog.outputs.files["output"].setFilePath(str(network / "coherence.tif"))
    click(qtbot, dialog.run_button)
    assert "would overwrite a file that is read" in dialog.message.text() and not dialog.board_button.isVisible()


def test_cancel_in_the_middle_leaves_nothing(dialog, qtbot, network, tmp_path):
    dialog.stack.set_file(str(network / "stack.tif"))
    dialog.outputs.files["table"].setFilePath(str(tmp_path / "slow.csv"))
    click(qtbot, dialog.run_button)
    qtbot.waitUntil(lambda: dialog.status.text().startswith("step"), timeout=5000)
    folder = Path(dialog._folder)
    assert folder.is_dir()
    click(qtbot, dialog.cancel_button)
    ended(dialog, qtbot)
    assert "Cancelled" in dialog.message.text() and not folder.exists()
    assert list(tmp_path.iterdir()) == [] and not dialog.board_button.isVisible()


def test_errors_of_the_engine(dialog, qtbot, network, tmp_path):
    dialog.stack.set_file(str(network / "stack.tif"))
    for name, sentence, offers in (("fails", "The file has no date columns.", False), ("incomplete", "no torch", True)):
        dialog.outputs.files["table"].setFilePath(str(tmp_path / f"{name}.csv"))
        click(qtbot, dialog.run_button)
        ended(dialog, qtbot)
        assert sentence in dialog.message.text() and dialog.setup_button.isVisible() is offers


def test_last_values_come_back(dialog, qtbot, network, qgis_iface):
    dialog.stack.set_file(str(network / "stack.tif"))
    choose(dialog, "loop_closure")
    dialog.outputs.boxes["velocity"].setChecked(True)
    click(qtbot, dialog.run_button)
    ended(dialog, qtbot)
    again = SelectInterferogramsDialog(qgis_iface, qgis_iface.mainWindow())
    assert again.method.values()["method"] == "loop_closure" and again.outputs.boxes["velocity"].isChecked()
    again.close()


def test_fits_a_small_screen_and_the_keyboard(dialog, network):
    dialog.stack.set_file(str(network / "stack.tif"))
    dialog.more.setCollapsed(False)
    assert dialog.minimumSizeHint().width() <= 760 and dialog.minimumSizeHint().height() <= SCREEN[1]
    assert dialog.run_button.isDefault()
    labels = [label for label in dialog.findChildren(QLabel) if "&" in label.text()]
    shortcuts = [label.text().split("&")[1][0].lower() for label in labels]
    assert len(shortcuts) >= 5 and len(set(shortcuts)) == len(shortcuts)


def test_layers_of_single_pairs_may_leave_the_project(dialog, qtbot, network):
    """The list of layers once kept naming what was gone, and QGIS ended when it was asked for."""
    project = QgsProject.instance()
    for name in ("stack", "2018-01-15 2018-01-27", "2018-01-15 2018-02-08"):
        project.addMapLayer(QgsRasterLayer(str(network / "stack.tif"), name))
    qtbot.waitUntil(lambda: len(dialog.stack._left_out) == 2, timeout=2000)
    assert len(dialog.stack.combo.exceptedLayerList()) == 2
    project.clear()
    assert dialog.stack.combo.exceptedLayerList() == [] and dialog.stack._left_out == []
    project.addMapLayer(QgsRasterLayer(str(network / "stack.tif"), "stack"))
    qtbot.wait(20)
    assert dialog.stack.combo.count() == 2  # the empty one and the stack
