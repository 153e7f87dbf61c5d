"""Height error, constant and phase stability of single pixels, all pixels at once."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Optional

import numpy as np
import torch

BATCH = 16_384
"""Pixels at once: their matrices stay within the caches of a processor."""

TWO_PI = 2.0 * math.pi


@dataclass(frozen=True)
class HeightSearch:
    """Baselines and the trial values of K, the phase in radians that a height error makes per metre of baseline.

    Attributes
    ----------
    baselines
        float64 [n] in metres; zeros where they are unknown, K is then not searched.
    span
        Largest less smallest baseline in metres; 0 where K is not searched.
    wraps
        Phase cycles that the largest height error makes over the span.
    """

    baselines: np.ndarray
    span: float
    wraps: float

    @classmethod
    def without_baselines(cls, count: int) -> HeightSearch:
        """Return the search of a stack of ``count`` interferograms whose baselines are unknown: none."""
        return cls(np.zeros(count), 0.0, 0.0)

    @classmethod
    def of(
        cls,
        baselines: Optional[np.ndarray],
        count: int,
        *,
        wavelength: float,
        incidence: float,
        max_height_error: float = 20.0,
        mean_range: float = 830_000.0,
    ) -> HeightSearch:
        """Return the search for height errors up to ``max_height_error``.

        Parameters
        ----------
        baselines
            [n] metres, or None where unknown.
        count
            Number of interferograms n.
        wavelength
            Metres.
        incidence
            Degrees.
        max_height_error, mean_range
            Metres.
        """
        if baselines is None:
            return cls.without_baselines(count)
        values = np.asarray(baselines, dtype=np.float64)
        span = float(values.max() - values.min())
        if not span > 0.0 or not np.isfinite(span):
            return cls.without_baselines(count)
        k_max = 4.0 * math.pi * max_height_error / (wavelength * mean_range * math.sin(math.radians(incidence)))
        return cls(values, span, span * k_max / TWO_PI)

    @property
    def steps(self) -> int:
        """Trial values on either side of zero."""
        return math.ceil(8.0 * self.wraps)

    @property
    def trials(self) -> np.ndarray:
        """Trial values of K, float64 [2 M + 1], rad/m, an eighth of a cycle over the span apart."""
        if self.span == 0.0:
            return np.zeros(1)
        return np.arange(-self.steps, self.steps + 1) * (math.pi / 4.0) / self.span


@dataclass
class Fit:
    """What :func:`topofit` finds, float32 [pixels] each.

    Attributes
    ----------
    k
        Phase per metre of baseline, rad/m; NaN where the pixel has no phase.
    c
        Constant phase of all interferograms (the reference image's noise and the mean), radians.
    gamma
        Phase stability in 0..1; 0 where the pixel has no phase.
    residual
        float32 [pixels, n], phase less K b, radians, the constant not removed; None unless asked for.
    """

    k: torch.Tensor
    c: torch.Tensor
    gamma: torch.Tensor
    residual: Optional[torch.Tensor] = None


def topofit(z: torch.Tensor, search: HeightSearch, *, residual: bool = False) -> Fit:
    """Fit K b + C to the phase of every pixel and measure what remains.

    The best of the trial values starts, one linear step refines it. gamma is the length of the mean of
    the residual unit phasors (Hooper et al. 2007, equation 4).

    Parameters
    ----------
    z
        complex64 [pixels, n], unit phasors with the phase of the surroundings taken off.
    search
        Baselines and range of K.
    residual
        Whether to return the residual phases.
    """
    parts = [_fit(part, search, residual) for part in z.split(BATCH)] or [_fit(z, search, residual)]
    return Fit(
        torch.cat([part.k for part in parts]),
        torch.cat([part.c for part in parts]),
        torch.cat([part.gamma for part in parts]),
        torch.cat([part.residual for part in parts if part.residual is not None]) if residual else None,
    )


def _fit(z: torch.Tensor, search: HeightSearch, residual: bool) -> Fit:
    device = z.device
    real, imaginary = z.real.contiguous(), z.imag.contiguous()
    empty = ((real == 0) & (imaginary == 0)).any(dim=1) | ~(torch.isfinite(real) & torch.isfinite(imaginary)).all(dim=1)
    phase = torch.atan2(imaginary, real)
    # Baselines over their span keep single precision good: K then is the phase over the span.
    scale = search.span if search.span > 0.0 else 1.0
    baselines = torch.from_numpy(search.baselines / scale).to(device, torch.float32)
    if search.span > 0.0:
        trials = torch.from_numpy(search.trials * scale).to(device, torch.float32)
        turns = -torch.outer(baselines, trials)
        sums = z @ torch.complex(torch.cos(turns), torch.sin(turns))
        best = (sums.real.square() + sums.imag.square()).argmax(dim=1)
        mean = sums.gather(1, best[:, None])
        k = trials[best]
        rest = phase - k[:, None] * baselines - torch.atan2(mean.imag.contiguous(), mean.real.contiguous())
        rest -= TWO_PI * torch.round(rest / TWO_PI)
        k = k + rest @ (baselines / baselines.square().sum())
        phase = phase - k[:, None] * baselines
    else:
        k = torch.zeros(len(z), device=device)
    cosine, sine = torch.cos(phase).mean(dim=1), torch.sin(phase).mean(dim=1)
    gamma = torch.sqrt(cosine.square() + sine.square())
    c = torch.atan2(sine, cosine)
    left = phase - TWO_PI * torch.round(phase / TWO_PI) if residual else None
    nothing = torch.full_like(k, torch.nan)
    return Fit(torch.where(empty, nothing, k / scale), torch.where(empty, nothing, c), torch.where(empty, 0.0, gamma), left)
