"""How maps of offsets look: colours that grow evenly and serve the colour-blind, legends with units, and VRTs for what is derived.

Magnitude and direction are computed by GDAL's pixel functions while they are drawn: nothing has to be written but a small VRT.
"""

from __future__ import annotations

from pathlib import Path
from typing import List, Optional, Sequence, Tuple
from xml.sax.saxutils import escape  # nosec B406 - escape writes, it parses nothing

import numpy as np
from qgis.core import (
    QgsColorRampLegendNodeSettings,
    QgsColorRampShader,
    QgsGradientColorRamp,
    QgsGradientStop,
    QgsRasterLayer,
    QgsRasterShader,
    QgsSingleBandPseudoColorRenderer,
)
from qgis.PyQt.QtGui import QColor

from stillpoint.models.errors import StillpointError
from stillpoint.plugin.language import tr
from stillpoint.plugin.offsets import DOWN, OffsetFacts, Pair

_PLASMA = ("#0d0887", "#46039f", "#7201a8", "#9c179e", "#bd3786", "#d8576b", "#ed7953", "#fb9f3a", "#fdca26", "#f0f921")

MAGNITUDE: Tuple[Tuple[float, str], ...] = tuple((index / 9, colour) for index, colour in enumerate(_PLASMA))
"""Plasma, whose lightness grows evenly, also for the colour-blind."""

DIVERGING = ("#0b3c6f", "#3f7fb5", "#a5c8e1", "#f5f3ef", "#eebd93", "#c8722f", "#6e3306")
"""From negative, blue, over pale to positive, brown: told apart by the colour-blind, both ends equally dark."""

PEAK: Tuple[Tuple[float, str], ...] = ((0.0, "#3b0f3f"), (0.35, "#a3374b"), (0.65, "#e7a06a"), (1.0, "#fdf6d8"))

WHEEL = ("#e0655d", "#cf8628", "#9aa32f", "#43a965", "#1ca6a6", "#4796d6", "#8f84d6", "#c96fb0")
"""Eight directions counterclockwise from the map's x: colours of about one lightness."""

NOTHING = "#3a3a3a"
"""Colour of what was not measured."""


def _source(name: str, band: int, *, factor: float = 1.0) -> str:
    """Return a source by the name of a file beside the VRT, so that both can be moved together."""
    return (
        f'<ComplexSource><SourceFilename relativeToVRT="1">{escape(name)}</SourceFilename><SourceBand>{band}</SourceBand>'
        f"<ScaleOffset>0</ScaleOffset><ScaleRatio>{factor!r}</ScaleRatio></ComplexSource>"
    )


def _head(facts: OffsetFacts) -> str:
    place = f"<SRS>{escape(facts.projection)}</SRS>" if facts.projection else ""
    place += f"<GeoTransform>{', '.join(map(repr, facts.geotransform))}</GeoTransform>"
    return f'<VRTDataset rasterXSize="{facts.shape[1]}" rasterYSize="{facts.shape[0]}">{place}'


def vector_vrt(facts: OffsetFacts, pair: Pair) -> str:
    """Return a VRT whose band is the vector as a complex number: the map's x, and upwards on the map the imaginary part."""
    name = Path(facts.path).name
    up = -1.0 if pair.kinds[1] in DOWN and facts.axes(pair)[1, 1] < 0 else 1.0
    return (
        f'{_head(facts)}<VRTRasterBand dataType="CFloat32" band="1" subClass="VRTDerivedRasterBand">'
        "<PixelFunctionType>complex</PixelFunctionType><SourceTransferType>Float32</SourceTransferType>"
        f"{_source(name, pair.offsets[0])}{_source(name, pair.offsets[1], factor=up)}</VRTRasterBand></VRTDataset>"
    )


def _derived(vector: str, function: str, description: str) -> str:
    return (
        '<VRTRasterBand dataType="Float32" band="1" subClass="VRTDerivedRasterBand">'
        f"<Description>{escape(description)}</Description><NoDataValue>nan</NoDataValue>"
        f"<PixelFunctionType>{function}</PixelFunctionType><SourceTransferType>CFloat32</SourceTransferType>"
        f'<SimpleSource><SourceFilename relativeToVRT="1">{escape(vector)}</SourceFilename><SourceBand>1</SourceBand>'
        "</SimpleSource></VRTRasterBand>"
    )


def magnitude_vrt(facts: OffsetFacts, vector: str) -> str:
    """Return a VRT whose band is the length of vectors in their unit; ``vector`` is the file of :func:`vector_vrt` beside it."""
    return f"{_head(facts)}{_derived(vector, 'mod', f'Magnitude of the offset ({facts.unit})')}</VRTDataset>"


def direction_vrt(facts: OffsetFacts, vector: str, magnitude: str, largest: float) -> str:
    """Return a VRT: band 1 the direction in radians counterclockwise from the map's x, band 2 how opaque it is drawn (0 to 255).

    ``vector`` and ``magnitude`` are the files of both beside it; ``largest`` is a magnitude: a third of it and more is opaque, so
    that what hardly moves has no colour.
    """
    return (
        f"{_head(facts)}{_derived(vector, 'phase', 'Direction (rad)')}"
        '<VRTRasterBand dataType="Byte" band="2"><Description>Opacity</Description>'
        f"{_source(magnitude, 1, factor=255.0 / (largest / 3))}</VRTRasterBand></VRTDataset>"
    )


