"""The symbols of points by their velocity: nine classes, symmetric about no motion, told apart by colour-blind readers.

Motion along the line of sight and vertical motion go from red (away, down) to blue (towards, up), as is usual in maps of ground
motion; east-west motion from purple (west) to orange (east), so that the two are never taken for one another. Both are diverging
schemes of ColorBrewer (Brewer, Hatchard & Harrower 2003) made for colour-blind readers; lightness falls to both sides, and the calm
class in the middle is pale.
"""

from __future__ import annotations

from typing import List, NamedTuple, Sequence, Tuple

import numpy as np
from qgis.core import (
    QgsGraduatedSymbolRenderer,
    QgsMarkerSymbol,
    QgsProperty,
    QgsRendererRange,
    QgsSimpleMarkerSymbolLayer,
    QgsSymbolLayer,
    QgsUnitTypes,
)

from stillpoint.plugin.styles.trends import SIZE, SIZE_BY_SCALE

SIGHT, UP, EAST = "sight", "up", "east"
"""Directions that a velocity can have: along the line of sight, vertical, east-west."""

_RED_BLUE = ("#a50026", "#d73027", "#f46d43", "#fdae61", "#f7f3cf", "#abd9e9", "#74add1", "#4575b4", "#313695")
_PURPLE_ORANGE = ("#4b1d72", "#6a4ba0", "#9a86c0", "#c6bcdd", "#f2f0ea", "#fbc98b", "#ee9a3a", "#c76b0d", "#7f3b08")


class Direction(NamedTuple):
    """How a direction looks, what its ends are called, and what its displacements are, in full and in short."""

    title: str
    colours: Tuple[str, ...]
    negative: str
    positive: str
    axis: str
    short_axis: str


DIRECTIONS = {
    SIGHT: Direction(
        "Velocity along the line of sight", _RED_BLUE, "away from the satellite", "towards the satellite",
        "Displacement along line of sight", "LOS",
    ),
    UP: Direction("Vertical velocity", _RED_BLUE, "down", "up", "Vertical displacement", "Up"),
    EAST: Direction("East-west velocity", _PURPLE_ORANGE, "to the west", "to the east", "East-west displacement", "East"),
}  # fmt: skip

PROPERTY = "stillpoint/direction"
"""Custom property of a layer: direction of its velocity and series."""

UNIT = "mm/yr"
CLASSES = 9
_HALF = CLASSES // 2
_STEPS = (1.0, 2.0, 3.0, 4.0, 6.0, 8.0, 10.0)
_COVERED = 97.0
"""Percent of the points that the limits of the last classes hold."""


def step_of(velocities: np.ndarray) -> float:
    """Return the width of a class in mm/yr: a round number with which the classes between the last two hold nearly all points.

    Parameters
    ----------
    velocities
        Velocities of the layer, or of a sample of it; NaN is left out.
    """
    size = np.abs(velocities[np.isfinite(velocities)])
    wanted = float(np.percentile(size, _COVERED)) / (_HALF - 0.5) if len(size) else 1.0
    wanted = max(wanted, 0.5)  # narrower classes would show noise
    power = 10.0 ** np.floor(np.log10(wanted))
    return float(next(number * power for number in _STEPS if number * power >= wanted * 0.999))


def edges_of(step: float) -> List[float]:
    """Return the eight edges between the nine classes, mm/yr; 0 lies in the middle of the fifth class."""
    return [(number - _HALF + 0.5) * step for number in range(CLASSES - 1)]


def labels_of(step: float, direction: str) -> List[str]:
    """Return the legend of the nine classes, from the most negative."""
    about = DIRECTIONS[direction]
    edges = [f"{edge:g}".replace("-", "\u2212") for edge in edges_of(step)]
    found = [f"{low} to {high} {UNIT}" for low, high in zip(edges, edges[1:])]
    return [f"below {edges[0]} {UNIT} ({about.negative})", *found, f"above {edges[-1]} {UNIT} ({about.positive})"]


def renderer(field: str, step: float, direction: str) -> QgsGraduatedSymbolRenderer:
    """Return the renderer of points by their velocity; the fastest lie on top.

    Parameters
    ----------
    field
        Field with the velocity, mm/yr.
    step
        Width of a class, mm/yr.
    direction
        A key of ``DIRECTIONS``.
    """
    edges = [-1e9, *edges_of(step), 1e9]
    ranges = []
    for index, (low, high, label) in enumerate(zip(edges, edges[1:], labels_of(step, direction))):
        symbol = marker(DIRECTIONS[direction].colours[index], level=abs(index - _HALF))
        ranges.append(QgsRendererRange(low, high, symbol, label))
    made = QgsGraduatedSymbolRenderer(field, ranges[::-1])  # the legend has up above down
    made.setUsingSymbolLevels(True)
    return made


def marker(colour: str, *, level: int = 0, size: float = SIZE) -> QgsMarkerSymbol:
    """Return a dot that grows with the scale of the map; ``level`` is the pass in which it is drawn."""
    layer = QgsSimpleMarkerSymbolLayer.create(
        {"name": "circle", "color": colour, "outline_color": "35,35,40,150", "outline_width": "0.12", "outline_width_unit": "MM",
         "size": f"{size:g}", "size_unit": "MM"}
    )  # fmt: skip
    layer.setRenderingPass(level)
    expression = SIZE_BY_SCALE.format(size=f"{size:g}")
    layer.setDataDefinedProperty(QgsSymbolLayer.Property.PropertySize, QgsProperty.fromExpression(expression))
    symbol = QgsMarkerSymbol()
    symbol.changeSymbolLayer(0, layer)
    symbol.setOutputUnit(QgsUnitTypes.RenderUnit.RenderMillimeters)
    return symbol


def colours(direction: str) -> Sequence[str]:
    """Return the colours of the nine classes, from the most negative."""
    return DIRECTIONS[direction].colours
