"""The dialog that trains, clicked through: form, split on the map, curves, pause, early end, cancel, closing, what comes after."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

pytest.importorskip("qgis.core")

from qgis.core import QgsFeature, QgsField, QgsGeometry, QgsPointXY, QgsProject, QgsRasterLayer, QgsVectorLayer
from qgis.PyQt.QtCore import QPointF, Qt, QVariant
from qgis.PyQt.QtGui import QPalette
from qgis.PyQt.QtWidgets import QLabel

import stillpoint
from stillpoint.models.jobs import DescribeTraining, TrainModel
from stillpoint.models.learning import cards, shelf
from stillpoint.plugin import tasks, training, training_layers, training_run
from stillpoint.plugin.training import Split, warnings_of
from stillpoint.tests.plugin.offset_rasters import write_image
from stillpoint.ui.plot.theme import contrast
from stillpoint.ui.train_dialog import FORM, SPLIT, TRAINING, TrainDialog
from stillpoint.ui.train_form import FILE, SCRATCH, SHIPPED
from stillpoint.ui.train_labels import KINDS
from stillpoint.ui.train_words import TASKS, figure_in_words, span_in_words

from .clicking import asked, click, ended, opened

SCREEN = (1366, 768 - 60)
"""A small laptop's screen without its task bar."""


@pytest.fixture
def library(tmp_path, monkeypatch):
    """A library of models of its own."""
    folder = tmp_path / "library"
    monkeypatch.setenv(shelf.VARIABLE, str(folder))
    return folder


@pytest.fixture
def dialog(qgis_iface, library, fake_engine, qtbot):
    with opened(lambda: TrainDialog(qgis_iface, qgis_iface.mainWindow()), qtbot, remembered="train") as made:
        yield made
    training_run.forget()


@pytest.fixture
def jobs(monkeypatch):
    """The jobs that reach the engine."""
    return asked(monkeypatch)


def trained(jobs):
    return [job for job in jobs if isinstance(job, TrainModel)]


def described(jobs):
    return [job for job in jobs if type(job) is DescribeTraining]


@pytest.fixture
def points():
    """A layer in memory with series, identifiers, and classes in a field called kind."""
    layer = QgsVectorLayer("Point?crs=EPSG:32633", "My points", "memory")
    kinds = [("id", QVariant.String), ("kind", QVariant.String), ("20200101", QVariant.Double), ("20200113", QVariant.Double)]
    layer.dataProvider().addAttributes([QgsField(*each) for each in kinds])
    layer.updateFields()
    for number in range(4):
        feature = QgsFeature(layer.fields())
        feature.setAttributes([f"p{number}", ("Stable", "Linear")[number % 2], 0.0, float(number)])
        feature.setGeometry(QgsGeometry.fromPointXY(QgsPointXY(10.0 * number, 5.0)))
        layer.dataProvider().addFeature(feature)
    QgsProject.instance().addMapLayer(layer)
    return layer


def raster(path):
    layer = QgsRasterLayer(str(write_image(path)), Path(path).stem)
    QgsProject.instance().addMapLayer(layer)
    return layer


def choose(dialog, qtbot, task):
    click(qtbot, dialog.form.tasks.buttons[task])


# The form


def test_networks_starts_and_labels_are_those_of_the_task(dialog, qtbot):
    seen = set()
    for task in TASKS:
        choose(dialog, qtbot, task)
        form = dialog.form
        names = [form.network.itemData(index) for index in range(form.network.count())]
        assert names == [each.name for each in training.NETWORKS[task]]
        known = next(item for item in TrainModel.parameters() if item.name == "network").metadata["choices"]
        assert set(names) <= set(known)
        for index in range(form.network.count()):
            form.network.setCurrentIndex(index)
            seen.add(form.network_words.text())
            form.data.clear()
            simulated = [form.start.itemData(each) for each in range(form.start.count())]
            assert simulated == [SCRATCH] or (task == "scatterers" and index > 0)
            form.data.add_file("/nowhere/a.tif")
            starts = [form.start.itemData(each) for each in range(form.start.count())]
            assert starts[-2:] == [FILE, SCRATCH]
            assert (SHIPPED in starts) == training.has_shipped(task, form.chosen_network())
        kinds = [form.labels.kind.itemData(index) for index in range(form.labels.kind.count())]
        assert kinds == [each.name for each in KINDS[task]]
    assert len(seen) == sum(len(each) for each in training.NETWORKS.values()) and "" not in seen


