"""Colours of the trend classes, told apart by colour-blind readers. No Qt: tests and scripts use it too.

The five class colours keep a CIEDE2000 distance above 25 from each other for normal sight and under
simulated protanopia, deuteranopia and tritanopia (Machado, Oliveira & Fernandes 2009, severity 1.0);
``tests/plugin/test_layers.py`` measures it. The calm colour belongs to the class that is most common.
Each class has a shape of its own too, for prints in grey.
"""

from __future__ import annotations

from typing import Any, NamedTuple, Optional, Tuple

from stillpoint.models.trends.classes import NAMES, NOT_CLASSIFIED


class ClassLook(NamedTuple):
    """Look of one class.

    Attributes
    ----------
    code
        Class code 0..4, None for points that were not classified.
    name
        Its name for people.
    colour
        ``#rrggbb``.
    shape
        Marker shape as QGIS encodes it ("circle", "square" ...).
    scale
        Size relative to the other classes, so that shapes of different area weigh the same.
    """

    code: Optional[int]
    name: str
    colour: str
    shape: str
    scale: float


_COLOURS = ("#8FD0BE", "#1F6FB4", "#F7D038", "#D1400B", "#1A1A1A")
_SHAPES = (("circle", 1.0), ("circle", 1.0), ("square", 0.92), ("triangle", 1.2), ("diamond", 1.15))

LOOKS: Tuple[ClassLook, ...] = tuple(
    ClassLook(code, name, colour, shape, scale)
    for code, (name, colour, (shape, scale)) in enumerate(zip(NAMES, _COLOURS, _SHAPES))
)
"""Look of each class; its index is the class code."""

UNKNOWN = ClassLook(None, NOT_CLASSIFIED, "#8C8C8C", "circle", 1.0)
"""Look of points without a class: a hollow grey ring."""

COMPARE: Tuple[str, ...] = ("#1F6FB4", "#D1400B", "#2F9E77", "#A64D9C", "#E0A100", "#5B5BD6", "#7A5230", "#3AA6C9")
"""Colours of the points that the series viewer compares, in the order of picking."""


def look_of(code: Any) -> ClassLook:
    """Return the look of a class code as it comes from a layer (int, text, None or NULL)."""
    try:
        return LOOKS[int(code)] if 0 <= int(code) < len(LOOKS) else UNKNOWN
    except (TypeError, ValueError):
        return UNKNOWN
