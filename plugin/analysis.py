"""The analysis that the panel "New Analysis" leads through: its recipe, its folder, its runs, and its life with the project.

Nothing is computed here: a run is one job of the engine (``run-analysis``), which does the steps one after the other.
"""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path
from typing import Any, Dict, List, Mapping, Optional, Sequence, Tuple

from qgis.core import QgsProject
from qgis.PyQt.QtCore import QObject, pyqtSignal

from stillpoint.models import analysis_record as records
from stillpoint.models.analysis_record import FAILED, GONE, NEW, STALE, WAITING, Entry, Record
from stillpoint.models.errors import StillpointError
from stillpoint.models.jobs import Job, RunAnalysis
from stillpoint.models.recipe import (
    INTERFEROGRAMS,
    OWN,
    RUN,
    SKIP,
    STACK,
    Recipe,
    job_of,
    mapped,
    read_recipe,
    recipe_of,
    write_recipe,
)
from stillpoint.plugin import analysis_checks, environment, tasks
from stillpoint.plugin.language import tr
from stillpoint.plugin.runner import EngineError

SCOPE, ENTRY = "stillpoint", "analysis"
RECIPE = "recipe.json"
OPEN = (NEW, WAITING, STALE, FAILED, GONE)
"""States of steps that a run would do."""

_UNSAFE = re.compile(r'[<>:"/\\|?*\x00-\x1f]+')


