"""Reads MintPy's time series (timeseries*.h5): metres, geocoded or in radar geometry.

The data set ``timeseries`` has shape (epochs, rows, columns), ``date`` the days as YYYYMMDD; the attributes of the root
say where it lies. X_FIRST, Y_FIRST are the outer corner of the first pixel. Files in radar geometry are located by
the latitudes and longitudes of the geometry file beside them. See MintPy's docs/api/data_structure.md.
"""

from __future__ import annotations

import os
import re
from dataclasses import replace
from typing import Any, Dict, List, Optional, Tuple

import numpy as np

from stillpoint.models.errors import StillpointError
from stillpoint.models.points.dates import order_dates
from stillpoint.models.points.formats.epochs import days_of, merger
from stillpoint.models.points.formats.hdf5 import open_file, text
from stillpoint.models.points.formats.pixels import (
    COUNTED_BYTES,
    Locate,
    PixelSource,
    count_pixels,
    on_grid,
    sample_pixels,
)
from stillpoint.models.points.places import user_crs
from stillpoint.models.points.sensors import guess_sensor, sensor_of_wavelength
from stillpoint.models.points.table import Attribute, PointLayout
from stillpoint.models.points.units import decide_unit

_GEOMETRY = ("geo_geometryRadar.h5", "geometryGeo.h5", "geometryRadar.h5")
_FOLDERS = ("", "inputs", "geo", "..", os.path.join("..", "inputs"))
_MASKS = ("geo_maskTempCoh.h5", "maskTempCoh.h5")
_IMAGES = {
    "height": _GEOMETRY,
    "incidenceAngle": _GEOMETRY,
    "temporalCoherence": ("geo_temporalCoherence.h5", "temporalCoherence.h5"),
}


def open_mintpy(file: Any, path: str, *, unit: str = "auto", crs: Optional[str] = None) -> PixelSource:
    """Open MintPy's time series.

    Raises
    ------
    StillpointError
        Its dates do not fit its data, or nothing tells where its pixels lie.
    """
    about = {key: text(value) for key, value in file.attrs.items()}
    cube = file["timeseries"]
    calendar = days_of([text(day) for day in file["date"][()]], cube.shape[0], path)
    order, groups, notes = order_dates(calendar)
    distinct = calendar[order] if groups is None else calendar[order][groups]
    shape = cube.shape[1:]
    locate, where, place_notes = _place(about, path, shape, crs)
    mask, mask_notes = _mask(path, shape)
    sample = sample_pixels(cube, mask)[:, order]
    named = about.get("UNIT", "").strip().lower()
    known = (named, "file (attribute UNIT)") if named in ("m", "cm", "mm") else ("m", "format (MintPy)")
    chosen, reason, unit_notes = decide_unit(sample, path, given=unit, known=known)
    sensor, wavelength, sensor_notes = _sensor(about, distinct)
    images = _images(file, path, shape)
    layout = PointLayout(
        path=path, format="MintPy time series", dates=distinct, unit=chosen, unit_reason=reason, crs=where, count=None,
        attributes=(Attribute("row", "integer"), Attribute("col", "integer"), *(Attribute(name, "real") for name in images)),
        wavelength=wavelength, sensor=sensor,
        notes=(*notes, *place_notes, *mask_notes, *unit_notes, *sensor_notes),
    )
    try:
        reference: Optional[Tuple[int, int]] = (int(about["REF_Y"]), int(about["REF_X"]))
    except (KeyError, ValueError):
        reference = None
    source = PixelSource(
        file, layout, cube, merge=merger(groups), order=order, locate=locate, images=images, mask=mask, zero_is_missing=True,
        reference=reference if reference and 0 <= reference[0] < shape[0] and 0 <= reference[1] < shape[1] else None,
    )
    if cube.size * 4 <= COUNTED_BYTES:
        source.layout = replace(layout, count=count_pixels(source))
    return source


def _beside(path: str, names: Tuple[str, ...]) -> List[str]:
    folder = os.path.dirname(os.path.abspath(path))
    found = [os.path.join(folder, sub, name) for name in names for sub in _FOLDERS]
    return [name for name in found if os.path.isfile(name)]


