"""Gamma of every pixel, candidate or not."""

from __future__ import annotations

import numpy as np
import torch

from stillpoint.models.progress import Progress
from stillpoint.models.scatterers.observations import Observations
from stillpoint.models.scatterers.stability.candidates import Candidates, Network, phasors_at
from stillpoint.models.scatterers.stability.gamma import GammaEstimate, fit_against, fit_without_pixel
from stillpoint.models.scatterers.stability.patches import Patch
from stillpoint.models.scatterers.stability.results import GammaMaps, store

MAP_PIXELS = 65_536
"""Pixels at once."""


def fill_maps(
    observations: Observations,
    network: Network,
    candidates: Candidates,
    estimate: GammaEstimate,
    patch: Patch,
    maps: GammaMaps,
    progress: Progress,
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
    maps.without_pixel[rows, cols] = maps.with_own[rows, cols]
    gamma = fit_without_pixel(candidates.z, estimate, network.search, check=progress.check)
    store(maps.without_pixel, candidates, np.arange(len(candidates)), gamma.cpu().numpy(), patch)
