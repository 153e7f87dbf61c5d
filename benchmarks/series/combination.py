"""Vertical and east-west motion of two simulated tracks against their truth: ``python -m benchmarks.series.combination``.

The simulator knows nothing of the method: a subsiding bowl whose sides move inwards, seasonal heave, incidence that changes across
the swath, other points and other dates in each track, noise of every point and atmosphere that neighbours share, some of it
correlated in time. For each setting it prints errors, how often the truth lies within one and two standard errors, and what two
common short cuts reach: one track alone with all motion taken for vertical, and the velocities of nearest neighbours whatever
their dates.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Dict, List, Optional, Sequence, Tuple

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage
from scipy.spatial import cKDTree

from stillpoint.models.jobs import CombineGeometries
from stillpoint.models.points.opening import open_points
from stillpoint.models.points.table import Column
from stillpoint.models.points.writers import open_writer
from stillpoint.models.progress import SILENT
from stillpoint.models.series.combine_file import combine_geometries

Array = NDArray[np.float64]

CORNER = (500_000.0, 5_000_000.0)
START = np.datetime64("2018-01-01")


@dataclass(frozen=True)
class Setting:
    """What is simulated.

    Attributes
    ----------
    side
        Side of the area, metres.
    points
        Points of each track.
    epochs
        Acquisitions of each track, 12 days apart, every tenth missing.
    noise
        Of a point and date, mm.
    atmosphere
        Of a date, shared by neighbours within about a kilometre, mm.
    memory
        Correlation of both from one date to the next.
    north
        Largest velocity to the north, mm/yr.
    """

    side: float = 4000.0
    points: int = 2500
    epochs: int = 90
    noise: float = 3.0
    atmosphere: float = 1.0
    memory: float = 0.0
    north: float = 0.0


SETTINGS: Dict[str, Setting] = {
    "standard": Setting(),
    "one point a cell": Setting(points=900),
    "noisy": Setting(noise=6.0, atmosphere=3.0),
    "correlated in time": Setting(memory=0.5),
    "short": Setting(epochs=30),
    "moving north": Setting(north=5.0),
}

PARTS = ("up", "east")

COLUMNS = (
    "setting", "places", "up, mm/yr", "east, mm/yr", "stated up, east", "up within 1, 2 s.e.", "east within 1, 2 s.e.",
    "series up, east, mm", "series within 1, 2 s.e.", "one track: up", "nearest: up, east", "CPU s",
)  # fmt: skip

TRACKS = (("ascending", -12.0, 34.0, 0), ("descending", -168.0, 40.0, 5))
"""Name, heading, incidence in the middle of the area, days after the start."""


def velocities(x: Array, y: Array, setting: Setting) -> Array:
    """Return the true velocities (n, 3), mm/yr: east, north, up."""
    east, north = (x - CORNER[0]) / setting.side - 0.5, (y - CORNER[1]) / setting.side - 0.5
    bowl = np.exp(-(east**2 + north**2) / (2 * 0.18**2))
    # Sides move inwards in proportion to the slope, as above a pumped aquifer or a mine.
    return np.stack([-60.0 * east * bowl, setting.north * np.cos(2 * np.pi * north), -25.0 * bowl], axis=1)


def heave(years: Array) -> Array:
    """Return the seasonal vertical motion of everything, mm."""
    return 2.0 * np.sin(2 * np.pi * years)


def motion(x: Array, y: Array, years: Array, setting: Setting) -> Array:
    """Return the true displacements (3, n, e), mm."""
    moved = velocities(x, y, setting).T[:, :, None] * years
    moved[2] += heave(years)
    return moved


def _remembered(white: Array, memory: float) -> Array:
    """Return noise of the same variance whose neighbours along the first axis correlate."""
    found = white.copy()
    for index in range(1, len(found)):
        found[index] = memory * found[index - 1] + np.sqrt(1 - memory**2) * white[index]
    return found


def track(rng: np.random.Generator, name: str, setting: Setting, path: Path) -> None:
    """Simulate and write one track."""
    _, heading, incidence, delay = next(item for item in TRACKS if item[0] == name)
    x, y = (CORNER[axis] + rng.uniform(0, setting.side, setting.points) for axis in (0, 1))
    kept = rng.uniform(size=setting.epochs) > 0.1
    kept[[0, -1]] = True
    dates = START + delay + 12 * np.flatnonzero(kept)
    years = (dates - START).astype(float) / 365.25
    # Headings and incidences by hand, so that an error of the method's own formula shows.
    theta = np.radians(incidence + 2.0 * ((x - CORNER[0]) / setting.side - 0.5))
    azimuth = np.radians(heading - 90.0)
    sight = np.stack([np.sin(theta) * np.sin(azimuth), np.sin(theta) * np.cos(azimuth), np.cos(theta)], axis=1)
    moved = np.einsum("nk,kne->ne", sight, motion(x, y, years, setting))
    white = _remembered(rng.normal(0, setting.noise, (len(dates), setting.points)), setting.memory)
    pixels = 40
    screens = ndimage.gaussian_filter(rng.normal(size=(len(dates), pixels, pixels)), (0, 8, 8), mode="wrap")
    screens = _remembered(setting.atmosphere * screens / screens.std(), setting.memory)
    at = np.stack([(y - CORNER[1]), (x - CORNER[0])]) * (pixels - 1) / setting.side
    air = np.stack([ndimage.map_coordinates(screen, at, order=1) for screen in screens])
    series = moved + (white + air).T
    names = ["los_east", "los_north", "los_up", *("D" + str(day).replace("-", "") for day in dates)]
    values = dict(zip(names, np.column_stack([sight, series - series[:, :1]]).T))
    with open_writer(str(path), [Column(item, "real") for item in names], crs="EPSG:32632", metadata={}) as writer:
        writer.write(x, y, values)
        writer.finish()


def read(path: str) -> Tuple[Array, Array, NDArray, Array, Dict[str, Array]]:
    """Return x, y, dates, displacements and attributes of a file."""
    with open_points(path) as source:
        block = next(iter(source.blocks(1_000_000)))
        return block.x, block.y, source.layout.dates, block.displacement.astype(float), block.attributes


def slopes(values: Array, years: Array) -> Array:
    """Return the slopes of the least-squares lines through rows without gaps."""
    away = years - years.mean()
    return values @ away / (away @ away)


def scores(setting: Setting, seed: int, folder: Path, *, where: str, average: str) -> Dict[str, Array]:
    """Simulate, combine, and return the errors of every place by name."""
    rng = np.random.default_rng(seed)
    paths = [folder / f"{name}.gpkg" for name, *_ in TRACKS]
    for (name, *_), path in zip(TRACKS, paths):
        track(rng, name, setting, path)
    job = CombineGeometries(
        ascending=str(paths[0]), descending=str(paths[1]), output=str(folder / "up.gpkg"), where=where, average=average
    )
    result = combine_geometries(job, SILENT)
    found: Dict[str, Array] = {}
    for part, axis in (("output", 2), ("east", 0)):
        x, y, dates, values, fields = read(result.outputs[part])
        years = (dates - START).astype(float) / 365.25
        true = motion(x, y, years, setting)[axis]
        name = "up" if axis == 2 else "east"
        found[f"{name} velocity"] = fields["velocity"] - slopes(true, years)
        found[f"{name} sigmas"] = found[f"{name} velocity"] / fields["vel_std"]
        found[f"{name} series"] = (values - (true - true[:, :1]))[:, 1:].ravel()
        found[f"{name} series sigmas"] = ((values - (true - true[:, :1]))[:, 1:] / fields["std"][:, None]).ravel()
        found[f"{name} stated"] = fields["vel_std"]
    found.update(_short_cuts(paths, setting))
    return found


def _short_cuts(paths: Sequence[Path], setting: Setting) -> Dict[str, Array]:
    """Return the errors of two ways without interpolation or averaging."""
    tracks, times = [], []
    for path in paths:
        x, y, dates, values, fields = read(str(path))
        years = (dates - START).astype(float) / 365.25
        times.append(years)
        tracks.append((np.column_stack([x, y]), slopes(values, years), np.stack([fields["los_east"], fields["los_up"]], axis=1)))
    # The season leans on a straight line; the truth is that of the first track's dates, as a short cut would have it.
    east, north = tracks[0][0].T
    true = slopes(motion(east, north, times[0], setting), times[0]).T
    away, index = cKDTree(tracks[1][0]).query(tracks[0][0])
    near = away < 100.0
    design = np.stack([tracks[0][2], tracks[1][2][index]], axis=1)[near]
    pair = np.linalg.solve(design, np.stack([tracks[0][1], tracks[1][1][index]], axis=1)[near][:, :, None])[:, :, 0]
    return {
        "up, one track": tracks[0][1] / tracks[0][2][:, 1] - true[:, 2],
        "up, nearest": pair[:, 1] - true[near, 2],
        "east, nearest": pair[:, 0] - true[near, 0],
    }


def rms(values: Array) -> float:
    """Return the root mean square."""
    return float(np.sqrt(np.mean(np.square(values))))


def within(values: Array, sigmas: float) -> float:
    """Return the share of ratios of error to standard error that are not larger."""
    return float(np.mean(np.abs(values) <= sigmas))


def table(names: Sequence[str], seeds: int, *, where: str, average: str) -> List[str]:
    """Return the figures as a table in Markdown."""
    lines = [f"| {' | '.join(COLUMNS)} |", "|---|" + "---:|" * (len(COLUMNS) - 1)]
    for name in names:
        began, known = time.process_time(), []
        for seed in range(seeds):
            with tempfile.TemporaryDirectory() as folder:
                known.append(scores(SETTINGS[name], seed, Path(folder), where=where, average=average))
        every = {key: np.concatenate([item[key] for item in known]) for key in known[0]}
        every["series sigmas"] = np.concatenate([every["up series sigmas"], every["east series sigmas"]])
        cells = [
            name, f"{len(every['up velocity']):,}", *(f"{rms(every[f'{part} velocity']):.2f}" for part in PARTS),
            ", ".join(f"{rms(every[f'{part} stated']):.2f}" for part in PARTS),
            *(", ".join(f"{within(every[f'{part} sigmas'], most):.0%}" for most in (1, 2)) for part in PARTS),
            ", ".join(f"{rms(every[f'{part} series']):.1f}" for part in PARTS),
            ", ".join(f"{within(every['series sigmas'], most):.0%}" for most in (1, 2)), f"{rms(every['up, one track']):.2f}",
            ", ".join(f"{rms(every[f'{part}, nearest']):.2f}" for part in PARTS), f"{(time.process_time() - began) / seeds:.1f}",
        ]  # fmt: skip
        lines.append(f"| {' | '.join(cells)} |")
    return lines


def main(arguments: Optional[Sequence[str]] = None) -> int:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--settings", nargs="+", choices=SETTINGS, default=list(SETTINGS))
    parser.add_argument("--where", choices=("grid", "points"), default="grid")
    parser.add_argument("--average", choices=("median", "mean"), default="median")
    given = parser.parse_args(arguments)
    sys.stdout.write("\n".join(table(given.settings, given.seeds, where=given.where, average=given.average)) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