def _image(path: str, dataset: str, shape: Tuple[int, int]) -> Optional[np.ndarray]:
    """Return a data set of another file, or None where it has none of this shape."""
    with open_file(path) as other:
        if dataset in other and other[dataset].shape == shape:
            return other[dataset][()]
    return None


def _place(
    about: Dict[str, str], path: str, shape: Tuple[int, int], given: Optional[str]
) -> Tuple[Locate, str, List[str]]:
    """Return where the pixels lie, the CRS and sentences."""
    try:
        x_first, y_first, x_step, y_step = (float(about[key]) for key in ("X_FIRST", "Y_FIRST", "X_STEP", "Y_STEP"))
    except (KeyError, ValueError):
        return _radar_place(path, shape, given)
    locate = on_grid(x_first, y_first, x_step, y_step, offset=0.5)
    if given:
        return locate, user_crs(given), []
    if about.get("X_UNIT", "").lower().startswith("m") or abs(x_step) >= 1:
        code = about.get("EPSG", "").strip()
        if code.isdigit():
            return locate, user_crs(f"EPSG:{code}"), []
        zone = re.match(r"^\s*(\d{1,2})\s*([NS])", about.get("UTM_ZONE", "").upper())
        if zone:
            return locate, f"EPSG:{(32600 if zone[2] == 'N' else 32700) + int(zone[1])}", []
        return locate, "", [f"{path} is projected but does not name its coordinate reference system: set it."]
    return locate, "EPSG:4326", []


def _radar_place(path: str, shape: Tuple[int, int], given: Optional[str]) -> Tuple[Locate, str, List[str]]:
    for geometry in _beside(path, _GEOMETRY):
        lat, lon = _image(geometry, "latitude", shape), _image(geometry, "longitude", shape)
        if lat is not None and lon is not None:

            def locate(
                row: np.ndarray, col: np.ndarray, lat: np.ndarray = lat, lon: np.ndarray = lon
            ) -> Tuple[np.ndarray, np.ndarray]:
                return lon[row, col].astype(np.float64), lat[row, col].astype(np.float64)

            name = os.path.relpath(geometry, os.path.dirname(os.path.abspath(path)))
            crs = user_crs(given) if given else "EPSG:4326"
            return locate, crs, [f"The pixels are in radar geometry; latitudes and longitudes are taken from {name}."]
    raise StillpointError(
        f"{path} is in radar geometry, and no geometry file of its size with latitudes and longitudes lies beside it: "
        "put inputs/geometryRadar.h5 there, or geocode the series with geocode.py."
    )


def _mask(path: str, shape: Tuple[int, int]) -> Tuple[Optional[np.ndarray], List[str]]:
    for name in _MASKS:
        candidate = os.path.join(os.path.dirname(os.path.abspath(path)), name)
        if os.path.isfile(candidate):
            mask = _image(candidate, "mask", shape)
            if mask is not None:
                return mask.astype(bool), [f"Only the pixels in {name}, MintPy's mask of the reliable ones, are taken."]
    return None, []


def _images(file: Any, path: str, shape: Tuple[int, int]) -> Dict[str, Any]:
    """Return images of the same size, in the file or beside it, that tell something of the points."""
    images: Dict[str, Any] = {}
    for name, files in _IMAGES.items():
        if name in file and file[name].shape == shape:
            images[name] = file[name]
            continue
        for candidate in _beside(path, files):
            image = _image(candidate, name, shape)
            if image is not None:
                images[name] = image
                break
    return images


def _sensor(about: Dict[str, str], dates: np.ndarray) -> Tuple[str, Optional[float], List[str]]:
    try:
        wavelength = float(about["WAVELENGTH"])
    except (KeyError, ValueError):
        return guess_sensor(dates)
    platform = about.get("PLATFORM") or about.get("mission") or ""
    band = sensor_of_wavelength(wavelength)
    return f"{platform} ({band})" if platform and band else platform or band, wavelength, []
