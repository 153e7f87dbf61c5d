"""Which gamma a scatterer must have: as much as lets through only so many pixels of random phase."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import Callable, List, Optional, Tuple

import numpy as np
import torch

from stillpoint.models.scatterers.stability.candidates import Candidates
from stillpoint.models.scatterers.stability.clap import WINDOW
from stillpoint.models.scatterers.stability.gamma import GammaEstimate, scale_null
from stillpoint.models.scatterers.stability.null import BINS
from stillpoint.models.scatterers.stability.settings import StabilitySettings, accepted_random
from stillpoint.models.scatterers.stability.topofit import HeightSearch, topofit

BOOTSTRAPS = 100

Bins = List[np.ndarray]


@dataclass
class Selected:
    """The candidates that pass, and their second estimate.

    Attributes
    ----------
    index
        int64 [kept], positions in the list of candidates, ascending.
    k, c, gamma
        float64 [kept], of the second estimate.
    first_gamma
        float64 [candidates]; gamma with the second estimate in place where there is one.
    threshold
        float64 [candidates], the thresholds that decided.
    notes
        What did not go by the book.
    """

    index: np.ndarray
    k: np.ndarray
    c: np.ndarray
    gamma: np.ndarray
    first_gamma: np.ndarray
    threshold: np.ndarray
    notes: List[str]


def dispersion_bins(dispersion: np.ndarray) -> Bins:
    """Return the candidates' positions split by dispersion into bins of 10,000, of 2,000, or one bin."""
    count = len(dispersion)
    if count < 10_000 or np.ptp(dispersion) == 0.0:  # nothing to split by where there are no amplitudes
        return [np.arange(count)]
    size = 10_000 if count >= 50_000 else 2_000
    order = np.argsort(dispersion, kind="stable")
    edges = [*range(0, count - size + 1, size), count]  # the last bin takes the rest
    return [order[start:stop] for start, stop in zip(edges[:-1], edges[1:])]


def area_km2(rows: np.ndarray, cols: np.ndarray, spacing: Tuple[float, float]) -> float:
    """Return the area that the candidates span."""
    return float(np.ptp(rows) * spacing[0] * np.ptp(cols) * spacing[1] / 1e6)


def gamma_thresholds(
    gamma: np.ndarray,
    dispersion: np.ndarray,
    bins: Bins,
    null: np.ndarray,
    *,
    accepted: float,
    percent: bool,
    lowest: int,
) -> np.ndarray:
    """Return the threshold of gamma of each candidate, float64 [candidates].

    Parameters
    ----------
    gamma, dispersion
        [candidates].
    bins
        Positions in each bin of dispersion.
    null
        Histogram of gamma of random phase, [100].
    accepted
        Random pixels accepted in a bin, or their share in percent.
    percent
        Whether ``accepted`` is a share.
    lowest
        Bins of gamma that hold random pixels only.
    """
    means, thresholds = [], []
    for members in bins:
        found = _bin_threshold(gamma[members], null, accepted, percent, lowest)
        if found is not None:
            means.append(float(dispersion[members].mean()))
            thresholds.append(found)
    if not thresholds:
        return np.full(len(gamma), 0.3)
    if len(thresholds) == 1:
        return np.full(len(gamma), max(thresholds[0], 0.0))
    slope, level = np.polyfit(means, thresholds, 1)
    line = slope * dispersion + level if slope > 0 else np.full(len(gamma), slope * 0.35 + level)
    return np.maximum(line, 0.0)


def _bin_threshold(gamma: np.ndarray, null: np.ndarray, accepted: float, percent: bool, lowest: int) -> Optional[float]:
    """Return where the tail of random pixels falls below ``accepted``; None where the bin says nothing."""
    positive = gamma[gamma > 0]
    observed = np.bincount(np.clip((positive * BINS).astype(np.int64), 0, BINS - 1), minlength=BINS).astype(np.float64)
    tail = np.cumsum(scale_null(observed, null, lowest)[::-1])[::-1]
    if percent:
        tail = 100.0 * tail / np.cumsum(np.where(observed == 0, 1.0, observed)[::-1])[::-1]
    below = np.flatnonzero(tail < accepted)
    if below.size == 0:
        return 1.0
    first = int(below[0]) - 3
    if first < 0:
        return None
    last = min(int(below[0]) + 3, BINS)
    # A bin stands for its upper edge, so what is let through is rather less than accepted.
    edges = np.arange(first + 1, last + 1) / BINS
    values = tail[first:last]
    spread = values.std(ddof=1)
    if spread == 0.0:
        return float(edges[min(3, len(edges) - 1)])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # equal tails make the cubic ill-determined, not wrong
        cubic = np.polyfit((values - values.mean()) / spread, edges, 3)
    return float(np.polyval(cubic, (accepted - values.mean()) / spread))


