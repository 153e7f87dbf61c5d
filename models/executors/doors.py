"""One door to where pieces of work are computed: the scheduler that a job names, else this machine."""

from __future__ import annotations

from abc import ABC, abstractmethod
from contextlib import contextmanager
from typing import Any, Iterable, Iterator, Optional, Tuple

from stillpoint.models.executors import resources
from stillpoint.models.executors.here import Told, run_here
from stillpoint.models.executors.work import Work
from stillpoint.models.jobs import Job
from stillpoint.models.progress import SILENT, Progress


class Executor(ABC):
    """Computes pieces of work.

    Attributes
    ----------
    name
        Where, for people and for the record of a result.
    remote
        Whether pieces leave this machine.
    size
        Processes that compute pieces.
    """

    name = ""
    remote = False
    size = 1

    @abstractmethod
    def device(self, wanted: str) -> str:
        """Return the device that pieces are computed on where the user wants ``wanted`` (``auto``, ``cpu``, ``cuda:0`` ...).

        Raises
        ------
        StillpointError
            There is no such device.
        """

    @abstractmethod
    def at_a_time(self, device: str) -> int:
        """Return how many pieces are computed at a time in one process on ``device``, at most."""

    @abstractmethod
    def memory(self, device: str, *, capped: bool = True) -> float:
        """Return the bytes that the pieces at work in one process may take together.

        That is no more than pieces are quick with; all that can be spared where not ``capped``.
        """

    @abstractmethod
    def run(
        self, work: Work, items: Iterable[Any], *, device: str, threads: Optional[int] = None, progress: Progress = SILENT,
        told: Optional[Told] = None,
    ) -> Iterator[Tuple[Any, Any]]:
        """Yield (item, result) in the order of ``items``, which are read lazily; see :func:`.here.run_here`.

        Parameters
        ----------
        work
            What is done with each.
        items
            The pieces.
        device
            Where they are computed, as :meth:`device` gave it.
        threads
            Pieces at a time in one process; :meth:`at_a_time` where None.
        progress
            Asked for a cancel.
        told
            Called with an item and how far it is, where the executor can tell.
        """

    def slots(self, device: str, threads: int) -> int:
        """Return how many pieces are computed at a time on all machines together, with ``threads`` in one process."""
        return threads

    def local(self, device: str) -> str:
        """Return the device for what this process itself computes beside the pieces."""
        return device


class Here(Executor):
    """The machine that this process runs on."""

    name = "this machine"

    def device(self, wanted: str) -> str:
        """Return the device here; see :meth:`Executor.device`."""
        from stillpoint.models.learning import devices

        return str(devices.pick(wanted))

    def at_a_time(self, device: str) -> int:
        """Return the number of processors; one for an accelerator."""
        return resources.cores() if device == "cpu" else 1

    def memory(self, device: str, *, capped: bool = True) -> float:
        """Return what this machine can spare now."""
        return resources.memory_budget(capped=capped) if device == "cpu" else resources.gpu_budget(device)

    def run(
        self, work: Work, items: Iterable[Any], *, device: str, threads: Optional[int] = None, progress: Progress = SILENT,
        told: Optional[Told] = None,
    ) -> Iterator[Tuple[Any, Any]]:
        """Compute the pieces with threads of this process; see :meth:`Executor.run`."""
        return run_here(work, items, threads=threads or self.at_a_time(device), progress=progress, told=told)


@contextmanager
def open_executor(job: Job, progress: Progress = SILENT) -> Iterator[Executor]:
    """Give the executor that ``job`` asks for: the Dask scheduler that it names, else this machine.

    Raises
    ------
    StillpointError
        The scheduler cannot be reached, or its workers cannot do the job.
    Cancelled
        Asked to stop while waiting for workers.
    """
    if not job.scheduler:
        yield Here()
        return
    from stillpoint.models.executors.cluster import open_cluster

    with open_cluster(job.scheduler, progress) as cluster:
        yield cluster
