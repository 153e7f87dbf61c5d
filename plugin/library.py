"""The library of models on QGIS's side: what is on the shelf, without the engine."""

from __future__ import annotations

from typing import List, Tuple

from stillpoint.models.learning import shelf
from stillpoint.models.learning.cards import TASKS, Damaged, ModelFile, damaged, installed


def groups() -> List[Tuple[str, List[ModelFile]]]:
    """Return the installed models by task, in the order of the work; a task without models is not among them."""
    models = installed(shelf.folders())
    tasks = [*TASKS, *sorted({model.task for model in models} - set(TASKS))]
    found = [(task, [model for model in models if model.task == task]) for task in tasks]
    return [(task, members) for task, members in found if members]


def broken() -> List[Damaged]:
    """Return the files of the library that cannot be read."""
    return damaged(shelf.folders())
