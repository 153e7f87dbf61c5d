"""Jobs that select persistent scatterers (PS) and judge a selection."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Optional, Tuple

from stillpoint.models.jobs.base import Job, cog_parameter, forecast_parameter, parameter

METHODS = ("default", "unet", "cnn_iss", "clstm_iss", "phase_stability", "amplitude_dispersion")
"""Methods of ``select-scatterers``, the default first."""


@dataclass(frozen=True)
class SelectScatterers(Job):
    """Say of every pixel of a stack whether it is a persistent scatterer."""

    task: ClassVar[str] = "select-scatterers"
    title: ClassVar[str] = "Select scatterers"
    help: ClassVar[str] = (
        "Selects persistent scatterers (PS) in a stack of co-registered images or wrapped interferograms: a mask, a "
        "probability, an estimate of the phase noise, and points."
    )

    stack: str = parameter(
        kind="raster", title="Stack", positional=True,
        help="Stack of complex images, or of wrapped interferograms (see Open stack).",
    )
    output: str = parameter(
        kind="raster-output", title="PS mask", help="GeoTIFF to write: 1 PS, 0 not, 255 no data."
    )
    probability: Optional[str] = parameter(
        None, kind="raster-output", title="PS probability",
        help="GeoTIFF to write: probability in 0..1, NaN no data; empty writes none.",
    )
    points: Optional[str] = parameter(
        None, kind="points-output", title="PS points",
        help="Points to write (.gpkg, .shp, .csv): probability, gamma, amplitude dispersion, phase noise; empty writes none.",
    )
    noise: Optional[str] = parameter(
        None, kind="raster-output", title="Phase noise", advanced=True,
        help="GeoTIFF to write: standard deviation of the phase of a single image in radians; empty writes none.",
    )
    method: str = parameter(
        "default", kind="choice", title="Method", choices=METHODS,
        help="default: Stillpoint's network; unet (Tai et al.); cnn_iss and clstm_iss (Tiwari et al.); phase_stability (StaMPS); "
        "amplitude_dispersion.",
    )
    threshold: Optional[float] = parameter(
        None, kind="number", title="Threshold", minimum=0.0, maximum=1.0,
        help="Pixels of at least this probability are PS; empty takes the model's own. It can be changed afterwards.",
    )
    amplitude: Optional[str] = parameter(
        None, kind="raster", title="Amplitude stack", advanced=True,
        help="Stack of the amplitude images, where the stack holds only phase and names no companion.",
    )
    extent: Optional[str] = parameter(
        None, kind="text", title="Extent", advanced=True,
        help="xmin,ymin,xmax,ymax in the coordinates of the stack: only this part is selected; empty takes everything.",
    )
    keep: str = parameter(
        "all", kind="choice", title="Touching pixels", choices=("all", "best"), advanced=True,
        help="all keeps every PS; best keeps the most probable of each group of touching pixels (side lobes of one scatterer).",
    )
    cog: bool = cog_parameter()
    forecast: bool = forecast_parameter()
    random_density: Optional[float] = parameter(
        None, kind="number", title="Random pixels", unit="per km²", minimum=0.0, maximum=10000.0, advanced=True,
        help="Pixels of random phase that phase_stability accepts per km²; empty takes 20, or 2 for small baselines (StaMPS).",
    )


@dataclass(frozen=True)
class AssessScatterers(Job):
    """Judge selections of persistent scatterers."""

    task: ClassVar[str] = "assess-scatterers"
    title: ClassVar[str] = "Assess scatterers"
    help: ClassVar[str] = (
        "Compares PS masks: share of PS by zone, counts, agreement with a reference, clustering, density per km², R-index."
    )

    masks: Tuple[str, ...] = parameter(
        kind="sources", title="PS masks", positional=True,
        help="Masks to compare side by side (1 PS, 0 not, 255 no data), all on one grid; layers of PS points serve too, "
        "beside at least one raster.",
    )
    output: str = parameter(kind="file-output", title="Table", help="CSV file to write: mask, section, zone, measure, value.")
    report: Optional[str] = parameter(
        None, kind="file-output", title="Report", help="HTML page with tables and figures to write; empty writes none."
    )
    density: Optional[str] = parameter(
        None, kind="raster-output", title="Density", help="GeoTIFF to write: PS per km², a band a mask; empty writes none."
    )
    zones: Optional[str] = parameter(
        None, kind="file", title="Zones", help="Polygon layer or classified raster: city, forest, fields, river ..."
    )
    zone_field: Optional[str] = parameter(
        None, kind="text", title="Field of the zone names", help="Field of the polygon layer; empty takes the first text field."
    )
    reference: Optional[str] = parameter(
        None, kind="raster", title="Reference mask", help="Mask that the others are compared with (precision, recall, F1, Jaccard)."
    )
    dem: Optional[str] = parameter(
        None, kind="raster", title="DEM", help="Elevation model in metres, for the R-index and layover and shadow."
    )
    incidence: Optional[float] = parameter(
        None, kind="number", title="Incidence angle", unit="degrees", minimum=10.0, maximum=70.0,
        help="Angle between the line of sight and the vertical; empty takes it from the stack or mask.",
    )
    heading: Optional[float] = parameter(
        None, kind="number", title="Heading", unit="degrees", minimum=-360.0, maximum=360.0,
        help="Flight direction, clockwise from north (Sentinel-1: about 348 ascending, 192 descending).",
    )
    looking: str = parameter(
        "right", kind="choice", title="Looking", choices=("right", "left"), advanced=True,
        help="Side of the flight direction that the radar looks to; nearly all satellites look right.",
    )
    rindex: Optional[str] = parameter(
        None, kind="raster-output", title="R-index", advanced=True,
        help="GeoTIFF to write: R-index of each pixel (needs the DEM); empty writes none.",
    )
    cell: float = parameter(
        250.0, kind="number", title="Cell of the density map", unit="m", minimum=1.0, maximum=100000.0, advanced=True,
        help="Side of a cell of the density map.",
    )
