"""Engines that start in no time: a process that has loaded everything forks one for each job.

``python -m stillpoint.tests.faults.forks SOCKET`` waits for connections. Each gets a worker of its own, which speaks the
worker's protocol over the connection, under the limits that the connection's first line names.
"""

from __future__ import annotations

import faulthandler
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, Dict, List, Mapping, Optional

from stillpoint.models.jobs import Job

LOADED = (
    "models.worker", "models.points.opening", "models.points.writers", "models.trends.classify_file", "models.trends.judge",
    "models.scatterers.select_file", "models.scatterers.default", "models.interferograms.select_file",
    "models.interferograms.default", "models.offsets.track_file", "models.rasters.opening", "models.rasters.describe",
    "models.simulation.simulate", "models.simulation.scene_files", "models.simulation.network_files",
    "models.scatterers.assess_file",
)  # fmt: skip
"""What the parent loads, so that a child need not."""


class Forked:
    """One engine of :class:`Forks`."""

    def __init__(self, server: Path, *, limits: Optional[Mapping[str, int]] = None) -> None:
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.connect(str(server))
        self._stream = self._socket.makefile("rw", encoding="utf-8")
        self._write({"limits": dict(limits or {})})
        self.pid: int = json.loads(self._stream.readline())["pid"]
        self.events: List[Dict[str, Any]] = []

    def _write(self, value: Dict[str, Any]) -> None:
        try:
            self._stream.write(json.dumps(value) + "\n")
            self._stream.flush()
        except OSError:  # it is dead already, as the reader will see
            return

    def start(self, job: Job) -> None:
        """Ask for ``job``."""
        self._write({"command": "run", "id": 1, "job": job.to_dict()})

    def cancel(self) -> None:
        """Ask it to stop."""
        self._write({"command": "cancel", "id": 1})

    def kill(self) -> None:
        """Kill it now."""
        os.kill(self.pid, signal.SIGKILL)

    def event(self, timeout: float = 120.0) -> Dict[str, Any]:
        """Return the next event; ``{"event": "dead"}`` at the end of the stream."""
        self._socket.settimeout(timeout)
        try:
            line = self._stream.readline()
        except socket.timeout as error:
            raise TimeoutError("the engine says nothing") from error
        except ConnectionError:
            line = ""
        found = json.loads(line) if line.endswith("\n") else {"event": "dead"}
        self.events.append(found)
        return found

    def end(self, timeout: float = 120.0) -> Dict[str, Any]:
        """Return the event that ends the job: result, error, cancelled, or dead."""
        until = time.monotonic() + timeout
        while time.monotonic() < until:
            found = self.event(timeout)
            if found["event"] in ("result", "error", "cancelled", "dead"):
                return found
        raise TimeoutError("the engine hangs")

    def gone(self, timeout: float = 20.0) -> bool:
        """Whether the process ends within ``timeout`` seconds."""
        until = time.monotonic() + timeout
        while time.monotonic() < until:
            try:
                os.kill(self.pid, 0)
            except ProcessLookupError:
                return True
            time.sleep(0.005)
        return False

    def close(self) -> None:
        """Hang up: the engine ends as it does when QGIS goes."""
        for part in (self._stream, self._socket):
            try:
                part.close()
            except OSError:
                continue


class Forks:
    """The parent of the engines, and the way to them."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="stillpoint-forks-")
        self.address = Path(self._folder.name) / "door"
        self.errors = Path(self._folder.name) / "stderr"
        with self.errors.open("w") as errors:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "stillpoint.tests.faults.forks", str(self.address)],
                stdout=subprocess.PIPE, stderr=errors, text=True,
                env={**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"},
            )  # fmt: skip
        if (self._process.stdout.readline() if self._process.stdout else "") != "listening\n":
            raise RuntimeError(f"the engines' parent did not start: {self.errors.read_text()[-2000:]}")

    def engine(self, **options: Any) -> Forked:
        """Return a fresh engine."""
        return Forked(self.address, **options)

    def run(self, job: Job, **options: Any) -> Dict[str, Any]:
        """Do ``job`` in an engine of its own and return the event that ended it."""
        engine = self.engine(**options)
        engine.start(job)
        end = engine.end()
        engine.close()
        assert engine.gone(), "the engine goes on although nobody listens"
        return end

    def close(self) -> None:
        """End the parent."""
        self._process.terminate()
        self._process.wait(10)
        if self._process.stdout:
            self._process.stdout.close()
        self._folder.cleanup()


def _child(connection: socket.socket) -> None:
    """Become the worker of ``connection``; never returns."""
    import resource

    from stillpoint.models import worker

    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    first = b""
    signal.alarm(900)  # whatever hangs, it does not hang for ever
    while not first.endswith(b"\n"):
        received = connection.recv(1)
        if not received:  # whoever connected is gone
            os._exit(0)
        first += received
    connection.sendall(json.dumps({"pid": os.getpid()}).encode() + b"\n")
    for name, value in json.loads(first)["limits"].items():
        if name == "AS":  # above what is taken already
            value += int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
        resource.setrlimit(getattr(resource, f"RLIMIT_{name}"), (value, value))
    os.dup2(connection.fileno(), 0)
    os.dup2(connection.fileno(), 1)
    connection.close()
    sys.stdin = os.fdopen(0, encoding="utf-8", errors="replace")
    sys.stdout = os.fdopen(1, "w", encoding="utf-8", closefd=False)
    status = worker.main()
    os._exit(status)


def main(address: str) -> None:
    """Serve until terminated."""
    from importlib import import_module

    from stillpoint.models import pipeline

    pipeline.single_threaded_kernels()
    import torch

    torch.set_num_threads(1)
    for name in LOADED:
        import_module(f"stillpoint.{name}")
    # OpenBLAS gets its buffer now: it tries for ever where there is no memory for it.
    numpy = import_module("numpy")
    numpy.linalg.cholesky(numpy.eye(8) + numpy.ones((8, 8)) @ numpy.ones((8, 8)))
    faulthandler.register(signal.SIGUSR1)  # a child that hangs can be asked where
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # children that end leave nothing behind
    signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
    server = socket.socket(socket.AF_UNIX)
    server.bind(address)
    server.listen(16)
    print("listening", flush=True)
    while True:
        connection, _ = server.accept()
        if os.fork() == 0:
            try:
                server.close()
                _child(connection)
            except BaseException:  # as an interpreter ends that no memory is left for
                import traceback

                traceback.print_exc()
            finally:
                os._exit(1)
        connection.close()


if __name__ == "__main__":
    main(sys.argv[1])
