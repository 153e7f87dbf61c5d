"""What a job will need, told before it begins: time, memory and disk, from its sizes and a short calibration."""

from __future__ import annotations

import logging
import os
import tempfile
import time
from dataclasses import asdict, dataclass, field
from typing import Any, Callable, Dict, List, Optional, Sequence, Tuple

from stillpoint.models.errors import StillpointError
from stillpoint.models.executors import resources
from stillpoint.models.executors.doors import Executor
from stillpoint.models.executors.work import Work
from stillpoint.models.jobs import Result
from stillpoint.models.progress import Progress

logger = logging.getLogger("stillpoint")

BASE = 4.5e8
"""Bytes of the engine itself, with its libraries and the buffers of GDAL."""

WORTH = 24
"""Pieces for each that is computed at a time, from which on a calibration is worth its time in an ordinary run."""

PACKED = 0.95
"""Size of a map of measured numbers as it is written, to its size in memory; what is told must suffice."""


@dataclass
class Needs:
    """What a job will need, as far as its sizes tell.

    Attributes
    ----------
    work, pieces
        What is done, and with what.
    cost
        What a piece costs, in any unit: pixels with their overlap, values.
    memory
        Bytes that the pieces at work take together in one process.
    outputs
        Files that are written, and their bytes.
    pieces_expected, cost_expected
        Where ``pieces`` holds only a sample of them: how many there are, and their cost.
    """

    work: Work
    pieces: Sequence[Any]
    cost: Callable[[Any], float]
    memory: float
    outputs: List[Tuple[str, float]] = field(default_factory=list)
    pieces_expected: Optional[int] = None
    cost_expected: Optional[float] = None


@dataclass(frozen=True)
class Forecast:
    """What a job will need.

    Attributes
    ----------
    seconds
        From now to the end; None where no calibration was made.
    memory, disk
        Bytes: of this process or of each worker, and of all outputs.
    pieces
        Tiles, blocks or images.
    at_a_time
        How many of them are computed at a time, on all machines together.
    place
        Where they are computed.
    """

    seconds: Optional[float]
    memory: float
    disk: float
    pieces: int
    at_a_time: int
    place: str

    def sentence(self) -> str:
        """Return the forecast for people."""
        lasts = "" if self.seconds is None else f"about {_lasting(self.seconds)}, "
        each = "" if self.place == "this machine" else " on each worker"
        return (
            f"Forecast: {lasts}{resources.shown(self.memory)} of memory{each} and {resources.shown(self.disk)} on disk, for "
            f"{self.pieces:,} piece{'s' if self.pieces != 1 else ''}, {self.at_a_time} at a time on {self.place}."
        )

    def to_dict(self) -> Dict[str, Any]:
        """Return the attributes as JSON types."""
        return asdict(self)


class Foreseen(Exception):  # noqa: N818 - it is no error
    """The forecast was all that was asked for; raised before anything is written."""

    def __init__(self, forecast: Forecast) -> None:
        super().__init__(forecast.sentence())
        self.forecast = forecast

    def result(self) -> Result:
        """Return the result of the job."""
        return Result({}, f"{self.forecast.sentence()}\nNothing was computed or written.", {"forecast": self.forecast.to_dict()})


def foresee(
    needs: Needs, executor: Executor, *, device: str, threads: int, only: bool = False, progress: Progress
) -> Forecast:
    """Return what a job will need, after a look at the disk; a calibration is made where the job is long.

    Parameters
    ----------
    needs
        What the sizes tell.
    executor, device, threads
        Where, and how many pieces at a time in one process.
    only
        Whether the forecast is all that is wanted: :class:`Foreseen` is raised then.
    progress
        Asked for a cancel.

    Raises
    ------
    StillpointError
        The disk cannot hold the outputs.
    Foreseen
        The forecast is all that is wanted.
    Cancelled
        Asked to stop.
    """
    count = needs.pieces_expected or len(needs.pieces)
    slots = max(1, min(executor.slots(device, threads), count))
    check_disk(needs.outputs)
    seconds = None
    if needs.pieces and (only or count > WORTH * slots):
        progress(0.0, "Calibrating")
        rate = _rate(needs, executor, device, progress)
        whole = needs.cost_expected or sum(needs.cost(piece) for piece in needs.pieces)
        seconds = rate * whole / slots
    found = Forecast(
        seconds, BASE + needs.memory, sum(size for _, size in needs.outputs), count, slots, executor.name
    )
    logger.info("%s", found.sentence())
    if only:
        raise Foreseen(found)
    return found


def check_disk(outputs: Sequence[Tuple[str, float]]) -> None:
    """Raise a StillpointError where a disk cannot hold what will be written to it."""
    wanted: Dict[int, Tuple[str, float]] = {}
    for path, size in outputs:
        folder = tempfile.gettempdir() if path.startswith("/vsi") else os.path.dirname(os.path.abspath(path))
        try:
            disk = os.stat(folder).st_dev
        except OSError:
            continue  # whoever writes there says what is wrong
        wanted[disk] = (folder, wanted.get(disk, (folder, 0.0))[1] + size)
    for folder, size in wanted.values():
        free = resources.free_disk(os.path.join(folder, "x"))
        if free is not None and size > free:
            raise StillpointError(
                f"There is not enough space left on the disk of {folder}: the results need about {resources.shown(size)}, and "
                f"{resources.shown(free)} are free. Free some, choose another folder, or fewer outputs."
            )


def _rate(needs: Needs, executor: Executor, device: str, progress: Progress) -> float:
    """Return seconds of one thread a unit of cost, of a small piece from the middle; the first time is to get warm."""
    piece = needs.pieces[len(needs.pieces) // 2]
    while True:
        smaller = needs.work.smaller(piece)
        if not smaller:
            break
        piece = smaller[len(smaller) // 2]
    taken = 0.0
    for _ in range(2):
        began = time.monotonic()
        for _ in executor.run(needs.work, [piece], device=device, threads=1, progress=progress):
            taken = time.monotonic() - began
    return taken / max(needs.cost(piece), 1.0)


def _lasting(seconds: float) -> str:
    """Return a time for people, as exact as a forecast can be."""
    if seconds < 90:
        return f"{max(seconds, 1):.0f} s"
    if seconds < 5400:
        return f"{seconds / 60:.0f} min"
    return f"{seconds / 3600:.1f} h" if seconds < 172_800 else f"{seconds / 86_400:.1f} days"