def test_data_of_the_users_fine_tune_and_simulation_begins_anew(dialog, qtbot, tmp_path, points):
    form = dialog.form
    assert form.start.currentData() == SCRATCH and not form.labels.isVisible() and not form.mix.isVisible()
    form.data.menu.aboutToShow.emit()
    form.data.menu.actions()[0].trigger()
    assert form.data.items() == [points]
    assert form.start.currentData() == SHIPPED and form.labels.isVisible() and form.mix.isVisible()
    form.start.setCurrentIndex(form.start.findData(FILE))
    assert form.model.isVisible()
    form.data.list.setCurrentRow(0)
    click(qtbot, form.data.remove_button)
    assert form.data.count() == 0 and not form.labels.isVisible()


def test_only_fitting_layers_are_offered(dialog, qtbot, tmp_path, points):
    image = raster(tmp_path / "image.tif")
    for task, expected in (("trends", [points]), ("scatterers", [image]), ("offsets", [image])):
        choose(dialog, qtbot, task)
        dialog.form.data.menu.aboutToShow.emit()
        assert [action.text() for action in dialog.form.data.menu.actions()] == [layer.name() for layer in expected]
    dialog.form.data.add_layer(image)
    assert dialog.form.data.list.item(0).text() == "Pair 1, reference: image"
    QgsProject.instance().removeMapLayer(image.id())
    assert dialog.form.data.count() == 0


def test_choices_reach_the_engine(dialog, qtbot, jobs, tmp_path, library):
    choose(dialog, qtbot, "scatterers")
    form = dialog.form
    form.set_network("unet")
    image = raster(tmp_path / "stack.tif")
    mask = write_image(tmp_path / "mask.tif")
    form.data.add_layer(image)
    form.data.add_file(str(tmp_path))
    form.labels.set_kind("mask")
    form.labels.raster.set_file(str(mask))
    form.mix.slider.setValue(25)
    form.epochs.setValue(3)
    form.seed.setValue(7)
    form.set_start(SCRATCH)
    click(qtbot, dialog.run_button)
    ended(dialog, qtbot)
    assert trained(jobs) == [
        TrainModel(
            capability="scatterers", network="unet", data=(str(tmp_path / "stack.tif"), str(tmp_path)), labels=str(mask),
            start="scratch", mix=0.25, seed=7, epochs=3, output=str(library / "scatterers-unet-mine.safetensors"), device="auto",
        )
    ]  # fmt: skip
    again = TrainDialog(dialog.iface)
    assert (again.form.task(), again.form.chosen_network(), again.form.seed.value()) == ("scatterers", "unet", 7)
    again.deleteLater()


def test_field_of_a_layer_in_memory_becomes_its_labels(dialog, qtbot, jobs, points):
    dialog.form.data.add_layer(points)
    dialog.form.labels.field.setField("kind")
    click(qtbot, dialog.check_button)
    ended(dialog, qtbot)
    job = described(jobs)[0]
    assert (job.start, job.model) == ("model", None)
    assert QgsVectorLayer(job.data[0], "written", "ogr").featureCount() == 4
    assert Path(job.labels).read_text().split() == ["id,label", "p0,Stable", "p1,Linear", "p2,Stable", "p3,Linear"]


def test_labels_of_another_layer(dialog, qtbot, jobs, points, tmp_path):
    dialog.form.data.add_file(str(tmp_path / "series.csv"))
    dialog.form.labels.set_kind("layer")
    dialog.form.labels.points.set_layer(points)
    dialog.form.labels.field.setField("kind")
    click(qtbot, dialog.check_button)
    ended(dialog, qtbot)
    job = described(jobs)[0]
    assert job.data == (str(tmp_path / "series.csv"),)
    assert QgsVectorLayer(job.labels, "labels", "ogr").fields().lookupField("label") >= 0


