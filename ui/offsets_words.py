"""What the dialog of offset tracking says of methods, images and results."""

from __future__ import annotations

from typing import Dict, Optional, Tuple

import numpy as np
from qgis.core import QgsCoordinateReferenceSystem, QgsUnitTypes

from stillpoint.models.jobs import Result
from stillpoint.plugin.language import tr
from stillpoint.plugin.offsets_checks import ImageFacts

EXPLANATIONS: Dict[str, str] = {
    "default": "Correlation with windows of several sizes, weighed by a network that knows how well each can be trusted where. "
    "The most accurate, also for motion far below a pixel.",
    "cc_ressiamnet": "A Siamese network with cross-connections that reads both images at once. To compare with the literature.",
    "correlation": "Normalised cross-correlation with windows of several sizes, refined to fractions of a pixel. Needs no network.",
}
"""Each method in a line."""

WORDS: Dict[Tuple[str, str], str] = {
    ("units", "pixels"): "Pixels",
    ("units", "metres"): "Metres",
    ("units", "metres_a_day"): "Metres a day",
    ("outliers", "mask"): "Leave out what is not trusted",
    ("outliers", "keep"): "Keep everything measured",
    ("geometry", "auto"): "By the coordinates of the reference",
    ("geometry", "radar"): "Radar: azimuth and range",
    ("geometry", "map"): "Map: north and east",
}
"""Choices of the form in words."""


def in_words(reference: ImageFacts, secondary: Optional[ImageFacts]) -> str:
    """Return what was chosen as a line for people."""
    rows, columns = reference.shape
    parts = [tr("{rows:,} x {columns:,} pixels").format(rows=rows, columns=columns)]
    side = pixel_metres(reference)
    if side:
        parts.append(tr("{high:.3g} x {wide:.3g} m each").format(high=side[0], wide=side[1]))
    if secondary is None:
        known = sorted(date for date in reference.dates if date is not None)
        if reference.bands > 1:
            words = tr("{n} images, {pairs} consecutive pairs") if reference.bands > 2 else tr("{n} images, one pair")
            parts.append(words.format(n=reference.bands, pairs=reference.bands - 1))
        if len(known) > 1:
            parts.append(tr("{first} to {last}").format(first=known[0], last=known[-1]))
    elif reference.date and secondary.date:
        days = (secondary.date - reference.date).days
        parts.append(tr("{first} to {second}, {days} days").format(first=reference.date, second=secondary.date, days=days))
    else:
        parts.append(tr("dates unknown"))
    return ", ".join(parts)


def pixel_metres(facts: ImageFacts) -> Optional[Tuple[float, float]]:
    """Return height and width of a pixel in metres; None where the coordinates do not tell them."""
    crs = QgsCoordinateReferenceSystem.fromWkt(facts.projection) if facts.projection else QgsCoordinateReferenceSystem()
    if facts.geotransform is None or not crs.isValid():
        return None
    gt = facts.geotransform
    wide, high = float(np.hypot(gt[1], gt[4])), float(np.hypot(gt[2], gt[5]))
    if crs.mapUnits() == QgsUnitTypes.DistanceUnit.DistanceDegrees:
        latitude = gt[3] + facts.shape[0] / 2 * gt[5]
        return high * 110_574.0, wide * 111_320.0 * float(np.cos(np.radians(latitude)))
    metres = QgsUnitTypes.fromUnitToUnitFactor(crs.mapUnits(), QgsUnitTypes.DistanceUnit.DistanceMeters)
    return high * metres, wide * metres


def reach_in_words(pixels: int, reference: ImageFacts, secondary: Optional[ImageFacts]) -> str:
    """Return what a search range is in metres, and a day where the dates are known; empty where nobody knows."""
    side = pixel_metres(reference)
    if side is None:
        return ""
    metres = pixels * min(side)
    text = tr("up to {metres:,.0f} m").format(metres=metres) if metres >= 10 else tr("up to {metres:.2g} m").format(metres=metres)
    if secondary is not None and reference.date and secondary.date and secondary.date != reference.date:
        days = abs((secondary.date - reference.date).days)
        text += tr(", {speed:.3g} m/day").format(speed=metres / days)
    return text


def outcome(result: Result, *, preview: bool, cut: bool) -> str:
    """Return what came out; ``cut`` tells that a preview saw a part of the map only."""
    text = result.summary
    if preview:
        part = tr("the middle of the map (a preview looks at a small part)") if cut else tr("what the map shows")
        text = tr("Preview of {part}: {text}").format(part=part, text=text)
    return "\n".join([text, *result.warnings])