def select_stable(
    candidates: Candidates,
    estimate: GammaEstimate,
    search: HeightSearch,
    null: np.ndarray,
    *,
    spacing: Tuple[float, float],
    settings: StabilitySettings,
    small_baseline: bool,
    lowest: int,
    check: Callable[[], None] = lambda: None,
) -> Selected:
    """Select candidates by gamma, estimate it again without their own cell, and select once more."""
    notes: List[str] = []
    gamma = estimate.fit.gamma.cpu().numpy().astype(np.float64)
    bins = dispersion_bins(candidates.dispersion)
    percent = settings.select == "percent"
    accepted = accepted_random(settings, small_baseline)
    if not percent:
        rows, cols = candidates.rows.cpu().numpy(), candidates.cols.cpu().numpy()
        if settings.random_density is None:
            # A share of the pixels where they are coarse: 20 of the 76 pixels that a km2 of 100 m data has would be a flood.
            accepted *= settings.cell**2 / (estimate.cells.size[0] * estimate.cells.size[1])
        accepted *= area_km2(rows, cols, spacing) / len(bins)

    def thresholds() -> np.ndarray:
        return gamma_thresholds(
            gamma, candidates.dispersion, bins, null, accepted=accepted, percent=percent, lowest=lowest
        )

    threshold = thresholds()
    passed = gamma > threshold
    if settings.gamma_std_reject > 0:
        passed &= _gamma_spread(candidates, estimate, search, settings.seed) < settings.gamma_std_reject
    index = np.flatnonzero(passed)
    k = estimate.fit.k.cpu().numpy().astype(np.float64)
    c = estimate.fit.c.cpu().numpy().astype(np.float64)
    if not settings.reestimate or index.size == 0:
        return Selected(index, k[index], c[index], gamma[index], gamma, threshold, notes)
    if min(estimate.cells.shape) < WINDOW:
        height, width = estimate.cells.shape
        notes.append(
            f"The scene has {height} x {width} cells, and the second estimate wants {WINDOW} in each direction (StaMPS would "
            "lose every pixel here): its windows were filled up with empty cells."
        )
    where = torch.from_numpy(index).to(estimate.cell.device)
    occupied, member = torch.unique(estimate.cell[where], return_inverse=True)
    patch = estimate.filter.without_own(estimate.grid, occupied, check=check).conj().resolve_conj()
    again = topofit(candidates.z[where] * patch[member], search)
    k2, c2, gamma2 = (value.cpu().numpy().astype(np.float64) for value in (again.k, again.c, again.gamma))
    gamma[index] = gamma2
    threshold = thresholds()
    keep = gamma2 > threshold[index]
    if search.span > 0.0:
        with np.errstate(invalid="ignore"):
            keep &= np.abs(k[index] - k2) < 2.0 * np.pi / search.span
    return Selected(index[keep], k2[keep], c2[keep], gamma2[keep], gamma, threshold, notes)


def _gamma_spread(candidates: Candidates, estimate: GammaEstimate, search: HeightSearch, seed: int) -> np.ndarray:
    """Return the standard deviation of gamma over bootstrap draws of the interferograms, float64 [candidates]."""
    count = candidates.z.shape[1]
    generator = torch.Generator().manual_seed(seed + 1)
    draws = torch.randint(0, count, (BOOTSTRAPS, count), generator=generator)
    times = torch.zeros(BOOTSTRAPS, count).scatter_add_(1, draws, torch.ones(BOOTSTRAPS, count)) / count
    times = times.T.to(candidates.z.device, torch.complex64)
    phases = estimate.smoothed.phase.reshape(count, -1).T
    baselines = torch.from_numpy(search.baselines).to(candidates.z.device, torch.float32)
    spread = []
    for start in range(0, len(candidates), 16_384):
        part = slice(start, start + 16_384)
        turn = -estimate.fit.k[part, None] * baselines
        left = candidates.z[part] * phases[estimate.cell[part]].conj() * torch.complex(torch.cos(turn), torch.sin(turn))
        spread.append((left @ times).abs().std(dim=1))
    return torch.cat(spread).cpu().numpy().astype(np.float64)
