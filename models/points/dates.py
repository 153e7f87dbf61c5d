"""Finds the dates of a displacement series in the names of columns."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import Dict, List, Optional, Sequence, Tuple

import numpy as np

from stillpoint.models.errors import StillpointError

_MONTHS = {
    name: number
    for number, name in enumerate(
        ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), start=1
    )
}
_YEAR = r"(?P<y>(?:19|20)\d{2})"
_TIME = r"(?:\d{6}|[T _]\d{2}:?\d{2}(?::?\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?"
_STYLES = {
    "ymd": _YEAR + r"(?P<s>[-_/. ]?)(?P<m>\d{2})(?P=s)(?P<d>\d{2})",
    "y-m-d": _YEAR + r"(?P<s>[-_/.])(?P<m>\d{1,2})(?P=s)(?P<d>\d{1,2})",
    "named": r"(?P<d>\d{1,2})[-_/. ]?(?P<month>[A-Za-z]{3})[A-Za-z]{0,6}[-_/. ]?" + _YEAR,
    "numeric": r"(?P<a>\d{1,2})(?P<s>[-_/.])(?P<b>\d{1,2})(?P=s)" + _YEAR,
}
_PATTERNS = {
    style: re.compile(rf"^(?P<prefix>.*?)(?<!\d){core}(?!\d){_TIME}(?P<suffix>\D.*|)$", re.IGNORECASE | re.DOTALL)
    if style != "ymd"
    # A time may follow without a separator (20150101170512), so only what is no time must not be a digit.
    else re.compile(rf"^(?P<prefix>.*?)(?<!\d){core}{_TIME}(?!\d)(?P<suffix>.*)$", re.IGNORECASE | re.DOTALL)
    for style, core in _STYLES.items()
}
_REPEATED = re.compile(r"\.\d{1,3}$")
"""What pandas appends to the name of a column that occurs again."""

_DISPLACEMENT = frozenset(("", "d", "dis", "disp", "displ", "displacement", "def", "defo", "deformation", "ts", "los",
                           "dlos", "cum", "cumul", "x", "date", "dt", "defrlos"))
_DISPLACEMENT_START = ("disp", "defo", "los", "cum", "ts")
_OTHER = frozenset(("a", "amp", "ampl", "amplitude", "hph", "htoph", "coh", "coher", "coherence", "cc", "std", "stdev",
                    "stddev", "sig", "sigma", "err", "error", "aps", "atm", "atmo", "phase", "ph", "phi", "dem", "bperp",
                    "bp", "baseline", "temp", "temperature", "res", "resid", "residual", "noise", "w", "weight", "mask",
                    "flag", "unc", "rain", "mli", "intensity", "slc", "quality"))


@dataclass(frozen=True)
class DateColumns:
    """The columns of a table that hold the displacement series.

    Attributes
    ----------
    dates
        ``datetime64[D]``, shape (e,), strictly increasing.
    columns
        Indices of the source columns in the order of their dates, shape (k,), k >= e.
    groups
        For each date, where its columns start in ``columns``; None where every date has one column.
    label
        What the names say besides the date (``"d_"``, ``"_mm"``), prefix and suffix.
    others
        Columns of other dated quantities (amplitudes ...), which are no attributes either.
    notes
        Sentences for people.
    """

    dates: np.ndarray
    columns: np.ndarray
    groups: Optional[np.ndarray]
    label: Tuple[str, str]
    others: Tuple[int, ...]
    notes: Tuple[str, ...]

    def merge(self, values: np.ndarray) -> np.ndarray:
        """Return ``values`` (n, k), in the order of ``columns``, as one column a date, shape (n, e).

        Values of the same date are averaged, missing ones left out.
        """
        if self.groups is None:
            return values
        valid = ~np.isnan(values)
        total = np.add.reduceat(np.where(valid, values, 0).astype(np.float64), self.groups, axis=1)
        count = np.add.reduceat(valid, self.groups, axis=1, dtype=np.int32)
        with np.errstate(invalid="ignore"):
            return (total / np.where(count == 0, np.nan, count)).astype(np.float32)


@dataclass
class _Family:
    """Columns whose names differ by the date alone."""

    prefix: str
    suffix: str
    style: str
    columns: List[int]
    parts: List[Tuple[int, int, int]]
    """Year, month, day; for the style ``numeric`` year and the two numbers as they stand."""

    @property
    def label(self) -> str:
        return f"{self.prefix}<date>{self.suffix}"

    @property
    def merit(self) -> int:
        """2 where the name says displacement, 0 where it says something else, 1 where it is unknown."""
        letters = re.sub(r"\[[^]]*\]|\([^)]*\)", "", f"{self.prefix}{self.suffix}").lower()
        letters = re.sub(r"(?<![a-z])(mm|cm|m)(?![a-z])", "", letters)
        letters = re.sub(r"[^a-z]", "", letters)
        if letters in _OTHER:
            return 0
        if letters in _DISPLACEMENT or letters.startswith(_DISPLACEMENT_START):
            return 2
        return 1


def _split(name: str) -> Optional[Tuple[str, str, str, Tuple[int, int, int]]]:
    """Return prefix, suffix, style and the three numbers of the date in ``name``, or None."""
    for style, pattern in _PATTERNS.items():
        match = pattern.match(name)
        if match is None:
            continue
        prefix, suffix = match["prefix"], _REPEATED.sub("", match["suffix"])
        if any(other.match(rest) for rest in (prefix, suffix) for other in _PATTERNS.values()):
            return None  # two dates are a pair, not an epoch
        if style == "named":
            month = _MONTHS.get(match["month"].lower())
            if month is None:
                continue
            numbers = (int(match["y"]), month, int(match["d"]))
        elif style == "numeric":
            numbers = (int(match["y"]), int(match["a"]), int(match["b"]))
        else:
            numbers = (int(match["y"]), int(match["m"]), int(match["d"]))
        return prefix, suffix, style, numbers
    return None


def holds_date(name: str) -> bool:
    """Whether ``name`` could be the name of an epoch's column."""
    return any(letter.isdigit() for letter in name) and _split(name) is not None


