"""What the selection of scatterers costs: ``python -m benchmarks.scatterers.speed --methods default phase_stability``.

Each run is the program as its users start it, ``stillpoint select-scatterers`` on a stack on disk, in a process of its own: CPU
seconds of all its threads and peak memory are those that the operating system counts, start of Python included. Large rasters
are mosaics (VRT) of one simulated scene, so that their size on disk doesn't matter; only a window of them is selected.

``--stability`` compares phase stability with the same equations written pixel by pixel, as StaMPS computes them under Octave.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess  # nosec B404 - starts this program's own command line
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, Dict, List, Optional, Sequence

import numpy as np
from osgeo import gdal

from stillpoint.benchmarks.scatterers.files import observe, write_scene
from stillpoint.benchmarks.scatterers.simulator import make_scene
from stillpoint.models.jobs.scatterers import METHODS

STAMPS_CPU = 433.0
"""CPU seconds of StaMPS 4.0b6 under Octave for 25,301 candidates and 29 interferograms."""

Figures = Dict[str, Any]


def mosaic(tile: Path, rows: int, cols: int) -> Path:
    """Return a VRT of ``rows`` x ``cols`` pixels that repeats a stack, with its metadata."""
    source = gdal.Open(str(tile))
    high, wide = source.RasterYSize, source.RasterXSize
    kind = gdal.GetDataTypeName(source.GetRasterBand(1).DataType)
    lines = [f'<VRTDataset rasterXSize="{cols}" rasterYSize="{rows}">', _metadata(source)]
    for number in range(1, source.RasterCount + 1):
        lines += [f'<VRTRasterBand dataType="{kind}" band="{number}">', _metadata(source.GetRasterBand(number))]
        for top in range(0, rows, high):
            for left in range(0, cols, wide):
                size = f'xSize="{min(wide, cols - left)}" ySize="{min(high, rows - top)}"'
                lines.append(
                    f'<SimpleSource><SourceFilename relativeToVRT="1">{tile.name}</SourceFilename><SourceBand>{number}</SourceBand>'
                    f'<SrcRect xOff="0" yOff="0" {size}/><DstRect xOff="{left}" yOff="{top}" {size}/></SimpleSource>'
                )
        lines.append("</VRTRasterBand>")
    target = tile.with_name(f"mosaic-{rows}x{cols}.vrt")
    target.write_text("\n".join([*lines, "</VRTDataset>"]), encoding="utf-8")
    return target


def _metadata(item: Any) -> str:
    entries = "".join(f'<MDI key="{key}">{value}</MDI>' for key, value in (item.GetMetadata() or {}).items())
    return f"<Metadata>{entries}</Metadata>"


def run(stack: Path, method: str, *, extent: str = "", threads: int = 1) -> Figures:
    """Select in a process of its own; return CPU seconds, seconds by the clock, and peak memory in MB (Linux counts)."""
    mask = stack.with_name("mask.tif")
    command = [
        sys.executable, "-m", "stillpoint.models", "select-scatterers", str(stack), "--output", str(mask),
        "--probability", str(stack.with_name("probability.tif")), "--method", method, "--device", "cpu",
    ]  # fmt: skip
    command += ["--extent", extent] if extent else []
    limits = {name: str(threads) for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")}
    begin = time.perf_counter()
    child = subprocess.Popen(  # nosec B603 - no shell, own arguments
        command, env={**os.environ, **limits}, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
    )
    said = child.stderr.read() if child.stderr else ""
    _, status, used = os.wait4(child.pid, 0)
    child.returncode = os.WEXITSTATUS(status) if os.WIFEXITED(status) else -1
    if child.returncode:
        return {"method": method, "error": said.strip().splitlines()[-1] if said.strip() else f"exit status {child.returncode}"}
    return {
        "method": method, "cpu_seconds": used.ru_utime + used.ru_stime, "seconds": time.perf_counter() - begin,
        "peak_mb": used.ru_maxrss / 1024,
    }


def sizes(methods: Sequence[str], side: int, folder: Path) -> List[Figures]:
    """Run a megapixel of 30 dates, the 2.03 megapixels x 10 interferograms of Tiwari et al., and two sizes of a large raster."""
    result: List[Figures] = []
    for name, setting, shape, extents in (
        ("30 dates", "dates-30", (side, side), [""]),
        ("2.03 Mpx x 10 interferograms", "interferograms-10", (1424, 1424), [""]),
        ("20,000 x 20,000 px x 11 dates, window", "interferograms-10", (20000, 20000), [_window(1000), _window(2000)]),
    ):
        place = folder / setting
        place.mkdir(exist_ok=True)
        tile = place / "slc.tif"
        if not tile.exists():
            write_scene(make_scene(setting, 0), place)
        stack = mosaic(tile, *shape)
        for extent in extents:
            width = int(float(extent.split(",")[2]) - float(extent.split(",")[0])) if extent else shape[0]
            for method in methods:
                figures = {"stack": name, "mpx": width * width / 1e6, **run(stack, method, extent=extent)}
                print(figures, file=sys.stderr, flush=True)
                result.append(figures)
    return result


def _window(side: int) -> str:
    # rasters without coordinates: columns to the right and rows downwards from 0
    return f"9000,9000,{9000 + side},{9000 + side}"


def stability() -> Figures:
    """Compare phase stability with the plain loop on a small scene, and time it on one of about 25,000 candidates.

    The plain loop is that of the tests, so the repository must be complete.
    """
    from stillpoint.models.scatterers.stability import StabilitySettings, stability_profile
    from stillpoint.models.scatterers.stability.null import random_phases
    from stillpoint.tests.models.scatterers import stamps_reference

    random = 2000
    seen = observe(make_scene("dates-30", 0, size=(120, 400)))
    plain_begin = time.process_time()
    drawn = [block.numpy() for block in random_phases(random, len(seen.dates) - 1, seed=StabilitySettings().seed)]
    expected = stamps_reference.select(
        seen.phasor, seen.amplitude, seen.baselines, seen.dates.astype("datetime64[D]").astype(float), seen.reference,  # type: ignore[arg-type]
        seen.spacing, seen.wavelength, seen.incidence, drawn,  # type: ignore[arg-type]
    )
    plain = time.process_time() - plain_begin
    ours = stability_profile(seen, settings=StabilitySettings(null_pixels=random))
    kept = np.zeros(seen.shape, bool)
    kept[expected.rows[expected.kept], expected.cols[expected.kept]] = True
    mask = ours["stability"].mask
    large = stability_profile(observe(make_scene("dates-30", 0, size=(460, 460))))
    return {
        "candidates": len(expected.rows),
        "jaccard": float((kept & mask).sum() / max(int((kept | mask).sum()), 1)),
        "plain_cpu_seconds": plain,
        "cpu_seconds": ours["cpu_seconds"],
        "times_faster": plain / ours["cpu_seconds"],
        "large": {key: large[key] for key in ("candidates", "interferograms", "cpu_seconds", "stages", "kept")},
        "times_faster_than_stamps": STAMPS_CPU / 25301 * large["candidates"] / large["cpu_seconds"],
    }


def markdown(rows: Sequence[Figures]) -> str:
    """Return the table of the runs, and what 400 megapixels would take by the two windows of the large raster."""
    lines = ["| stack | Mpx | method | CPU s | CPU s/Mpx | s | peak MB |", "|---|---:|---|---:|---:|---:|---:|"]
    for row in rows:
        if "error" in row:
            lines.append(f"| {row['stack']} | {row['mpx']:.2f} | {row['method']} | did not run: {row['error']} | | | |")
            continue
        lines.append(
            f"| {row['stack']} | {row['mpx']:.2f} | {row['method']} | {row['cpu_seconds']:.1f} "
            f"| {row['cpu_seconds'] / row['mpx']:.1f} | {row['seconds']:.1f} | {row['peak_mb']:.0f} |"
        )
    windows = [row for row in rows if "window" in row["stack"] and "error" not in row]
    for method in dict.fromkeys(row["method"] for row in windows):
        some = [row for row in windows if row["method"] == method]
        if len(some) == 2:
            small, large = some
            rate = (large["cpu_seconds"] - small["cpu_seconds"]) / (large["mpx"] - small["mpx"])
            hours = (large["cpu_seconds"] + rate * (400 - large["mpx"])) / 3600
            lines += ["", (
                f"{method}: {rate:.1f} CPU s for each further megapixel, so 20,000 x 20,000 px take about {hours:.1f} CPU "
                f"hours; peak memory {small['peak_mb']:.0f} MB at {small['mpx']:g} Mpx and {large['peak_mb']:.0f} MB at "
                f"{large['mpx']:g} Mpx."
            )]
    return "\n".join(lines) + "\n"


def main(argv: Optional[Sequence[str]] = None) -> int:
    """Run the measures and print tables."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.scatterers.speed", description=__doc__)
    parser.add_argument("--methods", nargs="+", choices=METHODS, default=list(METHODS))
    parser.add_argument("--side", type=int, default=1000, help="pixels a side of the stack of 30 dates (default: 1000)")
    parser.add_argument("--stability", action="store_true", help="compare phase stability with the plain loop instead")
    parser.add_argument("--output", type=Path, help="write NAME.json too")
    given = parser.parse_args(argv)
    if given.stability:
        import torch

        torch.set_num_threads(1)
        found: Any = stability()
        print(json.dumps(found, indent=1))
    else:
        with tempfile.TemporaryDirectory(prefix="scatterers-speed-") as name:
            found = sizes(given.methods, given.side, Path(name))
        print(markdown(found))
    if given.output:
        given.output.with_suffix(".json").write_text(json.dumps(found, indent=1), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
