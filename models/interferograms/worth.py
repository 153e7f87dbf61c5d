"""What a selection of interferograms is worth: velocity by all of them, by the kept ones, and the difference."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Optional, Sequence, Tuple

import numpy as np
from numpy.typing import NDArray

from stillpoint.models.errors import StillpointError
from stillpoint.models.interferograms.observations import Network
from stillpoint.models.rasters.inversion import fit_velocity, invert, refer

Pixel = Tuple[int, int]


@dataclass(frozen=True)
class Worth:
    """Velocities with and without the dropped interferograms.

    Attributes
    ----------
    all, kept, difference
        Velocity by all interferograms, by the kept ones, and kept minus all; float32 [rows, cols], mm/yr, positive towards the
        satellite, relative to the reference; NaN where there is none.
    error_all, error_kept
        Standard errors, mm/yr.
    points
        Rows and columns of the chosen points.
    dates
        datetime64[D] [dates].
    series_all, series_kept
        Displacement of the points, float32 [points, dates] in mm, 0 at the first date that a point has; NaN at dates that are lost.
    """

    all: NDArray[np.float32]
    kept: NDArray[np.float32]
    difference: NDArray[np.float32]
    error_all: NDArray[np.float32]
    error_kept: NDArray[np.float32]
    points: Sequence[Pixel]
    dates: NDArray[np.datetime64]
    series_all: NDArray[np.float32]
    series_kept: NDArray[np.float32]


def selection_worth(
    network: Network, keep: NDArray[np.bool_], *, weights: Optional[NDArray] = None, reference: Optional[Pixel] = None,
    points: Sequence[Pixel] = (), sign: int = -1,
) -> Worth:
    """Return velocities by all and by the kept interferograms, and the series of some points.

    Parameters
    ----------
    network
        Unwrapped, with a wavelength.
    keep
        bool [pairs].
    weights
        For the kept ones: [pairs] or [pairs, rows, cols], see :func:`~.inversion.invert`. With all interferograms every weight is
        the same: that is what a selection is compared with.
    reference
        Row and column of the reference pixel; the median over a common area if omitted.
    points
        Rows and columns of the points whose series are wanted.
    sign
        -1 where the phase grows with the distance from the satellite.

    Raises
    ------
    StillpointError
        The interferograms are wrapped, their wavelength is unknown, nothing is kept, or a point lies outside.
    """
    if not network.unwrapped:
        raise StillpointError("A velocity needs unwrapped interferograms, and these are wrapped. Give the unwrapped stack.")
    if network.wavelength is None:
        raise StillpointError(
            "A velocity in mm/yr needs the wavelength, and the stack does not name it. Set WAVELENGTH (metres) in its metadata."
        )
    keep = np.asarray(keep, bool)
    if not keep.any():
        raise StillpointError("No interferogram is kept, so there is no velocity to compare. Lower the threshold.")
    rows, cols = network.shape
    for row, col in points:
        if not (0 <= row < rows and 0 <= col < cols):
            raise StillpointError(f"The point at row {row}, column {col} lies outside the stack of {rows} x {cols} pixels.")
    phase = refer(network.phase, pixel=reference)
    spots = tuple(np.array(points, np.int64).reshape(-1, 2).T)
    factor = sign * network.wavelength / (4 * np.pi) * 1000.0
    found = []
    for chosen, weight in ((None, None), (keep, weights)):
        series = invert(phase, network.dates, network.pairs, keep=chosen, weights=weight)
        fitted = fit_velocity(series, network.dates, wavelength=network.wavelength, sign=sign)
        found.append((fitted, (factor * series[:, spots[0], spots[1]].T).astype(np.float32)))
    (whole, series_all), (part, series_kept) = found
    return Worth(
        whole.velocity, part.velocity, part.velocity - whole.velocity, whole.error, part.error, tuple(points), network.dates,
        series_all, series_kept,
    )
