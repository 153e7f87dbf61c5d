"""Known offsets in real images: ``python -m benchmarks.offsets.houston``.

Sentinel-1 amplitudes near Houston (the folder ``houston-s1-psps`` of the real data), 12 days apart, of ground that stood still: a
real decorrelation of fields, towns and water. Motion is imposed on them: none, a fraction of a pixel, strain, a step, and the
velocities of Kaskawulsh Glacier (``velocity-kaskawulsh-l8``), scaled.

Only detected amplitudes exist, so they are what is warped; what interpolation blurs or folds is then part of the answer, which it
is not where the motion is real. To keep that small each image takes half of the motion, so that both are blurred alike, by splines
of the fifth order. What co-registration left between the two images counts as error: the row of no motion tells how much that is.
"""

from __future__ import annotations

import argparse
import os
import sys
import warnings
from pathlib import Path
from typing import Callable, Dict, List, Optional, Sequence

import numpy as np
from numpy.typing import NDArray
from osgeo import gdal
from scipy import ndimage

from stillpoint.benchmarks.offsets.peers import TRACKERS, correlation
from stillpoint.benchmarks.offsets.scores import scores
from stillpoint.benchmarks.offsets.settings import EDGE, SPACING
from stillpoint.benchmarks.offsets.simulator import Pair
from stillpoint.models.errors import StillpointError

PAIRS = (("20170719", "20170731"), ("20180115", "20180127"), ("20190603", "20190615"))
"""Dates of the pairs."""

LARGEST = 3.0
"""Pixels that the fastest ice moves."""

FASTEST = 1.0
"""Metres a day: what moves faster in the field of Kaskawulsh is a failed match."""

SEARCH = 6
"""Pixels that single windows search to each side here; the methods of Stillpoint's search theirs."""

SINGLE = {"single_32": (32,), "single_64": (64,), "single_128": (128,), "multi": (32, 48, 64, 96, 128)}
"""Windows of the peers by name, pixels."""

ROUNDS = 10
Field = NDArray[np.float64]


def real() -> Path:
    """Return the folder of the real data."""
    return Path(os.environ.get("STILLPOINT_DATA", Path(__file__).resolve().parents[3] / "shared" / "data" / "real"))


def _uniform(shape: Sequence[int], row: float, col: float) -> Field:
    return np.stack([np.full(shape, row), np.full(shape, col)])


def strain(shape: Sequence[int]) -> Field:
    """Return a field [2, rows, cols] that stretches rows and shears columns by 0.4 % and 0.3 %."""
    rows, cols = np.mgrid[: shape[0], : shape[1]].astype(float)
    return np.stack([0.004 * (rows - shape[0] / 2), 0.003 * (rows - shape[0] / 2) - 0.002 * (cols - shape[1] / 2)])


def step(shape: Sequence[int]) -> Field:
    """Return a fault [2, rows, cols] that slips by 1.5 px along itself, obliquely through the scene."""
    rows, cols = np.mgrid[: shape[0], : shape[1]].astype(float)
    angle = np.radians(65.0)
    across = (cols - shape[1] / 2) * np.sin(angle) - (rows - shape[0] / 2) * np.cos(angle)
    side = np.where(across + 6 * np.sin(rows / 40) > 0, 0.75, -0.75)
    return np.stack([side * np.sin(angle), side * np.cos(angle)])


