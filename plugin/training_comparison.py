"""The figures of a finished training beside the shipped model and the classical method, as rows of a table."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import Any, List, Mapping, Optional, Tuple

SMALLER = ("loss", "error", "entropy", "rmse", "outliers", "brier")
"""Parts of the names of figures of which the smaller is the better."""

_FILE = re.compile(r"\s+\S+\.safetensors$")

NEUTRAL = ("share chosen", "share labelled", "answered", "within")
"""Beginnings of the names of figures that are neither better nor worse."""


@dataclass(frozen=True)
class Row:
    """One figure: its name, its value and interval for each method, which methods have the best one, and whether it decides."""

    name: str
    values: Tuple[Optional[float], ...]
    intervals: Tuple[Optional[Tuple[float, float]], ...]
    best: Tuple[int, ...]
    decides: bool = False


@dataclass(frozen=True)
class Comparison:
    """Figures on the test part.

    Attributes
    ----------
    methods
        Names of what is compared, the new model first.
    rows
        A row a figure, the one that decides first; after the figures of the whole those of each class.
    sentence
        Which is the best, and by how much.
    examples
        How many examples the figures are of.
    """

    methods: Tuple[str, ...]
    rows: Tuple[Row, ...]
    sentence: str = ""
    examples: int = 0

    @classmethod
    def of(cls, details: Any) -> Optional[Comparison]:
        """Return what the details of a training's result tell; None where they compare nothing."""
        if not isinstance(details, Mapping) or not details.get("methods"):
            return None
        methods = list(details["methods"])
        decides = str(details.get("decides", ""))
        names: List[str] = [decides] if decides else []
        for each in methods:
            names += [name for name in each.get("figures") or {} if name not in names]
        rows = [_row(name, methods, decides, bool(details.get("larger_is_better", True))) for name in names]
        for label in details.get("classes") or ():
            values = tuple(_number(((each.get("per_class") or {}).get(label) or {}).get("F1")) for each in methods)
            rows.append(Row(f"F1 of {label}", values, (None,) * len(values), best_of("F1", values)))
        told = tuple(row for row in rows if any(value is not None for value in row.values))
        compared = _short([str(each.get("name", "")) for each in methods])
        return cls(compared, told, str(details.get("sentence") or ""), int(details.get("examples") or 0))


def _short(names: List[str]) -> Tuple[str, ...]:
    """Return names without those of files, as long as they still differ."""
    short = [_FILE.sub("", name) or name for name in names]
    return tuple(short if len(set(short)) == len(set(names)) else names)


def _row(name: str, methods: List[Mapping[str, Any]], decides: str, larger: bool) -> Row:
    values = tuple(_number((each.get("figures") or {}).get(name)) for each in methods)
    is_first = name == decides
    intervals = tuple(_interval(each.get("interval")) if is_first else None for each in methods)
    best = best_of(name, values, larger=larger) if is_first else best_of(name, values)
    return Row(name, values, intervals, best, is_first)


def best_of(name: str, values: Tuple[Optional[float], ...], *, larger: Optional[bool] = None) -> Tuple[int, ...]:
    """Return which values are the best ones; none where there is nothing to compare.

    Parameters
    ----------
    name
        Of the figure.
    values
        Of each method.
    larger
        Whether more is better; None judges by the name.
    """
    known = [value for value in values if value is not None]
    lower = name.lower()
    if len(known) < 2 or max(known) == min(known) or lower.startswith(NEUTRAL):
        return ()
    if larger is None:
        larger = not any(part in lower for part in SMALLER)
    wanted = max(known) if larger else min(known)
    return tuple(index for index, value in enumerate(values) if value == wanted)


def _interval(value: Any) -> Optional[Tuple[float, float]]:
    if not isinstance(value, (list, tuple)) or len(value) != 2:
        return None
    low, high = (_number(each) for each in value)
    return None if low is None or high is None else (low, high)


def _number(value: Any) -> Optional[float]:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
        return None
    return float(value)
