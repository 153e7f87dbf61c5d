"""Whether peak memory grows with the raster: ``python -m benchmarks.scale.memory [growth.json]``; status 1 where it does.

The runs are those of :mod:`benchmarks.scale.growth` along pixels and points, made now or read from its file. Tiles grow with the
raster until they are as large as is quick, so the last two sizes count.

``--offsets 5120 10240 20480`` tracks offsets by correlation in images of these sizes that hold data in 1024 x 1024 pixels of their
middle alone, so that hours become minutes: the tiles with data are the same, and what grows is what the whole of a raster costs.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from pathlib import Path
from typing import Dict, List, Optional, Sequence, Tuple

from stillpoint.benchmarks.scale import inputs
from stillpoint.benchmarks.scale.growth import AXES, measure
from stillpoint.benchmarks.scale.measure import Figures, run

ALLOWED = 1.15
"""Peak of the largest input over that of the one before, which is a quarter of it."""


def islands(sides: Sequence[int], folder: Path) -> List[Figures]:
    """Track offsets in large images with little in them."""
    rows = []
    for side in sides:
        images = map(str, inputs.island(folder, side))
        where = ["--output", str(folder / "offsets.tif"), "--device", "cpu", "--progress", "none"]
        rows.append({"work": side * side, **run(["track-offsets", *images, "--method", "correlation", *where])})
        print(rows[-1], file=sys.stderr, flush=True)
    return rows


def main(argv: Optional[Sequence[str]] = None) -> int:
    """Print the peaks; return 1 where one grows."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.scale.memory", description=__doc__)
    parser.add_argument("growth", nargs="?", type=Path, help="file of benchmarks.scale.growth")
    parser.add_argument("--offsets", nargs="+", type=int, metavar="SIDE", help="pixels a side of images with little in them")
    given = parser.parse_args(argv)
    rows: Dict[Tuple[str, str], List[Figures]] = {}
    if given.offsets:
        with tempfile.TemporaryDirectory(prefix="stillpoint-scale-") as name:
            rows["offsets, correlation", "pixels"] = islands(given.offsets, Path(name))
    elif given.growth:
        for row in json.loads(given.growth.read_text(encoding="utf-8")):
            rows.setdefault((row["case"], row["axis"]), []).append(row)
    else:
        for case, axis in AXES:
            if axis != "dates":
                with tempfile.TemporaryDirectory(prefix="stillpoint-scale-") as name:
                    rows[case, axis] = measure(case, axis, Path(name))
    growing = 0
    for (case, axis), found in rows.items():
        if axis == "dates" or len(found) < 2:
            continue
        before, last = found[-2:]
        factor = last["peak_mb"] / before["peak_mb"]
        growing += factor > ALLOWED
        print(
            f"{case}: {before['peak_mb']:.0f} MB at {before['work']:,} {axis}, {last['peak_mb']:.0f} MB at {last['work']:,} "
            f"(x {factor:.2f}){' GROWS' if factor > ALLOWED else ''}"
        )
    return 1 if growing else 0


if __name__ == "__main__":
    sys.exit(main())
