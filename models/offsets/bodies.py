"""Bodies too narrow for the smooth field: streams of ice, slides and the edges of blocks, told by windows of 24 px alone.

What gathers evidence over neighbours gives a body that is three nodes wide to the ground around it. So a node is asked on its
own, too: does its window correlate clearly better at another offset, one that the window found itself or one that is found beside
it? The windows are not deformed: at a step their peak follows the side that fills most of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import List, Optional, Tuple

import torch
from torch import Tensor
from torch.nn import functional

from stillpoint.models.offsets.lattice import STEP
from stillpoint.models.offsets.search import largest

SIZE = 3 * STEP
"""Pixels a side of a window."""

CERTAIN = 5.0
"""Log likelihood by which an offset of a node's window and of the neighbours that agree must be better than the field round it."""

LEAST = 0.5
"""The same of each of them."""

BESIDE = 3.0
"""The same of a node at full resolution, and of an offset that is found at a neighbour: it is one of a few, not of all lags."""

DOUBT, CLOSE = 4.5, 4
"""The same of a node that belongs to no body in the end, and is not trusted for that: noise seldom contradicts the field so. Within
so many nodes of a body ``BESIDE`` is enough."""

ALIKE = 2.5
"""Pixels within which neighbours agree."""

AGREEING = 2
"""Neighbours, of eight, that must agree."""

WHOLE = 0.85
"""Share of valid pixels that a window needs."""

APART = 0.75
"""Pixels by which offsets of one place differ where the question arises."""

TOGETHER = 35.0
"""Log likelihood by which a node and its neighbours that agree must be better at full resolution where a body begins."""

SURE, SEEN = 9.0, 6.0
"""Log likelihood by which an offset must be better than chance where a body begins, and where it goes on."""

ROUNDS = 6
"""How often a body may grow by a node."""


@dataclass
class Lone:
    """What windows of 24 px find on their own over the whole search.

    Attributes
    ----------
    offsets
        [2, rows, cols] pixels.
    gain
        [rows, cols]: log likelihood beyond that of the field.
    """

    offsets: Tensor
    gain: Tensor


@dataclass
class Found:
    """Narrow bodies.

    Attributes
    ----------
    offsets, sigma
        [2, rows, cols] pixels, and their standard errors.
    peak
        [rows, cols]: correlation of the windows.
    taken
        bool [rows, cols]: nodes that belong to them.
    doubtful
        bool [rows, cols]: nodes whose windows contradict the field without belonging to a body.
    gain
        [rows, cols]: log likelihood beyond that of the field, of the nodes that were asked.
    """

    offsets: Tensor
    sigma: Tensor
    peak: Tensor
    taken: Tensor
    doubtful: Tensor
    gain: Tensor


def own_lags(
    sums: Tensor, first: Tensor, second: Tensor, valid: Optional[Tensor], reach: int, field: Tensor, samples: float
) -> Tuple[Tensor, Tensor]:
    """Return the best lag of each window of three blocks a side, and its log likelihood beyond that of the field's.

    Parameters
    ----------
    sums
        Products summed over blocks at all lags [lags, lags, rows, cols]; overwritten.
    first, second
        The images [rows, cols] that they were made of.
    valid
        1 where the second is valid; None where everything is.
    reach
        Lags to each side.
    field
        Lags of the field [2, rows, cols].
    samples
        Independent samples in a window.

    Returns
    -------
    lags, gain
        [2, rows, cols], [rows, cols].
    """
    count, (high, wide) = 2 * reach + 1, sums.shape[2:]
    step = first.shape[0] // high
    size = 3 * step
    total = float(size * size)

    def means(image: Tensor, margin: int) -> Tensor:
        # Means over the window that begins at each pixel.
        found = functional.pad(image, (margin,) * 4)
        for axis in (0, 1):
            found = _run(found, axis, size)
        return found / total

    there = torch.ones_like(second) if valid is None else valid
    middle = means(second, reach + step)
    spread = (means(second * second, reach + step) - middle * middle).clamp_min(0)
    typical = spread.median()
    scale = torch.where(
        (means(there, reach + step) >= WHOLE) & (spread > 0.1 * typical), spread.clamp_min(1e-12).rsqrt(), torch.zeros_like(spread)
    )
    own = means(first, step)[::step, ::step][:high, :wide]
    mine = (means(first * first, step)[::step, ::step][:high, :wide] - own * own).clamp_min(0)
    inverse = torch.where(mine > 0.1 * typical, mine.clamp_min(1e-12).rsqrt(), torch.zeros_like(mine))
    last = step * (high - 1) + 1, step * (wide - 1) + 1
    for row in range(count):
        around = functional.pad(sums[row], (1, 1, 1, 1))
        lines = around[:, :-2] + around[:, 1:-1] + around[:, 2:]
        boxes = (lines[..., :-2] + lines[..., 1:-1] + lines[..., 2:]) / total
        for col in range(count):
            part = slice(row, row + last[0], step), slice(col, col + last[1], step)
            sums[row, col] = (boxes[col] - own * middle[part]) * (inverse * scale[part])
    flat = sums.flatten(0, 1)
    best, *places = largest(sums)
    at = torch.stack(places)
    inside = ((at > 0) & (at < count - 1)).all(dim=0)
    # Between two lags the field has two of them; elsewhere the next lag may be the body's own.
    held = torch.zeros_like(best)
    for down in (-0.25, 0.25):
        for right in (-0.25, 0.25):
            near = (torch.stack([field[0] + down, field[1] + right]).round().long() + reach).clamp(0, count - 1)
            held = torch.maximum(held, flat.gather(0, (near[0] * count + near[1])[None])[0])
    gain = torch.where(inside, gained(best, held, samples), torch.zeros_like(best))
    return (at - reach).float(), gain


