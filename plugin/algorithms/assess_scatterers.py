"""``stillpoint:assessscatterers``."""

from __future__ import annotations

from dataclasses import Field
from typing import Any, Callable, Dict, List

from qgis.core import (
    NULL,
    QgsMapLayer,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProcessingOutputString,
    QgsProcessingParameterDefinition,
    QgsProcessingParameterFileDestination,
    QgsProcessingParameterMapLayer,
    QgsProcessingParameterMultipleLayers,
)

from stillpoint.models.errors import StillpointError
from stillpoint.models.jobs import AssessScatterers, Job
from stillpoint.plugin import compat
from stillpoint.plugin.algorithms import parameters as conversion
from stillpoint.plugin.algorithms.base import SUMMARY, JobAlgorithm

FILTERS = {"output": "CSV files (*.csv)", "report": "HTML files (*.html)"}


class AssessScatterersAlgorithm(JobAlgorithm):
    """Comparison of PS masks. Masks and zones may be layers of either kind, raster or vector."""

    JOB = AssessScatterers
    NAME = "assessscatterers"
    GROUP = ("scatterers", "Scatterers")
    ICON = "assess.svg"

    def __init__(self) -> None:
        super().__init__()
        self._layers: Dict[str, Any] = {}

    def initAlgorithm(self, configuration: Dict[str, Any]) -> None:
        """Add a parameter for each field of the job."""
        for item in self._fields():
            make = _MAKERS.get(item.name)
            made = conversion.definition(item) if make is None else make(item)
            made.setHelp(item.metadata["help"])
            self.addParameter(made)
        self.addOutput(QgsProcessingOutputString(SUMMARY, self.tr("Summary")))

    def prepareAlgorithm(
        self, parameters: Dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> bool:
        """Take from the layers where their data are; QGIS calls this on the layers' thread."""
        by_name = {item.name: conversion.name_of(item) for item in self._fields()}
        try:
            masks = self.parameterAsLayerList(parameters, by_name["masks"], context)
            paths = [_source(layer, context, feedback) for layer in masks]
            self._layers["masks"] = paths or _texts(parameters.get(by_name["masks"]))
            for name in ("zones", "reference"):
                self._layers[name] = None
                if parameters.get(by_name[name]) not in (None, NULL, ""):
                    layer = self.parameterAsLayer(parameters, by_name[name], context)
                    self._layers[name] = _source(layer, context, feedback) if layer else str(parameters[by_name[name]])
        except StillpointError as error:
            raise QgsProcessingException(str(error)) from None
        return super().prepareAlgorithm(parameters, context, feedback)

    def _job(self, parameters: Dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback) -> Job:
        """Return the job that the parameters ask for."""
        fields: List[Field] = [item for item in self._fields() if item.name not in self._layers]
        return AssessScatterers(**conversion.values(self, fields, parameters, context), **self._layers)


def _source(layer: QgsMapLayer, context: QgsProcessingContext, feedback: QgsProcessingFeedback) -> str:
    from stillpoint.plugin.assessments import source_of

    return source_of(layer, context, feedback)


def _texts(value: Any) -> List[str]:
    """Return paths that QGIS cannot open as layers; the engine says what is wrong with them."""
    values = value if isinstance(value, (list, tuple)) else str(value or "").split(";")
    return [str(one).strip() for one in values if str(one).strip()]


def _masks(item: Field) -> QgsProcessingParameterDefinition:
    return QgsProcessingParameterMultipleLayers(conversion.name_of(item), item.metadata["title"], compat.MAP_LAYERS)


def _layer(item: Field) -> QgsProcessingParameterDefinition:
    return QgsProcessingParameterMapLayer(conversion.name_of(item), item.metadata["title"], None, True)


def _file(item: Field) -> QgsProcessingParameterDefinition:
    optional = item.default is None
    return QgsProcessingParameterFileDestination(
        conversion.name_of(item), item.metadata["title"], FILTERS[item.name], None, optional, not optional
    )


_MAKERS: Dict[str, Callable[[Field], QgsProcessingParameterDefinition]] = {
    "masks": _masks, "zones": _layer, "reference": _layer, "output": _file, "report": _file,
}
"""Fields that take more than their kind tells: layers of raster and vector, files of one format."""
