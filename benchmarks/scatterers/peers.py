"""The methods that Stillpoint's default is measured against, and the engine's own methods behind the same door.

``PEERS`` names them. Dispersion and phase similarity are written here from the papers, so that they don't depend on the engine;
gamma comes from the engine's kernels. The boosted trees learn from other seeds of the benchmark's own simulator, so
they have the home advantage; ``trees_away`` learns from the simulator that the networks are trained on.
"""

from __future__ import annotations

import tempfile
from abc import ABC, abstractmethod
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any, Callable, Dict, List, Optional, Tuple

import numpy as np
from numpy.typing import NDArray
from osgeo import gdal
from scipy import ndimage

from stillpoint.benchmarks.scatterers.files import observe, write_scene
from stillpoint.benchmarks.scatterers.settings import TRUE_NOISE
from stillpoint.benchmarks.scatterers.similarity import phase_similarity
from stillpoint.benchmarks.scatterers.simulator import Scene, make_scene
from stillpoint.models.dispatch import run
from stillpoint.models.errors import StillpointError
from stillpoint.models.jobs import SelectScatterers
from stillpoint.models.jobs.scatterers import METHODS
from stillpoint.models.progress import SILENT
from stillpoint.models.scatterers.methods import judge
from stillpoint.models.scatterers.observations import Observations

TRAIN_SEED = 1000
"""First seed of the scenes that peers learn from; scenes that are measured start at 0."""

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Answer:
    """What a method says of every pixel; None where it says nothing of the kind.

    Attributes
    ----------
    score
        The higher, the likelier PS [rows, cols].
    probability
        Probability of PS, where it claims to be one.
    noise
        Phase noise of a single image, radians.
    mask
        Its own selection at its default threshold.
    """

    score: Floats
    probability: Optional[Floats] = None
    noise: Optional[Floats] = None
    mask: Optional[NDArray[np.bool_]] = None


class Peer(ABC):
    """A method under test."""

    label = ""

    def fit(self, setting: str) -> None:  # noqa: B027 - most methods learn nothing
        """Learn for a setting, if the method learns."""

    @abstractmethod
    def answer(self, seen: Observations) -> Answer:
        """Return what the method says of a stack in memory."""

    def answer_scene(self, scene: Scene) -> Answer:
        """Return what the method says of a simulated scene."""
        return self.answer(observe(scene))


def amplitude_dispersion(seen: Observations) -> Floats:
    """Return standard deviation over mean of the calibrated amplitudes [rows, cols]."""
    if seen.amplitude is None:
        raise StillpointError("Amplitude dispersion needs amplitudes, and the stack has none.")
    gains = seen.amplitude.mean(axis=(1, 2), keepdims=True) if seen.gains is None else np.asarray(seen.gains)[:, None, None]
    calibrated = seen.amplitude / gains
    return np.asarray(calibrated.std(axis=0) / calibrated.mean(axis=0), np.float32)


def interferometric(seen: Observations) -> NDArray[np.complex64]:
    """Return the phasors without the reference date, which tells nothing."""
    return np.asarray(np.delete(seen.phasor, seen.reference, axis=0))


class Dispersion(Peer):
    """Amplitude dispersion as in dolphin: standard deviation over mean (Ferretti et al. 2001)."""

    label = "amplitude dispersion"

    def answer(self, seen: Observations) -> Answer:
        """Return minus the dispersion as score."""
        spread = amplitude_dispersion(seen)
        return Answer(score=-spread, mask=spread < 0.25)


class Similarity(Peer):
    """Phase similarity to pixels of low dispersion (Wang & Chen 2022; dolphin), weighed with the dispersion."""

    label = "phase similarity + dispersion"
    radius = 7
    seeds = 0.4

    def answer(self, seen: Observations) -> Answer:
        """Return the mean of median and largest similarity to pixels of low dispersion, less the dispersion.

        Of the combinations tried this ranks best on the simulated scenes; the median alone is 0.05 to 0.2 below it.
        """
        spread = amplitude_dispersion(seen)
        median, largest = phase_similarity(interferometric(seen), radius=self.radius, among=spread < self.seeds)
        return Answer(score=np.asarray((median + largest) / 2 - spread, np.float32))


class Gamma(Peer):
    """StaMPS's gamma of every pixel, by the engine's kernels, without the gate of amplitude dispersion."""

    label = "gamma on all pixels"

    def answer(self, seen: Observations) -> Answer:
        """Return gamma against the surroundings without the pixel's own cell."""
        from stillpoint.models.scatterers.stability import gamma_map

        return Answer(score=np.nan_to_num(gamma_map(seen).without_own))


def referred(seen: Observations, reference: int) -> Observations:
    """Return the same stack against another reference date."""
    baselines = None if seen.baselines is None else seen.baselines - seen.baselines[reference]
    return replace(
        seen, phasor=np.asarray(seen.phasor * np.conj(seen.phasor[reference])), reference=reference, baselines=baselines,
    )


