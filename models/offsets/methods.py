"""The methods of ``track-offsets``, behind one call on two windows of amplitude."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Callable, Optional

import numpy as np
import torch

from stillpoint.models.errors import StillpointError
from stillpoint.models.offsets.prepare import Preparation
from stillpoint.models.offsets.track import Tracked, track
from stillpoint.models.progress import SILENT, Progress

NETWORKS = ("default", "cc_ressiamnet")
"""Methods with weights."""

MARGIN = 160
"""Pixels round a tile, beyond the search range, that its offsets depend on."""


@dataclass(frozen=True)
class Method:
    """A method, ready to be called on tiles.

    Attributes
    ----------
    name
        As in ``track-offsets``.
    track
        Called like :func:`stillpoint.models.offsets.track.track`, without ``kernels``.
    device
        Where it computes.
    model
        Its weights; None where it has none.
    reach
        Largest search range that it takes, pixels; None where it takes any.
    """

    name: str
    track: Callable[..., Tracked]
    device: str
    model: Optional[Path] = None
    reach: Optional[int] = None


def open_method(name: str, *, model: Optional[str] = None, device: str = "cpu") -> Method:
    """Return the method ``name``.

    Raises
    ------
    StillpointError
        Its weights are missing, or the model is for something else.
    """
    place = torch.device(device)
    if name == "correlation":
        return Method(name, _on(track, place), device)
    if name == "default":
        from stillpoint.models.learning import library
        from stillpoint.models.offsets.fuse import fused, open_fuse

        path = library.model_of("offsets", "default", model)
        network = open_fuse(path, device=device)

        def tracked(
            reference: np.ndarray, secondary: np.ndarray, preparation: Preparation, *, search: int = 16,
            prior: Optional[np.ndarray] = None, device: Optional[torch.device] = None, progress: Progress = SILENT,
        ) -> Tracked:
            found = track(
                reference, secondary, preparation, search=search, prior=prior, device=device, progress=progress, kernels=True
            )
            return fused(network, found, search=search, prior=prior)

        return Method(name, _on(tracked, place), device, path)
    if name == "cc_ressiamnet":
        from stillpoint.models.learning import library
        from stillpoint.models.offsets.ressiamnet_method import Opened

        path = library.model_of("offsets", "cc_ressiamnet", model)
        if not model and not path.is_file():
            raise StillpointError(
                "The method cc_ressiamnet has no weights in this version. Train them with 'stillpoint train offsets --network "
                "cc_ressiamnet --output mine.safetensors' and name them with --model, or take default or correlation."
            )
        opened = Opened(path, device=device)
        return Method(name, _on(opened.track, place), device, path, opened.reach)
    raise StillpointError(f"There is no method {name!r} to track offsets: take default, cc_ressiamnet or correlation.")


def _on(function: Callable[..., Tracked], place: torch.device) -> Callable[..., Tracked]:
    def call(*images: np.ndarray, **options: object) -> Tracked:
        return function(*images, device=place, **options)

    return call
