"""New Analysis: from a stack of images to the trends in the panel; what is changed; the velocities; the dialog of the series."""

from __future__ import annotations

from pathlib import Path

from qgis.core import QgsProject
from qgis.utils import iface, plugins

from stillpoint.plugin.velocity_layers import is_velocity_layer
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
from stillpoint.tools.screenshots.scene import STACK, WORK


def go() -> None:
    """Run the whole analysis of a city, and look at what came of it."""
    plugin = plugins["stillpoint"]
    clear()
    plugin.toggle_analysis(True)
    dock, folder = plugin.analysis_dock, WORK / "city analysis"
    dock.analysis.set_source(STACK)
    dock.analysis.set_folder(str(folder))
    dock.run_all()
    wait_until(dock.is_settled, 600)
    dock.area.verticalScrollBar().setValue(0)
    iface.messageBar().clearWidgets()
    wait_for_map()
    photograph("new-analysis")
    dock.analysis.change("scatterers", options={"threshold": 0.6})
    dock.cards["scatterers"].set_open(True)
    wait(1)
    photograph("new-analysis-change")
    dock.hide()
    _photograph_velocities()
    _photograph_dialog(next(path for path in sorted(folder.rglob("*.tif")) if "mask" in path.stem or "ps" in path.stem))
    QgsProject.instance().clear()


def _photograph_velocities() -> None:
    root = QgsProject.instance().layerTreeRoot()
    layer = next(layer for layer in QgsProject.instance().mapLayers().values() if is_velocity_layer(layer))
    for node in root.findLayers():
        of_interest = node.layer() is layer or node.name() == "Mean amplitude"
        node.setItemVisibilityChecked(of_interest)
        node.setExpanded(node.layer() is layer)
    root.findLayer(layer.id()).setItemVisibilityCheckedParentRecursive(True)
    iface.setActiveLayer(layer)
    canvas = iface.mapCanvas()
    canvas.setExtent(canvas.mapSettings().layerExtentToOutputExtent(layer, layer.extent()))
    wait_for_map()
    photograph("velocities")


def _photograph_dialog(mask: Path) -> None:
    dialog = new_dialog(plugins["stillpoint"]._open_estimate_series)
    dialog.stack.set_file(STACK)
    dialog.kind.setCurrentIndex(0)
    dialog.mask.set_file(str(mask))
    place(dialog)
    wait(4)
    place(dialog)
    photograph_dialog("estimate-series", dialog)
    dialog.close()
