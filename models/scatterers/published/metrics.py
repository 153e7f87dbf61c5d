"""Figures of a selection for a class that is rare; accuracy is none of them, since "no scatterer anywhere" has nine tenths."""

from __future__ import annotations

from typing import Dict, Sequence, Tuple

import numpy as np

from stillpoint.models.learning.metrics import average_precision, calibration_error, f1_at_density

_FEWEST = 20


def ranked(scores: np.ndarray, truth: np.ndarray) -> Tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return precision and recall when the best 1, 2, 3 ... pixels are taken, and the scores in that order.

    Parameters
    ----------
    scores, truth
        (n,) scores of any scale, and whether the pixel is a scatterer (one at least).
    """
    order = np.argsort(-scores, kind="stable")
    hits = np.cumsum(truth[order])
    return hits / np.arange(1, len(order) + 1), hits / hits[-1], scores[order]


def best_threshold(probability: np.ndarray, truth: np.ndarray) -> float:
    """Return the threshold with the largest F1."""
    precision, recall, ordered = ranked(probability, truth)
    f1 = 2 * precision * recall / np.maximum(precision + recall, 1e-12)
    last = np.append(ordered[1:] != ordered[:-1], True)  # equal probabilities are taken together
    return float(ordered[int(np.argmax(np.where(last, f1, -1.0)))])


def ranking(scores: Sequence[np.ndarray], truth: Sequence[np.ndarray]) -> Dict[str, float]:
    """Return average precision and F1 at the true count, as means over the stacks with 20 scatterers and more.

    Pixels of all stacks are taken together where no stack has so many; 0 where none has any.
    """
    rich = [(one, two) for one, two in zip(scores, truth) if np.count_nonzero(two) >= _FEWEST]
    if not rich:
        rich = [(np.concatenate(list(scores)), np.concatenate(list(truth)))]
    return {
        "average precision": float(np.nan_to_num(np.mean([average_precision(two > 0, one) for one, two in rich]))),
        "F1 at the true count": float(np.nan_to_num(np.mean([f1_at_density(two > 0, one) for one, two in rich]))),
    }


def figures(probability: Sequence[np.ndarray], truth: Sequence[np.ndarray], threshold: float) -> Dict[str, float]:
    """Return the figures of held-out stacks.

    Parameters
    ----------
    probability, truth
        (n,) arrays, one a stack.
    threshold
        Pixels of at least this probability are taken.

    Returns
    -------
    dict
        ``average precision`` and ``F1 at the true count`` as means over the stacks with 20 scatterers and more, and of all
        pixels together; precision, recall and F1 of both classes at the threshold; calibration error; share of scatterers.
    """
    every, real = np.concatenate(list(probability)), np.concatenate(list(truth)).astype(bool)
    taken = every >= threshold
    result = {
        **{f"{name}, mean of stacks": value for name, value in ranking(probability, truth).items()},
        "average precision": average_precision(real, every),
        "F1 at the true count": f1_at_density(real, every),
    }
    for name, found, wanted in (("scatterers", taken, real), ("others", ~taken, ~real)):
        hit = float(np.count_nonzero(found & wanted))
        precision, recall = hit / max(np.count_nonzero(found), 1), hit / max(np.count_nonzero(wanted), 1)
        result[f"precision {name}"], result[f"recall {name}"] = precision, recall
        result[f"F1 {name}"] = 2 * precision * recall / max(precision + recall, 1e-12)
    result["calibration error"] = calibration_error(real, every)
    result["share of scatterers"] = float(real.mean())
    result["stacks"] = float(len(probability))
    return result


def curve(probability: np.ndarray, truth: np.ndarray, *, points: int = 101) -> np.ndarray:
    """Return threshold, precision, recall, F1 and share taken, float64 [points, 5], for thresholds from 0 to 1."""
    rows = []
    for threshold in np.linspace(0, 1, points):
        taken = probability >= threshold
        hit = np.count_nonzero(taken & (truth > 0))
        precision = hit / np.count_nonzero(taken) if taken.any() else 1.0
        recall = hit / max(np.count_nonzero(truth), 1)
        rows.append((threshold, precision, recall, 2 * precision * recall / max(precision + recall, 1e-12), taken.mean()))
    return np.asarray(rows)