class Analysis(QObject):
    """A recipe that is worked on, the folder of its results, and what is done there.

    Signals
    -------
    changed
        Recipe, folder or states changed.
    began, progressed, ended
        A step begins; is so far (0..1, with a message); ended, with its new state.
    stopped
        The run is over, with an error or None.

    Attributes
    ----------
    recipe, folder, runs
        What is wanted; where the results of this run lie; the folders of all runs, the oldest first.
    record
        What was done in the folder.
    states
        State and sentence of every step of the chain.
    work, running
        The job in the background, and the step that it is at.
    """

    changed = pyqtSignal()
    began = pyqtSignal(str)
    progressed = pyqtSignal(str, float, str)
    ended = pyqtSignal(str, str)
    stopped = pyqtSignal(object)

    def __init__(self, parent: Optional[QObject] = None) -> None:
        super().__init__(parent)
        self.recipe, self.folder = Recipe(), ""
        self.runs: List[str] = []
        self.record = Record()
        self.states: Dict[str, Tuple[str, str]] = {}
        self.work: Optional[tasks.Work] = None
        self.running = ""
        self.queue: Tuple[str, ...] = ()
        self.broken = ""
        self._died: Dict[str, Tuple[str, bool]] = {}
        self._part = (0.0, 1.0)
        self._picked = False
        project = QgsProject.instance()
        project.readProject.connect(self._project_read)
        project.cleared.connect(self._project_cleared)
        project.writeProject.connect(self._project_written)
        self.restore()

    def unload(self) -> None:
        """Stop what runs, and let go of the project."""
        self.cancel(quietly=True)
        project = QgsProject.instance()
        project.readProject.disconnect(self._project_read)
        project.cleared.disconnect(self._project_cleared)
        project.writeProject.disconnect(self._project_written)

    # The recipe

    def set_recipe(self, recipe: Recipe, *, folder: str = "") -> None:
        """Take another recipe, and a folder where one is given."""
        self.recipe = recipe
        if folder:
            self.folder = folder
            if folder not in self.runs:
                self.runs = [*self.runs, folder]
        self._touched()

    def change(self, name: str, **values: Any) -> None:
        """Change ``mode``, ``options``, ``inputs`` or ``own`` of a step."""
        step = self.recipe.steps[name]
        before = vars(step).copy()
        for key, value in values.items():
            setattr(step, key, value)
        if vars(step) != before:
            self._died.pop(name, None)
            self._source_chosen()
            self._touched()

    def set_chain(self, chain: str) -> None:
        """Take the other chain; the settings of both stay."""
        if chain != self.recipe.chain:
            self.recipe.chain = chain
            self._source_chosen()
            self._touched()

    def set_source(self, path: str) -> None:
        """Choose the stack, or the folder of a product."""
        step = self.recipe.steps[STACK]
        before = (step.mode, self.recipe.source())
        self.recipe.set_source(path)
        if (step.mode, self.recipe.source()) != before:
            self._died.pop(STACK, None)
            self._fit_to_stack()
            self._source_chosen()
            self._touched()

    def set_inputs(self, inputs: Mapping[str, str]) -> None:
        """Choose the images of the chain ``offsets``."""
        given = {name: path for name, path in inputs.items() if path}
        if given != self.recipe.inputs:
            self.recipe.inputs = given
            self._source_chosen()
            self._touched()

    def set_folder(self, folder: str) -> None:
        """Put the results of the first run somewhere else, or go on with what lies there."""
        if folder == self.folder:
            return
        self._picked = bool(folder)
        self.runs = [folder if run == self.folder else run for run in self.runs] if self.folder in self.runs else [folder]
        self.folder = folder
        if not folder:
            self.runs = []
            self._source_chosen()
        self._touched()

    def open_run(self, folder: str) -> None:
        """Go to another run: its own recipe, as it was run there."""
        self.folder = folder
        try:
            record = records.read_record(folder)
        except StillpointError:
            record = Record()
        if record.recipe is not None:
            self.recipe = record.recipe
        self._touched()

    def begin_anew(self) -> None:
        """Forget everything; the files stay."""
        self.recipe, self.folder, self.runs, self._picked = Recipe(), "", [], False
        self._died = {}
        self._touched()

    def repeat(self, source: str, secondary: str = "") -> str:
        """Have the same recipe run on new data, into a new folder beside this run's results; returns the folder."""
        recipe = recipe_of(self.recipe.to_dict())
        if recipe.chain == "offsets":
            recipe.inputs = {"reference": source, **({"secondary": secondary} if secondary else {})}
        elif source != recipe.source():
            recipe.set_source(source)
        base = Path(self.runs[0] if self.runs else self.folder)
        folder, number = base / date.today().isoformat(), 2
        while folder.exists():
            folder, number = base / f"{date.today().isoformat()} ({number})", number + 1
        self.set_recipe(recipe, folder=str(folder))
        return str(folder)

    def _fit_to_stack(self) -> None:
        """Leave out the choice of interferograms for a stack of images, and take it in again for one of interferograms."""
        facts = analysis_checks.stack_of(self.recipe)
        step = self.recipe.steps[INTERFEROGRAMS]
        if facts is not None and facts.is_stack and step.mode != OWN:
            step.mode = RUN if any(band.pair for band in facts.bands) else SKIP

    def _source_chosen(self) -> None:
        """Name a folder beside the source, until the user picks one or something was computed."""
        source = self.recipe.source()
        if self._picked or (self.folder and self.record.steps):
            return
        self.folder, self.runs = "", []
        if source and not source.startswith("/vsi"):
            place = Path(source)
            stem = _UNSAFE.sub(" ", place.name if place.is_dir() else place.stem).strip() or "stack"
            folder, number = place.parent / f"{stem} analysis", 2
            while (folder / records.FILE).exists():  # results of another analysis, which would be taken for this one's
                folder, number = place.parent / f"{stem} analysis {number}", number + 1
            self.folder = str(folder)
            self.runs = [self.folder]

    @property
    def title(self) -> str:
        """What the analysis is called."""
        source = Path(self.recipe.source())
        name = self.recipe.name or (source.name if source.is_dir() else source.stem)
        dated = Path(self.folder).name if len(self.runs) > 1 and self.folder != self.runs[0] else ""
        return ", ".join(filter(None, (name or tr("Analysis"), dated)))

    # States

    def _touched(self) -> None:
        self.refresh()
        self.store()

    def refresh(self) -> None:
        """Look at the files again."""
        self.broken = ""
        try:
            self.record = records.read_record(self.folder)
        except StillpointError as error:
            self.record, self.broken = Record(), str(error)
        self.states = records.states(self.recipe, self.record, self.folder)
        for name, state in self.states.items():
            if state[0] in (NEW, WAITING, STALE, FAILED):
                sentence = analysis_checks.unfit(self.recipe, name)
                self.states[name] = (records.MISSING, sentence) if sentence else state
        for name, (sentence, _) in self._died.items():
            if self.states.get(name, ("", ""))[0] in OPEN:
                self.states[name] = (FAILED, sentence)
        self.changed.emit()

    def needs_setup(self, name: str) -> bool:
        """Tell whether a step failed because of the engine's environment."""
        return self._died.get(name, ("", False))[1]

    def entry(self, name: str) -> Entry:
        """Return what is known of the last good run of a step."""
        return self.record.entry(name)

    def open_steps(self, upto: str = "") -> List[str]:
        """Return the steps that a run would do, up to one of them where it is named."""
        names = list(self.recipe.names())
        if upto:
            names = names[: names.index(upto) + 1]
        return [name for name in names if self.states.get(name, ("", ""))[0] in OPEN]

    def missing(self, upto: str = "") -> Tuple[str, str]:
        """Return the first step that cannot be run because something was not chosen, and the sentence; else empty texts."""
        names = list(self.recipe.names())
        for name in names[: names.index(upto) + 1] if upto else names:
            state, sentence = self.states.get(name, ("", ""))
            if state == records.MISSING:
                return name, sentence
        return "", ""

    def job(self, name: str) -> Job:
        """Return the job of a step as it would run; raises StillpointError where something was not chosen."""
        return job_of(self.recipe, name, self.folder)

    # Runs

    def start(self, steps: Sequence[str], *, again: bool = False) -> None:
        """Run steps in the background.

        Raises
        ------
        StillpointError
            There is no folder, or it cannot be written to.
        """
        if self.work is not None or not steps:
            return
        if not self.folder:
            raise StillpointError(tr("Choose the folder for the results."))
        folder = Path(self.folder)
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            text = tr("The folder {folder} cannot be made ({reason}). Choose another one.")
            raise StillpointError(text.format(folder=folder, reason=error.strerror)) from None
        write_recipe(self.recipe, str(folder / RECIPE))
        job = RunAnalysis(recipe=str(folder / RECIPE), output=str(folder), steps=",".join(steps), again=again)
        self._died = {}
        self.running, self.queue, self._part = "", tuple(steps), (0.0, 1.0)
        work = tasks.job_work(job, title=tr("Stillpoint: analysis of {name}").format(name=self.title))
        # A run that was let go of with its project still talks until the engine stops; nobody listens then.
        work.figures.connect(lambda row: self._told(row) if self.work is work else None)
        work.progressChanged.connect(lambda percent: self._progressed(percent) if self.work is work else None)
        work.message.connect(lambda text: self._say(text) if self.work is work else None)
        work.done.connect(lambda _: self._over(None))
        work.failed.connect(self._over)
        work.stopped.connect(lambda: self._over(None))
        self.work = work
        tasks.start(work)
        self.refresh()

    def cancel(self, *, quietly: bool = False) -> None:
        """Stop the run; steps that are finished stay. ``quietly`` tells nobody: the project is gone."""
        work = self.work
        if work is None:
            return
        if quietly:
            self.work, self.running, self.queue = None, "", ()
            work.drop()
        else:
            work.cancel()

    def _told(self, row: Mapping[str, Any]) -> None:
        """Take what the engine says of a step."""
        if row.get("about") != "step" or self.work is None:
            return
        name, state = str(row["step"]), str(row["state"])
        if state == "running":
            self.running, self._part = name, (float(row["begin"]), float(row["end"]))
            self.refresh()
            self.began.emit(name)
            return
        self.queue = tuple(other for other in self.queue if other != name)
        if state in ("done", "failed", "cancelled"):
            if state == "failed" and row.get("kind") == "environment":
                self._died[name] = (str(row.get("message", "")), True)
            self.running = ""
            self.refresh()
            self.ended.emit(name, state)

    def _progressed(self, percent: float) -> None:
        begin, end = self._part
        if self.running and end > begin:
            fraction = (percent / 100.0 - begin) / (end - begin)
            self.progressed.emit(self.running, min(max(fraction, 0.0), 1.0), "")

    def _say(self, text: str) -> None:
        if self.running or self.queue:
            self.progressed.emit(self.running or self.queue[0], -1.0, text)

    def _over(self, error: Optional[StillpointError]) -> None:
        if self.work is None:
            return
        step = self.running or (self.queue[0] if self.queue else "")
        mendable = isinstance(error, environment.EngineMissingError) or (
            isinstance(error, EngineError) and error.kind == "environment"
        )
        if error is not None and step and (self.running or mendable or not isinstance(error, EngineError)):
            self._died[step] = (str(error), mendable)
        was, self.work, self.running, self.queue = self.running, None, "", ()
        self.refresh()
        if was:
            self.ended.emit(was, self.states.get(was, ("", ""))[0])
        self.stopped.emit(error)

    # The project

    def store(self) -> None:
        """Keep recipe and folders with the project; a project that says so already stays unchanged."""
        project = QgsProject.instance()
        write = project.pathResolver().writePath
        entry = {
            "recipe": mapped(self.recipe, write).to_dict(), "folder": write(self.folder) if self.folder else "",
            "runs": [write(run) for run in self.runs], "picked": self._picked,
        }  # fmt: skip
        blank = not self.folder and self.recipe.to_dict() == Recipe().to_dict()
        text = "" if blank else json.dumps(entry, ensure_ascii=False)
        if project.readEntry(SCOPE, ENTRY, "")[0] != text:
            project.writeEntry(SCOPE, ENTRY, text) if text else project.removeEntry(SCOPE, ENTRY)

    def restore(self) -> None:
        """Take what the project keeps; a project without an analysis leaves a blank one."""
        project = QgsProject.instance()
        read = project.pathResolver().readPath
        self.recipe, self.folder, self.runs, self._picked, self._died = Recipe(), "", [], False, {}
        try:
            entry = json.loads(project.readEntry(SCOPE, ENTRY, "")[0] or "{}")
            if entry:
                self.recipe = mapped(recipe_of(entry["recipe"]), read)
                self.folder = read(str(entry.get("folder") or "")) if entry.get("folder") else ""
                self.runs = [read(str(run)) for run in entry.get("runs") or []]
                self._picked = bool(entry.get("picked"))
        except (ValueError, KeyError, TypeError, AttributeError, StillpointError) as error:
            tasks.log("warning", tr("The analysis that the project keeps cannot be read: {error}").format(error=error))
            self.recipe, self.folder, self.runs = Recipe(), "", []
        self.refresh()

    def _project_read(self, *_: Any) -> None:
        self.cancel(quietly=True)
        self.restore()

    def _project_written(self, *_: Any) -> None:
        self.store()  # a project that has a folder now names the files from there

    def _project_cleared(self) -> None:
        self.cancel(quietly=True)
        self.restore()

    # Files

    def export(self, path: str) -> None:
        """Write the recipe to a file; raises StillpointError where that is not possible."""
        write_recipe(self.recipe, path)

    def load(self, path: str) -> None:
        """Take the recipe of a file, or the whole analysis where it is the record of one; raises StillpointError."""
        recipe = read_recipe(path)
        self.begin_anew()
        self.recipe = recipe
        if Path(path).name == records.FILE:
            self.folder = str(Path(path).parent)
            self.runs = [self.folder]
        else:
            self._source_chosen()
        self._touched()

