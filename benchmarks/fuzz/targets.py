"""What is fed with malformed files: every reader of the engine, jobs, and the worker's protocol."""

from __future__ import annotations

import io
import json
import random
from pathlib import Path
from typing import Any, Callable, Dict, List, Tuple

from stillpoint.models.errors import StillpointError

MOST = 200_000
"""Points or pixels that are read of one file: what a mutation made endless need not be read to its end."""


def read_points(path: Path) -> None:
    """Read all blocks of a point file."""
    from stillpoint.models.points.opening import open_points

    with open_points(str(path)) as source:
        source.estimated_count()
        read = 0
        for block in source.blocks(4096):
            if block.displacement.shape != (len(block), len(source.layout.dates)) or len(block.x) != len(block.y):
                raise AssertionError("a block does not fit its layout")
            read += len(block)
            if read > MOST:
                break


def read_product(path: Path) -> None:
    """Recognise a product and plan its stack."""
    from stillpoint.models.rasters.describe import details_of, summary_of
    from stillpoint.models.rasters.opening import plan_stack

    made = plan_stack([str(path)])
    summary_of(made)
    json.dumps(details_of(made), default=str)


def read_stack(path: Path) -> None:
    """Open a raster as a stack and read a window of all bands."""
    from stillpoint.models.rasters.stack import open_stack

    with open_stack(str(path)) as stack:
        found = stack.read(slice(0, 70), slice(0, 70), [band.number for band in stack.bands[:20]])
        if found.shape[1] > stack.shape[0] or found.shape[2] > stack.shape[1]:
            raise AssertionError("a window is larger than the stack")


def read_table(path: Path) -> None:
    """Read a table of interferograms as the triage board and the training do."""
    from stillpoint.models.interferograms.train_resnet50_labels import read_table as read_labels
    from stillpoint.plugin.triage_table import read_table as read

    problem = None
    for reader in (lambda: read(str(path)), lambda: read_labels(path)):
        try:
            reader()
        except StillpointError as error:
            problem = error
    if problem is not None:
        raise problem


def read_labels(path: Path) -> None:
    """Read marked scatterers on the grid of a stack."""
    from stillpoint.models.rasters.stack import open_stack
    from stillpoint.models.scatterers.labels import file_labels

    with open_stack(str(path.parent / "scene.tif")) as stack:
        found = file_labels(str(path), stack)
        if found.shape != stack.shape:
            raise AssertionError("labels on another grid")


def read_trend_labels(path: Path) -> None:
    """Read labels of trends."""
    from stillpoint.models.trends.labels import codes_in, read_labels

    columns = read_labels(str(path))
    codes_in(columns, len(next(iter(columns.values()), [])), str(path))


def read_decisions(path: Path) -> None:
    """Read decisions of the triage board."""
    from stillpoint.plugin.triage_table import read_decisions as read

    read(path)


def assess(path: Path) -> None:
    """Count a mask, or points of PS."""
    from stillpoint.models import dispatch
    from stillpoint.models.jobs import AssessScatterers
    from stillpoint.models.progress import SILENT

    dispatch.run(AssessScatterers(masks=(str(path),), output=str(path.parent / "assessed.csv")), SILENT)


FILES: Dict[str, Callable[[Path], None]] = {
    "points": read_points,
    "products": read_product,
    "stack": read_stack,
    "tables": read_table,
    "labels": read_labels,
    "trend labels": read_trend_labels,
    "decisions": read_decisions,
    "masks": assess,
}
"""Readers of files by the name of their seeds."""


def odd(chance: random.Random, depth: int = 0) -> Any:
    """Return some JSON value that nobody expects there."""
    kind = chance.randrange(10 if depth < 3 else 8)
    plain = (None, True, -1, 2**70, 1e308, float("nan"), "", chance.choice(("\0", "..", "a" * 3000, "\ud800", "nan", "auto")))
    if kind < 8:
        return plain[kind]
    if kind == 8:
        return [odd(chance, depth + 1) for _ in range(chance.randrange(4))]
    return {str(chance.randrange(9)): odd(chance, depth + 1) for _ in range(chance.randrange(4))}


def job_form(chance: random.Random) -> str:
    """Return the JSON of a job with something wrong in it."""
    from dataclasses import fields

    from stillpoint.models.jobs import JOBS

    kind = JOBS[chance.choice(sorted(JOBS))]
    usual = {item.name: item.default for item in fields(kind) if item.default != "\0required"}
    values: Dict[str, Any] = {name: value for name, value in usual.items() if chance.random() < 0.4}
    for item in fields(kind):
        if chance.random() < 0.3:
            values[item.name] = odd(chance)
    form: Dict[str, Any] = {"format": 1, "task": kind.task, "parameters": values}
    if chance.random() < 0.3:
        form[chance.choice(("format", "task", "parameters", "more"))] = odd(chance)
    text = json.dumps(form, default=str)
    if chance.random() < 0.2:
        at = chance.randrange(len(text))
        text = text[:at] + chance.choice(("", "}", "\\", "\x00", "[" * 2000)) + text[at + 1 :]
    return text


def read_job(text: str) -> None:
    """Build a job of its JSON; what is built comes back the same."""
    from stillpoint.models.jobs import from_json

    job = from_json(text)
    if from_json(job.to_json()) != job:
        raise AssertionError("a job is another one after it travelled")


def protocol(data: bytes) -> Tuple[List[Any], List[str]]:
    """Feed the worker with lines; return the commands that it took (None ends them) and the kinds of its answers."""
    from stillpoint.models import worker

    said = io.StringIO()
    orders = worker._Orders(worker.Events(said))
    orders.read(io.TextIOWrapper(io.BytesIO(data), encoding="utf-8", errors="replace"))
    taken = []
    while not orders.todo.empty():
        taken.append(orders.todo.get_nowait())
    return taken, [json.loads(line)["kind"] for line in said.getvalue().splitlines()]


def read_protocol(data: bytes) -> None:
    """Feed the worker with lines; each is taken, or answered as none of the protocol, and the end is always seen."""
    taken, kinds = protocol(data)
    if not taken or taken[-1] is not None:
        raise AssertionError("the end of the input was not seen")
    if set(kinds) - {"protocol"}:
        raise AssertionError("an answer that is none")


def protocol_lines(chance: random.Random) -> bytes:
    """Return some lines as a broken program might send them."""
    from stillpoint.benchmarks.fuzz.mutate import mutate_bytes

    lines = []
    for _ in range(chance.randrange(1, 6)):
        name, number = chance.choice(("run", "cancel", "quit", "fly", odd(chance))), chance.choice((1, 2, odd(chance)))
        command = {"command": name, "id": number}
        if chance.random() < 0.5:
            command["job"] = odd(chance)
        lines.append(json.dumps(command if chance.random() < 0.85 else odd(chance)))
    data = "\n".join(lines).encode("utf-8", "replace") + b"\n"
    return mutate_bytes(data, chance) if chance.random() < 0.4 else data
