"""Sampling of the secondary image along a field of offsets."""

from __future__ import annotations

from typing import Optional, Tuple

import torch
from torch import Tensor
from torch.nn import functional

from stillpoint.models.offsets.lattice import STEP, upsampled


def warped(
    image: Tensor, valid: Optional[Tensor], field: Tensor, whole: Tuple[bool, bool] = (False, False)
) -> Tuple[Tensor, Optional[Tensor]]:
    """Return the image sampled at p + field(p), and where that is valid.

    Parameters
    ----------
    image
        [rows, cols].
    valid
        1 or 0 at each pixel; None where all are.
    field
        Offsets at the nodes [2, node rows, node cols], pixels.
    whole
        Whether offsets along rows, and along columns, are rounded to whole pixels block by block.

    Returns
    -------
    image, valid
        Bicubic samples, 0 where the place lies beyond the image; float32 1 or 0 (None where all samples are valid).
    """
    rows, cols = image.shape
    full = upsampled(field)
    for axis in (0, 1):
        if whole[axis]:
            full[axis] = field[axis].round().repeat_interleave(STEP, 0).repeat_interleave(STEP, 1)
    down = full[0] + torch.arange(rows, device=image.device, dtype=full.dtype)[:, None]
    right = full[1] + torch.arange(cols, device=image.device, dtype=full.dtype)
    inside = (down >= 0).logical_and_(down <= rows - 1).logical_and_(right >= 0).logical_and_(right <= cols - 1)
    scales = 2 / max(cols - 1, 1), 2 / max(rows - 1, 1)
    grid = torch.stack([right.mul_(scales[0]).sub_(1), down.mul_(scales[1]).sub_(1)], dim=-1)[None]
    found = functional.grid_sample(image[None, None], grid, mode="bicubic", padding_mode="zeros", align_corners=True)[0, 0]
    if valid is None and bool(inside.all()):
        return found, None
    kept = inside
    if valid is not None:
        share = functional.grid_sample(valid[None, None], grid, mode="bilinear", padding_mode="zeros", align_corners=True)[0, 0]
        kept = kept & (share > 0.999)
    weights = kept.float()
    return found * weights, weights
