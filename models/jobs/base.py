"""What all jobs share: parameters described once, checked values, the JSON form, the result."""

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
    "sources": tuple,
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


def forecast_parameter() -> Any:
    """Describe the parameter ``forecast`` of the jobs that can tell beforehand what they will need."""
    return parameter(
        False,
        kind="flag",
        title="Forecast only",
        help="Only tells how much time, memory and disk the job would need, from its sizes and a short calibration.",
        advanced=True,
    )


def cog_parameter() -> Any:
    """Describe the parameter ``cog`` of the jobs that write rasters."""
    return parameter(
        False,
        kind="flag",
        title="Cloud-optimised",
        help="Writes rasters as Cloud-Optimised GeoTIFF, with overviews inside: quick to look at over a network.",
        advanced=True,
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
        help="Where to compute: auto, cpu, cuda:0, mps ... auto takes the fastest that is free. A training can use several: "
        "cuda:0,cuda:1.",
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


def _texts(name: str, value: Any, help: str) -> Tuple[str, ...]:
    """Return several texts as a tuple; a single text is a list of one."""
    texts = (value,) if isinstance(value, str) else value
    if not isinstance(texts, (list, tuple)) or not all(isinstance(text, str) and text for text in texts):
        raise StillpointError(f"{name} must be a list of files or folders, not {value!r}.")
    if not texts:
        raise StillpointError(f"{name} is missing: {help}")
    return tuple(texts)


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
    if expected is tuple:
        return _texts(name, value, about["help"])
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
