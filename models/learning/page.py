"""The page at the end of a training: one HTML file that needs nothing else, with curves, figures and what was compared.

Nothing in it runs: figures are drawn as SVG, every text is escaped.
"""

from __future__ import annotations

from html import escape
from pathlib import Path
from typing import Any, Dict, List, Mapping, Optional, Sequence, Tuple

from stillpoint.models.learning import page_figures as drawing
from stillpoint.models.learning.beside import replace_text
from stillpoint.models.learning.splits import PARTS, Part

_STYLE = """
body{font:15px/1.5 system-ui,sans-serif;color:#1d2730;background:#fff;max-width:60rem;margin:2rem auto;padding:0 1rem}
h1{font-size:1.5rem;margin-bottom:.2rem}h2{font-size:1.15rem;margin-top:2rem;border-bottom:1px solid #d5dce2}h3{font-size:1rem}
table{border-collapse:collapse;margin:.6rem 0}th,td{padding:.25rem .7rem;text-align:right;border-bottom:1px solid #e4e9ed}
th:first-child,td:first-child,.two th:nth-child(2),.two td:nth-child(2){text-align:left}
th{font-weight:600}tr.new td{font-weight:600;background:#eef5fb}
.verdict{background:#eef5fb;border-left:4px solid #1f77b4;padding:.6rem 1rem}.note{color:#52616d}
.row{display:flex;flex-wrap:wrap}
figure{margin:0 1.2rem .8rem 0}figcaption{font-size:.85rem;color:#52616d}svg text{font:11px system-ui,sans-serif;fill:#42505b}
"""

_SHOWN = (
    "F1, mean of classes", "accuracy", "balanced accuracy", "kappa", "average precision", "area under the ROC curve", "precision",
    "recall", "F1", "F1 at the labels' density", "share chosen", "share labelled", "answered", "calibration error", "RMSE",
    "RMSE of range", "RMSE of azimuth", "median error", "outliers", "coverage", "within one standard error", "within two",
)  # fmt: skip
"""Figures in the order of the page."""

_NO_CURVE = ("step", "steps", "epoch", "seconds", "best", "figure", "pictures", "interferograms")
_ROLES = {"new": "new model", "start": "start", "shipped": "shipped model", "classical": "classical method"}


def write(
    output: Path,
    *,
    title: str,
    facts: Sequence[Tuple[str, str]],
    history: Sequence[Mapping[str, Any]],
    best: Optional[int],
    comparison: Mapping[str, Any],
    parts: Sequence[Part] = (),
    notes: Sequence[str] = (),
) -> str:
    """Write the page beside the model ``output`` and return its path.

    Parameters
    ----------
    output
        The model; the page has its name, with ``.html``.
    title
        Head of the page.
    facts
        What was trained, on what, from where: name and text.
    history
        Figures of the epochs, in order, as :class:`stillpoint.models.learning.loop.Record` has them.
    best
        Number of the epoch that was kept; None where there is no such.
    comparison
        From :func:`stillpoint.models.learning.comparison.compare` or ``compare_offsets``.
    parts
        What was learned from, and what was held out.
    notes
        Sentences for the user.

    Raises
    ------
    StillpointError
        It cannot be written.
    """
    path = output.with_suffix(".html")
    body = [
        f"<h1>{escape(title)}</h1>",
        f'<p class="note">{escape(output.name)}</p>',
        f'<p class="verdict">{escape(str(comparison["sentence"]))}</p>',
        *(f'<p class="note">{escape(note)}</p>' for note in notes),
        "<h2>What was trained</h2>",
        _table([[name, text] for name, text in facts], left=True),
        *_parts(parts),
        *_curves(history, best),
        *_methods(comparison),
        *_intervals(comparison),
        *_classes(comparison),
        *_strata(comparison),
        *_confusion(comparison),
        *_reliability(comparison),
    ]
    replace_text(
        path,
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">'
        f"<title>{escape(title)}</title><style>{_STYLE}</style></head><body>\n" + "\n".join(body) + "\n</body></html>\n",
    )
    return str(path)


def number(value: Any) -> str:
    """Return a figure for people; a dash where there is none."""
    if value is None or value != value:
        return "–"
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.4g}" if abs(value) >= 10 else f"{value:.3f}"


