"""A Dask scheduler and workers in processes of their own, which can be killed one by one, and what is counted on them."""

from __future__ import annotations

import hashlib
import json
import os
import pickle
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, Dict, List, Mapping, Optional, Tuple

LOG = "STILLPOINT_FAULT_LOG"
"""Variable that names the file in which workers write down what they compute."""

STEP = 0.15
"""Seconds that every piece takes longer, so that there is a middle to be disturbed in."""


class LittleCluster:
    """One scheduler and its workers.

    Parameters
    ----------
    folder
        Where they keep their files and their log.
    options
        More options of the scheduler and of the workers (certificates).
    """

    def __init__(self, folder: Path, *options: str, protocol: str = "tcp") -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder, self.log, self._options = folder, folder / "computed.txt", options
        self.workers: List[subprocess.Popen] = []
        place = folder / "scheduler.json"
        self.scheduler = self._start(
            "dask_scheduler", "--port", "0", "--no-dashboard", "--scheduler-file", str(place), "--host", f"{protocol}://127.0.0.1"
        )
        until = time.monotonic() + 60
        while not (place.exists() and place.read_text()):
            if time.monotonic() > until or self.scheduler.poll() is not None:
                self.close()
                raise RuntimeError(f"the scheduler did not start: {self.errors()}")
            time.sleep(0.05)
        self.address: str = json.loads(place.read_text())["address"]

    def _start(self, program: str, *options: str) -> subprocess.Popen:
        single = {name: "1" for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")}
        with (self.folder / "stderr.txt").open("a") as errors:
            return subprocess.Popen(
                [sys.executable, "-m", f"distributed.cli.{program}", *options, *self._options],
                stdout=subprocess.DEVNULL, stderr=errors, env={**os.environ, **single, LOG: str(self.log)},
            )  # fmt: skip

    def errors(self) -> str:
        """Return the last of what the processes said."""
        return (self.folder / "stderr.txt").read_text()[-2000:]

    def add_worker(self, memory: str = "2GiB") -> subprocess.Popen:
        """Start a worker of one thread."""
        self.workers.append(
            self._start(
                "dask_worker", self.address, "--nthreads", "1", "--no-nanny", "--no-dashboard", "--memory-limit", memory,
                "--local-directory", str(self.folder),
            )
        )
        return self.workers[-1]

    def computed(self) -> List[Tuple[int, str]]:
        """Return (process, piece) of every piece that a worker began, in order."""
        if not self.log.exists():
            return []
        rows = [line.split() for line in self.log.read_text().splitlines()]
        return [(int(pid), piece) for pid, piece in rows]

    def close(self) -> None:
        """End all of its processes."""
        for process in (*self.workers, self.scheduler):
            if process.poll() is None:
                process.kill()
            process.wait(20)


def name_of(work: Any, parcel: Any) -> str:
    """Return a name for what a worker is given."""
    kind = type(getattr(work, "inner", work)).__name__
    return hashlib.sha256(pickle.dumps((kind, parcel))).hexdigest()[:16]


def compute(work: Any, parcel: Any, files: Any, version: str) -> Any:
    """Do what ``cluster_side.compute`` does on a worker, slowly, and write it down."""
    from stillpoint.models.executors import cluster_side

    path = os.environ.get(LOG)
    if path:
        with open(path, "a") as stream:
            stream.write(f"{os.getpid()} {name_of(work, parcel)}\n")
    time.sleep(STEP)
    return cluster_side.compute(work, parcel, files, version)


def certificates(folder: Path) -> Mapping[str, str]:
    """Write a certificate that signs itself, and its key, into ``folder``; return their paths."""
    from distributed.security import Security

    folder.mkdir(parents=True, exist_ok=True)
    made = Security.temporary()
    found: Dict[str, str] = {}
    for name, value in (("ca", made.tls_ca_file), ("cert", made.tls_scheduler_cert), ("key", made.tls_scheduler_key)):
        path = folder / f"{name}.pem"
        path.write_text(value)
        found[name] = str(path)
    return found


def settings(files: Optional[Mapping[str, str]]) -> Dict[str, Any]:
    """Return Dask's configuration of a client with these certificates; of one that has none where None."""
    given = files or {"ca": None, "cert": None, "key": None}
    return {
        "distributed.comm.tls.ca-file": given["ca"], "distributed.comm.tls.client.cert": given["cert"],
        "distributed.comm.tls.client.key": given["key"],
    }  # fmt: skip
