"""Starts the engine from the plugin's folder without installing it: ``python launch.py worker``.

QGIS's plugin folder also holds other plugins, whose names must not shadow the engine's libraries,
so the folder is not put on ``sys.path``: the package ``stillpoint`` is registered from where it lies.
"""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path


def register() -> None:
    """Make ``import stillpoint`` find the tree that this file belongs to."""
    root = Path(__file__).resolve().parent.parent
    spec = importlib.util.spec_from_file_location(
        "stillpoint", root / "__init__.py", submodule_search_locations=[str(root)]
    )
    if spec is None or spec.loader is None:
        raise ImportError(f"no package in {root}")
    package = importlib.util.module_from_spec(spec)
    sys.modules["stillpoint"] = package
    spec.loader.exec_module(package)


if __name__ == "__main__":
    sys.path.pop(0)
    register()
    from stillpoint.models.cli import main

    sys.exit(main())
