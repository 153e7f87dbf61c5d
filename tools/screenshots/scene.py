"""Where the photographer finds what :mod:`tools.screenshots.inputs` made, and where the pictures go: told by the environment."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Dict

VARIABLE = "STILLPOINT_SCREENSHOTS"

_told: Dict[str, str] = json.loads(os.environ[VARIABLE])

ROOT = Path(__file__).resolve().parents[2]
FOLDER = Path(_told["folder"])
WORK = Path(_told["work"])
PROJECT = _told["project"]
STACK, NETWORK, SURGE = _told["city"], _told["network"], _told["surge"]
ASCENDING, DESCENDING = _told["ascending"], _told["descending"]
VALLEY, TERRAIN = _told["valley"], _told["terrain"]
ONLY = _told["only"]
