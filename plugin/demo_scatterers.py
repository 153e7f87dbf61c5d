"""The part of ``make demo`` that selects persistent scatterers: in a simulated city by every method, or in a stack of yours."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Callable, Dict, List, Mapping, Optional, Sequence, Tuple

from osgeo import gdal

from stillpoint.models.errors import Cancelled, StillpointError
from stillpoint.models.jobs import AssessScatterers, DescribePoints, Job, OpenStack, Result, SelectScatterers, Simulate
from stillpoint.models.jobs.scatterers import METHODS
from stillpoint.plugin.scatterer_facts import METHODS as TITLES

SIZE, DATES, SEED = 400, 30, 1

SHORT = {"City": "City", "Forest and vegetation": "Forest", "Uncropped land": "Fields", "River": "River"}
"""Zones of the simulated city as the heads of a table."""

POINT_FILES = (".gz", ".zip", ".csv", ".gpkg", ".shp", ".txt", ".geojson", ".fgb", ".parquet")
"""Files that hold points, whatever else GDAL may see in them."""

HDF5_FILES = (".h5", ".he5", ".hdf5", ".nc")

STACK_FILES = (".tif", ".tiff", ".vrt")

Run = Callable[[Job], Result]


@dataclass(frozen=True)
class Selection:
    """A finished selection: what was asked, and what came back."""

    job: SelectScatterers
    result: Result

    @property
    def title(self) -> str:
        """The method for people."""
        return TITLES.get(self.job.method, self.job.method)


@dataclass(frozen=True)
class Line:
    """What the assessment says of one mask.

    Attributes
    ----------
    title
        The method for people.
    ps
        Number of selected pixels.
    shares
        Per cent of them in each zone.
    precision, recall, f1
        Against the truth; None for the truth itself.
    seconds
        That the selection took; None for the truth.
    """

    title: str
    ps: int
    shares: Mapping[str, float]
    precision: Optional[float] = None
    recall: Optional[float] = None
    f1: Optional[float] = None
    seconds: Optional[float] = None


@dataclass(frozen=True)
class City:
    """The simulated city, what was selected in it, and how that compares with the truth.

    Attributes
    ----------
    stack, truth, zones
        Rasters.
    size, dates
        Rows and columns, and number of images.
    selections
        By method, in the order of the methods.
    lines
        The truth, then a line a selection.
    files
        Table and report of the assessment.
    """

    stack: Path
    truth: Path
    zones: Path
    size: int
    dates: int
    selections: Sequence[Selection]
    lines: Sequence[Line]
    files: Sequence[Path]

    def table(self) -> str:
        """Return the table by zone for people."""
        zones = list(self.lines[0].shares)
        heads = [SHORT.get(zone, zone) for zone in zones]
        lines = [
            f"{'':<32}{'share of the PS in':^{8 * len(zones)}}{'against the truth':^33}",
            f"{'':<22}{'PS':>10}" + "".join(f"{head:>8}" for head in heads)
            + f"{'precision':>12}{'recall':>9}{'F1':>9}{'seconds':>10}",
        ]  # fmt: skip
        for line in self.lines:
            text = f"{line.title:<22}{line.ps:>10,}" + "".join(f"{line.shares[zone]:>7.1f}%" for zone in zones)
            for value, width, form in ((line.precision, 12, ".3f"), (line.recall, 9, ".3f"), (line.f1, 9, ".3f"),
                                       (line.seconds, 10, ".1f")):  # fmt: skip
                text += f"{'-':>{width}}" if value is None else f"{value:>{width}{form}}"
            lines.append(text)
        return "\n".join(lines)


def city(run: Run, folder: Path, *, size: int = SIZE, dates: int = DATES) -> City:
    """Simulate a city with river, forest and fields in ``folder``, select its scatterers by every method and assess that.

    A method that cannot run (its weights are missing) is skipped, and said so.

    Raises
    ------
    StillpointError
        The folder cannot be written to, or no method works.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StillpointError(f"The folder {folder} cannot be made: {error.strerror}.") from None
    print(f"Simulating a city: {size} x {size} pixels, {dates} images")
    stack = folder / "city.tif"
    made = run(
        Simulate(
            what="scene", output=str(folder / "city_points.gpkg"), stack=str(stack), site="demo", size=size, dates=dates,
            seed=SEED, terrain=str(folder / "city_terrain.tif"),
        )
    )
    print("Selecting its persistent scatterers (PS)")
    selections = [found for method in METHODS if (found := _tried(run, stack, folder, method)) is not None]
    if not selections:
        raise StillpointError("No method could select scatterers; see above.")
    truth, zones = Path(made.outputs["truth"]), Path(made.outputs["zones"])
    table, report = folder / "assessment.csv", folder / "assessment.html"
    assessed = run(
        AssessScatterers(
            masks=(*(one.job.output for one in selections), str(truth)), output=str(table), report=str(report),
            zones=str(zones), reference=str(truth), dem=made.outputs["terrain"],
        )
    )
    return City(
        stack, truth, zones, size, dates, selections, _lines(assessed, selections), (table, report)
    )  # fmt: skip


