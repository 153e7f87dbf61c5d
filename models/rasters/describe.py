"""Says what Stillpoint reads from a product, before anything is written."""

from __future__ import annotations

from typing import Any, Dict, List, Optional, Tuple

import numpy as np

from stillpoint.models.jobs import DescribeStack, Result
from stillpoint.models.progress import Progress
from stillpoint.models.rasters.assemble import Assembly
from stillpoint.models.rasters.epochs import epochs_of
from stillpoint.models.rasters.opening import plan_stack, readers
from stillpoint.models.rasters.stack import grid_spacing

_KINDS = {"images": "dates", "single-reference": "interferograms of one reference", "network": "interferograms (network)"}


def describe_stack(job: DescribeStack, progress: Progress) -> Result:
    """Describe a product: format, quantity, dates or pairs, baselines, grid, and what else was found.

    Raises
    ------
    StillpointError
        It cannot be read.
    """
    made = plan_stack(job.sources, format=job.format, quantity=job.quantity, progress=progress)
    return Result(summary=summary_of(made), details=details_of(made), warnings=[*made.warnings, *made.notes])


def spacing_of(made: Assembly) -> Optional[Tuple[float, float]]:
    """Return metres between rows and between columns; None where nothing tells it."""
    grid = made.main.grid
    return grid_spacing(grid.geotransform, grid.projection, grid.size) or made.product.spacing_m


def details_of(made: Assembly) -> Dict[str, Any]:
    """Return what was found for programs: JSON types only."""
    main, product = made.main, made.product
    spacing = spacing_of(made)
    epochs = epochs_of(main.bands)
    return {
        "format": product.format,
        "quantity": main.quantity,
        "kind": epochs.kind,
        "bands": [
            {
                "file": layer.path,
                "date": str(band.date) if band.date else None,
                "reference_date": str(band.reference_date) if band.reference_date else None,
                "secondary_date": str(band.secondary_date) if band.secondary_date else None,
                "perpendicular_baseline": band.perpendicular_baseline,
                "missing": round(missing, 4),
            }
            for layer, band, missing in zip(main.layers, main.bands, main.missing)
        ],
        "dates": [str(day) for day in epochs.dates],
        "reference_date": str(epochs.dates[epochs.reference]),
        "baselines": None if epochs.baselines is None else [round(float(metres), 3) for metres in epochs.baselines],
        "connected": epochs.connected,
        "rows": main.grid.size[0],
        "columns": main.grid.size[1],
        "geotransform": list(main.grid.geotransform),
        "crs": main.grid.projection,
        "spacing_m": None if spacing is None else [round(value, 3) for value in spacing],
        "wavelength": product.wavelength,
        "incidence_angle": product.incidence_angle,
        "heading": product.heading,
        "convention": product.convention,
        "companions": {quantity: len(part.layers) for quantity, part in made.companions.items()},
        "others": {what: where for what, where in product.others},
        "notes": [*made.warnings, *made.notes],
    }


def summary_of(made: Assembly) -> str:
    """Return what was found as lines for people."""
    main, product = made.main, made.product
    title = next((reader.title for reader in readers() if reader.name == product.format), product.format)
    epochs = epochs_of(main.bands)
    dates = epochs.dates
    steps = np.diff(dates).astype(int)
    apart = ""
    if len(steps):
        apart = f", {steps.min()} to {steps.max()} days apart (mostly {int(np.median(steps))})"
        apart = f", {steps.min()} days apart" if steps.min() == steps.max() else apart
    span = f"{len(dates)} date{'s' if len(dates) > 1 else ''}, {dates[0]} to {dates[-1]}{apart}"
    kind = _KINDS[epochs.kind] if len(main.layers) > 1 else "date" if epochs.kind == "images" else "interferogram of reference"
    reference = f" {dates[epochs.reference]}" if epochs.kind == "single-reference" else ""
    lines = [
        f"Format       {title}",
        f"Quantity     {main.quantity}",
        f"Bands        {len(main.layers)} {kind}{reference}"
        + ("" if epochs.connected else ", which fall into parts that no interferogram connects"),
        f"Dates        {span}",
        f"Baselines    {_baselines(made)}",
        f"Grid         {main.grid.size[0]:,} rows x {main.grid.size[1]:,} columns, {_spacing(made)}",
        f"Geometry     {_geometry(made)}",
    ]
    missing = max(main.missing, default=0.0)
    if missing > 0.001:
        mean = float(np.mean(main.missing))
        lines.append(f"Missing      about {100 * mean:.1f} % of the pixels, at most {100 * missing:.1f} % of a band")
    for quantity, part in made.companions.items():
        lines.append(f"Companion    {len(part.layers)} band{'s' if len(part.layers) > 1 else ''} of {quantity}")
    also = [*made.also, *(f"{what} ({where})" for what, where in product.others[:4])]
    if also:
        lines.append(f"Also found   {'; '.join(also)}")
    return "\n".join(lines)


def _baselines(made: Assembly) -> str:
    values = [band.perpendicular_baseline for band in made.main.bands if band.perpendicular_baseline is not None]
    if not values:
        return "unknown"
    known = "" if len(values) == len(made.main.layers) else f", known for {len(values)} of {len(made.main.layers)} bands"
    return f"perpendicular {min(values):.0f} to {max(values):.0f} m{known}"


def _spacing(made: Assembly) -> str:
    spacing = spacing_of(made)
    place = "no coordinates (radar geometry)" if not made.main.grid.located else (
        "with coordinates" if made.main.grid.projection else "with coordinates of an unknown system")
    return f"{place}, " + (f"{spacing[0]:.3g} x {spacing[1]:.3g} m a pixel" if spacing else "pixel spacing unknown")


def _geometry(made: Assembly) -> str:
    product = made.product
    parts: List[str] = [f"wavelength {product.wavelength * 100:.2f} cm" if product.wavelength else "wavelength unknown"]
    if product.incidence_angle is not None:
        parts.append(f"incidence {product.incidence_angle:.1f}°")
    if product.heading is not None:
        parts.append(f"heading {product.heading:.1f}°")
    return ", ".join(parts)
