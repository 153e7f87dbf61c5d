"""Offsets along an axis whose spectrum was folded when the image was detected.

The amplitude of an image that is sampled about as densely as its complex band asks for is undersampled: it cannot be interpolated,
and every tracker that does, or that lays a parabola through its correlation, is pulled to whole pixels by a tenth of a pixel and
more. But its correlation at whole lags is not wrong: at lag n, of an offset d, it is R(n - d), R being the autocorrelation of the
continuous intensity, sinc²(b x) for a flat band that fills the share b of the sampling frequency. So the secondary image is moved
by whole pixels only, and the rest is that for which the model gives the difference of the correlations at lags 1 and -1.
"""

from __future__ import annotations

from typing import Tuple

import numpy as np
import torch
from torch import Tensor

_GRID = 201

FULLEST = 0.93
"""Share beyond which the model stays the same: of a full band neighbouring pixels tell nothing near whole offsets, and the noise of
what little they tell would be all of the answer."""

_SPREAD = 0.12
"""Pixels over which the slope is averaged: at whole offsets it nearly vanishes, and a Newton step would leap over the next one.
For the same reason it is averaged with the secant to half a pixel."""


class Peak:
    """Model of the correlation at lags -1, 0 and 1 of an offset of ``rest`` pixels, -0.5 to 0.5 (a little beyond is allowed).

    Parameters
    ----------
    share
        Share of the sampling frequency that the complex band fills.
    """

    def __init__(self, share: float) -> None:
        share = min(share, FULLEST)
        rest = np.linspace(-0.75, 0.75, _GRID)
        before, height, after = (np.sinc(share * (lag - rest)) ** 2 for lag in (-1, 0, 1))
        tilt = 0.5 * (after - before)
        weights = np.exp(-0.5 * ((rest[:, None] - rest) / _SPREAD) ** 2)
        slope = np.sqrt((weights @ np.gradient(tilt, rest) ** 2) / weights.sum(axis=1))
        inside = np.clip(np.abs(rest), 0, 0.48)
        secant = (np.interp(0.5, rest, tilt) - np.interp(inside, rest, tilt)) / (0.5 - inside)
        slope = np.sqrt(slope * np.maximum(slope, secant))
        bend = height - 0.5 * (before + after)
        # Both differences together tell the offset, whatever the height of the peak and what lies under it.
        angles = np.maximum.accumulate(np.arctan2(tilt, bend))
        self._angles = torch.from_numpy(angles.astype(np.float32))
        self._table = torch.from_numpy(np.stack([height, tilt, slope, bend]).astype(np.float32))

    def at(self, rest: Tensor) -> Tuple[Tensor, Tensor, Tensor, Tensor]:
        """Return what belongs to offsets ``rest`` [rows, cols] of a coherent pair.

        Returns
        -------
        height, tilt, slope, bend
            Correlation at lag 0; half the difference of those at lags 1 and -1; its derivative by the offset, averaged; by how much
            the correlation at lag 0 exceeds the mean of those at lags 1 and -1.
        """
        index = ((rest + 0.75) * ((_GRID - 1) / 1.5)).round().long().clamp(0, _GRID - 1)
        found = self._table.to(rest.device)[:, index]
        return found[0], found[1], found[2], found[3]

    def place(self, tilt: Tensor, bend: Tensor) -> Tensor:
        """Return the offsets [rows, cols] that belong to measured differences, whatever their scale."""
        index = torch.bucketize(torch.atan2(tilt, bend), self._angles.to(tilt.device)).clamp(0, _GRID - 1)
        return index * (1.5 / (_GRID - 1)) - 0.75
