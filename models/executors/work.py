"""What is done with every piece of a job: an object that travels to wherever the piece is computed."""

from __future__ import annotations

import threading
from abc import ABC, abstractmethod
from typing import Any, Callable, Dict, Generic, List, Optional, Sequence, Tuple, TypeVar

from stillpoint.models.progress import SILENT, Progress
from stillpoint.models.rasters.tiles import Tile

Item = TypeVar("Item")

_OPENING = threading.RLock()  # a work may hold another


class Work(ABC, Generic[Item]):
    """The same for all pieces: how one is read, computed, and cut up where memory runs out.

    A subclass is a dataclass of plain values (paths, options, what was learnt of the whole raster). It is pickled and sent where
    the pieces are computed, so what it opens (datasets, networks) is opened there by :meth:`open`, once a process.
    """

    def open(self, check: Callable[[], None]) -> Any:
        """Return what all pieces need (a network with its weights); ``check`` raises Cancelled once the job is not wanted."""
        return None

    def files(self) -> Sequence[str]:
        """Return the files that are read where the pieces are computed; a worker that cannot see one says so."""
        return ()

    def parcel(self, item: Item) -> Any:
        """Return what of ``item`` is sent to where it is computed."""
        return item

    def read(self, parcel: Any) -> Any:
        """Return the values of a piece; called ahead of :meth:`compute`, by another thread."""
        return None

    @abstractmethod
    def compute(self, parcel: Any, values: Any, progress: Progress) -> Any:
        """Return the result of a piece; pure, and safe to be called by several threads at a time.

        Where nobody watches (``progress`` is silent but for the cancel) the result is the same.
        """

    def smaller(self, item: Item) -> List[Item]:
        """Return ``item`` in pieces that need less memory, in order; empty where it cannot be cut up further."""
        return []

    # How it is opened

    @property
    def opened(self) -> Any:
        """What :meth:`open` gave in this process."""
        state = self.__dict__
        if "_opened" not in state:
            with _OPENING:
                if "_opened" not in state:
                    state["_opened"] = self.open(self.check)
        return state["_opened"]

    def check(self) -> None:
        """Raise Cancelled where the work is not wanted any more, as the run that is on now tells."""
        self.__dict__.get("_check", SILENT.check)()

    def attach(self, check: Callable[[], None], opened: Optional[Any] = None) -> None:
        """Say in this process how to ask whether the work is still wanted, and hand over what is open already."""
        self.__dict__["_check"] = check
        if opened is not None:
            self.__dict__["_opened"] = opened

    def __getstate__(self) -> Dict[str, Any]:
        return {name: value for name, value in self.__dict__.items() if name not in ("_opened", "_check")}


class KeptWork(Work[Item]):
    """A work whose finished pieces can be kept for the same job again; see :mod:`stillpoint.models.executors.journal`."""

    @abstractmethod
    def mark(self, item: Item) -> str:
        """Return a name for a piece that tells it from all others of the job, of letters, digits and dashes."""

    @abstractmethod
    def packed(self, found: Any) -> Dict[str, Any]:
        """Return the result of a piece as arrays."""

    @abstractmethod
    def unpacked(self, arrays: Dict[str, Any]) -> Any:
        """Return what :meth:`packed` took."""


def cut(work: Work, item: Any, level: int) -> List[Any]:
    """Return an item cut up ``level`` times, as far as it can be."""
    pieces = [item]
    for _ in range(level):
        pieces = [part for piece in pieces for part in (work.smaller(piece) or [piece])]
    return pieces


def quarters(tile: Tile, shape: Tuple[int, int], *, least: int, multiple: int = 1) -> List[Tile]:
    """Return a tile as two to four smaller ones with the same overlap; empty where they would be narrower than ``least``.

    Parameters
    ----------
    tile
        The tile.
    shape
        Rows and columns of the raster, where the overlap is cut.
    least
        Fewest pixels a side, without the overlap.
    multiple
        The cut lies at a multiple of this many pixels from the tile's first.
    """
    rows, cols = _halved(tile.rows, least, multiple), _halved(tile.cols, least, multiple)
    if len(rows) * len(cols) == 1:
        return []
    over = max(
        tile.rows.start - tile.read_rows.start, tile.read_rows.stop - tile.rows.stop,
        tile.cols.start - tile.read_cols.start, tile.read_cols.stop - tile.cols.stop,
    )  # fmt: skip
    return [
        Tile(
            high, wide,
            slice(max(high.start - over, 0), min(high.stop + over, shape[0])),
            slice(max(wide.start - over, 0), min(wide.stop + over, shape[1])),
        )
        for high in rows for wide in cols
    ]  # fmt: skip


def halves(length: int, least: int) -> List[slice]:
    """Return 0 .. ``length`` as two slices; empty where they would be shorter than ``least``."""
    return [] if length < 2 * least else [slice(0, length // 2), slice(length // 2, length)]


def _halved(part: slice, least: int, multiple: int) -> List[slice]:
    length = part.stop - part.start
    middle = -(-(length // 2) // multiple) * multiple
    if min(middle, length - middle) < least:
        return [part]
    return [slice(part.start, part.start + middle), slice(part.start + middle, part.stop)]
