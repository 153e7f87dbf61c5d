"""Hundreds of small jobs in one engine: its memory, its files and its threads must not grow.

``python -m benchmarks.long_run --jobs 500``; ``--kinds trends offsets`` does these alone. What is counted is the memory that the
engine holds as its own when a job is over and it waits for the next; what a library maps of its files is left out, as the system
takes that back whenever it likes.
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
from typing import Any, Dict, Optional, Sequence, Tuple

import numpy as np

WARM = 0.3
"""Share of the jobs after which nothing is loaded for the first time any more."""


SETTLED, PATIENCE = 0.1, 2.0
"""Seconds without a change of memory after which the engine has tidied up after a job, and how long that is waited for."""


def jobs_in(given: Path, out: Path) -> Dict[str, Dict[str, Any]]:
    """Return one job of each capability, two that look into files, and two that fail, by their names."""
    from stillpoint.models.jobs import DescribePoints, DescribeStack
    from stillpoint.tests.faults import cases

    made = {name: make(given, out).to_dict() for name, make in cases.CASES.items()}
    made["describe-points"] = DescribePoints(points=str(given / cases.POINTS)).to_dict()
    made["describe-stack"] = DescribeStack(sources=(str(given / cases.PRODUCT),)).to_dict()
    made["no such file"] = DescribePoints(points=str(given / "nothing.csv")).to_dict()
    made["no such task"] = {"format": 1, "task": "fly", "parameters": {}}
    return made


def memory_of(pid: int) -> float:
    """Return the resident memory in MB that belongs to a process alone, as Linux tells."""
    for line in Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines():
        if line.startswith("RssAnon:"):
            return int(line.split()[1]) / 1000
    raise RuntimeError("this system does not tell a process's own memory")


def state_of(pid: int) -> Tuple[float, int, int]:
    """Return the memory in MB, the open files and the threads of a process that is about to rest."""
    began = since = time.monotonic()
    before = memory_of(pid)
    while time.monotonic() - since < SETTLED and time.monotonic() - began < PATIENCE:
        time.sleep(0.02)
        now = memory_of(pid)
        if now != before:
            before, since = now, time.monotonic()
    return before, len(os.listdir(f"/proc/{pid}/fd")), len(os.listdir(f"/proc/{pid}/task"))


def run(count: int, jobs: Sequence[Dict[str, Any]]) -> Dict[str, Any]:
    """Do ``count`` of the jobs, in turn, in one engine; return what it held after each, and the slopes."""
    process = subprocess.Popen(
        [sys.executable, "-m", "stillpoint.models", "worker"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL, text=True,
        env={**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"},
    )  # fmt: skip
    assert process.stdin is not None and process.stdout is not None
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
            if (number + 1) % len(jobs) == 0:
                print(f"{number + 1} jobs: {states[-1]}", file=sys.stderr, flush=True)
    finally:
        process.stdin.close()
        process.wait(30)
        process.stdout.close()
    memory, files, threads = (np.array(values) for values in zip(*states))
    # Whole rounds are compared: what is left after a single job differs by kind.
    whole = count // len(jobs)
    rounds = memory[: whole * len(jobs)].reshape(whole, len(jobs)).mean(axis=1)
    late = slice(int(whole * WARM), None)
    last = slice(whole // 2, None)
    at_round_ends = np.arange(1, whole + 1)[late] * len(jobs) - 1
    return {
        "jobs": count, "results": ends.count("result"), "errors": ends.count("error"), "kinds": len(jobs),
        "memory_mb_rounds": [round(float(value), 1) for value in rounds],
        "kb_a_job": _slope(rounds[late]) / len(jobs), "kb_a_job_second_half": _slope(rounds[last]) / len(jobs),
        "files": sorted({int(files[index]) for index in at_round_ends}),
        "threads": sorted({int(threads[index]) for index in at_round_ends}),
    }  # fmt: skip


def _slope(values: np.ndarray) -> float:
    """Return the slope of a line through values in MB, in kB a value."""
    return round(float(np.polyfit(np.arange(len(values)), values, 1)[0]) * 1000, 2) if len(values) > 1 else float("nan")


def main(arguments: Optional[Sequence[str]] = None) -> int:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--jobs", type=int, default=500)
    parser.add_argument("--kinds", nargs="+", help="only these, each in an engine of its own; 'all' for every kind")
    options = parser.parse_args(arguments)
    from stillpoint.tests.faults import cases

    with tempfile.TemporaryDirectory(prefix="stillpoint-long-") as folder:
        given, out = Path(folder) / "given", Path(folder) / "out"
        given.mkdir()
        out.mkdir()
        cases.make_inputs(given)
        jobs = jobs_in(given, out)
        alone = list(jobs) if options.kinds == ["all"] else options.kinds
        for kinds in [[kind] for kind in alone] if alone else [list(jobs)]:
            began = time.monotonic()
            found = {"kind": kinds[0]} if alone else {}
            found.update(run(options.jobs, [jobs[kind] for kind in kinds]))
            found["seconds"] = round(time.monotonic() - began, 1)
            print(json.dumps(found), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
