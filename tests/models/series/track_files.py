"""Point files of tracks with a motion that tests choose, and no noise unless they ask for it."""

from __future__ import annotations

from pathlib import Path
from typing import Callable, Dict, Optional, Sequence, Tuple

import numpy as np

from stillpoint.models.points.table import Column
from stillpoint.models.points.writers import open_writer

CORNER = (500_000.0, 5_000_000.0)

SIGHTS = {
    "ascending": (-0.6, -0.1, 0.7937),
    "descending": (0.58, -0.11, 0.8072),
    "steep": (-0.4, -0.08, 0.913),
}
"""East, north, up."""

Motion = Callable[[np.ndarray, np.ndarray, np.ndarray], Tuple[np.ndarray, np.ndarray, np.ndarray]]


def steady(east: float, north: float, up: float) -> Motion:
    """Return a motion of constant velocities, mm/yr."""
    return lambda x, y, years: tuple(velocity * np.ones((len(x), 1)) * years for velocity in (east, north, up))  # type: ignore


def write_track(
    path: Path,
    motion: Motion,
    *,
    sight: str = "ascending",
    first: str = "2019-01-01",
    epochs: int = 40,
    step: int = 12,
    points: int = 200,
    side: float = 1000.0,
    shift: Tuple[float, float] = (0.0, 0.0),
    noise: float = 0.0,
    seed: int = 0,
    columns: Optional[Sequence[str]] = ("los_east", "los_north", "los_up"),
    crs: str = "EPSG:32632",
    metadata: Optional[Dict[str, str]] = None,
    change: Callable[[np.ndarray, np.ndarray], np.ndarray] = lambda values, years: values,
) -> Path:
    """Write a track and return its path; years count from 2019-01-01, the series begin with 0."""
    rng = np.random.default_rng(seed)
    x, y = (CORNER[axis] + shift[axis] + rng.uniform(0, side, points) for axis in (0, 1))
    dates = np.datetime64(first) + step * np.arange(epochs)
    years = (dates - np.datetime64("2019-01-01")).astype(float) / 365.25
    vector = np.array(SIGHTS[sight])
    vector = vector / np.linalg.norm(vector)
    parts = motion(x, y, years)
    values = sum(weight * part for weight, part in zip(vector, parts)) + rng.normal(0, noise, (points, epochs)) * (noise > 0)
    values = change(values - values[:, :1], years)
    fields = [Column(name, "real") for name in columns or ()]
    fields += [Column("D" + str(day).replace("-", ""), "real") for day in dates]
    table = {name: np.full(points, part) for name, part in zip(columns or (), vector)}
    table.update({item.name: values[:, index] for index, item in enumerate(fields[len(columns or ()) :])})
    with open_writer(str(path), fields, crs=crs, metadata=metadata or {}) as writer:
        writer.write(x, y, table)
        writer.finish()
    return path
