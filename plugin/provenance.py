"""How a layer came about: the job, the version, the time, the inputs and what came out, kept in the layer itself.

The engine writes most of this into its files. The layer keeps it too, in a custom property that is saved with the project, so that
it is still told where a file has no room for it, and QGIS's own "Information" tab and layer notes tell it in words.
"""

from __future__ import annotations

import html
import json
from dataclasses import dataclass, field, replace
from datetime import datetime, timezone
from pathlib import Path
from typing import Any, Dict, Iterable, List, Mapping, Optional, Sequence, Tuple

from osgeo import gdal
from qgis.core import QgsLayerMetadata, QgsLayerNotesUtils, QgsMapLayer, QgsVectorLayer

from stillpoint.models import __version__
from stillpoint.models.errors import StillpointError
from stillpoint.models.jobs import JOBS, Job, Result, from_dict
from stillpoint.plugin.breath import breathe
from stillpoint.plugin.language import tr

PROPERTY = "stillpoint/provenance"
"""Custom property of a layer that carries its provenance as JSON."""

ITEM = "STILLPOINT_PROVENANCE"
"""Metadata item of the engine's files that carries it."""

_INPUTS = ("points", "raster", "file", "sources", "model")
_OUTPUTS = ("points-output", "raster-output", "file-output", "folder")
_UNSAID = ("device", "scheduler", "forecast", "cog")
_KEPT = ("job", "stillpoint", "time", "inputs", "outputs", "summary", "figures", "model", "seconds", "warnings")
_LARGEST_FIGURES = 20_000


@dataclass(frozen=True)
class Provenance:
    """How a layer was made.

    Attributes
    ----------
    job
        The JSON form of the job; empty where it is not known.
    version
        Version of Stillpoint that did it; empty where unknown.
    time
        When, in ISO 8601; empty where unknown.
    inputs, outputs
        Files read and written, by the name of the parameter.
    summary
        The engine's own lines for people.
    figures
        Figures of the result, by name; JSON types.
    model
        Name, version and SHA-256 of the model used; empty where the method has none.
    more
        What the file says beside.
    """

    job: Mapping[str, Any] = field(default_factory=dict)
    version: str = ""
    time: str = ""
    inputs: Mapping[str, Any] = field(default_factory=dict)
    outputs: Mapping[str, str] = field(default_factory=dict)
    summary: str = ""
    figures: Mapping[str, Any] = field(default_factory=dict)
    model: Mapping[str, Any] = field(default_factory=dict)
    more: Mapping[str, Any] = field(default_factory=dict)

    @property
    def task(self) -> str:
        """Name of the task, such as ``"classify-trends"``; empty where unknown."""
        return str(self.job.get("task", "") or "")

    @property
    def parameters(self) -> Dict[str, Any]:
        """The parameters of the job by name."""
        given = self.job.get("parameters", {})
        return dict(given) if isinstance(given, Mapping) else {}

    @property
    def title(self) -> str:
        """The task in words."""
        kind = JOBS.get(self.task)
        return tr(kind.title) if kind is not None else self.task

    def as_job(self) -> Job:
        """Return the job, to be run again; raises StillpointError where this version cannot build it."""
        if not self.job:
            raise StillpointError(tr("The layer does not say with which parameters it was made."))
        known = JOBS.get(self.task)
        if known is None:
            return from_dict(self.job)
        names = {item.name for item in known.parameters()}
        kept = {name: value for name, value in self.parameters.items() if name in names}  # a later version may have dropped some
        return from_dict({"task": self.task, "parameters": kept})

    def to_dict(self) -> Dict[str, Any]:
        """Return the JSON form, the keys of the engine's own among them."""
        form = {
            **self.more, "job": dict(self.job), "stillpoint": self.version, "time": self.time, "inputs": dict(self.inputs),
            "outputs": dict(self.outputs), "summary": self.summary, "figures": dict(self.figures), "model": dict(self.model),
        }  # fmt: skip
        return {name: value for name, value in form.items() if value not in ("", {}, [], None)}


