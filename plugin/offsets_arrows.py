"""Arrows of a raster of offsets: points with their vectors in a GeoPackage, drawn so that they thin out and shrink with the map.

QGIS draws vectors of meshes, but knows none in a GeoTIFF; values of a raster read while drawing are neither quick nor safe in
the threads that draw. So the vectors are written once, each with the coarsest of the grids of 2, 4, 8 ... cells that it belongs
to: a map that shows much of them draws a coarse grid, and no two arrows ever lie on each other.
"""

from __future__ import annotations

import math
import uuid
from pathlib import Path
from typing import Callable, List, Optional, Tuple

import numpy as np
from osgeo import ogr, osr
from qgis.core import (
    QgsArrowSymbolLayer,
    QgsCoordinateReferenceSystem,
    QgsFillSymbol,
    QgsGeometryGeneratorSymbolLayer,
    QgsLineSymbol,
    QgsMarkerSymbol,
    QgsProperty,
    QgsRuleBasedRenderer,
    QgsSymbol,
    QgsSymbolLayer,
    QgsUnitTypes,
    QgsVectorLayer,
)

from stillpoint.models.errors import Cancelled, StillpointError
from stillpoint.plugin import stacks
from stillpoint.plugin.language import tr
from stillpoint.plugin.offsets import OffsetFacts, Pair

MOST = 60_000
"""Arrows of a pair at most: of a larger grid the finest levels are left out."""

LEVELS = 12

APART = 4.2
"""Millimetres between arrows at least, once a coarser grid is there to be drawn."""

SHORTEST, LONGEST = 8.0, 18.0
"""Millimetres that the arrow of the largest motion has at least and at most."""

CLIPPED = 1.5
"""Arrows are drawn at most so many times as long as that of the largest motion of the legend."""

INK, HALO = "#111418", "#ffffff"

_SCREEN = 230.0
"""Millimetres that a map without scale is taken to be wide."""


