"""What a classification of simulated series is worth."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Dict, Optional

import numpy as np

from stillpoint.benchmarks.trends.simulator import BILINEAR, CLASSES, STABLE, UNWRAPPING_ERROR
from stillpoint.models.trends.classes import NAMES

BINS = 15


@dataclass
class Answer:
    """What a method says of n series. What a method does not give stays None.

    Attributes
    ----------
    probabilities
        Shape (n, 5), rows sum to 1.
    refused
        bool, shape (n,): no class given.
    break_day, break_low, break_high
        Days after the first date, with the 95 % interval, shape (n,), NaN where the method sees no break.
    velocity_1, velocity_2, error_1, error_2
        mm/yr, with standard errors.
    jumps
        Number of phase jumps found.
    reasons
        Texts, why refused.
    """

    probabilities: np.ndarray
    refused: Optional[np.ndarray] = None
    break_day: Optional[np.ndarray] = None
    break_low: Optional[np.ndarray] = None
    break_high: Optional[np.ndarray] = None
    velocity_1: Optional[np.ndarray] = None
    velocity_2: Optional[np.ndarray] = None
    error_1: Optional[np.ndarray] = None
    error_2: Optional[np.ndarray] = None
    reasons: Optional[np.ndarray] = None


def join(parts: list) -> Answer:
    """Return one answer for several files' answers."""
    fields: Dict[str, Any] = {}
    for name in Answer.__dataclass_fields__:
        values = [getattr(part, name) for part in parts]
        fields[name] = None if any(value is None for value in values) else np.concatenate(values)
    return Answer(**fields)


def calibration_error(probabilities: np.ndarray, codes: np.ndarray) -> float:
    """Return the expected calibration error of the top class in 15 equal bins of confidence."""
    confidence, right = probabilities.max(1), probabilities.argmax(1) == codes
    place = np.minimum((confidence * BINS).astype(int), BINS - 1)
    gaps = np.bincount(place, weights=confidence - right, minlength=BINS)
    return float(np.abs(gaps).sum() / len(codes))


def score(answer: Answer, files: list) -> Dict[str, Any]:
    """Return the figures of one method on series of known classes.

    ``accuracy`` takes the most probable class of every series, refused or not; ``accuracy_strict`` counts a refusal
    as an error; ``accuracy_accepted`` leaves refused series out. All are means over the classes of the truth.
    """
    codes = np.concatenate([file.truth.code for file in files])
    called = answer.probabilities.argmax(1)
    refused = np.zeros(codes.size, bool) if answer.refused is None else answer.refused
    matrix = np.zeros((CLASSES, CLASSES), int)
    np.add.at(matrix, (codes, called), 1)
    recall = np.diag(matrix) / np.maximum(matrix.sum(1), 1)
    precision = np.diag(matrix) / np.maximum(matrix.sum(0), 1)
    right = called == codes
    strict = [float(np.mean((right & ~refused)[codes == k])) for k in range(CLASSES)]
    taken = np.bincount(codes[~refused], minlength=CLASSES)
    accepted = np.bincount(codes[right & ~refused], minlength=CLASSES)[taken > 0] / taken[taken > 0]
    stable = codes == STABLE
    result: Dict[str, Any] = {
        "series": int(codes.size),
        "accuracy": float(recall.mean()),
        "accuracy_strict": float(np.mean(strict)),
        "accuracy_accepted": float(np.mean(accepted)),
        "stable_called_moving": float(np.mean((called != STABLE)[stable])),
        "stable_called_trend": float(np.mean(((called != STABLE) & (called != UNWRAPPING_ERROR))[stable])),
        "calibration_error": calibration_error(answer.probabilities, codes),
        "refused": float(refused.mean()),
        "confusion": matrix.tolist(),
        "classes": {
            NAMES[k]: {
                "precision": float(precision[k]), "recall": float(recall[k]),
                "f_score": float(2 * precision[k] * recall[k] / max(precision[k] + recall[k], 1e-9)),
            }
            for k in range(CLASSES)
        },
    }
    result.update(_break_scores(answer, files, (codes == BILINEAR) & (called == BILINEAR)))
    return result


def _break_scores(answer: Answer, files: list, rows: np.ndarray) -> Dict[str, float]:
    truth = {
        name: np.concatenate([getattr(file.truth, name) for file in files])[rows]
        for name in ("break_day", "velocity_1", "velocity_2")
    }
    result: Dict[str, float] = {}
    if answer.break_day is not None:
        result["break_days"] = _median_error(answer.break_day[rows], truth["break_day"])
    if answer.break_low is not None and answer.break_high is not None:
        inside = (truth["break_day"] >= answer.break_low[rows]) & (truth["break_day"] <= answer.break_high[rows])
        result["break_coverage"] = float(inside[np.isfinite(answer.break_low[rows])].mean())
    for k, error in (("1", answer.error_1), ("2", answer.error_2)):
        value = getattr(answer, f"velocity_{k}")
        if value is None:
            continue
        known = truth[f"velocity_{k}"]
        result[f"velocity_{k}"] = _median_error(value[rows], known)
        if error is not None:
            apart = np.abs(value[rows] - known) / error[rows]
            result[f"velocity_{k}_coverage"] = float((apart[np.isfinite(apart)] <= 1.96).mean())
    return result


def _median_error(value: np.ndarray, known: np.ndarray) -> float:
    error = np.abs(value - known)
    return float(np.nanmedian(error)) if np.isfinite(error).any() else float("nan")


def unknown_scores(answer: Answer, files: list) -> Dict[str, float]:
    """Return the share of each unknown kind that is given a class, and the mean over kinds."""
    kinds = np.concatenate([file.truth.kind for file in files]).astype(str)
    refused = np.zeros(kinds.size, bool) if answer.refused is None else answer.refused
    result = {kind: float(np.mean(~refused[kinds == kind])) for kind in dict.fromkeys(kinds)}
    result["mean"] = float(np.mean(list(result.values())))
    return result
