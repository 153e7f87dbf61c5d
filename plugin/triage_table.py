"""The table of a selection of interferograms, and what an analyst decided beside it. numpy and the standard library only.

The table is what ``select-interferograms`` writes: ``reference_date, secondary_date, score, keep, reason``, then evidence. It is
never written to: decisions lie beside it as ``<table>.decisions.csv`` (``reference_date, secondary_date, keep, reviewer,
reviewed``), the form in which labels are saved too.
"""

from __future__ import annotations

import csv
import io
import math
import os
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Dict, List, Mapping, Optional, Sequence, Tuple

import numpy as np

from stillpoint.models.errors import StillpointError
from stillpoint.plugin.language import tr

REQUIRED = ("reference_date", "secondary_date", "score", "keep")
BASELINES = ("perpendicular_baseline", "baseline_m", "bperp", "baseline")
"""Columns that may hold the perpendicular baseline in metres."""

_TRUE, _FALSE = ("1", "1.0", "true", "yes", "keep"), ("0", "0.0", "false", "no", "drop")
_MISSING = ("", "nan", "none", "null", "na")

Decisions = Dict[Tuple[str, str], bool]
"""What was decided by hand: keep or not, by reference and secondary date as ISO text."""


Said = Dict[Tuple[str, str], Tuple[str, str]]
"""Who decided and when (UTC), by reference and secondary date."""


@dataclass(frozen=True)
class TriageTable:
    """The interferograms of a network and what a method said of them.

    Attributes
    ----------
    path
        File that it was read from.
    names
        Reference and secondary date of each pair, as the file has them.
    dates
        datetime64[D] [dates], sorted.
    pairs
        int64 [pairs, 2]: indices of the earlier and the later date.
    score
        float64 [pairs], 0 bad to 1 good; NaN where the method could not tell.
    keep
        bool [pairs]: what the method chose.
    reasons
        A few words a pair; empty where good.
    baselines
        float64 [pairs]: perpendicular baselines in metres; NaN where unknown.
    evidence
        What else the table holds: by column, a text a pair.
    """

    path: str
    names: List[Tuple[str, str]]
    dates: np.ndarray
    pairs: np.ndarray
    score: np.ndarray
    keep: np.ndarray
    reasons: List[str]
    baselines: np.ndarray
    evidence: Mapping[str, List[str]] = field(default_factory=dict)

    @property
    def count(self) -> int:
        """Number of interferograms."""
        return len(self.names)

    @property
    def days(self) -> np.ndarray:
        """float64 [pairs]: temporal baselines in days."""
        return (self.dates[self.pairs[:, 1]] - self.dates[self.pairs[:, 0]]).astype(np.float64)


def read_table(path: str) -> TriageTable:
    """Read the table of a selection.

    Raises
    ------
    StillpointError
        The file cannot be read, a column is missing, or a row holds no dates or numbers.
    """
    rows = _rows(path)
    if not rows:
        raise StillpointError(tr(
            "{name} holds no interferograms. Choose the table of a selection with at least one."
        ).format(name=Path(path).name))
    lacking = [name for name in REQUIRED if name not in rows[0]]
    if lacking:
        raise StillpointError(
            tr(
                "{name} has no column {lacking}. Choose the table that Select Interferograms wrote."
            ).format(name=Path(path).name, lacking=" or ".join(lacking))
        )
    names: List[Tuple[str, str]] = []
    score, keep, reasons = [], [], []
    for number, row in enumerate(rows, start=2):
        names.append((_day(path, number, row, "reference_date"), _day(path, number, row, "secondary_date")))
        if names[-1][0] == names[-1][1]:
            raise StillpointError(tr(
                "{name}, line {number}: both dates are {names}. A pair needs two dates."
            ).format(name=Path(path).name, number=number, names=names[-1][0]))
        score.append(_number(path, number, row["score"], "score"))
        keep.append(_flag(path, number, row["keep"]))
        reasons.append((row.get("reason") or "").strip())
    ends = np.array(names, dtype="datetime64[D]")
    dates, indices = np.unique(ends, return_inverse=True)
    column = next((name for name in BASELINES if name in rows[0]), "")
    baselines = [_number(path, at, row[column], column) for at, row in enumerate(rows, start=2)] if column else []
    known = {*REQUIRED, "reason", column}
    evidence = {name: [(row.get(name) or "").strip() for row in rows] for name in rows[0] if name and name not in known}
    return TriageTable(
        path, names, dates, np.sort(indices.reshape(-1, 2).astype(np.int64), axis=1), np.array(score), np.array(keep, bool),
        reasons, np.array(baselines) if column else np.full(len(rows), np.nan), evidence,
    )  # fmt: skip


