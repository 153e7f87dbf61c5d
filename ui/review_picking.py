"""The item under a click on the map."""

from __future__ import annotations

from typing import Any, Optional

import numpy as np
from qgis.core import QgsCoordinateTransform, QgsCsException, QgsMapLayer, QgsPointXY, QgsProject

from stillpoint.models.errors import StillpointError
from stillpoint.plugin import stacks
from stillpoint.plugin.review import PIXELS, Item
from stillpoint.plugin.review_sources import Source
from stillpoint.plugin.series import SeriesReader


def item_at(
    layer: QgsMapLayer, source: Source, reader: Optional[SeriesReader], point: QgsPointXY, canvas: Any, reach: int
) -> Optional[Item]:
    """Return the point nearest to a position on the canvas within ``reach`` pixels of the screen, or the pixel there."""
    here = canvas.mapSettings().destinationCrs()
    try:
        transform = QgsCoordinateTransform(here, layer.crs(), QgsProject.instance())
        at = transform.transform(point)
        if source.kind == PIXELS:
            return _pixel_at(stacks.path_of(layer), at, source.threshold)
        if reader is None:
            return None
        edge = transform.transform(QgsPointXY(point.x() + reach * canvas.mapUnitsPerPixel(), point.y()))
        found = reader.nearest(at, max(at.distance(edge), 1e-9))
    except (QgsCsException, StillpointError):
        return None
    return None if found is None else Item("", found.point.x(), found.point.y(), fid=found.fid)


def _pixel_at(path: str, at: QgsPointXY, threshold: float) -> Optional[Item]:
    reader = stacks.PixelReader(path)
    place = reader.pixel_of(at)
    if place is None:
        return None
    probability = float(reader.values(*place).values[0])
    if not np.isfinite(probability):
        return None
    corners = reader.corners_of(*place)
    x, y = (corners[0].x() + corners[2].x()) / 2, (corners[0].y() + corners[2].y()) / 2
    return Item(f"{place[0]},{place[1]}", x, y, int(np.float32(probability) >= np.float32(threshold)), probability)
