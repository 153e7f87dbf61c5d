"""The panel New Analysis, clicked through: the chains, changes, failures, the project, recipes, repeats."""

from __future__ import annotations

import json
import os
import shutil
import threading
from pathlib import Path

import pytest

pytest.importorskip("qgis.core")

from qgis.core import QgsProject, QgsVectorLayer
from qgis.PyQt import sip
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtWidgets import QDialog

from stillpoint.models import analysis_record as records
from stillpoint.plugin import analysis_board, analysis_layers, tasks
from stillpoint.plugin.analysis_board import decisions_path
from stillpoint.tests.plugin.classified_layer import write_layer
from stillpoint.tests.plugin.network_rasters import write_network
from stillpoint.tests.plugin.offset_rasters import write_image, write_offsets
from stillpoint.tests.plugin.scatterer_rasters import write_results, write_stack
from stillpoint.ui import analysis_dock
from stillpoint.ui.analysis_dock import AnalysisDock
from stillpoint.ui.analysis_options import taken

from .clicking import add, click

STEPS = ("stack", "interferograms", "scatterers", "series", "trends")
AFTER_STACK = STEPS[1:]


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """The results that the fake engine hands out, and a network as the stack."""
    folder = tmp_path_factory.mktemp("made")
    write_network(folder / "network", dates=8, neighbours=2, rows=20, columns=25, quantity="phase")
    write_results(folder / "selected")
    write_layer(folder / "classified.gpkg", points=12, count=20)
    for name, source in {
        "select-interferograms.table": "network/table.csv", "select-interferograms.output": "network/stack.tif",
        "select-scatterers.output": "selected/mask.tif", "select-scatterers.probability": "selected/probability.tif",
        "select-scatterers.points": "selected/points.gpkg", "estimate-series.output": "classified.gpkg",
        "classify-trends.output": "classified.gpkg", "open-stack.output": "network/stack.tif",
    }.items():  # fmt: skip
        shutil.copy(folder / source, folder / name)
    return folder


@pytest.fixture
def stack(made, tmp_path):
    for name in ("stack.tif", "coherence.tif"):
        shutil.copy(made / "network" / name, tmp_path / name)
    return tmp_path / "stack.tif"


@pytest.fixture
def dock(qgis_iface, made, fake_engine, qtbot, monkeypatch):
    monkeypatch.setenv("FAKE_ENGINE_FOLDER", str(made))
    shown = AnalysisDock(qgis_iface, qgis_iface.mainWindow())
    qgis_iface.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, shown)
    qgis_iface.mainWindow().show()
    yield shown
    shown.unload()
    tasks.cancel_all()
    qtbot.waitUntil(lambda: not tasks._running, timeout=30000)


def over(dock, qtbot):
    qtbot.waitUntil(dock.is_settled, timeout=30000)


def states(dock):
    return [dock.analysis.states[name][0] for name in dock.analysis.recipe.names()]


def choose(dock, stack):
    dock.cards["stack"].pickers["own"].set_file(str(stack))


def run(dock, qtbot):
    click(qtbot, dock.run_button)
    over(dock, qtbot)


def set_method(dock, name, method):
    box = dock.cards[name].fields.widgets["method"]
    box.setCurrentIndex(box.findData(method))
    dock.cards[name].take_now()


def group_names():
    return [group.name() for group in QgsProject.instance().layerTreeRoot().findGroups(True)]


def test_new_user_is_led_to_the_stack(dock, qtbot):
    assert dock.cards["stack"].is_open() and not dock.cards["interferograms"].is_open()
    assert dock.cards["interferograms"].state_label.text() == "Waits"
    click(qtbot, dock.run_button)
    assert dock.analysis.work is None
    assert dock.cards["stack"].message.text() == "Choose the stack to analyse."


def test_stack_that_is_the_active_layer_goes_in(dock, stack):
    dock.activate(add(stack))
    assert dock.analysis.recipe.source() == str(stack)
    assert dock.folder.text() == str(stack.parent / "stack analysis")
    assert states(dock) == ["mine", "new", "waiting", "waiting", "waiting"]
    assert dock.cards["interferograms"].is_open() and not dock.cards["stack"].is_open()


