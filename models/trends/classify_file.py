"""Trend classification of a point file: from disk to a classified layer, block by block."""

from __future__ import annotations

import json
import os
import time
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime, timezone
from typing import Any, Dict, List, Mapping, Optional

import numpy as np

from stillpoint.models import __version__
from stillpoint.models.errors import StillpointError
from stillpoint.models.executors import Executor, Journal, Needs, foresee, open_executor, run_kept
from stillpoint.models.executors.journal import stamp
from stillpoint.models.jobs import ClassifyTrends, Result
from stillpoint.models.learning import inputs, library
from stillpoint.models.learning.inputs import Data
from stillpoint.models.pipeline import one_thread_in_torch
from stillpoint.models.points.opening import check_apart, open_points
from stillpoint.models.points.table import Column, PointBlock, PointLayout, PointSource
from stillpoint.models.points.writers import open_writer
from stillpoint.models.progress import Progress
from stillpoint.models.trends.blocks import BYTES_A_VALUE, SAMPLE, SeriesWork, eased, rows_for
from stillpoint.models.trends.classes import FIELDS, NAMES, NOT_CLASSIFIED
from stillpoint.models.trends.classify import Classification, class_shares
from stillpoint.models.trends.methods import model_of

C_BAND = 0.05547


@dataclass
class _Tally:
    """Counts over all blocks."""

    points: int = 0
    classes: Dict[str, int] = field(default_factory=lambda: {name: 0 for name in (*NAMES, NOT_CLASSIFIED)})
    reasons: Dict[str, int] = field(default_factory=dict)

    def add(self, columns: Mapping[str, np.ndarray]) -> None:
        self.points += len(columns["trend"])
        for name, count in zip(*np.unique(columns["trend"].astype(str), return_counts=True)):
            self.classes[str(name)] += int(count)
        given = [text for text in columns["reason"] if text]
        for text in given:
            self.reasons[text] = self.reasons.get(text, 0) + 1


def classify_trends(job: ClassifyTrends, progress: Progress) -> Result:
    """Classify every point of a file and write the classified layer; see :class:`jobs.ClassifyTrends`.

    Raises
    ------
    StillpointError
        The file cannot be read, the model not used, or the output not written.
    Cancelled
        Asked to stop; nothing is left under the output's name.
    """
    began = time.monotonic()
    shares = class_shares(job.class_shares)
    check_apart(job.points, job.output)
    with ExitStack() as opened:
        source = opened.enter_context(open_points(job.points, layer=job.layer, unit=job.unit, crs=job.crs))
        layout = source.layout
        warnings = list(layout.notes)
        wavelength = job.wavelength or layout.wavelength
        if wavelength is None:
            wavelength = C_BAND
            warnings.append(
                "The file does not name its radar: C band (0.0555 m) is assumed. Give the wavelength if it is another."
            )
        if job.model and job.method == "statistical":
            warnings.append(f"The method statistical takes no model of yours: {job.model} was not used.")
        progress(0.0, "Loading the model")
        path = model_of(job.method, job.model)
        header = library.checked_header(path, task="trends")
        at_hand = Data(os.path.basename(layout.path), quantity="displacement", dates=len(layout.dates), wavelength=wavelength)
        warnings += inputs.check(header, at_hand, model=path)
        model = None if job.method == "statistical" else library.asked("trends", job.method, job.model)
        executor = opened.enter_context(open_executor(job, progress))
        device = executor.device(job.device) if job.method != "statistical" else "cpu"
        work = SeriesWork(
            job.method, model, device, job.abstain, job.significance, layout.dates, wavelength, shares
        )
        if not executor.remote:
            work.attach(progress.check)
            work.opened  # noqa: B018 - a model that cannot be used is told before anything is written
        tally = _Tally()
        expected = layout.count or source.estimated_count()
        metadata = _metadata(job, layout, wavelength)
        names = source_names(layout)
        columns = [*(Column(names[item.name], item.kind, "From the source") for item in layout.attributes), *FIELDS]
        series_dates = layout.dates if job.series == "columns" else None
        columns += _series_columns(job.series, layout)
        threads = executor.at_a_time(device)
        rows = rows_for(executor.memory(device), threads, len(layout.dates))
        forecast = _foreseen(job, source, work, executor, device, rows, len(columns), expected, progress.part(0.0, 0.02))
        writing = open_writer(job.output, columns, crs=layout.crs, metadata=metadata, series_dates=series_dates)
        with writing as writer, one_thread_in_torch():
            journal = Journal(job, work, device.partition(":")[0], library.sha256(path), str(stamp(layout.path)))
            blocks = eased(source.blocks(rows))
            for block, found in run_kept(executor, work, blocks, journal, device=device, threads=threads, progress=progress):
                tally.add(found.columns)
                writer.write(block.x, block.y, _values(job, layout, names, block, found))
                done = tally.points / expected if expected else 1 - 0.5 ** (tally.points / 100_000)
                progress(0.02 + 0.95 * min(done, 1.0), f"{tally.points:,} points classified")
            if tally.points == 0:
                raise StillpointError(f"{job.points} has no points.")
            progress(0.98, "Writing")
            seconds = time.monotonic() - began
            metadata["STILLPOINT_PROVENANCE"] = json.dumps(
                _provenance(job, layout, wavelength, device, tally, seconds), ensure_ascii=False
            )
            files = writer.finish()
            journal.clear()
            warnings += writer.report
    progress.done()
    seconds = time.monotonic() - began
    details = {
        "points": tally.points,
        "classes": tally.classes,
        "reasons": tally.reasons,
        "seconds": round(seconds, 2),
        "wavelength": wavelength,
        "device": device,
        "computed_by": executor.name,
        "forecast": forecast,
        "files": [str(name) for name in files],
    }
    return Result({"output": job.output}, summary(tally, seconds), details, warnings)


