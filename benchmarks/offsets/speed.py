"""What tracking costs: ``python -m benchmarks.offsets.speed --methods correlation default``.

Each run is the program as its users start it, ``stillpoint track-offsets`` on files, in a process of its own with one thread a
library: CPU seconds of all its threads and peak memory are those that the operating system counts, less those of a run on the
smallest images for the start of Python. Large images are mosaics (VRT) of one simulated pair. With ``--sparse`` only a grid of
pieces holds data, what lies between is missing: what memory does over the whole of a large image, without the hours.
"""

from __future__ import annotations

import argparse
import os
import subprocess  # nosec B404 - starts this program's own command line
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, Dict, List, Optional, Sequence

import numpy as np
from osgeo import gdal

from stillpoint.benchmarks.offsets.simulator import make_pair
from stillpoint.models.jobs.offsets import METHODS

Figures = Dict[str, Any]


def write(image: np.ndarray, path: Path) -> Path:
    """Write an image as a GeoTIFF without coordinates."""
    made = gdal.GetDriverByName("GTiff").Create(str(path), image.shape[1], image.shape[0], 1, gdal.GDT_Float32, ["TILED=YES"])
    made.GetRasterBand(1).WriteArray(image)
    made.FlushCache()
    return path


def mosaic(tile: Path, side: int, length: int, every: int = 1) -> Path:
    """Return a VRT of ``length`` x ``length`` pixels that repeats an image of ``side`` pixels, or has one ``every`` so many."""
    lines = [f'<VRTDataset rasterXSize="{length}" rasterYSize="{length}"><VRTRasterBand dataType="Float32" band="1">']
    for top in range(0, length, side * every):
        for left in range(0, length, side * every):
            size = f'xSize="{min(side, length - left)}" ySize="{min(side, length - top)}"'
            lines.append(
                f'<SimpleSource><SourceFilename relativeToVRT="1">{tile.name}</SourceFilename><SourceBand>1</SourceBand>'
                f'<SrcRect xOff="0" yOff="0" {size}/><DstRect xOff="{left}" yOff="{top}" {size}/></SimpleSource>'
            )
    target = tile.with_name(f"{tile.stem}-{length}.vrt")
    target.write_text("\n".join([*lines, "</VRTRasterBand></VRTDataset>"]), encoding="utf-8")
    return target


def run(reference: Path, secondary: Path, method: str) -> Figures:
    """Track in a process of its own; return CPU seconds, seconds by the clock, and peak memory in MB (Linux counts)."""
    output = reference.with_name("offsets.tif")
    command = [
        sys.executable, "-m", "stillpoint.models", "track-offsets", str(reference), str(secondary), "--output", str(output),
        "--method", method, "--device", "cpu",
    ]  # fmt: skip
    limits = {name: "1" for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")}
    begin = time.perf_counter()
    child = subprocess.Popen(  # nosec B603 - no shell, own arguments
        command, env={**os.environ, **limits}, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    )
    said = child.stderr.read() if child.stderr else ""
    _, status, used = os.wait4(child.pid, 0)
    child.returncode = os.WEXITSTATUS(status) if os.WIFEXITED(status) else -1
    if child.returncode:
        return {"method": method, "error": said.strip().splitlines()[-1] if said.strip() else f"exit status {child.returncode}"}
    return {
        "method": method, "cpu_seconds": used.ru_utime + used.ru_stime, "seconds": time.perf_counter() - begin,
        "peak_mb": used.ru_maxrss / 1024,
    }  # fmt: skip


def main(argv: Optional[Sequence[str]] = None) -> int:
    """Run the benchmark and print its table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.offsets.speed", description=__doc__)
    parser.add_argument("--methods", nargs="+", choices=METHODS, default=["correlation", "default"])
    parser.add_argument("--sides", nargs="+", type=int, default=[1024, 3072], help="pixels a side (20000 takes long)")
    parser.add_argument("--sparse", type=int, default=1, help="data in one piece of so many, along either axis (default: all)")
    given = parser.parse_args(argv)
    rows: List[str] = ["| method | pixels | CPU ms/Mpx | seconds | peak MB |", "|---|---:|---:|---:|---:|"]
    side = 512
    pair = make_pair("small", "grd", "volcano", 0, side=side)
    with tempfile.TemporaryDirectory(prefix="stillpoint-") as folder:
        images = [write(image, Path(folder) / f"{name}.tif") for name, image in (("a", pair.reference), ("b", pair.secondary))]
        corners = (("c", pair.reference[:64, :64]), ("d", pair.secondary[:64, :64]))
        small = [write(image, Path(folder) / f"{name}.tif") for name, image in corners]
        for method in given.methods:
            start = run(small[0], small[1], method)
            if "error" in start:
                print(f"{method} left out: {start['error']}", file=sys.stderr)
                continue
            for length in given.sides:
                first, second = (mosaic(image, side, length, given.sparse) for image in images)
                figures = run(first, second, method)
                if "error" in figures:
                    print(f"{method} on {length} px: {figures['error']}", file=sys.stderr)
                    continue
                cost = (figures["cpu_seconds"] - start["cpu_seconds"]) / length**2 * 1e9
                rows.append(f"| {method} | {length}² | {cost:.0f} | {figures['seconds']:.1f} | {figures['peak_mb']:.0f} |")
                print(rows[-1], file=sys.stderr, flush=True)
    print("\n".join(rows))
    return 0


if __name__ == "__main__":
    sys.exit(main())
