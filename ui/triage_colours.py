"""Colours of the triage board: scores, fringes, unwrapped phase, closures and coherence, for light and dark themes.

Scores run from orange (bad) over purple to blue (good), which every common kind of colour blindness tells apart, and which are
seen on light and dark alike; that a pair is dropped is told by dashes and grey as well.
"""

from __future__ import annotations

import math
from functools import lru_cache
from typing import Optional, Sequence, Tuple

import numpy as np
from qgis.PyQt.QtGui import QColor, QImage

from stillpoint.plugin.raster_layers import CYCLE

SCORES = ("#c8500a", "#b3596b", "#7a6cb4", "#1d66b0")
"""From the worst score to the best."""
UNKNOWN = "#8a8f98"
"""Colour of a score that is not known, and of what is dropped."""
LOOP = "#12a37f"
"""Colour of the loop that a closure is shown of."""
ALERT = "#cf3a3a"
"""Colour of dates that are lost."""

DIVERGING = ("#173f7a", "#3f7fc1", "#a9cbe6", "#f4f1ea", "#eeb79b", "#c6533f", "#7c1526")
"""Unwrapped phase and closures: nothing is pale."""
GREYS = ("#101114", "#f5f5f5")

FRINGES, ONE_SCALE, OWN_SCALE = "fringes", "one", "own"
MODES = (ONE_SCALE, OWN_SCALE, FRINGES)
"""Ways to show phase: unwrapped on one scale for all pairs, each on its own, or in fringes of one cycle."""

LEVELS = 256


@lru_cache(maxsize=16)
def ramp(colours: Tuple[str, ...]) -> np.ndarray:
    """Return uint8 [256, 4]: a ramp through colours, as the bytes of a 32-bit image."""
    stops = np.array([[QColor(colour).blue(), QColor(colour).green(), QColor(colour).red(), 255] for colour in colours], float)
    places = np.linspace(0, len(colours) - 1, LEVELS)
    return np.stack([np.interp(places, np.arange(len(colours)), stops[:, band]) for band in range(4)], axis=1).astype(np.uint8)


def score_colour(score: float) -> QColor:
    """Return the colour of a score."""
    if not math.isfinite(score):
        return QColor(UNKNOWN)
    blue, green, red, _ = ramp(SCORES)[round(min(max(score, 0.0), 1.0) * (LEVELS - 1))]
    return QColor(int(red), int(green), int(blue))


def image_of(values: np.ndarray, low: float, high: float, colours: Sequence[str], *, cyclic: bool = False) -> QImage:
    """Return values [rows, cols] as an image; missing ones are transparent."""
    known = np.isfinite(values)
    share = (np.where(known, values, 0.0) - low) / max(high - low, 1e-9)
    share = share - np.floor(share) if cyclic else np.clip(share, 0.0, 1.0)
    pixels = ramp(tuple(colours))[(share * (LEVELS - 1) + 0.5).astype(np.uint8)]
    pixels[~known] = 0
    pixels = np.ascontiguousarray(pixels)
    rows, columns = values.shape
    # The bytes are the program's, so the image copies them before they go.
    return QImage(pixels.tobytes(), columns, rows, 4 * columns, QImage.Format.Format_ARGB32_Premultiplied).copy()


def middle_and_reach(values: np.ndarray) -> Tuple[float, float]:
    """Return the median of an unwrapped phase, and how far most of it goes from there, in radians."""
    known = values[np.isfinite(values)]
    if not known.size:
        return 0.0, 1.0
    middle = float(np.median(known))
    return middle, max(float(np.percentile(np.abs(known - middle), 98)), 0.1)


def phase_image(values: np.ndarray, mode: str, reach: float) -> QImage:
    """Return a phase as an image; ``reach`` is that of the one scale for all pairs, in radians."""
    if mode == FRINGES:
        return image_of(values, -math.pi, math.pi, CYCLE, cyclic=True)
    middle, own = middle_and_reach(values)
    limit = reach if mode == ONE_SCALE else own
    return image_of(values - np.float32(middle), -limit, limit, DIVERGING)


def coherence_image(values: np.ndarray) -> QImage:
    """Return a coherence as an image in greys."""
    return image_of(values, 0.0, 1.0, GREYS)


def closure_image(values: np.ndarray, *, wrapped: bool) -> QImage:
    """Return a closure as an image: from -pi to pi, or from minus to plus one cycle of unwrapped phases."""
    limit = math.pi if wrapped else 2 * math.pi
    return image_of(values, -limit, limit, DIVERGING)


def ramp_image(colours: Sequence[str], width: int = LEVELS) -> QImage:
    """Return a strip of one row through colours, for legends."""
    return image_of(np.linspace(0.0, 1.0, width, dtype=np.float32)[None, :], 0.0, 1.0, colours)


def common_reach(pictures: Sequence[Optional[np.ndarray]]) -> float:
    """Return the reach of one scale for many pictures: all but the strongest sixth are not cut off."""
    reaches = [middle_and_reach(picture)[1] for picture in pictures if picture is not None and np.isfinite(picture).any()]
    return float(np.percentile(reaches, 83)) if reaches else math.pi
