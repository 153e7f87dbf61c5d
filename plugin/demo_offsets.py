"""The part of ``make demo`` that tracks offsets: a simulated glacier surge, by every method, against its true displacement."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Callable, Dict, List, Optional, Sequence, Tuple

import numpy as np

from stillpoint.models.errors import Cancelled, StillpointError
from stillpoint.models.jobs import Job, Result, Simulate, TrackOffsets
from stillpoint.models.jobs.offsets import METHODS
from stillpoint.plugin import offsets, offsets_arrows, stacks
from stillpoint.plugin.offsets import METHODS as TITLES
from stillpoint.plugin.offsets import OffsetFacts

SIZE, SEED, SPACING = 512, 1, 8

STILL, FAST = 0.1, 0.5
"""Shares of the largest motion: below the first lies the ground beside the ice, from the second on the fast trunk."""

STEEP = 0.025
"""Change of the motion in pixels a pixel from which a place is a shear margin."""

ZONES = ("Beside the ice", "Slow ice", "Shear margins", "Fast trunk")

Run = Callable[[Job], Result]


@dataclass(frozen=True)
class Row:
    """One zone: how many offsets it has, how large the true ones are, and how far the measured ones are off, all in pixels.

    Attributes
    ----------
    count, answered
        Offsets of the zone, and those that were measured and trusted.
    true, measured
        Mean length of the vectors, over the answered ones.
    rms
        Root mean square error of a component.
    bias
        Length of the mean error.
    within
        Share of the errors within two standard errors.
    """

    zone: str
    count: int
    answered: int
    true: float
    measured: float
    rms: float
    bias: float
    within: float


@dataclass(frozen=True)
class Tracking:
    """A finished run.

    Attributes
    ----------
    job, result
        What was asked, and what came back.
    rows
        By zone, then all zones together.
    """

    job: TrackOffsets
    result: Result
    rows: Sequence[Row]

    @property
    def title(self) -> str:
        """The method for people."""
        return TITLES.get(self.job.method, self.job.method)

    @property
    def facts(self) -> OffsetFacts:
        """What the raster says of itself."""
        return offsets.facts_of(self.result.outputs["output"])


@dataclass(frozen=True)
class Surge:
    """The simulated pair, what was tracked in it, and how that compares with the truth.

    Attributes
    ----------
    images
        Stack of the two dates.
    truth
        True offsets along columns and rows, pixels.
    trackings
        By method, the default first where it could run.
    arrows
        Arrows of the first.
    files
        What was written.
    """

    images: Path
    truth: Path
    trackings: Sequence[Tracking]
    arrows: str
    files: Sequence[Path]

    def table(self) -> str:
        """Return recovered against true displacement by zone, for people."""
        lines = []
        for tracking in self.trackings:
            lines.append(f"  {tracking.title}, {tracking.result.details['seconds']:.1f} s")
            lines.append(f"    {'zone':<18}{'offsets':>9}{'answered':>10}{'true':>9}{'measured':>10}{'rms error':>11}{'bias':>8}"
                         f"{'within 2 sigma':>16}")  # fmt: skip
            for row in tracking.rows:
                lines.append(
                    f"    {row.zone:<18}{row.count:>9,}{row.answered / max(row.count, 1):>10.1%}{row.true:>6.2f} px"
                    f"{row.measured:>7.2f} px{row.rms:>8.3f} px{row.bias:>8.3f}{row.within:>16.1%}"
                )
        return "\n".join(lines)


def surge(run: Run, folder: Path, *, size: int = SIZE) -> Surge:
    """Simulate a surge in ``folder``, track it by every method and compare that with the truth.

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
    print(f"Simulating a glacier surge: two images of {size} x {size} pixels")
    images = folder / "surge.tif"
    made = run(Simulate(what="offsets", output=str(images), site="demo", size=size, seed=SEED))
    print(f"  {made.summary}")
    truth = Path(made.outputs["truth"])
    print("Tracking its offsets")
    trackings = [found for method in METHODS if (found := _tried(run, images, truth, folder, method)) is not None]
    if not trackings:
        raise StillpointError("No method could track offsets; see above.")
    first = trackings[0]
    arrows = offsets_arrows.write_arrows(first.facts, str(folder / "offsets arrows.gpkg"))
    files = (images, truth, *(Path(one.job.output) for one in trackings))
    return Surge(images, truth, trackings, arrows, files)


def _tried(run: Run, images: Path, truth: Path, folder: Path, method: str) -> Optional[Tracking]:
    """Track by one method and say what came of it; None where it cannot run."""
    title = TITLES.get(method, method)
    output = folder / f"{method}.tif"
    job = TrackOffsets(reference=str(images), output=str(output), method=method, spacing=SPACING, search=12)
    try:
        result = run(job)
    except Cancelled:
        raise
    except StillpointError as error:
        print(f"  {title:<28} is left out. {error}")
        return None
    rows = compared(offsets.facts_of(str(output)), truth)
    print(f"  {title:<28}{rows[-1].rms:>7.3f} px off (root mean square) in {result.details['seconds']:.1f} s")
    return Tracking(job, result, rows)


def true_offsets(facts: OffsetFacts, truth: Path) -> np.ndarray:
    """Return the true offsets of a result's cells, float64 [2, rows, columns]: means over their blocks of pixels."""
    source = stacks.opened(str(truth))
    rows, columns = facts.shape
    step = facts.spacing
    values = np.stack([source.GetRasterBand(number).ReadAsArray() for number in (1, 2)]).astype(np.float64)
    blocks = values[:, : rows * step, : columns * step].reshape(2, rows, step, columns, step)
    return np.asarray(blocks.mean(axis=(2, 4)))


def zones_of(true: np.ndarray, spacing: int) -> Dict[str, np.ndarray]:
    """Return where each zone is, bool [rows, columns]; ``true`` are the true offsets in pixels."""
    size = np.hypot(*true)
    slopes = [np.gradient(component, spacing) for component in true]
    steep = np.sqrt(sum(part**2 for slope in slopes for part in slope)) >= STEEP
    still = ~steep & (size < STILL * size.max())
    fast = ~steep & (size >= FAST * size.max())
    return dict(zip(ZONES, (still, ~steep & ~still & ~fast, steep, fast)))


def compared(facts: OffsetFacts, truth: Path) -> List[Row]:
    """Return how offsets in pixels compare with the truth, by zone and over all."""
    pair = facts.pairs[0]
    true = true_offsets(facts, truth)
    found = offsets.samples(facts, [*pair.offsets, *pair.errors], most=10**9)
    zones = {name: zone for name, zone in zones_of(true, facts.spacing).items() if zone.any()}
    zones["All"] = np.ones(true.shape[1:], bool)
    return [_row(name, zone, true, found) for name, zone in zones.items()]


def _row(name: str, zone: np.ndarray, true: np.ndarray, found: np.ndarray) -> Row:
    good = zone & np.isfinite(found[0])
    if not good.any():
        return Row(name, int(zone.sum()), 0, *(float("nan"),) * 5)
    off = found[:2, good] - true[:, good]
    lengths: Tuple[np.ndarray, np.ndarray] = np.hypot(*true[:, good]), np.hypot(*found[:2, good])
    return Row(
        name, int(zone.sum()), int(good.sum()), float(lengths[0].mean()), float(lengths[1].mean()),
        float(np.sqrt((off**2).mean())), float(np.hypot(*off.mean(axis=1))), float((np.abs(off) <= 2 * found[2:, good]).mean()),
    )  # fmt: skip
