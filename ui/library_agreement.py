"""How two models agree: a shaded table of their answers, figures, and a histogram of the differences."""

from __future__ import annotations

from typing import Any, Dict, List, Optional

from qgis.PyQt.QtCore import QRectF, QSize, Qt
from qgis.PyQt.QtGui import QColor, QFontInfo, QPainter, QPen
from qgis.PyQt.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QLabel,
    QSizePolicy,
    QSplitter,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from stillpoint.plugin.language import tr
from stillpoint.ui.plot.painter import pixel_font
from stillpoint.ui.plot.theme import Theme, blend

SAME, OTHER = QColor("#2f9e6e"), QColor("#d08a1d")


class AgreementPanel(QSplitter):
    """The comparison that the engine made, as JSON types."""

    def __init__(self, parent: Optional[QWidget] = None) -> None:
        super().__init__(Qt.Orientation.Vertical, parent)
        self.heading = QLabel()
        self.heading.setTextFormat(Qt.TextFormat.PlainText)
        self.heading.setWordWrap(True)
        self.matrix, self.figures = _table("matrix"), _table("figures")
        self.histogram = DifferenceHistogram()
        self.examples = QLabel()
        self.examples.setTextFormat(Qt.TextFormat.PlainText)
        self.examples.setWordWrap(True)
        self.examples.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        above = QWidget()
        column = QVBoxLayout(above)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.heading)
        column.addWidget(self.matrix, 1)
        below = QSplitter(Qt.Orientation.Horizontal)
        right = QWidget()
        side = QVBoxLayout(right)
        side.setContentsMargins(0, 0, 0, 0)
        side.addWidget(self.histogram, 1)
        side.addWidget(self.examples)
        below.addWidget(self.figures)
        below.addWidget(right)
        self.addWidget(above)
        self.addWidget(below)
        self.setChildrenCollapsible(False)

    def show_agreement(self, details: Dict[str, Any]) -> None:
        """Show the comparison ``details``, as the engine gives it."""
        first, second = details["models"]
        self.heading.setText(
            tr("Rows: {first} ({one:.1f} s). Columns: {second} ({two:.1f} s).").format(
                first=first, second=second, one=details["seconds"][0], two=details["seconds"][1]
            )
        )
        self._show_matrix(details["labels"], details["matrix"])
        rows = list(details["figures"].items())
        self.figures.setRowCount(len(rows))
        self.figures.setColumnCount(2)
        self.figures.setHorizontalHeaderLabels([tr("Figure"), tr("Value")])
        self.figures.verticalHeader().hide()
        for number, (name, value) in enumerate(rows):
            self.figures.setItem(number, 0, QTableWidgetItem(name[0].upper() + name[1:]))
            self.figures.setItem(number, 1, _number(shown(value)))
        self.figures.horizontalHeader().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.figures.horizontalHeader().setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
        self.histogram.set_histogram(details.get("histogram") or {})
        examples: List[str] = details.get("examples", [])[:6]
        self.examples.setText("\n".join([tr("Where they differ most:"), *examples]) if examples else "")
        self.examples.setVisible(bool(examples))

    def _show_matrix(self, labels: List[str], matrix: List[List[int]]) -> None:
        used = [n for n in range(len(labels)) if sum(matrix[n]) or sum(row[n] for row in matrix)]
        names = [labels[n] for n in used]
        theme = Theme.of_widget(self.matrix)
        self.matrix.setRowCount(len(used))
        self.matrix.setColumnCount(len(used))
        self.matrix.setVerticalHeaderLabels(names)
        self.matrix.setHorizontalHeaderLabels([name.replace(" ", "\n") for name in names])
        for place, row in enumerate(used):
            total = max(sum(matrix[row]), 1)
            for spot, column in enumerate(used):
                count = matrix[row][column]
                cell = _number(f"{count:,}")
                colour = SAME if row == column else OTHER
                cell.setBackground(blend(theme.background, colour, 0.55 * count / total))
                cell.setForeground(theme.text)
                cell.setToolTip(tr("{share} of what the first calls {name}").format(share=f"{count / total:.1%}", name=labels[row]))
                self.matrix.setItem(place, spot, cell)
        self.matrix.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        wanted = self.matrix.horizontalHeader().sizeHint().height() + self.matrix.verticalHeader().length() + 6
        self.setSizes([self.heading.sizeHint().height() + wanted, 150])


