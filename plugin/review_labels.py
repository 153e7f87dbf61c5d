"""Labels that a reviewer gave: what one says, its columns in a file, and how the labels of several people become one set.

numpy and the standard library only.
"""

from __future__ import annotations

import getpass
import math
from dataclasses import dataclass, replace
from datetime import datetime, timezone
from typing import Any, Dict, Iterable, List, Mapping, Optional, Set, Tuple

from stillpoint.models.errors import StillpointError
from stillpoint.models.trends.classes import NAMES, NOT_CLASSIFIED
from stillpoint.plugin.language import tr
from stillpoint.plugin.review_queue import NONE, PIXELS, POINTS

TEXT, INTEGER, REAL = "text", "integer", "real"

WHO: Tuple[Tuple[str, str], ...] = (("reviewer", TEXT), ("reviewed", TEXT))
_POINT = (("label", TEXT), ("trend_code", INTEGER), ("model", TEXT), ("model_code", INTEGER), ("confidence", REAL))
_PIXEL = (("row", INTEGER), ("col", INTEGER), ("ps", INTEGER), ("model", INTEGER), ("confidence", REAL))
_PAIR = (("reference_date", TEXT), ("secondary_date", TEXT), ("keep", INTEGER), ("model", INTEGER), ("confidence", REAL))
_PLACE = (("x", REAL), ("y", REAL))


@dataclass(frozen=True)
class Label:
    """What a reviewer said of one item.

    Attributes
    ----------
    key
        The item's; see :class:`stillpoint.plugin.review_queue.Item`.
    value
        Class code of a point (``NONE``: none of the classes), 1 or 0 of a pixel (PS or not) and of a pair (keep or not).
    x, y
        Where it is, in the coordinates of its source.
    model, confidence
        What the model had said, ``NONE`` where it gave no answer, and how sure it was (NaN: unknown).
    reviewer, reviewed
        Who said it, and when (UTC, as ``2026-05-04T10:11:12.345Z``).
    """

    key: str
    value: int
    x: float = float("nan")
    y: float = float("nan")
    model: int = NONE
    confidence: float = float("nan")
    reviewer: str = ""
    reviewed: str = ""

    @property
    def agrees(self) -> bool:
        """Whether the reviewer says what the model had said."""
        return self.value == self.model


