"""Makes small-baseline networks with known troubles: a table as the engine writes it, and stacks of phase and coherence."""

from __future__ import annotations

from pathlib import Path
from typing import List, Optional, Tuple

import numpy as np
from osgeo import gdal

from stillpoint.tests.plugin.scatterer_rasters import create

Pair = Tuple[int, int]


def network(dates: int, neighbours: int = 3, *, most: Optional[int] = None) -> Tuple[np.ndarray, List[Pair], np.ndarray]:
    """Return dates every 12 days, pairs with the next ones, and the baseline of each date in metres."""
    generator = np.random.default_rng(3)
    days = np.datetime64("2018-01-15", "D") + 12 * np.arange(dates)
    pairs = [(first, first + step) for first in range(dates) for step in range(1, neighbours + 1) if first + step < dates]
    return days, pairs[:most], generator.normal(0, 60, dates)


def smooth(generator: np.random.Generator, shape: Tuple[int, int], cells: int = 5) -> np.ndarray:
    """Return a smooth random field of standard deviation 1."""
    coarse = generator.normal(0, 1, (cells, cells))
    for axis, size in enumerate(shape):
        places = np.linspace(0, cells - 1, size)
        low = np.minimum(places.astype(int), cells - 2)
        part = places - low
        part = part * part * (3 - 2 * part)
        shape_of = [1, 1]
        shape_of[axis] = size
        part = part.reshape(shape_of)
        coarse = np.take(coarse, low, axis) * (1 - part) + np.take(coarse, low + 1, axis) * part
    return coarse / max(coarse.std(), 1e-9)


def write_table(
    path: Path, days: np.ndarray, pairs: List[Pair], baselines: Optional[np.ndarray], score: np.ndarray, keep: np.ndarray,
    reasons: List[str],
) -> None:  # fmt: skip
    """Write a table of a selection."""
    heads = "reference_date,secondary_date,score,keep,reason,mean_coherence"
    lines = [heads + (",perpendicular_baseline" if baselines is not None else "")]
    for index, (first, second) in enumerate(pairs):
        line = f"{days[first]},{days[second]},{score[index]:.4f},{int(keep[index])},\"{reasons[index]}\""
        line += f",{0.3 + 0.5 * score[index]:.3f}"
        lines.append(line + (f",{baselines[second] - baselines[first]:.1f}" if baselines is not None else ""))
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def simple_table(
    path: Path, dates: int = 8, neighbours: int = 2, *, most: Optional[int] = None, baselines: bool = True
) -> List[Pair]:
    """Write a table of a regular network whose third pair is dropped; scores rise with the number of the pair."""
    days, pairs, metres = network(dates, neighbours, most=most)
    score = np.linspace(0.05, 0.95, len(pairs))
    keep = np.ones(len(pairs), bool)
    keep[2] = False
    reasons = ["" for _ in pairs]
    reasons[2] = "decorrelated"
    write_table(path, days, pairs, metres if baselines else None, score, keep, reasons)
    return pairs


def write_network(
    folder: Path, *, dates: int = 30, neighbours: int = 4, most: Optional[int] = None, rows: int = 48, columns: int = 64,
    quantity: str = "unwrapped", coherence: bool = True,
) -> Path:
    """Write table.csv, stack.tif and coherence.tif with bowls, atmosphere, noise, unwrapping errors; return the table."""
    folder.mkdir(parents=True, exist_ok=True)
    generator = np.random.default_rng(11)
    days, pairs, baselines = network(dates, neighbours, most=most)
    row, column = np.mgrid[:rows, :columns]
    bowl = np.exp(-(((row - 0.45 * rows) / (0.2 * rows)) ** 2 + ((column - 0.6 * columns) / (0.16 * columns)) ** 2))
    corner = ((row - 0.1 * rows) / (0.42 * rows)) ** 2 + ((column - 0.1 * columns) / (0.36 * columns)) ** 2 < 1
    air = [smooth(generator, (rows, columns)) * (2.6 if date == dates // 2 else 0.6) for date in range(dates)]
    score, keep, reasons, phases, cohs = [], [], [], [], []
    base = 0.35 + 0.5 / (1 + np.exp(-smooth(generator, (rows, columns), 7)))
    for number, (first, second) in enumerate(pairs):
        gap = second - first
        coh = np.clip(base * np.exp(-0.05 * gap) * generator.uniform(0.9, 1.0), 0.05, 0.98)
        trouble = {7: "unwrap", 23: "unwrap", 31: "noise", 48: "noise", 60: "ramp"}.get(number, "")
        if trouble == "noise":
            coh = coh * 0.3
        phase = -0.5 * gap * bowl + air[second] - air[first]
        phase = phase + generator.normal(0, 1, phase.shape) * np.sqrt((1 - coh**2) / (2 * coh**2 * 12))
        if trouble == "unwrap":
            phase = phase + 2 * np.pi * corner
        if trouble == "ramp":
            phase = phase + 6 * (column / columns - 0.5)
        score.append(generator.uniform(0.02, 0.25) if trouble else generator.beta(9, 1.6))
        keep.append(not trouble)
        strong = dates // 2 in (first, second)
        reasons.append({"unwrap": "unwrapping error, upper left", "noise": "decorrelated", "ramp": "long-wavelength ramp"}.get(
            trouble, "strong atmosphere: kept" if strong else ""))  # fmt: skip
        phases.append(np.where(coh < 0.08, np.nan, phase if quantity == "unwrapped" else np.angle(np.exp(1j * phase))))
        cohs.append(coh)
    write_table(folder / "table.csv", days, pairs, baselines, np.array(score), np.array(keep), reasons)
    for name, values, what in (("stack", phases, quantity), ("coherence", cohs, "coherence")):
        if what == "coherence" and not coherence:
            continue
        made = create(folder / f"{name}.tif", len(pairs), gdal.GDT_Float32, rows=rows, columns=columns)
        made.SetMetadataItem("WAVELENGTH", "0.05547")
        if what != "coherence" and coherence:
            made.SetMetadataItem("COMPANION_COHERENCE", "coherence.tif")
        for number, (first, second) in enumerate(pairs, start=1):
            band = made.GetRasterBand(number)
            band.WriteArray(np.asarray(values[number - 1], np.float32))
            band.SetNoDataValue(float("nan"))
            band.SetMetadata({
                "QUANTITY": what, "REFERENCE_DATE": str(days[first]), "SECONDARY_DATE": str(days[second]),
                "PERPENDICULAR_BASELINE": f"{baselines[second] - baselines[first]:.1f}",
            })  # fmt: skip
        made = None
    return folder / "table.csv"
