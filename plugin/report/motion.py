"""What a report says of rasters of offsets and of networks of interferograms."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import List, Optional, Tuple

import numpy as np
from osgeo import gdal, ogr, osr
from qgis.core import QgsMapLayer

from stillpoint.models.errors import StillpointError
from stillpoint.plugin import stacks
from stillpoint.plugin.language import tr
from stillpoint.plugin.offsets import COMPONENTS, OffsetFacts, Pair, facts_of, samples
from stillpoint.plugin.provenance import Provenance
from stillpoint.plugin.report import charts
from stillpoint.plugin.report.content import Cards, Part, Table, Text
from stillpoint.plugin.triage import date_baselines, with_baselines
from stillpoint.plugin.triage_table import TriageTable, decisions_path, read_decisions, read_table

_MOST_PAIRS = 6


# Offsets


def offsets_of(layers: List[QgsMapLayer], made: Optional[Provenance]) -> Optional[OffsetFacts]:
    """Return the raster of offsets that layers show; None where none of them does, or it is gone."""
    paths = [stacks.path_of(layer) for layer in layers]
    if made is not None:
        paths += [str(made.outputs.get("output", "")), str(made.parameters.get("output", ""))]
    for path in paths:
        try:
            if path and Path(path).exists():
                return facts_of(path)
        except StillpointError:
            continue
    return None


def offset_parts(facts: OffsetFacts, made: Optional[Provenance], width: float) -> Tuple[Cards, List[Part]]:
    """Return the figures of offsets: what was measured, how large it is, and how still the stable ground."""
    pair = facts.pairs[0]
    values = samples(facts, [*pair.offsets, *(band for band in pair.errors if band)])
    magnitude = np.hypot(values[0], values[1])
    good = np.isfinite(magnitude)
    cards = [(f"{100 * good.mean():.1f} %", tr("of positions measured"))]
    if good.any():
        cards.append((f"{charts.number(float(np.median(magnitude[good])))} {facts.unit}", tr("median motion")))
        cards.append((f"{charts.number(float(np.percentile(magnitude[good], 95)))} {facts.unit}", tr("95 % move less")))
    if pair.days:
        cards.append((tr("{n} days").format(n=abs(pair.days)), tr("between the images")))
    parts: List[Part] = []
    rows = [row for each in facts.pairs[:_MOST_PAIRS] for row in _component_rows(facts, each)]
    several = len(facts.pairs) > 1
    head = (tr("Component ({unit})").format(unit=facts.unit), tr("Median"), tr("5 %"), tr("95 %"), tr("Standard error"))
    if rows:
        parts.append(Table(head, tuple(rows), (3.0 if several else 2.4, 1.0, 1.0, 1.0, 1.3)))
        parts.append(Text(tr("The standard error is the median of those that the method gives for every offset."), quiet=True))
    if len(facts.pairs) > _MOST_PAIRS:
        parts.append(Text(tr("The first {n} of {all} pairs.").format(n=_MOST_PAIRS, all=len(facts.pairs)), quiet=True))
    if good.any():
        unit = tr("Magnitude of the offsets ({unit}), {pair}").format(unit=facts.unit, pair=pair.label)
        parts.append(charts.histogram(magnitude, unit, width, 38.0, caption=unit))
    parts += _stable_parts(facts, made)
    return Cards(tuple(cards)), parts


def _component_rows(facts: OffsetFacts, pair: Pair) -> List[Tuple[str, ...]]:
    rows: List[Tuple[str, ...]] = []
    for place, kind in enumerate(pair.kinds):
        values = samples(facts, [pair.offsets[place], *([pair.errors[place]] if pair.errors[place] else [])])
        good = np.isfinite(values[0])
        name = COMPONENTS[kind] if len(facts.pairs) == 1 else f"{COMPONENTS[kind]}, {pair.label}"
        if not good.any():
            rows.append((name, "–", "–", "–", "–"))
            continue
        middle = [charts.number(float(value)) for value in np.percentile(values[0][good], (50, 5, 95))]
        errors = values[1][np.isfinite(values[1])] if len(values) > 1 else np.zeros(0)
        rows.append((name, *middle, charts.number(float(np.median(errors))) if errors.size else "–"))
    return rows


def _stable_parts(facts: OffsetFacts, made: Optional[Provenance]) -> List[Part]:
    """Return how far the stable ground seems to have moved: the truest measure of the errors that there is."""
    stable = str((made.parameters.get("stable") if made is not None else "") or "")
    if not stable:
        return [
            Text(
                tr("No stable ground was given, so the offsets are as measured, and their errors are the method's own."), quiet=True
            )
        ]
    inside = stable_mask(stable, facts)
    if inside is None:
        return [
            Text(tr("A plane fitted on stable ground was removed; its file is no longer there to be judged again."), quiet=True)
        ]
    rows = []
    source = stacks.opened(facts.path)
    for pair in facts.pairs[:_MOST_PAIRS]:
        for place, kind in enumerate(pair.kinds):
            band = source.GetRasterBand(pair.offsets[place]).ReadAsArray().astype(float)
            values = band[inside & np.isfinite(band)]
            name = COMPONENTS[kind] if len(facts.pairs) == 1 else f"{COMPONENTS[kind]}, {pair.label}"
            if values.size:
                median = float(np.median(values))
                spread = 1.4826 * float(np.median(np.abs(values - median)))
                rows.append((name, charts.number(median), charts.number(spread), f"{values.size:,}"))
    if not rows:
        return [Text(tr("No offset was measured on the stable ground."), quiet=True)]
    head = (tr("On stable ground ({unit})").format(unit=facts.unit), tr("Median"), tr("Spread (NMAD)"), tr("Offsets"))
    note = tr(
        "A plane fitted on the stable ground was removed. What is left there is error: the median is what remains of a shift, "
        "the NMAD (1.48 times the median absolute deviation) is the error of a single offset."
    )
    return [Table(head, tuple(rows), (2.4, 1.0, 1.3, 1.0)), Text(note, quiet=True)]


def stable_mask(path: str, facts: OffsetFacts) -> Optional[np.ndarray]:
    """Return which offsets lie on stable ground, bool of the raster's shape; None where the file cannot be read."""
    rows, columns = facts.shape
    made = gdal.GetDriverByName("MEM").Create("", columns, rows, 1, gdal.GDT_Byte)
    made.SetGeoTransform(facts.geotransform)
    made.SetProjection(facts.projection)
    file, _, rest = path.partition("|")
    gdal.PushErrorHandler("CPLQuietErrorHandler")
    try:
        raster = gdal.OpenEx(file, gdal.OF_RASTER)
        if raster is not None:
            if raster.GetGeoTransform(can_return_null=True) is None and (raster.RasterYSize, raster.RasterXSize) == facts.shape:
                return np.asarray(raster.ReadAsArray()) > 0
            gdal.Warp(made, raster, resampleAlg="near")
            return np.asarray(made.ReadAsArray()) > 0
        vector = gdal.OpenEx(file, gdal.OF_VECTOR)
        if vector is None:
            return None
        named = rest[len("layername=") :] if rest.startswith("layername=") else ""
        source = vector.GetLayerByName(named) if named else vector.GetLayer(0)
        gdal.RasterizeLayer(made, [1], _in_system(source, facts), burn_values=[1])
        return np.asarray(made.ReadAsArray()) > 0
    except (RuntimeError, AttributeError):
        return None
    finally:
        gdal.PopErrorHandler()


