"""How well scores tell bad interferograms from good ones, for training and its model card."""

from __future__ import annotations

from typing import Dict, List, Sequence

import numpy as np

from stillpoint.models.learning.metrics import area_under_curve


def f1(truth: np.ndarray, found: np.ndarray) -> float:
    """Return the harmonic mean of precision and recall; NaN where nothing is true and nothing found."""
    either = int(truth.sum()) + int(found.sum())
    return 2 * int((truth & found).sum()) / either if either else float("nan")


def best_limit(truth: np.ndarray, value: np.ndarray) -> float:
    """Return the limit on ``value`` from which "bad" has the best F1."""
    order = np.argsort(-value, kind="stable")
    hits = np.cumsum(truth[order])
    scores = 2 * hits / (np.arange(1, len(order) + 1) + max(int(truth.sum()), 1))
    best = int(np.argmax(scores))
    below = float(value[order[best + 1]]) if best + 1 < len(order) else 0.0
    return 0.5 * (float(value[order[best]]) + below)


def figures(
    truth: Sequence[np.ndarray], probability: Sequence[np.ndarray], strong: Sequence[np.ndarray], limit: float
) -> Dict[str, float]:
    """Return the figures of a method over stacks.

    Parameters
    ----------
    truth, strong
        bool [pairs] of each stack: bad, and with a date of strong atmosphere.
    probability
        float [pairs] of each stack that a pair is bad (or any value that grows with it).
    limit
        From which a pair is taken for bad.
    """
    every_truth, every = np.concatenate(truth), np.concatenate(probability)
    every_strong = np.concatenate(strong) & ~every_truth
    found = every >= limit
    within = [area_under_curve(one, value) for one, value in zip(truth, probability)]
    return {
        "AUC, all pairs together": area_under_curve(every_truth, every),
        "AUC, mean of the stacks": float(np.nanmean(within)),
        "F1 of bad": f1(every_truth, found),
        "precision of bad": float(every_truth[found].mean()) if found.any() else float("nan"),
        "recall of bad": float(found[every_truth].mean()) if every_truth.any() else float("nan"),
        "false alarms on strong-atmosphere pairs": float(found[every_strong].mean()) if every_strong.any() else float("nan"),
        "false alarms on all good pairs": float(found[~every_truth].mean()),
    }


def lines(rows: Dict[str, Dict[str, float]]) -> List[str]:
    """Return a table in Markdown: a row a method, a column a figure."""
    heads = list(next(iter(rows.values())))
    table = ["| method | " + " | ".join(heads) + " |", "|---|" + "---|" * len(heads)]
    table += ["| " + " | ".join([name, *(f"{row[head]:.3f}" for head in heads)]) + " |" for name, row in rows.items()]
    return table
