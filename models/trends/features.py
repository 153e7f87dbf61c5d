"""Fit statistics of displacement series: what the trend tests look at, as numbers for the network.

All functions take blocks of series that share dates. Displacements are mm, times years, and every
statistic is scaled so that a small network can read it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import List, Optional, Tuple

import torch

from stillpoint.models.trends.plan import BREAKS, NOISES, PAIR_LAGS, REFERENCE, STATIONARY, Plan

MODELS = ("constant", "line", "parabola", "hinge")

CHANNELS = 10
"""Number of channels an epoch that the network sees; see :meth:`Evidence.channels`."""

_JUMP_GAIN = 12.0
"""Least gain, in noise variances, at which a jump of half a wavelength is taken out."""

_MOST_JUMPS = 16


@dataclass
class Evidence:
    """What was computed of a block of n series; tensors are float32 on one device.

    Attributes
    ----------
    valid
        (n, e), 1 where measured, 0 where filled.
    jumps
        (n, e), phase jumps taken out, in half wavelengths, at the epoch where they begin.
    features
        (n, f), scaled statistics; names in ``FEATURES``.
    break_weights
        (n, BREAKS), posterior of the break date under a hinge, over the noise models.
    residual, straightened, whitened
        (n, e), residuals of an ordinary line: with the jumps, without them, and the latter whitened.
    noise
        (n,), mm, residual standard deviation under the reference model.
    """

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
                _symlog(values / noise / 2),
                _symlog(cleaned / noise / 2),
                (values / self.half).clamp(-6, 6),
                _symlog(values / 5.0),
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


def find_jumps(values: torch.Tensor, plan: Plan, half: float) -> Tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Take out phase jumps of whole half wavelengths, one after the other, best first.

    A jump is tested against *any* smooth motion (integrated random walk), so that a kink or a curve
    does not pass for one; an error of a few epochs is tested as a pair of opposite jumps.

    Parameters
    ----------
    values
        (n, e), mm, complete.
    plan
        Of the dates.
    half
        Half the wavelength, mm.

    Returns
    -------
    jumps
        (n, e), in half wavelengths.
    gain
        (n,), sum of the gains in noise variances.
    scale
        (n,), robust noise standard deviation, mm.
    """
    scan = plan.jumps
    white = values @ scan.matrix
    # Mean square root of the absolute value: jumps, being rare, hardly move it. 0.822 is its mean for unit noise.
    scale = white.abs_().sqrt_().mean(dim=1).div_(0.822).square_().clamp_(min=0.05)
    jumps = torch.zeros_like(values)
    total = torch.zeros(len(values), device=values.device)
    product = values @ scan.steps
    # Most series have no jump at all, which a bound tells cheaply.
    rows = torch.nonzero(_best_gain(product, plan, half) > _JUMP_GAIN * scale**2)[:, 0]
    product = product[rows]
    for _ in range(_MOST_JUMPS):
        if not len(rows):
            break
        best, where, lag = _best_jump(product, plan, half)
        keep = best > _JUMP_GAIN * scale[rows] ** 2
        gain = best[keep] / scale[rows][keep] ** 2
        rows, product, where, lag = rows[keep], product[keep], where[keep], lag[keep]
        end = (where + lag).clamp(max=values.shape[1] - 1)
        paired = (lag > 0).to(values.dtype)
        here = torch.arange(len(rows), device=values.device)
        sign = torch.sign(product[here, where] - paired * product[here, end])
        jumps[rows, where] += sign
        jumps[rows, end] -= sign * paired
        total[rows] += gain
        product -= (sign * half)[:, None] * (scan.gram[where] - paired[:, None] * scan.gram[end])
    return jumps, total, scale


def _best_gain(product: torch.Tensor, plan: Plan, half: float) -> torch.Tensor:
    """Return the gain of the best single or paired jump of each row, (n,), in mm2."""
    scan = plan.jumps
    best = (product.abs() - scan.single_bars * half).amax(dim=1)
    for step in range(1, min(PAIR_LAGS, product.shape[1] - 1) + 1):
        gain = (product[:, :-step] - product[:, step:]).abs_().sub_(scan.pair_bars[step - 1, :-step] * half)
        best = torch.maximum(best, gain.amax(dim=1))
    return 2 * half * best