def from_form(form: Mapping[str, Any]) -> Provenance:
    """Return the provenance in its JSON form, which may be the engine's own, older or changed by hand."""
    def mapping(name: str) -> Dict[str, Any]:
        value = form.get(name)
        return dict(value) if isinstance(value, Mapping) else {}

    job = mapping("job")
    inputs = mapping("inputs") or _files_of(job, _INPUTS)
    return Provenance(
        job, str(form.get("stillpoint") or form.get("version") or ""), str(form.get("time") or ""), inputs,
        mapping("outputs") or _files_of(job, _OUTPUTS), str(form.get("summary") or ""), mapping("figures"), mapping("model"),
        {str(name): value for name, value in form.items() if name not in _KEPT or name == "seconds"},
    )  # fmt: skip


def _files_of(job: Mapping[str, Any], kinds: Sequence[str]) -> Dict[str, Any]:
    """Return the files that a job names, by parameter."""
    kind = JOBS.get(str(job.get("task", "")))
    given = job.get("parameters", {})
    if kind is None or not isinstance(given, Mapping):
        return {}
    return {
        item.name: given[item.name] for item in kind.parameters() if item.metadata["kind"] in kinds and given.get(item.name)
    }


# Writing


def of_result(job: Job, result: Result) -> Provenance:
    """Return the provenance of what ``job`` gave back just now."""
    form = job.to_dict()
    figures = {name: value for name, value in result.details.items() if len(json.dumps(value, default=str)) < _LARGEST_FIGURES}
    if len(json.dumps(figures, default=str)) > _LARGEST_FIGURES:
        figures = {name: value for name, value in figures.items() if not isinstance(value, (list, dict))}
    return Provenance(
        form, __version__, datetime.now(timezone.utc).isoformat(timespec="seconds"), _files_of(form, _INPUTS),
        {str(name): str(path) for name, path in result.outputs.items()}, result.summary,
        json.loads(json.dumps(figures, default=str)),
    )  # fmt: skip


def write(layer: QgsMapLayer, job: Job, result: Result) -> None:
    """Keep in ``layer`` how it was made: in a custom property, and in words in its metadata and notes.

    What the file of the layer says of itself (the model, the time) goes with it. Title and abstract that a layer has already stay.

    Parameters
    ----------
    layer
        A layer of the result, in the project or not yet.
    job
        What was asked.
    result
        What came out.
    """
    _write(layer, of_result(job, result))


def _write(layer: QgsMapLayer, made: Provenance) -> None:
    told = _told_by_file(layer)
    if told is not None:
        made = replace(made, model=told.model or made.model, time=told.time or made.time,
                       version=told.version or made.version, more={**told.more, **made.more})  # fmt: skip
    keep(layer, made)


def write_all(layers: Iterable[QgsMapLayer], job: Job, result: Result) -> None:
    """:func:`write` for every layer of a result."""
    made = of_result(job, result)
    for layer in layers:
        _write(layer, made)
        breathe()


def tell(layer: QgsMapLayer, form: Mapping[str, Any]) -> None:
    """Keep in ``layer`` what its file says of how it was made; what the layer knows beside that is not lost.

    Parameters
    ----------
    layer
        The layer.
    form
        The JSON form of a provenance, as in the engine's files; empty keeps nothing, and writes the layer's abstract as its notes.
    """
    made = from_form(form)
    known = kept(layer)
    if known is not None and known.job and known.task == (made.task or known.task):
        made = replace(
            made, job=known.job, inputs=known.inputs or made.inputs, outputs=known.outputs or made.outputs,
            summary=known.summary or made.summary, figures=known.figures or made.figures, more={**known.more, **made.more},
        )  # fmt: skip
    keep(layer, made)


