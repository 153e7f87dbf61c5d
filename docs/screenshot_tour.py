"""Runs inside QGIS (``qgis --code``): opens Stillpoint's windows one after the other and photographs them."""

from __future__ import annotations

import os
import sys
import traceback
from pathlib import Path
from typing import Any, Callable, List, Tuple

from qgis.core import QgsGeometry, QgsPointXY, QgsProject, QgsVectorLayer
from qgis.PyQt.QtCore import QEventLoop, Qt, QTimer
from qgis.PyQt.QtGui import QColor, QPainter, QPen
from qgis.PyQt.QtTest import QTest
from qgis.PyQt.QtWidgets import QApplication, QDialog, QDockWidget, QToolBar, QWidget
from qgis.utils import iface, plugins

from stillpoint.plugin import scatterers

FOLDER = Path(os.environ["STILLPOINT_TOUR"])
STACK = os.environ["STILLPOINT_TOUR_STACK"]
NETWORK = os.environ["STILLPOINT_TOUR_NETWORK"]
SURGE = os.environ["STILLPOINT_TOUR_SURGE"]
PROJECT = os.environ["STILLPOINT_TOUR_PROJECT"]
ONLY = os.environ.get("STILLPOINT_TOUR_ONLY", "")


def wait(seconds: float) -> None:
    """Let QGIS work for a while."""
    loop = QEventLoop()
    QTimer.singleShot(round(1000 * seconds), loop.quit)
    loop.exec() if hasattr(loop, "exec") else loop.exec_()


def wait_for_map() -> None:
    """Wait until the map is drawn."""
    wait(0.5)
    for _ in range(60):
        if not iface.mapCanvas().isDrawing():
            break
        wait(0.5)
    wait(0.5)


def photograph(name: str) -> None:
    """Save what the whole screen shows."""
    QApplication.processEvents()
    wait(0.4)
    picture = QApplication.primaryScreen().grabWindow(0)
    picture.save(str(FOLDER / f"{name}.png"))


def photograph_dialog(name: str, dialog: QWidget) -> None:
    """Save the screen with a plain frame and title around a window, as a window manager would draw them."""
    QApplication.processEvents()
    picture = QApplication.primaryScreen().grabWindow(0)
    inner = dialog.geometry()
    bar = inner.adjusted(0, -28, 0, 0)
    bar.setHeight(28)
    painter = QPainter(picture)
    painter.fillRect(bar, QColor("#3b4252"))
    painter.setPen(QColor("#eceff4"))
    painter.drawText(bar, int(Qt.AlignmentFlag.AlignCenter), dialog.windowTitle())
    painter.setPen(QPen(QColor("#3b4252"), 2))
    painter.drawRect(inner.adjusted(-1, -28, 1, 1))
    painter.end()
    picture.save(str(FOLDER / f"{name}.png"))


def classified_layer() -> QgsVectorLayer:
    """Return the first classified layer of the project."""
    for layer in QgsProject.instance().mapLayers().values():
        if isinstance(layer, QgsVectorLayer) and layer.fields().lookupField("trend_code") >= 0:
            return layer
    raise LookupError("the project has no classified layer")


def sure_point(layer: QgsVectorLayer, code: int) -> int:
    """Return a feature of a class that shows it well: high confidence, strong motion."""
    best: List[Tuple[float, int]] = []
    for feature in layer.getFeatures(f"trend_code = {code} AND confidence > 0.9"):
        speed = max((abs(feature[name]) for name in ("velocity", "velocity_2") if isinstance(feature[name], float)), default=0)
        best.append((speed if code else -speed, feature.id()))
        if len(best) >= 400:
            break
    return max(best)[1] if best else next(layer.getFeatures()).id()


def tidy(window: Any) -> None:
    """Fill the screen with the window, and leave only what a reader of the picture needs."""
    screen = QApplication.primaryScreen().geometry()
    window.showNormal()
    window.setGeometry(0, 0, screen.width(), screen.height())
    keep = {"StillpointToolBar", "mMapNavToolBar", "mAttributesToolBar", "mFileToolBar"}
    for bar in window.findChildren(QToolBar):
        if bar.parent() is window:
            bar.setVisible(bar.objectName() in keep)
    for dock in window.findChildren(QDockWidget):
        if dock.objectName() not in ("Layers", "StillpointSeriesViewer", "StillpointThreshold", "StillpointPixel"):
            dock.close()
    layers = window.findChild(QDockWidget, "Layers")
    if layers is not None:
        layers.show()
        window.resizeDocks([layers], [330], Qt.Orientation.Horizontal)


