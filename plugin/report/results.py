"""The results among the chosen layers, and what a report says of each: figures, charts, tables."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Callable, Dict, Iterable, List, Optional, Sequence, Tuple

import numpy as np
from qgis.core import QgsFeatureRequest, QgsMapLayer, QgsRasterLayer, QgsVectorLayer, QgsWkbTypes

from stillpoint.models.errors import Cancelled, StillpointError
from stillpoint.plugin import provenance, scatterers, stacks
from stillpoint.plugin.facts import class_counts, facts_of
from stillpoint.plugin.language import tr
from stillpoint.plugin.offsets import is_offsets
from stillpoint.plugin.provenance import Provenance
from stillpoint.plugin.report import charts
from stillpoint.plugin.report.content import Cards, Part, Table, Text
from stillpoint.plugin.report.zones import Zone
from stillpoint.plugin.styles.palette import LOOKS, UNKNOWN

TRENDS, SERIES, SCATTERERS, OFFSETS, PAIRS, OTHER = "trends", "series", "scatterers", "offsets", "pairs", "other"

_FIGURES: Tuple[Tuple[str, str, str], ...] = (
    ("velocity", "Velocity", "mm/yr"), ("vel_se", "Standard error of the velocity", "mm/yr"),
    ("vel_std", "Standard error of the velocity", "mm/yr"), ("accel", "Acceleration", "mm/yr²"), ("rmse", "Residual", "mm"),
    ("annual", "Annual amplitude", "mm"), ("coherence", "Temporal coherence", "0 to 1"), ("height_err", "Height error", "m"),
    ("probabilit", "PS probability", "0 to 1"), ("gamma", "Phase stability gamma", "0 to 1"),
    ("amp_disp", "Amplitude dispersion", "1"), ("noise_rad", "Phase noise", "rad"), ("confidence", "Confidence", "0 to 1"),
)  # fmt: skip
"""Fields whose distribution a report tells, with their names and units."""


_TITLES = {
    TRENDS: "Ground motion trends", SERIES: "Displacement series", SCATTERERS: "Persistent scatterers", OFFSETS: "Offsets",
    PAIRS: "Interferograms",
}  # fmt: skip


@dataclass
class Found:
    """Layers that one run of one job made.

    Attributes
    ----------
    layers
        Its chosen layers, in the order of choosing.
    made
        How they were made; None where nobody knows.
    """

    layers: List[QgsMapLayer]
    made: Optional[Provenance]

    @property
    def kind(self) -> str:
        """What they hold: one of the words of this module."""
        kinds = [kind_of(layer, self.made) for layer in self.layers]
        return next((kind for kind in (TRENDS, SERIES, OFFSETS, SCATTERERS, PAIRS) if kind in kinds), OTHER)

    @property
    def name(self) -> str:
        """The result for people: what it holds, and of what."""
        first = self.layers[0].name()
        what = tr(_TITLES.get(self.kind, ""))
        whose = (_source(self.made) if self.made is not None else "") or first
        return f"{what}: {whose}" if what else first

    def point_layers(self) -> List[QgsVectorLayer]:
        """Return the layers of points."""
        return [layer for layer in self.layers if isinstance(layer, QgsVectorLayer) and is_points(layer)]

    def points(self) -> Optional[QgsVectorLayer]:
        """Return the first layer of points; None where there is none."""
        return next(iter(self.point_layers()), None)


def is_points(layer: QgsMapLayer) -> bool:
    """Tell whether a layer holds points that stand for places on the ground."""
    return (
        isinstance(layer, QgsVectorLayer) and layer.geometryType() == QgsWkbTypes.GeometryType.PointGeometry
        and layer.customProperty("stillpoint/offsets") in (None, "")
    )  # fmt: skip


def _source(made: Provenance) -> str:
    """Return the name of what the job was done on."""
    for name in ("points", "stack", "reference", "sources", "ascending"):
        value = made.parameters.get(name)
        value = value[0] if isinstance(value, (list, tuple)) and value else value
        if value:
            return Path(provenance.file_name(str(value))).stem
    return ""


def kind_of(layer: QgsMapLayer, made: Optional[Provenance]) -> str:
    """Return what a layer holds."""
    if isinstance(layer, QgsVectorLayer) and layer.fields().lookupField("trend_code") >= 0:
        return TRENDS
    if layer.customProperty("stillpoint/offsets") or (isinstance(layer, QgsRasterLayer) and is_offsets(layer)):
        return OFFSETS
    if made is not None and made.task == "select-interferograms":
        return PAIRS
    if scatterers.role_of(layer) and scatterers.role_of(layer) != scatterers.AMPLITUDE:
        return SCATTERERS
    if is_points(layer) and layer.fields().lookupField("velocity") >= 0:
        return SERIES
    return OTHER


def found_in(layers: Iterable[QgsMapLayer]) -> List[Found]:
    """Return the results that the layers belong to; those that do not say how they were made are results of their own."""
    found: Dict[str, Found] = {}
    for layer in layers:
        made = provenance.read(layer)
        key = json.dumps(made.to_dict().get("job"), sort_keys=True, default=str) if made and made.job else layer.id()
        if key in found:
            found[key].layers.append(layer)
        else:
            found[key] = Found([layer], made)
    return list(found.values())


def without_paths(text: str, made: Optional[Provenance]) -> str:
    """Return ``text`` with files named without their folders."""
    known: List[str] = []
    if made is not None:
        for value in [*made.inputs.values(), *made.outputs.values(), *made.parameters.values()]:
            known += [str(part) for part in (value if isinstance(value, (list, tuple)) else [value])]
    for path in sorted({path for path in known if "/" in path or "\\" in path}, key=len, reverse=True):
        text = text.replace(path, provenance.file_name(path))
    return re.sub(r"(?<![\w.:/])(?:[A-Za-z]:)?[\\/](?:[^\\/\s:;,'\"()]+[\\/])+", "", text)


# Points


def numbers_of(layer: QgsVectorLayer, names: Sequence[str], cancelled: Callable[[], bool]) -> Dict[str, np.ndarray]:
    """Return numeric fields as float64, NaN where missing; names that the layer lacks are left out."""
    places = {name: layer.fields().lookupField(name) for name in names}
    places = {name: at for name, at in places.items() if at >= 0 and layer.fields().at(at).isNumeric()}
    request = QgsFeatureRequest()
    request.setFlags(QgsFeatureRequest.Flag.NoGeometry)
    request.setSubsetOfAttributes(list(places.values()))
    rows: List[List[float]] = []
    for number, feature in enumerate(layer.getFeatures(request)):
        if number % 5000 == 0 and cancelled():
            raise Cancelled()
        rows.append([_number(feature.attribute(at)) for at in places.values()])
    table = np.array(rows, float).reshape(len(rows), len(places))
    return {name: table[:, index] for index, name in enumerate(places)}


def _number(value: Any) -> float:
    try:
        return float(value)
    except (TypeError, ValueError):
        return float("nan")


def sense_of(layer: QgsVectorLayer) -> str:
    """Return where positive displacements and velocities of a layer point, in words."""
    from stillpoint.plugin.velocity_layers import DIRECTIONS, direction_of

    return tr("positive {direction}").format(direction=DIRECTIONS[direction_of(layer)].positive)


def class_parts(layer: QgsVectorLayer, width: float) -> List[Part]:
    """Return the shares of the trend classes as a chart."""
    counts = class_counts(layer, facts_of(layer))
    total = sum(counts.values())
    if not total:
        return [Text(tr("The layer {name} holds no points.").format(name=layer.name()))]
    rows = [(tr(look.name), counts.get(look.code, 0), look.colour, look.code is None) for look in (*LOOKS, UNKNOWN)]
    rows = [row for row in rows if row[1] or not row[3]]
    caption = tr("Share and number of points of each trend class, of {n} points in all.").format(n=f"{total:,}")
    return [Text(caption, quiet=True), charts.shares(rows, width, caption)]


def figure_parts(layer: QgsVectorLayer, width: float, sense: str, cancelled: Callable[[], bool]) -> List[Part]:
    """Return the distribution of the figures of points: as a table, and the velocity as a chart."""
    values = numbers_of(layer, [name for name, _, _ in _FIGURES], cancelled)
    rows: List[Tuple[str, ...]] = []
    for name, title, unit in _FIGURES:
        good = values.get(name, np.zeros(0))
        good = good[np.isfinite(good)]
        if good.size:
            low, median, high = np.percentile(good, (5, 50, 95))
            rows.append(
                (f"{tr(title)} ({unit})", *(charts.number(float(value)) for value in (median, low, high)), f"{good.size:,}")
            )
    if not rows:
        return []
    head = (tr("Figure"), tr("Median"), tr("5 %"), tr("95 %"), tr("Points"))
    parts: List[Part] = [Table(head, tuple(rows), (3.4, 1.0, 1.0, 1.0, 1.0))]
    shown = next((name for name in ("velocity", "probabilit") if name in values), "")
    if shown and np.isfinite(values[shown]).sum() > 20:
        unit = tr("Velocity (mm/yr), {sense}").format(sense=sense) if shown == "velocity" else tr("PS probability (0 to 1)")
        parts.append(charts.histogram(values[shown], unit, width, 38.0, caption=unit, middle=shown == "velocity"))
    return parts


def point_cards(layer: QgsVectorLayer, made: Optional[Provenance]) -> Cards:
    """Return the figures that stand out of a layer of points."""
    cards = [(f"{layer.featureCount():,}", tr("points"))]
    dates = facts_of(layer).dates
    if layer.fields().lookupField("trend_code") >= 0:
        counts = class_counts(layer, facts_of(layer))
        total = max(sum(counts.values()), 1)
        moving = sum(counts.get(code, 0) for code in (1, 2, 3))
        cards.append((f"{100 * moving / total:.1f} %", tr("of the points move")))
    if dates is not None and len(dates):
        cards.append((str(len(dates)), tr("dates")))
        cards.append((f"{str(dates[0])[:7]} – {str(dates[-1])[:7]}", tr("observed")))
    return Cards(tuple(cards))


def zone_parts(zones: Sequence[Zone], *, classified: bool) -> List[Part]:
    """Return the table by zone."""
    looks = [look for look in (*LOOKS, UNKNOWN) if classified and any(zone.classes.get(look.code) for zone in zones)]
    short = {"Phase unwrapping error": tr("Unwrap. error"), "Not classified": tr("No class")}
    head = (tr("Zone"), tr("Points"), tr("Points per km²"), tr("Mean velocity (mm/yr)"), *(
        f"{short.get(look.name, tr(look.name))} (%)" for look in looks))  # fmt: skip
    has_density = any(zone.density is not None for zone in zones)
    has_velocity = any(zone.mean is not None for zone in zones)
    rows: List[Tuple[str, ...]] = []
    named = [zone for zone in zones if zone.name is not None]
    sums = Zone("", sum(zone.area for zone in named))
    for zone in named:
        sums.count += zone.count
        sums.velocities = sums.velocities[0] + zone.velocities[0], sums.velocities[1] + zone.velocities[1]
        for code, count in zone.classes.items():
            sums.classes[code] = sums.classes.get(code, 0) + count
    shown = [*((str(zone.name), zone) for zone in named), *((tr("In no zone"), zone) for zone in zones if zone.name is None)]
    if len(named) > 1:
        shown.append((tr("All zones"), sums))
    for name, zone in shown:
        cells = [name if len(name) <= 200 else f"{name[:199].rstrip()}…", f"{zone.count:,}"]
        cells.append("–" if zone.density is None else charts.number(zone.density))
        cells.append("–" if zone.mean is None else charts.number(zone.mean, 0.1))
        cells += ["–" if not zone.count else f"{100 * zone.classes.get(look.code, 0) / zone.count:.1f}" for look in looks]
        rows.append(tuple(cells))
    kept = [index for index in range(len(head)) if (index != 2 or has_density) and (index != 3 or has_velocity)]
    table = Table(
        tuple(head[index] for index in kept), tuple(tuple(row[index] for index in kept) for row in rows),
        tuple(3.2 if index == 0 else 1.25 if index == 3 else 1.05 for index in kept), last_is_sum=len(named) > 1,
    )  # fmt: skip
    empty = sum(1 for zone in named if not zone.count)
    notes = tr("A point in zones that overlap counts in each of them; a zone's area is that of all its polygons.")
    if empty:
        notes += " " + tr("{n} of the {all} zones hold no point.").format(n=empty, all=len(named))
    return [Text(notes, quiet=True), table]


# Persistent scatterers


def scatterer_parts(found: Found, width: float) -> Tuple[Cards, List[Part]]:
    """Return the figures of a selection of persistent scatterers."""
    cards: List[Tuple[str, str]] = []
    made, points = found.made, found.points()
    more = made.more if made is not None else {}
    raster = next((layer for layer in found.layers if isinstance(layer, QgsRasterLayer)), None)
    chosen = (
        more.get("selected") if isinstance(more.get("selected"), int) else points.featureCount() if points is not None else None
    )
    pixels = more.get("pixels") if isinstance(more.get("pixels"), int) else None
    if chosen is not None:
        cards.append((f"{chosen:,}", tr("persistent scatterers")))
    if chosen is not None and pixels:
        cards.append((f"{100 * chosen / pixels:.2f} %", tr("of the pixels")))
        area = scatterers.pixel_area(raster) if raster is not None else _side_of(points) ** 2
        if area:
            cards.append((charts.number(chosen / (pixels * area / 1e6)), tr("PS per km²")))
    if isinstance(more.get("threshold"), (int, float)):
        cards.append((f"{more['threshold']:g}", tr("threshold")))
    parts: List[Part] = []
    probability = next((layer for layer in found.layers if scatterers.role_of(layer) == scatterers.PROBABILITY), None)
    if probability is not None:
        try:
            source = stacks.opened(stacks.path_of(probability))  # a band lives no longer than its file is open
            band = source.GetRasterBand(1)
            step = max(1, int(np.ceil(np.sqrt(band.XSize * band.YSize / 250_000))))
            values = band.ReadAsArray(buf_xsize=-(-band.XSize // step), buf_ysize=-(-band.YSize // step)).astype(float)
        except (StillpointError, RuntimeError, AttributeError):
            values = np.zeros(0)
        if np.isfinite(values).any():
            parts.append(charts.histogram(values, tr("PS probability of the pixels (0 to 1)"), width, 38.0))
    return Cards(tuple(cards)), parts


def _side_of(points: Optional[QgsVectorLayer]) -> float:
    """Return the side of the pixels that points stand for, m; 0 where nobody knows."""
    try:
        side, in_metres = json.loads(str(points.customProperty(scatterers.PIXEL, "") or "")) if points is not None else (0.0, False)
    except (ValueError, TypeError):
        return 0.0
    return float(side) if in_metres else 0.0
