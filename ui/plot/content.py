"""What a chart of time series shows, apart from how it is painted."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Callable, List, Optional, Tuple, Union

import numpy as np

from stillpoint.ui.plot.ticks import Tick, date_ticks, day_text


@dataclass(frozen=True)
class Abscissa:
    """What the horizontal axis counts; days since 1970 unless told otherwise.

    Attributes
    ----------
    ticks
        Takes the lowest and highest value and how many labels fit; gives places and labels.
    text
        Gives the text of a value, for the box of the cross line.
    room
        Least room at both ends.
    shortest
        What the deepest zoom still shows.
    """

    ticks: Callable[[float, float, int], List[Tick]] = date_ticks
    text: Callable[[float], str] = day_text
    room: float = 3.0
    shortest: float = 20.0


DAYS = Abscissa()


@dataclass
class Dots:
    """Measured values: x in days since 1970, y in mm, both of shape (n,); NaN is not drawn."""

    x: np.ndarray
    y: np.ndarray
    colour: str
    label: str = ""
    faint: bool = False
    """Hollow and pale: what was measured, where the corrected series is shown too."""


@dataclass
class Line:
    """A curve: x in days since 1970, y in mm, both of shape (n,)."""

    x: np.ndarray
    y: np.ndarray
    colour: str
    label: str = ""
    width: float = 2.2
    dashed: bool = False


@dataclass
class Band:
    """An area between two curves: x in days since 1970, lower and upper in mm, all of shape (n,)."""

    x: np.ndarray
    lower: np.ndarray
    upper: np.ndarray
    colour: str
    label: str = ""


@dataclass
class Mark:
    """A moment: a vertical line at ``x`` (days since 1970), with the interval ``low`` .. ``high`` where known."""

    x: float
    label: str
    colour: str
    low: float = float("nan")
    high: float = float("nan")
    kind: str = "break"
    """``break``: dashed over the whole height; ``jump``: a short line with a triangle below."""


@dataclass
class Content:
    """Everything that one chart shows, drawn in the order bands, marks, lines, dots."""

    bands: List[Band] = field(default_factory=list)
    marks: List[Mark] = field(default_factory=list)
    lines: List[Line] = field(default_factory=list)
    dots: List[Dots] = field(default_factory=list)
    unit: str = "mm"
    axis: str = "Displacement along line of sight"
    short_axis: str = "LOS"
    """What stands in the place of ``axis`` where there is no room for it."""
    title: str = ""
    message: str = ""
    """Shown in the middle where there is nothing to draw: what to do."""
    abscissa: Abscissa = DAYS
    digits: int = 1
    """Decimals of values in the box of the cross line."""
    least_span: float = 10.0
    """Values that the height shows at least, so that noise looks small."""

    @property
    def is_empty(self) -> bool:
        """True where there is not a single value to draw."""
        return not any(np.isfinite(item.y).any() for item in self.dots) and not any(
            np.isfinite(item.y).any() for item in self.lines
        )

    def _curves(self) -> List[Union[Dots, Line]]:
        return [*self.dots, *self.lines]

    def x_range(self) -> Optional[Tuple[float, float]]:
        """Return first and last day with some room at both ends; None where nothing is drawn."""
        ends = [item.x[[0, -1]] for item in self._curves() if len(item.x)]
        if not ends:
            return None
        low, high = float(np.min(ends)), float(np.max(ends))
        room = max(0.02 * (high - low), self.abscissa.room)
        return low - room, high + room

    def y_range(self, x_low: float, x_high: float) -> Tuple[float, float]:
        """Return the values between two days with some room; never less than ``least_span``."""
        parts = [item.y[(item.x >= x_low) & (item.x <= x_high)] for item in self._curves()]
        for band in self.bands:
            inside = (band.x >= x_low) & (band.x <= x_high)
            parts += [band.lower[inside], band.upper[inside]]
        values = np.concatenate(parts) if parts else np.zeros(0)
        values = values[np.isfinite(values)]
        if not len(values):
            return -self.least_span / 2, self.least_span / 2
        low, high = float(values.min()), float(values.max())
        span = max(high - low, self.least_span)
        middle = (low + high) / 2
        return middle - 0.58 * span, middle + 0.58 * span
