"""Fits to the residual phase of a pixel: height error, motion, season. Kernels on [dates, pixels] tensors."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Optional, Tuple

import numpy as np
import torch
from torch import Tensor

RANGE = 700e3
"""Metres from the satellite to the ground: the scale of heights need only be roughly right."""

TYPICAL_WAVELENGTH = 0.0555
TYPICAL_INCIDENCE = 35.0
CHUNK = 1 << 16


@dataclass(frozen=True)
class Searches:
    """Trial phases per metre of baseline, and the design matrices of the linear fits.

    Attributes
    ----------
    baselines
        float32 [dates], metres; None where unknown.
    narrow, wide
        float32 [trials], radians a metre of baseline: heights within 20 m, and of tall buildings; None without baselines.
    design, seasonal
        float32 [dates, columns]: a constant, baseline and time; and beside them a yearly wave where the stack has the dates for it.
    """

    baselines: Optional[Tensor]
    narrow: Optional[Tensor]
    wide: Optional[Tensor]
    design: Tensor
    seasonal: Tensor


def searches(
    dates: np.ndarray,
    baselines: Optional[np.ndarray],
    *,
    wavelength: Optional[float],
    incidence: Optional[float],
    device: torch.device,
    narrow_height: float = 20.0,
    wide_height: float = 120.0,
) -> Searches:
    """Return the searches for a stack's dates and baselines.

    Parameters
    ----------
    dates
        datetime64[D] [dates].
    baselines
        float64 [dates], metres; None where unknown.
    wavelength, incidence
        Metres, degrees; typical values of C band where unknown.
    device
        Where the tensors are made.
    narrow_height, wide_height
        Metres: the largest height error of the two searches.
    """
    years = (dates - dates.min()).astype("timedelta64[D]").astype(np.float64) / 365.25
    columns = [np.ones_like(years)]
    spread = float(np.ptp(baselines)) if baselines is not None else 0.0
    usable = baselines is not None and spread > 1.0
    if usable and baselines is not None:
        columns.append((baselines - baselines.mean()) / baselines.std())
    if years.std() > 0:
        columns.append((years - years.mean()) / years.std())
    seasonal = list(columns)
    if len(years) >= 3 * (len(columns) + 2) and np.ptp(years) > 0.8:
        seasonal += [np.sin(2 * np.pi * years), np.cos(2 * np.pi * years)]

    def tensor(values: np.ndarray) -> Tensor:
        return torch.as_tensor(np.ascontiguousarray(values, dtype=np.float32), device=device)

    def trials(height: float, most: int) -> Optional[Tensor]:
        if not usable:
            return None
        angle = math.radians(incidence or TYPICAL_INCIDENCE)
        limit = 4 * math.pi * height / ((wavelength or TYPICAL_WAVELENGTH) * RANGE * math.sin(angle))
        step = math.pi / 3 / spread
        count = min(max(math.ceil(limit / step), 1), most)
        return torch.arange(-count, count + 1, device=device, dtype=torch.float32) * step

    return Searches(
        tensor(baselines) if usable and baselines is not None else None,
        trials(narrow_height, 12),
        trials(wide_height, 60),
        tensor(np.stack(columns, axis=1)),
        tensor(np.stack(seasonal, axis=1)),
    )


def best_height(phasor: Tensor, trial: Optional[Tensor], baselines: Optional[Tensor]) -> Tuple[Tensor, Tensor]:
    """Return gamma and the height phase of the trial that fits best, refined by a parabola through its neighbours.

    Parameters
    ----------
    phasor
        complex64 [dates, pixels], unit or 0.
    trial
        float32 [trials], radians a metre of baseline; None searches nothing.
    baselines
        float32 [dates], metres.

    Returns
    -------
    gamma, slope
        float32 [pixels]: |mean phasor| after the correction, and radians a metre.
    """
    if trial is None or baselines is None:
        gamma = phasor.mean(dim=0).abs()
        return gamma, torch.zeros_like(gamma)
    rotation = torch.polar(torch.ones(1, device=phasor.device), -trial[:, None] * baselines[None, :])
    last = len(trial) - 1
    gammas, slopes = [], []
    for first in range(0, phasor.shape[1], CHUNK):
        part = phasor[:, first : first + CHUNK]
        height = (rotation @ part).abs()
        peak = height.argmax(dim=0).clamp(1, max(last - 1, 1))
        left, middle, right = (torch.gather(height, 0, (peak + shift)[None])[0] for shift in (-1, 0, 1))
        bend = (2 * middle - left - right).clamp_min(1e-6)
        slope = trial[peak] + ((right - left) / (2 * bend)).clamp(-1, 1) * (trial[1] - trial[0])
        turned = part * torch.polar(torch.ones_like(slope)[None], -slope[None] * baselines[:, None])
        gammas.append(turned.mean(dim=0).abs())
        slopes.append(slope)
    return torch.cat(gammas), torch.cat(slopes)


def residual_after(phasor: Tensor, design: Tensor) -> Tensor:
    """Return the angles of ``phasor`` after a linear fit of the columns of ``design``: float32 [dates, pixels], wrapped.

    The angles are taken against the mean phasor and fitted once without unwrapping, which is right where the pixel is
    steady enough to matter.
    """
    angle = (phasor * torch.sgn(phasor.sum(dim=0)).conj()).angle()
    inverse = torch.linalg.pinv(design.double()).float()
    fitted = design @ (inverse @ angle)
    return torch.remainder(angle - fitted + math.pi, 2 * math.pi) - math.pi


def noise_level(searched: Searches, count: int, trial: Optional[Tensor], *, draws: int = 4096) -> Tuple[float, float]:
    """Return the mean and the 95 % point of gamma that pixels of pure noise reach with the same search."""
    generator = torch.Generator().manual_seed(7)
    phase = torch.rand((count, draws), generator=generator) * (2 * math.pi)
    noise = torch.polar(torch.ones(1), phase)
    device = searched.design.device
    gamma, _ = best_height(noise.to(device), trial, searched.baselines)
    return float(gamma.mean()), float(torch.quantile(gamma, 0.95))
