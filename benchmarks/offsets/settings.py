"""Every number of the benchmark's simulated pairs, in one place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Dict, Tuple

SIDE = 512
"""Pixels a side of a pair."""

SPACING = 8
"""Pixels between nodes, centres of blocks of as many pixels."""

EDGE = 40
"""Pixels at the border of the pair where nothing is scored."""

SEARCH = 16
"""Pixels that every tracker searches to each side."""

FIELDS = ("glacier", "earthquake", "volcano", "landslide")


@dataclass(frozen=True)
class Sensor:
    """How an image is made of the scatterers.

    Attributes
    ----------
    band
        Share of the sampling frequency that the complex image fills, in rows and columns.
    looks
        Independent intensities that are averaged.
    taper
        By how much the edges of the band are weaker than its middle, 0 to 1.
    """

    band: Tuple[float, float]
    looks: int
    taper: float = 0.5


SENSORS: Dict[str, Sensor] = {
    "cslc": Sensor((0.52, 0.96), 1),
    "grd": Sensor((0.55, 0.5), 4),
    "stripmap": Sensor((0.83, 0.88), 2),
    "spotlight": Sensor((0.38, 0.34), 1, taper=0.9),
    "multilook": Sensor((0.41, 0.43), 12, taper=0.0),
}
"""The first two are those of the tables. No training sees the last two: it draws bands of 0.45 to 0.98 and at most 4 looks."""


@dataclass(frozen=True)
class Setting:
    """How far things move, and how alike the images stay.

    Attributes
    ----------
    largest
        Range of the largest offset of a pair, pixels.
    coherence
        Range of the mean coherence of a pair.
    uneven
        Standard deviation of the coherence over a pair, in logits.
    texture
        Range of the standard deviation of the ground's brightness, dB.
    affine
        Largest residual of the co-registration, pixels.
    wider
        By how much larger than those of the hard settings the moving bodies are.
    steepest
        Change of the offset from pixel to pixel that most of a pair keeps below, if its largest offset can be kept above 2 px.
    """

    title: str
    largest: Tuple[float, float]
    coherence: Tuple[float, float]
    uneven: float
    texture: Tuple[float, float]
    affine: float
    wider: float = 1.0
    steepest: float = 0.018


SETTINGS: Dict[str, Setting] = {
    "large": Setting("large, 2 to 15 px, hard", (2.0, 15.0), (0.3, 0.7), 0.6, (0.0, 4.0), 0.3),
    "moderate": Setting("large, 2 to 15 px, moderate", (2.0, 15.0), (0.45, 0.8), 0.4, (0.0, 4.0), 0.3, 1.7, 0.012),
    "small": Setting("small, below 0.4 px", (0.05, 0.4), (0.33, 0.75), 0.6, (0.0, 4.0), 0.1),
}
