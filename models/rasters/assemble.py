"""From the images that a reader found to one stack and its companions, checked and in order."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Dict, List, Optional, Sequence, Tuple

import numpy as np
from osgeo import gdal

from stillpoint.models.errors import StillpointError
from stillpoint.models.progress import SILENT, Progress
from stillpoint.models.rasters.bands import Band
from stillpoint.models.rasters.grids import Grid, common_grid
from stillpoint.models.rasters.looks import Look, is_empty, look
from stillpoint.models.rasters.names import days_in
from stillpoint.models.rasters.order import uniform
from stillpoint.models.rasters.product import Layer, Product
from stillpoint.models.rasters.quantities import coherence_scale, phase_unit, tokens

_PREFERRED = (
    ("phase", 2), ("complex", 2), ("complex", 1), ("unwrapped", 2), ("coherence", 2), ("amplitude", 1), ("phase", 1),
    ("unwrapped", 1), ("amplitude", 2), ("coherence", 1),
)
_DERIVED = {"phase": (("complex", 2, "phase"),), "amplitude": (("complex", 1, "mod"),)}
"""Quantities that can be computed of others: quantity, number of days, pixel function."""

_NAMES = {1: "dates", 2: "interferograms"}
_POOL = 2000


@dataclass(frozen=True)
class Part:
    """One stack to write: its images, bands and grid."""

    quantity: str
    layers: Tuple[Layer, ...]
    grid: Grid
    missing: Tuple[float, ...] = ()

    @property
    def bands(self) -> List[Band]:
        """What each band is."""
        return [_band(number, layer) for number, layer in enumerate(self.layers, start=1)]


@dataclass
class Assembly:
    """A product made ready: the stack, its companions by quantity, and what to tell."""

    product: Product
    main: Part
    companions: Dict[str, Part] = field(default_factory=dict)
    notes: List[str] = field(default_factory=list)
    warnings: List[str] = field(default_factory=list)
    also: List[str] = field(default_factory=list)


def _band(number: int, layer: Layer) -> Band:
    single = len(layer.days) == 1
    return Band(
        number=number, quantity=layer.quantity, date=layer.days[0] if single else None,
        reference_date=None if single else layer.days[0], secondary_date=None if single else layer.days[1],
        perpendicular_baseline=layer.perpendicular_baseline,
    )


def assemble(product: Product, name: str, *, quantity: str = "auto", progress: Progress = SILENT) -> Assembly:
    """Choose the quantity, check the images, bring them into order and find the companions.

    Parameters
    ----------
    product
        What a reader found.
    name
        The folder or file, for messages.
    quantity
        Wanted quantity; ``"auto"`` prefers the interferometric phase.
    progress
        Progress.

    Raises
    ------
    StillpointError
        There are no images of that quantity, files lie on different grids, a date occurs twice, complex and real
        images are mixed, a file is damaged, the unit of the phase is unknown.
    """
    if not product.layers:
        raise StillpointError(_nothing(product, name))
    _check_mixed(product.layers)
    groups: Dict[Tuple[str, int], List[Layer]] = defaultdict(list)
    for layer in product.layers:
        groups[layer.kind].append(layer)
    layers = _wanted(groups, quantity, name)
    notes: List[str] = list(product.notes)
    warnings: List[str] = []
    main = _part(layers, notes, warnings, progress.part(0.0, 0.7))
    result = Assembly(product, main, notes=notes, warnings=warnings)
    used = {main.quantity}
    for companion, found in _beside(groups, layers).items():
        own_notes: List[str] = []
        own_warnings: List[str] = []
        try:
            part = _part(found, own_notes, own_warnings, progress.part(0.7, 1.0), target=main.grid)
        except StillpointError as error:
            result.notes.append(f"The {companion} images are left out of the companions: {error}")
            continue
        result.companions[companion] = part
        result.warnings += own_warnings
        result.notes += [note if note.lower().startswith(companion) else f"{companion.capitalize()}: {note}" for note in own_notes]
        used.add(companion)
    for (other, days), found in sorted(groups.items()):
        if other not in used:
            result.also.append(f"{len(found)} {_NAMES[days][:-1] if len(found) == 1 else _NAMES[days]} of {other}")
    return result


def _nothing(product: Product, name: str) -> str:
    others = "; ".join(f"{what}: {where}" for what, where in product.others[:4])
    found = f" Found: {others}." if others else ""
    return (
        f"{name} holds no images that make a stack: files are needed whose names tell a date or two dates "
        f"(YYYYMMDD) and whose pixels are phase, complex values, amplitude or coherence.{found}"
    )


def _pattern(layer: Layer) -> Tuple[str, Tuple[str, ...]]:
    """Return what names of the same series have in common: folder (where that is not the date) and words."""
    path = Path(layer.path)
    folder = path.parent
    while days_in(folder.name):
        folder = folder.parent
    return str(folder), tokens(path.name)


def _check_mixed(layers: Sequence[Layer]) -> None:
    """Refuse a series of files of which some are complex and some are not."""
    series: Dict[Tuple[str, Tuple[str, ...]], List[Layer]] = defaultdict(list)
    for layer in layers:
        if not layer.dataset and layer.band == 1:
            series[_pattern(layer)].append(layer)
    for found in series.values():
        lone = [layer for layer in found if layer.is_complex]
        if lone and len(lone) < len(found):
            odd, others = (lone, "real numbers") if 2 * len(lone) <= len(found) else (
                [layer for layer in found if not layer.is_complex], "complex numbers")
            kind = "complex" if odd[0].is_complex else "real"
            raise StillpointError(
                f"{odd[0].path} holds {kind} numbers, but the other files of the same name hold {others}: complex values and phase "
                f"cannot share a stack. Leave out the {len(odd)} file{'s' if len(odd) > 1 else ''}, or convert them."
            )


def _wanted(groups: Dict[Tuple[str, int], List[Layer]], quantity: str, name: str) -> List[Layer]:
    if quantity == "auto":
        # A stray file of another kind (a sample, a test) is not what the folder is about.
        series = [kind for kind in _PREFERRED if len(groups.get(kind, ())) > 1]
        return groups[(series or [kind for kind in _PREFERRED if kind in groups])[0]]
    for kind in _PREFERRED:
        if kind[0] == quantity and kind in groups:
            return groups[kind]
    for source, days, function in _DERIVED.get(quantity, ()):
        if (source, days) in groups:
            return [replace(layer, quantity=quantity, function=function) for layer in groups[source, days]]
    there = ", ".join(sorted({kind[0] for kind in groups}))
    raise StillpointError(f"{name} holds no {quantity}; it holds {there}. Choose one of these as the quantity, or auto.")


def _beside(groups: Dict[Tuple[str, int], List[Layer]], main: Sequence[Layer]) -> Dict[str, List[Layer]]:
    """Return the companions' images by quantity."""
    quantity, days = main[0].kind
    found: Dict[str, List[Layer]] = {}
    if quantity != "amplitude" and (quantity, days) != ("complex", 1):
        if ("amplitude", 1) in groups:
            found["amplitude"] = groups["amplitude", 1]
        elif ("complex", 1) in groups:
            found["amplitude"] = [
                replace(layer, quantity="amplitude", function="mod", perpendicular_baseline=None) for layer in groups["complex", 1]
            ]
    if quantity != "coherence" and ("coherence", 2) in groups:
        found["coherence"] = groups["coherence", 2]
    return found


