"""The dialog that selects scatterers, clicked through: stacks that fit and do not, preview, run, cancel, errors."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest.importorskip("qgis.core")

from qgis.core import QgsProject, QgsRasterLayer, QgsRectangle, QgsVectorLayer
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtWidgets import QLabel

from stillpoint.plugin import settings
from stillpoint.tests.plugin.scatterer_rasters import ORIGIN, STEP, write_results, write_stack
from stillpoint.ui.select_dialog import SelectDialog

from .clicking import add, asked, click, ended, opened

SCREEN = (1280, 800 - 60)
"""A small laptop's screen without its task bar."""


@pytest.fixture
def results(tmp_path, monkeypatch):
    folder = tmp_path / "results"
    write_results(folder)
    monkeypatch.setenv("FAKE_ENGINE_FOLDER", str(folder))
    return folder


@pytest.fixture
def dialog(qgis_iface, results, fake_engine, qtbot):
    with opened(lambda: SelectDialog(qgis_iface, qgis_iface.mainWindow()), qtbot, remembered="select") as made:
        yield made


@pytest.fixture
def stack(tmp_path):
    write_stack(tmp_path / "amplitudes.tif", quantity="amplitude")
    write_stack(tmp_path / "town.tif", amplitude=tmp_path / "amplitudes.tif")
    return tmp_path / "town.tif"


def groups():
    return [node.name() for node in QgsProject.instance().layerTreeRoot().findGroups()]


def test_stack_is_described_in_words(dialog, stack):
    dialog.stack.set_file(str(stack))
    assert dialog.summary.text() == (
        "12 interferograms, 2018-01-15 to 2018-06-08, 60 x 80 pixels, wrapped phase with amplitudes beside it"
    )


def test_method_has_an_explanation_of_its_own(dialog):
    box = dialog.method.widgets["method"]
    seen = set()
    for index in range(box.count()):
        box.setCurrentIndex(index)
        seen.add(dialog.explanation.text())
        assert "_" not in box.currentText()
    assert len(seen) == box.count() == 6 and "" not in seen


def test_results_become_layers_over_the_amplitude(dialog, qtbot, stack):
    dialog.set_layer(add(stack))
    told = []
    dialog.selected.connect(told.append)
    click(qtbot, dialog.run_button)
    assert not dialog.run_button.isEnabled() and dialog.progress.isVisible()
    ended(dialog, qtbot)
    assert dialog.message.level == "success" and dialog.message.text().startswith("900 PS of 4,800 pixels")
    assert groups() == ["Stillpoint - town: Stillpoint's network"]
    assert [layer.name() for layer in told[0]] == ["PS points", "PS probability", "PS mask", "Mean amplitude"]
    assert dialog.stack.path() == str(stack)  # the new layers do not take the place of the stack


def test_choices_reach_the_engine(dialog, qtbot, stack, monkeypatch, tmp_path):
    jobs = asked(monkeypatch)
    dialog.stack.set_file(str(stack))
    dialog.method.widgets["method"].setCurrentIndex(4)
    dialog.threshold.setValue(0.7)
    dialog.extent.setOutputExtentFromUser(
        QgsRectangle(ORIGIN[0] + 200, ORIGIN[1] - 900, ORIGIN[0] + 1000, ORIGIN[1] - 100), dialog.extent.outputCrs()
    )
    dialog.advanced.widgets["keep"].setCurrentIndex(1)
    dialog.advanced.widgets["random_density"].setText("5")
    dialog.outputs.files["output"].setFilePath(str(tmp_path / "mask of mine"))
    dialog.outputs.boxes["points"].setChecked(False)
    dialog.outputs.boxes["noise"].setChecked(True)
    dialog.device.set_device("cpu")
    click(qtbot, dialog.run_button)
    ended(dialog, qtbot)
    job = jobs[-1]
    assert (job.stack, job.method, job.threshold, job.keep, job.random_density) == (
        str(stack), "phase_stability", 0.7, "best", 5.0,
    )  # fmt: skip
    assert [float(part) for part in job.extent.split(",")] == [500200.0, 3299100.0, 501000.0, 3299900.0]
    assert job.output == str(tmp_path / "mask of mine.tif") and job.points is None
    assert Path(job.probability).parent.is_dir() and Path(job.noise).name.endswith(" town Phase noise.tif")
    assert dialog.message.level == "success"


def test_defaults_leave_threshold_and_extent_to_the_engine(dialog, qtbot, stack, monkeypatch):
    jobs = asked(monkeypatch)
    dialog.stack.set_file(str(stack))
    click(qtbot, dialog.run_button)
    ended(dialog, qtbot)
    job = jobs[-1]
    assert (job.threshold, job.extent, job.amplitude, job.method, job.noise) == (None, None, None, "default", None)
    assert job.points.endswith(".gpkg")


