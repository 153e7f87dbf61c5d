"""MintPy: ``ifgramStack.h5`` and ``slcStack.h5`` (MiaplPy)."""

from __future__ import annotations

from pathlib import Path
from typing import Dict, List, Optional, Tuple

import numpy as np

from stillpoint.models.errors import StillpointError
from stillpoint.models.rasters.bands import number_of
from stillpoint.models.rasters.files import Files
from stillpoint.models.rasters.formats.base import Reader
from stillpoint.models.rasters.formats.hdf5 import attributes, hdf5_files, layers_of, opened, text, wkt_of
from stillpoint.models.rasters.names import days_in
from stillpoint.models.rasters.product import NO_TRANSFORM, Layer, Product, with_baseline

_DATASETS = {"wrapPhase": "phase", "unwrapPhase": "unwrapped", "coherence": "coherence", "slc": "complex", "magnitude": "amplitude",
             "amplitude": "amplitude"}


class MintpyReader(Reader):
    """Stacks as MintPy and MiaplPy load them."""

    name = "mintpy"
    title = "MintPy"

    def claims(self, files: Files) -> bool:
        """Whether an HDF5 file has images and a table of dates."""
        return any(_is_stack(path) for path in hdf5_files(files))

    def read(self, files: Files) -> Product:
        """Return the images of all stacks, those that MintPy dropped left out."""
        layers: List[Layer] = []
        notes: List[str] = []
        told: Dict[str, str] = {}
        for path in filter(_is_stack, hdf5_files(files)):
            with opened(path) as file:
                told = {**attributes(file), **told}
                place, projection = _place(attributes(file))
                days, keep, baselines = _table(path, file)
                if not keep.all():
                    dropped = int((~keep).sum())
                    notes.append(f"{dropped} of {len(keep)} interferograms are marked as dropped in {path.name} and left out.")
                for name, quantity in _DATASETS.items():
                    if name not in file or file[name].ndim != 3:
                        continue
                    if len(file[name]) != len(days):
                        raise StillpointError(f"{name} in {path} has {len(file[name])} images, but there are {len(days)} dates: "
                                              "the file is incomplete.")
                    nodata = 0.0 if quantity in ("phase", "unwrapped") else None
                    found = layers_of(
                        path, name, file[name], quantity, days, geotransform=place, projection=projection, nodata=nodata
                    )
                    layers += [with_baseline(layer, metres) for layer, kept, metres in zip(found, keep, baselines) if kept]
        incidence = number_of(told.get("CENTER_INCIDENCE_ANGLE")) or number_of(told.get("INCIDENCE_ANGLE"))
        return Product(
            self.name, tuple(layers), number_of(told.get("WAVELENGTH")), incidence, number_of(told.get("HEADING")),
            _spacing(told), "reference-secondary", (), tuple(dict.fromkeys(notes)),
        )


def _is_stack(path: Path) -> bool:
    try:
        with opened(path) as file:
            return "date" in file and any(name in file and getattr(file[name], "ndim", 0) == 3 for name in _DATASETS)
    except StillpointError:
        if path.name.lower() in ("ifgramstack.h5", "slcstack.h5"):
            raise
        return False


def _table(path: Path, file) -> Tuple[List[tuple], np.ndarray, List[Optional[float]]]:
    """Return the dates of each image, whether it is kept, and its perpendicular baseline."""
    rows = np.asarray(file["date"][()]).reshape(len(file["date"]), -1)
    days = []
    for row in rows:
        found = [day for cell in row for day in days_in(text(cell))]
        if len(found) != len(row):
            raise StillpointError(f"The table of dates in {path} holds {' '.join(text(cell) for cell in row)!r}, which is no date.")
        days.append(tuple(found))
    keep = np.asarray(file["dropIfgram"][()], bool) if "dropIfgram" in file else np.ones(len(days), bool)
    baselines = [float(value) for value in file["bperp"][()]] if "bperp" in file else [None] * len(days)
    return days, keep, [value if value is not None and np.isfinite(value) else None for value in baselines]


def _place(told: Dict[str, str]) -> Tuple[Tuple[float, ...], str]:
    """Return geotransform and WKT where the stack is geocoded; the origin is the corner of the first pixel."""
    numbers = [number_of(told.get(key)) for key in ("X_FIRST", "X_STEP", "Y_FIRST", "Y_STEP")]
    if None in numbers:
        return NO_TRANSFORM, ""
    x, dx, y, dy = numbers
    code = told.get("EPSG") or ("4326" if told.get("Y_UNIT", "degrees").lower().startswith("deg") else "")
    return (x, dx, 0.0, y, 0.0, dy), wkt_of(code) if code else ""  # type: ignore[return-value]


def _spacing(told: Dict[str, str]) -> Optional[Tuple[float, float]]:
    """Return metres on the ground between pixels in radar geometry: looks are counted in the pixel sizes already."""
    if "X_FIRST" in told:
        return None
    azimuth, slant = number_of(told.get("AZIMUTH_PIXEL_SIZE")), number_of(told.get("RANGE_PIXEL_SIZE"))
    incidence = number_of(told.get("CENTER_INCIDENCE_ANGLE")) or number_of(told.get("INCIDENCE_ANGLE"))
    if not azimuth or not slant:
        return None
    return azimuth, slant / np.sin(np.radians(incidence)) if incidence else slant
