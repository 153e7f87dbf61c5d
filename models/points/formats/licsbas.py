"""Reads LiCSBAS's cumulative displacements (cum.h5, cum_filt.h5): millimetres, positive where the range decreases.

``cum`` has shape (epochs, rows, columns), ``imdates`` the days as whole numbers YYYYMMDD; ``corner_lat``, ``corner_lon`` are the
centre of the first pixel, ``post_lat``, ``post_lon`` the spacing. The mask of step 15 lies beside the file in results/mask.
"""

from __future__ import annotations

import os
from dataclasses import replace
from typing import Any, Dict, List, Optional, Tuple

import numpy as np

from stillpoint.models.errors import StillpointError
from stillpoint.models.points.dates import order_dates
from stillpoint.models.points.formats.epochs import days_of, merger
from stillpoint.models.points.formats.pixels import (
    COUNTED_BYTES,
    PixelSource,
    count_pixels,
    on_grid,
    sample_pixels,
)
from stillpoint.models.points.places import user_crs
from stillpoint.models.points.sensors import SENTINEL_1, guess_sensor
from stillpoint.models.points.table import Attribute, PointLayout
from stillpoint.models.points.units import decide_unit

_IMAGES = ("vel", "hgt", "coh_avg", "resid_rms", "n_unw", "n_gap", "n_ifg_noloop", "n_loop_err", "maxTlen")


def open_licsbas(file: Any, path: str, *, unit: str = "auto", crs: Optional[str] = None) -> PixelSource:
    """Open LiCSBAS's cumulative displacements.

    Raises
    ------
    StillpointError
        Its dates do not fit its data, or it is not geocoded.
    """
    cube = file["cum"]
    if cube.ndim != 3:
        raise StillpointError(f"{path} is damaged: its data set 'cum' has {cube.ndim} dimensions instead of 3.")
    calendar = days_of([str(int(day)) for day in file["imdates"][()]], cube.shape[0], path)
    order, groups, notes = order_dates(calendar)
    distinct = calendar[order] if groups is None else calendar[order][groups]
    try:
        corner = [float(file[name][()]) for name in ("corner_lon", "corner_lat", "post_lon", "post_lat")]
    except KeyError:
        raise StillpointError(
            f"{path} is not geocoded (it has no corner_lat): nothing tells where its pixels lie. Use a geocoded LiCSBAS result."
        ) from None
    shape = cube.shape[1:]
    mask, mask_notes = _mask(file, path, shape)
    sample = sample_pixels(cube, mask)[:, order]
    chosen, reason, unit_notes = decide_unit(sample, path, given=unit, known=("mm", "format (LiCSBAS)"))
    sensor, wavelength, sensor_notes = _sensor(path, distinct)
    images: Dict[str, Any] = {name: file[name] for name in _IMAGES if name in file and file[name].shape == shape}
    layout = PointLayout(
        path=path, format="LiCSBAS time series", dates=distinct, unit=chosen, unit_reason=reason,
        crs=user_crs(crs) if crs else "EPSG:4326", count=None,
        attributes=(Attribute("row", "integer"), Attribute("col", "integer"), *(Attribute(name, "real") for name in images)),
        wavelength=wavelength, sensor=sensor, notes=(*notes, *mask_notes, *unit_notes, *sensor_notes),
    )
    source = PixelSource(
        file, layout, cube, merge=merger(groups), order=order, locate=on_grid(*corner, offset=0.0), images=images, mask=mask,
        zero_is_missing=False,
    )
    if cube.size * 4 <= COUNTED_BYTES:
        source.layout = replace(layout, count=count_pixels(source))
    return source


def _mask(file: Any, path: str, shape: Tuple[int, int]) -> Tuple[Optional[np.ndarray], List[str]]:
    if "mask" in file and file["mask"].shape == shape:
        values, name = file["mask"][()], "its data set mask"
    else:
        beside = os.path.join(os.path.dirname(os.path.abspath(path)), "results", "mask")
        if not os.path.isfile(beside) or os.path.getsize(beside) != 4 * shape[0] * shape[1]:
            return None, []
        values, name = np.fromfile(beside, dtype="<f4").reshape(shape), "results/mask"
    mask = np.nan_to_num(values.astype(np.float32)) > 0
    return mask, [f"Only the pixels that LiCSBAS kept ({name}) are taken."]


def _sensor(path: str, dates: np.ndarray) -> Tuple[str, Optional[float], List[str]]:
    """Read the wavelength from LiCSBAS's list of parameters, else take Sentinel-1's, which LiCSAR processes."""
    parameters = os.path.join(os.path.dirname(os.path.abspath(path)), "info", "13parameters.txt")
    if os.path.isfile(parameters):
        try:
            with open(parameters, encoding="utf-8", errors="replace") as lines:
                for line in lines:
                    key, _, value = line.partition(":")
                    if key.strip() == "wavelength":
                        wavelength = float(value)
                        return ("L band" if wavelength > 0.2 else "C band"), wavelength, []
        except (OSError, ValueError):
            pass
    sensor, guessed, notes = guess_sensor(dates)
    if guessed is None:
        return "Sentinel-1 (C band)", round(SENTINEL_1, 5), ["LiCSBAS works on Sentinel-1 (C band): its wavelength is assumed."]
    return sensor, guessed, notes
