"""``stillpoint:runanalysis``."""

from __future__ import annotations

from typing import Any, Dict, List

from qgis.core import QgsProcessingContext, QgsProcessingFeedback, QgsProcessingOutputFile

from stillpoint.models.jobs import Result, RunAnalysis
from stillpoint.plugin.algorithms.base import SUMMARY, JobAlgorithm

RECORD = "RECORD"


class RunAnalysisAlgorithm(JobAlgorithm):
    """A recipe of New Analysis, from the stack to the trends."""

    JOB = RunAnalysis
    NAME = "runanalysis"
    GROUP = ("analysis", "Whole analyses")
    ICON = "analysis.svg"

    def tags(self) -> List[str]:
        """Return words that find the algorithm."""
        return [*super().tags(), "recipe", "workflow", "chain", "repeat", "new analysis"]

    def initAlgorithm(self, configuration: Dict[str, Any]) -> None:
        """Add the parameters, and the record of what was done as an output."""
        super().initAlgorithm(configuration)
        self.addOutput(QgsProcessingOutputFile(RECORD, self.tr("Record of the analysis")))

    def _tell(self, row: Dict[str, Any], feedback: QgsProcessingFeedback) -> None:
        """Write the steps into the log as they begin and end."""
        if row.get("about") == "step":
            text = f"{row['step']}: {row['state']}"
            feedback.pushInfo(f"{text} - {row['message']}" if row.get("message") else text)

    def _outputs(self, result: Result, context: QgsProcessingContext) -> Dict[str, Any]:
        """Return the summary, the record, and the files by step and parameter; all of them lie in the folder."""
        files = {name.upper().replace(".", "_"): path for name, path in result.outputs.items()}
        return {SUMMARY: result.summary, RECORD: result.outputs["record"], **files}