_kept: List[ogr.DataSource] = []


def _in_system(source: ogr.Layer, facts: OffsetFacts) -> ogr.Layer:
    """Return the polygons in the coordinates of the offsets, in memory."""
    target = osr.SpatialReference(wkt=facts.projection) if facts.projection else None
    own = source.GetSpatialRef()
    transform = None
    if target is not None and own is not None and not own.IsSame(target):
        for system in (target, own):
            system.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
        transform = osr.CoordinateTransformation(own, target)
    memory = ogr.GetDriverByName("Memory").CreateDataSource("stable")
    copied = memory.CreateLayer("stable", target)
    for feature in source:
        geometry = feature.GetGeometryRef()
        if geometry is None:
            continue
        geometry = geometry.Clone()
        if transform is not None:
            geometry.Transform(transform)
        made = ogr.Feature(copied.GetLayerDefn())
        made.SetGeometry(geometry)
        copied.CreateFeature(made)
    _kept[:] = [memory]  # a layer lives no longer than its source
    return copied


# Networks


def table_of(made: Optional[Provenance]) -> str:
    """Return the table of a selection of interferograms; empty where the provenance names none that is there."""
    if made is None:
        return ""
    paths = (str(made.outputs.get("table", "") or ""), str(made.parameters.get("table", "") or ""))
    return next((path for path in paths if path and Path(path).is_file()), "")


