"""``stillpoint:selectinterferograms``."""

from __future__ import annotations

from typing import Any, Dict, List

from qgis.core import (
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProcessingOutputString,
    QgsProcessingParameterDefinition,
    QgsProcessingParameterFileDestination,
    QgsProcessingParameterFolderDestination,
)

from stillpoint.models.errors import StillpointError
from stillpoint.models.jobs import Result, SelectInterferograms
from stillpoint.plugin.algorithms import parameters as conversion
from stillpoint.plugin.algorithms.base import SUMMARY, JobAlgorithm, Styling
from stillpoint.plugin.language import tr

TABLE, LISTS = "TABLE", "LISTS"
ON_REQUEST = ("WEIGHTS", "VELOCITY", LISTS)
"""Outputs that are made where they are asked for only: not every method or stack has them."""


class SelectInterferogramsAlgorithm(JobAlgorithm):
    """Score and choice of the interferograms of a small-baseline stack."""

    JOB = SelectInterferograms
    NAME = "selectinterferograms"
    GROUP = ("interferograms", "Interferograms")
    ICON = "interferograms.svg"

    def tags(self) -> List[str]:
        """Return words that find the algorithm."""
        return [*super().tags(), "interferogram", "small baseline", "SBAS", "network", "coherence", "closure", "MintPy", "LiCSBAS"]

    def initAlgorithm(self, configuration: Dict[str, Any]) -> None:
        """Add the parameters: the table is a CSV file, the lists go to a folder."""
        for item in self._fields():
            made = conversion.definition(item)
            if made.name() in (TABLE, LISTS):
                made = _destination(made)
            if made.name() in ON_REQUEST:
                made.setCreateByDefault(False)
            self.addParameter(made)
        self.addOutput(QgsProcessingOutputString(SUMMARY, self.tr("Summary")))

    def prepareAlgorithm(
        self, parameters: Dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> bool:
        """Look at the stack before the engine is started: what cannot be judged is said at once."""
        if not super().prepareAlgorithm(parameters, context, feedback):
            return False
        from stillpoint.plugin import stacks
        from stillpoint.plugin.interferograms import check_judgeable

        layer = self.parameterAsRasterLayer(parameters, "INPUT", context)
        beside = self.parameterAsRasterLayer(parameters, "COHERENCE", context)
        method = self.parameterAsEnumString(parameters, "METHOD", context)
        try:
            if layer is None or not stacks.path_of(layer):
                raise StillpointError(tr(
                    "The stack is no raster file. Choose one that Open Stack made, or save it as a GeoTIFF."
                ))
            coherence = None if beside is None else stacks.facts_of(stacks.path_of(beside))
            check_judgeable(stacks.facts_of(stacks.path_of(layer)), method, coherence, name=layer.name())
        except StillpointError as error:
            raise QgsProcessingException(str(error)) from None
        return True

    def _outputs(self, result: Result, context: QgsProcessingContext) -> Dict[str, Any]:
        """Return the outputs by parameter name, and have their layers styled when QGIS has loaded them."""
        from stillpoint.plugin.interferograms import STYLES

        outputs = super()._outputs(result, context)
        for name, path in result.outputs.items():
            if name in STYLES and context.willLoadLayerOnCompletion(path):
                context.layerToLoadOnCompletionDetails(path).setPostProcessor(Styling.kept(STYLES[name]))
        return outputs


def _destination(like: QgsProcessingParameterDefinition) -> QgsProcessingParameterDefinition:
    """Return the parameter for a CSV file, or for a folder to write to: QGIS's own for a folder takes one that is there."""
    if like.name() == TABLE:
        made = QgsProcessingParameterFileDestination(TABLE, like.description(), "CSV files (*.csv)")
    else:
        made = QgsProcessingParameterFolderDestination(LISTS, like.description(), None, True)
    made.setHelp(like.help())
    made.setFlags(like.flags())
    return made