def write_maps(facts: OffsetFacts, pair: Pair, largest: float, *, suffix: str = "") -> Tuple[str, str]:
    """Write the VRTs of magnitude and direction beside a raster of offsets and return their paths.

    Raises
    ------
    StillpointError
        They cannot be written.
    """
    target = Path(facts.path)
    vector, magnitude, direction = (
        target.with_name(f"{target.stem} {name}{suffix}.vrt") for name in ("vector", "magnitude", "direction")
    )
    _write(vector_vrt(facts, pair), vector)
    _write(magnitude_vrt(facts, vector.name), magnitude)
    _write(direction_vrt(facts, vector.name, magnitude.name, largest), direction)
    return str(magnitude), str(direction)


def _write(text: str, path: Path) -> None:
    """Write a VRT under its name once it is complete."""
    part = path.with_name(f".{path.stem}.part.vrt")
    try:
        part.write_text(text, encoding="utf-8")
        part.replace(path)
    except OSError as error:
        raise StillpointError(tr(
            "{path} cannot be written: {strerror}. Choose another folder."
        ).format(path=path, strerror=error.strerror or error)) from None


# Renderers


def style_magnitude(layer: QgsRasterLayer, largest: float, unit: str, *, band: int = 1) -> None:
    """Show magnitudes from 0 to ``largest``; what hardly moves lets the image below shine through."""
    stops = [(place * largest, _alpha(colour, min(235, round(850 * place)))) for place, colour in MAGNITUDE]
    _show(layer, band, stops, unit)


def style_error(layer: QgsRasterLayer, band: int, largest: float, unit: str) -> None:
    """Show standard errors from 0 (pale) to ``largest`` (dark)."""
    stops = [(largest * (1 - place), QColor(colour)) for place, colour in reversed(PEAK)]
    _show(layer, band, stops, unit)


def style_peak(layer: QgsRasterLayer, band: int) -> None:
    """Show correlation peaks from 0 (dark) to 1 (pale)."""
    _show(layer, band, [(place, QColor(colour)) for place, colour in PEAK], "")


def style_component(layer: QgsRasterLayer, band: int, reach: float, unit: str) -> None:
    """Show a component between minus and plus ``reach``, pale and see-through around 0."""
    last = len(DIVERGING) - 1
    stops = []
    for index, colour in enumerate(DIVERGING):
        share = 2 * index / last - 1
        stops.append((share * reach, _alpha(colour, (235, 235, 190, 45, 190, 235, 235)[index])))
    _show(layer, band, stops, unit)


def style_direction(layer: QgsRasterLayer, names: Sequence[str]) -> None:
    """Show directions by the colours of a wheel, as opaque as band 2 says.

    ``names`` are eight directions for people, counterclockwise from the map's x.
    """
    renderer = _renderer(layer, 1, [(-np.pi, QColor(WHEEL[0])), (np.pi, QColor(WHEEL[0]))], "", steps=wheel(names))
    renderer.setAlphaBand(2)
    layer.setRenderer(renderer)


def wheel(names: Sequence[str]) -> List[Tuple[float, QColor, str]]:
    """Return the stops of the wheel from -pi to pi with their labels; the last has the first's colour and no label."""
    found = [(np.pi * (index / 4 - 1), QColor(WHEEL[(index + 4) % 8]), names[(index + 4) % 8]) for index in range(9)]
    return [*found[:-1], (found[-1][0], found[-1][1], "")]


def style_not_measured(layer: QgsRasterLayer, band: int) -> None:
    """Show the cells without an offset alone, in one dark colour."""
    # What a shader has no colour for is drawn like missing values: so every value gets one that nobody sees.
    shader = QgsColorRampShader(-1.0, 0.0, None, QgsColorRampShader.Type.Discrete)
    shader.setColorRampItemList([
        QgsColorRampShader.ColorRampItem(-3e38, QColor(NOTHING), "Not found, or not trusted"),
        QgsColorRampShader.ColorRampItem(float("inf"), _alpha("#ffffff", 0), "Measured"),
    ])  # fmt: skip
    function = QgsRasterShader(-1.0, 0.0)
    function.setRasterShaderFunction(shader)
    renderer = QgsSingleBandPseudoColorRenderer(layer.dataProvider(), band, function)
    renderer.setNodataColor(_alpha(NOTHING, 170))
    layer.setRenderer(renderer)


def _alpha(colour: str, alpha: int) -> QColor:
    made = QColor(colour)
    made.setAlpha(alpha)
    return made


def _show(layer: QgsRasterLayer, band: int, stops: Sequence[Tuple[float, QColor]], unit: str) -> None:
    layer.setRenderer(_renderer(layer, band, stops, unit))
    layer.triggerRepaint()


def _renderer(
    layer: QgsRasterLayer, band: int, stops: Sequence[Tuple[float, QColor]], unit: str, *,
    steps: Optional[Sequence[Tuple[float, QColor, str]]] = None,
) -> QgsSingleBandPseudoColorRenderer:
    low, high = stops[0][0], stops[-1][0]
    kind = QgsColorRampShader.Type
    span = (high - low) or 1.0
    ramp = QgsGradientColorRamp(
        stops[0][1], stops[-1][1], False, [QgsGradientStop((value - low) / span, colour) for value, colour in stops[1:-1]]
    )
    shader = QgsColorRampShader(low, high, ramp, kind.Interpolated)
    items = [(value, colour, f"{value:g}") for value, colour in stops] if steps is None else list(steps)
    shader.setColorRampItemList([QgsColorRampShader.ColorRampItem(*item) for item in items])
    settings = QgsColorRampLegendNodeSettings()
    settings.setUseContinuousLegend(steps is None)
    if unit:
        settings.setSuffix(f" {unit}")
    shader.setLegendSettings(settings)
    function = QgsRasterShader(low, high)
    function.setRasterShaderFunction(shader)
    renderer = QgsSingleBandPseudoColorRenderer(layer.dataProvider(), band, function)
    renderer.setClassificationMin(low)
    renderer.setClassificationMax(high)
    return renderer
