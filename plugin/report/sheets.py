"""Sheets of a QGIS layout that fill from the top: where things are put, and in which type."""

from __future__ import annotations

import base64
from typing import Any, List, Optional, Tuple

from qgis.core import (
    QgsLayoutItem,
    QgsLayoutItemLabel,
    QgsLayoutItemPage,
    QgsLayoutItemPicture,
    QgsLayoutItemShape,
    QgsLayoutSize,
    QgsPrintLayout,
    QgsProject,
    QgsTextFormat,
    QgsUnitTypes,
)
from qgis.PyQt.QtCore import QRectF, Qt
from qgis.PyQt.QtGui import QColor

from stillpoint.plugin.report.content import GREY, INK, LINE, Map
from stillpoint.plugin.report.svg import breakable, font_of, height_of

A4 = (210.0, 297.0)
MARGIN = 17.0
TOP, FOOT = 16.0, 18.0
GAP = 3.2
BODY, SMALL, TABLE, HEAD = 9.2, 7.8, 8.0, 13.0
"""Sizes of the text in points: paragraphs, notes, tables, headings."""


def text_width(landscape: bool) -> float:
    """Return how wide the text of a page is, mm."""
    return (A4[1] if landscape else A4[0]) - 2 * MARGIN


class Sheets:
    """Pages that fill from the top.

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
