"""Several devices learn together: this process leads, one helper process for each further device computes its share of every batch.

A helper runs the same job as the leader, up to the training loop, in which it gets the weights from the leader before each step
and gives the gradient of its share of the batch in return (torch.distributed: NCCL between NVIDIA's GPUs, gloo elsewhere). The
leader alone steps, judges, writes and answers requests. As the shares' losses add up to the batch's, the result is that of one
device to rounding. (Batch normalisation sees a share.) A helper whose leader is gone ends by itself.
"""

from __future__ import annotations

import json
import logging
import os
import signal
import subprocess  # nosec B404 - helpers run this package with this interpreter
import sys
import tempfile
import threading
import time
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any, Callable, List, Optional, Tuple

import torch
from torch import nn

from stillpoint.models.errors import Cancelled, StillpointError
from stillpoint.models.jobs import TrainModel, from_json
from stillpoint.models.learning import devices
from stillpoint.models.progress import SILENT, Progress

logger = logging.getLogger("stillpoint")

LAUNCHER = [sys.executable, str(Path(__file__).resolve().parents[1] / "launch.py"), "helper"]
"""Starts a helper."""

STOP, STEP = 0, 1
_PATIENT, _STEP_SECONDS = timedelta(days=30), timedelta(minutes=10)
"""How long a helper waits for the next step (a training may be paused), and anybody for the others within one."""

class DismissedError(Exception):
    """The leader needs this helper no more; raised out of the training loop of a helper."""


class _Seat:
    """One process's place among those that learn together."""

    def __init__(self, folder: Path, rank: int, world: int, device: torch.device) -> None:
        self.folder, self.rank, self.world, self.device = folder, rank, world, device
        self._weights: Any = None

    def join(self) -> None:
        """Meet the others; all do so at about the same time."""
        import torch.distributed as dist

        if self.device.type == "cuda":
            torch.cuda.set_device(self.device)
        # A file instead of a port: nothing to collide with, nothing that listens.
        store = dist.FileStore(str(self.folder / "meeting"), self.world)
        dist.init_process_group("gloo", store=store, rank=self.rank, world_size=self.world, timeout=_PATIENT)
        fast = self.device.type == "cuda" and dist.is_nccl_available()
        self._weights = dist.new_group(backend="nccl" if fast else "gloo", timeout=_STEP_SECONDS)

    def word(self, what: int = STOP, step: int = 0) -> Tuple[int, int]:
        """Return what the leader says: STEP or STOP, and the number of the step."""
        import torch.distributed as dist

        said = torch.tensor([what, step])
        dist.broadcast(said, 0)
        return int(said[0]), int(said[1])

    def share_weights(self, network: nn.Module) -> None:
        """Give the leader's weights to all."""
        import torch.distributed as dist

        values = [value for value in network.state_dict().values() if value.dtype.is_floating_point]
        flat = torch.cat([value.detach().reshape(-1).float() for value in values])
        dist.broadcast(flat, 0, group=self._weights)
        if self.rank:
            with torch.no_grad():
                for value, part in zip(values, flat.split([value.numel() for value in values])):
                    value.copy_(part.reshape(value.shape))

    def add_gradients(self, network: nn.Module, loss: float) -> float:
        """Add the gradients of all, and return the sum of their losses."""
        import torch.distributed as dist

        learning = [weight for weight in network.parameters() if weight.requires_grad]
        parts = [torch.zeros_like(weight) if weight.grad is None else weight.grad for weight in learning]
        flat = torch.cat([*(part.reshape(-1).float() for part in parts), torch.tensor([loss], device=self.device)])
        dist.all_reduce(flat, group=self._weights)
        for weight, part in zip(learning, flat.split([*(weight.numel() for weight in learning), 1])):
            if weight.grad is None:
                weight.grad = torch.zeros_like(weight)
            weight.grad.copy_(part.reshape(weight.shape))
        return float(flat[-1])

    def bounds(self, count: int) -> Tuple[int, int]:
        """Return first and last of this seat's examples among ``count``."""
        return count * self.rank // self.world, count * (self.rank + 1) // self.world

    def leave(self) -> None:
        """Part from the others."""
        import torch.distributed as dist

        if dist.is_initialized():
            dist.destroy_process_group()


_helping: Optional[_Seat] = None
"""The seat of this process, where it is a helper."""


