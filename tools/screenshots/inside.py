"""Runs inside QGIS (``qgis --code``): opens Stillpoint's windows one after the other and has them photographed."""

from __future__ import annotations

import os
import sys
import traceback

from qgis.PyQt.QtCore import QTimer

from stillpoint.tools.screenshots.camera import photograph, wait_for_map
from stillpoint.tools.screenshots.scene import ONLY
from stillpoint.tools.screenshots.tours import (
    analysis,
    combine,
    interferograms,
    offsets,
    report,
    review,
    scatterers,
    surroundings,
    training,
    trends,
)

TOURS = (trends, scatterers, interferograms, offsets, training, review, analysis, combine, report, surroundings)


def run() -> None:
    """Do the tours once QGIS is ready, and leave without asking to save."""
    status = 0
    wait_for_map()
    for module in TOURS:
        name = module.__name__.rsplit(".", 1)[-1]
        if ONLY and name not in ONLY.split(","):
            continue
        try:
            module.go()
        except Exception:
            traceback.print_exc()
            photograph(f"trouble-{name}")
            status = 1
    sys.stderr.flush()
    # QGIS would ask whether to save the project; nothing of it is wanted.
    os._exit(status)


QTimer.singleShot(3000, run)
