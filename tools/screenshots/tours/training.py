"""Training: the form, the split on the map, the curves, and what came of it."""

from __future__ import annotations

from qgis.core import QgsProject
from qgis.PyQt.QtWidgets import QDockWidget
from qgis.utils import iface, plugins

from stillpoint.tools.screenshots.camera import (
    classified_layer,
    new_dialog,
    photograph,
    photograph_dialog,
    place,
    tidy,
    wait,
    wait_for_map,
    wait_until,
)
from stillpoint.tools.screenshots.scene import PROJECT, WORK


def go() -> None:
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
    dialog.form.output.setFilePath(str(WORK / "trends-valley.safetensors"))
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
