"""The published network for offsets: a Siamese encoder-decoder whose residual units read both images, with crossed skips.

Kim, Jung and Lu (2025), Remote Sensing of Environment 318, 114577 (CC-ResSiamNet). The paper's text was not at hand; the layout
follows what is known of it, with the choices that are ours in ``docs/offsets-ressiamnet.md``.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Dict, Mapping, Optional, Tuple

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from stillpoint.models.errors import StillpointError
from stillpoint.models.learning import library

TASK, ARCHITECTURE = "offsets", "cc-ressiamnet"

PUBLISHED = (32, 64, 128, 256, 512, 1024)
"""Channels of the levels as published: 189 million weights."""

NARROW = (16, 24, 32, 48)
"""Channels of the levels as shipped: less than 3 MB in half precision."""

BORDER = 16
"""Pixels at the border of a tile that are not used."""

BRIGHTEST = 6.0
"""Amplitudes are cut at this many medians."""

DELTAS = (1.0, 0.1)
"""Pixels at which Huber's loss turns from the square to the absolute value, in the first 60 % and the rest of a training; the
authors had the one in their first version and the other later."""

UNITS = 2
"""Joint residual units a level."""

RATIO = 8
"""Channels of the attention over those of its hidden layer."""


@dataclass(frozen=True)
class SiamShape:
    """Sizes of the network; kept in the header of its weights."""

    widths: Tuple[int, ...] = NARROW

    def to_dict(self) -> Dict[str, Any]:
        """Return the sizes by name."""
        return {"widths": list(self.widths)}


class JointUnit(nn.Module):
    """A residual unit that reads both branches: what their trunk finds together is added to a projection of each."""

    def __init__(self, inside: int, outside: int) -> None:
        super().__init__()
        self.trunk = nn.Sequential(
            nn.Conv2d(2 * inside, outside, 3, padding=1), nn.BatchNorm2d(outside), nn.SiLU(),
            nn.Conv2d(outside, outside, 3, padding=1), nn.BatchNorm2d(outside), nn.SiLU(),
            nn.Conv2d(outside, outside, 3, padding=1), nn.BatchNorm2d(outside),
        )  # fmt: skip
        self.first = nn.Conv2d(inside, outside, 3, padding=1)
        self.second = nn.Conv2d(inside, outside, 3, padding=1)

    def forward(self, first: Tensor, second: Tensor) -> Tuple[Tensor, Tensor]:
        """Return both branches [n, outside, rows, cols] from [n, inside, rows, cols]."""
        joint = self.trunk(torch.cat([first, second], dim=1))
        return joint + self.first(first), joint + self.second(second)


class _Level(nn.Module):
    def __init__(self, inside: int, outside: int) -> None:
        super().__init__()
        self.units = nn.ModuleList(JointUnit(outside if number else inside, outside) for number in range(UNITS))

    def forward(self, first: Tensor, second: Tensor) -> Tuple[Tensor, Tensor]:
        for unit in self.units:
            first, second = unit(first, second)
        return first, second


class Attention(nn.Module):
    """Weights of channels by their mean and maximum, then of places by the mean and maximum of their channels."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        hidden = max(channels // RATIO, 1)
        self.channels = nn.Sequential(nn.Conv2d(channels, hidden, 1), nn.SiLU(), nn.Conv2d(hidden, channels, 1))
        self.places = nn.Conv2d(2, 1, 7, padding=3)

    def forward(self, maps: Tensor) -> Tensor:
        """Return maps [n, channels, rows, cols], weighted."""
        pooled = self.channels(maps.mean(dim=(2, 3), keepdim=True)) + self.channels(maps.amax(dim=(2, 3), keepdim=True))
        maps = maps * torch.sigmoid(pooled)
        seen = torch.cat([maps.mean(dim=1, keepdim=True), maps.amax(dim=1, keepdim=True)], dim=1)
        return maps * torch.sigmoid(self.places(seen))


