"""Sums on the lattice of nodes: blocks of pixels, and boxes of blocks. What all windows of all sizes are made of.

A lag of the correlation costs one multiplication a pixel, whatever the number of windows: the products are summed over blocks
once, and every window is a box of blocks.
"""

from __future__ import annotations

from typing import Tuple

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

STEP = 8
"""Pixels a side of a block; a node is the centre of a block."""


def block_sums(first: Tensor, second: Tensor, step: int = STEP) -> Tensor:
    """Return sums of ``first * second`` over blocks.

    Parameters
    ----------
    first, second
        float32 [rows, cols], both multiples of ``step``; they may be views of larger images.
    step
        Pixels a side of a block.

    Returns
    -------
    Tensor
        float32 [rows // step, cols // step].
    """
    rows, cols = first.shape
    high, wide = rows // step, cols // step
    if first.device.type == "cpu":
        # Fused and without a copy; torch would write the product to memory first.
        shape = (high, step, cols)
        strips = np.einsum("hkw,hkw->hw", first.numpy().reshape(shape), second.numpy().reshape(shape))
        return torch.from_numpy(np.einsum("hwk->hw", strips.reshape(high, wide, step)))
    return functional.avg_pool2d((first * second)[None, None], step)[0, 0] * (step * step)


def box_sums(blocks: Tensor, size: int) -> Tensor:
    """Return sums over ``size`` x ``size`` nodes round each node; nothing lies beyond the border.

    Parameters
    ----------
    blocks
        [..., rows, cols].
    size
        Nodes a side, odd.
    """
    if size == 1:
        return blocks
    half = size // 2
    for axis in (-2, -1):
        length = blocks.shape[axis]
        total = functional.pad(blocks.cumsum(axis), (1, 0) if axis == -1 else (0, 0, 1, 0))
        index = torch.arange(length, device=blocks.device)
        blocks = (
            total.index_select(axis, (index + half + 1).clamp_max(length)) - total.index_select(axis, (index - half).clamp_min(0))
        )
    return blocks


def upsampled(nodes: Tensor, step: int = STEP) -> Tensor:
    """Return values of nodes [..., rows, cols] at all pixels, linear between the nodes and constant beyond the outermost."""
    lead, (rows, cols) = nodes.shape[:-2], nodes.shape[-2:]
    flat = nodes.reshape(-1, 1, rows, cols)
    full = functional.interpolate(flat, scale_factor=step, mode="bilinear", align_corners=False)
    return full.reshape(*lead, rows * step, cols * step)


def whole(shape: Tuple[int, int], step: int) -> Tuple[int, int]:
    """Return rows and columns filled up to multiples of ``step``."""
    return -(-shape[0] // step) * step, -(-shape[1] // step) * step
