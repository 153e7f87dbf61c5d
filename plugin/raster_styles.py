"""How scatterers look on the map: probability, mask, noise and points over a grey amplitude.

One ramp for all: from deep violet over orange to pale yellow, lighter with every step, so that colour-blind readers and
grey prints keep the order, and bright on the grey of an amplitude image.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import List, Optional, Tuple

from qgis.core import (
    Qgis,
    QgsColorRampShader,
    QgsContrastEnhancement,
    QgsGradientColorRamp,
    QgsGradientStop,
    QgsGraduatedSymbolRenderer,
    QgsMapUnitScale,
    QgsMarkerSymbol,
    QgsPalettedRasterRenderer,
    QgsProperty,
    QgsRasterBandStats,
    QgsRasterDataProvider,
    QgsRasterLayer,
    QgsRasterShader,
    QgsRectangle,
    QgsRendererRange,
    QgsSimpleMarkerSymbolLayer,
    QgsSingleBandGrayRenderer,
    QgsSingleBandPseudoColorRenderer,
    QgsSymbolLayer,
    QgsUnitTypes,
)
from qgis.PyQt.QtGui import QColor

RAMP: Tuple[Tuple[float, str], ...] = (
    (0.0, "#7B1FA2"), (0.3, "#D0306A"), (0.6, "#F58A3A"), (0.85, "#FCC947"), (1.0, "#FFF7B0"),
)  # fmt: skip
"""Position 0..1 between the threshold and certainty, and colour."""

PS_COLOUR = "#F5A623"
"""Colour of the selected pixels of a mask."""

STEPS = 5
"""Classes of the points' legend."""

POINT_SIZE = 1.8
"""Diameter in mm of points in the legend, and of those whose pixels' size is unknown."""

SMALLEST, LARGEST = 0.4, 2.4
"""Diameter in mm that a point has at least and at most; between, it is as large as its pixel."""

_SAMPLE = 250_000
_WINDOW = 2000
"""Pixels: the stretch of a larger image is taken from its middle, or every pixel of it would have to be read."""


def colour_at(share: float) -> QColor:
    """Return the ramp's colour at 0..1."""
    return _ramp().color(min(max(share, 0.0), 1.0))


def _ramp() -> QgsGradientColorRamp:
    stops = [QgsGradientStop(place, QColor(colour)) for place, colour in RAMP[1:-1]]
    return QgsGradientColorRamp(QColor(RAMP[0][1]), QColor(RAMP[-1][1]), False, stops)


def probability_renderer(source: QgsRasterDataProvider, threshold: float) -> QgsSingleBandPseudoColorRenderer:
    """Return the renderer of a probability: pixels below the threshold are not drawn."""
    low = min(max(threshold, 0.0), 1.0)
    top = max(1.0, low + 1e-6)
    shader = QgsColorRampShader(low, top, _ramp(), QgsColorRampShader.Type.Interpolated)
    shader.setColorRampItemList(_items(low, top))
    shader.setClip(True)
    return _pseudo_colour(source, shader, low, top)


def noise_renderer(source: QgsRasterDataProvider, highest: float = 1.2) -> QgsSingleBandPseudoColorRenderer:
    """Return the renderer of a phase noise in radians: quiet pixels are bright, noise beyond ``highest`` is not drawn."""
    shader = QgsColorRampShader(0.0, highest, _ramp(), QgsColorRampShader.Type.Interpolated)
    shader.setColorRampItemList(
        [QgsColorRampShader.ColorRampItem(highest * (1 - place), QColor(colour), f"{highest * (1 - place):.2f} rad")
         for place, colour in reversed(RAMP)]
    )  # fmt: skip
    shader.setClip(True)
    return _pseudo_colour(source, shader, 0.0, highest)


def _items(low: float, top: float) -> List[QgsColorRampShader.ColorRampItem]:
    found = []
    for place, colour in RAMP:
        value = low + place * (top - low)
        found.append(QgsColorRampShader.ColorRampItem(value, QColor(colour), f"{value:.2f}"))
    return found


def _pseudo_colour(
    source: QgsRasterDataProvider, shader: QgsColorRampShader, low: float, top: float
) -> QgsSingleBandPseudoColorRenderer:
    function = QgsRasterShader(low, top)
    function.setRasterShaderFunction(shader)
    renderer = QgsSingleBandPseudoColorRenderer(source, 1, function)
    renderer.setClassificationMin(low)
    renderer.setClassificationMax(top)
    return renderer


def mask_renderer(source: QgsRasterDataProvider) -> QgsPalettedRasterRenderer:
    """Return the renderer of a mask: the selected pixels alone."""
    wanted = QgsPalettedRasterRenderer.Class(1, QColor(PS_COLOUR), "PS")
    return QgsPalettedRasterRenderer(source, 1, [wanted])


