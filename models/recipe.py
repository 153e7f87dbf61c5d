"""An analysis as a recipe: which steps, with which options, on which files. Standard library and jobs only: both sides share it.

There are two chains. ``series`` leads from a stack of interferograms to trends; ``offsets`` from two amplitude images to offsets.
Every step is a job that exists by itself; a recipe names what goes into it and what it is handed from the step before.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Dict, List, Mapping, Optional, Tuple

from stillpoint.models.errors import StillpointError
from stillpoint.models.jobs import JOBS, Job, from_dict

FORMAT = 1
"""Version of the JSON form of a recipe."""

RUN, OWN, SKIP = "run", "own", "skip"
"""What becomes of a step: it is computed, a file of the user's takes its place, or it is left out."""

STACK, INTERFEROGRAMS, SCATTERERS, SERIES, TRENDS, OFFSETS = "stack", "interferograms", "scatterers", "series", "trends", "offsets"

CHAINS: Dict[str, Tuple[str, ...]] = {"series": (STACK, INTERFEROGRAMS, SCATTERERS, SERIES, TRENDS), "offsets": (OFFSETS,)}
"""The steps of each chain, in order."""

RASTERS = (".tif", ".tiff", ".vrt", ".img", ".nc", ".h5")

SET_BY_PLAN = ("forecast",)
"""Parameters that no recipe keeps."""

_WRITTEN = ("points-output", "raster-output", "file-output", "folder")
"""Kinds of parameters that name a place to write to: a recipe that is repeated must not write over what it wrote before."""

_READ = ("raster", "points", "file", "sources", "model")
"""Kinds of parameters that name what is read."""


@dataclass(frozen=True)
class Plan:
    """What a step is, whatever the recipe says.

    Attributes
    ----------
    task
        The job that does it.
    takes
        Parameter of the job, and the steps that hand it on: the first that is not left out does. ``""`` stands for an input of the
        recipe with the name of the parameter.
    writes
        Parameter of the job, and the file in the folder of the analysis.
    result
        Parameter whose file is handed on to later steps.
    modes
        What may become of the step.
    weight
        Share of the time, roughly, for the progress of the whole.
    """

    task: str
    takes: Dict[str, Tuple[str, ...]]
    writes: Dict[str, str]
    result: str = "output"
    modes: Tuple[str, ...] = (RUN, OWN, SKIP)
    weight: float = 1.0


PLANS: Dict[str, Plan] = {
    STACK: Plan("open-stack", {}, {"output": "1 stack.vrt"}, modes=(OWN, RUN), weight=0.5),
    INTERFEROGRAMS: Plan(
        "select-interferograms", {"stack": (STACK,)}, {"table": "2 interferograms.csv", "output": "2 kept interferograms.vrt"},
        weight=4.0,
    ),
    SCATTERERS: Plan(
        "select-scatterers", {"stack": (INTERFEROGRAMS, STACK)},
        {"output": "3 PS mask.tif", "probability": "3 PS probability.tif", "points": "3 PS points.gpkg"}, modes=(RUN, OWN),
        weight=3.0,
    ),
    SERIES: Plan(
        "estimate-series", {"stack": (INTERFEROGRAMS, STACK), "mask": (SCATTERERS,)}, {"output": "4 displacement series.gpkg"},
        modes=(RUN, OWN), weight=5.0,
    ),
    TRENDS: Plan("classify-trends", {"points": (SERIES,)}, {"output": "5 trends.gpkg"}, modes=(RUN, SKIP)),
    OFFSETS: Plan("track-offsets", {"reference": ("",), "secondary": ("",)}, {"output": "offsets.tif"}, modes=(RUN,)),
}  # fmt: skip
"""The steps."""


@dataclass
class Step:
    """A step in a recipe.

    Attributes
    ----------
    mode
        RUN, OWN or SKIP.
    options
        Parameters of its job that differ from the job's own defaults.
    inputs
        Files of the user's in the place of what earlier steps hand on, by parameter.
    own
        The file that takes the place of the result where the mode is OWN.
    """

    mode: str = RUN
    options: Dict[str, Any] = field(default_factory=dict)
    inputs: Dict[str, str] = field(default_factory=dict)
    own: str = ""


