"""Learning curves beside a model: a table, and a picture with the best epoch marked.

The picture is drawn by matplotlib where that is installed (``pip install stillpoint[training]``), as PNG; else by hand, as SVG.
"""

from __future__ import annotations

import io
import logging
import math
import os
from html import escape
from pathlib import Path
from typing import Any, Dict, List, Mapping, Optional, Sequence, Tuple

from stillpoint.models.errors import StillpointError
from stillpoint.models.learning.epoch_table import metrics_of

logger = logging.getLogger("stillpoint")

Rows = Sequence[Mapping[str, Any]]

MOST = 9
"""Curves of a picture."""

_COLUMNS = 3
_WIDTH, _HEIGHT = 300, 210
"""Pixels of a curve."""

_LINE, _BEST, _GREY = "#1f5fa8", "#c8501e", "#8a8a8a"


def write(output: Path, rows: Rows) -> Dict[str, str]:
    """Write the curves of a training beside its model; return their paths: ``curves``, and ``figure`` where there is one to draw.

    Parameters
    ----------
    output
        The model; the table is ``<output>.curves.csv``, the picture ``.curves.png`` or ``.curves.svg``.
    rows
        Of :class:`stillpoint.models.learning.loop.Record`.

    Raises
    ------
    StillpointError
        They cannot be written.
    """
    path = output.with_suffix(".curves.csv")
    _replace(path, table(rows).encode("utf-8"))
    written = {"curves": str(path)}
    if sum(math.isfinite(row["loss"]) for row in rows) > 1:
        drawn = _png(rows)
        suffix = ".curves.svg" if drawn is None else ".curves.png"
        _replace(output.with_suffix(suffix), svg(rows).encode("utf-8") if drawn is None else drawn)
        written["figure"] = str(output.with_suffix(suffix))
    return written


def table(rows: Rows) -> str:
    """Return the epochs as CSV: epoch, step, loss, figures, seconds, best (1 or 0); what is no number is left empty."""
    figures = list(dict.fromkeys(name for row in rows for name in metrics_of(row)))
    names = ["epoch", "step", "loss", *figures, "seconds", "best"]
    lines = [",".join(f'"{name}"' if "," in name or '"' in name else name for name in names)]
    lines += [",".join(_cell(row.get(name)) for name in names) for row in rows]
    return "\n".join(lines) + "\n"


def _cell(value: Any) -> str:
    if isinstance(value, (bool, int)):
        return str(int(value))
    return f"{value:.6g}" if isinstance(value, float) and math.isfinite(value) else ""


def best_of(rows: Rows) -> Optional[int]:
    """Return the number of the best epoch; None where none is marked."""
    return next((int(row["epoch"]) for row in reversed(rows) if row.get("best")), None)


def _shown(rows: Rows) -> List[Tuple[str, List[Tuple[float, float]]]]:
    """Return the curves to draw: name, and (epoch, value) of what is a number."""
    names = ["loss", *dict.fromkeys(name for row in rows for name in metrics_of(row))]
    found = []
    for name in names:
        points = [(float(row["epoch"]), float(row[name])) for row in rows if math.isfinite(float(row.get(name, math.nan)))]
        if len(points) > 1:
            found.append((name, points))
    return found[:MOST]


