"""Names that moved between QGIS 3.22 and 4.x, each in one place."""

from __future__ import annotations

from typing import Any

from qgis.core import (
    Qgis,
    QgsMapLayerProxyModel,
    QgsMapLayerType,
    QgsProcessing,
    QgsProcessingAlgorithm,
    QgsProcessingParameterDefinition,
    QgsProcessingParameterFile,
    QgsProcessingParameterNumber,
    QgsTemporalNavigationObject,
    QgsUnitTypes,
)


def _pick(new: str, old: Any, old_name: str) -> Any:
    """Return ``Qgis.<new>`` where this QGIS has it, else the attribute ``old_name`` of ``old``."""
    found: Any = Qgis
    for part in new.split("."):
        found = getattr(found, part, None)
        if found is None:
            return getattr(old, old_name)
    return found


ANIMATED = _pick("TemporalNavigationMode.Animated", QgsTemporalNavigationObject.NavigationMode, "Animated")
DAYS = _pick("TemporalUnit.Days", QgsUnitTypes.TemporalUnit, "TemporalDays")
ADVANCED = _pick("ProcessingParameterFlag.Advanced", QgsProcessingParameterDefinition, "FlagAdvanced")
DOUBLE = _pick("ProcessingNumberParameterType.Double", QgsProcessingParameterNumber, "Double")
INTEGER = _pick("ProcessingNumberParameterType.Integer", QgsProcessingParameterNumber, "Integer")
FILE = _pick("ProcessingFileParameterBehavior.File", QgsProcessingParameterFile, "File")
FOLDER = _pick("ProcessingFileParameterBehavior.Folder", QgsProcessingParameterFile, "Folder")
NO_THREADING = _pick("ProcessingAlgorithmFlag.NoThreading", QgsProcessingAlgorithm, "FlagNoThreading")
FILES = _pick("ProcessingSourceType.File", QgsProcessing, "TypeFile")
MAP_LAYERS = _pick("ProcessingSourceType.MapLayer", QgsProcessing, "TypeMapLayer")
VECTOR = _pick("ProcessingSourceType.Vector", QgsProcessing, "TypeVector")
VECTOR_POINT = _pick("ProcessingSourceType.VectorPoint", QgsProcessing, "TypeVectorPoint")
POINT_LAYERS = _pick("LayerFilter.PointLayer", QgsMapLayerProxyModel, "PointLayer") | _pick(
    "LayerFilter.NoGeometry", QgsMapLayerProxyModel, "NoGeometry"
)
POLYGON_LAYERS = _pick("LayerFilter.PolygonLayer", QgsMapLayerProxyModel, "PolygonLayer")
RASTER_LAYERS = _pick("LayerFilter.RasterLayer", QgsMapLayerProxyModel, "RasterLayer")
RASTER_TYPE = _pick("LayerType.Raster", QgsMapLayerType, "RasterLayer")
VECTOR_TYPE = _pick("LayerType.Vector", QgsMapLayerType, "VectorLayer")
