"""The baseline plot of a stack: time against perpendicular baseline, a dot a date, a line an interferogram."""

from __future__ import annotations

from typing import Any, Dict, List, Mapping, Tuple

import numpy as np

from stillpoint.plugin.language import tr
from stillpoint.ui.plot.content import Content, Dots, Line

DATE, REFERENCE, PAIR = "#1F6FB4", "#D1400B", "#8FA3B5"


def _day(text: str) -> float:
    return float(np.datetime64(text, "D").astype(int))


def baseline_content(details: Mapping[str, Any]) -> Content:
    """Return the plot of what ``describe-stack`` found; without baselines, when each band was taken.

    Parameters
    ----------
    details
        ``details`` of a ``describe-stack`` result: ``bands``, ``dates``, ``baselines`` (metres by date, or None),
        ``reference_date``, ``kind``.
    """
    dates = [str(day) for day in details.get("dates") or []]
    if not dates:
        return Content(message=tr("No dates were found."))
    if details.get("baselines"):
        return _with_baselines(details, dates)
    return _spans(details, dates)


def _with_baselines(details: Mapping[str, Any], dates: List[str]) -> Content:
    place: Dict[str, Tuple[float, float]] = {
        day: (_day(day), float(metres)) for day, metres in zip(dates, details["baselines"]) if metres is not None
    }
    lines = []
    for band in details.get("bands") or []:
        ends = [place.get(str(band.get(name))) for name in ("reference_date", "secondary_date")]
        if ends[0] is not None and ends[1] is not None:
            lines.append(Line(np.array([ends[0][0], ends[1][0]]), np.array([ends[0][1], ends[1][1]]), PAIR, width=0.8))
    reference = str(details.get("reference_date") or "")
    is_single = details.get("kind") == "single-reference"
    others = [spot for day, spot in place.items() if not (is_single and day == reference)]
    dots = [Dots(*_arrays(others), DATE, label="dates")]
    if is_single and reference in place:
        dots.append(Dots(*_arrays([place[reference]]), REFERENCE, label="reference"))
    return Content(lines=lines, dots=dots, unit="m", axis=tr("Perpendicular baseline"), short_axis=tr("Baseline"))


def _spans(details: Mapping[str, Any], dates: List[str]) -> Content:
    """Return each interferogram as a bar between its dates, or each image as a dot, by number of the band."""
    lines: List[Line] = []
    spots: List[Tuple[float, float]] = []
    shared: List[Tuple[float, float]] = []
    reference = str(details.get("reference_date")) if details.get("kind") == "single-reference" else ""
    for number, band in enumerate(details.get("bands") or [], start=1):
        pair = [str(band[name]) for name in ("reference_date", "secondary_date") if band.get(name)]
        days = pair if len(pair) == 2 else [str(band["date"])] if band.get("date") else []
        if len(days) == 2:
            ends = np.array(sorted(_day(day) for day in days))
            lines.append(Line(ends, np.array([number, number], dtype=float), PAIR, width=0.8))
        for day in days:
            (shared if day == reference else spots).append((_day(day), float(number)))
    what = tr("interferograms") if lines else tr("images")
    dots = [Dots(*_arrays(spots), DATE, label="dates")]
    if shared:
        dots.append(Dots(*_arrays([shared[0], shared[-1]]), REFERENCE, label="reference"))
    return Content(
        lines=lines, dots=dots, unit="number", axis=tr("Baselines unknown; {what} in order").format(what=what),
        short_axis=what.capitalize(),
    )


def _arrays(spots: List[Tuple[float, float]]) -> Tuple[np.ndarray, np.ndarray]:
    spots = sorted(spots)
    return np.array([x for x, _ in spots]), np.array([y for _, y in spots])