def test_layers_of_single_dates_are_left_out(dialog, qtbot, stack):
    layer = add(stack)
    view = QgsRasterLayer(str(stack), "2018-01-15 2018-02-08")
    QgsProject.instance().addMapLayer(view)
    qtbot.waitUntil(lambda: dialog.stack.combo.count() == 2, timeout=2000)  # the empty one and the stack
    dialog.set_layer(view)
    assert dialog.stack.layer() is layer


def test_layers_of_the_project_are_not_taken_for_amplitudes(fake_engine, qgis_iface, stack):
    add(stack)
    made = SelectDialog(qgis_iface, qgis_iface.mainWindow())
    assert made.amplitude.path() == "" and made.stack.path() == ""
    add(stack.parent / "amplitudes.tif")
    assert made.amplitude.path() == "" and made.stack.path() == ""
    made.close()


def test_preview_looks_at_what_the_map_shows(dialog, qtbot, stack, monkeypatch, qgis_iface):
    jobs = asked(monkeypatch)
    dialog.set_layer(add(stack))
    qgis_iface.mapCanvas().setDestinationCrs(dialog.stack.layer().crs())
    for _ in range(2):  # the second takes the place of the first
        middle = QgsRectangle(ORIGIN[0] + 400, ORIGIN[1] - 800, ORIGIN[0] + 800, ORIGIN[1] - 400)
        qgis_iface.mapCanvas().setExtent(middle)
        click(qtbot, dialog.preview_button)
        ended(dialog, qtbot)
        assert groups() == ["Stillpoint - preview"]
    xmin, ymin, xmax, ymax = (float(part) for part in jobs[-1].extent.split(","))
    shown = qgis_iface.mapCanvas().extent()
    assert (xmin, ymin) == pytest.approx((max(shown.xMinimum(), ORIGIN[0]), max(shown.yMinimum(), ORIGIN[1] - 1200)))
    assert xmin < xmax <= ORIGIN[0] + 1600 and ymin < ymax <= ORIGIN[1]
    layers = [layer.name() for layer in QgsProject.instance().mapLayers().values()]
    assert sorted(layers) == ["PS probability", "town"]
    assert dialog.message.text().startswith("Preview of what the map shows: 900 PS")


def test_preview_of_a_large_view_is_cut_to_be_quick(dialog, qtbot, stack, monkeypatch, qgis_iface):
    from stillpoint.ui import scatterers_extent

    monkeypatch.setattr(scatterers_extent, "PREVIEW_PIXELS", 20)
    jobs = asked(monkeypatch)
    dialog.set_layer(add(stack))
    qgis_iface.mapCanvas().setDestinationCrs(dialog.stack.layer().crs())
    qgis_iface.mapCanvas().setExtent(dialog.stack.layer().extent())
    click(qtbot, dialog.preview_button)
    ended(dialog, qtbot)
    xmin, ymin, xmax, ymax = (float(part) for part in jobs[-1].extent.split(","))
    assert xmax - xmin == pytest.approx(20 * STEP) and ymax - ymin == pytest.approx(20 * STEP)
    assert "small part" in dialog.message.text()


def test_preview_beside_the_stack_says_so(dialog, qtbot, stack, qgis_iface):
    dialog.set_layer(add(stack))
    qgis_iface.mapCanvas().setDestinationCrs(dialog.stack.layer().crs())
    qgis_iface.mapCanvas().setExtent(QgsRectangle(0, 0, 100, 100))
    click(qtbot, dialog.preview_button)
    assert dialog.work is None and "shows no part of town" in dialog.message.text()


def test_rows_of_a_stack_without_coordinates_count_downwards(dialog, qtbot, tmp_path, monkeypatch):
    jobs = asked(monkeypatch)
    write_stack(tmp_path / "radar.tif", placed=False)
    dialog.set_layer(add(tmp_path / "radar.tif"))
    extent = dialog.stack.layer().extent()
    assert extent.yMinimum() == -60.0 and extent.yMaximum() == 0.0
    dialog.extent.setOutputExtentFromUser(QgsRectangle(10, -30, 50, -20), dialog.stack.layer().crs())
    click(qtbot, dialog.run_button)
    ended(dialog, qtbot)
    assert [float(part) for part in jobs[-1].extent.split(",")] == [10, 20, 50, 30]


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"count": 1}, "holds a single interferogram"),
        ({"dated": False}, "Use Open Stack"),
        ({"quantity": "amplitude"}, "only the method Amplitude dispersion"),
    ],
)
def test_stacks_that_do_not_fit(dialog, qtbot, tmp_path, options, sentence):
    write_stack(tmp_path / "odd.tif", **options)
    dialog.stack.set_file(str(tmp_path / "odd.tif"))
    assert sentence in dialog.summary.text()
    click(qtbot, dialog.run_button)
    assert dialog.work is None and sentence in dialog.message.text() and dialog.message.level == "error"


