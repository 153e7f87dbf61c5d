"""What was counted, as tidy rows for programs and as tables for people."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from typing import Any, Dict, Iterable, List, Mapping, NamedTuple, Optional, Sequence, TextIO, Union

from stillpoint.models.scatterers.assess_counts import Agreement, Density, Groups, Tally

Value = Union[int, float, str, None]


class Row(NamedTuple):
    """One number: of which mask, in which section and zone, what it measures."""

    mask: str
    section: str
    zone: str
    measure: str
    value: Value


@dataclass
class Assessment:
    """All that was counted of one mask.

    Attributes
    ----------
    name, path
        What the mask is called, and its file.
    run
        What the mask's metadata tell of its making: ``method``, ``seconds``, ``candidates`` ...
    total
        Counts of the whole mask, of one code.
    groups
        Groups of touching PS.
    zones, terrain
        Counts by zone, and by class of visibility; None where not asked for.
    agreement
        Against the reference; None where there is none.
    density
        Cells of the density map; None where pixels have no size.
    """

    name: str
    path: str
    run: Dict[str, Value]
    total: Tally
    groups: Groups
    zones: Optional[Tally] = None
    terrain: Optional[Tally] = None
    agreement: Optional[Agreement] = None
    density: Optional[Density] = None


@dataclass
class Names:
    """Names that the counts go by: of zones and classes of visibility by code, and whether areas are known."""

    zones: Sequence[str] = ()
    zone_colours: Sequence[Optional[str]] = ()
    terrain: Sequence[str] = ()
    measured: bool = True
    reference: str = ""


@dataclass
class Table:
    """A table for people: the first column names, the others are the masks.

    Attributes
    ----------
    name
        Fixed identifier.
    title, note
        For people.
    columns
        Heads, the first that of the names.
    rows
        Name, then a value a column; None where there is none.
    decimals
        Of the numbers that are not whole.
    """

    name: str
    title: str
    columns: List[str]
    rows: List[List[Value]]
    note: str = ""
    decimals: int = 2

    def to_dict(self) -> Dict[str, Any]:
        """Return the table as plain Python."""
        return {"name": self.name, "title": self.title, "note": self.note, "columns": self.columns, "rows": self.rows,
                "decimals": self.decimals}


RUN_ITEMS = ("METHOD", "MODEL", "SECONDS", "CPU_SECONDS", "CANDIDATES", "THRESHOLD")
"""Metadata items of a mask that tell how it was made."""


def run_of(items: Mapping[str, str]) -> Dict[str, Value]:
    """Return what a mask's metadata (keys in capitals) tell of its making; numbers as numbers."""
    found: Dict[str, Value] = {}
    for key in RUN_ITEMS:
        text = items.get(key, items.get(f"STILLPOINT_{key}"))
        if text in (None, ""):
            continue
        try:
            number = float(str(text))
            found[key.lower()] = int(number) if number.is_integer() and not key.endswith("SECONDS") else number
        except ValueError:
            found[key.lower()] = str(text)
    return found


def percent(part: float, whole: float) -> Optional[float]:
    """Return a share in per cent; None of nothing."""
    return 100.0 * float(part) / float(whole) if whole else None


def per_km2(count: float, square_metres: float) -> Optional[float]:
    """Return a density; None without ground."""
    return float(count) / (float(square_metres) / 1e6) if square_metres > 0 else None


def tidy(found: Iterable[Assessment], names: Names) -> List[Row]:
    """Return every number as a row of its own."""
    rows: List[Row] = []
    for one in found:
        def add(section: str, zone: str, values: Mapping[str, Value], mask: str = one.name) -> None:
            rows.extend(Row(mask, section, zone, measure, value) for measure, value in values.items())

        add("counts", "", _totals(one, names.measured))
        add("run", "", one.run)
        for section, tally, labels in (("zones", one.zones, names.zones), ("rindex", one.terrain, names.terrain)):
            if tally is not None:
                for code in shown([tally], len(labels)):
                    add(section, labels[code], _of_code(tally, code, names.measured))
        if one.agreement is not None:
            add("agreement", "", agreement_values(one.agreement))
        add("clustering", "", clustering_values(one))
    return rows


