"""What the networks of this room read: for the headers of their model files, and checked against the data at hand."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Dict, Iterable, List

from stillpoint.models.learning import inputs
from stillpoint.models.learning.headers import read_header
from stillpoint.models.learning.inputs import described
from stillpoint.models.offsets.fuse import FEATURES
from stillpoint.models.offsets.images import KINDS, Image
from stillpoint.models.offsets.ressiamnet import BRIGHTEST


def of_default() -> Dict[str, Any]:
    """Return the ``input`` of the network that fuses measurements."""
    return described(
        "pair", KINDS, reads="what correlation by several windows measured at the nodes of a pair of images, every 8 px",
        features=list(FEATURES), nodes="every 8 px",
    )  # fmt: skip


def of_ressiamnet() -> Dict[str, Any]:
    """Return the ``input`` of CC-ResSiamNet."""
    return described(
        "pair", KINDS, reads="two amplitude images, standardised",
        images="reference, secondary", values=f"square root of amplitude, cut at {BRIGHTEST:g} medians, standardised",
    )  # fmt: skip


def check(images: Iterable[Image], model: Path) -> List[str]:
    """Return a warning where images are unlike what a model was trained on.

    Raises
    ------
    StillpointError
        The model cannot read such images.
    """
    header = read_header(model)
    found: List[str] = []
    for image in images:
        at_hand = inputs.Data(image.name, quantity=image.kind, wavelength=image.stack.wavelength)
        found += inputs.check(header, at_hand, model=model)
    return found[:1]
