"""The job ``track-offsets``: pairs of rasters on disk to offsets on disk, tile by tile."""

from __future__ import annotations

import datetime as dt
import json
import logging
import os
import time
from dataclasses import dataclass, field
from typing import Any, Dict, List, Mapping, Optional, Sequence, Tuple

import numpy as np
from osgeo import gdal, osr

from stillpoint.models import __version__
from stillpoint.models.errors import StillpointError
from stillpoint.models.executors import Executor, Journal, Needs, foresee, open_executor, run_kept
from stillpoint.models.jobs import Result, TrackOffsets
from stillpoint.models.learning import library
from stillpoint.models.offsets import nodes, reads
from stillpoint.models.offsets.ground import Plane, StableGround, plane_at
from stillpoint.models.offsets.images import Image, open_images, samples
from stillpoint.models.offsets.lattice import STEP
from stillpoint.models.offsets.methods import NETWORKS, Method, open_method
from stillpoint.models.offsets.prepare import Preparation, learn
from stillpoint.models.offsets.priors import Prior
from stillpoint.models.offsets.work import BANDS, BYTES_A_PIXEL, SIDE, Pair, TrackingWork, side_for
from stillpoint.models.pipeline import one_thread_in_torch
from stillpoint.models.progress import Progress
from stillpoint.models.rasters.map_writing import MapWriter
from stillpoint.models.rasters.stack import Stack
from stillpoint.models.rasters.tiles import tiles

logger = logging.getLogger("stillpoint")

THREADS = 4
"""Tiles at a time on one machine: more would wait for memory."""

SMALLEST = 64
"""Pixels that an image needs in rows and columns."""

@dataclass
class _Tally:
    """Counts over all pairs and tiles."""

    nodes: int = 0
    measured: int = 0
    largest: float = 0.0
    notes: List[str] = field(default_factory=list)
    forecast: Dict[str, Any] = field(default_factory=dict)
    journals: List[Journal] = field(default_factory=list)


@dataclass(frozen=True)
class _Way:
    """How and where tiles are tracked; ``model`` and ``virtual`` are for machines that know of neither."""

    executor: Executor
    device: str
    method: Method
    model: Optional[str]
    virtual: Dict[str, bytes]


@dataclass(frozen=True)
class _Frame:
    """The images' grid and that of the result.

    ``matrix`` takes (column, row) offsets in pixels to the first and second offset band in the units asked for, but for the days.
    """

    stack: Stack
    geometry: str
    shape: Tuple[int, int]
    spacing: int
    matrix: np.ndarray
    drawn: Tuple[float, ...]

    @property
    def geotransform(self) -> Tuple[float, ...]:
        return nodes.geotransform_of(self.drawn, self.spacing)