def _one_series(layers: Sequence[Layer], notes: List[str]) -> List[Layer]:
    """Return ``layers`` without a second series of the same dates; refuse dates that occur twice.

    Raises
    ------
    StillpointError
        Two files have the same date or dates, and nothing tells which is meant.
    """
    if not _repeated(layers):
        return list(layers)
    series: Dict[Tuple[str, Tuple[str, ...]], List[Layer]] = defaultdict(list)
    for layer in layers:
        series[_pattern(layer)].append(layer)
    ranked = sorted(series.values(), key=len, reverse=True)
    best = ranked[0]
    twice = _repeated(best) or (_repeated(layers) if len(ranked) > 1 and len(ranked[1]) == len(best) else None)
    if twice is not None:
        first, second = twice
        raise StillpointError(
            f"{first.where()} and {second.where()} have the same date{'s' if len(first.days) > 1 else ''} "
            f"({', '.join(str(day) for day in first.days)}). Name the files of one of them, or remove one."
        )
    left = [layer for group in ranked[1:] for layer in group]
    notes.append(
        f"{len(left)} more {left[0].quantity} file{'s' if len(left) > 1 else ''} of the same dates ({Path(left[0].path).name}"
        f"{' ...' if len(left) > 1 else ''}) {'are' if len(left) > 1 else 'is'} left out: the larger series is taken."
    )
    return best