def _first_steps() -> Dict[str, Step]:
    return {name: Step(mode=plan.modes[0]) for name, plan in PLANS.items()}


@dataclass
class Recipe:
    """An analysis.

    Attributes
    ----------
    chain
        A key of ``CHAINS``.
    steps
        The settings of every step, of both chains.
    inputs
        ``reference`` and ``secondary``, the images of the chain ``offsets``. The stack of the other chain is the step ``stack``.
    name
        For people.
    """

    chain: str = "series"
    steps: Dict[str, Step] = field(default_factory=_first_steps)
    inputs: Dict[str, str] = field(default_factory=dict)
    name: str = ""

    def names(self) -> Tuple[str, ...]:
        """Return the steps of the chain, in order."""
        return CHAINS[self.chain]

    def source(self) -> str:
        """Return what the analysis is of: the stack or its product, or the reference image; empty where nothing was chosen."""
        if self.chain == "offsets":
            return self.inputs.get("reference", "")
        step = self.steps[STACK]
        sources = step.options.get("sources") or ("",)
        return step.own if step.mode == OWN else str(sources[0])

    def set_source(self, path: str) -> None:
        """Take a new stack: a raster as it is, a folder as a product that is opened first."""
        step = self.steps[STACK]
        if Path(path).is_dir():
            step.mode, step.options = RUN, {**step.options, "sources": [path]}
        else:
            step.mode, step.own = OWN, path

    def to_dict(self) -> Dict[str, Any]:
        """Return the JSON form as plain Python."""
        steps = {name: {"mode": step.mode, "options": dict(step.options), "inputs": dict(step.inputs), "own": step.own}
                 for name, step in self.steps.items()}  # fmt: skip
        return {"format": FORMAT, "kind": "stillpoint-recipe", "name": self.name, "chain": self.chain,
                "inputs": dict(self.inputs), "steps": steps}  # fmt: skip


def recipe_of(form: Any) -> Recipe:
    """Build the recipe that ``form`` describes; the record of an analysis, which holds its recipe, serves too.

    Raises
    ------
    StillpointError
        It is no recipe, or one of another version, or a step has settings that its job does not know.
    """
    if isinstance(form, Mapping) and isinstance(form.get("recipe"), Mapping):
        form = form["recipe"]
    if not isinstance(form, Mapping) or form.get("kind") != "stillpoint-recipe":
        raise StillpointError("This is no recipe of an analysis. Choose a file that New Analysis exported, or an analysis.json.")
    if form.get("format") != FORMAT:
        raise StillpointError(f"The recipe has format {form.get('format')!r}; this Stillpoint reads format {FORMAT}.")
    if form.get("chain") not in CHAINS:
        raise StillpointError(f"The recipe has the chain {form.get('chain')!r}; known are {', '.join(CHAINS)}.")
    recipe = Recipe(str(form["chain"]), name=str(form.get("name", "")), inputs=_texts(form.get("inputs"), "inputs of the recipe"))
    steps = form.get("steps", {})
    if not isinstance(steps, Mapping):
        raise StillpointError("The steps of the recipe must be an object.")
    for name, given in steps.items():
        if name not in PLANS or not isinstance(given, Mapping):
            raise StillpointError(f"The recipe has a step {name!r}; known are {', '.join(PLANS)}.")
        mode, options = given.get("mode", PLANS[name].modes[0]), given.get("options", {})
        if mode not in PLANS[name].modes:
            raise StillpointError(f"The step {name} has the mode {mode!r}; it may be {', '.join(PLANS[name].modes)}.")
        if not isinstance(options, Mapping) or not set(options) <= set(option_names(name)):
            raise StillpointError(f"The options of the step {name} must be among {', '.join(option_names(name))}.")
        step = Step(mode, dict(options), _texts(given.get("inputs"), f"inputs of the step {name}"), str(given.get("own") or ""))
        check_options(name, step.options)
        recipe.steps[name] = step
    return recipe


