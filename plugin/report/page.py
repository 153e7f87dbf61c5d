"""A report as a QGIS print layout: pages that fill from the top, on one grid, and that can be edited afterwards."""

from __future__ import annotations

import base64
from typing import Any, List, Optional, Sequence, Tuple

from qgis.core import (
    QgsLayoutFrame,
    QgsLayoutItem,
    QgsLayoutItemLabel,
    QgsLayoutItemManualTable,
    QgsLayoutItemPage,
    QgsLayoutItemPicture,
    QgsLayoutItemShape,
    QgsLayoutMultiFrame,
    QgsLayoutSize,
    QgsLayoutTable,
    QgsPrintLayout,
    QgsProject,
    QgsTableCell,
    QgsTextFormat,
    QgsUnitTypes,
)
from qgis.PyQt.QtCore import QCoreApplication, QRectF, Qt
from qgis.PyQt.QtGui import QColor

from stillpoint.plugin.report import atlas
from stillpoint.plugin.report.content import (
    GREY,
    INK,
    LINE,
    PALE,
    PAPER,
    TEAL,
    Cards,
    Chart,
    Charts,
    Facts,
    Map,
    Part,
    Points,
    Report,
    Section,
    Table,
    Text,
)
from stillpoint.plugin.report.svg import POINT, breakable, font_of, height_of, line_height, width_of

A4 = (210.0, 297.0)
MARGIN = 17.0
TOP, FOOT = 16.0, 18.0
GAP = 3.2
BODY, SMALL, TABLE, HEAD = 9.2, 7.8, 8.0, 13.0
"""Sizes of the text in points: paragraphs, notes, tables, headings."""


def tr(text: str) -> str:
    """Return ``text`` in the user's language."""
    return QCoreApplication.translate("Stillpoint", text)


def text_width(landscape: bool) -> float:
    """Return how wide the text of a page is, mm."""
    return (A4[1] if landscape else A4[0]) - 2 * MARGIN


