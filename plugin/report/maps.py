"""Which maps a report shows: what lies on them, their extent, whose data lie below."""

from __future__ import annotations

import re
from typing import Dict, Iterable, List, Optional, Sequence, Tuple

from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsCsException,
    QgsMapLayer,
    QgsPointXY,
    QgsProject,
    QgsRasterLayer,
    QgsRectangle,
    QgsReferencedRectangle,
    QgsVectorLayer,
    QgsWkbTypes,
)

from stillpoint.plugin import provenance
from stillpoint.plugin.report.content import Badge, Map

MOST = 9
"""Maps of a report at most."""

_KNOWN: Dict[str, str] = {
    "openstreetmap.org": "© OpenStreetMap contributors",
    "opentopomap.org": "© OpenStreetMap contributors, SRTM; © OpenTopoMap (CC-BY-SA)",
    "google.com": "© Google",
    "arcgisonline.com": "© Esri and its sources",
    "virtualearth.net": "© Microsoft",
    "cartocdn.com": "© OpenStreetMap contributors, © CARTO",
    "stamen": "© Stamen Design, © OpenStreetMap contributors",
    "basemap.de": "© basemap.de / BKG",
    "mapbox.com": "© Mapbox, © OpenStreetMap contributors",
    "eox.at": "© EOX, Sentinel-2 cloudless",
}
"""Whose tiles they are, by a part of the address, for layers that do not say so themselves."""


def background_of(project: QgsProject, chosen: Sequence[QgsMapLayer]) -> List[QgsMapLayer]:
    """Return what the project shows that is neither chosen nor a result of Stillpoint, from the top down."""
    found = []
    for node in project.layerTreeRoot().findLayers():
        layer = node.layer()
        if layer is None or not layer.isValid() or layer in chosen or not node.isVisible() or not layer.isSpatial():
            continue
        if provenance.kept(layer) is None or not (provenance.kept(layer) or provenance.Provenance()).job:
            found.append(layer)
    order = project.layerTreeRoot().layerOrder()
    return sorted(found, key=lambda layer: order.index(layer) if layer in order else len(order))


def attribution_of(layers: Iterable[QgsMapLayer]) -> str:
    """Return whose data a map shows, once each."""
    said: Dict[str, None] = {}
    for layer in layers:
        text = "; ".join(right for right in layer.metadata().rights() if right)
        if not text:
            server = layer.serverProperties() if hasattr(layer, "serverProperties") else layer
            text = server.attribution() if hasattr(server, "attribution") else ""
        if not text:
            source = layer.source().lower()
            text = next((whose for part, whose in _KNOWN.items() if part in source), "")
        text = re.sub(r"<[^>]+>", "", text).strip()
        if text:
            said.setdefault(text)
    return "; ".join(said)


def extent_of(
    layers: Sequence[QgsMapLayer], wanted: Optional[QgsReferencedRectangle], project: QgsProject
) -> Tuple[QgsRectangle, QgsCoordinateReferenceSystem]:
    """Return what a map of ``layers`` shows, and in which coordinates.

    The wanted extent where it holds something of them; else all of them, with a margin.
    """
    crs = (
        project.crs()
        if project.crs().isValid()
        else next((layer.crs() for layer in layers if layer.crs().isValid()), project.crs())
    )
    if not all(layer.crs().isValid() for layer in layers):
        crs = QgsCoordinateReferenceSystem()  # rows and columns of radar geometry
    whole = QgsRectangle()
    for layer in layers:
        part = _in(layer.extent(), layer.crs(), crs, project)
        if part is not None and not part.isNull() and part.isFinite():
            whole.combineExtentWith(part) if not whole.isNull() else whole.set(
                part.xMinimum(), part.yMinimum(), part.xMaximum(), part.yMaximum()
            )
    if wanted is not None and not wanted.isEmpty():
        seen = _in(QgsRectangle(wanted), wanted.crs(), crs, project)
        if seen is not None and not seen.isEmpty() and (whole.isNull() or seen.intersects(whole)):
            return seen, crs
    if whole.isNull() or not whole.isFinite():
        whole = QgsRectangle(0.0, 0.0, 1.0, 1.0)
    if whole.width() <= 0 or whole.height() <= 0:
        whole.grow(max(whole.width(), whole.height(), 0.01 if crs.isGeographic() else 100.0) / 2)
    whole.scale(1.08)
    return whole, crs


