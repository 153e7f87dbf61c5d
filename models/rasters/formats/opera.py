"""OPERA CSLC-S1: geocoded complex bursts of Sentinel-1 in HDF5, one file a date."""

from __future__ import annotations

from pathlib import Path
from typing import Dict, List, Optional, Tuple

import numpy as np

from stillpoint.models.errors import StillpointError
from stillpoint.models.points.sensors import SENTINEL_1
from stillpoint.models.rasters.bands import number_of
from stillpoint.models.rasters.files import Files
from stillpoint.models.rasters.formats.base import Reader
from stillpoint.models.rasters.formats.hdf5 import hdf5_files, layers_of, opened, text, wkt_of
from stillpoint.models.rasters.names import days_in
from stillpoint.models.rasters.product import NO_TRANSFORM, Layer, Product

_POLARISATIONS = ("VV", "HH", "VH", "HV")
_BURST = "identification/burst_id"
_START = "identification/zero_doppler_start_time"
_WAVELENGTH = "metadata/processing_information/input_burst_metadata/wavelength"


class OperaReader(Reader):
    """Co-registered single-look complex bursts (CSLC-S1)."""

    name = "opera-cslc"
    title = "OPERA CSLC-S1"

    def claims(self, files: Files) -> bool:
        """Whether an HDF5 file has ``/data/VV`` (or another polarisation) with coordinates."""
        return any(_polarisation(path) for path in hdf5_files(files))

    def read(self, files: Files) -> Product:
        """Return one complex image a file; all must be of one burst."""
        layers: List[Layer] = []
        bursts: Dict[str, Path] = {}
        wavelength: Optional[float] = None
        for path in hdf5_files(files):
            name = _polarisation(path)
            if not name:
                continue
            with opened(path) as file:
                burst = text(file[_BURST][()]) if _BURST in file else ""
                bursts.setdefault(burst, path)
                # The second time in the name is that of processing, so the first counts.
                days = days_in(text(file[_START][()])) if _START in file else days_in(path.stem)
                if not days:
                    raise StillpointError(f"{path} tells no date, neither in {_START} nor in its name.")
                if _WAVELENGTH in file:
                    wavelength = number_of(text(file[_WAVELENGTH][()]))
                place, projection = _place(file)
                layers += layers_of(path, f"data/{name}", file[f"data/{name}"], "complex", [(days[0],)],
                                    geotransform=place, projection=projection)
        if len(bursts) > 1:
            shown = ", ".join(f"{burst} ({path.name})" for burst, path in list(bursts.items())[:3])
            raise StillpointError(
                f"{files.name} holds {len(bursts)} bursts: {shown}. A stack is of one burst; name the files of one of them."
            )
        return Product(self.name, tuple(layers), wavelength or SENTINEL_1, notes=(
            "OPERA's files tell no perpendicular baselines; they are left unknown.",))


def _polarisation(path: Path) -> str:
    try:
        with opened(path) as file:
            return next((name for name in _POLARISATIONS if f"data/{name}" in file), "")
    except StillpointError:
        if "CSLC" in path.name.upper():
            raise
        return ""


def _place(file) -> Tuple[Tuple[float, ...], str]:
    """Return geotransform and WKT; the coordinates are those of the middles of pixels."""
    data = file["data"]
    if "x_coordinates" not in data or "y_coordinates" not in data:
        return NO_TRANSFORM, ""
    x, y = np.asarray(data["x_coordinates"][:2], float), np.asarray(data["y_coordinates"][:2], float)
    if len(x) < 2 or len(y) < 2:
        return NO_TRANSFORM, ""
    dx, dy = x[1] - x[0], y[1] - y[0]
    code = text(data["projection"][()]) if "projection" in data else ""
    if "projection" in data and not number_of(code):
        code = text(data["projection"].attrs.get("epsg_code", ""))
    return (float(x[0] - dx / 2), float(dx), 0.0, float(y[0] - dy / 2), 0.0, float(dy)), wkt_of(code) if code else ""
