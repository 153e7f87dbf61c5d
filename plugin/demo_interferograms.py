"""The part of ``make demo`` that selects interferograms: in a simulated small-baseline stack, by every method."""

from __future__ import annotations

import csv
import math
from dataclasses import dataclass
from pathlib import Path
from typing import Callable, Dict, List, Mapping, Optional, Sequence, Tuple

import numpy as np
from osgeo import gdal

from stillpoint.models.errors import Cancelled, StillpointError
from stillpoint.models.jobs import Job, Result, SelectInterferograms, Simulate
from stillpoint.models.jobs.interferograms import METHODS
from stillpoint.plugin import stacks
from stillpoint.plugin.interferograms import METHODS as TITLES
from stillpoint.plugin.triage_table import TriageTable, read_table

SIZE, DATES, SEED = 160, 20, 1

Run = Callable[[Job], Result]
Pair = Tuple[str, str]


@dataclass(frozen=True)
class Truth:
    """What is true of an interferogram: whether it is bad, what happened to it, and whether the air was strong."""

    bad: bool
    kind: str
    strong: bool


@dataclass(frozen=True)
class Selection:
    """A finished selection.

    Attributes
    ----------
    job, result
        What was asked, and what came back.
    table
        Scores, choice and reasons.
    velocity_error
        Root mean square of the velocity by the kept interferograms against the truth, mm/yr.
    """

    job: SelectInterferograms
    result: Result
    table: TriageTable
    velocity_error: float

    @property
    def title(self) -> str:
        """The method for people."""
        return TITLES.get(self.job.method, self.job.method)

    def dropped(self, truth: Mapping[Pair, Truth], wanted: Callable[[Truth], bool]) -> int:
        """Return how many of the interferograms that are ``wanted`` by their truth were dropped."""
        return sum(not keep and wanted(truth[name]) for name, keep in zip(self.table.names, self.table.keep))


@dataclass(frozen=True)
class Network:
    """The simulated stack, what was selected in it, and how that compares with the truth.

    Attributes
    ----------
    stack, coherence, velocity
        Rasters; the last is the true velocity, mm/yr.
    truth
        By pair of dates.
    dates
        How many there are.
    selections
        By method, in the order of the methods.
    error_of_all
        Root mean square of the velocity by all interferograms, mm/yr.
    files
        What was written.
    """

    stack: Path
    coherence: Path
    velocity: Path
    truth: Mapping[Pair, Truth]
    dates: int
    selections: Sequence[Selection]
    error_of_all: float
    files: Sequence[Path]

    @property
    def bad(self) -> int:
        """Number of bad interferograms."""
        return sum(one.bad for one in self.truth.values())

    @property
    def strong(self) -> int:
        """Number of interferograms of a date with a strong atmosphere, none of them bad."""
        return sum(one.strong and not one.bad for one in self.truth.values())

    def rows(self) -> List[List[str]]:
        """Return the table of the methods: title, kept, bad found, good dropped, stormy dropped, velocity error, seconds."""
        count = len(self.truth)
        rows = [["All interferograms", f"{count}", f"0 of {self.bad}", "0", f"0 of {self.strong}", f"{self.error_of_all:.1f}", ""]]
        for one in self.selections:
            found = one.dropped(self.truth, lambda true: true.bad)
            vain = one.dropped(self.truth, lambda true: not true.bad)
            storm = one.dropped(self.truth, lambda true: true.strong and not true.bad)
            error = f"{one.velocity_error:.1f}" if math.isfinite(one.velocity_error) else "-"
            rows.append([
                one.title, f"{int(one.table.keep.sum())}", f"{found} of {self.bad}", f"{vain}", f"{storm} of {self.strong}", error,
                f"{one.result.details['seconds']:.1f}",
            ])  # fmt: skip
        return rows

    def text(self) -> str:
        """Return what the default found and the table of the methods, for people."""
        first = self.selections[0]
        lines = []
        for name, keep, score, reason in zip(first.table.names, first.table.keep, first.table.score, first.table.reasons):
            true = self.truth[name]
            if true.bad or not keep:
                what = f"{'kept' if keep else 'dropped'}, score {score:.2f}"
                lines.append(f"  {name[0]} {name[1]}  {what:<22}{reason or '-':<36}truth: {true.kind or 'good'}")
        storm = [index for index, name in enumerate(first.table.names) if self.truth[name].strong]
        kept = int(first.table.keep[storm].sum())
        lines += [f"  of the {len(storm)} of the date with a strong atmosphere {kept} are kept", ""]
        heads = ("", "kept", "bad found", "good dropped", "stormy dropped", "velocity error", "seconds")
        widths = (26, 8, 12, 15, 17, 17, 10)
        for row in (heads, *self.rows()):
            lines.append("".join(f"{text:<{width}}" if not place else f"{text:>{width}}"
                                 for place, (text, width) in enumerate(zip(row, widths))))  # fmt: skip
        return "\n".join(lines)


