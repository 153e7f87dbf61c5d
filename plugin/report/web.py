"""A report as one web page that carries everything it shows: drawings as SVG, maps as pictures."""

from __future__ import annotations

import base64
import html
from typing import Dict, List

from qgis.core import QgsLayoutExporter
from qgis.PyQt.QtCore import QBuffer, QByteArray, QIODevice, QRectF, QSize

from stillpoint.plugin.report.content import Cards, Chart, Charts, Facts, Map, Part, Points, Report, Table, Text
from stillpoint.plugin.report.page import Pages

_DPI = 180

_STYLE = """
:root{--ink:#1f2a33;--grey:#5b6b76;--pale:#f2f5f5;--line:#d5dcdf;--teal:#127c7c;--paper:#fff}
*{box-sizing:border-box}
body{margin:0;background:#e9eded;color:var(--ink);font:16px/1.5 Inter,"Source Sans 3","Segoe UI","Helvetica Neue",Arial,sans-serif}
main{max-width:1000px;margin:2rem auto;padding:3rem 3.5rem;background:var(--paper);box-shadow:0 1px 8px #0002}
header{border-top:5px solid var(--teal);padding-top:1rem;margin-bottom:1.5rem}
h1{font-size:2.1rem;line-height:1.2;margin:0 0 .3rem;overflow-wrap:anywhere}
h2{font-size:1.35rem;margin:2.4rem 0 1rem;padding-bottom:.3rem;border-bottom:2px solid var(--teal);overflow-wrap:anywhere}
.subtitle{color:var(--grey);margin:0;overflow-wrap:anywhere}
p{max-width:75ch;overflow-wrap:anywhere}.quiet{color:var(--grey);font-size:.86rem}
ul{max-width:75ch;padding-left:1.2rem}li{margin:.3rem 0;overflow-wrap:anywhere}li::marker{color:var(--teal)}
.cards{display:flex;flex-wrap:wrap;gap:1rem;margin:1rem 0}
.card{flex:1 1 9rem;background:var(--pale);border-left:4px solid var(--teal);padding:.8rem 1rem}
.card b{display:block;font-size:1.6rem;line-height:1.2}.card span{color:var(--grey);font-size:.86rem}
dl{display:grid;grid-template-columns:minmax(9rem,14rem) 1fr;margin:1rem 0;font-size:.92rem}
dt,dd{margin:0;padding:.4rem 0;border-bottom:1px solid var(--line);overflow-wrap:anywhere}dt{color:var(--grey);padding-right:1rem}
.wide{overflow-x:auto;margin:1rem 0}table{border-collapse:collapse;width:100%;font-size:.86rem;font-variant-numeric:tabular-nums}
th{background:var(--ink);color:#fff;text-align:right;padding:.45rem .6rem;vertical-align:bottom}
td{text-align:right;padding:.35rem .6rem;border-bottom:1px solid var(--line)}
th:first-child,td:first-child,.text{text-align:left;overflow-wrap:anywhere}tbody tr:nth-child(even){background:var(--pale)}
tr.sum td{font-weight:700;background:var(--line)}
figure{margin:1.2rem 0}figure svg,figure img{display:block;width:100%;height:auto}
figcaption{color:var(--grey);font-size:.86rem;margin-top:.4rem}
.grid{display:grid;grid-template-columns:repeat(auto-fill,minmax(290px,1fr));gap:1.2rem;margin:1rem 0}.grid figure{margin:0}
footer{margin-top:3rem;padding-top:.8rem;border-top:1px solid var(--line);color:var(--grey);font-size:.8rem;overflow-wrap:anywhere}
@media print{body{background:#fff}main{box-shadow:none;margin:0;padding:0;max-width:none}h2{break-after:avoid}
figure,.card,tr{break-inside:avoid}thead{display:table-header-group}}
@media(max-width:700px){main{padding:1.2rem;margin:0}dl{grid-template-columns:1fr}dt{border:0;padding-bottom:0}}
"""


def page(report: Report, pages: Pages, *, language: str = "en") -> str:
    """Return the web page.

    Parameters
    ----------
    report
        What it says.
    pages
        The same report as a layout, which the maps are drawn from.
    language
        Of the texts, for readers that speak.
    """
    pictures = {id(part): _picture(pages, number, place) for part, number, place in pages.maps}
    body: List[str] = []
    for section in report.sections:
        if section.title:
            body.append(f"<h2>{html.escape(section.title)}</h2>")
        body += [_part(part, pictures) for part in section.parts]
    subtitle = f'<p class="subtitle">{html.escape(report.subtitle)}</p>' if report.subtitle else ""
    return (
        f'<!DOCTYPE html>\n<html lang="{language}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{html.escape(report.title)}</title><style>{_STYLE}</style></head>\n<body><main>"
        f"<header><h1>{html.escape(report.title)}</h1>{subtitle}</header>\n" + "\n".join(body) +
        f"\n<footer>{html.escape(report.footer)}</footer></main></body></html>\n"
    )  # fmt: skip


def _picture(pages: Pages, number: int, place: QRectF) -> str:
    """Return what the layout shows at a place of a page as a PNG in base 64."""
    offset = pages.layout.pageCollection().page(number).pos()
    where = QRectF(offset.x() + place.left() - 0.3, offset.y() + place.top() - 0.3, place.width() + 0.6, place.height() + 0.6)
    size = QSize(int(where.width() / 25.4 * _DPI), int(where.height() / 25.4 * _DPI))
    image = QgsLayoutExporter(pages.layout).renderRegionToImage(where, size, _DPI)
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")
    return base64.b64encode(bytes(data)).decode("ascii")


def _part(part: Part, pictures: Dict[int, str]) -> str:
    if isinstance(part, Text):
        return f"<p{' class=quiet' if part.quiet else ''}>{html.escape(part.text)}</p>"
    if isinstance(part, Points):
        return "<ul>" + "".join(f"<li>{html.escape(item)}</li>" for item in part.items) + "</ul>"
    if isinstance(part, Cards):
        cards = "".join(
            f'<div class="card"><b>{html.escape(value)}</b><span>{html.escape(what)}</span></div>' for value, what in part.cards
        )
        return f'<div class="cards">{cards}</div>' if cards else ""
    if isinstance(part, Facts):
        rows = "".join(f"<dt>{html.escape(heading)}</dt><dd>{html.escape(text)}</dd>" for heading, text in part.rows)
        return f"<dl>{rows}</dl>"
    if isinstance(part, Table):
        return _table(part)
    if isinstance(part, Charts):
        return '<div class="grid">' + "".join(_chart(chart) for chart in part.charts) + "</div>"
    if isinstance(part, Map):
        picture = pictures.get(id(part), "")
        return f'<figure><img alt="{html.escape(part.title or "Map")}" src="data:image/png;base64,{picture}"></figure>'
    return _chart(part)


def _chart(part: Chart) -> str:
    return f"<figure>{part.svg}</figure>"


def _table(part: Table) -> str:
    def cell(kind: str, at: int, text: str) -> str:
        return f"<{kind}{' class=text' if at in part.texts else ''}>{html.escape(text)}</{kind}>"

    head = "".join(cell("th", at, text) for at, text in enumerate(part.head))
    rows = []
    for index, row in enumerate(part.rows):
        is_sum = part.last_is_sum and index == len(part.rows) - 1
        rows.append(
            f"<tr{' class=sum' if is_sum else ''}>" + "".join(cell("td", at, text) for at, text in enumerate(row)) + "</tr>"
        )
    return f'<div class="wide"><table><thead><tr>{head}</tr></thead><tbody>{"".join(rows)}</tbody></table></div>'
