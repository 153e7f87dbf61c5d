"""The report: one HTML page without any other file, for light and dark screens and for paper."""

from __future__ import annotations

from html import escape
from typing import List, Optional, Sequence, Tuple

import numpy as np

from stillpoint.models import __version__
from stillpoint.models.scatterers.assess_density import breaks_of
from stillpoint.models.scatterers.assess_figures import bars, density_legend, density_picture
from stillpoint.models.scatterers.assess_tables import Assessment, Names, Table, shown_value

_STYLE = """
:root{color-scheme:light dark;--ink:#1d2730;--soft:#5b6873;--paper:#f6f7f8;--card:#ffffff;--line:#dfe4e8;--accent:#147d7d;
--s0:#1F6FB4;--s1:#D1400B;--s2:#2F9E77;--s3:#A64D9C;--s4:#C98F00;--s5:#5B5BD6;--s6:#7A5230;--s7:#3AA6C9}
@media (prefers-color-scheme:dark){:root{--ink:#e4e9ed;--soft:#9aa7b2;--paper:#14191d;--card:#1c2328;--line:#323c44;
--accent:#45b8b8;--s0:#5aa2e0;--s1:#f0774a;--s2:#55c49c;--s3:#cf83c6;--s4:#e8bb3f;--s5:#9393f0;--s6:#b98d68;--s7:#6fcbe8}}
*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--ink);font:15px/1.5 system-ui,"Segoe UI",Roboto,"DejaVu Sans",sans-serif}
main{max-width:980px;margin:0 auto;padding:28px 20px 60px}
h1{font-size:26px;margin:0 0 4px}h2{font-size:18px;margin:0 0 10px}h3{font-size:14px;margin:20px 0 6px;color:var(--soft)}
p{margin:6px 0}.soft{color:var(--soft);font-size:13.5px}
section{background:var(--card);border:1px solid var(--line);border-radius:8px;padding:18px 22px;margin-top:18px;overflow-x:auto}
table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}
th,td{padding:6px 12px;text-align:right;border-bottom:1px solid var(--line)}
th:first-child,td:first-child{text-align:left;padding-left:0}
thead th{color:var(--soft);font-weight:600;border-bottom-width:2px;overflow-wrap:anywhere}
tbody tr:last-child td{border-bottom:0}
td.best{font-weight:700}
svg.bars{width:100%;height:auto;display:block;margin:6px 0 14px}
svg.bars text{font-size:13px;fill:var(--ink)}svg.bars text.value{fill:var(--soft);font-size:12px}
svg.bars .grid{stroke:var(--line);stroke-width:1}svg.bars .axis{stroke:var(--soft);stroke-width:1}
svg.bars .swatch{stroke:var(--line)}
.legend{display:flex;flex-wrap:wrap;margin:8px 0;font-size:13.5px}.legend span{margin:0 18px 4px 0}
.legend i{display:inline-block;width:12px;height:12px;border-radius:2px;margin-right:6px;vertical-align:-1px}
.maps{display:flex;flex-wrap:wrap}
figure.map{margin:0 16px 12px 0;flex:1 1 260px;max-width:440px}
figure.map img{width:100%;image-rendering:pixelated;border:1px solid var(--line);border-radius:4px;display:block}
figcaption{font-size:13.5px;color:var(--soft);margin-top:4px}
.note{border-left:4px solid #d08a1d;padding:2px 0 2px 12px;margin:8px 0}
footer{color:var(--soft);font-size:13px;margin-top:24px}
@media print{body{background:#fff}section{break-inside:avoid;border-color:#ccc}}
"""

_RINDEX_NOTE = (
    "R-index (Notti et al. 2011, 2014): the sine of the incidence angle less the slope that faces the radar. Layover: 0 and "
    "less. Foreshortening: below 0.5. Favourable: 0.5 to 0.9. Facing away: above 0.9. Shadow: falls off more steeply than the "
    "line of sight. Each pixel is judged by its own slope; what mountains cast on their surroundings is not counted."
)


