"""One reference for several tracks: what the ground that does not move shows at each date is taken off."""

from __future__ import annotations

from typing import List, Optional, Sequence, Tuple

import numpy as np
from osgeo import gdal, ogr

from stillpoint.models.errors import StillpointError
from stillpoint.models.points.places import crs_text, quiet_gdal
from stillpoint.models.series.combine_places import transformed
from stillpoint.models.series.combine_tracks import Track

STILL = 1.5
"""mm/yr by which the velocity of a stable cell may differ from the typical one of each track."""

LEAST = 10
"""Stable cells that a reference needs."""

_MOST = 20_000


def stable_cells(
    tracks: Sequence[Track], x: np.ndarray, y: np.ndarray, crs: str, polygons: Optional[str]
) -> Tuple[np.ndarray, str]:
    """Return the indices of the cells that do not move, and how they were found.

    Parameters
    ----------
    tracks
        The tracks, with their cells.
    x, y, crs
        Where the cells lie.
    polygons
        Vector file of stable ground; None takes the cells whose velocity is close to the typical one in every track.

    Raises
    ------
    StillpointError
        The polygons cannot be read, or there are too few stable cells.
    """
    seen = np.all([np.isfinite(track.noise.velocity) for track in tracks], axis=0)
    if polygons:
        found = np.flatnonzero(inside(polygons, x, y, crs) & seen)
        if len(found) < LEAST:
            raise StillpointError(
                f"Only {len(found)} cells that every track sees lie in the polygons of {polygons}; a reference needs {LEAST}. Draw "
                "larger ones, or choose a wider spacing."
            )
        return found, f"inside {polygons}"
    still = seen.copy()
    for track in tracks:
        velocity = track.noise.velocity
        typical = np.median(velocity[seen]) if seen.any() else 0.0
        with np.errstate(invalid="ignore"):
            still &= np.abs(velocity - typical) <= STILL
    found = np.flatnonzero(still)
    if len(found) < LEAST:
        raise StillpointError(
            f"Only {len(found)} cells move by less than {STILL:g} mm/yr from the typical velocity in every track; a reference "
            f"needs {LEAST}. Give polygons of stable ground, or leave the reference as it is."
        )
    return found, f"within {STILL:g} mm/yr of the typical velocity in every track"


def refer(track: Track, stable: np.ndarray) -> None:
    """Subtract from all cells of ``track``, date by date, the median of the stable ones."""
    chosen = stable if len(stable) <= _MOST else np.sort(np.random.default_rng(0).choice(stable, _MOST, replace=False))
    sample = np.asarray(track.cells[chosen])
    some = np.isfinite(sample).any(axis=0)
    shift = np.full(sample.shape[1], np.nan, np.float32)
    shift[some] = np.nanmedian(sample[:, some], axis=0)
    for start in range(0, len(track.cells), 8192):
        track.cells[start : start + 8192] -= shift
    typical = float(np.median(track.noise.velocity[chosen]))
    np.subtract(track.noise.velocity, typical, out=track.noise.velocity)


def inside(path: str, x: np.ndarray, y: np.ndarray, crs: str) -> np.ndarray:
    """Return which positions lie in the polygons of a vector file, bool of the shape of ``x``.

    Raises
    ------
    StillpointError
        It cannot be read, or holds no polygons.
    """
    file, _, rest = path.partition("|")
    name = rest.partition("layername=")[2].partition("|")[0]
    with quiet_gdal():
        try:
            source = gdal.OpenEx(file, gdal.OF_VECTOR)
        except RuntimeError:
            source = None
        layer = (source.GetLayerByName(name) if name else source.GetLayer(0)) if source is not None else None
        if layer is None:
            raise StillpointError(f"The polygons of stable ground {path} cannot be opened; choose a vector file of polygons.")
        own = crs_text(layer.GetSpatialRef()) or crs
        shapes: List[ogr.Geometry] = [item.GetGeometryRef().Clone() for item in layer if item.GetGeometryRef() is not None]
    shapes = [shape for shape in shapes if ogr.GT_Flatten(shape.GetGeometryType()) in (ogr.wkbPolygon, ogr.wkbMultiPolygon)]
    if not shapes:
        raise StillpointError(f"{path} holds no polygons; choose a layer that outlines the stable ground.")
    there_x, there_y = transformed(x, y, crs, own)
    found = np.zeros(len(x), bool)
    for shape in shapes:
        west, east, south, north = shape.GetEnvelope()
        prepared = shape.CreatePreparedGeometry()
        near = np.flatnonzero((there_x >= west) & (there_x <= east) & (there_y >= south) & (there_y <= north) & ~found)
        for index in near:
            point = ogr.Geometry(ogr.wkbPoint)
            point.AddPoint_2D(float(there_x[index]), float(there_y[index]))
            found[index] = prepared.Contains(point)
    return found


