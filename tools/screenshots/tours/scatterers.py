"""Scatterers: a stack opened, its PS selected, a pixel asked."""

from __future__ import annotations

from qgis.core import QgsProject, QgsVectorLayer
from qgis.PyQt.QtCore import Qt
from qgis.utils import iface, plugins

from stillpoint.tools.screenshots.camera import (
    choose,
    new_dialog,
    photograph,
    photograph_dialog,
    place,
    wait,
    wait_for_map,
    wait_until,
)
from stillpoint.tools.screenshots.scene import STACK


def go() -> None:
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
    choose(dialog.method.widgets["method"], "default")
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
