"""One raster a date or pair, in any format of GDAL, GeoTIFF most of all."""

from __future__ import annotations

from stillpoint.models.rasters.files import Files
from stillpoint.models.rasters.formats.base import Reader
from stillpoint.models.rasters.formats.singles import rasters, read_singles
from stillpoint.models.rasters.product import Product


class GeotiffReader(Reader):
    """Rasters whose names or metadata tell the dates: what every other format does not claim."""

    name = "geotiff"
    title = "One raster a date or pair"

    def claims(self, files: Files) -> bool:
        """Whether there is a raster at all."""
        return bool(rasters(files))

    def read(self, files: Files) -> Product:
        """Return all rasters with a date or two in their names."""
        return read_singles(self.name, files, rasters(files))
