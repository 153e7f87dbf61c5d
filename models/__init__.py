"""The engine: torch, numpy and GDAL, without QGIS and without Qt.

The version stands here because both sides of the plugin read it; importing this package is cheap.
"""

from __future__ import annotations

__version__ = "0.1.0"
