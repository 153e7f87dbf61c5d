"""How time and memory grow with pixels, dates and points: ``python -m benchmarks.scale.growth --output growth.json``.

Each run is a process of its own with what the operating system counts of it. A start of the engine is measured with an input that
is next to nothing, and taken off before the slope on logarithmic axes is fitted: 1 is proportional to the work.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from pathlib import Path
from typing import Any, Dict, List, Optional, Sequence, Tuple

from stillpoint.benchmarks.scale.measure import CASES, Figures, command, run, slope

AXES: Dict[Tuple[str, str], Tuple[Tuple[int, int], ...]] = {
    ("scatterers, amplitude dispersion", "pixels"): ((512, 10), (2048, 10), (4096, 10), (8192, 10), (12288, 10)),
    ("scatterers, default", "pixels"): ((128, 10), (512, 10), (1024, 10), (2048, 10), (2944, 10)),
    ("offsets, default", "pixels"): ((256, 1), (1024, 1), (2048, 1), (4096, 1)),
    ("interferograms, loop closure", "pixels"): ((512, 8), (2048, 8), (4096, 8), (8192, 8)),
    ("trends, default", "points"): ((100, 100), (4000, 100), (16000, 100), (64000, 100)),
    ("scatterers, amplitude dispersion", "dates"): ((1024, 5), (1024, 20), (1024, 40), (1024, 80)),
    ("scatterers, default", "dates"): ((512, 5), (512, 10), (512, 20), (512, 40)),
    ("trends, default", "dates"): ((4000, 30), (4000, 75), (4000, 150), (4000, 300)),
}
"""Sizes (pixels a side, or points) and dates of the runs; along pixels and points the first is the start of the engine."""


def measure(case: str, axis: str, folder: Path) -> List[Figures]:
    """Run a case along an axis."""
    rows = []
    for size, dates in AXES[case, axis]:
        work = dates if axis == "dates" else size if axis == "points" else size * size
        figures = {"case": case, "axis": axis, "work": work, **run(command(case, folder, size, dates))}
        print(figures, file=sys.stderr, flush=True)
        rows.append(figures)
    return rows


def fitted(rows: Sequence[Figures]) -> float:
    """Return the slope of the processor time without that of the smallest run, which is nearly all start."""
    start = rows[0]["cpu_seconds"]
    if rows[0]["axis"] == "dates":
        # Steps between runs: what doesn't depend on the dates falls away, the start of the engine among it.
        steps = [(b["work"] - a["work"], b["cpu_seconds"] - a["cpu_seconds"]) for a, b in zip(rows, rows[1:])]
        return slope([step for step, _ in steps], [took for _, took in steps])
    return slope([row["work"] for row in rows[1:]], [row["cpu_seconds"] - start for row in rows[1:]])


def markdown(rows: Sequence[Figures]) -> str:
    """Return a table of all runs with the slope of each line."""
    lines = ["| case | axis | work | CPU s | peak MB | slope |", "|---|---|---:|---:|---:|---:|"]
    for case, axis in dict.fromkeys((row["case"], row["axis"]) for row in rows):
        some = [row for row in rows if (row["case"], row["axis"]) == (case, axis)]
        lines += [
            f"| {case} | {axis} | {row['work']:,} | {row['cpu_seconds']:.1f} | {row['peak_mb']:.0f} "
            f"| {f'{fitted(some):.2f}' if row is some[-1] else ''} |"
            for row in some
        ]
    return "\n".join(lines) + "\n"


def draw(rows: Sequence[Figures], path: Path) -> None:
    """Draw time against work on logarithmic axes (needs matplotlib)."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    axes = list(dict.fromkeys(row["axis"] for row in rows))
    figure, plots = pyplot.subplots(1, len(axes), figsize=(5 * len(axes), 4), squeeze=False)
    for plot, axis in zip(plots[0], axes):
        for case in dict.fromkeys(row["case"] for row in rows if row["axis"] == axis):
            some = [row for row in rows if (row["case"], row["axis"]) == (case, axis)]
            plot.loglog(
                [row["work"] for row in some], [row["cpu_seconds"] for row in some], "o-", label=f"{case}: {fitted(some):.2f}"
            )
        plot.set_xlabel(axis)
        plot.set_ylabel("processor time, s (start of the engine among it)")
        plot.grid(True, which="both", alpha=0.3)
        plot.legend(fontsize=8, title="slope without the start")
    figure.tight_layout()
    figure.savefig(path, dpi=110)


def main(argv: Optional[Sequence[str]] = None) -> int:
    """Run the measures and print the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.scale.growth", description=__doc__)
    parser.add_argument("--cases", nargs="+", choices=list(CASES), default=list(CASES))
    parser.add_argument("--axes", nargs="+", choices=("pixels", "points", "dates"), default=["pixels", "points", "dates"])
    parser.add_argument("--output", type=Path, help="write the figures to NAME.json too, added to those that are there")
    parser.add_argument("--picture", type=Path, help="draw them to a PNG")
    given = parser.parse_args(argv)
    rows: List[Dict[str, Any]] = []
    if given.output and given.output.exists():
        rows = json.loads(given.output.read_text(encoding="utf-8"))
    for case, axis in AXES:
        if case in given.cases and axis in given.axes:
            with tempfile.TemporaryDirectory(prefix="stillpoint-scale-") as name:
                found = measure(case, axis, Path(name))
            rows = [row for row in rows if (row["case"], row["axis"]) != (case, axis)] + found
            if given.output:
                given.output.write_text(json.dumps(rows, indent=1), encoding="utf-8")
    print(markdown(rows))
    if given.picture:
        draw(rows, given.picture)
    return 0


if __name__ == "__main__":
    sys.exit(main())
