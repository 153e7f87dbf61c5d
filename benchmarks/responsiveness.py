"""Time from click to first tile, and pauses of QGIS's main thread, in a real QGIS window under Xvfb.

``python -m benchmarks.responsiveness``
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any, Dict, Optional, Sequence

from stillpoint.docs.make_screenshots import command, make_profile

INSIDE = Path(__file__).resolve().with_name("responsiveness_inside.py")

INPUTS = (
    ("simulate", "valley", "--output", "points.gpkg", "--points", "20000"),
    ("simulate", "scene", "--output", "true.gpkg", "--stack", "scene.tif", "--size", "300", "--dates", "24"),
    ("simulate", "interferograms", "--output", "network.tif"),
    ("simulate", "offsets", "--output", "pair.tif"),
)
"""What the dialogs work on: small, but some seconds of work each."""


def measured(work: Path) -> Dict[str, Any]:
    """Make the inputs, start QGIS, and return what was measured in it."""
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
    for words in INPUTS:
        subprocess.run([sys.executable, "-m", "stillpoint.models", *words], check=True, cwd=work, env=environment)
    environment.update(STILLPOINT_RESPONSIVENESS=str(work), XDG_RUNTIME_DIR=str(work))
    environment.pop("QT_QPA_PLATFORM", None)
    work.chmod(0o700)
    line = command(work / "points.gpkg", make_profile(work))
    line[line.index("--code") + 1] = str(INSIDE)
    log = work / "qgis.log"
    with log.open("w") as stream:
        subprocess.run(line[:-1], env=environment, stdout=stream, stderr=stream, timeout=420, check=False)
    found = work / "found.json"
    if not found.exists():
        failed = work / "failed.txt"
        raise SystemExit(failed.read_text() if failed.exists() else log.read_text()[-3000:])
    return dict(json.loads(found.read_text()))


def report(found: Dict[str, Any]) -> str:
    """Return two tables in Markdown."""
    lines = ["| | first run: first tile | end | second run: first tile | end |", "|---|---:|---:|---:|---:|"]
    for name, runs in found["seconds"].items():
        cells = [f"{run[key]:.2f} s" if key in run else "missing" for run in runs for key in ("first_tile_s", "end_s")]
        lines.append(f"| {name} | {' | '.join(cells)} |")
    lines += ["", "| while | longest pause | pauses over 50 ms | where |", "|---|---:|---:|---|"]
    for phase, seen in found["pauses"].items():
        where = ", ".join(f"{place} ({count})" for place, count in sorted(seen["where"].items(), key=lambda item: -item[1])[:4])
        lines.append(f"| {phase} | {seen['longest_ms']:.0f} ms | {seen['over_50_ms']} | {where} |")
    return "\n".join(lines)


def main(arguments: Optional[Sequence[str]] = None) -> int:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--output", type=Path, help="JSON file for the figures")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="stillpoint-responsiveness-") as folder:
        found = measured(Path(folder))
    if options.output:
        options.output.write_text(json.dumps(found, indent=1))
    print(report(found))
    return 0


if __name__ == "__main__":
    sys.exit(main())
