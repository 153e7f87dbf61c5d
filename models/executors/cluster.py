"""Pieces of work on a Dask cluster: the same results as on this machine, from as many as there are."""

from __future__ import annotations

import logging
import re
import sys
import threading
import time
from collections import deque
from contextlib import contextmanager, suppress
from pickle import UnpicklingError  # nosec B403 - an error's name alone
from typing import Any, Deque, Dict, Iterable, Iterator, List, NoReturn, Optional, Tuple

from stillpoint.models import __version__
from stillpoint.models.errors import StillpointError
from stillpoint.models.executors import cluster_side, resources
from stillpoint.models.executors.cluster_reasons import unreachable
from stillpoint.models.executors.doors import Executor
from stillpoint.models.executors.here import NO_MEMORY, Fetched, Told
from stillpoint.models.executors.work import Work, cut
from stillpoint.models.progress import SILENT, Progress

logger = logging.getLogger("stillpoint")

ADDRESS = re.compile(r"(tcp|tls|ws|wss|ucx|ucxx)://[^\s/]+:[0-9]+/?")

PATIENCE = 10.0
"""Seconds to wait for the scheduler to answer."""

POLL = 0.25
"""Seconds between two looks at the cancel button."""

QUEUED = 2
"""Pieces for each that a worker computes at a time: it fetches the next while it computes."""

WAIT_FOR_WORKERS = "10 minutes"
"""How long to wait for the first worker; Dask's configuration ``stillpoint.wait-for-workers`` changes it."""


class Cluster(Executor):
    """The workers of a Dask scheduler.

    Parameters
    ----------
    client
        A connected ``distributed.Client``.
    address
        As the user named it.
    """

    remote = True

    def __init__(self, client: Any, address: str) -> None:
        self._client = client
        self.address = address
        self.name = f"the Dask scheduler {address}"

    # What the workers have

    @property
    def size(self) -> int:  # type: ignore[override]
        """Number of workers now."""
        return len(self.workers())

    def workers(self) -> List[Dict[str, Any]]:
        """Return what the scheduler says of each worker."""
        return list(self._client.scheduler_info(n_workers=-1)["workers"].values())

    def device(self, wanted: str) -> str:
        """Return ``cuda`` where workers offer a GPU and the user does not ask for the CPU; see :meth:`Executor.device`."""
        wanted = wanted.strip().lower() or "auto"
        gpus = sum(1 for worker in self.workers() if worker.get("resources", {}).get("GPU", 0) >= 1)
        if wanted == "cpu" or (wanted == "auto" and not gpus):
            return "cpu"
        if not gpus:
            raise StillpointError(
                f"No worker of {self.name} offers a GPU. Start those that have one with --resources GPU=1, or take the device cpu."
            )
        return "cuda" if wanted == "auto" else wanted.partition(":")[0]

    def local(self, device: str) -> str:
        """Return the processor: this machine need not have the workers' device."""
        return "cpu"

    def at_a_time(self, device: str) -> int:
        """Return the threads of the worker that has most; one for each GPU."""
        return 1 if device != "cpu" else max((worker["nthreads"] for worker in self.workers()), default=1)

    def memory(self, device: str, *, capped: bool = True) -> float:
        """Return what the worker with the least memory can spare for all of its threads; the usual where none has a limit."""
        most = resources.A_CORE * self.at_a_time(device)
        limits = [worker["memory_limit"] for worker in self.workers() if worker.get("memory_limit")]
        spare = [resources.SHARE * limit for limit in limits]
        return max(min([most, *spare] if capped or not spare else spare), resources.LEAST)

    def slots(self, device: str, threads: int = 1) -> int:
        """Return how many pieces all workers compute at a time: their threads, or their GPUs."""
        if device != "cpu":
            return sum(int(worker.get("resources", {}).get("GPU", 0)) for worker in self.workers())
        return sum(worker["nthreads"] for worker in self.workers())

    # Work

    def run(
        self, work: Work, items: Iterable[Any], *, device: str, threads: Optional[int] = None, progress: Progress = SILENT,
        told: Optional[Told] = None,
    ) -> Iterator[Tuple[Any, Any]]:
        """Compute the pieces as tasks of the cluster; see :meth:`Executor.run`.

        A worker that is lost has its tasks done again by others. A piece that a worker has too little memory for, or that kills
        workers, is cut up.
        """
        running = _Running(self, work, device, progress)
        fetched = Fetched(items)
        try:
            yield from running.results(fetched)
        finally:
            fetched.close()
            running.cancel()

    def submit(self, function: Any, *arguments: Any, device: str) -> Any:
        """Return the future of a call on a worker."""
        needs = {"GPU": 1} if device != "cpu" else None
        return self._client.submit(function, *arguments, pure=False, resources=needs)

    def finished(self, future: Any, progress: Progress) -> Any:
        """Wait for a future, with an eye on the cancel button and on the scheduler, and return its result."""
        self.wait_for(future, progress)
        return self._result(future)

    def wait_for(self, future: Any, progress: Progress) -> None:
        """Wait until a future has its result or has failed."""
        done, looked = threading.Event(), time.monotonic()
        future.add_done_callback(lambda _: done.set())
        while not future.done():
            progress.check()
            if self._client.status not in ("running", "connecting"):
                self.lost()
            done.wait(POLL)
            if time.monotonic() - looked > 10:
                looked = time.monotonic()
                if not self.workers():
                    logger.warning("%s has no workers any more; waiting for one", self.name)
        progress.check()

    def _result(self, future: Any) -> Any:
        from distributed import CancelledError, KilledWorker
        from distributed.comm import CommClosedError

        try:
            return future.result()
        except KilledWorker:
            return cluster_side.OUT_OF_MEMORY
        except (CancelledError, CommClosedError, OSError, TimeoutError):
            self.lost()
        except (ModuleNotFoundError, AttributeError, UnpicklingError) as error:
            if "stillpoint" in str(error):
                raise StillpointError(_missing(self.name, str(error))) from None
            raise

    def lost(self) -> NoReturn:
        """Raise the StillpointError for a scheduler that is gone."""
        raise StillpointError(
            f"The connection to {self.name} was lost: it was stopped, or the network is down. Nothing half-written was left. Start "
            "the job again once it is back, or let this machine compute."
        )

    def cancel(self, futures: List[Any]) -> None:
        """Have tasks dropped; those at work notice it between two steps."""
        if futures and self._client.status == "running":
            with suppress(Exception):  # a scheduler that goes away now has no tasks left either
                self._client.cancel(futures, force=True)


