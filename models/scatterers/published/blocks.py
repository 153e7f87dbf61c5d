"""Parts that the published networks share: convolution with batch normalisation, the convolutional LSTM, the input."""

from __future__ import annotations

import math
from typing import List, Optional, Tuple

import torch
from torch import nn

KERNEL = 3
"""Side of all kernels, pixels."""


def published_input(phase: torch.Tensor) -> torch.Tensor:
    """Return wrapped phase (..., rows, cols), radians, as the papers' networks read it: divided by pi, -1 to 1."""
    return phase * (1 / math.pi)


def circular_input(phase: torch.Tensor) -> torch.Tensor:
    """Return cosine and sine (n, 2, rows, cols) of wrapped phase (n, 1, rows, cols), which know no wrap."""
    return torch.cat([torch.cos(phase), torch.sin(phase)], dim=1)


class ConvNorm(nn.Sequential):
    """Convolution without pooling, batch normalisation, ReLU: (n, inputs, r, c) to (n, outputs, r, c).

    Parameters
    ----------
    inputs, outputs
        Channels.
    """

    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__(
            nn.Conv2d(inputs, outputs, KERNEL, padding=KERNEL // 2, bias=False), nn.BatchNorm2d(outputs), nn.ReLU(inplace=True)
        )


State = Tuple[torch.Tensor, torch.Tensor]
"""Hidden state and cell of a convolutional LSTM, (n, width, rows, cols) each."""


class ConvLSTM(nn.Module):
    """One layer of a convolutional LSTM without peepholes (Shi et al. 2015, NeurIPS, eq. 3), and batch normalisation.

    Parameters
    ----------
    inputs
        Channels of the input.
    width
        Channels of hidden state and cell.
    """

    def __init__(self, inputs: int, width: int) -> None:
        super().__init__()
        self.width = width
        self.gates = nn.Conv2d(inputs + width, 4 * width, KERNEL, padding=KERNEL // 2)
        self.norm = nn.BatchNorm2d(width)
        with torch.no_grad():
            # A forget gate that begins open lets the first epochs' gradients reach the early dates (Jozefowicz et al. 2015).
            self.gates.bias[width : 2 * width].fill_(1.0)  # type: ignore[index]

    def step(self, given: torch.Tensor, state: Optional[State]) -> State:
        """Return the state after ``given`` (n, inputs, r, c); ``state`` is None at the first date."""
        if state is None:
            nothing = given.new_zeros((given.shape[0], self.width, *given.shape[2:]))
            state = (nothing, nothing)
        hidden, cell = state
        gates = self.gates(torch.cat([given, hidden], dim=1))
        opened = torch.sigmoid(gates[:, : 3 * self.width])
        enter, keep, leave = opened.split(self.width, dim=1)
        cell = keep * cell + enter * torch.tanh(gates[:, 3 * self.width :])
        return leave * torch.tanh(cell), cell

    def sequence(self, given: List[torch.Tensor]) -> List[torch.Tensor]:
        """Return the normalised hidden states of all dates; the statistics of a training step are those of all dates."""
        state: Optional[State] = None
        hidden = []
        for one in given:
            state = self.step(one, state)
            hidden.append(state[0])
        count = given[0].shape[0]
        return list(self.norm(torch.cat(hidden)).split(count))
