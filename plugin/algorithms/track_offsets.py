"""``stillpoint:trackoffsets``."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Dict, List

from qgis.core import (
    QgsMapLayer,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProcessingOutputString,
    QgsProcessingParameterMapLayer,
    QgsProcessingUtils,
)

from stillpoint.models.errors import StillpointError
from stillpoint.models.jobs import Job, Result, TrackOffsets
from stillpoint.plugin.algorithms import parameters as conversion
from stillpoint.plugin.algorithms.base import SUMMARY, JobAlgorithm, Styling
from stillpoint.plugin.language import tr

STABLE = "STABLE"


class TrackOffsetsAlgorithm(JobAlgorithm):
    """Offsets between two amplitude images, or between the dates of a stack."""

    JOB = TrackOffsets
    NAME = "trackoffsets"
    GROUP = ("offsets", "Offsets")
    ICON = "offsets.svg"

    def tags(self) -> List[str]:
        """Return words that find the algorithm."""
        return [*super().tags(), "offset tracking", "glacier", "feature tracking", "correlation", "earthquake", "volcano"]

    def initAlgorithm(self, configuration: Dict[str, Any]) -> None:
        """Add the parameters; stable ground may be a layer of polygons or a raster, or their file."""
        for item in self._fields():
            made = conversion.definition(item)
            if made.name() == STABLE:
                layer = QgsProcessingParameterMapLayer(STABLE, made.description(), None, True)
                layer.setHelp(made.help())
                layer.setFlags(made.flags())
                made = layer
            self.addParameter(made)
        self.addOutput(QgsProcessingOutputString(SUMMARY, self.tr("Summary")))

    def prepareAlgorithm(
        self, parameters: Dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> bool:
        """Look at the images before the engine is started: what cannot be tracked is said at once."""
        if not super().prepareAlgorithm(parameters, context, feedback):
            return False
        from stillpoint.plugin import offsets_checks, stacks

        layers = [self.parameterAsRasterLayer(parameters, name, context) for name in ("REFERENCE", "SECONDARY")]
        stable = self.parameterAsLayer(parameters, STABLE, context)
        try:
            self._stable = None
            if stable is not None:
                from stillpoint.plugin.offsets_run import stable_file

                self._stable = stable_file(stable, Path(QgsProcessingUtils.tempFolder()))
            paths = [stacks.path_of(layer) if layer is not None else "" for layer in layers]
            for layer, path in zip(layers, paths):
                if layer is not None and not path:
                    raise StillpointError(tr(
                        "{name} is no raster file. Save it as a GeoTIFF first."
                    ).format(name=layer.name()))
            if not paths[0]:
                raise StillpointError(tr("Choose the reference image: a raster layer or file."))
            secondary = offsets_checks.facts_of(paths[1]) if paths[1] else None
            found = offsets_checks.check(
                offsets_checks.facts_of(paths[0]), secondary, search=self.parameterAsInt(parameters, "SEARCH", context),
                spacing=self.parameterAsInt(parameters, "SPACING", context),
                units=self._choice("units", parameters, context), geometry=self._choice("geometry", parameters, context),
                align=self._choice("align", parameters, context) == "secondary",
            )
        except StillpointError as error:
            raise QgsProcessingException(str(error)) from None
        if found.errors:
            raise QgsProcessingException(" ".join(_for_processing(text) for text in found.errors))
        for text in found.warnings:
            feedback.pushWarning(text)
        self._paths = paths
        return True

    def _choice(self, name: str, parameters: Dict[str, Any], context: QgsProcessingContext) -> str:
        item = next(item for item in self._fields() if item.name == name)
        given = dict(parameters)
        if name.upper() in given:
            given[name.upper()] = conversion.choice_text(item, given[name.upper()])
        return str(self.parameterAsEnumString(given, name.upper(), context))

    def _job(self, parameters: Dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback) -> Job:
        """Return the job; the stable ground is the file behind its layer."""
        job = super()._job({**parameters, STABLE: None}, context, feedback)
        values = {**job.to_dict()["parameters"], "stable": self._stable}
        for name, path in zip(("reference", "secondary"), self._paths):
            values[name] = path or None
        return TrackOffsets(**values)

    def _outputs(self, result: Result, context: QgsProcessingContext) -> Dict[str, Any]:
        """Return the outputs by parameter name, and have their layers styled when QGIS has loaded them."""
        outputs = super()._outputs(result, context)
        for path in result.outputs.values():
            if context.willLoadLayerOnCompletion(path):
                context.layerToLoadOnCompletionDetails(path).setPostProcessor(Styling.kept(_style))
        return outputs


def _for_processing(text: str) -> str:
    return text.replace("It can be resampled to", "Set ALIGN to secondary to have it resampled to")


def _style(layer: QgsMapLayer) -> None:
    """Style ``layer`` where it holds offsets."""
    from stillpoint.plugin.offsets_layers import style_result

    style_result(layer)
