"""Gathers what a report says of the chosen layers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Callable, List, Optional, Sequence, Tuple

from qgis.core import QgsMapLayer, QgsPointXY, QgsProject, QgsReferencedRectangle, QgsVectorLayer
from qgis.PyQt.QtCore import QDate

from stillpoint.models import __version__
from stillpoint.models.errors import StillpointError
from stillpoint.plugin.language import tr
from stillpoint.plugin.report import maps, method, motion, picks, results
from stillpoint.plugin.report.content import Cards, Part, Report, Text
from stillpoint.plugin.report.results import OFFSETS, OTHER, PAIRS, SCATTERERS, SERIES, TRENDS, Found
from stillpoint.plugin.report.zones import zones_of

MOST_SERIES = 24


@dataclass(frozen=True)
class Options:
    """What a report holds.

    Attributes
    ----------
    title
        On the first page; empty makes one of the layers' names.
    landscape
        Whether the pages lie.
    extent
        What the maps show; None shows whole layers.
    zones, zone_field
        Polygons to count points by, and the field of their names; None counts nothing.
    series
        Number of points whose series are shown; 0 for none.
    selected
        Whether the selected points are meant rather than the fastest.
    table
        Table of a selection of interferograms; empty takes that of the layers' provenance.
    """

    title: str = ""
    landscape: bool = False
    extent: Optional[QgsReferencedRectangle] = None
    zones: Optional[QgsVectorLayer] = None
    zone_field: str = ""
    series: int = 6
    selected: bool = True
    table: str = ""


def gather(
    layers: Sequence[QgsMapLayer],
    options: Options,
    *,
    project: QgsProject,
    width: float,
    report: Callable[[float, str], None] = lambda fraction, message: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> Report:
    """Return what a report says.

    Parameters
    ----------
    layers
        The chosen layers, the most important first.
    options
        What it holds.
    project
        Project of the layers, for what lies below them.
    width
        Of the page's text, mm.
    report
        Told how far it is (0 to 1).
    cancelled
        Asked from time to time.

    Raises
    ------
    StillpointError
        No layer was chosen, or one is broken, or the zones cannot be used.
    """
    layers = [layer for layer in layers if layer is not None]
    if not layers and not options.table:
        raise StillpointError(tr("Choose at least one layer for the report, or the table of a selection of interferograms."))
    for layer in layers:
        if not layer.isValid():
            words = tr("The layer {name} is not valid: its file may have been moved. Repair its source, or leave it out.")
            raise StillpointError(words.format(name=layer.name()))
    found = results.found_in(layers)
    today = QDate.currentDate().toString("yyyy-MM-dd")
    title = options.title.strip() or (found[0].name if found else tr("Network of interferograms"))
    subtitle = ", ".join(dict.fromkeys(layer.name() for layer in layers))
    pages = Report(title, subtitle if subtitle != title else "", f"{title} · Stillpoint {__version__} · {today}")
    marks: List[Tuple[QgsVectorLayer, QgsPointXY, str]] = []
    bodies: List[Tuple[Found, Cards, List[Tuple[str, List[Part]]]]] = []
    for number, result in enumerate(found):
        report(0.5 * number / len(found), tr("Reading {name}").format(name=result.name))
        cards, sections, places = _body(result, options, width, cancelled)
        marks += places
        bodies.append((result, cards, sections))
    drawn = maps.maps_of(layers, project=project, wanted=options.extent, badges=marks)
    empty = [layer.name() for layer in layers if maps.is_empty(layer)]
    words = tr("{names}: there is nothing in this layer, so it has no map.").format(names=", ".join(empty))
    notes: List[Part] = [Text(words)] if empty else []
    report(0.6, tr("Drawing maps"))
    first = bodies[0][1] if bodies else Cards(())
    pages.add("", [*([first] if first.cards else []), *notes, *drawn[:1]])
    several = len(found) > 1
    for index, (result, cards, sections) in enumerate(bodies):
        head = f"{result.name}: " if several else ""
        if index and cards.cards:
            pages.add(result.name, [cards])
            head = ""
        for heading, parts in sections:
            pages.add(f"{head}{heading}" if head else heading, parts)
    if len(drawn) > 1:
        pages.add(tr("Maps"), list(drawn[1:]))
    if options.table and not any(result.kind == PAIRS for result in found):
        cards, parts = motion.network_parts(options.table, None, width)
        pages.add(tr("Network of pairs"), [cards, *parts])
    _methods(pages, found)
    return pages


def _body(
    result: Found, options: Options, width: float, cancelled: Callable[[], bool]
) -> Tuple[Cards, List[Tuple[str, List[Part]]], List[Tuple[QgsVectorLayer, QgsPointXY, str]]]:
    """Return the figures that stand out, the sections, and the numbered places of one result."""
    cards, sections = Cards(()), []  # type: ignore[var-annotated]
    places: List[Tuple[QgsVectorLayer, QgsPointXY, str]] = []
    kind, points = result.kind, result.points()
    if kind == OFFSETS:
        facts = motion.offsets_of(result.layers, result.made)
        if facts is not None:
            cards, parts = motion.offset_parts(facts, result.made, width)
            sections.append((tr("Offsets"), parts))
    elif kind == SCATTERERS:
        cards, parts = results.scatterer_parts(result, width)
        sections.append((tr("Persistent scatterers"), parts))
    elif kind == PAIRS:
        path = options.table or motion.table_of(result.made)
        if path:
            cards, parts = motion.network_parts(path, result.made, width)
            sections.append((tr("Network of pairs"), parts))
        else:
            words = tr("The table of the selection is no longer where it was, so the network cannot be drawn. Choose it to see it.")
            sections.append((tr("Network of pairs"), [Text(words)]))
    if points is not None and kind in (TRENDS, SERIES, OTHER):
        cards = results.point_cards(points, result.made)
    several = len(result.point_layers()) > 1
    for layer in result.point_layers():
        of = f": {layer.name()}" if several else ""
        sense = results.sense_of(layer)
        if layer.fields().lookupField("trend_code") >= 0:
            sections.append((tr("Trend classes") + of, results.class_parts(layer, width)))
        sections.append((tr("Figures of the points") + of, results.figure_parts(layer, width, sense, cancelled)))
        if options.zones is not None:
            counted = zones_of(layer, options.zones, options.zone_field, cancelled=cancelled)
            classified = layer.fields().lookupField("trend_code") >= 0
            heading = tr("By zone: {name}").format(name=options.zones.name())
            sections.append((heading + of, results.zone_parts(counted, classified=classified)))
        if kind in (TRENDS, SERIES):
            columns = 3 if options.landscape else 2
            chosen = picks.picked(
                layer, count=min(options.series, MOST_SERIES), selected=options.selected, width=width, columns=columns,
                sense=sense, cancelled=cancelled,
            )  # fmt: skip
            sections.append((tr("Displacement series") + of, list(chosen.parts)))
            places += [(layer, place, colour) for place, colour in zip(chosen.places, chosen.colours)]
    return cards, sections, places


def _methods(pages: Report, found: Sequence[Found]) -> None:
    """Add how everything was made, and what is known of the methods; each method once."""
    known = set()
    for result in found:
        name = result.name if len(found) > 1 else ""
        pages.add(tr("How it was made") + (f": {name}" if name else ""), method.made_parts(result.made, result.layers[0].name()))
        made = result.made
        key = (made.task, str(made.parameters.get("method", "")), str(made.model.get("name", ""))) if made is not None else None
        if made is not None and made.job and key not in known:
            known.add(key)
            pages.add(tr("Method and its known limits") + (f": {made.title}" if len(found) > 1 else ""), method.method_parts(made))
