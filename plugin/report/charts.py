"""The charts of a report: shares of classes, series, a network of pairs, a histogram."""

from __future__ import annotations

import datetime as dt
import math
from typing import List, Optional, Sequence, Tuple

import numpy as np

from stillpoint.plugin.language import tr
from stillpoint.plugin.report.content import GREY, INK, LINE, ORANGE, PALE, TEAL, Chart
from stillpoint.plugin.report.svg import POINT, Drawing, elided, width_of

Share = Tuple[str, int, str, bool]
"""Name, count, colour and whether the bar is hollow, of a class."""


def ticks_of(low: float, high: float, most: int = 5) -> List[float]:
    """Return round numbers between two values."""
    span = high - low
    if not math.isfinite(span) or span <= 0:
        return [low]
    raw = span / max(most, 1)
    power = 10.0 ** math.floor(math.log10(raw))
    step = next(factor * power for factor in (1.0, 2.0, 5.0, 10.0) if factor * power >= raw * (1 - 1e-9))
    first = math.ceil(low / step - 1e-9)
    return [step * index for index in range(first, math.floor(high / step + 1e-9) + 1)]


def number(value: float, step: float = 0.0) -> str:
    """Return a number for people: as many digits as the step between ticks asks for, and a real minus."""
    digits = max(0, -math.floor(math.log10(step) + 1e-9)) if step > 0 else 0 if abs(value) >= 100 else 1 if abs(value) >= 10 else 2
    return f"{value:,.{digits}f}".replace("-", "−")