class _Running:
    """The tasks of one work that are on the cluster."""

    def __init__(self, cluster: Cluster, work: Work, device: str, progress: Progress) -> None:
        self._cluster, self._work, self._device, self._progress = cluster, work, device, progress
        self._files = cluster_side.sized(work.files())
        self._waiting: Deque[Tuple[Any, Any]] = deque()
        self._carrier: Any = None
        self._level = 0

    def results(self, items: Iterable[Any]) -> Iterator[Tuple[Any, Any]]:
        cluster = self._cluster
        self._carrier = cluster.submit(cluster_side.carried, self._work, self._files, __version__, device=self._device)
        cluster.wait_for(self._carrier, self._progress)
        if self._carrier.status != "finished":
            cluster.finished(self._carrier, self._progress)  # raises what is wrong
        slots, looked = max(cluster.slots(self._device), 1), time.monotonic()
        for item in items:
            self._waiting.extend((piece, self._submit(piece)) for piece in cut(self._work, item, self._level))
            if time.monotonic() - looked > 2.0:  # workers come and go
                slots, looked = max(cluster.slots(self._device), 1), time.monotonic()
            while len(self._waiting) >= QUEUED * slots + 1:
                yield from self._next()
        while self._waiting:
            yield from self._next()

    def _submit(self, item: Any) -> Any:
        parcel = self._work.parcel(item)
        return self._cluster.submit(
            cluster_side.compute, self._carrier, parcel, self._files, __version__, device=self._device
        )

    def _next(self) -> Iterator[Tuple[Any, Any]]:
        item, future = self._waiting[0]
        result = self._cluster.finished(future, self._progress)
        self._waiting.popleft()
        if isinstance(result, str) and result == cluster_side.OUT_OF_MEMORY:
            parts = self._work.smaller(item)
            if not parts:
                raise StillpointError(f"{NO_MEMORY} That was a worker of {self._cluster.name}: give the workers more.")
            logger.info("a worker had too little memory for a piece, which is cut up")
            self._level += not self._level
            self._waiting.extendleft((part, self._submit(part)) for part in reversed(parts))
            return
        yield item, result

    def cancel(self) -> None:
        self._cluster.cancel([*(future for _, future in self._waiting), *([self._carrier] if self._carrier else [])])
        self._waiting.clear()
        self._carrier = None