def _foreseen(
    job: ClassifyTrends, source: PointSource, work: SeriesWork, executor: Executor, device: str, rows: int, fields: int,
    expected: Optional[int], progress: Progress,
) -> Dict[str, Any]:
    """Return what the job will need."""
    dates = len(source.layout.dates)
    threads = executor.at_a_time(device)
    count = expected or 0
    some: List[PointBlock] = []
    if job.forecast:
        blocks = iter(source.blocks(SAMPLE))
        some = [block for block in [next(blocks, None)] if block is not None]
        if hasattr(blocks, "close"):
            blocks.close()
        count = count or sum(map(len, some))
    # Fields of eight bytes, the geometry, and the series as it is kept.
    size = count * (8.0 * fields + 70 + (4 * dates if job.series == "packed" else 0))
    needs = Needs(
        work, some, len, threads * rows * dates * BYTES_A_VALUE, [(job.output, 0.8 * size)], -(-count // rows) or None, count
    )
    return foresee(needs, executor, device=device, threads=threads, only=job.forecast, progress=progress).to_dict()


def summary(tally: _Tally, seconds: float) -> str:
    """Return the table of classes for people."""
    total = max(tally.points, 1)
    lines = [f"{'Trend':<24}{'points':>10}{'share':>9}"]
    lines += [f"{name:<24}{count:>10,}{count / total:>9.1%}" for name, count in tally.classes.items()]
    for text, count in sorted(tally.reasons.items(), key=lambda item: -item[1]):
        lines.append(f"  {text:<44}{count:>8,}")
    lines.append(f"{tally.points:,} points in {seconds:.1f} s ({tally.points / max(seconds, 1e-3):,.0f} a second)")
    return "\n".join(lines)


def source_names(layout: PointLayout) -> Dict[str, str]:
    """Return the output name of each source attribute: its own, unless a field of the result has it.

    A layer that was classified before brings both ``trend`` and ``src_trend``, so ``src_`` may need a number.
    """
    taken = {column.name.lower() for column in FIELDS} | {"series"} | {series_name(date).lower() for date in layout.dates}
    used = taken | {item.name.lower() for item in layout.attributes}
    names: Dict[str, str] = {}
    for item in layout.attributes:
        name, number = item.name, 1
        if name.lower() in taken:
            name = f"src_{item.name}"
            while name.lower() in used:
                number += 1
                name = f"src_{item.name}_{number}"
            used.add(name.lower())
        names[item.name] = name
    return names


def _series_columns(keep: str, layout: PointLayout) -> List[Column]:
    if keep == "packed":
        return [Column("series", "binary", "Displacements, float32 little-endian, mm, one an epoch")]
    if keep == "columns":
        return [Column(series_name(date), "real", "Displacement, mm") for date in layout.dates]
    return []


def series_name(date: np.datetime64) -> str:
    """Return the field name of a date, DYYYYMMDD."""
    return "D" + str(date.astype("datetime64[D]")).replace("-", "")


def _values(job, layout, names, block: PointBlock, found: Classification) -> Dict[str, np.ndarray]:
    values = {names[item.name]: block.attributes[item.name] for item in layout.attributes}
    values.update(found.columns)
    series = found.corrected if job.correct_jumps else block.displacement
    if job.series == "packed":
        packed = np.empty(len(block), dtype=object)
        packed[:] = [row.tobytes() for row in np.ascontiguousarray(series, dtype="<f4")]
        values["series"] = packed
    elif job.series == "columns":
        for index, date in enumerate(layout.dates):
            values[series_name(date)] = series[:, index]
    return values


def _metadata(job: ClassifyTrends, layout: PointLayout, wavelength: float) -> Dict[str, str]:
    return {
        "STILLPOINT_DATES": ",".join(str(date) for date in layout.dates),
        "STILLPOINT_WAVELENGTH": f"{wavelength:g}",
        "STILLPOINT_SERIES": "corrected" if job.correct_jumps else "as read",
        "STILLPOINT_PROVENANCE": "{}",
    }


def _provenance(job, layout, wavelength, device, tally: _Tally, seconds: float) -> Dict[str, Any]:
    path = model_of(job.method, job.model)
    model = {"name": path.name, "version": library.read_header(path).version, "sha256": library.sha256(path)}
    return {
        "stillpoint": __version__,
        "job": job.to_dict(),
        "model": model,
        "input": {"path": str(layout.path), "format": layout.format, "unit": layout.unit, "dates": len(layout.dates)},
        "wavelength": wavelength,
        "device": device,
        "points": tally.points,
        "classes": tally.classes,
        "reasons": tally.reasons,
        "seconds": round(seconds, 2),
        "time": datetime.now(timezone.utc).isoformat(timespec="seconds"),
    }
