"""ResNet50 (He, K. et al. 2016, *Deep residual learning for image recognition*, CVPR, table 1) in any width.

Fifty layers: a convolution of 7 x 7 with stride 2, a max-pool of 3 x 3 with stride 2, sixteen bottleneck blocks (1 x 1, 3 x 3,
1 x 1 convolutions each) in stages of 3, 4, 6 and 3, the mean over the image, and a fully connected layer. The shortcut that
changes size is a 1 x 1 convolution (option B of the paper); its stride stands in the first convolution of the block, as there.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Dict, List

import torch
from torch import Tensor, nn

STAGES = (3, 4, 6, 3)
"""Bottleneck blocks a stage."""

EXPANSION = 4
"""Channels that a block gives back, over those of its middle convolution."""


@dataclass(frozen=True)
class ResNet50Shape:
    """Sizes of the network; kept in the header of its weights.

    Attributes
    ----------
    channels
        Of the first convolution: 64 as published; the stages have 4, 8, 16 and 32 times as many.
    side
        Rows and columns in pixels of the images that it was trained on (224 as published; any from 32 on can be read).
    """

    channels: int = 64
    side: int = 224

    def to_dict(self) -> Dict[str, int]:
        """Return the sizes by name."""
        return asdict(self)


class Bottleneck(nn.Module):
    """Residual block of three convolutions with batch normalisation.

    Parameters
    ----------
    before
        Channels that come in.
    middle
        Channels of the 3 x 3 convolution; :data:`EXPANSION` times as many go out.
    stride
        Of the first convolution and of the shortcut.
    """

    def __init__(self, before: int, middle: int, stride: int) -> None:
        super().__init__()
        after = EXPANSION * middle
        self.reduce = nn.Conv2d(before, middle, 1, stride=stride, bias=False)
        self.reduce_norm = nn.BatchNorm2d(middle)
        self.conv = nn.Conv2d(middle, middle, 3, padding=1, bias=False)
        self.conv_norm = nn.BatchNorm2d(middle)
        self.expand = nn.Conv2d(middle, after, 1, bias=False)
        self.expand_norm = nn.BatchNorm2d(after)
        self.shortcut: nn.Module = nn.Identity()
        if stride != 1 or before != after:
            self.shortcut = nn.Sequential(nn.Conv2d(before, after, 1, stride=stride, bias=False), nn.BatchNorm2d(after))

    def forward(self, maps: Tensor) -> Tensor:
        """Return [n, EXPANSION * middle, rows / stride, cols / stride] of [n, before, rows, cols]."""
        found = torch.relu_(self.reduce_norm(self.reduce(maps)))
        found = torch.relu_(self.conv_norm(self.conv(found)))
        return torch.relu_(self.expand_norm(self.expand(found)) + self.shortcut(maps))


class ResNet50(nn.Module):
    """Logits of low and high quality of rendered images.

    Notes
    -----
    ``warp`` [2, 2] (slope and shift of the log odds of high quality; of wrapped, then of unwrapped phase) calibrates the
    probability; it is fitted on held-out images and is 1, 0 before.
    """

    warp: Tensor

    def __init__(self, shape: ResNet50Shape) -> None:
        super().__init__()
        self.shape = shape
        self.register_buffer("warp", torch.tensor([[1.0, 0.0], [1.0, 0.0]]))
        width = shape.channels
        self.stem = nn.Sequential(
            nn.Conv2d(3, width, 7, stride=2, padding=3, bias=False), nn.BatchNorm2d(width), nn.ReLU(inplace=True),
            nn.MaxPool2d(3, stride=2, padding=1),
        )  # fmt: skip
        stages: List[nn.Module] = []
        before = width
        for number, blocks in enumerate(STAGES):
            middle = width * 2**number
            for block in range(blocks):
                stages.append(Bottleneck(before, middle, 2 if block == 0 and number else 1))
                before = EXPANSION * middle
        self.stages = nn.Sequential(*stages)
        self.answer = nn.Linear(before, 2)
        self._initialise()

    def _initialise(self) -> None:
        """Draw weights as He et al. (2015); each block begins as its shortcut (Goyal et al. 2017), which small batches need."""
        for module in self.modules():
            if isinstance(module, nn.Conv2d):
                nn.init.kaiming_normal_(module.weight, mode="fan_out", nonlinearity="relu")
        for module in self.modules():
            if isinstance(module, Bottleneck):
                nn.init.zeros_(module.expand_norm.weight)

    def forward(self, images: Tensor) -> Tensor:
        """Return logits [n, 2] (low, high quality) of images [n, 3, rows, cols], colours in -1..1."""
        return self.answer(self.stages(self.stem(images)).mean(dim=(2, 3)))


def log_odds(logits: Tensor) -> Tensor:
    """Return the log odds of high quality [n], not calibrated, of logits [n, 2]."""
    return logits[:, 1] - logits[:, 0]
