"""Jobs that track the motion of features between amplitude images."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Optional

from stillpoint.models.jobs.base import Job, cog_parameter, forecast_parameter, parameter

METHODS = ("default", "cc_ressiamnet", "correlation")
"""Methods of ``track-offsets``, the default first."""

UNITS = ("pixels", "metres", "metres_a_day")


@dataclass(frozen=True)
class TrackOffsets(Job):
    """Measure the offsets between two amplitude images."""

    task: ClassVar[str] = "track-offsets"
    title: ClassVar[str] = "Track offsets"
    help: ClassVar[str] = (
        "Measures how far features moved between two amplitude images, for glaciers, earthquakes, volcanoes and landslides: "
        "offsets, their standard errors and the height of the correlation peak."
    )

    reference: str = parameter(
        kind="raster", title="Reference image", positional=True,
        help="Amplitude (or intensity, dB, or complex) image of the first date; or a stack of images, tracked in consecutive "
        "pairs.",
    )
    secondary: Optional[str] = parameter(
        None, kind="raster", title="Secondary image", positional=True,
        help="Image of the second date on the same grid; empty where the reference is a stack.",
    )
    output: str = parameter(
        kind="raster-output", title="Offsets",
        help="GeoTIFF to write: offset in range and azimuth (or x and y), the standard error of each, correlation peak.",
    )
    method: str = parameter(
        "default", kind="choice", title="Method", choices=METHODS,
        help="default: Stillpoint's own; cc_ressiamnet (Kim, Jung and Lu); correlation: multi-kernel normalised cross-correlation.",
    )
    spacing: int = parameter(
        8, kind="integer", title="Spacing", unit="px", minimum=1, maximum=512,
        help="Pixels of the images from one offset to the next.",
    )
    search: int = parameter(
        16, kind="integer", title="Search range", unit="px", minimum=1, maximum=256,
        help="Largest offset expected, in pixels; what moved farther is reported as invalid.",
    )
    units: str = parameter(
        "pixels", kind="choice", title="Units", choices=UNITS,
        help="Units of the offsets; metres a day needs the dates of both images.",
    )
    prior: Optional[str] = parameter(
        None, kind="raster", title="Prior offsets", advanced=True,
        help="Raster of two bands with offsets expected in pixels (such as an earlier result): the search starts there.",
    )
    stable: Optional[str] = parameter(
        None, kind="file", title="Stable ground", advanced=True,
        help="Polygons or mask raster of ground that did not move: a plane fitted there is removed from the offsets.",
    )
    outliers: str = parameter(
        "mask", kind="choice", title="Outliers", choices=("mask", "keep"), advanced=True,
        help="mask: offsets that don't fit their neighbours or aren't trusted become no data; keep: everything measured is given.",
    )
    align: str = parameter(
        "refuse", kind="choice", title="Different grids", choices=("refuse", "secondary"), advanced=True,
        help="refuse: images on different grids are an error; secondary: the secondary image is resampled to the reference's grid.",
    )
    cog: bool = cog_parameter()
    forecast: bool = forecast_parameter()
    geometry: str = parameter(
        "auto", kind="choice", title="Geometry", choices=("auto", "radar", "map"), advanced=True,
        help="Whether rows and columns are azimuth and range, or north and east; auto tells by the geotransform.",
    )
