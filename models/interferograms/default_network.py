"""The default network: from the evidence of a stack to the size of each interferogram's error.

It does not answer "bad or not" but gives the probability of each of several ranges of the error's root mean square; the probability
that an interferogram is bad is their sum beyond :data:`LIMIT`. So pairs near the limit teach more than a label could, and
the expected error variance, which weighs a pair in an inversion, comes along.

A small convolutional part looks at the maps of one pair; what it says of the pairs is then passed along the graph of dates, since
whose fault an open loop is can only be told from its neighbours. The order of pairs and dates does not matter.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Dict, Tuple

import torch
from torch import Tensor, nn
from torch.nn import functional

LIMIT = 1.5
"""Radians: root mean square of the error over the ground that can be measured, beyond which an interferogram is bad."""

WRAPPED_LIMIT = 1.3
"""Radians: the same of wrapped phase, whose error cannot exceed half a cycle: pure noise has 1.81, and from here on the mean phasor
is shorter than 0.4, so that the differences between neighbours (0.16) tell hardly more than noise and cannot be unwrapped."""

EDGES: Tuple[float, ...] = (0.12, 0.18, 0.25, 0.35, 0.5, 0.7, 0.9, 1.1, 1.3, LIMIT, 1.75, 2.1, 2.6, 3.5, 5.0)
"""Radians: limits of the ranges of the error."""

INSIDE, WRAPPED_INSIDE = EDGES.index(LIMIT) + 1, EDGES.index(WRAPPED_LIMIT) + 1
"""Ranges that are good, of unwrapped and of wrapped phase."""

_MIDDLES = (0.09, *((a * b) ** 0.5 for a, b in zip(EDGES[:-1], EDGES[1:])), 7.0)


@dataclass(frozen=True)
class DefaultNetworkShape:
    """Sizes of the network; kept in the header of its weights."""

    maps: int
    figures: int
    width: int = 24
    hidden: int = 64
    rounds: int = 2

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


class _Exchange(nn.Module):
    """What the pairs of a date have in common goes back to each of them."""

    def __init__(self, hidden: int) -> None:
        super().__init__()
        self.say = nn.Linear(hidden, hidden)
        self.hear = nn.Sequential(nn.Linear(5 * hidden, hidden), nn.GELU(), nn.Linear(hidden, hidden))
        self.norm = nn.LayerNorm(hidden)

    def forward(self, pairs: Tensor, ends: Tensor, dates: int) -> Tensor:
        said = functional.gelu(self.say(pairs)).float()  # sums over pairs are too long for half precision
        both = torch.cat([said, said])
        place = torch.cat([ends[:, 0], ends[:, 1]])
        number = torch.zeros(dates, 1, device=pairs.device).index_add_(0, place, torch.ones(len(place), 1, device=pairs.device))
        total = torch.zeros(dates, said.shape[1], device=pairs.device).index_add_(0, place, both)
        # Without the pair itself: what the others say.
        others = [(total[ends[:, k]] - said) / (number[ends[:, k]] - 1).clamp_min(1.0) for k in (0, 1)]
        spread = place[:, None].expand_as(both)
        most = torch.zeros_like(total).scatter_reduce(0, spread, both, "amax", include_self=False)
        tops = torch.maximum(most[ends[:, 0]], most[ends[:, 1]])
        every = said.mean(dim=0, keepdim=True).expand_as(said)
        heard = torch.cat([pairs, torch.minimum(*others), torch.maximum(*others), tops, every], dim=1)
        return self.norm(pairs + self.hear(heard))


class DefaultNetwork(nn.Module):
    """Logits of the ranges of the error of each pair, and the logarithm of the error variance in each cell.

    Notes
    -----
    ``centre`` and ``scale`` standardise the figures, ``map_centre`` and ``map_scale`` the maps, ``warp`` (a, b of
    logit' = a logit + b) calibrates the probability; all are set from simulated stacks.
    """

    centre: Tensor
    scale: Tensor
    map_centre: Tensor
    map_scale: Tensor
    warp: Tensor

    def __init__(self, shape: DefaultNetworkShape) -> None:
        super().__init__()
        self.shape = shape
        self.register_buffer("centre", torch.zeros(shape.figures))
        self.register_buffer("scale", torch.ones(shape.figures))
        self.register_buffer("map_centre", torch.zeros(shape.maps))
        self.register_buffer("map_scale", torch.ones(shape.maps))
        self.register_buffer("warp", torch.tensor([1.0, 0.0]))
        width, hidden = shape.width, shape.hidden
        self.read = nn.Sequential(nn.Conv2d(shape.maps, width, 1), nn.GELU(), nn.Conv2d(width, width, 1))
        self.blocks = nn.ModuleList(_Block(width, dilation) for dilation in (1, 2))
        self.cell = nn.Sequential(nn.Conv2d(width, width, 1), nn.GELU(), nn.Conv2d(width, 1, 1))
        self.pair = nn.Sequential(
            nn.Linear(3 * width + 3 + shape.figures, hidden), nn.GELU(), nn.Dropout(0.1), nn.Linear(hidden, hidden),
            nn.LayerNorm(hidden),
        )  # fmt: skip
        self.rounds = nn.ModuleList(_Exchange(hidden) for _ in range(shape.rounds))
        self.answer = nn.Sequential(nn.Linear(2 * hidden, hidden), nn.GELU(), nn.Linear(hidden, len(EDGES) + 1))

    def forward(self, maps: Tensor, figures: Tensor, reliable: Tensor, ends: Tensor, dates: int) -> Tuple[Tensor, Tensor]:
        """Judge the pairs of one stack.

        Parameters
        ----------
        maps
            [pairs, maps, cells, cells], as they come.
        figures
            [pairs, figures].
        reliable
            [cells, cells], weights of the ground.
        ends
            int64 [pairs, 2], dates of each pair.
        dates
            Number of dates.

        Returns
        -------
        tuple
            Logits [pairs, ranges], and log(1 + error variance in rad**2) [pairs, cells, cells].
        """
        known = maps[:, :1]
        weight = reliable * known
        weight = weight / weight.sum(dim=(2, 3), keepdim=True).clamp_min(1e-6)
        scaled = ((maps - self.map_centre[:, None, None]) * self.map_scale[:, None, None]).clamp(-6, 6)
        seen = self.read(scaled)
        for block in self.blocks:
            seen = block(seen)
        seen = seen.float()
        error = functional.softplus(self.cell(seen).float())
        mean = (weight * seen).sum(dim=(2, 3))
        spread = ((weight * (seen - mean[:, :, None, None]) ** 2).sum(dim=(2, 3)) + 1e-6).sqrt()
        most = functional.adaptive_avg_pool2d(seen, 4).amax(dim=(2, 3))
        variance = torch.expm1(error.clamp(max=4.5))
        power = (weight * variance).sum(dim=(2, 3)).clamp_min(1e-4).log()
        sizes = torch.cat([power, (weight * error).sum(dim=(2, 3)), known.mean(dim=(2, 3))], dim=1)
        standard = ((figures - self.centre) * self.scale).clamp(-6, 6)
        first = self.pair(torch.cat([mean, spread, most, sizes, standard], dim=1))
        pairs = first
        for exchange in self.rounds:
            pairs = exchange(pairs, ends, dates)
        return self.answer(torch.cat([first, pairs], dim=1)), error[:, 0]


def range_of(rms: Tensor) -> Tensor:
    """Return the index of the range of an error (radians), int64."""
    return torch.bucketize(rms, torch.tensor(EDGES, device=rms.device))


def log_odds(logits: Tensor, *, unwrapped: bool = True) -> Tensor:
    """Return the log odds that a pair is bad [pairs], of the logits of the ranges."""
    inside = INSIDE if unwrapped else WRAPPED_INSIDE
    return torch.logsumexp(logits[:, inside:], dim=1) - torch.logsumexp(logits[:, :inside], dim=1)


def expected_variance(logits: Tensor) -> Tensor:
    """Return the expected error variance of the phase in rad**2 [pairs]."""
    squares = torch.tensor(_MIDDLES, device=logits.device) ** 2
    return (torch.softmax(logits, dim=1) * squares).sum(dim=1)
