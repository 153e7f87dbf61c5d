"""Persistent scatterers by phase stability, from a block of observations to a verdict.

Source of the method: Hooper, Segall & Zebker 2007, JGR 112, B07407, with the steps and defaults of StaMPS 4.1b.
"""

from __future__ import annotations

import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Dict, Iterator, List, Optional, Tuple

import numpy as np
import torch

from stillpoint.models.errors import StillpointError
from stillpoint.models.progress import SILENT, Progress
from stillpoint.models.scatterers.observations import Observations, Verdict
from stillpoint.models.scatterers.stability.candidates import (
    Candidates,
    Gate,
    Network,
    gate_candidates,
    gather,
    network_of,
    phasors_at,
    valid_pixels,
)
from stillpoint.models.scatterers.stability.clap import DATA
from stillpoint.models.scatterers.stability.gamma import GammaEstimate, cells_over, estimate_gamma, fit_against
from stillpoint.models.scatterers.stability.null import null_histogram
from stillpoint.models.scatterers.stability.patches import Patch, patches
from stillpoint.models.scatterers.stability.selection import Selected, select_stable
from stillpoint.models.scatterers.stability.settings import StabilitySettings, largest_arc_noise, low_bins
from stillpoint.models.scatterers.stability.weed import arc_noise, best_of_touching, delaunay_edges, quiet

MAP_PIXELS = 65_536
"""Pixels of the gamma map at once."""


@dataclass
class GammaMaps:
    """Gamma of every pixel against the filtered phase of its surroundings.

    Attributes
    ----------
    with_own, without_own
        float32 [rows, cols], NaN without data: gamma with the phase of the pixel's own cell in that of the
        surroundings, and with it taken out (at the filter's gains that were found with it).
    """

    with_own: np.ndarray
    without_own: np.ndarray


