"""The library of models on QGIS's side: its folder in the profile, and what is on the shelf, without the engine."""

from __future__ import annotations

import os
from pathlib import Path
from typing import List, Tuple

from qgis.core import QgsApplication

from stillpoint.models.learning import shelf
from stillpoint.models.learning.cards import TASKS, Damaged, ModelFile, damaged, installed

_named = False


def name_folder() -> None:
    """Name the folder of the user's models: that of the QGIS profile, unless the environment names another.

    It is named by an environment variable of this process, which the engine inherits: so the window, Processing, ``qgis_process``
    and the engine have the same models and defaults.
    """
    global _named
    if not os.environ.get(shelf.VARIABLE):
        os.environ[shelf.VARIABLE] = str(Path(QgsApplication.qgisSettingsDirPath()) / "stillpoint" / "models")
        _named = True


def forget_folder() -> None:
    """Undo :func:`name_folder`."""
    global _named
    if _named:
        os.environ.pop(shelf.VARIABLE, None)
        _named = False


def groups() -> List[Tuple[str, List[ModelFile]]]:
    """Return the installed models by task, in the order of the work; a task without models is not among them."""
    models = installed(shelf.folders())
    tasks = [*TASKS, *sorted({model.task for model in models} - set(TASKS))]
    found = [(task, [model for model in models if model.task == task]) for task in tasks]
    return [(task, members) for task, members in found if members]


def broken() -> List[Damaged]:
    """Return the files of the library that cannot be read."""
    return damaged(shelf.folders())
