"""Stacks on disk for the tests of interferogram selection."""

from __future__ import annotations

import csv

import numpy as np

from stillpoint.models.rasters.bands import Band
from stillpoint.models.rasters.writing import write_stack

PLACE = (500000.0, 100.0, 0.0, 4000000.0, 0.0, -100.0)
CRS = (
    'PROJCS["UTM 33N",GEOGCS["WGS 84",DATUM["WGS_1984",SPHEROID["WGS 84",6378137,298.257223563]],PRIMEM["Greenwich",0],'
    'UNIT["degree",0.0174532925199433]],PROJECTION["Transverse_Mercator"],PARAMETER["latitude_of_origin",0],'
    'PARAMETER["central_meridian",15],PARAMETER["scale_factor",0.9996],PARAMETER["false_easting",500000],'
    'PARAMETER["false_northing",0],UNIT["metre",1]]'
)


def bands_of(stack, quantity="unwrapped"):
    """Return the bands of a network."""
    days = stack.dates.astype(object)
    found = []
    for number, (first, second) in enumerate(stack.pairs, start=1):
        baseline = None if stack.baselines is None else float(stack.baselines[number - 1])
        found.append(Band(number, quantity, None, days[first], days[second], baseline))
    return found


def write_network(path, stack, *, quantity="unwrapped", coherence=None, values=None, bands=None, place=PLACE, crs=CRS, **facts):
    """Write a network as a stack, its coherence beside it where ``coherence`` is a path; return the path."""
    values = stack.phase if values is None else values
    if coherence is not None:
        write_stack(str(coherence), stack.coherence, bands_of(stack, "coherence"), geotransform=place, projection=crs)
        facts["companions"] = {"coherence": str(coherence)}
    facts.setdefault("wavelength", stack.wavelength)
    return write_stack(
        str(path), np.asarray(values), bands or bands_of(stack, quantity), geotransform=place, projection=crs, **facts
    )


def rows_of(path):
    """Return the rows of a table."""
    with open(path, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
