"""The job that turns a stack into displacement series at persistent scatterers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Optional

from stillpoint.models.jobs.base import Job, parameter

UNWRAPPING = ("auto", "whirlwind", "arcs")
"""Ways to unwrap the phase at PS, the default first."""

SIGNS = ("auto", "away", "towards")
"""What a growing phase means: as the stack records it, away from the satellite, towards it."""


@dataclass(frozen=True)
class EstimateSeries(Job):
    """Estimate the displacement series of every persistent scatterer of a stack."""

    task: ClassVar[str] = "estimate-series"
    title: ClassVar[str] = "Estimate displacement series"
    help: ClassVar[str] = (
        "Estimates the displacement of persistent scatterers (PS) date by date: unwraps the phase in space and time, inverts the "
        "network of interferograms, removes height errors, orbits and atmosphere, and writes points with their series, velocity "
        "and its standard error."
    )

    stack: str = parameter(
        kind="raster", title="Stack", positional=True,
        help="Stack of complex images, or of interferograms: wrapped, complex or unwrapped (see Open stack).",
    )
    output: str = parameter(
        kind="points-output", title="Displacement series",
        help="Points to write (.gpkg, .parquet, .fgb, .csv, .shp): velocity, its standard error, height error, coherence, and the "
        "displacement at each date in mm, positive towards the satellite.",
    )
    mask: Optional[str] = parameter(
        None, kind="raster", title="PS mask",
        help="Raster on the grid of the stack: 1 PS, 0 not, 255 no data (see Select scatterers). Give this or points.",
    )
    points: Optional[str] = parameter(
        None, kind="points", title="PS points",
        help="Points of the PS; each is measured in the pixel that it lies in. Give this or a mask.",
    )
    reference: Optional[str] = parameter(
        None, kind="text", title="Reference point",
        help="x,y in the coordinates of the stack: displacements are relative to the PS around it. Empty takes the most coherent, "
        "most central group of PS, and says where it is.",
    )
    reference_radius: float = parameter(
        300.0, kind="number", title="Radius of the reference area", unit="m", minimum=0.0, maximum=100_000.0,
        help="The mean of the PS within this distance of the reference point is taken for stable; 0 takes the nearest PS alone.",
    )
    unwrapping: str = parameter(
        "auto", kind="choice", title="Unwrapping", choices=UNWRAPPING,
        help="whirlwind: minimum-cost flow; arcs: least squares along arcs, built in; auto takes whirlwind where it is "
        "installed. Stacks that are unwrapped already skip this.",
    )
    height_error: bool = parameter(
        True, kind="flag", title="Estimate height errors",
        help="Estimates the error of each point's height from the perpendicular baselines and removes its phase.",
    )
    atmosphere: bool = parameter(
        True, kind="flag", title="Filter the atmosphere",
        help="Removes what is smooth in space but random in time. Fast, smooth ground motion would be weakened too.",
    )
    atmosphere_days: float = parameter(
        120.0, kind="number", title="Atmosphere: width in time", unit="days", minimum=1.0, maximum=3650.0, advanced=True,
        help="Motion slower than this is kept, whatever its extent (standard deviation of the Gaussian filter in time).",
    )
    atmosphere_distance: float = parameter(
        800.0, kind="number", title="Atmosphere: width in space", unit="m", minimum=1.0, maximum=200_000.0, advanced=True,
        help="Only what neighbours within this distance share is taken for atmosphere (standard deviation of the Gaussian filter).",
    )
    plane: bool = parameter(
        True, kind="flag", title="Remove planes",
        help="Removes a plane from each date, as inexact orbits leave it; steady tilting of the ground is kept.",
    )
    correct_loops: bool = parameter(
        True, kind="flag", title="Correct by loops", advanced=True,
        help="Corrects whole cycles of single interferograms where loops of three do not close (networks only).",
    )
    min_coherence: float = parameter(
        0.0, kind="number", title="Least coherence", minimum=0.0, maximum=1.0,
        help="Points of a lower temporal coherence are left out of the result; 0 keeps all.",
    )
    max_velocity: float = parameter(
        60.0, kind="number", title="Largest velocity between neighbours", unit="mm/yr", minimum=1.0, maximum=2000.0, advanced=True,
        help="Differences of velocity between neighbouring PS are looked for up to this.",
    )
    max_height: float = parameter(
        40.0, kind="number", title="Largest height error between neighbours", unit="m", minimum=1.0, maximum=1000.0, advanced=True,
        help="Differences of height error between neighbouring PS are looked for up to this.",
    )
    sign: str = parameter(
        "auto", kind="choice", title="Growing phase means", choices=SIGNS, advanced=True,
        help="Whether the phase of an interferogram grows away from or towards the satellite; auto takes what the stack records, "
        "else away (GAMMA, ISCE, SNAP), and says which.",
    )
    coherence: Optional[str] = parameter(
        None, kind="raster", title="Coherence stack", advanced=True,
        help="Coherence of the same pairs, by which they are weighted; empty takes the companion that the stack names, where it "
        "names one.",
    )
    wavelength: Optional[float] = parameter(
        None, kind="number", title="Wavelength", unit="m", minimum=0.005, maximum=1.0, advanced=True,
        help="Radar wavelength (0.0555 for C band), where the stack does not tell it.",
    )
    incidence: Optional[float] = parameter(
        None, kind="number", title="Incidence angle", unit="degrees", minimum=5.0, maximum=80.0, advanced=True,
        help="Angle between the line of sight and the vertical, where the stack does not tell it (for height errors).",
    )
    distance: Optional[float] = parameter(
        None, kind="number", title="Distance of the satellite", unit="km", minimum=1.0, maximum=3000.0, advanced=True,
        help="Along the line of sight (for height errors); empty derives it from the incidence angle and a height of 700 km.",
    )
    extent: Optional[str] = parameter(
        None, kind="text", title="Extent", advanced=True,
        help="xmin,ymin,xmax,ymax in the coordinates of the stack: only PS in it are measured; empty takes all.",
    )