def test_run_all_leads_to_the_map(dock, qtbot, stack):
    choose(dock, stack)
    click(qtbot, dock.run_button)
    assert dock.cancel_button.isVisible() and not dock.run_button.isVisible()
    over(dock, qtbot)
    assert states(dock) == ["mine", "done", "done", "done", "done"]
    lines = [dock.cards[name].result.text() for name in AFTER_STACK]
    assert lines == [
        "2 of 13 interferograms dropped", "900 PS, 18.8\u00a0% of the pixels", "900 points, 30 dates",
        "900 points: Stable 67\u00a0%, Linear 33\u00a0%",
    ]  # fmt: skip
    assert group_names()[:5] == [
        "Analysis - stack", "5 Trends", "4 Displacement series", "3 Persistent scatterers", "2 Interferograms",
    ]  # fmt: skip
    root = QgsProject.instance().layerTreeRoot()
    drawn = [layer.name() for layer in root.checkedLayers() if root.findLayer(layer.id()).isVisible()]
    assert drawn[0] == "5 trends" and "PS points" not in drawn
    assert dock.run_button.text() == "All is up to date" and not dock.run_button.isEnabled()
    assert (stack.parent / "stack analysis" / "recipe.json").is_file()


def test_change_marks_what_follows_and_one_click_runs_it(dock, qtbot, stack):
    choose(dock, stack)
    run(dock, qtbot)
    set_method(dock, "scatterers", "phase_stability")
    assert states(dock) == ["mine", "done", "stale", "stale", "stale"]
    assert dock.cards["trends"].state_label.text() == "Out of date"
    assert "before the change" in dock.cards["scatterers"].result.text()
    assert dock.run_button.text() == "Run what is out of date (3)"
    run(dock, qtbot)
    assert states(dock) == ["mine", "done", "done", "done", "done"]
    assert group_names().count("3 Persistent scatterers") == 1  # in the place of the old layers
    job = dock.analysis.entry("scatterers").job
    assert job["parameters"]["method"] == "phase_stability"


def test_step_runs_with_what_it_needs(dock, qtbot, stack):
    choose(dock, stack)
    card = dock.cards["scatterers"]
    card.set_open(True)
    assert card.run_button.text() == "Run up to here"
    click(qtbot, card.run_button)
    over(dock, qtbot)
    assert states(dock) == ["mine", "done", "done", "new", "waiting"]
    assert card.run_button.text() == "Run again"
    before = dock.analysis.entry("scatterers").time, (Path(dock.analysis.folder) / "3 PS mask.tif").stat().st_mtime_ns
    click(qtbot, card.run_button)
    over(dock, qtbot)
    assert (Path(dock.analysis.folder) / "3 PS mask.tif").stat().st_mtime_ns != before[1]


def test_failure_is_said_in_its_card_alone(dock, qtbot, stack):
    choose(dock, stack)
    set_method(dock, "scatterers", "unet")
    run(dock, qtbot)
    assert states(dock) == ["mine", "done", "failed", "waiting", "waiting"]
    card = dock.cards["scatterers"]
    assert card.message.text() == "There are too few dates. Choose a longer stack." and card.is_open()
    assert not dock.cards["series"].message.isVisible() and not dock.message.isVisible()
    assert analysis_layers.layers_of(dock.analysis.folder, "interferograms")
    set_method(dock, "scatterers", "default")
    assert not card.message.isVisible() and states(dock)[2] == "new"
    run(dock, qtbot)
    assert states(dock)[2:] == ["done", "done", "done"]


def test_death_of_the_engine_is_said_in_the_card(dock, qtbot, stack):
    choose(dock, stack)
    set_method(dock, "scatterers", "clstm_iss")
    run(dock, qtbot)
    assert states(dock) == ["mine", "done", "failed", "waiting", "waiting"]
    assert "killed" in dock.cards["scatterers"].message.text()


