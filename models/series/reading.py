"""Reads the phase of a stack at persistent scatterers, in one form for every kind of stack."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Dict, List, Optional, Tuple

import numpy as np

from stillpoint.models.errors import StillpointError
from stillpoint.models.progress import SILENT, Progress
from stillpoint.models.rasters.epochs import Epochs, components, epochs_of
from stillpoint.models.rasters.stack import Stack, open_stack
from stillpoint.models.rasters.tiles import Tile, tiles
from stillpoint.models.series.sites import Sites

WINDOW_BYTES = 96 << 20
"""Memory of a window of the stack; a window holds all bands."""

LEAST = 4
"""Dates of a stack."""

CONVENTIONS = {"reference-secondary": "away", "secondary-reference": "towards"}
"""What a growing phase means by the item PHASE_CONVENTION of a stack; the phase of an image falls with the distance."""


@dataclass(frozen=True)
class Observed:
    """Phases at persistent scatterers.

    Attributes
    ----------
    phase
        float32 [pairs, points] in radians, later minus earlier date, growing towards the satellite; NaN where missing.
    unwrapped
        Whether ``phase`` is unwrapped.
    dates
        datetime64[D] [dates], sorted.
    pairs
        int64 [pairs, 2]: index of the earlier and of the later date.
    single
        Whether the pairs are nothing but the dates against one of them: then they never disagree.
    baselines
        float64 [dates], perpendicular baselines in metres; None where unknown.
    coherence
        float32 [pairs, points] in 0..1; None where unknown.
    sign
        ``"away"`` or ``"towards"``: what a growing phase of the stack was taken to mean.
    sign_known
        Whether the stack or the user said so.
    notes
        Sentences on what was assumed or left out.
    """

    phase: np.ndarray
    unwrapped: bool
    dates: np.ndarray
    pairs: np.ndarray
    single: bool
    baselines: Optional[np.ndarray]
    coherence: Optional[np.ndarray]
    sign: str
    sign_known: bool
    notes: Tuple[str, ...] = field(default=())

    @property
    def days(self) -> np.ndarray:
        """float64 [dates], days since the first date."""
        return (self.dates - self.dates[0]).astype(np.float64)

    @property
    def years(self) -> np.ndarray:
        """float64 [dates], years since the first date."""
        return self.days / 365.25


def read_phases(
    stack: Stack, sites: Sites, *, coherence: Optional[str] = None, sign: str = "auto", progress: Progress = SILENT
) -> Observed:
    """Read the phase at ``sites``, window by window.

    Parameters
    ----------
    stack
        Of complex images, or of interferograms (``phase``, ``complex`` or ``unwrapped``).
    sites
        The pixels.
    coherence
        Path of the coherence of the same pairs; the companion of the stack where None.
    sign
        ``"auto"``, ``"away"`` or ``"towards"``.
    progress
        Told after each window.

    Raises
    ------
    StillpointError
        The stack holds no phase, too few dates, or its interferograms fall apart into groups without a common date.
    """
    if stack.quantity not in ("phase", "complex", "unwrapped"):
        raise StillpointError(
            f"{stack.path} holds {stack.quantity}, which has no phase. Give the stack of complex images or of interferograms."
        )
    epochs = epochs_of(stack.bands)
    if epochs.kind == "images" and stack.quantity != "complex":
        raise StillpointError(
            f"{stack.path} holds {stack.quantity} of single dates: phases of images are read from complex values only. Give the "
            "complex images or the interferograms."
        )
    if len(epochs.dates) < LEAST:
        raise StillpointError(
            f"{stack.path} has {len(epochs.dates)} dates; a series with a velocity and its error needs {LEAST} or more."
        )
    check_connected(stack.path, epochs)
    meaning, known = _sign(stack, epochs, sign)
    notes = list(stack.notes)
    if stack.quantity == "unwrapped" and not stack.quantity_known:
        notes.append("The phases are taken for unwrapped because they exceed one cycle.")
    values = _read(stack, sites, progress.part(0.0, 0.8))
    if epochs.pairs is None:
        phase, pairs = _from_images(values, epochs, meaning)
        single = True
    else:
        phase, pairs = _from_pairs(values, epochs, meaning)
        single = len(pairs) == len(epochs.dates) - 1 and bool(
            any((pairs == date).any(axis=1).all() for date in np.unique(pairs[0]))
        )
    found = None if epochs.pairs is None else _coherence(stack, sites, coherence, notes, progress.part(0.8, 1.0))
    if epochs.baselines is None:
        notes.append("The stack tells no perpendicular baselines for all dates: height errors cannot be estimated.")
    return Observed(
        phase, stack.quantity == "unwrapped", epochs.dates, pairs, single, epochs.baselines, found, meaning, known, tuple(notes)
    )


def check_connected(path: str, epochs: Epochs) -> None:
    """Raise a StillpointError that names the dates where the interferograms fall apart into groups."""
    if epochs.connected:
        return
    groups = [epochs.dates[epochs.component == number] for number in range(int(epochs.component.max()) + 1)]
    told = "; ".join(
        f"{group[0]}" if len(group) == 1 else f"{group[0]} to {group[-1]} ({len(group)} dates)" for group in groups[:5]
    )
    more = " ..." if len(groups) > 5 else ""
    raise StillpointError(
        f"The interferograms of {path} fall apart into {len(groups)} groups without a common date: {told}{more}. How the ground "
        "moved between them cannot be told: add interferograms that join the groups, or make a stack of one group alone."
    )


def _sign(stack: Stack, epochs: Epochs, asked: str) -> Tuple[str, bool]:
    """Return what a growing phase means, and whether anybody said so."""
    if asked != "auto":
        return asked, True
    if epochs.kind == "images":
        # -4 pi / wavelength times the distance: what focusing leaves, and what every interferogram is made of
        return "towards", True
    told = CONVENTIONS.get(stack.metadata.get("PHASE_CONVENTION", "").strip().lower())
    return told or "away", told is not None


def _tiles_with(stack: Stack, sites: Sites, bands: int) -> List[Tuple[Tile, np.ndarray]]:
    """Return windows that hold sites, with the indices of these."""
    each = 8 if stack.complex else 4
    side = int(max(32, min(512, (WINDOW_BYTES / (each * max(bands, 1))) ** 0.5)))
    across = -(-stack.shape[1] // side)
    number = (sites.row // side) * across + sites.col // side
    order = np.argsort(number, kind="stable")
    starts = np.flatnonzero(np.diff(number[order], prepend=-1))
    held: Dict[int, np.ndarray] = {
        int(number[group[0]]): group for group in np.split(order, starts[1:])
    }
    return [(tile, held[index]) for index, tile in enumerate(tiles(stack.shape, side)) if index in held]


def _read(stack: Stack, sites: Sites, progress: Progress) -> np.ndarray:
    """Return the values of all bands at the sites [bands, points]: radians (float32) of phases, else as they are."""
    values = np.empty((len(stack.bands), len(sites)), np.float32)
    windows = _tiles_with(stack, sites, len(stack.bands))
    for index, (_, inside) in enumerate(windows):
        progress(index / len(windows), f"Reading the stack: window {index + 1} of {len(windows)}")
        row, col = sites.row[inside], sites.col[inside]
        rows, cols = slice(int(row.min()), int(row.max()) + 1), slice(int(col.min()), int(col.max()) + 1)
        block = stack.read(rows, cols)[:, row - rows.start, col - cols.start]
        if stack.complex:
            seen = np.isfinite(block)
            block = np.where(seen, np.angle(np.where(seen, block, 1)), np.nan)
        values[:, inside] = block
    return values


def _from_images(values: np.ndarray, epochs: Epochs, meaning: str) -> Tuple[np.ndarray, np.ndarray]:
    """Return every date against the reference date of the stack, as pairs of earlier and later date."""
    assert epochs.images is not None  # nosec B101 - known by construction
    by_date = values[epochs.images]
    if meaning == "away":
        by_date = -by_date
    others = np.array([date for date in range(len(epochs.dates)) if date != epochs.reference], np.int64)
    centre = np.full(len(others), epochs.reference, np.int64)
    pairs = np.column_stack([np.minimum(others, centre), np.maximum(others, centre)])
    return wrapped(by_date[pairs[:, 1]] - by_date[pairs[:, 0]]), pairs


def _from_pairs(values: np.ndarray, epochs: Epochs, meaning: str) -> Tuple[np.ndarray, np.ndarray]:
    """Return interferograms as later minus earlier date, growing towards the satellite."""
    assert epochs.pairs is not None  # nosec B101 - known by construction
    pairs = np.sort(epochs.pairs, axis=1).astype(np.int64)
    turn = np.where(epochs.pairs[:, 0] < epochs.pairs[:, 1], 1.0, -1.0)
    if meaning == "away":
        turn = -turn
    return (values * turn[:, None]).astype(np.float32), pairs


def _coherence(
    stack: Stack, sites: Sites, path: Optional[str], notes: List[str], progress: Progress
) -> Optional[np.ndarray]:
    """Return the coherence of the pairs at the sites, or None where there is none that fits."""
    given = path is not None
    path = path or stack.companions.get("coherence")
    if path is None:
        return None
    with open_stack(path) as beside:
        place = {band.pair: index for index, band in enumerate(beside.bands)}
        missing = [band.label for band in stack.bands if band.pair not in place]
        problem = ""
        if beside.shape != stack.shape:
            problem = f"has {beside.shape[0]} x {beside.shape[1]} pixels, the stack {stack.shape[0]} x {stack.shape[1]}"
        elif beside.quantity != "coherence":
            problem = f"holds {beside.quantity}, not coherence"
        elif missing:
            problem = f"lacks the pair {missing[0]}"
        if problem and given:
            raise StillpointError(f"The coherence stack {path} {problem}. Give the coherence of the same pairs, or leave it empty.")
        if problem:
            notes.append(f"The coherence beside the stack was not used: it {problem}.")
            return None
        values = _read(beside, sites, progress)
        return np.clip(values[[place[band.pair] for band in stack.bands]], 0.0, 1.0)


def wrapped(phase: np.ndarray) -> np.ndarray:
    """Return ``phase`` wrapped to -pi..pi, float32."""
    return ((np.asarray(phase, np.float64) + np.pi) % (2 * np.pi) - np.pi).astype(np.float32)


def connected_dates(pairs: np.ndarray, count: int) -> np.ndarray:
    """Return bool [dates]: those in the largest group that ``pairs`` join."""
    return np.asarray(components(pairs, count) == 0)
