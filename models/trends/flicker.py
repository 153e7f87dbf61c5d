"""Unwrapping errors that flicker: single epochs, or two or three, that stand off by half a wavelength again and again.

A single epoch that stands off is an outlier by itself, whatever its size. Outliers have any size; unwrapping errors have
one. Where several epochs of a series stand off by about the same half wavelength, the odds of the two explanations
multiply. On real isolated points the error falls short of half a wavelength by about the noise, because it happens when
noise carries the phase across half a cycle. The phase then lies near that border: most errors have one sign, and the
series leans to the other side at the time (of the epochs of a Sentinel-1 scene that stand off by 22 to 28 mm, 84 %
do; of those that stand off by 6 to 10 mm, 53 %).
"""

from __future__ import annotations

import math
from typing import NamedTuple

import torch

REACH = 4
"""Epochs on each side whose median is the level that an epoch stands off."""

PRIOR = 0.02
"""Share of series whose unwrapping errors all flicker."""

_QUIET = 8.0
"""Robust deviations that half a wavelength must have: in louder noise, outliers look the same."""

_OFF = 4.5
"""Robust deviations from which an epoch stands off."""

_STEP = 0.6
"""Half wavelengths between neighbouring epochs from which a series is looked at."""

_OTHER = (0.05, 0.25, 0.5, 0.75, 0.9)
"""Shares, alike probable, of the epochs of a flickering series that stand off for another reason."""


_LEANING, _UPRIGHT = 1.6, 0.4
"""Odds of an error against an outlier where the series leans to the other side, and where to the same."""


class Flicker(NamedTuple):
    """What was found in n series.

    Attributes
    ----------
    log_odds
        (n,), logarithm of how much likelier the epochs that stand off are under flickering errors than under outliers.
    level
        (n, e) int, half wavelengths by which each epoch stands off.
    """

    log_odds: torch.Tensor
    level: torch.Tensor


def restless(displacement: torch.Tensor, half: float) -> torch.Tensor:
    """Return which series (n, e), NaN where missing, step often enough to be looked at, (n,) bool."""
    return ((displacement[:, 1:] - displacement[:, :-1]).abs() > _STEP * half).sum(dim=1) >= 3


def weigh(values: torch.Tensor, half: float) -> Flicker:
    """Weigh flickering unwrapping errors against outliers.

    Parameters
    ----------
    values
        (n, e), mm, complete, e > 2 ``REACH``.
    half
        Half the wavelength, mm.
    """
    ends = values[:, :REACH].flip(1), values[:, -REACH:].flip(1)
    around = torch.cat([ends[0], values, ends[1]], dim=1).unfold(1, 2 * REACH + 1, 1)
    base = around.median(dim=2).values
    off = values - base
    scale = (1.4826 * off.abs().median(dim=1).values).clamp(min=0.02 * half)[:, None]
    size = off.abs()
    # small ones happen either way and say nothing
    least = (_OFF * scale).clamp(min=_STEP * half)
    spike = size > least
    spread = (scale.square() + (0.04 * half) ** 2).sqrt()
    distance = (size - (half - spread)) / (1.5 * spread)
    whole = (-0.5 * distance.square()).exp() / (1.5 * spread * math.sqrt(2 * math.pi))
    # outliers: any size between the smallest that stands off and three half wavelengths, alike on a logarithmic scale
    width = torch.log(3 * half / least).clamp(min=0.7)
    lean = (base - base.median(dim=1, keepdim=True).values) * off.sign()
    odds = torch.where(lean < -scale, torch.full_like(lean, _LEANING), torch.ones_like(lean))
    odds = torch.where(lean > scale, torch.full_like(lean, _UPRIGHT), odds)
    ratio = whole * size * width * odds
    logs = [torch.where(spike, torch.log(other + (1 - other) * ratio), torch.zeros_like(ratio)).sum(dim=1) for other in _OTHER]
    log_odds = torch.logsumexp(torch.stack(logs), dim=0) - math.log(len(logs))
    level = torch.where(spike & (distance.abs() < 2.5), off.sign(), torch.zeros_like(off)).to(torch.int16)
    ups, downs = (level > 0).sum(dim=1), (level < 0).sum(dim=1)
    number = ups + downs
    one_sign = 0.5 + 0.5 * torch.where((ups == 0) | (downs == 0), 2.0 ** (number - 1).clamp(0, 20), torch.zeros_like(log_odds))
    log_odds = log_odds + one_sign.log()
    # one epoch is an outlier, and noise as large as the errors says nothing
    nothing = (number < 2) | (half < _QUIET * scale[:, 0])
    return Flicker(torch.where(nothing, torch.full_like(log_odds, -1e4), log_odds), level)