def test_progress_and_cancel_in_the_card(dock, qtbot, stack):
    choose(dock, stack)
    set_method(dock, "scatterers", "cnn_iss")
    click(qtbot, dock.run_button)
    card = dock.cards["scatterers"]
    qtbot.waitUntil(lambda: card.status.text().startswith("step"), timeout=30000)
    assert card.state_label.text() == "Running" and dock.cards["series"].state_label.text() == "In the queue"
    assert not card.body.isEnabled()
    click(qtbot, card.cancel_button)
    over(dock, qtbot)
    assert states(dock) == ["mine", "done", "new", "waiting", "waiting"]
    assert not card.running.isVisible() and not card.message.isVisible()


def test_closing_the_project_cancels(dock, qtbot, stack):
    choose(dock, stack)
    set_method(dock, "scatterers", "cnn_iss")
    click(qtbot, dock.run_button)
    qtbot.waitUntil(lambda: dock.cards["scatterers"].status.text().startswith("step"), timeout=30000)
    QgsProject.instance().clear()
    assert dock.analysis.work is None and dock.analysis.recipe.source() == ""
    qtbot.waitUntil(lambda: not tasks._running, timeout=30000)
    assert QgsProject.instance().mapLayers() == {}


def test_project_keeps_everything(dock, qtbot, stack, qgis_iface):
    choose(dock, stack)
    set_method(dock, "trends", "statistical")
    run(dock, qtbot)
    project = str(stack.parent / "project.qgz")
    assert QgsProject.instance().write(project)
    entry = json.loads(QgsProject.instance().readEntry("stillpoint", "analysis", "")[0])
    assert entry["folder"] == "./stack analysis"
    assert entry["recipe"]["steps"]["trends"]["options"] == {"method": "statistical"}
    QgsProject.instance().clear()
    assert states(dock)[0] == "missing"
    assert QgsProject.instance().read(project)
    assert states(dock) == ["mine", "done", "done", "done", "done"]
    assert dock.cards["trends"].fields.values()["method"] == "statistical"
    assert dock.cards["trends"].show_button.text() == "Show on map"
    again = AnalysisDock(qgis_iface, qgis_iface.mainWindow())  # as after the plugin was reloaded
    assert again.analysis.recipe.to_dict() == dock.analysis.recipe.to_dict() and states(again) == states(dock)
    again.unload()


def test_layers_that_were_removed_are_loaded_again(dock, qtbot, stack):
    choose(dock, stack)
    run(dock, qtbot)
    QgsProject.instance().removeMapLayers([layer.id() for layer in analysis_layers.layers_of(dock.analysis.folder, "trends")])
    card = dock.cards["trends"]
    assert "not in the project" in card.result.text() and card.show_button.text() == "Load again"
    click(qtbot, card.show_button)
    over(dock, qtbot)
    assert analysis_layers.layers_of(dock.analysis.folder, "trends") and card.show_button.text() == "Show on map"


def test_show_on_map_draws_that_step(dock, qtbot, stack, qgis_iface):
    choose(dock, stack)
    run(dock, qtbot)
    click(qtbot, dock.cards["scatterers"].show_button)
    root = QgsProject.instance().layerTreeRoot()
    drawn = [layer.name() for layer in root.checkedLayers() if root.findLayer(layer.id()).isVisible()]
    assert "PS points" in drawn and "5 trends" not in drawn
    assert qgis_iface.activeLayer() in analysis_layers.layers_of(dock.analysis.folder, "scatterers")


def test_lost_file_is_said(dock, qtbot, stack):
    choose(dock, stack)
    run(dock, qtbot)
    (Path(dock.analysis.folder) / "4 displacement series.gpkg").unlink()
    dock.analysis.refresh()
    card = dock.cards["series"]
    assert card.state_label.text() == "Files are gone" and "no longer in the folder" in card.message.text()
    assert states(dock)[4] == "stale"


def test_steps_can_be_left_out_or_replaced(dock, qtbot, stack, made):
    choose(dock, stack)
    box = dock.cards["interferograms"].mode
    box.setCurrentIndex(box.findData("skip"))
    card = dock.cards["scatterers"]
    card.set_open(True)
    card.mode.setCurrentIndex(card.mode.findData("own"))
    assert card.pickers["own"].isVisible() and not card.pickers["stack"].isVisible() and not card.run_button.isVisible()
    assert card.state_label.text() == "To be chosen"
    card.pickers["own"].set_file(str(made / "selected" / "points.gpkg"))
    assert states(dock) == ["mine", "left out", "mine", "new", "waiting"]
    run(dock, qtbot)
    job = dock.analysis.entry("series").job["parameters"]
    assert (job["stack"], job["points"], job["mask"]) == (str(stack), str(made / "selected" / "points.gpkg"), None)