def _texts(given: Any, what: str) -> Dict[str, str]:
    found = {} if given is None else given
    if not isinstance(found, Mapping) or not all(isinstance(value, str) for value in found.values()):
        raise StillpointError(f"The {what} must be an object of file names.")
    return {str(name): value for name, value in found.items() if value}


def check_options(name: str, options: Mapping[str, Any]) -> None:
    """Raise StillpointError where the options of a step are not known to its job, or out of bounds."""
    plan = PLANS[name]
    kind = job_kind(name)
    required = {item.name: "file" for item in kind.parameters() if item.metadata["kind"] not in ("sources",)}
    given = {item: required[item] for item in {*plan.takes, *plan.writes} if item in required}
    sources = {"sources": ("file",)} if name == STACK else {}
    from_dict({"task": plan.task, "parameters": {**given, **sources, **options}})


def job_kind(name: str) -> Any:
    """Return the class of a step's job."""
    return JOBS[PLANS[name].task]


def option_names(name: str) -> List[str]:
    """Return the parameters of a step's job that a recipe keeps as options: all that are no inputs or outputs of the chain."""
    plan = PLANS[name]
    apart = {*plan.takes, *plan.writes, *SET_BY_PLAN, *(("points",) if name == SERIES else ())}
    return [item.name for item in job_kind(name).parameters() if item.name not in apart and item.metadata["kind"] not in _WRITTEN]


def options_of(name: str, job: Job) -> Dict[str, Any]:
    """Return the options of a step that make its job equal ``job``: what differs from the job's defaults."""
    defaults = {item.name: item.default for item in job.parameters()}
    values = {item: getattr(job, item) for item in option_names(name)}
    return {item: list(value) if isinstance(value, tuple) else value for item, value in values.items() if value != defaults[item]}


def result_of(recipe: Recipe, name: str, folder: str) -> str:
    """Return the file that a step hands on, there yet or not; empty where it is left out or nothing was chosen."""
    step, plan = recipe.steps[name], PLANS[name]
    if step.mode == SKIP:
        return ""
    return step.own if step.mode == OWN else str(Path(folder) / plan.writes[plan.result])


def giver_of(recipe: Recipe, name: str, parameter: str) -> Optional[str]:
    """Return the step that hands a step its ``parameter``; None where a file of the user's does, or nobody."""
    if recipe.steps[name].inputs.get(parameter):
        return None
    return next((other for other in PLANS[name].takes[parameter] if other and recipe.steps[other].mode != SKIP), None)


def givers(recipe: Recipe, name: str) -> List[str]:
    """Return the steps whose results go into a step."""
    found = [giver_of(recipe, name, parameter) for parameter in PLANS[name].takes]
    return list(dict.fromkeys(other for other in found if other))


def input_of(recipe: Recipe, name: str, parameter: str, folder: str) -> str:
    """Return the file that goes into a step; empty where nothing was chosen."""
    given = recipe.steps[name].inputs.get(parameter)
    if given:
        return given
    giver = giver_of(recipe, name, parameter)
    return result_of(recipe, giver, folder) if giver else recipe.inputs.get(parameter, "")


CHOOSE = {
    STACK: "Choose the stack to analyse.", INTERFEROGRAMS: "Choose your stack of good interferograms.",
    SCATTERERS: "Choose your PS mask or points.", SERIES: "Choose your displacement series.",
}  # fmt: skip
"""What to say where a step's own file was not chosen."""

MISSING = {
    (STACK, "sources"): "Choose the folder or the files of the product.",
    (INTERFEROGRAMS, "stack"): "Choose the stack first.",
    (SCATTERERS, "stack"): "Choose the stack first.",
    (SERIES, "stack"): "Choose the stack first.",
    (SERIES, "mask"): "Choose your PS mask or points, or have the PS selected.",
    (TRENDS, "points"): "Choose your displacement series, or have them estimated.",
    (OFFSETS, "reference"): "Choose the reference image.",
}
"""What to say where an input is missing."""


