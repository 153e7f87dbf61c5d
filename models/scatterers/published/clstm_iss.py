"""CLSTM-ISS: a convolutional LSTM on the sequence of interferograms (Tiwari, Narayan & Dikshit 2020, ISPRS J. 166, 169-182).

As published: convolutional LSTMs with batch normalisation of 16, 16 and 32 filters, a convolution to 64, dropout, one fully
connected layer with a sigmoid a pixel; no pooling, any number of time steps; blocks of 100 x 100 pixels, f1-loss with class
weights of 200 to 1, Adam at 0.001, early stopping after 20 epochs without progress.

Not stated in what the authors give, and chosen here: kernels of 3 x 3 pixels, gates without peepholes; dropout of a quarter;
the wrapped phase of one interferogram divided by pi as the input of one time step, in the order of dates; batch normalisation and
ReLU after the convolution; and that this convolution reads the state after the last date.
"""

from __future__ import annotations

from typing import List, Optional

import torch
from torch import nn

from stillpoint.models.scatterers.published.blocks import ConvLSTM, ConvNorm, State, published_input

FILTERS = (16, 16, 32)
LAST = 64
DROPOUT = 0.25
RATE = 0.001
"""Learning rate of Adam, as published."""


class ClstmIss(nn.Module):
    """Score of every pixel from wrapped interferograms in the order of dates.

    Attributes
    ----------
    architecture
        Name in the header of the weights.
    reach
        Pixels on each side that the answer of a pixel depends on to less than a thousandth of probability. In principle
        three more with every date; what comes from so far is damped at every step. Measured after the training.
    grid
        Tiles must begin at multiples of this many pixels.
    fading
        That ``reach`` is no edge but fades.
    """

    architecture = "CLSTM-ISS"
    reach = 24
    grid = 1
    fading = True

    def __init__(self) -> None:
        super().__init__()
        widths = (1, *FILTERS)
        self.layers = nn.ModuleList(ConvLSTM(one, two) for one, two in zip(widths, widths[1:]))
        self.convolution = ConvNorm(FILTERS[-1], LAST)
        self.dropout = nn.Dropout(DROPOUT)
        self.connected = nn.Conv2d(LAST, 1, 1)

    def forward(self, phase: torch.Tensor) -> torch.Tensor:
        """Return the scores before the sigmoid (n, rows, cols) of wrapped phase (n, interferograms, rows, cols), radians."""
        given = [published_input(one) for one in phase.split(1, dim=1)]
        last = self._by_layers(given) if self.training else self._by_dates(given)
        return self.connected(self.dropout(self.convolution(last)))[:, 0]

    def _by_layers(self, given: List[torch.Tensor]) -> torch.Tensor:
        """Return the last state of the last layer; every layer sees all dates before the next, as its normalisation asks."""
        for layer in self.layers:
            given = layer.sequence(given)  # type: ignore[operator]
        return given[-1]

    def _by_dates(self, given: List[torch.Tensor]) -> torch.Tensor:
        """Return the same with fixed normalisation, date by date: memory does not grow with the dates."""
        states: List[Optional[State]] = [None] * len(self.layers)
        passed = given[0]
        for one in given:
            passed = one
            for number, layer in enumerate(self.layers):
                state = layer.step(passed, states[number])  # type: ignore[operator]
                states[number] = state
                passed = layer.norm(state[0])  # type: ignore[operator]
        return passed
