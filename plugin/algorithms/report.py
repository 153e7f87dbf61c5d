"""``stillpoint:report``."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Dict, List

from qgis.core import (
    QgsMapLayer,
    QgsProcessing,
    QgsProcessingAlgorithm,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProcessingOutputNumber,
    QgsProcessingParameterBoolean,
    QgsProcessingParameterEnum,
    QgsProcessingParameterExtent,
    QgsProcessingParameterField,
    QgsProcessingParameterFile,
    QgsProcessingParameterFileDestination,
    QgsProcessingParameterMultipleLayers,
    QgsProcessingParameterNumber,
    QgsProcessingParameterString,
    QgsProcessingParameterVectorLayer,
    QgsProject,
    QgsRasterLayer,
    QgsReferencedRectangle,
    QgsVectorLayer,
)
from qgis.PyQt.QtGui import QIcon

from stillpoint.models.errors import Cancelled, StillpointError
from stillpoint.plugin import compat
from stillpoint.plugin.language import tr

ICON = Path(__file__).resolve().parents[1] / "icons" / "report.svg"
LAYERS, TITLE, ORIENTATION, EXTENT, ZONES, ZONE_FIELD = "LAYERS", "TITLE", "ORIENTATION", "EXTENT", "ZONES", "ZONE_FIELD"
SERIES, TABLE, KEEP, PDF, HTML, PAGES = "SERIES", "TABLE", "KEEP_LAYOUT", "PDF", "HTML", "PAGES"
ORIENTATIONS = ("portrait", "landscape")


class ReportAlgorithm(QgsProcessingAlgorithm):
    """A report of layers. It runs on the main thread: layouts belong to it."""

    def createInstance(self) -> ReportAlgorithm:
        """Return a new algorithm of the same kind."""
        return type(self)()

    def name(self) -> str:
        """Return the fixed id."""
        return "report"

    def displayName(self) -> str:
        """Return the name for people."""
        return self.tr("Report")

    def groupId(self) -> str:
        """Return the fixed id of the group."""
        return "reports"

    def group(self) -> str:
        """Return the group for people."""
        return self.tr("Reports")

    def icon(self) -> QIcon:
        """Return the icon."""
        return QIcon(str(ICON))

    def svgIconPath(self) -> str:
        """Return the icon's file."""
        return str(ICON)

    def flags(self) -> Any:
        """Return QGIS's flags: no thread of its own."""
        return super().flags() | compat.NO_THREADING

    def tags(self) -> List[str]:
        """Return words that find the algorithm."""
        return ["report", "PDF", "HTML", "layout", "print", "statistics", "zones", "InSAR"]

    def shortDescription(self) -> str:
        """Return one sentence for tooltips."""
        return self.tr("Makes a report of results as PDF and web page: maps, tables, charts, method and limits.")

    def shortHelpString(self) -> str:
        """Return the help beside the dialog."""
        rows = "".join(f"<p><b>{item.description()}</b><br>{item.help()}</p>" for item in self.parameterDefinitions())
        return f"<p>{self.shortDescription()}</p>{rows}"

    def tr(self, text: str) -> str:
        """Return ``text`` in the user's language."""
        return tr(text)

    def initAlgorithm(self, configuration: Dict[str, Any]) -> None:
        """Add the parameters."""
        tr = self.tr
        for made, told in (
            (QgsProcessingParameterMultipleLayers(LAYERS, tr("Layers"), compat.MAP_LAYERS, optional=True),
             tr("Layers that the report is about, the most important first.")),
            (QgsProcessingParameterString(TITLE, tr("Title"), "", optional=True),
             tr("Title of the report; empty names it after the first result.")),
            (QgsProcessingParameterEnum(ORIENTATION, tr("Pages"), list(ORIENTATIONS), False, "portrait", usesStaticStrings=True),
             tr("How the A4 pages lie.")),
            (QgsProcessingParameterExtent(EXTENT, tr("Extent of the maps"), None, True),
             tr("What the maps show; empty shows whole layers.")),
            (QgsProcessingParameterVectorLayer(ZONES, tr("Zones"), [QgsProcessing.SourceType.TypeVectorPolygon], None, True),
             tr("Polygons to count points, classes, velocity and density by.")),
            (QgsProcessingParameterField(ZONE_FIELD, tr("Field of the zone names"), None, ZONES, optional=True),
             tr("Empty takes the first field of texts.")),
            (QgsProcessingParameterNumber(SERIES, tr("Series"), compat.INTEGER, 6, False, 0, 24),
             tr("Number of points whose displacement series are drawn: the selected ones, else the fastest; 0 draws none.")),
            (QgsProcessingParameterFile(TABLE, tr("Table of pairs"), extension="csv", optional=True),
             tr("Table of a selection of interferograms, for the drawing of the network; empty takes that of the layers.")),
            (QgsProcessingParameterBoolean(KEEP, tr("Keep the layout in the project"), False),
             tr("The pages stay in the project, where they can be changed.")),
            (QgsProcessingParameterFileDestination(PDF, tr("PDF"), "PDF (*.pdf)", None, True),
             tr("File to write; empty writes none.")),
            (QgsProcessingParameterFileDestination(HTML, tr("Web page"), "HTML (*.html)", None, True, False),
             tr("One file that carries its maps and drawings; empty writes none.")),
        ):  # fmt: skip
            made.setHelp(told)
            self.addParameter(made)
        self.addOutput(QgsProcessingOutputNumber(PAGES, tr("Pages")))

    def processAlgorithm(
        self, parameters: Dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> Dict[str, Any]:
        """Make the report."""
        from stillpoint.plugin import report

        project = context.project() or QgsProject.instance()
        layers: List[QgsMapLayer] = self.parameterAsLayerList(parameters, LAYERS, context) or []
        for layer in layers:
            if project.mapLayer(layer.id()) is None:  # a file that was named comes without a style
                style(layer)
        extent = self.parameterAsExtent(parameters, EXTENT, context, project.crs())
        options = report.Options(
            title=self.parameterAsString(parameters, TITLE, context),
            landscape=self.parameterAsEnumString(parameters, ORIENTATION, context) == "landscape",
            extent=None if extent.isNull() or extent.isEmpty() else QgsReferencedRectangle(extent, project.crs()),
            zones=self.parameterAsVectorLayer(parameters, ZONES, context),
            zone_field=(self.parameterAsFields(parameters, ZONE_FIELD, context) or [""])[0],
            series=self.parameterAsInt(parameters, SERIES, context), table=self.parameterAsFile(parameters, TABLE, context),
        )  # fmt: skip
        targets = {
            "pdf": self.parameterAsFileOutput(parameters, PDF, context),
            "html": self.parameterAsFileOutput(parameters, HTML, context),
        }
        keep = self.parameterAsBoolean(parameters, KEEP, context)

        def tell(fraction: float, text: str) -> None:
            feedback.setProgress(100.0 * fraction)
            if text:
                feedback.setProgressText(text)

        try:
            made = report.make(
                layers, **targets, options=options, keep_layout=keep, project=project, report=tell, cancelled=feedback.isCanceled
            )
        except Cancelled:
            feedback.pushInfo(self.tr("Cancelled; nothing more was written."))
            return {}
        except StillpointError as error:
            raise QgsProcessingException(str(error)) from None
        feedback.pushInfo(self.tr("{n} pages.").format(n=made.pages))
        return {**{name: path for name, path in ((PDF, made.pdf), (HTML, made.html)) if path}, PAGES: made.pages}


def style(layer: QgsMapLayer) -> None:
    """Give a result that was opened from its file the look that it has in the window; others are left as they are."""
    from stillpoint.plugin import offsets, offsets_layers, scatterers, velocity_layers
    from stillpoint.plugin.layers import style_trends_layer

    try:
        if isinstance(layer, QgsVectorLayer) and layer.fields().lookupField("trend_code") >= 0:
            style_trends_layer(layer)
        elif isinstance(layer, QgsVectorLayer) and velocity_layers.is_velocity_layer(layer):
            velocity_layers.style_velocity_layer(layer)
        elif isinstance(layer, QgsRasterLayer) and offsets.is_offsets(layer):
            offsets_layers.style_result(layer)
        elif isinstance(layer, (QgsVectorLayer, QgsRasterLayer)):
            scatterers.style_scatterer_layer(layer)
    except StillpointError:
        return  # a file that others changed is shown as QGIS shows it