def _totals(one: Assessment, measured: bool) -> Dict[str, Value]:
    pixels, ps, area = int(one.total.pixels[0]), int(one.total.ps[0]), float(one.total.area[0])
    values: Dict[str, Value] = {
        "ps": ps, "pixels": pixels, "no_data": one.total.no_data, "ps_percent": percent(ps, pixels),
    }
    if measured:
        values.update(area_km2=area / 1e6, density_per_km2=per_km2(ps, area))
    return values


def _of_code(tally: Tally, code: int, measured: bool) -> Dict[str, Value]:
    pixels, ps = int(tally.pixels[code]), int(tally.ps[code])
    values: Dict[str, Value] = {
        "ps": ps, "pixels": pixels, "share_of_ps_percent": percent(ps, tally.ps.sum()),
        "share_of_pixels_percent": percent(pixels, tally.pixels.sum()), "ps_percent": percent(ps, pixels),
    }
    if measured:
        values.update(area_km2=float(tally.area[code]) / 1e6, density_per_km2=per_km2(ps, tally.area[code]))
    return values


def agreement_values(found: Agreement) -> Dict[str, Value]:
    """Return the measures of agreement by name."""
    return {
        "precision": found.precision, "recall": found.recall, "f1": found.f1, "jaccard": found.jaccard,
        "true_positive": found.true_positive, "false_positive": found.false_positive,
        "false_negative": found.false_negative, "true_negative": found.true_negative, "excluded": found.excluded,
    }


def clustering_values(one: Assessment) -> Dict[str, Value]:
    """Return the measures of clustering by name."""
    ps = int(one.total.ps[0])
    return {
        "touching_percent": percent(ps - one.groups.single, ps), "groups": one.groups.number,
        "largest_group": one.groups.largest, "single_ps": one.groups.single,
    }


def shown(tallies: Sequence[Tally], number: int) -> List[int]:
    """Return the codes worth a row: all but the first, and that one (outside, unknown) where it has pixels."""
    return [code for code in range(number) if code or any(tally.pixels[0] for tally in tallies)]


def tables(found: Sequence[Assessment], names: Names) -> List[Table]:
    """Return the tables for people, masks side by side."""
    masks = [one.name for one in found]
    made = [_counts_table(found, names)]
    zones = [one.zones for one in found if one.zones is not None]
    if zones:
        made += _code_tables("zones", "zone", zones, names.zones, masks, names.measured)
    terrain = [one.terrain for one in found if one.terrain is not None]
    if terrain:
        made += _code_tables("rindex", "class of visibility", terrain, names.terrain, masks, names.measured)
    if any(one.agreement is not None for one in found):
        made.append(_side_by_side(
            "agreement", f"Agreement with {names.reference}", masks, AGREEMENT_LABELS,
            [agreement_values(one.agreement) if one.agreement is not None else {} for one in found], decimals=3,
            note="Over the pixels where both masks have data.",
        ))
    made.append(_side_by_side(
        "clustering", "Clustering", masks, CLUSTERING_LABELS, [clustering_values(one) for one in found], decimals=1,
        note="PS touch where one is among the eight neighbours of the other.",
    ))
    return made


