"""The methods of judging interferograms by name, each as a function from a network to a verdict."""

from __future__ import annotations

from pathlib import Path
from typing import Callable, Optional

from stillpoint.models.errors import StillpointError
from stillpoint.models.interferograms.observations import Network, Verdict
from stillpoint.models.jobs.interferograms import METHODS
from stillpoint.models.learning import library
from stillpoint.models.progress import SILENT, Progress

NETWORKS = ("default", "resnet50")
"""Methods with a model, which may be the user's own."""

NEEDS_COHERENCE = ("coherence", "area_ratio")

Judge = Callable[[Network, Progress], Verdict]


def open_method(name: str, *, model: Optional[str] = None, device: str = "cpu") -> Judge:
    """Return the method ``name``, ready to judge networks.

    Parameters
    ----------
    name
        One of :data:`stillpoint.models.jobs.interferograms.METHODS`.
    model
        File of weights of the user's, for the methods in :data:`NETWORKS`; those of :func:`model_of` where None.
    device
        Where a network computes.

    Raises
    ------
    StillpointError
        No such method, or its model is missing or cannot be used.
    """
    if name == "default":
        from stillpoint.models.interferograms import default

        opened = default.open_default(model_of(name, model), device=device)
        return lambda network, progress: default.verdict(opened, network, progress=progress)
    if name == "resnet50":
        from stillpoint.models.interferograms import resnet50_method

        trained = resnet50_method.open_resnet50(model_of(name, model), device=device)
        return lambda network, progress: resnet50_method.verdict(trained, network, progress=progress)
    if name == "loop_closure":
        from stillpoint.models.interferograms import classical_closure

        return lambda network, progress: classical_closure.verdict(network, progress=progress)
    from stillpoint.models.interferograms import classical

    if name not in classical.METHODS:
        raise StillpointError(f"There is no method {name!r}; known are {', '.join(METHODS)}.")
    function = classical.METHODS[name]
    return lambda network, progress: function(network, progress=progress)


def model_of(name: str, model: Optional[str] = None) -> Path:
    """Return the file of the weights of a method in :data:`NETWORKS`: the one given, the user's default, or the shipped one."""
    return library.model_of("interferograms", name, model)


def judge(name: str, network: Network, *, model: Optional[str] = None, device: str = "cpu", progress: Progress = SILENT) -> Verdict:
    """Judge a network by the method ``name``; for notebooks and measurements."""
    return open_method(name, model=model, device=device)(network, progress)