def test_amplitudes_go_with_amplitude_dispersion(dialog, qtbot, tmp_path):
    write_stack(tmp_path / "amplitudes.tif", quantity="amplitude")
    dialog.stack.set_file(str(tmp_path / "amplitudes.tif"))
    dialog.method.widgets["method"].setCurrentIndex(5)
    assert dialog.summary.text().startswith("12 images")
    click(qtbot, dialog.run_button)
    ended(dialog, qtbot)
    assert dialog.message.level == "success"


def test_amplitudes_of_another_grid_are_refused(dialog, qtbot, stack, tmp_path):
    write_stack(tmp_path / "small.tif", quantity="amplitude", rows=30)
    dialog.stack.set_file(str(stack))
    dialog.amplitude.set_file(str(tmp_path / "small.tif"))
    click(qtbot, dialog.run_button)
    assert dialog.work is None and "30 x 80 pixels, the stack town.tif 60 x 80" in dialog.message.text()


def test_file_that_is_no_raster(dialog, qtbot, tmp_path):
    (tmp_path / "notes.txt").write_text("no raster")
    dialog.stack.set_file(str(tmp_path / "notes.txt"))
    click(qtbot, dialog.run_button)
    assert dialog.work is None and "cannot be opened" in dialog.message.text()


def test_without_a_stack_it_asks_for_one(dialog, qtbot):
    click(qtbot, dialog.run_button)
    assert "Choose the stack" in dialog.message.text()


@pytest.mark.parametrize(
    ("name", "sentence"), [("/nowhere/x.tif", "There is no folder"), ("town.tif", "would overwrite a file that is read")]
)
def test_outputs_that_cannot_be(dialog, qtbot, stack, name, sentence):
    dialog.stack.set_file(str(stack))
    dialog.outputs.files["output"].setFilePath(str(stack.parent / name))
    click(qtbot, dialog.run_button)
    assert dialog.work is None and sentence in dialog.message.text()


def test_two_results_in_one_file(dialog, qtbot, stack, tmp_path):
    dialog.stack.set_file(str(stack))
    for name in ("output", "probability"):
        dialog.outputs.files[name].setFilePath(str(tmp_path / "same.tif"))
    click(qtbot, dialog.run_button)
    assert "same file" in dialog.message.text()


def test_cancel_in_the_middle_leaves_nothing(dialog, qtbot, stack, tmp_path):
    dialog.stack.set_file(str(stack))
    dialog.outputs.files["output"].setFilePath(str(tmp_path / "slow.tif"))
    before = sorted(tmp_path.iterdir())
    click(qtbot, dialog.run_button)
    qtbot.waitUntil(lambda: dialog.status.text().startswith("step"), timeout=5000)
    folder = Path(dialog._folder)
    assert folder.is_dir()
    click(qtbot, dialog.cancel_button)
    ended(dialog, qtbot)
    assert "Cancelled" in dialog.message.text()
    assert sorted(tmp_path.iterdir()) == before and not folder.exists()
    assert QgsProject.instance().mapLayers() == {}


def test_error_of_the_engine_is_shown_once(dialog, qtbot, stack, tmp_path, qgis_iface):
    dialog.stack.set_file(str(stack))
    dialog.outputs.files["output"].setFilePath(str(tmp_path / "fails.tif"))
    click(qtbot, dialog.run_button)
    ended(dialog, qtbot)
    assert dialog.message.text() == "The file has no date columns." and dialog.message.level == "error"
    assert qgis_iface.messageBar().currentItem() is None
    assert not dialog.setup_button.isVisible()


def test_broken_environment_offers_the_setup(dialog, qtbot, stack, tmp_path):
    dialog.stack.set_file(str(stack))
    dialog.outputs.files["output"].setFilePath(str(tmp_path / "incomplete.tif"))
    click(qtbot, dialog.run_button)
    ended(dialog, qtbot)
    assert dialog.setup_button.isVisible()


def test_drafts_of_a_killed_engine_are_swept(tmp_path):
    from stillpoint.models.jobs import SelectScatterers
    from stillpoint.plugin.endings import drafts, sweep

    job = SelectScatterers(
        stack="s.tif", output=str(tmp_path / "mask.tif"), probability=str(tmp_path / "p.tif"), points=str(tmp_path / "a.gpkg")
    )
    (tmp_path / ".mask.0123abcd.partial.tif").write_text("old")
    before = drafts(job)
    (tmp_path / ".p.0123abcd.partial.tif").write_text("half")
    (tmp_path / ".a.gpkg.0123abcd.partial").mkdir()
    (tmp_path / "other.tif").write_text("whole")
    sweep(job, before)
    assert sorted(item.name for item in tmp_path.iterdir()) == [".mask.0123abcd.partial.tif", "other.tif"]


