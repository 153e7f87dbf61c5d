"""Reads the point files of several tracks: positions first, then the series of the points that meet others, cell by cell.

The series lie in temporary files, ordered by cell, so that memory depends on the batch of cells and not on the files.
"""

from __future__ import annotations

import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import Iterator, List, Optional, Tuple

import numpy as np

from stillpoint.models.errors import StillpointError
from stillpoint.models.points.opening import open_points
from stillpoint.models.points.table import PointSource
from stillpoint.models.progress import Progress
from stillpoint.models.series.combine_kernels import LEAST_DATES, Noise, lines, noise_of
from stillpoint.models.series.combine_places import Members, metric_crs, transformed
from stillpoint.models.series.combine_sight import Angles, Sight

_ROWS = 8192
_BATCH_BYTES = 48 << 20


class Track:
    """One point file.

    Parameters
    ----------
    path
        The file.
    name
        What the track is called in messages.
    angles
        The user's angles.
    look
        Side that the radar looks to.
    crs
        Coordinate reference system where the file names none.

    Attributes
    ----------
    x, y
        Positions in the file's system, then in that of :meth:`place`, metres; NaN where missing.
    sight
        Lines of sight, float32 of shape (n, 3).
    days
        Times of the epochs in days since 1970, shape (e,).
    cells
        Series of the cells, a file of float32 of shape (c, e); after :meth:`gather`.
    noise, spread, counts, cell_sight
        Of the cells; after :meth:`gather`.

    Raises
    ------
    StillpointError
        The file cannot be read, has no points, no coordinate system, or does not tell its line of sight.
    """

    cells: np.ndarray
    noise: Noise
    spread: np.ndarray
    counts: np.ndarray
    cell_sight: np.ndarray
    pooled_rho: float = 0.0

    def __init__(self, path: str, name: str, angles: Angles, *, look: str, crs: Optional[str], progress: Progress) -> None:
        self.path, self.name = path, name
        with self._open(None) as source:
            given = crs if crs and not source.layout.crs else None
        self._crs_given = given
        with self._open(given) as source:
            self.layout = source.layout
            if not self.layout.crs:
                raise StillpointError(
                    f"{path} does not say in which coordinate reference system its points lie; give it as CRS (EPSG:32632 ...)."
                )
            self._sight = Sight(self.layout, angles, look=look, name=name)
            self._read_places(source, progress)
        self.crs = self.layout.crs
        self.days = self.layout.dates.astype("datetime64[D]").astype(np.float64)
        self.warnings: List[str] = []
        lost = ~np.isfinite(self.sight).all(axis=1)
        if len(self.x) and lost.all():
            raise StillpointError(
                f"No point of {path} has a line of sight that can be used ({self._sight.source}): they must be the parts of a unit "
                "vector, or angles in degrees. Give incidence and heading instead."
            )
        if lost.any():
            self.x[lost] = self.y[lost] = np.nan
            self.warnings.append(f"{int(lost.sum()):,} points of {path} have no line of sight and were left out.")

    @property
    def sight_source(self) -> str:
        """Where the lines of sight come from, for people."""
        return self._sight.source

    @property
    def years(self) -> np.ndarray:
        """Times in years since the first epoch."""
        return (self.days - self.days[0]) / 365.25

    def _open(self, crs: Optional[str]) -> PointSource:
        return open_points(self.path, crs=crs)

    def _read_places(self, source: PointSource, progress: Progress) -> None:
        x, y, sight = [], [], []
        done, expected = 0, source.estimated_count()
        for block in source.blocks(_ROWS):
            x.append(block.x)
            y.append(block.y)
            sight.append(self._sight.of(block))
            done += len(block)
            progress(min(done / expected, 1.0) if expected else 0.5, f"Reading the {self.name} points")
        if not done:
            raise StillpointError(f"{self.path} has no points.")
        self.x, self.y = np.concatenate(x).astype(np.float64), np.concatenate(y).astype(np.float64)
        self.sight = np.concatenate(sight)

    def metric(self) -> str:
        """Return a system in metres that fits the points."""
        located = np.isfinite(self.x) & np.isfinite(self.y)
        if not located.any():
            raise StillpointError(f"No point of {self.path} has a position and a line of sight.")
        return metric_crs(self.crs, self.x[located], self.y[located])

    def place(self, crs: str) -> None:
        """Bring the positions to ``crs``."""
        self.x, self.y = transformed(self.x, self.y, self.crs, crs)

    def typical_sight(self, members: Members) -> np.ndarray:
        """Return the median line of sight of the points that meet others, shape (3,)."""
        return np.median(self.sight[members.points].astype(np.float64), axis=0)

    # Series

    def gather(self, members: Members, folder: Path, average: str, progress: Progress) -> None:
        """Average the series of the points in each cell; fills ``cells``, ``noise``, ``spread``, ``counts`` and ``cell_sight``."""
        kept = self._kept(members, folder, progress.part(0.0, 0.6))
        targets, epochs = len(members.starts) - 1, len(self.days)
        self.cells = np.memmap(folder / f"{self._key}-cells.f32", np.float32, "w+", shape=(max(targets, 1), epochs))
        self.spread, self.counts = np.zeros(targets), np.zeros(targets, np.int64)
        self.cell_sight = np.full((targets, 3), np.nan, np.float32)
        found: List[Noise] = []
        for start, stop in self._batches(members):
            progress(0.6 + 0.4 * stop / max(targets, 1), f"Averaging the {self.name} points")
            rows = members.slots[members.starts[start] : members.starts[stop]]
            owner = np.repeat(np.arange(stop - start), members.counts[start:stop])
            series = np.asarray(kept[rows])
            means, spread, counts, used = average_cells(series, owner, stop - start, self.years, average)
            self.cells[start:stop] = means
            self.spread[start:stop], self.counts[start:stop] = spread, counts
            vectors = self.sight[members.points[rows]][used].astype(np.float64)
            total = np.zeros((stop - start, 3))
            np.add.at(total, owner[used], vectors)
            with np.errstate(invalid="ignore", divide="ignore"):
                self.cell_sight[start:stop] = total / np.sqrt((total**2).sum(axis=1, keepdims=True))
            found.append(noise_of(means, self.years))
        self.noise = Noise(*(np.concatenate([getattr(part, name) for part in found]) for name in _PARTS))
        told = np.isfinite(self.noise.sigma) & (self.noise.count >= 20)
        self.pooled_rho = float(np.median(self.noise.rho[told])) if told.any() else 0.0

    @property
    def _key(self) -> str:
        return "".join(letter if letter.isalnum() else "-" for letter in self.name)

    def _kept(self, members: Members, folder: Path, progress: Progress) -> np.ndarray:
        """Return the series of the members, a file of float32 in the order of ``members.points``."""
        total = len(self.x)
        place = np.full(total, -1, np.int64)
        place[members.points] = np.arange(len(members.points))
        kept = np.memmap(folder / f"{self._key}.f32", np.float32, "w+", shape=(max(len(members.points), 1), len(self.days)))
        done = 0
        with self._open(self._crs_given) as source:
            for block in source.blocks(_ROWS):
                if done + len(block) > total:
                    raise StillpointError(f"{self.path} grew while it was read; try again when it is complete.")
                at = place[done : done + len(block)]
                kept[at[at >= 0]] = block.displacement[at >= 0]
                done += len(block)
                progress(done / total, f"Reading the {self.name} series")
        return kept

    def _batches(self, members: Members) -> Iterator[Tuple[int, int]]:
        """Yield ranges of cells whose points' series fit the memory of a batch."""
        rows = max(_BATCH_BYTES // (8 * len(self.days)), 1)
        targets, start = len(members.starts) - 1, 0
        while start < targets:
            stop = int(np.searchsorted(members.starts, members.starts[start] + rows, "right")) - 1
            stop = min(max(stop, start + 1), start + rows, targets)
            yield start, stop
            start = stop


_PARTS = ("sigma", "rho", "velocity", "middle", "count")


def average_cells(
    series: np.ndarray, owner: np.ndarray, cells: int, years: np.ndarray, average: str
) -> Tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Average the series of the points of each cell.

    Each series is first moved to 0 in the middle of the time, on its own straight line: whatever date it is relative to, a missing
    value then leaves no step.

    Parameters
    ----------
    series
        Shape (n, e), mm, NaN where missing.
    owner
        Cell of each series, shape (n,), increasing.
    cells
        Number of cells.
    years
        Times, shape (e,).
    average
        ``"median"``, or ``"mean"`` weighted by 1 / variance.

    Returns
    -------
    means, spread, counts, used
        Shape (cells, e), NaN where missing; the standard error of the velocity by the differences between points, mm/yr, 0 with
        fewer than three; the number of series; and which of ``series`` those are, bool of shape (n,).
    """
    used = np.isfinite(series).sum(axis=1) >= LEAST_DATES
    slope, middle = lines(series, years)
    centred = (series - middle[:, None]).astype(np.float32)
    counts = np.bincount(owner[used], minlength=cells)
    means = np.full((cells, series.shape[1]), np.nan, np.float32)
    spread = np.zeros(cells)
    rows, starts = np.flatnonzero(used), np.concatenate([[0], np.cumsum(counts)])
    weights = 1.0 / np.maximum(noise_of(centred, years).sigma, 1e-3) ** 2 if average == "mean" else None
    for size in np.unique(counts[counts > 0]):
        chosen = np.flatnonzero(counts == size)
        index = rows[starts[chosen][:, None] + np.arange(size)]
        group = centred[index]
        if size == 1:
            means[chosen] = group[:, 0]
            continue
        means[chosen] = _medians(group) if weights is None else _weighted(group, weights[index])
        if size >= 3:
            velocities = slope[index]
            away = np.abs(velocities - np.median(velocities, axis=1, keepdims=True))
            error = 1.4826 * np.median(away, axis=1) / np.sqrt(size)
            # The median of normal values scatters by 1.25 times as much as their mean.
            spread[chosen] = error * (1.2533 if weights is None else 1.0)
    return means, spread, counts, used


def _medians(group: np.ndarray) -> np.ndarray:
    """Return the median over axis 1 of (g, s, e), NaN left out."""
    ordered = np.sort(group, axis=1)  # NaN last
    count = np.isfinite(group).sum(axis=1)
    low, high = np.maximum(count - 1, 0) // 2, np.maximum(count, 1) // 2
    picked = [np.take_along_axis(ordered, index[:, None, :], axis=1)[:, 0] for index in (low, high)]
    return np.where(count > 0, 0.5 * (picked[0] + picked[1]), np.nan)


def _weighted(group: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Return the weighted mean over axis 1 of (g, s, e), NaN left out; series without a weight get the smallest."""
    least = np.nanmin(np.where(np.isfinite(weights), weights, np.nan), axis=1, keepdims=True, initial=1.0)
    given = np.where(np.isfinite(weights), weights, least)[:, :, None] * np.isfinite(group)
    with np.errstate(invalid="ignore", divide="ignore"):
        return (given * np.nan_to_num(group)).sum(axis=1) / given.sum(axis=1)


def working_folder(opened: ExitStack) -> Path:
    """Return a temporary folder that ``opened`` removes."""
    return Path(opened.enter_context(tempfile.TemporaryDirectory(prefix="stillpoint-tracks-")))