@pytest.mark.parametrize(
    ("task", "kind", "expected"),
    [
        ("scatterers", "stability", "stability"), ("scatterers", "truth", "truth"), ("offsets", "correlation", "correlation"),
        ("offsets", "truth", "truth"),
    ],
)  # fmt: skip
def test_words_as_labels(dialog, qtbot, jobs, tmp_path, task, kind, expected):
    choose(dialog, qtbot, task)
    for name in ("a.tif", "b.tif"):
        dialog.form.data.add_file(str(tmp_path / name))
    dialog.form.labels.set_kind(kind)
    click(qtbot, dialog.check_button)
    ended(dialog, qtbot)
    assert described(jobs)[0].labels == expected


def test_what_is_missing_is_said(dialog, qtbot, tmp_path, jobs):
    form = dialog.form
    for task, kind, words in (
        ("scatterers", "mask", "Choose the raster with the labels."),
        ("interferograms", "table", "Choose the file with the labels."),
        ("scatterers", "folder", "Choose the folder with the labels."),
        ("trends", "layer", "Choose the layer or file with the labels."),
    ):  # fmt: skip
        choose(dialog, qtbot, task)
        form.data.add_file(str(tmp_path / "data.vrt"))
        form.labels.set_kind(kind)
        click(qtbot, dialog.run_button)
        assert dialog.message.level == "error" and dialog.message.text() == words
    choose(dialog, qtbot, "offsets")
    form.data.add_file(str(tmp_path / "one.tif"))
    form.labels.set_kind("truth")
    click(qtbot, dialog.run_button)
    assert "two by two" in dialog.message.text()
    form.data.add_file(str(tmp_path / "two.tif"))
    form.set_start(FILE)
    click(qtbot, dialog.run_button)
    assert dialog.message.text().startswith("Choose the model file")
    form.set_start(SCRATCH)
    form.output.setFilePath(str(tmp_path / "nowhere" / "mine"))
    click(qtbot, dialog.run_button)
    assert "There is no folder" in dialog.message.text() and trained(jobs) == []


def test_own_models_are_offered_as_a_start(dialog, qtbot, jobs, library, tmp_path):
    library.mkdir(parents=True)
    own = Path(shutil.copy(cards.shipped("trends", "default"), library / "bratislava.safetensors"))
    dialog.form.data.add_file(str(tmp_path / "points.csv"))
    dialog.form.fill_starts()
    assert "My model bratislava" in [dialog.form.start.itemText(index) for index in range(dialog.form.start.count())]
    dialog.form.set_start(str(own))
    assert dialog.description().model == str(own)
    shelf.choose(cards.model_file(own))
    dialog.form.set_start(SHIPPED)
    assert dialog.description().model == str(cards.shipped("trends", "default"))  # not the default that the user chose


def test_filled_from_elsewhere(dialog, qtbot, points, tmp_path):
    dialog.form.data.add_file(str(tmp_path / "old.csv"))
    dialog.fill_form("trends", data=[points], label_kind="layer", labels=str(tmp_path / "corrections.csv"))
    assert dialog.form.data.items() == [points] and dialog.form.labels.chosen() == "layer"
    assert dialog.form.labels.points.file() == str(tmp_path / "corrections.csv")
    dialog.fill_form("interferograms", data=[str(tmp_path / "stack.vrt")], label_kind="table", labels=str(tmp_path / "labels.csv"))
    assert dialog.form.task() == "interferograms" and dialog.form.given().labels == str(tmp_path / "labels.csv")
    assert dialog.form.start.currentData() == SHIPPED


# The split