def _in(
    extent: QgsRectangle, crs: QgsCoordinateReferenceSystem, target: QgsCoordinateReferenceSystem, project: QgsProject
) -> Optional[QgsRectangle]:
    if not crs.isValid() or not target.isValid() or crs == target:
        return QgsRectangle(extent)
    try:
        return QgsCoordinateTransform(crs, target, project).transformBoundingBox(extent)
    except QgsCsException:
        return None


def metric(
    crs: QgsCoordinateReferenceSystem, extent: QgsRectangle, project: QgsProject
) -> Tuple[QgsRectangle, QgsCoordinateReferenceSystem]:
    """Return extent and coordinates in which a small area of geographic coordinates is not squeezed: those of its UTM zone."""
    if not crs.isValid() or not crs.isGeographic() or extent.width() > 6 or extent.yMaximum() > 80 or extent.yMinimum() < -80:
        return extent, crs
    centre = QgsCoordinateTransform(crs, QgsCoordinateReferenceSystem("EPSG:4326"), project).transform(extent.center())
    zone = int((centre.x() + 180) // 6) % 60 + 1
    utm = QgsCoordinateReferenceSystem(f"EPSG:{(32600 if centre.y() >= 0 else 32700) + zone}")
    moved = _in(extent, crs, utm, project)
    return (moved, utm) if moved is not None and utm.isValid() else (extent, crs)


def maps_of(
    chosen: Sequence[QgsMapLayer],
    *,
    project: QgsProject,
    wanted: Optional[QgsReferencedRectangle],
    badges: Sequence[Tuple[QgsVectorLayer, QgsPointXY, str]] = (),
) -> List[Map]:
    """Return the maps of a report: one for each chosen raster or layer of points, over what the project shows beside results.

    Arrows and other lines among the chosen layers lie on the first raster of their coordinates; they need no map of their own.
    """
    spatial = [layer for layer in chosen if layer.isSpatial() and layer.isValid() and not is_empty(layer)]
    over = [layer for layer in spatial if _is_overlay(layer)]
    main = [layer for layer in spatial if layer not in over] or over
    over = [layer for layer in over if layer not in main]
    below = background_of(project, spatial)
    found: List[Map] = []
    for layer in main[:MOST]:
        mine = [item for item in over if item.crs() == layer.crs()] if isinstance(layer, QgsRasterLayer) else []
        under = [item for item in below if item.crs().isValid() == layer.crs().isValid()]
        extent, crs = extent_of([layer], wanted, project)
        if wanted is None or not project.crs().isValid():
            extent, crs = metric(crs, extent, project)
        marks = _badges([item for item in badges if item[0] is layer], crs, project)
        found.append(Map(
            (*mine, layer, *under), (*mine, layer), extent, crs, title=layer.name(), attribution=attribution_of(under),
            badges=marks, big=not found,
        ))  # fmt: skip
    return found


def is_empty(layer: QgsMapLayer) -> bool:
    """Tell whether a layer shows nothing, so that a map of it would be blank."""
    return isinstance(layer, QgsVectorLayer) and layer.featureCount() == 0


def _is_overlay(layer: QgsMapLayer) -> bool:
    if not isinstance(layer, QgsVectorLayer):
        return False
    return layer.customProperty("stillpoint/offsets") == "arrows" or layer.geometryType() != QgsWkbTypes.GeometryType.PointGeometry


def _badges(
    marks: Sequence[Tuple[QgsVectorLayer, QgsPointXY, str]], crs: QgsCoordinateReferenceSystem, project: QgsProject
) -> Tuple[Badge, ...]:
    found = []
    for number, (layer, place, colour) in enumerate(marks, start=1):
        if layer.crs().isValid() and crs.isValid() and layer.crs() != crs:
            try:
                place = QgsCoordinateTransform(layer.crs(), crs, project).transform(place)
            except QgsCsException:
                continue
        found.append(Badge(number, place.x(), place.y(), colour))
    return tuple(found)
