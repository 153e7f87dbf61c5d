"""A U-Net on differential interferograms, after Tai et al. (2026, Remote Sensing 18, 1181).

As published: a U-Net (Ronneberger et al. 2015) that finds scatterers in a single interferogram, trained with labels of a
long stack, so that it serves other areas and periods, and stacks too short for a phase history.

Not stated in what the authors give, and chosen here: three levels of 16, 32, 64 and 128 at the bottom, two convolutions of
3 x 3 with batch normalisation and ReLU each; cosine and sine of the wrapped phase as input, since a phase in radians breaks
where it wraps; cross-entropy as the loss; and how several interferograms become one answer. Every interferogram goes through
the same U-Net; mean and standard deviation over the interferograms of its sixteen last features are read by a layer of 32 and
one of 1, so any number of interferograms in any order will do, and a single one too.
"""

from __future__ import annotations

import torch
from torch import nn

from stillpoint.models.scatterers.published.blocks import ConvNorm, circular_input

WIDTHS = (16, 32, 64, 128)
RATE = 0.003
DROPOUT = 0.1


def _pair(inputs: int, outputs: int) -> nn.Sequential:
    return nn.Sequential(ConvNorm(inputs, outputs), ConvNorm(outputs, outputs))


class UNet(nn.Module):
    """Score of every pixel from wrapped interferograms.

    Attributes
    ----------
    architecture
        Name in the header of the weights.
    reach
        Pixels on each side that the answer of a pixel depends on.
    grid
        Tiles must begin at multiples of this many pixels, so that pooling joins the same pixels in all of them.
    """

    architecture = "U-Net"
    reach = 56
    grid = 2 ** (len(WIDTHS) - 1)
    at_once = 2
    """Interferograms that are read together where no gradient is wanted; bounds the memory."""

    def __init__(self) -> None:
        super().__init__()
        self.down = nn.ModuleList(_pair(one, two) for one, two in zip((2, *WIDTHS), WIDTHS))
        above = WIDTHS[::-1]
        self.up = nn.ModuleList(nn.ConvTranspose2d(one, two, 2, stride=2) for one, two in zip(above, above[1:]))
        self.join = nn.ModuleList(_pair(2 * width, width) for width in above[1:])
        self.pool = nn.MaxPool2d(2)
        self.read = nn.Sequential(
            nn.Conv2d(2 * WIDTHS[0], 32, 1), nn.ReLU(inplace=True), nn.Dropout(DROPOUT), nn.Conv2d(32, 1, 1)
        )

    def features(self, phase: torch.Tensor) -> torch.Tensor:
        """Return the last features (n, 16, rows, cols) of single interferograms (n, 1, rows, cols); sides are multiples of 8."""
        passed = circular_input(phase)
        left = []
        for number, level in enumerate(self.down):
            passed = level(self.pool(passed) if number else passed)
            left.append(passed)
        for up, join, beside in zip(self.up, self.join, left[-2::-1]):
            passed = join(torch.cat([up(passed), beside], dim=1))
        return passed

    def forward(self, phase: torch.Tensor) -> torch.Tensor:
        """Return the scores before the sigmoid (n, rows, cols) of wrapped phase (n, interferograms, rows, cols), radians.

        Sides that are no multiple of 8 are filled up at the bottom and right.
        """
        count, dates, rows, cols = phase.shape
        phase = nn.functional.pad(phase, (0, -cols % self.grid, 0, -rows % self.grid))
        height, width = phase.shape[2:]
        total = phase.new_zeros((count, WIDTHS[0], height, width))
        squares = torch.zeros_like(total)
        for part in phase.split(dates if self.training else self.at_once, dim=1):
            features = self.features(part.reshape(-1, 1, height, width)).reshape(count, -1, WIDTHS[0], height, width)
            total = total + features.sum(dim=1)
            squares = squares + features.square().sum(dim=1)
        mean = total / dates
        spread = (squares / dates - mean.square()).clamp(min=1e-6).sqrt()
        return self.read(torch.cat([mean, spread], dim=1))[:, 0, :rows, :cols]