def shown(value: float) -> str:
    """Return a figure as people read it."""
    return f"{value:,.0f}" if abs(value) >= 100 and float(value).is_integer() else f"{value:.4g}"


def _table(name: str) -> QTableWidget:
    table = QTableWidget()
    table.setObjectName(name)
    table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    table.setSelectionMode(QAbstractItemView.SelectionMode.ContiguousSelection)
    table.setMinimumHeight(90)
    table.verticalHeader().setDefaultSectionSize(table.fontMetrics().height() + 8)
    return table


def _number(text: str) -> QTableWidgetItem:
    cell = QTableWidgetItem(text)
    cell.setTextAlignment(int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter))
    return cell


class DifferenceHistogram(QWidget):
    """Bars of how much two models differ, the place of no difference marked."""

    def __init__(self, parent: Optional[QWidget] = None) -> None:
        super().__init__(parent)
        self._title = ""
        self._edges: List[float] = []
        self._counts: List[float] = []
        self.setMinimumSize(220, 100)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(tr("Histogram of the differences"))

    def sizeHint(self) -> QSize:
        """Return a size that suits half of the dialog."""
        return QSize(340, 150)

    def set_histogram(self, form: Dict[str, Any]) -> None:
        """Show a histogram with ``title``, ``edges`` and ``counts``; nothing where it is empty."""
        self._title = str(form.get("title", ""))
        self._edges, self._counts = list(form.get("edges", [])), list(form.get("counts", []))
        self.setVisible(bool(self._counts))
        self.update()

    def paintEvent(self, event: Any) -> None:
        """Paint title, bars and scale."""
        painter = QPainter(self)
        theme = Theme.of_widget(self)
        painter.fillRect(QRectF(self.rect()), theme.background)
        if not self._counts or len(self._edges) != len(self._counts) + 1 or self._edges[-1] <= self._edges[0]:
            painter.end()
            return
        pixels = float(max(QFontInfo(self.font()).pixelSize(), 9))
        plot = QRectF(self.rect()).adjusted(1.6 * pixels, 2.0 * pixels, -1.6 * pixels, -1.9 * pixels)
        painter.setFont(pixel_font(0.9 * pixels))
        painter.setPen(theme.text)
        heading = QRectF(self.rect()).adjusted(6, 3, -6, 0)
        heading.setHeight(1.6 * pixels)
        painter.drawText(heading, int(Qt.AlignmentFlag.AlignCenter), self._title[0].upper() + self._title[1:])
        highest, span = max(max(self._counts), 1), self._edges[-1] - self._edges[0]

        def across(value: float) -> float:
            return float(plot.left() + (value - self._edges[0]) / span * plot.width())

        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.visible("#1c9a9a", 1.35))
        for left, right, count in zip(self._edges, self._edges[1:], self._counts):
            # The square root lets few cases be seen beside many.
            height = plot.height() * (count / highest) ** 0.5
            painter.drawRect(QRectF(across(left), plot.bottom() - height, max(across(right) - across(left) - 0.8, 0.8), height))
        painter.setPen(QPen(blend(theme.text, theme.background, 0.5), 1))
        painter.drawLine(plot.bottomLeft(), plot.bottomRight())
        if self._edges[0] < 0 < self._edges[-1]:
            painter.setPen(QPen(theme.visible("#e8871e"), 1.4, Qt.PenStyle.DashLine))
            painter.drawLine(QRectF(across(0), plot.top(), 0, plot.height()).topLeft(),
                             QRectF(across(0), plot.top(), 0, plot.height()).bottomLeft())  # fmt: skip
        painter.setPen(theme.muted)
        for value in (self._edges[0], (self._edges[0] + self._edges[-1]) / 2, self._edges[-1]):
            box = QRectF(across(value) - 5 * pixels, plot.bottom() + 0.2 * pixels, 10 * pixels, 1.4 * pixels)
            box.moveLeft(min(max(box.left(), 0.0), self.width() - box.width()))
            side = Qt.AlignmentFlag.AlignLeft if value == self._edges[0] else (
                Qt.AlignmentFlag.AlignRight if value == self._edges[-1] else Qt.AlignmentFlag.AlignHCenter
            )  # fmt: skip
            painter.drawText(box, int(side), f"{round(value, 9):.3g}")
        painter.end()
