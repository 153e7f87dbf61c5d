"""``stillpoint:selectscatterers``."""

from __future__ import annotations

from typing import Any, Dict, List

from qgis.core import (
    NULL,
    QgsMapLayer,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProcessingOutputString,
    QgsProcessingParameterExtent,
)

from stillpoint.models.errors import StillpointError
from stillpoint.models.jobs import Job, Result, SelectScatterers
from stillpoint.plugin import compat
from stillpoint.plugin.algorithms import parameters as conversion
from stillpoint.plugin.algorithms.base import SUMMARY, JobAlgorithm, Styling
from stillpoint.plugin.language import tr

EXTENT = "EXTENT"


class SelectScatterersAlgorithm(JobAlgorithm):
    """PS mask, PS probability and PS points of a stack."""

    JOB = SelectScatterers
    NAME = "selectscatterers"
    GROUP = ("scatterers", "Scatterers")
    ICON = "select.svg"

    def tags(self) -> List[str]:
        """Return words that find the algorithm."""
        return [*super().tags(), "persistent scatterers", "PSI", "StaMPS", "interferogram", "amplitude dispersion"]

    def initAlgorithm(self, configuration: Dict[str, Any]) -> None:
        """Add the parameters; the extent gets QGIS's own widget, which knows layers, the map and drawing."""
        for item in self._fields():
            made = conversion.definition(item)
            if conversion.name_of(item) == EXTENT:
                extent = QgsProcessingParameterExtent(EXTENT, made.description(), None, True)
                extent.setHelp(made.help())
                extent.setFlags(extent.flags() | compat.ADVANCED)
                made = extent
            self.addParameter(made)
        self.addOutput(QgsProcessingOutputString(SUMMARY, self.tr("Summary")))

    def prepareAlgorithm(
        self, parameters: Dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> bool:
        """Look at the stack before the engine is started: what cannot be selected is said at once."""
        if not super().prepareAlgorithm(parameters, context, feedback):
            return False
        from stillpoint.plugin import stacks

        layer = self.parameterAsRasterLayer(parameters, "INPUT", context)
        method = self.parameterAsEnumString(parameters, "METHOD", context)
        try:
            if layer is None or not stacks.path_of(layer):
                raise StillpointError(tr(
                    "The stack is no raster file. Choose one that Open Stack made, or save it as a GeoTIFF."
                ))
            self._facts = stacks.facts_of(stacks.path_of(layer))
            stacks.check_selectable(self._facts, method, name=layer.name())
        except StillpointError as error:
            raise QgsProcessingException(str(error)) from None
        self._crs = layer.crs()
        return True

    def _job(self, parameters: Dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback) -> Job:
        """Return the job, its extent in the coordinates of the stack."""
        given = dict(parameters)
        extent = None
        if given.get(EXTENT) not in (None, NULL, ""):
            extent = self.parameterAsExtent(given, EXTENT, context, self._crs)
        given[EXTENT] = None
        if extent is None or extent.isNull() or extent.isEmpty():
            return super()._job(given, context, feedback)
        from stillpoint.plugin.stacks import extent_text

        job = super()._job(given, context, feedback)
        return type(job)(**{**job.to_dict()["parameters"], "extent": extent_text(extent, self._facts)})

    def _outputs(self, result: Result, context: QgsProcessingContext) -> Dict[str, Any]:
        """Return the outputs by parameter name, and have their layers styled when QGIS has loaded them."""
        outputs = super()._outputs(result, context)
        for path in result.outputs.values():
            if context.willLoadLayerOnCompletion(path):
                context.layerToLoadOnCompletionDetails(path).setPostProcessor(Styling.kept(_style))
        return outputs


def _style(layer: QgsMapLayer) -> None:
    """Style ``layer`` where it belongs to a selection."""
    from stillpoint.plugin.scatterers import style_scatterer_layer

    style_scatterer_layer(layer)
