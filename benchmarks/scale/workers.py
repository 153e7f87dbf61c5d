"""The same job on this machine and on a Dask cluster of 1, 2 ... workers in processes of their own.

``python -m benchmarks.scale.workers --workers 1 2``: seconds by the clock from the call to the result, the start of scheduler and
workers not counted, each after a small job that has the workers load their libraries. The outputs are compared to the last bit.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, Dict, List, Optional, Sequence

import numpy as np
from osgeo import gdal

from stillpoint.benchmarks.scale import inputs
from stillpoint.models import dispatch
from stillpoint.models.jobs import ClassifyTrends, Job, SelectScatterers
from stillpoint.models.progress import SILENT

Figures = Dict[str, Any]


def jobs(folder: Path, side: int, points: int, scheduler: Optional[str]) -> List[Job]:
    """Return the jobs: scatterers in a stack, trends of points."""
    return [
        SelectScatterers(
            stack=str(inputs.images(folder, side, 10)), output=f"{folder}/m.tif", probability=f"{folder}/p.tif", device="cpu",
            scheduler=scheduler,
        ),
        ClassifyTrends(
            points=str(inputs.points(folder, points, 100)), output=f"{folder}/t.gpkg", device="cpu", scheduler=scheduler
        ),
    ]  # fmt: skip


def timed(folder: Path, given: argparse.Namespace, name: str, scheduler: Optional[str], seen: Dict[str, Any]) -> List[Figures]:
    """Run the jobs and compare the map of the first with what it was before."""
    for job in jobs(folder, 192, 5000, scheduler):
        dispatch.run(job, SILENT)
    found = []
    for job in jobs(folder, given.side, given.points, scheduler):
        begin = time.perf_counter()
        result = dispatch.run(job, SILENT)
        row = {"job": job.task, "where": name, "seconds": time.perf_counter() - begin, "load": os.getloadavg()[0]}
        if isinstance(job, SelectScatterers):
            values = gdal.Open(result.outputs["probability"]).ReadAsArray()
            row["same"] = bool(np.array_equal(values, seen.setdefault("map", values), equal_nan=True))
        else:
            row["same"] = seen.setdefault("classes", result.details["classes"]) == result.details["classes"]
        print(row, file=sys.stderr, flush=True)
        found.append(row)
    return found


def main(argv: Optional[Sequence[str]] = None) -> int:
    """Run the measures and print a table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.scale.workers", description=__doc__)
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--side", type=int, default=1024, help="pixels a side of the stack of 10 dates (default: 1024)")
    parser.add_argument("--points", type=int, default=40000, help="points of 100 dates (default: 40000)")
    parser.add_argument("--output", type=Path, help="write the figures as JSON too")
    given = parser.parse_args(argv)
    from distributed import LocalCluster

    rows: List[Figures] = []
    seen: Dict[str, Any] = {}
    with tempfile.TemporaryDirectory(prefix="stillpoint-scale-") as name:
        folder = Path(name)
        rows += timed(folder, given, "this machine", None, seen)
        for count in given.workers:
            with LocalCluster(n_workers=count, threads_per_worker=1, processes=True, dashboard_address=None) as cluster:
                rows += timed(folder, given, f"{count} worker{'s' if count > 1 else ''}", cluster.scheduler_address, seen)
    print("| job | where | s | same result |\n|---|---|---:|---|")
    for row in rows:
        print(f"| {row['job']} | {row['where']} | {row['seconds']:.1f} | {'yes' if row['same'] else 'NO'} |")
    if given.output:
        given.output.write_text(json.dumps(rows, indent=1), encoding="utf-8")
    return 0 if all(row["same"] for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