def test_own_layer_goes_in_instead_of_the_step_before(dock, stack):
    choose(dock, stack)
    other = add(stack.with_name("coherence.tif"))
    dock.cards["scatterers"].pickers["stack"].set_layer(other)
    assert dock.analysis.recipe.steps["scatterers"].inputs == {"stack": str(stack.with_name("coherence.tif"))}


def test_all_options_in_the_dialog_of_the_capability(dock, qtbot, stack):
    choose(dock, stack)
    dock.cards["scatterers"].set_open(True)
    set_method(dock, "scatterers", "phase_stability")
    click(qtbot, dock.cards["scatterers"].options_button)
    dialog = dock.options.dialog
    assert dialog.isVisible() and dialog.method.values()["method"] == "phase_stability"
    assert not dialog.outputs.isVisible()
    dialog.advanced.widgets["random_density"].setText("5")
    dialog.threshold.setValue(0.6)
    assert dialog.run_button.text() == "&Use these options"
    click(qtbot, dialog.run_button)
    options = dock.analysis.recipe.steps["scatterers"].options
    assert options == {"method": "phase_stability", "random_density": 5.0, "threshold": 0.6}
    assert dock.cards["scatterers"].changed_label.text() == "1 changed"
    assert dock.cards["scatterers"].fields.widgets["threshold"].text() == "0.6"


@pytest.mark.parametrize("name", ["interferograms", "series", "trends", "offsets"])
def test_dialogs_give_back_what_they_were_given(dock, stack, name):
    choose(dock, stack)
    if name == "offsets":
        dock.analysis.set_chain("offsets")
        dock.analysis.set_inputs({"reference": str(stack)})
    options = {"interferograms": {"connect": "tree", "threshold": 0.4}, "trends": {"abstain": False, "significance": 0.01},
               "series": {"height_error": False, "max_velocity": 90.0},
               "offsets": {"spacing": 12, "outliers": "keep"}}[name]  # fmt: skip
    dock.analysis.change(name, options=options)
    dock.open_options(name)
    assert taken(dock.options.dialog, name) == options
    dock.options.dialog.close()


def test_product_is_opened_and_grows(dock, qtbot, stack, tmp_path):
    product = tmp_path / "product"
    product.mkdir()
    (product / "a.tif").write_text("x")
    choose(dock, product)
    assert states(dock)[0] == "new" and dock.analysis.recipe.steps["stack"].options["sources"] == [str(product)]
    run(dock, qtbot)
    assert states(dock) == ["done"] * 5
    (product / "b.tif").write_text("a new date")
    dock.analysis.refresh()
    assert states(dock) == ["stale"] * 5


def test_repeat_goes_into_a_folder_of_today(dock, qtbot, stack, monkeypatch):
    choose(dock, stack)
    set_method(dock, "trends", "statistical")
    run(dock, qtbot)
    first = dock.analysis.folder
    new = stack.with_name("later.tif")
    shutil.copy(stack, new)

    def accept(dialog):
        dialog.source.set_file(str(new))
        assert "other data" in dialog.told.text()
        dialog._accept()
        return QDialog.DialogCode.Accepted

    monkeypatch.setattr("stillpoint.ui.analysis_repeat.RepeatDialog.exec", accept)
    click(qtbot, dock.repeat_button)
    over(dock, qtbot)
    assert states(dock) == ["mine", "done", "done", "done", "done"]
    folder = Path(dock.analysis.folder)
    assert folder.parent == Path(first) and folder.name.startswith("20")
    assert dock.analysis.recipe.steps["trends"].options == {"method": "statistical"}
    assert analysis_layers.layers_of(first) and analysis_layers.layers_of(str(folder))
    names = [name for name in group_names() if name.startswith("Analysis")]
    assert names == [f"Analysis - later, {folder.name}", "Analysis - stack"]
    assert dock.run_box.isVisible() and dock.run_box.count() == 2
    dock.run_box.setCurrentIndex(1)
    dock.run_box.activated.emit(1)
    assert dock.analysis.folder == first and dock.analysis.recipe.source() == str(stack)
    assert states(dock) == ["mine", "done", "done", "done", "done"]
    dock.analysis.repeat(str(stack))
    assert dock.analysis.folder.endswith("(2)")