def keep(layer: QgsMapLayer, made: Provenance) -> None:
    """Keep a provenance in a layer, and tell it in words in the layer's metadata and notes.

    Lines of the history that say something else than the provenance, such as the sense of a sign, stay.
    """
    form = made.to_dict()
    if form:
        layer.setCustomProperty(PROPERTY, json.dumps(form, ensure_ascii=False))
    metadata = QgsLayerMetadata(layer.metadata())
    if not metadata.title():
        metadata.setTitle(f"{made.title}: {layer.name()}" if made.title else layer.name())
    if not metadata.abstract():
        kind = JOBS.get(made.task)
        metadata.setAbstract(tr(kind.help) if kind is not None else made.summary)
    told = lines(made)
    headings = {line.partition(":")[0] for line in told}
    others = [line for line in metadata.history() if line.partition(":")[0] not in headings]
    told = [*told, *others]
    metadata.setHistory(told)
    layer.setMetadata(metadata)
    notes_text = f"<p>{html.escape(metadata.abstract())}</p>"
    if told:
        items = "".join(f"<li>{html.escape(line)}</li>" for line in told)
        notes_text += f"<p>{html.escape(tr('How it was made:'))}</p><ul>{items}</ul>"
    QgsLayerNotesUtils.setLayerNotes(layer, notes_text)


# Reading


def read(layer: Optional[QgsMapLayer]) -> Optional[Provenance]:
    """Return how a layer was made, from the layer itself, else from its file; None where neither says."""
    if layer is None:
        return None
    made = kept(layer)
    return made if made is not None and made.job else _told_by_file(layer) or made


def kept(layer: QgsMapLayer) -> Optional[Provenance]:
    """Return what the layer itself says, without a look into its file; None where it says nothing."""
    return _parsed(layer.customProperty(PROPERTY))


def _parsed(text: Any) -> Optional[Provenance]:
    try:
        form = json.loads(str(text or ""))
    except ValueError:
        return None
    return from_form(form) if isinstance(form, dict) and form else None


def _told_by_file(layer: QgsMapLayer) -> Optional[Provenance]:
    """Return what the engine wrote into the layer's file; None where it wrote nothing, or there is no file."""
    from stillpoint.plugin import facts, stacks

    if layer.dataProvider() is None:
        return None
    if isinstance(layer, QgsVectorLayer):
        found = facts.facts_of(layer).provenance
        return from_form(found) if found else None
    path = stacks.path_of(layer)
    if not path:
        return None
    gdal.PushErrorHandler("CPLQuietErrorHandler")
    try:
        source = gdal.OpenEx(path, gdal.OF_RASTER | gdal.OF_READONLY)
        return _parsed(source.GetMetadataItem(ITEM)) if source is not None else None
    except RuntimeError:
        return None
    finally:
        gdal.PopErrorHandler()


# In words


def rows(made: Provenance, *, private: bool = True) -> List[Tuple[str, str]]:
    """Return a provenance as pairs of a heading and a text, for people.

    Parameters
    ----------
    made
        The provenance.
    private
        False names files without their folders, as in a report that goes to others.
    """
    def name(value: Any) -> str:
        parts = value if isinstance(value, (list, tuple)) else [value]
        return ", ".join(str(part) if private else file_name(str(part)) for part in parts)

    found: List[Tuple[str, str]] = []
    if made.title:
        found.append((tr("Task"), made.title))
    kind = JOBS.get(made.task)
    given = made.parameters
    described = list(kind.parameters()) if kind is not None else []
    for item in described:
        value, about = given.get(item.name), item.metadata
        if item.name in _UNSAID or value in (None, "", [], ()) or about["kind"] in _OUTPUTS:
            continue
        is_file = about["kind"] in _INPUTS
        if about["advanced"] and not is_file and value == item.default:
            continue
        if is_file:
            text = name(value)
        elif isinstance(value, bool):
            text = tr("yes") if value else tr("no")
        elif item.name == "method":
            text = method_name(made.task, str(value))
        else:
            text = f"{value:g}" if isinstance(value, float) else str(value).replace("_", " ")
        found.append((tr(about["title"]), f"{text} {about['unit']}".strip()))
    threshold = made.more.get("threshold")
    if given.get("threshold") is None and isinstance(threshold, (int, float)):
        found.append((tr("Threshold"), f"{threshold:g}"))
    found += [(heading, text) for heading, text in (_input_row(made), _wavelength_row(made, given)) if text]
    said = {heading for heading, _ in found} | ({"Model"} if made.model.get("name") else set())
    found += [(tr(key), name(value)) for key, value in made.more.items() if key[:1].isupper() and key not in (*said, "Seconds")]
    if made.model.get("name"):
        found.append((tr("Model used"), " ".join(filter(None, (name(made.model["name"]), str(made.model.get("version") or ""))))))
        if made.model.get("sha256"):
            found.append((tr("Checksum of the model"), f"SHA-256 {str(made.model['sha256'])[:16]}…"))
    device = made.more.get("device")
    if device:
        found.append((tr("Computed on"), str(device)))
    seconds = made.more.get("seconds", made.figures.get("seconds"))
    if isinstance(seconds, (int, float)):
        found.append((tr("Time taken"), in_seconds(float(seconds))))
    if made.time:
        found.append((tr("Made"), when(made.time)))
    if made.version:
        found.append(("Stillpoint", made.version))
    return found


