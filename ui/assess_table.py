"""The result of an assessment as sortable tables that can be copied."""

from __future__ import annotations

from typing import Any, Dict, List, Mapping, Optional, Sequence

from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtGui import QGuiApplication, QKeySequence
from qgis.PyQt.QtWidgets import (
    QAbstractItemView,
    QAction,
    QComboBox,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from stillpoint.plugin.language import tr

_SIDE_BY_SIDE = 6
"""So many columns share the width; more can be scrolled."""


def shown(value: Any, decimals: int) -> str:
    """Return a value as people read it."""
    if value is None:
        return "–"
    if isinstance(value, float):
        return f"{value:,.{decimals}f}"
    return f"{value:,}" if isinstance(value, int) else str(value)


class _Cell(QTableWidgetItem):
    """A cell that sorts by its value: numbers by size, after them what is missing, then texts."""

    def __init__(self, value: Any, decimals: int) -> None:
        super().__init__(shown(value, decimals))
        self.value = value
        if not isinstance(value, str):
            self.setTextAlignment(int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter))

    def __lt__(self, other: QTableWidgetItem) -> bool:
        return self._key() < other._key() if isinstance(other, _Cell) else False

    def _key(self) -> Any:
        if isinstance(self.value, (int, float)):
            return (0, float(self.value), "")
        return (1, 0.0, "") if self.value is None else (2, 0.0, str(self.value).lower())


class ResultTables(QWidget):
    """A choice of tables, the chosen one below, and a button that copies it."""

    def __init__(self, parent: Optional[QWidget] = None) -> None:
        super().__init__(parent)
        self._tables: List[Mapping[str, Any]] = []
        self.choice = QComboBox()
        self.choice.setObjectName("result")
        self.table = QTableWidget()
        self.table.setObjectName("table")
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.table.setAlternatingRowColors(True)
        self.table.verticalHeader().hide()
        self.table.horizontalHeader().setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.table.horizontalHeader().setMinimumSectionSize(70)
        self.note = QLabel()
        self.note.setWordWrap(True)
        self.copy_button = QPushButton(tr("Cop&y table"))
        self.copy_button.setToolTip(tr("Copy the table, or the selected cells, for a spreadsheet"))
        row = QHBoxLayout()
        row.addWidget(self.choice, 1)
        row.addWidget(self.copy_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(row)
        column.addWidget(self.table, 1)
        column.addWidget(self.note)
        self.choice.currentIndexChanged.connect(self._show)
        self.copy_button.clicked.connect(self.copy)
        copying = QAction(self.table)
        copying.setShortcut(QKeySequence(QKeySequence.StandardKey.Copy))
        copying.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        copying.triggered.connect(self.copy)
        self.table.addAction(copying)
        self.set_tables([])

    def set_tables(self, tables: Sequence[Mapping[str, Any]]) -> None:
        """Show the tables of a result (see ``Result.details['tables']``), the same one as before where it is there."""
        before = self.current().get("name")
        self._tables = list(tables)
        self.choice.blockSignals(True)
        self.choice.clear()
        self.choice.addItems([str(table["title"]) for table in tables])
        names = [table["name"] for table in tables]
        first = before if before in names else "zones_share"
        self.choice.setCurrentIndex(names.index(first) if first in names else (0 if names else -1))
        self.choice.blockSignals(False)
        self.choice.setEnabled(bool(tables))
        self.copy_button.setEnabled(bool(tables))
        self._show()

    def current(self) -> Dict[str, Any]:
        """Return the table that is shown; empty where there is none."""
        index = self.choice.currentIndex()
        return dict(self._tables[index]) if 0 <= index < len(self._tables) else {}

    def _show(self, *_: Any) -> None:
        table = self.current()
        columns, rows = table.get("columns", []), table.get("rows", [])
        self.table.setSortingEnabled(False)
        self.table.clear()
        self.table.setRowCount(len(rows))
        self.table.setColumnCount(len(columns))
        self.table.setHorizontalHeaderLabels([str(column) for column in columns])
        for row, values in enumerate(rows):
            for column, value in enumerate(values):
                self.table.setItem(row, column, _Cell(value, int(table["decimals"])))
        for column, text in enumerate(columns):
            fits = column > 0 and len(columns) <= _SIDE_BY_SIDE
            modes = QHeaderView.ResizeMode
            self.table.horizontalHeader().setSectionResizeMode(column, modes.Stretch if fits else modes.ResizeToContents)
            self.table.horizontalHeaderItem(column).setToolTip(str(text))
        self.table.horizontalHeader().setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        self.table.setSortingEnabled(True)
        self.note.setText(str(table.get("note", "")) or (
            "" if table else tr("The tables stand here once the masks were compared.")
        ))

    def copy(self) -> None:
        """Copy the selected cells with their heads, or the whole table, as text with tabs."""
        cells = {(index.row(), index.column()) for index in self.table.selectedIndexes()}
        every = len(cells) < 2
        rows = range(self.table.rowCount()) if every else sorted({row for row, _ in cells})
        columns = range(self.table.columnCount()) if every else sorted({column for _, column in cells})
        lines = ["\t".join(self.table.horizontalHeaderItem(column).text() for column in columns)]
        for row in rows:
            lines.append("\t".join(_plain(self.table.item(row, column)) for column in columns))
        QGuiApplication.clipboard().setText("\n".join(lines))


def _plain(item: Optional[QTableWidgetItem]) -> str:
    """Return a value as a spreadsheet reads it: all digits, no commas between thousands."""
    value = item.value if isinstance(item, _Cell) else None
    return "" if value is None else f"{value:.10g}" if isinstance(value, float) else str(value)
