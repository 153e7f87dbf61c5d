"""Evidence of simulated stacks with the answers to it, kept on disk while training goes on."""

from __future__ import annotations

import os
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import List

import numpy as np
import torch
from torch.nn import functional

from stillpoint.models.interferograms import atmosphere, evidence, evidence_grid, evidence_steadiness, residuals
from stillpoint.models.interferograms.default_examples import NOISY, Example, example, wrapped

WRAPPED = 20_000
"""Index from which on a stack is one of the first, wrapped; every second one keeps no loop."""

LARGEST = 25.0
"""Radians: errors beyond it are as bad as it."""

MODULES = (evidence, evidence_grid, evidence_steadiness, residuals, atmosphere)
"""What the evidence depends on."""

_ARRAYS = ("maps", "figures", "reliable", "ends", "rms", "cells", "bad", "strong", "coverage")


@dataclass(frozen=True)
class Lesson:
    """Evidence of one stack, and the truth.

    Attributes
    ----------
    maps
        float16 [pairs, maps, cells, cells].
    figures
        float32 [pairs, figures].
    reliable
        float32 [cells, cells].
    ends
        int64 [pairs, 2].
    dates
        Number of dates.
    rms
        float32 [pairs], radians; NaN where nothing is covered.
    cells
        float16 [pairs, cells, cells]: log(1 + error variance in rad**2); NaN where missing.
    bad, strong
        bool [pairs].
    coverage
        float32 [pairs].
    kinds
        What is wrong, in words.
    family
        Unwrapper and sensor.
    """

    maps: torch.Tensor
    figures: torch.Tensor
    reliable: torch.Tensor
    ends: torch.Tensor
    dates: int
    rms: torch.Tensor
    cells: torch.Tensor
    bad: np.ndarray
    strong: np.ndarray
    coverage: np.ndarray
    kinds: List[str]
    family: str

    @property
    def unwrapped(self) -> bool:
        """Whether the phase is unwrapped."""
        return bool(self.figures[0, evidence.FIGURES.index("unwrapped")] > 0.5)


def lesson(seed: int, index: int, folder: Path) -> Lesson:
    """Return the lesson of stack ``index`` of a seed; computed once for this version of the evidence, then read from ``folder``."""
    path = folder / f"{seed}-{index}.evidence-{_version():08x}.npz"
    if not path.exists():
        again = WRAPPED <= index < NOISY
        drawn = example(seed, index % WRAPPED if again else index, folder)
        if again:
            drawn = wrapped(drawn, np.random.default_rng([seed, index]), loops=index % 2 == 0)
        made = learn_from(drawn)
        partial = path.with_name(f"{path.stem}.{os.getpid()}.partial.npz")
        try:
            arrays = {name: np.asarray(getattr(made, name)) for name in _ARRAYS}
            np.savez(partial, dates=made.dates, family=made.family, kinds=np.array(made.kinds), **arrays)  # type: ignore[arg-type]
            os.replace(partial, path)
        finally:
            partial.unlink(missing_ok=True)
    with np.load(path, allow_pickle=False) as kept:
        tensors = {name: torch.from_numpy(kept[name]) for name in _ARRAYS if name not in ("bad", "strong", "coverage")}
        return Lesson(
            **tensors, bad=kept["bad"], strong=kept["strong"], coverage=kept["coverage"], dates=int(kept["dates"]),
            kinds=[str(kind) for kind in kept["kinds"]], family=str(kept["family"]),
        )  # fmt: skip


def learn_from(drawn: Example) -> Lesson:
    """Return the evidence of a simulated stack with its truth."""
    found = evidence.gather(drawn.network)
    error = torch.from_numpy(np.clip(drawn.error.astype(np.float32), -LARGEST, LARGEST))
    known = torch.isfinite(error)
    power = functional.adaptive_avg_pool2d(torch.where(known, error**2, torch.zeros(())), evidence.CELLS)
    share = functional.adaptive_avg_pool2d(known.float(), evidence.CELLS)
    cells = torch.where(share > 0.1, torch.log1p(power / share.clamp_min(1e-3)), torch.full((), torch.nan))
    return Lesson(
        maps=torch.from_numpy(found.maps).half(), figures=torch.from_numpy(found.figures),
        reliable=torch.from_numpy(found.reliable), ends=torch.from_numpy(drawn.network.pairs.astype(np.int64)),
        dates=len(drawn.network.dates),
        rms=torch.from_numpy(drawn.rms.astype(np.float32)), cells=cells.half(), bad=drawn.bad, strong=drawn.strong,
        coverage=drawn.coverage.astype(np.float32), kinds=drawn.kinds, family=drawn.family,
    )  # fmt: skip


def _version() -> int:
    """Return a number that changes with the code that the evidence depends on."""
    code = b"".join(Path(str(module.__file__)).read_bytes() for module in MODULES)
    return zlib.crc32(code)
