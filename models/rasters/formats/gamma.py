"""GAMMA: raw big-endian images beside parameter files."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Dict, List, Optional, Tuple

from osgeo import gdal

from stillpoint.models.errors import StillpointError
from stillpoint.models.rasters.bands import number_of
from stillpoint.models.rasters.files import Files
from stillpoint.models.rasters.formats import gamma_par
from stillpoint.models.rasters.formats.base import Reader
from stillpoint.models.rasters.formats.baselines import find_baselines
from stillpoint.models.rasters.names import days_in
from stillpoint.models.rasters.product import Layer, Product, raw_layer, with_baseline

_COMPLEX = {8: gdal.GDT_CFloat32, 4: gdal.GDT_CInt16}
_REAL = {4: gdal.GDT_Float32}
_ENDINGS: Dict[str, Tuple[str, Dict[int, int], int]] = {
    ".rslc": ("complex", _COMPLEX, 1), ".slc": ("complex", _COMPLEX, 1),
    ".diff": ("complex", _COMPLEX, 2), ".int": ("complex", _COMPLEX, 2), ".diff_sm": ("complex", _COMPLEX, 2),
    ".sm": ("complex", _COMPLEX, 2), ".cc": ("coherence", _REAL, 2), ".cor": ("coherence", _REAL, 2),
    ".unw": ("unwrapped", _REAL, 2), ".mli": ("amplitude", _REAL, 1), ".rmli": ("amplitude", _REAL, 1),
}
"""Ending of a name: quantity, GDAL type by bytes of a pixel, number of dates."""


class GammaReader(Reader):
    """GAMMA's interferograms, images and coherence, in any folders."""

    name = "gamma"
    title = "GAMMA"
    elsewhere = "GAMMA"

    def claims(self, files: Files) -> bool:
        """Whether there are images of GAMMA's endings and a parameter file that says their width."""
        return bool(self._images(files)) and any(
            gamma_par.size_of(gamma_par.parameters(path)) for path in self._described(files)[:50]
        )

    @staticmethod
    def _images(files: Files) -> List[Path]:
        return [path for path in files.ending(*_ENDINGS) if not path.with_name(path.name + ".hdr").exists()
                and not path.with_name(path.name + ".xml").exists() and not path.with_name(path.name + ".vrt").exists()
                and not path.with_suffix(".hdr").exists()]

    @staticmethod
    def _described(files: Files) -> List[Path]:
        return files.ending(".par", ".off", nearby=True)

    def read(self, files: Files) -> Product:
        """Return the images, with sizes, baselines and geometry from the parameter files."""
        told = {path: gamma_par.parameters(path) for path in self._described(files)}
        sized = {path: values for path, values in told.items() if gamma_par.size_of(values)}
        if not sized:
            raise StillpointError(
                f"{files.name} holds raw images but no parameter file (.par, .off) that says how wide they are. "
                "Put it beside the images."
            )
        geometry: Dict[str, str] = next((values for values in told.values() if "radar_frequency" in values), {})
        look = gamma_par.look_angle(geometry)
        tables = find_baselines(files)
        for path in files.ending(".base", "_base.par", nearby=True):
            days = days_in(path.name)
            metres = gamma_par.perpendicular_baseline(gamma_par.parameters(path), look)
            if len(days) == 2 and metres is not None:
                tables.pairs[days[0], days[1]] = metres
        tables.fill_days()
        layers, undated = [], []
        for path in self._images(files):
            quantity, kinds, count = _ENDINGS[path.suffix.lower()]
            days = days_in(path.name) or days_in(path.parent.name)
            if len(days) != count:
                undated.append(files.short(path))
                continue
            layer = _layer(path, quantity, tuple(days), kinds, sized)
            layers.append(with_baseline(layer, tables.of(days)))
        geometries = files.ending(".lon", ".lat", "dem.rdc", ".hgt", "_seg.par")
        others = [(path.suffix.lstrip("."), files.short(path)) for path in geometries]
        others += [("without dates in their names", ", ".join(undated[:3]))] if undated else []
        heading, incidence = number_of(geometry.get("heading")), number_of(geometry.get("incidence_angle"))
        return Product(
            self.name, tuple(layers), gamma_par.wavelength_of(geometry), incidence, heading, gamma_par.spacing_of(geometry),
            "reference-secondary", tuple(others),
        )


def _layer(path: Path, quantity: str, days: tuple, kinds: Dict[int, int], sized: Dict[Path, Dict[str, str]]) -> Layer:
    """Return the layer of a raw image, its size from the parameter file nearest to it."""
    values = _nearest(path, sized)
    size = gamma_par.size_of(values)
    if "INT" in values.get("image_format", "") + values.get("data_format", "") or "SCOMPLEX" in values.get("image_format", ""):
        kinds = dict(reversed(list(kinds.items())))
    layer = raw_layer(str(path), quantity, days, size, kinds=kinds)  # type: ignore[arg-type]
    if quantity == "amplitude":  # .mli is intensity
        return replace(layer, function="sqrt")
    return layer


def _nearest(path: Path, sized: Dict[Path, Dict[str, str]]) -> Dict[str, str]:
    """Return the parameters for ``path``: its own, those of the same dates, those of the same folder, any.

    Among several that are not the file's own, the one whose size fits the length of the file is taken.
    """
    own = sized.get(path.with_name(path.name + ".par")) or sized.get(path.with_suffix(".off"))
    if own:
        return own
    days = set(days_in(path.name))

    def distance(other: Path) -> tuple:
        grid = "azimuth_lines" not in sized[other] and "interferogram_width" not in sized[other]  # of a map, not of an image
        return grid, other.parent != path.parent, set(days_in(other.name)) != days, str(other)

    ranked = sorted(sized, key=distance)
    length = path.stat().st_size

    def fits(other: Path) -> Optional[bool]:
        rows, cols = gamma_par.size_of(sized[other])  # type: ignore[misc]
        return length in (4 * rows * cols, 8 * rows * cols)

    return sized[next((other for other in ranked if fits(other)), ranked[0])]
