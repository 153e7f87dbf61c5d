"""LiCSAR: ``GEOC/DATE_DATE/DATE_DATE.geo.diff_pha.tif`` and its kin, with ``baselines`` and ``metadata.txt``."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Dict, List, Tuple

from osgeo import gdal

from stillpoint.models.points.sensors import SENTINEL_1
from stillpoint.models.rasters.bands import number_of
from stillpoint.models.rasters.files import Files, text_of
from stillpoint.models.rasters.formats.base import Reader
from stillpoint.models.rasters.formats.baselines import find_baselines
from stillpoint.models.rasters.names import days_in
from stillpoint.models.rasters.product import Layer, Product, raster_layer, with_baseline

_NAME = re.compile(r"(?P<days>\d{8}(?:_\d{8})?)\.geo\.(?P<what>[A-Za-z_]+)\.tif$", re.IGNORECASE)
_KINDS: Dict[str, Tuple[str, int, int]] = {
    "diff_pha": ("phase", 2, 0), "diff_unfiltered_pha": ("phase", 2, 1), "unw": ("unwrapped", 2, 0), "cc": ("coherence", 2, 0),
    "mli": ("amplitude", 1, 0),
}
"""Quantity, number of dates, and what is taken where there are several."""


class LicsarReader(Reader):
    """Products of the COMET LiCSAR portal, as downloaded."""

    name = "licsar"
    title = "LiCSAR"

    def claims(self, files: Files) -> bool:
        """Whether there are names such as ``20180115_20180127.geo.diff_pha.tif``."""
        return any(match and match["what"].lower() in _KINDS for match in map(_NAME.search, _names(files)))

    def read(self, files: Files) -> Product:
        """Return phase, unwrapped phase, coherence and amplitude; zero is no data."""
        tables = find_baselines(files, _above(files, "baselines"))
        best: Dict[Tuple[str, tuple], Tuple[int, Layer]] = {}
        others: List[Tuple[str, str]] = []
        for path in files.ending(".tif"):
            match = _NAME.search(path.name)
            kind = _KINDS.get(match["what"].lower()) if match else None
            if match is None or kind is None:
                others.append(("geometry", files.short(path)))
                continue
            quantity, count, rank = kind
            days = tuple(days_in(match["days"].replace("_", " ")))
            if len(days) != count or best.get((quantity, days), (rank + 1, None))[0] <= rank:
                continue
            layer = raster_layer(str(path), quantity, days, nodata=0.0)
            if quantity == "coherence" and layer.data_type == gdal.GDT_Byte:
                layer = replace(layer, scale=1 / 255)
            if quantity == "amplitude":
                layer = replace(layer, function="sqrt")
            best[quantity, days] = rank, with_baseline(layer, tables.of(days))
        told = _metadata(files)
        notes = ["The phase is the unfiltered one (diff_unfiltered_pha)."] if any(
            rank for rank, layer in best.values() if layer.quantity == "phase") else []
        return Product(
            self.name, tuple(layer for _, layer in best.values()), SENTINEL_1, number_of(told.get("avg_incidence_angle")),
            number_of(told.get("heading")), None, "reference-secondary", tuple(others[:4]), tuple(notes),
        )


def _names(files: Files) -> List[str]:
    return [path.name for path in files.ending(".tif")]


def _metadata(files: Files) -> Dict[str, str]:
    """Return the pairs ``key=value`` of ``metadata.txt``."""
    found: Dict[str, str] = {}
    for path in [*files.named("metadata.txt"), *_above(files, "metadata.txt")]:
        for line in (text_of(path) or "").splitlines():
            key, sign, value = line.partition("=")
            if sign:
                found.setdefault(key.strip(), value.strip())
    return found


def _above(files: Files, name: str) -> List[Path]:
    """Return the file ``name`` of the frame where a part of it was named: ``GEOC``, or files in it."""
    places = dict.fromkeys(
        folder / sub / name for path in (*map(Path, files.sources), files.paths[0])
        for folder in list(path.absolute().parents)[:3] for sub in ("", "metadata")
    )
    return [place for place in places if place.is_file()][:1]