def _families(names: Sequence[str]) -> List[_Family]:
    found: Dict[Tuple[str, str, str], _Family] = {}
    for index, name in enumerate(names):
        split = _split(name.strip())
        if split is None:
            continue
        prefix, suffix, style, numbers = split
        # 2015-1-5 and 2015-11-25 stand side by side in hand-made tables.
        group = "ymd" if style == "y-m-d" else style
        key = (prefix.strip().lower(), suffix.strip().lower(), group)
        family = found.setdefault(key, _Family(prefix.strip(), suffix.strip(), group, [], []))
        family.columns.append(index)
        family.parts.append(numbers)
    return list(found.values())


def _is_date(year: int, month: int, day: int) -> bool:
    try:
        dt.date(year, month, day)
    except ValueError:
        return False
    return True


def _day_or_month_first(parts: Sequence[Tuple[int, int, int]], path: str) -> Tuple[List[Tuple[int, int, int]], str]:
    """Decide over all columns whether ``a/b/year`` is day/month or month/day; return dates and a sentence."""
    day_first = [(year, b, a) for year, a, b in parts]
    month_first = [(year, a, b) for year, a, b in parts]
    as_day = all(_is_date(*part) for part in day_first)
    as_month = all(_is_date(*part) for part in month_first)
    if as_day and not as_month:
        return day_first, ""
    if as_month and not as_day:
        return month_first, "Dates are read as month/day/year: no other reading fits all columns."
    if not as_day:
        raise StillpointError(
            f"The dates in the column names of {path} fit neither day/month/year nor month/day/year; write them as YYYYMMDD."
        )
    # Both fit: the right one is in order, and its intervals repeat.
    scores = []
    for candidate in (day_first, month_first):
        days = np.array([dt.date(*part).toordinal() for part in candidate])
        steps = np.diff(days)
        regular = len(np.unique(steps)) / max(len(steps), 1)
        scores.append((int(np.sum(steps <= 0)), regular))
    if scores[1] < scores[0]:
        return month_first, "Dates could be day/month or month/day: read as month/day/year, which puts them in order."
    if scores[0] < scores[1]:
        return day_first, "Dates could be day/month or month/day: read as day/month/year, which puts them in order."
    return day_first, "Dates could be day/month or month/day, and nothing tells which: read as day/month/year."


