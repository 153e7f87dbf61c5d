"""Selection of persistent scatterers in a stack on disk: tile by tile to a mask, a probability and points."""

from __future__ import annotations

import json
import math
import os
import re
import threading
import time
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import datetime, timezone
from typing import Any, Dict, List, Mapping, Optional, Sequence, Tuple

import numpy as np
from scipy import ndimage

from stillpoint.models import __version__
from stillpoint.models.errors import StillpointError
from stillpoint.models.executors import Executor, Journal, Needs, foresee, open_executor, run_kept
from stillpoint.models.jobs import Result, SelectScatterers
from stillpoint.models.learning import library
from stillpoint.models.pipeline import one_thread_in_torch
from stillpoint.models.points.table import Column
from stillpoint.models.points.writers import open_writer
from stillpoint.models.progress import Progress
from stillpoint.models.rasters.map_writing import MapWriter
from stillpoint.models.rasters.stack import Stack, open_stack
from stillpoint.models.rasters.tiles import Tile, read_pixels, tiles
from stillpoint.models.scatterers import reads
from stillpoint.models.scatterers.methods import NETWORKS, Method, open_method
from stillpoint.models.scatterers.observations import Verdict
from stillpoint.models.scatterers.sight import Sight
from stillpoint.models.scatterers.tiling import bytes_a_pixel, shifted, sides, smallest, threads_for
from stillpoint.models.scatterers.work import SelectionWork, sample

RIM = 2
"""Pixels more than the halo that are read: to find dark pixels, and to tell whether a neighbour beyond the tile is better."""

NO_DATA = 255

FIELDS = (
    Column("probabilit", "real", "Probability of a persistent scatterer, 0 to 1"),
    Column("gamma", "real", "Phase stability, 0 to 1"),
    Column("amp_disp", "real", "Amplitude dispersion"),
    Column("noise_rad", "real", "Standard deviation of the phase of a single image, radians"),
    Column("row", "integer", "Row in the stack, from 0"),
    Column("col", "integer", "Column in the stack, from 0"),
)


@dataclass
class _Tally:
    """Counts over all tiles."""

    valid: int = 0
    selected: int = 0
    done: int = 0
    thresholds: List[float] = field(default_factory=list)
    weights: List[int] = field(default_factory=list)
    notes: List[str] = field(default_factory=list)
    forecast: Dict[str, Any] = field(default_factory=dict)


def select_scatterers(job: SelectScatterers, progress: Progress) -> Result:
    """Select the persistent scatterers of a stack; see :class:`stillpoint.models.jobs.SelectScatterers`.

    Raises
    ------
    StillpointError
        The stack cannot be used, the model does not fit, or an output cannot be written.
    Cancelled
        Asked to stop; nothing is left under the outputs' names.
    """
    began, cpu = time.monotonic(), time.process_time()
    _check_apart(job)
    with open_stack(job.stack) as stack, one_thread_in_torch(), open_executor(job, progress) as executor:
        window = _window(stack, job.extent)
        progress(0.0, "Looking at the stack")
        sight = Sight(stack, job.amplitude)
        _check_apart(job, sight)
        device = executor.device(job.device) if job.method in (*NETWORKS, "phase_stability") else "cpu"
        progress(0.01, "Loading the model")
        method = open_method(
            job.method, model=job.model, device=executor.local(device), random_density=job.random_density,
            sample=lambda: sample(sight),
        )
        chosen = library.asked("scatterers", job.method, job.model) if job.method in NETWORKS else None
        work = SelectionWork(sight, job.method, chosen, device, job.random_density)
        if not executor.remote:
            work.attach(progress.check, method)
        if method.model is not None:
            sight.notes += reads.check(sight, method.model)
        if job.model and job.method not in NETWORKS:
            sight.notes.append(f"The method {job.method} takes no model of yours: {job.model} was not used.")
        if job.method == "amplitude_dispersion" and not sight.has_amplitude:
            raise StillpointError(
                f"Amplitude dispersion needs amplitudes, and {job.stack} has none. Give the stack of amplitudes, or take another "
                "method."
            )
        method = replace(method, device=device)
        tally = _run(job, work, method, executor, window, progress.part(0.03, 0.98), (began, cpu))
    progress.done()
    seconds = time.monotonic() - began
    outputs = {name: value for name in ("output", "probability", "points", "noise") if (value := getattr(job, name))}
    notes = [*sight.notes, *_once(tally.notes)]
    details = {
        "pixels": tally.valid,
        "selected": tally.selected,
        "share": round(tally.selected / max(tally.valid, 1), 6),
        "threshold": _threshold(job, tally),
        "dates": len(sight.epochs.dates),
        "method": job.method,
        "device": method.device,
        "computed_by": executor.name,
        "forecast": tally.forecast,
        "seconds": round(seconds, 2),
        "cpu_seconds": round(time.process_time() - cpu, 2),
    }
    return Result(outputs, _summary(details), details, list(dict.fromkeys(notes)))


