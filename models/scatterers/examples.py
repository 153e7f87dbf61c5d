"""Simulated scenes as the default network meets them: features and true phase noise, kept on disk while training goes on."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import List, Tuple

import numpy as np
import torch

from stillpoint.models.scatterers.features import FEATURES, features
from stillpoint.models.scatterers.observations import Observations
from stillpoint.models.simulation.scene_plan import random_plan
from stillpoint.models.simulation.scenes import Scene, simulate_scene

SIDE = 192
"""Pixels a side of a scene; multilooked ones are smaller."""

MISSING = 255
"""Code of pixels without a truth."""

WITHOUT_BASELINES, WITHOUT_AMPLITUDE = 0.15, 0.1
"""Shares of the scenes that come without."""


def observe(scene: Scene, reference: int) -> Observations:
    """Return what a stack of the scene shows against a reference date."""
    if scene.looks == (1, 1):
        phasor = scene.slc * np.conj(scene.slc[reference])
        amplitude = np.abs(scene.slc)
    else:
        phasor = scene.interferograms(reference)
        amplitude = scene.amplitude
    phasor = phasor / np.maximum(np.abs(phasor), 1e-30)
    return Observations(
        phasor=phasor.astype(np.complex64),
        dates=scene.dates,
        reference=reference,
        spacing=scene.spacing,
        amplitude=amplitude.astype(np.float32),
        baselines=scene.baselines - scene.baselines[reference],
        wavelength=scene.wavelength,
        incidence=scene.incidence,
    )


def draw(seed: int, index: int) -> Tuple[Observations, np.ndarray]:
    """Return scene ``index`` of a seed as a stack shows it, and the true phase noise of its pixels in radians [rows, cols]."""
    rng = np.random.default_rng([seed, index])
    scene = simulate_scene(rng, random_plan(rng, rows=SIDE, cols=SIDE))
    seen = observe(scene, int(rng.integers(len(scene.dates))))
    if rng.random() < WITHOUT_BASELINES:
        seen = replace(seen, baselines=None)
    if rng.random() < WITHOUT_AMPLITUDE:
        seen = replace(seen, amplitude=None)
    return seen, scene.noise


def example(seed: int, index: int, folder: Path) -> Tuple[np.ndarray, np.ndarray]:
    """Return features float16 [features, rows, cols] and phase noise float32 [rows, cols] of a scene; kept in ``folder``."""
    stem = folder / f"{seed}-{index}"
    kept, truth = stem.with_suffix(".features.npy"), stem.with_suffix(".noise.npy")
    if not truth.exists():
        seen, noise = draw(seed, index)
        found = features(seen)
        maps = found.maps.clamp(-6e4, 6e4).half().numpy()
        folder.mkdir(parents=True, exist_ok=True)
        for path, values in ((kept, maps), (truth, np.where(found.valid.numpy(), noise, np.nan).astype(np.float32))):
            partial = path.with_name(f"{path.stem}.{os.getpid()}.partial.npy")
            np.save(partial, values)
            os.replace(partial, path)
    maps = np.load(kept, mmap_mode="r")
    if maps.shape[0] != len(FEATURES):
        truth.unlink()
        return example(seed, index, folder)
    return maps, np.load(truth)


def crops(
    seed: int, indices: List[int], folder: Path, rng: np.random.Generator, *, side: int
) -> Tuple[torch.Tensor, torch.Tensor]:
    """Return a crop of each scene, turned and mirrored at random: features [n, features, side, side] and noise [n, side, side].

    Scenes smaller than ``side`` are filled up with pixels without a truth (NaN).
    """
    inputs = torch.zeros((len(indices), len(FEATURES), side, side))
    truths = torch.full((len(indices), side, side), float("nan"))
    for place, index in enumerate(indices):
        maps, noise = example(seed, index, folder)
        rows, cols = noise.shape
        top, left = int(rng.integers(max(rows - side, 0) + 1)), int(rng.integers(max(cols - side, 0) + 1))
        part = np.asarray(maps[:, top : top + side, left : left + side], dtype=np.float32)
        true = noise[top : top + side, left : left + side]
        if rng.random() < 0.5:
            part, true = part[:, ::-1], true[::-1]
        if rng.random() < 0.5:
            part, true = part[:, :, ::-1], true[:, ::-1]
        inputs[place, :, : part.shape[1], : part.shape[2]] = torch.from_numpy(part.copy())
        truths[place, : true.shape[0], : true.shape[1]] = torch.from_numpy(true.copy())
    return inputs, truths