def page(
    found: Sequence[Assessment], names: Names, tables: Sequence[Table], *, title: str, facts: Sequence[str],
    notes: Sequence[str], maps: Optional[Sequence[np.ndarray]] = None, wide: float = 1.0,
    cell: Tuple[float, float] = (0.0, 0.0),
) -> str:
    """Return the report as HTML.

    Parameters
    ----------
    found, names, tables
        What was counted, and the tables of it.
    title
        Head of the page.
    facts
        Sentences on what was compared, below the head.
    notes
        Warnings.
    maps
        Density of each mask, PS per km²; None draws none.
    wide
        Width of the scene over its height on the ground.
    cell
        Height and width of a cell of the density map, metres.
    """
    by_name = {table.name: table for table in tables}
    masks = [one.name for one in found]
    parts = [_section("Counts", _html(by_name["counts"]))]
    if "zones_share" in by_name:
        colours = dict(zip(names.zones, names.zone_colours))
        swatches = [colours.get(str(row[0])) for row in by_name["zones_share"].rows]
        parts.append(_section("Zones", _figures("zones", by_name, masks, swatches)))
    if "agreement" in by_name:
        parts.append(_section(by_name["agreement"].title, _agreement(by_name["agreement"], masks)))
    if "rindex_share" in by_name:
        parts.append(_section("Terrain", f'<p class="soft">{_RINDEX_NOTE}</p>' + _figures("rindex", by_name, masks, ())))
    parts.append(_section("Clustering", _html(by_name["clustering"])))
    if maps:
        bounds = breaks_of(maps)
        pictures = "".join(density_picture(one, bounds, name=name, wide=wide) for one, name in zip(maps, masks))
        text = f'<p class="soft">Cells of {cell[1]:,.0f} x {cell[0]:,.0f} m; PS per km² of the ground with data.</p>'
        parts.append(_section("Density", f'{text}{density_legend(bounds)}<div class="maps">{pictures}</div>'))
    warned = "".join(f'<p class="note">{escape(note)}</p>' for note in notes)
    lines = "".join(f'<p class="soft">{escape(fact)}</p>' for fact in facts)
    return (
        f'<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f"<title>{escape(title)}</title><style>{_STYLE}</style></head><body><main><h1>{escape(title)}</h1>{lines}{warned}"
        f"{''.join(parts)}<footer>Stillpoint {__version__}</footer></main></body></html>\n"
    )


def _section(title: str, inside: str) -> str:
    return f"<section><h2>{escape(title)}</h2>{inside}</section>"


def _figures(kind: str, by_name: dict[str, Table], masks: Sequence[str], swatches: Sequence[Optional[str]]) -> str:
    """Return the bars of the shares, and all tables of a kind."""
    share, within = by_name[f"{kind}_share"], by_name[f"{kind}_within"]
    inside = [
        f"<h3>{escape(share.title)}</h3>",
        bars([str(row[0]) for row in share.rows], masks, [row[2:] for row in share.rows], title=share.title, swatches=swatches),
        _html(share),
        f"<h3>{escape(within.title)}</h3>", _html(within),
    ]
    density = by_name.get(f"{kind}_density")
    if density is not None:
        inside += [f"<h3>{escape(density.title)}</h3>", _html(density)]
    return "".join(inside)


def _agreement(table: Table, masks: Sequence[str]) -> str:
    measures = [row for row in table.rows if row[0] in ("Precision", "Recall", "F1", "Jaccard")]
    figure = bars([str(row[0]) for row in measures], masks, [row[1:] for row in measures], title=table.title, decimals=3)
    return figure + _html(table)


def _html(table: Table) -> str:
    """Return a table as HTML."""
    heads = "".join(f"<th>{escape(column)}</th>" for column in table.columns)
    body: List[str] = []
    for row in table.rows:
        cells = "".join(f"<td>{escape(shown_value(value, table.decimals))}</td>" for value in row[1:])
        body.append(f"<tr><td>{escape(str(row[0]))}</td>{cells}</tr>")
    note = f'<p class="soft">{escape(table.note)}</p>' if table.note else ""
    return f"<table><thead><tr>{heads}</tr></thead><tbody>{''.join(body)}</tbody></table>{note}"