def _run(values: Tensor, axis: int, size: int) -> Tensor:
    """Return sums over ``size`` values that follow each other along an axis, from sums over powers of two of them."""
    length = values.shape[axis] - size + 1
    result, begin, width = values.new_zeros(()), 0, 1
    while True:
        if size & width:
            result = result + values.narrow(axis, begin, length)
            begin += width
        if 2 * width > size:
            return result
        values = values.narrow(axis, 0, values.shape[axis] - width) + values.narrow(axis, width, values.shape[axis] - width)
        width *= 2


def gained(better: Tensor, other: Tensor, samples: float) -> Tensor:
    """Return by how much log likelihood one correlation is better than another, of so many independent samples."""
    one, two = (value.clamp(0.0, 0.98) ** 2 for value in (better, other))
    return (0.5 * samples) * (torch.log1p(-two) - torch.log1p(-one))


def agreeing(offsets: Tensor, gain: Tensor) -> Tuple[Tensor, Tensor]:
    """Return how many of its eight neighbours agree with each node, and their and its own gain together, both [rows, cols]."""
    rows, cols = gain.shape
    around = functional.pad(offsets, (1, 1, 1, 1))
    there = functional.pad(gain, (1, 1, 1, 1))
    number, total = torch.zeros_like(gain), gain.clone()
    for row in range(3):
        for col in range(3):
            if (row, col) != (1, 1):
                part = slice(row, row + rows), slice(col, col + cols)
                near = (around[:, part[0], part[1]] - offsets).abs().amax(dim=0) <= ALIKE
                near &= there[part] > LEAST
                number += near.float()
                total += near * there[part]
    return number, total


class Windows:
    """Correlations of single windows of 24 px.

    Parameters
    ----------
    first, second
        Prepared images [rows, cols].
    here, there
        1 where they are valid; None where everything is.
    samples
        Independent samples in a window.
    """

    def __init__(
        self, first: Tensor, second: Tensor, here: Optional[Tensor], there: Optional[Tensor], samples: float
    ) -> None:
        self._images = first, second
        self._valid = (torch.ones_like(first) if here is None else here), (torch.ones_like(second) if there is None else there)
        self.samples = samples

    def _chips(self, image: Tensor, top: Tensor, left: Tensor, size: int) -> Tensor:
        """Return windows [n, size, size] of an image, 0 beyond its border."""
        span = torch.arange(size, device=image.device)
        rows, cols = top[:, None] + span, left[:, None] + span
        inside = ((rows >= 0) & (rows < image.shape[0]))[:, :, None] & ((cols >= 0) & (cols < image.shape[1]))[:, None, :]
        index = rows.clamp(0, image.shape[0] - 1)[:, :, None] * image.shape[1] + cols.clamp(0, image.shape[1] - 1)[:, None, :]
        return torch.where(inside, image.flatten()[index], torch.zeros((), device=image.device))

    def at(self, row: Tensor, col: Tensor, offsets: Tensor, reach: int = 1) -> Tuple[Tensor, Tensor]:
        """Return the best correlation [n] of nodes within some pixels of offsets [2, n], and the offsets [2, n] of it."""
        correlations: List[Tensor] = []
        places: List[Tensor] = []
        for begin in range(0, len(row), 2048):
            part = slice(begin, begin + 2048)
            found = self._best(row[part], col[part], offsets[:, part], reach)
            correlations.append(found[0])
            places.append(found[1])
        return torch.cat(correlations), torch.cat(places, dim=1)

    def _best(self, row: Tensor, col: Tensor, offsets: Tensor, reach: int) -> Tuple[Tensor, Tensor]:
        start = offsets.round().long()
        top, left = row * STEP - STEP, col * STEP - STEP
        mine, mask = (self._chips(image, top, left, SIZE) for image in (self._images[0], self._valid[0]))
        count = 2 * reach + 1
        corner = top + start[0] - reach, left + start[1] - reach
        other, present = (self._chips(image, *corner, SIZE + 2 * reach) for image in (self._images[1], self._valid[1]))
        surface = mine.new_zeros((len(row), count, count))
        for down in range(count):
            for right in range(count):
                both = mask * present[:, down : down + SIZE, right : right + SIZE]
                number = both.sum(dim=(1, 2)).clamp_min(1)
                one, two = mine * both, other[:, down : down + SIZE, right : right + SIZE] * both
                sums = [value.sum(dim=(1, 2)) / number for value in (one, two, one * one, two * two, one * two)]
                below = (sums[2] - sums[0] ** 2).clamp_min(1e-6) * (sums[3] - sums[1] ** 2).clamp_min(1e-6)
                value = (sums[4] - sums[0] * sums[1]) * below.rsqrt()
                surface[:, down, right] = torch.where(number >= WHOLE * SIZE * SIZE, value, torch.zeros_like(value))
        best, where = surface.flatten(1).max(dim=1)
        at = torch.stack([torch.div(where, count, rounding_mode="floor"), where % count])
        rest = torch.zeros_like(offsets)
        node = torch.arange(len(row), device=row.device)
        for axis in (0, 1):
            inner = at[axis].clamp(1, count - 2)
            index = [(inner + move, at[1]) if axis == 0 else (at[0], inner + move) for move in (-1, 0, 1)]
            three = [surface[node, down, right] for down, right in index]
            bend = (2 * three[1] - three[0] - three[2]).clamp_min(1e-6)
            step = (0.5 * (three[2] - three[0]) / bend).clamp(-0.5, 0.5)
            rest[axis] = torch.where(inner == at[axis], step, torch.zeros_like(step))
        return best, start + at - reach + rest