def now() -> str:
    """Return the time as labels carry it: UTC, milliseconds."""
    return datetime.now(timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def user() -> str:
    """Return who is logged in; "unknown" where the system does not say."""
    try:
        return getpass.getuser()
    except (KeyError, OSError, ImportError):
        return "unknown"


def name_of(kind: str, value: int) -> str:
    """Return a value for people."""
    if kind == POINTS:
        return NAMES[value] if value >= 0 else "None of them"
    if kind == PIXELS:
        return "PS" if value == 1 else "Not PS"
    return "Keep" if value == 1 else "Drop"


def shown_name(kind: str, value: int) -> str:
    """Return a value in the user's language; files hold :func:`name_of`, whatever the language."""
    others = {
        "None of them": tr("None of them"), "PS": tr("PS"), "Not PS": tr("Not PS"), "Keep": tr("Keep"), "Drop": tr("Drop"),
    }  # fmt: skip
    name = name_of(kind, value)
    return others[name] if name in others else tr(name)


def values_of(kind: str) -> Tuple[int, ...]:
    """Return the values that a label of a kind can have."""
    return (*range(len(NAMES)), NONE) if kind == POINTS else (1, 0)


def columns_of(kind: str, id_field: str) -> List[Tuple[str, str]]:
    """Return the columns of a file of labels: name and kind (text, integer, real).

    Parameters
    ----------
    kind
        Points, pixels or pairs.
    id_field
        Column with the identifiers of points: that of their layer.
    """
    if kind == POINTS:
        return [(id_field, TEXT), *_POINT, *_PLACE, *WHO]
    return [*_PIXEL, *_PLACE, *WHO] if kind == PIXELS else [*_PAIR, *WHO]


def row_of(kind: str, label: Label) -> List[Any]:
    """Return the values of a label in the order of :func:`columns_of`; None is missing."""
    sure, place = _known(label.confidence), [_known(label.x), _known(label.y)]
    who = [label.reviewer, label.reviewed]
    model = None if label.model < 0 else label.model
    if kind == POINTS:
        name = "" if label.value < 0 else NAMES[label.value]
        code = None if label.value < 0 else label.value
        said = NOT_CLASSIFIED if model is None else NAMES[model]
        return [label.key, name, code, said, model, sure, *place, *who]
    one, other = _parts(label.key)
    if kind == PIXELS:
        return [int(one), int(other), label.value, model, sure, *place, *who]
    return [one, other, label.value, model, sure, *who]


def label_of(kind: str, row: Mapping[str, Any], id_field: str, where: str) -> Optional[Label]:
    """Return the label in a row of a file, by column; None where the row has none yet.

    Parameters
    ----------
    kind, id_field
        See :func:`columns_of`.
    row
        Texts or numbers by column; None and "" are missing.
    where
        File and row for messages.

    Raises
    ------
    StillpointError
        Values that make no sense.
    """
    x, y, sure = (_real(row.get(name)) for name in ("x", "y", "confidence"))
    who, when = str(row.get("reviewer") or ""), str(row.get("reviewed") or "")
    try:
        if kind == POINTS:
            if not when and not row.get("label"):
                return None  # a row of the layer that nobody has looked at
            code = _code(row.get("trend_code"), row.get("label"))
            return Label(str(row[id_field]), code, x, y, _code(row.get("model_code"), ""), sure, who, when)
        names = ("row", "col", "ps") if kind == PIXELS else ("reference_date", "secondary_date", "keep")
        if row.get(names[2]) in (None, ""):
            return None
        value = int(float(row[names[2]]))
        if value not in (0, 1):
            raise ValueError(value)
        one, other = (str(int(float(row[name]))) if kind == PIXELS else str(row[name]) for name in names[:2])
        return Label(f"{one},{other}", value, x, y, _flag(row.get("model")), sure, who, when)
    except (KeyError, ValueError, TypeError, IndexError):
        wanted = ", ".join(name for name, _ in columns_of(kind, id_field)[:3])
        raise StillpointError(f"{where} is no label of {kind}. A label has {wanted}.") from None


def _parts(key: str) -> Tuple[str, str]:
    one, _, other = key.partition(",")
    return one, other


def _known(value: float) -> Optional[float]:
    return value if math.isfinite(value) else None


def _real(value: Any) -> float:
    return float("nan") if value in (None, "") else float(value)


def _flag(value: Any) -> int:
    return NONE if value in (None, "") else int(float(value))


def _code(code: Any, name: Any) -> int:
    if code not in (None, ""):
        number = int(float(code))
        if not -1 <= number < len(NAMES):
            raise ValueError(code)
        return number
    return NAMES.index(name) if name else NONE


# Figures


@dataclass(frozen=True)
class Counts:
    """Labels in numbers.

    Attributes
    ----------
    by_value
        How many there are of each value.
    compared, agreeing
        Labels of what the model had given an answer to, and those that say the same.
    """

    by_value: Dict[int, int]
    compared: int
    agreeing: int

    @property
    def total(self) -> int:
        """Number of labels."""
        return sum(self.by_value.values())

    @property
    def agreement(self) -> Optional[float]:
        """Share of labels that say what the model said, 0..1; None where there is nothing to compare."""
        return self.agreeing / self.compared if self.compared else None


def counts_of(kind: str, labels: Iterable[Label]) -> Counts:
    """Return labels in numbers."""
    by_value = {value: 0 for value in values_of(kind)}
    compared = agreeing = 0
    for label in labels:
        by_value[label.value] = by_value.get(label.value, 0) + 1
        if label.model != NONE:
            compared += 1
            agreeing += label.agrees
    return Counts(by_value, compared, agreeing)


def agreement_by_class(labels: Iterable[Label]) -> Dict[int, Tuple[int, int]]:
    """Return for each class of the model how many labels there are of what it called so, and how many agree."""
    found: Dict[int, Tuple[int, int]] = {}
    for label in labels:
        if label.model != NONE:
            number, agreeing = found.get(label.model, (0, 0))
            found[label.model] = number + 1, agreeing + label.agrees
    return found


# Several people


@dataclass(frozen=True)
class Merged:
    """The labels of several files as one set.

    Attributes
    ----------
    labels
        By key, one an item: the newest.
    added
        Items that only the others had labelled.
    same
        Items on which all who labelled them agree.
    disagreements
        Keys of the items on which they do not.
    """

    labels: Dict[str, Label]
    added: int
    same: int
    disagreements: Tuple[str, ...]


def merged(own: Mapping[str, Label], *others: Mapping[str, Label]) -> Merged:
    """Return the labels of several sets as one: of an item that several have labelled the newest label counts."""
    result = dict(own)
    added = 0
    same: Set[str] = set()
    different: Set[str] = set()
    for labels in others:
        for key, label in labels.items():
            mine = result.get(key)
            if mine is None:
                added += 1
                result[key] = label
                continue
            (same if mine.value == label.value else different).add(key)
            if label.reviewed > mine.reviewed:
                result[key] = label
    return Merged(result, added, len(same - different), tuple(sorted(different)))


def by(label: Label, reviewer: str) -> Label:
    """Return a label as said now by a reviewer."""
    return replace(label, reviewer=reviewer, reviewed=now())
