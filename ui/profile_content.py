"""What the chart of a profile shows: values along the line with their standard errors, gaps where nothing was measured."""

from __future__ import annotations

from typing import List, Sequence, Tuple

import numpy as np

from stillpoint.plugin.language import tr
from stillpoint.plugin.offsets_profile import ACROSS, ALONG, MAGNITUDE, TITLES, Profile
from stillpoint.plugin.styles.palette import COMPARE
from stillpoint.ui.plot.content import Abscissa, Band, Content, Dots, Line
from stillpoint.ui.plot.ticks import number_text, number_ticks

COLOURS = {MAGNITUDE: "#7e03a8", ALONG: "#D1400B", ACROSS: "#1F6FB4"}
FIRST, SECOND = "#D1400B", "#1F6FB4"


def content_of(profiles: Sequence[Profile], names: Sequence[str], message: str = "") -> Content:
    """Return the chart of one profile's quantities, or of the same quantity of several."""
    if not profiles:
        return Content(message=message)
    scale, unit = _distance_unit(profiles)
    first = profiles[0]
    content = Content(unit=first.unit, axis=tr("Offset"), short_axis=tr("Offset"), message=message, least_span=1e-3)
    content.axis = content.short_axis = TITLES[names[0]] if len(names) == 1 else tr("Offset")
    for number, profile in enumerate(profiles):
        for name in names:
            if len(profiles) > 1:
                colour, label = COMPARE[number % len(COMPARE)], profile.pair.label
            else:
                colour = COLOURS.get(name) or (FIRST if name == profile.pair.kinds[0] else SECOND)
                label = TITLES[name]
            x, y, sigma = profile.distance * scale, profile.values[name], profile.errors[name]
            for part in _runs(y):
                if len(profiles) == 1 and np.isfinite(sigma[part]).all():
                    content.bands.append(Band(x[part], y[part] - sigma[part], y[part] + sigma[part], colour))
                content.lines.append(Line(x[part], y[part], colour, width=1.6))
            content.dots.append(Dots(x, y, colour, label))
    if content.bands:
        content.bands[-1].label = tr("± 1 standard error")
    values = np.concatenate([dots.y for dots in content.dots])
    values = np.abs(values[np.isfinite(values)])
    largest = float(values.max()) if values.size else 1.0
    content.digits = int(np.clip(2 - np.floor(np.log10(max(largest, 1e-6))), 0, 5))
    content.least_span = max(0.05 * largest, 1e-6)
    length = float(first.distance[-1] * scale)
    digits = 0 if unit == "px" else 2 if unit == "km" else 0

    def ticks(low: float, high: float, most: int) -> List[Tuple[float, str]]:
        return [(value, f"{text} {unit}") for value, text in number_ticks(low, high, max(most - 1, 1))]

    content.abscissa = Abscissa(
        ticks, lambda value: f"{number_text(value, digits)} {unit}", room=0.01 * length, shortest=0.02 * length
    )
    return content


def _distance_unit(profiles: Sequence[Profile]) -> Tuple[float, str]:
    profile = profiles[0]
    if profile.distance_unit == "m" and profile.distance[-1] >= 3000:
        return 1e-3, "km"
    return 1.0, profile.distance_unit


def _runs(values: np.ndarray) -> List[slice]:
    """Return the runs of at least two measured values."""
    good = np.concatenate([[False], np.isfinite(values), [False]])
    edges = np.flatnonzero(good[1:] != good[:-1])
    return [slice(start, stop) for start, stop in zip(edges[::2], edges[1::2]) if stop - start >= 2]
