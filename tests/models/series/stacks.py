"""Small stacks of scatterers with a known motion, written as users have them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Dict, Optional, Tuple

import numpy as np
from osgeo import osr

from stillpoint.models.rasters.bands import Band
from stillpoint.models.rasters.writing import StackWriter
from stillpoint.models.simulation.scene_files import write_band

WAVELENGTH, INCIDENCE = 0.0555, 38.0
ROWS, COLS, SPACING = 60, 50, 40.0
WEST, NORTH = 690_000.0, 5_334_000.0
TRANSFORM = (WEST, SPACING, 0.0, NORTH, 0.0, -SPACING)
PER_MM = 4 * np.pi / WAVELENGTH / 1000.0


@dataclass(frozen=True)
class Ground:
    """A field of scatterers: which pixels, and their phase at each date in radians towards the satellite."""

    ps: np.ndarray
    dates: np.ndarray
    baselines: np.ndarray
    displacement: np.ndarray
    height: np.ndarray
    phase: np.ndarray

    @property
    def years(self) -> np.ndarray:
        return (self.dates - self.dates[0]).astype(float) / 365.25


def wkt() -> str:
    system = osr.SpatialReference()
    system.ImportFromEPSG(32632)
    return str(system.ExportToWkt())


def ground(seed: int = 0, *, dates: int = 24, noise: float = 0.25, air: float = 0.35, share: float = 0.2) -> Ground:
    """Draw scatterers over a subsiding bowl, with height errors, a smooth atmosphere and planes of the orbits."""
    rng = np.random.default_rng(seed)
    row, col = np.mgrid[:ROWS, :COLS]
    ps = rng.random((ROWS, COLS)) < share
    days = np.datetime64("2020-01-05") + np.cumsum(12 * rng.choice([1, 1, 2], dates)).astype("timedelta64[D]")
    years = (days - days[0]).astype(float) / 365.25
    bowl = np.exp(-((row - 20) ** 2 + (col - 25) ** 2) / (2 * 8.0**2))
    displacement = -20.0 * years[:, None, None] * bowl
    height = rng.normal(0.0, 4.0, (ROWS, COLS))
    baselines = rng.normal(0, 80, dates)
    from stillpoint.models.series.estimate_file import slant_range

    across = slant_range(INCIDENCE) * np.sin(np.radians(INCIDENCE))
    phase = PER_MM * displacement + 4 * np.pi / WAVELENGTH / across * baselines[:, None, None] * height
    for date in range(dates):
        waves = rng.normal(0, 0.05, (6, 2))
        screen = sum(np.cos(row * a + col * b + rng.uniform(0, 6)) for a, b in waves)
        phase[date] += air * screen / np.sqrt(3.0) + rng.normal(0, 0.5) * row / ROWS
    phase = phase + rng.normal(0, noise, phase.shape)
    return Ground(ps, days, baselines, displacement, height, phase)


def write(
    made: Ground, path: Path, kind: str, *, seed: int = 1, sign: float = 1.0, extra: Optional[Dict[str, str]] = None,
    hops: int = 3, drop: Tuple[Tuple[int, int], ...] = (), holes: float = 0.0,
) -> str:
    """Write ``images``, ``single``, ``network`` (wrapped) or ``unwrapped`` (a network); pixels that are no PS are noise."""
    rng = np.random.default_rng(seed)
    days = [day.item() for day in made.dates]
    clutter = rng.uniform(-np.pi, np.pi, made.phase.shape)
    phase = np.where(made.ps, made.phase, clutter)
    number = len(days)
    if kind == "images":
        bands = [
            Band(n + 1, "complex", date=days[n], perpendicular_baseline=float(made.baselines[n])) for n in range(number)
        ]
        values = np.exp(1j * phase * sign).astype(np.complex64)
    else:
        middle = number // 2
        pairs = [(middle, n) for n in range(number) if n != middle] if kind == "single" else [
            (a, b) for a in range(number) for b in range(a + 1, min(a + 1 + hops, number)) if (a, b) not in drop
        ]
        quantity = "unwrapped" if kind == "unwrapped" else "phase"
        bands = [
            Band(n, quantity, reference_date=days[a], secondary_date=days[b],
                 perpendicular_baseline=float(made.baselines[b] - made.baselines[a]))
            for n, (a, b) in enumerate(pairs, start=1)
        ]  # fmt: skip
        # reference minus secondary: grows away from the satellite
        values = np.stack([phase[a] - phase[b] for a, b in pairs]) * sign
        if kind == "unwrapped":
            levels = 2 * np.pi * rng.integers(-2, 3, len(pairs))
            values = values + levels[:, None, None]
        else:
            values = np.angle(np.exp(1j * values))
        values = values.astype(np.float32)
        values[rng.random(values.shape) < holes] = np.nan
    with StackWriter(
        str(path), bands, (ROWS, COLS), geotransform=TRANSFORM, projection=wkt(), wavelength=WAVELENGTH, incidence_angle=INCIDENCE,
        heading=348.0, extra=extra,
    ) as writer:
        writer.write(values, slice(None), slice(None))
    return str(path)


def write_mask(made: Ground, path: Path) -> str:
    """Write the true PS as a mask."""
    write_band(str(path), made.ps.astype(np.uint8), "PS", TRANSFORM, wkt())
    return str(path)
