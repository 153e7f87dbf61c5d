"""Search for phase jumps of whole half wavelengths in blocks of series, against any smooth motion."""

from __future__ import annotations

from typing import Tuple

import torch

from stillpoint.models.trends.plan import Plan

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
    bars = half * torch.cat([scan.single_bars[None], scan.pair_bars])
    # Most series have no jump at all, which the first gain tells cheaply.
    gains = _best_gains(product, bars)
    best, lag = gains.max(dim=1)
    rows = torch.nonzero(2 * half * best > LEAST_GAIN * scale**2)[:, 0]
    product, best, lag = product[rows], best[rows], lag[rows]
    for _ in range(MOST_JUMPS):
        if not len(rows):
            break
        where = _place(product, bars, lag)
        end = (where + lag).clamp(max=values.shape[1] - 1)
        paired = (lag > 0).to(values.dtype)
        here = torch.arange(len(rows), device=values.device)
        sign = torch.sign(product[here, where] - paired * product[here, end])
        jumps[rows, where] += sign
        jumps[rows, end] -= sign * paired
        total[rows] += 2 * half * best / scale[rows] ** 2
        product -= (sign * half)[:, None] * (scan.gram[where] - paired[:, None] * scan.gram[end])
        best, lag = _best_gains(product, bars).max(dim=1)
        keep = 2 * half * best > LEAST_GAIN * scale[rows] ** 2
        rows, product, best, lag = rows[keep], product[keep], best[keep], lag[keep]
    return jumps, total, scale


def _best_gains(product: torch.Tensor, bars: torch.Tensor) -> torch.Tensor:
    """Return the gain over 2 ``half``, mm, of each row's best lasting jump and best pair of each length, (n, 1 + lags)."""
    gains = [(product.abs() - bars[0]).amax(dim=1)]
    for step in range(1, min(len(bars), product.shape[1])):
        gains.append((product[:, :-step] - product[:, step:]).abs_().sub_(bars[step, :-step]).amax(dim=1))
    return torch.stack(gains, dim=1)


def _place(product: torch.Tensor, bars: torch.Tensor, lag: torch.Tensor) -> torch.Tensor:
    """Return the epoch of each row's best jump of length ``lag`` (0 for a lasting one)."""
    epoch = torch.arange(product.shape[1], device=product.device)
    end = (epoch + lag[:, None]).clamp(max=product.shape[1] - 1)
    back = product.gather(1, end) * (lag > 0).to(product.dtype)[:, None]
    return ((product - back).abs_() - bars[lag]).argmax(dim=1)