def style_amplitude(layer: QgsRasterLayer, band: int = 1) -> None:
    """Show a band of amplitudes in greys, stretched between its 2nd and 98th percentile."""
    source = layer.dataProvider()
    low, high = source.cumulativeCut(band, 0.02, 0.98, _middle(layer), _SAMPLE)
    if not high > low:
        stats = source.bandStatistics(band, QgsRasterBandStats.Stats.All, _middle(layer), _SAMPLE)
        low, high = stats.minimumValue, max(stats.maximumValue, stats.minimumValue + 1e-6)
    enhancement = QgsContrastEnhancement(source.dataType(band))
    enhancement.setMinimumValue(low, False)
    enhancement.setMaximumValue(high, False)
    enhancement.setContrastEnhancementAlgorithm(QgsContrastEnhancement.ContrastEnhancementAlgorithm.StretchToMinimumMaximum)
    renderer = QgsSingleBandGrayRenderer(source, band)
    renderer.setContrastEnhancement(enhancement)
    layer.setRenderer(renderer)
    layer.brightnessFilter().setGamma(1.3)  # speckled amplitudes are mostly dark
    layer.brightnessFilter().setBrightness(-25)  # what lies above must stand out
    # Resampling before the stretch keeps bright scatterers bright when zoomed out.
    source.enableProviderResampling(True)
    source.setZoomedOutResamplingMethod(QgsRasterDataProvider.ResamplingMethod.Bilinear)
    layer.setResamplingStage(Qgis.RasterResamplingStage.Provider)


def _middle(layer: QgsRasterLayer) -> QgsRectangle:
    """Return the extent that statistics are taken from: all of a small raster, the middle of a large one."""
    extent = layer.extent()
    for size, count in ((extent.width(), layer.width()), (extent.height(), layer.height())):
        if count <= 0 or size <= 0:
            return extent
    width = extent.width() * min(1.0, _WINDOW / layer.width())
    height = extent.height() * min(1.0, _WINDOW / layer.height())
    centre = extent.center()
    return QgsRectangle(centre.x() - width / 2, centre.y() - height / 2, centre.x() + width / 2, centre.y() + height / 2)


@dataclass(frozen=True)
class PixelSize:
    """Side of the pixels that points stand for: metres on the ground, or map units where ``in_metres`` is False."""

    side: float
    in_metres: bool = True


def point_renderer(
    field: str, threshold: float, *, highest: float = 1.0, pixel: Optional[PixelSize] = None
) -> QgsGraduatedSymbolRenderer:
    """Return the renderer of points by their probability: equal steps between the threshold and ``highest``."""
    low = min(threshold, highest - 1e-6)
    step = (highest - low) / STEPS
    ranges = []
    for index in range(STEPS):
        first, last = low + index * step, low + (index + 1) * step
        # The first class takes what rounding, or a threshold that differs from place to place, left below it.
        start = first if index else min(first, 0.0)
        marker = _marker(colour_at((index + 0.5) / STEPS), pixel)
        ranges.append(QgsRendererRange(start, last, marker, f"{first:.2f} - {last:.2f}"))
    return QgsGraduatedSymbolRenderer(field, ranges)


def plain_points(pixel: Optional[PixelSize] = None) -> QgsMarkerSymbol:
    """Return the symbol of points that carry no probability."""
    return _marker(QColor(PS_COLOUR), pixel)


def _marker(colour: QColor, pixel: Optional[PixelSize]) -> QgsMarkerSymbol:
    layer = QgsSimpleMarkerSymbolLayer.create(
        {"name": "circle", "color": colour.name(), "outline_color": "20,20,24,190", "outline_width": "0.1",
         "outline_width_unit": "MM", "size": f"{POINT_SIZE:g}", "size_unit": "MM"}
    )  # fmt: skip
    if pixel is not None and pixel.in_metres:
        # By an expression, not in metres at scale: the legend keeps the plain size, and is no row of specks.
        for name, share, least, most in (("PropertySize", 0.95, SMALLEST, LARGEST), ("PropertyStrokeWidth", 0.06, 0.0, 0.15)):
            text = f"max({least}, min({most}, {1000 * share * pixel.side:.6g} / max(@map_scale, 1)))"
            layer.setDataDefinedProperty(getattr(QgsSymbolLayer.Property, name), QgsProperty.fromExpression(text))
    elif pixel is not None:  # no scale is known
        scale = QgsMapUnitScale()
        scale.minSizeMMEnabled = scale.maxSizeMMEnabled = True
        scale.minSizeMM, scale.maxSizeMM = SMALLEST, LARGEST
        layer.setSize(0.95 * pixel.side)
        layer.setSizeUnit(QgsUnitTypes.RenderUnit.RenderMapUnits)
        layer.setSizeMapUnitScale(scale)
    symbol = QgsMarkerSymbol()
    symbol.changeSymbolLayer(0, layer)
    return symbol