@contextmanager
def open_cluster(address: str, progress: Progress = SILENT) -> Iterator[Cluster]:
    """Connect to the Dask scheduler at ``address``; TLS as Dask's own configuration says (tls://).

    Raises
    ------
    StillpointError
        Dask is not installed, the address is none, nothing answers there, or the workers have another version of Stillpoint.
    Cancelled
        Asked to stop while waiting for workers.
    """
    client = _connected(address.strip())
    try:
        cluster = Cluster(client, address.strip())
        _await_workers(cluster, client, progress)
        _check_workers(cluster, client)
        yield cluster
    finally:
        with suppress(Exception):  # a lost scheduler cannot be taken leave of
            client.close(timeout=2)


def _connected(address: str) -> Any:
    """Return a client of the scheduler at ``address``."""
    if not ADDRESS.fullmatch(address):
        raise StillpointError(
            f"{address!r} is no address of a Dask scheduler: give it as tcp://host:8786 (or tls://host:8786), as the scheduler "
            "says when it starts."
        )
    try:
        from distributed import Client
    except ImportError:
        raise StillpointError(
            f"The engine has no Dask. Install it with '{sys.executable} -m pip install distributed' (the version that the workers "
            "have), or leave the scheduler empty."
        ) from None
    logging.getLogger("distributed").setLevel(logging.CRITICAL)  # what matters is said in Stillpoint's own words
    try:
        return Client(address, timeout=PATIENCE, set_as_default=False, name="stillpoint")
    except (OSError, TimeoutError, ValueError, TypeError, RuntimeError) as error:
        raise unreachable(address, error) from None


def _await_workers(cluster: Cluster, client: Any, progress: Progress) -> None:
    """Wait for the first worker. An adaptive cluster starts one once there is a task."""
    import dask
    from dask.utils import parse_timedelta

    if cluster.workers():
        return
    limit = parse_timedelta(dask.config.get("stillpoint.wait-for-workers", WAIT_FOR_WORKERS))
    began = time.monotonic()
    wanted = client.submit(cluster_side.facts, pure=False)
    try:
        while not cluster.workers():
            progress(0.0, f"Waiting for a worker of {cluster.address}")
            if client.status not in ("running", "connecting"):
                cluster.lost()
            if time.monotonic() - began > limit:
                raise StillpointError(
                    f"{cluster.name[0].upper()}{cluster.name[1:]} has no workers. Start some with 'dask worker {cluster.address}'."
                )
            time.sleep(POLL)
    finally:
        cluster.cancel([wanted])


def _check_workers(cluster: Cluster, client: Any) -> None:
    """Raise a StillpointError where a worker has no Stillpoint, or another one."""
    try:
        answers = client.run(cluster_side.facts, on_error="return")
    except (OSError, TimeoutError):
        cluster.lost()
    for address, answer in answers.items():
        if isinstance(answer, (ImportError, AttributeError, UnpicklingError)):
            raise StillpointError(_missing(f"the worker {address}", _first_line(answer)))
        if isinstance(answer, dict) and answer["stillpoint"] != __version__:
            raise StillpointError(
                cluster_side.other_version(__version__, answer["stillpoint"], f"the worker {address} on {answer['host']}")
            )
    logger.info("%s: %d workers", cluster.name, len(answers))


def _missing(place: str, reason: str) -> str:
    return (
        f"Stillpoint cannot be used on {place} ({reason}). Install the version of this machine on all workers: "
        f"pip install stillpoint=={__version__}"
    )


def _first_line(error: BaseException) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0]
