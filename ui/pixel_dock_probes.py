"""Which selections of the project can be asked about a pixel, and where."""

from __future__ import annotations

from typing import Any, Dict, List

from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsCsException,
    QgsFeatureRequest,
    QgsGeometry,
    QgsPointXY,
    QgsProject,
    QgsVectorLayer,
)

from stillpoint.plugin import scatterer_facts, scatterers, stacks
from stillpoint.plugin.pixel import Probe


def moved(point: QgsPointXY, canvas: Any, crs: QgsCoordinateReferenceSystem) -> QgsPointXY:
    """Return a position on the canvas in other coordinates; raises QgsCsException where there is none."""
    here = canvas.mapSettings().destinationCrs()
    if not here.isValid() or not crs.isValid() or here == crs:
        return QgsPointXY(point)
    return QgsCoordinateTransform(here, crs, QgsProject.instance()).transform(point)


def probes_at(point: QgsPointXY, canvas: Any, corners: List[QgsPointXY], crs: QgsCoordinateReferenceSystem) -> List[Probe]:
    """Return the selections of the project that reach a position on the canvas.

    Parameters
    ----------
    point
        The position, in the canvas's coordinates.
    canvas
        The map that was clicked.
    corners, crs
        Corners of the stack's pixel there, and their coordinates.
    """
    found = []
    for layer in scatterers.probability_layers():
        path = stacks.path_of(layer)
        try:
            where = moved(point, canvas, layer.crs())
        except QgsCsException:
            continue
        if not layer.extent().contains(where):
            continue
        probe = Probe(scatterers.title_of(layer), scatterers.threshold_of(layer), path, where={path: where})
        for noise in scatterers.companions(layer, scatterers.NOISE):
            probe.noise = stacks.path_of(noise)
            probe.where[probe.noise] = where
        own = scatterer_facts.written_threshold(layer)
        if own is not None and abs(probe.threshold - own) < 1e-6:  # at another threshold the mask says nothing
            for mask in scatterers.companions(layer, scatterers.MASK):
                if mask.customProperty(scatterers.THRESHOLD) is None:
                    probe.mask = stacks.path_of(mask)
                    probe.where[probe.mask] = where
        for points in scatterers.companions(layer, scatterers.POINTS):
            if isinstance(points, QgsVectorLayer):
                probe.point = _fields_at(points, corners, crs)
        found.append(probe)
    return found


def _fields_at(points: QgsVectorLayer, corners: List[QgsPointXY], crs: QgsCoordinateReferenceSystem) -> Dict[str, float]:
    """Return the numbers of the point inside a pixel, whose corners are given; empty where there is none."""
    shape = QgsGeometry.fromPolygonXY([[*corners, corners[0]]])
    if points.crs().isValid() and crs.isValid() and points.crs() != crs:
        shape.transform(QgsCoordinateTransform(crs, points.crs(), QgsProject.instance()))
    for feature in points.getFeatures(QgsFeatureRequest(shape.boundingBox())):
        if shape.intersects(feature.geometry()):
            names = [name for name in ("gamma", "amp_disp", "noise_rad") if points.fields().lookupField(name) >= 0]
            return {name: float(feature[name]) for name in names if isinstance(feature[name], (int, float))}
    return {}
