"""Displacement series and velocity from a network of unwrapped interferograms: weighted small-baseline least squares.

The series of a pixel solves min sum_p w_p (x_j - x_i - phase_p)^2 over its pairs p = (i, j) (Berardino et al. 2002, IEEE TGRS 40,
2375-2383). Its normal matrix is the Laplacian of the network, weighted and for each pixel apart, so that missing pairs are pairs of
weight 0 and all pixels are solved in batches. Where the pairs of a pixel fall into subsets that share no date, the equations leave
the offset between the subsets open. It is closed as in NSBAS (Lopez-Quiroz et al. 2009, J. Appl. Geophys. 69, 1-15): a constraint
of next to no weight on the velocity between neighbouring dates, here against the mean velocity that the pixel's pairs show, or
against zero, which is the minimum-norm velocity of SBAS.

Why own equations: MintPy and LiCSBAS bring dozens of dependencies and files of their own, and insar-rs (0.3.0) is built for one
platform and knows no weights; what is needed here is a page of linear algebra.
"""

from __future__ import annotations

from typing import NamedTuple, Optional, Tuple

import numpy as np
import torch
from numpy.typing import NDArray

from stillpoint.models.errors import StillpointError

DAYS_PER_YEAR = 365.25
GAPS = ("steady", "minimum")
"""How subsets without a common date are joined: at the pixel's mean velocity, or by the minimum norm of the velocity."""

_CONSTRAINT = 1e-7  # weight of the constraint over that of a pair: it must matter in gaps only
_CELLS = 2_000_000  # numbers in a batch of normal matrices, 16 MB
_BLOCK = 1 << 15  # pixels at a time where one set of equations serves all
_REFERENCE_SHARE = 0.05


class Velocity(NamedTuple):
    """Velocity of every pixel and its standard error, float32 [rows, cols], mm/yr."""

    velocity: NDArray[np.float32]
    error: NDArray[np.float32]


def reference_area(phase: NDArray, share: float = _REFERENCE_SHARE) -> NDArray[np.bool_]:
    """Return the pixels that all interferograms are referred to: those that are valid in most of them.

    A median over different pixels in every interferogram would put a false level between them, so one set is taken for all: the
    pixels with the most valid interferograms, at least ``share`` of those that are valid anywhere.

    Parameters
    ----------
    phase
        [pairs, rows, cols], NaN where missing.
    share
        Least share of the pixels.

    Returns
    -------
    bool [rows, cols]
    """
    count = np.isfinite(phase).sum(axis=0)
    seen = np.sort(count[count > 0])[::-1]
    if not seen.size:
        return np.zeros(count.shape, bool)
    least = seen[min(int(share * seen.size), seen.size - 1)]
    return np.asarray(count >= least)


def refer(
    phase: NDArray, *, pixel: Optional[Tuple[int, int]] = None, area: Optional[NDArray[np.bool_]] = None
) -> NDArray[np.float32]:
    """Return interferograms relative to a chosen pixel or to the median over one common area.

    Parameters
    ----------
    phase
        [pairs, rows, cols] in radians, NaN where missing.
    pixel
        Row and column of the reference; its level is the median of the 3 x 3 pixels around.
    area
        bool [rows, cols] of the reference area; :func:`reference_area` if both are omitted.

    Returns
    -------
    float32 [pairs, rows, cols]; an interferogram that is missing all over the reference is referred to its own median.

    Raises
    ------
    StillpointError
        The pixel lies outside, or no interferogram has a value there.
    """
    if pixel is not None:
        rows, cols = phase.shape[1:]
        row, col = pixel
        if not (0 <= row < rows and 0 <= col < cols):
            raise StillpointError(
                f"The reference pixel (row {row}, column {col}) lies outside the stack of {rows} x {cols} pixels. Give one inside."
            )
        area = np.zeros((rows, cols), bool)
        area[max(row - 1, 0) : row + 2, max(col - 1, 0) : col + 2] = True
        if not np.isfinite(phase[:, area]).any():
            raise StillpointError(
                f"No interferogram has a value at the reference pixel (row {row}, column {col}). Choose another one."
            )
    elif area is None:
        area = reference_area(phase)
    result = np.empty(phase.shape, np.float32)
    for k, image in enumerate(phase):
        inside = image[area]
        inside = inside[np.isfinite(inside)]
        if not inside.size:
            inside = image[np.isfinite(image)]
        result[k] = image - (np.median(inside) if inside.size else np.nan)
    return result


