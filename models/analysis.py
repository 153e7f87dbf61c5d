"""The job ``run-analysis``: the steps of a recipe one after the other, those that are done and unchanged left alone."""

from __future__ import annotations

import logging
from datetime import datetime, timezone
from pathlib import Path
from typing import Dict, List, Tuple

from stillpoint.models import analysis_record as records
from stillpoint.models.analysis_record import DONE, LEFT_OUT, MINE, SETTLED, Entry, Record
from stillpoint.models.errors import Cancelled, StillpointError
from stillpoint.models.jobs import Job, Result, from_dict
from stillpoint.models.jobs.analysis import RunAnalysis
from stillpoint.models.progress import Progress
from stillpoint.models.recipe import OFFSETS, PLANS, Recipe, givers, job_of, read_recipe

logger = logging.getLogger("stillpoint")


def run_analysis(job: RunAnalysis, progress: Progress) -> Result:
    """Run what a recipe asks for and is not done yet; see :class:`stillpoint.models.jobs.analysis.RunAnalysis`.

    Every step that ends is noted in ``analysis.json`` in the folder at once, so that a run that was cancelled, or that failed, goes
    on where it was. A row of figures (``about`` is ``"step"``) tells when a step begins and how it ends.

    Raises
    ------
    StillpointError
        The recipe or the record cannot be read, an input is missing, the folder cannot be written to, or a step failed. The others
        are run as far as they can be.
    Cancelled
        Asked to stop.
    """
    recipe, wanted = _asked(job)
    folder = str(Path(job.output).resolve())
    try:
        Path(folder).mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StillpointError(f"The folder {job.output} cannot be made ({error.strerror}). Choose another one.") from None
    record = records.read_record(folder)
    record.recipe = recipe
    records.write_record(record, folder)
    run = _Run(job, recipe, record, folder, _parts(recipe, wanted), progress)
    for name in wanted:
        run.step(name)
    if run.failed:
        raise StillpointError("\n".join(run.failed))
    progress.done()
    return run.result()


def _asked(job: RunAnalysis) -> Tuple[Recipe, List[str]]:
    """Return the recipe with the files of the job in it, and the steps to run."""
    recipe = read_recipe(job.recipe)
    if job.stack:
        if recipe.chain == "offsets":
            recipe.inputs = {"reference": job.stack}
        else:
            recipe.set_source(job.stack)
    for name in ("reference", "secondary"):
        path = getattr(job, name)
        if path and recipe.chain != "offsets":
            raise StillpointError(f"The recipe is of the chain series, which has no {name} image. Give the stack instead.")
        if path:
            recipe.inputs[name] = path
    names = list(recipe.names())
    chosen = [part.strip() for part in (job.steps or "").split(",") if part.strip()]
    unknown = [name for name in chosen if name not in names]
    if unknown:
        raise StillpointError(f"The recipe has no step {', '.join(unknown)}; it has {', '.join(names)}.")
    return recipe, [name for name in names if not chosen or name in chosen]


def _parts(recipe: Recipe, wanted: List[str]) -> Dict[str, Tuple[float, float]]:
    """Return the share of the whole that each step takes, from 0 to 1."""
    weights = {name: PLANS[name].weight if recipe.steps[name].mode == "run" else 0.0 for name in wanted}
    total, done, found = sum(weights.values()) or 1.0, 0.0, {}
    for name, weight in weights.items():
        found[name] = (done / total, (done + weight) / total)
        done += weight
    return found


