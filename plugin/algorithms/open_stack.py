"""``stillpoint:openstack``."""

from __future__ import annotations

from typing import Any, Dict, List, Set

from qgis.core import (
    QgsMapLayer,
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProcessingLayerPostProcessorInterface,
    QgsProcessingOutputString,
    QgsRasterLayer,
)

from stillpoint.models.errors import StillpointError
from stillpoint.models.jobs import OpenStack, Result
from stillpoint.plugin.algorithms.base import JobAlgorithm

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
            context.layerToLoadOnCompletionDetails(path).setPostProcessor(_Style.kept())
        return outputs


class _Style(QgsProcessingLayerPostProcessorInterface):
    """Styles a stack and gives it its times on the main thread, once Processing has loaded it."""

    _kept: Set[_Style] = set()

    @classmethod
    def kept(cls) -> _Style:
        """Return a new one, kept alive until it has done its work: QGIS holds no Python reference."""
        made = cls()
        cls._kept.add(made)
        return made

    def postProcessLayer(
        self, layer: QgsMapLayer, context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> None:
        """Style ``layer``."""
        self._kept.discard(self)
        if not isinstance(layer, QgsRasterLayer):
            return
        from stillpoint.plugin.raster_layers import set_times, style_band, time_ranges
        from stillpoint.plugin.stacks import facts_of, path_of

        try:
            bands = facts_of(path_of(layer)).bands
        except StillpointError as error:
            feedback.pushWarning(str(error))
            return
        if bands and bands[0].quantity != "complex":
            style_band(layer, bands[0].quantity, 1)
        set_times(layer, time_ranges(bands))
