"""Stillpoint's settings in the QGIS profile, with their types and defaults."""

from __future__ import annotations

import json
from typing import Any, Dict

from qgis.core import QgsSettings

PREFIX = "stillpoint"


def get(name: str, default: str = "") -> str:
    """Return the text stored under ``name``."""
    return str(QgsSettings().value(f"{PREFIX}/{name}", default) or default)


def put(name: str, value: str) -> None:
    """Store a text under ``name``; an empty text removes it."""
    settings = QgsSettings()
    if value:
        settings.setValue(f"{PREFIX}/{name}", value)
    else:
        settings.remove(f"{PREFIX}/{name}")


def get_values(name: str) -> Dict[str, Any]:
    """Return the values stored under ``name`` by :func:`put_values`; empty where they cannot be read."""
    try:
        values = json.loads(get(name, "{}"))
    except ValueError:
        return {}
    return values if isinstance(values, dict) else {}


def put_values(name: str, values: Dict[str, Any]) -> None:
    """Store JSON values under ``name``, so that numbers and flags keep their type whatever the platform."""
    put(name, json.dumps(values, ensure_ascii=False))


def interpreter() -> str:
    """Return the Python interpreter that the user chose; empty where the choice is Stillpoint's."""
    return get("interpreter")


def set_interpreter(path: str) -> None:
    """Remember the Python interpreter that the user chose; empty hands the choice back."""
    put("interpreter", path)


def scheduler() -> str:
    """Return the address of the Dask scheduler that computes; empty where this machine does."""
    return get("scheduler")


def set_scheduler(address: str) -> None:
    """Remember the address of a Dask scheduler; empty lets this machine compute."""
    put("scheduler", address)
