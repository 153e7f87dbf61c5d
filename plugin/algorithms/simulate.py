"""``stillpoint:simulate``."""

from __future__ import annotations

from stillpoint.models.jobs import Simulate
from stillpoint.plugin.algorithms.base import JobAlgorithm


class SimulateAlgorithm(JobAlgorithm):
    """Data with known truth."""

    JOB = Simulate
    NAME = "simulate"
    GROUP = ("models", "Models and simulation")
    ICON = "simulate.svg"
