"""Whole lags: correlation at every lag of a search, and the lags that agree best with both images and their neighbours.

A single window of 32 px finds the wrong peak more often than not where the coherence is low. So evidence is gathered along paths
through the lattice from eight directions (semi-global matching, Hirschmüller 2008): a neighbour's lag costs nothing, the next
lag little, any other lag a fixed fee, so that steps at faults and margins stay as sharp as the evidence.
"""

from __future__ import annotations

from typing import Tuple

import torch
from torch import Tensor
from torch.nn import functional

from stillpoint.models.offsets import smoothing
from stillpoint.models.offsets.lattice import STEP, block_sums, box_sums

NEXT, ANY = 0.6, 4.0
"""Fees for the next lag and any lag, in units of the log likelihood."""

JUMP = 1.2
"""The latter where the lags are few: a dearer jump would become a slope of single lags."""

STEEP = 0.5
"""Lags from node to node beyond which a field may be a step."""

FAR = 3
"""Nodes to each side from which a step's own sides are taken."""

SHARE = 0.15
"""Weight of a node's evidence: neighbouring windows overlap."""

SHARE_FINE = 0.06
"""The same for the search around a field that is known to some pixels."""


def correlations(reference: Tensor, secondary: Tensor, reach: int, windows: Tuple[int, ...]) -> Tensor:
    """Return the correlation of windows round each node at all lags up to ``reach`` to each side.

    Parameters
    ----------
    reference, secondary
        float32 [rows, cols], multiples of the block; of mean 0 and about equal variance everywhere.
    reach
        Lags to each side.
    windows
        Blocks a side of the windows, odd.

    Returns
    -------
    Tensor
        float32 [windows, lags, lags, node rows, node cols]; the first lag moves along rows.
    """
    sums = lag_sums(reference, secondary, reach, STEP)
    return of_windows(sums, block_sums(reference, reference), block_sums(secondary, secondary), windows)