def invert(
    phase: NDArray, dates: NDArray, pairs: NDArray, *, keep: Optional[NDArray] = None, weights: Optional[NDArray] = None,
    gaps: str = "steady",
) -> NDArray[np.float32]:
    """Return the phase series of every pixel by weighted small-baseline least squares.

    Parameters
    ----------
    phase
        Unwrapped interferograms [pairs, rows, cols] in radians, later minus earlier date, referred to one place
        (:func:`refer`); NaN where missing.
    dates
        datetime64 [dates], ascending.
    pairs
        int [pairs, 2], indices of the earlier and the later date.
    keep
        bool [pairs]; all if omitted.
    weights
        One for each interferogram [pairs] or for each of its pixels [pairs, rows, cols], at least 0 (best 1 / variance, any scale;
        NaN counts as 0); all alike if omitted. Less than a millionth of a pixel's largest weight is as good as none.
    gaps
        How subsets without a common date are joined, one of :data:`GAPS`.

    Returns
    -------
    float32 [dates, rows, cols] in radians, 0 at the first date that a pixel has; NaN at dates of which the pixel has no
    interferogram.

    Raises
    ------
    StillpointError
        Negative weights.
    ValueError
        Shapes that do not fit, or an unknown way to join gaps.
    """
    count, rows, cols = phase.shape
    pairs = np.asarray(pairs, np.int64).reshape(-1, 2)
    if gaps not in GAPS:
        raise ValueError(f"gaps is {gaps!r}, not one of {', '.join(GAPS)}")
    if pairs.shape[0] != count:
        raise ValueError(f"{count} interferograms but {pairs.shape[0]} pairs of dates")
    if weights is not None:
        weights = np.nan_to_num(np.asarray(weights))
        if weights.shape not in ((count,), (count, rows, cols)):
            raise ValueError(f"weights are {weights.shape}, not {(count,)} or {(count, rows, cols)}")
        if weights.size and weights.min() < 0:
            raise StillpointError("Some weights of the interferograms are negative. Weights must be 0 or more.")
    if keep is not None:
        kept = np.flatnonzero(keep)
        phase, pairs = phase[kept], pairs[kept]
        weights = None if weights is None else weights[kept]
    if weights is not None and weights.ndim == 3:
        weights = weights.reshape(len(pairs), rows * cols)
    return _invert(phase.reshape(len(pairs), rows * cols), dates, pairs, weights, gaps).reshape(-1, rows, cols)


