"""The Processing provider ``stillpoint``."""

from __future__ import annotations

from pathlib import Path
from typing import List

from qgis.core import QgsProcessingProvider
from qgis.PyQt.QtGui import QIcon

from stillpoint.models import __version__
from stillpoint.plugin.algorithms.assess_scatterers import AssessScatterersAlgorithm
from stillpoint.plugin.algorithms.classify_trends import ClassifyTrendsAlgorithm
from stillpoint.plugin.algorithms.combine_geometries import CombineGeometriesAlgorithm
from stillpoint.plugin.algorithms.describe_stack import DescribeStackAlgorithm
from stillpoint.plugin.algorithms.estimate_series import EstimateSeriesAlgorithm
from stillpoint.plugin.algorithms.models import ModelsAlgorithm
from stillpoint.plugin.algorithms.open_stack import OpenStackAlgorithm
from stillpoint.plugin.algorithms.report import ReportAlgorithm
from stillpoint.plugin.algorithms.run_analysis import RunAnalysisAlgorithm
from stillpoint.plugin.algorithms.select_interferograms import SelectInterferogramsAlgorithm
from stillpoint.plugin.algorithms.select_scatterers import SelectScatterersAlgorithm
from stillpoint.plugin.algorithms.simulate import SimulateAlgorithm
from stillpoint.plugin.algorithms.track_offsets import TrackOffsetsAlgorithm
from stillpoint.plugin.algorithms.train_model import TrainModelAlgorithm

ICON = Path(__file__).resolve().parent / "icons" / "stillpoint.svg"
POINT_EXTENSIONS = ("gpkg", "shp", "csv", "fgb", "parquet")


class StillpointProvider(QgsProcessingProvider):
    """Stillpoint's algorithms in the Processing toolbox."""

    def id(self) -> str:
        """Return the fixed id."""
        return "stillpoint"

    def name(self) -> str:
        """Return the name for people."""
        return "Stillpoint"

    def longName(self) -> str:
        """Return the name with the version."""
        return f"Stillpoint {__version__}"

    def icon(self) -> QIcon:
        """Return the plugin's icon."""
        return QIcon(str(ICON))

    def svgIconPath(self) -> str:
        """Return the icon's file."""
        return str(ICON)

    def loadAlgorithms(self) -> None:
        """Add every algorithm."""
        for algorithm in (
            ClassifyTrendsAlgorithm, OpenStackAlgorithm, DescribeStackAlgorithm, SelectInterferogramsAlgorithm,
            SelectScatterersAlgorithm, AssessScatterersAlgorithm, EstimateSeriesAlgorithm, CombineGeometriesAlgorithm,
            TrackOffsetsAlgorithm, RunAnalysisAlgorithm, SimulateAlgorithm, TrainModelAlgorithm, ModelsAlgorithm, ReportAlgorithm,
        ):
            self.addAlgorithm(algorithm())

    def supportedOutputVectorLayerExtensions(self) -> List[str]:
        """Return the formats of points that the engine writes, the best first."""
        return list(POINT_EXTENSIONS)

    def defaultVectorFileExtension(self, hasGeometry: bool = True) -> str:  # noqa: N803 - QGIS's name
        """Return the format of temporary points."""
        return "gpkg"

    def supportsNonFileBasedOutput(self) -> bool:
        """Return False: the engine writes files, not databases or memory."""
        return False
