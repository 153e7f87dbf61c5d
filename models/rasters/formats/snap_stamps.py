"""SNAP's StaMPS export: ``rslc/``, ``diff0/``, ``geo/``, ``dem/`` with raw big-endian images as GAMMA writes them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from stillpoint.models.rasters.files import Files
from stillpoint.models.rasters.formats.gamma import GammaReader
from stillpoint.models.rasters.product import Product


class SnapStampsReader(GammaReader):
    """The folders that SNAP exports for StaMPS."""

    name = "snap-stamps"
    title = "SNAP export for StaMPS"

    def claims(self, files: Files) -> bool:
        """Whether there are interferograms in ``diff0`` and images in ``rslc``, or one of them with its parameter files."""
        places = {path.parent.name.lower() for path in self._images(files)}
        return bool(places & {"diff0", "rslc"}) and super().claims(files)

    def read(self, files: Files) -> Product:
        """Return interferograms and images."""
        found = super().read(files)
        # Images that lie elsewhere (StaMPS's patches, SNAP's temporary copies) are no part of the export.
        places = {1: "rslc", 2: "diff0"}
        return replace(found, layers=tuple(
            layer for layer in found.layers if Path(layer.path).parent.name.lower() == places[len(layer.days)]
        ))
