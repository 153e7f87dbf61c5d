"""Offsets of a real surge: ``python -m benchmarks.offsets.muldrow``.

Six Sentinel-1 images of Muldrow Glacier, 12 days apart (the folder ``s1-muldrow-surge`` of the real data). There is no truth: what
is judged is the ground beside the glacier, which did not move, whether the offsets of two steps sum to those of both at once, and
whether the trunk, some 25 px wide, is seen at all. Methods of this program are judged where they trust themselves, windows
everywhere.
"""

from __future__ import annotations

import argparse
import itertools
import os
import sys
import tempfile
from pathlib import Path
from typing import Dict, List, Optional, Sequence, Tuple

import numpy as np
from numpy.typing import NDArray
from osgeo import gdal, ogr

from stillpoint.benchmarks.offsets.peers import peak, surfaces
from stillpoint.benchmarks.offsets.settings import SPACING
from stillpoint.models.errors import StillpointError
from stillpoint.models.jobs import TrackOffsets
from stillpoint.models.offsets.track_file import track_offsets
from stillpoint.models.progress import SILENT

SEARCH = 12
PEERS = {"single_32": 32, "single_64": 64}
LONGEST = 3
"""Steps of 12 days between the images of a pair; beyond, the trunk leaves the search range."""

MOVING = 2.0
"""Pixels beyond which a node on the glacier surges."""


def folder() -> Path:
    """Return the folder of the images."""
    place = Path(os.environ.get("STILLPOINT_DATA", Path(__file__).resolve().parents[3] / "shared" / "data" / "real"))
    return place / "s1-muldrow-surge"


def outline(path: Path, like: str) -> NDArray[np.bool_]:
    """Return the nodes on the glacier, on the grid of the raster ``like``."""
    grid = gdal.Open(like)
    memory = gdal.GetDriverByName("MEM").Create("", grid.RasterXSize, grid.RasterYSize, 1, gdal.GDT_Byte)
    memory.SetGeoTransform(grid.GetGeoTransform())
    memory.SetProjection(grid.GetProjection())
    source = gdal.OpenEx(str(path), gdal.OF_VECTOR)
    system = grid.GetSpatialRef()
    projected = gdal.VectorTranslate("", source, format="Memory", dstSRS=system.ExportToWkt(), reproject=True)
    layer: ogr.Layer = projected.GetLayer(0)
    gdal.RasterizeLayer(memory, [1], layer, burn_values=[1], options=["ALL_TOUCHED=TRUE"])
    return memory.ReadAsArray() > 0


