"""The job ``models``: what is on the shelf, in words for people and details for programs."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Callable, Dict, List, Sequence

from stillpoint.models.errors import StillpointError
from stillpoint.models.jobs import ManageModels, Result
from stillpoint.models.learning import inputs, library, shelf
from stillpoint.models.learning.cards import FIXED, SHIPPED, ModelFile, damaged, figures, installed, points, section, title_of
from stillpoint.models.progress import Progress


def manage_models(job: ManageModels, progress: Progress) -> Result:
    """Do what ``job`` asks of the library; see :class:`stillpoint.models.jobs.ManageModels`.

    Raises
    ------
    StillpointError
        A model is missing, damaged, unfit or not the user's; or a file cannot be written.
    Cancelled
        Asked to stop.
    """
    return _ACTIONS[job.action](job, progress)


def opened(model: ModelFile) -> None:
    """Build the network of a model with its weights, as the capability would; raise a StillpointError where that cannot be."""
    path, key = model.path, (model.task, model.network)
    if key == ("trends", "default"):
        from stillpoint.models.trends.judge import Judge

        Judge(path)
    elif key == ("trends", "mirmazloumi_cnn"):
        from stillpoint.models.trends.mirmazloumi import open_classifier

        open_classifier(path)
    elif key == ("scatterers", "default"):
        from stillpoint.models.scatterers.default import open_default

        open_default(path)
    elif model.task == "scatterers" and model.network:
        from stillpoint.models.scatterers.published.networks import open_published

        open_published(model.network, path)
    elif key == ("interferograms", "default"):
        from stillpoint.models.interferograms.default import open_default as open_judge

        open_judge(path)
    elif key == ("interferograms", "resnet50"):
        from stillpoint.models.interferograms.resnet50_method import open_resnet50

        open_resnet50(path)
    elif key == ("offsets", "default"):
        from stillpoint.models.offsets.fuse import open_fuse

        open_fuse(path)
    elif key == ("offsets", "cc_ressiamnet"):
        from stillpoint.models.offsets.ressiamnet_method import Opened

        Opened(path)
    elif key in FIXED:
        library.check_weights(path)
    else:
        raise StillpointError(
            f"{path.name} holds the network {model.header.architecture!r} for {model.task!r}, which no method of this version "
            "takes."
        )


def facts(model: ModelFile) -> Dict[str, Any]:
    """Return what is known of a model, as JSON types."""
    header = model.header
    return {
        "name": model.name, "path": str(model.path), "task": model.task, "network": model.network, "version": header.version,
        "architecture": header.architecture, "shipped": model.shipped, "default": shelf.is_default(model), "bytes": model.size,
        "parameters": model.contents.parameters, "sha256": model.sha256, "licence": header.licence, "input": dict(header.input),
        "training": dict(header.training), "metrics": dict(header.metrics), "title": title_of(model.card), "card": model.card,
        "fails": points(section(model.card, "where it fails")),
    }  # fmt: skip


def _one(job: ManageModels, *, count: int = 1) -> List[str]:
    names = list(job.names or ())
    if len(names) != count:
        wanted = "one model" if count == 1 else f"{count} models"
        raise StillpointError(
            f"models {job.action} needs the name of {wanted}, and {len(names)} were given. 'stillpoint models list' shows them."
        )
    return names


def _list(_job: ManageModels, _progress: Progress) -> Result:
    models, broken = installed(shelf.folders()), damaged(shelf.folders())
    rows = []
    for model in models:
        mark = "*" if shelf.is_default(model) else " "
        whose = "shipped" if model.shipped else "yours"
        rows.append(f"{mark} {model.task:<15}{model.network or '(unknown)':<16}{model.name:<32}{model.size / 1e6:6.2f} MB  {whose}")
    lines = [f"  {'task':<15}{'network':<16}{'model':<32}{'size':>9}", *rows, "* default of its task and network"]
    lines.append(f"Yours: {shelf.folder()}")
    details = {
        "models": [facts(model) for model in models],
        "damaged": [{"path": str(item.path), "problem": item.problem} for item in broken],
        "folder": str(shelf.folder()),
    }
    return Result({}, "\n".join(lines), details, [item.problem for item in broken])


def _show(job: ManageModels, _progress: Progress) -> Result:
    model = shelf.find(_one(job)[0])
    known = facts(model)
    recorded = shelf.recorded(model.path)
    lines = [
        known["title"] or model.name, f"File: {model.path} ({model.size:,} bytes, {known['parameters']:,} numbers)",
        f"For: {model.task}, {model.network or 'no method of this version'}{', the default' if known['default'] else ''}",
        f"SHA-256: {known['sha256']}{' (as imported)' if recorded == known['sha256'] else ''}", f"Licence: {model.header.licence}",
        *(f"{name}: {text}" for name, text in inputs.in_words(model.header)),
    ]  # fmt: skip
    lines += ["", model.card.strip()] if model.card else ["", *(f"{name}: {value}" for name, value in figures(model.header))]
    return Result({}, "\n".join(lines), {"model": known})


def _import(job: ManageModels, progress: Progress) -> Result:
    progress(0.0, "Looking at the model")
    there = {model.path for model in installed([shelf.folder()])}
    models = shelf.add(Path(_one(job)[0]), name=job.name or "", check=opened)
    progress.done()
    lines = [
        f"{'In the library already, as' if model.path in there else 'Imported'} {model.name} ({model.task}, {model.network}), "
        f"SHA-256 {model.sha256}" for model in models
    ]
    warnings = [
        f"{model.name} has no card: nobody says what it was trained on and where it fails." for model in models if not model.card
    ]
    warnings += [
        f"What {model.name} reads is not told in this version's form ({'; '.join(found)}): your data are not checked against it."
        for model in models if (found := inputs.problems(model.header.input))
    ]  # fmt: skip
    return Result({}, "\n".join(lines), {"models": [facts(model) for model in models]}, warnings)


def _export(job: ManageModels, _progress: Progress) -> Result:
    model = shelf.find(_one(job)[0])
    if not job.output:
        raise StillpointError("models export needs an output: the zip to write.")
    path = shelf.export(model, Path(job.output))
    text = f"Exported {model.name} with its {'card and ' if model.card else ''}SHA-256."
    return Result({"output": str(path)}, text, {"sha256": model.sha256})


def _remove(job: ManageModels, _progress: Progress) -> Result:
    model = shelf.find(_one(job)[0])
    was_default = shelf.remove(model)
    again = f" {model.task} ({model.network}) takes the shipped model again." if was_default else ""
    return Result({}, f"Removed {model.name}.{again}", {"name": model.name, "was_default": was_default})


def _default(job: ManageModels, _progress: Progress) -> Result:
    model = shelf.find(_one(job)[0])
    if not model.shipped:
        opened(model)
    shelf.choose(model)
    text = f"{model.task} ({model.network}) takes {model.name} wherever no model is named."
    return Result({}, text, {"task": model.task, "network": model.network, "name": model.name})


def _compare(job: ManageModels, progress: Progress) -> Result:
    from stillpoint.models.library_compare import compare

    return compare([shelf.find(name) for name in _one(job, count=2)], job, progress)


def _check(job: ManageModels, progress: Progress) -> Result:
    models = [shelf.find(name) for name in job.names] if job.names else installed(shelf.folders())
    problems = {} if job.names else {item.path.name: item.problem for item in damaged(shelf.folders())}
    for number, model in enumerate(models):
        progress(number / len(models), f"Checking {model.name}")
        try:
            shelf.verify(model.path)
            known = shelf.read_sums(SHIPPED / "SHA256SUMS").get(model.path.name) if model.shipped else None
            if known is not None and known != model.sha256:
                raise StillpointError(
                    f"{model.path} is not the file that was shipped: its SHA-256 changed. Install Stillpoint again."
                )
            opened(model)
        except StillpointError as error:
            problems[model.path.name] = str(error)
    progress.done()
    if problems:
        raise StillpointError(" ".join(problems.values()))
    return Result({}, f"{len(models)} model{'s are' if len(models) != 1 else ' is'} sound and unchanged.", {"checked": len(models)})


_ACTIONS: Dict[str, Callable[[ManageModels, Progress], Result]] = {
    "list": _list, "show": _show, "import": _import, "export": _export, "remove": _remove, "default": _default, "compare": _compare,
    "check": _check,
}  # fmt: skip

__all__: Sequence[str] = ("facts", "manage_models", "opened")