def year_ticks(first: float, last: float, width: float) -> List[Tuple[float, str]]:
    """Return where years (months, for a short span) begin between two days since 1970, as far apart as ``width`` points allow."""
    begin, end = (dt.date(1970, 1, 1) + dt.timedelta(days=int(day)) for day in (first, last))
    room = max(int(width / 26.0), 2)
    years = [dt.date(year, 1, 1) for year in range(begin.year, end.year + 2)]
    inside = [day for day in years if begin <= day <= end]
    if len(inside) >= 2:
        step = -(-len(inside) // room)
        return [(_day(day), str(day.year)) for day in inside if day.year % step == 0]
    months = [dt.date(year, month, 1) for year in range(begin.year, end.year + 1) for month in range(1, 13)]
    inside = [day for day in months if begin <= day <= end]
    if not inside:
        return [(first, begin.isoformat()), (last, end.isoformat())] if last > first else [(first, begin.isoformat())]
    step = max(-(-len(inside) // max(int(width / 38.0), 1)), 1)
    return [(_day(day), day.strftime("%Y-%m")) for day in inside[::step]]


def _day(day: dt.date) -> float:
    return float((day - dt.date(1970, 1, 1)).days)


def shares(rows: Sequence[Share], width: float, caption: str = "") -> Chart:
    """Return bars with the share of every class.

    Parameters
    ----------
    rows
        The classes, from the top down.
    width
        Of the chart, mm.
    caption
        See :class:`~stillpoint.plugin.report.content.Chart`.
    """
    wide, row = width / POINT, 15.5
    total = max(sum(count for _, count, _, _ in rows), 1)
    figures = [f"{count:,}" for _, count, _, _ in rows]
    names = min(max(width_of(name, 8.0) for name, *_ in rows), 0.35 * wide)
    counted = max(width_of(text, 8.0) for text in figures)
    names *= 1.07  # a browser may have a wider font
    left, right = names + 8.0, wide - counted - 48.0
    drawing = Drawing(wide, row * len(rows) + 2.0)
    for index, (name, count, colour, hollow) in enumerate(rows):
        top = index * row + 2.0
        length = (right - left) * count / total
        drawing.text(names, top + 9.2, elided(name, 8.0, names), size=8.0, anchor="end")
        drawing.rectangle(left, top + 1.2, right - left, row - 5.0, fill=PALE)
        drawing.rectangle(left, top + 1.2, max(length, 0.6 if count else 0.0), row - 5.0, fill="#ffffff" if hollow else colour,
                          stroke=colour if hollow and count else "none", thickness=0.8)  # fmt: skip
        drawing.text(wide - counted - 8.0, top + 9.2, f"{100 * count / total:.1f} %", size=8.0, anchor="end", bold=True)
        drawing.text(wide, top + 9.2, figures[index], size=8.0, anchor="end", colour=GREY)
    return _chart(drawing, caption)


def histogram(values: np.ndarray, unit: str, width: float, height: float, *, caption: str = "", middle: bool = False) -> Chart:
    """Return how often values occur, with the median; the rarest hundredth at either end is drawn at the rim.

    Parameters
    ----------
    values
        Any shape; what is not finite is left out.
    unit
        Of the values, below the axis.
    width, height
        Of the chart, mm.
    caption
        See :class:`~stillpoint.plugin.report.content.Chart`.
    middle
        Whether the axis has 0 in its middle.
    """
    found = np.asarray(values, float).ravel()
    found = found[np.isfinite(found)]
    wide, high = width / POINT, height / POINT
    drawing = Drawing(wide, high)
    if found.size == 0:
        drawing.text(wide / 2, high / 2, tr("No values"), anchor="middle", colour=GREY)
        return _chart(drawing, caption)
    low, top = (float(value) for value in np.percentile(found, (0.5, 99.5)))
    if middle:
        top = max(abs(low), abs(top))
        low = -top
    if top - low < 1e-9:
        low, top = low - 0.5, top + 0.5
    counts, edges = np.histogram(np.clip(found, low, top), bins=min(40, max(8, int(math.sqrt(found.size)))), range=(low, top))
    bottom, peak = high - 22.0, max(int(counts.max()), 1)

    def across(value: float) -> float:
        return 4.0 + (wide - 8.0) * (value - low) / (top - low)

    for count, begin, end in zip(counts, edges[:-1], edges[1:]):
        tall = (bottom - 12.0) * count / peak
        drawing.rectangle(across(begin) + 0.3, bottom - tall, across(end) - across(begin) - 0.6, tall, fill=TEAL, opacity=0.75)
    drawing.line(4.0, bottom, wide - 4.0, bottom, colour=GREY)
    ticks = ticks_of(low, top, max(int(wide / 45.0), 3))
    step = ticks[1] - ticks[0] if len(ticks) > 1 else 0.0
    for tick in ticks:
        drawing.line(across(tick), bottom, across(tick), bottom + 2.5, colour=GREY)
        drawing.text(across(tick), bottom + 10.5, number(tick, step), anchor="middle", colour=GREY, size=7.0)
    drawing.text(wide / 2, high - 2.0, unit, anchor="middle", colour=GREY, size=7.0)
    median = float(np.median(found))
    at = across(min(max(median, low), top))
    drawing.line(at, 10.0, at, bottom, colour=ORANGE, thickness=1.2)
    words = tr("median {value}").format(value=number(median))
    anchor = "end" if at > 0.7 * wide else "start"
    drawing.text(at + (3.0 if anchor == "start" else -3.0), 8.0, words, anchor=anchor, colour=ORANGE, size=7.0, bold=True)
    return _chart(drawing, caption)


def series(
    dates: np.ndarray,
    values: np.ndarray,
    *,
    width: float,
    height: float,
    title: str,
    note: str,
    colour: str,
    curve: Optional[Tuple[np.ndarray, np.ndarray]] = None,
    turn: Optional[np.datetime64] = None,
    limits: Optional[Tuple[float, float]] = None,
    badge: int = 0,
) -> Chart:
    """Return one displacement series as dots, with its trend and its break.

    Parameters
    ----------
    dates, values
        datetime64[D] and mm, shape (e,); NaN where missing.
    width, height
        Of the chart, mm.
    title, note
        Above it: what it is, and its class and velocity.
    colour
        Of its class.
    curve
        Dates and values (mm) of the fitted trend.
    turn
        Date of the break.
    limits
        Lowest and highest value of the axis, mm; None fits them to the series.
    badge
        Its number on the map; 0 for none.
    """
    wide, high = width / POINT, height / POINT
    drawing = Drawing(wide, high)
    days = dates.astype("datetime64[D]").astype(float)
    good = np.isfinite(values)
    left, right, top, bottom = 24.0, wide - 4.0, 25.0, high - 13.0
    shift = 0.0
    if badge:
        drawing.circle(left + 5.0, 6.5, 5.2, fill="#ffffff", stroke=colour, thickness=1.6)
        drawing.text(left + 5.0, 9.0, str(badge), size=7.0, anchor="middle", bold=True)
        shift = 14.0
    drawing.text(left + shift, 9.0, elided(title, 8.0, right - left - shift, bold=True), size=8.0, bold=True)
    drawing.text(left, 19.5, elided(note, 7.0, right - left), size=7.0, colour=GREY)
    if not good.any():
        drawing.text((left + right) / 2, (top + bottom) / 2, tr("No values"), anchor="middle", colour=GREY)
        return _chart(drawing, f"{title}: {note}")
    low, up = limits or (float(values[good].min()), float(values[good].max()))
    room = max(0.06 * (up - low), 1.0)
    low, up = low - room, up + room
    first, last = float(days.min()), float(max(days.max(), days.min() + 1))

    def across(day: float) -> float:
        return left + (right - left) * (day - first) / (last - first)

    def down(value: float) -> float:
        return bottom - (bottom - top) * (value - low) / (up - low)

    marks = ticks_of(low, up, 4)
    step = marks[1] - marks[0] if len(marks) > 1 else 0.0
    for mark in marks:
        zero = abs(mark) < 1e-9
        drawing.line(left, down(mark), right, down(mark), colour=GREY if zero else LINE, thickness=0.6 if zero else 0.5)
        drawing.text(left - 3.0, down(mark) + 2.4, number(mark, step), size=6.5, anchor="end", colour=GREY)
    for day, words in year_ticks(first, last, right - left):
        drawing.line(across(day), bottom, across(day), bottom + 2.5, colour=GREY)
        drawing.text(min(max(across(day), left + 8.0), right - 8.0), bottom + 10.0, words, size=6.5, anchor="middle", colour=GREY)
    drawing.line(left, bottom, right, bottom, colour=GREY)
    if turn is not None and not np.isnat(turn):
        at = across(float(turn.astype("datetime64[D]").astype(float)))
        if left <= at <= right:
            drawing.line(at, top, at, bottom, colour=ORANGE, thickness=1.0, dashes="3,2")
    for day, value in zip(days[good], values[good]):
        drawing.circle(across(float(day)), down(min(max(float(value), low), up)), 1.2, fill=GREY, opacity=0.75)
    if curve is not None:
        fitted = zip(curve[0].astype("datetime64[D]").astype(float), curve[1])
        where = [(across(float(day)), down(float(value))) for day, value in fitted if np.isfinite(value) and low <= value <= up]
        if len(where) > 1:
            drawing.path(where, colour=INK, thickness=2.6)  # a pale colour needs a rim on white paper
            drawing.path(where, colour=colour, thickness=1.6)
    return _chart(drawing, f"{title}: {note}")


def network(
    dates: np.ndarray,
    pairs: np.ndarray,
    keep: np.ndarray,
    heights: Optional[np.ndarray],
    width: float,
    height: float,
    *,
    caption: str = "",
) -> Chart:
    """Return the pairs of a network over time and perpendicular baseline, kept and dropped.

    Parameters
    ----------
    dates
        datetime64[D] [dates].
    pairs
        int [pairs, 2]: indices of the dates.
    keep
        bool [pairs].
    heights
        float [dates]: perpendicular baseline of each date in metres; None spreads the dates evenly, since nobody knows them.
    width, height
        Of the chart, mm.
    caption
        See :class:`~stillpoint.plugin.report.content.Chart`.
    """
    wide, high = width / POINT, height / POINT
    drawing = Drawing(wide, high)
    days = dates.astype("datetime64[D]").astype(float)
    steps = [(index * 7) % 11 - 5.0 for index in range(len(days))]  # up and down, to part the lines of neighbouring dates
    levels = np.asarray(steps if heights is None else heights, float)
    left, right, top, bottom = (36.0 if heights is not None else 8.0), wide - 10.0, 20.0, high - 16.0
    low, up = float(levels.min()), float(levels.max())
    room = max(0.08 * (up - low), 1.0)
    low, up = low - room, up + room
    first, last = float(days.min()), float(max(days.max(), days.min() + 1))

    def across(day: float) -> float:
        return left + 4.0 + (right - left - 8.0) * (day - first) / (last - first)

    def down(level: float) -> float:
        return bottom - (bottom - top) * (level - low) / (up - low)

    if heights is not None:
        marks = ticks_of(low, up, 5)
        step = marks[1] - marks[0] if len(marks) > 1 else 0.0
        for mark in marks:
            drawing.line(left, down(mark), right, down(mark), colour=LINE)
            drawing.text(left - 3.0, down(mark) + 2.4, number(mark, step), size=7.0, anchor="end", colour=GREY)
        drawing.text(8.0, (top + bottom) / 2, tr("Perpendicular baseline (m)"), size=7.0, anchor="middle", colour=GREY, turned=True)
    for day, words in year_ticks(first, last, right - left):
        drawing.line(across(day), bottom, across(day), bottom + 2.5, colour=GREY)
        drawing.text(across(day), bottom + 11.0, words, size=7.0, anchor="middle", colour=GREY)
    drawing.line(left, bottom, right, bottom, colour=GREY)
    for kept in (False, True):  # the kept ones lie above
        for index in np.flatnonzero(keep == kept):
            one, other = (int(place) for place in pairs[index])
            drawing.line(
                across(days[one]), down(levels[one]), across(days[other]), down(levels[other]), colour=TEAL if kept else ORANGE,
                thickness=0.9 if kept else 0.8, dashes="" if kept else "2.5,2", opacity=0.8 if kept else 0.9,
            )  # fmt: skip
    reached = np.zeros(len(days), bool)
    reached[np.asarray(pairs)[np.asarray(keep, bool)].ravel()] = True
    for day, level, is_reached in zip(days, levels, reached):
        drawing.circle(across(day), down(level), 2.2, fill=INK if is_reached else "#ffffff", stroke=INK, thickness=0.9)
    at = left
    entries = [
        (TEAL, "", tr("kept ({n})").format(n=int(np.sum(keep)))),
        (ORANGE, "2.5,2", tr("dropped ({n})").format(n=int(np.sum(~keep)))),
    ]
    for colour, dashes, words in entries:
        drawing.line(at, 7.0, at + 16.0, 7.0, colour=colour, thickness=1.4, dashes=dashes)
        drawing.text(at + 20.0, 9.6, words, size=7.5)
        at += 32.0 + width_of(words, 7.5)
    if not reached.all():
        drawing.circle(at + 3.0, 7.0, 2.2, fill="#ffffff", stroke=INK, thickness=0.9)
        drawing.text(at + 9.0, 9.6, tr("date that is lost"), size=7.5)
    return _chart(drawing, caption)


def badge(digits: int, colour: str) -> str:
    """Return a numbered mark for a map as SVG."""
    drawing = Drawing(14.0, 14.0)
    drawing.circle(7.0, 7.0, 5.6, fill="#ffffff", stroke=colour, thickness=1.8)
    drawing.text(7.0, 9.6, str(digits), size=7.2, anchor="middle", bold=True)
    return drawing.to_text()


def _chart(drawing: Drawing, caption: str) -> Chart:
    return Chart(drawing.to_text(caption), drawing.width * POINT, drawing.height * POINT, caption)
