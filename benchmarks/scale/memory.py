"""Whether peak memory grows with the raster: ``python -m benchmarks.scale.memory [growth.json]``; status 1 where it does.

The runs are those of :mod:`benchmarks.scale.growth` along pixels and points, made now or read from its file. Tiles grow with the
raster until they are as large as is quick, so the last two sizes count.
"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path
from typing import Dict, List, Optional, Sequence, Tuple

from stillpoint.benchmarks.scale.growth import AXES, measure
from stillpoint.benchmarks.scale.measure import Figures

ALLOWED = 1.15
"""Peak of the largest input over that of the one before, which is a quarter of it."""


def main(argv: Optional[Sequence[str]] = None) -> int:
    """Print the peaks; return 1 where one grows."""
    given = list(sys.argv[1:] if argv is None else argv)
    rows: Dict[Tuple[str, str], List[Figures]] = {}
    if given:
        for row in json.loads(Path(given[0]).read_text(encoding="utf-8")):
            rows.setdefault((row["case"], row["axis"]), []).append(row)
    else:
        for case, axis in AXES:
            if axis != "dates":
                with tempfile.TemporaryDirectory(prefix="stillpoint-scale-") as name:
                    rows[case, axis] = measure(case, axis, Path(name))
    growing = 0
    for (case, axis), found in rows.items():
        if axis == "dates":
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
