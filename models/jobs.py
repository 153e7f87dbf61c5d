"""What can be asked of the engine, as typed dataclasses that travel as JSON.

Standard library only, and no import of the rest of the engine: QGIS's side builds jobs with this
module, the worker reads them back. One description of every parameter (``parameter``) feeds the
command line, the Processing algorithms and the checks, so that the front doors cannot drift apart.
"""

from __future__ import annotations

import json
from dataclasses import MISSING, Field, dataclass, field, fields
from typing import Any, ClassVar, Dict, Iterator, List, Mapping, Optional, Sequence, Tuple, Type

from stillpoint.models.errors import StillpointError

FORMAT = 1
"""Version of the JSON form of a job."""

REQUIRED: Any = "\0required"
"""Stands for the default of a parameter that must be given."""

KINDS = {
    "text": str,
    "choice": str,
    "number": float,
    "integer": int,
    "flag": bool,
    "points": str,
    "raster": str,
    "file": str,
    "folder": str,
    "model": str,
    "points-output": str,
    "raster-output": str,
    "file-output": str,
}
"""Kinds of parameter, and the Python type that each travels as."""


def parameter(
    default: Any = REQUIRED,
    *,
    kind: str,
    title: str,
    help: str,
    choices: Sequence[str] = (),
    minimum: Optional[float] = None,
    maximum: Optional[float] = None,
    unit: str = "",
    positional: bool = False,
    advanced: bool = False,
) -> Any:
    """Describe one parameter of a job.

    Parameters
    ----------
    default
        Its default; None where the engine finds the value by itself; REQUIRED where it must be given.
    kind
        A key of ``KINDS``.
    title
        A few words, the label in a dialog.
    help
        One sentence for the user: what it does and when to change it.
    choices
        Allowed values of a ``choice``.
    minimum, maximum
        Bounds of a number, both allowed.
    unit
        Unit of a number, for labels.
    positional
        True for the arguments that the command line takes without a flag.
    advanced
        True hides it behind "Advanced" in Processing and at the end of dialogs.
    """
    if kind not in KINDS:
        raise ValueError(f"unknown kind {kind!r}")
    return field(
        default=default,
        metadata={
            "kind": kind,
            "title": title,
            "help": help,
            "choices": tuple(choices),
            "minimum": minimum,
            "maximum": maximum,
            "unit": unit,
            "positional": positional,
            "advanced": advanced,
        },
    )


@dataclass(frozen=True)
class Job:
    """Base of all jobs: what every command takes."""

    task: ClassVar[str] = ""
    """Name on the command line, with dashes; the Processing id is the same without them."""
    title: ClassVar[str] = ""
    help: ClassVar[str] = ""

    device: str = parameter(
        "auto",
        kind="text",
        title="Device",
        help="Where to compute: auto, cpu, cuda:0, mps ... auto takes the fastest that is free.",
        advanced=True,
    )
    model: Optional[str] = parameter(
        None,
        kind="model",
        title="Model",
        help="A model file of yours (.safetensors) instead of the one shipped with Stillpoint.",
        advanced=True,
    )
    scheduler: Optional[str] = parameter(
        None,
        kind="text",
        title="Dask scheduler",
        help="Address of a Dask scheduler (tcp://host:8786) that computes instead of this machine.",
        advanced=True,
    )

    def __post_init__(self) -> None:
        """Check every value against its description.

        Raises
        ------
        StillpointError
            A value is missing, of the wrong type, not among the choices or out of bounds.
        """
        for item in fields(self):
            object.__setattr__(self, item.name, _checked(self.task, item, getattr(self, item.name)))

    @classmethod
    def parameters(cls) -> Iterator[Field]:
        """Yield the fields in the order for people: those of the task first, the common ones last."""
        common = {item.name for item in fields(Job)}
        own = [item for item in fields(cls) if item.name not in common]
        yield from own
        yield from (item for item in fields(cls) if item.name in common)

    def to_dict(self) -> Dict[str, Any]:
        """Return the JSON form as plain Python."""
        values = {item.name: getattr(self, item.name) for item in fields(self)}
        return {"format": FORMAT, "task": self.task, "parameters": values}

    def to_json(self) -> str:
        """Return the job as one line of JSON."""
        return json.dumps(self.to_dict(), ensure_ascii=False)


