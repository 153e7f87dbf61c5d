"""The weeding of selected pixels: touching ones and noisy arcs, from a block's candidates."""

from __future__ import annotations

from typing import Optional

import numpy as np
import torch

from stillpoint.models.progress import Progress
from stillpoint.models.scatterers.observations import Observations
from stillpoint.models.scatterers.stability.candidates import Candidates, Network
from stillpoint.models.scatterers.stability.results import Stability
from stillpoint.models.scatterers.stability.selection import Selected
from stillpoint.models.scatterers.stability.settings import StabilitySettings, largest_arc_noise
from stillpoint.models.scatterers.stability.weed import arc_noise, best_of_touching, delaunay_edges, quiet


def weed_selected(
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
