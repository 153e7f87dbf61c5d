"""Where points of several tracks meet: one map system in metres, cells of a grid, nearest points."""

from __future__ import annotations

from dataclasses import dataclass
from typing import List, Sequence, Tuple

import numpy as np
from osgeo import osr
from scipy.spatial import cKDTree

from stillpoint.models.errors import StillpointError
from stillpoint.models.points.places import user_crs

osr.UseExceptions()


@dataclass(frozen=True)
class Members:
    """Which points of one track belong to which target.

    Attributes
    ----------
    points
        Indices of the points that are needed, int64 of shape (p,), in the order in which they are kept.
    slots
        Positions in ``points`` of the members of target 0, then of target 1 ..., int64.
    starts
        Where those of each target begin in ``slots``, int64 of shape (targets + 1,).
    """

    points: np.ndarray
    slots: np.ndarray
    starts: np.ndarray

    @property
    def counts(self) -> np.ndarray:
        """Number of members of each target."""
        return np.diff(self.starts)


def metric_crs(crs: str, x: np.ndarray, y: np.ndarray) -> str:
    """Return ``crs`` where its unit is the metre and it is true to distance, else the UTM zone (or polar map) of the points.

    Parameters
    ----------
    crs
        Authority code or WKT.
    x, y
        Coordinates in it.
    """
    reference = _reference(crs)
    if reference.IsProjected() and abs(reference.GetLinearUnits() - 1.0) < 1e-6 and "mercator" not in _method(reference):
        return crs
    middle = np.array([np.nanmedian(x)]), np.array([np.nanmedian(y)])
    longitude, latitude = (float(values[0]) for values in transformed(*middle, crs, "EPSG:4326"))
    if abs(latitude) > 84.0:
        return "EPSG:3413" if latitude > 0 else "EPSG:3031"
    zone = int(np.floor((longitude + 180.0) / 6.0)) % 60 + 1
    return f"EPSG:{(32600 if latitude >= 0 else 32700) + zone}"


def _method(reference: osr.SpatialReference) -> str:
    method = (reference.GetAttrValue("PROJECTION") or "").lower()
    return "" if "transverse" in method else method


def _reference(crs: str) -> osr.SpatialReference:
    reference = osr.SpatialReference()
    reference.SetFromUserInput(user_crs(crs))
    reference.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
    return reference


def transformed(x: np.ndarray, y: np.ndarray, source: str, target: str) -> Tuple[np.ndarray, np.ndarray]:
    """Return coordinates in another system; NaN where they have none there."""
    if source == target:
        return x, y
    change = osr.CoordinateTransformation(_reference(source), _reference(target))
    found = np.full((len(x), 2), np.nan)
    located = np.isfinite(x) & np.isfinite(y)
    if located.any():
        try:
            made = change.TransformPoints(np.column_stack([x[located], y[located]]).tolist())
        except RuntimeError as error:
            raise StillpointError(f"The coordinates cannot be brought from {source} to {target}: {error}.") from None
        found[located] = np.asarray(made, np.float64)[:, :2]
    found[~np.isfinite(found).all(axis=1)] = np.nan
    return found[:, 0], found[:, 1]


def in_cells(places: Sequence[Tuple[np.ndarray, np.ndarray]], spacing: float) -> Tuple[np.ndarray, np.ndarray, List[Members]]:
    """Gather points in the cells of a grid whose lines are multiples of ``spacing``.

    Parameters
    ----------
    places
        x and y of each track, metres; NaN for points to leave out.
    spacing
        Side of a cell, metres.

    Returns
    -------
    x, y, members
        Centres of the cells in which at least two tracks have points, and which points lie in them.
    """
    keys = []
    for x, y in places:
        located = np.isfinite(x) & np.isfinite(y)
        column, row = (np.floor(np.where(located, values, 0.0) / spacing).astype(np.int64) for values in (x, y))
        keys.append(np.where(located, (column << 32) + (row + (1 << 31)), np.int64(-(1 << 62))))
    distinct = [np.unique(key[key != -(1 << 62)]) for key in keys]
    every, seen = np.unique(np.concatenate(distinct), return_counts=True)
    cells = every[seen >= 2]
    members = []
    for key in keys:
        order = np.argsort(key, kind="stable")
        first, last = np.searchsorted(key[order], cells, "left"), np.searchsorted(key[order], cells, "right")
        starts = np.concatenate([[0], np.cumsum(last - first)]).astype(np.int64)
        at = np.arange(starts[-1]) - np.repeat(starts[:-1], last - first) + np.repeat(first, last - first)
        members.append(Members(order[at], np.arange(starts[-1], dtype=np.int64), starts))
    column = cells >> 32
    row = (cells & ((1 << 32) - 1)) - (1 << 31)
    return (column + 0.5) * spacing, (row + 0.5) * spacing, members


def at_points(places: Sequence[Tuple[np.ndarray, np.ndarray]], distance: float) -> Tuple[np.ndarray, np.ndarray, List[Members]]:
    """Take each point of the first track with the nearest point of every other one within ``distance`` metres.

    Returns
    -------
    x, y, members
        The points of the first track that have a neighbour in another, and which points those are.
    """
    x, y = places[0]
    first = np.flatnonzero(np.isfinite(x) & np.isfinite(y))
    spots = np.column_stack([x[first], y[first]])
    nearest = [first]
    for x, y in places[1:]:
        located = np.flatnonzero(np.isfinite(x) & np.isfinite(y))
        found = np.full(len(first), -1, np.int64)
        if len(located) and len(first):
            away, index = cKDTree(np.column_stack([x[located], y[located]])).query(spots, distance_upper_bound=distance)
            near = np.isfinite(away)
            found[near] = located[index[near]]
        nearest.append(found)
    has = np.stack(nearest) >= 0
    kept = np.flatnonzero(has.sum(axis=0) >= 2)
    members = []
    for found in nearest:
        chosen = found[kept]
        points, slots = np.unique(chosen[chosen >= 0], return_inverse=True)
        starts = np.concatenate([[0], np.cumsum(chosen >= 0)]).astype(np.int64)
        members.append(Members(points, np.asarray(slots, np.int64), starts))
    return spots[kept, 0], spots[kept, 1], members