def _table(rows: Sequence[Sequence[str]], head: Sequence[str] = (), *, marked: Sequence[bool] = (), left: bool = False,
           two: bool = False) -> str:  # fmt: skip
    """Return a table of escaped texts; ``two`` columns of names instead of one."""
    style = ' style="text-align:left"' if left else ""
    found = ['<table class="two">' if two else "<table>"]
    if head:
        found.append("<tr>" + "".join(f"<th>{escape(text)}</th>" for text in head) + "</tr>")
    for place, row in enumerate(rows):
        kind = ' class="new"' if place < len(marked) and marked[place] else ""
        found.append(f"<tr{kind}>" + "".join(f"<td{style}>{escape(text)}</td>" for text in row) + "</tr>")
    return "".join([*found, "</table>"])


def _parts(parts: Sequence[Part]) -> List[str]:
    if not parts:
        return []
    kinds = list(dict.fromkeys(kind for part in parts for kind in part.classes))
    rows = []
    for name in PARTS:
        here = [part for part in parts if part.part == name]
        counts = [sum(part.classes.get(kind, 0) for part in here) for kind in kinds]
        rows.append([name, str(len(here)), f"{sum(part.examples for part in here):,}", *(f"{count:,}" for count in counts)])
    return ["<h2>What was learned from, and what was held out</h2>", _table(rows, ["part", "regions", "examples", *kinds])]


def _curves(history: Sequence[Mapping[str, Any]], best: Optional[int]) -> List[str]:
    names = list(dict.fromkeys(name for row in history for name, value in row.items() if isinstance(value, (int, float))))
    names = [name for name in names if name not in _NO_CURVE]
    if len(history) < 2 or not names:
        return []
    place = next((index for index, row in enumerate(history) if row.get("epoch", index + 1) == best), None)
    first, last = (int(history[index].get("epoch", index % len(history) + 1)) for index in (0, -1))
    found = ["<h2>Curves</h2>", '<div class="row">']
    for name in names[:8]:
        values = [_finite(row.get(name)) for row in history]
        found.append(f"<figure>{drawing.curve(values, place, (first, last))}<figcaption>{escape(name)}</figcaption></figure>")
    mark = "" if place is None else " The circle marks the epoch that was kept."
    return [*found, "</div>", f'<p class="note">By epoch, on the part that the training stops by.{mark}</p>']


def _finite(value: Any) -> Optional[float]:
    return float(value) if isinstance(value, (int, float)) and value == value and abs(value) != float("inf") else None


def _methods(comparison: Mapping[str, Any]) -> List[str]:
    rows = comparison["methods"]
    names = [name for name in _SHOWN if any(row["figures"].get(name) is not None for row in rows)]
    head = ["figure", *(_titled(row) for row in rows)]
    marked = [name == comparison["decides"] for name in names]
    body = [
        [name + " *" * star, *(number(row["figures"].get(name)) for row in rows)] for name, star in zip(names, marked)
    ]
    groups = str(comparison["unit"]) if comparison["groups"] != 1 else str(comparison["unit"]).rstrip("s")
    unseen = (
        "from which nothing was learned, but by which the epoch was chosen: the figures are somewhat too good"
        if comparison.get("shared") else "which neither learning nor stopping nor calibration saw"
    )
    note = (
        f"{comparison['examples']:,} examples in {comparison['groups']} {groups}, {unseen}. The starred figure decides."
    )
    return ["<h2>On the held-out part</h2>", f'<p class="note">{escape(note)}</p>', _table(body, head, marked=marked)]


def _titled(row: Mapping[str, Any]) -> str:
    role = _ROLES.get(str(row["role"]), "")
    return str(row["name"]) if role in str(row["name"]) else f"{row['name']} ({role})"


def _intervals(comparison: Mapping[str, Any]) -> List[str]:
    rows = [row for row in comparison["methods"] if row["figures"].get(comparison["decides"]) is not None]
    if not rows:
        return []
    over = f", with 95 % intervals over {comparison['unit']}" if any(row.get("interval") for row in rows) else ""
    bars = [(_titled(row), float(row["figures"][comparison["decides"]]), row.get("interval")) for row in rows]
    return [
        f"<figure>{drawing.bars(bars)}<figcaption>{escape(str(comparison['decides']) + over)}</figcaption></figure>"
    ]


