"""What the dialog of trainings says of tasks, networks, figures and times."""

from __future__ import annotations

import re
from typing import Dict, Tuple

from stillpoint.plugin.language import tr

TASKS: Dict[str, Tuple[str, str, str]] = {
    "trends": ("Trends", "classify.svg", "Which trend the displacement series of a point follows"),
    "scatterers": ("Scatterers", "select.svg", "Which pixels of a stack are persistent scatterers"),
    "interferograms": ("Interferograms", "interferograms.svg", "Which interferograms are good enough"),
    "offsets": ("Offsets", "offsets.svg", "How far features moved between two amplitude images"),
}
"""Tasks: name, icon, what a network of the task tells."""

COMPOSED = "figure"
"""Name of a figure that some trainings compose of others to tell the best epoch; its value says nothing by itself."""

_FIGURES = {
    "loss": "Loss",
    COMPOSED: "Deciding figure",
    "val_loss": "Loss on the validation part",
    "f1": "F1",
    "val_f1": "F1",
    "accuracy": "Accuracy",
    "cross-entropy": "Cross-entropy",
    "calibration error": "Calibration error",
}
_SHORT = {"f1": "F1", "auc": "AUC", "ece": "ECE", "rmse": "RMSE", "mae": "MAE", "iou": "IoU", "ps": "PS", "mcc": "MCC"}


def figure_in_words(name: str) -> str:
    """Return the name of a figure for people."""
    if name in _FIGURES:
        return tr(_FIGURES[name])
    text = re.sub(r"^(val|validation|tuning)[_ ]", "", name).replace("_", " ").strip() or name
    words = [_SHORT.get(word.lower(), word) for word in text.split(" ")]
    joined = " ".join(words)
    return joined[:1].upper() + joined[1:]


def loss_in_words(name: str) -> str:
    """Return of what part a loss is."""
    if name == "loss":
        return tr("training")
    return tr("validation") if name in ("val_loss", "validation_loss") else figure_in_words(name)


def figure_text(value: float) -> str:
    """Return a figure with as many digits as tell something."""
    if value != value:
        return "–"
    if value and abs(value) < 1e-4:
        return f"{value:.2g}"
    return f"{value:.4f}" if abs(value) < 10 else f"{value:,.2f}"


def span_in_words(seconds: float) -> str:
    """Return a span of time, coarsely."""
    if seconds < 10:
        return tr("a few seconds")
    if seconds < 90:
        return tr("{n} seconds").format(n=10 * round(seconds / 10))
    minutes = round(seconds / 60)
    if minutes < 90:
        return tr("{n} minutes").format(n=minutes)
    hours, minutes = divmod(minutes, 60)
    if hours < 10:
        return tr("{hours} h {minutes} min").format(hours=hours, minutes=minutes)
    return tr("{n} hours").format(n=round(hours + minutes / 60))


STARTS: Dict[str, str] = {
    "shipped": "Goes on from what Stillpoint's data taught it: needs few labels of yours, and minutes rather than hours.",
    "own": "Goes on from a model of yours, with more data, or data of another place.",
    "file": "Goes on from a model that you have as a file, such as a colleague's.",
    "scratch": "Starts with random weights: needs thousands of labels, or simulation, and the longest time.",
}
"""Each start in a sentence."""
