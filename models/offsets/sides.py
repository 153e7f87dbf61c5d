"""Which side of a step a node lies on: told by its own block of 8 px, and by a boundary that is dear where it is long.

Windows straddle a step before their nodes reach it, and what is smooth bridges it. So beside steps each node chooses among its own
offset and those of nodes some way off in eight directions. Blocks don't overlap: what they say adds up, and an outline that follows
it is as sharp as they are; a fee for neighbours that differ (a Potts model whose fee grows with the difference up to a limit) keeps
single blocks of noise from cutting it to pieces. Solved by iterated conditional modes, Besag 1986.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional

from stillpoint.models.offsets import smoothing
from stillpoint.models.offsets.lattice import STEP

JUMP = 0.2
"""Pixels from node to node beyond which there may be a step."""

GROWN = 2
"""Nodes to each side of a jump that are asked."""

FAR = (2, 4)
"""Nodes from which the offsets of the sides are taken: beyond what straddles the step."""

FEE, LIMIT = 2.0, 1.5
"""Log likelihood that a neighbour costs which differs by so many pixels or more; smaller differences cost less in proportion."""

DIAGONAL = 0.7
"""The same of a neighbour across a corner, as a share."""

ROUNDS = 6

CORRELATED = (0.05, 0.8)
"""Least and largest correlation that blocks are weighed with."""


@dataclass(frozen=True)
class Blocks:
    """The prepared images of a pair, block by block.

    Attributes
    ----------
    first, second
        float32 [rows, cols].
    area
        Pixels of an independent sample.
    correlation
        [node rows, node cols]: of windows of 72 px.
    """

    first: Tensor
    second: Tensor
    area: float
    correlation: Tensor

    def likelihood(self, row: Tensor, col: Tensor, offsets: Tensor) -> Tensor:
        """Return the log likelihood [n] of the blocks at nodes under offsets [2, n], up to what all offsets share."""
        high, wide = self.first.shape
        span = torch.arange(STEP, device=self.first.device)
        rows, cols = row[:, None] * STEP + span, col[:, None] * STEP + span
        own = self.first[rows[:, :, None], cols[:, None, :]]
        down = ((rows + offsets[0][:, None]) * (2 / max(high - 1, 1)) - 1)[:, :, None].expand(-1, -1, STEP)
        right = ((cols + offsets[1][:, None]) * (2 / max(wide - 1, 1)) - 1)[:, None, :].expand(-1, STEP, -1)
        grid = torch.stack([right, down], dim=-1).reshape(1, -1, STEP, 2)
        found = functional.grid_sample(self.second[None, None], grid, mode="bicubic", padding_mode="zeros", align_corners=True)
        share = self.correlation[row, col].clamp(*CORRELATED)
        return share / (1 - share**2) * (own * found[0, 0].view_as(own)).sum(dim=(1, 2)) / self.area

    def settled(self, field: Tensor) -> Tensor:
        """Return a field [2, rows, cols], pixels, with each node beside a step given to the side that it belongs to."""
        near = smoothing.jumps(field, JUMP).float()[None]
        row, col = torch.nonzero(functional.max_pool2d(near, 2 * GROWN + 1, 1, GROWN)[0] > 0, as_tuple=True)
        if not row.numel():
            return field
        most = max(FAR)
        around = functional.pad(field[None], (most,) * 4, mode="replicate")[0]
        places = [(0, 0)] + [
            (far * down, far * right) for far in FAR for down in (-1, 0, 1) for right in (-1, 0, 1) if down or right
        ]
        choices = torch.stack([around[:, most + row + down, most + col + right] for down, right in places])
        said = torch.stack([self.likelihood(row, col, choice) for choice in choices])
        node = torch.arange(len(row), device=field.device)
        for _ in range(ROUNDS):
            beside = functional.pad(field[None], (1,) * 4, mode="replicate")[0]
            score = said.clone()
            for down in (-1, 0, 1):
                for right in (-1, 0, 1):
                    if down or right:
                        differs = (choices - beside[:, 1 + row + down, 1 + col + right]).norm(dim=1)
                        score -= FEE * (DIAGONAL if down and right else 1.0) * (differs / LIMIT).clamp_max(1.0)
            field = field.clone()
            field[:, row, col] = choices[score.argmax(dim=0), :, node].T
        return field
