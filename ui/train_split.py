"""The split of a training as a table: examples by part, region and class, with what is wrong about it."""

from __future__ import annotations

from typing import Any, List, Optional

from qgis.PyQt.QtCore import QSize, Qt, pyqtSignal
from qgis.PyQt.QtGui import QColor, QIcon, QPainter, QPixmap
from qgis.PyQt.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from stillpoint.plugin.language import tr
from stillpoint.plugin.training import NAMES, PARTS, Split, warnings_of
from stillpoint.plugin.training_layers import COLOURS
from stillpoint.ui.widgets import message
from stillpoint.ui.widgets.message import Message
from stillpoint.ui.widgets.wrapped import WrappedLabel

PURPOSE = {
    "train": "what the network learns from",
    "validation": "tells which epoch is the best, and when to stop",
    "test": "seen by nobody until the end: the figures of the model come from here",
}

_MOST_OPEN = 12
"""Regions of a part up to which they are shown unfolded."""


def swatch(colour: str) -> QIcon:
    """Return a small square of a colour, as in the legend of the map."""
    pixmap = QPixmap(14, 14)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    fill = QColor(colour)
    painter.setPen(fill)
    fill.setAlpha(110)
    painter.setBrush(fill)
    painter.drawRect(1, 1, 11, 11)
    painter.end()
    return QIcon(pixmap)


class SplitPage(QWidget):
    """Says what a check is for, then shows what came of it; ``map_wanted`` asks for the regions on the map."""

    map_wanted = pyqtSignal()

    def __init__(self, parent: Optional[QWidget] = None) -> None:
        super().__init__(parent)
        self.split: Optional[Split] = None
        self.lead = WrappedLabel()
        self.warning, self.note = Message(), Message()
        self.table = QTreeWidget()
        self.table.setObjectName("split")
        self.table.setAlternatingRowColors(True)
        self.table.setAccessibleName(tr("Examples by part and class"))
        self.table.setIconSize(QSize(14, 14))
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.map_button = QPushButton(tr("Show on the ma&p"))
        self.map_button.setToolTip(tr("Zoom the map to the regions"))
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(self.map_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(4, 8, 4, 4)
        column.setSpacing(8)
        column.addWidget(self.lead)
        column.addWidget(self.warning)
        column.addWidget(self.table, 50)
        column.addWidget(self.note)
        column.addLayout(row)
        column.addStretch(1)
        self.map_button.clicked.connect(self.map_wanted)
        self.clear()

    def clear(self) -> None:
        """Forget the split: something that it follows from was changed."""
        self.split = None
        self.lead.setText(
            tr("Press Check and show the split: data and labels are opened and checked, and the map shows which regions are "
               "learned from, which stop the training, and which judge it. Nothing is ever in two of them.")
        )  # fmt: skip
        for each in (self.warning, self.note):
            each.clear()
        self.table.hide()
        self.map_button.hide()

    def show_split(self, split: Split, *, on_map: bool) -> None:
        """Show a split; ``on_map`` tells whether its regions are on the map."""
        self.split = split
        simulated = bool(split.parts) and not any(part.examples or part.ring for part in split.parts)
        if simulated:
            self.lead.setText(tr("Without data of yours everything is simulated, each part with seeds of its own."))
        elif on_map:
            self.lead.setText(tr("The map shows the regions in the same colours. Figures on the test part can be trusted: the "
                                 "network never saw it, nor anything beside it."))  # fmt: skip
        else:
            self.lead.setText(tr("The map cannot show the parts: they are whole scenes or dates, or the data have no coordinates."))
        found = [] if simulated else warnings_of(split)
        self.warning.say(message.WARNING, "\n".join(found)) if found else self.warning.clear()
        self.note.say(message.INFORMATION, "\n".join(split.notes)) if split.notes else self.note.clear()
        self.table.setVisible(not simulated)
        self.map_button.setVisible(on_map)
        self._fill(split)

    def _fill(self, split: Split) -> None:
        classes = split.classes()
        self.table.clear()
        self.table.setColumnCount(2 + len(classes))
        self.table.setHeaderLabels([tr("Part"), tr("Examples"), *classes])
        for part in PARTS:
            regions = split.of_part(part)
            if not regions:
                continue
            counts = split.counts(part)
            top = self._row([tr(NAMES[part]), split.total(part), *(counts[name] for name in classes)], bold=True)
            top.setIcon(0, swatch(COLOURS[part]))
            top.setToolTip(0, tr("{part}: {purpose}").format(part=tr(NAMES[part]), purpose=tr(PURPOSE[part])))
            self.table.addTopLevelItem(top)
            for region in regions if len(regions) > 1 or regions[0].name else []:
                counts = dict(region.classes)
                top.addChild(self._row([region.name, region.examples, *(counts.get(name, 0) for name in classes)]))
            top.setExpanded(len(regions) <= _MOST_OPEN)
        header = self.table.header()
        header.setStretchLastSection(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.table.headerItem().setTextAlignment(0, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter))
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        for index in range(1, 2 + len(classes)):
            header.setSectionResizeMode(index, QHeaderView.ResizeMode.ResizeToContents)

    def _row(self, cells: List[Any], *, bold: bool = False) -> QTreeWidgetItem:
        item = QTreeWidgetItem([cells[0], *(f"{value:,}" for value in cells[1:])])
        for index in range(len(cells)):
            if bold:
                font = item.font(index)
                font.setBold(True)
                item.setFont(index, font)
            if index:
                item.setTextAlignment(index, int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter))
        return item