def _png(rows: Rows) -> Optional[bytes]:
    """Return the picture, or None where matplotlib is missing."""
    try:
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure
        from matplotlib.ticker import MaxNLocator
    except Exception as error:  # a matplotlib that was built for another numpy raises whatever it likes
        logger.debug("no matplotlib: %s", error)
        return None
    shown, best = _shown(rows), best_of(rows)
    columns = min(len(shown), _COLUMNS)
    lines = -(-len(shown) // _COLUMNS)
    figure = Figure(figsize=(columns * _WIDTH / 100, lines * _HEIGHT / 100), dpi=160, layout="constrained")
    FigureCanvasAgg(figure)
    for place, (name, points) in enumerate(shown):
        axes = figure.add_subplot(lines, columns, place + 1)
        axes.plot(*zip(*points), color=_LINE, linewidth=1.4)
        for epoch, value in points:
            if epoch == best:
                axes.plot([epoch], [value], "o", color=_BEST, markersize=5)
                axes.axvline(best, color=_BEST, linewidth=0.7, linestyle=":")
        axes.set_title(name, fontsize=8)
        axes.set_xlabel(_below(points, best), fontsize=7)
        axes.tick_params(labelsize=7)
        axes.xaxis.set_major_locator(MaxNLocator(integer=True, nbins=6))
        axes.grid(alpha=0.25, linewidth=0.5)
    stream = io.BytesIO()
    figure.savefig(stream, format="png", metadata={"Software": None})
    return stream.getvalue()


def _below(points: Sequence[Tuple[float, float]], best: Optional[int]) -> str:
    """Return what stands below a curve."""
    value = next((value for epoch, value in points if epoch == best), None)
    return "epoch" if value is None else f"epoch (best: {best}, {value:.4g})"


def svg(rows: Rows) -> str:
    """Return the curves as a picture in SVG, which needs no library."""
    shown, best = _shown(rows), best_of(rows)
    columns = max(min(len(shown), _COLUMNS), 1)
    lines = -(-len(shown) // _COLUMNS)
    wide, high = columns * _WIDTH, lines * _HEIGHT
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide} {high}" width="{wide}" height="{high}" '
        'font-family="sans-serif" font-size="10">',
        f'<rect width="{wide}" height="{high}" fill="white"/>',
    ]
    for place, (name, points) in enumerate(shown):
        parts += _curve(name, points, best, place % columns * _WIDTH, place // columns * _HEIGHT)
    return "\n".join([*parts, "</svg>"]) + "\n"


def _curve(name: str, points: Sequence[Tuple[float, float]], best: Optional[int], left: int, top: int) -> List[str]:
    """Return one curve within its cell."""
    epochs, values = zip(*points)
    low, high = min(values), max(values)
    if high == low:
        low, high = low - 0.5, high + 0.5
    x0, x1, y0, y1 = left + 52, left + _WIDTH - 14, top + 26, top + _HEIGHT - 34

    def at(epoch: float, value: float) -> Tuple[float, float]:
        return (
            x0 + (x1 - x0) * (epoch - epochs[0]) / max(epochs[-1] - epochs[0], 1),
            y1 - (y1 - y0) * (value - low) / (high - low),
        )

    text = name if len(name) < 44 else name[:42] + "…"
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y in (at(*point) for point in points))
    parts = [
        f'<text x="{(x0 + x1) / 2:.0f}" y="{top + 16}" text-anchor="middle">{escape(text)}</text>',
        f'<path d="M{x0},{y0}V{y1}H{x1}" fill="none" stroke="{_GREY}" stroke-width="0.7"/>',
    ]
    for value in (low, (low + high) / 2, high):
        y = at(epochs[0], value)[1]
        parts.append(f'<text x="{x0 - 5}" y="{y + 3:.1f}" text-anchor="end" fill="{_GREY}">{value:.3g}</text>')
        parts.append(f'<path d="M{x0},{y:.1f}H{x1}" stroke="{_GREY}" stroke-width="0.3"/>')
    for epoch, anchor in ((epochs[0], "start"), (epochs[-1], "end")):
        parts.append(f'<text x="{at(epoch, low)[0]:.1f}" y="{y1 + 13}" text-anchor="{anchor}" fill="{_GREY}">{epoch:.0f}</text>')
    parts.append(f'<text x="{(x0 + x1) / 2:.0f}" y="{y1 + 25}" text-anchor="middle" fill="{_GREY}">{_below(points, best)}</text>')
    parts.append(f'<polyline points="{line}" fill="none" stroke="{_LINE}" stroke-width="1.4"/>')
    for epoch, value in points:
        if epoch == best:
            x, y = at(epoch, value)
            parts.append(f'<path d="M{x:.1f},{y0}V{y1}" stroke="{_BEST}" stroke-width="0.7" stroke-dasharray="2 2"/>')
            parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{_BEST}"/>')
    return parts


def _replace(path: Path, content: bytes) -> None:
    partial = path.with_name(path.name + ".partial")
    try:
        partial.write_bytes(content)
        os.replace(partial, path)
    except OSError as error:
        partial.unlink(missing_ok=True)
        raise StillpointError(f"{path} cannot be written: {error.strerror or error}.") from error
