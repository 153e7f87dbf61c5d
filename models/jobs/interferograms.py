"""Jobs that judge the interferograms of a small-baseline network."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Optional

from stillpoint.models.jobs.base import Job, cog_parameter, forecast_parameter, parameter

METHODS = ("default", "resnet50", "loop_closure", "coherence", "area_ratio", "coverage", "residues", "baselines")
"""Methods of ``select-interferograms``, the default first."""


@dataclass(frozen=True)
class SelectInterferograms(Job):
    """Say of every interferogram of a stack whether it is good enough, and keep the network connected."""

    task: ClassVar[str] = "select-interferograms"
    title: ClassVar[str] = "Select interferograms"
    help: ClassVar[str] = (
        "Judges the interferograms of a small-baseline stack: a score and a reason for each, and the set that gives the best "
        "velocity, with every date still connected."
    )

    stack: str = parameter(
        kind="raster", title="Stack", positional=True,
        help="Stack of unwrapped (or wrapped) interferograms, a pair of dates a band (see Open stack).",
    )
    table: str = parameter(
        kind="file-output", title="Table",
        help="CSV file to write: reference_date, secondary_date, score (0 bad to 1 good), keep (1 or 0), reason, and the evidence.",
    )
    output: Optional[str] = parameter(
        None, kind="raster-output", title="Kept stack",
        help="VRT or GeoTIFF of the kept interferograms to write; empty writes none.",
    )
    coherence: Optional[str] = parameter(
        None, kind="raster", title="Coherence stack",
        help="Stack of the coherence of the same pairs; empty takes the companion that the stack names, where it names one.",
    )
    method: str = parameter(
        "default", kind="choice", title="Method", choices=METHODS,
        help="default: Stillpoint's own; resnet50 (He et al.); loop_closure (as LiCSBAS); coherence (as MintPy); "
        "area_ratio; coverage; residues; baselines.",
    )
    threshold: Optional[float] = parameter(
        None, kind="number", title="Threshold", minimum=0.0, maximum=1.0,
        help="Interferograms of at least this score are kept; empty takes the method's own.",
    )
    connect: str = parameter(
        "best", kind="choice", title="Network", choices=("best", "tree", "none"), advanced=True,
        help="best: the set that promises the best velocity (every date connected, redundant, in loops); tree: a spanning tree is "
        "kept whatever the scores; none: scores alone decide, and dates may be lost.",
    )
    weights: Optional[str] = parameter(
        None, kind="raster-output", title="Weights", advanced=True,
        help="GeoTIFF to write: weight of every pixel of every interferogram, 0 to 1 (default method only); empty writes none.",
    )
    lists: Optional[str] = parameter(
        None, kind="folder", title="Lists for other programs", advanced=True,
        help="Folder to write the selection to as a MintPy template, a LiCSBAS list of removed pairs and a plain list; "
        "empty writes none.",
    )
    cog: bool = cog_parameter()
    forecast: bool = forecast_parameter()
    velocity: Optional[str] = parameter(
        None, kind="raster-output", title="Velocity", advanced=True,
        help="GeoTIFF to write: velocity by all interferograms, by the kept ones, and their difference, in mm/yr; "
        "empty writes none.",
    )
