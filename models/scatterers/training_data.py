"""Blocks of interferograms with labels for the published networks, and how they are kept apart.

Neighbouring pixels share clutter, atmosphere and dates, so pixels are never split at random: simulated scenes are kept apart
as wholes, and of a user's stack whole blocks with a gap between them.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Callable, Dict, List, Optional, Sequence, Tuple

import numpy as np
import torch

from stillpoint.models.errors import StillpointError
from stillpoint.models.progress import SILENT, Progress
from stillpoint.models.scatterers.labels import IGNORED, truth_labels
from stillpoint.models.scatterers.observations import Observations

SIDE = 100
"""Rows and columns of a training block, as published."""

GAP = 12
"""Pixels between two blocks of a user's stack: more than the pixels that one impulse response or window joins."""

PARTS = {"train": 0.6, "validation": 0.1, "calibration": 0.15, "test": 0.15}
"""Shares of the blocks: to learn from, to stop early by, to fit probabilities and threshold on, to report figures of."""

MOST_DATES = 40
MOST_BLOCKS = 400
FEWEST_BLOCKS = 8
_RICH = 0.75


@dataclass(frozen=True)
class Block:
    """Interferograms of some pixels.

    Attributes
    ----------
    phase
        float16 [interferograms, rows, cols], radians, in the order of dates; NaN never (missing pixels are labelled so).
    labels
        uint8 [rows, cols]: 1 scatterer, 0 not, 255 not judged.
    stack, place
        The stack that it is of, and its rows and columns there; None where it is simulated.
    """

    phase: np.ndarray
    labels: np.ndarray
    stack: Optional[Path] = None
    place: Optional[Tuple[slice, slice]] = None

    @property
    def has_scatterers(self) -> bool:
        """Whether any pixel is labelled 1."""
        return bool(np.any(self.labels == 1))


def make_block(phasor: np.ndarray, dates: np.ndarray, reference: int, labels: np.ndarray) -> Block:
    """Return the block of unit phasors complex64 [dates, rows, cols]; pixels without a phase at every date are not judged."""
    order = np.argsort(dates, kind="stable")
    phase = np.angle(phasor[order[order != reference]]).astype(np.float16)
    missing = ~np.isfinite(phase).all(axis=0)
    phase[~np.isfinite(phase)] = 0
    return Block(phase, np.where(missing, IGNORED, labels).astype(np.uint8))


def simulated_parts(seed: int, scenes: int, *, side: int = 128, progress: Progress = SILENT) -> Dict[str, List[Block]]:
    """Return blocks of simulated scenes with true labels, by part; every scene belongs to one part.

    Parameters
    ----------
    seed
        Scenes depend on it and on their number alone.
    scenes
        How many in all.
    side
        Rows and columns of a scene.
    progress
        Told after each scene.
    """
    counts = part_sizes(scenes)
    blocks = []
    for number in range(scenes):
        progress(number / scenes, f"Simulating scene {number + 1} of {scenes}")
        blocks.append(simulated_block(seed, number, side=side))
    parts, first = {}, 0
    for name, count in counts.items():
        parts[name] = blocks[first : first + count]
        first += count
    return parts


def simulated_block(seed: int, number: int, *, side: int = 128) -> Block:
    """Return scene ``number`` of the endless sequence of ``seed``."""
    from stillpoint.models.simulation.scenes import random_plan, simulate_scene

    rng = np.random.default_rng([seed, 3, number])
    dates = round(math.exp(rng.uniform(math.log(6), math.log(MOST_DATES))))
    scene = simulate_scene(rng, random_plan(rng, rows=side, cols=side, dates=dates))
    reference = int(rng.integers(dates))
    return make_block(scene.interferograms(reference), scene.dates, reference, truth_labels(scene.noise))


def part_sizes(count: int) -> Dict[str, int]:
    """Return how many of ``count`` blocks go into each part, one at least."""
    sizes = {name: max(1, round(share * count)) for name, share in PARTS.items()}
    sizes["train"] += count - sum(sizes.values())
    if sizes["train"] < 1:
        raise ValueError(f"{count} blocks are too few for {len(PARTS)} parts")
    return sizes


def stack_parts(
    read: Callable[[slice, slice], Observations],
    labels: np.ndarray,
    *,
    name: str,
    seed: int,
    progress: Progress = SILENT,
) -> Dict[str, List[Block]]:
    """Return blocks of a user's stack by part, whole blocks apart.

    Parameters
    ----------
    read
        From rows and columns to what the stack shows there.
    labels
        uint8 [rows, cols] for the whole stack.
    name
        Of the stack, for messages.
    seed
        Decides which block goes where.
    progress
        Told after each block.

    Raises
    ------
    StillpointError
        The stack is too small, or too few of its blocks hold scatterers.
    """
    parts: Dict[str, List[Block]] = {part: [] for part in PARTS}
    dealt = dealt_places(labels, name=name, seed=seed)
    for number, (part, (rows, cols)) in enumerate(dealt):
        progress(number / len(dealt), f"Reading block {number + 1} of {len(dealt)} of {name}")
        seen = read(rows, cols)
        made = make_block(seen.phasor, seen.dates, seen.reference, labels[rows, cols])
        parts[part].append(replace(made, place=(rows, cols)))
    return parts


