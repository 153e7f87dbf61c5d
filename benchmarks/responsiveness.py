"""Time from click to first tile, and pauses of QGIS's main thread, in a real QGIS window under Xvfb.

``python -m benchmarks.responsiveness``. Each capability works three times: after its dialog was open for three seconds, with no
engine at all (cold), and with that of the run before (warm). Beside the seconds by the clock stand those that the engine used of
the processors, which other programs on the machine hardly change. A pause of the main thread is told without the time that it
waited for a processor.
"""

from __future__ import annotations

import argparse
import compileall
import json
import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any, Dict, List, Optional, Sequence

from stillpoint.docs.make_screenshots import ROOT, command, make_profile

INSIDE = Path(__file__).resolve().with_name("responsiveness_inside.py")
LIMIT = 600.0
"""Seconds that QGIS gets in all: a question of its own (a plugin that fails, say) would wait for an answer for ever."""

INPUTS = (
    ("simulate", "valley", "--output", "points.gpkg", "--points", "20000"),
    ("simulate", "scene", "--output", "true.gpkg", "--stack", "scene.tif", "--size", "300", "--dates", "24"),
    ("simulate", "interferograms", "--output", "network.tif"),
    ("simulate", "offsets", "--output", "pair.tif"),
)
"""What the dialogs work on: small, but some seconds of work each."""


def measured(work: Path, only: Sequence[str] = ()) -> Dict[str, Any]:
    """Make the inputs, start QGIS, and return what was measured in it."""
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
    for words in INPUTS:
        subprocess.run([sys.executable, "-m", "stillpoint.models", *words], check=True, cwd=work, env=environment)
    for folder in ("plugin", "ui", "models"):  # as after the first start
        compileall.compile_dir(str(ROOT / folder), quiet=2)
    environment.update(STILLPOINT_RESPONSIVENESS=str(work), XDG_RUNTIME_DIR=str(work))
    environment["STILLPOINT_RESPONSIVENESS_ONLY"] = " ".join(only)
    environment.pop("QT_QPA_PLATFORM", None)
    work.chmod(0o700)
    line = command(work / "points.gpkg", make_profile(work))
    line[line.index("--code") + 1] = str(INSIDE)
    log = work / "qgis.log"
    with log.open("w") as stream:
        qgis = subprocess.Popen(line[:-1], env=environment, stdout=stream, stderr=stream, start_new_session=True)
        try:
            qgis.wait(LIMIT)
        except subprocess.TimeoutExpired:
            os.killpg(qgis.pid, signal.SIGKILL)
            qgis.wait()
    failed, found = work / "failed.txt", work / "found.json"
    if failed.exists():
        sys.stderr.write(failed.read_text())
    if not found.exists():
        raise SystemExit(f"QGIS measured nothing within {LIMIT:.0f} s. Its last words:\n{log.read_text()[-3000:]}")
    return dict(json.loads(found.read_text()))


def report(found: Dict[str, Any]) -> str:
    """Return two tables in Markdown."""
    start = found["start_cpu_s"].get("stillpoint", "unknown")
    lines = [f"Stillpoint's share of QGIS's start: {start} of processor time.", ""]
    lines.append("| | engine | first words, s | first tile, s | of which the engine computed, s | end, s |")
    lines.append("|---|---" + "|---:" * 4 + "|")
    for name, runs in found["seconds"].items():
        for kind, run in runs.items():
            if isinstance(run, dict):
                cells = [str(run.get(key, "")) for key in ("first_words_s", "first_tile_s", "first_tile_cpu_s", "end_s")]
                lines.append(f"| {name} | {kind} | {' | '.join(cells)} |")
    lines += ["", "| while | longest pause, ms | over 50 ms | with waiting for a processor, ms | where |"]
    lines.append("|---" + "|---:" * 3 + "|---|")
    for phase, seen in found["pauses"].items():
        places: List[str] = [place.split(" < ")[0] for pause in seen["longest"][:3] for place in list(pause["where"])[:1]]
        waiting = seen["longest_with_waiting_ms"]
        where = "; ".join(dict.fromkeys(places)) if seen["longest_ms"] > 50 else ""
        lines.append(f"| {phase} | {seen['longest_ms']:.0f} | {seen['over_50_ms']} | {waiting:.0f} | {where} |")
    return "\n".join(lines)


def main(arguments: Optional[Sequence[str]] = None) -> int:
    """Run the command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.responsiveness", description=__doc__)
    parser.add_argument("--only", nargs="+", default=(), choices=("trends", "scatterers", "interferograms", "offsets"))
    parser.add_argument("--output", type=Path, help="JSON file for the figures")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="stillpoint-responsiveness-") as folder:
        found = measured(Path(folder), options.only)
    if options.output:
        options.output.write_text(json.dumps(found, indent=1))
    print(report(found))
    return 0


if __name__ == "__main__":
    sys.exit(main())
