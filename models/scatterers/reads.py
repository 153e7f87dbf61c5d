"""What the networks of this room read: for the headers of their model files, and checked against the data at hand."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Dict, Iterable, List, Optional, Sequence, Tuple

from stillpoint.models.errors import StillpointError
from stillpoint.models.learning import inputs
from stillpoint.models.learning.headers import read_header
from stillpoint.models.learning.inputs import described
from stillpoint.models.scatterers.features import FEATURES
from stillpoint.models.scatterers.sight import LEAST_DATES, Sight

WAVELENGTHS = (0.03107, 0.24245)
"""Shortest and longest of the simulated sensors, metres."""

PHASES = ("complex", "phase", "unwrapped")


def of_default() -> Dict[str, Any]:
    """Return the ``input`` of the default network."""
    return described(
        "stack", PHASES, dates=(LEAST_DATES, None), trained=(6, 120), wavelength=WAVELENGTHS, optional=["amplitude", "baselines"],
        reads="features of phase and amplitude of a stack of images or interferograms, at any dates and in any order",
        features=list(FEATURES),
    )  # fmt: skip


def of_published(
    *, trained: Tuple[int, int] = (6, 40), wavelength: Optional[Tuple[float, float]] = WAVELENGTHS
) -> Dict[str, Any]:
    """Return the ``input`` of a published network.

    Parameters
    ----------
    trained
        Fewest and most dates of its training.
    wavelength
        Shortest and longest of its training, metres; None where nothing told them.
    """
    return described(
        "stack", PHASES, dates=(LEAST_DATES, None), trained=trained, wavelength=wavelength,
        reads="wrapped phase of every interferogram with the reference date, radians, in the order of dates",
        phase="wrapped phase of every interferogram with the reference date, radians, in the order of dates",
    )  # fmt: skip


def of_training(data: Optional[Sequence[str]], interferograms: Iterable[int]) -> Dict[str, Any]:
    """Return the ``input`` of a published network that was trained on ``data``, or on simulated scenes where there are none."""
    counts = [count + 1 for count in interferograms]
    trained = min(counts), max(counts)
    if not data:
        return of_published(trained=trained)
    return of_published(trained=trained, wavelength=wavelengths(data))


def check(sight: Sight, model: Path) -> List[str]:
    """Return warnings where a stack is unlike what a model was trained on.

    Raises
    ------
    StillpointError
        The model cannot read such a stack.
    """
    there = (("amplitude", sight.has_amplitude), ("baselines", sight.epochs.baselines is not None))
    at_hand = inputs.Data(
        Path(sight.stack.path).name, quantity=sight.stack.quantity, dates=len(sight.epochs.dates),
        wavelength=sight.stack.wavelength, companions=[name for name, known in there if known],
    )  # fmt: skip
    return inputs.check(read_header(model), at_hand, model=model)


def wavelengths(data: Sequence[str]) -> Optional[Tuple[float, float]]:
    """Return the shortest and the longest wavelength of the user's stacks in metres; None where no stack tells its own."""
    from stillpoint.models.rasters.stack import open_stack
    from stillpoint.models.scatterers.training_stacks import find_stacks

    found = []
    for path in find_stacks(data):
        try:
            with open_stack(str(path)) as stack:
                found.append(stack.wavelength)
        except StillpointError:
            continue
    known = [value for value in found if value]
    return (min(known), max(known)) if known else None
