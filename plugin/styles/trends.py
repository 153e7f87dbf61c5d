"""The symbols and the renderer of a classified layer."""

from __future__ import annotations

from typing import List, Mapping, Optional

from qgis.core import (
    QgsCategorizedSymbolRenderer,
    QgsMarkerSymbol,
    QgsProperty,
    QgsRendererCategory,
    QgsSimpleMarkerSymbolLayer,
    QgsSymbol,
    QgsSymbolLayer,
    QgsUnitTypes,
)
from qgis.PyQt.QtCore import QVariant

from stillpoint.plugin.language import tr
from stillpoint.plugin.styles.palette import LOOKS, UNKNOWN, ClassLook

FIELD = "trend_code"

SIZE = 2.0
"""Diameter of a circle in mm where the map is read at a town's scale."""

SIZE_BY_SCALE = (
    "CASE WHEN @map_scale IS NULL THEN {size} ELSE {size} * "
    "scale_linear(ln(max(@map_scale, 1)), ln(5000), ln(400000), 1.5, 0.55) END"
)
"""Markers grow from 1.1 mm at 1:400,000 to 3 mm at 1:5,000: a dense town stays readable at both ends."""

OPACITY = 'coalesce(scale_linear("confidence", 0.5, 0.95, 40, 100), 100)'
"""Opacity in percent by the probability of the class: doubtful points fade, but never vanish."""


def marker(look: ClassLook, *, by_scale: bool = True, by_confidence: bool = True) -> QgsMarkerSymbol:
    """Return the symbol of one class.

    Parameters
    ----------
    look
        Colour and shape of the class.
    by_scale
        Size follows the map scale; False for SLD, which knows no such expression.
    by_confidence
        Opacity follows the field ``confidence``; False where the layer has none.
    """
    hollow = look.code is None
    layer = QgsSimpleMarkerSymbolLayer.create(
        {
            "name": look.shape,
            "color": "255,255,255,120" if hollow else look.colour,
            "outline_color": look.colour if hollow else _edge(look.colour),
            "outline_width": "0.35" if hollow else "0.15",
            "outline_width_unit": "MM",
            "size": f"{SIZE * look.scale:g}",
            "size_unit": "MM",
        }
    )
    # The pass in which symbol levels draw it: points without a class lie lowest, rare classes on top.
    layer.setRenderingPass(0 if hollow else int(look.code or 0) + 1)
    if by_scale:
        expression = SIZE_BY_SCALE.format(size=f"{SIZE * look.scale:g}")
        layer.setDataDefinedProperty(QgsSymbolLayer.Property.PropertySize, QgsProperty.fromExpression(expression))
    symbol = QgsMarkerSymbol()
    symbol.changeSymbolLayer(0, layer)
    symbol.setOutputUnit(QgsUnitTypes.RenderUnit.RenderMillimeters)
    if by_confidence and not hollow:
        symbol.setDataDefinedProperty(QgsSymbol.Property.PropertyOpacity, QgsProperty.fromExpression(OPACITY))
    return symbol


def _edge(colour: str) -> str:
    """Return another shade of ``colour`` for the outline, which parts dots that overlap.

    It is darker; that of a near black colour is light, or it would vanish on dark images and in dark legends.
    """
    values = [int(colour[i : i + 2], 16) for i in (1, 3, 5)]
    parts = [round(value * 0.62) for value in values] if max(values) > 64 else [216, 216, 216]
    return "#{:02x}{:02x}{:02x}".format(*parts)


def class_label(look: ClassLook, counts: Optional[Mapping[Optional[int], int]]) -> str:
    """Return the legend text of a class, with its count where counts are known."""
    if counts is None:
        return tr(look.name)
    return f"{tr(look.name)} ({counts.get(look.code, 0):,})"


def renderer(
    counts: Optional[Mapping[Optional[int], int]] = None,
    *,
    field: str = FIELD,
    text_codes: bool = False,
    by_scale: bool = True,
    by_confidence: bool = True,
) -> QgsCategorizedSymbolRenderer:
    """Return the categorised renderer of the five classes and "Not classified".

    Parameters
    ----------
    counts
        Number of points by class code (None for "Not classified"); shown in the legend.
    field
        Field with the class code.
    text_codes
        The field holds text ("0" .. "4"), as in a CSV without types.
    by_scale, by_confidence
        See :func:`marker`.
    """
    categories: List[QgsRendererCategory] = []
    for look in (*LOOKS, UNKNOWN):
        # An invalid value is QGIS's category for "all other values", NULL among them.
        value = QVariant() if look.code is None else (str(look.code) if text_codes else look.code)
        symbol = marker(look, by_scale=by_scale, by_confidence=by_confidence)
        categories.append(QgsRendererCategory(value, symbol, class_label(look, counts)))
    result = QgsCategorizedSymbolRenderer(field, categories)
    result.setUsingSymbolLevels(True)
    return result