def _run(
    job: SelectScatterers,
    work: SelectionWork,
    method: Method,
    executor: Executor,
    window: Tuple[slice, slice],
    progress: Progress,
    clocks: Tuple[float, float],
) -> _Tally:
    """Judge the tiles and write them; the files appear when all is done."""
    tally, sight = _Tally(), work.sight
    lock = threading.Lock()
    rows, cols = window
    shape = rows.stop - rows.start, cols.stop - cols.start
    memory = executor.memory(method.device, capped=not method.whole)
    threads = threads_for(method, sight, memory, executor.at_a_time(method.device), fixed=executor.remote)
    side = sides(method, sight, threads, shape, memory)
    pieces = [shifted(tile, rows.start, cols.start, sight.shape, method.halo + RIM) for tile in tiles(shape, side)]
    work.least = smallest(method, sight)
    pixels = shape[0] * shape[1]
    maps = ((job.output, 0.2), (job.probability, 3.8), (job.noise, 3.8))  # bytes a pixel
    needs = Needs(
        work, pieces, read_pixels, threads * max(map(read_pixels, pieces)) * bytes_a_pixel(method, sight),
        [(path, pixels * size) for path, size in maps if path],
    )  # fmt: skip
    tally.forecast = foresee(
        needs, executor, device=method.device, threads=threads, only=job.forecast, progress=progress.part(0.0, 0.01)
    ).to_dict()

    def told(tile: Tile, fraction: float) -> None:
        with lock:
            done = tally.done + fraction * (tile.rows.stop - tile.rows.start) * (tile.cols.stop - tile.cols.start)
        progress(min(done / pixels, 1.0), f"{tally.done:,} of {pixels:,} pixels")

    with ExitStack() as files:
        writers = {name: files.enter_context(_map_writer(job, sight, name, window)) for name in ("output", "probability", "noise")
                   if getattr(job, name)}  # fmt: skip
        points = files.enter_context(_point_writer(job, sight.stack)) if job.points else None
        journal = Journal(job, work, method.device.partition(":")[0], "" if method.model is None else library.sha256(method.model))
        computed = run_kept(
            executor, work, pieces, journal, device=method.device, threads=threads, progress=progress,
            told=told if len(pieces) <= 2 else None,
        )
        for tile, (verdict, notes) in computed:
            tally.notes = list(dict.fromkeys([*tally.notes, *notes]))
            tally.thresholds.append(verdict.threshold)
            # Parts that say nothing (water) have no say in the threshold either.
            tally.weights.append(int((np.nan_to_num(verdict.probability) > 0).sum()))
            mask = _mask(job, verdict)
            inner = _inner(tile, verdict)
            mask, verdict = mask[inner], _part(verdict, inner)
            place = slice(tile.rows.start - rows.start, tile.rows.stop - rows.start), slice(
                tile.cols.start - cols.start, tile.cols.stop - cols.start
            )
            writers["output"].write(mask[None], *place)
            if "probability" in writers:
                writers["probability"].write(verdict.probability[None], *place)
            if "noise" in writers:
                noise = verdict.noise if verdict.noise is not None else np.full(mask.shape, np.nan, np.float32)
                writers["noise"].write(noise[None], *place)
            if points is not None:
                _write_points(points, sight.stack, tile, mask, verdict)
            with lock:
                tally.done += mask.size
                tally.valid += int((mask != NO_DATA).sum())
                tally.selected += int((mask == 1).sum())
            progress(tally.done / pixels, f"{tally.done:,} of {pixels:,} pixels")
        if not tally.valid:
            raise StillpointError(f"No pixel of {job.stack} has a phase at every date: nothing can be selected.")
        facts = _facts(job, sight, method, tally, clocks)
        for writer in writers.values():
            writer.metadata.update(facts)
            writer.complete()  # names are given when nothing more can go wrong
        if points is not None:
            points.metadata = {**points.metadata, "STILLPOINT_PROVENANCE": facts["STILLPOINT_PROVENANCE"]}
            points.finish()
        for writer in writers.values():
            writer.finish()
    journal.clear()
    return tally


def _inner(tile: Tile, verdict: Verdict) -> Tuple[slice, slice]:
    """Return the tile itself within the verdict, which has one pixel more on each side where the raster has."""
    inner = tile.inner
    top, left = min(inner[0].start, 1), min(inner[1].start, 1)
    return (
        slice(top, top + tile.rows.stop - tile.rows.start),
        slice(left, left + tile.cols.stop - tile.cols.start),
    )