def features(seen: Observations, references: int = 3) -> Floats:
    """Return 17 physical features of every pixel, float32 [pixels, 17]."""
    from stillpoint.models.scatterers.stability import gamma_map

    first = gamma_map(seen)
    others = np.linspace(0, len(seen.dates) - 1, references + 2).round().astype(int)[1:-1]
    averaged = [gamma_map(referred(seen, int(k))) for k in others if k != seen.reference] + [first]
    spread = amplitude_dispersion(seen)
    phasor = interferometric(seen)
    median, largest = phase_similarity(phasor, radius=7, among=spread < 0.4)
    around, nearest = phase_similarity(phasor, radius=3)
    amplitude = seen.amplitude if seen.amplitude is not None else np.ones(seen.phasor.shape, np.float32)
    mean = amplitude.mean(axis=0)
    surroundings = ndimage.uniform_filter(mean, 15)
    order = np.argsort(seen.dates)
    pairs = seen.phasor[order][1:] * np.conj(seen.phasor[order][:-1])
    coherences = []
    for side in (3, 5, 11):
        smooth = [ndimage.uniform_filter(pair.real, side) + 1j * ndimage.uniform_filter(pair.imag, side) for pair in pairs]
        coherences.append(np.abs(smooth).mean(axis=0))
    log = np.log(np.maximum(amplitude, 1e-9))
    table = [
        first.with_own, first.without_own,
        np.mean([maps.with_own for maps in averaged], axis=0), np.mean([maps.without_own for maps in averaged], axis=0),
        spread, log.std(axis=0), ndimage.uniform_filter(spread, 5),
        median, largest, around, nearest, *coherences,
        np.log(mean / surroundings), np.log(mean / ndimage.maximum_filter(mean, 5)), np.log(surroundings / np.median(surroundings)),
    ]
    return np.stack([np.nan_to_num(item).ravel() for item in table], axis=1).astype(np.float32)


class Trees(Peer):
    """Gradient-boosted trees on 17 features; learnt on other seeds of the same setting."""

    label = "boosted trees, 17 features"
    scenes = 3

    def __init__(self) -> None:
        self.model: Any = None

    def examples(self, setting: str) -> Tuple[List[Floats], List[NDArray[np.bool_]]]:
        """Return features and truth of the scenes to learn from."""
        scenes = [make_scene(setting, TRAIN_SEED + n) for n in range(self.scenes)]
        return [features(observe(scene)) for scene in scenes], [scene.truth.ravel() for scene in scenes]

    def fit(self, setting: str) -> None:
        """Learn from the scenes of a setting."""
        from sklearn.ensemble import HistGradientBoostingClassifier

        rows, truth = self.examples(setting)
        self.model = HistGradientBoostingClassifier(
            max_iter=300, learning_rate=0.06, max_leaf_nodes=31, min_samples_leaf=60, l2_regularization=1.0, random_state=0,
        )
        self.model.fit(np.concatenate(rows), np.concatenate(truth))

    def answer(self, seen: Observations) -> Answer:
        """Return the probability of the trees."""
        said = self.model.predict_proba(features(seen))[:, 1].reshape(seen.shape).astype(np.float32)
        return Answer(score=said, probability=said, mask=said >= 0.5)


class TreesAway(Trees):
    """The same trees, learnt on the simulator that the networks are trained on."""

    label = "boosted trees, trained on the other simulator"
    scenes = 16
    pixels = 12000

    def examples(self, setting: str) -> Tuple[List[Floats], List[NDArray[np.bool_]]]:
        """Return features and truth of some pixels of many different stacks; those too small for gamma are left out."""
        from stillpoint.models.scatterers.examples import draw

        rows, truth = [], []
        rng = np.random.default_rng(TRAIN_SEED)
        for n in range(self.scenes):
            seen, noise = draw(TRAIN_SEED, n)
            if seen.amplitude is None:
                continue
            try:
                table = features(seen)
            except StillpointError:
                continue
            picked = rng.permutation(len(table))[: self.pixels]
            rows.append(table[picked])
            truth.append(np.asarray(noise.ravel()[picked] < TRUE_NOISE))
        if not rows:
            raise StillpointError("No stack of the other simulator is large enough for gamma.")
        return rows, truth


class Engine(Peer):
    """A method of the engine as its users meet it: a stack on disk through ``select-scatterers``."""

    form = "slc"

    def __init__(self, method: str) -> None:
        self.method = method
        self.label = "**Stillpoint's default**" if method == "default" else f"{method} (engine)"

    def answer(self, seen: Observations) -> Answer:
        """Return what the method says of a stack in memory; a pixel without an answer comes last."""
        found = judge(self.method, seen)
        return Answer(np.nan_to_num(found.probability, nan=-1.0), noise=found.noise, mask=found.mask)

    def answer_scene(self, scene: Scene) -> Answer:
        """Write the scene as a stack, select, and read what was written."""
        with tempfile.TemporaryDirectory(prefix="scatterers-") as name:
            folder = Path(name)
            return select(write_scene(scene, folder, self.form), self.method, folder)


def select(stack: Path, method: str, folder: Path) -> Answer:
    """Run ``select-scatterers`` on a stack and return its maps."""
    job = SelectScatterers(
        stack=str(stack), output=str(folder / "mask.tif"), probability=str(folder / "probability.tif"),
        noise=str(folder / "noise.tif"), method=method, device="cpu",
    )
    run(job, SILENT)
    said = _read(folder / "probability.tif")
    noise = _read(folder / "noise.tif")
    networks = ("default", "unet", "cnn_iss", "clstm_iss")
    return Answer(
        score=np.nan_to_num(said, nan=-1.0), probability=np.nan_to_num(said) if method in networks else None,
        noise=noise if noise is not None and np.isfinite(noise).any() else None, mask=_read(folder / "mask.tif") == 1,
    )


def _read(path: Path) -> Any:
    if not path.is_file():
        return None
    dataset = gdal.Open(str(path))
    return dataset.GetRasterBand(1).ReadAsArray()


PEERS: Dict[str, Callable[[], Peer]] = {
    "dispersion": Dispersion,
    "similarity": Similarity,
    "gamma": Gamma,
    "trees": Trees,
    "trees_away": TreesAway,
    **{name: partial(Engine, name) for name in METHODS},
}
"""Every method by its name; those of ``select-scatterers`` under their own names."""