def lag_sums(reference: Tensor, secondary: Tensor, reach: int, step: int) -> Tensor:
    """Return the products of the images summed over blocks of ``step`` pixels at all lags, float32 [lags, lags, rows, cols]."""
    rows, cols = reference.shape
    around = functional.pad(secondary, (reach, reach, reach, reach))
    count = 2 * reach + 1
    sums = torch.empty((count, count, rows // step, cols // step), device=reference.device)
    for row in range(count):
        for col in range(count):
            sums[row, col] = block_sums(reference, around[row : row + rows, col : col + cols], step)
    return sums


def of_windows(sums: Tensor, own: Tensor, other: Tensor, windows: Tuple[int, ...]) -> Tensor:
    """Return the correlation of windows [windows, lags, lags, rows, cols] by sums over blocks: products, and squares of either."""
    result = []
    for window in windows:
        energy = (box_sums(own, window) * box_sums(other, window)).clamp_min(0).sqrt()
        # A window that is nearly all missing has no correlation, not one of a few pixels.
        floor = 0.1 * energy.max()
        result.append(box_sums(sums, window) / torch.maximum(energy, floor).clamp_min(1e-12))
    return torch.stack(result)


def evidence(correlation: Tensor, cells: float) -> Tensor:
    """Return the log likelihood of each lag from correlations [lags, lags, rows, cols].

    Two normal signals that correlate by r over n independent samples are more likely than unrelated ones by (1 - r²)^(-n / 2).

    Parameters
    ----------
    correlation
        From :func:`correlations`.
    cells
        Independent samples in a window.
    """
    square = correlation.clamp(0.0, 0.98) ** 2
    return (-0.5 * cells) * torch.log1p(-square)


def cells(image: Tensor, window: int) -> float:
    """Return how many independent samples a window of some blocks a side has, by the autocorrelation of the image."""
    total = 1.0
    for axis in (0, 1):
        length = image.shape[axis]
        power = [
            float((image.narrow(axis, 0, length - lag) * image.narrow(axis, lag, length - lag)).sum(dtype=torch.float64))
            for lag in range(min(8, length - 1))
        ]
        total *= 1 + 2 * sum((part / max(power[0], 1e-12)) ** 2 for part in power[1:])
    return (window * STEP) ** 2 / total


def agreed(score: Tensor, jump: float = ANY) -> Tensor:
    """Return the evidence [lags, lags, rows, cols] gathered along paths from four sides through the lattice."""
    data = score.permute(2, 3, 0, 1).contiguous()
    total = -3 * data  # each of the four paths brings the node's own evidence along
    for axis in (0, 1):
        _gather(data, axis, total, jump)
    return total.permute(2, 3, 0, 1)


def _gather(data: Tensor, axis: int, total: Tensor, jump: float) -> None:
    """Add the best sums of evidence along both directions of an axis to ``total``, both [rows, cols, lags, lags]."""
    length = data.shape[axis]
    before = torch.stack([data.select(axis, 0), data.select(axis, length - 1)])
    for index in range(length):
        back = length - 1 - index
        if index:
            best = before.amax(dim=(-2, -1), keepdim=True)
            near = _nearest(before) - NEXT
            before = torch.maximum(torch.maximum(before, near), best - jump) - best
            before[0] += data.select(axis, index)
            before[1] += data.select(axis, back)
        total.select(axis, index).add_(before[0])
        total.select(axis, back).add_(before[1])


def _nearest(values: Tensor) -> Tensor:
    """Return the largest of each lag and its eight neighbours."""
    rows = values.clone()
    torch.maximum(rows[..., 1:, :], values[..., :-1, :], out=rows[..., 1:, :])
    torch.maximum(rows[..., :-1, :], values[..., 1:, :], out=rows[..., :-1, :])
    result = rows.clone()
    torch.maximum(result[..., 1:], rows[..., :-1], out=result[..., 1:])
    torch.maximum(result[..., :-1], rows[..., 1:], out=result[..., :-1])
    return result


def best_lags(total: Tensor) -> Tuple[Tensor, Tensor]:
    """Return the offsets [2, rows, cols] of the best lags with a parabola through three, and whether they lie inside the search."""
    count = total.shape[0]
    reach = count // 2
    flat = total.flatten(0, 1)
    _, row, col = largest(total)
    where = row * count + col
    inside = (row > 0) & (row < count - 1) & (col > 0) & (col < count - 1)
    parts = []
    for step, at in ((count, row), (1, col)):
        middle = where.clamp(step, count * count - 1 - step)
        three = [flat.gather(0, (middle + sign * step)[None])[0] for sign in (-1, 0, 1)]
        bend = (2 * three[1] - three[0] - three[2]).clamp_min(1e-6)
        shift = (0.5 * (three[2] - three[0]) / bend).clamp(-0.5, 0.5)
        parts.append(at - reach + torch.where(inside, shift, torch.zeros_like(shift)))
    return torch.stack(parts), inside


def largest(volume: Tensor) -> Tuple[Tensor, Tensor, Tensor]:
    """Return the largest value [rows, cols] over the lags of a volume [lags, lags, rows, cols], and its place along either."""
    # Several times as fast as the place of the largest of all lags at once.
    best, row = volume.amax(dim=1).max(dim=0)
    lags, rows, cols = volume.shape[1:]
    col = volume.gather(0, row[None, None].expand(1, lags, rows, cols))[0].argmax(dim=0)
    return best, row, col


def at_lags(volume: Tensor, lags: Tensor) -> Tensor:
    """Return a volume [lags, lags, rows, cols] at lags [2, rows, cols] from its middle, linear between them; 0 beyond it."""
    count = volume.shape[0]
    place = lags + count // 2
    inside = ((place >= 0) & (place <= count - 1)).all(dim=0)
    low = place.floor().clamp(0, count - 2)
    share = (place - low).clamp(0, 1)
    first = (low[0] * count + low[1]).long()
    flat = volume.flatten(0, 1)
    total = torch.zeros_like(share[0])
    for down in (0, 1):
        for right in (0, 1):
            weight = (share[0] if down else 1 - share[0]) * (share[1] if right else 1 - share[1])
            total += weight * flat.gather(0, (first + down * count + right)[None])[0]
    return torch.where(inside, total, torch.zeros_like(total))


def sided(field: Tensor, base: Tensor, score: Tensor, *, steep: float = STEEP) -> Tensor:
    """Return a field whose bridges across steps are given to one of their sides.

    Where smoothness or windows that straddle a fault put values between those of its two sides, each node takes what lies two or
    three nodes away in one of eight directions, whichever its own window agrees with best.

    Parameters
    ----------
    field
        [2, rows, cols], lags.
    base
        The field [2, rows, cols] round which the lags were searched.
    score
        Log likelihood of the lags [lags, lags, rows, cols].
    steep
        Change from node to node beyond which the field may be a step, in the field's unit.
    """
    near = functional.max_pool2d(smoothing.jumps(field, steep).float()[None], 2 * FAR - 1, 1, FAR - 1)[0] > 0
    if not bool(near.any()):
        return field
    rows, cols = field.shape[-2:]
    around = functional.pad(field[None], (FAR,) * 4, mode="replicate")[0]
    best = at_lags(score, field - base)
    result = field.clone()
    for far in range(2, FAR + 1):
        for down in (-far, 0, far):
            for right in (-far, 0, far):
                if not (down or right):
                    continue
                other = around[:, FAR + down : FAR + down + rows, FAR + right : FAR + right + cols]
                value = at_lags(score, other - base)
                take = near & (value > best)
                best = torch.where(take, value, best)
                result = torch.where(take, other, result)
    return result
