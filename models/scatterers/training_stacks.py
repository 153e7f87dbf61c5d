"""The user's own stacks as training data: which files, what phase, whose labels."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Callable, Dict, List, Optional, Sequence, Tuple

import numpy as np

from stillpoint.models.errors import StillpointError
from stillpoint.models.progress import SILENT, Progress
from stillpoint.models.rasters.epochs import Epochs, epochs_of
from stillpoint.models.rasters.stack import Stack, open_stack
from stillpoint.models.scatterers import training_data
from stillpoint.models.scatterers.labels import IGNORED, file_labels, truth_labels
from stillpoint.models.scatterers.observations import Observations

STACKS = (".vrt", ".tif", ".tiff")
TRUTH = "_noise"
"""What the name of a simulated stack is followed by in that of its true phase noise."""

STRIP = 1024
"""Most rows and columns that phase stability labels at a time, beside an overlap on each side."""
_OVERLAP = 128


@dataclass(frozen=True)
class Reader:
    """Phasors of windows of a stack, the dates behind them, and the date that they are against."""

    read: Callable[[slice, slice], np.ndarray]
    epochs: Epochs
    reference: int

    def __call__(self, rows: slice, cols: slice) -> Tuple[np.ndarray, np.ndarray, int]:
        """Return phasors complex64 [dates, rows, cols], dates, and the index of the reference date."""
        return self.read(rows, cols), self.epochs.dates, self.reference

    @property
    def baselines(self) -> Optional[np.ndarray]:
        """Baselines of the dates against the reference date, metres; None where unknown."""
        known = self.epochs.baselines
        return None if known is None else known - known[self.reference]


def stacks_parts(
    data: Sequence[str], labels: str, *, seed: int, progress: Progress = SILENT
) -> Tuple[Dict[str, List[training_data.Block]], Dict[str, Any]]:
    """Return the blocks of the user's stacks by part, and what they are for the header of the model.

    Parameters
    ----------
    data
        Stacks, or folders of stacks.
    labels
        ``stability``, ``truth``, or a file: a mask or points (for several stacks a folder with a file named like each stack).
    seed
        Decides which block goes where.
    progress
        Told while blocks are read.

    Raises
    ------
    StillpointError
        Nothing there, or stacks or labels cannot be used.
    """
    paths = find_stacks(data)
    parts: Dict[str, List[training_data.Block]] = {name: [] for name in training_data.PARTS}
    for number, path in enumerate(paths):
        share = progress.part(number / len(paths), (number + 1) / len(paths))
        with open_stack(str(path)) as stack:
            read = reader(stack)
            judged = labels_of(labels, stack, read, share.part(0.0, 0.5))
            found = training_data.stack_parts(read, judged, name=path.name, seed=seed + number, progress=share.part(0.5, 1.0))
        for name, blocks in found.items():
            parts[name] += blocks
    known = {"stability": "phase stability (the equations of StaMPS)", "truth": "true phase noise of a single image below 0.6 rad"}
    source = {
        "data": f"blocks of {', '.join(path.name for path in paths)}",
        "labels": known.get(labels, f"the user's {Path(labels).name}"),
        "split": f"by block of the stack, with gaps of {training_data.GAP} pixels",
    }
    return parts, source


def find_stacks(data: Sequence[str]) -> List[Path]:
    """Return the stacks that ``data`` names, those of folders sorted by name.

    Raises
    ------
    StillpointError
        A path does not exist, or a folder holds no stack.
    """
    found: List[Path] = []
    for text in data:
        path = Path(text)
        if not path.is_dir():
            found.append(path)
            continue
        inside = sorted(each for each in path.iterdir() if each.suffix.lower() in STACKS and _is_phase(each))
        if not inside:
            raise StillpointError(f"The folder {path} holds no stack of phases. Make one with open-stack, or name its file.")
        found += inside
    return found


def _is_phase(path: Path) -> bool:
    try:
        with open_stack(str(path)) as stack:
            return stack.quantity in ("phase", "complex", "unwrapped") and len(stack) > 1
    except StillpointError:
        return False


def labels_of(labels: str, stack: Stack, read: Reader, progress: Progress = SILENT) -> np.ndarray:
    """Return the labels uint8 [rows, cols] of ``stack``; see :func:`stacks_parts`."""
    if labels == "stability":
        return _stability_labels(stack, read, progress)
    if labels == "truth":
        return _true_labels(stack)
    if Path(labels).is_dir():
        beside = sorted(path for path in Path(labels).iterdir() if path.stem == Path(stack.path).stem)
        if not beside:
            raise StillpointError(f"The folder {labels} holds no labels named like the stack {Path(stack.path).name}.")
        return file_labels(str(beside[0]), stack)
    return file_labels(labels, stack)


def _true_labels(stack: Stack) -> np.ndarray:
    place = Path(stack.path)
    path = place.with_name(f"{place.stem}{TRUTH}{place.suffix}")
    if not path.is_file():
        raise StillpointError(
            f"Beside {stack.path} lies no {path.name}, so it is no simulated stack with its truth. Give labels, or take stability."
        )
    with open_stack(str(path)) as noise:
        values = noise.read(slice(None), slice(None))[0]
    if values.shape != stack.shape:
        raise StillpointError(f"The true noise {path} has another size than the stack {stack.path}.")
    return truth_labels(values)


def _stability_labels(stack: Stack, read: Reader, progress: Progress) -> np.ndarray:
    """Return labels by phase stability, window by window."""
    from stillpoint.models.scatterers.stability.run import labels_from_stability

    rows, cols = stack.shape
    labels = np.full(stack.shape, IGNORED, np.uint8)
    height, width = (-(-edge // -(-edge // STRIP)) for edge in (rows, cols))  # equal parts, so that none is a sliver
    tops, lefts = range(0, rows, height), range(0, cols, width)
    amplitudes = _amplitudes(stack, read.epochs)
    for number, (top, left) in enumerate((top, left) for top in tops for left in lefts):
        progress(number / (len(tops) * len(lefts)), f"Labelling {Path(stack.path).name} by phase stability")
        first_row, first_col = max(top - _OVERLAP, 0), max(left - _OVERLAP, 0)
        window = slice(first_row, min(top + height + _OVERLAP, rows)), slice(first_col, min(left + width + _OVERLAP, cols))
        phasor, dates, reference = read(*window)
        found = labels_from_stability(
            Observations(
                phasor=phasor, dates=dates, reference=reference, spacing=stack.spacing_m,
                amplitude=amplitudes(*window) if amplitudes else None, baselines=read.baselines, wavelength=stack.wavelength,
                incidence=stack.incidence_angle, origin=(first_row, first_col),
            )
        )
        bottom, right = min(top + height, rows), min(left + width, cols)
        labels[top:bottom, left:right] = found[top - first_row : bottom - first_row, left - first_col : right - first_col]
    return labels


def _amplitudes(stack: Stack, epochs: Epochs) -> Optional[Callable[[slice, slice], np.ndarray]]:
    """Return a function from a window to the amplitudes of all dates; None where there are none, or not of every date."""
    if epochs.images is not None:
        images = epochs.images
        return lambda rows, cols: np.abs(stack.read(rows, cols)[images])
    path = stack.companions.get("amplitude")
    if path is None:
        return None
    companion = open_stack(path)
    of_date = {band.date: band.number for band in companion.bands}
    numbers = [of_date.get(date) for date in epochs.dates.tolist()]
    if companion.shape != stack.shape or any(number is None for number in numbers):
        return None
    return lambda rows, cols: companion.read(rows, cols, [number for number in numbers if number is not None])


def reader(stack: Stack) -> Reader:
    """Return a function from rows and columns to unit phasors complex64 [dates, rows, cols] of a stack against one date.

    Interferograms with the reference as secondary date are conjugated, so that all have the same sign.

    Raises
    ------
    StillpointError
        The stack holds no phase, no dates, or interferograms of several references.
    """
    if stack.quantity not in ("phase", "unwrapped", "complex"):
        raise StillpointError(f"{stack.path} holds {stack.quantity}, not phase. Training needs images or interferograms.")
    epochs = epochs_of(stack.bands)
    if len(epochs.dates) < 3:
        raise StillpointError(f"{stack.path} has {len(epochs.dates)} dates; training needs three or more.")
    reference = epochs.reference
    if epochs.pairs is not None:
        # A date that all have in common will do, be it the reference of some and the secondary date of others.
        shared = set(epochs.pairs[0].tolist()).intersection(*epochs.pairs.tolist())
        if not shared:
            raise StillpointError(
                f"The interferograms of {stack.path} have no date in common. Training needs images, or interferograms with one "
                "reference date."
            )
        reference = shared.pop()
    if epochs.images is not None and stack.quantity != "complex":
        raise StillpointError(f"{stack.path} holds the phase of single dates. Training needs complex images or interferograms.")

    def read(rows: slice, cols: slice) -> np.ndarray:
        values = stack.read(rows, cols)
        if epochs.images is not None:
            images = values[epochs.images]
            return _unit(images * np.conj(images[reference]))
        pairs = _unit(values) if stack.complex else np.exp(1j * values).astype(np.complex64)
        assert epochs.pairs is not None
        phasor = np.ones((len(epochs.dates), *values.shape[1:]), np.complex64)
        for pair, (first, second) in zip(pairs, epochs.pairs.tolist()):
            if first == reference:
                phasor[second] = pair
            else:
                phasor[first] = np.conj(pair)
        return phasor

    return Reader(read, epochs, reference)


def _unit(values: np.ndarray) -> np.ndarray:
    """Return ``values`` with magnitude 1, NaN where they have none."""
    with np.errstate(invalid="ignore", divide="ignore"):
        return (values / np.abs(values)).astype(np.complex64)
