"""``stillpoint:classifytrends``."""

from __future__ import annotations

from stillpoint.models.jobs import ClassifyTrends
from stillpoint.plugin.algorithms.base import JobAlgorithm


class ClassifyTrendsAlgorithm(JobAlgorithm):
    """Trend class of every point's displacement series."""

    JOB = ClassifyTrends
    NAME = "classifytrends"
    GROUP = ("points", "Point series")
    ICON = "classify.svg"
