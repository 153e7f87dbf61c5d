"""Offsets along a line: what a raster of offsets says in every cell that the line crosses."""

from __future__ import annotations

import csv
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Dict, List, Optional, Sequence, Tuple

import numpy as np
from osgeo import gdal
from qgis.core import QgsCoordinateReferenceSystem, QgsDistanceArea, QgsGeometry, QgsPointXY, QgsProject, QgsUnitTypes

from stillpoint.models.errors import StillpointError
from stillpoint.plugin import stacks
from stillpoint.plugin.language import tr
from stillpoint.plugin.offsets import COMPONENTS, OffsetFacts, Pair

MOST = 800
"""Places along a line at most."""

MAGNITUDE, ALONG, ACROSS = "magnitude", "along", "across"

TITLES: Dict[str, str] = {**COMPONENTS, MAGNITUDE: "Magnitude", ALONG: "Along the line", ACROSS: "Across, to the right"}
"""What can be shown, for people."""


@dataclass(frozen=True)
class Profile:
    """Offsets along a line, each array of shape (n,); NaN where nothing was measured.

    Attributes
    ----------
    distance
        From the start of the line, in ``distance_unit`` ("m", or "px" of the images where there are no coordinates).
    x, y
        Places in the coordinates of the raster.
    values, errors
        By component and by ``magnitude``, ``along`` and ``across``; errors are standard errors.
    peak
        Height of the correlation.
    unit
        Of values and errors.
    pair
        Whose offsets they are.
    """

    distance: np.ndarray
    x: np.ndarray
    y: np.ndarray
    values: Dict[str, np.ndarray]
    errors: Dict[str, np.ndarray]
    peak: np.ndarray
    unit: str
    distance_unit: str
    pair: Pair

    @property
    def measured(self) -> int:
        """Places with an offset."""
        return int(np.isfinite(self.values[MAGNITUDE]).sum())


def profile_along(facts: OffsetFacts, pair: Pair, line: QgsGeometry, *, ellipsoid: str = "WGS84") -> Profile:
    """Return the offsets along a line.

    Parameters
    ----------
    facts, pair
        The raster, and the pair whose bands are read.
    line
        In the coordinates of the raster. Components along and across count from its start to its end, across is positive to the
        right.
    ellipsoid
        For distances.

    Raises
    ------
    StillpointError
        The line has no length, or does not touch the raster.
    """
    gt = facts.geotransform
    cell = float(np.sqrt(abs(gt[1] * gt[5] - gt[2] * gt[4]))) or 1.0
    length = line.length()
    if not length > 0:
        raise StillpointError(tr("The line has no length: click at least two different places."))
    count = int(min(np.ceil(length / cell - 1e-9) + 1, MOST))
    stations = np.linspace(0.0, length, count)
    places = np.array([_xy(line, station) for station in stations])
    ahead = np.array([_xy(line, min(station + 0.01 * cell, length)) for station in stations])
    behind = np.array([_xy(line, max(station - 0.01 * cell, 0.0)) for station in stations])
    inverse = np.linalg.inv(np.array([[gt[1], gt[2]], [gt[4], gt[5]]]))
    cells = (places - [gt[0], gt[3]]) @ inverse.T  # columns and rows; the middle of the first cell is at 0.5
    inside = ((cells >= 0) & (cells < facts.shape[::-1])).all(axis=1)
    if not inside.any():
        raise StillpointError(tr(
            "The line does not touch {stem}. Draw it across the offsets."
        ).format(stem=Path(facts.path).stem))
    numbers = [*pair.offsets, *pair.errors, pair.peak]
    bands = np.full((5, count), np.nan)
    source = stacks.opened(facts.path)
    for position, number in enumerate(numbers):
        if not number:
            continue
        band = source.GetRasterBand(number)
        for index in np.flatnonzero(inside):
            bands[position, index] = _value(band, float(cells[index, 0]), float(cells[index, 1]), facts.shape)
    area, unit = _measure(facts, ellipsoid)
    points = [QgsPointXY(*place) for place in places]
    steps = [area.measureLine(first, second) if area else first.distance(second) for first, second in zip(points, points[1:])]
    heading = ahead - behind
    if area is not None and _in_degrees(facts):
        heading[:, 0] *= np.cos(np.radians(places[:, 1]))
    heading /= np.maximum(np.hypot(*heading.T), 1e-30)[:, None]
    values, errors = _quantities(facts.axes(pair), bands, heading.T, pair)
    return Profile(
        np.cumsum([0.0, *steps]), places[:, 0], places[:, 1], values, errors, bands[4], facts.unit, unit, pair
    )


