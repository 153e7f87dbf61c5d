"""Runs of the program as its users start it, with what the operating system counts of them."""

from __future__ import annotations

import os
import subprocess  # nosec B404 - starts this program's own command line
import sys
import time
from pathlib import Path
from typing import Any, Dict, List, Sequence

import numpy as np

from stillpoint.benchmarks.scale import inputs

Figures = Dict[str, Any]


def run(arguments: Sequence[str]) -> Figures:
    """Run ``stillpoint``; return seconds by the clock and of processors, and peak memory in MB (Linux counts)."""
    limits = {name: "1" for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")}
    begin = time.perf_counter()
    child = subprocess.Popen(  # nosec B603 - no shell, own arguments
        [sys.executable, "-m", "stillpoint.models", *arguments], env={**os.environ, **limits}, stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    said = child.stderr.read() if child.stderr else ""
    _, status, used = os.wait4(child.pid, 0)
    child.returncode = os.WEXITSTATUS(status) if os.WIFEXITED(status) else -1
    if child.returncode:
        raise RuntimeError(f"{' '.join(arguments)}: {said.strip()}")
    return {
        "seconds": time.perf_counter() - begin, "cpu_seconds": used.ru_utime + used.ru_stime, "peak_mb": used.ru_maxrss / 1024,
    }  # fmt: skip


def command(case: str, folder: Path, size: int, dates: int) -> List[str]:
    """Return the arguments for a case of :data:`CASES` with inputs of a size: pixels a side, or points."""
    task, method = CASES[case]
    if task == "select-scatterers":
        given = [str(inputs.images(folder, size, dates)), "--output", f"{folder}/m.tif", "--probability", f"{folder}/p.tif"]
    elif task == "track-offsets":
        given = [*map(str, inputs.pair(folder, size)), "--output", f"{folder}/o.tif"]
    elif task == "select-interferograms":
        given = [str(inputs.interferograms(folder, size, dates)), "--table", f"{folder}/t.csv"]
    else:
        given = [str(inputs.points(folder, size, dates)), "--output", f"{folder}/t.gpkg"]
    return [task, *given, "--method", method, "--device", "cpu", "--progress", "none"]


CASES = {
    "scatterers, amplitude dispersion": ("select-scatterers", "amplitude_dispersion"),
    "scatterers, default": ("select-scatterers", "default"),
    "offsets, default": ("track-offsets", "default"),
    "interferograms, loop closure": ("select-interferograms", "loop_closure"),
    "trends, default": ("classify-trends", "default"),
}
"""Task and method by name."""


def slope(sizes: Sequence[float], values: Sequence[float]) -> float:
    """Return the slope of a line through the values on logarithmic axes: 1 is proportional."""
    return float(np.polyfit(np.log(sizes), np.log(np.maximum(values, 1e-9)), 1)[0])
