"""Tables of a report: as wide as their words and numbers ask for, and going on over pages with their head."""

from __future__ import annotations

from typing import List, Sequence

from qgis.core import QgsLayoutFrame, QgsLayoutItemManualTable, QgsLayoutMultiFrame, QgsLayoutTable, QgsTableCell
from qgis.PyQt.QtCore import QRectF, Qt
from qgis.PyQt.QtGui import QColor

from stillpoint.plugin.report.content import INK, LINE, PALE, PAPER, Table
from stillpoint.plugin.report.sheets import GAP, MARGIN, TABLE, Sheets, text_format
from stillpoint.plugin.report.svg import POINT, breakable, height_of, width_of

_INNER = 1.1
"""Room around the text of a cell, mm."""


def put_table(sheets: Sheets, part: Table) -> None:
    """Put a table; one that is longer than the page goes on, with its head, on the next."""
    margin = _INNER
    widths = _widths(sheets, part, margin)

    def high(cells: Sequence[str], bold: bool) -> float:
        inner = [width - 2 * margin - 0.6 for width in widths]
        return max(height_of(breakable(cell, TABLE, wide, bold=bold), TABLE, wide, bold=bold)
                   for cell, wide in zip(cells, inner)) * 1.08 + 2 * margin  # fmt: skip

    head = high(part.head, True)
    rows = list(part.rows)
    start = 0
    while start < len(rows):
        sheets.need(head + sum(high(row, False) for row in rows[start : start + 2]) + 4.0)
        room, end = sheets.bottom - sheets.y - head - 3.0, start
        while end < len(rows) and (room >= high(rows[end], False) or end == start):
            room -= high(rows[end], False)
            end += 1
        heights = [
            head,
            *(high(row, part.last_is_sum and index == len(rows) - 1) for index, row in enumerate(rows[start:end], start)),
        ]
        _add_table(sheets, part, widths, heights, margin, start, end)
        start = end
    sheets.y += GAP


def _widths(sheets: Sheets, part: Table, margin: float) -> List[float]:
    """Return widths of columns in which no word of the head and no number is broken; else the relative ones."""

    def wide(text: str, bold: bool) -> float:
        return width_of(text, TABLE, bold=bold) * POINT * 1.04 + 2 * margin + 0.8

    natural = []
    for at, head in enumerate(part.head):
        words = max((wide(word, True) for word in head.split()), default=0.0)
        if at == 0:
            words = max(words, min(wide(head, True), 0.5 * sheets.inner))
        cells = max((wide(row[at], part.last_is_sum) for row in part.rows), default=0.0)
        natural.append(max(words, min(cells, 0.5 * sheets.inner) if at == 0 or at in part.texts else cells))
    spare = sheets.inner - sum(natural)
    if spare >= 0:
        return [width + spare / len(natural) for width in natural]
    if natural[0] + spare >= 30.0:
        return [natural[0] + spare, *natural[1:]]
    return [sheets.inner * width / sum(part.widths) for width in part.widths]


def _add_table(
    sheets: Sheets, part: Table, widths: Sequence[float], heights: Sequence[float], margin: float, start: int, end: int
) -> None:
    """Add some rows of a table; their heights are given, because QGIS does not tell how high a table is."""
    made = QgsLayoutItemManualTable.create(sheets.layout)
    sheets.layout.addMultiFrame(made)
    contents = [
        [_cell(text, widths[at], margin, at, part, bold=True, colour=PAPER, ground=INK) for at, text in enumerate(part.head)]
    ]
    for index in range(start, end):
        is_sum = part.last_is_sum and index == len(part.rows) - 1
        ground = LINE if is_sum else PALE if (index - start) % 2 else PAPER
        cells = enumerate(part.rows[index])
        contents.append([_cell(text, widths[at], margin, at, part, bold=is_sum, ground=ground) for at, text in cells])
    made.setTableContents(contents)
    made.setColumnWidths([width - 2 * margin for width in widths])
    made.setCellMargin(margin)
    made.setShowGrid(False)
    made.setWrapBehavior(QgsLayoutTable.WrapBehavior.WrapText)
    made.setContentTextFormat(text_format(TABLE))
    made.setRowHeights([height - 2 * margin for height in heights])
    made.setResizeMode(QgsLayoutMultiFrame.ResizeMode.UseExistingFrames)
    frame = QgsLayoutFrame(sheets.layout, made)
    total = sum(heights)
    offset = sheets.layout.pageCollection().page(sheets.number).pos()
    frame.attemptSetSceneRect(QRectF(offset.x() + MARGIN, offset.y() + sheets.y, sheets.inner + 0.1, total + 0.6))
    made.addFrame(frame, False)
    made.recalculateFrameSizes()
    frame.setBackgroundEnabled(False)
    sheets.y += total + 1.0


def _cell(
    text: str,
    width: float,
    margin: float,
    column: int,
    part: Table,
    *,
    bold: bool = False,
    colour: str = INK,
    ground: str = PAPER,
) -> QgsTableCell:
    cell = QgsTableCell(breakable(text, TABLE, width - 2 * margin - 0.6, bold=bold))
    cell.setBackgroundColor(QColor(ground))
    cell.setTextFormat(text_format(TABLE, bold=bold, colour=colour))
    right = column > 0 and column not in part.texts
    cell.setHorizontalAlignment(Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft)
    cell.setVerticalAlignment(Qt.AlignmentFlag.AlignVCenter)
    return cell
