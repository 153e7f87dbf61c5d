"""The epochs of a training as a table of text, line by line as they come. Standard library only."""

from __future__ import annotations

import math
from typing import Any, List, Mapping, Optional

from stillpoint.models.progress import Row

OWN = ("epoch", "step", "steps", "loss", "seconds", "best")
"""Keys of a row that are no figure of the validation."""

COMPOSED = "figure"
"""Name of a figure that some trainings compose of others to tell the best epoch."""

LEAST = 9
"""Letters of a column."""


def metrics_of(row: Mapping[str, Any]) -> List[str]:
    """Return the names of the validation's figures in a row of a training, in their order."""
    return [name for name in row if name not in OWN]


class EpochTable:
    """Turns rows of figures into lines of a table.

    Parameters
    ----------
    width
        Letters of a line; figures that don't fit are left out, the one that decides never.
    """

    def __init__(self, *, width: int = 120) -> None:
        self._width = width
        self._metric = ""
        self._columns: Optional[List[str]] = None

    def lines(self, row: Row) -> List[str]:
        """Return what a row adds to the table: nothing for those that are no epoch, a head before the first epoch."""
        if row.get("about") == "training":
            self._metric, self._columns = str(row.get("metric", "")), None
            return []
        if "epoch" not in row:
            return []
        found = []
        if self._columns is None:
            self._columns = self._chosen(row)
            found.append("  ".join(_title(name).rjust(LEAST) for name in self._columns))
        cells = (_cell(name, row.get(name)).rjust(max(len(_title(name)), LEAST)) for name in self._columns)
        return [*found, "  ".join(cells) + (" *" if row.get("best") else "")]

    def _chosen(self, row: Row) -> List[str]:
        """Return the columns that fit into a line."""
        known = metrics_of(row)
        decides = [self._metric] if self._metric in known else []
        columns = ["epoch", "loss", *decides, "seconds"]
        for name in known:
            wider = [*columns[:-1], name, columns[-1]]
            if name not in columns and sum(max(len(_title(each)), LEAST) + 2 for each in wider) <= self._width:
                columns = wider
        return columns


def _title(name: str) -> str:
    return "deciding figure" if name == COMPOSED else name


def _cell(name: str, value: Any) -> str:
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        if not math.isfinite(value):
            return ""
        return f"{value:.0f}" if name == "epoch" else f"{value:.1f}" if name == "seconds" else f"{value:.5f}"
    return "" if value is None else str(value)
