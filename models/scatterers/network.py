"""The default network: from physical features to the phase noise of a pixel.

It does not answer "PS or not" but gives the probability of each of several ranges of phase noise; the probability of a PS
is their sum up to :data:`PS_NOISE`. So pixels near the limit teach more than a label could, the estimate of the noise in radians
comes along, and the two never contradict each other.
"""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from typing import Dict, Tuple

import torch
from torch import Tensor, nn
from torch.nn import functional

PS_NOISE = 0.6
"""Radians: a pixel whose phase in a single image is noisier than this (standard deviation) is no PS."""

EDGES: Tuple[float, ...] = (0.15, 0.25, 0.33, 0.4, 0.47, 0.535, PS_NOISE, 0.67, 0.76, 0.9, 1.1, 1.4)
"""Radians: limits of the ranges of phase noise."""

INSIDE = EDGES.index(PS_NOISE) + 1
"""Ranges that are a PS."""

RECEPTIVE = 4
"""Pixels round a pixel that the convolutions look at."""

LEANED: Tuple[str, ...] = ("gamma_narrow", "coherent_3", "log_dates")
"""Features that count beside the network's own answer: coherence of the pixel, of its 3 x 3, and the logarithm of the dates."""

_AT_LIMIT = math.exp(-0.5 * PS_NOISE**2)
"""Coherence of a pixel whose phase noise is at the limit."""

_MIDDLES = (0.1, *(0.5 * (low + high) for low, high in zip(EDGES, EDGES[1:])), 1.8)
_STEPS = 16

@dataclass(frozen=True)
class ScattererNetworkShape:
    """Sizes of the network; kept in the header of its weights."""

    features: int
    hidden: int = 64
    width: int = 32

    def to_dict(self) -> Dict[str, int]:
        """Return the sizes by name."""
        return asdict(self)


class _Block(nn.Module):
    """Residual 3 x 3 convolution and a mix of the channels."""

    def __init__(self, width: int, dilation: int) -> None:
        super().__init__()
        self.conv = nn.Conv2d(width, width, 3, padding=dilation, dilation=dilation)
        self.mix = nn.Conv2d(width, width, 1)

    def forward(self, maps: Tensor) -> Tensor:
        return maps + self.mix(functional.gelu(self.conv(maps)))


class ScattererNetwork(nn.Module):
    """Logits of the ranges of phase noise.

    Notes
    -----
    ``centre`` and ``scale`` standardise the features. ``lean``, ``rungs`` and ``warp`` make the probability of the ranges: see
    :meth:`standing` and :meth:`probability`. All are set from simulated scenes.
    """

    centre: Tensor
    scale: Tensor
    lean: Tensor
    rungs: Tensor
    warp: Tensor

    def __init__(self, shape: ScattererNetworkShape) -> None:
        super().__init__()
        self.shape = shape
        self.register_buffer("centre", torch.zeros(shape.features))
        self.register_buffer("scale", torch.ones(shape.features))
        self.register_buffer("lean", torch.zeros(3))
        self.register_buffer("rungs", torch.linspace(-12.0, 12.0, _STEPS).repeat(2, 1))
        self.register_buffer("warp", torch.tensor([1.0, 0.0]))
        self.read = nn.Sequential(
            nn.Conv2d(shape.features, shape.hidden, 1), nn.GELU(),
            nn.Conv2d(shape.hidden, shape.width, 1), nn.GELU(),
        )  # fmt: skip
        self.blocks = nn.ModuleList(_Block(shape.width, dilation) for dilation in (1, 2, 1))
        self.answer = nn.Sequential(
            nn.Conv2d(2 * shape.width, shape.hidden, 1), nn.GELU(), nn.Conv2d(shape.hidden, len(EDGES) + 1, 1)
        )

    def forward(self, features: Tensor) -> Tensor:
        """Return logits [n, ranges, rows, cols] of features [n, features, rows, cols] as they come."""
        maps = ((features - self.centre[:, None, None]) * self.scale[:, None, None]).clamp(-5, 5)
        read = self.read(maps)
        maps = read
        for block in self.blocks:
            maps = block(maps)
        return self.answer(torch.cat([read, maps], dim=1))

    def standing(self, logits: Tensor, measured: Tensor) -> Tensor:
        """Return by how much each pixel stands above the others [n, rows, cols], any real number.

        The share of the ranges that are a PS alone would leave pixels far from the limit in no order worth having: all that are
        surely none are near 0, all that surely are one near 1. So the expected coherence and the measured ones count too, with the
        weights ``lean``; on stacks that the simulation is not quite like, they put pixels in the better order. The coherence of
        the pixel itself counts in proportion to the dates that it was measured on, against that of a pixel at the limit.

        Parameters
        ----------
        logits
            [n, ranges, rows, cols].
        measured
            The features :data:`LEANED` [n, 3, rows, cols].
        """
        share = torch.softmax(logits, dim=1)
        coherence = torch.exp(-0.5 * torch.tensor(_MIDDLES, device=logits.device).square())
        expected = (share * coherence[:, None, None]).sum(dim=1)
        own, around, dates = measured.unbind(dim=1)
        likely = share[:, :INSIDE].sum(dim=1) + self.lean[0] * expected
        return likely + self.lean[1] * dates.exp() * (own - _AT_LIMIT) + self.lean[2] * around

    def probability(self, standing: Tensor) -> Tensor:
        """Return the calibrated probability of a PS: a rising piecewise linear function ``rungs`` of the standing gives log odds.

        ``warp`` (a, b of logit' = a logit + b) follows, for stacks that the network was fine-tuned on.
        """
        known, value = self.rungs
        place = torch.searchsorted(known, standing.contiguous()).clamp(1, len(known) - 1)
        slope = (value[place] - value[place - 1]) / (known[place] - known[place - 1])
        odds = value[place - 1] + slope * (standing - known[place - 1])
        return torch.sigmoid(self.warp[0] * odds + self.warp[1])


def range_of(noise: Tensor) -> Tensor:
    """Return the index of the range of phase noise (radians), int64."""
    return torch.bucketize(noise, torch.tensor(EDGES, device=noise.device))


def log_odds(logits: Tensor) -> Tensor:
    """Return the log odds of a PS [n, rows, cols] of the logits of the ranges."""
    return torch.logsumexp(logits[:, :INSIDE], dim=1) - torch.logsumexp(logits[:, INSIDE:], dim=1)


def expected_noise(logits: Tensor) -> Tensor:
    """Return the median phase noise in radians [n, rows, cols], interpolated within its range."""
    share = torch.softmax(logits, dim=1).cumsum(dim=1)
    low = torch.tensor((0.03, *EDGES), device=logits.device)
    high = torch.tensor((*EDGES, 2.0), device=logits.device)
    index = (share < 0.5).sum(dim=1, keepdim=True).clamp_max(len(EDGES))
    below = torch.where(index > 0, torch.gather(share, 1, (index - 1).clamp_min(0)), torch.zeros_like(share[:, :1]))
    within = (0.5 - below) / (torch.gather(share, 1, index) - below).clamp_min(1e-6)
    return (low[index] + within.clamp(0, 1) * (high - low)[index])[:, 0]
