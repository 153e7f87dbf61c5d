"""What judging interferograms costs: ``python -m benchmarks.interferograms.speed --methods default loop_closure``.

Milliseconds of CPU and of wall clock a pair, on a network of 512 x 512 pixels in memory: reading and writing are the
same for all methods. The network is a simulated one, repeated over the image. Each method runs in a process of its own, whose
peak memory the operating system counts; importing and opening the model is not counted as time. ``velocity`` is the small-baseline
inversion of all pairs and of the half with the smaller numbers, with standard errors.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess  # nosec B404 - starts this very program
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any, Callable, Dict, List, Optional, Sequence

import numpy as np
from numpy.typing import NDArray

from stillpoint.benchmarks.interferograms.store import stack_of
from stillpoint.models.interferograms.observations import Network
from stillpoint.models.jobs.interferograms import METHODS
from stillpoint.models.progress import SILENT

Figures = Dict[str, Any]


def enlarged(network: Network, size: int) -> Network:
    """Return the network repeated, and mirrored so that no seams appear, to ``size`` x ``size`` pixels."""
    def grown(values: NDArray) -> NDArray[np.float32]:
        block = np.concatenate([values, values[:, ::-1]], axis=1)
        block = np.concatenate([block, block[:, :, ::-1]], axis=2)
        times = -(-size // block.shape[1])
        return np.ascontiguousarray(np.tile(block, (1, times, times))[:, :size, :size])

    coherence = None if network.coherence is None else grown(network.coherence)
    return replace(network, phase=grown(network.phase), coherence=coherence)


def work_of(method: str) -> Callable[[Network], Any]:
    """Return what is timed, with everything loaded."""
    if method == "velocity":
        from stillpoint.models.interferograms.worth import selection_worth

        return lambda network: selection_worth(network, np.arange(network.count) < network.count // 2)
    from stillpoint.models.interferograms.methods import open_method

    opened = open_method(method, model=None, device="cpu")
    return lambda network: opened(network, SILENT)


def measure(method: str, *, size: int, threads: int, folder: Optional[Path] = None) -> Figures:
    """Return the figures of one method, measured in this process."""
    import torch

    torch.set_num_threads(threads)
    small = stack_of("pairs-92", 0, folder=folder).network
    work = work_of(method)
    work(small)  # what is compiled or loaded once is not the cost of a pair
    network = enlarged(small, size)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    wall, cpu = time.perf_counter(), time.process_time()
    work(network)
    cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return {
        "method": method, "pairs": network.count, "size": size, "cpu_ms": 1000 * cpu / network.count,
        "wall_ms": 1000 * wall / network.count, "peak_mb": peak / 1024, "more_mb": (peak - before) / 1024,
    }


def table(found: Sequence[Figures]) -> str:
    """Return the figures as a table."""
    lines = ["| method | CPU ms a pair | wall ms a pair | peak memory, MB | of which beside the network |", "|---|" + "---:|" * 4]
    lines += [
        f"| {item['method']} | {item['cpu_ms']:.1f} | {item['wall_ms']:.1f} | {item['peak_mb']:.0f} | {item['more_mb']:.0f} |"
        for item in found
    ]
    return "\n".join(lines) + "\n"


def main(argv: Optional[Sequence[str]] = None) -> int:
    """Run the benchmark and print its table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.interferograms.speed", description=__doc__)
    parser.add_argument("--methods", nargs="+", choices=(*METHODS, "velocity"), default=[*METHODS, "velocity"])
    parser.add_argument("--size", type=int, default=512, help="pixels across and along (default: 512)")
    parser.add_argument("--threads", type=int, default=1, help="threads of torch (default: 1)")
    parser.add_argument("--folder", type=Path, help="where the simulated stack is kept")
    parser.add_argument("--here", action="store_true", help="measure the one method in this process and print its figures as JSON")
    given = parser.parse_args(argv)
    if given.here:
        print(json.dumps(measure(given.methods[0], size=given.size, threads=given.threads, folder=given.folder)))
        return 0
    found: List[Figures] = []
    stack_of("pairs-92", 0, folder=given.folder)  # not in a process whose memory is measured
    for method in given.methods:
        options = ["--here", "--methods", method, "--size", str(given.size), "--threads", str(given.threads)]
        options += ["--folder", str(given.folder)] if given.folder else []
        command = [sys.executable, "-m", "stillpoint.benchmarks.interferograms.speed", *options]
        done = subprocess.run(command, capture_output=True, text=True, check=False)  # nosec B603 - this very program
        if done.returncode:
            print(f"{method} left out: {done.stderr.strip().splitlines()[-1]}", file=sys.stderr)
            continue
        found.append(json.loads(done.stdout.splitlines()[-1]))
    print(table(found))
    return 0


if __name__ == "__main__":
    sys.exit(main())
