"""Names the folder of the user's models when Stillpoint is loaded; the rest of the library is imported when it is needed."""

from __future__ import annotations

import os
from pathlib import Path

from qgis.core import QgsApplication

VARIABLE = "STILLPOINT_MODELS"
"""Environment variable that names the folder; :data:`stillpoint.models.learning.shelf.VARIABLE` once more, without its imports."""

_named = False


def name_folder() -> None:
    """Name the folder of the user's models: that of the QGIS profile, unless the environment names another.

    It is named by an environment variable of this process, which the engine inherits: so the window, Processing, ``qgis_process``
    and the engine have the same models and defaults.
    """
    global _named
    if not os.environ.get(VARIABLE):
        os.environ[VARIABLE] = str(Path(QgsApplication.qgisSettingsDirPath()) / "stillpoint" / "models")
        _named = True


def forget_folder() -> None:
    """Undo :func:`name_folder`."""
    global _named
    if _named:
        os.environ.pop(VARIABLE, None)
        _named = False
