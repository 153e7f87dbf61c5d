"""What training and fine-tuning of the picture classifier have in common: loss, precision, rounding, calibration."""

from __future__ import annotations

from contextlib import nullcontext
from typing import Any, ContextManager, Dict, List

import numpy as np
import torch
from torch.nn import functional

from stillpoint.models.interferograms import patches
from stillpoint.models.interferograms.patches import Pictures
from stillpoint.models.interferograms.resnet50 import ResNet50
from stillpoint.models.interferograms.resnet50_method import probabilities
from stillpoint.models.interferograms.train_resnet50_figures import platt


def loss_of(logits: torch.Tensor, good: torch.Tensor) -> torch.Tensor:
    """Return the cross-entropy of logits [n, 2] with the degree of high quality [n] in 0..1."""
    return functional.cross_entropy(logits, torch.stack([1 - good, good], dim=1))


def mixed_precision(device: torch.device) -> ContextManager[Any]:
    """Return a context for the forward pass: bfloat16 where the device computes with it fast, else nothing."""
    fast = device.type == "cuda" or (device.type == "cpu" and torch.ops.mkldnn._is_mkldnn_bf16_supported())
    return torch.autocast(device.type, torch.bfloat16) if fast else nullcontext()


def halved(network: ResNet50) -> Dict[str, torch.Tensor]:
    """Return the weights with those of convolutions and of the last layer in half precision; what normalises stays as it is."""
    return {name: value.half() if value.ndim > 1 else value for name, value in network.state_dict().items()}


def calibrate(network: ResNet50, sets: List[Pictures], *, pull: float = 1e-3) -> None:
    """Fit the calibration of ``network`` on pictures as often as they come.

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
    known = np.isfinite(pictures.good)
    probability = np.clip(probabilities(network, pictures.images[known]), 1e-9, 1 - 1e-9)
    slope, shift = platt(np.log(probability / (1 - probability)), pictures.good[known].astype(np.float64), weight=pull)
    # The probabilities came through the calibration that the network has: the new one follows it.
    before = network.warp.tolist()
    with torch.no_grad():
        network.warp.copy_(torch.tensor([slope * before[0], slope * before[1] + shift]))