def stack_of_yours(run: Run, data: Path, folder: Path, stem: str, *, method: str = "default") -> Selection:
    """Make a stack of a product's folder or file and select its scatterers.

    Raises
    ------
    StillpointError
        The product cannot be read, or nothing be selected in it.
    """
    print(f"Opening {data.name}")
    stack = folder / f"{stem}_stack.vrt"
    opened = run(OpenStack(sources=(str(data),), output=str(stack)))
    print(opened.summary)
    print("Selecting its persistent scatterers (PS)")
    try:
        selection = _select(run, stack, folder, method, stem=f"{stem}_")
    except Cancelled:
        raise
    except StillpointError as error:
        if method != "default":
            raise
        print(f"{TITLES[method]} cannot be used: {error}")
        print(f"{TITLES['phase_stability']} is used in its place.")
        selection = _select(run, stack, folder, "phase_stability", stem=f"{stem}_")
    print(selection.result.summary)
    return selection


def is_stack(run: Run, data: Path) -> bool:
    """Return whether a file or folder is a product of images or interferograms rather than of points."""
    suffix = data.suffix.lower()
    if data.is_dir() or suffix in STACK_FILES:
        return True
    if suffix in POINT_FILES or not data.exists():
        return False
    if suffix in HDF5_FILES:  # MintPy writes points and stacks alike
        try:
            run(DescribePoints(points=str(data)))
        except Cancelled:
            raise
        except StillpointError:
            return True
        return False
    gdal.PushErrorHandler("CPLQuietErrorHandler")
    try:
        return gdal.OpenEx(str(data), gdal.OF_RASTER | gdal.OF_READONLY) is not None
    except RuntimeError:
        return False
    finally:
        gdal.PopErrorHandler()


def _tried(run: Run, stack: Path, folder: Path, method: str) -> Optional[Selection]:
    """Select by one method and say what came of it; None where it cannot run."""
    title = TITLES.get(method, method)
    try:
        selection = _select(run, stack, folder, method)
    except Cancelled:
        raise
    except StillpointError as error:
        print(f"  {title:<22} is left out. {error}")
        return None
    told = selection.result.details
    print(f"  {title:<22}{told['selected']:>8,} of {told['pixels']:,} pixels in {told['seconds']:.1f} s")
    return selection


def _select(run: Run, stack: Path, folder: Path, method: str, *, stem: str = "") -> Selection:
    """Select by one method; its mask is called after it, so that tables of the assessment are."""
    name = f"{stem}{method}"
    job = SelectScatterers(
        stack=str(stack), output=str(folder / f"{name}.tif"), probability=str(folder / f"{name}_probability.tif"),
        points=str(folder / f"{name}_points.gpkg"), method=method,
    )
    return Selection(job, run(job))


def _lines(assessed: Result, selections: Sequence[Selection]) -> List[Line]:
    """Return the lines of the table: the truth, then the selections."""
    found: Dict[Tuple[str, str], Dict[str, float]] = {}
    shares: Dict[str, Dict[str, float]] = {}
    for row in assessed.details["rows"]:
        if row["section"] == "zones":
            if row["measure"] == "share_of_ps_percent":
                shares.setdefault(row["mask"], {})[row["zone"]] = row["value"] or 0.0
        else:
            found.setdefault((row["mask"], row["section"]), {})[row["measure"]] = row["value"]
    masks = list(assessed.details["masks"])
    truth = masks[-1]
    lines = [Line("Truth", int(found[truth, "counts"]["ps"]), shares[truth])]
    for mask, selection in zip(masks, selections):
        agreement = found[mask, "agreement"]
        lines.append(
            Line(
                selection.title, int(found[mask, "counts"]["ps"]), shares[mask], agreement["precision"], agreement["recall"],
                agreement["f1"], float(selection.result.details["seconds"]),
            )
        )
    return lines
