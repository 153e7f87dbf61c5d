"""What a report says, whatever it is written to: sections of texts, facts, tables, charts and maps."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import List, Sequence, Tuple, Union

from qgis.core import QgsCoordinateReferenceSystem, QgsMapLayer, QgsRectangle

INK, GREY, PALE, LINE, TEAL, ORANGE, PAPER = "#1f2a33", "#5b6b76", "#f2f5f5", "#d5dcdf", "#127c7c", "#d9730d", "#ffffff"
"""Colours of the pages: text, quieter text, the ground of every other row, rules, the two colours of the icons, paper."""


@dataclass(frozen=True)
class Text:
    """A paragraph; ``quiet`` ones are notes."""

    text: str
    quiet: bool = False


@dataclass(frozen=True)
class Points:
    """A list of short sentences."""

    items: Tuple[str, ...]


@dataclass(frozen=True)
class Cards:
    """A row of figures that stand out: value and what it is."""

    cards: Tuple[Tuple[str, str], ...]


@dataclass(frozen=True)
class Facts:
    """Pairs of a heading and a text, one below the other."""

    rows: Tuple[Tuple[str, str], ...]


@dataclass(frozen=True)
class Table:
    """A table.

    Attributes
    ----------
    head
        Names of the columns.
    rows
        Texts of the cells.
    widths
        Relative widths of the columns; those after the first hold numbers and are set to the right.
    last_is_sum
        Whether the last row sums up the others.
    texts
        Columns of words beside the first, set to the left.
    """

    head: Tuple[str, ...]
    rows: Tuple[Tuple[str, ...], ...]
    widths: Tuple[float, ...]
    last_is_sum: bool = False
    texts: Tuple[int, ...] = ()


@dataclass(frozen=True)
class Chart:
    """A drawing as SVG.

    Attributes
    ----------
    svg
        The drawing; its units are points (1/72 inch).
    width, height
        mm.
    caption
        A sentence below it, and what screen readers read.
    """

    svg: str
    width: float
    height: float
    caption: str = ""


@dataclass(frozen=True)
class Charts:
    """Charts of one size side by side, as many as fit a row."""

    charts: Tuple[Chart, ...]


@dataclass(frozen=True)
class Badge:
    """A number on a map, in the map's coordinates, and the colour of its rim."""

    number: int
    x: float
    y: float
    colour: str = INK


@dataclass(frozen=True)
class Map:
    """A map.

    Attributes
    ----------
    layers
        What it shows, from the top down.
    explained
        The layers that the legend explains.
    extent
        What it must show at least, in ``crs``.
    crs
        Coordinates of the map; an invalid one draws no scale bar and no north arrow.
    title
        A few words.
    attribution
        Whose data lie below.
    badges
        Numbers on the map.
    big
        Whether it has a page, or most of one, to itself.
    """

    layers: Tuple[QgsMapLayer, ...]
    explained: Tuple[QgsMapLayer, ...]
    extent: QgsRectangle
    crs: QgsCoordinateReferenceSystem
    title: str = ""
    attribution: str = ""
    badges: Tuple[Badge, ...] = ()
    big: bool = True


Part = Union[Text, Points, Cards, Facts, Table, Chart, Charts, Map]


@dataclass(frozen=True)
class Section:
    """A heading and what stands below it; without a title the parts go on with those before."""

    title: str
    parts: Tuple[Part, ...]


@dataclass
class Report:
    """A whole report.

    Attributes
    ----------
    title, subtitle
        On the first page.
    footer
        At the foot of every page, left of the page's number.
    sections
        In their order.
    """

    title: str
    subtitle: str
    footer: str
    sections: List[Section] = field(default_factory=list)

    def add(self, title: str, parts: Sequence[Part]) -> None:
        """Add a section where it has anything to say."""
        if parts:
            self.sections.append(Section(title, tuple(parts)))