def test_split_is_shown_as_a_layer_and_a_table(dialog, qtbot, tmp_path):
    dialog.form.data.add_file(str(tmp_path / "points.csv"))
    click(qtbot, dialog.check_button)
    ended(dialog, qtbot)
    page = dialog.split_page
    assert dialog.tabs.currentIndex() == SPLIT and page.map_button.isVisible()
    layer = next(iter(QgsProject.instance().mapLayers().values()))
    assert layer.name() == training_layers.TITLE and layer.featureCount() == 4
    legend = [category.label() for category in layer.renderer().categories()]
    assert legend == ["Training (700 examples)", "Validation (200 examples)", "Test (200 examples)"]
    heads = [page.table.headerItem().text(index) for index in range(4)]
    rows = [[page.table.topLevelItem(row).text(index) for index in range(4)] for row in range(3)]
    assert heads == ["Part", "Examples", "Stable", "Linear"]
    assert rows == [["Training", "700", "680", "20"], ["Validation", "200", "190", "10"], ["Test", "200", "188", "12"]]
    assert page.table.topLevelItem(0).childCount() == 2 and page.table.topLevelItem(0).child(1).text(0) == "north"
    assert page.note.text() == "10 points have no label." and not page.warning.isVisible()
    click(qtbot, dialog.check_button)
    ended(dialog, qtbot)
    assert len(QgsProject.instance().mapLayers()) == 1  # the new split takes the place of the old one
    dialog.close()
    dialog.show()
    assert page.split is not None  # looking at it again changes nothing
    dialog.form.seed.setValue(5)
    assert page.split is None and not page.table.isVisible()


def test_split_without_data_is_simulated(dialog, qtbot):
    click(qtbot, dialog.check_button)
    ended(dialog, qtbot)
    assert "simulated" in dialog.split_page.lead.text() and not dialog.split_page.warning.isVisible()
    assert not dialog.split_page.table.isVisible() and QgsProject.instance().mapLayers() == {}


def test_split_warns(dialog, qtbot, tmp_path):
    dialog.form.data.add_file(str(tmp_path / "one class.csv"))
    click(qtbot, dialog.check_button)
    ended(dialog, qtbot)
    assert dialog.split_page.warning.isVisible() and "one class, Stable" in dialog.split_page.warning.text()


def test_split_that_cannot_be_made_is_an_error(dialog, qtbot, tmp_path):
    dialog.form.data.add_file(str(tmp_path / "missing.csv"))
    click(qtbot, dialog.check_button)
    ended(dialog, qtbot)
    assert dialog.message.level == "error" and "nothing can be learned" in dialog.message.text()
    assert dialog.tabs.currentIndex() == FORM


@pytest.mark.parametrize(
    ("parts", "words"),
    [
        ([("train", {"a": 5, "b": 4})], ["very few; label more", "kept for the validation", "kept for the test"]),
        ([("train", {"a": 500, "b": 0}), ("validation", {"a": 50, "b": 3}), ("test", {"a": 50, "b": 3})], ["one class, a"]),
        ([("train", {"a": 5000, "b": 12}), ("validation", {"a": 50, "b": 3}), ("test", {"a": 50, "b": 3})], ["b is rare"]),
        ([("train", {"a": 50, "b": 12}), ("validation", {"a": 50, "b": 3}), ("test", {"a": 3, "b": 3})], ["mostly chance"]),
        ([("train", {"a": 50, "b": 12, "c": 3}), ("validation", {"a": 50, "b": 3}), ("test", {"a": 30, "c": 3})],
         ["Validation: no examples of c", "Test: no examples of b"]),
        ([("train", {"a": 50, "b": 12}), ("validation", {"a": 50, "b": 3}), ("test", {"a": 30, "b": 3})], []),
    ],
)  # fmt: skip
def test_warnings(parts, words):
    split = Split.of({"parts": [{"part": part, "examples": sum(counts.values()), "classes": counts} for part, counts in parts]})
    found = warnings_of(split)
    assert len(found) == len(words) and all(any(word in text for text in found) for word in words)


# The training


