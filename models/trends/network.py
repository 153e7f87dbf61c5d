"""The default trend network: any number of epochs, irregular dates, one set of weights.

Two readers of the same series are joined: a perceptron on the fit statistics of
:mod:`stillpoint.models.trends.features`, and dilated convolutions on patches of native epochs with
attention pooling. The perceptron has a verdict of its own, which is enough for the plain cases and
spares them the convolutions. Beside the five classes it knows kinds of series that fit none of them, so that it
can say why it abstains.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Dict, Tuple

import torch
from torch import nn
from torch.nn import functional

from stillpoint.models.trends.features import CHANNELS

CLASSES = 5
REASONS = (
    "steps that are no whole half wavelength",
    "decaying motion",
    "annual motion dominates",
    "wandering motion",
    "more than one change of velocity",
    "noise without a pattern",
    "periodic motion",
    "motion that came and went",
    "a rapid transition",
)
"""Why a series fits no class; the outputs after the classes, in the order of the simulator's kinds."""

OUTPUTS = CLASSES + len(REASONS)


@dataclass(frozen=True)
class TrendNetworkShape:
    """Sizes of the network; kept in the header of its weights."""

    features: int
    channels: int = CHANNELS
    patch: int = 8
    width: int = 40
    blocks: int = 5
    hidden: int = 256

    def to_dict(self) -> Dict[str, int]:
        """Return the sizes by name."""
        return asdict(self)


class _Block(nn.Module):
    """Residual dilated convolution over tokens (n, t, width), as matrix products: faster on short rows."""

    def __init__(self, width: int, dilation: int) -> None:
        super().__init__()
        self.dilation = dilation
        self.norm = nn.LayerNorm(width)
        self.conv = nn.Conv1d(width, width, 3, padding=dilation, dilation=dilation)
        self.mix = nn.Conv1d(width, width, 1)

    def forward(self, tokens: torch.Tensor) -> torch.Tensor:
        count, width = tokens.shape[1:]
        inner = self.norm(tokens)
        padded = functional.pad(inner, (0, 0, self.dilation, self.dilation))
        beside = torch.cat([padded[:, :count], inner, padded[:, 2 * self.dilation :]], dim=2)
        kernel = self.conv.weight.permute(0, 2, 1).reshape(width, 3 * width)
        inner = functional.gelu(functional.linear(beside, kernel, self.conv.bias))
        return tokens + functional.linear(inner, self.mix.weight[:, :, 0], self.mix.bias)


class TrendNetwork(nn.Module):
    """Class logits from fit statistics and epochs.

    Parameters
    ----------
    shape
        Sizes.

    Notes
    -----
    ``centre`` and ``scale`` standardise the statistics; they are set once from simulated series.
    """

    centre: torch.Tensor
    scale: torch.Tensor
    temperature: torch.Tensor
    plain_temperature: torch.Tensor

    def __init__(self, shape: TrendNetworkShape) -> None:
        super().__init__()
        self.shape = shape
        width, hidden = shape.width, shape.hidden
        self.register_buffer("centre", torch.zeros(shape.features))
        self.register_buffer("scale", torch.ones(shape.features))
        self.register_buffer("temperature", torch.ones(()))
        self.register_buffer("plain_temperature", torch.ones(()))
        self.read_features = nn.Sequential(
            nn.Linear(shape.features, hidden), nn.GELU(),
            nn.Linear(hidden, hidden), nn.GELU(),
            nn.Linear(hidden, hidden), nn.GELU(),
        )
        self.plain = nn.Linear(hidden, OUTPUTS)
        self.stem = nn.Conv1d(shape.channels, width, shape.patch, stride=shape.patch)
        self.blocks = nn.ModuleList(_Block(width, 2 ** (index % 4)) for index in range(shape.blocks))
        self.look = nn.Linear(hidden, width)
        self.heads = nn.Conv1d(width, 2, 1)
        self.join = nn.Sequential(
            nn.LayerNorm(hidden + 3 * width), nn.Linear(hidden + 3 * width, hidden), nn.GELU(), nn.Linear(hidden, OUTPUTS)
        )

    def read(self, features: torch.Tensor) -> torch.Tensor:
        """Return what the perceptron makes of the statistics (n, f): (n, hidden)."""
        return self.read_features(((features - self.centre) * self.scale).clamp(-6, 6))

    def quick(self, known: torch.Tensor) -> torch.Tensor:
        """Return logits (n, OUTPUTS) from ``known`` (see :meth:`read`) alone."""
        return self.plain(known) / self.plain_temperature

    def thorough(self, known: torch.Tensor, channels: torch.Tensor) -> torch.Tensor:
        """Return logits (n, OUTPUTS) from ``known`` and the epochs' channels (n, CHANNELS, e), any e."""
        extra = -channels.shape[2] % self.shape.patch
        if extra:
            # Zeros, with "not measured" in the channel of validity.
            channels = functional.pad(channels, (0, extra))
        tokens = self.stem(channels).transpose(1, 2) + self.look(known)[:, None, :]
        for block in self.blocks:
            tokens = block(tokens)
        weights = torch.softmax(functional.linear(tokens, self.heads.weight[:, :, 0], self.heads.bias), dim=1)
        pooled = (weights.transpose(1, 2) @ tokens).flatten(1)
        together = torch.cat([known, pooled, tokens.mean(dim=1)], dim=1)
        return self.join(together) / self.temperature

    def forward(self, features: torch.Tensor, channels: torch.Tensor) -> Tuple[torch.Tensor, torch.Tensor]:
        """Return the thorough and the quick logits, (n, OUTPUTS) each, for training.

        Parameters
        ----------
        features
            (n, f), statistics as they come.
        channels
            (n, CHANNELS, e), any e.
        """
        known = self.read(features)
        return self.thorough(known, channels), self.quick(known)