def dealt_places(labels: np.ndarray, *, name: str, seed: int) -> List[Tuple[str, Tuple[slice, slice]]]:
    """Return the windows of the blocks of a stack and the part that each belongs to; see :func:`stack_parts`."""
    places = _places(labels, name)
    rng = np.random.default_rng([seed, 4])
    # Rich and poor blocks are dealt out apart, so that no part is left without scatterers.
    dealt: List[Tuple[str, Tuple[slice, slice]]] = []
    rich = [place for place in places if np.any(labels[place] == 1)]
    poor = [place for place in places if not np.any(labels[place] == 1)]
    if len(rich) < len(PARTS):
        raise StillpointError(
            f"The labels mark scatterers in {len(rich)} of the {len(places)} blocks of {name} only; at least {len(PARTS)} are "
            "needed, to learn, to stop, to calibrate and to test. Give labels for a larger part, or several stacks."
        )
    for group, most in ((rich, MOST_BLOCKS * 3 // 4), (poor, MOST_BLOCKS // 4)):
        chosen = [group[index] for index in rng.permutation(len(group))[:most]]
        names = [part for part, count in part_sizes(len(chosen)).items() for _ in range(count)] if len(chosen) >= len(PARTS) else []
        dealt += list(zip(names or ["train"] * len(chosen), chosen))
    return dealt


def _places(labels: np.ndarray, name: str) -> List[Tuple[slice, slice]]:
    """Return the windows of blocks with gaps between them; smaller ones where the stack is small."""
    rows, cols = labels.shape
    for side in (SIDE, SIDE // 2, SIDE // 4):
        step = side + GAP
        places = [
            (slice(top, top + side), slice(left, left + side))
            for top in range(0, rows - side + 1, step)
            for left in range(0, cols - side + 1, step)
        ]
        places = [place for place in places if np.any(labels[place] != IGNORED)]
        if len(places) >= FEWEST_BLOCKS:
            return places
    raise StillpointError(
        f"{name} has {rows} x {cols} pixels, too few to learn from and to test apart: {FEWEST_BLOCKS} blocks of "
        f"{SIDE // 4} x {SIDE // 4} pixels with gaps are the least. Give a larger stack, or several."
    )


def draw_batch(
    blocks: Sequence[Block], *, seed: int, step: int, size: int, dates: Tuple[int, int], side: int = SIDE,
    simulated: Sequence[Block] = (), mix: float = 0.0,
) -> Tuple[torch.Tensor, torch.Tensor]:  # fmt: skip
    """Return phase float32 [size, interferograms, side, side] and labels of one step, which depend on seed and step alone.

    Blocks are turned and mirrored, some of the interferograms are drawn (in order), each gets a constant of its own, as
    the reference point of an interferogram is arbitrary, and half the blocks the other sign. Three of four blocks hold
    scatterers where there are such. A share ``mix`` of the blocks is drawn from ``simulated``.
    """
    rng = np.random.default_rng([seed, 5, step])
    sources = [(blocks, [block for block in blocks if block.has_scatterers])]
    sources.append((simulated, [block for block in simulated if block.has_scatterers]))
    chosen = []
    for _ in range(size):
        every, rich = sources[int(bool(simulated) and mix > 0 and rng.random() < mix)]
        group = rich if rich and rng.random() < _RICH else every
        chosen.append(group[rng.integers(len(group))])
    side = min(side, *(edge for block in chosen for edge in block.labels.shape))
    count = min(int(rng.integers(dates[0], dates[1] + 1)), *(len(block.phase) for block in chosen))
    phases, labels = [], []
    for block in chosen:
        top, left = (int(rng.integers(0, edge - side + 1)) for edge in block.labels.shape)
        kept = np.sort(rng.choice(len(block.phase), count, replace=False))
        phase = block.phase[kept, top : top + side, left : left + side].astype(np.float32)
        label = block.labels[top : top + side, left : left + side]
        phase = phase * rng.choice([-1.0, 1.0]) + rng.uniform(-np.pi, np.pi, (count, 1, 1))
        turns, mirrored = int(rng.integers(4)), bool(rng.integers(2))
        phase, label = np.rot90(phase, turns, (1, 2)), np.rot90(label, turns)
        if mirrored:
            phase, label = phase[:, :, ::-1], label[:, ::-1]
        phases.append(np.angle(np.exp(1j * phase)).astype(np.float32))
        labels.append(np.ascontiguousarray(label))
    return torch.from_numpy(np.stack(phases)), torch.from_numpy(np.stack(labels))
