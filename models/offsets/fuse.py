"""The default method: a small network that fuses what the windows, the smooth and the sharp field measured.

Its answer is a convex mix of the calm field at the node and its neighbours and of what else was measured there against that field:
it cannot invent motion, it needs no scale, and it moves when its input moves. Beside it stand the standard errors and the
probability that the offset can be used.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Dict, Optional

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from stillpoint.models.errors import StillpointError
from stillpoint.models.learning import library
from stillpoint.models.offsets import linear, smoothing
from stillpoint.models.offsets.lattice import box_sums
from stillpoint.models.offsets.track import OUTLIER, WINDOWS, Tracked, with_bodies

TASK, ARCHITECTURE = "offsets", "offset-fusion"

CANDIDATES = 3 + len(WINDOWS)
"""Vectors at a node: the calm, the loose and the whole-lag field, and the answer of each window."""

NEAR = 5
"""Nodes a side that are mixed."""

LOCAL = 5
"""Nodes a side over which the bend of the answer, and how far it lies from the calm field, are averaged."""

STATED, BENT, MOVED = 0.387, 0.480, 1.69
"""What counts towards the variance: what the network states, what the bend of the answer adds, and the square of what the network
moved the calm field by. Likeliest for the errors of the pairs that tuned the network, then scaled between what 68 and what 95 % of
them ask for."""

SHARPEST, FARTHEST = 0.2, 0.5
"""Pixels beyond which a bend from node to node, and a difference from the calm field, add no more."""

FEATURES = (
    *(f"{name} less the calm field, {axis}" for name in ("loose", "lags", *(f"window {size}" for size in WINDOWS))
      for axis in ("rows", "columns")),
    *(f"calm field less its surroundings, {axis}, {scale}" for scale in ("fine", "coarse") for axis in ("rows", "columns")),
    *(f"information of window {size}, {axis}" for size in WINDOWS for axis in ("rows", "columns")),
    *(f"correlation of window {size} over chance" for size in WINDOWS),
    "correlation of 72 px", "standard error, rows", "standard error, columns", "stiffness", "valid share", "misfit",
    "fraction of a pixel, rows", "fraction of a pixel, columns", "band, rows", "band, columns",
)  # fmt: skip
"""What the network reads at a node."""


@dataclass(frozen=True)
class FuseShape:
    """Sizes of the network; kept in the header of its weights."""

    features: int = len(FEATURES)
    width: int = 32

    def to_dict(self) -> Dict[str, int]:
        """Return the sizes by name."""
        return asdict(self)


class _Block(nn.Module):
    def __init__(self, width: int, dilation: int) -> None:
        super().__init__()
        self.conv = nn.Conv2d(width, width, 3, padding=dilation, dilation=dilation, padding_mode="replicate")
        self.mix = nn.Conv2d(width, width, 1)
        nn.init.zeros_(self.mix.weight)
        nn.init.zeros_(self.mix.bias)  # type: ignore[arg-type]

    def forward(self, maps: Tensor) -> Tensor:
        return maps + self.mix(functional.silu(self.conv(maps)))


class FuseNetwork(nn.Module):
    """Weights of the mix, standard errors and the odds that an offset can be used.

    Notes
    -----
    ``scale`` calibrates the standard errors (68 % of the errors within one), ``threshold`` is the log odds above which an offset is
    trusted; both are set on simulated pairs of their own. No normalisation over the map: a tile must not change the answer.
    """

    scale: Tensor
    threshold: Tensor

    def __init__(self, shape: FuseShape) -> None:
        super().__init__()
        self.shape = shape
        self.register_buffer("scale", torch.ones(2))
        self.register_buffer("threshold", torch.zeros(1))
        self.read = nn.Conv2d(shape.features, shape.width, 3, padding=1, padding_mode="replicate")
        self.blocks = nn.ModuleList(_Block(shape.width, dilation) for dilation in (1, 2, 4, 8, 2, 1))
        self.answer = nn.Conv2d(shape.width, CANDIDATES * NEAR * NEAR + 3, 1)
        nn.init.normal_(self.answer.weight, std=0.01)
        nn.init.zeros_(self.answer.bias)  # type: ignore[arg-type]
        with torch.no_grad():
            self.answer.bias[NEAR * NEAR // 2] = 6.0  # type: ignore[index]

    def forward(self, features: Tensor, candidates: Tensor) -> Dict[str, Tensor]:
        """Fuse.

        Parameters
        ----------
        features
            [n, features, rows, cols], from :func:`features`.
        candidates
            [n, candidates, 2, rows, cols] pixels, from :func:`candidates`.

        Returns
        -------
        dict
            ``offsets`` [n, 2, rows, cols], ``error`` [n, 2, rows, cols]: log of the factor on the standard error, ``odds``
            [n, rows, cols]: log odds of a usable offset.
        """
        maps = self.read(features)
        for block in self.blocks:
            maps = block(maps)
        found = self.answer(functional.silu(maps))
        count, _, rows, cols = found.shape
        mix = CANDIDATES * NEAR * NEAR
        weights = torch.softmax(found[:, :mix], dim=1).view(count, CANDIDATES, 1, NEAR * NEAR, rows, cols)
        half = NEAR // 2
        # Against the calm field, so that single precision does not blur large offsets. What a neighbour measured counts as its
        # difference from the calm field there: taken as it is, a mix of neighbours would blur the motion's own changes.
        middle = candidates[:, :1]
        others = torch.cat([middle, candidates[:, 1:] - middle], dim=1)
        around = functional.pad(others.flatten(1, 2), (half, half, half, half), mode="replicate")
        own = torch.cat([middle, torch.zeros_like(candidates[:, 1:])], dim=1)
        total = torch.zeros_like(middle[:, 0])
        for place in range(NEAR * NEAR):
            row, col = divmod(place, NEAR)
            near = around[:, :, row : row + rows, col : col + cols].view(count, CANDIDATES, 2, rows, cols) - own
            total = total + (weights[:, :, :, place] * near).sum(dim=1)
        error = 3 * torch.tanh(found[:, mix : mix + 2] / 3)
        return {"offsets": middle[:, 0] + total, "error": error, "odds": found[:, mix + 2]}


def candidates(found: Tracked) -> Tensor:
    """Return what was measured at the nodes, [candidates, 2, rows, cols] pixels; the calm field first."""
    return torch.cat([
        found.offsets[None], found.maps["loose"][None], found.maps["lags"][None], found.offsets + found.kernels["step"],
    ])  # fmt: skip


def features(found: Tracked) -> Tensor:
    """Return what the network reads, [features, rows, cols], all of order one."""
    calm = found.offsets
    others = candidates(found)[1:] - calm
    ones = torch.ones_like(calm)
    around = box_sums(calm, 15) / box_sums(ones, 15)
    shares = found.maps["shares"]
    correlation, chance = found.kernels["correlation"], found.maps["chance"]
    blocks = torch.tensor(WINDOWS, device=calm.device)[:, None, None]
    maps = [
        torch.tanh(others / 0.15).flatten(0, 1),
        torch.tanh((calm - around) / 0.15),
        torch.tanh((calm - around) / 1.5),
        ((found.kernels["weight"] + 1e-2).log() / 4 - 1).flatten(0, 1),
        torch.tanh(correlation * blocks / (3 * chance) / 8),
        found.peak[None],
        found.sigma.log() / 2 + 1,
        found.maps["stiff"].log()[None] / 5 - 1,
        found.maps["share"][None],
        torch.tanh(smoothing.misfit(calm, found.present).clamp_max(20.0) / 3)[None],
        (calm - calm.round()).abs(),
        shares[:, None, None].expand(2, *calm.shape[1:]),
    ]
    return torch.nan_to_num(torch.cat(maps)).float()


def fused(network: FuseNetwork, found: Tracked, *, search: int, prior: Optional[np.ndarray] = None) -> Tracked:
    """Return the offsets that the network makes of what was measured.

    Parameters
    ----------
    network
        From :func:`open_fuse`.
    found
        From :func:`stillpoint.models.offsets.track.track`, with ``kernels``.
    search, prior
        As they were given to it: what lies beyond is not trusted.
    """
    with torch.inference_mode():
        answer = network(features(found)[None], candidates(found)[None])
        offsets = answer["offsets"][0]
        if found.blocks is not None:
            offsets = found.blocks.settled(offsets)
        sigma = with_bias(found.sigma * answer["error"][0].exp() * network.scale[:, None, None], offsets, found)
        expected = torch.zeros_like(offsets) if prior is None else torch.from_numpy(np.nan_to_num(prior)).to(offsets)
        reached = ((offsets - expected).abs().amax(dim=0) <= search + 0.5) & found.present
        trusted = reached & found.trusted & (answer["odds"][0] > network.threshold)
        trusted &= smoothing.misfit(offsets, trusted) <= 2 * OUTLIER
    return with_bodies(Tracked(offsets, sigma, found.peak, trusted, found.present, body=found.body))


def with_bias(sigma: Tensor, offsets: Tensor, found: Tracked) -> Tensor:
    """Return standard errors [2, rows, cols] that count what a window gets wrong where the motion bends within it.

    A plate of stiffness s = 1 / bend² held by blocks of weight w has a variance of about bend / sqrt(w) by noise, and, as its
    stiffness is the one at which both balance, a bias of that order. Where the network moved the calm field, two estimates by
    different windows disagree.

    Parameters
    ----------
    sigma
        What the network states [2, rows, cols], pixels.
    offsets
        Its answer [2, rows, cols], pixels.
    found
        What it was made of.
    """
    along, across, _ = linear.bends(offsets)
    square = torch.zeros_like(offsets)
    square[:, 1:-1] += along.square().clamp_max(SHARPEST**2)
    square[:, :, 1:-1] += across.square().clamp_max(SHARPEST**2)
    moved = (offsets - found.offsets).square().clamp_max(FARTHEST**2)
    count = box_sums(torch.ones_like(offsets), LOCAL)
    weight = found.kernels["weight"][WINDOWS.index(5)] / 5**2
    bent = (box_sums(square, LOCAL) / count / weight.clamp_min(1.0)).sqrt()
    return (STATED * sigma**2 + BENT * bent + MOVED * box_sums(moved, LOCAL) / count).sqrt()


def open_fuse(path: Path, *, device: str = "cpu") -> FuseNetwork:
    """Return the network with its weights.

    Raises
    ------
    StillpointError
        The file is missing, damaged, or holds another network.
    """
    header = library.checked_header(path, task=TASK, architecture=ARCHITECTURE)
    if library.names_of(header, "features") != FEATURES:
        raise StillpointError(f"The model {path} was trained on other features than this version computes. Train it anew.")
    try:
        shape = FuseShape(**{key: int(value) for key, value in header.shape.items()})
    except (TypeError, ValueError):
        raise StillpointError(f"The header of {path} lacks the sizes of the network.") from None
    network: FuseNetwork = library.built(lambda: FuseNetwork(shape), path, header).to(device).eval()
    return network

