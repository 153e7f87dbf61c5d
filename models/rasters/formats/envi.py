"""Raw images with ENVI headers, one a date or pair."""

from __future__ import annotations

from stillpoint.models.rasters.files import Files
from stillpoint.models.rasters.formats.base import Reader
from stillpoint.models.rasters.formats.singles import rasters, read_singles
from stillpoint.models.rasters.product import Product


class EnviReader(Reader):
    """Raw files, each with a header (``.hdr``) beside it."""

    name = "envi"
    title = "Raw images with ENVI headers"

    def claims(self, files: Files) -> bool:
        """Whether all rasters are raw ones with headers."""
        found = rasters(files) if files.ending(".hdr", nearby=True) else []
        return bool(found) and all(driver == "ENVI" for _, driver in found)

    def read(self, files: Files) -> Product:
        """Return all raw images with a date or two in their names."""
        return read_singles(self.name, files, [item for item in rasters(files) if item[1] == "ENVI"])
