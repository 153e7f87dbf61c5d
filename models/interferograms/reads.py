"""What the networks of this room read: for the headers of their model files, and checked against the data at hand."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Dict, List

from stillpoint.models.interferograms.evidence import FIGURES, MAPS
from stillpoint.models.interferograms.reading import Reading
from stillpoint.models.learning import inputs
from stillpoint.models.learning.headers import read_header
from stillpoint.models.learning.inputs import described
from stillpoint.models.rasters.stack import Stack

PHASES = ("unwrapped", "phase", "complex")


def of_default() -> Dict[str, Any]:
    """Return the ``input`` of the default network."""
    return described(
        "interferograms", PHASES, dates=(2, None), trained=(8, 60), wavelength=(0.03107, 0.23606),
        optional=["coherence", "baselines"],
        reads="evidence computed from unwrapped or wrapped interferograms of a small-baseline stack, any number and in any order",
        maps=list(MAPS), figures=list(FIGURES),
    )  # fmt: skip


def of_resnet50() -> Dict[str, Any]:
    """Return the ``input`` of the picture classifier, which looks at one interferogram at a time."""
    return described(
        "interferograms", PHASES, wavelength=(0.03107, 0.23606),
        reads="one interferogram at a time as a picture in colours, unwrapped or wrapped",
        picture="an interferogram in colours, unwrapped or wrapped (stillpoint.models.interferograms.render)",
    )  # fmt: skip


def check(stack: Stack, reading: Reading, model: Path) -> List[str]:
    """Return warnings where a stack is unlike what a model was trained on.

    Raises
    ------
    StillpointError
        The model cannot read such a stack.
    """
    there = (
        ("coherence", reading.coherence is not None),
        ("baselines", all(band.perpendicular_baseline is not None for band in reading.bands)),
    )
    at_hand = inputs.Data(
        Path(stack.path).name, quantity=stack.quantity, dates=len(reading.network.dates), wavelength=stack.wavelength,
        companions=[name for name, known in there if known],
    )  # fmt: skip
    return inputs.check(read_header(model), at_hand, model=model)
