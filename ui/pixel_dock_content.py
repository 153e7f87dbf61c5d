"""What the charts of a pixel show: amplitude in decibels and phase in radians over the dates."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Optional, Tuple

import numpy as np

from stillpoint.plugin.language import tr
from stillpoint.plugin.pixel import History
from stillpoint.ui.plot.content import Content, Dots, Line

AMPLITUDE, PHASE, MUTED = "#1F6FB4", "#D1400B", "#8C8C8C"
_LEAST_DB = 6.0
"""Decibels that the amplitude's axis spans at least, so that a steady pixel looks steady."""


@dataclass
class AmplitudeContent(Content):
    """A chart of amplitudes."""

    def y_range(self, x_low: float, x_high: float) -> Tuple[float, float]:
        """Return the values between two days with some room; never less than some decibels."""
        parts = [item.y[(item.x >= x_low) & (item.x <= x_high)] for item in self.dots]
        values = np.concatenate(parts) if parts else np.zeros(0)
        values = values[np.isfinite(values)]
        if not len(values):
            return 0.0, _LEAST_DB
        low, high = float(values.min()), float(values.max())
        middle, span = (low + high) / 2, max(high - low, _LEAST_DB)
        return middle - 0.58 * span, middle + 0.58 * span


@dataclass
class PhaseContent(Content):
    """A chart of phases: always the whole circle where they are wrapped."""

    wrapped: bool = True

    def y_range(self, x_low: float, x_high: float) -> Tuple[float, float]:
        """Return a little more than a turn, or the range of unwrapped phases."""
        if self.wrapped:
            return -math.pi * 1.08, math.pi * 1.08
        low, high = super().y_range(x_low, x_high)
        return low, high


def amplitude_content(history: History) -> AmplitudeContent:
    """Return the chart of amplitudes: dots with a thin line through them."""
    days = history.days
    return AmplitudeContent(
        lines=[Line(days, history.values, AMPLITUDE, width=1.0)],
        dots=[Dots(days, history.values, AMPLITUDE)],
        unit="dB", axis=tr("Amplitude"), short_axis=tr("Amplitude"),
    )  # fmt: skip


def phase_content(history: History, relative: Optional[History] = None, *, wrapped: bool = True) -> PhaseContent:
    """Return the chart of phases: dots at the other date, or for a network of pairs a bar over its time span.

    Where the phase against the surroundings is known, it is drawn in full and the phase itself hollow.
    """
    shown = history if relative is None else relative
    lines = []
    if shown.is_network:
        starts, ends = shown.start.astype("datetime64[D]"), shown.end.astype("datetime64[D]")
        for first, last, value in zip(starts.astype(float), ends.astype(float), shown.values):
            lines.append(Line(np.array([first, last]), np.array([value, value]), PHASE, width=0.7))
    if relative is None:
        dots = [_dots(history, PHASE, label="")]
    else:
        dots = [_dots(relative, PHASE, label=tr("less neighbours")), _dots(history, MUTED, label="raw", faint=True)]
    axis = tr("Phase") if not history.common else tr("Phase against {common}").format(common=history.common)
    return PhaseContent(lines=lines, dots=dots, unit="rad", axis=axis, short_axis=tr("Phase"), wrapped=wrapped)


def _dots(history: History, colour: str, *, label: str, faint: bool = False) -> Dots:
    days = history.days
    order = np.argsort(days, kind="stable")
    return Dots(days[order], history.values[order], colour, label=label, faint=faint)
