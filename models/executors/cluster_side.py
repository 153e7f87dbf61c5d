"""What runs on the workers of a Dask cluster: pieces of work, and what a worker tells of itself."""

from __future__ import annotations

import os
import platform
import socket
import sys
from typing import Any, Dict, List, Optional, Tuple

from stillpoint.models import __version__
from stillpoint.models.errors import Cancelled, StillpointError
from stillpoint.models.executors.resources import is_memory_error, release
from stillpoint.models.executors.work import Work
from stillpoint.models.progress import Progress

OUT_OF_MEMORY = "\0memory"
"""Stands for the result of a piece that memory did not suffice for."""


def facts() -> Dict[str, Any]:
    """Return what a client wants to know of a worker: versions, and who it is."""
    return {"stillpoint": __version__, "python": platform.python_version(), "host": socket.gethostname(), "pid": os.getpid()}


def carried(work: Work, files: List[Tuple[str, Optional[int]]], version: str) -> Work:
    """Return ``work`` on a worker, after a look at whether it can be done there: the first task of every job.

    Raises
    ------
    StillpointError
        Another version of Stillpoint, or a file that this worker does not see.
    """
    if version != __version__:
        raise StillpointError(other_version(version, __version__, where()))
    see_files(files)
    return work


def compute(work: Work, parcel: Any, files: List[Tuple[str, Optional[int]]], version: str) -> Any:
    """Return the result of one piece on this worker."""
    if "_check" not in work.__dict__:  # it came from another process: a worker that joined later, perhaps
        carried(work, files, version)
        work.attach(check)
    try:
        if "_opened" not in work.__dict__ and work.opened is not None:
            _one_thread_in_torch()
        return work.compute(parcel, work.read(parcel), Progress(cancelled=_asked))
    except Exception as error:
        if not is_memory_error(error):
            raise
    release()
    return OUT_OF_MEMORY


def _one_thread_in_torch() -> None:
    """Keep torch to one thread: a worker computes several pieces at a time."""
    torch = sys.modules.get("torch")
    if torch is not None:
        torch.set_num_threads(1)


def check() -> None:
    """Raise Cancelled where nobody wants the task that runs in this thread any more."""
    try:
        from distributed import get_worker

        worker = get_worker()
        task = worker.state.tasks.get(worker.get_current_task())
    except (ImportError, ValueError, AttributeError):
        return
    if task is None or task.state == "cancelled":
        raise Cancelled


def _asked() -> bool:
    check()
    return False


def where() -> str:
    """Return this worker's name for people."""
    try:
        from distributed import get_worker

        return f"the worker {get_worker().address} on {socket.gethostname()}"
    except (ImportError, ValueError):
        return f"the worker on {socket.gethostname()}"


def sized(paths: Any) -> List[Tuple[str, Optional[int]]]:
    """Return files with their sizes as this machine sees them; None for what has none here."""
    found: Dict[str, Optional[int]] = {}
    for path in paths:
        if not path.startswith("/vsimem/"):  # GDAL's files in memory belong to one process
            there = os.path.isfile(path)
            found[os.path.abspath(path) if there else path] = os.path.getsize(path) if there else None
    return list(found.items())


def see_files(files: List[Tuple[str, Optional[int]]]) -> None:
    """Raise a StillpointError where this worker does not see a file as the client does."""
    for path, size in files:
        if size is None:
            continue  # a place of GDAL's (/vsi...), which says itself what is wrong
        if not os.path.isfile(path):
            raise StillpointError(
                f"{where()[0].upper()}{where()[1:]} sees no file {path}. Put it into a folder that all workers have under the same "
                "name (a network drive), or name it by one of GDAL's remote paths (/vsicurl/, /vsis3/ ...)."
            )
        if os.path.getsize(path) != size:
            raise StillpointError(
                f"{path} is another file on {where()}: it has {os.path.getsize(path):,} bytes there and {size:,} here. Put it "
                "into a folder that all workers have under the same name."
            )


def other_version(ours: str, theirs: str, place: str) -> str:
    """Return the sentence for workers of another version."""
    return (
        f"Stillpoint is {ours} here and {theirs} on {place}: their results could differ. Install the same version on all workers "
        f"(pip install stillpoint=={ours}), or let this machine compute."
    )
