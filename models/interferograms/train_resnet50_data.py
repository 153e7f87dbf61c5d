"""What the picture classifier learns from: simulated interferograms with contaminations of every kind, and real patches.

The simulated stacks are those of the default method, split by seed; real ones are split by date and region (see
:mod:`~stillpoint.models.interferograms.patches`). So no two parts share ground, atmosphere or noise.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Dict, List, Sequence, Tuple

import numpy as np
import torch

from stillpoint.models.interferograms import render
from stillpoint.models.interferograms.default_examples import Example, example
from stillpoint.models.interferograms.patches import Pictures, gathered, joined
from stillpoint.models.progress import Progress
from stillpoint.models.simulation import network_faults
from stillpoint.models.simulation.network_plan import random_plan
from stillpoint.models.simulation.network_simulation import LEAST, LIMIT

SOFT = 0.06
"""How gently a label passes from high to low quality: the logistic scale of the logarithm of the error at its limit."""

MOST = 36
"""Most interferograms of high quality that are taken of one stack to learn from; there are always enough of them."""

REAL_SHARE = 0.25
"""Share of real pictures in a batch, where there are some."""

SMALL_SHARE = 0.2
"""Share of simulated pictures to learn from that are shown with half the pixels a side, as small stacks look."""

WRAPPED_SHARE = 1 / 3
"""Share of the unwrapped interferograms that are shown wrapped as well."""

WRAPPED_LIMIT = 1.3
"""Radians: a wrapped picture whose error, over all of it, has a larger root mean square is of low quality (noise has 1.81)."""

MOVING_SHARE = 0.12
"""Share of the good unwrapped interferograms to learn from that are shown once more with strong motion on top, no fault."""

SPOILT_SHARE = 0.35
"""Share of the good unwrapped interferograms to learn from that are shown once more with a ramp or a wrong level on top."""


def pictures_of(made: Example, rng: np.random.Generator, group: int, *, side: int, learning: bool) -> Pictures:
    """Return the pictures of a simulated stack.

    Interferograms are shown as the stack has them, and some of an unwrapped stack wrapped as well. The label of an unwrapped one is
    the physical one of the simulator. Of a wrapped one it is that of what the picture shows: cycles that an unwrapper got wrong
    don't make it bad, noise over most of it does, even if the little that can be measured is well.

    Parameters
    ----------
    made
        The stack.
    rng
        Decides which pairs are taken to learn from.
    group
        Number of the stack.
    side
        Of the pictures.
    learning
        Whether to take all bad pairs but not all good ones, and some of them smaller; else all as they are.
    """
    network = made.network
    wrapped = degree(_wrapped_rms(made), made.coverage, limit=WRAPPED_LIMIT)
    own = degree(made.rms, made.coverage) if network.unwrapped else wrapped
    taken = np.ones(network.count, bool)
    if learning and (own >= 0.5).sum() > MOST:
        high = np.flatnonzero(own >= 0.5)
        taken[rng.permutation(high)[MOST:]] = False
    rows: List[Tuple[np.ndarray, float, bool, str, int]] = []
    for number in np.flatnonzero(taken):
        phase = network.phase[number]
        if learning and rng.random() < SMALL_SHARE:
            phase = phase[::2, ::2]
        picture = render.picture(phase, unwrapped=network.unwrapped, side=side)
        rows.append((picture, float(own[number]), network.unwrapped, made.kinds[number], group))
        if network.unwrapped and rng.random() < WRAPPED_SHARE:
            turned = render.picture(np.angle(np.exp(1j * phase)), unwrapped=False, side=side)
            rows.append((turned, float(wrapped[number]), False, _kind(made.kinds[number], own[number], wrapped[number]), group))
        if learning and network.unwrapped and own[number] >= 0.5 and rng.random() < SPOILT_SHARE:
            fault, kind = _fault(made, rng)
            spoilt = render.picture(network.phase[number] + fault, unwrapped=True, side=side)
            rms = _rms(made.error[number].astype(np.float32) + fault, made.measurable)
            rows.append((spoilt, float(degree(np.array([rms]), made.coverage[number : number + 1])[0]), True, kind, group))
        if learning and network.unwrapped and own[number] >= 0.5 and rng.random() < MOVING_SHARE:
            moving = render.picture(network.phase[number] + bowl(network.shape, rng), unwrapped=True, side=side)
            rows.append((moving, float(own[number]), True, "motion", group))
    return gathered(rows, side)


def _kind(said: str, own: float, wrapped: float) -> str:
    """Return what is wrong with a wrapped picture of a pair, of what is wrong with the unwrapped pair."""
    if wrapped >= 0.5:
        return said if own >= 0.5 else "good but for its cycles"
    return said if own < 0.5 else "noise beside what is measured"


def bowl(shape: Tuple[int, int], rng: np.random.Generator) -> np.ndarray:
    """Return the motion of a few subsiding or rising bowls, float32 [rows, cols] in radians, as under cities that pump water."""
    rows, cols = np.mgrid[0 : shape[0], 0 : shape[1]]
    motion = np.zeros(shape)
    largest = np.exp(rng.uniform(np.log(4.0), np.log(40.0))) * rng.choice([-1, 1])
    for _ in range(int(rng.integers(1, 4))):
        angle, along, across = rng.uniform(0, np.pi), *rng.uniform(0.08, 0.5, 2)
        y, x = rows / shape[0] - rng.uniform(0, 1), cols / shape[1] - rng.uniform(0, 1)
        u, v = x * np.cos(angle) + y * np.sin(angle), y * np.cos(angle) - x * np.sin(angle)
        motion += rng.uniform(0.3, 1.0) * np.exp(-0.5 * ((u / along) ** 2 + (v / across) ** 2))
    return (largest * motion).astype(np.float32)


def _fault(made: Example, rng: np.random.Generator) -> Tuple[np.ndarray, str]:
    """Return what a processor may add to an unwrapped pair, float32 [rows, cols] in radians: a ramp or regions of a wrong level."""
    if rng.random() < 0.4:
        return network_faults.ramp(rng, made.network.shape), "ramp"
    plan = replace(random_plan(rng), shape=made.network.shape, spacing=made.network.spacing)
    nowhere = np.zeros(made.network.shape, bool)
    return network_faults.make_fault(rng, plan, "jump", nowhere).jumps, "unwrapping error"


def _rms(error: np.ndarray, measurable: np.ndarray) -> float:
    """Return the root mean square of an error about its median over the ground that can be measured, radians."""
    seen = error[measurable & np.isfinite(error)]
    return float(np.sqrt(np.mean(np.square(seen - np.median(seen), dtype=np.float64)))) if seen.size else float("nan")


def degree(rms: np.ndarray, coverage: np.ndarray, *, limit: float = LIMIT) -> np.ndarray:
    """Return how far pairs are of high quality, float64 [pairs]: 1 or 0, and in between near the limit of the error.

    Parameters
    ----------
    rms
        [pairs], radians, root mean square of the error; NaN where nothing is covered.
    coverage
        [pairs], against what is usual.
    limit
        Radians.
    """
    with np.errstate(divide="ignore"):
        odds = -np.log(np.maximum(rms, 1e-6) / limit) / SOFT
    soft = 1 / (1 + np.exp(-np.clip(odds, -40, 40)))
    return np.where(np.isfinite(rms) & (coverage >= LEAST), soft, 0.0)


def _wrapped_rms(made: Example) -> np.ndarray:
    """Return the root mean square of the error of all pixels when whole cycles don't count, float64 [pairs], radians."""
    found = np.full(made.network.count, np.nan)
    for number, error in enumerate(made.error):
        seen = error[np.isfinite(error)].astype(np.float32)
        if seen.size:
            turned = np.exp(1j * seen)
            found[number] = np.sqrt(np.mean(np.square(np.angle(turned * np.conj(turned.mean())), dtype=np.float64)))
    return found


