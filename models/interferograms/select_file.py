"""Selection of the interferograms of a stack on disk: judged, chosen, and written as table, stack, lists and maps."""

from __future__ import annotations

import json
import time
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import datetime, timezone
from typing import Any, Callable, Dict, List, Tuple

import numpy as np

from stillpoint.models import __version__
from stillpoint.models.errors import StillpointError
from stillpoint.models.executors import open_executor
from stillpoint.models.executors.forecast import check_disk
from stillpoint.models.interferograms import kept_stack, maps, reads
from stillpoint.models.interferograms.choice_words import explain
from stillpoint.models.interferograms.connect import choose
from stillpoint.models.interferograms.exports import Lists
from stillpoint.models.interferograms.methods import NETWORKS, Judge, model_of, open_method
from stillpoint.models.interferograms.observations import Verdict
from stillpoint.models.interferograms.reading import Keeping, Reading, checked_pairs, read_network
from stillpoint.models.interferograms.report import details_of, evidence_of, summary, warnings_of
from stillpoint.models.interferograms.select_checks import FILES, check_apart, check_network, check_outputs
from stillpoint.models.interferograms.tables import table_text
from stillpoint.models.jobs import Result, SelectInterferograms
from stillpoint.models.learning import devices, library
from stillpoint.models.pipeline import one_thread_in_torch
from stillpoint.models.points.writers.draft import explain as explain_os
from stillpoint.models.progress import Progress
from stillpoint.models.rasters.stack import Stack, open_stack
from stillpoint.models.rasters.writing import draft_name, publish


@dataclass(frozen=True)
class Selection:
    """What was chosen, for all interferograms of the stack."""

    verdict: Verdict
    keep: np.ndarray
    reasons: List[str]


def select_interferograms(job: SelectInterferograms, progress: Progress) -> Result:
    """Select the interferograms of a stack; see :class:`stillpoint.models.jobs.SelectInterferograms`.

    Raises
    ------
    StillpointError
        The stack cannot be used, the model does not fit, or an output cannot be written.
    Cancelled
        Asked to stop; nothing is left under the outputs' names.
    """
    began = time.monotonic()
    check_outputs(job)
    with ExitStack() as opened, one_thread_in_torch():
        stack = opened.enter_context(open_stack(job.stack))
        check_apart(job, stack)
        if job.velocity:
            maps.check_velocity(stack)
        checked_pairs(stack)
        device = str(devices.pick(job.device)) if job.method in NETWORKS else "cpu"
        progress(0.0, "Loading the method")
        executor = opened.enter_context(open_executor(job, progress))
        judge = open_method(job.method, model=job.model, device=device)
        values = 4.0 * len(stack.bands) * stack.shape[0] * stack.shape[1]
        copy = job.output if job.output and job.output.lower().endswith((".tif", ".tiff")) else None
        maps_written = ((copy, 0.8 * values), (job.weights, 0.5 * values), (job.velocity, 3 * values / len(stack.bands)))
        check_disk([(path, size) for path, size in maps_written if path])
        keeping = Keeping(job)
        reading = read_network(
            stack, job.coherence, executor=executor, progress=progress.part(0.0, 0.5), forecast=job.forecast, keeping=keeping
        )
        if reading.coherence is not None:
            opened.enter_context(reading.coherence)
            check_apart(job, stack, reading.coherence)
        notes = list(reading.notes)
        check_network(job, stack, reading)
        if job.method in NETWORKS:
            notes += reads.check(stack, reading, model_of(job.method, job.model))
        if job.model and job.method not in NETWORKS:
            notes.append(f"The method {job.method} takes no model of yours: {job.model} was not used.")
        progress(0.5, "Judging")
        chosen = _select(job, reading, judge, progress.part(0.5, 0.8))
        details = details_of(job, reading, chosen.verdict, chosen.keep, device)
        details["computed_by"] = executor.name
        notes += warnings_of(job, reading, chosen.keep)
        _write(job, stack, reading, chosen, details, progress.part(0.8, 1.0))
        keeping.clear()
    progress.done()
    details["seconds"] = round(time.monotonic() - began, 2)
    outputs = {name: value for name in (*FILES, "lists") if (value := getattr(job, name))}
    return Result(outputs, summary(reading, chosen.keep, chosen.reasons, details), details, list(dict.fromkeys(notes)))


def _select(job: SelectInterferograms, reading: Reading, judge: Judge, progress: Progress) -> Selection:
    """Judge what is not empty and choose; the verdict is for all interferograms."""
    network, places = reading.usable()
    found = judge(network, progress.part(0.0, 0.85))
    keep = np.zeros(reading.network.count, bool)
    keep[places] = choose(network, found, threshold=job.threshold, how=job.connect, progress=progress.part(0.85, 1.0))
    verdict = _for_all(found, reading, places)
    reasons = explain(reading.network, verdict, keep, threshold=job.threshold, how=job.connect)
    return Selection(verdict, keep, reasons)