class _Run:
    """One run of a recipe.

    Attributes
    ----------
    failed
        A sentence for each step that could not be done.
    """

    def __init__(
        self, job: RunAnalysis, recipe: Recipe, record: Record, folder: str, parts: Dict[str, Tuple[float, float]],
        progress: Progress,
    ) -> None:
        self._job, self._recipe, self._record, self._folder = job, recipe, record, folder
        self._parts, self._progress = parts, progress
        self._lines: List[str] = []
        self._ran: List[str] = []
        self._warnings: List[str] = []
        self.failed: List[str] = []

    def step(self, name: str) -> None:
        """Run a step, or say why it is not run."""
        self._progress.check()
        found = records.states(self._recipe, self._record, self._folder)
        state, sentence = found[name]
        begin, end = self._parts[name]
        if state in (MINE, LEFT_OUT):
            return
        if state == DONE and not self._job.again:
            self._say(name, "unchanged")
            self._lines.append(f"{_title(name)}: unchanged since {self._record.entry(name).time[:10]}.")
            self._progress(end, f"{_title(name)}: unchanged")
            return
        before = [other for other in givers(self._recipe, name) if found.get(other, (DONE, ""))[0] not in SETTLED]
        if before:
            self._blocked(name, before, found)
            return
        if state == records.MISSING:
            self._fail(name, sentence, "user")
            return
        step = self._complete(job_of(self._recipe, name, self._folder))
        self._say(name, "running", begin=begin, end=end)
        try:
            result = self._perform(step, self._progress.part(begin, end))
        except Cancelled:
            self._say(name, "cancelled")
            raise Cancelled("Cancelled. Steps that were finished stay.") from None
        except StillpointError as error:
            self._note_failure(name, step, str(error))
            self._fail(name, str(error), "user")
        except Exception as error:
            from stillpoint.models.worker import explain

            message, kind = explain(error)
            self._note_failure(name, step, message)
            self._say(name, "failed", message=message, kind=kind)
            raise
        else:
            self._note(name, step, result)

    def _complete(self, step: Job) -> Job:
        """Return a step's job with the device and the cluster of the whole where the recipe names none."""
        form = step.to_dict()
        if form["parameters"]["device"] == "auto":
            form["parameters"]["device"] = self._job.device
        form["parameters"]["scheduler"] = form["parameters"]["scheduler"] or self._job.scheduler
        return from_dict(form)

    def _perform(self, step: Job, progress: Progress) -> Result:
        from stillpoint.models import dispatch

        return dispatch.run(step, progress)

    def _blocked(self, name: str, before: List[str], found: Dict[str, Tuple[str, str]]) -> None:
        """Say why a step cannot be run: one before it failed just now, or was not asked for."""
        others = " and ".join(_title(other) for other in before)
        if any(other in self._parts for other in before):  # its own sentence was said already
            self._say(name, "blocked", message=f"Not run, because {others} did not end well.")
            return
        reason = next((found[other][1] for other in before if found[other][1]), "")
        self._fail(name, f"It needs {others}, which is not done yet. {reason}".strip(), "user")

    def _note(self, name: str, step: Job, result: Result) -> None:
        print_now = records.fingerprint(step)
        now = datetime.now(timezone.utc).astimezone().isoformat(timespec="seconds")
        self._record.steps[name] = Entry(
            print_now, step.to_dict(), {key: str(Path(path).resolve()) for key, path in result.outputs.items()}, result.summary,
            records.kept(result.details), list(result.warnings), now,
        )  # fmt: skip
        records.write_record(self._record, self._folder)
        self._ran.append(name)
        first = _first_line(result)
        self._lines.append(f"{_title(name)}: {first}")
        self._warnings += [f"{_title(name)}: {warning}" for warning in result.warnings]
        self._say(name, "done", message=first)

    def _note_failure(self, name: str, step: Job, message: str) -> None:
        entry = self._record.entry(name)
        entry.error, entry.attempt = message, records.fingerprint(step)
        self._record.steps[name] = entry
        records.write_record(self._record, self._folder)

    def _fail(self, name: str, message: str, kind: str) -> None:
        self.failed.append(f"{_title(name)}: {message}")
        self._say(name, "failed", message=message, kind=kind)

    def _say(self, name: str, state: str, *, message: str = "", kind: str = "", begin: float = 0.0, end: float = 0.0) -> None:
        logger.debug("step %s: %s", name, state)
        self._progress.figures({
            "about": "step", "step": name, "state": state, "message": message, "kind": kind, "begin": begin, "end": end,
        })  # fmt: skip

    def result(self) -> Result:
        """Return the files of all steps by ``step.parameter``, and what each says of itself."""
        outputs = {
            f"{name}.{parameter}": path for name in self._recipe.names() if name in self._record.steps
            for parameter, path in self._record.steps[name].outputs.items()
        }  # fmt: skip
        outputs["record"] = str(Path(self._folder) / records.FILE)
        return Result(outputs, "\n".join(self._lines) or "Nothing was to be done.", {"ran": self._ran}, self._warnings)


def _first_line(result: Result) -> str:
    """Return what came out in a line; of classes, which the summary tells in a table, the shares."""
    classes = result.details.get("classes")
    if isinstance(classes, dict) and sum(classes.values()):
        total = sum(classes.values())
        shares = ", ".join(f"{name} {count / total:.1%}" for name, count in classes.items() if count)
        return f"{total:,} points: {shares}"
    return next((line.strip() for line in result.summary.splitlines() if line.strip()), "done")


def _title(name: str) -> str:
    return TITLES[name]


TITLES = {
    "stack": "Stack", "interferograms": "Interferograms", "scatterers": "Scatterers", "series": "Displacement series",
    "trends": "Trends", OFFSETS: "Offsets",
}  # fmt: skip
"""The steps for people."""