def _repeated(layers: Sequence[Layer]) -> Optional[Tuple[Layer, Layer]]:
    seen: Dict[Tuple[dt.date, ...], Layer] = {}
    for layer in layers:
        key = tuple(sorted(layer.days))
        if key in seen:
            return seen[key], layer
        seen[key] = layer
    return None


def _part(
    layers: Sequence[Layer], notes: List[str], warnings: List[str], progress: Progress, *, target: Optional[Grid] = None
) -> Part:
    """Return the checked and ordered images of one stack."""
    chosen = _one_series(layers, notes)
    cut, grid, more = common_grid(chosen, target=target)
    notes += more
    looks = []
    for number, layer in enumerate(cut):
        progress(number / len(cut), f"Looking at {Path(layer.path).name}")
        looks.append(look(layer))
    scaled = _scaled(cut, looks, notes)
    _check_empty(scaled, looks, warnings)
    missing = {layer.where(): seen.missing for layer, seen in zip(scaled, looks)}
    if len(scaled[0].days) == 2:
        ordered, more = uniform(scaled)
        notes += more
    else:
        ordered = sorted(scaled, key=lambda layer: layer.days)
    return Part(ordered[0].quantity, tuple(ordered), grid, tuple(missing[layer.where()] for layer in ordered))


def _scaled(layers: List[Layer], looks: Sequence[Look], notes: List[str]) -> List[Layer]:
    """Return ``layers`` with the scale that brings them to radians, or coherence to 0..1."""
    first = layers[0]
    if first.function or first.is_complex or any((layer.scale, layer.offset) != (1.0, 0.0) for layer in layers):
        return layers
    values = np.concatenate([seen.values[:: max(1, len(seen.values) // _POOL)] for seen in looks])
    if first.quantity == "coherence":
        scale, note = coherence_scale(values)
        notes += [note] if note else []
        return [replace(layer, scale=scale) for layer in layers] if note else layers
    if first.quantity != "phase":
        return layers
    integer = first.data_type not in (gdal.GDT_Float32, gdal.GDT_Float64)
    unit, offset, note = phase_unit(values, integer=integer)
    if unit is None:
        raise StillpointError(
            f"The phase in {first.path} is stored as {note}, and nothing tells how they become radians. Set scale and offset "
            "(gdal_edit.py -scale S -offset O FILE), or convert the files to radians."
        )
    if note:
        notes.append(note)
        return [replace(layer, scale=unit, offset=offset) for layer in layers]
    if values.size and np.abs(values).max() > np.pi + 0.05 and not (values.min() >= 0 and values.max() <= 2 * np.pi + 0.01):
        notes.append(f"Phase reaches {np.abs(values).max():.1f} rad, beyond ±π: it is taken for unwrapped phase.")
        return [replace(layer, quantity="unwrapped") for layer in layers]
    return layers


def _check_empty(layers: Sequence[Layer], looks: Sequence[Look], warnings: List[str]) -> None:
    empty = [layer for layer, seen in zip(layers, looks) if not seen.values.size and is_empty(layer)]
    if len(empty) == len(layers):
        raise StillpointError(
            f"All {len(layers)} images, {layers[0].path} the first, hold no valid pixel: there is nothing to work on."
        )
    if empty:
        shown = ", ".join(Path(layer.path).name for layer in empty[:5]) + (" ..." if len(empty) > 5 else "")
        warnings.append(
            f"{len(empty)} of {len(layers)} images hold no valid pixel ({shown}): leave them out, or no pixel has all dates."
        )
