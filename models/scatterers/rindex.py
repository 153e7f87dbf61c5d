"""R-index: how the terrain lies to the radar, and the classes of visibility that follow from it.

The index of Notti et al. (2011, 2014) is the sine of the angle between the line of sight and the slope, measured in the
plane of incidence: the spacing in slant range over that on the slope. Flat ground has the sine of the incidence angle;
a slope that faces the radar less, down to 0 where its pixels fall into one and below 0 where they are imaged upside down
(layover); a slope that faces away more, up to 1 where it is parallel to the line of sight. What is steeper is in shadow.

Each pixel is judged by its own slope: shadow and layover that a mountain casts on its surroundings are not among them.

Sources: Notti, D., Meisina, C., Zucca, F., Colombo, A. (2011), Models to predict Persistent Scatterers data distribution
and their capacity to register movement along the slope, Fringe 2011. Notti, D., Herrera, G., Bianchini, S., Meisina, C.,
García-Davalillo, J. C., Zucca, F. (2014), A methodology for improving landslide PSI data analysis, International Journal
of Remote Sensing 35(6).
"""

from __future__ import annotations

from typing import Tuple

import numpy as np

CLASSES = ("Unknown", "Layover", "Foreshortening", "Favourable", "Facing away", "Shadow")
"""Names of the classes; the index is the code. Unknown is where there is no elevation."""

UNKNOWN, LAYOVER, FORESHORTENING, FAVOURABLE, AWAY, SHADOW = range(6)

FAVOURABLE_RANGE = (0.5, 0.9)
"""R-index of terrain that suits persistent scatterers."""

_ROUNDING = 1e-9


def gradient(elevation: np.ndarray, steps: np.ndarray) -> Tuple[np.ndarray, np.ndarray]:
    """Return the rise of the terrain per metre east and per metre north.

    Parameters
    ----------
    elevation
        float [rows + 2, cols + 2], metres: the block with one pixel around it; NaN where unknown.
    steps
        float64 [rows, 2, 2]: metres (east, north) of a step along a row and of a step down; see
        :attr:`stillpoint.models.scatterers.assess_grid.Grid.steps`.

    Returns
    -------
    east, north
        float64 [rows, cols]; central differences, one-sided beside missing pixels, NaN where neither side is known.
    """
    inner = elevation[1:-1, 1:-1].astype(np.float64)
    along = _difference(elevation[1:-1, :-2], inner, elevation[1:-1, 2:])
    down = _difference(elevation[:-2, 1:-1], inner, elevation[2:, 1:-1])
    inverse = np.linalg.inv(steps)  # rows: along, down; columns: east, north
    east = along * inverse[:, 0, 0, None] + down * inverse[:, 1, 0, None]
    north = along * inverse[:, 0, 1, None] + down * inverse[:, 1, 1, None]
    return east, north


def _difference(before: np.ndarray, here: np.ndarray, after: np.ndarray) -> np.ndarray:
    forward, backward = after - here, here - before
    both = (forward + backward) / 2
    return np.where(np.isnan(forward), backward, np.where(np.isnan(backward), forward, both))


def facing_slope(east: np.ndarray, north: np.ndarray, heading: float, looking: str = "right") -> np.ndarray:
    """Return the slope in the plane of incidence, radians, positive where it faces the radar.

    Parameters
    ----------
    east, north
        Rise of the terrain per metre; see :func:`gradient`.
    heading
        Flight direction, degrees clockwise from north.
    looking
        ``"right"`` or ``"left"`` of the flight direction.
    """
    azimuth = np.radians(heading + (90.0 if looking == "right" else -90.0))
    # Terrain that rises away from the radar faces it.
    return np.arctan(east * np.sin(azimuth) + north * np.cos(azimuth))


def r_index(slope: np.ndarray, incidence: float) -> np.ndarray:
    """Return the R-index sin(incidence - slope); ``slope`` as :func:`facing_slope` gives it, ``incidence`` in degrees."""
    return np.sin(np.radians(incidence) - slope)


def visibility(slope: np.ndarray, incidence: float) -> np.ndarray:
    """Return the class of each pixel, uint8 codes of :data:`CLASSES`.

    Layover is an R-index of 0 and less, foreshortening below 0.5, favourable 0.5 to 0.9, facing away above; shadow is
    terrain that falls off more steeply than the line of sight, whatever its index.
    """
    index = r_index(slope, incidence)
    codes = np.full(slope.shape, AWAY, np.uint8)
    codes[index <= FAVOURABLE_RANGE[1] + _ROUNDING] = FAVOURABLE
    codes[index < FAVOURABLE_RANGE[0] - _ROUNDING] = FORESHORTENING
    codes[index <= 0] = LAYOVER
    codes[np.radians(incidence) - slope >= np.pi / 2] = SHADOW
    codes[np.isnan(slope)] = UNKNOWN
    return codes
