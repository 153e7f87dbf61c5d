"""Which columns of a point file tell its line of sight. Standard library only: dialogs look before the engine does."""

from __future__ import annotations

import re
from typing import Optional, Sequence, Tuple

_EAST = ("loseast", "eastlos", "cose", "cosinee", "lose", "elos", "unite", "veceast", "coseast")
_NORTH = ("losnorth", "northlos", "cosn", "cosinen", "losn", "nlos", "unitn", "vecnorth", "cosnorth")
_UP = ("losup", "uplos", "cosu", "cosineu", "losu", "ulos", "unitu", "vecup", "cosup", "losvertical", "cosz")
_ANGLES = {
    "incidence": ("incidenceangle", "incidence", "incangle", "inc", "incang", "incidenceang", "theta"),
    "heading": ("heading", "trackangle", "headingangle", "headangle", "azimuthangle", "flightdirection"),
}


def vector_columns(names: Sequence[str]) -> Optional[Tuple[str, str, str]]:
    """Return the columns with the east, north and up part of the line of sight; None where one is missing."""
    east, north, up = (_find(names, known) for known in (_EAST, _NORTH, _UP))
    return (east, north, up) if east and north and up else None


def angle_column(names: Sequence[str], angle: str) -> Optional[str]:
    """Return the column with an angle, ``"incidence"`` or ``"heading"``, in degrees; None where there is none."""
    return _find(names, _ANGLES[angle])


def _find(names: Sequence[str], known: Sequence[str]) -> Optional[str]:
    plain = {_plain(name): name for name in reversed(names)}
    return next((plain[wanted] for wanted in known if wanted in plain), None)


def _plain(name: str) -> str:
    return re.sub(r"[^a-z]", "", re.sub(r"\[[^]]*\]|\([^)]*\)|_?deg(rees)?$", "", name.lower()))