def _checked(task: str, item: Field, value: Any) -> Any:
    """Return ``value`` as the type of its kind, or raise a StillpointError that names the parameter."""
    about = item.metadata
    name = f"{item.name.replace('_', '-')} of {task or 'a job'}"
    if value == REQUIRED and isinstance(value, str):
        raise StillpointError(f"{name} is missing: {about['help']}")
    if value is None:
        if item.default is None:
            return None
        raise StillpointError(f"{name} must not be empty: {about['help']}")
    expected = KINDS[about["kind"]]
    if expected is float and isinstance(value, int) and not isinstance(value, bool):
        value = float(value)
    if not isinstance(value, expected) or (expected is int and isinstance(value, bool)):
        raise StillpointError(f"{name} must be a {about['kind']}, not {value!r}.")
    if about["choices"] and value not in about["choices"]:
        raise StillpointError(f"{name} is {value!r}, but must be one of {', '.join(about['choices'])}.")
    if expected in (float, int):
        if value != value or value in (float("inf"), float("-inf")):
            raise StillpointError(f"{name} must be a finite number.")
        low, high = about["minimum"], about["maximum"]
        if (low is not None and value < low) or (high is not None and value > high):
            raise StillpointError(f"{name} is {value:g}, but must lie between {low} and {high}.")
    return value


@dataclass(frozen=True)
class DescribePoints(Job):
    """Look into a point file: which dates, unit, coordinates and fields it has."""

    task: ClassVar[str] = "describe-points"
    title: ClassVar[str] = "Describe points"
    help: ClassVar[str] = "Shows what Stillpoint reads from a point file: dates, unit, coordinates, fields."

    points: str = parameter(
        kind="points", title="Points", positional=True,
        help="File with one displacement series a point (CSV, HDF5 or any vector format of GDAL).",
    )
    layer: Optional[str] = parameter(
        None, kind="text", title="Layer", help="Layer to read where the file has several.", advanced=True
    )
    unit: str = parameter(
        "auto", kind="choice", title="Unit", choices=("auto", "mm", "cm", "m"),
        help="Unit of the displacements; auto reads it from the file's format and values.",
    )
    crs: Optional[str] = parameter(
        None, kind="text", title="CRS",
        help="Coordinate reference system (EPSG:4326 ...) where the file names none or a wrong one.",
        advanced=True,
    )


@dataclass(frozen=True)
class ClassifyTrends(DescribePoints):
    """Give every point of a displacement time series its trend class."""

    task: ClassVar[str] = "classify-trends"
    title: ClassVar[str] = "Classify trends"
    help: ClassVar[str] = (
        "Classifies the displacement series of every point as Stable, Linear, Quadratic, Bilinear or "
        "Phase unwrapping error, with probabilities, velocities, break date and jumps."
    )

    output: str = parameter(
        kind="points-output", title="Classified points",
        help="File to write: .gpkg, .shp, .csv, .fgb or .parquet.",
    )
    method: str = parameter(
        "default", kind="choice", title="Method", choices=("default", "mirmazloumi_cnn", "statistical"),
        help="default: Stillpoint's network; mirmazloumi_cnn: the published one; statistical: trend tests after Berti et al.",
    )
    wavelength: Optional[float] = parameter(
        None, kind="number", title="Wavelength", unit="m", minimum=0.005, maximum=1.0,
        help="Radar wavelength (0.0555 for C band); empty takes it from the file, else from its dates and format.",
    )
    abstain: bool = parameter(
        True, kind="flag", title="Abstain where nothing fits",
        help="Leaves points without a class where the series looks like none of the five, and says why.",
    )
    class_shares: str = parameter(
        "balanced", kind="text", title="Expected class shares", advanced=True,
        help="balanced, typical, or five numbers such as 0.73,0.15,0.06,0.05,0.01: how common each class is expected to be.",
    )
    series: str = parameter(
        "packed", kind="choice", title="Keep the series", choices=("packed", "columns", "none"),
        help="packed: one binary field, quick to read by the series viewer; columns: a field a date; none.",
    )
    correct_jumps: bool = parameter(
        False, kind="flag", title="Correct jumps",
        help="Removes phase jumps (multiples of half a wavelength) from the series that are written.",
    )
    significance: float = parameter(
        1e-4, kind="number", title="Significance level", minimum=1e-12, maximum=0.2, advanced=True,
        help="Level of the tests of the method statistical; smaller calls fewer points moving.",
    )


@dataclass(frozen=True)
class Simulate(Job):
    """Simulate data with known truth."""

    task: ClassVar[str] = "simulate"
    title: ClassVar[str] = "Simulate"
    help: ClassVar[str] = "Simulates a scene, point series or an image pair with known truth."

    what: str = parameter(
        "valley", kind="choice", title="What", choices=("valley", "series"), positional=True,
        help="valley: points of a valley with landslides and a town; series: unrelated series of all classes.",
    )
    output: str = parameter(
        kind="points-output", title="Simulated data", help="File to write: .gpkg, .csv, .shp."
    )
    points: int = parameter(
        20000, kind="integer", title="Number of points", minimum=1, maximum=100_000_000,
        help="How many points to simulate.",
    )
    dates: int = parameter(
        139, kind="integer", title="Number of dates", minimum=5, maximum=2000, help="How many epochs a series has."
    )
    seed: int = parameter(
        1, kind="integer", title="Seed", minimum=0, maximum=2**31 - 1,
        help="The same seed gives the same data.",
    )
    terrain: Optional[str] = parameter(
        None, kind="raster-output", title="Terrain", advanced=True,
        help="GeoTIFF for the heights of the valley, as a background of the map; empty writes none.",
    )


