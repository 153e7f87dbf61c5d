"""The review dock, used as a user does: by keys and clicks."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any, List

import pytest

pytest.importorskip("qgis.gui")

from qgis.core import QgsCoordinateReferenceSystem, QgsPointXY, QgsProject, QgsRasterLayer, QgsVectorFileWriter, QgsVectorLayer
from qgis.gui import QgsMapTool, QgsMapToolPan
from qgis.PyQt.QtCore import QEvent, Qt
from qgis.PyQt.QtGui import QKeyEvent
from qgis.PyQt.QtWidgets import QApplication, QToolButton

from stillpoint.models.errors import StillpointError
from stillpoint.plugin import scatterers
from stillpoint.plugin.layers import open_points
from stillpoint.plugin.review import CLASSES, NONE, PIXELS, POINTS, RANDOM, SPREAD, UNSURE, Session

from ..plugin import classified_layer, scatterer_rasters

K = Qt.Key


@pytest.fixture
def dock(qgis_iface: Any, qtbot: Any) -> Any:
    from stillpoint.ui.review_dock import ReviewDock

    made = ReviewDock(qgis_iface, qgis_iface.mainWindow())
    qgis_iface.addDockWidget(Qt.DockWidgetArea.BottomDockWidgetArea, made)
    qgis_iface.mainWindow().show()
    yield made
    made.unload()
    qgis_iface.removeDockWidget(made)
    made.deleteLater()


class EditTool(QgsMapTool):
    def flags(self) -> Any:
        return QgsMapTool.Flag.EditTool


def points_layer(path: Path, **options: Any) -> QgsVectorLayer:
    classified_layer.write_layer(path, **options)
    layer = open_points(str(path))
    QgsProject.instance().addMapLayer(layer)
    return layer


def begin(dock: Any, qtbot: Any) -> None:
    """Click the button, and wait for the queue."""
    qtbot.mouseClick(dock.start_page.button, Qt.MouseButton.LeftButton)
    assert dock.run is not None, dock.start_page.message.text()
    qtbot.waitUntil(lambda: dock.run is not None and not dock.run.is_busy and dock.item is not None, timeout=10_000)


def press(qtbot: Any, dock: Any, *keys: Any) -> None:
    for key in keys:
        qtbot.keyClick(dock.inner, key)


def saved(dock_or_path: Any, kind: str = POINTS) -> Any:
    path = dock_or_path if isinstance(dock_or_path, str) else dock_or_path.session.path
    return Session.open(path, kind=kind, id_field="pid").labels


def test_nothing_to_review_says_what_to_do(dock: Any) -> None:
    assert not dock.start_page.button.isEnabled()
    assert "Classify Trends" in dock.start_page.words.text()


def test_keys_label_points_least_sure_first(dock: Any, qtbot: Any, tmp_path: Path) -> None:
    layer = points_layer(tmp_path / "granada.gpkg")
    assert dock.bar.layer_id() == layer.id() and "granada" in dock.start_page.title.text()
    dock.bar.set_order(UNSURE)
    begin(dock, qtbot)
    margins = dock.run.items.margin[dock.run.order]
    assert (margins[1:] >= margins[:-1]).all()
    seen: List[str] = []
    for key in (K.Key_1, K.Key_2, K.Key_3, K.Key_4, K.Key_5, K.Key_0, K.Key_S, K.Key_L, K.Key_Q, K.Key_B, K.Key_U):
        seen.append(dock.item.key)
        press(qtbot, dock, key)
        assert seen[-1] in saved(dock), "each label is in the file at once"
    labels = saved(dock)
    assert [labels[key].value for key in seen] == [0, 1, 2, 3, 4, NONE, 0, 1, 2, 3, 4]
    assert len(set(seen)) == len(seen) and dock.item.key not in seen
    assert all(label.reviewer and label.reviewed.endswith("Z") for label in labels.values())
    assert "11 labels" in dock.counts.text() and "12 of 240" in dock.counts.text()


def test_space_agrees_and_backspace_takes_back(dock: Any, qtbot: Any, tmp_path: Path) -> None:
    points_layer(tmp_path / "granada.gpkg")
    dock.bar.classes.setCurrentIndex(2)  # Linear
    begin(dock, qtbot)
    first = dock.item
    assert first.model == 1
    press(qtbot, dock, K.Key_Space)
    assert saved(dock)[first.key].value == 1 and saved(dock)[first.key].agrees
    second = dock.item
    press(qtbot, dock, K.Key_4)
    assert "model right in 1 of 2 (50 %)" in dock.counts.text()
    assert "calls Linear, 1 of 2 labels agree" in dock.counts.toolTip()
    press(qtbot, dock, K.Key_Backspace)
    assert dock.item.key == second.key and second.key not in saved(dock)
    press(qtbot, dock, K.Key_Backspace)
    assert dock.item.key == first.key and not saved(dock)
    press(qtbot, dock, K.Key_Right, K.Key_Down)
    assert dock.run.position == 2 and not saved(dock)
    press(qtbot, dock, K.Key_Left)
    assert dock.item.key == second.key
    press(qtbot, dock, K.Key_Backspace)  # nothing to take back: one back
    assert dock.item.key == first.key


def test_what_was_not_classified_cannot_be_agreed_with(dock: Any, qtbot: Any, tmp_path: Path) -> None:
    points_layer(tmp_path / "granada.gpkg")
    dock.bar.classes.setCurrentIndex(dock.bar.classes.count() - 1)
    begin(dock, qtbot)
    assert dock.item.model == NONE and not dock.points.keys.actions_["accept"].isEnabled()
    press(qtbot, dock, K.Key_Space)
    assert not saved(dock)
    press(qtbot, dock, K.Key_0)
    assert [label.value for label in saved(dock).values()] == [NONE]


def test_buttons_do_what_the_keys_do(dock: Any, qtbot: Any, tmp_path: Path) -> None:
    points_layer(tmp_path / "granada.gpkg")
    begin(dock, qtbot)
    key = dock.item.key
    qtbot.mouseClick(dock.points.keys.labels[3], Qt.MouseButton.LeftButton)
    assert saved(dock)[key].value == 3
    qtbot.mouseClick(dock.points.findChild(QToolButton, "review_undo"), Qt.MouseButton.LeftButton)
    assert not saved(dock) and dock.item.key == key
    other = dock.item.key
    qtbot.mouseClick(dock.points.findChild(QToolButton, "review_next"), Qt.MouseButton.LeftButton)
    assert dock.item.key != other


def test_leaving_and_going_on(dock: Any, qtbot: Any, tmp_path: Path) -> None:
    layer = points_layer(tmp_path / "granada.gpkg")
    begin(dock, qtbot)
    done = []
    for _ in range(3):
        done.append(dock.item.key)
        press(qtbot, dock, K.Key_1)
    path = dock.session.path
    press(qtbot, dock, K.Key_Escape)
    assert dock.run is None and dock.pages.currentWidget() is dock.start_page
    assert "3 labels" in dock.start_page.progress.text() and "Go on" in dock.start_page.button.text()
    assert not dock.spot._marks
    begin(dock, qtbot)
    queued = {str(dock.run.at(place).key) for place in range(len(dock.run))}
    assert len(dock.run) == 237 and not queued & set(done)
    assert path == str(tmp_path / "granada labels.gpkg") == layer.customProperty("stillpoint/labels")


def test_series_is_shown_with_its_fit_and_other_classes_can_be_tried(dock: Any, qtbot: Any, tmp_path: Path) -> None:
    layer = points_layer(tmp_path / "granada.gpkg")
    dock.bar.classes.setCurrentIndex(4)  # Bilinear
    begin(dock, qtbot)
    content = dock.points.chart.content()
    assert content.dots and any(line.label == "Trend" for line in content.lines)
    assert any(mark.kind == "break" for mark in content.marks)
    feature = next(layer.getFeatures(f"\"pid\" = '{dock.item.key}'"))
    assert feature["trend_code"] == 3
    dock.points.try_class(1)
    tried = dock.points.chart.content()
    assert any(line.label == "As Linear" for line in tried.lines) and not tried.marks
    dock.points.try_class(None)
    assert dock.points.chart.content().marks


def test_map_goes_to_the_point_and_rings_it(dock: Any, qtbot: Any, tmp_path: Path) -> None:
    layer = points_layer(tmp_path / "granada.gpkg")
    canvas = dock._canvas
    canvas.setDestinationCrs(QgsCoordinateReferenceSystem("EPSG:3857"))
    whole = canvas.mapSettings().layerExtentToOutputExtent(layer, layer.extent())
    whole.scale(60)
    canvas.setExtent(whole)
    wide = canvas.extent().width()
    begin(dock, qtbot)
    assert canvas.extent().width() < 0.5 * wide
    for _ in range(5):
        assert canvas.extent().contains(dock.spot.position()) and len(dock.spot._marks) == 2
        press(qtbot, dock, K.Key_Right)
    before = dock.spot.position()
    canvas.setDestinationCrs(QgsCoordinateReferenceSystem("EPSG:32630"))
    after = dock.spot.position()
    assert after.x() != before.x() and dock.spot._marks[0].center().distance(after) < 1e-6
    dock.bar.follow.setChecked(False)
    extent = canvas.extent()
    press(qtbot, dock, K.Key_Right)
    assert canvas.extent() == extent


def test_keys_work_while_the_map_has_the_focus(dock: Any, qtbot: Any, tmp_path: Path) -> None:
    points_layer(tmp_path / "granada.gpkg")
    begin(dock, qtbot)
    pan = QgsMapToolPan(dock._canvas)
    dock._canvas.setMapTool(pan)
    key = dock.item.key
    qtbot.keyClick(dock._canvas, K.Key_2)
    assert saved(dock)[key].value == 1
    editing = EditTool(dock._canvas)
    dock._canvas.setMapTool(editing)
    qtbot.keyClick(dock._canvas, K.Key_2)
    assert len(saved(dock)) == 1, "a tool that edits keeps its keys"
    qtbot.keyClick(dock.bar.order, K.Key_3)  # a list would look for an entry that begins so
    assert len(saved(dock)) == 2
    press(qtbot, dock, K.Key_Escape)
    qtbot.keyClick(dock._canvas, K.Key_2)
    assert dock.run is None


def test_labels_are_a_styled_layer_above_the_points(dock: Any, qtbot: Any, tmp_path: Path) -> None:
    layer = points_layer(tmp_path / "granada.gpkg")
    begin(dock, qtbot)
    assert dock.on_map.layer() is None
    press(qtbot, dock, K.Key_1, K.Key_1, K.Key_5)
    shown = dock.on_map.layer()
    assert shown.featureCount() == 3 and shown.crs() == layer.crs()
    texts = {category.label() for category in shown.renderer().categories()}
    assert "Stable (2)" in texts and "Phase unwrapping error (1)" in texts and "None of them (0)" in texts
    order = [node.layerId() for node in QgsProject.instance().layerTreeRoot().findLayers()]
    assert order.index(shown.id()) < order.index(layer.id())
    assert shown.id() not in [dock.bar.layers.itemData(index) for index in range(dock.bar.layers.count())]
    press(qtbot, dock, K.Key_Backspace)
    assert shown.featureCount() == 2
    QgsProject.instance().removeMapLayer(shown.id())
    press(qtbot, dock, K.Key_2)
    assert dock.on_map.layer() is None, "who takes the labels off the map does not want them back"
    dock.bar.show_labels.trigger()
    assert dock.on_map.layer().featureCount() == 3


def test_orders_can_be_changed_on_the_way(dock: Any, qtbot: Any, tmp_path: Path) -> None:
    points_layer(tmp_path / "granada.gpkg")
    begin(dock, qtbot)
    press(qtbot, dock, K.Key_1)
    for order in (CLASSES, RANDOM, SPREAD):
        dock.bar.set_order(order)
        qtbot.waitUntil(lambda: not dock.run.is_busy)
        assert len(dock.run) == 239 and dock.run.position == 0
    press(qtbot, dock, K.Key_Backspace)
    assert not saved(dock) and dock.points.chart.content().dots, "what is taken back is seen again, also out of its turn"
    dock.bar.set_order(CLASSES)
    qtbot.waitUntil(lambda: not dock.run.is_busy)
    models = [dock.run.at(place).model for place in range(6)]
    assert len(set(models)) >= 4


def test_edited_and_filtered_layers(dock: Any, qtbot: Any, tmp_path: Path) -> None:
    layer = points_layer(tmp_path / "granada.gpkg")
    dock.bar.set_order(UNSURE)
    begin(dock, qtbot)
    upcoming = [dock.run.at(place) for place in (1, 2)]
    layer.startEditing()
    layer.deleteFeature(upcoming[0].fid)
    layer.changeAttributeValue(upcoming[1].fid, layer.fields().lookupField("trend_code"), 4)
    press(qtbot, dock, K.Key_1)
    assert dock.item.key == upcoming[1].key and dock.item.model == 4, "what is shown is what the layer says now"
    layer.rollBack()
    layer.setSubsetString('"trend_code" = 1')
    qtbot.waitUntil(lambda: dock.run is not None and not dock.run.is_busy)
    assert 0 < len(dock.run) < 60 and dock.item.model == 1
    layer.setSubsetString('"trend_code" = 77')
    qtbot.waitUntil(lambda: dock.run is None)
    assert "filter" in dock.start_page.message.text()


def test_layer_removed_in_the_middle(dock: Any, qtbot: Any, tmp_path: Path) -> None:
    layer = points_layer(tmp_path / "granada.gpkg")
    begin(dock, qtbot)
    press(qtbot, dock, K.Key_1)
    path = dock.session.path
    QgsProject.instance().removeMapLayer(layer.id())
    assert dock.run is None and len(saved(path)) == 1
    assert not dock.spot._marks


@pytest.mark.parametrize("ending", ["shp", "csv"])
def test_other_formats(dock: Any, qtbot: Any, tmp_path: Path, ending: str) -> None:
    classified_layer.write_layer(tmp_path / "made.gpkg", series="columns", count=20)
    source = QgsVectorLayer(str(tmp_path / "made.gpkg"), "made", "ogr")
    options = QgsVectorFileWriter.SaveVectorOptions()
    options.driverName = {"shp": "ESRI Shapefile", "csv": "CSV"}[ending]
    if ending == "csv":
        options.layerOptions = ["GEOMETRY=AS_XY"]
    target = tmp_path / f"granada.{ending}"
    QgsVectorFileWriter.writeAsVectorFormatV3(source, str(target), QgsProject.instance().transformContext(), options)
    layer = open_points(str(target))
    if ending == "csv":
        layer.setCrs(source.crs())
    QgsProject.instance().addMapLayer(layer)
    dock.bar.set_layer(layer.id())
    dock.set_file(str(tmp_path / "labels.csv"))
    begin(dock, qtbot)
    assert len(dock.run) == 240 and dock.points.chart.content().dots
    press(qtbot, dock, K.Key_3)
    with open(tmp_path / "labels.csv", newline="", encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    assert rows[0]["pid"].startswith("A") and rows[0]["label"] == "Quadratic" and rows[0]["trend_code"] == "2"
    assert abs(float(rows[0]["x"]) + 3.6) < 0.1
    assert dock.on_map.layer().featureCount() == 1
    press(qtbot, dock, K.Key_3, K.Key_0)
    assert dock.on_map.layer().featureCount() == 3


def test_labels_of_others_are_added(dock: Any, qtbot: Any, tmp_path: Path) -> None:
    points_layer(tmp_path / "granada.gpkg")
    begin(dock, qtbot)
    mine = dock.item
    press(qtbot, dock, K.Key_1)
    other = Session.open(str(tmp_path / "bob.csv"), id_field="pid", reviewer="bob")
    other.label(mine, 2)
    other.label(dock.item, 3)
    other.close()
    dock.add_labels(str(tmp_path / "bob.csv"))
    labels = saved(dock)
    assert labels[mine.key].value == 2 and labels[mine.key].reviewer == "bob" and len(labels) == 2
    text = dock._iface.messageBar().currentItem().text()
    assert "1 labels added" in text and "On 1 you disagree" in text
    assert "bob" in dock.points.keys.question.text()


def test_a_file_of_something_else_is_refused(dock: Any, qtbot: Any, tmp_path: Path) -> None:
    layer = points_layer(tmp_path / "granada.gpkg")
    (tmp_path / "list.csv").write_text("name,age\nann,3\n")
    for path in (tmp_path / "list.csv", tmp_path / "granada.gpkg", tmp_path / "nowhere" / "labels.gpkg"):
        dock.start_page.file.setFilePath(str(path))
        qtbot.mouseClick(dock.start_page.button, Qt.MouseButton.LeftButton)
        assert dock.run is None and dock.start_page.message.text()
    assert layer.featureCount() == 240


def test_a_held_key_labels_once(dock: Any, qtbot: Any, tmp_path: Path) -> None:
    points_layer(tmp_path / "granada.gpkg")
    begin(dock, qtbot)
    for repeated in (False, True, True):
        event = QKeyEvent(QEvent.Type.KeyPress, K.Key_1, Qt.KeyboardModifier.NoModifier, "1", repeated)
        QApplication.sendEvent(dock.inner, event)
    assert len(saved(dock)) == 1


def test_what_cannot_be_written_stays_to_be_labelled(dock: Any, qtbot: Any, tmp_path: Path, monkeypatch: Any) -> None:
    points_layer(tmp_path / "granada.gpkg")
    begin(dock, qtbot)
    key = dock.item.key

    def refuse(*_: Any) -> None:
        raise StillpointError("The disk is full.")

    monkeypatch.setattr(dock.session.file, "write", refuse)
    press(qtbot, dock, K.Key_1)
    assert dock.item.key == key and not dock.session.labels
    assert "disk is full" in dock._iface.messageBar().currentItem().text()
    monkeypatch.undo()
    press(qtbot, dock, K.Key_1)
    assert set(saved(dock)) == {key}


def test_picking_on_the_map(dock: Any, qtbot: Any, tmp_path: Path) -> None:
    layer = points_layer(tmp_path / "granada.gpkg")
    dock._canvas.setDestinationCrs(layer.crs())
    begin(dock, qtbot)
    wanted = next(layer.getFeatures("\"pid\" = 'A00100'"))
    assert dock.pick_at(wanted.geometry().asPoint())
    assert dock.item.key == "A00100"
    press(qtbot, dock, K.Key_2)
    assert saved(dock)["A00100"].value == 1
    assert not dock.pick_at(QgsPointXY(10, 10))


def test_training_gets_data_and_labels(dock: Any, qtbot: Any, tmp_path: Path) -> None:
    layer = points_layer(tmp_path / "granada.gpkg")
    assert not dock.bar.train.isEnabled()
    begin(dock, qtbot)
    press(qtbot, dock, K.Key_1)
    with qtbot.waitSignal(dock.train_wanted) as wanted:
        dock.bar.train.trigger()
    assert wanted.args == ["trends", [layer], "layer", str(tmp_path / "granada labels.gpkg")]


def ps_layers(folder: Path) -> QgsRasterLayer:
    scatterer_rasters.write_stack(folder / "stack.tif", amplitude=folder / "amplitude.tif")
    scatterer_rasters.write_stack(folder / "amplitude.tif", quantity="amplitude")
    scatterer_rasters.write_results(folder / "results")
    layer = scatterers.open_raster(str(folder / "results" / "probability.tif"), "PS probability")
    scatterers.style_scatterer_layer(layer)
    layer.setCustomProperty(scatterers.STACK, str(folder / "stack.tif"))
    QgsProject.instance().addMapLayer(layer)
    return layer


def test_pixels_near_the_threshold(dock: Any, qtbot: Any, tmp_path: Path) -> None:
    layer = ps_layers(tmp_path)
    dock._canvas.setDestinationCrs(layer.crs())
    dock.bar.set_order(UNSURE)
    begin(dock, qtbot)
    qtbot.waitUntil(lambda: dock.pixels.pixel is not None)
    assert abs(dock.item.confidence - 0.5) < 0.05
    assert dock.pixels.pixel.amplitude is not None and dock.pixels.pixel.phase is not None
    assert dock.pixels.pixel.verdicts[0].probability == pytest.approx(dock.item.confidence, abs=1e-5)
    first = dock.item
    press(qtbot, dock, K.Key_P)
    second = dock.item
    press(qtbot, dock, K.Key_N)
    press(qtbot, dock, K.Key_1)  # a key of points says nothing here
    third = dock.item
    press(qtbot, dock, K.Key_Space)
    labels = saved(dock, PIXELS)
    assert (labels[first.key].value, labels[second.key].value, labels[third.key].value) == (1, 0, third.model)
    file = QgsVectorLayer(dock.session.path, "labels", "ogr")
    rows = {f"{item['row']},{item['col']}": item for item in file.getFeatures()}
    at = rows[first.key].geometry().asPoint()
    values = layer.dataProvider().sample(at, 1)
    assert values[1] and values[0] == pytest.approx(first.confidence) and rows[first.key]["ps"] == 1
    press(qtbot, dock, K.Key_Backspace)
    assert third.key not in saved(dock, PIXELS) and dock.item.key == third.key
    with qtbot.waitSignal(dock.train_wanted) as wanted:
        dock.bar.train.trigger()
    assert wanted.args[0] == "scatterers" and wanted.args[1] == [str(tmp_path / "stack.tif")] and wanted.args[2] == "points"


def test_pixels_follow_a_threshold_that_was_moved(dock: Any, qtbot: Any, tmp_path: Path) -> None:
    layer = ps_layers(tmp_path)
    begin(dock, qtbot)
    scatterers.set_threshold(layer, 0.8)
    dock.bar.set_order(UNSURE)
    qtbot.waitUntil(lambda: not dock.run.is_busy)
    assert abs(dock.item.confidence - 0.8) < 0.05
    dock.bar.set_order(RANDOM)
    qtbot.waitUntil(lambda: not dock.run.is_busy)
    shown = [dock.run.at(place).confidence for place in range(200)]
    assert min(shown) < 0.2 and max(shown) > 0.85, "drawn from all pixels, not from those near the threshold"


def test_pixels_without_their_stack_say_so(dock: Any, qtbot: Any, tmp_path: Path) -> None:
    layer = ps_layers(tmp_path)
    layer.setCustomProperty(scatterers.STACK, "")
    begin(dock, qtbot)
    qtbot.waitUntil(lambda: dock.pixels.pixel is not None)
    assert "stack" in dock.pixels.amplitude.content().message
    press(qtbot, dock, K.Key_P)
    assert len(saved(dock, PIXELS)) == 1


def test_the_button_in_the_toolbar(qgis_iface: Any, processing: Any, fake_engine: Any, qtbot: Any, tmp_path: Path) -> None:
    import stillpoint

    layer = points_layer(tmp_path / "granada.gpkg")
    plugin = stillpoint.classFactory(qgis_iface)
    plugin.initGui()
    qgis_iface.mainWindow().show()
    try:
        plugin.review_action.trigger()
        dock = plugin.review_dock
        assert dock.isVisible() and plugin.review_action.isChecked() and dock.bar.layer_id() == layer.id()
        begin(dock, qtbot)
        press(qtbot, dock, K.Key_1)
        dock.bar.train.trigger()
        qtbot.waitUntil(lambda: any(dialog.objectName() == "StillpointTrain" for dialog in plugin.dialogs))
        dialog = next(dialog for dialog in plugin.dialogs if dialog.objectName() == "StillpointTrain")
        assert dialog.form.data.items() == [layer] and dialog.form.labels.chosen() == "layer"
        plugin.review_action.trigger()
        assert dock.isHidden() and dock.run is None, "hidden it leaves the map alone"
    finally:
        plugin.unload()
    assert plugin.review_dock is None and len(saved(str(tmp_path / "granada labels.gpkg"))) == 1