def find_dates(names: Sequence[str], path: str, *, family: Optional[str] = None) -> DateColumns:
    """Find the columns of the displacement series among ``names``.

    Parameters
    ----------
    names
        Column names, in order.
    path
        File, for messages.
    family
        Prefix of the wanted columns where the table has several dated quantities.

    Raises
    ------
    StillpointError
        No date columns, one epoch, a column name that is no date, several quantities of which none
        looks like displacement.
    """
    families = _families(names)
    if not any(len(item.columns) > 1 for item in families):
        if families:
            raise StillpointError(
                f"{path} has only one epoch (column {names[families[0].columns[0]]!r}); a displacement series needs at least two."
            )
        shown = ", ".join(repr(name) for name in list(names)[:8]) + (" ..." if len(names) > 8 else "")
        raise StillpointError(
            f"{path} has no date columns: no column name holds a date such as D20150131, 20150131 or 2015-01-31 "
            f"(columns are {shown or 'none'})."
        )
    families = [item for item in families if len(item.columns) > 1]
    chosen, notes = _choose(families, path, family)
    parts = chosen.parts
    if chosen.style == "numeric":
        parts, note = _day_or_month_first(parts, path)
        notes += [note] if note else []
    for column, part in zip(chosen.columns, parts):
        if not _is_date(*part):
            raise StillpointError(f"Column {names[column]!r} of {path} looks like a date but is none; correct or remove it.")
    dates = np.array([dt.date(*part) for part in parts], dtype="datetime64[D]")
    others = tuple(column for item in families if item is not chosen for column in item.columns)
    order, groups, more = order_dates(dates)
    distinct = dates[order] if groups is None else dates[order][groups]
    if len(distinct) < 2:
        raise StillpointError(f"{path} has only one epoch ({distinct[0]}); a displacement series needs at least two.")
    return DateColumns(
        distinct, np.asarray(chosen.columns)[order], groups, (chosen.prefix, chosen.suffix), others, tuple(notes + more)
    )


def order_dates(dates: np.ndarray) -> Tuple[np.ndarray, Optional[np.ndarray], List[str]]:
    """Return the order that sorts ``dates``, where equal ones start in it (None if all differ), and sentences."""
    notes = []
    order = np.argsort(dates, kind="stable")
    if np.any(np.diff(order) < 0):
        notes.append("The dates of the file are not in order; they were sorted.")
    ordered = dates[order]
    starts = np.flatnonzero(np.concatenate(([True], ordered[1:] != ordered[:-1])))
    if len(starts) == len(dates):
        return order, None, notes
    counts = np.diff(np.append(starts, len(dates)))
    repeated = [str(day) for day in ordered[starts][counts > 1]]
    notes.append(
        f"{'Dates occur' if len(repeated) > 1 else 'A date occurs'} more than once ({', '.join(repeated[:5])}"
        f"{' ...' if len(repeated) > 5 else ''}); the values of the same day were averaged."
    )
    return order, starts, notes


def _choose(families: List[_Family], path: str, wanted: Optional[str]) -> Tuple[_Family, List[str]]:
    if wanted is not None:
        for item in families:
            if wanted.strip().lower() in (item.prefix.lower(), item.prefix.lower().strip("_- "), item.label.lower()):
                return item, []
        raise StillpointError(
            f"{path} has no date columns named {wanted!r}; it has {', '.join(item.label for item in families)}."
        )
    ranked = sorted(families, key=lambda item: (-item.merit, -len(item.columns), item.columns[0]))
    best = ranked[0]
    if best.merit == 0:
        raise StillpointError(
            f"The date columns of {path} ({', '.join(item.label for item in ranked)}) seem to hold no displacements. "
            "If one of them does, name its prefix as the layer."
        )
    notes = []
    if len(ranked) > 1:
        left = ", ".join(item.label for item in ranked[1:5])
        notes.append(f"Displacements are read from the columns {best.label}; other dated columns ({left}) are left out.")
        if ranked[1].merit == best.merit and len(ranked[1].columns) == len(best.columns):
            notes.append("Several groups of columns could be the displacements: to read another, name its prefix as the layer.")
    return best, notes
