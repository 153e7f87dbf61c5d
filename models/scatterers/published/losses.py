"""Losses for a class that is rare: nine of ten pixels and more are no scatterers."""

from __future__ import annotations

from typing import Tuple

import torch
from torch.nn import functional

IGNORED = 255
"""Label of pixels that nobody judged."""


def f1_loss(scores: torch.Tensor, labels: torch.Tensor, *, weights: Tuple[float, float] = (200.0, 1.0)) -> torch.Tensor:
    """Return one minus the F1 of the scatterers, with probabilities in the place of counts.

    Parameters
    ----------
    scores
        (...,) before the sigmoid.
    labels
        (...,) uint8: 1 scatterer, 0 not, 255 ignored.
    weights
        Weight of a scatterer and of any other pixel; 200 to 1 in Tiwari et al. (2020).

    Returns
    -------
    Tensor
        Scalar in 0..1.
    """
    judged = labels != IGNORED
    probability = torch.sigmoid(scores[judged])
    truth = (labels[judged] == 1).to(probability.dtype)
    hit = weights[0] * (truth * probability).sum()
    missed = weights[0] * (truth * (1 - probability)).sum()
    alarms = weights[1] * ((1 - truth) * probability).sum()
    return 1 - 2 * hit / (2 * hit + missed + alarms + 1e-6)


def balanced_cross_entropy(scores: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    """Return the cross-entropy with scatterers weighted by the root of how rare they are in these ``labels``.

    The root keeps a rare class in sight without drowning the others, and disturbs the probabilities less than full weights.
    """
    judged = labels != IGNORED
    truth = (labels[judged] == 1).to(scores.dtype)
    share = truth.mean().clamp(0.002, 0.5)
    return functional.binary_cross_entropy_with_logits(scores[judged], truth, pos_weight=((1 - share) / share).sqrt())
