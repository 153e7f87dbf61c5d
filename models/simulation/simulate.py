"""The job ``simulate``: writes simulated points with their series and their truth."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path
from typing import Dict, Iterator, List, Sequence, Tuple

import numpy as np
from osgeo import gdal, osr

from stillpoint.models import __version__
from stillpoint.models.errors import StillpointError
from stillpoint.models.jobs import Result, Simulate
from stillpoint.models.points.table import Column
from stillpoint.models.points.writers import open_writer
from stillpoint.models.progress import Progress
from stillpoint.models.simulation import series, valley
from stillpoint.models.simulation.terrain import CRS, SOUTH, WEST, Terrain
from stillpoint.models.trends.classes import NAMES

ROWS = 4096
"""Points at a time."""

SERIES_SPACING = 25.0
"""Metres between unrelated series, which are laid out as a square so that a map can show them."""

Block = Tuple[np.ndarray, np.ndarray, np.ndarray, Dict[str, np.ndarray]]

SERIES_COLUMNS: Tuple[Column, ...] = (
    Column("id", "text", "Identifier"),
    Column("true_trend", "text", "True trend class"),
    Column("true_code", "integer", "True trend code"),
    Column("true_v1", "real", "True velocity at the start, mm/yr"),
    Column("true_v2", "real", "True velocity at the end, mm/yr"),
    Column("true_break", "date", "True date of the break (Bilinear)"),
    Column("true_jumps", "integer", "True number of phase jumps"),
)
VALLEY_COLUMNS: Tuple[Column, ...] = (
    *(Column(*column) for column in valley.COLUMNS),
    Column("true_trend", "text", "True trend class"),
)


def simulate(job: Simulate, progress: Progress) -> Result:
    """Write simulated points; see :class:`stillpoint.models.jobs.Simulate`.

    Raises
    ------
    StillpointError
        The output cannot be written, or a terrain was asked for where there is none.
    Cancelled
        Asked to stop; nothing is left under the output's name.
    """
    began = time.monotonic()
    if job.what == "valley":
        scene = valley.Valley(dates=job.dates, seed=job.seed)
        dates, wavelength, columns = scene.dates, scene.wavelength, VALLEY_COLUMNS
        blocks = _valley_blocks(scene, job.points)
    else:
        if job.terrain:
            raise StillpointError("Unrelated series have no terrain: leave terrain empty, or simulate a valley.")
        dates, wavelength, blocks = _series_blocks(job)
        columns = SERIES_COLUMNS
    names = ["D" + str(date).replace("-", "") for date in dates]
    metadata = _metadata(job, wavelength)
    counts = np.zeros(len(NAMES), np.int64)
    fields = [*columns, *(Column(name, "real", "Displacement, mm") for name in names)]
    outputs = {"output": job.output}
    with open_writer(job.output, fields, crs=CRS, metadata=metadata, series_dates=dates) as writer:
        for x, y, displacement, values in blocks:
            values["true_trend"] = np.array(NAMES, dtype=object)[values["true_code"]]
            counts += np.bincount(values["true_code"], minlength=len(NAMES))
            values.update(zip(names, displacement.T))
            writer.write(x, y, values)
            progress(0.95 * counts.sum() / job.points, f"{counts.sum():,} points simulated")
        progress(0.97, "Writing")
        writer.finish()
        warnings: List[str] = list(writer.report)
    if job.what == "valley" and job.terrain:
        write_terrain(scene.terrain, job.terrain)
        outputs["terrain"] = job.terrain
    progress(1.0, "Done")
    seconds = time.monotonic() - began
    classes = {name: int(count) for name, count in zip(NAMES, counts)}
    details = {
        "points": job.points, "dates": len(dates), "first_date": str(dates[0]), "last_date": str(dates[-1]),
        "wavelength": wavelength, "classes": classes, "seconds": round(seconds, 2),
    }
    return Result(outputs, _summary(classes, dates, seconds), details, warnings)


def _summary(classes: Dict[str, int], dates: np.ndarray, seconds: float) -> str:
    total = sum(classes.values())
    lines = [f"{name:<24}{count:>10,}{count / total:>9.1%}" for name, count in classes.items()]
    lines.append(f"{total:,} points with {len(dates)} dates from {dates[0]} to {dates[-1]} in {seconds:.1f} s")
    return "\n".join(lines)


def _metadata(job: Simulate, wavelength: float) -> Dict[str, str]:
    provenance = {
        "task": job.task, "version": __version__, "what": job.what, "points": job.points, "dates": job.dates,
        "seed": job.seed,
    }
    return {"STILLPOINT_WAVELENGTH": f"{wavelength:g}", "STILLPOINT_PROVENANCE": json.dumps(provenance)}


def _valley_blocks(scene: valley.Valley, count: int) -> Iterator[Block]:
    for block in scene.blocks(count, ROWS):
        yield block.x, block.y, block.displacement, block.columns


def _series_blocks(job: Simulate) -> Tuple[np.ndarray, float, Iterator[Block]]:
    """Return dates, wavelength and the blocks of unrelated series, which share both."""
    calendar = np.random.default_rng(np.random.SeedSequence([job.seed, 0]))
    first = series.draw_group(calendar, 1, epochs=job.dates, labels=[0])
    # Whole days, strictly increasing: what a file can hold.
    days = np.unique(np.round(first.days).astype(np.int64))
    dates = valley.FIRST_DATE + days

    def blocks() -> Iterator[Block]:
        side = max(1, int(np.ceil(np.sqrt(job.points))))
        for number, start in enumerate(range(0, job.points, ROWS)):
            rng = np.random.default_rng(np.random.SeedSequence([job.seed, 1, number]))
            size = min(ROWS, job.points - start)
            group = series.draw_group(
                rng, size, days=days.astype(np.float64), wavelength=first.wavelength, labels=rng.integers(0, 5, size)
            )
            index = np.arange(start, start + size)
            x, y = WEST + (index % side) * SERIES_SPACING, SOUTH + (index // side) * SERIES_SPACING
            yield x, y, np.round(group.displacement, 2), _series_truth(group, index, dates)

    return dates, first.wavelength, blocks()


def _series_truth(group: series.Group, index: np.ndarray, dates: np.ndarray) -> Dict[str, np.ndarray]:
    breaks = np.full(len(index), np.datetime64("NaT"), "datetime64[D]")
    known = np.isfinite(group.break_days)
    breaks[known] = dates[0] + np.round(group.break_days[known]).astype("timedelta64[D]")
    return {
        "id": np.array([f"SP{number:07d}" for number in index], dtype=object),
        "true_code": group.label,
        "true_v1": np.round(group.velocity_1, 2),
        "true_v2": np.round(group.velocity_2, 2),
        "true_break": breaks,
        "true_jumps": np.count_nonzero(group.jumps, axis=1),
    }


def write_terrain(terrain: Terrain, path: str) -> None:
    """Write heights as a GeoTIFF (float32, metres); it appears under its name when it is complete.

    Raises
    ------
    StillpointError
        It cannot be written.
    """
    if Path(path).suffix.lower() not in (".tif", ".tiff"):
        raise StillpointError(f"The terrain {path} cannot be written: its extension must be .tif.")
    temporary = f"{path}.{os.getpid()}.part.tif"
    rows, columns = terrain.heights.shape
    system = osr.SpatialReference()
    system.SetFromUserInput(CRS)
    try:
        options: Sequence[str] = ("COMPRESS=DEFLATE", "PREDICTOR=3", "TILED=YES")
        raster = gdal.GetDriverByName("GTiff").Create(temporary, columns, rows, 1, gdal.GDT_Float32, list(options))
        if raster is None:
            raise StillpointError(f"The terrain {path} cannot be written. Choose a folder that you may write to.")
        raster.SetGeoTransform((terrain.west, terrain.spacing, 0.0, terrain.north, 0.0, -terrain.spacing))
        raster.SetProjection(system.ExportToWkt())
        raster.GetRasterBand(1).SetDescription("Height, m")
        raster.GetRasterBand(1).WriteArray(terrain.heights)
        raster.FlushCache()
        del raster
        os.replace(temporary, path)
    finally:
        Path(temporary).unlink(missing_ok=True)
