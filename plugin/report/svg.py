"""A drawing as SVG text, and texts measured in mm: what QGIS's layouts, the web page and QPainter draw alike."""

from __future__ import annotations

import html
from functools import lru_cache
from typing import List, Sequence, Tuple

from qgis.PyQt.QtCore import QRectF, Qt
from qgis.PyQt.QtGui import QFont, QFontDatabase, QFontMetricsF

from stillpoint.plugin.report.content import INK

POINT = 25.4 / 72.0
"""Millimetres of a typographic point."""

FAMILIES = ("Inter", "Source Sans 3", "Source Sans Pro", "Open Sans", "Noto Sans", "Segoe UI", "Helvetica Neue", "Arial",
            "Liberation Sans", "DejaVu Sans")  # fmt: skip
"""Fonts that are read well on paper, the best first."""

_MEASURED = 200.0


@lru_cache(maxsize=1)
def family() -> str:
    """Return the first of the fonts that this machine has; Qt's own choice where it has none."""
    known = set(QFontDatabase().families())
    return next((name for name in FAMILIES if name in known), QFont().family())


def font_of(size: float, *, bold: bool = False) -> QFont:
    """Return the font of the report in a size in points."""
    font = QFont(family())
    font.setPointSizeF(size)
    font.setBold(bold)
    return font


@lru_cache(maxsize=2)
def _metrics(bold: bool) -> QFontMetricsF:
    font = QFont(family())
    font.setPixelSize(int(_MEASURED))
    font.setBold(bold)
    return QFontMetricsF(font)


@lru_cache(maxsize=8192)
def width_of(text: str, size: float, *, bold: bool = False) -> float:
    """Return how wide a line of text is in a size in points, in points."""
    return float(_metrics(bold).horizontalAdvance(text)) * size / _MEASURED


def line_height(size: float, *, bold: bool = False) -> float:
    """Return the distance from one line to the next, mm."""
    return float(_metrics(bold).lineSpacing()) * size / _MEASURED * POINT


@lru_cache(maxsize=8192)
def height_of(text: str, size: float, width: float, *, bold: bool = False) -> float:
    """Return how high a text is that is wrapped at ``width`` mm, in mm."""
    box = QRectF(0, 0, 0.985 * width / POINT * _MEASURED / size, 1e9)
    flags = int(Qt.TextFlag.TextWordWrap)
    return float(_metrics(bold).boundingRect(box, flags, text or " ").height()) * size / _MEASURED * POINT


@lru_cache(maxsize=8192)
def breakable(text: str, size: float, width: float, *, bold: bool = False) -> str:
    """Return ``text`` with line breaks inside words that are wider than ``width`` mm, after a separator where there is one."""
    wide = 0.97 * width / POINT
    if width_of(text, size, bold=bold) <= wide:
        return text
    return " ".join(_broken(word, size, wide, bold) for word in text.split(" "))


def _broken(word: str, size: float, wide: float, bold: bool) -> str:
    lines: List[str] = []
    rest = word
    while width_of(rest, size, bold=bold) > wide and len(rest) > 1:
        fits = next((n for n in range(len(rest) - 1, 0, -1) if width_of(rest[:n], size, bold=bold) <= wide), 1)
        at = max((rest.rfind(mark, 0, fits) + 1 for mark in "_-/\\.,;|"), default=0)
        at = at if at > fits // 3 else fits
        lines.append(rest[:at])
        rest = rest[at:]
    return "\n".join([*lines, rest])


def wrapped(text: str, size: float, width: float, *, bold: bool = False) -> str:
    """Return ``text`` with line breaks where it is wider than ``width`` mm."""
    lines: List[str] = []
    for paragraph in breakable(text, size, width, bold=bold).split("\n"):
        line = ""
        for word in paragraph.split(" "):
            longer = f"{line} {word}" if line else word
            if line and width_of(longer, size, bold=bold) > 0.97 * width / POINT:
                lines.append(line)
                line = word
            else:
                line = longer
        lines.append(line)
    return "\n".join(lines)


