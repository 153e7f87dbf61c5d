"""Figures of the report: bars as inline SVG, density maps as small pictures. Colours follow the page's light or dark."""

from __future__ import annotations

import base64
import uuid
from html import escape
from typing import List, Optional, Sequence

import numpy as np
from osgeo import gdal

from stillpoint.models.scatterers.assess_density import colours_of, labels_of
from stillpoint.models.scatterers.assess_tables import Value, shown_value

SERIES = 8
"""Colours that the page defines (``--s0`` .. ``--s7``); more masks begin again."""

_WIDTH = 860
_BAR, _GAP = 15, 16
_LETTER = 7.0
"""Width of a letter of 13 px, on average."""

MOST_PIXELS = 480
"""Longer side of a density map in the report."""


def bars(
    categories: Sequence[str], series: Sequence[str], values: Sequence[Sequence[Value]], *, title: str, decimals: int = 1,
    swatches: Sequence[Optional[str]] = (),
) -> str:
    """Return grouped horizontal bars as SVG.

    Parameters
    ----------
    categories
        What the groups are called.
    series
        What the bars of a group are called; their legend stands above.
    values
        ``values[category][series]``; None draws no bar.
    title
        Read by screen readers.
    decimals
        Of the numbers at the bars' ends.
    swatches
        Colour of each category's mark; None none.
    """
    numbers = [float(value) for line in values for value in line if isinstance(value, (int, float))]
    top = max(numbers, default=0.0) or 1.0
    left = min(max((len(name) for name in categories), default=4) * _LETTER + 34, 260)
    right = 24 + _LETTER * max((len(shown_value(number, decimals)) for number in numbers), default=4)
    group = len(series) * _BAR + _GAP
    height = len(categories) * group + 8
    span = _WIDTH - left - right
    parts = [f'<svg viewBox="0 0 {_WIDTH} {height}" role="img" aria-label="{escape(title)}" class="bars">']
    for step in range(5):
        x = left + span * step / 4
        parts.append(f'<line x1="{x:.1f}" x2="{x:.1f}" y1="0" y2="{height}" class="grid"/>')
    for index, (name, line) in enumerate(zip(categories, values)):
        y = index * group + _GAP / 2
        middle = y + len(series) * _BAR / 2
        if index < len(swatches) and swatches[index]:
            parts.append(
                f'<rect x="0" y="{middle - 6:.1f}" width="12" height="12" rx="2" fill="{swatches[index]}" class="swatch"/>'
            )
        text = name if len(name) * _LETTER < left - 24 else name[: int((left - 34) / _LETTER)] + "…"
        parts.append(
            f'<text x="{left - 10:.1f}" y="{middle + 4.5:.1f}" text-anchor="end">{escape(text)}<title>{escape(name)}</title></text>'
        )
        for number, value in enumerate(line):
            at = y + number * _BAR
            if isinstance(value, (int, float)):
                width = max(span * float(value) / top, 1.0)
                parts.append(
                    f'<rect x="{left:.1f}" y="{at + 1.5:.1f}" width="{width:.1f}" height="{_BAR - 3}" rx="2" '
                    f'fill="var(--s{number % SERIES})"><title>{escape(series[number])}, {escape(name)}: '
                    f"{shown_value(value, decimals)}</title></rect>"
                )
            else:
                width = 0.0
            parts.append(
                f'<text x="{left + width + 6:.1f}" y="{at + _BAR - 3.5:.1f}" class="value">{shown_value(value, decimals)}</text>'
            )
    parts.append(f'<line x1="{left:.1f}" x2="{left:.1f}" y1="0" y2="{height}" class="axis"/></svg>')
    return legend(series) + "".join(parts)


def legend(series: Sequence[str]) -> str:
    """Return the names of the bars with their colours."""
    items = "".join(
        f'<span><i style="background:var(--s{index % SERIES})"></i>{escape(name)}</span>' for index, name in enumerate(series)
    )
    return f'<div class="legend">{items}</div>'


def density_picture(values: np.ndarray, bounds: Sequence[float], *, name: str, wide: float) -> str:
    """Return a density map as an HTML figure with a picture inside.

    Parameters
    ----------
    values
        PS per km², float32 [rows, cols], NaN no data.
    bounds
        Rising upper bounds of the classes.
    name
        The mask.
    wide
        Width of the scene over its height on the ground, so that cells that are no squares look right.
    """
    step = max(-(-max(values.shape) // MOST_PIXELS), 1)
    small = values[::step, ::step]
    codes = np.searchsorted(np.asarray(bounds[:-1], float), np.nan_to_num(small), side="left")
    colours = np.array([[int(text[i : i + 2], 16) for i in (1, 3, 5)] for text in colours_of(len(bounds))], np.uint8)
    alpha = np.where(np.isnan(small), 0, 255).astype(np.uint8)
    picture = np.concatenate((np.moveaxis(colours[codes], -1, 0), alpha[None]))
    return (
        f'<figure class="map"><img alt="PS per km², {escape(name)}" src="data:image/png;base64,{_png(picture)}" '
        f'style="aspect-ratio:{wide:.4f}"><figcaption>{escape(name)}</figcaption></figure>'
    )


def density_legend(bounds: Sequence[float]) -> str:
    """Return the classes of the density maps with their colours."""
    items = "".join(
        f'<span><i style="background:{colour}"></i>{escape(label)}</span>'
        for colour, label in zip(colours_of(len(bounds)), labels_of(bounds))
    )
    return f'<div class="legend">{items}<span>PS per km²</span></div>'


def _png(picture: np.ndarray) -> str:
    """Return uint8 [4, rows, cols] as the base64 text of a PNG."""
    memory = gdal.GetDriverByName("MEM").Create("", picture.shape[2], picture.shape[1], 4, gdal.GDT_Byte)
    for number, band in enumerate(picture, start=1):
        memory.GetRasterBand(number).WriteArray(band)
    memory.GetRasterBand(4).SetColorInterpretation(gdal.GCI_AlphaBand)
    name = f"/vsimem/{uuid.uuid4().hex}.png"
    try:
        gdal.GetDriverByName("PNG").CreateCopy(name, memory, options=["ZLEVEL=9"])
        size = gdal.VSIStatL(name).size
        file = gdal.VSIFOpenL(name, "rb")
        data: List[bytes] = [bytes(gdal.VSIFReadL(1, size, file))]
        gdal.VSIFCloseL(file)
    finally:
        for written in (name, f"{name}.aux.xml"):
            if gdal.VSIStatL(written) is not None:  # where GDAL raises, it does for what is not there
                gdal.Unlink(written)
    return base64.b64encode(data[0]).decode("ascii")
