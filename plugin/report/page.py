"""A report as a QGIS print layout: its parts put on pages, on one grid; it can be edited afterwards."""

from __future__ import annotations

from typing import Sequence

from qgis.core import QgsProject

from stillpoint.plugin.report import atlas
from stillpoint.plugin.report.content import (
    GREY,
    INK,
    PALE,
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
from stillpoint.plugin.report.sheets import BODY, GAP, HEAD, MARGIN, SMALL, TABLE, TOP, Sheets, text_width
from stillpoint.plugin.report.svg import breakable, height_of, line_height
from stillpoint.plugin.report.tables import put_table

__all__ = ["Pages", "compose", "text_width"]


class Pages(Sheets):
    """Puts the parts of a report on sheets.

    Attributes
    ----------
    share
        Share of the height that maps may have which they get.
    """

    share = 1.0

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

    def table(self, part: Table) -> None:
        """Put a table; one that is longer than the page goes on, with its head, on the next."""
        put_table(self, part)

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

    def map(self, part: Map, *, height: float) -> None:
        """Put a map with its legend, scale bar, north arrow and attribution, at most ``height`` mm high."""
        self.need(height)
        self.y += atlas.put(self, part, MARGIN, self.y, height) + GAP


def compose(report: Report, project: QgsProject, name: str, *, landscape: bool) -> Pages:
    """Return the pages of a report, in a layout that is not in the project yet.

    Where only a few lines would stand on the last page, the maps are made a little smaller to save it.
    """
    pages = _filled(report, project, name, landscape, 1.0)
    if pages.number and pages.y < 0.25 * pages.bottom and pages.maps:
        for smaller in (0.92, 0.84):
            tried = _filled(report, project, name, landscape, smaller)
            if tried.number < pages.number:
                pages = tried
                break
    pages.feet(report.footer)
    pages.layout.refresh()
    return pages


def _filled(report: Report, project: QgsProject, name: str, landscape: bool, share: float) -> Pages:
    """Return the pages with their maps at a share of the height that they may have."""
    pages = Pages(project, name, landscape=landscape)
    pages.share = share
    pages.title(report.title, report.subtitle)
    for section in report.sections:
        _section(pages, section)
    return pages


def _section(pages: Pages, section: Section) -> None:
    if section.title:
        pages.heading(section.title, follows=_first_height(pages, section.parts))
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


def _first_height(pages: Pages, parts: Sequence[Part]) -> float:
    """Return how much of a section must follow its heading; a sentence of introduction stays with what it introduces."""
    part = parts[0]
    if isinstance(part, Text) and part.quiet and len(parts) > 1:
        size, width = SMALL, min(pages.inner, 190.0)
        return height_of(breakable(part.text, size, width), size, width) * 1.03 + 0.4 + GAP + _first_height(pages, parts[1:])
    if isinstance(part, Charts):
        return part.charts[0].height
    if isinstance(part, Chart):
        return part.height
    if isinstance(part, Map):
        return _map_height(pages, part)
    return 20.0


def _map_height(pages: Pages, part: Map) -> float:
    left = pages.bottom - pages.y
    whole = pages.bottom - TOP
    if part.big:
        return pages.share * (max(left, 90.0) if pages.number == 0 else whole)
    return pages.share * (whole - 14.0 if pages.landscape else (whole - 14.0) / 2 - GAP)