def _invert(phase: NDArray, dates: NDArray, pairs: NDArray, weights: Optional[NDArray], gaps: str) -> NDArray[np.float32]:
    size, days = phase.shape[1], _days(dates)
    network = _Equations(days, pairs, gaps)
    result = np.full((days.size, size), np.nan, np.float32)
    if not len(pairs) or not size:
        return result
    valid = np.isfinite(phase)
    if weights is None or weights.ndim == 1:
        own = np.ones(len(pairs)) if weights is None else weights
        # Pixels that miss the same interferograms share one set of equations: mostly there are few such patterns.
        packed = np.ascontiguousarray(np.packbits(valid, axis=0).T)
        keys = packed.view(np.dtype((np.void, packed.shape[1]))).ravel()
        patterns, which = np.unique(keys, return_inverse=True)
        if len(patterns) <= max(size // 4, 1):
            order = np.argsort(which, kind="stable")
            for group in np.split(order, np.cumsum(np.bincount(which))[:-1]):
                weight = (own * valid[:, group[0]])[:, None]
                for start in range(0, group.size, _BLOCK):
                    pixels = group[start : start + _BLOCK]
                    result[:, pixels] = network.solve(phase[:, pixels], weight)
            return result
    step = max(_CELLS // days.size**2, 1)
    for start in range(0, size, step):
        part = slice(start, start + step)
        weight = valid[:, part].astype(np.float64)
        if weights is not None:
            weight *= weights[:, part] if weights.ndim == 2 else weights[:, None]
        result[:, part] = network.solve(phase[:, part], weight)
    return result


class _Equations:
    """The normal equations of a network, for batches of pixels."""

    def __init__(self, days: NDArray, pairs: NDArray, gaps: str) -> None:
        self.days, self.pairs, self.gaps = days, pairs, gaps
        self.spans = days[pairs[:, 1]] - days[pairs[:, 0]]
        # the constraint is on velocities, so it is the weaker the longer the interval
        steps = np.maximum(np.diff(days), 1e-3)
        self.chain = (np.median(steps) / steps) ** 2 if steps.size else steps

    def solve(self, phase: NDArray, weight: NDArray) -> NDArray[np.float32]:
        """Return the series [dates, pixels] of ``phase`` [pairs, pixels] with ``weight`` [pairs, pixels or 1]."""
        count, (first, second) = self.days.size, self.pairs.T
        observed = phase.astype(np.float64)
        observed[~((weight > 0) & np.isfinite(observed))] = 0.0
        mean = np.zeros(observed.shape[1])
        if self.gaps == "steady":
            # mean velocity by stacking; the constraint then acts on what is left of the motion
            length = (weight * self.spans[:, None] ** 2).sum(axis=0)
            moved = (weight * self.spans[:, None] * observed).sum(axis=0)
            mean = np.where(length > 0, moved / np.where(length > 0, length, 1.0), 0.0)
            observed = observed - np.where(weight > 0, self.spans[:, None] * mean, 0.0)
        scale = weight.max(axis=0)
        scaled = weight / np.where(scale > 0, scale, 1.0)
        normal = self._laplacian(scaled)
        right = torch.zeros((count, observed.shape[1]), dtype=torch.float64)
        flow = torch.from_numpy(np.ascontiguousarray(scaled * observed))
        right.index_add_(0, torch.from_numpy(second), flow)
        right.index_add_(0, torch.from_numpy(first), flow, alpha=-1)
        factor = torch.linalg.cholesky(normal[:, 1:, 1:])
        if factor.shape[0] == 1:
            solved = torch.cholesky_solve(right[1:], factor[0]).numpy()
        else:
            solved = torch.cholesky_solve(right[1:].T[:, :, None].contiguous(), factor)[:, :, 0].T.numpy()
        series = np.concatenate([np.zeros((1, solved.shape[1])), solved]) + self.days[:, None] * mean
        return np.asarray(self._only_seen(series, weight), np.float32)

    def _laplacian(self, weight: NDArray) -> torch.Tensor:
        """Return the weighted Laplacian with the constraint [pixels or 1, dates, dates]."""
        count, batch = self.days.size, weight.shape[1]
        first = np.concatenate([self.pairs[:, 0], np.arange(count - 1)])
        second = np.concatenate([self.pairs[:, 1], np.arange(1, count)])
        chain = np.broadcast_to(_CONSTRAINT * self.chain[:, None], (count - 1, batch))
        edges = torch.from_numpy(np.concatenate([weight, chain]))
        cells = torch.zeros((count * count, batch), dtype=torch.float64)
        for row, col, sign in ((first, first, 1), (second, second, 1), (first, second, -1), (second, first, -1)):
            cells.index_add_(0, torch.from_numpy(row * count + col), edges, alpha=sign)
        return cells.T.reshape(batch, count, count)

    def _only_seen(self, series: NDArray, weight: NDArray) -> NDArray:
        """Take out the dates that no interferogram of a pixel touches, and put its first one to 0."""
        seen = np.zeros((self.days.size, weight.shape[1]), bool)
        for k, (first, second) in enumerate(self.pairs):
            seen[first] |= weight[k] > 0
            seen[second] |= weight[k] > 0
        start = np.broadcast_to(seen.argmax(axis=0), series.shape[1:])
        series = series - series[start, np.arange(series.shape[1])]
        return np.where(seen, series, np.nan)


def fit_velocity(series: NDArray, dates: NDArray, *, wavelength: float, sign: int = -1) -> Velocity:
    """Return the velocity of every pixel and its standard error, by a straight line through the series.

    Parameters
    ----------
    series
        [dates, rows, cols] in radians, NaN where missing.
    dates
        datetime64 [dates].
    wavelength
        Metres.
    sign
        -1 where the phase grows with the distance from the satellite (GAMMA; the rule -wavelength / 4 pi of MintPy and LiCSBAS), so
        that velocities are positive towards the satellite; 1 where it is the other way round.

    Returns
    -------
    Velocity
        mm/yr; NaN for pixels of fewer than two dates. The standard error takes the residuals as independent, as MintPy does, and is
        NaN for fewer than three dates: atmosphere is independent, other errors of a date mostly too.
    """
    time = _days(dates)[:, None] / DAYS_PER_YEAR
    rows, cols = series.shape[1:]
    found, wrong = np.empty((rows, cols), np.float32), np.empty((rows, cols), np.float32)
    factor = wavelength / (4 * np.pi) * 1000.0
    step = max(_BLOCK // max(cols, 1), 1)
    for start in range(0, rows, step):
        part = slice(start, start + step)
        slope, error = _line(series[:, part].reshape(len(series), -1), time)
        found[part] = sign * factor * slope.reshape(-1, cols)
        wrong[part] = factor * error.reshape(-1, cols)
    return Velocity(found, wrong)


def _line(series: NDArray, time: NDArray) -> Tuple[NDArray, NDArray]:
    """Return slope and standard error of a line through every column; NaN where too little is known."""
    seen = np.isfinite(series)
    number = seen.sum(axis=0)
    value = np.where(seen, series, 0.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        centre = np.where(seen, time, 0.0).sum(axis=0) / number
        level = value.sum(axis=0) / number
        lever = np.where(seen, time - centre, 0.0)
        spread = (lever**2).sum(axis=0)
        slope = (lever * value).sum(axis=0) / spread
        residual = np.where(seen, value - level - slope * lever, 0.0)
        error = np.sqrt((residual**2).sum(axis=0) / (number - 2) / spread)
    return np.where(number >= 2, slope, np.nan), np.where(number >= 3, error, np.nan)


def velocity(series: NDArray, dates: NDArray, *, wavelength: float, sign: int = -1) -> NDArray[np.float32]:
    """Return the velocity alone, mm/yr [rows, cols]; see :func:`fit_velocity`."""
    return fit_velocity(series, dates, wavelength=wavelength, sign=sign).velocity


def _days(dates: NDArray) -> NDArray[np.float64]:
    """Return days since the first date."""
    days = np.asarray(dates).astype("datetime64[D]")
    return (days - days[0]).astype(np.float64)
