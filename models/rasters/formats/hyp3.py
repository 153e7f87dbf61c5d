"""HyP3 (ASF): GeoTIFFs of an interferogram with a text file of its parameters."""

from __future__ import annotations

import math
import re
from pathlib import Path
from typing import Dict, List, Optional, Tuple

from stillpoint.models.points.sensors import SENTINEL_1
from stillpoint.models.rasters.bands import number_of
from stillpoint.models.rasters.files import Files, text_of
from stillpoint.models.rasters.formats.base import Reader
from stillpoint.models.rasters.names import days_in
from stillpoint.models.rasters.product import Layer, Product, raster_layer, with_baseline

_NAME = re.compile(r"^(?P<stem>S1.*)_(?P<what>wrapped_phase|unw_phase|corr|amp|lv_theta|lv_phi|dem|water_mask|inc_map|"
                   r"inc_map_ell|los_disp|vert_disp|conncomp)\.tif$", re.IGNORECASE)
_KINDS = {"wrapped_phase": "phase", "unw_phase": "unwrapped", "corr": "coherence"}


class Hyp3Reader(Reader):
    """InSAR products of HyP3, GAMMA and ISCE2 ones, unpacked."""

    name = "hyp3"
    title = "HyP3"

    def claims(self, files: Files) -> bool:
        """Whether there are names such as ``S1AA_..._wrapped_phase.tif``."""
        return any(match and match["what"].lower() in _KINDS for match in (_NAME.match(path.name) for path in files.ending(".tif")))

    def read(self, files: Files) -> Product:
        """Return wrapped and unwrapped phase and coherence; zero is no data."""
        layers: List[Layer] = []
        others: Dict[str, str] = {}
        incidences, headings = [], []
        for path in files.ending(".tif"):
            match = _NAME.match(path.name)
            if match is None:
                continue
            quantity = _KINDS.get(match["what"].lower())
            if quantity is None:
                others.setdefault(match["what"].lower(), files.short(path))
                continue
            told = _parameters(path.with_name(match["stem"] + ".txt"))
            days = _days(match["stem"], told)
            if days is None:
                continue
            layer = raster_layer(str(path), quantity, days, nodata=0.0)
            layers.append(with_baseline(layer, number_of(told.get("Baseline"))))
            incidences.append(_incidence(told))
            headings.append(number_of(told.get("Heading")))
        return Product(
            self.name, tuple(layers), SENTINEL_1, _mean(incidences), _mean(headings), None, "reference-secondary",
            tuple(others.items()),
        )


def _parameters(path: Path) -> Dict[str, str]:
    """Return the pairs ``key: value`` of a product's text file."""
    found: Dict[str, str] = {}
    for line in (text_of(path) or "").splitlines() if path.is_file() else ():
        key, sign, value = line.partition(":")
        if sign:
            found.setdefault(key.strip(), value.strip())
    return found


def _days(stem: str, told: Dict[str, str]) -> Optional[tuple]:
    """Return the days of the reference and secondary granule, else those in the name."""
    granules = days_in(told.get("Reference Granule", "")), days_in(told.get("Secondary Granule", ""))
    if granules[0] and granules[1]:
        return granules[0][0], granules[1][0]
    days = days_in(stem)
    return tuple(days) if len(days) == 2 else None


def _incidence(told: Dict[str, str]) -> Optional[float]:
    """Return the incidence angle at the middle of the scene in degrees, from slant range and height (law of cosines)."""
    slant, earth = number_of(told.get("Slant range center")), number_of(told.get("Earth radius at nadir"))
    height = number_of(told.get("Spacecraft height"))
    if not slant or not earth or not height:
        return None
    cosine = ((earth + height) ** 2 - slant**2 - earth**2) / (2 * slant * earth)
    return math.degrees(math.acos(cosine)) if -1 < cosine < 1 else None


def _mean(values: List[Optional[float]]) -> Optional[float]:
    known: Tuple[float, ...] = tuple(value for value in values if value is not None)
    return sum(known) / len(known) if known else None
