"""A chart of how many points of a layer belong to each class: of all, of what is visible, or selected."""

from __future__ import annotations

import csv
import os
from pathlib import Path
from typing import Any, Dict, List, Optional

from qgis.core import QgsCoordinateTransform, QgsCsException, QgsFeatureRequest, QgsProject, QgsVectorLayer
from qgis.PyQt.QtCore import QRectF, Qt
from qgis.PyQt.QtGui import QPainter
from qgis.PyQt.QtWidgets import QApplication, QComboBox, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from stillpoint.models.errors import StillpointError
from stillpoint.plugin.facts import Counts, class_counts, counts_of
from stillpoint.plugin.language import tr
from stillpoint.plugin.styles.palette import LOOKS, UNKNOWN
from stillpoint.ui.plot.bars import Bar, BarChart, draw_bars
from stillpoint.ui.plot.painter import pixel_font
from stillpoint.ui.plot.pictures import save_picture
from stillpoint.ui.plot.theme import Theme

ALL, VISIBLE, SELECTED = "all", "visible", "selected"


def bars_of(counts: Counts) -> List[Bar]:
    """Return a bar for each class: share, and count with percent in words."""
    total = max(sum(counts.values()), 1)
    bars = []
    for look in (*LOOKS, UNKNOWN):
        number = counts.get(look.code, 0)
        # Figure spaces are as wide as a digit: the percentages stand below one another.
        percent = f"{100 * number / total:.1f}".rjust(5, "\N{FIGURE SPACE}")
        figure = f"{number:,}   {percent} %"
        bars.append(Bar(tr(look.name), number / total, figure, look.colour, hollow=look.code is None))
    return bars


class ClassChart(QWidget):
    """Bars with the shares of the classes of one layer.

    Parameters
    ----------
    canvas
        Map whose visible part "Visible on the map" means; None leaves that choice out.
    """

    def __init__(self, canvas: Any = None, parent: Optional[QWidget] = None) -> None:
        super().__init__(parent)
        self._canvas = canvas
        self._layer: Optional[QgsVectorLayer] = None
        self._counts: Counts = {}
        self.scope = QComboBox()
        self.scope.addItem(tr("All points"), ALL)
        if canvas is not None:
            self.scope.addItem(tr("Visible on the map"), VISIBLE)
        self.scope.addItem(tr("Selected points"), SELECTED)
        self.scope.setAccessibleName(tr("Points to count"))
        self.refresh_button = QPushButton(tr("Update"))
        self.refresh_button.setToolTip(tr("Count again, after the map was moved or the selection changed"))
        self.heading = QLabel()
        self.heading.setWordWrap(True)
        self.chart = BarChart(relative=True, row=2.1)
        self.chart.setAccessibleName(tr("Shares of the classes"))
        top = QHBoxLayout()
        top.addWidget(self.heading, 1)
        top.addWidget(self.scope)
        top.addWidget(self.refresh_button)
        box = QVBoxLayout(self)
        box.setContentsMargins(10, 6, 10, 6)
        box.addLayout(top)
        box.addWidget(self.chart)
        box.addStretch(1)
        self.scope.currentIndexChanged.connect(self.refresh)
        self.refresh_button.clicked.connect(self.refresh)
        self._show()

    def set_layer(self, layer: Optional[QgsVectorLayer]) -> None:
        """Show another layer; one without classes empties the chart."""
        is_classified = isinstance(layer, QgsVectorLayer) and layer.fields().lookupField("trend_code") >= 0
        self._layer = layer if is_classified else None
        self.refresh()

    def counts(self) -> Dict[Optional[int], int]:
        """Return the counts shown, by class code."""
        return dict(self._counts)

    def refresh(self) -> None:
        """Count again."""
        self._counts = {}
        if self._layer is not None:
            QApplication.setOverrideCursor(Qt.CursorShape.WaitCursor)
            try:
                self._counts = self._count(self._layer)
            finally:
                QApplication.restoreOverrideCursor()
        self._show()

    def _count(self, layer: QgsVectorLayer) -> Counts:
        scope = self.scope.currentData()
        if scope == SELECTED:
            request = QgsFeatureRequest()
            request.setFilterFids(layer.selectedFeatureIds())
            return counts_of(layer, request)
        if scope == VISIBLE and self._canvas is not None:
            settings = self._canvas.mapSettings()
            transform = QgsCoordinateTransform(settings.destinationCrs(), layer.crs(), QgsProject.instance())
            try:
                extent = transform.transformBoundingBox(settings.visibleExtent())
            except QgsCsException:
                return class_counts(layer)
            if not extent.contains(layer.extent()):
                return counts_of(layer, QgsFeatureRequest(extent))
        return class_counts(layer)

    def _show(self) -> None:
        if self._layer is None:
            self.heading.setText(tr("Choose a classified layer to see how many points each class has."))
            self.chart.set_bars([])
            return
        total = sum(self._counts.values())
        if total == 0 and self.scope.currentData() == SELECTED:
            self.heading.setText(tr("No point of {0} is selected.").format(self._layer.name()))
            self.chart.set_bars([])
            return
        self.heading.setText(tr("<b>{0}</b>: {1} points").format(self._layer.name(), f"{total:,}"))
        self.chart.set_bars(bars_of(self._counts))

    def save(self, path: str) -> None:
        """Write the chart as a picture (.png, .svg, .pdf) or its numbers (.csv).

        Raises
        ------
        StillpointError
            There is nothing to write, or the file cannot be written.
        """
        if self._layer is None or not self._counts:
            raise StillpointError(tr("There are no classes to export: choose a classified layer first."))
        if Path(path).suffix.lower() == ".csv":
            self._save_table(Path(path))
            return
        title = f"{self._layer.name()}: {sum(self._counts.values()):,} points"
        save_picture(path, lambda painter, rect: self._paint(painter, rect, title), width=900, height=360, title=title)

    def _paint(self, painter: QPainter, rect: QRectF, title: str) -> None:
        theme = Theme.paper()
        painter.fillRect(rect, theme.background)
        painter.setFont(pixel_font(19, bold=True))
        painter.setPen(theme.text)
        painter.drawText(rect.adjusted(24, 18, -24, 0), int(Qt.AlignmentFlag.AlignLeft), title)
        draw_bars(painter, rect.adjusted(24, 62, -24, -20), bars_of(self._counts), theme, pixels=16, relative=True)

    def _save_table(self, path: Path) -> None:
        total = max(sum(self._counts.values()), 1)
        part = path.with_name(f".{path.name}.part")
        try:
            with open(part, "w", newline="", encoding="utf-8") as stream:
                writer = csv.writer(stream)
                writer.writerow(["trend_code", "trend", "points", "share"])
                for look in (*LOOKS, UNKNOWN):
                    number = self._counts.get(look.code, 0)
                    code = "" if look.code is None else look.code
                    writer.writerow([code, look.name, number, f"{number / total:.6f}"])
            os.replace(part, path)
        except OSError as error:
            reason = error.strerror or str(error)
            raise StillpointError(tr(
                "The table {path} cannot be written: {reason}. Choose another folder."
            ).format(path=path, reason=reason)) from None
