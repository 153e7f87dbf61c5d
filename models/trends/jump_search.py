"""Search for phase jumps of whole half wavelengths in blocks of series, against any smooth motion."""

from __future__ import annotations

from typing import Tuple

import torch

from stillpoint.models.trends.plan import PAIR_LAGS, Plan

LEAST_GAIN = 12.0
"""Least gain, in noise variances, at which a jump of half a wavelength is taken out."""

MOST_JUMPS = 16


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
    rows = torch.nonzero(_best_gain(product, plan, half) > LEAST_GAIN * scale**2)[:, 0]
    product = product[rows]
    for _ in range(MOST_JUMPS):
        if not len(rows):
            break
        best, where, lag = _best_jump(product, plan, half)
        keep = best > LEAST_GAIN * scale[rows] ** 2
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
