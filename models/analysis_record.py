"""What was done in the folder of an analysis, and what of it is out of date. Standard library and jobs only: both sides share it.

The folder holds ``analysis.json`` beside the results. A step counts as done while its job is the same, what it read is unchanged,
and what it wrote is there.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Dict, Iterator, List, Mapping, Optional, Tuple

from stillpoint.models import __version__
from stillpoint.models.errors import StillpointError
from stillpoint.models.jobs import Job, Result
from stillpoint.models.recipe import (
    CHOOSE,
    OWN,
    PLANS,
    SKIP,
    Recipe,
    givers,
    job_of,
    mapped,
    near,
    recipe_of,
    result_of,
    whole,
    write_json,
)

FILE = "analysis.json"
FORMAT = 1

NEW, WAITING, DONE, STALE, FAILED, GONE, MINE, LEFT_OUT, MISSING = (
    "new", "waiting", "done", "stale", "failed", "gone", "mine", "left out", "missing",
)  # fmt: skip
"""States of a step: never run; waits for one before it; done; out of date; failed; its files are gone; the user's own file; left
out; something that goes in was not chosen or is not there.
"""

SETTLED = (DONE, MINE, LEFT_OUT)
"""States that later steps can build on."""

_SMALL = 1 << 20
_MOST_FILES = 5000
_TEXTS = (".vrt", ".csv", ".json", ".txt")
_SOURCES = re.compile(r"<SourceFilename[^>]*>([^<]+)<|<MDI key=\"COMPANION_[A-Z]+\">([^<]+)<", re.IGNORECASE)
_UNHASHED = ("device", "scheduler", "forecast")
_LARGEST = 4000


@dataclass
class Entry:
    """What is known of a step that ran.

    Attributes
    ----------
    fingerprint
        Of the job and of what it read.
    job
        The JSON form of the job.
    outputs
        Files written, by parameter.
    summary, details, warnings
        As in the Result; details without what is long.
    time
        When it ended, ISO 8601 with the offset from UTC.
    error
        What went wrong in the last attempt; empty where it went well. The results, where there are any, are those of before.
    attempt
        Fingerprint of the last attempt, where it failed.
    """

    fingerprint: str = ""
    job: Dict[str, Any] = field(default_factory=dict)
    outputs: Dict[str, str] = field(default_factory=dict)
    summary: str = ""
    details: Dict[str, Any] = field(default_factory=dict)
    warnings: List[str] = field(default_factory=list)
    time: str = ""
    error: str = ""
    attempt: str = ""

    def result(self) -> Result:
        """Return the result of the job, as far as it was kept."""
        return Result(dict(self.outputs), self.summary, dict(self.details), list(self.warnings))


@dataclass
class Record:
    """What was done in a folder: the recipe of the last run, and an entry for each step that ran."""

    recipe: Optional[Recipe] = None
    steps: Dict[str, Entry] = field(default_factory=dict)

    def entry(self, name: str) -> Entry:
        """Return the entry of a step; an empty one where it never ran."""
        return self.steps.get(name) or Entry()


def read_record(folder: str) -> Record:
    """Read the record of a folder; an empty one where there is none.

    Raises
    ------
    StillpointError
        The file is there, but cannot be read as a record.
    """
    path = Path(folder) / FILE
    if not folder or not path.is_file():
        return Record()
    try:
        form = json.loads(path.read_text(encoding="utf-8"))
        base = path.resolve().parent
        steps = {str(name): _entry(given, base) for name, given in form["steps"].items() if name in PLANS}
        recipe = mapped(recipe_of(form["recipe"]), lambda name: whole(name, base)) if form.get("recipe") else None
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise StillpointError(
            f"{path} cannot be read as the record of an analysis ({error}). Choose another folder, or delete that file."
        ) from None
    return Record(recipe, steps)


def _entry(form: Mapping[str, Any], folder: Path) -> Entry:
    outputs = {str(name): whole(str(path), folder) for name, path in form.get("outputs", {}).items()}
    return Entry(
        str(form.get("fingerprint", "")), dict(form.get("job", {})), outputs, str(form.get("summary", "")),
        dict(form.get("details", {})), [str(line) for line in form.get("warnings", [])], str(form.get("time", "")),
        str(form.get("error", "")), str(form.get("attempt", "")),
    )  # fmt: skip


def write_record(record: Record, folder: str) -> None:
    """Write the record of a folder, files in it named from there; raises StillpointError where that is not possible."""
    base = Path(folder).resolve()
    steps = {
        name: {**vars(entry), "outputs": {key: near(path, base) for key, path in entry.outputs.items()}}
        for name, entry in record.steps.items()
    }
    recipe = mapped(record.recipe, lambda name: near(name, base)).to_dict() if record.recipe is not None else None
    form = {"format": FORMAT, "stillpoint": __version__, "recipe": recipe, "steps": steps}
    write_json(form, str(base / FILE))


def kept(details: Mapping[str, Any]) -> Dict[str, Any]:
    """Return the details of a result without what is long."""
    return {name: value for name, value in details.items() if len(json.dumps(value, default=str)) <= _LARGEST}


# What a job depends on


def fingerprint(job: Job) -> str:
    """Return a text that changes when the job, or what it reads, does. Where it computes and what it writes do not count."""
    form = job.to_dict()["parameters"]
    read: List[Tuple[str, Any]] = []
    for item in job.parameters():
        kind = item.metadata["kind"]
        if kind.endswith("-output") or kind == "folder" or item.name in _UNHASHED:
            form.pop(item.name, None)
        elif kind in ("raster", "points", "file", "model", "sources") and form.get(item.name):
            paths = form[item.name] if kind == "sources" else [form[item.name]]
            read += [(item.name, stamp(str(path))) for path in paths]
            form[item.name] = [Path(str(path)).name for path in paths]  # a folder that was moved as a whole is not out of date
    text = json.dumps([job.task, form, read], sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def stamp(path: str) -> Any:
    """Return what tells whether a file was changed: the content of a small text, else size and time.

    A folder changes with what it holds, a virtual raster with its sources too.
    """
    place = Path(path.partition("|")[0])
    try:
        if place.is_dir():
            return [[os.path.relpath(name, place), *_size_and_time(Path(name))] for name in _below(place)]
        if place.suffix.lower() not in _TEXTS or place.stat().st_size > _SMALL:
            return _size_and_time(place)
        content = place.read_bytes()
    except OSError:
        return None
    found: List[Any] = [hashlib.sha256(content).hexdigest()]
    if place.suffix.lower() == ".vrt":
        names = {first or second for first, second in _SOURCES.findall(content.decode("utf-8", "replace"))}
        found += [_size_and_time(Path(whole(name, place.parent))) for name in sorted(names)]
    return found


def _below(folder: Path) -> Iterator[str]:
    seen = 0
    for base, folders, files in os.walk(folder):
        folders.sort()
        for name in sorted(files):
            seen += 1
            if seen > _MOST_FILES:
                return
            yield os.path.join(base, name)


def _size_and_time(path: Path) -> List[int]:
    try:
        found = path.stat()
    except OSError:
        return []
    return [found.st_size, found.st_mtime_ns]


# States


def states(recipe: Recipe, record: Record, folder: str) -> Dict[str, Tuple[str, str]]:
    """Return the state of every step of a recipe's chain, and a sentence for those that are not as they should be.

    Parameters
    ----------
    recipe
        What is wanted now; it may differ from the record's.
    record
        What was done.
    folder
        Where the results are.
    """
    found: Dict[str, Tuple[str, str]] = {}
    for name in recipe.names():
        found[name] = _state(recipe, record, folder, name, found)
    return found


def _state(
    recipe: Recipe, record: Record, folder: str, name: str, before: Mapping[str, Tuple[str, str]]
) -> Tuple[str, str]:
    step = recipe.steps[name]
    if step.mode == SKIP:
        return LEFT_OUT, ""
    if step.mode == OWN:
        path = result_of(recipe, name, folder)
        if path and exists(path):
            return MINE, ""
        if path:
            return MISSING, f"{path} is not there. It may have been moved or deleted: choose it again."
        return MISSING, CHOOSE[name]
    entry = record.entry(name)
    if any(before.get(other, (DONE, ""))[0] not in SETTLED for other in givers(recipe, name)):
        return (STALE if entry.fingerprint else WAITING), ""
    try:
        job = job_of(recipe, name, folder)
    except StillpointError as error:
        return MISSING, str(error)
    print_now = fingerprint(job)
    if entry.error and entry.attempt == print_now:
        return FAILED, entry.error
    if not entry.fingerprint:
        return NEW, ""
    lost = [path for path in entry.outputs.values() if not exists(path)]
    if lost:
        return GONE, f"{Path(lost[0]).name} is no longer in the folder. Run the step again."
    return (DONE if entry.fingerprint == print_now else STALE), ""


def exists(path: str) -> bool:
    """Whether a file is there; those behind GDAL's own paths are believed in."""
    return path.startswith("/vsi") or Path(path.partition("|")[0]).exists()
