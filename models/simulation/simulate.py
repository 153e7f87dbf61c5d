"""The job ``simulate``: writes simulated points with their series, or a simulated stack, and their truth."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path
from typing import Dict, Iterator, List, Tuple

import numpy as np
from osgeo import osr

from stillpoint.models import __version__
from stillpoint.models.errors import StillpointError
from stillpoint.models.jobs import Result, Simulate
from stillpoint.models.points.table import Column
from stillpoint.models.points.writers import open_writer
from stillpoint.models.progress import Progress
from stillpoint.models.rasters.map_writing import MapWriter
from stillpoint.models.rasters.together import together
from stillpoint.models.simulation import series, valley
from stillpoint.models.simulation.terrain import CRS, SOUTH, WEST, Terrain
from stillpoint.models.trends.classes import NAMES

ROWS = 4096
"""Points at a time."""

DATES, IMAGES, NETWORK_DATES = 139, 30, 24
"""Epochs of points, images of a scene, and dates of a small-baseline stack where the job names no number."""

SIZE, NETWORK_SIZE = 400, 160
"""Rows and columns of a scene, and of a small-baseline stack, where the job names no number."""

MOST = 60_000_000
"""Pixels of all images of a scene, which take about 30 bytes each."""

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
    """Write simulated points or a simulated stack; see :class:`stillpoint.models.jobs.Simulate`.

    Raises
    ------
    StillpointError
        The output cannot be written, or a terrain was asked for where there is none.
    Cancelled
        Asked to stop; nothing is left under the output's name.
    """
    if job.what == "scene":
        return _scene(job, progress)
    if job.what in ("interferograms", "offsets"):
        for name in ("stack", "terrain"):
            if getattr(job, name):
                raise StillpointError(f"No {name} is written for {job.what}, which go to output: leave {name} empty.")
    if job.what == "interferograms":
        return _interferograms(job, progress)
    if job.what == "offsets":
        from stillpoint.models.simulation.pair_files import write_pair

        return write_pair(job, progress)
    began = time.monotonic()
    if job.what == "valley":
        scene = valley.Valley(dates=job.dates or DATES, seed=job.seed)
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
    with together(job.terrain) as draft, open_writer(
        job.output, fields, crs=CRS, metadata=metadata, series_dates=dates
    ) as writer:
        for x, y, displacement, values in blocks:
            values["true_trend"] = np.array(NAMES, dtype=object)[values["true_code"]]
            counts += np.bincount(values["true_code"], minlength=len(NAMES))
            values.update(zip(names, displacement.T))
            writer.write(x, y, values)
            progress(0.95 * counts.sum() / job.points, f"{counts.sum():,} points simulated")
        progress(0.97, "Writing")
        if job.terrain:
            write_terrain(scene.terrain, draft(job.terrain))
            outputs["terrain"] = job.terrain
        writer.finish()
        warnings: List[str] = list(writer.report)
    progress.done()
    seconds = time.monotonic() - began
    classes = {name: int(count) for name, count in zip(NAMES, counts)}
    details = {
        "points": job.points, "dates": len(dates), "first_date": str(dates[0]), "last_date": str(dates[-1]),
        "wavelength": wavelength, "classes": classes, "seconds": round(seconds, 2),
    }
    return Result(outputs, _summary(classes, dates, seconds), details, warnings)


def _scene(job: Simulate, progress: Progress) -> Result:
    """Write a simulated stack, and its true scatterers as points where both have a name."""
    from stillpoint.models.simulation import scene_files
    from stillpoint.models.simulation.scene_demo import ZONES, demo_scene, zones_of
    from stillpoint.models.simulation.scenes import random_plan, simulate_scene

    began = time.monotonic()
    stack = job.stack or job.output
    if Path(stack).suffix.lower() not in scene_files.EXTENSIONS:
        raise StillpointError(
            f"The stack of a scene cannot be written to {stack}: name a .tif as output, or as stack beside the points of its "
            "true scatterers."
        )
    if job.stack and os.path.abspath(job.stack) == os.path.abspath(job.output):
        raise StillpointError("The stack of the scene and its points need different names.")
    dates = job.dates or IMAGES
    size = job.size or SIZE
    if size**2 * dates > MOST:
        raise StillpointError(
            f"A scene of {size} x {size} pixels with {dates} dates is too large: it is made in memory. Take at most "
            f"{int((MOST / dates) ** 0.5)} pixels, or fewer dates."
        )
    progress(0.0, "Simulating the images")
    if job.site == "demo":
        scene = demo_scene(job.seed, size=size, dates=dates)
    else:
        rng = np.random.default_rng(job.seed)
        plan = random_plan(rng, rows=size, cols=size, dates=dates, looks=(1, 1), site=job.site)
        scene = simulate_scene(rng, plan)
    warnings: List[str] = []
    with together(stack, job.terrain) as draft:
        terrain = None if job.terrain is None else draft(job.terrain)
        made = scene_files.write_scene(scene, draft(stack), terrain=terrain, progress=progress.part(0.5, 0.95))
        if job.stack:
            warnings = scene_files.write_true_points(scene, job.output)
    outputs = {name: str(Path(stack).with_name(Path(file).name)) for name, file in made.items()}
    if job.terrain:
        outputs["terrain"] = job.terrain
    if job.stack:
        outputs = {**outputs, "output": job.output, "stack": job.stack}
    seconds = time.monotonic() - began
    zones, true = zones_of(scene.cover), scene.scatterers
    shares = {name: float(true[zones == code].mean()) for code, name in enumerate(ZONES, start=1) if (zones == code).any()}
    lines = [f"{name:<24}{(zones == code).mean():>9.1%} of the scene, {shares[name]:>6.1%} of it true scatterers"
             for code, name in enumerate(ZONES, start=1) if name in shares]
    lines.append(
        f"{scene.plan.sensor.name}: {len(scene.dates)} images of {true.shape[0]} x {true.shape[1]} pixels from {scene.dates[0]} to "
        f"{scene.dates[-1]} with {true.sum():,} true scatterers ({true.mean():.1%}) in {seconds:.1f} s"
    )
    details = {
        "dates": len(scene.dates), "first_date": str(scene.dates[0]), "last_date": str(scene.dates[-1]), "zones": shares,
        "wavelength": scene.wavelength, "sensor": scene.plan.sensor.name, "scatterers": int(true.sum()),
        "seconds": round(seconds, 2),
    }
    progress.done()
    return Result(outputs, "\n".join(lines), details, warnings)


def _interferograms(job: Simulate, progress: Progress) -> Result:
    """Write a simulated small-baseline stack with its coherence and its truth."""
    from stillpoint.models.simulation import network_demo, network_files
    from stillpoint.models.simulation.network_plan import random_plan
    from stillpoint.models.simulation.network_simulation import simulate_network

    began = time.monotonic()
    if Path(job.output).suffix.lower() not in network_files.EXTENSIONS:
        raise StillpointError(f"The interferograms cannot be written to {job.output}: name a .tif as output.")
    rng = np.random.default_rng([job.seed, 4])
    size = job.size or NETWORK_SIZE
    if job.site == "demo":
        plan, _ = network_demo.demo_plan(rng, size=size, dates=job.dates or network_demo.DATES)
    else:
        plan = random_plan(rng, size=size, dates=job.dates or NETWORK_DATES)
    if len(plan.pairs) < len(plan.dates) - 1:
        raise StillpointError(
            f"{len(plan.dates)} dates are too many for the {len(plan.pairs)} interferograms that are simulated at most: some would "
            f"be connected to nothing. Take at most {len(plan.pairs) + 1} dates."
        )
    if size**2 * len(plan.pairs) > MOST:
        raise StillpointError(
            f"{len(plan.pairs)} interferograms of {size} x {size} pixels are too many: they are made in memory. Take at most "
            f"{int((MOST / len(plan.pairs)) ** 0.5)} pixels, or fewer dates."
        )
    if job.site == "demo":
        simulated = network_demo.demo_network(job.seed, size=size, dates=len(plan.dates), progress=progress.part(0.0, 0.9))
    else:
        simulated = simulate_network(rng, plan, progress=progress.part(0.0, 0.9))
    with together(job.output) as draft:
        made = network_files.write_network(simulated, draft(job.output), progress=progress.part(0.9, 1.0))
    outputs = {name: str(Path(job.output).with_name(Path(file).name)) for name, file in made.items()}
    seconds = time.monotonic() - began
    kinds = {kind or "good": simulated.kinds.count(kind) for kind in sorted(set(simulated.kinds))}
    lines = [f"{kind:<24}{count:>6}" for kind, count in kinds.items()]
    lines.append(
        f"{plan.sensor.name}: {simulated.network.count} interferograms of {plan.shape[0]} x {plan.shape[1]} pixels, "
        f"{int(simulated.bad.sum())} of them bad, between {len(plan.dates)} dates from {plan.dates[0]} to {plan.dates[-1]}, "
        f"in {seconds:.1f} s"
    )
    details = {
        "pairs": simulated.network.count, "dates": len(plan.dates), "bad": int(simulated.bad.sum()), "kinds": kinds,
        "sensor": plan.sensor.name, "wavelength": plan.sensor.wavelength, "unwrapper": plan.unwrapper, "seconds": round(seconds, 2),
    }
    progress.done()
    return Result(outputs, "\n".join(lines), details)


def _summary(classes: Dict[str, int], dates: np.ndarray, seconds: float) -> str:
    total = sum(classes.values())
    lines = [f"{name:<24}{count:>10,}{count / total:>9.1%}" for name, count in classes.items()]
    lines.append(f"{total:,} points with {len(dates)} dates from {dates[0]} to {dates[-1]} in {seconds:.1f} s")
    return "\n".join(lines)


def _metadata(job: Simulate, wavelength: float) -> Dict[str, str]:
    provenance = {
        "task": job.task, "version": __version__, "what": job.what, "points": job.points,
        "dates": job.dates or DATES, "seed": job.seed,
    }
    return {"STILLPOINT_WAVELENGTH": f"{wavelength:g}", "STILLPOINT_PROVENANCE": json.dumps(provenance)}


def _valley_blocks(scene: valley.Valley, count: int) -> Iterator[Block]:
    for block in scene.blocks(count, ROWS):
        yield block.x, block.y, block.displacement, block.columns


def _series_blocks(job: Simulate) -> Tuple[np.ndarray, float, Iterator[Block]]:
    """Return dates, wavelength and the blocks of unrelated series, which share both."""
    calendar = np.random.default_rng(np.random.SeedSequence([job.seed, 0]))
    first = series.draw_group(calendar, 1, epochs=job.dates or DATES, labels=[0])
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
    system = osr.SpatialReference()
    system.SetFromUserInput(CRS)
    transform = (terrain.west, terrain.spacing, 0.0, terrain.north, 0.0, -terrain.spacing)
    shape = (terrain.heights.shape[0], terrain.heights.shape[1])
    with MapWriter(path, shape, [("Height, m", {})], geotransform=transform, projection=system.ExportToWkt()) as writer:
        writer.write(terrain.heights[None], slice(0, shape[0]), slice(0, shape[1]))
        writer.finish()