class SiamNetwork(nn.Module):
    """Offsets of every pixel from two amplitude images."""

    def __init__(self, shape: SiamShape) -> None:
        super().__init__()
        self.shape = shape
        widths = shape.widths
        self.down = nn.ModuleList(_Level(inside, outside) for inside, outside in zip((1, *widths), widths))
        self.up = nn.ModuleList(
            _Level(below + beside, beside) for below, beside in zip(widths[:0:-1], widths[-2::-1])
        )
        self.attention = Attention(2 * widths[0])
        self.head = nn.Sequential(nn.Conv2d(2 * widths[0], widths[0], 1), nn.SiLU(), nn.Conv2d(widths[0], 2, 1))

    @property
    def multiple(self) -> int:
        """Pixels that rows and columns must be a multiple of."""
        return int(2 ** (len(self.shape.widths) - 1))

    def forward(self, images: Tensor) -> Tensor:
        """Return offsets.

        Parameters
        ----------
        images
            [n, 2, rows, cols]: reference and secondary from :func:`normalised`; rows and columns a multiple of :attr:`multiple`.

        Returns
        -------
        Tensor
            [n, 2, rows, cols] pixels, along rows and columns: the feature at p of the reference lies at p + offset in the
            secondary.
        """
        first, second = images[:, :1], images[:, 1:]
        skips = []
        for number, level in enumerate(self.down):
            if number:
                first, second = functional.max_pool2d(first, 2), functional.max_pool2d(second, 2)
            first, second = level(first, second)
            skips.append((first, second))
        for level, (beside_first, beside_second) in zip(self.up, skips[-2::-1]):
            first, second = (functional.interpolate(branch, scale_factor=2, mode="nearest") for branch in (first, second))
            # Crossed: each branch goes on with what the other one saw.
            first, second = level(torch.cat([first, beside_second], dim=1), torch.cat([second, beside_first], dim=1))
        return self.head(self.attention(torch.cat([first, second], dim=1)))


def normalised(amplitude: np.ndarray) -> np.ndarray:
    """Return an image as the network reads it: float32 [rows, cols] of mean 0 and standard deviation 1, 0 where missing.

    Amplitudes are cut at six medians, and their square root is taken: speckle then has about the same variance everywhere.
    """
    present = np.isfinite(amplitude) & (amplitude > 0)
    if not present.any():
        return np.zeros(amplitude.shape, np.float32)
    values = np.sqrt(np.minimum(np.where(present, amplitude, 0), BRIGHTEST * np.median(amplitude[present])))
    seen = values[present]
    spread = float(seen.std())
    return np.where(present, (values - seen.mean()) / spread if spread > 1e-12 else 0.0, 0.0).astype(np.float32)


def masked_huber(
    offsets: Tensor, target: Tensor, counts: Tensor, delta: float = DELTAS[1], *, of: Optional[int] = None
) -> Tensor:
    """Return Huber's loss over delta (so pixels where errors are large), the mean over what counts.

    Parameters
    ----------
    offsets, target
        [n, 2, rows, cols] pixels.
    counts
        bool [n, rows, cols]. The paper leaves out zeros of the target as missing; here a true zero counts.
    delta
        Pixels at which the square turns into the absolute value.
    of
        What counts in the whole batch, where this is a part of it; the losses of the parts then add up.
    """
    loss = functional.huber_loss(offsets, target, reduction="none", delta=delta) / delta
    weight = counts[:, None].to(loss.dtype)
    return (loss * weight).sum() / ((2 * weight.sum()).clamp_min(1) if of is None else max(2 * of, 1))


def shape_of(header: Mapping[str, Any], path: Path) -> SiamShape:
    """Return the sizes that a header's ``shape`` tells, or raise a StillpointError."""
    try:
        widths = tuple(int(width) for width in header["widths"])
    except (KeyError, TypeError, ValueError):
        raise StillpointError(f"The header of {path} lacks the sizes of the network.") from None
    if not 2 <= len(widths) <= 8 or min(widths) < 1 or max(widths) > 2048:
        raise StillpointError(f"The header of {path} names levels of {widths} channels, which this network cannot have.")
    return SiamShape(widths)


def open_network(path: Path, *, device: str = "cpu") -> Tuple[SiamNetwork, library.Header]:
    """Return the network with its weights, and their header.

    Raises
    ------
    StillpointError
        The file is missing, damaged, or holds another network.
    """
    header = library.checked_header(path, task=TASK, architecture=ARCHITECTURE)
    shape = shape_of(header.shape, path)
    network = library.built(lambda: SiamNetwork(shape), path, header)
    return network.to(device).eval(), header
