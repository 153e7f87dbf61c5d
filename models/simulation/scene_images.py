"""Focusing: the impulse response of a radar, points through it at subpixel places, speckle of its bandwidth.

And the phase of what comes out: how far a signal with circular Gaussian noise strays.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Tuple

import numpy as np
from scipy import fft, sparse
from scipy.special import erf


@dataclass(frozen=True)
class Response:
    """Impulse response of a focused image: a generalised Hamming weighted band in each direction.

    Attributes
    ----------
    oversampling
        Sampling rate over bandwidth, rows and columns, at least 1.
    weighting
        1 (none: side lobes at -13 dB) to 0.54 (Hamming: -43 dB), rows and columns.
    """

    oversampling: Tuple[float, float]
    weighting: Tuple[float, float]

    def profile(self, offset: np.ndarray, axis: int) -> np.ndarray:
        """Return the amplitude at ``offset`` pixels from a point, 1 at its place.

        The transform of a + (1 - a) cos(2 pi f / B) over a band of width B
        (Cumming and Wong 2005, section 2.4, for the weights).
        """
        weight, place = self.weighting[axis], np.asarray(offset) / self.oversampling[axis]
        main = weight * np.sinc(place) + 0.5 * (1 - weight) * (np.sinc(place - 1) + np.sinc(place + 1))
        return main / weight

    def transfer(self, shape: Tuple[int, ...]) -> np.ndarray:
        """Return the amplitude of each frequency, float32 ``shape``, for speckle of unit power."""
        weights = []
        for axis in (0, 1):
            frequency = fft.fftfreq(shape[axis]) * self.oversampling[axis]
            weight = self.weighting[axis] + (1 - self.weighting[axis]) * np.cos(2 * np.pi * frequency)
            weights.append(np.where(np.abs(frequency) <= 0.5, weight, 0.0))
        both = weights[0][:, None] * weights[1][None, :]
        return (both / np.sqrt(np.mean(both**2))).astype(np.float32)

    def correlation(self, lag: int, axis: int) -> float:
        """Return the correlation of speckle ``lag`` pixels apart, 1 at 0."""
        frequency = np.linspace(-0.5, 0.5, 4001)
        power = (self.weighting[axis] + (1 - self.weighting[axis]) * np.cos(2 * np.pi * frequency)) ** 2
        return float(np.sum(power * np.cos(2 * np.pi * frequency * lag / self.oversampling[axis])) / np.sum(power))


class Speckle:
    """Circular Gaussian noise of unit power with the bandwidth of a response.

    Parameters
    ----------
    response
        Bandwidth and weighting.
    shape
        Rows and columns.
    """

    def __init__(self, response: Response, shape: Tuple[int, ...]) -> None:
        self._shape = shape
        self._size = (fft.next_fast_len(shape[0]), fft.next_fast_len(shape[1]))
        self._transfer = response.transfer(self._size) * np.float32(np.sqrt(0.5))

    def __call__(self, rng: np.random.Generator) -> np.ndarray:
        """Return complex64 [rows, cols]."""
        draws = rng.standard_normal((*self._size, 2), dtype=np.float32).view(np.complex64)[..., 0]
        draws *= self._transfer
        return fft.ifft2(draws, norm="ortho", overwrite_x=True)[: self._shape[0], : self._shape[1]]


def shifted(image: np.ndarray, rows: float, cols: float) -> np.ndarray:
    """Return ``image`` [rows, cols] moved by parts of a pixel, complex64; its borders are taken for periodic."""
    along = np.exp(-2j * np.pi * rows * fft.fftfreq(image.shape[0])).astype(np.complex64)
    across = np.exp(-2j * np.pi * cols * fft.fftfreq(image.shape[1])).astype(np.complex64)
    return fft.ifft2(fft.fft2(image) * (along[:, None] * across[None, :]), overwrite_x=True)


def point_matrix(
    row: np.ndarray, col: np.ndarray, peak: np.ndarray, shape: Tuple[int, ...], response: Response, *, floor: float
) -> sparse.csr_matrix:
    """Return what one unit of each point's signal gives at each pixel.

    Parameters
    ----------
    row, col
        float64 [points], places in pixels, whole numbers at the middle of a pixel.
    peak
        float64 [points], the largest amplitude that the point has at any date, which decides how far its side lobes are followed.
    shape
        Rows and columns.
    response
        Impulse response.
    floor
        Amplitude below which a side lobe is left out.

    Returns
    -------
    scipy.sparse.csr_matrix
        float32 [rows * cols, points].
    """
    # Along an axis an unweighted side lobe falls to 1 / (pi x / oversampling).
    wanted = np.asarray(peak) * max(response.oversampling) / (np.pi * floor)
    rows, cols, values = [], [], []
    done = np.zeros(len(row), bool)
    for half in (3, 6, 12, 24, 48):
        these = np.flatnonzero(~done & ((wanted <= half) | (half == 48)))
        done[these] = True
        steps = np.arange(-half, half + 1)
        for some in np.array_split(these, max(1, len(these) * len(steps) ** 2 // 2_000_000)):
            first, second = np.round(row[some]).astype(int), np.round(col[some]).astype(int)
            i, j = first[:, None] + steps, second[:, None] + steps
            along = response.profile(i - row[some][:, None], 0) * ((i >= 0) & (i < shape[0]))
            across = response.profile(j - col[some][:, None], 1) * ((j >= 0) & (j < shape[1]))
            stamps = (along[:, :, None] * across[:, None, :]).astype(np.float32)
            point, a, b = np.nonzero(np.abs(stamps) * peak[some][:, None, None] > floor)
            rows.append(i[point, a] * shape[1] + j[point, b])
            cols.append(some[point])
            values.append(stamps[point, a, b])
    entries = (np.concatenate(values), (np.concatenate(rows), np.concatenate(cols)))
    return sparse.csr_matrix(entries, shape=(shape[0] * shape[1], len(row)), dtype=np.float32)


_LOWEST, _HIGHEST, _STEPS, _ANGLES = -16.0, 7.0, 185, 65


@lru_cache(maxsize=1)
def _squared_error_table() -> np.ndarray:
    """Return the mean squared phase error, float32 [ratios, angles]; ratios evenly in logarithm."""
    theta = (np.arange(8192) + 0.5) / 8192 * 2 * np.pi - np.pi
    ratios = np.exp(np.linspace(_LOWEST, _HIGHEST, _STEPS))[:, None]
    # Density of the phase of a constant plus circular Gaussian noise (Just and Bamler 1994, Appl. Opt. 33, 4361).
    k = np.sqrt(ratios) * np.cos(theta)
    density = np.exp(-ratios) / (2 * np.pi) + k / (2 * np.sqrt(np.pi)) * np.exp(-ratios * np.sin(theta) ** 2) * (1 + erf(k))
    density /= density.sum(axis=1, keepdims=True)
    angles = np.linspace(0, np.pi, _ANGLES)
    wrapped = np.mod(theta[:, None] + angles[None, :] + np.pi, 2 * np.pi) - np.pi
    return (density @ wrapped**2).astype(np.float32)


def squared_phase_error(ratio: np.ndarray, angle: np.ndarray) -> np.ndarray:
    """Return the expected squared phase error of a signal with circular Gaussian noise.

    Parameters
    ----------
    ratio
        Power of the signal over that of the noise.
    angle
        Phase of the signal against what it should be, radians in [-pi, pi].

    Returns
    -------
    numpy.ndarray
        float32, rad², of the wrapped error: about angle² + 1 / (2 ratio) where the signal is strong, pi² / 3 where there is none.
    """
    table = _squared_error_table()
    u = (np.log(np.maximum(ratio, 1e-9)) - _LOWEST) * ((_STEPS - 1) / (_HIGHEST - _LOWEST))
    u = np.clip(u, 0.0, _STEPS - 1.001).astype(np.float32)
    v = np.clip(np.abs(angle) * ((_ANGLES - 1) / np.pi), 0.0, _ANGLES - 1.001).astype(np.float32)
    i, j = u.astype(np.int32), v.astype(np.int32)
    u -= i
    v -= j
    flat, place = table.ravel(), i * _ANGLES + j
    lower = (1 - v) * flat[place] + v * flat[place + 1]
    upper = (1 - v) * flat[place + _ANGLES] + v * flat[place + _ANGLES + 1]
    return (1 - u) * lower + u * upper