class Pages:
    """Fills pages from the top.

    Parameters
    ----------
    project
        Project of the layout.
    name
        Name of the layout.
    landscape
        Whether the pages lie.
    """

    def __init__(self, project: QgsProject, name: str, *, landscape: bool) -> None:
        self.layout = QgsPrintLayout(project)
        self.layout.initializeDefaults()
        self.layout.setName(name)
        self.landscape = landscape
        self.width, self.height = (A4[1], A4[0]) if landscape else A4
        self.inner = text_width(landscape)
        self.bottom = self.height - FOOT
        self.maps: List[Tuple[Map, int, QRectF]] = []
        self._page = self.layout.pageCollection().page(0)
        self._page.setPageSize(QgsLayoutSize(self.width, self.height))
        self.number = 0
        self.y = TOP

    # Pages

    def new_page(self) -> None:
        """Go on at the top of a new page."""
        page = QgsLayoutItemPage(self.layout)
        page.setPageSize(QgsLayoutSize(self.width, self.height))
        self.layout.pageCollection().addPage(page)
        self.number += 1
        self.y = TOP

    def need(self, height: float) -> None:
        """Go to a new page where less than ``height`` mm are left on this one."""
        if self.y + height > self.bottom and self.y > TOP:
            self.new_page()

    def place(self, item: QgsLayoutItem, x: float, y: float, width: float, height: float) -> None:
        """Put an item on the present page, mm from its left and top."""
        self.layout.addLayoutItem(item)
        offset = self.layout.pageCollection().page(self.number).pos()
        item.attemptSetSceneRect(QRectF(offset.x() + x, offset.y() + y, width, height))

    # Texts

    def label(
        self,
        text: str,
        x: float,
        y: float,
        width: float,
        *,
        size: float = BODY,
        bold: bool = False,
        colour: str = INK,
        align: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft,
        height: Optional[float] = None,
    ) -> float:
        """Put a text on the page and return its height, mm."""
        text = breakable(text, size, width, bold=bold) if height is None else text
        high = height_of(text, size, width, bold=bold) * 1.03 + 0.4 if height is None else height
        item = QgsLayoutItemLabel(self.layout)
        item.setText(text)
        set_font(item, size, bold=bold, colour=colour)
        item.setHAlign(align)
        item.setMarginX(0.0)
        item.setMarginY(0.0)
        self.place(item, x, y, width, high)
        return high

    def rule(self, x: float, y: float, width: float, *, height: float = 0.3, colour: str = LINE) -> None:
        """Put a filled box on the page; a thin one is a rule."""
        item = QgsLayoutItemShape(self.layout)
        item.setShapeType(QgsLayoutItemShape.Shape.Rectangle)
        item.symbol().setColor(QColor(colour))
        item.symbol().symbolLayer(0).setStrokeStyle(Qt.PenStyle.NoPen)
        self.place(item, x, y, width, height)

    def title(self, title: str, subtitle: str) -> None:
        """Put the head on the first page."""
        self.rule(MARGIN, self.y, 24.0, height=1.2, colour=TEAL)
        self.y += 4.2
        size = 22.0 if len(title) <= 60 else 17.0 if len(title) <= 120 else 13.0
        self.y += self.label(title, MARGIN, self.y, self.inner, size=size, bold=True) + 1.2
        if subtitle:
            text = subtitle if len(subtitle) <= 400 else f"{subtitle[:399].rstrip()}…"
            self.y += self.label(text, MARGIN, self.y, self.inner, size=10.0, colour=GREY)
        self.y += 4.0

    def heading(self, text: str, *, follows: float = 20.0) -> None:
        """Put a heading where at least ``follows`` mm are left below it."""
        if self.y > TOP:
            self.y += 5.0
        high = height_of(breakable(text, HEAD, self.inner, bold=True), HEAD, self.inner, bold=True)
        self.need(high + follows + 4.0)
        self.y += self.label(text, MARGIN, self.y, self.inner, size=HEAD, bold=True) + 1.0
        self.rule(MARGIN, self.y, self.inner, height=0.35, colour=TEAL)
        self.y += 3.2

    def text(self, part: Text) -> None:
        """Put a paragraph, on two pages where it has to be."""
        size, colour = (SMALL, GREY) if part.quiet else (BODY, INK)
        width = min(self.inner, 190.0)
        high = height_of(breakable(part.text, size, width), size, width) * 1.03 + 0.4
        self.need(min(high, 0.8 * (self.bottom - TOP)))
        self.y += self.label(part.text, MARGIN, self.y, width, size=size, colour=colour) + GAP

    def points(self, part: Points) -> None:
        """Put a list."""
        for item in part.items:
            width = min(self.inner, 190.0) - 5.0
            self.need(height_of(breakable(item, BODY, width), BODY, width) * 1.03 + 0.4)
            self.label("•", MARGIN + 0.8, self.y, 4.0, colour=TEAL, bold=True)
            self.y += self.label(item, MARGIN + 5.0, self.y, width) + 1.3
        self.y += GAP - 1.3

    def cards(self, part: Cards) -> None:
        """Put figures that stand out side by side."""
        count = len(part.cards)
        gap = 4.0
        columns = max(count, 3)
        width = (self.inner - gap * (columns - 1)) / columns
        self.need(19.0)
        for index, (value, what) in enumerate(part.cards):
            x = MARGIN + index * (width + gap)
            self.rule(x, self.y, width, height=17.0, colour=PALE)
            self.rule(x, self.y, 0.9, height=17.0, colour=TEAL)
            size = 16.0
            while size > 8.0 and height_of(value, size, width - 6.0, bold=True) > 1.5 * line_height(size, bold=True):
                size -= 1.0
            self.label(value, x + 4.0, self.y + 2.2 + 0.2 * (16.0 - size), width - 5.0, size=size, bold=True, height=8.0)
            self.label(what, x + 4.0, self.y + 10.6, width - 5.0, size=8.0, colour=GREY, height=5.0)
        self.y += 17.0 + GAP + 1.0

    def facts(self, part: Facts) -> None:
        """Put pairs of heading and text, a rule between them."""
        left = min(48.0, 0.3 * self.inner)
        wide = self.inner - left - 2.0
        for heading, text in part.rows:
            high = max(
                height_of(breakable(item, TABLE + 0.6, width), TABLE + 0.6, width)
                for item, width in ((heading, left - 3.0), (text, wide))
            )
            self.need(high + 3.0)
            self.label(heading, MARGIN, self.y, left - 3.0, size=TABLE + 0.6, colour=GREY)
            self.label(text, MARGIN + left, self.y, wide, size=TABLE + 0.6)
            self.y += high + 1.4
            self.rule(MARGIN, self.y, self.inner, height=0.15)
            self.y += 1.1
        self.y += GAP - 1.1

    # Tables

    def table(self, part: Table) -> None:
        """Put a table; one that is longer than the page goes on, with its head, on the next."""
        margin = 1.1
        widths = self._widths(part, margin)

        def high(cells: Sequence[str], bold: bool) -> float:
            inner = [width - 2 * margin - 0.6 for width in widths]
            return max(height_of(breakable(cell, TABLE, wide, bold=bold), TABLE, wide, bold=bold)
                       for cell, wide in zip(cells, inner)) * 1.08 + 2 * margin  # fmt: skip

        head = high(part.head, True)
        rows = list(part.rows)
        start = 0
        while start < len(rows):
            self.need(head + sum(high(row, False) for row in rows[start : start + 2]) + 4.0)
            room, end = self.bottom - self.y - head - 3.0, start
            while end < len(rows) and (room >= high(rows[end], False) or end == start):
                room -= high(rows[end], False)
                end += 1
            heights = [
                head,
                *(high(row, part.last_is_sum and index == len(rows) - 1) for index, row in enumerate(rows[start:end], start)),
            ]
            self._add_table(part, widths, heights, margin, start, end)
            start = end
        self.y += GAP

    def _widths(self, part: Table, margin: float) -> List[float]:
        """Return widths of columns in which no word of the head and no number is broken; else the relative ones."""

        def wide(text: str, bold: bool) -> float:
            return width_of(text, TABLE, bold=bold) * POINT * 1.04 + 2 * margin + 0.8

        natural = []
        for at, head in enumerate(part.head):
            words = max((wide(word, True) for word in head.split()), default=0.0)
            cells = max((wide(row[at], part.last_is_sum) for row in part.rows), default=0.0)
            natural.append(max(words, min(cells, 0.5 * self.inner) if at == 0 or at in part.texts else cells))
        spare = self.inner - sum(natural)
        if spare >= 0:
            return [width + spare / len(natural) for width in natural]
        if natural[0] + spare >= 30.0:
            return [natural[0] + spare, *natural[1:]]
        return [self.inner * width / sum(part.widths) for width in part.widths]

    def _add_table(
        self, part: Table, widths: Sequence[float], heights: Sequence[float], margin: float, start: int, end: int
    ) -> None:
        """Add some rows of a table; their heights are given, because QGIS does not tell how high a table is."""
        made = QgsLayoutItemManualTable.create(self.layout)
        self.layout.addMultiFrame(made)
        contents = [
            [
                self._cell(text, widths[at], margin, at, part, bold=True, colour=PAPER, ground=INK)
                for at, text in enumerate(part.head)
            ]
        ]
        for index in range(start, end):
            is_sum = part.last_is_sum and index == len(part.rows) - 1
            ground = LINE if is_sum else PALE if (index - start) % 2 else PAPER
            cells = enumerate(part.rows[index])
            contents.append([self._cell(text, widths[at], margin, at, part, bold=is_sum, ground=ground) for at, text in cells])
        made.setTableContents(contents)
        made.setColumnWidths([width - 2 * margin for width in widths])
        made.setCellMargin(margin)
        made.setShowGrid(False)
        made.setWrapBehavior(QgsLayoutTable.WrapBehavior.WrapText)
        made.setContentTextFormat(text_format(TABLE))
        made.setRowHeights([height - 2 * margin for height in heights])
        made.setResizeMode(QgsLayoutMultiFrame.ResizeMode.UseExistingFrames)
        frame = QgsLayoutFrame(self.layout, made)
        total = sum(heights)
        offset = self.layout.pageCollection().page(self.number).pos()
        frame.attemptSetSceneRect(QRectF(offset.x() + MARGIN, offset.y() + self.y, self.inner + 0.1, total + 0.6))
        made.addFrame(frame, False)
        made.recalculateFrameSizes()
        frame.setBackgroundEnabled(False)
        self.y += total + 1.0

    def _cell(
        self,
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

    # Charts and maps

    def chart(self, part: Chart, *, x: float = MARGIN) -> None:
        """Put a chart."""
        self.need(part.height)
        self.picture(part.svg, x, self.y, part.width, part.height, name=part.caption)
        self.y += part.height + GAP

    def charts(self, part: Charts) -> None:
        """Put charts of one size, as many in a row as fit."""
        first = part.charts[0]
        columns = max(1, int((self.inner + 6.5) // (first.width + 6.0)))
        for start in range(0, len(part.charts), columns):
            row = part.charts[start : start + columns]
            self.need(first.height)
            for index, each in enumerate(row):
                self.picture(each.svg, MARGIN + index * (first.width + 6.0), self.y, each.width, each.height, name=each.caption)
            self.y += first.height + 4.5

    def picture(self, svg: str, x: float, y: float, width: float, height: float, *, name: str = "") -> None:
        """Put a drawing, kept inside the layout."""
        item = QgsLayoutItemPicture(self.layout)
        item.setPicturePath(
            "base64:" + base64.b64encode(svg.encode("utf-8")).decode("ascii"), QgsLayoutItemPicture.Format.FormatSVG
        )
        item.setResizeMode(QgsLayoutItemPicture.ResizeMode.Zoom)
        if name:
            item.setId(name[:80])
        self.place(item, x, y, width, height)

    def map(self, part: Map, *, height: float) -> None:
        """Put a map with its legend, scale bar, north arrow and attribution, at most ``height`` mm high."""
        self.need(height)
        self.y += atlas.put(self, part, MARGIN, self.y, height) + GAP

    # The end

    def feet(self, text: str) -> None:
        """Put a foot on every page: what it is, and the page's number."""
        pages = self.layout.pageCollection().pageCount()
        for number in range(pages):
            self.number = number
            y = self.height - 12.0
            self.rule(MARGIN, y - 2.2, self.inner, height=0.2)
            short = text if len(text) <= 110 else f"{text[:60].rstrip()}… · {' · '.join(text.split(' · ')[-2:])}"
            self.label(short, MARGIN, y, self.inner - 24.0, size=7.2, colour=GREY, height=4.5)
            self.label(
                "[% @layout_page %] / [% @layout_numpages %]", self.width - MARGIN - 22.0, y, 22.0, size=7.2, colour=GREY,
                align=Qt.AlignmentFlag.AlignRight, height=4.5,
            )  # fmt: skip


def compose(report: Report, project: QgsProject, name: str, *, landscape: bool) -> Pages:
    """Return the pages of a report, in a layout that is not in the project yet."""
    pages = Pages(project, name, landscape=landscape)
    pages.title(report.title, report.subtitle)
    for section in report.sections:
        _section(pages, section)
    pages.feet(report.footer)
    pages.layout.refresh()
    return pages


def _section(pages: Pages, section: Section) -> None:
    if section.title:
        pages.heading(section.title, follows=_first_height(pages, section.parts[0]))
    for part in section.parts:
        if isinstance(part, Map):
            pages.map(part, height=_map_height(pages, part))
        elif isinstance(part, Text):
            pages.text(part)
        elif isinstance(part, Points):
            pages.points(part)
        elif isinstance(part, Cards):
            if part.cards:
                pages.cards(part)
        elif isinstance(part, Facts):
            pages.facts(part)
        elif isinstance(part, Table):
            pages.table(part)
        elif isinstance(part, Charts):
            pages.charts(part)
        else:
            pages.chart(part)


def _first_height(pages: Pages, part: Part) -> float:
    """Return how much of a section must follow its heading on the same page."""
    if isinstance(part, Chart):
        return part.height
    if isinstance(part, Map):
        return _map_height(pages, part)
    return 20.0


def _map_height(pages: Pages, part: Map) -> float:
    left = pages.bottom - pages.y
    if part.big:
        return max(left, 90.0) if pages.number == 0 else pages.bottom - TOP
    whole = pages.bottom - TOP
    return whole - 14.0 if pages.landscape else (whole - 14.0) / 2 - GAP


def text_format(size: float, *, bold: bool = False, colour: str = INK) -> QgsTextFormat:
    """Return QGIS's own description of the font of the report."""
    made = QgsTextFormat()
    made.setFont(font_of(size, bold=bold))
    made.setSize(size)
    made.setSizeUnit(QgsUnitTypes.RenderUnit.RenderPoints)
    made.setColor(QColor(colour))
    return made


def set_font(item: Any, size: float, *, bold: bool = False, colour: str = INK) -> None:
    """Set the font of a label or a scale bar; QGIS 3.22 has another way for labels than later ones."""
    if hasattr(item, "setTextFormat"):
        item.setTextFormat(text_format(size, bold=bold, colour=colour))
        return
    item.setFont(font_of(size, bold=bold))
    item.setFontColor(QColor(colour))