@dataclass(frozen=True)
class TrainModel(Job):
    """Train a network."""

    task: ClassVar[str] = "train"
    title: ClassVar[str] = "Train a model"
    help: ClassVar[str] = "Trains one of the networks on simulated data, and writes its model card."

    capability: str = parameter(
        kind="choice", title="Task", choices=("trends",), positional=True, help="What the network is for."
    )
    network: str = parameter(
        "default", kind="choice", title="Network", choices=("default", "mirmazloumi_cnn"), help="Which network to train."
    )
    output: str = parameter(
        kind="file-output", title="Model", help="Model file to write (.safetensors); its card is written beside it."
    )
    epochs: int = parameter(
        0, kind="integer", title="Epochs", minimum=0, maximum=100_000,
        help="How many epochs (256,000 simulated series each for the default network); 0 takes the network's own number.",
    )
    resume: bool = parameter(
        False, kind="flag", title="Resume", help="Goes on from the last checkpoint of the same output."
    )
    seed: int = parameter(
        1, kind="integer", title="Seed", minimum=0, maximum=2**31 - 1, help="The same seed repeats the training."
    )


@dataclass(frozen=True)
class CheckEnvironment(Job):
    """Report on the engine's environment and try each device."""

    task: ClassVar[str] = "check-environment"
    title: ClassVar[str] = "Check environment"
    help: ClassVar[str] = "Reports versions and devices of the engine and runs a small network on each device."


JOBS: Dict[str, Type[Job]] = {
    job.task: job for job in (ClassifyTrends, DescribePoints, Simulate, TrainModel, CheckEnvironment)
}


def from_dict(form: Mapping[str, Any]) -> Job:
    """Build the job that ``form`` (the result of :meth:`Job.to_dict`) describes.

    Raises
    ------
    StillpointError
        Unknown task or parameter, or a value that its parameter does not allow.
    """
    if not isinstance(form, Mapping) or "task" not in form:
        raise StillpointError("The job has no task: it must be an object with 'task' and 'parameters'.")
    if form.get("format", FORMAT) != FORMAT:
        raise StillpointError(f"The job has format {form['format']!r}; this Stillpoint reads format {FORMAT}.")
    kind = JOBS.get(form["task"]) if isinstance(form["task"], str) else None
    if kind is None:
        raise StillpointError(f"Unknown task {form['task']!r}; known are {', '.join(sorted(JOBS))}.")
    values = form.get("parameters", {})
    if not isinstance(values, Mapping):
        raise StillpointError("The parameters of the job must be an object.")
    known = {item.name for item in fields(kind)}
    unknown = sorted(set(values) - known)
    if unknown:
        raise StillpointError(f"{kind.task} has no parameter {', '.join(map(repr, unknown))}.")
    return kind(**values)


def from_json(text: str) -> Job:
    """Build a job from the JSON form in ``text``; see :func:`from_dict`."""
    try:
        form = json.loads(text)
    except ValueError as error:
        raise StillpointError(f"The job is not valid JSON: {error}.") from None
    return from_dict(form)


@dataclass(frozen=True)
class Result:
    """What a job gives back.

    Attributes
    ----------
    outputs
        Files written, by the name of the parameter that asked for them.
    summary
        Some lines of text for people.
    details
        Figures for programs (tables, counts, seconds); JSON types only.
    warnings
        Sentences that the user should see although the job is done.
    """

    outputs: Dict[str, str] = field(default_factory=dict)
    summary: str = ""
    details: Dict[str, Any] = field(default_factory=dict)
    warnings: List[str] = field(default_factory=list)

    def to_dict(self) -> Dict[str, Any]:
        """Return the JSON form as plain Python."""
        return {
            "outputs": self.outputs,
            "summary": self.summary,
            "details": self.details,
            "warnings": self.warnings,
        }

    @classmethod
    def from_dict(cls, form: Mapping[str, Any]) -> Result:
        """Build a result from its JSON form."""
        return cls(
            dict(form.get("outputs", {})),
            str(form.get("summary", "")),
            dict(form.get("details", {})),
            list(form.get("warnings", [])),
        )


def defaults(kind: Type[Job]) -> Tuple[Tuple[str, Any], ...]:
    """Return (name, default) of every parameter of ``kind``; REQUIRED where there is none."""
    return tuple(
        (item.name, REQUIRED if item.default is MISSING else item.default) for item in kind.parameters()
    )
