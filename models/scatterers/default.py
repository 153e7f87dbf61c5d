"""The default method: physical features, a small network on them, a calibrated probability and the phase noise in radians."""

from __future__ import annotations

from pathlib import Path
from typing import List, Optional, Tuple

import numpy as np
import torch

from stillpoint.models.errors import StillpointError
from stillpoint.models.learning import library
from stillpoint.models.progress import Progress
from stillpoint.models.scatterers import features
from stillpoint.models.scatterers.network import (
    LEANED,
    RECEPTIVE,
    ScattererNetwork,
    ScattererNetworkShape,
    expected_noise,
)
from stillpoint.models.scatterers.observations import Observations, Verdict

TASK, ARCHITECTURE = "scatterers", "scatterer-features-convolutions"
HALO = features.HALO + RECEPTIVE
"""Pixels round a tile that its result depends on."""

_LEANED = [features.FEATURES.index(name) for name in LEANED]

_STRIP = 128
"""Rows that the network reads at a time."""


def open_default(path: Optional[Path] = None, *, device: str = "cpu") -> Tuple[ScattererNetwork, float]:
    """Return the network with its weights, and its threshold.

    Raises
    ------
    StillpointError
        The file is missing, damaged, or holds another network.
    """
    path = path or library.shipped(TASK, "default")
    header = library.checked_header(path, task=TASK, architecture=ARCHITECTURE)
    if library.names_of(header, "features") != features.FEATURES:
        raise StillpointError(f"The model {path} was trained on other features than this version computes. Train it anew.")
    try:
        shape = ScattererNetworkShape(**{key: int(value) for key, value in header.shape.items()})
        threshold = float(header.settings["threshold"])
    except (TypeError, ValueError, KeyError):
        raise StillpointError(f"The header of {path} lacks the sizes of the network or its threshold.") from None
    network = library.built(lambda: ScattererNetwork(shape), path, header)
    return network.to(device).eval(), threshold


def answer(network: ScattererNetwork, maps: torch.Tensor) -> Tuple[torch.Tensor, torch.Tensor]:
    """Return the probability of a PS and the phase noise in radians, [rows, cols] each, of features [features, rows, cols]."""
    found, noise = standing(network, maps)
    return network.probability(found), noise


def standing(network: ScattererNetwork, maps: torch.Tensor) -> Tuple[torch.Tensor, torch.Tensor]:
    """Return what :func:`answer` makes the probability of, and the phase noise in radians."""
    rows = maps.shape[1]
    stands: List[torch.Tensor] = []
    noise: List[torch.Tensor] = []
    with torch.inference_mode():
        for first in range(0, rows, _STRIP):
            last = min(first + _STRIP, rows)
            top, bottom = max(first - RECEPTIVE, 0), min(last + RECEPTIVE, rows)
            logits = network(maps[None, :, top:bottom])[:, :, first - top : last - top]
            stands.append(network.standing(logits, maps[None, _LEANED, first:last])[0])
            noise.append(expected_noise(logits)[0])
    return torch.cat(stands), torch.cat(noise)


def verdict(
    network: ScattererNetwork,
    threshold: float,
    observations: Observations,
    *,
    core: Optional[features.Window] = None,
    progress: Optional[Progress] = None,
) -> Verdict:
    """Judge a block.

    Parameters
    ----------
    network, threshold
        From :func:`open_default`.
    observations
        The block with its halo.
    core
        The window to give back; everything where None. Right where :data:`HALO` pixels lie round it, or the raster's border.
    progress
        Checked for a cancel.
    """
    rows, cols = observations.shape
    top, bottom, left, right = core or (0, rows, 0, cols)
    wide = max(top - RECEPTIVE, 0), min(bottom + RECEPTIVE, rows), max(left - RECEPTIVE, 0), min(right + RECEPTIVE, cols)
    device = network.centre.device
    found = features.features(observations, core=wide, device=device, progress=progress)
    probability, noise = answer(network, found.maps)
    inner = slice(top - wide[0], bottom - wide[0]), slice(left - wide[2], right - wide[2])
    valid = found.valid[inner].cpu().numpy()

    def shown(values: torch.Tensor) -> np.ndarray:
        return np.where(valid, values[inner].float().cpu().numpy(), np.float32(np.nan)).astype(np.float32)

    return Verdict(
        probability=shown(probability),
        threshold=threshold,
        noise=shown(noise),
        gamma=shown(found.gamma),
        dispersion=None if found.dispersion is None else shown(found.dispersion),
    )
