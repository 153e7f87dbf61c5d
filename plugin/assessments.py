"""Layers as input of an assessment of PS masks, and its results as layers."""

from __future__ import annotations

from pathlib import Path
from typing import Any, List, Optional

from qgis.core import (
    QgsMapLayer,
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProcessingUtils,
    QgsProject,
    QgsRasterLayer,
    QgsVectorLayer,
)

from stillpoint.models.errors import StillpointError
from stillpoint.models.jobs import Job, Result
from stillpoint.plugin import provenance
from stillpoint.plugin.language import tr

VECTOR_FORMATS = ["gpkg", "shp", "geojson", "fgb", "kml", "csv", "sqlite", "gml", "tab"]
"""Endings of the vector files that the engine reads as they are; others are written for it."""

RASTERS = {"density": "PS per km²", "rindex": "R-index"}
"""Rasters among the outputs, and what their layers are called."""


def source_of(
    layer: QgsMapLayer, context: Optional[QgsProcessingContext] = None, feedback: Optional[QgsProcessingFeedback] = None
) -> str:
    """Return where the engine finds a layer's data; layers without a file, or with a filter, are written to one.

    To be called on the layer's thread.

    Raises
    ------
    StillpointError
        The layer cannot be handed to the engine.
    """
    if isinstance(layer, QgsRasterLayer):
        if layer.providerType() != "gdal":
            raise StillpointError(tr("The layer {name} is no file; save it as a GeoTIFF first.").format(name=layer.name()))
        return str(layer.source())
    if not isinstance(layer, QgsVectorLayer) or not layer.isValid():
        raise StillpointError(tr(
            "The layer {name} is neither a raster nor a vector layer that can be read."
        ).format(name=layer.name()))
    path, name = QgsProcessingUtils.convertToCompatibleFormatAndLayerName(
        layer, False, "assessed", VECTOR_FORMATS, "gpkg", context or QgsProcessingContext(), feedback or QgsProcessingFeedback()
    )
    if not path:
        raise StillpointError(tr("The layer {name} could not be written for the engine.").format(name=layer.name()))
    return f"{path}|layername={name}" if name else str(path)


def add_results(result: Result, *, job: Optional[Job] = None, iface: Any = None) -> List[QgsMapLayer]:
    """Add the rasters of an assessment to the project; the density map brings its style with it.

    The layers keep what ``job`` asked where it is given.

    Raises
    ------
    StillpointError
        A raster that the job wrote cannot be opened.
    """
    added: List[QgsMapLayer] = []
    for key, name in RASTERS.items():
        path = result.outputs.get(key)
        if not path:
            continue
        layer = QgsRasterLayer(path, f"{name} ({Path(path).stem})")
        if not layer.isValid():
            raise StillpointError(tr("QGIS cannot open {path} as a layer.").format(path=path))
        if job is not None:
            provenance.write(layer, job, result)
        project = QgsProject.instance()
        project.addMapLayer(layer, False)
        project.layerTreeRoot().insertLayer(0, layer)  # else it would join the selection that is active
        added.append(layer)
    if added and iface is not None:
        iface.setActiveLayer(added[0])
    return added