def _part(verdict: Verdict, inner: Tuple[slice, slice]) -> Verdict:
    def part(values: Optional[np.ndarray]) -> Optional[np.ndarray]:
        return None if values is None else values[inner]

    return Verdict(
        verdict.probability[inner], verdict.threshold, part(verdict.noise), part(verdict.gamma), part(verdict.dispersion),
        part(verdict.mask),
    )  # fmt: skip


def _mask(job: SelectScatterers, verdict: Verdict) -> np.ndarray:
    """Return the mask uint8 of a verdict: 1 PS, 0 not, 255 no data."""
    probability = verdict.probability
    if job.threshold is None and verdict.mask is not None:
        chosen = verdict.mask.astype(bool)
    else:
        threshold = verdict.threshold if job.threshold is None else job.threshold
        with np.errstate(invalid="ignore"):
            chosen = probability >= np.float32(threshold)
    if job.keep == "best":
        filled = np.where(chosen, np.nan_to_num(probability, nan=-1.0), -1.0)
        chosen &= filled >= ndimage.maximum_filter(filled, size=3)
    return np.where(np.isfinite(probability), chosen, NO_DATA).astype(np.uint8)


def _window(stack: Stack, extent: Optional[str]) -> Tuple[slice, slice]:
    """Return the rows and columns of an extent in the stack's coordinates; all where None.

    Raises
    ------
    StillpointError
        The extent is no four numbers, or lies beside the stack.
    """
    rows, cols = stack.shape
    if extent is None:
        return slice(0, rows), slice(0, cols)
    try:
        first_x, first_y, last_x, last_y = (float(part) for part in extent.replace(";", ",").split(","))
    except ValueError:
        raise StillpointError(f"The extent {extent!r} must be four numbers: xmin,ymin,xmax,ymax.") from None
    gt = stack.geotransform
    determinant = gt[1] * gt[5] - gt[2] * gt[4]
    corners = [(x, y) for x in (first_x, last_x) for y in (first_y, last_y)]
    found_cols = [(gt[5] * (x - gt[0]) - gt[2] * (y - gt[3])) / determinant for x, y in corners]
    found_rows = [(gt[1] * (y - gt[3]) - gt[4] * (x - gt[0])) / determinant for x, y in corners]
    top, bottom = max(math.floor(min(found_rows) + 1e-6), 0), min(math.ceil(max(found_rows) - 1e-6), rows)
    left, right = max(math.floor(min(found_cols) + 1e-6), 0), min(math.ceil(max(found_cols) - 1e-6), cols)
    if top >= bottom or left >= right:
        raise StillpointError(f"The extent {extent} lies beside the stack {stack.path}. Give it in the coordinates of the stack.")
    return slice(top, bottom), slice(left, right)


def _map_writer(job: SelectScatterers, sight: Sight, name: str, window: Tuple[slice, slice]) -> MapWriter:
    path = getattr(job, name)
    stack = sight.stack
    top, left = window[0].start, window[1].start
    whole = (window[0].stop - top, window[1].stop - left) == stack.shape
    gt = list(stack.geotransform if whole else drawn_geotransform(stack))
    gt[0], gt[3] = gt[0] + left * gt[1] + top * gt[2], gt[3] + left * gt[4] + top * gt[5]
    shape = window[0].stop - top, window[1].stop - left
    described = {"output": "PS mask", "probability": "PS probability", "noise": "Phase noise (rad)"}[name]
    kind = np.uint8 if name == "output" else np.float32
    return MapWriter(path, shape, [(described, {})], geotransform=gt, projection=stack.projection, kind=kind, cog=job.cog)


def drawn_geotransform(stack: Stack) -> Tuple[float, ...]:
    """Return where a stack is drawn: QGIS draws a raster without coordinates below the origin, and its points must lie there."""
    if not stack.projection and tuple(stack.geotransform) == (0.0, 1.0, 0.0, 0.0, 0.0, 1.0):
        return 0.0, 1.0, 0.0, 0.0, 0.0, -1.0
    return stack.geotransform


def _point_writer(job: SelectScatterers, stack: Stack) -> Any:
    assert job.points is not None  # nosec B101 - known by construction
    return open_writer(job.points, FIELDS, crs=stack.projection, metadata={"STILLPOINT_PROVENANCE": "{}"})


