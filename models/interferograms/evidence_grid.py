"""A stack on a coarse grid: what every later step of the default method looks at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import List, Optional, Tuple

import numpy as np

from stillpoint.models.interferograms.evidence_steadiness import steadiness
from stillpoint.models.interferograms.loops import wrap
from stillpoint.models.interferograms.observations import Network
from stillpoint.models.progress import SILENT, Progress

SIDE = 96
"""Rows and columns at most of the coarse grid."""

LEAST = 0.3
"""Share of a block that must be known."""


@dataclass(frozen=True)
class CoarseGrid:
    """A stack by blocks of pixels.

    Attributes
    ----------
    phase
        float32 [pairs, rows, cols], radians: medians of blocks (directions of the mean where wrapped), each pair about its own
        level; NaN where missing.
    coherence
        float32 [pairs, rows, cols]; None where unknown.
    roughness
        float32 [pairs, rows, cols], radians: mean bend (second difference, wrapped) between neighbouring pixels; NaN where missing.
    cuts
        float32 [pairs, rows, cols] in 0..1: share of neighbours more than half a cycle apart (0 where wrapped).
    steady, even
        float32 [pairs, rows, cols]: how far neighbouring pixels agree in their phase, and in its slope, from 0 for noise to 1; an
        absolute measure without bias, see :mod:`stillpoint.models.interferograms.evidence_steadiness`. NaN where missing.
    valid
        float32 [pairs, rows, cols] in 0..1: known share of each block.
    core
        bool [rows, cols]: where most pairs are known and coherent; levels are taken there.
    block
        Rows and columns of a block.
    """

    phase: np.ndarray
    coherence: Optional[np.ndarray]
    roughness: np.ndarray
    cuts: np.ndarray
    steady: np.ndarray
    even: np.ndarray
    valid: np.ndarray
    core: np.ndarray
    block: Tuple[int, int]


def coarse(network: Network, *, side: int = SIDE, progress: Progress = SILENT) -> CoarseGrid:
    """Return ``network`` on a grid of at most ``side`` rows and columns."""
    rows, cols = network.shape
    block = (max(1, -(-rows // side)), max(1, -(-cols // side)))
    phases: List[np.ndarray] = []
    rough: List[np.ndarray] = []
    cuts: List[np.ndarray] = []
    agreed: List[Tuple[np.ndarray, np.ndarray]] = []
    valid: List[np.ndarray] = []
    coherence: List[np.ndarray] = []
    for index in range(network.count):
        phase = network.phase[index]
        bend, torn = _texture(phase, network.unwrapped)
        phases.append(_blocks(phase, block) if network.unwrapped else _directions(phase, block))
        rough.append(_means(bend, block))
        cuts.append(_means(torn, block))
        agreed.append(steadiness(phase, (phases[-1].shape[0], phases[-1].shape[1])))
        valid.append(_means(np.isfinite(phase).astype(np.float32), block))
        if network.coherence is not None:
            coherence.append(_means(network.coherence[index], block))
        progress((index + 1) / network.count, "Reading the interferograms")
    shown = np.stack(valid)
    phase = np.where(shown >= LEAST, np.stack(phases), np.float32(np.nan)).astype(np.float32)
    still = np.stack(coherence) if coherence else None
    core = _core(shown, still)
    steady, even = (np.stack([each[place] for each in agreed]) for place in (0, 1))
    levelled = _levelled(phase, core, network.unwrapped)
    return CoarseGrid(levelled, still, np.stack(rough), np.stack(cuts), steady, even, shown, core, block)


def _core(valid: np.ndarray, coherence: Optional[np.ndarray]) -> np.ndarray:
    """Return where levels are taken: the better covered and the more coherent ground."""
    shown = valid.mean(axis=0)
    core = shown >= 0.8 * np.quantile(shown, 0.95)
    if coherence is not None:
        usual = np.nan_to_num(coherence).mean(axis=0)
        core &= usual >= np.median(usual[core]) if core.any() else True
    return np.asarray(core if core.any() else np.ones(shown.shape, bool))


def _levelled(phase: np.ndarray, core: np.ndarray, unwrapped: bool) -> np.ndarray:
    """Return the phase of each pair about its own level."""
    for index, each in enumerate(phase):
        known = np.isfinite(each)
        inside = each[known & core] if (known & core).any() else each[known]
        if not inside.size:
            continue
        if unwrapped:
            phase[index] = each - np.median(inside)
        else:
            mean = np.exp(1j * inside).mean()
            phase[index] = wrap((each - np.float32(np.angle(mean))).astype(np.float32))
    return phase


def _texture(phase: np.ndarray, unwrapped: bool) -> Tuple[np.ndarray, np.ndarray]:
    """Return bends and cuts at every pixel of one interferogram, float32 [rows, cols]; NaN where unknown."""
    right, down = np.diff(phase, axis=1), np.diff(phase, axis=0)
    torn = np.full(phase.shape, np.nan, np.float32)
    bend = np.full(phase.shape, np.nan, np.float32)
    if phase.shape[0] < 3 or phase.shape[1] < 3:
        return bend, torn
    if unwrapped:
        apart = np.maximum(np.abs(right[:-1]), np.abs(down[:, :-1]))
        torn[:-1, :-1] = np.where(np.isfinite(apart), apart > np.pi, np.nan)
    else:
        torn[np.isfinite(phase)] = 0.0
    right, down = wrap(right), wrap(down)
    bend[1:-1, 1:-1] = 0.5 * (np.abs(np.diff(right, axis=1)[1:-1]) + np.abs(np.diff(down, axis=0)[:, 1:-1]))
    return bend, torn


def _padded(values: np.ndarray, block: Tuple[int, int]) -> np.ndarray:
    """Return [rows, cols, samples] of the blocks of ``values``; the last ones are filled with NaN."""
    rows, cols = values.shape
    high, wide = -(-rows // block[0]), -(-cols // block[1])
    if (rows, cols) != (high * block[0], wide * block[1]):
        filled = np.full((high * block[0], wide * block[1]), np.nan, values.dtype)
        filled[:rows, :cols] = values
        values = filled
    split = values.reshape(high, block[0], wide, block[1]).transpose(0, 2, 1, 3)
    return split.reshape(high, wide, -1)


def _means(values: np.ndarray, block: Tuple[int, int]) -> np.ndarray:
    """Return the mean of the known values of each block; NaN where there are none."""
    known = np.isfinite(values)
    if block == (1, 1):
        return values.astype(np.float32)
    total = _sums(np.where(known, values, np.float32(0)), block)
    number = _sums(known.astype(np.float32), block)
    return np.where(number > 0, total / np.maximum(number, 1), np.nan).astype(np.float32)


def _sums(values: np.ndarray, block: Tuple[int, int]) -> np.ndarray:
    """Return the sum over each block, the last ones smaller."""
    for axis, size in enumerate(block):
        over = -values.shape[axis] % size
        if over:
            values = np.pad(values, [(0, over if each == axis else 0) for each in range(2)])
        total = values[(slice(None),) * axis + (slice(None, None, size),)].copy()
        for start in range(1, size):
            total += values[(slice(None),) * axis + (slice(start, None, size),)]
        values = total
    return values


def _blocks(phase: np.ndarray, block: Tuple[int, int]) -> np.ndarray:
    """Return the median of the known values of each block; of large blocks every second or third row and column is enough."""
    if block == (1, 1):
        return phase.astype(np.float32)
    skip = max(1, block[0] // 4), max(1, block[1] // 4)
    if skip != (1, 1):
        split = _padded(phase, block).reshape(-1, *block)[:, :: skip[0], :: skip[1]]
        split = split.reshape(-(-phase.shape[0] // block[0]), -(-phase.shape[1] // block[1]), -1)
    else:
        split = _padded(phase, block)
    number = np.isfinite(split).sum(axis=2)
    ordered = np.sort(split, axis=2)  # what is missing comes last
    middle = np.take_along_axis(ordered, np.maximum(number - 1, 0)[..., None] // 2, axis=2)[..., 0]
    return np.where(number > 0, middle, np.nan).astype(np.float32)


def _directions(phase: np.ndarray, block: Tuple[int, int]) -> np.ndarray:
    """Return the direction of the mean phasor of each block."""
    if block == (1, 1):
        return phase.astype(np.float32)
    return np.arctan2(_means(np.sin(phase), block), _means(np.cos(phase), block)).astype(np.float32)
