"""The table of a selection: a row an interferogram, with score, choice, reason and evidence. Standard library only."""

from __future__ import annotations

import csv
import datetime as dt
import io
import math
from typing import Mapping, Optional, Sequence, Tuple

COLUMNS = ("reference_date", "secondary_date", "score", "keep", "reason")
"""Columns that every table begins with."""


def table_text(
    days: Sequence[Tuple[dt.date, dt.date]],
    score: Sequence[float],
    keep: Sequence[bool],
    reasons: Sequence[str],
    evidence: Optional[Mapping[str, Sequence[float]]] = None,
) -> str:
    """Return the table as CSV, in the order of the stack.

    Parameters
    ----------
    days
        Reference and secondary date, as the stack has them.
    score
        0 bad to 1 good; NaN where unknown, which becomes an empty cell.
    keep
        Whether each is kept: 1 or 0.
    reasons
        A few words each.
    evidence
        Further columns by name.
    """
    more = dict(evidence or {})
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow([*COLUMNS, *more])
    for index, (reference, secondary) in enumerate(days):
        row = [str(reference), str(secondary), number(score[index], 4), int(bool(keep[index])), reasons[index]]
        writer.writerow([*row, *(number(values[index], 5) for values in more.values())])
    return stream.getvalue()


def number(value: float, digits: int) -> str:
    """Return ``value`` with so many significant digits, without an exponent; empty where it is not finite."""
    if not math.isfinite(value):
        return ""
    text = f"{float(value):.{digits}g}"
    if "e" in text:
        text = f"{float(text):.{max(digits, 12)}f}".rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text