def _write_points(writer: Any, stack: Stack, tile: Tile, mask: np.ndarray, verdict: Verdict) -> None:
    rows, cols = np.nonzero(mask == 1)
    if not rows.size:
        return
    row, col = rows + tile.rows.start, cols + tile.cols.start
    gt = drawn_geotransform(stack)
    x = gt[0] + (col + 0.5) * gt[1] + (row + 0.5) * gt[2]
    y = gt[3] + (col + 0.5) * gt[4] + (row + 0.5) * gt[5]

    def values(maps: Optional[np.ndarray]) -> np.ndarray:
        return np.full(len(rows), np.nan) if maps is None else maps[rows, cols].astype(np.float64)

    columns = {
        "probabilit": values(verdict.probability),
        "gamma": values(verdict.gamma),
        "amp_disp": values(verdict.dispersion),
        "noise_rad": values(verdict.noise),
        "row": row.astype(np.int64),
        "col": col.astype(np.int64),
    }
    writer.write(x, y, columns)


def _threshold(job: SelectScatterers, tally: _Tally) -> float:
    if job.threshold is not None:
        return round(float(job.threshold), 4)
    return round(float(np.average(tally.thresholds, weights=tally.weights if any(tally.weights) else None)), 4)


def _once(notes: Sequence[str]) -> List[str]:
    """Return the first of all notes that differ by their numbers alone: every tile has its own."""
    found: Dict[str, str] = {}
    for note in notes:
        found.setdefault(re.sub(r"\d[\d.,]*", "#", note), note)
    return list(found.values())


def _facts(
    job: SelectScatterers, sight: Sight, method: Method, tally: _Tally, clocks: Tuple[float, float]
) -> Mapping[str, str]:
    """Return the metadata items of the results."""
    model: Dict[str, str] = {}
    if method.model is not None:
        header = library.read_header(method.model)
        model = {"name": method.model.name, "version": header.version, "sha256": library.sha256(method.model)}
    seconds = time.monotonic() - clocks[0]
    provenance = {
        "stillpoint": __version__,
        "job": job.to_dict(),
        "model": model,
        "input": {
            "path": sight.stack.path,
            "quantity": sight.stack.quantity,
            "dates": len(sight.epochs.dates),
            "baselines": sight.epochs.baselines is not None,
            "amplitudes": sight.has_amplitude,
        },
        "device": method.device,
        "pixels": tally.valid,
        "selected": tally.selected,
        "threshold": _threshold(job, tally),
        "seconds": round(seconds, 2),
        "time": datetime.now(timezone.utc).isoformat(timespec="seconds"),
    }
    return {
        "METHOD": job.method,
        "THRESHOLD": f"{_threshold(job, tally):g}",
        "MODEL": model.get("name", ""),
        "SECONDS": f"{seconds:.2f}",
        "CPU_SECONDS": f"{time.process_time() - clocks[1]:.2f}",
        "CANDIDATES": str(tally.valid),
        **_geometry(sight.stack),
        "STILLPOINT_PROVENANCE": json.dumps(provenance, ensure_ascii=False),
    }


def _geometry(stack: Stack) -> Dict[str, str]:
    """Return the radar's geometry as metadata items, as far as the stack knows it: the R-index is computed from it."""
    known = {"INCIDENCE_ANGLE": stack.incidence_angle, "HEADING": stack.heading}
    return {name: f"{value:.10g}" for name, value in known.items() if value is not None}


def _check_apart(job: SelectScatterers, sight: Optional[Sight] = None) -> None:
    """Raise where two outputs have the same name, or an output is a file that is read: it would be lost."""
    seen = {_place(job.stack): "the stack"}
    for path in (job.amplitude, job.model):
        if path:
            seen[_place(path)] = "a file that is read"
    for path in () if sight is None else sight.files():
        seen.setdefault(_place(path), "a file that is read")
    for name in ("output", "probability", "noise", "points"):
        path = getattr(job, name)
        if path is None:
            continue
        if _place(path) in seen:
            used = seen[_place(path)]
            raise StillpointError(f"{path} cannot be written: it is also {used}. Give every output a name of its own.")
        seen[_place(path)] = f"the output {name}"


def _place(path: str) -> str:
    return os.path.normcase(os.path.realpath(path))


def _summary(details: Mapping[str, Any]) -> str:
    pixels, selected = details["pixels"], details["selected"]
    return (
        f"{selected:,} of {pixels:,} pixels are persistent scatterers ({selected / max(pixels, 1):.1%}), "
        f"by {details['method']} at threshold {details['threshold']:g}, from {details['dates']} dates.\n"
        f"{details['seconds']:.1f} s, {details['cpu_seconds']:.1f} s of processor time "
        f"({details['cpu_seconds'] / max(pixels, 1) * 1e6:.0f} s a megapixel)."
    )
