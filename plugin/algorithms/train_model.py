"""``stillpoint:trainmodel``."""

from __future__ import annotations

from stillpoint.models.jobs import TrainModel
from stillpoint.plugin.algorithms.base import JobAlgorithm


class TrainModelAlgorithm(JobAlgorithm):
    """Trains or fine-tunes a network."""

    JOB = TrainModel
    NAME = "trainmodel"
    GROUP = ("models", "Models and simulation")
    ICON = "train.svg"
