"""Simulated scenes as the default network meets them: features and true phase noise, kept on disk while training goes on."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import List, Optional, Tuple

import numpy as np
import torch
from scipy import ndimage

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

FICKLE = 0.7
"""Share of the scenes in which some bright points are given a phase that no amplitude betrays."""

WANDERING = 0.7
"""Share of the scenes whose brightness changes in ways that no phase feels."""


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
    noise = scene.noise
    if rng.random() < FICKLE:
        seen, noise = unsettle(seen, noise, rng)
    if rng.random() < WITHOUT_BASELINES:
        seen = replace(seen, baselines=None)
    if rng.random() < WITHOUT_AMPLITUDE:
        seen = replace(seen, amplitude=None)
    elif rng.random() < WANDERING:
        seen = replace(seen, amplitude=wander(seen.amplitude, seen.dates, rng))
    return seen, noise


def unsettle(seen: Observations, noise: np.ndarray, rng: np.random.Generator) -> Tuple[Observations, np.ndarray]:
    """Return observations in which some bright points jitter in phase, with their surroundings, and the noise that is then true.

    A bright and steady amplitude is no proof of a steady phase (machines, masts, ships at their moorings, residues of
    processing). How many such points there are differs from site to site, so it is drawn: without them a network takes any
    bright point for a scatterer.

    Parameters
    ----------
    seen
        Observations of a scene.
    noise
        float32 [rows, cols], true standard deviation of the phase of a single image, radians.
    rng
        Source of randomness.
    """
    amplitude = seen.amplitude
    assert amplitude is not None  # nosec B101 - a scene always has amplitudes
    mean = amplitude.mean(axis=0)
    peaks = (mean == ndimage.maximum_filter(mean, size=5)) & (rng.random(mean.shape) < rng.uniform(0.02, 0.4))
    if not peaks.any():
        return seen, noise
    distance, nearest = ndimage.distance_transform_edt(~peaks, return_indices=True)
    spread = np.exp(rng.uniform(np.log(0.25), np.log(3.0), mean.shape)) * peaks
    reach = rng.uniform(1.0, 4.5, mean.shape)
    near = distance <= reach[nearest[0], nearest[1]]
    size = np.where(near, spread[nearest[0], nearest[1]], 0.0).astype(np.float32)
    phasor = np.empty_like(seen.phasor)
    for index in range(len(seen.dates)):
        turn = rng.standard_normal(mean.shape).astype(np.float32)[nearest[0], nearest[1]]
        phasor[index] = seen.phasor[index] * np.exp(1j * size * turn)
    # All dates jitter, the reference too: against it everything is turned back by its own jitter.
    phasor *= np.conj(phasor[seen.reference])
    return replace(seen, phasor=phasor), np.sqrt(noise**2 + size**2).astype(np.float32)


def wander(amplitude: Optional[np.ndarray], dates: np.ndarray, rng: np.random.Generator) -> Optional[np.ndarray]:
    """Return amplitudes that moisture, wind, temperature and look angle change by pixel and date, however steady the phase is.

    How strong that is in reality differs from place to place and nobody knows its law, so it is drawn widely: a network that
    learns how exactly phase noise follows from amplitude dispersion in one simulator errs wherever the law is another.

    Parameters
    ----------
    amplitude
        float32 [dates, rows, cols].
    dates
        datetime64[D] [dates].
    rng
        Source of randomness.
    """
    if amplitude is None:
        return None
    count, rows, cols = amplitude.shape
    smooth = ndimage.gaussian_filter(rng.standard_normal((rows, cols)), rng.uniform(0.5, 8.0))
    smooth /= max(float(smooth.std()), 1e-9)
    uneven = rng.uniform(0.2, 1.0) * (0.6 * smooth + 0.8 * rng.standard_normal((rows, cols)))
    strength = np.minimum(rng.uniform(0.03, 0.35) * np.exp(uneven), 1.2)
    years = (dates - dates.min()).astype(np.float64) / 365.25
    turn = rng.uniform(0, 2 * np.pi) + rng.uniform(0, 1.5) * smooth
    seasonal = rng.uniform(0.0, 1.0)
    changed = np.empty_like(amplitude)
    for index in range(count):
        # Side lobes wander with their scatterer: neighbouring pixels change together.
        own = ndimage.gaussian_filter(rng.standard_normal((rows, cols)), 0.8)
        own /= max(float(own.std()), 1e-9)
        wave = seasonal * np.sin(2 * np.pi * years[index] + turn) + (1 - seasonal) * own
        changed[index] = amplitude[index] * np.exp(strength * 1.3 * wave)
    return changed


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