def network(run: Run, folder: Path, *, size: int = SIZE, dates: int = DATES) -> Network:
    """Simulate a stack in ``folder``, select its interferograms by every method and compare that with the truth.

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
    print(f"Simulating interferograms: {size} x {size} pixels, {dates} dates")
    stack = folder / "network.tif"
    made = run(Simulate(what="interferograms", output=str(stack), site="demo", size=size, dates=dates, seed=SEED))
    truth, velocity = read_truth(Path(made.outputs["truth"])), Path(made.outputs["velocity"])
    print("Selecting the good ones")
    selections = [found for method in METHODS if (found := _tried(run, stack, velocity, folder, method)) is not None]
    if not selections:
        raise StillpointError("No method could select interferograms; see above.")
    all_of = rms_of(selections[0].result.outputs["velocity"], 1, velocity)
    tables = [Path(one.job.table) for one in selections]
    return Network(
        stack, Path(made.outputs["coherence"]), velocity, truth, dates, selections, all_of, (stack, *tables)
    )  # fmt: skip


def read_truth(path: Path) -> Dict[Pair, Truth]:
    """Read what is true of every interferogram, by reference and secondary date."""
    with path.open(newline="", encoding="utf-8") as stream:
        return {
            (row["reference_date"], row["secondary_date"]): Truth(row["bad"] == "1", row["kind"], row["strong_atmosphere"] == "1")
            for row in csv.DictReader(stream)
        }


def _tried(run: Run, stack: Path, velocity: Path, folder: Path, method: str) -> Optional[Selection]:
    """Select by one method and say what came of it; None where it cannot run."""
    title = TITLES.get(method, method)
    job = SelectInterferograms(
        stack=str(stack), table=str(folder / f"{method}.csv"), method=method, velocity=str(folder / f"{method}_velocity.tif"),
        output=str(folder / f"{method}_kept.vrt") if method == METHODS[0] else None,
        weights=str(folder / f"{method}_weights.tif") if method == METHODS[0] else None,
    )  # fmt: skip
    try:
        result = run(job)
    except Cancelled:
        raise
    except StillpointError as error:
        print(f"  {title:<26} is left out. {error}")
        return None
    told = result.details
    print(f"  {title:<26}{told['kept']:>6} of {told['pairs']} kept in {told['seconds']:.1f} s")
    return Selection(job, result, read_table(job.table), rms_of(str(job.velocity), 2, velocity))


def _band(path: str, number: int) -> np.ndarray:
    """Return a band of a raster as float64, row by row in one line."""
    source = stacks.opened(path)  # a band is of no use without it
    return np.frombuffer(source.GetRasterBand(number).ReadRaster(buf_type=gdal.GDT_Float64), np.float64)


def rms_of(path: str, band: int, truth: Path) -> float:
    """Return the root mean square of a velocity against the true one in mm/yr, whatever place both count from."""
    off = _band(path, band) - _band(str(truth), 1)
    off = off[np.isfinite(off)]
    return float(np.sqrt(np.mean((off - np.median(off)) ** 2))) if off.size else math.nan
