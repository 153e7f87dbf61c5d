"""Hundreds of small jobs in one engine: its memory, its files and its threads must not grow.

``python -m benchmarks.long_run --jobs 500``
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, Dict, List, Optional, Sequence, Tuple

import numpy as np

WARM = 0.3
"""Share of the jobs after which nothing is loaded for the first time any more."""


def jobs_in(given: Path, out: Path) -> List[Dict[str, Any]]:
    """Return one job of each capability, two that fail, and two that look into files."""
    from stillpoint.models.jobs import DescribePoints, DescribeStack
    from stillpoint.tests.faults import cases

    made = [make(given, out).to_dict() for name, make in cases.CASES.items()]
    made.append(DescribePoints(points=str(given / cases.POINTS)).to_dict())
    made.append(DescribeStack(sources=(str(given / cases.PRODUCT),)).to_dict())
    made.append(DescribePoints(points=str(given / "nothing.csv")).to_dict())
    made.append({"format": 1, "task": "fly", "parameters": {}})
    return made


def state_of(pid: int) -> Tuple[float, int, int]:
    """Return the resident memory in MB, the open files and the threads of a process, as Linux tells."""
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6, len(os.listdir(f"/proc/{pid}/fd")), len(os.listdir(f"/proc/{pid}/task"))


def run(count: int, given: Path, out: Path) -> Dict[str, Any]:
    """Do ``count`` jobs in one engine; return what it took at the end of each, and the slopes."""
    process = subprocess.Popen(
        [sys.executable, "-m", "stillpoint.models", "worker"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL, text=True,
        env={**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"},
    )  # fmt: skip
    assert process.stdin is not None and process.stdout is not None
    jobs = jobs_in(given, out)
    states, ends = [], []
    try:
        json.loads(process.stdout.readline())
        for number in range(count):
            process.stdin.write(json.dumps({"command": "run", "id": number, "job": jobs[number % len(jobs)]}) + "\n")
            process.stdin.flush()
            while True:
                event = json.loads(process.stdout.readline())
                if event.get("id") == number and event["event"] in ("result", "error", "cancelled"):
                    break
            ends.append(event["event"])
            states.append(state_of(process.pid))
    finally:
        process.stdin.close()
        process.wait(30)
        process.stdout.close()
    memory, files, threads = (np.array(values) for values in zip(*states))
    # Whole rounds are compared: what a single job needs differs.
    rounds = np.arange(count) // len(jobs)
    whole = [number for number in range(count // len(jobs))]
    peaks = np.array([memory[rounds == number].max() for number in whole])
    late = slice(int(len(whole) * WARM), None)
    numbers = np.arange(len(peaks))
    slope = float(np.polyfit(numbers[late], peaks[late], 1)[0]) / len(jobs) * 1000 if len(peaks[late]) > 1 else float("nan")
    at_round_ends = [np.flatnonzero(rounds == number)[-1] for number in whole][late]
    return {
        "jobs": count, "results": ends.count("result"), "errors": ends.count("error"), "kinds": len(jobs),
        "memory_mb_first_round": round(float(peaks[0]), 1), "memory_mb_warm": round(float(peaks[late][0]), 1),
        "memory_mb_last_round": round(float(peaks[-1]), 1), "kb_a_job": round(slope, 2),
        "files": sorted({int(files[index]) for index in at_round_ends}),
        "threads": sorted({int(threads[index]) for index in at_round_ends}),
    }  # fmt: skip


def main(arguments: Optional[Sequence[str]] = None) -> int:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--jobs", type=int, default=500)
    options = parser.parse_args(arguments)
    from stillpoint.tests.faults import cases

    with tempfile.TemporaryDirectory(prefix="stillpoint-long-") as folder:
        given, out = Path(folder) / "given", Path(folder) / "out"
        given.mkdir()
        out.mkdir()
        cases.make_inputs(given)
        began = time.monotonic()
        found = run(options.jobs, given, out)
    found["seconds"] = round(time.monotonic() - began, 1)
    print(json.dumps(found, indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main())