def elided(text: str, size: float, width: float, *, bold: bool = False) -> str:
    """Return ``text`` cut to ``width`` points, with an ellipsis where something is missing."""
    if width_of(text, size, bold=bold) <= width:
        return text
    while text and width_of(f"{text}…", size, bold=bold) > width:
        text = text[:-1]
    return f"{text.rstrip()}…"


class Drawing:
    """A drawing that grows by shapes; coordinates are in points, y goes down.

    Parameters
    ----------
    width, height
        Its size in points.
    """

    def __init__(self, width: float, height: float) -> None:
        self.width, self.height = width, height
        self._shapes: List[str] = []

    def rectangle(self, x: float, y: float, width: float, height: float, *, fill: str = "none", stroke: str = "none",
                  thickness: float = 0.5, opacity: float = 1.0) -> None:  # fmt: skip
        """Add a rectangle."""
        self._shapes.append(
            f'<rect x="{x:.2f}" y="{y:.2f}" width="{max(width, 0):.2f}" height="{max(height, 0):.2f}" fill="{fill}" '
            f'fill-opacity="{opacity:g}" stroke="{stroke}" stroke-width="{thickness:g}"/>'
        )

    def line(self, x1: float, y1: float, x2: float, y2: float, *, colour: str = INK, thickness: float = 0.5, dashes: str = "",
             opacity: float = 1.0) -> None:  # fmt: skip
        """Add a straight line."""
        dashed = f' stroke-dasharray="{dashes}"' if dashes else ""
        self._shapes.append(
            f'<line x1="{x1:.2f}" y1="{y1:.2f}" x2="{x2:.2f}" y2="{y2:.2f}" stroke="{colour}" stroke-width="{thickness:g}" '
            f'stroke-opacity="{opacity:g}"{dashed}/>'
        )

    def path(self, points: Sequence[Tuple[float, float]], *, colour: str = INK, thickness: float = 1.0, fill: str = "none",
             opacity: float = 1.0) -> None:  # fmt: skip
        """Add a line through several points; with ``fill`` an area without a rim."""
        where = " ".join(f"{x:.2f},{y:.2f}" for x, y in points)
        kind, paint = ("polygon", f'fill="{fill}" fill-opacity="{opacity:g}" stroke="none"') if fill != "none" else (
            "polyline", f'fill="none" stroke="{colour}" stroke-width="{thickness:g}" stroke-linejoin="round" '
            f'stroke-opacity="{opacity:g}"'
        )  # fmt: skip
        self._shapes.append(f'<{kind} points="{where}" {paint}/>')

    def circle(self, x: float, y: float, radius: float, *, fill: str = INK, stroke: str = "none", thickness: float = 0.5,
               opacity: float = 1.0) -> None:  # fmt: skip
        """Add a circle."""
        self._shapes.append(
            f'<circle cx="{x:.2f}" cy="{y:.2f}" r="{radius:.2f}" fill="{fill}" fill-opacity="{opacity:g}" stroke="{stroke}" '
            f'stroke-width="{thickness:g}"/>'
        )

    def text(self, x: float, y: float, text: str, *, size: float = 7.5, colour: str = INK, anchor: str = "start",
             bold: bool = False, turned: bool = False) -> None:  # fmt: skip
        """Add a text whose baseline is at ``y``; ``anchor`` is start, middle or end. A turned one reads upwards."""
        weight = ' font-weight="bold"' if bold else ""
        turn = f' transform="rotate(-90 {x:.2f} {y:.2f})"' if turned else ""
        self._shapes.append(
            f'<text x="{x:.2f}" y="{y:.2f}" font-family="{html.escape(family())}, sans-serif" font-size="{size:g}" fill="{colour}" '
            f'text-anchor="{anchor}"{weight}{turn}>{html.escape(text)}</text>'
        )

    def to_text(self, title: str = "") -> str:
        """Return the SVG; ``title`` is what screen readers read."""
        told = f"<title>{html.escape(title)}</title>" if title else ""
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{self.width:.2f}pt" height="{self.height:.2f}pt" '
            f'viewBox="0 0 {self.width:.2f} {self.height:.2f}">{told}{"".join(self._shapes)}</svg>'
        )
