"""What is around the capabilities: the library of models, the environment doctor, the tour of the first ten minutes."""

from __future__ import annotations

import shutil
from pathlib import Path

from qgis.core import QgsProject
from qgis.PyQt.QtWidgets import QLabel, QTreeWidgetItemIterator
from qgis.utils import iface, plugins

from stillpoint.plugin import sample_map
from stillpoint.plugin.sample import VALLEY as PART
from stillpoint.plugin.sample import Sample
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
from stillpoint.tools.screenshots.scene import ROOT, TERRAIN, VALLEY, WORK


def go() -> None:
    """Show the windows that help along."""
    plugin = plugins["stillpoint"]
    clear()
    window = new_dialog(plugin.show_models)
    entries = QTreeWidgetItemIterator(window.tree)
    while entries.value() is not None:
        if entries.value().text(0) == "scatterers-default":
            window.tree.setCurrentItem(entries.value())
        entries += 1
    place(window)
    wait(2)
    photograph_dialog("models", window)
    window.close()

    doctor = new_dialog(plugin.doctor)
    place(doctor)
    wait_until(lambda: doctor.work is None, 180)
    for label in doctor.findChildren(QLabel):  # a picture for all needs no paths of the machine that it was made on
        label.setText(label.text().replace(str(ROOT), "~/stillpoint").replace(str(Path.home()), "~"))
    wait(1)
    photograph_dialog("doctor", doctor)
    doctor.close()
    _photograph_tour()


def _photograph_tour() -> None:
    folder = WORK / "sample"
    folder.mkdir()
    files = {"output": "valley.gpkg", "terrain": "valley_terrain.tif"}
    for name, source in (("output", VALLEY), ("terrain", TERRAIN)):
        shutil.copyfile(source, folder / files[name])
    project = QgsProject.instance()
    sample_map.make_project(Sample(folder, {PART: files}), project)
    sample_map.show_part(PART, project, iface.mapCanvas())
    iface.setActiveLayer(sample_map.main_layer(PART, project))
    wait_for_map()
    plugin = plugins["stillpoint"]
    plugin._guide().restart()
    wait(2)
    plugin._guide()._go(1)
    wait_for_map()
    photograph("tour")
    plugin._guide().end()
    project.clear()
