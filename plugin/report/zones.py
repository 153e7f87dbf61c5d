"""What lies in each zone of a polygon layer: how many points, of which classes, how fast, how dense."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Callable, Dict, List, Optional, Tuple

from qgis.core import (
    QgsCoordinateTransform,
    QgsCsException,
    QgsDistanceArea,
    QgsFeature,
    QgsFeatureRequest,
    QgsGeometry,
    QgsProject,
    QgsSpatialIndex,
    QgsVectorLayer,
    QgsWkbTypes,
)

from stillpoint.models.errors import Cancelled, StillpointError
from stillpoint.plugin.facts import Counts
from stillpoint.plugin.language import tr

OUTSIDE = None
"""Stands for the name of what lies in no zone."""


@dataclass
class Zone:
    """What lies in the polygons of one name.

    Attributes
    ----------
    name
        The name; None for what lies in no zone.
    area
        km²; 0 where the coordinates do not tell it.
    count
        Points inside.
    classes
        Points by class code (None: not classified).
    velocities
        Sum and number of the velocities, mm/yr.
    """

    name: Optional[str]
    area: float = 0.0
    count: int = 0
    classes: Counts = field(default_factory=dict)
    velocities: Tuple[float, int] = (0.0, 0)

    @property
    def mean(self) -> Optional[float]:
        """Mean velocity, mm/yr; None without any."""
        total, number = self.velocities
        return total / number if number else None

    @property
    def density(self) -> Optional[float]:
        """Points per km²; None where the area is unknown."""
        return self.count / self.area if self.area > 0 else None

    def add(self, code: Optional[int], velocity: Optional[float]) -> None:
        """Count one point."""
        self.count += 1
        self.classes[code] = self.classes.get(code, 0) + 1
        if velocity is not None:
            self.velocities = self.velocities[0] + velocity, self.velocities[1] + 1


def name_field(layer: QgsVectorLayer) -> str:
    """Return the first field of texts, else the first field; empty where there are none."""
    fields = list(layer.fields())
    texts = [item.name() for item in fields if item.typeName().lower() in ("string", "text")]
    return (texts or [item.name() for item in fields] or [""])[0]


def zones_of(
    points: QgsVectorLayer,
    polygons: QgsVectorLayer,
    field_name: str = "",
    *,
    project: Optional[QgsProject] = None,
    cancelled: Callable[[], bool] = lambda: False,
) -> List[Zone]:
    """Count the points of a layer by the zones of another.

    Parameters
    ----------
    points
        Points, with trend classes (``trend_code``) and velocities (``velocity``, mm/yr) where they have some.
    polygons
        The zones; polygons of one name are one zone, and a point in zones that overlap counts in each.
    field_name
        Field of their names; empty takes the first field of texts.
    project
        For the transform of coordinates; None takes the open one.
    cancelled
        Asked from time to time.

    Returns
    -------
    list of Zone
        By name, and what lies in no zone last where there is any.

    Raises
    ------
    StillpointError
        The layer holds no polygons, has no such field, or its coordinates do not fit those of the points.
    """
    if polygons.geometryType() != QgsWkbTypes.GeometryType.PolygonGeometry:
        raise StillpointError(tr("{name} holds no polygons: choose a layer of zones.").format(name=polygons.name()))
    field_name = field_name or name_field(polygons)
    at = polygons.fields().lookupField(field_name)
    if at < 0:
        raise StillpointError(tr("The zones {name} have no field {field}.").format(name=polygons.name(), field=field_name or "?"))
    found, shapes = _polygons(points, polygons, at, QgsProject.instance() if project is None else project)
    index = QgsSpatialIndex()
    engines = {}
    for key, (_, geometry) in shapes.items():
        feature = QgsFeature(key)
        feature.setGeometry(geometry)
        index.addFeature(feature)
        engines[key] = QgsGeometry.createGeometryEngine(geometry.constGet())
        engines[key].prepareGeometry()
    outside = Zone(OUTSIDE)
    code_at, velocity_at = (points.fields().lookupField(name) for name in ("trend_code", "velocity"))
    request = QgsFeatureRequest()
    request.setSubsetOfAttributes([place for place in (code_at, velocity_at) if place >= 0])
    for number, feature in enumerate(points.getFeatures(request)):
        if number % 5000 == 0 and cancelled():
            raise Cancelled()
        geometry = feature.geometry()
        if geometry.isNull():
            continue
        code = _code(feature.attribute(code_at)) if code_at >= 0 else None
        velocity = _number(feature.attribute(velocity_at)) if velocity_at >= 0 else None
        inside = {
            shapes[key][0] for key in index.intersects(geometry.boundingBox()) if engines[key].intersects(geometry.constGet())
        }
        for name in inside:
            found[name].add(code, velocity)
        if not inside:
            outside.add(code, velocity)
    zones = [found[name] for name in sorted(found, key=_in_order)]
    return [*zones, outside] if outside.count else zones


def _in_order(name: str) -> List[Tuple[int, str]]:
    """Return what sorts names as people do: without regard to capitals, and 2 before 10."""
    return [(int(part), "") if part.isdigit() else (-1, part.casefold()) for part in re.split(r"(\d+)", name) if part]


def _polygons(
    points: QgsVectorLayer, polygons: QgsVectorLayer, at: int, project: QgsProject
) -> Tuple[Dict[str, Zone], Dict[int, Tuple[str, QgsGeometry]]]:
    """Return the zones by name, and name and shape (in the points' coordinates) of every polygon."""
    transform = None
    if points.crs().isValid() and polygons.crs().isValid() and points.crs() != polygons.crs():
        transform = QgsCoordinateTransform(polygons.crs(), points.crs(), project)
    measure = QgsDistanceArea()
    known = polygons.crs().isValid()
    if known:
        measure.setSourceCrs(polygons.crs(), project.transformContext())
        measure.setEllipsoid(polygons.crs().ellipsoidAcronym() or "WGS84")
    found: Dict[str, Zone] = {}
    shapes: Dict[int, Tuple[str, QgsGeometry]] = {}
    for key, feature in enumerate(polygons.getFeatures()):
        geometry = feature.geometry()
        if geometry.isNull() or geometry.isEmpty():
            continue
        name = (
            str(feature.attribute(at))
            if feature.attribute(at) not in (None, "") and str(feature.attribute(at)) != "NULL"
            else tr("(no name)")
        )
        zone = found.setdefault(name, Zone(name))
        if known:
            zone.area += measure.measureArea(geometry) / 1e6
        if transform is not None:
            try:
                geometry.transform(transform)
            except QgsCsException:
                raise StillpointError(
                    tr("The zones {name} cannot be brought to the coordinates of the points.").format(name=polygons.name())
                ) from None
        shapes[key] = name, geometry
    if not shapes:
        raise StillpointError(tr("The zones {name} hold no polygons.").format(name=polygons.name()))
    return found, shapes


def _code(value: object) -> Optional[int]:
    try:
        return int(value)  # type: ignore[call-overload, no-any-return]
    except (TypeError, ValueError):
        return None


def _number(value: object) -> Optional[float]:
    try:
        found = float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return None
    return found if found == found else None
