"""Trends: the map, the series viewer, the dialogs."""

from __future__ import annotations

from qgis.core import QgsProject
from qgis.PyQt.QtCore import Qt
from qgis.utils import iface, plugins

from stillpoint.tools.screenshots.camera import (
    classified_layer,
    new_dialog,
    photograph,
    photograph_dialog,
    place,
    sure_point,
    tidy,
    wait,
    wait_for_map,
)


def go() -> None:
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