def _input_row(made: Provenance) -> Tuple[str, str]:
    """Return what the engine found in the input."""
    told = made.more.get("input")
    if not isinstance(told, Mapping):
        return "", ""
    parts = [str(told[name]) for name in ("format", "quantity", "unit") if told.get(name)]
    for name, word in (("dates", tr("dates")), ("pairs", tr("pairs"))):
        if _is_count(told.get(name)):
            parts.append(f"{told[name]:,} {word}")
    return tr("Read as"), ", ".join(parts)


def _wavelength_row(made: Provenance, given: Mapping[str, Any]) -> Tuple[str, str]:
    """Return the wavelength where the engine found it by itself."""
    value = made.more.get("wavelength")
    if given.get("wavelength") is not None or not isinstance(value, (int, float)):
        return "", ""
    return tr("Wavelength found"), f"{1000 * value:.1f} mm"


def _is_count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value > 0


def method_name(task: str, method: str) -> str:
    """Return a method in words."""
    from stillpoint.plugin import interferograms, offsets, scatterer_facts

    known: Dict[str, Mapping[str, str]] = {
        "classify-trends": _TREND_METHODS, "select-scatterers": scatterer_facts.METHODS,
        "select-interferograms": interferograms.METHODS, "track-offsets": offsets.METHODS,
    }  # fmt: skip
    return tr(known.get(task, {}).get(method, method.replace("_", " ")))


_TREND_METHODS = {
    "default": "Stillpoint's network", "mirmazloumi_cnn": "CNN of Mirmazloumi et al.",
    "statistical": "Statistical tests after Berti et al.",
}  # fmt: skip


def lines(made: Provenance, *, private: bool = True) -> List[str]:
    """Return a provenance as lines for people: what was asked, with which model, when, and what came out."""
    told = [f"{heading}: {text}" for heading, text in rows(made, private=private)]
    if made.summary:
        told += [line.strip() for line in made.summary.splitlines() if line.strip()][:12]
    return told


def file_name(path: str) -> str:
    """Return the name of a file without its folders, whichever system wrote it; a sublayer's name stays."""
    base, bar, rest = path.partition("|")
    name = base.replace("\\", "/").rstrip("/").rpartition("/")[2] or base
    return f"{name}{bar}{rest}" if rest and not rest.startswith("layername=") else name


def when(time: str) -> str:
    """Return a time in ISO 8601 for people; as it is where it is none."""
    try:
        moment = datetime.fromisoformat(time.replace("Z", "+00:00"))
    except ValueError:
        return time
    return moment.strftime("%Y-%m-%d %H:%M UTC" if moment.tzinfo is not None else "%Y-%m-%d %H:%M")


def in_seconds(seconds: float) -> str:
    """Return a duration for people."""
    if seconds < 60:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min {rest} s"


def exists(path: str) -> bool:
    """Tell whether an input is still there."""
    return bool(path) and Path(path.partition("|")[0]).exists()
