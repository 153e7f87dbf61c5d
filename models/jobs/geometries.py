"""The job that turns displacements along several lines of sight into vertical and east-west motion."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Optional, Tuple

from stillpoint.models.jobs.base import Job, parameter


@dataclass(frozen=True)
class CombineGeometries(Job):
    """Combine the series of ascending and descending tracks into vertical and east-west series."""

    task: ClassVar[str] = "combine-geometries"
    title: ClassVar[str] = "Combine ascending and descending"
    help: ClassVar[str] = (
        "Combines point series of an ascending and a descending track (or more) into vertical and east-west displacement series, "
        "with velocities and standard errors. Motion to the north is taken for 0: radar hardly sees it."
    )

    ascending: str = parameter(
        kind="points", title="Ascending points", positional=True,
        help="Displacement series along the first line of sight, positive towards the satellite (EGMS, Stillpoint, StaMPS ...).",
    )
    descending: str = parameter(
        kind="points", title="Descending points", positional=True,
        help="Displacement series along the second line of sight; dates and positions may differ from the first.",
    )
    output: str = parameter(
        kind="points-output", title="Vertical series",
        help="Points to write (.gpkg, .shp, .csv, .fgb, .parquet): vertical velocity and displacement series in mm, positive up.",
    )
    east: Optional[str] = parameter(
        None, kind="points-output", title="East-west series",
        help="Points to write: east-west velocity and series in mm, positive to the east; empty writes them beside the vertical "
        "ones, with _east in the name.",
    )
    spacing: float = parameter(
        100.0, kind="number", title="Spacing", unit="m", minimum=1.0, maximum=100_000.0,
        help="Size of the cells in which the points of each track are averaged; with the nearest points, how far apart they may "
        "lie.",
    )
    where: str = parameter(
        "grid", kind="choice", title="Combine", choices=("grid", "points"),
        help="grid: in the cells of a grid; points: at each point of the first file, with the nearest point of the others.",
    )
    average: str = parameter(
        "median", kind="choice", title="Average in a cell", choices=("median", "mean"), advanced=True,
        help="median: bad points hardly matter; mean: weighted by the noise of each point.",
    )
    ascending_incidence: Optional[float] = parameter(
        None, kind="number", title="Incidence, ascending", unit="degrees", minimum=5.0, maximum=80.0,
        help="Angle between the line of sight and the vertical at the ground; empty takes it from the file, point by point.",
    )
    ascending_heading: Optional[float] = parameter(
        None, kind="number", title="Heading, ascending", unit="degrees", minimum=-360.0, maximum=360.0,
        help="Direction of flight, clockwise from north (Sentinel-1 ascending about -12); empty takes it from the file.",
    )
    descending_incidence: Optional[float] = parameter(
        None, kind="number", title="Incidence, descending", unit="degrees", minimum=5.0, maximum=80.0,
        help="The same for the second file.",
    )
    descending_heading: Optional[float] = parameter(
        None, kind="number", title="Heading, descending", unit="degrees", minimum=-360.0, maximum=360.0,
        help="The same for the second file (Sentinel-1 descending about -168).",
    )
    look: str = parameter(
        "right", kind="choice", title="Looking", choices=("right", "left"), advanced=True,
        help="Side to which the radar looks, where incidence and heading are used: right for all usual missions, left for NISAR.",
    )
    more: Optional[Tuple[str, ...]] = parameter(
        None, kind="sources", title="Further tracks", advanced=True,
        help="Point files of further lines of sight; each must tell its own (columns los_east, los_north, los_up, or angles).",
    )
    more_angles: Optional[str] = parameter(
        None, kind="text", title="Angles of further tracks", advanced=True,
        help="Incidence and heading of each further file in degrees, such as 41/-10.5, 33/-167; empty where the files tell them.",
    )
    dates: str = parameter(
        "first", kind="choice", title="Dates", choices=("first", "all"), advanced=True,
        help="first: the dates of the first file; all: those of every file. Others are interpolated to them, inside the time that "
        "all files cover.",
    )
    max_gap: float = parameter(
        60.0, kind="number", title="Longest gap", unit="days", minimum=1.0, maximum=3650.0, advanced=True,
        help="Between dates of a track farther apart than this nothing is interpolated: the values stay missing.",
    )
    reference: str = parameter(
        "leave", kind="choice", title="Reference", choices=("leave", "stable"),
        help="leave: the series as they are; stable: subtracts from each track, date by date, the median of the points that do not "
        "move, so that both refer to the same ground.",
    )
    stable: Optional[str] = parameter(
        None, kind="file", title="Stable ground", advanced=True,
        help="Polygons of ground that did not move, for the reference; empty takes the cells that hardly move in every track.",
    )
    max_condition: float = parameter(
        10.0, kind="number", title="Largest condition number", minimum=1.1, maximum=1000.0, advanced=True,
        help="Where the lines of sight are so parallel that errors grow beyond this, nothing is computed (ascending with "
        "descending has about 1.3).",
    )
    crs: Optional[str] = parameter(
        None, kind="text", title="CRS", advanced=True,
        help="Coordinate reference system (EPSG:4326 ...) of the files that name none.",
    )