@dataclass
class Stability:
    """Everything that the selection found out.

    Attributes
    ----------
    mask
        bool [rows, cols]: persistent scatterers, weeded.
    selected, candidates
        bool [rows, cols]: those before weeding, and the pixels that were looked at.
    gamma
        float32 [rows, cols]: gamma of the second estimate where there is one, of the first at the other
        candidates, NaN elsewhere.
    k
        float32 [rows, cols]: phase per metre of baseline in rad/m of the selected pixels, NaN elsewhere.
    maps
        Gamma of all pixels; None unless asked for.
    dispersion
        float32 [rows, cols]; None without amplitudes.
    threshold
        Mean threshold of gamma over the candidates.
    interferograms
        Their number.
    small_baseline
        Whether they have different references.
    notes
        What was assumed or went another way, sentences for the user.
    seconds
        CPU seconds of each stage.
    """

    mask: np.ndarray
    selected: np.ndarray
    candidates: np.ndarray
    gamma: np.ndarray
    k: np.ndarray
    maps: Optional[GammaMaps]
    dispersion: Optional[np.ndarray]
    threshold: float
    interferograms: int
    small_baseline: bool
    notes: List[str] = field(default_factory=list)
    seconds: Dict[str, float] = field(default_factory=dict)

    def note(self, text: str) -> None:
        """Keep a sentence for the user, once."""
        if text not in self.notes:
            self.notes.append(text)

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Count the CPU seconds of a stage."""
        began = time.process_time()
        yield
        self.seconds[name] = self.seconds.get(name, 0.0) + time.process_time() - began


def phase_stability(
    observations: Observations,
    *,
    settings: Optional[StabilitySettings] = None,
    progress: Progress = SILENT,
    notes: Optional[List[str]] = None,
) -> Verdict:
    """Select the persistent scatterers of a block as StaMPS does.

    The probability is gamma of every pixel without its own cell, a rank; the threshold is the mean of the thresholds
    that the selection used. ``mask`` is the selection itself: candidates only, weeded.

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

    Raises
    ------
    StillpointError
        Too few interferograms, too small a scene, or too few candidates.
    Cancelled
        Asked to stop.
    """
    found = stable_scatterers(observations, settings=settings, progress=progress, maps=True)
    if notes is not None:
        notes.extend(text for text in found.notes if text not in notes)
    assert found.maps is not None  # nosec B101 - they were asked for
    rank = found.maps.without_own
    gamma = np.where(found.selected, found.gamma, rank)
    return Verdict(
        probability=rank,
        threshold=found.threshold,
        noise=phase_noise(gamma, found.interferograms, small_baseline=found.small_baseline),
        gamma=gamma,
        dispersion=found.dispersion,
        mask=found.mask,
    )


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


def phase_noise(gamma: np.ndarray, interferograms: int, *, small_baseline: bool = False) -> np.ndarray:
    """Return the standard deviation of the phase of a single image, float32, radians, that ``gamma`` stands for.

    For normal noise of variance s^2 in each of n interferograms the expected gamma^2 is
    exp(-s^2) + (1 - exp(-s^2)) / n, which is solved for s. With one reference its noise is in the constant, so s is that of
    the other image; an interferogram of a small-baseline network has the noise of two images.
    """
    signal = (interferograms * np.square(gamma, dtype=np.float64) - 1.0) / (interferograms - 1.0)
    # The largest value that can be told from none: a uniform phase.
    variance = np.minimum(-np.log(np.clip(signal, 1e-12, 1.0)), np.pi**2 / 3.0)
    return np.sqrt(variance / (2.0 if small_baseline else 1.0)).astype(np.float32)


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
    shape = observations.shape
    network = network_of(observations, settings)
    began = time.process_time()
    gate = gate_candidates(observations, network, settings)
    total = int(gate.allowed.sum())
    if total < settings.minimum_candidates:
        raise StillpointError(
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
        maps=GammaMaps(nothing.copy(), nothing.copy()) if maps else None,
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
        except _TooLittleError as reason:
            if len(todo) == 1:
                raise StillpointError(str(reason)) from None
            found.note(f"A part of the scene says nothing: {reason}")
    if not thresholds:
        raise StillpointError("No part of the scene has enough candidates for phase stability. Take a larger part of the scene.")
    weights = np.array([count for _, count in thresholds], dtype=np.float64)
    found.threshold = float(np.clip(np.average([value for value, _ in thresholds], weights=weights), 0.0, 1.0))
    progress(1.0, "Done")
    return found


class _TooLittleError(StillpointError):
    """One patch cannot be judged; the others may."""


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
        raise _TooLittleError(f"only {len(candidates)} candidates where {settings.minimum_candidates} are needed.")
    try:
        cells = cells_over(candidates, observations.spacing, settings)
    except StillpointError as error:
        raise _TooLittleError(str(error)) from None
    lowest = low_bins(network.small_baseline)
    with found.stage("gamma"):
        estimate = estimate_gamma(
            candidates, cells, network.search, null, settings=settings, lowest=lowest, check=progress.check
        )
    progress(0.35, "Gamma")
    _store(found.gamma, candidates, np.arange(len(candidates)), estimate.fit.gamma.cpu().numpy(), patch)
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
            kept = _weed(observations, network, candidates, selected, found, settings, progress)
        _store(found.gamma, candidates, selected.index, selected.gamma, patch)
        _store(found.k, candidates, selected.index, selected.k, patch)
        _store(found.selected, candidates, selected.index, np.ones(len(selected.index), dtype=bool), patch)
        _store(found.mask, candidates, selected.index[kept], np.ones(int(kept.sum()), dtype=bool), patch)
        threshold = float(selected.threshold.mean())
    progress(0.75, "Gamma of all pixels")
    if found.maps is not None:
        with found.stage("maps"):
            _fill_maps(observations, network, estimate, patch, found.maps, progress.part(0.75, 1.0))
    return threshold, len(candidates)


def _weed(
    observations: Observations,
    network: Network,
    candidates: Candidates,
    selected: Selected,
    found: Stability,
    settings: StabilitySettings,
    progress: Progress,
) -> np.ndarray:
    """Return bool [selected]: which pixels stay."""
    keep = np.ones(len(selected.index), dtype=bool)
    where = torch.from_numpy(selected.index).to(candidates.z.device)
    rows, cols = candidates.rows[where].cpu().numpy(), candidates.cols[where].cpu().numpy()
    if settings.weed_neighbours:
        keep = best_of_touching(rows, cols, selected.gamma)
    limit = largest_arc_noise(settings, network.small_baseline)
    if np.isinf(limit) and np.isinf(settings.weed_max):
        return keep
    left = np.flatnonzero(keep)
    x, y = cols[left] * observations.spacing[1], rows[left] * observations.spacing[0]
    edges = delaunay_edges(x, y)
    if edges is None:
        found.note(f"{len(left)} pixels were selected, too few for a triangulation: their arc noise was not checked.")
        return keep
    device = candidates.z.device
    k = torch.from_numpy(selected.k[left]).to(device, torch.float32)
    c = torch.from_numpy(selected.c[left]).to(device, torch.float32)
    baselines = torch.from_numpy(network.search.baselines).to(device, torch.float32)
    turn = -k[:, None] * baselines
    u = candidates.z[where[torch.from_numpy(left).to(device)]] * torch.complex(torch.cos(turn), torch.sin(turn))
    lengths = network.search.baselines if network.search.span > 0.0 else None
    days: Optional[np.ndarray] = None
    if not network.small_baseline:
        # The reference image comes in with its own noise, which is in the constant.
        reference = observations.reference
        u = torch.cat([u[:, :reference], torch.complex(torch.cos(c), torch.sin(c))[:, None], u[:, reference:]], dim=1)
        days = observations.dates.astype("datetime64[D]").astype(np.int64).astype(np.float64)
        lengths = None if lengths is None else np.insert(lengths, reference, 0.0)
    if settings.drop_dates:
        use = np.setdiff1d(np.arange(u.shape[1]), np.asarray(settings.drop_dates))
        u = u[:, torch.from_numpy(use).to(device)]
        days = None if days is None else days[use]
        lengths = None if lengths is None else lengths[use]
    noise = arc_noise(u, edges, days=days, baselines=lengths, window=settings.weed_days, check=progress.check)
    keep[left] = quiet(x, y, noise, edges, largest_std=limit, largest=settings.weed_max)
    return keep


def _fill_maps(
    observations: Observations, network: Network, estimate: GammaEstimate, patch: Patch, maps: GammaMaps, progress: Progress
) -> None:
    """Compute gamma of every pixel of the patch's inner part."""
    device = estimate.grid.device
    alone = estimate.smoothed.without_own(estimate.grid)
    rows, cols = patch.inner
    width = cols.stop - cols.start
    step = max(MAP_PIXELS // width, 1)
    for top in range(rows.start, rows.stop, step):
        bottom = min(top + step, rows.stop)
        progress((top - rows.start) / (rows.stop - rows.start))
        row, col = (part.ravel() for part in np.mgrid[top:bottom, cols])
        z = torch.from_numpy(phasors_at(observations, network, row, col)).to(device)
        cell = estimate.cells.index(torch.from_numpy(row).to(device), torch.from_numpy(col).to(device))
        for target, phase in ((maps.with_own, estimate.smoothed.phase), (maps.without_own, alone)):
            fit = fit_against(z, phase, cell, network.search)
            values = torch.where(torch.isfinite(torch.view_as_real(z)).flatten(1).all(dim=1), fit.gamma, torch.nan)
            target[top:bottom, cols] = values.cpu().numpy().reshape(bottom - top, width)


def _store(target: np.ndarray, candidates: Candidates, index: np.ndarray, values: np.ndarray, patch: Patch) -> None:
    """Write values of candidates into a map where they lie in the patch's inner part."""
    rows, cols = candidates.rows.cpu().numpy()[index], candidates.cols.cpu().numpy()[index]
    inside = (rows >= patch.inner[0].start) & (rows < patch.inner[0].stop)
    inside &= (cols >= patch.inner[1].start) & (cols < patch.inner[1].stop)
    target[rows[inside], cols[inside]] = values[inside]


def _note_cells(found: Stability, spacing: Tuple[float, float], settings: StabilitySettings) -> None:
    largest = max(spacing)
    if largest > settings.cell:
        found.note(
            f"Pixels of {spacing[0]:.0f} x {spacing[1]:.0f} m are larger than the cells of {settings.cell:g} m: each pixel is a "
            f"cell, and the filter's wavelengths grow alike (windows of {DATA * largest / 1000:.1f} km)."
        )
