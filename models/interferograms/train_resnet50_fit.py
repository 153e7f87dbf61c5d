"""What training and fine-tuning of the picture classifier have in common: loss, rounding, calibration."""

from __future__ import annotations

from typing import Dict, List

import numpy as np
import torch
from torch.nn import functional

from stillpoint.models.interferograms import patches
from stillpoint.models.interferograms.patches import Pictures
from stillpoint.models.interferograms.resnet50 import ResNet50
from stillpoint.models.interferograms.resnet50_method import log_odds_of
from stillpoint.models.learning.metrics import platt

LEAST_SLOPE = 0.05
"""Of a calibration, so that it keeps the order of the pictures."""


def loss_of(logits: torch.Tensor, good: torch.Tensor) -> torch.Tensor:
    """Return the cross-entropy of logits [n, 2] with the degree of high quality [n] in 0..1."""
    return functional.cross_entropy(logits, torch.stack([1 - good, good], dim=1))


def halved(network: ResNet50) -> Dict[str, torch.Tensor]:
    """Return the weights with those of convolutions and of the last layer in half precision; what normalises stays as it is."""
    return {name: value.half() if value.ndim > 1 and name != "warp" else value for name, value in network.state_dict().items()}


def calibrate(network: ResNet50, sets: List[Pictures], *, pull: float = 1e-3) -> None:
    """Fit the calibration of ``network``, of wrapped and of unwrapped phase apart, on pictures as often as they come.

    Parameters
    ----------
    network
        Its ``warp`` is set.
    sets
        Pictures with labels.
    pull
        How strongly the calibration that it has is kept.
    """
    pictures = patches.joined(sets)
    warp = network.warp.double().cpu().numpy().copy()
    for unwrapped in (0, 1):
        taken = np.isfinite(pictures.good) & (pictures.unwrapped == bool(unwrapped))
        if taken.any():
            # What the network says goes through the calibration that it has, and the new one follows it.
            odds = log_odds_of(network, pictures.images[taken]) * warp[unwrapped, 0] + warp[unwrapped, 1]
            slope, shift = platt(odds, pictures.good[taken].astype(np.float64), pull=pull)
            slope = max(slope, LEAST_SLOPE)
            warp[unwrapped] = slope * warp[unwrapped, 0], slope * warp[unwrapped, 1] + shift
    with torch.no_grad():
        network.warp.copy_(torch.from_numpy(warp))
