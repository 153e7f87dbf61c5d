"""The list of what the environment doctor found: by group, each with mark, word, sentence and, where there is one, its repair."""

from __future__ import annotations

from typing import List, Mapping, Optional

from qgis.PyQt.QtCore import Qt, pyqtSignal
from qgis.PyQt.QtGui import QColor
from qgis.PyQt.QtWidgets import QFrame, QGridLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from stillpoint.models.findings import GOOD, NOTE, REPAIR, Finding, in_order
from stillpoint.plugin.doctor_repairs import Repair
from stillpoint.plugin.language import tr
from stillpoint.ui.plot.theme import Theme
from stillpoint.ui.widgets.wrapped import WrappedLabel

MARKS = {GOOD: "✓", NOTE: "•", REPAIR: "✗"}
COLOURS = {GOOD: "#2f9e6e", NOTE: "#d08a1d", REPAIR: "#cf4a3e"}
ATTENTION = "To look at"
"""Head of what is not good."""
GROUPS = ("Engine", "Machine", "Devices", "Libraries", "Models", "Surroundings")
"""Headings under which what is good stands, as the findings of the engine and of QGIS's side name them."""

_READABLE = 4.5


class FindingRows(QWidget):
    """The findings one below the other.

    Signals
    -------
    wanted
        A repair by its name.
    """

    wanted = pyqtSignal(str)

    def __init__(self, parent: Optional[QWidget] = None) -> None:
        super().__init__(parent)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._body: Optional[QWidget] = None
        self._good: List[QWidget] = []
        self.buttons: List[QPushButton] = []
        self.findings: List[Finding] = []
        self._shows_good = True

    def show_findings(self, findings: List[Finding], repairs: Mapping[str, Repair]) -> None:
        """Replace what is shown."""
        if self._body is not None:
            self._column.removeWidget(self._body)
            self._body.hide()
            self._body.deleteLater()
        # What wants attention comes first: nobody scrolls through what is good to find it.
        self.findings = sorted(
            in_order(findings), key=lambda finding: (REPAIR, NOTE, GOOD).index(finding.state)
        )
        self._good, self.buttons = [], []
        self._body = QWidget()
        grid = QGridLayout(self._body)
        grid.setContentsMargins(0, 0, 6, 0)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(7)
        grid.setColumnStretch(2, 1)
        words = {GOOD: tr("good"), NOTE: tr("note"), REPAIR: tr("must be repaired")}
        theme = Theme.of_widget(self)
        group, line = "", 0
        for finding in self.findings:
            section = finding.group if finding.state == GOOD else ATTENTION
            if section != group:
                group = section
                head = _head(tr(group))
                grid.addWidget(head, line, 0, 1, 3)
                if finding.state == GOOD:
                    self._good.append(head)
                line += 1
            colour = theme.visible(COLOURS[finding.state], _READABLE)
            self._add(grid, line, finding, words[finding.state], colour, repairs.get(finding.repair))
            line += 1
        grid.setRowStretch(line, 1)
        self._column.addWidget(self._body)
        self.show_good(self._shows_good)

    def _add(
        self, grid: QGridLayout, line: int, finding: Finding, word: str, colour: QColor, repair: Optional[Repair]
    ) -> None:
        state = QLabel(f"{MARKS[finding.state]} {word}")
        state.setStyleSheet(f"color: {colour.name()}; font-weight: {'bold' if finding.state == REPAIR else 'normal'};")
        title = QLabel(finding.title)
        title.setTextFormat(Qt.TextFormat.PlainText)
        font = title.font()
        font.setBold(True)
        title.setFont(font)
        text = WrappedLabel()
        text.setText(finding.text)
        text.setAccessibleName(f"{finding.title}: {word}. {finding.text}")
        parts: List[QWidget] = [state, title, text]
        for label in (state, title):
            label.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        grid.addWidget(state, line, 0, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(title, line, 1, Qt.AlignmentFlag.AlignTop)
        if repair is None:
            grid.addWidget(text, line, 2)
        else:
            button = QPushButton(repair.text)
            button.setToolTip(repair.tip)
            button.setObjectName(f"repair_{finding.repair}_{finding.id}")
            button.setAccessibleDescription(repair.tip)
            button.setAutoDefault(False)
            button.clicked.connect(lambda _=False, name=finding.repair: self.wanted.emit(name))
            both = QWidget()
            column = QVBoxLayout(both)
            column.setContentsMargins(0, 0, 0, 0)
            column.addWidget(text)
            column.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)
            grid.addWidget(both, line, 2)
            self.buttons.append(button)
            parts.append(both)
        if finding.state == GOOD:
            self._good += parts

    def show_good(self, shown: bool) -> None:
        """Show or hide what is good."""
        self._shows_good = shown
        for widget in self._good:
            widget.setVisible(shown)


def _head(text: str) -> QWidget:
    head = QWidget()
    column = QVBoxLayout(head)
    column.setContentsMargins(0, 8, 0, 0)
    column.setSpacing(2)
    label = QLabel(text)
    font = label.font()
    font.setBold(True)
    font.setPointSizeF(1.1 * font.pointSizeF())
    label.setFont(font)
    line = QFrame()
    line.setFrameShape(QFrame.Shape.HLine)
    line.setFrameShadow(QFrame.Shadow.Sunken)
    column.addWidget(label)
    column.addWidget(line)
    return head