class Team:
    """The leader's view of those that learn together; with one device, of itself alone.

    Parameters
    ----------
    job
        The training; its device may be several: ``"cuda:0,cuda:1"``.
    """

    def __init__(self, job: TrainModel) -> None:
        self._job, self._names = job, devices.several(job.device)
        self._seat: Optional[_Seat] = None
        self._helpers: List[subprocess.Popen[bytes]] = []
        self._folder: Optional[tempfile.TemporaryDirectory[str]] = None

    @property
    def alone(self) -> bool:
        """Whether there is but one device."""
        return len(self._names) < 2

    def gather(self, progress: Progress = SILENT) -> None:
        """Start the helpers and wait until they have read the data as this process has.

        Raises
        ------
        StillpointError
            A helper failed.
        Cancelled
            Asked to stop.
        """
        if self.alone:
            return
        if not torch.distributed.is_available():
            raise StillpointError("This PyTorch was built without torch.distributed, which several devices need. Name one device.")
        self._folder = tempfile.TemporaryDirectory(prefix="stillpoint-team-", ignore_cleanup_errors=True)  # type: ignore[call-overload]
        folder, world = Path(self._folder.name), len(self._names)
        for rank, name in enumerate(self._names[1:], start=1):
            about = {"folder": str(folder), "rank": rank, "world": world, "job": replace(self._job, device=name).to_dict()}
            with (folder / f"errors-{rank}").open("wb") as errors:
                helper = subprocess.Popen(  # nosec B603 - this interpreter, this package
                    LAUNCHER, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=errors
                )
            self._helpers.append(helper)
            if helper.stdin is not None:
                helper.stdin.write((json.dumps(about) + "\n").encode())
                helper.stdin.flush()
        while not all((folder / f"ready-{rank}").exists() for rank in range(1, world)):
            self._check()
            progress(0.0, f"{world - 1} more {'device reads' if world == 2 else 'devices read'} the data")
            time.sleep(0.05)
        self._seat = _Seat(folder, 0, world, devices.pick(self._names[0]))
        self._seat.join()
        logger.info("%d devices learn together: %s", world, ", ".join(self._names))

    def begin(self, network: nn.Module, step: int, count: int) -> Optional[Tuple[int, int]]:
        """Begin a step: return which of ``count`` examples are this process's, None where all are."""
        if self._seat is None:
            return None
        self._check()
        self._seat.word(STEP, step)
        self._seat.share_weights(network)
        return self._seat.bounds(count)

    def end(self, network: nn.Module, loss: float) -> float:
        """End a step: return the loss of all, whose gradients are then those of ``network``."""
        if self._seat is None:
            return loss
        try:
            return self._seat.add_gradients(network, loss)
        except RuntimeError:  # the others are gone: say why
            time.sleep(0.5)
            self._check()
            raise

    def close(self) -> None:
        """Dismiss the helpers."""
        if self._seat is not None:
            try:
                if all(helper.poll() is None for helper in self._helpers):
                    self._seat.word(STOP)
                self._seat.leave()
            except RuntimeError:
                logger.debug("a helper was gone before it was dismissed", exc_info=True)
            self._seat = None
        for helper in self._helpers:
            try:
                helper.wait(2)
            except subprocess.TimeoutExpired:
                helper.kill()
                helper.wait()
            if helper.stdin is not None:
                helper.stdin.close()
        self._helpers = []
        if self._folder is not None:
            self._folder.cleanup()
            self._folder = None

    def _check(self) -> None:
        """Raise a StillpointError where a helper has died."""
        for rank, helper in enumerate(self._helpers, start=1):
            if helper.poll() is not None and self._folder is not None:
                text = (Path(self._folder.name) / f"errors-{rank}").read_text(encoding="utf-8", errors="replace")
                last = next((line.strip() for line in reversed(text.splitlines()) if line.strip()), f"status {helper.returncode}")
                raise StillpointError(f"The process that learns on {self._names[rank]} ended: {last[:300]} Train on fewer devices.")


def help_leader(
    network: nn.Module, gradients: Callable[..., float], draw: Callable[[int], Any], size_of: Callable[[Any], int]
) -> None:
    """Compute this helper's share of every step until it is dismissed; returns at once in a process that is no helper.

    Parameters
    ----------
    network
        On its device.
    gradients
        ``gradients(network, batch, step, bounds=...)``.
    draw
        From the number of a step to its batch.
    size_of
        From a batch to its number of examples.

    Raises
    ------
    DismissedError
        The training is over.
    """
    seat = _helping
    if seat is None:
        return
    (seat.folder / f"ready-{seat.rank}").touch()
    seat.join()
    network.train()
    while True:
        what, step = seat.word()
        if what == STOP:
            seat.leave()
            raise DismissedError
        seat.share_weights(network)
        batch = draw(step)
        loss = gradients(network, batch, step, bounds=seat.bounds(size_of(batch)))
        seat.add_gradients(network, loss)


def main() -> int:
    """Be a helper: read what to do from standard input, whose end says that the leader is gone."""
    global _helping
    from stillpoint.models import dispatch, pipeline

    pipeline.single_threaded_kernels()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches all processes of a terminal; the leader ends in order
    about = json.loads(sys.stdin.readline())
    job = from_json(json.dumps(about["job"]))
    _helping = _Seat(Path(about["folder"]), int(about["rank"]), int(about["world"]), devices.pick(job.device))
    threading.Thread(target=_leave_with_leader, daemon=True).start()
    try:
        dispatch.run(job, SILENT)
    except DismissedError:
        return 0
    except (StillpointError, Cancelled) as error:
        print(error, file=sys.stderr, flush=True)
    return 1


def _leave_with_leader() -> None:
    while sys.stdin.read(1):
        pass
    os._exit(1)
