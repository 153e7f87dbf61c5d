"""Small figures as SVG text: curves, bars with intervals, a matrix, a reliability diagram. Numbers in, text out."""

from __future__ import annotations

from html import escape
from typing import List, Optional, Sequence, Tuple

_BLUE, _GREY, _ORANGE = "#1f77b4", "#9aa7b1", "#d9730d"


def _svg(width: float, height: float, parts: Sequence[str]) -> str:
    head = f'<svg width="{width:.0f}" height="{height:.0f}" viewBox="0 0 {width:.0f} {height:.0f}" role="img">'
    return "".join([head, *parts, "</svg>"])


def _text(x: float, y: float, text: str, *, anchor: str = "middle", colour: str = "") -> str:
    fill = f' style="fill:{colour}"' if colour else ""
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"{fill}>{escape(text)}</text>'


def _span(values: Sequence[float]) -> Tuple[float, float]:
    """Return limits with a margin; never the same twice."""
    low, high = min(values), max(values)
    pad = 0.06 * (high - low) or 0.05 * abs(high) or 0.5
    return low - pad, high + pad


def curve(values: Sequence[Optional[float]], best: Optional[int], epochs: Tuple[int, int]) -> str:
    """Return a line over the epochs, named by the first and the last; None leaves a gap, ``best`` gets a circle."""
    width, height, left, low = 270.0, 150.0, 48.0, 22.0
    known = [value for value in values if value is not None]
    if not known:
        return _svg(width, height, [_text(width / 2, height / 2, "no figures")])
    bottom, top = _span(known)

    def place(index: int, value: float) -> Tuple[float, float]:
        across = left + (width - left - 8) * index / max(len(values) - 1, 1)
        return across, 8 + (height - low - 8) * (top - value) / (top - bottom)

    parts = [f'<rect x="{left}" y="8" width="{width - left - 8}" height="{height - low - 8}" fill="none" stroke="#d5dce2"/>']
    for edge in (min(known), max(known)):
        parts.append(_text(left - 4, place(0, edge)[1] + 4, f"{edge:.3g}", anchor="end"))
    runs: List[List[Tuple[float, float]]] = [[]]
    for index, value in enumerate(values):
        if value is None:
            runs.append([])
        else:
            runs[-1].append(place(index, value))
    for run in runs:
        points = " ".join(f"{x:.1f},{y:.1f}" for x, y in run)
        parts.append(f'<polyline points="{points}" fill="none" stroke="{_BLUE}" stroke-width="1.8"/>')
    if best is not None and 0 <= best < len(values) and values[best] is not None:
        x, y = place(best, float(values[best] or 0.0))
        parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="none" stroke="{_ORANGE}" stroke-width="2"/>')
    parts += [_text(left, height - 6, str(epochs[0])), _text(width - 12, height - 6, str(epochs[1]))]
    return _svg(width, height, parts)


def bars(rows: Sequence[Tuple[str, float, Optional[Sequence[float]]]]) -> str:
    """Return a dot with its interval for each (name, value, interval or None)."""
    wide, step, names = 640.0, 26.0, 250.0
    every = [value for _, value, _ in rows] + [edge for _, _, interval in rows if interval for edge in interval]
    low, high = _span(every)

    def across(value: float) -> float:
        return names + (wide - names - 60) * (value - low) / (high - low)

    parts = []
    for place, (name, value, interval) in enumerate(rows):
        y = 14 + step * place
        parts.append(_text(names - 10, y + 4, name if len(name) < 42 else name[:40] + "…", anchor="end"))
        parts.append(f'<line x1="{names}" x2="{wide - 60}" y1="{y}" y2="{y}" stroke="#e4e9ed"/>')
        colour = _BLUE if place == 0 else _GREY
        if interval:
            parts.append(
                f'<line x1="{across(interval[0]):.1f}" x2="{across(interval[1]):.1f}" y1="{y}" y2="{y}" stroke="{colour}" '
                'stroke-width="4"/>'
            )
        parts.append(f'<circle cx="{across(value):.1f}" cy="{y}" r="5" fill="{colour}"/>')
        parts.append(_text(wide - 54, y + 4, f"{value:.3f}", anchor="start"))
    return _svg(wide, 10 + step * len(rows), parts)


def matrix(counts: Sequence[Sequence[int]], classes: Sequence[str]) -> str:
    """Return a confusion matrix: rows the labels, columns the answers; a last column of those without an answer where there are."""
    names = [*classes]
    shown = [list(row) for row in counts]
    if any(row[len(classes)] for row in counts if len(row) > len(classes)):
        names.append("no answer")
    else:
        shown = [row[: len(classes)] for row in shown]
    cell, left, head = 66.0, 118.0, 34.0
    parts = []
    for column, name in enumerate(names):
        parts.append(_text(left + cell * (column + 0.5), head - 10, _short(name, 9)))
    for place, row in enumerate(shown):
        total = max(sum(row), 1)
        parts.append(_text(left - 6, head + cell * 0.5 * (place + 0.5) + 4, _short(classes[place], 17), anchor="end"))
        for column, value in enumerate(row):
            share = value / total
            parts.append(
                f'<rect x="{left + cell * column:.0f}" y="{head + cell * 0.5 * place:.0f}" width="{cell - 1:.0f}" '
                f'height="{cell * 0.5 - 1:.0f}" fill="{_BLUE}" fill-opacity="{0.06 + 0.8 * share:.2f}"/>'
            )
            colour = "#ffffff" if share > 0.55 else ""
            parts.append(_text(left + cell * (column + 0.5), head + cell * 0.5 * (place + 0.5) + 4, f"{value:,}", colour=colour))
    return _svg(left + cell * len(names) + 4, head + cell * 0.5 * len(shown) + 6, parts)


def _short(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"


def diagram(rows: Sequence[Sequence[float]]) -> str:
    """Return a reliability diagram of (mean probability, share that was so, number)."""
    side, edge = 190.0, 30.0
    most = max((float(count) for _, _, count in rows), default=1.0)

    def x(value: float) -> float:
        return edge + (side - edge - 8) * value

    def y(value: float) -> float:
        return side - edge - (side - edge - 8) * value

    parts = [
        f'<rect x="{x(0):.0f}" y="{y(1):.0f}" width="{x(1) - x(0):.0f}" height="{y(0) - y(1):.0f}" fill="none" stroke="#d5dce2"/>',
        f'<line x1="{x(0):.1f}" y1="{y(0):.1f}" x2="{x(1):.1f}" y2="{y(1):.1f}" stroke="{_GREY}" stroke-dasharray="4 3"/>',
    ]
    points = " ".join(f"{x(said):.1f},{y(was):.1f}" for said, was, _ in rows)
    parts.append(f'<polyline points="{points}" fill="none" stroke="{_BLUE}" stroke-width="1.5"/>')
    for said, was, count in rows:
        size = 2 + 4 * (float(count) / most) ** 0.5
        parts.append(f'<circle cx="{x(said):.1f}" cy="{y(was):.1f}" r="{size:.1f}" fill="{_BLUE}"/>')
    for value in (0.0, 0.5, 1.0):
        parts += [_text(x(value), side - edge + 14, f"{value:g}"), _text(edge - 6, y(value) + 4, f"{value:g}", anchor="end")]
    return _svg(side, side - 8, parts)