def write_arrows(
    facts: OffsetFacts, path: str, *, report: Callable[[float, str], None] = lambda fraction, message: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> str:
    """Write the vectors of all pairs, a layer ``pair_1``, ``pair_2`` ... each, into a GeoPackage, and return its path.

    Fields: ``dx``, ``dy`` the vector along the map's x and y in the unit of the offsets; ``magnitude``, ``error`` (the standard
    error along the vector), ``peak``, ``azimuth`` (degrees clockwise from the map's y), ``level`` (see above).

    Raises
    ------
    StillpointError
        The file cannot be written.
    Cancelled
        ``cancelled`` returned True.
    """
    goal = Path(path)
    part = goal.with_name(f".{goal.stem}.{uuid.uuid4().hex[:8]}.partial.gpkg")
    try:
        _write(facts, part, report, cancelled)
        part.replace(goal)
    except (OSError, RuntimeError) as error:
        raise StillpointError(tr(
            "The arrows {goal} cannot be written: {error}. Choose another folder."
        ).format(goal=goal, error=error)) from None
    finally:
        for left in goal.parent.glob(f"{part.name}*"):
            left.unlink()
    return str(goal)


def _write(facts: OffsetFacts, path: Path, report: Callable[[float, str], None], cancelled: Callable[[], bool]) -> None:
    made = ogr.GetDriverByName("GPKG").CreateDataSource(str(path))
    if made is None:
        raise OSError("the folder cannot be written to")
    reference = None
    if facts.projection:
        reference = osr.SpatialReference()
        reference.ImportFromWkt(facts.projection)
        reference.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
    for number, pair in enumerate(facts.pairs):
        layer = made.CreateLayer(f"pair_{number + 1}", reference, ogr.wkbPoint)
        for name in ("dx", "dy", "magnitude", "error", "peak", "azimuth"):
            layer.CreateField(ogr.FieldDefn(name, ogr.OFTReal))
        layer.CreateField(ogr.FieldDefn("level", ogr.OFTInteger))
        table = vectors(facts, pair)
        definition = layer.GetLayerDefn()
        layer.StartTransaction()
        for index, row in enumerate(table.tolist()):
            if index % 2000 == 0:
                if cancelled():
                    raise Cancelled()
                report((number + index / max(len(table), 1)) / len(facts.pairs), "Writing arrows")
            feature = ogr.Feature(definition)
            for field, value in enumerate(row[2:8]):
                if math.isfinite(value):
                    feature.SetField(field, value)
            feature.SetField(6, int(row[8]))
            point = ogr.Geometry(ogr.wkbPoint)
            point.SetPoint_2D(0, row[0], row[1])
            feature.SetGeometryDirectly(point)
            layer.CreateFeature(feature)
        layer.CommitTransaction()
    del layer, made  # writes what is left


def vectors(facts: OffsetFacts, pair: Pair, *, most: int = MOST) -> np.ndarray:
    """Return the measured vectors of a pair, float64 [n, 9]: x, y, dx, dy, magnitude, error, peak, azimuth, level."""
    rows, columns = facts.shape
    finest = 0
    while rows * columns / 4**finest > most:
        finest += 1
    step = 2**finest
    # The grid of level n holds every 2**n-th row and column from the middle of the first block of that size.
    first = step // 2
    source = stacks.opened(facts.path)
    lines = range(min(first, rows - 1), rows, step)
    numbers = [*pair.offsets, *pair.errors, pair.peak]
    values = np.full((5, len(lines), len(range(min(first, columns - 1), columns, step))), np.nan)
    for position, number in enumerate(numbers):
        if not number:
            continue
        band = source.GetRasterBand(number)
        for index, line in enumerate(lines):
            values[position, index] = band.ReadAsArray(0, line, columns, 1)[0, min(first, columns - 1) :: step]
    i, j = np.meshgrid(np.arange(values.shape[1]), np.arange(values.shape[2]), indexing="ij")
    level = np.minimum(_level(i), _level(j)) + finest
    row, column = i * step + min(first, rows - 1) + 0.5, j * step + min(first, columns - 1) + 0.5
    gt = facts.geotransform
    x, y = gt[0] + column * gt[1] + row * gt[2], gt[3] + column * gt[4] + row * gt[5]
    d = values[:2]
    axes = facts.axes(pair)
    on_map = np.einsum("ab,bij->aij", axes, d)
    magnitude = np.hypot(*d)
    with np.errstate(invalid="ignore", divide="ignore"):
        error = np.hypot(d[0] * values[2], d[1] * values[3]) / magnitude
    azimuth = np.degrees(np.arctan2(on_map[0], on_map[1])) % 360
    good = np.isfinite(magnitude)
    return np.stack([item[good] for item in (x, y, *on_map, magnitude, error, values[4], azimuth, level)], axis=1)


def _level(index: np.ndarray) -> np.ndarray:
    """Return the largest n for which ``index`` is a member of the grid of level n.

    Each grid is every second of the finer one, from its second member: 1, 3, 5 ..., then 3, 7, 11 ..., then 7, 15, 23 ...
    """
    level = np.zeros(index.shape, int)
    for n in range(1, LEVELS + 1):
        level[index % 2**n == 2**n - 1] = n
    return level


def units_a_mm(facts: OffsetFacts) -> str:
    """Return the expression for the layer's units that a millimetre of the map shows."""
    crs = QgsCoordinateReferenceSystem.fromWkt(facts.projection) if facts.projection else QgsCoordinateReferenceSystem()
    if not crs.isValid():
        return f"(@map_extent_width / {_SCREEN:g})"
    if crs.mapUnits() == QgsUnitTypes.DistanceUnit.DistanceDegrees:
        return f"(@map_scale / {1000 * 111_320.0:.1f})"
    metres = QgsUnitTypes.fromUnitToUnitFactor(crs.mapUnits(), QgsUnitTypes.DistanceUnit.DistanceMeters)
    return f"(@map_scale / {1000 * metres:.9g})"


def renderer(facts: OffsetFacts, pair: Pair, largest: float) -> QgsRuleBasedRenderer:
    """Return the renderer of a pair's arrows; ``largest`` is the motion of the longest arrow in the unit of the offsets."""
    cell, mm = _cell(facts), units_a_mm(facts)
    coarsest = min(LEVELS, int(math.log2(min(facts.shape) + 1)))  # of a coarser one nothing would be left
    level = f"max(0, min({coarsest}, ceil(ln({APART:g} * {mm} / {cell:.9g}) / ln(2))))"
    apart = f"({cell:.9g} * 2 ^ {level} / {mm})"  # mm between the arrows that are drawn
    longest = f"max({SHORTEST:g}, min({LONGEST:g}, {apart}))"
    # Outliers must not shoot across the map.
    reach = f'({longest} * {mm} / {largest:.9g} * min(1, {CLIPPED:g} * {largest:.9g} / "magnitude"))'
    line = f"make_line($geometry, make_point($x + \"dx\" * {reach} * {_squeeze(facts)}, $y + \"dy\" * {reach}))"
    length = f'(min("magnitude", {CLIPPED * largest:.9g}) / {largest:.9g} * {longest})'

    root = QgsRuleBasedRenderer.Rule(None)
    shown = QgsRuleBasedRenderer.Rule(_symbol(line, length))
    shown.setLabel(f"Longest: {largest:g} {facts.unit}")
    shown.setFilterExpression(
        f'"level" >= {level} AND "magnitude" >= {0.08 * largest:.6g} AND ("error" IS NULL OR "magnitude" >= 2 * "error")'
    )
    root.appendChild(shown)
    return QgsRuleBasedRenderer(root)


def _cell(facts: OffsetFacts) -> float:
    """Return the side of a cell in units of the coordinates."""
    gt = facts.geotransform
    return math.sqrt(abs(gt[1] * gt[5] - gt[2] * gt[4])) or 1.0


def _squeeze(facts: OffsetFacts) -> str:
    """Return the factor of x that keeps directions right in degrees, which are narrower away from the equator."""
    crs = QgsCoordinateReferenceSystem.fromWkt(facts.projection) if facts.projection else QgsCoordinateReferenceSystem()
    if crs.isValid() and crs.mapUnits() == QgsUnitTypes.DistanceUnit.DistanceDegrees:
        return "(1 / max(0.05, cos(radians($y))))"
    return "1"


def _symbol(line: str, length: str) -> QgsMarkerSymbol:
    """Return a marker that draws ``line`` as an arrow; its head shrinks with ``length`` in mm."""
    arrow = QgsArrowSymbolLayer.create({})
    arrow.setIsCurved(False)
    arrow.setIsRepeated(False)
    for setter, value in (
        (arrow.setArrowWidth, 0.6), (arrow.setArrowStartWidth, 0.25), (arrow.setHeadLength, 2.6), (arrow.setHeadThickness, 1.3),
    ):  # fmt: skip
        setter(value)
    # A head that is longer than its arrow is drawn across the map.
    for name, most, share in (
        ("ArrowHeadLength", 2.6, 0.5), ("ArrowHeadThickness", 1.3, 0.26),
        ("ArrowWidth", 0.6, 0.14), ("ArrowStartWidth", 0.25, 0.06),
    ):  # fmt: skip
        expression = QgsProperty.fromExpression(f"min({most}, {share} * {length})")
        arrow.setDataDefinedProperty(_property(name), expression)
    fill = QgsFillSymbol.createSimple(
        {"color": INK, "outline_color": HALO, "outline_width": "0.18", "outline_width_unit": "MM", "joinstyle": "round"}
    )
    arrow.setSubSymbol(fill)
    drawn = QgsLineSymbol()
    drawn.changeSymbolLayer(0, arrow)
    generator = QgsGeometryGeneratorSymbolLayer.create({"geometryModifier": line})
    generator.setSymbolType(_line_type())
    generator.setSubSymbol(drawn)
    symbol = QgsMarkerSymbol()
    symbol.changeSymbolLayer(0, generator)
    return symbol


def _property(name: str) -> object:
    """Return a property of symbol layers, whose names lost their first word in later versions of QGIS."""
    kinds = QgsSymbolLayer.Property
    return getattr(kinds, f"Property{name}", None) or getattr(kinds, name)


def _line_type() -> object:
    from qgis.core import Qgis

    kinds = getattr(Qgis, "SymbolType", None)
    return kinds.Line if kinds is not None else QgsSymbol.SymbolType.Line


def open_arrows(path: str, number: int, name: str) -> Optional[QgsVectorLayer]:
    """Return the arrows of the pair ``number`` (from 1) as a layer; None where the file cannot be opened."""
    layer = QgsVectorLayer(f"{path}|layername=pair_{number}", name, "ogr")
    return layer if layer.isValid() else None


FIELDS: List[Tuple[str, str]] = [
    ("dx", "Along the map's x"), ("dy", "Along the map's y"), ("magnitude", "Magnitude"), ("error", "Standard error"),
    ("peak", "Correlation peak (0 to 1)"), ("azimuth", "Direction (degrees clockwise from the map's y)"),
    ("level", "Coarsest grid of arrows that it belongs to"),
]  # fmt: skip
"""Fields, and what they are for people."""