def found_beside(windows: Windows, field: Tensor, lone: Lone, present: Tensor) -> Found:
    """Return the narrow bodies.

    Parameters
    ----------
    windows
        Of the pair.
    field
        Offsets found with the neighbours' help [2, rows, cols], pixels.
    lone
        What windows find on their own.
    present
        bool [rows, cols]: nodes that may belong to them.
    """
    taken = torch.zeros_like(present)
    none = torch.zeros_like(lone.gain)
    found = Found(field.clone(), torch.zeros_like(field), none, taken, taken.clone(), none.clone())
    apart = (lone.offsets - field).norm(dim=0) > 2 * APART
    number, total = agreeing(lone.offsets, lone.gain)
    strong = (lone.gain > LEAST) & (total > CERTAIN) & (number >= AGREEING)
    _take(windows, field, found, strong & apart & present, lone.offsets, (2, 1), BESIDE, SURE, doubt=BESIDE)
    number, total = agreeing(found.offsets, found.gain * found.taken)
    kept = found.taken & (number >= AGREEING) & (total > TOGETHER)
    found.doubtful |= found.taken & ~kept
    found.taken = kept
    for _ in range(ROUNDS):
        around = functional.pad(torch.cat([found.offsets * found.taken, found.taken[None].float()]), (1, 1, 1, 1))
        total = functional.avg_pool2d(around[None], 3, 1)[0]
        proposal = total[:2] / total[2].clamp_min(1e-6)
        asked = (total[2] > 0.1) & ~found.taken & present & ((proposal - field).norm(dim=0) > APART)
        if not _take(windows, field, found, asked, proposal, (2, 1), BESIDE, SEEN, doubt=-BESIDE):
            break
    near = functional.max_pool2d(found.taken[None].float(), 2 * CLOSE + 1, 1, CLOSE)[0] > 0
    found.doubtful &= ~found.taken & (near | (found.gain > DOUBT))
    return found


def _take(
    windows: Windows, field: Tensor, found: Found, asked: Tensor, proposal: Tensor, reach: Tuple[int, int], least: float,
    seen: float, *, doubt: float,
) -> bool:
    """Give the bodies the nodes asked whose windows correlate clearly better at what is proposed; return whether any do."""
    row, col = torch.nonzero(asked, as_tuple=True)
    if not row.numel():
        return False
    height, place = windows.at(row, col, proposal[:, row, col], reach[0])
    held, _ = windows.at(row, col, field[:, row, col], reach[1])
    gain = gained(height, held, windows.samples)
    good = (gain > least) & (gained(height, torch.zeros_like(height), windows.samples) > seen)
    found.doubtful[row, col] |= (gain > doubt) & ~good
    found.gain[row, col] = gain
    row, col, height = row[good], col[good], height[good]
    found.taken[row, col] = True
    found.peak[row, col] = height
    found.offsets[:, row, col] = place[:, good]
    # The least that the intensities of as many samples can tell, in pixels of their own size.
    cell = (SIZE * SIZE / windows.samples) ** 0.5
    found.sigma[:, row, col] = cell * ((1 - height**2).clamp_min(0.02) / (windows.samples * height**2)).sqrt()
    return bool(good.any())