def _for_all(found: Verdict, reading: Reading, places: np.ndarray) -> Verdict:
    """Return the verdict of some interferograms for all: what is empty scores 0."""
    count = reading.network.count
    if len(places) == count:
        return found

    def spread(values: np.ndarray, missing: float = np.nan) -> np.ndarray:
        whole = np.full((count, *values.shape[1:]), missing, values.dtype)
        whole[places] = values
        return whole

    reasons = list(reading.empty)
    for place, reason in zip(places, found.reasons):
        reasons[place] = reason
    return replace(
        found,
        score=spread(found.score, 0.0),
        reasons=reasons,
        evidence={name: spread(np.asarray(values, np.float64)) for name, values in found.evidence.items()},
        weights=None if found.weights is None else spread(found.weights, 0.0),
        variance=None if found.variance is None else spread(found.variance),
    )


# Writing


def _write(
    job: SelectInterferograms, stack: Stack, reading: Reading, chosen: Selection, details: Dict[str, Any], progress: Progress
) -> None:
    """Write all outputs under temporary names, then give them their names."""
    days = [band.pair for band in reading.bands]
    pairs = [(str(first), str(second)) for first, second in (pair for pair in days if pair is not None)]
    extra = {
        "METHOD": job.method,
        "THRESHOLD": f"{details['threshold']:g}",
        "STILLPOINT_PROVENANCE": json.dumps(_provenance(job, stack, details), ensure_ascii=False),
    }
    with ExitStack() as drafts:
        publishing: List[Callable[[], Any]] = []

        def add(publisher: Callable[[], Any], discard: Callable[[], Any]) -> None:
            drafts.callback(discard)
            publishing.append(publisher)

        if job.velocity:
            writer, figures = maps.write_velocity(
                job.velocity, stack, reading, chosen.keep, weights=chosen.verdict.weights, extra=extra,
                progress=progress.part(0.0, 0.6),
            )
            details["velocity_change"] = round(figures["change"], 3)
            writer.cog = job.cog
            writer.complete()
            add(writer.close, writer.discard)
        if job.weights and chosen.verdict.weights is not None:
            writer = maps.write_weights(
                job.weights, stack, reading, chosen.verdict.weights, extra=extra, progress=progress.part(0.6, 0.75)
            )
            writer.cog = job.cog
            writer.complete()
            add(writer.close, writer.discard)
        if job.output:
            bands = [band for band, kept in zip(reading.bands, chosen.keep) if kept]
            if not bands:
                raise StillpointError("No interferogram is kept, so there is no stack of them to write. Lower the threshold.")
            stacked = kept_stack.KeptStack(
                job.output, stack, bands, extra=extra, progress=progress.part(0.75, 0.95), cog=job.cog
            )
            add(stacked.publish, stacked.discard)
            stacked.complete()
        if job.lists:
            lists = Lists(job.lists, pairs, list(chosen.keep))
            add(lists.publish, lists.discard)
        score, keep = chosen.verdict.score.tolist(), chosen.keep.tolist()
        evidence = {name: values.tolist() for name, values in evidence_of(reading, chosen.verdict).items()}
        table = _Text(job.table, table_text(_dates(reading), score, keep, chosen.reasons, evidence))
        add(table.publish, table.discard)
        progress(0.99, "Writing")
        for publisher in publishing:
            publisher()


class _Text:
    """A text file that is drafted first."""

    def __init__(self, path: str, text: str) -> None:
        self._path = path
        self._draft = draft_name(path)
        try:
            self._draft.write_text(text, encoding="utf-8")
        except OSError as error:
            self.discard()
            raise explain_os(error, path) from None

    def publish(self) -> None:
        publish(self._draft, self._path)

    def discard(self) -> None:
        self._draft.unlink(missing_ok=True)


def _dates(reading: Reading) -> List[Tuple[Any, Any]]:
    return [band.pair or (None, None) for band in reading.bands]


def _provenance(job: SelectInterferograms, stack: Stack, details: Dict[str, Any]) -> Dict[str, Any]:
    model: Dict[str, str] = {}
    if job.method in NETWORKS:
        path = model_of(job.method, job.model)
        model = {"name": path.name, "version": library.read_header(path).version, "sha256": library.sha256(path)}
    return {
        "stillpoint": __version__,
        "job": job.to_dict(),
        "model": model,
        "input": {"path": stack.path, "quantity": stack.quantity, "pairs": len(stack.bands)},
        "kept": details["kept"],
        "dropped": details["dropped"],
        "time": datetime.now(timezone.utc).isoformat(timespec="seconds"),
    }
