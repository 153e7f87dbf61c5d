"""Small filters on the lattice of nodes."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional

from stillpoint.models.offsets.linear import solved, stiffness


def median(field: Tensor, size: int = 3) -> Tensor:
    """Return the median of ``size`` x ``size`` nodes, component by component; the border is repeated."""
    half = size // 2
    rows, cols = field.shape[-2:]
    around = functional.pad(field[None], (half, half, half, half), mode="replicate")[0]
    shifts = [around[:, row : row + rows, col : col + cols] for row in range(size) for col in range(size)]
    return torch.stack(shifts).median(dim=0).values


def gaussian(values: Tensor, sigma: float) -> Tensor:
    """Return values [..., rows, cols] under a Gaussian of ``sigma`` nodes; nothing lies beyond the border."""
    half = int(3 * sigma + 0.5)
    taps = torch.exp(-0.5 * (torch.arange(-half, half + 1, device=values.device, dtype=values.dtype) / sigma) ** 2)
    taps = taps / taps.sum()
    shape = values.shape
    flat = values.reshape(-1, 1, *shape[-2:])
    flat = functional.conv2d(functional.pad(flat, (half, half, 0, 0)), taps[None, None, None])
    flat = functional.conv2d(functional.pad(flat, (0, 0, half, half)), taps[None, None, :, None])
    return flat.reshape(shape)


def edge_preserving(
    field: Tensor, variance: float, *, allowed: float, broken: float, cut: float, rounds: int = 4, steps: int = 12
) -> Tensor:
    """Return a field [2, rows, cols] freed of noise of ``variance`` px², its steps kept.

    Parameters
    ----------
    field
        Offsets, pixels.
    variance
        Of the noise at a node.
    allowed
        Second difference that is always allowed, pixels.
    broken
        Mean square of the second differences beyond which the field gives way altogether, px².
    cut
        Second difference from which on it is a step, pixels.
    rounds, steps
        Of the stiffness, and of the conjugate gradients in each.
    """
    weight = torch.full_like(field, 1 / variance)
    found = field
    for _ in range(rounds):
        found = solved(weight, weight * field, stiffness(found, allowed, broken, cut=cut), found, steps)
    return found


def jumps(field: Tensor, limit: float) -> Tensor:
    """Return the nodes [rows, cols] that differ by more than ``limit`` pixels from one of their four neighbours."""
    result = torch.zeros(field.shape[-2:], dtype=torch.bool, device=field.device)
    for axis in (0, 1):
        length = field.shape[axis + 1]
        far = (field.narrow(axis + 1, 1, length - 1) - field.narrow(axis + 1, 0, length - 1)).norm(dim=0) > limit
        result.narrow(axis, 1, length - 1).logical_or_(far)
        result.narrow(axis, 0, length - 1).logical_or_(far)
    return result


def misfit(field: Tensor, usable: Tensor, *, floor: float = 0.25) -> Tensor:
    """Return the normalised median test [rows, cols] over 5 x 5 neighbours (Westerweel and Scarano 2005).

    Parameters
    ----------
    field
        Offsets [2, rows, cols], pixels.
    usable
        bool [rows, cols]: neighbours that count.
    floor
        Pixels added to the scatter of the neighbours, so that quiet places are not called outliers for a trifle.
    """
    rows, cols = field.shape[-2:]
    lost = torch.where(usable, field, torch.full_like(field, float("nan")))
    around = functional.pad(lost, (2, 2, 2, 2), value=float("nan"))
    parts = [
        around[:, row : row + rows, col : col + cols] for row in range(5) for col in range(5) if (row, col) != (2, 2)
    ]
    neighbours = torch.stack(parts)
    middle = neighbours.nanmedian(dim=0).values
    scatter = (neighbours - middle).abs().nanmedian(dim=0).values
    test = ((field - middle).abs() / (scatter + floor)).amax(dim=0)
    return torch.nan_to_num(test, nan=float("inf"))