def place(dialog: QWidget) -> None:
    """Centre a window on the screen; there is no window manager to do it."""
    screen = QApplication.primaryScreen().geometry()
    dialog.adjustSize() if dialog.height() > screen.height() else None
    dialog.move((screen.width() - dialog.width()) // 2, max(40, (screen.height() - dialog.height()) // 2))
    dialog.raise_()


def new_dialog(open_it: Callable[[], Any]) -> QDialog:
    """Return the dialog that ``open_it`` brings up."""
    before = {id(widget) for widget in QApplication.topLevelWidgets() if widget.isVisible()}
    open_it()
    for _ in range(60):
        wait(0.5)
        for widget in QApplication.topLevelWidgets():
            if isinstance(widget, QDialog) and widget.isVisible() and id(widget) not in before:
                return widget
    raise LookupError("no dialog came up")


def tour() -> None:
    """Open and photograph everything."""
    window, canvas = iface.mainWindow(), iface.mapCanvas()
    tidy(window)
    plugin = plugins["stillpoint"]
    layer = classified_layer()
    iface.setActiveLayer(layer)
    iface.messageBar().clearWidgets()
    node = QgsProject.instance().layerTreeRoot().findLayer(layer.id())
    node.setExpanded(True)
    wait_for_map()
    iface.messageBar().clearWidgets()
    photograph("map")

    plugin.toggle_viewer(True)
    dock = plugin.viewer_dock
    window.resizeDocks([dock], [335], Qt.Orientation.Vertical)
    wait_for_map()
    dock.activate()
    dock.show_features(layer, [sure_point(layer, 3)])
    wait_for_map()
    photograph("series-viewer")
    dock.show_features(layer, [sure_point(layer, code) for code in (0, 1, 2, 3)])
    wait_for_map()
    photograph("series-compare")
    dock.tabs.setCurrentIndex(1)
    photograph("class-overview")
    dock.hide()
    canvas.refresh()
    wait_for_map()

    for name, open_it in (("classify-dialog", plugin.classify), ("export-dialog", plugin.export)):
        dialog = new_dialog(open_it)
        place(dialog)
        wait(4)
        place(dialog)
        photograph_dialog(name, dialog)
        dialog.close()
        wait(0.5)


def wait_until(done: Callable[[], bool], seconds: float = 120) -> None:
    """Let QGIS work until something is done."""
    for _ in range(round(4 * seconds)):
        if done():
            return
        wait(0.25)
    raise TimeoutError("waited too long")


def tour_of_scatterers() -> None:
    """Open a stack, select its scatterers, and ask a pixel."""
    window, canvas = iface.mainWindow(), iface.mapCanvas()
    plugin = plugins["stillpoint"]
    QgsProject.instance().clear()
    opener = new_dialog(plugin.open_stack)
    place(opener)
    opener.sources.set_paths([STACK])
    wait_until(lambda: bool(opener.reading.details))
    wait(0.5)
    photograph_dialog("open-stack", opener)
    opener.open_stack()
    wait_until(lambda: opener.work is None)
    opener.close()
    iface.messageBar().clearWidgets()
    wait_for_map()

    dialog = new_dialog(plugin.select)
    place(dialog)
    shipped = Path(sys.modules["stillpoint"].__file__).parent / "models" / "weights" / "scatterers-default.safetensors"
    box = dialog.method.widgets["method"]
    box.setCurrentIndex(box.findData("default" if shipped.exists() else "phase_stability"))
    wait(4)
    photograph_dialog("select-scatterers", dialog)
    dialog.select()
    wait_until(lambda: dialog.work is None)
    message = dialog.message.text()
    dialog.close()
    if plugin.threshold_dock is None:
        raise LookupError(message)
    for node in QgsProject.instance().layerTreeRoot().findGroups()[1:]:
        node.setItemVisibilityChecked(False)
        node.setExpanded(False)
    iface.messageBar().clearWidgets()
    canvas.zoomToFullExtent()
    wait_for_map()
    photograph("scatterers")

    points = next(
        layer for layer in QgsProject.instance().mapLayers().values()
        if isinstance(layer, QgsVectorLayer) and layer.fields().lookupField("probabilit") >= 0
    )  # fmt: skip
    best = max(points.getFeatures(), key=lambda feature: feature["probabilit"])
    plugin.toggle_pixel(True)
    dock = plugin.pixel_dock
    window.resizeDocks([dock], [320], Qt.Orientation.Vertical)
    canvas.setCenter(best.geometry().asPoint())
    canvas.zoomScale(8000)
    dock.pick_at(best.geometry().asPoint())
    wait_until(lambda: dock.pixel is not None)
    wait_for_map()
    photograph("pixel-history")


def tour_of_interferograms() -> None:
    """Judge the interferograms of a stack, and look at them on the triage board."""
    plugin = plugins["stillpoint"]
    for dock in (plugin.pixel_dock, plugin.threshold_dock):
        dock.hide()
    QgsProject.instance().clear()
    dialog = new_dialog(plugin.select_interferograms)
    place(dialog)
    dialog.stack.set_file(NETWORK)
    weights = Path(sys.modules["stillpoint"].__file__).parent / "models" / "weights" / "interferograms-default.safetensors"
    box = dialog.method.widgets["method"]
    box.setCurrentIndex(box.findData("default" if weights.exists() else "loop_closure"))
    dialog.outputs.boxes["velocity"].setChecked(True)
    dialog.outputs.files["table"].setFilePath(str(Path(NETWORK).with_name("pairs.csv")))
    wait(4)
    photograph_dialog("select-interferograms", dialog)
    dialog.select()
    wait_until(lambda: dialog.work is None)
    text = dialog.message.text()
    dialog.close()
    board = plugin.board
    if board is None:
        raise LookupError(text)
    screen = QApplication.primaryScreen().geometry()
    board.setGeometry(0, 28, screen.width(), screen.height() - 28)
    wait_until(lambda: not board.looks.thumbnails.is_busy)
    board.list.step(1)  # the worst is noise; the next shows how a closure tells
    wait(2)
    photograph_dialog("triage-board", board)

    table = board.triage.table
    last = [index for index, ends in enumerate(table.pairs.tolist()) if len(table.dates) - 1 in ends]
    for index in last[:-1]:
        board.go_to(index)
        board.decide(False)
    board.go_to(last[-1])
    board.decide(False)
    wait(2)
    photograph_dialog("triage-warning", board)
    board.close_table()
    board.close()


def tour_of_offsets() -> None:
    """Track the offsets of a surge, and draw a profile along the ice."""
    window, canvas = iface.mainWindow(), iface.mapCanvas()
    plugin = plugins["stillpoint"]
    QgsProject.instance().clear()
    dialog = new_dialog(plugin.track_offsets)
    place(dialog)
    dialog.reference.set_file(SURGE)
    weights = Path(sys.modules["stillpoint"].__file__).parent / "models" / "weights" / "offsets-default.safetensors"
    box = dialog.fields.widgets["method"]
    box.setCurrentIndex(box.findData("default" if weights.exists() else "correlation"))
    units = dialog.fields.widgets["units"]
    units.setCurrentIndex(units.findData("metres_a_day"))
    wait(4)
    photograph_dialog("track-offsets", dialog)
    layers = []
    dialog.tracked.connect(layers.extend)
    dialog.track()
    wait_until(lambda: dialog.work is None)
    text = dialog.message.text()
    dialog.close()
    if not layers:
        raise LookupError(text)
    iface.messageBar().clearWidgets()
    extent = layers[1].extent()
    canvas.setExtent(extent)
    wait_for_map()
    photograph("offsets")

    plugin.toggle_profile(True)
    dock = plugin.profile_dock
    window.resizeDocks([dock], [270], Qt.Orientation.Vertical)
    dock.take_line(QgsGeometry.fromPolylineXY([
        QgsPointXY(extent.xMinimum() + 0.1 * extent.width(), extent.yMaximum() - 0.1 * extent.height()),
        QgsPointXY(extent.xMinimum() + 0.8 * extent.width(), extent.yMinimum() + 0.2 * extent.height()),
    ]))  # fmt: skip
    canvas.setExtent(extent)
    wait_for_map()
    photograph("offset-profile")


def tour_of_training() -> None:
    """Fine-tune the network of trends on the demo's points: form, split on the map, curves, and what came of it."""
    window = iface.mainWindow()
    tidy(window)
    for dock in window.findChildren(QDockWidget):
        if dock.objectName() != "Layers":
            dock.hide()
    QgsProject.instance().read(PROJECT)
    layer = classified_layer()
    iface.setActiveLayer(layer)
    wait_for_map()
    iface.messageBar().clearWidgets()
    dialog = new_dialog(plugins["stillpoint"].train)
    dialog.form.tasks.set_task("trends")
    dialog.form.data.add_layer(layer)
    dialog.form.labels.field.setField("true_trend")
    dialog.form.epochs.setValue(12)
    dialog.form.output.setFilePath(str(Path(NETWORK).with_name("trends-valley.safetensors")))
    place(dialog)
    wait(4)
    place(dialog)
    photograph_dialog("train-model", dialog)
    dialog.check()
    wait_until(lambda: dialog.work is None)
    place(dialog)
    wait_for_map()
    photograph_dialog("training-split", dialog)
    dialog.hide()
    iface.messageBar().clearWidgets()
    photograph("training-map")
    dialog.show()
    dialog.train()
    wait_until(lambda: len(dialog.run.rows) >= 8 or dialog.work is None)
    for chart in (dialog.training_page.curves.loss, dialog.training_page.curves.figure):
        chart.show_values_at(6.0)
    place(dialog)
    photograph_dialog("training-curves", dialog)
    wait_until(lambda: dialog.work is None, seconds=240)
    if dialog.run.result is None:
        raise LookupError(dialog.message.text())
    for chart in (dialog.training_page.curves.loss, dialog.training_page.curves.figure):
        chart.show_values_at(None)
    place(dialog)
    photograph_dialog("training-result", dialog)
    dialog.close()


def tour_of_review() -> None:
    """Review classified points and the pixels of a selection, by keys."""
    window, canvas = iface.mainWindow(), iface.mapCanvas()
    plugin = plugins["stillpoint"]
    tidy(window)
    QgsProject.instance().read(PROJECT)
    iface.setActiveLayer(classified_layer())
    plugin.toggle_review(True)
    dock = plugin.review_dock
    window.resizeDocks([dock], [330], Qt.Orientation.Vertical)
    wait_for_map()
    iface.messageBar().clearWidgets()
    labels = Path(NETWORK).with_name("review.gpkg")
    dock.set_file(str(labels))
    dock.bar.set_order("classes")
    photograph("review-start")
    dock.start()
    wait_until(lambda: dock.item is not None)
    for key in 5 * "1 23450  1 ":
        QTest.keyClicks(dock.inner, key)
        wait(0.1)
    dock.bar.classes.setCurrentIndex(4)
    dock.bar.set_order("spread")
    wait_until(lambda: not dock.run.is_busy)
    for key in " 1 4 1 ":
        QTest.keyClicks(dock.inner, key)
        wait(0.1)
    canvas.zoomByFactor(1.6)
    wait_for_map()
    photograph("review-points")
    dock.leave()

    layer = next(layer for layer in scatterers.probability_layers() if "network" in scatterers.title_of(layer).lower())
    nodes = QgsProject.instance().layerTreeRoot().findLayers()
    shown = [node for node in nodes if node.layer() is layer or node.name() == "Mean amplitude"]
    for node in nodes:
        node.setItemVisibilityChecked(node in shown)
    for node in shown:
        node.setItemVisibilityCheckedParentRecursive(True)
    iface.setActiveLayer(layer)
    dock.set_file(str(labels.with_name("review ps.gpkg")))
    canvas.setExtent(canvas.mapSettings().layerExtentToOutputExtent(layer, layer.extent()))
    dock.start()
    wait_until(lambda: dock.item is not None)
    for key in "PNPPNNP PN":
        QTest.keyClicks(dock.inner, key)
        wait(0.3)
    wait_until(lambda: dock.pixels.pixel is not None)
    wait(1)
    wait_for_map()
    photograph("review-pixels")
    dock.leave()
    dock.hide()


def tour_of_analysis() -> None:
    """Lead from a stack of images to the trends in the panel."""
    plugin = plugins["stillpoint"]
    tidy(iface.mainWindow())
    QgsProject.instance().clear()
    plugin.toggle_analysis(True)
    dock = plugin.analysis_dock
    dock.analysis.set_source(STACK)
    dock.analysis.set_folder(str(Path(STACK).with_name("city analysis")))
    dock.run_all()
    wait_until(dock.is_settled, 400)
    dock.area.verticalScrollBar().setValue(0)
    wait_for_map()
    photograph("new-analysis")
    dock.analysis.change("scatterers", options={"threshold": 0.6})
    dock.cards["scatterers"].set_open(True)
    wait(1)
    photograph("new-analysis-change")
    dock.hide()
    QgsProject.instance().clear()


TOURS = {
    "trends": tour, "scatterers": tour_of_scatterers, "interferograms": tour_of_interferograms, "offsets": tour_of_offsets,
    "training": tour_of_training, "review": tour_of_review, "analysis": tour_of_analysis,
}  # fmt: skip


def run() -> None:
    """Do the tour once QGIS is ready, and leave without asking to save."""
    status = 0
    try:
        wait_for_map()
        for name, go in TOURS.items():
            if ONLY in ("", name):
                go()
    except Exception:
        traceback.print_exc()
        photograph("trouble")
        status = 1
    sys.stderr.flush()
    # QGIS would ask whether to save the project; nothing of it is wanted.
    os._exit(status)


QTimer.singleShot(3000, run)