def _xy(line: QgsGeometry, distance: float) -> Tuple[float, float]:
    point = line.interpolate(distance).asPoint()
    return point.x(), point.y()


def _value(band: gdal.Band, column: float, row: float, shape: Tuple[int, int]) -> float:
    """Return the value of a band between its cells: linear where all around are measured, else that of the cell itself."""
    left = min(max(int(np.floor(column - 0.5)), 0), max(shape[1] - 2, 0))
    top = min(max(int(np.floor(row - 0.5)), 0), max(shape[0] - 2, 0))
    block = band.ReadAsArray(left, top, min(2, shape[1]), min(2, shape[0])).astype(np.float64)
    own = float(block[min(int(row) - top, block.shape[0] - 1), min(int(column) - left, block.shape[1] - 1)])
    if block.shape != (2, 2) or not np.isfinite(block).all():
        return own
    across, down = min(max(column - 0.5 - left, 0.0), 1.0), min(max(row - 0.5 - top, 0.0), 1.0)
    return float(np.array([1 - down, down]) @ block @ np.array([1 - across, across]))


def _quantities(
    axes: np.ndarray, bands: np.ndarray, heading: np.ndarray, pair: Pair
) -> Tuple[Dict[str, np.ndarray], Dict[str, np.ndarray]]:
    """Return values and standard errors of all that can be shown; errors of the components are taken as independent."""
    d, sigma = bands[:2], bands[2:4]
    right = np.stack([heading[1], -heading[0]])
    size = np.hypot(*d)
    with np.errstate(invalid="ignore", divide="ignore"):
        weights = {
            pair.kinds[0]: np.array([[1.0], [0.0]]) + 0 * d, pair.kinds[1]: np.array([[0.0], [1.0]]) + 0 * d,
            MAGNITUDE: d / size, ALONG: axes.T @ heading, ACROSS: axes.T @ right,
        }  # fmt: skip
        values = {name: (weight * d).sum(axis=0) for name, weight in weights.items()}
        errors = {name: np.hypot(*(weight * sigma)) for name, weight in weights.items()}
    values[MAGNITUDE] = size
    still = size == 0
    errors[MAGNITUDE] = np.where(still, np.hypot(*sigma) / np.sqrt(2), errors[MAGNITUDE])
    return values, errors


def _crs(facts: OffsetFacts) -> QgsCoordinateReferenceSystem:
    return QgsCoordinateReferenceSystem.fromWkt(facts.projection) if facts.projection else QgsCoordinateReferenceSystem()


def _in_degrees(facts: OffsetFacts) -> bool:
    return bool(_crs(facts).mapUnits() == QgsUnitTypes.DistanceUnit.DistanceDegrees)


def _measure(facts: OffsetFacts, ellipsoid: str) -> Tuple[Optional[QgsDistanceArea], str]:
    """Return what measures metres, None where the raster has no coordinates and lengths are pixels of the images."""
    crs = _crs(facts)
    if not crs.isValid():
        return None, "px"
    area = QgsDistanceArea()
    area.setSourceCrs(crs, QgsProject.instance().transformContext())
    area.setEllipsoid(ellipsoid)
    return area, "m"


def save_csv(path: str, profiles: Sequence[Profile]) -> str:
    """Write profiles as a table, a row a place, and return its path; raises StillpointError where that is not possible."""
    goal = Path(path)
    if goal.suffix.lower() != ".csv":
        goal = goal.with_name(f"{goal.name}.csv")
    part = goal.with_name(f".{goal.stem}.part.csv")
    try:
        with part.open("w", newline="", encoding="utf-8") as stream:
            writer = csv.writer(stream)
            names = list(profiles[0].values)
            unit, far = profiles[0].unit.replace("/", "_per_"), profiles[0].distance_unit
            head = ["reference_date", "secondary_date", f"distance_{far}", "x", "y"]
            writer.writerow([*head, *(f"{name}{kind}_{unit}" for name in names for kind in ("", "_error")), "peak"])
            for profile in profiles:
                for index in range(len(profile.distance)):
                    writer.writerow(_row(profile, index, names))
        os.replace(part, goal)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise StillpointError(tr(
            "The profile {goal} cannot be written: {strerror}. Choose another folder."
        ).format(goal=goal, strerror=error.strerror or error)) from None
    return str(goal)


def _row(profile: Profile, index: int, names: Sequence[str]) -> List[str]:
    dates = [str(date) if date else "" for date in profile.pair.dates]
    numbers = [profile.distance[index], profile.x[index], profile.y[index]]
    numbers += [table[name][index] for name in names for table in (profile.values, profile.errors)]
    return [*dates, *("" if not np.isfinite(value) else f"{value:.10g}" for value in [*numbers, profile.peak[index]])]
