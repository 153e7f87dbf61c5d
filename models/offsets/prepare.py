"""From amplitudes to what is correlated: steady variance, no slow changes of brightness, frequencies weighted by what they tell."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Optional, Sequence, Tuple

import numpy as np
import torch
from torch import Tensor

from stillpoint.models.offsets.lattice import STEP, block_sums, box_sums, upsampled

BRIGHTEST = 6.0
"""Amplitudes are cut at this many medians: a single corner reflector would own its window."""

_integral = getattr(np, "trapezoid", None) or np.trapz
"""The trapezoidal rule by its name in numpy 2, or by that in numpy 1."""

NEIGHBOURHOOD = 9
"""Nodes a side over which mean and standard deviation are taken (72 px)."""

HALF_LENGTH = 4
"""Taps of the filters to each side."""

SLOW = 4, 7
"""Pixels over which brightness still correlates and speckle no longer does."""

FOLDED = 0.7
"""Share of the sampling frequency beyond which detection folded so much that samples between the pixels mean nothing."""

FLOOR = 0.06
"""Noise over the signal in the spectrum: keeps the whitening from lifting what is noise alone."""


@dataclass(frozen=True)
class Preparation:
    """What is the same for all tiles of a pair.

    Attributes
    ----------
    brightest
        Amplitude at which the reference and the secondary image are cut.
    taps
        Filters along rows (index 0) and columns, 2 ``HALF_LENGTH`` + 1 taps each.
    shares
        Share of the sampling frequency that the complex band fills, along rows and columns.
    """

    brightest: Tuple[float, float]
    taps: Tuple[np.ndarray, np.ndarray]
    shares: Tuple[float, float]

    @property
    def folded(self) -> Tuple[bool, bool]:
        """Whether the spectrum of the intensity was folded when the image was detected, along rows and columns."""
        return self.shares[0] > FOLDED, self.shares[1] > FOLDED


def band_fraction(correlation: float) -> float:
    """Return the share of the sampling frequency that a complex image fills, told by the correlation of neighbouring intensities.

    The autocorrelation of fully developed speckle of a flat band b is sinc²(b x) (Goodman 2007, section 4.5).
    """
    shares = np.linspace(0.3, 1.0, 141)
    return float(np.interp(-np.clip(correlation, 0.0, 1.0), -np.sinc(shares) ** 2, shares))


def design(share: float) -> np.ndarray:
    """Return the filter for an axis whose complex band fills ``share`` of the sampling frequency.

    The spectrum of an intensity is a triangle of twice that band; what lies beyond half the sampling frequency was folded back
    when the image was detected and moves the wrong way. So a frequency counts as much as what is not folded, over all that is
    there. A folded axis is left as it is: see :mod:`stillpoint.models.offsets.folding`.
    """
    if share > FOLDED:
        return np.eye(2 * HALF_LENGTH + 1, dtype=np.float32)[HALF_LENGTH]
    frequency = np.linspace(0.0, 0.5, 257)
    direct = np.clip(1 - frequency / share, 0, None)
    folded = np.clip(1 - (1 - frequency) / share, 0, None)
    power = direct + folded + FLOOR
    gain = np.sqrt((direct / power) ** 2 / power)
    lags = np.arange(-HALF_LENGTH, HALF_LENGTH + 1)
    taps = _integral(gain[:, None] * np.cos(2 * np.pi * frequency[:, None] * lags), frequency, axis=0)
    taps *= np.cos(np.pi * lags / (2 * HALF_LENGTH + 2)) ** 2
    return (taps / np.abs(taps).max()).astype(np.float32)


def learn(reference: Sequence[np.ndarray], secondary: Sequence[np.ndarray]) -> Preparation:
    """Return the preparation of a pair, told by sample windows of both images (amplitude, NaN where missing).

    The windows are small against the image, so that what is measured does not depend on how the image is cut into tiles.
    """
    cuts = []
    for windows in (reference, secondary):
        values = np.concatenate([window[np.isfinite(window)] for window in windows]) if windows else np.zeros(0)
        values = values[values > 0]
        cuts.append(BRIGHTEST * float(np.median(values)) if values.size else np.inf)
    shares = []
    for axis in (0, 1):
        found = []
        for cut, windows in zip(cuts, (reference, secondary)):
            found += [value for window in windows if np.isfinite(value := _neighbours(window, cut, axis))]
        shares.append(band_fraction(float(np.median(found)) if found else 0.0))
    return Preparation((cuts[0], cuts[1]), (design(shares[0]), design(shares[1])), (shares[0], shares[1]))


def _neighbours(window: np.ndarray, cut: float, axis: int) -> float:
    """Return the correlation of neighbouring pixels of the speckle, without that of slower texture."""
    values = np.sqrt(np.minimum(window, cut))
    if np.isfinite(values).sum() < 500 or not np.nanvar(values) > 0:
        return float("nan")
    mean, variance = np.nanmean(values), np.nanvar(values)
    lines = (values if axis == 0 else values.T) - mean
    near, middle, far = (float(np.nanmean(lines[:-lag] * lines[lag:]) / variance) for lag in (1, *SLOW))
    # What correlates over more pixels than speckle does is brightness; its top is round.
    bend = max(middle - far, 0.0) / (SLOW[1] ** 2 - SLOW[0] ** 2)
    slow = [max(middle, 0.0) + bend * (SLOW[0] ** 2 - lag**2) if middle > 0 else 0.0 for lag in (0, 1)]
    return (near - slow[1]) / max(1 - slow[0], 0.1)


def prepared(
    amplitude: np.ndarray, cut: float, taps: Tuple[np.ndarray, np.ndarray], device: torch.device
) -> Tuple[Tensor, Optional[Tensor]]:
    """Return an image ready for correlation, and where it is valid.

    Parameters
    ----------
    amplitude
        float32 [rows, cols], multiples of ``STEP``; NaN where missing.
    cut
        Amplitude at which it is cut.
    taps
        Filters along rows and columns.
    device
        Where the result is kept.

    Returns
    -------
    values, valid
        float32 [rows, cols] of mean 0 and about equal variance everywhere, 0 where missing; float32 1 or 0, None where all is
        valid.
    """
    image = torch.from_numpy(np.ascontiguousarray(amplitude, dtype=np.float32)).to(device)
    good = torch.isfinite(image)
    valid = None if bool(good.all()) else good.float()
    image = image if valid is None else torch.where(good, image, torch.zeros_like(image))
    image = image.clamp(0.0, cut).sqrt_()
    ones = torch.ones_like(image) if valid is None else valid
    # Centred first: single precision would lose the variance of bright images with little contrast.
    middle = float((image * ones).sum(dtype=torch.float64) / ones.sum(dtype=torch.float64).clamp_min(1))
    image = (image - middle) * ones
    count = box_sums(block_sums(ones, ones), NEIGHBOURHOOD).clamp_min(1.0)
    mean = box_sums(block_sums(image, ones), NEIGHBOURHOOD) / count
    square = box_sums(block_sums(image, image), NEIGHBOURHOOD) / count
    spread = (square - mean * mean).clamp_min(0.0).sqrt()
    scale = torch.where(spread > 1e-5 * max(abs(middle), 1e-12), 1 / spread.clamp_min(1e-12), torch.zeros_like(spread))
    image = (image - upsampled(mean)) * upsampled(scale)
    if valid is not None:
        image *= valid
    for axis in (0, 1):
        image = filtered(image, taps[axis], axis)
    return (image if valid is None else image * valid), valid


def filtered(image: Tensor, taps: np.ndarray, axis: int) -> Tensor:
    """Return the image filtered along an axis by symmetric taps, zeros beyond the border."""
    half = len(taps) // 2
    if not np.abs(np.delete(taps, half)).max() > 1e-4:
        return image
    result = image * float(taps[half])
    length = image.shape[axis]
    for shift in range(1, half + 1):
        weight = float(taps[half + shift])
        result.narrow(axis, 0, length - shift).add_(image.narrow(axis, shift, length - shift), alpha=weight)
        result.narrow(axis, shift, length - shift).add_(image.narrow(axis, 0, length - shift), alpha=weight)
    return result


def padded(values: np.ndarray, step: int = STEP) -> np.ndarray:
    """Return values [rows, cols] filled up with NaN below and to the right to multiples of ``step``."""
    rows, cols = values.shape
    return np.pad(values, ((0, -rows % step), (0, -cols % step)), constant_values=np.nan)