def kaskawulsh(shape: Sequence[int]) -> Field:
    """Return the velocities of the glacier [2, rows, cols] in pixels, freed of outliers and cut to a shape."""
    parts = []
    for name, sign in (("vy", -1.0), ("vx", 1.0)):
        raster = gdal.Open(str(real() / "velocity-kaskawulsh-l8" / f"kaskawulsh_20180304_20180405_{name}.tif")).ReadAsArray()
        values = np.where(np.abs(raster) < FASTEST, raster, np.nan).astype(float)
        around = np.lib.stride_tricks.sliding_window_view(np.pad(values[::2, ::2], 3, mode="edge"), (7, 7))
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)  # windows without any velocity: filled right below
            near = np.nanmedian(around, axis=(2, 3))
        known = np.isfinite(near)
        if not known.all():
            near = near[tuple(ndimage.distance_transform_edt(~known, return_distances=False, return_indices=True))]
        smooth = ndimage.gaussian_filter(near, 2)
        # One node of 120 m becomes 2 px: the streams are 60 to 150 px wide.
        parts.append(sign * ndimage.zoom(smooth, 2, order=1))
    field = np.stack(parts)
    top, left = ((size - wanted) // 2 for size, wanted in zip(field.shape[1:], shape))
    field = field[:, top : top + shape[0], left : left + shape[1]]
    return field * (LARGEST / np.percentile(np.hypot(*field), 99))


WARPS: Dict[str, Callable[[Sequence[int]], Field]] = {
    "none": lambda shape: _uniform(shape, 0.0, 0.0),
    "0.30 and -0.45 px": lambda shape: _uniform(shape, 0.30, -0.45),
    "strain, up to 1.2 px": strain,
    "step of 1.5 px": step,
    "Kaskawulsh, 3 px": kaskawulsh,
}
"""Titles and makers of the motions."""


def warped(first: NDArray, second: NDArray, field: Field) -> Pair:
    """Return a pair that moved by a field [2, rows, cols], pixels: half of it is put into either image."""
    grid = np.mgrid[: first.shape[0], : first.shape[1]].astype(float)
    source = grid - field
    for _ in range(ROUNDS):
        source = grid - np.stack([ndimage.map_coordinates(part, source, order=1, mode="nearest") for part in field])
    behind = source + 0.5 * np.stack([ndimage.map_coordinates(part, source, order=1, mode="nearest") for part in field])
    images = [
        np.maximum(ndimage.map_coordinates(image, places, order=5, mode="nearest"), 0.1).astype(np.float32)
        for image, places in ((first, grid + 0.5 * field), (second, behind))
    ]
    measurable = np.zeros([size // SPACING for size in first.shape], bool)
    border = -(-EDGE // SPACING)
    measurable[border:-border, border:-border] = True
    return Pair(images[0], images[1], field.astype(np.float32), np.ones(first.shape, np.float32), measurable)


def _read(date: str) -> NDArray[np.float32]:
    """Return the amplitude of a date, cut to whole blocks."""
    image = gdal.Open(str(real() / "houston-s1-psps" / "amp" / f"{date}.amp.tif")).ReadAsArray().astype(np.float32)
    rows, cols = (size // SPACING * SPACING for size in image.shape)
    return image[:rows, :cols]


def main(argv: Optional[Sequence[str]] = None) -> int:
    """Run the benchmark and print its table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.offsets.houston", description=__doc__)
    names = ["single_64", "single_128", "correlation", "default"]
    parser.add_argument("--trackers", nargs="+", choices=tuple(TRACKERS), default=names)
    parser.add_argument("--warps", nargs="+", choices=tuple(WARPS), default=list(WARPS))
    parser.add_argument("--pairs", type=int, default=len(PAIRS), help="only so many pairs, for a quick look")
    given = parser.parse_args(argv)
    if not (real() / "houston-s1-psps").is_dir():
        print(f"There are no images in {real()}; set STILLPOINT_DATA.", file=sys.stderr)
        return 1
    import torch

    torch.set_num_threads(1)
    lines = ["| motion | tracker | all1 | near steps | own mask: RMSE | coverage | in 1, 2 s.e. |", "|---|---|" + 5 * "---:|"]
    for title in given.warps:
        found: Dict[str, List[Dict[str, float]]] = {}
        field: Optional[Field] = None
        for first, second in PAIRS[: given.pairs]:
            images = _read(first), _read(second)
            field = WARPS[title](images[0].shape) if field is None else field
            pair = warped(*images, field)
            for name in given.trackers:
                try:
                    track = correlation(SINGLE[name], SEARCH) if name in SINGLE else TRACKERS[name][1]()
                    found.setdefault(name, []).append(scores(track(pair), pair))
                except (ImportError, StillpointError) as error:
                    print(f"{TRACKERS[name][0]} left out: {error}", file=sys.stderr)
        for name, rows in found.items():
            mean = {key: float(np.mean([row[key] for row in rows if key in row])) for key in {key for row in rows for key in row}}
            cells = [f"{mean['all1']:.3f}", f"{mean['steps']:.3f}" if "steps" in mean else ""]
            if "rmse" in mean:
                cells += [
                    f"{mean['rmse']:.3f}", f"{100 * mean['coverage']:.1f} %",
                    f"{100 * mean['within_1']:.0f}, {100 * mean['within_2']:.0f} %",
                ]  # fmt: skip
            else:
                cells += ["", "", ""]
            lines.append(f"| {title} | {TRACKERS[name][0]} | " + " | ".join(cells) + " |")
            print(lines[-1], file=sys.stderr, flush=True)
    print("\n".join(lines))
    return 0


if __name__ == "__main__":
    sys.exit(main())
