"""``stillpoint:estimateseries``."""

from __future__ import annotations

from typing import List

from stillpoint.models.jobs import EstimateSeries
from stillpoint.plugin.algorithms.base import JobAlgorithm


class EstimateSeriesAlgorithm(JobAlgorithm):
    """Displacement series of the persistent scatterers of a stack."""

    JOB = EstimateSeries
    NAME = "estimateseries"
    GROUP = ("series", "Displacement series")
    ICON = "estimate.svg"

    def tags(self) -> List[str]:
        """Return words that find the algorithm."""
        return [*super().tags(), "unwrapping", "small baseline", "SBAS", "PSI", "velocity", "atmosphere", "height error"]
