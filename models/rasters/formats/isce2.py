"""ISCE2: raw images, each with a ``.vrt`` and an ``.xml`` beside it; the stack processors put dates into folder names."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Dict, List, Optional, Tuple

from stillpoint.models.rasters.bands import number_of
from stillpoint.models.rasters.files import Files, text_of
from stillpoint.models.rasters.formats.base import Reader
from stillpoint.models.rasters.formats.baselines import find_baselines
from stillpoint.models.rasters.names import days_in
from stillpoint.models.rasters.product import Layer, Product, raster_layer, with_baseline

_ENDINGS: Tuple[Tuple[str, str, int, int], ...] = (
    (".slc.full", "complex", 1, 1), (".slc", "complex", 1, 1), (".int", "complex", 2, 1), (".flat", "complex", 2, 1),
    (".unw", "unwrapped", 2, 2), (".cor", "coherence", 2, 0), (".mli", "amplitude", 1, 1),
)
"""Ending, quantity, number of dates, band (0: the last)."""

_BEST = ("filt_fine.int", "fine.int", "filt_")
"""Of several interferograms of one pair the first is taken: what the stack processor made last."""

_WAVELENGTH = re.compile(r'name="(?:radar)?wavelength"[^>]*>\s*<value>\s*([-+0-9.eE]+)', re.IGNORECASE)


class IsceReader(Reader):
    """Folders of topsStack, stripmapStack and the applications of ISCE2."""

    name = "isce2"
    title = "ISCE2"

    def claims(self, files: Files) -> bool:
        """Whether a file with one of ISCE2's endings has its ``.xml`` or ``.vrt`` beside it."""
        return any(True for _ in self._images(files))

    @staticmethod
    def _images(files: Files) -> List[Tuple[Path, str, int, int]]:
        """Return (image, quantity, number of dates, band) of everything that is described by ``.xml`` or ``.vrt``."""
        found: Dict[Path, Tuple[Path, str, int, int]] = {}
        for path in files.nearby:
            if path.suffix.lower() not in (".xml", ".vrt"):
                continue
            image = path.with_suffix("")
            for ending, quantity, days, band in _ENDINGS:
                if image.name.lower().endswith(ending) and (image in files.paths or path in files.paths):
                    found[image] = (image, quantity, days, band)
                    break
        return list(found.values())

    def read(self, files: Files) -> Product:
        """Return images, interferograms and coherence with dates from their names or folders."""
        tables = find_baselines(files)
        best: Dict[Tuple[str, tuple], Layer] = {}
        left = 0
        for path, quantity, count, band in sorted(self._images(files), key=_merit):
            days = _days(path, count)
            if days is None:
                continue
            if (quantity, days) in best:
                left += 1
                continue
            best[quantity, days] = with_baseline(_open(path, quantity, days, band), tables.of(days))
        others = [("geometry", files.short(path)) for path in files.named("hgt.rdr", "los.rdr", "hgt.rdr.full.vrt")][:2]
        notes = [f"{left} more files of the same dates were left out: the filtered interferograms are taken."] if left else []
        return Product(
            self.name, tuple(best.values()), self._wavelength(files), convention="reference-secondary", others=tuple(others),
            notes=tuple(notes),
        )

    @staticmethod
    def _wavelength(files: Files) -> Optional[float]:
        for path in files.ending(".xml", nearby=True):
            if path.with_suffix("").exists():
                continue  # describes an image, not the acquisition
            match = _WAVELENGTH.search(text_of(path) or "")
            value = number_of(match[1]) if match else None
            if value and 0.005 < value < 1.0:
                return value
        return None


def _merit(item: Tuple[Path, str, int, int]) -> Tuple[int, str]:
    name = item[0].name.lower()
    for place, start in enumerate(_BEST):
        if name.startswith(start):
            return place, str(item[0])
    return len(_BEST), str(item[0])


def _days(path: Path, count: int) -> Optional[tuple]:
    for text in (path.name, path.parent.name, path.parent.parent.name):
        days = days_in(text)
        if len(days) == count:
            return tuple(days)
    return None


def _open(path: Path, quantity: str, days: tuple, band: int) -> Layer:
    """Return the layer of an image through ISCE2's ``.vrt``, or through its ``.xml`` where there is none."""
    vrt = path.with_name(path.name + ".vrt")
    source = str(vrt if vrt.exists() else path)
    if band != 1:  # unwrapped phase has its amplitude in the first band, coherence may have
        from stillpoint.models.rasters.stack import open_raster

        count = open_raster(source).RasterCount
        band = count if band == 0 else min(band, count)
    return raster_layer(source, quantity, days, band=band)
