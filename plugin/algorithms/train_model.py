"""``stillpoint:trainmodel``."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any, Dict, List, Optional, Tuple, Union

from qgis.core import (
    NULL,
    QgsMapLayer,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProcessingOutputFile,
    QgsProcessingOutputString,
    QgsProcessingParameterField,
    QgsProcessingParameterMapLayer,
    QgsProcessingParameterMultipleLayers,
    QgsProcessingUtils,
    QgsProperty,
    QgsRasterLayer,
    QgsVectorLayer,
)

from stillpoint.models.errors import StillpointError
from stillpoint.models.jobs import Job, Result, TrainModel
from stillpoint.plugin import compat
from stillpoint.plugin.algorithms import parameters as conversion
from stillpoint.plugin.algorithms.base import SUMMARY, JobAlgorithm
from stillpoint.plugin.language import tr

DATA, LABELS, LAYER, FIELD, REPORT = "DATA", "LABELS", "LABELS_LAYER", "LABELS_FIELD", "REPORT"
WIDTH = 100
"""Letters of a line of the table of epochs: the log of a small Processing window."""


class TrainModelAlgorithm(JobAlgorithm):
    """Trains or fine-tunes a network; the log shows the epochs as a table."""

    JOB = TrainModel
    NAME = "trainmodel"
    GROUP = ("models", "Models and simulation")
    ICON = "train.svg"

    def tags(self) -> List[str]:
        """Return words that find the algorithm."""
        return [*super().tags(), "fine-tune", "neural network", "deep learning", "machine learning", "epochs", "labels"]

    def shortHelpString(self) -> str:
        """Return the help beside the dialog; labels may also be a layer and one of its fields."""
        more = "".join(f"<p><b>{title}</b><br>{text}</p>" for title, text in (self._layer_help(), self._field_help()))
        return f"{super().shortHelpString()}{more}"

    def _layer_help(self) -> Tuple[str, str]:
        return self.tr("Layer of labels"), self.tr("A layer in the place of the text above: mask, points, table, or offsets.")

    def _field_help(self) -> Tuple[str, str]:
        return (
            self.tr("Field of labels"),
            self.tr(
                "For trends: the field that holds the class of each point. The layer above may be the training data itself; "
                "without one, it is a field of the training data."
            ),
        )

    def initAlgorithm(self, configuration: Dict[str, Any]) -> None:
        """Add the parameters; data are layers or files of any kind, labels a text or a layer and its field."""
        for item in self._fields():
            made = conversion.definition(item)
            if made.name() == DATA:
                data = QgsProcessingParameterMultipleLayers(DATA, made.description(), compat.MAP_LAYERS, None, True)
                data.setHelp(made.help())
                made = data
            self.addParameter(made)
            if made.name() == LABELS:
                title, text = self._layer_help()
                layer = QgsProcessingParameterMapLayer(LAYER, title, None, True)
                layer.setHelp(text)
                self.addParameter(layer)
                title, text = self._field_help()
                field = QgsProcessingParameterField(FIELD, title, None, LAYER, optional=True)
                field.setHelp(text)
                self.addParameter(field)
        self.addOutput(QgsProcessingOutputFile(REPORT, self.tr("Report")))
        self.addOutput(QgsProcessingOutputString(SUMMARY, self.tr("Summary")))

    def checkParameterValues(self, parameters: Dict[str, Any], context: QgsProcessingContext) -> Tuple[bool, str]:
        """Check the values; data may also be folders, or files that QGIS itself cannot open."""
        try:
            for value in _listed(parameters.get(DATA), context):
                _found(value, context)
        except StillpointError as error:
            return False, str(error)
        rest = {name: value for name, value in parameters.items() if name != DATA}  # QGIS would refuse what is no layer
        return super().checkParameterValues(rest, context)

    def prepareAlgorithm(
        self, parameters: Dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> bool:
        """Take data and labels from the layers; QGIS calls this on their thread."""
        if not super().prepareAlgorithm(parameters, context, feedback):
            return False
        from stillpoint.plugin import training_sources
        from stillpoint.plugin.training_sources import Given

        try:
            is_series = self._text_of("capability", parameters, context) == "trends"
            field = self.parameterAsString(parameters, FIELD, context)
            layer = self.parameterAsLayer(parameters, LAYER, context)
            own = field if layer is None else ""
            found = [_found(value, context) for value in _listed(parameters.get(DATA), context)]
            labels: Any = self.parameterAsString(parameters, LABELS, context).strip() or None
            if layer is not None:
                labels = training_sources.labelled(layer, field) if isinstance(layer, QgsVectorLayer) else _raster(layer)
            if is_series:
                given = training_sources.of_own_field(found, own)
                self._given = replace(given, labels=labels)
            else:
                self._given = Given(tuple(_raster(each) for each in found), labels)
        except StillpointError as error:
            raise QgsProcessingException(str(error)) from None
        return True

    def _text_of(self, name: str, parameters: Dict[str, Any], context: QgsProcessingContext) -> str:
        item = next(item for item in self._fields() if item.name == name)
        given = {**parameters, name.upper(): conversion.choice_text(item, parameters.get(name.upper()))}
        return str(self.parameterAsEnumString(given, name.upper(), context))

    def _job(self, parameters: Dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback) -> Job:
        """Return the training, writing layers that the engine cannot read as they are."""
        from stillpoint.models.learning.epoch_table import EpochTable
        from stillpoint.plugin import training_sources

        self._table = EpochTable(width=WIDTH)
        job = super()._job({**parameters, DATA: None, LABELS: None}, context, feedback)
        assert isinstance(job, TrainModel)  # nosec B101 - JOB says so
        return training_sources.written(
            job, self._given, Path(QgsProcessingUtils.tempFolder()), cancelled=feedback.isCanceled,
            report=lambda fraction, message: feedback.setProgressText(message),
        )  # fmt: skip

    def _tell(self, row: Dict[str, Any], feedback: QgsProcessingFeedback) -> None:
        """Write an epoch into the log as a row of a table."""
        for line in self._table.lines(row):
            feedback.pushInfo(line)

    def _outputs(self, result: Result, context: QgsProcessingContext) -> Dict[str, Any]:
        """Return model, report and summary; a model is no layer to load."""
        return {SUMMARY: result.summary, **{name.upper(): path for name, path in result.outputs.items()}}


def _listed(value: Any, context: QgsProcessingContext) -> List[Any]:
    """Return the layers and texts behind the data parameter."""
    from stillpoint.plugin import sources

    if isinstance(value, QgsProperty):
        found = value.valueAsString(context.expressionContext(), "")
        value = found[0] if isinstance(found, tuple) else found
    if value in (None, NULL, ""):
        return []
    if isinstance(value, str) and not sources.is_file(value) and ";" in value:
        return [part for part in (part.strip() for part in value.split(";")) if part]
    return list(value) if isinstance(value, (list, tuple)) else [value]


def _found(value: Any, context: QgsProcessingContext) -> Union[QgsMapLayer, str]:
    """Return the layer of the project, or the file or folder, that a value means."""
    from stillpoint.plugin import sources

    if isinstance(value, QgsMapLayer):
        return value
    text = str(value)
    layer: Optional[QgsMapLayer] = QgsProcessingUtils.mapLayerFromString(text, context, False)
    if layer is not None and (layer.id() == text or not sources.is_file(text)):
        return layer
    if sources.is_file(text):
        return text
    layer = QgsProcessingUtils.mapLayerFromString(text, context)
    if layer is None:
        raise StillpointError(tr(
            "Training data: there is no layer, file or folder {text}. Check its spelling and where it lies."
        ).format(text=text))
    return layer


def _raster(value: Union[QgsMapLayer, str]) -> str:
    """Return what the engine opens of a raster, file or folder."""
    from stillpoint.plugin import stacks

    if isinstance(value, str):
        return value
    path = stacks.path_of(value) if isinstance(value, QgsRasterLayer) else ""
    if not path:
        raise StillpointError(tr("{name} is no raster file. Save it as a GeoTIFF first.").format(name=value.name()))
    return path