def test_last_values_come_back(dialog, qtbot, stack, qgis_iface):
    dialog.stack.set_file(str(stack))
    dialog.method.widgets["method"].setCurrentIndex(4)
    dialog.outputs.boxes["noise"].setChecked(True)
    click(qtbot, dialog.run_button)
    ended(dialog, qtbot)
    again = SelectDialog(qgis_iface, qgis_iface.mainWindow())
    assert again.method.values()["method"] == "phase_stability"
    assert again.outputs.boxes["noise"].isChecked() and again.outputs.files["noise"].isEnabled()
    again.close()


def test_fits_a_small_screen_and_the_keyboard(dialog, qtbot, stack):
    layer = add(stack)
    layer.setName("S1A path 143 frame 192 Houston north-west wrapped interferograms of 2017 to 2020, filtered twice " * 2)
    dialog.set_layer(layer)
    dialog.more.setCollapsed(False)
    assert dialog.minimumSizeHint().width() <= 760 and dialog.minimumSizeHint().height() <= SCREEN[1]
    assert dialog.height() <= SCREEN[1] and dialog.run_button.isDefault()
    labels = [label for label in dialog.findChildren(QLabel) if "&" in label.text()]
    shortcuts = [label.text().split("&")[1][0].lower() for label in labels]
    assert len(shortcuts) >= 5 and len(set(shortcuts)) == len(shortcuts)


def test_closing_leaves_the_job_running(dialog, qtbot, stack, tmp_path):
    dialog.stack.set_file(str(stack))
    dialog.outputs.files["output"].setFilePath(str(tmp_path / "slow.tif"))
    click(qtbot, dialog.run_button)
    qtbot.waitUntil(lambda: dialog.status.text().startswith("step"), timeout=5000)
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible() and dialog.work is not None


def test_points_are_vectors(dialog, qtbot, stack):
    dialog.stack.set_file(str(stack))
    click(qtbot, dialog.run_button)
    ended(dialog, qtbot)
    (points,) = [layer for layer in QgsProject.instance().mapLayers().values() if isinstance(layer, QgsVectorLayer)]
    assert points.featureCount() > 100 and points.renderer().type() == "graduatedSymbol"


@pytest.mark.parametrize("placed", [True, False])
def test_real_engine_from_stack_to_layers(qgis_iface, real_engine, qtbot, tmp_path, placed):
    values = write_stack(tmp_path / "town.tif", quantity="complex", count=20, placed=placed)
    settings.put("select", "")
    dialog = SelectDialog(qgis_iface, qgis_iface.mainWindow())
    dialog.show()
    dialog.set_layer(add(tmp_path / "town.tif"))
    dialog.method.widgets["method"].setCurrentIndex(5)
    told = []
    dialog.selected.connect(told.append)
    qtbot.mouseClick(dialog.run_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: dialog.work is None, timeout=60000)
    assert dialog.message.level in ("success", "warning"), dialog.message.text()
    layers = {layer.name(): layer for layer in told[0]}
    assert set(layers) == {"PS points", "PS probability", "PS mask", "Mean amplitude"}
    extents = {name: layer.extent().toString(0) for name, layer in layers.items() if name != "PS points"}
    assert set(extents.values()) == {dialog.stack.layer().extent().toString(0)}
    # Every point lies in the middle of a pixel of the mask.
    points, mask = layers["PS points"], layers["PS mask"]
    assert points.featureCount() > 50
    for feature in points.getFeatures():
        assert mask.dataProvider().sample(feature.geometry().asPoint(), 1) == (1.0, True)
    assert values.shape[0] == 20
    dialog.close()


def test_preview_of_a_stack_without_coordinates_lies_on_it(qgis_iface, real_engine, qtbot, tmp_path):
    write_stack(tmp_path / "radar.tif", quantity="complex", count=20, placed=False)
    settings.put("select", "")
    dialog = SelectDialog(qgis_iface, qgis_iface.mainWindow())
    dialog.show()
    dialog.set_layer(add(tmp_path / "radar.tif"))
    dialog.method.widgets["method"].setCurrentIndex(5)
    qgis_iface.mapCanvas().setExtent(QgsRectangle(10, -50, 60, -20))
    shown = QgsRectangle(qgis_iface.mapCanvas().extent()).intersect(dialog.stack.layer().extent())
    told = []
    dialog.selected.connect(told.append)
    qtbot.mouseClick(dialog.preview_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: dialog.work is None, timeout=60000)
    ((layer,),) = told
    extent = layer.extent()
    for name in ("xMinimum", "xMaximum", "yMinimum", "yMaximum"):
        assert abs(getattr(extent, name)() - getattr(shown, name)()) <= 1
    dialog.close()
