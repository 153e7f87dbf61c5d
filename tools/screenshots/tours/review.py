"""Review: points and pixels corrected by keys."""

from __future__ import annotations

from qgis.core import QgsProject
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtTest import QTest
from qgis.utils import iface, plugins

from stillpoint.plugin import scatterers
from stillpoint.tools.screenshots.camera import classified_layer, photograph, tidy, wait, wait_for_map, wait_until
from stillpoint.tools.screenshots.scene import PROJECT, WORK


def go() -> None:
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
    labels = WORK / "review.gpkg"
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
