"""Offsets: a glacier tracked, and a profile along the ice."""

from __future__ import annotations

from qgis.core import QgsGeometry, QgsPointXY, QgsProject
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
from stillpoint.tools.screenshots.scene import SURGE


def go() -> None:
    """Track the offsets of a surge, and draw a profile along the ice."""
    window, canvas = iface.mainWindow(), iface.mapCanvas()
    plugin = plugins["stillpoint"]
    QgsProject.instance().clear()
    dialog = new_dialog(plugin.track_offsets)
    place(dialog)
    dialog.reference.set_file(SURGE)
    choose(dialog.fields.widgets["method"], "default")
    choose(dialog.fields.widgets["units"], "metres_a_day")
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