def test_curves_best_epoch_and_comparison(dialog, qtbot, library):
    dialog.form.epochs.setValue(14)
    click(qtbot, dialog.run_button)
    assert dialog.tabs.currentIndex() == TRAINING and not dialog.form.isEnabled()
    qtbot.waitUntil(lambda: len(dialog.run.rows) >= 3, timeout=8000)
    page = dialog.training_page
    assert page.headline.text().endswith("of 14") and "left" in page.facts.text()
    ended(dialog, qtbot)
    curves = page.curves
    assert [curves.choice.itemText(index) for index in range(curves.choice.count())] == ["F1"]
    assert list(curves.figure.content().dots[0].x) == list(range(1, 15)) and curves.best_epoch() == 10
    assert curves.figure.content().marks[0].label == "best: 10" and curves.loss.content().marks[0].x == 10
    assert page.headline.text() == "Done: epoch 14 of 14" and page.facts.text() == "Best: epoch 10, F1 0.9000"
    heads = [page.table.horizontalHeaderItem(index).text() for index in range(4)]
    assert heads == ["On 1,240 test examples", "new model", "shipped model", "tests"]
    cells = [[page.table.item(row, column) for column in range(4)] for row in range(page.table.rowCount())]
    rows = {head.text(): rest for head, *rest in cells}
    assert [cell.text() for cell in rows["F1, mean of classes"]] == ["0.9100", "0.8700", "0.8000"]
    assert [cell.font().bold() for cell in rows["Calibration error"]] == [True, False, False]  # the smallest is the best
    assert not any(cell.font().bold() for cell in rows["Answered"])
    assert "interval 0.8900 to 0.9300" in rows["F1, mean of classes"][0].toolTip()
    assert page.verdict.text().startswith("By F1") and dialog.message.level == "success"


def test_pointing_at_an_epoch_reads_it_in_both_charts(dialog, qtbot):
    dialog.form.epochs.setValue(5)
    click(qtbot, dialog.run_button)
    ended(dialog, qtbot)
    loss, figure = dialog.training_page.curves.loss, dialog.training_page.curves.figure
    frame = loss._frame()
    qtbot.mouseMove(loss, QPointF(frame.x(3.0), frame.plot.center().y()).toPoint())
    qtbot.waitUntil(lambda: figure.hovered_day() == 3.0, timeout=2000)
    lines, _ = figure._hover_lines(figure._frame())
    assert [text for _, text in lines] == ["Epoch 3", "0.8300"]


def test_pause_go_on_and_keep_the_best(dialog, qtbot):
    dialog.form.epochs.setValue(400)
    click(qtbot, dialog.run_button)
    qtbot.waitUntil(lambda: len(dialog.run.rows) >= 12, timeout=8000)
    click(qtbot, dialog.pause_button)
    assert dialog.pause_button.text() == "&Go on" and dialog.training_page.headline.text().startswith("Paused")
    qtbot.waitUntil(lambda: dialog.status.text() == "Paused", timeout=3000)
    epoch = dialog.run.rows[-1]["epoch"]
    qtbot.wait(150)
    assert dialog.run.rows[-1]["epoch"] == epoch
    click(qtbot, dialog.pause_button)
    qtbot.waitUntil(lambda: dialog.run.rows[-1]["epoch"] > epoch, timeout=3000)
    assert dialog.pause_button.text() == "&Pause"
    click(qtbot, dialog.finish_button)
    ended(dialog, qtbot)
    assert dialog.run.state == training_run.DONE and dialog.run.rows[-1]["epoch"] < 100
    assert dialog.training_page.facts.text().startswith("Best: epoch 10")


def test_cancel_and_go_on_from_the_checkpoint(dialog, qtbot, jobs, library):
    dialog.form.epochs.setValue(400)
    output = dialog.form.output_path()
    click(qtbot, dialog.run_button)
    qtbot.waitUntil(lambda: len(dialog.run.rows) >= 2, timeout=8000)
    output.with_suffix(".checkpoint").write_bytes(b"as the engine leaves it")
    click(qtbot, dialog.cancel_button)
    ended(dialog, qtbot)
    assert dialog.run.state == training_run.CANCELLED and "checkpoint of the last whole epoch" in dialog.message.text()
    assert dialog.notice.isVisible() and "was stopped before its end" in dialog.notice.text() and dialog.resume.isVisible()
    dialog.form.epochs.setValue(3)
    click(qtbot, dialog.run_button)
    assert not dialog.notice.isVisible()
    ended(dialog, qtbot)
    assert trained(jobs)[-1].resume and trained(jobs)[-1].output == str(output)
    dialog.resume.setChecked(False)
    assert not dialog.job().resume


def test_model_that_would_be_replaced_is_told(dialog, tmp_path):
    path = tmp_path / "mine.safetensors"
    path.write_bytes(b"a model")
    dialog.form.output.setFilePath(str(tmp_path / "mine"))
    assert dialog.notice.level == "warning" and "replaced" in dialog.notice.text() and not dialog.resume.isVisible()
    dialog.form.output.setFilePath(str(tmp_path / "other"))
    assert not dialog.notice.isVisible()