def track_offsets(job: TrackOffsets, progress: Progress) -> Result:
    """Measure the offsets between images; see :class:`stillpoint.models.jobs.TrackOffsets`.

    Raises
    ------
    StillpointError
        The images cannot be used together, the model does not fit, or the output cannot be written.
    Cancelled
        Asked to stop; nothing is left under the output's name.
    """
    began, cpu = time.monotonic(), time.process_time()
    tally, kept = _Tally(), {}  # type: Tuple[_Tally, Dict[str, str]]
    progress(0.0, "Looking at the images")
    try:
        with one_thread_in_torch(), open_executor(job, progress) as executor:
            pairs = open_images(job.reference, job.secondary, align=job.align, notes=tally.notes, kept=kept)
            _check_apart(job, pairs)
            _check_same(pairs)
            frame = _frame(job, pairs[0][0].stack, tally)
            days = [_days(job, pair, tally) for pair in pairs]
            device = executor.device(job.device)
            method = open_method(job.method, model=job.model, device=executor.local(device))
            if method.model is not None:
                tally.notes += reads.check((image for pair in pairs for image in pair), method.model)
            if job.model and job.method not in NETWORKS:
                tally.notes.append(f"The method {job.method} takes no model of yours: {job.model} was not used.")
            asked = library.asked("offsets", job.method, job.model) if job.method in NETWORKS else None
            way = _Way(executor, device, method, asked, {path: _content(path) for path in kept})
            _run(job, pairs, days, frame, way, tally, progress.part(0.02, 0.99), (began, cpu))
    finally:
        for path in kept:
            gdal.Unlink(path)
    progress.done()
    details = {
        "nodes": tally.nodes, "measured": tally.measured, "share": round(tally.measured / max(tally.nodes, 1), 4),
        "largest_px": round(tally.largest, 3), "pairs": len(pairs), "dates": [[_day(image) for image in pair] for pair in pairs],
        "geometry": frame.geometry, "units": job.units, "method": job.method, "device": device, "computed_by": executor.name,
        "forecast": tally.forecast,
        "seconds": round(time.monotonic() - began, 2), "cpu_seconds": round(time.process_time() - cpu, 2),
    }  # fmt: skip
    summary = (
        f"{tally.measured:,} of {tally.nodes:,} offsets measured ({details['share']:.1%}) in {len(pairs)} pair"
        f"{'s' if len(pairs) > 1 else ''}, the largest {tally.largest:.2f} px, by {job.method}.\n"
        f"{details['seconds']:.1f} s, {details['cpu_seconds']:.1f} s of processor time."
    )
    return Result({"output": job.output}, summary, details, list(dict.fromkeys(tally.notes)))


def _run(
    job: TrackOffsets, pairs: Sequence[Pair], days: Sequence[Optional[int]], frame: _Frame, way: _Way, tally: _Tally,
    progress: Progress, clocks: Tuple[float, float],
) -> None:
    """Track every pair and write it; the file appears when all is done."""
    located = bool(frame.stack.projection)
    stable = None
    if job.stable:
        stable = StableGround(job.stable, frame.geotransform, frame.stack.projection, frame.shape, has_coordinates=located)
    prior = Prior(job.prior, frame.drawn, frame.stack.projection) if job.prior else None
    described = [item for pair in pairs for item in _described(job, frame, pair, several=len(pairs) > 1)]
    with MapWriter(
        job.output, frame.shape, described, geotransform=frame.geotransform, projection=frame.stack.projection, cog=job.cog
    ) as writer:
        for number, pair in enumerate(pairs):
            share = progress.part(number / len(pairs), (number + 1) / len(pairs))
            _track_pair(job, pair, days[number], frame, way, (stable, prior), writer, number * BANDS + 1, tally, share, len(pairs))
        if not tally.measured:
            raise StillpointError(
                "Not one offset could be trusted: the images have nothing in common, or moved farther than the search range of "
                f"{job.search} px. Check that both show the same place, widen --search, or keep everything with --outliers keep."
            )
        writer.metadata.update(_facts(job, pairs, frame, way, tally, clocks))
        writer.finish()
    for journal in tally.journals:
        journal.clear()


