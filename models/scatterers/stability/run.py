"""Persistent scatterers by phase stability, from a block of observations to a verdict.

Source of the method: Hooper, Segall & Zebker 2007, JGR 112, B07407, with the steps and defaults of StaMPS 4.1b.
"""

from __future__ import annotations

import time
from dataclasses import replace
from typing import List, Optional, Tuple

import numpy as np

from stillpoint.models.errors import StillpointError
from stillpoint.models.progress import SILENT, Progress
from stillpoint.models.scatterers.observations import Observations, Verdict
from stillpoint.models.scatterers.stability.candidates import (
    Gate,
    Network,
    gate_candidates,
    gather,
    network_of,
    valid_pixels,
)
from stillpoint.models.scatterers.stability.clap import DATA
from stillpoint.models.scatterers.stability.gamma import cells_over, estimate_gamma
from stillpoint.models.scatterers.stability.grid import PIXELS
from stillpoint.models.scatterers.stability.maps import fill_maps
from stillpoint.models.scatterers.stability.null import null_histogram
from stillpoint.models.scatterers.stability.patches import Patch, patches
from stillpoint.models.scatterers.stability.results import GammaMaps, Stability, phase_noise, store
from stillpoint.models.scatterers.stability.selection import select_stable
from stillpoint.models.scatterers.stability.settings import StabilitySettings, low_bins
from stillpoint.models.scatterers.stability.weeding import weed_selected


class TooLittleError(StillpointError):
    """A block or patch is too small or has too few candidates to be judged; others may not."""


def phase_stability(
    observations: Observations,
    *,
    settings: Optional[StabilitySettings] = None,
    progress: Progress = SILENT,
    notes: Optional[List[str]] = None,
    partial: bool = False,
) -> Verdict:
    """Select the persistent scatterers of a block as StaMPS does.

    The probability is gamma of every pixel against surroundings without itself, a rank; the threshold is the mean of the
    thresholds that the selection used. ``mask`` is the selection itself: candidates only, weeded.

    Parameters
    ----------
    observations
        The block: at least 1.2 km (24 cells) in both directions.
    settings
        Parameters; empty takes StaMPS's defaults.
    progress
        Told how far it is; may raise to stop.
    notes
        Sentences for the user are appended here.
    partial
        The block is a part of a larger raster: where it is too small or has too few candidates (water) it has no scatterers,
        with a note, and is no error.

    Raises
    ------
    StillpointError
        Too few interferograms, too small a scene, or too few candidates.
    Cancelled
        Asked to stop.
    """
    try:
        found = stable_scatterers(observations, settings=settings, progress=progress, maps=True)
    except TooLittleError as reason:
        if not partial:
            raise
        if notes is not None:
            notes.append(f"A part of the scene says nothing: {reason}")
        return _nothing(observations)
    if notes is not None:
        notes.extend(text for text in found.notes if text not in notes)
    assert found.maps is not None  # nosec B101 - they were asked for
    rank = found.maps.without_pixel
    gamma = np.where(found.selected, found.gamma, rank)
    return Verdict(
        probability=rank,
        threshold=found.threshold,
        noise=phase_noise(gamma, found.interferograms, small_baseline=found.small_baseline),
        gamma=gamma,
        dispersion=found.dispersion,
        mask=found.mask,
    )


def _nothing(observations: Observations) -> Verdict:
    """Return the verdict of a block without scatterers."""
    zero = np.where(valid_pixels(observations), np.float32(0.0), np.float32(np.nan))
    return Verdict(probability=zero, threshold=0.3, gamma=zero, mask=np.zeros(observations.shape, dtype=bool))


def gamma_map(
    observations: Observations, *, settings: Optional[StabilitySettings] = None, progress: Progress = SILENT
) -> GammaMaps:
    """Return gamma of every pixel, candidate or not; see :func:`phase_stability` for parameters and errors."""
    maps = stable_scatterers(observations, settings=settings, progress=progress, maps=True, select=False).maps
    assert maps is not None  # nosec B101 - they were asked for
    return maps


def labels_from_stability(
    observations: Observations, *, settings: Optional[StabilitySettings] = None, progress: Progress = SILENT
) -> np.ndarray:
    """Return labels for training, uint8 [rows, cols]: 1 selected, 0 not, 255 no data; errors as :func:`phase_stability`."""
    found = stable_scatterers(observations, settings=settings, progress=progress)
    return np.where(valid_pixels(observations), found.mask.astype(np.uint8), np.uint8(255))