def test_failure_is_said_once(dialog, qtbot, tmp_path):
    dialog.form.output.setFilePath(str(tmp_path / "fails"))
    click(qtbot, dialog.run_button)
    ended(dialog, qtbot)
    assert dialog.message.level == "error" and "no date columns" in dialog.message.text()
    assert dialog.training_page.headline.text() == "Failed" and dialog.run_button.isEnabled()


def test_closed_dialog_trains_on_and_another_one_shows_the_curves(dialog, qtbot, qgis_iface):
    dialog.form.epochs.setValue(40)
    click(qtbot, dialog.run_button)
    qtbot.waitUntil(lambda: len(dialog.run.rows) >= 3, timeout=8000)
    dialog.close()
    again = TrainDialog(qgis_iface, qgis_iface.mainWindow())
    again.show()
    assert again.tabs.currentIndex() == TRAINING and again.work is not None
    before = len(again.training_page.curves.figure.content().dots[0].x)
    assert before >= 3
    qtbot.waitUntil(lambda: len(again.training_page.curves.figure.content().dots[0].x) > before, timeout=5000)
    click(qtbot, again.pause_button)
    click(qtbot, again.pause_button)
    ended(again, qtbot)
    assert again.training_page.table.isVisible() and again.message.level == "success"
    assert qgis_iface.messageBar().currentItem() is not None  # the closed one told the message bar
    third = TrainDialog(qgis_iface)
    assert third.work is None and third.training_page.headline.text().startswith("Done")
    for each in (again, third):
        each.close()
        each.deleteLater()


# Afterwards


@pytest.fixture
def finished(dialog, qtbot):
    dialog.form.epochs.setValue(2)
    click(qtbot, dialog.run_button)
    ended(dialog, qtbot)
    return dialog


def test_report_is_opened(finished, qtbot, monkeypatch):
    from stillpoint.ui import train_dialog

    opened = []
    monkeypatch.setattr(train_dialog.QDesktopServices, "openUrl", lambda url: opened.append(url.toLocalFile()))
    click(qtbot, finished.training_page.report_button)
    assert opened == [str(finished.form.output_path().with_suffix(".html"))] or opened[0].endswith("trends-default-mine.html")


def test_model_becomes_the_default(finished, qtbot, library):
    output = Path(finished.run.job.output)
    click(qtbot, finished.training_page.default_button)
    assert finished.message.level == "error"  # the fake engine wrote no model
    shutil.copy(cards.shipped("trends", "default"), output)
    click(qtbot, finished.training_page.default_button)
    assert finished.message.level == "success" and shelf.chosen("trends", "default") == output


def test_use_it_now_fills_the_dialog_of_the_task(qgis_iface, processing, fake_engine, library, qtbot):
    plugin = stillpoint.classFactory(qgis_iface)
    plugin.initGui()
    try:
        for task, network in (("trends", "mirmazloumi_cnn"), ("scatterers", "unet"), ("interferograms", "resnet50_full"),
                              ("offsets", "cc_ressiamnet")):  # fmt: skip
            plugin.use_model(task, network, "/models/mine.safetensors")
            dialog = plugin.dialogs[-1]
            methods = getattr(dialog, "method", None) or dialog.fields
            assert methods.values()["method"] == network.replace("_full", "")
            assert dialog.advanced.values()["model"] == "/models/mine.safetensors" and not dialog.more.isCollapsed()
    finally:
        plugin.unload()


def test_unload_with_a_running_training(qgis_iface, processing, fake_engine, library, qtbot):
    plugin = stillpoint.classFactory(qgis_iface)
    plugin.initGui()
    plugin.train()
    dialog = plugin.dialogs[-1]
    dialog.form.epochs.setValue(400)
    click(qtbot, dialog.run_button)
    qtbot.waitUntil(lambda: len(dialog.run.rows) >= 2, timeout=8000)
    plugin.unload()
    qtbot.waitUntil(lambda: not tasks._running, timeout=5000)
    assert training_run.current() is None and plugin.dialogs == []
    qtbot.waitUntil(lambda: fake_engine.ENGINE.pids() == [], timeout=5000)


