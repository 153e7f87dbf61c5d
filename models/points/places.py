"""Finds the coordinates of points among columns, and the coordinate reference system."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, List, Optional, Sequence, Tuple

import numpy as np
from osgeo import gdal, ogr, osr

from stillpoint.models.errors import StillpointError

osr.UseExceptions()

_LONGITUDE = ("lon", "longitude", "long", "lng", "lambda")
_LATITUDE = ("lat", "latitude", "phi")
_EASTING = ("easting", "east", "x", "xcoord", "coordx", "utmx", "utme", "eastutm", "utmeast", "utmeasting", "xutm", "xmap")
_NORTHING = ("northing", "north", "y", "ycoord", "coordy", "utmy", "utmn", "northutm", "utmnorth", "utmnorthing", "yutm", "ymap")
_EPSG = re.compile(r"epsg[^0-9]{0,3}(\d{4,6})", re.IGNORECASE)
_SIBLINGS = (".gpkg", ".shp", ".geojson", ".fgb", ".json")


@dataclass(frozen=True)
class Place:
    """Which columns are x and y, and in which CRS (empty where unknown)."""

    x: int
    y: int
    crs: str
    notes: Tuple[str, ...] = ()


_FARTHEST = 1e15
"""No coordinate in metres or degrees is larger."""


def placed(dataset: gdal.Dataset) -> Optional[Tuple[float, ...]]:
    """Return the geotransform of ``dataset``; None where it has none, or one that gives pixels no place (not finite, no area)."""
    found = dataset.GetGeoTransform(can_return_null=True)
    if found is None or not all(abs(number) < _FARTHEST for number in found):  # no number is not less either
        return None
    if abs(found[1] * found[5] - found[2] * found[4]) < 1.0 / _FARTHEST:
        return None
    return tuple(found)


def projection_of(dataset: gdal.Dataset) -> str:
    """Return the coordinate reference system of ``dataset`` as WKT; empty where it has none."""
    found = dataset.GetProjection() or ""
    # What is no text comes as bytes or, by later versions, as a text with lone surrogates that GDAL itself refuses.
    return (found if isinstance(found, bytes) else str(found).encode("utf-8", "surrogateescape")).decode("utf-8", "replace")


def vectors_in_memory() -> Any:
    """Return an empty vector data source in memory; its driver has another name since GDAL 3.11."""
    if int(gdal.VersionInfo()) >= 3110000:
        return gdal.GetDriverByName("MEM").Create("", 0, 0, 0, gdal.GDT_Unknown)
    return ogr.GetDriverByName("Memory").CreateDataSource("")


def user_crs(text: str) -> str:
    """Return ``text`` (authority code, WKT, PROJ) as an authority code where it has one, else as WKT.

    Raises
    ------
    StillpointError
        It is no coordinate reference system.
    """
    reference = osr.SpatialReference()
    try:
        reference.SetFromUserInput(text)
    except RuntimeError:
        raise StillpointError(f"{text!r} is no coordinate reference system; write it like EPSG:4326.") from None
    return crs_text(reference)


def crs_text(reference: Optional[osr.SpatialReference]) -> str:
    """Return the authority code of ``reference`` where it has one, else its WKT; empty for None."""
    # GeoPackage has two entries of its own for layers without a system: undefined, Cartesian or geographic.
    if reference is None or (reference.GetName() or "").lower().startswith("undefined "):
        return ""
    name, code = reference.GetAuthorityName(None), reference.GetAuthorityCode(None)
    if name and code:
        return f"{name}:{code}"
    wkt = reference.ExportToWkt(["FORMAT=WKT2_2019"])
    if not wkt or wkt.startswith(("ENGCRS", "LOCAL_CS")):
        return ""
    return wkt


def _plain(name: str) -> str:
    """Return ``name`` in lower case, without units, product prefix and signs."""
    text = re.sub(r"\[[^]]*\]|\([^)]*\)|_?epsg[^0-9]{0,3}\d+", "", name.strip().lower())
    text = re.sub(r"^(?:pnt|point|ps|geo)[_ ]", "", text)
    text = re.sub(r"[_ ]?(?:wgs ?84|deg|degrees|dd|m)$", "", text)
    return re.sub(r"[^a-z]", "", text)


def _find(plain: Sequence[str], wanted: Sequence[str]) -> Optional[int]:
    for name in wanted:
        if name in plain:
            return list(plain).index(name)
    return None


def _within(values: np.ndarray, low: float, high: float) -> bool:
    values = values[np.isfinite(values)]
    return bool(values.size) and bool(np.all((values >= low) & (values <= high)))


def find_place(
    names: Sequence[str], samples: Sequence[np.ndarray], path: str, *, given: Optional[str] = None, projected: str = ""
) -> Place:
    """Find the coordinate columns among ``names``.

    Parameters
    ----------
    names, samples
        Column names, and some values of each as float64 (NaN where no number).
    path
        File, for messages and for the files that lie beside it.
    given
        CRS that the user named.
    projected
        CRS of easting and northing that the format fixes.

    Raises
    ------
    StillpointError
        There are no coordinate columns, or values that cannot be coordinates.
    """
    plain = [_plain(name) for name in names]
    lon, lat = _find(plain, _LONGITUDE), _find(plain, _LATITUDE)
    east, north = _find(plain, _EASTING), _find(plain, _NORTHING)
    degrees = lon is not None and lat is not None
    metres = east is not None and north is not None
    if not degrees and not metres:
        shown = ", ".join(repr(name) for name in list(names)[:12]) + (" ..." if len(names) > 12 else "")
        raise StillpointError(
            f"{path} has no coordinate columns: none of its columns ({shown}) is called lon and lat, easting and northing "
            "or X and Y. Rename them, or open the file as a point layer."
        )
    if given:
        crs = user_crs(given)
        reference = osr.SpatialReference()
        reference.SetFromUserInput(crs)
        geographic = bool(reference.IsGeographic())
        if degrees and (geographic or not metres):
            return Place(lon, lat, crs)  # type: ignore[arg-type]
        return Place(east, north, crs)  # type: ignore[arg-type]
    if metres and projected:
        return Place(east, north, projected)  # type: ignore[arg-type]
    if degrees:
        return _degrees(lon, lat, names, samples, path)  # type: ignore[arg-type]
    return _metres(east, north, names, samples, path)  # type: ignore[arg-type]


def _degrees(lon: int, lat: int, names: Sequence[str], samples: Sequence[np.ndarray], path: str) -> Place:
    x, y = samples[lon], samples[lat]
    if np.isfinite(x).any() and not (_within(x, -180, 360) and _within(y, -90, 90)):
        raise StillpointError(
            f"The columns {names[lon]!r} and {names[lat]!r} of {path} are no longitudes and latitudes in degrees "
            f"(from {np.nanmin(x):g}, {np.nanmin(y):g}); give the CRS that they are in."
        )
    return Place(lon, lat, "EPSG:4326")


def _metres(east: int, north: int, names: Sequence[str], samples: Sequence[np.ndarray], path: str) -> Place:
    x, y = samples[east], samples[north]
    for name in (names[east], names[north]):
        match = _EPSG.search(name)
        if match:
            return Place(east, north, user_crs(f"EPSG:{match[1]}"))
    crs, source = crs_beside(path, x, y)
    if crs:
        return Place(east, north, crs, (f"The coordinate reference system is taken from {source}, which lies beside the file.",))
    if _within(x, -180, 180) and _within(y, -90, 90):
        return Place(
            east, north, "EPSG:4326",
            (f"{names[east]} and {names[north]} look like longitude and latitude, taken for EPSG:4326; "
             "set the CRS if that is wrong.",),
        )
    return Place(
        east, north, "",
        (f"Nothing tells the coordinate reference system of {names[east]} and {names[north]}: "
         "set it to see the points at their place.",),
    )


def crs_beside(path: str, x: np.ndarray, y: np.ndarray) -> Tuple[str, str]:
    """Return the CRS that a file beside ``path`` tells, and the name of that file, or two empty strings.

    Read are Stillpoint's own description, a ``.prj`` file, and a layer of the same name whose extent
    holds most of the sample ``x``, ``y``.
    """
    file = Path(path)
    stem = file.name
    for suffix in (".gz", ".zip", file.with_suffix("").suffix if file.suffix in (".gz", ".zip") else file.suffix):
        stem = stem[: -len(suffix)] if suffix and stem.lower().endswith(suffix.lower()) else stem
    described = file.with_name(f"{stem}.stillpoint.json")
    if described.is_file():
        try:
            crs = json.loads(described.read_text(encoding="utf-8")).get("crs")
            if isinstance(crs, str) and crs:
                return user_crs(crs), described.name
        except (OSError, ValueError, AttributeError, StillpointError):
            pass
    projection = file.with_name(f"{stem}.prj")
    if projection.is_file() and projection.stat().st_size < 100_000:
        try:
            return user_crs(projection.read_text(encoding="utf-8", errors="replace")), projection.name
        except (OSError, StillpointError):
            pass
    for suffix in _SIBLINGS:
        sibling = file.with_name(stem + suffix)
        if sibling.is_file() and sibling != file:
            crs = _crs_of_layer(str(sibling), x, y)
            if crs:
                return crs, sibling.name
    return "", ""


def _crs_of_layer(path: str, x: np.ndarray, y: np.ndarray) -> str:
    inside = np.isfinite(x) & np.isfinite(y)
    if not inside.any():
        return ""
    with quiet_gdal():
        try:
            source = gdal.OpenEx(path, gdal.OF_VECTOR)
        except RuntimeError:
            return ""
        layers: List[ogr.Layer] = [source.GetLayer(i) for i in range(source.GetLayerCount())] if source else []
        for layer in layers:
            try:
                west, east, south, north = layer.GetExtent()
            except RuntimeError:
                continue
            margin = 0.05 * max(east - west, north - south)
            within = (x >= west - margin) & (x <= east + margin) & (y >= south - margin) & (y <= north + margin)
            if within[inside].mean() > 0.9:
                return crs_text(layer.GetSpatialRef())
    return ""


class quiet_gdal:  # noqa: N801 - reads as a statement
    """Keeps GDAL from writing to standard error, and keeps its complaints in ``messages``."""

    def __init__(self) -> None:
        self.messages: List[str] = []
        self.failures: List[str] = []
        self._told = False

    def _collect(self, level: int = gdal.CE_Failure, _number: int = 0, message: str = "in bytes that are no text") -> None:
        # A message that is no UTF-8 comes without arguments and with Python's error of that pending, which would surface
        # anywhere later: an exception that is raised and caught here takes its place.
        try:
            raise UnicodeError
        except (UnicodeError, SystemError):
            self._told = True
        self.messages.append(message)
        if level >= gdal.CE_Failure:
            self.failures.append(message)

    def __enter__(self) -> quiet_gdal:
        gdal.PushErrorHandler(self._collect)
        return self

    def __exit__(self, *_: object) -> None:
        gdal.PopErrorHandler()
