"""A new model beside the one it started from and the classical method, on the same held-out part; kernels on arrays.

How sure a difference is follows from drawing the regions (or scenes, or pairs) of the held-out part anew, with replacement:
examples of one region share its noise, and counting each for itself would make any difference look certain.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Dict, List, Mapping, Optional, Sequence, Tuple

import numpy as np

from stillpoint.models.learning import metrics

NEW, START, SHIPPED, CLASSICAL = "new", "start", "shipped", "classical"
"""Roles of those that are compared."""

DRAWS = 400
LEVEL = 0.95
BINS = 10
_RANKS = 1000
FEW = 6
"""Regions below which an interval is too short, and is said to be."""

F1, ACCURACY, PRECISION, AREA = "F1, mean of classes", "accuracy", "average precision", "area under the ROC curve"


@dataclass(frozen=True)
class Answers:
    """What one method says of the held-out examples.

    Attributes
    ----------
    name
        Of the method, for people.
    role
        One of the roles above.
    decided
        int [n], class; -1 where it abstains.
    probability
        float [n, classes]; None where the method gives none.
    score
        float [n], larger is more probably of the positive class; None where nothing can be ranked.
    """

    name: str
    role: str
    decided: np.ndarray
    probability: Optional[np.ndarray] = None
    score: Optional[np.ndarray] = None


def compare(
    truth: np.ndarray,
    answers: Sequence[Answers],
    groups: np.ndarray,
    *,
    classes: Sequence[str],
    decides: str,
    positive: Optional[int] = None,
    unit: str = "regions",
    strata: Optional[Tuple[Sequence[str], np.ndarray]] = None,
    seed: int = 1,
) -> Dict[str, Any]:
    """Return the figures of all methods on the same examples, as JSON types.

    Parameters
    ----------
    truth
        int [n], class by the labels.
    answers
        What each method says; the new model among them.
    groups
        int [n], region of each example.
    classes
        Names.
    decides
        The figure that decides which is best: one of :data:`F1`, :data:`ACCURACY`, :data:`PRECISION`, :data:`AREA`.
    positive
        The class that is looked for, of two; None where all are alike.
    unit
        What the groups are.
    strata
        Names of kinds of places, and the kind of each example, int [n] (-1 none): figures are given for each.
    seed
        Of the drawing.
    """
    truth = np.asarray(truth).astype(np.int64)
    places, number = np.unique(groups, return_inverse=True)
    weights = drawn(len(places), seed)
    rows: List[Dict[str, Any]] = []
    samples: List[np.ndarray] = []
    for each in answers:
        row, sample = _judged(each, truth, number, len(places), weights, classes, decides, positive)
        if strata is not None:
            row["strata"] = _by_stratum(each, truth, strata, positive if positive is not None else 1)
        rows.append(row)
        samples.append(sample)
    if any("answered" in row["figures"] for row in rows):
        for row in rows:
            row["figures"].setdefault("answered", 1.0)
    return {
        "kind": "classes", "decides": decides, "larger_is_better": True, "classes": list(classes),
        "positive": None if positive is None else classes[positive], "examples": len(truth),
        "per_class_examples": {name: int((truth == code).sum()) for code, name in enumerate(classes)},
        **verdict(rows, samples, decides, larger=True, groups=len(places), unit=unit),
    }  # fmt: skip


def seen_before(start: Mapping[str, Any], now: Mapping[str, Any], data: Optional[Sequence[str]]) -> List[str]:
    """Return a sentence where what is held out now may be what the start of a training learned from.

    Parameters
    ----------
    start, now
        ``training`` in the headers of the model that a training began with, and of the new one.
    data
        What the new one learned from.
    """
    told = str(start.get("data", ""))
    names = [Path(path.partition("|")[0]).name for path in data or ()]
    again = [name for name in names if re.search(rf"(?<![\w.-]){re.escape(name)}(?![\w.-])", told)]
    counts = ("seed", "series", "pixels", "blocks", "interferograms", "pictures", "tiles")
    before, after = (json.dumps([training.get(name) for name in counts]) for training in (start, now))
    if not again or before == after:
        return []
    return [
        f"The start learned from {', '.join(dict.fromkeys(again))} too, with other labels or another seed: some of what is held "
        "out now it may have learned then, so its figures and those of the new model may be too good. To be sure, start from the "
        "shipped model, or try both on other ground."
    ]


def drawn(groups: int, seed: int) -> np.ndarray:
    """Return how often each group is drawn, float64 [draws, groups]."""
    rng = np.random.default_rng([seed, 95])
    return rng.multinomial(groups, np.full(groups, 1 / groups), size=DRAWS).astype(np.float64)


def _judged(
    each: Answers, truth: np.ndarray, number: np.ndarray, groups: int, weights: np.ndarray, classes: Sequence[str],
    decides: str, positive: Optional[int],
) -> Tuple[Dict[str, Any], np.ndarray]:  # fmt: skip
    """Return the figures of a method, and the deciding one for each drawing."""
    size = len(classes)
    counts = _confusion(truth, each.decided, number, groups, size)
    figures = class_figures(counts.sum(axis=0), positive)
    row: Dict[str, Any] = {"name": each.name, "role": each.role}
    if each.score is not None and positive is not None:
        wanted = truth == positive
        figures[PRECISION] = metrics.average_precision(wanted, each.score)
        figures[AREA] = metrics.area_under_curve(wanted, each.score)
        figures["F1 at the labels' density"] = metrics.f1_at_density(wanted, each.score)
    if each.probability is not None:
        bins = reliability(truth, each.probability, positive)
        row["reliability"] = bins
        total = max(sum(count for _, _, count in bins), 1)
        figures["calibration error"] = sum(abs(said - was) * count for said, was, count in bins) / total
    row["figures"] = {name: _number(value) for name, value in figures.items()}
    row["confusion"] = counts.sum(axis=0).astype(int).tolist()
    row["per_class"] = per_class(counts.sum(axis=0), classes)
    if decides in (PRECISION, AREA):
        if each.score is None or positive is None:
            sample = np.full(len(weights), np.nan)
        else:
            ranks = _ranks(truth == positive, each.score, number, groups)
            sample = _ranking(np.tensordot(weights, ranks, axes=1), decides)
    else:
        sample = np.array([class_figures(one, positive)[decides] for one in np.tensordot(weights, counts, axes=1)])
    return row, sample


def _confusion(truth: np.ndarray, decided: np.ndarray, number: np.ndarray, groups: int, size: int) -> np.ndarray:
    """Return counts float64 [groups, classes, classes + 1] by group, truth and answer; the last answer is none."""
    answer = np.where(decided < 0, size, decided).astype(np.int64)
    index = (number * size + truth) * (size + 1) + answer
    return np.bincount(index, minlength=groups * size * (size + 1)).reshape(groups, size, size + 1).astype(np.float64)


def class_figures(counts: np.ndarray, positive: Optional[int] = None) -> Dict[str, float]:
    """Return the figures of a confusion matrix [classes, classes + 1]: rows the truth, columns the answer, the last none.

    Recall, precision and F1 of a class are 0 where it is never found; classes without examples do not count.
    """
    size = len(counts)
    total = max(float(counts.sum()), 1e-12)
    right, said, were = np.diagonal(counts), counts[:, :size].sum(axis=0), counts.sum(axis=1)
    there = were > 0
    recall = right / np.maximum(were, 1e-12)
    f1 = 2 * right / np.maximum(said + were, 1e-12)
    chance = float((said * were).sum()) / total**2
    accuracy = float(right.sum()) / total
    found = {
        ACCURACY: accuracy,
        "balanced accuracy": float(recall[there].mean()) if there.any() else float("nan"),
        F1: float(f1[there].mean()) if there.any() else float("nan"),
        "kappa": (accuracy - chance) / (1 - chance) if chance < 1 else float("nan"),
    }
    if counts[:, size].any():
        found["answered"] = 1 - float(counts[:, size].sum()) / total
    if positive is not None:
        found["precision"] = float(right[positive] / max(float(said[positive]), 1e-12))
        found["recall"] = float(recall[positive])
        found["F1"] = float(f1[positive])
        found["share chosen"] = float(said[positive]) / total
        found["share labelled"] = float(were[positive]) / total
    return found


def per_class(counts: np.ndarray, classes: Sequence[str]) -> Dict[str, Dict[str, Optional[float]]]:
    """Return precision, recall, F1 and number of examples of each class that has some."""
    found: Dict[str, Dict[str, Optional[float]]] = {}
    for code, name in enumerate(classes):
        right, said, were = counts[code, code], counts[:, code].sum(), counts[code].sum()
        if were or said:
            found[name] = {
                "precision": _number(right / said if said else float("nan")),
                "recall": _number(right / were if were else float("nan")),
                "F1": _number(2 * right / (said + were)),
                "examples": float(were),
            }
    return found


def reliability(truth: np.ndarray, probability: np.ndarray, positive: Optional[int]) -> List[Tuple[float, float, int]]:
    """Return mean probability, share that was so, and number, of each tenth of the probability that has some.

    Of the positive class where there is one, else of the class that is most probable.
    """
    known = np.isfinite(probability).all(axis=1)
    probability, truth = probability[known], truth[known]
    if positive is not None:
        said, was = probability[:, positive], truth == positive
    else:
        said, was = probability.max(axis=1, initial=0.0), probability.argmax(axis=1) == truth
    place = np.minimum((said * BINS).astype(int), BINS - 1)
    rows = []
    for one in range(BINS):
        here = place == one
        if here.any():
            rows.append((float(said[here].mean()), float(was[here].mean()), int(here.sum())))
    return rows


def _ranks(wanted: np.ndarray, score: np.ndarray, number: np.ndarray, groups: int) -> np.ndarray:
    """Return counts float64 [groups, 2, ranks] of others and of wanted ones by rank of the score, best first."""
    finite = np.where(np.isfinite(score), score, np.nanmin(score) if np.isfinite(score).any() else 0.0)
    edges = np.unique(np.quantile(finite, np.linspace(0, 1, _RANKS + 1), method="nearest"))
    rank = len(edges) - 1 - np.clip(np.searchsorted(edges, finite, side="right") - 1, 0, len(edges) - 1)
    index = (number * 2 + wanted) * len(edges) + rank
    return np.bincount(index, minlength=groups * 2 * len(edges)).reshape(groups, 2, len(edges)).astype(np.float64)


def _ranking(ranks: np.ndarray, decides: str) -> np.ndarray:
    """Return average precision or area under the ROC curve of each drawing [draws, 2, ranks]; NaN with one class only."""
    others, wanted = ranks[:, 0], ranks[:, 1]
    total, rest = wanted.sum(axis=1), others.sum(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        if decides == PRECISION:
            hits = wanted.cumsum(axis=1)
            # Within a rank the order is unknown: half of it lies before.
            precision = (hits - 0.5 * wanted) / np.maximum(hits + others.cumsum(axis=1) - 0.5 * (wanted + others), 1e-12)
            return np.where(total > 0, (precision * wanted).sum(axis=1) / total, np.nan)
        below = rest[:, None] - others.cumsum(axis=1) + 0.5 * others
        return np.where((total > 0) & (rest > 0), (wanted * below).sum(axis=1) / (total * rest), np.nan)


def _by_stratum(each: Answers, truth: np.ndarray, strata: Tuple[Sequence[str], np.ndarray], positive: int) -> List[Dict[str, Any]]:
    """Return precision, recall and shares of the positive class in each kind of place."""
    rows = []
    for code, name in enumerate(strata[0]):
        here = strata[1] == code
        if not here.any():
            continue
        wanted, chosen = truth[here] == positive, each.decided[here] == positive
        hits = float((wanted & chosen).sum())
        rows.append({
            "name": name, "examples": int(here.sum()), "share labelled": float(wanted.mean()), "share chosen": float(chosen.mean()),
            "precision": _number(hits / chosen.sum() if chosen.any() else float("nan")),
            "recall": _number(hits / wanted.sum() if wanted.any() else float("nan")),
        })  # fmt: skip
    return rows


def verdict(
    rows: List[Dict[str, Any]], samples: Sequence[np.ndarray], decides: str, *, larger: bool, groups: int, unit: str,
    digits: int = 3, suffix: str = "",
) -> Dict[str, Any]:  # fmt: skip
    """Return the rows with their intervals, the differences of the others from the new model, and a sentence on which is best.

    Parameters
    ----------
    rows
        Figures of each method; the first is the new model.
    samples
        The deciding figure of each, for each drawing.
    decides, larger
        The figure, and whether more of it is better.
    groups, unit
        How many of what were drawn anew.
    digits, suffix
        Of the figure in the sentence, and its unit.
    """
    for row, sample in zip(rows, samples):
        row["interval"] = _interval(sample, groups)
    sign = 1.0 if larger else -1.0
    differences = []
    for row, sample in zip(rows[1:], samples[1:]):
        apart = samples[0] - sample
        own, other = rows[0]["figures"].get(decides), row["figures"].get(decides)
        if own is None or other is None:
            continue
        differences.append({
            "name": row["name"], "role": row["role"], "difference": own - other, "interval": _interval(apart, groups),
            "chance_better": _number(float(np.mean(sign * apart[np.isfinite(apart)] > 0)) if np.isfinite(apart).any() else np.nan),
        })  # fmt: skip
    sentence = _sentence(rows, differences, decides, sign, digits, suffix)
    if differences and groups < FEW:
        sentence += (
            f" The held-out part has {groups} {unit if groups != 1 else unit.rstrip('s')} only: intervals say less than they seem."
        )
    return {"methods": rows, "differences": differences, "groups": groups, "unit": unit, "sentence": sentence}


def _sentence(
    rows: Sequence[Mapping[str, Any]], differences: Sequence[Mapping[str, Any]], decides: str, sign: float, digits: int, suffix: str
) -> str:
    """Return which is best, and by how much."""
    scored = [row for row in rows if row["figures"].get(decides) is not None]
    if not scored:
        return "The held-out part has too few examples to compare by."
    if rows[0] not in scored:
        return f"The {decides} of the new model cannot be told on the held-out part."

    def told(value: float, interval: Optional[Sequence[float]], signed: bool = False) -> str:
        form = f"{'+' if signed else ''}.{digits}f"
        text = f"{value:{form}}{suffix}"
        between = f" ({LEVEL:.0%} interval {interval[0]:{form}} to {interval[1]:{form}})" if interval is not None else ""
        return text + between.replace("%", " %")

    best = max(scored, key=lambda row: sign * row["figures"][decides])
    head = f"By {decides} on the held-out part, "
    own = told(rows[0]["figures"][decides], rows[0]["interval"])
    equal = [row["name"] for row in scored[1:] if row["figures"][decides] == rows[0]["figures"][decides]]
    if best is rows[0]:
        text = f"{head}the new model is {'as good as ' + ' and '.join(equal) if equal else 'best'}: {own}"
    else:
        text = f"{head}{best['name']} is best: {told(best['figures'][decides], best['interval'])}; the new model has {own}"
    if differences:
        apart = "; ".join(f"{told(each['difference'], each['interval'], True)} against {each['name']}" for each in differences)
        text += f". The new model differs by {apart}"
    text += "."
    doubtful = [each["name"] for each in differences if each["interval"] is None or each["interval"][0] <= 0 <= each["interval"][1]]
    if doubtful:
        text += f" Whether it is better or worse than {' and '.join(doubtful)} cannot be told from this part."
    if best is not rows[0] and best["name"] not in doubtful:
        text += f" Rather use {best['name']}."
    return text


def _interval(sample: np.ndarray, groups: int) -> Optional[List[float]]:
    """Return the percentiles of the drawings; None where they tell nothing."""
    if groups < 2:
        return None
    finite = sample[np.isfinite(sample)]
    if len(finite) < DRAWS // 2:
        return None
    low, high = np.quantile(finite, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return [float(low), float(high)]


def _number(value: float) -> Optional[float]:
    """Return a figure as JSON knows it: None where it is not finite."""
    return float(value) if np.isfinite(value) else None