# Looks


def test_fits_a_small_screen(dialog, qtbot, tmp_path):
    for task in TASKS:
        choose(dialog, qtbot, task)
        for name in ("a.tif", "b.tif"):
            dialog.form.data.add_file(str(tmp_path / name))
        for index in range(dialog.form.labels.kind.count()):
            dialog.form.labels.kind.setCurrentIndex(index)
            hint = dialog.minimumSizeHint()
            assert hint.width() <= SCREEN[0] and hint.height() <= SCREEN[1]
            assert dialog.size().height() <= SCREEN[1]


def test_finished_training_fits_a_small_screen(finished, qtbot):
    qtbot.wait(50)
    hint = finished.minimumSizeHint()
    assert hint.width() <= SCREEN[0] and hint.height() <= SCREEN[1] and finished.height() <= SCREEN[1] + 20


def test_every_mnemonic_has_its_widget(dialog):
    assert all("&" not in label.text().replace("&&", "") or label.buddy() is not None for label in dialog.findChildren(QLabel))


def test_curves_can_be_read_on_dark_ground(dialog, qtbot):
    from stillpoint.ui.plot.theme import Theme
    from stillpoint.ui.train_curves import BEST, FIGURE, LOSS

    palette = QPalette()
    palette.setColor(QPalette.ColorRole.Base, Qt.GlobalColor.black)
    palette.setColor(QPalette.ColorRole.Text, Qt.GlobalColor.white)
    theme = Theme.of(palette)
    assert all(contrast(theme.visible(colour), theme.background) > 2.3 for colour in (LOSS, FIGURE, BEST))


def test_words():
    assert figure_in_words("val_f1") == "F1" and figure_in_words("average precision") == "Average precision"
    assert figure_in_words("recall Phase unwrapping error") == "Recall Phase unwrapping error"
    assert [span_in_words(value) for value in (3, 42, 240, 5400, 40000)] == [
        "a few seconds", "40 seconds", "4 minutes", "1 h 30 min", "11 hours",
    ]  # fmt: skip


# With the engine


def test_real_fine_tuning_end_to_end(qgis_iface, library, real_engine, qtbot, tmp_path):
    """Simulated points with their true trends in a field of any name: check, train an epoch, compare, make it the default."""
    from stillpoint.models.jobs import Simulate

    file = tmp_path / "valley.gpkg"
    real_engine.run(Simulate(what="valley", points=600, dates=40, output=str(file)))
    layer = QgsVectorLayer(str(file), "valley", "ogr")
    QgsProject.instance().addMapLayer(layer)
    dialog = TrainDialog(qgis_iface, qgis_iface.mainWindow())
    dialog.show()
    dialog.form.data.add_layer(layer)
    dialog.form.labels.field.setField("true_trend")
    dialog.form.epochs.setValue(1)
    click(qtbot, dialog.check_button)
    qtbot.waitUntil(lambda: dialog.work is None, timeout=90_000)
    assert dialog.message.text() == "" and dialog.tabs.currentIndex() == SPLIT
    split = dialog.split_page.split
    assert split.total("train") > 100 and split.total("test") > 50 and split.classes()[0] == "Stable"
    shown = QgsProject.instance().mapLayersByName(training_layers.TITLE)[0]
    assert shown.crs() == layer.crs() and layer.extent().intersects(shown.extent())
    click(qtbot, dialog.run_button)
    qtbot.waitUntil(lambda: dialog.work is None, timeout=120_000)
    assert dialog.run.error is None, dialog.run.error
    assert [row["epoch"] for row in dialog.run.rows] == [0, 1] and dialog.training_page.table.rowCount() > 5
    output = Path(dialog.run.job.output)
    assert output.parent == library and cards.model_file(output).network == "default"
    assert Path(dialog.run.result.outputs["report"]).read_text(encoding="utf-8").startswith("<!")
    assert training.checkpoint_of(output) is None
    click(qtbot, dialog.training_page.default_button)
    assert shelf.chosen("trends", "default") == output and output in training.own_models("trends", "default")
    training_run.forget()
    dialog.close()
