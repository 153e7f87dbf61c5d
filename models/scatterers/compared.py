"""A trained network beside its start and the classical methods, on the pixels of the test part: each asked as it is used."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Dict, List, Optional, Sequence, Tuple

import numpy as np
from scipy import ndimage

from stillpoint.models.errors import StillpointError
from stillpoint.models.learning import comparison
from stillpoint.models.progress import Progress
from stillpoint.models.rasters.stack import open_stack
from stillpoint.models.scatterers.labels import IGNORED
from stillpoint.models.scatterers.methods import Method, open_method
from stillpoint.models.scatterers.observations import Observations
from stillpoint.models.scatterers.sight import Sight
from stillpoint.models.scatterers.work import sample

CLASSES = ("no PS", "PS")

GROUP = 48
"""Pixels a side of the blocks that are drawn anew for the intervals."""

WHOLE = 40_000_000
"""Pixels times dates of a stack up to which phase stability looks at all of it, as it is used."""

AROUND = 15
"""Pixels a side of the windows in which the density of PS is counted."""

DENSITIES = ("below 1 PS in 100 pixels", "1 to 10 in 100", "above 10 in 100")


@dataclass
class Piece:
    """Pixels of the test part.

    Attributes
    ----------
    stack
        File that they are of.
    rows, cols
        Window.
    labels
        uint8 [rows, cols]: 1 scatterer, 0 not, 255 not judged here.
    known
        What is known already: probability and the pixels that are taken, by the name of the method.
    """

    stack: Path
    rows: slice
    cols: slice
    labels: np.ndarray
    known: Dict[str, Tuple[np.ndarray, np.ndarray]] = field(default_factory=dict)


@dataclass(frozen=True)
class Contender:
    """One that is compared: its name and role, the method and its model file (empty: none, or known already)."""

    name: str
    role: str
    method: str = ""
    model: str = ""


def compare(
    pieces: Sequence[Piece], contenders: Sequence[Contender], labels: str, notes: List[str], progress: Progress, *, seed: int
) -> Dict[str, Any]:
    """Return the figures of all contenders and of the classical methods; sentences for the user are added to ``notes``.

    Parameters
    ----------
    pieces
        The test part.
    contenders
        Networks, the new one first.
    labels
        What the labels are; see :func:`stillpoint.models.scatterers.training_stacks.labels_of`.
    notes
        Gets sentences for the user.
    progress
        Told how far it is.
    seed
        Of the intervals.
    """
    every = [*contenders, Contender("amplitude dispersion", comparison.CLASSICAL, "amplitude_dispersion")]
    if labels == "stability":
        notes.append(
            "The labels are those of phase stability on the same dates, so phase stability is right by definition and is not "
            "compared; the figures say how well the network repeats it."
        )
    else:
        every.append(Contender("phase stability", comparison.CLASSICAL, "phase_stability"))
    answers: List[Tuple[Contender, List[Tuple[np.ndarray, np.ndarray]]]] = []
    for number, one in enumerate(every):
        share = progress.part(number / len(every), (number + 1) / len(every))
        share(0.0, f"The test part as seen by {one.name}")
        try:
            answers.append((one, _answers(one, pieces, share)))
        except StillpointError as error:
            if one.role == comparison.NEW:
                raise
            notes.append(f"{one.name.capitalize()} could not be compared: {error}")
    # Pixels that some method has no answer for are left out for all.
    usable = [
        (piece.labels != IGNORED) & np.all([np.isfinite(found[place][0]) for _, found in answers], axis=0)
        for place, piece in enumerate(pieces)
    ]
    truth = np.concatenate([(piece.labels[inside] == 1).astype(np.int64) for piece, inside in zip(pieces, usable)])
    said: List[comparison.Answers] = []
    for one, found in answers:
        probability = np.concatenate([each[0][inside] for each, inside in zip(found, usable)]).astype(np.float64)
        taken = np.concatenate([each[1][inside] for each, inside in zip(found, usable)])
        both = None if one.role == comparison.CLASSICAL else np.stack([1 - probability, probability], axis=1)
        said.append(comparison.Answers(one.name, one.role, taken.astype(np.int64), both, probability))
    return comparison.compare(
        truth, said, _groups(pieces, usable), classes=CLASSES, decides=comparison.PRECISION, positive=1, unit="blocks",
        strata=(DENSITIES, np.concatenate([_density(piece)[inside] for piece, inside in zip(pieces, usable)])), seed=seed,
    )  # fmt: skip


def _answers(one: Contender, pieces: Sequence[Piece], progress: Progress) -> List[Tuple[np.ndarray, np.ndarray]]:
    """Return probability (or rank) and what is taken, [rows, cols] each, of all pieces."""
    if all(one.name in piece.known for piece in pieces):
        return [piece.known[one.name] for piece in pieces]
    found: Dict[int, Tuple[np.ndarray, np.ndarray]] = {}
    for path in dict.fromkeys(piece.stack for piece in pieces):
        with open_stack(str(path)) as stack:
            sight = Sight(stack)
            method = open_method(one.method, model=one.model or None, sample=lambda sight=sight: sample(sight))  # type: ignore[misc]
            whole = _whole(method, sight, progress)
            for number, piece in enumerate(pieces):
                if piece.stack == path:
                    found[number] = _judged(method, sight, piece, progress) if whole is None else (
                        whole[0][piece.rows, piece.cols], whole[1][piece.rows, piece.cols]
                    )  # fmt: skip
    return [found[number] for number in range(len(pieces))]


def _whole(method: Method, sight: Sight, progress: Progress) -> Optional[Tuple[np.ndarray, np.ndarray]]:
    """Return what a method that looks at patches as large as can be says of a whole stack; None where that is too much."""
    rows, cols = sight.shape
    if not method.whole or rows * cols * len(sight.epochs.dates) > WHOLE:
        return None
    return _taken(method, sight.observations(slice(0, rows), slice(0, cols)), (0, rows, 0, cols), progress)


def _judged(method: Method, sight: Sight, piece: Piece, progress: Progress) -> Tuple[np.ndarray, np.ndarray]:
    """Return what a method says of a window, with as much round it as it needs."""
    halo = method.halo
    if method.least:
        side = max(piece.rows.stop - piece.rows.start, piece.cols.stop - piece.cols.start)
        halo = max(halo, -(-int(method.least / min(sight.stack.spacing_m) - side) // 2) + 1)
    rows, cols = (slice(max(part.start - halo, 0), min(part.stop + halo, edge))
                  for part, edge in zip((piece.rows, piece.cols), sight.shape))  # fmt: skip
    core = (piece.rows.start - rows.start, piece.rows.stop - rows.start,
            piece.cols.start - cols.start, piece.cols.stop - cols.start)  # fmt: skip
    return _taken(method, sight.observations(rows, cols), core, progress)


def _taken(
    method: Method, seen: Observations, core: Tuple[int, int, int, int], progress: Progress
) -> Tuple[np.ndarray, np.ndarray]:
    """Return probability and what is taken of the inner part of a window."""
    def cancelled() -> bool:
        progress.check()
        return False

    found = method.judge(seen, core, Progress(None, cancelled))
    taken = found.mask if found.mask is not None else found.probability >= found.threshold
    return found.probability, taken


def _groups(pieces: Sequence[Piece], usable: Sequence[np.ndarray]) -> np.ndarray:
    """Return the number of the block that each pixel lies in."""
    stacks: Dict[Path, int] = {}
    found = []
    for piece, inside in zip(pieces, usable):
        number = stacks.setdefault(piece.stack, len(stacks))
        rows, cols = (np.arange(part.start, part.stop) // GROUP for part in (piece.rows, piece.cols))
        found.append((number * 10**8 + rows[:, None] * 10**4 + cols[None])[inside])
    return np.concatenate(found)


def _density(piece: Piece) -> np.ndarray:
    """Return how many PS the labels have around each pixel: the number of one of :data:`DENSITIES`."""
    known = (piece.labels != IGNORED).astype(np.float32)
    marked = (piece.labels == 1).astype(np.float32)
    every = ndimage.uniform_filter(known, AROUND, mode="constant")
    share = ndimage.uniform_filter(marked, AROUND, mode="constant") / np.maximum(every, 1e-6)
    return np.digitize(share, (0.01, 0.1)).astype(np.int64)


def start_contender(path: Optional[Path], shipped: Path, method: str) -> List[Contender]:
    """Return the start of a training and the shipped model as contenders, each once."""
    found = []
    if path is not None and path != shipped:
        found.append(Contender(f"start {path.name}", comparison.START, method, str(path)))
    if shipped.is_file():
        found.append(Contender(f"shipped model {shipped.name}", comparison.SHIPPED, method, str(shipped)))
    return found
