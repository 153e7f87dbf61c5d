"""What all of Stillpoint's Processing algorithms share: a job's fields become parameters, its run the algorithm."""

from __future__ import annotations

from dataclasses import Field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Callable, Dict, List, Optional, Set, Tuple, Type

from qgis.core import (
    NULL,
    QgsMapLayer,
    QgsProcessingAlgorithm,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeatureSourceDefinition,
    QgsProcessingFeedback,
    QgsProcessingLayerPostProcessorInterface,
    QgsProcessingOutputString,
    QgsProcessingUtils,
    QgsProperty,
    QgsVectorLayer,
)
from qgis.PyQt.QtGui import QIcon

from stillpoint.models.errors import Cancelled, StillpointError
from stillpoint.models.jobs import Job, Result
from stillpoint.plugin.algorithms import parameters as conversion
from stillpoint.plugin.language import tr

if TYPE_CHECKING:
    from stillpoint.plugin import sources

# The door to the engine is imported when an algorithm runs: QGIS loads the provider at its start.

ICONS = Path(__file__).resolve().parents[1] / "icons"
SUMMARY = "SUMMARY"


class JobAlgorithm(QgsProcessingAlgorithm):
    """A Processing algorithm that does one kind of job. The usual flags of QGIS fit: own thread, batch, cancel."""

    JOB: Type[Job]
    NAME = ""
    GROUP = ("", "")
    ICON = "stillpoint.svg"

    def __init__(self) -> None:
        super().__init__()
        self._points: Dict[str, sources.PointSource] = {}

    def createInstance(self) -> JobAlgorithm:
        """Return a new algorithm of the same kind."""
        return type(self)()

    def name(self) -> str:
        """Return the fixed id."""
        return self.NAME

    def displayName(self) -> str:
        """Return the name for people."""
        return self.tr(self.JOB.title)

    def groupId(self) -> str:
        """Return the fixed id of the group."""
        return self.GROUP[0]

    def group(self) -> str:
        """Return the group for people."""
        return self.tr(self.GROUP[1])

    def icon(self) -> QIcon:
        """Return the icon of the capability."""
        return QIcon(str(ICONS / self.ICON))

    def svgIconPath(self) -> str:
        """Return the icon's file, which QGIS draws sharp at any size."""
        return str(ICONS / self.ICON)

    def shortDescription(self) -> str:
        """Return one sentence for tooltips."""
        return self.tr(self.JOB.help)

    def shortHelpString(self) -> str:
        """Return the help beside the dialog, written from the job's own descriptions."""
        rows = "".join(
            f"<p><b>{self.tr(item.metadata['title'])}</b><br>{self.tr(item.metadata['help'])}</p>"
            for item in self._fields()
        )
        return f"<p>{self.tr(self.JOB.help)}</p>{rows}"

    def tags(self) -> List[str]:
        """Return words that find the algorithm."""
        return ["InSAR", "radar", "SAR", "PS", "displacement", "ground motion", "time series", "subsidence"]

    def tr(self, text: str) -> str:
        """Return ``text`` in the user's language."""
        return tr(text)

    def _fields(self) -> List[Field]:
        # The forecast alone has no output to load; every run tells it in the log.
        return [item for item in self.JOB.parameters() if item.name != "forecast"]

    def initAlgorithm(self, configuration: Dict[str, Any]) -> None:
        """Add a parameter for each field of the job."""
        for item in self._fields():
            self.addParameter(conversion.definition(item))
        self.addOutput(QgsProcessingOutputString(SUMMARY, self.tr("Summary")))

    def checkParameterValues(self, parameters: Dict[str, Any], context: QgsProcessingContext) -> Tuple[bool, str]:
        """Check the values; a point input may also be a file that QGIS itself cannot open, such as an HDF5."""
        from stillpoint.plugin import sources

        checked = dict(parameters)
        for item in self._fields():
            name = conversion.name_of(item)
            if item.metadata["kind"] == "choice" and name in parameters:
                checked[name] = conversion.choice_text(item, parameters[name])
            if item.metadata["kind"] != "points":
                continue
            value, _ = _unwrapped(parameters.get(name), context)
            if isinstance(value, str) and sources.is_file(value):
                checked[name] = QgsProperty.fromExpression("''")  # an expression passes: it is known only later
            elif isinstance(value, str) and value and QgsProcessingUtils.mapLayerFromString(value, context) is None:
                return False, self.tr(
                    "{title}: there is no layer or file {value}. Check its spelling and where it lies."
                ).format(title=self.tr(item.metadata["title"]), value=value)
        return super().checkParameterValues(checked, context)

    def prepareAlgorithm(
        self, parameters: Dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> bool:
        """Take from the layers what the background thread needs; QGIS calls this on the layers' thread."""
        try:
            for item in self._fields():
                if item.metadata["kind"] == "points":
                    value = parameters.get(conversion.name_of(item))
                    if value not in (None, NULL, "") or item.default is not None:
                        self._points[item.name] = _source(value, context)
        except StillpointError as error:
            raise QgsProcessingException(str(error)) from None
        return True

    def processAlgorithm(
        self, parameters: Dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> Dict[str, Any]:
        """Do the job in the engine and return its outputs."""
        from stillpoint.plugin import runner

        try:
            job = self._job(parameters, context, feedback)
            result = runner.run(
                job,
                report=lambda fraction, message: _report(feedback, fraction, message),
                log=lambda level, message: _log(feedback, level, message),
                cancelled=feedback.isCanceled,
                figures=lambda row: self._tell(row, feedback),
            )
        except Cancelled as cancelled:
            feedback.pushInfo(str(cancelled) or self.tr("Cancelled; nothing was written."))
            return {}
        except StillpointError as error:
            raise QgsProcessingException(str(error)) from None
        for warning in result.warnings:
            feedback.pushWarning(warning)
        feedback.pushInfo(result.summary)
        outputs = self._outputs(result, context)
        _keep_provenance(job, result, context)
        return outputs

    def _tell(self, row: Dict[str, Any], feedback: QgsProcessingFeedback) -> None:
        """Show figures that the job tells as it goes; most jobs tell none."""

    def _job(self, parameters: Dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback) -> Job:
        """Return the job that the parameters ask for, writing layers that the engine cannot read."""
        fields = self._fields()
        values = conversion.values(self, fields, parameters, context)
        names = {item.name for item in fields}
        for name, source in self._points.items():
            if source.must_be_written:
                feedback.setProgressText(self.tr("Writing {name} for the engine").format(name=source.name))
            written = source.write(Path(QgsProcessingUtils.tempFolder()), cancelled=feedback.isCanceled)
            if name != "points" or "layer" not in names:
                values[name] = f"{written.path}|layername={written.layer}" if written.layer else written.path
                continue
            values[name] = written.path
            for field, found in (("layer", written.layer), ("crs", written.crs)):
                if values[field] is None:
                    values[field] = found
        return self.JOB(**values)

    def _outputs(self, result: Result, context: QgsProcessingContext) -> Dict[str, Any]:
        """Return the outputs by parameter name, and have layers of points styled when QGIS has loaded them."""
        outputs: Dict[str, Any] = {SUMMARY: result.summary}
        for name, path in result.outputs.items():
            outputs[name.upper()] = path
            if context.willLoadLayerOnCompletion(path):
                details = context.layerToLoadOnCompletionDetails(path)
                details.setPostProcessor(Styling.kept(_style_points))
        return outputs


class Styling(QgsProcessingLayerPostProcessorInterface):
    """Styles a result's layer on the main thread, once Processing has loaded it.

    Parameters
    ----------
    style
        What to do with the layer; a StillpointError becomes a warning.

    Attributes
    ----------
    made_by
        The job and its result, which the layer then keeps; None keeps nothing.
    """

    _kept: Set[Styling] = set()

    def __init__(self, style: Callable[[QgsMapLayer], None]) -> None:
        super().__init__()
        self._style = style
        self.made_by: Optional[Tuple[Job, Result]] = None

    @classmethod
    def kept(cls, style: Callable[[QgsMapLayer], None]) -> Styling:
        """Return a new one, kept alive until it has done its work: QGIS holds no Python reference."""
        made = cls(style)
        cls._kept.add(made)
        return made

    def postProcessLayer(
        self, layer: QgsMapLayer, context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> None:
        """Style ``layer``."""
        self._kept.discard(self)
        try:
            self._style(layer)
        except StillpointError as error:
            feedback.pushWarning(str(error))
        if self.made_by is not None:
            from stillpoint.plugin import provenance

            provenance.write(layer, *self.made_by)


def _keep_provenance(job: Job, result: Result, context: QgsProcessingContext) -> None:
    """Have the layers that QGIS loads keep how they were made, beside what their algorithm does with them."""
    for path in result.outputs.values():
        if not context.willLoadLayerOnCompletion(path):
            continue
        details = context.layerToLoadOnCompletionDetails(path)
        styling = details.postProcessor()
        if not isinstance(styling, Styling):
            styling = Styling.kept(lambda layer: None)
            details.setPostProcessor(styling)
        styling.made_by = (job, result)


def _style_points(layer: QgsMapLayer) -> None:
    """Style ``layer`` where it holds trend classes or velocities."""
    if not isinstance(layer, QgsVectorLayer):
        return
    if layer.fields().lookupField("trend_code") >= 0:
        from stillpoint.plugin.layers import style_trends_layer

        style_trends_layer(layer)
    else:
        from stillpoint.plugin.velocity_layers import style_velocity_layer

        style_velocity_layer(layer)


def _unwrapped(value: Any, context: QgsProcessingContext) -> Tuple[Any, bool]:
    """Return the layer or text behind a source parameter, and whether only selected features are meant."""
    selected = False
    if isinstance(value, QgsProcessingFeatureSourceDefinition):
        selected = value.selectedFeaturesOnly
        value = value.source
    if isinstance(value, QgsProperty):
        found = value.valueAsString(context.expressionContext(), "")
        value = found[0] if isinstance(found, tuple) else found
    return value, selected


def _source(value: Any, context: QgsProcessingContext) -> sources.PointSource:
    """Return the points behind a parameter's value: a layer, its id or name, a file, or any source of QGIS."""
    from stillpoint.plugin import sources

    value, selected = _unwrapped(value, context)
    if isinstance(value, QgsVectorLayer):
        return sources.from_layer(value, selected_only=selected)
    text = str(value)
    layer = QgsProcessingUtils.mapLayerFromString(text, context, False)
    if layer is None and sources.is_file(text):
        return sources.from_file(text)
    if layer is None:
        layer = QgsProcessingUtils.mapLayerFromString(text, context)
    if isinstance(layer, QgsVectorLayer):
        return sources.from_layer(layer, selected_only=selected)
    if layer is not None and sources.is_file(layer.source()):
        return sources.from_file(layer.source())
    raise StillpointError(tr(
        "There is no point layer or file {text}. Check its spelling and where it lies."
    ).format(text=text))


def _report(feedback: QgsProcessingFeedback, fraction: float, message: str) -> None:
    feedback.setProgress(100.0 * fraction)
    if message:
        feedback.setProgressText(message)


def _log(feedback: QgsProcessingFeedback, level: str, message: str) -> None:
    """Relay a line of the engine's log."""
    if level in ("warning", "error", "critical"):
        feedback.pushWarning(message)
    elif level == "debug":
        from stillpoint.plugin import tasks

        tasks.log("info", message)  # a traceback is for QGIS's log, not for whoever reads the result
    else:
        feedback.pushInfo(message)