def network_parts(path: str, made: Optional[Provenance], width: float) -> Tuple[Cards, List[Part]]:
    """Return the network of pairs over time and baseline, and why pairs were dropped.

    Raises
    ------
    StillpointError
        The table cannot be read.
    """
    table = read_table(path)
    decided = read_decisions(decisions_path(path))
    keep = np.array([decided.get(name, bool(kept)) for name, kept in zip(table.names, table.keep)], bool)
    by_hand = sum(1 for name, kept in zip(table.names, table.keep) if decided.get(name, bool(kept)) != bool(kept))
    heights = date_baselines(_with_baselines(table, made))
    lost = len(table.dates) - len(np.unique(table.pairs[keep]))
    cards = [
        (f"{int(keep.sum()):,}", tr("pairs kept")),
        (f"{int((~keep).sum()):,}", tr("pairs dropped")),
        (str(len(table.dates)), tr("dates")),
    ]
    caption = tr("Network of {n} interferograms over time").format(n=table.count) + (
        "." if heights is None else tr(" and perpendicular baseline."))  # fmt: skip
    notes = [caption]
    if heights is None:
        notes.append(tr("The baselines are not known: the height in the drawing only parts the lines."))
    if by_hand:
        notes.append(tr("{n} choices were changed by hand.").format(n=by_hand))
    if lost:
        notes.append(tr("{n} dates belong to no pair that is kept.").format(n=lost))
    drawing = charts.network(table.dates, table.pairs, keep, heights, width, min(0.42 * width, 96.0), caption=caption)
    parts: List[Part] = [Text(" ".join(notes), quiet=True), drawing]
    reasons = Counter(reason.split(";")[0].split(":")[0].strip() or tr("no reason given")
                      for reason, kept in zip(table.reasons, keep) if not kept)  # fmt: skip
    if reasons:
        dropped = max(int((~keep).sum()), 1)
        rows = tuple(
            (reason[:1].upper() + reason[1:], f"{count:,}", f"{100 * count / dropped:.0f} %")
            for reason, count in reasons.most_common(10)
        )
        parts.append(Table((tr("Why pairs were dropped"), tr("Pairs"), tr("Share")), rows, (4.0, 1.0, 1.0)))
    return Cards(tuple(cards)), parts


def _with_baselines(table: TriageTable, made: Optional[Provenance]) -> TriageTable:
    """Return the table with the baselines of the stack where it has none itself."""
    path = str((made.parameters.get("stack") if made is not None else "") or "")
    if np.isfinite(table.baselines).any() or not path or not Path(path).exists():
        return table
    try:
        known = {
            tuple(sorted(str(day) for day in band.pair)): band.perpendicular_baseline
            for band in stacks.facts_of(path).bands if band.pair
        }  # fmt: skip
    except StillpointError:
        return table
    found = [known.get(tuple(sorted(name))) for name in table.names]
    return with_baselines(table, np.array([np.nan if value is None else value for value in found], float))
