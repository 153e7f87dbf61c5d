"""Interferograms: judged, and looked at on the triage board."""

from __future__ import annotations

from pathlib import Path

from qgis.core import QgsProject
from qgis.PyQt.QtWidgets import QApplication
from qgis.utils import plugins

from stillpoint.tools.screenshots.camera import choose, new_dialog, photograph_dialog, place, wait, wait_until
from stillpoint.tools.screenshots.scene import NETWORK


def go() -> None:
    """Judge the interferograms of a stack, and look at them on the triage board."""
    plugin = plugins["stillpoint"]
    for dock in (plugin.pixel_dock, plugin.threshold_dock):
        dock.hide()
    QgsProject.instance().clear()
    dialog = new_dialog(plugin.select_interferograms)
    place(dialog)
    dialog.stack.set_file(NETWORK)
    choose(dialog.method.widgets["method"], "default")
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