def test_recipe_goes_out_and_comes_in(dock, qtbot, stack):
    choose(dock, stack)
    set_method(dock, "trends", "statistical")
    dock.export(str(stack.parent / "mine"))
    assert (stack.parent / "mine.json").is_file() and "saved" in dock.message.text()
    run(dock, qtbot)
    dock.begin_anew()
    assert states(dock)[0] == "missing" and dock.folder.text() == ""
    dock.load(str(stack.parent / "mine.json"))
    assert dock.analysis.recipe.steps["trends"].options == {"method": "statistical"}
    assert dock.folder.text().endswith("stack analysis 2")  # the first holds another's results
    dock.load(str(stack.parent / "stack analysis" / "analysis.json"))
    assert states(dock) == ["mine", "done", "done", "done", "done"]
    (stack.parent / "no.json").write_text("{}")
    dock.load(str(stack.parent / "no.json"))
    assert "no recipe" in dock.message.text()


def test_choices_of_the_board_become_the_kept_stack(dock, qtbot, stack):
    choose(dock, stack)
    run(dock, qtbot)
    card = dock.cards["interferograms"]
    assert not card.choices_button.isVisible()
    told = []
    dock.board_wanted.connect(told.append)
    click(qtbot, card.more_button)
    assert told[0].stack == str(stack) and told[0].table.endswith("2 interferograms.csv")
    decided = decisions_path(told[0].table)
    decided.write_text("reference_date,secondary_date,keep\n2018-01-15,2018-01-27,0\n")
    kept = Path(dock.analysis.folder) / "2 kept interferograms.vrt"
    os.utime(kept, ns=(1, 1))
    dock.analysis.refresh()
    assert card.choices_button.text() == "Use my 1 choices"
    click(qtbot, card.choices_button)
    qtbot.waitUntil(lambda: states(dock)[2] == "stale", timeout=30000)
    assert states(dock) == ["mine", "done", "stale", "stale", "stale"]
    assert "1 of your choices" in card.result.text() and not card.choices_button.isVisible()


def test_offsets(dock, qtbot, stack, made, tmp_path):
    write_offsets(made / "track-offsets.output")
    dock.chain.setCurrentIndex(1)
    assert dock.cards["offsets"].isVisible() and not dock.cards["trends"].isVisible()
    dock.cards["offsets"].pickers["reference"].set_file(str(stack))
    assert dock.cards["offsets"].message.isVisible()  # interferograms are no amplitudes
    for number in (1, 2):
        write_image(tmp_path / f"2018010{number}.tif", shift=(number, 0))
    dock.cards["offsets"].pickers["reference"].set_file(str(tmp_path / "20180101.tif"))
    dock.cards["offsets"].pickers["secondary"].set_file(str(tmp_path / "20180102.tif"))
    run(dock, qtbot)
    qtbot.waitUntil(lambda: bool(analysis_layers.layers_of(dock.analysis.folder, "offsets")), timeout=30000)
    assert dock.cards["offsets"].result.text().startswith("190 of 192 offsets measured, the largest 3.2 px")
    dock.chain.setCurrentIndex(0)
    assert dock.cards["stack"].isVisible()


def test_folder_that_cannot_be(dock, qtbot, stack, tmp_path):
    choose(dock, stack)
    (tmp_path / "file").write_text("no folder")
    dock.analysis.set_folder(str(tmp_path / "file" / "below"))
    click(qtbot, dock.run_button)
    assert "cannot be made" in dock.message.text() and dock.analysis.work is None