AGREEMENT_LABELS = {
    "precision": "Precision", "recall": "Recall", "f1": "F1", "jaccard": "Jaccard", "true_positive": "PS in both",
    "false_positive": "PS in the mask alone", "false_negative": "PS in the reference alone", "true_negative": "PS in none",
    "excluded": "Excluded: no data in one",
}
CLUSTERING_LABELS = {
    "touching_percent": "PS that touch another (%)", "groups": "Groups", "largest_group": "PS of the largest group",
    "single_ps": "PS that stand alone",
}
COUNT_LABELS = {
    "ps": "PS", "pixels": "Pixels with data", "no_data": "Pixels without data", "ps_percent": "PS among the pixels (%)",
    "area_km2": "Area (km²)", "density_per_km2": "PS per km²", "method": "Method", "model": "Model",
    "seconds": "Time (s)", "cpu_seconds": "CPU time (s)", "candidates": "Candidates", "threshold": "Threshold",
}


def _counts_table(found: Sequence[Assessment], names: Names) -> Table:
    values = [{**_totals(one, names.measured), **one.run} for one in found]
    labels = {key: text for key, text in COUNT_LABELS.items() if any(key in one for one in values)}
    note = "" if any(one.run for one in found) else "The masks don't tell how and how fast they were made."
    return _side_by_side("counts", "Counts", [one.name for one in found], labels, values, note=note)


def _side_by_side(
    name: str, title: str, masks: Sequence[str], labels: Mapping[str, str], values: Sequence[Mapping[str, Value]],
    *, decimals: int = 2, note: str = "",
) -> Table:
    rows: List[List[Value]] = [[text, *(one.get(key) for one in values)] for key, text in labels.items()]
    return Table(name, title, ["", *masks], rows, note, decimals)


def _code_tables(
    name: str, what: str, tallies: Sequence[Tally], labels: Sequence[str], masks: Sequence[str], measured: bool
) -> List[Table]:
    """Return the tables by zone or class: share of all PS, share within, density."""
    codes = shown(tallies, len(labels))
    heads = [what.capitalize(), "Ground (%)", *masks]
    first = tallies[0]
    ground = {code: percent(first.pixels[code], first.pixels.sum()) for code in codes}
    shares: List[List[Value]] = [
        [labels[code], ground[code], *(percent(tally.ps[code], tally.ps.sum()) for tally in tallies)] for code in codes
    ]
    within: List[List[Value]] = [
        [labels[code], *(percent(tally.ps[code], tally.pixels[code]) for tally in tallies)] for code in codes
    ]
    made = [
        Table(f"{name}_share", f"Share of the PS by {what} (%)", heads, shares,
              "Of all PS of a mask, those that lie there. Ground is the share of the pixels of the first mask."),
        Table(f"{name}_within", f"PS among the pixels of each {what} (%)", [heads[0], *masks], within),
    ]
    if measured:
        dense: List[List[Value]] = [
            [labels[code], *(per_km2(tally.ps[code], tally.area[code]) for tally in tallies)] for code in codes
        ]
        made.append(Table(f"{name}_density", f"PS per km² by {what}", [heads[0], *masks], dense, decimals=1))
    return made


def shown_value(value: Value, decimals: int) -> str:
    """Return a value as people read it."""
    if value is None:
        return "–"
    if isinstance(value, float):
        return f"{value:,.{decimals}f}"
    return f"{value:,}" if isinstance(value, int) else str(value)


def write_csv(rows: Iterable[Row], file: TextIO) -> None:
    """Write tidy rows; a value that is not defined (a share of nothing) is left empty."""
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(Row._fields)
    for row in rows:
        value = row.value
        text = "" if value is None else f"{value:.10g}" if isinstance(value, float) else str(value)
        writer.writerow([*row[:4], text])


def as_text(table: Table) -> str:
    """Return a table in columns for a terminal."""
    cells = [table.columns, *([str(row[0]), *(shown_value(value, table.decimals) for value in row[1:])] for row in table.rows)]
    widths = [max(len(line[index]) for line in cells) for index in range(len(table.columns))]
    lines = [table.title]
    for line in cells:
        others = "".join(f"  {text.rjust(width)}" for text, width in zip(line[1:], widths[1:]))
        lines.append(f"  {line[0].ljust(widths[0])}{others}")
    return "\n".join(lines)
