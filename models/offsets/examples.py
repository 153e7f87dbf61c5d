"""Simulated pairs as the fusing network meets them: features, candidates and truth, kept on disk while training goes on."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Dict, List, Sequence

import numpy as np
import torch

from stillpoint.models.offsets.fuse import FEATURES, candidates, features
from stillpoint.models.offsets.lattice import STEP
from stillpoint.models.offsets.prepare import learn
from stillpoint.models.offsets.track import track
from stillpoint.models.simulation.motion_fields import FAMILIES
from stillpoint.models.simulation.speckle_pairs import SpecklePair, simulate_pair

SIDE = 256
"""Pixels a side of a pair."""

SEARCH = 16

HELD_OUT = ("radial", "bodies")
"""Families of motion that every other pair that tunes or judges has, and few of those that train."""

Example = Dict[str, np.ndarray]


def draw(seed: int, index: int, *, judging: bool = False) -> SpecklePair:
    """Return pair ``index`` of a seed."""
    rng = np.random.default_rng([seed, index, 55])
    if judging and index % 2 == 0:
        return simulate_pair(rng, side=SIDE, family=str(rng.choice(HELD_OUT)))
    others = tuple(name for name in FAMILIES if name not in HELD_OUT)
    # A family is drawn for half of the pairs; the rest draw as users' scenes come.
    return simulate_pair(rng, side=SIDE, family=str(rng.choice(others)) if rng.random() < 0.5 else "")


def example(seed: int, index: int, folder: Path, *, judging: bool = False) -> Example:
    """Return an example, computed once and kept in ``folder``.

    Returns
    -------
    dict
        ``features`` float16 [features, rows, cols], ``candidates`` float32 [candidates, 2, rows, cols], ``truth`` float32
        [2, rows, cols], ``measurable`` bool [rows, cols], ``lost`` bool [rows, cols] (decorrelated), ``sigma`` float32
        [2, rows, cols].
    """
    path = folder / f"{seed}-{index}{'-judging' if judging else ''}.npz"
    if path.exists():
        with np.load(path) as stored:
            found = {name: stored[name] for name in stored.files}
        if found["features"].shape[0] == len(FEATURES):
            return found
    pair = draw(seed, index, judging=judging)
    tracked = track(pair.reference, pair.secondary, learn([pair.reference], [pair.secondary]), search=SEARCH, kernels=True)
    coherent = _blocks(pair.coherence)
    present = tracked.present.numpy()
    made = {
        "features": features(tracked).clamp(-6e4, 6e4).half().numpy(),
        "candidates": candidates(tracked).float().numpy(),
        "truth": _centres(pair.offsets),
        "measurable": (coherent.min(axis=(1, 3)) > 0.05) & present,
        "lost": (coherent.max(axis=(1, 3)) <= 0) & present,
        "sigma": tracked.sigma.numpy(),
    }
    folder.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f"{path.stem}.{os.getpid()}.partial.npz")
    np.savez(partial, **made)
    os.replace(partial, path)
    return made


def _blocks(values: np.ndarray) -> np.ndarray:
    rows, cols = values.shape
    return values.reshape(rows // STEP, STEP, cols // STEP, STEP)


def _centres(field: np.ndarray) -> np.ndarray:
    """Return a field at the centres of the blocks, the mean of the four pixels round each."""
    half = STEP // 2
    parts = [field[:, half - 1 + row :: STEP, half - 1 + col :: STEP] for row in (0, 1) for col in (0, 1)]
    return np.mean(parts, axis=0).astype(np.float32)


def batch(kept: Sequence[Example], rng: np.random.Generator, count: int) -> Dict[str, torch.Tensor]:
    """Return ``count`` examples drawn at random, stacked."""
    chosen: List[Example] = [kept[int(index)] for index in rng.integers(0, len(kept), count)]
    return stacked(chosen)


def stacked(chosen: Sequence[Example]) -> Dict[str, torch.Tensor]:
    """Return examples as one batch of tensors."""
    return {
        name: torch.from_numpy(np.stack([item[name] for item in chosen]).astype(np.float32)) for name in chosen[0]
    }

