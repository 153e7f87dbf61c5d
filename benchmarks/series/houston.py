"""Compares a result for Houston with ``ps-houston-s1``: ``python -m stillpoint.benchmarks.series.houston SERIES.gpkg``.

Those series were made from the same interferograms on another way (SNAPHU per interferogram, Gaussian filters; see the README of
the data), so this tells agreement and plausibility, not accuracy. Make the result with::

    stillpoint open-stack houston-s1-psps/ifg --output ifg.vrt
    stillpoint estimate-series ifg.vrt --points ps-houston-s1/houston_s1_ps.csv --output series.gpkg
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import List, Tuple

import numpy as np
from scipy.spatial import cKDTree

from stillpoint.models.points.opening import open_points

PIXEL = 1 / 900
"""Degrees."""


def read(path: str) -> Tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return places [points, 2], dates, and series [points, dates] in mm."""
    with open_points(path) as source:
        blocks = list(source.blocks())
        dates = source.layout.dates
    places = np.concatenate([np.column_stack([block.x, block.y]) for block in blocks])
    return places, dates, np.concatenate([block.displacement for block in blocks]).astype(float)


def default_folder() -> Path:
    """Return the folder of the published series, from ``STILLPOINT_DATA`` or beside the repository."""
    root = os.environ.get("STILLPOINT_DATA")
    base = Path(root) if root else Path(__file__).resolve().parents[2].parent / "shared" / "data" / "real"
    return base / "ps-houston-s1"


def main(argv: List[str]) -> int:
    """Print the figures."""
    published = argv[1] if len(argv) > 1 else str(default_folder() / "houston_s1_ps.csv")
    here, dates, ours = read(argv[0])
    there, other_dates, theirs = read(published)
    if not np.array_equal(dates, other_dates):
        raise SystemExit("The dates differ.")
    away, near = cKDTree(there).query(here)
    same = away < 0.75 * PIXEL
    ours, theirs, here = ours[same], theirs[near[same]], here[same]
    # both relative to the median of the same points, at every date
    ours, theirs = (each - np.nanmedian(each, axis=0) for each in (ours, theirs))
    years = (dates - dates[0]).astype(float) / 365.25
    velocities = [np.polyfit(years, np.nan_to_num(each).T, 1)[0] for each in (ours, theirs)]
    difference = velocities[0] - velocities[1]
    left = [each - each.mean(axis=1, keepdims=True) for each in (ours, theirs)]
    lines = [each - np.outer(speed, years - years.mean()) for each, speed in zip(left, velocities)]
    alike = np.array([np.corrcoef(*pair)[0, 1] for pair in zip(*left)])
    apart = np.sqrt(np.mean((left[0] - left[1]) ** 2, axis=1))
    tree = cKDTree(here)
    rough = [float(np.median(np.abs(each - each[tree.query(here, k=2)[1][:, 1]]))) for each in velocities]
    jumps = [float((np.abs(np.diff(each, axis=1)) > 20.0).any(axis=1).mean()) for each in left]
    print(f"{same.sum():,} of {len(away):,} points lie on points of the published series")
    print(f"velocity: correlation {np.corrcoef(*velocities)[0, 1]:.3f}, bias {np.median(difference):+.2f}, "
          f"spread {1.4826 * np.median(np.abs(difference - np.median(difference))):.2f} mm/yr")
    print(f"series: correlation {np.median(alike):.2f} in the middle, {np.median(apart):.1f} mm apart")
    for name, speed, line, each, jump in zip(("this result", "published"), velocities, lines, rough, jumps):
        print(f"{name:12} velocity {np.percentile(speed, 5):+.1f} to {np.percentile(speed, 95):+.1f} mm/yr (5 to 95 %), "
              f"nearest neighbours {each:.2f} mm/yr apart, {np.median(np.std(line, axis=1)):.1f} mm about the line, "
              f"{jump:.1%} with a step of 20 mm or more")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
