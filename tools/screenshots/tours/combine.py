"""Ascending and descending series combined to vertical and east-west ones."""

from __future__ import annotations

from qgis.core import QgsProject
from qgis.utils import iface, plugins

from stillpoint.tools.screenshots.camera import (
    clear,
    new_dialog,
    photograph,
    photograph_dialog,
    place,
    wait,
    wait_for_map,
    wait_until,
)
from stillpoint.tools.screenshots.scene import ASCENDING, DESCENDING, WORK


def go() -> None:
    """Combine two tracks over a bowl of subsidence, and show the east-west motion that its flanks have."""
    clear()
    dialog = new_dialog(plugins["stillpoint"]._open_combine)
    place(dialog)
    dialog.ascending.picker.set_file(ASCENDING)
    dialog.descending.picker.set_file(DESCENDING)
    for name in ("output", "east"):
        dialog.outputs.files[name].setFilePath(str(WORK / f"{name}.gpkg"))
    wait(6)
    place(dialog)
    photograph_dialog("combine", dialog)
    found = []
    dialog.combined.connect(found.extend)
    dialog.combine()
    wait_until(lambda: dialog.work is None)
    text = dialog.message.text()
    dialog.close()
    if not found:
        raise LookupError(text)
    iface.messageBar().clearWidgets()
    canvas = iface.mapCanvas()
    canvas.setExtent(canvas.mapSettings().layerExtentToOutputExtent(found[0], found[0].extent()))
    wait_for_map()
    photograph("vertical-and-east")
    QgsProject.instance().clear()