def _track_pair(
    job: TrackOffsets, pair: Pair, days: Optional[int], frame: _Frame, way: _Way,
    helps: Tuple[Optional[StableGround], Optional[Prior]], writer: MapWriter, first: int, tally: _Tally, progress: Progress,
    count: int,
) -> None:
    stable, prior = helps
    executor, device = way.executor, way.device
    work = TrackingWork(
        pair, _preparation(pair, progress), frame.shape, job.spacing, job.search, job.outliers, job.method, way.model, device,
        (job.prior, frame.drawn, frame.stack.projection) if job.prior else None, way.virtual,
    )  # fmt: skip
    if not executor.remote:
        work.attach(progress.check, (way.method, prior))
    plane = Plane(frame.shape) if stable is not None else None
    threads = executor.at_a_time(device) if executor.remote else min(executor.at_a_time(device), THREADS)
    parts = work.parts(side_for(executor.memory(device, capped=False), threads, job.search))
    if not tally.forecast:
        needs = Needs(
            work, parts, work.pixels, threads * max(map(work.pixels, parts)) * BYTES_A_PIXEL,
            [(job.output, 3.9 * count * BANDS * frame.shape[0] * frame.shape[1])], len(parts) * count,
            sum(map(work.pixels, parts)) * count,
        )  # fmt: skip
        tally.forecast = foresee(
            needs, executor, device=device, threads=threads, only=job.forecast, progress=progress.part(0.0, 0.01)
        ).to_dict()
    done, pixels = 0, frame.stack.shape[0] * frame.stack.shape[1]
    model = way.method.model
    journal = Journal(job, work, device.partition(":")[0], "" if model is None else library.sha256(model))
    tally.journals.append(journal)
    for part, values in run_kept(executor, work, parts, journal, device=device, threads=threads, progress=progress):
        rows, cols = part.rows, part.cols
        done += (part.tile.rows.stop - part.tile.rows.start) * (part.tile.cols.stop - part.tile.cols.start)
        progress(0.95 * done / pixels, f"{done:,} of {pixels:,} pixels")
        good = np.isfinite(values[0])
        tally.nodes += good.size
        tally.measured += int(good.sum())
        if good.any():
            tally.largest = max(tally.largest, float(np.hypot(values[0], values[1])[good].max()))
        if plane is not None and stable is not None:
            plane.add(values[:2], values[2:4], stable.at(rows, cols), rows.start, cols.start)
        writer.write(_in_units(values, frame.matrix, days), rows, cols, first)
    if plane is not None:
        fitted = plane.fit()
        said = ", ".join(f"{name} {value:+.3f} px" for name, value in zip(("columns", "rows"), fitted[:, 0]))
        tally.notes.append(f"A plane fitted on stable ground was removed; at the middle of the images it is {said}.")
        logger.info("plane on stable ground (pixels; constant, over rows, over columns): %s", np.round(fitted, 4).tolist())
        matrix = frame.matrix / (days or 1)

        def without(values: np.ndarray, top: int) -> np.ndarray:
            return values - np.einsum("ab,bij->aij", matrix, plane_at(fitted, frame.shape, top, values.shape[1]))

        writer.change(first, 2, without)


def _preparation(pair: Pair, progress: Progress) -> Preparation:
    """Learn from windows of both images; raise a StillpointError where one is empty or both are the same."""
    windows = samples(pair)
    for image, found in zip(pair, windows):
        if not found and not _has_data(image, progress):
            raise StillpointError(f"{image.name} is empty: it has no values but missing ones or zeros.")
        if found and all(float(np.nanmax(window)) == float(np.nanmin(window)) for window in found):
            raise StillpointError(f"{image.name} has the same value everywhere: there is nothing to track.")
    return learn(*windows)


def _has_data(image: Image, progress: Progress) -> bool:
    for tile in tiles(image.stack.shape, 2 * SIDE):
        progress.check()
        if np.isfinite(image.read(tile.rows, tile.cols)).any():
            return True
    return False


def _in_units(values: np.ndarray, matrix: np.ndarray, days: Optional[int]) -> np.ndarray:
    """Return bands in the units asked for; ``matrix`` takes pixels (columns, rows) to them, but for the days."""
    per = matrix / (days or 1)
    result = values.copy()
    result[:2] = np.einsum("ab,bij->aij", per, values[:2])
    result[2:4] = np.sqrt(np.einsum("ab,bij->aij", per**2, values[2:4] ** 2))
    return result


