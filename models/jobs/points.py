"""Jobs on displacement series of points."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Optional

from stillpoint.models.jobs.base import Job, forecast_parameter, parameter


@dataclass(frozen=True)
class DescribePoints(Job):
    """Look into a point file: which dates, unit, coordinates and fields it has."""

    task: ClassVar[str] = "describe-points"
    title: ClassVar[str] = "Describe points"
    help: ClassVar[str] = "Shows what Stillpoint reads from a point file: dates, unit, coordinates, fields."

    points: str = parameter(
        kind="points", title="Points", positional=True,
        help="File with one displacement series a point (CSV, HDF5 or any vector format of GDAL).",
    )
    layer: Optional[str] = parameter(
        None, kind="text", title="Layer", help="Layer to read where the file has several.", advanced=True
    )
    unit: str = parameter(
        "auto", kind="choice", title="Unit", choices=("auto", "mm", "cm", "m"),
        help="Unit of the displacements; auto reads it from the file's format and values.",
    )
    crs: Optional[str] = parameter(
        None, kind="text", title="CRS",
        help="Coordinate reference system (EPSG:4326 ...) where the file names none or a wrong one.",
        advanced=True,
    )


@dataclass(frozen=True)
class ClassifyTrends(DescribePoints):
    """Give every point of a displacement time series its trend class."""

    task: ClassVar[str] = "classify-trends"
    title: ClassVar[str] = "Classify trends"
    help: ClassVar[str] = (
        "Classifies the displacement series of every point as Stable, Linear, Quadratic, Bilinear or "
        "Phase unwrapping error, with probabilities, velocities, break date and jumps."
    )

    output: str = parameter(
        kind="points-output", title="Classified points",
        help="File to write: .gpkg, .shp, .csv, .fgb or .parquet.",
    )
    method: str = parameter(
        "default", kind="choice", title="Method", choices=("default", "mirmazloumi_cnn", "statistical"),
        help="default: Stillpoint's network; mirmazloumi_cnn: the published one; statistical: trend tests after Berti et al.",
    )
    wavelength: Optional[float] = parameter(
        None, kind="number", title="Wavelength", unit="m", minimum=0.005, maximum=1.0,
        help="Radar wavelength (0.0555 for C band); empty takes it from the file, else from its dates and format.",
    )
    abstain: bool = parameter(
        True, kind="flag", title="Abstain where nothing fits",
        help="Leaves points without a class where the series looks like none of the five, and says why.",
    )
    class_shares: str = parameter(
        "balanced", kind="text", title="Expected class shares", advanced=True,
        help="balanced, typical, or five numbers such as 0.73,0.15,0.06,0.05,0.01: how common each class is expected to be.",
    )
    series: str = parameter(
        "packed", kind="choice", title="Keep the series", choices=("packed", "columns", "none"),
        help="packed: one binary field, quick to read by the series viewer; columns: a field a date; none.",
    )
    correct_jumps: bool = parameter(
        False, kind="flag", title="Correct jumps",
        help="Removes phase jumps (multiples of half a wavelength) from the series that are written.",
    )
    forecast: bool = forecast_parameter()
    significance: float = parameter(
        1e-4, kind="number", title="Significance level", minimum=1e-12, maximum=0.2, advanced=True,
        help="Level of the tests of the method statistical; smaller calls fewer points moving.",
    )
