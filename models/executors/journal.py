"""Finished pieces of long jobs, kept aside until the job is done: the same job again does not compute them again.

They lie in the user's cache, not beside the outputs, and are arrays alone: nothing that could run is read back. A job that is short
leaves none, one that ends well removes its own, and what nobody came back for goes after some days.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import logging
import os
import shutil
import sys
import time
import uuid
import zipfile
from pathlib import Path
from typing import Any, Dict, Iterable, Iterator, List, Optional, Sequence, Set, Tuple

import numpy as np

from stillpoint.models import __version__, remote
from stillpoint.models.executors.doors import Executor
from stillpoint.models.executors.here import Told
from stillpoint.models.executors.resources import free_disk
from stillpoint.models.executors.work import KeptWork, Work
from stillpoint.models.jobs import Job
from stillpoint.models.progress import SILENT, Progress

logger = logging.getLogger("stillpoint")

AFTER = 30.0
"""Seconds that a job runs before its pieces are kept: writing them costs, and a short job is soon done again."""

DAYS = 7
"""After so many days without use they are removed."""

SPARE = 4.0e9
"""Bytes that must stay free on the disk of the cache."""

_IGNORED = ("scheduler", "forecast", "cog")
_KNOWN = "\0known"


def cache_folder() -> Path:
    """Return the folder of finished pieces in the user's cache; ``STILLPOINT_CACHE`` names another."""
    given = os.environ.get("STILLPOINT_CACHE")
    if given:
        return Path(given) / "pieces"
    if sys.platform == "win32":
        base = Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    elif sys.platform == "darwin":
        base = Path.home() / "Library" / "Caches"
    else:
        base = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return base / "stillpoint" / "pieces"


class Journal:
    """The finished pieces of one job with one state of its inputs.

    Parameters
    ----------
    job
        The job; where and how its results are written makes no difference.
    work
        What is done: its files, with their sizes and times, belong to the key.
    more
        Whatever else the results depend on.
    """

    def __init__(self, job: Job, work: Work, *more: str) -> None:
        parameters = job.to_dict()["parameters"]
        outputs = {item.name for item in type(job).parameters() if "output" in item.metadata["kind"]}
        kept = {name: value for name, value in parameters.items() if name not in outputs and name not in _IGNORED}
        files = sorted({path: stamp(path) for path in work.files()}.items())
        text = json.dumps([job.task, __version__, kept, files, *more], sort_keys=True, default=str)
        self.folder = cache_folder() / hashlib.sha256(text.encode()).hexdigest()[:32]
        self._began = time.monotonic()
        self._broken = False

    def known(self) -> Set[str]:
        """Return the marks of the pieces that are there."""
        try:
            return {path.stem for path in self.folder.glob("*.npz")}
        except OSError:
            return set()

    def read(self, mark: str) -> Optional[Dict[str, np.ndarray]]:
        """Return the arrays of a piece; None where they are damaged or gone."""
        try:
            with np.load(self.folder / f"{mark}.npz", allow_pickle=False) as stored:
                return {name: stored[name] for name in stored.files}
        except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
            return None

    def keep(self, mark: str, arrays: Dict[str, np.ndarray]) -> None:
        """Store a piece, where the job has lasted and there is room; a cache that fails is no reason to fail."""
        if self._broken or time.monotonic() - self._began < AFTER:
            return
        draft = self.folder / f".{mark}.{uuid.uuid4().hex[:8]}"
        try:
            if not self.folder.is_dir():
                self.folder.mkdir(parents=True)
                _sweep(self.folder.parent)
            if (free_disk(str(self.folder / "x")) or 0) < SPARE:
                return
            with open(draft, "wb") as stream:
                np.savez(stream, **arrays)
            os.replace(draft, self.folder / f"{mark}.npz")
        except OSError as error:
            self._broken = True
            logger.info("finished pieces are not kept: %s", error)
            with contextlib.suppress(OSError):
                draft.unlink(missing_ok=True)

    def clear(self) -> None:
        """Remove all pieces: the job is done."""
        shutil.rmtree(self.folder, ignore_errors=True)


class _Resumed(Work[Any]):
    """A work of which some pieces are known already; those travel as a mark alone."""

    def __init__(self, inner: KeptWork, known: Set[str]) -> None:
        self.inner = inner
        self.known = known

    def open(self, check: Any) -> Any:
        return self.inner.opened

    def attach(self, check: Any, opened: Optional[Any] = None) -> None:
        super().attach(check)
        self.inner.attach(check, opened)

    def files(self) -> Sequence[str]:
        return self.inner.files()

    def parcel(self, item: Any) -> Any:
        return _KNOWN if self.inner.mark(item) in self.known else self.inner.parcel(item)

    def read(self, parcel: Any) -> Any:
        return None if isinstance(parcel, str) and parcel == _KNOWN else self.inner.read(parcel)

    def compute(self, parcel: Any, values: Any, progress: Progress) -> Any:
        return _KNOWN if isinstance(parcel, str) and parcel == _KNOWN else self.inner.compute(parcel, values, progress)

    def smaller(self, item: Any) -> List[Any]:
        return [] if self.inner.mark(item) in self.known else self.inner.smaller(item)


def run_kept(
    executor: Executor, work: KeptWork, items: Iterable[Any], journal: Journal, *, device: str, threads: Optional[int] = None,
    progress: Progress = SILENT, told: Optional[Told] = None,
) -> Iterator[Tuple[Any, Any]]:
    """Yield what :meth:`Executor.run` does, with the pieces of an earlier run of the job from its journal."""
    known = journal.known()
    if known:
        logger.info("%d finished pieces of an earlier run are used", len(known))
    resumed = _Resumed(work, known)
    again: List[Any] = []
    for item, found in executor.run(resumed, items, device=device, threads=threads, progress=progress, told=told):
        mark = work.mark(item)
        if isinstance(found, str) and found == _KNOWN:
            arrays = journal.read(mark)
            if arrays is None:  # damaged since
                again.append(item)
                continue
            yield item, work.unpacked(arrays)
            continue
        journal.keep(mark, work.packed(found))
        yield item, found
    if again:
        yield from executor.run(work, again, device=device, threads=threads, progress=progress, told=told)


def stamp(path: str) -> Tuple[int, int]:
    """Return size and time of change of a file; the size alone of one that GDAL alone knows, and zeros of none."""
    try:
        found = os.stat(path)
    except OSError:
        return remote.size_of(path) or 0, 0
    return found.st_size, found.st_mtime_ns


def _sweep(folder: Path) -> None:
    """Remove what nobody came back for."""
    oldest = time.time() - DAYS * 86_400
    for item in folder.iterdir():
        with contextlib.suppress(OSError):
            if item.is_dir() and item.stat().st_mtime < oldest:
                shutil.rmtree(item, ignore_errors=True)
