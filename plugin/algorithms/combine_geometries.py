"""``stillpoint:combinegeometries``."""

from __future__ import annotations

from typing import Any, Dict, List

from qgis.core import QgsMapLayer, QgsProcessingContext, QgsVectorLayer

from stillpoint.models.jobs import CombineGeometries, Result
from stillpoint.plugin.algorithms.base import JobAlgorithm, Styling


class CombineGeometriesAlgorithm(JobAlgorithm):
    """Vertical and east-west series from ascending and descending tracks."""

    JOB = CombineGeometries
    NAME = "combinegeometries"
    GROUP = ("series", "Displacement series")
    ICON = "combine.svg"

    def tags(self) -> List[str]:
        """Return words that find the algorithm."""
        return [*super().tags(), "ascending", "descending", "vertical", "horizontal", "east-west", "2D", "decomposition", "EGMS"]

    def _outputs(self, result: Result, context: QgsProcessingContext) -> Dict[str, Any]:
        """Return the outputs by parameter name, and have their layers styled when QGIS has loaded them."""
        outputs = super()._outputs(result, context)
        for path in result.outputs.values():
            if context.willLoadLayerOnCompletion(path):
                context.layerToLoadOnCompletionDetails(path).setPostProcessor(Styling.kept(_style))
        return outputs


def _style(layer: QgsMapLayer) -> None:
    """Style ``layer`` where it holds velocities."""
    from stillpoint.plugin.velocity_layers import style_velocity_layer

    if isinstance(layer, QgsVectorLayer):
        style_velocity_layer(layer)
