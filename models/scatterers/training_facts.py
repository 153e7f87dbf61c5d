"""What the page of a training of scatterer networks tells of it."""

from __future__ import annotations

from typing import List, Tuple

from stillpoint.models.learning.library import Header


def facts(header: Header, *, mixed_in: str, scarce: str) -> List[Tuple[str, str]]:
    """Return what was trained, on what, from where, as titles and texts.

    Parameters
    ----------
    header
        Of the trained model.
    mixed_in
        What the simulated share is a share of: ``"batch"`` or ``"blocks"``.
    scarce
        How the scarcity of scatterers was dealt with.
    """
    training = header.training
    start = training["start"]
    share = {"batch": "each batch", "blocks": "the blocks"}[mixed_in]
    return [
        ("Network", f"{header.architecture} {header.version}"),
        ("Start", f"{start['file']} (SHA-256 {start['sha256'][:16]}...)" if start else "new weights"),
        ("Data", training["data"] + (f"; {training['mix']:.0%} of {share} simulated" if training.get("mix") else "")),
        ("Labels", training["labels"]),
        ("Parts", training["split"]),
        ("Scarce PS", scarce),
        ("Epochs", f"{training['epochs']}, the best was number {training['best epoch']}"),
        ("Command", training["command"]),
    ]
