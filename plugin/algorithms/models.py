"""``stillpoint:models``."""

from __future__ import annotations

from typing import Any, Dict, List

from qgis.core import (
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProcessingOutputString,
    QgsProcessingParameterFile,
    QgsProcessingParameterString,
)

from stillpoint.models.jobs import Job, ManageModels, Result
from stillpoint.plugin import compat
from stillpoint.plugin.algorithms import parameters as conversion
from stillpoint.plugin.algorithms.base import SUMMARY, JobAlgorithm

NAMES, OUTPUT = "INPUT", "OUTPUT"


class ModelsAlgorithm(JobAlgorithm):
    """Lists, imports, exports, removes, chooses, compares and checks models."""

    JOB = ManageModels
    NAME = "models"
    GROUP = ("models", "Models and simulation")
    ICON = "library.svg"

    def tags(self) -> List[str]:
        """Return words that find the algorithm."""
        return [*super().tags(), "library", "safetensors", "network", "weights", "default model"]

    def initAlgorithm(self, configuration: Dict[str, Any]) -> None:
        """Add the parameters; models are named by a text, one a line or between semicolons."""
        for item in self._fields():
            made = conversion.definition(item)
            if made.name() == NAMES:
                made = QgsProcessingParameterString(NAMES, self.tr("Models (names or files, separated by ;)"), "", True, True)
                made.setHelp(self.tr(item.metadata["help"]))
            elif made.name() == OUTPUT:
                # A zip for one action, a folder for another: QGIS would make up a temporary name for a destination.
                made = QgsProcessingParameterFile(OUTPUT, made.description(), compat.FILE, "", None, True)
                made.setHelp(self.tr(item.metadata["help"]))
            self.addParameter(made)
        self.addOutput(QgsProcessingOutputString(SUMMARY, self.tr("Summary")))

    def checkParameterValues(self, parameters: Dict[str, Any], context: QgsProcessingContext) -> Any:
        """Check the values; the output need not exist."""
        return super().checkParameterValues({**parameters, OUTPUT: None}, context)

    def _job(self, parameters: Dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback) -> Job:
        """Return the job; the names are one text here."""
        text = str(parameters.get(NAMES) or "")
        names = [name.strip().strip('"') for name in text.replace("\n", ";").split(";") if name.strip()]
        fields = [item for item in self._fields() if item.name not in ("names", "output")]
        values = conversion.values(self, fields, parameters, context)
        return ManageModels(**values, names=tuple(names) or None, output=str(parameters.get(OUTPUT) or "") or None)

    def _outputs(self, result: Result, context: QgsProcessingContext) -> Dict[str, Any]:
        """Return the summary and the files by name."""
        return {SUMMARY: result.summary, **{name.upper(): path for name, path in result.outputs.items()}}
