"""The gamma that pixels of random phase reach by chance."""

from __future__ import annotations

from functools import lru_cache
from typing import Callable, Iterator, Optional

import numpy as np
import torch

from stillpoint.models.scatterers.stability.topofit import HeightSearch, topofit

BINS = 100
"""Bins of gamma, 0.01 wide."""

BLOCK = 20_000
"""Pixels drawn at once. Part of the seed's meaning: another size would draw other numbers."""


def histogram(gamma: torch.Tensor) -> np.ndarray:
    """Return how many of ``gamma`` [pixels] fall into each of the 100 bins of width 0.01, float64 [100]."""
    index = (gamma.to(torch.float64) * BINS).floor().clamp(0, BINS - 1).to(torch.int64)
    return torch.bincount(index.flatten(), minlength=BINS).cpu().numpy().astype(np.float64)


def random_phases(
    count: int, interferograms: int, *, seed: int, pairs: Optional[np.ndarray] = None
) -> Iterator[torch.Tensor]:
    """Yield blocks of random phases, float32 [up to 20,000, interferograms], radians, on the CPU.

    Parameters
    ----------
    count
        Pixels in all.
    interferograms
        Number n.
    seed
        Seed of the generator.
    pairs
        int [n, 2] of a small-baseline network: one phase an image is drawn, then differenced; None draws
        one an interferogram.
    """
    generator = torch.Generator().manual_seed(seed)
    images = interferograms if pairs is None else int(pairs.max()) + 1
    for start in range(0, count, BLOCK):
        phases = torch.rand(min(BLOCK, count - start), images, generator=generator) * (2.0 * np.pi)
        if pairs is not None:
            first, second = (torch.from_numpy(np.ascontiguousarray(pairs[:, side], dtype=np.int64)) for side in (0, 1))
            phases = phases[:, second] - phases[:, first]
        yield phases


def null_histogram(
    search: HeightSearch,
    *,
    pixels: int = 300_000,
    seed: int = 2007,
    pairs: Optional[np.ndarray] = None,
    device: str = "cpu",
    check: Callable[[], None] = lambda: None,
) -> np.ndarray:
    """Return the histogram of gamma of pixels with random phase, float64 [100].

    It depends on the baselines, the range of K and their number only, and is kept for the next patch.

    Parameters
    ----------
    search
        Baselines and range of K.
    pixels, seed, pairs
        See :func:`random_phases`.
    device
        Where to compute; the phases are drawn on the CPU, so that every device gets the same.
    check
        Called between blocks; may raise to stop.
    """
    network = None if pairs is None else np.ascontiguousarray(pairs, dtype=np.int64)
    key = (search.baselines.tobytes(), search.span, search.wraps, None if network is None else network.tobytes())
    kept = _cache(key, pixels, seed, device)
    if not kept:
        counts = np.zeros(BINS)
        for phases in random_phases(pixels, len(search.baselines), seed=seed, pairs=network):
            check()
            phases = phases.to(device)
            counts += histogram(topofit(torch.complex(torch.cos(phases), torch.sin(phases)), search).gamma)
        kept.append(counts)
    return kept[0].copy()


@lru_cache(maxsize=64)
def _cache(key: tuple, pixels: int, seed: int, device: str) -> list:
    """Return the one list that belongs to the arguments; the caller puts the histogram into it."""
    return []
