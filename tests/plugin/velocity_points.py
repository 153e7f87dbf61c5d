"""Point files with velocities and series, as the engine writes them."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

from stillpoint.models.points.table import Column
from stillpoint.models.points.writers import open_writer

DATES = ("2020-01-01", "2020-01-13", "2020-01-25", "2020-02-06")
DETAILS = {
    "points": 400, "dates": 4, "first_date": DATES[0], "last_date": DATES[-1], "north": [-0.13, 0.01], "velocity_std": [0.4, 0.6],
    "velocity_up": {"low": -18.2, "median": -1.0, "high": 0.4}, "velocity_east": {"low": -4.0, "median": 0.1, "high": 4.1},
    "velocity_median": -1.0, "velocity_5": -18.2, "velocity_95": 0.4,
}  # fmt: skip


def write_points(path: Path, *, direction: str = "", scale: float = 20.0, side: int = 20) -> Path:
    """Write a bowl of points: vertical or along the line of sight down in its middle, east-west inwards from its sides."""
    column, row = (part.ravel().astype(float) for part in np.meshgrid(np.arange(side), np.arange(side)))
    away = [(part - (side - 1) / 2) / (side / 5) for part in (column, row)]
    bowl = np.exp(-(away[0] ** 2 + away[1] ** 2) / 2)
    velocity = -scale * (away[0] * bowl if direction == "east" else bowl)
    years = (np.array(DATES, "datetime64[D]") - np.datetime64(DATES[0])).astype(float) / 365.25
    names = ["velocity", "vel_std", "rmse"]
    values = {"velocity": velocity, "vel_std": np.full(side * side, 0.4), "rmse": np.full(side * side, 1.5)}
    if direction:
        values.update(north=np.full(side * side, -0.1), cond=np.full(side * side, 1.3))
        names += ["north", "cond"]
    else:
        values.update(height_err=np.zeros(side * side), coherence=np.full(side * side, 0.9))
        names += ["height_err", "coherence"]
    for day, year in zip(DATES, years):
        names.append("D" + day.replace("-", ""))
        values[names[-1]] = velocity * year
    provenance = {"direction": direction} if direction else {}
    columns = [Column(name, "real") for name in names]
    metadata = {"STILLPOINT_PROVENANCE": json.dumps(provenance)}
    with open_writer(str(path), columns, crs="EPSG:32632", metadata=metadata) as writer:
        writer.write(500_000 + 100 * column, 5_000_000 + 100 * row, values)
        writer.finish()
    return path


def write_results(folder: Path) -> None:
    """Write what the fake engine hands out for both tasks."""
    folder.mkdir(exist_ok=True)
    write_points(folder / "output.gpkg", direction="up")
    write_points(folder / "east.gpkg", direction="east", scale=9.0)
    (folder / "details.json").write_text(json.dumps(DETAILS))
