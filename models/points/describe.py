"""Looks into a point file and says what Stillpoint reads from it."""

from __future__ import annotations

from typing import Any, Dict, List

import numpy as np

from stillpoint.models.jobs import DescribePoints, Result
from stillpoint.models.points.opening import open_points
from stillpoint.models.points.table import PointBlock, PointLayout
from stillpoint.models.progress import Progress

_ROWS = 5
_LOOKED_AT = 2000
_ATTRIBUTES_SHOWN = 12


def describe_points(job: DescribePoints, progress: Progress) -> Result:
    """Describe a point file: dates, unit, coordinates, fields, and some rows.

    Raises
    ------
    StillpointError
        It cannot be read.
    """
    progress(0.0, "Opening")
    with open_points(job.points, layer=job.layer, unit=job.unit, crs=job.crs) as source:
        layout = source.layout
        progress(0.5, "Reading some rows")
        first = next(source.blocks(_LOOKED_AT))
        estimate = source.estimated_count()
    details = _details(layout, first)
    details["estimated_count"] = estimate
    progress.done()
    return Result(summary=_summary(layout, first, estimate), details=details, warnings=list(layout.notes))


def _details(layout: PointLayout, first: PointBlock) -> Dict[str, Any]:
    details: Dict[str, Any] = {
        "path": layout.path,
        "format": layout.format,
        "count": layout.count,
        "dates": [str(day) for day in layout.dates],
        "unit": layout.unit,
        "unit_reason": layout.unit_reason,
        "crs": layout.crs,
        "wavelength": layout.wavelength,
        "sensor": layout.sensor,
        "attributes": [{"name": item.name, "kind": item.kind} for item in layout.attributes],
        "notes": list(layout.notes),
        "sample": _sample(layout, first),
    }
    if layout.count is not None and layout.count == len(first):
        located = np.isfinite(first.x) & np.isfinite(first.y)
        if located.any():
            x, y = first.x[located], first.y[located]
            details["extent"] = [float(x.min()), float(y.min()), float(x.max()), float(y.max())]
    return details


def _plain(value: Any) -> Any:
    """Return ``value`` as JSON knows it, None where missing."""
    if value is None or value is np.ma.masked:
        return None
    if isinstance(value, (np.floating, float)):
        return float(value) if np.isfinite(value) else None
    if isinstance(value, np.integer):
        return int(value)
    return str(value)


def _sample(layout: PointLayout, block: PointBlock) -> List[Dict[str, Any]]:
    return [
        {
            "x": _plain(block.x[row]),
            "y": _plain(block.y[row]),
            "attributes": {item.name: _plain(block.attributes[item.name][row]) for item in layout.attributes},
            "displacement": [_plain(round(float(value), 4)) for value in block.displacement[row]],
        }
        for row in range(min(_ROWS, len(block)))
    ]


def _summary(layout: PointLayout, first: PointBlock, estimate: Any) -> str:
    steps = np.diff(layout.dates).astype(int)
    count = f"{layout.count:,}" if layout.count is not None else f"about {estimate:,}" if estimate else "not counted"
    names = [item.name for item in layout.attributes]
    hidden = len(names) - _ATTRIBUTES_SHOWN
    shown = ", ".join(names[:_ATTRIBUTES_SHOWN]) + (f" and {hidden} more" if hidden > 0 else "")
    size = np.abs(first.displacement[np.isfinite(first.displacement)])
    lines = [
        f"Format       {layout.format}",
        f"Points       {count}",
        f"Dates        {len(layout.dates)}, {layout.dates[0]} to {layout.dates[-1]}, "
        f"{steps.min()} to {steps.max()} days apart (mostly {int(np.median(steps))})",
        f"Unit         {layout.unit} ({layout.unit_reason})",
        f"Coordinates  {layout.crs.splitlines()[0][:60] if layout.crs else 'unknown coordinate reference system'}",
        f"Sensor       {layout.sensor or 'unknown'}"
        + (f", wavelength {layout.wavelength * 100:.2f} cm" if layout.wavelength else ""),
        f"Fields       {shown or 'none'}",
    ]
    if size.size:
        lines.append(
            f"Values       typically {np.median(size):.2g} mm, at most {size.max():.3g} mm in the first {len(first):,} points"
        )
    return "\n".join(lines)