def single(first: str, second: str, window: int) -> NDArray[np.float32]:
    """Return offsets [2, rows, cols] (columns first) by correlation with one window."""
    images = [gdal.Open(path).ReadAsArray().astype(np.float32) for path in (first, second)]
    rows, cols = (size // SPACING * SPACING for size in images[0].shape)
    found = peak(surfaces(images[0][:rows, :cols], images[1][:rows, :cols], (window,), SEARCH)[0])
    return found[::-1].copy()


def tracked(method: str, first: str, second: str, place: Path) -> NDArray[np.float32]:
    """Return offsets [2, rows, cols] (columns first) by a method of Stillpoint's; NaN where they are not trusted."""
    output = str(place / f"{method}.tif")
    job = TrackOffsets(reference=first, secondary=second, output=output, method=method, search=SEARCH, device="cpu")
    track_offsets(job, SILENT)
    return gdal.Open(output).ReadAsArray()[:2]


def spread(values: NDArray) -> float:
    """Return the normalised median absolute deviation."""
    return float(1.4826 * np.nanmedian(np.abs(values - np.nanmedian(values)))) if np.isfinite(values).any() else float("nan")


def main(argv: Optional[Sequence[str]] = None) -> int:
    """Run the benchmark and print its tables."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.offsets.muldrow", description=__doc__)
    parser.add_argument("--methods", nargs="+", default=["single_32", "single_64", "correlation", "default"])
    parser.add_argument("--pairs", type=int, help="only so many pairs, for a quick look")
    given = parser.parse_args(argv)
    if not folder().is_dir():
        print(f"There are no images in {folder()}; set STILLPOINT_DATA.", file=sys.stderr)
        return 1
    images = sorted(str(path) for path in folder().glob("*.tif"))
    pairs = list(itertools.combinations(range(len(images)), 2))
    pairs = [pair for pair in pairs if pair[1] - pair[0] <= LONGEST][: given.pairs]
    lines = [
        "| method | pairs | beside the glacier: bias (x, y) | spread (x, y) | on it: length, 99 %, 12 and 36 days "
        "| answered beside, on | surging nodes a pair | misclosure of sums: on it, of surging nodes |", "|---|" + 7 * "---:|",
    ]
    with tempfile.TemporaryDirectory(prefix="stillpoint-") as temporary:
        place = Path(temporary)
        ice: Optional[NDArray[np.bool_]] = None
        for method in given.methods:
            found: Dict[Tuple[int, int], NDArray[np.float32]] = {}
            try:
                for first, second in pairs:
                    if method in PEERS:
                        found[first, second] = single(images[first], images[second], PEERS[method])
                    else:
                        found[first, second] = tracked(method, images[first], images[second], place)
            except StillpointError as error:
                print(f"{method} left out: {error}", file=sys.stderr)
                continue
            if ice is None:
                tracked("correlation", images[0], images[1], place)
                ice = outline(next(folder().glob("*.gpkg")), str(place / "correlation.tif"))
            lines.append(_row(method, found, ice))
            print(lines[-1], file=sys.stderr, flush=True)
    print("\n".join(lines))
    return 0


def _row(method: str, found: Dict[Tuple[int, int], NDArray[np.float32]], ice: NDArray[np.bool_]) -> str:
    """Return the row of a method."""
    seen = next(iter(found.values())).shape[1:]
    ice = ice[: seen[0], : seen[1]]
    bias = np.mean([[np.nanmedian(values[axis][~ice]) for axis in (0, 1)] for values in found.values()], axis=0)
    width = np.mean([[spread(values[axis][~ice]) for axis in (0, 1)] for values in found.values()], axis=0)
    longest = " and ".join(_longest(found, ice, steps) for steps in (1, LONGEST))
    surging = np.mean([(np.hypot(*values)[ice] > MOVING).sum() for values in found.values()])
    answered = [np.mean([np.isfinite(values[0][part]).mean() for values in found.values()]) for part in (~ice, ice)]
    rests: List[float] = []
    moved: List[float] = []
    for (first, last), whole in found.items():
        for middle in range(first + 1, last):
            if (first, middle) in found and (middle, last) in found:
                rest = whole - _sum(found[first, middle], found[middle, last])
                size, fast = np.hypot(*rest)[ice], np.hypot(*whole)[ice] > MOVING
                rests.append(float(np.nanmedian(size)))
                moved.extend(size[fast & np.isfinite(size)])
    closing = f"{np.nanmean(rests):.3f}, {np.median(moved):.2f} ({len(moved)})" if rests and moved else ""
    return (
        f"| {method} | {len(found)} | {bias[0]:+.3f}, {bias[1]:+.3f} | {width[0]:.3f}, {width[1]:.3f} | {longest} px "
        f"| {100 * answered[0]:.0f} %, {100 * answered[1]:.0f} % | {surging:.1f} | {closing} |"
    )


def _longest(found: Dict[Tuple[int, int], NDArray[np.float32]], ice: NDArray[np.bool_], steps: int) -> str:
    """Return the mean over pairs of some steps of the length that 99 % of the glacier's nodes stay below."""
    lengths = [np.hypot(*values)[ice] for (first, last), values in found.items() if last - first == steps]
    return f"{np.mean([np.nanpercentile(length, 99) for length in lengths]):.2f}" if lengths else "-"


def _sum(first: NDArray, second: NDArray) -> NDArray:
    """Return the offsets of two steps one after the other: the second is taken where the first led to."""
    rows, cols = np.mgrid[: first.shape[1], : first.shape[2]]
    at_row = np.clip(np.round(rows + np.nan_to_num(first[1]) / SPACING).astype(int), 0, first.shape[1] - 1)
    at_col = np.clip(np.round(cols + np.nan_to_num(first[0]) / SPACING).astype(int), 0, first.shape[2] - 1)
    return first + second[:, at_row, at_col]


if __name__ == "__main__":
    sys.exit(main())
