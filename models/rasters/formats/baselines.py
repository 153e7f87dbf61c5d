"""Perpendicular baselines in the tables that lie beside images."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Dict, Optional, Sequence, Tuple

from stillpoint.models.rasters.bands import number_of
from stillpoint.models.rasters.files import Files, text_of
from stillpoint.models.rasters.names import days_in

_ISCE = re.compile(r"Bperp\s*\(average\)\s*:\s*([-+0-9.eE]+)")
_COLUMN = re.compile(r"b_?perp|perp.*baseline", re.IGNORECASE)
_ENDINGS = (".csv", ".txt", "baselines", "baseline", "bperp_file", ".list")


@dataclass
class Baselines:
    """Perpendicular baselines in metres, by pair (of the second date against the first) and by date."""

    pairs: Dict[Tuple[dt.date, dt.date], float] = field(default_factory=dict)
    days: Dict[dt.date, float] = field(default_factory=dict)
    source: str = ""

    def of(self, days: Sequence[dt.date]) -> Optional[float]:
        """Return the baseline of one date or of a pair, or None where it is unknown."""
        if len(days) == 1:
            return self.days.get(days[0])
        first, second = days
        if (first, second) in self.pairs:
            return self.pairs[first, second]
        if (second, first) in self.pairs:
            return -self.pairs[second, first]
        if first in self.days and second in self.days:
            return self.days[second] - self.days[first]
        return None

    def fill_days(self) -> None:
        """Derive the baselines of the dates where all pairs share their first date."""
        references = {pair[0] for pair in self.pairs}
        if not self.days and len(references) == 1:
            self.days = {references.pop(): 0.0, **{pair[1]: metres for pair, metres in self.pairs.items()}}


def find_baselines(files: Files, more: Sequence[Path] = ()) -> Baselines:
    """Read every table of baselines among ``files`` and ``more``: LiCSAR, SNAP's stack overview, ISCE2, CSV with named columns."""
    found = Baselines()
    for path in [*files.ending(*_ENDINGS, nearby=True), *more]:
        text = text_of(path)
        if text and _read(path, text, found):
            found.source = found.source or path.name
    found.fill_days()
    return found


def _read(path: Path, text: str, found: Baselines) -> bool:
    """Read one table into ``found``; return whether it is one."""
    values = [float(value) for value in _ISCE.findall(text) if number_of(value) is not None]
    days = days_in(path.stem) if len(days_in(path.stem)) == 2 else days_in(path.parent.name)
    if values and len(days) == 2:
        found.pairs[days[0], days[1]] = sum(values) / len(values)
        return True
    if path.suffix.lower() == ".csv":
        return _read_csv(text, found)
    return _read_columns(text, found)


def _read_csv(text: str, found: Baselines) -> bool:
    """Read a CSV whose header names the perpendicular baseline; the dates stand in the columns before it."""
    rows = list(csv.reader(io.StringIO(text)))
    if len(rows) < 2:
        return False
    columns = [index for index, name in enumerate(rows[0]) if _COLUMN.search(name)]
    if not columns:
        return False
    done = False
    for row in rows[1:]:
        if len(row) <= columns[0]:
            continue
        metres = number_of(row[columns[0]])
        # Times of acquisition stand beside the dates in product names: the first cells with dates count.
        days = days_in(" ".join(cell for cell in row[: columns[0]]))
        if metres is None or not days or len(days) > 2:
            continue
        if len(days) == 2:
            found.pairs[days[0], days[1]] = metres
        else:
            found.days[days[0]] = metres
        done = True
    return done


def _read_columns(text: str, found: Baselines) -> bool:
    """Read lines of two dates and the baseline (LiCSAR, StaMPS, GAMMA's ``bperp_file``), an index before them or not."""
    rows = []
    for line in text.splitlines():
        words = line.split()
        if not words or line.startswith("#"):
            continue
        first = next((index for index, word in enumerate(words[:2]) if re.fullmatch(r"(?:19|20)\d{6}", word)), None)
        if first is None or len(words) < first + 3:
            return False
        pair = days_in(words[first]) + days_in(words[first + 1])
        metres = number_of(words[first + 2])
        if len(pair) != 2 or metres is None:
            return False
        rows.append((pair[0], pair[1], metres))
    for reference, secondary, metres in rows:
        if reference == secondary:
            found.days[reference] = 0.0
        else:
            found.pairs[reference, secondary] = metres
    if rows and len({row[0] for row in rows}) == 1:
        found.days.update({rows[0][0]: 0.0, **{row[1]: row[2] for row in rows}})
    return bool(rows)
