"""``stillpoint:combinegeometries``."""

from __future__ import annotations

from typing import List

from stillpoint.models.jobs import CombineGeometries
from stillpoint.plugin.algorithms.base import JobAlgorithm


class CombineGeometriesAlgorithm(JobAlgorithm):
    """Vertical and east-west series from ascending and descending tracks."""

    JOB = CombineGeometries
    NAME = "combinegeometries"
    GROUP = ("series", "Displacement series")
    ICON = "combine.svg"

    def tags(self) -> List[str]:
        """Return words that find the algorithm."""
        return [*super().tags(), "ascending", "descending", "vertical", "horizontal", "east-west", "2D", "decomposition", "EGMS"]
