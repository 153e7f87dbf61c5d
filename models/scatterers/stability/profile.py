"""What the selection costs, for benchmarks."""

from __future__ import annotations

import time
from typing import Any, Dict, Optional

import torch

from stillpoint.models.scatterers.observations import Observations
from stillpoint.models.scatterers.stability.null import _cache
from stillpoint.models.scatterers.stability.run import stable_scatterers
from stillpoint.models.scatterers.stability.settings import StabilitySettings


def stability_profile(
    observations: Observations, *, settings: Optional[StabilitySettings] = None, maps: bool = False
) -> Dict[str, Any]:
    """Run the selection once and return what it cost.

    The null distribution is computed anew, as StaMPS does in every run.

    Parameters
    ----------
    observations
        The block.
    settings
        Parameters; empty takes the defaults.
    maps
        Whether gamma of all pixels is computed too, which StaMPS does not do.

    Returns
    -------
    ``cpu_seconds`` (all threads), ``seconds`` (by the clock), ``stages`` (CPU seconds by stage), ``candidates``,
    ``interferograms``, ``selected`` (before weeding), ``kept``, ``threads``, and ``stability`` (everything found).
    """
    _cache.cache_clear()
    clock, cpu = time.perf_counter(), time.process_time()
    found = stable_scatterers(observations, settings=settings, maps=maps)
    return {
        "cpu_seconds": time.process_time() - cpu,
        "seconds": time.perf_counter() - clock,
        "stages": dict(found.seconds),
        "candidates": int(found.candidates.sum()),
        "interferograms": found.interferograms,
        "selected": int(found.selected.sum()),
        "kept": int(found.mask.sum()),
        "threads": torch.get_num_threads(),
        "stability": found,
    }
