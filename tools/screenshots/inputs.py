"""What is photographed: simulated with the engine, small enough for a minute or two."""

from __future__ import annotations

import os
import subprocess  # nosec B404
import sys
from pathlib import Path
from typing import Dict, Optional

import numpy as np

from stillpoint.models.points.table import Column
from stillpoint.models.points.writers import open_writer

ROOT = Path(__file__).resolve().parents[2]

SIGHTS = {"ascending": (-0.62, -0.11, 0.777), "descending": (0.61, -0.11, 0.785)}
"""East, north and up of the direction to the satellite."""


def demo_project(given: Optional[Path], work: Path) -> Path:
    """Return the project to open: the one given, that of an earlier ``make demo``, or one made now."""
    if given is not None:
        return given.resolve()
    found = sorted((ROOT / "demo-output").glob("valley.qgz"))
    if found:
        return found[0]
    demo = [sys.executable, "-m", "stillpoint.plugin.demo", "--output", str(work / "demo")]
    subprocess.run(demo, check=True, env={**os.environ, "QT_QPA_PLATFORM": "offscreen"})  # nosec B603
    return work / "demo" / "valley.qgz"


def make(work: Path) -> Dict[str, str]:
    """Simulate a city, interferograms, a glacier, a valley and two tracks; return their paths by name."""
    found = {name: str(work / name / f"{name}.tif") for name in ("city", "network", "surge")}
    found.update(valley=str(work / "valley" / "valley.gpkg"), terrain=str(work / "valley" / "valley_terrain.tif"))
    for path in found.values():
        Path(path).parent.mkdir(exist_ok=True)
    _simulate("scene", "--output", str(work / "city" / "true scatterers.gpkg"), "--stack", found["city"], "--site", "demo",
              "--size", "240", "--dates", "40")  # fmt: skip
    _simulate("interferograms", "--output", found["network"])
    _simulate("offsets", "--output", found["surge"])
    _simulate("valley", "--output", found["valley"], "--terrain", found["terrain"], "--points", "6000", "--dates", "60")
    found.update({name: str(_track(work / f"{name}.gpkg", name)) for name in SIGHTS})
    return found


def _simulate(*arguments: str) -> None:
    command = [sys.executable, "-m", "stillpoint.models", "simulate", *arguments]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)  # nosec B603


def _track(path: Path, name: str, points: int = 6000, epochs: int = 50) -> Path:
    """Write the points of one track over a bowl of subsidence, whose flanks move towards its centre."""
    rng = np.random.default_rng(sorted(SIGHTS).index(name))
    east, north = rng.uniform(-2000, 2000, (2, points))
    bowl = np.exp(-(east**2 + north**2) / (2 * 700**2))
    velocity = np.stack([-20 * (east / 700) * bowl, -20 * (north / 700) * bowl, -35 * bowl])
    dates = np.datetime64("2021-01-03") + 12 * np.arange(epochs)
    years = (dates - dates[0]).astype(float) / 365.25
    vector = np.array(SIGHTS[name]) / np.linalg.norm(SIGHTS[name])
    values = (vector @ velocity)[:, None] * years + rng.normal(0, 1.5, (points, epochs))
    values -= values[:, :1]
    sight = ("los_east", "los_north", "los_up")
    days = ["D" + str(day).replace("-", "") for day in dates]
    table = {**{key: np.full(points, part) for key, part in zip(sight, vector)}, **dict(zip(days, values.T))}
    with open_writer(str(path), [Column(key, "real") for key in table], crs="EPSG:32632", metadata={}) as writer:
        writer.write(600_000 + east, 5_150_000 + north, table)
        writer.finish()
    return path
