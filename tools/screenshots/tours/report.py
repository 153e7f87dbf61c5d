"""The report: its dialog, and the first sheets of what it makes."""

from __future__ import annotations

from typing import List

from qgis.core import QgsLayoutExporter, QgsProject
from qgis.PyQt.QtGui import QColor, QImage, QPainter
from qgis.utils import iface, plugins

from stillpoint.plugin import report
from stillpoint.tools.screenshots.camera import (
    classified_layer,
    clear,
    new_dialog,
    photograph_dialog,
    place,
    wait,
    wait_for_map,
)
from stillpoint.tools.screenshots.scene import FOLDER, PROJECT, WORK

DPI = 64


def go() -> None:
    """Make a report of the classified points of the demo."""
    clear()
    QgsProject.instance().read(PROJECT)
    layer = classified_layer()
    iface.setActiveLayer(layer)
    wait_for_map()
    iface.messageBar().clearWidgets()
    dialog = new_dialog(plugins["stillpoint"].report)
    for name, ending in (("pdf", "pdf"), ("html", "html")):
        dialog.boxes[name].setChecked(True)
        dialog.files[name].setFilePath(str(WORK / f"valley report.{ending}"))
    place(dialog)
    wait(2)
    place(dialog)
    photograph_dialog("report-dialog", dialog)
    dialog.close()
    written = report.make([layer], pdf=str(WORK / "valley report.pdf"), options=report.Options(series=4), keep_layout=True)
    layout = QgsProject.instance().layoutManager().layoutByName(written.layout)
    exporter = QgsLayoutExporter(layout)
    pages = [exporter.renderPageToImage(page, dpi=DPI) for page in range(3)]
    _side_by_side(pages).save(str(FOLDER / "report.png"))
    QgsProject.instance().clear()


def _side_by_side(pages: List[QImage]) -> QImage:
    gap = 10
    picture = QImage(sum(page.width() + gap for page in pages) + gap, pages[0].height() + 2 * gap, QImage.Format.Format_RGB32)
    picture.fill(QColor("#c8d2d4"))
    painter, left = QPainter(picture), gap
    for page in pages:
        painter.drawImage(left, gap, page)
        left += page.width() + gap
    painter.end()
    return picture