def _classes(comparison: Mapping[str, Any]) -> List[str]:
    rows = [row for row in comparison["methods"] if row.get("per_class")]
    if not rows:
        return []
    body: List[List[str]] = []
    marked: List[bool] = []
    for name in comparison["classes"]:
        for row in rows:
            found = row["per_class"].get(name)
            if found is not None:
                body.append([name, _titled(row), *(number(found[key]) for key in ("precision", "recall", "F1", "examples"))])
                marked.append(row["role"] == "new")
    head = ["class", "method", "precision", "recall", "F1", "examples"]
    return ["<h2>By class</h2>", _table(body, head, marked=marked, two=True)]


def _strata(comparison: Mapping[str, Any]) -> List[str]:
    rows = [row for row in comparison["methods"] if row.get("strata")]
    if not rows:
        return []
    columns = ("share labelled", "share chosen", "precision", "recall")
    body: List[List[str]] = []
    for place, first in enumerate(rows[0]["strata"]):
        for row in rows:
            found = row["strata"][place]
            body.append([first["name"], _titled(row), *(number(found[key]) for key in columns)])
    marked = [row["role"] == "new" for _ in rows[0]["strata"] for row in rows]
    return ["<h2>By density</h2>", _table(body, ["where", "method", *columns], marked=marked, two=True)]


def _confusion(comparison: Mapping[str, Any]) -> List[str]:
    rows = [row for row in comparison["methods"] if row.get("confusion")]
    if not rows:
        return []
    figures = [
        f"<figure>{drawing.matrix(row['confusion'], comparison['classes'])}<figcaption>{escape(_titled(row))}</figcaption></figure>"
        for row in rows
    ]
    return ["<h2>Confusion</h2>", '<p class="note">Rows are the labels, columns what the method says.</p>',
            '<div class="row">', *figures, "</div>"]  # fmt: skip


def _reliability(comparison: Mapping[str, Any]) -> List[str]:
    rows = [row for row in comparison["methods"] if row.get("reliability")]
    if not rows:
        return []
    figures = []
    for row in rows:
        error = number(row["figures"].get("calibration error"))
        figures.append(
            f"<figure>{drawing.diagram(row['reliability'])}<figcaption>{escape(_titled(row))}, calibration error {error}"
            "</figcaption></figure>"
        )
    what = comparison["positive"] or "the class that is said"
    note = f"How often {what} is right (up) where it is given that probability (right); on the line it is honest."
    return ["<h2>Calibration</h2>", f'<p class="note">{escape(note)}</p>', '<div class="row">', *figures, "</div>"]


def told(comparison: Mapping[str, Any]) -> List[str]:
    """Return the comparison in lines for the summary of a job."""
    rows = comparison["methods"]
    names = [name for name in _SHOWN if any(row["figures"].get(name) is not None for row in rows)]
    wide = max(len(name) for name in [*names, ""]) + 2
    lines = [str(comparison["sentence"]), ""]
    widths = [max(len(str(row["name"])), 8) + 2 for row in rows]
    lines.append(" " * wide + "".join(f"{row['name']:>{width}}" for row, width in zip(rows, widths)))
    for name in names:
        cells = "".join(f"{number(row['figures'].get(name)):>{width}}" for row, width in zip(rows, widths))
        lines.append(f"{name:<{wide}}{cells}")
    return lines


def card_table(comparison: Mapping[str, Any]) -> str:
    """Return the comparison as a Markdown table, for the model card."""
    rows = comparison["methods"]
    names = [name for name in _SHOWN if any(row["figures"].get(name) is not None for row in rows)]
    lines = ["| figure | " + " | ".join(_titled(row) for row in rows) + " |", "|---|" + "---:|" * len(rows)]
    lines += [f"| {name} | " + " | ".join(number(row["figures"].get(name)) for row in rows) + " |" for name in names]
    return "\n".join([*lines, "", str(comparison["sentence"])])


def header_figures(comparison: Mapping[str, Any]) -> Dict[str, Dict[str, float]]:
    """Return the figures of all methods by name, rounded, for the header of the model."""
    return {
        str(row["name"]): {name: round(value, 5) for name, value in row["figures"].items() if value is not None}
        for row in comparison["methods"]
    }
