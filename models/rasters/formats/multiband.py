"""One raster with a band a date or pair: descriptions or metadata of the bands tell the dates. Stillpoint's own stacks too."""

from __future__ import annotations

from dataclasses import replace
from typing import Dict, List

from stillpoint.models.errors import StillpointError
from stillpoint.models.rasters.files import Files
from stillpoint.models.rasters.formats.base import Reader
from stillpoint.models.rasters.formats.baselines import find_baselines
from stillpoint.models.rasters.formats.singles import _FACTS, _collect, rasters
from stillpoint.models.rasters.product import Layer, Product, raster_layer, with_baseline
from stillpoint.models.rasters.quantities import quantity_of_name
from stillpoint.models.rasters.stack import Stack, open_raster


class MultibandReader(Reader):
    """Rasters of several bands."""

    name = "multiband"
    title = "One raster with several bands"

    def claims(self, files: Files) -> bool:
        """Whether all rasters have several bands."""
        found = rasters(files)
        return 0 < len(found) <= 20 and all(open_raster(str(path)).RasterCount > 1 for path, _ in found)

    def read(self, files: Files) -> Product:
        """Return a layer for each band that tells a date or two."""
        tables = find_baselines(files)
        layers: List[Layer] = []
        facts: Dict[str, List[float]] = {key: [] for key in _FACTS}
        convention, spacing = "", None
        for path, _ in rasters(files):
            with Stack(str(path)) as stack:
                undated = [band for band in stack.bands if not band.days]
                if undated:
                    raise StillpointError(
                        f"Band {undated[0].number} of {path} tells no date ({undated[0].description or 'it has no description'}). "
                        "Write the date or the two dates (YYYYMMDD) into the description of each band, or use one file a date."
                    )
                _collect(stack.metadata, facts)
                convention = stack.metadata.get("PHASE_CONVENTION", "")
                spacing = stack.spacing_m if stack.metadata.get("ROW_SPACING") else None
                for band in stack.bands:
                    told = None if "QUANTITY" in _items(str(path), band.number) else quantity_of_name(band.description)
                    real = told in ("phase", "unwrapped", "amplitude", "coherence") and not stack.complex
                    quantity = str(told) if real else band.quantity
                    layer = raster_layer(str(path), quantity, band.days, band=band.number)
                    baseline = band.perpendicular_baseline
                    layers.append(with_baseline(replace(layer, perpendicular_baseline=baseline), tables.of(band.days)))
        known = {key: sum(values) / len(values) for key, values in facts.items() if values}
        return Product(
            self.name, tuple(layers), known.get("wavelength"), known.get("incidence_angle"), known.get("heading"), spacing,
            convention,
        )


def _items(path: str, number: int) -> Dict[str, str]:
    dataset = open_raster(path)  # must outlive its band
    return {key.upper(): value for key, value in (dataset.GetRasterBand(number).GetMetadata() or {}).items()}
