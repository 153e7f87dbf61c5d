"""Fit statistics of displacement series: what the trend tests look at, as numbers for the network.

All functions take blocks of series that share dates. Displacements are mm, times years, and every
statistic is scaled so that a small network can read it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import List, Optional, Sequence, Tuple

import numpy as np
import torch
from torch.nn import functional

from stillpoint.models.trends import likelihoods
from stillpoint.models.trends.jump_search import find_jumps
from stillpoint.models.trends.likelihoods import symlog
from stillpoint.models.trends.noise_models import REFERENCE, STATIONARY
from stillpoint.models.trends.plan import BREAKS, Plan, make_plan

CHANNELS = 10
"""Number of channels an epoch that the network sees; see :meth:`Evidence.channels`."""

@dataclass
class Evidence:
    """What was computed of a block of n series; tensors are float32 on one device.

    Attributes
    ----------
    names
        Of the features.
    valid
        (n, e), 1 where measured, 0 where filled.
    jumps
        (n, e), phase jumps taken out, in half wavelengths, at the epoch where they begin.
    features
        (n, f), scaled statistics.
    break_weights
        (n, BREAKS), posterior of the break date under a hinge, over the noise models.
    residual, straightened, whitened
        (n, e), residuals of an ordinary line: with the jumps, without them, and the latter whitened.
    noise
        (n,), mm, residual standard deviation under the reference model.
    """

    names: Tuple[str, ...]
    valid: torch.Tensor
    jumps: torch.Tensor
    features: torch.Tensor
    break_weights: torch.Tensor
    residual: torch.Tensor
    straightened: torch.Tensor
    whitened: torch.Tensor
    noise: torch.Tensor
    plan: Plan
    half: float

    def channels(self, rows: Optional[torch.Tensor] = None) -> torch.Tensor:
        """Return what the convolutions see at every epoch, (n, CHANNELS, e), of all series or of some ``rows``.

        Residual of the line with and without jumps in noise units and in half wavelengths, whitened
        residual, its running sum, the jumps found, position, spacing, and whether it was measured.
        """
        pick = slice(None) if rows is None else rows
        values, cleaned, noise = self.residual[pick], self.straightened[pick], self.noise[pick, None]
        size, count = values.shape
        white = self.whitened[pick]
        white = white / white.square().mean(dim=1, keepdim=True).sqrt().clamp(min=1e-6)
        shared = self.plan.epoch_channels[:2, None, :].expand(2, size, count)
        return torch.stack(
            [
                symlog(values / noise / 2),
                symlog(cleaned / noise / 2),
                (values / self.half).clamp(-6, 6),
                symlog(values / 5.0),
                white.clamp(-6, 6) / 2,
                white.cumsum(dim=1) / math.sqrt(count),
                self.jumps[pick].clamp(-3, 3),
                self.valid[pick],
                shared[0],
                shared[1],
            ],
            dim=1,
        )


def fill_missing(displacement: torch.Tensor, days: torch.Tensor) -> Tuple[torch.Tensor, torch.Tensor]:
    """Fill missing epochs by straight lines in time between their neighbours.

    Parameters
    ----------
    displacement
        (n, e), mm, NaN where missing; every row needs one value.
    days
        (e,).

    Returns
    -------
    values, valid
        (n, e) without NaN, and 1 where measured.
    """
    missing = torch.isnan(displacement)
    if not bool(missing.any()):
        return displacement, torch.ones_like(displacement)
    epochs = displacement.shape[1]
    index = torch.arange(epochs, device=displacement.device).expand_as(displacement)
    before = torch.where(missing, torch.full_like(index, -1), index).cummax(dim=1).values
    after = torch.where(missing, torch.full_like(index, epochs), index).flip(1).cummin(dim=1).values.flip(1)
    before, after = torch.where(before < 0, after, before), torch.where(after >= epochs, before, after)
    before, after = before.clamp(0, epochs - 1), after.clamp(0, epochs - 1)
    left, right = displacement.gather(1, before), displacement.gather(1, after)
    days = days.to(displacement.dtype)
    gap = (days[after] - days[before]).clamp(min=1e-6)
    part = torch.where(before == after, torch.zeros_like(gap), (days.expand_as(displacement) - days[before]) / gap)
    return torch.where(missing, left + part * (right - left), displacement), (~missing).to(displacement.dtype)


def set_aside_spikes(values: torch.Tensor, days: torch.Tensor) -> Tuple[torch.Tensor, torch.Tensor]:
    """Put single epochs that stand far off their neighbours back on the line between these.

    A spike is off by more than 4.5 robust standard deviations, while its neighbours agree with each other within half of
    that: the edge of a step, or an error of two epochs, is none.

    Parameters
    ----------
    values
        (n, e), mm, complete.
    days
        (e,).

    Returns
    -------
    values, height
        (n, e): without spikes; and their heights, mm, 0 elsewhere.
    """
    part = (days[1:-1] - days[:-2]) / (days[2:] - days[:-2]).clamp(min=1e-6)
    before, after = values[:, :-2], values[:, 2:]
    between = torch.lerp(before, after, part)
    off = values[:, 1:-1] - between
    # 0.822 as in the search for jumps.
    scale = (off.abs().sqrt_().mean(dim=1) / 0.822).square_().clamp_(min=0.05)
    spike = (off.abs() > 4.5 * scale[:, None]) & ((after - before).abs() < 0.5 * off.abs())
    height = functional.pad(torch.where(spike, off, torch.zeros_like(off)), (1, 1))
    for end, beside, next_one in ((0, 1, 2), (-1, -2, -3)):
        rest = values[:, end] - values[:, beside]
        far = (rest.abs() > 5.5 * scale) & ((values[:, beside] - values[:, next_one]).abs() < 0.5 * rest.abs())
        height[:, end] = torch.where(far & (height[:, beside] == 0), rest, torch.zeros_like(rest))
    return values - height, height


def gather_evidence(displacement: torch.Tensor, plan: Plan, wavelength: float) -> Evidence:
    """Compute everything the network sees of a block of series.

    Parameters
    ----------
    displacement
        float32 (n, e), mm, NaN where missing; at least 8 values a row.
    plan
        Plan of the dates, on the same device.
    wavelength
        Metres.
    """
    half = wavelength * 500.0
    days = torch.as_tensor(plan.days, dtype=torch.float32, device=displacement.device)
    values, valid = fill_missing(displacement, days)
    values, spikes = set_aside_spikes(values, days)
    valid = valid * (spikes == 0)
    values = values - values.mean(dim=1, keepdim=True)
    values, slope = _without_line(values, plan)
    jumps, jump_gain, scale = find_jumps(values, plan, half)
    offsets = half * jumps.cumsum(dim=1)
    jumped = jumps.ne(0).any(dim=1)
    cleaned, slope_cleaned = values.clone(), slope.clone()
    if bool(jumped.any()):
        part, change = _without_line(values[jumped] - offsets[jumped], plan)
        cleaned[jumped] = part
        slope_cleaned[jumped] = slope[jumped] + change
    names: List[str] = []
    columns: List[torch.Tensor] = []

    def put_block(titles: Sequence[str], block: torch.Tensor) -> None:
        names.extend(titles)
        columns.append(block)

    def put(name: str, column: torch.Tensor) -> None:
        put_block((name,), column[:, None])

    fits = likelihoods.fit(cleaned, slope_cleaned, plan)
    likelihoods.describe(fits, slope_cleaned, cleaned.shape[1], plan, put_block)
    # The line's and parabola's own residuals, with and without the jumps.
    raw_rss = values.square().sum(dim=1).clamp(min=1e-6)
    clean_rss = cleaned.square().sum(dim=1).clamp(min=1e-6)
    count = float(values.shape[1])
    noise = (fits.rss[:, REFERENCE, 3] / count).clamp(min=1e-6).sqrt()
    put("jump share of residuals", 0.5 * symlog(0.5 * count * (raw_rss / clean_rss).log()))
    put("jump gain", 0.4 * symlog(jump_gain))
    held = jumps.cumsum(dim=1)
    put("jumps", symlog(jumps.abs().sum(dim=1)))
    put("epochs off", 3 * (held.ne(0).to(values.dtype).mean(dim=1)))
    put("lasting offset", 0.5 * held[:, -1].clamp(-4, 4))
    put("half wavelength over noise", (half / scale).log() - 2)
    put("noise", noise.log())
    put("robust noise", scale.log())
    put("noise ratio", (noise / scale).log())
    put("raw noise", 0.5 * (raw_rss / count).log())
    steps = values @ plan.free_steps
    _free_jumps("free jump", steps, fits, plan, half, noise, put)
    if bool(jumped.any()):
        steps[jumped] = cleaned[jumped] @ plan.free_steps
    _free_jumps("free jump left", steps, fits, plan, half, noise, put)
    residual = cleaned @ plan.reference
    _shape_of_residuals(residual, valid, put)
    put("epochs", torch.full_like(noise, math.log(count / 100.0)))
    put("span", torch.full_like(noise, math.log(max(plan.span, 0.05))))
    put("half wavelength", torch.full_like(noise, math.log(half / 28.0)))
    count_spikes = spikes.ne(0).sum(dim=1)
    put("spikes", symlog(count_spikes.to(noise.dtype)))
    put("largest spike", symlog(spikes.abs().amax(dim=1) / half))
    put("measured", 5 * (1 - valid.mean(dim=1)))
    weights = _break_posterior(fits.scans[:, :STATIONARY], put)
    features = torch.cat(columns, dim=1).nan_to_num(0.0, 20.0, -20.0).clamp(-20, 20)
    return Evidence(tuple(names), valid, jumps, features, weights, values, cleaned, residual, noise, plan, half)


@lru_cache(maxsize=1)
def feature_names() -> Tuple[str, ...]:
    """Return the names of the statistics, in order."""
    plan = make_plan(np.arange(12) * 12.0)
    return gather_evidence(torch.randn(1, 12, generator=torch.Generator().manual_seed(1)), plan, 0.0555).names


def _without_line(values: torch.Tensor, plan: Plan) -> Tuple[torch.Tensor, torch.Tensor]:
    """Return the residual of an ordinary least-squares line, and its slope in mm/yr."""
    unit = plan.line[:, 1]
    scale = (unit * plan.years).sum()
    slope = torch.zeros(len(values), device=values.device)
    for _ in range(2):
        values = values - values.mean(dim=1, keepdim=True)
        product = values @ unit
        values = values - product[:, None] * unit[None, :]
        slope = slope + product / scale
    return values, slope


def _free_jumps(name, product, fits, plan, half, noise, put):
    """Features of the best jump of any size, after the line, and beside the best hinge."""
    count = product.shape[1]
    best, where = product.abs().max(dim=1)
    size = product.gather(1, where[:, None])[:, 0] / plan.free_norms[where].clamp(min=1e-6)
    left = (fits.rss[:, REFERENCE, 1] - best**2).clamp(min=1e-3)
    put(f"{name} gain", 0.5 * symlog(0.5 * count * torch.log((left + best**2) / left)))
    put(f"{name} size", (size.abs() / half).clamp(max=4))
    put(f"{name} whole", torch.cos(2 * math.pi * size / half))
    put(f"{name} over noise", symlog(size / noise))
    put(f"{name} where", 2 * where.to(product.dtype) / count - 1)
    if name.endswith("left"):
        across = plan.hinge_steps[fits.where]
        beside = (product - across * fits.best_hinge[:, None]) ** 2 / (1 - across**2).clamp(min=0.05)
        rss = fits.rss[:, REFERENCE, 3]
        put(f"{name} beside kink", 0.5 * symlog(0.5 * count * torch.log(rss / (rss - beside.amax(dim=1)).clamp(min=1e-3))))


def _shape_of_residuals(residual, valid, put):
    """Features of the whitened residuals: how Gaussian, how correlated, how even over time."""
    unit = residual / residual.square().mean(dim=1, keepdim=True).sqrt().clamp(min=1e-6)
    square = unit.square()
    put("kurtosis", symlog(square.square().mean(dim=1) - 3))
    put("skewness", symlog((square * unit).mean(dim=1)))
    put("largest", unit.abs().amax(dim=1).log())
    for lag in (1, 2, 4, 8):
        if residual.shape[1] > 2 * lag + 4:
            put(f"lag {lag}", 2 * (unit[:, lag:] * unit[:, :-lag]).mean(dim=1))
        else:
            put(f"lag {lag}", torch.zeros(len(unit), device=unit.device))
    half = residual.shape[1] // 2
    early, late = square[:, :half].mean(dim=1), square[:, half:].mean(dim=1)
    put("noise early or late", (early.clamp(min=1e-4) / late.clamp(min=1e-4)).log())
    put("quiet share", 3 * (unit.abs() < 0.3).to(unit.dtype).mean(dim=1))


def _break_posterior(scans, put):
    """Return the posterior of the break date over noise models, (n, BREAKS), and its features."""
    joint = torch.logsumexp(scans, dim=1)
    weights = torch.softmax(joint, dim=1)
    place = torch.linspace(-1, 1, BREAKS, device=weights.device)
    middle = weights @ place
    put("break", middle)
    put("break spread", (weights @ place**2 - middle**2).clamp(min=0).sqrt())
    return weights
