"""The words of the library of models, and a model's facts as safe text: what a file says of itself is never taken for HTML."""

from __future__ import annotations

from html import escape
from typing import Any, List, Mapping, Tuple

from stillpoint.models.errors import StillpointError
from stillpoint.models.learning import inputs, shelf
from stillpoint.models.learning.cards import FIXED, ModelFile, points, section, title_of
from stillpoint.plugin.language import tr

TASKS = {
    "interferograms": "Interferograms", "scatterers": "Scatterers", "trends": "Trends", "offsets": "Offsets",
}  # fmt: skip

NETWORKS = {
    ("interferograms", "default"): "Stillpoint's network", ("interferograms", "resnet50"): "ResNet50",
    ("scatterers", "default"): "Stillpoint's network", ("scatterers", "unet"): "U-Net", ("scatterers", "cnn_iss"): "CNN-ISS",
    ("scatterers", "clstm_iss"): "CLSTM-ISS", ("trends", "default"): "Stillpoint's network",
    ("trends", "mirmazloumi_cnn"): "CNN of Mirmazloumi et al.", ("trends", "statistical"): "Trend tests",
    ("offsets", "default"): "Stillpoint's network", ("offsets", "cc_ressiamnet"): "CC-ResSiamNet",
}  # fmt: skip

MOST = 300
"""Characters of a value that are shown."""


def task_in_words(task: str) -> str:
    """Return the name of a task for people."""
    return tr(TASKS[task]) if task in TASKS else task


def network_in_words(model: ModelFile) -> str:
    """Return the name of a model's network for people."""
    known = NETWORKS.get((model.task, model.network))
    return tr(known) if known else tr("{name} (unknown here)").format(name=model.header.architecture)


def size_in_words(count: int) -> str:
    """Return a number of bytes for people."""
    if count < 1_000_000:
        return f"{max(count / 1000, 0.1):,.0f} kB" if count >= 1000 else f"{count} B"
    return f"{count / 1_000_000:,.1f} MB"


def overview(model: ModelFile) -> str:
    """Return what a user wants to know before using a model, as HTML of Stillpoint's own making."""
    card = model.card
    parts = [f"<h3>{escape(title_of(card) or model.name)}</h3>", _table(_for_what(model))]
    parts.append(f"<h4>{escape(tr('What it reads'))}</h4>")
    words = inputs.in_words(model.header)
    parts.append(_table(words) if words else _paragraph(tr("Its file does not say; your data are not checked against it.")))
    parts.append(f"<h4>{escape(tr('Where it fails'))}</h4>")
    failings = points(section(card, "where it fails"))
    if failings:
        parts.append("<ul>" + "".join(f"<li>{escape(text)}</li>" for text in failings) + "</ul>")
    else:
        parts.append(_paragraph(tr("Its card does not say, which is no sign that it never does.")))
    parts.append(f"<h4>{escape(tr('What it was trained on'))}</h4>{_table(_training(model.header.training))}")
    parts.append(f"<h4>{escape(tr('File'))}</h4>{_table(_file(model))}")
    return "".join(parts)


def _for_what(model: ModelFile) -> List[Tuple[str, str]]:
    try:
        used = tr("wherever no model is named") if shelf.is_default(model) else tr("where it is named")
    except StillpointError:
        used = tr("unknown")
    if (model.task, model.network) in FIXED:
        used = tr("by the method itself; its weights belong to the program")
    return [
        (tr("Task"), task_in_words(model.task)), (tr("Network"), network_in_words(model)), (tr("Used"), used),
        (tr("Comes from"), tr("Stillpoint") if model.shipped else tr("you")), (tr("Version"), model.header.version),
        (tr("Licence"), model.header.licence),
    ]  # fmt: skip


def _file(model: ModelFile) -> List[Tuple[str, str]]:
    digest = model.sha256
    try:
        known = shelf.recorded(model.path)
    except StillpointError:
        known = ""
    if model.shipped or not known:
        state = ""
    else:
        state = tr(" (as imported)") if known == digest else tr(" (changed since the import: it is refused)")
    return [
        (tr("Name"), str(model.path)),
        (tr("Size"), f"{size_in_words(model.size)}, " + tr("{count} numbers").format(count=f"{model.contents.parameters:,}")),
        ("SHA-256", digest + state),
    ]  # fmt: skip


def _training(training: Mapping[str, Any]) -> List[Tuple[str, str]]:
    known = [(str(name)[:60], value) for name, value in list(training.items())[:40] if value not in ("", None, {}, [])]
    return [(_capital(name), _shown(value)) for name, value in known]


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _shown(value: Any) -> str:
    """Return a value of a header for people, not too long."""
    if isinstance(value, dict):
        text = "; ".join(f"{name}: {_shown(item)}" for name, item in list(value.items())[:12])
    elif isinstance(value, list):
        text = ", ".join(_shown(item) for item in value[:12])
    elif isinstance(value, int) and not isinstance(value, bool):
        text = f"{value:,}"
    else:
        text = str(value)
    return text if len(text) <= MOST else text[:MOST] + "…"


def _table(rows: List[Tuple[str, str]]) -> str:
    cells = "".join(
        f"<tr><td style='padding: 1px 14px 1px 0'>{escape(name)}</td><td style='padding: 1px 0'>{escape(text)}</td></tr>"
        for name, text in rows
    )
    return f"<table cellspacing='0'>{cells}</table>" if cells else _paragraph(tr("Its file does not say."))


def _paragraph(text: str) -> str:
    return f"<p>{escape(text)}</p>"