def test_fits_a_small_screen_and_the_keyboard(dock, qtbot, stack):
    dock.analysis.set_folder(str(stack.parent / ("a very long name " * 8)))
    choose(dock, stack)
    for card in dock.cards.values():
        card.set_open(True)
    assert dock.minimumSizeHint().width() <= 440 and dock.minimumSizeHint().height() <= 600
    head = dock.cards["trends"].title
    head.setFocus()
    qtbot.keyClick(head, Qt.Key.Key_Space)
    assert not dock.cards["trends"].is_open()
    assert dock.cards["trends"].accessibleName() == "Trends: Waits"


def test_marks_of_all_states_differ(dock):
    mark = dock.cards["stack"].mark
    mark.resize(mark.sizeHint())
    pictures = set()
    kinds = (
        records.NEW, records.WAITING, records.MISSING, records.DONE, records.STALE, records.FAILED, records.LEFT_OUT, "running",
        "queued",
    )  # fmt: skip
    for state in kinds:
        mark.set_state(state)
        image = mark.grab().toImage()
        grey = bytes(image.convertToFormat(image.Format.Format_Grayscale8).constBits().asarray(image.width() * image.height()))
        pictures.add(grey)
    assert len(pictures) == len(kinds)


def test_numbers_follow_the_chain():
    assert [analysis_dock.NUMBERS[name] for name in STEPS] == ["1", "2", "3", "4", "5"]


def test_stack_that_does_not_fit_is_told_before_anything_runs(dock, qtbot, made, tmp_path):
    write_network(tmp_path / "unwrapped", dates=6, neighbours=2, rows=20, columns=25)
    choose(dock, tmp_path / "unwrapped" / "stack.tif")
    assert states(dock) == ["mine", "new", "missing", "waiting", "waiting"]
    click(qtbot, dock.run_button)
    assert dock.analysis.work is None and dock.cards["scatterers"].is_open()
    assert "PS are selected in wrapped phase" in dock.cards["scatterers"].message.text()
    dock.cards["scatterers"].pickers["stack"].set_file(str(made / "network" / "stack.tif"))
    assert states(dock) == ["mine", "new", "new", "waiting", "waiting"]


def test_images_need_no_choice_of_interferograms(dock, tmp_path):
    write_stack(tmp_path / "images.tif", quantity="complex")
    choose(dock, tmp_path / "images.tif")
    assert states(dock) == ["mine", "left out", "new", "waiting", "waiting"]


@pytest.mark.slow
def test_real_engine_from_images_to_trends(qgis_iface, real_engine, qtbot, tmp_path):
    write_stack(tmp_path / "town.tif", quantity="complex", count=20)
    shown = AnalysisDock(qgis_iface, qgis_iface.mainWindow())
    qgis_iface.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, shown)
    qgis_iface.mainWindow().show()
    choose(shown, tmp_path / "town.tif")
    set_method(shown, "scatterers", "amplitude_dispersion")
    click(qtbot, shown.run_button)
    qtbot.waitUntil(shown.is_settled, timeout=200000)
    sentences = {name: sentence for name, (_, sentence) in shown.analysis.states.items() if sentence}
    assert states(shown) == ["mine", "left out", "done", "done", "done"], sentences
    series, trends = (analysis_layers.layers_of(shown.analysis.folder, name)[0] for name in ("series", "trends"))
    assert series.featureCount() == trends.featureCount() > 100
    assert {"velocity", "vel_std", "coherence"} <= {field.name() for field in series.fields()}
    assert "trend_code" in {field.name() for field in trends.fields()}
    shown.unload()


def test_layer_that_leaves_does_not_change_what_goes_in(dock, qtbot, stack):
    """The list of layers would take the next one by itself, and a recipe would run on other data."""
    layer = add(stack)
    dock.activate(layer)
    other = stack.with_name("other.tif")
    shutil.copy(stack, other)
    add(other)
    QgsProject.instance().removeMapLayer(layer.id())
    qtbot.wait(20)
    assert dock.analysis.recipe.source() == str(stack) == dock.cards["stack"].pickers["own"].path()


