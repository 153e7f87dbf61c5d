"""The command line of the comparison: ``python -m benchmarks.speed --dolphin /path/to/its/python``.

All contestants of a capability take turns on one core with one thread; what counts is processor time, the least of the
rounds. Quality on the same input, whose truth is known, stands beside it: a fast wrong answer is no rival.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import Any, Dict, List, Optional, Sequence

TASKS = ("trends", "scatterers", "offsets")


def main(argv: Optional[Sequence[str]] = None) -> int:
    """Measure and print tables."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.speed", description=__doc__)
    parser.add_argument("--only", nargs="+", choices=TASKS, default=TASKS)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--series", type=int, default=4000, help="series of 139 dates (default: 4000)")
    parser.add_argument("--learn", type=int, default=3000, help="series that peers learn from (default: 3000)")
    parser.add_argument("--side", type=int, default=300, help="pixels a side of the scene of 30 dates (default: 300)")
    parser.add_argument("--image", type=int, default=512, help="pixels a side of the pair (default: 512)")
    parser.add_argument("--dolphin", help="Python that has dolphin")
    parser.add_argument("--output", type=Path, help="write the figures as JSON too")
    given = parser.parse_args(argv)
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS"):
        os.environ[name] = "1"
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[-1:])
    import torch

    torch.set_num_threads(1)
    from stillpoint.benchmarks.speed import offsets, scatterers, trends
    from stillpoint.benchmarks.speed.measure import Line, compete, table

    try:
        import cv2

        cv2.setNumThreads(1)
    except ImportError:
        pass
    found: Dict[str, List[Line]] = {}
    with tempfile.TemporaryDirectory(prefix="stillpoint-speed-") as name:
        makers: Dict[str, Any] = {
            "trends": lambda: trends.contestants(given.series, given.learn),
            "scatterers": lambda: scatterers.contestants(given.side, Path(name), given.dolphin, given.rounds),
            "offsets": lambda: offsets.contestants(given.image),
        }
        for task in given.only:
            lines = compete(makers[task](), given.rounds, tell=lambda text: print(text, file=sys.stderr, flush=True))
            found[task] = lines
            module = {"trends": trends, "scatterers": scatterers, "offsets": offsets}[task]
            print(f"\n{task}; load of the machine {os.getloadavg()[0]:.1f}\n")
            print(table(lines, module.UNIT, module.SCALE), flush=True)
    if given.output:
        figures = {task: [asdict(line) for line in lines] for task, lines in found.items()}
        given.output.write_text(json.dumps(figures, indent=1), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