def _frame(job: TrackOffsets, stack: Stack, tally: _Tally) -> _Frame:
    if min(stack.shape) < SMALLEST:
        raise StillpointError(
            f"{stack.path} has {stack.shape[0]} x {stack.shape[1]} pixels; offsets need at least {SMALLEST} a side."
        )
    located = bool(stack.projection) and tuple(stack.geotransform) != (0.0, 1.0, 0.0, 0.0, 0.0, 1.0)
    geometry = ("map" if located else "radar") if job.geometry == "auto" else job.geometry
    if geometry == "map" and not located:
        raise StillpointError(f"{stack.path} has no coordinates, so its geometry is no map: take radar.")
    shape = nodes.count(stack.shape[0], job.spacing), nodes.count(stack.shape[1], job.spacing)
    if job.spacing > min(stack.shape):
        raise StillpointError(
            f"The spacing of {job.spacing} px is larger than the images of {stack.shape[0]} x {stack.shape[1]} px."
        )
    drawn = tuple(stack.geotransform)
    if not stack.projection and drawn == (0.0, 1.0, 0.0, 0.0, 0.0, 1.0):
        drawn = (0.0, 1.0, 0.0, 0.0, 0.0, -1.0)  # where QGIS draws a raster without coordinates
    matrix = np.eye(2)
    if job.units != "pixels":
        high, wide = stack.spacing_m
        if not stack.spacing_known:
            raise StillpointError(
                f"{stack.path} tells no distance between its pixels, so offsets cannot be given in metres. Take "
                "units pixels, or images whose metadata name ROW_SPACING and COLUMN_SPACING."
            )
        matrix = np.diag([wide, high])
        if geometry == "map":
            gt = drawn
            matrix = np.array([[gt[1], gt[2]], [gt[4], gt[5]]])
            sizes = np.hypot(gt[1], gt[4]), np.hypot(gt[2], gt[5])
            matrix = matrix @ np.diag([wide / sizes[0], high / sizes[1]])
            if _geographic(stack.projection) and (gt[2] or gt[4]):
                raise StillpointError(f"{stack.path} is a rotated grid in degrees: reproject it to metres, or take units pixels.")
    if job.spacing < STEP:
        tally.notes.append(f"Offsets are measured every {STEP} px and interpolated to every {job.spacing} px.")
    return _Frame(stack, geometry, shape, job.spacing, matrix, drawn)


def _geographic(wkt: str) -> bool:
    reference = osr.SpatialReference()
    reference.ImportFromWkt(wkt)
    return bool(reference.IsGeographic())


def _days(job: TrackOffsets, pair: Pair, tally: _Tally) -> Optional[int]:
    """Return the days that offsets are divided by; None where they are not."""
    first, second = (image.date for image in pair)
    if first is not None and second is not None and second < first:
        tally.notes.append(
            f"The reference {pair[0].name} ({first}) is later than the secondary {pair[1].name} ({second}): offsets tell the way "
            "back"
            + (", motion a day the way forward." if job.units == "metres_a_day" else ".")
        )
    if job.units != "metres_a_day":
        return None
    if first is None or second is None:
        unknown = pair[0] if first is None else pair[1]
        raise StillpointError(
            f"Metres a day need the dates of both images, and {unknown.name} names none in its metadata or file name (YYYYMMDD). "
            "Take units metres."
        )
    if first == second:
        raise StillpointError(f"Both images are of {first}: there are no days to divide by. Take units metres.")
    return (second - first).days


def _described(job: TrackOffsets, frame: _Frame, pair: Pair, *, several: bool) -> List[Tuple[str, Dict[str, str]]]:
    """Return description and metadata of the bands of a pair."""
    unit = {"pixels": "px", "metres": "m", "metres_a_day": "m/day"}[job.units]
    if frame.geometry == "radar":
        names = ["Range offset, positive to later columns", "Azimuth offset, positive to later rows"]
        kinds = ["range", "azimuth"]
    elif job.units == "pixels":
        names = ["X offset, positive to later columns", "Y offset, positive to later rows"]
        kinds = ["x", "y"]
    else:
        names, kinds = ["East offset, positive eastwards", "North offset, positive northwards"], ["east", "north"]
    items = {name: str(image.date) for name, image in zip(("REFERENCE_DATE", "SECONDARY_DATE"), pair) if image.date is not None}
    label = f" {_day(pair[0])} to {_day(pair[1])}" if several else ""
    result = [(f"{name} ({unit}){label}", {**items, "QUANTITY_OFFSET": kind, "UNIT": unit}) for name, kind in zip(names, kinds)]
    result += [
        (f"Standard error of the {kind} offset ({unit}){label}", {**items, "QUANTITY_OFFSET": f"{kind}_error", "UNIT": unit})
        for kind in kinds
    ]
    return [*result, (f"Correlation peak (0..1){label}", {**items, "QUANTITY_OFFSET": "peak"})]