def test_points_of_the_users_own_stay_when_their_layer_leaves(dock, qtbot, made):
    layer = QgsVectorLayer(str(made / "classified.gpkg"), "points")
    QgsProject.instance().addMapLayer(layer)
    dock.analysis.change("series", mode="own")
    dock.cards["series"].pickers["own"].combo.setLayer(layer)
    assert dock.analysis.recipe.steps["series"].own == str(made / "classified.gpkg")
    QgsProject.instance().removeMapLayer(layer.id())
    assert dock.analysis.recipe.steps["series"].own == str(made / "classified.gpkg")


def test_new_project_has_nothing_of_the_old_one(dock, qtbot, stack):
    dock.activate(add(stack))
    assert QgsProject.instance().readEntry("stillpoint", "analysis", "")[0]
    QgsProject.instance().clear()
    qtbot.wait(20)
    assert QgsProject.instance().readEntry("stillpoint", "analysis", "")[0] == ""
    assert dock.analysis.recipe.source() == "" == dock.analysis.folder


def test_result_does_not_arrive_in_the_next_project(dock, qtbot, stack):
    choose(dock, stack)
    run(dock, qtbot)
    dock.results.add("scatterers")
    QgsProject.instance().clear()
    qtbot.wait(100)
    assert QgsProject.instance().mapLayers() == {} and dock.is_settled()


def test_arrows_do_not_arrive_in_the_next_project(dock, qtbot, tmp_path, made, monkeypatch):
    write_offsets(made / "track-offsets.output")
    release = threading.Event()
    monkeypatch.setattr(analysis_layers, "arrows_work", lambda entry: tasks.Work("arrows", lambda work: release.wait(10) and ""))
    dock.chain.setCurrentIndex(1)
    for key, day in (("reference", "20180101"), ("secondary", "20180102")):
        write_image(tmp_path / f"{day}.tif", shift=(int(day[-1]), 0))
        dock.cards["offsets"].pickers[key].set_file(str(tmp_path / f"{day}.tif"))
    click(qtbot, dock.run_button)
    qtbot.waitUntil(lambda: dock.analysis.work is None, timeout=30000)
    assert dock.analysis.states["offsets"][0] == records.DONE and not dock.is_settled()
    QgsProject.instance().clear()
    release.set()
    qtbot.waitUntil(lambda: not tasks._running, timeout=10000)
    qtbot.wait(50)
    assert QgsProject.instance().mapLayers() == {} and dock.is_settled()


def test_cancel_works_again_after_a_project_was_closed_while_it_stopped(dock, qtbot, stack):
    choose(dock, stack)
    set_method(dock, "scatterers", "cnn_iss")
    click(qtbot, dock.run_button)
    qtbot.waitUntil(lambda: bool(dock.analysis.running), timeout=30000)
    dock.cancel()
    assert not dock.cancel_button.isEnabled()
    QgsProject.instance().clear()
    assert dock.analysis.work is None and dock.cancel_button.isEnabled()


def test_options_that_are_opened_twice_are_one_window(dock, qtbot, stack):
    choose(dock, stack)
    dock.open_options("interferograms")
    first = dock.options
    dock.open_options("scatterers")
    qtbot.waitUntil(lambda: first.dialog is None or sip.isdeleted(first.dialog), timeout=5000)
    assert dock.options is not None and dock.options.dialog.isVisible()
    QgsProject.instance().clear()
    assert dock.options is None


def test_choices_are_written_once(dock, qtbot, stack, monkeypatch):
    choose(dock, stack)
    run(dock, qtbot)
    release, begun = threading.Event(), []

    def work(analysis):
        begun.append(analysis)
        return tasks.Work("choices", lambda work: release.wait(10))

    monkeypatch.setattr(analysis_board, "choices_work", work)
    before = {layer.id() for layer in analysis_layers.layers_of(dock.analysis.folder, "interferograms")}
    dock.results.write_choices()
    dock.results.write_choices()
    assert len(begun) == 1 and not dock.is_settled()
    dock.run_step("interferograms")
    assert dock.analysis.work is None and "being written" in dock.message.text()
    release.set()
    over(dock, qtbot)
    after = {layer.id() for layer in analysis_layers.layers_of(dock.analysis.folder, "interferograms")}
    assert after and not after & before  # the layers show the file that is there now
