"""``stillpoint:describestack``."""

from __future__ import annotations

import json
from typing import Any, Dict, List

from qgis.core import QgsProcessingContext, QgsProcessingOutputNumber, QgsProcessingOutputString

from stillpoint.models.jobs import DescribeStack, Result
from stillpoint.plugin.algorithms.base import JobAlgorithm

DETAILS, BANDS = "DETAILS", "BANDS"


class DescribeStackAlgorithm(JobAlgorithm):
    """What Stillpoint reads from a product, before a stack is made of it."""

    JOB = DescribeStack
    NAME = "describestack"
    GROUP = ("stacks", "Stacks")
    ICON = "stack.svg"

    def tags(self) -> List[str]:
        """Return words that find the algorithm."""
        return [*super().tags(), "SNAP", "StaMPS", "ISCE", "GAMMA", "LiCSAR", "HyP3", "MintPy", "OPERA", "baseline", "info"]

    def initAlgorithm(self, configuration: Dict[str, Any]) -> None:
        """Add the parameters and outputs."""
        super().initAlgorithm(configuration)
        self.addOutput(QgsProcessingOutputNumber(BANDS, self.tr("Number of bands")))
        self.addOutput(QgsProcessingOutputString(DETAILS, self.tr("Details (JSON)")))

    def _outputs(self, result: Result, context: QgsProcessingContext) -> Dict[str, Any]:
        """Return the summary, the number of bands and everything else as JSON."""
        details = {**super()._outputs(result, context), BANDS: len(result.details.get("bands", []))}
        return {**details, DETAILS: json.dumps(result.details, ensure_ascii=False)}