def simulated(seed: int, count: int, folder: Path, *, side: int, learning: bool, progress: Progress) -> Pictures:
    """Return the pictures of ``count`` simulated stacks of a seed; the stacks are kept in ``folder``."""
    parts = []
    for index in range(count):
        progress(index / count, f"Simulated stack {index + 1} of {count}")
        rng = np.random.default_rng([seed, 61, index])
        parts.append(pictures_of(example(seed, index, folder), rng, index, side=side, learning=learning))
    return joined(parts) if parts else gathered([], side)


def weights(sources: Sequence[Tuple[Pictures, float]]) -> np.ndarray:
    """Return how often each picture of several sources, one after the other, is drawn, float64 [n] of sum 1.

    Of each source, high and low quality are drawn equally often; pictures without a label are not.

    Parameters
    ----------
    sources
        Pictures, and the share of the source.
    """
    found = []
    for pictures, share in sources:
        chance = np.zeros(len(pictures))
        sides = [pictures.good >= 0.5, pictures.good < 0.5]
        present = [side for side in sides if side.any()]
        for side in present:
            chance[side] = share / len(present) / side.sum()
        found.append(chance)
    chance = np.concatenate(found)
    return chance / max(chance.sum(), 1e-12)


def draw_batch(
    pictures: Pictures, chance: np.ndarray, rng: np.random.Generator, *, size: int
) -> Tuple[torch.Tensor, torch.Tensor]:
    """Draw pictures, turned, mirrored, and with the other sign or another constant, as interferograms may come.

    Returns
    -------
    torch.Tensor, torch.Tensor
        float32 [size, 3, side, side] in -1..1, and float32 [size]: 1 high quality, 0 low.
    """
    numbers = rng.choice(len(pictures), size, p=chance)
    images = np.empty((size, *pictures.images.shape[1:]), np.float32)
    for place, number in enumerate(numbers):
        image = pictures.images[number]
        if not pictures.unwrapped[number]:
            image = render.turned(image, float(rng.uniform(0, 2 * np.pi)))
        if rng.random() < 0.5:
            image = render.other_sign(image)
        image = np.rot90(image, int(rng.integers(4)), axes=(1, 2))
        images[place] = render.scaled(image[:, :, ::-1] if rng.random() < 0.5 else image)
    return torch.from_numpy(images), torch.from_numpy(pictures.good[numbers].astype(np.float32))


def counts(parts: Dict[str, Pictures]) -> Dict[str, List[int]]:
    """Return of each part how many pictures are of high and of low quality."""
    return {name: [int((part.good >= 0.5).sum()), int((part.good < 0.5).sum())] for name, part in parts.items()}
