"""Gamma of every candidate: its phase against the filtered phase of its surroundings, iterated."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Callable, Tuple

import numpy as np
import torch

from stillpoint.models.errors import StillpointError
from stillpoint.models.scatterers.stability.candidates import Candidates
from stillpoint.models.scatterers.stability.clap import DATA, ClapFilter, Smoothed, gaussian, unit
from stillpoint.models.scatterers.stability.grid import CellGrid, cell_sums
from stillpoint.models.scatterers.stability.null import BINS, histogram
from stillpoint.models.scatterers.stability.settings import StabilitySettings
from stillpoint.models.scatterers.stability.topofit import Fit, HeightSearch, topofit

BATCH = 16_384
"""Pixels fitted at once."""


@dataclass
class GammaEstimate:
    """The outcome of the iteration.

    Attributes
    ----------
    fit
        K, C and gamma of the candidates.
    cell
        int64 [pixels], flat index of their cells.
    cells
        The cells.
    grid
        complex64 [n, cell rows, cell columns], weighted sums of the last round.
    smoothed
        ``grid`` filtered.
    filter
        The filter, for the second estimate.
    weight, k
        float32 [pixels], with which the candidates entered ``grid``.
    rounds
        Rounds taken.
    """

    fit: Fit
    cell: torch.Tensor
    cells: CellGrid
    grid: torch.Tensor
    smoothed: Smoothed
    filter: ClapFilter
    weight: torch.Tensor
    k: torch.Tensor
    rounds: int


def cells_over(candidates: Candidates, spacing: Tuple[float, float], settings: StabilitySettings) -> CellGrid:
    """Return the cells over the candidates.

    Raises
    ------
    StillpointError
        They are fewer than the filter needs.
    """
    cells = CellGrid.over(candidates.rows.cpu().numpy(), candidates.cols.cpu().numpy(), spacing=spacing, cell=settings.cell)
    if min(cells.shape) < DATA:
        height, width = (count * size for count, size in zip(cells.shape, cells.size))
        need = tuple(DATA * size / 1000.0 for size in cells.size)
        raise StillpointError(
            f"The candidates cover {height / 1000.0:.1f} x {width / 1000.0:.1f} km; phase stability compares a pixel with "
            f"its surroundings and needs at least {need[0]:.1f} x {need[1]:.1f} km. Take a larger part of the scene."
        )
    return cells


def filter_for(cells: CellGrid, settings: StabilitySettings, device: torch.device) -> ClapFilter:
    """Return the filter for ``cells``: the low pass is as many cells long where a cell had to be larger than asked."""
    ratio = settings.low_pass_wavelength / settings.cell
    return ClapFilter((ratio, ratio), alpha=settings.clap_alpha, beta=settings.clap_beta, device=device)


def estimate_gamma(
    candidates: Candidates,
    cells: CellGrid,
    search: HeightSearch,
    null: np.ndarray,
    *,
    settings: StabilitySettings,
    lowest: int,
    check: Callable[[], None] = lambda: None,
) -> GammaEstimate:
    """Iterate between the phase of the surroundings and gamma of the candidates.

    Parameters
    ----------
    candidates
        Pixels and their phasors.
    cells
        Cells over them.
    search
        Baselines and range of K.
    null
        Histogram of gamma of random phase, [100].
    settings
        Weighting, iterations, filter.
    lowest
        So many of the lowest bins of gamma are taken to hold random pixels only.
    check
        Called between batches; may raise to stop.
    """
    device = candidates.z.device
    clap = filter_for(cells, settings, device)
    cell = cells.index(candidates.rows, candidates.cols)
    baselines = torch.from_numpy(search.baselines).to(device, torch.float32)
    weight = torch.from_numpy(1.0 / candidates.dispersion).to(device, torch.float32)
    k = torch.zeros(len(candidates), device=device)
    before, change_before, rounds = torch.zeros_like(k), 0.0, 0
    while True:
        rounds += 1
        grid = cell_sums(candidates.z, weight, k, baselines, cell, cells)
        smoothed = clap.smooth(grid, check=check)
        fit = fit_against(candidates.z, smoothed.phase, cell, search, residual=candidates.amplitude is not None, check=check)
        change = float((fit.gamma.double() - before.double()).square().mean().sqrt())
        if abs(change - change_before) < settings.convergence or rounds >= settings.iterations:
            return GammaEstimate(fit, cell, cells, grid, smoothed, clap, weight, k, rounds)
        before, change_before, k = fit.gamma, change, fit.k
        if candidates.amplitude is not None and fit.residual is not None:
            weight = signal_to_noise(candidates.amplitude, fit.residual)
        else:
            weight = p_square(fit.gamma, null, lowest)


def fit_against(
    z: torch.Tensor,
    patch: torch.Tensor,
    cell: torch.Tensor,
    search: HeightSearch,
    *,
    residual: bool = False,
    check: Callable[[], None] = lambda: None,
) -> Fit:
    """Fit pixels z complex64 [pixels, n] against the phase of their cells, ``patch`` complex64 [n, ...]."""
    # One row a cell: what belongs together is fetched at once.
    phases = patch.reshape(len(patch), -1).T.conj().resolve_conj().contiguous()
    fits = []
    for part, cells in zip(z.split(BATCH), cell.split(BATCH)):
        check()
        fits.append(topofit(part * phases[cells], search, residual=residual))
    if not fits:
        return topofit(z, search, residual=residual)
    left = torch.cat([fit.residual for fit in fits if fit.residual is not None]) if residual else None
    return Fit(torch.cat([fit.k for fit in fits]), torch.cat([fit.c for fit in fits]), torch.cat([fit.gamma for fit in fits]), left)


def fit_without_pixel(
    z: torch.Tensor, estimate: GammaEstimate, search: HeightSearch, *, check: Callable[[], None] = lambda: None
) -> torch.Tensor:
    """Return gamma of the candidates z complex64 [pixels, n] with their own share taken out of the surroundings, float32.

    The other pixels of the cell stay. The filter's gains are those that were found with the pixel.
    """
    count = z.shape[1]
    value = estimate.smoothed.value.reshape(count, -1).T.contiguous()
    own = estimate.smoothed.own.reshape(count, -1).T.contiguous()
    baselines = torch.from_numpy(search.baselines).to(z.device, torch.float32)
    gammas = []
    for start in range(0, len(z), BATCH):
        check()
        part = slice(start, start + BATCH)
        turn = -torch.nan_to_num(estimate.k[part, None]) * baselines
        share = z[part] * torch.complex(torch.cos(turn), torch.sin(turn)) * torch.nan_to_num(estimate.weight[part, None])
        cell = estimate.cell[part]
        gammas.append(topofit(z[part] * unit(value[cell] - own[cell] * share).conj(), search).gamma)
    return torch.cat(gammas)


def random_share(observed: np.ndarray, null: np.ndarray, lowest: int) -> np.ndarray:
    """Return the probability that a candidate is random, at gamma = 0, 0.001 .. 1; float64 [1001].

    Parameters
    ----------
    observed, null
        Histograms of gamma of the candidates and of random phase, [100].
    lowest
        Bins that hold random pixels only; the null is scaled to the candidates there.
    """
    scaled = scale_null(observed, null, lowest)
    share = scaled / np.where(observed == 0, 1.0, observed)
    share[:lowest] = 1.0
    filled = np.flatnonzero(scaled)
    share[(filled[-1] + 1 if filled.size else 0) :] = 0.0
    share = np.minimum(share, 1.0)
    # Causal, so the curve lags by three bins: a pixel needs a little more gamma than the histogram says.
    taps = gaussian()
    padded = np.concatenate([np.ones(len(taps)), share])
    smooth = np.convolve(padded, taps / taps.sum())[len(taps) : len(taps) + BINS]
    return np.interp(np.arange(1001) / 1000.0, np.arange(BINS + 1) / BINS, np.concatenate([[1.0], smooth]))


def scale_null(observed: np.ndarray, null: np.ndarray, lowest: int) -> np.ndarray:
    """Return ``null`` scaled so that its ``lowest`` bins hold as many pixels as those of ``observed``."""
    reference = null[:lowest].sum()
    return null * (observed[:lowest].sum() / reference) if reference > 0 else np.zeros_like(null)


def p_square(gamma: torch.Tensor, null: np.ndarray, lowest: int) -> torch.Tensor:
    """Return the weights (1 - P(gamma))^2, float32, where P is the probability of a random pixel."""
    share = random_share(histogram(gamma), null, lowest)
    table = torch.from_numpy((1.0 - share) ** 2).to(gamma.device, torch.float32)
    return table[torch.round(gamma * 1000.0).to(torch.int64).clamp(0, 1000)]


def signal_to_noise(amplitude: torch.Tensor, residual: torch.Tensor) -> torch.Tensor:
    """Return the weights of the signal-to-noise ratio, float32, from amplitude and residual phase [pixels, n]."""
    signal = (amplitude * torch.cos(residual)).mean(dim=1)
    variance = 0.5 * (amplitude.square().mean(dim=1) - signal.square())
    return signal / torch.sqrt(variance.clamp(min=1e-12))
