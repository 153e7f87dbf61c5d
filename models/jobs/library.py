"""The job that keeps the library of models in order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Optional, Tuple

from stillpoint.models.jobs.base import Job, parameter

ACTIONS = ("list", "show", "import", "export", "remove", "default", "compare", "check")


@dataclass(frozen=True)
class ManageModels(Job):
    """List, import, export, remove, choose, compare and check models."""

    task: ClassVar[str] = "models"
    title: ClassVar[str] = "Models"
    help: ClassVar[str] = (
        "The library of models: lists those that came with Stillpoint and yours, imports and exports them with their cards, makes "
        "one the default of its task, compares two on your data, and checks that they are what they were."
    )

    action: str = parameter(
        "list", kind="choice", title="Action", choices=ACTIONS, positional=True,
        help="list: what is installed; show: card and figures of a model; import: a model file or an archive (zip, tar) into the "
        "library; export: a model with its card and SHA-256 as one zip; remove: a model of yours; default: use a model wherever "
        "none is named (a shipped one undoes that); compare: two models on the same data; check: that models are sound and "
        "unchanged.",
    )
    names: Optional[Tuple[str, ...]] = parameter(
        None, kind="sources", title="Models", positional=True,
        help="Models by name, or files: one for show, export, remove and default, the file or archive for import, two for compare; "
        "any number for check, where none means all.",
    )
    data: Optional[Tuple[str, ...]] = parameter(
        None, kind="sources", title="Data",
        help="What two models are compared on: a file of points with series, a stack, or one or two images, as their task takes "
        "them.",
    )
    output: Optional[str] = parameter(
        None, kind="file-output", title="Output",
        help="export: the zip to write; compare: a folder that keeps the results of both models and the table of their agreement.",
    )
    name: Optional[str] = parameter(
        None, kind="text", title="Name", help="import: name of the model in the library; empty takes that of its file.",
    )
