"""The methods of selection by name, each as a function from a block to a verdict."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Callable, List, Optional, Tuple

import numpy as np

from stillpoint.models.errors import StillpointError
from stillpoint.models.learning import library
from stillpoint.models.progress import SILENT, Progress
from stillpoint.models.scatterers.observations import Observations, Verdict

PUBLISHED = ("unet", "cnn_iss", "clstm_iss")
NETWORKS = ("default", *PUBLISHED)
METHODS = (*NETWORKS, "phase_stability", "amplitude_dispersion")

MULTILOOKED = 4.0
"""Effective looks of the clutter from which on the default does not listen to amplitudes."""

Window = Tuple[int, int, int, int]
Judge = Callable[[Observations, Window, Progress], Verdict]
"""From a block with its halo, and the window of it to give back (first and last row, first and last column)."""


@dataclass
class Method:
    """A method, ready to judge blocks.

    Attributes
    ----------
    name
        One of :data:`METHODS`.
    judge
        The function; several threads may call it.
    halo
        Pixels round a tile that its result depends on.
    bytes_a_value
        Memory at work for each pixel and date.
    bytes_a_pixel
        Memory at work for each pixel besides, whatever the dates: features and what a network makes of them.
    whole
        Whether the method looks at patches as large as can be, not at tiles of any size.
    least
        Metres that a tile with its halo must have along rows and columns.
    model
        File of its weights; None for the classical methods.
    device
        Where it computes.
    notes
        Sentences for the user, added while blocks are judged.
    """

    name: str
    judge: Judge
    halo: int
    bytes_a_value: int
    bytes_a_pixel: int = 0
    whole: bool = False
    least: float = 0.0
    model: Optional[Path] = None
    device: str = "cpu"
    notes: Optional[List[str]] = None


def open_method(
    name: str,
    *,
    model: Optional[str] = None,
    device: str = "cpu",
    random_density: Optional[float] = None,
    sample: Optional[Callable[[], Observations]] = None,
) -> Method:
    """Return the method ``name``.

    Parameters
    ----------
    name
        One of :data:`METHODS`.
    model
        File of weights of the user's; those of :func:`stillpoint.models.learning.library.model_of` where None.
    device
        Where a network computes.
    random_density
        Pixels of random phase that phase stability accepts, per km²; None takes StaMPS's defaults.
    sample
        Gives some pixels of the raster, by which amplitude dispersion finds its threshold; each block finds its own where None.

    Raises
    ------
    StillpointError
        No such method, or its model cannot be used.
    """
    path = library.model_of("scatterers", name, model) if name in NETWORKS else Path()
    if name == "default":
        return _default(path, device, sample)
    if name in PUBLISHED:
        return _published(name, path, device)
    if name == "phase_stability":
        return _stability(random_density, device)
    if name == "amplitude_dispersion":
        return _dispersion(sample)
    raise StillpointError(f"There is no method {name!r}; known are {', '.join(METHODS)}.")


def judge(name: str, observations: Observations, *, model: Optional[str] = None, device: str = "cpu") -> Verdict:
    """Judge all of a block by the method ``name``; for notebooks and measurements."""
    method = open_method(name, model=model, device=device)
    return method.judge(observations, (0, observations.shape[0], 0, observations.shape[1]), SILENT)


def _default(path: Path, device: str, sample: Optional[Callable[[], Observations]]) -> Method:
    from stillpoint.models.scatterers import default

    network, threshold = default.open_default(path, device=device)
    notes: List[str] = []
    averaged = None if sample is None else multilooked(sample())

    def run(observations: Observations, core: Window, progress: Progress) -> Verdict:
        without = multilooked(observations) if averaged is None else averaged
        if not without:
            return default.verdict(network, threshold, observations, core=core, progress=progress)
        notes[:] = ["The amplitudes are multilooked, which hides how steady a pixel is: the phase alone decided."]
        found = default.verdict(network, threshold, replace(observations, amplitude=None), core=core, progress=progress)
        return found

    return Method("default", run, default.HALO, 68, 1300, model=path, device=device, notes=notes)


def multilooked(observations: Observations) -> bool:
    """Whether amplitudes were averaged over several looks, as the dispersion of the clutter tells."""
    from stillpoint.models.scatterers import dispersion

    if observations.amplitude is None:
        return False
    calibration = None if observations.gains is None else list(observations.gains)
    values = dispersion.dispersion(observations.amplitude, calibration=calibration)
    return dispersion.dispersion_gate(values).looks > MULTILOOKED


def _published(name: str, path: Path, device: str) -> Method:
    from stillpoint.models.scatterers.published.networks import open_published
    from stillpoint.models.scatterers.published.predict import predict

    trained = open_published(name, path, device=device)
    grid = trained.network.grid

    def run(observations: Observations, core: Window, progress: Progress) -> Verdict:
        return _cut(predict(trained, observations, device=device, progress=progress), core)

    return Method(name, run, -(-trained.reach // grid) * grid, 48, model=path, device=device)


def _stability(random_density: Optional[float], device: str) -> Method:
    from stillpoint.models.scatterers.stability.clap import WINDOW
    from stillpoint.models.scatterers.stability.run import phase_stability
    from stillpoint.models.scatterers.stability.settings import StabilitySettings

    notes: List[str] = []

    def run(observations: Observations, core: Window, progress: Progress) -> Verdict:
        calibration = None if observations.gains is None else tuple(float(gain) for gain in observations.gains)
        settings = StabilitySettings(random_density=random_density, calibration=calibration, device=device)
        rows, cols = observations.shape
        partial = core != (0, rows, 0, cols)
        return _cut(phase_stability(observations, settings=settings, progress=progress, notes=notes, partial=partial), core)

    least = (WINDOW + 1) * StabilitySettings().cell
    return Method("phase_stability", run, 100, 64, whole=True, least=least, device=device, notes=notes)


def _dispersion(sample: Optional[Callable[[], Observations]]) -> Method:
    from stillpoint.models.scatterers import dispersion

    notes: List[str] = []
    threshold: Optional[float] = None
    if sample is not None:
        some = sample()
        if some.amplitude is not None:
            calibration = None if some.gains is None else list(some.gains)
            values = dispersion.dispersion(some.amplitude, calibration=calibration, pairs=some.interferograms)
            gate = dispersion.dispersion_gate(values, small_baseline=some.interferograms is not None)
            threshold = gate.threshold
            if gate.note:
                notes.append(gate.note)

    def run(observations: Observations, core: Window, _progress: Progress) -> Verdict:
        calibration = None if observations.gains is None else list(observations.gains)
        found = dispersion.amplitude_dispersion(observations, threshold=threshold, calibration=calibration, notes=notes)
        return _cut(found, core)

    return Method("amplitude_dispersion", run, 0, 48, notes=notes)


def _cut(verdict: Verdict, core: Window) -> Verdict:
    top, bottom, left, right = core

    def part(values: Optional[np.ndarray]) -> Optional[np.ndarray]:
        return None if values is None else values[top:bottom, left:right]

    probability = part(verdict.probability)
    assert probability is not None  # nosec B101 - known by construction
    return Verdict(
        probability, verdict.threshold, part(verdict.noise), part(verdict.gamma), part(verdict.dispersion), part(verdict.mask)
    )
