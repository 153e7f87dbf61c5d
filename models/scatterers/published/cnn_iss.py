"""CNN-ISS: a convolutional network on single interferograms (Tiwari, Narayan & Dikshit 2020, ISPRS J. 166, 169-182).

As published: convolutions with batch normalisation of 16, 16, 32 and 64 filters with ReLU, no pooling, dropout, one fully
connected layer with a sigmoid a pixel; blocks of 100 x 100 pixels, f1-loss with class weights of 200 to 1, Adam at 0.01,
early stopping after 20 epochs without progress.

Not stated in what the authors give, and chosen here: kernels of 3 x 3 pixels; dropout of a quarter; the wrapped phase divided
by pi as the one input channel; and how a stack becomes one answer. The paper calls the network one of spatial behaviour, so
the same weights read every interferogram and the scores before the sigmoid are averaged: that takes any number of
interferograms, in any order.
"""

from __future__ import annotations

import torch
from torch import nn

from stillpoint.models.scatterers.published.blocks import ConvNorm, published_input

FILTERS = (16, 16, 32, 64)
DROPOUT = 0.25
RATE = 0.01
"""Learning rate of Adam, as published."""


class CnnIss(nn.Module):
    """Score of every pixel from wrapped interferograms.

    Attributes
    ----------
    architecture
        Name in the header of the weights.
    reach
        Pixels on each side that the answer of a pixel depends on.
    grid
        Tiles must begin at multiples of this many pixels.
    """

    architecture = "CNN-ISS"
    reach = len(FILTERS)
    grid = 1
    at_once = 4
    """Interferograms that are read together where no gradient is wanted; bounds the memory."""

    def __init__(self) -> None:
        super().__init__()
        widths = (1, *FILTERS)
        self.layers = nn.Sequential(*(ConvNorm(one, two) for one, two in zip(widths, widths[1:])))
        self.dropout = nn.Dropout(DROPOUT)
        self.connected = nn.Conv2d(FILTERS[-1], 1, 1)

    def forward(self, phase: torch.Tensor) -> torch.Tensor:
        """Return the scores before the sigmoid (n, rows, cols) of wrapped phase (n, interferograms, rows, cols), radians."""
        count, dates, rows, cols = phase.shape
        total = phase.new_zeros((count, rows, cols))
        for part in phase.split(dates if self.training else self.at_once, dim=1):
            features = self.layers(published_input(part.reshape(-1, 1, rows, cols)))
            total = total + self.connected(self.dropout(features)).reshape(count, -1, rows, cols).sum(dim=1)
        return total / dates
