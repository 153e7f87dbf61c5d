"""Links this tree into the QGIS profile of the user and switches the plugin on; prints the link.

Run with QGIS's Python: ``link.py ROOT ENGINE_PYTHON``.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from qgis.core import Qgis, QgsUserProfileManager
from qgis.PyQt.QtCore import QCoreApplication, QSettings, QStandardPaths

NAME = "stillpoint"


def profile_folder() -> Path:
    """Return the folder of the profile that QGIS and ``qgis_process`` use when none is named."""
    QCoreApplication.setOrganizationName("QGIS")  # the place depends on both names
    QCoreApplication.setApplicationName(f"QGIS{Qgis.QGIS_VERSION_INT // 10000}")
    base = os.environ.get("QGIS_CUSTOM_CONFIG_PATH") or QStandardPaths.writableLocation(
        QStandardPaths.StandardLocation.AppDataLocation
    )
    profiles = QgsUserProfileManager.resolveProfilesFolder(base)
    return Path(profiles) / (QgsUserProfileManager(profiles).defaultProfileName() or "default")


def main(root: str, interpreter: str) -> None:
    """Make the link and the settings."""
    profile = profile_folder()
    link = profile / "python" / "plugins" / NAME
    link.parent.mkdir(parents=True, exist_ok=True)
    if link.is_symlink():
        link.unlink()
    elif link.exists():
        raise SystemExit(
            f"{link} is a copy of the plugin that somebody installed. "
            "Remove it in QGIS's plugin manager, then run make setup again."
        )
    os.symlink(root, link, target_is_directory=True)

    (profile / "QGIS").mkdir(parents=True, exist_ok=True)
    file = profile / "QGIS" / f"{QCoreApplication.applicationName()}.ini"
    settings = QSettings(str(file), QSettings.Format.IniFormat)
    settings.setValue(f"PythonPlugins/{NAME}", True)
    settings.setValue("stillpoint/interpreter", interpreter)
    settings.sync()
    print(link)


if __name__ == "__main__":
    main(*sys.argv[1:3])
