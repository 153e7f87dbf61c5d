"""``stillpoint:openstack``."""

from __future__ import annotations

from typing import Any, Dict, List

from qgis.core import (
    QgsMapLayer,
    QgsProcessingContext,
    QgsProcessingOutputString,
    QgsRasterLayer,
)

from stillpoint.models.jobs import OpenStack, Result
from stillpoint.plugin.algorithms.base import JobAlgorithm, Styling

COMPANIONS = ("AMPLITUDE", "COHERENCE")


class OpenStackAlgorithm(JobAlgorithm):
    """One stack of any supported product."""

    JOB = OpenStack
    NAME = "openstack"
    GROUP = ("stacks", "Stacks")
    ICON = "stack.svg"

    def tags(self) -> List[str]:
        """Return words that find the algorithm."""
        products = ["SNAP", "StaMPS", "ISCE", "GAMMA", "LiCSAR", "HyP3", "MintPy", "OPERA"]
        return [*super().tags(), *products, "SLC", "interferogram", "import"]

    def initAlgorithm(self, configuration: Dict[str, Any]) -> None:
        """Add the parameters, and the outputs that depend on what the product holds."""
        super().initAlgorithm(configuration)
        for name in COMPANIONS:
            self.addOutput(QgsProcessingOutputString(name, self.tr("{name} stack").format(name=name.capitalize())))

    def _outputs(self, result: Result, context: QgsProcessingContext) -> Dict[str, Any]:
        """Return the outputs by parameter name, and have the stack styled when QGIS has loaded it."""
        outputs = super()._outputs(result, context)
        path = result.outputs.get("output", "")
        if context.willLoadLayerOnCompletion(path):
            context.layerToLoadOnCompletionDetails(path).setPostProcessor(Styling.kept(_style_stack))
        return outputs


def _style_stack(layer: QgsMapLayer) -> None:
    """Style a stack and give it its times."""
    if not isinstance(layer, QgsRasterLayer):
        return
    from stillpoint.plugin.raster_layers import set_times, style_band, time_ranges
    from stillpoint.plugin.stacks import facts_of, path_of

    bands = facts_of(path_of(layer)).bands
    if bands and bands[0].quantity != "complex":
        style_band(layer, bands[0].quantity, 1)
    set_times(layer, time_ranges(bands))
