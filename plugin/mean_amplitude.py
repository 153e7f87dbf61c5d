"""The grey background of a selection: the mean amplitude, drawn from some dates of a stack by GDAL while it is shown."""

from __future__ import annotations

from pathlib import Path
from typing import Mapping, Optional
from xml.sax.saxutils import escape  # nosec B406 - escape writes, it parses nothing

from qgis.core import QgsRasterLayer

from stillpoint.models.errors import StillpointError
from stillpoint.models.jobs import SelectScatterers
from stillpoint.plugin import raster_styles, stacks
from stillpoint.plugin.breath import breathe

_DATES = 8
"""Images that the mean is drawn from: enough to calm the speckle, few enough to read at once."""


def amplitude_layer(job: SelectScatterers, outputs: Mapping[str, str]) -> Optional[QgsRasterLayer]:
    """Return the mean amplitude to lie below a selection: the engine's where it wrote one, else drawn from the stack.

    None where nobody knows an amplitude.
    """
    path = outputs.get("amplitude", "")
    if not path:
        try:
            path = _mean_amplitude(job)
        except (StillpointError, OSError):
            return None
    if not path:
        return None
    options = QgsRasterLayer.LayerOptions()
    options.loadDefaultStyle = False  # its statistics would draw the mean of the whole stack on the main thread
    layer = QgsRasterLayer(path, "Mean amplitude", "gdal", options)
    if not layer.isValid():
        return None
    breathe()
    raster_styles.style_amplitude(layer)
    breathe()
    return layer


def _mean_amplitude(job: SelectScatterers) -> str:
    """Write a VRT beside the mask that draws the mean of some amplitudes of the stack; return its path, empty without any."""
    facts = stacks.facts_of(job.stack)
    if facts.quantity not in ("complex", "amplitude"):
        given = job.amplitude or facts.companions.get("amplitude")
        if not given:
            return ""
        facts = stacks.facts_of(given)
    target = Path(job.output)
    path = target.with_name(f"{target.stem} amplitude.vrt")
    part = target.with_name(f".{target.stem} amplitude.part.vrt")
    part.write_text(mean_amplitude_vrt(facts), encoding="utf-8")
    part.replace(path)
    return str(path)


def mean_amplitude_vrt(facts: stacks.StackFacts) -> str:
    """Return a VRT whose one band is the mean of the amplitudes of some dates, spread over the stack.

    GDAL's pixel functions do it while drawing, so that nothing has to be computed before.
    """
    count = len(facts.bands)
    chosen = sorted({round(index * (count - 1) / max(min(count, _DATES) - 1, 1)) for index in range(min(count, _DATES))})
    source = stacks.opened(facts.path)
    rows, columns = facts.shape
    path = str(Path(facts.path).resolve()) if Path(facts.path).exists() else facts.path
    head = f'<VRTDataset rasterXSize="{columns}" rasterYSize="{rows}">'
    place = ""
    if source.GetProjection():
        place += f"<SRS>{escape(source.GetProjection())}</SRS>"
    if source.GetGeoTransform(can_return_null=True) is not None:
        place += f"<GeoTransform>{', '.join(map(repr, source.GetGeoTransform()))}</GeoTransform>"

    def simple(name: str, band: int) -> str:
        return (
            f'<SimpleSource><SourceFilename relativeToVRT="0">{escape(name)}</SourceFilename>'
            f"<SourceBand>{band}</SourceBand></SimpleSource>"
        )

    numbers = [facts.bands[index].number for index in chosen]
    inner = path
    if facts.quantity == "complex":
        bands = "".join(
            f'<VRTRasterBand dataType="Float32" band="{index}" subClass="VRTDerivedRasterBand">'
            "<PixelFunctionType>mod</PixelFunctionType><SourceTransferType>CFloat32</SourceTransferType>"
            f"{simple(path, number)}</VRTRasterBand>"
            for index, number in enumerate(numbers, start=1)
        )
        inner = f"{head}{place}{bands}</VRTDataset>"
        numbers = list(range(1, len(numbers) + 1))
    return (
        f'{head}{place}<VRTRasterBand dataType="Float32" band="1" subClass="VRTDerivedRasterBand">'
        f"<Description>Mean amplitude</Description><NoDataValue>0</NoDataValue><Scale>{1 / len(numbers)!r}</Scale>"
        f"<PixelFunctionType>sum</PixelFunctionType><SourceTransferType>Float32</SourceTransferType>"
        f"{''.join(simple(inner, number) for number in numbers)}</VRTRasterBand></VRTDataset>"
    )
