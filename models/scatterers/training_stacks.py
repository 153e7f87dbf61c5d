"""The user's own stacks as training data: which files, what phase, whose labels."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any, Dict, List, Sequence, Tuple

import numpy as np

from stillpoint.models.errors import StillpointError
from stillpoint.models.progress import SILENT, Progress
from stillpoint.models.rasters.stack import Stack, open_stack
from stillpoint.models.scatterers import training_data
from stillpoint.models.scatterers.labels import IGNORED, file_labels, truth_labels
from stillpoint.models.scatterers.sight import Sight

STACKS = (".vrt", ".tif", ".tiff")
TRUTH = "_noise"
"""What the name of a simulated stack is followed by in that of its true phase noise."""

STRIP = 1024
"""Most rows and columns that phase stability labels at a time, beside an overlap on each side."""
_OVERLAP = 128


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
            sight = Sight(stack)
            judged = labels_of(labels, sight, share.part(0.0, 0.5))
            found = training_data.stack_parts(
                sight.observations, judged, name=path.name, seed=seed + number, progress=share.part(0.5, 1.0)
            )
        for name, blocks in found.items():
            parts[name] += [replace(block, stack=path) for block in blocks]
    source = {
        "data": f"blocks of {', '.join(path.name for path in paths)}",
        "labels": words_of(labels),
        "split": f"by block of the stack, with gaps of {training_data.GAP} pixels",
    }
    return parts, source


def words_of(labels: str) -> str:
    """Return what ``labels`` are, for people."""
    known = {"stability": "phase stability (the equations of StaMPS)", "truth": "true phase noise of a single image below 0.6 rad"}
    return known.get(labels, f"the user's {Path(labels).name}")


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


def labels_of(labels: str, sight: Sight, progress: Progress = SILENT) -> np.ndarray:
    """Return the labels uint8 [rows, cols] of a stack; see :func:`stacks_parts`."""
    stack = sight.stack
    if labels == "stability":
        return _stability_labels(sight, progress)
    if labels == "truth":
        return truth_labels(true_noise(stack))
    if Path(labels).is_dir():
        beside = sorted(path for path in Path(labels).iterdir() if path.stem == Path(stack.path).stem)
        if not beside:
            raise StillpointError(f"The folder {labels} holds no labels named like the stack {Path(stack.path).name}.")
        return file_labels(str(beside[0]), stack)
    return file_labels(labels, stack)


def true_noise(stack: Stack) -> np.ndarray:
    """Return the true phase noise of a single image in radians that lies beside a simulated stack, float32 [rows, cols].

    Raises
    ------
    StillpointError
        There is none, or it has another size.
    """
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
    return np.asarray(values, np.float32)


def _stability_labels(sight: Sight, progress: Progress) -> np.ndarray:
    """Return labels by phase stability, window by window, with the amplitudes calibrated as for selection.

    In a large stack, windows with too few candidates (water) have no scatterers.
    """
    from stillpoint.models.scatterers.stability.run import TooLittleError, labels_from_stability
    from stillpoint.models.scatterers.stability.settings import StabilitySettings

    settings = StabilitySettings(calibration=None if sight.gains is None else tuple(float(gain) for gain in sight.gains))
    rows, cols = sight.shape
    labels = np.full((rows, cols), IGNORED, np.uint8)
    height, width = (-(-edge // -(-edge // STRIP)) for edge in (rows, cols))  # equal parts, so that none is a sliver
    corners = [(top, left) for top in range(0, rows, height) for left in range(0, cols, width)]
    for number, (top, left) in enumerate(corners):
        share = progress.part(number / len(corners), (number + 1) / len(corners))
        share(0.0, f"Labelling {Path(sight.stack.path).name} by phase stability")
        first_row, first_col = max(top - _OVERLAP, 0), max(left - _OVERLAP, 0)
        bottom, right = min(top + height, rows), min(left + width, cols)
        seen = sight.observations(slice(first_row, min(bottom + _OVERLAP, rows)), slice(first_col, min(right + _OVERLAP, cols)))
        try:
            found = labels_from_stability(seen, settings=settings, progress=share)
        except TooLittleError:
            if len(corners) == 1:
                raise
            found = np.where(seen.valid, np.uint8(0), np.uint8(IGNORED))
        labels[top:bottom, left:right] = found[top - first_row : bottom - first_row, left - first_col : right - first_col]
    return labels