def stable_scatterers(
    observations: Observations,
    *,
    settings: Optional[StabilitySettings] = None,
    progress: Progress = SILENT,
    maps: bool = False,
    select: bool = True,
) -> Stability:
    """Run the selection and return everything it found; errors as :func:`phase_stability`.

    Parameters
    ----------
    observations, settings, progress
        See :func:`phase_stability`.
    maps
        Whether gamma of all pixels is wanted.
    select
        Whether to select and weed, or stop at gamma.
    """
    settings = settings or StabilitySettings()
    if settings.device.startswith("mps"):
        settings = replace(settings, device="cpu")
    shape = observations.shape
    network = network_of(observations, settings)
    began = time.process_time()
    gate = gate_candidates(observations, network, settings)
    total = int(gate.allowed.sum())
    if total < settings.minimum_candidates:
        raise TooLittleError(
            f"Only {total} of {shape[0] * shape[1]:,} pixels are candidates (a phase at every date and a steady brightness); "
            f"phase stability needs at least {settings.minimum_candidates}. Look for missing data, or take a larger part."
        )
    nothing = np.full(shape, np.nan, dtype=np.float32)
    found = Stability(
        mask=np.zeros(shape, dtype=bool),
        selected=np.zeros(shape, dtype=bool),
        candidates=gate.allowed,
        gamma=nothing.copy(),
        k=nothing.copy(),
        maps=GammaMaps(nothing.copy(), nothing.copy(), nothing.copy()) if maps else None,
        dispersion=None if gate.dispersion is None else gate.dispersion.astype(np.float32),
        threshold=0.0,
        interferograms=network.count,
        small_baseline=network.small_baseline,
        notes=[*network.notes, *gate.notes],
    )
    found.seconds["candidates"] = time.process_time() - began
    _note_cells(found, observations.spacing, settings)
    with found.stage("null"):
        progress(0.01, "Random pixels")
        null = null_histogram(
            network.search, pixels=settings.null_pixels, seed=settings.seed, pairs=network.pairs,
            device=settings.device, check=progress.check,
        )
    todo = list(patches(
        shape, spacing=observations.spacing, cell=settings.cell, pixels=settings.patch_pixels, overlap=settings.patch_overlap
    ))
    thresholds: List[Tuple[float, int]] = []
    for number, patch in enumerate(todo):
        part = progress.part(0.05 + 0.95 * number / len(todo), 0.05 + 0.95 * (number + 1) / len(todo))
        part(0.0, f"Phase stability, patch {number + 1} of {len(todo)}" if len(todo) > 1 else "Phase stability")
        try:
            thresholds.append(_run_patch(observations, network, gate, null, patch, found, settings, part, select))
        except TooLittleError as reason:
            if len(todo) == 1:
                raise
            found.note(f"A part of the scene says nothing: {reason}")
    if not thresholds:
        raise TooLittleError("No part of the scene has enough candidates for phase stability. Take a larger part of the scene.")
    weights = np.array([count for _, count in thresholds], dtype=np.float64)
    found.threshold = float(np.clip(np.average([value for value, _ in thresholds], weights=weights), 0.0, 1.0))
    progress.done()
    return found


def _run_patch(
    observations: Observations,
    network: Network,
    gate: Gate,
    null: np.ndarray,
    patch: Patch,
    found: Stability,
    settings: StabilitySettings,
    progress: Progress,
    select: bool,
) -> Tuple[float, int]:
    """Work off one patch, write what it says of its inner part into ``found``; return mean threshold and candidates."""
    with found.stage("candidates"):
        candidates = gather(observations, network, gate, settings, patch.outer)
    if len(candidates) < settings.minimum_candidates:
        raise TooLittleError(f"only {len(candidates)} candidates where {settings.minimum_candidates} are needed.")
    try:
        cells = cells_over(candidates, observations.spacing, settings)
    except StillpointError as error:
        raise TooLittleError(str(error)) from None
    lowest = low_bins(network.small_baseline)
    with found.stage("gamma"):
        estimate = estimate_gamma(
            candidates, cells, network.search, null, settings=settings, lowest=lowest, check=progress.check
        )
    progress(0.35, "Gamma")
    store(found.gamma, candidates, np.arange(len(candidates)), estimate.fit.gamma.cpu().numpy(), patch)
    threshold = 0.3
    if select:
        with found.stage("select"):
            selected = select_stable(
                candidates, estimate, network.search, null, spacing=observations.spacing, settings=settings,
                small_baseline=network.small_baseline, lowest=lowest, check=progress.check,
            )
        for text in selected.notes:
            found.note(text)
        progress(0.65, "Selection")
        with found.stage("weed"):
            kept = weed_selected(observations, network, candidates, selected, found, settings, progress)
        store(found.gamma, candidates, selected.index, selected.gamma, patch)
        store(found.k, candidates, selected.index, selected.k, patch)
        store(found.selected, candidates, selected.index, np.ones(len(selected.index), dtype=bool), patch)
        store(found.mask, candidates, selected.index[kept], np.ones(int(kept.sum()), dtype=bool), patch)
        threshold = float(selected.threshold.mean())
    progress(0.75, "Gamma of all pixels")
    if found.maps is not None:
        with found.stage("maps"):
            fill_maps(observations, network, candidates, estimate, patch, found.maps, progress.part(0.75, 1.0))
    return threshold, len(candidates)


def _note_cells(found: Stability, spacing: Tuple[float, float], settings: StabilitySettings) -> None:
    largest = PIXELS * max(spacing)
    if largest > settings.cell:
        found.note(
            f"Pixels of {spacing[0]:.0f} x {spacing[1]:.0f} m are coarse for cells of {settings.cell:g} m: the cells are {PIXELS} "
            f"pixels wide, the filter's wavelengths grow alike (windows of {DATA * largest / 1000:.1f} km), and fewer random "
            "pixels are accepted per km2, unless their number is given."
        )