def _best_jump(product: torch.Tensor, plan: Plan, half: float) -> Tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Return gain (mm2), epoch and length (0 for a lasting jump) of the best jump of each row."""
    scan = plan.jumps
    best, where = (product.abs() - scan.single_bars * half).max(dim=1)
    lag = torch.zeros_like(where)
    for step in range(1, min(PAIR_LAGS, product.shape[1] - 1) + 1):
        gain = (product[:, :-step] - product[:, step:]).abs_().sub_(scan.pair_bars[step - 1, :-step] * half)
        top, place = gain.max(dim=1)
        better = top > best
        best = torch.where(better, top, best)
        where = torch.where(better, place, where)
        lag = torch.where(better, torch.full_like(lag, step), lag)
    return 2 * half * best, where, lag


def _symlog(value: torch.Tensor) -> torch.Tensor:
    return torch.sign(value) * torch.log1p(value.abs())


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

    def put(name: str, column: torch.Tensor) -> None:
        names.append(name)
        columns.append(column)

    likelihood, fits = _likelihoods(cleaned, slope_cleaned, plan, put)
    # The line's and parabola's own residuals, with and without the jumps.
    raw_rss = values.square().sum(dim=1).clamp(min=1e-6)
    clean_rss = cleaned.square().sum(dim=1).clamp(min=1e-6)
    count = float(values.shape[1])
    noise = (fits.rss[:, REFERENCE, 3] / count).clamp(min=1e-6).sqrt()
    put("jump share of residuals", 0.5 * _symlog(0.5 * count * (raw_rss / clean_rss).log()))
    put("jump gain", 0.4 * _symlog(jump_gain))
    held = jumps.cumsum(dim=1)
    put("jumps", _symlog(jumps.abs().sum(dim=1)))
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
    residual = fits.residual
    _shape_of_residuals(residual, valid, put)
    put("epochs", torch.full_like(noise, math.log(count / 100.0)))
    put("span", torch.full_like(noise, math.log(max(plan.span, 0.05))))
    put("half wavelength", torch.full_like(noise, math.log(half / 28.0)))
    put("measured", 5 * (1 - valid.mean(dim=1)))
    weights = _break_posterior(likelihood, put, plan)
    features = torch.stack(columns, dim=1).nan_to_num(0.0, 20.0, -20.0).clamp(-20, 20)
    _remember(names)
    return Evidence(valid, jumps, features, weights, values, cleaned, residual, noise, plan, half)


FEATURES: List[str] = []
"""Names of the features; filled by the first call of :func:`gather_evidence`, the same at every call."""


def _remember(names: List[str]) -> None:
    if not FEATURES:
        FEATURES.extend(names)


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


@dataclass
class _Fits:
    """Results of the likelihoods that later statistics need."""

    rss: torch.Tensor
    hinge: torch.Tensor
    where: torch.Tensor
    gains: torch.Tensor
    residual: torch.Tensor


def _likelihoods(cleaned, slope, plan, put):
    """Profile log-likelihoods (n, noise, model) with their features, and the hinge scan of each noise model."""
    count = cleaned.shape[1]
    size = len(cleaned)
    logs = cleaned.new_empty(size, len(NOISES), len(MODELS) + 1)
    scans = cleaned.new_empty(size, len(NOISES), BREAKS)
    rss_all = cleaned.new_empty(size, len(NOISES), 4)
    totals = plan.energies.totals(cleaned)
    for index, white in enumerate(plan.whitenings):
        project = cleaned @ white.trend
        line = (totals[:, index] - project[:, 0] ** 2 - project[:, 1] ** 2).clamp(min=1e-3)
        with_slope = project[:, 1] + slope * white.line
        constant = line + with_slope**2
        parabola = (line - project[:, 2] ** 2).clamp(min=1e-3)
        hinge = cleaned @ white.hinges
        gains = torch.minimum(hinge.square(), 0.99999 * line[:, None])
        profile = -0.5 * count * torch.log((line[:, None] - gains).clamp(min=1e-3))
        where = profile.argmax(dim=1)
        rss = torch.stack([constant, line, parabola, (line - gains.gather(1, where[:, None])[:, 0]).clamp(min=1e-3)], dim=1)
        rss_all[:, index] = rss
        logs[:, index, :4] = -0.5 * count * rss.log() - white.half_log_det
        logs[:, index, 4] = torch.logsumexp(profile, dim=1) - math.log(BREAKS) - white.half_log_det
        scans[:, index] = profile - white.half_log_det
        if index == REFERENCE:
            here = hinge.gather(1, where[:, None])[:, 0]
            fits = _Fits(rss_all, here, where, hinge, cleaned @ plan.reference)
            put("velocity", (slope / 5.0).asinh())
            put("velocity over error", _symlog(with_slope / (line / count).sqrt()))
            put("curvature over error", _symlog(project[:, 2] / (parabola / count).sqrt()))
            put("kink over error", _symlog(here / (rss[:, 3] / count).sqrt()))
            put("kink sign", torch.tanh(here * project[:, 2] / (line / count)))
            second = _second_hinge(hinge, where, plan.hinge_gram)
            left = rss[:, 3]
            put("second kink", 0.5 * _symlog(0.5 * count * torch.log(left / (left - second).clamp(min=1e-3))))
            put("parabola left by kink", 0.5 * _symlog(0.5 * count * torch.log(parabola / left)))
        put(f"line {index}", 0.5 * _symlog(0.5 * count * torch.log(constant / line)))
        put(f"parabola {index}", 0.5 * _symlog(0.5 * count * torch.log(line / parabola)))
        put(f"hinge {index}", 0.5 * _symlog(logs[:, index, 3] - logs[:, index, 1]))
        put(f"mean hinge {index}", 0.5 * _symlog(logs[:, index, 4] - logs[:, index, 1]))
        put(f"hinge or parabola {index}", 0.5 * _symlog(logs[:, index, 4] - logs[:, index, 2]))
    top = logs.amax(dim=2)
    for index in range(len(NOISES)):
        put(f"noise model {index}", 0.3 * _symlog(top[:, index] - top.amax(dim=1)))
    together = torch.logsumexp(logs[:, :STATIONARY], dim=1)
    put("line together", 0.5 * _symlog(together[:, 1] - together[:, 0]))
    put("parabola together", 0.5 * _symlog(together[:, 2] - together[:, 1]))
    put("hinge together", 0.5 * _symlog(together[:, 4] - together[:, 1]))
    put("hinge or parabola together", 0.5 * _symlog(together[:, 4] - together[:, 2]))
    put("best hinge or parabola", 0.5 * _symlog(together[:, 3] - together[:, 2]))
    return scans[:, :STATIONARY], fits


def _second_hinge(hinge, where, gram):
    """Return the gain of the best second hinge once the best one is in, (n,)."""
    first = hinge.gather(1, where[:, None])
    across = gram[where]
    left = (1 - across**2).clamp(min=0.02)
    return ((hinge - across * first) ** 2 / left).amax(dim=1)


def _free_jumps(name, product, fits, plan, half, noise, put):
    """Features of the best jump of any size, after the line, and beside the best hinge."""
    count = product.shape[1]
    best, where = product.abs().max(dim=1)
    size = product.gather(1, where[:, None])[:, 0] / plan.free_norms[where].clamp(min=1e-6)
    left = (fits.rss[:, REFERENCE, 1] - best**2).clamp(min=1e-3)
    put(f"{name} gain", 0.5 * _symlog(0.5 * count * torch.log((left + best**2) / left)))
    put(f"{name} size", (size.abs() / half).clamp(max=4))
    put(f"{name} whole", torch.cos(2 * math.pi * size / half))
    put(f"{name} over noise", _symlog(size / noise))
    put(f"{name} where", 2 * where.to(product.dtype) / count - 1)
    if name.endswith("left"):
        across = plan.hinge_steps[fits.where]
        beside = (product - across * fits.hinge[:, None]) ** 2 / (1 - across**2).clamp(min=0.05)
        rss = fits.rss[:, REFERENCE, 3]
        put(f"{name} beside kink", 0.5 * _symlog(0.5 * count * torch.log(rss / (rss - beside.amax(dim=1)).clamp(min=1e-3))))


def _shape_of_residuals(residual, valid, put):
    """Features of the whitened residuals: how Gaussian, how correlated, how even over time."""
    unit = residual / residual.pow(2).mean(dim=1, keepdim=True).sqrt().clamp(min=1e-6)
    put("kurtosis", _symlog(unit.pow(4).mean(dim=1) - 3))
    put("skewness", _symlog(unit.pow(3).mean(dim=1)))
    put("largest", unit.abs().amax(dim=1).log())
    for lag in (1, 2, 4, 8):
        if residual.shape[1] > 2 * lag + 4:
            put(f"lag {lag}", 2 * (unit[:, lag:] * unit[:, :-lag]).mean(dim=1))
        else:
            put(f"lag {lag}", torch.zeros(len(unit), device=unit.device))
    half = residual.shape[1] // 2
    early, late = unit[:, :half].pow(2).mean(dim=1), unit[:, half:].pow(2).mean(dim=1)
    put("noise early or late", (early.clamp(min=1e-4) / late.clamp(min=1e-4)).log())
    put("quiet share", 3 * (unit.abs() < 0.3).to(unit.dtype).mean(dim=1))


def _break_posterior(scans, put, plan):
    """Return the posterior of the break date over noise models, (n, BREAKS), and its features."""
    joint = torch.logsumexp(scans, dim=1)
    weights = torch.softmax(joint, dim=1)
    place = torch.linspace(-1, 1, BREAKS, device=weights.device)
    middle = weights @ place
    put("break", middle)
    put("break spread", (weights @ place**2 - middle**2).clamp(min=0).sqrt())
    return weights
