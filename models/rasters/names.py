"""Finds acquisition dates in the names of files, folders and bands. Standard library only."""

from __future__ import annotations

import datetime as dt
import re
from typing import List, Optional, Tuple

_MONTHS = {
    name: number
    for number, name in enumerate(
        ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), start=1
    )
}
_DAY = re.compile(
    r"(?<!\d)(?:"
    r"(?P<y>(?:19|20)\d{2})(?P<s>[-./]?)(?P<m>0[1-9]|1[0-2])(?P=s)(?P<d>0[1-9]|[12]\d|3[01])(?=[Tt]\d{6}|(?!\d))"
    r"|(?P<dd>0[1-9]|[12]\d|3[01])(?P<mon>[A-Za-z]{3})(?P<yy>(?:19|20)\d{2})(?!\d)"
    r")"
)
_UNDERSCORED = re.compile(r"(?<!\d)((?:19|20)\d{2})_(0[1-9]|1[0-2])_(0[1-9]|[12]\d|3[01])(?!\d)")
_SHORT_PAIR = re.compile(r"(?<!\d)(\d{2})(\d{2})(\d{2})[-_](\d{2})(\d{2})(\d{2})(?!\d)")


def days_in(text: str) -> List[dt.date]:
    """Return the days that ``text`` names, in the order in which they stand; a day that is repeated counts once.

    Understood are ``20180115``, ``20180115T122334``, ``2018-01-15``, ``2018.01.15``, ``2018_01_15``, ``15Jan2018`` and,
    where nothing else is found, a pair of six digits (``180115-180127``).

    Examples
    --------
    >>> days_in("S1A_IW_SLC__1SDV_20180115T122334_20180115T122401_020158")
    [datetime.date(2018, 1, 15)]
    """
    found: List[dt.date] = []

    def add(year: int, month: int, day: int) -> None:
        try:
            value = dt.date(year, month, day)
        except ValueError:
            return
        if value not in found:
            found.append(value)

    for match in _DAY.finditer(text):
        if match["y"]:
            add(int(match["y"]), int(match["m"]), int(match["d"]))
        elif match["mon"].lower() in _MONTHS:
            add(int(match["yy"]), _MONTHS[match["mon"].lower()], int(match["dd"]))
    if not found:
        for match in _UNDERSCORED.finditer(text):
            add(int(match[1]), int(match[2]), int(match[3]))
    if not found:
        for match in _SHORT_PAIR.finditer(text):
            numbers = [int(part) for part in match.groups()]
            try:
                pair = [dt.date(_century(year), month, day) for year, month, day in (numbers[:3], numbers[3:])]
            except ValueError:
                continue
            return pair if pair[0] != pair[1] else pair[:1]
    return found


def _century(year: int) -> int:
    return 1900 + year if year >= 78 else 2000 + year  # Seasat, the first civil SAR in space, flew in 1978


def pair_in(text: str) -> Optional[Tuple[dt.date, dt.date]]:
    """Return the two days that ``text`` names, in its order, or None where it does not name exactly two."""
    days = days_in(text)
    return (days[0], days[1]) if len(days) == 2 else None


def day_of(text: str) -> Optional[dt.date]:
    """Return the day that a metadata item such as ``2018-01-15``, ``20180115`` or a time stamp tells, or None."""
    days = days_in(text.strip())
    return days[0] if days else None