def _content(path: str) -> bytes:
    """Return the content of a file of GDAL's in memory."""
    stream = gdal.VSIFOpenL(path, "rb")
    try:
        return bytes(gdal.VSIFReadL(1, gdal.VSIStatL(path).size, stream))
    finally:
        gdal.VSIFCloseL(stream)


def _day(image: Image) -> str:
    date: Optional[dt.date] = image.date
    return str(date) if date is not None else (image.band.description or f"band {image.band.number}")


def _facts(
    job: TrackOffsets, pairs: Sequence[Pair], frame: _Frame, way: _Way, tally: _Tally, clocks: Tuple[float, float]
) -> Mapping[str, str]:
    """Return the metadata items of the result."""
    model: Dict[str, Any] = {}
    path = way.method.model
    if path is not None:
        model = {"name": path.name, "version": library.read_header(path).version, "sha256": library.sha256(path)}
    provenance = {
        "stillpoint": __version__, "job": job.to_dict(), "model": model, "device": way.device,
        "images": [{"path": image.stack.path, "band": image.band.number, "kind": image.kind} for pair in pairs for image in pair],
        "seconds": round(time.monotonic() - clocks[0], 2),
        "time": dt.datetime.now(dt.timezone.utc).isoformat(timespec="seconds"),
    }  # fmt: skip
    return {
        "METHOD": job.method, "GEOMETRY": frame.geometry, "UNITS": job.units, "SPACING": str(job.spacing),
        "SEARCH": str(job.search), "SIGNS": _signs(job, frame), "MODEL": str(model.get("name", "")),
        "CPU_SECONDS": f"{time.process_time() - clocks[1]:.2f}", "MEASURED": str(tally.measured),
        "STILLPOINT_PROVENANCE": json.dumps(provenance, ensure_ascii=False),
    }  # fmt: skip


def _signs(job: TrackOffsets, frame: _Frame) -> str:
    if frame.geometry == "map" and job.units != "pixels":
        return "positive: the feature of the secondary image lies farther east (band 1) and north (band 2)"
    return "positive: the feature of the secondary image lies at a later column (band 1) and row (band 2)"


def _check_same(pairs: Sequence[Pair]) -> None:
    """Raise a StillpointError where a pair is one image twice."""
    for first, second in pairs:
        if first.band.number == second.band.number and _place(first.stack.path) == _place(second.stack.path):
            raise StillpointError(f"Reference and secondary are the same image, {first.name}. Name two images of different dates.")
        ours, theirs = samples((first, second), count=2)
        if ours and len(ours) == len(theirs) and all(np.array_equal(a, b, equal_nan=True) for a, b in zip(ours, theirs)):
            raise StillpointError(f"{first.name} and {second.name} hold the same image: there is nothing to track between them.")


def _check_apart(job: TrackOffsets, pairs: Sequence[Pair]) -> None:
    """Raise a StillpointError where the output is a file that is read: it would be lost."""
    read = {_place(path) for path in (job.reference, job.secondary, job.model, job.prior, job.stable) if path}
    read |= {_place(path) for pair in pairs for image in pair for path in image.stack.files()}
    if _place(job.output) in read:
        raise StillpointError(f"{job.output} cannot be written: it is also a file that is read. Give the output a name of its own.")


def _place(path: str) -> str:
    return os.path.normcase(os.path.realpath(path))