def job_of(recipe: Recipe, name: str, folder: str) -> Job:
    """Return the job of a step, its inputs there yet or not.

    Raises
    ------
    StillpointError
        Something that goes in was not chosen, or an option does not fit.
    """
    plan, step = PLANS[name], recipe.steps[name]
    values: Dict[str, Any] = dict(step.options)
    for parameter in plan.takes:
        path = input_of(recipe, name, parameter, folder)
        if path:
            target = "points" if (name, parameter) == (SERIES, "mask") and not is_raster(path) else parameter
            values[target] = path
            if name == TRENDS and "|layername=" in path:  # as QGIS names a layer in a file
                values[target], _, values["layer"] = path.partition("|layername=")
        elif (name, parameter) in MISSING:
            raise StillpointError(MISSING[(name, parameter)])
    if name == STACK and not values.get("sources"):
        raise StillpointError(MISSING[(STACK, "sources")])
    values.update({parameter: str(Path(folder) / file) for parameter, file in plan.writes.items()})
    return from_dict({"task": plan.task, "parameters": values})


def is_raster(path: str) -> bool:
    """Whether a file is a raster by its name; else it holds points."""
    return Path(path.partition("|")[0]).suffix.lower() in RASTERS


# Files


def mapped(recipe: Recipe, change: Any) -> Recipe:
    """Return a copy of a recipe with every file name changed by ``change(path)``; empty names stay."""
    def new(value: Any) -> Any:
        if isinstance(value, (list, tuple)):
            return [new(each) for each in value]
        return change(value) if isinstance(value, str) and value else value

    steps = {}
    for name, step in recipe.steps.items():
        files = {item.name for item in job_kind(name).parameters()
                 if item.metadata["kind"] in _READ}  # fmt: skip
        options = {item: new(value) if item in files else value for item, value in step.options.items()}
        steps[name] = Step(step.mode, options, {item: new(path) for item, path in step.inputs.items()}, new(step.own))
    return Recipe(recipe.chain, steps, {item: new(path) for item, path in recipe.inputs.items()}, recipe.name)


def write_recipe(recipe: Recipe, path: str) -> None:
    """Write a recipe as JSON; files in its folder or below are named from there, so that the folder can be moved.

    Raises
    ------
    StillpointError
        The file cannot be written.
    """
    form = mapped(recipe, lambda name: near(name, Path(path).resolve().parent)).to_dict()
    write_json(form, path)


def read_recipe(path: str) -> Recipe:
    """Read a recipe, or the recipe in the record of an analysis; its file names become absolute.

    Raises
    ------
    StillpointError
        The file cannot be read, or is no recipe.
    """
    try:
        form = json.loads(Path(path).read_text(encoding="utf-8-sig"))
    except (OSError, ValueError, RecursionError) as error:
        raise StillpointError(f"The recipe {path} cannot be read: {error}.") from None
    return mapped(recipe_of(form), lambda name: whole(name, Path(path).resolve().parent))


def write_json(form: Any, path: str) -> None:
    """Write JSON under a temporary name, then give it its own; raises StillpointError where that is not possible."""
    target = Path(path)
    draft = target.with_name(f".{target.name}.{os.getpid():08x}.partial")
    try:
        draft.write_text(json.dumps(form, ensure_ascii=False, indent=1), encoding="utf-8")
        os.replace(draft, target)
    except OSError as error:
        draft.unlink(missing_ok=True)
        raise StillpointError(f"{path} cannot be written ({error.strerror or error}). Choose another folder.") from None


def near(name: str, folder: Path) -> str:
    """Return a file name as it is written beside ``folder``'s own files: from there where it lies in the folder, else whole."""
    try:
        return Path(name).resolve().relative_to(folder).as_posix() if not name.startswith("/vsi") else name
    except ValueError:
        return name


def whole(name: str, folder: Path) -> str:
    """Return the whole of a file name that may be told from ``folder``."""
    return name if Path(name).is_absolute() or "://" in name else str(folder / name)