def _rows(path: str) -> List[Dict[str, str]]:
    try:
        text = Path(path).read_text(encoding="utf-8-sig")
    except OSError as error:
        raise StillpointError(tr(
            "The table {path} cannot be read: {strerror}."
        ).format(path=path, strerror=error.strerror or error)) from None
    except UnicodeDecodeError:
        name = Path(path).name
        raise StillpointError(tr(
            "{name} is no text in UTF-8. Choose the table that Select Interferograms wrote."
        ).format(name=name)) from None
    lines = "".join(line for line in text.splitlines(keepends=True) if not line.startswith("#"))
    return [
        {str(key).strip(): value if isinstance(value, str) else "" for key, value in row.items() if key is not None}
        for row in csv.DictReader(io.StringIO(lines))
    ]


def _day(path: str, number: int, row: Mapping[str, str], column: str) -> str:
    text = row[column].strip()
    try:
        if len(text) < 8:
            raise ValueError
        return str(np.datetime64(f"{text[:4]}-{text[4:6]}-{text[6:]}" if text.isdigit() else text[:10], "D"))
    except ValueError:
        raise StillpointError(tr(
            "{name}, line {number}: {column} is {text!r}; a date reads 2018-01-15."
        ).format(name=Path(path).name, number=number, column=column, text=text)) from None


def _number(path: str, number: int, text: str, column: str) -> float:
    if text.strip().lower() in _MISSING:
        return math.nan
    try:
        return float(text)
    except ValueError:
        raise StillpointError(tr(
            "{name}, line {number}: {column} is {text!r}, which is no number."
        ).format(name=Path(path).name, number=number, column=column, text=text)) from None


def _flag(path: str, number: int, text: str) -> bool:
    word = text.strip().lower()
    if word not in (*_TRUE, *_FALSE):
        raise StillpointError(tr(
            "{name}, line {number}: keep is {text!r}; it is 1 or 0."
        ).format(name=Path(path).name, number=number, text=text))
    return word in _TRUE


# Decisions


def decisions_path(table: str) -> Path:
    """Return where the decisions on a table lie: beside it."""
    file = Path(table)
    return file.with_name(f"{file.stem}.decisions.csv")


def read_decisions(path: Path) -> Decisions:
    """Read decisions or labels; none where there is no such file.

    Raises
    ------
    StillpointError
        The file cannot be read.
    """
    if not path.exists():
        return {}
    found: Decisions = {}
    for number, row in enumerate(_rows(str(path)), start=2):
        if not {"reference_date", "secondary_date", "keep"} <= set(row):
            raise StillpointError(tr(
                "{name} holds no decisions: it needs reference_date, secondary_date and keep."
            ).format(name=path.name))
        key = _day(str(path), number, row, "reference_date"), _day(str(path), number, row, "secondary_date")
        found[key] = _flag(str(path), number, row["keep"])
    return found


def read_said(path: Path) -> Said:
    """Return who decided and when, as far as the file of decisions tells; raises StillpointError where it cannot be read."""
    found: Said = {}
    for number, row in enumerate(_rows(str(path)) if path.exists() else [], start=2):
        if row.get("reviewed"):
            key = _day(str(path), number, row, "reference_date"), _day(str(path), number, row, "secondary_date")
            found[key] = row.get("reviewer", ""), row["reviewed"]
    return found


def write_rows(path: Path, heads: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Write a CSV under a temporary name and give it its own when it is complete.

    Raises
    ------
    StillpointError
        It cannot be written.
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(heads)
    writer.writerows(rows)
    write_text(path, text.getvalue())


def write_text(path: Path, text: str) -> None:
    """Write a text in the same safe way; raises StillpointError."""
    part: Optional[str] = None
    try:
        handle, part = tempfile.mkstemp(prefix=f".{path.stem}.", suffix=".partial", dir=path.parent)
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as stream:
            stream.write(text)
        os.chmod(part, 0o644)
        os.replace(part, path)
    except OSError as error:
        if part is not None:
            Path(part).unlink(missing_ok=True)
        why = error.strerror or error
        raise StillpointError(tr(
            "{path} cannot be written: {why}. Choose a folder that you may write to."
        ).format(path=path, why=why)) from None


def write_decisions(path: Path, decisions: Decisions, said: Optional[Said] = None) -> None:
    """Write decisions or labels, in the order of their dates, with who said so and when; raises StillpointError."""
    nobody = "", ""
    rows = [(*key, int(decisions[key]), *(said or {}).get(key, nobody)) for key in sorted(decisions)]
    write_rows(path, ("reference_date", "secondary_date", "keep", "reviewer", "reviewed"), rows)
